//! Algebraic rows: the same as the chain rule by hand, and nothing lost.

mod common;

use common::{Problem, chain, chain_eliminated, decay, fixed_steps, integrate};
use nalgebra::{DMatrix, DVector};
use solver::{Control, Method, Stepper};

const METHODS: [Method; 2] = [Method::Rodas3, Method::Rodas4];

#[test]
fn the_rows_formulation_equals_the_eliminated_one() {
    for method in METHODS {
        let mut rows = vec![0.0; 14];
        let mut eliminated = vec![0.0; 12];
        let span = (0.0, 50.0);
        fixed_steps(&mut chain(12, 3.0, 20.0, 7.0, 1.0), method, &mut rows, span, 40, |_| {});
        let mut by_hand = chain_eliminated(12, 3.0, 20.0, 7.0, 1.0);
        fixed_steps(&mut by_hand, method, &mut eliminated, span, 40, |_| {});
        let size = eliminated.iter().fold(0.0_f64, |m, y| m.max(y.abs()));
        for (a, b) in rows.iter().zip(&eliminated) {
            assert!((a - b).abs() < 1e-13 * size, "{method:?}: {a} {b}");
        }
    }
}

/// A chain of tanks with flows that depend on the states' squares and on time, through a chain
/// of algebraic rows whose derivatives are eliminated by hand in the second form.
#[test]
fn explicit_time_in_algebraic_rows_equals_explicit_time_in_the_states() {
    // a₀ = y² + sin t, a₁ = a₀·t, y′ = −a₁:  ∂a₁/∂y = 2y·t, ∂a₁/∂t = t·cos t + a₀.
    for method in METHODS {
        let mut rows = Problem::new(1, &[&[2], &[0], &[1]], 1.0, |t, y, out| {
            let a0 = y[0] * y[0] + t.sin();
            out.rates[0] = -a0 * t;
            if let Some(jacobian) = &mut out.jacobian {
                jacobian.copy_from_slice(&[-1.0, 2.0 * y[0], t]);
                out.time.copy_from_slice(&[0.0, t.cos(), a0]);
            }
        });
        let mut eliminated = Problem::new(1, &[&[0]], 1.0, |t, y, out| {
            let a0 = y[0] * y[0] + t.sin();
            out.rates[0] = -a0 * t;
            if let Some(jacobian) = &mut out.jacobian {
                jacobian[0] = -2.0 * y[0] * t;
                out.time[0] = -(t * t.cos() + a0);
            }
        });
        let (mut a, mut b) = ([1.0], [1.0]);
        fixed_steps(&mut rows, method, &mut a, (0.0, 2.0), 20, |_| {});
        fixed_steps(&mut eliminated, method, &mut b, (0.0, 2.0), 20, |_| {});
        assert!((a[0] - b[0]).abs() < 1e-14, "{} {}", a[0], b[0]);
    }
}

#[test]
fn linear_invariants_are_kept_to_round_off() {
    // C·ΣT + E_out − E_in = 0: stored heat is what came in less what went out. The flows make
    // the invariant exact in f and in J, and every step is linear in both.
    for method in METHODS {
        let (n, capacity) = (20, 4e3);
        let mut system = chain(n, capacity, 150.0, 900.0, 1e-3);
        let mut y = vec![0.0; n + 2];
        let statistics = integrate(&mut system, method, &mut y, 86_400.0).unwrap();
        let stored = capacity * y[..n].iter().sum::<f64>();
        let (into, out) = (y[n], y[n + 1]);
        println!("{method:?}: residual {:e} in {statistics:?}", (stored + out - into) / into);
        // 900 W for a day: 77.76 MJ.
        assert!((into - 7.776e7).abs() < 1e-13 * into);
        assert!((stored + out - into).abs() < 1e-13 * into);
    }
}

#[test]
fn linear_invariants_hold_inside_a_step_too() {
    for method in METHODS {
        let (n, capacity) = (5, 10.0);
        let mut system = chain(n, capacity, 3.0, 50.0, 1.0);
        let mut y = vec![0.0; n + 2];
        fixed_steps(&mut system, method, &mut y, (0.0, 40.0), 4, |step| {
            let mut inside = vec![0.0; n + 2];
            step.at(step.t0 + 0.37 * (step.t1 - step.t0), &mut inside);
            let stored = capacity * inside[..n].iter().sum::<f64>();
            let balance = stored + inside[n + 1] - inside[n];
            assert!(balance.abs() < 1e-13 * 50.0 * step.t1, "{balance}");
        });
    }
}

#[test]
fn a_stiff_linear_chain_follows_its_matrix_exponential() {
    // Rates from 4·G/C = 4000 per second down to a hundredth; 10 s are 40,000 fast times.
    let n = 30;
    let (capacity, conductance, heat) = (1.0, 1e3, 10.0);
    let rate = conductance / capacity;
    let matrix = DMatrix::from_fn(n, n, |i, j| match (i, j) {
        (0, 0) => -rate,
        _ if i == j => -2.0 * rate,
        _ if i.abs_diff(j) == 1 => rate,
        _ => 0.0,
    });
    // T(t) = T∞ − exp(At)·T∞ with A·T∞ = −b; by eigenvectors, A being symmetric.
    let mut source = DVector::zeros(n);
    source[0] = -heat / capacity;
    let settled = matrix.clone().lu().solve(&source).unwrap();
    let eigen = matrix.symmetric_eigen();
    let t = 0.5;
    let decayed = eigen.eigenvalues.map(|value: f64| (value * t).exp());
    let modes = eigen.eigenvectors.transpose() * &settled;
    let exact = &settled - &eigen.eigenvectors * modes.component_mul(&decayed);
    for (method, atol) in [(Method::Rodas3, 1e-5), (Method::Rodas4, 1e-7)] {
        let mut y = vec![0.0; n + 2];
        let mut system = chain(n, capacity, conductance, heat, atol);
        let statistics = integrate(&mut system, method, &mut y, t).unwrap();
        let error = (0..n).map(|i| (y[i] - exact[i]).abs()).fold(0.0, f64::max);
        println!("{method:?}: error {error:e} with {statistics:?}");
        assert!(error < 10.0 * atol, "{method:?}: {error}");
        assert!(statistics.steps < 250);
    }
}

#[test]
fn one_exponential_is_followed_to_the_tolerance_and_to_its_end() {
    // y′ = −y/2, y(0) = 1: y(6) = exp(−3) = 0.049787…
    for (method, atol) in [(Method::Rodas3, 1e-6), (Method::Rodas4, 1e-8)] {
        let mut y = [1.0];
        integrate(&mut decay(-0.5, atol), method, &mut y, 6.0).unwrap();
        assert!((y[0] - (-3.0_f64).exp()).abs() < 5.0 * atol, "{method:?}");
        // L-stable: far beyond its life the remainder is far below the tolerance.
        integrate(&mut decay(-0.5, atol), method, &mut y, 1e6).unwrap();
        assert!(y[0].abs() < atol);
    }
}

#[test]
fn a_constant_rate_is_integrated_without_error() {
    // y′ = 3: y(7) = 21, whatever the steps.
    for method in METHODS {
        let mut y = [0.0];
        let mut system = Problem::new(1, &[&[]], 1e-6, |_, _, out| out.rates[0] = 3.0);
        integrate(&mut system, method, &mut y, 7.0).unwrap();
        assert!((y[0] - 21.0).abs() < 1e-13 * 21.0, "{}", y[0]);
    }
}

/// y₀′ = −a, y₁′ = a − y₁ with a = y₀²·(1 + t), and two quadratures: of a + y₁·t, and of b = a·y₁ + t². Where `read` is
/// asked for, the first row reads both without effect, so that they are states as any other.
fn metered(read: bool) -> Problem {
    let first: &[u32] = if read { &[2, 3, 4] } else { &[4] };
    let rows = [first, &[1, 4], &[1, 4], &[5], &[0], &[1, 4]];
    let mut problem = Problem::new(4, &rows, 1.0, move |t, y, out| {
        let a = y[0] * y[0] * (1.0 + t);
        let b = a * y[1] + t * t;
        out.rates.copy_from_slice(&[-a, a - y[1], a + y[1] * t, b]);
        if let Some(jacobian) = &mut out.jacobian {
            let values = [0.0, 0.0, -1.0, -1.0, 1.0, t, 1.0, 1.0, 2.0 * y[0] * (1.0 + t), a, y[1]];
            jacobian.copy_from_slice(&values[if read { 0 } else { 2 }..]);
            out.time.copy_from_slice(&[0.0, 0.0, y[1], 0.0, y[0] * y[0], 2.0 * t]);
        }
    });
    problem.weights[2..].fill(0.0);
    problem
}

#[test]
fn quadratures_are_what_the_stages_make_of_any_other_state() {
    for method in METHODS {
        let run = |read: bool| {
            let mut y = vec![1.0, 0.2, 0.0, 0.0];
            let mut seen = Vec::new();
            fixed_steps(&mut metered(read), method, &mut y, (0.3, 2.3), 5, |step| {
                let mut inside = vec![0.0; 4];
                for share in [0.2, 0.7, 1.0] {
                    let time = step.t0 + share * (step.t1 - step.t0);
                    step.at(time, &mut inside);
                    assert_eq!(inside[3], step.state_at(3, time));
                    seen.extend_from_slice(&inside);
                }
            });
            seen
        };
        let (apart, together) = (run(false), run(true));
        for (a, b) in apart.iter().zip(&together) {
            assert!((a - b).abs() < 1e-14 * (1.0 + b.abs()), "{method:?}: {a} {b}");
        }
    }
}

#[test]
fn the_order_holds_for_quadratures_that_depend_on_states_and_time() {
    // y′ = −y: ∫ y² + t·y = (1 − e^(−2t))/2 + 1 − (1 + t)·e^(−t).
    for (method, order) in [(Method::Rodas3, 3.0), (Method::Rodas4, 4.0)] {
        let error = |steps: u32| {
            let mut system = Problem::new(2, &[&[0], &[0, 2], &[0]], 1.0, |t, y, out| {
                out.rates.copy_from_slice(&[-y[0], t * y[0] + y[0] * y[0]]);
                if let Some(jacobian) = &mut out.jacobian {
                    jacobian.copy_from_slice(&[-1.0, t, 1.0, 2.0 * y[0]]);
                    out.time[1] = y[0];
                }
            });
            system.weights[1] = 0.0;
            let mut y = [1.0, 0.0];
            fixed_steps(&mut system, method, &mut y, (0.0, 2.0), steps, |_| {});
            (y[1] - (0.5 * (1.0 - (-4.0_f64).exp()) + 1.0 - 3.0 * (-2.0_f64).exp())).abs()
        };
        let observed = (error(40) / error(80)).log2();
        assert!(observed > order - 0.2, "{method:?}: {observed}");
    }
}

#[test]
fn a_linearisation_ahead_changes_no_bit_and_leaves_the_last_step_as_it_was() {
    for method in METHODS {
        let run = |ahead: bool| {
            let mut system = metered(false);
            system.weights[..2].fill(1e5);
            let mut stepper = Stepper::new(&system, method);
            let (mut t, mut y, mut seen) = (0.0, vec![1.0, 0.2, 0.0, 0.0], Vec::new());
            while t < 3.0 {
                let (from, before) = (t, y.clone());
                stepper.advance(&mut system, &mut t, &mut y, 3.0, &mut |_| Control::Stop).unwrap();
                if ahead {
                    stepper.linearize(&mut system, t, &y, &mut [0.0; 4]).unwrap();
                }
                let mut inside = vec![0.0; 4];
                stepper.attempted(from, t - from, &before).unwrap().at(0.3 * from + 0.7 * t, &mut inside);
                seen.push((t, inside));
            }
            (seen, stepper.statistics.evaluations, y)
        };
        let (with, without) = (run(true), run(false));
        assert!(with.0.len() > 5, "{method:?}: {} steps", with.0.len());
        assert!(with.0 == without.0 && with.2 == without.2, "{method:?}");
        // The one at the very end is asked for on top.
        assert_eq!(with.1, without.1 + 1);
    }
}
