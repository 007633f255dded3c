//! Boxes of one mesh and one material. What differs between them stands in a buffer, so that thousands are drawn at
//! once and a new colour costs a few bytes.

use bevy::asset::uuid_handle;
use bevy::prelude::*;
use bevy::render::render_resource::AsBindGroup;
use bevy::render::storage::ShaderBuffer;
use bevy::shader::{Shader, ShaderRef};
use panels::picture::Thing;

const SHADER: Handle<Shader> = uuid_handle!("5f3f6f0e-9a55-4a0b-8f0e-2f7b2f6f3c11");

/// The material of all boxes.
#[derive(Asset, TypePath, AsBindGroup, Debug, Clone)]
pub struct Flat {
    /// Four vectors for each box, see [`vectors`].
    #[storage(0, read_only)]
    pub things: Handle<ShaderBuffer>,
}

impl Material for Flat {
    fn fragment_shader() -> ShaderRef {
        SHADER.into()
    }
    fn enable_prepass() -> bool {
        false
    }
    fn enable_shadows() -> bool {
        false
    }
}

/// The material and its shader.
#[derive(Debug)]
pub struct FlatPlugin;

impl Plugin for FlatPlugin {
    fn build(&self, app: &mut App) {
        let text = include_str!("../../assets/shaders/flat.wgsl");
        let mut shaders = app.world_mut().resource_mut::<Assets<Shader>>();
        if let Err(error) = shaders.insert(SHADER.id(), Shader::from_wgsl(text, "flat.wgsl")) {
            error!("the shader of the boxes is not to be had: {error}");
        }
        app.add_plugins(MaterialPlugin::<Flat>::default());
    }
}

/// What the shader reads of each box: colour and surface, flags (1 selected, 2 alarm), size and
/// facing, middle of the base. Colours are linear there.
#[must_use]
pub fn vectors(things: &[Thing]) -> Vec<Vec4> {
    let linear = |[r, g, b]: [u8; 3]| Color::srgb_u8(r, g, b).to_linear().to_vec3();
    let mut vectors = Vec::with_capacity(4 * things.len().max(1));
    for thing in things {
        let flags = f32::from(u8::from(thing.selected)) + 2.0 * f32::from(u8::from(thing.alarm));
        vectors.push(linear(thing.colour).extend(thing.surface.code()));
        vectors.push(Vec3::ZERO.extend(flags));
        vectors.push(Vec3::from(thing.place.size).extend(thing.place.facing));
        vectors.push(Vec3::from(thing.place.at).extend(0.0));
    }
    if vectors.is_empty() {
        vectors.resize(4, Vec4::ZERO); // a buffer without bytes cannot be bound
    }
    vectors
}
