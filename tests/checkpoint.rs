//! A run that was stopped and gone on with is, bit by bit, one that was never stopped.

mod support;

use engine::plant::network::MeterKind;
use engine::scenario::Case;
use engine::study::case::{resume, run};
use engine::study::metrics::Summary;
use engine::study::report;
use engine::study::run::{Moment, Next, Observer, Outcome, Stopped};
use engine::study::write::parquet;
use support::bits::bits;
use support::sites::{load, span, without_events};

const CONTINUOUS: (&str, &str) = ("run.controls", "Continuous");

/// Looks at the whole state after every step, and perhaps stops there.
#[derive(Default)]
struct Watch {
    states: Vec<Vec<u8>>,
    stops: bool,
}

impl Observer for Watch {
    fn after_step(&mut self, moment: &mut Moment) -> Next {
        let mut state = Vec::new();
        moment.write(&mut state).expect("memory takes everything");
        self.states.push(state);
        if self.stops { Next::Stop } else { Next::GoOn }
    }
}

/// Everything that a run writes.
fn files(case: &Case, (outcome, summary): &(Outcome, Summary)) -> [Vec<u8>; 3] {
    let mut series = Vec::new();
    let columns = report::RunColumns::of(&outcome.trajectory).expect("a table");
    parquet::write(&columns, &mut series).expect("memory takes everything");
    let mut inside = Vec::new();
    for (_, table) in outcome.inside.iter().flat_map(|inside| inside.tables().expect("tables")) {
        parquet::write(&table, &mut inside).expect("memory takes everything");
    }
    [series, inside, report::summary_json(case, outcome, summary).to_string().into_bytes()]
}

/// Stops after every step, and goes on from there with nothing but the bytes of the state.
fn in_single_steps(name: &str, case: &Case, watch: &mut Watch) -> (Outcome, Summary) {
    watch.stops = true;
    let mut result = run(case, watch);
    loop {
        match result {
            Err(Stopped::Cancelled { .. }) => {
                let state = watch.states.last().expect("a state").clone();
                result = resume(case, &mut state.as_slice(), watch);
            }
            other => return other.unwrap_or_else(|stopped| panic!("{name}: {stopped}")),
        }
    }
}

/// Compares the two, and gives the outcome.
fn hold(name: &str, settings: &[(&str, &str)]) -> (Outcome, Summary) {
    let case = load(name, settings);
    let mut straight = Watch::default();
    let whole = run(&case, &mut straight).unwrap_or_else(|stopped| panic!("{name}: {stopped}"));
    let mut halting = Watch::default();
    let pieces = in_single_steps(name, &case, &mut halting);
    assert!(straight.states.len() > 5, "{name}: only {} steps", straight.states.len());
    assert_eq!(straight.states.len(), halting.states.len(), "{name}: as many steps");
    for (k, (a, b)) in straight.states.iter().zip(&halting.states).enumerate() {
        assert!(a == b, "{name}: after step {} the states differ", k + 1);
    }
    for (a, b) in bits(&whole.0).iter().zip(&bits(&pieces.0)) {
        assert!(a == b, "{name}: {} differs", a.0);
    }
    assert!(files(&case, &whole) == files(&case, &pieces), "{name}: the files differ");
    assert_eq!(whole.0.statistics, pieces.0.statistics, "{name}");
    assert_eq!(whole.0.notes, pieces.0.notes, "{name}");
    assert_eq!(whole.0.events, pieces.0.events, "{name}");
    whole
}

/// Every shipped site over so many of its steps and a half, with a record after every second one.
fn hold_every_site(steps: f64, controls: &str) {
    for site in without_events() {
        let step = load(site, &[]).run.step_s;
        let period = span(199.6, (steps + 0.5) * step / 86_400.0);
        let record = format!("{} s", 2.0 * step);
        let settings = [("run.period", &*period), ("run.output_every", &*record), ("run.controls", controls)];
        hold(site, &settings);
    }
}

#[test]
fn every_shipped_site_may_stop_after_every_step() {
    hold_every_site(12.0, "Continuous");
}

#[test]
fn sampled_controllers_remember_their_integrals_and_when_they_act() {
    hold_every_site(8.0, "Sampled");
}

#[test]
fn what_a_battery_and_a_tank_carry_for_the_racks_is_remembered() {
    let file = format!("{}/models/supply/grid_synthetic.csv", env!("CARGO_MANIFEST_DIR"));
    let carbon = format!("(profile: {file:?})");
    let settings = [
        ("run.period", &*span(199.6, 0.07)),
        ("run.step", "10 min"),
        ("run.controls", "Continuous"),
        ("battery.initial_level", "0.5"),
        ("battery.peak_limit", "2 MW"),
        ("carbon", &*carbon),
    ];
    let (outcome, _) = hold("tests/support/one_of_each.ron", &settings);
    let charged = outcome.accounts.sum(|m| m.kind == MeterKind::Charged);
    assert!(charged > 3.6e6, "the battery has taken in {charged} J: nothing is carried");
}

#[test]
fn a_steady_load_leaves_the_step_control_its_memory() {
    // Where loads jump at every step of inputs, the history of errors is forgotten there and proves nothing.
    let period = span(199.6, 0.125);
    for (site, load) in [("nvl72_pod", "racks.pod.workload"), ("phoenix_evaporative", "racks.hall.workload")]
    {
        for controls in ["Continuous", "Sampled"] {
            // So tight that it is the error that decides on the step, not the end of the interval.
            let tight = ("run.tolerance", "1e-7");
            let steady = (load, "Constant(utilisation: 0.85)");
            hold(site, &[("run.period", &*period), ("run.controls", controls), steady, tight]);
        }
    }
}

#[test]
fn the_other_integrators_may_stop_too() {
    for method in ["Rodas4", "Dopri5"] {
        let short = span(199.5, 0.08);
        hold("nvl72_pod", &[("run.period", &short), ("run.method", method), CONTINUOUS]);
    }
}

#[test]
fn what_was_seen_of_limits_is_remembered() {
    let targets = "[JunctionTemperature(at_most: \"70 °C\"), InletClass(A1, 0.9), ZeroWater]";
    for fidelity in ["Lumped", "Rack"] {
        let settings = [
            ("run.period", &*span(199.6, 0.08)),
            ("run.fidelity", fidelity),
            ("targets", targets),
            CONTINUOUS,
        ];
        let (outcome, summary) = hold("nvl72_pod", &settings);
        let seen = &outcome.limits[0];
        assert!(seen.beyond_s > 0.0 && seen.first.is_some(), "{fidelity}: {seen:?}");
        let hottest = summary.metrics.max_junction_c.expect("chips");
        let worst = seen.worst.as_ref().expect("chips");
        // The extremes look at every evaluation, the limits at ends of steps.
        assert!((worst.kelvin - 273.15 - hottest).abs() < 0.5, "{fidelity}: {worst:?} {hottest}");
        assert_eq!(worst.place, "pod.accelerator", "{fidelity}");
        assert!(outcome.limits[1].worst.is_some(), "{fidelity}: air is seen");
    }
}

#[test]
fn events_remember_what_happened_and_what_is_to_come() {
    let events = "[At(\"7 min\", Trip(\"cdu[1]\", \"6 min\")), At(\"9 min\", Stuck(\"crah.valve\", 0.4, \"9 min\")), \
                  At(\"21 min\", UtilityOutage(for: \"1 min\")), At(\"31 min\", LoadStep(\"pod\", 0.2, \"8 min\")), \
                  At(\"42 min\", UtilityOutage(for: \"11 min\"))]";
    for controls in ["Continuous", "Sampled"] {
        let settings = [
            ("run.period", "Span(from: \"199.6 d\", for: \"1 h\")"),
            ("run.step", "2 min"),
            ("run.controls", controls),
            ("events", events),
        ];
        let (outcome, _) = hold("nvl72_pod", &settings);
        assert!(outcome.events.first_trip.is_some() && outcome.events.happened.len() >= 6);
    }
    // A pump runs down while its circuit is solved from pressures, and back up.
    let trip = ("events", "[At(\"7 min\", Trip(\"pump_a\", \"2 min\"))]");
    let period = ("run.period", "Span(from: \"199.6 d\", for: \"12 min\")");
    hold("nvl72_pumps", &[period, ("run.step", "2 s"), CONTINUOUS, trip]);
}

#[test]
fn events_of_racks_that_are_carried_apart_are_remembered_for_each() {
    let events = "[At(\"5 min\", LoadStep(\"pod[3]\", 1.0, \"20 min\")), At(\"7 min\", Trip(\"cdu[1]\", \"6 min\")), \
                  At(\"21 min\", UtilityOutage(for: \"1 min\")), At(\"31 min\", LoadStep(\"pod\", 0.2, \"4 min\"))]";
    for (fidelity, controls) in [("Rack", "Continuous"), ("Rack", "Sampled"), ("Chip", "Continuous")] {
        let settings = [
            ("run.period", "Span(from: \"199.6 d\", for: \"40 min\")"),
            ("run.step", "2 min"),
            ("run.fidelity", fidelity),
            ("run.controls", controls),
            ("run.details", "[Temperatures(\"pod[3]\", \"6 min\", \"20 min\")]"),
            ("events", events),
        ];
        let (outcome, _) = hold("nvl72_pod", &settings);
        let trip = outcome.events.first_trip.expect("something gives way");
        assert_eq!(trip.threshold.rack.as_deref(), Some("pod[3]"), "racks differ");
    }
}

#[test]
fn quasi_steady_steps_remember_their_factors() {
    let quasi_steady = ("run.dynamics", "QuasiSteady");
    for site in without_events() {
        let step = load(site, &[]).run.step_s;
        hold(site, &[("run.period", &*span(199.6, 12.5 * step / 86_400.0)), quasi_steady]);
    }
    let ideal = [("run.period", &*span(199.6, 0.5)), quasi_steady, ("run.controls", "Ideal")];
    hold("phoenix_evaporative", &ideal);
    // Some of these steps are followed dynamically.
    let overload = [("run.period", &*span(201.0, 0.5)), ("racks.pod.count", "22"), quasi_steady];
    let (outcome, _) = hold("nvl72_pod", &overload);
    assert!(outcome.statistics.followed > 0, "nothing had to be followed: less is shown");
}

#[test]
fn switches_remember_where_they_stand_and_when_they_moved() {
    // More racks than the cooling carries: chips throttle again and again.
    let settings = [("run.period", &*span(201.0, 0.25)), ("racks.pod.count", "22"), CONTINUOUS];
    let (outcome, _) = hold("nvl72_pod", &settings);
    let throttled = outcome.notes.iter().filter(|note| note.text.contains("throttled"));
    let moves: u64 = throttled.map(|note| note.count).sum();
    assert!(moves >= 2, "switches moved {moves} times: nothing is shown");
}

#[test]
fn racks_that_are_carried_apart_remember_what_each_does() {
    // More racks than the cooling carries, so that chips throttle; with controllers as equations and at samples.
    let settings =
        [("run.period", &*span(201.0, 0.2)), ("racks.pod.count", "22"), ("run.fidelity", "Rack"), CONTINUOUS];
    let (outcome, _) = hold("nvl72_pod", &settings);
    assert!(outcome.notes.iter().any(|note| note.text.contains("throttled")), "no switch moved");
    let settings = [("run.period", &*span(201.0, 0.1)), ("run.fidelity", "Chip")];
    hold("nvl72_pod", &settings);
}

#[test]
fn a_state_is_refused_by_another_site_and_by_other_settings_of_the_run() {
    let period = span(199.5, 0.1);
    let case = load("nvl72_pod", &[("run.period", &period)]);
    let mut watch = Watch { stops: true, ..Watch::default() };
    run(&case, &mut watch).expect_err("it is stopped");
    let state = &watch.states[0];
    for (site, settings) in [
        ("harbin_air", vec![("run.period", period.as_str())]),
        ("nvl72_pod", vec![("run.period", period.as_str()), ("run.step", "5 min")]),
        ("nvl72_pod", vec![("run.period", period.as_str()), CONTINUOUS]),
        ("nvl72_pod", vec![("run.period", period.as_str()), ("run.tolerance", "1e-5")]),
    ] {
        let other = load(site, &settings);
        let result = resume(&other, &mut state.as_slice(), &mut Watch::default());
        let refused = result.err().unwrap_or_else(|| panic!("{site} {settings:?} is not refused"));
        assert!(matches!(refused, Stopped::Unfit(_)), "{site} {settings:?}: {refused}");
        assert!(refused.to_string().contains("another site"), "{refused}");
    }
}

#[test]
fn a_torn_state_is_refused_and_a_wrong_one_does_no_harm() {
    let case = load("nvl72_pod", &[("run.period", &span(199.5, 0.1))]);
    let mut watch = Watch { stops: true, ..Watch::default() };
    run(&case, &mut watch).expect_err("it is stopped");
    let state = watch.states.remove(0);
    let places = || (0..97).map(|k| k * (state.len() - 1) / 96);
    for end in places() {
        let refused = resume(&case, &mut &state[..end], &mut Watch::default()).expect_err("torn");
        assert!(matches!(refused, Stopped::Unfit(_)), "{end}: {refused}");
    }
    for at in places() {
        let mut wrong = state.clone();
        wrong[at] ^= 0x5A;
        // A wrong number may stop the run or not; the hash of the file is what tells it.
        let _ = resume(&case, &mut wrong.as_slice(), &mut Watch { stops: true, ..Watch::default() });
    }
}
