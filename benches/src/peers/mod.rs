//! The block integrator and solvers of other origin on the same problem.

pub mod bdf;
pub mod blocks;
#[cfg(cvode)]
pub mod cvode;
pub mod dopri5;
mod lu;

use crate::flat::Flat;
use crate::measure::Spent;
use crate::model::Model;
use solver::blocks::{Class, Core};

/// What a solver did.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// Integration alone: no set-up, no change of inputs, no copies of results.
    pub spent: Spent,
    /// Accepted steps.
    pub steps: u64,
    /// States at the end of every window, in the flat order.
    pub ends: Vec<Vec<f64>>,
}

/// A model and its flat form, as a solver of other origin has them.
pub struct Problem<'a, K, C: Class> {
    pub model: &'a mut Model<K, C>,
    pub flat: &'a mut Flat<C>,
}

impl<K: Core, C: Class> Problem<'_, K, C> {
    pub fn rates(&mut self, t: f64, y: &[f64], rates: &mut [f64]) {
        self.flat.rates(&mut self.model.core, &self.model.classes, t, y, rates);
    }
    pub fn jacobian(&mut self, t: f64, y: &[f64], values: &mut [f64]) {
        self.flat.jacobian(&mut self.model.core, &self.model.classes, t, y, values);
    }
    /// The start of a run.
    pub fn start(&mut self) -> Vec<f64> {
        self.flat.set_core(&self.model.start.core);
        self.model.gathered(self.flat)
    }
    /// The error of each state that is allowed at a tolerance.
    pub fn allowed(&self, tolerance: f64) -> Vec<f64> {
        let scale = |&weight: &f64| if weight > 0.0 { 1.0 / weight } else { UNCONTROLLED };
        self.flat.weights().iter().map(|weight| scale(weight) * tolerance).collect()
    }
}

/// Scale of a state whose error does not matter.
const UNCONTROLLED: f64 = 1e12;

/// Errors against a reference, over all states and the ends of all windows, each as a share of its state's
/// scale, times 30 K: kelvins for temperatures, whose scale that is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Errors {
    pub max: f64,
    pub rms: f64,
}

/// Scale of a temperature [K].
pub const KELVINS: f64 = 30.0;

impl Errors {
    pub fn of(run: &Run, reference: &Run, weights: &[f64]) -> Errors {
        let (mut max, mut sum, mut count) = (0.0_f64, 0.0, 0.0);
        for (y, exact) in run.ends.iter().zip(&reference.ends) {
            for ((y, exact), weight) in y.iter().zip(exact).zip(weights).filter(|(_, weight)| **weight > 0.0)
            {
                let error = KELVINS * weight * (y - exact).abs();
                max = if error.is_nan() { f64::NAN } else { max.max(error) };
                sum += error * error;
                count += 1.0;
            }
        }
        Errors { max, rms: (sum / f64::max(count, 1.0)).sqrt() }
    }

    /// Whether both are at least as large.
    pub fn covers(&self, other: &Errors) -> bool {
        self.max >= other.max && self.rms >= other.rms
    }
}
