//! Air-side economizer: a damper box ahead of an air handler that replaces return air by outdoor air.
//!
//! # Equations
//! ```text
//! s     = opening·allowed·(1 − locked)                    share of outdoor air
//! x_mix = x + s·(x_out − x)                               x: enthalpy h, humidity ratio W, per kg of dry air
//! Q     = ṁ·s·(h_out − h) + φ·P + E·h_w(T_make-up)        given to the air; moisture ṁ·s·(W_out − W) + E
//! P     = P_design·(V̇/V̇_design)³,  V̇ = ṁ·s·v             relief fans; v: specific volume of the return air
//! E     = ṁ·min(W_min − W_mix, W_pads − W_mix)⁺           pads, where there are any
//! W_min  = W(dew_point_min),  W_pads = W at T_mix − η·(T_mix − T_wb), along the wet bulb of the mixed air
//! Rejected = (1 − φ)·P − ṁ·s·(h_out − h)                  the outdoors' share; negative while heat comes in
//! Carried  = make-up·h_w(T_make-up) − bleed·h_w(T_make-up)
//! ```
//! What the damper lets in leaves as relief air in the state of the return air, so the box keeps its dry air.
//!
//! | `control` | `allowed` |
//! |---|---|
//! | `FixedDryBulb` | 1: the switch `locked` alone decides |
//! | `DifferentialDryBulb` | 0 where outdoor air is warmer than return air, 1 where it is 1 K cooler |
//! | `DifferentialEnthalpy` | 0 where it has more enthalpy, 1 where it has 2 kJ/kg less |
//!
//! Between 0 and 1 it is linear, so that a damper neither jumps nor chatters. The switch closes the damper above
//! `locked_above` and frees it below `unlocked_below`, in every control: set both high where only the difference is to
//! count.
//!
//! # Use
//! Between the hot aisle and the air handler, whose coil cools what outdoor air leaves. Mixed air 0.5…1 K
//! below the handler's set-point leaves room for its fans' heat.
//! ```ron
//! "economizer": AirSideEconomizer(based_on: "air_economizer_400kw", mixed_air_setpoint: "23 °C"),
//! "crah":       Crah(based_on: "fan_wall_400kw", supply_air_setpoint: "24 °C"),
//! // connections
//! "transformer -> [crah, economizer]",
//! "crah.air -> hall.cold -> pod.air -> hall.hot -> economizer.air -> crah.air",
//! ```
//!
//! # Assumptions
//! Outdoor, return and relief dampers move together; a closed damper is tight, and `locked` closes it at once. Filters
//! and the outdoor air's pressure drop belong to the air handler's fans. Pads are bypassed so that they add what is
//! missing and no more; their bleed leaves at the temperature of the make-up. Mixed air may be foggy.
//!
//! # Valid for
//! Relief air up to 1.2 of its design flow. Dew points of the supplied air outside `dew_point_min`…`dew_point_max` are
//! reported; the damper does not heed them.
//!
//! # Source
//! Mixing and controls: EnergyPlus Engineering Reference, "Outdoor Air Controller" (economizer types). Dew points of
//! −9…15 °C: ASHRAE TC 9.9, recommended envelope (CE105), to verify. Limit of 25 °C: the outdoor temperature at which a
//! hall at Zhangbei changes over (CE071). Pads as in `adiabatic_cooler`. Widths of the linear parts: engineering
//! knowledge, to verify.
//!
//! # Verified by
//! Hand calculation below; identities in `engine/plant/tests/supply_identities.rs`; a day in
//! `engine/study/tests/outdoor_air.rs`; mixing and pads against psychrolib in `isotherm validate`. Grade 3.

use crate::declare::{
    Action, Actuator, Bound, Effect, Limit, Outdoor, Port, Regulator, Role, Switch, Use, Water,
};
use crate::kernel::Surroundings;
use crate::{component, inputs, outputs, parameters};
use media::{moist_air, water};
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Relief air that the fans below move, the same as the outdoor air let in.
        outdoor_air_flow_design: VolumeFlow in "0.01 m3/s"..="10000 m3/s";
        /// Power of the relief fans at that flow.
        fan_power_design: Power in "0 W"..="10 MW";
        /// Share of that power that warms the mixed air: 0 for relief fans, 1 for fans in the intake.
        fan_heat_share: Ratio in "0"..="1" default "0";
        /// Air in the box.
        air_content: Volume in "0.01 m3"..="100000 m3" default "20 m3";
        /// Temperature of the mixed air that the damper holds.
        mixed_air_setpoint: Temperature in "5 °C"..="45 °C" usual "15 °C"..="35 °C" default "23 °C";
        /// Largest share of outdoor air.
        outdoor_share_max: Ratio in "1 %"..="1" usual "0.5"..="1" default "1";
        /// Dry bulb above which the damper is locked.
        locked_above: Temperature in "-30 °C"..="70 °C" usual "18 °C"..="35 °C" default "25 °C";
        /// Dry bulb below which it is free again.
        unlocked_below: Temperature in "-31 °C"..="69 °C" usual "16 °C"..="34 °C" default "24 °C";
        /// Lowest dew point of the air supplied; with pads, the one they hold.
        dew_point_min: Temperature in "-40 °C"..="20 °C" usual "-12 °C"..="10 °C" default "-9 °C";
        /// Highest dew point of the air supplied.
        dew_point_max: Temperature in "-30 °C"..="40 °C" usual "10 °C"..="24 °C" default "15 °C";
        /// Share of the way from dry bulb to wet bulb that the pads can go.
        pad_effectiveness: Ratio in "0"..="1" usual "0.65"..="0.92" default "0.8";
        /// Water drained per water evaporated.
        bleed_ratio: Ratio in "0"..="5" usual "0"..="1" default "0.5";
        /// Temperature of the make-up water.
        make_up_temperature: Temperature in "0 °C"..="50 °C" usual "5 °C"..="30 °C" default "15 °C";
    }
    choices {
        /// What decides whether outdoor air is worth letting in.
        control: [FixedDryBulb, DifferentialDryBulb, DifferentialEnthalpy] default FixedDryBulb;
        /// What keeps the air from drying out.
        humidifier: [None, Pads] default None;
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("electricity", "Feeds the relief fans."),
    Port::air("air", "Return air in, mixed air out to the air handler.")
        .holds("air_content")
        .shared_by("outdoor_air_flow_design"),
];

const ACTUATORS: &[Actuator] = &[Actuator {
    name: "outdoor_share",
    doc: "Share of outdoor air that the damper would let in if it were allowed to.",
    low: Bound::Value(0.0),
    high: Bound::Parameter("outdoor_share_max"),
    rest: Bound::Value(0.0),
    travel: 30.0,
}];

const REGULATORS: &[Regulator] = &[Regulator {
    actuator: "outdoor_share",
    sensor: "air_out",
    setpoint: "mixed_air_setpoint",
    action: Action::Lowers,
    band: 25.0,
    integral_time: 180.0,
    period: 5.0,
}];

const SWITCHES: &[Switch] = &[Switch {
    name: "locked",
    sensor: "weather.dry_bulb",
    on_above: Bound::Parameter("locked_above"),
    off_below: Bound::Parameter("unlocked_below"),
    hold: 600.0,
    note: "",
}];

inputs! {
    /// Dry air through the box.
    air_flow: Role::Flow("air");
    /// Enthalpy of the return air.
    enthalpy: Role::Enthalpy("air");
    /// Humidity ratio of the return air.
    humidity_ratio: Role::Humidity("air");
    /// Outdoor dry bulb.
    dry_bulb: Role::Outdoor(Outdoor::DryBulb);
    /// Outdoor humidity ratio.
    outdoor_humidity: Role::Outdoor(Outdoor::HumidityRatio);
    /// Pressure of the air.
    pressure: Role::Pressure("air");
    /// Share of outdoor air that the damper would let in.
    outdoor_share: Role::Actuator("outdoor_share");
    /// Whether the damper is locked.
    locked: Role::Switch("locked");
}

outputs! {
    /// Enthalpy given to the air (negative while outdoor air cools it).
    heat_to_air: Effect::Heat("air");
    /// Moisture given to the air.
    moisture_to_air: Effect::Moisture("air");
    /// Heat given to the outdoors (negative while it comes in).
    heat_rejected: Effect::Rejected;
    /// Enthalpy of the make-up less that of the bleed.
    water_enthalpy: Effect::Carried;
    /// Water evaporated from the pads.
    evaporation: Effect::Water(Water::Humidification);
    /// Water drained from the pads' sump.
    bleed: Effect::Water(Water::Blowdown);
    /// Water taken from the mains.
    make_up: Effect::Water(Water::MakeUp);
    /// Power drawn by the relief fans.
    power: Effect::Power("electricity");
    /// The same power in the account.
    fan_power: Effect::Use(Use::AirHandlerFans);
    /// Share of outdoor air in the mixed air.
    share: Effect::Reading(Quantity::Ratio);
    /// Heat carried off with the relief air (negative while outdoor air brings more).
    heat_removed: Effect::Reading(Quantity::Power);
    /// Dew point of the air supplied.
    dew_point: Effect::Reading(Quantity::Temperature);
    /// Relief air as a share of its design flow.
    relief_load: Effect::Reading(Quantity::Ratio);
}

const LIMITS: &[Limit] = &[
    Limit {
        of: "dew_point",
        low: Some(Bound::Parameter("dew_point_min")),
        high: None,
        text: "the air supplied is drier than it should be",
    },
    Limit {
        of: "dew_point",
        low: None,
        high: Some(Bound::Parameter("dew_point_max")),
        text: "the air supplied is more humid than it should be",
    },
    Limit {
        of: "relief_load",
        low: None,
        high: Some(Bound::Value(1.2)),
        text: "more than 1.2 of the design flow is asked of the relief fans",
    },
];

component!(AirSideEconomizer, "air-side economizer", "air_side_economizer.rs" {
    ports: PORTS,
    actuators: ACTUATORS,
    regulators: REGULATORS,
    switches: SWITCHES,
    limits: LIMITS,
    size: size,
});

/// How much cooler than return air outdoor air is where a differential control lets all of it in [K].
const COOLER: f64 = 1.0;
/// The same for enthalpy [J/kg].
const LEANER: f64 = 2e3;

fn size(p: &mut Parameters<f64>, _: &Surroundings) -> Result<(), String> {
    if p.unlocked_below >= p.locked_above {
        return Err("unlocked_below must be below locked_above".into());
    }
    if p.dew_point_min >= p.dew_point_max {
        return Err("dew_point_min must be below dew_point_max".into());
    }
    Ok(())
}

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let (zero, one) = (R::lift(0.0), R::lift(1.0));
    let return_air = moist_air::temperature_from_enthalpy(i.enthalpy, i.humidity_ratio);
    let enthalpy_step = moist_air::enthalpy(i.dry_bulb, i.outdoor_humidity) - i.enthalpy;
    let humidity_step = i.outdoor_humidity - i.humidity_ratio;

    let cooler = ((return_air - i.dry_bulb) / R::number(COOLER)).within(zero, one);
    let leaner = (-enthalpy_step / R::number(LEANER)).within(zero, one);
    let differential = R::pick_below(p.control, R::number(1.5), cooler, leaner);
    let allowed = R::pick_below(p.control, R::number(0.5), one, differential);
    let share = i.outdoor_share * allowed * (one - i.locked);
    let outdoor_air = i.air_flow * share;
    let brought = outdoor_air * enthalpy_step;

    let relief = outdoor_air * moist_air::specific_volume(return_air, i.humidity_ratio, i.pressure);
    let relief_load = relief / p.outdoor_air_flow_design;
    let power = relief_load.cubed() * p.fan_power_design;
    let warming = power * p.fan_heat_share;

    let mixed_humidity = i.humidity_ratio + share * humidity_step;
    let mixed = moist_air::temperature_from_enthalpy(i.enthalpy + share * enthalpy_step, mixed_humidity);
    let wet_bulb = moist_air::wet_bulb(mixed, mixed_humidity, i.pressure);
    let behind_pads = mixed - (mixed - wet_bulb) * p.pad_effectiveness;
    let wetted = moist_air::humidity_ratio_from_wet_bulb(behind_pads, wet_bulb, i.pressure);
    let wanted = moist_air::humidity_ratio_from_dew_point(R::constant(p.dew_point_min), i.pressure);
    // `humidifier` is 0 without and 1 with pads.
    let gained = (wanted.at_most(wetted) - mixed_humidity).positive() * p.humidifier;
    let evaporation = i.air_flow * gained;
    let bleed = evaporation * p.bleed_ratio;
    let water_enthalpy = evaporation * water::enthalpy(p.make_up_temperature);
    Outputs {
        heat_to_air: brought + warming + water_enthalpy,
        moisture_to_air: outdoor_air * humidity_step + evaporation,
        heat_rejected: power - warming - brought,
        water_enthalpy,
        evaporation,
        bleed,
        make_up: evaporation + bleed,
        power,
        fan_power: power,
        share,
        heat_removed: -brought,
        dew_point: moist_air::dew_point(mixed_humidity + gained, i.pressure),
        relief_load,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn economizer(control: f64, humidifier: f64) -> Parameters<f64> {
        Parameters {
            outdoor_air_flow_design: 20.0,
            fan_power_design: 4e3,
            fan_heat_share: 0.0,
            air_content: 20.0,
            mixed_air_setpoint: 296.15,
            outdoor_share_max: 1.0,
            locked_above: 298.15,
            unlocked_below: 297.15,
            dew_point_min: 264.15,
            dew_point_max: 288.15,
            pad_effectiveness: 0.8,
            bleed_ratio: 0.5,
            make_up_temperature: 288.15,
            control,
            humidifier,
        }
    }

    /// 10 kg/s of return air of 35 °C against outdoor air, half of it let in.
    fn against(dry_bulb: f64, outdoor_humidity: f64) -> Inputs<f64> {
        Inputs {
            air_flow: 10.0,
            enthalpy: moist_air::enthalpy(308.15, 0.008),
            humidity_ratio: 0.008,
            dry_bulb,
            outdoor_humidity,
            pressure: 101_325.0,
            outdoor_share: 0.5,
            locked: 0.0,
        }
    }

    #[test]
    fn half_of_outdoor_air_brings_half_of_the_difference() {
        // h(35, 8) = 35.21 + 20.5288 = 55.7388 kJ/kg; h(5, 4) = 5.03 + 10.0412 = 15.0712 kJ/kg
        // 10 kg/s · 0.5 · (15.0712 − 55.7388) = −203.338 kW, and 10 · 0.5 · (4 − 8) g/kg = −20 g/s
        let o = evaluate(&economizer(0.0, 0.0), &against(278.15, 0.004));
        assert!((o.heat_removed - 203_338.0).abs() < 1e-6, "{}", o.heat_removed);
        assert!((o.heat_to_air + 203_338.0).abs() < 1e-6 && (o.moisture_to_air + 0.02).abs() < 1e-12);
        assert!((o.heat_rejected - 203_338.0 - o.power).abs() < 1e-6);
    }

    #[test]
    fn relief_fans_draw_with_the_cube_of_what_they_move() {
        // v(35 °C, 8 g/kg) = 287.042 · 308.15 · 1.012863/101325 = 0.88418 m³/kg: 4.4209 of 20 m³/s; 4 kW · 0.22105³
        let o = evaluate(&economizer(0.0, 0.0), &against(278.15, 0.004));
        assert!((o.relief_load - 0.221_045).abs() < 1e-5, "{}", o.relief_load);
        assert!((o.power - 43.20).abs() < 0.01, "{}", o.power);
    }

    #[test]
    fn fans_in_the_intake_warm_what_they_let_in() {
        let p = Parameters { fan_heat_share: 1.0, ..economizer(0.0, 0.0) };
        let o = evaluate(&p, &against(278.15, 0.004));
        assert!((o.heat_to_air + o.heat_removed - o.power).abs() < 1e-9);
        assert_eq!(o.heat_rejected, o.heat_removed);
    }

    #[test]
    fn locked_it_only_passes_the_air_on() {
        let o = evaluate(&economizer(0.0, 0.0), &Inputs { locked: 1.0, ..against(278.15, 0.004) });
        assert_eq!([o.heat_to_air, o.moisture_to_air, o.heat_rejected, o.power, o.share], [0.0; 5]);
    }

    #[test]
    fn warm_dry_air_passes_the_enthalpy_control_and_humid_air_the_dry_bulb_control() {
        // 36 °C and 3 g/kg: 36.216 + 7.7039 = 43.92 kJ/kg below 55.74, though 1 K warmer
        let (warm, humid) = (against(309.15, 0.003), against(303.15, 0.018));
        let share = |control, i: &Inputs<f64>| evaluate(&economizer(control, 0.0), i).share;
        assert_eq!([share(0.0, &warm), share(1.0, &warm), share(2.0, &warm)], [0.5, 0.0, 0.5]);
        // 30 °C and 18 g/kg: 30.18 + 46.0224 = 76.2 kJ/kg above it, though 5 K cooler
        assert_eq!([share(0.0, &humid), share(1.0, &humid), share(2.0, &humid)], [0.5, 0.5, 0.0]);
        // 0.4 K cooler than the return air: two fifths of the damper
        assert!((share(1.0, &against(307.75, 0.008)) - 0.2).abs() < 1e-9);
    }

    #[test]
    fn pads_bring_winter_air_to_the_least_dew_point_and_no_further() {
        // outdoor air of 0.5 g/kg on dry return air of 1 g/kg: 0.75 g/kg, frost point near −19 °C
        let dry = Inputs {
            enthalpy: moist_air::enthalpy(308.15, 0.001),
            humidity_ratio: 0.001,
            ..against(268.15, 0.0005)
        };
        let o = evaluate(&economizer(0.0, 1.0), &dry);
        assert!((o.dew_point - 264.15).abs() < 1e-6, "{}", o.dew_point);
        // saturation at −9 °C over ice is 284 Pa: W = 0.62195 · 284/101041 = 1.748 g/kg; 10 kg/s · 0.998 g/kg
        assert!((o.evaporation - 9.98e-3).abs() < 3e-5, "{}", o.evaporation);
        assert_eq!(o.make_up, o.evaporation + o.bleed);
        assert_eq!(o.bleed, 0.5 * o.evaporation);
        // the water brings its own enthalpy, 4.186 · 15 = 62.79 kJ/kg, and nothing else
        assert!((o.water_enthalpy / o.evaporation - 62.79e3).abs() < 1e-6);
        let without = evaluate(&economizer(0.0, 0.0), &dry);
        assert!((o.heat_to_air - without.heat_to_air - o.water_enthalpy).abs() < 1e-9);
        assert_eq!([without.evaporation, without.make_up], [0.0; 2]);
    }

    #[test]
    fn pads_give_no_more_than_their_share_of_saturation() {
        // a dew point of 15 °C is out of reach for 15 °C warm, dry air: its wet bulb is near 5 °C
        let p = Parameters { dew_point_min: 288.0, pad_effectiveness: 0.5, ..economizer(0.0, 1.0) };
        let i = Inputs { outdoor_share: 1.0, ..against(288.15, 0.001) };
        let o = evaluate(&p, &i);
        let wet = moist_air::wet_bulb(288.15, 0.001, 101_325.0);
        let half_way = moist_air::humidity_ratio_from_wet_bulb(0.5 * (288.15 + wet), wet, 101_325.0);
        assert!((o.evaporation - 10.0 * (half_way - 0.001)).abs() < 1e-12);
        assert!(o.dew_point < 280.0);
    }

    #[test]
    fn still_air_exchanges_nothing() {
        let o = evaluate(&economizer(2.0, 1.0), &Inputs { air_flow: 0.0, ..against(278.15, 0.0001) });
        assert_eq!([o.heat_to_air, o.heat_rejected, o.make_up, o.power], [0.0; 4]);
    }

    #[test]
    fn limits_that_cross_are_refused() {
        let mut p = Parameters { unlocked_below: 299.0, ..economizer(0.0, 0.0) };
        let message = size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap_err();
        assert!(message.contains("locked_above"), "{message}");
    }
}
