//! Every rack and every chip carried apart give what equal ones carried once give.

mod support;

use engine::study::metrics::Summary;
use engine::study::run::Outcome;
use engine::study::write::Values;
use support::bits::bits;
use support::sites::{days, load, run, span, without_events};

fn at(site: &str, fidelity: &str, settings: &[(&str, &str)]) -> (Outcome, Summary) {
    let fidelity = [("run.fidelity", fidelity), ("run.controls", "Continuous"), ("run.equal_racks", "Apart")];
    run(site, &[&fidelity, settings].concat())
}

/// Largest distance of the columns of `b` from those of the same name of `a`, as a share of the column's largest
/// value, and which.
fn apart(a: &Outcome, b: &Outcome) -> (f64, String) {
    let mut worst = (0.0, String::new());
    // Totals of a group are as large as it is.
    for probe in a.trajectory.probes.iter().filter(|probe| !probe.total) {
        let expected = a.trajectory.named(&probe.name).unwrap();
        let found = b.trajectory.named(&probe.name).unwrap_or_else(|| panic!("no column {}", probe.name));
        let scale = expected.iter().fold(1e-9, |m: f64, v| m.max(v.abs()));
        for (x, y) in expected.iter().zip(&found) {
            let off = (x - y).abs() / scale;
            if off > worst.0 || off.is_nan() {
                worst = (off, probe.name.clone());
            }
        }
    }
    worst
}

#[test]
fn lumped_rack_and_chip_agree_where_loads_are_the_same() {
    // A steady load: the three take the same steps, and rounding is all that is left.
    let site = "phoenix_evaporative";
    let period = span(180.0, 2.0);
    let settings = [("run.period", period.as_str())];
    let lumped = at(site, "Lumped", &settings);
    for fidelity in ["Rack", "Chip"] {
        let (outcome, summary) = at(site, fidelity, &settings);
        assert!(outcome.statistics.states > 2 * lumped.0.statistics.states, "{fidelity}");
        assert_eq!(outcome.statistics.steps, lumped.0.statistics.steps, "{fidelity}");
        let energy = summary.metrics.facility_energy_kwh / lumped.1.metrics.facility_energy_kwh - 1.0;
        let (off, column) = apart(&lumped.0, &outcome);
        println!("{site} {fidelity}: energy {energy:+.1e}, columns {off:.1e} ({column})");
        assert!(energy.abs() < 1e-9, "{fidelity}: {energy:e}");
        assert!(off < 1e-9, "{fidelity}: {column} is {off:e} apart");
        assert!(summary.closure.energy_relative.abs() < 1e-9 && summary.closure.energy_worst < 1e-9);
        assert!(summary.closure.energy_recomputed.abs() < 1e-6);
    }
}

#[test]
fn increments_of_racks_in_single_precision_change_the_eighth_digit_and_no_balance() {
    let period = span(180.0, 0.5);
    let settings = [("run.period", period.as_str())];
    let (double, _) = at("phoenix_evaporative", "Chip", &settings);
    let single = |threads: &str| {
        let more = [("run.precision", "Single"), ("run.threads", threads)];
        at("phoenix_evaporative", "Chip", &[&settings[..], &more].concat())
    };
    let (one, summary) = single("1");
    let (off, column) = apart(&double, &one);
    println!("{off:.1e} ({column})");
    assert!(off > 0.0 && off < 1e-7, "{column} is {off:e} apart");
    assert!(summary.closure.energy_relative.abs() < 1e-9 && summary.closure.energy_worst < 1e-9);
    let (two, _) = single("2");
    for (a, b) in bits(&one).iter().zip(&bits(&two)) {
        assert!(a == b, "{} differs with 2 threads", a.0);
    }
}

#[test]
fn equal_racks_that_are_carried_once_are_as_each_by_itself() {
    // Of 40 racks four are told apart: 0, 7, 8 and 39; with the neighbours between them that is six members.
    let events = "[At(\"5 min\", LoadStep(\"cold_plate[7]\", 1.0)), At(\"10 min\", Trip(\"cold_plate[8].fans\", \"5 min\")), \
                  At(\"12 min\", LoadStep(\"cold_plate[0]\", 0.1)), At(\"20 min\", Trip(\"cdu\", \"4 min\")), \
                  At(\"30 min\", Trip(\"cold_plate[39]\"))]";
    let period = span(190.0, 1.0 / 24.0);
    for fidelity in ["Rack", "Chip"] {
        let settings = [
            ("run.period", period.as_str()),
            ("run.step", "1 min"),
            ("racks.cold_plate.count", "40"),
            ("run.details", "[Temperatures(\"cold_plate\")]"),
            ("events", events),
        ];
        let (each, _) = at("mixed_hall", fidelity, &settings);
        let together = [&settings[..], &[("run.equal_racks", "Together")]].concat();
        let (once, summary) = at("mixed_hall", fidelity, &together);
        let states = |outcome: &Outcome| outcome.statistics.states;
        assert!(6 * states(&once) < 2 * states(&each), "{fidelity}: {} {}", states(&once), states(&each));
        assert_eq!(once.statistics.steps, each.statistics.steps, "{fidelity}");
        let (off, column) = apart(&each, &once);
        println!("{fidelity}: {off:.1e} ({column})");
        assert!(off < 1e-9, "{fidelity}: {column} is {off:e} apart");
        assert!(summary.closure.energy_relative.abs() < 1e-9 && summary.closure.energy_worst < 1e-9);
        // Every rack has its name and its times.
        let texts = |outcome: &Outcome| {
            outcome.events.happened.iter().map(|(_, text)| text.clone()).collect::<Vec<_>>()
        };
        assert_eq!(texts(&each), texts(&once), "{fidelity}");
        let (a, b) = (each.events.all(), once.events.all());
        assert_eq!(a.len(), b.len(), "{fidelity}");
        for crossing in &a {
            let same = b.iter().find(|other| other.threshold == crossing.threshold);
            let same = same.unwrap_or_else(|| panic!("{fidelity}: no {:?}", crossing.threshold));
            let seconds = |s: Option<f64>| s.unwrap_or(-1.0);
            assert!(
                (seconds(crossing.after_s) - seconds(same.after_s)).abs() < 2e-3,
                "{fidelity}: {crossing:?}, {same:?}"
            );
        }
        let (each, once) = (each.inside.unwrap(), once.inside.unwrap());
        for (expected, found) in each.tables().unwrap().iter().zip(&once.tables().unwrap()) {
            assert_eq!(expected.1.rows(), found.1.rows(), "{fidelity}: {}", expected.0);
            for (a, b) in expected.1.columns().iter().zip(found.1.columns()) {
                match (&a.values, &b.values) {
                    (Values::Numbers(x), Values::Numbers(y)) => {
                        let off = x.iter().zip(y).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max);
                        assert!(off < 1e-6, "{fidelity}: {} is {off:e} apart", a.name);
                    }
                    (x, y) => assert!(x == y, "{fidelity}: {} differs", a.name),
                }
            }
        }
    }
}

#[test]
fn distributions_count_every_chip_and_named_racks_show_each() {
    // 16 racks · 8 servers · 8 accelerators = 1024 chips; rack 9 from the second record to the fourth, 64 chips each time.
    let settings = [
        ("run.period", "Span(from: \"190 d\", for: \"90 min\")"),
        ("run.details", "[Temperatures(racks: \"hall[9]\", from: \"10 min\", for: \"40 min\")]"),
    ];
    for (fidelity, values) in [("Rack", 1), ("Chip", 64)] {
        let (outcome, _) = at("phoenix_evaporative", fidelity, &settings);
        let hottest = outcome.trajectory.named("hall.accelerator.die_max").unwrap();
        let inside = outcome.inside.as_ref().expect("racks are carried apart");
        for (record, hottest) in hottest.iter().enumerate() {
            let chips = inside.distribution("hall.accelerator", "die", record);
            let count: f64 = chips.iter().map(|(_, count)| count).sum();
            assert!((count - 1024.0).abs() < 1e-9, "{fidelity}: {count} chips in record {record}");
            let (degree, _) = chips.last().expect("chips");
            assert_eq!(*degree, (hottest - 273.15).floor(), "{fidelity}, record {record}");
        }
        let tables = inside.tables().unwrap();
        let (_, table) = tables.iter().find(|(name, _)| *name == "temperatures").expect("a rack is named");
        let column = |name: &str| &table.column(name).expect("a column").values;
        let (Values::Numbers(times), Values::Text(racks)) = (column("time_s"), column("rack")) else {
            panic!()
        };
        let (Values::Text(what), Values::Numbers(found)) = (column("what"), column("temperature_c")) else {
            panic!()
        };
        assert!(racks.iter().all(|rack| rack.as_deref() == Some("hall[9]")));
        let dies: Vec<usize> = (0..table.rows()).filter(|&k| what[k].as_deref() == Some("die")).collect();
        assert_eq!(dies.len(), 3 * values, "{fidelity}: records at 15, 30 and 45 min");
        for k in dies {
            let record = ((times[k] - 190.0 * 86_400.0) / 900.0).round() as usize;
            assert!((1..=3).contains(&record));
            // All racks are equal: none is hotter than the hottest of all, nor cooler.
            assert!(
                (found[k] + 273.15 - hottest[record]).abs() < 1e-9,
                "{fidelity}: {} in {record}",
                found[k]
            );
        }
    }
    let (lumped, _) = at("phoenix_evaporative", "Lumped", &settings[..1]);
    assert!(lumped.inside.is_none());
}

/// Racks of a pod that differ from the others: an idle one and three at half load, and one with a fouled cold plate.
const DIFFERENT: &str = r#"[(racks: "3", idle_share: 1), (racks: "0, 5-6", workload: Constant(utilisation: 0.5)),
    (racks: "7", parts: {"accelerator": (resistance_rated: "0.06 K/W")})]"#;

#[test]
fn an_exception_that_says_nothing_new_changes_nothing() {
    let period = span(190.0, 3.0);
    let settings = [("run.period", period.as_str())];
    let plain = at("mixed_hall", "Lumped", &settings);
    let same = ("racks.cold_plate.except", "[(racks: \"2-4\"), (racks: \"19\")]");
    let (outcome, summary) = at("mixed_hall", "Lumped", &[&settings[..], &[same]].concat());
    let (off, column) = apart(&plain.0, &outcome);
    assert!(off < 1e-9, "{column} is {off:e} apart");
    for racks in summary.racks.iter().filter(|racks| racks.hall == "cold_plate") {
        let whole = plain.1.racks.iter().find(|racks| racks.group == "cold_plate").unwrap();
        for (a, b) in [
            (racks.it_energy_kwh, whole.it_energy_kwh),
            (racks.facility_energy_kwh, whole.facility_energy_kwh),
            (racks.water_m3, whole.water_m3),
        ] {
            assert!((a / b - 1.0).abs() < 1e-9, "{}: {a} against {b}", racks.group);
        }
    }
}

#[test]
fn racks_that_differ_are_the_same_at_every_fidelity() {
    let period = span(190.0, 3.0);
    let settings = [("run.period", period.as_str()), ("racks.cold_plate.except", DIFFERENT)];
    let lumped = at("mixed_hall", "Lumped", &settings);
    let of = |summary: &Summary, rack: &str| {
        let racks = summary.racks.iter().find(|racks| racks.ids.iter().any(|id| id == rack));
        racks.unwrap_or_else(|| panic!("no rack {rack}")).clone()
    };
    for fidelity in ["Rack", "Chip"] {
        let (outcome, summary) = at("mixed_hall", fidelity, &settings);
        let (off, column) = apart(&lumped.0, &outcome);
        println!("{fidelity}: {off:.1e} ({column})");
        assert!(off < 1e-9, "{fidelity}: {column} is {off:e} apart");
        assert!(summary.closure.energy_relative.abs() < 1e-9 && summary.closure.energy_worst < 1e-9);
        for rack in ["cold_plate[0]", "cold_plate[3]", "cold_plate[7]", "cold_plate[8]"] {
            let (a, b) = (of(&lumped.1, rack), of(&summary, rack));
            assert!(
                (a.facility_energy_kwh / b.facility_energy_kwh - 1.0).abs() < 1e-5,
                "{rack}: {a:?}, {b:?}"
            );
        }
    }
    let [half, idle, fouled, usual] = [0, 3, 7, 8].map(|k| of(&lumped.1, &format!("cold_plate[{k}]")));
    assert!(idle.it_energy_kwh < half.it_energy_kwh && half.it_energy_kwh < usual.it_energy_kwh);
    assert!(fouled.max_junction_c.unwrap() > usual.max_junction_c.unwrap() + 3.0);
    // Hotter chips leak more.
    assert!(fouled.it_energy_kwh > usual.it_energy_kwh);
}

#[test]
fn every_site_with_racks_costs_the_same_by_racks() {
    for site in without_events() {
        let case = load(site, &[]);
        if case.plant.groups.is_empty() || case.plant.groups.iter().any(|group| group.racks > 1000.0) {
            continue;
        }
        let period = span(180.0, days(&case, 1.0));
        let [lumped, rack] = ["Lumped", "Rack"].map(|f| at(site, f, &[("run.period", &period)]).1);
        let energy = rack.metrics.facility_energy_kwh / lumped.metrics.facility_energy_kwh - 1.0;
        println!("{site}: energy {energy:+.1e}");
        assert!(energy.abs() < 1e-12, "{site}: {energy:e}");
        assert!(rack.closure.energy_relative.abs() < 1e-9 && rack.closure.energy_worst < 1e-9, "{site}");
    }
}

#[test]
fn racks_whose_chips_throttle_are_noted_as_a_lumped_hall_is() {
    // 60 °C to the cold plates and a hall at full load: chips throttle and recover again and again.
    let settings = [
        ("run.period", "Span(from: \"180 d\", for: \"20 min\")"),
        ("run.step", "1 min"),
        ("cdu.supply_setpoint", "60 °C"),
        ("controls.facility_water.at", "55 °C"),
        ("racks.pod.workload", "Constant(utilisation: 1)"),
    ];
    let lumped = at("nvl72_pod", "Lumped", &settings);
    let throttled = |summary: &Summary| -> (f64, u64) {
        let of = summary.notes.iter().filter(|note| note.text.contains("throttl"));
        of.fold((0.0, 0), |(s, n), note| (s + note.duration_s, n + note.count))
    };
    let (seconds, times) = throttled(&lumped.1);
    assert!(times >= 2, "the lumped pod throttles {times} times: nothing to compare");
    let rack = at("nvl72_pod", "Rack", &settings);
    let (rack_seconds, rack_times) = throttled(&rack.1);
    println!("throttled {seconds:.1} s in {times} times, by racks {rack_seconds:.1} s in {rack_times} times");
    assert_eq!(times, rack_times);
    assert!((seconds - rack_seconds).abs() < 0.01 * seconds, "{seconds} against {rack_seconds} s");
    let energy = rack.1.metrics.facility_energy_kwh / lumped.1.metrics.facility_energy_kwh - 1.0;
    assert!(energy.abs() < 1e-5, "{energy:e}");
}

#[test]
fn no_bit_of_a_thousand_racks_depends_on_the_number_of_threads() {
    let of = |threads: &str| {
        let settings = [
            ("run.period", "Span(from: \"200 d\", for: \"2 h\")"),
            ("racks.hall.count", "1000"),
            ("run.threads", threads),
        ];
        let (outcome, _) = at("campus_300k", "Rack", &settings);
        assert!(outcome.statistics.states > 5_000, "{} states", outcome.statistics.states);
        bits(&outcome)
    };
    let one = of("1");
    for threads in ["2", "3"] {
        for (a, b) in one.iter().zip(&of(threads)) {
            assert!(a == b, "{} differs with {threads} threads", a.0);
        }
    }
}

#[test]
fn the_hottest_rack_has_a_column_of_its_own() {
    let settings = [("run.period", "Span(from: \"200 d\", for: \"3 h\")")];
    let (outcome, summary) = at("nvl72_pod", "Chip", &settings);
    let mean = outcome.trajectory.named("pod.accelerator.die").unwrap();
    let highest = outcome.trajectory.named("pod.accelerator.die_max").unwrap();
    assert!(mean.iter().zip(&highest).all(|(mean, highest)| (highest - mean).abs() < 1e-6));
    let hottest = highest.iter().fold(0.0, |m: f64, v| m.max(*v)) - 273.15;
    assert!(summary.metrics.max_junction_c.unwrap() >= hottest - 1e-9);
}
