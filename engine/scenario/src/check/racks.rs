//! Rack groups: templates expanded into units, with the ports that the site connects.

use super::Checker;
use super::chain::{self, Reference};
use super::components::Layers;
use super::fluids::Claim;
use super::ports::{Terminal, Thing, end_name};
use super::wiring::{Joined, Wiring};
use crate::catalogue::{self, Shelf};
use crate::node::{At, Entry, Node, quoted};
use crate::problem::{Raised, code};
use crate::read::fetch::Content;
use crate::read::nearest::{hint, listed};
use crate::read::{value, walk};
use crate::schema::site::{MOST_RACKS, inlet_allowable};
use crate::schema::{Shape, component, record};
use media::liquid::Fluid;
use plant::catalogue::kind;
use plant::declare::{Medium, Side};
use plant::plant::{End, Group, Wire};
use std::ops::Range;
use std::sync::Arc;
use units::Quantity;

/// 0 °C [K].
const CELSIUS: f64 = 273.15;

/// What the racks of a site add to it.
#[derive(Default)]
pub(super) struct Racks {
    pub things: Vec<Thing>,
    pub joints: Vec<Joined>,
    pub wires: Vec<Wire>,
}

impl Checker<'_> {
    pub(super) fn racks(&mut self) -> Racks {
        let mut racks = Racks::default();
        let map = self.root().get("racks");
        let mut counts = Vec::new();
        for entry in map.map_or(&[][..], Node::entries) {
            if racks.things.iter().any(|thing| thing.id == entry.key.text) {
                continue;
            }
            let count = entry.value.get("count").and_then(value::whole).unwrap_or(1);
            counts.push(count.clamp(1, MOST_RACKS));
            let thing = self.group(entry, count.max(1) as f64, &mut racks);
            racks.things.push(thing.unwrap_or_else(|| Thing::unknown(&entry.key.text, entry.key.at)));
        }
        let total: i64 = counts.iter().sum();
        if total > MOST_RACKS
            && let Some(map) = map
        {
            let message = format!("the site has {total} racks, at most {MOST_RACKS} are simulated");
            self.error(code::TOO_MANY, "racks", map.at, message);
        }
        racks
    }

    /// One group; nothing where its template is unknown.
    ///
    /// Racks that differ become a group of their own, whose ends are joined where the group's are.
    fn group(&mut self, entry: &Entry, count: f64, racks: &mut Racks) -> Option<Thing> {
        let (id, group) = (&entry.key.text, &entry.value);
        if !value::is_id(id) {
            return None;
        }
        let path = format!("racks.{id}");
        let template = self.template(group.get("template")?, &path)?;
        let exceptions = self.exceptions(group, count as u32, &path);
        let differing: Vec<_> = exceptions.iter().flat_map(|exception| exception.places.clone()).collect();
        let rest = Part { id: id.clone(), own: None, places: complement(&differing, count as u32) };
        let faults = self.problems.errors();
        let mut thing = self.equal_racks(entry, &template, &rest, &path, racks);
        // What is wrong with the group is said once.
        let sound = self.problems.errors() == faults;
        for exception in exceptions.into_iter().filter(|_| sound) {
            let path = format!("{path}.except[{}]", exception.number);
            let part = Part {
                id: format!("{id}[{}]", named(&exception.places)),
                own: Some(exception.node),
                places: exception.places,
            };
            let other = self.equal_racks(entry, &template, &part, &path, racks);
            for (terminal, other) in thing.terminals.iter_mut().zip(other.terminals) {
                terminal.ins.extend(other.ins);
                terminal.outs.extend(other.outs);
            }
        }
        Some(thing)
    }

    /// Equal racks of a group, and what they show to the site.
    fn equal_racks(
        &mut self,
        entry: &Entry,
        template: &Node,
        part: &Part,
        path: &str,
        racks: &mut Racks,
    ) -> Thing {
        let (id, group) = (&part.id, &entry.value);
        let count: f64 = part.places.iter().map(|range| f64::from(range.end - range.start)).sum();
        let number = self.groups.len();
        let workload = self.workload(part.own.as_ref(), group, path);
        self.workloads.push(workload);
        let text = |field: &str| template.get(field).and_then(Node::as_text).unwrap_or_default().to_owned();
        let rated = template.get("power_rated").and_then(|n| value::quantity(n, Quantity::Power).ok());
        let class = group.get("inlet_class").and_then(Node::name).unwrap_or("A2");
        let (low, high) = inlet_allowable(class);
        self.groups.push(Group {
            id: id.clone(),
            hall: entry.key.text.clone(),
            places: part.places.clone(),
            racks: count,
            template: text("title"),
            cooling: snake_case(template.get("cooling").and_then(Node::name).unwrap_or_default()),
            power_rated: rated.unwrap_or(0.0),
            inlet_allowable: (low + CELSIUS, high + CELSIUS),
        });
        let mut overrides = vec![(group, format!("racks.{}", entry.key.text))];
        overrides.extend(part.own.as_ref().map(|own| (own, path.to_owned())));
        let parts = self.parts(id, &overrides, template, number, count);
        let mut local = Wiring::new(parts);
        let notes = self.inferred.len();
        let connections = template.get("connections").map_or(&[][..], Node::items);
        self.join(&mut local, connections, &format!("{path}.template.connections"));
        // What was found within a template is the template's business.
        self.inferred.truncate(notes);
        let thing = self.shown(entry, template, &mut local, path);
        self.open_ports(&local);
        let controls = template.get("controls").map_or(&[][..], Node::entries);
        self.controls.extend(controls.iter().map(|entry| (id.clone(), entry.clone())));
        self.claims_of_template(template, &thing, &local, path, id);
        racks.joints.append(&mut local.joints);
        racks.wires.append(&mut local.wires);
        thing
    }

    /// The racks of a group that differ, as far as they can be read.
    fn exceptions(&mut self, group: &Node, count: u32, path: &str) -> Vec<Exception> {
        let mut found: Vec<Exception> = Vec::new();
        for (number, node) in group.get("except").map_or(&[][..], Node::items).iter().enumerate() {
            let Some(racks) = node.get("racks") else { continue };
            let Some(text) = racks.as_text() else { continue };
            let path = format!("{path}.except[{number}].racks");
            let places = match places(text, count) {
                Ok(places) => places,
                Err(message) => {
                    let help = "counted from 0, as in \"3\", \"10-19\" or \"3, 10-19\"";
                    self.add(Raised::error(code::OUT_OF_BOUNDS, path, racks.at, message).help(help));
                    continue;
                }
            };
            let taken = |place: u32| found.iter().any(|e| e.places.iter().any(|r| r.contains(&place)));
            if let Some(twice) = places.iter().cloned().flatten().find(|&place| taken(place)) {
                let message = format!("rack {twice} is in an exception before this one");
                self.error(code::DUPLICATE, path, racks.at, message);
                continue;
            }
            found.push(Exception { number, node: node.clone(), places });
        }
        let differing: u32 = found.iter().flat_map(|e| &e.places).map(|range| range.end - range.start).sum();
        if differing >= count
            && let Some(node) = group.get("except")
            && !found.is_empty()
        {
            let message = format!("all {count} racks of the group are exceptions");
            let help = "write what most of them have in common as the group's own fields";
            self.add(
                Raised::error(code::OUT_OF_BOUNDS, format!("{path}.except"), node.at, message).help(help),
            );
            return Vec::new();
        }
        found
    }

    /// The template of the catalogue, or of a file beside the site.
    fn template(&mut self, named: &Node, path: &str) -> Option<Arc<Node>> {
        let scenario = self.scenario;
        let text = named.as_text()?;
        let path = format!("{path}.template");
        if let Some(record) = catalogue::find(Shelf::Racks, text) {
            self.note_input(&record.source.name, Arc::new(record.source.text.clone().into_bytes()));
            return match record.node() {
                Ok(node) => Some(Arc::new(node.clone())),
                Err(raised) => {
                    self.add(raised.clone());
                    None
                }
            };
        }
        let Some(file) = scenario.template_file(named) else {
            let help = hint(text, &catalogue::ids(Shelf::Racks));
            let message = format!("there is no rack template {} in the catalogue", quoted(text));
            self.add(Raised::error(code::UNKNOWN_RECORD, path, named.at, message).maybe_help(help));
            return None;
        };
        match &file.content {
            Ok(Content::Template(node)) => {
                walk::walk(node, Shape::Record(&record::RACK), &path, &mut self.problems);
                Some(node.clone())
            }
            Ok(_) => None,
            Err(raised) => {
                self.add(raised.clone());
                None
            }
        }
    }

    /// The parts as units, overrides over the template's fields: the group's, then those of racks that differ. With
    /// each stands its path.
    fn parts(
        &mut self,
        id: &str,
        overrides: &[(&Node, String)],
        template: &Node,
        number: usize,
        count: f64,
    ) -> Vec<Thing> {
        let parts = template.get("parts").map_or(&[][..], Node::entries);
        let names: Vec<&str> = parts.iter().map(|part| part.key.text.as_str()).collect();
        let own = |node: &'_ Node| node.get("parts").map_or(Vec::new(), |parts| parts.entries().to_vec());
        let overrides: Vec<(Vec<Entry>, &String)> =
            overrides.iter().map(|(node, path)| (own(node), path)).collect();
        for (entries, path) in &overrides {
            for entry in entries.iter().filter(|entry| !names.contains(&entry.key.text.as_str())) {
                let message = format!("the template has no part {}", entry.key.text);
                let path = format!("{path}.parts.{}", entry.key.text);
                let raised = Raised::error(code::UNKNOWN_ID, path, entry.key.at, message);
                self.add(raised.maybe_help(hint(&entry.key.text, &names)));
            }
        }
        let mut things: Vec<Thing> = Vec::with_capacity(parts.len());
        for part in parts {
            let name = &part.key.text;
            if things.iter().any(|thing| thing.id == *name) {
                continue;
            }
            let Some(kind) = part.value.name().and_then(kind).filter(|_| value::is_id(name)) else {
                // Of a template file this has been reported; the catalogue's are tested.
                things.push(Thing::unknown(name, part.key.at));
                continue;
            };
            let mut path = format!("racks.{id}.parts.{name}");
            let mut nodes = vec![&part.value];
            let mut at = part.key.at;
            for (entries, of) in &overrides {
                let Some(own) = entries.iter().find(|entry| entry.key.text == *name) else { continue };
                path = format!("{of}.parts.{name}");
                let slots = component::slots(kind.declaration());
                walk::walk_part(&own.value, &slots, kind.declaration().name, &path, &mut self.problems);
                nodes.insert(0, &own.value);
                at = own.key.at;
            }
            let unit =
                self.unit(format!("{id}.{name}"), kind, Layers { nodes, path, at }, Some(number), count);
            things.push(Thing::component(name, kind, unit, part.key.at));
        }
        things
    }

    /// What the group shows to the site.
    fn shown(&mut self, entry: &Entry, template: &Node, local: &mut Wiring, path: &str) -> Thing {
        let mut thing = Thing::unknown(&entry.key.text, entry.key.at);
        thing.known = true;
        for port in template.get("ports").map_or(&[][..], Node::entries) {
            let Some(text) = port.value.as_text() else { continue };
            let path = format!("{path}.template.ports.{}", port.key.text);
            let (into, out) = match chain::parse_span(text) {
                Ok(span) => span,
                Err(wrong) => {
                    let at = self.place_of(&port.value, &wrong.span);
                    self.error(code::TEMPLATE, path, at, format!("{text:?}: {}", wrong.message));
                    thing.quiet = true;
                    continue;
                }
            };
            let mut terminal = Terminal::empty(&port.key.text);
            let one_item = out.is_none();
            let sides = [(&into, true, one_item), (out.as_ref().unwrap_or(&into), false, true)];
            let mut complete = true;
            for (item, takes_ins, takes_outs) in sides.into_iter().take(if one_item { 1 } else { 2 }) {
                for reference in item {
                    let at = self.place_of(&port.value, &reference.span);
                    let found =
                        self.exposed(local, reference, &mut terminal, (takes_ins, takes_outs), &path, at);
                    complete &= found;
                }
            }
            terminal.side = match (terminal.ins.is_empty(), terminal.outs.is_empty()) {
                (false, false) => Side::Passage,
                (true, _) => Side::Outlet,
                _ => Side::Inlet,
            };
            if complete {
                thing.terminals.push(terminal);
            } else {
                thing.quiet = true;
            }
        }
        thing
    }

    /// Adds the ends of one reference to a port of the group.
    fn exposed(
        &mut self,
        local: &mut Wiring,
        reference: &Reference,
        terminal: &mut Terminal,
        (ins, outs): (bool, bool),
        path: &str,
        at: At,
    ) -> bool {
        let wrong = |message: String, help: Option<String>| {
            Raised::error(code::TEMPLATE, path, at, message).maybe_help(help)
        };
        let Some(index) = local.thing(&reference.id) else {
            let ids: Vec<&str> = local.things.iter().map(|thing| thing.id.as_str()).collect();
            let help = hint(&reference.id, &ids);
            self.add(wrong(format!("the template has no part {}", reference.id), help));
            return false;
        };
        let part = &local.things[index];
        if !part.known {
            return false;
        }
        let found = match &reference.port {
            Some(port) => part.terminal(port),
            None => {
                let medium = |t: &Terminal| super::ports::medium_name(t.medium) == terminal.name;
                let mut fitting = (0..part.terminals.len()).filter(|&t| medium(&part.terminals[t]));
                fitting.next().filter(|_| fitting.next().is_none())
            }
        };
        let Some(found) = found else {
            let names: Vec<&str> = part.terminals.iter().map(|t| t.name.as_str()).collect();
            let message = match &reference.port {
                Some(port) => format!("{} has no port {port}", part.id),
                None => format!("which port of {} is meant?", part.id),
            };
            let help = reference.port.as_ref().map_or_else(|| listed(&names), |port| hint(port, &names));
            self.add(wrong(message, help));
            return false;
        };
        let of = &part.terminals[found];
        let first = terminal.ins.is_empty() && terminal.outs.is_empty();
        if !first && terminal.medium != of.medium {
            self.add(wrong("a port is of one medium".to_owned(), None));
            return false;
        }
        for (used, out) in [(ins, false), (outs, true)] {
            if let Some(by) = of.taken(out).filter(|_| used && of.has(out)) {
                let end = end_name(&of.name, of.side, out);
                self.add(wrong(format!("{}.{end} is joined already by {by}", part.id), None));
                return false;
            }
        }
        terminal.medium = of.medium;
        terminal.optional = (first || terminal.optional) && of.optional;
        if ins {
            terminal.ins.extend(&of.ins);
        }
        if outs {
            terminal.outs.extend(&of.outs);
        }
        let of = &mut local.things[index].terminals[found];
        for (used, out) in [(ins, false), (outs, true)] {
            if used && of.has(out) {
                of.take(out, path);
            }
        }
        true
    }

    /// The fluids that a template states.
    fn claims_of_template(&mut self, template: &Node, thing: &Thing, local: &Wiring, path: &str, id: &str) {
        let fluid = |node: &Node| node.as_text().and_then(Fluid::from_name);
        if let Some(node) = template.get("fluid")
            && let Some(fluid) = fluid(node)
        {
            for terminal in
                thing.terminals.iter().filter(|t| t.medium == Medium::Liquid && t.name == "liquid")
            {
                let ends: Vec<End> =
                    terminal.ins.iter().copied().chain(terminal.outs.iter().copied().flatten()).collect();
                let (by, path) = (format!("{id}.liquid"), format!("{path}.template.fluid"));
                self.claim(Claim { ends, fluid, by, path, at: node.at, of_site: false });
            }
        }
        for entry in template.get("fluids").map_or(&[][..], Node::entries) {
            let path = format!("{path}.template.fluids.{}", entry.key.text);
            let named = entry.key.text.split_once('.').and_then(|(part, port)| {
                let part = &local.things[local.thing(part)?];
                let of = &part.terminals[part.terminal(port)?];
                (of.medium == Medium::Liquid).then(|| of.ins.clone())
            });
            match (named, fluid(&entry.value)) {
                (Some(ends), Some(fluid)) => {
                    let by = format!("{id}.{}", entry.key.text);
                    self.claim(Claim { ends, fluid, by, path, at: entry.key.at, of_site: false });
                }
                (None, _) => {
                    let message = format!("{} is no liquid passage of the template", entry.key.text);
                    self.error(code::TEMPLATE, path, entry.key.at, message);
                }
                _ => {}
            }
        }
    }
}

/// Equal racks of a group.
struct Part {
    id: String,
    /// What they have of their own, if they are not the rest.
    own: Option<Node>,
    places: Vec<Range<u32>>,
}

/// Racks of a group that differ from the rest.
struct Exception {
    number: usize,
    node: Node,
    places: Vec<Range<u32>>,
}

/// Reads `3, 10-19`: numbers from 0 to `count` − 1, in ascending order.
pub(crate) fn places(text: &str, count: u32) -> Result<Vec<Range<u32>>, String> {
    let mut found: Vec<Range<u32>> = Vec::new();
    for item in text.split(',') {
        let item = item.trim();
        let (first, last) = item.split_once('-').unwrap_or((item, item));
        let number = |text: &str| text.trim().parse::<u32>().ok();
        let (Some(first), Some(last)) = (number(first), number(last)) else {
            return Err(format!("{} is no number of a rack and no range of them", quoted(item)));
        };
        if last < first {
            return Err(format!("the range {} runs backwards", quoted(item)));
        }
        if last >= count {
            return Err(format!("there is no rack {last}: the group has {count}, from 0 to {}", count - 1));
        }
        if found.last().is_some_and(|before| first < before.end) {
            return Err(format!("{} does not come after what stands before it", quoted(item)));
        }
        found.push(first..last + 1);
    }
    Ok(found)
}

/// `3+10-19`.
fn named(places: &[Range<u32>]) -> String {
    let item = |range: &Range<u32>| match range.end - range.start {
        1 => range.start.to_string(),
        _ => format!("{}-{}", range.start, range.end - 1),
    };
    places.iter().map(item).collect::<Vec<_>>().join("+")
}

/// What is left of `0..count`.
fn complement(places: &[Range<u32>], count: u32) -> Vec<Range<u32>> {
    let mut places = places.to_vec();
    places.sort_by_key(|range| range.start);
    let mut left = Vec::new();
    let mut next = 0;
    for range in places {
        if next < range.start {
            left.push(next..range.start);
        }
        next = next.max(range.end);
    }
    if next < count {
        left.push(next..count);
    }
    left
}

/// `ColdPlate` as `cold_plate`.
pub(super) fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 2);
    for (k, c) in name.chars().enumerate() {
        if c.is_uppercase() && k > 0 {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        assert_eq!(snake_case("ColdPlate"), "cold_plate");
        assert_eq!(snake_case("Air"), "air");
    }
}
