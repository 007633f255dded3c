//! `isotherm-viewer`: the desktop view of a site.

use clap::Parser;
use engine::report::document::Language;
use engine::units::System;
use std::path::PathBuf;
use std::process::ExitCode;
use viewer::memory::Memory;
use viewer::{Opening, headless, window};

/// The desktop view of a site: see where it is hot, change something, see what happens.
///
/// Opens a site file or a built-in site, simulates it in the background and shows it as it goes on. Without a site it
/// begins with a choice.
#[derive(Debug, Parser)]
#[command(name = "isotherm-viewer", version, max_term_width = 100)]
#[command(after_help = "\
Examples:
  isotherm-viewer                                        the start screen
  isotherm-viewer mixed_hall                             a built-in site
  isotherm-viewer my_site.ron --set site.climate=harbin
  isotherm-viewer runs/nvl72_pod-1a2b3c4d                a finished run, as it was written
  isotherm-viewer mixed_hall --screenshot hall.png --view iso --color-by water
  isotherm-viewer nvl72_pod_events --screenshot trip.png --time \"13:03\" --select cdu

--screenshot needs no window: it waits for the run to end, draws one picture off-screen, and exits with 0.
Exit codes: 0 ok, 2 usage, 65 bad input, 69 the run broke off, 70 internal, 74 the picture could not be written.")]
struct Arguments {
    /// A site file, the id of a built-in site (`isotherm catalogue sites`), or the folder of a finished run.
    #[arg(value_name = "SITE|RUN_DIR")]
    site: Option<PathBuf>,

    /// Changes one field, as for `isotherm run`: `cdu.supply_setpoint="30 °C"`. May be given several times.
    #[arg(long = "set", value_name = "PATH=VALUE", value_parser = setting)]
    settings: Vec<(String, String)>,

    /// Draws one picture into this PNG file, without a window.
    #[arg(long, value_name = "OUT.png", requires = "site")]
    screenshot: Option<PathBuf>,

    /// Where the camera stands: iso, top, front, yard, plant, or rack: before the selected rack.
    #[arg(long, default_value = "iso", value_parser = preset)]
    view: window::Preset,

    /// What the racks are coloured by: inlet, outlet, junction, coolant, power, margin, class, pue,
    /// water, capacity or binds.
    #[arg(long, default_value = "inlet", value_parser = shade)]
    color_by: viewer::Shade,

    /// Which time is shown: `HH:MM` or `D HH:MM` from the start of the run (D counts from 0); the end if left out.
    #[arg(long, value_name = "TIME", value_parser = time)]
    time: Option<f64>,

    /// What is selected: a rack `hall[3]`, racks `hall[3-7]`, or a machine `cdu`.
    #[arg(long, value_name = "NAME")]
    select: Option<String>,

    /// Opens the selected rack: its chips on its front.
    #[arg(long, requires = "select")]
    open_rack: bool,

    /// Looks at one of its servers, counted from 1 at the top.
    #[arg(long, value_name = "N", requires = "open_rack", value_parser = clap::value_parser!(u16).range(1..))]
    server: Option<u16>,

    /// Begins to put a component of this kind together: PlateExchanger.
    #[arg(long, value_name = "KIND", requires = "site")]
    compose: Option<String>,

    /// With --screenshot: makes this change when the run has ended, and shows before and after side by side.
    #[arg(long, value_name = "PATH=VALUE", value_parser = setting, requires = "screenshot")]
    change: Option<(String, String)>,

    /// What the lower side shows: courses, flows (of energy, of the interval at the cursor) or flows-run.
    #[arg(long, default_value = "courses", value_parser = lower)]
    lower: window::Lower,

    /// With --screenshot: draws so many frames first, panels included, and says how long one takes.
    #[arg(long, value_name = "N", default_value_t = 0, requires = "screenshot", value_parser = clap::value_parser!(u32).range(0..=10_000))]
    frames: u32,

    /// Size of texts and panels in percent, 100 to 200.
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u16).range(100..=200))]
    scale: Option<u16>,

    /// Width and height of the picture in pixels.
    #[arg(long, default_value = "1600x900", value_parser = size)]
    size: (u32, u32),

    /// Light colours for windows and background.
    #[arg(long)]
    light: bool,

    /// Language of the panels: en or zh. What was chosen last if left out.
    #[arg(long, value_parser = ["en", "zh"])]
    lang: Option<String>,

    /// Units of the panels: si or us. What was chosen last if left out.
    #[arg(long, value_parser = ["si", "us"])]
    units: Option<String>,
}

fn setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((path, value)) if !path.trim().is_empty() => Ok((path.trim().into(), value.into())),
        _ => Err("write PATH=VALUE, for example cdu.supply_setpoint=\"30 °C\"".into()),
    }
}

fn preset(text: &str) -> Result<window::Preset, String> {
    let found = window::Preset::ALL.into_iter().find(|preset| preset.name() == text);
    found.ok_or_else(|| "iso, top, front, yard, plant or rack is expected".into())
}

fn shade(text: &str) -> Result<viewer::Shade, String> {
    let found = viewer::Shade::ALL.into_iter().find(|shade| shade.id() == text);
    found.ok_or_else(|| {
        let names: Vec<&str> = viewer::Shade::ALL.iter().map(|shade| shade.id()).collect();
        format!("one of {} is expected", names.join(", "))
    })
}

fn lower(text: &str) -> Result<window::Lower, String> {
    match text {
        "courses" => Ok(window::Lower::Courses),
        "flows" => Ok(window::Lower::FlowsNow),
        "flows-run" => Ok(window::Lower::FlowsOfRun),
        _ => Err("courses, flows or flows-run is expected".into()),
    }
}

/// `13:05` or `2 13:05` in seconds.
fn time(text: &str) -> Result<f64, String> {
    let wrong = || "write HH:MM or D HH:MM, for example \"14:30\" or \"180 14:30\"".to_owned();
    let (day, clock) = text.trim().split_once(' ').unwrap_or(("0", text.trim()));
    let (hour, minute) = clock.split_once(':').ok_or_else(wrong)?;
    let whole = |text: &str| text.parse::<u32>().map_err(|_| wrong());
    let (day, hour, minute) = (whole(day)?, whole(hour)?, whole(minute)?);
    if day > 366 || hour > 24 || minute > 59 {
        return Err(wrong());
    }
    Ok(f64::from((day * 24 + hour) * 60 + minute) * 60.0)
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let sides = text.split_once('x').and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
    match sides {
        Some((width, height)) if (320..=7680).contains(&width) && (240..=4320).contains(&height) => {
            Ok((width, height))
        }
        _ => Err("WIDTHxHEIGHT from 320x240 to 7680x4320 is expected".into()),
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    engine::study::read::quiet_decoders();
    let screenshot = arguments.screenshot.is_some();
    // A picture is the same whatever somebody likes to look at.
    let place = Memory::usual_place().filter(|_| !screenshot);
    let (memory, mut look) = place.map(Memory::at).unwrap_or_default();
    look.light |= arguments.light;
    if let Some(&language) =
        Language::ALL.iter().find(|known| Some(known.code()) == arguments.lang.as_deref())
    {
        look.speak(language);
    }
    match arguments.units.as_deref() {
        Some("us") => look.units = System::Us,
        Some(_) => look.units = System::Si,
        None => {}
    }
    if let Some(percent) = arguments.scale {
        look.size = f32::from(percent) / 100.0;
    }
    let opening = Opening {
        site: arguments.site,
        settings: arguments.settings,
        view: arguments.view,
        shade: arguments.color_by,
        time: arguments.time,
        select: arguments.select,
        open: arguments.open_rack,
        server: arguments.server.map(|number| usize::from(number) - 1),
        compose: arguments.compose,
        change: arguments.change,
        lower: arguments.lower,
        frames: arguments.frames,
        look,
        memory,
        keep_in: (!screenshot).then(std::env::temp_dir),
    };
    let code = match arguments.screenshot {
        Some(path) => headless::screenshot(&opening, &path, arguments.size),
        None => viewer::run(&opening),
    };
    ExitCode::from(code)
}
