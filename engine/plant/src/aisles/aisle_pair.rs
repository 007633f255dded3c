//! A cold and a hot aisle, contained or not, as two mixed zones with bypass and recirculation.
//!
//! # Equations
//! With supply flow `ṁ_s` from the air handlers and rack flow `ṁ_r`:
//! ```text
//! served         τ = min((1 − λ)·ṁ_s/ṁ_r, 1)               share of the rack flow that supply reaches
//! recirculation  φ = (1 − τ + μ)/(1 + μ·(1 + τ))           share of hot air in the rack inlets, r = φ·ṁ_r
//! bypass         b = ṁ_s − ṁ_r + r                          cold air that returns without passing a rack
//! inlet   x_r = (1 − φ)·x_s + φ·x_e                         x: enthalpy, humidity ratio
//! return  x_R = (1 − β)·x_e + β·x_s,   β = b/ṁ_s
//! ```
//! The rack inlets are a linear map of supplies `s` and exhausts `e`. A recirculation matrix replaces
//! the scalars `φ` and `β` and nothing else. `φ` solves the balances of two mixed zones, cold at `x_r` and hot at `x_h`, that
//! exchange `μ·ṁ_r`. With `μ` it grows towards `1/(1 + τ)`, where both are one zone:
//! ```text
//! (1 + μ)·x_r = τ·x_s + (1 − τ + μ)·x_h          (1 + μ)·x_h = x_e − q/ṁ_r + μ·x_r       q, of enthalpy alone: below
//! ```
//!
//! The room's structure (floor, racks, ducts) stores heat, and the envelope loses some to outdoors, both by the air of
//! the hot zone, which the racks' exhaust keeps at its temperature:
//! ```text
//! ṁ_r·c_p·(T_e − T_z) = A·(T_z − T) + U·(T_z − T_dry bulb)         C·T' = A·(T_z − T)
//! ```
//! Still air (`ṁ_r = 0`) takes nothing from the stream and gives it nothing. Losses of equipment in the room arrive at
//! the port `heat`. All this changes the hot zone before its air divides: what is taken less what is given, `q`, is borne by the inlets
//! with `φ·q` and by the return with `(1 − φ)·q`. With the air handlers stopped, the racks breathe exhaust that the structure has cooled.
//!
//! # Assumptions
//! Each zone is well mixed. `λ` leaks through blanking panels, floor and containment whatever the flows;
//! `μ` is turbulent exchange between open aisles.
//!
//! # Valid for
//! Any flows from zero up. An under-supplied cold aisle recirculates what is missing, which is noted; what leaks and mixes is not.
//!
//! # Source
//! Mass balance of two zones; indices as in Herrlin (2008) and Sharma et al. (2002): `φ` is the supply heat
//! index SHI of the latter, by enthalpy. Leakage 3–10 % contained, 20–30 % uncontained: CE067, engineering knowledge, to verify.
//!
//! # Verified by
//! Hand calculation below; energy, water and derivatives at random inputs in `tests/catalogue.rs`, as of every kind.

use crate::declare::{Bound, Effect, Flow, Limit, Outdoor, Port, Role, State, Store};
use crate::{component, inputs, outputs, parameters};
use media::moist_air;
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Share of the supply that leaks past the racks.
        leakage: Ratio in "0"..="0.9" usual "0.03"..="0.3" default "0.05";
        /// Exchange between the aisles, as a share of the rack flow.
        mixing: Ratio in "0"..="2" usual "0"..="0.4" default "0";
        /// Air held by the cold zone.
        cold_volume: Volume in "0.1 m3"..="1000000 m3";
        /// Air held by the hot zone and the return path.
        hot_volume: Volume in "0.1 m3"..="1000000 m3";
        /// Heat capacity of what stands in the hot air.
        structure_capacity: HeatCapacity in "1 kJ/K"..="1000 GJ/K" default "2 MJ/K";
        /// Conductance between that structure and the air.
        structure_conductance: Conductance in "0 W/K"..="10 MW/K" default "1 kW/K";
        /// Conductance of the envelope to outdoors.
        envelope_conductance: Conductance in "0 W/K"..="1 MW/K" default "0 W/K";
    }
}

const PORTS: &[Port] = &[
    Port::air("cold", "From the air handlers' supply to the rack inlets.")
        .flow(Flow::Decoupled)
        .holds("cold_volume"),
    Port::air("hot", "From the rack outlets to the air handlers' return.")
        .flow(Flow::Decoupled)
        .holds("hot_volume"),
    Port::heat_in("heat", "Losses of equipment that stands in the room."),
];

const STATES: &[State] = &[State {
    name: "structure",
    doc: "Temperature of the structure in the hot air.",
    store: Store::Heat("structure_capacity"),
    initial: Bound::Value(303.15),
    scale: 10.0,
    inventory: false,
}];

inputs! {
    /// Temperature of the structure.
    structure: Role::State("structure");
    /// Flow from the air handlers.
    supply_flow: Role::FlowIn("cold");
    /// Flow into the racks.
    rack_flow: Role::FlowIn("hot");
    /// Enthalpy of the supply air.
    supply_enthalpy: Role::Enthalpy("cold");
    /// Humidity ratio of the supply air.
    supply_humidity: Role::Humidity("cold");
    /// Enthalpy of the exhaust air.
    exhaust_enthalpy: Role::Enthalpy("hot");
    /// Humidity ratio of the exhaust air.
    exhaust_humidity: Role::Humidity("hot");
    /// Losses of equipment in the room.
    losses: Role::Received("heat");
    /// Outdoor dry bulb.
    dry_bulb: Role::Outdoor(Outdoor::DryBulb);
}

outputs! {
    /// Enthalpy that recirculation brings to the rack inlets, less its share `φ·q`.
    heat_to_cold: Effect::Heat("cold");
    /// Moisture that recirculation brings to the rack inlets.
    moisture_to_cold: Effect::Moisture("cold");
    /// Enthalpy given to the return air: bypass, and the rest of what losses give less structure and envelope take.
    heat_to_hot: Effect::Heat("hot");
    /// Moisture that bypass brings to the return air.
    moisture_to_hot: Effect::Moisture("hot");
    /// Heat into the structure.
    heat_to_structure: Effect::Store("structure");
    /// Heat lost through the envelope.
    heat_lost: Effect::Rejected;
    /// Share of hot air in the rack inlets `φ`.
    recirculation: Effect::Reading(Quantity::Ratio);
    /// Share of supply air in the return `β`.
    bypass: Effect::Reading(Quantity::Ratio);
    /// Supply flow less rack flow, as a share of the rack flow.
    oversupply: Effect::Reading(Quantity::Ratio);
}

const LIMITS: &[Limit] = &[Limit {
    of: "oversupply",
    low: Some(Bound::Value(0.0)),
    high: None,
    text: "the air handlers deliver less than the racks draw: hot air recirculates",
}];

component!(AislePair, "cold and hot aisle", "aisle_pair.rs" { ports: PORTS, states: STATES, limits: LIMITS });

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let (one, least) = (R::lift(1.0), R::lift(1e-6));
    let reaching = i.supply_flow * (R::number(1.0) - p.leakage);
    let served = (reaching / i.rack_flow.at_least(least)).at_most(one);
    let share = (one - served + R::constant(p.mixing)) / (one + (one + served) * p.mixing);
    let recirculation = share * i.rack_flow;
    let bypass = i.supply_flow - i.rack_flow + recirculation;
    let enthalpy_step = i.exhaust_enthalpy - i.supply_enthalpy;
    let humidity_step = i.exhaust_humidity - i.supply_humidity;
    let exhaust = moist_air::temperature_from_enthalpy(i.exhaust_enthalpy, i.exhaust_humidity);
    let rate = i.rack_flow.positive() * moist_air::specific_heat(i.exhaust_humidity);
    let pull = rate * exhaust + i.structure * p.structure_conductance + i.dry_bulb * p.envelope_conductance;
    let zone = pull / (rate + p.structure_conductance + p.envelope_conductance).at_least(least);
    let to_structure = (zone - i.structure) * p.structure_conductance;
    let lost = (zone - i.dry_bulb) * p.envelope_conductance;
    let taken = to_structure + lost - i.losses;
    Outputs {
        heat_to_cold: recirculation * enthalpy_step - share * taken,
        moisture_to_cold: recirculation * humidity_step,
        heat_to_hot: -(bypass * enthalpy_step) - (one - share) * taken,
        moisture_to_hot: -(bypass * humidity_step),
        heat_to_structure: to_structure,
        heat_lost: lost,
        recirculation: share,
        bypass: bypass / i.supply_flow.at_least(least),
        oversupply: (i.supply_flow - i.rack_flow) / i.rack_flow.at_least(least),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIR: Parameters<f64> = Parameters {
        leakage: 0.05,
        mixing: 0.0,
        cold_volume: 50.0,
        hot_volume: 80.0,
        structure_capacity: 1e6,
        structure_conductance: 0.0,
        envelope_conductance: 0.0,
    };

    fn flows(supply_flow: f64, rack_flow: f64) -> Inputs<f64> {
        Inputs {
            structure: 300.0,
            supply_flow,
            rack_flow,
            supply_enthalpy: 45e3,
            supply_humidity: 0.008,
            exhaust_enthalpy: 60e3,
            exhaust_humidity: 0.008,
            losses: 0.0,
            dry_bulb: 290.0,
        }
    }

    #[test]
    fn matched_flows_recirculate_the_leak() {
        // ṁ_s = ṁ_r = 10: b = 0.5, r = 0.5, φ = 5 %; inlets get 0.5·15 kJ/kg = 7.5 kW
        let o = evaluate(&PAIR, &flows(10.0, 10.0));
        assert!((o.recirculation - 0.05).abs() < 1e-12);
        assert!((o.heat_to_cold - 7500.0).abs() < 1e-9);
        assert!((o.heat_to_hot + 7500.0).abs() < 1e-9);
    }

    #[test]
    fn a_generous_supply_bypasses_and_recirculates_nothing() {
        // ṁ_s = 12, ṁ_r = 10: b = max(0.6, 2) = 2, r = 0
        let o = evaluate(&PAIR, &flows(12.0, 10.0));
        assert!(o.recirculation.abs() < 1e-12 && (o.bypass - 2.0 / 12.0).abs() < 1e-12);
        assert!((o.oversupply - 0.2).abs() < 1e-12);
    }

    #[test]
    fn a_short_supply_recirculates_what_is_missing() {
        // ṁ_s = 8, ṁ_r = 10: b = 0.4, r = 2.4, φ = 24 %
        let o = evaluate(&PAIR, &flows(8.0, 10.0));
        assert!((o.recirculation - 0.24).abs() < 1e-12);
    }

    #[test]
    fn the_structure_takes_from_the_stream_what_mixed_air_leaves() {
        // 60 kJ/kg with 8 g/kg is 312.6 K; ṁ·c_p = 1.0 kg/s · 1020.9 J/kgK; A = 1020.9 W/K halves the difference to 300 K.
        let i = flows(1.0, 1.0);
        let rate = moist_air::specific_heat(0.008);
        let o = evaluate(&Parameters { structure_conductance: rate, ..PAIR }, &i);
        let exhaust = moist_air::temperature_from_enthalpy(60e3, 0.008);
        assert!(
            (o.heat_to_structure - rate * (exhaust - 300.0) / 2.0).abs() < 1e-6,
            "{}",
            o.heat_to_structure
        );
    }

    #[test]
    fn still_air_takes_nothing_however_hot_it_has_become_in_the_racks() {
        // Nothing flows: the zone stands between structure (300 K, 1 kW/K) and outdoors (290 K, 1 kW/K), at 295 K, and
        // 5 kW go from one to the other; the stream, at 1 MJ/kg, has no part in it.
        let pair = Parameters { structure_conductance: 1e3, envelope_conductance: 1e3, ..PAIR };
        let o = evaluate(&pair, &Inputs { exhaust_enthalpy: 1e6, ..flows(0.0, 0.0) });
        assert!((o.heat_to_structure + 5e3).abs() < 1e-9 && (o.heat_lost - 5e3).abs() < 1e-9);
        assert!(o.heat_to_hot.abs() < 1e-9, "{}", o.heat_to_hot);
    }

    #[test]
    fn moisture_goes_both_ways_with_the_air_that_carries_it() {
        // b = r = 0.5 kg/s of ten; the exhaust holds 2 g/kg more than the supply: 1 g/s to the inlets, and as much missing behind
        let o = evaluate(&PAIR, &Inputs { exhaust_humidity: 0.010, ..flows(10.0, 10.0) });
        assert!((o.moisture_to_cold - 1e-3).abs() < 1e-12 && (o.moisture_to_hot + 1e-3).abs() < 1e-12);
    }

    #[test]
    fn open_aisles_are_two_mixed_zones_that_exchange_air() {
        for (mixing, supply, rack) in [
            (0.0, 8.0, 10.0),
            (0.2, 10.0, 10.0),
            (0.2, 1.0, 10.0),
            (0.4, 12.0, 10.0),
            (2.0, 8.0, 10.0),
            (2.0, 0.0, 10.0),
        ] {
            let pair = Parameters { mixing, structure_conductance: 3e3, envelope_conductance: 500.0, ..PAIR };
            let i = Inputs { losses: 5e3, ..flows(supply, rack) };
            let o = evaluate(&pair, &i);
            let taken = o.heat_to_structure + o.heat_lost - i.losses;
            assert!(taken > 10e3, "{taken}");
            // The two balances, by going round until nothing moves.
            let reaching = supply - f64::max(PAIR.leakage * supply, supply - rack);
            let (mut cold, mut hot) = (i.supply_enthalpy, i.exhaust_enthalpy);
            for _ in 0..200 {
                let from_hot = rack - reaching + mixing * rack;
                cold = (reaching * i.supply_enthalpy + from_hot * hot) / ((1.0 + mixing) * rack);
                hot = (rack * i.exhaust_enthalpy + mixing * rack * cold - taken) / ((1.0 + mixing) * rack);
            }
            let inlet = i.supply_enthalpy + o.heat_to_cold / rack;
            assert!((inlet - cold).abs() < 1e-6, "{mixing} {supply} {rack}: {inlet} and {cold}");
            let returned = supply * i.exhaust_enthalpy + o.heat_to_hot;
            let expected = reaching * hot + (supply - reaching) * i.supply_enthalpy;
            assert!(
                (returned - expected).abs() < 1e-4,
                "{mixing} {supply} {rack}: {returned} and {expected}"
            );
            assert!((0.0..=1.0 + 1e-12).contains(&o.recirculation) && (0.0..=1.0).contains(&o.bypass));
        }
        // Matched flows: τ = 0.95, φ = 0.25/(1 + 0.2·1.95) = 0.180
        let o = evaluate(&Parameters { mixing: 0.2, ..PAIR }, &flows(10.0, 10.0));
        assert!((o.recirculation - 0.25 / 1.39).abs() < 1e-12, "{}", o.recirculation);
    }
}
