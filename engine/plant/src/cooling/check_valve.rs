//! Check valve: lets liquid through one way only, behind each of several parallel pumps.
//!
//! # Equations
//! ```text
//! Δp = Δp_design·x|x|           forwards, x = V̇/V̇_design, linear below 1 % of the design flow
//! V̇  = −10⁻⁹·V̇_design per bar   backwards, closed
//! ```
//! Pressure and flow are solved with the whole circuit.
//!
//! # Assumptions
//! It opens and closes at once, without inertia, spring or water hammer. The circuit must be solved from pressures
//! (`resistances`).
//!
//! # Valid for
//! Flows up to 1.5 of the design flow.
//!
//! # Source
//! Turbulent loss and closed check valve: Rossman et al., *EPANET 2.2 User Manual* (2020), ch. 12 (recalled, to verify).
//! Leak and laminar zone: engineering knowledge, to verify.
//!
//! # Verified by
//! `hydraulics/tests.rs`: two pumps of which one stops; random networks in which no closed valve passes anything;
//! EPANET between two reservoirs in `isotherm validate`. Grade 3.

use crate::declare::{Bound, Effect, Head, Limit, Port, Role};
use crate::{component, inputs, outputs, parameters};
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Flow at which the loss is rated.
        flow_design: VolumeFlow in "0.01 L/s"..="100 m3/s";
        /// Pressure lost at the design flow.
        pressure_drop: Pressure in "1 Pa"..="500 kPa" usual "1 kPa"..="30 kPa" default "8 kPa";
        /// Liquid held by the valve and its share of the pipes.
        water_content: Volume in "0.01 L"..="1000 m3" default "20 L";
    }
}

const PORTS: &[Port] = &[Port::liquid("water", "The liquid.")
    .holds("water_content")
    .shared_by("flow_design")
    .head(Head::Checks { drop: "pressure_drop", flow: "flow_design" })];

inputs! {
    /// Mass flow.
    flow: Role::Flow("water");
    /// Density of the liquid.
    density: Role::Density("water");
}

outputs! {
    /// Flow as a share of the design flow.
    load: Effect::Reading(Quantity::Ratio);
}

const LIMITS: &[Limit] = &[Limit {
    of: "load",
    low: None,
    high: Some(Bound::Value(1.5)),
    text: "more than 1.5 of the design flow goes through the check valve",
}];

component!(CheckValve, "check valve", "check_valve.rs" { ports: PORTS, limits: LIMITS });

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    Outputs { load: i.flow / i.density / p.flow_design }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_load_is_the_share_of_the_design_flow() {
        // 15 kg/s / 1000 kg/m³ / 20 L/s = 0.75
        let p = Parameters { flow_design: 0.02, pressure_drop: 8e3, water_content: 0.02 };
        assert_eq!(evaluate(&p, &Inputs { flow: 15.0, density: 1000.0 }).load, 0.75);
    }
}
