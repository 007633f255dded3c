//! Parameters that are drawn together: a Gaussian copula.
//!
//! The numbers of a point become normal scores, are multiplied by the Cholesky factor of the correlations, and become
//! numbers between 0 and 1 again. So the distribution of each parameter stays what it is.
//!
//! # Source
//! R. Nelsen, *An Introduction to Copulas*, 2nd ed. (2006), 2.3; the coefficient is that of the normal scores, not of the
//! values.

use crate::normal;

/// Correlates points by the lower factor of their correlations; leaves them where there is none.
pub(super) fn apply(points: &mut [Vec<f64>], factor: &[Vec<f64>]) {
    if factor.is_empty() {
        return;
    }
    for point in points {
        let scores: Vec<f64> = point.iter().map(|&u| normal::quantile(u)).collect();
        for (k, (unit, row)) in point.iter_mut().zip(factor).enumerate() {
            // Independent parameters keep their bits.
            if row[..k].iter().all(|&f| f == 0.0) {
                continue;
            }
            let score = row[..=k].iter().zip(&scores).map(|(f, s)| f * s).sum();
            *unit = normal::cumulative(score);
        }
    }
}
