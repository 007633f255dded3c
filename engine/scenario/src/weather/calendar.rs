//! Hours of a year: 365 or 366 days, hours 1 to 24, each standing for the hour that ends at it.

use std::fmt;

/// Seconds in an hour.
pub(super) const HOUR: f64 = 3600.0;

/// Days of the months of a year without leap day.
const DAYS: [usize; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// The month, day and hour of a row, as files write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 1 to 24: the end of the hour.
    pub hour: u8,
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}/{:02} {:02}:00", self.month, self.day, self.hour)
    }
}

/// A year of 365 or 366 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Year {
    /// Whether there is a 29 February.
    pub leap: bool,
}

impl Year {
    /// A year without leap day, the year of every typical series.
    pub const COMMON: Self = Self { leap: false };

    /// 365 or 366.
    pub const fn days(self) -> usize {
        if self.leap { 366 } else { 365 }
    }

    /// 8,760 or 8,784.
    pub const fn hours(self) -> usize {
        24 * self.days()
    }

    /// Days of the month 0 to 11; 0 outside.
    pub fn days_in(self, month: usize) -> usize {
        let extra = usize::from(self.leap && month == 1);
        DAYS.get(month).map_or(0, |days| days + extra)
    }

    /// The day counted from 0 on 1 January, `None` where the year has no such day.
    pub fn day(self, month: u8, day: u8) -> Option<usize> {
        let month = usize::from(month).checked_sub(1)?;
        let day = usize::from(day).checked_sub(1)?;
        let before: usize = (0..month).map(|m| self.days_in(m)).sum();
        (day < self.days_in(month)).then_some(before + day)
    }

    /// The hour counted from 0 for the row of 1 January, hour 1.
    pub fn hour(self, stamp: Stamp) -> Option<usize> {
        let hour = usize::from(stamp.hour).checked_sub(1).filter(|hour| *hour < 24)?;
        Some(24 * self.day(stamp.month, stamp.day)? + hour)
    }

    /// The stamp of an hour counted from 0, wrapping at the end of the year.
    pub fn stamp(self, hour: usize) -> Stamp {
        let hour = hour % self.hours();
        let (mut day, mut month) = (hour / 24, 0);
        while day >= self.days_in(month) {
            day -= self.days_in(month);
            month += 1;
        }
        // month < 12, day < 31 and hour < 24 by construction.
        Stamp { month: month as u8 + 1, day: day as u8 + 1, hour: (hour % 24) as u8 + 1 }
    }

    /// First day and number of days of each month.
    pub fn months(self) -> [(usize, usize); 12] {
        let mut first = 0;
        std::array::from_fn(|month| {
            let days = self.days_in(month);
            first += days;
            (first - days, days)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_and_stamps_are_inverse_in_both_kinds_of_year() {
        for year in [Year::COMMON, Year { leap: true }] {
            for hour in 0..year.hours() {
                assert_eq!(year.hour(year.stamp(hour)), Some(hour));
            }
        }
    }

    #[test]
    fn the_first_of_march_is_day_59_and_day_60_after_a_leap_day() {
        // 31 + 28 = 59
        assert_eq!(Year::COMMON.day(3, 1), Some(59));
        assert_eq!(Year { leap: true }.day(3, 1), Some(60));
        assert_eq!(Year::COMMON.day(2, 29), None);
        assert_eq!(Year { leap: true }.day(2, 29), Some(59));
    }
}
