//! Plate heat exchanger between two liquids, in counterflow or, piped the wrong way round, in parallel flow.
//!
//! # Equations
//! ```text
//! Q    = ε·Cmin·(T_secondary,in − T_primary,in)            counterflow, or parallel flow
//! 1/UA = (s·x_p^−0.7 + (1 − s)·x_s^−0.7)/UA_design          x = V̇/V̇_design of each side
//! ```
//! `scaling: Constant` keeps `UA = UA_design` at every flow, as EnergyPlus does.
//!
//! # Assumptions
//! Share `s` of the resistance at design lies in the primary film, the rest in the secondary one; the plate has
//! none. No heat is lost. Each side's water joins the volume at its outlet.
//!
//! # Valid for
//! Up to 130 % of the design flow on either side; a note says for how long it is more. Towards small flows the film
//! exponent is extrapolated: with 0.6 or 0.8 instead of 0.7 the heat is within 14 % where both flows are 5 % of design.
//!
//! # Source
//! ε: Incropera et al., *Fundamentals of Heat and Mass Transfer*, 6th ed., eq. 11.28a, 11.29a; EnergyPlus Engineering
//! Reference, "Plant Heat Exchangers" (`HeatExchanger:FluidToFluid`, constant UA). Film exponent 0.7 of chevron
//! plates (0.6–0.8 in the literature): engineering knowledge, to verify.
//!
//! # Verified by
//! Hand calculation below; effectiveness against `tests/validation/oracle/effectiveness_ntu.csv`, heat against the library
//! ht at design flow, whole years against EnergyPlus (`scaling: Constant`), all in `isotherm validate`. Grade 3.

use crate::cooling::exchange;
use crate::declare::{Bound, Effect, Limit, Port, Role};
use crate::{component, inputs, outputs, parameters};
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Conductance at the design flows.
        conductance: Conductance in "1 W/K"..="1000 MW/K";
        /// Primary flow at which it holds.
        primary_flow_design: VolumeFlow in "0.1 L/min"..="100 m3/s";
        /// Secondary flow at which it holds.
        secondary_flow_design: VolumeFlow in "0.1 L/min"..="100 m3/s";
        /// Share of the resistance at design that lies on the primary side.
        primary_resistance: Ratio in "0"..="1" default "0.5";
        /// Liquid held on the primary side.
        primary_content: Volume in "0.1 L"..="1000 m3";
        /// Liquid held on the secondary side.
        secondary_content: Volume in "0.1 L"..="1000 m3";
    }
    choices {
        /// How the conductance follows the flows.
        scaling: [BothFlows, Constant] default BothFlows;
        /// Whether the streams run against each other or side by side, as in a unit with one side piped the wrong way round.
        streams: [Counterflow, Parallel] default Counterflow;
    }
}

const PORTS: &[Port] = &[
    Port::liquid("primary", "The cold side.").holds("primary_content").shared_by("primary_flow_design"),
    Port::liquid("secondary", "The warm side.").holds("secondary_content").shared_by("secondary_flow_design"),
];

inputs! {
    /// Temperature of the entering cold liquid.
    primary_in: Role::Temperature("primary");
    /// Its flow.
    primary_flow: Role::Flow("primary");
    /// Its specific heat.
    primary_heat: Role::SpecificHeat("primary");
    /// Its density.
    primary_density: Role::Density("primary");
    /// Temperature of the entering warm liquid.
    secondary_in: Role::Temperature("secondary");
    /// Its flow.
    secondary_flow: Role::Flow("secondary");
    /// Its specific heat.
    secondary_heat: Role::SpecificHeat("secondary");
    /// Its density.
    secondary_density: Role::Density("secondary");
}

outputs! {
    /// Heat given to the cold side.
    heat_to_primary: Effect::Heat("primary");
    /// Heat given to the warm side (negative while it is cooled).
    heat_to_secondary: Effect::Heat("secondary");
    /// Primary flow as a share of its design.
    primary_load: Effect::Reading(Quantity::Ratio);
    /// Secondary flow as a share of its design.
    secondary_load: Effect::Reading(Quantity::Ratio);
}

const LIMITS: &[Limit] = &[
    Limit {
        of: "primary_load",
        low: None,
        high: Some(Bound::Value(1.3)),
        text: "primary flow above 130 % of design: the film exponent is not known there",
    },
    Limit {
        of: "secondary_load",
        low: None,
        high: Some(Bound::Value(1.3)),
        text: "secondary flow above 130 % of design: the film exponent is not known there",
    },
];

component!(PlateExchanger, "plate heat exchanger", "plate_exchanger.rs" { ports: PORTS, limits: LIMITS });

const FILM_EXPONENT: f64 = -0.7;
/// Below this share of the design flow a film's resistance grows no further.
const SMALLEST_SHARE: f64 = 1e-3;

/// Share of the design conductance that two films in series keep at flows which are shares of design, when
/// share `first` of the resistance at design lies in the first.
#[inline(always)]
pub fn conductance_share<R: Real>(first_load: R, second_load: R, first: R::Value) -> R {
    let film = |load: R| load.at_least(R::lift(SMALLEST_SHARE)).powf(R::number(FILM_EXPONENT));
    let [first_film, second_film] = [film(first_load), film(second_load)];
    (first_film * first + second_film * (R::number(1.0) - first)).reciprocal()
}

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let primary_load = i.primary_flow / i.primary_density / p.primary_flow_design;
    let secondary_load = i.secondary_flow / i.secondary_density / p.secondary_flow_design;
    let scaled = conductance_share(primary_load, secondary_load, p.primary_resistance);
    let share = R::pick_below(p.scaling, R::number(0.5), scaled, R::lift(1.0));
    let conductance = share * p.conductance;
    let (primary, secondary) = (i.primary_flow * i.primary_heat, i.secondary_flow * i.secondary_heat);
    let rate = R::pick_below(
        p.streams,
        R::number(0.5),
        exchange::counterflow(conductance, primary, secondary),
        exchange::parallel(conductance, primary, secondary),
    );
    let heat = rate * (i.secondary_in - i.primary_in);
    Outputs { heat_to_primary: heat, heat_to_secondary: -heat, primary_load, secondary_load }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plates(scaling: f64) -> Parameters<f64> {
        Parameters {
            conductance: 200e3,
            primary_flow_design: 0.05,
            secondary_flow_design: 0.05,
            primary_resistance: 0.5,
            primary_content: 0.1,
            secondary_content: 0.1,
            scaling,
            streams: 0.0,
        }
    }

    /// 200 kW/K on either side: 50 kg/s of 4 kJ/(kg K).
    fn flows(primary: f64, secondary: f64) -> Inputs<f64> {
        Inputs {
            primary_in: 293.15,
            primary_flow: primary,
            primary_heat: 4000.0,
            primary_density: 1000.0,
            secondary_in: 303.15,
            secondary_flow: secondary,
            secondary_heat: 4000.0,
            secondary_density: 1000.0,
        }
    }

    #[test]
    fn with_one_transfer_unit_and_equal_streams_half_of_the_difference_passes() {
        // ε = NTU/(1 + NTU) = 1/2;  200 kW/K · 10 K / 2 = 1 MW
        let o = evaluate(&plates(0.0), &flows(50.0, 50.0));
        assert!((o.heat_to_primary - 1e6).abs() < 1e-3);
        assert_eq!(o.heat_to_primary, -o.heat_to_secondary);
    }

    #[test]
    fn at_half_flow_the_conductance_is_62_percent_or_all_of_it() {
        // 0.5^0.7 = 0.61557: NTU = 1.23114, ε = 0.55180;  100 kW/K · 10 K · ε = 551.80 kW
        let o = evaluate(&plates(0.0), &flows(25.0, 25.0));
        assert!((o.heat_to_primary - 551.80e3).abs() < 10.0, "{}", o.heat_to_primary);
        // constant: NTU = 2, ε = 2/3
        let o = evaluate(&plates(1.0), &flows(25.0, 25.0));
        assert!((o.heat_to_primary - 2e6 / 3.0).abs() < 1e-3);
    }

    #[test]
    fn an_exponent_of_six_or_eight_tenths_moves_the_heat_of_small_flows_by_14_percent_at_most() {
        // Both flows at share x, equal rates: UA = UA_design·x^e, NTU = NTU_design·x^(e − 1), ε = NTU/(1 + NTU).
        let mut worst = 0.0f64;
        for transfer_units in [0.5, 1.0, 2.0, 5.0] {
            for load in [0.05, 0.2, 0.5, 1.0] {
                let p = Parameters { conductance: 200e3 * transfer_units, ..plates(0.0) };
                let ours = evaluate(&p, &flows(50.0 * load, 50.0 * load)).heat_to_primary;
                for exponent in [0.6f64, 0.8] {
                    let units = transfer_units * load.powf(exponent - 1.0);
                    let theirs = 2e6 * load * units / (1.0 + units);
                    worst = worst.max((theirs / ours - 1.0).abs());
                }
            }
        }
        assert!((0.13..0.14).contains(&worst), "{worst}");
    }

    #[test]
    fn a_unit_piped_the_wrong_way_round_passes_43_percent_instead_of_half() {
        // NTU = 1, Cr = 1: ε = (1 − e^−2)/2 = 0.432332;  200 kW/K · 10 K · ε = 864.66 kW
        let wrong = Parameters { streams: 1.0, ..plates(0.0) };
        let o = evaluate(&wrong, &flows(50.0, 50.0));
        assert!((o.heat_to_primary - 864_664.7).abs() < 0.1, "{}", o.heat_to_primary);
    }

    #[test]
    fn standing_liquid_passes_next_to_nothing_and_nothing_breaks() {
        for (a, b) in [(0.0, 50.0), (50.0, 0.0), (0.0, 0.0)] {
            let o = evaluate(&plates(0.0), &flows(a, b));
            assert!(o.heat_to_primary.abs() < 0.1, "{}", o.heat_to_primary);
        }
    }
}
