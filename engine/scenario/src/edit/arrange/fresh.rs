//! A component of a kind that the site may not have yet: its fields, and where each of its ports is joined.
//!
//! What a port can be joined to is read off the connections: whatever they name whose medium is that of the port.

use super::{Chain, add_entry, chains, connections, located, reference, wrong};
use crate::Scenario;
use crate::check::chain::Reference;
use crate::edit::{Edit, apply};
use crate::node::{Entry, Key, Node, What};
use crate::problem::Problem;
use crate::read::value::is_id;
use plant::declare::{Declaration, Medium, Port, Side};

/// A component to be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fresh {
    /// Its kind: `PlateExchanger`.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// The record of the catalogue that it is based on.
    pub based_on: Option<String>,
    /// What is written in its fields, as a person types it: plain text for quantities and names.
    pub fields: Vec<(String, String)>,
    /// Its ports and where each is joined.
    pub ports: Vec<(String, Joined)>,
}

/// Where a port is joined. What is named stands in the connections as written: `pdu`, `cdu.primary`, `grid`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Joined {
    /// Electricity or heat comes from there.
    From(String),
    /// Electricity or heat goes there.
    To(String),
    /// It stands between this and whatever supplies it.
    Before(String),
    /// A stream goes through it behind this one.
    Behind(String),
    /// Streams part before it and this one, and meet again.
    Beside(String),
    /// The two of them make a loop.
    Around(String),
}

/// An edit that adds a component and joins its ports.
///
/// # Errors
/// A kind that there is not, an id that is taken or none, a field or value that does not fit, or a place that no connection
/// names.
pub fn add_fresh(scenario: &Scenario, fresh: &Fresh) -> Result<Edit, Problem> {
    let (path, mut scratch) = (format!("components.{}", fresh.id), scenario.clone());
    let added = located(scenario, || {
        let declaration = declared(&fresh.kind)
            .ok_or_else(|| wrong(&path, format!("there is no kind of component {}", fresh.kind)))?;
        if !is_id(&fresh.id) {
            let message = format!(
                "{:?} is no id: ids begin with a lower-case letter and have lower-case letters, digits and _",
                fresh.id
            );
            return Err(wrong(&path, message));
        }
        let maps = ["components", "racks", "controls"];
        let taken = |map: &&str| scenario.root.get(map).is_some_and(|map| map.get(&fresh.id).is_some());
        if fresh.id == "grid" || maps.iter().any(taken) {
            return Err(wrong(&path, format!("something is called {} already", fresh.id)));
        }
        let based = fresh
            .based_on
            .iter()
            .map(|record| Entry { key: Key::new("based_on"), value: Node::text(record.clone()) });
        let value = What::Record(Some(Key::new(declaration.name)), based.collect()).into();
        Ok(add_entry(scenario, "components", "", &fresh.id, value))
    })?;
    apply(&mut scratch, &added)?;
    let mut steps = vec![added];
    for (field, text) in &fresh.fields {
        let edit = Edit::from_text(&scratch, &format!("{path}.{field}"), text.trim())?;
        apply(&mut scratch, &edit)?;
        steps.push(edit);
    }
    let joined = located(scenario, || {
        let mut chains = chains(scenario)?;
        for (port, to) in &fresh.ports {
            let own = Reference { id: fresh.id.clone(), port: Some(port.clone()), span: 0..0 };
            let declared = declared(&fresh.kind).and_then(|of| of.ports.iter().find(|of| of.name == port));
            let at = format!("{path}.{port}");
            let medium = declared
                .map(|port| port.medium)
                .ok_or_else(|| wrong(&at, format!("{} has no port {port}", fresh.kind)))?;
            join(scenario, &mut chains, own, medium, to).map_err(|message| wrong(&at, message))?;
        }
        Ok(connections(scenario, chains))
    })?;
    // A site without connections gets its first ones.
    steps.extend(joined);
    Ok(Edit::Several(steps))
}

/// Where a port of a kind can be joined in a site, in the order of its connections.
#[must_use]
pub fn places(scenario: &Scenario, port: &Port) -> Vec<Joined> {
    let Ok(chains) = chains(scenario) else { return Vec::new() };
    let mut found: Vec<Joined> = Vec::new();
    let mut add = |place: Joined| {
        if !found.contains(&place) {
            found.push(place);
        }
    };
    let supplies = |medium: Medium| {
        let ids = scenario.components().filter_map(move |(id, kind)| Some((id, declared(kind)?)));
        ids.flat_map(move |(id, of)| of.ports.iter().map(move |port| (id, port)))
            .filter(move |(_, port)| port.medium == medium)
    };
    match (port.medium, port.side) {
        (Medium::Electricity, Side::Inlet) => {
            add(Joined::From("grid".into()));
            for (id, _) in supplies(Medium::Electricity).filter(|(_, port)| port.side == Side::Outlet) {
                add(Joined::From(id.to_owned()));
            }
        }
        (Medium::Electricity, _) => {
            for chain in chains.iter().filter(|chain| medium_of(scenario, chain) == Some(Medium::Electricity))
            {
                for item in chain.iter().skip(1) {
                    item.iter().for_each(|of| add(Joined::Before(reference(of))));
                }
            }
        }
        (Medium::Heat, Side::Inlet) => {
            for (id, port) in supplies(Medium::Heat).filter(|(_, port)| port.side == Side::Outlet) {
                add(Joined::From(format!("{id}.{}", port.name)));
            }
        }
        (Medium::Heat, _) => {
            for (id, port) in supplies(Medium::Heat).filter(|(_, port)| port.side == Side::Inlet) {
                add(Joined::To(format!("{id}.{}", port.name)));
            }
        }
        (medium, _) => {
            let of_medium = || chains.iter().filter(|chain| medium_of(scenario, chain) == Some(medium));
            for item in of_medium().flatten() {
                if let Some(first) = item.first() {
                    add(Joined::Behind(reference(first)));
                }
            }
            of_medium().flatten().flatten().for_each(|of| add(Joined::Beside(reference(of))));
            // Passages that no connection names.
            let named = |id: &str, port: &str| {
                chains.iter().flatten().flatten().any(|of| {
                    of.id == id
                        && of
                            .port
                            .as_deref()
                            .is_none_or(|own| own.trim_end_matches("_in").trim_end_matches("_out") == port)
                })
            };
            for (id, free) in supplies(medium).filter(|(_, port)| port.side == Side::Passage) {
                if !named(id, free.name) {
                    add(Joined::Around(format!("{id}.{}", free.name)));
                }
            }
        }
    }
    found
}

/// An id for a component of a kind that nothing has yet: `plate_exchanger`, `plate_exchanger_2`.
#[must_use]
pub fn fresh_id(scenario: &Scenario, kind: &str) -> String {
    let mut id = String::new();
    for (k, c) in kind.chars().enumerate() {
        if c.is_ascii_uppercase() && k > 0 {
            id.push('_');
        }
        id.push(c.to_ascii_lowercase());
    }
    let used = |id: &str| {
        ["components", "racks", "controls"]
            .iter()
            .any(|map| scenario.root.get(map).is_some_and(|map| map.get(id).is_some()))
    };
    if used(&id) { super::free_id(scenario, &id) } else { id }
}

fn declared(kind: &str) -> Option<&'static Declaration> {
    plant::catalogue::kind(kind).map(|kind| kind.declaration())
}

/// What flows through all that a chain names; `None` where that cannot be told.
fn medium_of(scenario: &Scenario, chain: &Chain) -> Option<Medium> {
    const ALL: [Medium; 4] = [Medium::Electricity, Medium::Liquid, Medium::Air, Medium::Heat];
    let kinds: Vec<(&str, &str)> = scenario.components().collect();
    let takes = |of: &Reference, medium: Medium| {
        if of.id == "grid" {
            return medium == Medium::Electricity;
        }
        let own = |port: &str| {
            of.port
                .as_deref()
                .is_none_or(|named| [port, &format!("{port}_in"), &format!("{port}_out")].contains(&named))
        };
        match kinds.iter().find(|(id, _)| *id == of.id) {
            Some((_, kind)) => declared(kind)
                .is_some_and(|of| of.ports.iter().any(|port| port.medium == medium && own(port.name))),
            // Racks: what their templates call ports.
            None => match of.port.as_deref() {
                Some("liquid" | "liquid_in" | "liquid_out") => medium == Medium::Liquid,
                Some("air" | "air_in" | "air_out") => medium == Medium::Air,
                _ => true,
            },
        }
    };
    let all = |medium: &Medium| chain.iter().flatten().all(|of| takes(of, *medium));
    let mut fit = ALL.into_iter().filter(all);
    fit.next().filter(|_| fit.next().is_none())
}

/// Joins a port of a medium to what is named; what is wrong.
fn join(
    scenario: &Scenario,
    chains: &mut Vec<Chain>,
    own: Reference,
    medium: Medium,
    to: &Joined,
) -> Result<(), String> {
    let named = |text: &str| {
        let (id, port) = text.split_once('.').map_or((text, None), |(id, port)| (id, Some(port.to_owned())));
        Reference { id: id.to_owned(), port, span: 0..0 }
    };
    // Chain and item of what is named.
    let find = |chains: &[Chain], name: &str, from: usize| {
        let of_medium = |chain: &Chain| medium_of(scenario, chain) == Some(medium);
        chains.iter().enumerate().filter(|(_, chain)| of_medium(chain)).find_map(|(k, chain)| {
            let item =
                chain.iter().skip(from).position(|item| item.iter().any(|of| reference(of) == name))?;
            Some((k, item + from))
        })
    };
    let missing = |name: &str| format!("no connection names {name}");
    match to {
        Joined::From(name) => chains.push(vec![vec![named(name)], vec![own]]),
        Joined::To(name) => chains.push(vec![vec![own], vec![named(name)]]),
        Joined::Around(name) => chains.push(vec![vec![own.clone()], vec![named(name)], vec![own]]),
        Joined::Before(name) => {
            let bare = Reference { port: None, ..own };
            let (chain, item) = find(chains, name, 1).ok_or_else(|| missing(name))?;
            let of = &mut chains[chain];
            if of[item].len() == 1 {
                of.insert(item, vec![bare]);
            } else {
                let supply = of[item - 1].clone();
                let taken = of[item].iter().position(|of| reference(of) == *name).unwrap_or(0);
                let fed = of[item].remove(taken);
                chains.push(vec![supply, vec![bare], vec![fed]]);
            }
        }
        Joined::Behind(name) => {
            let (chain, item) = find(chains, name, 0).ok_or_else(|| missing(name))?;
            chains[chain].insert(item + 1, vec![own]);
        }
        Joined::Beside(name) => {
            find(chains, name, 0).ok_or_else(|| missing(name))?;
            let of_medium = |chain: &Chain| medium_of(scenario, chain) == Some(medium);
            let of_medium: Vec<bool> = chains.iter().map(of_medium).collect();
            let chains = chains.iter_mut().zip(of_medium).filter(|(_, fits)| *fits);
            for item in chains.flat_map(|(chain, _)| chain) {
                if item.iter().any(|of| reference(of) == *name) {
                    item.push(own.clone());
                }
            }
        }
    }
    Ok(())
}
