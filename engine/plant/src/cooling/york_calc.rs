//! YorkCalc: the approach of an open cooling tower as a polynomial in wet bulb, range and liquid-to-gas ratio.
//!
//! # Equations
//! ```text
//! A(T_wb, R, L) = Σ c_abc·T_wb^a·R^b·L^c,  a, b, c = 0…2        (K), T_wb in °C, L = FR_water/FR_air
//! R + A(T_wb, R, L) = D = T_water,in − T_wb
//! ```
//! `A` is quadratic in the range `R`, so the second line has a closed solution:
//! `R = 2(D − a₀)/(1 + a₁ + √((1 + a₁)² + 4·a₂·(D − a₀)))`.
//! What a tower uses is the *effectiveness* `R/D`.
//!
//! Two ranges bound where the polynomial is followed; beyond them the effectiveness stays what it is there, so
//! that heat vanishes with `D`, changes sign with it and always rises with it:
//! * 1.1 K, the correlation's own lower limit: the fit does not go through zero;
//! * 22.2 K, its upper limit, or less where the fitted approach stops rising with range
//!   (`a₁ + 2·a₂·R < 0`: above a liquid-to-gas ratio of about 4, warm water would leave colder than lukewarm water).
//!
//! # Assumptions
//! Barometric pressure and humidity beyond the wet bulb do not matter, as in the source.
//!
//! # Valid for
//! Wet bulb −34.4…26.7 °C, range 1.1…22.2 K, approach 1.1…40 K, water flow 0.75…1.25 of the reference,
//! liquid-to-gas ratio to 8. Entering water to 50 °C: hotter, at the lowest air flows, the fit loses up to 7 % of
//! effectiveness as air is added.
//!
//! # Source
//! EnergyPlus Engineering Reference, "Variable Speed Cooling Towers Empirical Models": the YorkCalc equation
//! with 27 terms, tables "Approach Temperature Correlation Coefficients" and "Minimum and Maximum Limits".
//! The printed equation has lost exponents in terms 8, 9, 19 and 21–26; they are those of the pattern above,
//! and confirmed by runs of the program.
//! The original: York International Corporation 2002, YORKcalc Software, Form 160.00-SG2.
//!
//! # Verified by
//! `tests/validation/oracle/tower_approach_direct.csv` and `tower_energyplus_hours.csv` in
//! `isotherm validate`; scans of the whole range below.

use real::Real;

/// Wet bulbs of the correlation (K).
pub const WET_BULBS: (f64, f64) = (238.75, 299.85);
/// Ranges of the correlation (K).
pub const RANGES: (f64, f64) = (1.1, 22.2);
/// Approaches of the correlation (K).
pub const APPROACHES: (f64, f64) = (1.1, 40.0);
/// Water flows of the correlation, as a share of its reference flow.
pub const FLOWS: (f64, f64) = (0.75, 1.25);
/// Largest liquid-to-gas ratio of the correlation.
pub const MOST_LIQUID_TO_GAS: f64 = 8.0;
/// Entering water up to which heat rises with the air flow (K): our own bound, see [Valid for](self).
pub const MOST_WATER_IN: f64 = 323.15;

/// Coefficients `c_abc` as `[b][c][a]`: power of the range, of the liquid-to-gas ratio, of the wet bulb in °C.
const COEFFICIENTS: [[[f64; 3]; 3]; 3] = [
    [
        [-0.359741205, -0.055053608, 0.0023850432],
        [2.84765801111111, -0.121765149, 0.0014599242],
        [-0.06537662555556, -0.002278167, 0.0002500254],
    ],
    [
        [0.173926877, -0.0248473764, 0.00048430224],
        [1.680428651, -0.0166920786, -0.0007190532],
        [-0.0910565458, 0.00318176316, 3.8621772e-05],
    ],
    [
        [-0.005589849456, 0.0005770079712, -1.342427256e-05],
        [-0.025485194448, 4.87491696e-05, 2.719234152e-05],
        [-0.0034285382352, 8.56589904e-06, -1.516821552e-06],
    ],
];

/// What the correlation says of an inlet difference.
#[derive(Clone, Copy, Debug)]
pub struct Cooling<R> {
    /// Range over inlet difference.
    pub effectiveness: R,
    /// Water leaving less wet bulb (K), at the nearest inlet difference that the correlation covers.
    pub approach: R,
    /// By how far the inlet difference lies outside of what the correlation covers (K).
    pub beyond: R,
}

/// `a₀, a₁, a₂` of `A = a₀ + a₁·R + a₂·R²` at a wet bulb (K) and a liquid-to-gas ratio.
#[inline(always)]
fn quadratic<R: Real>(wet_bulb: R, liquid_to_gas: R) -> [R; 3] {
    let t = wet_bulb - R::number(273.15);
    COEFFICIENTS.map(|of_ratio| {
        let [a, b, c] = of_ratio.map(|[x, y, z]| (t * R::number(z) + R::number(y)) * t + R::number(x));
        (c * liquid_to_gas + b) * liquid_to_gas + a
    })
}

/// The polynomial itself (K), at a wet bulb (K), a range (K) and a liquid-to-gas ratio.
#[inline(always)]
pub fn approach<R: Real>(wet_bulb: R, range: R, liquid_to_gas: R) -> R {
    let [a0, a1, a2] = quadratic(wet_bulb, liquid_to_gas);
    (a2 * range + a1) * range + a0
}

/// The cooling of water that enters `difference` (K) above the wet bulb (K).
#[inline(always)]
pub fn cooling<R: Real>(wet_bulb: R, difference: R, liquid_to_gas: R) -> Cooling<R> {
    let [a0, a1, a2] = quadratic(wet_bulb, liquid_to_gas);
    let slope = a1 + R::number(1.0);
    let least = R::lift(RANGES.0);
    // The range at which the approach stops rising; a₁ > 0 everywhere, and a₂ ≥ 0 never stops it.
    let crest = a1 / ((-a2).at_least(R::lift(1e-6)) * R::number(2.0));
    let most = crest.at_most(R::lift(RANGES.1));
    let at = |range: R| (a2 * range + slope) * range + a0;
    let (low, high) = (at(least), at(most));
    let covered = difference.within(low, high);
    let excess = covered - a0;
    let root = (slope.squared() + a2 * excess * R::number(4.0)).sqrt();
    let range = excess * R::number(2.0) / (slope + root);
    // Below its range the correlation matters only while there is something to cool.
    let below = (low - difference).at_most(difference).positive();
    Cooling {
        effectiveness: range / covered,
        approach: covered - range,
        beyond: (difference - high).positive() + below,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(from: f64, to: f64, n: usize) -> impl Iterator<Item = f64> {
        (0..=n).map(move |k| from + (to - from) * k as f64 / n as f64)
    }

    #[test]
    fn at_the_reference_point_the_approach_is_that_of_the_table() {
        // 25.6 °C wet bulb, 5.6 K range, L = 1: 3.8560728 K
        assert!((approach(298.75, 5.6, 1.0) - 3.856_072_8f64).abs() < 1e-6);
    }

    #[test]
    fn range_and_approach_make_up_the_inlet_difference() {
        for (wet_bulb, l, range) in [(298.75, 1.0, 5.6), (283.15, 1.8, 8.0), (263.15, 3.0, 12.0)] {
            let difference: f64 = range + approach(wet_bulb, range, l);
            let out = cooling(wet_bulb, difference, l);
            assert!((out.effectiveness * difference - range).abs() < 1e-12);
            assert!((out.approach - (difference - range)).abs() < 1e-12);
            assert_eq!(out.beyond, 0.0);
        }
    }

    #[test]
    fn heat_rises_with_the_inlet_difference_and_up_to_fifty_degrees_with_the_air_flow() {
        for wet_bulb in steps(WET_BULBS.0, WET_BULBS.1, 40) {
            for flow in [0.75, 1.0, 1.25] {
                for difference in steps(-40.0, 323.15 - wet_bulb, 65) {
                    let mut before = 0.0;
                    for air in steps(0.16, 1.0, 42) {
                        let e: f64 = cooling(wet_bulb, difference, flow / air).effectiveness;
                        let warmer: f64 = cooling(wet_bulb, difference + 0.1, flow / air).effectiveness;
                        assert!(e > 0.0 && e < 1.0, "{wet_bulb} {difference} {air}: {e}");
                        assert!(
                            warmer * (difference + 0.1) > e * difference,
                            "{wet_bulb} {difference} {air}"
                        );
                        assert!(e >= before - 1e-12, "{wet_bulb} {difference} {air}: {e} after {before}");
                        before = e;
                    }
                }
            }
        }
    }
}
