//! The table of all racks: filter, order, and selection in both directions. Only lines that are seen are made.

use super::{colour, heading, number};
use crate::bench::{Shown, Slot};
use crate::shade::Shade;
use crate::window::{Action, Pick, Window, value};
use egui::{Align, Layout, RichText, Sense, TextWrapMode, Ui};
use egui_extras::{Column, TableBuilder};
use std::sync::Arc;

/// Columns beside the name.
const SHADES: [Shade; 4] = [Shade::Power, Shade::Inlet, Shade::Junction, Shade::Margin];

/// The lines of the table in their order, kept until something that they follow from changes.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    key: Option<Key>,
    lines: Arc<Vec<(u32, u32)>>,
}

/// What the order of lines follows from.
#[derive(Debug, Clone, PartialEq)]
struct Key {
    filter: String,
    order: (usize, bool),
    revision: u64,
    slots: (Slot, Slot, bool),
    /// Only where lines are in the order of a value: the record at the cursor.
    row: Option<usize>,
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
        let all = ui.button(look.t("select-shown"));
        if all.on_hover_text(look.t("select-shown-hint")).clicked() {
            actions.push(Action::SelectShown);
        }
    });
    let lines = listed(window);
    let (by, downwards) = window.view.order;
    let mut order = (by, downwards);
    let height = 18.0;
    ui.style_mut().interaction.selectable_labels = false;
    ui.style_mut().wrap_mode = Some(TextWrapMode::Truncate);
    let held = ui.input(|input| input.modifiers);
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
                let Some(&(rows, rack)) = lines.get(row.index()) else { return };
                let (rows, rack) = (rows as usize, rack as usize);
                let pick = Pick::Rack { rows, rack };
                row.set_selected(window.view.is_selected(pick));
                row.col(|ui| {
                    ui.horizontal_centered(|ui| {
                        let (swatch, _) = ui.allocate_exact_size(egui::vec2(9.0, 9.0), Sense::hover());
                        ui.painter().rect_filled(swatch, 2.0, colour(window.colour(rows, rack)));
                        ui.label(name(window, rows, rack));
                    });
                });
                for shade in SHADES {
                    let value = window.value(shade, rows, rack);
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
                    actions.push(if held.command {
                        Action::Toggle(pick)
                    } else if held.shift {
                        Action::Reach(pick)
                    } else if window.view.picks() == [pick].into() {
                        Action::Select(None)
                    } else {
                        Action::Select(Some(pick))
                    });
                }
            });
        });
    window.view.order = order;
}

fn name(window: &Window, rows: usize, rack: usize) -> String {
    let hall = window.shown().and_then(|shown| shown.floor.rows.get(rows)).map_or("", |of| of.hall.as_str());
    format!("{hall}[{rack}]")
}

/// The racks that pass the filter, in the order of the site: which rows, which of them, and the name.
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

/// The lines in the order asked for; made anew only where that may have changed.
fn listed(window: &mut Window) -> Arc<Vec<(u32, u32)>> {
    let (Some(bench), Some(shown)) = (&window.bench, window.shown()) else { return Arc::default() };
    let time = bench.playback.time();
    let order = window.view.order;
    let key = Key {
        filter: window.view.filter.trim().to_lowercase(),
        order,
        revision: bench.revision,
        slots: (bench.left, bench.right, window.view.before),
        row: if order.0 > 0 { shown.record.row(time) } else { None },
    };
    if window.view.listed.key.as_ref() == Some(&key) {
        return Arc::clone(&window.view.listed.lines);
    }
    let lines = Arc::new(sorted(shown, named(window), order, time));
    window.view.listed = Listed { key: Some(key), lines: Arc::clone(&lines) };
    lines
}

fn sorted(
    shown: &Shown,
    named: Vec<(usize, usize, String)>,
    (by, downwards): (usize, bool),
    time: f64,
) -> Vec<(u32, u32)> {
    let mut lines: Vec<(u32, u32)> =
        named.into_iter().map(|(rows, rack, _)| (rows as u32, rack as u32)).collect();
    if let Some(&shade) = by.checked_sub(1).and_then(|column| SHADES.get(column)) {
        let of = |&(rows, rack): &(u32, u32)| {
            value(shown, shade, rows as usize, rack as usize, time).unwrap_or(f64::NEG_INFINITY)
        };
        let mut keyed: Vec<(f64, (u32, u32))> = lines.iter().map(|line| (of(line), *line)).collect();
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
        lines = keyed.into_iter().map(|(_, line)| line).collect();
    }
    if downwards {
        lines.reverse();
    }
    lines
}
