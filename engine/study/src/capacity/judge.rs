//! A steady state held against the limits.

use super::{Bound, Kind};
use crate::notes::{Note, code};
use crate::racks::RackFigures;
use crate::run::{Outcome, Stopped};
use plant::declare::{Declaration, Medium, Port, Side};
use plant::plant::{End, Plant};
use std::collections::BTreeSet;

/// Highest coolant supply of class W45 [K].
const W45: f64 = 318.15;
/// 0 °C [K].
const CELSIUS: f64 = 273.15;

/// What was found wrong, by kind.
pub(super) type Found = [Option<Bound>; 3];

/// What is outside of a two-sided range without any load more.
pub(super) type Trusted = BTreeSet<(String, String)>;

/// Holds a steady state against the limits. With `first` it is that of the site as it is, which fills `trusted`.
pub(super) fn judge(
    plant: &Plant,
    outcome: &Outcome,
    notes: &[Note],
    racks: &[RackFigures],
    first: bool,
    trusted: &mut Trusted,
    found: &mut Found,
) {
    let mut put = |kind: Kind, what: &str, text: String| {
        let place = &mut found[kind as usize];
        if place.is_none() {
            *place = Some(Bound { what: what.to_owned(), text });
        }
    };
    for (group, racks) in plant.groups.iter().zip(racks) {
        let allowed = group.inlet_allowable.1 - CELSIUS;
        if let Some(inlet) = racks.max_inlet_c.filter(|inlet| *inlet > allowed + 1e-6) {
            put(
                Kind::Air,
                &group.id,
                format!("air at the inlet {inlet:.1} °C, its class allows {allowed:.0} °C"),
            );
        }
    }
    for (group, kelvin) in supplies(plant, outcome) {
        if kelvin > W45 + 1e-6 {
            let celsius = kelvin - CELSIUS;
            put(
                Kind::Liquid,
                &plant.groups[group].id,
                format!("coolant supply {celsius:.1} °C, class W45 ends at 45 °C"),
            );
        }
    }
    for note in notes {
        let Some(unit) = plant.units.iter().find(|unit| unit.id == note.component) else { continue };
        let declaration = unit.kind.declaration();
        let limit = declaration.limits.iter().find(|limit| code(limit.text) == note.code);
        let switch = declaration
            .switches
            .iter()
            .any(|switch| !switch.note.is_empty() && code(switch.note) == note.code);
        match limit {
            Some(limit) if limit.low.is_some() => {
                let named = (note.component.clone(), note.code.clone());
                if first {
                    trusted.insert(named);
                    continue;
                }
                if trusted.contains(&named) {
                    continue;
                }
            }
            Some(_) => {}
            None if switch => {}
            None => continue,
        }
        put(kind_of(unit.kind.declaration()), &note.component, note.text.clone());
    }
}

/// Where a site has no steady state: what runs away there, the water or the air, says which kind is exhausted.
pub(super) fn runs_away(plant: &Plant, stopped: &Stopped) -> Option<(Kind, Bound)> {
    let (place, reason) = match stopped {
        Stopped::Start { row, reason } => (row, reason.as_str()),
        Stopped::Integration { component, reason, .. } => (component, reason.as_str()),
        _ => return None,
    };
    // Racks' parts are called `hall.accelerator`, what they have `hall.accelerator.die`.
    let of = |unit: &&plant::plant::Unit| {
        place.strip_prefix(unit.id.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let unit = plant.units.iter().filter(of).max_by_key(|unit| unit.id.len())?;
    let declaration = unit.kind.declaration();
    let end = place[unit.id.len()..].trim_start_matches('.');
    let passage = end.split('.').next().unwrap_or_default();
    let is_of =
        |port: &&Port| passage.strip_prefix(port.name).is_some_and(|rest| ["_in", "_out"].contains(&rest));
    let port = declaration.ports.iter().find(is_of);
    let kind = match port.map(|port| port.medium) {
        Some(Medium::Air) => Kind::Air,
        Some(Medium::Liquid) => Kind::Liquid,
        Some(Medium::Electricity) => Kind::Power,
        _ => kind_of(declaration),
    };
    const HOT: &str = "the heat is not carried off";
    let why = if reason.contains(HOT) { HOT } else { "it does not come to rest" };
    let text = format!("no steady state: {why} at {place}");
    Some((kind, Bound { what: unit.id.clone(), text }))
}

/// What a component that is overloaded runs out of.
fn kind_of(declaration: &Declaration) -> Kind {
    let has = |medium: Medium| declaration.ports.iter().any(|port| port.medium == medium);
    let feeds =
        declaration.ports.iter().any(|port| port.medium == Medium::Electricity && port.side == Side::Outlet);
    // A supply within a rack is cooled by air and overloaded by electricity.
    if feeds || !has(Medium::Air) && !has(Medium::Liquid) {
        Kind::Power
    } else if has(Medium::Air) {
        Kind::Air
    } else {
        Kind::Liquid
    }
}

/// Coolant that enters each group from outside of it [K].
fn supplies(plant: &Plant, outcome: &Outcome) -> Vec<(usize, f64)> {
    let group = |end: &End| plant.units[end.unit].group;
    let mut found = Vec::new();
    for joint in plant.joints.iter().filter(|joint| joint.medium == Medium::Liquid) {
        for end in &joint.to {
            let Some(own) = group(end) else { continue };
            if joint.from.iter().all(|from| group(from) == Some(own)) {
                continue;
            }
            let unit = &plant.units[end.unit];
            let port = unit.kind.declaration().ports[end.port].name;
            let column = outcome.trajectory.named(&format!("{}.{port}_in", unit.id));
            found.extend(column.and_then(|column| column.last().copied()).map(|kelvin| (own, kelvin)));
        }
    }
    found
}
