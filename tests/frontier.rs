//! Frontier: 25 CDUs driven by metered heat, the shipped synthetic day and, where the reference data are, the
//! published one.

use engine::scenario;
use engine::study::run::{Outcome, Unobserved};
use std::path::{Path, PathBuf};

fn run(settings: &[(&str, &str)]) -> Outcome {
    let settings: Vec<(String, String)> =
        settings.iter().map(|(path, value)| ((*path).into(), (*value).into())).collect();
    let loaded = match scenario::load(Path::new("frontier_day"), &settings) {
        Ok(loaded) => loaded,
        Err(problems) => panic!("{}", problems.iter().map(|p| p.render()).collect::<String>()),
    };
    engine::study::case::run(&loaded.case, &mut Unobserved).expect("the day runs").0
}

/// Heat of all CDUs in each 15 s interval [W]: 94.5 % of what the load draws.
fn heat(outcome: &Outcome) -> Vec<f64> {
    let trajectory = &outcome.trajectory;
    let mut total = vec![0.0; trajectory.intervals()];
    for k in 0..25 {
        let name = format!("workload[{k}].it_power");
        let meter = trajectory.meters.iter().position(|m| m.name == name).expect("a meter for each CDU");
        for (sum, energy) in total.iter_mut().zip(trajectory.amounts(meter)) {
            *sum += 0.945 * energy / 15.0;
        }
    }
    total
}

#[test]
fn the_synthetic_day_runs_alone_and_every_cdu_carries_its_own_load() {
    let outcome = run(&[]);
    assert!(outcome.closure.energy_relative.abs() < 1e-9 && outcome.closure.water_relative.abs() < 1e-9);
    // CDU 14 serves two racks instead of three: two thirds of the heat, so a cooler return
    let mean = |name: &str| {
        let column = outcome.trajectory.named(name).expect(name);
        column.iter().sum::<f64>() / column.len() as f64
    };
    let (small, full) = (mean("cdu[13].secondary_in"), mean("cdu[12].secondary_in"));
    assert!(small < full - 2.0, "{small} {full}");
}

#[test]
fn the_published_day_has_the_published_load() {
    let Some(reference) = std::env::var_os("ISOTHERM_REFERENCE") else {
        println!("ISOTHERM_REFERENCE is not set: the published day of Frontier is NOT compared");
        return;
    };
    let file = PathBuf::from(reference).join("reference/frontier/frontier_2024-04-07_cdu_power_15s.csv");
    let outcome = run(&[("workload.trace", &file.display().to_string())]);
    let heat = heat(&outcome);
    assert_eq!(heat.len(), 5760);
    let mean = heat.iter().sum::<f64>() / heat.len() as f64;
    let (least, most) = heat.iter().fold((f64::MAX, f64::MIN), |(a, b), &x| (a.min(x), b.max(x)));
    let step = heat.windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0, f64::max);
    let energy = heat.iter().sum::<f64>() * 15.0 / 3.6e9;
    println!(
        "mean {:.4} MW, least {:.4}, most {:.4}, largest step {:.4}, energy {energy:.3} MWh",
        mean / 1e6,
        least / 1e6,
        most / 1e6,
        step / 1e6
    );
    let near = |value: f64, published: f64, share: f64| (value / published - 1.0).abs() <= share;
    assert!(near(mean, 16.125e6, 1e-4), "mean {mean}");
    assert!(near(least, 5.204e6, 1e-4), "least {least}");
    assert!(near(most, 26.606e6, 1e-4), "most {most}");
    assert!(near(step, 3.088e6, 2e-4), "step {step}");
    // The published 387.06 MWh count each of the 5,761 rows for 15 s; a day holds 5,760 of them, and the
    // last row (18.3 MW at midnight, 0.08 MWh) is not part of it.
    assert!(near(energy, 387.06, 3e-4), "energy {energy}");
    let wet_bulb = outcome.trajectory.named("weather.wet_bulb").expect("a column");
    let celsius: Vec<f64> = wet_bulb.iter().map(|k| k - 273.15).collect();
    let (low, high) = celsius.iter().fold((f64::MAX, f64::MIN), |(a, b), &x| (a.min(x), b.max(x)));
    let mean = celsius.iter().sum::<f64>() / celsius.len() as f64;
    println!("wet bulb {low:.3} … {high:.3} °C, mean {mean:.3} °C");
    assert!((low - 2.89).abs() < 0.006 && (high - 13.17).abs() < 0.006 && (mean - 7.75).abs() < 0.006);
    assert!(outcome.closure.energy_relative.abs() < 1e-9 && outcome.closure.energy_worst < 1e-9);
}
