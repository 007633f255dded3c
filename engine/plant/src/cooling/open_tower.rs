//! Open cooling tower: water is cooled by evaporating a part of it into outdoor air.
//!
//! # Equations
//! ```text
//! Q     = C_water·ε·(T_in − T_wb)                     C_water = ṁ·c_p, ε by YorkCalc or Merkel
//! V̇     = V̇_design·(φ_free·(1 − on) + on·n)           n: fan speed, not below n_min; on: share of time at n
//! P     = P_design·on·n³                              φ_free: natural draught with the fans off
//! ε     = ε_off + on·(max(ε(n), ε_off) − ε_off)       YorkCalc, with ε_off = φ_free·ε(1)
//! ε     = ε(V̇/V̇_design)                               Merkel
//! T_b   = T_in − ε·(T_in − T_wb)                      the water as it falls into the basin
//! h_out = h_in + Q/ṁ_air + (W_out − W_in)·h_w(T_b)    air leaving saturated, per kg of dry air
//! evaporation = ṁ_air·(W_out − W_in)
//! drift       = share·ṁ_water,design·V̇/V̇_design
//! blowdown    = max(evaporation/(cycles − 1) − drift, 0)
//! make-up     = max(m_design − m, 0)/τ                m: water in the basin
//! dm/dt       = make-up − evaporation − drift − blowdown
//! ```
//! Below the lowest speed the fans run part of the time: `on = fan_speed/n_min`. ε never exceeds what air
//! saturated at `T_in` could carry off.
//!
//! Water that is colder than the air's dew point gains vapour: evaporation is negative then, drains no blowdown, and raises the
//! level. No weir is modelled: what condenses stays in the basin, above its design level, until it evaporates or drifts away.
//!
//! # The account of heat and water
//! The passage keeps its mass: what the fill loses is replaced from the basin at `T_b`. The make-up valve answers
//! the level alone, evaporation is the humidity gained by the air; neither is computed from the other, and they
//! agree because the level settles. Make-up enters the basin at `make_up_temperature` (a parameter, not the wet
//! bulb) and is brought to `T_b` by the circulating water; drift and blowdown leave at `T_b`; water that
//! enters or leaves the inventory does so at `T_b`, so a swing of the level neither heats nor cools anything:
//! ```text
//! Heat(water) = −Q + make-up·(h_w(T_make-up) − h_w(T_b))
//! Carried     = make-up·h_w(T_make-up) − (drift + blowdown)·h_w(T_b) − dm/dt·h_w(T_b)
//!             = make-up·(h_w(T_make-up) − h_w(T_b)) + evaporation·h_w(T_b)
//! Rejected    = P + Q + evaporation·h_w(T_b) = P + ṁ_air·(h_out − h_in)
//! ```
//! so that `P + Carried = Heat + Rejected` for every state of every input, filled, emptying or dry.
//!
//! `conventions: EnergyPlus` reproduces that program for comparison: ṁ_air is moist air, h_in that of saturated
//! air at the wet bulb, evaporation counts `w/(1 + w)` instead of `W` and is not negative, and the make-up's
//! enthalpy is neglected. It gives 3–8 % less water, 6 % over a year in Chicago; what it leaves out, at the same water and air, is
//! metered as `evaporation_not_counted`. And YorkCalc's polynomial is followed
//! to 0.3 of its reference water flow and to a wet bulb of 30 °C: release 25.2 clamps neither, although its manual says
//! so. (A tower at 42 % of its water flow needs the air that the polynomial gives at 42 %, half of what it gives at 75 %;
//! at a wet bulb of 27.7 °C its water leaves 0.01 K from the polynomial there, 0.9 K from the one at 26.7 °C.)
//!
//! # Assumptions
//! Leaving air is saturated. Below a tenth of the design water flow the fill dries out in proportion, and only
//! its wet share of the air takes part. YorkCalc knows neither pressure nor humidity beyond the wet bulb.
//! No basin heater. The fans' power ends in the outdoor air.
//!
//! # Valid for
//! `york_calc` and `merkel` name the ranges. YorkCalc's wet bulb and water flow are clamped to theirs, the
//! flow to 75…125 % of the correlation's reference or of the design flow, whichever reaches further; each clamp is a
//! note, and so is what `conventions: EnergyPlus` follows beyond them. Merkel's factors of water and wet bulb stay at the ends
//! of their ranges, that of air follows its polynomial below its range, as with the fans off; each is a note while the tower is in service.
//!
//! # Source
//! EnergyPlus Engineering Reference, "Variable Speed Cooling Towers Empirical Models" (heat rejection, free
//! convection, fan cycling, fan power) and "Cooling Tower Makeup Water Usage". The `EnergyPlus` convention is
//! what release 25.2 computes, which differs from its manual in `w/(1 + w)`.
//!
//! # Verified by
//! `tests/validation/oracle/tower_*.csv` in `isotherm validate`; identities of energy and water
//! at random states in `engine/plant/tests/cooling_identities.rs`; hand calculation below.
//! `model: Merkel` by 139 states of EnergyPlus's tower of that name and 32 of Modelica Buildings', in `isotherm validate`.
//! Hours at part of the water flow in `engine/validation/src/hours.rs`, whole years in `tests/energyplus.rs`.

use crate::cooling::{merkel, wet_surface, york_calc};
use crate::declare::{
    Action, Actuator, Bound, Effect, Limit, Outdoor, Port, Regulator, Role, State, Store, Use, Water,
};
use crate::kernel::Surroundings;
use crate::{component, inputs, outputs, parameters};
use media::{moist_air, water};
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Heat rejected at the design point.
        capacity_design: Power in "1 kW"..="1000 MW";
        /// Outdoor wet bulb of the design point.
        wet_bulb_design: Temperature in "5 °C"..="32 °C" usual "18 °C"..="29 °C" default "25.6 °C";
        /// Water leaving less wet bulb at the design point.
        approach_design: TemperatureDifference in "1 K"..="20 K" usual "2.8 K"..="6 K" default "3.9 K";
        /// Water entering less water leaving at the design point.
        range_design: TemperatureDifference in "1.1 K"..="22 K" usual "5 K"..="10 K" default "5.6 K";
        /// Air flow of all fans at full speed.
        air_flow_design: VolumeFlow in "0.01 m3/s"..="100000 m3/s";
        /// Power of all fans at full speed.
        fan_power_design: Power in "0 W"..="100 MW";
        /// Lowest speed at which the fans run steadily; below it they run part of the time.
        fan_speed_min: Ratio in "0.16"..="1" usual "0.2"..="0.5" default "0.2";
        /// Share of heat and air flow that natural draught keeps with the fans off.
        free_convection: Ratio in "0"..="0.5" usual "0"..="0.2" default "0.125";
        /// Solids in the drained water over those in the make-up.
        cycles_of_concentration: Ratio in "1.1"..="20" usual "3"..="8" default "5";
        /// Droplets carried off at full air flow, as a share of the design water flow.
        drift: Ratio in "0 %"..="1 %" usual "0.0005 %"..="0.02 %" default "0.002 %";
        /// Water held by basin, fill and piping at the design level.
        water_content: Volume in "1 L"..="100000 m3";
        /// Time constant with which the make-up valve restores the level.
        level_time: Duration in "10 s"..="1 d" usual "1 min"..="30 min" default "5 min";
        /// Temperature of the make-up water.
        make_up_temperature: Temperature in "0 °C"..="50 °C" usual "5 °C"..="30 °C" default "15 °C";
        /// Temperature of the leaving water that the fans hold.
        supply_setpoint: Temperature in "1 °C"..="60 °C" usual "15 °C"..="40 °C" default "24 °C";
    }
    choices {
        /// How heat follows from water, air and wet bulb.
        model: [YorkCalc, Merkel] default YorkCalc;
        /// How evaporation is counted.
        conventions: [Isotherm, EnergyPlus] default Isotherm;
    }
    derived {
        /// Design water flow as a share of YorkCalc's reference flow.
        flow_reference: Ratio;
        /// Conductance of the Merkel model at the design point.
        conductance_design: Conductance;
        /// Water in the basin at the design level.
        basin_design: Mass;
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("electricity", "Feeds the fans."),
    Port::liquid("water", "The water to be cooled.").holds("water_content").shared_by("capacity_design"),
];

const STATES: &[State] = &[State {
    name: "basin",
    doc: "Water in the basin.",
    store: Store::Mass,
    initial: Bound::Parameter("basin_design"),
    scale: 100.0,
    inventory: true,
}];

const ACTUATORS: &[Actuator] = &[Actuator {
    name: "fan_speed",
    doc: "Speed of all fans, as a share of full speed.",
    low: Bound::Value(0.0),
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

inputs! {
    /// Temperature of the entering water.
    water_in: Role::Temperature("water");
    /// Mass flow of the water.
    water_flow: Role::Flow("water");
    /// Its specific heat.
    specific_heat: Role::SpecificHeat("water");
    /// Water in the basin.
    basin: Role::State("basin");
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
}

outputs! {
    /// Heat given to the water (negative while it is cooled), make-up included.
    heat_to_water: Effect::Heat("water");
    /// Enthalpy gained by the air, and the fans' power.
    heat_rejected: Effect::Rejected;
    /// Enthalpy of the make-up less that of drift, blowdown and inventory.
    water_enthalpy: Effect::Carried;
    /// Net inflow of the basin.
    basin_inflow: Effect::Store("basin");
    /// Water let in by the level valve.
    make_up: Effect::Water(Water::MakeUp);
    /// Humidity gained by the air.
    evaporation: Effect::Water(Water::Evaporation);
    /// Humidity gained by the air that `conventions: EnergyPlus` does not count; 0 by our own.
    evaporation_not_counted: Effect::Uncounted;
    /// Droplets carried off.
    drift: Effect::Water(Water::Drift);
    /// Water drained.
    blowdown: Effect::Water(Water::Blowdown);
    /// Power drawn by the fans.
    power: Effect::Power("electricity");
    /// The same power in the account.
    fan_power: Effect::Use(Use::HeatRejectionFans);
    /// Temperature of the water as it falls into the basin.
    water_leaving: Effect::Reading(Quantity::Temperature);
    /// By how far the wet bulb lies outside of the model.
    wet_bulb_outside: Effect::Reading(Quantity::TemperatureDifference);
    /// By how far the water flow lies outside of the model, as a share of YorkCalc's reference flow or Merkel's design flow; above
    /// the latter from 1 % on, by which cold water is heavier.
    flow_outside: Effect::Reading(Quantity::Ratio);
    /// By how far the air flow lies below the model's least, as a share of the design flow.
    air_outside: Effect::Reading(Quantity::Ratio);
    /// By how far the entering water is warmer than YorkCalc reaches.
    water_in_outside: Effect::Reading(Quantity::TemperatureDifference);
    /// By how far water in less wet bulb lies outside of the correlation.
    difference_outside: Effect::Reading(Quantity::TemperatureDifference);
    /// By how far the approach lies outside of the correlation.
    approach_outside: Effect::Reading(Quantity::TemperatureDifference);
    /// By how far the falling water is below 0 °C.
    below_freezing: Effect::Reading(Quantity::TemperatureDifference);
}

/// What counts as outside rather than rounding.
const OUTSIDE: Option<Bound> = Some(Bound::Value(1e-6));

const LIMITS: &[Limit] = &[
    Limit {
        of: "wet_bulb_outside",
        low: None,
        high: OUTSIDE,
        text: "wet bulb outside of the tower's model: taken at its end, or extrapolated where the conventions say so",
    },
    Limit {
        of: "flow_outside",
        low: None,
        high: OUTSIDE,
        text: "water flow outside of the tower's model: taken at its end, or extrapolated where the conventions say so",
    },
    Limit {
        of: "air_outside",
        low: None,
        high: OUTSIDE,
        text: "air flow, as a share of design, below an eighth of the water's (YorkCalc) or below a fifth (Merkel): extrapolated",
    },
    Limit {
        of: "water_in_outside",
        low: None,
        high: OUTSIDE,
        text: "water enters the tower above 50 °C: YorkCalc extrapolated",
    },
    Limit {
        of: "difference_outside",
        low: None,
        high: OUTSIDE,
        text: "range outside 1.1…22.2 K: effectiveness of the nearer end",
    },
    Limit {
        of: "approach_outside",
        low: None,
        high: OUTSIDE,
        text: "approach outside 1.1…40 K: YorkCalc extrapolated",
    },
    Limit {
        of: "below_freezing",
        low: None,
        high: Some(Bound::Value(0.0)),
        text: "the tower's water would freeze: no basin heater is modelled",
    },
    Limit { of: "basin", low: Some(Bound::Value(0.0)), high: None, text: "the basin is empty" },
];

component!(OpenTower, "open cooling tower", "open_tower.rs" {
    ports: PORTS,
    states: STATES,
    actuators: ACTUATORS,
    regulators: REGULATORS,
    limits: LIMITS,
    size: size,
});

/// Specific heat used to turn the design heat into a mass flow for drift (J/(kg K)).
const WATER_HEAT: f64 = 4186.0;
/// Density of the basin's water (20 °C) (kg/m³).
const WATER_DENSITY: f64 = 998.2;
/// Share of the design water flow below which the fill dries out.
const WETTING: f64 = 0.1;
/// Water flow, as a share of YorkCalc's reference, down to which `conventions: EnergyPlus` follows the polynomial: below
/// it the approach turns negative at warm wet bulbs.
const LEAST_FLOW: f64 = 0.3;
/// Wet bulb up to which it is followed likewise (K): above 31 °C heat falls as air is added at small flows of water.
const MOST_WET_BULB: f64 = 303.15;
/// Share of the design air flow below which the exit state counts as that of this flow.
const LEAST_AIR: f64 = 1e-6;

/// Reference flow of YorkCalc and conductance of Merkel's model from the design point, and the basin.
fn size(p: &mut Parameters<f64>, _: &Surroundings) -> Result<(), String> {
    p.basin_design = WATER_DENSITY * p.water_content;
    let wet_bulb = p.wet_bulb_design.min(york_calc::WET_BULBS.1);
    let approach = |flow: f64| york_calc::approach(wet_bulb, p.range_design, flow);
    let (mut low, mut high) = (0.3, 3.0);
    let york = approach(low) < p.approach_design && approach(high) > p.approach_design;
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if approach(middle) < p.approach_design {
            low = middle;
        } else {
            high = middle;
        }
    }
    p.flow_reference = 0.5 * (low + high);
    let rate = p.capacity_design / p.range_design;
    let streams =
        merkel::design(p.wet_bulb_design, p.approach_design, p.range_design, rate, p.air_flow_design);
    let effectiveness = p.range_design / (p.range_design + p.approach_design);
    let merkel = merkel::conductance(effectiveness, &streams);
    p.conductance_design = merkel.unwrap_or(rate);
    if p.model == 0.0 && !york {
        return Err(format!(
            "approach_design {:.1} K at wet_bulb_design {:.1} °C and range_design {:.1} K is outside of YorkCalc \
             ({:.1}…{:.1} K there); choose an approach between, or model: Merkel",
            p.approach_design,
            p.wet_bulb_design - 273.15,
            p.range_design,
            approach(0.3),
            approach(3.0)
        ));
    }
    if p.model == 1.0 && merkel.is_none() {
        return Err(format!(
            "approach_design {:.1} K cannot be reached with {:.1} m3/s of air; raise air_flow_design or approach_design",
            p.approach_design, p.air_flow_design
        ));
    }
    Ok(())
}

/// `x` less the nearer end of a range: how far it lies outside.
#[inline(always)]
fn outside<R: Real>(x: R, (low, high): (R::Value, R::Value)) -> R {
    (x - high).positive() + (-(x - low)).positive()
}

/// See the top of the file; symbols as in the source.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let half = R::number(0.5);
    let one = R::number(1.0);
    let difference = i.water_in - i.wet_bulb;
    let water_rate = i.water_flow * i.specific_heat;
    let rate_design = p.capacity_design / p.range_design;
    let water_share = water_rate / rate_design;
    let wet = (water_share / R::number(WETTING)).at_most(R::lift(1.0));

    // Fans: at `speed` for a share `on` of the time, else natural draught.
    let lowest = R::constant(p.fan_speed_min);
    let speed = i.fan_speed.at_least(lowest);
    let on = (i.fan_speed / p.fan_speed_min).at_most(R::lift(1.0));
    let air_share = on * (speed - p.free_convection) + p.free_convection;
    let dry_air_density = moist_air::dry_air_density(i.dry_bulb, i.humidity_ratio, i.pressure);
    let air_design = dry_air_density * p.air_flow_design;
    let air = air_share.at_least(R::lift(LEAST_AIR));
    let air_flow = air_design * air;

    let saturated = moist_air::saturated_enthalpy(i.wet_bulb, i.pressure);

    // YorkCalc; its range of flows reaches to the design point.
    let ends = |(low, high): (f64, f64)| (R::number(low), R::number(high));
    let wet_bulbs = ends(york_calc::WET_BULBS);
    let highest = <R::Value as Real>::pick_below(p.conventions, half, wet_bulbs.1, R::number(MOST_WET_BULB));
    let wet_bulb = i.wet_bulb.within(R::constant(wet_bulbs.0), R::constant(highest));
    let (low, high) = york_calc::FLOWS;
    let reference = R::constant(p.flow_reference);
    let flows = (
        (reference.at_most(R::lift(1.0)) * R::number(low)).value(),
        (reference.at_least(R::lift(1.0)) * R::number(high)).value(),
    );
    let flow = water_share * p.flow_reference;
    let least_flow = flows.0.at_most(R::number(LEAST_FLOW));
    let lowest_flow = <R::Value as Real>::pick_below(p.conventions, half, flows.0, least_flow);
    let flow_used = flow.within(R::constant(lowest_flow), R::constant(flows.1));
    let york = york_calc::cooling(wet_bulb, difference, flow_used / speed);
    let off = york_calc::cooling(wet_bulb, difference, flow_used).effectiveness * p.free_convection;
    let mean = off + on * (york.effectiveness.at_least(off) - off);

    // Merkel.
    let warmer = i.wet_bulb - p.wet_bulb_design;
    let streams = merkel::Streams {
        conductance: merkel::conductance_share(air, water_share, warmer) * p.conductance_design,
        water_rate: water_rate.at_least(R::constant(rate_design * R::number(1e-3))),
        water_in: i.water_in,
        air_flow,
        wet_bulb: i.wet_bulb,
        enthalpy: saturated,
        air_heat: moist_air::specific_heat(i.humidity_ratio),
        pressure: i.pressure,
    };
    let merkel = streams.effectiveness();

    // What saturated air of the entering water's temperature could carry off.
    let air_heat = wet_surface::saturation_heat(i.wet_bulb, saturated, i.water_in, i.pressure);
    // The rate (W/K) of the water that wets the fill: it does not fall below what wets a tenth of it.
    let wetting_rate = water_share.at_least(R::lift(WETTING)) * rate_design;
    let effectiveness_of_air = air_flow * air_heat / wetting_rate;
    let effectiveness =
        R::pick_below(p.model, half, mean, merkel).at_most(effectiveness_of_air).at_most(R::lift(1.0));

    let heat = water_rate * effectiveness * difference;
    let falling = i.water_in - effectiveness * difference;
    let water_enthalpy = water::enthalpy(falling);

    // Air leaving saturated.
    let ours = |a: R, b: R| R::pick_below(p.conventions, half, a, b);
    let zero = R::lift(0.0);
    let taken_up = wetting_rate * effectiveness * difference;
    let humidity_out = |enthalpy_in: R, air_flow: R, water_enthalpy: R| {
        wet_surface::saturated_exit(
            enthalpy_in,
            i.humidity_ratio,
            taken_up / air_flow,
            water_enthalpy,
            i.pressure,
        )
    };
    let by_humidity_ratio =
        humidity_out(moist_air::enthalpy(i.dry_bulb, i.humidity_ratio), air_flow, water_enthalpy);
    let evaporated_by_ratio = air_flow * wet * (by_humidity_ratio - i.humidity_ratio);
    let specific = |w: R| w / (w + one);
    let moist_flow = air_flow * (i.humidity_ratio + one);
    let by_specific = humidity_out(saturated, moist_flow, zero);
    let evaporated_by_specific =
        moist_flow * wet * (specific(by_specific) - specific(i.humidity_ratio)).positive();
    let evaporation = ours(evaporated_by_ratio, evaporated_by_specific);

    let drift = air_share * wet * (p.drift * rate_design / R::number(WATER_HEAT));
    let blowdown = (evaporation / (p.cycles_of_concentration - one) - drift).positive();
    let make_up = (-(i.basin - p.basin_design)).positive() / p.level_time;
    let mixed = ours(make_up * (-(water_enthalpy - water::enthalpy(p.make_up_temperature))), zero);
    let evaporated = ours(evaporation * water_enthalpy, zero);
    let power = on * speed.cubed() * p.fan_power_design;

    let beyond = |york: R, merkel: R| R::pick_below(p.model, half, york, merkel) * wet;
    let short_of_air = (flow_used / R::number(york_calc::MOST_LIQUID_TO_GAS) - speed).positive() * on;
    Outputs {
        heat_to_water: mixed - heat,
        heat_rejected: power + heat + evaporated,
        water_enthalpy: mixed + evaporated,
        basin_inflow: make_up - evaporation - drift - blowdown,
        make_up,
        evaporation,
        evaporation_not_counted: ours(zero, evaporated_by_ratio - evaporated_by_specific),
        drift,
        blowdown,
        power,
        fan_power: power,
        water_leaving: falling,
        wet_bulb_outside: beyond(outside(i.wet_bulb, wet_bulbs), outside(warmer, ends(merkel::WARMER))),
        flow_outside: beyond(outside(flow, flows), outside(water_share, ends(merkel::WATER_FLOWS_NOTED))),
        air_outside: beyond(short_of_air, (-(air_share - R::number(merkel::LEAST_AIR_FLOW))).positive()),
        water_in_outside: beyond((i.water_in - R::number(york_calc::MOST_WATER_IN)).positive(), zero),
        difference_outside: beyond(york.beyond, zero),
        approach_outside: beyond(outside(york.approach, ends(york_calc::APPROACHES)), zero),
        below_freezing: (-(falling - R::number(273.15))).positive() * wet,
    }
}

#[cfg(test)]
mod tests;
