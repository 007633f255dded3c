//! A camera that goes around a point: drag to turn, with the right button to move, wheel to come nearer.

use bevy::prelude::*;
use panels::place::{Floor, Place};
use panels::window::Preset;

/// Where the camera is.
#[derive(Component, Debug, Clone, Copy, PartialEq)]
pub struct Orbit {
    /// The point that it looks at.
    pub target: Vec3,
    /// Around the vertical [rad]; 0 looks along −z.
    pub yaw: f32,
    /// Above the horizon [rad].
    pub pitch: f32,
    /// From the target [m].
    pub distance: f32,
}

impl Default for Orbit {
    fn default() -> Self {
        Orbit { target: Vec3::ZERO, yaw: 0.6, pitch: 0.6, distance: 30.0 }
    }
}

const PITCHES: (f32, f32) = (0.03, 1.55);
const DISTANCES: (f32, f32) = (1.5, 4000.0);

impl Orbit {
    /// Position and direction of the camera.
    #[must_use]
    pub fn transform(&self) -> Transform {
        let turned = Quat::from_euler(EulerRot::YXZ, self.yaw, -self.pitch, 0.0);
        Transform::from_translation(self.target + turned * (self.distance * Vec3::Z)).with_rotation(turned)
    }

    /// Turns by a movement of the pointer.
    pub fn turn(&mut self, moved: Vec2) {
        self.yaw -= 0.006 * moved.x;
        self.pitch = (self.pitch + 0.006 * moved.y).clamp(PITCHES.0, PITCHES.1);
    }

    /// Moves the target so that it follows the pointer.
    pub fn slide(&mut self, moved: Vec2) {
        let turned = Quat::from_rotation_y(self.yaw);
        let scale = 0.0013 * self.distance;
        self.target += turned * Vec3::new(-moved.x * scale, 0.0, -moved.y * scale);
    }

    /// Comes nearer or goes away.
    pub fn zoom(&mut self, steps: f32) {
        self.distance = (self.distance * 0.88_f32.powf(steps)).clamp(DISTANCES.0, DISTANCES.1);
    }

    /// Flies: `way` is to the right, up and ahead, in shares of the distance to the target.
    pub fn fly(&mut self, way: Vec3) {
        let turned = Quat::from_rotation_y(self.yaw);
        self.target += turned * (Vec3::new(way.x, way.y, -way.z) * self.distance);
        self.target.y = self.target.y.clamp(0.0, 60.0);
    }

    /// In front of a tray of a rack: from the top, `share` of the way down.
    pub fn before_tray(rack: &Place, share: f32) -> Orbit {
        let whole = Self::before(rack);
        let high = rack.at[1] + rack.size[1] * (1.0 - share);
        Orbit { target: Vec3 { y: high, ..whole.target }, pitch: 0.12, distance: DISTANCES.0, ..whole }
    }

    /// In front of a rack, a little to the side.
    fn before(rack: &Place) -> Orbit {
        let [x, y, z] = rack.centre();
        let turned = if rack.facing < 0.0 { std::f32::consts::PI } else { 0.0 };
        let target = Vec3::new(x, y, z + 0.5 * rack.facing * rack.size[2]);
        Orbit { target, yaw: turned + 0.22, pitch: 0.06, distance: 3.3 }
    }

    /// Goes to a preset view of a floor, or of the selected rack, `aspect` being width over height of the picture.
    pub fn go(&mut self, preset: Preset, floor: &Floor, rack: Option<&Place>, aspect: f32) {
        if preset == Preset::Rack {
            if let Some(rack) = rack {
                *self = Self::before(rack);
            }
            return;
        }
        let [[left, near], [right, far]] = floor.hall;
        let (mut low, mut high) = (Vec2::new(left, near), Vec2::new(right, far));
        let hall = (low, high);
        for (.., place) in &floor.machines {
            let (at, half) =
                (Vec2::new(place.at[0], place.at[2]), 0.5 * Vec2::new(place.size[0], place.size[2]));
            (low, high) = (low.min(at - half), high.max(at + half));
        }
        let size = hall.1 - hall.0;
        let yard = Vec2::new(low.x, far);
        let ((low, high), yaw, pitch) = match preset {
            // From the corner before the yard, so that fronts are seen and the yard lies behind.
            // Two halls side by side are seen from the front rather.
            Preset::Iso if size.x > 2.5 * size.y => (hall, 2.86, 0.62),
            Preset::Iso => (hall, 2.62, 0.62),
            Preset::Top => ((low, high), std::f32::consts::PI, PITCHES.1),
            Preset::Front => (hall, 3.05, 0.22),
            Preset::Yard => ((yard, high), 0.55, 0.5),
            // What stands before the hall's left wall; the pipes that leave it run to the right and to the back.
            Preset::Plant => ((low, Vec2::new(hall.0.x + 4.0, far)), 2.2, 0.5),
            Preset::Rack => ((low, high), 0.0, 0.5),
        };
        let (middle, size) = (0.5 * (low + high), high - low);
        // The box seen from this angle, as wide and as high as it looks.
        let across = size.x * yaw.cos().abs() + size.y * yaw.sin().abs();
        let along = size.x * yaw.sin().abs() + size.y * yaw.cos().abs();
        let up = along * pitch.sin() + 3.0 * pitch.cos();
        let view = 0.5 * std::f32::consts::FRAC_PI_4;
        let needed = (0.5 * up / view.tan()).max(0.5 * across / (view.tan() * aspect.max(0.2)));
        // What is near looks larger: of a large hall the middle of the picture lies before that of the floor.
        let ahead = if preset == Preset::Iso { 0.1 * (along - 40.0).max(0.0) } else { 0.0 };
        let target = Vec3::new(middle.x + ahead * yaw.sin(), 0.8, middle.y + ahead * yaw.cos());
        let distance = (needed * 1.02 + 0.30 * along * pitch.cos()).clamp(DISTANCES.0, DISTANCES.1);
        *self = Orbit { target, yaw, pitch, distance };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_camera_stands_at_its_distance_and_looks_at_the_target() {
        let orbit = Orbit { target: Vec3::new(1.0, 2.0, 3.0), yaw: 0.7, pitch: 0.4, distance: 12.0 };
        let transform = orbit.transform();
        let to_target = orbit.target - transform.translation;
        assert!((to_target.length() - 12.0).abs() < 1e-4);
        assert!(transform.forward().dot(to_target.normalize()) > 0.999_99);
    }

    #[test]
    fn turning_never_goes_over_the_top_or_below_the_floor() {
        let mut orbit = Orbit::default();
        orbit.turn(Vec2::new(0.0, 1e6));
        assert_eq!(orbit.pitch, PITCHES.1);
        orbit.turn(Vec2::new(0.0, -1e6));
        assert_eq!(orbit.pitch, PITCHES.0);
        orbit.zoom(1e4);
        assert_eq!(orbit.distance, DISTANCES.0);
    }
}
