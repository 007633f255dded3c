//! Functions known only as the solution of an equation.

use crate::Real;

/// The `y` with `f(y) = 0`, as a function of everything that `f` depends on.
///
/// Newton's method runs on plain values (`residual` and its `slope`), a fixed number of times so
/// that every lane does the same; then one Newton step in `R` carries the exact derivatives, by the
/// implicit function theorem: `dy = −(∂f/∂x) dx / (∂f/∂y)`.
///
/// `iterations` must be enough for convergence from `start`: callers test that on the corners of
/// their range.
#[inline(always)]
pub fn implicit<R: Real>(
    start: R::Value,
    iterations: usize,
    equation: impl Fn(R) -> R,
    residual: impl Fn(R::Value) -> R::Value,
    slope: impl Fn(R::Value) -> R::Value,
) -> R {
    let mut y = start;
    for _ in 0..iterations {
        y = y - residual(y) / slope(y);
    }
    R::constant(y) - equation(R::constant(y)) / slope(y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dual;

    #[test]
    fn the_derivative_through_an_iteration_is_exact() {
        // y + ln y = x  →  dy/dx = y / (1 + y)
        let x = Dual::<f64, 1>::seed(2.0, 0);
        let y: Dual<f64, 1> = implicit(
            1.5,
            8,
            |y: Dual<f64, 1>| y + y.ln() - x,
            |y: f64| y + Real::ln(y) - 2.0,
            |y| 1.0 + 1.0 / y,
        );
        assert!((y.v + y.v.ln() - 2.0).abs() < 1e-15);
        assert!((y.d[0] - y.v / (1.0 + y.v)).abs() < 1e-15);
    }
}
