//! Availabilities between machines and what reads them; see [`crate::faults`].
//!
//! # Equations
//! With `u` = 1 while the unit's supply is live, `v` = 1 while it works, `a` its availability:
//! ```text
//! machine     a' = (target − a)·rate        positions·a;  outputs·a where it draws without an open actuator
//!             drawn = u·(P − E/τ_up),  E' = drawn − P
//! computing   P·v; what is not drawn does not reach its first heat store
//! passing on  outputs·v: with a dead supply nothing is demanded and nothing lost
//! ```
//! What a machine takes while it runs down it takes from its rotating masses, `E ≤ 0`, and draws it again when it
//! runs up: the electricity stops at once, the flow does not, and no joule is lost. A supply with a battery of its
//! own does the same with a larger `E`, recharged with the time constant [`RECHARGE`].

use super::TopologyError;
use super::compile::{Builder, family};
use super::nodes::{Handle, Term};
use crate::declare::{Effect, Store};
use crate::faults::{Class, Gate, class, draws_at_rest, ride_through};
use crate::kernel::Component;
use crate::plant::Plant;
use real::Real;
use units::Quantity;

/// Time constant with which the battery of a supply is charged again [s]: 90 % after 2.3 of them, four hours.
/// Engineering knowledge, to verify.
pub const RECHARGE: f64 = 6000.0;
/// Magnitude of rotating energy for the error control [J]: 1 kWh.
const ROTATING_SCALE: f64 = 3.6e6;
/// Magnitude of a battery's energy for the error control [J]: 100 kWh.
const BATTERY_SCALE: f64 = 3.6e8;

/// A gate as discrete logic moves it. Slots of what a gate does not have are `None`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GatePoint {
    /// Index into the plant's units.
    pub unit: usize,
    /// Index into the kind's actuators; `None` for the whole machine.
    pub actuator: Option<usize>,
    /// How it stops; `None` for an actuator.
    pub class: Option<Class>,
    /// 1 while its supply is live: what it draws.
    pub fed: Option<u32>,
    /// 1 while it works.
    pub alive: Option<u32>,
    /// Where the availability goes.
    pub target: Option<u32>,
    /// How fast [1/s].
    pub rate: Option<u32>,
    /// The availability.
    pub availability: Option<u32>,
    /// 1 while its control loops move.
    pub moving: Option<u32>,
    /// What its store has given so far, negative [J per unit].
    pub store: Option<u32>,
    /// What the store has when nothing was given [J per unit]; infinite for rotating masses.
    pub capacity: f64,
    /// 1 while a generator carries its loads alone.
    pub island: Option<u32>,
    /// Power drawn before the gate [W per unit].
    pub power: Option<u32>,
}

/// An actuator that can jam, as discrete logic moves it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JamPoint {
    /// Index into the plant's units.
    pub unit: usize,
    /// Index into the kind's actuators.
    pub actuator: usize,
    /// Its position.
    pub position: u32,
    /// 1 while it is free; `None` where nobody controls it or its controller is sampled.
    pub free: Option<u32>,
    /// 1 while it is jammed.
    pub jammed: Option<u32>,
    /// Where it goes; the held command of a sampled controller.
    pub at: u32,
}

/// A gate before numbering.
#[derive(Debug, Clone, Default)]
pub(super) struct Nodes {
    pub point: GatePoint,
    pub fed: Option<Handle>,
    pub alive: Option<Handle>,
    pub target: Option<Handle>,
    pub rate: Option<Handle>,
    pub availability: Option<Handle>,
    pub moving: Option<Handle>,
    pub store: Option<Handle>,
    pub island: Option<Handle>,
    pub power: Option<Handle>,
    /// Drawn power, where it differs from the output.
    pub drawn: Option<Handle>,
}

/// The slot of a node that is read somewhere.
fn read(slot: &dyn Fn(Handle) -> u32, node: Option<Handle>) -> Option<u32> {
    node.map(slot).filter(|&slot| slot != u32::MAX)
}

impl Nodes {
    /// With the slots that `slot` gives, `u32::MAX` for a node that nothing reads.
    pub fn numbered(&self, slot: &dyn Fn(Handle) -> u32) -> GatePoint {
        let of = |node: Option<Handle>| read(slot, node);
        GatePoint {
            fed: of(self.fed),
            alive: of(self.alive),
            target: of(self.target),
            rate: of(self.rate),
            availability: of(self.availability),
            moving: of(self.moving),
            store: of(self.store),
            island: of(self.island),
            power: of(self.power),
            ..self.point.clone()
        }
    }
}

/// A jam before numbering: position, free, jammed, at.
#[derive(Debug, Clone, Copy)]
pub(super) struct JamNodes {
    pub unit: usize,
    pub actuator: usize,
    pub position: Handle,
    pub free: Option<Handle>,
    pub jammed: Option<Handle>,
    pub at: Handle,
}

impl JamNodes {
    pub fn numbered(&self, slot: &dyn Fn(Handle) -> u32) -> JamPoint {
        JamPoint {
            unit: self.unit,
            actuator: self.actuator,
            position: slot(self.position),
            free: read(slot, self.free),
            jammed: read(slot, self.jammed),
            at: slot(self.at),
        }
    }
}

/// Racks that are carried apart have no source whose charge or load events would have to watch in each.
pub(super) fn without_sources(plant: &Plant) -> Result<(), Vec<TopologyError>> {
    let mut problems = Vec::new();
    for gate in plant.faults.gates.iter().filter(|gate| gate.actuator.is_none()) {
        let unit = &plant.units[gate.unit];
        let (Some(group), declaration) = (unit.group, unit.kind.declaration()) else { continue };
        let generates = declaration.outputs.iter().any(|o| o.effect == Effect::Generated);
        let stores = declaration.states.iter().any(|s| s.store == Store::Energy);
        if class(declaration) == Some(Class::Passing) && (generates || stores || ride_through(unit).is_some())
        {
            let (unit, group) = (unit.id.clone(), plant.groups[group].id.clone());
            problems.push(TopologyError::SourceInRacks { unit, group });
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// `x·y`.
pub(super) struct Product;

impl Component<2, 1> for Product {
    type Parameters<V: Real> = ();
    fn parameters<V: Real>(_: &[V]) {}
    #[inline(always)]
    fn evaluate<R: Real>((): &(), [x, y]: [R; 2]) -> [R; 1] {
        [x * y]
    }
}

/// `max(x, 0)`.
pub(super) struct Positive;

impl Component<1, 1> for Positive {
    type Parameters<V: Real> = ();
    fn parameters<V: Real>(_: &[V]) {}
    #[inline(always)]
    fn evaluate<R: Real>((): &(), [x]: [R; 1]) -> [R; 1] {
        [x.positive()]
    }
}

impl Builder<'_> {
    /// `x·y`, evaluated with a unit.
    pub(super) fn product(&mut self, unit: usize, name: &str, x: Term, y: Term) -> Handle {
        let key = (family::PRODUCT, unit as u32);
        let member = self.arena.member(name, key, vec![], vec![x, y], &["product"]);
        self.arena.members[member].first_output
    }

    fn gate_of(&self, unit: usize, actuator: Option<usize>) -> Option<Gate> {
        self.plant.faults.gates.iter().copied().find(|g| (g.unit, g.actuator) == (unit, actuator))
    }

    /// The nodes of a gate of a unit or of one of its actuators.
    pub(super) fn nodes_of(&self, unit: usize, actuator: Option<usize>) -> Option<&Nodes> {
        self.gates.iter().find(|g| (g.point.unit, g.point.actuator) == (unit, actuator))
    }

    /// Gates a unit's outputs, once it has them.
    pub(super) fn add_gate(&mut self, unit: usize) {
        let Some(gate) = self.gate_of(unit, None) else { return };
        let of = &self.plant.units[unit];
        let declaration = of.kind.declaration();
        let id = of.id.clone();
        let Some(class) = class(declaration) else { return };
        let point = GatePoint { unit, class: Some(class), capacity: f64::INFINITY, ..GatePoint::default() };
        let mut nodes = Nodes { point, ..Nodes::default() };
        // Readings of temperatures and settings stay: they are what they are, whether it works or not.
        let acts = |e: Effect| match e {
            Effect::Reading(of) => matches!(of, Quantity::Power | Quantity::MassFlow | Quantity::VolumeFlow),
            _ => true,
        };
        let effects: Vec<Effect> = declaration.outputs.iter().map(|o| o.effect).collect();
        let power = effects.iter().position(|e| matches!(e, Effect::Power(_)));
        match class {
            Class::Machine => {
                self.add_availability(&mut nodes, &id, gate, unit);
                // A pump whose speed is that of its circuit does no work once it stands.
                let works = draws_at_rest(of) && !self.pressures.lifts(self.plant, unit);
                if works && let Some(a) = nodes.availability {
                    self.gate_outputs(unit, a, &|k| acts(effects[k]));
                }
            }
            Class::Passing => {
                let alive = self.arena.held(format!("{id}.alive"), 1.0, Some(unit as u32));
                nodes.alive = Some(alive);
                self.gate_outputs(unit, alive, &|k| acts(effects[k]));
            }
            Class::Computing => {
                let alive = self.arena.held(format!("{id}.alive"), 1.0, Some(unit as u32));
                nodes.alive = Some(alive);
                let heat = declaration.states.iter().find(|s| matches!(s.store, Store::Heat(_)));
                let store = heat.and_then(|s| effects.iter().position(|e| *e == Effect::Store(s.name)));
                match (store, power) {
                    (Some(store), Some(power)) => {
                        let full = self.outputs[unit][power];
                        let electric = |e: Effect| matches!(e, Effect::Power(_) | Effect::Use(_));
                        self.gate_outputs(unit, alive, &|k| electric(effects[k]));
                        let terms = vec![
                            (self.outputs[unit][store], 1.0),
                            (full, -1.0),
                            (self.outputs[unit][power], 1.0),
                        ];
                        self.outputs[unit][store] = self.arena.sum(format!("{id}.heat_stored"), terms).0;
                    }
                    _ => self.gate_outputs(unit, alive, &|k| acts(effects[k])),
                }
            }
        }
        if let Some(power) = power {
            self.add_drawn(&mut nodes, unit, power, gate);
        }
        self.gates.push(nodes);
    }

    /// Puts a factor on the outputs that `which` admits.
    fn gate_outputs(&mut self, unit: usize, factor: Handle, which: &dyn Fn(usize) -> bool) {
        for k in (0..self.outputs[unit].len()).filter(|&k| which(k)) {
            let (id, output) = (&self.plant.units[unit].id, self.outputs[unit][k]);
            let name = format!("{id}.gated_{k}");
            self.outputs[unit][k] = self.product(unit, &name, (factor, 1.0), (output, 1.0));
        }
    }

    fn add_availability(&mut self, nodes: &mut Nodes, name: &str, gate: Gate, tile: usize) {
        let target = self.arena.held(format!("{name}.target"), 1.0, Some(tile as u32));
        let rate = self.arena.held(format!("{name}.rate"), 1.0 / gate.times.run_down, Some(tile as u32));
        let moving = self.arena.held(format!("{name}.moving"), 1.0, Some(tile as u32));
        let state = self.arena.state(format!("{name}.availability"), 1.0, 1.0, tile as u32, false);
        let own = self.arena.states[state].handle;
        let (missing, factor) = self.arena.sum(format!("{name}.missing"), vec![(target, 1.0), (own, -1.0)]);
        // What the integrator undershoots by must not turn a flow around.
        let member =
            self.arena.member(name, (family::POSITIVE, tile as u32), vec![], vec![(own, 1.0)], &["acting"]);
        let a = self.arena.members[member].first_output;
        let change = self.product(tile, &format!("{name}.change"), (rate, 1.0), (missing, factor));
        self.arena.states[state].rate = vec![(change, 1.0)];
        (nodes.target, nodes.rate, nodes.moving) = (Some(target), Some(rate), Some(moving));
        nodes.availability = Some(a);
    }

    /// What the unit draws from its supply, which differs from what it takes while it runs on a store of its own.
    fn add_drawn(&mut self, nodes: &mut Nodes, unit: usize, power: usize, gate: Gate) {
        let of = &self.plant.units[unit];
        let declaration = of.kind.declaration();
        let id = of.id.clone();
        let taken = self.outputs[unit][power];
        nodes.power = Some(taken);
        let machine = nodes.point.class == Some(Class::Machine);
        let battery = ride_through(of);
        let generates = declaration.burns_fuel();
        let own = declaration.states.iter().position(|s| s.store == Store::Energy);
        if !machine && battery.is_none() && !generates && own.is_none() {
            return;
        }
        let fed = self.arena.held(format!("{id}.fed"), 1.0, Some(unit as u32));
        nodes.fed = Some(fed);
        if generates {
            nodes.island = Some(self.arena.held(format!("{id}.island"), 0.0, Some(unit as u32)));
        }
        if generates || own.is_some() {
            let drawn = self.product(unit, &format!("{id}.drawn"), (fed, 1.0), (taken, 1.0));
            nodes.drawn = Some(drawn);
            if let Some(state) = own {
                self.discharge(unit, state, (taken, drawn));
                nodes.store = Some(self.arena.states[self.unit_states[unit] + state].handle);
                nodes.point.capacity = 0.0;
            }
            return;
        }
        let (scale, time) = match battery {
            Some(_) => (BATTERY_SCALE, RECHARGE),
            None => (ROTATING_SCALE, gate.times.run_up),
        };
        let state = self.arena.state(format!("{id}.given"), 0.0, scale, unit as u32, false);
        let given = self.arena.states[state].handle;
        let terms = vec![(taken, 1.0), (given, -1.0 / time)];
        let (wanted, factor) = self.arena.sum(format!("{id}.wanted"), terms);
        let drawn = self.product(unit, &format!("{id}.drawn"), (fed, 1.0), (wanted, factor));
        self.arena.states[state].rate = vec![(drawn, 1.0), (taken, -1.0)];
        self.stored_energy.push((state, of.multiplicity));
        nodes.drawn = Some(drawn);
        nodes.store = Some(given);
        nodes.point.capacity = battery.unwrap_or(f64::INFINITY);
    }

    /// A battery whose feed is dead gives all of what its loads take, with the loss of discharging.
    fn discharge(&mut self, unit: usize, state: usize, (taken, drawn): (Handle, Handle)) {
        let of = &self.plant.units[unit];
        let declaration = of.kind.declaration();
        let efficiency = of.parameter("discharge_efficiency").unwrap_or(1.0);
        let name = declaration.states[state].name;
        for (k, output) in declaration.outputs.iter().enumerate() {
            let share = match output.effect {
                Effect::Store(to) if to == name => -1.0 / efficiency,
                Effect::Heat(_) | Effect::Use(_) => 1.0 / efficiency - 1.0,
                _ => continue,
            };
            if share != 0.0 {
                let terms = vec![(self.outputs[unit][k], 1.0), (taken, share), (drawn, -share)];
                let name = format!("{}.{}_islanded", of.id, output.name);
                self.outputs[unit][k] = self.arena.sum(name, terms).0;
            }
        }
    }

    /// Positions that act: those of the drives times the availabilities of machine and actuator.
    pub(super) fn add_moved(&mut self) {
        for unit in 0..self.plant.units.len() {
            let of = &self.plant.units[unit];
            let island = self.nodes_of(unit, None).and_then(|n| n.island);
            let mut moved = Vec::new();
            for (k, actuator) in of.kind.declaration().actuators.iter().enumerate() {
                let mut position = self.positions[unit][k];
                let name = format!("{}.{}", of.id, actuator.name);
                if let Some(gate) = self.gate_of(unit, Some(k)) {
                    let mut nodes = Nodes {
                        point: GatePoint { unit, actuator: Some(k), ..GatePoint::default() },
                        ..Nodes::default()
                    };
                    self.add_availability(&mut nodes, &name, gate, unit);
                    self.gates.push(nodes);
                }
                for gate in [None, Some(k)] {
                    if let Some(a) = self.nodes_of(unit, gate).and_then(|n| n.availability) {
                        position = self.product(unit, &format!("{name}.acting"), (position, 1.0), (a, 1.0));
                    }
                }
                if let Some(island) = island {
                    let terms = vec![(position, 1.0), (island, 1.0)];
                    position = self.arena.sum(format!("{name}.acting"), terms).0;
                }
                moved.push(position);
            }
            self.moved.push(moved);
        }
    }

    /// A loop's rates, held while its machine stands and overruled while its actuator is jammed.
    pub(super) fn held_rates(
        &mut self,
        (unit, actuator): (usize, usize),
        id: &str,
        integral: Handle,
        rate: Handle,
    ) -> (Handle, Vec<Term>) {
        let (mut integral, mut rate) = (integral, rate);
        for gate in [None, Some(actuator)] {
            if let Some(moving) = self.nodes_of(unit, gate).and_then(|n| n.moving) {
                integral = self.product(unit, &format!("{id}.integral_held"), (moving, 1.0), (integral, 1.0));
                rate = self.product(unit, &format!("{id}.position_held"), (moving, 1.0), (rate, 1.0));
            }
        }
        if !self.can_jam(unit, actuator) {
            return (integral, vec![(rate, 1.0)]);
        }
        let position = self.positions[unit][actuator];
        let travel = self.plant.units[unit].kind.declaration().actuators[actuator].travel;
        let free = self.arena.held(format!("{id}.free"), 1.0, Some(unit as u32));
        let jammed = self.arena.held(format!("{id}.jammed"), 0.0, Some(unit as u32));
        let at = self.arena.held(format!("{id}.jammed_at"), 0.0, Some(unit as u32));
        let (off, factor) = self.arena.sum(format!("{id}.off"), vec![(at, 1.0), (position, -1.0)]);
        let free_rate = self.product(unit, &format!("{id}.position_free"), (free, 1.0), (rate, 1.0));
        let jam_rate = self.product(unit, &format!("{id}.position_jammed"), (jammed, 1.0), (off, factor));
        let integral = self.product(unit, &format!("{id}.integral_free"), (free, 1.0), (integral, 1.0));
        let (free, jammed) = (Some(free), Some(jammed));
        self.jams.push(JamNodes { unit, actuator, position, free, jammed, at });
        (integral, vec![(free_rate, 1.0), (jam_rate, 1.0 / travel)])
    }

    /// A sampled controller's actuator jams by its command.
    pub(super) fn add_jam_of_command(&mut self, unit: usize, actuator: usize, command: Handle) {
        if self.can_jam(unit, actuator) {
            let position = self.positions[unit][actuator];
            self.jams.push(JamNodes { unit, actuator, position, free: None, jammed: None, at: command });
        }
    }

    /// Actuators that nobody controls and that can jam: a drive holds them where they are put.
    pub(super) fn add_idle_jams(&mut self) {
        for jam in self.plant.faults.jams.clone() {
            if self.jams.iter().any(|j| (j.unit, j.actuator) == (jam.unit, jam.actuator)) {
                continue;
            }
            let position = self.positions[jam.unit][jam.actuator];
            let of = &self.plant.units[jam.unit];
            let actuator = &of.kind.declaration().actuators[jam.actuator];
            let super::nodes::Node::State(state) = self.arena.nodes[position] else { continue };
            let rest = self.arena.states[state].initial;
            let at = self.arena.held(format!("{}.{}_at", of.id, actuator.name), rest, Some(jam.unit as u32));
            self.arena.states[state].rate =
                vec![(at, 1.0 / actuator.travel), (position, -1.0 / actuator.travel)];
            let (unit, actuator) = (jam.unit, jam.actuator);
            self.jams.push(JamNodes { unit, actuator, position, free: None, jammed: None, at });
        }
    }

    pub(super) fn can_jam(&self, unit: usize, actuator: usize) -> bool {
        self.plant.faults.jams.iter().any(|j| (j.unit, j.actuator) == (unit, actuator))
    }

    /// What each electric wire carries: the taker's power, shared by its live feeds.
    pub(super) fn add_wires(&mut self) {
        let plant = self.plant;
        for (index, wire) in plant.wires.iter().enumerate() {
            if !plant.is_electric(wire.to) {
                self.carried.push(Vec::new());
                continue;
            }
            let name = super::flows::port(plant, wire.to).name;
            let drawn = match self.nodes_of(wire.to.unit, None).and_then(|n| n.drawn) {
                Some(drawn) => vec![(drawn, plant.units[wire.to.unit].multiplicity)],
                None => self.outputs_at(wire.to, |e| e == Effect::Power(name)),
            };
            let feeds = plant.wires.iter().filter(|w| w.to == wire.to);
            let number = feeds.clone().count() as f64;
            let may_fail =
                feeds.clone().any(|w| w.from.is_some_and(|f| self.nodes_of(f.unit, None).is_some()));
            let terms = if number > 1.5 && may_fail {
                let share =
                    self.arena.held(format!("wire[{index}].share"), 1.0 / number, Some(wire.to.unit as u32));
                self.shares.push((index, share));
                let name = format!("wire[{index}]");
                let drawn = drawn.into_iter();
                drawn.map(|term| (self.product(wire.to.unit, &name, (share, 1.0), term), 1.0)).collect()
            } else {
                // Redundant feeds share a load equally.
                drawn.into_iter().map(|(node, factor)| (node, factor / number)).collect()
            };
            self.carried.push(terms);
        }
    }
}
