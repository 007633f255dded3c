//! What a rack position can still take: how many more racks like those that stand there, and what binds first.
//!
//! # Definition
//! The site is put into its hardest steady hours: the hour of its run with the highest dry bulb and the one with the highest
//! wet bulb, every workload at its highest mean over a step of the run. There, racks are added to one group after the
//! other, the others as they are, and the site is solved anew: first one, two, four … of them until twice as many stand there
//! (at least eight more), then by bisection between the last number that holds and the first that does not. Racks of a group share their air and their coolant, so each position
//! of a group has the same room. Limits are of three kinds, each with a number of its own:
//!
//! | kind | what binds |
//! |---|---|
//! | power | a feed, transformer, UPS, PDU or supply beyond its rating |
//! | air | air at the inlet above what the class of the equipment allows; what a component that moves or cools air declares as too much; a chip or board in air that throttles or grows too hot |
//! | liquid | coolant supply above 45 °C (class W45); what a component of the water side declares as too much; a chip on cold plates that throttles or grows too hot |
//!
//! What binds first is the kind with the fewest racks. A set-point that is not held is no limit by itself: what it leads to
//! is. A declared range with a lower end as well is a matter of trust in an equation rather than of capacity, and counts
//! only where it is left by the racks that are added. A number of racks for which no steady state is found does not hold.
//!
//! # Assumptions
//! What holds for a number of racks holds for fewer; space, weight and cabling do not bind; added racks are connected as
//! those of their group. Events, sampled controllers and differences between racks of a group in the hall's air are left
//! out.
//!
//! # Source
//! W45: ASHRAE TC 9.9, *Thermal Guidelines for Data Processing Environments*, 5th ed. (2021), recalled, to verify. The
//! kinds follow what operators call stranded capacity: power, air and liquid are exhausted at different loads.

use crate::notes::code;
use crate::racks::RackFigures;
use crate::run::{Outcome, Stopped, Unobserved};
use plant::declare::{Medium, Side};
use plant::plant::{End, Plant};
use scenario::check::check;
use scenario::edit::{Edit, apply};
use scenario::node::{Node, What};
use scenario::schema::site::MOST_RACKS;
use scenario::workload::Pattern;
use scenario::{Case, Controls, Dynamics, Fidelity, Method, Problem, Scenario};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// Highest coolant supply of class W45 [K].
const W45: f64 = 318.15;
/// 0 °C [K].
const CELSIUS: f64 = 273.15;
/// At least so many racks are tried, however few a group has.
const LEAST_TRIED: u32 = 8;

/// What can bind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Electricity.
    Power,
    /// Air.
    Air,
    /// Coolant and the water side.
    Liquid,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 3] = [Kind::Power, Kind::Air, Kind::Liquid];

    /// Its name in results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Power => "power",
            Kind::Air => "air",
            Kind::Liquid => "liquid",
        }
    }
}

/// Why there cannot be more.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// Component, rack group, or `site`.
    pub what: String,
    /// What is reached, in English.
    pub text: String,
}

/// Room of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Headroom {
    /// Racks that can be added.
    pub racks: u32,
    /// What one more would reach; nothing where twice as many racks as there are, and at least eight more, reach nothing.
    pub bound: Option<Bound>,
}

/// Room at each position of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct Room {
    /// The racks that one entry of the site declares.
    pub hall: String,
    /// What one of them draws in the hardest hour [W].
    pub rack_w: f64,
    /// In the order of [`Kind::ALL`].
    pub of: [Headroom; 3],
}

impl Room {
    /// The kind that binds first; of equal ones the first of [`Kind::ALL`].
    #[must_use]
    pub fn first(&self) -> (Kind, &Headroom) {
        let ranked = Kind::ALL.into_iter().zip(&self.of);
        ranked
            .reduce(|best, next| if next.1.racks < best.1.racks { next } else { best })
            .unwrap_or((Kind::Power, &self.of[0]))
    }

    /// Load that can be added before anything binds [W].
    #[must_use]
    pub fn watts(&self) -> f64 {
        f64::from(self.first().1.racks) * self.rack_w
    }
}

/// The room of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// The hardest hours [s from the start of the year].
    pub at: Vec<f64>,
    /// One for each entry of the site's racks, in their order.
    pub rooms: Vec<Room>,
    /// Steady states that were solved.
    pub solved: usize,
}

/// Why there is no survey.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CapacityError {
    /// The site has no racks.
    #[error("the site has no racks")]
    NoRacks,
    /// The site as it is cannot be run in its hardest hour.
    #[error("the site does not run in its hardest hour: {0}")]
    Stopped(Stopped),
    /// The site cannot be checked.
    #[error("{}", .0.iter().map(|p| p.message.clone()).collect::<Vec<_>>().join("; "))]
    Problems(Vec<Problem>),
    /// It was asked to stop.
    #[error("cancelled")]
    Cancelled,
}

/// What was found wrong with a number of racks, by kind.
type Found = [Option<Bound>; 3];

/// Surveys a site. `go_on` is asked before every steady state, with the share that is done.
///
/// # Errors
/// See [`CapacityError`].
pub fn survey(scenario: &Scenario, go_on: &dyn Fn(f64) -> bool) -> Result<Survey, CapacityError> {
    let (case, _) = check(scenario).map_err(CapacityError::Problems)?;
    let halls = halls(&case.plant);
    if halls.is_empty() {
        return Err(CapacityError::NoRacks);
    }
    let mut search = Search {
        scenario,
        at: hardest(&case),
        peaks: peaks(&case),
        trusted: BTreeSet::new(),
        go_on,
        solved: 0,
    };
    let (_, drawn) = search.look(None, 0.0)?;
    let mut rooms = Vec::new();
    for (k, hall) in halls.iter().enumerate() {
        let share = k as f64 / halls.len() as f64;
        let of = search.room(hall, share)?;
        rooms.push(Room { hall: hall.clone(), rack_w: drawn.get(hall).copied().unwrap_or(0.0), of });
    }
    Ok(Survey { at: search.at, rooms, solved: search.solved })
}

/// Ids of the racks that entries of the site declare, in their order.
fn halls(plant: &Plant) -> Vec<String> {
    let mut halls: Vec<String> = Vec::new();
    for group in &plant.groups {
        if !halls.contains(&group.hall) {
            halls.push(group.hall.clone());
        }
    }
    halls
}

/// The hours of the run with the highest dry and wet bulb.
fn hardest(case: &Case) -> Vec<f64> {
    const HOUR: f64 = 3600.0;
    let hours = (case.run.length_s / HOUR).ceil().max(1.0) as usize;
    let last = case.run.start_s + case.run.length_s - case.run.step_s;
    let times = (0..hours).map(|k| (case.run.start_s + k as f64 * HOUR).min(last.max(case.run.start_s)));
    let known: Vec<(f64, f64, f64)> = times
        .filter_map(|time| {
            let hour = case.weather.at(time, case.run.weather).ok()?;
            Some((time, hour.dry_bulb, hour.wet_bulb))
        })
        .collect();
    // Of equal hours the first.
    let highest = |of: &dyn Fn(&(f64, f64, f64)) -> f64| {
        known.iter().fold(None, |best: Option<&(f64, f64, f64)>, hour| match best {
            Some(best) if of(best) >= of(hour) => Some(best),
            _ => Some(hour),
        })
    };
    let mut at: Vec<f64> =
        [highest(&|hour| hour.1), highest(&|hour| hour.2)].into_iter().flatten().map(|h| h.0).collect();
    at.dedup();
    if at.is_empty() { vec![case.run.start_s] } else { at }
}

/// The highest mean over a step of each workload; heat that is recorded stays as it is.
fn peaks(case: &Case) -> Vec<Option<f64>> {
    let steps = (case.run.length_s / case.run.step_s).round().max(1.0) as usize;
    let time = |k: usize| case.run.start_s + k as f64 * case.run.step_s;
    let peak = |series: &scenario::Workload| match series.pattern {
        Pattern::Heat { .. } => None,
        _ => (0..steps).map(|k| series.mean(time(k), time(k + 1))).reduce(f64::max),
    };
    case.workloads.iter().map(peak).collect()
}

/// How many racks an entry declares.
fn count(scenario: &Scenario, hall: &str) -> u32 {
    match scenario.get(&format!("racks.{hall}.count")).map(|node| &node.what) {
        Some(What::Whole(count)) => u32::try_from(*count).unwrap_or(1),
        _ => 1,
    }
}

struct Search<'a> {
    scenario: &'a Scenario,
    at: Vec<f64>,
    peaks: Vec<Option<f64>>,
    /// What is outside of a two-sided range without any rack more.
    trusted: BTreeSet<(String, String)>,
    go_on: &'a dyn Fn(f64) -> bool,
    solved: usize,
}

impl Search<'_> {
    /// Room of a group: growing, then by bisection, kind by kind; what is known of a number serves all kinds.
    fn room(&mut self, hall: &str, share: f64) -> Result<[Headroom; 3], CapacityError> {
        let mut known: BTreeMap<u32, Found> = BTreeMap::new();
        let most = count(self.scenario, hall).clamp(LEAST_TRIED, MOST_RACKS as u32);
        let mut of = Vec::with_capacity(Kind::ALL.len());
        for kind in Kind::ALL {
            let index = kind as usize;
            let mut at = |search: &mut Self, more: u32| -> Result<Option<Bound>, CapacityError> {
                let found = match known.entry(more) {
                    Entry::Occupied(found) => found.into_mut(),
                    Entry::Vacant(place) => place.insert(search.look(Some((hall, more)), share)?.0),
                };
                Ok(found[index].clone())
            };
            // Most that is known to hold, and fewest that is known not to.
            let mut holds = 0;
            let mut bound = at(self, 0)?;
            let mut fails = 0;
            if bound.is_none() {
                let mut more = 1;
                while bound.is_none() && holds < most {
                    bound = at(self, more)?;
                    (holds, fails) = if bound.is_none() { (more, fails) } else { (holds, more) };
                    more = (2 * more).min(most);
                }
                while bound.is_some() && fails - holds > 1 {
                    let middle = holds + (fails - holds) / 2;
                    match at(self, middle)? {
                        None => holds = middle,
                        Some(other) => (fails, bound) = (middle, Some(other)),
                    }
                }
            }
            of.push(Headroom { racks: holds, bound });
        }
        let mut of = of.into_iter();
        let mut next = || of.next().unwrap_or(Headroom { racks: 0, bound: None });
        Ok([next(), next(), next()])
    }

    /// What is wrong in the hardest hours with so many racks more, and what a rack of each entry draws.
    fn look(
        &mut self,
        more: Option<(&str, u32)>,
        share: f64,
    ) -> Result<(Found, BTreeMap<String, f64>), CapacityError> {
        let mut scenario = self.scenario.clone();
        if let Some((hall, more)) = more {
            let (path, count) = (format!("racks.{hall}.count"), count(self.scenario, hall));
            let value = Node::from(What::Whole(i64::from(count + more)));
            apply(&mut scenario, &Edit::Set { path, value })
                .map_err(|problem| CapacityError::Problems(vec![problem]))?;
        }
        let (mut case, _) = match check(&scenario) {
            Ok(checked) => checked,
            // More racks than a site may have.
            Err(problems) if more.is_some_and(|(_, more)| more > 0) => {
                return Ok((everywhere("site", &text_of(&problems)), BTreeMap::new()));
            }
            Err(problems) => return Err(CapacityError::Problems(problems)),
        };
        still(&mut case, &self.peaks);
        let mut found: Found = [None, None, None];
        let mut drawn = BTreeMap::new();
        for at in self.at.clone() {
            if !(self.go_on)(share) {
                return Err(CapacityError::Cancelled);
            }
            case.run.start_s = at;
            self.solved += 1;
            match crate::case::run(&case, &mut Unobserved) {
                Ok((outcome, summary)) => {
                    self.judge(
                        &case.plant,
                        &outcome,
                        &summary.notes,
                        &summary.racks,
                        more.is_none(),
                        &mut found,
                    );
                    let hours = summary.hours.max(f64::MIN_POSITIVE);
                    for racks in &summary.racks {
                        let watts = 1000.0 * racks.it_energy_kwh / hours;
                        let most = drawn.entry(racks.hall.clone()).or_insert(watts);
                        *most = most.max(watts);
                    }
                }
                Err(Stopped::Cancelled { .. }) => return Err(CapacityError::Cancelled),
                Err(stopped) if more.is_none_or(|(_, more)| more == 0) => {
                    return Err(CapacityError::Stopped(stopped));
                }
                Err(stopped) => found = everywhere("site", &stopped.to_string()),
            }
        }
        Ok((found, drawn))
    }

    /// Holds a steady state against the limits.
    fn judge(
        &mut self,
        plant: &Plant,
        outcome: &Outcome,
        notes: &[crate::notes::Note],
        racks: &[RackFigures],
        first: bool,
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
                        self.trusted.insert(named);
                        continue;
                    }
                    if self.trusted.contains(&named) {
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
}

/// A case that stands still: one step, every load at its peak, nothing that happens.
fn still(case: &mut Case, peaks: &[Option<f64>]) {
    for (workload, peak) in case.workloads.iter_mut().zip(peaks) {
        if let Some(utilisation) = *peak {
            *workload = scenario::Workload::new(Pattern::Constant { utilisation });
        }
    }
    case.events.clear();
    case.targets.clear();
    case.recorded = None;
    let run = &mut case.run;
    run.length_s = run.step_s;
    run.output_every_s = run.step_s;
    run.whole_year = false;
    run.fidelity = Fidelity::Lumped;
    run.details.clear();
    run.dynamics = Dynamics::QuasiSteady;
    if run.controls == Controls::Sampled {
        run.controls = Controls::Continuous;
    }
    if run.method == Method::Dopri5 {
        run.method = Method::Rodas3;
    }
}

fn everywhere(what: &str, text: &str) -> Found {
    let bound = || Some(Bound { what: what.to_owned(), text: text.to_owned() });
    [bound(), bound(), bound()]
}

fn text_of(problems: &[Problem]) -> String {
    problems
        .iter()
        .find(|problem| problem.is_error())
        .map_or_else(String::new, |problem| problem.message.clone())
}

/// What a component that is overloaded runs out of.
fn kind_of(declaration: &plant::declare::Declaration) -> Kind {
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

#[cfg(test)]
mod tests;
