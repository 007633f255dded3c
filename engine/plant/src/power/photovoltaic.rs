//! Photovoltaic plant in line: modules in open racks and their inverters feed what draws behind them.
//!
//! # Equations
//! With the unit vector `n` that stands on the modules, `s` from `weather.sun` (what comes from the sun and from around
//! it, as a vector), `D` the even part of the sky and `G` the irradiance on level ground:
//! ```text
//! n    = (sin β·sin γ, sin β·cos γ, cos β)                  east, north, up; tilt β, azimuth γ from north over east
//! B    = (s·n)⁺                                             sun on the plane
//! E    = B + D·(1 + cos β)/2 + ρ·G·(1 − cos β)/2            plane of array: isotropic sky and ground
//! B'   = (B − b0·(|s| − B))⁺                                B·(1 − b0·(1/cos θ − 1)): what the glass lets in
//! E'   = E − B + B'
//! Tc   = T + E/(25 + 6.84·v)                                cell, v: wind at the weather station
//! Pdc  = P_dc,rated·E'/1000·(1 − γ_T·(Tc − 25 °C))⁺·(1 − losses)
//! ζ    = Pdc·η/P_ac,rated
//! A    = P_ac,rated/η_ref·min((−0.0162·ζ² + 0.9858·ζ − 0.0059)⁺, η_ref)      η_ref = 0.9637
//! P    = A                 where a surplus is exported
//! P    = min(A, P_out⁺)    where it is curtailed
//! P_in = P_out − P                                          negative: it flows back
//! ```
//! θ is the angle between the sun's light and `n`, so that `cos θ = B/|s|`; ρ the share of light that the ground throws back
//! (`ground_reflectance`); b0 `incidence_loss`; γ_T `temperature_coefficient`; T the outdoor dry bulb; η
//! `inverter_efficiency`; P_out what the loads draw, P_in what comes from the feed, P what is generated.
//!
//! The vector `s` is that of Hay and Davies (1980): the direct sun and the part `A_i = DNI/E0` of the diffuse that comes
//! from around it. How it is made from the weather's hours, with no joule lost, stands in
//! `engine/scenario/src/weather/sky.rs`.
//!
//! # Use
//! Between feed and loads; `count` is of equal plants. A battery before it (nearer to the grid) with `peak_limit: "0 W"`
//! stores the surplus.
//! ```ron
//! "solar": Photovoltaic(based_on: "pv_1mw", tilt: "30 deg"),
//! // connections
//! "grid -> solar -> [ups, chiller, pump]",
//! ```
//!
//! # Assumptions
//! Nothing shades but what `losses` holds. Modules are in open racks and follow irradiance and air at once. The account
//! of electricity begins at the inverter's terminals: losses before them are not used energy. What inverters draw by
//! night is left out (below 0.1 % of the yield). The plant follows a live supply (IEEE 1547): with a dead one it stands.
//!
//! # Valid for
//! Crystalline silicon; tilts up to 90°; sun up to 87° off the modules, beyond which the glass lets nothing in. Above
//! 500 W/m² cell temperatures were fitted within 2 K (Faiman).
//!
//! # Source
//! Dobos, *PVWatts Version 5 Manual*, NREL/TP-6A20-62641 (2014): array (8), inverter (10)–(12), losses of 14 %. Hay and
//! Davies, *Calculation of the solar radiation incident on an inclined surface*, Proc. First Canadian Solar Radiation Data
//! Workshop (1980). Incidence: Souka and Safwat (1966), as ASHRAE 93. Faiman, *Assessing the outdoor operating temperature
//! of photovoltaic modules*, Prog. Photovolt. 16 (2008) 307–315, eq. 1 and its mean coefficients. Numbers of equations
//! recalled, to verify; the equations are those of pvlib, against which results are held.
//!
//! # Verified by
//! Hand calculation below; pvlib 0.16 in `tests/validation/pvlib`; identities in
//! `engine/plant/tests/supply_identities.rs`.

use crate::declare::{Bound, Effect, Limit, Outdoor, Port, Role};
use crate::kernel::Surroundings;
use crate::{component, inputs, outputs, parameters};
use real::Real;
use real::trigonometry::sin_cos;
use units::Quantity;

parameters! {
    given {
        /// Power of the modules at 1000 W/m² and 25 °C.
        rating_dc: Power in "0.1 kW"..="10 GW";
        /// Highest power of the inverters.
        rating_ac: Power in "0.1 kW"..="10 GW";
        /// Angle between modules and level ground.
        tilt: Angle in "0 deg"..="90 deg" usual "0 deg"..="60 deg" default "20 deg";
        /// Where the modules face, from north over east: 90° is east, 180° south.
        azimuth: Angle in "0 deg"..="360 deg" default "180 deg";
        /// Share of the light that the ground throws back.
        ground_reflectance: Ratio in "0"..="1" usual "0.1"..="0.8" default "0.2";
        /// Share of power lost for each kelvin above 25 °C.
        temperature_coefficient: Ratio in "0 %"..="1 %" usual "0.2 %"..="0.5 %" default "0.35 %";
        /// Coefficient b0 of the loss at slanting incidence.
        incidence_loss: Ratio in "0"..="0.3" usual "0.02"..="0.1" default "0.05";
        /// Soiling, shading, snow, mismatch, wiring, connections, ageing, downtime.
        losses: Ratio in "0 %"..="90 %" usual "5 %"..="25 %" default "14 %";
        /// Rated efficiency of the inverters.
        inverter_efficiency: Ratio in "0.5"..="1" usual "0.94"..="0.99" default "96 %";
    }
    choices {
        /// What becomes of more than is drawn: given to the supply, or not made.
        surplus: [Exported, Curtailed] default Exported;
    }
    derived {
        /// East part of what stands on the modules.
        normal_east: Ratio;
        /// Its north part.
        normal_north: Ratio;
        /// Its part that points up.
        normal_up: Ratio;
    }
}

const PORTS: &[Port] =
    &[Port::electricity_in("input", "From the feed."), Port::electricity_out("output", "To the loads.")];

inputs! {
    /// Power drawn by the loads.
    demand: Role::Demand("output");
    /// Sun through an area that faces east [W/m²].
    sun_east: Role::Outdoor(Outdoor::SunEast);
    /// Sun through an area that faces north [W/m²].
    sun_north: Role::Outdoor(Outdoor::SunNorth);
    /// Sun through an area that faces up [W/m²].
    sun_up: Role::Outdoor(Outdoor::SunUp);
    /// Even part of the sky on level ground [W/m²].
    sky: Role::Outdoor(Outdoor::Sky);
    /// Irradiance on level ground [W/m²].
    global: Role::Outdoor(Outdoor::Global);
    /// Outdoor dry bulb.
    dry_bulb: Role::Outdoor(Outdoor::DryBulb);
    /// Wind speed.
    wind_speed: Role::Outdoor(Outdoor::WindSpeed);
}

outputs! {
    /// Power drawn from the feed; negative while a surplus flows back.
    power: Effect::Power("input");
    /// Power generated, at the inverter's terminals.
    generated: Effect::Generated;
    /// Power that could have been generated and was not.
    curtailed: Effect::Curtailed;
    /// Irradiance on the modules.
    irradiance: Effect::Reading(Quantity::Irradiance);
    /// Temperature of the cells.
    cell_temperature: Effect::Reading(Quantity::Temperature);
    /// Power before the inverters as a share of what they can take.
    inverter_load: Effect::Reading(Quantity::Ratio);
}

const LIMITS: &[Limit] = &[
    Limit {
        of: "inverter_load",
        low: None,
        high: Some(Bound::Value(1.0)),
        text: "the modules give more than the inverters take: the rest is lost",
    },
    Limit {
        of: "cell_temperature",
        low: None,
        high: Some(Bound::Value(358.15)),
        text: "cells above 85 °C, for which modules are not certified",
    },
];

component!(Photovoltaic, "photovoltaic plant", "photovoltaic.rs" { ports: PORTS, limits: LIMITS, size: size });

/// Irradiance at which modules are rated [W/m²].
const STANDARD: f64 = 1000.0;
/// Cell temperature at which modules are rated [K].
const STANDARD_CELL: f64 = 298.15;
/// Loss coefficients of a cell in wind, Faiman (2008) [W/(m² K), W s/(m³ K)].
const FAIMAN: (f64, f64) = (25.0, 6.84);
/// Efficiency of the inverters that the part-load curve was fitted to.
const REFERENCE_EFFICIENCY: f64 = 0.9637;
/// What keeps the root of the sun's vector differentiable at night [W²/m⁴]: 0.001 W/m².
const DARK: f64 = 1e-6;

/// The direction of the modules.
fn size(p: &mut Parameters<f64>, _: &Surroundings) -> Result<(), String> {
    let ((sin_tilt, cos_tilt), (sin_azimuth, cos_azimuth)) = (sin_cos(p.tilt), sin_cos(p.azimuth));
    p.normal_east = sin_tilt * sin_azimuth;
    p.normal_north = sin_tilt * cos_azimuth;
    p.normal_up = cos_tilt;
    if p.rating_ac > 3.0 * p.rating_dc || p.rating_dc > 5.0 * p.rating_ac {
        return Err(format!(
            "rating_dc {:.0} W and rating_ac {:.0} W do not belong together: inverters carry 0.2 to 3 times their modules",
            p.rating_dc, p.rating_ac
        ));
    }
    Ok(())
}

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let (zero, one, half) = (R::lift(0.0), R::number(1.0), R::number(0.5));
    let length = (i.sun_east.squared() + i.sun_north.squared() + i.sun_up.squared() + R::number(DARK)).sqrt();
    let sun = (i.sun_east * p.normal_east + i.sun_north * p.normal_north + i.sun_up * p.normal_up).positive();
    let through = (sun - (length - sun) * p.incidence_loss).positive();
    let around = i.sky * ((one + p.normal_up) * half)
        + i.global * (p.ground_reflectance * ((one - p.normal_up) * half));
    let irradiance = sun + around;
    let cell =
        i.dry_bulb + irradiance / (i.wind_speed.positive() * R::number(FAIMAN.1) + R::number(FAIMAN.0));
    let warm = (cell - R::number(STANDARD_CELL)) * p.temperature_coefficient;
    let direct = (through + around)
        * (p.rating_dc * (one - p.losses) / R::number(STANDARD))
        * (-(warm - one)).positive();
    let load = direct * (p.inverter_efficiency / p.rating_ac);
    let curve = (load * R::number(-0.0162) + R::number(0.9858)) * load - R::number(0.0059);
    // Beyond full load the parabola would fall again; it is at its end before.
    let full = R::constant(R::number(REFERENCE_EFFICIENCY));
    let turned = R::pick_below(load.value(), one, curve, full);
    let available = turned.at_least(zero).at_most(full) * (p.rating_ac / R::number(REFERENCE_EFFICIENCY));
    let taken = available.at_most(i.demand.positive());
    let generated = R::pick_below(p.surplus, half, available, taken);
    Outputs {
        power: i.demand - generated,
        generated,
        curtailed: available - generated,
        irradiance,
        cell_temperature: cell,
        inverter_load: load,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEGREE: f64 = std::f64::consts::PI / 180.0;

    /// 1.2 MW of modules on 1 MW of inverters, to the south.
    fn plant(tilt: f64, surplus: f64) -> Parameters<f64> {
        let mut p = Parameters {
            rating_dc: 1.2e6,
            rating_ac: 1e6,
            tilt: tilt * DEGREE,
            azimuth: 180.0 * DEGREE,
            ground_reflectance: 0.2,
            temperature_coefficient: 0.0035,
            incidence_loss: 0.05,
            losses: 0.14,
            inverter_efficiency: 0.96,
            surplus,
            normal_east: 0.0,
            normal_north: 0.0,
            normal_up: 0.0,
        };
        size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap();
        p
    }

    /// The sun in the south at this height, with 800 W/m²; 100 W/m² of even sky.
    fn noon(height: f64, demand: f64) -> Inputs<f64> {
        let (sine, cosine) = sin_cos(height * DEGREE);
        Inputs {
            demand,
            sun_east: 0.0,
            sun_north: -800.0 * cosine,
            sun_up: 800.0 * sine,
            sky: 100.0,
            global: 800.0 * sine + 100.0,
            dry_bulb: 293.15,
            wind_speed: 2.0,
        }
    }

    #[test]
    fn modules_that_face_the_sun_see_all_of_it() {
        // 40° up and 50° of tilt: cos θ = 1. Sky 100·(1 + cos 50°)/2 = 82.14, ground 0.2·614.23·0.1786 = 21.94 W/m²
        let o = evaluate(&plant(50.0, 0.0), &noon(40.0, 2e6));
        assert!((o.irradiance - (800.0 + 82.1394 + 21.9416)).abs() < 1e-3, "{}", o.irradiance);
        // 904.08/(25 + 6.84·2) = 23.373 K above 20 °C
        assert!((o.cell_temperature - 316.5234).abs() < 1e-3, "{}", o.cell_temperature);
    }

    #[test]
    fn the_chain_of_pvwatts_by_hand() {
        // Pdc = 1.2 MW·0.90408·(1 − 0.0035·18.3734)·0.86 = 873.01 kW;  ζ = 0.83809
        // (−0.0162·0.83809² + 0.9858·0.83809 − 0.0059)/0.9637 · 1 MW = 839.38 kW
        let o = evaluate(&plant(50.0, 0.0), &noon(40.0, 2e6));
        assert!((o.inverter_load - 0.838_09).abs() < 1e-4, "{}", o.inverter_load);
        assert!((o.generated - 839.38e3).abs() < 50.0, "{}", o.generated);
        assert!((o.power - (2e6 - o.generated)).abs() < 1e-6 && o.curtailed == 0.0);
    }

    #[test]
    fn slanting_sun_is_reflected() {
        // On level modules with the sun 30° up: B = 400, B' = 400 − 0.05·(800 − 400) = 380 W/m²
        let p = plant(0.0, 0.0);
        let with = evaluate(&p, &noon(30.0, 2e6)).inverter_load;
        let without = evaluate(&Parameters { incidence_loss: 0.0, ..p }, &noon(30.0, 2e6)).inverter_load;
        assert!((with / without - 480.0 / 500.0).abs() < 1e-6);
        // At 2°, 27.9 of 800 W/m²: 27.9 − 0.05·772.1 < 0, the glass lets nothing in, the sky stays.
        let low = evaluate(&p, &noon(2.0, 2e6));
        let dark = evaluate(&p, &Inputs { sun_up: 0.0, sun_north: 0.0, ..noon(2.0, 2e6) });
        assert!(low.inverter_load < dark.inverter_load && low.irradiance > dark.irradiance);
    }

    #[test]
    fn inverters_give_their_rating_and_no_more() {
        // 1000 W/m² at −20 °C: 1.2 MW·0.96·… is more than 1 MW
        let cold = Inputs { sun_north: -700.0, sun_up: 900.0, dry_bulb: 253.15, ..noon(45.0, 2e6) };
        let o = evaluate(&plant(35.0, 0.0), &cold);
        assert!(o.inverter_load > 1.0 && (o.generated - 1e6).abs() < 1e-6, "{o:?}");
    }

    #[test]
    fn a_surplus_flows_back_or_is_not_made() {
        let (exported, curtailed) = (plant(50.0, 0.0), plant(50.0, 1.0));
        let (a, b) = (evaluate(&exported, &noon(40.0, 300e3)), evaluate(&curtailed, &noon(40.0, 300e3)));
        assert!((a.power + a.generated - 300e3).abs() < 1e-6 && a.power < 0.0 && a.curtailed == 0.0);
        assert!(b.power == 0.0 && b.generated == 300e3);
        assert!((b.curtailed - (a.generated - 300e3)).abs() < 1e-6);
        // What another plant behind it sends back is not added to.
        let behind = evaluate(&curtailed, &noon(40.0, -50e3));
        assert_eq!((behind.generated, behind.power), (0.0, -50e3));
    }

    #[test]
    fn at_night_there_is_nothing() {
        let night = Inputs { sun_north: 0.0, sun_up: 0.0, sky: 0.0, global: 0.0, ..noon(0.0, 1e6) };
        let o = evaluate(&plant(30.0, 0.0), &night);
        assert_eq!((o.generated, o.power, o.irradiance), (0.0, 1e6, 0.0));
    }

    #[test]
    fn inverters_far_too_small_for_their_modules_are_refused() {
        let mut p = Parameters { rating_ac: 1e5, ..plant(20.0, 0.0) };
        let message = size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap_err();
        assert!(message.contains("do not belong together"), "{message}");
        // inverters of three times their modules, and modules of five times their inverters, just pass; more does not
        let of = |rating_dc, rating_ac| {
            let mut p = Parameters { rating_dc, rating_ac, ..plant(20.0, 0.0) };
            size(&mut p, &Surroundings { pressure: 101_325.0 }).is_ok()
        };
        assert_eq!([of(1e5, 3e5), of(1e5, 3.1e5), of(5e5, 1e5), of(5.1e5, 1e5)], [true, false, true, false]);
    }
}
