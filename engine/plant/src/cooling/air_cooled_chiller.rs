//! Air-cooled chiller with an optional free-cooling coil upstream of its evaporator.
//!
//! # Equations
//! The unit cools its water from `T_in` to the set-point while it can:
//! ```text
//! Q_need = ṁ·cp·(T_in − T_set)⁺
//! Q_coil = ε·Cmin·(T_in − T_dry bulb)⁺                      free-cooling coil, cross flow
//! Q_free = s·Q_coil,  s = min((T_in − T_dry bulb)⁺/3 K, 1, Q_need/Q_coil)
//! Q_mech = min(Q_need − Q_free, Q_max)                      Q_max = Q_design·(1 − k·(T_dry bulb − T_dry bulb,design))
//!                                                           within 0.1 … 1.3 of Q_design
//! x      = Q_mech/Q_max
//! COP    = η(x)·T_ev/(T_cd − T_ev),  T_ev = T_set − a_ev,  T_cd = T_dry bulb + a_cd·max(x, x_min)
//! η(x)   = η_design·(c0 + c1·x + c2·x²),  c0 + c1 + c2 = 1
//! P_comp = Q_mech/COP
//! P_fan  = P_fan,design·max(x, s³)
//! ```
//! Below `x_min` the machine cycles: it runs at `x_min` for the share `x/x_min` of the time.
//! `η_design` makes the COP at design that of the data sheet, condenser fans excluded.
//!
//! # Assumptions
//! The machine's own controller holds the leaving water at once. It opens the free-cooling coil over the first 3 K
//! that the outdoor air is colder than the water: fans at full speed for less would cost more than they save. The lift `T_cd − T_ev` never falls below
//! `lift_min`. Compressor exactly zero in free cooling. Everything drawn ends in the outdoor air.
//!
//! # Valid for
//! Dry bulbs of −40…50 °C, which a note watches; set-points of 2…35 °C, and no others are accepted. Catalogues reach
//! 5.6…10 °C of water and 30…46 °C of air. The capacity does not depend on the leaving water (about 3 %/K in catalogues),
//! and what it gains in the cold, up to 30 %, is compared with nobody.
//!
//! # Source
//! Carnot fraction with approach temperatures: Modelica Buildings Library, `Fluid.Chillers.Carnot_TEva`
//! (Wetter et al. 2014). Part-load coefficients, approaches and capacity slope: CE091, engineering knowledge,
//! to verify; so are the 3 K.
//!
//! # Verified by
//! Hand calculation below; Carnot's share against the Modelica Buildings library, COP and capacity against the catalogues of
//! three machines, in `isotherm validate`: 5 % root mean square, up to 12 %. Grade 3.

use crate::cooling::exchange;
use crate::declare::{Bound, Effect, Limit, Outdoor, Port, Role, Use};
use crate::kernel::Surroundings;
use crate::{component, inputs, outputs, parameters};
use media::moist_air;
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Cooling capacity at the design point.
        capacity_design: Power in "1 kW"..="20 MW";
        /// COP of the compressors at the design point.
        cop_design: Ratio in "1"..="20" usual "2.5"..="7" default "4.6";
        /// Leaving water at the design point.
        supply_design: Temperature in "2 °C"..="35 °C" default "18 °C";
        /// Dry bulb at the design point.
        dry_bulb_design: Temperature in "10 °C"..="55 °C" default "35 °C";
        /// Leaving water that the machine holds.
        supply_setpoint: Temperature in "2 °C"..="35 °C" usual "6 °C"..="25 °C" default "18 °C";
        /// Loss of capacity per kelvin of dry bulb above design, and gain below.
        capacity_slope: Ratio in "0"..="0.1" default "0.01";
        /// Leaving water less evaporation.
        evaporator_approach: TemperatureDifference in "0.1 K"..="10 K" default "1.5 K";
        /// Condensation less dry bulb at full load.
        condenser_approach: TemperatureDifference in "1 K"..="30 K" default "12 K";
        /// Smallest lift.
        lift_min: TemperatureDifference in "1 K"..="40 K" default "10 K";
        /// Lowest load without cycling.
        part_load_min: Ratio in "0.01"..="0.9" default "0.2";
        /// Constant of the part-load efficiency.
        part_load_constant: Ratio in "-3"..="3" default "0.7";
        /// Slope of the part-load efficiency; the square term makes the sum 1.
        part_load_slope: Ratio in "-3"..="3" default "0.6";
        /// Condenser fans at full speed.
        fan_power_design: Power in "0 W"..="2 MW";
        /// Conductance of the free-cooling coil; 0 where there is none.
        free_cooling_conductance: Conductance in "0 W/K"..="10 MW/K" default "0 W/K";
        /// Air flow of the condenser fans at full speed.
        air_flow_design: VolumeFlow in "0.01 m3/s"..="10000 m3/s";
        /// Water held by evaporator, coil and pipes.
        water_content: Volume in "0.1 L"..="1000 m3";
    }
    derived {
        /// Carnot fraction at the design point.
        carnot_fraction: Ratio;
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("electricity", "Feeds compressors and fans."),
    Port::liquid("chilled_water", "The water to be cooled.")
        .holds("water_content")
        .shared_by("capacity_design"),
];

inputs! {
    /// Temperature of the entering water.
    water_in: Role::Temperature("chilled_water");
    /// Flow of the water.
    water_flow: Role::Flow("chilled_water");
    /// Its specific heat.
    specific_heat: Role::SpecificHeat("chilled_water");
    /// Outdoor dry bulb.
    dry_bulb: Role::Outdoor(Outdoor::DryBulb);
    /// Outdoor humidity ratio.
    humidity_ratio: Role::Outdoor(Outdoor::HumidityRatio);
    /// Barometric pressure.
    pressure: Role::Outdoor(Outdoor::Pressure);
}

outputs! {
    /// Heat given to the water (negative while it is cooled).
    heat_to_water: Effect::Heat("chilled_water");
    /// Heat given to the outdoor air.
    heat_rejected: Effect::Rejected;
    /// Power drawn.
    power: Effect::Power("electricity");
    /// Compressors.
    compressor_power: Effect::Use(Use::Compressors);
    /// Condenser fans.
    fan_power: Effect::Use(Use::HeatRejectionFans);
    /// Heat removed by the free-cooling coil.
    heat_free: Effect::Reading(Quantity::Power);
    /// Heat removed by the evaporator.
    heat_mechanical: Effect::Reading(Quantity::Power);
    /// Part-load ratio of the compressors.
    part_load_ratio: Effect::Reading(Quantity::Ratio);
    /// Heat that was asked for and not removed.
    heat_missing: Effect::Reading(Quantity::Power);
}

const LIMITS: &[Limit] = &[
    Limit {
        of: "dry_bulb",
        low: Some(Bound::Value(233.15)),
        high: Some(Bound::Value(323.15)),
        text: "outdoor air outside −40…50 °C",
    },
    Limit {
        of: "heat_missing",
        low: None,
        high: Some(Bound::Value(1.0)),
        text: "the chiller runs at full capacity and its water leaves above the set-point",
    },
];

component!(AirCooledChiller, "air-cooled chiller", "air_cooled_chiller.rs" {
    ports: PORTS, limits: LIMITS, size: size,
});

/// Outdoor air this much colder than the water [K] has the fans of the free-cooling coil at full speed.
const OPEN_AT: f64 = 3.0;

fn size(p: &mut Parameters<f64>, _: &Surroundings) -> Result<(), String> {
    let evaporation = p.supply_design - p.evaporator_approach;
    let lift = p.dry_bulb_design + p.condenser_approach - evaporation;
    if lift < p.lift_min {
        return Err(format!("the design lift is {lift:.1} K, below lift_min {:.1} K", p.lift_min));
    }
    p.carnot_fraction = p.cop_design * lift / evaporation;
    if p.carnot_fraction >= 1.0 {
        return Err(format!(
            "cop_design {:.2} is above the Carnot limit {:.2} between {:.1} °C and {:.1} °C",
            p.cop_design,
            evaporation / lift,
            evaporation - 273.15,
            evaporation + lift - 273.15
        ));
    }
    Ok(())
}

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let n = R::number;
    let water_rate = i.water_flow * i.specific_heat;
    let needed = (water_rate * (i.water_in - p.supply_setpoint)).positive();

    let air_flow = moist_air::dry_air_density(i.dry_bulb, i.humidity_ratio, i.pressure) * p.air_flow_design;
    let air_rate = air_flow * moist_air::specific_heat(i.humidity_ratio);
    let coil = exchange::crossflow(
        R::constant(p.free_cooling_conductance).at_least(R::lift(1e-9)),
        water_rate,
        air_rate,
    );
    let colder = (i.water_in - i.dry_bulb).positive();
    let free_most = coil * colder;
    let opened = (colder / n(OPEN_AT)).at_most(R::lift(1.0));
    let free = (free_most * opened).at_most(needed);
    let free_share = free / free_most.at_least(R::lift(1.0));

    let derating = ((i.dry_bulb - p.dry_bulb_design) * p.capacity_slope).complement();
    let capacity = derating.within(R::lift(0.1), R::lift(1.3)) * p.capacity_design;
    let mechanical = (needed - free).at_most(capacity);
    let load = mechanical / capacity;
    let running = load.at_least(R::constant(p.part_load_min));
    let square = n(1.0) - p.part_load_constant - p.part_load_slope;
    let efficiency =
        (running.squared() * square + running * p.part_load_slope + p.part_load_constant) * p.carnot_fraction;
    let evaporation = p.supply_setpoint - p.evaporator_approach;
    let condensation = i.dry_bulb + running * p.condenser_approach;
    let lift = (condensation - evaporation).at_least(R::constant(p.lift_min));
    let compressors = mechanical * lift / (efficiency * evaporation);
    let fans = load.at_least(free_share.cubed()) * p.fan_power_design;
    let power = compressors + fans;
    Outputs {
        heat_to_water: -(free + mechanical),
        heat_rejected: free + mechanical + power,
        power,
        compressor_power: compressors,
        fan_power: fans,
        heat_free: free,
        heat_mechanical: mechanical,
        part_load_ratio: load,
        heat_missing: needed - free - mechanical,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chiller() -> Parameters<f64> {
        let mut p = Parameters {
            capacity_design: 300e3,
            cop_design: 4.6,
            supply_design: 291.15,
            dry_bulb_design: 308.15,
            supply_setpoint: 291.15,
            capacity_slope: 0.01,
            evaporator_approach: 1.5,
            condenser_approach: 12.0,
            lift_min: 10.0,
            part_load_min: 0.2,
            part_load_constant: 0.7,
            part_load_slope: 0.6,
            fan_power_design: 12e3,
            free_cooling_conductance: 40e3,
            air_flow_design: 30.0,
            water_content: 0.5,
            carnot_fraction: 0.0,
        };
        size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap();
        p
    }

    /// 300 kW of load: 30 kW/K over 10 K.
    fn at(dry_bulb: f64) -> Inputs<f64> {
        Inputs {
            water_in: 301.15,
            water_flow: 30e3 / 4180.0,
            specific_heat: 4180.0,
            dry_bulb,
            humidity_ratio: 0.005,
            pressure: 101_325.0,
        }
    }

    #[test]
    fn at_design_it_has_the_cop_of_its_data_sheet() {
        // T_ev = 16.5 °C, T_cd = 47 °C: Carnot 289.65/30.5 = 9.497; 4.6/9.497 = 0.4844 of it
        let p = chiller();
        assert!((p.carnot_fraction - 0.48438).abs() < 1e-4);
        let o = evaluate(&p, &at(308.15));
        assert!((o.heat_mechanical - 300e3).abs() < 1e-3 && (o.heat_to_water + 300e3).abs() < 1e-3);
        assert!((o.heat_rejected - 300e3 - o.power).abs() < 1e-3);
        assert!((o.compressor_power - 300e3 / 4.6).abs() < 1e-3, "{}", o.compressor_power);
        assert_eq!(o.heat_free, 0.0);
    }

    #[test]
    fn in_the_cold_the_coil_does_it_all_and_the_compressor_stands_still() {
        let o = evaluate(&chiller(), &at(263.15));
        assert!((o.heat_free - 300e3).abs() < 1e-6);
        assert_eq!(o.compressor_power, 0.0);
        assert!(o.fan_power < 12e3);
    }

    #[test]
    fn in_between_both_share_the_load() {
        let o = evaluate(&chiller(), &at(291.15));
        assert!(o.heat_free > 50e3 && o.heat_mechanical > 50e3);
        assert!((o.heat_free + o.heat_mechanical - 300e3).abs() < 1e-6);
    }

    #[test]
    fn what_coil_and_compressors_together_cannot_do_is_missing() {
        // 291.15 K outside: the coil takes its share of 300 kW, the machine 60 kW · (1 + 0.01·17) = 70.2 kW.
        let small = Parameters { capacity_design: 60e3, ..chiller() };
        let o = evaluate(&small, &at(291.15));
        assert!((o.heat_mechanical - 70.2e3).abs() < 1e-6, "{}", o.heat_mechanical);
        assert!(o.heat_free > 20e3 && o.heat_missing > 20e3, "{} {}", o.heat_free, o.heat_missing);
        assert!(
            (o.heat_missing - (229.8e3 - o.heat_free)).abs() < 1e-6,
            "{} {}",
            o.heat_free,
            o.heat_missing
        );
    }

    #[test]
    fn air_that_is_hardly_colder_than_the_water_does_not_start_the_fans() {
        // 1.5 K of 3 K: s = 0.5, so an eighth of the fans' power; the condenser, at x < 0.1, asks for less
        let p = Parameters { capacity_design: 3e6, ..chiller() };
        let o = evaluate(&p, &at(299.65));
        let full = evaluate(&p, &at(298.15));
        assert!((o.heat_free / full.heat_free - 0.25).abs() < 2e-3, "half the coil, half the difference");
        assert!((o.fan_power - 12e3 / 8.0).abs() < 1e-6, "{}", o.fan_power);
        // and they start from the load of the condenser alone, without a jump
        let [warm, level] = [301.16, 301.14].map(|dry_bulb| evaluate(&p, &at(dry_bulb)).fan_power);
        assert!((warm - level).abs() < 1.0, "{warm} and {level}");
    }

    #[test]
    fn a_cycling_machine_has_the_efficiency_of_its_lowest_load() {
        // x = 0.05 < 0.2: same COP as at 0.2, so power in proportion to heat
        let p = Parameters { free_cooling_conductance: 0.0, ..chiller() };
        let small = evaluate(&p, &Inputs { water_in: 291.65, ..at(308.15) });
        let least = evaluate(&p, &Inputs { water_in: 293.15, ..at(308.15) });
        let cop = |o: &Outputs<f64>| o.heat_mechanical / o.compressor_power;
        assert!((cop(&small) - cop(&least)).abs() < 1e-9);
    }

    #[test]
    fn ten_kelvin_above_its_design_air_a_tenth_of_its_capacity_is_gone() {
        // 300 kW asked at 45 °C: 300 kW · (1 − 0.01 · 10) = 270 kW; at 30 °C there would be 315
        let hot = evaluate(&chiller(), &at(318.15));
        assert!((hot.heat_to_water + 270e3).abs() < 1e-6, "{}", hot.heat_to_water);
        let mild = evaluate(&chiller(), &Inputs { water_in: 302.15, ..at(303.15) });
        assert!((mild.heat_to_water + 315e3).abs() < 1e-6, "{}", mild.heat_to_water);
    }

    #[test]
    fn a_cop_beyond_carnot_is_refused() {
        let mut p = chiller();
        p.cop_design = 12.0;
        assert!(size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap_err().contains("Carnot"));
    }
}
