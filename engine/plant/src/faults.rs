//! What may fail in a plant, named before it is compiled.
//!
//! The plant does not know *when* something fails; it knows *what* may. For each [`Gate`] the compiled network puts
//! an availability between the machine and everything that reads it, for each [`Jam`] a drive that can be held. A
//! plant without faults compiles to the same arrays as ever.
//!
//! # Equations
//! ```text
//! a' = (target − a)/τ                τ: run-down while the target is 0, run-up while it is 1
//! position that acts = position · a  of every actuator of the machine
//! ```
//! The first-order decay of a speed is what a fan or a pump with a drag proportional to speed does; with the square
//! law of turbulence it is slower in the end (`1/(1 + t/τ)`). Nothing jumps: flows and heats follow the availability.
//!
//! # Source
//! The time constants are those of [`Times`]: engineering knowledge, to verify.

use crate::declare::{Declaration, Effect, Medium, Role, Side, Use};
use crate::plant::{End, Plant, Sensor, Unit};

/// What may fail.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Faults {
    /// Machines, and single actuators, that can stop.
    pub gates: Vec<Gate>,
    /// Actuators that can jam.
    pub jams: Vec<Jam>,
}

/// A machine that can stop and start again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gate {
    /// The unit.
    pub unit: usize,
    /// Only this of its actuators (index into the kind's); the whole machine where it is `None`.
    pub actuator: Option<usize>,
    /// How it stops and starts unless an event says otherwise.
    pub times: Times,
}

/// An actuator that can stay where it is, or go to a position and stay there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jam {
    /// The unit.
    pub unit: usize,
    /// Index into the kind's actuators.
    pub actuator: usize,
}

/// How a machine stops and starts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Times {
    /// Time constant while it runs down [s].
    pub run_down: f64,
    /// From the return of power, or the reset, to the start [s].
    pub restart_delay: f64,
    /// Time constant while it runs up [s].
    pub run_up: f64,
}

impl Times {
    /// Pumps and fans with their drives: their speed falls by 1/e in 3 s, they start 5 s after power is back and
    /// come up with 5 s. Engineering knowledge, to verify.
    pub const MACHINE: Times = Times { run_down: 3.0, restart_delay: 5.0, run_up: 5.0 };
    /// Chillers: the compressor stops within seconds; controls restart, oil and pump proving take 2 min, and it
    /// loads with a time constant of 1 min (95 % after three). Machines with a quick restart take about a minute
    /// in all, old ones ten. Engineering knowledge, to verify.
    pub const CHILLER: Times = Times { run_down: 5.0, restart_delay: 120.0, run_up: 60.0 };
    /// Fans of servers: they start with their board. Engineering knowledge, to verify.
    pub const SERVER_FANS: Times = Times { run_down: 3.0, restart_delay: 0.0, run_up: 2.0 };
    /// What is switched: at once.
    pub const SWITCHED: Times = Times { run_down: 0.5, restart_delay: 0.0, run_up: 0.5 };

    /// Those of a kind.
    pub fn of(declaration: &Declaration) -> Times {
        match class(declaration) {
            Some(Class::Passing | Class::Computing) => Times::SWITCHED,
            _ if compresses(declaration) => Times::CHILLER,
            _ => Times::MACHINE,
        }
    }
}

/// What it means for a unit to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// It passes electricity on: what is behind it is dead.
    Passing,
    /// It computes: it draws nothing, and its heat flows on.
    Computing,
    /// It has drives, or works as a whole: it runs down.
    Machine,
}

/// How a kind stops; `None` for what has nothing that could stop: a pipe, a plate, a tank.
pub fn class(declaration: &Declaration) -> Option<Class> {
    let passes = declaration.inputs.iter().any(|i| matches!(i.role, Role::Demand(_)));
    let draws = declaration.outputs.iter().any(|o| matches!(o.effect, Effect::Power(_)));
    let computes = declaration.outputs.iter().any(|o| o.effect == Effect::Use(Use::It));
    match (passes, computes, draws || !declaration.actuators.is_empty()) {
        (true, ..) => Some(Class::Passing),
        (_, true, _) => Some(Class::Computing),
        (.., true) => Some(Class::Machine),
        _ => None,
    }
}

/// Whether a kind has a compressor, whose restart takes its time.
pub fn compresses(declaration: &Declaration) -> bool {
    let compressor = |u: Use| declaration.outputs.iter().any(|o| o.effect == Effect::Use(u));
    compressor(Use::Compressors) || compressor(Use::HeatPumps)
}

/// Whether a machine without any actuator open still draws power, so that its outputs have to be gated, too.
///
/// Found by asking it: at ordinary conditions with every actuator at zero.
pub(crate) fn draws_at_rest(unit: &Unit) -> bool {
    let declaration = unit.kind.declaration();
    let inputs: Vec<f64> = (declaration.inputs.iter())
        .map(|input| match input.role {
            Role::State(_) | Role::Temperature(_) => 303.15,
            Role::Flow(_) | Role::FlowIn(_) | Role::FlowOut(_) => 1.0,
            Role::Solved(_) | Role::PressureRise(_) | Role::HydraulicPower(_) => 0.0,
            Role::SpecificHeat(_) => 4180.0,
            Role::Density(_) => 995.0,
            Role::Enthalpy(_) => 50e3,
            Role::Humidity(_) => 0.008,
            Role::Pressure(_) => 101_325.0,
            Role::Outdoor(crate::declare::Outdoor::DryBulb) => 293.15,
            Role::Outdoor(crate::declare::Outdoor::WetBulb) => 288.15,
            Role::Outdoor(crate::declare::Outdoor::HumidityRatio) => 0.008,
            Role::Outdoor(crate::declare::Outdoor::Pressure) => 101_325.0,
            Role::Outdoor(_) => 0.0,
            Role::Switch(_) => 1.0,
            Role::Demand(_) | Role::Received(_) | Role::Actuator(_) | Role::Signal(_) => 0.0,
        })
        .collect();
    let outputs = unit.kind.evaluate(&unit.values, &inputs);
    let power = declaration.outputs.iter().zip(&outputs);
    power.filter(|(o, _)| matches!(o.effect, Effect::Power(_))).any(|(_, p)| p.is_nan() || p.abs() > 1e-6)
}

/// How long a supply carries its loads on its own, where it has a battery for that.
pub(crate) fn ride_through(unit: &Unit) -> Option<f64> {
    let seconds = unit.parameter("ride_through").filter(|s| *s > 0.0)?;
    Some(seconds * unit.parameter("rating")?)
}

impl Plant {
    /// Makes one of several equal units a unit of its own, `id[index]`, on the same joints and wires, with loops of
    /// its own. Gives its index; the last one left keeps its place.
    ///
    /// Nothing changes while both are treated alike: flows, heats and powers are the same sums.
    pub fn isolate(&mut self, unit: usize, index: usize) -> usize {
        if self.units[unit].multiplicity <= 1.5 {
            return unit;
        }
        let alone = self.units.len();
        let mut copy = self.units[unit].clone();
        copy.id = format!("{}[{index}]", copy.id);
        copy.multiplicity = 1.0;
        self.units[unit].multiplicity -= 1.0;
        self.units.push(copy);
        let moved = |end: End| End { unit: alone, ..end };
        for joint in &mut self.joints {
            for ends in [&mut joint.from, &mut joint.to] {
                let own: Vec<End> = ends.iter().filter(|e| e.unit == unit).map(|&e| moved(e)).collect();
                ends.extend(own);
            }
        }
        for k in 0..self.wires.len() {
            let mut wire = self.wires[k];
            let (from, to) = (wire.from.is_some_and(|e| e.unit == unit), wire.to.unit == unit);
            if from {
                wire.from = wire.from.map(moved);
            }
            if to {
                wire.to = moved(wire.to);
            }
            if from || to {
                self.wires.push(wire);
            }
        }
        for k in 0..self.loops.len() {
            if self.loops[k].unit != unit {
                continue;
            }
            let mut control = self.loops[k].clone();
            control.unit = alone;
            control.id = format!("{}[{index}]", control.id);
            control.sensor = match control.sensor {
                Sensor::TemperatureIn(end) if end.unit == unit => Sensor::TemperatureIn(moved(end)),
                Sensor::TemperatureOut(end) if end.unit == unit => Sensor::TemperatureOut(moved(end)),
                Sensor::PressureDrop(end) if end.unit == unit => Sensor::PressureDrop(moved(end)),
                Sensor::State(of, state) if of == unit => Sensor::State(alone, state),
                Sensor::Output(of, output) if of == unit => Sensor::Output(alone, output),
                other => other,
            };
            self.loops.push(control);
        }
        for k in 0..self.resistances.len() {
            let of = self.resistances[k];
            if of.end.unit == unit {
                self.resistances.push(crate::plant::Resistance { end: moved(of.end), ..of });
            }
        }
        for k in 0..self.pins.len() {
            if self.pins[k].unit == unit {
                self.pins.push(crate::plant::Pin { unit: alone, ..self.pins[k] });
            }
        }
        for k in 0..self.signals.len() {
            if self.signals[k].unit == unit {
                self.signals.push(crate::plant::Signal { unit: alone, ..self.signals[k].clone() });
            }
        }
        alone
    }

    /// Whether a unit gives electricity to others.
    pub fn supplies(&self, unit: usize) -> bool {
        let ports = self.units[unit].kind.declaration().ports;
        ports.iter().any(|p| p.medium == Medium::Electricity && p.side == Side::Outlet)
    }

    /// Whether one of several equal units can be told from the others: it gives electricity to nobody.
    pub fn can_isolate(&self, unit: usize) -> bool {
        !self.supplies(unit) && self.units[unit].group.is_none()
    }

    /// The gate of a unit or of one of its actuators, made where there is none.
    pub fn gate(&mut self, unit: usize, actuator: Option<usize>) -> usize {
        let found = self.faults.gates.iter().position(|g| (g.unit, g.actuator) == (unit, actuator));
        found.unwrap_or_else(|| {
            let times = match Times::of(self.units[unit].kind.declaration()) {
                Times::MACHINE if self.units[unit].group.is_some() => Times::SERVER_FANS,
                other => other,
            };
            self.faults.gates.push(Gate { unit, actuator, times });
            self.faults.gates.len() - 1
        })
    }

    /// The jam of an actuator, made where there is none.
    pub fn jam(&mut self, unit: usize, actuator: usize) -> usize {
        let jam = Jam { unit, actuator };
        let found = self.faults.jams.iter().position(|j| *j == jam);
        found.unwrap_or_else(|| {
            self.faults.jams.push(jam);
            self.faults.jams.len() - 1
        })
    }

    /// Gates everything that computes and the fans beside it, so that servers can shut themselves down.
    pub fn gate_servers(&mut self) {
        for unit in 0..self.units.len() {
            let in_rack = self.units[unit].group.is_some();
            match class(self.units[unit].kind.declaration()) {
                Some(Class::Computing) => self.gate(unit, None),
                Some(Class::Machine) if in_rack => self.gate(unit, None),
                _ => continue,
            };
        }
    }

    /// Gates everything that takes electricity, for when the utility fails.
    pub fn gate_supplied(&mut self) {
        for unit in 0..self.units.len() {
            if self.wires.iter().any(|w| w.to.unit == unit && self.is_electric(w.to)) {
                self.gate(unit, None);
            }
        }
    }

    /// Gates everything that a unit feeds, directly or not.
    pub fn gate_behind(&mut self, unit: usize) {
        let mut open = vec![unit];
        let mut seen = vec![false; self.units.len()];
        while let Some(unit) = open.pop() {
            if std::mem::replace(&mut seen[unit], true) {
                continue;
            }
            self.gate(unit, None);
            let next = self.wires.iter().filter(|w| w.from.is_some_and(|f| f.unit == unit));
            let next: Vec<End> = next.map(|w| w.to).filter(|&to| self.is_electric(to)).collect();
            open.extend(next.into_iter().map(|to| to.unit));
        }
    }

    pub(crate) fn is_electric(&self, end: End) -> bool {
        self.units[end.unit].kind.declaration().ports[end.port].medium == Medium::Electricity
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::KINDS;

    #[test]
    fn whatever_stops_is_of_one_class_and_what_only_stands_there_of_none() {
        let of = |name: &str| crate::catalogue::kind(name).and_then(|k| class(k.declaration()));
        for (kind, class) in [
            ("Pump", Some(Class::Machine)),
            ("AirCooledChiller", Some(Class::Machine)),
            ("Cdu", Some(Class::Machine)),
            ("FixedLoad", Some(Class::Machine)),
            ("ColdPlateAccelerator", Some(Class::Computing)),
            ("NodeLoad", Some(Class::Computing)),
            ("Ups", Some(Class::Passing)),
            ("PowerShelf", Some(Class::Passing)),
            ("Pipe", None),
            ("PlateExchanger", None),
            ("AislePair", None),
        ] {
            assert_eq!(of(kind), class, "{kind}");
        }
    }

    #[test]
    fn the_electricity_of_what_computes_ends_in_its_first_heat_store() {
        // Twice at different utilisations: what more is drawn, more reaches the first store.
        for kind in KINDS.iter().map(|k| k.declaration()).filter(|d| class(d) == Some(Class::Computing)) {
            let stores = kind.states.iter().filter(|s| matches!(s.store, crate::declare::Store::Heat(_)));
            let Some(first) = stores.map(|s| s.name).next() else { continue };
            let output = |e: Effect| kind.outputs.iter().position(|o| o.effect == e).unwrap();
            let (store, power) = (output(Effect::Store(first)), output(Effect::Use(Use::It)));
            let values: Vec<f64> =
                kind.parameters.iter().enumerate().map(|(k, _)| 1.0 + 0.1 * k as f64).collect();
            let utilisation = kind.inputs.iter().position(|i| i.role == Role::Signal("utilisation")).unwrap();
            let inputs = vec![2.0; kind.inputs.len()];
            let rows = crate::catalogue::kind(kind.name).unwrap().linearize(&values, &inputs);
            let (to_store, drawn) = (rows[store][utilisation], rows[power][utilisation]);
            assert!((to_store - drawn).abs() <= 1e-12 * drawn.abs(), "{}: {to_store} of {drawn}", kind.name);
        }
    }
}
