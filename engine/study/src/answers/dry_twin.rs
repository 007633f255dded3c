//! The same site without the water of its towers: dry coolers in their place, sized by a rule that is said.
//!
//! # Rule
//! ```text
//! heat, range, set-point, number    those of the tower
//! approach                          6 K to the dry bulb at full fan speed
//! air, fans, water held             of the record dry_cooler_1mw, in proportion to heat/(approach + range)
//! ```
//! so that the conductance follows from heat, range and approach, and the air warms in the same proportion as in the record.
//! Nothing else is changed: water-cooled chillers condense against what the dry coolers give, economizers and cold plates
//! get water as warm as that. Where that is too warm the answer says what was not held.
//!
//! # Source
//! Approaches of 4 to 15 K are usual; 6 K is a large cooler: engineering knowledge, to verify.

use super::Laboratory;
use plant::declare::{Effect, Form};
use plant::plant::Unit;
use scenario::edit::{self, Edit};
use scenario::node::{Entry, Key, Node, What};
use scenario::{Case, Scenario};
use units::Quantity;

/// Approach of the dry coolers to the dry bulb [K].
const APPROACH: f64 = 6.0;
/// The record they are made of.
const RECORD: &str = "dry_cooler_1mw";
/// What the record says: heat [W], approach and range together [K], air [m³/s], fans [W], water held [m³].
const OF_RECORD: (f64, f64, f64, f64, f64) = (1e6, 18.0, 64.0, 20e3, 0.35);

/// What takes the place of a component: its record, and values that differ from those of what it replaces [SI].
pub(super) struct Substitute<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub record: &'a str,
    pub value: &'a dyn Fn(&Unit, &str) -> Option<f64>,
}

/// Puts a substitute in the place of every component of a kind. Tells whether there was one.
pub(super) fn substitute(lab: &Laboratory, scenario: &mut Scenario, by: &Substitute) -> Result<bool, String> {
    let kind = plant::catalogue::kind(by.to).ok_or_else(|| format!("there is no {}", by.to))?;
    let ids: Vec<String> =
        lab.scenario.components().filter(|c| c.1 == by.from).map(|c| c.0.to_owned()).collect();
    let mut found = false;
    for id in ids {
        let own = |unit: &&Unit| {
            unit.id == id || unit.id.strip_prefix(&*id).is_some_and(|rest| rest.starts_with('['))
        };
        let Some(unit) = lab.case.plant.units.iter().find(own) else { continue };
        let path = format!("components.{id}");
        let text = |name: &str, value: String| Entry { key: Key::new(name), value: Node::text(value) };
        let mut entries = vec![text("based_on", by.record.to_owned())];
        let written = lab.scenario.get(&path).map_or(&[][..], Node::entries);
        entries.extend(
            written.iter().filter(|e| ["count", "arrangement"].contains(&e.key.text.as_str())).cloned(),
        );
        for field in kind.declaration().parameters {
            let Some(value) = (by.value)(unit, field.name) else { continue };
            match field.form {
                Form::Quantity { quantity, .. } => entries.push(text(field.name, quantity.exact(value))),
                Form::Choice(names) => {
                    if let Some(name) = names.get(value as usize) {
                        let value: Node = What::Name((*name).to_owned()).into();
                        entries.push(Entry { key: Key::new(field.name), value });
                    }
                }
                Form::Count { .. } | Form::Derived(_) => {}
            }
        }
        let value: Node = What::Record(Some(Key::new(by.to)), entries).into();
        edit::apply(scenario, &Edit::Set { path, value }).map_err(|problem| problem.to_string())?;
        found = true;
    }
    Ok(found)
}

/// What a dry cooler in the place of a tower has.
fn of_tower(tower: &Unit, field: &str) -> Option<f64> {
    let (heat, range) = (tower.parameter("capacity_design")?, tower.parameter("range_design")?);
    let (record_heat, span, air, fans, water) = OF_RECORD;
    let size = heat / record_heat * span / (APPROACH + range);
    match field {
        "capacity_design" => Some(heat),
        "range_design" => Some(range),
        "approach_design" => Some(APPROACH),
        "air_flow_design" => Some(size * air),
        "fan_power_design" => Some(size * fans),
        "water_content" => Some(size * water),
        "supply_setpoint" => tower.parameter("supply_setpoint"),
        _ => None,
    }
}

/// The site with dry coolers in place of its towers, and the rule in words.
///
/// # Errors
/// Why there is none.
pub(super) fn without_towers(lab: &Laboratory) -> Result<(Case, String), String> {
    let wet = |unit: &&Unit| {
        let of = unit.kind.declaration();
        of.outputs.iter().any(|output| matches!(output.effect, Effect::Water(_)))
    };
    let dry_kinds = ["OpenTower", "AdiabaticCooler"];
    let known = |unit: &&Unit| dry_kinds.contains(&unit.kind.declaration().name);
    if let Some(unit) = lab.case.plant.units.iter().filter(wet).find(|unit| !known(unit)) {
        return Err(format!(
            "nothing is known to take the place of {} ({}); name a site without water with --against",
            unit.id,
            unit.kind.declaration().label
        ));
    }
    let mut scenario: Scenario = lab.scenario.clone();
    let towers = Substitute { from: "OpenTower", to: "DryCooler", record: RECORD, value: &of_tower };
    if !substitute(lab, &mut scenario, &towers)? {
        return Err("the towers stand in no component of the site".to_owned());
    }
    let same = |unit: &Unit, field: &str| unit.parameter(field);
    let pads = Substitute { from: "AdiabaticCooler", to: "DryCooler", record: RECORD, value: &same };
    substitute(lab, &mut scenario, &pads)?;
    let case = Laboratory::checked(&scenario)?;
    let hottest = case.weather.hours.iter().map(|hour| hour.dry_bulb).fold(f64::MIN, f64::max);
    let cooler = lab.case.plant.units.iter().find(|unit| unit.kind.declaration().name == "OpenTower");
    let size = cooler.map_or(String::new(), |tower| {
        let of = |field| of_tower(tower, field).unwrap_or(0.0);
        format!(", for example {} for {}", Quantity::Power.display(of("fan_power_design")), tower.id)
    });
    let rule = format!(
        "the same site with dry coolers in place of its towers, derived from it: their heat, range, number and set-point \
         kept, an approach of {APPROACH:.0} K to the air at full fan speed (water of {:.1} °C in the hottest hour, {:.1} °C), \
         air and fans in proportion to {RECORD}{size}",
        hottest - 273.15 + APPROACH,
        hottest - 273.15
    );
    Ok((case, rule))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dry_cooler_in_the_place_of_a_tower_follows_the_rule() {
        let case = scenario::load(std::path::Path::new("phoenix_evaporative"), &[]).expect("a site").case;
        let tower = case.plant.units.iter().find(|unit| unit.id == "tower").expect("a tower");
        // 620 kW over 6 + 7 K: 0.62 · 18/13 = 0.858462 of the record: 54.94 m³/s, 17.17 kW
        let of = |field| of_tower(tower, field).expect("a value");
        assert!((of("air_flow_design") - 54.9415).abs() < 1e-3, "{}", of("air_flow_design"));
        assert!((of("fan_power_design") - 17_169.2).abs() < 0.1);
        assert_eq!((of("capacity_design"), of("approach_design")), (620e3, 6.0));
        assert_eq!(of_tower(tower, "rated_at"), None);
    }
}
