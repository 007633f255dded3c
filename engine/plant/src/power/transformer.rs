//! Transformer: loss without load and loss with the square of the current.
//!
//! # Equations
//! ```text
//! P_in = P_out + P0 + Pk·x²      x = P_out/(cos φ·S_rated)
//! ```
//!
//! # Assumptions
//! The load loss is that of the data sheet's reference temperature at any temperature. The losses
//! leave as heat at once.
//!
//! # Valid for
//! Loads of 0…1.
//!
//! # Source
//! The two losses of a data sheet, as in EnergyPlus's `ElectricLoadCenter:Transformer` (NL + LL·x²). Values: the records.
//!
//! # Verified by
//! Hand calculation below.

use crate::declare::{Bound, Effect, Limit, Port, Role, Use};
use crate::{component, inputs, outputs, parameters};
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Rated apparent power (2500 kVA is written 2500 kW).
        rating: Power in "1 kW"..="1 GW";
        /// Loss without load.
        loss_no_load: Power in "0 W"..="10 MW";
        /// Additional loss at rated load.
        loss_load: Power in "0 W"..="10 MW";
        /// Power factor of the load.
        power_factor: Ratio in "0.5"..="1" usual "0.9"..="1" default "1";
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("input", "High-voltage side."),
    Port::electricity_out("output", "Low-voltage side."),
    Port::heat_out("heat", "Losses given to the transformer room."),
];

inputs! {
    /// Power drawn by the loads.
    demand: Role::Demand("output");
}

outputs! {
    /// Power drawn on the high-voltage side.
    power: Effect::Power("input");
    /// Loss in the account.
    loss: Effect::Use(Use::TransformerLoss);
    /// The loss as heat.
    heat: Effect::Heat("heat");
    /// Load as a share of the rated apparent power.
    load: Effect::Reading(Quantity::Ratio);
}

const LIMITS: &[Limit] = &[Limit {
    of: "load",
    low: None,
    high: Some(Bound::Value(1.0)),
    text: "overload: above the rated apparent power",
}];

component!(Transformer, "transformer", "transformer.rs" {
    ports: PORTS,
    limits: LIMITS,
});

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let load = i.demand / (p.rating * p.power_factor);
    let loss = load.squared() * p.loss_load + p.loss_no_load;
    Outputs { power: i.demand + loss, loss, heat: loss, load }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dry_type(power_factor: f64) -> Parameters<f64> {
        Parameters { rating: 2500e3, loss_no_load: 2790.0, loss_load: 19e3, power_factor }
    }

    #[test]
    fn a_dry_type_transformer_is_99_40_percent_efficient_at_half_and_99_14_at_full_load() {
        // 2790 + 19000/4 = 7540 W: 1250/1257.54 = 99.400 %;  2790 + 19000 = 21790 W: 99.136 %
        for (load, efficiency) in [(0.5, 0.994_004), (1.0, 0.991_359)] {
            let o = evaluate(&dry_type(1.0), &Inputs { demand: load * 2500e3 });
            assert!((load * 2500e3 / o.power - efficiency).abs() < 1e-6);
        }
    }

    #[test]
    fn a_poor_power_factor_loads_it_more() {
        // 2000 kW at cos φ = 0.8 is all of 2500 kVA
        let o = evaluate(&dry_type(0.8), &Inputs { demand: 2000e3 });
        assert!((o.load - 1.0).abs() < 1e-12 && (o.loss - 21_790.0).abs() < 1e-6);
    }
}
