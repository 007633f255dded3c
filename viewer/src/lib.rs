//! The desktop viewer: Bevy draws what [`panels`] says.
//!
//! | module | what |
//! |---|---|
//! | [`flat`] | the material: boxes, their colours in one buffer |
//! | [`scene`] | boxes of the picture as entities; camera, selection |
//! | [`camera`] | a camera that goes around a point |
//! | [`host`] | egui in the window, and names in the picture |
//! | [`headless`] | a picture without a window |
//! | [`capture`] | the picture of the window, for PNG and report |
//!
//! # Absences
//! * No physics and no metric; a number on screen is one that the engine gave.
//! * Nothing is read from disk here but through the engine.
#![forbid(unsafe_code)]

pub mod camera;
pub mod capture;
pub mod flat;
pub mod headless;
pub mod host;
pub mod scene;

pub use panels::shade::Shade;
pub use panels::{look, memory, window};

use bevy::prelude::*;
use bevy::winit::{UpdateMode, WinitSettings};
use panels::look::Look;
use panels::memory::Memory;
use panels::window::Window;
use std::path::PathBuf;
use std::time::Duration;

/// What the viewer begins with.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The site, if one is to be opened.
    pub site: Option<PathBuf>,
    /// Changes of it.
    pub settings: Vec<(String, String)>,
    /// Where the camera stands.
    pub view: window::Preset,
    /// What racks are coloured by.
    pub shade: Shade,
    /// Seconds from the start of the run; the end where it is `None`.
    pub time: Option<f64>,
    /// Name of what is selected.
    pub select: Option<String>,
    /// Whether the selected rack is open.
    pub open: bool,
    /// Which server of the open rack is looked at.
    pub server: Option<usize>,
    /// A kind of which a component is to be put together.
    pub compose: Option<String>,
    /// A change to be made when the run has ended, and the two to be shown side by side.
    pub change: Option<(String, String)>,
    /// What the lower side shows.
    pub lower: window::Lower,
    /// With a picture: so many frames are timed before it is taken.
    pub frames: u32,
    /// How things are said and shown.
    pub look: Look,
    /// What is remembered between sessions.
    pub memory: Memory,
    /// Where changes of sites that come with the program are kept against a crash.
    pub keep_in: Option<PathBuf>,
}

/// The window of [`panels`] as a resource.
#[derive(Resource, Default)]
pub struct Desk {
    /// It.
    pub window: Window,
    /// Where the picture goes within the window, in points of egui.
    pub picture: Option<bevy_egui::egui::Rect>,
    /// Pixels of a point.
    pub scale: f32,
}

impl Desk {
    /// Opens what is to be opened.
    #[must_use]
    pub fn with(opening: &Opening) -> Desk {
        let (look, memory) = (opening.look.clone(), opening.memory.clone());
        let mut window = Window { keep_in: opening.keep_in.clone(), look, memory, ..Window::default() };
        if let Some(site) = &opening.site {
            window.typed = site.display().to_string();
            window.open(site, &opening.settings);
        }
        window.view.shade = opening.shade;
        window.view.preset = Some(opening.view);
        window.view.lower = opening.lower;
        if let Some(name) = &opening.select {
            let found = window.find_all(name);
            window.view.select_all(found);
        }
        if opening.open {
            window.open_rack();
            window.view.server = opening.server;
        }
        if let Some(kind) = &opening.compose {
            window.act(window::Action::Compose(true));
            if let Some(composer) = &mut window.composer {
                composer.choose(kind);
            }
        }
        Desk { window, picture: None, scale: 1.0 }
    }
}

/// Opens the window; the exit code when it has been closed.
#[must_use]
pub fn run(opening: &Opening) -> u8 {
    let mut app = App::new();
    let title = "isotherm".to_owned();
    let primary = bevy::window::Window { title, resolution: (1600, 900).into(), ..default() };
    app.add_plugins(DefaultPlugins.set(WindowPlugin { primary_window: Some(primary), ..default() }));
    app.insert_resource(Desk::with(opening));
    app.insert_resource(resting());
    app.add_systems(PostUpdate, rest);
    app.add_plugins((flat::FlatPlugin, scene::ScenePlugin, host::HostPlugin { target: None }));
    app.add_plugins(capture::CapturePlugin);
    match app.run() {
        AppExit::Success => 0,
        AppExit::Error(code) => code.get(),
    }
}

/// Where nothing moves, nothing is drawn until somebody does something.
fn resting() -> WinitSettings {
    let mode = UpdateMode::reactive(Duration::from_millis(500));
    WinitSettings { focused_mode: mode, unfocused_mode: mode }
}

/// Draws on while something moves, and for some frames after the last event, until panels have settled.
fn rest(desk: Res<Desk>, mut settings: ResMut<WinitSettings>) {
    let moving = WinitSettings {
        focused_mode: UpdateMode::reactive(Duration::from_millis(16)),
        unfocused_mode: UpdateMode::reactive_low_power(Duration::from_millis(100)),
    };
    let wanted = if desk.window.is_moving() { moving } else { resting() };
    if (settings.focused_mode, settings.unfocused_mode) != (wanted.focused_mode, wanted.unfocused_mode) {
        *settings = wanted;
    }
}
