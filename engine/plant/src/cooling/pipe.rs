//! Pipe: holds liquid, delays it, loses heat to the surroundings.
//!
//! # Equations
//! The pipe is cut into `cells` well-mixed volumes in series. A step at the inlet arrives as the Erlang-N
//! distribution with mean delay `V·ρ/ṁ`: more cells, sharper front. Each cell loses
//! `Q = ε·ṁ·cp·(T_in − T_surroundings)` with `ε = 1 − e^(−UA/(ṁ·cp))`.
//!
//! # Assumptions
//! The surroundings have the outdoor dry bulb. Friction is in the pump's head.
//!
//! # Valid for
//! Any flow from zero up.
//!
//! # Source
//! Tanks in series: Levenspiel, *Chemical Reaction Engineering*, 3rd ed., eq. 14.3.
//!
//! # Verified by
//! Tests below; delay and Erlang front in `tests/network.rs` and `isotherm validate`; a measured front in steel pipe
//! there. Steel that holds heat is counted as content: `(V·ρ + C_steel/c_p)/ρ`. Grade 3.

use crate::cooling::exchange;
use crate::declare::{Effect, Outdoor, Port, Role, Series};
use crate::{component, inputs, outputs, parameters};
use real::Real;

parameters! {
    given {
        /// Liquid held.
        water_content: Volume in "0.1 L"..="10000 m3";
        /// Conductance of wall and insulation to the surroundings, over the whole length.
        loss_conductance: Conductance in "0 W/K"..="100 kW/K" default "0 W/K";
        /// Relative share of the flow where pipes are parallel.
        flow_design: VolumeFlow in "0.01 L/s"..="100 m3/s" default "10 L/s";
    }
    counts {
        /// Cells in series.
        cells in 1..=64 default 8;
    }
}

const PORTS: &[Port] =
    &[Port::liquid("water", "The liquid.").holds("water_content").shared_by("flow_design")];

const SERIES: Series = Series { count: "cells", divided: &["water_content", "loss_conductance"] };

inputs! {
    /// Temperature of the entering liquid.
    water_in: Role::Temperature("water");
    /// Mass flow.
    water_flow: Role::Flow("water");
    /// Specific heat.
    specific_heat: Role::SpecificHeat("water");
    /// Temperature of the surroundings.
    dry_bulb: Role::Outdoor(Outdoor::DryBulb);
}

outputs! {
    /// Heat given to the liquid (negative where it loses).
    heat_to_water: Effect::Heat("water");
    /// Heat lost to the surroundings.
    heat_lost: Effect::Rejected;
}

component!(Pipe, "pipe", "pipe.rs" { ports: PORTS, series: Some(SERIES) });

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let conductance = R::constant(p.loss_conductance);
    let lost =
        exchange::against_body(conductance, i.water_flow * i.specific_heat) * (i.water_in - i.dry_bulb);
    Outputs { heat_to_water: -lost, heat_lost: lost }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_bare_pipe_cools_its_water_towards_the_air() {
        // UA = ṁ·cp = 4180 W/K: ε = 1 − 1/e = 0.63212; 40 K above the air: 105 691 W
        let p = Parameters { water_content: 0.1, loss_conductance: 4180.0, flow_design: 0.01, cells: 1.0 };
        let i = Inputs { water_in: 333.15, water_flow: 1.0, specific_heat: 4180.0, dry_bulb: 293.15 };
        let o = evaluate(&p, &i);
        assert!((o.heat_lost - 4180.0 * 40.0 * (1.0 - (-1.0f64).exp())).abs() < 1e-6);
        assert_eq!(o.heat_to_water, -o.heat_lost);
    }

    #[test]
    fn an_insulated_pipe_loses_nothing() {
        let p = Parameters { water_content: 0.1, loss_conductance: 0.0, flow_design: 0.01, cells: 1.0 };
        let i = Inputs { water_in: 333.15, water_flow: 1.0, specific_heat: 4180.0, dry_bulb: 293.15 };
        assert_eq!(evaluate(&p, &i).heat_lost, 0.0);
    }
}
