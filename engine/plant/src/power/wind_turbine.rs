//! Wind turbine in line: it feeds what draws behind it by its power curve.
//!
//! # Equations
//! ```text
//! v_hub = v·(h/h_station)^α                               power law of the wind profile
//! ρ     = p·(1 + W)/(287.042·T·(1 + 1.607858·W))          moist air
//! v_n   = v_hub·(ρ/1.225)^(1/3)                           speed with the same power at the density of the curve
//! A     = P_rated·c(v_n)·(1 − losses)·w(v_out + ½ − v_hub),  w(x) = x²·(3 − 2x) for x in 0 … 1
//! c     : straight lines through 0 at 2 m/s, the points of the record at 3 … 15 m/s, 1 from 16 m/s on
//! G     = A  or  min(A, P_out⁺)                           a surplus is exported, or curtailed
//! P_in  = P_out − G                                       negative: it flows back
//! ```
//!
//! # Use
//! Between feed and loads; `count` is of equal turbines.
//! ```ron
//! "wind": WindTurbine(based_on: "wind_2mw", count: 2),
//! // connections
//! "grid -> wind -> [ups, chiller, pump]",
//! ```
//!
//! # Assumptions
//! A pitch-controlled machine, by whose rule the speed and not the power is corrected for density. The wind at the
//! station blows at the turbine, too; an hour's mean speed stands for the hour, which gives a few per cent too little
//! below rated speed, where the curve is convex. Wakes, downtime and electric losses are one share. The account of
//! electricity begins at the terminals. The turbine follows a live supply: with a dead one it stands.
//!
//! # Valid for
//! Open terrain, hubs up to 150 m (a warning is given beyond), stations at 10 m: the exponent 1/7 holds for neutral air
//! there, and over a city it is 0.25 or more. The restart below the cut-out speed is taken without hysteresis.
//!
//! # Source
//! IEC 61400-12-1:2017, 9.1.5: normalisation to 1.225 kg/m³ by the cube root (active power control), and the power curve
//! in bins. Power law with 1/7: Manwell, McGowan and Rogers, *Wind Energy Explained* (2009), eq. 2.3.39.
//! IEC 61400-1 designs machines with 0.2, a steeper profile. Clauses and equation numbers recalled, to verify.
//!
//! # Verified by
//! Hand calculation below; the curve and its density against windpowerlib in `isotherm validate`; the rules of the standard by hand in `tests/on_site.rs`; identities in
//! `engine/plant/tests/supply_identities.rs`.

use crate::declare::{Bound, Effect, Limit, Outdoor, Port, Role};
use crate::kernel::Surroundings;
use crate::{component, inputs, outputs, parameters};
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Power from the rated speed on.
        rating: Power in "0.1 kW"..="1 GW";
        /// Height of the hub.
        hub_height: Length in "5 m"..="300 m" usual "30 m"..="150 m" default "90 m";
        /// Height at which the weather station measures.
        station_height: Length in "1 m"..="200 m" default "10 m";
        /// Exponent of the wind profile: 1/7 in open terrain, 0.10 over water, 0.25 over suburbs.
        shear_exponent: Ratio in "0"..="0.6" usual "0.08"..="0.3" default "0.143";
        /// Speed at the hub from which it stands still.
        cut_out: Velocity in "15 m/s"..="50 m/s" usual "20 m/s"..="35 m/s" default "25 m/s";
        /// Wakes, downtime, electric losses.
        losses: Ratio in "0 %"..="90 %" usual "5 %"..="20 %" default "12 %";
        /// Power at 3 m/s as a share of the rating, as at the speeds that follow.
        power_at_3: Ratio in "0"..="1";
        /// At 4 m/s.
        power_at_4: Ratio in "0"..="1";
        /// At 5 m/s.
        power_at_5: Ratio in "0"..="1";
        /// At 6 m/s.
        power_at_6: Ratio in "0"..="1";
        /// At 7 m/s.
        power_at_7: Ratio in "0"..="1";
        /// At 8 m/s.
        power_at_8: Ratio in "0"..="1";
        /// At 9 m/s.
        power_at_9: Ratio in "0"..="1";
        /// At 10 m/s.
        power_at_10: Ratio in "0"..="1";
        /// At 11 m/s.
        power_at_11: Ratio in "0"..="1";
        /// At 12 m/s.
        power_at_12: Ratio in "0"..="1";
        /// At 13 m/s.
        power_at_13: Ratio in "0"..="1";
        /// At 14 m/s.
        power_at_14: Ratio in "0"..="1";
        /// At 15 m/s.
        power_at_15: Ratio in "0"..="1";
    }
    choices {
        /// What becomes of more than is drawn: given to the supply, or not made.
        surplus: [Exported, Curtailed] default Exported;
    }
    derived {
        /// Wind at the hub over wind at the station.
        shear: Ratio;
    }
}

const PORTS: &[Port] =
    &[Port::electricity_in("input", "From the feed."), Port::electricity_out("output", "To the loads.")];

inputs! {
    /// Power drawn by the loads.
    demand: Role::Demand("output");
    /// Wind speed at the station.
    wind_speed: Role::Outdoor(Outdoor::WindSpeed);
    /// Outdoor dry bulb.
    dry_bulb: Role::Outdoor(Outdoor::DryBulb);
    /// Outdoor humidity ratio.
    humidity_ratio: Role::Outdoor(Outdoor::HumidityRatio);
    /// Barometric pressure.
    pressure: Role::Outdoor(Outdoor::Pressure);
}

outputs! {
    /// Power drawn from the feed; negative while a surplus flows back.
    power: Effect::Power("input");
    /// Power generated, at the terminals.
    generated: Effect::Generated;
    /// Power that could have been generated and was not.
    curtailed: Effect::Curtailed;
    /// Wind speed at the hub.
    hub_speed: Effect::Reading(Quantity::Velocity);
    /// Density of the air.
    density: Effect::Reading(Quantity::Density);
}

const LIMITS: &[Limit] = &[Limit {
    of: "hub_speed",
    low: None,
    high: Some(Bound::Parameter("cut_out")),
    text: "storm: the turbine stands",
}];

component!(WindTurbine, "wind turbine", "wind_turbine.rs" { ports: PORTS, limits: LIMITS, size: size });

/// Density of the air that a power curve is given for [kg/m³].
const CURVE_DENSITY: f64 = 1.225;
/// Gas constant of dry air [J/(kg K)], as in `media`.
const DRY_AIR: f64 = 287.042;
/// Molar mass of dry air over that of water.
const MOLAR: f64 = 1.607_858;

/// The factor of the wind profile.
fn size(p: &mut Parameters<f64>, _: &Surroundings) -> Result<(), String> {
    p.shear = Real::powf(p.hub_height / p.station_height, p.shear_exponent);
    let points = points(p);
    if let Some(k) = points.windows(2).position(|pair| pair[1] < pair[0]) {
        return Err(format!(
            "power_at_{} {} is less than power_at_{} {}: a power curve rises up to the rated speed",
            k + 4,
            points[k + 1],
            k + 3,
            points[k]
        ));
    }
    Ok(())
}

/// The curve at 3 … 15 m/s.
#[inline(always)]
fn points<V: Copy>(p: &Parameters<V>) -> [V; 13] {
    [
        p.power_at_3,
        p.power_at_4,
        p.power_at_5,
        p.power_at_6,
        p.power_at_7,
        p.power_at_8,
        p.power_at_9,
        p.power_at_10,
        p.power_at_11,
        p.power_at_12,
        p.power_at_13,
        p.power_at_14,
        p.power_at_15,
    ]
}

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let (zero, one) = (R::lift(0.0), R::lift(1.0));
    let hub_speed = i.wind_speed.positive() * p.shear;
    let humidity = i.humidity_ratio;
    let density = i.pressure * (humidity + R::number(1.0))
        / (i.dry_bulb * R::number(DRY_AIR) * (humidity * R::number(MOLAR) + R::number(1.0)));
    let speed = hub_speed * (density / R::number(CURVE_DENSITY)).powf(R::number(1.0 / 3.0));
    let rise = |from: f64| (speed - R::number(from)).within(zero, one);
    let points = points(p);
    let mut share = rise(2.0) * points[0];
    for k in 0..12 {
        share = share + rise(3.0 + k as f64) * (points[k + 1] - points[k]);
    }
    share = share + rise(15.0) * (R::number(1.0) - points[12]);
    let left = (hub_speed - p.cut_out + R::number(0.5)).within(zero, one).complement();
    let running = left.squared() * (left * R::number(-2.0) + R::number(3.0));
    let available = share * running * (p.rating * (R::number(1.0) - p.losses));
    let taken = available.at_most(i.demand.positive());
    let generated = R::pick_below(p.surplus, R::number(0.5), available, taken);
    Outputs { power: i.demand - generated, generated, curtailed: available - generated, hub_speed, density }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2 MW at 90 m, no losses: a curve of straight steps of a thirteenth from 2 to 15 m/s.
    fn turbine(surplus: f64) -> Parameters<f64> {
        let mut values = vec![2e6, 90.0, 10.0, 1.0 / 7.0, 25.0, 0.0];
        values.extend((1..=13).map(|k| f64::from(k) / 13.0));
        values.extend([surplus, 0.0]);
        let mut p = Parameters::from_values(&values);
        size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap();
        p
    }

    /// Dry air of 1.225 kg/m³ at 15 °C.
    fn blowing(wind_speed: f64, demand: f64) -> Inputs<f64> {
        let pressure = 1.225 * 287.042 * 288.15;
        Inputs { demand, wind_speed, dry_bulb: 288.15, humidity_ratio: 0.0, pressure }
    }

    #[test]
    fn the_wind_at_the_hub_is_a_third_stronger_than_at_the_station() {
        // (90/10)^(1/7) = 9^0.142857 = 1.36874; 6 m/s → 8.2124 m/s → (8.2124 − 2)/13 · 2 MW = 955.76 kW
        let o = evaluate(&turbine(0.0), &blowing(6.0, 5e6));
        assert!((o.hub_speed - 8.212_44).abs() < 1e-4, "{}", o.hub_speed);
        assert!((o.generated - 955.76e3).abs() < 20.0, "{}", o.generated);
        assert!((o.power + o.generated - 5e6).abs() < 1e-6);
    }

    #[test]
    fn thin_air_blows_as_a_slower_wind() {
        // ρ at 0.8 of 1.225: v·0.8^(1/3) = 8.21244·0.928318 = 7.62375 m/s → 5.62375/13 · 2 MW = 865.19 kW
        let thin = Inputs { pressure: 0.8 * blowing(6.0, 5e6).pressure, ..blowing(6.0, 5e6) };
        let o = evaluate(&turbine(0.0), &thin);
        assert!((o.density - 0.98).abs() < 1e-9 && (o.generated - 865.19e3).abs() < 20.0, "{o:?}");
        // Moist air is lighter: W = 0.02 at the same pressure, 1.02/1.0321572 = 0.988222
        let moist = Inputs { humidity_ratio: 0.02, ..blowing(6.0, 5e6) };
        assert!((evaluate(&turbine(0.0), &moist).density / 1.225 - 0.988_222).abs() < 1e-6);
    }

    #[test]
    fn below_two_metres_a_second_and_in_a_storm_it_stands() {
        assert_eq!(evaluate(&turbine(0.0), &blowing(1.0, 5e6)).generated, 0.0);
        // 20 m/s at the station are 27.4 at the hub
        assert_eq!(evaluate(&turbine(0.0), &blowing(20.0, 5e6)).generated, 0.0);
        // 14 m/s are 19.2: rated
        assert!((evaluate(&turbine(0.0), &blowing(14.0, 5e6)).generated - 2e6).abs() < 1e-6);
    }

    #[test]
    fn a_surplus_flows_back_or_is_not_made() {
        let (a, b) = (turbine(0.0), turbine(1.0));
        let (a, b) = (evaluate(&a, &blowing(14.0, 5e5)), evaluate(&b, &blowing(14.0, 5e5)));
        assert!((a.power + 1.5e6).abs() < 1e-6 && a.curtailed == 0.0, "{a:?}");
        assert!(b.power == 0.0 && (b.curtailed - 1.5e6).abs() < 1e-6, "{b:?}");
    }

    #[test]
    fn a_curve_that_falls_is_refused() {
        let mut p = Parameters { power_at_7: 0.9, ..turbine(0.0) };
        let message = size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap_err();
        assert!(message.contains("power_at_8") && message.contains("rises"), "{message}");
    }
}
