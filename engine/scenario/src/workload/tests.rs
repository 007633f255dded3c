use super::*;

fn training() -> Workload {
    Workload::new(Pattern::Training {
        utilisation: 0.9,
        checkpoint_every: 1800.0,
        checkpoint_lasts: 40.0,
        checkpoint_utilisation: 0.1,
        seed: 7,
    })
}

fn inference() -> Workload {
    Workload::new(Pattern::Inference(Requests::new(0.6, 0.3, 0.2, 54_000.0, 3)))
}

#[test]
fn a_training_job_keeps_its_mean_over_whole_periods_whatever_the_phase() {
    // (1760 s · 0.9 + 40 s · 0.1)/1800 s = 1588/1800 = 0.88222…
    for start in [0.0, 123.4, 1e7] {
        assert!((training().mean(start, start + 1800.0) - 1588.0 / 1800.0).abs() < 1e-9);
    }
}

#[test]
fn a_training_job_is_at_one_of_its_two_levels_in_every_second_but_at_the_edges() {
    let levels: Vec<f64> = (0..1800).map(|s| training().mean(f64::from(s), f64::from(s) + 1.0)).collect();
    let low = levels.iter().filter(|u| (**u - 0.1).abs() < 1e-9).count();
    let high = levels.iter().filter(|u| (**u - 0.9).abs() < 1e-9).count();
    assert!((39..=40).contains(&low) && (1758..=1760).contains(&high), "{low} {high}");
}

#[test]
fn half_intervals_sum_to_the_whole_for_every_pattern() {
    let diurnal = Workload::new(Pattern::Diurnal { low: 0.2, high: 0.9, peak_at: 54_000.0, weekend: 0.5 });
    for workload in [training(), inference(), diurnal] {
        for from in [0.0, 431_000.0, 86_399.5] {
            let whole = workload.mean(from, from + 5000.0);
            let halves =
                0.5 * (workload.mean(from, from + 2500.0) + workload.mean(from + 2500.0, from + 5000.0));
            assert!((whole - halves).abs() < 1e-9, "{workload:?} {from}: {whole} {halves}");
        }
    }
}

#[test]
fn a_day_has_its_peak_its_trough_and_its_mean() {
    let day = Workload::new(Pattern::Diurnal { low: 0.2, high: 0.8, peak_at: 54_000.0, weekend: 1.0 });
    assert!((day.mean(53_999.0, 54_001.0) - 0.8).abs() < 1e-6);
    // 15:00 less 12 h = 03:00
    assert!((day.mean(10_799.0, 10_801.0) - 0.2).abs() < 1e-6);
    assert!((day.mean(0.0, DAY) - 0.5).abs() < 1e-12);
    // half way: x = 1/2, w = 2·(3/4 − 1/4) − 1 = 0
    assert!((day.mean(32_399.0, 32_401.0) - 0.5).abs() < 1e-4);
}

#[test]
fn a_weekend_is_the_sixth_and_seventh_day() {
    let week = Workload::new(Pattern::Diurnal { low: 0.4, high: 0.4, peak_at: 0.0, weekend: 0.5 });
    let days: Vec<f64> = (0..8).map(|d| week.mean(f64::from(d) * DAY, f64::from(d + 1) * DAY)).collect();
    for (day, expected) in days.iter().zip([0.4, 0.4, 0.4, 0.4, 0.4, 0.2, 0.2, 0.4]) {
        assert!((day - expected).abs() < 1e-12, "{days:?}");
    }
}

#[test]
fn inference_keeps_its_mean_and_its_spread() {
    let workload = inference();
    let year = 365.0 * DAY;
    // 525,600 minutes with 20 % spread: standard error 0.6 · 0.2/√525600 = 0.00017
    assert!((workload.mean(0.0, year) - 0.6).abs() < 1e-3);
    let minutes: Vec<f64> =
        (0..1440).map(|m| workload.mean(f64::from(m) * 60.0, f64::from(m + 1) * 60.0)).collect();
    assert!(minutes.iter().all(|u| (0.0..=1.0).contains(u)));
    assert_eq!(workload.mean(60.0, 120.0), workload.mean(60.0, 120.0));
    let other = Workload::new(Pattern::Inference(Requests::new(0.6, 0.3, 0.2, 54_000.0, 4)));
    assert_ne!(workload.mean(60.0, 120.0), other.mean(60.0, 120.0));
}

#[test]
fn a_hall_that_is_mostly_idle_computes_its_share() {
    // 20 % of the racks at 90 % → 0.18
    let hall = Workload { pattern: Pattern::Constant { utilisation: 0.9 }, idle_share: 0.8 };
    assert!((hall.mean(0.0, 900.0) - 0.18).abs() < 1e-12);
    assert_eq!(Workload::new(Pattern::Idle).mean(0.0, 900.0), 0.0);
}

#[test]
fn an_interval_without_length_is_a_second() {
    assert!((training().mean(5.0, 5.0) - training().mean(5.0, 6.0)).abs() < 1e-15);
}
