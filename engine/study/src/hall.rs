//! Racks that are carried apart: the engine's part for `fidelity: Rack` and `Chip`.
//!
//! The core is integrated together with the racks by the solver's block stepper. Discrete logic acts between
//! accepted steps as for a whole network; where a switch of any rack wants to move, the last step is taken back and
//! repeated in shorter ones until the instant is known to a millisecond.

use crate::blocks::Racks;
use crate::dynamics::Dynamics;
use crate::events::{Events, LOCATED, Lookout, Place, limits};
use crate::inside::Inside;
use crate::members::Members;
use crate::run::Statistics;
use crate::state::{Archive, State, Unfit};
use crate::trajectory::Kept;
use plant::network::{Network, PartedNetwork, RackClass, TileWork};
use plant::plant::Plant;
use real::{Lanes, Real};
use scenario::case::Detail;
use solver::blocks::{BlockStepper, Core, Lane, LastStep, Precision, Reached, WIDTH};
use solver::{Malformed, Memory, Method};
use std::collections::BTreeMap;

/// The racks of a run, and what integrates them with their core.
pub(crate) struct Hall {
    pub racks: Vec<Racks>,
    pub stepper: BlockStepper<Racks>,
    pub members: Members,
    pub inside: Inside,
}

impl Hall {
    /// The core as the solver sees it, and the racks on it; `watched` where events ask when limits are
    /// reached, and the racks of which every temperature is recorded.
    pub fn new(
        plant: &Plant,
        network: PartedNetwork,
        tolerance: f64,
        method: Method,
        (threads, precision): (usize, Precision),
        (watched, details): (bool, &[Detail]),
    ) -> Result<(Dynamics, Hall), Malformed> {
        let (core, mut racks) = crate::blocks::blocks(network, tolerance)?;
        for racks in racks.iter_mut().filter(|_| watched) {
            racks.lookout = Lookout::new(&limits(plant, &racks.class), racks.class.tiles());
        }
        let mut stepper = BlockStepper::new(&core, &racks, method, threads, precision)?;
        stepper.options.steps_most = crate::engine::STEPS_MOST;
        let members = Members::new(plant, &racks);
        let inside = Inside::new(plant, &racks, details);
        Ok((core, Hall { racks, stepper, members, inside }))
    }

    /// Deals the states of the lumped network to every rack.
    pub fn deal(&mut self, names: &[String], y: &[f64]) {
        for (k, racks) in self.racks.iter().enumerate() {
            let dealt: Vec<Lane> = racks.class.deal(names, y).into_iter().map(Lane::number).collect();
            self.stepper.set_states(k, |_, states| states.copy_from_slice(&dealt));
        }
    }

    /// Sets the workloads of a step; tells whether one jumped. Some racks have one of their own: series, rack, value.
    pub fn force(&mut self, mut signal: impl FnMut(usize) -> f64, apart: &[(usize, usize, f64)]) -> bool {
        let mut jumped = false;
        let jumps = |value: f64, old: f64| (value - old).abs() > 1e-9 * value.abs().max(old.abs()).max(1e-9);
        for racks in &mut self.racks {
            for (slot, series) in racks.class.signals().to_vec() {
                let value = signal(series);
                let mut own = apart.iter().filter(|own| own.0 == series).peekable();
                if own.peek().is_none() {
                    jumped |= jumps(value, racks.class.outside(0, slot));
                    racks.class.broadcast(slot, value);
                    continue;
                }
                let own: BTreeMap<usize, f64> = own.map(|&(_, rack, value)| (rack, value)).collect();
                for member in 0..racks.class.members().len() {
                    let value = own.get(&member).copied().unwrap_or(value);
                    jumped |= jumps(value, racks.class.outside(member, slot));
                    racks.class.set_outside(member, slot, value);
                }
            }
        }
        jumped
    }

    /// Evaluates core and racks.
    pub fn evaluate<T>(
        &mut self,
        core: &mut Dynamics,
        time: f64,
        y: &[f64],
        then: impl FnOnce(&mut Members, Reached) -> T,
    ) -> T {
        let Hall { racks, stepper, members, .. } = self;
        stepper.evaluate(core, racks, time, y, |reached| then(members, reached))
    }

    /// Makes the columns of the racks; core and racks are evaluated.
    pub fn record(&mut self, core: &mut Dynamics, time: f64, y: &[f64]) {
        let Hall { racks, stepper, members, inside } = self;
        inside.open(time);
        let mut means: Vec<f64> = vec![0.0; members.means()];
        let first = |k: usize| racks[..k].iter().map(|racks| racks.class.probes().len()).sum::<usize>();
        let firsts: Vec<usize> = (0..racks.len()).map(first).collect();
        stepper.observe(core, racks, time, y, |k, tile, work| {
            let class = &racks[k].class;
            let share = class.weights(tile) * Lane::number(1.0 / class.racks());
            for (mean, probe) in means[firsts[k]..].iter_mut().zip(class.probes()) {
                let values = class.probe(probe, work) * share;
                *mean = values.0.iter().fold(*mean, |sum, value| sum + value);
            }
            inside.see(k, tile, class, work);
        });
        inside.close();
        stepper.evaluate(core, racks, time, y, |reached| members.record(&reached, &means));
    }

    /// What all racks together store.
    pub fn kept(&self) -> Kept {
        let mut kept = Kept::default();
        for (k, racks) in self.racks.iter().enumerate() {
            let class = &racks.class;
            let sum = |stores: &[(u32, f64)], states: &[Lane], members: &Lane| -> f64 {
                let of = |lane: usize| {
                    stores
                        .iter()
                        .fold(0.0, |sum, &(state, factor)| sum + factor * states[state as usize].0[lane])
                };
                // A lane that stands for nobody counts nothing.
                (0..WIDTH).filter(|&lane| members.0[lane] > 0.0).map(|lane| of(lane) * members.0[lane]).sum()
            };
            let (mut energy, mut water) =
                (crate::account::Total::default(), crate::account::Total::default());
            self.stepper.each_tile(k, |tile, states| {
                let members = class.weights(tile);
                energy.add(sum(class.stored_energy(), states, &members));
                water.add(sum(class.stored_water(), states, &members));
            });
            kept.energy += energy.value();
            kept.water += water.value();
        }
        kept
    }

    /// Every switch of a member that moves now: class, switch, member.
    pub fn moving(&mut self, core: &mut Dynamics, time: f64, y: &[f64]) -> Vec<(usize, usize, usize)> {
        let Hall { racks, stepper, members, .. } = self;
        let mut found = Vec::new();
        stepper.observe(core, racks, time, y, |class, tile, work| {
            members.moving(racks, (class, tile, work), time, |class, switch, member| {
                found.push((class, switch, member));
            });
        });
        found
    }

    /// Every limit of a member that is exceeded: class, limit, member; only those that are looked out for, or all.
    pub fn beyond(&mut self, core: &mut Dynamics, time: f64, y: &[f64], all: bool) -> Vec<Place> {
        let Hall { racks, stepper, .. } = self;
        let mut found = Vec::new();
        stepper.observe(core, racks, time, y, |class, tile, work| {
            beyond(&racks[class], tile, work, all, |limit, member| found.push((class, limit, member)));
        });
        found
    }

    /// Finds when the limits of racks and of what they share were reached that were so in the step that ended at
    /// (`time`, `y`), by halving on the solution within.
    pub fn locate(&mut self, core: &mut Dynamics, events: &mut Events, time: f64, y: &[f64]) {
        let reached = self.beyond(core, time, y, false);
        let reached: Vec<Place> = reached.into_iter().filter(|&place| !events.limits.shuts(place)).collect();
        self.evaluate(core, time, y, |_, _| ());
        let shared = events.thresholds.reached(core.network.values());
        if reached.is_empty() && shared.is_empty() {
            return;
        }
        let Some(step) = self.stepper.last_step(core, &self.racks, time, y) else {
            reached.into_iter().for_each(|place| events.limits.reach(place, time));
            shared.into_iter().for_each(|watch| events.thresholds.reach(watch, time));
            return;
        };
        let mut within = Within { hall: self, step, core, y: y.to_vec() };
        for watch in shared {
            let slot = events.thresholds.slot(watch);
            events.thresholds.locate(watch, (within.step.from, time), &mut |at| within.values(at, slot));
        }
        // Tile by tile, each time once: equal members are found at the same times.
        for tile in reached.chunk_by(|a, b| (a.0, a.2 / WIDTH) == (b.0, b.2 / WIDTH)) {
            within.locate(tile, |place, at| events.limits.reach(place, at));
        }
        self.evaluate(core, time, y, |_, _| ());
    }

    /// Sets the integrals of sampled controllers so that the first sample does not move.
    pub fn balance(&mut self, core: &mut Dynamics, time: f64, y: &[f64]) {
        let Hall { racks, stepper, members, .. } = self;
        let mut seen = Vec::new();
        stepper.observe(core, racks, time, y, |class, tile, work| seen.push((class, tile, work.clone())));
        for (class, tile, work) in &seen {
            members.balance(racks, &core.network, (*class, *tile, work));
        }
    }

    /// Samples the controllers of members that are due and that nothing holds; tells whether a position moved.
    pub fn sample(
        &mut self,
        core: &mut Dynamics,
        (time, y): (f64, &[f64]),
        elapsed: f64,
        held: &dyn Fn(usize, usize, usize) -> bool,
    ) -> bool {
        let Hall { racks, stepper, members, .. } = self;
        let mut seen = Vec::new();
        stepper.observe(core, racks, time, y, |class, tile, work| seen.push((class, tile, work.clone())));
        let mut commands = Vec::new();
        for (class, tile, work) in &seen {
            let tile = (*class, *tile, work);
            members.sample(racks, &core.network, tile, elapsed, held, |class, member, slot, position| {
                commands.push((class, member, slot, position));
            });
        }
        for &(class, member, slot, position) in &commands {
            racks[class].class.set_outside(member, slot, position);
        }
        !commands.is_empty()
    }

    /// Work done, and the size of the whole.
    pub fn statistics(&self, core: &Network) -> Statistics {
        let all = |count: &dyn Fn(&RackClass) -> usize| -> u64 {
            let of = |racks: &Racks| (racks.class.members().len() * count(&racks.class)) as u64;
            self.racks.iter().map(of).sum()
        };
        let work = self.stepper.statistics;
        Statistics {
            states: core.states() as u64 + all(&RackClass::states),
            rows: core.rows() as u64 + all(&RackClass::rows),
            steps: work.steps,
            rejected: work.rejected,
            evaluations: work.evaluations,
            followed: 0,
        }
    }
}

/// The last step while something is sought in it.
struct Within<'a> {
    hall: &'a mut Hall,
    step: LastStep,
    core: &'a mut Dynamics,
    y: Vec<f64>,
}

impl Within<'_> {
    /// Evaluates what racks read at a time, for the racks of a class.
    fn lead(&mut self, at: f64, class: usize) -> Vec<f64> {
        self.step.core_at(at, &mut self.y);
        Core::lead(self.core, at, &self.y);
        let mut imports = vec![0.0; self.hall.racks[class].class.imports().len()];
        let mut slopes = imports.clone();
        Core::imports(self.core, class, &mut imports, &mut slopes);
        imports
    }

    /// The slots of the core at a time; those that wait for the racks only where that one does.
    fn values(&mut self, at: f64, slot: u32) -> Vec<f64> {
        self.step.core_at(at, &mut self.y);
        Core::lead(self.core, at, &self.y);
        if !self.core.network.leads(slot) {
            let mut exports = Vec::new();
            for class in 0..self.hall.racks.len() {
                let imports = self.lead(at, class);
                let of = &self.hall.racks[class];
                let mut sums = vec![0.0; of.class.exports().len()];
                for tile in 0..of.class.tiles() {
                    let weights = of.class.weights(tile);
                    let each = self.tile(class, tile, at, &imports).1;
                    for (sum, lanes) in sums.iter_mut().zip(&each) {
                        let weighted = *lanes * weights;
                        *sum = weighted.0.iter().fold(*sum, |sum, value| sum + value);
                    }
                }
                exports.push(sums);
            }
            let mut rates = vec![0.0; self.y.len()];
            Core::lead(self.core, at, &self.y);
            Core::rates(self.core, &exports, &mut rates);
        }
        self.core.network.values().to_vec()
    }

    /// A tile evaluated at a time, and what its members contribute.
    fn tile(&self, class: usize, tile: usize, at: f64, imports: &[f64]) -> (TileWork, Vec<Lane>) {
        let of = &self.hall.racks[class];
        let mut work = of.class.work();
        let mut exports = vec![Lane::number(0.0); of.class.exports().len()];
        let mut rates = vec![Lane::number(0.0); of.class.states()];
        let mut states = rates.clone();
        let ends = self.hall.stepper.tile_ends(&self.step, &self.hall.racks, class, tile, &mut work);
        if let Some(ends) = ends {
            self.step.tile_at(&ends, at, &mut states);
            of.class.rates(tile, &states, imports, &mut work, &mut rates, &mut exports);
        }
        (work, exports)
    }

    /// Halves for each of the limits of the members of one tile.
    fn locate(&mut self, tile: &[Place], mut found: impl FnMut(Place, f64)) {
        let Some(&(class, _, first)) = tile.first() else { return };
        let number = first / WIDTH;
        let mut known: BTreeMap<u64, Vec<Lane>> = BTreeMap::new();
        for &(_, limit, member) in tile {
            let (mut low, mut high) = (self.step.from, self.step.to);
            let mut beyond = |at: f64| {
                let excess = known.entry(at.to_bits()).or_insert_with(|| {
                    let imports = self.lead(at, class);
                    let (work, _) = self.tile(class, number, at, &imports);
                    let of = &self.hall.racks[class];
                    let watched = |watch: usize| of.class.watched(watch, &work);
                    (0..of.lookout.len()).map(|k| of.lookout.excess(k, watched)).collect()
                });
                excess[limit].0[member % WIDTH] > 0.0
            };
            while high - low > LOCATED {
                let middle = 0.5 * (low + high);
                if beyond(middle) {
                    high = middle;
                } else {
                    low = middle;
                }
            }
            found((class, limit, member), high);
        }
    }
}

/// The limits that members of the tile that was evaluated last exceed; only those looked out for, or all.
fn beyond(racks: &Racks, tile: usize, work: &TileWork, all: bool, mut each: impl FnMut(usize, usize)) {
    let mut margins = vec![Lane::number(f64::NEG_INFINITY); racks.lookout.len()];
    let watched = |watch: usize| racks.class.watched(watch, work);
    if all {
        (0..margins.len()).for_each(|k| margins[k] = racks.lookout.excess(k, watched));
    } else {
        racks.lookout.margins(tile, watched, &mut margins);
    }
    for (k, margin) in margins.iter().enumerate() {
        for member in tile * WIDTH..racks.class.members().len().min((tile + 1) * WIDTH) {
            if margin.0[member % WIDTH] > 0.0 {
                each(k, member);
            }
        }
    }
}

impl State for Hall {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        let Hall { racks, stepper, members, inside } = self;
        let mut memory: Memory = stepper.memory();
        memory.pass(archive)?;
        stepper.recall(memory);
        for (k, racks) in racks.iter_mut().enumerate() {
            let mut tiles: Vec<Vec<f64>> = Vec::new();
            stepper.each_tile(k, |_, states| tiles.push(states.iter().flat_map(|lane| lane.0).collect()));
            tiles.pass(archive)?;
            stepper.set_states(k, |tile, states| {
                for (state, values) in states.iter_mut().zip(tiles[tile].chunks_exact(WIDTH)) {
                    *state = Lanes(std::array::from_fn(|lane| values[lane]));
                }
            });
            let slots: Vec<u32> = racks.class.outside_slots().iter().map(|(slot, _)| *slot).collect();
            for slot in slots {
                for member in 0..racks.class.members().len() {
                    let mut value = racks.class.outside(member, slot);
                    value.pass(archive)?;
                    racks.class.set_outside(member, slot, value);
                }
            }
        }
        archive.part("racks", members)?;
        archive.part("temperatures within racks", inside)
    }
}
