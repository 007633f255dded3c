//! The weather at an instant.

use super::{Hour, Weather};
use thiserror::Error;

/// Instants this close together, in s, are the same: sums of steps are not exact.
const SAME: f64 = 1e-6;

/// Which instant's weather a simulation step sees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Interpolation {
    /// The weather of the instant, linear between the ends of the hours.
    Linear,
    /// The weather at the end of the step that the instant lies in, held over the step: what EnergyPlus
    /// does. A step holds its start and all instants up to, but without, its end.
    EndOfStep {
        /// Length of the steps, counted from the start of the year, s.
        step_s: f64,
    },
}

/// Why there is no weather for an instant.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum SampleError {
    /// The series does not reach the instant.
    #[error(
        "the weather covers day {first_day:.2} to {last_day:.2} of the year, day {day:.2} is outside: run within this period, or take a weather file of the whole year"
    )]
    Outside {
        /// The instant, in days from the start of the year.
        day: f64,
        /// Start of the series, likewise.
        first_day: f64,
        /// End of the series, likewise.
        last_day: f64,
    },
    /// NaN or an infinity.
    #[error("{seconds} s is not an instant of the year")]
    NotAnInstant {
        /// What was asked for.
        seconds: f64,
    },
    /// A step that is not positive.
    #[error("a step of {step_s} s is not positive: the weather at its end is not defined")]
    Step {
        /// What was asked for.
        step_s: f64,
    },
    /// A series without rows.
    #[error("the weather has no rows")]
    NoRows,
}

impl Weather {
    /// The weather at an instant, counted in seconds from the start of the year.
    ///
    /// A whole year repeats itself: the last hour leads over to the first. A part of a year ends where it
    /// ends; in its first hour, before its first value, that value is held. Irradiance is the mean of its
    /// hour and is held over it, so that no energy is gained or lost; all else is linear.
    ///
    /// # Errors
    /// [`SampleError::Outside`] where a part of a year does not reach.
    pub fn at(&self, seconds_from_year_start: f64, rule: Interpolation) -> Result<Hour, SampleError> {
        let instant = match rule {
            Interpolation::Linear => seconds_from_year_start,
            Interpolation::EndOfStep { step_s } if step_s > 0.0 && step_s.is_finite() => {
                ((seconds_from_year_start + SAME) / step_s).floor() * step_s + step_s
            }
            Interpolation::EndOfStep { step_s } => return Err(SampleError::Step { step_s }),
        };
        if !instant.is_finite() {
            return Err(SampleError::NotAnInstant { seconds: seconds_from_year_start });
        }
        let last = self.hours.len().checked_sub(1).ok_or(SampleError::NoRows)?;
        let whole = self.is_whole_year();
        let elapsed = (instant - self.starts_s).rem_euclid(self.year_s);
        // Just before the start is just before the end of a year: of rounding, not of time.
        let elapsed =
            if self.year_s - elapsed < SAME { if whole { self.year_s } else { 0.0 } } else { elapsed };
        if !whole && elapsed > self.duration_s() + SAME {
            const DAY: f64 = 86_400.0;
            return Err(SampleError::Outside {
                day: instant / DAY,
                first_day: self.starts_s / DAY,
                last_day: (self.starts_s + self.duration_s()) / DAY,
            });
        }
        let intervals = elapsed / self.interval_s;
        // Interval `k` ends with row `k`; an instant on the boundary belongs to the interval it ends.
        let index = (intervals.ceil() as usize).saturating_sub(1).min(last);
        let fraction = (intervals - index as f64).clamp(0.0, 1.0);
        let before = match index {
            0 if whole => last,
            0 => 0,
            _ => index - 1,
        };
        Ok(between(&self.hours[before], &self.hours[index], fraction))
    }
}

/// Linear from one row to the next; the irradiance is that of the hour the later row ends.
fn between(earlier: &Hour, later: &Hour, fraction: f64) -> Hour {
    // Exact at both ends, and constant between equal values.
    let linear = |from: f64, to: f64| if fraction >= 1.0 { to } else { from + (to - from) * fraction };
    Hour {
        dry_bulb: linear(earlier.dry_bulb, later.dry_bulb),
        dew_point: linear(earlier.dew_point, later.dew_point),
        humidity_ratio: linear(earlier.humidity_ratio, later.humidity_ratio),
        wet_bulb: linear(earlier.wet_bulb, later.wet_bulb),
        pressure: linear(earlier.pressure, later.pressure),
        direct_normal: later.direct_normal,
        diffuse_horizontal: later.diffuse_horizontal,
        global_horizontal: later.global_horizontal,
        wind_speed: match (earlier.wind_speed, later.wind_speed) {
            (Some(from), Some(to)) => Some(linear(from, to)),
            (_, to) => to,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Source, Station};
    use super::*;

    /// Rows whose dry bulb is 300 K plus the row's number.
    fn counting(rows: usize, starts_h: f64) -> Weather {
        let hour = |index: usize| Hour {
            dry_bulb: 300.0 + index as f64,
            dew_point: 280.0,
            humidity_ratio: 0.006,
            wet_bulb: 290.0,
            pressure: 1e5,
            direct_normal: Some(100.0 * index as f64),
            diffuse_horizontal: None,
            global_horizontal: None,
            wind_speed: Some(index as f64),
        };
        Weather {
            station: Station {
                name: String::new(),
                latitude_deg: 0.0,
                longitude_deg: 0.0,
                utc_offset_h: 0.0,
                elevation_m: 0.0,
            },
            source: Source::Tmy3 { file: String::new(), years: vec![] },
            hours: (0..rows).map(hour).collect(),
            interval_s: 3600.0,
            starts_s: 3600.0 * starts_h,
            year_s: 8760.0 * 3600.0,
            warnings: vec![],
            sky_source: None,
        }
    }

    fn dry_bulb(weather: &Weather, hours: f64, rule: Interpolation) -> Result<f64, SampleError> {
        weather.at(hours * 3600.0, rule).map(|hour| hour.dry_bulb)
    }

    #[test]
    fn a_value_stands_at_the_end_of_its_hour() {
        let year = counting(8760, 0.0);
        // Row 0 at 01:00, row 1 at 02:00, half of each at 01:30.
        assert_eq!(dry_bulb(&year, 1.0, Interpolation::Linear), Ok(300.0));
        assert_eq!(dry_bulb(&year, 2.0, Interpolation::Linear), Ok(301.0));
        assert_eq!(dry_bulb(&year, 1.5, Interpolation::Linear), Ok(300.5));
    }

    #[test]
    fn the_end_of_the_year_leads_over_to_its_start() {
        let year = counting(8760, 0.0);
        // 31 December 24:00 is 1 January 00:00: row 8759. Half an hour later: (9059 + 300) / 2.
        assert_eq!(dry_bulb(&year, 0.0, Interpolation::Linear), Ok(9059.0));
        assert_eq!(dry_bulb(&year, 8760.0, Interpolation::Linear), Ok(9059.0));
        assert_eq!(dry_bulb(&year, 0.5, Interpolation::Linear), Ok(4679.5));
        assert_eq!(dry_bulb(&year, 8760.5, Interpolation::Linear), Ok(4679.5));
        assert_eq!(dry_bulb(&year, -8759.5, Interpolation::Linear), Ok(4679.5));
    }

    #[test]
    fn a_quarter_of_an_hour_sees_the_weather_at_its_end() {
        let year = counting(8760, 0.0);
        let rule = Interpolation::EndOfStep { step_s: 900.0 };
        // From 01:15 to just before 01:30 the value of 01:30, 300.5.
        for hours in [1.25, 1.3, 1.499] {
            assert_eq!(dry_bulb(&year, hours, rule), Ok(300.5));
        }
        // The mean over the hour ending at 02:00 is (0.25 + 0.5 + 0.75 + 1) / 4 = 0.625 of the way.
        let mean = (0..4).map(|k| dry_bulb(&year, 1.0 + 0.25 * f64::from(k), rule)).sum::<Result<f64, _>>();
        assert_eq!(mean.map(|sum| sum / 4.0), Ok(300.625));
    }

    #[test]
    fn irradiance_is_held_over_the_hour_it_is_the_mean_of() {
        let year = counting(8760, 0.0);
        let direct =
            |hours: f64| year.at(hours * 3600.0, Interpolation::Linear).map(|hour| hour.direct_normal);
        assert_eq!(direct(1.01), Ok(Some(100.0)));
        assert_eq!(direct(2.0), Ok(Some(100.0)));
        assert_eq!(direct(2.01), Ok(Some(200.0)));
    }

    #[test]
    fn a_part_of_a_year_ends_where_it_ends() {
        let day = counting(24, 48.0);
        assert_eq!(dry_bulb(&day, 48.0, Interpolation::Linear), Ok(300.0));
        assert_eq!(dry_bulb(&day, 48.5, Interpolation::Linear), Ok(300.0));
        assert_eq!(dry_bulb(&day, 72.0, Interpolation::Linear), Ok(323.0));
        for hours in [0.0, 47.9, 72.1, 8000.0] {
            assert!(matches!(dry_bulb(&day, hours, Interpolation::Linear), Err(SampleError::Outside { .. })));
        }
        // A year later is the same day again.
        assert_eq!(dry_bulb(&day, 8760.0 + 72.0, Interpolation::Linear), Ok(323.0));
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        let year = counting(8760, 0.0);
        for seconds in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(matches!(year.at(seconds, Interpolation::Linear), Err(SampleError::NotAnInstant { .. })));
        }
        for step_s in [0.0, -1.0, f64::NAN] {
            assert!(matches!(
                year.at(0.0, Interpolation::EndOfStep { step_s }),
                Err(SampleError::Step { .. })
            ));
        }
        assert_eq!(counting(0, 0.0).at(0.0, Interpolation::Linear), Err(SampleError::NoRows));
    }
}
