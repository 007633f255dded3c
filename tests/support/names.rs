//! Whether the names and ranges of a declaration hold together.

use engine::plant::declare::{
    Actuator, Bound, Declaration, Effect, Field, Flow, Form, Head, Medium, Role, Side, Store,
};
use engine::units::Quantity;

/// SI values of a pair of bounds; a problem where they are not what they should be.
fn range(field: &Field, quantity: Quantity, pair: (&str, &str)) -> Result<(f64, f64), String> {
    let read = |text: &str| quantity.parse(text).map_err(|error| format!("{}: {error}", field.name));
    let (low, high) = (read(pair.0)?, read(pair.1)?);
    if low < high {
        Ok((low, high))
    } else {
        Err(format!("{}: {} is not below {}", field.name, pair.0, pair.1))
    }
}

/// Whether bounds, usual range and default of a parameter fit its quantity.
pub fn parameter(field: &Field) -> Result<(), String> {
    let default = field.default;
    match field.form {
        Form::Quantity { quantity, bounds, usual } => {
            let (low, high) = range(field, quantity, bounds)?;
            if let Some(usual) = usual {
                let (from, to) = range(field, quantity, usual)?;
                if from < low || to > high {
                    return Err(format!("{}: the usual range leaves the bounds", field.name));
                }
            }
            let Some(text) = default else { return Ok(()) };
            let value = quantity.parse(text).map_err(|error| format!("{}: {error}", field.name))?;
            if (low..=high).contains(&value) {
                return Ok(());
            }
            Err(format!("{}: the default {text} lies outside {}…{}", field.name, bounds.0, bounds.1))
        }
        Form::Count { bounds } => {
            let value: Option<u32> = default.and_then(|text| text.parse().ok());
            let inside = value.is_some_and(|value| (bounds.0..=bounds.1).contains(&value));
            if inside {
                Ok(())
            } else {
                Err(format!("{}: the default is no count in {bounds:?}", field.name))
            }
        }
        Form::Choice(names) => {
            let known = default.is_some_and(|text| names.contains(&text));
            if known { Ok(()) } else { Err(format!("{}: the default is none of {names:?}", field.name)) }
        }
        Form::Derived(_) => Ok(()),
    }
}

/// The quantity a regulator or switch measures by that name.
fn measured(of: &Declaration, name: &str) -> Option<Quantity> {
    if ["weather.dry_bulb", "weather.wet_bulb"].contains(&name) {
        return Some(Quantity::Temperature);
    }
    for port in of.ports.iter().filter(|port| port.side == Side::Passage) {
        match name.strip_prefix(port.name) {
            Some("_in" | "_out") => return Some(Quantity::Temperature),
            Some("_flow") => return Some(Quantity::MassFlow),
            _ => {}
        }
    }
    if let Some(state) = of.states.iter().find(|state| state.name == name) {
        return Some(match state.store {
            Store::Heat(_) => Quantity::Temperature,
            Store::Mass => Quantity::Mass,
            Store::Energy => Quantity::Energy,
            Store::Signal => Quantity::Ratio,
        });
    }
    let output = of.outputs.iter().find(|output| output.name == name)?;
    Some(match output.effect {
        Effect::Reading(quantity) => quantity,
        Effect::Water(_) | Effect::Moisture(_) => Quantity::MassFlow,
        _ => Quantity::Power,
    })
}

/// Looks up what a declaration names.
pub struct Names<'a> {
    pub of: &'a Declaration,
    pub problems: Vec<String>,
}

impl Names<'_> {
    fn missing(&mut self, by: &str, what: &str, name: &str) {
        self.problems.push(format!("{}: {by} names the {what} {name}, which does not exist", self.of.name));
    }
    fn form(&mut self, by: &str, name: &str) -> Option<Form> {
        let found = self.of.parameters.iter().find(|field| field.name == name).map(|field| field.form);
        if found.is_none() {
            self.missing(by, "parameter", name);
        }
        found
    }
    fn quantity(&mut self, by: &str, name: &str, allowed: &[Quantity]) {
        let fits = match self.form(by, name) {
            Some(Form::Quantity { quantity, .. } | Form::Derived(quantity)) => allowed.contains(&quantity),
            Some(_) => false,
            None => true,
        };
        if !fits {
            let names: Vec<&str> = allowed.iter().map(|q| q.name()).collect();
            let of = self.of.name;
            self.problems.push(format!("{of}: {by} needs {name} to be a {}", names.join(" or ")));
        }
    }
    fn bound(&mut self, by: &str, bound: Bound) {
        if let Bound::Parameter(name) = bound {
            self.form(by, name);
        }
    }
    fn port(&mut self, by: &str, name: &str, fits: impl Fn(Medium, Side) -> bool, wanted: &str) {
        match self.of.ports.iter().find(|port| port.name == name) {
            None => self.missing(by, "port", name),
            Some(port) if !fits(port.medium, port.side) => {
                self.problems.push(format!("{}: {by} needs {name} to be {wanted}", self.of.name));
            }
            Some(_) => {}
        }
    }

    pub fn ports(&mut self) {
        for port in self.of.ports {
            let by = format!("port {}", port.name);
            if let Some(content) = port.content {
                self.quantity(&by, content, &[Quantity::Volume]);
            }
            if let Some(share) = port.share {
                self.form(&by, share);
            }
            match port.head {
                Head::Resists => {}
                Head::Lifts { head, shutoff, check } => {
                    self.quantity(&by, head, &[Quantity::Pressure]);
                    self.quantity(&by, shutoff, &[Quantity::Ratio]);
                    self.form(&by, check);
                    if !matches!(port.flow, Flow::Drives { .. }) {
                        self.problems.push(format!("{}: {by} lifts, but drives no flow", self.of.name));
                    }
                }
                Head::Checks { drop, flow } => {
                    self.quantity(&by, drop, &[Quantity::Pressure]);
                    self.quantity(&by, flow, &[Quantity::VolumeFlow, Quantity::MassFlow]);
                }
                Head::Throttles { actuator, kv, characteristic, rangeability } => {
                    if !self.of.actuators.iter().any(|a| a.name == actuator) {
                        self.missing(&by, "actuator", actuator);
                    }
                    self.quantity(&by, kv, &[Quantity::VolumeFlow]);
                    self.form(&by, characteristic);
                    self.quantity(&by, rangeability, &[Quantity::Ratio]);
                }
            }
            if let Flow::Sets { actuator, design } | Flow::Drives { actuator, design } = port.flow {
                if !self.of.actuators.iter().any(|a| a.name == actuator) {
                    self.missing(&by, "actuator", actuator);
                }
                self.quantity(&by, design, &[Quantity::MassFlow, Quantity::VolumeFlow]);
            }
        }
    }

    pub fn states(&mut self) {
        for state in self.of.states {
            let by = format!("state {}", state.name);
            if let Store::Heat(capacity) = state.store {
                self.quantity(&by, capacity, &[Quantity::HeatCapacity]);
            }
            self.bound(&by, state.initial);
            let stores = self.of.outputs.iter().filter(|o| o.effect == Effect::Store(state.name)).count();
            if stores != 1 {
                let of = self.of.name;
                self.problems.push(format!(
                    "{of}: {stores} outputs say how {} changes: one Effect::Store(\"{}\") is needed",
                    state.name, state.name
                ));
            }
        }
    }

    pub fn controls(&mut self) {
        let of = self.of;
        for Actuator { name, low, high, rest, travel, .. } in of.actuators {
            let by = format!("actuator {name}");
            [*low, *high, *rest].into_iter().for_each(|b| self.bound(&by, b));
            let read = of.inputs.iter().any(|input| input.role == Role::Actuator(name));
            let sets = of.ports.iter().any(|port| {
                matches!(port.flow, Flow::Sets { actuator, .. } | Flow::Drives { actuator, .. } if actuator == *name)
            });
            let throttles = of
                .ports
                .iter()
                .any(|port| matches!(port.head, Head::Throttles { actuator, .. } if actuator == *name));
            if !read && !sets && !throttles {
                self.problems.push(format!("{}: nothing follows the actuator {name}", of.name));
            }
            if *travel <= 0.0 {
                self.problems.push(format!("{}: the actuator {name} travels in no time", of.name));
            }
        }
        for regulator in of.regulators {
            let by = format!("the regulator of {}", regulator.actuator);
            if !of.actuators.iter().any(|a| a.name == regulator.actuator) {
                self.missing(&by, "actuator", regulator.actuator);
            }
            match measured(of, regulator.sensor) {
                Some(quantity) => self.quantity(&by, regulator.setpoint, &[quantity]),
                None => self.missing(&by, "sensor", regulator.sensor),
            }
        }
        for switch in of.switches {
            let by = format!("switch {}", switch.name);
            if measured(of, switch.sensor).is_none() {
                self.missing(&by, "sensor", switch.sensor);
            }
            [switch.on_above, switch.off_below].into_iter().for_each(|b| self.bound(&by, b));
            if !of.inputs.iter().any(|input| input.role == Role::Switch(switch.name)) {
                self.problems.push(format!("{}: nothing reads the switch {}", of.name, switch.name));
            }
        }
        for limit in of.limits {
            let by = format!("the limit of {}", limit.of);
            let known = (of.inputs.iter().map(|i| i.name))
                .chain(of.outputs.iter().map(|o| o.name))
                .chain(of.states.iter().map(|s| s.name));
            if !known.into_iter().any(|name| name == limit.of) {
                self.missing(&by, "value", limit.of);
            }
            if limit.low.is_none() && limit.high.is_none() {
                self.problems.push(format!("{}: {by} has no end", of.name));
            }
            limit.low.iter().chain(&limit.high).for_each(|b| self.bound(&by, *b));
        }
    }

    pub fn inputs(&mut self) {
        let of = self.of;
        let liquid = |medium, side| medium == Medium::Liquid && side == Side::Passage;
        let air = |medium, side| medium == Medium::Air && side == Side::Passage;
        for input in of.inputs {
            let by = format!("input {}", input.name);
            match input.role {
                Role::Temperature(p) | Role::SpecificHeat(p) | Role::Density(p) => {
                    self.port(&by, p, liquid, "a liquid passage");
                }
                Role::Flow(p) => self.port(&by, p, |m, s| liquid(m, s) || air(m, s), "a passage"),
                Role::FlowIn(p) | Role::FlowOut(p) => {
                    self.port(&by, p, |m, s| liquid(m, s) || air(m, s), "a passage");
                    if of.ports.iter().any(|port| port.name == p && port.flow != Flow::Decoupled) {
                        self.problems.push(format!("{}: {by}: both ends of {p} have one flow", of.name));
                    }
                }
                Role::Solved(p) | Role::PressureRise(p) | Role::HydraulicPower(p) => {
                    self.port(&by, p, liquid, "a liquid passage");
                }
                Role::Pressure(p) => self.port(&by, p, |m, s| liquid(m, s) || air(m, s), "a passage"),
                Role::Enthalpy(p) | Role::Humidity(p) => self.port(&by, p, air, "an air passage"),
                Role::Demand(p) => {
                    let fits = |m, s| m == Medium::Electricity && s == Side::Outlet;
                    self.port(&by, p, fits, "an electricity outlet");
                }
                Role::Received(p) => {
                    self.port(&by, p, |m, s| m == Medium::Heat && s == Side::Inlet, "a heat inlet");
                }
                Role::State(name) if !of.states.iter().any(|s| s.name == name) => {
                    self.missing(&by, "state", name);
                }
                Role::Actuator(name) if !of.actuators.iter().any(|a| a.name == name) => {
                    self.missing(&by, "actuator", name);
                }
                Role::Switch(name) if !of.switches.iter().any(|s| s.name == name) => {
                    self.missing(&by, "switch", name);
                }
                _ => {}
            }
        }
    }

    pub fn outputs(&mut self) {
        let of = self.of;
        for output in of.outputs {
            let by = format!("output {}", output.name);
            match output.effect {
                Effect::Store(name) if !of.states.iter().any(|s| s.name == name) => {
                    self.missing(&by, "state", name);
                }
                Effect::Heat(port) => {
                    let fits = |medium, side| match medium {
                        Medium::Liquid | Medium::Air => side == Side::Passage,
                        Medium::Heat => side == Side::Outlet,
                        Medium::Electricity => false,
                    };
                    self.port(&by, port, fits, "a passage or a heat outlet");
                }
                Effect::Moisture(port) => {
                    let fits = |m, s| m == Medium::Air && s == Side::Passage;
                    self.port(&by, port, fits, "an air passage");
                }
                Effect::Power(port) => {
                    let fits = |m, s| m == Medium::Electricity && s == Side::Inlet;
                    self.port(&by, port, fits, "an electricity inlet");
                }
                _ => {}
            }
        }
        if let Some(series) = of.series {
            let count = self.form("series", series.count);
            if !matches!(count, None | Some(Form::Count { .. })) {
                self.problems.push(format!("{}: {} counts cells and is no count", of.name, series.count));
            }
            for name in series.divided {
                self.form("series", name);
            }
        }
    }
}
