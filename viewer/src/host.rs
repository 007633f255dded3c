//! egui around the picture, and names in it.

use crate::Desk;
use crate::camera::Orbit;
use bevy::camera::visibility::RenderLayers;
use bevy::camera::{CameraOutputMode, RenderTarget, Viewport};
use bevy::core_pipeline::tonemapping::Tonemapping;
use bevy::prelude::*;
use bevy::render::render_resource::BlendState;
use bevy::render::renderer::RenderAdapterInfo;
use bevy_egui::egui::{self, Align2, Color32, FontId, LayerId, Rect, Ui, UiBuilder, vec2};
use bevy_egui::{
    EguiContext, EguiContexts, EguiGlobalSettings, EguiPlugin, EguiPrimaryContextPass, PrimaryEguiContext,
};
use panels::look::{Look, fonts};
use panels::panels::legend::board;
use panels::picture::labels;
use wgpu_types::DeviceType;

/// egui, and the two cameras: one for the picture, one for the panels above it.
#[derive(Debug, Default)]
pub struct HostPlugin {
    /// The image that is drawn into; the window where it is `None`.
    pub target: Option<Handle<Image>>,
}

#[derive(Resource)]
struct Target(Option<Handle<Image>>);

impl Plugin for HostPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins(EguiPlugin::default());
        app.insert_resource(Target(self.target.clone()));
        app.add_systems(Startup, prepare);
        app.add_systems(EguiPrimaryContextPass, show);
    }
}

/// The camera of the picture, not that of the panels.
type OfPicture = (With<Orbit>, Without<EguiContext>);

const DARK: Color = Color::srgb(0.085, 0.095, 0.115);
const LIGHT: Color = Color::srgb(0.90, 0.915, 0.93);

/// On a card, and where there is time, edges are smooth; a window that a processor draws must be quick.
fn prepare(
    mut commands: Commands,
    adapter: Option<Res<RenderAdapterInfo>>,
    mut settings: ResMut<EguiGlobalSettings>,
    target: Res<Target>,
    desk: Res<Desk>,
) {
    settings.auto_create_primary_context = false;
    commands.insert_resource(ClearColor(if desk.window.look.light { LIGHT } else { DARK }));
    let software = adapter.is_some_and(|adapter| adapter.device_type == DeviceType::Cpu);
    let smooth = if software && target.0.is_none() { Msaa::Off } else { Msaa::Sample4 };
    // No tone mapping: it would change the colours, and the legend would lie.
    let picture = (Camera3d::default(), Tonemapping::None, smooth, Orbit::default(), Transform::default());
    let over = Camera {
        order: 1,
        output_mode: CameraOutputMode::Write {
            blend_state: Some(BlendState::ALPHA_BLENDING),
            clear_color: ClearColorConfig::None,
        },
        clear_color: ClearColorConfig::Custom(Color::NONE),
        ..default()
    };
    let panels = (PrimaryEguiContext, Camera2d, RenderLayers::none(), over, smooth);
    match &target.0 {
        Some(image) => {
            commands.spawn((picture, RenderTarget::Image(image.clone().into())));
            commands.spawn((panels, RenderTarget::Image(image.clone().into())));
        }
        None => {
            commands.spawn(picture);
            commands.spawn(panels);
        }
    }
}

fn show(
    mut contexts: EguiContexts,
    mut desk: ResMut<Desk>,
    mut camera: Single<(&mut Camera, &GlobalTransform), OfPicture>,
    mut dressed: Local<bool>,
) -> Result {
    let context = contexts.ctx_mut()?.clone();
    if !*dressed {
        context.set_fonts(fonts());
        *dressed = true;
    }
    style(&context, &desk.window.look);
    let whole = UiBuilder::new().layer_id(LayerId::background()).max_rect(context.viewport_rect());
    let mut ui = Ui::new(context.clone(), "desk".into(), whole);
    let picture = desk.window.ui(&mut ui);
    let usable = picture.is_positive() && picture.width() >= 2.0 && picture.height() >= 2.0;
    desk.picture = usable.then_some(picture);
    desk.scale = context.pixels_per_point();
    let (camera, at) = &mut *camera;
    camera.is_active = usable;
    if usable {
        let scale = context.pixels_per_point();
        let corner = UVec2::new((picture.left() * scale) as u32, (picture.top() * scale) as u32);
        let size = UVec2::new((picture.width() * scale) as u32, (picture.height() * scale) as u32);
        let same = camera
            .viewport
            .as_ref()
            .is_some_and(|v| v.physical_position == corner && v.physical_size == size);
        if !same {
            camera.viewport = Some(Viewport { physical_position: corner, physical_size: size, ..default() });
        }
        names(&ui, &desk, camera, at, picture);
    }
    Ok(())
}

fn style(context: &egui::Context, look: &Look) {
    if context.zoom_factor() != look.size {
        context.set_zoom_factor(look.size);
    }
    let wanted = if look.light { egui::Theme::Light } else { egui::Theme::Dark };
    if context.theme() != wanted {
        context.set_theme(wanted);
    }
}

/// Names above rows and machines; where two would overlap, the later one is left out.
fn names(ui: &Ui, desk: &Desk, camera: &Camera, at: &GlobalTransform, picture: Rect) {
    let painter = ui.painter().with_clip_rect(picture);
    let mut taken = vec![board(picture)];
    for label in labels(&desk.window) {
        let Ok(point) = camera.world_to_viewport(at, label.at.into()) else { continue };
        let zoom = ui.ctx().zoom_factor();
        let point = egui::pos2(point.x / zoom, point.y / zoom);
        if !picture.contains(point) {
            continue;
        }
        let visuals = ui.visuals();
        let colour = visuals.strong_text_color();
        let text = painter.layout_no_wrap(
            label.text,
            FontId::proportional(if label.first { 13.0 } else { 11.5 }),
            colour,
        );
        let frame = Align2::CENTER_BOTTOM.anchor_size(point, text.size() + vec2(10.0, 4.0));
        if taken.iter().any(|other| other.intersects(frame)) {
            continue;
        }
        taken.push(frame);
        let back =
            if label.first { visuals.selection.bg_fill } else { visuals.panel_fill.gamma_multiply(0.8) };
        painter.rect_filled(frame, 4.0, back);
        painter.galley(frame.min + vec2(5.0, 2.0), text, Color32::PLACEHOLDER);
    }
}
