//! Adiabatic cooler: a dry cooler with wetted pads that pre-cool its air on hot days.
//!
//! # Equations
//! ```text
//! T_coil = T_db − on·η·(T_db − T_wb)                       on: 1 while the pads are wet
//! W_coil = W(T_coil, T_wb)                                  along the line of constant wet bulb
//! Q, ṁ_air: the dry cooler's, with T_coil and W_coil for outdoor air
//! pads     = ṁ_air·(W_coil − W)                             evaporated
//! bleed    = pads·bleed_ratio                               drained
//! make-up  = pads + bleed
//! P        = P_design·n³·(1 + on·pad_resistance)
//! ```
//!
//! # The account of heat and water
//! Pad water circulates at the wet bulb: evaporating there it takes from the air just what makes its wet
//! bulb constant, `ṁ_air·(h_coil − h_in) = pads·h_w(T_wb)`. Make-up enters with its own enthalpy, bleed
//! leaves at the wet bulb, and the air that leaves the coil carries the difference:
//! ```text
//! Carried  = make-up·h_w(T_make-up) − bleed·h_w(T_wb)
//! Rejected = P + Q + Carried
//! ```
//!
//! # Assumptions
//! The pads are wet at once when they switch on, for at least ten minutes, and dry at once when they switch off. They hold the same
//! share of saturation at every air flow. They let no droplets through. The coil is the dry cooler's.
//!
//! # Valid for
//! Dry bulbs of −50…60 °C; pads on above 5 °C.
//!
//! # Source
//! EnergyPlus Engineering Reference, "Evaporative Coolers", Direct Evaporative Cooler (saturation efficiency,
//! constant wet bulb). Coil: `dry_cooler`. Saturation efficiency 0.8, switch at 24 °C, bleed 0.2–1 of
//! evaporation, 10–25 % more fan power: CE076, CE077, engineering knowledge, to verify.
//!
//! # Verified by
//! `tests/validation/oracle/direct_evap_cooler.csv` in `isotherm validate`; hand calculation
//! below.

use crate::cooling::dry_cooler;
use crate::declare::{
    Action, Actuator, Bound, Effect, Limit, Outdoor, Port, Regulator, Role, Switch, Use, Water,
};
use crate::kernel::{Kind, Surroundings};
use crate::{component, inputs, outputs, parameters};
use media::{moist_air, water};
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Heat rejected at the design point.
        capacity_design: Power in "1 kW"..="100 MW";
        /// Water leaving less the temperature of the air at the coil at the design point.
        approach_design: TemperatureDifference in "1 K"..="40 K" usual "4 K"..="15 K" default "8 K";
        /// Water entering less water leaving at the design point.
        range_design: TemperatureDifference in "1 K"..="40 K" usual "4 K"..="15 K" default "10 K";
        /// Air flow of all fans at full speed.
        air_flow_design: VolumeFlow in "0.01 m3/s"..="10000 m3/s";
        /// Power of all fans at full speed, pads dry.
        fan_power_design: Power in "0 W"..="10 MW";
        /// Additional fan power while the pads are wet, as a share.
        pad_resistance: Ratio in "0"..="1" usual "0.1"..="0.25" default "0.15";
        /// Share of the way from dry bulb to wet bulb.
        pad_effectiveness: Ratio in "0"..="1" usual "0.65"..="0.92" default "0.8";
        /// Dry bulb above which the pads are wetted.
        pads_on_above: Temperature in "5 °C"..="60 °C" usual "18 °C"..="30 °C" default "24 °C";
        /// Dry bulb below which they are dry again.
        pads_off_below: Temperature in "4 °C"..="60 °C" usual "16 °C"..="29 °C" default "22 °C";
        /// Water drained per water evaporated.
        bleed_ratio: Ratio in "0"..="5" usual "0"..="1" default "0.5";
        /// Temperature of the make-up water.
        make_up_temperature: Temperature in "0 °C"..="50 °C" usual "5 °C"..="30 °C" default "15 °C";
        /// Water held by coil and headers.
        water_content: Volume in "0.1 L"..="1000 m3";
        /// Temperature of the leaving water that the fans hold.
        supply_setpoint: Temperature in "-20 °C"..="70 °C" usual "5 °C"..="45 °C" default "25 °C";
        /// Lowest fan speed.
        fan_speed_min: Ratio in "0"..="1" default "0";
    }
    choices {
        /// Barometric pressure at which the data sheet's air flow and capacity hold.
        rated_at: [SeaLevel, SiteLevel] default SeaLevel;
    }
    derived {
        /// Conductance at full speed.
        conductance_design: Conductance;
    }
}

impl<V: Real<Value = V>> Parameters<V> {
    /// The same machine without pads; of fans of two speeds nothing is used.
    fn dry(&self) -> dry_cooler::Parameters<V> {
        dry_cooler::Parameters {
            capacity_design: self.capacity_design,
            approach_design: self.approach_design,
            range_design: self.range_design,
            air_flow_design: self.air_flow_design,
            fan_power_design: self.fan_power_design,
            water_content: self.water_content,
            supply_setpoint: self.supply_setpoint,
            fan_speed_min: self.fan_speed_min,
            low_speed: V::number(0.5),
            low_speed_power: V::number(0.16),
            low_speed_capacity: V::number(0.5),
            dry_bulb_design: V::number(308.15),
            wet_bulb_design: V::number(298.75),
            fans: V::number(0.0),
            rated_at: self.rated_at,
            rated_in: V::number(0.0),
            conductance_design: self.conductance_design,
            conductance_low: self.conductance_design,
        }
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("electricity", "Feeds the fans."),
    Port::liquid("water", "The water or glycol to be cooled.")
        .holds("water_content")
        .shared_by("capacity_design"),
];

const ACTUATORS: &[Actuator] = &[Actuator {
    name: "fan_speed",
    doc: "Speed of all fans, as a share of full speed.",
    low: Bound::Parameter("fan_speed_min"),
    high: Bound::Value(1.0),
    rest: Bound::Value(1.0),
    travel: 5.0,
}];

const REGULATORS: &[Regulator] = &[Regulator {
    actuator: "fan_speed",
    sensor: "water_out",
    setpoint: "supply_setpoint",
    action: Action::Lowers,
    band: 6.0,
    integral_time: 180.0,
    period: 5.0,
}];

const SWITCHES: &[Switch] = &[Switch {
    name: "pads",
    sensor: "weather.dry_bulb",
    on_above: Bound::Parameter("pads_on_above"),
    off_below: Bound::Parameter("pads_off_below"),
    hold: 600.0,
    note: "",
}];

inputs! {
    /// Temperature of the entering water.
    water_in: Role::Temperature("water");
    /// Mass flow of the water.
    water_flow: Role::Flow("water");
    /// Its specific heat.
    specific_heat: Role::SpecificHeat("water");
    /// Outdoor dry bulb.
    dry_bulb: Role::Outdoor(Outdoor::DryBulb);
    /// Outdoor wet bulb.
    wet_bulb: Role::Outdoor(Outdoor::WetBulb);
    /// Outdoor humidity ratio.
    humidity_ratio: Role::Outdoor(Outdoor::HumidityRatio);
    /// Barometric pressure.
    pressure: Role::Outdoor(Outdoor::Pressure);
    /// Fan speed as a share of full speed.
    fan_speed: Role::Actuator("fan_speed");
    /// Whether the pads are wet.
    pads: Role::Switch("pads");
}

outputs! {
    /// Heat given to the water (negative while it is cooled).
    heat_to_water: Effect::Heat("water");
    /// Enthalpy gained by the air, and the fans' power.
    heat_rejected: Effect::Rejected;
    /// Enthalpy of the make-up less that of the bleed.
    water_enthalpy: Effect::Carried;
    /// Water evaporated from the pads.
    evaporation: Effect::Water(Water::Pads);
    /// Water drained from the pads' sump.
    bleed: Effect::Water(Water::Blowdown);
    /// Water taken from the mains.
    make_up: Effect::Water(Water::MakeUp);
    /// Power drawn by the fans.
    power: Effect::Power("electricity");
    /// The same power in the account.
    fan_power: Effect::Use(Use::HeatRejectionFans);
    /// Temperature of the air at the coil.
    air_at_coil: Effect::Reading(Quantity::Temperature);
    /// Its humidity ratio.
    humidity_at_coil: Effect::Reading(Quantity::HumidityRatio);
}

const LIMITS: &[Limit] = &[Limit {
    of: "dry_bulb",
    low: Some(Bound::Value(223.15)),
    high: Some(Bound::Value(333.15)),
    text: "outdoor air outside −50…60 °C",
}];

component!(AdiabaticCooler, "adiabatic cooler", "adiabatic_cooler.rs" {
    ports: PORTS,
    actuators: ACTUATORS,
    regulators: REGULATORS,
    switches: SWITCHES,
    limits: LIMITS,
    size: size,
});

/// Conductance of the coil, as the dry cooler's.
fn size(p: &mut Parameters<f64>, surroundings: &Surroundings) -> Result<(), String> {
    if p.pads_off_below >= p.pads_on_above {
        return Err("pads_off_below must be below pads_on_above".into());
    }
    let mut values = p.dry().to_values();
    dry_cooler::DryCooler.size(&mut values, surroundings)?;
    p.conductance_design = dry_cooler::Parameters::from_values(&values).conductance_design;
    Ok(())
}

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let air_at_coil = i.dry_bulb - i.pads * (i.dry_bulb - i.wet_bulb) * p.pad_effectiveness;
    let wetted = moist_air::humidity_ratio_from_wet_bulb(air_at_coil, i.wet_bulb, i.pressure);
    let gained = (wetted - i.humidity_ratio).positive() * i.pads;
    let humidity_at_coil = i.humidity_ratio + gained;
    let coil = dry_cooler::Inputs {
        water_in: i.water_in,
        water_flow: i.water_flow,
        specific_heat: i.specific_heat,
        dry_bulb: air_at_coil,
        humidity_ratio: humidity_at_coil,
        pressure: i.pressure,
        fan_speed: i.fan_speed,
    };
    let dry = p.dry();
    let (rate, fan_power) = dry_cooler::variable_speed(&dry, &coil, dry_cooler::full_air(&dry, &coil));
    let heat_to_water = -(rate * (i.water_in - air_at_coil));
    let density = moist_air::dry_air_density(air_at_coil, humidity_at_coil, i.pressure);
    let evaporation = i.fan_speed * density * gained * p.air_flow_design;
    let bleed = evaporation * p.bleed_ratio;
    let make_up = evaporation + bleed;
    let water_enthalpy =
        make_up * water::enthalpy(p.make_up_temperature) - bleed * water::enthalpy(i.wet_bulb);
    let power = fan_power * (i.pads * p.pad_resistance + R::number(1.0));
    Outputs {
        heat_to_water,
        heat_rejected: power - heat_to_water + water_enthalpy,
        water_enthalpy,
        evaporation,
        bleed,
        make_up,
        power,
        fan_power: power,
        air_at_coil,
        humidity_at_coil,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_megawatt() -> Parameters<f64> {
        let mut p = Parameters {
            capacity_design: 1e6,
            approach_design: 8.0,
            range_design: 10.0,
            air_flow_design: 80.0,
            fan_power_design: 20e3,
            pad_resistance: 0.15,
            pad_effectiveness: 0.8,
            pads_on_above: 297.15,
            pads_off_below: 295.15,
            bleed_ratio: 0.5,
            make_up_temperature: 288.15,
            water_content: 0.3,
            supply_setpoint: 298.15,
            fan_speed_min: 0.0,
            rated_at: 0.0,
            conductance_design: 0.0,
        };
        size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap();
        p
    }

    fn hot_day(pads: f64) -> Inputs<f64> {
        let (dry_bulb, wet_bulb, pressure) = (311.15, 293.15, 101_325.0);
        Inputs {
            water_in: 319.15,
            water_flow: 100e3 / 4180.0,
            specific_heat: 4180.0,
            dry_bulb,
            wet_bulb,
            humidity_ratio: moist_air::humidity_ratio_from_wet_bulb(dry_bulb, wet_bulb, pressure),
            pressure,
            fan_speed: 1.0,
            pads,
        }
    }

    #[test]
    fn wet_pads_cool_the_air_by_their_share_of_the_wet_bulb_depression() {
        // 38 − 0.8 · (38 − 20) = 23.6 °C
        let o = evaluate(&one_megawatt(), &hot_day(1.0));
        assert!((o.air_at_coil - 296.75).abs() < 1e-9);
        let dry = evaluate(&one_megawatt(), &hot_day(0.0));
        // (46 − 23.6) / (46 − 38) = 2.8 times the difference and some more air by mass
        assert!(o.heat_to_water / dry.heat_to_water > 2.8 && o.heat_to_water / dry.heat_to_water < 3.0);
    }

    #[test]
    fn water_is_what_the_air_gains_and_half_of_it_bled() {
        let (p, i) = (one_megawatt(), hot_day(1.0));
        let o = evaluate(&p, &i);
        // 14.4 K at 1.03 kJ/(kg K) over 2.45 MJ/kg: 6.0 g/kg on 93 kg/s: 0.56 kg/s
        assert!((o.humidity_at_coil - i.humidity_ratio - 6.0e-3).abs() < 1e-4);
        assert!((o.evaporation - 0.56).abs() < 0.01, "{}", o.evaporation);
        assert_eq!(o.bleed, 0.5 * o.evaporation);
        assert_eq!(o.make_up, o.evaporation + o.bleed);
        assert!((o.power - 1.15 * 20e3).abs() < 1e-9);
    }

    #[test]
    fn make_up_brings_water_of_fifteen_degrees_and_the_bleed_takes_water_of_the_wet_bulb() {
        let o = evaluate(&one_megawatt(), &hot_day(1.0));
        // Of each kilogram that evaporates: (1.5 · 15 K − 0.5 · 20 K) · 4186 J/(kg K) = 52.325 kJ
        assert!((o.water_enthalpy - 52_325.0 * o.evaporation).abs() < 1e-6, "{}", o.water_enthalpy);
    }

    #[test]
    fn pad_water_at_the_wet_bulb_changes_the_air_by_its_own_enthalpy_alone() {
        let (p, i) = (one_megawatt(), hot_day(1.0));
        let o = evaluate(&p, &i);
        let gained = o.humidity_at_coil - i.humidity_ratio;
        let rise = moist_air::enthalpy(o.air_at_coil, o.humidity_at_coil)
            - moist_air::enthalpy(i.dry_bulb, i.humidity_ratio);
        assert!((rise - gained * water::enthalpy(i.wet_bulb)).abs() < 1e-6);
    }

    #[test]
    fn dry_pads_use_no_water() {
        let o = evaluate(&one_megawatt(), &hot_day(0.0));
        assert_eq!([o.evaporation, o.bleed, o.make_up, o.water_enthalpy], [0.0; 4]);
        assert_eq!(o.power, 20e3);
    }
}
