//! Paths, formats and real files.

use super::super::{epw, open};
use super::*;
use std::fs;
use std::path::PathBuf;

/// A file of this test only, removed when dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, content: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("isotherm-weather-{}-{name}", std::process::id()));
        fs::write(&path, content).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[test]
fn the_format_is_told_by_the_content_not_by_the_name() {
    let file = Scratch::new("year.csv", Epw::year().text().as_bytes());
    assert_eq!(open(&file.0).map(|weather| weather.hours), epw::read(&file.0).map(|weather| weather.hours));
    let file = Scratch::new("notes.epw", b"Dear all,\nthe weather was fine.\n");
    let error = open(&file.0).unwrap_err();
    assert!(matches!(error, WeatherError::UnknownFormat { .. }), "{error}");
    says(error, &["LOCATION", "Date (MM/DD/YYYY)", "Dear all,"]);
}

#[test]
fn what_is_no_weather_file_is_refused_by_its_kind() {
    assert!(matches!(open(std::env::temp_dir()), Err(WeatherError::Folder { .. })));
    assert!(matches!(open("no/such.epw"), Err(WeatherError::Missing { .. })));
    let empty = Scratch::new("empty.epw", b"");
    assert!(matches!(open(&empty.0), Err(WeatherError::Empty { .. })));
    let garbage: Vec<u8> = (0..4096_u32).map(|k| (k.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let garbage = Scratch::new("garbage.epw", &garbage);
    assert!(matches!(open(&garbage.0), Err(WeatherError::NotText { .. })));
    #[cfg(unix)]
    assert!(matches!(open("/dev/zero"), Err(WeatherError::NotAFile { .. })));
}

#[test]
fn a_file_of_more_than_64_mib_is_not_even_opened() {
    let file = Scratch::new("large.epw", b"LOCATION");
    fs::File::options().write(true).open(&file.0).unwrap().set_len((64 << 20) + 1).unwrap();
    says(open(&file.0).unwrap_err(), &["67108865 bytes", "64 MiB"]);
}

#[test]
fn no_damage_to_a_file_makes_the_reader_panic() {
    let text = Epw::of(Year::COMMON, 0, 24, "1/1", "1/1").text().into_bytes();
    assert!(parse(&text, "t").is_ok());
    // Every length, and every byte replaced by one that means something to the reader.
    for length in 0..text.len() {
        let _ = parse(&text[..length], "t");
    }
    for place in (0..text.len()).step_by(5) {
        for byte in [b',', b'\n', b'"', b'/', b'-', b'9', b' ', b'N', 0xe9] {
            let mut damaged = text.clone();
            damaged[place] = byte;
            let _ = parse(&damaged, "t");
        }
    }
    // Words of the format in any order.
    let words =
        ["LOCATION", "DATA PERIODS", ",1", ",", "\n", "2/29", "Date (MM/DD/YYYY)", "\"", "24", ",99.9"];
    for seed in 0..3000_usize {
        let pick = |k: usize| words[(seed * 7919 + k * (seed % 97 + 1) * 31) % words.len()];
        let _ = parse((0..60).map(pick).collect::<String>().as_bytes(), "t");
    }
}

/// Name, latitude, and what the year shows: mean dry bulb in °C by the file's own rows, mean pressure in Pa.
const REAL: [(&str, f64, f64, f64); 6] = [
    ("Shanghai-Hongqiao_1956_2023_TMYx.epw", 31.198, 17.018, 101_279.0),
    ("USA_AZ_Davis-Monthan.AFB.722745_TMY3.epw", 32.17, 21.706, 92_091.0),
    ("USA_CA_San.Francisco.Intl.AP.724940_TMY3.epw", 37.62, 13.794, 101_719.0),
    ("USA_CO_Golden-NREL.724666_TMY3.epw", 39.74, 9.761, 82_137.0),
    ("USA_FL_Tampa.Intl.AP.722110_TMY3.epw", 27.97, 22.290, 101_708.0),
    ("USA_IL_Chicago-OHare.Intl.AP.725300_TMY3.epw", 41.98, 9.988, 99_189.0),
];

fn reference() -> Option<PathBuf> {
    let folder = std::env::var_os("ISOTHERM_REFERENCE").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("ISOTHERM_REFERENCE is not set: real weather files are not compared");
    }
    folder
}

#[test]
fn six_real_years_are_read() {
    let Some(folder) = reference() else { return };
    for (name, latitude, dry_bulb, pressure) in REAL {
        let weather = open(folder.join("weather").join(name)).unwrap_or_else(|error| panic!("{error}"));
        println!(
            "{}: {:?}",
            weather.source,
            weather.warnings.iter().map(ToString::to_string).collect::<Vec<_>>()
        );
        assert_eq!((weather.hours.len(), weather.station.latitude_deg), (8760, latitude), "{name}");
        let mean = |of: fn(&super::super::Hour) -> f64| weather.hours.iter().map(of).sum::<f64>() / 8760.0;
        assert!((mean(|hour| hour.dry_bulb) - 273.15 - dry_bulb).abs() < 1e-3, "{name}");
        assert!((mean(|hour| hour.pressure) - pressure).abs() < 1.0, "{name}");
        for hour in &weather.hours {
            assert!(
                hour.wet_bulb <= hour.dry_bulb && hour.wet_bulb > hour.dry_bulb - 30.0,
                "{name}: {hour:?}"
            );
            assert!(hour.humidity_ratio > 0.0 && hour.humidity_ratio < 0.03, "{name}: {hour:?}");
            assert!(hour.global_horizontal.is_some_and(|g| (0.0..1200.0).contains(&g)), "{name}: {hour:?}");
        }
        let monthly =
            super::super::curves::monthly(&weather.hours.iter().map(|h| h.dry_bulb).collect::<Vec<_>>());
        for (month, found) in monthly.iter().enumerate() {
            let plausible = (0.3..9.0).contains(&found.spread) && (4.0..20.0).contains(&found.range);
            assert!(
                plausible,
                "{name}, month {}: spread {} K, range {} K",
                month + 1,
                found.spread,
                found.range
            );
        }
        let coldest = if latitude > 0.0 { [11, 0, 1] } else { [5, 6, 7] };
        let least = (0..12).min_by(|a, b| monthly[*a].mean.total_cmp(&monthly[*b].mean)).unwrap();
        assert!(coldest.contains(&least), "{name}: the coldest month is {}", least + 1);
    }
}

#[test]
fn two_records_have_the_normals_of_their_files() {
    let Some(folder) = reference() else { return };
    for (id, name) in [("golden", REAL[3].0), ("shanghai", REAL[0].0)] {
        let weather = open(folder.join("weather").join(name)).unwrap_or_else(|error| panic!("{error}"));
        let normals = super::super::Climate::named(id).unwrap().monthly;
        let found =
            super::super::curves::monthly(&weather.hours.iter().map(|h| h.dry_bulb).collect::<Vec<_>>());
        for (month, found) in found.iter().enumerate() {
            // Rounded to 0.1 K in the record.
            assert!((found.mean - normals.dry_bulb[month]).abs() < 0.06, "{id} {month}: {}", found.mean);
            assert!((found.range - normals.daily_range[month]).abs() < 0.06, "{id} {month}: {}", found.range);
            assert!(
                (found.spread - normals.daily_mean_spread[month]).abs() < 0.06,
                "{id} {month}: {}",
                found.spread
            );
        }
    }
}

#[test]
fn dry_and_wet_bulb_follow_energyplus_through_two_years() {
    // Hourly means of 15-min steps by EnergyPlus 25.2; it begins the year with the first day's own midnight,
    // so the first hour is left out.
    let Some(folder) = reference() else { return };
    for (site, name) in [("chicago", REAL[5].0), ("sanfrancisco", REAL[2].0)] {
        let weather = open(folder.join("weather").join(name)).unwrap_or_else(|error| panic!("{error}"));
        let results = folder.join(format!("reference/energyplus/LC_dry__{site}__hourly.csv"));
        let results = fs::read_to_string(results).unwrap();
        let rule = super::super::Interpolation::EndOfStep { step_s: 900.0 };
        let (mut worst_dry, mut bias, mut squares) = (0.0_f64, 0.0, 0.0);
        for (hour, line) in results.lines().skip(1).enumerate().skip(1) {
            let columns: Vec<f64> =
                line.split(',').skip(1).take(2).map(|text| text.parse().unwrap()).collect();
            let steps =
                (0..4).map(|k| weather.at(3600.0 * hour as f64 + 900.0 * f64::from(k), rule).unwrap());
            let (dry, wet) = steps
                .fold((0.0, 0.0), |(dry, wet), air| (dry + air.dry_bulb / 4.0, wet + air.wet_bulb / 4.0));
            worst_dry = worst_dry.max((dry - 273.15 - columns[0]).abs());
            let error = wet - 273.15 - columns[1];
            bias += error / 8759.0;
            squares += error * error / 8759.0;
        }
        println!(
            "{site}: dry bulb {worst_dry:.5} K at worst; wet bulb {bias:.4} K bias, {:.4} K r.m.s.",
            squares.sqrt()
        );
        assert!(
            worst_dry < 1e-4 && bias.abs() < 0.01 && squares.sqrt() < 0.03,
            "{site}: {worst_dry} {bias} {squares}"
        );
    }
}
