//! Actuators that stay where they are while a run goes on: of the core, or of every rack where racks are carried apart.

use super::World;
use super::held::Held;
use crate::blocks::Racks;
use plant::network::{JamPoint, Network};
use plant::plant::Plant;
use std::ops::Range;

/// Where an actuator is: in the core, or in a rack of a class.
type Member = Option<(usize, usize)>;

/// What may jam.
#[derive(Debug, Clone)]
pub(super) struct Jam {
    /// What it moves: of the core, or of every rack of a class; of none where nothing reads it.
    pub points: Vec<(Option<usize>, JamPoint)>,
    /// Where an actuator without a master rests.
    pub rest: Option<f64>,
    /// What holds it, and where: one, or one for each rack.
    pub held: Vec<Held>,
}

/// All of them, in the plant's order.
#[derive(Debug, Clone)]
pub(super) struct Jams(pub Vec<Jam>);

impl Jams {
    pub fn new(plant: &Plant, network: &Network, racks: &[Racks]) -> Self {
        let jam = |jam: &plant::faults::Jam| {
            let same = |point: &&JamPoint| (point.unit, point.actuator) == (jam.unit, jam.actuator);
            let core = network.jams().iter().find(same).map(|point| (None, *point));
            let of_racks = racks.iter().enumerate().filter_map(|(class, racks)| {
                racks.class.jams().iter().find(same).map(|point| (Some(class), *point))
            });
            let points: Vec<_> = core.into_iter().chain(of_racks).collect();
            let controlled = plant.loops.iter().any(|l| (l.unit, l.actuator) == (jam.unit, jam.actuator));
            let rest = points.first().map(|(class, point)| match class {
                None => network.outside(point.at),
                Some(class) => racks[*class].class.outside(0, point.at),
            });
            let group = plant.units[jam.unit].group;
            let class = racks.iter().find(|racks| Some(racks.class.group()) == group);
            let count = class.map_or(1, |racks| racks.class.members().len());
            Jam { points, rest: rest.filter(|_| !controlled), held: vec![Held::default(); count] }
        };
        Jams(plant.faults.jams.iter().map(jam).collect())
    }

    /// Whether it is jammed, in all racks or in one.
    pub fn jammed(&self, jam: usize, member: Option<usize>) -> bool {
        let held = &self.0[jam].held;
        let jammed = |held: &Held| held.value().is_some();
        match member {
            Some(member) if held.len() > 1 => jammed(&held[member]),
            _ => held.iter().all(jammed),
        }
    }

    /// They stay where they are or go to `at`, in all racks or in one.
    pub fn stick(
        &mut self,
        jams: &[usize],
        rack: Option<usize>,
        (at, until): (Option<f64>, f64),
        world: &mut World,
        slots: &[f64],
    ) {
        for &k in jams {
            for member in self.0[k].meant(rack) {
                let place = self.0[k].places(member).next();
                let at = at.or_else(|| {
                    place.map(|(place, point)| match place {
                        None => slots[point.position as usize],
                        Some((class, member)) => (world.state)(class, member, point.position),
                    })
                });
                // Where nothing reads it, it may be anywhere.
                self.0[k].held[member].begin(until, at.unwrap_or_default());
                self.0[k].put(member, world);
            }
        }
    }

    /// They move again, in all racks or in one, whatever held them.
    pub fn free(&mut self, jams: &[usize], rack: Option<usize>, world: &mut World) {
        for &k in jams {
            for member in self.0[k].meant(rack) {
                self.0[k].held[member].clear();
                self.0[k].put(member, world);
            }
        }
    }

    /// Those whose jam ends by now move again, or go where another holds them.
    pub fn end(&mut self, now: f64, world: &mut World) {
        for jam in &mut self.0 {
            for member in 0..jam.held.len() {
                if jam.held[member].end(now) {
                    jam.put(member, world);
                }
            }
        }
    }
}

impl Jam {
    /// Those of its racks that an event means.
    fn meant(&self, rack: Option<usize>) -> Range<usize> {
        match rack {
            Some(rack) if self.held.len() > 1 => rack..rack + 1,
            _ => 0..self.held.len(),
        }
    }

    /// What it moves in one of its racks.
    fn places(&self, member: usize) -> impl Iterator<Item = (Member, JamPoint)> {
        self.points.iter().map(move |&(class, point)| (class.map(|class| (class, member)), point))
    }

    /// Puts one of its racks where it belongs now.
    fn put(&self, member: usize, world: &mut World) {
        let held = self.held[member].value();
        for (place, point) in self.places(member) {
            world.switch(place, point.free, held.is_none());
            world.switch(place, point.jammed, held.is_some());
            if let Some(at) = held.or(self.rest) {
                world.set(place, point.at, at);
            }
        }
    }
}
