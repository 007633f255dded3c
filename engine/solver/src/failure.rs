//! Why an integration or a search for a steady state stopped.

use crate::system::Malformed;
use thiserror::Error;

/// Why a calculation stopped. `y` and `t` then hold the last accepted point.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum Failure {
    /// The parts of the problem do not fit together.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// Asked to integrate backwards, or to a time that is not a number.
    #[error("cannot integrate from t = {time} to {until}")]
    Backwards {
        /// Time at the start.
        time: f64,
        /// Time asked for.
        until: f64,
    },
    /// A state or rate stayed not finite however small the step.
    #[error("row {row} is not finite at t = {time} even with a step of {step}")]
    NotFinite {
        /// Time of the last accepted point.
        time: f64,
        /// First row that is not finite.
        row: usize,
        /// Last step tried; 0 if the rates were not finite at the accepted point itself.
        step: f64,
    },
    /// The stage matrix stayed singular however small the step.
    #[error("the stage matrix is singular in row {row} at t = {time} even with a step of {step}")]
    Singular {
        /// Time of the last accepted point.
        time: f64,
        /// Row whose pivot vanished.
        row: usize,
        /// Last step tried.
        step: f64,
    },
    /// The stage matrix of a member of a class stayed singular, or the member not finite.
    #[error("a member of class {class} stays {what} at t = {time} even with a step of {step}")]
    Member {
        /// Time of the last accepted point.
        time: f64,
        /// Index of the class.
        class: usize,
        /// "singular" or "not finite".
        what: &'static str,
        /// Last step tried.
        step: f64,
    },
    /// The error could not be brought below the tolerance with the smallest step.
    #[error(
        "the error in tile {tile} is {error} times the tolerance at t = {time} with the smallest step {step}"
    )]
    StepTooSmall {
        /// Time of the last accepted point.
        time: f64,
        /// Tile of the largest error.
        tile: u32,
        /// Last step tried.
        step: f64,
        /// Error over tolerance.
        error: f64,
    },
    /// More steps than allowed.
    #[error("{steps} steps ended at t = {time} with a step of {step}, short of {until}")]
    TooManySteps {
        /// Time of the last accepted point.
        time: f64,
        /// Steps taken, accepted and rejected.
        steps: u64,
        /// Last step proposed.
        step: f64,
        /// Time asked for.
        until: f64,
    },
    /// Newton's method did not converge however small the step.
    #[error("row {row} does not come to rest at t = {time} even with a step of {step}")]
    NotConverged {
        /// Time of the last accepted point.
        time: f64,
        /// Row of the largest last correction.
        row: usize,
        /// Last step tried.
        step: f64,
    },
    /// An explicit method met a stiff problem.
    #[error("the problem is stiff at t = {time}; use an implicit method")]
    Stiff {
        /// Time at which stiffness was detected.
        time: f64,
    },
    /// No steady state was found.
    #[error(
        "no steady state: row {row} still changes by {residual} of its scale per unit time (tolerance {tolerance}) after {iterations} iterations"
    )]
    NotSteady {
        /// Row of the largest weighted rate.
        row: usize,
        /// Largest |rate| · weight.
        residual: f64,
        /// Tolerance asked for.
        tolerance: f64,
        /// Iterations of Newton's kind spent.
        iterations: u64,
    },
}
