//! Limits of racks that are carried apart: which are watched in each member, and when each was reached.

use super::SHUTDOWN_ABOVE;
use crate::blocks::Racks;
use crate::state::state;
use plant::declare::Store;
use plant::faults::Class;
use plant::network::{RackClass, Sensing};
use plant::plant::Plant;
use solver::blocks::{Lane, WIDTH};
use std::ops::Range;

/// What reaching a limit means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Something gives way: a chip throttles.
    Trips,
    /// It is the highest that is allowed.
    Stands,
    /// Servers shut down, by this of the plant's gates.
    Shuts(usize),
}

/// A limit of each member of a class.
#[derive(Debug, Clone)]
pub(crate) struct Limit {
    pub meaning: Meaning,
    /// Index into the plant's units.
    pub unit: usize,
    /// Which chip of the part, where it is one alone.
    pub chip: Option<u32>,
    /// What is reached.
    pub what: String,
    /// The value that it is of, as the class watches it.
    pub watch: usize,
    /// The limit [K].
    pub above: f64,
    /// When each member reached it; infinite where none has [s].
    pub at: Vec<f64>,
}

state!(Limit { at } fixed { meaning, unit, chip, what, watch, above });

/// A limit of one member: class, limit, member.
pub(crate) type Place = (usize, usize, usize);

/// All limits of a class. What racks share is not among them.
pub(crate) fn limits(plant: &Plant, class: &RackClass) -> Vec<Limit> {
    let members = class.members().len();
    let watches = class.watches();
    let limit = |meaning, unit, chip, what: &str, watch, above| Limit {
        meaning,
        unit,
        chip,
        what: what.to_owned(),
        watch,
        above,
        at: vec![f64::INFINITY; members],
    };
    let mut found: Vec<Limit> = Vec::new();
    // A value that chips have in common is one limit.
    let own = |watch: usize| watches[watch].chip.filter(|_| watches[watch].alike < 2);
    for switch in class.switches().iter().filter(|s| !s.note.is_empty()) {
        if let Sensing::Member(watch) = switch.sensor {
            let same = |l: &Limit| {
                l.meaning == Meaning::Trips
                    && l.watch == watch
                    && l.what == switch.note
                    && l.unit == switch.unit
            };
            if !found.iter().any(same) {
                let chip = switch.chip.and(own(watch));
                found.push(limit(Meaning::Trips, switch.unit, chip, switch.note, watch, switch.on_above));
            }
        }
    }
    let heat = |unit: usize, name: &str| {
        let states = plant.units[unit].kind.declaration().states;
        states.iter().any(|s| s.name == name && matches!(s.store, Store::Heat(_)))
    };
    for range in class.ranges().iter().filter(|range| range.high.is_finite()) {
        let of = &watches[range.watch];
        if !heat(of.unit, &of.name) {
            continue;
        }
        let chip = own(range.watch);
        found.push(limit(Meaning::Stands, of.unit, chip, range.text, range.watch, range.high));
        let computes =
            plant::faults::class(plant.units[of.unit].kind.declaration()) == Some(Class::Computing);
        let gates = &plant.faults.gates;
        let gate = gates.iter().position(|g| g.unit == of.unit && g.actuator.is_none());
        if let Some(gate) = gate.filter(|_| computes) {
            let what = shut_down(&of.name);
            let above = range.high + SHUTDOWN_ABOVE;
            found.push(limit(Meaning::Shuts(gate), of.unit, chip, &what, range.watch, above));
        }
    }
    found
}

/// What is said where a temperature shuts servers down.
pub(super) fn shut_down(temperature: &str) -> String {
    format!("servers shut down by the temperature of their {temperature}")
}

/// Which limits the steps of a class look out for: by how much each member is beyond those that are armed.
#[derive(Debug, Clone, Default)]
pub struct Lookout {
    /// Watched value and limit.
    limits: Vec<(usize, f64)>,
    /// Which members, tile by tile.
    armed: Vec<[bool; WIDTH]>,
}

impl Lookout {
    /// For these limits in so many tiles.
    pub(crate) fn new(limits: &[Limit], tiles: usize) -> Self {
        let armed = vec![[false; WIDTH]; limits.len() * tiles];
        Lookout { limits: limits.iter().map(|limit| (limit.watch, limit.above)).collect(), armed }
    }

    /// Number of limits.
    pub fn len(&self) -> usize {
        self.limits.len()
    }

    /// Whether nothing is looked out for.
    pub fn is_empty(&self) -> bool {
        self.limits.is_empty()
    }

    /// Looks out for a limit in a member, or no longer.
    pub(crate) fn arm(&mut self, limit: usize, member: usize, so: bool) {
        self.armed[member / WIDTH * self.limits.len() + limit][member % WIDTH] = so;
    }

    /// By how much each member of a tile is beyond a limit [K]; `value` gives the watched values.
    pub(crate) fn excess(&self, limit: usize, value: impl Fn(usize) -> Lane) -> Lane {
        let (watch, above) = self.limits[limit];
        let mut excess = value(watch);
        excess.0.iter_mut().for_each(|value| *value -= above);
        excess
    }

    /// As [`Lookout::excess`] of all, −∞ where nobody looks out.
    pub(crate) fn margins(&self, tile: usize, value: impl Fn(usize) -> Lane, margins: &mut [Lane]) {
        for (k, margin) in margins.iter_mut().enumerate() {
            let armed = &self.armed[tile * self.limits.len() + k];
            *margin = match armed.contains(&true) {
                true => self.excess(k, &value),
                false => real::Lanes([f64::NEG_INFINITY; WIDTH]),
            };
            for (value, _) in margin.0.iter_mut().zip(armed).filter(|(_, armed)| !**armed) {
                *value = f64::NEG_INFINITY;
            }
        }
    }
}

/// What one limit of the racks of a group came to.
#[derive(Debug, Clone, PartialEq)]
pub struct OfRacks {
    /// The rack group.
    pub group: String,
    /// The racks that it was declared with, and its numbers there.
    hall: String,
    places: Vec<Range<u32>>,
    /// The chip or board without its group.
    pub part: String,
    /// Which of several.
    pub chip: Option<u32>,
    /// What is reached.
    pub what: String,
    /// The limit [K].
    pub limit: f64,
    /// Whether something gives way there.
    pub trips: bool,
    /// Whether servers shut down there.
    pub(super) shuts: bool,
    /// When each rack reached it [s from the start of the year]; infinite where it did not.
    pub at: Vec<f64>,
}

impl OfRacks {
    pub(super) fn new(plant: &Plant, class: &RackClass, limit: Limit) -> OfRacks {
        let of = &plant.groups[class.group()];
        let racks = 0..of.racks.round() as usize;
        let (group, hall, places) = (of.id.clone(), of.hall.clone(), of.places.clone());
        let id = &plant.units[limit.unit].id;
        let part = id.strip_prefix(&group).map_or(id.as_str(), |part| part.trim_start_matches('.'));
        OfRacks {
            part: part.to_owned(),
            group,
            hall,
            places,
            chip: limit.chip,
            what: limit.what,
            limit: limit.above,
            trips: limit.meaning != Meaning::Stands,
            shuts: matches!(limit.meaning, Meaning::Shuts(_)),
            at: racks.map(|rack| limit.at[class.member_of(rack)]).collect(),
        }
    }

    /// The name of a rack: `hall[3]`.
    pub fn rack(&self, rack: usize) -> String {
        let number = self.places.iter().cloned().flatten().nth(rack);
        number.map_or_else(|| format!("{}[{rack}]", self.group), |number| format!("{}[{number}]", self.hall))
    }

    /// The name of the chip or board of a rack: `hall[3].accelerator[17]`.
    pub fn of_rack(&self, rack: usize) -> String {
        let chip = self.chip.map(|chip| format!("[{chip}]")).unwrap_or_default();
        format!("{}.{}{chip}", self.rack(rack), self.part)
    }

    /// The part in all racks: `hall.accelerator`.
    pub fn everywhere(&self) -> String {
        format!("{}.{}", self.group, self.part)
    }
}

/// All limits of racks while a run goes on, class by class.
#[derive(Debug, Clone, Default)]
pub(crate) struct RackLimits(pub Vec<Vec<Limit>>);

impl RackLimits {
    pub fn new(plant: &Plant, racks: &[Racks]) -> Self {
        RackLimits(racks.iter().map(|racks| limits(plant, &racks.class)).collect())
    }

    /// Whether reaching it shuts servers down.
    pub fn shuts(&self, (class, limit, _): Place) -> bool {
        matches!(self.0[class][limit].meaning, Meaning::Shuts(_))
    }

    /// It was reached then, unless it was before.
    pub fn reach(&mut self, (class, limit, member): Place, time: f64) {
        let at = &mut self.0[class][limit].at[member];
        *at = at.min(time);
    }
}
