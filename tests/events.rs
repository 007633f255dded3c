//! Events on the shipped sites: what fails, what carries on, how long it takes, and that no joule is lost.

mod support;

use engine::scenario::catalogue::{Shelf, ids};
use engine::scenario::load_text;
use engine::study::case;
use engine::study::metrics::Summary;
use engine::study::run::{Outcome, Stopped, Unobserved};
use engine::units::Quantity;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use support::sites::{days, load, run, span};

const DAY: (&str, &str) = ("run.period", "Day(\"2024-07-10\")");
const CONTINUOUS: (&str, &str) = ("run.controls", "Continuous");
/// The site's balances under every event.
const CLOSED: f64 = 1e-9;

fn closes(name: &str, summary: &Summary) {
    let c = summary.closure;
    println!(
        "{name}: energy {:.1e}, worst interval {:.1e}, recomputed {:.1e}, electricity {:.1e}, water {:.1e}",
        c.energy_relative, c.energy_worst, c.energy_recomputed, c.electricity_relative, c.water_relative
    );
    for (what, value, limit) in [
        ("energy", c.energy_relative, CLOSED),
        ("an interval's energy", c.energy_worst, CLOSED),
        ("electricity", c.electricity_relative, CLOSED),
        ("water", c.water_relative, CLOSED),
        ("an interval's water", c.water_worst, CLOSED),
        ("recomputed energy", c.energy_recomputed, 1e-6),
    ] {
        assert!(value.abs() <= limit, "{name}: {what} misses by {value:e}");
    }
}

fn column(outcome: &Outcome, name: &str) -> Vec<f64> {
    outcome.trajectory.named(name).unwrap_or_else(|| panic!("no column {name}"))
}

fn finite(name: &str, outcome: &Outcome) {
    for (k, probe) in outcome.trajectory.probes.iter().enumerate() {
        assert!(outcome.trajectory.column(k).all(f64::is_finite), "{name}: {} is not finite", probe.name);
    }
}

/// Seconds from the first event to the first limit whose text contains `what`.
fn after(outcome: &Outcome, what: &str) -> Option<f64> {
    let found = outcome.events.thresholds.iter().find(|c| c.threshold.what.contains(what));
    found.unwrap_or_else(|| panic!("no threshold {what}")).after_s
}

#[test]
fn a_unit_that_is_carried_alone_and_treated_alike_changes_nothing() {
    // Restore of what never tripped isolates cdu[1] and facility_pump[0] and does nothing else.
    let alike = "[At(\"1 h\", Restore(\"cdu[1]\")), At(\"1 h\", Restore(\"facility_pump[0]\"))]";
    let settings = [DAY, CONTINUOUS, ("run.tolerance", "1e-7")];
    let (plain, _) = run("nvl72_pod", &settings);
    let (split, summary) = run("nvl72_pod", &[&settings[..], &[("events", alike)]].concat());
    closes("split", &summary);
    for name in ["pod.accelerator.die", "cdu.secondary_out", "dry_cooler.water_out"] {
        let (a, b) = (column(&plain, name), column(&split, name));
        let worst = a.iter().zip(&b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        println!("{name}: {worst:.1e} K");
        // Not bits: other tiles hold the step, other lanes share a batch. The tolerance allows 3 µK a step.
        assert!(worst < 1e-4, "{name}: {worst:e} K");
    }
}

#[test]
fn a_tripped_pump_runs_down_its_neighbour_takes_over_and_it_comes_back() {
    let events = "[At(\"12 h\", Trip(\"facility_pump[0]\", \"10 min\"))]";
    let settings = [DAY, ("run.step", "1 min"), CONTINUOUS];
    let (plain, _) = run("nvl72_pod", &settings);
    let (outcome, summary) = run("nvl72_pod", &[&settings[..], &[("events", events)]].concat());
    closes("pump", &summary);
    finite("pump", &outcome);
    let [own, other] =
        ["facility_pump[0].water_flow", "facility_pump.water_flow"].map(|n| column(&outcome, n));
    let power = column(&outcome, "facility_pump[0].power");
    // before, 5 min into the trip, 20 min after its end
    let [before, during, later] = [720, 725, 750];
    println!("own {} {} {} other {} {}", own[before], own[during], own[later], other[before], other[during]);
    assert!((own[before] - other[before]).abs() < 1e-6 * own[before], "two equal pumps share equally");
    assert!(own[during] < 1e-6 && power[during] < 1e-3);
    // 1.2 of its design flow of 34 L/s at most
    assert!(other[during] > 1.15 * own[before].min(34.0) && other[during] < 1.21 * 34.0);
    assert!((own[later] / own[before] - 1.0).abs() < 0.02);
    let [a, b] = [&plain, &outcome].map(|o| *column(o, "pod.accelerator.die").last().unwrap());
    assert!((a - b).abs() < 0.02, "half a day later nothing is left of it: {a} and {b}");
}

#[test]
fn while_the_grid_is_dead_it_gives_nothing_and_the_racks_run_on() {
    let events = "[At(\"12 h\", UtilityOutage(for: \"2 min\"))]";
    let idle = ("racks.pod.workload", "Constant(utilisation: 0.02)");
    let settings = [DAY, ("run.step", "1 min"), CONTINUOUS, idle, ("events", events)];
    let (outcome, summary) = run("nvl72_pod", &settings);
    closes("outage", &summary);
    finite("outage", &outcome);
    let meter = |name: &str| {
        let k = outcome.trajectory.meters.iter().position(|m| m.name == name).unwrap();
        outcome.trajectory.amounts(k).collect::<Vec<f64>>()
    };
    let grid = meter("grid");
    println!("grid {:?}", &grid[718..726]);
    assert!(grid[720..722].iter().all(|&joules| joules == 0.0), "two minutes without a joule from the grid");
    assert!(grid[719] > 0.0 && grid[722] > 0.0);
    let boards = meter("pod.accelerator.it_power");
    assert!((boards[721] / boards[719] - 1.0).abs() < 0.2, "the racks ride through");
    // What the UPS gave is what it would have drawn, and after an hour four fifths are still to be charged.
    let given = column(&outcome, "ups.given");
    let drawn: f64 = meter("pdu.output")[720..722].iter().sum();
    println!("given {:.0} J of {drawn:.0} J delivered", -given[722]);
    assert!(-given[722] > drawn && -given[722] < 1.25 * drawn);
    assert!((given[782] / given[722] - (-3600.0f64 / 6000.0).exp()).abs() < 0.01);
    assert!(outcome.events.first_trip.is_none(), "{:?}", outcome.events.first_trip);
}

#[test]
fn an_empty_battery_drops_the_racks_when_its_energy_is_spent() {
    let events = "[At(\"12 h\", UtilityOutage(for: \"10 min\"))]";
    let idle = ("racks.pod.workload", "Idle");
    let short = ("components.ups.ride_through", "20 s");
    let settings = [DAY, ("run.step", "1 min"), CONTINUOUS, idle, short, ("events", events)];
    let (outcome, summary) = run("nvl72_pod", &settings);
    closes("empty", &summary);
    let first = outcome.events.first_trip.clone().expect("the racks lose their power");
    assert_eq!(first.threshold.what, "racks without power");
    // 1500 kW for 20 s are 30 MJ; the idle racks and the losses up to the UPS draw a fifth of that.
    let power = column(&outcome, "ups.power")[719];
    let expected = 1500e3 * 20.0 / power;
    println!("{:?} s, {expected} s at {power} W", first.after_s);
    assert!((first.after_s.unwrap() / expected - 1.0).abs() < 0.05);
    let dead = column(&outcome, "pod.accelerator.power")[725];
    assert_eq!(dead, 0.0);
    let back = column(&outcome, "pod.accelerator.power")[735];
    assert!(back > 0.0, "they come back with the grid");
}

#[test]
fn a_generator_takes_over_after_its_start_and_the_plant_comes_back() {
    let settings = [
        DAY,
        ("run.step", "1 min"),
        CONTINUOUS,
        ("racks.pod.workload", "Constant(utilisation: 0.02)"),
        ("components.generator", "Generator(based_on: \"diesel_2mw\")"),
        ("connections[0]", "grid -> generator -> transformer -> ups -> pdu -> pod"),
        ("events", "[At(\"12 h\", UtilityOutage(for: \"30 min\"))]"),
    ];
    let (outcome, summary) = run("nvl72_pod", &settings);
    closes("generator", &summary);
    finite("generator", &outcome);
    let meter = |name: &str| {
        let k = outcome.trajectory.meters.iter().position(|m| m.name == name).unwrap();
        outcome.trajectory.amounts(k).collect::<Vec<f64>>()
    };
    let (grid, generated) = (meter("grid"), meter("generator.generated"));
    println!("grid {:?} generated {:?}", &grid[718..724], &generated[718..724]);
    assert!(grid[720..750].iter().all(|&joules| joules == 0.0));
    assert!(generated[719] == 0.0 && generated[730] > 0.5 * grid[719] && generated[752] == 0.0);
    let pump = column(&outcome, "cdu.pump_speed");
    assert!(pump[730] > 0.99 * pump[719], "the pumps run on the generator");
    assert!(outcome.events.first_trip.is_none());
}

#[test]
fn a_generator_that_is_too_small_stops_and_says_so() {
    let settings = [
        DAY,
        CONTINUOUS,
        ("components.generator", "Generator(based_on: \"diesel_2mw\", rating: \"300 kW\")"),
        ("connections[0]", "grid -> generator -> transformer -> ups -> pdu -> pod"),
        ("events", "[At(\"12 h\", UtilityOutage(for: \"30 min\"))]"),
    ];
    let (outcome, summary) = run("nvl72_pod", &settings);
    closes("small generator", &summary);
    let texts: Vec<&str> = outcome.events.happened.iter().map(|(_, text)| text.as_str()).collect();
    assert!(texts.iter().any(|t| t.contains("generator is overloaded")), "{texts:?}");
}

#[test]
fn a_battery_in_line_carries_the_site_until_it_is_empty() {
    let settings = [
        DAY,
        CONTINUOUS,
        ("racks.pod.workload", "Idle"),
        ("components.battery", "Battery(based_on: \"battery_1mwh\", capacity: \"100 kWh\")"),
        ("components.ups.ride_through", "0 s"),
        ("connections[0]", "grid -> battery -> transformer -> ups -> pdu -> pod"),
        ("events", "[At(\"12 h\", UtilityOutage(for: \"2 h\"))]"),
    ];
    let (outcome, summary) = run("nvl72_pod", &settings);
    closes("battery", &summary);
    finite("battery", &outcome);
    let level = column(&outcome, "battery.charge_level");
    let lowest = level.iter().copied().fold(1.0, f64::min);
    println!("lowest {lowest}, first {:?}", outcome.events.first_trip);
    assert!(lowest.abs() < 1e-4, "{lowest}");
    assert_eq!(outcome.events.first_trip.unwrap().threshold.what, "racks without power");
    assert!(*level.last().unwrap() > 0.9, "it is charged again");
}

#[test]
fn a_chiller_waits_and_loads_up_again() {
    let events = "[At(\"12 h\", Trip(\"chiller\", \"5 min\"))]";
    let settings = [DAY, ("run.step", "1 min"), CONTINUOUS, ("events", events)];
    let (outcome, summary) = run("nvl72_pod", &settings);
    closes("chiller", &summary);
    let power = column(&outcome, "chiller.power");
    // tripped at 720; reset at 725, starts at 727, 1 − e⁻³ of it at 730
    println!("{:?}", &power[718..740]);
    assert!(power[721] < 1.0 && power[726] < 1.0 && power[728] > 0.0);
    let there = column(&outcome, "chiller.availability");
    assert!((there[730] - (1.0 - (-3.0f64).exp())).abs() < 1e-3, "{}", there[730]);
    let removed = column(&outcome, "chiller.heat_mechanical");
    assert!(removed[719] > 1e4 && removed[724] < 1e-3, "the outlet is the inlet while it stands");
}

#[test]
fn a_stuck_valve_stays_where_it_is_put_under_both_kinds_of_control() {
    for controls in ["Continuous", "Sampled"] {
        let events = "[At(\"12 h\", Stuck(\"cdu.valve\", 0.3)), At(\"13 h\", Stuck(\"crah.fan_speed\")), \
                      At(\"14 h\", Restore(\"cdu.valve\"))]";
        let settings = [DAY, ("run.controls", controls), ("run.step", "5 min"), ("events", events)];
        let (outcome, summary) = run("nvl72_pod", &settings);
        closes(controls, &summary);
        let (valve, fans) = (column(&outcome, "cdu.valve"), column(&outcome, "crah.fan_speed"));
        assert!((valve[150] - 0.3).abs() < 1e-6, "{controls}: {}", valve[150]);
        assert!((valve[180] - 0.3).abs() > 0.1, "{controls}: it is free again");
        assert!(fans[157..].iter().all(|f| (f - fans[157]).abs() < 1e-6), "{controls}");
    }
}

#[test]
fn a_load_step_is_taken_at_its_time_and_given_back() {
    let events = "[At(\"6 h\", LoadStep(\"pod\", 0.0, \"1 h\"))]";
    let settings = [DAY, ("racks.pod.workload", "Constant(utilisation: 0.9)"), ("events", events)];
    let (outcome, summary) = run("nvl72_pod", &settings);
    closes("step", &summary);
    let used = column(&outcome, "pod.accelerator.throughput");
    assert_eq!((used[23], used[26], used[29]), (0.9, 0.0, 0.9));
}

#[test]
fn events_that_overlap_end_nothing_but_themselves() {
    let pump = "\"facility_pump[0]\"";
    let settings =
        [("run.period", "Span(from: \"191 d 12 h\", for: \"40 min\")"), ("run.step", "1 min"), CONTINUOUS];
    let of = |events: &str| {
        let (outcome, summary) =
            run("nvl72_pod", &[&settings[..], &[("run.tolerance", "1e-7"), ("events", events)]].concat());
        closes(events, &summary);
        outcome
    };
    let apart = |a: &Outcome, b: &Outcome, name: &str| {
        let (a, b) = (column(a, name), column(b, name));
        let scale = a.iter().fold(0.0f64, |m, x| m.max(x.abs()));
        a.iter().zip(&b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max) / scale
    };
    // What overlaps, the one event that it comes to, and what would be if the end of the later one were that of both.
    let trip = |at: &str, length: &str| format!("At(\"{at} min\", Trip({pump}{length}))");
    let outage = |at: &str, length: &str| format!("At(\"{at} min\", UtilityOutage(for: \"{length}\"))");
    for (overlapping, one, shorter, name) in [
        (
            [trip("10", ", \"10 min\""), trip("15", ", \"10 min\"")],
            trip("10", ", \"15 min\""),
            trip("10", ", \"10 min\""),
            "facility_pump[0].water_flow",
        ),
        (
            [trip("10", ""), trip("15", ", \"5 min\"")],
            trip("10", ""),
            trip("10", ", \"10 min\""),
            "facility_pump[0].water_flow",
        ),
        (
            [outage("10", "4 min"), outage("11", "1 min")],
            outage("10", "4 min"),
            outage("10", "2 min"),
            "ups.given",
        ),
    ] {
        let overlapping = of(&format!("[{}]", overlapping.join(", ")));
        let [one, shorter] = [one, shorter].map(|event| of(&format!("[{event}]")));
        let (same, other) = (apart(&one, &overlapping, name), apart(&one, &shorter, name));
        println!("{name}: {same:.1e}, and {other:.1e} from the shorter one");
        assert!(same < 1e-6 && other > 0.1);
    }
    // The one that began last holds; when it ends, the one that still lasts does again.
    let stuck = of("[At(\"5 min\", Stuck(\"cdu.valve\", 0.3, \"25 min\")), \
                    At(\"15 min\", Stuck(\"cdu.valve\", 0.6, \"5 min\"))]");
    let valve = column(&stuck, "cdu.valve");
    println!("{valve:?}");
    for (minute, at) in [(14, 0.3), (19, 0.6), (29, 0.3)] {
        assert!((valve[minute] - at).abs() < 1e-3, "minute {minute}: {}", valve[minute]);
    }
    assert!((valve[39] - 0.3).abs() > 0.1, "it is free again");
    let steps = of("[At(\"5 min\", LoadStep(\"pod\", 0.1, \"25 min\")), \
                    At(\"15 min\", LoadStep(\"pod\", 0.6, \"5 min\")), At(\"25 min\", LoadStep(\"pod\", 0.4))]");
    let used = column(&steps, "pod.accelerator.throughput");
    assert_eq!([12, 17, 22, 27, 37].map(|minute| used[minute]), [0.1, 0.6, 0.1, 0.4, 0.4]);
}

/// Forty minutes of a July noon, recorded every ten seconds.
fn noon(events: &str, more: &[(&str, &str)]) -> (Outcome, Summary) {
    let settings = [
        ("run.period", "Span(from: \"191 d 12 h\", for: \"40 min\")"),
        ("run.step", "10 s"),
        CONTINUOUS,
        ("events", events),
    ];
    let (outcome, summary) = run("nvl72_pod", &[&settings[..], more].concat());
    closes(events, &summary);
    (outcome, summary)
}

#[test]
fn how_a_machine_starts_is_said_by_the_event_that_stopped_it_and_by_no_other() {
    // First record at which the chiller is on its way up again, searched from a time [s].
    let up = |outcome: &Outcome, from: usize| {
        let there = column(outcome, "chiller.availability");
        (from / 10..there.len()).find(|&k| there[k] > 1e-9 && there[k] > there[k - 1]).map(|k| 10 * k)
    };
    // A reset chiller waits two minutes, one whose supply is back as long as the outage says.
    let own = "At(\"5 min\", Trip(\"chiller\", \"30 s\"))";
    let (both, _) = noon(
        &format!("[{own}, At(\"15 min\", UtilityOutage(for: \"30 s\", chiller_restart: \"10 s\"))]"),
        &[],
    );
    assert_eq!((up(&both, 335), up(&both, 935)), (Some(460), Some(950)));
    // A trip that lasts longer than the outage within it keeps its word, and a later one has its own.
    let given = "At(\"5 min\", Trip(unit: \"chiller\", for: \"10 min\", restart_delay: \"30 s\")), \
                 At(\"8 min\", UtilityOutage(for: \"2 min\", chiller_restart: \"10 s\")), \
                 At(\"20 min\", Trip(\"chiller\", \"30 s\"))";
    let (within, _) = noon(&format!("[{given}]"), &[]);
    assert_eq!((up(&within, 335), up(&within, 1235)), (Some(940), Some(1360)));
    // 10 s of run-down are the second trip's alone.
    let slow = "At(\"15 min\", Trip(unit: \"chilled_pump\", for: \"1 min\", run_down: \"10 s\"))";
    let (pump, _) = noon(&format!("[At(\"5 min\", Trip(\"chilled_pump\", \"1 min\")), {slow}]"), &[]);
    let there = column(&pump, "chilled_pump.availability");
    for (record, left) in [(31, (-10.0f64 / 3.0).exp()), (91, (-1.0f64).exp())] {
        assert!((there[record] - left).abs() < 1e-3, "{} instead of {left}", there[record]);
    }
}

#[test]
fn what_a_jump_of_the_load_overloads_fails_at_once_and_no_energy_is_lost() {
    // The chips throttle while their pumps stand, and what they draw again a minute later is too much for the generator.
    let (outcome, summary) = noon(
        "[At(\"5 min\", UtilityOutage(for: \"5 min\"))]",
        &[
            ("components.generator", "Generator(based_on: \"diesel_2mw\", rating: \"1 MW\")"),
            ("connections[0]", "grid -> generator -> transformer -> ups -> pdu -> pod"),
        ],
    );
    let overloaded = outcome.events.happened.iter().find(|(_, text)| text.contains("overloaded"));
    let after = overloaded.expect("it is too small").0 - outcome.events.first.unwrap();
    println!("overloaded after {after} s; worst interval {:e}", summary.closure.energy_worst);
    assert!(after > 20.0, "not by the outage itself");
}

#[test]
fn a_site_without_grid_from_its_first_second_closes() {
    for site in ["harbin_air", "campus_300k"] {
        let settings = [
            ("run.period", "Span(from: \"190 d 13 h\", for: \"30 min\")"),
            ("run.step", "1 min"),
            ("run.output_every", "1 min"),
            ("targets", "[]"),
            ("events", "[At(\"0 s\", UtilityOutage(for: \"1 h\"))]"),
        ];
        let (_, summary) = run(site, &settings);
        closes(site, &summary);
    }
}

#[test]
fn the_loss_of_power_is_told_of_the_event_that_causes_it_and_of_servers_that_stand() {
    let (outcome, _) =
        noon("[At(\"5 min\", Trip(\"house\", \"10 s\")), At(\"10 min\", Trip(\"pdu\", \"10 s\"))]", &[]);
    let lost = outcome.events.first_trip.expect("the racks lose their power");
    assert_eq!(lost.since, Some(("Trip(\"pdu\", \"10 s\")".to_owned(), 0.0)));
    // Servers that have shut down lose it as well, when the battery is empty.
    let (outcome, _) =
        noon("[At(\"5 min\", UtilityOutage(for: \"20 min\"))]", &[("components.ups.ride_through", "20 s")]);
    let at = |what: &str| {
        let happened = &outcome.events.happened;
        happened.iter().find(|(_, text)| text.contains(what)).unwrap_or_else(|| panic!("{happened:?}")).0
    };
    assert!(at("shut down") < at("is empty"));
    let row = outcome.events.thresholds.iter().find(|c| c.threshold.what == "racks without power");
    assert_eq!(row.expect("a row").at_s, Some(at("is empty")));
}

#[test]
fn restore_ends_load_steps_and_what_all_racks_are_told_later_holds_for_one_that_was_told_before() {
    let busy = ("racks.pod.workload", "Constant(utilisation: 0.9)");
    let (outcome, _) =
        noon("[At(\"5 min\", LoadStep(\"pod\", 0.1)), At(\"10 min\", Restore(\"pod\"))]", &[busy]);
    let used = column(&outcome, "pod.accelerator.throughput");
    assert_eq!([29, 40, 70].map(|record| used[record]), [0.9, 0.1, 0.9]);
    let rack = ("run.fidelity", "Rack");
    let events = "[At(\"5 min\", LoadStep(\"pod[2]\", 0.0, \"20 min\")), At(\"10 min\", LoadStep(\"pod\", 1.0, \"5 min\")), \
                   At(\"20 min\", Restore(\"pod[2]\"))]";
    let (outcome, _) = noon(events, &[busy, rack]);
    let power = column(&outcome, "pod.accelerator.power");
    let (all, _) = noon("[At(\"10 min\", LoadStep(\"pod\", 1.0, \"5 min\"))]", &[busy, rack]);
    let as_all = column(&all, "pod.accelerator.power");
    println!("{:?}", [29, 50, 85, 110, 200].map(|record| power[record] / as_all[record]));
    for (record, same) in [(29, true), (50, false), (85, true), (110, false), (200, true)] {
        let off = (power[record] / as_all[record] - 1.0).abs();
        assert_eq!(off < 0.01, same, "record {record}: {off}");
    }
}

#[test]
fn times_to_threshold_are_stable_to_a_second_when_the_step_is_halved() {
    for fidelity in ["Lumped", "Rack", "Chip"] {
        let as_written = [("run.fidelity", fidelity)];
        let halved = [as_written[0], ("run.step", "150 s"), ("run.tolerance", "5e-5")];
        let [(coarse, summary), (fine, _)] =
            [&as_written[..], &halved[..]].map(|settings| run("nvl72_pod_events", settings));
        closes(fidelity, &summary);
        let (coarse, fine) = (coarse.events, fine.events);
        let all = fine.all();
        let mut reached = 0;
        for a in coarse.all() {
            let same = all.iter().find(|b| b.threshold == a.threshold);
            let b = same.unwrap_or_else(|| panic!("{fidelity}: {:?} only once", a.threshold));
            match (a.after_s, b.after_s) {
                (Some(a), Some(b)) => assert!((a - b).abs() < 1.0, "{fidelity}: {a} s and {b} s"),
                (a, b) => assert_eq!(a, b, "{fidelity}: {:?}", b),
            }
            reached += usize::from(a.after_s.is_some());
        }
        println!("{fidelity}: {reached} limits are reached");
        // Apart, three of them are reached in each of eight racks.
        assert!(reached >= if fidelity == "Lumped" { 6 } else { 24 }, "{fidelity}: {reached}");
        let chip = coarse.first_trip.unwrap().threshold.chip.unwrap();
        assert_eq!(chip.replace(|c: char| "[]0123456789".contains(c), ""), "pod.accelerator", "{fidelity}");
    }
}

#[test]
fn a_hall_without_chillers_warms_with_its_power_density() {
    let (outcome, summary) = run("harbin_air_no_cooling", &[("run.output_every", "1 min")]);
    closes("hall", &summary);
    let hot = column(&outcome, "aisles.hot_in");
    // From the first to the second minute after the loss, when the coils have run down and no chip throttles yet.
    let rate = hot[32] - hot[31];
    let it = column(&outcome, "feed.power")[30] / 281.0;
    println!("hot aisle {rate:.1} K/min at {:.1} kW a rack: {:.2} K/min a kW", it / 1e3, rate * 1e3 / it);
    // What is told of halls is 2 K/min at about 5 kW a rack: 0.4 K/min a kW, within a factor of two.
    assert!((0.2..0.8).contains(&(rate * 1e3 / it)));
    let inlet = after(&outcome, "class A2").unwrap();
    assert!(inlet < 300.0, "racks of more than 10 kW are at their limit within minutes: {inlet} s");
    assert!(after(&outcome, "throttled").unwrap() < 300.0);
}

#[test]
fn where_racks_have_shut_down_with_their_fans_the_air_stays_possible() {
    // Both facility pumps stop for good: the racks shut down, and what their power shelves go on losing rises with the
    // air through standing fans.
    let lost = "[At(\"10 min\", Trip(\"facility_pump[0]\")), At(\"10 min\", Trip(\"facility_pump[1]\"))]";
    let period = span(191.0, 4.0 / 24.0);
    let (outcome, summary) =
        run("nvl72_pod", &[("run.period", period.as_str()), CONTINUOUS, ("events", lost)]);
    closes("shut down", &summary);
    let fans = column(&outcome, "pod.fans.availability");
    assert!(fans.last().is_some_and(|share| *share < 0.01), "they still turn: {fans:?}");
    // Chips that stand are as warm as before and throttle no longer.
    let throttled =
        summary.notes.iter().find(|note| note.text.contains("throttled")).expect("before they shut down");
    let shut =
        outcome.events.happened.iter().find(|(_, text)| text.contains("shut down")).expect("they do").0;
    println!(
        "throttled for {:.0} s until {:.1} s after they shut down",
        throttled.duration_s,
        throttled.to_s - shut
    );
    assert!(throttled.to_s <= shut + 1e-6);
    for (k, probe) in outcome.trajectory.probes.iter().enumerate() {
        let hottest = outcome.trajectory.column(k).fold(0.0, f64::max);
        let air = probe.quantity == Quantity::Temperature && probe.name.contains("air");
        assert!(!air || hottest < 273.15 + 120.0, "{} reaches {:.0} °C", probe.name, hottest - 273.15);
    }
}

#[test]
fn without_air_handlers_the_return_stays_as_it_was_and_the_structure_cools_what_the_racks_breathe() {
    let period = span(190.5, 0.25);
    let trip = [("run.period", period.as_str()), CONTINUOUS, ("events", "[At(\"1 h\", Trip(\"crah\"))]")];
    let (outcome, summary) = run("nvl72_pod", &trip);
    closes("nvl72_pod without its air handlers", &summary);
    let [returned, inlet, structure] =
        ["crah.air_in", "aisles.cold_out", "aisles.structure"].map(|name| column(&outcome, name));
    // Nothing flows through the return: it cools and warms by nothing. The inlets warm as the structure does, and are warmer.
    let (first, last) = (returned[outcome.trajectory.times.len() / 4], returned[returned.len() - 1]);
    assert!((first - last).abs() < 5.0, "{first} and {last} K in the return");
    let warms = |values: &[f64]| values[values.len() - 1] - values[values.len() / 2];
    assert!(warms(&structure) > 5.0 && warms(&inlet) > 5.0, "{} and {}", warms(&structure), warms(&inlet));
    assert!(inlet.iter().zip(&structure).skip(inlet.len() / 4).all(|(inlet, structure)| inlet > structure));
}

#[test]
fn wrong_events_are_refused_all_at_once_with_the_way_out() {
    let events = "[At(\"30 h\", Trip(\"cdu\")), At(\"2 h\", Trip(\"cduu\")), At(\"2 h\", Trip(\"cdu[7]\")), \
                  At(\"2 h\", Trip(\"aisles\")), At(\"2 h\", Stuck(\"cdu\", 0.3)), At(\"2 h\", Trip(\"cdu.vavle\")), \
                  At(\"2 h\", LoadStep(\"pot\", 0.5)), At(\"2 h\", Trip(\"pod.fans[1]\")), At(\"soon\", Trip(\"cdu\")), \
                  At(\"2 h\", Explode(\"cdu\")), At(\"2 h\", Stuck(\"cdu.valve\", 1.5)), \
                  At(\"2 h\", Trip(unit: \"pod\", run_up: \"2 min\")), At(\"2 h\", Trip(unit: \"ups\", restart_delay: \"1 s\"))]";
    let text = format!(
        "Site(schema: 1, based_on: \"nvl72_pod.ron\", events: {events}, run: (period: Day(\"2024-07-10\")))"
    );
    let problems = load_text("wrong.ron", &text, &[]).map(|_| ()).unwrap_err();
    let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let all = texts.join("\n");
    println!("{all}");
    for said in [
        "the event would never happen",
        "did you mean cdu?",
        "there are 2 of cdu, counted from 0",
        "aisles has nothing that could stop",
        "what can stick is written as component.actuator",
        "did you mean valve?",
        "did you mean pod?",
        "equal units of one rack trip all or none",
        "write a time from the start of the run",
        "Explode is not one of Trip, Restore, Stuck, UtilityOutage, LoadStep",
        "valve goes to 1",
        "pod stops and starts at once: run_down, restart_delay and run_up are of machines",
        "ups stops and starts at once",
    ] {
        assert!(all.contains(said), "nothing says {said:?}");
    }
}

#[test]
fn clock_times_are_of_the_first_day_of_the_run() {
    let case = load("nvl72_pod", &[DAY, ("events", "[At(\"14:30\", Trip(\"cdu\"))]")]);
    assert_eq!(case.events[0].at_s, 14.5 * 3600.0);
    assert_eq!(case.events[0].text, "Trip(\"cdu\")");
    let text = "Site(schema: 1, based_on: \"nvl72_pod.ron\", events: [At(\"12:30\", Trip(\"cdu\"))], \
                run: (period: Span(from: \"191 d 13 h\", for: \"1 h\")))";
    let problems = load_text("early.ron", text, &[]).map(|_| ()).unwrap_err();
    assert!(
        problems[0].message.contains("is before the run starts, 30 min later in the day"),
        "{problems:?}"
    );
}

/// One random event of a site.
fn event(targets: Vec<String>) -> impl Strategy<Value = String> {
    let target = prop::sample::select(targets);
    (0u32..5, 1u32..25, 1u32..20, target, 0u32..10).prop_map(|(kind, at, lasts, target, share)| {
        let action = match kind {
            0 => format!("UtilityOutage(for: \"{lasts} min\")"),
            1 => format!("Trip(\"{target}\")"),
            _ => format!("Trip(\"{target}\", \"{lasts} min\")"),
        };
        format!("At(\"{} min\", {action})", f64::from(at) + f64::from(share) / 10.0)
    })
}

/// What can trip in a site: its machines, each of several equal ones alone, and its supplies.
fn targets(site: &str) -> Vec<String> {
    let case = load(site, &[]);
    let mut names = Vec::new();
    for (k, unit) in case.plant.units.iter().enumerate() {
        let declaration = unit.kind.declaration();
        if engine::plant::faults::class(declaration).is_none() || unit.id.contains('[') {
            continue;
        }
        names.push(unit.id.clone());
        names.extend(declaration.actuators.iter().map(|a| format!("{}.{}", unit.id, a.name)));
        if unit.multiplicity > 1.5 && case.plant.can_isolate(k) {
            names.push(format!("{}[0]", unit.id));
            names.push(format!("{}[1]", unit.id));
        }
    }
    names
}

#[test]
fn whatever_trips_in_whatever_site_no_number_is_lost_and_the_balances_close() {
    for site in ids(Shelf::Sites) {
        // An hour and a half, or as much as the site's record of heat covers.
        let period = span(190.5, days(&load(site, &[]), 1.5 / 24.0));
        let strategy = prop::collection::vec(event(targets(site)), 1..4);
        let config = Config { cases: 6, failure_persistence: None, ..Config::default() };
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
        let mut runner = TestRunner::new_with_rng(config, rng);
        let result = runner.run(&strategy, |events| {
            let list = format!("[{}]", events.join(", "));
            let settings = [("run.period", period.as_str()), ("run.step", "5 min"), ("events", &list)];
            let case = load(site, &settings);
            match case::run(&case, &mut Unobserved) {
                Ok((outcome, summary)) => {
                    finite(&format!("{site} {list}"), &outcome);
                    closes(&format!("{site} {list}"), &summary);
                    Ok(())
                }
                // A flow that the model of flows cannot represent is an honest end; nothing else is.
                Err(Stopped::Reversed { passage, .. }) => {
                    println!("{site} {list}: {passage} reversed");
                    Err(TestCaseError::fail(format!("{list}: {passage} reversed")))
                }
                Err(stopped) => Err(TestCaseError::fail(format!("{list}: {stopped}"))),
            }
        });
        if let Err(error) = result {
            panic!("{site}: {error}");
        }
    }
}
