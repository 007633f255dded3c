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
    // An interval belongs to the day in which it begins; a mean is weighed by time.
    let begins = course.ends.iter().zip(&course.hours).map(|(end, hours)| end - hours * 3600.0);
    let day = begins.map(|begin| (begin / DAY + 1e-9).floor());
    let mut days: Vec<(f64, f64, f64)> = Vec::new();
    for ((day, hours), dry_bulb) in day.zip(&course.hours).zip(&course.dry_bulb_c) {
        match days.last_mut() {
            Some((last, time, sum)) if *last == day => {
                *time += hours;
                *sum += hours * dry_bulb;
            }
            _ => days.push((day, *hours, hours * dry_bulb)),
        }
    }
    let means = days.iter().filter(|(_, time, _)| *time > 0.0).map(|(_, time, sum)| sum / time);
    let counted = means.clone().filter(|mean| match trigger {
        Trigger::Eurostat => *mean >= THRESHOLD,
        Trigger::None => *mean > BASE,
    });
    (counted.map(|mean| mean - BASE).sum(), means.count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(daily: &[f64]) -> (f64, f64) {
        // Four intervals of six hours in each day, 2 K around the mean.
        let dry_bulb_c: Vec<f64> = daily.iter().flat_map(|t| [t - 2.0, *t, t + 2.0, *t]).collect();
        let n = dry_bulb_c.len();
        let ends = (1..=n).map(|k| k as f64 * 21_600.0).collect();
        let course = Course { ends, hours: vec![6.0; n], dry_bulb_c, ..Course::default() };
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

    #[test]
    fn a_mean_is_weighed_by_time() {
        // 18 h at 32 °C and 6 h at 20 °C: 29 °C, 8 K·d.
        let course = Course {
            ends: vec![64_800.0, 86_400.0],
            hours: vec![18.0, 6.0],
            dry_bulb_c: vec![32.0, 20.0],
            ..Course::default()
        };
        assert_eq!(cooling_degree_days(&course, Trigger::Eurostat), (8.0, 1));
    }
}
