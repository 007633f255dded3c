//! Steps of a plant whose racks are carried apart from the core they hang on.

use super::Engine;
use super::integrate::{BACKWARDS, EVENT_TOLERANCE, impossible, reversed};
use crate::account::Accounts;
use crate::blocks::Racks;
use crate::dynamics::Dynamics;
use crate::events::Events;
use crate::hall::Hall;
use crate::limits::Limits;
use crate::members::Members;
use crate::notes::Notes;
use crate::run::{Observer, Stopped};
use plant::network::Network;
use plant::plant::Plant;
use solver::blocks::{Reached, Verdict};

impl Engine<'_> {
    /// As [`Engine::integrate_under`], where racks are carried apart.
    pub(super) fn integrate_hall(&mut self, target: f64, observer: &mut dyn Observer) -> Result<(), Stopped> {
        // While the instant of a move is sought: a time by which it has come.
        let mut latest: Option<f64> = None;
        while self.time < target {
            latest = latest.filter(|&latest| latest > self.time);
            let until = match latest {
                Some(latest) if latest - self.time <= EVENT_TOLERANCE => latest,
                Some(latest) => 0.5 * (self.time + latest),
                None => target,
            };
            let plant = self.plant;
            let Engine { dynamics, hall, time, y, switches, events, notes, accounts, limits, .. } = self;
            let Some(Hall { racks, stepper, members, .. }) = hall else { return Ok(()) };
            let mut halt: Option<Halt> = None;
            let mut after = |core: &mut Dynamics, reached: Reached| {
                let network = &core.network;
                let slots = network.values();
                let moves = switches.would_move(slots, reached.time) || members.may_move(racks, &reached);
                let crosses = !events.thresholds.reached(slots).is_empty() || members.beyond(racks, &reached);
                if moves || crosses || events.would_move(slots) {
                    halt = Some(Halt::MayMove { from: reached.from });
                } else if let Some(passage) = reversed(network).or_else(|| reversed_in(racks, &reached)) {
                    halt = Some(Halt::Reversed { passage });
                } else if let Some((row, kelvin)) = impossible(network, reached.y) {
                    halt = Some(Halt::RunsAway { row, kelvin });
                } else {
                    see(plant, network, members, &reached, events, (notes, accounts, limits));
                    if !observer.gives_up() {
                        return Verdict::Continue;
                    }
                    halt = Some(Halt::GivenUp);
                }
                Verdict::Stop
            };
            if let Err(failure) = stepper.advance(dynamics, racks, time, y, until, &mut after) {
                return Err(self.stopped(&failure));
            }
            match halt {
                None => {}
                Some(Halt::GivenUp) => return Err(Stopped::Cancelled { time: self.time }),
                Some(Halt::Reversed { passage }) => {
                    return Err(Stopped::Reversed { time: self.time, passage });
                }
                Some(Halt::RunsAway { row, kelvin }) => return Err(self.run_away(row, kelvin)),
                Some(Halt::MayMove { from }) => {
                    let reached = self.time;
                    latest = (!self.move_or_go_back(from)).then_some(reached);
                }
            }
        }
        Ok(())
    }

    /// Where a switch may move at the end of a step: moves what does, or goes back to the start of the step if that
    /// is too far away for this to be the instant. Tells whether the step stands; limits are then located in it.
    fn move_or_go_back(&mut self, from: f64) -> bool {
        let shut = self.shut();
        let plant = self.plant;
        let Engine { dynamics, hall, time, y, switches, events, notes, accounts, limits, .. } = self;
        let Some(hall) = hall else { return true };
        let racks = hall.moving(dynamics, *time, y);
        let slots = dynamics.network.values();
        let (core, fails) = (switches.would_move(slots, *time), events.would_move(slots) || !shut.is_empty());
        let moves = core || fails || !racks.is_empty();
        if moves && *time - from > EVENT_TOLERANCE && hall.stepper.back(time, y) {
            return false;
        }
        hall.locate(dynamics, events, *time, y);
        let lists = hall.evaluate(dynamics, *time, y, |_, reached| {
            (reached.rates.to_vec(), reached.low.to_vec(), reached.high.to_vec())
        });
        let (rates, low, high) = &lists;
        let reached = Reached { from, time: *time, y, rates, low, high };
        see(plant, &dynamics.network, &hall.members, &reached, events, (notes, accounts, limits));
        let slots = dynamics.network.values().to_vec();
        if core {
            switches.apply(&mut dynamics.network, &slots, *time);
        }
        for moved in racks {
            hall.members.flip(&mut hall.racks, moved, *time);
        }
        events.arm(&mut hall.racks);
        if fails {
            let time = self.time;
            self.in_world(|events, world| events.fail(plant, world, &slots, &shut, time));
        }
        if moves {
            self.fail_at_once();
            self.note_jump();
        }
        true
    }
}

/// Why the racks were not advanced further.
enum Halt {
    /// A switch stands against its rule, or a limit is reached, at the end of a step that began then.
    MayMove { from: f64 },
    /// A flow reversed.
    Reversed { passage: String },
    /// A state stands at a temperature that nothing has [K].
    RunsAway { row: usize, kelvin: f64 },
    /// The observer gives up.
    GivenUp,
}

/// The checks of an accepted step.
fn see(
    plant: &Plant,
    core: &Network,
    members: &Members,
    reached: &Reached,
    events: &Events,
    (notes, accounts, limits): (&mut Notes, &mut Accounts, &mut Limits),
) {
    let out = events.out();
    notes.check(core, out, reached.from, reached.time);
    notes.check_racks(core, members, reached, out, &|unit, member| events.stands(plant, unit, member));
    accounts.junctions(members.junctions(reached));
    accounts.step(core, reached.rates, reached.from, reached.time);
    limits.see(core.values(), members.hottest(reached), reached.from, reached.time);
}

/// A passage of a rack whose flow is negative.
fn reversed_in(racks: &[Racks], reached: &Reached) -> Option<String> {
    racks.iter().zip(reached.low).find_map(|(racks, low)| {
        let found = racks.class.flows().iter().find(|flow| low[flow.watch] < BACKWARDS);
        found.map(|flow| flow.name.clone())
    })
}
