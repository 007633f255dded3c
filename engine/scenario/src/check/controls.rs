//! Control loops: those that components are delivered with, those of the site, and pinned actuators.

use super::Checker;
use super::wiring::Wiring;
use crate::case::RunOptions;
use crate::node::{At, Entry, Node};
use crate::problem::{Raised, code};
use crate::read::nearest::hint;
use crate::read::value;
use crate::workload::{HeatTrace, Pattern, Workload};
use plant::declare::{Action, Bound, Effect, Medium, Regulator, Role, Side, Store};
use plant::plant::{End, Loop, Pin, Sensor, Signal};
use std::sync::Arc;
use units::Quantity;

/// Where a control stands: in the site, or in the template of a rack group.
struct Scope<'e> {
    /// Its id among all loops.
    id: String,
    /// What stands before the ids that it names.
    prefix: String,
    entry: &'e Entry,
}

impl Checker<'_> {
    /// Delivered loops, then those of the site in their place.
    pub(super) fn loops(&mut self, wiring: &Wiring) {
        for unit in 0..self.units.len() {
            for regulator in self.units[unit].kind.declaration().regulators {
                if let Some(of) = self.delivered(wiring, unit, regulator) {
                    self.loops.push(of);
                }
            }
        }
        for (group, entry) in std::mem::take(&mut self.controls) {
            let scope = Scope {
                id: format!("{group}.{}", entry.key.text),
                prefix: format!("{group}."),
                entry: &entry,
            };
            let path = format!("racks.{group}.template.controls.{}", entry.key.text);
            self.control(wiring, &scope, &path, &mut Vec::new());
        }
        let map = self.root().get("controls");
        let mut moved = Vec::new();
        for entry in map.map_or(&[][..], Node::entries) {
            let scope = Scope { id: entry.key.text.clone(), prefix: String::new(), entry };
            self.control(wiring, &scope, &format!("controls.{}", entry.key.text), &mut moved);
        }
    }

    /// One control, in place of what moved its actuator before.
    fn control(
        &mut self,
        wiring: &Wiring,
        scope: &Scope,
        path: &str,
        moved: &mut Vec<(usize, usize, String)>,
    ) {
        let node = &scope.entry.value;
        let Some(by) = node.get("by") else { return };
        let Some((unit, actuator)) = self.actuator(by, scope, &format!("{path}.by")) else { return };
        if let Some((_, _, other)) = moved.iter().find(|(u, a, _)| (*u, *a) == (unit, actuator)) {
            let message = format!("{other} moves the same actuator");
            return self.error(code::CONTROL, format!("{path}.by"), by.at, message);
        }
        moved.push((unit, actuator, scope.id.clone()));
        self.pins.retain(|pin| (pin.unit, pin.actuator) != (unit, actuator));
        let replaced = self.loops.iter().position(|l| (l.unit, l.actuator) == (unit, actuator));
        let replaced = replaced.map(|k| self.loops.remove(k));
        match node.name() {
            Some("Hold") => self.hold(wiring, scope, path, (unit, actuator), replaced),
            Some("Fix") => self.fix(scope.entry, path, (unit, actuator)),
            _ => {}
        }
    }

    /// A loop that a component is delivered with; none where its sensor is not connected.
    fn delivered(&mut self, wiring: &Wiring, unit: usize, regulator: &Regulator) -> Option<Loop> {
        let draft = &self.units[unit];
        let declaration = draft.kind.declaration();
        let actuator = declaration.actuators.iter().position(|a| a.name == regulator.actuator)?;
        let (sensor, _) = sensor(draft.kind.declaration(), unit, regulator.sensor)?;
        let parameter = declaration.parameters.iter().position(|f| f.name == regulator.setpoint)?;
        let id = format!("{}.{}", draft.id, regulator.actuator);
        if let Sensor::TemperatureIn(end) | Sensor::TemperatureOut(end) | Sensor::Flow(end) = sensor
            && !is_joined(wiring, end)
        {
            self.inferred
                .push(format!("the loop {id} is left out: its sensor {} is not connected", regulator.sensor));
            return None;
        }
        Some(Loop {
            id,
            unit,
            actuator,
            sensor,
            setpoint: draft.values.as_ref().map_or(0.0, |values| values[parameter]),
            raises: regulator.action == Action::Raises,
            band: regulator.band,
            integral_time: regulator.integral_time,
            period: regulator.period,
        })
    }

    fn hold(
        &mut self,
        wiring: &Wiring,
        scope: &Scope,
        path: &str,
        (unit, actuator): (usize, usize),
        replaced: Option<Loop>,
    ) {
        let entry = scope.entry;
        let node = &entry.value;
        let Some(named) = node.get("sensor") else { return };
        let Some((sensor, quantity)) = self.sensor(wiring, named, scope, &format!("{path}.sensor")) else {
            return;
        };
        let setpoint = self.quantity(node.get("at"), quantity, &format!("{path}.at"));
        let same = replaced.as_ref().filter(|l| self.kind_of(&l.sensor) == Some(quantity));
        let spread =
            if quantity == Quantity::Temperature { Quantity::TemperatureDifference } else { quantity };
        let band = match (node.get("band"), same.map(|l| l.band)) {
            (Some(band), _) => self.quantity(Some(band), spread, &format!("{path}.band")),
            (None, Some(band)) => Some(band),
            (None, None) => {
                let message = "band is missing: the error that moves the actuator over its whole stroke";
                let help = format!("write for example band: \"{}\"", spread.example());
                self.add(
                    Raised::error(code::MISSING_FIELD, format!("{path}.band"), entry.key.at, message)
                        .help(help),
                );
                None
            }
        };
        if let Some(band) = band.filter(|band| *band <= 0.0) {
            let message = format!("band is {band}, but a positive one is needed");
            self.error(
                code::OUT_OF_BOUNDS,
                format!("{path}.band"),
                node.get("band").map_or(node.at, |n| n.at),
                message,
            );
        }
        let declaration = self.units[unit].kind.declaration();
        let name = declaration.actuators[actuator].name;
        let own = declaration.regulators.iter().find(|r| r.actuator == name);
        let raises = match (node.get("action").and_then(Node::name), own) {
            (Some(action), _) => Some(action == "Raises"),
            (None, Some(own)) => Some(own.action == Action::Raises),
            (None, None) => {
                let message = format!(
                    "action is missing: {name} has no loop of its own that says what opening it does"
                );
                let help = "write action: Raises, or action: Lowers";
                self.add(
                    Raised::error(code::MISSING_FIELD, format!("{path}.action"), entry.key.at, message)
                        .help(help),
                );
                None
            }
        };
        let written = node.get("integral_time").and_then(|n| value::quantity(n, Quantity::Duration).ok());
        let (Some(setpoint), Some(band), Some(raises)) = (setpoint, band, raises) else { return };
        let delivered = replaced.as_ref();
        self.loops.push(Loop {
            id: scope.id.clone(),
            unit,
            actuator,
            sensor,
            setpoint,
            raises,
            band,
            integral_time: written.or(delivered.map(|l| l.integral_time)).unwrap_or(180.0),
            period: delivered.map(|l| l.period).or(own.map(|r| r.period)).unwrap_or(5.0),
        });
    }

    fn fix(&mut self, entry: &Entry, path: &str, (unit, actuator): (usize, usize)) {
        let Some(node) = entry.value.get("at") else { return };
        let Ok(position) = value::quantity(node, Quantity::Ratio) else { return };
        let draft = &self.units[unit];
        let of = &draft.kind.declaration().actuators[actuator];
        let bound = |bound: Bound| match bound {
            Bound::Value(value) => Some(value),
            Bound::Parameter(name) => {
                let fields = draft.kind.declaration().parameters;
                let k = fields.iter().position(|f| f.name == name)?;
                draft.values.as_ref().map(|values| values[k])
            }
        };
        if let (Some(low), Some(high)) = (bound(of.low), bound(of.high))
            && !(low..=high).contains(&position)
        {
            let message = format!("is {position}, but {} goes from {low} to {high}", of.name);
            return self.error(code::OUT_OF_BOUNDS, format!("{path}.at"), node.at, message);
        }
        self.pins.push(Pin { unit, actuator, position });
    }

    /// A quantity whose kind is known only here.
    fn quantity(&mut self, node: Option<&Node>, quantity: Quantity, path: &str) -> Option<f64> {
        match value::quantity(node?, quantity) {
            Ok(si) => Some(si),
            Err(message) => {
                self.error(code::QUANTITY, path, node?.at, message);
                None
            }
        }
    }

    /// The unit that the first part of a path names, and the rest of the path.
    fn named_unit(&mut self, node: &Node, scope: &Scope, path: &str) -> Option<(usize, String)> {
        let text = format!("{}{}", scope.prefix, node.as_text()?.trim());
        let (id, name) = text.rsplit_once('.').unwrap_or((&text, ""));
        if let Some(unit) = self.units.iter().position(|draft| draft.id == id) {
            return Some((unit, name.to_owned()));
        }
        // A component of an unknown kind has been reported.
        let is_written = self.root().get("components").is_some_and(|map| map.get(id).is_some());
        if !is_written {
            let ids: Vec<&str> = self.units.iter().map(|draft| draft.id.as_str()).collect();
            let message = format!("there is no {id}: a sensor or actuator is written as component.name");
            let raised = Raised::error(code::UNKNOWN_ID, path, node.at, message).maybe_help(hint(id, &ids));
            self.add(raised);
        }
        None
    }

    fn actuator(&mut self, node: &Node, scope: &Scope, path: &str) -> Option<(usize, usize)> {
        let (unit, name) = self.named_unit(node, scope, path)?;
        let actuators = self.units[unit].kind.declaration().actuators;
        let found = actuators.iter().position(|a| a.name == name);
        if found.is_none() {
            let names: Vec<&str> = actuators.iter().map(|a| a.name).collect();
            let message = format!("{} has no actuator {name}", self.units[unit].id);
            let help = hint(&name, &names).or(Some("it has none".to_owned()));
            self.add(Raised::error(code::UNKNOWN_PORT, path, node.at, message).maybe_help(help));
        }
        Some((unit, found?))
    }

    fn sensor(
        &mut self,
        wiring: &Wiring,
        node: &Node,
        scope: &Scope,
        path: &str,
    ) -> Option<(Sensor, Quantity)> {
        match node.as_text()?.trim() {
            "weather.dry_bulb" => return Some((Sensor::DryBulb, Quantity::Temperature)),
            "weather.wet_bulb" => return Some((Sensor::WetBulb, Quantity::Temperature)),
            _ => {}
        }
        if scope.prefix.is_empty()
            && let Some(found) = sensor_of_group(wiring, node.as_text()?)
        {
            return Some(found);
        }
        let (unit, name) = self.named_unit(node, scope, path)?;
        let declaration = self.units[unit].kind.declaration();
        let found = sensor(declaration, unit, &name);
        if found.is_none() {
            let mut names: Vec<String> = Vec::new();
            for port in declaration.ports.iter().filter(|p| p.side == Side::Passage) {
                names
                    .extend(["in", "out", "flow", "pressure_drop"].map(|end| format!("{}_{end}", port.name)));
            }
            names.extend(declaration.states.iter().map(|s| s.name.to_owned()));
            names.extend(declaration.outputs.iter().map(|o| o.name.to_owned()));
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let message = format!("{} has no sensor {name}", self.units[unit].id);
            self.add(
                Raised::error(code::UNKNOWN_PORT, path, node.at, message).maybe_help(hint(&name, &names)),
            );
        }
        if let Some((Sensor::PressureDrop(end), _)) = found
            && !self.has_pressure(end, &name, path, node.at)
        {
            return None;
        }
        found
    }

    fn kind_of(&self, sensor: &Sensor) -> Option<Quantity> {
        Some(match sensor {
            Sensor::TemperatureIn(_) | Sensor::TemperatureOut(_) | Sensor::DryBulb | Sensor::WetBulb => {
                Quantity::Temperature
            }
            Sensor::Flow(_) => Quantity::MassFlow,
            Sensor::PressureDrop(_) => Quantity::Pressure,
            Sensor::State(unit, k) => of_store(self.units[*unit].kind.declaration().states.get(*k)?.store),
            Sensor::Output(unit, k) => {
                of_effect(self.units[*unit].kind.declaration().outputs.get(*k)?.effect)
            }
        })
    }

    /// Workload signals: those of its group for a unit of a rack, full load elsewhere.
    /// Gives the record of heat whose wet bulb replaces the weather's, if one is followed.
    pub(super) fn signals(&mut self, run: Option<&RunOptions>) -> Option<Arc<HeatTrace>> {
        let mut full: Option<usize> = None;
        let start = run.map_or(0.0, |run| run.start_s);
        let heat = std::mem::take(&mut self.heat);
        for (unit, trace, column) in &heat {
            let pattern = Pattern::Heat { trace: trace.clone(), column: *column, start };
            self.workloads.push(Workload::new(pattern));
            let series = self.workloads.len() - 1;
            self.signals.push(Signal { unit: *unit, name: "heat".to_owned(), series });
        }
        let recorded = heat.first().map(|(_, trace, _)| trace.clone());
        if let (Some(trace), Some(run)) = (&recorded, run)
            && run.length_s > trace.length() + 1e-6
        {
            let message = format!(
                "the trace covers {:.2} h, the run is {:.2} h long",
                trace.length() / 3600.0,
                run.length_s / 3600.0
            );
            let help = "shorten run.period, or give a longer trace";
            self.add(Raised::error(code::PERIOD, "run.period", At::NOWHERE, message).help(help));
        }
        for unit in 0..self.units.len() {
            let draft = &self.units[unit];
            let (group, id, path) = (draft.group, draft.id.clone(), draft.path.clone());
            let kind = draft.kind.declaration();
            for input in kind.inputs {
                let Role::Signal(name) = input.role else { continue };
                if name == "heat" && group.is_none() {
                    continue; // given by a trace above; without one the trace is what is missing
                }
                if name != "utilisation" {
                    let message = format!("{id} reads the signal {name}, which no workload of a site gives");
                    let help = format!("{} follows a record and stands outside of racks", kind.name);
                    self.add(
                        Raised::error(code::UNKNOWN_PORT, path.clone(), At::NOWHERE, message).help(help),
                    );
                    continue;
                }
                let series = match (group, full) {
                    (Some(group), _) => group,
                    (None, Some(series)) => series,
                    (None, None) => {
                        self.inferred.push(format!("{id} is outside of a rack group: it works at full load"));
                        self.workloads.push(Workload::new(Pattern::Constant { utilisation: 1.0 }));
                        *full.insert(self.workloads.len() - 1)
                    }
                };
                self.signals.push(Signal { unit, name: name.to_owned(), series });
            }
        }
        recorded
    }
}

fn is_joined(wiring: &Wiring, end: End) -> bool {
    wiring.joints.iter().any(|joint| joint.from.contains(&end) || joint.to.contains(&end))
}

/// A sensor of a component: a state, an output, or an end or the flow of a passage.
fn sensor(declaration: &plant::declare::Declaration, unit: usize, name: &str) -> Option<(Sensor, Quantity)> {
    if let Some(k) = declaration.states.iter().position(|s| s.name == name) {
        return Some((Sensor::State(unit, k), of_store(declaration.states[k].store)));
    }
    if let Some(k) = declaration.outputs.iter().position(|o| o.name == name) {
        return Some((Sensor::Output(unit, k), of_effect(declaration.outputs[k].effect)));
    }
    let passage = |stem: &str| {
        let port = declaration.ports.iter().position(|p| p.name == stem && p.side == Side::Passage)?;
        Some(End { unit, port })
    };
    if let Some(end) = name.strip_suffix("_out").and_then(passage) {
        return Some((Sensor::TemperatureOut(end), Quantity::Temperature));
    }
    if let Some(end) = name.strip_suffix("_in").and_then(passage) {
        return Some((Sensor::TemperatureIn(end), Quantity::Temperature));
    }
    if let Some(end) = name.strip_suffix("_pressure_drop").and_then(passage) {
        return Some((Sensor::PressureDrop(end), Quantity::Pressure));
    }
    let end = name.strip_suffix("_flow").and_then(passage)?;
    Some((Sensor::Flow(end), Quantity::MassFlow))
}

/// `pod.liquid_out`: an end of a rack group, whose ends meet in one volume.
fn sensor_of_group(wiring: &Wiring, text: &str) -> Option<(Sensor, Quantity)> {
    let (id, name) = text.trim().split_once('.')?;
    let group = &wiring.things[wiring.thing(id)?];
    if group.unit.is_some() {
        return None;
    }
    let terminal = |stem: &str| {
        let terminal = &group.terminals[group.terminal(stem)?];
        matches!(terminal.medium, Medium::Liquid | Medium::Air).then_some(terminal)
    };
    if let Some(terminal) = name.strip_suffix("_out").and_then(terminal) {
        return Some((
            Sensor::TemperatureOut(terminal.outs.iter().flatten().next().copied()?),
            Quantity::Temperature,
        ));
    }
    let terminal = name.strip_suffix("_in").and_then(terminal)?;
    Some((Sensor::TemperatureIn(terminal.ins.first().copied()?), Quantity::Temperature))
}

fn of_store(store: Store) -> Quantity {
    match store {
        Store::Heat(_) => Quantity::Temperature,
        Store::Mass => Quantity::Mass,
        Store::Energy => Quantity::Energy,
        Store::Signal => Quantity::Ratio,
    }
}

fn of_effect(effect: Effect) -> Quantity {
    match effect {
        Effect::Reading(quantity) => quantity,
        Effect::Moisture(_) | Effect::Water(_) => Quantity::MassFlow,
        _ => Quantity::Power,
    }
}
