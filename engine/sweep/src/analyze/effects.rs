//! How an output follows each parameter over the cases that there are: the bars of a tornado.
//!
//! Cases are parted by the parameter: one part for each value where there are few, fifths of the cases in the order of the
//! value where there are many. The swing is the largest mean of a part less the smallest. It is of the cases as they were
//! drawn: what other parameters do averages out in a grid and in a large sample, and not in a small one; what [`chance`]
//! alone would give is told beside it.

/// How an output follows a parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Swing {
    /// Place of the parameter.
    pub parameter: usize,
    /// The option of a `Choice` within which it was looked at, where what varies depends on one.
    pub within: Option<String>,
    /// The part with the smallest mean, and that mean.
    pub low: (String, f64),
    /// The part with the largest mean, and that mean.
    pub high: (String, f64),
}

/// Where values are parted: by value up to so many.
const FEW: usize = 24;
/// Else in so many parts.
const PARTS: usize = 5;

impl Swing {
    /// Its size.
    #[must_use]
    pub fn size(&self) -> f64 {
        self.high.1 - self.low.1
    }
}

/// The swing of an output with a parameter; nothing where it has fewer than two parts. Each case gives the parameter's
/// value for sorting, how that is written, and the output; outputs that are NaN are left out.
#[must_use]
pub fn swing(parameter: usize, within: Option<String>, cases: &[(f64, String, f64)]) -> Option<Swing> {
    let mut cases: Vec<&(f64, String, f64)> = cases.iter().filter(|case| case.2.is_finite()).collect();
    cases.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    let by_value: Vec<&[&(f64, String, f64)]> = cases.chunk_by(|a, b| a.0 == b.0 && a.1 == b.1).collect();
    let parts: Vec<(String, f64)> = if by_value.len() <= FEW {
        by_value.iter().map(|part| (part[0].1.clone(), mean(part))).collect()
    } else {
        let size = cases.len().div_ceil(PARTS);
        let written = |part: &[&(f64, String, f64)]| match part {
            [first, .., last] => format!("{} to {}", first.1, last.1),
            _ => part.first().map(|case| case.1.clone()).unwrap_or_default(),
        };
        cases.chunks(size).map(|part| (written(part), mean(part))).collect()
    };
    if parts.len() < 2 {
        return None;
    }
    let order = |a: &&(String, f64), b: &&(String, f64)| a.1.total_cmp(&b.1);
    let (low, high) = (parts.iter().min_by(order)?.clone(), parts.iter().max_by(order)?.clone());
    Some(Swing { parameter, within, low, high })
}

/// The swing that a parameter without any effect stays below in 95 of 100 samples, where cases are drawn by chance and
/// parted in fifths: the studentised range of five means, q(0.05; 5, ∞) = 3.858 (H. Harter, *Order Statistics and Their Use
/// in Testing and Estimation*, 1970, table; recalled, to verify), times the deviation of a mean.
#[must_use]
pub fn chance(y: &[f64]) -> f64 {
    let y: Vec<f64> = y.iter().copied().filter(|y| y.is_finite()).collect();
    let n = y.len() as f64;
    let mean = y.iter().sum::<f64>() / n;
    let variance = y.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / (n - 1.0);
    3.858 * real::Real::sqrt(variance * PARTS as f64 / n)
}

fn mean(part: &[&(f64, String, f64)]) -> f64 {
    part.iter().map(|case| case.2).sum::<f64>() / part.len().max(1) as f64
}

/// The value below which a share of the values lies, interpolated; NaN where there is none.
#[must_use]
pub fn percentile(values: &[f64], share: f64) -> f64 {
    let mut values: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    let Some(last) = values.len().checked_sub(1) else { return f64::NAN };
    let place = share * last as f64;
    let below = (place as usize).min(last);
    let above = (below + 1).min(last);
    values[below] + (place - below as f64) * (values[above] - values[below])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swing_is_the_largest_mean_of_a_part_less_the_smallest() {
        let case = |value: f64, output: f64| (value, format!("{value} °C"), output);
        // Means 2, 5 and 4.
        let cases =
            [case(30.0, 1.0), case(30.0, 3.0), case(35.0, 5.0), case(40.0, 4.0), case(40.0, f64::NAN)];
        let swing = swing(0, None, &cases).unwrap();
        assert_eq!((swing.low, swing.high), (("30 °C".into(), 2.0), ("35 °C".into(), 5.0)));
    }

    #[test]
    fn many_values_are_parted_in_fifths() {
        // 0 … 99: means 9.5 and 89.5
        let cases: Vec<_> = (0..100).map(|k| (f64::from(k), k.to_string(), f64::from(k))).collect();
        let swing = swing(0, None, &cases).unwrap();
        assert_eq!((swing.low.1, swing.high.1), (9.5, 89.5));
        assert_eq!(swing.high.0, "80 to 99");
    }

    #[test]
    fn chance_alone_gives_a_swing_below_its_bound_in_about_95_of_100_samples() {
        // Twenty samples of 200 draws with five parameters that do nothing: of 100 swings some five lie above.
        let mut above = 0;
        for sample in 0..20_u64 {
            let stream = crate::philox::Stream::new(sample, crate::philox::Use::Draw);
            let y: Vec<f64> = (0..200).map(|k| stream.unit(k, 0)).collect();
            for parameter in 1..=5_u32 {
                let cases: Vec<_> =
                    (0..200).map(|k| (stream.unit(k, parameter), k.to_string(), y[k as usize])).collect();
                above += usize::from(swing(0, None, &cases).unwrap().size() > chance(&y));
            }
        }
        assert!((1..=12).contains(&above), "{above} of 100");
    }

    #[test]
    fn percentiles_interpolate() {
        assert_eq!(percentile(&[4.0, 1.0, f64::NAN, 2.0, 3.0], 0.5), 2.5);
        assert!(percentile(&[], 0.5).is_nan());
    }
}
