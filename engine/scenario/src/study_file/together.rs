//! Whether parameters can be drawn together as a study says.

/// The lower factor L with L·Lᵀ = A of correlations between `count` parameters, A with ones on its diagonal (A.-L. Cholesky).
///
/// # Errors
/// The parameter at which it shows that no numbers are correlated in this way: A is not positive definite there.
pub(super) fn factor(count: usize, correlations: &[(usize, usize, f64)]) -> Result<Vec<Vec<f64>>, usize> {
    let mut a = vec![vec![0.0; count]; count];
    for (k, row) in a.iter_mut().enumerate() {
        row[k] = 1.0;
    }
    for &(i, j, coefficient) in correlations {
        a[i][j] = coefficient;
        a[j][i] = coefficient;
    }
    let mut l = vec![vec![0.0; count]; count];
    for i in 0..count {
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
        let l = factor(2, &[(0, 1, 0.6)]).unwrap();
        assert!((l[1][0] - 0.6).abs() < 1e-15 && (l[1][1] - 0.8).abs() < 1e-15);
    }

    #[test]
    fn three_parameters_that_contradict_each_other_are_refused() {
        // The second follows the first, the third follows the second, but is opposed to the first.
        assert_eq!(factor(3, &[(0, 1, 0.9), (1, 2, 0.9), (0, 2, -0.9)]), Err(2));
    }
}
