//! An explicit method of independent origin: Dopri5 of the crate `ode_solvers`.
//!
//! J. R. Dormand and P. J. Prince, "A family of embedded Runge–Kutta formulae", J. Comp. Appl.
//! Math. 6 (1980) 19–26, order 5(4). It shares no line with the Rosenbrock methods, so that
//! agreement of the two says something. Small systems only: it allocates in every stage and
//! keeps every accepted step of a call in memory.
//!
//! Each call starts afresh, with its own first step: inputs may jump between calls. The output is
//! `Sparse`; with `Dense` the crate's version 0.6.2 was seen to fail or not to return.

use crate::failure::Failure;
use crate::rosenbrock::{Statistics, first_not_finite};
use crate::system::{System, same_length};
use ode_solvers::dop_shared::IntegrationError;
use ode_solvers::{DVector, Dopri5, OutputType};
use std::cell::{Cell, RefCell};

/// Most steps in one call.
const MOST_STEPS: u32 = 10_000_000;
/// Accepted steps between tests for stiffness.
const STIFFNESS_EVERY: u32 = 1000;
/// No test: a check of another method goes on, however many steps it takes.
const NEVER: u32 = u32::MAX;

/// Integrates from `t` to exactly `until` with error bound `atol` + `rtol`·|y| in the mean square
/// over all states. The system's weights and tiles play no part.
///
/// # Errors
///
/// See [`Failure`]; `t` and `y` are then unchanged.
pub fn advance(
    system: &mut impl System,
    t: &mut f64,
    y: &mut [f64],
    until: f64,
    rtol: f64,
    atol: f64,
) -> Result<Statistics, Failure> {
    let scales = vec![1.0; y.len()];
    integrate(system, t, y, until, (rtol, atol), &scales, STIFFNESS_EVERY)
}

/// As [`advance`], with the error of each state bounded by `tolerance` times its scale, and without the
/// test for stiffness: as a check on another method it may take all the steps it needs. The method works
/// on y/scale and on the time elapsed, so that neither large values nor a late start cost digits.
///
/// # Errors
///
/// See [`Failure`]; `t` and `y` are then unchanged. Scales that are not positive are a
/// [`Failure::Malformed`] by their number only: give one for each state.
pub fn advance_scaled(
    system: &mut impl System,
    t: &mut f64,
    y: &mut [f64],
    until: f64,
    tolerance: f64,
    scales: &[f64],
) -> Result<Statistics, Failure> {
    integrate(system, t, y, until, (0.0, tolerance), scales, NEVER)
}

fn integrate(
    system: &mut impl System,
    t: &mut f64,
    y: &mut [f64],
    until: f64,
    (rtol, atol): (f64, f64),
    scales: &[f64],
    stiffness_every: u32,
) -> Result<Statistics, Failure> {
    same_length("y", y.len(), system.states())?;
    same_length("scales", scales.len(), system.states())?;
    let start = *t;
    if !(start <= until && until.is_finite()) {
        return Err(Failure::Backwards { time: start, until });
    }
    if start == until || y.is_empty() {
        *t = until;
        return Ok(Statistics::default());
    }
    let not_finite = Cell::new(None);
    let scaled = DVector::from_iterator(y.len(), y.iter().zip(scales).map(|(y, scale)| y / scale));
    let unscaled = RefCell::new(y.to_vec());
    let adaptor = Adaptor { system: RefCell::new(system), start, scales, unscaled, not_finite: &not_finite };
    // Safety factor, β, bounds of the step's ratio and so on are the crate's defaults.
    let mut solver = Dopri5::from_param(
        adaptor,
        0.0,
        until - start,
        0.0,
        scaled,
        rtol,
        atol,
        0.9,
        0.04,
        0.2,
        10.0,
        until - start,
        0.0,
        MOST_STEPS,
        stiffness_every,
        OutputType::Sparse,
    );
    let outcome = solver.integrate();
    let stats = outcome.map_err(|error| failure(error, not_finite.get(), (start, until)))?;
    if let Some(end) = solver.y_out().last() {
        for ((y, end), scale) in y.iter_mut().zip(end.as_slice()).zip(scales) {
            *y = end * scale;
        }
    }
    *t = until;
    Ok(Statistics {
        steps: u64::from(stats.accepted_steps),
        rejected: u64::from(stats.rejected_steps),
        factorizations: 0,
        evaluations: u64::from(stats.num_eval),
    })
}

/// The crate's error in our words.
fn failure(error: IntegrationError, not_finite: Option<usize>, (start, until): (f64, f64)) -> Failure {
    match (error, not_finite) {
        (IntegrationError::StiffnessDetected { x }, _) => Failure::Stiff { time: start + x },
        (
            IntegrationError::StepSizeUnderflow { x } | IntegrationError::MaxNumStepReached { x, .. },
            Some(row),
        ) => Failure::NotFinite { time: start + x, row, step: 0.0 },
        (IntegrationError::StepSizeUnderflow { x }, None) => {
            Failure::StepTooSmall { time: start + x, tile: 0, step: 0.0, error: f64::INFINITY }
        }
        (IntegrationError::MaxNumStepReached { x, n_step }, None) => {
            Failure::TooManySteps { time: start + x, steps: u64::from(n_step), step: 0.0, until }
        }
    }
}

/// The crate evaluates through a shared reference; a [`System`] needs a unique one.
struct Adaptor<'a, S> {
    system: RefCell<&'a mut S>,
    start: f64,
    scales: &'a [f64],
    unscaled: RefCell<Vec<f64>>,
    /// First rate that was not finite since the last accepted step. The crate's controller
    /// answers such a step with a fifth of it.
    not_finite: &'a Cell<Option<usize>>,
}

impl<S: System> ode_solvers::System<f64, DVector<f64>> for Adaptor<'_, S> {
    fn system(&self, t: f64, y: &DVector<f64>, rates: &mut DVector<f64>) {
        let mut unscaled = self.unscaled.borrow_mut();
        for ((full, y), scale) in unscaled.iter_mut().zip(y.as_slice()).zip(self.scales) {
            *full = y * scale;
        }
        self.system.borrow_mut().rates(self.start + t, &unscaled, rates.as_mut_slice());
        for (rate, scale) in rates.as_mut_slice().iter_mut().zip(self.scales) {
            *rate /= scale;
        }
        if self.not_finite.get().is_none() {
            self.not_finite.set(first_not_finite(rates.as_slice()));
        }
    }

    fn solout(&mut self, _: f64, _: &DVector<f64>, _: &DVector<f64>) -> bool {
        self.not_finite.set(None);
        false
    }
}
