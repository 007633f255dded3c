//! Rear-door heat exchanger: a water coil in the door of a rack cools the air that leaves it.
//!
//! # Equations
//! ```text
//! Q  = ε·Cmin·(T_air,in − T_water,in)                  cross flow, both unmixed (approximate), dry coil
//! UA = UA_design/(s·x_a^−0.8 + (1 − s)·x_w^−0.8)       x: flow as a share of design; s: air's share of resistance
//! P  = P_design·x_a³                                    active doors; their fans follow the rack's air
//! ṁ_w = opening·ṁ_w,design                             pressure-independent control valve
//! ```
//! `UA_design` follows from capacity, exhaust air and entering water at design flows.
//!
//! # Assumptions
//! The air flow is the rack's: a passive door leans on the server fans, whose speed has to allow for its 15–25 Pa.
//! Fans of an active door stand in the air stream. The coil is dry; a note says for how long it would
//! condense.
//!
//! # Valid for
//! Dry coils; up to 130 % of either design flow. Notes say for how long it is otherwise. At small flows the exponent is
//! extrapolated.
//!
//! # Source
//! ε: Incropera et al., *Fundamentals of Heat and Mass Transfer*, 6th ed., eq. 11.32. Exponent 0.8 of turbulent
//! films and the air's share 0.7: engineering knowledge, to verify. Fan power of active doors: CE063.
//!
//! # Verified by
//! Hand calculation below; effectiveness against the series that it approximates, and size and heat at design flow against the library
//! ht, in `isotherm validate`.

use crate::cooling::exchange;
use crate::declare::{Action, Actuator, Bound, Effect, Flow, Limit, Port, Regulator, Role, Use};
use crate::kernel::Surroundings;
use crate::{component, inputs, outputs, parameters};
use media::liquid::Fluid;
use media::moist_air;
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Heat removed at the design point.
        capacity_design: Power in "100 W"..="1 MW";
        /// Air flow of the design point.
        air_flow_design: VolumeFlow in "0.001 m3/s"..="100 m3/s";
        /// Water flow with the valve open.
        water_flow_design: VolumeFlow in "0.1 L/min"..="1 m3/s";
        /// Air leaving the rack at the design point.
        exhaust_design: Temperature in "15 °C"..="70 °C" default "40 °C";
        /// Entering water at the design point.
        water_in_design: Temperature in "1 °C"..="45 °C" default "18 °C";
        /// Fan power of an active door at design flow.
        fan_power_design: Power in "0 W"..="50 kW" default "0 W";
        /// Air leaving the door that the valve holds.
        exhaust_setpoint: Temperature in "5 °C"..="50 °C" usual "18 °C"..="30 °C" default "24 °C";
        /// Share of the coil's resistance on the air side at design.
        air_resistance_share: Ratio in "0.05"..="0.95" default "0.7";
        /// Lowest valve opening.
        valve_min: Ratio in "0"..="1" default "0.02";
        /// Air held by the door and behind it.
        air_content: Volume in "0.01 L"..="100 m3" default "200 L";
        /// Water held by the coil and its hoses.
        water_content: Volume in "0.1 L"..="10 m3" default "8 L";
    }
    choices {
        /// Whether the door has fans of its own.
        fans: [Passive, Active] default Passive;
    }
    derived {
        /// Conductance at design flows.
        conductance_design: Conductance;
        /// Mass flow of air at design.
        air_mass_flow_design: MassFlow;
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("electricity", "Feeds the fans of an active door.").optional(),
    Port::air("air", "The air leaving the rack.").holds("air_content").shared_by("air_flow_design"),
    Port::liquid("water", "The cooling water.")
        .flow(Flow::Sets { actuator: "valve", design: "water_flow_design" })
        .holds("water_content"),
];

const ACTUATORS: &[Actuator] = &[Actuator {
    name: "valve",
    doc: "Opening of the water valve.",
    low: Bound::Parameter("valve_min"),
    high: Bound::Value(1.0),
    rest: Bound::Value(1.0),
    travel: 10.0,
}];

const REGULATORS: &[Regulator] = &[Regulator {
    actuator: "valve",
    sensor: "air_out",
    setpoint: "exhaust_setpoint",
    action: Action::Lowers,
    band: 20.0,
    integral_time: 60.0,
    period: 5.0,
}];

inputs! {
    /// Flow of dry air.
    air_flow: Role::Flow("air");
    /// Enthalpy of the entering air.
    enthalpy: Role::Enthalpy("air");
    /// Humidity ratio of the entering air.
    humidity_ratio: Role::Humidity("air");
    /// Temperature of the entering water.
    water_in: Role::Temperature("water");
    /// Flow of the water.
    water_flow: Role::Flow("water");
    /// Its specific heat.
    specific_heat: Role::SpecificHeat("water");
    /// Its density.
    density: Role::Density("water");
    /// Pressure of the air.
    pressure: Role::Pressure("air");
}

outputs! {
    /// Heat given to the air: the fans' less what the coil takes.
    heat_to_air: Effect::Heat("air");
    /// Heat given to the water.
    heat_to_water: Effect::Heat("water");
    /// Power drawn.
    power: Effect::Power("electricity");
    /// The same power in the account.
    fan_power: Effect::Use(Use::AirHandlerFans);
    /// Heat removed from the air.
    heat_removed: Effect::Reading(Quantity::Power);
    /// Air flow as a share of its design.
    air_load: Effect::Reading(Quantity::Ratio);
    /// Water flow as a share of its design.
    water_load: Effect::Reading(Quantity::Ratio);
    /// Entering water less the dew point of the entering air.
    dew_point_margin: Effect::Reading(Quantity::TemperatureDifference);
}

const LIMITS: &[Limit] = &[
    Limit {
        of: "dew_point_margin",
        low: Some(Bound::Value(0.0)),
        high: None,
        text: "the door is colder than the dew point of the rack's air: it condenses, and the dry-coil model misses \
               the latent heat",
    },
    Limit {
        of: "air_load",
        low: None,
        high: Some(Bound::Value(1.3)),
        text: "air flow above 130 % of the door's design: the film exponent is not known there",
    },
    Limit {
        of: "water_load",
        low: None,
        high: Some(Bound::Value(1.3)),
        text: "water flow above 130 % of the door's design: the film exponent is not known there",
    },
];

component!(RearDoor, "rear-door heat exchanger", "rear_door.rs" {
    ports: PORTS, actuators: ACTUATORS, regulators: REGULATORS, limits: LIMITS, size: size,
});

const FILM_EXPONENT: f64 = -0.8;
/// Below this share of the design flow a film's resistance grows no further.
const SMALLEST_SHARE: f64 = 1e-3;
/// Humidity ratio of the air for which doors are rated (kg/kg).
const RATED_HUMIDITY: f64 = 0.008;

fn size(p: &mut Parameters<f64>, _: &Surroundings) -> Result<(), String> {
    let pressure = moist_air::standard_pressure(0.0);
    let flow = p.air_flow_design * moist_air::dry_air_density(p.exhaust_design, RATED_HUMIDITY, pressure);
    let air = flow * moist_air::specific_heat(RATED_HUMIDITY);
    let water = p.water_flow_design
        * Fluid::Water.density(p.water_in_design)
        * Fluid::Water.specific_heat(p.water_in_design);
    let drive = p.exhaust_design - p.water_in_design;
    if drive <= 0.0 {
        return Err("exhaust_design must be warmer than water_in_design".into());
    }
    p.air_mass_flow_design = flow;
    match exchange::size(p.capacity_design / drive, |ua| exchange::crossflow(ua, air, water)) {
        Some(conductance) => {
            p.conductance_design = conductance;
            Ok(())
        }
        None => Err(format!(
            "capacity_design {:.1} kW cannot be reached: {drive:.1} K between exhaust and water can move at most \
             {:.1} kW with these flows; raise air_flow_design or water_flow_design",
            p.capacity_design / 1e3,
            drive * air.min(water) / 1e3
        )),
    }
}

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let floor = R::lift(SMALLEST_SHARE);
    let exponent = R::number(FILM_EXPONENT);
    let air_load = i.air_flow / p.air_mass_flow_design;
    let water_load = i.water_flow / i.density / p.water_flow_design;
    let resistance = air_load.at_least(floor).powf(exponent) * p.air_resistance_share
        + water_load.at_least(floor).powf(exponent) * (R::number(1.0) - p.air_resistance_share);
    let conductance = resistance.reciprocal() * p.conductance_design;
    let air_in = moist_air::temperature_from_enthalpy(i.enthalpy, i.humidity_ratio);
    let air_rate = i.air_flow * moist_air::specific_heat(i.humidity_ratio);
    let heat =
        exchange::crossflow(conductance, air_rate, i.water_flow * i.specific_heat) * (air_in - i.water_in);
    let fans = air_load.cubed() * p.fan_power_design;
    let power = R::pick_below(p.fans, R::number(0.5), R::lift(0.0), fans);
    Outputs {
        heat_to_air: power - heat,
        heat_to_water: heat,
        power,
        fan_power: power,
        heat_removed: heat,
        air_load,
        water_load,
        dew_point_margin: i.water_in - moist_air::dew_point(i.humidity_ratio, i.pressure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn door(fans: f64) -> Parameters<f64> {
        let mut p = Parameters {
            capacity_design: 50e3,
            air_flow_design: 3.0,
            water_flow_design: 1.4e-3,
            exhaust_design: 313.15,
            water_in_design: 291.15,
            fan_power_design: 1.4e3,
            exhaust_setpoint: 297.15,
            air_resistance_share: 0.7,
            valve_min: 0.02,
            air_content: 0.2,
            water_content: 8e-3,
            fans,
            conductance_design: 0.0,
            air_mass_flow_design: 0.0,
        };
        size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap();
        p
    }

    fn design(p: &Parameters<f64>) -> Inputs<f64> {
        let density = Fluid::Water.density(291.15);
        Inputs {
            air_flow: p.air_mass_flow_design,
            enthalpy: moist_air::enthalpy(313.15, 0.008),
            humidity_ratio: 0.008,
            water_in: 291.15,
            water_flow: 1.4e-3 * density,
            specific_heat: Fluid::Water.specific_heat(291.15),
            density,
            pressure: 101_325.0,
        }
    }

    #[test]
    fn at_the_design_point_it_removes_its_capacity() {
        let p = door(0.0);
        let o = evaluate(&p, &design(&p));
        assert!((o.heat_to_water - 50e3).abs() < 1e-3, "{}", o.heat_to_water);
        assert_eq!((o.heat_to_air, o.power), (-o.heat_to_water, 0.0));
    }

    #[test]
    fn the_fans_of_an_active_door_follow_the_air_and_warm_it() {
        let p = door(1.0);
        let o = evaluate(&p, &Inputs { air_flow: 0.5 * p.air_mass_flow_design, ..design(&p) });
        // 1.4 kW · 0.5³ = 175 W
        assert!((o.power - 175.0).abs() < 1e-9);
        assert!((o.heat_to_air - (175.0 - o.heat_to_water)).abs() < 1e-9);
    }

    #[test]
    fn without_air_nothing_is_removed() {
        let p = door(1.0);
        let o = evaluate(&p, &Inputs { air_flow: 0.0, ..design(&p) });
        assert!(o.heat_to_water.abs() < 0.1 && o.power == 0.0);
    }

    #[test]
    fn more_than_the_streams_can_carry_is_refused() {
        let mut p = door(0.0);
        p.capacity_design = 90e3;
        assert!(size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap_err().contains("at most"));
    }
}
