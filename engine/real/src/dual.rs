//! Forward differentiation: a value and `N` partial derivatives.

use crate::Real;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A value and its exact partial derivatives with respect to `N` seeded inputs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dual<V, const N: usize> {
    /// The value.
    pub v: V,
    /// The partial derivatives.
    pub d: [V; N],
}

impl<V: Real<Value = V>, const N: usize> Dual<V, N> {
    /// The input number `k`: derivative 1 with respect to itself.
    #[inline(always)]
    pub fn seed(v: V, k: usize) -> Self {
        Dual { v, d: std::array::from_fn(|i| if i == k { V::number(1.0) } else { V::number(0.0) }) }
    }
    // Loops over places: `array::map` and `array::from_fn` are not always inlined, and a call for every derivative
    // costs more than the derivative.
    #[inline(always)]
    fn each(self, v: V, f: impl Fn(V) -> V) -> Self {
        let mut d = self.d;
        for a in &mut d {
            *a = f(*a);
        }
        Dual { v, d }
    }
    #[inline(always)]
    fn both(self, other: Self, v: V, f: impl Fn(V, V) -> V) -> Self {
        let mut d = self.d;
        for (a, b) in d.iter_mut().zip(&other.d) {
            *a = f(*a, *b);
        }
        Dual { v, d }
    }
}

impl<V: Real<Value = V>, const N: usize> Add for Dual<V, N> {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.both(other, self.v + other.v, |a, b| a + b)
    }
}
impl<V: Real<Value = V>, const N: usize> Sub for Dual<V, N> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.both(other, self.v - other.v, |a, b| a - b)
    }
}
#[allow(clippy::suspicious_arithmetic_impl)] // the product rule is a sum
impl<V: Real<Value = V>, const N: usize> Mul for Dual<V, N> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        let product_rule = |a, b| a * other.v + b * self.v;
        self.both(other, self.v * other.v, product_rule)
    }
}
impl<V: Real<Value = V>, const N: usize> Div for Dual<V, N> {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        let inverse = V::number(1.0) / other.v;
        let quotient = self.v / other.v;
        self.both(other, quotient, |a, b| (a - quotient * b) * inverse)
    }
}
impl<V: Real<Value = V>, const N: usize> Neg for Dual<V, N> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        self.each(-self.v, |a| -a)
    }
}
impl<V: Real<Value = V>, const N: usize> Add<V> for Dual<V, N> {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: V) -> Self {
        Dual { v: self.v + other, d: self.d }
    }
}
impl<V: Real<Value = V>, const N: usize> Sub<V> for Dual<V, N> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: V) -> Self {
        Dual { v: self.v - other, d: self.d }
    }
}
impl<V: Real<Value = V>, const N: usize> Mul<V> for Dual<V, N> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: V) -> Self {
        self.each(self.v * other, |a| a * other)
    }
}
impl<V: Real<Value = V>, const N: usize> Div<V> for Dual<V, N> {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: V) -> Self {
        self.each(self.v / other, |a| a / other)
    }
}

impl<V: Real<Value = V>, const N: usize> Real for Dual<V, N> {
    type Value = V;
    #[inline(always)]
    fn number(x: f64) -> V {
        V::number(x)
    }
    #[inline(always)]
    fn constant(v: V) -> Self {
        Dual { v, d: [V::number(0.0); N] }
    }
    #[inline(always)]
    fn value(self) -> V {
        self.v
    }
    #[inline(always)]
    fn chain(self, value: V, slope: V) -> Self {
        self.each(value, |a| a * slope)
    }
    #[inline(always)]
    fn exp(self) -> Self {
        let value = self.v.exp();
        self.chain(value, value)
    }
    #[inline(always)]
    fn ln(self) -> Self {
        self.chain(self.v.ln(), V::number(1.0) / self.v)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        let root = self.v.sqrt();
        self.chain(root, V::number(0.5) / root)
    }
    #[inline(always)]
    fn at_least(self, floor: Self) -> Self {
        // The same comparison decides value and derivatives, so NaN takes the `self` branch in both.
        let branch = |own, other| V::pick_below(self.v, floor.v, other, own);
        self.both(floor, self.v.at_least(floor.v), branch)
    }
    #[inline(always)]
    fn at_most(self, ceiling: Self) -> Self {
        let branch = |own, other| V::pick_below(ceiling.v, self.v, other, own);
        self.both(ceiling, self.v.at_most(ceiling.v), branch)
    }
    #[inline(always)]
    fn pick_below(x: V, limit: V, below: Self, otherwise: Self) -> Self {
        let branch = |below, otherwise| V::pick_below(x, limit, below, otherwise);
        below.both(otherwise, branch(below.v, otherwise.v), branch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn central(f: impl Fn(f64) -> f64, x: f64) -> f64 {
        let h = 1e-5 * x.abs().max(1.0);
        (f(x + h) - f(x - h)) / (2.0 * h)
    }

    #[test]
    fn every_elementary_function_has_its_derivative() {
        fn f<R: Real>(x: R) -> R {
            let a = (x * R::number(0.3)).exp() + x.ln() * x.sqrt();
            let b = x.powf(R::number(0.8)) / (x + R::number(2.0)) - x.complement().squared();
            a * b + x.logistic() + x.softplus() + x.reciprocal().cubed()
        }
        for x in [0.3, 0.9, 1.7, 4.2] {
            let dual: Dual<f64, 1> = f(Dual::seed(x, 0));
            assert_eq!(dual.v.to_bits(), f(x).to_bits());
            let slope = central(f, x);
            assert!((dual.d[0] - slope).abs() < 1e-7 * slope.abs().max(1.0), "{x}: {} {slope}", dual.d[0]);
        }
    }

    #[test]
    fn a_clamp_takes_the_derivative_of_its_branch() {
        let x: Dual<f64, 2> = Dual::seed(3.0, 0);
        let limit = Dual::seed(5.0, 1);
        assert_eq!(x.at_least(limit).d, [0.0, 1.0]);
        assert_eq!(x.at_most(limit).d, [1.0, 0.0]);
        assert!(Dual::<f64, 1>::seed(f64::NAN, 0).at_least(Dual::lift(0.0)).v.is_nan());
    }
}
