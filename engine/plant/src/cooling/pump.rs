//! Circulation pump with a variable-speed drive on differential-pressure control.
//!
//! # Equations
//! ```text
//! V̇ = ṁ/ρ,  x = V̇/V̇_design
//! Δp = Δp_design·(s + (1 − s)·x²)      s: share of the head that is held however little flows
//! P  = V̇·Δp/η                          η: pump, motor and drive together
//! ```
//! Where the circuit is solved from pressures (`resistances`), `Δp` is the rise of the operating point on the pump's
//! curve, `Δp = H₀·n² − (H₀ − Δp_design)·x|x|` with `H₀ = shutoff_ratio·Δp_design` and the speed `n`, which runs down
//! after a trip. A pump that is driven by others draws nothing; at `n = 0` it resists as its curve does. A check valve
//! keeps the liquid of other pumps from running back through it, each of several equal pumps by its own; what it loses
//! forwards belongs to the resistances of the circuit.
//! All of `P` but the motor's loss becomes heat in the liquid, at the pump or as friction in the loop.
//!
//! # Assumptions
//! The efficiency does not change with load: on a system curve the operating point stays near the best one.
//! Where valves set the flow the pump follows them; else its speed does, `V̇ = n·V̇_design`. Friction heats the liquid at
//! the pump, wherever in the loop it arises: 200 kPa are 0.05 K.
//!
//! # Valid for
//! Flows up to 1.2 of the design flow.
//!
//! # Source
//! Affinity laws and differential-pressure control: ASHRAE *HVAC Systems and Equipment* (2020) ch. 44,
//! eq. 6–8 (edition to verify). Power `V̇·Δp/η`: EnergyPlus Engineering Reference, "Pumps". Curve through the design point
//! with 4/3 of its head at shut-off: Rossman et al., *EPANET 2.2 User Manual* (2020), "Pumps", single-point curve
//! (recalled, to verify).
//!
//! # Verified by
//! Hand calculation below.

use crate::declare::{Actuator, Bound, Effect, Flow, Head, Limit, Port, Role, Use};
use crate::{component, inputs, outputs, parameters};
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Volume flow at full speed.
        flow_design: VolumeFlow in "0.01 L/s"..="100 m3/s";
        /// Pressure rise at the design flow.
        head_design: Pressure in "1 kPa"..="2000 kPa" usual "50 kPa"..="600 kPa";
        /// Efficiency of pump, motor and drive together.
        efficiency: Ratio in "0.05"..="0.95" usual "0.45"..="0.85" default "0.7";
        /// Share of the power that leaves the motor to the surroundings instead of the liquid.
        motor_loss_share: Ratio in "0"..="0.5" default "0.07";
        /// Share of the design head held however little flows.
        static_share: Ratio in "0"..="1" default "0.3";
        /// Pressure rise without flow, as a multiple of the one at the design flow; where pressures are solved.
        shutoff_ratio: Ratio in "1.01"..="3" usual "1.1"..="1.5" default "1.3333";
        /// Lowest speed.
        speed_min: Ratio in "0"..="1" default "0.2";
        /// Liquid held by the pump and its share of the pipes.
        water_content: Volume in "0.1 L"..="1000 m3" default "200 L";
    }
    choices {
        /// What keeps liquid from running back through each pump while it stands; where pressures are solved.
        check_valve: [Fitted, Absent] default Fitted;
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("electricity", "Feeds the motor."),
    Port::liquid("water", "The liquid that is moved.")
        .flow(Flow::Drives { actuator: "speed", design: "flow_design" })
        .holds("water_content")
        .shared_by("flow_design")
        .head(Head::Lifts { head: "head_design", shutoff: "shutoff_ratio", check: "check_valve" }),
];

const ACTUATORS: &[Actuator] = &[Actuator {
    name: "speed",
    doc: "Speed as a share of full speed; without effect where valves set the flow.",
    low: Bound::Parameter("speed_min"),
    high: Bound::Value(1.0),
    rest: Bound::Value(1.0),
    travel: 5.0,
}];

inputs! {
    /// Mass flow.
    flow: Role::Flow("water");
    /// Density of the liquid.
    density: Role::Density("water");
    /// Whether pressures are solved.
    solved: Role::Solved("water");
    /// Pressure rise, where they are.
    pressure_rise: Role::PressureRise("water");
    /// Power given to the liquid, where they are.
    hydraulic_power: Role::HydraulicPower("water");
}

outputs! {
    /// Heat given to the liquid.
    heat_to_water: Effect::Heat("water");
    /// Heat of the motor to the surroundings.
    heat_rejected: Effect::Rejected;
    /// Power drawn.
    power: Effect::Power("electricity");
    /// The same power in the account.
    pump_power: Effect::Use(Use::Pumps);
    /// Pressure rise.
    head: Effect::Reading(Quantity::Pressure);
    /// Flow as a share of the design flow.
    load: Effect::Reading(Quantity::Ratio);
}

const LIMITS: &[Limit] = &[
    Limit {
        of: "load",
        low: None,
        high: Some(Bound::Value(1.2)),
        text: "more than 1.2 of the design flow is asked of the pump",
    },
    Limit {
        of: "head",
        low: Some(Bound::Value(-1e3)),
        high: None,
        text: "the pump is driven by others: it runs beyond its curve, or it stands in a flow",
    },
];

component!(Pump, "circulation pump", "pump.rs" { ports: PORTS, actuators: ACTUATORS, limits: LIMITS });

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let volume_flow = i.flow / i.density;
    let load = volume_flow / p.flow_design;
    let one = R::number(1.0);
    let held = (load.squared() * (one - p.static_share) + p.static_share) * p.head_design;
    let half = R::number(0.5);
    let head = R::pick_below(i.solved.value(), half, held, i.pressure_rise);
    let work = R::pick_below(i.solved.value(), half, volume_flow * held, i.hydraulic_power.positive());
    let power = work / p.efficiency;
    let lost = power * p.motor_loss_share;
    Outputs { heat_to_water: power - lost, heat_rejected: lost, power, pump_power: power, head, load }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUMP: Parameters<f64> = Parameters {
        flow_design: 0.03,
        head_design: 220e3,
        efficiency: 0.7,
        motor_loss_share: 0.07,
        static_share: 0.3,
        shutoff_ratio: 4.0 / 3.0,
        speed_min: 0.2,
        water_content: 0.2,
        check_valve: 0.0,
    };

    fn following(flow: f64) -> Inputs<f64> {
        Inputs { flow, density: 1000.0, solved: 0.0, pressure_rise: 0.0, hydraulic_power: 0.0 }
    }

    #[test]
    fn at_design_it_draws_flow_times_head_over_efficiency() {
        // 30 L/s · 220 kPa / 0.7 = 9428.6 W, of which 93 % heat the water
        let o = evaluate(&PUMP, &following(30.0));
        assert!((o.power - 9428.571).abs() < 1e-3);
        assert!((o.heat_to_water - 0.93 * 9428.571).abs() < 1e-3);
    }

    #[test]
    fn at_half_flow_the_held_head_keeps_the_power_above_the_cube() {
        // x = 1/2: Δp = 220·(0.3 + 0.7/4) = 104.5 kPa; P = 15 L/s · 104.5 kPa / 0.7 = 2239.3 W (cube: 1178.6 W)
        let o = evaluate(&PUMP, &following(15.0));
        assert!((o.power - 2239.286).abs() < 1e-3);
    }

    #[test]
    fn with_pressures_solved_it_draws_its_hydraulic_power_over_efficiency() {
        // 25 L/s · 180 kPa = 4500 W; / 0.7 = 6428.6 W
        let solved = Inputs { solved: 1.0, pressure_rise: 180e3, hydraulic_power: 4500.0, ..following(25.0) };
        let o = evaluate(&PUMP, &solved);
        assert!((o.power - 6428.571).abs() < 1e-3 && o.head == 180e3);
        // pushed through by others it takes 300 W out of the stream, and draws nothing
        let pushed = Inputs { pressure_rise: -12e3, hydraulic_power: -300.0, ..solved };
        let o = evaluate(&PUMP, &pushed);
        assert_eq!([o.power, o.heat_to_water, o.heat_rejected], [0.0; 3]);
    }
}
