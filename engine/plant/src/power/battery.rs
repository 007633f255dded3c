//! Battery in line: it gives above a peak limit and takes below it, so that the feed sees the limit.
//!
//! # Equations
//! ```text
//! d    = P_out + P_standby                                     what is drawn without the store
//! D    = min((d − P_limit)⁺, D_max)·w(E/(b·C))                 discharge, at the terminals
//! G    = min((P_limit − d)⁺, G_max)·w((C − E)/(b·C))           charge, at the terminals
//! w(x) = x²·(3 − 2x) for x in 0…1, 0 below, 1 above
//! P_in = d + G − D
//! E'   = η_charge·G − D/η_discharge
//! loss = P_standby + (1 − η_charge)·G + (1/η_discharge − 1)·D
//! D_max = discharge rate·C/1 h,  G_max = charge rate·C/1 h     C: usable capacity
//! ```
//! Over the last share `b` of the capacity at either end the power falls smoothly to nothing, near the end with the
//! square of what is left: the energy tends to 0 and to `C` and never passes them.
//!
//! # Use
//! Ahead of everything whose peaks are to be shaved; all limits are of one unit where `count` is not 1.
//! ```ron
//! "battery": Battery(based_on: "battery_1mwh", peak_limit: "800 kW"),
//! // connections
//! "grid -> battery -> [ups, chiller, pump]",
//! ```
//!
//! # Assumptions
//! Efficiencies do not change with power, charge or age; the two directions carry converter and cells together.
//! Standby (controls, cooling of the cells) is drawn from the feed at all times, never from the cells: a battery
//! that neither gives nor takes keeps its charge. It follows the demand at once. All losses leave as heat.
//!
//! # Valid for
//! Any demand. Where the demand exceeds the limit and the battery cannot make up for it, a note says for how long.
//!
//! # Source
//! Energy balance of a store with a charge and a discharge efficiency, as EnergyPlus's
//! `ElectricLoadCenter:Storage:Simple`. Efficiencies, rates and taper: engineering knowledge, to verify.
//!
//! # Verified by
//! Hand calculation below; identities in `engine/plant/tests/supply_identities.rs`; a day of cycles in
//! `engine/study/tests/supply.rs`.

use crate::declare::{Bound, Effect, Limit, Port, Role, State, Store, Use};
use crate::kernel::Surroundings;
use crate::{component, inputs, outputs, parameters};
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Energy between empty and full.
        capacity: Energy in "100 Wh"..="100 GWh";
        /// Power from the feed above which it discharges and up to which it charges; the default is never reached.
        peak_limit: Power in "0 W"..="1 GW" default "1 GW";
        /// Highest power while discharging, in capacities per hour.
        discharge_rate: Ratio in "0"..="60" usual "0.2"..="6" default "1";
        /// Highest power while charging, in capacities per hour.
        charge_rate: Ratio in "0"..="60" usual "0.1"..="2" default "0.5";
        /// Energy given per energy taken from the cells.
        discharge_efficiency: Ratio in "0.3"..="1" usual "0.85"..="0.99" default "95 %";
        /// Energy that reaches the cells per energy taken.
        charge_efficiency: Ratio in "0.3"..="1" usual "0.85"..="0.99" default "95 %";
        /// Power of controls and cooling, drawn at all times.
        standby_power: Power in "0 W"..="10 MW" default "0 W";
        /// Share of the capacity at either end over which the power tapers.
        taper: Ratio in "0.1 %"..="50 %" usual "1 %"..="20 %" default "2 %";
        /// Charge at the start, as a share of the capacity.
        initial_level: Ratio in "0"..="1" default "1";
    }
    derived {
        /// Energy at the start.
        energy_initial: Energy;
        /// Highest power while discharging.
        discharge_power_max: Power;
        /// Highest power while charging.
        charge_power_max: Power;
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("input", "From the feed whose peaks are shaved."),
    Port::electricity_out("output", "To the loads."),
    Port::heat_out("heat", "Losses given to the battery room."),
];

const STATES: &[State] = &[State {
    name: "energy",
    doc: "Energy stored.",
    store: Store::Energy,
    initial: Bound::Parameter("energy_initial"),
    // 100 kWh: at the usual tolerance the energy is known to 10 Wh.
    scale: 3.6e8,
    inventory: true,
}];

inputs! {
    /// Power drawn by the loads.
    demand: Role::Demand("output");
    /// Energy stored.
    energy: Role::State("energy");
}

outputs! {
    /// Power drawn from the feed.
    power: Effect::Power("input");
    /// Power that reaches the store (negative while it discharges).
    power_stored: Effect::Store("energy");
    /// Losses and standby in the account.
    loss: Effect::Use(Use::Other);
    /// The same as heat.
    heat: Effect::Heat("heat");
    /// Power taken to charge, at the terminals.
    charge_power: Effect::Reading(Quantity::Power);
    /// Power given above the peak limit, at the terminals; of what it gives while its feed is dead, the level tells.
    discharge_power: Effect::Reading(Quantity::Power);
    /// Energy stored as a share of the capacity.
    charge_level: Effect::Reading(Quantity::Ratio);
    /// Power drawn from the feed above the limit.
    peak_excess: Effect::Reading(Quantity::Power);
}

const LIMITS: &[Limit] = &[Limit {
    of: "peak_excess",
    low: None,
    high: Some(Bound::Value(0.0)),
    text: "the feed is drawn on above the peak limit: the battery is empty or its power is too small",
}];

component!(Battery, "battery", "battery.rs" { ports: PORTS, states: STATES, limits: LIMITS, size: size });

/// Powers and initial energy from the capacity.
fn size(p: &mut Parameters<f64>, _: &Surroundings) -> Result<(), String> {
    const HOUR: f64 = 3600.0;
    p.energy_initial = p.initial_level * p.capacity;
    p.discharge_power_max = p.discharge_rate * p.capacity / HOUR;
    p.charge_power_max = p.charge_rate * p.capacity / HOUR;
    Ok(())
}

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let end = p.taper * p.capacity;
    let part = |left: R| {
        let x = (left / end).within(R::lift(0.0), R::lift(1.0));
        x.squared() * (-(x * R::number(2.0) - R::number(3.0)))
    };
    let drawn = i.demand + p.standby_power;
    let excess = drawn - p.peak_limit;
    let discharge = excess.positive().at_most(R::constant(p.discharge_power_max)) * part(i.energy);
    let charge =
        (-excess).positive().at_most(R::constant(p.charge_power_max)) * part(-(i.energy - p.capacity));
    let stored = charge * p.charge_efficiency - discharge / p.discharge_efficiency;
    let in_charging = charge * (R::number(1.0) - p.charge_efficiency);
    let in_discharging = discharge * (R::number(1.0) / p.discharge_efficiency - R::number(1.0));
    let loss = in_charging + in_discharging + p.standby_power;
    Outputs {
        power: drawn + charge - discharge,
        power_stored: stored,
        loss,
        heat: loss,
        charge_power: charge,
        discharge_power: discharge,
        charge_level: i.energy / p.capacity,
        peak_excess: (excess - discharge).positive(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KWH: f64 = 3.6e6;

    /// 1 MWh, 1 MW out, 500 kW in, 90 % each way, 5 kW of standby, a limit of 800 kW.
    fn battery() -> Parameters<f64> {
        let mut p = Parameters {
            capacity: 1000.0 * KWH,
            peak_limit: 800e3,
            discharge_rate: 1.0,
            charge_rate: 0.5,
            discharge_efficiency: 0.9,
            charge_efficiency: 0.9,
            standby_power: 5e3,
            taper: 0.02,
            initial_level: 0.5,
            energy_initial: 0.0,
            discharge_power_max: 0.0,
            charge_power_max: 0.0,
        };
        size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap();
        p
    }

    fn at(demand: f64, level: f64) -> Outputs<f64> {
        evaluate(&battery(), &Inputs { demand, energy: level * 1000.0 * KWH })
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-6
    }

    #[test]
    fn above_the_limit_it_gives_what_is_missing() {
        // 975 + 5 − 800 = 180 kW given, 180/0.9 = 200 kW taken from the cells: 20 kW of loss and 5 kW of standby
        let o = at(975e3, 0.5);
        assert!(near(o.power, 800e3) && near(o.discharge_power, 180e3), "{o:?}");
        assert!(near(o.power_stored, -200e3) && near(o.loss, 25e3));
        assert_eq!(o.peak_excess, 0.0);
    }

    #[test]
    fn below_the_limit_it_takes_what_is_left() {
        // 800 − 595 − 5 = 200 kW taken, 180 kW reach the cells
        let o = at(595e3, 0.5);
        assert!(near(o.power, 800e3) && near(o.power_stored, 180e3) && near(o.loss, 25e3), "{o:?}");
        // 800 − 100 − 5 = 695 kW are left, but it charges at no more than half a capacity per hour
        assert!(near(at(100e3, 0.5).charge_power, 500e3));
    }

    #[test]
    fn what_comes_in_is_delivered_stored_or_lost() {
        for (demand, level) in [(0.0, 0.0), (2e6, 0.7), (795e3, 0.5), (900e3, 0.01), (300e3, 0.995)] {
            let o = at(demand, level);
            assert!(near(o.power, demand + o.power_stored + o.heat), "{demand} {level}");
        }
    }

    #[test]
    fn a_round_trip_returns_the_product_of_the_efficiencies() {
        // 1/0.9 kWh of cells for each kWh given, 1/0.9 kWh of feed for each kWh of cells: 0.81
        let (out, back) = (at(895e3, 0.5), at(695e3, 0.5));
        let given = out.discharge_power / -out.power_stored;
        let reached = back.power_stored / back.charge_power;
        assert!((given * reached - 0.81).abs() < 1e-12);
    }

    #[test]
    fn power_tapers_to_nothing_at_either_end() {
        // at 1 % of the capacity half of the taper is left, w(1/2) = 1/2: 180/2 kW; the rest is drawn beyond the limit
        let o = at(975e3, 0.01);
        assert!(near(o.discharge_power, 90e3) && near(o.peak_excess, 90e3));
        assert_eq!(at(975e3, 0.0).discharge_power, 0.0);
        // at 99.5 % a quarter, w(1/4) = 2.5/16: 200 · 0.15625 kW
        assert!(near(at(595e3, 0.995).charge_power, 31.25e3));
        assert_eq!(at(595e3, 1.0).charge_power, 0.0);
        // beyond an end there is nothing to give or to take
        assert_eq!(at(975e3, -0.1).discharge_power, 0.0);
        assert_eq!(at(595e3, 1.1).charge_power, 0.0);
    }

    #[test]
    fn a_demand_beyond_its_power_shows_as_excess() {
        // 2000 + 5 − 800 = 1205 kW are missing, 1000 kW is its most: 205 kW too much from the feed
        let o = at(2e6, 0.5);
        assert!(near(o.power, 1005e3) && near(o.peak_excess, 205e3));
    }
}
