//! Implicit Euler: one L-stable step of any size, for what is wanted at the end of a long step and not on the way.
//!
//! ```text
//! y₁ = y₀ + h·f(t₁, y₁)        (1/h·I − J)·δ = f(t₁, y) − (y − y₀)/h        y ← y + δ
//! ```
//!
//! A state that is fast against the step comes to its fixed point, all but τ/(τ + h) of the way it had to go; a slow
//! one advances by its rate. Newton's method keeps its factorisation from step to step for as long as it contracts
//! well (a chord method), so that a step costs few evaluations and solutions and mostly no factorisation.
//!
//! **Linear invariants** are kept to round-off by every full correction, whatever the residual and however old the
//! Jacobian: where w·f = 0 for all y, w·J = 0 too, and then w·(y + δ) = w·y₀.
//!
//! **Constraints.** A state v whose rate is (e/r + p − v)/τ with p = clamp(v) and a very small τ is at its fixed point
//! after any step: e = 0 with v = p within the bounds, or p at its upper bound with e > 0, or p at its lower bound with
//! e < 0. This is the normal map of that complementarity problem (S. M. Robinson, "Normal maps induced by linear
//! transformations", Math. Oper. Res. 17 (1992) 691–714; recalled, to verify), Newton's method on it is semismooth
//! (M. Hintermüller, K. Ito, K. Kunisch, "The primal-dual active set strategy as a semismooth Newton method", SIAM J.
//! Optim. 13 (2002) 865–888), and everything else only ever sees p within its bounds. A large r keeps the iteration
//! from going from one bound to the other: it should be large against the e that the whole way of p makes. Such rows
//! have next to nothing on their diagonal, and wait in the elimination until others have added to it.
//!
//! Sources: E. Hairer and G. Wanner, *Solving Ordinary Differential Equations II*, 2nd ed. 1996, section IV.8 (when
//! to stop Newton's iteration, eqs. 8.10 and 8.11; when to keep a Jacobian).

mod advance;
mod beside;
mod newton;

pub use advance::ImplicitEuler;
pub use beside::{Alone, Evaluator, Kept, LaneCorrections, Waits, ready};
pub use newton::{Newton, Solved, Step, Work};

#[cfg(test)]
mod tests;
