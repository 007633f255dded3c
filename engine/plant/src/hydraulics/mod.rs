//! Flows and pressures of liquid circuits.
//!
//! A [`Circuit`] is made of *links* (a passage, a valve, a pump: see [`law`]) between nodes. Its flows are those
//! at which every node's flows balance and every link's head loss is the difference of the heads at its ends.
//! Speeds of pumps and openings of valves are its *controls*.
//!
//! # Equations
//! ```text
//! h_l(q_l, u) = H_from − H_to          for every link l
//! Σ q_in − Σ q_out = −s                at every node without a given head; s: supply from outside
//! ```
//! Newton's method on both at once, the global gradient method: with `g = 1/h'`
//! ```text
//! Σ_l g·(H_from − H_to) = s − Σ_out (q − g·h) + Σ_in (q − g·h),   q ← q + g·(H_from − H_to − h)
//! ```
//! Every `h` rises with its flow, so the solution is the minimum of a convex function (the content) over all
//! balanced flows. A step that overshoots it along its own direction is shortened to where it is smallest, which makes
//! the iteration converge from anywhere.
//!
//! # Assumptions
//! Incompressible liquid, quasi-steady flow: the inertia of the liquid is small against that of the pumps' rotors.
//!
//! # Source
//! Todini & Pilati (1988), "A gradient algorithm for the analysis of pipe networks"; Rossman et al., *EPANET 2.2 User
//! Manual* (2020), ch. 12; content: Collins et al. (1978), *Management Science* 24(7). Recalled, to verify.
//!
//! # Absences
//! No time and no temperature in here, no state between two solutions: the result is a function of the controls
//! alone, bit for bit, whatever was asked before.

mod circuit;
mod elimination;
mod kernel;
pub mod law;
mod solve;
#[cfg(test)]
mod tests;

pub use circuit::{Circuit, CircuitError, Element, Link, Node, ways};
pub use kernel::{CircuitKernel, Evaluated, Given};
pub use solve::{Solution, Unsolved, Workspace};
