//! From a [`Scenario`] to a [`Case`]: every rule that a single value cannot break alone.
//!
//! Nothing here touches a disk. Everything that is wrong is collected; what depends on something
//! already refused is passed over in silence.

mod books;
mod carbon;
pub(crate) mod chain;
mod components;
mod controls;
mod details;
mod disclosure;
mod events;
mod fluids;
mod money;
mod open;
mod pledges;
mod ports;
pub(crate) mod racks;
mod resistances;
mod run;
mod site;
mod sky;
mod targets;
mod ways;
mod wiring;
mod workloads;

use crate::Scenario;
use crate::books::Books;
use crate::case::{Case, InputFile};
use crate::node::{At, Entry, Node};
use crate::problem::{Problem, Problems, Raised, code};
use crate::read::walk;
use crate::schema::{Shape, site::SITE};
use crate::workload::{HeatTrace, Workload};
use plant::faults::Faults;
use plant::kernel::Kind;
use plant::plant::{Group, Loop, Pin, Plant, Signal, Unit};
use std::sync::Arc;

/// Checks a scenario, whose files have been read, and gives the case with its warnings.
///
/// # Errors
/// All that is wrong, warnings included.
pub fn check(scenario: &Scenario) -> Result<(Case, Vec<Problem>), Vec<Problem>> {
    let mut checker = Checker::new(scenario);
    let case = checker.case();
    let problems = checker.problems;
    let failed = problems.has_errors();
    let list = problems.finish(&scenario.sources);
    match case {
        Some(case) if !failed => Ok((case, list)),
        _ => Err(list),
    }
}

/// A unit while it is put together.
struct Draft {
    id: String,
    kind: &'static dyn Kind,
    /// `None` where a value was refused.
    values: Option<Vec<f64>>,
    multiplicity: f64,
    group: Option<usize>,
    /// Where it stands in the site, for messages.
    path: String,
}

struct Checker<'s> {
    scenario: &'s Scenario,
    problems: Problems,
    units: Vec<Draft>,
    groups: Vec<Group>,
    workloads: Vec<Workload>,
    loops: Vec<Loop>,
    pins: Vec<Pin>,
    signals: Vec<Signal>,
    inputs: Vec<InputFile>,
    inferred: Vec<String>,
    claims: Vec<fluids::Claim>,
    /// Controls of templates: the group and the entry.
    controls: Vec<(String, Entry)>,
    /// Columns of recorded heat: unit, record, column.
    heat: Vec<(usize, Arc<HeatTrace>, usize)>,
    pressure: f64,
    /// Passages of circuits that are solved from pressures.
    solved: Vec<plant::plant::End>,
}

impl<'s> Checker<'s> {
    fn new(scenario: &'s Scenario) -> Self {
        Checker {
            scenario,
            problems: Problems::default(),
            units: Vec::new(),
            groups: Vec::new(),
            workloads: Vec::new(),
            loops: Vec::new(),
            pins: Vec::new(),
            signals: Vec::new(),
            inputs: Vec::new(),
            inferred: Vec::new(),
            claims: Vec::new(),
            controls: Vec::new(),
            heat: Vec::new(),
            pressure: 101_325.0,
            solved: Vec::new(),
        }
    }

    fn root(&self) -> &'s Node {
        &self.scenario.root
    }

    fn error(&mut self, code: &'static str, path: impl Into<String>, at: At, message: impl Into<String>) {
        self.problems.error(code, path, at, message);
    }

    fn add(&mut self, raised: Raised) {
        self.problems.add(raised);
    }

    /// An input of the case, once.
    fn note_input(&mut self, name: &str, bytes: Arc<Vec<u8>>) {
        if !self.inputs.iter().any(|input| input.name == name) {
            self.inputs.push(InputFile { name: name.to_owned(), bytes });
        }
    }

    /// A component and a rack group cannot have one id.
    fn unique_ids(&mut self) {
        let root = self.root();
        let (Some(components), Some(racks)) = (root.get("components"), root.get("racks")) else { return };
        for entry in racks.entries() {
            if components.get(&entry.key.text).is_some() {
                let message = format!("{} is the id of a component already", entry.key.text);
                self.error(code::DUPLICATE, format!("racks.{}", entry.key.text), entry.key.at, message);
            }
        }
    }

    fn case(&mut self) -> Option<Case> {
        let root = self.root();
        walk::walk(root, Shape::Record(&SITE), "", &mut self.problems);
        for source in self.scenario.sources.iter() {
            self.inputs.push(InputFile {
                name: source.name.clone(),
                bytes: Arc::new(source.text.clone().into_bytes()),
            });
        }
        let run = self.run();
        let place = self.place(run.as_ref().map_or(1, |run| run.seed));
        let mut things = self.components();
        let racks = self.racks();
        things.extend(racks.things);
        self.unique_ids();
        let mut wiring = wiring::Wiring { things, joints: racks.joints, wires: racks.wires };
        self.connections(&mut wiring);
        self.open_ports(&wiring);
        let joints = self.fluids(&wiring, place.fluid);
        let resistances = self.resistances(&wiring, &joints);
        self.loops(&wiring);
        let recorded = self.signals(run.as_ref());
        let planned = self.events(run.as_ref());
        let money = self.money(place.grid.as_ref());
        let pledges = self.pledges();
        let targets = self.targets(place.grid.as_ref());
        let tariff = self.tariff(place.grid.as_ref());
        let details = run.as_ref().map(|run| self.details(run));
        let supply = self.carbon(place.grid.as_ref());
        let books = Books { money, pledges, ..self.books() };
        let disclosure = self.disclosure();
        let (mut run, weather) = (run?, place.weather?);
        run.details = details.unwrap_or_default();
        self.period(&run, &weather);
        if !place.sky_refused {
            self.sun_and_wind(&weather);
        }
        self.mode(&run);
        self.racks_with_pressures(&run);
        let mut units = Vec::with_capacity(self.units.len());
        for draft in self.units.drain(..) {
            let Draft { id, kind, values, multiplicity, group, .. } = draft;
            units.push(Unit { id, kind, values: values?, multiplicity, group });
        }
        let mut plant = Plant {
            pressure: self.pressure,
            units,
            joints,
            wires: wiring.wires,
            loops: std::mem::take(&mut self.loops),
            pins: std::mem::take(&mut self.pins),
            groups: std::mem::take(&mut self.groups),
            signals: std::mem::take(&mut self.signals),
            resistances,
            faults: Faults::default(),
        };
        let events = planned.into_events(&mut plant, &mut self.inferred);
        self.surplus_in_islands(&plant, &events);
        Some(Case {
            id: self.scenario.id.clone(),
            title: self.scenario.title().to_owned(),
            question: self.scenario.question().to_owned(),
            expect: self.scenario.expect().to_owned(),
            plant,
            events,
            weather,
            workloads: std::mem::take(&mut self.workloads),
            recorded,
            run,
            tariff,
            supply,
            grid: place.grid,
            books,
            disclosure,
            targets,
            inputs: std::mem::take(&mut self.inputs),
            inferred: std::mem::take(&mut self.inferred),
        })
    }
}
