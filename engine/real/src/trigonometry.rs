//! Sine, cosine and arc cosine of an `f64` with the same bits on every machine.
//!
//! # Equations
//! ```text
//! x = k·π/2 + r,  |r| ≤ π/4      sin r, cos r by their Taylor series up to r¹⁷ and r¹⁸
//! arccos c: a polynomial in the first place, then three steps of Newton on cos x − c
//! ```
//! # Valid for
//! Angles up to 10⁶ rad: there `k·π/2` is exact to 10⁻²⁰·k. Outside of −1…1 the arc cosine is that of the nearer end.
//!
//! # Source
//! π/2 in two parts: W. J. Cody, W. Waite, *Software Manual for the Elementary Functions* (1980), chapter 8. The first guess: Abramowitz and Stegun, *Handbook of Mathematical Functions* (1964), 4.4.45, good to 7·10⁻⁵.

use std::f64::consts::{FRAC_PI_2, PI};

/// The first 33 bits of π/2: a whole number below 2²⁰ times it is exact.
const HALF_PI_HIGH: f64 = f64::from_bits(0x3FF9_21FB_5440_0000);
/// The rest of π/2.
const HALF_PI_LOW: f64 = f64::from_bits(0x3DD0_B461_1A62_6331);

/// Sine and cosine of an angle [rad].
pub fn sin_cos(x: f64) -> (f64, f64) {
    let quarters = (x / FRAC_PI_2).round();
    let r = (x - quarters * HALF_PI_HIGH) - quarters * HALF_PI_LOW;
    let z = r * r;
    let (mut sine, mut cosine) = (1.0, 1.0);
    let mut k = 18.0;
    while k > 0.5 {
        cosine = 1.0 - cosine * z / (k * (k - 1.0));
        sine = 1.0 - sine * z / (k * (k + 1.0));
        k -= 2.0;
    }
    let sine = sine * r;
    match quarters.rem_euclid(4.0) as u8 {
        0 => (sine, cosine),
        1 => (cosine, -sine),
        2 => (-sine, -cosine),
        _ => (-cosine, sine),
    }
}

/// Angle in 0…π whose cosine is `c` [rad].
pub fn arc_cosine(c: f64) -> f64 {
    let c = c.clamp(-1.0, 1.0);
    if c == 1.0 {
        return 0.0;
    }
    if c < 0.0 {
        return PI - arc_cosine(-c);
    }
    let mut x = (1.0 - c).sqrt() * (1.570_728_8 + c * (-0.212_114_4 + c * (0.074_261 - c * 0.018_729_3)));
    for _ in 0..3 {
        let (sine, cosine) = sin_cos(x);
        x += (cosine - c) / sine.max(1e-9);
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_agree_with_the_standard_library() {
        for k in -4000..=4000 {
            let x = f64::from(k) * 0.01;
            let (sine, cosine) = sin_cos(x);
            assert!((sine - x.sin()).abs() < 3e-16 && (cosine - x.cos()).abs() < 3e-16, "{x}");
        }
        for k in -1000..=1000 {
            let c = f64::from(k) * 0.001;
            assert!((arc_cosine(c) - c.acos()).abs() < 1e-12, "{c}");
        }
    }

    #[test]
    fn quarters_are_exact_and_nothing_outside_panics() {
        // cos 60° = 1/2; arccos 0 = 90°
        // PI / 3 is no exact third of π: its cosine is a last digit above 1/2.
        assert!((sin_cos(PI / 3.0).1 - 0.5).abs() < 2e-16 && (arc_cosine(0.0) - FRAC_PI_2).abs() < 1e-15);
        assert_eq!((sin_cos(0.0), arc_cosine(2.0), arc_cosine(-2.0)), ((0.0, 1.0), 0.0, PI));
    }
}
