//! The contract of `advance`: where it ends, what it remembers, how it fails.

mod common;

use common::{Problem, chain, decay, known, known_at, on, van_der_pol};
use solver::{Accepted, Control, Failure, Malformed, Method, Options, Stepper};

const METHODS: [Method; 2] = [Method::Rodas3, Method::Rodas4];

#[test]
fn until_is_hit_to_the_bit() {
    for method in METHODS {
        let mut system = known(1e-6);
        let mut stepper = Stepper::new(&system, method);
        let (mut t, mut y) = (0.0, known_at(0.0));
        // Windows whose ends are no sums of steps.
        for window in 1..60 {
            let until = f64::from(window) * 0.1 + 1.0 / 3.0;
            stepper.advance(&mut system, &mut t, &mut y, until, &mut on).unwrap();
            assert_eq!(t.to_bits(), until.to_bits());
            for (y, exact) in y.iter().zip(known_at(until)) {
                assert!((y - exact).abs() < 2e-5);
            }
        }
        // Nothing left to do, and as little as a float can hold.
        let (before, now, next) = (stepper.statistics, t, t.next_up());
        stepper.advance(&mut system, &mut t, &mut y, now, &mut on).unwrap();
        assert_eq!(stepper.statistics, before);
        stepper.advance(&mut system, &mut t, &mut y, next, &mut on).unwrap();
        assert_eq!(t, next);
    }
}

#[test]
fn steps_join_without_gap_and_none_is_a_sliver() {
    let mut system = known(1e-5);
    let mut stepper = Stepper::new(&system, Method::Rodas3);
    let (mut t, mut y) = (0.0, known_at(0.0));
    let mut steps = vec![];
    let mut end = 0.0;
    let mut after = |step: &Accepted| {
        assert_eq!(step.t0, end);
        end = step.t1;
        steps.push(step.t1 - step.t0);
        Control::Continue
    };
    stepper.advance(&mut system, &mut t, &mut y, 3.0, &mut after).unwrap();
    assert_eq!(end, 3.0);
    let last = steps.len() - 1;
    assert!(steps[last] > 0.4 * steps[last - 1], "{steps:?}");
}

#[test]
fn work_and_solution_are_the_same_bits_every_time() {
    for method in METHODS {
        let run = || {
            let mut system = van_der_pol(100.0, 1e-6);
            let mut stepper = Stepper::new(&system, method);
            let (mut t, mut y) = (0.0, [2.0, 0.0]);
            stepper.advance(&mut system, &mut t, &mut y, 150.0, &mut on).unwrap();
            (stepper.statistics, y.map(f64::to_bits))
        };
        assert_eq!(run(), run());
    }
}

#[test]
fn the_step_size_is_remembered_from_call_to_call() {
    // One call to 40 s and forty calls of 1 s: without memory each would start with tiny steps.
    let run = |windows: u32| {
        let mut system = chain(10, 5.0, 2.0, 30.0, 1e-3);
        let mut stepper = Stepper::new(&system, Method::Rodas3);
        let (mut t, mut y) = (0.0, vec![0.0; 12]);
        for window in 1..=windows {
            let until = 40.0 * f64::from(window) / f64::from(windows);
            stepper.advance(&mut system, &mut t, &mut y, until, &mut on).unwrap();
        }
        stepper.statistics.steps
    };
    let (one, forty) = (run(1), run(40));
    assert!(forty <= 40 + one, "{one} {forty}");
}

#[test]
fn a_jump_that_was_noted_starts_with_the_step_that_did_well_after_the_last() {
    // Every 60 s the heat changes; the first step after a jump is remembered on its own.
    let run = |note: bool| {
        let mut stepper = None;
        let (mut t, mut y) = (0.0, vec![0.0; 12]);
        let mut rejected = 0;
        for window in 0..20 {
            let mut system = chain(10, 5.0, 2.0, if window % 2 == 0 { 30.0 } else { 90.0 }, 1e-3);
            let stepper = stepper.get_or_insert_with(|| Stepper::new(&system, Method::Rodas3));
            if note {
                stepper.note_jump();
            } else {
                stepper.restart();
            }
            let until = t + 60.0;
            let before = stepper.statistics.rejected;
            stepper.advance(&mut system, &mut t, &mut y, until, &mut on).unwrap();
            rejected += stepper.statistics.rejected - before;
        }
        (stepper.unwrap().statistics, rejected)
    };
    let (noted, rejected) = run(true);
    let (restarted, _) = run(false);
    println!("noted {noted:?}, restarted {restarted:?}");
    assert!(noted.evaluations < restarted.evaluations);
    assert!(rejected < 20);
}

#[test]
fn a_step_that_was_cut_to_land_does_not_keep_the_next_ones_short() {
    // Jumps every 15 s that the method could follow in one step. The window ends before a second step of the first
    // size would, so each is cut; what is remembered must grow all the same.
    let mut system = chain(10, 5.0, 2.0, 30.0, 1e-1);
    let mut stepper = Stepper::new(&system, Method::Rodas4);
    let (mut t, mut y) = (0.0, vec![0.0; 12]);
    stepper.options.step_max = 8.0;
    for window in 0..40 {
        stepper.note_jump();
        if window == 4 {
            stepper.options.step_max = f64::INFINITY;
        }
        let until = t + 15.0;
        stepper.advance(&mut system, &mut t, &mut y, until, &mut on).unwrap();
    }
    let before = stepper.statistics.steps;
    for _ in 0..10 {
        stepper.note_jump();
        let until = t + 15.0;
        stepper.advance(&mut system, &mut t, &mut y, until, &mut on).unwrap();
    }
    assert_eq!(stepper.statistics.steps - before, 10);
}

#[test]
fn stop_returns_at_the_end_of_the_step_and_restart_chooses_a_new_one() {
    let mut system = known(1e-6);
    let mut stepper = Stepper::new(&system, Method::Rodas4);
    let (mut t, mut y) = (0.0, known_at(0.0));
    let mut count = 0;
    let mut third = |_: &Accepted| {
        count += 1;
        if count < 3 { Control::Continue } else { Control::Stop }
    };
    stepper.advance(&mut system, &mut t, &mut y, 5.0, &mut third).unwrap();
    assert_eq!(stepper.statistics.steps, 3);
    assert!(t < 5.0);
    assert!((y[1] - 1.0 / (1.0 + t)).abs() < 1e-5);

    let mut restarted = Stepper::new(&system, Method::Rodas4);
    let (mut t, mut y) = (0.0, known_at(0.0));
    let mut steps = vec![];
    let mut once = |step: &Accepted| {
        steps.push(step.t1 - step.t0);
        if steps.len() == 4 { Control::Restart } else { Control::Continue }
    };
    restarted.advance(&mut system, &mut t, &mut y, 5.0, &mut once).unwrap();
    assert!((y[1] - 1.0 / 6.0).abs() < 1e-5);
    // Starting steps are cautious, so the fifth is shorter than the fourth.
    assert!(steps[4] < steps[3], "{steps:?}");
}

#[test]
fn bounds_on_the_step_are_kept() {
    let mut system = known(1e-2);
    let mut stepper = Stepper::new(&system, Method::Rodas3);
    stepper.options.step_max = 0.01;
    let (mut t, mut y) = (0.0, known_at(0.0));
    let mut longest = 0.0_f64;
    let mut after = |step: &Accepted| {
        longest = longest.max(step.t1 - step.t0);
        Control::Continue
    };
    stepper.advance(&mut system, &mut t, &mut y, 1.0, &mut after).unwrap();
    assert!(longest <= 0.01 * (1.0 + 1e-12), "{longest}");
    assert!(stepper.statistics.steps >= 100);

    let mut stepper = Stepper::new(&system, Method::Rodas3);
    stepper.options = Options { step_min: 0.5, tolerance: 1e-9, ..Options::default() };
    let (mut t, mut y) = (0.0, known_at(0.0));
    let failure = stepper.advance(&mut system, &mut t, &mut y, 3.0, &mut on).unwrap_err();
    let Failure::StepTooSmall { time, tile, step, error } = failure else {
        panic!("{failure}");
    };
    assert_eq!((time, tile, step), (0.0, 0, 0.5));
    assert!(error > 1.0);

    let mut stepper = Stepper::new(&system, Method::Rodas3);
    stepper.options.steps_most = 2;
    stepper.options.step_max = 0.1;
    let failure = stepper.advance(&mut system, &mut t, &mut y, 3.0, &mut on).unwrap_err();
    assert!(matches!(failure, Failure::TooManySteps { steps: 2, .. }), "{failure}");
    assert!(t > 0.0);
}

#[test]
fn a_tighter_tolerance_gives_a_smaller_error() {
    let mut errors = vec![];
    for tolerance in [1.0, 1e-2, 1e-4] {
        let mut system = known(1e-2);
        let mut stepper = Stepper::new(&system, Method::Rodas4);
        stepper.options.tolerance = tolerance;
        let (mut t, mut y) = (0.0, known_at(0.0));
        stepper.advance(&mut system, &mut t, &mut y, 2.0, &mut on).unwrap();
        errors.push((y[0] - known_at(2.0)[0]).abs());
    }
    assert!(errors[1] < 0.1 * errors[0] && errors[2] < 0.1 * errors[1], "{errors:?}");
}

/// y′ = 1, not finite from y = 1 on, and a second state that is always fine.
fn wall() -> Problem {
    Problem::new(2, &[&[0], &[]], 1e-3, |_, y, out| {
        out.rates[0] = if y[0] < 1.0 { 1.0 } else { f64::NAN };
        out.rates[1] = 0.0;
        if let Some(jacobian) = &mut out.jacobian {
            jacobian[0] = 0.0;
        }
    })
}

#[test]
fn rates_that_are_not_finite_are_a_failure_with_time_and_row() {
    for method in METHODS {
        let mut system = wall();
        let mut stepper = Stepper::new(&system, method);
        let (mut t, mut y) = (0.0, [0.0, 0.0]);
        let failure = stepper.advance(&mut system, &mut t, &mut y, 10.0, &mut on).unwrap_err();
        let Failure::NotFinite { time, row, step } = failure else {
            panic!("{failure}");
        };
        // The wall is approached until steps are round-off, and y is still the last good point.
        assert_eq!(row, 0);
        assert_eq!(time, t);
        assert!((time - 1.0).abs() < 1e-12, "{time}");
        assert!(step < 1e-14);
        assert!(y[0] < 1.0);
        assert!(failure.to_string().starts_with("row 0 is not finite at t = "));
    }
}

#[test]
fn a_start_that_is_not_finite_fails_at_once() {
    for y in [[2.0, 0.0], [f64::NAN, 0.0], [f64::INFINITY, 0.0]] {
        let mut system = wall();
        let mut stepper = Stepper::new(&system, Method::Rodas3);
        let (mut t, mut y) = (5.0, y);
        let failure = stepper.advance(&mut system, &mut t, &mut y, 10.0, &mut on).unwrap_err();
        let expected = Failure::NotFinite { time: 5.0, row: 0, step: 0.0 };
        assert_eq!(failure, expected);
    }
}

#[test]
fn a_jacobian_that_is_not_finite_is_a_failure() {
    for method in METHODS {
        let mut system = Problem::new(1, &[&[0]], 1e-3, |_, y, out| {
            out.rates[0] = -y[0];
            if let Some(jacobian) = &mut out.jacobian {
                jacobian[0] = f64::NAN;
            }
        });
        let mut stepper = Stepper::new(&system, method);
        let failure = stepper.advance(&mut system, &mut 0.0, &mut [1.0], 1.0, &mut on).unwrap_err();
        assert!(matches!(failure, Failure::Singular { row: 0, .. }), "{failure}");
    }
}

#[test]
fn a_stage_matrix_singular_at_one_step_size_is_passed_by_another() {
    // J = 1, so W = 1/(hγ) − 1 vanishes at h = 1/γ; growth of exp(t) is followed all the same.
    let mut system = decay(1.0, 1e9);
    let mut stepper = Stepper::new(&system, Method::Rodas3);
    let attempt = stepper.attempt(&mut system, 0.0, 2.0, &[1.0]).unwrap();
    assert_eq!(attempt, solver::Attempt::Singular { row: 0 });
    stepper.advance(&mut system, &mut 0.0, &mut [1.0], 2.0, &mut on).unwrap();
    assert!(stepper.statistics.steps > 1);
}

#[test]
fn going_back_or_nowhere_in_time_is_refused() {
    let mut system = decay(-1.0, 1e-3);
    let mut stepper = Stepper::new(&system, Method::Rodas3);
    for until in [0.5, f64::NAN, f64::INFINITY] {
        let failure = stepper.advance(&mut system, &mut 1.0, &mut [1.0], until, &mut on).unwrap_err();
        assert!(matches!(failure, Failure::Backwards { .. }), "{failure}");
    }
}

#[test]
fn a_system_that_does_not_fit_together_is_refused() {
    let mut system = decay(-1.0, 1e-3);
    system.weights.push(1.0);
    let mut stepper = Stepper::new(&system, Method::Rodas3);
    let failure = stepper.advance(&mut system, &mut 0.0, &mut [1.0], 1.0, &mut on).unwrap_err();
    let what = Malformed::Length { what: "weights", found: 2, expected: 1 };
    assert_eq!(failure, Failure::Malformed(what));
    assert_eq!(failure.to_string(), "weights has length 2, expected 1");

    let mut system = decay(-1.0, 1e-3);
    let mut stepper = Stepper::new(&system, Method::Rodas3);
    let failure = stepper.advance(&mut system, &mut 0.0, &mut [1.0, 2.0], 1.0, &mut on).unwrap_err();
    assert!(matches!(failure, Failure::Malformed(_)));
}

#[test]
fn the_worst_tile_sets_the_step_however_many_others_are_at_rest() {
    // One active state among 999 idle ones: a mean over all would hide it by sqrt(1000).
    let steps = |others: usize| {
        let rows: Vec<Vec<u32>> = (0..=others as u32).map(|i| vec![i]).collect();
        let rows: Vec<&[u32]> = rows.iter().map(Vec::as_slice).collect();
        let mut system = Problem::new(others + 1, &rows, 1e-4, |_, y, out| {
            for (rate, y) in out.rates.iter_mut().zip(y) {
                *rate = -y;
            }
            if let Some(jacobian) = &mut out.jacobian {
                jacobian.fill(-1.0);
            }
        });
        system.tiles = (0..=others as u32).collect();
        let mut y = vec![0.0; others + 1];
        y[0] = 1.0;
        let mut stepper = Stepper::new(&system, Method::Rodas3);
        stepper.advance(&mut system, &mut 0.0, &mut y, 5.0, &mut on).unwrap();
        stepper.statistics
    };
    assert_eq!(steps(0), steps(999));
}

#[test]
fn systems_without_states_or_without_control_are_no_special_case() {
    let mut empty = Problem::new(0, &[], 1.0, |_, _, _| {});
    let mut stepper = Stepper::new(&empty, Method::Rodas4);
    let mut t = 0.0;
    stepper.advance(&mut empty, &mut t, &mut [], 3.0, &mut on).unwrap();
    assert_eq!(t, 3.0);

    let mut free = decay(-1.0, 1.0);
    free.weights[0] = 0.0;
    let mut stepper = Stepper::new(&free, Method::Rodas4);
    let (mut t, mut y) = (0.0, [1.0]);
    stepper.advance(&mut free, &mut t, &mut y, 3.0, &mut on).unwrap();
    assert_eq!(t, 3.0);
    assert_eq!(stepper.statistics.rejected, 0);
}
