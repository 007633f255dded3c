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
//!
//! # Absences
//!
//! No clock, no random number, no hash order and no thread. No power, exponential or logarithm
//! of the platform in step control, only operations that IEEE 754 rounds exactly: the same steps
//! on every machine. No allocation within a step. No word of the things being simulated.

#![forbid(unsafe_code)]

pub mod sparse;
mod system;

pub use system::{Malformed, Sparsity, System};
