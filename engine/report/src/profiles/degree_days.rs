//! Cooling degree days to base 21 °C.
//!
//! # Equations
//!
//! ```text
//! CDD = Σ (T_m − 21 °C)  over the days with T_m ≥ 24 °C      Eurostat, JRC
//! CDD = Σ max(0, T_m − 21 °C)  over all days                  without trigger
//! ```
//!
//! # Source
//!
//! Eurostat, *Energy statistics – cooling and heating degree days* (nrg_chdd), metadata, 3.4: base 21 °C, trigger 24 °C.
//! The regulation names the base and Eurostat; the two methods differ by half in dry climates.

use super::evidence::Course;

const BASE: f64 = 21.0;
const THRESHOLD: f64 = 24.0;
const DAY: f64 = 86_400.0;

/// Which days count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// Those with a mean of at least 24 °C.
    Eurostat,
    /// All that are warmer than the base.
    None,
}

/// Cooling degree days [K·d] and how many days were read. Days without a record are left out.
#[must_use]
pub fn cooling_degree_days(course: &Course, trigger: Trigger) -> (f64, usize) {
    let mut sum = 0.0;
    let mut days = 0;
    let mut k = 0;
    while k < course.time_s.len() {
        // An interval belongs to the day in which it begins.
        let day = |k: usize| ((course.time_s[k] - course.interval_s) / DAY + 1e-9).floor();
        let first = k;
        let (mut total, mut n) = (0.0, 0.0);
        while k < course.time_s.len() && day(k) == day(first) {
            if let Some(value) = course.dry_bulb_c.get(k) {
                total += value;
                n += 1.0;
            }
            k += 1;
        }
        if n > 0.0 {
            days += 1;
            let mean = total / n;
            let counts = match trigger {
                Trigger::Eurostat => mean >= THRESHOLD,
                Trigger::None => mean > BASE,
            };
            if counts {
                sum += mean - BASE;
            }
        }
    }
    (sum, days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(daily: &[f64]) -> (f64, f64) {
        // Four intervals of six hours in each day, 2 K around the mean.
        let dry_bulb: Vec<f64> = daily.iter().flat_map(|t| [t - 2.0, *t, t + 2.0, *t]).collect();
        let time: Vec<f64> = (1..=dry_bulb.len()).map(|k| k as f64 * 21_600.0).collect();
        let zero = vec![0.0; time.len()];
        let course = Course {
            time_s: &time,
            interval_s: 21_600.0,
            dry_bulb_c: &dry_bulb,
            facility_kwh: &zero,
            it_kwh: &zero,
        };
        let (with, days) = cooling_degree_days(&course, Trigger::Eurostat);
        assert_eq!(days, daily.len());
        (with, cooling_degree_days(&course, Trigger::None).0)
    }

    #[test]
    fn a_day_below_the_trigger_counts_only_without_it() {
        // 20 °C: nothing. 23 °C: 2 without trigger. 24 °C: 3 in both. 30 °C: 9 in both.
        // Eurostat 3 + 9 = 12; plain 2 + 3 + 9 = 14.
        assert_eq!(of(&[20.0, 23.0, 24.0, 30.0]), (12.0, 14.0));
    }

    #[test]
    fn a_cold_year_has_none() {
        assert_eq!(of(&[-10.0, 5.0, 20.9]), (0.0, 0.0));
    }
}
