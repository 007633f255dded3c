//! Uninterruptible power supply: parallel modules that share the load.
//!
//! # Equations
//! ```text
//! P_in   = P_out + loss
//! loss   = S·(k0 + k1·x + k2·x² + b)      x = P_out/S
//! S      = rating·(1 | (m + 1)/m | 2)     installed: N | N + 1 | 2N of m modules
//! ```
//!
//! # Assumptions
//! All installed modules run and share the load equally. While its input is live the battery only takes its float
//! current `b`; when the input fails it gives `P_in` until `rating·ride_through` is spent, and is charged again
//! afterwards (`network/gates.rs`). The losses leave as heat at once. Five minutes of ride-through: engineering
//! knowledge, to verify.
//!
//! # Valid for
//! Loads of 0…1 of what is installed.
//!
//! # Source
//! The quadratic form: N. Rasmussen, "Electrical efficiency modeling for data centers", Schneider
//! Electric white paper 113 (no-load, proportional and square-law loss; recalled, to verify). Coefficients:
//! the records.
//!
//! # Verified by
//! Hand calculation below.

use crate::declare::{Bound, Effect, Limit, Port, Role, Use};
use crate::kernel::Surroundings;
use crate::{component, inputs, outputs, parameters};
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Power that the modules needed for the load carry together, without the redundant ones.
        rating: Power in "0.1 kW"..="100 MW";
        /// Loss without load, as a share of the rating.
        loss_constant: Ratio in "0"..="0.2" usual "0.001"..="0.05";
        /// Loss in proportion to the load, at full load as a share of the rating.
        loss_linear: Ratio in "0"..="0.2" usual "0"..="0.06";
        /// Loss with the square of the load, at full load as a share of the rating.
        loss_square: Ratio in "0"..="0.2" usual "0"..="0.06";
        /// Float charging of the battery, as a share of the rating.
        battery_float: Ratio in "0"..="0.05" usual "0"..="0.01" default "0";
        /// How long the battery carries the rating when the input fails; 0 where there is none.
        ride_through: Duration in "0 s"..="24 h" usual "1 min"..="30 min" default "5 min";
    }
    counts {
        /// Modules that the rating is divided into.
        modules in 1..=100 default 1;
    }
    choices {
        /// What is installed: as many modules as the rating needs, one more, or twice as many.
        redundancy: [N, NPlus1, TwoN] default N;
    }
    derived {
        /// Rating of all installed modules.
        rating_installed: Power;
        /// Load at which no redundancy is left.
        load_redundant: Ratio;
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("input", "From the switchboard."),
    Port::electricity_out("output", "The protected supply."),
    Port::heat_out("heat", "Losses given to the electrical room."),
];

inputs! {
    /// Power drawn by the loads.
    demand: Role::Demand("output");
}

outputs! {
    /// Power drawn from the switchboard.
    power: Effect::Power("input");
    /// Loss in the account.
    loss: Effect::Use(Use::UpsLoss);
    /// The loss as heat.
    heat: Effect::Heat("heat");
    /// Load of the installed modules.
    load: Effect::Reading(Quantity::Ratio);
}

const LIMITS: &[Limit] = &[
    Limit {
        of: "load",
        low: None,
        high: Some(Bound::Parameter("load_redundant")),
        text: "load above the rating: the redundant modules are needed to carry it",
    },
    Limit { of: "load", low: None, high: Some(Bound::Value(1.0)), text: "overload of all installed modules" },
];

component!(Ups, "uninterruptible power supply", "ups.rs" {
    ports: PORTS,
    limits: LIMITS,
    size: size,
});

/// A load that is never reached.
const NO_REDUNDANCY: f64 = 1e6;

/// Installed rating from the redundancy.
fn size(p: &mut Parameters<f64>, _: &Surroundings) -> Result<(), String> {
    let installed = match p.redundancy as usize {
        0 => p.modules,
        1 => p.modules + 1.0,
        _ => 2.0 * p.modules,
    };
    let needed = p.modules / installed;
    p.rating_installed = p.rating / needed;
    // Without redundant modules there is nothing to lose but the machine itself: overload says that.
    p.load_redundant = if p.redundancy == 0.0 { NO_REDUNDANCY } else { needed };
    Ok(())
}

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let load = i.demand / p.rating_installed;
    let relative = (load * p.loss_square + p.loss_linear) * load + (p.loss_constant + p.battery_float);
    let loss = relative * p.rating_installed;
    Outputs { power: i.demand + loss, loss, heat: loss, load }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn double_conversion(redundancy: f64) -> Parameters<f64> {
        let mut p = Parameters {
            rating: 1500e3,
            loss_constant: 0.008,
            loss_linear: 0.012,
            loss_square: 0.020,
            battery_float: 0.0,
            ride_through: 300.0,
            modules: 5.0,
            redundancy,
            rating_installed: 0.0,
            load_redundant: 0.0,
        };
        size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap();
        p
    }

    #[test]
    fn a_double_conversion_ups_reaches_its_efficiency_at_every_load_of_the_data() {
        // loss/rating = 0.008 + 0.012 x + 0.020 x²; at half load 0.019, 0.5/0.519 = 96.34 %
        let p = double_conversion(0.0);
        for (load, efficiency) in [(0.1, 0.915), (0.25, 0.953), (0.5, 0.964), (0.75, 0.964), (1.0, 0.961)] {
            let o = evaluate(&p, &Inputs { demand: load * 1500e3 });
            // the coefficients meet the rounded column within 0.3 points
            assert!((load * 1500e3 / o.power - efficiency).abs() < 0.003, "{load}");
            assert_eq!(o.power, load * 1500e3 + o.heat);
        }
    }

    #[test]
    fn without_load_it_still_draws_its_constant_loss() {
        // 0.8 % of 1500 kW = 12 kW
        assert!((evaluate(&double_conversion(0.0), &Inputs { demand: 0.0 }).power - 12e3).abs() < 1e-9);
    }

    #[test]
    fn redundancy_installs_more_and_lowers_the_load() {
        // 750 kW on 1500 kW of 5 modules: x = 0.5;  6 modules: 0.4167;  10 modules: 0.25
        for (redundancy, load) in [(0.0, 0.5), (1.0, 0.5 * 5.0 / 6.0), (2.0, 0.25)] {
            let o = evaluate(&double_conversion(redundancy), &Inputs { demand: 750e3 });
            assert!((o.load - load).abs() < 1e-12);
        }
    }

    #[test]
    fn a_doubled_supply_pays_two_constant_losses() {
        // 3 MW installed at x = 0.25: 3e6 (0.008 + 0.003 + 0.00125) = 36.75 kW against 28.5 kW
        let single = evaluate(&double_conversion(0.0), &Inputs { demand: 750e3 }).loss;
        let double = evaluate(&double_conversion(2.0), &Inputs { demand: 750e3 }).loss;
        assert!((single - 28.5e3).abs() < 1e-6 && (double - 36.75e3).abs() < 1e-6);
    }
}
