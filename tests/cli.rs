//! The command as a user meets it: exit codes, streams, files. One code for one kind of outcome, as
//! `docs/guide/errors_and_exit_codes.md` lists them.

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const DAY: &str = "run.period=Day(\"2024-07-21\")";

fn isotherm(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_isotherm"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("the command starts")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("one JSON object on standard output")
}

fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().expect("a scratch folder")
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).expect("a folder").next().is_none()
}

#[test]
fn a_run_writes_its_files_and_prints_figures_that_add_up() {
    let folder = scratch();
    let output = isotherm(folder.path(), &["run", "nvl72_pod", "--set", DAY, "--out", "day", "--json"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    for file in ["summary.json", "series.parquet", "racks.parquet", "site.ron", "manifest.json"] {
        assert!(folder.path().join("day").join(file).is_file(), "{file} is missing");
    }
    let answer = json(&output);
    // The site that ran, from the folder of its results: the same bits.
    let again = isotherm(folder.path(), &["run", "day/site.ron", "--out", "again", "--json"]);
    assert_eq!(code(&again), 0, "{}", said(&again));
    assert_eq!(json(&again)["data"]["metrics"], answer["data"]["metrics"]);
    assert_eq!(answer["schema"], "isotherm.run/1");
    assert_eq!(answer["ok"], true);
    let data = &answer["data"];
    let number = |pointer: &str| data.pointer(pointer).and_then(Value::as_f64).unwrap_or(f64::NAN);
    let sum: f64 =
        data["energy_kwh"].as_object().expect("categories").values().filter_map(Value::as_f64).sum();
    assert!((sum / number("/metrics/facility_energy_kwh") - 1.0).abs() < 1e-9);
    let it = number("/energy_kwh/it") + number("/energy_kwh/server_fans") + number("/energy_kwh/psu_loss");
    assert!((it / number("/metrics/it_energy_kwh") - 1.0).abs() < 1e-12);
    let pue = number("/metrics/facility_energy_kwh") / number("/metrics/it_energy_kwh");
    assert!((number("/metrics/pue") / pue - 1.0).abs() < 1e-12);
    assert_eq!(number("/metrics/wue_site_l_per_kwh"), 0.0);
    assert!(number("/closure/energy_relative").abs() < 1e-9);
    let written: Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("day/summary.json")).expect("the summary"))
            .expect("JSON");
    assert_eq!(written["metrics"], data["metrics"], "the file says what the command says");
}

#[test]
fn a_finished_run_is_kept_unless_it_is_to_be_replaced() {
    let folder = scratch();
    let run = |extra: &[&str]| {
        let mut arguments = vec!["run", "phoenix_zero_water", "--set", DAY, "--out", "day", "-q"];
        arguments.extend(extra);
        isotherm(folder.path(), &arguments)
    };
    assert_eq!(code(&run(&[])), 0);
    let before = std::fs::read(folder.path().join("day/manifest.json")).expect("a manifest");
    let refused = run(&[]);
    assert_eq!(code(&refused), 73);
    assert!(said(&refused).contains("--force"), "{}", said(&refused));
    assert_eq!(before, std::fs::read(folder.path().join("day/manifest.json")).expect("still there"));
    assert_eq!(code(&run(&["--force"])), 0);
}

#[test]
fn wrong_input_is_65_with_its_place_and_nothing_is_written() {
    let folder = scratch();
    let output = isotherm(folder.path(), &["run", "nvl72_pod", "--set", "cdu.supply_setpoint=40"]);
    assert_eq!(code(&output), 65);
    assert!(said(&output).contains("write for example \"40 °C\""), "{}", said(&output));
    let answer = isotherm(folder.path(), &["run", "nvl72_pod", "--set", "cdu.supply_setpoint=40", "--json"]);
    assert_eq!(code(&answer), 65);
    let answer = json(&answer);
    assert_eq!(answer["ok"], false);
    assert_eq!(answer["diagnostics"][0]["path"], "components.cdu.supply_setpoint");
    assert!(is_empty(folder.path()), "nothing is written");
}

#[test]
fn two_components_that_set_one_flow_are_65_from_check_and_from_run() {
    let folder = scratch();
    // Two CDUs one behind the other on one primary circuit, each with a valve of its own.
    let site = include_str!("../models/sites/nvl72_pod.ron")
        .replace(
            "\"facility_pump -> cdu.primary -> dry_cooler",
            "\"facility_pump -> cdu.primary -> extra.primary -> dry_cooler",
        )
        .replace(
            "\"cdu.secondary -> pod.liquid -> cdu.secondary\"",
            "\"cdu.secondary -> pod.liquid -> extra.secondary -> cdu.secondary\"",
        )
        .replace("\"crah\":", "\"extra\": Cdu(based_on: \"cdu_1350kw\"),\n        \"crah\":")
        .replace("transformer -> [cdu,", "transformer -> [extra, cdu,");
    std::fs::write(folder.path().join("two.ron"), site).expect("the site");
    for command in ["check", "run"] {
        let output = isotherm(folder.path(), &[command, "two.ron"]);
        assert_eq!(code(&output), 65, "{command}: {}", said(&output));
        assert!(
            said(&output).contains("ISO0700") && said(&output).contains("set twice"),
            "{}",
            said(&output)
        );
    }
}

#[test]
fn missing_input_is_66_and_usage_is_2() {
    let folder = scratch();
    let missing = isotherm(folder.path(), &["run", "nowhere.ron"]);
    assert_eq!(code(&missing), 66);
    assert!(said(&missing).contains("nowhere.ron"));
    assert_eq!(code(&isotherm(folder.path(), &["run"])), 2);
    assert_eq!(code(&isotherm(folder.path(), &["run", "nvl72_pod", "--set", "no_value"])), 2);
    assert_eq!(code(&isotherm(folder.path(), &["weather", "nowhere.epw"])), 66);
}

#[test]
fn too_many_racks_run_with_notes_and_far_too_many_say_what_got_hot() {
    let folder = scratch();
    let run = |racks: &str| {
        let racks = format!("racks.pod.count={racks}");
        isotherm(
            folder.path(),
            &["run", "nvl72_pod", "--set", DAY, "--set", &racks, "--out", "day", "--json", "--force"],
        )
    };
    let crowded = run("22");
    assert_eq!(code(&crowded), 0, "{}", String::from_utf8_lossy(&crowded.stdout));
    let notes = json(&crowded)["data"]["notes"].to_string();
    assert!(notes.contains("throttled") && notes.contains("off its set-point"), "{notes}");
    std::fs::remove_dir_all(folder.path().join("day")).expect("the run's folder");
    let melting = run("60");
    assert_eq!(code(&melting), 69);
    let diagnostics = json(&melting)["diagnostics"].to_string();
    assert!(diagnostics.contains("the heat is not carried off"), "{diagnostics}");
    assert!(is_empty(folder.path()), "a run that stopped leaves nothing");
}

#[test]
fn output_that_cannot_be_made_is_73_before_anything_is_calculated() {
    let folder = scratch();
    std::fs::write(folder.path().join("file"), "").expect("a file");
    let output = isotherm(folder.path(), &["run", "nvl72_pod", "--out", "file/run", "-q"]);
    assert_eq!(code(&output), 73, "{}", said(&output));
    std::fs::create_dir(folder.path().join("mine")).expect("a folder");
    std::fs::write(folder.path().join("mine/letter.txt"), "dear").expect("a file");
    let output = isotherm(folder.path(), &["run", "nvl72_pod", "--out", "mine", "-q", "--force"]);
    assert_eq!(code(&output), 73, "a folder that holds something else is left alone");
    assert_eq!(std::fs::read_to_string(folder.path().join("mine/letter.txt")).expect("the letter"), "dear");
}

#[test]
fn a_full_standard_output_is_74() {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else {
        println!("there is no /dev/full here: a full standard output is NOT tested");
        return;
    };
    let status = Command::new(env!("CARGO_BIN_EXE_isotherm"))
        .args(["check", "nvl72_pod"])
        .stdout(full)
        .stderr(Stdio::null())
        .status()
        .expect("the command starts");
    assert_eq!(status.code(), Some(74));
}

#[test]
fn everything_wrong_comes_at_once() {
    let folder = scratch();
    let site = include_str!("../models/sites/nvl72_pod.ron")
        .replace("\"40 °C\"", "\"40 kW\"")
        .replace("count: 8,", "count: -8,")
        .replace("dry_cooler -> facility_pump\"", "dry_coler -> facility_pump\"")
        .replace("\"phoenix\"", "\"phoenx\"");
    std::fs::write(folder.path().join("wrong.ron"), site).expect("the site");
    let output = isotherm(folder.path(), &["check", "wrong.ron"]);
    assert_eq!(code(&output), 65);
    let said = said(&output);
    for part in
        ["is a power", "is -8", "no dry_coler", "did you mean dry_cooler?", "did you mean phoenix?", "^^^"]
    {
        assert!(said.contains(part), "{part} is missing in\n{said}");
    }
}

#[test]
fn a_new_site_is_a_copy_that_checks_and_never_overwrites() {
    let folder = scratch();
    assert_eq!(code(&isotherm(folder.path(), &["new", "mine.ron", "--from", "harbin_air"])), 0);
    assert_eq!(code(&isotherm(folder.path(), &["check", "mine.ron", "--explain"])), 0);
    assert_eq!(code(&isotherm(folder.path(), &["new", "mine.ron"])), 73);
    assert_eq!(code(&isotherm(folder.path(), &["new", "other.ron", "--from", "nowhere"])), 65);
}

#[test]
fn the_catalogue_shows_kinds_records_and_their_sources() {
    let folder = scratch();
    let text = |what: &[&str]| {
        let mut arguments = vec!["catalogue"];
        arguments.extend(what);
        let output = isotherm(folder.path(), &arguments);
        assert_eq!(code(&output), 0, "{what:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    for shelf in ["kinds", "components", "racks", "grids", "climates", "sites"] {
        assert!(text(&[]).contains(shelf) && !text(&[shelf]).is_empty());
    }
    assert!(text(&["DryCooler"]).contains("**Source**"));
    assert!(text(&["maia100_cold_plate"]).contains("source:"));
    let grid: Value = serde_json::from_str(&text(&["us_sw_srp", "--json"])).expect("JSON");
    assert!(grid["data"]["record"].as_str().expect("the record").contains("US-SW-SRP"));
    assert_eq!(code(&isotherm(folder.path(), &["catalogue", "nonsense"])), 65);
}

#[test]
fn completions_name_the_subcommands() {
    let folder = scratch();
    for shell in ["bash", "zsh", "fish"] {
        let output = isotherm(folder.path(), &["completions", shell]);
        assert_eq!(code(&output), 0);
        assert!(String::from_utf8_lossy(&output.stdout).contains("catalogue"));
    }
}
