//! What a site costs does not depend on how its controllers are executed, nor on whether the time within a step is
//! followed or skipped; and what skipping it cannot do is done otherwise and said.

mod support;

use engine::scenario::Case;
use engine::scenario::load as read;
use engine::study::case::options;
use engine::study::forcing::{Forcing, Outdoors};
use engine::study::metrics::Summary;
use engine::study::run::{Options, Outcome, Run, Unobserved};
use engine::units::Quantity;
use std::path::Path;
use support::sites::{days, load, run, span, without_events};

/// Relative difference of energy and of water.
fn apart(a: &Summary, b: &Summary) -> (f64, f64) {
    let (a, b) = (&a.metrics, &b.metrics);
    let water = if b.water_m3 > 0.0 { a.water_m3 / b.water_m3 - 1.0 } else { a.water_m3 };
    (a.facility_energy_kwh / b.facility_energy_kwh - 1.0, water)
}

/// What misses 0.2 % of energy or 0.5 % of water, and what does not close to 1e-9.
fn misses(name: &str, found: &(Outcome, Summary), reference: &Summary) -> Vec<String> {
    let (outcome, summary) = found;
    let (energy, water) = apart(summary, reference);
    let closure = outcome.closure;
    println!(
        "{name:<52}energy {:+.4} %  water {:+.4} %  evaluations {:8}  followed {:4}  closure {:.0e}",
        100.0 * energy,
        100.0 * water,
        outcome.statistics.evaluations,
        outcome.statistics.followed,
        closure.energy_worst
    );
    let limits = [
        ("energy", energy, 2e-3),
        ("water", water, 5e-3),
        ("balance of energy", closure.energy_relative, 1e-9),
        ("balance of energy of an interval", closure.energy_worst, 1e-9),
        ("balance of water", closure.water_relative, 1e-9),
        ("balance of water of an interval", closure.water_worst, 1e-9),
        ("balance recomputed from the columns", closure.energy_recomputed, 1e-6),
    ];
    let missed = limits.into_iter().filter(|(_, value, limit)| value.is_nan() || value.abs() > *limit);
    missed.map(|(what, value, limit)| format!("{name}: {what} {value:+.2e}, at most {limit:e}")).collect()
}

/// Runs a site over a period in a mode.
fn in_mode(site: &str, period: &str, dynamics: &str, controls: &str) -> (Outcome, Summary) {
    let settings = [("run.period", period), ("run.dynamics", dynamics), ("run.controls", controls)];
    run(site, &settings)
}

/// Whether the steps of a site are long against all its loops.
fn steps_are_long(case: &Case) -> bool {
    case.plant.loops.iter().all(|control| control.integral_time <= case.run.step_s)
}

#[test]
fn quasi_steady_weeks_of_every_season_cost_what_dynamic_ones_do() {
    let mut problems = Vec::new();
    for site in without_events() {
        let length = days(&load(site, &[]), 7.0);
        for from in [10.0, 100.0, 190.0, 280.0] {
            let period = span(from, length);
            let (_, dynamic) = in_mode(site, &period, "Dynamic", "Continuous");
            for controls in ["Continuous", "Ideal"] {
                if controls == "Ideal" && !steps_are_long(&load(site, &[])) {
                    continue; // refused, see below
                }
                let found = in_mode(site, &period, "QuasiSteady", controls);
                problems.extend(misses(&format!("{site} day {from} {controls}"), &found, &dynamic));
            }
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn a_quasi_steady_year_costs_what_a_dynamic_one_does() {
    let mut problems = Vec::new();
    for site in ["phoenix_evaporative", "phoenix_zero_water"] {
        for step in ["15 min", "1 h"] {
            let of = |dynamics: &str, controls: &str| {
                let mode = [("run.dynamics", dynamics), ("run.controls", controls), ("run.step", step)];
                run(site, &[&mode[..], &[("run.output_every", "365 d")]].concat())
            };
            let (_, dynamic) = of("Dynamic", "Continuous");
            for controls in ["Continuous", "Ideal"] {
                let found = of("QuasiSteady", controls);
                problems.extend(misses(&format!("{site} year {step} {controls}"), &found, &dynamic));
            }
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

/// Outdoor air that does not change, and workloads that step once from 60 % to all of what each does on average.
struct Still<'a> {
    case: &'a Case,
    dry_bulb: f64,
}

impl Forcing for Still<'_> {
    fn outdoors(&self, _: f64) -> Result<Outdoors, String> {
        let (dry_bulb, humidity_ratio, pressure) = (self.dry_bulb, 0.004, self.case.plant.pressure);
        let wet_bulb = engine::media::moist_air::wet_bulb(dry_bulb, humidity_ratio, pressure);
        Ok(Outdoors { dry_bulb, wet_bulb, humidity_ratio, pressure, ..Outdoors::default() })
    }
    fn signal(&self, series: usize, from: f64, to: f64) -> f64 {
        let start = self.case.run.start_s;
        let ordinary = self.case.workloads[series].mean(start, start + 86_400.0);
        if 0.5 * (from + to) < 3600.0 { 0.6 * ordinary } else { ordinary }
    }
}

#[test]
fn all_forms_settle_at_the_same_temperatures() {
    let mut problems = Vec::new();
    for site in without_events() {
        let case = load(site, &[]);
        for celsius in [5.0, 28.0] {
            let still = Still { case: &case, dry_bulb: 273.15 + celsius };
            let of = |sampled, ideal, quasi_steady| {
                let options = Options {
                    start: 0.0,
                    length: 12.0 * 3600.0,
                    step: 900.0,
                    output_every: 900.0,
                    sampled,
                    ideal,
                    quasi_steady,
                    ..options(&case)
                };
                let outcome = Run::start(&case.plant, &still, &options, &mut Unobserved);
                outcome.unwrap_or_else(|stopped| panic!("{site}: {stopped}"))
            };
            let sampled = of(true, false, false);
            for (name, other) in [
                ("continuous", of(false, false, false)),
                ("continuous, quasi-steady", of(false, false, true)),
                ("ideal, quasi-steady", of(false, true, true)),
            ] {
                let (kelvin, whose) = settled_apart(&sampled, &other);
                println!("{site:<22}{celsius:4.0} °C  {name:<26}{kelvin:.4} K ({whose})");
                if kelvin > 0.02 {
                    problems
                        .push(format!("{site} at {celsius} °C, {name}: {whose} settles {kelvin:.3} K apart"));
                }
            }
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

/// Largest difference of a temperature in the last record, and whose [K].
fn settled_apart(a: &Outcome, b: &Outcome) -> (f64, String) {
    let mut worst = (0.0, String::new());
    for (k, probe) in a.trajectory.probes.iter().enumerate() {
        if probe.quantity == Quantity::Temperature {
            let last = |values: Vec<f64>| values.last().copied().unwrap_or(f64::NAN);
            let x = last(a.trajectory.column(k).collect());
            let y = last(b.trajectory.named(&probe.name).unwrap_or_default());
            let apart = (x - y).abs();
            if apart.is_nan() || apart > worst.0 {
                worst = (apart, probe.name.clone());
            }
        }
    }
    worst
}

#[test]
fn an_ideal_loop_holds_its_set_point_or_stands_at_its_limit() {
    let (outcome, _) = in_mode("phoenix_zero_water", &span(150.0, 5.0), "QuasiSteady", "Ideal");
    let column = |name: &str| outcome.trajectory.named(name).unwrap_or_else(|| panic!("{name} is missing"));
    let (mut held, mut limited) = (0, 0);
    for (sensor, setpoint, actuator) in [
        ("cdu.secondary_out", 40.0, "cdu.valve"),
        ("dry_cooler.water_out", 34.0, "dry_cooler.fan_speed"),
        ("crah.air_out", 24.0, "crah.valve"),
    ] {
        for (kelvin, position) in column(sensor).into_iter().zip(column(actuator)).skip(1) {
            let error = kelvin - 273.15 - setpoint;
            if position > 0.999 {
                // Fully open: too warm, or just there.
                assert!(error > -0.02, "{sensor} is {error:+.3} K off with {actuator} at {position}");
                limited += 1;
            } else if error.abs() > 0.02 {
                assert!(error < 0.0, "{sensor} is {error:+.3} K off with {actuator} at {position}");
                assert!(position < 0.3, "{sensor} is {error:+.3} K off with {actuator} at {position}");
            } else {
                held += 1;
            }
        }
    }
    assert!(held > 500 && limited > 20, "{held} held, {limited} at the limit: the days show nothing");
}

#[test]
fn chips_that_throttle_again_and_again_are_followed_dynamically_and_a_note_says_so() {
    let of = |dynamics: &str| {
        let period = span(201.0, 2.0);
        let settings = [
            ("run.period", period.as_str()),
            ("run.dynamics", dynamics),
            ("run.controls", "Continuous"),
            ("racks.pod.count", "22"),
        ];
        run("nvl72_pod", &settings)
    };
    let ((_, dynamic), (outcome, quasi_steady)) = (of("Dynamic"), of("QuasiSteady"));
    let throttled = |summary: &Summary| {
        summary.notes.iter().filter(|n| n.text.contains("throttled")).map(|n| n.duration_s).sum::<f64>()
    };
    let (energy, _) = apart(&quasi_steady, &dynamic);
    println!(
        "followed {} steps, throttled {:.1} h and {:.1} h, energy {energy:+.2e}",
        outcome.statistics.followed,
        throttled(&dynamic) / 3600.0,
        throttled(&quasi_steady) / 3600.0
    );
    assert!(throttled(&dynamic) > 0.0, "the overload does not throttle, and shows nothing");
    assert!(outcome.statistics.followed > 0);
    let note = quasi_steady.notes.iter().find(|n| n.text.contains("followed dynamically"));
    assert!(note.is_some_and(|n| n.count > 0 && n.duration_s > 0.0), "{:?}", quasi_steady.notes);
    assert!(energy.abs() < 2e-3, "{energy:e}");
    assert!(outcome.closure.energy_worst.abs() < 1e-9);
}

#[test]
fn a_quasi_steady_run_is_the_same_bits_again() {
    let of = || in_mode("phoenix_evaporative", &span(180.0, 3.0), "QuasiSteady", "Ideal").0;
    let (one, two) = (of(), of());
    assert_eq!(one.trajectory.len(), two.trajectory.len());
    for (k, probe) in one.trajectory.probes.iter().enumerate() {
        let bits = |outcome: &Outcome| outcome.trajectory.column(k).map(f64::to_bits).collect::<Vec<_>>();
        assert_eq!(bits(&one), bits(&two), "{}", probe.name);
    }
}

#[test]
fn modes_that_exclude_each_other_are_refused_with_the_way_out() {
    for (settings, path, way_out) in [
        (&["run.dynamics=QuasiSteady", "run.controls=Sampled"][..], "run.controls", "Continuous or Ideal"),
        (&["run.controls=Ideal"], "run.controls", "QuasiSteady"),
        (
            &["run.dynamics=QuasiSteady", "run.controls=Ideal", "run.step=1 min"],
            "run.controls",
            "longer run.step",
        ),
        (
            &["run.dynamics=QuasiSteady", "run.controls=Ideal", "run.method=Rodas4"],
            "run.method",
            "leave method out",
        ),
        (&["run.dynamics=QuasiSteady", "run.method=Dopri5"], "run.method", "leave method out"),
    ] {
        let pairs: Vec<(String, String)> = (settings.iter())
            .filter_map(|s| s.split_once('='))
            .chain([("run.period", "Span(from: \"10 d\", for: \"1 d\")")])
            .map(|(path, value)| (path.into(), value.into()))
            .collect();
        let Err(problems) = read(Path::new("nvl72_pod"), &pairs) else { panic!("{settings:?} was accepted") };
        let found = problems.iter().find(|p| p.code == "ISO0213");
        let found = found.unwrap_or_else(|| panic!("{settings:?}: {problems:?}"));
        assert_eq!(found.path, path);
        let help = found.help.clone().unwrap_or_default();
        assert!(help.contains(way_out), "{settings:?}: {help}");
    }
}

#[test]
fn a_quasi_steady_day_has_continuous_controls_where_nothing_is_written() {
    let case = load("nvl72_pod", &[("run.period", "Day(\"2024-07-21\")"), ("run.dynamics", "QuasiSteady")]);
    assert_eq!(case.run.controls, engine::scenario::Controls::Continuous);
    assert!(case.inferred.iter().any(|s| s.contains("quasi-steady")), "{:?}", case.inferred);
}
