//! Effectiveness of heat exchangers, shared by every component that has one.
//!
//! # Equations
//! With capacity rates `C = ṁ·cp`, `Cr = Cmin/Cmax` and `NTU = UA/Cmin`, `Q = ε·Cmin·(T_hot,in − T_cold,in)`.
//! * counterflow: `ε = (1 − e^(−NTU(1−Cr))) / (1 − Cr·e^(−NTU(1−Cr)))`
//! * cross flow, both streams unmixed, approximate: `ε = 1 − exp((e^(−NTU·Cr·n) − 1)/(Cr·n))`, `n = NTU^−0.22`
//! * parallel flow: `ε = (1 − e^(−NTU(1+Cr))) / (1 + Cr)`
//! * one stream of constant temperature: `ε = 1 − e^−NTU`
//!
//! # Source
//! Incropera et al., *Fundamentals of Heat and Mass Transfer*, 6th ed., eq. 11.28a, 11.29a, 11.32,
//! 11.35a;
//! the cross-flow form as in the EnergyPlus Engineering Reference, "Fluid Coolers": it approximates a series, from
//! which it is up to 4 % off.
//!
//! # Verified by
//! `tests/validation/oracle/effectiveness_ntu.csv` in `isotherm validate`.

use real::Real;

/// Capacity rates below this [W/K] are treated as this, so that everything stays finite at standstill.
pub const SMALLEST_RATE: f64 = 1e-3;

/// Heat flow per kelvin of inlet difference `ε·Cmin` [W/K] of a counterflow exchanger.
///
/// Written in the form without singularity at `Cr = 1`, where `a = NTU·(1 − Cr) → 0`:
/// `ε·Cmin = φ/(1/UA + φ/Cmax)` with `φ = (1 − e^−a)/a`, `a = UA·(1/Cmin − 1/Cmax)`.
#[inline(always)]
pub fn counterflow<R: Real>(conductance: R, rate_a: R, rate_b: R) -> R {
    let floor = R::lift(SMALLEST_RATE);
    let (a, b) = (rate_a.at_least(floor), rate_b.at_least(floor));
    let (smaller, larger) = (a.at_most(b), a.at_least(b));
    let exponent = conductance * (smaller.reciprocal() - larger.reciprocal());
    let phi = decay(exponent);
    phi / (conductance.reciprocal() + phi / larger)
}

/// `ε·Cmin` [W/K] of an exchanger whose streams run side by side.
#[inline(always)]
pub fn parallel<R: Real>(conductance: R, rate_a: R, rate_b: R) -> R {
    let floor = R::lift(SMALLEST_RATE);
    let sum = rate_a.at_least(floor).reciprocal() + rate_b.at_least(floor).reciprocal();
    (-(conductance * sum)).exp().complement() / sum
}

/// `(1 − e^−x)/x` for `x ≥ 0`, by its series near 0.
#[inline(always)]
pub fn decay<R: Real>(x: R) -> R {
    // 1 − x/2 + x²/6 − x³/24 + x⁴/120: relative error below 2e-13 for x < 0.003, where the
    // closed form would lose digits.
    let limit = R::number(3e-3);
    let series = ((((x * R::number(1.0 / 120.0) - R::number(1.0 / 24.0)) * x + R::number(1.0 / 6.0)) * x
        - R::number(0.5))
        * x)
        + R::number(1.0);
    let safe = x.at_least(R::lift(1e-3));
    let closed = (-safe).exp().complement() / safe;
    R::pick_below(x.value(), limit, series, closed)
}

/// `ε·Cmin` [W/K] of a cross-flow exchanger with both streams unmixed.
#[inline(always)]
pub fn crossflow<R: Real>(conductance: R, rate_a: R, rate_b: R) -> R {
    let floor = R::lift(SMALLEST_RATE);
    let (a, b) = (rate_a.at_least(floor), rate_b.at_least(floor));
    let (smaller, larger) = (a.at_most(b), a.at_least(b));
    let ratio = smaller / larger;
    let ntu = (conductance / smaller).at_least(R::lift(1e-6));
    let n = ntu.powf(R::number(-0.22));
    let inner = decay(ntu * ratio * n) * ntu;
    (-inner).exp().complement() * smaller
}

/// `ε·C` [W/K] against a body of one temperature.
#[inline(always)]
pub fn against_body<R: Real>(conductance: R, rate: R) -> R {
    let rate = rate.at_least(R::lift(SMALLEST_RATE));
    (-(conductance / rate)).exp().complement() * rate
}

/// The conductance [W/K] at which `rate(conductance)` [W/K] reaches `needed`, by bisection; `None` where even
/// an infinite exchanger falls short.
pub fn size(needed: f64, rate: impl Fn(f64) -> f64) -> Option<f64> {
    let (mut low, mut high) = (0.0, needed);
    while rate(high) < needed {
        high *= 2.0;
        if high > 1e4 * needed {
            return None;
        }
    }
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if rate(middle) < needed {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn balanced_streams_with_one_transfer_unit_reach_half_of_the_maximum() {
        // Cr = 1, NTU = 1 → ε = NTU/(1 + NTU) = 1/2
        assert!((counterflow(100.0, 100.0, 100.0) - 50.0).abs() < 1e-12);
    }

    #[test]
    fn the_counterflow_form_equals_the_textbook_one_on_both_sides_of_balance() {
        for ratio in [0.1, 0.5, 0.9, 0.999, 1.001, 2.0, 7.0] {
            for ntu in [0.1, 1.0, 3.0] {
                let (rate, other) = (100.0, 100.0 * ratio);
                let (min, max) = (f64::min(rate, other), f64::max(rate, other));
                let (ua, cr) = (ntu * min, min / max);
                let e = (-ntu * (1.0 - cr)).exp();
                let textbook = (1.0 - e) / (1.0 - cr * e) * min;
                let ours = counterflow(ua, rate, other);
                assert!((ours / textbook - 1.0).abs() < 1e-9, "{ratio} {ntu}: {ours} {textbook}");
            }
        }
    }

    #[test]
    fn side_by_side_balanced_streams_meet_half_way_at_most() {
        // Cr = 1: ε = (1 − e^(−2·NTU))/2; NTU = 1 → 0.432332, without end → 1/2
        assert!((parallel(100.0, 100.0, 100.0) - 43.233_235_838_169_36f64).abs() < 1e-9);
        assert!((parallel(1e6, 100.0, 100.0) - 50.0f64).abs() < 1e-9);
    }

    #[test]
    fn cross_flow_tends_to_the_single_stream_exchanger_as_the_ratio_vanishes() {
        // Cr → 0: ε = 1 − e^−NTU = 0.6321 at NTU = 1
        assert!((crossflow(1.0, 1.0, 1e9) - 0.632_120_558_8).abs() < 1e-6);
    }

    #[test]
    fn nothing_breaks_at_standstill() {
        for f in [counterflow::<f64>, crossflow::<f64>] {
            assert!(f(100.0, 0.0, 50.0).abs() < 2e-3);
            assert!(f(100.0, 0.0, 0.0).is_finite());
        }
        assert!(against_body(10.0, 0.0).abs() < 2e-3);
    }
}
