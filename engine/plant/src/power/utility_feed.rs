//! Utility feed: the connection to the grid, with its contract, its feeders and what they lose.
//!
//! # Equations
//! ```text
//! P_in = P_out + n·S·(k0 + k2·x²)      x = P_out/(n·S)      n feeders of rating S share the load
//! ```
//!
//! # Use
//! Between `grid` and the site. Left out, the grid is ideal: no loss, no contract.
//! ```ron
//! "utility": UtilityFeed(based_on: "utility_10kv_10mw", contracted_power: "8 MW"),
//! // connections
//! "grid -> utility -> [ups, chiller, pump]",
//! ```
//!
//! # Assumptions
//! All feeders are closed and share the load equally. Constant voltage and power factor. The losses of cables,
//! switchgear and protection leave as heat at once.
//!
//! # Valid for
//! Loads of 0…1 of all feeders. Power above the contract, above what is left with the redundant feeders
//! open, and power that flows back are reported, not prevented.
//!
//! # Source
//! The square law of a conductor. 0.1…0.5 % at rated load for medium-voltage cable and switchgear: engineering
//! knowledge, to verify.
//!
//! # Verified by
//! Hand calculation below; identities in `engine/plant/tests/supply_identities.rs`.

use crate::declare::{Bound, Effect, Limit, Port, Role, Use};
use crate::kernel::Surroundings;
use crate::{component, inputs, outputs, parameters};
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Highest power that the contract with the utility allows.
        contracted_power: Power in "1 kW"..="100 GW";
        /// Rated power of one feeder.
        rating: Power in "1 kW"..="100 GW";
        /// Loss without load, as a share of the rating.
        loss_constant: Ratio in "0"..="0.05" usual "0"..="0.002" default "0";
        /// Loss with the square of the load, at full load as a share of the rating.
        loss_square: Ratio in "0"..="0.1" usual "0"..="0.01" default "0.2 %";
    }
    counts {
        /// Feeders that are installed and closed.
        feeds in 1..=20 default 2;
        /// Feeders that have to carry the site when the others are lost.
        feeds_needed in 1..=20 default 1;
    }
    derived {
        /// Rating of all feeders.
        rating_installed: Power;
        /// Load at which no redundancy is left.
        load_redundant: Ratio;
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("input", "From the grid."),
    Port::electricity_out("output", "To the site."),
    Port::heat_out("heat", "Losses given to the switch room."),
];

inputs! {
    /// Power drawn by the site.
    demand: Role::Demand("output");
}

outputs! {
    /// Power drawn from the grid.
    power: Effect::Power("input");
    /// Loss in the account.
    loss: Effect::Use(Use::DistributionLoss);
    /// The loss as heat.
    heat: Effect::Heat("heat");
    /// Load as a share of all feeders.
    load: Effect::Reading(Quantity::Ratio);
    /// Power as a share of the contract.
    contract_load: Effect::Reading(Quantity::Ratio);
}

const LIMITS: &[Limit] = &[
    Limit {
        of: "contract_load",
        low: None,
        high: Some(Bound::Value(1.0)),
        text: "power above the contract with the utility",
    },
    Limit {
        of: "load",
        low: None,
        high: Some(Bound::Parameter("load_redundant")),
        text: "the redundant feeders are needed to carry the load",
    },
    Limit { of: "load", low: None, high: Some(Bound::Value(1.0)), text: "overload of all feeders" },
    Limit { of: "demand", low: Some(Bound::Value(0.0)), high: None, text: "power flows back into the grid" },
];

component!(UtilityFeed, "utility feed", "utility_feed.rs" { ports: PORTS, limits: LIMITS, size: size });

/// Installed rating from the number of feeders.
fn size(p: &mut Parameters<f64>, _: &Surroundings) -> Result<(), String> {
    if p.feeds_needed > p.feeds {
        return Err(format!("feeds_needed {} is more than feeds {}", p.feeds_needed, p.feeds));
    }
    p.rating_installed = p.feeds * p.rating;
    p.load_redundant = p.feeds_needed / p.feeds;
    Ok(())
}

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let load = i.demand / p.rating_installed;
    let loss = (load.squared() * p.loss_square + p.loss_constant) * p.rating_installed;
    let power = i.demand + loss;
    Outputs { power, loss, heat: loss, load, contract_load: power / p.contracted_power }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(feeds: f64) -> Parameters<f64> {
        let mut p = Parameters {
            contracted_power: 8e6,
            rating: 10e6,
            loss_constant: 0.0005,
            loss_square: 0.004,
            feeds,
            feeds_needed: 1.0,
            rating_installed: 0.0,
            load_redundant: 0.0,
        };
        size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap();
        p
    }

    #[test]
    fn two_feeders_at_a_quarter_of_their_rating_lose_little() {
        // x = 5/20 = 0.25: 20 MW · (0.0005 + 0.004/16) = 15 kW
        let o = evaluate(&feed(2.0), &Inputs { demand: 5e6 });
        assert!((o.loss - 15e3).abs() < 1e-6 && o.power == 5e6 + o.heat);
        assert_eq!(o.load, 0.25);
    }

    #[test]
    fn the_same_load_on_one_feeder_loses_more_in_the_cable() {
        // x = 0.5: 10 MW · (0.0005 + 0.004/4) = 15 kW; the square part alone is 10 instead of 5 kW
        let o = evaluate(&Parameters { loss_constant: 0.0, ..feed(1.0) }, &Inputs { demand: 5e6 });
        assert!((o.loss - 10e3).abs() < 1e-6);
    }

    #[test]
    fn the_contract_counts_what_the_grid_delivers() {
        // 7.99 MW + 20 MW · (0.0005 + 0.004 · 0.3995²) = 7.99 + 0.02277 MW: 100.16 % of 8 MW
        let o = evaluate(&feed(2.0), &Inputs { demand: 7.99e6 });
        assert!((o.contract_load - 1.001_596).abs() < 1e-6, "{}", o.contract_load);
    }

    #[test]
    fn more_feeders_needed_than_built_are_refused() {
        let mut p = Parameters { feeds_needed: 3.0, ..feed(2.0) };
        let message = size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap_err();
        assert!(message.contains("feeds_needed 3 is more than feeds 2"), "{message}");
    }
}
