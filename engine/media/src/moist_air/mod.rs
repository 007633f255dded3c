//! Moist air as an ideal mixture of dry air and water vapour.
//!
//! # Equations
//! With `t` in °C, `p` and `p_w` in Pa, `W` in kg/kg of dry air:
//!
//! | quantity | equation | number |
//! |---|---|---|
//! | saturation pressure | Hyland and Wexler, over ice and over the liquid | (5), (6) |
//! | humidity ratio | `W = 0.621945 p_w / (p − p_w)` | (20) |
//! | saturated humidity ratio | the same with `p_ws(t)` | (21) |
//! | relative humidity | `φ = p_w / p_ws(t)` | (12) |
//! | specific volume | `v = 287.042 T (1 + 1.607858 W) / p` | (26) |
//! | density | `ρ = (1 + W) / v` | (11) |
//! | enthalpy | `h = 1006 t + W (2 501 000 + 1860 t)` | (30) |
//! | wet bulb | adiabatic saturation over water or ice | (33), (35) |
//! | dew point | `p_ws(t_d) = p_w` | (36) |
//! | standard atmosphere | `p = 101 325 (1 − 2.25577e−5 z)^5.2559` | (3) |
//!
//! # Assumptions
//! Ideal gases, no enhancement factor, constant specific heats, no dissolved air.
//!
//! # Valid for
//! −100 … 200 °C as far as `p_w < 0.999 p`. Where no such state exists the denominator `p − p_w` is held at
//! `0.001 p`, so that every function stays finite and rising; that result means nothing but "boiling".
//!
//! # Source
//! ASHRAE Handbook Fundamentals 2017, chapter 1; numbers in brackets are its equations.
//!
//! # Verified by
//! `tests/validation/oracle`: psychrolib 2.5.0 (the same equations) and CoolProp 8.0.0 (a real gas).

mod saturation;
mod transport;
mod wet_bulb;

pub use saturation::{
    dew_point, saturated_enthalpy, saturated_temperature, saturation_humidity_ratio, saturation_pressure,
};
pub use transport::{conductivity, prandtl, viscosity};
pub use wet_bulb::{humidity_ratio_from_wet_bulb, wet_bulb};

use crate::ZERO_CELSIUS;
use real::Real;

/// Molar mass of water over that of dry air, eq. (20).
pub(crate) const MASS_RATIO: f64 = 0.621_945;
/// Gas constant of dry air (J/(kg K)), eq. (1).
const GAS_CONSTANT: f64 = 287.042;
/// Specific volume of vapour over that of dry air at the same pressure, eq. (26).
const VOLUME_RATIO: f64 = 1.607_858;
/// Specific heat of dry air (J/(kg K)), eq. (30).
pub(crate) const AIR_HEAT: f64 = 1006.0;
/// Specific heat of water vapour (J/(kg K)), eq. (30).
pub(crate) const VAPOUR_HEAT: f64 = 1860.0;
/// Enthalpy of water vapour at 0 °C over that of the liquid (J/kg), eq. (30).
pub(crate) const LATENT_HEAT: f64 = 2_501_000.0;
/// The least part of the pressure that dry air keeps in eq. (20), see the module's validity.
const LEAST_AIR: f64 = 1e-3;

/// Humidity ratio (kg/kg) of air with a vapour pressure (Pa) at a total pressure (Pa). Eq. (20).
#[inline]
pub fn humidity_ratio_from_vapour_pressure<R: Real>(vapour_pressure: R, pressure: R) -> R {
    let air = (pressure - vapour_pressure).at_least(pressure * R::number(LEAST_AIR));
    vapour_pressure / air * R::number(MASS_RATIO)
}

/// Partial pressure of the vapour (Pa) from humidity ratio (kg/kg) and pressure (Pa). Eq. (20), solved.
#[inline]
pub fn vapour_pressure<R: Real>(humidity_ratio: R, pressure: R) -> R {
    pressure * humidity_ratio / (humidity_ratio + R::number(MASS_RATIO))
}

/// Humidity ratio (kg/kg) from temperature (K), relative humidity (0 … 1) and pressure (Pa).
/// Eq. (12) and (20); below 0.01 °C relative humidity counts from saturation over ice.
#[inline]
pub fn humidity_ratio_from_relative_humidity<R: Real>(
    temperature: R,
    relative_humidity: R,
    pressure: R,
) -> R {
    humidity_ratio_from_vapour_pressure(saturation_pressure(temperature) * relative_humidity, pressure)
}

/// Humidity ratio (kg/kg) from dew point (or frost point) (K) and pressure (Pa). Eq. (36).
#[inline]
pub fn humidity_ratio_from_dew_point<R: Real>(dew_point: R, pressure: R) -> R {
    saturation_humidity_ratio(dew_point, pressure)
}

/// Relative humidity (0 … 1) from temperature (K), humidity ratio (kg/kg) and pressure (Pa). Eq. (12).
#[inline]
pub fn relative_humidity<R: Real>(temperature: R, humidity_ratio: R, pressure: R) -> R {
    vapour_pressure(humidity_ratio, pressure) / saturation_pressure(temperature)
}

/// Enthalpy (J per kg of dry air) from temperature (K) and humidity ratio (kg/kg). Eq. (30).
#[inline]
pub fn enthalpy<R: Real>(temperature: R, humidity_ratio: R) -> R {
    let celsius = temperature - R::number(ZERO_CELSIUS);
    celsius * specific_heat(humidity_ratio) + humidity_ratio * R::number(LATENT_HEAT)
}

/// Temperature (K) from enthalpy (J per kg of dry air) and humidity ratio (kg/kg). Eq. (30), solved.
#[inline]
pub fn temperature_from_enthalpy<R: Real>(enthalpy: R, humidity_ratio: R) -> R {
    (enthalpy - humidity_ratio * R::number(LATENT_HEAT)) / specific_heat(humidity_ratio)
        + R::number(ZERO_CELSIUS)
}

/// Specific heat (J/K per kg of dry air) at humidity ratio (kg/kg): `∂h/∂T` of eq. (30).
#[inline]
pub fn specific_heat<R: Real>(humidity_ratio: R) -> R {
    humidity_ratio * R::number(VAPOUR_HEAT) + R::number(AIR_HEAT)
}

/// Volume (m³ per kg of dry air) from temperature (K), humidity ratio (kg/kg) and pressure (Pa). Eq. (26).
#[inline]
pub fn specific_volume<R: Real>(temperature: R, humidity_ratio: R, pressure: R) -> R {
    temperature * R::number(GAS_CONSTANT) * (humidity_ratio * R::number(VOLUME_RATIO) + R::number(1.0))
        / pressure
}

/// Density (kg of moist air per m³) from temperature (K), humidity ratio (kg/kg) and pressure (Pa). Eq. (11).
#[inline]
pub fn density<R: Real>(temperature: R, humidity_ratio: R, pressure: R) -> R {
    (humidity_ratio + R::number(1.0)) / specific_volume(temperature, humidity_ratio, pressure)
}

/// Kilograms of *dry* air per m³ of moist air: the reciprocal of [`specific_volume`]. It turns a volume
/// flow into the dry-air flow that enthalpies and humidity ratios count per.
#[inline]
pub fn dry_air_density<R: Real>(temperature: R, humidity_ratio: R, pressure: R) -> R {
    specific_volume(temperature, humidity_ratio, pressure).reciprocal()
}

/// Pressure (Pa) of the standard atmosphere at an elevation (m). Eq. (3); −5000 … 11 000 m.
#[inline]
pub fn standard_pressure<R: Real>(elevation: R) -> R {
    (elevation * R::number(-2.25577e-5) + R::number(1.0)).powf(R::number(5.2559)) * R::number(101_325.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn air_at_twenty_degrees_and_half_a_percent_of_water_holds_32_8_kilojoules() {
        // 1.006 · 20 + 0.005 (2501 + 1.86 · 20) = 20.12 + 12.691 = 32.811 kJ/kg
        assert!((enthalpy(293.15f64, 0.005) - 32_811.0).abs() < 1e-9);
    }

    #[test]
    fn a_vapour_pressure_of_a_tenth_gives_a_ninth_of_the_mass_ratio() {
        // W = 0.621945 · 0.1 / 0.9
        let w = humidity_ratio_from_vapour_pressure(10_000.0f64, 100_000.0);
        assert!((w - 0.621_945 / 9.0).abs() < 1e-16);
        assert!((vapour_pressure(w, 100_000.0) - 10_000.0).abs() < 1e-10);
    }

    #[test]
    fn a_cubic_metre_holds_1_185_kilograms_of_dry_air_and_12_grams_of_vapour_beside_it() {
        // v = 287.042 · 293.15 · (1 + 1.607858 · 0.01)/101325 = 0.843813 m³/kg of dry air; 1/v = 1.185097 kg/m³
        let (t, w, p) = (293.15f64, 0.01, 101_325.0);
        assert!((specific_volume(t, w, p) - 0.843_813).abs() < 1e-6);
        assert!((dry_air_density(t, w, p) - 1.185_097).abs() < 1e-5);
        // with its vapour: 1.01 · 1.185097 = 1.196948
        assert!((density(t, w, p) - 1.196_948).abs() < 1e-5);
    }

    #[test]
    fn at_1500_metres_the_standard_atmosphere_presses_with_84_556_pascals() {
        // (1 − 2.25577e−5 · 1500)^5.2559 = 0.834503; the same in ASHRAE Fundamentals 2017, chapter 1, table 1
        assert!((standard_pressure(1500.0f64) - 84_556.0).abs() < 1.0);
        assert_eq!(standard_pressure(0.0f64), 101_325.0);
    }

    #[test]
    fn boiling_air_stays_finite_and_rises_with_temperature() {
        // p_ws(90 °C) = 70.2 kPa > 60 kPa
        let [a, b] = [363.15f64, 364.15].map(|t| saturation_humidity_ratio(t, 60_000.0));
        assert!(a.is_finite() && b > a && a > 100.0);
    }

    #[test]
    fn the_driest_air_with_a_dew_point_has_the_vapour_pressure_of_minus_a_hundred() {
        let w = humidity_ratio_from_vapour_pressure(saturation_pressure(173.15f64), 101_325.0);
        for dry in [0.0, -0.1, 0.5 * w, w] {
            assert!((dew_point(dry, 101_325.0) - 173.15).abs() < 1e-9, "{dry}");
        }
        assert!(dew_point(1.01 * w, 101_325.0) > 173.15);
    }
}
