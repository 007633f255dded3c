//! Off-screen pictures against stored ones, and what the command says when there is nothing to draw.
//!
//! A picture is compared in blocks of 8 × 8 pixels, as an eye at some distance would: drivers may round otherwise, a
//! rack of another colour or a panel elsewhere shows. `ISOTHERM_BLESS=1` stores what is drawn now.
//!
//! Drawing needs a Vulkan driver; the software one of Debian (mesa-vulkan-drivers, libvulkan1) suffices.

use image::{ImageReader, RgbImage};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const BLOCK: u32 = 8;
/// Most that the mean of all blocks may differ, of 255.
const MEAN: f64 = 1.5;
/// A block counts as different beyond this, and this share of them may be.
const BLOCK_DIFFERS: f64 = 24.0;
const SHARE: f64 = 0.004;

/// A driver on this machine, the software one if there is one: its pictures are the stored ones.
fn driver() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"]
        .into_iter()
        .filter_map(|folder| std::fs::read_dir(folder).ok())
        .flat_map(|entries| entries.filter_map(Result::ok).map(|entry| entry.path()))
        .collect();
    found.sort();
    found.into_iter().find(|path| path.to_string_lossy().contains("lvp_icd"))
}

fn viewer(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_isotherm-viewer"));
    if let Some(driver) = driver() {
        command.env("VK_ICD_FILENAMES", driver);
    }
    command.args(arguments).output().unwrap_or_else(|error| panic!("{error}"))
}

fn read(path: &Path) -> RgbImage {
    let image = ImageReader::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    image.decode().unwrap_or_else(|error| panic!("{}: {error}", path.display())).to_rgb8()
}

/// Mean of each block and channel.
fn blocks(image: &RgbImage) -> Vec<[f64; 3]> {
    let (width, height) = (image.width() / BLOCK, image.height() / BLOCK);
    let mut blocks = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let mut sum = [0.0; 3];
            for pixel in
                (0..BLOCK * BLOCK).map(|k| image.get_pixel(x * BLOCK + k % BLOCK, y * BLOCK + k / BLOCK))
            {
                for (sum, &value) in sum.iter_mut().zip(&pixel.0) {
                    *sum += f64::from(value) / f64::from(BLOCK * BLOCK);
                }
            }
            blocks.push(sum);
        }
    }
    blocks
}

/// Mean difference of the blocks, and the share of them that differ.
fn difference(a: &RgbImage, b: &RgbImage) -> (f64, f64) {
    assert_eq!(a.dimensions(), b.dimensions());
    let (a, b) = (blocks(a), blocks(b));
    let of = |(a, b): (&[f64; 3], &[f64; 3])| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    let all: Vec<f64> = a.iter().zip(&b).map(of).collect();
    let count = all.len() as f64;
    let differing = all.iter().filter(|&&d| d > BLOCK_DIFFERS).count() as f64;
    (all.iter().sum::<f64>() / count, differing / count)
}

fn compare(name: &str, arguments: &[&str]) {
    if driver().is_none() {
        eprintln!(
            "!!! NO SOFTWARE VULKAN DRIVER: picture {name} IS NOT DRAWN (Debian: mesa-vulkan-drivers libvulkan1)"
        );
        return;
    }
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let drawn = folder.path().join("drawn.png");
    let mut all = arguments.to_vec();
    let path = drawn.to_string_lossy();
    all.extend(["--size", "960x600", "--screenshot", &path]);
    let output = viewer(&all);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let stored = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures").join(format!("{name}.png"));
    if std::env::var_os("ISOTHERM_BLESS").is_some() {
        std::fs::copy(&drawn, &stored).unwrap_or_else(|error| panic!("{error}"));
    }
    let (mean, share) = difference(&read(&drawn), &read(&stored));
    println!("{name}: blocks differ by {mean:.3} of 255 in the mean, {:.2} % of them visibly", 100.0 * share);
    assert!(
        mean <= MEAN && share <= SHARE,
        "{name} looks otherwise: {mean:.2} of 255, {:.1} %",
        100.0 * share
    );
}

const DAY: [&str; 2] = ["--set", "run.period=Day(\"2024-07-21\")"];

#[test]
fn a_hall_by_inlet_temperature_looks_as_stored() {
    compare("hall_inlet", &[&["mixed_hall", "--time", "14:00"], &DAY[..]].concat());
}

#[test]
fn a_hall_by_litres_with_a_rack_selected_looks_as_stored() {
    let arguments =
        ["mixed_hall", "--color-by", "water", "--select", "cold_plate[4]", "--view", "front", "--light"];
    compare("hall_water_light", &[&arguments[..], &DAY[..]].concat());
}

#[test]
fn an_open_rack_in_chinese_looks_as_stored() {
    let arguments = ["mixed_hall", "--color-by", "junction", "--select", "cold_plate[4]", "--open-rack"];
    compare("rack_open_chinese", &[&arguments[..], &["--lang", "zh", "--time", "14:00"], &DAY[..]].concat());
}

#[test]
fn before_and_after_in_us_units_look_as_stored() {
    let change = ["mixed_hall", "--change", "crah.supply_air_setpoint=27 °C", "--time", "14:00"];
    let look = ["--light", "--units", "us", "--scale", "125"];
    compare("before_and_after", &[&change[..], &look[..], &DAY[..]].concat());
}

#[test]
fn another_colour_of_the_racks_is_seen() {
    if driver().is_none() {
        return;
    }
    let stored = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures");
    let water = read(&stored.join("hall_inlet.png"));
    let mut other = water.clone();
    // Something as large as two racks, 60 of 255 off.
    for (x, y) in (300..360).flat_map(|x| (250..330).map(move |y| (x, y))) {
        let pixel = other.get_pixel_mut(x, y);
        pixel.0 = pixel.0.map(|value| value.wrapping_add(60));
    }
    let (_, share) = difference(&water, &other);
    assert!(share > SHARE, "{share}");
}

#[test]
fn a_site_that_is_not_there_and_a_name_that_nothing_has_are_bad_input() {
    let missing = viewer(&["nowhere.ron", "--screenshot", "never.png"]);
    assert_eq!(missing.status.code(), Some(65));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("nowhere.ron"));
    let nothing =
        viewer(&[&["mixed_hall", "--select", "nobody", "--screenshot", "never.png"], &DAY[..]].concat());
    assert_eq!(nothing.status.code(), Some(65));
    assert!(String::from_utf8_lossy(&nothing.stderr).contains("nobody"));
    assert!(!Path::new("never.png").exists());
}

#[test]
fn a_picture_that_cannot_be_written_is_said() {
    if driver().is_none() {
        return;
    }
    let output = viewer(
        &[&["mixed_hall", "--screenshot", "/nowhere/at/all.png", "--size", "320x240"], &DAY[..]].concat(),
    );
    assert_eq!(output.status.code(), Some(74), "{}", String::from_utf8_lossy(&output.stderr));
}
