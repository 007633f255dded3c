//! Racks and components added, parted, exchanged and taken away, with the connections and controls that name them.
//!
//! Each function makes an [`Edit`] of plain steps, applied and taken back as any other. Nothing is guessed that a reader of
//! the file could not follow:
//!
//! * **Like another**: the copy stands in every list, loop, control and fluid beside the one it was made of.
//! * **Taken away**: it leaves every list; what stood before and after it in a chain is joined, a loop stays a loop, and
//!   controls and events that name it go with it. What is then left open is for the check of the site to say.
//! * **Exchanged**: racks get another template. Ports that the new one lacks leave their chains; those that it has in
//!   addition join the loop that other racks of the site are on, or the free side of a CDU.
//! * **Fresh**: a component of any kind, joined as it is said, port by port ([`fresh`]).
//! * **Parted**: some racks of a group become a group of their own, beside the rest in every chain.

pub mod fresh;

use super::rename::replaced;
use super::{Edit, completed, parsed};
use crate::Scenario;
use crate::catalogue::{self, Record, Shelf};
use crate::check::chain::{self, Reference};
use crate::check::racks::places;
use crate::node::{At, Entry, Key, Node, What};
use crate::path::{Path, Step};
use crate::problem::{Problem, Raised, code};
use crate::read::fetch::Content;
use crate::read::value;
use std::collections::{BTreeMap, BTreeSet};
use units::Quantity;

/// An edit and the id that it brings.
pub type Named = (Edit, String);

/// A component or rack group like another one, beside it in every connection.
///
/// # Errors
/// Where the path names neither.
pub fn add_like(scenario: &Scenario, path: &str) -> Result<Named, Problem> {
    located(scenario, || {
        let (map, id) = entry_of(scenario, path)?;
        let new = free_id(scenario, &id);
        let mut value =
            scenario.root.get(&map).and_then(|map| map.get(&id)).cloned().unwrap_or(Node::record());
        drop_field(&mut value, "layout");
        let mut steps = vec![add_entry(scenario, &map, &id, &new, value)];
        steps.extend(copied(scenario, &id, &new));
        Ok((Edit::Several(steps), new))
    })
}

/// A component or rack group gone, with every mention of it.
///
/// # Errors
/// Where the path names neither.
pub fn take_away(scenario: &Scenario, path: &str) -> Result<Edit, Problem> {
    located(scenario, || {
        let (map, id) = entry_of(scenario, path)?;
        let mut steps = forgotten(scenario, &id);
        let chains = chains(scenario)?.into_iter().map(|chain| without(chain, &|of| of.id == id));
        steps.extend(connections(scenario, chains.collect()));
        steps.push(Edit::Remove { path: format!("{map}.{id}") });
        Ok(Edit::Several(steps))
    })
}

/// Other racks in place of some or all of a group: those of another template. Some become a group of their own; the id of
/// the group that has the template then.
///
/// # Errors
/// An unknown template, racks that the group does not have, or a site without the loop that the template needs.
pub fn exchange(scenario: &Scenario, group: &str, racks: &[u32], template: &str) -> Result<Named, Problem> {
    located(scenario, || {
        let (value, count) = group_of(scenario, group)?;
        let chosen = chosen(group, racks, count)?;
        let old = ports(scenario, value.get("template"));
        let record = catalogue::find(Shelf::Racks, template).ok_or_else(|| {
            wrong(&format!("racks.{group}.template"), format!("there is no rack {template} in the catalogue"))
        })?;
        let new: Vec<String> = record.node().map(ports_of).unwrap_or_default();
        let named = Node::text(template);
        let (mut steps, id, chains) = if chosen.len() as u32 == count {
            let mut steps = vec![Edit::Set { path: format!("racks.{group}.template"), value: named }];
            // Fields of parts belong to the template that they change.
            if value.get("parts").is_some() {
                steps.push(Edit::Remove { path: format!("racks.{group}.parts") });
            }
            for (k, except) in value.get("except").map_or(&[][..], Node::items).iter().enumerate() {
                if except.get("parts").is_some() {
                    steps.push(Edit::Remove { path: format!("racks.{group}.except[{k}].parts") });
                }
            }
            (steps, group.to_owned(), chains(scenario)?)
        } else {
            let (steps, id) = parted(scenario, group, &value, count, &chosen, Some(named))?;
            let chains = chains(scenario)?.into_iter().map(|chain| beside(chain, group, &id)).collect();
            (steps, id, chains)
        };
        let chains = reconnected(scenario, chains, &id, group, &old, &new)?;
        steps.extend(connections(scenario, chains));
        Ok((Edit::Several(steps), id))
    })
}

/// Some racks of a group as a group of their own; its id.
///
/// # Errors
/// Racks that the group does not have, or all of them.
pub fn part(scenario: &Scenario, group: &str, racks: &[u32]) -> Result<Named, Problem> {
    located(scenario, || {
        let (value, count) = group_of(scenario, group)?;
        let chosen = chosen(group, racks, count)?;
        if chosen.len() as u32 == count {
            return Err(wrong(
                &format!("racks.{group}"),
                format!("these are all racks of {group}: it is a group of its own"),
            ));
        }
        let (mut steps, id) = parted(scenario, group, &value, count, &chosen, None)?;
        let chains = chains(scenario)?.into_iter().map(|chain| beside(chain, group, &id)).collect();
        steps.extend(connections(scenario, chains));
        Ok((Edit::Several(steps), id))
    })
}

/// Some racks of a group moved to another group of the same template, behind its last rack.
///
/// # Errors
/// Racks that the group does not have, or groups of different templates.
pub fn hand_over(scenario: &Scenario, from: &str, racks: &[u32], to: &str) -> Result<Edit, Problem> {
    located(scenario, || {
        let ((value, count), (target, there)) = (group_of(scenario, from)?, group_of(scenario, to)?);
        let chosen = chosen(from, racks, count)?;
        if from == to {
            return Err(wrong(&format!("racks.{to}"), format!("these racks are in {to} already")));
        }
        if value.get("template") != target.get("template") {
            let message =
                format!("racks of {to} have another template than those of {from}: exchange them first");
            return Err(wrong(&format!("racks.{to}.template"), message));
        }
        nobody_counts(scenario, from)?;
        let more = there + chosen.len() as u32;
        let mut steps = vec![whole(&format!("racks.{to}.count"), more)];
        let behind = |old: u32| chosen.iter().position(|&c| c == old).map(|k| there + k as u32);
        let mut excepted = target.get("except").map_or(Vec::new(), |list| list.items().to_vec());
        excepted.extend(exceptions(&value, count, &behind));
        if !excepted.is_empty() {
            steps.push(Edit::Set { path: format!("racks.{to}.except"), value: What::List(excepted).into() });
        }
        if chosen.len() as u32 == count {
            let chains = chains(scenario)?.into_iter().map(|chain| without(chain, &|of| of.id == from));
            steps.extend(forgotten(scenario, from));
            steps.extend(connections(scenario, chains.collect()));
            steps.push(Edit::Remove { path: format!("racks.{from}") });
        } else {
            steps.extend(shrunk(from, &value, count, &chosen));
        }
        Ok(Edit::Several(steps))
    })
}

/// Some racks of a group gone; with the last of them the group.
///
/// # Errors
/// Racks that the group does not have.
pub fn remove_racks(scenario: &Scenario, group: &str, racks: &[u32]) -> Result<Edit, Problem> {
    let checked = located(scenario, || {
        let (value, count) = group_of(scenario, group)?;
        let chosen = chosen(group, racks, count)?;
        if chosen.len() as u32 == count {
            return Ok(None);
        }
        nobody_counts(scenario, group)?;
        Ok(Some(Edit::Several(shrunk(group, &value, count, &chosen))))
    })?;
    checked.map_or_else(|| take_away(scenario, &format!("racks.{group}")), Ok)
}

/// The rack of the catalogue that has the same chips with other cooling: on cold plates where `liquid`, else in air. Of
/// several the one with the nearest number of them, then with the most alike id, then of the nearest power.
#[must_use]
pub fn counterpart(template: &str, liquid: bool) -> Option<&'static str> {
    let own = catalogue::find(Shelf::Racks, template)?;
    let (chips, power) = (chips_of(own), power_of(own));
    let fits = |record: &&Record| {
        record.id != template
            && record.node().is_ok_and(|node| ports_of(node).iter().any(|port| port == "liquid") == liquid)
            && chips_of(record).keys().any(|chip| chips.contains_key(chip))
    };
    let apart = |a: f64, b: f64| (a / b).max(b / a);
    let far = |record: &Record| {
        let theirs = chips_of(record);
        let number = chips.iter().filter_map(|(chip, count)| Some(apart(*count, *theirs.get(chip)?)));
        let alike = record.id.bytes().zip(template.bytes()).take_while(|(a, b)| a == b).count();
        [number.fold(1.0, f64::max), -(alike as f64), apart(power_of(record), power)]
    };
    let order = |a: &&Record, b: &&Record| {
        let (a, b) = (far(a), far(b));
        a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])).then(a[2].total_cmp(&b[2]))
    };
    catalogue::all(Shelf::Racks).filter(fits).min_by(order).map(|record| record.id)
}

/// Whether racks of a group have a port for coolant.
#[must_use]
pub fn has_liquid(scenario: &Scenario, group: &str) -> bool {
    let template =
        scenario.root.get("racks").and_then(|racks| racks.get(group)).and_then(|g| g.get("template"));
    ports(scenario, template).iter().any(|port| port == "liquid")
}

fn located<T>(scenario: &Scenario, make: impl FnOnce() -> Result<T, Raised>) -> Result<T, Problem> {
    make().map_err(|raised| raised.locate(&scenario.sources))
}

fn wrong(path: &str, message: String) -> Raised {
    Raised::error(code::UNKNOWN_PATH, path, At::NOWHERE, message)
}

/// `components` or `racks`, and the id.
fn entry_of(scenario: &Scenario, path: &str) -> Result<(String, String), Raised> {
    let full = completed(parsed(path, At::NOWHERE)?, &scenario.root);
    match &full.steps[..] {
        [Step::Name(map), Step::Name(id)]
            if ["components", "racks"].contains(&map.as_str())
                && crate::path::find(&scenario.root, &full).is_some() =>
        {
            Ok((map.clone(), id.clone()))
        }
        _ => Err(wrong(path, format!("there is no component or rack group {path}"))),
    }
}

fn group_of(scenario: &Scenario, group: &str) -> Result<(Node, u32), Raised> {
    let value = scenario.root.get("racks").and_then(|racks| racks.get(group)).cloned();
    let value =
        value.ok_or_else(|| wrong(&format!("racks.{group}"), format!("there is no rack group {group}")))?;
    let count = value.get("count").and_then(value::whole).unwrap_or(1);
    Ok((value, u32::try_from(count).unwrap_or(1)))
}

/// The racks in order, each once.
fn chosen(group: &str, racks: &[u32], count: u32) -> Result<Vec<u32>, Raised> {
    let chosen: BTreeSet<u32> = racks.iter().copied().collect();
    match chosen.iter().find(|&&rack| rack >= count) {
        Some(rack) => Err(wrong(
            &format!("racks.{group}[{rack}]"),
            format!("{group} has {count} racks, counted from 0"),
        )),
        None if chosen.is_empty() => Err(wrong(&format!("racks.{group}"), "no rack is chosen".to_owned())),
        None => Ok(chosen.into_iter().collect()),
    }
}

/// An id that nothing has: the same with the next number behind it.
fn free_id(scenario: &Scenario, id: &str) -> String {
    let stem = id
        .rsplit_once('_')
        .filter(|(_, end)| end.chars().all(|c| c.is_ascii_digit()))
        .map_or(id, |(stem, _)| stem);
    let maps = ["components", "racks", "controls"];
    let used =
        |id: &str| maps.iter().any(|map| scenario.root.get(map).is_some_and(|map| map.get(id).is_some()));
    let mut number = 2_u32;
    while used(&format!("{stem}_{number}")) {
        number += 1;
    }
    format!("{stem}_{number}")
}

fn add_entry(scenario: &Scenario, map: &str, beside: &str, id: &str, value: Node) -> Edit {
    let entries = scenario.root.get(map).map_or(&[][..], Node::entries);
    let position = entries.iter().position(|entry| entry.key.text == beside).map(|k| k + 1);
    Edit::Add { path: format!("{map}.{id}"), value, position }
}

fn whole(path: &str, number: u32) -> Edit {
    Edit::Set { path: path.to_owned(), value: What::Whole(i64::from(number)).into() }
}

fn drop_field(node: &mut Node, field: &str) {
    if let Some(entries) = node.entries_mut() {
        entries.retain(|entry| entry.key.text != field);
    }
}

fn put(node: &mut Node, field: &str, value: Node) {
    if let Some(found) = node.get_mut(field) {
        *found = value;
    } else if let Some(entries) = node.entries_mut() {
        entries.push(Entry { key: Key::new(field), value });
    }
}

/// Splits some racks off; the steps but for the connections, and the new id.
fn parted(
    scenario: &Scenario,
    group: &str,
    value: &Node,
    count: u32,
    chosen: &[u32],
    template: Option<Node>,
) -> Result<(Vec<Edit>, String), Raised> {
    nobody_counts(scenario, group)?;
    let id = free_id(scenario, group);
    let mut own = value.clone();
    for field in ["layout", "except"] {
        drop_field(&mut own, field);
    }
    put(&mut own, "count", What::Whole(chosen.len() as i64).into());
    let excepted = exceptions(value, count, &|old| chosen.iter().position(|&c| c == old).map(|k| k as u32));
    if !excepted.is_empty() {
        put(&mut own, "except", What::List(excepted).into());
    }
    if let Some(template) = template {
        put(&mut own, "template", template);
        drop_field(&mut own, "parts");
        if let Some(What::List(items)) = own.get_mut("except").map(|node| &mut node.what) {
            items.iter_mut().for_each(|item| drop_field(item, "parts"));
        }
    }
    let mut steps = shrunk(group, value, count, chosen);
    steps.push(add_entry(scenario, "racks", group, &id, own));
    steps.extend(copied_but_connections(scenario, group, &id));
    Ok((steps, id))
}

/// A group without some of its racks; the others close up.
fn shrunk(group: &str, value: &Node, count: u32, chosen: &[u32]) -> Vec<Edit> {
    let mut steps = vec![whole(&format!("racks.{group}.count"), count - chosen.len() as u32)];
    if value.get("except").is_some() {
        let place = |old: u32| {
            (!chosen.contains(&old)).then(|| old - chosen.iter().filter(|&&c| c < old).count() as u32)
        };
        let left = exceptions(value, count, &place);
        let path = format!("racks.{group}.except");
        steps.push(if left.is_empty() {
            Edit::Remove { path }
        } else {
            Edit::Set { path, value: What::List(left).into() }
        });
    }
    steps
}

/// Exceptions of a group with its racks counted anew; those of racks that have no place are left out.
fn exceptions(value: &Node, count: u32, place: &dyn Fn(u32) -> Option<u32>) -> Vec<Node> {
    let mut kept = Vec::new();
    for item in value.get("except").map_or(&[][..], Node::items) {
        let Some(ranges) =
            item.get("racks").and_then(Node::as_text).and_then(|text| places(text, count).ok())
        else {
            kept.push(item.clone()); // what cannot be read is for the check to say
            continue;
        };
        let moved: BTreeSet<u32> = ranges.into_iter().flatten().filter_map(place).collect();
        if !moved.is_empty() {
            let mut item = item.clone();
            put(&mut item, "racks", Node::text(listed(&moved)));
            kept.push(item);
        }
    }
    kept
}

/// `0-3, 7`.
fn listed(racks: &BTreeSet<u32>) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for &rack in racks {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == rack => *last = rack,
            _ => ranges.push((rack, rack)),
        }
    }
    let text = |&(first, last): &(u32, u32)| {
        if first == last { first.to_string() } else { format!("{first}-{last}") }
    };
    ranges.iter().map(text).collect::<Vec<_>>().join(", ")
}

/// Refuses to count racks anew where something names one of them by its number.
fn nobody_counts(scenario: &Scenario, group: &str) -> Result<(), Raised> {
    let named = format!("{group}[");
    let mut found = None;
    each_text(&scenario.root, &mut |text| {
        let at = text.find(&named);
        let whole = at.is_some_and(|at| {
            !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.')
        });
        if whole && found.is_none() {
            found = Some(text.to_owned());
        }
    });
    match found {
        Some(text) => {
            let message = format!(
                "{text:?} names a rack of {group} by its number, and the numbers would change: take it away first"
            );
            Err(wrong(&format!("racks.{group}"), message))
        }
        None => Ok(()),
    }
}

fn each_text(node: &Node, see: &mut dyn FnMut(&str)) {
    if let Some(text) = node.as_text() {
        see(text);
    }
    node.items().iter().for_each(|item| each_text(item, see));
    node.entries().iter().for_each(|entry| each_text(&entry.value, see));
}

type Chain = Vec<Vec<Reference>>;

/// All connections, as items.
fn chains(scenario: &Scenario) -> Result<Vec<Chain>, Raised> {
    let texts = scenario.root.get("connections").map_or(&[][..], Node::items);
    let read = |(k, node): (usize, &Node)| {
        let path = format!("connections[{k}]");
        let text = node.as_text().ok_or_else(|| wrong(&path, "a connection is a text".to_owned()))?;
        chain::parse(text).map_err(|wrong| Raised::error(code::UNKNOWN_PATH, path, node.at, wrong.message))
    };
    texts.iter().enumerate().map(read).collect()
}

fn reference(of: &Reference) -> String {
    of.port.as_ref().map_or_else(|| of.id.clone(), |port| format!("{}.{port}", of.id))
}

fn text(chain: &Chain) -> String {
    let item = |item: &Vec<Reference>| match &item[..] {
        [only] => reference(only),
        several => format!("[{}]", several.iter().map(reference).collect::<Vec<_>>().join(", ")),
    };
    chain.iter().map(item).collect::<Vec<_>>().join(" -> ")
}

/// Sets the connections; nothing where none changes. Chains of less than two items are left out.
fn connections(scenario: &Scenario, chains: Vec<Chain>) -> Option<Edit> {
    let old = scenario.root.get("connections").map_or(&[][..], Node::items);
    let mut new: Vec<Node> = Vec::with_capacity(chains.len());
    for (k, chain) in chains.iter().enumerate().filter(|(_, chain)| chain.len() > 1) {
        let same = old.get(k).filter(|node| {
            node.as_text()
                .and_then(|written| chain::parse(written).ok())
                .is_some_and(|before| text(&before) == text(chain))
        });
        new.push(same.cloned().unwrap_or_else(|| Node::text(text(chain))));
    }
    (new != old).then(|| Edit::Set { path: "connections".into(), value: What::List(new).into() })
}

/// A chain without some of its references: what stood beside them is joined, and a loop stays one.
fn without(chain: Chain, gone: &dyn Fn(&Reference) -> bool) -> Chain {
    let names = |item: &Vec<Reference>| item.iter().map(reference).collect::<Vec<_>>();
    let is_loop = chain.len() > 2 && chain.first().map(names) == chain.last().map(names);
    let mut left: Chain = chain
        .into_iter()
        .map(|item| item.into_iter().filter(|of| !gone(of)).collect::<Vec<_>>())
        .filter(|item| !item.is_empty())
        .collect();
    if is_loop {
        let closed = left.len() > 1 && left.first().map(names) == left.last().map(names);
        match left.first().cloned() {
            // Nothing but its own beginning is left of it.
            Some(_) if closed && left.len() == 2 => left.clear(),
            Some(first) if !closed && left.len() > 1 => left.push(first),
            _ => {}
        }
    }
    left
}

/// A chain with `new` beside `id` wherever that stands.
fn beside(mut chain: Chain, id: &str, new: &str) -> Chain {
    for item in &mut chain {
        let copies: Vec<Reference> = item
            .iter()
            .filter(|of| of.id == id)
            .map(|of| Reference { id: new.to_owned(), ..of.clone() })
            .collect();
        item.extend(copies);
    }
    chain
}

/// The ports of a group that got another template: `id` was made of `group`.
fn reconnected(
    scenario: &Scenario,
    chains: Vec<Chain>,
    id: &str,
    group: &str,
    old: &[String],
    new: &[String],
) -> Result<Vec<Chain>, Raised> {
    let lost: Vec<&String> = old.iter().filter(|port| !new.contains(port)).collect();
    let of_port = |of: &Reference, port: &str| {
        of.port
            .as_deref()
            .is_some_and(|own| [port, &format!("{port}_in"), &format!("{port}_out")].contains(&own))
    };
    let gone = |of: &Reference| of.id == id && lost.iter().any(|port| of_port(of, port));
    let mut chains: Vec<Chain> = chains.into_iter().map(|chain| without(chain, &gone)).collect();
    let groups = scenario.root.get("racks").map_or(&[][..], Node::entries);
    for port in new.iter().filter(|port| !old.contains(port)) {
        let mine = Reference { id: id.to_owned(), port: Some(port.clone()), span: 0..0 };
        let others = |of: &Reference| {
            of.id != id
                && groups.iter().any(|entry| entry.key.text == of.id)
                && of.port.as_deref() == Some(port)
        };
        if let Some(item) = chains.iter_mut().flatten().find(|item| item.iter().any(others)) {
            item.push(mine);
            continue;
        }
        let chain = match port.as_str() {
            "liquid" => free_of_kind(scenario, &chains, "Cdu", "secondary")
                .map(|cdu| vec![vec![cdu.clone()], vec![mine], vec![cdu]]),
            "air" => aisles(scenario, &chains).map(|[cold, hot]| vec![vec![cold], vec![mine], vec![hot]]),
            _ => None,
        };
        let Some(chain) = chain else {
            let what = match port.as_str() {
                "liquid" => {
                    "no coolant loop that racks are on, and no CDU with a free secondary side: add a Cdu first"
                }
                "air" => "no aisles that racks breathe from: add an AislePair with an air handler first",
                _ => "nothing that such a port is joined to",
            };
            let message = format!("racks of {group} would need {port}, and the site has {what}");
            return Err(wrong(&format!("racks.{group}.template"), message));
        };
        chains.push(chain);
    }
    Ok(chains)
}

/// The passage of a component of a kind that no chain names.
fn free_of_kind(scenario: &Scenario, chains: &[Chain], kind: &str, port: &str) -> Option<Reference> {
    let ids = scenario.components().filter(|(_, of)| *of == kind).map(|(id, _)| id);
    let used = |id: &str| {
        chains.iter().flatten().flatten().any(|of| of.id == id && of.port.as_deref() == Some(port))
    };
    let id = ids.into_iter().find(|id| !used(id))?;
    Some(Reference { id: id.to_owned(), port: Some(port.to_owned()), span: 0..0 })
}

/// Cold and hot aisle of the first pair.
fn aisles(scenario: &Scenario, _: &[Chain]) -> Option<[Reference; 2]> {
    let (id, _) = scenario.components().find(|(_, kind)| *kind == "AislePair")?;
    Some(["cold", "hot"].map(|port| Reference { id: id.to_owned(), port: Some(port.to_owned()), span: 0..0 }))
}

/// Connections, controls, fluids and resistances of a copy.
fn copied(scenario: &Scenario, id: &str, new: &str) -> Vec<Edit> {
    let mut steps = copied_but_connections(scenario, id, new);
    let chains =
        chains(scenario).unwrap_or_default().into_iter().map(|chain| beside(chain, id, new)).collect();
    steps.extend(connections(scenario, chains));
    steps
}

fn copied_but_connections(scenario: &Scenario, id: &str, new: &str) -> Vec<Edit> {
    let mut steps = Vec::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for control in scenario.root.get("controls").map_or(&[][..], Node::entries) {
        let by = control.value.get("by").and_then(Node::as_text).and_then(|by| replaced(by, id, new));
        let Some(by) = by else { continue };
        let mut value = control.value.clone();
        put(&mut value, "by", Node::text(by));
        let sensor = value.get("sensor").and_then(Node::as_text).and_then(|text| replaced(text, id, new));
        if let Some(sensor) = sensor {
            put(&mut value, "sensor", Node::text(sensor));
        }
        let mut name = free_id(scenario, &control.key.text);
        while !taken.insert(name.clone()) {
            name.push_str("_2");
        }
        steps.push(Edit::Add { path: format!("controls.{name}"), value, position: None });
    }
    for map in ["fluids", "resistances"] {
        for entry in scenario.root.get(map).map_or(&[][..], Node::entries) {
            if let Some(key) = replaced(&entry.key.text, id, new) {
                steps.push(Edit::Add {
                    path: format!("{map}.{key}"),
                    value: entry.value.clone(),
                    position: None,
                });
            }
        }
    }
    steps
}

/// Everything that names an id, but for connections, taken away.
fn forgotten(scenario: &Scenario, id: &str) -> Vec<Edit> {
    let names = |node: &Node| {
        let mut found = false;
        each_text(node, &mut |text| found |= replaced(text, id, "").is_some());
        found
    };
    let mut steps = Vec::new();
    for control in scenario.root.get("controls").map_or(&[][..], Node::entries) {
        if names(&control.value) {
            steps.push(Edit::Remove { path: format!("controls.{}", control.key.text) });
        }
    }
    for map in ["fluids", "resistances"] {
        for entry in scenario.root.get(map).map_or(&[][..], Node::entries) {
            if replaced(&entry.key.text, id, "").is_some() {
                steps.push(Edit::Remove { path: format!("{map}.{}", entry.key.text) });
            }
        }
    }
    for list in ["events", "run.details"] {
        let path = Path::parse(list).unwrap_or_default();
        let items = crate::path::find(&scenario.root, &path).map_or(&[][..], Node::items);
        // From behind, so that the places of those before stay as they are.
        for (k, _) in items.iter().enumerate().rev().filter(|(_, item)| names(item)) {
            steps.push(Edit::Remove { path: format!("{list}[{k}]") });
        }
    }
    steps
}

/// Names of the ports of a template: of the catalogue, or of a file beside the site.
fn ports(scenario: &Scenario, template: Option<&Node>) -> Vec<String> {
    let Some(named) = template else { return Vec::new() };
    let record = named.as_text().and_then(|text| catalogue::find(Shelf::Racks, text));
    match record {
        Some(record) => record.node().map(ports_of).unwrap_or_default(),
        None => match scenario.template_file(named).map(|file| &file.content) {
            Some(Ok(Content::Template(node))) => ports_of(node),
            _ => Vec::new(),
        },
    }
}

fn ports_of(template: &Node) -> Vec<String> {
    let ports = template.get("ports").map_or(&[][..], Node::entries);
    ports.iter().map(|entry| entry.key.text.clone()).collect()
}

/// The chips of a rack without the way they are cooled, and how many there are: `ascend_910b`.
fn chips_of(record: &Record) -> BTreeMap<String, f64> {
    const WAYS: [&str; 3] = ["_cold_plate", "_heat_sink", "_air"];
    let Ok(node) = record.node() else { return BTreeMap::new() };
    let mut chips = BTreeMap::new();
    for part in node.get("parts").map_or(&[][..], Node::entries) {
        let based = part.value.get("based_on").and_then(Node::as_text).unwrap_or_default();
        if let Some(chip) = WAYS.iter().find_map(|way| based.strip_suffix(way)) {
            let count = part.value.get("count").and_then(value::whole).unwrap_or(1);
            *chips.entry(chip.to_owned()).or_insert(0.0) += count as f64;
        }
    }
    chips
}

fn power_of(record: &Record) -> f64 {
    let rated = record.node().ok().and_then(|node| node.get("power_rated").cloned());
    rated.and_then(|node| value::quantity(&node, Quantity::Power).ok()).unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests;
