//! Rectifier of a chassis: a converter of constant efficiency behind a constant loss.
//!
//! # Equations
//! ```text
//! P_in = (P_out + c)/η
//! Q    = share·(P_in − P_out)        to the coolant; the rest to the surroundings
//! ```
//! The constant loss lies on the output side: without load the converter draws `c/η`.
//!
//! # Assumptions
//! The efficiency does not depend on the load: equal units share it. The loss leaves at once.
//!
//! # Valid for
//! Outputs up to the rating.
//!
//! # Source
//! ExaDigiT/RAPS, `config/frontier.yaml`, commit 6c142bf.
//!
//! # Verified by
//! Hand calculation below; Frontier's closed form (losses of the whole system within 0.01 %) in
//! `tests/records.rs`.

use crate::declare::{Bound, Effect, Limit, Port, Role, Use};
use crate::{component, inputs, outputs, parameters};
use real::Real;

parameters! {
    given {
        /// Output less its constant loss, as a share of the input.
        efficiency: Ratio in "0.5"..="0.9999" usual "0.9"..="0.995" default "0.96";
        /// Constant loss on the output side.
        loss_constant: Power in "0 W"..="10 kW" default "17 W";
        /// Output above which it is overloaded.
        rating: Power in "1 W"..="1 MW" default "13670 W";
        /// Part of the loss that the coolant takes.
        liquid_share: Ratio in "0"..="1" usual "0.5"..="1" default "1";
        /// Flow of the coolant; it weighs this passage among parallel ones.
        coolant_flow_design: VolumeFlow in "0.001 L/min"..="1000 L/min" default "0.5 L/min";
        /// Coolant held.
        coolant_content: Volume in "0.001 L"..="100 L" default "0.05 L";
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("input", "From the utility side."),
    Port::electricity_out("output", "To the chassis' DC bus."),
    Port::liquid("coolant", "Takes the liquid share of the loss.")
        .holds("coolant_content")
        .shared_by("coolant_flow_design"),
];

inputs! {
    /// Power drawn on the output side.
    demand: Role::Demand("output");
}

outputs! {
    /// Power drawn.
    power: Effect::Power("input");
    /// Loss in the account.
    loss: Effect::Use(Use::PsuLoss);
    /// Heat given to the coolant.
    heat_to_coolant: Effect::Heat("coolant");
    /// Heat given to the surroundings.
    heat_rejected: Effect::Rejected;
}

const LIMITS: &[Limit] = &[Limit {
    of: "demand",
    low: None,
    high: Some(Bound::Parameter("rating")),
    text: "overload: above the rectifier's peak output",
}];

component!(Rectifier, "rectifier", "rectifier.rs" {
    ports: PORTS,
    limits: LIMITS,
});

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let power = (i.demand + p.loss_constant) / p.efficiency;
    let loss = power - i.demand;
    let heat_to_coolant = loss * p.liquid_share;
    Outputs { power, loss, heat_to_coolant, heat_rejected: loss - heat_to_coolant }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rectifier_of_an_idle_frontier_chassis_draws_2996_watts() {
        // (128 · 652.306 + 8000)/32 = 2859.22 W out;  (2859.22 + 17)/0.96 = 2996.07 W
        let p = Parameters {
            efficiency: 0.96,
            loss_constant: 17.0,
            rating: 13_670.0,
            liquid_share: 0.945,
            coolant_flow_design: 1e-6,
            coolant_content: 5e-5,
        };
        let o = evaluate(&p, &Inputs { demand: 2859.2245 });
        assert!((o.power - 2_996.067_188f64).abs() < 1e-3);
        assert!((o.heat_to_coolant - 0.945 * (2_996.067_188 - 2859.2245)).abs() < 1e-3);
        assert!((o.power - 2859.2245 - o.heat_to_coolant - o.heat_rejected).abs() < 1e-9);
    }
}
