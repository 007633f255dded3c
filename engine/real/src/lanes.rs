//! A batch of `W` numbers that the compiler turns into vector instructions.

use crate::{Real, elementary};
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

/// `W` instances evaluated side by side: the chips of a rack, or the variants of a sweep.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(align(64))]
pub struct Lanes<const W: usize>(pub [f64; W]);

impl<const W: usize> Lanes<W> {
    /// The first `W` numbers of a slice; missing ones are 0.
    #[inline(always)]
    pub fn load(from: &[f64]) -> Self {
        Lanes(std::array::from_fn(|i| from.get(i).copied().unwrap_or(0.0)))
    }
    /// Write to the first `W` places of a slice.
    #[inline(always)]
    pub fn store(self, into: &mut [f64]) {
        for (place, value) in into.iter_mut().zip(self.0) {
            *place = value;
        }
    }
    /// `self −= a · b`, rounded twice.
    #[inline(always)]
    pub fn subtract_product(&mut self, a: &Self, b: &Self) {
        // All is read before anything is written: where the three may overlap, one after the other is no vector.
        let (mut values, a, b) = (*self, *a, *b);
        for ((value, a), b) in values.0.iter_mut().zip(a.0).zip(b.0) {
            *value -= a * b;
        }
        *self = values;
    }
    #[inline(always)]
    fn map(mut self, f: impl Fn(f64) -> f64) -> Self {
        for value in &mut self.0 {
            *value = f(*value);
        }
        self
    }
    #[inline(always)]
    fn zip(mut self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        for (value, &other) in self.0.iter_mut().zip(&other.0) {
            *value = f(*value, other);
        }
        self
    }
}

macro_rules! lane_by_lane {
    ($($trait:ident $method:ident $op:tt),*) => {$(
        impl<const W: usize> $trait for Lanes<W> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                self.zip(other, |a, b| a $op b)
            }
        }
    )*};
}
lane_by_lane!(Add add +, Sub sub -, Mul mul *, Div div /);

macro_rules! in_place {
    ($($trait:ident $method:ident $op:tt),*) => {$(
        impl<const W: usize> $trait for Lanes<W> {
            #[inline(always)]
            fn $method(&mut self, other: Self) {
                let mut values = *self;
                for (value, other) in values.0.iter_mut().zip(other.0) {
                    *value $op other;
                }
                *self = values;
            }
        }
    )*};
}
in_place!(AddAssign add_assign +=, SubAssign sub_assign -=, MulAssign mul_assign *=);

impl<const W: usize> Neg for Lanes<W> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        self.map(|x| -x)
    }
}

impl<const W: usize> Real for Lanes<W> {
    type Value = Self;
    #[inline(always)]
    fn number(x: f64) -> Self {
        Lanes([x; W])
    }
    #[inline(always)]
    fn constant(v: Self) -> Self {
        v
    }
    #[inline(always)]
    fn value(self) -> Self {
        self
    }
    #[inline(always)]
    fn chain(self, value: Self, _: Self) -> Self {
        value
    }
    #[inline(always)]
    fn exp(self) -> Self {
        self.map(elementary::exp)
    }
    #[inline(always)]
    fn ln(self) -> Self {
        self.map(elementary::ln)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        self.map(f64::sqrt)
    }
    #[inline(always)]
    fn at_least(self, floor: Self) -> Self {
        self.zip(floor, |a, b| if a < b { b } else { a })
    }
    #[inline(always)]
    fn at_most(self, ceiling: Self) -> Self {
        self.zip(ceiling, |a, b| if a > b { b } else { a })
    }
    #[inline(always)]
    fn pick_below(x: Self, limit: Self, below: Self, otherwise: Self) -> Self {
        let mut picked = otherwise;
        for (((value, below), x), limit) in picked.0.iter_mut().zip(&below.0).zip(&x.0).zip(&limit.0) {
            *value = if x < limit { *below } else { *value };
        }
        picked
    }
}

impl Real for f64 {
    type Value = f64;
    #[inline(always)]
    fn number(x: f64) -> f64 {
        x
    }
    #[inline(always)]
    fn constant(v: f64) -> f64 {
        v
    }
    #[inline(always)]
    fn value(self) -> f64 {
        self
    }
    #[inline(always)]
    fn chain(self, value: f64, _: f64) -> f64 {
        value
    }
    #[inline(always)]
    fn exp(self) -> f64 {
        elementary::exp(self)
    }
    #[inline(always)]
    fn ln(self) -> f64 {
        elementary::ln(self)
    }
    #[inline(always)]
    fn sqrt(self) -> f64 {
        f64::sqrt(self)
    }
    #[inline(always)]
    fn powf(self, exponent: f64) -> f64 {
        elementary::exp(elementary::ln(self) * exponent)
    }
    #[inline(always)]
    fn at_least(self, floor: f64) -> f64 {
        if self < floor { floor } else { self }
    }
    #[inline(always)]
    fn at_most(self, ceiling: f64) -> f64 {
        if self > ceiling { ceiling } else { self }
    }
    #[inline(always)]
    fn pick_below(x: f64, limit: f64, below: f64, otherwise: f64) -> f64 {
        if x < limit { below } else { otherwise }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_has_the_bits_of_the_scalar() {
        let x = [-3.2, -0.4, 0.0, 1e-9, 0.7, 2.5, 33.0, 80.0];
        let lanes = Lanes(x);
        for (i, x) in x.into_iter().enumerate() {
            assert_eq!(Real::exp(lanes).0[i].to_bits(), Real::exp(x).to_bits());
            assert_eq!(lanes.softplus().0[i].to_bits(), x.softplus().to_bits());
            assert_eq!(lanes.logistic().0[i].to_bits(), x.logistic().to_bits());
        }
    }

    #[test]
    fn softplus_is_the_smooth_maximum() {
        // ln(1 + e^0) = ln 2;  far from 0 it is x or 0
        assert!((0.0f64.softplus() - std::f64::consts::LN_2).abs() < 1e-15);
        assert_eq!(500.0f64.softplus(), 500.0);
        // 1 + e^−40 rounds to 1: what is lost is below the rounding of 1
        assert!((-40.0f64).softplus().abs() < 1e-15);
        assert!(((-20.0f64).softplus() - (-20.0f64).exp()).abs() < 1e-16);
    }
}
