//! Humidifier: sprays or fogs water into the air of a hall so that it does not become too dry.
//!
//! # Equations
//! ```text
//! ṁ_w = output·ṁ_design                       water taken up, all of it as vapour
//! ΔH  = ṁ_w·h_water(T_make-up) + P            total enthalpy gained by the air
//! P   = ṁ_w·e                                 e: electricity per mass of water (pump, piezo, or steam)
//! ```
//! With cold fog the air cools along its wet-bulb line; with steam `e` is the heat of evaporation and it stays as warm.
//!
//! # Assumptions
//! Everything sprayed evaporates in the air stream; nothing is drained. All electricity ends in the air.
//!
//! # Valid for
//! Leaving air below saturation: a note says where more is sprayed than the air can take.
//!
//! # Use
//! Between air handler and cold aisle: `crah.air -> humidifier -> aisles.cold`. The delivered loop holds the dew point
//! of the air that leaves. A site with this kind is not zero-water as long as it runs.
//!
//! # Source
//! ASHRAE *Fundamentals* (2017) ch. 1, eq. 42–44 (adiabatic mixing of water injected into moist air);
//! liquid enthalpy as in `media::water`.
//!
//! # Verified by
//! Hand calculation below; psychrolib's saturation line, `tests/validation/oracle/direct_evap_cooler.csv`, in
//! `isotherm validate`.

use crate::declare::{Action, Actuator, Bound, Effect, Limit, Port, Regulator, Role, Use, Water};
use crate::{component, inputs, outputs, parameters};
use media::{moist_air, water};
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Water at full output.
        water_flow_design: MassFlow in "0.0001 kg/s"..="100 kg/s";
        /// Electricity per mass of water.
        energy_per_water: SpecificEnthalpy in "0 kJ/kg"..="4000 kJ/kg" usual "10 kJ/kg"..="3000 kJ/kg" default "40 kJ/kg";
        /// Temperature of the make-up water.
        make_up_temperature: Temperature in "1 °C"..="60 °C" default "15 °C";
        /// Dew point of the leaving air that is held.
        dew_point_setpoint: Temperature in "-15 °C"..="20 °C" usual "-9 °C"..="12 °C" default "5 °C";
        /// Air held by the spray section.
        air_content: Volume in "0.01 m3"..="10000 m3" default "5 m3";
        /// Relative share of the flow where passages are parallel.
        air_flow_design: VolumeFlow in "0.01 m3/s"..="10000 m3/s" default "10 m3/s";
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("electricity", "Feeds pump, piezo or heater."),
    Port::air("air", "The air to be humidified.").holds("air_content").shared_by("air_flow_design"),
];

const ACTUATORS: &[Actuator] = &[Actuator {
    name: "output",
    doc: "Share of the full water flow.",
    low: Bound::Value(0.0),
    high: Bound::Value(1.0),
    rest: Bound::Value(0.0),
    travel: 20.0,
}];

const REGULATORS: &[Regulator] = &[Regulator {
    actuator: "output",
    sensor: "dew_point_out",
    setpoint: "dew_point_setpoint",
    action: Action::Raises,
    band: 6.0,
    integral_time: 300.0,
    period: 10.0,
}];

inputs! {
    /// Flow of dry air.
    air_flow: Role::Flow("air");
    /// Enthalpy of the entering air.
    enthalpy: Role::Enthalpy("air");
    /// Humidity ratio of the entering air.
    humidity_ratio: Role::Humidity("air");
    /// Pressure of the air.
    pressure: Role::Pressure("air");
    /// Share of the full water flow.
    output: Role::Actuator("output");
}

outputs! {
    /// Vapour given to the air.
    vapour: Effect::Moisture("air");
    /// Enthalpy given to the air: that of the water and the electricity.
    heat_to_air: Effect::Heat("air");
    /// Enthalpy that the make-up water brings.
    water_enthalpy: Effect::Carried;
    /// Water evaporated.
    evaporated: Effect::Water(Water::Humidification);
    /// Water taken from the mains.
    make_up: Effect::Water(Water::MakeUp);
    /// Power drawn.
    power: Effect::Power("electricity");
    /// The same power in the account.
    humidifier_power: Effect::Use(Use::Other);
    /// Dew point of the leaving air.
    dew_point_out: Effect::Reading(Quantity::Temperature);
    /// Relative humidity of the leaving air.
    relative_humidity_out: Effect::Reading(Quantity::Ratio);
    /// Relative humidity above saturation while water is sprayed.
    excess: Effect::Reading(Quantity::Ratio);
}

const LIMITS: &[Limit] = &[Limit {
    of: "excess",
    low: None,
    high: Some(Bound::Value(1e-3)),
    text: "more water is sprayed than the air can take",
}];

component!(Humidifier, "humidifier", "humidifier.rs" {
    ports: PORTS, actuators: ACTUATORS, regulators: REGULATORS, limits: LIMITS,
});

/// Flows of dry air below this [kg/s] count as this where a state of the leaving air is reported.
const SMALLEST_FLOW: f64 = 1e-3;
/// More water than air can take would leave it below any temperature [K] at which saturation is known.
const COLDEST: f64 = 173.15;

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let sprayed = i.output.positive() * p.water_flow_design;
    let brought = sprayed * water::enthalpy(R::constant(p.make_up_temperature));
    let power = sprayed * p.energy_per_water;
    let gained = brought + power;
    let air_flow = i.air_flow.at_least(R::lift(SMALLEST_FLOW));
    let humidity_out = i.humidity_ratio + sprayed / air_flow;
    let leaving = moist_air::temperature_from_enthalpy(i.enthalpy + gained / air_flow, humidity_out)
        .at_least(R::lift(COLDEST));
    let relative_humidity = moist_air::relative_humidity(leaving, humidity_out, i.pressure);
    let saturation = R::number(1.0);
    Outputs {
        vapour: sprayed,
        heat_to_air: gained,
        water_enthalpy: brought,
        evaporated: sprayed,
        make_up: sprayed,
        power,
        humidifier_power: power,
        dew_point_out: moist_air::dew_point(humidity_out, i.pressure),
        relative_humidity_out: relative_humidity,
        excess: (relative_humidity - saturation).positive() * i.output,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOG: Parameters<f64> = Parameters {
        water_flow_design: 0.01,
        energy_per_water: 0.0,
        make_up_temperature: 288.15,
        dew_point_setpoint: 278.15,
        air_content: 5.0,
        air_flow_design: 10.0,
    };

    fn dry_hall(output: f64) -> Inputs<f64> {
        Inputs {
            air_flow: 5.0,
            enthalpy: moist_air::enthalpy(298.15, 0.003),
            humidity_ratio: 0.003,
            pressure: 101_325.0,
            output,
        }
    }

    #[test]
    fn ten_grams_a_second_in_five_kilograms_add_two_grams_per_kilogram() {
        // 0.003 + 0.01/5 = 0.005: dew point near 3.9 °C; the water brings 0.01·4186·15 = 627.9 W
        let o = evaluate(&FOG, &dry_hall(1.0));
        assert!((o.water_enthalpy - 627.9).abs() < 1e-9 && o.power == 0.0);
        assert!((o.dew_point_out - moist_air::dew_point(0.005, 101_325.0)).abs() < 1e-12);
        assert!((o.dew_point_out - 277.05).abs() < 0.1, "{}", o.dew_point_out);
        // 32.9 kJ/kg with 5 g/kg are 20.1 °C, which 14.8 g/kg would saturate: 34 %, and nothing is too much
        assert!(
            (o.relative_humidity_out - 0.343).abs() < 0.002 && o.excess == 0.0,
            "{}",
            o.relative_humidity_out
        );
    }

    #[test]
    fn steam_brings_its_own_heat_of_evaporation() {
        // 0.01 kg/s at 2600 kJ/kg: 26 kW, all of it in the air with the water's 627.9 W
        let o = evaluate(&Parameters { energy_per_water: 2.6e6, ..FOG }, &dry_hall(1.0));
        assert!((o.power - 26e3).abs() < 1e-9 && (o.heat_to_air - 26_627.9).abs() < 1e-9);
    }

    #[test]
    fn in_air_that_hardly_moves_it_is_far_too_wet_and_still_a_number() {
        // 0.01 kg/s in 0.01 kg/s: 1 kg/kg would have to evaporate from 33 kJ/kg
        let o = evaluate(&FOG, &Inputs { air_flow: 0.01, ..dry_hall(1.0) });
        assert!(o.relative_humidity_out.is_finite() && o.relative_humidity_out > 1.0);
        assert!((o.excess - (o.relative_humidity_out - 1.0)).abs() < 1e-9 * o.excess);
    }

    #[test]
    fn switched_off_it_takes_no_drop() {
        let o = evaluate(&FOG, &dry_hall(0.0));
        assert_eq!((o.make_up, o.evaporated, o.heat_to_air), (0.0, 0.0, 0.0));
    }
}
