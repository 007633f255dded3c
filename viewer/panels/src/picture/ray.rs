//! Which box a ray meets.

use super::Thing;
use crate::place::Place;
use crate::window::Pick;

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

#[cfg(test)]
mod tests {
    use super::super::{Surface, plain};
    use super::*;
    use crate::palette::NOTHING;

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
}
