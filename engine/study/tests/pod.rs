//! A pod on cold plates, end to end, without a file.
#![allow(missing_docs)]

mod common;
use common::{Swing, options, pod};
use plant::declare::Use;
use study::run::{Options, Outcome, Run, Unobserved};

fn run(options: &Options) -> Outcome {
    Run::start(&pod(), &Swing, options, &mut Unobserved).expect("the pod runs")
}

#[test]
fn a_day_closes_to_round_off_and_everything_is_accounted_for() {
    let outcome = run(&options(24.0));
    println!("{:?}\n{:?}", outcome.statistics, outcome.closure);
    assert!(outcome.closure.energy_relative.abs() < 1e-12);
    assert!(outcome.closure.energy_worst < 1e-12);
    assert!(outcome.closure.energy_recomputed.abs() < 1e-12);
    assert!(outcome.closure.electricity_relative.abs() < 1e-12);
    // Half of the day at 0.9 and half at 0.4 of 576 chips of 140…1200 W and 8 boards of 8…28 kW:
    // 576·(140 + 0.65·1060) W + 8·(8 + 0.65·20) kW = 645.5 kW over 24 h, less leakage of chips below
    // their reference temperature
    let boards = outcome.accounts.used(Use::It) / 3.6e6;
    assert!((boards / (645.5 * 24.0) - 1.0).abs() < 0.04, "{boards}");
}

#[test]
fn the_supply_stays_at_its_set_point_until_the_valve_is_open() {
    let outcome = run(&options(24.0));
    let column = |name: &str| outcome.trajectory.named(name).expect(name);
    let (supply, valve) = (column("cdu.secondary_out"), column("cdu.valve"));
    for (supply, valve) in supply.iter().zip(&valve) {
        assert!(*valve > 0.95 || (supply - 308.15).abs() < 1.5, "{supply} K at {valve}");
    }
    assert!(valve.iter().any(|v| *v > 0.99), "the afternoon needs the whole valve");
}

#[test]
fn the_same_run_gives_the_same_bits() {
    let (a, b) = (run(&options(6.0)), run(&options(6.0)));
    let bits = |o: &Outcome| -> Vec<u64> {
        let columns = 0..o.trajectory.probes.len();
        columns.flat_map(|k| o.trajectory.column(k).map(f64::to_bits).collect::<Vec<_>>()).collect()
    };
    assert_eq!(bits(&a), bits(&b));
}
