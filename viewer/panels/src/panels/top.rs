//! The bar on top: the site, its run, and the figures at the cursor.

use super::{number, tile};
use crate::bench::Standing;
use crate::export::Export;
use crate::shade::Shade;
use crate::window::{Action, Window, value};
use egui::{Panel, RichText, ScrollArea, Ui};
use engine::report::document::grouped;
use engine::units::Quantity;

/// As high as a title with its buttons, and as one row of tiles.
const HIGH: f32 = 56.0;

/// Shows it.
pub fn show(ui: &mut Ui, window: &mut Window, actions: &mut Vec<Action>) {
    Panel::top("top").exact_size(HIGH).show(ui, |ui| {
        ui.add_space(3.0);
        ui.horizontal(|ui| {
            title(ui, window, actions);
            ui.separator();
            // In one row: what has no room is scrolled to, so that the picture has its height.
            ScrollArea::horizontal().id_salt("tiles").show(ui, |ui| {
                ui.horizontal(|ui| tiles(ui, window, actions));
            });
        });
        ui.add_space(3.0);
    });
}

fn title(ui: &mut Ui, window: &Window, actions: &mut Vec<Action>) {
    let Some(bench) = &window.bench else { return };
    let look = &window.look;
    ui.vertical(|ui| {
        ui.set_width(372.0);
        let changed = if bench.saved { "" } else { " •" };
        ui.add(
            egui::Label::new(RichText::new(format!("{}{changed}", bench.shown.case.title)).strong())
                .truncate(),
        );
        ui.horizontal(|ui| {
            if ui.button(look.t("sites")).on_hover_text(look.t("sites-hint")).clicked() {
                actions.push(Action::Close);
            }
            let undo = bench.can_undo();
            let button = ui.add_enabled(undo.is_some(), egui::Button::new(look.t("undo")));
            if button.on_hover_text(undo.map_or_else(|| look.t("undo-nothing"), str::to_owned)).clicked() {
                actions.push(Action::Undo);
            }
            let redo = bench.can_redo();
            let button = ui.add_enabled(redo.is_some(), egui::Button::new(look.t("redo")));
            if button.on_hover_text(redo.map_or_else(|| look.t("redo-nothing"), str::to_owned)).clicked() {
                actions.push(Action::Redo);
            }
            let save = ui.add_enabled(!bench.saved, egui::Button::new(look.t("save")));
            if save.on_hover_text(look.t("save-hint")).clicked() {
                actions.push(Action::Save(None));
            }
            ui.menu_button(look.t("export"), |ui| {
                for (export, key) in Export::ALL {
                    if ui.button(look.t(key)).clicked() {
                        actions.push(Action::Export(export));
                    }
                }
            });
            if bench.shown.written.is_some() {
                let text = RichText::new(look.t("run-as-written")).color(ui.visuals().weak_text_color());
                ui.label(text).on_hover_text(look.t("run-as-written-hint"));
                return;
            }
            match &bench.shown.standing {
                Standing::Running(share) => {
                    ui.add(egui::ProgressBar::new(*share as f32).desired_width(70.0).show_percentage());
                    if ui.button(look.t("cancel")).on_hover_text(look.t("cancel-hint")).clicked() {
                        actions.push(Action::Cancel);
                    }
                }
                Standing::Done => {
                    ui.label(RichText::new(look.t("run-complete")).color(ui.visuals().weak_text_color()));
                }
                Standing::Failed(reason) => {
                    ui.colored_label(ui.visuals().error_fg_color, look.t("run-stopped"))
                        .on_hover_text(reason);
                }
            }
        });
    });
}

/// Figures at the cursor, each one that the engine gave.
fn tiles(ui: &mut Ui, window: &Window, actions: &mut Vec<Action>) {
    let (Some(bench), Some(shown)) = (&window.bench, window.shown()) else { return };
    let time = bench.playback.time();
    let Some(row) = shown.record.row(time) else {
        ui.label(window.look.t("run-begins"));
        return;
    };
    let interval = shown.record.intervals[row];
    let look = &window.look;
    tile(ui, &look.t("pue-now"), &number(interval.pue(), 3), "", None);
    let wue = |value: Option<f64>| number(value.map(|value| look.shaded(Shade::Water, value)), 2);
    let wue_unit = look.shade_unit(Shade::Water);
    tile(ui, &look.t("wue-now"), &wue(interval.wue_l_per_kwh()), wue_unit, None);
    let (it, unit) = split(&Quantity::Power.display(interval.mean(interval.it())));
    tile(ui, &look.t("it-power"), &it, &unit, None);
    let (facility, unit) = split(&Quantity::Power.display(interval.mean(interval.facility)));
    tile(ui, &look.t("facility-power"), &facility, &unit, None);
    let per_hour = look.unit(Quantity::Volume);
    let water = interval.mean(interval.make_up) * 3600.0 / 1000.0;
    tile(ui, &look.t("water"), &grouped(per_hour.from_si(water), 0), &format!("{}/h", per_hour.symbol), None);
    // Of the interval that ends at the record.
    let ends = shown.record.times.get(row).copied().unwrap_or(time);
    if let Some(kg_per_s) = engine::study::carbon::rate(&shown.case, &interval, ends) {
        tile(ui, &look.t("carbon-now"), &grouped(3600.0 * kg_per_s, 1), "kgCO₂e/h", None);
    }
    let worst = |shade: Shade| {
        let groups = shown.case.plant.groups.len();
        (0..groups)
            .filter_map(|g| shown.sensors.value(shade, g, &shown.record, row, shown.figures(g)))
            .reduce(f64::max)
    };
    let inlet = worst(Shade::Inlet);
    let outside = (0..shown.case.plant.groups.len())
        .filter_map(|g| shown.sensors.value(Shade::Margin, g, &shown.record, row, None))
        .any(|margin| margin < 0.0);
    let celsius = |value: Option<f64>| number(value.map(|value| look.celsius(value)), 1);
    let degrees = look.unit(Quantity::Temperature).symbol;
    tile(
        ui,
        &look.t("warmest-inlet"),
        &celsius(inlet),
        degrees,
        outside.then(|| ui.visuals().error_fg_color),
    );
    tile(ui, &look.t("hottest-chip"), &celsius(worst(Shade::Junction)), degrees, None);
    worst_rack(ui, window, time, actions);
    if let Some(finished) = &shown.finished {
        let metrics = &finished.metrics;
        tile(ui, &look.t("pue-run"), &number(metrics.pue, 3), "", None);
        tile(ui, &look.t("wue-run"), &wue(metrics.wue_site_l_per_kwh), wue_unit, None);
    }
    if let Some(Some((name, margin))) = window.view.selected.map(|_| selected_margin(window, time)) {
        tile(
            ui,
            &look.with("margin-of", &[("name", &name)]),
            &number(Some(look.shaded(Shade::Margin, margin)), 1),
            look.shade_unit(Shade::Margin),
            (margin < 0.0).then(|| ui.visuals().error_fg_color),
        );
    }
}

/// The rack with the least margin to its class; of hot water the one with the hottest chip. A click selects it.
fn worst_rack(ui: &mut Ui, window: &Window, time: f64, actions: &mut Vec<Action>) {
    let (Some(shown), look) = (window.shown(), &window.look) else { return };
    let Some(row) = shown.record.row(time) else { return };
    let groups = 0..shown.case.plant.groups.len();
    let of = |shade: Shade| {
        let value = move |g: usize| Some((g, shown.sensors.value(shade, g, &shown.record, row, None)?));
        groups.clone().filter_map(value)
    };
    let by_air = of(Shade::Margin).min_by(|a, b| a.1.total_cmp(&b.1)).map(|found| (found, Shade::Margin));
    let worst = by_air.or_else(|| {
        of(Shade::Junction).max_by(|a, b| a.1.total_cmp(&b.1)).map(|found| (found, Shade::Junction))
    });
    let Some(((group, value), shade)) = worst else { return };
    let name = shown.case.plant.groups[group].rack(0);
    let figure = format!("{:.1} {}", look.shaded(shade, value), look.shade_unit(shade));
    let text = look.with("worst-rack", &[("figure", &figure)]);
    let fill = ui.visuals().faint_bg_color;
    egui::Frame::new().fill(fill).corner_radius(4).inner_margin(egui::Margin::symmetric(8, 4)).show(
        ui,
        |ui| {
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 1.0;
                ui.label(RichText::new(text).size(10.5).color(ui.visuals().weak_text_color()));
                let link = ui.link(RichText::new(&name).size(15.0).strong()).on_hover_text(look.shade(shade));
                if link.clicked() {
                    actions.extend(window.find(&name).map(|pick| Action::Select(Some(pick))));
                }
            });
        },
    );
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
