//! Targets: each met and missed, with its numbers recomputed from the columns; the exit codes of `--check-targets`.

mod support;

use engine::plant::declare::{Use, Water};
use engine::plant::network::MeterKind;
use engine::scenario::course::Course;
use engine::scenario::load as read;
use engine::study::case;
use engine::study::metrics::Summary;
use engine::study::run::{Outcome, Unobserved};
use engine::study::targets::Verdict;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};
use support::sites::{load, span};

/// Two days of July in steps of a quarter of an hour, each of them one step of the integrator.
fn run(site: &str, settings: &[(&str, &str)]) -> (Outcome, Summary) {
    let period = span(190.0, 2.0);
    let quick = [("run.dynamics", "QuasiSteady"), ("run.controls", "Ideal"), ("run.period", period.as_str())];
    let case = load(site, &[&quick, settings].concat());
    let (outcome, summary) = case::run(&case, &mut Unobserved).unwrap_or_else(|stopped| panic!("{stopped}"));
    assert_eq!(outcome.statistics.followed, 0, "each step of inputs is one step");
    (outcome, summary)
}

/// The amounts of meters, interval by interval [J or kg].
fn metered(outcome: &Outcome, wanted: &[MeterKind]) -> Vec<f64> {
    let trajectory = &outcome.trajectory;
    let mut sums = vec![0.0; trajectory.intervals()];
    for (meter, column) in trajectory.meters.iter().enumerate() {
        if wanted.contains(&column.kind) {
            sums.iter_mut().zip(trajectory.amounts(meter)).for_each(|(sum, of)| *sum += of);
        }
    }
    sums
}

fn it(outcome: &Outcome) -> Vec<f64> {
    metered(outcome, &[Use::It, Use::ServerFans, Use::PsuLoss].map(MeterKind::Use))
}

fn ratios(above: &[f64], below: &[f64], factor: f64) -> Vec<f64> {
    above.iter().zip(below).map(|(a, b)| factor * a / b).collect()
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-9)
}

/// Holds a verdict against the value of the run and those of its intervals: at most the limit, or at least.
fn hold(outcome: &Outcome, verdict: &Verdict, value: f64, intervals: &[f64], at_most: bool) {
    let text = &verdict.text;
    let sign = if at_most { 1.0 } else { -1.0 };
    let (found, margin) = (verdict.value.expect(text), verdict.margin.expect(text));
    assert!(near(found, value), "{text}: {found} {value}");
    assert!((margin - sign * (verdict.limit - value)).abs() < 1e-9, "{text}: {margin}");
    assert_eq!(verdict.met, margin >= 0.0, "{text}");
    let beyond: Vec<usize> =
        (0..intervals.len()).filter(|&k| sign * (intervals[k] - verdict.limit) > 0.0).collect();
    let times = &outcome.trajectory.times;
    assert!(near(verdict.hours_missed.expect(text), 0.25 * beyond.len() as f64), "{text}");
    assert_eq!(verdict.first_missed, beyond.first().map(|&k| times[k]), "{text}");
    let worst = intervals.iter().map(|v| sign * v).fold(f64::NEG_INFINITY, f64::max);
    assert!(near(sign * verdict.worst.expect(text), worst), "{text}");
    let at = verdict.worst_at.expect(text);
    let k = times.iter().position(|time| *time == at).expect(text);
    assert!(near(sign * intervals[k], worst), "{text}: the worst interval is another");
}

fn met(verdicts: &[Verdict]) -> Vec<bool> {
    verdicts.iter().map(|verdict| verdict.met).collect()
}

#[test]
fn ratios_of_the_run_are_compared_and_those_of_the_intervals_say_when() {
    let file = format!("{}/models/supply/wind_synthetic.csv", env!("CARGO_MANIFEST_DIR"));
    let carbon = format!("(contracts: [(technology: Wind, capacity: \"3 MW\", profile: {file:?})])");
    let targets = "[Pue(at_most: 1.15), Pue(at_most: 1.25), Wue(at_most: \"1.2 L/kWh\"), \
                   Wue(at_most: \"2 L/kWh\"), Cue(at_most: \"50 g/kWh\"), Cue(at_most: \"2 kg/kWh\"), \
                   CarbonFree(at_least: 0.99), CarbonFree(at_least: 0.2), \
                   Cue(at_most: \"50 g/kWh\", method: Market), Cue(at_most: \"2 kg/kWh\", method: Market), \
                   ZeroWater, FreeCooling(at_least: 0.5), FreeCooling(at_least: 0)]";
    let settings = [("site.grid", "us_sw_srp"), ("carbon", carbon.as_str()), ("targets", targets)];
    let (outcome, summary) = run("mixed_hall", &settings);
    let v = &summary.targets;
    for verdict in v {
        println!("{}", verdict.sentence());
    }
    let even = [false, true, false, true, false, true, false, true, false, true, false, false, true];
    assert_eq!(met(v), even);
    let sum = |of: &[f64]| of.iter().sum::<f64>();
    let (fed, it) = (metered(&outcome, &[MeterKind::Grid]), it(&outcome));
    let water = metered(&outcome, &[MeterKind::Water(Water::MakeUp)]);
    let pue = ratios(&fed, &it, 1.0);
    let wue = ratios(&water, &it, 3.6e6);
    let factor = summary.carbon.as_ref().expect("a grid").factor;
    let cue = ratios(&fed, &it, factor * 3.6e6);
    for k in [0, 1] {
        hold(&outcome, &v[k], sum(&fed) / sum(&it), &pue, true);
        hold(&outcome, &v[2 + k], 3.6e6 * sum(&water) / sum(&it), &wue, true);
        hold(&outcome, &v[4 + k], 3.6e6 * factor * sum(&fed) / sum(&it), &cue, true);
    }
    assert_eq!((v[2].limit, v[4].limit), (1.2, 0.05));
    assert_eq!((v[0].place.as_deref(), v[2].place.as_deref()), (None, Some("tower")));
    // Carbon-free: what the wind covers, and the grid's share of the rest.
    let course = Course::parse(&std::fs::read(file).expect("the wind"), "wind.csv").expect("a course");
    let grid =
        load("mixed_hall", &settings[..1]).grid.expect("a grid").carbon_free_share.expect("its share").value;
    let times: Vec<(f64, f64)> = outcome.trajectory.times.windows(2).map(|t| (t[0], t[1])).collect();
    let free: Vec<f64> = (fed.iter().zip(&times))
        .map(|(&fed, &(from, to))| {
            let matched = fed.min(3e6 * course.mean(from, to) * (to - from));
            matched + grid * (fed - matched)
        })
        .collect();
    for k in [6, 7] {
        hold(&outcome, &v[k], sum(&free) / sum(&fed), &ratios(&free, &fed, 1.0), false);
    }
    // Market-based: of the whole run, so that nobody can say when.
    let market = summary.supply.as_ref().and_then(|s| s.market_kg).expect("contracts");
    assert!(near(v[8].value.expect("a value"), market / (sum(&it) / 3.6e6)));
    assert_eq!((v[8].hours_missed, v[8].first_missed), (None, None));
    // Water, in m³.
    let cubic: Vec<f64> = water.iter().map(|kg| kg / 1000.0).collect();
    hold(&outcome, &v[10], sum(&cubic), &cubic, true);
    assert_eq!(v[10].place.as_deref(), Some("tower"));
    // The chiller runs all the time.
    let compressors = metered(&outcome, &[MeterKind::Use(Use::Compressors)]);
    assert!(compressors.iter().all(|joules| *joules > 0.0));
    let most = compressors.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).expect("intervals").0;
    assert_eq!((v[11].value, v[11].margin, v[11].hours_missed), (Some(0.0), Some(-0.5), Some(48.0)));
    assert_eq!((v[11].first_missed, v[11].worst_at), (Some(times[0].0), Some(times[most].0)));
    assert_eq!(v[11].place.as_deref(), Some("chiller"));
}

#[test]
fn temperatures_are_compared_at_their_worst_or_by_the_share_of_time_within() {
    let chips = ["air_cooled.accelerator", "cold_plate.accelerator"];
    let hottest_of = |outcome: &Outcome| -> Vec<f64> {
        let columns = chips.map(|chip| outcome.trajectory.named(&format!("{chip}.die")).expect(chip));
        columns[0].iter().zip(&columns[1]).map(|(a, b)| a.max(*b) - 273.15).collect()
    };
    let warm = ("crah.supply_air_setpoint", "26 °C");
    // A limit that is crossed now and then: the median.
    let mut sorted = hottest_of(&run("mixed_hall", &[warm]).0);
    sorted.sort_by(f64::total_cmp);
    let middle = format!("{:.2}", sorted[sorted.len() / 2]);
    let targets = format!(
        "[JunctionTemperature(at_most: \"50 °C\"), JunctionTemperature(at_most: \"90 °C\"), \
         JunctionTemperature(at_most: \"{middle} °C\", share_of_time: 0.999), \
         JunctionTemperature(at_most: \"{middle} °C\", share_of_time: 0.05), \
         InletTemperature(at_most: \"25 °C\"), InletTemperature(at_most: \"30 °C\"), \
         InletClass(H1), InletClass(A2), InletClass(H1, 0.5)]"
    );
    let middle: f64 = middle.parse().expect("a number");
    let (outcome, summary) = run("mixed_hall", &[warm, ("targets", &targets)]);
    let v = &summary.targets;
    for verdict in v {
        println!("{}", verdict.sentence());
    }
    assert_eq!(met(v), [false, true, false, true, false, true, false, true, false]);
    let junction = hottest_of(&outcome);
    let times = &outcome.trajectory.times;
    let hottest = junction.iter().copied().fold(f64::MIN, f64::max);
    for (verdict, limit) in v[..4].iter().zip([50.0, 90.0, middle, middle]) {
        let text = &verdict.text;
        // The first record is where the run starts, and lasts no time.
        let beyond: Vec<usize> = (1..junction.len()).filter(|&k| junction[k] > limit).collect();
        let hours = 0.25 * beyond.len() as f64;
        assert!(near(verdict.hours_missed.expect(text), hours), "{text}: {hours}");
        assert_eq!(verdict.first_missed, beyond.first().map(|&k| times[k - 1]), "{text}");
        assert!((verdict.worst.expect(text) - hottest).abs() < 1e-9, "{text}");
        let at = verdict.worst_at.expect(text);
        let k = times.iter().position(|time| *time == at).expect(text);
        assert_eq!(junction[k], hottest, "{text}");
        let place = verdict.place.as_deref().expect(text);
        let die = outcome.trajectory.named(&format!("{place}.die")).expect(text)[k] - 273.15;
        assert!(chips.contains(&place) && die == hottest, "{text}: {place}");
        let (value, margin) = (verdict.value.expect(text), verdict.margin.expect(text));
        if verdict.limit < 1.0 {
            assert!(near(value, 1.0 - hours / 48.0), "{text}: {value}");
            assert!((margin - (value - verdict.limit)).abs() < 1e-12, "{text}");
        } else {
            assert!((value - hottest).abs() < 1e-9 && verdict.limit == limit, "{text}: {value}");
            assert!((margin - (limit - hottest)).abs() < 1e-9, "{text}");
        }
    }
    let some = v[2].hours_missed.expect("hours");
    assert!(some > 0.0 && some < 48.0, "the limit is crossed: {some} h");
    let inlet = summary.metrics.max_inlet_c.expect("air");
    assert!(inlet > 25.0 && inlet < 30.0, "{inlet}");
    for (verdict, limit) in v[4..8].iter().zip([25.0, 30.0, 25.0, 35.0]) {
        assert_eq!(verdict.limit, limit, "{}", verdict.text);
        assert!((verdict.margin.expect("a margin") - (limit - inlet)).abs() < 1e-9, "{}", verdict.text);
        assert!(verdict.place.as_deref().is_some_and(|group| chips.iter().any(|c| c.starts_with(group))));
    }
}

fn isotherm(folder: &Path, more: &[&str]) -> Output {
    let quick = ["--set", "run.dynamics=QuasiSteady", "--set", "run.controls=Ideal"];
    Command::new(env!("CARGO_BIN_EXE_isotherm"))
        .args(["run", "phoenix_zero_water", "--out", "run", "--force"])
        .args(["--set", "run.period=Span(from: \"190 d\", for: \"6 h\")"])
        .args(quick)
        .args(more)
        .current_dir(folder)
        .output()
        .expect("the command starts")
}

#[test]
fn a_missed_target_is_64_only_where_it_is_asked_for_and_the_results_are_written() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let run = |more: &[&str]| {
        let output = isotherm(folder.path(), more);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let shown = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code().expect("an exit code"), said, shown)
    };
    let strict = ["--set", "targets=[ZeroWater, Pue(at_most: 1.01)]"];
    let (code, said, shown) = run(&["--check-targets"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.is_empty() && shown.contains("✓ ZeroWater: not a litre was made up"), "{said}{shown}");
    let (code, said, shown) = run(&strict);
    assert_eq!(code, 0, "{said}");
    assert!(shown.contains("    ✗ Pue(at_most: 1.01): 1."), "{shown}");
    let (code, said, _) = run(&[&strict[..], &["--check-targets", "--quiet"]].concat());
    assert_eq!(code, 64, "{said}");
    assert!(said.contains("missed: Pue(at_most: 1.01)") && said.contains("1 of 2 targets missed"), "{said}");
    assert!(!said.contains("ZeroWater"), "{said}");
    let (code, _, shown) = run(&[&strict[..], &["--check-targets", "--json"]].concat());
    assert_eq!(code, 64);
    let answer: Value = serde_json::from_str(&shown).expect("one JSON object");
    assert_eq!((&answer["ok"], &answer["data"]["targets"][1]["met"]), (&true.into(), &false.into()));
    let written = std::fs::read(folder.path().join("run/summary.json")).expect("the summary");
    let written: Value = serde_json::from_slice(&written).expect("JSON");
    assert_eq!(written["targets"], answer["data"]["targets"]);
    let dry = &written["targets"][0];
    assert_eq!(
        (&dry["value"], &dry["where"], &dry["first_missed"]),
        (&0.0.into(), &Value::Null, &Value::Null)
    );
    assert!(folder.path().join("run/manifest.json").is_file(), "the run is finished");
}

#[test]
fn targets_cannot_be_checked_where_there_are_none() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let output = isotherm(folder.path(), &["--set", "targets=[]", "--check-targets"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(65), "{said}");
    assert!(said.contains("ISO0803") && said.contains("targets: [ZeroWater"), "{said}");
    assert!(!folder.path().join("run").exists(), "nothing was calculated");
}

#[test]
fn what_is_wrong_with_targets_is_said_all_at_once() {
    let site = include_str!("../models/sites/nvl72_pod.ron");
    let problems = |targets: &str| -> Vec<String> {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let file = folder.path().join("site.ron");
        let own = "targets: [ZeroWater, JunctionTemperature(at_most: \"88 °C\")]";
        assert!(site.contains(own), "the site has other targets");
        std::fs::write(&file, site.replace(own, &format!("targets: {targets}"))).expect("the site");
        let problems = read(&file, &[]).err().unwrap_or_default();
        problems.iter().map(ToString::to_string).collect()
    };
    let says = |found: &[String], parts: &[&str]| {
        for part in parts {
            assert!(found.iter().any(|problem| problem.contains(part)), "{part:?} is not in {found:#?}");
        }
        assert_eq!(found.len(), parts.len(), "{found:#?}");
    };
    says(
        &problems(
            "[Noise(at_most: \"60 dB\"), Pue(at_most: 0.9), Wue(at_most: 1.8), Pue(), \
             JunctionTemperature(at_most: \"85 °C\", share_of_time: 1.2), InletClass(A9), Pue(at_least: 1.1)]",
        ),
        &[
            "Noise is not one of ZeroWater, Pue, Wue, Cue, JunctionTemperature",
            "is 0.9, but 1 to 100 is accepted",
            "targets[2].at_most",
            "targets[3].at_most: at_most is missing",
            "is 1.2, but 0 to 1 is accepted",
            "A9 is not one of A1, A2",
            "Pue has no field at_least",
            "targets[6].at_most: at_most is missing",
        ],
    );
    // What nothing is refused for but that this site cannot say.
    says(
        &problems("[CarbonFree(at_least: 0.9), Cue(at_most: \"1 g/kWh\", method: Market)]"),
        &[
            "error[ISO0215]: targets[0]: CarbonFree cannot be decided: nothing is bought",
            "market-based carbon needs contracts or a residual mix",
        ],
    );
    assert_eq!(problems("[ZeroWater, FreeCooling(at_least: \"10 %\")]"), [""; 0]);
}

/// Fifty minutes of a July afternoon with something that happens after thirty of them.
fn half_an_hour_before(event: &str, targets: &str) -> (Outcome, Summary) {
    let events = format!("[At(\"30 min\", {event})]");
    let settings = [
        ("run.period", "Span(from: \"190.6 d\", for: \"50 min\")"),
        ("run.controls", "Continuous"),
        ("run.step", "5 min"),
        ("events", events.as_str()),
        ("targets", targets),
    ];
    case::run(&load("nvl72_pod", &settings), &mut Unobserved).unwrap_or_else(|stopped| panic!("{stopped}"))
}

#[test]
fn a_ride_through_is_the_time_from_the_outage_to_what_gives_way_first() {
    let targets = "[RideThrough(at_least: \"5 min\"), RideThrough(at_least: \"1 s\"), \
                   RideThrough(at_least: \"19 min\", until: InletA2)]";
    let (outcome, summary) = half_an_hour_before("UtilityOutage(for: \"6 min\")", targets);
    let first = outcome.events.first.expect("an event");
    let trip = outcome.events.first_trip.as_ref().expect("something gives way");
    let (after, at) = (trip.after_s.unwrap(), trip.at_s.unwrap());
    // Without power for the pumps chips throttle within the six minutes.
    assert!(after > 1.0 && after < 300.0, "{after}");
    let [five, one, air] = &summary.targets[..] else { panic!("three targets") };
    assert_eq!((five.value, five.met, five.first_missed), (Some(after), false, Some(at)));
    assert!((five.margin.unwrap() - (after - 300.0)).abs() < 1e-9 && (at - first - after).abs() < 1e-6);
    assert!(
        five.sentence().contains("missed by")
            && five.what.as_ref().is_some_and(|what| what.contains("throttled"))
    );
    // Where is the chip alone, as columns name it.
    assert!(five.place.as_ref().is_some_and(|place| place.starts_with("pod.") && !place.contains(':')));
    assert_eq!((one.met, one.worst_at, one.first_missed), (true, Some(at), None));
    let inlet =
        outcome.events.all().into_iter().find(|c| c.threshold.what.contains("35 °C") && c.after_s.is_some());
    assert_eq!(air.value, inlet.expect("air above 35 °C").after_s);
}

#[test]
fn what_is_not_reached_lasts_at_least_until_the_run_ends() {
    // Racks with less to do: nothing gives way in the 20 minutes that are left.
    let targets = "[RideThrough(at_least: \"19 min\"), RideThrough(at_least: \"2 h\")]";
    let (outcome, summary) = half_an_hour_before("LoadStep(\"pod\", 0.2, \"5 min\")", targets);
    assert_eq!(outcome.events.first_trip, None);
    let [short, long] = &summary.targets[..] else { panic!("two targets") };
    assert!((short.value.unwrap() - 1200.0).abs() < 1e-6 && short.met && short.worst_at.is_none());
    assert!(
        short.sentence().ends_with("not reached in the 20 min 00 s until the run ends"),
        "{}",
        short.sentence()
    );
    assert!(!long.met && long.sentence().contains("let it go on for longer"), "{}", long.sentence());
}

#[test]
fn limits_of_money_and_of_embodied_carbon_are_held_against_the_books() {
    let bill = "[Equipment(of: AscendCard, count: 17984)]";
    let targets = "[Cost(at_most: 0.9, currency: USD), Cost(at_most: 0.9, currency: USD, per: InstalledHour), \
                   Cost(at_most: 1e9, currency: USD, per: Year), Embodied(at_most: \"4000 t\"), \
                   Embodied(at_most: \"700 t\", per: Year)]";
    let (_, summary) = run("harbin_air", &[("embodied", bill), ("targets", targets)]);
    let money = summary.books.money.as_ref().unwrap();
    let values: Vec<f64> = summary.targets.iter().map(|target| target.value.unwrap()).collect();
    let hour = money.per_accelerator_hour.unwrap().value;
    assert_eq!(values[..3], [hour, money.per_accelerator_hour_installed.unwrap(), money.per_year.value]);
    // 17,984 cards of 200 kg: 3,596.8 t, over five years 719.36 t a year.
    assert!(near(values[3], 3_596_800.0) && near(values[4], 719_360.0), "{values:?}");
    assert_eq!(met(&summary.targets), [hour <= 0.9, true, true, true, false]);
    let json: Vec<Value> = summary.targets.iter().map(Verdict::json).collect();
    let units: Vec<&str> = json.iter().map(|target| target["unit"].as_str().unwrap()).collect();
    assert_eq!(units, ["USD/h", "USD/h", "USD/a", "kg", "kg"]);
    assert!(
        summary.targets[4].sentence().ends_with("719 t, missed by 19.4 t"),
        "{}",
        summary.targets[4].sentence()
    );
}
