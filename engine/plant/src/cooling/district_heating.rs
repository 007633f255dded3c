//! District-heating delivery point: a plate exchanger where the site's warm water heats what a heating network
//! returns. What passes here is metered as reused heat: it leaves the site, and is not rejected.
//!
//! # Equations
//! ```text
//! C_n    = valve·V̇_n·ρ_n·c_n                                network water that is let through
//! Q_x    = ε·Cmin·(T_source,in − T_return)⁺                  counterflow; UA follows both flows as in a plate exchanger
//! demand = P·(b + (1 − b)·clamp((T_limit − T_dry bulb)/(T_limit − T_design), 0, 1))
//! Q      = min(Q_x, demand, C_s·(T_source,in − T_source,min)⁺)
//! T_out  = T_return + Q/C_n                                  what the network gets
//! a      = clamp((T_out − T_supply + ΔT)/(ΔT/2), 0, 1)         ΔT: network_tolerance
//! reused = a·Q,  too cool = (1 − a)·Q
//! ```
//! The valve holds `T_out` at `network_supply`: less water is let through where the source is cool. Where even the
//! thinnest stream does not get there, `T_source,in ≤ network_supply`, it closes: heat is taken only from a source
//! above the temperature that the network wants.
//!
//! What counts as reused is what the network's contract asks for: water at its supply temperature. A loop holds it within
//! some tenths of a kelvin, so heat counts in full down to half of `network_tolerance` below it, and not at all from the
//! whole of it on. The rest has left the site as well; it is metered as rejected, and ERF does not know it.
//!
//! # Use
//! In the site's warm water before whatever rejects heat, so that this gets the rest:
//! ```ron
//! "facility_pump -> cdu.primary -> heating -> dry_cooler -> facility_pump",
//! ```
//! or in the condenser circuit of a `HeatPump` where the water is not warm enough.
//!
//! # Assumptions
//! The network returns its water at one temperature and takes what it needs: a base (hot water, losses) and a part in
//! proportion to how cold it is outdoors, `b = 1` being a network that takes all at all times. Its own pump is not the
//! site's. The network's water has ρ = 983 kg/m³ and c_p = 4185 J/(kg K), those at 60 °C. Heat capacity and losses of
//! the network's side are neglected.
//!
//! # Valid for
//! Networks of 15 … 150 °C, which the parameters enforce; up to 130 % of the design flow on the site's side, beyond which it notes.
//!
//! # Source
//! ε: as `PlateExchanger`. Demand as a base and a straight line of the outdoor temperature (energy signature):
//! Frederiksen and Werner, *District Heating and Cooling* (2013), chapter 4, recalled, to verify. Reused heat is metered
//! at the hand-off, at the boundary of the data centre: ISO/IEC 30134-6. A tolerance of 0.5 K: what a pair of sensors of a
//! heat meter and the valve's loop can tell apart, engineering knowledge, to verify.
//!
//! # Verified by
//! Hand calculation below; a site against its own columns in `tests/heat_reuse.rs`; heat by the
//! library ht in `isotherm validate`. Grade 3.

use crate::cooling::exchange;
use crate::cooling::plate_exchanger::conductance_share;
use crate::declare::{Action, Actuator, Bound, Effect, Limit, Outdoor, Port, Regulator, Role};
use crate::kernel::Surroundings;
use crate::{component, inputs, outputs, parameters};
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Conductance at the design flows.
        conductance: Conductance in "1 W/K"..="1000 MW/K";
        /// Flow of the site's water at which it holds.
        source_flow_design: VolumeFlow in "0.1 L/min"..="100 m3/s";
        /// Flow of the network's water at which it holds, and with the valve open.
        network_flow_design: VolumeFlow in "0.1 L/min"..="100 m3/s";
        /// Liquid held on the site's side.
        source_content: Volume in "0.1 L"..="1000 m3";
        /// Temperature that the network wants; it takes heat only from a source above it.
        network_supply: Temperature in "15 °C"..="150 °C" usual "25 °C"..="90 °C";
        /// How far below it the water may be and still counts.
        network_tolerance: TemperatureDifference in "0.01 K"..="20 K" usual "0.2 K"..="5 K" default "0.5 K";
        /// Temperature at which the network returns its water.
        network_return: Temperature in "1 °C"..="120 °C" usual "10 °C"..="60 °C";
        /// Temperature below which the site's water is not cooled.
        source_return_min: Temperature in "0 °C"..="100 °C" default "0 °C";
        /// Most heat that the network takes.
        demand_design: Power in "1 kW"..="1 GW";
        /// Share of it that is taken however warm it is outdoors.
        demand_base: Ratio in "0"..="1" default "1";
        /// Outdoor temperature above which only the base is taken.
        heating_limit: Temperature in "-20 °C"..="40 °C" default "17 °C";
        /// Outdoor temperature at which all of it is taken.
        heating_design: Temperature in "-60 °C"..="30 °C" default "-15 °C";
    }
}

const PORTS: &[Port] = &[Port::liquid("source", "The site's warm water, which is cooled.")
    .holds("source_content")
    .shared_by("source_flow_design")];

const ACTUATORS: &[Actuator] = &[Actuator {
    name: "valve",
    doc: "Flow of the network's water, as a share of its design.",
    low: Bound::Value(0.0),
    high: Bound::Value(1.0),
    rest: Bound::Value(0.0),
    travel: 30.0,
}];

const REGULATORS: &[Regulator] = &[Regulator {
    actuator: "valve",
    sensor: "network_out",
    setpoint: "network_supply",
    action: Action::Lowers,
    band: 30.0,
    integral_time: 300.0,
    period: 10.0,
}];

inputs! {
    /// Temperature of the site's entering water.
    source_in: Role::Temperature("source");
    /// Its flow.
    source_flow: Role::Flow("source");
    /// Its specific heat.
    source_heat: Role::SpecificHeat("source");
    /// Its density.
    source_density: Role::Density("source");
    /// Flow of the network's water, as a share of its design.
    valve: Role::Actuator("valve");
    /// Outdoor dry bulb.
    dry_bulb: Role::Outdoor(Outdoor::DryBulb);
}

outputs! {
    /// Heat given to the site's water (negative while it is cooled).
    heat_to_source: Effect::Heat("source");
    /// Heat handed to the network as it wants it.
    heat_reused: Effect::Reused;
    /// Heat that leaves with water too cool to count.
    heat_too_cool: Effect::Rejected;
    /// Temperature of the water that the network gets.
    network_out: Effect::Reading(Quantity::Temperature);
    /// Heat that the network would take.
    demand: Effect::Reading(Quantity::Power);
    /// By how much the network gets less than it wants, while heat is handed over.
    shortfall: Effect::Reading(Quantity::TemperatureDifference);
    /// Flow of the site's water as a share of its design.
    source_load: Effect::Reading(Quantity::Ratio);
}

const LIMITS: &[Limit] = &[
    Limit {
        of: "shortfall",
        low: None,
        high: Some(Bound::Value(3.0)),
        text: "heat is handed over more than 3 K below the temperature that the network wants",
    },
    Limit {
        of: "source_load",
        low: None,
        high: Some(Bound::Value(1.3)),
        text: "source flow above 130 % of design: the film exponent is not known there",
    },
];

component!(DistrictHeating, "district-heating delivery point", "district_heating.rs" {
    ports: PORTS,
    actuators: ACTUATORS,
    regulators: REGULATORS,
    limits: LIMITS,
    size: size,
});

/// Volumetric heat capacity of the network's water at 60 °C [J/(m³ K)].
const NETWORK_CAPACITY: f64 = 983.0 * 4185.0;
/// Both films have half of the resistance at design.
const FILM_SHARE: f64 = 0.5;
/// Below this share of the demand a shortfall counts less and less.
const LITTLE: f64 = 0.02;

fn size(p: &mut Parameters<f64>, _: &Surroundings) -> Result<(), String> {
    if p.network_return >= p.network_supply {
        return Err("network_return must be below network_supply".into());
    }
    if p.network_tolerance >= p.network_supply - p.network_return {
        return Err("network_tolerance must be less than the way from network_return to network_supply: water that was not \
                    heated would count"
            .into());
    }
    if p.heating_design >= p.heating_limit {
        return Err("heating_design must be below heating_limit".into());
    }
    Ok(())
}

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let (zero, one) = (R::lift(0.0), R::lift(1.0));
    let source_rate = i.source_flow * i.source_heat;
    let source_load = i.source_flow / i.source_density / p.source_flow_design;
    let network_rate = (i.valve * p.network_flow_design * R::number(NETWORK_CAPACITY))
        .at_least(R::lift(exchange::SMALLEST_RATE));
    let share = conductance_share(source_load, i.valve, R::number(FILM_SHARE));
    let passing = exchange::counterflow(share * p.conductance, source_rate, network_rate)
        * (i.source_in - p.network_return).positive();

    let span = p.heating_limit - p.heating_design;
    let cold = ((R::constant(p.heating_limit) - i.dry_bulb) / span).within(zero, one);
    let weathered = cold * (R::number(1.0) - p.demand_base) + p.demand_base;
    let demand = weathered * p.demand_design;
    let allowed = source_rate * (i.source_in - p.source_return_min).positive();
    let heat = passing.at_most(demand).at_most(allowed);
    let network_out = heat / network_rate + p.network_return;
    let above = R::constant(p.network_tolerance - p.network_supply) + network_out;
    let counts = (above / (p.network_tolerance * R::number(0.5))).within(zero, one);
    let reused = heat * counts;
    let weight = (heat / (p.demand_design * R::number(LITTLE))).at_most(one);
    Outputs {
        heat_to_source: -heat,
        heat_reused: reused,
        heat_too_cool: heat - reused,
        network_out,
        demand,
        shortfall: (R::constant(p.network_supply) - network_out).positive() * weight,
        source_load,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A network of 45 °C to 65 °C that takes all that passes, and counts all of it.
    fn point() -> Parameters<f64> {
        Parameters {
            conductance: 200e3,
            source_flow_design: 0.05,
            network_flow_design: 0.05,
            source_content: 0.1,
            network_supply: 338.15,
            network_tolerance: 20.0,
            network_return: 318.15,
            source_return_min: 273.15,
            demand_design: 1e9,
            demand_base: 1.0,
            heating_limit: 290.15,
            heating_design: 258.15,
        }
    }

    /// Source and network of the same capacity rate of 50 L/s.
    fn at(source_in: f64, valve: f64) -> Inputs<f64> {
        Inputs {
            source_in,
            source_flow: 0.05 * 1000.0,
            source_heat: NETWORK_CAPACITY / 1000.0,
            source_density: 1000.0,
            valve,
            dry_bulb: 273.15,
        }
    }

    #[test]
    fn equal_streams_pass_ntu_over_one_plus_ntu_of_the_difference() {
        // C = 0.05 · 983 · 4185 = 205.69 kW/K; NTU = 200/205.69 = 0.97234; ε = 0.49299
        // 205.69 kW/K · 30 K · ε = 3042.0 kW; the network leaves at 45 + 30·ε = 59.79 °C
        let o = evaluate(&point(), &at(348.15, 1.0));
        assert!((o.heat_reused - 3.0420e6).abs() < 300.0, "{}", o.heat_reused);
        assert!((o.network_out - 332.94).abs() < 0.01, "{}", o.network_out);
        assert_eq!(o.heat_to_source, -o.heat_reused);
    }

    #[test]
    fn the_thinner_the_stream_the_nearer_it_comes_to_the_source() {
        // Half-shut the network leaves warmer; a trickle leaves at the 75 °C of the source, and carries nothing.
        let outs = [1.0, 0.3, 0.05, 1e-9].map(|valve| evaluate(&point(), &at(348.15, valve)).network_out);
        assert!(outs.windows(2).all(|pair| pair[1] > pair[0]), "{outs:?}");
        assert!((outs[3] - 348.15).abs() < 1e-6);
        let shut = evaluate(&point(), &at(348.15, 0.0));
        assert!(shut.heat_reused < 0.1 && (shut.network_out - 348.15).abs() < 1e-6, "{shut:?}");
    }

    #[test]
    fn a_source_below_the_return_of_the_network_gives_nothing_and_takes_nothing() {
        let o = evaluate(&point(), &at(310.15, 1.0));
        assert_eq!((o.heat_reused, o.network_out), (0.0, 318.15));
    }

    #[test]
    fn in_mild_weather_the_network_takes_its_base_and_half_of_the_rest() {
        // 20 % of 1 MW however warm; at 1 °C half way from 17 °C to −15 °C: 200 + 0.5·800 = 600 kW
        let p = Parameters { demand_design: 1e6, demand_base: 0.2, ..point() };
        let mild = Inputs { dry_bulb: 274.15, ..at(348.15, 1.0) };
        let o = evaluate(&p, &mild);
        assert!((o.heat_to_source + 600e3).abs() < 1e-6 && (o.demand - 600e3).abs() < 1e-6);
        let summer = Inputs { dry_bulb: 300.15, ..mild };
        assert!((evaluate(&p, &summer).heat_to_source + 200e3).abs() < 1e-6);
        let frost = Inputs { dry_bulb: 240.15, ..mild };
        assert!((evaluate(&p, &frost).heat_to_source + 1e6).abs() < 1e-6);
    }

    #[test]
    fn the_sites_water_is_not_cooled_below_its_limit() {
        // 75 → 70 °C at most: 205.69 kW/K · 5 K = 1028 kW
        let p = Parameters { source_return_min: 343.15, ..point() };
        let o = evaluate(&p, &at(348.15, 1.0));
        assert!((o.heat_to_source + 5.0 * 0.05 * NETWORK_CAPACITY).abs() < 1e-6);
    }

    #[test]
    fn handing_over_too_cool_water_shows_as_a_shortfall() {
        // 59.79 °C where 65 °C are wanted: 5.21 K, weighed by what is handed over of 2 % of the demand
        let p = Parameters { demand_design: 10e6, ..point() };
        let o = evaluate(&p, &at(348.15, 1.0));
        assert!((o.shortfall - 5.21).abs() < 0.01, "{}", o.shortfall);
        assert_eq!(evaluate(&p, &at(310.15, 1.0)).shortfall, 0.0);
    }

    #[test]
    fn water_too_cool_for_the_network_leaves_the_site_and_is_not_reuse() {
        // The network gets 59.79 °C. Wanted within 0.5 K: at 59.9 °C all of it counts, at 60.165 °C half, from 60.3 °C on
        // nothing; the same heat leaves in each case.
        let of = |supply: f64| {
            let p = Parameters { network_supply: supply + 273.15, network_tolerance: 0.5, ..point() };
            evaluate(&p, &at(348.15, 1.0))
        };
        let out = of(59.9).network_out - 273.15;
        for (supply, share) in
            [(out + 0.1, 1.0), (out + 0.25, 1.0), (out + 0.375, 0.5), (out + 0.5, 0.0), (80.0, 0.0)]
        {
            let o = of(supply);
            assert!((o.heat_reused + o.heat_too_cool + o.heat_to_source).abs() < 1e-6, "{o:?}");
            assert!((o.heat_reused / -o.heat_to_source - share).abs() < 1e-6, "{supply}: {o:?}");
        }
    }

    #[test]
    fn temperatures_upside_down_are_refused() {
        let mut p = Parameters { network_return: 340.15, ..point() };
        let message = size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap_err();
        assert_eq!(message, "network_return must be below network_supply");
        // With 20 K of tolerance on 20 K of heating, water that was not heated at all would count.
        let message = size(&mut point(), &Surroundings { pressure: 101_325.0 }).unwrap_err();
        assert!(message.contains("network_tolerance"), "{message}");
    }
}
