//! Components: records merged, defaults taken, data sheets sized.

use super::ports::Thing;
use super::{Checker, Draft};
use crate::catalogue::{self, Shelf};
use crate::node::{At, Node, quoted};
use crate::problem::{Raised, code};
use crate::read::fetch::Content;
use crate::read::nearest::{hint, listed};
use crate::read::{value, walk};
use crate::schema::component;
use crate::workload::HeatTrace;
use plant::catalogue::kind;
use plant::declare::Form;
use plant::kernel::{Kind, Surroundings};
use std::sync::Arc;

/// Most units of their own behind one name.
const MOST_SEPARATE: usize = 1000;
/// The choice that a run may make for every component that has it.
const CONVENTIONS: &str = "conventions";
/// Most records that build on each other.
const DEPTH: usize = 8;

/// What a component is made from, the strongest first.
pub(super) struct Layers<'n> {
    pub nodes: Vec<&'n Node>,
    /// Where it stands in the site.
    pub path: String,
    pub at: At,
}

impl Checker<'_> {
    /// The site's components as units, and what they show to connections.
    pub(super) fn components(&mut self) -> Vec<Thing> {
        let map = self.root().get("components");
        let mut things = vec![Thing::grid()];
        for entry in map.map_or(&[][..], Node::entries) {
            let id = &entry.key.text;
            if things.iter().any(|thing| thing.id == *id) {
                continue;
            }
            // A wrong id has been reported; nothing can name it.
            let Some(kind) = entry.value.name().and_then(kind).filter(|_| value::is_id(id)) else {
                things.push(Thing::unknown(id, entry.key.at));
                continue;
            };
            let path = format!("components.{id}");
            let trace = self.heat_trace(&entry.value, kind, &path);
            let layers = Layers { nodes: vec![&entry.value], path, at: entry.key.at };
            let unit = self.unit(id.clone(), kind, layers, None, 1.0);
            let mut thing = Thing::component(id, kind, unit, entry.key.at);
            let own = entry.value.get("arrangement").and_then(Node::name) == Some("Separate");
            let count = match &trace {
                Some(trace) => Some(trace.units()),
                None if own => Some(self.units[unit].multiplicity as usize),
                None => None,
            };
            if own && count.is_some_and(|count| count > MOST_SEPARATE) {
                let message =
                    format!("at most {MOST_SEPARATE} units are carried separately; leave out arrangement");
                self.error(code::OUT_OF_BOUNDS, format!("components.{id}.count"), entry.key.at, message);
            } else if let Some(count) = count {
                thing = self.separate(thing, unit, count);
            }
            if let Some(trace) = trace {
                self.heat.extend((0..trace.units()).map(|column| (unit + column, trace.clone(), column)));
            }
            things.push(thing);
        }
        things
    }

    /// Turns a unit into several of their own: `cdu[0]`, `cdu[1]` …
    fn separate(&mut self, mut thing: Thing, unit: usize, count: usize) -> Thing {
        self.units[unit].multiplicity = 1.0;
        let id = self.units[unit].id.clone();
        self.units[unit].id = format!("{id}[0]");
        for k in 1..count {
            let first = &self.units[unit];
            let draft = Draft {
                id: format!("{id}[{k}]"),
                kind: first.kind,
                values: first.values.clone(),
                multiplicity: 1.0,
                group: first.group,
                path: first.path.clone(),
            };
            self.units.push(draft);
            thing = thing.and(self.units.len() - 1);
        }
        thing
    }

    /// The record that a kind with metered heat follows.
    fn heat_trace(&mut self, node: &Node, kind: &dyn Kind, path: &str) -> Option<Arc<HeatTrace>> {
        let slots = component::slots(kind.declaration());
        let slot = slots.iter().find(|slot| slot.name == "trace")?;
        let Some(named) = node.get("trace") else {
            self.add(walk::missing(slot, format!("{path}.trace"), node.name_at()));
            return None;
        };
        let scenario = self.scenario;
        let path = format!("{path}.trace");
        let Some(file) = scenario.heat_file(named) else {
            if named.as_text().is_some() {
                let message = "a built-in site names a trace of the catalogue, not a file";
                self.error(code::TRACE, path, named.at, message);
            }
            return None;
        };
        match &file.content {
            Ok(Content::Heat(trace)) => {
                self.note_input(&file.name, file.bytes.clone());
                Some(trace.clone())
            }
            Ok(_) => None,
            Err(raised) => {
                self.add(raised.clone());
                None
            }
        }
    }

    /// Adds a unit and tells its index.
    pub(super) fn unit(
        &mut self,
        id: String,
        kind: &'static dyn Kind,
        layers: Layers<'_>,
        group: Option<usize>,
        times: f64,
    ) -> usize {
        let Layers { mut nodes, path, at } = layers;
        let records = self.records(kind, &nodes, &path);
        nodes.extend(records.nodes);
        let count =
            nodes.iter().find_map(|node| node.get("count")).map_or(Some(1), value::whole).unwrap_or(1);
        let values = match records.complete {
            true => self.values(kind, &nodes, &path, at),
            false => None,
        };
        let multiplicity = times * count.max(1) as f64;
        self.units.push(Draft { id, kind, values, multiplicity, group, path });
        self.units.len() - 1
    }

    /// The chain of records that `based_on` starts.
    fn records(&mut self, kind: &'static dyn Kind, nodes: &[&Node], path: &str) -> Records {
        let name = kind.declaration().name;
        let mut found = Records { nodes: Vec::new(), complete: true };
        let mut next = nodes.iter().find_map(|node| node.get("based_on"));
        let field = format!("{path}.based_on");
        while let Some(named) = next {
            let Some(id) = named.as_text() else { return found.incomplete() };
            let Some(record) = catalogue::find(Shelf::Components, id) else {
                let ids = records_of(name);
                let message = format!("there is no component record {} in the catalogue", quoted(id));
                let help = hint(id, &ids);
                self.add(Raised::error(code::UNKNOWN_RECORD, field, named.at, message).maybe_help(help));
                return found.incomplete();
            };
            let is = match record.node() {
                Ok(node) => node.get("is"),
                Err(raised) => {
                    self.add(raised.clone());
                    return found.incomplete();
                }
            };
            let Some(is) = is else { return found.incomplete() };
            if is.name() != Some(name) {
                let other = is.name().unwrap_or("nothing");
                let message = format!("{id} is a record of {other}, not of {name}");
                let help = listed(&records_of(name));
                self.add(Raised::error(code::UNKNOWN_RECORD, field, named.at, message).maybe_help(help));
                return found.incomplete();
            }
            self.note_input(&record.source.name, Arc::new(record.source.text.clone().into_bytes()));
            found.nodes.push(is);
            next = is.get("based_on").filter(|_| found.nodes.len() < DEPTH);
        }
        found
    }

    /// Parameter values in declared order, SI, sized.
    fn values(&mut self, kind: &'static dyn Kind, nodes: &[&Node], path: &str, at: At) -> Option<Vec<f64>> {
        let declaration = kind.declaration();
        let slots = component::slots(declaration);
        let mut values = Vec::with_capacity(declaration.parameters.len());
        let mut complete = true;
        for field in declaration.parameters {
            if matches!(field.form, Form::Derived(_)) {
                values.push(0.0);
                continue;
            }
            let Some(slot) = slots.iter().find(|slot| slot.name == field.name) else { continue };
            let of_run = || self.root().get("run")?.get(field.name).filter(|_| field.name == CONVENTIONS);
            let written = nodes.iter().find_map(|node| node.get(field.name)).or_else(of_run);
            let value = match (written, slot.default) {
                (Some(node), _) => value::scalar(node, slot.shape),
                (None, Some(default)) => value::default(slot.shape, default),
                (None, None) => {
                    let mut raised = walk::missing(slot, format!("{path}.{}", field.name), at);
                    let based_on = nodes.iter().any(|node| node.get("based_on").is_some());
                    let records = records_of(declaration.name);
                    if !based_on && !records.is_empty() {
                        let some = records[..records.len().min(5)].join("\", \"");
                        raised = raised.help(format!("write it, or based_on: one of \"{some}\""));
                    }
                    self.add(raised);
                    None
                }
            };
            complete &= value.is_some();
            values.push(value.unwrap_or(f64::NAN));
        }
        if !complete {
            return None;
        }
        if let Err(sentence) = kind.size(&mut values, &Surroundings { pressure: self.pressure }) {
            self.error(code::SIZING, path, at, sentence);
            return None;
        }
        if let Some(k) = values.iter().position(|value| !value.is_finite()) {
            let name = declaration.parameters.get(k).map_or("", |field| field.name);
            let message = format!("the data sheet contradicts itself: {name} comes out as {}", values[k]);
            self.error(code::SIZING, path, at, message);
            return None;
        }
        Some(values)
    }
}

struct Records {
    nodes: Vec<&'static Node>,
    complete: bool,
}

impl Records {
    fn incomplete(mut self) -> Self {
        self.complete = false;
        self
    }
}

/// The ids of the records of a kind.
fn records_of(kind: &str) -> Vec<&'static str> {
    catalogue::all(Shelf::Components)
        .filter(|record| record.node().is_ok_and(|node| node.get("is").and_then(Node::name) == Some(kind)))
        .map(|record| record.id)
        .collect()
}
