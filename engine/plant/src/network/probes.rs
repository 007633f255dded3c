//! Values for columns, checks and discrete logic, found before the slots are numbered.

use super::compile::{Builder, Volume, bound};
use super::nodes::Handle;
use super::number::actuator_range;
use super::{Probe, Range, SampledLoop, SwitchPoint, WatchedLoop, flows};
use crate::declare::{Effect, Medium, Outdoor, Role, Side, Store};
use crate::plant::{End, Sensor};
use units::Quantity;

/// Columns: states, readings, powers and waters of every unit, temperatures and flows of its passages,
/// positions of its actuators.
pub(super) fn probes(builder: &mut Builder) -> Vec<(Probe, Handle)> {
    let plant = builder.plant;
    let outdoor: [(&str, Quantity, &str, Outdoor); 6] = [
        ("dry_bulb", Quantity::Temperature, "Outdoor dry bulb.", Outdoor::DryBulb),
        ("wet_bulb", Quantity::Temperature, "Outdoor wet bulb.", Outdoor::WetBulb),
        ("humidity_ratio", Quantity::Ratio, "Outdoor humidity ratio, kg/kg.", Outdoor::HumidityRatio),
        ("pressure", Quantity::Pressure, "Barometric pressure.", Outdoor::Pressure),
        ("global", Quantity::Irradiance, "Irradiance on level ground.", Outdoor::Global),
        ("wind_speed", Quantity::Velocity, "Wind speed at the weather station.", Outdoor::WindSpeed),
    ];
    let known = |what: Outdoor| builder.outdoor.iter().any(|(other, _)| *other == what);
    let mut probes: Vec<(Probe, Handle)> = (outdoor.into_iter())
        .filter(|&(.., what)| known(what))
        .map(|(name, quantity, doc, what)| {
            let name = format!("weather.{name}");
            let doc = doc.into();
            let probe = Probe { name, unit: None, quantity, doc, slot: 0, scale: 1.0, total: false };
            (probe, builder.outdoor_node(what))
        })
        .collect();
    let mut add = |name: String, unit: usize, (quantity, total), doc: &str, (node, scale): (Handle, f64)| {
        let (unit, doc) = (Some(unit), doc.into());
        probes.push((Probe { name, unit, quantity, doc, slot: 0, scale, total }, node));
    };
    for (index, unit) in plant.units.iter().enumerate() {
        let declaration = unit.kind.declaration();
        for (k, state) in declaration.states.iter().enumerate() {
            let node = builder.arena.states[builder.unit_states[index] + k].handle;
            let quantity = match state.store {
                Store::Heat(_) => Quantity::Temperature,
                Store::Mass => Quantity::Mass,
                Store::Energy => Quantity::Energy,
                Store::Signal => Quantity::Ratio,
            };
            let name = format!("{}.{}", unit.id, state.name);
            add(name, index, (quantity, false), state.doc, (node, 1.0));
        }
        for (k, output) in declaration.outputs.iter().enumerate() {
            let (quantity, total) = match output.effect {
                Effect::Power(_) | Effect::Rejected | Effect::Reused => (Quantity::Power, true),
                Effect::Fuel => (Quantity::Power, false),
                Effect::Water(_) => (Quantity::MassFlow, true),
                Effect::Reading(quantity) => (quantity, false),
                _ => continue,
            };
            let scale = if total { unit.multiplicity } else { 1.0 };
            let quantity = (quantity, total);
            add(
                format!("{}.{}", unit.id, output.name),
                index,
                quantity,
                output.doc,
                (builder.outputs[index][k], scale),
            );
        }
        for (k, actuator) in declaration.actuators.iter().enumerate() {
            let node = builder.moved[index][k];
            let name = format!("{}.{}", unit.id, actuator.name);
            add(name, index, (Quantity::Ratio, false), actuator.doc, (node, 1.0));
        }
        if let Some(gate) = builder.nodes_of(index, None) {
            if let Some(node) = gate.availability.or(gate.alive) {
                let doc = "How much of it is there: 0 while it stands.";
                add(format!("{}.availability", unit.id), index, (Quantity::Ratio, false), doc, (node, 1.0));
            }
            if let Some(node) =
                gate.store.filter(|_| gate.point.capacity > 0.0 && gate.point.capacity.is_finite())
            {
                let doc = "Energy that its battery has given and not got back, negative, per unit.";
                add(format!("{}.given", unit.id), index, (Quantity::Energy, false), doc, (node, 1.0));
            }
        }
        for (port, declared) in declaration.ports.iter().enumerate() {
            let end = End { unit: index, port };
            if declared.side != Side::Passage || !builder.at_outlet.contains_key(&end) {
                continue;
            }
            let name = |what: &str| format!("{}.{}_{what}", unit.id, declared.name);
            let last = End { unit: last_cell(plant, index), port };
            for (what, volume) in [("in", builder.at_inlet.get(&end)), ("out", builder.at_outlet.get(&last))]
            {
                let node = match volume.map(|&v| builder.volumes[v]) {
                    Some(Volume::Liquid { temperature, .. }) => builder.arena.states[temperature].handle,
                    Some(Volume::Air { dry_bulb, .. }) => dry_bulb,
                    None => continue,
                };
                let doc = format!("Temperature at the {what} end of the passage.");
                add(name(what), index, (Quantity::Temperature, false), &doc, (node, 1.0));
            }
            let flow = builder.flow(end, declared.medium == Medium::Air);
            let doc = "Mass flow through the passage.";
            add(name("flow"), index, (Quantity::MassFlow, true), doc, flow);
            if let Some(solved) = builder.pressures.passages.get(&end).filter(|p| p.power.is_none()) {
                // A component that was cut into cells loses as often as it has cells.
                let cells = cells_of(plant, index) as f64;
                let doc = "Pressure at the inlet less pressure at the outlet of the passage.";
                add(name("pressure_drop"), index, (Quantity::Pressure, false), doc, (solved.drop, cells));
            }
            if let Some(solved) = builder.pressures.passages.get(&end) {
                let doc = "Absolute pressure at the inlet end of the passage, its expansion vessel in front of a pump.";
                add(name("pressure"), index, (Quantity::Pressure, false), doc, (solved.pressure, 1.0));
            }
        }
    }
    probes
}

/// The last of the cells that a component was cut into, where its water leaves; the unit itself where it was not.
fn last_cell(plant: &crate::plant::Plant, unit: usize) -> usize {
    if plant.units[unit].kind.declaration().series.is_none() {
        return unit;
    }
    let cell = |k: usize| format!("{}[{k}]", plant.units[unit].id);
    let found = |k: &usize| plant.units.iter().position(|u| u.id == cell(*k));
    (1..).map_while(|k| found(&k)).last().unwrap_or(unit)
}

/// Number of cells that a component was cut into.
fn cells_of(plant: &crate::plant::Plant, unit: usize) -> usize {
    let last = last_cell(plant, unit);
    if last == unit {
        1
    } else {
        plant.units.iter().filter(|u| is_cell(&u.id, &plant.units[unit].id)).count() + 1
    }
}

/// Whether an id is that of a cell of a component: `pipe[3]`.
fn is_cell(id: &str, of: &str) -> bool {
    id.strip_prefix(of).is_some_and(|rest| rest.starts_with('['))
}

/// Ranges of validity.
pub(super) fn ranges(builder: &Builder) -> Vec<(Range, Handle)> {
    let plant = builder.plant;
    let mut ranges = Vec::new();
    for (index, unit) in plant.units.iter().enumerate() {
        let declaration = unit.kind.declaration();
        let member = &builder.arena.members[builder.unit_members[index]];
        for limit in declaration.limits {
            let input = declaration.inputs.iter().position(|i| i.name == limit.of);
            let output = declaration.outputs.iter().position(|o| o.name == limit.of);
            let state = declaration.states.iter().position(|s| s.name == limit.of);
            let (node, scale) = match (input, output, state) {
                (Some(k), _, _) => member.inputs[k],
                (_, Some(k), _) => (member.first_output + k, 1.0),
                (_, _, Some(k)) => (builder.arena.states[builder.unit_states[index] + k].handle, 1.0),
                _ => continue,
            };
            // An optional passage that is not connected has nothing to check.
            let idle = input.is_some_and(|k| !connected(builder, index, declaration.inputs[k].role));
            if idle {
                continue;
            }
            let at = |b: Option<crate::declare::Bound>, open: f64| b.map_or(open, |b| bound(plant, index, b));
            let range = Range {
                unit: index,
                name: limit.of,
                slot: 0,
                scale,
                low: at(limit.low, f64::NEG_INFINITY),
                high: at(limit.high, f64::INFINITY),
                text: limit.text,
                standing: false,
            };
            ranges.push((range, node));
        }
    }
    ranges.extend(solved_ranges(builder));
    ranges
}

/// Where streams of solved circuits turn round, where their liquid boils, and where valves are short of pressure.
fn solved_ranges(builder: &Builder) -> Vec<(Range, Handle)> {
    let mut ranges = Vec::new();
    for (end, solved) in &builder.pressures.passages {
        let range = Range {
            unit: end.unit,
            name: "flow",
            slot: 0,
            scale: solved.flow.1,
            low: -1e-3 * solved.design,
            high: f64::INFINITY,
            text: "the flow is reversed",
            standing: true,
        };
        ranges.push((range, solved.flow.0));
        if let Some(margin) = solved.margin {
            let range = Range {
                unit: end.unit,
                name: "pressure",
                slot: 0,
                scale: 1.0,
                low: 0.0,
                high: f64::INFINITY,
                text: super::boiling::TEXT,
                standing: true,
            };
            ranges.push((range, margin));
        }
        if let Some(excess) = solved.excess {
            let range = Range {
                unit: end.unit,
                name: "valve",
                slot: 0,
                scale: 1.0,
                low: -0.01,
                high: f64::INFINITY,
                text: "the pressure does not suffice for the flow that the valve is set to",
                standing: false,
            };
            ranges.push((range, excess));
        }
    }
    ranges
}

fn connected(builder: &Builder, unit: usize, role: Role) -> bool {
    let port = match role {
        Role::Temperature(p) | Role::Flow(p) | Role::FlowIn(p) | Role::FlowOut(p) => p,
        Role::Enthalpy(p) | Role::Humidity(p) | Role::Pressure(p) | Role::PressureRise(p) => p,
        _ => return true,
    };
    let ports = builder.plant.units[unit].kind.declaration().ports;
    let port = ports.iter().position(|p| p.name == port).unwrap_or(0);
    builder.at_inlet.contains_key(&End { unit, port })
}

/// Two-position controls: (switch, held node, measured node).
pub(super) fn switches(builder: &mut Builder) -> Vec<(SwitchPoint, Handle, Handle)> {
    let plant = builder.plant;
    let mut points = Vec::new();
    for (index, unit) in plant.units.iter().enumerate() {
        for (k, switch) in unit.kind.declaration().switches.iter().enumerate() {
            let Some(sensor) = named_sensor(plant, index, switch.sensor) else { continue };
            let (node, scale) = builder.sensor(&sensor);
            let point = SwitchPoint {
                unit: index,
                name: switch.name,
                slot: 0,
                sensor: 0,
                scale,
                on_above: bound(plant, index, switch.on_above),
                off_below: bound(plant, index, switch.off_below),
                hold: switch.hold,
                note: switch.note,
            };
            points.push((point, builder.switches[index][k], node));
        }
    }
    points
}

/// The sensor that a declaration names: `<port>_in`, `<port>_out`, `<port>_flow`, a state, an output or
/// `weather.dry_bulb`.
pub fn named_sensor(plant: &crate::plant::Plant, unit: usize, name: &str) -> Option<Sensor> {
    let declaration = plant.units[unit].kind.declaration();
    match name {
        "weather.dry_bulb" => return Some(Sensor::DryBulb),
        "weather.wet_bulb" => return Some(Sensor::WetBulb),
        _ => {}
    }
    for (port, declared) in declaration.ports.iter().enumerate() {
        let end = End { unit, port };
        match name.strip_prefix(declared.name) {
            Some("_in") => return Some(Sensor::TemperatureIn(end)),
            Some("_out") => return Some(Sensor::TemperatureOut(end)),
            Some("_flow") => return Some(Sensor::Flow(end)),
            Some("_pressure_drop") => return Some(Sensor::PressureDrop(end)),
            _ => {}
        }
    }
    if let Some(k) = declaration.states.iter().position(|s| s.name == name) {
        return Some(Sensor::State(unit, k));
    }
    declaration.outputs.iter().position(|o| o.name == name).map(|k| Sensor::Output(unit, k))
}

/// Sampled controllers: (loop, held command, measured node).
pub(super) fn sampled(builder: &mut Builder) -> Vec<(SampledLoop, Handle, Handle)> {
    if !builder.options.sampled {
        return Vec::new();
    }
    let plant = builder.plant;
    let mut points = Vec::new();
    for (index, control) in plant.loops.iter().enumerate() {
        let (sensor, scale) = builder.measured(index);
        let node = builder.commands[index];
        let actuator = &plant.units[control.unit].kind.declaration().actuators[control.actuator];
        let point = SampledLoop {
            index,
            slot: 0,
            sensor: 0,
            scale,
            range: actuator_range(builder, control.unit, control.actuator),
            rest: bound(plant, control.unit, actuator.rest),
        };
        points.push((point, node, sensor));
    }
    points
}

/// Control loops to be watched: (loop, measured node, position).
pub(super) fn watched(builder: &mut Builder) -> Vec<(WatchedLoop, Handle, Handle)> {
    let plant = builder.plant;
    let mut points = Vec::new();
    for (index, control) in plant.loops.iter().enumerate() {
        let (sensor, scale) = builder.measured(index);
        let position = builder.positions[control.unit][control.actuator];
        let (_, high) = actuator_range(builder, control.unit, control.actuator);
        points.push((WatchedLoop { index, sensor: 0, scale, position: 0, high }, sensor, position));
    }
    points
}

/// Every distinct flow, to be checked for reversal.
pub(super) fn flows(builder: &mut Builder) -> Vec<(Handle, String)> {
    let mut found: Vec<(Handle, String)> = Vec::new();
    for end in flows::passages(builder.plant) {
        if builder.pressures.passages.contains_key(&end) {
            continue; // they may turn round
        }
        for outlet in [false, true] {
            let (node, _) = builder.flow(end, outlet);
            if !found.iter().any(|(n, _)| *n == node) {
                found.push((node, flows::list(builder.plant, &[end])));
            }
        }
    }
    found
}
