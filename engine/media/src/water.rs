//! Liquid water in the energy balance of moist air.
//!
//! # Equations
//! `h_f(T) = 4186 (T − 273.15)` J/kg and `h_fg(T) = 2 501 000 − 2326 (T − 273.15)` J/kg.
//!
//! # Assumptions
//! Both follow from the vapour's enthalpy `2 501 000 + 1860 t` in [`crate::moist_air::enthalpy`] and
//! from the liquid's `4186 t` in the wet-bulb equation: `h_fg = h_g − h_f`. A cooling tower, a wetted pad
//! and a humidifier that take water with this enthalpy and give vapour with that one conserve energy to
//! rounding. Better values of either alone ([`crate::liquid::Fluid::specific_heat`] is 0.1 % lower at
//! 25 °C) would open that balance.
//!
//! # Valid for
//! 0 … 60 °C to 0.2 % of IAPWS, 100 °C to 0.6 %.
//!
//! # Source
//! ASHRAE Handbook Fundamentals 2017, chapter 1, eq. (30) and (33).
//!
//! # Verified by
//! `tests/validation/oracle/water_latent_heat.csv`.

use crate::ZERO_CELSIUS;
use real::Real;

/// Specific heat of liquid water in the balances of moist air (J/(kg K)).
pub(crate) const LIQUID_HEAT: f64 = 4186.0;

/// Enthalpy of liquid water (J/kg) at `temperature` (K), relative to the liquid at 0 °C.
///
/// A straight line of 4186 J/(kg K): see the module for why.
#[inline]
pub fn enthalpy<R: Real>(temperature: R) -> R {
    (temperature - R::number(ZERO_CELSIUS)) * R::number(LIQUID_HEAT)
}

/// Heat of evaporation (J/kg) at `temperature` (K): vapour minus liquid enthalpy at that temperature.
#[inline]
pub fn latent_heat<R: Real>(temperature: R) -> R {
    let celsius = temperature - R::number(ZERO_CELSIUS);
    celsius * R::number(crate::moist_air::VAPOUR_HEAT - LIQUID_HEAT)
        + R::number(crate::moist_air::LATENT_HEAT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moist_air;

    #[test]
    fn vapour_is_liquid_plus_latent_heat_at_every_temperature() {
        for t in [273.15, 293.15, 333.15, 373.15] {
            // h(t, W = 1) − h(t, W = 0) is the enthalpy of a kilogram of vapour
            let vapour = moist_air::enthalpy(t, 1.0) - moist_air::enthalpy(t, 0.0);
            assert!((vapour - enthalpy(t) - latent_heat(t)).abs() < 1e-8, "{t}");
        }
    }

    #[test]
    fn at_twenty_degrees_the_heat_of_evaporation_is_2454_kilojoules() {
        // 2501 − 2.326 · 20 = 2454.48 kJ/kg
        assert!((latent_heat(293.15) - 2_454_480.0).abs() < 1e-6);
    }
}
