//! Events of a run: a queue in time, and what follows from each.
//!
//! The run lands on the time of every event exactly. An event moves outside values of the network (see
//! [`plant::faults`]): supplies go dead or live, availabilities get another target, actuators another master. What
//! follows later (a machine starts again, a generator takes over, an outage ends) is put into the same queue. What
//! depends on the state (a battery is empty, a generator overloaded) is found like a switch: on the dense output.

mod alone;
mod gates;
mod held;
mod jams;
mod memory;
mod racks;
mod report;
mod supply;
mod thresholds;

pub use racks::{Lookout, OfRacks};
pub use report::MOST_ROWS;
pub(crate) use report::span;
pub use thresholds::{Crossing, Threshold};

use crate::blocks::Racks;
use crate::forcing::Forcing;
pub(crate) use alone::told_apart;
use gates::Gates;
use held::Held;
use jams::Jams;
use plant::faults::Class;
use plant::network::Network;
use plant::plant::Plant;
pub(crate) use racks::{Place, RackLimits, limits};
use scenario::case::{Action, Event, GivenTimes};
use supply::Supply;
pub(crate) use thresholds::{LOCATED, Thresholds};

/// What a run says of its events.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// What happened and when [s from the start of the year], as written.
    pub happened: Vec<(f64, String)>,
    /// The first event [s from the start of the year].
    pub first: Option<f64>,
    /// When each threshold was reached; of racks that are carried together, and of what all racks share.
    pub thresholds: Vec<Crossing>,
    /// The same of racks that are carried apart.
    pub racks: Vec<OfRacks>,
    /// What gave way first: a chip that throttled, a machine that cut out, racks without power.
    pub first_trip: Option<Crossing>,
}

/// What is due this close to a time is due then [s].
const SAME_INSTANT: f64 = 1e-9;

/// What the queue holds.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Command {
    Event(usize),
    /// Of an event that lasts until now.
    End,
    GridBack,
    GeneratorReady,
    Start(usize),
    /// A machine that started has come up.
    Settled,
}

/// What events move: outside values of the network, and of every rack that is carried apart.
pub(crate) struct World<'a> {
    pub network: &'a mut Network,
    pub racks: &'a mut [Racks],
    /// A state of a rack: class, member, slot.
    pub state: &'a dyn Fn(usize, usize, u32) -> f64,
}

impl World<'_> {
    /// Sets a value of the network, or of a member of a class.
    fn set(&mut self, member: Option<(usize, usize)>, slot: u32, value: f64) {
        match member {
            None => self.network.set_outside(slot, value, 0.0),
            Some((class, member)) => self.racks[class].class.set_outside(member, slot, value),
        }
    }

    fn switch(&mut self, member: Option<(usize, usize)>, slot: Option<u32>, on: bool) {
        if let Some(slot) = slot {
            self.set(member, slot, f64::from(u8::from(on)));
        }
    }

    /// Puts a workload at a value, for all racks or for one.
    fn load(&mut self, series: usize, rack: Option<usize>, value: f64) {
        if rack.is_none() {
            let slots: Vec<u32> =
                self.network.signals().iter().filter(|s| s.1 == series).map(|s| s.0).collect();
            slots.into_iter().for_each(|slot| self.network.set_outside(slot, value, 0.0));
        }
        for class in self.racks.iter_mut().map(|racks| &mut racks.class) {
            for (slot, _) in class.signals().to_vec().into_iter().filter(|s| s.1 == series) {
                match rack {
                    Some(rack) => class.set_outside(rack, slot, value),
                    None => class.broadcast(slot, value),
                }
            }
        }
    }
}

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

/// A workload that events overrule.
#[derive(Debug, Clone, Default)]
struct Overruled {
    series: usize,
    /// In this of the racks, or in all.
    rack: Option<usize>,
    held: Held,
}

/// Events while the run goes on.
#[derive(Debug, Clone)]
pub(crate) struct Events {
    events: Vec<Event>,
    /// Ascending in time; of equal times in the order of entry.
    queue: Vec<(f64, Command)>,
    gates: Gates,
    protections: Vec<Protection>,
    jams: Jams,
    supply: Supply,
    /// Workloads that events overrule.
    overruled: Vec<Overruled>,
    forced: Vec<(usize, f64)>,
    pub thresholds: Thresholds,
    pub limits: RackLimits,
    happened: Vec<(f64, String)>,
    out: Vec<bool>,
}

impl Events {
    pub fn new(
        plant: &Plant,
        network: &Network,
        racks: &[Racks],
        forcing: &dyn Forcing,
        start: f64,
        inlets: &[u32],
    ) -> Self {
        let events = forcing.events().iter().map(|event| alone::by_member(event, plant, racks));
        let events: Vec<Event> = events.collect();
        let (thresholds, limits) = match events.is_empty() {
            true => Default::default(),
            false => (Thresholds::new(plant, network, racks, inlets), RackLimits::new(plant, racks)),
        };
        Events {
            queue: events.iter().enumerate().map(|(k, e)| (start + e.at_s, Command::Event(k))).collect(),
            gates: Gates::new(plant, network, racks),
            protections: protections(plant, network),
            jams: Jams::new(plant, network, racks),
            supply: Supply::new(plant, network),
            overruled: Vec::new(),
            forced: Vec::new(),
            thresholds,
            limits,
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

    /// Whether a unit stands in a member of its class.
    pub fn stands(&self, plant: &Plant, unit: usize, member: usize) -> bool {
        let whole = |gate: &plant::faults::Gate| gate.unit == unit && gate.actuator.is_none();
        let gate = plant.faults.gates.iter().position(whole);
        gate.is_some_and(|gate| !self.gates.works(gate, Some(member)))
    }

    fn push(&mut self, time: f64, command: Command) {
        let place = self.queue.partition_point(|(t, _)| *t <= time);
        self.queue.insert(place, (time, command));
    }

    /// What a workload says, unless an event overrules it.
    pub fn signal(&mut self, series: usize, value: f64) -> f64 {
        self.forced.retain(|f| f.0 != series);
        self.forced.push((series, value));
        self.overruled(series, None).unwrap_or(value)
    }

    /// What events say instead of a workload, to all racks or to one.
    fn overruled(&self, series: usize, rack: Option<usize>) -> Option<f64> {
        self.overruled.iter().find(|o| (o.series, o.rack) == (series, rack))?.held.value()
    }

    /// Racks whose workload is overruled by itself: series, rack, value.
    pub fn loaded_apart(&self) -> Vec<(usize, usize, f64)> {
        self.overruled.iter().filter_map(|o| Some((o.series, o.rack?, o.held.value()?))).collect()
    }

    /// Whether a loop stands still because its machine does, or because its actuator is jammed; in a member of a class,
    /// or in the core.
    pub fn holds(&self, plant: &Plant, index: usize, member: Option<(usize, usize)>) -> bool {
        let control = &plant.loops[index];
        let of = |unit: usize, actuator: Option<usize>| {
            unit == control.unit && actuator.is_none_or(|k| k == control.actuator)
        };
        let gates = plant.faults.gates.iter().enumerate().filter(|(_, g)| of(g.unit, g.actuator));
        let stands = gates.into_iter().any(|(k, _)| !self.gates.works(k, member.map(|m| m.1)));
        let jams = plant.faults.jams.iter().enumerate().filter(|(_, j)| of(j.unit, Some(j.actuator)));
        stands || jams.into_iter().any(|(k, _)| self.jams.jammed(k, member.map(|m| m.1)))
    }

    /// Carries out what is due; tells whether anything was. `slots` are the values at `time`.
    pub fn act(&mut self, plant: &Plant, world: &mut World, slots: &[f64], time: f64) -> bool {
        let mut acted = false;
        let due =
            |queue: &[(f64, Command)]| queue.first().is_some_and(|(due, _)| *due <= time + SAME_INSTANT);
        while due(&self.queue) {
            let (_, command) = self.queue.remove(0);
            let start = |command: &Command| matches!(command, Command::Start(_) | Command::Settled);
            // Many machines that start together do so at once.
            let more = start(&command) && due(&self.queue) && start(&self.queue[0].1);
            self.carry_out(command, world, slots, time);
            if !more {
                self.update(plant, world, time);
            }
            acted = true;
        }
        if acted {
            self.arm(world.racks);
        }
        acted
    }

    /// The first event finds these limits of racks exceeded already.
    pub fn begin_beyond(&mut self, beyond: &[Place], time: f64) {
        for &place in beyond {
            if !self.limits.shuts(place) {
                self.limits.reach(place, time);
            }
        }
    }

    /// Whether the first event has happened.
    pub fn begun(&self) -> bool {
        self.thresholds.begun()
    }

    /// Makes the steps look out for the limits of racks that count now.
    pub fn arm(&self, racks: &mut [Racks]) {
        let begun = self.begun();
        for (limits, racks) in self.limits.0.iter().zip(racks) {
            for (k, limit) in limits.iter().enumerate() {
                for (member, at) in limit.at.iter().enumerate() {
                    let so = match limit.meaning {
                        racks::Meaning::Shuts(gate) => self.gates.works(gate, Some(member)),
                        _ => at.is_infinite(),
                    };
                    racks.lookout.arm(k, member, begun && so);
                }
            }
        }
    }

    fn carry_out(&mut self, command: Command, world: &mut World, slots: &[f64], time: f64) {
        match command {
            Command::Event(k) => {
                let event = self.events[k].clone();
                self.happened.push((time, event.text.clone()));
                self.thresholds.begin(time, slots);
                self.happen(event.action, world, slots, time);
            }
            Command::GridBack => self.supply.grid = true,
            Command::GeneratorReady => self.supply.generators = !self.supply.grid,
            Command::Start(gate) => self.gates.start(gate),
            Command::Settled => {}
            Command::End => self.end(world, time + SAME_INSTANT),
        }
    }

    /// Every event that lasts until now ends, and nothing else does.
    fn end(&mut self, world: &mut World, now: f64) {
        self.gates.end(now);
        self.jams.end(now, world);
        self.let_go(world, |o| o.held.end(now));
    }

    /// Workloads follow what still holds them where `changes` lets something go.
    fn let_go(&mut self, world: &mut World, mut changes: impl FnMut(&mut Overruled) -> bool) {
        let changed: Vec<(usize, Option<usize>)> =
            (self.overruled.iter_mut()).filter_map(|o| changes(o).then_some((o.series, o.rack))).collect();
        for (series, rack) in changed {
            let workload = self.forced.iter().find(|f| f.0 == series).map_or(0.0, |f| f.1);
            let all = self.overruled(series, None);
            let value = self.overruled(series, rack).or(all).unwrap_or(workload);
            world.load(series, rack, value);
            self.load_apart(series, world);
        }
    }

    /// What racks are told by themselves outlasts what all are told.
    fn load_apart(&self, series: usize, world: &mut World) {
        for (_, rack, value) in self.loaded_apart().into_iter().filter(|o| o.0 == series) {
            world.load(series, Some(rack), value);
        }
    }

    fn happen(&mut self, action: Action, world: &mut World, slots: &[f64], time: f64) {
        match action {
            Action::Trip { gates, rack, for_s, given } => {
                let until = self.lasts(time, for_s);
                gates.iter().for_each(|&gate| self.gates.trip(gate, rack, until, given));
            }
            Action::Restore { gates, jams, series, rack } => {
                gates.iter().for_each(|&gate| self.gates.restore(gate, rack));
                self.jams.free(&jams, rack, world);
                let meant = |o: &Overruled| series.contains(&o.series) && (rack.is_none() || o.rack == rack);
                self.let_go(world, |o| meant(o) && o.held.clear());
            }
            Action::Stuck { jams, rack, at, for_s } => {
                let until = self.lasts(time, for_s);
                self.jams.stick(&jams, rack, (at, until), world, slots);
            }
            Action::UtilityOutage { for_s, generator_start_s, chiller_restart_s } => {
                self.lose_grid(time, (for_s, generator_start_s, chiller_restart_s));
            }
            Action::LoadStep { series, rack, utilisation, for_s } => {
                let until = self.lasts(time, for_s);
                for series in series {
                    let of = |o: &Overruled| (o.series, o.rack) == (series, rack);
                    let k = self.overruled.iter().position(of).unwrap_or_else(|| {
                        self.overruled.push(Overruled { series, rack, held: Held::default() });
                        self.overruled.len() - 1
                    });
                    self.overruled[k].held.begin(until, utilisation);
                    // What all are told holds for those that were told something by themselves before, too.
                    for o in self.overruled.iter_mut().filter(|o| o.series == series && o.rack.is_some()) {
                        if rack.is_none() {
                            o.held.begin(until, utilisation);
                        }
                    }
                    world.load(series, rack, utilisation);
                }
            }
        }
    }

    /// Until when an event lasts [s]; its end is put into the queue.
    fn lasts(&mut self, from: f64, for_s: Option<f64>) -> f64 {
        let Some(length) = for_s else { return f64::INFINITY };
        self.push(from + length, Command::End);
        from + length
    }

    /// The grid is dead until the last outage ends, which says how chillers start; generators start with the first.
    fn lose_grid(
        &mut self,
        time: f64,
        (for_s, generator_start_s, chiller_restart_s): (f64, f64, Option<f64>),
    ) {
        if self.supply.grid {
            self.queue.retain(|(_, c)| *c != Command::GeneratorReady);
            self.push(time + generator_start_s, Command::GeneratorReady);
        }
        self.supply.grid = false;
        let back = self.queue.iter().find(|(_, c)| *c == Command::GridBack).map(|(at, _)| *at);
        let until = time + for_s;
        if back.is_none_or(|back| until >= back) {
            self.supply.chiller_restart = chiller_restart_s;
            self.queue.retain(|(_, c)| *c != Command::GridBack);
            self.push(until, Command::GridBack);
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
            |p: &Protection| self.gates.works(p.gate, None) && slots[p.slot as usize] * p.scale > p.above;
        self.protections.iter().any(too_hot) || self.supply.would_fail(slots)
    }

    /// Lets it happen; `shut` are the limits of racks that shut servers down now.
    pub fn fail(&mut self, plant: &Plant, world: &mut World, slots: &[f64], shut: &[Place], time: f64) {
        for text in self.supply.fail(plant, slots) {
            self.happened.push((time, text));
        }
        for p in &self.protections {
            if self.gates.works(p.gate, None)
                && !self.gates.tripped(p.gate, None)
                && slots[p.slot as usize] * p.scale > p.above
            {
                let unit = plant.faults.gates[p.gate].unit;
                let text = racks::shut_down(p.temperature);
                self.happened.push((time, format!("{}: {text}", plant.units[unit].id)));
                self.thresholds.gave_way(plant, unit, true, &text, Some(p.above), time);
                p.with
                    .iter()
                    .for_each(|&gate| self.gates.trip(gate, None, f64::INFINITY, GivenTimes::default()));
            }
        }
        self.shut_racks(plant, world, shut, time);
        self.update(plant, world, time);
        self.arm(world.racks);
    }

    /// Racks with a chip or board that is too hot stop as a whole.
    fn shut_racks(&mut self, plant: &Plant, world: &World, shut: &[Place], time: f64) {
        // Of each part and temperature of a class: its racks, in order.
        let mut texts: Vec<(usize, usize, String, Vec<usize>)> = Vec::new();
        let mut stopped: Vec<(usize, usize)> = Vec::new();
        for &(class, k, member) in shut {
            let limit = &self.limits.0[class][k];
            let racks::Meaning::Shuts(gate) = limit.meaning else { continue };
            let (unit, what) = (limit.unit, limit.what.clone());
            match texts.iter_mut().find(|t| t.0 == class && t.1 == unit && t.2 == what) {
                Some(known) if known.3.contains(&member) => {}
                Some(known) => known.3.push(member),
                None => texts.push((class, unit, what, vec![member])),
            }
            self.limits.reach((class, k, member), time);
            stopped.push((gate, member));
        }
        for (gate, member) in stopped {
            for with in servers_beside(plant, gate) {
                self.gates.trip(with, Some(member), f64::INFINITY, GivenTimes::default());
            }
        }
        for (class, unit, what, members) in texts {
            let group = &plant.groups[world.racks[class].class.group()];
            let id = &plant.units[unit].id;
            let part = id.strip_prefix(group.id.as_str()).unwrap_or(id);
            let class = &world.racks[class].class;
            let racks: Vec<usize> = members.iter().flat_map(|&member| class.racks_of(member)).collect();
            let place = match racks[..] {
                _ if members.len() == class.members().len() => id.clone(),
                [one] => format!("{}{part}", group.rack(one)),
                [first, ..] => {
                    format!("{}{part} and those of {} more racks", group.rack(first), racks.len() - 1)
                }
                [] => continue,
            };
            self.happened.push((time, format!("{place}: {what}")));
        }
    }

    /// Puts supplies and gates where they belong now.
    fn update(&mut self, plant: &Plant, world: &mut World, time: f64) {
        let tripped = self.gates.tripped_units(plant);
        self.supply.spread(plant, &tripped);
        for &(wire, slot) in world.network.feeds().to_vec().iter() {
            world.network.set_outside(slot, self.supply.share(plant, wire), 0.0);
        }
        for class in world.racks.iter_mut().map(|racks| &mut racks.class) {
            for &(wire, slot) in class.feeds().to_vec().iter() {
                class.broadcast(slot, self.supply.share(plant, wire));
            }
        }
        let Events { gates, supply, thresholds, out, queue, .. } = self;
        out.fill(false);
        let moved = gates.update(plant, supply, world, time);
        for unit in moved.out {
            out[unit] = true;
        }
        for unit in moved.without_power {
            thresholds.gave_way(plant, unit, false, "racks without power", None, time);
        }
        queue
            .retain(|(_, c)| !matches!(c, Command::Start(gate) if moved.stopped.binary_search(gate).is_ok()));
        for (at, command) in moved.commands {
            let place = queue.partition_point(|(t, _)| *t <= at);
            if command != Command::Settled || place == 0 || queue[place - 1] != (at, Command::Settled) {
                queue.insert(place, (at, command));
            }
        }
    }

    pub fn record(self, plant: &Plant, racks: &[Racks]) -> Record {
        let of_racks: Vec<OfRacks> = (self.limits.0.into_iter().zip(racks))
            .flat_map(|(limits, racks)| limits.into_iter().map(|l| OfRacks::new(plant, &racks.class, l)))
            // Servers that did not shut down are no limit that was missed.
            .filter(|limit| !limit.shuts || limit.at.iter().any(|at| at.is_finite()))
            .collect();
        self.thresholds.finish(self.happened, of_racks)
    }
}

/// The gates of everything beside a gate's unit that computes or cools it: a server stops as a whole.
fn servers_beside(plant: &Plant, gate: usize) -> impl Iterator<Item = usize> {
    let unit = plant.faults.gates[gate].unit;
    let group = plant.units[unit].group;
    let server = move |other: &plant::faults::Gate| {
        let class = plant::faults::class(plant.units[other.unit].kind.declaration());
        let beside = other.unit == unit || group.is_some() && plant.units[other.unit].group == group;
        other.actuator.is_none() && beside && class != Some(Class::Passing)
    };
    plant.faults.gates.iter().enumerate().filter(move |(_, other)| server(other)).map(|(k, _)| k)
}

fn protections(plant: &Plant, network: &Network) -> Vec<Protection> {
    let gates = plant.faults.gates.iter().enumerate().filter(|(_, g)| g.actuator.is_none());
    let computing = gates.filter(|(_, g)| {
        plant::faults::class(plant.units[g.unit].kind.declaration()) == Some(Class::Computing)
    });
    let of = |(gate, g): (usize, &plant::faults::Gate)| {
        let with: Vec<usize> = servers_beside(plant, gate).collect();
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
