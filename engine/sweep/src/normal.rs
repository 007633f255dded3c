//! The normal distribution: how likely a value is undercut, and which value is undercut that often.
//!
//! # Equations
//! ```text
//! Φ(x) = 1/2 + φ(x) · (x + x³/3 + x⁵/(3·5) + …)            |x| < 3
//! 1 − Φ(x) = φ(x) / (x + 1/(x + 2/(x + 3/(x + …))))        beyond
//! ```
//! The inverse begins with a rational approximation and ends with Halley's method on Φ.
//!
//! # Source
//! Series: G. Marsaglia, *Evaluating the normal distribution*, J. Stat. Software 11 (4), 2004. Continued fraction and
//! start of the inverse: M. Abramowitz, I. Stegun, *Handbook of Mathematical Functions*, 26.2.14 and 26.2.23.
//!
//! # Verified by
//! Values of Φ printed in Abramowitz & Stegun, table 26.1; the inverse leads back to within 4e-15.

use real::Real;

/// 1/√(2π).
const DENSITY_AT_ZERO: f64 = 0.398_942_280_401_432_7;

fn density(x: f64) -> f64 {
    DENSITY_AT_ZERO * Real::exp(-0.5 * x * x)
}

/// How likely a standard normal value is below `x`.
#[must_use]
pub fn cumulative(x: f64) -> f64 {
    if x.abs() < 3.0 {
        let (mut term, mut sum, mut k) = (x, x, 1.0);
        while term.abs() > 1e-18 * sum.abs() && k < 400.0 {
            k += 2.0;
            term *= x * x / k;
            sum += term;
        }
        return 0.5 + density(x) * sum;
    }
    let far = x.abs();
    let fraction = (1..=200).rev().fold(far, |below, k| far + f64::from(k) / below);
    let tail = density(far) / fraction;
    if x < 0.0 { tail } else { 1.0 - tail }
}

/// The value that a standard normal one is below with this likelihood, which lies between 0 and 1; ±38 at the ends.
#[must_use]
pub fn quantile(likelihood: f64) -> f64 {
    const END: f64 = 38.0;
    if likelihood <= 0.0 {
        return -END;
    }
    if likelihood >= 1.0 {
        return END;
    }
    let tail = likelihood.min(1.0 - likelihood);
    let t = Real::sqrt(-2.0 * Real::ln(tail));
    let start = t
        - (2.515_517 + t * (0.802_853 + t * 0.010_328))
            / (1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308)));
    // In the lower tail, where Φ is small and keeps its digits.
    let mut x = -start;
    for _ in 0..4 {
        let error = (cumulative(x) - tail) / density(x).max(f64::MIN_POSITIVE);
        x -= error / (1.0 + 0.5 * x * error);
    }
    if likelihood < 0.5 { x } else { -x }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printed_values_of_abramowitz_and_stegun_are_met() {
        // Table 26.1, 15 decimals.
        for (x, printed) in [
            (0.0, 0.5),
            (0.5, 0.691_462_461_274_013),
            (1.0, 0.841_344_746_068_543),
            (2.0, 0.977_249_868_051_821),
            (3.0, 0.998_650_101_968_370),
        ] {
            assert!((cumulative(x) - printed).abs() < 1e-15, "{x}: {}", cumulative(x));
            assert!((cumulative(-x) - (1.0 - printed)).abs() < 1e-15);
        }
        // Q(6) = 9.8659e-10 and Q(7) = 1.2798e-12.
        assert!((cumulative(-6.0) / 9.865_9e-10 - 1.0).abs() < 1e-4);
        assert!((cumulative(-7.0) / 1.279_8e-12 - 1.0).abs() < 1e-4);
    }

    #[test]
    fn the_inverse_leads_back() {
        for k in 1..1000 {
            let likelihood = f64::from(k) / 1000.0;
            assert!((cumulative(quantile(likelihood)) - likelihood).abs() < 4e-15, "{likelihood}");
        }
        assert!((quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-13);
        assert!((quantile(1e-9) + 5.997_807_015_007_687).abs() < 1e-9);
        assert!(quantile(0.5).abs() < 1e-15);
    }
}
