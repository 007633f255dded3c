//! Viscosity and conductivity of dry air, for heat transfer in fins and rooms.
//!
//! # Equations
//! Cubic polynomials in `x = (T − 273.15)/100`, our own, fitted at 80 Chebyshev points in relative error.
//!
//! # Assumptions
//! Vapour left out: at W = 0.02 it lowers the viscosity by about 1 %. Pressure left out: 60 … 110 kPa move
//! either by 0.03 %.
//!
//! # Valid for
//! −60 … 100 °C; outside, the value at the nearer end.
//!
//! # Source
//! CoolProp 8.0.0, `Air` at 101.325 kPa (Lemmon and Jacobsen 2004); largest deviation of the fits 0.002 %.
//!
//! # Verified by
//! `tests/validation/oracle/dry_air.csv`.

use super::AIR_HEAT;
use crate::{ZERO_CELSIUS, polynomial};
use real::Real;

const VISCOSITY: [f64; 4] =
    [1.721_861_618_51e-5, 5.010_233_473_55e-6, -3.763_514_691_9e-7, 4.431_716_920_54e-8];
const CONDUCTIVITY: [f64; 4] =
    [2.436_067_649_63e-2, 7.654_107_259_59e-3, -4.448_649_383_11e-4, 5.031_170_059_52e-5];

#[inline(always)]
fn fit<R: Real>(temperature: R, coefficients: &[f64]) -> R {
    let hundreds = (temperature - R::number(ZERO_CELSIUS)) / R::number(100.0);
    polynomial(hundreds.within(R::lift(-0.6), R::lift(1.0)), coefficients)
}

/// Dynamic viscosity of dry air (Pa s) at `temperature` (K); −60 … 100 °C.
#[inline]
pub fn viscosity<R: Real>(temperature: R) -> R {
    fit(temperature, &VISCOSITY)
}

/// Thermal conductivity of dry air (W/(m K)) at `temperature` (K); −60 … 100 °C.
#[inline]
pub fn conductivity<R: Real>(temperature: R) -> R {
    fit(temperature, &CONDUCTIVITY)
}

/// Prandtl number of dry air (–) at `temperature` (K); with the constant 1006 J/(kg K) of
/// [`super::specific_heat`], so 0.4 % low at 80 °C.
#[inline]
pub fn prandtl<R: Real>(temperature: R) -> R {
    viscosity(temperature) * R::number(AIR_HEAT) / conductivity(temperature)
}
