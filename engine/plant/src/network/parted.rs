//! A network as a core with classes of equal racks hanging on it.
//!
//! An evaluation goes: [`Network::lead`] of the core, then every tile of every class with what it imports
//! ([`Network::read_imports`]), then [`Network::rates_after_lead`] or
//! [`Network::linearize_after_lead`] with the sums of what all racks contribute.

use super::classes::RackClass;
use super::compile::Builder;
use super::nodes::{Handle, Term};
use super::number::Lists;
use super::partition::{Partition, Place};
use super::{Network, Probe, SampledLoop, SwitchPoint, WatchedLoop};
use std::collections::BTreeMap;
use units::Quantity;

/// A core and its classes.
#[derive(Debug)]
pub struct PartedNetwork {
    /// Everything that is not inside a rack, and the meters of all.
    pub core: Network,
    /// One class for each group of racks; none where equal racks are carried once.
    pub classes: Vec<RackClass>,
}

impl Network {
    /// A state of another network of the same plant dealt out to this one, by the names of its states; what it does
    /// not have starts where the plant says.
    pub fn deal(&self, names: &[String], y: &[f64]) -> Vec<f64> {
        let known: BTreeMap<&str, f64> = names.iter().map(String::as_str).zip(y.iter().copied()).collect();
        let states = self.names().iter().zip(self.initial());
        states.map(|(name, &initial)| known.get(name.as_str()).copied().unwrap_or(initial)).collect()
    }
}

impl Network {
    /// Whether a slot is known after [`Network::lead`], before the racks are.
    pub fn leads(&self, slot: u32) -> bool {
        let first = self.contributions.iter().flatten().min().copied().unwrap_or(self.rows as u32);
        slot < first || slot as usize >= self.rows
    }

    /// Values of the imports of a class after [`Network::lead`] of its core, and their slopes in time, 0 for rows.
    pub fn read_imports(&self, imports: &[u32], values: &mut [f64], slopes: &mut [f64]) {
        let given = values.iter_mut().zip(slopes);
        for (&slot, (value, slope)) in imports.iter().zip(given) {
            *value = self.values()[slot as usize];
            *slope = self.slope(slot);
        }
    }
}

impl RackClass {
    /// As [`Network::deal`], from the lumped network to the state of one rack, the same for all.
    pub fn deal(&self, names: &[String], y: &[f64]) -> Vec<f64> {
        let known: BTreeMap<&str, f64> = names.iter().map(String::as_str).zip(y.iter().copied()).collect();
        let states = self.state_list().iter();
        states.map(|state| known.get(state.lumped.as_str()).copied().unwrap_or(state.initial)).collect()
    }
}

/// A value of a part, taken over all its copies.
pub(super) struct PartProbe {
    pub probe: Probe,
    pub terms: Vec<Term>,
}

/// A watched value before numbering.
pub(super) struct Watched {
    pub unit: usize,
    pub name: String,
    pub quantity: Quantity,
    pub at: Term,
}

/// What belongs to one class.
#[derive(Default)]
pub(super) struct ClassLists {
    pub probes: Vec<PartProbe>,
    pub temperatures: Vec<Watched>,
    pub ranges: Vec<(Watched, super::Range)>,
    /// Switch, held node, what it measures.
    pub switches: Vec<(SwitchPoint, Handle, Term)>,
    pub sampled: Vec<(SampledLoop, Handle, Term)>,
    pub watched: Vec<(WatchedLoop, Handle, Term)>,
    /// Node, a unit that it flows through, names of the passages.
    pub flows: Vec<(Handle, usize, String)>,
}

/// What of the lists stays with the core, and what each class takes over.
///
/// What stays with the core but is measured inside is measured as the mean over racks.
pub(super) fn divide(
    builder: &mut Builder,
    partition: &mut Partition,
    lists: Lists,
) -> (Lists, Vec<ClassLists>) {
    let plant = builder.plant;
    let mut classes: Vec<ClassLists> = Vec::new();
    classes.resize_with(partition.classes.len(), ClassLists::default);
    let class_of = |partition: &Partition, unit: usize| {
        let group = plant.units[unit].group?;
        partition.classes.iter().position(|class| class.group == group)
    };
    // The class of a value that its own unit is asked for.
    let inside = |partition: &Partition, unit: usize, node: Handle| match partition.nodes[node] {
        Place::Class(class) if class_of(partition, unit) == Some(class) => Some(class),
        _ => None,
    };

    let mut ranges = Vec::new();
    for (range, node) in lists.ranges {
        if let Some(class) = inside(partition, range.unit, node) {
            let declaration = plant.units[range.unit].kind.declaration();
            let quantity = quantity_of(declaration, range.name);
            let at = (node, range.scale);
            let watched = Watched { unit: range.unit, name: range.name.into(), quantity, at };
            classes[class].ranges.push((watched, range));
        } else if builder.copies.part(range.unit) == range.unit {
            let (node, scale) = partition.settle(builder, (node, range.scale));
            ranges.push((super::Range { scale, ..range }, node));
        }
    }
    let mut switches = Vec::new();
    for (point, at, sensor) in lists.switches {
        match partition.nodes[at] {
            Place::Class(class) => classes[class].switches.push((point.clone(), at, (sensor, point.scale))),
            _ => {
                let (sensor, scale) = partition.settle(builder, (sensor, point.scale));
                switches.push((SwitchPoint { scale, ..point }, at, sensor));
            }
        }
    }
    let mut sampled = Vec::new();
    for (point, at, sensor) in lists.sampled {
        match partition.nodes[at] {
            Place::Class(class) => classes[class].sampled.push((point.clone(), at, (sensor, point.scale))),
            _ => {
                let (sensor, scale) = partition.settle(builder, (sensor, point.scale));
                sampled.push((SampledLoop { scale, ..point }, at, sensor));
            }
        }
    }
    let mut watched = Vec::new();
    for (point, sensor, position) in lists.watched {
        match partition.nodes[position] {
            Place::Class(class) => {
                classes[class].watched.push((point.clone(), position, (sensor, point.scale)));
            }
            _ => {
                let (sensor, scale) = partition.settle(builder, (sensor, point.scale));
                watched.push((WatchedLoop { scale, ..point }, sensor, position));
            }
        }
    }
    let mut flows = Vec::new();
    for (node, name) in lists.flows {
        match partition.nodes[node] {
            Place::Class(class) => {
                let unit = plant.units.iter().position(|unit| name.starts_with(&format!("{}.", unit.id)));
                classes[class].flows.push((node, unit.unwrap_or(0), name));
            }
            _ => flows.push((node, name)),
        }
    }
    let mut probes = Vec::new();
    for index in 0..lists.probes.len() {
        let (probe, node) = &lists.probes[index];
        let unit = probe.unit.unwrap_or(usize::MAX);
        let class = probe.unit.and_then(|unit| inside(partition, unit, *node));
        if let (Some(class), Quantity::Temperature) = (class, probe.quantity) {
            let name = probe.name.strip_prefix(&plant.units[unit].id).unwrap_or(&probe.name);
            let name = name.trim_start_matches('.').to_owned();
            let watched = Watched { unit, name, quantity: probe.quantity, at: (*node, probe.scale) };
            classes[class].temperatures.push(watched);
        }
        if probe.unit.is_some_and(|unit| builder.copies.part(unit) != unit) {
            continue; // its part speaks for it
        }
        let copies = probe.unit.map_or(1, |unit| builder.copies.of(unit).len());
        match class {
            Some(class) => {
                let terms = part_terms(builder, &lists.probes, index);
                classes[class].probes.push(PartProbe { probe: probe.clone(), terms });
            }
            None => {
                let scale = if probe.total { probe.scale * copies as f64 } else { probe.scale };
                let (node, scale) = partition.settle(builder, (*node, scale));
                probes.push((Probe { scale, ..probe.clone() }, node));
            }
        }
    }
    (Lists { probes, ranges, switches, sampled, watched, flows }, classes)
}

/// The terms of a probe over all copies of its part: the sum of what counts together, else the mean.
fn part_terms(builder: &Builder, probes: &[(Probe, Handle)], index: usize) -> Vec<Term> {
    let (probe, node) = &probes[index];
    let Some(part) = probe.unit else { return vec![(*node, probe.scale)] };
    let copies = builder.copies.of(part);
    // The copies have the same probes in the same order.
    let of_unit = |unit: usize| probes.iter().position(|(p, _)| p.unit == Some(unit)).unwrap_or(0);
    let offset = index - of_unit(part);
    let share = if probe.total { 1.0 } else { 1.0 / copies.len() as f64 };
    copies
        .iter()
        .map(|&unit| {
            let (probe, node) = &probes[of_unit(unit) + offset];
            (*node, probe.scale * share)
        })
        .collect()
}

/// What a component's input, output or state is.
fn quantity_of(declaration: &crate::declare::Declaration, name: &str) -> Quantity {
    use crate::declare::{Effect, Role, Store};
    if let Some(input) = declaration.inputs.iter().find(|input| input.name == name) {
        return match input.role {
            Role::Temperature(_) => Quantity::Temperature,
            Role::Flow(_) | Role::FlowIn(_) | Role::FlowOut(_) => Quantity::MassFlow,
            Role::Pressure(_) => Quantity::Pressure,
            Role::Demand(_) | Role::Received(_) => Quantity::Power,
            Role::State(state) => quantity_of_state(declaration, state),
            _ => Quantity::Ratio,
        };
    }
    if let Some(output) = declaration.outputs.iter().find(|output| output.name == name) {
        return match output.effect {
            Effect::Reading(quantity) => quantity,
            Effect::Water(_) | Effect::Moisture(_) => Quantity::MassFlow,
            Effect::Store(state) => {
                match declaration.states.iter().find(|s| s.name == state).map(|s| s.store) {
                    Some(Store::Mass) => Quantity::MassFlow,
                    Some(Store::Signal) => Quantity::Ratio,
                    _ => Quantity::Power,
                }
            }
            _ => Quantity::Power,
        };
    }
    quantity_of_state(declaration, name)
}

fn quantity_of_state(declaration: &crate::declare::Declaration, name: &str) -> Quantity {
    use crate::declare::Store;
    match declaration.states.iter().find(|state| state.name == name).map(|state| state.store) {
        Some(Store::Heat(_)) => Quantity::Temperature,
        Some(Store::Mass) => Quantity::Mass,
        Some(Store::Energy) => Quantity::Energy,
        _ => Quantity::Ratio,
    }
}
