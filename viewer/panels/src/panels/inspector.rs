//! Everything that is known of what is selected.

use super::heading;
use crate::bench::Shown;
use crate::chips::{Chips, of_rack as of_rack_at, per_tray};
use crate::figures::Noted;
use crate::look::Look;
use crate::picture::{State, said};
use crate::shade::Shade;
use crate::survey::Surveying;
use crate::window::{Action, Pick, Window};
use egui::{RichText, ScrollArea, Ui, vec2};
use engine::plant::declare::{Bound, Limit, Outdoor, Role};
use engine::plant::plant::Unit;
use engine::study::capacity::{Beyond, Kind};
use engine::units::Quantity;

/// Smaller values, in SI, are shown as 0.
const STILL: f64 = 1e-9;

/// Shows it.
pub fn show(ui: &mut Ui, window: &Window, actions: &mut Vec<Action>) {
    let (Some(pick), Some(shown), Some(bench)) = (window.view.selected, window.shown(), &window.bench) else {
        return;
    };
    let time = bench.playback.time();
    let look = &window.look;
    ScrollArea::vertical().id_salt("inspector").auto_shrink([false, false]).show(ui, |ui| match pick {
        Pick::Rack { rows, rack } => of_rack(ui, (window, shown), rows, rack, time, actions),
        Pick::Machine(machine) => {
            let Some((unit, copy, _)) = shown.floor.machines.get(machine) else { return };
            let unit = &shown.case.plant.units[*unit];
            let name = if unit.multiplicity > 1.5 { format!("{}[{copy}]", unit.id) } else { unit.id.clone() };
            title(ui, look, &name, unit.kind.declaration().label, actions);
            let index = shown.floor.machines[machine].0;
            if let Some(state) = shown.record.row(time).and_then(|row| State::of(shown, index, row)) {
                let text = RichText::new(format!("■ {}", said(window, state)));
                ui.label(text.color(super::colour(state.colour())));
            }
            noted(ui, shown, unit, time);
            values(ui, (look, shown), unit, time);
            page(ui, look, unit);
        }
    });
}

/// What is outside of its range at the cursor, in the engine's words.
fn noted(ui: &mut Ui, shown: &Shown, unit: &Unit, time: f64) {
    let notes = shown.finished.as_ref().map_or(&[][..], |finished| &finished.noted);
    let now = |note: &&Noted| note.what == unit.id && (note.from..=note.to).contains(&time);
    for note in notes.iter().filter(now) {
        ui.label(RichText::new(&note.text).size(11.5).color(ui.visuals().warn_fg_color));
    }
}

fn title(ui: &mut Ui, look: &Look, name: &str, what: &str, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(name).size(15.0).strong());
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let close = ui.button("×").on_hover_text(look.t("select-nothing"));
            close.widget_info(|| {
                egui::WidgetInfo::labeled(egui::WidgetType::Button, true, look.t("select-nothing"))
            });
            if close.clicked() {
                actions.push(Action::Select(None));
            }
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                let what = RichText::new(what).color(ui.visuals().weak_text_color());
                ui.add(egui::Label::new(what).truncate());
            });
        });
    });
}

fn of_rack(
    ui: &mut Ui,
    (window, shown): (&Window, &Shown),
    rows: usize,
    rack: usize,
    time: f64,
    actions: &mut Vec<Action>,
) {
    let look = &window.look;
    let Some(of) = shown.floor.rows.get(rows) else { return };
    let Some(&index) = of.groups.get(rack) else { return };
    let group = &shown.case.plant.groups[index];
    title(ui, look, &format!("{}[{rack}]", of.hall), &group.template, actions);
    chips(ui, (window, shown), rows, rack, time, actions);
    room(ui, look, shown, index, actions);
    if let Some(figures) = shown.figures(index) {
        heading(ui, &look.t("of-the-run"));
        egui::Grid::new("figures").num_columns(2).striped(true).spacing([10.0, 2.0]).show(ui, |ui| {
            let celsius = |value: Option<f64>| super::number(value.map(|value| look.celsius(value)), 1);
            let degrees = look.unit(Quantity::Temperature).symbol;
            let wue = figures.wue_l_per_kwh.map(|value| look.shaded(Shade::Water, value));
            let volume = look.value(Quantity::Volume, figures.water_m3);
            let rows = [
                ("pue", super::number(figures.pue, 4), ""),
                ("wue", super::number(wue, 3), look.shade_unit(Shade::Water)),
                ("it-energy", format!("{:.0}", figures.it_energy_kwh), "kWh"),
                ("facility-energy", format!("{:.0}", figures.facility_energy_kwh), "kWh"),
                ("water", volume, ""),
                ("warmest-inlet", celsius(figures.max_inlet_c), degrees),
                ("hottest-junction", celsius(figures.max_junction_c), degrees),
                ("out-of-class", super::number(figures.hours_out_of_class, 1), "h"),
            ];
            for (name, value, unit) in rows {
                ui.label(look.t(name));
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
        values(ui, (look, shown), unit, time);
    }
}

/// What this position can still take, and what binds first.
fn room(ui: &mut Ui, look: &Look, shown: &Shown, group: usize, actions: &mut Vec<Action>) {
    heading(ui, &look.t("room"));
    let Some(room) = shown.room(group) else {
        match &shown.surveying {
            Surveying::Running(_) => {
                ui.label(look.t("room-goes-on"));
            }
            Surveying::Failed(reason) => {
                ui.label(look.with("room-failed", &[("reason", reason)]));
            }
            _ => {
                if ui.button(look.t("room-find")).on_hover_text(look.t("room-hint")).clicked() {
                    actions.push(Action::Survey);
                }
            }
        }
        return;
    };
    let (first, headroom) = room.first();
    let load = look.value(Quantity::Power, room.watts());
    let kind = look.t(&format!("binds-{}", first.name()));
    let key = if headroom.bound().is_some() { "room-first" } else { "room-free" };
    ui.label(RichText::new(look.with(key, &[("load", &load), ("kind", &kind)])).strong());
    if let Some(bound) = headroom.bound() {
        let text = RichText::new(format!("{}: {}", bound.what, bound.text)).size(11.0);
        ui.add(egui::Label::new(text).wrap());
    }
    egui::Grid::new("room").num_columns(3).striped(true).spacing([10.0, 2.0]).show(ui, |ui| {
        for (kind, of) in Kind::ALL.into_iter().zip(&room.of) {
            ui.label(look.t(&format!("binds-{}", kind.name())));
            let more = if of.bound().is_none() { "≥ " } else { "" };
            let load = look.value(Quantity::Power, of.racks * room.rack_w);
            let racks = look.with("room-racks", &[("count", &format!("{:.1}", of.racks))]);
            ui.monospace(RichText::new(format!("{more}{load} · {racks}")).size(11.0));
            let text = match &of.beyond {
                Beyond::Limit(bound) => format!("{}: {}", bound.what, bound.text),
                Beyond::Nothing => look.t("room-nothing"),
                Beyond::NoState(why) => look.with("room-no-state", &[("why", why)]),
            };
            ui.add(egui::Label::new(RichText::new(&text).size(10.5)).truncate()).on_hover_text(&text);
            ui.end_row();
        }
    });
}

/// The chips of a rack, tray by tray, coloured as in the picture.
fn chips(
    ui: &mut Ui,
    (window, shown): (&Window, &Shown),
    rows: usize,
    rack: usize,
    time: f64,
    actions: &mut Vec<Action>,
) {
    let look = &window.look;
    let kinds = of_rack_at(shown, rows, rack, time);
    if kinds.is_empty() {
        return;
    }
    heading(ui, &look.t("chips"));
    let mut open = window.view.open;
    if ui.checkbox(&mut open, look.t("open-rack")).changed() {
        actions.push(Action::OpenRack);
    }
    let degrees = look.unit(Quantity::Temperature).symbol;
    let mut before = 0;
    for kind in kinds {
        let count = kind.junctions.len();
        let key = if kind.together.is_none() { "chips-each" } else { "chips-one" };
        let text = format!("{}: {}", kind.name, look.with(key, &[("count", &count.to_string())]));
        ui.label(RichText::new(&text).size(11.0));
        if let Some(why) = kind.together {
            let rack =
                shown.floor.rows.get(rows).map_or_else(String::new, |of| format!("{}[{rack}]", of.hall));
            let why = look.with(why.key(), &[("rack", &rack)]);
            let why = RichText::new(why).size(10.5).color(ui.visuals().weak_text_color());
            ui.add(egui::Label::new(why).wrap());
        }
        let wide = per_tray(count);
        let cell = vec2((ui.available_width() / wide as f32).min(22.0), 12.0);
        let size = vec2(cell.x * wide as f32, cell.y * count.div_ceil(wide) as f32);
        let (area, response) = ui.allocate_exact_size(size, egui::Sense::hover());
        let place = |k: usize| {
            let corner = vec2((k % wide) as f32 * cell.x, (k / wide) as f32 * cell.y);
            egui::Rect::from_min_size(area.min + corner, cell - vec2(2.0, 2.0))
        };
        for (k, junction) in kind.junctions.iter().enumerate() {
            ui.painter().rect_filled(place(k), 2.0, super::colour(window.junction_colour(*junction)));
        }
        response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Image, true, text.clone()));
        if let Some((low, high)) = kind.ends() {
            let ends = format!("{:.1} … {:.1} {degrees}", look.celsius(low), look.celsius(high));
            ui.monospace(RichText::new(ends).size(11.0));
        }
        if window.view.open {
            servers(ui, (window, &kind), before, actions);
        }
        before += count.div_ceil(wide);
        let over = response.hover_pos().and_then(|at| (0..count).find(|&k| place(k).contains(at)));
        if let Some((k, junction)) = over.and_then(|k| Some((k, kind.junctions[k]?))) {
            response.on_hover_text(format!("{}[{k}]  {:.1} {degrees}", kind.name, look.celsius(junction)));
        }
    }
}

/// The servers of an open rack, tray by tray; of the one that is looked at its chips. `before` are those of other kinds.
fn servers(ui: &mut Ui, (window, kind): (&Window, &Chips), before: usize, actions: &mut Vec<Action>) {
    let (look, wide) = (&window.look, per_tray(kind.junctions.len()));
    let degrees = look.unit(Quantity::Temperature).symbol;
    for (k, chips) in kind.junctions.chunks(wide).enumerate() {
        let server = before + k;
        let open = window.view.server == Some(server);
        let hottest = chips.iter().flatten().copied().reduce(f64::max);
        let text = hottest.map_or_else(|| "–".into(), |c| format!("{:.1} {degrees}", look.celsius(c)));
        let name = look.with("server", &[("number", &(server + 1).to_string()), ("hottest", &text)]);
        if ui.selectable_label(open, RichText::new(name).size(11.0)).clicked() {
            actions.push(Action::Server((!open).then_some(server)));
        }
        if !open {
            continue;
        }
        ui.indent(("server", server), |ui| {
            for (chip, junction) in chips.iter().enumerate() {
                let of = junction.map_or_else(|| "–".into(), |c| format!("{:.1} {degrees}", look.celsius(c)));
                let text =
                    RichText::new(format!("{}[{}]  {of}", kind.name, k * wide + chip)).monospace().size(11.0);
                let chosen = window.view.chip == Some(chip);
                if ui.selectable_label(chosen, text).clicked() {
                    actions.push(Action::Chip((!chosen).then_some(chip)));
                }
            }
        });
    }
}

/// The columns of one unit at the cursor, and every limit of its equations: beside its column, or below where what it
/// limits is none of the unit's own, as the weather.
fn values(ui: &mut Ui, (look, shown): (&Look, &Shown), unit: &Unit, time: f64) {
    let Some(row) = shown.record.row(time) else { return };
    let prefix = format!("{}.", unit.id);
    let own = |name: &str| name.strip_prefix(&prefix).filter(|name| !name.contains('.')).map(str::to_owned);
    let columns: Vec<(usize, String)> = shown
        .record
        .columns
        .iter()
        .enumerate()
        .filter_map(|(k, column)| Some((k, own(&column.name)?)))
        .collect();
    let declared = unit.kind.declaration();
    egui::Grid::new(&unit.id).num_columns(3).striped(true).spacing([10.0, 2.0]).show(ui, |ui| {
        for (k, name) in &columns {
            let column = &shown.record.columns[*k];
            let of_all =
                if column.total && unit.multiplicity > 1.5 { look.t("of-all") } else { String::new() };
            ui.label(format!("{}{of_all}", name.replace('_', " "))).on_hover_text(&column.doc);
            let limit = declared.limits.iter().find(|limit| concerns(unit, limit, name));
            value_and_limit(
                ui,
                look,
                column.quantity,
                shown.record.value(row, *k),
                limit.map(|l| Ends::of(unit, l)),
            );
            ui.end_row();
        }
        let seen = |limit: &Limit| columns.iter().any(|(_, name)| concerns(unit, limit, name));
        for limit in declared.limits.iter().filter(|limit| !seen(limit)) {
            let (quantity, column) = outside(unit, limit);
            let value =
                column.and_then(|name| shown.record.column(name)).and_then(|k| shown.record.value(row, k));
            ui.label(limit.of.replace('_', " ")).on_hover_text(limit.text);
            value_and_limit(ui, look, quantity, value, Some(Ends::of(unit, limit)));
            ui.end_row();
        }
    });
}

/// A value, red where it is beyond its limit, and the limit.
fn value_and_limit(ui: &mut Ui, look: &Look, quantity: Quantity, value: Option<f64>, limit: Option<Ends>) {
    // What has run down is still; nobody reads 1e-54 kg/s.
    let value = value.map(|value| if value.abs() < STILL { 0.0 } else { value });
    let beyond = value.zip(limit.as_ref()).is_some_and(|(value, ends)| {
        ends.low.is_some_and(|low| value < low) || ends.high.is_some_and(|high| value > high)
    });
    let text = value.map_or_else(|| "–".into(), |value| look.value(quantity, value));
    let text = RichText::new(text).monospace();
    ui.label(if beyond { text.color(ui.visuals().error_fg_color) } else { text });
    let Some(ends) = limit else {
        ui.label("");
        return;
    };
    let of =
        |mark: &str, bound: Option<f64>| bound.map(|bound| format!("{mark} {}", look.value(quantity, bound)));
    let shown: Vec<String> = of("≥", ends.low).into_iter().chain(of("≤", ends.high)).collect();
    let shown = RichText::new(shown.join(", ")).size(11.0).color(ui.visuals().weak_text_color());
    ui.label(shown).on_hover_text(ends.text);
}

/// What it means to leave a limit, and its ends in SI.
struct Ends {
    text: &'static str,
    low: Option<f64>,
    high: Option<f64>,
}

impl Ends {
    fn of(unit: &Unit, limit: &Limit) -> Ends {
        let of = |bound: Option<Bound>| {
            bound.map(|bound| crate::limits::value(unit, bound)).filter(|bound| bound.is_finite())
        };
        Ends { text: limit.text, low: of(limit.low), high: of(limit.high) }
    }
}

/// The input that a limit is of.
fn input(unit: &Unit, limit: &Limit) -> Option<Role> {
    unit.kind.declaration().inputs.iter().find(|input| input.name == limit.of).map(|input| input.role)
}

/// Whether a limit is of one of a unit's columns. What an input reads stands in a column of another name.
fn concerns(unit: &Unit, limit: &Limit, column: &str) -> bool {
    match input(unit, limit) {
        Some(Role::Temperature(port)) => column.strip_suffix("_in") == Some(port),
        Some(Role::State(name) | Role::Actuator(name)) => column == name,
        Some(_) => false,
        None => column == limit.of,
    }
}

/// What a limit is of that no column of its unit is: its quantity, and the column of the weather that it reads.
fn outside(unit: &Unit, limit: &Limit) -> (Quantity, Option<&'static str>) {
    match input(unit, limit) {
        Some(Role::Outdoor(Outdoor::DryBulb)) => (Quantity::Temperature, Some("weather.dry_bulb")),
        Some(Role::Outdoor(Outdoor::WetBulb)) => (Quantity::Temperature, Some("weather.wet_bulb")),
        Some(Role::Demand(_) | Role::Received(_)) => (Quantity::Power, None),
        Some(Role::Flow(_) | Role::FlowIn(_) | Role::FlowOut(_)) => (Quantity::MassFlow, None),
        _ => (Quantity::Ratio, None),
    }
}

/// Equations, validity and sources, as the component's own page says.
fn page(ui: &mut Ui, look: &Look, unit: &Unit) {
    egui::CollapsingHeader::new(look.t("equations")).id_salt("page").show(ui, |ui| {
        ui.label(RichText::new(unit.kind.declaration().page).monospace().size(10.5));
    });
}
