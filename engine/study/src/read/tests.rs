use super::*;
use crate::report::{RACKS_SCHEMA, SERIES_SCHEMA};
use crate::write::{Column, Provenance, RunDirectory, Table, Values, parquet};
use serde_json::{Value, json};
use std::time::SystemTime;

fn summary() -> Value {
    json!({
        "site": "s", "title": "A site", "method": "simulated",
        "period": {"start_s": 0.0, "hours": 0.5, "whole_year": false},
        "mode": {"dynamics": "Dynamic", "controls": "Continuous"},
        "weather": "constant",
        "metrics": {
            "pue": 1.25, "pue_category_1": null, "pue_category_2": null, "wue_site_l_per_kwh": 0.0,
            "cue_kg_per_kwh": null, "itue": 1.1, "tue": 1.375, "it_energy_kwh": 4.0, "facility_energy_kwh": 5.0,
            "water_m3": 0.0, "max_junction_c": null, "max_inlet_c": 24.0, "free_cooling_hours": 0.5,
        },
        "energy_kwh": {"it": 4.0, "other": 1.0},
        "water_m3": {},
        "closure": {
            "energy_relative": 0.0, "water_relative": 0.0, "energy_worst_interval": 0.0,
            "water_worst_interval": 0.0, "energy_recomputed_relative": 0.0, "electricity_relative": 0.0,
        },
        "statistics": {"states": 1, "rows": 1, "steps": 2, "rejected": 0, "evaluations": 6, "followed": 0},
        "a_field_of_a_later_version": true,
    })
}

fn series(schema: &str) -> Table {
    let note = Values::Text(vec![Some("a".into()), None, Some("热".into())]);
    let columns = vec![
        Column::numbers("time_s", "s", "Time.", vec![0.0, 900.0, 1800.0]),
        Column::numbers("account.facility_kwh", "kWh", "Electricity.", vec![f64::NAN, 2.0, 3.0]),
        Column { name: "note".into(), unit: "".into(), description: "A note.".into(), values: note },
        Column::integers("count", "1", "A count.", [1, 2, 3]),
    ];
    Table::new(schema, columns).unwrap()
}

fn bytes(table: &Table) -> Vec<u8> {
    let mut out = Vec::new();
    parquet::write(table, &mut out).unwrap();
    out
}

/// A finished run with these files, whatever is in them.
fn folder(summary: &[u8], series: &[u8], racks: Option<&[u8]>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut run = RunDirectory::create(folder.path(), false).unwrap();
    run.write_bytes("summary.json", summary).unwrap();
    run.write_bytes("series.parquet", series).unwrap();
    if let Some(racks) = racks {
        run.write_bytes("racks.parquet", racks).unwrap();
    }
    let now = SystemTime::UNIX_EPOCH;
    let inputs = vec![Fingerprint::of("site.ron", b"Site()")];
    let settings = json!({});
    run.commit(Provenance { started: now, finished: now, seed: 1, threads: 1, inputs, settings }).unwrap();
    folder
}

fn good() -> tempfile::TempDir {
    folder(summary().to_string().as_bytes(), &bytes(&series(SERIES_SCHEMA)), None)
}

#[test]
fn a_run_reads_back_as_it_was_written() {
    let folder = good();
    let run = Run::open(folder.path()).unwrap();
    assert_eq!((run.summary.metrics.pue, run.summary.metrics.max_junction_c), (Some(1.25), None));
    assert_eq!(run.summary.energy_kwh, [("it".to_owned(), 4.0), ("other".to_owned(), 1.0)]);
    assert_eq!((run.summary.energy("other"), run.summary.energy("pumps")), (1.0, 0.0));
    assert_eq!(run.summary.raw["a_field_of_a_later_version"], true);
    assert!(run.racks.is_empty());

    let series = run.series().unwrap();
    assert_eq!(series.rows(), 3);
    assert_eq!(series.columns()[1].unit, "kWh");
    let facility = series.numbers("account.facility_kwh").unwrap().unwrap();
    assert!(facility[0].is_nan());
    assert_eq!(facility[1..], [2.0, 3.0]);
    assert_eq!(series.numbers("count").unwrap().unwrap(), [1.0, 2.0, 3.0]);
    assert_eq!(series.texts("note").unwrap().unwrap(), [Some("a".into()), None, Some("热".into())]);
    assert_eq!(series.numbers("nothing_of_that_name").unwrap(), None);
    assert!(series.numbers("note").unwrap_err().to_string().contains("the column note: it holds no numbers"));
}

#[test]
fn the_same_run_has_the_same_id_wherever_it_lies_and_another_has_another() {
    let (a, b) = (Run::open(good().path()).unwrap().id(), Run::open(good().path()).unwrap().id());
    assert_eq!((a.len(), &a), (8, &b));
    let mut other = summary();
    other["metrics"]["pue"] = json!(1.26);
    let other = folder(other.to_string().as_bytes(), &bytes(&series(SERIES_SCHEMA)), None);
    assert_ne!(Run::open(other.path()).unwrap().id(), a);
}

#[test]
fn a_file_that_was_edited_afterwards_is_named() {
    let folder = good();
    let path = folder.path().join("summary.json");
    std::fs::write(&path, summary().to_string().replace("1.25", "1.05")).unwrap();
    let error = Run::open(folder.path()).unwrap_err();
    assert_eq!(error.exit_code(), 65);
    assert!(error.to_string().contains("summary.json has another content"), "{error}");

    std::fs::remove_file(path).unwrap();
    let error = Run::open(folder.path()).unwrap_err();
    assert!(error.to_string().contains("summary.json is missing"), "{error}");
}

#[test]
fn what_others_put_beside_the_files_of_a_run_does_not_touch_it() {
    let folder = good();
    std::fs::write(folder.path().join("report.html"), "…").unwrap();
    Run::open(folder.path()).unwrap();
}

#[test]
fn a_folder_without_a_finished_run_is_told_from_one_with_another_programs_files() {
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(Run::open(empty.path()).unwrap_err().exit_code(), 66);

    let foreign = folder(b"{\"name\": \"an app\"}", &bytes(&series(SERIES_SCHEMA)), None);
    let error = Run::open(foreign.path()).unwrap_err();
    assert_eq!(error.exit_code(), 65);
    assert!(error.to_string().contains("summary.json cannot be understood: missing field"), "{error}");

    let other = bytes(&series("isotherm.other/1"));
    let foreign = folder(summary().to_string().as_bytes(), &other, Some(&other));
    let error = Run::open(foreign.path()).unwrap_err();
    assert!(
        error.to_string().contains("its schema is isotherm.other/1, isotherm.racks/1 is read"),
        "{error}"
    );

    let lacking = folder(summary().to_string().as_bytes(), &other, Some(&bytes(&series(RACKS_SCHEMA))));
    let error = Run::open(lacking.path()).unwrap_err();
    assert!(error.to_string().contains("it has no column id"), "{error}");
}

#[test]
fn a_summary_with_a_text_for_a_number_says_which() {
    let mut wrong = summary();
    wrong["energy_kwh"]["it"] = json!("much");
    let folder = folder(wrong.to_string().as_bytes(), &bytes(&series(SERIES_SCHEMA)), None);
    let error = Run::open(folder.path()).unwrap_err();
    assert!(error.to_string().contains("it is \"much\", not a number"), "{error}");
}

/// Whatever the bytes are: an error or numbers, no panic and no end of memory.
#[test]
fn a_torn_or_garbled_table_is_an_error_and_never_a_panic() {
    let whole = bytes(&series(SERIES_SCHEMA));
    let folder = tempfile::tempdir().unwrap();
    let look = |bytes: &[u8]| -> bool {
        std::fs::write(folder.path().join("series.parquet"), bytes).unwrap();
        let Ok(series) = columns::open(folder.path(), "series.parquet", SERIES_SCHEMA) else { return false };
        let names: Vec<String> = series.columns().iter().map(|c| c.name.clone()).collect();
        names.iter().all(|name| series.numbers(name).is_ok() || series.texts(name).is_ok())
    };
    assert!(look(&whole));
    for length in (0..whole.len()).step_by(whole.len() / 20) {
        assert!(!look(&whole[..length]), "{length} bytes");
    }
    for place in (0..whole.len()).step_by(whole.len() / 100) {
        let mut garbled = whole.clone();
        garbled[place] ^= 0x55;
        look(&garbled);
    }
}

#[test]
fn a_target_that_was_never_near_its_limit_is_read_and_one_that_says_what_was_reached_says_it() {
    let mut told = summary();
    let never = json!({
        "target": "RideThrough(at_least: \"5 min\")", "unit": "s", "limit": 300.0, "value": null, "margin": null,
        "met": false, "hours_missed": null, "first_missed": null, "worst_at": null, "worst": null, "worst_unit": null,
        "where": null,
    });
    let mut reached = never.clone();
    reached["where"] = json!("hall[3].accelerator");
    reached["what"] = json!("throttles (87 °C)");
    told["targets"] = json!([never, reached]);
    let folder = folder(told.to_string().as_bytes(), &bytes(&series(SERIES_SCHEMA)), None);
    let targets = Run::open(folder.path()).unwrap().summary.targets;
    assert_eq!((targets[0].worst, &targets[0].worst_unit, &targets[0].what), (None, &None, &None));
    assert_eq!(targets[1].place.as_deref(), Some("hall[3].accelerator"));
    assert_eq!(targets[1].what.as_deref(), Some("throttles (87 °C)"));
}
