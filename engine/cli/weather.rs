//! `isotherm weather`: what a weather file or a built-in climate contains.

use crate::{exit, output};
use engine::scenario::weather::{self, Weather, climate::Climate, typical_year};
use serde_json::{Value, json};
use std::path::Path;

/// Schema of the answer.
const SCHEMA: &str = "isotherm.weather/1";

/// Looks into a weather file (EPW, TMY3) or a built-in climate.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  isotherm weather phoenix\n  isotherm weather files/phoenix.epw --json")]
pub struct Arguments {
    /// A weather file, or the id of a built-in climate (`isotherm catalogue climates`).
    #[arg(value_name = "FILE|CLIMATE")]
    what: String,

    /// Seed of the typical year that is made from a built-in climate; a run takes `run.seed`, by default 1.
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Prints one JSON object instead of text.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn main(arguments: &Arguments) -> u8 {
    match open(arguments) {
        Ok(weather) => {
            let months = months(&weather);
            if arguments.json {
                output::answer(SCHEMA, as_json(&weather, &months), Vec::new());
            } else {
                output::data(&as_text(&weather, &months));
            }
            exit::OK
        }
        Err((code, sentence)) => {
            if arguments.json {
                output::refusal(SCHEMA, vec![output::sentence("ISO0600", &sentence)]);
            } else {
                output::message(&format!("error: {sentence}\n"));
            }
            code
        }
    }
}

fn open(arguments: &Arguments) -> Result<Weather, (u8, String)> {
    if Path::new(&arguments.what).exists() || arguments.what.contains(['.', '/']) {
        weather::open(&arguments.what).map_err(|error| (exit::of_weather(&error), error.to_string()))
    } else {
        let climate = Climate::named(&arguments.what).map_err(|e| (exit::BAD_INPUT, e.to_string()))?;
        Ok(typical_year::generate(&climate, arguments.seed))
    }
}

/// Mean, lowest and highest dry bulb, mean wet bulb and dew point of a month [°C].
struct Month {
    name: &'static str,
    mean: f64,
    low: f64,
    high: f64,
    wet_bulb: f64,
    dew_point: f64,
}

fn months(weather: &Weather) -> Vec<Month> {
    const NAMES: [(&str, usize); 12] = [
        ("Jan", 31),
        ("Feb", 28),
        ("Mar", 31),
        ("Apr", 30),
        ("May", 31),
        ("Jun", 30),
        ("Jul", 31),
        ("Aug", 31),
        ("Sep", 30),
        ("Oct", 31),
        ("Nov", 30),
        ("Dec", 31),
    ];
    let mut start = 0.0;
    let mut months = Vec::new();
    for (name, days) in NAMES {
        let end = start + days as f64 * 86_400.0;
        let inside: Vec<_> = (weather.hours.iter().enumerate())
            .filter(|(k, _)| {
                let middle = weather.starts_s + (*k as f64 + 0.5) * weather.interval_s;
                middle >= start && middle < end
            })
            .map(|(_, hour)| hour)
            .collect();
        start = end;
        if inside.is_empty() {
            continue;
        }
        let celsius = |k: f64| k - 273.15;
        let mean = |of: &dyn Fn(&weather::Hour) -> f64| {
            celsius(inside.iter().map(|h| of(h)).sum::<f64>() / inside.len() as f64)
        };
        let extreme = |pick: fn(f64, f64) -> f64| {
            celsius(inside.iter().map(|h| h.dry_bulb).fold(inside[0].dry_bulb, pick))
        };
        months.push(Month {
            name,
            mean: mean(&|h| h.dry_bulb),
            low: extreme(f64::min),
            high: extreme(f64::max),
            wet_bulb: mean(&|h| h.wet_bulb),
            dew_point: mean(&|h| h.dew_point),
        });
    }
    months
}

fn as_text(weather: &Weather, months: &[Month]) -> String {
    let s = &weather.station;
    let mut text = format!(
        "{}\n{}\n{} rows, latitude {:.2}°, longitude {:.2}°, UTC{:+}, {:.0} m\n\n",
        s.name,
        weather.source,
        weather.hours.len(),
        s.latitude_deg,
        s.longitude_deg,
        s.utc_offset_h,
        s.elevation_m
    );
    text.push_str("        dry bulb                wet bulb  dew point\n");
    text.push_str("        mean    low    high     mean      mean   °C\n");
    for m in months {
        text.push_str(&format!(
            "  {}  {:6.1} {:6.1} {:6.1}   {:6.1}    {:6.1}\n",
            m.name, m.mean, m.low, m.high, m.wet_bulb, m.dew_point
        ));
    }
    for warning in &weather.warnings {
        text.push_str(&format!("warning: {warning}\n"));
    }
    text
}

fn as_json(weather: &Weather, months: &[Month]) -> Value {
    let s = &weather.station;
    json!({
        "station": {
            "name": s.name,
            "latitude_deg": s.latitude_deg,
            "longitude_deg": s.longitude_deg,
            "utc_offset_h": s.utc_offset_h,
            "elevation_m": s.elevation_m,
        },
        "source": weather.source.to_string(),
        "rows": weather.hours.len(),
        "months": months.iter().map(|m| json!({
            "month": m.name,
            "dry_bulb_mean_c": m.mean,
            "dry_bulb_low_c": m.low,
            "dry_bulb_high_c": m.high,
            "wet_bulb_mean_c": m.wet_bulb,
            "dew_point_mean_c": m.dew_point,
        })).collect::<Vec<_>>(),
        "warnings": weather.warnings.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}
