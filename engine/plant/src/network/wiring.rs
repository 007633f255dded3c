//! Which node supplies each input.

use super::compile::{Builder, Volume, bound, family};
use super::flows;
use super::nodes::{Handle, Term};
use crate::declare::{Effect, Medium, Outdoor, Role, Use};
use crate::plant::End;

impl Builder<'_> {
    /// Connects the inputs of every unit.
    pub fn connect(&mut self) {
        for unit in 0..self.plant.units.len() {
            let inputs = self.plant.units[unit].kind.declaration().inputs;
            let terms = inputs.iter().map(|input| self.input(unit, input.role)).collect();
            let member = self.unit_members[unit];
            self.arena.members[member].inputs = terms;
        }
    }

    fn port_of(&self, unit: usize, name: &str) -> End {
        let ports = self.plant.units[unit].kind.declaration().ports;
        End { unit, port: ports.iter().position(|p| p.name == name).unwrap_or(0) }
    }

    fn input(&mut self, unit: usize, role: Role) -> Term {
        let plant = self.plant;
        let declaration = plant.units[unit].kind.declaration();
        let share = 1.0 / plant.units[unit].multiplicity;
        let named = |position: Option<usize>| position.unwrap_or(0);
        match role {
            Role::State(name) => {
                let k = named(declaration.states.iter().position(|s| s.name == name));
                (self.arena.states[self.unit_states[unit] + k].handle, 1.0)
            }
            Role::Temperature(port) => {
                let end = self.port_of(unit, port);
                if let Some(stream) = self.pressures.passages.get(&end).and_then(|p| p.stream) {
                    return (stream, 1.0);
                }
                match self.at_inlet.get(&end).map(|&v| self.volumes[v]) {
                    Some(Volume::Liquid { temperature, .. }) => (self.arena.states[temperature].handle, 1.0),
                    _ => (self.constant(293.15), 1.0),
                }
            }
            Role::Enthalpy(port) | Role::Humidity(port) => {
                let end = self.port_of(unit, port);
                let wants_enthalpy = matches!(role, Role::Enthalpy(_));
                match self.at_inlet.get(&end).map(|&v| self.volumes[v]) {
                    Some(Volume::Air { enthalpy, humidity, .. }) => {
                        let state = if wants_enthalpy { enthalpy } else { humidity };
                        (self.arena.states[state].handle, 1.0)
                    }
                    // Dry air of 20 °C where an optional passage is not connected.
                    _ => (self.constant(if wants_enthalpy { 20_120.0 } else { 0.0 }), 1.0),
                }
            }
            Role::Flow(port) | Role::FlowIn(port) => {
                let solved = self.pressures.passages.get(&self.port_of(unit, port));
                if let Some(stream) = solved.and_then(|p| p.stream) {
                    return (stream + 1, share);
                }
                let (node, factor) = self.flow(self.port_of(unit, port), false);
                (node, factor * share)
            }
            Role::FlowOut(port) => {
                let (node, factor) = self.flow(self.port_of(unit, port), true);
                (node, factor * share)
            }
            Role::SpecificHeat(port) | Role::Density(port) => {
                let end = self.port_of(unit, port);
                let joint = self.at_inlet.get(&end).copied();
                let fluid = joint.map_or(media::liquid::Fluid::Water, |j| plant.joints[j].fluid);
                let value = match role {
                    Role::SpecificHeat(_) => fluid.specific_heat(super::compile::LIQUID_REFERENCE),
                    _ => fluid.density(super::compile::LIQUID_REFERENCE),
                };
                (self.constant(value), 1.0)
            }
            Role::Pressure(port) => {
                let end = self.port_of(unit, port);
                match flows::port(plant, end).medium {
                    Medium::Air => (self.outdoor_node(Outdoor::Pressure), 1.0),
                    _ => (self.constant(super::compile::CIRCUIT_PRESSURE), 1.0),
                }
            }
            Role::Solved(port) => {
                let solved = self.pressures.passages.contains_key(&self.port_of(unit, port));
                (self.constant(if solved { 1.0 } else { 0.0 }), 1.0)
            }
            Role::PressureRise(port) => match self.pressures.passages.get(&self.port_of(unit, port)) {
                Some(solved) => (solved.drop, -1.0),
                None => (self.constant(0.0), 1.0),
            },
            Role::HydraulicPower(port) => {
                let solved = self.pressures.passages.get(&self.port_of(unit, port));
                match solved.and_then(|p| p.power) {
                    Some(power) => (power, 1.0),
                    None => (self.constant(0.0), 1.0),
                }
            }
            Role::Demand(port) => {
                let end = self.port_of(unit, port);
                let terms = self.demand(Some(end));
                self.total(end, "demand", terms, share)
            }
            Role::Received(port) => {
                let end = self.port_of(unit, port);
                let givers = plant.wires.iter().filter(|w| w.to == end).filter_map(|w| w.from);
                let terms = givers
                    .flat_map(|giver| {
                        let name = flows::port(plant, giver).name;
                        self.outputs_at(giver, |e| e == Effect::Heat(name))
                    })
                    .collect();
                self.total(end, "received", terms, share)
            }
            Role::Outdoor(what) => (self.outdoor_node(what), 1.0),
            Role::Actuator(name) => {
                let k = named(declaration.actuators.iter().position(|a| a.name == name));
                (self.moved[unit][k], 1.0)
            }
            Role::Switch(name) => {
                let k = named(declaration.switches.iter().position(|s| s.name == name));
                (self.switches[unit][k], 1.0)
            }
            Role::Signal(name) => {
                let found = plant.signals.iter().find(|s| s.unit == unit && s.name == name);
                match found.map(|s| s.series) {
                    Some(series) => {
                        let arena = &mut self.arena;
                        let node = self
                            .signals
                            .entry(series)
                            .or_insert_with(|| arena.outside(format!("workload[{series}]"), 0.0));
                        (*node, 1.0)
                    }
                    None => (self.constant(0.0), 1.0),
                }
            }
        }
    }

    fn total(&mut self, end: End, what: &str, terms: Vec<Term>, share: f64) -> Term {
        if terms.is_empty() {
            return (self.constant(0.0), 1.0);
        }
        let name = format!("{}_{what}", flows::list(self.plant, &[end]));
        let (node, factor) = self.arena.sum(name, terms);
        (node, factor * share)
    }

    /// Power drawn from an electricity outlet, or from the utility feed, by all takers.
    pub fn demand(&self, from: Option<End>) -> Vec<Term> {
        self.demand_of(from, &|_, _| true)
    }

    /// As [`Builder::demand`], of the takers that `counts` admits.
    pub fn demand_of(&self, from: Option<End>, counts: &dyn Fn(&Self, usize) -> bool) -> Vec<Term> {
        let wires = self.plant.wires.iter().zip(&self.carried);
        let counted = wires.filter(|(w, _)| w.from == from && counts(self, w.to.unit));
        let terms = counted.flat_map(|(_, terms)| terms.iter().copied()).collect();
        super::nodes::merged(terms)
    }

    /// Whether electricity given to this unit reaches IT equipment.
    pub fn leads_to_it(&self, unit: usize) -> bool {
        let mut seen = vec![false; self.plant.units.len()];
        let mut open = vec![unit];
        while let Some(unit) = open.pop() {
            let outputs = self.plant.units[unit].kind.declaration().outputs;
            if outputs.iter().any(|o| o.effect == Effect::Use(Use::It)) {
                return true;
            }
            if !std::mem::replace(&mut seen[unit], true) {
                let next = self.plant.wires.iter().filter(|w| w.from.is_some_and(|f| f.unit == unit));
                open.extend(next.map(|w| w.to.unit));
            }
        }
        false
    }

    /// Control loops: continuous ones as states, sampled ones as a held command that the actuator follows, ideal ones
    /// as a position that is solved for.
    pub fn add_loops(&mut self) {
        let plant = self.plant;
        for (index, control) in plant.loops.iter().enumerate() {
            let position = self.positions[control.unit][control.actuator];
            let actuator = &plant.units[control.unit].kind.declaration().actuators[control.actuator];
            let rate = if self.options.sampled {
                let rest = bound(plant, control.unit, actuator.rest);
                let owner = Some(self.loop_tile(index));
                let command = self.arena.held(format!("{}.command", control.id), rest, owner);
                self.commands.push(command);
                self.add_jam_of_command(control.unit, control.actuator, command);
                vec![(command, 1.0 / actuator.travel), (position, -1.0 / actuator.travel)]
            } else if self.options.solved() {
                self.add_ideal(index, position);
                continue;
            } else {
                self.add_pi(index, position)
            };
            if let super::nodes::Node::State(position) = self.arena.nodes[position] {
                self.arena.states[position].rate = rate;
            }
        }
    }

    /// The number by which a loop owns states and members.
    fn loop_tile(&self, index: usize) -> u32 {
        (self.plant.units.len() + self.plant.joints.len() + index) as u32
    }

    /// A continuous controller; returns the rate of its actuator's position.
    fn add_pi(&mut self, index: usize, position: Handle) -> Vec<Term> {
        let plant = self.plant;
        let control = &plant.loops[index];
        let actuator = &plant.units[control.unit].kind.declaration().actuators[control.actuator];
        let [low, high, rest] =
            [actuator.low, actuator.high, actuator.rest].map(|b| bound(plant, control.unit, b));
        let tile = self.loop_tile(index);
        let integral = self.arena.state(format!("{}.integral", control.id), rest, 1.0, tile, false);
        let measured = self.measured(index);
        let sign = if control.raises { 1.0 } else { -1.0 };
        let values =
            vec![control.setpoint, sign, control.band, control.integral_time, low, high, actuator.travel];
        let inputs = vec![measured, (self.arena.states[integral].handle, 1.0), (position, 1.0)];
        let outputs = &["integral_rate", "position_rate"];
        let member = self.arena.member(&control.id, (family::PI, tile), values, inputs, outputs);
        let first = self.arena.members[member].first_output;
        let of = (control.unit, control.actuator);
        let (rate, travel) = self.held_rates(of, &control.id, first, first + 1);
        self.arena.states[integral].rate = vec![(rate, 1.0)];
        travel
    }
}
