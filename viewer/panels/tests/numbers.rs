//! A number on screen is a number of the report.

mod support;

use engine::scenario;
use engine::study::{case, report, run::Unobserved};
use panels::shade::Shade;
use panels::window::Action;
use std::path::Path;
use support::{bench, finish, window};

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

#[test]
fn figures_of_racks_and_site_are_those_of_the_summary() {
    let window = window("mixed_hall");
    let shown = &bench(&window).shown;
    let finished = shown.finished.as_ref().unwrap_or_else(|| panic!("it has not finished"));

    let settings = [("run.period".to_owned(), "Span(from: \"200 d\", for: \"2 h\")".to_owned())];
    let loaded = scenario::load(Path::new("mixed_hall"), &settings).unwrap_or_else(|p| panic!("{p:?}"));
    let (outcome, summary) = case::run(&loaded.case, &mut Unobserved).unwrap_or_else(|s| panic!("{s}"));
    let json = report::summary_json(&loaded.case, &outcome, &summary);

    let (own, whole) = finished.calculated.as_deref().unwrap_or_else(|| panic!("it was not calculated"));
    assert_eq!(json, report::summary_json(&shown.case, whole, own));
    for (rows, of) in shown.floor.rows.iter().enumerate() {
        for rack in [0, of.racks.len() - 1] {
            let id = format!("{}[{rack}]", of.hall);
            let listed =
                json["racks"].as_array().and_then(|racks| racks.iter().find(|r| r["id"] == id.as_str()));
            let listed = listed.unwrap_or_else(|| panic!("{id} is not listed"));
            assert_eq!(window.value(Shade::Pue, rows, rack), listed["pue"].as_f64(), "{id}");
            assert_eq!(window.value(Shade::Water, rows, rack), listed["wue_l_per_kwh"].as_f64(), "{id}");
        }
    }
}

#[test]
fn intervals_add_up_to_the_energy_and_water_of_the_run() {
    let window = window("mixed_hall");
    let shown = &bench(&window).shown;
    let metrics = &shown.finished.as_ref().unwrap_or_else(|| panic!("it has not finished")).metrics;
    let sum = |of: &dyn Fn(&engine::study::intervals::Interval) -> f64| {
        shown.record.intervals.iter().map(of).sum::<f64>()
    };
    assert!(close(sum(&|i| i.facility) / 3.6e6, metrics.facility_energy_kwh));
    assert!(close(sum(&|i| i.it()) / 3.6e6, metrics.it_energy_kwh));
    assert!(close(sum(&|i| i.make_up) / 1000.0, metrics.water_m3));
    assert!(close(sum(&|i| i.length), 7200.0));
}

#[test]
fn the_power_that_racks_are_coloured_by_adds_up_to_the_it_power() {
    let window = window("mixed_hall");
    let shown = &bench(&window).shown;
    let last = shown.record.times.len() - 1;
    let mut racks = 0.0;
    for (rows, of) in shown.floor.rows.iter().enumerate() {
        for rack in 0..of.racks.len() {
            racks += window.value(Shade::Power, rows, rack).unwrap_or_else(|| panic!("no power"));
        }
    }
    // Loads are constant there, so that the mean over the last interval is the power at its end.
    let it = shown.record.intervals[last].mean(shown.record.intervals[last].it()) / 1000.0;
    assert!((racks - it).abs() < 1e-4 * it, "{racks} kW against {it} kW");
}

#[test]
fn a_change_runs_the_site_anew_and_can_be_taken_back() {
    let mut window = window("mixed_hall");
    let pue = |window: &panels::window::Window| {
        bench(window).shown.finished.as_ref().and_then(|finished| finished.metrics.pue)
    };
    let before = pue(&window);
    let set = |path: &str, text: &str| Action::Set { path: path.into(), text: text.into() };
    window.act(set("chiller.supply_setpoint", "11 °C"));
    assert!(bench(&window).problems.is_empty(), "{:?}", bench(&window).problems);
    finish(&mut window);
    assert!(pue(&window) > before, "colder water costs more: {:?} after {before:?}", pue(&window));
    assert_eq!(bench(&window).can_undo(), Some("chiller.supply_setpoint = 11 °C"));
    window.act(Action::Undo);
    finish(&mut window);
    assert_eq!(pue(&window), before, "bit by bit");
    window.act(Action::Redo);
    finish(&mut window);
    assert!(pue(&window) > before);
}

#[test]
fn a_change_that_is_refused_changes_nothing_and_says_why() {
    let mut window = window("mixed_hall");
    let before = bench(&window).scenario.clone();
    window.act(Action::Set { path: "chiller.supply_setpoint".into(), text: "17".into() });
    let problems = &bench(&window).problems;
    assert!(problems.iter().any(|problem| problem.message.contains("unit")), "{problems:?}");
    assert_eq!(bench(&window).scenario, before);
    assert_eq!(bench(&window).can_undo(), None);
}

#[test]
fn a_saved_site_gives_the_same_bits_as_the_one_on_the_bench() {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let file = folder.path().join("kept.ron");
    let mut window = window("mixed_hall");
    window.act(Action::Set { path: "chiller.supply_setpoint".into(), text: "14 °C".into() });
    finish(&mut window);
    window.act(Action::Save(Some(file.clone())));
    assert!(bench(&window).saved, "{:?}", window.said);
    let loaded = scenario::load(&file, &[]).unwrap_or_else(|p| panic!("{p:?}"));
    let (_, summary) = case::run(&loaded.case, &mut Unobserved).unwrap_or_else(|s| panic!("{s}"));
    let shown = bench(&window).shown.finished.as_ref().unwrap_or_else(|| panic!("it has not finished"));
    assert_eq!(summary.metrics, shown.metrics);
}

#[test]
fn a_file_of_somebody_else_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let file = folder.path().join("theirs.ron");
    std::fs::write(&file, "theirs").unwrap_or_else(|error| panic!("{error}"));
    let mut window = window("mixed_hall");
    window.act(Action::Save(Some(file.clone())));
    assert!(window.said.as_deref().is_some_and(|said| said.contains("not overwritten")), "{:?}", window.said);
    assert_eq!(std::fs::read_to_string(&file).ok().as_deref(), Some("theirs"));
}

#[test]
fn what_was_not_saved_is_there_after_a_crash() {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let file = folder.path().join("mine.ron");
    let mut first = window("mixed_hall");
    first.act(Action::Save(Some(file.clone())));
    first.act(Action::Set { path: "chiller.supply_setpoint".into(), text: "13 °C".into() });
    let changed = bench(&first).scenario.clone();
    drop(first); // without saving
    let mut second = panels::window::Window::default();
    assert!(second.open(&file, &[]));
    assert!(bench(&second).unsaved.is_some());
    assert_ne!(bench(&second).scenario, changed);
    second.act(Action::Recover);
    assert_eq!(bench(&second).scenario.root, changed.root);
    assert!(!bench(&second).saved);
    second.act(Action::Save(None));
    assert!(bench(&second).saved && !folder.path().join(".mine.unsaved.ron").exists());
}

#[test]
fn a_trip_at_the_cursor_is_an_event_of_the_site() {
    let mut window = window("nvl72_pod");
    let start = bench(&window).shown.case.run.start_s;
    window.act(Action::Seek(start + 1800.0));
    window.act(Action::Trip("facility_pump[0]".into()));
    assert!(bench(&window).problems.iter().all(|p| !p.is_error()), "{:?}", bench(&window).problems);
    finish(&mut window);
    let events = &bench(&window).shown.case.events;
    assert_eq!(events.len(), 1);
    assert!((events[0].at_s - 1800.0).abs() < 1.0);
    assert_eq!(bench(&window).playback.time(), start + 1800.0, "the cursor stays");
}
