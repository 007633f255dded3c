//! One picture, panels included, without a window: for tests, reports and the guide.

use crate::flat::FlatPlugin;
use crate::host::HostPlugin;
use crate::scene::ScenePlugin;
use crate::{Desk, Opening};
use bevy::prelude::*;
use bevy::render::RenderPlugin;
use bevy::render::pipelined_rendering::PipelinedRenderingPlugin;
use bevy::render::render_resource::{PollType, TextureFormat};
use bevy::render::renderer::RenderDevice;
use bevy::render::view::screenshot::{Screenshot, ScreenshotCaptured};
use bevy::window::ExitCondition;
use bevy::winit::WinitPlugin;
use panels::bench::{Bench, Standing};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Frames until panels have found their sizes and everything is on the card.
const SETTLING: usize = 8;
/// Frames within which a picture must have come back.
const PATIENCE: usize = 200;

/// Draws one picture into a PNG file; the exit code.
#[must_use]
pub fn screenshot(opening: &Opening, path: &Path, (width, height): (u32, u32)) -> u8 {
    let mut desk = Desk::with(opening);
    let Some(bench) = &mut desk.window.bench else {
        for problem in &desk.window.refused {
            eprintln!("{}", problem.render());
        }
        return 65;
    };
    if let Some(name) = &opening.select
        && desk.window.view.selected.is_none()
    {
        eprintln!("error: nothing is called {name}: write a rack as hall[3], a machine as cdu");
        return 65;
    }
    wait(bench);
    if let Some((path, value)) = &opening.change
        && bench.shown.finished.is_some()
    {
        if !bench.set(path, value) {
            for problem in &bench.problems {
                eprintln!("{}", problem.render());
            }
            return 65;
        }
        wait(bench);
        (desk.window.view.beside, desk.window.view.preset) = (true, Some(opening.view));
    }
    if let Standing::Failed(reason) = &bench.shown.standing {
        eprintln!("error: {reason}");
        return 69;
    }
    if opening.shade.of_survey() {
        bench.shown.survey();
        while bench.is_busy() {
            if !bench.poll() {
                std::thread::sleep(Duration::from_millis(2));
            }
        }
    }
    // What was not saved once is no matter of a picture.
    bench.unsaved = None;
    let (from, to) = bench.playback.range();
    bench.playback.seek(opening.time.map_or(to, |time| from + time));
    let taken = draw(desk, width, height, opening.frames);
    let Some(image) = taken else {
        eprintln!(
            "error: nothing was drawn: is there a Vulkan driver? (Debian: mesa-vulkan-drivers libvulkan1)"
        );
        return 70;
    };
    match image.try_into_dynamic().map(|image| image.to_rgb8().save(path)) {
        Ok(Ok(())) => 0,
        Ok(Err(error)) => {
            eprintln!("error: {}: {error}", path.display());
            74
        }
        Err(error) => {
            eprintln!("error: the picture cannot be read back: {error}");
            70
        }
    }
}

/// Waits for the run to end, whichever way.
fn wait(bench: &mut Bench) {
    while bench.shown.is_running() {
        if !bench.poll() {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

fn draw(desk: Desk, width: u32, height: u32, frames: u32) -> Option<Image> {
    let mut app = App::new();
    let window = WindowPlugin { primary_window: None, exit_condition: ExitCondition::DontExit, ..default() };
    let render = RenderPlugin { synchronous_pipeline_compilation: true, ..default() };
    let plugins = DefaultPlugins.set(window).set(render).disable::<WinitPlugin>();
    app.add_plugins(plugins.disable::<PipelinedRenderingPlugin>());
    let image = Image::new_target_texture(width, height, TextureFormat::Rgba8UnormSrgb, None);
    let target = app.world_mut().resource_mut::<Assets<Image>>().add(image);
    app.insert_resource(desk);
    app.add_plugins((FlatPlugin, ScenePlugin, HostPlugin { target: Some(target.clone()) }));
    while app.plugins_state() == bevy::app::PluginsState::Adding {
        std::thread::sleep(Duration::from_millis(1));
    }
    app.finish();
    app.cleanup();
    for _ in 0..SETTLING {
        frame(&mut app)?;
    }
    if frames > 0 {
        let things = panels::picture::things(&app.world().resource::<Desk>().window).len();
        let began = std::time::Instant::now();
        for _ in 0..frames {
            frame(&mut app)?;
        }
        let each = 1000.0 * began.elapsed().as_secs_f64() / f64::from(frames);
        println!("{things} boxes, {width}x{height}: {each:.1} ms a frame, mean of {frames}");
    }
    let taken: Arc<Mutex<Option<Image>>> = Arc::default();
    let keep = Arc::clone(&taken);
    app.world_mut().spawn(Screenshot::image(target)).observe(move |captured: On<ScreenshotCaptured>| {
        if let Ok(mut kept) = keep.lock() {
            *kept = Some(captured.image.clone());
        }
    });
    for _ in 0..PATIENCE {
        frame(&mut app)?;
        if let Ok(mut kept) = taken.lock()
            && let Some(image) = kept.take()
        {
            return Some(image);
        }
    }
    None
}

/// One frame, until it has been drawn.
fn frame(app: &mut App) -> Option<()> {
    app.update();
    let device = app.world().get_resource::<RenderDevice>()?;
    device.wgpu_device().poll(PollType::Wait { submission_index: None, timeout: None }).ok()?;
    Some(())
}
