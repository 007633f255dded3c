//! Water-side economizer: tower water cools chilled water through plates while it is cold enough.
//!
//! # Equations
//! ```text
//! Q       = ε·Cmin·(T_chilled,in − T_tower,in)⁺            counterflow
//! ṁ_tower = opening·ṁ_tower,design                          control valve on the tower side
//! 1/UA    = (x_t^−0.7 + x_c^−0.7)/(2·UA_design)             x = V̇/V̇_design of each side
//! ```
//!
//! # Use
//! *Integrated* (in series, upstream of the chiller, which then cools what is left):
//! `pump -> economizer.chilled_water -> chiller.chilled_water -> crah.coil -> pump` and, on the tower side, in
//! parallel with the condenser: `tower -> [economizer.tower_water, chiller.condenser] -> tower`.
//! The valve holds the chilled water leaving the economizer at its set-point, so that cold nights do not
//! undercool it; with the chiller's set-point the same or a little above, chiller, both and economizer alone follow
//! each other without a mode. *Parallel* (either the one or the other) is the same exchanger beside the chiller.
//!
//! A kind of its own rather than a [`PlateExchanger`](super::plate_exchanger), because of the valve and of what it does
//! when the tower is too warm.
//!
//! # Assumptions
//! Where tower water is warmer than the returning chilled water, chilled water bypasses the plates, so nothing
//! is warmed; the valve stays where its controller has it. Both films resist equally at design.
//!
//! # Valid for
//! Up to 130 % of the design flow on either side; a note says for how long it is more. Small flows as in
//! `plate_exchanger`.
//!
//! # Source
//! ε: Incropera et al., *Fundamentals of Heat and Mass Transfer*, 6th ed., eq. 11.29a. Arrangement: EnergyPlus Engineering
//! Reference, "Plant Heat Exchangers", cooling set-point modulated. Film exponent as in `plate_exchanger`.
//!
//! # Verified by
//! Hand calculation below; effectiveness against `tests/validation/oracle/effectiveness_ntu.csv` in
//! `isotherm validate`.

use crate::cooling::{exchange, plate_exchanger};
use crate::declare::{Action, Actuator, Bound, Effect, Flow, Limit, Port, Regulator, Role};
use crate::{component, inputs, outputs, parameters};
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Conductance at the design flows.
        conductance: Conductance in "1 W/K"..="1000 MW/K";
        /// Tower water with the valve open.
        tower_water_flow_design: VolumeFlow in "0.1 L/min"..="100 m3/s";
        /// Chilled water at which the conductance holds.
        chilled_water_flow_design: VolumeFlow in "0.1 L/min"..="100 m3/s";
        /// Chilled water leaving that the valve holds.
        supply_setpoint: Temperature in "2 °C"..="40 °C" usual "7 °C"..="27 °C" default "18 °C";
        /// Lowest opening of the valve.
        opening_min: Ratio in "0"..="1" default "0.02";
        /// Water held on the tower side.
        tower_water_content: Volume in "0.1 L"..="1000 m3";
        /// Water held on the chilled side.
        chilled_water_content: Volume in "0.1 L"..="1000 m3";
    }
}

const PORTS: &[Port] = &[
    Port::liquid("tower_water", "The cold side, behind the control valve.")
        .flow(Flow::Sets { actuator: "opening", design: "tower_water_flow_design" })
        .holds("tower_water_content"),
    Port::liquid("chilled_water", "The water to be cooled.")
        .holds("chilled_water_content")
        .shared_by("chilled_water_flow_design"),
];

const ACTUATORS: &[Actuator] = &[Actuator {
    name: "opening",
    doc: "Opening of the valve on the tower side.",
    low: Bound::Parameter("opening_min"),
    high: Bound::Value(1.0),
    rest: Bound::Value(1.0),
    travel: 20.0,
}];

const REGULATORS: &[Regulator] = &[Regulator {
    actuator: "opening",
    sensor: "chilled_water_out",
    setpoint: "supply_setpoint",
    action: Action::Lowers,
    band: 10.0,
    integral_time: 120.0,
    period: 5.0,
}];

inputs! {
    /// Temperature of the entering tower water.
    tower_water_in: Role::Temperature("tower_water");
    /// Its flow.
    tower_water_flow: Role::Flow("tower_water");
    /// Its specific heat.
    tower_water_heat: Role::SpecificHeat("tower_water");
    /// Its density.
    tower_water_density: Role::Density("tower_water");
    /// Temperature of the entering chilled water.
    chilled_water_in: Role::Temperature("chilled_water");
    /// Its flow.
    chilled_water_flow: Role::Flow("chilled_water");
    /// Its specific heat.
    chilled_water_heat: Role::SpecificHeat("chilled_water");
    /// Its density.
    chilled_water_density: Role::Density("chilled_water");
}

outputs! {
    /// Heat given to the tower water.
    heat_to_tower_water: Effect::Heat("tower_water");
    /// Heat given to the chilled water (never positive).
    heat_to_chilled_water: Effect::Heat("chilled_water");
    /// Heat removed without a compressor.
    heat_free: Effect::Reading(Quantity::Power);
    /// Tower water as a share of its design flow.
    tower_water_load: Effect::Reading(Quantity::Ratio);
    /// Chilled water as a share of its design flow.
    chilled_water_load: Effect::Reading(Quantity::Ratio);
}

const LIMITS: &[Limit] = &[
    Limit {
        of: "tower_water_load",
        low: None,
        high: Some(Bound::Value(1.3)),
        text: "tower water above 130 % of design: the film exponent is not known there",
    },
    Limit {
        of: "chilled_water_load",
        low: None,
        high: Some(Bound::Value(1.3)),
        text: "chilled water above 130 % of design: the film exponent is not known there",
    },
];

component!(WaterSideEconomizer, "water-side economizer", "water_side_economizer.rs" {
    ports: PORTS, actuators: ACTUATORS, regulators: REGULATORS, limits: LIMITS,
});

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let tower_water_load = i.tower_water_flow / i.tower_water_density / p.tower_water_flow_design;
    let chilled_water_load = i.chilled_water_flow / i.chilled_water_density / p.chilled_water_flow_design;
    let share = plate_exchanger::conductance_share(tower_water_load, chilled_water_load, R::number(0.5));
    let rate = exchange::counterflow(
        share * p.conductance,
        i.tower_water_flow * i.tower_water_heat,
        i.chilled_water_flow * i.chilled_water_heat,
    );
    let heat = rate * (i.chilled_water_in - i.tower_water_in).positive();
    Outputs {
        heat_to_tower_water: heat,
        heat_to_chilled_water: -heat,
        heat_free: heat,
        tower_water_load,
        chilled_water_load,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn economizer() -> Parameters<f64> {
        Parameters {
            conductance: 600e3,
            tower_water_flow_design: 0.05,
            chilled_water_flow_design: 0.05,
            supply_setpoint: 291.15,
            opening_min: 0.02,
            tower_water_content: 0.1,
            chilled_water_content: 0.1,
        }
    }

    fn with(tower_water_in: f64, opening: f64) -> Inputs<f64> {
        Inputs {
            tower_water_in,
            tower_water_flow: 50.0 * opening,
            tower_water_heat: 4000.0,
            tower_water_density: 1000.0,
            chilled_water_in: 297.15,
            chilled_water_flow: 50.0,
            chilled_water_heat: 4000.0,
            chilled_water_density: 1000.0,
        }
    }

    #[test]
    fn with_three_transfer_units_three_quarters_of_the_difference_are_free() {
        // NTU = 600/200 = 3, equal streams: ε = 3/4;  200 kW/K · 8 K · 3/4 = 1.2 MW
        let o = evaluate(&economizer(), &with(289.15, 1.0));
        assert!((o.heat_free - 1.2e6).abs() < 1e-3);
        assert_eq!(o.heat_to_tower_water, -o.heat_to_chilled_water);
    }

    #[test]
    fn a_warm_tower_warms_nothing() {
        let o = evaluate(&economizer(), &with(301.15, 1.0));
        assert_eq!([o.heat_to_tower_water, o.heat_free], [0.0; 2]);
    }

    #[test]
    fn closing_the_valve_takes_heat_away_steadily() {
        let heat = |opening| evaluate(&economizer(), &with(285.15, opening)).heat_free;
        let steps: Vec<f64> = (1..=50).map(|k| heat(0.02 * f64::from(k))).collect();
        assert!(steps.windows(2).all(|w| w[1] > w[0]));
        // at 2 % only 1 kg/s of tower water: at most 4 kW/K · 12 K
        assert!(steps[0] <= 48e3);
    }
}
