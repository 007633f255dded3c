//! The bar on top: the site, its run, and the figures at the cursor.

use super::{number, tile};
use crate::bench::Standing;
use crate::shade::Shade;
use crate::window::{Action, Window, figures, value};
use egui::{Panel, RichText, Ui};
use engine::units::Quantity;

/// Shows it.
pub fn show(ui: &mut Ui, window: &mut Window, actions: &mut Vec<Action>) {
    Panel::top("top").show(ui, |ui| {
        ui.add_space(3.0);
        ui.horizontal(|ui| {
            title(ui, window, actions);
            ui.separator();
            ui.horizontal_wrapped(|ui| tiles(ui, window));
        });
        ui.add_space(3.0);
    });
}

fn title(ui: &mut Ui, window: &Window, actions: &mut Vec<Action>) {
    let Some(bench) = &window.bench else { return };
    ui.vertical(|ui| {
        ui.set_width(318.0);
        let changed = if bench.saved { "" } else { " •" };
        ui.add(
            egui::Label::new(RichText::new(format!("{}{changed}", bench.shown.case.title)).strong())
                .truncate(),
        );
        ui.horizontal(|ui| {
            if ui.button("Sites").on_hover_text("Start screen").clicked() {
                actions.push(Action::Close);
            }
            let undo = bench.can_undo();
            let button = ui.add_enabled(undo.is_some(), egui::Button::new("Undo"));
            if button.on_hover_text(undo.unwrap_or("nothing to take back")).clicked() {
                actions.push(Action::Undo);
            }
            let redo = bench.can_redo();
            let button = ui.add_enabled(redo.is_some(), egui::Button::new("Redo"));
            if button.on_hover_text(redo.unwrap_or("nothing to do again")).clicked() {
                actions.push(Action::Redo);
            }
            let save = ui.add_enabled(!bench.saved, egui::Button::new("Save"));
            if save.on_hover_text("as RON, which `isotherm run` reads").clicked() {
                actions.push(Action::Save(None));
            }
            match &bench.shown.standing {
                Standing::Running(share) => {
                    ui.add(egui::ProgressBar::new(*share as f32).desired_width(90.0).show_percentage());
                }
                Standing::Done => {
                    ui.label(RichText::new("run complete").color(ui.visuals().weak_text_color()));
                }
                Standing::Failed(reason) => {
                    ui.colored_label(ui.visuals().error_fg_color, "stopped").on_hover_text(reason);
                }
            }
        });
    });
}

/// Figures at the cursor, each one that the engine gave.
fn tiles(ui: &mut Ui, window: &Window) {
    let (Some(bench), Some(shown)) = (&window.bench, window.shown()) else { return };
    let time = bench.playback.time();
    let Some(row) = shown.record.row(time) else {
        ui.label("finding the steady state that the run starts from …");
        return;
    };
    let interval = shown.record.intervals[row];
    tile(ui, "PUE now", &number(interval.pue(), 3), "", None);
    tile(ui, "WUE now", &number(interval.wue_l_per_kwh(), 2), "L/kWh", None);
    let (it, unit) = split(&Quantity::Power.display(interval.mean(interval.it())));
    tile(ui, "IT power", &it, &unit, None);
    let (facility, unit) = split(&Quantity::Power.display(interval.mean(interval.facility)));
    tile(ui, "Facility power", &facility, &unit, None);
    tile(ui, "Water", &number(Some(interval.mean(interval.make_up) * 3600.0), 0), "L/h", None);
    let worst = |shade: Shade| {
        let groups = shown.case.plant.groups.len();
        (0..groups)
            .filter_map(|g| shown.sensors.value(shade, g, &shown.record, row, figures(shown)))
            .reduce(f64::max)
    };
    let inlet = worst(Shade::Inlet);
    let outside = (0..shown.case.plant.groups.len())
        .filter_map(|g| shown.sensors.value(Shade::Margin, g, &shown.record, row, None))
        .any(|margin| margin < 0.0);
    tile(ui, "Warmest inlet", &number(inlet, 1), "°C", outside.then(|| ui.visuals().error_fg_color));
    tile(ui, "Hottest chip", &number(worst(Shade::Junction), 1), "°C", None);
    if let Some(finished) = &shown.finished {
        let metrics = &finished.summary.metrics;
        tile(ui, "PUE of the run", &number(metrics.pue, 3), "", None);
        tile(ui, "WUE of the run", &number(metrics.wue_site_l_per_kwh, 2), "L/kWh", None);
    }
    if let Some(Some((name, margin))) = window.view.selected.map(|_| selected_margin(window, time)) {
        tile(
            ui,
            &format!("{name}: margin"),
            &number(Some(margin), 1),
            "K",
            (margin < 0.0).then(|| ui.visuals().error_fg_color),
        );
    }
}

fn selected_margin(window: &Window, time: f64) -> Option<(String, f64)> {
    let Some(crate::window::Pick::Rack { rows, rack }) = window.view.selected else { return None };
    let shown = window.shown()?;
    let name = format!("{}[{rack}]", shown.floor.rows.get(rows)?.hall);
    Some((name, value(shown, Shade::Margin, rows, rack, time)?))
}

/// `1.2 MW` as number and unit.
fn split(text: &str) -> (String, String) {
    match text.split_once(' ') {
        Some((number, unit)) => (number.to_owned(), unit.to_owned()),
        None => (text.to_owned(), String::new()),
    }
}
