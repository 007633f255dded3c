//! Heat into a liquid loop as it was metered, and the electricity it stands for.
//!
//! # Equations
//! ```text
//! Q = signal                     heat to the liquid
//! P = Q/f                        f: share of the electricity that reaches the liquid
//! ```
//! The power is *derived* from the heat, and so are all figures per unit of IT energy.
//!
//! # Assumptions
//! A fixed share of the electricity reaches the liquid at once, the rest the surroundings.
//!
//! # Valid for
//! Heat of 0 and more.
//!
//! # Source
//! `f` = 0.945 for Frontier: ExaDigiT/RAPS, `config/frontier.yaml` (cooling efficiency), commit 6c142bf.
//!
//! # Verified by
//! Hand calculation below.

use crate::declare::{Bound, Effect, Limit, Port, Role, Use};
use crate::{component, inputs, outputs, parameters};
use real::Real;

parameters! {
    given {
        /// Share of the electricity that reaches the liquid.
        heat_fraction: Ratio in "0.05"..="1" usual "0.6"..="1" default "0.945";
        /// Flow of the liquid; it weighs this load among parallel ones.
        liquid_flow_design: VolumeFlow in "0.001 L/min"..="100000 L/min" default "1000 L/min";
        /// Liquid held.
        liquid_content: Volume in "0.01 L"..="1000 m3" default "100 L";
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("electricity", "Feeds the load."),
    Port::liquid("liquid", "Takes the heat.").holds("liquid_content").shared_by("liquid_flow_design"),
];

inputs! {
    /// Heat to the liquid, as metered [W].
    heat: Role::Signal("heat");
}

outputs! {
    /// Power drawn, derived from the heat.
    power: Effect::Power("electricity");
    /// The same power in the account.
    it_power: Effect::Use(Use::It);
    /// Heat given to the liquid.
    heat_to_liquid: Effect::Heat("liquid");
    /// Heat given to the surroundings.
    heat_rejected: Effect::Rejected;
}

const LIMITS: &[Limit] = &[Limit {
    of: "heat",
    low: Some(Bound::Value(0.0)),
    high: None,
    text: "the metered heat is negative: the load would cool the liquid",
}];

component!(LiquidHeatTrace, "metered heat, from a trace", "liquid_heat_trace.rs" {
    ports: PORTS,
    limits: LIMITS,
});

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let power = i.heat / p.heat_fraction;
    Outputs { power, it_power: power, heat_to_liquid: i.heat, heat_rejected: power - i.heat }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_megawatt_metered_in_the_liquid_stands_for_1_058_megawatts_of_electricity() {
        // 1 MW/0.945 = 1.0582 MW, of which 58.2 kW stay outside of the liquid
        let p = Parameters { heat_fraction: 0.945, liquid_flow_design: 0.02, liquid_content: 0.1 };
        let o = evaluate(&p, &Inputs { heat: 1e6 });
        assert!((o.power - 1_058_201.06f64).abs() < 0.01);
        assert!((o.heat_rejected - 58_201.06f64).abs() < 0.01);
    }
}
