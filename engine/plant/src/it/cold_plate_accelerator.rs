//! Accelerator on a cold plate: die and plate store heat, the coolant takes it away.
//!
//! # Equations
//! ```text
//! C_die·dT_die/dt     = P − (T_die − T_plate)/R_jc
//! C_plate·dT_plate/dt = (T_die − T_plate)/R_jc − Q
//! Q  = ε·C·(T_plate − T_supply)       ε = 1 − e^−NTU,  NTU = 1/(R·C),  C = ρ·V̇·cp
//! R  = R_cond + R_film·(V̇/V̇_rated)^−n
//! ```
//! `P` is the power of [`crate::it::chip`]. A data sheet gives the resistance from case to
//! coolant *inlet* at a rated flow, `1/(ε·C)`; `R_film` follows from it.
//!
//! # Assumptions
//! The plate is of one temperature, and the coolant standing in it belongs to its capacity; what hoses
//! and manifold hold joins the volume at the outlet. The film depends on flow, not on temperature.
//!
//! # Valid for
//! Flows within `coolant_flow_min`…`coolant_flow_max` per chip. Below, the effectiveness keeps
//! the second law: with the shipped microchannel data a fit of `1/(ε·C) = a + b·V̇^−0.8`
//! is met within 3 % at 1…4 L/min and 6 % at 0.6 L/min.
//!
//! # Source
//! Exponent 0.8: Dittus-Boelter, F. Incropera et al., *Fundamentals of Heat and Mass Transfer*, 6th ed.,
//! eq. 8.60 (recalled, to verify); effectiveness against a body of one temperature eq. 11.35a.
//! Values: the records.
//!
//! # Verified by
//! Hand calculation below.

use crate::cooling::exchange;
use crate::declare::{Bound, Effect, Limit, Port, Role, State, Store, Switch, Use};
use crate::it::chip::{self, Chip};
use crate::kernel::Surroundings;
use crate::{component, inputs, outputs, parameters};
use media::liquid::Fluid;
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
        /// Resistance from case to coolant inlet at the rated flow.
        resistance_rated: ThermalResistance in "0.0005 K/W"..="10 K/W" usual "0.01 K/W"..="0.15 K/W";
        /// Part of it that does not depend on the flow.
        resistance_conduction: ThermalResistance in "0 K/W"..="10 K/W" usual "0.002 K/W"..="0.05 K/W" default "0 K/W";
        /// Exponent of the flow in the film's resistance.
        film_exponent: Ratio in "0"..="1" usual "0.3"..="0.85" default "0.8";
        /// Flow per chip at which the resistance is rated.
        coolant_flow_rated: VolumeFlow in "0.01 L/min"..="100 L/min" usual "0.3 L/min"..="4 L/min";
        /// Flow per chip in operation; it weighs this plate among parallel ones.
        coolant_flow_design: VolumeFlow in "0.01 L/min"..="100 L/min" usual "0.3 L/min"..="4 L/min";
        /// Lowest flow per chip for which the resistance was measured.
        coolant_flow_min: VolumeFlow in "0 L/min"..="100 L/min" default "0 L/min";
        /// Highest flow per chip for which the resistance was measured.
        coolant_flow_max: VolumeFlow in "0.01 L/min"..="1000 L/min" default "1000 L/min";
        /// Heat capacity of die and package.
        capacity_die: HeatCapacity in "0.1 J/K"..="100 kJ/K" default "100 J/K";
        /// Heat capacity of the plate and the coolant in it.
        capacity_plate: HeatCapacity in "0.1 J/K"..="1000 kJ/K" default "700 J/K";
        /// Coolant in hoses and manifold, per chip.
        coolant_content: Volume in "0.001 L"..="100 L" default "0.1 L";
    }
    choices {
        /// Coolant with which the resistance is rated, at 30 °C.
        rated_with: [Pg25, Water] default Pg25;
    }
    derived {
        /// Resistance of the film at the rated flow.
        resistance_film: ThermalResistance;
        /// Junction temperature below which throttling ends.
        temperature_release: Temperature;
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("electricity", "Feeds the chip."),
    Port::liquid("coolant", "The coolant through the plate.")
        .holds("coolant_content")
        .shared_by("coolant_flow_design"),
];

const STATES: &[State] = &[
    State {
        name: "die",
        doc: "Junction temperature.",
        store: Store::Heat("capacity_die"),
        initial: Bound::Value(318.15),
        scale: 30.0,
        inventory: false,
    },
    State {
        name: "plate",
        doc: "Temperature of the plate at the case.",
        store: Store::Heat("capacity_plate"),
        initial: Bound::Value(313.15),
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
    /// Temperature of the plate.
    plate: Role::State("plate");
    /// Temperature of the entering coolant.
    coolant_in: Role::Temperature("coolant");
    /// Mass flow of the coolant.
    coolant_flow: Role::Flow("coolant");
    /// Its specific heat.
    specific_heat: Role::SpecificHeat("coolant");
    /// Its density.
    density: Role::Density("coolant");
    /// Utilisation asked for.
    utilisation: Role::Signal("utilisation");
    /// 1 while throttled.
    throttle: Role::Switch("throttle");
}

outputs! {
    /// Net heat flow into the die.
    die_heat: Effect::Store("die");
    /// Net heat flow into the plate.
    plate_heat: Effect::Store("plate");
    /// Heat given to the coolant.
    heat_to_coolant: Effect::Heat("coolant");
    /// Power drawn.
    power: Effect::Power("electricity");
    /// The same power in the account.
    it_power: Effect::Use(Use::It);
    /// Utilisation delivered.
    throughput: Effect::Reading(Quantity::Ratio);
    /// Volume flow of the coolant.
    coolant_volume_flow: Effect::Reading(Quantity::VolumeFlow);
}

const LIMITS: &[Limit] = &[
    Limit {
        of: "die",
        low: None,
        high: Some(Bound::Parameter("temperature_max")),
        text: "junction above its highest temperature",
    },
    Limit {
        of: "coolant_volume_flow",
        low: Some(Bound::Parameter("coolant_flow_min")),
        high: Some(Bound::Parameter("coolant_flow_max")),
        text: "flow outside the range in which the cold plate was measured",
    },
];

component!(ColdPlateAccelerator, "accelerator on a cold plate", "cold_plate_accelerator.rs" {
    ports: PORTS,
    states: STATES,
    switches: SWITCHES,
    limits: LIMITS,
    size: size,
});

/// Flow below this share of the rated one is taken as this in the film's resistance.
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

/// The film's resistance: `1/(ε·C) = R_rated` solved for NTU, less the conduction.
fn size(p: &mut Parameters<f64>, _: &Surroundings) -> Result<(), String> {
    chip::contradiction(&p.chip())?;
    p.temperature_release = p.temperature_throttle - p.throttle_band;
    let fluid = if p.rated_with == 0.0 { Fluid::PropyleneGlycol25 } else { Fluid::Water };
    let rate = p.coolant_flow_rated * fluid.density(303.15) * fluid.specific_heat(303.15);
    let effectiveness = 1.0 / (p.resistance_rated * rate);
    if effectiveness >= 0.995 {
        return Err(format!(
            "resistance_rated {:.4} K/W cannot be reached: the coolant at coolant_flow_rated alone warms by \
             {:.4} K/W; raise one of them",
            p.resistance_rated,
            1.0 / rate
        ));
    }
    p.resistance_film = 1.0 / (-rate * (1.0 - effectiveness).ln()) - p.resistance_conduction;
    if p.resistance_film <= 0.0 {
        return Err(format!(
            "resistance_conduction {:.4} K/W leaves nothing for the film: from plate to coolant \
             resistance_rated allows {:.4} K/W",
            p.resistance_conduction,
            p.resistance_film + p.resistance_conduction
        ));
    }
    Ok(())
}

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let throughput = chip::delivered(i.utilisation, i.throttle, p.throttle_share);
    let power = chip::power(&p.chip(), throughput, i.die);
    let coolant_volume_flow = i.coolant_flow / i.density;
    let share = (coolant_volume_flow / p.coolant_flow_rated).at_least(R::lift(LEAST_FLOW));
    let film = share.powf(-p.film_exponent) * p.resistance_film;
    let conductance = (film + p.resistance_conduction).reciprocal();
    let rate = i.coolant_flow * i.specific_heat;
    let heat = exchange::against_body(conductance, rate) * (i.plate - i.coolant_in);
    let across = (i.die - i.plate) / p.resistance_junction_to_case;
    Outputs {
        die_heat: power - across,
        plate_heat: across - heat,
        heat_to_coolant: heat,
        power,
        it_power: power,
        throughput,
        coolant_volume_flow,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PG25: Fluid = Fluid::PropyleneGlycol25;

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
            resistance_rated: 0.0331,
            resistance_conduction: 0.015,
            film_exponent: 0.8,
            coolant_flow_rated: 1.5 / 60e3,
            coolant_flow_design: 1.05 / 60e3,
            coolant_flow_min: 0.6 / 60e3,
            coolant_flow_max: 4.0 / 60e3,
            capacity_die: 100.0,
            capacity_plate: 700.0,
            coolant_content: 1e-4,
            rated_with: 0.0,
            resistance_film: 0.0,
            temperature_release: 0.0,
        };
        size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap();
        p
    }

    /// 22 °C of PG25 at a flow in L/min.
    fn at_rest(flow: f64) -> Inputs<f64> {
        Inputs {
            die: 295.15,
            plate: 295.15,
            coolant_in: 295.15,
            coolant_flow: flow / 60e3 * PG25.density(303.15),
            specific_heat: PG25.specific_heat(303.15),
            density: PG25.density(303.15),
            utilisation: 0.0,
            throttle: 0.0,
        }
    }

    #[test]
    fn at_600_watts_and_22_degrees_the_junction_settles_at_47_9() {
        // plate 22 + 600 · 0.0331 = 41.86 °C;  die 41.86 + 600 · 0.010 = 47.86 °C
        let utilisation = (600.0 - 72.0) / (700.0 - 72.0);
        let i = Inputs { plate: 295.15 + 19.86, die: 295.15 + 25.86, utilisation, ..at_rest(1.5) };
        let o = evaluate(&h100(), &i);
        assert!((o.power - 600.0).abs() < 1e-9);
        assert!(o.die_heat.abs() < 1e-6 && o.plate_heat.abs() < 1e-6, "{o:?}");
        assert!((o.heat_to_coolant - 600.0).abs() < 1e-6);
    }

    #[test]
    fn away_from_the_rated_flow_the_measured_fit_is_met() {
        // R = 0.015 + 0.025 V^−0.8 K/W (V in L/min): 0.0526 at 0.6, 0.0400 at 1, 0.0254 at 3, 0.0232 at 4.
        // What remains: the fit takes all of V^−0.8 for the film, here the coolant's own rise is apart.
        for (flow, tolerance) in
            [(0.6f64, 0.06), (1.0, 0.03), (1.5, 1e-3), (2.0, 0.02), (3.0, 0.03), (4.0, 0.03)]
        {
            let o = evaluate(&h100(), &Inputs { plate: 296.15, ..at_rest(flow) });
            let fit = 0.015 + 0.025 * flow.powf(-0.8);
            assert!(
                (1.0 / o.heat_to_coolant / fit - 1.0).abs() < tolerance,
                "{flow}: {}",
                1.0 / o.heat_to_coolant
            );
        }
    }

    #[test]
    fn without_flow_the_plate_keeps_its_heat() {
        let o = evaluate(&h100(), &Inputs { plate: 323.15, die: 333.15, ..at_rest(0.0) });
        // (60 − 50)/0.01 = 1000 W into the plate, none out
        assert!((o.plate_heat - 1000.0).abs() < 0.1);
    }

    #[test]
    fn a_throttled_chip_draws_and_delivers_less() {
        // 72 + 628 · 0.5 = 386 W
        let o = evaluate(&h100(), &Inputs { utilisation: 1.0, throttle: 1.0, ..at_rest(1.5) });
        assert!((o.power - 386.0).abs() < 1e-9 && o.throughput == 0.5);
        // from 87 °C until it is 4 K cooler
        assert_eq!(h100().temperature_release, 356.15);
    }

    #[test]
    fn a_resistance_below_the_coolants_own_rise_is_refused() {
        // 1.5 L/min of PG25 carry 100 W/K: 0.01 K/W
        let mut p = Parameters { resistance_rated: 0.01, ..h100() };
        let message = size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap_err();
        assert!(message.contains("resistance_rated"), "{message}");
    }
}
