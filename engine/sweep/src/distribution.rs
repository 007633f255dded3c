//! From a number between 0 and 1 to a value of a parameter.
//!
//! The value is the quantile: below it lies that share of the distribution. So stratified and low-discrepancy samples
//! keep their quality under any distribution.

use crate::normal;
use real::Real;
use scenario::study_file::{Distribution, Kind, Measure, Value};

/// The value of which the share `unit` of the distribution lies below.
#[must_use]
pub fn quantile(distribution: &Distribution, unit: f64) -> f64 {
    match *distribution {
        Distribution::Values(ref values) => {
            values.get(place(values.len(), unit)).copied().unwrap_or(f64::NAN)
        }
        Distribution::Range { from, to, .. } => between(from, to, unit),
        Distribution::Normal { mean, deviation, low, high } => {
            let score = |value: f64| (value - mean) / deviation;
            (mean + deviation * cut(score(low), score(high), unit)).clamp(low, high)
        }
        Distribution::Triangular { low, mode, high } => {
            let (width, left) = (high - low, mode - low);
            if unit * width < left {
                low + Real::sqrt(unit * width * left)
            } else {
                high - Real::sqrt((1.0 - unit) * width * (high - mode))
            }
        }
        Distribution::LogNormal { median, spread, low, high } => {
            let deviation = Real::ln(spread);
            let score = |value: f64| {
                if value > 0.0 { Real::ln(value / median) / deviation } else { -38.0 }
            };
            (median * Real::exp(deviation * cut(score(low), score(high), unit))).clamp(low, high)
        }
    }
}

/// A standard normal value between two scores.
fn cut(low: f64, high: f64, unit: f64) -> f64 {
    let (below, until) = (normal::cumulative(low), normal::cumulative(high));
    normal::quantile(below + unit * (until - below))
}

/// Exactly `to` at 1.
fn between(from: f64, to: f64, unit: f64) -> f64 {
    if unit >= 1.0 { to } else { from + unit * (to - from) }
}

/// Which of `count` equally likely ones.
fn place(count: usize, unit: f64) -> usize {
    ((unit * count as f64) as usize).min(count.saturating_sub(1))
}

/// The value of a parameter at a number between 0 and 1.
#[must_use]
pub fn value(kind: &Kind, unit: f64) -> Value {
    match kind {
        Kind::Number {
            measure: Measure::Whole, distribution: Distribution::Range { from, to, .. }, ..
        } => {
            // Each count is as likely as the others.
            let count = (to - from).round() as usize + 1;
            Value::Number(from.round() + place(count, unit) as f64)
        }
        Kind::Number { measure, distribution, .. } => {
            let value = quantile(distribution, unit);
            Value::Number(if *measure == Measure::Whole { value.round() } else { value })
        }
        Kind::Named { values, .. } => Value::Option(place(values.len(), unit)),
        Kind::Choice { options } => Value::Option(place(options.len(), unit)),
        // Asked of the case that its choice has.
        Kind::By { cases, .. } => cases.first().map_or(Value::Option(0), |case| value(case, unit)),
    }
}

/// The value of a parameter at a level of a grid.
#[must_use]
pub fn level(kind: &Kind, level: usize) -> Value {
    match kind {
        Kind::Number { measure, distribution, .. } => {
            let value = match distribution {
                Distribution::Values(values) => values.get(level).copied().unwrap_or(f64::NAN),
                Distribution::Range { from, to, steps } => {
                    between(*from, *to, level as f64 / (*steps as f64 - 1.0))
                }
                // The middles of the lower, the middle and the upper third.
                other => quantile(other, (level as f64 + 0.5) / kind.levels().max(1) as f64),
            };
            Value::Number(if *measure == Measure::Whole { value.round() } else { value })
        }
        _ => Value::Option(level),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_a_triangle_follow_its_areas() {
        // 0 … 1 … 4: the left side holds 1/4 of the area, so a quarter lies below 1;
        // above, 1 − u = (4 − x)²/12: x = 4 − √(12 · 0.12) = 2.8 at u = 0.88.
        let triangle = Distribution::Triangular { low: 0.0, mode: 1.0, high: 4.0 };
        assert!((quantile(&triangle, 0.25) - 1.0).abs() < 1e-14);
        assert!((quantile(&triangle, 0.88) - 2.8).abs() < 1e-12);
        assert!((quantile(&triangle, 0.0)).abs() < 1e-14 && (quantile(&triangle, 1.0) - 4.0).abs() < 1e-14);
    }

    #[test]
    fn a_normal_distribution_that_is_cut_off_evenly_keeps_its_mean() {
        let normal = Distribution::Normal { mean: 10.0, deviation: 2.0, low: 8.0, high: 12.0 };
        assert!((quantile(&normal, 0.5) - 10.0).abs() < 1e-12);
        // Φ(−1) = 0.158655; at 1/4: 0.158655 + 0.25 · 0.682689 = 0.329328, Φ⁻¹ = −0.44175
        assert!((quantile(&normal, 0.25) - (10.0 - 2.0 * 0.441_75)).abs() < 1e-4);
        assert_eq!((quantile(&normal, 0.0), quantile(&normal, 1.0)), (8.0, 12.0));
    }

    #[test]
    fn the_median_of_a_lognormal_distribution_is_its_median() {
        let log = Distribution::LogNormal { median: 5.0, spread: 1.5, low: 5.0 / 5.0625, high: 5.0 * 5.0625 };
        assert!((quantile(&log, 0.5) - 5.0).abs() < 1e-12);
    }

    #[test]
    fn counts_are_equally_likely_with_both_ends() {
        let kind = Kind::Number {
            measure: Measure::Whole,
            distribution: Distribution::Range { from: 2.0, to: 5.0, steps: 4 },
            fields: Vec::new(),
        };
        let of = |unit| value(&kind, unit);
        assert_eq!(
            [of(0.0), of(0.24), of(0.25), of(0.99), of(1.0)],
            [2.0, 2.0, 3.0, 5.0, 5.0].map(Value::Number)
        );
    }
}
