//! Actuators that stay where they are while a run goes on: of the core, or of every rack where racks are carried apart.

use super::World;
use crate::blocks::Racks;
use plant::network::{JamPoint, Network};
use plant::plant::Plant;

/// Where an actuator is: in the core, or in a rack of a class.
type Member = Option<(usize, usize)>;

/// What may jam.
#[derive(Debug, Clone)]
pub(super) struct Jam {
    /// What it moves: of the core, or of every rack of a class; of none where nothing reads it.
    pub points: Vec<(Option<usize>, JamPoint)>,
    /// Where an actuator without a master rests.
    pub rest: Option<f64>,
    /// Whether it is jammed: one, or one for each rack.
    pub jammed: Vec<bool>,
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
            Jam { points, rest: rest.filter(|_| !controlled), jammed: vec![false; count] }
        };
        Jams(plant.faults.jams.iter().map(jam).collect())
    }

    /// Whether it is jammed, in all racks or in one.
    pub fn jammed(&self, jam: usize, member: Option<usize>) -> bool {
        let jammed = &self.0[jam].jammed;
        match member {
            Some(member) if jammed.len() > 1 => jammed[member],
            _ => jammed.iter().all(|jammed| *jammed),
        }
    }

    /// They stay where they are or go to `at`, in all racks or in one.
    pub fn stick(
        &mut self,
        jams: &[usize],
        rack: Option<usize>,
        at: Option<f64>,
        world: &mut World,
        slots: &[f64],
    ) {
        for &k in jams {
            for (member, point) in self.0[k].put(rack, true, world) {
                let at = at.unwrap_or_else(|| match member {
                    None => slots[point.position as usize],
                    Some((class, member)) => (world.state)(class, member, point.position),
                });
                world.set(member, point.at, at);
                world.switch(member, point.free, false);
                world.switch(member, point.jammed, true);
            }
        }
    }

    /// They move again, in all racks or in one.
    pub fn free(&mut self, jams: &[usize], rack: Option<usize>, world: &mut World) {
        for &k in jams {
            for (member, point) in self.0[k].put(rack, false, world) {
                world.switch(member, point.free, true);
                world.switch(member, point.jammed, false);
                if let Some(rest) = self.0[k].rest {
                    world.set(member, point.at, rest);
                }
            }
        }
    }
}

impl Jam {
    /// Notes it; what it moves, in all racks or in one.
    fn put(&mut self, rack: Option<usize>, so: bool, world: &World) -> Vec<(Member, JamPoint)> {
        let meant = |member: usize| rack.is_none_or(|rack| rack == member);
        for (member, jammed) in self.jammed.iter_mut().enumerate() {
            if meant(member) {
                *jammed = so;
            }
        }
        let mut moved = Vec::new();
        for &(class, point) in &self.points {
            match class {
                None => moved.push((None, point)),
                Some(class) => {
                    let members = (0..world.racks[class].class.members().len()).filter(|&k| meant(k));
                    moved.extend(members.map(|member| (Some((class, member)), point)));
                }
            }
        }
        moved
    }
}
