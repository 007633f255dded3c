//! The boxes of the picture as entities, and what the pointer does to them.

use crate::Desk;
use crate::camera::Orbit;
use crate::flat::{Flat, vectors};
use bevy::ecs::system::SystemParam;
use bevy::input::mouse::{AccumulatedMouseMotion, AccumulatedMouseScroll, MouseScrollUnit};
use bevy::mesh::MeshTag;
use bevy::prelude::*;
use bevy::render::storage::ShaderBuffer;
use bevy_egui::input::EguiWantsInput;
use panels::picture::{Thing, extent, pick, things};
use panels::window::{Action, Pick};

/// Boxes and camera.
#[derive(Debug)]
pub struct ScenePlugin;

impl Plugin for ScenePlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Drawn>();
        app.add_systems(Startup, prepare);
        app.add_systems(Update, (pass, draw, steer, fly, look).chain());
    }
}

/// What is drawn at the moment.
#[derive(Resource, Default)]
struct Drawn {
    things: Vec<Thing>,
    mesh: Handle<Mesh>,
    material: Handle<Flat>,
    buffer: Handle<ShaderBuffer>,
    entities: Vec<Entity>,
    /// Where the pointer went down, in logical pixels.
    pressed: Option<Vec2>,
}

fn prepare(
    mut drawn: ResMut<Drawn>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut buffers: ResMut<Assets<ShaderBuffer>>,
    mut materials: ResMut<Assets<Flat>>,
) {
    drawn.mesh = meshes.add(Cuboid::from_size(Vec3::ONE));
    drawn.buffer = buffers.add(ShaderBuffer::from(vectors(&[])));
    drawn.material = materials.add(Flat { things: drawn.buffer.clone() });
}

/// The clock, and what runs have said.
fn pass(time: Res<Time>, mut desk: ResMut<Desk>) {
    desk.window.pass(time.delta_secs_f64());
}

/// Brings entities and buffer to what the picture is now.
fn draw(
    desk: Res<Desk>,
    mut drawn: ResMut<Drawn>,
    mut commands: Commands,
    mut buffers: ResMut<Assets<ShaderBuffer>>,
    mut materials: ResMut<Assets<Flat>>,
) {
    let now = things(&desk.window);
    if now == drawn.things {
        return;
    }
    let placed = |things: &[Thing]| things.iter().map(|thing| thing.place).collect::<Vec<_>>();
    if placed(&now) != placed(&drawn.things) {
        for entity in drawn.entities.drain(..) {
            commands.entity(entity).despawn();
        }
        let (mesh, material) = (drawn.mesh.clone(), drawn.material.clone());
        for (tag, thing) in now.iter().enumerate() {
            let at =
                Transform::from_translation(thing.place.centre().into()).with_scale(thing.place.size.into());
            let entity = (Mesh3d(mesh.clone()), MeshMaterial3d(material.clone()), MeshTag(tag as u32), at);
            drawn.entities.push(commands.spawn(entity).id());
        }
        // A buffer of another size is another buffer.
        drawn.buffer = buffers.add(ShaderBuffer::from(vectors(&now)));
        if let Some(mut material) = materials.get_mut(&drawn.material) {
            material.things = drawn.buffer.clone();
        }
    } else if let Some(mut buffer) = buffers.get_mut(&drawn.buffer) {
        buffer.set_data(vectors(&now));
        // What is bound is bound again.
        let _ = materials.get_mut(&drawn.material);
    }
    drawn.things = now;
}

/// What the person does with the pointer.
#[derive(SystemParam)]
struct Pointer<'w, 's> {
    window: Query<'w, 's, &'static Window>,
    buttons: Res<'w, ButtonInput<MouseButton>>,
    keys: Res<'w, ButtonInput<KeyCode>>,
    motion: Res<'w, AccumulatedMouseMotion>,
    scroll: Res<'w, AccumulatedMouseScroll>,
    wants: Option<Res<'w, EguiWantsInput>>,
}

/// Pointer and wheel within the picture.
fn steer(
    mut desk: ResMut<Desk>,
    mut drawn: ResMut<Drawn>,
    mut camera: Single<(&mut Orbit, &Camera, &GlobalTransform)>,
    hand: Pointer,
) {
    let Pointer { window, buttons, keys, motion, scroll, wants } = hand;
    let (Ok(window), Some(picture)) = (window.single(), desk.picture) else { return };
    let Some(pointer) = window.cursor_position() else { return };
    let taken = wants.is_some_and(|wants| wants.wants_any_pointer_input());
    // egui counts in points of its own size.
    let zoom = desk.window.look.size;
    let inside = !taken && picture.contains(bevy_egui::egui::pos2(pointer.x / zoom, pointer.y / zoom));
    let (orbit, camera, at) = &mut *camera;
    if inside {
        let lines = match scroll.unit {
            MouseScrollUnit::Line => scroll.delta.y,
            MouseScrollUnit::Pixel => scroll.delta.y / 40.0,
        };
        if lines != 0.0 {
            orbit.zoom(lines);
        }
        if buttons.any_just_pressed([MouseButton::Left, MouseButton::Right, MouseButton::Middle]) {
            drawn.pressed = Some(pointer);
        }
    }
    let Some(from) = drawn.pressed else { return };
    if buttons.pressed(MouseButton::Left) {
        orbit.turn(motion.delta);
    } else if buttons.any_pressed([MouseButton::Right, MouseButton::Middle]) {
        orbit.slide(motion.delta);
    } else {
        drawn.pressed = None;
        let clicked = buttons.just_released(MouseButton::Left) && from.distance(pointer) < 4.0;
        if clicked && let Ok(ray) = camera.viewport_to_world(at, pointer) {
            let picked = pick(&drawn.things, ray.origin.into(), (*ray.direction).into());
            let ctrl = keys.any_pressed([KeyCode::ControlLeft, KeyCode::ControlRight]);
            let shift = keys.any_pressed([KeyCode::ShiftLeft, KeyCode::ShiftRight]);
            desk.window.act(match picked {
                Some(pick) if ctrl => Action::Toggle(pick),
                Some(pick) if shift => Action::Reach(pick),
                other => Action::Select(other),
            });
        }
    }
}

/// Keys that move the camera: W and S ahead and back, A and D to the sides, E and Q up and down.
const FLIGHT: [(KeyCode, Vec3); 6] = [
    (KeyCode::KeyW, Vec3::Z),
    (KeyCode::KeyS, Vec3::NEG_Z),
    (KeyCode::KeyA, Vec3::NEG_X),
    (KeyCode::KeyD, Vec3::X),
    (KeyCode::KeyE, Vec3::Y),
    (KeyCode::KeyQ, Vec3::NEG_Y),
];

/// Flies while a key is held that no text field wants.
fn fly(
    mut camera: Single<&mut Orbit>,
    keys: Res<ButtonInput<KeyCode>>,
    wants: Option<Res<EguiWantsInput>>,
    time: Res<Time>,
) {
    let typing = wants.is_some_and(|wants| wants.wants_any_keyboard_input());
    let other = [KeyCode::ControlLeft, KeyCode::ControlRight, KeyCode::AltLeft, KeyCode::AltRight];
    if typing || keys.any_pressed(other) {
        return;
    }
    let way: Vec3 = FLIGHT.iter().filter(|(key, _)| keys.pressed(*key)).map(|(_, way)| *way).sum();
    if way != Vec3::ZERO {
        // A slow frame flies no farther than a person can follow.
        camera.fly(0.8 * time.delta_secs().min(0.2) * way);
    }
}

/// Puts the camera where it is wanted.
fn look(mut desk: ResMut<Desk>, mut camera: Single<(&mut Orbit, &mut Transform, &Camera)>) {
    let (orbit, transform, camera) = &mut *camera;
    let size = camera.logical_viewport_size().unwrap_or(Vec2::new(16.0, 9.0));
    if let Some(preset) = desk.window.view.preset
        && let Some(floor) = extent(&desk.window)
        && desk.picture.is_some()
    {
        let rack = match desk.window.view.selected {
            Some(Pick::Rack { rows, rack }) => floor.rows.get(rows).and_then(|rows| rows.racks.get(rack)),
            _ => None,
        };
        orbit.go(preset, &floor, rack, size.x / size.y.max(1.0));
        if let (Some(rack), Some(share)) = (rack, desk.window.server_share()) {
            **orbit = Orbit::before_tray(rack, share);
        }
        desk.window.view.preset = None;
    }
    let wanted = orbit.transform();
    if **transform != wanted {
        **transform = wanted;
    }
}
