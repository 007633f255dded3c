//! The first sign change of a guard inside an accepted step.
//!
//! The step is searched in equal parts for the first one at whose ends the guard has different
//! signs; within it the change is bracketed by the ITP method (I. F. D. Oliveira and
//! R. H. C. Takahashi, "An enhancement of the bisection method average performance preserving
//! minmax optimality", ACM TOMS 47 (2020) article 5, Algorithm 1, with κ₁ = 0.2/(b − a), κ₂ = 2,
//! n₀ = 1), which never needs more than one evaluation more than bisection. Two changes within
//! one part cancel and are not seen.

use crate::rosenbrock::Accepted;

/// Equal parts of a step that are searched.
const PARTS: u32 = 4;

/// Most halvings of a bracket: from the largest to the smallest number.
const MOST_HALVINGS: i32 = 2100;

/// A located sign change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crossing {
    /// Latest time known to lie before the change.
    pub before: f64,
    /// Earliest time known to lie behind it, at most the tolerance later (or the next number).
    /// A search from here on does not find the same change again.
    pub time: f64,
    /// Whether the guard rises through zero.
    pub rising: bool,
}

/// Finds the first sign change of `guard` over the states inside `step`.
///
/// `scratch` has one entry per state and receives states for the guard; at the end it holds the
/// states at [`Crossing::time`]. A guard that is exactly zero where the search begins takes the
/// sign of what follows: a change that was answered is not found again.
pub fn locate(
    step: &Accepted<'_>,
    guard: &mut impl FnMut(&[f64]) -> f64,
    tolerance: f64,
    scratch: &mut [f64],
) -> Option<Crossing> {
    let found = first_crossing(step.t0, step.t1, tolerance, &mut |t| {
        step.at(t, scratch);
        guard(scratch)
    });
    if let Some(crossing) = &found {
        step.at(crossing.time, scratch);
    }
    found
}

/// Finds the first sign change of a function of time between `t0` and `t1`.
///
/// A value that is not a number counts as no sign at all.
pub fn first_crossing(
    t0: f64,
    t1: f64,
    tolerance: f64,
    guard: &mut impl FnMut(f64) -> f64,
) -> Option<Crossing> {
    let mut low = (t0, guard(t0));
    for part in 1..=PARTS {
        let t = if part == PARTS { t1 } else { t0 + (t1 - t0) * (f64::from(part) / f64::from(PARTS)) };
        let high = (t, guard(t));
        let change = (low.1 < 0.0 && high.1 >= 0.0) || (low.1 > 0.0 && high.1 <= 0.0);
        if change {
            return Some(bracket(low, high, tolerance, guard));
        }
        if high.1 != 0.0 && !high.1.is_nan() || low.1.is_nan() {
            low = high;
        }
    }
    None
}

/// Narrows a bracket with opposite signs (or zero at its end) by ITP.
fn bracket(
    low: (f64, f64),
    high: (f64, f64),
    tolerance: f64,
    guard: &mut impl FnMut(f64) -> f64,
) -> Crossing {
    let rising = low.1 < 0.0;
    let sign = if rising { 1.0 } else { -1.0 };
    let (mut a, mut fa) = (low.0, sign * low.1);
    let (mut b, mut fb) = (high.0, sign * high.1);
    // ITP's ε is half of the width wanted.
    let epsilon = 0.5 * tolerance.max(2.0 * f64::EPSILON * a.abs().max(b.abs()));
    let width = b - a;
    let mut reach = epsilon;
    let mut halvings = 0;
    while reach < 0.5 * width && halvings < MOST_HALVINGS {
        reach *= 2.0;
        halvings += 1;
    }
    // ε·2^(n_max − j) with n₀ = 1 spare halving.
    reach *= 2.0;
    while b - a > 2.0 * epsilon {
        let middle = a + 0.5 * (b - a);
        let radius = (reach - 0.5 * (b - a)).max(0.0);
        let truncation = 0.2 / width * (b - a) * (b - a);
        let secant = (fb * a - fa * b) / (fb - fa);
        let towards = if middle >= secant { 1.0 } else { -1.0 };
        let moved =
            if truncation <= (middle - secant).abs() { secant + towards * truncation } else { middle };
        let mut t = if (moved - middle).abs() <= radius { moved } else { middle - towards * radius };
        if !(t > a && t < b) {
            t = middle;
        }
        if !(t > a && t < b) {
            break;
        }
        let value = sign * guard(t);
        if value < 0.0 {
            (a, fa) = (t, value);
        } else {
            (b, fb) = (t, value);
        }
        reach *= 0.5;
    }
    Crossing { before: a, time: b, rising }
}
