//! Streams that may turn round: passages of circuits whose flows are solved from pressures.
//!
//! # Equations
//! With `|ṁ| = √(ṁ² + w²)`, `w` a thousandth of the design flow, the parts of the flow towards the outlet and back are
//! ```text
//! ṁ₊ = (|ṁ| + ṁ)/2,  ṁ₋ = (|ṁ| − ṁ)/2            ṁ₊ − ṁ₋ = ṁ exactly
//! T_up = (ṁ₊·T_in + ṁ₋·T_out)/|ṁ|                 what the component sees
//! H_out = ṁ₊·cp·(T_in − T_out),  H_in = ṁ₋·cp·(T_out − T_in)
//! Q_out = Q·ṁ₊/|ṁ|,  Q_in = Q·ṁ₋/|ṁ|              where the component's heat goes
//! ```
//! As `ṁ₊ − ṁ₋ = ṁ`, and the flows of every joint balance, the streams of a circuit neither gain nor lose energy.
//!
//! # Assumptions
//! At standstill the volumes at both ends mix with `w/2`: a stand-in for conduction and natural convection. At the
//! design flow this is 2.5·10⁻⁷ of it. A component whose stream is reversed works as it does forwards, with the
//! temperature of the end where the stream comes in: a counterflow exchanger stays one, which for a flow that is not
//! its own is optimistic.
//!
//! # Source
//! Upwind advection with a regularised switch: Patankar, *Numerical Heat Transfer and Fluid Flow* (1980), sec. 5.2;
//! `w`: engineering knowledge, to verify.

use crate::kernel::Component;
use real::Real;

/// `w` as a share of the design flow.
pub(super) const STILL_SHARE: f64 = 1e-3;

/// Inputs: flow, temperature at the inlet end, at the outlet end. Parameters: specific heat, `w` [kg/s].
/// Outputs: upstream temperature, |ṁ|, share towards the outlet, heat brought to the outlet's and to the inlet's volume.
pub(super) struct Stream;

impl Component<3, 5> for Stream {
    type Parameters<V: Real> = (V, V);
    fn parameters<V: Real>(values: &[V]) -> (V, V) {
        (values[0], values[1])
    }
    #[inline(always)]
    fn evaluate<R: Real>(
        &(specific_heat, still): &(R::Value, R::Value),
        [flow, inlet, outlet]: [R; 3],
    ) -> [R; 5] {
        let half = R::number(0.5);
        let through = (flow.squared() + still * still).sqrt();
        let forward = (through + flow) * half;
        let back = (through - flow) * half;
        let share = forward / through;
        let difference = inlet - outlet;
        [
            outlet + share * difference,
            through,
            share,
            forward * specific_heat * difference,
            -(back * specific_heat * difference),
        ]
    }
}

/// Inputs: heat of the component, share towards the outlet. Outputs: heat to the outlet's, to the inlet's volume.
pub(super) struct Divide;

impl Component<2, 2> for Divide {
    type Parameters<V: Real> = ();
    fn parameters<V: Real>(_: &[V]) {}
    #[inline(always)]
    fn evaluate<R: Real>(_: &(), [heat, share]: [R; 2]) -> [R; 2] {
        let forward = heat * share;
        [forward, heat - forward]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reversed_stream_brings_the_outlets_temperature_to_the_inlet() {
        // −2 kg/s · 4000 J/(kg K), 300 K in front, 310 K behind: 80 kW into the front, nothing into the back
        let [upstream, through, share, out, back] =
            Stream::evaluate::<f64>(&(4000.0, 2e-3), [-2.0, 300.0, 310.0]);
        assert!((upstream - 310.0).abs() < 1e-5 && (through - 2.0).abs() < 2e-6 && share < 1e-6);
        assert!(out.abs() < 0.1 && (back - 80e3).abs() < 0.1, "{out} {back}");
    }

    #[test]
    fn both_parts_differ_by_the_flow_and_nothing_breaks_at_rest() {
        for flow in [-3.0, -1e-3, 0.0, 1e-9, 0.4] {
            let [upstream, _, share, out, back] =
                Stream::evaluate::<f64>(&(4000.0, 1e-3), [flow, 300.0, 310.0]);
            assert!((0.0..=1.0).contains(&share));
            // H_out + H_in = ṁ·cp·(T_in − T_out)
            assert!((out + back - flow * 4000.0 * -10.0).abs() < 1e-9 * (1.0 + flow.abs() * 4e4));
            assert!((300.0..=310.0).contains(&upstream));
        }
    }
}
