//! Points in time as RFC 3339 writes them, in UTC.

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// `2026-02-28T12:34:56Z`; parts of a second are dropped.
///
/// Years before 0 and after 9999, which RFC 3339 cannot write, become the nearest that it can.
#[must_use]
pub fn rfc3339(time: SystemTime) -> String {
    let seconds = match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        // The whole second before, so that the text never lies after the time.
        Err(before) => {
            let before = before.duration();
            let whole = i64::try_from(before.as_secs()).unwrap_or(i64::MAX);
            -whole.saturating_add(i64::from(before.subsec_nanos() > 0))
        }
    };
    // 0000-01-01T00:00:00Z … 9999-12-31T23:59:59Z
    let seconds = seconds.clamp(-62_167_219_200, 253_402_300_799);
    let (year, month, day) = civil(seconds.div_euclid(DAY));
    let clock = seconds.rem_euclid(DAY);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", clock / 3600, clock / 60 % 60, clock % 60)
}

/// Year, month and day of the Gregorian calendar, from days since 1970-01-01.
///
/// Years are counted from 1 March, so that the leap day is the last of a year; 400 years have
/// 146 097 days (H. Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`).
const fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468; // from 0000-03-01
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153; // 0 is March
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 { (0, month + 3) } else { (1, month - 9) };
    (era * 400 + year_of_era + year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[track_caller]
    fn is(seconds: u64, text: &str) {
        assert_eq!(rfc3339(UNIX_EPOCH + Duration::from_secs(seconds)), text);
    }

    #[test]
    fn seconds_since_1970_are_a_date_and_a_time() {
        is(0, "1970-01-01T00:00:00Z");
        // A billion seconds: 11 574 days and 6 400 s, 1:46:40.
        is(1_000_000_000, "2001-09-09T01:46:40Z");
        is(253_402_300_799, "9999-12-31T23:59:59Z");
    }

    #[test]
    fn leap_days_are_where_the_calendar_puts_them() {
        // 2000 is a leap year, 2100 is not.
        is(951_782_400, "2000-02-29T00:00:00Z");
        is(951_782_400 + 86_400, "2000-03-01T00:00:00Z");
        is(4_107_542_399, "2100-02-28T23:59:59Z");
        is(4_107_542_400, "2100-03-01T00:00:00Z");
    }

    #[test]
    fn every_day_of_eight_centuries_follows_the_one_before() {
        let length = |year: i64, month: i64| match month {
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        let (mut year, mut month, mut day) = civil(-146_097);
        assert_eq!((year, month, day), (1570, 1, 1));
        for days in -146_097..146_097 {
            assert_eq!(civil(days), (year, month, day));
            day += 1;
            if day > length(year, month) {
                (month, day) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
    }

    #[test]
    fn a_time_before_1970_or_beyond_9999_is_still_written() {
        assert_eq!(rfc3339(UNIX_EPOCH - Duration::from_millis(1)), "1969-12-31T23:59:59Z");
        is(1 << 40, "9999-12-31T23:59:59Z");
    }
}
