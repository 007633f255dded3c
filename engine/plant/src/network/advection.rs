//! What a stream brings to the mixing volume it enters.
//!
//! # Equations
//! ```text
//! liquid:  H = ṁ·cp·(T_from − T_volume)
//! air:     H = ṁ·(h_from − h_volume),  M = ṁ·(W_from − W_volume)
//! ```
//! # Assumptions
//! The volume is well mixed and holds a constant mass; a liquid's specific heat is the one at the
//! reference temperature of its loop, so that stored energy is linear in the temperature.
//!
//! # Source
//! First law for an open, well-stirred volume of constant mass (e.g. Incropera et al., eq. 1.12e).

use crate::kernel::Component;
use real::Real;

/// Liquid: inputs flow [kg/s], temperature from, temperature of the volume; parameter specific heat.
pub(super) struct Liquid;

impl Component<3, 1> for Liquid {
    type Parameters<V: Real> = V;
    fn parameters<V: Real>(values: &[V]) -> V {
        values[0]
    }
    #[inline(always)]
    fn evaluate<R: Real>(specific_heat: &R::Value, [flow, from, volume]: [R; 3]) -> [R; 1] {
        [flow * *specific_heat * (from - volume)]
    }
}

/// Air: inputs flow of dry air [kg/s], enthalpy and humidity ratio from, the same of the volume.
pub(super) struct Air;

impl Component<5, 2> for Air {
    type Parameters<V: Real> = ();
    fn parameters<V: Real>(_: &[V]) {}
    #[inline(always)]
    fn evaluate<R: Real>(_: &(), [flow, h, w, h_volume, w_volume]: [R; 5]) -> [R; 2] {
        [flow * (h - h_volume), flow * (w - w_volume)]
    }
}

/// Dry-bulb temperature of an air volume, for sensors and columns: inputs enthalpy, humidity ratio.
pub(super) struct DryBulb;

impl Component<2, 1> for DryBulb {
    type Parameters<V: Real> = ();
    fn parameters<V: Real>(_: &[V]) {}
    #[inline(always)]
    fn evaluate<R: Real>(_: &(), [enthalpy, humidity_ratio]: [R; 2]) -> [R; 1] {
        [media::moist_air::temperature_from_enthalpy(enthalpy, humidity_ratio)]
    }
}
