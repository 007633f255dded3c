//! The liquid of every circuit.

use super::Checker;
use super::wiring::{Wiring, within};
use crate::node::{At, Node};
use crate::problem::{Raised, code};
use crate::read::nearest::hint;
use media::liquid::Fluid;
use plant::declare::Medium;
use plant::plant::{End, Joint};
use std::collections::HashMap;

/// Who says that a circuit carries a fluid. The site's map is above the templates.
pub(super) struct Claim {
    pub ends: Vec<End>,
    pub fluid: Fluid,
    pub by: String,
    pub path: String,
    pub at: At,
    pub of_site: bool,
}

impl Checker<'_> {
    /// The joints with the fluid of their circuits.
    pub(super) fn fluids(&mut self, wiring: &Wiring, ordinary: Fluid) -> Vec<Joint> {
        let circuits = circuits(wiring);
        let mut claims = std::mem::take(&mut self.claims);
        claims.extend(self.claims_of_site(wiring));
        // The site speaks first, and is not contradicted by a template.
        claims.sort_by_key(|claim| !claim.of_site);
        let mut said: HashMap<usize, Claim> = HashMap::new();
        for claim in claims {
            let touched = wiring.joints.iter().zip(&circuits).filter(|(joint, _)| {
                joint.medium == Medium::Liquid
                    && claim.ends.iter().any(|end| joint.from.contains(end) || joint.to.contains(end))
            });
            let circuit = touched.map(|(_, circuit)| *circuit).next();
            let Some(circuit) = circuit else { continue };
            match said.get(&circuit) {
                Some(other) if other.fluid == claim.fluid || (other.of_site && !claim.of_site) => {}
                Some(other) => {
                    let message = format!(
                        "one circuit has two fluids: {} at {}, {} at {}",
                        other.fluid, other.by, claim.fluid, claim.by
                    );
                    let help = "say which in fluids: {\"cdu.secondary\": \"pg25\"}, or separate the circuits";
                    self.add(Raised::error(code::FLUIDS, claim.path, claim.at, message).help(help));
                }
                None => {
                    let whence = if claim.of_site { "" } else { ", as the template says" };
                    self.inferred
                        .push(format!("the circuit of {} carries {}{whence}", claim.by, claim.fluid));
                    said.insert(circuit, claim);
                }
            }
        }
        let joints = wiring.joints.iter().zip(&circuits);
        joints
            .map(|(joint, circuit)| Joint {
                medium: joint.medium,
                from: joint.from.clone(),
                to: joint.to.clone(),
                fluid: said.get(circuit).map_or(ordinary, |claim| claim.fluid),
            })
            .collect()
    }

    /// `fluids: {"cdu.secondary": "pg25"}`.
    fn claims_of_site(&mut self, wiring: &Wiring) -> Vec<Claim> {
        let map = self.root().get("fluids");
        let mut claims = Vec::new();
        for entry in map.map_or(&[][..], Node::entries) {
            let Some(fluid) = entry.value.as_text().and_then(Fluid::from_name) else { continue };
            let (key, at) = (&entry.key.text, entry.key.at);
            let path = format!("fluids.{key}");
            if let Some(ends) = self.passage(wiring, key, &path, at) {
                claims.push(Claim { ends, fluid, by: key.clone(), path, at, of_site: true });
            }
        }
        claims
    }

    /// The ends of a liquid passage that is named.
    pub(super) fn passage(&mut self, wiring: &Wiring, key: &str, path: &str, at: At) -> Option<Vec<End>> {
        let (id, port) = key.rsplit_once('.').unwrap_or((key, ""));
        if let Some(thing) = wiring.thing(id) {
            let thing = &wiring.things[thing];
            let liquid = |t: &&super::ports::Terminal| {
                t.medium == Medium::Liquid && (port.is_empty() || t.name == port)
            };
            let found: Vec<_> = thing.terminals.iter().filter(liquid).collect();
            if let [terminal] = found[..] {
                return Some(
                    terminal.ins.iter().copied().chain(terminal.outs.iter().copied().flatten()).collect(),
                );
            }
            if thing.known {
                let names: Vec<&str> = thing.terminals.iter().map(|t| t.name.as_str()).collect();
                let message = format!("{key} is no liquid passage");
                self.add(Raised::error(code::UNKNOWN_PORT, path, at, message).maybe_help(hint(port, &names)));
            }
            return None;
        }
        // A part of a rack: pod.accelerator.coolant.
        let unit = self.units.iter().position(|draft| draft.id == id);
        let port_of = |unit: usize| {
            let ports = self.units[unit].kind.declaration().ports;
            ports.iter().position(|p| p.name == port && p.medium == Medium::Liquid)
        };
        if let Some((unit, port)) = unit.and_then(|unit| Some((unit, port_of(unit)?))) {
            return Some(vec![End { unit, port }]);
        }
        let ids: Vec<&str> = wiring.things.iter().map(|thing| thing.id.as_str()).collect();
        let message = format!("there is no passage {key}");
        self.add(Raised::error(code::UNKNOWN_ID, path, at, message).maybe_help(hint(id, &ids)));
        None
    }

    /// The fluids that a template states, as claims on its circuits.
    pub(super) fn claim(&mut self, claim: Claim) {
        self.claims.push(claim);
    }

    /// Place of a part of a text.
    pub(super) fn place_of(&self, node: &Node, span: &std::ops::Range<usize>) -> At {
        within(self, node, span)
    }
}

/// The number of its circuit for every joint: joints are in one circuit if a passage leads from one
/// to the other.
pub(super) fn circuits(wiring: &Wiring) -> Vec<usize> {
    let mut of: Vec<usize> = (0..wiring.joints.len()).collect();
    let mut leaves: HashMap<End, usize> = HashMap::new();
    for (k, joint) in wiring.joints.iter().enumerate() {
        leaves.extend(joint.from.iter().map(|&end| (end, k)));
    }
    fn find(of: &mut [usize], mut k: usize) -> usize {
        while of[k] != k {
            of[k] = of[of[k]];
            k = of[k];
        }
        k
    }
    for (k, joint) in wiring.joints.iter().enumerate() {
        for end in &joint.to {
            if let Some(&other) = leaves.get(end) {
                let (a, b) = (find(&mut of, k), find(&mut of, other));
                of[a.max(b)] = a.min(b);
            }
        }
    }
    (0..of.len()).map(|k| find(&mut of, k)).collect()
}
