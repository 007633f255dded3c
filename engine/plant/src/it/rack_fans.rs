//! Server and rack fans: they move the air and warm it by their power.
//!
//! # Equations
//! ```text
//! V̇ = V̇_design·n          P = P_design·n³          n: speed as a share of full speed
//! V̇ = V̇_design·(n·a + 0.05·(1 − a))                a: availability, 0 while they stand
//! ```
//! Through racks whose fans stand, warm air still rises: `Δp = ρ·g·h·ΔT/T` is 1.2 Pa at 20 K over 1.5 m, and of the
//! 150 Pa that a server takes at its design flow the square law makes 9 % of that flow; 5 % are left for the blades that
//! stand in the way.
//!
//! # Assumptions
//! The rack's resistance is a fixed square law, so that flow follows speed. All power ends in the air
//! stream. Thinner air does not relieve the fans.
//!
//! # Valid for
//! Speeds of `fan_speed_min`…1.
//!
//! # Source
//! The fan laws: ASHRAE Handbook HVAC Systems and Equipment, chapter "Fans" (recalled, to verify).
//! Values: the records. Stack effect: ASHRAE Handbook Fundamentals (2017) ch. 16, eq. 24; the pressure of a server and the
//! part of the blades are engineering estimates (to verify).
//!
//! # Control
//! As delivered the speed holds the temperature of the air that leaves the fans: right for fans *behind*
//! the boards. In front of them, as in most racks, it has to be held by what they cool:
//! `Hold(sensor: "accelerator.die", at: "75 °C", by: "fans.fan_speed")`.
//!
//! # Verified by
//! Hand calculation below.

use crate::declare::{Action, Actuator, Bound, Effect, Flow, Port, Regulator, Role, Use};
use crate::{component, inputs, outputs, parameters};
use real::Real;

parameters! {
    given {
        /// Air flow of all fans at full speed.
        air_flow_design: VolumeFlow in "0.0001 m3/s"..="1000 m3/s";
        /// Power of all fans at full speed.
        fan_power_design: Power in "0 W"..="1 MW";
        /// Lowest speed.
        fan_speed_min: Ratio in "0"..="1" usual "0.2"..="0.5" default "0.3";
        /// Speed while nobody moves them.
        fan_speed_design: Ratio in "0"..="1" usual "0.3"..="1" default "0.8";
        /// Temperature of the air leaving the fans that they hold.
        exhaust_setpoint: Temperature in "0 °C"..="80 °C" usual "30 °C"..="60 °C" default "40 °C";
        /// Air in the fan trays.
        air_content: Volume in "0.01 L"..="100 m3" default "20 L";
    }
}

/// Share of the design flow that buoyancy moves through standing fans.
const NATURAL_DRAUGHT: f64 = 0.05;

const PORTS: &[Port] = &[
    Port::electricity_in("electricity", "Feeds the fans."),
    Port::air("air", "The air moved.")
        .flow(Flow::Sets { actuator: "fan_speed", design: "air_flow_design" })
        .holds("air_content")
        .shared_by("air_flow_design")
        .draught(NATURAL_DRAUGHT),
];

const ACTUATORS: &[Actuator] = &[Actuator {
    name: "fan_speed",
    doc: "Speed of all fans, as a share of full speed.",
    low: Bound::Parameter("fan_speed_min"),
    high: Bound::Value(1.0),
    rest: Bound::Parameter("fan_speed_design"),
    travel: 3.0,
}];

const REGULATORS: &[Regulator] = &[Regulator {
    actuator: "fan_speed",
    sensor: "air_out",
    setpoint: "exhaust_setpoint",
    action: Action::Lowers,
    band: 20.0,
    integral_time: 60.0,
    period: 2.0,
}];

inputs! {
    /// Speed as a share of full speed.
    fan_speed: Role::Actuator("fan_speed");
}

outputs! {
    /// Heat given to the air.
    heat_to_air: Effect::Heat("air");
    /// Power drawn.
    power: Effect::Power("electricity");
    /// The same power in the account.
    fan_power: Effect::Use(Use::ServerFans);
}

component!(RackFans, "server and rack fans", "rack_fans.rs" {
    ports: PORTS,
    actuators: ACTUATORS,
    regulators: REGULATORS,
});

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let power = i.fan_speed.cubed() * p.fan_power_design;
    Outputs { heat_to_air: power, power, fan_power: power }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_half_speed_they_draw_and_give_an_eighth() {
        let p = Parameters {
            air_flow_design: 0.78,
            fan_power_design: 2640.0,
            fan_speed_min: 0.3,
            fan_speed_design: 0.8,
            exhaust_setpoint: 313.15,
            air_content: 0.02,
        };
        // 2640/8 = 330 W
        let o = evaluate(&p, &Inputs { fan_speed: 0.5 });
        assert!((o.power - 330.0f64).abs() < 1e-9 && o.heat_to_air == o.power);
    }
}
