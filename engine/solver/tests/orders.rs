//! Observed orders of the dense output by halving the step; those of the methods are a case of `isotherm validate`.

mod common;

use common::{fixed_steps, known, known_at};
use solver::Method;

const SPAN: (f64, f64) = (0.0, 2.0);

/// Largest error of the dense output inside all steps, each started from the exact solution.
fn inner_error(method: Method, steps: u32) -> f64 {
    let h = (SPAN.1 - SPAN.0) / f64::from(steps);
    let mut worst = 0.0_f64;
    for step in 0..steps {
        let t = SPAN.0 + h * f64::from(step);
        let mut y = known_at(t);
        fixed_steps(&mut known(1.0), method, &mut y, (t, t + h), 1, |accepted| {
            for part in 1..10 {
                let time = t + h * f64::from(part) / 10.0;
                let mut inside = [0.0; 3];
                accepted.at(time, &mut inside);
                for (index, exact) in known_at(time).into_iter().enumerate() {
                    assert_eq!(accepted.state_at(index, time), inside[index]);
                    worst = worst.max((inside[index] - exact).abs());
                }
            }
        });
    }
    worst
}

fn slopes(error: impl Fn(u32) -> f64, steps: &[u32]) -> Vec<f64> {
    let errors: Vec<f64> = steps.iter().map(|&steps| error(steps)).collect();
    println!("errors {errors:?}");
    errors.windows(2).map(|pair| (pair[0] / pair[1]).log2()).collect()
}

#[test]
fn dense_output_of_both_methods_has_a_local_error_of_order_four() {
    // Order 3 of the interpolant means an error of h⁴ in one step.
    for method in [Method::Rodas3, Method::Rodas4] {
        let slopes = slopes(|n| inner_error(method, n), &[80, 160, 320, 640]);
        println!("{method:?} dense {slopes:?}");
        assert!(slopes.iter().all(|s| (s - 4.0).abs() < 0.15), "{method:?}: {slopes:?}");
    }
}

#[test]
fn dense_output_meets_both_ends_of_the_step() {
    for method in [Method::Rodas3, Method::Rodas4] {
        let mut y = known_at(0.0);
        fixed_steps(&mut known(1.0), method, &mut y, (0.0, 0.3), 1, |step| {
            let mut inside = [0.0; 3];
            step.at(0.0, &mut inside);
            assert_eq!(inside, step.y0);
            step.at(step.t1, &mut inside);
            assert_eq!(inside, step.y1);
        });
    }
}
