//! The first screen: what can be opened.

use crate::window::{Action, Window};
use egui::{RichText, ScrollArea, Ui};
use engine::scenario::catalogue::{Shelf, all};
use std::path::{Path, PathBuf};

/// A site that shows much and runs in a blink.
const SAMPLE: &str = "mixed_hall";

/// Shows it.
pub fn show(ui: &mut Ui, window: &mut Window, actions: &mut Vec<Action>) {
    let look = window.look.clone();
    egui::CentralPanel::default().show(ui, |ui| {
        ScrollArea::vertical().show(ui, |ui| {
            ui.vertical_centered(|ui| {
                ui.set_max_width(720.0);
                ui.add_space(36.0);
                ui.label(RichText::new("isotherm").size(34.0).strong());
                ui.label(look.t("what-it-is"));
                ui.add_space(18.0);
                ui.horizontal(|ui| {
                    let label = ui.label(look.t("site-file"));
                    let field = egui::TextEdit::singleline(&mut window.typed)
                        .hint_text("my_site.ron")
                        .desired_width(480.0);
                    let field = ui.add(field).labelled_by(label.id);
                    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
                    if (ui.button(look.t("open")).clicked() || entered) && !window.typed.trim().is_empty() {
                        actions.push(Action::Open(PathBuf::from(window.typed.trim())));
                    }
                });
                for problem in &window.refused {
                    ui.add_space(4.0);
                    ui.label(RichText::new(problem.render()).monospace().color(ui.visuals().error_fg_color));
                }
                ui.add_space(14.0);
                ui.horizontal(|ui| {
                    if ui.button(look.t("sample")).on_hover_text(look.t("sample-hint")).clicked() {
                        actions.push(Action::Open(PathBuf::from(SAMPLE)));
                    }
                    if ui.button(look.t("settings")).clicked() {
                        window.view.settings = !window.view.settings;
                    }
                });
                let here = window.here.get_or_insert_with(|| crate::files::sites_and_runs(Path::new("")));
                if !here.is_empty() {
                    super::heading(ui, &look.t("here"));
                    for path in here.iter() {
                        let run = crate::bench::is_run(path);
                        ui.horizontal(|ui| {
                            if ui.button(path.display().to_string()).clicked() {
                                actions.push(Action::Open(path.clone()));
                            }
                            if run {
                                ui.label(
                                    RichText::new(look.t("a-run")).color(ui.visuals().weak_text_color()),
                                );
                            }
                        });
                    }
                }
                if !window.memory.recent.is_empty() {
                    super::heading(ui, &look.t("recent"));
                    for path in &window.memory.recent {
                        if ui.button(path.display().to_string()).clicked() {
                            actions.push(Action::Open(path.clone()));
                        }
                    }
                }
                super::heading(ui, &look.t("shipped"));
                for record in all(Shelf::Sites) {
                    let title = record.field("title").unwrap_or_default();
                    ui.horizontal(|ui| {
                        if ui.button(record.id).clicked() {
                            actions.push(Action::Open(PathBuf::from(record.id)));
                        }
                        ui.label(title);
                    });
                }
            });
        });
    });
}
