//! Dense output over an accepted step.

use super::Tableau;

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
    pub(super) tableau: &'a Tableau,
    /// Stages, one after the other.
    pub(super) stages: &'a [f64],
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
        let count = self.y0.len();
        for (((y, &start), &end), &slope) in y.iter_mut().zip(self.y0).zip(self.y1).zip(self.slope) {
            *y = weights.start * start + weights.end * end + weights.slope * slope;
        }
        for (stage, &weight) in self.stages.chunks_exact(count.max(1)).zip(&weights.stages) {
            if weight != 0.0 {
                for (y, &u) in y.iter_mut().zip(stage) {
                    *y += weight * u;
                }
            }
        }
    }

    /// State `index` at time `t` of the step; the same bits as from [`at`](Self::at).
    #[must_use]
    pub fn state_at(&self, index: usize, t: f64) -> f64 {
        let weights = self.weights(t);
        let count = self.y0.len();
        let mut y =
            weights.start * self.y0[index] + weights.end * self.y1[index] + weights.slope * self.slope[index];
        for (stage, &weight) in self.stages.chunks_exact(count).zip(&weights.stages) {
            if weight != 0.0 {
                y += weight * stage[index];
            }
        }
        y
    }

    fn weights(&self, t: f64) -> Weights {
        let h = self.t1 - self.t0;
        let theta = if h > 0.0 { (t - self.t0) / h } else { 1.0 };
        let rest = 1.0 - theta;
        let (first, second) = (theta * rest, theta * theta * rest);
        let [d0, d1] = &self.tableau.dense;
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
