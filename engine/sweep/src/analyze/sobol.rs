//! Sobol indices: which share of an output's variance comes from a parameter alone, and with all others.
//!
//! # Equations
//! ```text
//! S_i  = mean( y_B · (y_ABi − y_A) ) / V        first order
//! ST_i = mean( (y_A − y_ABi)² ) / (2 V)         total
//! ```
//! with V the variance of y over A and B; y is centred and scaled first, which takes rounding out and changes nothing.
//!
//! # Source
//! A. Saltelli et al., *Comput. Phys. Commun.* 181 (2010), 259–270: table 2, (b) and (f) (M. Jansen).
//!
//! # Verified by
//! SALib 1.6.0 given the same points and outputs, to 1e-12; the analytic indices of the function of Ishigami.

use super::bootstrap;

/// The indices of a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Index {
    /// Share of the variance by the parameter alone.
    pub first: f64,
    /// Its interval, 95 %, by bootstrap over base points.
    pub first_interval: (f64, f64),
    /// Share of the variance with all its interactions.
    pub total: f64,
    /// Its interval.
    pub total_interval: (f64, f64),
    /// Base points with all their cases.
    pub base: usize,
}

impl Index {
    /// Share by the parameter alone, where it is larger than its interval is wide.
    #[must_use]
    pub fn first_known(&self) -> Option<f64> {
        known(self.first, self.first_interval)
    }

    /// Share with all interactions, where it is larger than its interval is wide.
    #[must_use]
    pub fn total_known(&self) -> Option<f64> {
        known(self.total, self.total_interval)
    }

    /// The most that the share by the parameter alone may be, where it is not known.
    #[must_use]
    pub fn first_bound(&self) -> f64 {
        bound(self.first_interval)
    }

    /// The most that the share with all interactions may be, where it is not known.
    #[must_use]
    pub fn total_bound(&self) -> f64 {
        bound(self.total_interval)
    }
}

/// A share lies between 0 and 1. Where chance has led the interval below 0, it is as wide above it.
fn bound((low, high): (f64, f64)) -> f64 {
    high.max(high - low).min(1.0)
}

fn known(value: f64, (low, high): (f64, f64)) -> Option<f64> {
    (high - low <= value).then_some(value)
}

/// The indices of each parameter. `y` comes block by block: A, A with each column of B, B; a block in which one failed
/// (NaN) is left out. Nothing where the output does not vary.
#[must_use]
pub fn indices(y: &[f64], dimensions: usize) -> Option<Vec<Index>> {
    let blocks: Vec<&[f64]> =
        y.chunks_exact(dimensions + 2).filter(|block| block.iter().all(|y| y.is_finite())).collect();
    let count = (blocks.len() * (dimensions + 2)) as f64;
    if blocks.len() < 2 {
        return None;
    }
    let mean = blocks.iter().flat_map(|block| block.iter()).sum::<f64>() / count;
    let square: f64 = blocks.iter().flat_map(|b| b.iter()).map(|y| (y - mean) * (y - mean)).sum();
    let deviation = real::Real::sqrt(square / count);
    // What varies in its last digits only does not vary.
    if deviation.is_nan() || deviation <= 1e-14 * mean.abs().max(f64::MIN_POSITIVE) {
        return None;
    }
    let scaled: Vec<Vec<f64>> =
        blocks.iter().map(|block| block.iter().map(|y| (y - mean) / deviation).collect()).collect();
    let variance = |list: &[usize]| {
        let n = 2.0 * list.len() as f64;
        let ends = || list.iter().flat_map(|&k| [scaled[k][0], scaled[k][dimensions + 1]]);
        let mean = ends().sum::<f64>() / n;
        ends().map(|y| (y - mean) * (y - mean)).sum::<f64>() / n
    };
    let first = |list: &[usize], d: usize| {
        let sum: f64 =
            list.iter().map(|&k| scaled[k][dimensions + 1] * (scaled[k][d + 1] - scaled[k][0])).sum();
        sum / list.len() as f64 / variance(list)
    };
    let total = |list: &[usize], d: usize| {
        let one = |&k: &usize| (scaled[k][0] - scaled[k][d + 1]) * (scaled[k][0] - scaled[k][d + 1]);
        0.5 * list.iter().map(one).sum::<f64>() / list.len() as f64 / variance(list)
    };
    let all: Vec<usize> = (0..scaled.len()).collect();
    let index = |d: usize| Index {
        first: first(&all, d),
        first_interval: bootstrap(all.len(), d as u32, &|list| first(list, d)),
        total: total(&all, d),
        total_interval: bootstrap(all.len(), d as u32, &|list| total(list, d)),
        base: all.len(),
    };
    Some((0..dimensions).map(index).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    /// sin a + 7 sin² b + 0.1 c⁴ sin a on (−π, π)³.
    fn ishigami(unit: &[f64]) -> f64 {
        let x: Vec<f64> = unit.iter().map(|u| std::f64::consts::PI * (2.0 * u - 1.0)).collect();
        x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin()
    }

    #[test]
    fn indices_of_ishigami_are_the_analytic_ones_and_lie_in_their_intervals() {
        // V1 = (1 + 0.1 π⁴/5)²/2, V2 = 49/8, V13 = 0.01 π⁸ (1/18 − 1/50), V = 13.8446.
        let (pi4, pi8) = (std::f64::consts::PI.powi(4), std::f64::consts::PI.powi(8));
        let (v1, v2, v13) =
            ((1.0 + 0.1 * pi4 / 5.0).powi(2) / 2.0, 49.0 / 8.0, 0.01 * pi8 * (1.0 / 18.0 - 1.0 / 50.0));
        let v = v1 + v2 + v13;
        let analytic = [(v1 / v, (v1 + v13) / v), (v2 / v, v2 / v), (0.0, v13 / v)];
        assert!((analytic[0].0 - 0.3139).abs() < 1e-4 && (analytic[2].1 - 0.2437).abs() < 1e-4);
        let points = sample::saltelli_points(4096, 3, 1);
        let y: Vec<f64> = points.iter().map(|p| ishigami(p)).collect();
        for (index, (first, total)) in indices(&y, 3).unwrap().iter().zip(analytic) {
            assert!((index.first - first).abs() < 0.01, "{index:?} {first}");
            assert!((index.total - total).abs() < 0.01, "{index:?} {total}");
            let within = |(low, high): (f64, f64), value: f64| low - 0.01 <= value && value <= high + 0.01;
            assert!(within(index.first_interval, first) && within(index.total_interval, total), "{index:?}");
        }
    }

    #[test]
    fn a_share_that_is_not_known_is_bounded_by_a_share() {
        // Wholly below zero: 1.2 wide, so all that is known is that it is a share. Around zero: its upper end.
        assert_eq!((bound((-1.3, -0.1)), bound((0.2, 5.1))), (1.0, 1.0));
        assert_eq!((bound((-0.02, 0.3)), bound((-0.3, -0.1))), (0.32, 0.3 - 0.1));
    }

    #[test]
    fn a_block_with_a_failed_case_is_left_out_and_a_constant_has_no_index() {
        let points = sample::saltelli_points(64, 3, 1);
        let mut y: Vec<f64> = points.iter().map(|p| ishigami(p)).collect();
        y[7] = f64::NAN;
        assert_eq!(indices(&y, 3).unwrap()[0].base, 63);
        assert_eq!(indices(&vec![1.2; 64 * 5], 3), None);
    }
}
