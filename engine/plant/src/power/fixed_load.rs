//! Fixed load: lights, controls, block heaters, offices: a constant power that becomes heat.
//!
//! # Equations
//! ```text
//! P = Q = P_design·level
//! ```
//!
//! # Assumptions
//! The power is constant; a control may dim it.
//!
//! # Valid for
//! Any power.
//!
//! # Source
//! Energy balance.
//!
//! # Verified by
//! Hand calculation below.

use crate::declare::{Actuator, Bound, Effect, Port, Role, Use};
use crate::{component, inputs, outputs, parameters};
use real::Real;

parameters! {
    given {
        /// Power drawn when all of it is switched on.
        power: Power in "0 W"..="1 GW";
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("electricity", "Feeds the load."),
    Port::heat_out("heat", "Heat given to the room."),
];

const ACTUATORS: &[Actuator] = &[Actuator {
    name: "level",
    doc: "Part of the load that is switched on.",
    low: Bound::Value(0.0),
    high: Bound::Value(1.0),
    rest: Bound::Value(1.0),
    travel: 1.0,
}];

inputs! {
    /// Part of the load that is switched on.
    level: Role::Actuator("level");
}

outputs! {
    /// Power drawn.
    power: Effect::Power("electricity");
    /// The same power in the account.
    power_used: Effect::Use(Use::Other);
    /// The same power as heat.
    heat: Effect::Heat("heat");
}

component!(FixedLoad, "fixed load", "fixed_load.rs" {
    ports: PORTS,
    actuators: ACTUATORS,
});

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let power = i.level * p.power;
    Outputs { power, power_used: power, heat: power }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_kilowatts_of_light_become_eight_kilowatts_of_heat() {
        let o = evaluate(&Parameters { power: 8e3 }, &Inputs { level: 1.0 });
        assert_eq!((o.power, o.power_used, o.heat), (8e3, 8e3, 8e3));
    }
}
