//! Steady states: f(t, y) = 0 at a fixed time.
//!
//! Pseudo-transient continuation (C. T. Kelley and D. E. Keyes, "Convergence analysis of
//! pseudo-transient continuation", SIAM J. Numer. Anal. 35 (1998) 508–523): linearly implicit
//! Euler steps, which are L-stable,
//!
//! ```text
//! (1/h·I − J)·δ = f(y)        y ← y + δ
//! ```
//!
//! whose size grows as the residual falls ("switched evolution relaxation", their section 1):
//! h ← h·max(3, ‖f_old‖/‖f_new‖). Once a step has cut the residual fivefold, 1/h is set
//! to 0, which makes it Newton's method, damped by halving until the residual falls. Where W is
//! then singular, as in a closed loop whose content is fixed by where it started, h stays finite;
//! linear invariants are kept, so the state found is the one of that content. Where continuation
//! fails, the system is marched in time with error control and continuation tried again.
//!
//! [`persistence`] says how long what is displaced from such a state stays away from it.
//!
//! *Held* states do not move: their rate is taken as 0. States of weight 0 are held too, because
//! nothing could tell when they have arrived.

use crate::failure::Failure;
use crate::matrix::{Orders, StageMatrix};
use crate::rosenbrock::{Control, Method, Stepper};
use crate::sparse::Singular;
use crate::system::{Sparsity, System, same_length};

/// Most iterations of one continuation.
const MOST_ITERATIONS: u64 = 200;
/// Most rounds of marching, and accepted steps in the first; each round doubles them.
const ROUNDS: u32 = 10;
const FIRST_ROUND: u64 = 50;
/// Least and most growth of the step with a success, and its reduction at a failure.
const GROW: f64 = 3.0;
const GROW_MOST: f64 = 1e3;
const REDUCE: f64 = 0.1;
/// A step may let the residual grow by this much while it is far from Newton's.
const TOLERATED_GROWTH: f64 = 2.0;
/// Cut of the residual in one step that starts Newton's method.
const NEAR: f64 = 0.2;
/// Most halvings of a Newton step.
const MOST_HALVINGS: u32 = 8;
/// A state is not steady while the last correction still moved it by more of its scale.
const SETTLED: f64 = 1e-2;

/// How a steady state was reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SteadyReport {
    /// Largest |fᵢ|·weightᵢ over the states that are not held, per unit time.
    pub residual: f64,
    /// State of the largest.
    pub row: usize,
    /// Largest |δᵢ|·weightᵢ of the last correction; it fell by more than this before the end.
    pub correction: f64,
    /// Corrections tried.
    pub iterations: u64,
    /// Accepted steps of marching; 0 where continuation sufficed.
    pub marched: u64,
}

/// Moves `y` to a steady state of the system at time 0; see [`steady_state_at`].
///
/// # Errors
///
/// See [`steady_state_at`].
pub fn steady_state(
    system: &mut impl System,
    y: &mut [f64],
    held: &[bool],
    tolerance: f64,
) -> Result<SteadyReport, Failure> {
    steady_state_at(system, 0.0, y, held, tolerance)
}

/// Moves `y` to a steady state of the system with time held at `t`.
///
/// It is steady when no state that is free changes by more than `tolerance` of its scale per unit
/// time, max |fᵢ|·weightᵢ ≤ `tolerance`, and the last correction moved none by more than a
/// hundredth of its scale.
///
/// # Errors
///
/// [`Failure::NotSteady`], a malformed system, rates that are not finite; `y` is then as it was.
pub fn steady_state_at(
    system: &mut impl System,
    t: f64,
    y: &mut [f64],
    held: &[bool],
    tolerance: f64,
) -> Result<SteadyReport, Failure> {
    let mut search = Search::new(Frozen::new(system, t, y, held)?, tolerance)?;
    let start = y.to_vec();
    let outcome = search.run(y);
    if outcome.is_err() {
        y.copy_from_slice(&start);
    }
    outcome
}

/// What a small displacement of the states at `y` comes to over time, with time held at `t`: for each state the integral
///
/// ```text
/// x = ∫₀^∞ e^(−τ/horizon)·e^(J·τ)·displacement dτ = (1/horizon·I − J)⁻¹·displacement
/// ```
///
/// A displacement that dies away with one time constant comes to that time constant times itself, one that nothing brings back to `horizon`
/// times itself. J must have no eigenvalue to the right of 1/horizon, which a stable state has not. Held states are not displaced.
///
/// # Errors
///
/// A malformed system, rates that are not finite, [`Failure::Singular`].
pub fn persistence(
    system: &mut impl System,
    t: f64,
    y: &[f64],
    held: &[bool],
    displacement: &[f64],
    horizon: f64,
) -> Result<Vec<f64>, Failure> {
    let frozen = Frozen::new(system, t, y, held)?;
    same_length("displacement", displacement.len(), y.len())?;
    let mut search = Search::new(frozen, 0.0)?;
    search.linearize(y)?;
    for ((rate, &displaced), &held) in search.rates.iter_mut().zip(displacement).zip(&search.frozen.held) {
        *rate = if held { 0.0 } else { displaced };
    }
    match search.solve(horizon.recip()) {
        Ok(()) => Ok(search.right[..y.len()].to_vec()),
        Err(Singular { row, .. }) => Err(Failure::Singular { time: t, row, step: horizon }),
    }
}

/// A system at a fixed time with some states held.
struct Frozen<'a, S> {
    system: &'a mut S,
    t: f64,
    held: Vec<bool>,
}

impl<S: System> System for Frozen<'_, S> {
    fn states(&self) -> usize {
        self.system.states()
    }

    fn sparsity(&self) -> &Sparsity {
        self.system.sparsity()
    }

    fn orders(&self) -> Option<&Orders> {
        self.system.orders()
    }

    fn rates(&mut self, _: f64, y: &[f64], rates: &mut [f64]) {
        self.system.rates(self.t, y, rates);
        self.hold(rates);
    }

    fn linearize(
        &mut self,
        _: f64,
        y: &[f64],
        rates: &mut [f64],
        jacobian: &mut [f64],
        time_derivative: &mut [f64],
    ) {
        self.system.linearize(self.t, y, rates, jacobian, time_derivative);
        self.hold(rates);
        time_derivative.fill(0.0);
        for (row, _) in self.held.iter().enumerate().filter(|(_, held)| **held) {
            jacobian[self.system.sparsity().range(row)].fill(0.0);
        }
    }

    fn weights(&self) -> &[f64] {
        self.system.weights()
    }

    fn tiles(&self) -> &[u32] {
        self.system.tiles()
    }
}

impl<'a, S: System> Frozen<'a, S> {
    /// States of weight 0 are held too.
    fn new(system: &'a mut S, t: f64, y: &[f64], held: &[bool]) -> Result<Frozen<'a, S>, Failure> {
        let n = system.states();
        same_length("held", held.len(), n)?;
        same_length("y", y.len(), n)?;
        same_length("weights", system.weights().len(), n)?;
        let held = held.iter().zip(system.weights()).map(|(&held, &weight)| held || weight == 0.0).collect();
        Ok(Frozen { system, t, held })
    }

    fn hold(&self, rates: &mut [f64]) {
        for (rate, &held) in rates.iter_mut().zip(&self.held) {
            if held {
                *rate = 0.0;
            }
        }
    }
}

/// Working space of the search.
struct Search<'a, S> {
    frozen: Frozen<'a, S>,
    tolerance: f64,
    matrix: StageMatrix,
    jacobian: Vec<f64>,
    ignored: Vec<f64>,
    rates: Vec<f64>,
    right: Vec<f64>,
    trial: Vec<f64>,
    iterations: u64,
}

impl<'a, S: System> Search<'a, S> {
    fn new(frozen: Frozen<'a, S>, tolerance: f64) -> Result<Search<'a, S>, Failure> {
        let n = frozen.states();
        let sparsity = frozen.sparsity();
        sparsity.check()?;
        let (rows, entries) = (sparsity.rows, sparsity.entries());
        let matrix = StageMatrix::new(&frozen)?;
        Ok(Search {
            frozen,
            tolerance,
            matrix,
            jacobian: vec![0.0; entries],
            ignored: vec![0.0; rows],
            rates: vec![0.0; n],
            right: vec![0.0; rows],
            trial: vec![0.0; n],
            iterations: 0,
        })
    }

    /// Continuation, and rounds of marching and continuation where it fails.
    fn run(&mut self, y: &mut [f64]) -> Result<SteadyReport, Failure> {
        let mut from = y.to_vec();
        if let Some(report) = self.continuation(y)? {
            return Ok(report);
        }
        let mut stepper = Stepper::new(&self.frozen, Method::Rodas3);
        let (mut time, mut marched) = (0.0, 0);
        for round in 0..ROUNDS {
            y.copy_from_slice(&from);
            marched += self.march(&mut stepper, &mut time, y, FIRST_ROUND << round)?;
            from.copy_from_slice(y);
            if let Some(report) = self.continuation(y)? {
                return Ok(SteadyReport { marched, ..report });
            }
        }
        self.frozen.rates(0.0, &from, &mut self.rates);
        let (residual, row) = self.residual();
        let (tolerance, iterations) = (self.tolerance, self.iterations);
        Err(Failure::NotSteady { row, residual, tolerance, iterations })
    }

    /// Largest weighted rate in `self.rates` and its state; infinite if one is not finite.
    fn residual(&self) -> (f64, usize) {
        let mut worst = (0.0, 0);
        for (row, (rate, weight)) in self.rates.iter().zip(self.frozen.weights()).enumerate() {
            let scaled = (rate * weight).abs();
            if !rate.is_finite() {
                return (f64::INFINITY, row);
            }
            if scaled > worst.0 {
                worst = (scaled, row);
            }
        }
        worst
    }

    fn linearize(&mut self, y: &[f64]) -> Result<(f64, usize), Failure> {
        self.frozen.linearize(0.0, y, &mut self.rates, &mut self.jacobian, &mut self.ignored);
        let (residual, row) = self.residual();
        if residual.is_finite() {
            Ok((residual, row))
        } else {
            let time = self.frozen.t;
            let step = 0.0;
            Err(Failure::NotFinite { time, row, step })
        }
    }

    /// Solves with this 1/h for what stands in `self.rates`; the solution stands in `self.right`.
    fn solve(&mut self, shift: f64) -> Result<(), Singular> {
        let held = &self.frozen.held;
        // A held state has the row of the identity and no right-hand side.
        let shift = |row: usize| if held[row] { 1.0 } else { shift };
        self.matrix.factor(&self.jacobian, shift)?;
        let n = self.rates.len();
        self.right[..n].copy_from_slice(&self.rates);
        self.right[n..].fill(0.0);
        self.matrix.solve(&mut self.right);
        Ok(())
    }

    /// Solves for the correction at this 1/h; its largest weighted part, if it is finite.
    fn correction(&mut self, shift: f64) -> Option<f64> {
        self.iterations += 1;
        self.solve(shift).ok()?;
        let mut largest = 0.0_f64;
        for (delta, weight) in self.right[..self.rates.len()].iter().zip(self.frozen.weights()) {
            if !delta.is_finite() {
                return None;
            }
            largest = largest.max((delta * weight).abs());
        }
        Some(largest)
    }

    /// Residual after `part` of the correction.
    fn try_part(&mut self, y: &[f64], part: f64) -> (f64, usize) {
        for ((trial, &y), &delta) in self.trial.iter_mut().zip(y).zip(&self.right) {
            *trial = y + part * delta;
        }
        self.frozen.rates(0.0, &self.trial, &mut self.rates);
        self.residual()
    }

    /// Continuation from `y`; `None` if it does not converge, with `y` anywhere.
    fn continuation(&mut self, y: &mut [f64]) -> Result<Option<SteadyReport>, Failure> {
        let mut at = self.linearize(y)?;
        let mut step = 1.0 / at.0.max(self.tolerance);
        let mut newton = at.0 <= self.tolerance;
        let mut singular = false;
        let mut correction = 0.0;
        for _ in 0..MOST_ITERATIONS {
            if singular && at.0 <= self.tolerance {
                // Nothing can say how far the directions without restoring force are off.
                return Ok(Some(self.report(at, correction)));
            }
            let shift = if newton { 0.0 } else { 1.0 / step };
            let Some(size) = self.correction(shift) else {
                if newton {
                    (newton, singular) = (false, true);
                } else {
                    step *= REDUCE;
                }
                continue;
            };
            let growth = if newton { 1.0 } else { TOLERATED_GROWTH };
            let bound = (growth * at.0).max(self.tolerance);
            let (mut part, mut trial) = (1.0, self.try_part(y, 1.0));
            if newton {
                let mut halvings = 0;
                while trial.0 > bound && halvings < MOST_HALVINGS {
                    part *= 0.5;
                    halvings += 1;
                    trial = self.try_part(y, part);
                }
            }
            if trial.0 > bound {
                newton = false;
                step *= REDUCE;
                if step < f64::MIN_POSITIVE {
                    return Ok(None);
                }
                // The trial overwrote the rates at `y`.
                at = self.linearize(y)?;
                continue;
            }
            y.copy_from_slice(&self.trial);
            correction = part * size;
            if trial.0 <= self.tolerance && part == 1.0 && correction <= SETTLED {
                return Ok(Some(self.report(trial, correction)));
            }
            let cut = trial.0 / at.0;
            step *= GROW.max((1.0 / cut).min(GROW_MOST));
            newton = newton || (!singular && (cut < NEAR || trial.0 <= self.tolerance));
            at = self.linearize(y)?;
        }
        Ok(None)
    }

    fn report(&self, (residual, row): (f64, usize), correction: f64) -> SteadyReport {
        SteadyReport { residual, row, correction, iterations: self.iterations, marched: 0 }
    }

    /// Marches in time for a number of accepted steps; the number taken.
    fn march(
        &mut self,
        stepper: &mut Stepper,
        time: &mut f64,
        y: &mut [f64],
        steps: u64,
    ) -> Result<u64, Failure> {
        let mut taken = 0;
        // Far enough never to be reached, near enough for a step of round-off to be small.
        let until = *time + 1e12;
        stepper.advance(&mut self.frozen, time, y, until, &mut |_| {
            taken += 1;
            if taken < steps { Control::Continue } else { Control::Stop }
        })?;
        Ok(taken)
    }
}
