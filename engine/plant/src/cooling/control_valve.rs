//! Two-way control valve with a flow coefficient, for balancing and throttling.
//!
//! # Equations
//! ```text
//! V̇ = Kv·φ(y)·√(Δp/1 bar · 1000/ρ)
//! φ = y                    linear
//! φ = R^(y−1)              equal-percentage, R: rangeability
//! ```
//! Below an opening of 5 % `φ` goes linearly to a leakage of 10⁻⁴; below 1 % of the rated flow the law is linear.
//! Pressure and flow are solved with the whole circuit.
//!
//! # Assumptions
//! No hysteresis, no cavitation. The circuit must be solved from pressures (`resistances`).
//!
//! # Valid for
//! Turbulent flow; openings of 5 % to 100 %.
//!
//! # Source
//! Kv and inherent characteristics: IEC 60534-2-1, IEC 60534-2-4 (recalled, to verify). Leakage: class IV of
//! IEC 60534-4, 10⁻⁴ of the rated flow (recalled, to verify).
//!
//! # Verified by
//! `hydraulics/tests.rs`: the coefficient at one bar, and half open; characteristics of the Modelica Buildings library and
//! EPANET's throttle in `isotherm validate`. Grade 3.

use crate::declare::{Actuator, Bound, Effect, Head, Port, Role};
use crate::{component, inputs, outputs, parameters};
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Flow coefficient: flow of water of 1000 kg/m³ through the open valve at 1 bar.
        kv: VolumeFlow in "0.001 m3/h"..="100000 m3/h";
        /// Ratio of the largest to the smallest flow coefficient of an equal-percentage valve.
        rangeability: Ratio in "5"..="500" usual "25"..="100" default "50";
        /// Liquid held by the valve and its share of the pipes.
        water_content: Volume in "0.01 L"..="1000 m3" default "20 L";
        /// Opening while nobody moves it.
        opening_rest: Ratio in "0"..="1" default "1";
    }
    choices {
        /// How the flow coefficient follows the opening.
        characteristic: [Linear, EqualPercentage] default EqualPercentage;
    }
}

const PORTS: &[Port] =
    &[Port::liquid("water", "The liquid.").holds("water_content").shared_by("kv").head(Head::Throttles {
        actuator: "opening",
        kv: "kv",
        characteristic: "characteristic",
        rangeability: "rangeability",
    })];

const ACTUATORS: &[Actuator] = &[Actuator {
    name: "opening",
    doc: "Opening of the valve.",
    low: Bound::Value(0.0),
    high: Bound::Value(1.0),
    rest: Bound::Parameter("opening_rest"),
    travel: 10.0,
}];

inputs! {
    /// Mass flow.
    flow: Role::Flow("water");
    /// Density of the liquid.
    density: Role::Density("water");
}

outputs! {
    /// Volume flow as a share of the flow coefficient.
    load: Effect::Reading(Quantity::Ratio);
}

component!(ControlValve, "two-way control valve", "control_valve.rs" { ports: PORTS, actuators: ACTUATORS });

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    Outputs { load: i.flow / i.density / p.kv }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_load_is_the_flow_over_its_coefficient() {
        // 5 kg/s / 1000 kg/m³ over 36 m³/h = 10 L/s: 0.5
        let p = Parameters {
            kv: 0.01,
            rangeability: 50.0,
            water_content: 0.02,
            opening_rest: 1.0,
            characteristic: 1.0,
        };
        assert_eq!(evaluate(&p, &Inputs { flow: 5.0, density: 1000.0 }).load, 0.5);
    }
}
