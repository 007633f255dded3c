//! The answer does not depend on how it is computed: tolerance, method, execution of the controls.

mod support;

use engine::plant::plant::Plant;
use engine::scenario::Case;
use engine::study::case::options;
use engine::study::forcing::{Forcing, Outdoors};
use engine::study::run::{Integrator, Options, Outcome, Run, Unobserved};
use engine::units::Quantity;
use support::sites::{days, load, run, span, without_events};

#[test]
fn half_the_tolerance_moves_the_energy_by_less_than_a_thousandth() {
    let sites = without_events();
    for site in sites {
        let case = load(site, &[]);
        let whole = site == "phoenix_evaporative";
        let period = if whole { "Year".to_owned() } else { span(180.0, days(&case, 30.0)) };
        let tolerance = case.run.tolerance;
        let [one, half] = [tolerance, 0.5 * tolerance].map(|t| {
            let (outcome, summary) =
                run(site, &[("run.period", &period), ("run.tolerance", &format!("{t:e}"))]);
            (outcome.statistics.steps, summary.metrics.facility_energy_kwh)
        });
        let moved = half.1 / one.1 - 1.0;
        println!("{site:<22}{period:<34}{:8} and {:8} steps, energy moves by {moved:9.1e}", one.0, half.0);
        assert!(half.0 > one.0, "{site}: half the tolerance took no more steps");
        assert!(moved.abs() < 1e-3, "{site}: {moved:e}");
    }
}

/// Outdoor air that does not change, and workloads that step once: from `before` to all of what each does on average.
struct Still<'a> {
    case: &'a Case,
    dry_bulb: f64,
    humidity_ratio: f64,
    step_at: f64,
    before: f64,
}

impl Forcing for Still<'_> {
    fn outdoors(&self, _: f64) -> Result<Outdoors, String> {
        let (dry_bulb, humidity_ratio, pressure) =
            (self.dry_bulb, self.humidity_ratio, self.case.plant.pressure);
        let wet_bulb = engine::media::moist_air::wet_bulb(dry_bulb, humidity_ratio, pressure);
        Ok(Outdoors { dry_bulb, wet_bulb, humidity_ratio, pressure, ..Outdoors::default() })
    }
    fn signal(&self, series: usize, from: f64, to: f64) -> f64 {
        let start = self.case.run.start_s;
        let ordinary = self.case.workloads[series].mean(start, start + 86_400.0);
        if 0.5 * (from + to) < self.step_at { self.before * ordinary } else { ordinary }
    }
}

fn start(plant: &Plant, forcing: &dyn Forcing, options: &Options) -> Outcome {
    Run::start(plant, forcing, options, &mut Unobserved).unwrap_or_else(|stopped| panic!("{stopped}"))
}

/// Largest difference of a temperature in the records from `first` on, and whose [K].
fn apart(a: &Outcome, b: &Outcome, first: usize) -> (f64, String) {
    let mut worst = (0.0, String::new());
    for (k, probe) in a.trajectory.probes.iter().enumerate() {
        if probe.quantity != Quantity::Temperature {
            continue;
        }
        let other = b.trajectory.named(&probe.name).unwrap_or_else(|| panic!("{} is missing", probe.name));
        assert_eq!(other.len(), a.trajectory.len());
        for (x, y) in a.trajectory.column(k).zip(other).skip(first) {
            if (x - y).abs() > worst.0 {
                worst = ((x - y).abs(), probe.name.clone());
            }
        }
    }
    worst
}

fn supplied(outcome: &Outcome) -> f64 {
    outcome.accounts.supplied()
}

#[test]
fn loops_at_samples_settle_where_continuous_ones_do() {
    let mut problems = Vec::new();
    for site in without_events() {
        let case = load(site, &[]);
        for celsius in [5.0, 28.0] {
            let still = Still {
                case: &case,
                dry_bulb: 273.15 + celsius,
                humidity_ratio: 0.004,
                step_at: 3600.0,
                before: 0.6,
            };
            let of = |sampled: bool| {
                let options = Options {
                    start: 0.0,
                    length: 12.0 * 3600.0,
                    output_every: 900.0,
                    step: 900.0,
                    sampled,
                    integrator: Integrator::Rodas3,
                    ..options(&case)
                };
                start(&case.plant, &still, &options)
            };
            let (continuous, sampled) = (of(false), of(true));
            let last = continuous.trajectory.len() - 1;
            let (kelvin, whose) = apart(&continuous, &sampled, last);
            let (on_the_way, whom) = apart(&continuous, &sampled, 0);
            println!(
                "{site:<22}{celsius:4.0} °C: settled {kelvin:.4} K ({whose}), on the way {on_the_way:.2} K ({whom}), steps {} and {}",
                continuous.statistics.steps, sampled.statistics.steps
            );
            // It must have moved, else nothing settled.
            let moved = apart_in_time(&continuous);
            assert!(moved > 0.5, "{site}: the step of the workload moved nothing ({moved:.2} K)");
            if kelvin > 0.02 {
                problems.push(format!("{site} at {celsius} °C: {whose} settles {kelvin:.3} K apart"));
            }
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

/// Largest change of a temperature from the first to the last record [K].
fn apart_in_time(outcome: &Outcome) -> f64 {
    let trajectory = &outcome.trajectory;
    (trajectory.probes.iter().enumerate())
        .filter(|(_, probe)| probe.quantity == Quantity::Temperature)
        .map(|(k, _)| {
            let column: Vec<f64> = trajectory.column(k).collect();
            (column[column.len() - 1] - column[0]).abs()
        })
        .fold(0.0, f64::max)
}

#[test]
fn a_day_costs_the_same_with_loops_at_samples() {
    let mut problems = Vec::new();
    for site in without_events() {
        let case = load(site, &[]);
        let period = span(100.0, days(&case, 1.0));
        let workloads: Vec<String> =
            case.plant.groups.iter().map(|g| format!("racks.{}.workload", g.id)).collect();
        let of = |controls: &str| {
            let constant = workloads.iter().map(|path| (path.as_str(), "Constant(utilisation: 0.85)"));
            let mut settings: Vec<(&str, &str)> = constant.collect();
            settings.extend([("run.period", period.as_str()), ("run.controls", controls)]);
            run(site, &settings).1.metrics
        };
        let (continuous, sampled) = (of("Continuous"), of("Sampled"));
        let energy = sampled.facility_energy_kwh / continuous.facility_energy_kwh - 1.0;
        println!("{site:<22} energy of a day {energy:+.1e}");
        if energy.abs() > 2e-3 {
            problems.push(format!("{site}: energy of a day differs by {energy:+.2e}"));
        }
        if continuous.water_m3 > 0.0 {
            let water = sampled.water_m3 / continuous.water_m3 - 1.0;
            println!("{:<22} water of a day {water:+.1e}", "");
            if water.abs() > 5e-3 {
                problems.push(format!("{site}: water of a day differs by {water:+.2e}"));
            }
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn three_methods_find_the_same_hours() {
    let mut problems = Vec::new();
    for site in without_events() {
        let period = span(199.25, days(&load(site, &[]), 0.25));
        let of = |method: &str| {
            run(site, &[("run.period", &period), ("run.method", method), ("run.controls", "Continuous")]).0
        };
        let [three, four, explicit] = ["Rodas3", "Rodas4", "Dopri5"].map(of);
        for (name, a, b) in [
            ("Dopri5 and Rodas3", &explicit, &three),
            ("Dopri5 and Rodas4", &explicit, &four),
            ("Rodas3 and Rodas4", &three, &four),
        ] {
            let (kelvin, whose) = apart(a, b, 0);
            let energy = supplied(a) / supplied(b) - 1.0;
            println!(
                "{site:<22}{name}: {kelvin:.4} K ({whose}), energy {energy:+.1e}, steps {} and {}",
                a.statistics.steps, b.statistics.steps
            );
            if kelvin > 0.05 {
                problems.push(format!("{site}: {name} differ by {kelvin:.3} K in {whose}"));
            }
            if energy.abs() > 1e-4 {
                problems.push(format!("{site}: {name} differ by {energy:+.1e} in energy"));
            }
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}
