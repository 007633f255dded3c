//! The nearest value that meets a target, on a grid: from a value that misses to one that meets.

/// What a trial says: what is to spare (negative where missed).
pub type Trial<E> = Result<f64, E>;

/// Between `missed` and `met`, grid numbers with their margins, the number nearest to `missed` that still meets, with
/// its margin. Where the margin changes sign once between them, this is the only crossing; its neighbour misses.
///
/// Regula falsi with the Illinois rule (Dowell and Jarratt 1971), and bisection wherever a step does not halve the
/// bracket; so at most twice log2 of the distance trials.
///
/// # Errors
/// That of a trial.
pub fn nearest<E>(
    missed: (i64, f64),
    met: (i64, f64),
    mut trial: impl FnMut(i64) -> Trial<E>,
) -> Result<(i64, f64), E> {
    let ((mut out, mut f_out), (mut within, mut f_within)) = (missed, met);
    let mut found = met;
    let mut halve = false;
    while (within - out).abs() > 1 {
        let width = (within - out).abs();
        let step = within - out;
        let share = if halve || f_within - f_out <= 0.0 { 0.5 } else { -f_out / (f_within - f_out) };
        let inner = ((step as f64 * share).round() as i64).abs().clamp(1, width - 1);
        let next = out + inner * step.signum();
        let margin = trial(next)?;
        if margin >= 0.0 {
            (within, f_within, found) = (next, margin, (next, margin));
            f_out *= 0.5;
        } else {
            (out, f_out) = (next, margin);
            f_within *= 0.5;
        }
        halve = (within - out).abs() * 2 > width;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(f: impl Fn(f64) -> f64, missed: i64, met: i64) -> (i64, u32) {
        let mut trials = 0;
        let mut margin = |k: i64| -> Trial<()> {
            trials += 1;
            Ok(f(k as f64 / 1000.0))
        };
        let (a, b) = (f(missed as f64 / 1000.0), f(met as f64 / 1000.0));
        let found = nearest((missed, a), (met, b), &mut margin).expect("no trial fails");
        (found.0, trials)
    }

    #[test]
    fn the_root_of_two_is_found_from_both_sides_to_a_thousandth() {
        // 1.414² = 1.999396 ≤ 2 < 1.415² = 2.002225.
        assert_eq!(of(|x| 2.0 - x * x, 2000, 0).0, 1414);
        assert_eq!(of(|x| x * x - 2.0, 0, 2000).0, 1415);
    }

    #[test]
    fn a_step_and_a_flat_margin_take_no_more_than_twice_the_bisections() {
        // Jump at 0.7: met below. Ten bisections of 1000.
        let (found, trials) = of(|x| if x < 0.7 { 1e-9 } else { -1e3 }, 1000, 0);
        assert_eq!(found, 699);
        assert!(trials <= 20, "{trials}");
        // Met on the limit itself.
        assert_eq!(of(|x| 0.25 - x, 1000, 0).0, 250);
    }

    #[test]
    fn a_straight_line_takes_few_trials() {
        let (found, trials) = of(|x| 0.5004 - x, 1000, 0);
        assert_eq!(found, 500);
        assert!(trials <= 6, "{trials}");
    }

    #[test]
    fn neighbours_are_no_work() {
        assert_eq!(of(|x| 0.0005 - x, 1, 0), (0, 0));
    }
}
