//! Step size control.
//!
//! The predictive controller of K. Gustafsson ("Control-theoretic techniques for stepsize
//! selection in implicit Runge–Kutta methods", ACM TOMS 20 (1994) 496–517) as in E. Hairer and
//! G. Wanner, *Solving Ordinary Differential Equations II*, 2nd ed. 1996, section IV.8: a
//! proportional–integral law, here with exponent 1/k for an error estimate of order hᵏ,
//!
//! ```text
//! h_new = safety · h · err^(−1/k) · (h/h_old) · (err_old/err)^(1/k)
//! ```
//!
//! never above the elementary safety · h · err^(−1/k). All powers are roots of order 3 or 4,
//! made of operations that IEEE 754 rounds exactly.

const SAFETY: f64 = 0.9;
const SHRINK_MOST: f64 = 0.2;
const GROW_MOST: f64 = 6.0;
/// Errors below this are not remembered as such: one lucky step must not forbid growth.
const LEAST_REMEMBERED: f64 = 1e-2;

/// Memory of the controller.
#[derive(Clone, Debug)]
pub(crate) struct Controller {
    /// Order k of the error estimate: err ~ hᵏ.
    order: u32,
    /// Step and error of the last accepted step.
    last: Option<(f64, f64)>,
    /// Whether the step before was rejected.
    rejected: bool,
}

impl Controller {
    pub(crate) fn new(order: u32) -> Controller {
        Controller { order, last: None, rejected: false }
    }

    pub(crate) fn forget(&mut self) {
        self.last = None;
        self.rejected = false;
    }

    /// Step and error of the last accepted step, and whether the step before was rejected.
    pub(crate) fn memory(&self) -> (Option<(f64, f64)>, bool) {
        let Controller { order: _, last, rejected } = self;
        (*last, *rejected)
    }

    pub(crate) fn recall(&mut self, last: Option<(f64, f64)>, rejected: bool) {
        self.last = last;
        self.rejected = rejected;
    }

    /// Next step after an accepted one of size `h` with `error` ≤ 1 times the tolerance.
    pub(crate) fn accepted(&mut self, h: f64, error: f64) -> f64 {
        let mut factor = SAFETY / self.root(error);
        if let Some((last_h, last_error)) = self.last {
            let predicted = (h / last_h) * SAFETY * self.root(last_error / (error * error));
            factor = factor.min(predicted);
        }
        let mut factor = factor.clamp(SHRINK_MOST, GROW_MOST);
        if std::mem::take(&mut self.rejected) {
            factor = factor.min(1.0);
        }
        self.last = Some((h, error.max(LEAST_REMEMBERED)));
        h * factor
    }

    /// Next step after a rejected one of size `h`; the error may overflow or be no number.
    pub(crate) fn rejected(&mut self, h: f64, error: f64) -> f64 {
        self.rejected = true;
        if error.is_finite() {
            h * (SAFETY / self.root(error)).clamp(SHRINK_MOST, SAFETY)
        } else {
            h * SHRINK_MOST
        }
    }

    /// The k-th root, for the order of this controller's estimate.
    pub(crate) fn root(&self, value: f64) -> f64 {
        match self.order {
            3 => cube_root(value),
            _ => value.sqrt().sqrt(),
        }
    }
}

/// Cube root of a non-negative number by Newton's iteration, to a few units in the last place.
pub(crate) fn cube_root(value: f64) -> f64 {
    if value < f64::MIN_POSITIVE || !value.is_finite() {
        return if value < f64::MIN_POSITIVE { 0.0 } else { value };
    }
    // A third of the exponent (W. Kahan's first guess), good to about 5 %.
    let mut root = f64::from_bits(value.to_bits() / 3 + 0x2A9F_7893_0000_0000);
    for _ in 0..5 {
        root -= (root - value / (root * root)) / 3.0;
    }
    root
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cube_roots_are_right_over_the_whole_range() {
        for exponent in -280..=280 {
            for mantissa in [1.0, 2.5, 7.9] {
                let root = mantissa * 10_f64.powi(exponent / 3);
                let value = root * root * root;
                assert!((cube_root(value) / root - 1.0).abs() < 1e-15);
            }
        }
        assert_eq!(cube_root(0.0), 0.0);
        assert_eq!(cube_root(f64::INFINITY), f64::INFINITY);
    }

    #[test]
    fn an_error_eight_times_too_large_of_order_three_halves_the_step_with_safety() {
        // err = 8 → factor 0.9 / 8^(1/3) = 0.45.
        let mut control = Controller::new(3);
        assert!((control.rejected(2.0, 8.0) - 0.9).abs() < 1e-15);
        // No growth directly after a rejection, however small the error.
        assert_eq!(control.accepted(0.9, 1e-9), 0.9);
        // Then at most a factor of six.
        assert!((control.accepted(0.9, 0.0) - 5.4).abs() < 1e-12);
        assert!((control.rejected(1.0, f64::NAN) - 0.2).abs() < 1e-15);
    }
}
