//! Dry cooler: a finned coil with variable-speed fans that rejects heat to outdoor air.
//!
//! # Equations
//! ```text
//! Q    = ε·Cmin·(T_water,in − T_dry bulb)        ε: cross flow, both streams unmixed
//! C_air = n·V̇_design·ρ_air·cp_air                n: fan speed as a share of full speed
//! UA   = UA_design·n^0.62
//! P    = P_design·n³
//! ```
//! `UA_design` follows from the data sheet: capacity, range (water in − water out) and approach
//! (water out − dry bulb) at full speed.
//!
//! # Assumptions
//! The coil holds no heat of its own; its water content joins the volume at the outlet. The fans'
//! power ends in the outdoor air. Still air removes nothing.
//!
//! # Valid for
//! Fan speeds of 0…1, dry bulbs of −50…60 °C.
//!
//! # Source
//! EnergyPlus Engineering Reference, "Cooling Towers and Evaporative Fluid Coolers", fluid cooler
//! (cross-flow effectiveness). The exponent 0.62 is 65 % of the conductance at half the air flow:
//! engineering knowledge, to verify; EnergyPlus's low-speed default (0.6 of UA at 0.5 of the air) is
//! n^0.74.
//!
//! # Verified by
//! Hand calculation below.

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
    }
    choices {
        /// Barometric pressure at which the data sheet's air flow and capacity hold.
        rated_at: [SeaLevel, SiteLevel] default SeaLevel;
    }
    derived {
        /// Conductance at full speed.
        conductance_design: Conductance;
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
    doc: "Speed of all fans, as a share of full speed.",
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

/// Conductance from the design point: cross-flow effectiveness solved for UA by bisection.
fn size(p: &mut Parameters<f64>, surroundings: &Surroundings) -> Result<(), String> {
    let pressure = if p.rated_at == 0.0 { moist_air::standard_pressure(0.0) } else { surroundings.pressure };
    let water_rate = p.capacity_design / p.range_design;
    // Rated in dry air of 20 °C, the standard condition of fan data sheets.
    let air_rate =
        p.air_flow_design * moist_air::dry_air_density(293.15, 0.0, pressure) * moist_air::specific_heat(0.0);
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
    Ok(())
}

/// See the top of the file; symbols as in the source.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let speed = i.fan_speed.at_least(R::lift(1e-4));
    let water_rate = i.water_flow * i.specific_heat;
    let air_flow = i.fan_speed
        * moist_air::dry_air_density(i.dry_bulb, i.humidity_ratio, i.pressure)
        * p.air_flow_design;
    let air_rate = air_flow * moist_air::specific_heat(i.humidity_ratio);
    let conductance = speed.powf(R::number(CONDUCTANCE_EXPONENT)) * p.conductance_design;
    let heat = exchange::crossflow(conductance, water_rate, air_rate) * (i.water_in - i.dry_bulb);
    let power = i.fan_speed.cubed() * p.fan_power_design;
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
            rated_at: 0.0,
            conductance_design: 0.0,
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
