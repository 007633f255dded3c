//! Sides with round figures, so that every sentence can be checked by hand.

use super::*;
use crate::work::Work;
use serde_json::json;

/// A side of 100,000 accelerator-hours: IT 100 MWh of 120 MWh.
fn summary() -> serde_json::Value {
    json!({
        "site": "air", "title": "Air", "weather": "typical year",
        "period": { "start_s": 0.0, "hours": 100.0 },
        "mode": { "dynamics": "QuasiSteady", "controls": "Continuous" },
        "work": { "accelerators": 1000.0, "accelerator_hours": 100_000.0 },
        "metrics": {
            "pue": 1.2, "tue": 1.5, "wue_site_l_per_kwh": 0.5, "cue_kg_per_kwh": 0.6,
            "it_energy_kwh": 100_000.0, "facility_energy_kwh": 120_000.0, "water_m3": 50.0,
            "free_cooling_hours": 40.0, "max_junction_c": 80.0, "max_inlet_c": null
        },
        "energy_kwh": { "it": 80_000.0, "server_fans": 20_000.0, "pumps": 5_000.0, "compressors": 15_000.0 },
        "water_m3": { "evaporation": 40.0, "blowdown": 10.0 },
        "carbon": { "factor_kg_per_kwh": 0.5, "basis": "lifecycle" },
        "tariff": { "electricity_per_kwh": 0.1, "water_per_m3": 2.0, "currency": "EUR" },
        "notes": []
    })
}

/// The same work with half of the fans, twice the pumps, a third of the compressors and no water.
fn plate() -> serde_json::Value {
    let mut plate = summary();
    plate["site"] = json!("plate");
    plate["metrics"]["it_energy_kwh"] = json!(90_000.0);
    plate["metrics"]["facility_energy_kwh"] = json!(105_000.0);
    plate["metrics"]["pue"] = json!(105.0 / 90.0);
    plate["metrics"]["tue"] = json!(105.0 / 80.0);
    plate["metrics"]["water_m3"] = json!(0.0);
    plate["metrics"]["wue_site_l_per_kwh"] = json!(0.0);
    plate["metrics"]["free_cooling_hours"] = json!(70.0);
    plate["metrics"]["max_junction_c"] = json!(65.0);
    plate["energy_kwh"] =
        json!({ "it": 80_000.0, "server_fans": 10_000.0, "pumps": 10_000.0, "compressors": 5_000.0 });
    plate["water_m3"] = json!({ "evaporation": 0.0, "blowdown": 0.0 });
    plate
}

fn compared(a: serde_json::Value, b: serde_json::Value) -> Comparison {
    compare(vec![Side::read("air", &a).expect("a side"), Side::read("plate", &b).expect("a side")])
}

#[test]
fn the_answer_names_the_work_the_difference_and_its_causes() {
    // 105 − 120 = −15 MWh = 12.5 %: fans −10, compressors −10, pumps +5. TUE 1.3125/1.5 = −12.5 %,
    // PUE 1.1667/1.2 = −2.8 %. Carbon 0.5 kg/kWh · 15 MWh = 7.5 t of 60 t. Cost 0.1·15,000 + 2·50 = 1,600 of 12,100.
    let comparison = compared(summary(), plate());
    assert_eq!(comparison.differences[0].work, SameWork::Same);
    assert_eq!(
        comparison.sentences(0),
        [
            "plate uses 15.00 MWh (12.5 %) less electricity than air for the same IT work: server fans −10.00 MWh, \
             compressors −10.00 MWh, pumps +5.00 MWh.",
            "PUE is 1.167 against 1.200, TUE 1.312 against 1.500; PUE counts fans and supplies in the servers as IT and \
             so moves by −2.8 %, TUE by −12.5 % (they use 10.00 MWh less).",
            "plate uses no water, air 50.0 m³ (WUE 0.000 L/kWh against 0.500).",
            "plate emits 7.5 t (12.5 %) less CO₂ and pays 1,600 EUR (13.2 %) less for electricity and water.",
            "It runs 70.0 h of 100 h without compressor, air 40.0 h of 100 h; its hottest junction reaches 65.0 °C \
             against 80.0 °C.",
        ]
    );
}

#[test]
fn work_that_differs_is_said_and_energies_are_compared_per_accelerator_hour() {
    // Half of the work with the plant of the other: 105 MWh / 50,000 h = 2,100 Wh against 1,200 Wh a full-load hour;
    // boards 80 MWh: 1,600 against 800, pumps 200 against 50, compressors 100 against 150, fans 200 both.
    let mut half = plate();
    half["work"]["accelerator_hours"] = json!(50_000.0);
    let comparison = compared(summary(), half);
    let difference = &comparison.differences[0];
    assert_eq!(difference.work, SameWork::Differs(-0.5));
    let fall = difference.per_work.as_ref().expect("both have work");
    assert_eq!((fall.from, fall.to), (1200.0, 2100.0));
    assert!((fall.steps.iter().map(Step::change).sum::<f64>() - 900.0).abs() < 1e-9);
    let said = comparison.sentences(0);
    assert!(said[0].contains("less electricity than air for 50.0 % less IT work"), "{said:#?}");
    assert_eq!(
        said[1],
        "The IT work differs: plate does 50,000 full-load accelerator-hours, air 100,000, 50.0 % less; per \
         accelerator-hour plate uses 2100.0 Wh against 1200.0 Wh: IT boards +800.0 Wh, pumps +150.0 Wh, compressors \
         −50.0 Wh."
    );
    assert!(said[2].starts_with("Per kWh of IT energy plate uses 1.167 kWh and air 1.200 kWh:"), "{said:#?}");
}

#[test]
fn the_steps_per_it_energy_lead_from_pue_to_pue() {
    let comparison = compared(summary(), plate());
    let fall = comparison.differences[0].per_it.as_ref().expect("IT energy");
    assert!((fall.from - 1.2).abs() < 1e-12 && (fall.to - 105.0 / 90.0).abs() < 1e-12);
    // 5/90 − 15/100 by compressors.
    let compressors = fall.steps.iter().find(|step| step.name == "compressors").expect("a step");
    assert!((compressors.change() - (5.0 / 90.0 - 0.15)).abs() < 1e-12);
    let sum: f64 = fall.steps.iter().map(Step::change).sum();
    assert!((sum + fall.unaccounted - fall.change()).abs() < 1e-15);
}

#[test]
fn what_is_not_alike_is_said_and_what_cannot_be_compared_is_left_out() {
    let mut other = plate();
    other["period"]["hours"] = json!(50.0);
    other["weather"] = json!("files/phoenix.epw");
    other["mode"]["dynamics"] = json!("Dynamic");
    other["carbon"]["basis"] = json!("direct");
    other["tariff"]["currency"] = json!("USD");
    other["notes"] = json!([{ "text": "throttled by its junction temperature", "duration_s": 7200.0 }]);
    let comparison = compared(summary(), other);
    let difference = &comparison.differences[0];
    let parts =
        ["periods differ", "weather differs", "calculated alike", "carbon", "cost", "throttle for 2.0 h"];
    assert_eq!(difference.unlike.len(), parts.len(), "{:#?}", difference.unlike);
    for (text, part) in difference.unlike.iter().map(ToString::to_string).zip(parts) {
        assert!(text.contains(part), "{part:?} is not in {text:?}");
    }
    for name in ["carbon_t", "cost", "cue_kg_per_kwh"] {
        let delta = difference.figures.iter().find(|delta| delta.name == name).expect("a figure");
        assert_eq!((delta.from, delta.to, delta.change()), (None, None, None), "{name}");
    }
    assert!(comparison.sentences(0).iter().any(|s| s.starts_with("Mind: the periods differ: air covers")));
    let text = text(&comparison);
    assert!(text.contains("\nDifferent weather, different periods, different modes\n"), "{text}");
}

#[test]
fn without_accelerators_only_it_energies_can_be_compared() {
    let mut other = plate();
    other["work"] = json!(null);
    let comparison = compared(summary(), other);
    assert_eq!(comparison.differences[0].work, SameWork::Unknown(Some(-0.1)));
    assert!(comparison.differences[0].per_work.is_none());
    assert!(comparison.sentences(0)[1].starts_with("Per kWh of IT energy"), "{:?}", comparison.sentences(0));
}

#[test]
fn a_run_is_the_same_as_itself() {
    let comparison = compared(summary(), summary());
    let said = comparison.sentences(0);
    assert_eq!(said[0], "plate uses the same electricity as air for the same IT work.");
    assert_eq!(comparison.differences[0].energy.change(), 0.0);
    assert_eq!(said[2], "Both use 50.0 m³ of water (WUE 0.500 L/kWh against 0.500).");
}

#[test]
fn a_summary_that_lacks_fields_is_refused_with_all_of_them() {
    let mut torn = summary();
    torn["metrics"]["facility_energy_kwh"] = json!(null);
    torn["energy_kwh"] = json!("gone");
    torn.as_object_mut().expect("an object").remove("work");
    torn["period"] = json!({ "start_s": 0.0 });
    let Malformed(wrong) = Side::read("air", &torn).expect_err("it is torn");
    assert_eq!(
        wrong,
        [
            "metrics.facility_energy_kwh is no number",
            "work is missing",
            "period.hours is no number",
            "energy_kwh is missing"
        ]
    );
}

#[test]
fn the_json_has_versions_of_every_number_and_the_sentences() {
    let comparison = compared(summary(), plate());
    let value = json(&comparison);
    assert_eq!(value["differences"][0]["from"], "air");
    assert_eq!(value["differences"][0]["energy_kwh"]["change"], -15_000.0);
    assert_eq!(value["differences"][0]["sentences"][0], comparison.sentences(0)[0].as_str());
    assert_eq!(value["sides"][1]["cost"]["total"], 10_500.0);
    let work = Side::read("air", &summary()).expect("a side").work;
    assert_eq!(work, Some(Work { accelerators: 1000.0, accelerator_hours: 100_000.0 }));
}

/// What a side costs to own in a year: capital, electricity, care.
fn owned(side: serde_json::Value, capital: f64, bills: f64, care: f64, rate: f64) -> serde_json::Value {
    let mut side = side;
    let total = capital + bills + care;
    side["money"] = json!({
        "currency": "EUR", "discount_rate": rate, "horizon_years": 10, "price_year": 2025,
        "capital": { "total": 10.0 * capital },
        "per_year": { "capital_recovery": capital, "electricity": bills, "water": 0.0, "maintenance": care,
            "other": 0.0, "total": total },
        "per_accelerator_hour": total / 100_000.0
    });
    side
}

#[test]
fn what_both_cost_to_own_is_compared_with_its_causes() {
    // 60,000 + 12,000 + 3,000 = 75,000; 66,000 + 10,500 + 3,600 = 80,100: 5,100 more, 6.8 %; 0.75 and 0.801 an hour.
    let air = owned(summary(), 60_000.0, 12_000.0, 3_000.0, 0.08);
    let comparison = compared(air.clone(), owned(plate(), 66_000.0, 10_500.0, 3_600.0, 0.08));
    let sentences = comparison.sentences(0);
    assert_eq!(
        sentences.last().map(String::as_str),
        Some(
            "To own, plate costs 5,100 EUR (6.8 %) more a year than air: capital recovery +6,000, electricity −1,500, \
             maintenance +600; a full-load accelerator-hour costs 0.8010 EUR against 0.7500."
        )
    );
    let figure = |name: &str| {
        comparison.differences[0].figures.iter().find(|d| d.name == name).and_then(Delta::change)
    };
    assert_eq!((figure("cost_per_year"), figure("capital")), (Some(5_100.0), Some(60_000.0)));
    // At another rate of interest nothing is subtracted, and that is said.
    let dearer = compared(air, owned(plate(), 66_000.0, 10_500.0, 3_600.0, 0.05));
    assert!(dearer.differences[0].ownership.is_none());
    let said = dearer.sentences(0).join(" ");
    assert!(
        said.contains("cost of ownership is not compared: air reckons in EUR of 2025 at 8.0 %"),
        "{said}"
    );
}
