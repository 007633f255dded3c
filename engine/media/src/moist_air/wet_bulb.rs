//! Adiabatic saturation: the thermodynamic wet bulb and the humidity ratio that follows from it.
//!
//! # Equations
//! With `t*` the wet bulb in °C and `W*` the saturated humidity ratio there, in kJ/kg:
//!
//! `W = ((2501 − 2.326 t*) W* − 1.006 (t − t*)) / (2501 + 1.86 t − 4.186 t*)` over water, eq. (33),
//! `W = ((2830 − 0.24 t*) W* − 1.006 (t − t*)) / (2830 + 1.86 t − 2.1 t*)` over ice, eq. (35).

use super::saturation::{
    above_saturated, ln_saturation_slope, saturation_humidity_ratio, saturation_pressure,
};
use super::{AIR_HEAT, LATENT_HEAT, MASS_RATIO, VAPOUR_HEAT, enthalpy};
use crate::ZERO_CELSIUS;
use crate::water::LIQUID_HEAT;
use real::{Real, implicit};

/// Vapour minus ice at 0 °C (J/kg), eq. (35).
const SUBLIMATION_HEAT: f64 = 2_830_000.0;
/// Specific heat of ice (J/(kg K)), eq. (35).
const ICE_HEAT: f64 = 2100.0;

/// What the wick carries: heat of evaporation at 0 °C and the specific heat of the water or ice.
///
/// The slope of the heat of evaporation, 2326 or 240 J/(kg K), is that of vapour less this one.
#[derive(Clone, Copy)]
struct Wick<V> {
    latent: V,
    heat: V,
}

impl<V: Real<Value = V>> Wick<V> {
    /// Ice where `key < limit`, else water.
    #[inline(always)]
    fn ice_below(key: V, limit: V) -> Self {
        let pick = |ice, water| V::pick_below(key, limit, V::number(ice), V::number(water));
        Wick { latent: pick(SUBLIMATION_HEAT, LATENT_HEAT), heat: pick(ICE_HEAT, LIQUID_HEAT) }
    }

    /// Heat of evaporation at the wet bulb, and the heat one kilogram of the air's vapour gives up.
    #[inline(always)]
    fn heats<R: Real<Value = V>>(self, temperature: R, wet_bulb: R) -> (R, R) {
        let [dry, wet] = [temperature, wet_bulb].map(|t| t - V::number(ZERO_CELSIUS));
        let evaporation = wet * (V::number(VAPOUR_HEAT) - self.heat) + self.latent;
        (evaporation, dry * V::number(VAPOUR_HEAT) - wet * self.heat + self.latent)
    }

    /// Eq. (33) or (35) times `(p − p_ws)` and its own denominator: zero at the wet bulb, rising with it,
    /// without a pole.
    #[inline(always)]
    fn balance<R: Real<Value = V>>(self, wet_bulb: R, temperature: R, humidity_ratio: R, pressure: R) -> R {
        let (evaporation, vapour) = self.heats(temperature, wet_bulb);
        let given_up = (temperature - wet_bulb) * V::number(AIR_HEAT) + humidity_ratio * vapour;
        let saturated = saturation_pressure(wet_bulb);
        saturated * evaporation * V::number(MASS_RATIO) - (pressure - saturated) * given_up
    }

    /// The derivative of [`Self::balance`] with respect to the wet bulb.
    #[inline(always)]
    fn slope(self, wet_bulb: V, temperature: V, humidity_ratio: V, pressure: V) -> V {
        let (evaporation, vapour) = self.heats(temperature, wet_bulb);
        let given_up = (temperature - wet_bulb) * V::number(AIR_HEAT) + humidity_ratio * vapour;
        let saturated = saturation_pressure(wet_bulb);
        let steepness = saturated * ln_saturation_slope(wet_bulb);
        let evaporated = steepness * evaporation + saturated * (V::number(VAPOUR_HEAT) - self.heat);
        evaporated * V::number(MASS_RATIO)
            + steepness * given_up
            + (pressure - saturated) * (humidity_ratio * self.heat + V::number(AIR_HEAT))
    }
}

/// Humidity ratio (kg/kg) from dry bulb (K), wet bulb (K) and pressure (Pa). Eq. (33), below 0 °C of
/// wet bulb eq. (35). A wet bulb lower than dry air reaches gives 0.
#[inline]
pub fn humidity_ratio_from_wet_bulb<R: Real>(temperature: R, wet_bulb: R, pressure: R) -> R {
    let wick = Wick::ice_below(wet_bulb.value(), R::number(ZERO_CELSIUS));
    let (evaporation, vapour) = wick.heats(temperature, wet_bulb);
    let saturated = saturation_humidity_ratio(wet_bulb, pressure);
    ((evaporation * saturated - (temperature - wet_bulb) * R::number(AIR_HEAT)) / vapour).positive()
}

/// Thermodynamic wet bulb (K) from dry bulb (K), humidity ratio (kg/kg) and pressure (Pa): eq. (33) or
/// (35) solved.
///
/// From dry air (`W = 0`, also below) to saturation; supersaturated air has the wet bulb of saturated air,
/// its dry bulb. Valid for −60 … 90 °C.
///
/// The balance is convex in the wet bulb, so Newton's method from the right of its zero descends onto it
/// without overshooting; from the lower of the dry bulb and a bound of saturated air of the same enthalpy
/// 6 steps reach rounding for any state of the range. One more step in `R` carries exact derivatives.
///
/// # The fold at 0 °C
/// The two forms do not meet. At `t* = 0` ice, which takes more heat to evaporate, gives the larger `W`,
/// so for a band of `W` (3.7e−4 wide at 8 °C) *both* have a solution: a wick of water at or
/// above 0 °C and one of ice below. This function takes water wherever water has a solution at or
/// above 0 °C and ice elsewhere. Of this band's two answers psychrolib returns whichever its bisection
/// happens upon, CoolProp mostly ice. As a function of `W` the wet bulb therefore jumps once, where the
/// water form reads 0 °C: by 0.35 K at 5 °C of dry bulb and 0.56 K at 8 °C; from 9.4 °C on (at sea level)
/// even dry air stays above. Either answer gives back the same humidity ratio.
#[inline]
pub fn wet_bulb<R: Real>(temperature: R, humidity_ratio: R, pressure: R) -> R {
    let humidity_ratio = humidity_ratio.positive().at_most(saturation_humidity_ratio(temperature, pressure));
    let (t, w, p) = (temperature.value(), humidity_ratio.value(), pressure.value());
    let freezing = R::number(ZERO_CELSIUS);
    // The humidity ratio at which water reads exactly 0 °C divides the forms.
    let water = Wick { latent: R::number(LATENT_HEAT), heat: R::number(LIQUID_HEAT) };
    let (zero, excess) = (R::number(0.0), water.balance(freezing, t, w, p));
    let wick = Wick::ice_below(zero, excess);
    let start = R::Value::pick_below(zero, excess, t.at_most(freezing), t);
    implicit(
        start.at_most(above_saturated(enthalpy(t, w), p)),
        6,
        |y: R| wick.balance(y, temperature, humidity_ratio, pressure),
        |y| wick.balance(y, t, w, p),
        |y| wick.slope(y, t, w, p),
    )
}
