//! What can be done with the selected racks, or with a component: move, exchange, cool otherwise, add, take away.

use super::heading;
use crate::bench::Arrange;
use crate::window::{Action, Pick, Window};
use egui::{ComboBox, Ui};
use engine::scenario::catalogue::{Record, Shelf, all};

/// Shows it for what is selected.
pub fn show(ui: &mut Ui, window: &Window, actions: &mut Vec<Action>) {
    match window.view.selected {
        Some(Pick::Rack { .. }) => racks(ui, window, actions),
        Some(Pick::Machine(machine)) => component(ui, window, machine, actions),
        None => {}
    }
}

fn racks(ui: &mut Ui, window: &Window, actions: &mut Vec<Action>) {
    let Some(bench) = &window.bench else { return };
    let look = &window.look;
    let racks = window.racks();
    let count: usize = racks.iter().map(|(_, racks)| racks.len()).sum();
    heading(ui, &look.with("racks-selected", &[("count", &count.to_string())]));
    let scenario = &bench.scenario;
    let template = |group: &str| {
        let path = format!("racks.{group}.template");
        scenario.get(&path).and_then(|node| node.as_text()).map(str::to_owned)
    };
    let own = racks.first().and_then(|(group, _)| template(group)).unwrap_or_default();
    let one = racks.iter().all(|(group, _)| template(group).as_deref() == Some(own.as_str()));
    let mut push = |what: Arrange| actions.push(Action::Arrange(what));
    ui.horizontal(|ui| {
        let label = ui.label(look.t("template")).on_hover_text(look.t("template-hint"));
        let shown = if one { own.clone() } else { "…".to_owned() };
        let list = ComboBox::from_id_salt("template").selected_text(shown).width(150.0).show_ui(ui, |ui| {
            for record in all(Shelf::Racks) {
                let cooling = record.field("cooling").unwrap_or_default();
                let text = format!("{} · {cooling}", record.id);
                let chosen = one && record.id == own;
                let line = ui.selectable_label(chosen, text);
                if line.on_hover_text(record.field("title").unwrap_or_default()).clicked() && !chosen {
                    push(Arrange::Exchange(record.id.to_owned()));
                }
            }
        });
        list.response.labelled_by(label.id);
    });
    let liquid = racks.iter().any(|(group, _)| engine::scenario::edit::arrange::has_liquid(scenario, group));
    let air = racks.iter().any(|(group, _)| !engine::scenario::edit::arrange::has_liquid(scenario, group));
    ui.horizontal_wrapped(|ui| {
        let cold = ui.add_enabled(air, egui::Button::new(look.t("to-cold-plates")));
        if cold.on_hover_text(look.t("to-cold-plates-hint")).clicked() {
            push(Arrange::Cool { liquid: true });
        }
        let to_air = ui.add_enabled(liquid, egui::Button::new(look.t("to-air")));
        if to_air.on_hover_text(look.t("to-air-hint")).clicked() {
            push(Arrange::Cool { liquid: false });
        }
    });
    ui.horizontal_wrapped(|ui| {
        let part = ui.button(look.t("own-group")).on_hover_text(look.t("own-group-hint"));
        if part.clicked() {
            push(Arrange::Part);
        }
        let others = others(window);
        ui.add_enabled_ui(!others.is_empty(), |ui| {
            ui.menu_button(look.t("move-to"), |ui| {
                for group in others {
                    if ui.button(&group).clicked() {
                        push(Arrange::MoveTo(group));
                    }
                }
            })
            .response
            .on_hover_text(look.t("move-to-hint"))
            .on_disabled_hover_text(look.t("move-to-hint"));
        });
    });
    ui.horizontal_wrapped(|ui| {
        if let [(group, _)] = &racks[..] {
            let like = ui.button(look.t("group-like")).on_hover_text(look.t("group-like-hint"));
            if like.clicked() {
                push(Arrange::AddLike(format!("racks.{group}")));
            }
        }
        let remove = ui.button(look.t("remove-racks")).on_hover_text(look.t("remove-racks-hint"));
        if remove.clicked() {
            push(Arrange::RemoveRacks);
        }
    });
}

/// The groups that the selected racks can be moved to: others of the same template.
pub(crate) fn others(window: &Window) -> Vec<String> {
    let Some(bench) = &window.bench else { return Vec::new() };
    let template = |group: &str| {
        let path = format!("racks.{group}.template");
        bench.scenario.get(&path).and_then(|node| node.as_text()).map(str::to_owned)
    };
    let racks = window.racks();
    let own: Vec<Option<String>> = racks.iter().map(|(group, _)| template(group)).collect();
    let mut groups: Vec<String> = bench.shown.floor.rows.iter().map(|rows| rows.hall.clone()).collect();
    groups.dedup();
    groups.retain(|group| {
        let of = template(group);
        !own.is_empty() && own.iter().all(|own| *own == of) && racks.iter().all(|(from, _)| from != group)
    });
    groups
}

/// What a component may be in place of what it is: the path of its product, that product, and the catalogue's for its kind.
pub(crate) fn products(window: &Window, machine: usize) -> Option<(String, String, Vec<&'static Record>)> {
    let (bench, shown) = (window.bench.as_ref()?, window.shown()?);
    let unit = &shown.case.plant.units[shown.floor.machines.get(machine)?.0];
    let path = format!("components.{}", unit.id.split('[').next().unwrap_or(&unit.id));
    bench.scenario.get(&path)?;
    let based = format!("{path}.based_on");
    let own = bench.scenario.get(&based).and_then(|node| node.as_text()).unwrap_or("–").to_owned();
    Some((based, own, crate::compose::products(unit.kind.declaration().name).collect()))
}

fn component(ui: &mut Ui, window: &Window, machine: usize, actions: &mut Vec<Action>) {
    let (Some(bench), Some(shown)) = (&window.bench, window.shown()) else { return };
    let look = &window.look;
    let Some((unit, ..)) = shown.floor.machines.get(machine) else { return };
    let unit = &shown.case.plant.units[*unit];
    let id = unit.id.split('[').next().unwrap_or(&unit.id);
    let path = format!("components.{id}");
    if bench.scenario.get(&path).is_none() {
        return;
    }
    heading(ui, &look.with("component-selected", &[("name", id)]));
    if let Some((based, own, records)) = products(window, machine).filter(|(.., records)| !records.is_empty())
    {
        ui.horizontal(|ui| {
            let label = ui.label(look.t("product")).on_hover_text(look.t("product-hint"));
            let list = ComboBox::from_id_salt("product").selected_text(&own).width(150.0).show_ui(ui, |ui| {
                for record in records {
                    let chosen = record.id == own;
                    let line = ui.selectable_label(chosen, record.id);
                    if line.on_hover_text(record.field("title").unwrap_or_default()).clicked() && !chosen {
                        actions.push(Action::Set { path: based.clone(), text: record.id.to_owned() });
                    }
                }
            });
            list.response.labelled_by(label.id);
        });
    }
    ui.horizontal_wrapped(|ui| {
        let like = ui.button(look.t("another-like")).on_hover_text(look.t("another-like-hint"));
        if like.clicked() {
            actions.push(Action::Arrange(Arrange::AddLike(path.clone())));
        }
        let remove = ui.button(look.t("take-away")).on_hover_text(look.t("take-away-hint"));
        if remove.clicked() {
            actions.push(Action::Arrange(Arrange::TakeAway(path)));
        }
    });
}
