//! The panels around the picture. Each is a function of the window that gives back what is wanted.

pub mod arrange;
pub mod banner;
pub mod bottom;
pub mod commands;
pub mod compose;
pub mod differences;
pub mod flows;
pub mod inspector;
pub mod keys;
pub mod left;
pub mod legend;
pub mod racks;
pub mod right;
pub mod settings;
pub mod snapshots;
pub mod start;
pub mod targets;
pub mod top;

use egui::{Color32, RichText, Ui};

/// A small heading.
fn heading(ui: &mut Ui, text: &str) {
    ui.add_space(6.0);
    ui.label(RichText::new(text.to_uppercase()).size(10.5).strong().color(ui.visuals().weak_text_color()));
}

/// A figure with its name on top.
fn tile(ui: &mut Ui, name: &str, value: &str, unit: &str, colour: Option<Color32>) {
    let fill = ui.visuals().faint_bg_color;
    egui::Frame::new().fill(fill).corner_radius(4).inner_margin(egui::Margin::symmetric(8, 4)).show(
        ui,
        |ui| {
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 1.0;
                // In one line, however far to the right.
                let above = RichText::new(name).size(10.5).color(ui.visuals().weak_text_color());
                ui.add(egui::Label::new(above).extend());
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = 3.0;
                    let text = RichText::new(value).size(17.0).strong();
                    let text = colour.map_or_else(|| text.clone(), |colour| text.clone().color(colour));
                    let label = ui.label(text);
                    label.widget_info(|| {
                        egui::WidgetInfo::labeled(
                            egui::WidgetType::Label,
                            true,
                            format!("{name} {value} {unit}"),
                        )
                    });
                    if !unit.is_empty() {
                        ui.label(RichText::new(unit).size(11.0).color(ui.visuals().weak_text_color()));
                    }
                });
            });
        },
    );
}

/// Gives a widget without words of its own the name that a screen reader says.
fn called(response: &egui::Response, name: &str) {
    let name = name.trim().to_owned();
    response.ctx.accesskit_node_builder(response.id, |node| node.set_label(name));
}

/// A colour of the palettes as egui has it.
fn colour([r, g, b]: [u8; 3]) -> Color32 {
    Color32::from_rgb(r, g, b)
}

/// A number with so many decimals, or a dash.
fn number(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| "–".into(), |value| format!("{value:.decimals$}"))
}
