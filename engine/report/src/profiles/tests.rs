use super::*;
use crate::document::RowKind;
use scenario::profile;
use serde_json::json;

/// A year in three bands: 4,000 h at 34 °C with 1.5 MW, 4,000 h at 16 °C with 1.2 MW, 760 h at −6 °C with 1.1 MW; IT 1 MW.
fn year() -> Course {
    let hours = |n: usize, value: f64| std::iter::repeat_n(value, n);
    Course {
        ends: (1..=8760).map(|h| f64::from(h) * 3600.0).collect(),
        hours: vec![1.0; 8760],
        dry_bulb_c: hours(4000, 34.0).chain(hours(4000, 16.0)).chain(hours(760, -6.0)).collect(),
        facility_kwh: hours(4000, 1500.0).chain(hours(4000, 1200.0)).chain(hours(760, 1100.0)).collect(),
        it_kwh: vec![1000.0; 8760],
    }
}

/// Facility 4000·1500 + 4000·1200 + 760·1100 = 11 636 MWh; IT 8760 MWh; PUE 1.328311.
fn summary() -> Value {
    json!({
        "title": "A site",
        "period": { "hours": 8760.0, "whole_year": true },
        "it_power_installed_kw": 1200.0,
        "metrics": {
            "pue": 11_636_000.0 / 8_760_000.0,
            "pue_category_1": 11_636_000.0 / 9_000_000.0,
            "pue_category_2": null,
            "cue_kg_per_kwh": 0.5,
            "it_energy_kwh": 8_760_000.0,
            "facility_energy_kwh": 11_636_000.0,
            "water_m3": 18_000.0,
        },
        "energy_kwh": { "pumps": 200_000.0, "compressors": 1_500_000.0, "air_handler_fans": 300_000.0,
            "heat_rejection_fans": 190_000.0 },
        "water_m3": { "evaporation": 14_000.0, "drift": 100.0, "blowdown": 3_900.0 },
        "carbon": { "grid": "g", "factor_kg_per_kwh": 0.4, "basis": "lifecycle", "year": 2025, "source": "s",
            "confidence": "A" },
        "supply": null,
        "disclosure": null,
    })
}

fn cells(summary: &Value, id: &str, language: Language) -> Vec<Vec<Cell>> {
    let year = year();
    let evidence = Evidence { summary, course: Some(&year) };
    let profile = profile::load(id).unwrap();
    let section = section(&evidence, &profile, language);
    let tables = section.blocks.into_iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    tables.flat_map(|table| table.rows).filter(|row| row.kind == RowKind::Body).map(|row| row.cells).collect()
}

fn line(summary: &Value, profile: &str, code: &str) -> Vec<Cell> {
    let rows = cells(summary, profile, Language::English);
    rows.into_iter().find(|row| row[0] == Cell::text(code)).unwrap()
}

fn value(summary: &Value, profile: &str, code: &str) -> f64 {
    match &line(summary, profile, code)[2] {
        Cell::Number { value, .. } => *value,
        other => panic!("{code}: {other:?}"),
    }
}

fn near(left: f64, right: f64) {
    assert!((left - right).abs() <= 1e-9 * right.abs().max(1.0), "{left} is not {right}");
}

#[test]
fn every_value_names_definition_edition_boundary_method_and_coverage() {
    for id in profile::ids() {
        for language in Language::ALL {
            for row in cells(&summary(), id, language) {
                let text = |k: usize| row[k].shown();
                for k in [0, 1, 4, 5, 6] {
                    assert!(!text(k).trim().is_empty(), "{id} {}: column {k} is empty", text(0));
                }
                let there = !matches!(row[2], Cell::Missing(_));
                assert_eq!(there, !text(7).is_empty(), "{id} {}: a value without method", text(0));
                assert_eq!(there, !text(8).is_empty(), "{id} {}: a value without coverage", text(0));
            }
        }
    }
}

#[test]
fn a_simulated_value_says_so_and_one_that_nobody_gave_says_that() {
    let summary = summary();
    let pue = line(&summary, "iso_30134", "PUE3");
    assert_eq!(pue[7].shown(), "simulated");
    assert_eq!(pue[8].shown(), "8,760 h simulated, 100.0 % of a year");
    assert_eq!(line(&summary, "iso_30134", "PUE2")[2], Cell::Missing("not in this run".to_owned()));
    assert_eq!(line(&summary, "eu_2024_1364", "C_SERV")[2], Cell::Missing("not given".to_owned()));
    assert_eq!(
        line(&summary, "iso_30134", "ERF")[2],
        Cell::Missing("neither simulated nor given".to_owned())
    );
}

#[test]
fn what_the_user_gives_is_marked_and_the_two_temperatures_and_traffics_stay_apart() {
    let mut summary = summary();
    summary["disclosure"] = json!({ "intake_setpoint_c": 25.0, "traffic_in_eb": 1.5, "refrigerants": ["R-513A", "R-32"], "owner": "=A&B" });
    let setpoint = line(&summary, "eu_2024_1364", "T_IN (set-point)");
    assert_eq!((setpoint[2].shown(), setpoint[3].shown()), ("25.0".to_owned(), "°C".to_owned()));
    assert_eq!(setpoint[7].shown(), "given by the user");
    let traffic = line(&summary, "eu_2024_1364", "T_IN (traffic)");
    assert_eq!((traffic[2].shown(), traffic[3].shown()), ("1.500".to_owned(), "EB".to_owned()));
    assert_eq!(line(&summary, "eu_2024_1364", "II.ref")[2].shown(), "R-513A, R-32");
    assert_eq!(line(&summary, "eu_2024_1364", "I.b")[2].shown(), "=A&B");
}

#[test]
fn the_european_ratios_use_the_energy_at_the_ups() {
    let summary = summary();
    // E_IT = E_DC / PUE1 = 9 000 MWh; PUE = 11 636 / 9 000; WUE = 18 000 m³ / 9 000 MWh = 2 L/kWh.
    near(value(&summary, "eu_2024_1364", "E_IT"), 9_000_000.0);
    near(value(&summary, "eu_2024_1364", "PUE"), 11_636.0 / 9_000.0);
    near(value(&summary, "eu_2024_1364", "WUE"), 2.0);
    near(value(&summary, "eu_2024_1364", "P_DIT"), 1200.0);
    assert!(line(&summary, "eu_2024_1364", "E_IT")[7].shown().contains("category 1"));
    let mut bare = summary;
    bare["metrics"]["pue_category_1"] = Value::Null;
    near(value(&bare, "eu_2024_1364", "E_IT"), 8_760_000.0);
    assert!(line(&bare, "eu_2024_1364", "E_IT")[7].shown().contains("category 3"));
}

#[test]
fn renewable_and_reused_energy_are_shares_of_the_total() {
    let mut summary = summary();
    summary["disclosure"] = json!({ "guarantees_of_origin_kwh": 2_000_000.0, "renewables_on_site_kwh": 909_000.0,
        "heat_reused_kwh": 1_163_600.0, "potable_share": 0.25 });
    // 2 000 + 909 = 2 909 MWh of 11 636 = 0.25; 1 163.6 of 11 636 = 0.1; a quarter of 18 000 m³.
    near(value(&summary, "eu_2024_1364", "E_RES-TOT"), 2_909_000.0);
    near(value(&summary, "eu_2024_1364", "REF"), 0.25);
    near(value(&summary, "eu_2024_1364", "ERF"), 0.1);
    near(value(&summary, "eu_2024_1364", "W_IN-POT"), 4500.0);
    summary["disclosure"]["guarantees_of_origin_kwh"] = json!(20_000_000.0);
    near(value(&summary, "iso_30134", "REF"), 1.0);
    summary["metrics"]["reused_heat_kwh"] = json!(2_327_200.0);
    near(value(&summary, "eu_2024_1364", "ERF"), 0.2);
}

#[test]
fn degree_days_and_cooling_efficiency_follow_their_definitions() {
    let summary = summary();
    // 4000 h at 34 °C are 166 days and 16 h. 166 · 13 = 2158. The day of both: (16·34 + 8·16)/24 = 28 → 7.
    near(value(&summary, "eu_2024_1364", "CDD"), 2165.0);
    near(value(&summary, "eu_2024_1364", "CDD (plain)"), 2165.0);
    // 8 760 / (200 + 1 500 + 300 + 190) = 4.0
    near(value(&summary, "iso_30134", "CER"), 4.0);
}

#[test]
fn rm1_with_the_shares_of_the_weather_is_the_ratio_of_the_year_and_says_not_annex_b() {
    let summary = summary();
    near(value(&summary, "gb_40879", "RM1"), 11_636.0 / 8_760.0);
    near(value(&summary, "gb_40879", "RM2"), 11_636.0 / 8_760.0);
    let method = line(&summary, "gb_40879", "RM1")[7].shown();
    assert!(
        method.contains("not Annex B") && method.contains("grade 3, the limit (at most 1.50)"),
        "{method}"
    );
}

#[test]
fn rm1_with_given_shares_weighs_the_conditions_and_misses_one_that_the_weather_never_had() {
    let mut summary = summary();
    // a (35 °C): 1.5; c (15 °C): 1.2; e (−5 °C): 1.1. 0.2·1.5 + 0.5·1.2 + 0.3·1.1 = 1.23.
    summary["disclosure"] = json!({ "characteristic_weights": [0.2, 0.0, 0.5, 0.0, 0.3] });
    near(value(&summary, "gb_40879", "RM1"), 1.23);
    assert!(line(&summary, "gb_40879", "RM1")[7].shown().contains("grade 2 (at most 1.30)"));
    summary["disclosure"] = json!({ "characteristic_weights": [0.2, 0.2, 0.3, 0.0, 0.3] });
    let why = line(&summary, "gb_40879", "RM1")[2].shown();
    assert_eq!(why, "no hour of this weather is near condition b (25 °C)");
}

#[test]
fn a_part_of_a_year_has_no_grade_and_is_interim() {
    let mut summary = summary();
    summary["period"] = json!({ "hours": 24.0, "whole_year": false });
    assert_eq!(line(&summary, "gb_40879", "RM2")[2], Cell::Missing("needs a whole year".to_owned()));
    assert!(line(&summary, "iso_30134", "PUE3")[7].shown().contains("interim"));
}

#[test]
fn gri_counts_in_terajoules_and_megalitres() {
    let mut summary = summary();
    summary["disclosure"] = json!({ "fuel_used_kwh": 100_000.0, "fuel_emissions_kg": 26_000.0 });
    // 11 636 MWh · 3.6e-3 TJ/MWh = 41.8896; fuel 0.36; 18 000 m³ = 18 ML; 4 000 m³ leave, 14 ML stay.
    near(value(&summary, "gri", "302-1 c"), 41.8896);
    near(value(&summary, "gri", "302-1 a"), 0.36);
    near(value(&summary, "gri", "302-1 e"), 42.2496);
    near(value(&summary, "gri", "303-3"), 18.0);
    // Blowdown is drained; drift goes with the air, and is consumed as vapour is.
    near(value(&summary, "gri", "303-4"), 3.9);
    near(value(&summary, "gri", "303-5"), 14.1);
    near(value(&summary, "gri", "305-1"), 26.0);
    // 0.4 kg/kWh · 11 636 MWh = 4 654.4 t.
    near(value(&summary, "gri", "305-2 location"), 4654.4);
    // A generator: 100 MWh of fuel, of which 40 MWh of the electricity were made: 0.36 + 11 596 · 3.6e-3 TJ, not 0.36 more.
    let mut engine = summary.clone();
    engine["direct"] = json!({ "fuel": { "heat_kwh": 100_000.0, "generated_kwh": 40_000.0 } });
    near(value(&engine, "gri", "302-1 a"), 0.36);
    near(value(&engine, "gri", "302-1 e"), 42.1056);
    assert_eq!(
        line(&summary, "gri", "305-2 market")[2],
        Cell::Missing("the site has no contracts".to_owned())
    );
    summary["supply"] = json!({ "location_kg": 4_000_000.0, "market_kg": 1_752_000.0 });
    near(value(&summary, "gri", "305-2 location"), 4000.0);
    near(value(&summary, "iso_30134", "CUE (market)"), 0.2);
}

#[test]
fn a_year_before_the_rule_is_said() {
    let mut summary = summary();
    summary["disclosure"] = json!({ "reporting_year": 2023 });
    let evidence = Evidence { summary: &summary, course: None };
    let profile = profile::load("eu_2024_1364").unwrap();
    let Block::Paragraph(standing) = &section(&evidence, &profile, Language::English).blocks[0] else {
        panic!()
    };
    assert!(
        standing.contains("from 2024-06-06") && standing.contains("the reported year 2023"),
        "{standing}"
    );
}

#[test]
fn profiles_are_chosen_by_name_once_each_and_all_that_are_unknown_are_told() {
    let chosen = choose("gri, iso_30134,gri".split(',')).unwrap();
    assert_eq!(chosen.iter().map(|p| p.id.as_str()).collect::<Vec<_>>(), ["gri", DEFAULT]);
    let problems = choose(["grii", "iso", "missing.ron"]).unwrap_err();
    assert_eq!(problems.len(), 3);
    assert!(problems[0].message.contains("there is no profile grii"), "{}", problems[0].message);
}

#[test]
fn renewables_of_the_run_count_where_nobody_gives_them_and_say_so() {
    let mut summary = summary();
    let contract = |technology: &str, kwh: f64| json!({ "technology": technology, "energy_kwh": kwh });
    summary["supply"] = json!({ "contracts": [contract("Wind", 1_500_000.0), contract("Nuclear", 4e6), contract("Hydro", 5e5)] });
    // Wind and water, not nuclear power: 2 000 MWh of 11 636.
    near(value(&summary, "eu_2024_1364", "E_RES-PPA"), 2_000_000.0);
    near(value(&summary, "eu_2024_1364", "E_RES-TOT"), 2_000_000.0);
    near(value(&summary, "eu_2024_1364", "REF"), 2_000.0 / 11_636.0);
    for code in ["E_RES-PPA", "E_RES-TOT", "REF"] {
        let line = line(&summary, "eu_2024_1364", code);
        assert_eq!(line[7].shown(), "simulated");
        assert!(line[8].shown().starts_with("8,760 h simulated"));
    }
    // More than is bought is nobody's use.
    summary["metrics"]["bought_energy_kwh"] = json!(1_800_000.0);
    near(value(&summary, "eu_2024_1364", "E_RES-PPA"), 1_800_000.0);
    // What is given takes the place of the contracts; what the run generated stays the run's.
    summary["on_site"] = json!({ "used_kwh": 909_000.0 });
    summary["disclosure"] = json!({ "power_purchase_agreements_kwh": 1_000_000.0 });
    near(value(&summary, "eu_2024_1364", "E_RES-TOT"), 1_909_000.0);
    let total = line(&summary, "eu_2024_1364", "E_RES-TOT");
    assert_eq!(total[7].shown(), "simulated; with values given by the user");
    assert_eq!(line(&summary, "eu_2024_1364", "E_RES-PPA")[7].shown(), "given by the user");
    // All of it given: nothing is called simulated.
    summary["on_site"] = Value::Null;
    let total = line(&summary, "eu_2024_1364", "E_RES-TOT");
    assert_eq!(
        (total[7].shown(), total[8].shown()),
        ("sum of what is given by the user".into(), "as given".into())
    );
}
