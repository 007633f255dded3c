//! Limits of temperatures that a run watches: for how long, since when and where they were exceeded.
//!
//! An accepted step counts whole by what is there at its end, as the time outside of a class does
//! ([`conditions`](crate::conditions)).

use crate::state::{Archive, State, Unfit, state};
use plant::network::Network;
use plant::plant::{Plant, Sensor};

/// What is to stay between two temperatures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// Of what.
    pub of: Watched,
    /// Coldest [K]; nothing where cold does no harm.
    pub low: Option<f64>,
    /// Warmest [K].
    pub high: f64,
}

/// Whose temperature is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watched {
    /// Of every junction.
    Junctions,
    /// Of the air that enters the racks.
    Inlets,
}

/// What was seen of a limit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seen {
    /// Time in which any of the temperatures was beyond it [s].
    pub beyond_s: f64,
    /// Start of the first step that ended beyond it [s].
    pub first: Option<f64>,
    /// The worst; nothing where there is no such temperature.
    pub worst: Option<Worst>,
}

/// The temperature that came nearest to its limit, or went farthest beyond.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Worst {
    /// How far beyond the limit, negative within [K].
    pub beyond: f64,
    /// The temperature [K].
    pub kelvin: f64,
    /// When [s].
    pub at: f64,
    /// The chip, or the group of the racks.
    pub place: String,
}

impl Limit {
    fn beyond(&self, kelvin: f64) -> f64 {
        let above = kelvin - self.high;
        self.low.map_or(above, |low| above.max(low - kelvin))
    }
}

#[derive(Debug, Clone)]
struct Watch {
    limit: Limit,
    beyond_s: f64,
    first: Option<f64>,
    /// How far beyond, and which temperature.
    worst: Option<(f64, f64)>,
    at: f64,
    /// Index into the places.
    place: u64,
}

state!(Watch { beyond_s, first, worst, at, place } fixed { limit });

/// The limits of a run.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    watches: Vec<Watch>,
    /// Slot and unit of what the network itself carries.
    junctions: Vec<(u32, usize)>,
    inlets: Vec<(u32, usize)>,
    /// By unit: the chip, and the group it belongs to.
    places: Vec<(String, String)>,
    /// Units and junctions of racks that are carried apart.
    apart: Vec<(usize, f64)>,
}

impl Limits {
    /// `inlets` are the air inlets of the racks with the slots of their temperatures.
    pub fn new(plant: &Plant, network: &Network, inlets: &[(Sensor, u32)], limits: &[Limit]) -> Limits {
        let names = &network.names()[..network.states()];
        let junctions = plant.units.iter().enumerate().filter_map(|(k, unit)| {
            let declaration = unit.kind.declaration();
            let name = format!("{}.{}", unit.id, declaration.states[declaration.junction()?].name);
            names.iter().position(|known| *known == name).map(|slot| (slot as u32, k))
        });
        let inlets = inlets.iter().filter_map(|(sensor, slot)| match sensor {
            Sensor::TemperatureIn(end) => Some((*slot, end.unit)),
            _ => None,
        });
        let place = |unit: &plant::plant::Unit| {
            let group = unit.group.map_or(&unit.id, |group| &plant.groups[group].id);
            (unit.id.clone(), group.clone())
        };
        let watch =
            |&limit: &Limit| Watch { limit, beyond_s: 0.0, first: None, worst: None, at: 0.0, place: 0 };
        Limits {
            watches: limits.iter().map(watch).collect(),
            junctions: junctions.collect(),
            inlets: inlets.collect(),
            places: plant.units.iter().map(place).collect(),
            apart: Vec::new(),
        }
    }

    /// Whether nothing is watched.
    pub fn is_empty(&self) -> bool {
        self.watches.is_empty()
    }

    /// What is there at the end of a step; `apart` are units and hottest junctions of racks that are carried apart.
    pub fn see(&mut self, slots: &[f64], apart: impl Iterator<Item = (usize, f64)>, from: f64, to: f64) {
        if self.watches.is_empty() {
            return;
        }
        self.apart.clear();
        self.apart.extend(apart);
        let Limits { watches, junctions, inlets, apart, .. } = self;
        for watch in watches {
            let (of, apart) = match watch.limit.of {
                Watched::Junctions => (&*junctions, &apart[..]),
                Watched::Inlets => (&*inlets, &[][..]),
            };
            let own = of.iter().map(|&(slot, unit)| (unit, slots[slot as usize]));
            let mut worst: Option<(f64, f64, usize)> = None;
            for (unit, kelvin) in own.chain(apart.iter().copied()) {
                let beyond = watch.limit.beyond(kelvin);
                if worst.is_none_or(|(most, ..)| beyond > most) {
                    worst = Some((beyond, kelvin, unit));
                }
            }
            if let Some(worst) = worst {
                watch.see(worst, from, to);
            }
        }
    }

    /// What was seen, in the order of the limits.
    pub fn finish(&self) -> Vec<Seen> {
        let seen = |watch: &Watch| Seen {
            beyond_s: watch.beyond_s,
            first: watch.first,
            worst: watch.worst.zip(self.places.get(watch.place as usize)).map(
                |((beyond, kelvin), (unit, group))| Worst {
                    beyond,
                    kelvin,
                    at: watch.at,
                    place: match watch.limit.of {
                        Watched::Junctions => unit.clone(),
                        Watched::Inlets => group.clone(),
                    },
                },
            ),
        };
        self.watches.iter().map(seen).collect()
    }
}

impl State for Limits {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        let Limits { watches, junctions: _, inlets: _, places: _, apart: _ } = self;
        watches.pass(archive)
    }
}

impl Watch {
    fn see(&mut self, (beyond, kelvin, unit): (f64, f64, usize), from: f64, to: f64) {
        if self.worst.is_none_or(|(most, _)| beyond > most) {
            self.worst = Some((beyond, kelvin));
            self.at = to;
            self.place = unit as u64;
        }
        if beyond > 0.0 {
            self.beyond_s += to - from;
            self.first.get_or_insert(from);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(limit: Limit) -> Limits {
        let watch = Watch { limit, beyond_s: 0.0, first: None, worst: None, at: 0.0, place: 0 };
        let place = |unit: &str| (unit.to_owned(), "pod".to_owned());
        Limits {
            watches: vec![watch],
            junctions: vec![(0, 0)],
            inlets: vec![(1, 1)],
            places: vec![place("pod.chip"), place("pod.fans"), place("pod.other")],
            apart: Vec::new(),
        }
    }

    #[test]
    fn the_time_beyond_counts_from_the_first_step_that_ends_there_and_the_limit_itself_is_within() {
        let mut limits = limits(Limit { of: Watched::Junctions, low: None, high: 350.0 });
        for (kelvin, from, to) in
            [(350.0, 0.0, 10.0), (351.0, 10.0, 30.0), (349.0, 30.0, 40.0), (350.5, 40.0, 41.0)]
        {
            limits.see(&[kelvin, 0.0], std::iter::empty(), from, to);
        }
        let seen = limits.finish().remove(0);
        // 20 s + 1 s
        assert_eq!((seen.beyond_s, seen.first), (21.0, Some(10.0)));
        let worst = seen.worst.unwrap();
        assert_eq!((worst.beyond, worst.kelvin, worst.at, &*worst.place), (1.0, 351.0, 30.0, "pod.chip"));
    }

    #[test]
    fn the_worst_of_several_chips_has_its_name() {
        let mut limits = limits(Limit { of: Watched::Junctions, low: None, high: 350.0 });
        limits.see(&[340.0, 0.0], [(2, 345.0)].into_iter(), 0.0, 0.0);
        let worst = limits.finish().remove(0).worst.unwrap();
        assert_eq!((worst.beyond, &*worst.place), (-5.0, "pod.other"));
    }

    #[test]
    fn air_may_be_too_cold_as_well() {
        let mut limits = limits(Limit { of: Watched::Inlets, low: Some(283.0), high: 308.0 });
        limits.see(&[0.0, 300.0], std::iter::empty(), 0.0, 5.0);
        limits.see(&[0.0, 281.0], std::iter::empty(), 5.0, 9.0);
        let seen = limits.finish().remove(0);
        assert_eq!((seen.beyond_s, seen.first), (4.0, Some(5.0)));
        let worst = seen.worst.unwrap();
        assert_eq!((worst.beyond, worst.kelvin, &*worst.place), (2.0, 281.0, "pod"));
    }
}
