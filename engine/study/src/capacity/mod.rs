//! What a rack position can still take: how much more IT power could be put there, and what binds first.
//!
//! # Definition
//! The site is put into its hardest steady hours: the hour of its run with the highest dry bulb and the one with the highest
//! wet bulb, every workload at its highest mean over a step of the run. There, load like that of the position is added, the
//! other racks as they are, and the site is solved anew: 1/16 of a rack's load, 2/16, 4/16 … until a limit is reached, then
//! by bisection between the most that holds and the least that does not, to 1/16 of a rack or 1 % of the answer.
//! Racks of one class (a group of the plant: equal racks on the same air, coolant and supply) are each other's equals in
//! every equation, so all positions of a class have the same answer exactly; it is of one position at a time: what is put
//! at one is no longer there for the next. Limits are of three kinds, each with a number of its own:
//!
//! | kind | what binds |
//! |---|---|
//! | power | a feed, transformer, UPS, PDU or supply beyond its rating |
//! | air | air at the inlet above what the class of the equipment allows; what a component that moves or cools air declares as too much; a chip or board in air that throttles or grows too hot |
//! | liquid | coolant supply above 45 °C (class W45); what a component of the water side declares as too much; a chip on cold plates that throttles or grows too hot |
//!
//! What binds first is the kind with the least load. A set-point that is not held is no limit by itself: what it leads to
//! is. A declared range with a lower end as well is a matter of trust in an equation rather than of capacity, and counts
//! only where it is left by the load that is added. Where no steady state is found any more, what runs away says which kind is
//! exhausted (a loop whose heat is not carried off: liquid); the kinds that have reached nothing yet say so
//! ([`Beyond::NoState`]): their limit is not known, only that it does not lie lower.
//!
//! # Assumptions
//! What holds for a load holds for less; the load is of equipment like that of the position, so it warms its air and its
//! coolant as much and brings its own supplies; space, weight and cabling do not bind. Events, sampled controllers and
//! differences between racks of a class in the hall's air are left out.
//!
//! # Source
//! W45: ASHRAE TC 9.9, *Thermal Guidelines for Data Processing Environments*, 5th ed. (2021), recalled, to verify. The
//! kinds follow what operators call stranded capacity: power, air and liquid are exhausted at different loads.

mod judge;
mod search;

use crate::run::Stopped;
use plant::plant::Plant;
use scenario::check::check;
use scenario::workload::Pattern;
use scenario::{Case, Problem, Scenario};
use search::Search;

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

/// Where a kind ends.
#[derive(Debug, Clone, PartialEq)]
pub enum Beyond {
    /// A limit is reached.
    Limit(Bound),
    /// Nothing up to the most that is tried: sixteen times the load of the whole site.
    Nothing,
    /// No steady state is found any more; why not.
    NoState(String),
}

/// Room of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Headroom {
    /// Load that can be added, in racks like those of the class.
    pub racks: f64,
    /// What a little more would reach.
    pub beyond: Beyond,
}

impl Headroom {
    /// The limit, where one is known.
    #[must_use]
    pub fn bound(&self) -> Option<&Bound> {
        match &self.beyond {
            Beyond::Limit(bound) => Some(bound),
            Beyond::Nothing | Beyond::NoState(_) => None,
        }
    }
}

/// Room at each position of a class of racks.
#[derive(Debug, Clone, PartialEq)]
pub struct Room {
    /// The class: id of a group of the plant.
    pub group: String,
    /// The racks that it was declared with.
    pub hall: String,
    /// IT power of one of its racks in the hardest hour [W].
    pub rack_w: f64,
    /// In the order of [`Kind::ALL`].
    pub of: [Headroom; 3],
}

impl Room {
    /// The kind that binds first: of equal ones the one whose limit is known, then the first of [`Kind::ALL`].
    #[must_use]
    pub fn first(&self) -> (Kind, &Headroom) {
        let before = |next: &Headroom, best: &Headroom| {
            next.racks < best.racks
                || next.racks <= best.racks && best.bound().is_none() && next.bound().is_some()
        };
        let ranked = Kind::ALL.into_iter().zip(&self.of);
        ranked
            .reduce(|best, next| if before(next.1, best.1) { next } else { best })
            .unwrap_or((Kind::Power, &self.of[0]))
    }

    /// IT power that can be added at a position before anything binds [W].
    #[must_use]
    pub fn watts(&self) -> f64 {
        self.first().1.racks * self.rack_w
    }
}

/// The room of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// The hardest hours [s from the start of the year].
    pub at: Vec<f64>,
    /// One for each class of racks, in the order of the plant's groups.
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

/// Surveys a site. `go_on` is asked before every steady state, with the share that is done.
///
/// # Errors
/// See [`CapacityError`].
pub fn survey(scenario: &Scenario, go_on: &dyn Fn(f64) -> bool) -> Result<Survey, CapacityError> {
    let (case, _) = check(scenario).map_err(CapacityError::Problems)?;
    if case.plant.groups.is_empty() {
        return Err(CapacityError::NoRacks);
    }
    let mut search = Search::new(case, go_on);
    let rack_w = search.begin()?;
    let groups = rack_w.len();
    let mut rooms = Vec::with_capacity(groups);
    for (group, &rack_w) in rack_w.iter().enumerate() {
        let of = search.room(group, [group as f64, groups as f64])?;
        let Plant { groups, .. } = search.plant();
        rooms.push(Room { group: groups[group].id.clone(), hall: groups[group].hall.clone(), rack_w, of });
    }
    Ok(Survey { at: search.at, rooms, solved: search.solved })
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

#[cfg(test)]
mod tests;
