//! What is done with bytes of anybody's making: each function reads them as one kind of file and, where they are good,
//! uses what was read. It returns, or it has found a fault: a panic, a hang, memory without end, or a reading that does not
//! keep its own promises.
//!
//! Called by the targets of `fuzz_targets` and, with the stored corpus, by `tests/fuzz_corpus.rs`; each brings the crates
//! as `crate::crates`.
#![allow(dead_code, unreachable_pub)] // each target uses one

use crate::crates::scenario::course::Course;
use crate::crates::scenario::weather::sky_file::SkyTable;
use crate::crates::scenario::weather::{self, Interpolation, Weather};
use crate::crates::scenario::workload::{HeatTrace, Pattern, Trace, Workload};
use crate::crates::scenario::{Problem, load_text_in};
use crate::crates::study::read::Run;
use crate::crates::study::write::{Column, Fingerprint, Provenance, RunDirectory, Table, Values, parquet};
use crate::crates::units::{Quantity, System};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// What reads the bytes.
pub type Target = fn(&[u8]);

/// All of them, by the name of the target and of its corpus.
pub const TARGETS: &[(&str, Target)] = &[
    ("site", site),
    ("quantity", quantity),
    ("weather_epw", weather_epw),
    ("weather_tmy3", weather_tmy3),
    ("courses", courses),
    ("results", results),
];

/// A folder of this process, with what was put there before.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("isotherm-fuzz-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    folder
}

/// A site file: refused with sentences of few lines, or read, and then written as a file that reads as the same.
pub fn site(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let name = if text.trim_start().starts_with('{') { "s.json" } else { "s.ron" };
    let folder = folder("site");
    let loaded = match load_text_in(name, text, &folder) {
        Ok(loaded) => loaded,
        Err(problems) => return refused(&problems),
    };
    let written = loaded.scenario.write();
    let again = load_text_in("s.ron", &written, &folder);
    let again = again.unwrap_or_else(|problems| {
        let sentences: Vec<String> = problems.iter().map(Problem::render).collect();
        panic!("what was good is refused as it was written:\n{}\n{written}", sentences.join("\n"))
    });
    assert_eq!(again.scenario.write(), written, "written twice it is another file");
    assert_eq!(again.case.plant.units.len(), loaded.case.plant.units.len());
    for (one, other) in again.case.plant.units.iter().zip(&loaded.case.plant.units) {
        let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!((&one.id, bits(&one.values)), (&other.id, bits(&other.values)));
    }
}

fn refused(problems: &[Problem]) {
    assert!(problems.iter().any(Problem::is_error), "refused without an error");
    for problem in problems {
        let shown = problem.render();
        assert!(shown.lines().count() <= 8, "{} lines:\n{shown}", shown.lines().count());
        assert!(!shown.contains('\u{1b}'), "a text of the file moves the cursor: {shown:?}");
    }
}

/// A quantity: refused in one sentence, or a finite value whose exact spelling is read back to the bit and whose shown
/// spellings are read back.
pub fn quantity(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for quantity in Quantity::ALL {
        match quantity.parse(text) {
            Ok(value) => {
                assert!(value.is_finite(), "{quantity}: {text:?} is {value}");
                let exact = quantity.exact(value);
                let back = quantity.parse(&exact).unwrap_or_else(|e| panic!("{quantity}: {exact:?}: {e}"));
                assert_eq!(
                    back.to_bits(),
                    value.to_bits(),
                    "{quantity}: {text:?} is {value}, {exact:?} is {back}"
                );
                for system in [System::Si, System::Us] {
                    let shown = quantity.display_in(system, value);
                    let back = quantity.parse(&shown);
                    assert!(
                        back.is_ok() || value.abs() > 1e300,
                        "{quantity}: {text:?} is shown as {shown:?}"
                    );
                }
            }
            Err(error) => {
                let said = error.to_string();
                assert!(!said.is_empty() && said.len() < 2000 + 8 * bytes.len(), "{} bytes", said.len());
            }
        }
    }
}

/// A weather file: refused, or hours that can be at every instant.
pub fn weather_epw(bytes: &[u8]) {
    used(weather::parse(bytes, "fuzz.epw"));
    used(weather::epw::parse(bytes, "fuzz.epw"));
}

/// The same of a table of TMY3.
pub fn weather_tmy3(bytes: &[u8]) {
    used(weather::parse(bytes, "fuzz.csv"));
    used(weather::tmy3::parse(bytes, "fuzz.csv"));
}

fn used(read: Result<Weather, weather::WeatherError>) {
    let weather = match read {
        Ok(weather) => weather,
        Err(error) => {
            let said = error.to_string();
            assert!(said.len() < 100_000, "{} bytes of message", said.len());
            return;
        }
    };
    for warning in &weather.warnings {
        assert!(warning.to_string().len() < 10_000);
    }
    let (start, length) = (weather.starts_s, weather.duration_s());
    for k in 0..50 {
        let from = start + length * f64::from(k) / 50.0;
        for rule in [Interpolation::Linear, Interpolation::EndOfStep { step_s: 900.0 }] {
            let Ok(hour) = weather.at(from, rule) else { continue };
            let shown = || format!("{hour:?}");
            assert!(hour.dry_bulb > 150.0 && hour.dry_bulb < 400.0, "{}", shown());
            assert!(hour.wet_bulb > 100.0 && hour.wet_bulb <= hour.dry_bulb + 1e-6, "{}", shown());
            assert!(hour.humidity_ratio >= 0.0 && hour.humidity_ratio.is_finite(), "{}", shown());
            assert!(hour.pressure > 1e4 && hour.pressure < 2e5, "{}", shown());
        }
        if let Ok(sky) = weather.sky(from, from + 900.0) {
            let values = [sky.sun[0], sky.sun[1], sky.sun[2], sky.even, sky.global];
            assert!(values.iter().all(|v| v.is_finite()), "{sky:?}");
        }
    }
}

/// CSV files of a course over time: a workload, a carbon factor or a contract, recorded heat, sun and wind. Refused, or
/// with a mean over every interval.
pub fn courses(bytes: &[u8]) {
    let said = |message: String| assert!(message.len() < 100_000, "{} bytes of message", message.len());
    const SPANS: [(f64, f64); 6] =
        [(0.0, 900.0), (0.0, 0.0), (-3600.0, 3600.0), (86_400.0, 31_536_000.0), (3599.5, 3600.5), (1e9, 2e9)];
    match Trace::parse(bytes, "fuzz.csv") {
        Ok(trace) => {
            let workload = Workload::new(Pattern::Trace(Arc::new(trace)));
            for (from, to) in SPANS {
                let mean = workload.mean(from, to);
                assert!((0.0..=1.0).contains(&mean), "{mean} from {from} to {to}");
            }
        }
        Err(message) => said(message),
    }
    match Course::parse(bytes, "fuzz.csv") {
        Ok(course) => {
            for (from, to) in SPANS {
                let mean = course.mean(from, to);
                assert!(mean.is_finite() && mean >= 0.0, "{mean} from {from} to {to}");
            }
        }
        Err(message) => said(message),
    }
    match HeatTrace::parse(bytes, "fuzz.csv") {
        Ok(trace) => {
            let trace = Arc::new(trace);
            for column in [0, trace.units() - 1] {
                let workload = Workload::new(Pattern::Heat { trace: Arc::clone(&trace), column, start: 0.0 });
                for (from, to) in SPANS {
                    let mean = workload.mean(from, to);
                    assert!(mean.is_finite(), "{mean} from {from} to {to}");
                }
            }
            assert!(SPANS.iter().all(|&(from, _)| trace.wet_bulb(from).is_none_or(f64::is_finite)));
        }
        Err(message) => said(message),
    }
    if let Err(message) = SkyTable::parse(bytes, "fuzz.csv") {
        said(message);
    }
}

/// The folder of a finished run in which one file is not what the run wrote, though the manifest fits it. The first byte
/// says which: summary, manifest (which then fits nothing), columns over time, racks.
pub fn results(bytes: &[u8]) {
    let Some((kind, content)) = bytes.split_first() else { return };
    let folder = folder("results");
    // A folder with a damaged manifest is nobody's to replace.
    std::fs::remove_dir_all(&folder).expect("the folder of before");
    match kind % 4 {
        0 => finished(&folder, content, &series(), None),
        1 => {
            finished(&folder, SUMMARY.as_bytes(), &series(), None);
            std::fs::write(folder.join("manifest.json"), content).expect("the manifest");
        }
        2 => finished(&folder, SUMMARY.as_bytes(), content, None),
        _ => finished(&folder, SUMMARY.as_bytes(), &series(), Some(content)),
    }
    let said = |error: String| assert!(error.len() < 100_000, "{} bytes of message", error.len());
    match Run::open(&folder) {
        Ok(run) => {
            let _ = (run.id(), run.site(), run.racks.len());
            match run.series() {
                Ok(series) => {
                    for column in series.columns() {
                        for read in [series.numbers(&column.name).map(|v| v.map(|v| v.len()))]
                            .into_iter()
                            .chain([series.texts(&column.name).map(|v| v.map(|v| v.len()))])
                        {
                            match read {
                                Ok(length) => assert!(length.is_none_or(|n| n == series.rows())),
                                Err(error) => said(error.to_string()),
                            }
                        }
                    }
                }
                Err(error) => said(error.to_string()),
            }
            match run.recorded() {
                Ok(recorded) => assert!(recorded.rows.iter().all(|row| row.len() == recorded.values.len())),
                Err(error) => said(error.to_string()),
            }
        }
        Err(error) => said(error.to_string()),
    }
}

fn finished(folder: &Path, summary: &[u8], series: &[u8], racks: Option<&[u8]>) {
    let mut run = RunDirectory::create(folder, true).expect("a folder for a run");
    run.write_bytes("summary.json", summary).expect("the summary");
    run.write_bytes("series.parquet", series).expect("the columns");
    if let Some(racks) = racks {
        run.write_bytes("racks.parquet", racks).expect("the racks");
    }
    let now = SystemTime::UNIX_EPOCH;
    let inputs = vec![Fingerprint::of("site.ron", b"Site()")];
    let settings = serde_json::Value::Null;
    run.commit(Provenance { started: now, finished: now, seed: 1, threads: 1, inputs, settings })
        .expect("the manifest");
}

/// Columns over time of a run of half an hour.
pub fn series() -> Vec<u8> {
    let note = Values::Text(vec![Some("a".into()), None, Some("b".into())]);
    let columns = vec![
        Column::numbers("time_s", "s", "Time.", vec![0.0, 900.0, 1800.0]),
        Column::numbers("account.facility_kwh", "kWh", "Electricity.", vec![f64::NAN, 2.0, 3.0]),
        Column::numbers("cdu.secondary_out_c", "°C", "Supply.", vec![30.0, 31.0, 32.0]),
        Column { name: "note".into(), unit: "".into(), description: "A note.".into(), values: note },
        Column::integers("count", "1", "A count.", [1, 2, 3]),
    ];
    let mut out = Vec::new();
    let table = Table::new(SERIES, columns).expect("a table");
    parquet::write(&table, &mut out).expect("its bytes");
    out
}

/// Layout of the columns over time.
const SERIES: &str = "isotherm.series/1";

/// Figures of that run.
pub const SUMMARY: &str = r#"{"site": "s", "title": "A site", "method": "simulated",
"period": {"start_s": 0.0, "hours": 0.5, "whole_year": false}, "mode": {"dynamics": "Dynamic", "controls": "Continuous"},
"weather": "constant", "metrics": {"pue": 1.25, "pue_category_1": null, "pue_category_2": null,
"wue_site_l_per_kwh": 0.0, "cue_kg_per_kwh": null, "itue": 1.1, "tue": 1.375, "it_energy_kwh": 4.0,
"facility_energy_kwh": 5.0, "water_m3": 0.0, "max_junction_c": null, "max_inlet_c": 24.0, "free_cooling_hours": 0.5},
"energy_kwh": {"it": 4.0, "other": 1.0}, "water_m3": {}, "closure": {"energy_relative": 0.0, "water_relative": 0.0,
"energy_worst_interval": 0.0, "water_worst_interval": 0.0, "energy_recomputed_relative": 0.0,
"electricity_relative": 0.0}, "statistics": {"states": 1, "rows": 1, "steps": 2, "rejected": 0, "evaluations": 6,
"followed": 0}}"#;
