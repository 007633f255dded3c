//! Everything that is known of what is selected.

use super::heading;
use crate::bench::Shown;
use crate::window::{Action, Pick, Window, figures};
use egui::{RichText, ScrollArea, Ui};
use engine::plant::plant::Unit;

/// Smaller values, in SI, are shown as 0.
const STILL: f64 = 1e-9;

/// Shows it.
pub fn show(ui: &mut Ui, window: &Window, actions: &mut Vec<Action>) {
    let (Some(pick), Some(shown), Some(bench)) = (window.view.selected, window.shown(), &window.bench) else {
        return;
    };
    let time = bench.playback.time();
    ScrollArea::vertical().id_salt("inspector").auto_shrink([false, false]).show(ui, |ui| match pick {
        Pick::Rack { rows, rack } => of_rack(ui, shown, rows, rack, time, actions),
        Pick::Machine(machine) => {
            let Some((unit, copy, _)) = shown.floor.machines.get(machine) else { return };
            let unit = &shown.case.plant.units[*unit];
            let name = if unit.multiplicity > 1.5 { format!("{}[{copy}]", unit.id) } else { unit.id.clone() };
            title(ui, &name, unit.kind.declaration().label, actions);
            values(ui, shown, unit, time);
            page(ui, unit);
        }
    });
}

fn title(ui: &mut Ui, name: &str, what: &str, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(name).size(15.0).strong());
        ui.label(RichText::new(what).color(ui.visuals().weak_text_color()));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if ui.button("×").on_hover_text("Select nothing (Esc)").clicked() {
                actions.push(Action::Select(None));
            }
        });
    });
}

fn of_rack(ui: &mut Ui, shown: &Shown, rows: usize, rack: usize, time: f64, actions: &mut Vec<Action>) {
    let Some(of) = shown.floor.rows.get(rows) else { return };
    let Some(&index) = of.groups.get(rack) else { return };
    let group = &shown.case.plant.groups[index];
    title(ui, &format!("{}[{rack}]", of.hall), &group.template, actions);
    if let Some(figures) = figures(shown).and_then(|all| all.get(index)) {
        heading(ui, "Of the whole run");
        egui::Grid::new("figures").num_columns(2).striped(true).spacing([10.0, 2.0]).show(ui, |ui| {
            let rows = [
                ("PUE", super::number(figures.pue, 4), ""),
                ("WUE", super::number(figures.wue_l_per_kwh, 3), "L/kWh"),
                ("IT energy", format!("{:.0}", figures.it_energy_kwh), "kWh"),
                ("Facility energy", format!("{:.0}", figures.facility_energy_kwh), "kWh"),
                ("Water", format!("{:.2}", figures.water_m3), "m³"),
                ("Warmest inlet", super::number(figures.max_inlet_c, 1), "°C"),
                ("Hottest junction", super::number(figures.max_junction_c, 1), "°C"),
                ("Out of its class", super::number(figures.hours_out_of_class, 1), "h"),
            ];
            for (name, value, unit) in rows {
                ui.label(name);
                ui.monospace(format!("{value} {unit}"));
                ui.end_row();
            }
        });
    }
    for unit in shown.case.plant.units.iter().filter(|unit| unit.group == Some(index)) {
        heading(
            ui,
            &format!(
                "{} · {}",
                unit.id.trim_start_matches(&format!("{}.", group.id)),
                unit.kind.declaration().label
            ),
        );
        values(ui, shown, unit, time);
    }
}

/// The columns of one unit at the cursor, and the limits of its equations that are left.
fn values(ui: &mut Ui, shown: &Shown, unit: &Unit, time: f64) {
    let Some(row) = shown.record.row(time) else { return };
    let prefix = format!("{}.", unit.id);
    let columns =
        shown.record.columns.iter().enumerate().filter(|(_, column)| column.name.starts_with(&prefix));
    egui::Grid::new(&unit.id).num_columns(2).striped(true).spacing([10.0, 2.0]).show(ui, |ui| {
        for (k, column) in columns {
            let name = &column.name[prefix.len()..];
            if name.contains('.') {
                continue; // of a unit whose name begins like this one's
            }
            let of_all = if column.total && unit.multiplicity > 1.5 { " (all)" } else { "" };
            ui.label(format!("{}{of_all}", name.replace('_', " "))).on_hover_text(&column.doc);
            // What has run down is still; nobody reads 1e-54 kg/s.
            let value = shown.record.value(row, k).map(|value| if value.abs() < STILL { 0.0 } else { value });
            ui.monospace(value.map_or_else(|| "–".into(), |value| column.quantity.display(value)));
            ui.end_row();
        }
    });
}

/// Equations, validity and sources, as the component's own page says.
fn page(ui: &mut Ui, unit: &Unit) {
    egui::CollapsingHeader::new("Equations and sources").id_salt("page").show(ui, |ui| {
        ui.label(RichText::new(unit.kind.declaration().page).monospace().size(10.5));
    });
}
