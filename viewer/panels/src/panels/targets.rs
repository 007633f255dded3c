//! The site's targets: met or missed, by how much, and the way to where and when.

use super::heading;
use crate::window::{Action, Window};
use egui::{RichText, Ui};

/// Shows them, where the site has any and the run has ended.
pub fn show(ui: &mut Ui, window: &Window, actions: &mut Vec<Action>) {
    let Some(finished) = window.shown().and_then(|shown| shown.finished.as_ref()) else { return };
    let verdicts = &finished.targets;
    if verdicts.is_empty() {
        return;
    }
    let look = &window.look;
    heading(ui, &look.t("targets"));
    for verdict in verdicts {
        let (mark, colour) = match verdict.met {
            true => ("✓", ui.visuals().weak_text_color()),
            false => ("×", ui.visuals().error_fg_color),
        };
        ui.horizontal_top(|ui| {
            ui.label(RichText::new(mark).color(colour));
            ui.vertical(|ui| {
                ui.label(RichText::new(&verdict.text).size(11.5));
                let place = verdict.place.as_deref();
                let pick = place.and_then(|place| window.find(place));
                let when = verdict.when;
                if !verdict.met && (pick.is_some() || when.is_some()) {
                    let jump = ui.small_button(look.t("jump"));
                    if jump.on_hover_text(look.t("jump-hint")).clicked() {
                        actions.extend(pick.map(|pick| Action::Select(Some(pick))));
                        actions.extend(when.map(Action::Seek));
                    }
                }
            });
        });
    }
}
