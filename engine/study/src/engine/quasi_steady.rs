//! Steps of the outside world that are taken whole: what is fast stands where it comes to rest, what is slow advances
//! by one L-stable step.
//!
//! Every state is advanced by implicit Euler over the whole step, with the outside world of the step's end. A state of
//! time constant τ is then all but h/τ-fold nearer to its fixed point; what is faster than a quarter of the step has no
//! memory worth speaking of, a tank or the mass of a room keeps its own. Nothing is classed by its speed, and the heat
//! that a fast state takes up on its way is in the account: meters are states of the same step, so that energy and
//! water close to round-off.
//!
//! Switches settle within the step: where one wants to move at the end, it moves and the step is taken again. One that
//! would have to move back (chips that throttle again and again), or equations that do not come to rest, are followed
//! dynamically over this step, and a note counts them.

use super::Engine;
use crate::discrete::Switches;
use crate::dynamics::Dynamics;
use crate::run::{Observer, Stopped};
use crate::state::state;
use solver::implicit::{Newton, Solved};

/// Error left in a step, as a share of the error that a step of the integrator may make.
const ACCURACY: f64 = 0.5;
/// How far a state may move in a step that is believed, in its scale (30 K for liquids and chips, a whole stroke for
/// an actuator): leakage that grows with temperature gives a chip a second fixed point, far too hot.
const REACH: f64 = 1.25;
/// How far a state may move in one correction, in its scale.
const LONGEST: f64 = 0.5;
/// Parts of a step that are tried before it is followed dynamically.
const PARTS: f64 = 8.0;
/// Rounds in which switches may settle.
const ROUNDS: usize = 8;

/// What quasi-steady steps need.
#[derive(Debug)]
pub(super) struct QuasiSteady {
    pub newton: Newton,
    /// Steps that were followed dynamically.
    pub followed: u64,
    /// Switches at the start of a step.
    switches: Switches,
}

state!(QuasiSteady { newton, followed } fixed { switches });

impl QuasiSteady {
    pub fn new(system: &Dynamics, constraints: &[u32], tolerance: f64) -> Result<Self, solver::Malformed> {
        let mut newton = Newton::new(system, constraints, ACCURACY)?;
        newton.reach = REACH / tolerance;
        newton.longest = LONGEST / tolerance;
        Ok(QuasiSteady { newton, followed: 0, switches: Switches::new(&system.network) })
    }
}

impl Engine<'_> {
    /// One step to `until`; where that does not come to rest parts of it, and the least parts dynamically.
    pub(super) async fn quasi_steady_step(
        &mut self,
        until: f64,
        observer: &mut dyn Observer,
    ) -> Result<(), Stopped> {
        let least = (until - self.time) / PARTS;
        let mut part = until - self.time;
        while self.time < until {
            let from = self.time;
            let to = if until - from < 1.5 * part { until } else { from + part };
            self.before.copy_from_slice(&self.y);
            if let Some(quasi_steady) = &mut self.quasi_steady {
                quasi_steady.switches.copy_from(&self.switches);
            }
            if self.rest(to).await {
                self.notes.follow(false, from, to);
                self.time = to;
                self.accepted(from)?;
                continue;
            }
            if let Some(quasi_steady) = &self.quasi_steady {
                self.switches.copy_from(&quasi_steady.switches);
            }
            self.switches.restore(&mut self.dynamics.network);
            self.y.copy_from_slice(&self.before);
            if part > least {
                part *= 0.5;
                continue;
            }
            self.notes.follow(true, from, to);
            if let Some(quasi_steady) = &mut self.quasi_steady {
                quasi_steady.followed += 1;
            }
            self.note_jump();
            self.integrate_under(to, observer)?;
            self.evaluated = false;
        }
        Ok(())
    }

    /// Solves the step and lets the switches settle; tells whether everything came to rest.
    async fn rest(&mut self, until: f64) -> bool {
        let Some(quasi_steady) = &mut self.quasi_steady else { return false };
        let h = until - self.time;
        for _ in 0..ROUNDS {
            let newton = &mut quasi_steady.newton;
            let (dynamics, before, y) = (&mut self.dynamics, &self.before, &mut self.y);
            let solved = match &mut self.seat {
                Some(seat) => newton.step_by(seat, dynamics, until, h, before, y).await,
                None => newton.step(dynamics, until, h, before, y),
            };
            if solved != Solved::Converged {
                return false;
            }
            self.rates.copy_from_slice(newton.rates());
            let slots = self.dynamics.network.values();
            if self.switches.regret(slots, until) {
                return false;
            }
            if !self.switches.would_move(slots, until) {
                return true;
            }
            let slots = slots.to_vec();
            self.switches.apply(&mut self.dynamics.network, &slots, until);
        }
        false
    }
}
