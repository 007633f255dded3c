//! `isotherm compare` as its users meet it: sites, finished runs, what is refused.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Two days of July, so that it is quick.
const SHORT: [&str; 2] = ["--set", "run.period=Span(from: \"195 d\", for: \"2 d\")"];

fn isotherm(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_isotherm"));
    command.args(arguments).current_dir(folder).output().expect("the command starts")
}

fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().expect("a scratch folder")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn answer(output: &Output) -> Value {
    assert!(output.status.success(), "{}", said(output));
    serde_json::from_slice(&output.stdout).expect("one JSON object")
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn air_and_cold_plates_do_the_same_work_and_the_steps_sum_to_the_difference() {
    let folder = scratch();
    let sites = ["compare", "harbin_air", "harbin_cold_plate", "--json"];
    let data = answer(&isotherm(folder.path(), &[&sites[..], &SHORT].concat()));
    assert_eq!(data["schema"], "isotherm.compare/1");
    let difference = &data["data"]["differences"][0];
    assert_eq!(difference["same_work"], true);
    for (fall, total) in
        [("energy_kwh", "facility_energy_kwh"), ("kwh_per_it_kwh", "pue"), ("water_m3", "water_m3")]
    {
        let fall = &difference[fall];
        let steps = fall["steps"].as_array().expect("steps");
        let sum: f64 =
            steps.iter().map(|step| number(&step["change"])).sum::<f64>() + number(&fall["unaccounted"]);
        let change = number(&fall["change"]);
        assert!((sum - change).abs() <= 1e-12 * change.abs(), "{total}: {sum} against {change}");
        let figures = difference["figures"].as_array().expect("figures");
        let figure = figures.iter().find(|figure| figure["figure"] == total).expect("a figure");
        assert!(
            (change - number(&figure["change"])).abs() <= 1e-9 * number(&figure["from"]).abs(),
            "{total}"
        );
        // The run's own balance closes to round-off, so the steps leave nothing of the total.
        assert!(number(&fall["unaccounted"]).abs() <= 1e-12 * number(&fall["from"]).abs(), "{total}");
    }
    // Chips on cold plates need less air: the fans in the servers are what the site is for.
    let steps = difference["energy_kwh"]["steps"].as_array().expect("steps");
    let fans = steps.iter().find(|step| step["name"] == "server_fans").expect("fans");
    assert!(number(&fans["change"]) < -0.3 * number(&fans["from"]), "{fans}");
    let first = difference["sentences"][0].as_str().expect("a sentence");
    assert!(
        first.starts_with("harbin_cold_plate uses ") && first.contains("for the same IT work"),
        "{first}"
    );
}

#[test]
fn a_finished_run_is_the_same_as_its_site_and_its_folder_is_not_touched() {
    let folder = scratch();
    let quasi = ["--set", "run.dynamics=QuasiSteady"];
    let run = [&["run", "phoenix_zero_water", "--out", "dry", "-q"][..], &SHORT, &quasi].concat();
    assert!(isotherm(folder.path(), &run).status.success());
    let before = fs::read(folder.path().join("dry/manifest.json")).expect("a manifest");
    let both = [&["compare", "dry", "phoenix_zero_water", "--json"][..], &SHORT].concat();
    let data = answer(&isotherm(folder.path(), &both));
    let difference = &data["data"]["differences"][0];
    assert_eq!(difference["energy_kwh"]["change"], 0.0);
    assert_eq!(difference["unlike"], serde_json::json!([]));
    let names: Vec<&Value> =
        data["data"]["sides"].as_array().expect("sides").iter().map(|side| &side["name"]).collect();
    assert_eq!(names, ["dry", "phoenix_zero_water"]);
    assert_eq!(fs::read(folder.path().join("dry/manifest.json")).expect("a manifest"), before);
    let mut entries = fs::read_dir(folder.path()).expect("a folder").count();
    entries -= 1;
    assert_eq!(entries, 0, "a comparison leaves no files");
}

#[test]
fn variants_of_one_site_are_named_by_what_is_set() {
    let folder = scratch();
    let warm = "phoenix_zero_water?cdu.supply_setpoint=45 °C&controls.facility_water.at=39 °C";
    let sites = ["compare", "phoenix_zero_water", warm];
    let output = isotherm(folder.path(), &[&sites[..], &SHORT].concat());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", said(&output));
    let title = "phoenix_zero_water #2: Phoenix: the same racks without a litre of water, with \
                 cdu.supply_setpoint=45 °C, controls.facility_water.at=39 °C\n";
    assert!(text.contains(title), "{text}");
    assert!(text.contains("From phoenix_zero_water to phoenix_zero_water #2: electricity, kWh"), "{text}");
    let data = answer(&isotherm(folder.path(), &[&sites[..], &["--json"], &SHORT].concat()));
    let said = data["data"]["differences"][0]["sentences"][0].as_str().expect("a sentence");
    // Warmer water is cooled by slower fans.
    assert!(
        said.contains("less electricity than phoenix_zero_water for the same IT work: heat rejection fans −"),
        "{said}"
    );
}

#[test]
fn more_work_is_said_and_compared_per_accelerator_hour() {
    // Utilisation 0.85 against 0.425: half of the accelerator-hours.
    let folder = scratch();
    let half = "phoenix_zero_water?racks.hall.workload=Constant(utilisation: 0.425)";
    let sites = ["compare", "phoenix_zero_water", half, "--json"];
    let data = answer(&isotherm(folder.path(), &[&sites[..], &SHORT].concat()));
    let difference = &data["data"]["differences"][0];
    assert_eq!(difference["same_work"], false);
    assert!((number(&difference["work_difference"]) + 0.5).abs() < 1e-12);
    let per_hour = &difference["wh_per_accelerator_hour"];
    // What is drawn without work is shared by fewer hours.
    assert!(number(&per_hour["to"]) > number(&per_hour["from"]), "{per_hour}");
    let said = difference["sentences"][1].as_str().expect("a sentence");
    assert!(said.starts_with("The IT work differs:") && said.contains("50.0 % less"), "{said}");
}

#[test]
fn what_cannot_be_compared_is_refused_with_its_place_and_the_way_out() {
    let folder = scratch();
    let refused = |sides: &[&str], code: i32, parts: &[&str]| {
        let output = isotherm(folder.path(), &[&["compare"], sides, &SHORT[..]].concat());
        let said = said(&output);
        assert_eq!(output.status.code(), Some(code), "{sides:?}: {said}");
        assert!(output.stdout.is_empty(), "{sides:?}");
        for part in parts {
            assert!(said.contains(part), "{sides:?}: {part:?} is not in {said}");
        }
    };
    refused(&["harbin_air"], 2, &["2 values required"]);
    // All that is wrong with all of them.
    refused(&["harbin_ai", "phoenix_zero_watr"], 66, &["harbin_air?", "phoenix_zero_water?", "2 errors"]);
    refused(
        &["harbin_air", "harbin_air?cduu.supply_setpoint=30 °C", "harbin_air?crah.count=0"],
        65,
        &["cduu", "crah.count"],
    );
    refused(&["harbin_air", "harbin_air_no_cooling"], 65, &["--dynamics as-written"]);
    fs::create_dir(folder.path().join("empty")).expect("a folder");
    refused(&["harbin_air", "empty"], 66, &["empty holds no finished run"]);
    fs::create_dir(folder.path().join("torn")).expect("a folder");
    fs::write(folder.path().join("torn/unfinished.txt"), "").expect("a journal");
    refused(&["harbin_air", "torn"], 66, &["isotherm run --resume torn"]);
}

#[test]
fn a_summary_that_was_changed_after_its_run_is_refused() {
    let folder = scratch();
    let run = [
        &["run", "phoenix_zero_water", "--out", "dry", "-q", "--set", "run.dynamics=QuasiSteady"][..],
        &SHORT,
    ];
    assert!(isotherm(folder.path(), &run.concat()).status.success());
    let file = folder.path().join("dry/summary.json");
    let text = fs::read_to_string(&file).expect("a summary");
    let changed = |text: &str| {
        fs::write(&file, text).expect("a summary");
        let output = isotherm(folder.path(), &["compare", "dry", "dry"]);
        (output.status.code(), said(&output))
    };
    assert_eq!(changed(&text).0, Some(0));
    let (code, said) = changed(&text.replace("\"pue\": 1.", "\"pue\": 0."));
    assert_eq!(code, Some(65), "{said}");
    assert!(said.contains("is not what the run's manifest says"), "{said}");
    assert_eq!(changed(&text[..text.len() / 2]).0, Some(65));
}
