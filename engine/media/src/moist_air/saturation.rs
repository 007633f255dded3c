//! Saturation over water and ice, and the two temperatures that invert it.

use super::{AIR_HEAT, LATENT_HEAT, MASS_RATIO, VAPOUR_HEAT};
use super::{enthalpy, humidity_ratio_from_vapour_pressure, vapour_pressure};
use crate::{ZERO_CELSIUS, polynomial};
use real::{Real, implicit};

/// The triple point (K). The two equations meet here; ASHRAE prints 0 °C as the border, where they do
/// not, and an inverse would find a gap.
const TRIPLE_POINT: f64 = 273.16;

/// Saturation pressure at −100 °C (Pa), where eq. (5) ends.
const DRIEST: f64 = 0.001405102123874164;

/// `ln p = a/T + b + c T + d T² + e T³ + f T⁴ + g ln T`, eq. (5) and (6).
struct HylandWexler {
    inverse: f64,
    powers: [f64; 5],
    logarithm: f64,
}

const ICE: HylandWexler = HylandWexler {
    inverse: -5.674_535_9e3,
    powers: [6.392_524_7, -9.677_843e-3, 6.221_570_1e-7, 2.074_782_5e-9, -9.484_024e-13],
    logarithm: 4.163_501_9,
};

const LIQUID: HylandWexler = HylandWexler {
    inverse: -5.800_220_6e3,
    powers: [1.391_499_3, -4.864_023_9e-2, 4.176_476_8e-5, -1.445_209_3e-8, 0.0],
    logarithm: 6.545_967_3,
};

impl HylandWexler {
    #[inline(always)]
    fn ln<V: Real<Value = V>>(&self, temperature: V, ln_temperature: V) -> V {
        let inverse = V::number(self.inverse) / temperature;
        inverse + polynomial(temperature, &self.powers) + ln_temperature * V::number(self.logarithm)
    }
    #[inline(always)]
    fn slope<V: Real<Value = V>>(&self, temperature: V) -> V {
        let [_, c, d, e, f] = self.powers;
        let powers = polynomial(temperature, &[c, 2.0 * d, 3.0 * e, 4.0 * f]);
        (V::number(self.logarithm) - V::number(self.inverse) / temperature) / temperature + powers
    }
}

/// `ln p_ws` of a plain value.
#[inline(always)]
fn ln_saturation_pressure<V: Real<Value = V>>(temperature: V) -> V {
    let ln_temperature = temperature.ln();
    let [ice, liquid] = [&ICE, &LIQUID].map(|form| form.ln(temperature, ln_temperature));
    V::pick_below(temperature, V::number(TRIPLE_POINT), ice, liquid)
}

/// `d ln p_ws / dT` (1/K).
#[inline(always)]
pub(super) fn ln_saturation_slope<V: Real<Value = V>>(temperature: V) -> V {
    let [ice, liquid] = [&ICE, &LIQUID].map(|form| form.slope(temperature));
    V::pick_below(temperature, V::number(TRIPLE_POINT), ice, liquid)
}

/// Saturation pressure of water (Pa) at `temperature` (K): over ice below 0.01 °C, else over the liquid.
/// Eq. (5) and (6), Hyland and Wexler 1983; −100 … 200 °C.
///
/// ASHRAE prints 0 °C as the border; the equations meet at the triple point, 0.01 °C, which psychrolib
/// uses too.
#[inline(always)]
pub fn saturation_pressure<R: Real>(temperature: R) -> R {
    // The slope is needed by the inverses anyway; by the chain rule a dual pays for it once.
    let t = temperature.value();
    let pressure = ln_saturation_pressure(t).exp();
    temperature.chain(pressure, pressure * ln_saturation_slope(t))
}

/// Humidity ratio (kg/kg) of saturated air at `temperature` (K) and `pressure` (Pa). Eq. (21).
#[inline]
pub fn saturation_humidity_ratio<R: Real>(temperature: R, pressure: R) -> R {
    humidity_ratio_from_vapour_pressure(saturation_pressure(temperature), pressure)
}

/// Enthalpy (J per kg of dry air) of saturated air at `temperature` (K) and `pressure` (Pa). Eq. (30), (21).
#[inline]
pub fn saturated_enthalpy<R: Real>(temperature: R, pressure: R) -> R {
    enthalpy(temperature, saturation_humidity_ratio(temperature, pressure))
}

/// Temperature (K) of a saturation pressure by Magnus's formula over water, inverted: within 5 K from
/// −100 to 200 °C. `ln_pressure` is the logarithm of the pressure in Pa.
#[inline(always)]
fn magnus<V: Real<Value = V>>(ln_pressure: V) -> V {
    let x = ln_pressure - V::number(611.2).ln();
    x * V::number(243.12) / (V::number(17.62) - x) + V::number(ZERO_CELSIUS)
}

/// A temperature (K) a little above that of saturated air of this enthalpy (J/kg), from which Newton's
/// method reaches it, and the wet bulb of any air of this enthalpy, in six steps.
///
/// Two bounds: dry air of that enthalpy is warmer; and if all the enthalpy above air at −20 °C were vapour,
/// the dew point would be higher. In colder air the line is so straight that the start hardly matters.
#[inline(always)]
pub(super) fn above_saturated<V: Real<Value = V>>(enthalpy: V, pressure: V) -> V {
    let vapour = ((enthalpy + V::number(20e3)) / V::number(2.46e6)).at_least(V::number(1e-3));
    let dry = enthalpy / V::number(AIR_HEAT) + V::number(ZERO_CELSIUS);
    dry.at_most(magnus(vapour_pressure(vapour, pressure).ln()))
}

/// Dew point, below 0.01 °C frost point (K), from humidity ratio (kg/kg) and pressure (Pa). Eq. (36).
///
/// `p_ws(t_d) = p_w` by Newton's method on logarithms. Air drier than the −100 °C where eq. (5) ends
/// (W below 9e−9, also 0 and less) has a dew point of −100 °C.
#[inline(always)]
pub fn dew_point<R: Real>(humidity_ratio: R, pressure: R) -> R {
    let target = vapour_pressure(humidity_ratio.positive(), pressure).at_least(R::lift(DRIEST)).ln();
    let value = target.value();
    implicit(
        magnus(value),
        3,
        // The unknown is a constant here, only the target carries derivatives.
        |t: R| -(target - ln_saturation_pressure(t.value())),
        |t| ln_saturation_pressure(t) - value,
        ln_saturation_slope,
    )
}

/// Temperature (K) at which saturated air has `enthalpy` (J per kg of dry air) at `pressure` (Pa): the
/// inverse of [`saturated_enthalpy`]; from −100 °C up to the boiling point, to which it tends. Enthalpies
/// below −150.9 kJ/kg, of no air there is, give −150 °C.
///
/// Solved as `(p − p_ws)(1006 t − h) + 0.621945 p_ws (2 501 000 + 1860 t) = 0`, the product of eq. (30) with
/// `p − p_ws`: it rises over the whole range, has no pole at the boiling point, and is convex, so
/// Newton's method started on the right cannot overshoot.
#[inline]
pub fn saturated_temperature<R: Real>(enthalpy: R, pressure: R) -> R {
    let enthalpy = enthalpy.at_least(R::lift(-150.0 * AIR_HEAT));
    let (h, p) = (enthalpy.value(), pressure.value());
    implicit(
        above_saturated(h, p),
        6,
        |t: R| saturated_balance(t, enthalpy, pressure),
        |t| saturated_balance(t, h, p),
        |t| {
            let saturated = saturation_pressure(t);
            let steepness = saturated * ln_saturation_slope(t);
            let celsius = t - R::number(ZERO_CELSIUS);
            let vapour = celsius * R::number(VAPOUR_HEAT) + R::number(LATENT_HEAT);
            (p - saturated) * R::number(AIR_HEAT) - steepness * (celsius * R::number(AIR_HEAT) - h)
                + (steepness * vapour + saturated * R::number(VAPOUR_HEAT)) * R::number(MASS_RATIO)
        },
    )
}

#[inline(always)]
fn saturated_balance<R: Real>(temperature: R, enthalpy: R, pressure: R) -> R {
    let saturated = saturation_pressure(temperature);
    let celsius = temperature - R::number(ZERO_CELSIUS);
    let vapour = celsius * R::number(VAPOUR_HEAT) + R::number(LATENT_HEAT);
    (pressure - saturated) * (celsius * R::number(AIR_HEAT) - enthalpy)
        + saturated * vapour * R::number(MASS_RATIO)
}
