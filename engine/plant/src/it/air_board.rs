//! Electronics in the air stream: memory, storage, network cards, regulators: one body in the air.
//!
//! # Equations
//! ```text
//! C·dT/dt = P − Q
//! P  = P_idle + (P_max − P_idle)·u
//! Q  = ε·C·(T − T_in)            ε = 1 − e^−(UA/C),  C = ṁ·cp
//! UA = UA_design·(ṁ/ṁ_design)^0.6
//! ```
//! The design flow is a volume flow of dry air of 20 °C at 101 325 Pa.
//!
//! # Assumptions
//! One temperature for all parts; nothing condenses; no leakage.
//!
//! # Valid for
//! Forced convection; still air takes nothing.
//!
//! # Source
//! Exponent 0.6: cross flow over blunt bodies, F. Incropera et al., *Fundamentals of Heat and Mass
//! Transfer*, 6th ed., table 7.2, 0.466…0.618 at Re of 40…40 000 (recalled, to verify); effectiveness eq. 11.35a.
//! Values: the records.
//!
//! # Verified by
//! Hand calculation below.

use crate::cooling::exchange;
use crate::declare::{Bound, Effect, Limit, Port, Role, State, Store, Use};
use crate::kernel::Surroundings;
use crate::{component, inputs, outputs, parameters};
use media::moist_air;
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Power without work.
        power_idle: Power in "0 W"..="1 MW";
        /// Power at full utilisation.
        power_max: Power in "0 W"..="1 MW";
        /// Conductance from the parts to the air at design flow.
        conductance_design: Conductance in "0.01 W/K"..="1000 kW/K";
        /// Air flow at which it holds; it weighs this board among parallel ones.
        air_flow_design: VolumeFlow in "0.00001 m3/s"..="1000 m3/s";
        /// Temperature that the parts must not exceed.
        temperature_max: Temperature in "20 °C"..="200 °C" usual "70 °C"..="110 °C" default "90 °C";
        /// Heat capacity of the parts.
        capacity: HeatCapacity in "0.1 J/K"..="10 MJ/K" default "2 kJ/K";
        /// Air in and behind the board.
        air_content: Volume in "0.01 L"..="100 m3" default "10 L";
    }
    derived {
        /// Mass flow of dry air at design flow.
        mass_flow_design: MassFlow;
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("electricity", "Feeds the board."),
    Port::air("air", "The air over the board.").holds("air_content").shared_by("air_flow_design"),
];

const STATES: &[State] = &[State {
    name: "board",
    doc: "Temperature of the parts.",
    store: Store::Heat("capacity"),
    initial: Bound::Value(318.15),
    scale: 30.0,
    inventory: false,
}];

inputs! {
    /// Temperature of the parts.
    board: Role::State("board");
    /// Enthalpy of the entering air.
    air_enthalpy: Role::Enthalpy("air");
    /// Its humidity ratio.
    air_humidity: Role::Humidity("air");
    /// Mass flow of dry air.
    air_flow: Role::Flow("air");
    /// Utilisation.
    utilisation: Role::Signal("utilisation");
}

outputs! {
    /// Net heat flow into the parts.
    board_heat: Effect::Store("board");
    /// Heat given to the air.
    heat_to_air: Effect::Heat("air");
    /// Power drawn.
    power: Effect::Power("electricity");
    /// The same power in the account.
    it_power: Effect::Use(Use::It);
    /// Temperature of the entering air.
    inlet_temperature: Effect::Reading(Quantity::Temperature);
}

const LIMITS: &[Limit] = &[Limit {
    of: "board",
    low: None,
    high: Some(Bound::Parameter("temperature_max")),
    text: "parts above their highest temperature",
}];

component!(AirBoard, "electronics in the air stream", "air_board.rs" {
    ports: PORTS,
    states: STATES,
    limits: LIMITS,
    size: size,
});

/// Cross flow over blunt bodies.
const FILM_EXPONENT: f64 = 0.6;
/// Flow below this share of the design one is taken as this in the conductance.
const LEAST_FLOW: f64 = 1e-4;
/// Temperature at which air flows are rated [K].
const RATED_TEMPERATURE: f64 = 293.15;

/// Mass flow of dry air [kg/s] of a rated volume flow [m³/s].
pub(super) fn rated_mass_flow(volume_flow: f64) -> f64 {
    volume_flow * moist_air::dry_air_density(RATED_TEMPERATURE, 0.0, moist_air::standard_pressure(0.0))
}

/// Design mass flow.
fn size(p: &mut Parameters<f64>, _: &Surroundings) -> Result<(), String> {
    if p.power_max < p.power_idle {
        return Err(format!("power_max {:.0} W is below power_idle {:.0} W", p.power_max, p.power_idle));
    }
    p.mass_flow_design = rated_mass_flow(p.air_flow_design);
    Ok(())
}

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let power = i.utilisation * (p.power_max - p.power_idle) + p.power_idle;
    let share = (i.air_flow / p.mass_flow_design).at_least(R::lift(LEAST_FLOW));
    let conductance = share.powf(R::number(FILM_EXPONENT)) * p.conductance_design;
    let rate = i.air_flow * moist_air::specific_heat(i.air_humidity);
    let air_in = moist_air::temperature_from_enthalpy(i.air_enthalpy, i.air_humidity);
    let heat = exchange::against_body(conductance, rate) * (i.board - air_in);
    Outputs { board_heat: power - heat, heat_to_air: heat, power, it_power: power, inlet_temperature: air_in }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tray() -> Parameters<f64> {
        let mut p = Parameters {
            power_idle: 100.0,
            power_max: 400.0,
            conductance_design: 15.0,
            air_flow_design: 0.025,
            temperature_max: 363.15,
            capacity: 2e3,
            air_content: 0.01,
            mass_flow_design: 0.0,
        };
        size(&mut p, &Surroundings { pressure: 85e3 }).unwrap();
        p
    }

    fn working(air_flow: f64) -> Inputs<f64> {
        // 25 °C, dry: h = 1006 · 25
        Inputs { board: 333.15, air_enthalpy: 25_150.0, air_humidity: 0.0, air_flow, utilisation: 1.0 }
    }

    #[test]
    fn at_design_flow_the_effectiveness_is_that_of_its_transfer_units() {
        // ρ = 101325/(287.042 · 293.15) = 1.20414 kg/m³, C = 0.025 · 1.20414 · 1006 = 30.284 W/K
        // NTU = 15/30.284 = 0.49531, ε = 0.39062, Q = 0.39062 · 30.284 · (60 − 25) = 414.04 W
        let o = evaluate(&tray(), &working(0.025 * 1.204_14));
        assert!((o.heat_to_air - 414.04).abs() < 0.05, "{}", o.heat_to_air);
        assert!((o.inlet_temperature - 298.15).abs() < 1e-9);
        assert!((o.board_heat - (400.0 - o.heat_to_air)).abs() < 1e-12);
    }

    #[test]
    fn still_air_takes_nothing() {
        assert!(evaluate(&tray(), &working(0.0)).heat_to_air.abs() < 0.1);
    }
}
