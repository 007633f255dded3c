//! Elementary effects: which parameters matter, and which of them act alone.
//!
//! # Equations
//! ```text
//! EE = (y(x + Δ) − y(x)) / Δ          one for each path and parameter, x in the unit cube
//! μ = mean EE    μ* = mean |EE|    σ = standard deviation of EE
//! ```
//! μ* ranks; σ beside μ* tells that the effect depends on where one stands, or on other parameters.
//!
//! # Source
//! M. Morris, *Technometrics* 33 (1991), 161–174; μ*: F. Campolongo, J. Cariboni, A. Saltelli, *Environ. Modell. Softw.* 22
//! (2007), 1509–1518.
//!
//! # Verified by
//! SALib 1.6.0 on the function of Ishigami, given the same points, to 1e-12 (`isotherm validate salib`).

use super::bootstrap;

/// What the paths say of a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// Mean of the effects, for the parameter's whole range.
    pub mean: f64,
    /// Mean of their sizes.
    pub mean_size: f64,
    /// Their standard deviation.
    pub deviation: f64,
    /// Interval of the mean size, 95 %, by bootstrap over paths.
    pub interval: (f64, f64),
    /// Paths that gave one.
    pub paths: usize,
}

/// The effects of each parameter. `points` and `y` come path by path; what failed is NaN, and its moves are left out.
#[must_use]
pub fn effects(points: &[Vec<f64>], y: &[f64]) -> Vec<Effect> {
    let dimensions = points.first().map_or(0, Vec::len);
    let mut found: Vec<Vec<f64>> = vec![Vec::new(); dimensions];
    for (path, y) in points.chunks_exact(dimensions + 1).zip(y.chunks_exact(dimensions + 1)) {
        for (pair, y) in path.windows(2).zip(y.windows(2)) {
            let Some(d) = (0..dimensions).find(|&d| pair[0][d] != pair[1][d]) else { continue };
            let effect = (y[1] - y[0]) / (pair[1][d] - pair[0][d]);
            if effect.is_finite() {
                found[d].push(effect);
            }
        }
    }
    found.iter().enumerate().map(|(d, effects)| of(effects, d)).collect()
}

fn of(effects: &[f64], dimension: usize) -> Effect {
    let n = effects.len() as f64;
    let mean = effects.iter().sum::<f64>() / n;
    let size = |list: &[usize]| list.iter().map(|&k| effects[k].abs()).sum::<f64>() / list.len() as f64;
    let squares: f64 = effects.iter().map(|effect| (effect - mean) * (effect - mean)).sum();
    let all: Vec<usize> = (0..effects.len()).collect();
    // One path tells neither how effects are spread nor how sure their mean is.
    let several = effects.len() > 1;
    Effect {
        mean,
        mean_size: size(&all),
        deviation: if several { real::Real::sqrt(squares / (n - 1.0)) } else { f64::NAN },
        interval: if several {
            bootstrap(effects.len(), dimension as u32, &size)
        } else {
            (f64::NAN, f64::NAN)
        },
        paths: effects.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_path_tells_an_effect_and_not_how_sure_it_is() {
        let points = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]].map(|p| p.to_vec());
        let [a, b] = effects(&points, &[0.0, 3.0, f64::NAN])[..] else { panic!("two parameters") };
        assert_eq!((a.mean_size, a.paths), (3.0, 1));
        assert!(a.deviation.is_nan() && a.interval.0.is_nan() && a.interval.1.is_nan());
        assert!(b.paths == 0 && b.mean_size.is_nan() && b.deviation.is_nan());
    }

    #[test]
    fn effects_of_a_linear_function_are_its_coefficients_and_do_not_vary() {
        // y = 3 a − 2 b: two paths in opposite order.
        let points =
            [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]].map(|p| p.to_vec());
        let y: Vec<f64> = points.iter().map(|p| 3.0 * p[0] - 2.0 * p[1]).collect();
        let effects = effects(&points, &y);
        assert_eq!((effects[0].mean, effects[0].mean_size, effects[0].deviation), (3.0, 3.0, 0.0));
        assert_eq!((effects[1].mean, effects[1].mean_size, effects[1].deviation), (-2.0, 2.0, 0.0));
    }
}
