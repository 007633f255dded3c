//! Requests that come by the day and by chance.
//!
//! # Equations
//! ```text
//! u(minute) = U·(1 + s·w) · (1 + a·z)        z uniform in −1 … 1, a = √3·burst
//! ```
//! with the daily wave `w` as its mean over the minute. `s` and `a` are reduced where `u` would leave 0 … 1. What does
//! not hang on chance is the same every day and is tabulated once.

use super::{MINUTE, chance, wave};
use std::sync::Arc;

const MINUTES: i64 = 1440;

/// Utilisation under requests.
#[derive(Debug, Clone, PartialEq)]
pub struct Requests {
    /// For each minute of a day: its utilisation without chance, and how far chance takes it.
    day: Arc<[[f64; 2]]>,
    seed: u64,
}

impl Requests {
    /// `utilisation` is the mean, `swing` the height of the daily wave relative to it, `burst` the standard deviation
    /// of single minutes relative to the wave, `peak_at` the time of day of the busiest hour [s].
    #[must_use]
    pub fn new(utilisation: f64, swing: f64, burst: f64, peak_at: f64, seed: u64) -> Requests {
        let swing = if utilisation > 0.0 { swing.min(1.0 / utilisation - 1.0) } else { 0.0 };
        let minute = |minute: i64| {
            let start = minute as f64 * MINUTE;
            let level = utilisation * (1.0 + swing * wave(start, start + MINUTE, peak_at));
            let reach = (3.0_f64.sqrt() * burst).min(1.0).min((1.0 / level.max(1e-9) - 1.0).max(0.0));
            [level, level * reach]
        };
        Requests { day: (0..MINUTES).map(minute).collect(), seed }
    }

    /// Mean over an interval; times are seconds from the start of the year.
    pub(super) fn mean(&self, from: f64, to: f64) -> f64 {
        let (first, last) = ((from / MINUTE).floor() as i64, (to / MINUTE).ceil() as i64);
        let mut sum = 0.0;
        for minute in first..last {
            let start = minute as f64 * MINUTE;
            let part = to.min(start + MINUTE) - from.max(start);
            let [level, reach] = self.day[minute.rem_euclid(MINUTES) as usize];
            sum += (level + reach * chance(self.seed, minute as u64)) * part;
        }
        sum / (to - from)
    }
}

#[cfg(test)]
mod tests {
    use super::super::DAY;
    use super::*;

    #[test]
    fn every_day_has_the_same_wave_and_another_chance() {
        let quiet = Requests::new(0.5, 0.4, 0.0, 50_400.0, 7);
        for hour in [0.0, 8.5, 23.5] {
            let at = |day: f64| quiet.mean(day * DAY + hour * 3600.0, day * DAY + hour * 3600.0 + 90.0);
            assert!((at(0.0) - at(211.0)).abs() < 1e-15);
        }
        // the peak is at 14:00: 0.5 · 1.4, the trough twelve hours away: 0.5 · 0.6
        assert!((quiet.mean(50_370.0, 50_430.0) - 0.7).abs() < 1e-5);
        assert!((quiet.mean(7170.0, 7230.0) - 0.3).abs() < 1e-5);
        let lively = Requests::new(0.5, 0.0, 0.3, 0.0, 7);
        assert_ne!(lively.mean(0.0, 60.0), lively.mean(DAY, DAY + 60.0));
    }

    #[test]
    fn nothing_is_asked_of_what_is_not_used() {
        assert_eq!(Requests::new(0.0, 0.3, 0.2, 0.0, 1).mean(0.0, DAY), 0.0);
    }
}
