//! Generator set in line: it runs as it is told, or above a peak limit, and the feed gives the rest.
//!
//! # Equations
//! ```text
//! d    = (P_out + P_standby)/(1 − a)                        covers loads, standby and its own auxiliaries
//! G    = min(max(load·P_rated, (P_out + P_standby − P_limit)⁺/(1 − a)), P_rated, d⁺)
//! P_in = P_out + P_standby + a·G − G
//! x    = G/P_rated
//! fuel = P_rated·(f0·clamp(x/0.05) + f1·x)                  Willans line through full and half load
//! f1   = 2/η(1) − 1/η(1/2),   f0 = 1/η(1) − f1
//! CO₂  = fuel·carbon content
//! ```
//!
//! # Use
//! Between feed and loads. A monthly test run pins its load; without a pin and without `peak_limit` it stands by.
//! ```ron
//! "generator": Generator(based_on: "diesel_2mw"),
//! // connections
//! "grid -> generator -> [ups, chiller, pump]",
//! // controls
//! "test_run": Fix(by: "generator.load", at: 0.5),
//! ```
//! `standby_power` contains block heater and controls: the record `generator_standby`, a fixed load for sites
//! that say nothing else of their generators, is not needed beside it.
//!
//! # Assumptions
//! Nothing is exported: it unloads to what the loads behind it draw. It follows its load at once; what takes time to
//! start is the travel of the actuator. Block heater, charger and controls draw their mean power at all
//! times; radiator fan and fuel pumps draw a fixed share of the output.
//!
//! The account of electricity begins at the terminals: only its *electric* losses (standby, auxiliaries) are used
//! and become heat here. Fuel and its waste heat are outside of that account: `fuel_power` has a meter of its own, of
//! which fuel and its carbon in the site's scope 1 are made; `carbon_emitted` is a reading.
//!
//! # Valid for
//! Loads up to the rating; running below `load_min` is reported.
//!
//! # Source
//! Willans line: fuel rises in proportion to the load above an idle part (engineering knowledge). Efficiencies,
//! auxiliaries, least load: engineering knowledge, to verify. Carbon content of diesel, 74.1 kg/GJ: IPCC *Guidelines for
//! National Greenhouse Gas Inventories* (2006), vol. 2, table 1.4, recalled, to verify. Supply of
//! diesel, 18.9 g/MJ: JEC *Well-to-Tank* v5 (2020), recalled, to verify. Twelve seconds from start to load: record PC047.
//!
//! # Verified by
//! Hand calculation below; identities in `engine/plant/tests/supply_identities.rs`; a day in
//! `engine/study/tests/supply.rs`.

use crate::declare::{Actuator, Bound, Effect, Limit, Port, Role, Use};
use crate::kernel::Surroundings;
use crate::{component, inputs, outputs, parameters};
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Highest continuous output.
        rating: Power in "1 kW"..="1 GW";
        /// Power from the feed above which it runs; the default means never.
        peak_limit: Power in "0 W"..="1 GW" default "1 GW";
        /// Output per fuel heat (lower heating value) at full load.
        efficiency_full: Ratio in "0.05"..="0.7" usual "0.3"..="0.5" default "40 %";
        /// Output per fuel heat at half load.
        efficiency_half: Ratio in "0.05"..="0.7" usual "0.25"..="0.48" default "37 %";
        /// Mean power of block heater, battery charger and controls.
        standby_power: Power in "0 W"..="10 MW" default "0 W";
        /// Power of radiator fan and pumps while it runs, as a share of the output.
        auxiliary_share: Ratio in "0"..="0.3" usual "0"..="0.05" default "2 %";
        /// Least load at which it should run for long, as a share of the rating.
        load_min: Ratio in "0"..="1" usual "0.2"..="0.5" default "30 %";
        /// Carbon dioxide per fuel heat.
        carbon_content: CarbonIntensity in "0 g/kWh"..="1000 g/kWh" usual "0 g/kWh"..="300 g/kWh" default "267 g/kWh";
        /// Carbon dioxide equivalent of the fuel's supply (well to tank) per fuel heat.
        upstream_carbon: CarbonIntensity in "0 g/kWh"..="1000 g/kWh" usual "0 g/kWh"..="150 g/kWh" default "68 g/kWh";
    }
    derived {
        /// Fuel heat of the idling engine, as a share of the rating.
        fuel_idle: Ratio;
        /// Further fuel heat per output.
        fuel_slope: Ratio;
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("input", "From the feed."),
    Port::electricity_out("output", "To the loads."),
    Port::heat_out("heat", "Standby and auxiliaries, given to the generator room."),
];

const ACTUATORS: &[Actuator] = &[Actuator {
    name: "load",
    doc: "Output asked for, as a share of the rating.",
    low: Bound::Value(0.0),
    high: Bound::Value(1.0),
    rest: Bound::Value(0.0),
    travel: 12.0,
}];

inputs! {
    /// Power drawn by the loads.
    demand: Role::Demand("output");
    /// Output asked for, as a share of the rating.
    load: Role::Actuator("load");
}

outputs! {
    /// Power drawn from the feed.
    power: Effect::Power("input");
    /// Power generated, at the terminals.
    generated: Effect::Generated;
    /// Standby and auxiliaries in the account.
    own_use: Effect::Use(Use::Other);
    /// The same as heat.
    heat: Effect::Heat("heat");
    /// Output as a share of the rating.
    output_load: Effect::Reading(Quantity::Ratio);
    /// Heat of the fuel burnt (lower heating value).
    fuel_power: Effect::Fuel;
    /// Carbon dioxide emitted.
    carbon_emitted: Effect::Reading(Quantity::MassFlow);
    /// By how much it runs below its least load, as a share of the rating.
    underload: Effect::Reading(Quantity::Ratio);
    /// Power drawn from the feed above the limit.
    peak_excess: Effect::Reading(Quantity::Power);
}

const LIMITS: &[Limit] = &[
    Limit {
        of: "underload",
        low: None,
        high: Some(Bound::Value(0.0)),
        text: "runs below its least continuous load: a diesel soots up there",
    },
    Limit {
        of: "peak_excess",
        low: None,
        high: Some(Bound::Value(0.0)),
        text: "the feed is drawn on above the peak limit: the rating is too small",
    },
];

component!(Generator, "generator", "generator.rs" {
    ports: PORTS,
    actuators: ACTUATORS,
    limits: LIMITS,
    size: size,
});

/// Load over which a starting engine comes to burn its idle fuel.
const STARTING: f64 = 0.05;

/// The Willans line through the two efficiencies.
fn size(p: &mut Parameters<f64>, _: &Surroundings) -> Result<(), String> {
    let (full, half) = (1.0 / p.efficiency_full, 1.0 / p.efficiency_half);
    p.fuel_slope = 2.0 * full - half;
    p.fuel_idle = full - p.fuel_slope;
    if p.fuel_idle < 0.0 {
        return Err("efficiency_half must not exceed efficiency_full: an engine idles on fuel".into());
    }
    if p.fuel_slope <= 0.0 {
        return Err(format!(
            "efficiency_half {:.2} is half of efficiency_full {:.2} or less: then half load would take as much fuel \
             as full load; raise efficiency_half",
            p.efficiency_half, p.efficiency_full
        ));
    }
    Ok(())
}

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let (zero, one) = (R::lift(0.0), R::lift(1.0));
    let net = R::number(1.0) - p.auxiliary_share;
    let drawn = i.demand + p.standby_power;
    let above = (drawn - p.peak_limit).positive() / net;
    let generated =
        (i.load * p.rating).at_least(above).at_most(R::constant(p.rating)).at_most(drawn.positive() / net);
    let own_use = generated * p.auxiliary_share + p.standby_power;
    let power = i.demand + own_use - generated;
    let load = generated / p.rating;
    let running = (load / R::number(STARTING)).within(zero, one);
    let fuel_power = (running * p.fuel_idle + load * p.fuel_slope) * p.rating;
    Outputs {
        power,
        generated,
        own_use,
        heat: own_use,
        output_load: load,
        fuel_power,
        carbon_emitted: fuel_power * p.carbon_content,
        underload: running * (-(load - p.load_min)).positive(),
        peak_excess: (power - p.peak_limit).positive(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2 MW, 40 % at full and 36 % at half load, 6 kW of standby, 2 % of auxiliaries.
    fn diesel(peak_limit: f64) -> Parameters<f64> {
        let mut p = Parameters {
            rating: 2e6,
            peak_limit,
            efficiency_full: 0.40,
            efficiency_half: 0.36,
            standby_power: 6e3,
            auxiliary_share: 0.02,
            load_min: 0.3,
            carbon_content: 74.1e-9,
            upstream_carbon: 18.9e-9,
            fuel_idle: 0.0,
            fuel_slope: 0.0,
        };
        size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap();
        p
    }

    fn at(p: &Parameters<f64>, demand: f64, load: f64) -> Outputs<f64> {
        evaluate(p, &Inputs { demand, load })
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-6
    }

    #[test]
    fn standing_by_it_only_draws_its_block_heater() {
        let o = at(&diesel(1e9), 1.5e6, 0.0);
        assert!(near(o.power, 1506e3) && near(o.own_use, 6e3));
        assert_eq!([o.generated, o.fuel_power, o.carbon_emitted, o.underload], [0.0; 4]);
    }

    #[test]
    fn at_half_load_it_relieves_the_feed_by_its_output_less_its_auxiliaries() {
        // 1000 kW given, 20 kW of fans, 6 kW of standby: 1500 + 26 − 1000 = 526 kW
        let o = at(&diesel(1e9), 1.5e6, 0.5);
        assert!(near(o.power, 526e3) && near(o.heat, 26e3));
        // fuel: 1000/0.36 = 2777.8 kW;  CO₂: 74.1 g/MJ · 2.7778 MJ/s = 205.8 g/s
        assert!(near(o.fuel_power, 1e6 / 0.36) && (o.carbon_emitted - 0.20583).abs() < 1e-5);
        // full load: 2000/0.40 = 5000 kW
        assert!(near(at(&diesel(1e9), 3e6, 1.0).fuel_power, 5e6));
    }

    #[test]
    fn above_the_peak_limit_the_feed_stays_at_it() {
        // 1500 + 6 − 1016 = 490 kW net, 490/0.98 = 500 kW
        let o = at(&diesel(1016e3), 1.5e6, 0.0);
        assert!(near(o.generated, 500e3) && near(o.power, 1016e3), "{o:?}");
        assert!(o.peak_excess < 1e-9);
        // 25 % of its rating where 30 % are the least
        assert!((o.underload - 0.05).abs() < 1e-12);
    }

    #[test]
    fn a_peak_beyond_its_rating_shows_as_excess() {
        // 4000 + 6 + 40 − 2000 = 2046 kW from the feed, 1030 kW above the limit
        let o = at(&diesel(1016e3), 4e6, 0.0);
        assert!(near(o.power, 2046e3) && near(o.peak_excess, 1030e3));
    }

    #[test]
    fn it_unloads_rather_than_export() {
        // 484 + 6 = 490 kW, 490/0.98 = 500 kW although 2000 kW are asked for
        let o = at(&diesel(1e9), 484e3, 1.0);
        assert!(near(o.generated, 500e3) && near(o.power, 0.0));
        assert_eq!(o.power + o.generated, 484e3 + o.own_use);
    }

    #[test]
    fn an_engine_that_idles_on_nothing_is_refused() {
        let sized = |full: f64, half: f64| {
            let mut p = Parameters { efficiency_full: full, efficiency_half: half, ..diesel(1e9) };
            size(&mut p, &Surroundings { pressure: 101_325.0 })
        };
        assert!(sized(0.36, 0.40).unwrap_err().contains("idles"));
        assert!(sized(0.40, 0.20).unwrap_err().contains("raise efficiency_half"));
    }
}
