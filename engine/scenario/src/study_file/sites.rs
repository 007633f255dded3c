//! The sites of a study: read once, set as the study says, and shared by all cases.

use crate::node::{At, Node, What};
use crate::problem::Problem;
use crate::source::Source;
use crate::{Scenario, edit};

/// How the cases of a study are calculated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A year in quasi-steady steps of an hour.
    QuasiSteady,
    /// A year in dynamic steps.
    Dynamic,
    /// As the site writes it.
    AsWritten,
}

/// A site of a study.
#[derive(Debug, Clone)]
pub(super) struct Site {
    /// As the study names it.
    pub name: String,
    /// As it is calculated.
    pub scenario: Scenario,
    /// The same in dynamic steps.
    pub dynamic: Scenario,
    /// Index of the study's text among its sources.
    source: u32,
}

impl Site {
    /// A site with what the study sets in all cases: its mode, `set`, and the constraints as targets. What of that does not
    /// fit is left out and reported.
    pub fn new(
        name: &str,
        scenario: Scenario,
        study: &Source,
        mode: Mode,
        set: &[(String, Node)],
        constraints: Option<&Node>,
    ) -> (Site, Vec<Problem>) {
        let mut site = Site { name: name.to_owned(), dynamic: scenario.clone(), scenario, source: 0 };
        let copy = Source::new(study.name.clone(), study.text.clone(), study.folder.clone());
        site.source = u32::try_from(site.scenario.sources.add(copy)).unwrap_or(u32::MAX);
        site.dynamic.sources = site.scenario.sources.clone();
        let (source, mut problems) = (site.source, Vec::new());
        for (scenario, mode) in [(&mut site.scenario, mode), (&mut site.dynamic, Mode::Dynamic)] {
            for (path, value) in settings(scenario, mode) {
                // They fit by construction, unless the site has something else in that place.
                let _ = edit::set_in(scenario, path, &value, At::NOWHERE);
            }
            for (path, node) in set {
                // What makes the case quasi-steady does not belong into the dynamic one.
                if mode == Mode::Dynamic && (path == "run.step" || path == "run.dynamics") {
                    continue;
                }
                let node = adopted(node, source);
                if let Err(raised) = edit::set_in(scenario, path, &node, node.at) {
                    problems.push(raised.at(path, node.at).locate(&scenario.sources));
                }
            }
            if let Some(constraints) = constraints {
                let node = adopted(constraints, source);
                if let Err(raised) = edit::set_in(scenario, "targets", &node, node.at) {
                    let raised = raised.at("targets", node.at).renamed("targets", "constraints");
                    problems.push(raised.locate(&scenario.sources));
                }
            }
        }
        problems.sort_by_key(|problem| problem.location.as_ref().map(|at| (at.line, at.column)));
        problems.dedup();
        (site, problems)
    }

    /// The texts that the site comes from, its own file first, without that of the study.
    pub fn texts(&self) -> &[std::sync::Arc<Source>] {
        self.scenario.sources.first(self.source as usize)
    }

    /// A place in the study, as a place among the sources of this site.
    pub fn place(&self, at: At) -> At {
        At { source: self.source, ..at }
    }

    /// Gives a node of the study its place among the sources of this site, so that files are found and problems have
    /// a place.
    pub fn adopt(&self, node: &mut Node) {
        *node = adopted(node, self.source);
    }
}

/// What a mode sets.
fn settings(scenario: &Scenario, mode: Mode) -> Vec<(&'static str, Node)> {
    let named = |path: &str| scenario.get(path).and_then(Node::name);
    let name = |text: &str| Node::from(What::Name(text.to_owned()));
    // Hours matter where carbon is counted by the hour; else a record a day is enough to close the balances.
    let output = if scenario.root.get("carbon").is_some() { "1 h" } else { "1 d" };
    let mut all = Vec::new();
    match mode {
        Mode::AsWritten => {}
        Mode::Dynamic => {
            all.push(("run.period", name("Year")));
            all.push(("run.dynamics", name("Dynamic")));
            if named("run.controls") == Some("Ideal") {
                all.push(("run.controls", name("Continuous")));
            }
            all.push(("run.output_every", Node::text(output)));
        }
        Mode::QuasiSteady => {
            all.push(("run.period", name("Year")));
            all.push(("run.dynamics", name("QuasiSteady")));
            if named("run.controls") == Some("Sampled") {
                all.push(("run.controls", name("Continuous")));
            }
            if named("run.fidelity").is_some() {
                all.push(("run.fidelity", name("Lumped")));
            }
            if named("run.method") == Some("Dopri5") {
                all.push(("run.method", name("Rodas3")));
            }
            all.push(("run.step", Node::text("1 h")));
            all.push(("run.output_every", Node::text(output)));
        }
    }
    all
}

/// A node with its places moved to another source.
fn adopted(node: &Node, source: u32) -> Node {
    let moved = |at: At| if at == At::NOWHERE { at } else { At { source, ..at } };
    let mut node = node.clone();
    node.at = moved(node.at);
    match &mut node.what {
        What::List(items) | What::Tuple(_, items) => {
            items.iter_mut().for_each(|item| *item = adopted(item, source));
        }
        What::Record(_, entries) | What::Map(entries) => {
            for entry in entries {
                entry.key.at = moved(entry.key.at);
                entry.value = adopted(&entry.value, source);
            }
        }
        _ => {}
    }
    node
}
