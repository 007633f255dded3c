//! A proportional-integral controller with an actuator that travels, as states.
//!
//! # Equations
//! With error `e = ±(set-point − measured)`, signed so that a positive one opens the actuator:
//! ```text
//! v  = e/band + I                       wanted position
//! c  = clamp(v), smooth over 1 % of the stroke
//! I' = e/(band·Ti) + (c − v)/Ti         back-calculation keeps the integral near the clamp
//! p' = (c − p)/travel                   the position follows
//! ```
//! # Source
//! Åström & Hägglund, *Advanced PID Control* (2006), eq. 3.16 (back-calculation, tracking time = Ti).
//!
//! # Verified by
//! Tests below; `tests/numerics.rs` compares it with the sampled controller.

use crate::kernel::Component;
use real::Real;

/// Width of the smooth clamp as a share of the stroke.
const SOFTNESS: f64 = 0.01;
/// Its least width: an actuator without a stroke, its least position its highest, stands still.
const NARROWEST: f64 = 1e-6;

/// Constants of the loop, in the order of its values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings<V> {
    pub setpoint: V,
    /// +1 where opening raises the measured value, −1 where it lowers it.
    pub sign: V,
    pub band: V,
    pub integral_time: V,
    pub low: V,
    pub high: V,
    pub travel: V,
}

/// Inputs: measured value, integral, position. Outputs: rates of integral and position.
pub(super) struct Pi;

impl Component<3, 2> for Pi {
    type Parameters<V: Real> = Settings<V>;
    fn parameters<V: Real>(v: &[V]) -> Settings<V> {
        Settings {
            setpoint: v[0],
            sign: v[1],
            band: v[2],
            integral_time: v[3],
            low: v[4],
            high: v[5],
            travel: v[6],
        }
    }
    #[inline(always)]
    fn evaluate<R: Real>(p: &Settings<R::Value>, [measured, integral, position]: [R; 3]) -> [R; 2] {
        let error = -((measured - p.setpoint) * p.sign);
        let proportional = error / p.band;
        let wanted = proportional + integral;
        let width = ((p.high - p.low) * R::number(SOFTNESS)).at_least(R::number(NARROWEST));
        let above_low = ((wanted - p.low) / width).softplus();
        let above_high = ((wanted - p.high) / width).softplus();
        let clamped = (above_low - above_high) * width + p.low;
        [(proportional + clamped - wanted) / p.integral_time, (clamped - position) / p.travel]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings<f64> {
        Settings {
            setpoint: 300.0,
            sign: -1.0,
            band: 5.0,
            integral_time: 100.0,
            low: 0.0,
            high: 1.0,
            travel: 10.0,
        }
    }

    #[test]
    fn at_the_set_point_nothing_moves() {
        let [integral, position] = Pi::evaluate::<f64>(&settings(), [300.0, 0.4, 0.4]);
        assert!(integral.abs() < 1e-12 && position.abs() < 1e-12, "{integral:e} {position:e}");
    }

    #[test]
    fn too_warm_opens_a_valve_that_cools() {
        // 1 K too warm over a band of 5 K: v = 0.2 + 0.4; I' = 0.2/100; p' = (0.6 − 0.4)/10
        let [integral, position] = Pi::evaluate::<f64>(&settings(), [301.0, 0.4, 0.4]);
        assert!((integral - 0.002).abs() < 1e-9 && (position - 0.02).abs() < 1e-9);
    }

    #[test]
    fn an_actuator_without_a_stroke_stands_where_it_is_and_its_integral_follows() {
        // A fan of one speed, 10 K too warm and at rest: I = 1, p = 1; from I = 0.4 it moves by 0.6 in its time of 100 s
        let fixed = Settings { low: 1.0, ..settings() };
        let linearized = |x: [f64; 3]| {
            let seeds = std::array::from_fn(|k| real::Dual::<f64, 3>::seed(x[k], k));
            Pi::evaluate(&fixed, seeds)
        };
        let [integral, position] = linearized([310.0, 1.0, 1.0]);
        assert_eq!([integral.v, position.v], [0.0; 2]);
        // Neither is moved by what is measured, each by itself alone.
        assert_eq!([integral.d, position.d], [[0.0, -0.01, 0.0], [0.0, 0.0, -0.1]]);
        assert!((linearized([310.0, 0.4, 1.0])[0].v - 0.006).abs() < 1e-12);
    }

    #[test]
    fn a_clamped_integral_comes_to_rest() {
        // 10 K too warm: e/band = 2. At rest (c − v) = −2 with c = 1, so v = 3 and I = 1.
        let [integral, _] = Pi::evaluate::<f64>(&settings(), [310.0, 1.0, 1.0]);
        assert!(integral.abs() < 1e-9, "{integral:e}");
    }
}
