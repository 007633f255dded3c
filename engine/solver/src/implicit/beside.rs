//! Newton iterations of several systems beside each other.
//!
//! Steps of different systems go their own ways: one converges at once, one needs new factors, one is cut in parts. What
//! they have in common is nearly all of the work, evaluations and corrections with kept factors. So each iteration is
//! written as if it were alone, and *waits* where it wants that done, until its [`Evaluator`] has enough of them to do
//! them together. Every lane does what the system does alone, operation by operation: the bits are the same, whoever
//! its neighbours are.

use super::newton::{Newton, Step};
use crate::matrix::StageMatrix;
use crate::sparse::LaneLu;
use crate::system::System;
use real::{Lanes, Real};
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use thiserror::Error;

/// What is wanted: rates at `y`, and the correction that follows by the factors that are kept.
#[derive(Debug)]
pub struct Kept<'a> {
    /// The equation.
    pub step: &'a Step<'a>,
    /// States, where the system is to be evaluated.
    pub y: &'a [f64],
    /// Rates; may be left until the [end](Evaluator::end).
    pub rates: &'a mut [f64],
    /// The correction of the states, to be written; longer than they are.
    pub right: &'a mut [f64],
    /// How many factorisations there were: factors of the same number are the same.
    pub made: u64,
    pub(super) matrix: &'a mut StageMatrix,
}

impl Kept<'_> {
    /// The correction from the rates. Gives its size, the largest part in units of the weights; NaN where a part is not
    /// finite.
    pub(super) fn solve(self, weights: &[f64]) -> f64 {
        let Kept { step, y, rates, right, matrix, .. } = self;
        for (((right, &rate), &y), &y0) in right.iter_mut().zip(&*rates).zip(y).zip(step.y0) {
            *right = rate - (y - y0) * step.shift;
        }
        right[y.len()..].fill(0.0);
        matrix.solve(right);
        // Eight beside each other; the largest of all does not depend on the order.
        let mut sizes = Sizes::<8>::default();
        let mut parts = right[..y.len()].chunks_exact(8);
        let mut scales = weights.chunks_exact(8);
        for (part, scale) in parts.by_ref().zip(scales.by_ref()) {
            sizes.see(Lanes::load(part), Lanes::load(scale));
        }
        sizes.see(Lanes::load(parts.remainder()), Lanes::load(scales.remainder()));
        let most = sizes.most.0.into_iter().fold(0.0, f64::max);
        most + sizes.finite.0.into_iter().sum::<f64>()
    }
}

/// Sizes of corrections, lane by lane.
#[derive(Clone, Copy, Debug)]
struct Sizes<const W: usize> {
    most: Lanes<W>,
    /// 0, or NaN where something was not finite.
    finite: Lanes<W>,
}

impl<const W: usize> Default for Sizes<W> {
    fn default() -> Self {
        Sizes { most: Lanes::number(0.0), finite: Lanes::number(0.0) }
    }
}

impl<const W: usize> Sizes<W> {
    #[inline(always)]
    fn see(&mut self, delta: Lanes<W>, weight: Lanes<W>) {
        let scaled = delta * weight;
        for ((most, finite), (scaled, delta)) in
            self.most.0.iter_mut().zip(&mut self.finite.0).zip(scaled.0.iter().zip(&delta.0))
        {
            let size = scaled.abs();
            *most = if size > *most { size } else { *most };
            *finite += delta * 0.0;
        }
    }

    #[inline(always)]
    fn done(self) -> Lanes<W> {
        self.most + self.finite
    }
}

/// Who evaluates a system for an iteration, and may let it wait.
pub trait Evaluator<S: System> {
    /// A step begins.
    fn begin(&mut self, _system: &S, _step: &Step) {}

    /// Does what is wanted. Gives the size of the correction: its largest part in units of the system's weights, NaN where
    /// a part is not finite.
    fn correct(&mut self, system: &mut S, kept: Kept<'_>) -> impl Future<Output = f64>;

    /// Ends a step whose last evaluation was of this evaluator: leaves its rates, and the system as if it had evaluated
    /// itself.
    fn end(&mut self, _system: &mut S, _rates: &mut [f64]) {}
}

/// Evaluates at once.
#[derive(Clone, Copy, Debug)]
pub struct Alone;

impl<S: System> Evaluator<S> for Alone {
    async fn correct(&mut self, system: &mut S, kept: Kept<'_>) -> f64 {
        system.rates(kept.step.end, kept.y, kept.rates);
        kept.solve(system.weights())
    }
}

/// What was to wait for nobody does: who would answer is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a step waits for an evaluation that nobody makes")]
pub struct Waits;

/// The outcome of what waits for nobody.
///
/// # Errors
/// [`Waits`], at once, where it does: it would wait for ever.
pub fn ready<T>(future: impl Future<Output = T>) -> Result<T, Waits> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => Ok(outcome),
        Poll::Pending => Err(Waits),
    }
}

/// Corrections in lanes.
#[derive(Debug)]
pub struct LaneCorrections<const W: usize> {
    factors: LaneLu<W>,
    /// Number of the factors in each lane.
    made: [Option<u64>; W],
    weights: Vec<Lanes<W>>,
    y0: Vec<Lanes<W>>,
    shift: Lanes<W>,
    right: Vec<Lanes<W>>,
    sizes: Lanes<W>,
}

impl<const W: usize> LaneCorrections<W> {
    /// For iterations of the form of this one.
    #[must_use]
    pub fn new(newton: &Newton) -> Self {
        let zeros = |length: usize| vec![Lanes::number(0.0); length];
        let (states, rows) = newton.lengths();
        LaneCorrections {
            factors: LaneLu::new(newton.factors()),
            made: [None; W],
            weights: zeros(states),
            y0: zeros(states),
            shift: Lanes::number(1.0),
            right: zeros(rows),
            sizes: Lanes::number(0.0),
        }
    }

    /// Puts the step of a lane there, and the weights of its system.
    pub fn begin(&mut self, lane: usize, step: &Step, weights: &[f64]) {
        let given = step.y0.iter().zip(weights);
        for ((y0, weight), (from, its)) in self.y0.iter_mut().zip(&mut self.weights).zip(given) {
            y0.0[lane] = *from;
            weight.0[lane] = *its;
        }
        self.shift.0[lane] = step.shift;
    }

    /// Puts the factors of a lane there, where they are new.
    pub fn load(&mut self, lane: usize, kept: &Kept) {
        if self.made[lane] != Some(kept.made) {
            self.factors.load(lane, kept.matrix.lu());
            self.made[lane] = Some(kept.made);
        }
    }

    /// Makes the corrections of all lanes from their states and rates.
    pub fn solve(&mut self, y: &[Lanes<W>], rates: &[Lanes<W>]) {
        pulp::Arch::new().dispatch(SolveHere { corrections: self, y, rates });
    }

    /// Gives a lane its correction; its size is that of [`Evaluator::correct`].
    #[must_use]
    pub fn give(&self, lane: usize, right: &mut [f64]) -> f64 {
        for (into, from) in right.iter_mut().zip(&self.right[..self.y0.len()]) {
            *into = from.0[lane];
        }
        self.sizes.0[lane]
    }
}

/// To be compiled for each level of instructions.
struct SolveHere<'a, const W: usize> {
    corrections: &'a mut LaneCorrections<W>,
    y: &'a [Lanes<W>],
    rates: &'a [Lanes<W>],
}

impl<const W: usize> pulp::WithSimd for SolveHere<'_, W> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let LaneCorrections { factors, weights, y0, shift, right, sizes, .. } = self.corrections;
        right[y0.len()..].fill(Lanes::number(0.0));
        for (((right, &rate), &y), &y0) in right.iter_mut().zip(self.rates).zip(self.y).zip(&*y0) {
            let mut value = rate;
            value.subtract_product(&(y - y0), shift);
            *right = value;
        }
        factors.solve_rest(right);
        let mut seen = Sizes::default();
        right.iter().zip(&*weights).for_each(|(&delta, &weight)| seen.see(delta, weight));
        *sizes = seen.done();
    }
}
