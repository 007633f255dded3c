//! Coolant distribution unit: a counterflow plate exchanger between facility water (primary) and
//! technology cooling (secondary), with its own secondary pumps and a control valve on the primary.
//!
//! # Equations
//! ```text
//! Q    = ε·Cmin·(T_secondary,in − T_primary,in)            counterflow
//! 1/UA = (x_p^−0.7 + x_s^−0.7)/(2·UA_design),  x = ṁ/ṁ_design of each side
//! P    = P_design·n³                                        n: pump speed; V̇_s = n·V̇_s,design
//! ṁ_p  = opening·ṁ_p,design                                 pressure-independent control valve
//! ```
//! `UA_design` follows from capacity and approach (secondary supply less primary supply).
//!
//! # Assumptions
//! Both films resist equally at design and the plate not at all. The primary valve is
//! pressure-independent: it passes its share of the design flow whatever the loop's pressure. A share of the
//! pump power stays in the surroundings, the rest heats the coolant, behind the exchanger. The data sheet is taken to
//! mean water on the primary and 25 % propylene glycol on the secondary, whatever the circuits carry.
//!
//! # Valid for
//! 1 % to 130 % of the design flow on the primary, 5 % to 130 % on the secondary.
//!
//! # Source
//! ε: Incropera et al., *Fundamentals of Heat and Mass Transfer*, 6th ed., eq. 11.29a. Film exponent 0.7 of
//! chevron plates (0.6–0.8 in the literature): engineering knowledge, to verify. Affinity law for the pumps.
//!
//! # Verified by
//! Hand calculation below; effectiveness against `tests/validation/oracle/effectiveness_ntu.csv`, size and heat at design
//! flow against the library ht, in `isotherm validate`.

use crate::cooling::exchange;
use crate::declare::{Action, Actuator, Bound, Effect, Flow, Limit, Port, Regulator, Role, Use};
use crate::kernel::Surroundings;
use crate::{component, inputs, outputs, parameters};
use media::liquid::Fluid;
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Heat transferred at the design point.
        capacity_design: Power in "1 kW"..="20 MW";
        /// Secondary supply less primary supply at the design point.
        approach_design: TemperatureDifference in "0.5 K"..="30 K" usual "3 K"..="8 K" default "4.5 K";
        /// Secondary flow at full pump speed.
        secondary_flow_design: VolumeFlow in "0.1 L/min"..="1 m3/s";
        /// Primary flow with the valve open.
        primary_flow_design: VolumeFlow in "0.1 L/min"..="1 m3/s";
        /// Power of the pumps and controls at full speed.
        pump_power_design: Power in "0 W"..="500 kW";
        /// Share of the pump power that stays in the surroundings.
        pump_loss_share: Ratio in "0"..="1" default "0.1";
        /// Temperature of the secondary supply that the primary valve holds.
        supply_setpoint: Temperature in "5 °C"..="60 °C" usual "17 °C"..="45 °C" default "30 °C";
        /// Coolant held on the secondary side, with the row manifolds.
        secondary_content: Volume in "0.1 L"..="100 m3";
        /// Water held on the primary side.
        primary_content: Volume in "0.1 L"..="100 m3";
        /// Lowest opening of the primary valve.
        valve_min: Ratio in "0"..="1" default "0.02";
        /// Lowest pump speed.
        pump_speed_min: Ratio in "0"..="1" default "0.3";
    }
    derived {
        /// Conductance at design flows.
        conductance_design: Conductance;
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("electricity", "Feeds pumps and controls."),
    Port::liquid("primary", "Facility water.")
        .flow(Flow::Sets { actuator: "valve", design: "primary_flow_design" })
        .holds("primary_content"),
    Port::liquid("secondary", "Technology cooling.")
        .flow(Flow::Sets { actuator: "pump_speed", design: "secondary_flow_design" })
        .holds("secondary_content"),
];

const ACTUATORS: &[Actuator] = &[
    Actuator {
        name: "valve",
        doc: "Opening of the primary control valve.",
        low: Bound::Parameter("valve_min"),
        high: Bound::Value(1.0),
        rest: Bound::Value(1.0),
        travel: 10.0,
    },
    Actuator {
        name: "pump_speed",
        doc: "Speed of the secondary pumps as a share of full speed.",
        low: Bound::Parameter("pump_speed_min"),
        high: Bound::Value(1.0),
        rest: Bound::Value(1.0),
        travel: 5.0,
    },
];

const REGULATORS: &[Regulator] = &[Regulator {
    actuator: "valve",
    sensor: "secondary_out",
    setpoint: "supply_setpoint",
    action: Action::Lowers,
    band: 12.0,
    integral_time: 60.0,
    period: 2.0,
}];

inputs! {
    /// Temperature of the entering facility water.
    primary_in: Role::Temperature("primary");
    /// Flow of the facility water.
    primary_flow: Role::Flow("primary");
    /// Its specific heat.
    primary_heat: Role::SpecificHeat("primary");
    /// Its density.
    primary_density: Role::Density("primary");
    /// Temperature of the returning coolant.
    secondary_in: Role::Temperature("secondary");
    /// Flow of the coolant.
    secondary_flow: Role::Flow("secondary");
    /// Its specific heat.
    secondary_heat: Role::SpecificHeat("secondary");
    /// Its density.
    secondary_density: Role::Density("secondary");
    /// Pump speed.
    pump_speed: Role::Actuator("pump_speed");
}

outputs! {
    /// Heat given to the facility water.
    heat_to_primary: Effect::Heat("primary");
    /// Heat given to the coolant (negative while it is cooled), the pumps' heat included.
    heat_to_secondary: Effect::Heat("secondary");
    /// Pump heat that stays in the surroundings.
    heat_rejected: Effect::Rejected;
    /// Power drawn.
    power: Effect::Power("electricity");
    /// The same power in the account.
    pump_power: Effect::Use(Use::Pumps);
    /// Heat transferred.
    heat_transferred: Effect::Reading(Quantity::Power);
    /// Primary flow as a share of its design.
    primary_load: Effect::Reading(Quantity::Ratio);
    /// Secondary flow as a share of its design.
    secondary_load: Effect::Reading(Quantity::Ratio);
}

const LIMITS: &[Limit] = &[
    Limit {
        of: "primary_load",
        low: Some(Bound::Value(0.01)),
        high: Some(Bound::Value(1.3)),
        text: "primary flow outside 1…130 % of design: the film exponent is not known there",
    },
    Limit {
        of: "secondary_load",
        low: Some(Bound::Value(0.05)),
        high: Some(Bound::Value(1.3)),
        text: "secondary flow outside 5…130 % of design: the film exponent is not known there",
    },
];

component!(Cdu, "coolant distribution unit", "cdu.rs" {
    ports: PORTS, actuators: ACTUATORS, regulators: REGULATORS, limits: LIMITS, size: size,
});

const FILM_EXPONENT: f64 = -0.7;
/// Below this share of the design flow a film's resistance grows no further.
const SMALLEST_SHARE: f64 = 1e-3;

/// Conductance from capacity and approach, with water on the primary and 25 % propylene glycol on the
/// secondary at 30 °C.
fn size(p: &mut Parameters<f64>, _: &Surroundings) -> Result<(), String> {
    let rate = |fluid: Fluid, flow: f64| flow * fluid.density(303.15) * fluid.specific_heat(303.15);
    let primary = rate(Fluid::Water, p.primary_flow_design);
    let secondary = rate(Fluid::PropyleneGlycol25, p.secondary_flow_design);
    // The coolant enters at primary supply + approach + its own temperature rise.
    let needed = p.capacity_design / (p.approach_design + p.capacity_design / secondary);
    let conductance = exchange::size(needed, |ua| exchange::counterflow(ua, primary, secondary));
    match conductance {
        Some(conductance) => p.conductance_design = conductance,
        None => {
            return Err(format!(
                "approach_design {:.2} K cannot be reached with these flows: {:.0} kW needs at least {:.1} L/s on \
                 the primary",
                p.approach_design,
                p.capacity_design / 1e3,
                1e3 * needed / (Fluid::Water.density(303.15) * Fluid::Water.specific_heat(303.15)),
            ));
        }
    }
    Ok(())
}

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let floor = R::lift(SMALLEST_SHARE);
    let primary_load = i.primary_flow / i.primary_density / p.primary_flow_design;
    let secondary_load = i.secondary_flow / i.secondary_density / p.secondary_flow_design;
    let exponent = R::number(FILM_EXPONENT);
    let resistance =
        primary_load.at_least(floor).powf(exponent) + secondary_load.at_least(floor).powf(exponent);
    let conductance = resistance.reciprocal() * (p.conductance_design * R::number(2.0));
    let rate = exchange::counterflow(
        conductance,
        i.primary_flow * i.primary_heat,
        i.secondary_flow * i.secondary_heat,
    );
    let heat = rate * (i.secondary_in - i.primary_in);
    let power = i.pump_speed.cubed() * p.pump_power_design;
    let lost = power * p.pump_loss_share;
    Outputs {
        heat_to_primary: heat,
        heat_to_secondary: power - lost - heat,
        heat_rejected: lost,
        power,
        pump_power: power,
        heat_transferred: heat,
        primary_load,
        secondary_load,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cdu() -> Parameters<f64> {
        let mut p = Parameters {
            capacity_design: 1.35e6,
            approach_design: 4.5,
            secondary_flow_design: 2000.0 / 60e3,
            primary_flow_design: 2000.0 / 60e3,
            pump_power_design: 18e3,
            pump_loss_share: 0.1,
            supply_setpoint: 303.15,
            secondary_content: 0.4,
            primary_content: 0.2,
            valve_min: 0.02,
            pump_speed_min: 0.3,
            conductance_design: 0.0,
        };
        size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap();
        p
    }

    fn design(p: &Parameters<f64>) -> Inputs<f64> {
        let (water, coolant) = (Fluid::Water, Fluid::PropyleneGlycol25);
        let (rho_w, rho_c) = (water.density(303.15), coolant.density(303.15));
        let secondary_flow = p.secondary_flow_design * rho_c;
        let rise = p.capacity_design / (secondary_flow * coolant.specific_heat(303.15));
        Inputs {
            primary_in: 300.0,
            primary_flow: p.primary_flow_design * rho_w,
            primary_heat: water.specific_heat(303.15),
            primary_density: rho_w,
            secondary_in: 304.5 + rise,
            secondary_flow,
            secondary_heat: coolant.specific_heat(303.15),
            secondary_density: rho_c,
            pump_speed: 1.0,
        }
    }

    #[test]
    fn at_the_design_point_it_transfers_its_capacity_at_its_approach() {
        // Coolant enters at 300 + 4.5 + 10.2 K and must leave 4.5 K above the facility water
        let p = cdu();
        let o = evaluate(&p, &design(&p));
        assert!((o.heat_transferred / 1.35e6 - 1.0).abs() < 1e-9, "{}", o.heat_transferred);
    }

    #[test]
    fn pump_power_goes_into_the_coolant_but_for_its_loss() {
        // 18 kW, 10 % lost: 16.2 kW + (−1350 kW)
        let p = cdu();
        let o = evaluate(&p, &design(&p));
        assert!((o.heat_to_secondary + 1.35e6 - 16.2e3).abs() < 1e-2);
        assert_eq!(o.heat_rejected, 0.1 * 18e3);
    }

    #[test]
    fn half_the_flow_on_both_sides_leaves_more_than_half_of_the_conductance() {
        // 0.5^0.7 = 0.616 of UA on half of C: NTU grows, so more than half of the heat passes
        let p = cdu();
        let mut i = design(&p);
        i.primary_flow *= 0.5;
        i.secondary_flow *= 0.5;
        let o = evaluate(&p, &i);
        assert!(o.heat_transferred > 0.5 * 1.35e6);
    }

    #[test]
    fn each_sides_film_thins_its_conductance_with_the_power_0_7_of_its_flow() {
        // both at half: 1/UA = 2·0.5^−0.7/(2·UA_d), UA = 0.6156·UA_d; one: 2/(1 + 1.6245) = 0.7620·UA_d
        let p = cdu();
        for (primary, secondary, share) in
            [(1.0, 1.0, 1.0), (0.5, 0.5, 0.615_572), (0.5, 1.0, 0.762_048), (1.0, 0.5, 0.762_048)]
        {
            let mut i = design(&p);
            (i.primary_flow, i.secondary_flow) = (primary * i.primary_flow, secondary * i.secondary_flow);
            let (a, b) = (i.primary_flow * i.primary_heat, i.secondary_flow * i.secondary_heat);
            let expected =
                exchange::counterflow(share * p.conductance_design, a, b) * (i.secondary_in - i.primary_in);
            let o = evaluate(&p, &i);
            assert!(
                (o.heat_transferred / expected - 1.0).abs() < 1e-6,
                "{primary} {secondary}: {}",
                o.heat_transferred
            );
            assert_eq!(o.heat_to_primary, o.heat_transferred);
            assert!((o.primary_load - primary).abs() < 1e-12 && (o.secondary_load - secondary).abs() < 1e-12);
        }
    }

    #[test]
    fn without_flow_nothing_is_transferred_and_nothing_breaks() {
        let p = cdu();
        let o = evaluate(&p, &Inputs { primary_flow: 0.0, ..design(&p) });
        assert!(o.heat_transferred.abs() < 1.0 && o.heat_transferred.is_finite());
    }
}
