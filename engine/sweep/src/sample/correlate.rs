//! Parameters that are drawn together: a Gaussian copula.
//!
//! The numbers of a point become normal scores, are multiplied by the Cholesky factor of the correlations, and become
//! numbers between 0 and 1 again. So the distribution of each parameter stays what it is.
//!
//! # Source
//! R. Nelsen, *An Introduction to Copulas*, 2nd ed. (2006), 2.3; the coefficient is that of the normal scores, not of the
//! values.

use crate::normal;
use scenario::study_file::StudyFile;

/// Coefficients that no three parameters can have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the correlations contradict each other at {parameter}: no parameters are correlated in this way; make the \
     coefficients smaller"
)]
pub struct NotPositive {
    /// The parameter at which it shows.
    pub parameter: String,
}

/// Correlates the points as the study says.
pub(super) fn apply(points: &mut [Vec<f64>], study: &StudyFile) -> Result<(), NotPositive> {
    if study.correlations.is_empty() {
        return Ok(());
    }
    let n = study.parameters.len();
    let mut matrix = vec![vec![0.0; n]; n];
    for (k, row) in matrix.iter_mut().enumerate() {
        row[k] = 1.0;
    }
    for &(a, b, coefficient) in &study.correlations {
        matrix[a][b] = coefficient;
        matrix[b][a] = coefficient;
    }
    let factor = cholesky(&matrix).map_err(|k| NotPositive {
        parameter: study.parameters.get(k).map(|p| p.id.clone()).unwrap_or_default(),
    })?;
    for point in points {
        let scores: Vec<f64> = point.iter().map(|&u| normal::quantile(u)).collect();
        for (k, unit) in point.iter_mut().enumerate() {
            // Independent parameters keep their bits.
            if factor[k][..k].iter().all(|&f| f == 0.0) {
                continue;
            }
            let score = factor[k][..=k].iter().zip(&scores).map(|(f, s)| f * s).sum();
            *unit = normal::cumulative(score);
        }
    }
    Ok(())
}

/// The lower factor L with L·Lᵀ = A; otherwise the row at which A is not positive definite.
fn cholesky(a: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, usize> {
    let n = a.len();
    let mut l = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| l[i][k] * l[j][k]).sum();
            if i == j {
                let square = a[i][i] - sum;
                if square <= 1e-12 {
                    return Err(i);
                }
                l[i][i] = real::Real::sqrt(square);
            } else {
                l[i][j] = (a[i][j] - sum) / l[j][j];
            }
        }
    }
    Ok(l)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_factor_of_two_parameters_is_known() {
        // L = [1 0; ρ √(1−ρ²)] = [1 0; 0.6 0.8]
        let l = cholesky(&[vec![1.0, 0.6], vec![0.6, 1.0]]).unwrap();
        assert!((l[1][0] - 0.6).abs() < 1e-15 && (l[1][1] - 0.8).abs() < 1e-15);
    }

    #[test]
    fn three_parameters_that_contradict_each_other_are_refused() {
        // b follows a, c follows b, but c is opposed to a.
        let a = [vec![1.0, 0.9, -0.9], vec![0.9, 1.0, 0.9], vec![-0.9, 0.9, 1.0]];
        assert_eq!(cholesky(&a), Err(2));
    }
}
