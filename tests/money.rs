//! What sites cost: bills against meters, comparison, report.

mod support;

use engine::study::read::Run;
use engine::study::report;
use serde_json::Value;
use std::process::Command;
use support::sites::run;

const DAY: [(&str, &str); 3] =
    [("run.period", "Day(\"2024-07-21\")"), ("run.dynamics", "QuasiSteady"), ("run.controls", "Continuous")];

fn isotherm(arguments: &[&str]) -> (bool, String, String) {
    let out =
        Command::new(env!("CARGO_BIN_EXE_isotherm")).args(arguments).output().expect("the command starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (out.status.success(), text(out.stdout), text(out.stderr))
}

#[test]
fn a_day_is_taken_365_times_and_its_bill_is_the_meter_times_the_price() {
    let (_, summary) = run("harbin_air", &DAY);
    let money = summary.books.money.as_ref().expect("what it costs");
    // 8760 h/24 h; nothing is generated, so the utility's meter is the facility's.
    assert!((money.annualised - 365.0).abs() < 1e-9);
    let bill = 365.0 * summary.metrics.facility_energy_kwh * 0.085;
    assert!((money.electricity / bill - 1.0).abs() < 1e-9, "{} {bill}", money.electricity);
    // 281 racks of 64 accelerators at 180,000 CNY · 0.139 USD/CNY, and the building at 2,926 USD · 46 kW · 281.
    let capital = |id: &str| money.assets.iter().find(|b| b.asset.priced.id == id).map(|b| b.capital.value);
    assert!((capital("it").unwrap() - 281.0 * 64.0 * 180_000.0 * 0.139).abs() < 1e-3);
    assert!((capital("building").unwrap() - 2_926.0 * 46.0 * 281.0).abs() < 1e-3);
    // 13 chillers of 1.2 MW at 106 USD per kW; dry coolers it has none of.
    assert!((capital("air_cooled_chillers").unwrap() - 13.0 * 1200.0 * 106.0).abs() < 1e-6);
    assert_eq!(capital("dry_coolers"), None);
    // The parts make the sum.
    let parts = money.capital_recovery + money.electricity + money.water + money.maintenance + money.other;
    assert!((parts / money.per_year.value - 1.0).abs() < 1e-12);
    assert!(money.per_year.low < money.per_year.value && money.per_year.value < money.per_year.high);
}

#[test]
fn a_cooler_more_costs_its_capacity_and_its_care() {
    let with = |count: &str| {
        let set = [&DAY[..], &[("components.dry_cooler.count", count)]].concat();
        let (_, summary) = run("harbin_cold_plate", &set);
        summary.books.money.expect("what it costs")
    };
    let (eight, nine) = (with("8"), with("9"));
    // 1 MW at 42 USD per kW; 3 % of it a year.
    assert!((nine.capital.value - eight.capital.value - 42_000.0).abs() < 1e-3);
    assert!((nine.maintenance - eight.maintenance - 1_260.0).abs() < 1e-6);
}

#[test]
fn compare_puts_the_cost_of_an_accelerator_hour_beside_pue_and_tue() {
    let (ok, out, err) = isotherm(&[
        "compare",
        "harbin_air",
        "harbin_cold_plate",
        "--set",
        "run.period=Day(\"2024-07-21\")",
        "--json",
        "-q",
    ]);
    assert!(ok, "{err}");
    let answer: Value = serde_json::from_str(&out).expect("JSON");
    let difference = &answer["data"]["differences"][0];
    let figures = difference["figures"].as_array().expect("figures");
    let change = |name: &str| {
        let figure =
            figures.iter().find(|figure| figure["figure"] == name).unwrap_or_else(|| panic!("{name}"));
        (figure["from"].as_f64().unwrap(), figure["to"].as_f64().unwrap(), figure["change"].as_f64().unwrap())
    };
    let (from, to, _) = change("cost_per_accelerator_hour");
    assert!(from > 0.5 && to > 0.5 && from != to);
    let steps = difference["cost_per_year"]["steps"].as_array().expect("what makes it differ");
    let sum: f64 = steps.iter().map(|step| step["change"].as_f64().unwrap()).sum();
    let (_, _, total) = change("cost_per_year");
    assert!((sum - total).abs() < 1e-6 * total.abs(), "{sum} {total}");
    let said = difference["sentences"].to_string();
    assert!(said.contains("To own, harbin_cold_plate costs"), "{said}");
}

#[test]
fn the_run_the_summary_and_the_reader_say_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("run");
    let mut arguments = vec!["run", "harbin_air", "--out", out.to_str().unwrap()];
    let set: Vec<String> = DAY.iter().map(|(path, value)| format!("{path}={value}")).collect();
    set.iter().for_each(|set| arguments.extend(["--set", set]));
    let (ok, text, err) = isotherm(&arguments);
    assert!(ok, "{err}");
    assert!(
        text.contains("  Money, USD of 2026: 8.0 % discount rate, 15 years, prices of facility_cn"),
        "{text}"
    );
    assert!(text.contains("taken 365.0 times: no forecast of a year"), "{text}");
    let read = Run::open(&out).expect("a finished run").summary.money.expect("what it costs");
    let (outcome, summary) = run("harbin_air", &DAY);
    let case = support::sites::load("harbin_air", &DAY);
    let json = report::summary_json(&case, &outcome, &summary);
    // Read back from text: to the last digit.
    let total = json["money"]["per_year"]["total"].as_f64().expect("a total");
    assert_eq!(read.per_year.total, total);
    assert_eq!(json["money"]["basis"], "a run that is no year, taken as often as fills one");
    // Every price says where it comes from, and how sure it is.
    for of in read.assets.iter().chain(&read.yearly) {
        assert!(!of.source.is_empty() && !of.confidence.is_empty(), "{of:?}");
    }
    assert_eq!(read.exchange[0].from, "CNY");
}

#[test]
fn a_plan_is_told_year_by_year_with_what_is_missing() {
    let (ok, out, err) = isotherm(&["targets", "phoenix_2030", "--by-year", "--json", "-q"]);
    assert!(ok, "{err}");
    let answer: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(answer["schema"], "isotherm.pledges/1");
    let data = &answer["data"];
    let years = data["years"].as_array().expect("years");
    assert_eq!(
        years.iter().map(|y| y["year"].as_u64().unwrap()).collect::<Vec<_>>(),
        [2025, 2026, 2027, 2028, 2029, 2030]
    );
    let of =
        |k: usize, name: &str| years[k][name].as_f64().unwrap_or_else(|| panic!("{name} of {}", years[k]));
    let base = |name: &str| data["base"][name].as_f64().unwrap();
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(b.abs());
    // 2025 is the run: 60 % of it carbon-free, the rest at 304 g/kWh; given scope 3 on top of what is built.
    assert!(near(of(0, "facility_energy_kwh"), base("facility_energy_kwh")));
    assert!(near(of(0, "scope_2_market_kg"), 0.4 * 0.304 * base("facility_energy_kwh")));
    assert!(near(of(0, "scope_3_kg"), base("embodied_kg") + 250_000.0));
    // 2030: 1.3 times the IT energy, the overhead 1.01 · 1.04 times as high, the water 0.9 · 0.65 times.
    let (it, overhead) = (base("it_energy_kwh"), base("facility_energy_kwh") - base("it_energy_kwh"));
    assert!(near(of(5, "facility_energy_kwh"), 1.3 * (it + 1.01 * 1.04 * overhead)));
    assert!(near(of(5, "water_m3"), 1.3 * 0.9 * 0.65 * base("water_m3")));
    assert!(near(of(5, "net_carbon_kg"), of(5, "scope_1_kg") + of(5, "scope_3_kg") - 400_000.0));
    let pledges = data["pledges"].as_array().expect("pledges");
    for pledge in pledges {
        let last = pledge["years"].as_array().unwrap().last().unwrap();
        assert_eq!(pledge["gap"], last["gap"], "{pledge}");
        assert_eq!(pledge["kept"].as_bool(), Some(last["gap"].as_f64().unwrap() <= 1e-9), "{pledge}");
    }
    let (ok, text, err) = isotherm(&["targets", "phoenix_2030", "--by-year", "-q"]);
    assert!(ok, "{err}");
    assert!(text.contains("Given by the site: it_load, grid_carbon, carbon_free"), "{text}");
    let (ok, _, err) = isotherm(&["targets", "nvl72_pod", "--by-year", "-q"]);
    assert!(!ok && err.contains("the site pledges nothing"), "{err}");
}

/// A price of carbon is paid for what CUE counts and for refrigerants, each once.
#[test]
fn a_price_of_carbon_meets_what_cue_counts_and_refrigerants() {
    let economics = "(currency: USD, ownership: (discount_rate: 0.05, horizon_years: 9, source: \"a test\", year: 2026, \
                     confidence: C, yearly: {\"allowances\": (per: CarbonTonne, price: 70, source: \"a test\", year: 2026, \
                     confidence: C)}))";
    let leaks = "(refrigerants: [(refrigerant: R134a, charge: \"300 kg\")])";
    let set = [&DAY[..], &[("economics", economics), ("carbon", leaks)]].concat();
    let (_, summary) = run("nvl72_pod", &set);
    let m = &summary.metrics;
    let money = summary.books.money.as_ref().expect("money");
    let leaked: f64 = summary.books.direct.as_ref().expect("leaks").leaks.iter().map(|leak| leak.kg).sum();
    let kg = m.cue_kg_per_kwh.expect("CUE") * m.it_energy_kwh + leaked;
    let tonnes = money.annualised * kg / 1000.0;
    assert!((money.yearly[0].quantity / tonnes - 1.0).abs() < 1e-12, "{:?}", money.yearly[0]);
    assert!((money.yearly[0].amount.value / (70.0 * tonnes) - 1.0).abs() < 1e-12);
    // 300 kg · 2 % · 1530 in a year.
    assert!((money.annualised * leaked - 9180.0).abs() < 1e-6, "{leaked}");
}
