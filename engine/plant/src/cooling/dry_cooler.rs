//! Dry cooler: a finned coil with fans of variable speed, or of two speeds, that rejects heat to outdoor air.
//!
//! # Equations
//! ```text
//! Q    = ε·Cmin·(T_water,in − T_dry bulb)        ε: cross flow, both streams unmixed (approximate)
//! C_air = n·V̇_design·ρ_air·cp_air                n: fan speed as a share of full speed
//! UA   = UA_design·n^0.62
//! P    = P_design·n³
//! ```
//! `UA_design` follows from the data sheet: capacity, range (water in − water out) and approach
//! (water out − dry bulb) at full speed.
//!
//! `fans: TwoSpeed` run at low speed (air flow share `l = low_speed`), at full speed, or stand; between them they
//! share the time. At a mean speed `n` they run
//! ```text
//! a = min(n/l, 1) of the time      (n ≤ l: low speed and standing)
//! b = max((n − l)/(1 − l), 0)      (n > l: full speed for b of the time, low speed for the rest)
//! Q = a·Q_low + b·(Q_full − Q_low)
//! P = P_design·(a·p + b·(1 − p))   p: share of the power that low speed draws
//! ```
//! with a conductance at low speed from the capacity that the data sheet gives there.
//!
//! # Assumptions
//! The coil holds no heat of its own; its water content joins the volume at the outlet. The fans'
//! power ends in the outdoor air. Still air removes nothing. Two speeds share the time so finely that the water
//! sees their mean; starts cost nothing.
//!
//! # Valid for
//! Fan speeds of 0…1, dry bulbs of −50…60 °C. The conductance follows the speed alone, not the water's flow or
//! temperature.
//!
//! # Source
//! EnergyPlus Engineering Reference, "Cooling Towers and Evaporative Fluid Coolers": fluid cooler
//! (cross-flow effectiveness), "Two-Speed Fluid Cooler" (share of time; nothing is cooled with the fans off; the air
//! flow is counted in air of the design point, the defaults of low speed are its 0.5 of air, 0.5 of capacity and 0.16
//! of power). The exponent 0.62 is 65 % of the conductance at half the air flow: engineering knowledge, to verify.
//!
//! # Verified by
//! Hand calculation below; hours and whole years of EnergyPlus 25.2 with fans of two speeds, in `isotherm validate`. The
//! default law of variable speed, n^0.62 and n³, is compared with nobody.

use crate::cooling::exchange;
use crate::declare::{Action, Actuator, Bound, Effect, Limit, Outdoor, Port, Regulator, Role, Use};
use crate::kernel::Surroundings;
use crate::{component, inputs, outputs, parameters};
use media::moist_air;
use real::Real;

parameters! {
    given {
        /// Heat rejected at the design point.
        capacity_design: Power in "1 kW"..="100 MW";
        /// Water leaving less dry bulb at the design point.
        approach_design: TemperatureDifference in "1 K"..="40 K" usual "4 K"..="15 K" default "8 K";
        /// Water entering less water leaving at the design point.
        range_design: TemperatureDifference in "1 K"..="40 K" usual "4 K"..="15 K" default "10 K";
        /// Air flow of all fans at full speed.
        air_flow_design: VolumeFlow in "0.01 m3/s"..="10000 m3/s";
        /// Power of all fans at full speed.
        fan_power_design: Power in "0 W"..="10 MW";
        /// Water held by coil and headers.
        water_content: Volume in "0.1 L"..="1000 m3";
        /// Temperature of the leaving water that the fans hold.
        supply_setpoint: Temperature in "-20 °C"..="70 °C" usual "5 °C"..="45 °C" default "25 °C";
        /// Lowest fan speed.
        fan_speed_min: Ratio in "0"..="1" default "0";
        /// Air flow of fans of two speeds at low speed, as a share of `air_flow_design`.
        low_speed: Ratio in "0.1"..="0.9" usual "0.4"..="0.7" default "0.5";
        /// Their power at low speed, as a share of `fan_power_design`.
        low_speed_power: Ratio in "0"..="1" usual "0.1"..="0.4" default "0.16";
        /// Heat rejected at low speed as a share of `capacity_design`, from the same water and air.
        low_speed_capacity: Ratio in "0.05"..="1" usual "0.4"..="0.8" default "0.5";
        /// Dry bulb of the design point, where the air is `rated_in: DesignAir`.
        dry_bulb_design: Temperature in "-20 °C"..="60 °C" usual "20 °C"..="50 °C" default "35 °C";
        /// Wet bulb of the design point, likewise.
        wet_bulb_design: Temperature in "-25 °C"..="35 °C" usual "15 °C"..="29 °C" default "25.6 °C";
    }
    choices {
        /// How the speed of the fans is changed.
        fans: [VariableSpeed, TwoSpeed] default VariableSpeed;
        /// Barometric pressure at which the data sheet's air flow and capacity hold.
        rated_at: [SeaLevel, SiteLevel] default SeaLevel;
        /// Air in which the data sheet counts its flow: dry air of 20 °C, or that of the design point.
        rated_in: [StandardAir, DesignAir] default StandardAir;
    }
    derived {
        /// Conductance at full speed.
        conductance_design: Conductance;
        /// Conductance of fans of two speeds at low speed.
        conductance_low: Conductance;
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("electricity", "Feeds the fans."),
    Port::liquid("water", "The water or glycol to be cooled.")
        .holds("water_content")
        .shared_by("capacity_design"),
];

const ACTUATORS: &[Actuator] = &[Actuator {
    name: "fan_speed",
    doc: "Speed of all fans, as a share of full speed; of fans of two speeds the mean over time.",
    low: Bound::Parameter("fan_speed_min"),
    high: Bound::Value(1.0),
    rest: Bound::Value(1.0),
    travel: 5.0,
}];

const REGULATORS: &[Regulator] = &[Regulator {
    actuator: "fan_speed",
    sensor: "water_out",
    setpoint: "supply_setpoint",
    action: Action::Lowers,
    band: 6.0,
    integral_time: 180.0,
    period: 5.0,
}];

inputs! {
    /// Temperature of the entering water.
    water_in: Role::Temperature("water");
    /// Mass flow of the water.
    water_flow: Role::Flow("water");
    /// Its specific heat.
    specific_heat: Role::SpecificHeat("water");
    /// Outdoor dry bulb.
    dry_bulb: Role::Outdoor(Outdoor::DryBulb);
    /// Outdoor humidity ratio.
    humidity_ratio: Role::Outdoor(Outdoor::HumidityRatio);
    /// Barometric pressure.
    pressure: Role::Outdoor(Outdoor::Pressure);
    /// Fan speed as a share of full speed.
    fan_speed: Role::Actuator("fan_speed");
}

outputs! {
    /// Heat given to the water (negative while it is cooled).
    heat_to_water: Effect::Heat("water");
    /// Heat given to the outdoor air.
    heat_rejected: Effect::Rejected;
    /// Power drawn by the fans.
    power: Effect::Power("electricity");
    /// The same power in the account.
    fan_power: Effect::Use(Use::HeatRejectionFans);
}

const LIMITS: &[Limit] = &[Limit {
    of: "dry_bulb",
    low: Some(Bound::Value(223.15)),
    high: Some(Bound::Value(333.15)),
    text: "outdoor air outside −50…60 °C",
}];

component!(DryCooler, "dry cooler", "dry_cooler.rs" {
    ports: PORTS,
    actuators: ACTUATORS,
    regulators: REGULATORS,
    limits: LIMITS,
    size: size,
});

/// Share of the design conductance at `speed`.
const CONDUCTANCE_EXPONENT: f64 = 0.62;

/// Conductances from the design point: cross-flow effectiveness solved for UA by bisection.
fn size(p: &mut Parameters<f64>, surroundings: &Surroundings) -> Result<(), String> {
    let pressure = if p.rated_at == 0.0 { moist_air::standard_pressure(0.0) } else { surroundings.pressure };
    let water_rate = p.capacity_design / p.range_design;
    // Dry air of 20 °C is the standard condition of fan data sheets.
    let (dry_bulb, humidity_ratio) = if p.rated_in == 0.0 {
        (293.15, 0.0)
    } else {
        let (dry_bulb, wet_bulb) = (p.dry_bulb_design, p.wet_bulb_design);
        if wet_bulb > dry_bulb {
            return Err("wet_bulb_design must not be above dry_bulb_design".into());
        }
        (dry_bulb, moist_air::humidity_ratio_from_wet_bulb(dry_bulb, wet_bulb, pressure))
    };
    let air_rate = p.air_flow_design
        * moist_air::dry_air_density(dry_bulb, humidity_ratio, pressure)
        * moist_air::specific_heat(humidity_ratio);
    let needed = p.capacity_design / (p.approach_design + p.range_design);
    match exchange::size(needed, |ua| exchange::crossflow(ua, water_rate, air_rate)) {
        Some(conductance) => p.conductance_design = conductance,
        None => {
            return Err(format!(
                "approach_design {:.1} K cannot be reached: it takes {:.0} kW/K, and the air carries only {:.0} kW/K; \
                 raise air_flow_design or approach_design",
                p.approach_design,
                needed / 1e3,
                air_rate / 1e3
            ));
        }
    }
    if p.fans == 0.0 {
        p.conductance_low = p.conductance_design; // without effect
        return Ok(());
    }
    let (needed, air_rate) = (needed * p.low_speed_capacity, air_rate * p.low_speed);
    match exchange::size(needed, |ua| exchange::crossflow(ua, water_rate, air_rate)) {
        Some(conductance) => p.conductance_low = conductance,
        None => {
            return Err(format!(
                "low_speed_capacity {:.2} cannot be reached: it takes {:.0} kW/K, and the air carries only {:.0} kW/K \
                 at low_speed {:.2}; lower one or raise the other",
                p.low_speed_capacity,
                needed / 1e3,
                air_rate / 1e3,
                p.low_speed
            ));
        }
    }
    Ok(())
}

/// Heat per kelvin between entering water and air, and power, of fans of variable speed.
#[inline(always)]
pub(super) fn variable_speed<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>, full_air: R) -> (R, R) {
    let speed = i.fan_speed.at_least(R::lift(1e-4));
    let conductance = speed.powf(R::number(CONDUCTANCE_EXPONENT)) * p.conductance_design;
    let rate = exchange::crossflow(conductance, i.water_flow * i.specific_heat, i.fan_speed * full_air);
    (rate, i.fan_speed.cubed() * p.fan_power_design)
}

/// The same of fans of two speeds, `i.fan_speed` being the mean.
#[inline(always)]
fn two_speeds<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>, full_air: R) -> (R, R) {
    let one = R::number(1.0);
    let water_rate = i.water_flow * i.specific_heat;
    let low = exchange::crossflow(R::constant(p.conductance_low), water_rate, full_air * p.low_speed);
    let full = exchange::crossflow(R::constant(p.conductance_design), water_rate, full_air);
    let running = (i.fan_speed / p.low_speed).at_most(R::lift(1.0));
    let fast = ((i.fan_speed - p.low_speed) / (one - p.low_speed)).positive();
    let power = (running * p.low_speed_power + fast * (one - p.low_speed_power)) * p.fan_power_design;
    (running * low + fast * (full - low), power)
}

/// Capacity rate of the air at full speed.
#[inline(always)]
pub(super) fn full_air<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> R {
    moist_air::dry_air_density(i.dry_bulb, i.humidity_ratio, i.pressure)
        * moist_air::specific_heat(i.humidity_ratio)
        * p.air_flow_design
}

/// See the top of the file; symbols as in the source.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let air = full_air(p, i);
    let (variable, two) = (variable_speed(p, i, air), two_speeds(p, i, air));
    let chosen = |variable: R, two: R| R::pick_below(p.fans, R::number(0.5), variable, two);
    let heat = chosen(variable.0, two.0) * (i.water_in - i.dry_bulb);
    let power = chosen(variable.1, two.1);
    Outputs { heat_to_water: -heat, heat_rejected: heat + power, power, fan_power: power }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_megawatt() -> Parameters<f64> {
        let mut p = Parameters {
            capacity_design: 1e6,
            approach_design: 8.0,
            range_design: 10.0,
            air_flow_design: 70.0,
            fan_power_design: 20e3,
            water_content: 0.3,
            supply_setpoint: 298.15,
            fan_speed_min: 0.0,
            low_speed: 0.5,
            low_speed_power: 0.16,
            low_speed_capacity: 0.5,
            dry_bulb_design: 308.15,
            wet_bulb_design: 298.75,
            fans: 0.0,
            rated_at: 0.0,
            rated_in: 0.0,
            conductance_design: 0.0,
            conductance_low: 0.0,
        };
        size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap();
        p
    }

    fn design_point() -> Inputs<f64> {
        // Water in at 35 + 8 + 10 = 53 °C, 1 MW over 10 K: 100 kW/K
        Inputs {
            water_in: 326.15,
            water_flow: 100e3 / 4180.0,
            specific_heat: 4180.0,
            dry_bulb: 308.15,
            humidity_ratio: 0.0,
            pressure: 101_325.0 * 308.15 / 293.15,
            fan_speed: 1.0,
        }
    }

    #[test]
    fn at_the_design_point_it_rejects_its_capacity_and_the_fans_power() {
        let o = evaluate(&one_megawatt(), &design_point());
        assert!((o.heat_to_water + 1e6).abs() < 1.0, "{}", o.heat_to_water);
        // fan power ends in the air: 1 MW + 20 kW
        assert!((o.heat_rejected - 1.02e6).abs() < 1.0);
    }

    #[test]
    fn at_half_speed_the_fans_draw_an_eighth_of_their_power() {
        let o = evaluate(&one_megawatt(), &Inputs { fan_speed: 0.5, ..design_point() });
        assert!((o.power - 2500.0).abs() < 1e-9);
    }

    #[test]
    fn with_the_fans_off_no_heat_is_rejected() {
        let o = evaluate(&one_megawatt(), &Inputs { fan_speed: 0.0, ..design_point() });
        assert!(o.heat_rejected.abs() < 1.0);
    }

    fn two_speeds() -> Parameters<f64> {
        let mut p = Parameters { fans: 1.0, ..one_megawatt() };
        size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap();
        p
    }

    fn at_speed(fan_speed: f64) -> Outputs<f64> {
        evaluate(&two_speeds(), &Inputs { fan_speed, ..design_point() })
    }

    #[test]
    fn at_its_two_speeds_it_rejects_what_the_data_sheet_says() {
        // all of 1 MW with 20 kW at full speed; half of it with 16 % of the power at half of the air
        for (speed, heat, power) in [(1.0, 1e6, 20e3), (0.5, 500e3, 3200.0), (0.0, 0.0, 0.0)] {
            let o = at_speed(speed);
            assert!((o.heat_to_water + heat).abs() < 1.0, "{speed}: {}", o.heat_to_water);
            assert!((o.power - power).abs() < 1e-9, "{speed}: {}", o.power);
        }
    }

    #[test]
    fn between_its_speeds_heat_and_power_are_those_of_the_shares_of_time() {
        // mean 0.25: half of the time at low speed: 250 kW, 1.6 kW
        // mean 0.75: half at low, half at full speed: (500 + 1000)/2 = 750 kW, (3.2 + 20)/2 = 11.6 kW
        for (speed, heat, power) in [(0.25, 250e3, 1600.0), (0.75, 750e3, 11_600.0)] {
            let o = at_speed(speed);
            assert!((o.heat_to_water + heat).abs() < 1.0, "{speed}: {}", o.heat_to_water);
            assert!((o.power - power).abs() < 1e-9, "{speed}: {}", o.power);
        }
        // a variable speed of 0.75 draws 20 kW · 0.75³ = 8.4375 kW
        let variable = evaluate(&one_megawatt(), &Inputs { fan_speed: 0.75, ..design_point() });
        assert!((variable.power - 8437.5).abs() < 1e-9);
    }

    #[test]
    fn counted_in_warm_moist_air_the_same_flow_is_less_air() {
        // 35 °C and 25.6 °C wet: 1.116 kg/m³ of dry air at sea level against 1.204, so a larger coil is needed
        let mut p = Parameters { rated_in: 1.0, ..one_megawatt() };
        size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap();
        assert!(p.conductance_design > 1.01 * one_megawatt().conductance_design);
        // saturated air is air too, air wetter than that is not
        p.wet_bulb_design = p.dry_bulb_design;
        assert_eq!(size(&mut p, &Surroundings { pressure: 101_325.0 }), Ok(()));
        p.wet_bulb_design = p.dry_bulb_design + 1.0;
        let message = size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap_err();
        assert!(message.contains("wet_bulb_design"), "{message}");
    }

    #[test]
    fn a_low_speed_that_cannot_carry_its_heat_is_refused_in_words() {
        let mut p = two_speeds();
        (p.low_speed, p.low_speed_capacity) = (0.1, 1.0);
        let message = size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap_err();
        assert!(message.contains("low_speed_capacity"), "{message}");
    }

    #[test]
    fn thin_air_rejects_less() {
        // 85 kPa: 16 % less air by mass
        let sea = evaluate(&one_megawatt(), &design_point()).heat_rejected;
        let high = evaluate(&one_megawatt(), &Inputs { pressure: 85e3, ..design_point() }).heat_rejected;
        assert!(high < 0.97 * sea && high > 0.84 * sea);
    }

    #[test]
    fn an_impossible_data_sheet_is_refused_in_words() {
        let mut p = one_megawatt();
        p.air_flow_design = 10.0;
        let message = size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap_err();
        assert!(message.contains("air_flow_design"), "{message}");
    }
}
