//! Events inside steps.

mod common;

use common::{Problem, known, known_at};
use solver::events::first_crossing;
use solver::{Control, Crossing, Method, Stepper, locate};

/// First crossing of `guard` while integrating [`known`] to 3 s with tolerance 1e-8.
fn find(method: Method, tolerance: f64, guard: impl Fn(&[f64]) -> f64) -> Option<Crossing> {
    let mut system = known(1e-8);
    let mut stepper = Stepper::new(&system, method);
    let (mut t, mut y, mut scratch) = (0.0, known_at(0.0), [0.0; 3]);
    let mut found = None;
    stepper
        .advance(&mut system, &mut t, &mut y, 3.0, &mut |step| {
            found = locate(step, &mut |y| guard(y), tolerance, &mut scratch);
            if let Some(crossing) = &found {
                let mut there = [0.0; 3];
                step.at(crossing.time, &mut there);
                assert_eq!(there, scratch);
                Control::Stop
            } else {
                Control::Continue
            }
        })
        .unwrap();
    found
}

#[test]
fn a_falling_state_is_caught_at_its_threshold() {
    // y₁ = 1/(1 + t) falls through 0.4 at t = 1.5.
    for method in [Method::Rodas3, Method::Rodas4] {
        let crossing = find(method, 1e-9, |y| y[1] - 0.4).unwrap();
        assert!((crossing.time - 1.5).abs() < 2e-6, "{crossing:?}");
        assert!(!crossing.rising);
        assert!(crossing.time - crossing.before <= 1e-9);
    }
}

#[test]
fn a_rising_and_a_later_falling_crossing_are_told_apart() {
    // y₀ = exp(sin t) passes 2 at sin t = ln 2, first rising: t = asin(0.693147…) = 0.765838…
    let crossing = find(Method::Rodas4, 1e-10, |y| y[0] - 2.0).unwrap();
    assert!((crossing.time - 2_f64.ln().asin()).abs() < 1e-7, "{crossing:?}");
    assert!(crossing.rising);
}

#[test]
fn a_guard_that_never_changes_sign_finds_nothing() {
    assert_eq!(find(Method::Rodas3, 1e-9, |y| y[1] + 1.0), None);
    assert_eq!(find(Method::Rodas3, 1e-9, |_| f64::NAN), None);
}

#[test]
fn the_bracket_is_as_narrow_as_asked_and_costs_no_more_than_bisection() {
    // Functions on which regula falsi is slow; bisection from [0, 1] to 1e-12 takes 40 halvings.
    type Function = fn(f64) -> f64;
    let functions: [(Function, f64); 5] = [
        (|t| t - 0.3, 0.3),
        (|t| (t - 0.7) * (t - 0.7) * (t - 0.7), 0.7),
        (|t| 1.0 - 1e6 * (1.0 - t).powi(20), 1.0 - 1e6_f64.powf(-0.05)),
        (|t| if t < 0.62 { -1.0 } else { 1.0 }, 0.62),
        (|t| (20.0 * t - 4.0).tanh(), 0.2),
    ];
    for (function, exact) in functions {
        let mut evaluations = 0;
        let crossing = first_crossing(0.0, 1.0, 1e-12, &mut |t| {
            evaluations += 1;
            function(t)
        })
        .unwrap();
        assert!(crossing.before <= exact + 1e-15 && exact <= crossing.time + 1e-15);
        assert!(crossing.time - crossing.before <= 1e-12);
        assert!(function(crossing.time) >= 0.0);
        // Up to 5 for the search in parts, 38 halvings of a quarter, 1 spare, 1 for rounding.
        assert!(evaluations <= 45, "{evaluations}");
    }
}

#[test]
fn smooth_guards_cost_far_less_than_bisection() {
    // Bisection: 2 for the search in parts and 38 halvings.
    let mut evaluations = 0;
    first_crossing(0.0, 1.0, 1e-12, &mut |t| {
        evaluations += 1;
        t * t + t - 0.3
    });
    assert!(evaluations <= 16, "{evaluations}");
}

#[test]
fn the_first_of_several_crossings_is_found() {
    // sin has zeros at π, 2π, 3π, … ; quarters of [0.1, 9] separate the first two.
    let crossing = first_crossing(0.1, 9.0, 1e-12, &mut f64::sin).unwrap();
    assert!((crossing.time - std::f64::consts::PI).abs() < 2e-12);
    assert!(!crossing.rising);
}

#[test]
fn a_crossing_that_was_answered_is_not_found_again() {
    // From the time returned on there is no sign change left, nor from a start exactly on zero.
    let crossing = first_crossing(0.0, 1.0, 1e-9, &mut |t| t - 0.3).unwrap();
    assert_eq!(first_crossing(crossing.time, 1.0, 1e-9, &mut |t| t - 0.3), None);
    assert_eq!(first_crossing(0.0, 1.0, 1e-9, &mut |t| t), None);
    // But touching zero and passing on is a change: −, 0, + at quarters.
    let crossing = first_crossing(0.0, 1.0, 1e-9, &mut |t| t - 0.25).unwrap();
    assert_eq!(crossing.time, 0.25);
}

#[test]
fn a_tolerance_of_zero_ends_at_neighbouring_numbers() {
    let crossing = first_crossing(1.0, 2.0, 0.0, &mut |t| t * t - 2.0).unwrap();
    assert!(crossing.time - crossing.before <= 3.0 * f64::EPSILON);
    assert!((crossing.time - 2_f64.sqrt()).abs() < 1e-15);
}

#[test]
fn a_fast_event_inside_a_long_step_is_found_through_dense_output() {
    // y′ = 1: exact in one step of any length, so a guard is met anywhere inside it.
    let mut system = Problem::new(1, &[&[]], 1.0, |_, _, out| out.rates[0] = 1.0);
    let mut stepper = Stepper::new(&system, Method::Rodas4);
    stepper.attempt(&mut system, 0.0, 100.0, &[0.0]).unwrap();
    let step = stepper.attempted(0.0, 100.0, &[0.0]).unwrap();
    let crossing = locate(&step, &mut |y| y[0] - 61.803, 1e-6, &mut [0.0]).unwrap();
    assert!((crossing.time - 61.803).abs() < 1e-6);
}
