//! What each rack owns of a site: the racks sum to it, whatever the site and the mode, and who costs more is who
//! physics says.

mod support;

use engine::scenario::catalogue::{Shelf, ids};
use engine::study::case;
use engine::study::metrics::Summary;
use engine::study::racks::{OVERHEAD_NAMES, RackFigures};
use engine::study::report;
use engine::study::run::{Outcome, Unobserved};
use support::sites::{load, run, span, used};

const MIXED_HALL: &str = include_str!("../models/sites/mixed_hall.ron");
const IDEAL: [(&str, &str); 2] = [("run.dynamics", "QuasiSteady"), ("run.controls", "Ideal")];

fn of<'a>(summary: &'a Summary, group: &str) -> &'a RackFigures {
    summary.racks.iter().find(|g| g.group == group).unwrap_or_else(|| panic!("no racks {group}"))
}

fn overhead(of: &RackFigures, name: &str) -> f64 {
    of.overhead_kwh[OVERHEAD_NAMES.iter().position(|n| *n == name).unwrap()]
}

/// The mixed hall with changes of its text, on three days of July.
fn changed(changes: &[(&str, &str)]) -> (Outcome, Summary) {
    let mut text = MIXED_HALL.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "{from:?} is not in the file");
        text = text.replace(from, to);
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("changed.ron");
    std::fs::write(&file, text).unwrap();
    let period = span(190.0, 3.0);
    let settings = [&IDEAL[..], &[("run.period", period.as_str())]].concat();
    run(file.to_str().unwrap(), &settings)
}

/// The racks' figures are the same to so much.
#[track_caller]
fn alike(a: &RackFigures, b: &RackFigures, within: f64) {
    let list = |r: &RackFigures| {
        let given = [r.it_energy_kwh, r.facility_energy_kwh, r.water_m3, r.heat_given_kwh];
        given.into_iter().chain(r.overhead_kwh).collect::<Vec<f64>>()
    };
    for (x, y) in list(a).into_iter().zip(list(b)) {
        assert!((x - y).abs() <= within * a.facility_energy_kwh, "{x} against {y}:\n{a:?}\n{b:?}");
    }
}

/// What the racks own is what was used, by category, and the water.
#[track_caller]
fn sums(site: &str, summary: &Summary) {
    let (mut worst, metrics) = (0.0f64, &summary.metrics);
    let mut compare = |what: &str, racks: &dyn Fn(&RackFigures) -> f64, whole: f64| {
        let sum: f64 = summary.racks.iter().map(|g| g.racks as f64 * racks(g)).sum();
        let off = (sum - whole).abs() / if whole == 0.0 { 1.0 } else { whole.abs() };
        assert!(off < 1e-9, "{site}, {what}: the racks have {sum}, the site {whole}");
        worst = worst.max(off);
    };
    compare("facility", &|g| g.facility_energy_kwh, metrics.facility_energy_kwh);
    compare("IT", &|g| g.it_energy_kwh, metrics.it_energy_kwh);
    compare("water", &|g| g.water_m3, metrics.water_m3);
    for (k, name) in OVERHEAD_NAMES.iter().enumerate() {
        let category = match *name {
            "ups" | "transformer" | "distribution" => format!("{name}_loss"),
            name => name.to_owned(),
        };
        compare(name, &|g| g.overhead_kwh[k], used(summary, &category));
    }
    if let Some(carbon) = &summary.carbon {
        let whole = carbon.factor * 3.6e6 * metrics.bought_energy_kwh;
        compare("carbon", &|g| g.co2e_kg.unwrap_or(f64::NAN), whole);
    }
    for group in &summary.racks {
        assert!(group.overhead_kwh.iter().all(|&kwh| kwh >= 0.0), "{site}: {group:?}");
        assert!(group.water_m3 >= 0.0 && group.heat_given_kwh >= 0.0, "{site}: {group:?}");
    }
    println!("{site}: racks sum to the site within {worst:.0e}");
}

#[test]
fn in_every_site_the_racks_sum_to_the_site_whatever_the_mode() {
    let mut sites = ids(Shelf::Sites);
    sites.push("tests/support/one_of_each.ron");
    for site in sites {
        let case = load(site, &[]);
        if case.plant.groups.is_empty() {
            continue;
        }
        let eventful = !case.events.is_empty();
        let period = span(180.0, 0.25);
        let short = [("run.period", period.as_str())];
        let plain = if eventful { Vec::new() } else { short.to_vec() };
        sums(site, &run(site, &plain).1);
        if eventful {
            continue;
        }
        sums(site, &run(site, &[&IDEAL[..], &plain].concat()).1);
        let racks: f64 = case.plant.groups.iter().map(|g| g.racks).sum();
        if racks < 1000.0 && !site.ends_with(".ron") {
            sums(site, &run(site, &[&[("run.fidelity", "Rack")][..], &plain].concat()).1);
        }
    }
}

#[test]
fn side_by_side_air_costs_more_compressors_and_more_water_than_cold_plates() {
    let (_, summary) = changed(&[]);
    let [air, plate] = ["air_cooled", "cold_plate"].map(|group| of(&summary, group));
    for racks in [air, plate] {
        println!(
            "{}: PUE {:.4}, {:.4} L/kWh, overheads per IT {:?}",
            racks.group,
            racks.pue.unwrap(),
            racks.wue_l_per_kwh.unwrap(),
            racks.overhead_kwh.map(|kwh| (kwh / racks.it_energy_kwh * 1e4).round() / 1e4)
        );
    }
    // The chain of supply is the same, so each kWh of IT loses the same in UPS and PDU.
    for name in ["ups", "distribution"] {
        let [a, p] = [air, plate].map(|racks| overhead(racks, name) / racks.it_energy_kwh);
        assert!((a / p - 1.0).abs() < 1e-9, "{name}: {a} {p}");
    }
    // All heat of the one goes into the air and through chiller and tower; of the other only what the chips leave,
    // about 11.2 + 1.6 + 1.6 of 40 kW: not much more than a third of the compressors, the fans and the water.
    for name in ["compressors", "air_handler_fans"] {
        let ratio = overhead(plate, name) / overhead(air, name);
        assert!((0.25..0.5).contains(&ratio), "{name}: {ratio}");
    }
    let water = plate.water_m3 / air.water_m3;
    assert!((0.25..0.5).contains(&water), "water: {water}");
    // The same share of both: the water follows the heat that the compressors lift.
    let lifted = overhead(plate, "compressors") / overhead(air, "compressors");
    assert!((water / lifted - 1.0).abs() < 0.02, "{water} {lifted}");
    let [a, p] = [air, plate].map(|racks| racks.pue.unwrap());
    assert!(a > p + 0.05 && p > 1.05, "{a} {p}");
    assert!(air.wue_l_per_kwh.unwrap() > 2.0 * plate.wue_l_per_kwh.unwrap());
    // The site lies between its racks.
    let whole = summary.metrics.pue.unwrap();
    assert!(p < whole && whole < a);
    assert!(air.max_junction_c.unwrap() > plate.max_junction_c.unwrap());
    assert_eq!((air.hours_out_of_class, plate.hours_out_of_class), (Some(0.0), Some(0.0)));
    sums("mixed_hall", &summary);
}

#[test]
fn the_page_on_racks_shows_what_a_year_of_the_mixed_hall_gives() {
    let page = include_str!("../docs/guide/per_rack.md");
    let (_, summary) = run("mixed_hall", &[]);
    let [air, plate] = ["air_cooled", "cold_plate"].map(|group| of(&summary, group));
    let both = |name: &str, digits: usize, figure: &dyn Fn(&RackFigures) -> f64, unit: &str| {
        let line = format!("| {name} | {:.digits$}{unit} | {:.digits$}{unit} |", figure(air), figure(plate));
        assert!(page.contains(&line), "docs/guide/per_rack.md does not show this line: {line}");
    };
    both("PUE", 3, &|g| g.pue.unwrap(), "");
    both("WUE", 2, &|g| g.wue_l_per_kwh.unwrap(), " L/kWh");
    both("water used for it", 0, &|g| g.water_m3, " m³");
    for (name, overhead_name) in [
        ("compressors", "compressors"),
        ("UPS", "ups"),
        ("pumps", "pumps"),
        ("tower and dry-cooler fans", "heat_rejection_fans"),
        ("PDU", "distribution"),
        ("transformer", "transformer"),
        ("air-handler fans", "air_handler_fans"),
        ("lights and controls", "other"),
    ] {
        let name = format!("{name}, per MWh of IT");
        both(&name, 1, &|g| 1e3 * overhead(g, overhead_name) / g.it_energy_kwh, " kWh");
    }
}

#[test]
fn the_order_of_the_groups_changes_nothing() {
    let (_, one) = changed(&[]);
    let (_, other) = changed(&[
        (
            "\"air_cooled\": (\n            template: \"harbin_rack_46kw\"",
            "\"first\": (\n            template: \"harbin_rack_cold_plate\"",
        ),
        (
            "\"cold_plate\": (\n            template: \"harbin_rack_cold_plate\"",
            "\"second\": (\n            template: \"harbin_rack_46kw\"",
        ),
        ("[air_cooled, cold_plate]", "[first, second]"),
        ("[air_cooled.air, cold_plate.air]", "[second.air, first.air]"),
        ("cold_plate.liquid", "first.liquid"),
    ]);
    alike(of(&one, "air_cooled"), of(&other, "second"), 1e-9);
    alike(of(&one, "cold_plate"), of(&other, "first"), 1e-9);
}

#[test]
fn equal_racks_in_two_groups_own_what_they_own_in_one() {
    let (_, one) = changed(&[]);
    let half = "(\n            template: \"harbin_rack_46kw\",\n            count: 10,\n            workload: Constant(utilisation: 0.85),\n        ),\n";
    let halves = format!("\"west\": {half}        \"east\": {half}        \"cold_plate\": (");
    let start = MIXED_HALL.find("\"air_cooled\": (").unwrap();
    let end = MIXED_HALL.find("\"cold_plate\": (").unwrap() + "\"cold_plate\": (".len();
    let (_, two) = changed(&[
        (&MIXED_HALL[start..end], &halves),
        ("[air_cooled, cold_plate]", "[west, east, cold_plate]"),
        ("[air_cooled.air, cold_plate.air]", "[west.air, east.air, cold_plate.air]"),
    ]);
    for group in ["west", "east"] {
        assert_eq!(of(&two, group).racks, 10);
        alike(of(&one, "air_cooled"), of(&two, group), 1e-6);
    }
    alike(of(&two, "west"), of(&two, "east"), 1e-12);
    alike(of(&one, "cold_plate"), of(&two, "cold_plate"), 1e-6);
}

#[test]
fn every_rack_by_itself_owns_what_equal_racks_own_together() {
    let period = span(180.0, 0.25);
    let at = |fidelity: &str| {
        let settings =
            [("run.period", period.as_str()), ("run.fidelity", fidelity), ("run.controls", "Continuous")];
        run("mixed_hall", &settings).1
    };
    let lumped = at("Lumped");
    for fidelity in ["Rack", "Chip"] {
        let apart = at(fidelity);
        sums(fidelity, &apart);
        for group in ["air_cooled", "cold_plate"] {
            let [a, b] = [&lumped, &apart].map(|summary| of(summary, group));
            alike(a, b, 1e-9);
            let hotter = a.max_junction_c.unwrap() - b.max_junction_c.unwrap();
            assert!(hotter.abs() < 1e-6, "{fidelity} {group}: {hotter}");
        }
    }
}

#[test]
fn a_door_serves_the_racks_it_hangs_on_and_nobody_else() {
    let door = "\"door\": RearDoor(based_on: \"rear_door_active_50kw\", count: 20),\n        \"aisles\":";
    let (outcome, with) = changed(&[
        ("\"aisles\":", door),
        ("-> [cdu, ", "-> [door, cdu, "),
        (
            "cold_plate.air] -> aisles.hot -> crah.air",
            "cold_plate.air]\", \"air_cooled.air -> door.air\", \"[door.air, cold_plate.air] -> aisles.hot -> crah.air",
        ),
        (
            "chiller.chilled_water -> crah.coil -> chilled_pump",
            "chiller.chilled_water -> [crah.coil, door.water] -> chilled_pump",
        ),
    ]);
    sums("with doors", &with);
    let fans = |id: &str| {
        let kind = engine::plant::network::MeterKind::Use(engine::plant::declare::Use::AirHandlerFans);
        outcome.accounts.sum(|m| m.kind == kind && m.name.starts_with(id)) / 3.6e6
    };
    let (doors, handlers) = (fans("door"), fans("crah"));
    assert!(doors > 0.0 && handlers > 0.0);
    let [air, plate] =
        ["air_cooled", "cold_plate"].map(|group| 20.0 * overhead(of(&with, group), "air_handler_fans"));
    println!(
        "fans of doors {doors:.2} kWh, of handlers {handlers:.2} kWh; the racks own {air:.2} and {plate:.2} kWh"
    );
    assert!(air > doors && plate < handlers, "{air} {plate}");
    // The doors take heat before it reaches the hall: what is left of it there needs less air handling, and the
    // racks beside own a larger part of that than without doors.
    let (_, without) = changed(&[]);
    let share = |summary: &Summary| {
        let [air, plate] = ["air_cooled", "cold_plate"].map(|g| of(summary, g).water_m3);
        plate / (air + plate)
    };
    println!("share of the water without doors {:.4}, with doors {:.4}", share(&without), share(&with));
    assert!((share(&with) - share(&without)).abs() < 0.05);
}

#[test]
fn a_tariff_of_the_site_goes_before_the_prices_of_its_grid() {
    let period = span(190.0, 0.25);
    let own = "(electricity_price_per_kwh: 0.6, water_price_per_m3: 5.0, currency: CNY, source: \"a test\", year: 2026, confidence: C)";
    let settings = [&IDEAL[..], &[("run.period", period.as_str())]].concat();
    let (_, grid) = run("mixed_hall", &settings);
    let (_, site) = run("mixed_hall", &[&settings[..], &[("economics", own)]].concat());
    let [indicative, given] = [&grid, &site].map(|summary| of(summary, "air_cooled"));
    assert_eq!((indicative.currency.as_deref(), given.currency.as_deref()), (Some("USD"), Some("CNY")));
    let cost = 0.6 * given.facility_energy_kwh + 5.0 * given.water_m3;
    assert!((given.cost.unwrap() / cost - 1.0).abs() < 1e-12);
    assert!(indicative.cost.is_some_and(|cost| cost > 0.0));
}

#[test]
fn a_campus_has_its_racks_in_the_table_only() {
    let case = load("campus_300k", &[&IDEAL[..], &[("run.period", &span(180.0, 0.1))]].concat());
    let (outcome, summary) = case::run(&case, &mut Unobserved).unwrap();
    assert!(report::summary_json(&case, &outcome, &summary)["racks"].is_null());
    let table = report::racks(&summary.racks).unwrap();
    assert_eq!(table.rows(), 30_000);
    let case = load("mixed_hall", &[&IDEAL[..], &[("run.period", &span(180.0, 0.1))]].concat());
    let (outcome, summary) = case::run(&case, &mut Unobserved).unwrap();
    let json = report::summary_json(&case, &outcome, &summary);
    let rows = json["racks"].as_array().unwrap();
    assert_eq!((rows.len(), rows[39]["id"].as_str()), (40, Some("cold_plate[19]")));
    let table = report::racks(&summary.racks).unwrap();
    let mut wanted: Vec<String> =
        rows[0].as_object().unwrap().keys().filter(|k| *k != "overhead_kwh").cloned().collect();
    wanted.extend(OVERHEAD_NAMES.map(|name| format!("overhead_kwh.{name}")));
    let mut found: Vec<String> = table.columns().iter().map(|c| c.name.clone()).collect();
    wanted.sort();
    found.sort();
    assert_eq!(wanted, found, "the table has the columns of a row");
}
