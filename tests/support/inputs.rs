//! Random inputs of a component, each by its role and consistent with the others.

use super::random::Random;
use super::records::Variant;
use engine::media::moist_air;
use engine::plant::declare::{Bound, Declaration, Medium, Outdoor, Role, Store};

/// The value of a bound.
pub fn bound(of: &Declaration, values: &[f64], bound: Bound) -> f64 {
    match bound {
        Bound::Value(value) => value,
        Bound::Parameter(name) => {
            let place = of.parameters.iter().position(|f| f.name == name);
            values[place.unwrap_or_else(|| panic!("{} has no parameter {name}", of.name))]
        }
    }
}

/// Moist air at the ends of air passages and outdoors.
struct Air {
    temperature: f64,
    humidity_ratio: f64,
}

fn air(random: &mut Random, low: f64, high: f64, pressure: f64) -> Air {
    let temperature = random.between(low, high);
    let saturated = moist_air::saturation_humidity_ratio::<f64>(temperature, pressure);
    // Nothing is known about moist air below the driest deserts; above, it is at most saturated.
    Air { temperature, humidity_ratio: (random.between(0.05, 1.0) * saturated).min(0.06) }
}

/// One random input vector. With `still`, some flows and loads are exactly 0 and some actuators at an end.
pub fn draw(random: &mut Random, variant: &Variant, still: bool) -> Vec<f64> {
    let (of, values) = (variant.kind.declaration(), &variant.values);
    let pressure = random.between(70e3, 105e3);
    let outdoor = air(random, 243.15, 323.15, pressure);
    let wet_bulb = moist_air::wet_bulb(outdoor.temperature, outdoor.humidity_ratio, pressure);
    let passages: Vec<(&str, Air)> = (of.ports.iter())
        .filter(|port| port.medium == Medium::Air)
        .map(|port| (port.name, air(random, 275.0, 335.0, pressure)))
        .collect();
    let at = |port: &str| {
        let found = passages.iter().find(|p| p.0 == port);
        &found.unwrap_or_else(|| panic!("{}: {port} is no air passage", of.name)).1
    };
    let mut inputs = Vec::new();
    for input in of.inputs {
        let value = match input.role {
            Role::Temperature(_) => random.between(275.0, 335.0),
            Role::Flow(_) | Role::FlowIn(_) | Role::FlowOut(_) => {
                if still && random.chance(0.15) {
                    0.0
                } else {
                    random.decades(1e-3, 300.0)
                }
            }
            Role::PressureRise(_) => random.between(-1e5, 5e5),
            Role::HydraulicPower(_) => random.between(-1e3, 1e5),
            Role::SpecificHeat(_) => random.between(3500.0, 4220.0),
            Role::Density(_) => random.between(960.0, 1060.0),
            Role::Enthalpy(port) => moist_air::enthalpy(at(port).temperature, at(port).humidity_ratio),
            Role::Humidity(port) => at(port).humidity_ratio,
            Role::Demand(_) | Role::Received(_) => {
                if still && random.chance(0.15) {
                    0.0
                } else {
                    random.decades(1.0, 3e7)
                }
            }
            Role::Outdoor(Outdoor::DryBulb) => outdoor.temperature,
            Role::Outdoor(Outdoor::WetBulb) => wet_bulb.min(outdoor.temperature),
            Role::Outdoor(Outdoor::HumidityRatio) => outdoor.humidity_ratio,
            Role::Outdoor(Outdoor::Pressure) | Role::Pressure(_) => pressure,
            // Each alone: no sky is so that east, north and up do not fit, and equations hold for any.
            Role::Outdoor(Outdoor::SunEast | Outdoor::SunNorth) => random.between(-900.0, 900.0),
            Role::Outdoor(Outdoor::SunUp | Outdoor::Global) => random.between(1.0, 1000.0),
            Role::Outdoor(Outdoor::Sky) => random.between(1.0, 400.0),
            Role::Outdoor(Outdoor::WindSpeed) => random.between(0.1, 25.0),
            Role::Actuator(name) => {
                let actuator = of.actuators.iter().find(|a| a.name == name);
                let actuator = actuator.unwrap_or_else(|| panic!("{} has no actuator {name}", of.name));
                let [low, high] = [actuator.low, actuator.high].map(|b| bound(of, values, b));
                let share = match random.unit() {
                    share if still && share < 0.1 => 0.0,
                    share if still && share > 0.9 => 1.0,
                    share => share,
                };
                low + (high - low) * share
            }
            Role::Solved(_) | Role::Switch(_) => f64::from(u8::from(random.chance(0.5))),
            Role::Signal("utilisation") => match random.unit() {
                share if still && share < 0.1 => 0.0,
                share if still && share > 0.9 => 1.0,
                share => share,
            },
            Role::Signal(_) => random.decades(1.0, 1e7),
            Role::State(name) => {
                let state = of.states.iter().find(|s| s.name == name);
                let state = state.unwrap_or_else(|| panic!("{} has no state {name}", of.name));
                let initial = bound(of, values, state.initial);
                match state.store {
                    Store::Heat(_) => random.between(275.0, 365.0),
                    Store::Mass | Store::Energy => initial * random.between(0.7, 1.2),
                    Store::Signal => random.unit(),
                }
            }
        };
        inputs.push(value);
    }
    inputs
}
