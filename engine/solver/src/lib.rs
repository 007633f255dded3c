//! Stiff integration of y′ = f(t, y), where f goes through intermediate algebraic values.
//!
//! # The problem
//!
//! N *states* and M *algebraic* values are all *rows*: rows `0..N` are states, rows `N..N+M`
//! algebraic, each an explicit function of the states and of earlier algebraic values:
//!
//! ```text
//! y′ = f(t, y, a)
//! a  = g(t, y, a)      (strictly triangular in a)
//! ```
//!
//! A [`System`] gives the rates and, per row, the partial derivatives with respect to all rows
//! in a static pattern. Nobody multiplies the chain rule out: the stage matrix
//!
//! ```text
//! W = [ 1/(hγ)·I − ∂f/∂y      −∂f/∂a ]
//!     [         −∂g/∂y    I − ∂g/∂a ]
//! ```
//!
//! is factored sparse, and algebraic rows are eliminated like any other.
//!
//! # What is here
//!
//! * [`sparse`]: LU with diagonal pivots, ordered once, then a compiled program.
//! * [`Stepper`]: RODAS3 and RODAS4, step control by the maximum over tiles, dense output.
//! * [`events`]: the first sign change of a guard inside an accepted step.
//! * [`steady`]: pseudo-transient continuation that ends in Newton's method, and how long what is displaced stays away.
//! * [`implicit`]: implicit Euler by a chord method, for long steps and for constraints.
//! * [`dopri5`]: an explicit method of independent origin, to check the others against.
//!
//! # Example
//!
//! A body of 500 J/K cools through 2 W/K towards surroundings at 0: the flow is an algebraic row.
//!
//! ```
//! use solver::{Control, Failure, Method, Sparsity, Stepper, System};
//!
//! struct Body {
//!     sparsity: Sparsity,
//! }
//!
//! impl System for Body {
//!     fn states(&self) -> usize { 1 }
//!     fn sparsity(&self) -> &Sparsity { &self.sparsity }
//!     fn rates(&mut self, _: f64, y: &[f64], rates: &mut [f64]) {
//!         let flow = 2.0 * y[0];
//!         rates[0] = -flow / 500.0;
//!     }
//!     fn linearize(
//!         &mut self,
//!         t: f64,
//!         y: &[f64],
//!         rates: &mut [f64],
//!         jacobian: &mut [f64],
//!         time_derivative: &mut [f64],
//!     ) {
//!         self.rates(t, y, rates);
//!         jacobian[0] = -1.0 / 500.0; // row 0, the state: by the flow
//!         jacobian[1] = 2.0;          // row 1, the flow: by the state
//!         time_derivative.fill(0.0);
//!     }
//!     fn weights(&self) -> &[f64] { &[1e4] } // an error of 1e-4 K is as large as allowed
//!     fn tiles(&self) -> &[u32] { &[0] }
//! }
//!
//! let mut body = Body { sparsity: Sparsity::from_rows(vec![vec![1], vec![0]])? };
//! let mut stepper = Stepper::new(&body, Method::Rodas3);
//! let (mut t, mut y) = (0.0, [80.0]);
//! stepper.advance(&mut body, &mut t, &mut y, 250.0, &mut |_| Control::Continue)?;
//! assert_eq!(t, 250.0);
//! // One time constant of 500/2 s: 80/e = 29.430.
//! assert!((y[0] - 29.430).abs() < 1e-3);
//! # Ok::<(), Failure>(())
//! ```
//!
//! # Absences
//!
//! No clock, no random number, no hash order and no thread. No power, exponential or logarithm
//! of the platform in step control, only operations that IEEE 754 rounds exactly: the same steps
//! on every machine. No allocation within a step. No word of the things being simulated.

#![forbid(unsafe_code)]

pub mod blocks;
mod control;
pub mod dopri5;
pub mod events;
mod failure;
pub mod implicit;
mod matrix;
mod norm;
pub mod rosenbrock;
pub mod sparse;
pub mod steady;
mod system;

pub use events::{Crossing, locate};
pub use failure::Failure;
pub use implicit::ImplicitEuler;
pub use matrix::Orders;
pub use rosenbrock::{Accepted, Attempt, Control, Memory, Method, Options, Statistics, Stepper, Tableau};
pub use steady::{SteadyReport, persistence, steady_state, steady_state_at};
pub use system::{Malformed, Sparsity, System};
