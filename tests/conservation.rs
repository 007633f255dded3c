//! Every shipped site closes its balances of energy and water, in summer and in winter, and its account of
//! electricity adds up; so does a network of the kinds that no shipped site has.

mod support;

use engine::plant::catalogue::KINDS;
use engine::scenario::catalogue::{Shelf, ids};
use engine::scenario::load_text;
use engine::study::case;
use engine::study::metrics::Summary;
use engine::study::run::Unobserved;
use std::collections::BTreeSet;
use support::sites::{days, load, run, span};

/// Days of the year at which three days begin: 1 January and 20 July.
const SEASONS: [(&str, f64); 2] = [("winter", 0.0), ("summer", 200.0)];
const HEAD: &str =
    "                                energy    water   energy*   water*  recomp.  electr.   accounts";

/// What does not close, as sentences.
fn misses(name: &str, summary: &Summary) -> Vec<String> {
    let c = summary.closure;
    let used: f64 = summary.energy_kwh.iter().map(|(_, kwh)| kwh).sum();
    let facility = summary.metrics.facility_energy_kwh;
    let accounts = used / facility - 1.0;
    println!(
        "{name:<28}{:10.0e}{:9.0e}{:10.0e}{:9.0e}{:9.0e}{:9.0e}{accounts:11.0e}",
        c.energy_relative,
        c.water_relative,
        c.energy_worst,
        c.water_worst,
        c.energy_recomputed,
        c.electricity_relative
    );
    assert!(facility > 0.0 && summary.metrics.it_energy_kwh > 0.0, "{name} draws nothing");
    let limits = [
        ("energy over the run", c.energy_relative, 1e-9),
        ("water over the run", c.water_relative, 1e-9),
        ("energy of the worst interval", c.energy_worst, 1e-9),
        ("water of the worst interval", c.water_worst, 1e-9),
        ("energy recomputed from the columns", c.energy_recomputed, 1e-6),
        ("electricity fed in less used", c.electricity_relative, 1e-9),
        ("the sum of the categories", accounts, 1e-9),
    ];
    let missed = limits.into_iter().filter(|(_, value, limit)| value.is_nan() || value.abs() > *limit);
    missed
        .map(|(what, value, limit)| format!("{name}: {what} misses by {value:e}, at most {limit:e}"))
        .collect()
}

#[test]
fn every_site_closes_in_summer_and_in_winter() {
    let mut problems = Vec::new();
    let sites = ids(Shelf::Sites);
    assert!(sites.len() >= 5, "only {sites:?} ship");
    println!("{HEAD}");
    for site in sites {
        let days = days(&load(site, &[]), 3.0);
        for (season, from) in SEASONS {
            let (_, summary) = run(site, &[("run.period", &span(from, days))]);
            problems.extend(misses(&format!("{site} {season}"), &summary));
            assert!((summary.hours - 24.0 * days).abs() < 1e-9, "{site} ran {} h of {days} d", summary.hours);
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

/// A network of the kinds that no shipped site has.
const ONE_OF_EACH: &str = include_str!("support/one_of_each.ron");

#[test]
fn every_kind_takes_part_in_a_network_that_closes() {
    let (mut problems, mut kinds) = (Vec::new(), BTreeSet::new());
    println!("{HEAD}");
    for (season, from) in SEASONS {
        let settings = [("run.period".to_owned(), span(from, 2.0))];
        let loaded = load_text("one_of_each.ron", ONE_OF_EACH, &settings);
        let case = match loaded {
            Ok(loaded) => loaded.case,
            Err(found) => panic!("{}", found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
        };
        let (_, summary) = case::run(&case, &mut Unobserved).unwrap_or_else(|stopped| panic!("{stopped}"));
        problems.extend(misses(&format!("one of each {season}"), &summary));
        // Humidifiers in winter, pads in summer: the balance of water is not one of nothing.
        assert!(summary.metrics.water_m3 > 0.1, "{season}: {} m3 of water", summary.metrics.water_m3);
        kinds.extend(case.plant.units.iter().map(|unit| unit.kind.declaration().name));
    }
    for site in ids(Shelf::Sites) {
        kinds.extend(load(site, &[]).plant.units.iter().map(|unit| unit.kind.declaration().name));
    }
    for kind in KINDS.iter().map(|kind| kind.declaration().name) {
        if !kinds.contains(kind) {
            problems.push(format!(
                "{kind} takes part in no network that is tested: add one to tests/support/one_of_each.ron"
            ));
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn loops_that_act_at_samples_and_explicit_steps_close_as_well() {
    for (controls, method) in [("Sampled", "Rodas3"), ("Sampled", "Rodas4"), ("Continuous", "Dopri5")] {
        let settings = [
            ("run.period", "Span(from: \"200 d\", for: \"6 h\")"),
            ("run.controls", controls),
            ("run.method", method),
        ];
        let (_, summary) = run("phoenix_evaporative", &settings);
        let c = summary.closure;
        println!("{controls} {method}: {c:?}");
        let exact =
            [c.energy_relative, c.water_relative, c.energy_worst, c.water_worst, c.electricity_relative];
        assert!(exact.iter().all(|r| r.abs() <= 1e-9), "{controls} {method}: {c:?}");
        assert!(c.energy_recomputed.abs() <= 1e-6, "{controls} {method}: {c:?}");
    }
}
