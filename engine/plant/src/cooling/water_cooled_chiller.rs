//! Water-cooled chiller after its performance curves (EIR: electric input to cooling output ratio).
//!
//! # Equations
//! Temperatures in °C, x of the leaving chilled water, y of the entering condenser water:
//! ```text
//! Q_av  = Q_ref·CAPFT(x_set, y)                             available capacity
//! Q     = min(ṁ·c_p·(T_in − T_set)⁺, load_limit·PLR_max·Q_av)
//! PLR   = Q/Q_av
//! P     = Q_av/COP_ref·EIRFT(x, y)·EIRFPLR(max(PLR, unloading))·min(1, PLR/PLR_min)
//! Q_cond = Q + share·P                                      the rest of P stays in the surroundings
//! CAPFT, EIRFT = c1 + c2·x + c3·x² + c4·y + c5·y² + c6·x·y
//! EIRFPLR      = c1 + c2·PLR + c3·PLR²
//! ```
//! Below `PLR_min` the machine cycles; below `unloading` it runs at that ratio (hot-gas bypass).
//!
//! # Assumptions
//! The machine's controller holds the leaving water at once while it has the capacity. Curve inputs beyond
//! their ranges are taken at the nearer end, which is a note whenever the machine runs. Bypassed hot gas stays inside
//! the machine: the condenser takes `Q + share·P` (EnergyPlus adds the bypassed heat to it a second time).
//! Above `condenser_cut_out` the machine stops until the condenser water has cooled to `condenser_restart`, for
//! at least five minutes.
//!
//! # Valid for
//! The ranges of the record. No published curve set reaches above 12.8 °C of leaving water: chilled
//! water of 18–25 °C is a note in every hour, and the curves answer as at their upper end.
//!
//! # Source
//! EnergyPlus Engineering Reference, "Electric Chiller Model Based on Condenser Entering Temperature"
//! (`Chiller:Electric:EIR`), with the leaving temperature reached, not the set-point, in EIRFT as in
//! release 25.2. Curves of the records: EnergyPlus data set `Chillers.idf`, from the CoolTools project.
//!
//! # Verified by
//! `tests/validation/oracle/chiller_eir_direct.csv` and `chiller_energyplus_hours.csv` in
//! `isotherm validate`; hand calculation below.

use crate::declare::{Actuator, Bound, Effect, Limit, Port, Role, Switch, Use};
use crate::kernel::Surroundings;
use crate::{component, inputs, outputs, parameters};
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Cooling capacity at the reference point.
        capacity_reference: Power in "1 kW"..="50 MW";
        /// COP at the reference point, before the curves' own value there.
        cop_reference: Ratio in "1"..="30" usual "4"..="12";
        /// Leaving chilled water that the machine holds.
        supply_setpoint: Temperature in "1 °C"..="35 °C" usual "5 °C"..="20 °C" default "7 °C";
        /// Part-load ratio below which the machine cycles.
        part_load_min: Ratio in "0.01"..="1" default "0.1";
        /// Highest part-load ratio.
        part_load_max: Ratio in "0.1"..="1.5" default "1";
        /// Part-load ratio below which unloading saves no more power.
        unloading_min: Ratio in "0"..="1" default "0.2";
        /// Share of the drawn power that ends in the condenser water (1: hermetic).
        condenser_share: Ratio in "0"..="1" default "1";
        /// Lowest leaving chilled water that the curves know.
        leaving_min: Temperature in "-20 °C"..="40 °C";
        /// Highest leaving chilled water that the curves know.
        leaving_max: Temperature in "-20 °C"..="40 °C";
        /// Lowest entering condenser water that the curves know.
        condenser_min: Temperature in "-20 °C"..="60 °C";
        /// Highest entering condenser water that the curves know.
        condenser_max: Temperature in "-20 °C"..="60 °C";
        /// Lowest part-load ratio that the curve knows.
        curve_part_load_min: Ratio in "0"..="1" default "0.1";
        /// Highest part-load ratio that the curve knows.
        curve_part_load_max: Ratio in "0.1"..="2" default "1";
        /// Capacity: constant.
        capft_1: Ratio in "-1000"..="1000";
        /// Capacity: factor of x.
        capft_2: Ratio in "-1000"..="1000";
        /// Capacity: factor of x².
        capft_3: Ratio in "-1000"..="1000";
        /// Capacity: factor of y.
        capft_4: Ratio in "-1000"..="1000";
        /// Capacity: factor of y².
        capft_5: Ratio in "-1000"..="1000";
        /// Capacity: factor of x·y.
        capft_6: Ratio in "-1000"..="1000";
        /// Electric input by temperature: constant.
        eirft_1: Ratio in "-1000"..="1000";
        /// Electric input by temperature: factor of x.
        eirft_2: Ratio in "-1000"..="1000";
        /// Electric input by temperature: factor of x².
        eirft_3: Ratio in "-1000"..="1000";
        /// Electric input by temperature: factor of y.
        eirft_4: Ratio in "-1000"..="1000";
        /// Electric input by temperature: factor of y².
        eirft_5: Ratio in "-1000"..="1000";
        /// Electric input by temperature: factor of x·y.
        eirft_6: Ratio in "-1000"..="1000";
        /// Electric input by load: constant.
        eirfplr_1: Ratio in "-1000"..="1000";
        /// Electric input by load: factor of the part-load ratio.
        eirfplr_2: Ratio in "-1000"..="1000";
        /// Electric input by load: factor of its square.
        eirfplr_3: Ratio in "-1000"..="1000";
        /// Leaving condenser water at which the machine stops.
        condenser_cut_out: Temperature in "20 °C"..="90 °C" default "50 °C";
        /// Leaving condenser water at which it starts again.
        condenser_restart: Temperature in "10 °C"..="90 °C" default "40 °C";
        /// Water held by the evaporator and its pipes.
        evaporator_content: Volume in "0.1 L"..="1000 m3";
        /// Water held by the condenser and its pipes.
        condenser_content: Volume in "0.1 L"..="1000 m3";
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("electricity", "Feeds the compressor."),
    Port::liquid("chilled_water", "The water to be cooled.")
        .holds("evaporator_content")
        .shared_by("capacity_reference"),
    Port::liquid("condenser", "The water that carries the heat off.")
        .holds("condenser_content")
        .shared_by("capacity_reference"),
];

const ACTUATORS: &[Actuator] = &[Actuator {
    name: "load_limit",
    doc: "Highest load as a share of the available capacity; 0 stops the machine.",
    low: Bound::Value(0.0),
    high: Bound::Value(1.0),
    rest: Bound::Value(1.0),
    travel: 30.0,
}];

const SWITCHES: &[Switch] = &[Switch {
    name: "cut_out",
    sensor: "condenser_out",
    on_above: Bound::Parameter("condenser_cut_out"),
    off_below: Bound::Parameter("condenser_restart"),
    hold: 0.0,
    note: "condenser water too warm: the chiller has cut out",
}];

inputs! {
    /// Temperature of the entering chilled water.
    chilled_water_in: Role::Temperature("chilled_water");
    /// Flow of the chilled water.
    chilled_water_flow: Role::Flow("chilled_water");
    /// Its specific heat.
    chilled_water_heat: Role::SpecificHeat("chilled_water");
    /// Temperature of the entering condenser water.
    condenser_in: Role::Temperature("condenser");
    /// Highest load.
    load_limit: Role::Actuator("load_limit");
    /// Whether the machine has cut out.
    cut_out: Role::Switch("cut_out");
}

outputs! {
    /// Heat given to the chilled water (negative while it is cooled).
    heat_to_chilled_water: Effect::Heat("chilled_water");
    /// Heat given to the condenser water.
    heat_to_condenser: Effect::Heat("condenser");
    /// Heat of the motor that stays in the surroundings.
    heat_rejected: Effect::Rejected;
    /// Power drawn.
    power: Effect::Power("electricity");
    /// The same power in the account.
    compressor_power: Effect::Use(Use::Compressors);
    /// Load over available capacity.
    part_load_ratio: Effect::Reading(Quantity::Ratio);
    /// Capacity available at these temperatures.
    capacity_available: Effect::Reading(Quantity::Power);
    /// Heat that was asked for and not removed.
    heat_missing: Effect::Reading(Quantity::Power);
    /// By how far leaving chilled water lies outside of the curves while the machine runs.
    leaving_outside: Effect::Reading(Quantity::TemperatureDifference);
    /// By how far entering condenser water lies outside of the curves while the machine runs.
    condenser_outside: Effect::Reading(Quantity::TemperatureDifference);
}

const LIMITS: &[Limit] = &[
    Limit {
        of: "leaving_outside",
        low: None,
        high: Some(Bound::Value(1e-6)),
        text: "leaving chilled water outside of the chiller's curves: taken at their end",
    },
    Limit {
        of: "condenser_outside",
        low: None,
        high: Some(Bound::Value(1e-6)),
        text: "entering condenser water outside of the chiller's curves: taken at their end",
    },
    Limit {
        of: "heat_missing",
        low: None,
        high: Some(Bound::Value(1.0)),
        text: "the chiller runs at full capacity and its water leaves above the set-point",
    },
];

component!(WaterCooledChiller, "water-cooled chiller", "water_cooled_chiller.rs" {
    ports: PORTS, actuators: ACTUATORS, switches: SWITCHES, limits: LIMITS, size: size,
});

/// A machine below this share of its reference capacity counts as stopped.
const RUNNING: f64 = 1e-6;
/// Curves may not make the capacity less than this share of the reference, nor the power negative.
const LEAST_CAPACITY: f64 = 0.01;

fn size(p: &mut Parameters<f64>, _: &Surroundings) -> Result<(), String> {
    let ranges = [
        ("leaving_min", p.leaving_min, "leaving_max", p.leaving_max),
        ("condenser_min", p.condenser_min, "condenser_max", p.condenser_max),
        ("curve_part_load_min", p.curve_part_load_min, "curve_part_load_max", p.curve_part_load_max),
        ("part_load_min", p.part_load_min, "part_load_max", p.part_load_max),
        ("condenser_restart", p.condenser_restart, "condenser_cut_out", p.condenser_cut_out),
    ];
    match ranges.into_iter().find(|(_, low, _, high)| low >= high) {
        Some((low, _, high, _)) => Err(format!("{low} must be below {high}")),
        None => Ok(()),
    }
}

/// `c1 + c2·x + c3·x² + c4·y + c5·y² + c6·x·y`.
#[inline(always)]
fn biquadratic<R: Real>(x: R, y: R, [c1, c2, c3, c4, c5, c6]: [R::Value; 6]) -> R {
    (x * c3 + y * c6 + c2) * x + (y * c5 + c4) * y + c1
}

/// See the top of the file; symbols as in the source.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let celsius = |t: R| t - R::number(273.15);
    let within = |t: R, low: R::Value, high: R::Value| t.within(R::constant(low), R::constant(high));
    let setpoint = R::constant(p.supply_setpoint);
    let condenser = within(i.condenser_in, p.condenser_min, p.condenser_max);

    let capft = [p.capft_1, p.capft_2, p.capft_3, p.capft_4, p.capft_5, p.capft_6];
    let at_setpoint = celsius(within(setpoint, p.leaving_min, p.leaving_max));
    let capacity_share =
        biquadratic(at_setpoint, celsius(condenser), capft).at_least(R::lift(LEAST_CAPACITY));
    let capacity = capacity_share * p.capacity_reference;

    let rate = i.chilled_water_flow * i.chilled_water_heat;
    let warmer = (i.chilled_water_in - p.supply_setpoint).positive();
    let needed = rate * warmer;
    let most = capacity * i.load_limit * p.part_load_max * i.cut_out.complement();
    let heat = needed.at_most(most);
    let part_load = heat / capacity;

    // What the evaporator could cool these streams by at most; the rest of the way to the set-point is missing.
    let least_rate = R::constant(p.capacity_reference * R::number(RUNNING));
    let leaving = setpoint + (warmer - most / rate.at_least(least_rate)).positive();
    let x = within(leaving, p.leaving_min, p.leaving_max);
    let eirft = [p.eirft_1, p.eirft_2, p.eirft_3, p.eirft_4, p.eirft_5, p.eirft_6];
    let by_temperature = biquadratic(celsius(x), celsius(condenser), eirft).positive();
    let curve_load = within(
        part_load.at_least(R::constant(p.unloading_min)),
        p.curve_part_load_min,
        p.curve_part_load_max,
    );
    let by_load = ((curve_load * p.eirfplr_3 + p.eirfplr_2) * curve_load + p.eirfplr_1).positive();
    let cycling = (part_load / p.part_load_min).at_most(R::lift(1.0));
    let power = capacity / p.cop_reference * by_temperature * by_load * cycling;
    let to_condenser = power * p.condenser_share;

    let running = |x: R| R::pick_below(part_load.value(), R::number(RUNNING), R::lift(0.0), x);
    let outside = |t: R, used: R| (t - used).positive() + (used - t).positive();
    Outputs {
        heat_to_chilled_water: -heat,
        heat_to_condenser: heat + to_condenser,
        heat_rejected: power - to_condenser,
        power,
        compressor_power: power,
        part_load_ratio: part_load,
        capacity_available: capacity,
        heat_missing: needed - heat,
        leaving_outside: running(outside(leaving, x)),
        condenser_outside: running(outside(i.condenser_in, condenser)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine with flat curves: 1 MW, COP 5, power 0.2 + 0.3·PLR + 0.5·PLR² of full.
    fn plain() -> Parameters<f64> {
        let mut values = vec![0.0; FIELDS.len()];
        let mut set = |name: &str, value: f64| {
            values[FIELDS.iter().position(|f| f.name == name).unwrap()] = value;
        };
        for (name, value) in [
            ("capacity_reference", 1e6),
            ("cop_reference", 5.0),
            ("supply_setpoint", 285.15),
            ("part_load_min", 0.1),
            ("part_load_max", 1.0),
            ("unloading_min", 0.2),
            ("condenser_share", 0.9),
            ("leaving_min", 280.15),
            ("leaving_max", 286.15),
            ("condenser_min", 285.15),
            ("condenser_max", 305.15),
            ("curve_part_load_max", 1.0),
            ("capft_1", 1.0),
            ("eirft_1", 1.0),
            ("eirfplr_1", 0.2),
            ("eirfplr_2", 0.3),
            ("eirfplr_3", 0.5),
            ("condenser_cut_out", 323.15),
            ("condenser_restart", 313.15),
        ] {
            set(name, value);
        }
        Parameters::from_values(&values)
    }

    fn with(chilled_water_in: f64, chilled_water_flow: f64) -> Inputs<f64> {
        Inputs {
            chilled_water_in,
            chilled_water_flow,
            chilled_water_heat: 4200.0,
            condenser_in: 298.15,
            load_limit: 1.0,
            cut_out: 0.0,
        }
    }

    #[test]
    fn at_half_load_it_draws_what_the_curve_says_and_the_condenser_takes_its_share() {
        // 20 kg/s · 4.2 kJ/(kg K) · 5.952381 K = 500 kW;  P = 200 kW · (0.2 + 0.15 + 0.125) = 95 kW
        let o = evaluate(&plain(), &with(285.15 + 500.0 / 84.0, 20.0));
        assert!((o.heat_to_chilled_water + 500e3).abs() < 1e-6);
        assert!((o.power - 95e3).abs() < 1e-6);
        // 500 + 0.9 · 95 = 585.5 kW to the condenser, 9.5 kW to the room
        assert!((o.heat_to_condenser - 585.5e3).abs() < 1e-6 && (o.heat_rejected - 9.5e3).abs() < 1e-6);
    }

    #[test]
    fn its_curves_read_degrees_celsius_leaving_the_evaporator_and_entering_the_condenser() {
        // 12 °C leaving, 25 °C entering: CAPFT = 0.5 + 0.02·12 + 0.01·25 = 0.99, EIRFT = 0.3 + 0.01·12 + 0.02·25 = 0.92
        let mut p = plain();
        (p.capft_1, p.capft_2, p.capft_4) = (0.5, 0.02, 0.01);
        (p.eirft_1, p.eirft_2, p.eirft_4) = (0.3, 0.01, 0.02);
        let o = evaluate(&p, &with(285.15 + 500.0 / 84.0, 20.0));
        assert!((o.capacity_available - 990e3).abs() < 1e-6);
        // PLR 500/990 = 0.505051: EIRFPLR = 0.2 + 0.151515 + 0.127538 = 0.479053;  990/5 · 0.92 · 0.479053 = 87.264 kW
        assert!((o.power - 87.264e3).abs() < 1.0, "{}", o.power);
    }

    #[test]
    fn a_biquadratic_has_six_terms() {
        // x = 2, y = 3: 1 + 2·10 + 4·100 + 3·1000 + 9·10⁴ + 6·10⁵ = 693421
        assert_eq!(biquadratic(2.0, 3.0, [1.0, 10.0, 100.0, 1e3, 1e4, 1e5]), 693_421.0);
    }

    #[test]
    fn its_part_load_may_be_limited_below_and_by_its_own_limit_at_once() {
        // 1260 kW asked of 1000 kW: a limit of 60 % of a machine that goes to 110 % leaves 660 kW
        let p = Parameters { part_load_max: 1.1, ..plain() };
        let o = evaluate(&p, &Inputs { load_limit: 0.6, ..with(300.15, 20.0) });
        assert!((o.heat_to_chilled_water + 660e3).abs() < 1e-6 && (o.part_load_ratio - 0.66).abs() < 1e-12);
    }

    #[test]
    fn below_its_least_load_it_cycles_at_the_unloaded_power() {
        // PLR 0.05: half of the time at EIRFPLR(0.2) = 0.2 + 0.06 + 0.02 = 0.28;  200 kW · 0.28 · 0.5 = 28 kW
        let o = evaluate(&plain(), &with(285.15 + 50.0 / 84.0, 20.0));
        assert!((o.power - 28e3).abs() < 1e-6, "{}", o.power);
    }

    #[test]
    fn beyond_its_capacity_the_water_leaves_warmer_and_that_is_said() {
        // 84 kW/K · 15 K = 1260 kW asked of 1000 kW
        let o = evaluate(&plain(), &with(300.15, 20.0));
        assert!((o.heat_to_chilled_water + 1e6).abs() < 1e-6 && (o.heat_missing - 260e3).abs() < 1e-6);
        // leaves at 12 °C + 260/84 K = 15.1 °C, 2.1 K above the curves' 13 °C
        assert!((o.leaving_outside - (260.0 / 84.0 - 1.0)).abs() < 1e-9);
    }

    #[test]
    fn stopped_cut_out_or_with_nothing_to_cool_it_draws_nothing_and_notes_nothing() {
        let cold = Inputs { condenser_in: 275.15, ..with(280.15, 20.0) };
        let stopped = Inputs { load_limit: 0.0, ..with(300.15, 20.0) };
        let cut_out = Inputs { cut_out: 1.0, ..with(300.15, 20.0) };
        for i in [cold, stopped, cut_out, with(300.15, 0.0)] {
            let o = evaluate(&plain(), &i);
            assert_eq!([o.power, o.heat_to_condenser, o.leaving_outside, o.condenser_outside], [0.0; 4]);
        }
    }

    #[test]
    fn ranges_upside_down_are_refused() {
        let mut p = plain();
        p.leaving_max = 270.15;
        let message = size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap_err();
        assert_eq!(message, "leaving_min must be below leaving_max");
    }
}
