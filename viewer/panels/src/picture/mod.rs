//! The picture as plain data: boxes with a surface and a colour, names beside them, and which box a ray meets.
//!
//! A renderer draws it and knows nothing else.

mod labels;
mod pipes;
mod ray;
mod state;

pub use labels::{labels, name_of, said};
pub use ray::pick;
pub use state::State;

use crate::bench::Shown;
use crate::palette::{NOTHING, Palette};
use crate::place::{Floor, Place, Rows};
use crate::shade::{Shade, Span};
use crate::window::{Pick, Window, value};
use pipes::{ends, flow, pipe, temperature, width};

/// Air in aisles and water in pipes are coloured on this scale, whatever the racks show [°C].
pub const MEDIA: Span = Span { low: 10.0, high: 60.0 };

/// More racks than this are drawn row by row.
pub const MOST_RACKS: usize = 6000;
/// More rows than this are drawn hall by hall: the racks of each class as one block.
pub const MOST_ROWS: usize = 3000;

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
    Some((bench.compared()?, bench.current()))
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
    let mut floor = Floor::clone(&window.shown()?.floor);
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
    let mut things = ground(floor, window.look.light);
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
    let (mut from, mut before) = (own.at[1] + own.size[1], 0);
    for kind in kinds {
        let high = own.size[1] * kind.junctions.len() as f32 / all.max(1) as f32;
        from -= high;
        let part = Place { at: [own.at[0], from, own.at[2]], size: [own.size[0], high, own.size[2]], ..own };
        let places = crate::chips::on_front(&part, kind.junctions.len());
        let wide = crate::chips::per_tray(kind.junctions.len());
        for (chip, (place, &junction)) in places.into_iter().zip(&kind.junctions).enumerate() {
            let server = before + chip / wide;
            // Those of other servers, and beside a chip that is looked at its neighbours, step back.
            let looked_at = window.view.server.is_none_or(|of| of == server)
                && window.view.chip.is_none_or(|of| of == chip % wide);
            let colour = window.junction_colour(junction);
            let colour = if looked_at { colour } else { colour.map(|part| part / 3) };
            things.push(plain(place, Surface::Pipe, colour));
        }
        before += kind.junctions.len().div_ceil(wide);
    }
    things
}

/// The inside of an open rack.
const OPEN: [u8; 3] = [24, 26, 30];

/// A run at a time.
fn of_run(window: &Window, shown: &Shown, time: f64) -> Vec<Thing> {
    let (floor, view) = (&shown.floor, &window.view);
    let mut things = ground(floor, window.look.light);
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
    let in_rows: Vec<_> = if many { floor.rows.iter().map(lines).collect() } else { Vec::new() };
    let halls = in_rows.iter().map(Vec::len).sum::<usize>() > MOST_ROWS;
    for (k, rows) in floor.rows.iter().enumerate() {
        let boxes = match in_rows.get(k) {
            Some(lines) if halls => blocks(rows, lines),
            Some(lines) => lines.clone(),
            None => singles(rows),
        };
        for (first, last, place) in boxes {
            let margin = value(shown, Shade::Margin, k, first, time);
            let selected = (first..=last).any(|rack| view.is_selected(Pick::Rack { rows: k, rack }));
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
        let row = shown.record.row(time);
        for (k, (unit, _, place)) in floor.machines.iter().enumerate() {
            let pick = Pick::Machine(k);
            let (surface, colour) = machine(plant.units[*unit].kind.declaration().name);
            let selected = view.is_selected(pick);
            things.push(Thing { selected, pick: Some(pick), ..plain(*place, surface, colour) });
            // A belt around it says what it does.
            let state = row.and_then(|row| State::of(shown, *unit, row));
            let belt = state.map_or(colour, State::colour);
            things.push(Thing { pick: Some(pick), ..plain(around(place), Surface::Pipe, belt) });
        }
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

/// Each rack by itself: first, last, place.
fn singles(rows: &Rows) -> Vec<(usize, usize, Place)> {
    rows.racks.iter().enumerate().map(|(k, place)| (k, k, *place)).collect()
}

/// Rows of one group that stand one behind the other as one block.
fn blocks(rows: &Rows, lines: &[(usize, usize, Place)]) -> Vec<(usize, usize, Place)> {
    let mut blocks: Vec<(usize, usize, Place)> = Vec::new();
    for &(first, last, place) in lines {
        if let Some((from, end, block)) = blocks.last_mut() {
            let same = rows.groups.get(*from) == rows.groups.get(first);
            let wide = (block.at[0] - place.at[0]).abs() < 0.01;
            if same && wide && place.at[2] > block.at[2] {
                let near = block.at[2] - 0.5 * block.size[2];
                let far = place.at[2] + 0.5 * place.size[2];
                (*end, block.at[2], block.size[2]) = (last, 0.5 * (near + far), far - near);
                continue;
            }
        }
        blocks.push((first, last, place));
    }
    blocks
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

/// A belt around a machine, below its upper edge.
fn around(place: &Place) -> Place {
    const OUT: f32 = 0.05;
    let high = (0.09 * place.size[1]).clamp(0.1, 0.26);
    let at = [place.at[0], place.at[1] + 0.80 * place.size[1] - 0.5 * high, place.at[2]];
    Place { at, size: [place.size[0] + OUT, high, place.size[2] + OUT], ..*place }
}

fn plain(place: Place, surface: Surface, colour: [u8; 3]) -> Thing {
    Thing { place, surface, colour, selected: false, alarm: false, pick: None }
}

fn strip([left, right]: [f32; 2], [near, far]: [f32; 2]) -> Place {
    let at = [0.5 * (left + right), 0.0, 0.5 * (near + far)];
    Place { at, size: [right - left, 0.02, far - near], facing: 1.0 }
}

/// The hall's floor and the ground around it, in the light of the panels.
fn ground(floor: &Floor, light: bool) -> Vec<Thing> {
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
    let (outside, inside) =
        if light { ([158, 164, 170], [198, 203, 208]) } else { ([74, 80, 88], [150, 156, 164]) };
    vec![
        plain(slab([low[0], high[0]], [low[1], high[1]], -0.05), Surface::Ground, outside),
        plain(slab([left, right], [near, far], 0.0), Surface::Tiles, inside),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_group_behind_one_another_are_one_block() {
        let at = |x: f32, z: f32| Place { at: [x, 0.0, z], size: [0.6, 2.3, 1.2], facing: 1.0 };
        let racks = vec![at(0.3, 0.0), at(0.3, 2.4), at(0.3, 4.8), at(9.3, 0.0)];
        let rows = Rows { hall: "hall".into(), racks, groups: vec![0; 4] };
        let blocks = blocks(&rows, &lines(&rows));
        assert_eq!(blocks.iter().map(|(a, b, _)| (*a, *b)).collect::<Vec<_>>(), [(0, 2), (3, 3)]);
        // From −0.6 to 5.4 m.
        assert!((blocks[0].2.size[2] - 6.0).abs() < 1e-5 && (blocks[0].2.at[2] - 2.4).abs() < 1e-5);
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
}
