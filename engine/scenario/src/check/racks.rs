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
    fn group(&mut self, entry: &Entry, count: f64, racks: &mut Racks) -> Option<Thing> {
        let (id, group) = (&entry.key.text, &entry.value);
        if !value::is_id(id) {
            return None;
        }
        let path = format!("racks.{id}");
        let template = self.template(group.get("template")?, &path)?;
        let number = self.groups.len();
        let workload = self.workload(group, &path);
        self.workloads.push(workload);
        let text = |field: &str| template.get(field).and_then(Node::as_text).unwrap_or_default().to_owned();
        let rated = template.get("power_rated").and_then(|n| value::quantity(n, Quantity::Power).ok());
        let class = group.get("inlet_class").and_then(Node::name).unwrap_or("A2");
        let (low, high) = inlet_allowable(class);
        self.groups.push(Group {
            id: id.clone(),
            racks: count,
            template: text("title"),
            cooling: snake_case(template.get("cooling").and_then(Node::name).unwrap_or_default()),
            power_rated: rated.unwrap_or(0.0),
            inlet_allowable: (low + CELSIUS, high + CELSIUS),
        });
        let parts = self.parts(id, group, &template, number, count);
        let mut local = Wiring::new(parts);
        let notes = self.inferred.len();
        let connections = template.get("connections").map_or(&[][..], Node::items);
        self.join(&mut local, connections, &format!("{path}.template.connections"));
        // What was found within a template is the template's business.
        self.inferred.truncate(notes);
        let thing = self.shown(entry, &template, &mut local, &path);
        self.open_ports(&local);
        let controls = template.get("controls").map_or(&[][..], Node::entries);
        self.controls.extend(controls.iter().map(|entry| (id.clone(), entry.clone())));
        self.claims_of_template(&template, &thing, &local, &path, id);
        racks.joints.append(&mut local.joints);
        racks.wires.append(&mut local.wires);
        Some(thing)
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

    /// The parts as units, the group's overrides over the template's fields.
    fn parts(&mut self, id: &str, group: &Node, template: &Node, number: usize, count: f64) -> Vec<Thing> {
        let overrides = group.get("parts").map_or(&[][..], Node::entries);
        let parts = template.get("parts").map_or(&[][..], Node::entries);
        let names: Vec<&str> = parts.iter().map(|part| part.key.text.as_str()).collect();
        for entry in overrides.iter().filter(|entry| !names.contains(&entry.key.text.as_str())) {
            let message = format!("the template has no part {}", entry.key.text);
            let path = format!("racks.{id}.parts.{}", entry.key.text);
            let raised = Raised::error(code::UNKNOWN_ID, path, entry.key.at, message);
            self.add(raised.maybe_help(hint(&entry.key.text, &names)));
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
            let path = format!("racks.{id}.parts.{name}");
            let mut nodes = vec![&part.value];
            let mut at = part.key.at;
            if let Some(own) = overrides.iter().find(|entry| entry.key.text == *name) {
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

/// `ColdPlate` as `cold_plate`.
fn snake_case(name: &str) -> String {
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
