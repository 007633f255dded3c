//! Air that meets wet surfaces, shared by every component that evaporates water.
//!
//! # Equations
//! ```text
//! c_s = (h_s(T_b) − h_s(T_a)) / (T_b − T_a)                 mean heat of saturated air between two temperatures
//! h(T, W_s(T)) = h_in + q + (W_s(T) − W_in)·h_w             air leaving saturated, q: heat taken up per kg
//! ```
//! All enthalpies are per kilogram of dry air; `h_w` is the enthalpy of the water that evaporates, so that the
//! second line is the energy balance of an air stream which takes up heat and water.
//!
//! # Assumptions
//! The leaving air is saturated (Lewis number 1, ample surface).
//!
//! # Valid for
//! Leaving air of −50…90 °C.
//!
//! # Source
//! EnergyPlus Engineering Reference, "Cooling Towers and Evaporative Fluid Coolers": mean specific heat in
//! "Model Description" (Merkel), saturated exit in "Cooling Tower Makeup Water Usage", the latter without the
//! term in `h_w`, which makes it close.
//!
//! # Verified by
//! Hand calculation below.

use media::moist_air;
use real::{Dual, Real};

/// Below this difference (K) the secant of [`saturation_heat`] spans this much instead.
const SMALLEST_DIFFERENCE: f64 = 1e-3;
/// Molar mass of water over that of dry air (ASHRAE Handbook Fundamentals 2017, chapter 1, eq. 20).
const MASS_RATIO: f64 = 0.621_945;

/// Newton's method with the exact slope, a fixed number of steps: the root, and the slope there.
///
/// One step more in `R` with this slope, `y − f(y)/slope`, carries exact derivatives (see [`real::implicit`],
/// which wants value and slope apart and so would evaluate the equation twice).
#[inline(always)]
pub fn newton<V: Real<Value = V>>(
    start: V,
    steps: usize,
    equation: impl Fn(Dual<V, 1>) -> Dual<V, 1>,
) -> (V, V) {
    let mut y = start;
    for _ in 0..steps {
        let at = equation(Dual::seed(y, 0));
        y = y - at.v / at.d[0];
    }
    (y, equation(Dual::seed(y, 0)).d[0])
}

/// Heat that saturated air takes up per kelvin between two temperatures (J/K per kg of dry air), given its
/// enthalpy at the first.
#[inline(always)]
pub fn saturation_heat<R: Real>(from: R, enthalpy_from: R, to: R, pressure: R) -> R {
    let difference = to - from;
    let magnitude = R::pick_below(difference.value(), R::number(0.0), -difference, difference);
    let least = R::number(SMALLEST_DIFFERENCE);
    let step = R::pick_below(magnitude.value(), least, R::constant(least), difference);
    (moist_air::saturated_enthalpy(from + step, pressure) - enthalpy_from) / step
}

/// Humidity ratio (kg/kg) of air that leaves a wet surface saturated, having entered with `enthalpy` and
/// `humidity_ratio` and taken up `heat` (J per kg of dry air) and water of `water_enthalpy` (J/kg).
///
/// Solved for the temperature in the form of [`moist_air::saturated_temperature`]: multiplied by `p − p_ws` it
/// has no pole at the boiling point and is convex, so Newton's method cannot get lost.
#[inline(always)]
pub fn saturated_exit<R: Real>(enthalpy: R, humidity_ratio: R, heat: R, water_enthalpy: R, pressure: R) -> R {
    let fixed = enthalpy + heat - humidity_ratio * water_enthalpy;
    let [known, water, total] = [fixed, water_enthalpy, pressure].map(|x| Dual::constant(x.value()));
    let (root, slope) = newton(guess(known.v, total.v), 3, |t| balance(t, known, water, total));
    let temperature = R::constant(root);
    let temperature = temperature - balance(temperature, fixed, water_enthalpy, pressure) / slope;
    moist_air::saturation_humidity_ratio(temperature, pressure)
}

/// Temperature (K) of saturated air of that enthalpy, to about a kelvin: a line below 0 °C, a logarithm above, with
/// the vapour's part at another pressure in proportion.
#[inline(always)]
fn guess<V: Real<Value = V>>(enthalpy: V, pressure: V) -> V {
    let enthalpy = enthalpy * pressure / V::number(101_325.0);
    let freezing = V::number(9.5e3);
    let cold = ((enthalpy - freezing) * V::number(1.0 / 1400.0)).at_least(V::number(-70.0));
    let warm =
        ((enthalpy + V::number(26e3)).at_least(freezing).ln() - V::number(10.4774)) / V::number(0.0422);
    V::pick_below(enthalpy, freezing, cold, warm) + V::number(273.15)
}

/// `(p − p_ws)·(h(T, W_s) − W_s·h_w − h_known)`: zero at the exit temperature.
#[inline(always)]
fn balance<R: Real>(temperature: R, known: R, water_enthalpy: R, pressure: R) -> R {
    let saturated = moist_air::saturation_pressure(temperature);
    let dry = moist_air::enthalpy(temperature, R::lift(0.0));
    let vapour = moist_air::enthalpy(temperature, R::lift(1.0)) - dry - water_enthalpy;
    (pressure - saturated) * (dry - known) + saturated * vapour * R::number(MASS_RATIO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use media::water;

    #[test]
    fn air_that_takes_up_no_heat_and_water_of_its_wet_bulb_leaves_at_its_wet_bulb() {
        // The wet bulb is defined by it: h + (Ws* − W)·h_f(t*) = hs*.
        let (t, w, p) = (308.15, 0.010, 101_325.0);
        let wet_bulb: f64 = moist_air::wet_bulb(t, w, p);
        let out = saturated_exit(moist_air::enthalpy(t, w), w, 0.0, water::enthalpy(wet_bulb), p);
        let expected: f64 = moist_air::saturation_humidity_ratio(wet_bulb, p);
        assert!((out / expected - 1.0).abs() < 1e-9, "{out} {expected}");
    }

    #[test]
    fn the_balance_closes_over_everything_a_tower_may_meet() {
        for pressure in [60e3, 85e3, 110e3] {
            for dry_bulb in [223.15, 253.15, 273.15, 293.15, 323.15] {
                for share in [0.05, 0.5, 1.0] {
                    for heat in [-20e3, 0.0, 5e3, 40e3, 200e3] {
                        for water in [0.0, 1e5, 3e5] {
                            let w_in = share * moist_air::saturation_humidity_ratio(dry_bulb, pressure);
                            let h_in: f64 = moist_air::enthalpy(dry_bulb, w_in);
                            let out = saturated_exit(h_in, w_in, heat, water, pressure);
                            let t = moist_air::dew_point(out, pressure);
                            let rise: f64 = moist_air::enthalpy(t, out) - h_in - (out - w_in) * water;
                            assert!(out.is_finite() && out > 0.0);
                            assert!(
                                (rise - heat).abs() < 1e-6 * heat.abs().max(1e3),
                                "{pressure} {dry_bulb} {share} {heat} {water}: {rise}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn the_heat_of_saturated_air_is_the_same_from_either_side_of_no_difference() {
        let heat = |from: f64, to: f64| {
            saturation_heat(from, moist_air::saturated_enthalpy(from, 101_325.0), to, 101_325.0)
        };
        let [below, at, above] = [-1.0, 0.0, 1.0].map(|d| heat(300.0, 300.0 + 2e-3 * d));
        assert!((below / above - 1.0).abs() < 2e-4 && (at / above - 1.0).abs() < 1e-4);
        // 25 °C: Ws 20.08 g/kg rising 1.236 g/kg per kelvin: 1006 + 20.08·1.86 + 1.236·2547.5 = 4192 J/(kg K)
        assert!((heat(297.15, 299.15) - 4192.0).abs() < 2.0);
    }
}
