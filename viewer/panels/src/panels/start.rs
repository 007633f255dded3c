//! The first screen: what can be opened.

use crate::window::{Action, Window};
use egui::{RichText, ScrollArea, Ui};
use engine::scenario::catalogue::{Shelf, all};
use std::path::PathBuf;

/// Shows it.
pub fn show(ui: &mut Ui, window: &mut Window, actions: &mut Vec<Action>) {
    egui::CentralPanel::default().show(ui, |ui| {
        ScrollArea::vertical().show(ui, |ui| {
            ui.vertical_centered(|ui| {
                ui.set_max_width(720.0);
                ui.add_space(36.0);
                ui.label(RichText::new("isotherm").size(34.0).strong());
                ui.label("a datacenter's electricity, heat and water, simulated from the die to the sky");
                ui.add_space(18.0);
                ui.horizontal(|ui| {
                    let label = ui.label("Site file");
                    let field = egui::TextEdit::singleline(&mut window.typed)
                        .hint_text("my_site.ron")
                        .desired_width(480.0);
                    let field = ui.add(field).labelled_by(label.id);
                    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
                    if (ui.button("Open").clicked() || entered) && !window.typed.trim().is_empty() {
                        actions.push(Action::Open(PathBuf::from(window.typed.trim())));
                    }
                });
                for problem in &window.refused {
                    ui.add_space(4.0);
                    ui.label(RichText::new(problem.render()).monospace().color(ui.visuals().error_fg_color));
                }
                ui.add_space(14.0);
                super::heading(ui, "Sites that come with it");
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
