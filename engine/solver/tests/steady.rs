//! Steady states.

mod common;

use common::{Problem, chain, robertson};
use solver::{Failure, persistence, steady_state, steady_state_at};

#[test]
fn a_linear_chain_settles_at_its_hand_calculated_temperatures() {
    // 50 W through every link of 4 W/K: 12.5 K each, the last to 0: T = 12.5·(n − i).
    let n = 20;
    let mut system = chain(n, 1e4, 4.0, 50.0, 0.1);
    let mut y = vec![0.0; n + 2];
    y[n + 1] = 7.0;
    let mut held = vec![false; n + 2];
    held[n] = true;
    held[n + 1] = true;
    let report = steady_state(&mut system, &mut y, &held, 1e-9).unwrap();
    println!("{report:?}");
    for (i, y) in y[..n].iter().enumerate() {
        let expected = 12.5 * (n - i) as f64;
        assert!((y - expected).abs() < 1e-9 * expected, "{i}: {y}");
    }
    // Quadratures stand where they stood, though their rates are 50 W.
    assert_eq!(&y[n..], &[0.0, 7.0]);
    assert!(report.residual <= 1e-9);
    assert_eq!(report.marched, 0);
    assert!(report.iterations < 20);
}

#[test]
fn states_of_weight_zero_are_held_without_being_asked() {
    let n = 5;
    let mut system = chain(n, 1e4, 4.0, 50.0, 0.1);
    let mut y = vec![0.0; n + 2];
    steady_state(&mut system, &mut y, &vec![false; n + 2], 1e-9).unwrap();
    assert_eq!(&y[n..], &[0.0, 0.0]);
}

/// Radiation and a sink: C·T′ = 500 + G·(300 − T) − k·(T⁴ − 300⁴).
fn radiator() -> Problem {
    Problem::new(1, &[&[0]], 0.01, |_, y, out| {
        let (g, k) = (2.0, 5.67e-8);
        out.rates[0] = (500.0 + g * (300.0 - y[0]) - k * (y[0].powi(4) - 300_f64.powi(4))) / 1e3;
        if let Some(jacobian) = &mut out.jacobian {
            jacobian[0] = (-g - 4.0 * k * y[0].powi(3)) / 1e3;
        }
    })
}

#[test]
fn a_nonlinear_balance_is_found_from_far_away() {
    // At 350.716 K: 2·50.716 = 101.432 W to the sink; 350.716⁴ − 300⁴ = 1.512930e10 − 8.1e9
    // = 7.02930e9, times 5.67e-8 = 398.56 W radiated; together 499.99 of 500 W.
    for start in [1.0, 300.0, 2000.0] {
        let mut y = [start];
        let report = steady_state(&mut radiator(), &mut y, &[false], 1e-10).unwrap();
        println!("from {start}: {} {report:?}", y[0]);
        assert!((y[0] - 350.716).abs() < 1e-3, "{}", y[0]);
        assert!(report.residual <= 1e-10);
        assert!(report.iterations < 30);
    }
}

#[test]
fn a_closed_loop_keeps_its_content() {
    // Two tanks exchanging 3 W/K, C = 10 and 30: they meet at (10·80 + 30·20)/40 = 35. The
    // matrix of Newton's method is singular here.
    let mut system = Problem::new(2, &[&[0, 1], &[0, 1]], 0.01, |_, y, out| {
        let flow = 3.0 * (y[0] - y[1]);
        out.rates.copy_from_slice(&[-flow / 10.0, flow / 30.0]);
        if let Some(jacobian) = &mut out.jacobian {
            jacobian.copy_from_slice(&[-0.3, 0.3, 0.1, -0.1]);
        }
    });
    let mut y = [80.0, 20.0];
    let report = steady_state(&mut system, &mut y, &[false; 2], 1e-9).unwrap();
    println!("{y:?} {report:?}");
    assert!((y[0] - 35.0).abs() < 1e-9 && (y[1] - 35.0).abs() < 1e-9, "{y:?}");
}

#[test]
fn a_displacement_lasts_as_long_as_what_restores_it_takes() {
    // The two tanks of above with a leak from the first, 10·y₀′ = −3·(y₀ − y₁) − g·y₀, both displaced by 1, and a third state that returns with
    // 0.2 1/s. The sum of the two rows of (s·I − J)·x = 1, in what they hold, is 40 = s·(10·x₀ + 30·x₁) + g·x₀; the second row is
    // x₁ = (1 + 0.1·x₀)/(s + 0.1).
    let leaking = |leak: f64, held: [bool; 3], displacement: [f64; 3]| -> [f64; 3] {
        let mut system = Problem::new(3, &[&[0, 1], &[0, 1], &[2]], 0.01, move |_, y, out| {
            let flow = 3.0 * (y[0] - y[1]);
            out.rates.copy_from_slice(&[(-flow - leak * y[0]) / 10.0, flow / 30.0, -0.2 * y[2]]);
            if let Some(jacobian) = &mut out.jacobian {
                jacobian.copy_from_slice(&[-0.3 - leak / 10.0, 0.3, 0.1, -0.1, -0.2]);
            }
        });
        let found = persistence(&mut system, 0.0, &[0.0; 3], &held, &displacement, 1e4).unwrap();
        found.try_into().unwrap()
    };
    let [first, second, third] = leaking(0.004, [false; 3], [1.0; 3]);
    let s = 1e-4;
    assert!((second - (1.0 + 0.1 * first) / (s + 0.1)).abs() < 1e-9 * second, "{first} {second}");
    assert!((s * (10.0 * first + 30.0 * second) + 0.004 * first - 40.0).abs() < 1e-9, "{first} {second}");
    // About 40/0.004 = 10 000 s, which the horizon of as much halves.
    assert!((first / 5000.0 - 1.0).abs() < 2e-3 && (second / 5000.0 - 1.0).abs() < 2e-3, "{first} {second}");
    assert!((third - 1.0 / 0.2001).abs() < 1e-12, "{third}");
    // Without a leak nothing brings back what is displaced together: the horizon.
    let [first, second, _] = leaking(0.0, [false; 3], [1.0; 3]);
    assert!((first - 1e4).abs() < 1e-6 && (second - 1e4).abs() < 1e-6, "{first} {second}");
    // With the second held, the first goes to it within 1/0.3.
    let [first, second, _] = leaking(0.0, [false, true, false], [1.0; 3]);
    assert!((first - 1.0 / 0.3001).abs() < 1e-12 && second == 0.0, "{first} {second}");
}

#[test]
fn a_controller_without_damping_of_its_own_settles_at_its_set_point() {
    // Integral control, I′ = 0.02·(T − 40), cooling 30·I, T′ = (600 − 30·I − 2·(T − 20))/500:
    // T = 40, I = (600 − 40)/30 = 18.667. The integrator's own diagonal is zero.
    let mut system = Problem::new(2, &[&[1], &[0, 1]], 0.01, |_, y, out| {
        out.rates[0] = 0.02 * (y[1] - 40.0);
        out.rates[1] = (600.0 - 30.0 * y[0] - 2.0 * (y[1] - 20.0)) / 500.0;
        if let Some(jacobian) = &mut out.jacobian {
            jacobian.copy_from_slice(&[0.02, -0.06, -0.004]);
        }
    });
    let mut y = [0.0, 20.0];
    let report = steady_state(&mut system, &mut y, &[false; 2], 1e-9).unwrap();
    println!("{report:?}");
    assert!((y[1] - 40.0).abs() < 1e-8 && (y[0] - 56.0 / 3.0).abs() < 1e-8, "{y:?}");
}

#[test]
fn a_held_state_is_a_boundary_for_the_others() {
    // With T₁ held at 10 in the two-tank loop, T₀ goes to 10 from 80.
    let mut system = Problem::new(2, &[&[0, 1], &[0, 1]], 0.01, |_, y, out| {
        let flow = 3.0 * (y[0] - y[1]);
        out.rates.copy_from_slice(&[-flow / 10.0, flow / 30.0]);
        if let Some(jacobian) = &mut out.jacobian {
            jacobian.copy_from_slice(&[-0.3, 0.3, 0.1, -0.1]);
        }
    });
    let mut y = [80.0, 10.0];
    steady_state(&mut system, &mut y, &[false, true], 1e-9).unwrap();
    assert_eq!(y[1], 10.0);
    assert!((y[0] - 10.0).abs() < 1e-9);
}

#[test]
fn inputs_are_taken_at_the_time_given() {
    // y′ = t − y: at t = 12 the steady state is 12.
    let mut system = Problem::new(1, &[&[0]], 0.01, |t, y, out| {
        out.rates[0] = t - y[0];
        if let Some(jacobian) = &mut out.jacobian {
            jacobian[0] = -1.0;
            out.time[0] = 1.0;
        }
    });
    let mut y = [0.0];
    steady_state_at(&mut system, 12.0, &mut y, &[false], 1e-9).unwrap();
    assert!((y[0] - 12.0).abs() < 1e-9);
}

#[test]
fn saturation_that_defeats_newton_is_overcome() {
    // y′ = 1 − atan(5·(y − 30)): from 0 Newton's method diverges (the slope at rest vanishes).
    let mut system = Problem::new(1, &[&[0]], 0.01, |_, y, out| {
        let x = 5.0 * (y[0] - 30.0);
        out.rates[0] = 1.0 - x.atan();
        if let Some(jacobian) = &mut out.jacobian {
            jacobian[0] = -5.0 / (1.0 + x * x);
        }
    });
    for start in [0.0, 29.0, 300.0] {
        let mut y = [start];
        let report = steady_state(&mut system, &mut y, &[false], 1e-9).unwrap();
        println!("from {start}: {report:?}");
        // atan x = 1 at x = tan 1 = 1.557408; y = 30.311482.
        assert!((y[0] - 30.0 - 1_f64.tan() / 5.0).abs() < 1e-8, "{}", y[0]);
    }
}

#[test]
fn a_place_that_is_almost_steady_is_passed_by_marching() {
    // y′ = −(y³ − 3y + 2.0001) nearly vanishes at y = 1 (−1e-4) and does at −2.000011:
    // −8.000133 + 6.000033 + 2.0001 = 0. Continuation keeps trying Newton's method at 1.
    let mut system = Problem::new(1, &[&[0]], 0.01, |_, y, out| {
        out.rates[0] = -(y[0].powi(3) - 3.0 * y[0] + 2.0001);
        if let Some(jacobian) = &mut out.jacobian {
            jacobian[0] = -3.0 * y[0] * y[0] + 3.0;
        }
    });
    for start in [10.0, 1.5, 1.0, 0.0] {
        let mut y = [start];
        let report = steady_state(&mut system, &mut y, &[false], 1e-9).unwrap();
        println!("from {start}: {y:?} {report:?}");
        assert!((y[0] + 2.000_011).abs() < 1e-6);
        assert_eq!(report.marched > 0, start >= 1.0);
    }
}

#[test]
fn a_search_that_is_steady_at_once_stays() {
    let mut y = [0.0, 0.0, 1.0];
    let mut system = robertson(1e-6, [1e-8; 3]);
    let report = steady_state(&mut system, &mut y, &[false; 3], 1e-9).unwrap();
    assert_eq!(y, [0.0, 0.0, 1.0]);
    assert_eq!(report.residual, 0.0);
}

#[test]
fn what_has_no_steady_state_says_which_row_still_moves() {
    // A constant rate of 2 and one state at rest.
    let mut system = Problem::new(2, &[&[0], &[]], 0.5, |_, y, out| {
        out.rates.copy_from_slice(&[-y[0], 2.0]);
        if let Some(jacobian) = &mut out.jacobian {
            jacobian[0] = -1.0;
        }
    });
    let mut y = [1.0, 1.0];
    let failure = steady_state(&mut system, &mut y, &[false; 2], 1e-6).unwrap_err();
    println!("{failure}");
    // 2 per unit time over a scale of 0.5: 4.
    let Failure::NotSteady { row, residual, .. } = failure else {
        panic!("{failure}");
    };
    assert_eq!((row, residual), (1, 4.0));
    assert_eq!(y, [1.0, 1.0]);
}

#[test]
fn rates_that_are_not_finite_are_a_failure() {
    let mut system = Problem::new(1, &[&[]], 1.0, |_, _, out| out.rates[0] = f64::NAN);
    let failure = steady_state(&mut system, &mut [0.0], &[false], 1e-6).unwrap_err();
    assert!(matches!(failure, Failure::NotFinite { row: 0, .. }));
    let failure = steady_state(&mut system, &mut [0.0], &[], 1e-6).unwrap_err();
    assert!(matches!(failure, Failure::Malformed(_)));
}
