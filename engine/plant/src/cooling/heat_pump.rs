//! Water-to-water heat pump: it takes heat out of the site's water and gives it, with the electricity it took, to warmer
//! water, for a network that wants more than the site has.
//!
//! # Equations
//! Kelvin; `C = ṁ·c_p` of either stream, `x = 1/COP` of heating:
//! ```text
//! T_c  = T_set + a_c                                        condensing, a_c above the leaving water
//! T_e  = T_e,in − Q_e/C_e − a_e                              evaporating, a_e below the leaving water
//! COP  = η·T_c/(T_c − T_e)                                   share η of Carnot's
//! Q_e  = Q·(1 − x)
//! ⇒ x  = (T_c − T_e,in + a_e + Q/C_e)/(η·T_c + Q/C_e),       within 1/COP_max … 1
//! u    = clamp((T_e,in − T_e,min)/1 K)                       it unloads before its source is too cold
//! Q    = min(u·C_c·(T_set − T_c,in)⁺, u·load_limit·Q_max, C_e·(T_e,in − T_e,min)⁺/(1 − x_min))
//! P    = x·Q
//! ```
//! `x_min` is `x` where the evaporator's water leaves at `T_e,min`, so that it never leaves colder.
//!
//! # Use
//! The evaporator lies in the site's warm water, the condenser in a circuit of its own with a delivery point:
//! ```ron
//! "facility_pump -> cdu.primary -> heat_pump.evaporator -> dry_cooler -> facility_pump",
//! "heating_pump -> heat_pump.condenser -> heating -> heating_pump",
//! ```
//!
//! # Assumptions
//! The machine's controller holds the leaving condenser water at once while it has the capacity, and condenses for that
//! set-point also while it does not reach it. η is the same at every load. Motor and controls are within η, and all
//! electricity ends in the condenser water.
//!
//! # Valid for
//! Lifts `T_c − T_e` up to `lift_max`, which a note watches; condensing up to 120 °C, beyond which a machine is refused.
//!
//! # Source
//! Share of Carnot's efficiency from evaporating and condensing temperatures with approaches to the *leaving* water: the
//! Carnot machines of the Modelica Buildings library (`Buildings.Fluid.HeatPumps.Carnot_TCon`), leaving temperatures as
//! argued in github.com/ibpsa/modelica issue 497. η of water-to-water machines: 0.5 (quality grade, docs of
//! oemof-thermal); 0.4 … 0.6 of high-temperature machines over lifts of 25 … 95 K: Arpagaus et al., *High temperature heat
//! pumps*, Energy 152 (2018), recalled, to verify.
//!
//! # Verified by
//! Hand calculation below; a site against its own columns in `tests/heat_reuse.rs`; the COP of a machine of 220 kW by its
//! maker, from −5…45 °C to 55…80 °C, in `isotherm validate`: sized at each point in turn, 23 % root mean square, ±25 % in
//! the mean, 65 % at worst, with one share for all lifts. Its capacity is not compared. Grade 3.

use crate::cooling::exchange::SMALLEST_RATE;
use crate::declare::{Actuator, Bound, Effect, Limit, Port, Role, Use};
use crate::kernel::Surroundings;
use crate::{component, inputs, outputs, parameters};
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Most heat given to the condenser water.
        capacity_design: Power in "1 kW"..="200 MW";
        /// COP as a share of Carnot's between evaporating and condensing temperature.
        carnot_share: Ratio in "0.1"..="0.9" usual "0.4"..="0.6" default "0.5";
        /// Leaving condenser water that the machine holds.
        supply_setpoint: Temperature in "20 °C"..="115 °C" usual "45 °C"..="90 °C";
        /// Leaving evaporator water below which no more heat is taken.
        evaporator_leaving_min: Temperature in "-10 °C"..="60 °C" default "5 °C";
        /// Leaving evaporator water less evaporating temperature.
        evaporator_approach: TemperatureDifference in "0.1 K"..="20 K" default "3 K";
        /// Condensing temperature less leaving condenser water.
        condenser_approach: TemperatureDifference in "0.1 K"..="20 K" default "3 K";
        /// Highest COP, at small lifts.
        cop_max: Ratio in "2"..="30" default "10";
        /// Largest lift for which the share of Carnot's COP is trusted.
        lift_max: TemperatureDifference in "5 K"..="130 K" default "80 K";
        /// Water held by the evaporator and its pipes.
        evaporator_content: Volume in "0.1 L"..="1000 m3";
        /// Water held by the condenser and its pipes.
        condenser_content: Volume in "0.1 L"..="1000 m3";
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("electricity", "Feeds the compressor."),
    Port::liquid("evaporator", "The site's water, which is cooled.")
        .holds("evaporator_content")
        .shared_by("capacity_design"),
    Port::liquid("condenser", "The water that is heated.")
        .holds("condenser_content")
        .shared_by("capacity_design"),
];

const ACTUATORS: &[Actuator] = &[Actuator {
    name: "load_limit",
    doc: "Most heat as a share of the capacity; 0 stops the machine.",
    low: Bound::Value(0.0),
    high: Bound::Value(1.0),
    rest: Bound::Value(1.0),
    travel: 30.0,
}];

inputs! {
    /// Temperature of the entering evaporator water.
    evaporator_in: Role::Temperature("evaporator");
    /// Its flow.
    evaporator_flow: Role::Flow("evaporator");
    /// Its specific heat.
    evaporator_heat: Role::SpecificHeat("evaporator");
    /// Temperature of the entering condenser water.
    condenser_in: Role::Temperature("condenser");
    /// Its flow.
    condenser_flow: Role::Flow("condenser");
    /// Its specific heat.
    condenser_heat: Role::SpecificHeat("condenser");
    /// Most heat as a share of the capacity.
    load_limit: Role::Actuator("load_limit");
}

outputs! {
    /// Heat given to the evaporator water (negative while it is cooled).
    heat_to_evaporator: Effect::Heat("evaporator");
    /// Heat given to the condenser water.
    heat_to_condenser: Effect::Heat("condenser");
    /// Power drawn.
    power: Effect::Power("electricity");
    /// The same power in the account.
    heat_pump_power: Effect::Use(Use::HeatPumps);
    /// Heat given over power drawn, at what it gives now.
    coefficient_of_performance: Effect::Reading(Quantity::Ratio);
    /// Condensing less evaporating temperature while it runs.
    lift: Effect::Reading(Quantity::TemperatureDifference);
    /// Heat that was asked for and not given.
    heat_missing: Effect::Reading(Quantity::Power);
}

const LIMITS: &[Limit] = &[Limit {
    of: "lift",
    low: None,
    high: Some(Bound::Parameter("lift_max")),
    text: "the lift is larger than that for which the share of Carnot's COP is trusted",
}];

component!(HeatPump, "water-to-water heat pump", "heat_pump.rs" {
    ports: PORTS, actuators: ACTUATORS, limits: LIMITS, size: size,
});

/// A machine below this share of its capacity counts as stopped.
const RUNNING: f64 = 1e-6;
/// Hottest condensation [K].
const HOTTEST: f64 = 393.15;
/// Over this the machine unloads as its source comes down to the limit [K].
const UNLOADING: f64 = 1.0;

fn size(p: &mut Parameters<f64>, _: &Surroundings) -> Result<(), String> {
    let condensing = p.supply_setpoint + p.condenser_approach;
    let evaporating = p.evaporator_leaving_min - p.evaporator_approach;
    if condensing > HOTTEST {
        return Err(format!(
            "supply_setpoint and condenser_approach make it condense at {:.0} °C, at most {:.0} °C is modelled: lower one of them",
            condensing - 273.15,
            HOTTEST - 273.15
        ));
    }
    if evaporating >= condensing {
        return Err("evaporator_leaving_min must be below supply_setpoint".into());
    }
    let inverse = (condensing - evaporating) / (p.carnot_share * condensing);
    if inverse >= 1.0 {
        return Err(format!(
            "from {:.0} °C to {:.0} °C a share of {:.2} of Carnot's COP is {:.2}, below 1: raise evaporator_leaving_min, \
             or lower supply_setpoint",
            p.evaporator_leaving_min - 273.15,
            p.supply_setpoint - 273.15,
            p.carnot_share,
            1.0 / inverse
        ));
    }
    Ok(())
}

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let least = R::lift(SMALLEST_RATE);
    let evaporator_rate = (i.evaporator_flow * i.evaporator_heat).at_least(least);
    let condenser_rate = i.condenser_flow * i.condenser_heat;
    let condensing = p.supply_setpoint + p.condenser_approach;
    let carnot = p.carnot_share * condensing;

    let asked = condenser_rate * (R::constant(p.supply_setpoint) - i.condenser_in).positive();
    let coldest = condensing - p.evaporator_leaving_min + p.evaporator_approach;
    let taken_of_all = R::number(1.0) - coldest / carnot;
    let above = (i.evaporator_in - p.evaporator_leaving_min).positive();
    let from_source = evaporator_rate * above / taken_of_all;
    let unloaded = (above / R::number(UNLOADING)).at_most(R::lift(1.0));
    let most = asked.at_most(i.load_limit * p.capacity_design);
    let heat = (unloaded * most).at_most(from_source);

    let cooled_by = heat / evaporator_rate;
    let lift_at_inlet = R::constant(condensing + p.evaporator_approach) - i.evaporator_in;
    let inverse = ((lift_at_inlet + cooled_by) / (cooled_by + carnot))
        .at_least(R::constant(R::number(1.0) / p.cop_max))
        .at_most(R::lift(1.0));
    let power = heat * inverse;
    let from_evaporator = heat - power;
    let lift = lift_at_inlet + from_evaporator / evaporator_rate;
    let running = R::constant(p.capacity_design * R::number(RUNNING));
    Outputs {
        heat_to_evaporator: -from_evaporator,
        heat_to_condenser: heat,
        power,
        heat_pump_power: power,
        coefficient_of_performance: inverse.reciprocal(),
        lift: R::pick_below(heat.value(), running.value(), R::lift(0.0), lift),
        heat_missing: asked - heat,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 MW at 70 °C, half of Carnot's COP, 5 K to either side.
    fn machine() -> Parameters<f64> {
        Parameters {
            capacity_design: 1e6,
            carnot_share: 0.5,
            supply_setpoint: 343.15,
            evaporator_leaving_min: 283.15,
            evaporator_approach: 5.0,
            condenser_approach: 5.0,
            cop_max: 10.0,
            lift_max: 80.0,
            evaporator_content: 0.5,
            condenser_content: 0.5,
        }
    }

    /// 100 kW/K through the evaporator, 50 kW/K through the condenser.
    fn with(evaporator_in: f64, condenser_in: f64) -> Inputs<f64> {
        Inputs {
            evaporator_in,
            evaporator_flow: 25.0,
            evaporator_heat: 4000.0,
            condenser_in,
            condenser_flow: 12.5,
            condenser_heat: 4000.0,
            load_limit: 1.0,
        }
    }

    #[test]
    fn half_of_carnot_over_a_lift_of_44_kelvin_is_a_cop_of_4() {
        // 60 → 70 °C at 50 kW/K: 500 kW.  x = (75 − 40 + 5 + 5)/(0.5·348.15 + 5) = 45/179.075 = 0.25129
        // COP 3.9794; P = 125.65 kW; the evaporator gives 374.35 kW and leaves at 40 − 3.7435 = 36.26 °C,
        // evaporating at 31.26 °C: COP = 0.5·348.15/(75 − 31.2565) = 3.9794: the same.
        let o = evaluate(&machine(), &with(313.15, 333.15));
        assert!((o.heat_to_condenser - 500e3).abs() < 1e-6);
        assert!((o.power - 125.646e3).abs() < 1.0, "{}", o.power);
        let evaporating = 313.15 + o.heat_to_evaporator / 100e3 - 5.0;
        let carnot = 0.5 * 348.15 / (348.15 - evaporating);
        assert!((o.coefficient_of_performance / carnot - 1.0).abs() < 1e-12);
        assert!((o.lift - (348.15 - evaporating)).abs() < 1e-9);
        assert!((o.heat_to_condenser + o.heat_to_evaporator - o.power).abs() < 1e-6);
    }

    #[test]
    fn the_evaporator_never_leaves_colder_than_its_limit() {
        // 12 °C in, 10 °C at least: 200 kW.  x = (75 − 5)/(174.075) = 0.40213: 200/(1 − x) = 334.5 kW of 500 asked for
        let o = evaluate(&machine(), &with(285.15, 333.15));
        assert!((o.heat_to_evaporator + 200e3).abs() < 1e-6, "{}", o.heat_to_evaporator);
        assert!((o.heat_to_condenser - 334.52e3).abs() < 20.0, "{}", o.heat_to_condenser);
        assert!((o.heat_missing - (500e3 - o.heat_to_condenser)).abs() < 1e-6);
    }

    #[test]
    fn a_warm_source_does_not_make_the_cop_endless() {
        // 65 °C in: the lift of 15 + 5 K would give COP 8.7 · …; at 90 °C in it would be negative: 10 at most
        let o = evaluate(&machine(), &with(363.15, 333.15));
        assert!((o.coefficient_of_performance - 10.0).abs() < 1e-12 && (o.power - 50e3).abs() < 1e-6);
    }

    #[test]
    fn stopped_satisfied_or_without_flow_it_draws_nothing() {
        let dry = Inputs { evaporator_flow: 0.0, ..with(313.15, 333.15) };
        let idle = Inputs { condenser_flow: 0.0, ..with(313.15, 333.15) };
        let stopped = Inputs { load_limit: 0.0, ..with(313.15, 333.15) };
        for i in [idle, stopped, with(313.15, 344.15), with(280.15, 333.15)] {
            let o = evaluate(&machine(), &i);
            assert_eq!([o.power, o.heat_to_condenser, o.heat_to_evaporator, o.lift], [0.0; 4], "{i:?}");
        }
        assert!(evaluate(&machine(), &dry).heat_to_condenser < 0.1);
    }

    #[test]
    fn a_lift_that_no_machine_makes_is_refused() {
        let mut p = Parameters { carnot_share: 0.2, ..machine() };
        let message = size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap_err();
        // Carnot from 5 to 75 °C is 348.15/70 = 4.974, a fifth of it 0.99
        assert!(
            message.contains("raise evaporator_leaving_min") && message.contains("is 0.99, below 1"),
            "{message}"
        );
        // 112 °C leave what condenses at 122 °C
        let mut p = Parameters { supply_setpoint: 385.15, condenser_approach: 10.0, ..machine() };
        let message = size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap_err();
        assert!(message.contains("condense at 122 °C, at most 120 °C"), "{message}");
        // and half of it 2.49
        assert_eq!(size(&mut machine(), &Surroundings { pressure: 101_325.0 }), Ok(()));
    }
}
