//! Pipes: where they run, how wide they are, what flows in them.

use crate::place::{Floor, Place};
use crate::record::Record;
use engine::plant::declare::Medium;
use engine::plant::plant::{End, Joint, Plant};

fn column(plant: &Plant, record: &Record, End { unit, port }: End, what: &str) -> Option<usize> {
    let of = &plant.units[unit];
    record.column(&format!("{}.{}_{what}", of.id, of.kind.declaration().ports[port].name))
}

/// Temperature of what meets at a joint [°C].
pub(super) fn temperature(plant: &Plant, record: &Record, joint: &Joint, row: usize) -> Option<f64> {
    let column = joint.from.iter().find_map(|&end| column(plant, record, end, "out"))?;
    Some(record.value(row, column)? - 273.15)
}

/// What flows through it [kg/s].
pub(super) fn flow(plant: &Plant, record: &Record, joint: &Joint, row: usize) -> Option<f64> {
    let columns = joint.from.iter().filter_map(|&end| column(plant, record, end, "flow"));
    columns.map(|column| record.value(row, column)).sum()
}

/// Width of a pipe that is not much too fast: 2 m/s, at least one that can be seen [m].
pub(super) fn width(flow: f64) -> f32 {
    let area = (flow.abs() / 1000.0 / 2.0) as f32;
    (area / std::f32::consts::FRAC_PI_4).sqrt().clamp(0.06, 0.28)
}

/// Where a liquid joint's pipes begin and end.
pub(super) fn ends(plant: &Plant, floor: &Floor, joint: &Joint) -> Vec<([f32; 3], [f32; 3])> {
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
pub(super) fn pipe(from: [f32; 3], to: [f32; 3], width: f32, hall: [[f32; 2]; 2]) -> Vec<Place> {
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

    #[test]
    fn a_pipe_goes_up_along_across_and_down() {
        let legs: Vec<Place> = pipe([0.0, 2.0, 0.0], [10.0, 1.0, 7.0], 0.1, [[-1.0, -1.0], [0.0, 0.0]]);
        assert_eq!(legs.len(), 4);
        assert!((legs[1].size[0] - 10.1).abs() < 1e-5 && (legs[2].size[2] - 7.1).abs() < 1e-5);
    }
}
