//! Rosenbrock methods: linearly implicit, one factorisation a step, no Newton iteration.
//!
//! With W = 1/(hγ)·I − J, J and ∂f/∂t taken at the start of the step, the stages in transformed
//! variables (E. Hairer and G. Wanner, *Solving Ordinary Differential Equations II*, 2nd ed.
//! 1996, section IV.7, "Implementation of Rosenbrock-Type Methods") are
//!
//! ```text
//! W·uᵢ = f(t + αᵢh, y + Σⱼ aᵢⱼuⱼ) + Σⱼ (cᵢⱼ/h)·uⱼ + γᵢh·∂f/∂t        i = 1 … s
//! y₁   = y + Σⱼ mⱼuⱼ
//! ```
//!
//! without a product J·u. Where f goes through algebraic rows, W is the matrix over all rows and
//! the right-hand side of an algebraic row is γᵢh·∂g/∂t: eliminating the algebraic unknowns
//! gives the same stages with the chain-rule J and ∂f/∂t.
//!
//! Quadratures, such as meters, are no rows of W: what a step adds to them is one sum over all stages.
//!
//! Both methods are stiffly accurate with mⱼ = aₛⱼ and mₛ = 1, so y₁ is the last stage's argument
//! plus uₛ, and uₛ is the difference to the embedded solution.

mod advance;
mod dense;
mod pace;
mod quadratures;
mod stages;
mod tableau;

pub use advance::Stepper;
pub use dense::Accepted;
pub(crate) use pace::Pace;
pub use stages::Attempt;
pub(crate) use stages::{add_stages, first_not_finite};
pub use tableau::{Dense, MOST_STAGES, Method, Tableau};

/// What to do after an accepted step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// Go on.
    Continue,
    /// Return with `t` and `y` at the end of this step.
    Stop,
    /// The system was changed, `y` was not: go on with a new initial step.
    Restart,
}

/// Bounds on what the step control may do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// A step is accepted when the error norm is at most this (default 1, the tolerance being
    /// part of the weights).
    pub tolerance: f64,
    /// Rejected steps are not repeated below this size (default 0: until round-off in t).
    /// It does not bind where less than this remains.
    pub step_min: f64,
    /// Largest step (default infinite).
    pub step_max: f64,
    /// Most steps, accepted and rejected, in one call of `advance`.
    pub steps_most: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options { tolerance: 1.0, step_min: 0.0, step_max: f64::INFINITY, steps_most: 10_000_000 }
    }
}

/// What a [`Stepper`] remembers from step to step: with it, the same system and the same state, another one takes
/// the same steps, bit by bit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Memory {
    /// Step to try next, if one is known.
    pub step: Option<f64>,
    /// Step that did well first after the last jump noted.
    pub after_jump: Option<f64>,
    /// Whether no step has been accepted since that jump.
    pub jumped: bool,
    /// Size and error of the last accepted step.
    pub last: Option<(f64, f64)>,
    /// Whether the last attempt was rejected.
    pub rejected: bool,
    /// Work done so far.
    pub statistics: Statistics,
}

/// Work done since the stepper was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Accepted steps.
    pub steps: u64,
    /// Rejected steps.
    pub rejected: u64,
    /// Factorisations of the stage matrix.
    pub factorizations: u64,
    /// Evaluations of the rates, those that come with a linearisation included.
    pub evaluations: u64,
}
