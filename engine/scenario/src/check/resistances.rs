//! `resistances`: what passages resist, which has their circuits solved from pressures.

use super::Checker;
use super::fluids::circuits;
use super::wiring::Wiring;
use crate::case::{Fidelity, RunOptions};
use crate::node::{At, Node};
use crate::problem::{Raised, code};
use crate::read::value;
use plant::declare::{Flow, Form, Head, Medium};
use plant::plant::{End, Joint, Resistance};
use units::Quantity;

/// Temperature at which a design flow is a volume flow [K].
const REFERENCE: f64 = 303.15;

impl Checker<'_> {
    /// The resistances that are written. Remembers the passages of the circuits that they have solved.
    pub(super) fn resistances(&mut self, wiring: &Wiring, joints: &[Joint]) -> Vec<Resistance> {
        let map = self.root().get("resistances");
        let mut found: Vec<Resistance> = Vec::new();
        let mut written: Vec<End> = Vec::new();
        for entry in map.map_or(&[][..], Node::entries) {
            let (key, at, node) = (&entry.key.text, entry.key.at, &entry.value);
            let path = format!("resistances.{key}");
            let Some(mut ends) = self.passage(wiring, key, &path, at) else { continue };
            ends.sort();
            ends.dedup();
            written.extend(&ends);
            let behind = |a: End, b: End| joints.iter().any(|j| j.from.contains(&a) && j.to.contains(&b));
            if ends.iter().any(|&a| ends.iter().any(|&b| a != b && behind(a, b))) {
                let names: Vec<String> = ends.iter().map(|&end| self.name_of(end)).collect();
                let message =
                    format!("{key} leads through several parts, one behind the other: {}", names.join(", "));
                let help = "write what each of them resists";
                self.add(Raised::error(code::RESISTANCE, path, at, message).help(help));
                continue;
            }
            let read = |field: &str, quantity: Quantity| {
                node.get(field).and_then(|node| value::quantity(node, quantity).ok())
            };
            let exponent = node.get("exponent").and_then(value::number).unwrap_or(2.0);
            for end in ends {
                if let Some(message) = self.resists_otherwise(end, key) {
                    self.error(code::RESISTANCE, &path, at, message);
                    break;
                }
                let Some(flow) = read("flow", Quantity::VolumeFlow).or_else(|| self.rated_flow(end, joints))
                else {
                    let message = format!("{key} does not say at which flow it loses its pressure_drop");
                    let help = "write the flow of one unit: (pressure_drop: \"50 kPa\", flow: \"10 L/s\")";
                    self.add(Raised::error(code::RESISTANCE, path.clone(), at, message).help(help));
                    break;
                };
                if found.iter().any(|r| r.end == end) {
                    self.error(code::DUPLICATE, &path, at, format!("{key} has a resistance already"));
                    break;
                }
                let Some(drop) = read("pressure_drop", Quantity::Pressure) else { break };
                found.push(Resistance { end, drop, flow, exponent });
            }
        }
        let parts = circuits(wiring);
        let part_of = |end: End| {
            let joint = wiring.joints.iter().position(|j| j.from.contains(&end) || j.to.contains(&end));
            joint.map(|joint| parts[joint])
        };
        let solved: Vec<usize> = found.iter().filter_map(|r| part_of(r.end)).collect();
        let members = wiring
            .joints
            .iter()
            .zip(&parts)
            .filter(|(joint, part)| joint.medium == Medium::Liquid && solved.contains(part));
        self.solved = members.flat_map(|(joint, _)| joint.from.iter().chain(&joint.to)).copied().collect();
        let at = map.map_or(self.root().at, |node| node.at);
        for part in unique(&solved) {
            let own = self.solved.iter().copied().filter(|&end| part_of(end) == Some(part)).collect();
            self.complete(own, &written, at);
            let first = found
                .iter()
                .find(|r| part_of(r.end) == Some(part))
                .map(|r| self.units[r.end.unit].id.clone());
            self.inferred.push(format!(
                "the circuit of {} is solved from pressures: passages of it have resistances",
                first.unwrap_or_default()
            ));
        }
        self.valves(joints);
        found
    }

    /// Whether a circuit that is solved has a pump, and whether all of its passages say what they resist.
    fn complete(&mut self, mut ends: Vec<End>, written: &[End], at: At) {
        ends.sort();
        ends.dedup();
        let head = |end: &End| self.units[end.unit].kind.declaration().ports[end.port].head;
        let names = |ends: Vec<End>| ends.iter().map(|&end| self.name_of(end)).collect::<Vec<_>>().join(", ");
        if !ends.iter().any(|end| matches!(head(end), Head::Lifts { .. })) {
            let message = format!(
                "nothing drives the circuit of {}: solved from pressures, it needs a Pump",
                names(ends)
            );
            let help = "a component with pumps of its own, as a CDU's secondary, sets its flow without pressures: \
                        leave the resistances of its circuit out";
            self.add(Raised::error(code::RESISTANCE, "resistances", at, message).help(help));
            return;
        }
        ends.retain(|end| head(end) == Head::Resists && !written.contains(end));
        if !ends.is_empty() {
            let way = self.name_of(ends[0]);
            let message =
                format!("the circuit is solved from pressures, and nothing says what {} resist", names(ends));
            let help = format!("write for each: \"{way}\": (pressure_drop: \"50 kPa\", flow: \"10 L/s\")");
            self.add(Raised::error(code::RESISTANCE, "resistances", at, message).help(help));
        }
    }

    /// Valves have nothing to throttle where no pressures are solved.
    fn valves(&mut self, joints: &[Joint]) {
        for unit in 0..self.units.len() {
            let ports = self.units[unit].kind.declaration().ports;
            for (port, declared) in ports.iter().enumerate() {
                let end = End { unit, port };
                let throttles = matches!(declared.head, Head::Checks { .. } | Head::Throttles { .. });
                let connected = joints.iter().any(|j| j.from.contains(&end));
                if !throttles || !connected || self.solved.contains(&end) {
                    continue;
                }
                let (id, path) = (self.units[unit].id.clone(), self.units[unit].path.clone());
                let entries = self.root().get("components").map_or(&[][..], Node::entries);
                let at = entries.iter().find(|e| e.key.text == id).map_or(self.root().at, |e| e.key.at);
                let message = format!("{id} throttles nothing: its circuit is not solved from pressures");
                let help = "give the other passages of the circuit resistances, or leave the valve out";
                self.add(Raised::error(code::RESISTANCE, path, at, message).help(help));
            }
        }
    }

    /// Racks in a solved circuit share its pressures at every instant, so they cannot be carried apart.
    pub(super) fn racks_with_pressures(&mut self, run: &RunOptions) {
        let inside = self.solved.iter().find(|end| self.units[end.unit].group.is_some());
        if let Some(&end) = inside.filter(|_| run.fidelity != Fidelity::Lumped) {
            let node = self.root().get("run").and_then(|run| run.get("fidelity"));
            let at = node.map_or(self.root().at, |node| node.at);
            let message = format!(
                "{} is in a circuit that is solved from pressures, fidelity {:?} carries the racks in it apart",
                self.name_of(end),
                run.fidelity
            );
            let help = "write fidelity: Lumped, or leave out the resistances of this circuit";
            self.add(Raised::error(code::RESISTANCE, "run.fidelity", at, message).help(help));
        }
    }

    fn name_of(&self, end: End) -> String {
        let unit = &self.units[end.unit];
        format!("{}.{}", unit.id, unit.kind.declaration().ports[end.port].name)
    }

    /// Why a passage takes no resistance.
    fn resists_otherwise(&self, end: End, key: &str) -> Option<String> {
        let port = &self.units[end.unit].kind.declaration().ports[end.port];
        match port.head {
            Head::Resists => None,
            Head::Lifts { head, .. } => Some(format!("{key} is a pump: {head} says what it lifts")),
            Head::Checks { drop, .. } => Some(format!("{key} has its own loss: write its {drop}")),
            Head::Throttles { kv, .. } => Some(format!("{key} has its own loss: write its {kv}")),
        }
    }

    /// The flow of one unit for which its data sheet rates a passage [m³/s].
    fn rated_flow(&self, end: End, joints: &[Joint]) -> Option<f64> {
        let draft = &self.units[end.unit];
        let declaration = draft.kind.declaration();
        let port = &declaration.ports[end.port];
        let name = match port.flow {
            Flow::Sets { design, .. } | Flow::Drives { design, .. } => Some(design),
            _ => port.share,
        }?;
        let k = declaration.parameters.iter().position(|field| field.name == name)?;
        let value = *draft.values.as_ref()?.get(k)?;
        match declaration.parameters[k].form {
            Form::Quantity { quantity: Quantity::VolumeFlow, .. } | Form::Derived(Quantity::VolumeFlow) => {
                Some(value)
            }
            Form::Quantity { quantity: Quantity::MassFlow, .. } | Form::Derived(Quantity::MassFlow) => {
                let joint = joints.iter().find(|j| j.from.contains(&end) || j.to.contains(&end))?;
                Some(value / joint.fluid.density(REFERENCE))
            }
            _ => None,
        }
    }

    /// Refuses a pressure drop where no pressures are solved.
    pub(super) fn has_pressure(&mut self, end: End, named: &str, path: &str, at: At) -> bool {
        let known = self.solved.contains(&end);
        if !known {
            let message = format!("{named} is not known: the circuit is not solved from pressures");
            let help = "give its passages resistances, or hold a flow or a temperature";
            self.add(Raised::error(code::CONTROL, path, at, message).help(help));
        }
        known
    }
}

fn unique(parts: &[usize]) -> Vec<usize> {
    let mut parts = parts.to_vec();
    parts.sort_unstable();
    parts.dedup();
    parts
}
