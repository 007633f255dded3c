//! The picture as plain data: boxes with a surface and a colour, names beside them, and which box a ray meets.
//!
//! A renderer draws it and knows nothing else.

use crate::bench::Shown;
use crate::palette::{NOTHING, Palette};
use crate::place::{Floor, Place, Rows};
use crate::shade::{Shade, Span};
use crate::window::{Pick, Window, value};
use engine::plant::declare::Medium;
use engine::plant::plant::{End, Joint, Plant};

/// Air in aisles and water in pipes are coloured on this scale, whatever the racks show [°C].
pub const MEDIA: Span = Span { low: 10.0, high: 60.0 };

/// More racks than this are drawn row by row.
pub const MOST_RACKS: usize = 6000;

/// How a box looks, beside its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// Slots of equipment on the front, a grille on the back.
    Rack,
    /// A cabinet with a door.
    Cabinet,
    /// Fans on top.
    Fans,
    /// A fan on top, louvres at the sides.
    Tower,
    /// Coils at the front.
    Coil,
    /// Smooth.
    Pipe,
    /// Floor tiles.
    Tiles,
    /// Ground outside.
    Ground,
    /// A tinted strip.
    Tint,
}

impl Surface {
    /// Its number in the shader.
    #[must_use]
    pub const fn code(self) -> f32 {
        self as u8 as f32
    }
}

/// A box to be drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thing {
    /// Where.
    pub place: Place,
    /// How.
    pub surface: Surface,
    /// sRGB.
    pub colour: [u8; 3],
    /// Whether it is selected.
    pub selected: bool,
    /// Whether something about it is beyond a limit.
    pub alarm: bool,
    /// What a click on it selects.
    pub pick: Option<Pick>,
}

/// A name in the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// Where, in metres.
    pub at: [f32; 3],
    /// What.
    pub text: String,
    /// Drawn first where two would overlap.
    pub first: bool,
}

/// Everything that is drawn at the cursor. The number and the places of the boxes depend on the plant only, their
/// colours on time.
#[must_use]
pub fn things(window: &Window) -> Vec<Thing> {
    let (Some(shown), Some(bench)) = (window.shown(), &window.bench) else { return Vec::new() };
    if let Some((rows, rack)) = window.opened() {
        return opened(window, shown, (rows, rack), bench.playback.time());
    }
    let Some((before, after)) = pair(window) else { return of_run(window, shown, bench.playback.time()) };
    let aside = aside(&after.floor);
    let mut things = of_run(window, after, bench.playback.time());
    things.extend(of_run(window, before, bench.playback.time()).into_iter().map(|mut thing| {
        thing.place.at[0] += aside;
        // What is selected is selected in the run after the change.
        Thing { pick: None, selected: false, ..thing }
    }));
    things
}

/// Both runs, where they are to stand side by side.
fn pair(window: &Window) -> Option<(&Shown, &Shown)> {
    let bench = window.bench.as_ref().filter(|_| window.view.beside)?;
    Some((bench.before.as_ref()?, &bench.shown))
}

/// From one hall to the other where two runs stand side by side [m]: seen from before the hall, the first is left.
fn aside(floor: &Floor) -> f32 {
    let [[left, _], [right, _]] = floor.hall;
    let (mut low, mut high) = (left, right);
    for (.., place) in &floor.machines {
        low = low.min(place.at[0] - 0.5 * place.size[0]);
        high = high.max(place.at[0] + 0.5 * place.size[0]);
    }
    high - low + 4.0
}

/// The floor that a view of everything takes in: both halls where two runs stand side by side.
#[must_use]
pub fn extent(window: &Window) -> Option<Floor> {
    let mut floor = window.shown()?.floor.clone();
    if let Some((before, after)) = pair(window) {
        let aside = aside(&after.floor);
        floor.hall[1][0] += aside;
        let shifted = before.floor.machines.iter().map(|&(unit, copy, mut place)| {
            place.at[0] += aside;
            (unit, copy, place)
        });
        floor.machines.extend(shifted.collect::<Vec<_>>());
    }
    Some(floor)
}

/// The row of an open rack, its chips on its front.
fn opened(window: &Window, shown: &Shown, (rows, rack): (usize, usize), time: f64) -> Vec<Thing> {
    let floor = &shown.floor;
    let mut things = ground(floor);
    let Some(of) = floor.rows.get(rows) else { return things };
    let Some(&own) = of.racks.get(rack) else { return things };
    for (k, place) in of.racks.iter().enumerate().filter(|(_, place)| place.at[2] == own.at[2]) {
        let colour = if k == rack { OPEN } else { window.colour(rows, k) };
        let pick = Some(Pick::Rack { rows, rack: k });
        let surface = if k == rack { Surface::Pipe } else { Surface::Rack };
        things.push(Thing { pick, ..plain(*place, surface, colour) });
    }
    // One kind beside the other, each with its share of the height.
    let kinds = crate::chips::of_rack(shown, rows, rack, time);
    let all: usize = kinds.iter().map(|kind| kind.junctions.len()).sum();
    let mut from = own.at[1] + own.size[1];
    for kind in kinds {
        let high = own.size[1] * kind.junctions.len() as f32 / all.max(1) as f32;
        from -= high;
        let part = Place { at: [own.at[0], from, own.at[2]], size: [own.size[0], high, own.size[2]], ..own };
        let places = crate::chips::on_front(&part, kind.junctions.len());
        things.extend(
            places
                .into_iter()
                .zip(&kind.junctions)
                .map(|(place, &junction)| plain(place, Surface::Pipe, window.junction_colour(junction))),
        );
    }
    things
}

/// The inside of an open rack.
const OPEN: [u8; 3] = [24, 26, 30];

/// A run at a time.
fn of_run(window: &Window, shown: &Shown, time: f64) -> Vec<Thing> {
    let (floor, view) = (&shown.floor, &window.view);
    let mut things = ground(floor);
    let media = |celsius: Option<f64>| celsius.map_or(NOTHING, |c| Palette::Turbo.at(MEDIA.share(c)));
    if view.aisles {
        for aisle in &floor.aisles {
            // The racks in front of or behind the aisle.
            let beside = |z: f32| (z - aisle.z[0]).abs() < 0.7 || (z - aisle.z[1]).abs() < 0.7;
            let shade = if aisle.cold { Shade::Inlet } else { Shade::Outlet };
            let values = floor.rows.iter().enumerate().flat_map(|(k, rows)| {
                let near = rows.racks.iter().enumerate().filter(|(_, rack)| beside(rack.at[2]));
                near.filter_map(move |(rack, _)| value(shown, shade, k, rack, time))
            });
            let place = strip(aisle.x, aisle.z);
            things.push(plain(place, Surface::Tint, media(values.reduce(f64::max))));
        }
    }
    let many = floor.rows.iter().map(|rows| rows.racks.len()).sum::<usize>() > MOST_RACKS;
    for (k, rows) in floor.rows.iter().enumerate() {
        for (first, last, place) in if many { lines(rows) } else { singles(rows) } {
            let margin = value(shown, Shade::Margin, k, first, time);
            let selected = matches!(view.selected, Some(Pick::Rack { rows, rack }) if rows == k && (first..=last).contains(&rack));
            things.push(Thing {
                place,
                surface: Surface::Rack,
                colour: window.colour_of(value(shown, view.shade, k, first, time)),
                selected,
                alarm: margin.is_some_and(|margin| margin < 0.0),
                pick: Some(Pick::Rack { rows: k, rack: first }),
            });
        }
    }
    if view.plant {
        let plant = &shown.case.plant;
        for (k, (unit, _, place)) in floor.machines.iter().enumerate() {
            let pick = Pick::Machine(k);
            let (surface, colour) = machine(plant.units[*unit].kind.declaration().name);
            let selected = view.selected == Some(pick);
            things.push(Thing { selected, pick: Some(pick), ..plain(*place, surface, colour) });
        }
        let row = shown.record.row(time);
        for joint in &plant.joints {
            let celsius = row.and_then(|row| temperature(plant, &shown.record, joint, row));
            let flow = row.and_then(|row| flow(plant, &shown.record, joint, row)).unwrap_or(0.0);
            let colour = media(celsius);
            for (from, to) in ends(plant, floor, joint) {
                let pieces = pipe(from, to, width(flow), floor.hall);
                things.extend(pieces.into_iter().map(|place| plain(place, Surface::Pipe, colour)));
            }
        }
    }
    things
}

/// Names of rows and machines.
#[must_use]
pub fn labels(window: &Window) -> Vec<Label> {
    let Some(shown) = window.shown() else { return Vec::new() };
    let mut labels = Vec::new();
    if let Some(pick) = window.view.selected
        && let Some((place, name)) = named(window, pick)
    {
        let shade = window.view.shade;
        let figure = match pick {
            Pick::Rack { rows, rack } => window.value(shade, rows, rack),
            Pick::Machine(_) => None,
        };
        let text = figure.map_or_else(
            || name.clone(),
            |figure| {
                let (figure, unit) = (window.look.shaded(shade, figure), window.look.shade_unit(shade));
                format!("{name}  {figure:.*} {unit}", shade.decimals())
            },
        );
        labels.push(Label { at: above(&place), text, first: true });
    }
    if window.opened().is_some() {
        return labels;
    }
    if let Some((before, after)) = pair(window) {
        let aside = aside(&after.floor);
        for (key, floor, aside) in [("before", &before.floor, aside), ("after", &after.floor, 0.0)] {
            let [[left, near], [right, _]] = floor.hall;
            let at = [0.5 * (left + right) + aside, 4.5, near];
            labels.push(Label { at, text: window.look.t(key), first: true });
        }
    }
    if !window.view.labels {
        return labels;
    }
    for rows in &shown.floor.rows {
        if let Some(first) = rows.racks.first() {
            let count = rows.racks.len().to_string();
            let text = window.look.with("row-label", &[("name", &rows.hall), ("count", &count)]);
            labels.push(Label { at: above(first), text, first: false });
        }
    }
    if window.view.plant {
        let mut last = usize::MAX;
        for (unit, _, place) in &shown.floor.machines {
            if *unit != last {
                let of = &shown.case.plant.units[*unit];
                let copies = of.multiplicity.round();
                let text = if copies > 1.5 { format!("{} ×{copies:.0}", of.id) } else { of.id.clone() };
                labels.push(Label { at: above(place), text, first: false });
            }
            last = *unit;
        }
    }
    labels
}

/// Name of what can be selected.
#[must_use]
pub fn name_of(window: &Window, pick: Pick) -> Option<String> {
    named(window, pick).map(|(_, name)| name)
}

fn named(window: &Window, pick: Pick) -> Option<(Place, String)> {
    let shown = window.shown()?;
    match pick {
        Pick::Rack { rows, rack } => {
            let of = shown.floor.rows.get(rows)?;
            Some((*of.racks.get(rack)?, format!("{}[{rack}]", of.hall)))
        }
        Pick::Machine(k) => {
            let (unit, copy, place) = shown.floor.machines.get(k)?;
            let of = &shown.case.plant.units[*unit];
            let name = if of.multiplicity > 1.5 { format!("{}[{copy}]", of.id) } else { of.id.clone() };
            Some((*place, name))
        }
    }
}

fn above(place: &Place) -> [f32; 3] {
    [place.at[0], place.at[1] + place.size[1] + 0.25, place.at[2]]
}

/// The box that a ray meets first, of those that can be selected.
#[must_use]
pub fn pick(things: &[Thing], origin: [f32; 3], direction: [f32; 3]) -> Option<Pick> {
    let met = things.iter().filter_map(|thing| {
        let pick = thing.pick?;
        Some((distance(&thing.place, origin, direction)?, pick))
    });
    met.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, pick)| pick)
}

/// How far along a ray a box begins (slabs: T. L. Kay, J. T. Kajiya, SIGGRAPH 1986); `None` where it is missed.
fn distance(place: &Place, origin: [f32; 3], direction: [f32; 3]) -> Option<f32> {
    let centre = place.centre();
    let (mut near, mut far) = (0.0_f32, f32::INFINITY);
    for axis in 0..3 {
        let half = 0.5 * place.size[axis];
        let (low, high) = (centre[axis] - half - origin[axis], centre[axis] + half - origin[axis]);
        if direction[axis] == 0.0 {
            if low > 0.0 || high < 0.0 {
                return None;
            }
            continue;
        }
        let (a, b) = (low / direction[axis], high / direction[axis]);
        near = near.max(a.min(b));
        far = far.min(a.max(b));
    }
    (near <= far).then_some(near)
}

/// Each rack by itself: first, last, place.
fn singles(rows: &Rows) -> Vec<(usize, usize, Place)> {
    rows.racks.iter().enumerate().map(|(k, place)| (k, k, *place)).collect()
}

/// Racks of one group that stand side by side as one box.
fn lines(rows: &Rows) -> Vec<(usize, usize, Place)> {
    let mut lines: Vec<(usize, usize, Place)> = Vec::new();
    for (k, place) in rows.racks.iter().enumerate() {
        if let Some((_, last, line)) = lines.last_mut() {
            let touching =
                (line.at[0] + 0.5 * line.size[0] - (place.at[0] - 0.5 * place.size[0])).abs() < 0.01;
            let level = line.at[2] == place.at[2] && line.facing == place.facing;
            if touching && level && rows.groups.get(*last) == rows.groups.get(k) {
                *last = k;
                line.at[0] += 0.5 * place.size[0];
                line.size[0] += place.size[0];
                continue;
            }
        }
        lines.push((k, k, *place));
    }
    lines
}

fn plain(place: Place, surface: Surface, colour: [u8; 3]) -> Thing {
    Thing { place, surface, colour, selected: false, alarm: false, pick: None }
}

fn strip([left, right]: [f32; 2], [near, far]: [f32; 2]) -> Place {
    let at = [0.5 * (left + right), 0.0, 0.5 * (near + far)];
    Place { at, size: [right - left, 0.02, far - near], facing: 1.0 }
}

/// The hall's floor and the ground around it.
fn ground(floor: &Floor) -> Vec<Thing> {
    let [[left, near], [right, far]] = floor.hall;
    let slab = |x: [f32; 2], z: [f32; 2], top: f32| {
        let place = strip(x, z);
        Place {
            at: [place.at[0], top - 0.2, place.at[2]],
            size: [place.size[0], 0.2, place.size[2]],
            ..place
        }
    };
    let (mut low, mut high) = ([left - 8.0, near - 6.0], [right + 8.0, far + 14.0]);
    for (.., place) in &floor.machines {
        for (axis, k) in [(0, 0), (1, 2)] {
            low[axis] = low[axis].min(place.at[k] - 0.5 * place.size[k] - 3.0);
            high[axis] = high[axis].max(place.at[k] + 0.5 * place.size[k] + 3.0);
        }
    }
    vec![
        plain(slab([low[0], high[0]], [low[1], high[1]], -0.05), Surface::Ground, [74, 80, 88]),
        plain(slab([left, right], [near, far], 0.0), Surface::Tiles, [150, 156, 164]),
    ]
}

/// Surface and colour of a kind of machine.
fn machine(kind: &str) -> (Surface, [u8; 3]) {
    match kind {
        "DryCooler" | "AdiabaticCooler" | "AirCooledChiller" => (Surface::Fans, [196, 202, 208]),
        "OpenTower" => (Surface::Tower, [186, 196, 206]),
        "Crah" => (Surface::Coil, [206, 210, 214]),
        "Cdu" => (Surface::Cabinet, [88, 122, 158]),
        "WaterCooledChiller" => (Surface::Cabinet, [118, 140, 150]),
        "Pump" => (Surface::Pipe, [92, 140, 120]),
        "Ups" | "Pdu" | "Transformer" | "Generator" | "Battery" => (Surface::Cabinet, [150, 138, 104]),
        _ => (Surface::Cabinet, [164, 168, 174]),
    }
}

fn column(
    plant: &Plant,
    record: &crate::record::Record,
    End { unit, port }: End,
    what: &str,
) -> Option<usize> {
    let of = &plant.units[unit];
    record.column(&format!("{}.{}_{what}", of.id, of.kind.declaration().ports[port].name))
}

/// Temperature of what meets at a joint [°C].
fn temperature(plant: &Plant, record: &crate::record::Record, joint: &Joint, row: usize) -> Option<f64> {
    let column = joint.from.iter().find_map(|&end| column(plant, record, end, "out"))?;
    Some(record.value(row, column)? - 273.15)
}

/// What flows through it [kg/s].
fn flow(plant: &Plant, record: &crate::record::Record, joint: &Joint, row: usize) -> Option<f64> {
    let columns = joint.from.iter().filter_map(|&end| column(plant, record, end, "flow"));
    columns.map(|column| record.value(row, column)).sum()
}

/// Width of a pipe that is not much too fast: 2 m/s, at least one that can be seen [m].
fn width(flow: f64) -> f32 {
    let area = (flow.abs() / 1000.0 / 2.0) as f32;
    (area / std::f32::consts::FRAC_PI_4).sqrt().clamp(0.06, 0.28)
}

/// Where a liquid joint's pipes begin and end.
fn ends(plant: &Plant, floor: &Floor, joint: &Joint) -> Vec<([f32; 3], [f32; 3])> {
    if joint.medium != Medium::Liquid {
        return Vec::new();
    }
    let places = |ends: &[End], side: f32| -> Vec<[f32; 3]> {
        let mut found: Vec<[f32; 3]> = Vec::new();
        for end in ends {
            found.extend(connection(plant, floor, end.unit, side));
        }
        found
    };
    // Two pipes of a machine must not lie in one another.
    let (from, to) = (places(&joint.from, 0.25), places(&joint.to, -0.25));
    from.iter().flat_map(|&a| to.iter().map(move |&b| (a, b))).filter(|(a, b)| a != b).collect()
}

/// Where a pipe meets a unit: on top of its first machine, or at the ends of the rows of a group.
fn connection(plant: &Plant, floor: &Floor, unit: usize, side: f32) -> Vec<[f32; 3]> {
    if let Some(group) = plant.units[unit].group {
        let row = floor.rows.iter().find(|rows| rows.groups.contains(&group));
        let rack = row.and_then(|rows| Some((rows, rows.groups.iter().position(|&g| g == group)?)));
        return rack
            .map(|(rows, k)| rows.racks[k])
            .map(|p| [p.at[0] - 0.2, p.size[1], p.at[2] + side])
            .into_iter()
            .collect();
    }
    let machine = floor.machines.iter().find(|(of, ..)| *of == unit);
    machine.map(|(.., p)| [p.at[0] + side, p.at[1] + p.size[1], p.at[2] + side]).into_iter().collect()
}

/// Height at which pipes run [m].
const OVERHEAD: f32 = 3.2;

/// Up, along, across, down; around the hall rather than through it where one of both ways does.
fn pipe(from: [f32; 3], to: [f32; 3], width: f32, hall: [[f32; 2]; 2]) -> Vec<Place> {
    // Pipes of other pairs run at other heights.
    let height =
        OVERHEAD.max(from[1]).max(to[1]) + 0.2 + 0.11 * ((from[0] * 3.7 + to[2] * 1.3).abs() % 6.0).floor();
    let ways = [[to[0], from[2]], [from[0], to[2]]];
    let [x, z] =
        if within(from, ways[1], to, hall) < within(from, ways[0], to, hall) { ways[1] } else { ways[0] };
    let corners = [from, [from[0], height, from[2]], [x, height, z], [to[0], height, to[2]], to];
    corners.windows(2).filter_map(|leg| straight(leg[0], leg[1], width)).collect()
}

/// How much of a way by a corner lies within the hall, in samples.
fn within(from: [f32; 3], corner: [f32; 2], to: [f32; 3], hall: [[f32; 2]; 2]) -> usize {
    let inside = |p: [f32; 2]| (0..2).all(|k| p[k] > hall[0][k] && p[k] < hall[1][k]);
    let legs = [([from[0], from[2]], corner), (corner, [to[0], to[2]])];
    let points = legs.into_iter().flat_map(|(a, b)| {
        (0..=16).map(move |k| [0, 1].map(|axis| a[axis] + (b[axis] - a[axis]) * k as f32 / 16.0))
    });
    points.filter(|&point| inside(point)).count()
}

/// A straight piece; `None` where it has no length.
fn straight(a: [f32; 3], b: [f32; 3], width: f32) -> Option<Place> {
    let size = [0, 1, 2].map(|k| (b[k] - a[k]).abs() + width);
    let long = size.iter().any(|&s| s > 1.5 * width);
    let centre = [0, 1, 2].map(|k| 0.5 * (a[k] + b[k]));
    long.then_some(Place { at: [centre[0], centre[1] - 0.5 * size[1], centre[2]], size, facing: 1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: Place = Place { at: [0.0, 0.0, 5.0], size: [1.0, 2.0, 1.0], facing: 1.0 };

    #[test]
    fn a_ray_meets_the_near_face_of_a_box() {
        // From the origin at half height along z: the face is at z = 4.5.
        assert_eq!(distance(&BOX, [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]), Some(4.5));
        assert_eq!(distance(&BOX, [0.0, 3.0, 0.0], [0.0, 0.0, 1.0]), None, "above it");
        assert_eq!(distance(&BOX, [0.0, 1.0, 0.0], [0.0, 0.0, -1.0]), None, "behind it");
    }

    #[test]
    fn the_nearer_of_two_boxes_is_picked_and_floors_are_not() {
        let near = Thing { pick: Some(Pick::Machine(1)), ..plain(BOX, Surface::Cabinet, NOTHING) };
        let behind = Place { at: [0.0, 0.0, 9.0], ..BOX };
        let far = Thing { pick: Some(Pick::Machine(2)), ..plain(behind, Surface::Cabinet, NOTHING) };
        let before = Place { at: [0.0, 0.0, 2.0], ..BOX };
        let floor = plain(before, Surface::Tiles, NOTHING);
        let all = [far, floor, near];
        assert_eq!(pick(&all, [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]), Some(Pick::Machine(1)));
    }

    #[test]
    fn racks_of_one_group_side_by_side_are_one_box() {
        let at = |x: f32, z: f32| Place { at: [x, 0.0, z], size: [0.6, 2.3, 1.2], facing: 1.0 };
        let racks = vec![at(0.3, 0.0), at(0.9, 0.0), at(1.5, 0.0), at(0.3, 2.4)];
        let rows = Rows { hall: "hall".into(), racks, groups: vec![0, 0, 1, 1] };
        let lines = lines(&rows);
        assert_eq!(
            lines.iter().map(|(first, last, _)| (*first, *last)).collect::<Vec<_>>(),
            [(0, 1), (2, 2), (3, 3)]
        );
        assert!((lines[0].2.at[0] - 0.6).abs() < 1e-6 && (lines[0].2.size[0] - 1.2).abs() < 1e-6);
    }

    #[test]
    fn a_pipe_goes_up_along_across_and_down() {
        let legs: Vec<Place> = pipe([0.0, 2.0, 0.0], [10.0, 1.0, 7.0], 0.1, [[-1.0, -1.0], [0.0, 0.0]]);
        assert_eq!(legs.len(), 4);
        assert!((legs[1].size[0] - 10.1).abs() < 1e-5 && (legs[2].size[2] - 7.1).abs() < 1e-5);
    }
}
