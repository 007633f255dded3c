//! The figures of two runs and what lies between them.

use crate::shade::Shade;
use crate::window::Window;
use egui::{RichText, Ui};
use engine::units::Quantity;

/// The figures of both runs side by side.
pub fn show(ui: &mut Ui, window: &Window) {
    let Some(bench) = &window.bench else { return };
    let before = bench.compared().and_then(|shown| shown.finished.as_ref());
    let (Some(before), Some(after)) = (before, &bench.current().finished) else {
        ui.label(window.look.t("run-goes-on"));
        return;
    };
    let (old, new) = (&before.metrics, &after.metrics);
    let look = &window.look;
    let (degrees, volume) = (look.unit(Quantity::Temperature).symbol, look.unit(Quantity::Volume));
    let celsius = |value: Option<f64>| value.map(|value| look.celsius(value));
    let water = |value: Option<f64>| value.map(|value| look.shaded(Shade::Water, value));
    let rows = [
        ("pue", "", old.pue, new.pue, 4),
        (
            "wue",
            look.shade_unit(Shade::Water),
            water(old.wue_site_l_per_kwh),
            water(new.wue_site_l_per_kwh),
            3,
        ),
        (
            "facility-energy",
            "MWh",
            Some(old.facility_energy_kwh / 1e3),
            Some(new.facility_energy_kwh / 1e3),
            1,
        ),
        ("water", volume.symbol, Some(volume.from_si(old.water_m3)), Some(volume.from_si(new.water_m3)), 1),
        ("cue", "kg/kWh", old.cue_kg_per_kwh, new.cue_kg_per_kwh, 3),
        ("hottest-chip", degrees, celsius(old.max_junction_c), celsius(new.max_junction_c), 1),
        ("warmest-inlet", degrees, celsius(old.max_inlet_c), celsius(new.max_inlet_c), 1),
    ];
    egui::Grid::new("differences").num_columns(4).striped(true).spacing([8.0, 2.0]).show(ui, |ui| {
        for head in ["", "before", "after", "change"] {
            let head = if head.is_empty() { String::new() } else { look.t(head) };
            ui.label(RichText::new(head).size(10.5).color(ui.visuals().weak_text_color()));
        }
        ui.end_row();
        for (name, unit, old, new, decimals) in rows {
            let comma = if unit.is_empty() { "" } else { ", " };
            ui.label(RichText::new(format!("{}{comma}{unit}", look.t(name))).size(11.5));
            ui.monospace(RichText::new(super::number(old, decimals)).size(11.0));
            ui.monospace(RichText::new(super::number(new, decimals)).size(11.0));
            let change = old.zip(new).map(|(old, new)| new - old);
            let text = change.map_or_else(|| "–".into(), |change| format!("{change:+.decimals$}"));
            ui.monospace(RichText::new(text).size(11.0));
            ui.end_row();
        }
    });
}
