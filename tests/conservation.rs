//! Every shipped site closes its balances of energy and water, in summer and in winter, and its account of
//! electricity adds up.

mod support;

use engine::scenario::catalogue::{Shelf, ids};
use support::sites::{run, span};

/// Days of the year at which three days begin: 1 January and 20 July.
const SEASONS: [(&str, f64); 2] = [("winter", 0.0), ("summer", 200.0)];

#[test]
fn every_site_closes_in_summer_and_in_winter() {
    let mut problems = Vec::new();
    let sites = ids(Shelf::Sites);
    assert!(sites.len() >= 5, "only {sites:?} ship");
    println!(
        "                                energy    water   energy*   water*  recomp.  electr.   accounts"
    );
    for site in sites {
        for (season, from) in SEASONS {
            let (_, summary) = run(site, &[("run.period", &span(from, 3.0))]);
            let c = summary.closure;
            let used: f64 = summary.energy_kwh.iter().map(|(_, kwh)| kwh).sum();
            let facility = summary.metrics.facility_energy_kwh;
            let accounts = used / facility - 1.0;
            println!(
                "{site:<22}{season}{:10.0e}{:9.0e}{:10.0e}{:9.0e}{:9.0e}{:9.0e}{accounts:11.0e}",
                c.energy_relative,
                c.water_relative,
                c.energy_worst,
                c.water_worst,
                c.energy_recomputed,
                c.electricity_relative
            );
            for (what, value, limit) in [
                ("energy over the run", c.energy_relative, 1e-9),
                ("water over the run", c.water_relative, 1e-9),
                ("energy of the worst interval", c.energy_worst, 1e-9),
                ("water of the worst interval", c.water_worst, 1e-9),
                ("energy recomputed from the columns", c.energy_recomputed, 1e-6),
                ("electricity fed in less used", c.electricity_relative, 1e-9),
                ("the sum of the categories", accounts, 1e-9),
            ] {
                if value.is_nan() || value.abs() > limit {
                    problems
                        .push(format!("{site} in {season}: {what} misses by {value:e}, at most {limit:e}"));
                }
            }
            assert!(facility > 0.0 && summary.metrics.it_energy_kwh > 0.0, "{site} draws nothing");
            let hours = summary.hours;
            if (hours - 72.0).abs() > 1e-9 {
                problems.push(format!("{site} in {season} ran {hours} h of 72 h"));
            }
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
