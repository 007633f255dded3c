//! The left side: how the picture is coloured, and what can be changed or tripped.

use super::heading;
use crate::look::Look;
use crate::palette::Palette;
use crate::shade::{Shade, Span};
use crate::window::{Action, Pick, Preset, Window};
use egui::{ComboBox, Panel, ScrollArea, Ui};
use engine::plant::declare::{Field, Form};
use engine::plant::plant::Unit;
use engine::scenario::weather::climate::Climate;

/// Shows it.
pub fn show(ui: &mut Ui, window: &mut Window, actions: &mut Vec<Action>) {
    Panel::left("left").default_size(248.0).size_range(200.0..=420.0).show(ui, |ui| {
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            picture(ui, window);
            ui.separator();
            super::targets::show(ui, window, actions);
            super::snapshots::show(ui, window, actions);
            super::arrange::show(ui, window, actions);
            ui.add_space(4.0);
            let new =
                ui.button(window.look.t("compose-new")).on_hover_text(window.look.t("compose-new-hint"));
            if new.clicked() {
                actions.push(Action::Compose(true));
            }
            what_if(ui, window, actions);
            events(ui, window, actions);
        });
    });
}

fn picture(ui: &mut Ui, window: &mut Window) {
    let look = window.look.clone();
    heading(ui, &look.t("coloured-by"));
    let view = &mut window.view;
    let list = ComboBox::from_id_salt("shade").selected_text(look.shade(view.shade)).width(200.0);
    let list = list.show_ui(ui, |ui| {
        for shade in Shade::ALL {
            ui.selectable_value(&mut view.shade, shade, look.shade(shade));
        }
    });
    super::called(&list.response, &look.t("coloured-by"));
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
            let from = egui::DragValue::new(low).speed(0.1).range(f64::MIN..=most - 1e-3);
            super::called(&ui.add(from.prefix(look.t("from"))), &look.t("from"));
            let to = egui::DragValue::new(high).speed(0.1).range(least + 1e-3..=f64::MAX);
            super::called(&ui.add(to.prefix(look.t("to"))), &look.t("to"));
        });
    }
    heading(ui, &look.t("layers"));
    ui.horizontal_wrapped(|ui| {
        ui.checkbox(&mut view.labels, look.t("labels"));
        ui.checkbox(&mut view.aisles, look.t("aisles"));
        ui.checkbox(&mut view.plant, look.t("plant-and-yard"));
    });
    heading(ui, &look.t("view"));
    ui.horizontal_wrapped(|ui| {
        for preset in Preset::ALL {
            let can = preset != Preset::Rack || matches!(view.selected, Some(Pick::Rack { .. }));
            let button = egui::Button::new(look.t(&format!("view-{}", preset.name())));
            if ui.add_enabled(can, button).clicked() {
                view.preset = Some(preset);
            }
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
        for (field, value) in OF_GROUPS {
            let path = format!("racks.{}.{field}", rows.hall);
            let written = bench.scenario.get(&path).map(described);
            // Fields that stand for themselves where they are left out can be written, too.
            if let Some(written) = written.or_else(|| value.map(str::to_owned)) {
                entry(ui, &mut window.drafts, &path, field, "", &written, actions);
            }
        }
        placed(ui, (&look, &mut window.drafts), bench, rows, actions);
    }
    weather(ui, (&look, &mut window.drafts), bench, actions);
}

/// The climate or the weather file: each takes the place of the other.
fn weather(
    ui: &mut Ui,
    (look, drafts): (&Look, &mut std::collections::BTreeMap<String, String>),
    bench: &crate::bench::Bench,
    actions: &mut Vec<Action>,
) {
    heading(ui, &look.t("weather"));
    let written = |path: &str| bench.scenario.get(path).map(described).unwrap_or_default();
    let climate = written("site.climate");
    ui.horizontal(|ui| {
        entry(ui, drafts, "site.climate", &look.t("climate"), &look.t("climate-hint"), &climate, actions);
        let list = ComboBox::from_id_salt("climates").selected_text("…").width(40.0).height(320.0);
        let list = list.show_ui(ui, |ui| {
            for (id, _) in Climate::catalogue() {
                if ui.selectable_label(*id == climate, *id).clicked() && *id != climate {
                    actions.push(Action::Set { path: "site.climate".to_owned(), text: (*id).to_owned() });
                }
            }
        });
        super::called(&list.response, &look.t("climates"));
    });
    let file = written("site.weather");
    entry(ui, drafts, "site.weather", &look.t("weather-file"), &look.t("weather-file-hint"), &file, actions);
}

/// Fields of a group of racks, and what they are where nobody has written them.
const OF_GROUPS: [(&str, Option<&str>); 5] = [
    ("count", Some("1")),
    ("per_row", None),
    ("workload.utilisation", None),
    ("idle_share", Some("0")),
    ("inlet_class", Some("A2")),
];

/// Where the row of a group begins and looks: fields of its layout, which can be written where it has none.
fn placed(
    ui: &mut Ui,
    (look, drafts): (&Look, &mut std::collections::BTreeMap<String, String>),
    bench: &crate::bench::Bench,
    rows: &crate::place::Rows,
    actions: &mut Vec<Action>,
) {
    let layout = format!("racks.{}.layout", rows.hall);
    if bench.scenario.get(&layout).is_none() {
        let Some(first) = rows.racks.first() else { return };
        let corner = [0, 2].map(|k| first.at[k] - 0.5 * first.size[k]);
        let row = format!(
            "Row(origin: (\"{:.1} m\", \"{:.1} m\"), pitch: \"0.6 m\", facing: North)",
            corner[0], corner[1]
        );
        let place = ui.button(look.t("place-row")).on_hover_text(look.t("place-row-hint"));
        if place.clicked() {
            actions.push(Action::Set { path: layout, text: row });
        }
        return;
    }
    for (field, name) in [("origin[0]", "x"), ("origin[1]", "z"), ("pitch", "pitch"), ("facing", "facing")] {
        let path = format!("{layout}.{field}");
        if let Some(written) = bench.scenario.get(&path).map(described) {
            entry(ui, drafts, &path, name, &look.t("layout-hint"), &written, actions);
        }
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
                let slider = ui.add(slider);
                super::called(&slider, field.name);
                let slider = slider.on_hover_text(format!(
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
                let label = ui.label(field.name).on_hover_text(field.doc);
                let list = ComboBox::from_id_salt(&path).selected_text(now).show_ui(ui, |ui| {
                    for name in names {
                        if ui.selectable_label(*name == now, *name).clicked() && *name != now {
                            actions.push(Action::Set { path: path.clone(), text: (*name).to_owned() });
                        }
                    }
                });
                list.response.labelled_by(label.id);
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

/// How long the grid fails where nobody says [min]: longer than a UPS carries, so that generators have to.
pub const OUTAGE: u32 = 15;

/// Machines that may fail, at the cursor.
fn events(ui: &mut Ui, window: &Window, actions: &mut Vec<Action>) {
    let Some(bench) = &window.bench else { return };
    let plant = &bench.shown.case.plant;
    heading(ui, &window.look.t("failure"));
    let clock = engine::study::notes::clock(bench.playback.time());
    let minutes = OUTAGE.to_string();
    if ui.button(window.look.with("outage", &[("minutes", &minutes), ("when", &clock)])).clicked() {
        actions.push(Action::Outage(OUTAGE));
    }
    let selected = match window.view.selected {
        Some(Pick::Machine(k)) => bench.shown.floor.machines.get(k),
        _ => None,
    };
    let Some((unit, copy, _)) = selected else { return };
    let unit = &plant.units[*unit];
    let several = unit.multiplicity > 1.5 && !unit.id.contains('[');
    let what = if several { format!("{}[{copy}]", unit.id) } else { unit.id.clone() };
    if ui.button(window.look.with("trip", &[("what", &what), ("when", &clock)])).clicked() {
        actions.push(Action::Trip(what));
    }
}
