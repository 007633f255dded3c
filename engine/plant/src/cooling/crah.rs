//! Computer room air handler: a chilled-water coil behind variable-speed fans.
//!
//! # Equations
//! ```text
//! Q  = ε·Cmin·(T_air,in − T_water,in)                  counterflow, dry coil
//! UA = UA_design/(s·x_a^−0.8 + (1 − s)·x_w^−0.8)       x: flow as a share of design; s: air's share of resistance
//! V̇  = n·V̇_design,  P = P_design·n³                    n: fan speed
//! ṁ_w = opening·ṁ_w,design                             pressure-independent control valve
//! ```
//! `UA_design` follows from capacity, return air and entering water at design flows.
//!
//! # Assumptions
//! The fans stand in the air stream, so their power warms it. The coil is dry; where the entering
//! water is colder than the return air's dew point a note says for how long, and the latent heat is missing.
//!
//! # Valid for
//! Dry coils. Fan speeds of 0…1.
//!
//! # Source
//! ε: Incropera et al., *Fundamentals of Heat and Mass Transfer*, 6th ed., eq. 11.29a (many rows in
//! counterflow). Exponent 0.8 of turbulent films and the air's share 0.7: engineering knowledge, to verify.
//!
//! # Verified by
//! Hand calculation below.

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
        /// Sensible heat removed at the design point, before the fans' heat.
        capacity_design: Power in "1 kW"..="10 MW";
        /// Air flow at full fan speed.
        air_flow_design: VolumeFlow in "0.01 m3/s"..="1000 m3/s";
        /// Water flow with the valve open.
        water_flow_design: VolumeFlow in "0.1 L/min"..="1 m3/s";
        /// Return air at the design point.
        return_air_design: Temperature in "15 °C"..="60 °C" default "36 °C";
        /// Entering water at the design point.
        water_in_design: Temperature in "1 °C"..="35 °C" default "18 °C";
        /// Fan power at full speed.
        fan_power_design: Power in "0 W"..="500 kW";
        /// Air held by the unit and its plenum.
        air_content: Volume in "0.01 m3"..="10000 m3" default "10 m3";
        /// Water held by the coil and its pipes.
        water_content: Volume in "0.1 L"..="100 m3" default "60 L";
        /// Supply air temperature that the valve holds.
        supply_air_setpoint: Temperature in "5 °C"..="45 °C" usual "18 °C"..="27 °C" default "24 °C";
        /// Lowest fan speed.
        fan_speed_min: Ratio in "0"..="1" default "0.3";
        /// Lowest valve opening.
        valve_min: Ratio in "0"..="1" default "0.02";
        /// Share of the coil's resistance on the air side at design.
        air_resistance_share: Ratio in "0.05"..="0.95" default "0.7";
    }
    choices {
        /// Barometric pressure at which the data sheet's capacity holds.
        rated_at: [SeaLevel, SiteLevel] default SeaLevel;
    }
    derived {
        /// Conductance at design flows.
        conductance_design: Conductance;
        /// Mass flow of air at design.
        air_mass_flow_design: MassFlow;
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("electricity", "Feeds the fans."),
    Port::air("air", "From the return to the supply.")
        .flow(Flow::Sets { actuator: "fan_speed", design: "air_flow_design" })
        .holds("air_content"),
    Port::liquid("coil", "Chilled water.")
        .flow(Flow::Sets { actuator: "valve", design: "water_flow_design" })
        .holds("water_content"),
];

const ACTUATORS: &[Actuator] = &[
    Actuator {
        name: "fan_speed",
        doc: "Fan speed as a share of full speed.",
        low: Bound::Parameter("fan_speed_min"),
        high: Bound::Value(1.0),
        rest: Bound::Value(1.0),
        travel: 10.0,
    },
    Actuator {
        name: "valve",
        doc: "Opening of the chilled-water valve.",
        low: Bound::Parameter("valve_min"),
        high: Bound::Value(1.0),
        rest: Bound::Value(1.0),
        travel: 15.0,
    },
];

const REGULATORS: &[Regulator] = &[Regulator {
    actuator: "valve",
    sensor: "air_out",
    setpoint: "supply_air_setpoint",
    action: Action::Lowers,
    band: 15.0,
    integral_time: 90.0,
    period: 5.0,
}];

inputs! {
    /// Flow of dry air.
    air_flow: Role::Flow("air");
    /// Enthalpy of the return air.
    enthalpy: Role::Enthalpy("air");
    /// Humidity ratio of the return air.
    humidity_ratio: Role::Humidity("air");
    /// Temperature of the entering water.
    water_in: Role::Temperature("coil");
    /// Flow of the water.
    water_flow: Role::Flow("coil");
    /// Its specific heat.
    specific_heat: Role::SpecificHeat("coil");
    /// Its density.
    density: Role::Density("coil");
    /// Pressure of the air.
    pressure: Role::Pressure("air");
    /// Fan speed.
    fan_speed: Role::Actuator("fan_speed");
}

outputs! {
    /// Heat given to the air: the fans' less what the coil takes.
    heat_to_air: Effect::Heat("air");
    /// Heat given to the water.
    heat_to_water: Effect::Heat("coil");
    /// Power drawn.
    power: Effect::Power("electricity");
    /// The same power in the account.
    fan_power: Effect::Use(Use::AirHandlerFans);
    /// Heat removed from the air.
    heat_removed: Effect::Reading(Quantity::Power);
    /// Entering water less the dew point of the return air.
    dew_point_margin: Effect::Reading(Quantity::TemperatureDifference);
}

const LIMITS: &[Limit] = &[Limit {
    of: "dew_point_margin",
    low: Some(Bound::Value(0.0)),
    high: None,
    text: "the coil is colder than the dew point of the return air: it condenses, and the dry-coil model misses the \
           latent heat",
}];

component!(Crah, "computer room air handler", "crah.rs" {
    ports: PORTS, actuators: ACTUATORS, regulators: REGULATORS, limits: LIMITS, size: size,
});

const FILM_EXPONENT: f64 = -0.8;

fn size(p: &mut Parameters<f64>, surroundings: &Surroundings) -> Result<(), String> {
    let pressure = if p.rated_at == 0.0 { moist_air::standard_pressure(0.0) } else { surroundings.pressure };
    let flow = p.air_flow_design * moist_air::dry_air_density(p.return_air_design, 0.008, pressure);
    let air = flow * moist_air::specific_heat(0.008);
    let water = p.water_flow_design
        * Fluid::Water.density(p.water_in_design)
        * Fluid::Water.specific_heat(p.water_in_design);
    let drive = p.return_air_design - p.water_in_design;
    if drive <= 0.0 {
        return Err("return_air_design must be warmer than water_in_design".into());
    }
    let needed = p.capacity_design / drive;
    p.air_mass_flow_design = flow;
    match exchange::size(needed, |ua| exchange::counterflow(ua, air, water)) {
        Some(conductance) => {
            p.conductance_design = conductance;
            Ok(())
        }
        None => Err(format!(
            "capacity_design {:.0} kW cannot be reached: {drive:.1} K between return air and water can move at most \
             {:.0} kW with these flows; raise air_flow_design or water_flow_design",
            p.capacity_design / 1e3,
            drive * air.min(water) / 1e3
        )),
    }
}

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let floor = R::lift(1e-3);
    let air_load = (i.air_flow / p.air_mass_flow_design).at_least(floor);
    let water_load = (i.water_flow / i.density / p.water_flow_design).at_least(floor);
    let exponent = R::number(FILM_EXPONENT);
    let resistance = air_load.powf(exponent) * p.air_resistance_share
        + water_load.powf(exponent) * (R::number(1.0) - p.air_resistance_share);
    let conductance = resistance.reciprocal() * p.conductance_design;
    let air_in = moist_air::temperature_from_enthalpy(i.enthalpy, i.humidity_ratio);
    let air_rate = i.air_flow * moist_air::specific_heat(i.humidity_ratio);
    let rate = exchange::counterflow(conductance, air_rate, i.water_flow * i.specific_heat);
    let heat = rate * (air_in - i.water_in);
    let power = i.fan_speed.cubed() * p.fan_power_design;
    Outputs {
        heat_to_air: power - heat,
        heat_to_water: heat,
        power,
        fan_power: power,
        heat_removed: heat,
        dew_point_margin: i.water_in - moist_air::dew_point(i.humidity_ratio, i.pressure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crah() -> Parameters<f64> {
        let mut p = Parameters {
            capacity_design: 100e3,
            air_flow_design: 26_000.0 / 3600.0,
            water_flow_design: 2.4e-3,
            return_air_design: 309.15,
            water_in_design: 291.15,
            fan_power_design: 4e3,
            air_content: 10.0,
            water_content: 0.06,
            supply_air_setpoint: 297.15,
            fan_speed_min: 0.3,
            valve_min: 0.02,
            air_resistance_share: 0.7,
            rated_at: 0.0,
            conductance_design: 0.0,
            air_mass_flow_design: 0.0,
        };
        size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap();
        p
    }

    fn design(p: &Parameters<f64>) -> Inputs<f64> {
        let (rho, cp) = (Fluid::Water.density(291.15), Fluid::Water.specific_heat(291.15));
        Inputs {
            air_flow: p.air_mass_flow_design,
            enthalpy: moist_air::enthalpy(309.15, 0.008),
            humidity_ratio: 0.008,
            water_in: 291.15,
            water_flow: 2.4e-3 * rho,
            specific_heat: cp,
            density: rho,
            pressure: 101_325.0,
            fan_speed: 1.0,
        }
    }

    #[test]
    fn at_the_design_point_it_removes_its_capacity_and_adds_its_fans_heat() {
        // 100 kW out, 4 kW of fans in: the air loses 96 kW
        let p = crah();
        let o = evaluate(&p, &design(&p));
        assert!((o.heat_to_water - 100e3).abs() < 1e-3, "{}", o.heat_to_water);
        assert!((o.heat_to_air + 96e3).abs() < 1e-3);
    }

    #[test]
    fn at_half_speed_the_fans_draw_an_eighth() {
        let p = crah();
        let i = Inputs { fan_speed: 0.5, air_flow: 0.5 * p.air_mass_flow_design, ..design(&p) };
        let o = evaluate(&p, &i);
        // half of the air, more than half of the heat: the air side has more transfer units
        assert!((o.power - 500.0).abs() < 1e-9 && o.heat_removed > 50e3);
    }

    #[test]
    fn water_below_the_dew_point_shows_in_the_margin() {
        // W = 0.008 has its dew point near 10.7 °C; 18 °C water stays 7.3 K above
        let p = crah();
        assert!((evaluate(&p, &design(&p)).dew_point_margin - 7.3).abs() < 0.2);
    }

    #[test]
    fn more_heat_than_the_streams_can_carry_is_refused() {
        let mut p = crah();
        p.capacity_design = 400e3;
        assert!(size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap_err().contains("at most"));
    }
}
