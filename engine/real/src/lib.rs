//! The one numeric trait: a component's equations are written once, over `R: Real`.
//!
//! | type | what one evaluation gives |
//! |---|---|
//! | `f64` | the value |
//! | [`Lanes<W>`] | the values of `W` instances |
//! | [`Dual<V, N>`] | value and `N` exact partial derivatives |
//! | [`Pattern`] | which inputs reach which output |
//!
//! # Rules inside a kernel
//! * No `if`/`match` on an `R`: use [`Real::at_least`], [`Real::at_most`], [`Real::pick_below`].
//! * No `mul_add` and no platform `exp`/`ln`/`powf`: both change bits between machines. The
//!   elementary functions here are plain IEEE-754 arithmetic, so a value has the same bits as a
//!   scalar and in every lane on every x86-64 level.
//! * No loop whose length depends on an `R`: use [`implicit`].
//!
//! This crate depends on nothing and knows no datacenter word.

mod dual;
mod elementary;
mod implicit;
mod lanes;
mod pattern;
pub mod trigonometry;

pub use dual::Dual;
pub use implicit::implicit;
pub use lanes::Lanes;
pub use pattern::Pattern;

use std::ops::{Add, Div, Mul, Neg, Sub};

/// A number that a component's equations can be evaluated with.
pub trait Real:
    Copy
    + Send
    + Sync
    + 'static
    + Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Add<Self::Value, Output = Self>
    + Sub<Self::Value, Output = Self>
    + Mul<Self::Value, Output = Self>
    + Div<Self::Value, Output = Self>
{
    /// The number without derivatives. Parameters have this type, so they cost nothing in a dual.
    type Value: Real<Value = Self::Value>;

    /// A literal of the equations, the same in every lane.
    fn number(x: f64) -> Self::Value;
    /// A value with no dependence on the inputs.
    fn constant(v: Self::Value) -> Self;
    /// The value without its derivatives.
    fn value(self) -> Self::Value;
    /// `value` where the derivative is `slope` times that of `self`: the chain rule in one line.
    fn chain(self, value: Self::Value, slope: Self::Value) -> Self;
    /// e to the power of `self`, clamped to e^±700.
    fn exp(self) -> Self;
    /// Natural logarithm of a positive normal number; NaN below zero, −∞ at zero.
    fn ln(self) -> Self;
    /// Square root.
    fn sqrt(self) -> Self;
    /// `self` where it is above `floor`, else `floor`, with the derivative of the branch taken.
    /// NaN passes through.
    fn at_least(self, floor: Self) -> Self;
    /// `self` where it is below `ceiling`, else `ceiling`, with the derivative of the branch taken.
    /// NaN passes through.
    fn at_most(self, ceiling: Self) -> Self;
    /// `below` where `x < limit`, else `otherwise`: the only branch a kernel may take, lane by lane.
    fn pick_below(x: Self::Value, limit: Self::Value, below: Self, otherwise: Self) -> Self;

    /// A literal of the equations as `Self`.
    #[inline(always)]
    fn lift(x: f64) -> Self {
        Self::constant(Self::number(x))
    }
    /// `self` raised to a constant exponent; for `self > 0`.
    #[inline(always)]
    fn powf(self, exponent: Self::Value) -> Self {
        (self.ln() * exponent).exp()
    }
    /// `1 − self`.
    #[inline(always)]
    fn complement(self) -> Self {
        -(self - Self::number(1.0))
    }
    /// `1 / self`.
    #[inline(always)]
    fn reciprocal(self) -> Self {
        Self::lift(1.0) / self
    }
    /// `self²`.
    #[inline(always)]
    fn squared(self) -> Self {
        self * self
    }
    /// `self³`.
    #[inline(always)]
    fn cubed(self) -> Self {
        self * self * self
    }
    /// `max(self, 0)`.
    #[inline(always)]
    fn positive(self) -> Self {
        self.at_least(Self::lift(0.0))
    }
    /// `self` clamped to `[low, high]`.
    #[inline(always)]
    fn within(self, low: Self, high: Self) -> Self {
        self.at_least(low).at_most(high)
    }
    /// The logistic function `1 / (1 + e^−self)`.
    #[inline(always)]
    fn logistic(self) -> Self {
        ((-self).exp() + Self::number(1.0)).reciprocal()
    }
    /// `ln(1 + e^self)`: a smooth `max(self, 0)`, to an absolute 2e-16 or a relative one, for every finite
    /// `self`.
    ///
    /// Written as `max(x, 0) + ln(1 + e^−|x|)` so that nothing overflows.
    #[inline(always)]
    fn softplus(self) -> Self {
        let zero = Self::number(0.0);
        let magnitude = Self::pick_below(self.value(), zero, -self, self);
        let tail = ((-magnitude).exp() + Self::number(1.0)).ln();
        // The slope of the sum at 0 is 1/2 from either side, so the branch stays smooth.
        Self::pick_below(self.value(), zero, tail, self + tail)
    }
}
