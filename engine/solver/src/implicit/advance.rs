//! Implicit Euler with error control, for transients of systems with constraints.
//!
//! Each step is taken once whole and once in two halves; the difference of the ends estimates the error of the halves
//! (Richardson; E. Hairer, S. P. Nørsett, G. Wanner, *Solving Ordinary Differential Equations I*, 2nd ed. 1993,
//! section II.4, eq. 4.4 with p = 1), and the halves are kept. A state that stands for a constraint has no say in the
//! step: it jumps with the inputs.

use super::newton::{Newton, Solved};
use crate::failure::Failure;
use crate::norm::TileNorm;
use crate::system::{Malformed, System, same_length};

/// Newton's error within a step, as a share of the error allowed.
const ACCURACY: f64 = 0.05;
const SAFETY: f64 = 0.9;
const SHRINK_MOST: f64 = 0.2;
const GROW_MOST: f64 = 5.0;
const REDUCE: f64 = 0.25;
/// First step as a share of the span [1].
const FIRST: f64 = 1e-3;

/// Implicit Euler with step control by the maximum over tiles.
#[derive(Clone, Debug)]
pub struct ImplicitEuler {
    /// A step of at most this is kept whatever its error (default 0): for inputs and constraints that jump faster than
    /// anybody wants to know.
    pub step_least: f64,
    whole: Newton,
    halves: Newton,
    norm: TileNorm,
    /// Weights of the error; 0 where a state has no say.
    weights: Vec<f64>,
    constraints: Vec<u32>,
    step: Option<f64>,
    /// Accepted and rejected steps.
    pub steps: [u64; 2],
    once: Vec<f64>,
    middle: Vec<f64>,
    twice: Vec<f64>,
}

impl ImplicitEuler {
    /// Working space for `system`, whose pattern, weights' length and tiles must not change.
    ///
    /// # Errors
    /// A malformed system, or a constraint that is no state.
    pub fn new(system: &impl System, constraints: &[u32]) -> Result<ImplicitEuler, Malformed> {
        let n = system.states();
        same_length("tiles", system.tiles().len(), n)?;
        let newton = Newton::new(system, constraints, ACCURACY)?;
        Ok(ImplicitEuler {
            step_least: 0.0,
            whole: newton.clone(),
            halves: newton,
            norm: TileNorm::new(system.tiles()),
            weights: vec![0.0; n],
            constraints: constraints.to_vec(),
            step: None,
            steps: [0; 2],
            once: vec![0.0; n],
            middle: vec![0.0; n],
            twice: vec![0.0; n],
        })
    }

    /// Says that inputs jumped: nothing is remembered of the steps before.
    pub fn restart(&mut self) {
        self.step = None;
        self.whole.forget();
        self.halves.forget();
    }

    /// Evaluations done so far.
    #[must_use]
    pub fn evaluations(&self) -> u64 {
        self.whole.work.evaluations + self.halves.work.evaluations
    }

    /// All that is left of the steps before a [`restart`](Self::restart): accepted and rejected steps and evaluations.
    pub fn counts(&mut self) -> [&mut u64; 4] {
        let [accepted, rejected] = &mut self.steps;
        [accepted, rejected, &mut self.whole.work.evaluations, &mut self.halves.work.evaluations]
    }

    /// Takes one step from `t` towards `until`, and never beyond.
    ///
    /// # Errors
    /// See [`Failure`]; `t` and `y` are then as they were.
    pub fn advance(
        &mut self,
        system: &mut impl System,
        t: &mut f64,
        y: &mut [f64],
        until: f64,
    ) -> Result<(), Failure> {
        same_length("y", y.len(), self.once.len())?;
        if !(*t <= until && until.is_finite()) {
            return Err(Failure::Backwards { time: *t, until });
        }
        self.weights.copy_from_slice(system.weights());
        self.constraints.iter().for_each(|&row| self.weights[row as usize] = 0.0);
        let span = until - *t;
        let floor = 8.0 * f64::EPSILON * t.abs().max(until.abs());
        let mut wanted = self.step.unwrap_or(FIRST * span).max(floor);
        while *t < until {
            let rest = until - *t;
            let h = if rest <= wanted {
                rest
            } else if rest < 2.0 * wanted {
                0.5 * rest
            } else {
                wanted
            };
            let end = if h == rest { until } else { *t + h };
            let next = match self.attempt(system, *t, end, y) {
                Ok(error) if error <= 1.0 || (h <= self.step_least && error.is_finite()) => {
                    self.steps[0] += 1;
                    let next = h * (SAFETY / error.sqrt()).clamp(SHRINK_MOST, GROW_MOST);
                    let next = next.max(self.step_least);
                    // A step cut short to land must not shrink the one remembered.
                    self.step = Some(if h < wanted { next.max(wanted) } else { next });
                    *t = end;
                    y.copy_from_slice(&self.twice);
                    return Ok(());
                }
                Ok(error) if error.is_finite() => {
                    (h * (SAFETY / error.sqrt()).clamp(SHRINK_MOST, SAFETY)).max(self.step_least)
                }
                _ if h <= floor => {
                    return Err(Failure::NotConverged { time: *t, row: self.worst(y), step: h });
                }
                Ok(_) => REDUCE * h,
                Err(Solved::Singular { row }) if h < 4.0 * floor => {
                    return Err(Failure::Singular { time: *t, row, step: h });
                }
                Err(Solved::NotFinite { row }) if h < 4.0 * floor => {
                    return Err(Failure::NotFinite { time: *t, row, step: h });
                }
                Err(_) => REDUCE * h,
            };
            self.steps[1] += 1;
            wanted = next.max(floor);
        }
        Ok(())
    }

    /// Error of the step from `t` to `end` in units of the allowed one.
    fn attempt(&mut self, system: &mut impl System, t: f64, end: f64, y: &[f64]) -> Result<f64, Solved> {
        let half = 0.5 * (end - t);
        let converged = |solved| if solved == Solved::Converged { Ok(()) } else { Err(solved) };
        self.once.copy_from_slice(y);
        converged(self.whole.step(system, end, 2.0 * half, y, &mut self.once))?;
        for ((middle, &start), &end) in self.middle.iter_mut().zip(y).zip(&self.once) {
            *middle = 0.5 * (start + end);
        }
        converged(self.halves.step(system, t + half, half, y, &mut self.middle))?;
        self.twice.copy_from_slice(&self.once);
        converged(self.halves.step(system, end, half, &self.middle, &mut self.twice))?;
        for (once, &twice) in self.once.iter_mut().zip(&self.twice) {
            *once -= twice;
        }
        Ok(self.norm.of(&self.once, &self.weights).0)
    }

    fn worst(&self, y: &[f64]) -> usize {
        let moved = self.twice.iter().zip(y).zip(&self.weights).map(|((a, b), w)| ((a - b) * w).abs());
        let worst = moved.enumerate().fold(
            (0, 0.0),
            |worst, (row, size)| {
                if size > worst.1 { (row, size) } else { worst }
            },
        );
        worst.0
    }

    /// The states at `time` of the step last taken, from (`t`, `y`) to `end`: linear between its halves.
    pub fn at(&self, (t, y): (f64, &[f64]), end: f64, time: f64, out: &mut [f64]) {
        let middle = t + 0.5 * (end - t);
        let (from, a, to, b) = if time <= middle {
            (t, y, middle, &self.middle[..])
        } else {
            (middle, &self.middle[..], end, &self.twice[..])
        };
        let share = if to > from { (time - from) / (to - from) } else { 1.0 };
        for ((out, &a), &b) in out.iter_mut().zip(a).zip(b) {
            *out = (1.0 - share) * a + share * b;
        }
    }
}
