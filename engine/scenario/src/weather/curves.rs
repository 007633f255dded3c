//! Curves over a common year: daily values from monthly ones, hourly values from daily ones, and back.

use super::calendar::Year;
use std::ops::Range;

const YEAR: Year = Year::COMMON;

/// The rows of each month.
pub(super) fn month_hours() -> impl Iterator<Item = Range<usize>> {
    YEAR.months().into_iter().map(|(first, days)| 24 * first..24 * (first + days))
}

/// What a month of hours shows.
pub(super) struct Found {
    /// Mean, K.
    pub mean: f64,
    /// Standard deviation of the daily means, K.
    pub spread: f64,
    /// Mean of daily maximum minus minimum, K.
    pub range: f64,
}

/// What each month of a year of hours shows.
pub(super) fn monthly(hours: &[f64]) -> [Found; 12] {
    YEAR.months().map(|(first, days)| {
        let n = days as f64;
        let of_month = || hours[24 * first..24 * (first + days)].chunks_exact(24);
        let daily: Vec<f64> = of_month().map(|day| day.iter().sum::<f64>() / 24.0).collect();
        let mean = daily.iter().sum::<f64>() / n;
        let variance = daily.iter().map(|day| (day - mean) * (day - mean)).sum::<f64>() / n;
        let extent = |day: &[f64]| {
            let (low, high) = day
                .iter()
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &t| (low.min(t), high.max(t)));
            high - low
        };
        Found { mean, spread: variance.sqrt(), range: of_month().map(extent).sum::<f64>() / n }
    })
}

/// The series with mean 0, variance 1 and no drift in each month: what drifts within a month is the season,
/// and is in the mean curve already.
pub(super) fn standardised(mut days: Vec<f64>) -> Vec<f64> {
    for (first, count) in YEAR.months() {
        let month = &mut days[first..first + count];
        let n = count as f64;
        let middle = 0.5 * (n - 1.0);
        let mean = month.iter().sum::<f64>() / n;
        let along = month.iter().enumerate().map(|(day, x)| (day as f64 - middle) * x).sum::<f64>();
        let slope = along / (n * (n * n - 1.0) / 12.0);
        for (day, x) in month.iter_mut().enumerate() {
            *x -= mean + slope * (day as f64 - middle);
        }
        let deviation = (month.iter().map(|x| x * x).sum::<f64>() / n).sqrt();
        month.iter_mut().for_each(|x| *x /= deviation);
    }
    days
}

/// Hourly values at 01:00 to 24:00 of each day, linear between the values at noon.
pub(super) fn between_noons(days: &[f64]) -> impl Iterator<Item = f64> {
    let n = days.len();
    (0..24 * n).map(move |hour| {
        // Hours since the noon of the day before; row 0 of a day is 01:00, 13 h after it.
        let (day, after) = (hour / 24, hour % 24 + 13);
        let (from, after) = if after < 24 { (day + n - 1, after) } else { (day, after - 24) };
        let (a, b) = (days[from % n], days[(from + 1) % n]);
        a + (b - a) * after as f64 / 24.0
    })
}

/// For each day, the month before whose middle its noon lies, and how far along it is from there.
fn segments() -> impl Iterator<Item = (usize, f64)> {
    let months = YEAR.months();
    let year = YEAR.days() as f64;
    let middle = move |month: usize| months[month].0 as f64 + 0.5 * months[month].1 as f64;
    (0..YEAR.days()).map(move |day| {
        let noon = day as f64 + 0.5;
        let from = (0..12).rev().find(|month| middle(*month) <= noon).unwrap_or(11);
        let start = middle(from) - if noon < middle(0) { year } else { 0.0 };
        let end = middle((from + 1) % 12) + if from == 11 && noon >= middle(0) { year } else { 0.0 };
        (from, (noon - start) / (end - start))
    })
}

/// Noon values of the smooth closed curve through mid-month values (Catmull and Rom's cubic).
pub(super) fn smooth(knots: &[f64; 12]) -> Vec<f64> {
    let cubic = |(from, x): (usize, f64)| {
        let [p, q, r, s] = [11, 0, 1, 2].map(|step| knots[(from + step) % 12]);
        q + 0.5 * x * (r - p + x * (2.0 * p - 5.0 * q + 4.0 * r - s + x * (3.0 * (q - r) + s - p)))
    };
    segments().map(cubic).collect()
}

/// The value of its month for each day.
pub(super) fn stepped(values: &[f64; 12]) -> Vec<f64> {
    YEAR.months()
        .into_iter()
        .zip(values)
        .flat_map(|((_, days), value)| std::iter::repeat_n(*value, days))
        .collect()
}

/// Noon values of the closed polygon through mid-month values.
pub(super) fn linear(knots: &[f64; 12]) -> Vec<f64> {
    segments().map(|(from, x)| knots[from] + (knots[(from + 1) % 12] - knots[from]) * x).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_passes_through_its_mid_month_values() {
        // April has 30 days from day 90, so its middle lies between the noons of days 104 and 105.
        let mut knots = [0.0; 12];
        knots[3] = 10.0;
        for curve in [smooth(&knots), linear(&knots)] {
            assert_eq!(curve.len(), 365);
            assert!((curve[104] - curve[105]).abs() < 0.02, "{} {}", curve[104], curve[105]);
            assert!(curve[104] > 9.7 && curve[104] <= 10.0, "{}", curve[104]);
            assert!(curve[200].abs() < 1e-12 && curve[0].abs() < 1e-12);
        }
        // The polygon half-way from mid-March (day 74.5) to mid-April (day 105): noon of day 89 is at 89.5.
        assert!((linear(&knots)[89] - 10.0 * 15.0 / 30.5).abs() < 1e-12);
    }

    #[test]
    fn a_constant_stays_constant_over_the_turn_of_the_year() {
        for curve in [smooth(&[7.0; 12]), linear(&[7.0; 12]), stepped(&[7.0; 12])] {
            assert!(between_noons(&curve).all(|x| (x - 7.0).abs() < 1e-12));
        }
    }

    #[test]
    fn a_daily_value_stands_at_noon() {
        let mut days = vec![0.0; 365];
        days[0] = 24.0;
        let hours: Vec<f64> = between_noons(&days).collect();
        // Row 11 is 12:00 of day 0. One hour less for each hour away, also into 31 December.
        assert_eq!([hours[11], hours[12], hours[10], hours[8759]], [24.0, 23.0, 23.0, 12.0]);
    }

    #[test]
    fn standardising_takes_mean_drift_and_scale_out_of_each_month() {
        // 2·x² + 3·x + 5 over the days x of a month keeps only its bend.
        let days = YEAR.months().into_iter().flat_map(|(_, count)| 0..count).map(|x| x as f64);
        let days = standardised(days.map(|x| 2.0 * x * x + 3.0 * x + 5.0).collect());
        for (first, count) in YEAR.months() {
            let month = &days[first..first + count];
            let sum: f64 = month.iter().sum();
            let squares: f64 = month.iter().map(|x| x * x).sum();
            assert!(sum.abs() < 1e-9 && (squares - count as f64).abs() < 1e-9);
            assert!((month[0] - month[count - 1]).abs() < 1e-9, "drift is left");
        }
    }

    #[test]
    fn a_sawtooth_day_has_its_mean_range_and_no_spread() {
        // 0, 1, …, 23 every day: mean 11.5, range 23.
        let hours: Vec<f64> = (0..8760).map(|hour| f64::from(hour % 24)).collect();
        for found in monthly(&hours) {
            assert_eq!((found.mean, found.spread, found.range), (11.5, 0.0, 23.0));
        }
    }
}
