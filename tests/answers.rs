//! `isotherm targets` as its users meet it: what is met, what would meet the rest, water, compressors.

mod support;

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};
use support::sites::run;

/// A cold day: fans and valves are within their range, so that water and chips follow their set-points.
const DAY: &str = "Span(from: \"10 d\", for: \"1 d\")";

fn isotherm(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let period = format!("run.period={DAY}");
    let output = Command::new(env!("CARGO_BIN_EXE_isotherm"))
        .args([&["targets"], arguments, &["--set", &period]].concat())
        .current_dir(folder.path())
        .output()
        .expect("the command starts");
    let files = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(files, 0, "answers leave no files");
    output
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn answer(arguments: &[&str]) -> Value {
    let output = isotherm(&[arguments, &["--json"]].concat());
    assert!(output.status.success(), "{}", said(&output));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert_eq!(answer["schema"], "isotherm.targets/1");
    answer["data"].clone()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

const COOL: [&str; 3] =
    ["phoenix_zero_water", "--set", "targets=[ZeroWater, JunctionTemperature(at_most: \"60 °C\")]"];

/// Hottest junction [°C] at a supply of the CDU.
fn hottest(supply: &str) -> f64 {
    let settings = [("run.period", DAY), ("run.dynamics", "QuasiSteady"), ("cdu.supply_setpoint", supply)];
    run("phoenix_zero_water", &settings).1.metrics.max_junction_c.expect("chips")
}

#[test]
fn the_set_point_that_meets_a_missed_target_meets_it_and_a_tenth_of_a_kelvin_more_does_not() {
    let data = answer(&[&COOL[..], &["--vary", "cdu.supply_setpoint=30 °C..45 °C"]].concat());
    assert_eq!((&data["targets"][0]["met"], &data["targets"][1]["met"]), (&true.into(), &false.into()));
    let ways = data["missed"][0]["ways"].as_array().expect("ways");
    assert_eq!(ways.len(), 1, "only what was named is varied");
    let way = &ways[0];
    assert_eq!((&way["now"], &way["result"]["met"]), (&"40 °C".into(), &true.into()));
    let value = way["value"].as_str().expect("a value");
    let celsius: f64 = value.strip_suffix(" °C").and_then(|v| v.parse().ok()).expect("a temperature");
    // Chips are as much warmer than the water as before: 63.9 °C at 40 °C, so about 36.1 °C.
    assert!(celsius > 35.5 && celsius < 37.0, "{value}");
    assert!(
        (hottest(value) - number(&way["result"]["value"])).abs() < 1e-9,
        "it is the simulation's own figure"
    );
    assert!(hottest(value) <= 60.0 && hottest(&format!("{:.1} °C", celsius + 0.1)) > 60.0, "{value}");
}

#[test]
fn what_does_not_suffice_says_how_far_it_gets() {
    let data = answer(&[&COOL[..], &["--vary", "cdu.supply_setpoint=39 °C..45 °C"]].concat());
    let way = &data["missed"][0]["ways"][0];
    assert_eq!((&way["value"], &way["result"]["met"]), (&"39 °C".into(), &false.into()));
    assert!((number(&way["result"]["value"]) - hottest("39 °C")).abs() < 1e-9);
    let sentences = data["missed"][0]["sentences"].as_array().expect("sentences");
    let text: Vec<&str> = sentences.iter().filter_map(Value::as_str).collect();
    assert!(
        text[1].contains("does not suffice from 39 °C to 45 °C (now 40 °C): it comes nearest at 39 °C"),
        "{text:?}"
    );
    assert!(text[2].contains("No single one of them suffices"), "{text:?}");
}

#[test]
fn levers_are_found_where_none_is_named() {
    let data = answer(&COOL);
    let missed = &data["missed"][0];
    assert!(number(&missed["tried"]) > 20.0, "{missed}");
    let ways = missed["ways"].as_array().expect("ways");
    assert!(!ways.is_empty() && ways.len() <= 3, "{missed}");
    let setpoint = ways.iter().find(|way| way["path"] == "components.cdu.supply_setpoint");
    let setpoint = setpoint.unwrap_or_else(|| panic!("the supply of the CDU is the lever: {missed}"));
    assert_eq!(setpoint["result"]["met"], true);
}

#[test]
fn doing_without_water_is_weighed_against_the_same_site_with_pads() {
    // July: the pads are wet.
    let july = ["phoenix_zero_water", "--json", "--set", "run.period=Span(from: \"195 d\", for: \"1 d\")"];
    let folder = tempfile::tempdir().expect("a scratch folder");
    let output = Command::new(env!("CARGO_BIN_EXE_isotherm"))
        .args([&["targets"], &july[..]].concat())
        .current_dir(folder.path())
        .output()
        .expect("the command starts");
    assert!(output.status.success(), "{}", said(&output));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let data = &answer["data"];
    assert_eq!(data["water"]["make_up_m3"], 0.0);
    let difference = &data["water"]["against"][0]["comparison"]["differences"][0];
    assert_eq!(difference["from"], "phoenix_zero_water with pads");
    assert_eq!(difference["same_work"], true);
    assert!(number(&difference["water_m3"]["change"]) < -1.0, "the twin uses water");
    let steps = difference["energy_kwh"]["steps"].as_array().expect("steps");
    let fans = steps.iter().find(|step| step["name"] == "heat_rejection_fans").expect("fans");
    assert!(number(&fans["change"]) > 0.0, "dry coolers blow more: {fans}");
    // A July day in Phoenix is never below 18 °C.
    let compressors = &data["compressors"];
    assert_eq!(compressors["machines"][0]["unavoidable_hours"], 24.0);
    assert_eq!(compressors["hours_run"], 24.0);
    assert_eq!(compressors["hours_with_largest"], 24.0);
}

#[test]
fn a_plant_on_towers_has_a_twin_on_dry_coolers_sized_by_a_rule_that_is_said() {
    let data = answer(&["phoenix_evaporative"]);
    assert_eq!(data["water"]["why_not"], Value::Null);
    let twin = &data["water"]["against"][0];
    let rule = twin["derived"].as_str().expect("a rule");
    for part in ["dry coolers in place of its towers", "an approach of 6 K", "dry_cooler_1mw"] {
        assert!(rule.contains(part), "{part}: {rule}");
    }
    let difference = &twin["comparison"]["differences"][0];
    assert_eq!(difference["to"], "phoenix_evaporative on dry coolers");
    assert_eq!(difference["same_work"], true);
    // All the water is saved, and fans blow for it.
    let saved = number(&difference["water_m3"]["change"]);
    assert!((saved + number(&data["water"]["make_up_m3"])).abs() < 1e-9 && saved < 0.0, "{saved}");
    let steps = difference["energy_kwh"]["steps"].as_array().expect("steps");
    let fans = steps.iter().find(|step| step["name"] == "heat_rejection_fans").expect("fans");
    assert!(number(&fans["change"]) > 0.0, "{fans}");
    let hours = |name: &str| number(&twin[name]);
    assert!(hours("compressor_hours_without") >= hours("compressor_hours_with_water"), "{twin}");
}

#[test]
fn a_plant_on_towers_is_weighed_against_the_one_that_is_named() {
    let data = answer(&["phoenix_evaporative", "--against", "phoenix_zero_water"]);
    let difference = &data["water"]["against"][0]["comparison"]["differences"][0];
    assert_eq!(
        (&difference["from"], &difference["to"]),
        (&"phoenix_evaporative".into(), &"phoenix_zero_water".into())
    );
    assert_eq!(data["water"]["why_not"], Value::Null);
}

#[test]
fn what_cannot_be_varied_is_refused_with_the_reason() {
    let refused = |vary: &str, code: i32, part: &str| {
        let output = isotherm(&[&COOL[..], &["--vary", vary]].concat());
        let said = said(&output);
        assert_eq!(output.status.code(), Some(code), "{vary}: {said}");
        assert!(said.contains(part), "{vary}: {part:?} is not in {said}");
    };
    refused("cdu.supply_setpoint", 2, "write PATH=LOW..HIGH");
    refused("cdu.supply_setpoin=30 °C..40 °C", 65, "cdu has no field supply_setpoin");
    refused("cdu.supply_setpoint=30..40", 65, "30");
    refused("cdu.supply_setpoint=40 °C..30 °C", 65, "LOW..HIGH");
    refused("title=1..2", 65, "title is no number");
    assert!(Path::new("models/sites/phoenix_zero_water.ron").is_file());
}

#[test]
fn a_site_without_targets_is_answered_all_the_same() {
    let output = isotherm(&["harbin_air"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", said(&output));
    for part in [
        "the site has no targets; write for example",
        "Without water",
        "no variant can be derived",
        "chiller",
    ] {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
}
