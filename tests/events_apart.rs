//! Events where racks and chips are carried apart: the same times as with all racks together, and each its own where
//! they differ.

mod support;

use engine::scenario::load_text;
use engine::study::events::{Crossing, MOST_ROWS};
use engine::study::metrics::Summary;
use engine::study::report::summary_json;
use engine::study::run::Outcome;
use support::bits::bits;
use support::sites::{load, run};

const CONTINUOUS: (&str, &str) = ("run.controls", "Continuous");
const APART: (&str, &str) = ("run.equal_racks", "Apart");

fn closes(name: &str, (outcome, summary): &(Outcome, Summary)) {
    let c = summary.closure;
    let most = c.energy_relative.abs().max(c.electricity_relative.abs()).max(c.water_relative.abs());
    println!("{name}: {most:.1e}, worst interval {:.1e}", c.energy_worst);
    assert!(most < 1e-9 && c.energy_worst < 1e-9 && c.energy_recomputed.abs() < 1e-6, "{name}: {c:?}");
    for (k, probe) in outcome.trajectory.probes.iter().enumerate() {
        assert!(outcome.trajectory.column(k).all(f64::is_finite), "{name}: {} is not finite", probe.name);
    }
}

/// The part of every rack that a crossing is of: `pod[3].accelerator[7]` → `pod.accelerator`.
fn part(crossing: &Crossing) -> (Option<String>, String) {
    let without = |name: &String| {
        let mut inside = false;
        let keep = |c: &char| {
            inside = *c == '[' || inside && *c != ']';
            !inside && *c != ']'
        };
        name.chars().filter(keep).collect::<String>()
    };
    let of = crossing.threshold.chip.as_ref().or(crossing.threshold.rack.as_ref());
    (of.map(without), crossing.threshold.what.clone())
}

/// Times of racks that are all equal against those of the lumped run; how many limits were reached.
fn agree(name: &str, lumped: &Outcome, apart: &Outcome) -> usize {
    let all = apart.events.all();
    let mut reached = 0;
    for one in &lumped.events.thresholds {
        let same: Vec<&Crossing> = all.iter().filter(|c| part(c) == part(one)).collect();
        assert!(!same.is_empty(), "{name}: nothing for {:?}", one.threshold);
        let first = same[0].after_s;
        assert!(
            same.iter().all(|c| c.after_s.map(f64::to_bits) == first.map(f64::to_bits)),
            "{name}: equal racks"
        );
        match (one.after_s, first) {
            (Some(a), Some(b)) => {
                println!("{name}: {a:.6} s {:+.1e} s, {} of them: {}", b - a, same.len(), one.threshold.what);
                assert!((a - b).abs() <= 1e-3, "{name}: {} after {a} and {b} s", one.threshold.what);
                reached += 1;
            }
            (a, b) => assert_eq!(a, b, "{name}: {}", one.threshold.what),
        }
    }
    let texts = |o: &Outcome| o.events.happened.iter().map(|h| h.1.clone()).collect::<Vec<_>>();
    assert_eq!(texts(lumped), texts(apart), "{name}");
    reached
}

#[test]
fn equal_racks_reach_every_limit_when_the_lumped_ones_do() {
    // A twelfth of the hall: racks, air and structure.
    let few = [
        ("racks.hall.count", "24"),
        ("aisles.cold_volume", "340 m3"),
        ("aisles.hot_volume", "680 m3"),
        ("aisles.structure_capacity", "21 MJ/K"),
        ("aisles.structure_conductance", "5 kW/K"),
    ];
    // The day's events in an hour.
    let hour = [
        (
            "events",
            "[At(\"5 min\", Trip(\"cdu[1]\", \"15 min\")), At(\"40 min\", UtilityOutage(for: \"8 min\"))]",
        ),
        ("run.period", "Span(from: \"191 d 14 h\", for: \"1 h\")"),
    ];
    // At the default tolerance the lumped run is up to 7 ms off itself, and the others up to 2 ms from it.
    for (site, tolerance, settings, fidelities) in [
        ("nvl72_pod_events", "1e-6", &hour[..], &["Rack", "Chip"][..]),
        ("harbin_air_no_cooling", "1e-6", &[][..], &["Rack"][..]),
        ("harbin_air_no_cooling", "1e-5", &few[..], &["Chip"][..]),
    ] {
        let settings = &[&[("run.tolerance", tolerance)][..], settings].concat()[..];
        let lumped = run(site, settings);
        for fidelity in fidelities {
            let name = format!("{site} {fidelity}");
            let apart = run(site, &[&[("run.fidelity", *fidelity), APART][..], settings].concat());
            closes(&name, &apart);
            assert!(agree(&name, &lumped.0, &apart.0) >= 6, "{name}: too little is reached");
            // Chips throttle until they are cool or shut down, whichever comes first.
            let [together, each] = [&lumped.1, &apart.1].map(|summary| {
                let throttled = summary.notes.iter().filter(|note| note.text.contains("throttled"));
                throttled.map(|note| note.duration_s).sum::<f64>()
            });
            println!("{name}: throttled for {together:.3} s {:+.1e} s", each - together);
            assert!(
                together > 10.0 && (each - together).abs() < 0.01,
                "{name}: {each} instead of {together} s"
            );
            let first = apart.0.events.first_trip.expect("something gives way").threshold;
            assert!(first.rack.is_some_and(|rack| rack.ends_with("[0]")), "the first of equal ones is named");
            let chip = first.chip.expect("a chip");
            assert_eq!(chip.ends_with("[0]"), *fidelity == "Chip", "{chip}");
        }
    }
}

#[test]
fn a_rack_that_works_harder_reaches_its_limits_first_and_forgets_it_later() {
    let events =
        "[At(\"5 min\", LoadStep(\"pod[3]\", 1.0, \"30 min\")), At(\"10 min\", Trip(\"cdu\", \"2 min\"))]";
    for fidelity in ["Rack", "Chip"] {
        let settings = [
            ("run.period", "Span(from: \"190 d 14 h\", for: \"3 h\")"),
            ("run.step", "1 min"),
            ("run.fidelity", fidelity),
            ("racks.pod.workload", "Constant(utilisation: 0.6)"),
            ("events", events),
            CONTINUOUS,
        ];
        let apart = run("nvl72_pod", &settings);
        closes(fidelity, &apart);
        let outcome = &apart.0;
        let [highest, mean] =
            ["pod.accelerator.die_max", "pod.accelerator.die"].map(|n| outcome.trajectory.named(n).unwrap());
        assert!((highest[3] - mean[3]).abs() < 1e-9, "before, all are alike");
        assert!(highest[8] - mean[8] > 3.0, "then one is hotter: {} and {} K", highest[8], mean[8]);
        assert!((highest[179] - mean[179]).abs() < 1e-3, "in the end all are alike again");
        let throttled: Vec<Crossing> =
            outcome.events.all().into_iter().filter(|c| c.threshold.what.contains("throttled")).collect();
        let of = |rack: &str| {
            let own = throttled.iter().find(|c| c.threshold.rack.as_deref() == Some(rack));
            own.unwrap_or_else(|| panic!("{rack} has no limit")).after_s.unwrap_or(f64::INFINITY)
        };
        println!("{fidelity}: pod[3] after {} s, pod[0] after {} s", of("pod[3]"), of("pod[0]"));
        assert!(of("pod[3]") > 300.0 && of("pod[3]") + 5.0 < of("pod[0]"), "the one that works harder first");
        assert_eq!(of("pod[0]").to_bits(), of("pod[7]").to_bits(), "the others together");
        assert_eq!(outcome.events.first_trip.as_ref().unwrap().threshold.rack.as_deref(), Some("pod[3]"));
    }
}

#[test]
fn servers_of_one_rack_shut_down_and_the_others_work_on() {
    // The coolant comes to a stop for a time in which only the rack at full load gets too hot.
    let events = "[At(\"5 min\", LoadStep(\"pod[3]\", 1.0)), At(\"10 min\", Trip(\"cdu\", \"28 s\"))]";
    let settings = [
        ("run.period", "Span(from: \"190 d 14 h\", for: \"30 min\")"),
        ("run.step", "1 min"),
        ("run.fidelity", "Rack"),
        ("racks.pod.workload", "Constant(utilisation: 0.1)"),
        ("events", events),
        CONTINUOUS,
    ];
    let apart = run("nvl72_pod", &settings);
    closes("one", &apart);
    let events = &apart.0.events;
    for (_, text) in &events.happened {
        println!("{text}");
    }
    let shut: Vec<Crossing> = (events.all().into_iter())
        .filter(|c| c.threshold.what.contains("shut down") && c.after_s.is_some())
        .collect();
    assert!(
        !shut.is_empty() && shut.iter().all(|c| c.threshold.rack.as_deref() == Some("pod[3]")),
        "{shut:?}"
    );
    assert!(events.happened.iter().any(|(_, text)| text.starts_with("pod[3].")));
    let power = apart.0.trajectory.named("pod.accelerator.power").unwrap();
    assert!(power[29] > 0.0 && power[29] < 0.9 * power[7], "seven racks work on: {} W", power[29]);
}

/// Half an hour of a July afternoon of eight racks carried apart.
fn half_an_hour(events: &str, equal_racks: &str) -> (Outcome, Summary) {
    let settings = [
        ("run.period", "Span(from: \"190 d 14 h\", for: \"30 min\")"),
        ("run.step", "1 min"),
        ("run.fidelity", "Rack"),
        ("run.equal_racks", equal_racks),
        ("racks.pod.workload", "Constant(utilisation: 0.9)"),
        ("events", events),
        CONTINUOUS,
    ];
    run("nvl72_pod", &settings)
}

#[test]
fn fans_of_one_rack_stop_and_the_boards_of_that_rack_alone_get_too_hot() {
    let of_one = half_an_hour("[At(\"5 min\", Trip(\"pod[3].fans\"))]", "Together");
    closes("fans", &of_one);
    let reached: Vec<Crossing> = of_one.0.events.all().into_iter().filter(|c| c.after_s.is_some()).collect();
    let of_a_rack = |c: &&Crossing| c.threshold.chip.is_some();
    let racks: Vec<&str> =
        reached.iter().filter(of_a_rack).filter_map(|c| c.threshold.rack.as_deref()).collect();
    println!("{racks:?}");
    assert!(!racks.is_empty() && racks.iter().all(|rack| *rack == "pod[3]"), "{reached:?}");
}

#[test]
fn one_rack_that_is_switched_off_draws_nothing_until_it_is_restored() {
    let events = "[At(\"5 min\", Trip(\"pod[3]\", \"10 min\")), At(\"20 min\", Trip(\"pod[5]\"))]";
    let off = half_an_hour(events, "Together");
    closes("a rack off", &off);
    let (outcome, _) = off;
    let power = outcome.trajectory.named("pod.power").or(outcome.trajectory.named("pod.accelerator.power"));
    let power = power.expect("the chips draw power");
    // One of eight equal racks: 7/8 between the fifth and the fifteenth minute, and from the twentieth on. Chips
    // draw a little more when they are warmer.
    for (minute, share) in [(3, 1.0), (10, 0.875), (18, 1.0), (28, 0.875)] {
        let found = power[minute] / power[3];
        assert!((found - share).abs() < 0.01, "minute {minute}: {found} of all instead of {share}");
    }
}

#[test]
fn what_happens_to_each_rack_by_itself_happens_to_all() {
    let each = |event: &str| {
        let of = |rack: usize| event.replace("pod.", &format!("pod[{rack}]."));
        (0..8).map(of).collect::<Vec<_>>().join(", ")
    };
    for event in [
        "At(\"5 min\", Trip(\"pod.fans\", \"2 min\"))",
        "At(\"5 min\", Stuck(\"pod.fans.fan_speed\", 0.2, \"10 min\"))",
        "At(\"5 min\", Trip(\"pod.fans\")), At(\"6 min\", Restore(\"pod.fans\"))",
    ] {
        let (together, _) = half_an_hour(&format!("[{event}]"), "Apart");
        let apart = each(event);
        let apart = half_an_hour(&format!("[{apart}]"), "Apart");
        closes(event, &apart);
        let (apart, _) = apart;
        for (a, b) in bits(&together).iter().zip(&bits(&apart)) {
            assert!(a == b, "{event}: {} differs", a.0);
        }
        let times = |outcome: &Outcome| {
            outcome.events.all().into_iter().map(|c| (c.threshold, c.after_s)).collect::<Vec<_>>()
        };
        assert_eq!(times(&together), times(&apart), "{event}");
        let (without, _) = half_an_hour("[]", "Apart");
        assert!(bits(&without) != bits(&apart), "{event} does something");
    }
}

#[test]
fn no_bit_of_an_event_in_a_thousand_racks_depends_on_the_number_of_threads() {
    let of = |threads: &str| {
        let settings = [
            ("run.period", "Span(from: \"200 d\", for: \"1 h\")"),
            ("racks.hall.count", "1000"),
            ("run.fidelity", "Rack"),
            ("run.threads", threads),
            APART,
            (
                "events",
                "[At(\"10 min\", LoadStep(\"hall[17]\", 1.0)), At(\"21 min\", Trip(\"cdu\", \"2 min\")), \
                         At(\"40 min\", UtilityOutage(for: \"1 min\"))]",
            ),
            CONTINUOUS,
        ];
        run("campus_300k", &settings)
    };
    let (one, summary) = of("1");
    assert!(one.statistics.states > 5_000, "{} states", one.statistics.states);
    let limits = one.events.all();
    let reached = limits.iter().filter(|c| c.after_s.is_some()).count();
    println!("{reached} of {} limits are reached", limits.len());
    assert!(reached > 1000, "{reached}");
    for threads in ["2", "3"] {
        let (other, _) = of(threads);
        for (a, b) in bits(&one).iter().zip(&bits(&other)) {
            assert!(a == b, "{} differs with {threads} threads", a.0);
        }
        assert_eq!(one.events, other.events, "with {threads} threads");
    }
    // More limits than the summary lists: one row for each part, and all of them in a table.
    let rows = one.events.rows();
    assert!(rows > MOST_ROWS);
    let table = one.events.table().unwrap().expect("a table");
    assert!(table.columns().iter().all(|column| column.values.len() == rows));
    let json = summary_json(&load("campus_300k", &[]), &one, &summary);
    let list = json["thresholds"].as_array().unwrap();
    assert!(list.len() < 40, "{} rows", list.len());
    let throttled =
        list.iter().find(|row| row["of"].as_u64() == Some(1000) && row["reached"].as_u64() > Some(900));
    let row = throttled.expect("a limit that nearly all racks reach");
    let [first, median, last] = ["time_s", "median_s", "last_s"].map(|name| row[name].as_f64().unwrap());
    assert_eq!(row["rack"], "hall[17]", "the one at full load is the first");
    assert!(first < median && median <= last, "{first} {median} {last}");
}

#[test]
fn racks_that_differ_keep_their_numbers_and_one_of_the_others_is_found_among_them() {
    // Racks 1 and 2 are a group of their own; rack 3 is the second of the rest.
    let except = "[(racks: \"1-2\", workload: Constant(utilisation: 0.3))]";
    let events = "[At(\"5 min\", LoadStep(\"pod[3]\", 1.0)), At(\"10 min\", Trip(\"cdu\", \"2 min\"))]";
    let settings = [
        ("run.period", "Span(from: \"190 d 14 h\", for: \"30 min\")"),
        ("run.step", "1 min"),
        ("run.fidelity", "Rack"),
        ("racks.pod.workload", "Constant(utilisation: 0.6)"),
        ("racks.pod.except", except),
        ("events", events),
        CONTINUOUS,
    ];
    let apart = run("nvl72_pod", &settings);
    closes("differing", &apart);
    let outcome = &apart.0;
    let all = outcome.events.all();
    let throttled: Vec<&Crossing> = all.iter().filter(|c| c.threshold.what.contains("throttled")).collect();
    let mut racks: Vec<&str> = throttled.iter().filter_map(|c| c.threshold.rack.as_deref()).collect();
    assert_eq!(racks[0], "pod[3]", "the one at full load is the first: {racks:?}");
    racks.sort_unstable();
    assert_eq!(racks, ["pod[0]", "pod[1]", "pod[2]", "pod[3]", "pod[4]", "pod[5]", "pod[6]", "pod[7]"]);
    let of = |rack: &str| {
        let own = throttled.iter().find(|c| c.threshold.rack.as_deref() == Some(rack)).unwrap();
        own.after_s.unwrap_or(f64::INFINITY)
    };
    assert!(of("pod[3]") < of("pod[0]") && of("pod[0]") < of("pod[1]"), "the less they work the later");
}

#[test]
fn a_rack_is_named_alone_only_where_it_is_carried_alone() {
    let problems = |fidelity: &str, events: &str| {
        let text = format!(
            "Site(schema: 1, based_on: \"nvl72_pod.ron\", events: {events}, \
             run: (period: Day(\"2024-07-10\"), fidelity: {fidelity}))"
        );
        let problems = load_text("one.ron", &text, &[]).map(|_| ());
        let problems = problems.err().into_iter().flat_map(|all| all.into_iter().map(|p| p.to_string()));
        problems.collect::<Vec<_>>().join("\n")
    };
    let one = "[At(\"2 h\", LoadStep(\"pod[3]\", 1.0))]";
    let said = problems("Lumped", one);
    assert!(said.contains("carried together") && said.contains("fidelity: Rack or Chip"), "{said}");
    assert_eq!(problems("Rack", one), "");
    let fans = "[At(\"2 h\", Trip(\"pod[3].fans\")), At(\"3 h\", Stuck(\"pod[3].fans.fan_speed\", 0.5))]";
    let said = problems("Lumped", fans);
    assert_eq!(said.matches("carried together").count(), 2, "{said}");
    assert_eq!(problems("Rack", fans), "");
    assert_eq!(problems("Chip", "[At(\"2 h\", Trip(\"pod[3]\")), At(\"3 h\", Restore(\"pod[3]\"))]"), "");
    let wrong = "[At(\"2 h\", Trip(\"pod[8].fans\")), At(\"2 h\", Trip(\"pod[3].fanz\")), \
                 At(\"2 h\", Trip(\"pod[3].psu\")), At(\"2 h\", Trip(\"pod[x].fans\"))]";
    let said = problems("Rack", wrong);
    println!("{said}");
    for text in [
        "there are 8 racks of pod",
        "did you mean pod.fans?",
        "passes electricity on within a rack",
        "pod[x]",
    ] {
        assert!(said.contains(text), "nothing says {text:?}: {said}");
    }
    let said = problems("Rack", "[At(\"2 h\", LoadStep(\"pod[8]\", 1.0))]");
    assert!(said.contains("there are 8 racks of pod, counted from 0"), "{said}");
}
