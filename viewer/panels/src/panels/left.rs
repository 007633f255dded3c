//! The left side: how the picture is coloured, and what can be changed or tripped.

use super::heading;
use crate::look::Look;
use crate::palette::Palette;
use crate::shade::{Shade, Span};
use crate::window::{Action, Pick, Preset, Window};
use egui::{ComboBox, Panel, RichText, ScrollArea, Ui};
use engine::plant::declare::{Field, Form};
use engine::plant::plant::Unit;
use engine::units::Quantity;

/// Shows it.
pub fn show(ui: &mut Ui, window: &mut Window, actions: &mut Vec<Action>) {
    Panel::left("left").default_size(248.0).size_range(200.0..=420.0).show(ui, |ui| {
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            picture(ui, window);
            ui.separator();
            super::targets::show(ui, window, actions);
            what_if(ui, window, actions);
            events(ui, window, actions);
        });
    });
}

fn picture(ui: &mut Ui, window: &mut Window) {
    let look = window.look.clone();
    heading(ui, &look.t("coloured-by"));
    let view = &mut window.view;
    ComboBox::from_id_salt("shade").selected_text(look.shade(view.shade)).width(200.0).show_ui(ui, |ui| {
        for shade in Shade::ALL {
            ui.selectable_value(&mut view.shade, shade, look.shade(shade));
        }
    });
    ui.horizontal(|ui| {
        for palette in Palette::ALL {
            ui.selectable_value(&mut view.palette, palette, palette.name());
        }
    });
    let mut fixed = view.fixed.is_some();
    if ui.checkbox(&mut fixed, look.t("hold-scale")).changed() {
        view.fixed = if fixed { view.around } else { None };
    }
    if let Some(Span { low, high }) = &mut view.fixed {
        ui.horizontal(|ui| {
            let (least, most) = (*low, *high);
            ui.add(egui::DragValue::new(low).speed(0.1).range(f64::MIN..=most - 1e-3).prefix(look.t("from")));
            ui.add(egui::DragValue::new(high).speed(0.1).range(least + 1e-3..=f64::MAX).prefix(look.t("to")));
        });
    }
    heading(ui, &look.t("layers"));
    ui.horizontal_wrapped(|ui| {
        ui.checkbox(&mut view.labels, look.t("labels"));
        ui.checkbox(&mut view.aisles, look.t("aisles"));
        ui.checkbox(&mut view.plant, look.t("plant-and-yard"));
    });
    heading(ui, &look.t("view"));
    ui.horizontal(|ui| {
        for preset in Preset::ALL {
            let can = preset != Preset::Rack || matches!(view.selected, Some(Pick::Rack { .. }));
            let button = egui::Button::new(look.t(&format!("view-{}", preset.name())));
            if ui.add_enabled(can, button).clicked() {
                view.preset = Some(preset);
            }
        }
    });
    let has_before = window.bench.as_ref().is_some_and(|bench| bench.before.is_some());
    if has_before {
        heading(ui, &look.t("before-and-after"));
        ui.horizontal(|ui| {
            ui.selectable_value(&mut window.view.before, true, look.t("before"));
            ui.selectable_value(&mut window.view.before, false, look.t("after"));
        });
        let mut beside = window.view.beside;
        if ui.checkbox(&mut beside, look.t("beside")).changed() {
            (window.view.beside, window.view.preset) = (beside, Some(Preset::Iso));
        }
        differences(ui, window);
    } else {
        (window.view.before, window.view.beside) = (false, false);
    }
}

/// The figures of both runs side by side.
fn differences(ui: &mut Ui, window: &Window) {
    let Some(bench) = &window.bench else { return };
    let before = bench.before.as_ref().and_then(|shown| shown.finished.as_ref());
    let (Some(before), Some(after)) = (before, &bench.shown.finished) else {
        ui.label(window.look.t("run-goes-on"));
        return;
    };
    let (old, new) = (&before.summary.metrics, &after.summary.metrics);
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

/// Fields of the selected machine, or of all of them.
fn what_if(ui: &mut Ui, window: &mut Window, actions: &mut Vec<Action>) {
    let Some(bench) = &window.bench else { return };
    let plant = &bench.shown.case.plant;
    let look = window.look.clone();
    heading(ui, &look.t("what-if"));
    let selected = match window.view.selected {
        Some(Pick::Machine(k)) => bench.shown.floor.machines.get(k).map(|(unit, ..)| *unit),
        _ => None,
    };
    let own = plant.units.iter().enumerate().filter(|(_, unit)| unit.group.is_none());
    let shown: Vec<&Unit> =
        own.filter(|(k, _)| selected.is_none_or(|s| s == *k)).map(|(_, unit)| unit).collect();
    for unit in shown {
        let declaration = unit.kind.declaration();
        let open = selected.is_some();
        let title = format!("{} · {}", unit.id, declaration.label);
        egui::CollapsingHeader::new(title).id_salt(&unit.id).default_open(open).show(ui, |ui| {
            for (field, &value) in declaration.parameters.iter().zip(&unit.values) {
                parameter(ui, (&look, &mut window.drafts), unit, field, value, actions);
            }
        });
    }
    if let Some(Pick::Rack { rows, .. }) = window.view.selected
        && let Some(rows) = bench.shown.floor.rows.get(rows)
    {
        for field in ["count", "workload.utilisation", "idle_share", "inlet_class"] {
            let path = format!("racks.{}.{field}", rows.hall);
            let written = bench.scenario.get(&path).map(described);
            if let Some(written) = written {
                entry(ui, &mut window.drafts, &path, field, "", &written, actions);
            }
        }
    }
    let weather = bench.scenario.get("site.climate").map(described);
    if let Some(climate) = weather {
        heading(ui, &look.t("weather"));
        entry(
            ui,
            &mut window.drafts,
            "site.climate",
            &look.t("climate"),
            &look.t("climate-hint"),
            &climate,
            actions,
        );
    }
}

/// A value as it is written in a file, without quotes.
fn described(node: &engine::scenario::node::Node) -> String {
    use engine::scenario::node::What;
    match &node.what {
        What::Text(text) | What::Name(text) => text.clone(),
        What::Whole(number) => number.to_string(),
        What::Real(number) => number.to_string(),
        What::Bool(flag) => flag.to_string(),
        _ => node.described(),
    }
}

/// One declared parameter: a text with its unit, and a slider over what is usual.
fn parameter(
    ui: &mut Ui,
    (look, drafts): (&Look, &mut std::collections::BTreeMap<String, String>),
    unit: &Unit,
    field: &Field,
    value: f64,
    actions: &mut Vec<Action>,
) {
    // Units that events tell apart are one component of the site.
    let component = unit.id.split('[').next().unwrap_or(&unit.id);
    let path = format!("components.{component}.{}", field.name);
    match field.form {
        Form::Quantity { quantity, usual, bounds } => {
            entry(ui, drafts, &path, field.name, field.doc, &look.value(quantity, value), actions);
            let (low, high) = usual.unwrap_or(bounds);
            if let (Ok(low), Ok(high)) = (quantity.parse(low), quantity.parse(high))
                && usual.is_some()
            {
                let mut moved = value;
                let slider = egui::Slider::new(&mut moved, low..=high).show_value(false);
                let slider = ui.add(slider).on_hover_text(format!(
                    "{} … {}",
                    look.value(quantity, low),
                    look.value(quantity, high)
                ));
                if slider.changed() {
                    drafts.insert(path.clone(), look.value(quantity, moved));
                }
                if slider.drag_stopped() && moved != value {
                    actions.push(Action::Set { path, text: look.value(quantity, moved) });
                }
            }
        }
        Form::Count { .. } => {
            entry(ui, drafts, &path, field.name, field.doc, &format!("{value:.0}"), actions)
        }
        Form::Choice(names) => {
            let now = names.get(value.round().max(0.0) as usize).copied().unwrap_or_default();
            ui.horizontal(|ui| {
                ui.label(field.name).on_hover_text(field.doc);
                ComboBox::from_id_salt(&path).selected_text(now).show_ui(ui, |ui| {
                    for name in names {
                        if ui.selectable_label(*name == now, *name).clicked() && *name != now {
                            actions.push(Action::Set { path: path.clone(), text: (*name).to_owned() });
                        }
                    }
                });
            });
        }
        Form::Derived(quantity) => {
            ui.horizontal(|ui| {
                ui.label(field.name).on_hover_text(field.doc);
                ui.monospace(look.value(quantity, value));
            });
        }
    }
}

/// A text field for one value; Enter means it.
fn entry(
    ui: &mut Ui,
    drafts: &mut std::collections::BTreeMap<String, String>,
    path: &str,
    name: &str,
    doc: &str,
    value: &str,
    actions: &mut Vec<Action>,
) {
    ui.horizontal(|ui| {
        let label = ui.label(name).on_hover_text(doc);
        let mut text = drafts.get(path).cloned().unwrap_or_else(|| value.to_owned());
        let field = ui.add(egui::TextEdit::singleline(&mut text).desired_width(84.0)).labelled_by(label.id);
        if field.changed() {
            drafts.insert(path.to_owned(), text.clone());
        }
        if field.lost_focus() && drafts.contains_key(path) {
            if ui.input(|input| input.key_pressed(egui::Key::Enter)) && text != value {
                actions.push(Action::Set { path: path.to_owned(), text });
            } else if ui.input(|input| input.key_pressed(egui::Key::Escape)) || text == value {
                drafts.remove(path);
            }
        }
    });
}

/// Machines that may fail, at the cursor.
fn events(ui: &mut Ui, window: &Window, actions: &mut Vec<Action>) {
    let Some(bench) = &window.bench else { return };
    let plant = &bench.shown.case.plant;
    let selected = match window.view.selected {
        Some(Pick::Machine(k)) => bench.shown.floor.machines.get(k),
        _ => None,
    };
    let Some((unit, copy, _)) = selected else { return };
    let unit = &plant.units[*unit];
    let several = unit.multiplicity > 1.5 && !unit.id.contains('[');
    let what = if several { format!("{}[{copy}]", unit.id) } else { unit.id.clone() };
    heading(ui, &window.look.t("failure"));
    let clock = engine::study::notes::clock(bench.playback.time());
    if ui.button(window.look.with("trip", &[("what", &what), ("when", &clock)])).clicked() {
        actions.push(Action::Trip(what));
    }
}
