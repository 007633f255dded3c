//! Dense output over an accepted step.

use super::add_stages;
use super::quadratures::{Left, Quadratures};

/// An accepted step and the solution inside it.
#[derive(Clone, Copy, Debug)]
pub struct Accepted<'a> {
    /// Start of the step.
    pub t0: f64,
    /// End of the step.
    pub t1: f64,
    /// States at the start.
    pub y0: &'a [f64],
    /// States at the end.
    pub y1: &'a [f64],
    pub(super) left: Left<'a>,
    pub(super) quadratures: &'a Quadratures,
    /// Rates at the start.
    pub(super) slope: &'a [f64],
}

/// Weights of y₀, y₁, h·f₀ and the stages in the interpolant at one time.
struct Weights {
    start: f64,
    end: f64,
    slope: f64,
    stages: [f64; super::MOST_STAGES],
}

impl Accepted<'_> {
    /// Writes the states at time `t` of the step into `y`: order 3, exact at both ends.
    pub fn at(&self, t: f64, y: &mut [f64]) {
        let weights = self.weights(t);
        for (((y, &start), &end), &slope) in y.iter_mut().zip(self.y0).zip(self.y1).zip(self.slope) {
            *y = weights.start * start + weights.end * end + weights.slope * slope;
        }
        let quadratures = self.quadratures.states();
        let stages = self.left.stages;
        add_stages(&mut y[..quadratures.start], stages, quadratures.end, &weights.stages, 1.0);
        if !quadratures.is_empty() {
            let mut rows = vec![0.0; self.quadratures.rows()];
            let sums = self.quadratures.sum(&self.left, &weights.stages, &mut rows);
            y[quadratures].iter_mut().zip(sums).for_each(|(y, sum)| *y += sum);
        }
    }

    /// State `index` at time `t` of the step; the same bits as from [`at`](Self::at).
    #[must_use]
    pub fn state_at(&self, index: usize, t: f64) -> f64 {
        let mut y = vec![0.0; self.y0.len()];
        self.at(t, &mut y);
        y[index]
    }

    fn weights(&self, t: f64) -> Weights {
        let h = self.t1 - self.t0;
        let theta = if h > 0.0 { (t - self.t0) / h } else { 1.0 };
        let rest = 1.0 - theta;
        let (first, second) = (theta * rest, theta * theta * rest);
        let [d0, d1] = &self.left.tableau.dense;
        let change = first * d0.change + second * d1.change;
        let mut stages = [0.0; super::MOST_STAGES];
        for (weight, (&s0, &s1)) in stages.iter_mut().zip(d0.stages.iter().zip(&d1.stages)) {
            *weight = first * s0 + second * s1;
        }
        Weights {
            start: rest - change,
            end: theta + change,
            slope: (first * d0.slope + second * d1.slope) * h,
            stages,
        }
    }
}
