//! Events of a run: a queue in time, and what follows from each.
//!
//! The run lands on the time of every event exactly. An event moves outside values of the network (see
//! [`plant::faults`]): supplies go dead or live, availabilities get another target, actuators another master. What
//! follows later (a machine starts again, a generator takes over, an outage ends) is put into the same queue. What
//! depends on the state (a battery is empty, a generator overloaded) is found like a switch: on the dense output.

mod memory;
mod report;
mod supply;
mod thresholds;

pub use thresholds::{Crossing, Threshold};

use crate::forcing::Forcing;
use plant::faults::{Class, Times};
use plant::network::Network;
use plant::plant::Plant;
use scenario::case::{Action, Event};
use supply::Supply;
pub(crate) use thresholds::Thresholds;

/// What a run says of its events.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// What happened and when [s from the start of the year], as written.
    pub happened: Vec<(f64, String)>,
    /// When each threshold was reached.
    pub thresholds: Vec<Crossing>,
    /// What gave way first: a chip that throttled, a machine that cut out, racks without power.
    pub first_trip: Option<Crossing>,
}

/// What the queue holds.
#[derive(Debug, Clone, PartialEq)]
enum Command {
    Event(usize),
    Release(Vec<usize>),
    Free(Vec<usize>),
    GridBack,
    GeneratorReady,
    Start(usize),
    LoadBack(usize),
    /// A machine that started has come up.
    Settled,
}

/// A gate while the run goes on.
#[derive(Debug, Clone)]
struct Gate {
    times: Times,
    /// By an event, and not restored.
    tripped: bool,
    /// Whether it may work: supplied and not tripped.
    free: bool,
    /// Whether it is told to work.
    working: bool,
    /// Until when it runs up [s].
    running_up: f64,
}

/// A machine has come up after so many of its time constants.
const COME_UP: f64 = 5.0;

/// A chip or board whose temperature shuts its servers down.
#[derive(Debug, Clone)]
struct Protection {
    gate: usize,
    /// The gates of its racks: a server stops as a whole.
    with: Vec<usize>,
    slot: u32,
    scale: f64,
    above: f64,
    temperature: &'static str,
}

/// Servers shut down when a chip or board is this far above the temperature that they must not exceed [K]. Engineering knowledge,
/// to verify: data sheets give a slowdown, a highest operating and a shutdown temperature a few kelvin apart.
const SHUTDOWN_ABOVE: f64 = 5.0;

/// Events while the run goes on.
#[derive(Debug, Clone)]
pub(crate) struct Events {
    events: Vec<Event>,
    /// Ascending in time; of equal times in the order of entry.
    queue: Vec<(f64, Command)>,
    gates: Vec<Gate>,
    /// Index into the network's gates of each of the plant's.
    place: Vec<Option<usize>>,
    protections: Vec<Protection>,
    jammed: Vec<bool>,
    supply: Supply,
    overruled: Vec<(usize, f64)>,
    forced: Vec<(usize, f64)>,
    pub thresholds: Thresholds,
    happened: Vec<(f64, String)>,
    out: Vec<bool>,
}

impl Events {
    pub fn new(plant: &Plant, network: &Network, forcing: &dyn Forcing, start: f64, inlets: &[u32]) -> Self {
        let events = forcing.events().to_vec();
        let place = |gate: &plant::faults::Gate| {
            let found = network.gates().iter();
            found
                .enumerate()
                .find(|(_, g)| (g.unit, g.actuator) == (gate.unit, gate.actuator))
                .map(|(k, _)| k)
        };
        let gate = |g: &plant::faults::Gate| Gate {
            times: g.times,
            tripped: false,
            free: true,
            working: true,
            running_up: 0.0,
        };
        Events {
            queue: events.iter().enumerate().map(|(k, e)| (start + e.at_s, Command::Event(k))).collect(),
            gates: plant.faults.gates.iter().map(gate).collect(),
            place: plant.faults.gates.iter().map(place).collect(),
            protections: protections(plant, network),
            jammed: vec![false; plant.faults.jams.len()],
            supply: Supply::new(plant, network),
            overruled: Vec::new(),
            forced: Vec::new(),
            thresholds: match events.is_empty() {
                true => Thresholds::default(),
                false => Thresholds::new(plant, network, inlets),
            },
            happened: Vec::new(),
            out: vec![false; plant.units.len()],
            events,
        }
    }

    /// Time of the next event.
    pub fn next(&self) -> f64 {
        self.queue.first().map_or(f64::INFINITY, |(time, _)| *time)
    }

    /// Units that are out of service.
    pub fn out(&self) -> &[bool] {
        &self.out
    }

    fn push(&mut self, time: f64, command: Command) {
        let place = self.queue.partition_point(|(t, _)| *t <= time);
        self.queue.insert(place, (time, command));
    }

    /// What a workload says, unless an event overrules it.
    pub fn signal(&mut self, series: usize, value: f64) -> f64 {
        self.forced.retain(|f| f.0 != series);
        self.forced.push((series, value));
        self.overruled.iter().find(|o| o.0 == series).map_or(value, |o| o.1)
    }

    /// Whether a loop stands still because its machine does, or because its actuator is jammed.
    pub fn holds(&self, plant: &Plant, index: usize) -> bool {
        let control = &plant.loops[index];
        let of = |unit: usize, actuator: Option<usize>| {
            unit == control.unit && actuator.is_none_or(|k| k == control.actuator)
        };
        let stands = plant
            .faults
            .gates
            .iter()
            .zip(&self.gates)
            .any(|(g, state)| of(g.unit, g.actuator) && !state.working);
        let jams = plant.faults.jams.iter().zip(&self.jammed);
        stands || jams.clone().any(|(j, jammed)| *jammed && of(j.unit, Some(j.actuator)))
    }

    /// Carries out what is due; tells whether anything was. `slots` are the values at `time`.
    pub fn act(&mut self, plant: &Plant, network: &mut Network, slots: &[f64], time: f64) -> bool {
        let mut acted = false;
        while self.queue.first().is_some_and(|(due, _)| *due <= time + 1e-9) {
            let (_, command) = self.queue.remove(0);
            self.carry_out(command, network, slots, time);
            self.update(plant, network, time);
            acted = true;
        }
        acted
    }

    fn carry_out(&mut self, command: Command, network: &mut Network, slots: &[f64], time: f64) {
        match command {
            Command::Event(k) => {
                let event = self.events[k].clone();
                self.happened.push((time, event.text.clone()));
                self.thresholds.begin(time, slots);
                self.happen(event.action, network, slots, time);
            }
            Command::Release(gates) => gates.iter().for_each(|&gate| self.gates[gate].tripped = false),
            Command::Free(jams) => self.free(&jams, network),
            Command::GridBack => self.supply.grid = true,
            Command::GeneratorReady => self.supply.generators = !self.supply.grid,
            Command::Start(gate) => {
                let state = &mut self.gates[gate];
                state.working |= state.free;
            }
            Command::Settled => {}
            Command::LoadBack(series) => {
                self.overruled.retain(|o| o.0 != series);
                let value = self.forced.iter().find(|f| f.0 == series).map_or(0.0, |f| f.1);
                load(network, series, value);
            }
        }
    }

    fn happen(&mut self, action: Action, network: &mut Network, slots: &[f64], time: f64) {
        match action {
            Action::Trip { gates, for_s } => {
                gates.iter().for_each(|&gate| self.gates[gate].tripped = true);
                if let Some(length) = for_s {
                    self.push(time + length, Command::Release(gates));
                }
            }
            Action::Restore { gates, jams } => {
                gates.iter().for_each(|&gate| self.gates[gate].tripped = false);
                self.free(&jams, network);
            }
            Action::Stuck { jams, at, for_s } => {
                for &jam in &jams {
                    self.jammed[jam] = true;
                    let Some(point) = network.jams().iter().find(|p| self.is_jam(jam, p)).copied() else {
                        continue;
                    };
                    network.set_outside(point.at, at.unwrap_or(slots[point.position as usize]), 0.0);
                    set(network, point.free, false);
                    set(network, point.jammed, true);
                }
                if let Some(length) = for_s {
                    self.push(time + length, Command::Free(jams));
                }
            }
            Action::UtilityOutage { for_s, generator_start_s } => {
                self.supply.grid = false;
                self.queue.retain(|(_, c)| *c != Command::GridBack && *c != Command::GeneratorReady);
                self.push(time + generator_start_s, Command::GeneratorReady);
                self.push(time + for_s, Command::GridBack);
            }
            Action::LoadStep { series, utilisation, for_s } => {
                self.overruled.retain(|o| o.0 != series);
                self.overruled.push((series, utilisation));
                load(network, series, utilisation);
                if let Some(length) = for_s {
                    self.push(time + length, Command::LoadBack(series));
                }
            }
        }
    }

    fn is_jam(&self, jam: usize, point: &plant::network::JamPoint) -> bool {
        self.supply.jams.get(jam) == Some(&(point.unit, point.actuator))
    }

    fn free(&mut self, jams: &[usize], network: &mut Network) {
        for &jam in jams {
            self.jammed[jam] = false;
            let Some(point) = network.jams().iter().find(|p| self.is_jam(jam, p)).copied() else { continue };
            set(network, point.free, true);
            set(network, point.jammed, false);
            if let Some(rest) = self.supply.rests.get(jam).copied().flatten() {
                network.set_outside(point.at, rest, 0.0);
            }
        }
    }

    /// Whether the state wants something to happen: an empty battery, an overloaded generator, a chip too hot.
    ///
    /// Before the first event nothing does: a run is as it would be without events.
    pub fn would_move(&self, slots: &[f64]) -> bool {
        if !self.thresholds.begun() {
            return false;
        }
        let too_hot =
            |p: &Protection| self.gates[p.gate].working && slots[p.slot as usize] * p.scale > p.above;
        self.protections.iter().any(too_hot) || self.supply.would_fail(slots)
    }

    /// Lets it happen.
    pub fn fail(&mut self, plant: &Plant, network: &mut Network, slots: &[f64], time: f64) {
        for text in self.supply.fail(plant, slots) {
            self.happened.push((time, text));
        }
        for p in &self.protections {
            if self.gates[p.gate].working
                && !self.gates[p.gate].tripped
                && slots[p.slot as usize] * p.scale > p.above
            {
                let unit = plant.faults.gates[p.gate].unit;
                let text = format!("servers shut down by the temperature of their {}", p.temperature);
                self.happened.push((time, format!("{}: {text}", plant.units[unit].id)));
                self.thresholds.gave_way(plant, unit, true, &text, Some(p.above), time);
                p.with.iter().for_each(|&gate| self.gates[gate].tripped = true);
            }
        }
        self.update(plant, network, time);
    }

    /// Puts supplies and gates where they belong now.
    fn update(&mut self, plant: &Plant, network: &mut Network, time: f64) {
        let gates = plant.faults.gates.iter().zip(&self.gates);
        let tripped: Vec<usize> =
            gates.filter(|(g, s)| s.tripped && g.actuator.is_none()).map(|(g, _)| g.unit).collect();
        self.supply.spread(plant, &tripped);
        for &(wire, slot) in network.feeds().to_vec().iter() {
            network.set_outside(slot, self.supply.share(plant, wire), 0.0);
        }
        self.out.fill(false);
        for k in 0..self.gates.len() {
            let of = plant.faults.gates[k];
            let Some(place) = self.place[k] else { continue };
            let point = network.gates()[place].clone();
            let live = self.supply.fed(of.unit);
            let tripped = self.gates[k].tripped;
            match point.class {
                Some(Class::Passing) => {
                    let works = self.supply.gives(of.unit);
                    set(network, point.fed, live && !tripped);
                    set(network, point.alive, works);
                    set(network, point.island, works && !live && point.island.is_some());
                    self.gates[k].working = works;
                }
                Some(Class::Computing) => {
                    let works = live && !tripped;
                    set(network, point.alive, works);
                    if self.gates[k].working && !live {
                        self.thresholds.gave_way(plant, of.unit, false, "racks without power", None, time);
                    }
                    self.gates[k].working = works;
                }
                Some(Class::Machine) => {
                    set(network, point.fed, live && !tripped);
                    self.machine(k, &point, network, live && !tripped, time);
                }
                None => self.machine(k, &point, network, !tripped, time),
            }
            self.out[of.unit] |= !self.gates[k].working || self.gates[k].running_up > time;
        }
    }

    fn machine(
        &mut self,
        k: usize,
        point: &plant::network::GatePoint,
        network: &mut Network,
        free: bool,
        time: f64,
    ) {
        let times = self.gates[k].times;
        let stood = !self.gates[k].working;
        let was = std::mem::replace(&mut self.gates[k].free, free);
        if !free {
            self.gates[k].working = false;
            self.queue.retain(|(_, c)| *c != Command::Start(k));
        } else if !was {
            if times.restart_delay > 0.0 {
                self.push(time + times.restart_delay, Command::Start(k));
            } else {
                self.gates[k].working = true;
            }
        }
        let working = self.gates[k].working;
        if stood && working {
            self.gates[k].running_up = time + COME_UP * times.run_up;
            self.push(time + COME_UP * times.run_up, Command::Settled);
        }
        set(network, point.target, working);
        set(network, point.moving, working);
        if let Some(rate) = point.rate {
            network.set_outside(rate, 1.0 / if working { times.run_up } else { times.run_down }, 0.0);
        }
    }

    pub fn record(self) -> Record {
        let (thresholds, first_trip) = self.thresholds.finish(&self.happened[..]);
        Record { happened: self.happened, thresholds, first_trip }
    }
}

fn protections(plant: &Plant, network: &Network) -> Vec<Protection> {
    let gates = plant.faults.gates.iter().enumerate().filter(|(_, g)| g.actuator.is_none());
    let computing = gates.filter(|(_, g)| {
        plant::faults::class(plant.units[g.unit].kind.declaration()) == Some(Class::Computing)
    });
    let of = |(gate, g): (usize, &plant::faults::Gate)| {
        let group = plant.units[g.unit].group;
        let beside = |other: &plant::faults::Gate| {
            other.actuator.is_none()
                && (other.unit == g.unit || group.is_some() && plant.units[other.unit].group == group)
        };
        let server = |other: &plant::faults::Gate| {
            let class = plant::faults::class(plant.units[other.unit].kind.declaration());
            beside(other) && class != Some(Class::Passing)
        };
        let all = plant.faults.gates.iter().enumerate();
        let with: Vec<usize> = all.filter(|(_, o)| server(o)).map(|(k, _)| k).collect();
        let states = plant.units[g.unit].kind.declaration().states;
        let own = network.ranges().iter().filter(|r| r.unit == g.unit && r.high.is_finite());
        let hot = own.filter(|r| states.iter().any(|s| s.name == r.name));
        let protection = |r: &plant::network::Range| Protection {
            gate,
            with: with.clone(),
            slot: r.slot,
            scale: r.scale,
            above: r.high + SHUTDOWN_ABOVE,
            temperature: r.name,
        };
        hot.map(protection).collect::<Vec<_>>()
    };
    computing.flat_map(of).collect()
}

fn set(network: &mut Network, slot: Option<u32>, on: bool) {
    if let Some(slot) = slot {
        network.set_outside(slot, f64::from(u8::from(on)), 0.0);
    }
}

fn load(network: &mut Network, series: usize, value: f64) {
    let slots: Vec<u32> = network.signals().iter().filter(|s| s.1 == series).map(|s| s.0).collect();
    slots.into_iter().for_each(|slot| network.set_outside(slot, value, 0.0));
}
