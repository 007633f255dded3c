//! How long after the first event each limit is reached, and what gave way first.
//!
//! # Limits
//! Of every chip and board its highest temperatures and the one at which it throttles, from their records; of the
//! air that enters racks 27, 32 and 35 °C; of the coolant 40 and 45 °C.
//!
//! # Source
//! ASHRAE TC 9.9, *Thermal Guidelines for Data Processing Environments*, 5th ed. (2021): recommended envelope to
//! 27 °C, allowable A1 to 32 °C and A2 to 35 °C; liquid classes W40 and W45. Recalled, to verify.

use super::{OfRacks, Record};
use crate::blocks::Racks;
use plant::declare::{Medium, Store};
use plant::network::{Network, Sensing};
use plant::plant::{End, Plant};
use scenario::case::Until;

/// Limits of the air that enters racks [K].
const AIR: [(f64, &str); 3] = [
    (300.15, "rack inlet above the recommended 27 °C"),
    (305.15, "rack inlet above the allowable 32 °C of class A1"),
    (308.15, "rack inlet above the allowable 35 °C of class A2"),
];
/// Limits of the coolant that enters racks [K].
const COOLANT: [(f64, &str); 2] = [
    (313.15, "coolant supply above the 40 °C of class W40"),
    (318.15, "coolant supply above the 45 °C of class W45"),
];
/// Crossings are located to this [s], so that a millisecond is left for what differs in the solution.
pub(crate) const LOCATED: f64 = 1e-4;

/// A limit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Threshold {
    /// The rack group, where it is one of racks.
    pub rack: Option<String>,
    /// The chip or board, where it is one.
    pub chip: Option<String>,
    /// What is reached.
    pub what: String,
    /// The limit [K]; `None` for what has none (a loss of power).
    pub limit: Option<f64>,
}

/// When a limit was reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Crossing {
    /// Which.
    pub threshold: Threshold,
    /// Seconds after the first event; `None` where it was not reached.
    pub after_s: Option<f64>,
    /// The same from the start of the year [s].
    pub at_s: Option<f64>,
    /// The last thing that happened before, and how long before [s].
    pub since: Option<(String, f64)>,
}

#[derive(Debug, Clone)]
pub(super) struct Watch {
    pub threshold: Threshold,
    pub slot: u32,
    pub scale: f64,
    pub above: f64,
    /// Whether something gives way there.
    pub trips: bool,
    pub at: Option<f64>,
}

impl Watch {
    fn beyond(&self, slots: &[f64]) -> bool {
        slots[self.slot as usize] * self.scale > self.above
    }
}

/// All of them while a run goes on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Thresholds {
    pub(super) watches: Vec<Watch>,
    pub(super) lost: Vec<(Threshold, f64)>,
    pub(super) first: Option<f64>,
}

impl Thresholds {
    pub fn new(plant: &Plant, network: &Network, racks: &[Racks], inlets: &[u32]) -> Self {
        let mut watches: Vec<Watch> = Vec::new();
        let group = |unit: usize| plant.units[unit].group.map(|g| plant.groups[g].id.clone());
        let id = |unit: usize| plant.units[unit].id.clone();
        for switch in network.switches().iter().filter(|s| !s.note.is_empty()) {
            let (rack, what) = (group(switch.unit), switch.note.to_string());
            let threshold =
                Threshold { rack, chip: Some(id(switch.unit)), what, limit: Some(switch.on_above) };
            let (slot, scale, above) = (switch.sensor, switch.scale, switch.on_above);
            watches.push(Watch { threshold, slot, scale, above, trips: true, at: None });
        }
        // A chip of a rack may go by what all racks share.
        for switch in racks.iter().flat_map(|r| r.class.switches()).filter(|s| !s.note.is_empty()) {
            let Sensing::Core { slot, scale } = switch.sensor else { continue };
            let (rack, what, above) = (group(switch.unit), switch.note.to_string(), switch.on_above);
            let threshold = Threshold { rack, chip: Some(id(switch.unit)), what, limit: Some(above) };
            if !watches.iter().any(|w| w.threshold == threshold) {
                watches.push(Watch { threshold, slot, scale, above, trips: true, at: None });
            }
        }
        for range in network.ranges().iter().filter(|r| r.high.is_finite()) {
            let states = plant.units[range.unit].kind.declaration().states;
            let heat = states.iter().any(|s| s.name == range.name && matches!(s.store, Store::Heat(_)));
            if heat && plant.units[range.unit].group.is_some() {
                let (rack, what) = (group(range.unit), range.text.to_string());
                let threshold = Threshold { rack, chip: Some(id(range.unit)), what, limit: Some(range.high) };
                let (slot, scale, above) = (range.slot, range.scale, range.high);
                watches.push(Watch { threshold, slot, scale, above, trips: false, at: None });
            }
        }
        let entering = |medium: Medium| entering(plant, network, medium);
        for (limits, medium) in [(&AIR[..], Medium::Air), (&COOLANT[..], Medium::Liquid)] {
            for (unit, slot) in entering(medium) {
                if medium == Medium::Air && !inlets.contains(&slot) {
                    continue;
                }
                for &(above, what) in limits {
                    let threshold =
                        Threshold { rack: group(unit), chip: None, what: what.into(), limit: Some(above) };
                    let watch = Watch { threshold, slot, scale: 1.0, above, trips: false, at: None };
                    let same = |w: &Watch| w.threshold == watch.threshold && w.slot == slot;
                    if !watches.iter().any(same) {
                        watches.push(watch);
                    }
                }
            }
        }
        Thresholds { watches, lost: Vec::new(), first: None }
    }

    /// Whether the first event has happened.
    pub fn begun(&self) -> bool {
        self.first.is_some()
    }

    /// The first event: from here on it counts, and what is beyond its limit already is so at once.
    pub fn begin(&mut self, time: f64, slots: &[f64]) {
        if self.first.is_none() {
            self.first = Some(time);
            for watch in &mut self.watches {
                watch.at = watch.beyond(slots).then_some(time);
            }
        }
    }

    /// Racks that lost their power, or chips that shut down: once each.
    pub fn gave_way(
        &mut self,
        plant: &Plant,
        unit: usize,
        chip: bool,
        what: &str,
        limit: Option<f64>,
        time: f64,
    ) {
        let rack = plant.units[unit].group.map(|g| plant.groups[g].id.clone());
        let chip = chip.then(|| plant.units[unit].id.clone());
        let threshold = Threshold { rack, chip, what: what.to_owned(), limit };
        if !self.lost.iter().any(|(t, _)| *t == threshold) {
            self.lost.push((threshold, time));
        }
    }

    /// Limits beyond which the values are at the end of a step and were not before.
    pub fn reached(&self, slots: &[f64]) -> Vec<usize> {
        if self.first.is_none() {
            return Vec::new();
        }
        let open = self.watches.iter().enumerate().filter(|(_, w)| w.at.is_none());
        open.filter(|(_, w)| w.beyond(slots)).map(|(k, _)| k).collect()
    }

    /// The slot that a limit is of.
    pub fn slot(&self, watch: usize) -> u32 {
        self.watches[watch].slot
    }

    /// It was reached then.
    pub fn reach(&mut self, watch: usize, time: f64) {
        self.watches[watch].at = Some(time);
    }

    /// Locates one between two times by halving; `values` gives the slots at a time.
    pub fn locate(
        &mut self,
        watch: usize,
        (mut low, mut high): (f64, f64),
        values: &mut dyn FnMut(f64) -> Vec<f64>,
    ) {
        while high - low > LOCATED {
            let middle = 0.5 * (low + high);
            if self.watches[watch].beyond(&values(middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        self.reach(watch, high);
    }

    pub fn finish(self, happened: Vec<(f64, String)>, racks: Vec<OfRacks>) -> Record {
        let Some(first) = self.first else { return Record { happened, ..Record::default() } };
        let crossing = |threshold: Threshold, at: Option<f64>| Crossing::of(threshold, at, first, &happened);
        let trips = self.watches.iter().filter(|w| w.trips).filter_map(|w| w.at.map(|at| (&w.threshold, at)));
        let lost = self.lost.iter().map(|(threshold, at)| (threshold, *at));
        let mut trips: Vec<(Threshold, f64)> =
            trips.chain(lost.clone()).map(|(threshold, at)| (threshold.clone(), at)).collect();
        for limit in racks.iter().filter(|limit| limit.trips) {
            let first = limit.at.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1));
            let reached = first.filter(|(_, at)| at.is_finite());
            trips.extend(reached.map(|(rack, &at)| (Threshold::of_rack(limit, rack), at)));
        }
        let first_trip = trips.into_iter().min_by(|a, b| a.1.total_cmp(&b.1));
        let first_trip = first_trip.map(|(threshold, at)| crossing(threshold, Some(at)));
        let mut all: Vec<Crossing> =
            self.watches.iter().map(|w| crossing(w.threshold.clone(), w.at)).collect();
        all.extend(lost.map(|(threshold, at)| crossing(threshold.clone(), Some(at))));
        in_order(&mut all);
        Record { first: Some(first), happened, thresholds: all, racks, first_trip }
    }
}

impl Record {
    /// The first to be reached of what a ride-through lasts until; nothing where none is.
    pub(crate) fn reached(&self, until: Until) -> Option<Crossing> {
        let what = match until {
            Until::GivesWay => return self.first_trip.clone(),
            Until::InletRecommended => AIR[0].1,
            Until::InletA1 => AIR[1].1,
            Until::InletA2 => AIR[2].1,
            Until::CoolantW40 => COOLANT[0].1,
            Until::CoolantW45 => COOLANT[1].1,
        };
        self.all().into_iter().find(|crossing| crossing.threshold.what == what && crossing.after_s.is_some())
    }
}

impl Threshold {
    /// That of one rack.
    pub(super) fn of_rack(limit: &OfRacks, rack: usize) -> Threshold {
        let (name, chip) = (limit.rack(rack), limit.of_rack(rack));
        Threshold { rack: Some(name), chip: Some(chip), what: limit.what.clone(), limit: Some(limit.limit) }
    }
}

impl Crossing {
    /// With what happened last before. What gives way is written into the account at its own instant and is not its own cause; racks
    /// that lose their power do so in the instant of the event.
    pub(super) fn of(
        threshold: Threshold,
        at: Option<f64>,
        first: f64,
        happened: &[(f64, String)],
    ) -> Crossing {
        let since = at.and_then(|at| {
            let of_event = threshold.limit.is_none() && threshold.chip.is_none();
            let last = happened
                .iter()
                .rev()
                .find(|(time, _)| *time < at || *time == at && (of_event || *time == first));
            last.map(|(time, text)| (text.clone(), at - time))
        });
        Crossing { threshold, after_s: at.map(|at| at - first), at_s: at, since }
    }
}

/// In the order in which they were reached; those that were not last.
pub(super) fn in_order(crossings: &mut [Crossing]) {
    crossings
        .sort_by(|a, b| a.after_s.unwrap_or(f64::INFINITY).total_cmp(&b.after_s.unwrap_or(f64::INFINITY)));
}

/// Ends through which a medium enters rack groups from outside, with the slot of its temperature.
fn entering(plant: &Plant, network: &Network, medium: Medium) -> Vec<(usize, u32)> {
    let mut found = Vec::new();
    for joint in plant.joints.iter().filter(|j| j.medium == medium) {
        for &End { unit, port } in &joint.to {
            let group = plant.units[unit].group;
            if group.is_none() || joint.from.iter().all(|e| plant.units[e.unit].group == group) {
                continue;
            }
            let port = &plant.units[unit].kind.declaration().ports[port];
            let name = format!("{}.{}_in", plant.units[unit].id, port.name);
            let probe = network.probes().iter().find(|p| p.name == name);
            found.extend(probe.map(|p| (unit, p.slot)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched(above: f64) -> Thresholds {
        let threshold = Threshold { rack: None, chip: None, what: "x".into(), limit: Some(above) };
        let watch = Watch { threshold, slot: 0, scale: 1.0, above, trips: true, at: None };
        Thresholds { watches: vec![watch], lost: vec![], first: None }
    }

    #[test]
    fn a_limit_is_located_within_a_millisecond_from_the_first_event() {
        // The value is the time; the limit 12.3456 is reached 2.3456 s after the event at 10 s.
        let mut thresholds = watched(12.3456);
        assert!(thresholds.reached(&[13.0]).is_empty(), "before an event nothing counts");
        thresholds.begin(10.0, &[10.0]);
        assert_eq!(thresholds.reached(&[13.0]), [0]);
        thresholds.locate(0, (11.0, 13.0), &mut |t| vec![t]);
        assert!(thresholds.reached(&[13.0]).is_empty());
        let Record { thresholds: all, first_trip: first, .. } = thresholds.finish(vec![], vec![]);
        assert!((all[0].after_s.unwrap() - 2.3456).abs() <= LOCATED);
        assert_eq!(first.unwrap(), all[0]);
    }

    #[test]
    fn what_is_never_reached_has_no_time() {
        let mut thresholds = watched(100.0);
        thresholds.begin(10.0, &[10.0]);
        let Record { thresholds: all, first_trip: first, .. } = thresholds.finish(vec![], vec![]);
        assert_eq!((all[0].after_s, first), (None, None));
    }
}
