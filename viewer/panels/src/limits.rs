//! The limits that lie on the scale of the picture: declared by components, racks and classes, never made up here.

use crate::bench::Shown;
use crate::shade::Shade;
use engine::plant::declare::Bound;
use engine::plant::plant::Unit;

/// A limit on a scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// Where, in the unit of [`Shade::unit`].
    pub at: f64,
    /// Key of its name.
    pub key: &'static str,
}

/// 0 °C [K].
const CELSIUS: f64 = 273.15;

/// The limits of what racks are coloured by, from the lowest.
#[must_use]
pub fn of(shown: &Shown, shade: Shade) -> Vec<Limit> {
    let plant = &shown.case.plant;
    let mut found: Vec<Limit> = Vec::new();
    let mut add = |at: f64, key: &'static str| {
        if at.is_finite() && !found.iter().any(|limit| limit.key == key && (limit.at - at).abs() < 0.05) {
            found.push(Limit { at, key });
        }
    };
    match shade {
        Shade::Inlet => {
            for group in &plant.groups {
                add(group.inlet_allowable.1 - CELSIUS, "limit-allowable");
            }
        }
        Shade::Margin => add(0.0, "limit-class"),
        Shade::Power => {
            for group in &plant.groups {
                add(group.power_rated / 1000.0, "limit-rated");
            }
        }
        Shade::Junction => {
            for unit in plant.units.iter().filter(|unit| unit.group.is_some()) {
                let declaration = unit.kind.declaration();
                let Some(state) = declaration.junction() else { continue };
                let name = declaration.states[state].name;
                for switch in declaration.switches.iter().filter(|switch| switch.sensor == name) {
                    add(value(unit, switch.on_above) - CELSIUS, "limit-throttle");
                }
                for high in
                    declaration.limits.iter().filter(|limit| limit.of == name).filter_map(|limit| limit.high)
                {
                    add(value(unit, high) - CELSIUS, "limit-highest");
                }
            }
        }
        _ => {}
    }
    found.sort_by(|a, b| a.at.total_cmp(&b.at));
    found
}

/// A bound of a unit, SI; NaN where its parameter is not there.
#[must_use]
pub fn value(unit: &Unit, bound: Bound) -> f64 {
    match bound {
        Bound::Value(value) => value,
        Bound::Parameter(name) => unit.parameter(name).unwrap_or(f64::NAN),
    }
}
