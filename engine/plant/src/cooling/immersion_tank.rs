//! Single-phase immersion tank: boards in oil, the oil cooled by facility water through plates.
//!
//! # Equations
//! ```text
//! C·dT_oil/dt = Q_IT + P − Q − L
//! Q = ε·Cmin·(T_oil − T_water,in)                       counterflow; C_oil = n·V̇_oil·ρ·c_p
//! 1/UA = (x_oil^−0.7 + x_water^−0.7)/(2·UA_design)       x: flow as a share of design
//! L = G·(T_oil − T_room)                                 through the walls
//! P = P_design·n³                                         n: pump speed
//! ṁ_w = opening·ṁ_w,design
//! ```
//! `UA_design` follows from capacity and approach (oil leaving the boards less water entering).
//!
//! # Assumptions
//! The tank is mixed: one temperature, that of the oil which enters the plates and of the oil around the boards. All
//! pump power ends in the oil. IT heat arrives through the port `heat`. Oil: 805 kg/m³, 2.2 kJ/(kg K).
//!
//! # Valid for
//! Oil of 15…70 °C, water up to 130 % of its design flow; notes say for how long it is otherwise. Small flows as in
//! `plate_exchanger`.
//!
//! # Source
//! ε: Incropera et al., *Fundamentals of Heat and Mass Transfer*, 6th ed., eq. 11.29a. Oil: CE033–CE036; approach
//! 8–12 K, pump 1.0–1.5 % of the heat: CE098; film exponent 0.7: all engineering knowledge, to verify.
//!
//! # Verified by
//! Hand calculation below.

use crate::cooling::{exchange, plate_exchanger};
use crate::declare::{
    Action, Actuator, Bound, Effect, Flow, Limit, Port, Regulator, Role, State, Store, Use,
};
use crate::kernel::Surroundings;
use crate::{component, inputs, outputs, parameters};
use media::liquid::Fluid;
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Heat carried off at the design point.
        capacity_design: Power in "100 W"..="10 MW";
        /// Oil less entering water at the design point.
        approach_design: TemperatureDifference in "1 K"..="40 K" usual "8 K"..="20 K" default "15 K";
        /// Oil flow at full pump speed.
        oil_flow_design: VolumeFlow in "0.1 L/min"..="10 m3/s";
        /// Water flow with the valve open.
        water_flow_design: VolumeFlow in "0.1 L/min"..="10 m3/s";
        /// Power of the oil pumps at full speed.
        pump_power_design: Power in "0 W"..="1 MW";
        /// Oil in the tank.
        oil_content: Volume in "1 L"..="1000 m3";
        /// Heat capacity of boards and tank.
        metal_capacity: HeatCapacity in "0 J/K"..="1000 MJ/K" default "0 J/K";
        /// Conductance of the walls to the room.
        wall_conductance: Conductance in "0 W/K"..="100 kW/K" default "0 W/K";
        /// Temperature of the room.
        room_temperature: Temperature in "-20 °C"..="60 °C" default "25 °C";
        /// Oil temperature that the valve holds.
        oil_setpoint: Temperature in "10 °C"..="80 °C" usual "30 °C"..="55 °C" default "45 °C";
        /// Lowest valve opening.
        valve_min: Ratio in "0"..="1" default "0.02";
        /// Lowest pump speed.
        pump_speed_min: Ratio in "0"..="1" default "0.3";
        /// Water held by the plates and their pipes.
        water_content: Volume in "0.1 L"..="100 m3" default "20 L";
    }
    derived {
        /// Conductance at design flows.
        conductance_design: Conductance;
        /// Heat capacity of oil, boards and tank.
        heat_capacity: HeatCapacity;
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("electricity", "Feeds the oil pumps."),
    Port::heat_in("heat", "Heat of the boards in the oil."),
    Port::liquid("water", "Facility water.")
        .flow(Flow::Sets { actuator: "valve", design: "water_flow_design" })
        .holds("water_content"),
];

const STATES: &[State] = &[State {
    name: "oil",
    doc: "Temperature of the oil.",
    store: Store::Heat("heat_capacity"),
    initial: Bound::Parameter("oil_setpoint"),
    scale: 30.0,
    inventory: false,
}];

const ACTUATORS: &[Actuator] = &[
    Actuator {
        name: "valve",
        doc: "Opening of the water valve.",
        low: Bound::Parameter("valve_min"),
        high: Bound::Value(1.0),
        rest: Bound::Value(1.0),
        travel: 10.0,
    },
    Actuator {
        name: "pump_speed",
        doc: "Speed of the oil pumps as a share of full speed.",
        low: Bound::Parameter("pump_speed_min"),
        high: Bound::Value(1.0),
        rest: Bound::Value(1.0),
        travel: 5.0,
    },
];

const REGULATORS: &[Regulator] = &[Regulator {
    actuator: "valve",
    sensor: "oil",
    setpoint: "oil_setpoint",
    action: Action::Lowers,
    band: 10.0,
    integral_time: 600.0,
    period: 10.0,
}];

inputs! {
    /// Temperature of the oil.
    oil: Role::State("oil");
    /// Heat of the boards.
    heat: Role::Received("heat");
    /// Temperature of the entering water.
    water_in: Role::Temperature("water");
    /// Flow of the water.
    water_flow: Role::Flow("water");
    /// Its specific heat.
    specific_heat: Role::SpecificHeat("water");
    /// Its density.
    density: Role::Density("water");
    /// Pump speed.
    pump_speed: Role::Actuator("pump_speed");
}

outputs! {
    /// Heat gained by oil, boards and tank.
    heat_stored: Effect::Store("oil");
    /// Heat given to the water.
    heat_to_water: Effect::Heat("water");
    /// Heat lost through the walls.
    heat_lost: Effect::Rejected;
    /// Power drawn.
    power: Effect::Power("electricity");
    /// The same power in the account.
    pump_power: Effect::Use(Use::Pumps);
    /// Water flow as a share of its design.
    water_load: Effect::Reading(Quantity::Ratio);
}

const LIMITS: &[Limit] = &[
    Limit {
        of: "oil",
        low: Some(Bound::Value(288.15)),
        high: Some(Bound::Value(343.15)),
        text: "oil outside 15…70 °C: its properties are taken at 40 °C",
    },
    Limit {
        of: "water_load",
        low: None,
        high: Some(Bound::Value(1.3)),
        text: "water flow above 130 % of design: the film exponent is not known there",
    },
];

component!(ImmersionTank, "single-phase immersion tank", "immersion_tank.rs" {
    ports: PORTS, states: STATES, actuators: ACTUATORS, regulators: REGULATORS, limits: LIMITS, size: size,
});

/// Where the oil's properties are taken (K).
const REFERENCE: f64 = 313.15;

fn oil_rate(flow: f64) -> f64 {
    flow * Fluid::ImmersionOil.density(REFERENCE) * Fluid::ImmersionOil.specific_heat(REFERENCE)
}

fn size(p: &mut Parameters<f64>, _: &Surroundings) -> Result<(), String> {
    p.heat_capacity = oil_rate(p.oil_content) + p.metal_capacity;
    let oil = oil_rate(p.oil_flow_design);
    let water = p.water_flow_design * Fluid::Water.density(303.15) * Fluid::Water.specific_heat(303.15);
    let needed = p.capacity_design / p.approach_design;
    match exchange::size(needed, |ua| exchange::counterflow(ua, oil, water)) {
        Some(conductance) => {
            p.conductance_design = conductance;
            Ok(())
        }
        None => Err(format!(
            "approach_design {:.1} K cannot be reached: {:.1} kW need {:.2} kW/K, the streams carry {:.2} (oil) and \
             {:.2} kW/K (water)",
            p.approach_design,
            p.capacity_design / 1e3,
            needed / 1e3,
            oil / 1e3,
            water / 1e3
        )),
    }
}

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let water_load = i.water_flow / i.density / p.water_flow_design;
    let share = plate_exchanger::conductance_share(i.pump_speed, water_load, R::number(0.5));
    let oil = Fluid::ImmersionOil;
    let oil_heat = R::number(oil.density(REFERENCE) * oil.specific_heat(REFERENCE));
    let rate = exchange::counterflow(
        share * p.conductance_design,
        i.pump_speed * (p.oil_flow_design * oil_heat),
        i.water_flow * i.specific_heat,
    );
    let heat_to_water = rate * (i.oil - i.water_in);
    let heat_lost = (i.oil - p.room_temperature) * p.wall_conductance;
    let power = i.pump_speed.cubed() * p.pump_power_design;
    Outputs {
        heat_stored: i.heat + power - heat_to_water - heat_lost,
        heat_to_water,
        heat_lost,
        power,
        pump_power: power,
        water_load,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tank() -> Parameters<f64> {
        let mut p = Parameters {
            capacity_design: 100e3,
            approach_design: 15.0,
            oil_flow_design: 8e-3,
            water_flow_design: 2.4e-3,
            pump_power_design: 1.2e3,
            oil_content: 1.0,
            metal_capacity: 200e3,
            wall_conductance: 10.0,
            room_temperature: 298.15,
            oil_setpoint: 318.15,
            valve_min: 0.02,
            pump_speed_min: 0.3,
            water_content: 0.02,
            conductance_design: 0.0,
            heat_capacity: 0.0,
        };
        size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap();
        p
    }

    fn design() -> Inputs<f64> {
        let density = Fluid::Water.density(303.15);
        Inputs {
            oil: 318.15,
            heat: 100e3,
            water_in: 303.15,
            water_flow: 2.4e-3 * density,
            specific_heat: Fluid::Water.specific_heat(303.15),
            density,
            pump_speed: 1.0,
        }
    }

    #[test]
    fn a_cubic_metre_of_oil_holds_1_77_megajoules_per_kelvin() {
        // 805 kg · 2.2 kJ/(kg K) = 1771 kJ/K and 200 kJ/K of metal
        assert!((tank().heat_capacity - 1.971e6).abs() < 1e3);
    }

    #[test]
    fn at_the_design_point_water_takes_the_capacity_and_the_oil_warms_by_pump_less_walls() {
        let o = evaluate(&tank(), &design());
        assert!((o.heat_to_water - 100e3).abs() < 1e-3, "{}", o.heat_to_water);
        // walls: 10 W/K · 20 K = 200 W;  100 + 1.2 − 100 − 0.2 = 1.0 kW
        assert!((o.heat_lost - 200.0).abs() < 1e-9 && (o.heat_stored - 1.0e3).abs() < 1e-3);
    }

    #[test]
    fn with_the_pump_stopped_the_oil_takes_everything() {
        let o = evaluate(&tank(), &Inputs { pump_speed: 0.0, ..design() });
        assert!(o.heat_to_water < 1.0 && (o.heat_stored - 99.8e3).abs() < 1.0);
    }

    #[test]
    fn too_small_a_stream_is_refused_in_words() {
        let mut p = tank();
        p.water_flow_design = 1e-3;
        let message = size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap_err();
        assert!(message.contains("approach_design"), "{message}");
    }
}
