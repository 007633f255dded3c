//! The picture of the window, for whoever asked for it: as PNG in the working folder, or in a report.

use crate::Desk;
use bevy::prelude::*;
use bevy::render::view::screenshot::{Screenshot, ScreenshotCaptured};
use image::{DynamicImage, ImageFormat};
use panels::export::Export;
use panels::reporting::Picture;
use std::io::Cursor;
use std::path::Path;

/// Takes pictures of the window.
#[derive(Debug)]
pub struct CapturePlugin;

impl Plugin for CapturePlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(Update, take);
    }
}

/// Asks for the window as it is drawn next.
fn take(mut desk: ResMut<Desk>, mut commands: Commands) {
    let Some(export) = desk.window.asked else { return };
    desk.window.asked = None;
    commands.spawn(Screenshot::primary_window()).observe(
        move |captured: On<ScreenshotCaptured>, mut desk: ResMut<Desk>| {
            let picture = picture(captured.image.clone(), &desk, export);
            desk.window.pictured(export, picture, Path::new(""));
        },
    );
}

/// What was drawn as PNG: for a report the hall with its names and legend, else the whole window.
fn picture(image: Image, desk: &Desk, export: Export) -> Result<Picture, String> {
    let image = image.try_into_dynamic().map_err(|error| error.to_string())?;
    let mut image = DynamicImage::ImageRgb8(image.to_rgb8());
    if export == Export::Report
        && let Some(of) = desk.picture
    {
        // egui counts in points of its own size.
        let scale = desk.scale;
        let [x, y, width, height] =
            [of.left(), of.top(), of.width(), of.height()].map(|points| (points * scale) as u32);
        image = image.crop_imm(x, y, width, height);
    }
    encoded(&image)
}

/// As PNG.
///
/// # Errors
/// What the encoder says.
pub fn encoded(image: &DynamicImage) -> Result<Picture, String> {
    let mut png = Vec::new();
    let written = image.write_to(&mut Cursor::new(&mut png), ImageFormat::Png);
    written.map_err(|error| error.to_string())?;
    Ok(Picture { png, size: [image.width(), image.height()] })
}
