//! Where things stand: the site's own layout, or sensible rows and aisles where it has none.
//!
//! The hall's floor is the plane y = 0; x runs along the rows, z from row to row, all in metres. The yard lies beyond
//! the hall's far wall (larger z).

use engine::plant::plant::{Plant, Unit};
use engine::scenario::Scenario;
use engine::scenario::node::{Node, What};
use engine::units::Quantity;

/// Size of a rack [m]: 600 mm wide, 1,200 mm deep, 48 rack units and frame high.
pub const RACK: [f32; 3] = [0.6, 2.3, 1.2];
/// Cold and hot aisle [m]: two and two floor tiles.
const AISLES: [f32; 2] = [1.2, 1.2];
/// Free floor around the rows [m].
const MARGIN: f32 = 2.4;
/// Between two groups of rows [m].
const BETWEEN: f32 = 2.4;
/// Between two machines [m].
const GAP: f32 = 0.8;

/// A box on the floor: centre of its base and size [m].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Centre of the base.
    pub at: [f32; 3],
    /// Along x, y and z.
    pub size: [f32; 3],
    /// Where the front looks: +1 to larger z, −1 to smaller.
    pub facing: f32,
}

impl Place {
    /// Centre of the box.
    #[must_use]
    pub fn centre(&self) -> [f32; 3] {
        [self.at[0], self.at[1] + 0.5 * self.size[1], self.at[2]]
    }
}

/// Where a machine belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// Beside the racks.
    Hall,
    /// In the plant room, behind the hall's left wall.
    Plant,
    /// Under the sky.
    Yard,
}

/// How machines of a kind are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// Where.
    pub room: Room,
    /// How large [m].
    pub size: [f32; 3],
}

/// Kinds that are drawn otherwise than as a cabinet in the plant room.
const LOOKS: &[(&str, Look)] = &[
    ("Crah", Look { room: Room::Hall, size: [2.6, 2.0, 0.9] }),
    ("ImmersionTank", Look { room: Room::Hall, size: [2.4, 1.1, 0.9] }),
    ("Cdu", Look { room: Room::Hall, size: [0.9, 2.2, 1.2] }),
    ("DryCooler", Look { room: Room::Yard, size: [9.0, 2.4, 2.4] }),
    ("AdiabaticCooler", Look { room: Room::Yard, size: [9.0, 2.6, 2.4] }),
    ("OpenTower", Look { room: Room::Yard, size: [4.0, 4.5, 4.0] }),
    ("AirCooledChiller", Look { room: Room::Yard, size: [8.0, 2.5, 2.3] }),
    ("Generator", Look { room: Room::Yard, size: [6.0, 3.0, 2.5] }),
    ("Transformer", Look { room: Room::Yard, size: [2.4, 2.4, 1.8] }),
    ("StorageTank", Look { room: Room::Yard, size: [4.0, 6.0, 4.0] }),
    ("WaterCooledChiller", Look { room: Room::Plant, size: [4.2, 2.4, 1.6] }),
    ("AirSideEconomizer", Look { room: Room::Yard, size: [5.0, 3.0, 3.0] }),
    ("Pump", Look { room: Room::Plant, size: [1.4, 1.1, 0.8] }),
];

/// Kinds that are no machine: rooms of air, pipes, loads.
const UNSEEN: &[&str] =
    &["AislePair", "FixedLoad", "Pipe", "LiquidHeatTrace", "ControlValve", "CheckValve", "UtilityFeed"];

const CABINET: Look = Look { room: Room::Plant, size: [1.6, 2.1, 0.9] };
/// More machines of one unit than this are not drawn one by one.
const MOST_DRAWN: usize = 60;

/// How a kind is drawn; `None` for what is no machine.
#[must_use]
pub fn look(kind: &str) -> Option<Look> {
    if UNSEEN.contains(&kind) {
        return None;
    }
    Some(LOOKS.iter().find(|(name, _)| *name == kind).map_or(CABINET, |(_, look)| *look))
}

/// A group's racks and how they stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// The racks that one entry of the site declares.
    pub hall: String,
    /// One place for each, in their order.
    pub racks: Vec<Place>,
    /// The group that each belongs to: racks that differ from the others of their row have one of their own.
    pub groups: Vec<usize>,
}

/// Everything that is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Floor {
    /// The racks, one entry for each declared hall.
    pub rows: Vec<Rows>,
    /// The machines: index of the unit, which of its equal ones, and where.
    pub machines: Vec<(usize, usize, Place)>,
    /// Corners of the hall (x, z), least and most [m].
    pub hall: [[f32; 2]; 2],
    /// Middles of the cold and hot aisles: z, x from, x to, whether cold.
    pub aisles: Vec<Aisle>,
}

/// A strip of floor between two rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Aisle {
    /// From and to along x [m].
    pub x: [f32; 2],
    /// From and to along z [m].
    pub z: [f32; 2],
    /// Where the racks take their air in.
    pub cold: bool,
}

/// Places racks and machines.
#[must_use]
pub fn floor(scenario: &Scenario, plant: &Plant) -> Floor {
    let mut floor = Floor { rows: Vec::new(), machines: Vec::new(), hall: [[0.0; 2]; 2], aisles: Vec::new() };
    let mut halls: Vec<(&str, usize)> = Vec::new();
    for group in &plant.groups {
        let racks = group.racks.round().max(0.0) as usize;
        match halls.iter_mut().find(|(hall, _)| *hall == group.hall) {
            Some((_, count)) => *count += racks,
            None => halls.push((&group.hall, racks)),
        }
    }
    // Rows that nobody has placed stand behind those that somebody has.
    let placed =
        halls.iter().filter_map(|(hall, count)| Some(written(scenario, hall)?.racks(*count))).flatten();
    let behind = placed.map(|place| place.at[2] + 0.5 * place.size[2]).reduce(f32::max);
    let mut next = behind.map_or(0.0, |behind| behind + BETWEEN);
    let mut widest: f32 = 0.0;
    for (hall, count) in halls {
        let rows = match written(scenario, hall) {
            Some(layout) => layout.racks(count),
            None => {
                let (racks, aisles, end) = rows(count, per_row(scenario, hall, count), next);
                floor.aisles.extend(aisles);
                next = end + BETWEEN;
                racks
            }
        };
        widest = rows.iter().fold(widest, |most, place| most.max(place.at[0] + 0.5 * place.size[0]));
        floor.rows.push(Rows { hall: hall.to_owned(), racks: rows, groups: groups(plant, hall, count) });
    }
    let deepest = floor.rows.iter().flat_map(|r| &r.racks).fold(6.0_f32, |most, p| most.max(p.at[2]));
    let machines: Vec<(usize, &Unit, Look)> = (plant.units.iter().enumerate())
        .filter(|(_, unit)| unit.group.is_none())
        .filter_map(|(k, unit)| Some((k, unit, look(unit.kind.declaration().name)?)))
        .collect();
    let cabinets = machines.iter().any(|(.., look)| look.room == Room::Hall);
    let right = widest.max(6.0) + MARGIN + if cabinets { 1.5 } else { 0.0 };
    let left = -MARGIN - if cabinets { 1.5 } else { 0.0 };
    floor.hall = [[left, -MARGIN], [right, deepest + 0.6 + MARGIN]];
    stand(&mut floor, &machines);
    floor
}

/// The group of each rack of a hall.
fn groups(plant: &Plant, hall: &str, count: usize) -> Vec<usize> {
    let mut of = vec![0; count];
    for (index, group) in plant.groups.iter().enumerate().filter(|(_, group)| group.hall == hall) {
        let places = (0..group.racks.round().max(0.0) as usize).filter_map(|k| group.place(k));
        for place in places {
            if let Some(slot) = of.get_mut(place as usize) {
                *slot = index;
            }
        }
    }
    of
}

/// Machines along the walls of the hall, in the plant room and in the yard.
fn stand(floor: &mut Floor, machines: &[(usize, &Unit, Look)]) {
    let [[left, near], [right, far]] = floor.hall;
    let (mut along_left, mut along_right) = (near + 1.2, near + 1.2);
    let mut plant_room = Shelf { from: near, to: far, at: near, line: left - 1.6 };
    let mut yard = Shelf { from: left, to: right.max(left + 24.0), at: left, line: far + 4.0 };
    for &(unit, of, look) in machines {
        let count = (of.multiplicity.round().max(1.0) as usize).min(MOST_DRAWN);
        for k in 0..count {
            let [long, high, deep] = look.size;
            let place = match look.room {
                // Along the side walls, their fronts to the rows.
                Room::Hall => {
                    let (along, x) = if along_left <= along_right {
                        (&mut along_left, left + 0.5 * deep + 0.2)
                    } else {
                        (&mut along_right, right - 0.5 * deep - 0.2)
                    };
                    let z = *along + 0.5 * long;
                    *along += long + GAP;
                    Place { at: [x, 0.0, z], size: [deep, high, long], facing: 1.0 }
                }
                Room::Plant => {
                    let (z, x) = plant_room.next(long, deep, -1.0);
                    Place { at: [x, 0.0, z], size: [deep, high, long], facing: 1.0 }
                }
                Room::Yard => {
                    let (x, z) = yard.next(long, deep, 1.0);
                    Place { at: [x, 0.0, z], size: [long, high, deep], facing: 1.0 }
                }
            };
            floor.machines.push((unit, k, place));
        }
    }
    let deepest = along_left.max(along_right);
    floor.hall[1][1] = far.max(deepest);
}

/// Lines that are filled one after the other.
struct Shelf {
    from: f32,
    to: f32,
    at: f32,
    line: f32,
}

impl Shelf {
    /// Room for something: its middle along the line, and across it.
    fn next(&mut self, long: f32, deep: f32, away: f32) -> (f32, f32) {
        if self.at > self.from && self.at + long > self.to {
            self.at = self.from;
            self.line += away * (deep + 2.0 * GAP);
        }
        let middle = self.at + 0.5 * long;
        self.at += long + GAP;
        (middle, self.line + away * 0.5 * deep)
    }
}

/// Racks in a row where the site does not say: rows twice as long as all of them are deep.
fn per_row(scenario: &Scenario, hall: &str, count: usize) -> usize {
    let written = scenario.get(&format!("racks.{hall}.per_row")).and_then(whole);
    let square = (count as f32 * 2.0 * (RACK[2] + AISLES[0]) / RACK[0]).sqrt().ceil() as usize;
    written.unwrap_or(square).clamp(1, count.max(1))
}

fn whole(node: &Node) -> Option<usize> {
    match node.what {
        What::Whole(number) => usize::try_from(number).ok(),
        _ => None,
    }
}

/// Rows in pairs that face each other across a cold aisle, from z = `from` on; where they end. A hall that would be
/// much deeper than wide is cut into blocks of rows that stand side by side.
fn rows(count: usize, per_row: usize, from: f32) -> (Vec<Place>, Vec<Aisle>, f32) {
    let mut racks = Vec::with_capacity(count);
    let mut aisles = Vec::new();
    let lines = count.div_ceil(per_row);
    let length = per_row as f32 * RACK[0];
    let deep = lines as f32 * (RACK[2] + AISLES[0]);
    let blocks = ((deep / (2.0 * (length + BETWEEN))).sqrt().round() as usize).clamp(1, lines.max(1));
    // Pairs of rows stay together.
    let in_block = lines.div_ceil(blocks).next_multiple_of(2).max(1);
    let mut end = from;
    for line in 0..lines {
        let (block, line_of_block) = (line / in_block, line % in_block);
        let left = block as f32 * (length + BETWEEN);
        let z = from + (0..line_of_block).map(|k| RACK[2] + AISLES[k % 2]).sum::<f32>();
        // The even rows look to larger z, over the cold aisle to the odd ones.
        let facing = if line_of_block % 2 == 0 { 1.0 } else { -1.0 };
        for k in 0..per_row.min(count - line * per_row) {
            let x = left + (k as f32 + 0.5) * RACK[0];
            racks.push(Place { at: [x, 0.0, z + 0.5 * RACK[2]], size: RACK, facing });
        }
        let behind = z + RACK[2];
        end = end.max(behind);
        if line + 1 < lines && line_of_block + 1 < in_block {
            let cold = line_of_block % 2 == 0;
            let width = AISLES[usize::from(!cold)];
            aisles.push(Aisle { x: [left, left + length], z: [behind, behind + width], cold });
        }
    }
    if lines == 1 {
        aisles.push(Aisle { x: [0.0, length], z: [end, end + AISLES[0]], cold: true });
    }
    (racks, aisles, end)
}

/// A layout that the site writes: `Row(origin: ("2 m", "3 m"), pitch: "0.6 m", facing: North)`.
struct Layout {
    origin: [f32; 2],
    pitch: f32,
    facing: f32,
    along_x: bool,
}

impl Layout {
    fn racks(&self, count: usize) -> Vec<Place> {
        let size = if self.along_x { RACK } else { [RACK[2], RACK[1], RACK[0]] };
        let at = |k: usize| {
            let along = k as f32 * self.pitch;
            let [x, z] = self.origin;
            let (x, z) = if self.along_x { (x + along, z) } else { (x, z + along) };
            [x + 0.5 * size[0], 0.0, z + 0.5 * size[2]]
        };
        (0..count).map(|k| Place { at: at(k), size, facing: self.facing }).collect()
    }
}

fn written(scenario: &Scenario, hall: &str) -> Option<Layout> {
    let row = scenario.get(&format!("racks.{hall}.layout"))?;
    let length = |node: &Node| Quantity::Length.parse(node.as_text()?).ok().map(|metres| metres as f32);
    let corner = row.get("origin").map_or(&[][..], Node::items);
    let origin = [0, 1].map(|k| corner.get(k).and_then(length).unwrap_or(0.0));
    let facing = row.get("facing").and_then(Node::name).unwrap_or("North");
    Some(Layout {
        origin,
        pitch: row.get("pitch").and_then(length).unwrap_or(RACK[0]),
        facing: if matches!(facing, "North" | "East") { 1.0 } else { -1.0 },
        along_x: matches!(facing, "North" | "South"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_face_each_other_across_the_cold_aisle() {
        // 5 racks, 2 in a row: 3 rows of 1.2 m, one cold aisle of 1.2 m, one hot of 1.2 m: 3 · 1.2 + 2 · 1.2 = 6 m.
        let (racks, aisles, end) = rows(5, 2, 0.0);
        assert_eq!(racks.len(), 5);
        assert!((end - 6.0).abs() < 1e-6);
        assert_eq!(aisles.iter().map(|a| a.cold).collect::<Vec<_>>(), [true, false]);
        let facing: Vec<f32> = racks.iter().map(|r| r.facing).collect();
        assert_eq!(facing, [1.0, 1.0, -1.0, -1.0, 1.0]);
    }

    #[test]
    fn a_hall_that_would_be_far_too_deep_is_cut_into_blocks() {
        // 1,500 rows of 20 racks, 2.4 m each: 3,600 m deep and 12 m wide. Blocks are 14.4 m apart:
        // √(3,600 / 28.8) = 11 of them, 137 rows each, so 138.
        let (racks, aisles, end) = rows(30_000, 20, 0.0);
        assert_eq!(racks.len(), 30_000);
        assert!((end - (138.0 * 1.2 + 137.0 * 1.2)).abs() < 1e-2, "{end}");
        let wide = racks.iter().fold(0.0_f32, |most, rack| most.max(rack.at[0]));
        assert!(wide > 10.0 * 14.4 && wide < 11.0 * 14.4);
        assert!(aisles.iter().all(|aisle| aisle.x[1] - aisle.x[0] < 12.1));
    }

    #[test]
    fn racks_of_a_row_touch_and_do_not_overlap() {
        let (racks, ..) = rows(3, 3, 0.0);
        let gaps: Vec<f32> = racks.windows(2).map(|w| w[1].at[0] - w[0].at[0]).collect();
        assert!(gaps.iter().all(|gap| (gap - RACK[0]).abs() < 1e-6));
    }

    #[test]
    fn kinds_nobody_thought_of_are_cabinets_in_the_plant_room() {
        assert_eq!(look("SomethingNew"), Some(CABINET));
        assert_eq!(look("AislePair"), None);
    }
}
