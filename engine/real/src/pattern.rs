//! Structure: which inputs reach which output.

use crate::Real;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A set of inputs (bit `k` for input `k`, at most 64) that a result depends on.
///
/// Both branches of a choice count, so the set found once holds for every value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pattern(pub u64);

impl Pattern {
    /// The input number `k`.
    pub const fn input(k: usize) -> Self {
        Pattern(1 << k)
    }
    /// Whether input `k` is in the set.
    pub const fn has(self, k: usize) -> bool {
        self.0 >> k & 1 == 1
    }
    /// Everything that either depends on.
    pub const fn or(self, other: Self) -> Self {
        Pattern(self.0 | other.0)
    }
}

macro_rules! union {
    ($($trait:ident $method:ident),*) => {$(
        impl $trait for Pattern {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                self.or(other)
            }
        }
    )*};
}
union!(Add add, Sub sub, Mul mul, Div div);

impl Neg for Pattern {
    type Output = Self;
    fn neg(self) -> Self {
        self
    }
}

impl Real for Pattern {
    type Value = Self;
    fn number(_: f64) -> Self {
        Pattern(0)
    }
    fn constant(v: Self) -> Self {
        v
    }
    fn value(self) -> Self {
        self
    }
    fn chain(self, _: Self, _: Self) -> Self {
        self
    }
    fn exp(self) -> Self {
        self
    }
    fn ln(self) -> Self {
        self
    }
    fn sqrt(self) -> Self {
        self
    }
    fn at_least(self, floor: Self) -> Self {
        self.or(floor)
    }
    fn at_most(self, ceiling: Self) -> Self {
        self.or(ceiling)
    }
    fn pick_below(_: Self, _: Self, below: Self, otherwise: Self) -> Self {
        below.or(otherwise)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_branches_count_and_the_condition_does_not() {
        let [a, b, x] = [Pattern::input(0), Pattern::input(1), Pattern::input(2)];
        let picked = Pattern::pick_below(x, Pattern(0), a * Pattern::number(2.0), b.exp());
        assert_eq!(picked, Pattern(0b011));
        assert!(picked.has(1) && !picked.has(2));
    }
}
