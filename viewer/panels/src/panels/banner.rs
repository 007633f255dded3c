//! What was done last and what is wrong, over the picture.

use crate::bench::Standing;
use crate::survey::Surveying;
use crate::window::{Action, Window};
use egui::{Align2, Rect, RichText, Ui, vec2};
use engine::scenario::Problem;

/// Problems that are shown at once.
const MOST: usize = 6;

/// Shows it in the picture's lower left corner.
pub fn show(ui: &Ui, window: &Window, picture: Rect, actions: &mut Vec<Action>) {
    let Some(bench) = &window.bench else { return };
    let stopped = match &bench.shown.standing {
        Standing::Failed(reason) => Some(reason),
        _ => None,
    };
    let (unkept, look) = (bench.unkept.as_ref(), &window.look);
    let written = window.shown().and_then(|shown| shown.written.as_ref());
    let surveyed = window.shown().map(|shown| &shown.surveying).filter(|_| window.view.shade.of_survey());
    let survey = surveyed.and_then(|surveying| match surveying {
        Surveying::Running(_) => {
            let share = format!("{:.0}", 100.0 * surveying.running().unwrap_or(0.0));
            Some(look.with("room-running", &[("share", &share)]))
        }
        Surveying::Failed(reason) => Some(look.with("room-failed", &[("reason", reason)])),
        _ => None,
    });
    let quiet = stopped.is_none() && unkept.is_none() && bench.problems.is_empty();
    let quiet = quiet && written.is_none() && survey.is_none();
    if quiet && window.said.is_none() && bench.unsaved.is_none() {
        return;
    }
    let area = egui::Area::new("banner".into()).pivot(Align2::LEFT_BOTTOM);
    area.fixed_pos(picture.left_bottom() + vec2(8.0, -8.0)).show(ui.ctx(), |ui| {
        egui::Frame::popup(ui.style()).show(ui, |ui| {
            ui.set_max_width((picture.width() - 40.0).clamp(200.0, 620.0));
            if bench.unsaved.is_some() {
                ui.horizontal(|ui| {
                    ui.label(look.t("unsaved"));
                    if ui.button(look.t("recover")).clicked() {
                        actions.push(Action::Recover);
                    }
                    if ui.button(look.t("discard")).clicked() {
                        actions.push(Action::Discard);
                    }
                });
            }
            if let Some(written) = written {
                let of = [
                    ("folder", written.folder.display().to_string()),
                    ("when", written.finished.clone()),
                    ("engine", written.engine.clone()),
                ];
                let of: Vec<(&str, &str)> = of.iter().map(|(name, value)| (*name, value.as_str())).collect();
                ui.label(look.with("written", &of));
                for key in &written.lacks {
                    ui.label(RichText::new(look.t(key)).color(ui.visuals().weak_text_color()));
                }
            }
            if let Some(survey) = &survey {
                ui.label(survey);
            }
            if let Some(reason) = stopped {
                ui.colored_label(
                    ui.visuals().error_fg_color,
                    look.with("stopped-because", &[("reason", reason)]),
                );
            }
            if let Some(said) = &window.said {
                ui.label(said);
            }
            if let Some(unkept) = unkept {
                ui.colored_label(ui.visuals().warn_fg_color, unkept);
            }
            for problem in bench.problems.iter().take(MOST) {
                shown(ui, problem);
            }
            if bench.problems.len() > MOST {
                let more = (bench.problems.len() - MOST).to_string();
                ui.label(look.with("and-more", &[("count", &more)]));
            }
        });
    });
}

fn shown(ui: &mut Ui, problem: &Problem) {
    let colour = if problem.is_error() { ui.visuals().error_fg_color } else { ui.visuals().warn_fg_color };
    let place =
        problem.location.as_ref().map_or_else(String::new, |at| format!(" ({}:{})", at.file, at.line));
    ui.label(RichText::new(format!("{}{place}: {}", problem.path, problem.message)).color(colour));
    if let Some(help) = &problem.help {
        ui.label(RichText::new(help).color(ui.visuals().weak_text_color()));
    }
}
