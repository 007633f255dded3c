//! A pod on cold plates, end to end, without a file.
#![allow(missing_docs)]

mod common;
use common::{Swing, options, pod};
use plant::declare::Use;
use study::run::{Options, Run, Unobserved};

#[test]
fn a_day_closes_to_round_off_and_everything_is_accounted_for() {
    let outcome = Run::start(&pod(), &Swing, &options(24.0), &mut Unobserved).unwrap();
    println!("{:?}\n{:?}", outcome.statistics, outcome.closure);
    for note in &outcome.notes {
        println!("{note:?}");
    }
    for use_ in Use::ALL {
        println!("{} {:.3} kWh", use_.name(), outcome.accounts.used(use_) / 3.6e6);
    }
    for p in [
        "cdu.secondary_out",
        "dry_cooler.water_out",
        "dry_cooler.fan_speed",
        "cdu.valve",
        "pod.accelerator.die",
    ] {
        let column = outcome.trajectory.named(p).unwrap();
        println!(
            "{p} {:?}",
            column.iter().step_by(8).map(|x| (x * 100.0).round() / 100.0).collect::<Vec<_>>()
        );
    }
    assert!(outcome.closure.energy_relative.abs() < 1e-9);
    assert!(outcome.closure.energy_worst < 1e-9);
    assert!(outcome.closure.energy_recomputed.abs() < 1e-6);
    assert!(outcome.closure.electricity_relative.abs() < 1e-9);
}

#[test]
fn the_same_run_gives_the_same_bits() {
    let run = |o: &Options| Run::start(&pod(), &Swing, o, &mut Unobserved).unwrap();
    let (a, b) = (run(&options(6.0)), run(&options(6.0)));
    let bits = |o: &study::run::Outcome| -> Vec<u64> {
        (0..o.trajectory.probes.len())
            .flat_map(|k| o.trajectory.column(k).collect::<Vec<_>>())
            .map(f64::to_bits)
            .collect()
    };
    assert_eq!(bits(&a), bits(&b));
}
