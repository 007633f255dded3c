//! Electronics on cold plates: CPUs, switches, memory, regulators: one body in the coolant.
//!
//! # Equations
//! ```text
//! C·dT/dt = P − Q
//! P  = P_idle + (P_max − P_idle)·u
//! Q  = ε·C·(T − T_supply)        ε = 1 − e^−(UA/C),  C = ρ·V̇·cp
//! UA = UA_design·(V̇/V̇_design)^0.8
//! ```
//!
//! # Assumptions
//! One temperature for all parts; no leakage.
//!
//! # Valid for
//! Turbulent or developing flow in the plates; the exponent is not that of laminar channels.
//!
//! # Source
//! Exponent 0.8: Dittus-Boelter, F. Incropera et al., *Fundamentals of Heat and Mass Transfer*, 6th ed.,
//! eq. 8.60 (recalled, to verify); effectiveness eq. 11.35a. Values: the records.
//!
//! # Verified by
//! Hand calculation below.

use crate::cooling::exchange;
use crate::declare::{Bound, Effect, Limit, Port, Role, State, Store, Use};
use crate::{component, inputs, outputs, parameters};
use real::Real;

parameters! {
    given {
        /// Power without work.
        power_idle: Power in "0 W"..="1 MW";
        /// Power at full utilisation.
        power_max: Power in "0 W"..="1 MW";
        /// Conductance from the parts to the coolant at design flow.
        conductance_design: Conductance in "0.01 W/K"..="1000 kW/K";
        /// Flow at which it holds; it weighs this board among parallel ones.
        coolant_flow_design: VolumeFlow in "0.001 L/min"..="10000 L/min";
        /// Temperature that the parts must not exceed.
        temperature_max: Temperature in "20 °C"..="200 °C" usual "70 °C"..="110 °C" default "90 °C";
        /// Heat capacity of parts and plates.
        capacity: HeatCapacity in "0.1 J/K"..="10 MJ/K" default "1 kJ/K";
        /// Coolant in plates and hoses.
        coolant_content: Volume in "0.001 L"..="1000 L" default "0.1 L";
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("electricity", "Feeds the board."),
    Port::liquid("coolant", "The coolant through the plates.")
        .holds("coolant_content")
        .shared_by("coolant_flow_design"),
];

const STATES: &[State] = &[State {
    name: "board",
    doc: "Temperature of the parts.",
    store: Store::Heat("capacity"),
    initial: Bound::Value(313.15),
    scale: 30.0,
    inventory: false,
}];

inputs! {
    /// Temperature of the parts.
    board: Role::State("board");
    /// Temperature of the entering coolant.
    coolant_in: Role::Temperature("coolant");
    /// Mass flow of the coolant.
    coolant_flow: Role::Flow("coolant");
    /// Its specific heat.
    specific_heat: Role::SpecificHeat("coolant");
    /// Its density.
    density: Role::Density("coolant");
    /// Utilisation.
    utilisation: Role::Signal("utilisation");
}

outputs! {
    /// Net heat flow into the parts.
    board_heat: Effect::Store("board");
    /// Heat given to the coolant.
    heat_to_coolant: Effect::Heat("coolant");
    /// Power drawn.
    power: Effect::Power("electricity");
    /// The same power in the account.
    it_power: Effect::Use(Use::It);
}

const LIMITS: &[Limit] = &[Limit {
    of: "board",
    low: None,
    high: Some(Bound::Parameter("temperature_max")),
    text: "parts above their highest temperature",
}];

component!(ColdPlateBoard, "electronics on cold plates", "cold_plate_board.rs" {
    ports: PORTS,
    states: STATES,
    limits: LIMITS,
    size: size,
});

/// Dittus-Boelter.
const FILM_EXPONENT: f64 = 0.8;
/// Flow below this share of the design one is taken as this in the film's conductance.
const LEAST_FLOW: f64 = 1e-4;

/// Refuses powers in the wrong order.
fn size(p: &mut Parameters<f64>, _: &crate::kernel::Surroundings) -> Result<(), String> {
    if p.power_max < p.power_idle {
        return Err(format!("power_max {:.0} W is below power_idle {:.0} W", p.power_max, p.power_idle));
    }
    Ok(())
}

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let power = i.utilisation * (p.power_max - p.power_idle) + p.power_idle;
    let share = (i.coolant_flow / i.density / p.coolant_flow_design).at_least(R::lift(LEAST_FLOW));
    let conductance = share.powf(R::number(FILM_EXPONENT)) * p.conductance_design;
    let heat =
        exchange::against_body(conductance, i.coolant_flow * i.specific_heat) * (i.board - i.coolant_in);
    Outputs { board_heat: power - heat, heat_to_coolant: heat, power, it_power: power }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CPU: Parameters<f64> = Parameters {
        power_idle: 70.0,
        power_max: 300.0,
        conductance_design: 20.0,
        coolant_flow_design: 0.5 / 60e3,
        temperature_max: 363.15,
        capacity: 1e3,
        coolant_content: 1e-4,
    };

    fn working(flow: f64) -> Inputs<f64> {
        Inputs {
            board: 323.15,
            coolant_in: 303.15,
            coolant_flow: flow / 60.0,
            specific_heat: 4000.0,
            density: 1000.0,
            utilisation: 0.5,
        }
    }

    #[test]
    fn at_design_flow_the_effectiveness_is_that_of_its_transfer_units() {
        // C = 0.5/60 · 4000 = 33.33 W/K, NTU = 20/33.33 = 0.6, ε = 1 − e^−0.6 = 0.451188
        // Q = 0.451188 · 33.333 · 20 K = 300.79 W;  P = 70 + 230/2 = 185 W
        let o = evaluate(&CPU, &working(0.5));
        assert!((o.heat_to_coolant - 300.792).abs() < 1e-3, "{}", o.heat_to_coolant);
        assert!((o.board_heat - (185.0 - 300.792)).abs() < 1e-3);
    }

    #[test]
    fn half_the_flow_keeps_57_percent_of_the_conductance() {
        // UA = 20 · 0.5^0.8 = 11.487 W/K, C = 16.667, NTU = 0.68922, ε = 0.49803, Q = 166.01 W
        let o = evaluate(&CPU, &working(0.25));
        assert!((o.heat_to_coolant - 166.01).abs() < 0.01, "{}", o.heat_to_coolant);
    }

    #[test]
    fn without_flow_all_power_stays() {
        assert!((evaluate(&CPU, &working(0.0)).board_heat - 185.0).abs() < 0.1);
    }
}
