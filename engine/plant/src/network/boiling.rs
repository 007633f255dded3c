//! How far the liquid of a solved circuit is from boiling.
//!
//! # Equations
//! ```text
//! p = p_fill − Σ Δp along the links from the expansion vessel         absolute, at every joint
//! p > p_sat(T)                                                        else the liquid boils there, and a pump cavitates
//! ```
//!
//! # Assumptions
//! All of a circuit lies on one level, and its expansion vessel keeps 200 kPa in front of the pump whose id is first by the
//! alphabet, however warm the liquid is: a vessel that is too small, and what stands higher than the pumps (1 m takes 9.8 kPa), are
//! not seen. A glycol boils above water and oil far above it: the vapour pressure is that of water for all of them.
//! What a pump needs above boiling (its NPSH) is no data of a pump here, so the limit is the floor of every pump: at it
//! the first bubbles are there, while the flows are still those of a liquid.
//!
//! # Source
//! Point of constant pressure: ASHRAE *HVAC Systems and Equipment* (2020), ch. 13, "Expansion chamber". Net positive suction
//! head, `(p − p_sat)/(ρ·g)`, and margins on what a pump needs: ANSI/HI 9.6.1. Both recalled, to verify. Vapour pressure:
//! [`media::moist_air::saturation_pressure`].

use crate::kernel::Component;
use media::moist_air::saturation_pressure;
use real::Real;

/// What it means when the margin is negative.
pub(super) const TEXT: &str = "the liquid is below its vapour pressure: it boils, and pumps cavitate";

/// Inputs: absolute pressure, temperature. Output: pressure above that of the vapour of water.
pub(super) struct Margin;

impl Component<2, 1> for Margin {
    type Parameters<V: Real> = ();
    fn parameters<V: Real>(_: &[V]) {}
    #[inline(always)]
    fn evaluate<R: Real>(_: &(), [pressure, temperature]: [R; 2]) -> [R; 1] {
        [pressure - saturation_pressure(temperature)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn water_of_sixty_degrees_boils_at_a_fifth_of_an_atmosphere() {
        // ASHRAE Fundamentals, table of water at saturation: 19.94 kPa at 60 °C
        let margin = |pressure| Margin::evaluate::<f64>(&(), [pressure, 333.15])[0];
        assert!(margin(19.9e3) < 0.0 && margin(20.0e3) > 0.0);
        assert!((margin(200e3) - 180.06e3).abs() < 30.0, "{}", margin(200e3));
    }
}
