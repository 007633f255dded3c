//! A core with many equal blocks hanging on it: eight members to a tile, eliminated exactly.
//!
//! The stage matrix of a datacenter's hall is an arrow: thousands of racks that do not see each other, each
//! coupled to a few values they share. Eliminating the members of a class one by one leaves a small dense
//! contribution to the core, whose own matrix is factored as before (nested dissection with a separator known
//! beforehand; I. S. Duff, A. M. Erisman, J. K. Reid, *Direct Methods for Sparse Matrices*, 2nd ed. 2017,
//! section 9 on ordering to bordered block form). Nothing is approximated: it is the same elimination in
//! another order.
//!
//! * [`Class`] and [`Core`]: what a problem must say of itself.
//! * [`BlockStepper`]: the methods and step control of [`Stepper`](crate::Stepper) on it.

mod core;
mod group;
mod program;
mod stepper;
mod stored;
mod system;
mod team;

pub use stepper::{BlockStepper, Ends, LastStep, Reached, Verdict};
pub use stored::Precision;
pub use system::{Class, Core, Lane, WIDTH};
