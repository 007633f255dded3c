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
    same_length("y", y.len(), system.states())?;
    let start = *t;
    if !(start <= until && until.is_finite()) {
        return Err(Failure::Backwards { time: start, until });
    }
    if start == until || y.is_empty() {
        *t = until;
        return Ok(Statistics::default());
    }
    let not_finite = Cell::new(None);
    let adaptor = Adaptor { system: RefCell::new(system), not_finite: &not_finite };
    // Safety factor, β, bounds of the step's ratio and so on are the crate's defaults.
    let mut solver = Dopri5::from_param(
        adaptor,
        start,
        until,
        0.0,
        DVector::from_column_slice(y),
        rtol,
        atol,
        0.9,
        0.04,
        0.2,
        10.0,
        until - start,
        0.0,
        MOST_STEPS,
        STIFFNESS_EVERY,
        OutputType::Sparse,
    );
    let outcome = solver.integrate();
    let stats = outcome.map_err(|error| failure(error, not_finite.get(), until))?;
    if let Some(end) = solver.y_out().last() {
        y.copy_from_slice(end.as_slice());
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
fn failure(error: IntegrationError, not_finite: Option<usize>, until: f64) -> Failure {
    match (error, not_finite) {
        (IntegrationError::StiffnessDetected { x }, _) => Failure::Stiff { time: x },
        (
            IntegrationError::StepSizeUnderflow { x } | IntegrationError::MaxNumStepReached { x, .. },
            Some(row),
        ) => Failure::NotFinite { time: x, row, step: 0.0 },
        (IntegrationError::StepSizeUnderflow { x }, None) => {
            Failure::StepTooSmall { time: x, tile: 0, step: 0.0, error: f64::INFINITY }
        }
        (IntegrationError::MaxNumStepReached { x, n_step }, None) => {
            Failure::TooManySteps { time: x, steps: u64::from(n_step), step: 0.0, until }
        }
    }
}

/// The crate evaluates through a shared reference; a [`System`] needs a unique one.
struct Adaptor<'a, S> {
    system: RefCell<&'a mut S>,
    /// First rate that was not finite since the last accepted step. The crate's controller
    /// answers such a step with a fifth of it.
    not_finite: &'a Cell<Option<usize>>,
}

impl<S: System> ode_solvers::System<f64, DVector<f64>> for Adaptor<'_, S> {
    fn system(&self, t: f64, y: &DVector<f64>, rates: &mut DVector<f64>) {
        self.system.borrow_mut().rates(t, y.as_slice(), rates.as_mut_slice());
        if self.not_finite.get().is_none() {
            self.not_finite.set(first_not_finite(rates.as_slice()));
        }
    }

    fn solout(&mut self, _: f64, _: &DVector<f64>, _: &DVector<f64>) -> bool {
        self.not_finite.set(None);
        false
    }
}
