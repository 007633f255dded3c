//! Accelerator under a heat sink: die and sink store heat, the air takes it away.
//!
//! # Equations
//! ```text
//! C_die·dT_die/dt   = P − (T_die − T_sink)/R_jc
//! C_sink·dT_sink/dt = (T_die − T_sink)/R_jc − Q
//! Q  = ε·C·(T_sink − T_in)       ε = 1 − e^−(UA/C),  C = ṁ·cp
//! UA = UA_design·φ^n             φ = ṁ/ṁ_design
//! ```
//! `P` is the power of [`crate::it::chip`]. A data sheet gives the resistance from case to air
//! *inlet* at full air flow, `1/(ε·C)`; `UA_design` follows from it. The design flow is a volume flow
//! of dry air of 20 °C at 101 325 Pa, so that thin air cools less at the same fan speed.
//!
//! # Assumptions
//! The sink (vapour chamber and fins) is of one temperature; nothing condenses; all air of the passage
//! goes through the fins.
//!
//! # Valid for
//! Flows above `air_flow_share_min` of the design flow. With the default exponent of 0.45 the usual
//! data-sheet form `1/(ε·C) = R_0·φ^−0.6` is met within 4 % for φ = 0.2…1, the other part of its
//! exponent being the air's own rise; towards still air the heat tends to zero, as the second law wants.
//!
//! # Source
//! Laminar flow between fins has exponents from 0 (developed) to 0.5 (boundary layer): F. Incropera et al.,
//! *Fundamentals of Heat and Mass Transfer*, 6th ed., section 8.4 and eq. 7.30 (recalled, to verify); effectiveness
//! eq. 11.35a. Values: the records.
//!
//! # Verified by
//! Hand calculation below.

use crate::cooling::exchange;
use crate::declare::{Bound, Effect, Limit, Port, Role, State, Store, Switch, Use};
use crate::it::air_board::rated_mass_flow;
use crate::it::chip::{self, Chip};
use crate::kernel::Surroundings;
use crate::{component, inputs, outputs, parameters};
use media::moist_air;
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Power without work.
        power_idle: Power in "0 W"..="10 kW";
        /// Power at full utilisation at the reference temperature.
        power_max: Power in "1 W"..="20 kW";
        /// Exponent of utilisation in the power.
        power_exponent: Ratio in "0.2"..="3" usual "0.5"..="1.5" default "1";
        /// Leakage contained in the power at full utilisation.
        leakage_reference: Power in "0 W"..="5 kW" default "0 W";
        /// Junction temperature at which the power at full utilisation holds.
        temperature_reference: Temperature in "0 °C"..="120 °C" usual "40 °C"..="90 °C" default "80 °C";
        /// Temperature rise that multiplies the leakage by e.
        leakage_scale: TemperatureDifference in "5 K"..="500 K" usual "20 K"..="80 K" default "30 K";
        /// Junction temperature above which the chip throttles.
        temperature_throttle: Temperature in "20 °C"..="150 °C" usual "75 °C"..="105 °C" default "87 °C";
        /// How far the junction must fall below that before it runs at full speed again.
        throttle_band: TemperatureDifference in "0.1 K"..="50 K" usual "1 K"..="10 K" default "4 K";
        /// Share of full utilisation that remains while it throttles.
        throttle_share: Ratio in "0"..="1" usual "0.3"..="0.9" default "0.5";
        /// Junction temperature that must not be exceeded.
        temperature_max: Temperature in "20 °C"..="200 °C" usual "80 °C"..="115 °C" default "92 °C";
        /// Resistance from junction to case, interface included.
        resistance_junction_to_case: ThermalResistance in "0.0001 K/W"..="10 K/W" usual "0.003 K/W"..="0.1 K/W" default "0.01 K/W";
        /// Resistance from case to air inlet at design flow.
        resistance_rated: ThermalResistance in "0.005 K/W"..="50 K/W" usual "0.03 K/W"..="1 K/W";
        /// Exponent of the flow in the conductance.
        film_exponent: Ratio in "0"..="1" usual "0.3"..="0.8" default "0.45";
        /// Air flow per chip at full fan speed; it weighs this sink among parallel ones.
        air_flow_design: VolumeFlow in "0.00001 m3/s"..="10 m3/s" usual "0.001 m3/s"..="0.2 m3/s";
        /// Lowest share of that flow for which the resistance is known.
        air_flow_share_min: Ratio in "0"..="1" default "0.2";
        /// Heat capacity of die and package.
        capacity_die: HeatCapacity in "0.1 J/K"..="100 kJ/K" default "100 J/K";
        /// Heat capacity of the sink.
        capacity_sink: HeatCapacity in "0.1 J/K"..="1000 kJ/K" default "800 J/K";
        /// Air in and behind the sink.
        air_content: Volume in "0.01 L"..="10 m3" default "2 L";
    }
    derived {
        /// Conductance from sink to air at design flow.
        conductance_design: Conductance;
        /// Mass flow of dry air at design flow.
        mass_flow_design: MassFlow;
        /// Junction temperature below which throttling ends.
        temperature_release: Temperature;
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("electricity", "Feeds the chip."),
    Port::air("air", "The air through the fins.").holds("air_content").shared_by("air_flow_design"),
];

const STATES: &[State] = &[
    State {
        name: "die",
        doc: "Junction temperature.",
        store: Store::Heat("capacity_die"),
        initial: Bound::Value(328.15),
        scale: 30.0,
        inventory: false,
    },
    State {
        name: "sink",
        doc: "Temperature of the sink at the case.",
        store: Store::Heat("capacity_sink"),
        initial: Bound::Value(323.15),
        scale: 30.0,
        inventory: false,
    },
];

const SWITCHES: &[Switch] = &[Switch {
    name: "throttle",
    sensor: "die",
    on_above: Bound::Parameter("temperature_throttle"),
    off_below: Bound::Parameter("temperature_release"),
    hold: 60.0,
    note: "throttled by its junction temperature",
}];

inputs! {
    /// Junction temperature.
    die: Role::State("die");
    /// Temperature of the sink.
    sink: Role::State("sink");
    /// Enthalpy of the entering air.
    air_enthalpy: Role::Enthalpy("air");
    /// Its humidity ratio.
    air_humidity: Role::Humidity("air");
    /// Mass flow of dry air.
    air_flow: Role::Flow("air");
    /// Utilisation asked for.
    utilisation: Role::Signal("utilisation");
    /// 1 while throttled.
    throttle: Role::Switch("throttle");
}

outputs! {
    /// Net heat flow into the die.
    die_heat: Effect::Store("die");
    /// Net heat flow into the sink.
    sink_heat: Effect::Store("sink");
    /// Heat given to the air.
    heat_to_air: Effect::Heat("air");
    /// Power drawn.
    power: Effect::Power("electricity");
    /// The same power in the account.
    it_power: Effect::Use(Use::It);
    /// Utilisation delivered.
    throughput: Effect::Reading(Quantity::Ratio);
    /// Mass flow as a share of the design flow.
    air_flow_share: Effect::Reading(Quantity::Ratio);
    /// Temperature of the entering air.
    inlet_temperature: Effect::Reading(Quantity::Temperature);
}

const LIMITS: &[Limit] = &[
    Limit {
        of: "die",
        low: None,
        high: Some(Bound::Parameter("temperature_max")),
        text: "junction above its highest temperature",
    },
    Limit {
        of: "air_flow_share",
        low: Some(Bound::Parameter("air_flow_share_min")),
        high: None,
        text: "air flow below the range in which the heat sink is known",
    },
];

component!(HeatSinkAccelerator, "accelerator under a heat sink", "heat_sink_accelerator.rs" {
    ports: PORTS,
    states: STATES,
    switches: SWITCHES,
    limits: LIMITS,
    size: size,
});

/// Flow below this share of the design one is taken as this in the conductance.
const LEAST_FLOW: f64 = 1e-4;

impl<V: Copy> Parameters<V> {
    fn chip(&self) -> Chip<V> {
        Chip {
            power_idle: self.power_idle,
            power_max: self.power_max,
            power_exponent: self.power_exponent,
            leakage_reference: self.leakage_reference,
            temperature_reference: self.temperature_reference,
            leakage_scale: self.leakage_scale,
        }
    }
}

/// `1/(ε·C) = R_rated` solved for UA.
fn size(p: &mut Parameters<f64>, _: &Surroundings) -> Result<(), String> {
    chip::contradiction(&p.chip())?;
    p.temperature_release = p.temperature_throttle - p.throttle_band;
    p.mass_flow_design = rated_mass_flow(p.air_flow_design);
    let rate = p.mass_flow_design * moist_air::specific_heat(0.0);
    let effectiveness = 1.0 / (p.resistance_rated * rate);
    if effectiveness >= 0.995 {
        return Err(format!(
            "resistance_rated {:.4} K/W cannot be reached: the air at air_flow_design alone warms by {:.4} K/W; \
             raise one of them",
            p.resistance_rated,
            1.0 / rate
        ));
    }
    p.conductance_design = -rate * (1.0 - effectiveness).ln();
    Ok(())
}

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let throughput = chip::delivered(i.utilisation, i.throttle, p.throttle_share);
    let power = chip::power(&p.chip(), throughput, i.die);
    let air_flow_share = i.air_flow / p.mass_flow_design;
    let conductance =
        air_flow_share.at_least(R::lift(LEAST_FLOW)).powf(p.film_exponent) * p.conductance_design;
    let rate = i.air_flow * moist_air::specific_heat(i.air_humidity);
    let air_in = moist_air::temperature_from_enthalpy(i.air_enthalpy, i.air_humidity);
    let heat = exchange::against_body(conductance, rate) * (i.sink - air_in);
    let across = (i.die - i.sink) / p.resistance_junction_to_case;
    Outputs {
        die_heat: power - across,
        sink_heat: across - heat,
        heat_to_air: heat,
        power,
        it_power: power,
        throughput,
        air_flow_share,
        inlet_temperature: air_in,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn h100() -> Parameters<f64> {
        let mut p = Parameters {
            power_idle: 72.0,
            power_max: 700.0,
            power_exponent: 1.0,
            leakage_reference: 0.0,
            temperature_reference: 353.15,
            leakage_scale: 30.0,
            temperature_throttle: 360.15,
            throttle_band: 4.0,
            throttle_share: 0.5,
            temperature_max: 365.15,
            resistance_junction_to_case: 0.01,
            resistance_rated: 0.055,
            film_exponent: 0.45,
            air_flow_design: 0.042,
            air_flow_share_min: 0.2,
            capacity_die: 100.0,
            capacity_sink: 800.0,
            air_content: 2e-3,
            conductance_design: 0.0,
            mass_flow_design: 0.0,
            temperature_release: 0.0,
        };
        size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap();
        p
    }

    /// Dry air of 26 °C at a share of the design flow.
    fn at_rest(share: f64) -> Inputs<f64> {
        Inputs {
            die: 299.15,
            sink: 299.15,
            air_enthalpy: 1006.0 * 26.0,
            air_humidity: 0.0,
            air_flow: share * h100().mass_flow_design,
            utilisation: 0.0,
            throttle: 0.0,
        }
    }

    #[test]
    fn at_600_watts_in_air_of_26_degrees_the_junction_settles_at_65() {
        // sink 26 + 600 · 0.055 = 59 °C;  die 59 + 600 · 0.010 = 65 °C
        let utilisation = (600.0 - 72.0) / (700.0 - 72.0);
        let o = evaluate(&h100(), &Inputs { sink: 332.15, die: 338.15, utilisation, ..at_rest(1.0) });
        assert!((o.power - 600.0).abs() < 1e-9 && (o.inlet_temperature - 299.15).abs() < 1e-9);
        assert!(o.die_heat.abs() < 1e-6 && o.sink_heat.abs() < 1e-6, "{o:?}");
    }

    #[test]
    fn with_less_air_the_resistance_grows_as_measured() {
        // R = 0.055 φ^−0.6: 0.0834 at a half, 0.1133 at 0.3 K/W. What remains: the air's own rise, which the
        // power law does not know apart, grows as 1/φ.
        for (share, tolerance) in [(0.2f64, 0.04), (0.3, 0.01), (0.5, 0.015), (0.8, 0.01), (1.0, 1e-9)] {
            let o = evaluate(&h100(), &Inputs { sink: 300.15, ..at_rest(share) });
            let law = 0.055 * share.powf(-0.6);
            assert!((1.0 / o.heat_to_air / law - 1.0).abs() < tolerance, "{share}: {}", 1.0 / o.heat_to_air);
        }
    }

    #[test]
    fn in_still_air_the_sink_keeps_its_heat() {
        let o = evaluate(&h100(), &Inputs { sink: 339.15, die: 344.15, ..at_rest(0.0) });
        // (71 − 66)/0.01 = 500 W into the sink, none out
        assert!((o.sink_heat - 500.0).abs() < 0.1);
    }

    #[test]
    fn it_works_at_full_again_when_it_is_cooler_by_its_band() {
        // throttled from 87 °C until it is 4 K cooler
        assert_eq!(h100().temperature_release, 356.15);
    }

    #[test]
    fn a_resistance_below_the_airs_own_rise_is_refused() {
        // 0.042 m³/s carry 50.9 W/K: 0.0197 K/W
        let mut p = Parameters { resistance_rated: 0.019, ..h100() };
        let message = size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap_err();
        assert!(message.contains("air_flow_design"), "{message}");
    }
}
