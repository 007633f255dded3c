//! The table of all racks: filter, order, and selection in both directions.

use super::{colour, heading, number};
use crate::shade::Shade;
use crate::window::{Action, Pick, Window};
use egui::{Align, Layout, RichText, Sense, TextWrapMode, Ui};
use egui_extras::{Column, TableBuilder};

/// Columns beside the name.
const SHADES: [Shade; 4] = [Shade::Power, Shade::Inlet, Shade::Junction, Shade::Margin];

struct Line {
    rows: usize,
    rack: usize,
    name: String,
    values: [Option<f64>; SHADES.len()],
}

/// Shows it.
pub fn show(ui: &mut Ui, window: &mut Window, actions: &mut Vec<Action>) {
    let look = window.look.clone();
    heading(ui, &look.t("racks"));
    ui.horizontal(|ui| {
        let label = ui.label(look.t("filter"));
        let field = egui::TextEdit::singleline(&mut window.view.filter)
            .hint_text(look.t("filter-hint"))
            .desired_width(150.0);
        ui.add(field).labelled_by(label.id);
    });
    let lines = lines(window);
    let selected = window.view.selected;
    let (by, downwards) = window.view.order;
    let mut order = (by, downwards);
    let height = 18.0;
    ui.style_mut().interaction.selectable_labels = false;
    ui.style_mut().wrap_mode = Some(TextWrapMode::Truncate);
    TableBuilder::new(ui)
        .striped(true)
        .sense(Sense::click())
        .column(Column::remainder().at_least(90.0))
        .columns(Column::exact(48.0), SHADES.len())
        .header(18.0, |mut header| {
            let degrees = look.shade_unit(Shade::Inlet);
            let names = [
                look.t("rack"),
                "kW".to_owned(),
                look.with("column-inlet", &[("unit", degrees)]),
                look.with("column-chip", &[("unit", degrees)]),
                look.with("column-margin", &[("unit", look.shade_unit(Shade::Margin))]),
            ];
            for (k, name) in names.into_iter().enumerate() {
                header.col(|ui| {
                    let arrow = if by == k { if downwards { " ⏷" } else { " ⏶" } } else { "" };
                    let text = RichText::new(format!("{name}{arrow}")).size(10.5).strong();
                    if ui.add(egui::Button::new(text).frame(false)).clicked() {
                        order = (k, if by == k { !downwards } else { k > 0 });
                    }
                });
            }
        })
        .body(|body| {
            body.rows(height, lines.len(), |mut row| {
                let line = &lines[row.index()];
                let pick = Pick::Rack { rows: line.rows, rack: line.rack };
                row.set_selected(selected == Some(pick));
                row.col(|ui| {
                    ui.horizontal_centered(|ui| {
                        let (swatch, _) = ui.allocate_exact_size(egui::vec2(9.0, 9.0), Sense::hover());
                        ui.painter().rect_filled(swatch, 2.0, colour(window.colour(line.rows, line.rack)));
                        ui.label(&line.name);
                    });
                });
                for (value, shade) in line.values.iter().zip(SHADES) {
                    row.col(|ui| {
                        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                            let text = RichText::new(number(value.map(|value| look.shaded(shade, value)), 1))
                                .monospace()
                                .size(11.5);
                            let bad = shade == Shade::Margin && value.is_some_and(|margin| margin < 0.0);
                            ui.label(if bad { text.color(ui.visuals().error_fg_color) } else { text });
                        });
                    });
                }
                if row.response().clicked() {
                    actions.push(Action::Select(if selected == Some(pick) { None } else { Some(pick) }));
                }
            });
        });
    window.view.order = order;
}

/// The racks that pass the filter: which rows, which of them, and the name.
#[must_use]
pub fn named(window: &Window) -> Vec<(usize, usize, String)> {
    let Some(shown) = window.shown() else { return Vec::new() };
    let wanted = window.view.filter.trim().to_lowercase();
    let mut found = Vec::new();
    for (index, rows) in shown.floor.rows.iter().enumerate() {
        let names = (0..rows.racks.len()).map(|rack| (index, rack, format!("{}[{rack}]", rows.hall)));
        found.extend(names.filter(|(.., name)| wanted.is_empty() || name.to_lowercase().contains(&wanted)));
    }
    found
}

/// What passes the filter, in the order asked for.
fn lines(window: &Window) -> Vec<Line> {
    let line = |(rows, rack, name): (usize, usize, String)| {
        let values = SHADES.map(|shade| window.value(shade, rows, rack));
        Line { rows, rack, name, values }
    };
    let mut lines: Vec<Line> = named(window).into_iter().map(line).collect();
    let (by, downwards) = window.view.order;
    if let Some(column) = by.checked_sub(1) {
        let of = |line: &Line| line.values.get(column).copied().flatten().unwrap_or(f64::NEG_INFINITY);
        lines.sort_by(|a, b| of(a).total_cmp(&of(b)));
    }
    if downwards {
        lines.reverse();
    }
    lines
}
