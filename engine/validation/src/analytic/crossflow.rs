//! The approximation of cross flow, which rear doors, dry coolers and the coil of an air-cooled chiller take, against its series.

use super::CLOSED_FORMS;
use crate::{Case, Checks, Fault, Worst};
use plant::cooling::exchange;

/// What is compared here.
pub const CASES: &[Case] = &[Case {
    id: "crossflow_series",
    title: "Cross flow, both streams unmixed, by its series",
    source: &CLOSED_FORMS,
    covers: &["RearDoor", "DryCooler", "AdiabaticCooler", "AirCooledChiller", "heat exchangers"],
    evaluate: crossflow_series,
}];

/// ε of cross flow with both streams unmixed, exact (Mason 1955, recalled, to verify):
/// ε = 1/(C_r·NTU)·Σ_n [1 − e^−NTU·Σ_{m≤n} NTU^m/m!]·[1 − e^−C_r·NTU·Σ_{m≤n} (C_r·NTU)^m/m!].
fn series(ntu: f64, ratio: f64) -> f64 {
    let rates = [ntu, ratio * ntu];
    let mut terms = rates.map(|x| f64::exp(-x));
    let mut rest = terms.map(|term| 1.0 - term);
    let mut sum = 0.0;
    for n in 1..200 {
        sum += rest[0] * rest[1];
        for ((term, rest), rate) in terms.iter_mut().zip(&mut rest).zip(rates) {
            *term *= rate / f64::from(n);
            *rest -= *term;
        }
    }
    sum / rates[1]
}

fn crossflow_series(checks: &mut Checks) -> Result<(), Fault> {
    compare_with_series(checks, exchange::crossflow::<f64>)
}

/// ε·C of a conductance and two capacity rates, against the series.
fn compare_with_series(checks: &mut Checks, rate: fn(f64, f64, f64) -> f64) -> Result<(), Fault> {
    let mut worst = Worst::relative("effectiveness", "effectiveness from 0.1 to 8 transfer units", "");
    let ntus = [0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0];
    let ratios = [0.1, 0.25, 0.5, 0.75, 0.9, 1.0];
    for ntu in ntus {
        for ratio in ratios {
            let at = format!("NTU {ntu}, C ratio {ratio}");
            worst.compare(rate(ntu * 1e3, 1e3, 1e3 / ratio) / 1e3, series(ntu, ratio), &at);
        }
    }
    let remains = "the approximation (Incropera, eq. 11.32), up to 3.8 % short. The bound is ours: counterflow is 11 % off";
    checks.worst(worst, ntus.len() * ratios.len(), 0.04, remains);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;

    #[test]
    fn the_series_gives_0_476_at_one_transfer_unit_of_balanced_streams_and_counterflow_misses_it() {
        // Kays and London, table of both fluids unmixed (recalled): 0.476 at NTU 1 and C_r 1; 1 − e^−1 as C_r → 0.
        assert!((series(1.0, 1.0) - 0.476_222).abs() < 1e-6);
        assert!((series(1.0, 1e-9) - 0.632_120_6).abs() < 1e-6);
        let mut checks = Checks::of("case", &["part"]);
        compare_with_series(&mut checks, exchange::counterflow::<f64>).unwrap();
        assert_eq!(checks.into_list()[0].verdict, Verdict::Missed);
    }
}
