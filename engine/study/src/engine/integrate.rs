//! Steps of a plant that is carried as one network: accepted steps, the instants at which discrete logic moves within
//! them, and what is seen and counted after each.

use super::Engine;
use crate::run::{Integrator, Observer, Stopped, Unobserved};
use plant::network::Network;
use solver::Failure;

/// A flow below this has reversed [kg/s].
pub(super) const BACKWARDS: f64 = -1e-9;
/// Discrete logic is landed to this [s].
pub(super) const EVENT_TOLERANCE: f64 = 1e-3;
/// Most steps between two changes of what a run is given (a load, the weather, a sample, an event): three times what switches take that
/// move every second of a day.
pub(crate) const STEPS_MOST: u64 = 1_000_000;
/// Nothing of what a datacenter is built of is solid at this temperature [K]: no model means anything beyond it.
const MELTED: f64 = 5000.0;

impl Engine<'_> {
    /// Integrates to `target`, with checks and discrete logic after every accepted step.
    pub(super) fn integrate(&mut self, target: f64) -> Result<(), Stopped> {
        self.integrate_under(target, &mut Unobserved)
    }

    /// As [`integrate`](Self::integrate), under an observer that may give up before the steps have become too many.
    pub(super) fn integrate_under(
        &mut self,
        target: f64,
        observer: &mut dyn Observer,
    ) -> Result<(), Stopped> {
        let (mut steps, mut from) = (0, self.time);
        while self.time < target {
            if observer.gives_up() {
                return Err(Stopped::Cancelled { time: self.time });
            }
            if steps == STEPS_MOST {
                let (time, step) = (self.time, self.time - from);
                return Err(self.stopped(&Failure::TooManySteps { time, steps, step, until: target }));
            }
            steps += 1;
            from = self.time;
            self.before.copy_from_slice(&self.y);
            let advanced = if let Some(implicit) = &mut self.implicit {
                implicit.advance(&mut self.dynamics, &mut self.time, &mut self.y, target)
            } else if self.options.integrator == Integrator::Dopri5 {
                self.explicit_step(target)
            } else {
                let (time, y) = (&mut self.time, &mut self.y);
                self.stepper.advance(&mut self.dynamics, time, y, target, &mut |_| solver::Control::Stop)
            };
            if let Err(failure) = advanced {
                return Err(self.stopped(&failure));
            }
            self.evaluate_end(target)?;
            let end = self.time;
            let moves = self.would_move(end);
            if moves {
                self.land(from)?;
            }
            self.watch(from, end)?;
            self.accepted(from)?;
            if moves {
                let slots = self.dynamics.network.values().to_vec();
                self.switches.apply(&mut self.dynamics.network, &slots, self.time);
                self.fail_at_once();
                self.note_jump();
            }
            self.evaluated = !moves;
        }
        Ok(())
    }

    /// Evaluates at the end of a step; where another one starts there, with the derivatives that it needs.
    fn evaluate_end(&mut self, target: f64) -> Result<(), Stopped> {
        let rosenbrock = self.implicit.is_none() && self.options.integrator != Integrator::Dopri5;
        if !rosenbrock || self.time >= target {
            self.evaluate();
            return Ok(());
        }
        let Engine { stepper, dynamics, time, y, rates, .. } = self;
        let linearized = stepper.linearize(dynamics, *time, y, rates);
        linearized.map_err(|malformed| self.stopped(&Failure::Malformed(malformed)))
    }

    /// Locates the limits that were reached in a step from `from`, whose attempt ended at `end`.
    fn watch(&mut self, from: f64, end: f64) -> Result<(), Stopped> {
        let reached = self.events.thresholds.reached(self.dynamics.network.values());
        if reached.is_empty() {
            return Ok(());
        }
        let mut trial = self.y.clone();
        let mut thresholds = self.events.thresholds.clone();
        let time = self.time;
        for watch in reached {
            let mut failed = None;
            thresholds.locate(watch, (from, time), &mut |at| {
                failed = failed.take().or(self.interpolate(from, end, at, &mut trial).err());
                self.dynamics.network.rates(at, &trial, &mut self.rates);
                self.dynamics.network.values().to_vec()
            });
            failed.map_or(Ok(()), Err)?;
        }
        self.events.thresholds = thresholds;
        self.evaluate();
        Ok(())
    }

    /// Moves back to the first instant at which a switch wants to move.
    fn land(&mut self, from: f64) -> Result<(), Stopped> {
        if self.options.integrator == Integrator::Dopri5 {
            return Ok(()); // the explicit check lands on the end of its segment
        }
        let end = self.time;
        let (mut low, mut high) = (from, end);
        let mut trial = self.y.clone();
        while high - low > EVENT_TOLERANCE {
            let middle = 0.5 * (low + high);
            self.interpolate(from, end, middle, &mut trial)?;
            self.dynamics.network.rates(middle, &trial, &mut self.rates);
            if self.would_move(middle) {
                high = middle;
            } else {
                low = middle;
            }
        }
        if high < end {
            self.interpolate(from, end, high, &mut trial)?;
            self.y.copy_from_slice(&trial);
            self.time = high;
        }
        self.evaluate();
        Ok(())
    }

    fn interpolate(&self, from: f64, end: f64, at: f64, y: &mut [f64]) -> Result<(), Stopped> {
        if let Some(implicit) = &self.implicit {
            implicit.at((from, &self.before), end, at, y);
            return Ok(());
        }
        let step = self.stepper.attempted(from, end - from, &self.before);
        step.map(|step| step.at(at, y)).map_err(|error| Stopped::Integration {
            time: from,
            component: String::new(),
            reason: error.to_string(),
        })
    }

    fn explicit_step(&mut self, target: f64) -> Result<(), Failure> {
        let statistics = solver::dopri5::advance_scaled(
            &mut self.dynamics,
            &mut self.time,
            &mut self.y,
            target,
            self.options.tolerance,
            &self.explicit_scales,
        )?;
        self.explicit += statistics.evaluations;
        self.explicit_steps += statistics.steps;
        Ok(())
    }

    /// Checks and accounts of the time since `from`, with what was last evaluated.
    pub(super) fn accepted(&mut self, from: f64) -> Result<(), Stopped> {
        let network = &self.dynamics.network;
        if let Some(passage) = reversed(network) {
            return Err(Stopped::Reversed { time: self.time, passage });
        }
        if let Some((row, kelvin)) = impossible(network, &self.y) {
            return Err(self.run_away(row, kelvin));
        }
        self.notes.check(network, self.events.out(), from, self.time);
        let held_back = self.switches.held_back(network.values(), self.time);
        self.notes.check_chatter(held_back, from, self.time);
        self.accounts.step(network, &self.rates, from, self.time);
        self.limits.see(network.values(), std::iter::empty(), from, self.time);
        Ok(())
    }
}

/// A state at a temperature that nothing has, and that [K].
pub(super) fn impossible(network: &Network, y: &[f64]) -> Option<(usize, f64)> {
    network.temperatures(y).find(|(_, kelvin)| !(0.0..MELTED).contains(kelvin))
}

/// A passage whose flow is negative.
pub(super) fn reversed(network: &Network) -> Option<String> {
    let slots = network.values();
    let found = network.flows().iter().find(|(slot, _)| slots[*slot as usize] < BACKWARDS);
    found.map(|(_, passage)| passage.clone())
}
