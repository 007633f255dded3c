//! Cross-check by an explicit method of independent origin.

mod common;

use common::{Problem, chain, decay, integrate, known, known_at, on};
use solver::{Failure, Method, Stepper, dopri5};

#[test]
fn explicit_and_implicit_solutions_agree_to_the_tolerance() {
    let n = 6;
    let mut explicit = vec![0.0; n + 2];
    let mut t = 0.0;
    let mut system = chain(n, 20.0, 3.0, 90.0, 1.0);
    let statistics = dopri5::advance(&mut system, &mut t, &mut explicit, 60.0, 1e-9, 1e-9).unwrap();
    assert_eq!(t, 60.0);
    assert!(statistics.steps > 10 && statistics.factorizations == 0);
    for (method, atol) in [(Method::Rodas3, 1e-5), (Method::Rodas4, 1e-8)] {
        let mut implicit = vec![0.0; n + 2];
        let mut system = chain(n, 20.0, 3.0, 90.0, atol);
        integrate(&mut system, method, &mut implicit, 60.0).unwrap();
        for i in 0..n {
            let difference = (implicit[i] - explicit[i]).abs();
            assert!(difference < 10.0 * atol + 1e-7, "{method:?} {i}: {difference}");
        }
        // The heat that left: 5,400 J came in.
        assert!((implicit[n + 1] - explicit[n + 1]).abs() < 1e-2);
    }
}

#[test]
fn inputs_may_jump_between_calls() {
    let mut t = 0.0;
    let mut y = known_at(0.0);
    let mut other = known_at(0.0);
    let mut system = known(1e-9);
    let mut stepper = Stepper::new(&system, Method::Rodas4);
    let mut time = 0.0;
    for window in 1..=5 {
        let until = 0.4 * f64::from(window);
        dopri5::advance(&mut system, &mut t, &mut y, until, 1e-10, 1e-10).unwrap();
        stepper.advance(&mut system, &mut time, &mut other, until, &mut on).unwrap();
        assert_eq!((t, time), (until, until));
        for ((y, other), exact) in y.iter().zip(&other).zip(known_at(until)) {
            assert!((y - exact).abs() < 1e-8 && (other - exact).abs() < 1e-8);
        }
    }
}

#[test]
fn a_call_with_nothing_to_do_changes_nothing() {
    let (mut t, mut y) = (2.0, [1.0]);
    let statistics = dopri5::advance(&mut decay(-1.0, 1.0), &mut t, &mut y, 2.0, 1e-6, 1e-6);
    assert_eq!(statistics.unwrap().steps, 0);
    assert_eq!((t, y), (2.0, [1.0]));
    let failure = dopri5::advance(&mut decay(-1.0, 1.0), &mut t, &mut y, 1.0, 1e-6, 1e-6);
    assert!(matches!(failure, Err(Failure::Backwards { .. })));
}

#[test]
fn stiffness_is_reported_where_it_is_detected() {
    // y′ = −1e6·(y − cos t): stability holds the step below 3.3e-6 s.
    let mut system = Problem::new(1, &[&[0]], 1e-4, |t, y, out| {
        out.rates[0] = -1e6 * (y[0] - t.cos());
    });
    let mut y = [1.0];
    let failure = dopri5::advance(&mut system, &mut 0.0, &mut y, 100.0, 1e-4, 1e-4).unwrap_err();
    assert!(matches!(failure, Failure::Stiff { .. }), "{failure}");
    assert_eq!(y, [1.0]);
}

#[test]
fn rates_that_are_not_finite_are_a_failure_with_their_row() {
    let mut system = Problem::new(2, &[&[], &[]], 1.0, |_, y, out| {
        out.rates[0] = 0.0;
        out.rates[1] = if y[1] < 1.0 { 1.0 } else { f64::NAN };
    });
    let failure = dopri5::advance(&mut system, &mut 0.0, &mut [0.0, 0.0], 3.0, 1e-6, 1e-6).unwrap_err();
    let Failure::NotFinite { time, row, .. } = failure else {
        panic!("{failure}");
    };
    assert_eq!(row, 1);
    assert!(time <= 1.0);
}
