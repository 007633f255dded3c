//! How things are said and shown: language, units, colours, size.

use crate::look::SIZES;
use crate::window::Window;
use egui::Ui;
use engine::report::document::Language;
use engine::units::System;

/// Shows them where they are open; they hold at once, and for the next session.
pub fn overlay(ui: &Ui, window: &mut Window) {
    if !window.view.settings {
        return;
    }
    let look = window.look.clone();
    let mut open = true;
    egui::Window::new(look.t("settings")).collapsible(false).resizable(false).open(&mut open).show(
        ui.ctx(),
        |ui| {
            egui::Grid::new("settings").num_columns(2).spacing([16.0, 8.0]).show(ui, |ui| {
                ui.label(look.t("language"));
                ui.horizontal(|ui| {
                    let mut chosen = look.language();
                    // Each language is called by its own name: who cannot read the other one finds it.
                    ui.selectable_value(&mut chosen, Language::English, "English");
                    ui.selectable_value(&mut chosen, Language::Chinese, "中文");
                    window.look.speak(chosen);
                });
                ui.end_row();
                ui.label(look.t("units"));
                ui.horizontal(|ui| {
                    ui.selectable_value(&mut window.look.units, System::Si, look.t("units-si"));
                    ui.selectable_value(&mut window.look.units, System::Us, look.t("units-us"));
                });
                ui.end_row();
                ui.label(look.t("colours"));
                ui.horizontal(|ui| {
                    ui.selectable_value(&mut window.look.light, false, look.t("dark"));
                    ui.selectable_value(&mut window.look.light, true, look.t("light"));
                });
                ui.end_row();
                ui.label(look.t("size"));
                ui.horizontal(|ui| {
                    for size in SIZES {
                        ui.selectable_value(&mut window.look.size, size, format!("{:.0} %", 100.0 * size));
                    }
                });
                ui.end_row();
            });
        },
    );
    window.view.settings &= open;
    let now = &window.look;
    let before = (look.language(), look.units, look.light, look.size);
    if (now.language(), now.units, now.light, now.size) != before {
        window.memory.keep(now);
    }
}
