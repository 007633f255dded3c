//! Power supplies of a rack: single units or shelves that share the load.
//!
//! # Equations
//! ```text
//! P_in = P_out/η(x)      x = P_out/rating
//! rating·(k0 + k1·x + k2·x² + k3·x³) = P_out·(1/η − 1)
//! ```
//! The four coefficients are those that meet the certified efficiencies at 10, 20, 50 and 100 % load;
//! in between the loss is smooth, and without load it is `k0`.
//!
//! # Assumptions
//! Equal units share the load equally. The loss leaves at once: its `liquid_share` to the coolant, the
//! rest to the air.
//!
//! # Valid for
//! Loads of 0…1; below 10 % the efficiency is extrapolated.
//!
//! # Source
//! Efficiency = output/input at the four loads of an 80 PLUS certificate (generalized test protocol for
//! internal power supplies; recalled, to verify). Values: the records.
//!
//! # Verified by
//! Hand calculation below (the certified points of 80 PLUS Titanium).

use crate::declare::{Bound, Effect, Limit, Port, Role, Use};
use crate::kernel::Surroundings;
use crate::{component, inputs, outputs, parameters};
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Rated output of one unit.
        rating: Power in "1 W"..="1 MW";
        /// Efficiency at 10 % load.
        efficiency_10: Ratio in "0.2"..="0.999" usual "0.8"..="0.98";
        /// Efficiency at 20 % load.
        efficiency_20: Ratio in "0.3"..="0.999" usual "0.85"..="0.985";
        /// Efficiency at 50 % load.
        efficiency_50: Ratio in "0.4"..="0.999" usual "0.88"..="0.985";
        /// Efficiency at full load.
        efficiency_100: Ratio in "0.4"..="0.999" usual "0.86"..="0.985";
        /// Part of the loss that the coolant takes.
        liquid_share: Ratio in "0"..="1" default "0";
        /// Flow of the coolant; it weighs this passage among parallel ones.
        coolant_flow_design: VolumeFlow in "0.001 L/min"..="1000 L/min" default "1 L/min";
        /// Coolant held.
        coolant_content: Volume in "0.001 L"..="100 L" default "0.1 L";
        /// Air flow; it weighs this passage among parallel ones.
        air_flow_design: VolumeFlow in "0.00001 m3/s"..="100 m3/s" default "0.02 m3/s";
        /// Air held.
        air_content: Volume in "0.01 L"..="10 m3" default "10 L";
    }
    derived {
        /// Loss without load, as a share of the rating.
        loss_constant: Ratio;
        /// Coefficient of the load.
        loss_linear: Ratio;
        /// Coefficient of its square.
        loss_square: Ratio;
        /// Coefficient of its cube.
        loss_cube: Ratio;
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("input", "From the busway or PDU."),
    Port::electricity_out("output", "To the boards."),
    Port::liquid("coolant", "Takes the liquid share of the loss.")
        .holds("coolant_content")
        .shared_by("coolant_flow_design")
        .optional(),
    Port::air("air", "Takes the rest of the loss.")
        .holds("air_content")
        .shared_by("air_flow_design")
        .optional(),
];

inputs! {
    /// Power drawn by the boards.
    demand: Role::Demand("output");
}

outputs! {
    /// Power drawn.
    power: Effect::Power("input");
    /// Loss in the account.
    loss: Effect::Use(Use::PsuLoss);
    /// Heat given to the coolant.
    heat_to_coolant: Effect::Heat("coolant");
    /// Heat given to the air.
    heat_to_air: Effect::Heat("air");
    /// Load as a share of the rating.
    load: Effect::Reading(Quantity::Ratio);
}

const LIMITS: &[Limit] = &[Limit {
    of: "load",
    low: None,
    high: Some(Bound::Value(1.0)),
    text: "overload: above the rated output",
}];

component!(PowerShelf, "power shelf", "power_shelf.rs" {
    ports: PORTS,
    limits: LIMITS,
    size: size,
});

/// Loads at which efficiencies are certified.
const LOADS: [f64; 4] = [0.1, 0.2, 0.5, 1.0];

/// Coefficients by Newton's divided differences, expanded.
fn size(p: &mut Parameters<f64>, _: &Surroundings) -> Result<(), String> {
    let efficiencies = [p.efficiency_10, p.efficiency_20, p.efficiency_50, p.efficiency_100];
    let mut difference: [f64; 4] = std::array::from_fn(|k| LOADS[k] * (1.0 / efficiencies[k] - 1.0));
    for order in 1..4 {
        for k in (order..4).rev() {
            difference[k] = (difference[k] - difference[k - 1]) / (LOADS[k] - LOADS[k - order]);
        }
    }
    // d0 + (x − x0)(d1 + (x − x1)(d2 + (x − x2) d3)) from the inside out
    let mut loss = [0.0; 4];
    for k in (0..4).rev() {
        for power in (1..4).rev() {
            loss[power] = loss[power - 1] - LOADS[k] * loss[power];
        }
        loss[0] = difference[k] - LOADS[k] * loss[0];
    }
    [p.loss_constant, p.loss_linear, p.loss_square, p.loss_cube] = loss;
    let at = |x: f64| ((loss[3] * x + loss[2]) * x + loss[1]) * x + loss[0];
    if let Some(k) = (0..=100).find(|&k| at(f64::from(k) / 100.0) < 0.0) {
        return Err(format!(
            "the efficiencies contradict each other: a smooth loss through efficiency_10 … efficiency_100 is \
             negative at {k} % load; raise the efficiency at high load or lower it at low load"
        ));
    }
    Ok(())
}

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let load = i.demand / p.rating;
    let relative = ((load * p.loss_cube + p.loss_square) * load + p.loss_linear) * load + p.loss_constant;
    let loss = relative * p.rating;
    let heat_to_coolant = loss * p.liquid_share;
    Outputs { power: i.demand + loss, loss, heat_to_coolant, heat_to_air: loss - heat_to_coolant, load }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(efficiencies: [f64; 4]) -> Result<Parameters<f64>, String> {
        let [efficiency_10, efficiency_20, efficiency_50, efficiency_100] = efficiencies;
        let mut p = Parameters {
            rating: 3000.0,
            efficiency_10,
            efficiency_20,
            efficiency_50,
            efficiency_100,
            liquid_share: 0.25,
            coolant_flow_design: 1e-5,
            coolant_content: 1e-4,
            air_flow_design: 0.02,
            air_content: 0.01,
            loss_constant: 0.0,
            loss_linear: 0.0,
            loss_square: 0.0,
            loss_cube: 0.0,
        };
        size(&mut p, &Surroundings { pressure: 101_325.0 })?;
        Ok(p)
    }

    #[test]
    fn a_titanium_supply_meets_its_four_certified_efficiencies() {
        // 80 PLUS Titanium, 230 V internal redundant: 90/94/96/91 %
        let p = with([0.90, 0.94, 0.96, 0.91]).unwrap();
        for (load, efficiency) in [(0.1, 0.90), (0.2, 0.94), (0.5, 0.96), (1.0, 0.91)] {
            let demand = load * 3000.0;
            let o = evaluate(&p, &Inputs { demand });
            assert!((demand / o.power - efficiency).abs() < 1e-12, "{load}");
        }
    }

    #[test]
    fn a_titanium_supply_without_load_draws_0_85_percent_of_its_rating() {
        // loss/rating 0.011111, 0.012766, 0.020833, 0.098901 at x = 0.1, 0.2, 0.5, 1: divided differences
        // 0.0165485, 0.0258571, 0.1507757; at 0: 0.011111 − 0.00165485 + 0.00051714 − 0.00150776 = 0.0084656
        let p = with([0.90, 0.94, 0.96, 0.91]).unwrap();
        assert!((p.loss_constant - 0.008_465_6).abs() < 1e-6, "{}", p.loss_constant);
    }

    #[test]
    fn a_quadratic_loss_comes_back_as_it_is() {
        // loss = 0.006 + 0.006 x + 0.016 x²
        let loss = |x: f64| 0.006 + 0.006 * x + 0.016 * x * x;
        let p = with(LOADS.map(|x| x / (x + loss(x)))).unwrap();
        assert!((p.loss_constant - 0.006).abs() < 1e-12 && (p.loss_linear - 0.006).abs() < 1e-12);
        assert!((p.loss_square - 0.016).abs() < 1e-12 && p.loss_cube.abs() < 1e-12);
    }

    #[test]
    fn the_loss_goes_to_coolant_and_air() {
        let o = evaluate(&with([0.90, 0.94, 0.96, 0.91]).unwrap(), &Inputs { demand: 1500.0 });
        // 1500 (1/0.96 − 1) = 62.5 W, a quarter to the coolant
        assert!((o.heat_to_coolant - 15.625).abs() < 1e-9 && (o.heat_to_air - 46.875).abs() < 1e-9);
        assert!((o.power - 1562.5).abs() < 1e-9);
    }

    #[test]
    fn efficiencies_that_need_a_negative_loss_are_refused() {
        let message = with([0.99, 0.90, 0.99, 0.80]).unwrap_err();
        assert!(message.contains("contradict"), "{message}");
    }
}
