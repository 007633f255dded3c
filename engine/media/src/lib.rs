//! Moist air, water, glycols and immersion oil: their properties as pure functions.
//!
//! Every function is written once over [`real::Real`], so that the same source gives the value, a
//! batch, and the exact derivatives. All quantities are SI: temperatures in K, pressures in Pa,
//! humidity ratios in kg of water per kg of dry air, enthalpies of moist air in J per kg of dry air.
//! Enthalpy counts from dry air at 0 °C and liquid water at 0 °C, here, in [`moist_air`] and in
//! [`water`] alike, so that a balance over air and water closes.
//!
//! | module | content | source |
//! |---|---|---|
//! | [`moist_air`] | psychrometrics of an ideal mixture | ASHRAE Handbook Fundamentals 2017, chapter 1 |
//! | [`water`] | heat of evaporation and of the liquid, consistent with [`moist_air`] | the same |
//! | [`liquid`] | density, specific heat, conductivity, viscosity of coolants | fits, named there |
//!
//! Nothing here branches on a value, allocates, or fails: outside its validity a function returns a
//! finite number that its documentation describes, and whoever calls it checks the range.
#![forbid(unsafe_code)]

pub mod liquid;
pub mod moist_air;
pub mod water;

use real::Real;

/// 0 °C in K.
const ZERO_CELSIUS: f64 = 273.15;

/// `Σ c_k x^k` by Horner's scheme; the number of coefficients is fixed by the source, not by `x`.
#[inline(always)]
fn polynomial<R: Real>(x: R, coefficients: &[f64]) -> R {
    match coefficients.split_last() {
        Some((&highest, rest)) => rest.iter().rev().fold(R::lift(highest), |sum, &c| sum * x + R::number(c)),
        None => R::lift(0.0),
    }
}
