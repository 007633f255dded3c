//! Racks that are carried apart: the engine's part for `fidelity: Rack` and `Chip`.
//!
//! The core is integrated together with the racks by the solver's block stepper. Discrete logic acts between
//! accepted steps as for a whole network; where a switch of any rack wants to move, the last step is taken back and
//! repeated in shorter ones until the instant is known to a millisecond.

use crate::blocks::Racks;
use crate::dynamics::Dynamics;
use crate::members::Members;
use crate::run::Statistics;
use crate::state::{Archive, State, Unfit};
use crate::trajectory::Kept;
use plant::network::{Network, PartedNetwork, RackClass};
use plant::plant::Plant;
use real::{Lanes, Real};
use solver::blocks::{BlockStepper, Lane, Reached, WIDTH};
use solver::{Malformed, Memory, Method};

/// The racks of a run, and what integrates them with their core.
pub(crate) struct Hall {
    pub racks: Vec<Racks>,
    pub stepper: BlockStepper<Racks>,
    pub members: Members,
}

impl Hall {
    /// The core as the solver sees it, and the racks on it.
    pub fn new(
        plant: &Plant,
        network: PartedNetwork,
        tolerance: f64,
        method: Method,
        threads: usize,
    ) -> Result<(Dynamics, Hall), Malformed> {
        let (core, racks) = crate::blocks::blocks(network, tolerance)?;
        let stepper = BlockStepper::new(&core, &racks, method, threads)?;
        let members = Members::new(plant, &racks);
        Ok((core, Hall { racks, stepper, members }))
    }

    /// Deals the states of the lumped network to every rack.
    pub fn deal(&mut self, names: &[String], y: &[f64]) {
        for (k, racks) in self.racks.iter().enumerate() {
            let dealt: Vec<Lane> = racks.class.deal(names, y).into_iter().map(Lane::number).collect();
            self.stepper.set_states(k, |_, states| states.copy_from_slice(&dealt));
        }
    }

    /// Sets the workloads of a step; tells whether one jumped.
    pub fn force(&mut self, signal: impl Fn(usize) -> f64) -> bool {
        let mut jumped = false;
        for racks in &mut self.racks {
            for (slot, series) in racks.class.signals().to_vec() {
                let value = signal(series);
                let old = racks.class.outside(0, slot);
                jumped |= (value - old).abs() > 1e-9 * value.abs().max(old.abs()).max(1e-9);
                racks.class.broadcast(slot, value);
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
        let Hall { racks, stepper, members } = self;
        stepper.evaluate(core, racks, time, y, |reached| then(members, reached))
    }

    /// Makes the columns of the racks; core and racks are evaluated.
    pub fn record(&mut self, core: &mut Dynamics, time: f64, y: &[f64]) {
        let Hall { racks, stepper, members } = self;
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
        });
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
        let Hall { racks, stepper, members } = self;
        let mut found = Vec::new();
        stepper.observe(core, racks, time, y, |class, tile, work| {
            members.moving(racks, (class, tile, work), time, |class, switch, member| {
                found.push((class, switch, member));
            });
        });
        found
    }

    /// Sets the integrals of sampled controllers so that the first sample does not move.
    pub fn balance(&mut self, core: &mut Dynamics, time: f64, y: &[f64]) {
        let Hall { racks, stepper, members } = self;
        let mut seen = Vec::new();
        stepper.observe(core, racks, time, y, |class, tile, work| seen.push((class, tile, work.clone())));
        for (class, tile, work) in &seen {
            members.balance(racks, &core.network, (*class, *tile, work));
        }
    }

    /// Samples the controllers of members that are due; tells whether a position moved.
    pub fn sample(&mut self, core: &mut Dynamics, time: f64, y: &[f64], elapsed: f64) -> bool {
        let Hall { racks, stepper, members } = self;
        let mut seen = Vec::new();
        stepper.observe(core, racks, time, y, |class, tile, work| seen.push((class, tile, work.clone())));
        let mut commands = Vec::new();
        for (class, tile, work) in &seen {
            let tile = (*class, *tile, work);
            members.sample(racks, &core.network, tile, elapsed, |class, member, slot, position| {
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

impl State for Hall {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        let Hall { racks, stepper, members } = self;
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
        archive.part("racks", members)
    }
}
