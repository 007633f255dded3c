//! Gates while a run goes on: one for each of the plant's, and one for each rack where racks are carried apart.

use super::supply::Supply;
use super::{Command, World};
use crate::blocks::Racks;
use plant::faults::{Class, Times, compresses};
use plant::network::{GatePoint, Network};
use plant::plant::Plant;
use scenario::case::GivenTimes;
use std::ops::Range;

/// A machine has come up after so many of its time constants.
const COME_UP: f64 = 5.0;

/// A gate.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    /// Which of the plant's.
    pub of: usize,
    /// The class and rack that it is in.
    pub member: Option<(usize, usize)>,
    /// How it stops and starts unless an event says otherwise.
    pub own: Times,
    /// As the trip says that lasts longest.
    pub trip_times: Times,
    /// By what keeps it from working, or did last.
    pub times: Times,
    /// Until when events or its own protection trip it [s]; minus infinity where none does.
    pub tripped_until: f64,
    /// Whether it may work: supplied and, but for what computes, not tripped.
    pub free: bool,
    /// Whether it is told to work.
    pub working: bool,
    /// Until when it runs up [s].
    pub running_up: f64,
}

impl Gate {
    /// Whether an event or its own protection trips it.
    fn tripped(&self) -> bool {
        self.tripped_until > f64::NEG_INFINITY
    }
}

/// All gates, those of one of the plant's side by side, rack by rack.
#[derive(Debug, Clone)]
pub(super) struct Gates {
    pub gates: Vec<Gate>,
    /// Where those of each of the plant's are.
    of: Vec<Range<usize>>,
    /// What each of the plant's moves: of the core, or of every rack.
    points: Vec<Vec<GatePoint>>,
}

/// What follows when gates were put where they belong.
#[derive(Debug, Default)]
pub(super) struct Moved {
    pub out: Vec<usize>,
    pub without_power: Vec<usize>,
    /// Gates that will not start, ascending.
    pub stopped: Vec<usize>,
    pub commands: Vec<(f64, Command)>,
}

impl Gates {
    pub fn new(plant: &Plant, network: &Network, racks: &[Racks]) -> Self {
        let mut all = Gates { gates: Vec::new(), of: Vec::new(), points: Vec::new() };
        for (of, gate) in plant.faults.gates.iter().enumerate() {
            let group = plant.units[gate.unit].group;
            let class = racks.iter().position(|racks| Some(racks.class.group()) == group);
            let known = class.map_or(network.gates(), |class| racks[class].class.gates());
            let same = |point: &&GatePoint| (point.unit, point.actuator) == (gate.unit, gate.actuator);
            all.points.push(known.iter().filter(same).cloned().collect());
            let first = all.gates.len();
            let count = class.map_or(1, |class| racks[class].class.members().len());
            all.gates.extend((0..count).map(|member| Gate {
                of,
                member: class.map(|class| (class, member)),
                own: gate.times,
                trip_times: gate.times,
                times: gate.times,
                tripped_until: f64::NEG_INFINITY,
                free: true,
                working: true,
                running_up: 0.0,
            }));
            all.of.push(first..all.gates.len());
        }
        all
    }

    /// Those of one of the plant's: all, or that of a member.
    fn range(&self, gate: usize, member: Option<usize>) -> Range<usize> {
        let all = self.of[gate].clone();
        match member {
            Some(member) if all.len() > 1 => all.start + member..all.start + member + 1,
            _ => all,
        }
    }

    /// Whether it is told to work, in all racks or in one.
    pub fn works(&self, gate: usize, member: Option<usize>) -> bool {
        self.gates[self.range(gate, member)].iter().all(|gate| gate.working)
    }

    /// Whether it has tripped, in all racks or in one.
    pub fn tripped(&self, gate: usize, member: Option<usize>) -> bool {
        self.gates[self.range(gate, member)].iter().all(Gate::tripped)
    }

    /// Trips one of the plant's, in all racks or in one; what trips it for longer already still does.
    pub fn trip(&mut self, gate: usize, member: Option<usize>, until: f64, given: GivenTimes) {
        let range = self.range(gate, member);
        for gate in self.gates[range].iter_mut().filter(|gate| until >= gate.tripped_until) {
            gate.tripped_until = until;
            gate.trip_times = given.or(gate.own);
        }
    }

    /// Restores one of the plant's, in all racks or in one, whatever tripped it.
    pub fn restore(&mut self, gate: usize, member: Option<usize>) {
        let range = self.range(gate, member);
        self.gates[range].iter_mut().for_each(|gate| gate.tripped_until = f64::NEG_INFINITY);
    }

    /// Restores those whose trips all end by now.
    pub fn end(&mut self, now: f64) {
        for gate in &mut self.gates {
            if gate.tripped_until <= now {
                gate.tripped_until = f64::NEG_INFINITY;
            }
        }
    }

    /// The wait is over.
    pub fn start(&mut self, gate: usize) {
        let gate = &mut self.gates[gate];
        gate.working |= gate.free;
    }

    /// Units that have tripped as a whole, in all racks.
    pub fn tripped_units(&self, plant: &Plant) -> Vec<usize> {
        let gates = plant.faults.gates.iter().enumerate();
        let whole = gates.filter(|(k, g)| g.actuator.is_none() && self.tripped(*k, None));
        whole.map(|(_, g)| g.unit).collect()
    }

    /// Puts every gate where it belongs now.
    pub fn update(&mut self, plant: &Plant, supply: &Supply, world: &mut World, time: f64) -> Moved {
        let mut moved = Moved::default();
        let Gates { gates, points, .. } = self;
        for (k, gate) in gates.iter_mut().enumerate() {
            let (unit, member) = (plant.faults.gates[gate.of].unit, gate.member);
            let points = &points[gate.of];
            let Some(first) = points.first() else { continue };
            let (live, tripped) = (supply.fed(unit), gate.tripped());
            match first.class {
                Some(Class::Passing) => {
                    let works = supply.gives(unit) && !tripped;
                    for point in points {
                        world.switch(member, point.fed, live && !tripped);
                        world.switch(member, point.alive, works);
                        world.switch(member, point.island, works && !live && point.island.is_some());
                    }
                    gate.working = works;
                }
                Some(Class::Computing) => {
                    let works = live && !tripped;
                    points.iter().for_each(|point| world.switch(member, point.alive, works));
                    // Whether they compute or have shut down.
                    if gate.free && !live && !moved.without_power.contains(&unit) {
                        moved.without_power.push(unit);
                    }
                    (gate.free, gate.working) = (live, works);
                }
                Some(Class::Machine) => {
                    points.iter().for_each(|point| world.switch(member, point.fed, live && !tripped));
                    if tripped {
                        gate.times = gate.trip_times;
                    } else if !live {
                        let compresses = compresses(plant.units[unit].kind.declaration());
                        let restart = supply.chiller_restart.filter(|_| compresses && !supply.grid);
                        gate.times = GivenTimes { restart_delay: restart, ..Default::default() }.or(gate.own);
                    }
                    machine(k, gate, points, world, live && !tripped, time, &mut moved);
                }
                None if tripped => {
                    gate.times = gate.trip_times;
                    machine(k, gate, points, world, false, time, &mut moved);
                }
                None => machine(k, gate, points, world, true, time, &mut moved),
            }
            if (!gate.working || gate.running_up > time) && moved.out.last() != Some(&unit) {
                moved.out.push(unit);
            }
        }
        moved
    }
}

fn machine(
    k: usize,
    gate: &mut Gate,
    points: &[GatePoint],
    world: &mut World,
    free: bool,
    time: f64,
    moved: &mut Moved,
) {
    let times = gate.times;
    let stood = !gate.working;
    let was = std::mem::replace(&mut gate.free, free);
    if !free {
        gate.working = false;
        moved.stopped.push(k);
    } else if !was {
        if times.restart_delay > 0.0 {
            moved.commands.push((time + times.restart_delay, Command::Start(k)));
        } else {
            gate.working = true;
        }
    }
    let working = gate.working;
    if stood && working {
        gate.running_up = time + COME_UP * times.run_up;
        moved.commands.push((gate.running_up, Command::Settled));
    }
    for point in points {
        world.switch(gate.member, point.target, working);
        world.switch(gate.member, point.moving, working);
        if let Some(rate) = point.rate {
            world.set(gate.member, rate, 1.0 / if working { times.run_up } else { times.run_down });
        }
    }
}
