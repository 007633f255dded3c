//! Power distribution: a distribution unit with or without transformer, busway, cable or switch.
//!
//! # Equations
//! ```text
//! P_in = P_out + rating·(k0 + k1·x + k2·x²)      x = P_out/rating
//! ```
//! A conductor has only `k2` (its loss share grows with the load), a transformer `k0` and `k2`, meters
//! and static switches `k1`.
//!
//! # Assumptions
//! Constant voltage and power factor. The losses leave as heat at once.
//!
//! # Valid for
//! Loads of 0…1.
//!
//! # Source
//! The quadratic form: N. Rasmussen, "Electrical efficiency modeling for data centers", Schneider
//! Electric white paper 113, recalled, to verify. Coefficients: the records.
//!
//! # Verified by
//! Hand calculation below.

use crate::declare::{Bound, Effect, Limit, Port, Role, Use};
use crate::{component, inputs, outputs, parameters};
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Rated power.
        rating: Power in "0.1 kW"..="100 MW";
        /// Loss without load, as a share of the rating.
        loss_constant: Ratio in "0"..="0.1" usual "0"..="0.02" default "0";
        /// Loss in proportion to the load, at full load as a share of the rating.
        loss_linear: Ratio in "0"..="0.1" usual "0"..="0.02" default "0";
        /// Loss with the square of the load, at full load as a share of the rating.
        loss_square: Ratio in "0"..="0.1" usual "0"..="0.03" default "0";
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("input", "From the switchboard or UPS."),
    Port::electricity_out("output", "To the racks."),
    Port::heat_out("heat", "Losses given to the room."),
];

inputs! {
    /// Power drawn by the loads.
    demand: Role::Demand("output");
}

outputs! {
    /// Power drawn.
    power: Effect::Power("input");
    /// Loss in the account.
    loss: Effect::Use(Use::DistributionLoss);
    /// The loss as heat.
    heat: Effect::Heat("heat");
    /// Load as a share of the rating.
    load: Effect::Reading(Quantity::Ratio);
}

const LIMITS: &[Limit] =
    &[Limit { of: "load", low: None, high: Some(Bound::Value(1.0)), text: "overload: above the rating" }];

component!(Pdu, "power distribution unit", "pdu.rs" {
    ports: PORTS,
    limits: LIMITS,
});

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let load = i.demand / p.rating;
    let loss = ((load * p.loss_square + p.loss_linear) * load + p.loss_constant) * p.rating;
    Outputs { power: i.demand + loss, loss, heat: loss, load }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busway_at_half_load_loses_a_quarter_of_its_rated_loss() {
        // 0.6 % of 1 MW = 6 kW at full load; 6 kW · 0.5² = 1.5 kW
        let p = Parameters { rating: 1e6, loss_constant: 0.0, loss_linear: 0.0, loss_square: 0.006 };
        let o = evaluate(&p, &Inputs { demand: 500e3 });
        assert!((o.loss - 1500.0).abs() < 1e-9);
        assert_eq!(o.power, 500e3 + o.heat);
    }

    #[test]
    fn a_distribution_unit_with_transformer_is_98_8_percent_efficient_at_35_percent_load() {
        // 0.0025 + 0.0143 · 0.35² = 0.004252;  0.35/0.354252 = 98.80 %
        let p = Parameters { rating: 300e3, loss_constant: 0.0025, loss_linear: 0.0, loss_square: 0.0143 };
        let o = evaluate(&p, &Inputs { demand: 105e3 });
        assert!((105e3 / o.power - 0.988).abs() < 1e-5);
    }

    #[test]
    fn its_loss_has_a_constant_a_linear_and_a_square_part() {
        // half of 300 kW: 300 · (0.002 + 0.004/2 + 0.008/4) = 1.8 kW
        let p = Parameters { rating: 300e3, loss_constant: 0.002, loss_linear: 0.004, loss_square: 0.008 };
        let o = evaluate(&p, &Inputs { demand: 150e3 });
        assert!((o.loss - 1800.0).abs() < 1e-9 && o.load == 0.5);
    }
}
