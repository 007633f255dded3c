//! The course of a value over the year, read from a user's file: carbon factors of a grid, output of a contract.
//!
//! # Format
//! A CSV file in UTF-8. Empty lines are passed over. Comments begin with `#`; three of them are read: `# source: …` (who
//! published the values, how they were made), `# year: …` (of which they are) and `# confidence: …` (A, B or C). What names
//! the file may say them in their place; without one of them it is refused. The header says what the rows are and what the value is:
//!
//! | header | rows |
//! |---|---|
//! | `hour,VALUE` | 8760, `hour` from 0: hours from the start of the year, each value holding for one |
//! | `month,hour,VALUE` | 288 in any order, `month` 1 … 12, `hour` 0 … 23: the mean day of each month |
//!
//! Hours are of local standard time, as in weather files. `VALUE` is `carbon_g_per_kwh` (0 or more) or `share` of the
//! capacity (0 … 1).

use crate::origin::Confidence;
use crate::said::said;

const HOURS: usize = 8760;
const HOUR: f64 = 3600.0;
/// Days before each month.
const MONTHS: [usize; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
/// Largest carbon factor that is believed [g/kWh].
const LARGEST: f64 = 5000.0;
/// Years that are believed.
const YEARS: std::ops::RangeInclusive<u16> = 1990..=2100;
/// Most faults that are listed.
const MOST_FAULTS: usize = 20;

/// What the values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CourseOf {
    /// Carbon per electricity; kept in kg/J.
    Carbon,
    /// Share of a capacity.
    Share,
}

impl CourseOf {
    /// Its name in the header.
    pub const fn name(self) -> &'static str {
        match self {
            CourseOf::Carbon => "carbon_g_per_kwh",
            CourseOf::Share => "share",
        }
    }
    const fn most(self) -> f64 {
        match self {
            CourseOf::Carbon => LARGEST,
            CourseOf::Share => 1.0,
        }
    }
    /// Factor to SI.
    const fn scale(self) -> f64 {
        match self {
            CourseOf::Carbon => 1.0 / 3.6e9,
            CourseOf::Share => 1.0,
        }
    }
}

/// One value for each hour of the year.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// What the values are.
    pub of: CourseOf,
    /// Where its file says they come from.
    pub source: Option<String>,
    /// Of which year its file says they are.
    pub year: Option<u16>,
    /// How sure its file says they are.
    pub confidence: Option<Confidence>,
    hours: Vec<f64>,
    /// Sum of all hours before each.
    sums: Vec<f64>,
}

impl Course {
    /// Reads a course; everything that is wrong is said at once.
    ///
    /// # Errors
    /// Sentences with file, line and value, one a line.
    pub fn parse(bytes: &[u8], name: &str) -> Result<Course, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| format!("{name}: is not UTF-8 text"))?;
        let lines = text.trim_start_matches('\u{feff}').lines().enumerate();
        let mut lines = lines.map(|(k, line)| (k + 1, line.trim()));
        let mut lines = lines.by_ref().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let (number, header) = lines.next().ok_or_else(|| format!("{name}: is empty"))?;
        let header: Vec<&str> = header.split(',').map(str::trim).collect();
        let unknown = || {
            let shown: String = header.join(",").chars().take(60).collect();
            format!(
                "{name}:{number}: the header is {shown:?}, but \"hour,VALUE\" or \"month,hour,VALUE\" is read, VALUE \
                 being carbon_g_per_kwh or share"
            )
        };
        let of = [CourseOf::Carbon, CourseOf::Share].into_iter().find(|of| header.last() == Some(&of.name()));
        let of = of.ok_or_else(unknown)?;
        let keys = match header[..header.len() - 1] {
            ["hour"] => HOURS,
            ["month", "hour"] => 288,
            _ => return Err(unknown()),
        };
        let mut rows: Vec<Option<f64>> = vec![None; keys];
        let mut faults = Vec::new();
        let mut comment = |key: &str| {
            said(text, key).unwrap_or_else(|why| {
                faults.push(format!("{name}: {why}"));
                None
            })
        };
        let (source, year, confidence) = (comment("source"), comment("year"), comment("confidence"));
        let confidence = confidence.and_then(|(line, written)| {
            let known = Confidence::of(written);
            if known.is_none() {
                let shown: String = written.chars().take(20).collect();
                faults.push(format!("{name}:{line}: confidence is {shown:?}, but A, B or C is accepted"));
            }
            known
        });
        let year = year.and_then(|(line, written)| {
            let year = written.parse::<u16>().ok().filter(|year| YEARS.contains(year));
            if year.is_none() {
                let shown: String = written.chars().take(20).collect();
                let (first, last) = (YEARS.start(), YEARS.end());
                faults.push(format!("{name}:{line}: year is {shown:?}, but {first} to {last} is accepted"));
            }
            year
        });
        for (number, line) in lines {
            match row(line, keys, of) {
                Ok((key, _)) if rows[key].is_some() => {
                    faults.push(format!("{name}:{number}: this hour is there twice"));
                }
                Ok((key, value)) => rows[key] = Some(value),
                Err(why) => faults.push(format!("{name}:{number}: {why}")),
            }
        }
        let missing = rows.iter().filter(|row| row.is_none()).count();
        if missing > 0 {
            faults.push(format!("{name}: {missing} of {keys} hours are not there"));
        }
        crate::problem::none_or_listed(faults, MOST_FAULTS)?;
        let rows: Vec<f64> = rows.into_iter().flatten().collect();
        let hours = match keys {
            HOURS => rows,
            _ => (0..HOURS).map(|hour| rows[24 * month_of(hour / 24) + hour % 24]).collect(),
        };
        let source = source.map(|(_, source)| source.to_owned());
        Ok(Course { source, year, confidence, ..Course::new(of, hours) })
    }

    fn new(of: CourseOf, hours: Vec<f64>) -> Course {
        let before = |sum: &mut f64, value: &f64| {
            let before = *sum;
            *sum += value;
            Some(before)
        };
        let sums = hours.iter().scan(0.0, before).collect();
        Course { of, source: None, year: None, confidence: None, hours, sums }
    }

    /// Mean from one time to a later one [s from the start of the year]; years repeat.
    #[must_use]
    pub fn mean(&self, from: f64, to: f64) -> f64 {
        if to <= from {
            return self.hours[self.hour(from)];
        }
        (self.integral(to) - self.integral(from)) / ((to - from) / HOUR)
    }

    fn hour(&self, time: f64) -> usize {
        ((time / HOUR).rem_euclid(HOURS as f64) as usize).min(HOURS - 1)
    }

    /// Sum over hours from the start of year 0.
    fn integral(&self, time: f64) -> f64 {
        let hours = time / HOUR;
        let years = (hours / HOURS as f64).floor();
        let within = hours - years * HOURS as f64;
        let hour = (within as usize).min(HOURS - 1);
        let whole = self.sums[HOURS - 1] + self.hours[HOURS - 1];
        years * whole + self.sums[hour] + (within - hour as f64) * self.hours[hour]
    }
}

fn month_of(day: usize) -> usize {
    MONTHS.partition_point(|&first| first <= day) - 1
}

/// Place and value of a row.
fn row(line: &str, keys: usize, of: CourseOf) -> Result<(usize, f64), String> {
    let fields: Vec<&str> = line.split(',').map(str::trim).collect();
    let wanted = if keys == HOURS { 2 } else { 3 };
    if fields.len() != wanted {
        return Err(format!("has {} fields, {wanted} are expected", fields.len()));
    }
    let whole = |text: &str, name: &str, low: usize, high: usize| {
        let number = text.parse::<usize>().ok().filter(|n| (low..=high).contains(n));
        let shown: String = text.chars().take(20).collect();
        number.ok_or_else(|| format!("{name} is {shown:?}, but {low} to {high} is accepted"))
    };
    let key = match fields[..] {
        [month, hour, _] => 24 * (whole(month, "month", 1, 12)? - 1) + whole(hour, "hour", 0, 23)?,
        _ => whole(fields[0], "hour", 0, HOURS - 1)?,
    };
    let text = fields[wanted - 1];
    let value = text.parse::<f64>().ok().filter(|v| (0.0..=of.most()).contains(v));
    let shown: String = text.chars().take(20).collect();
    let value =
        value.ok_or_else(|| format!("{} is {shown:?}, but 0 to {} is accepted", of.name(), of.most()))?;
    Ok((key, value * of.scale()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn monthly(value: impl Fn(usize, usize) -> f64) -> String {
        let mut text = "# source: synthetic\n# year: 2024\nmonth,hour,carbon_g_per_kwh\n".to_owned();
        for month in 1..=12 {
            for hour in 0..24 {
                text += &format!("{month},{hour},{}\n", value(month, hour));
            }
        }
        text
    }

    #[test]
    fn the_mean_day_of_a_month_holds_on_each_of_its_days() {
        let text = monthly(|month, hour| (100 * month + hour) as f64);
        let course = Course::parse(text.as_bytes(), "c.csv").unwrap();
        assert_eq!((course.source.as_deref(), course.year), (Some("synthetic"), Some(2024)));
        // 1 February is day 31; its third hour holds 203 g/kWh.
        let at = (31.0 * 24.0 + 3.0) * HOUR;
        assert!((course.mean(at, at + HOUR) * 3.6e9 - 203.0).abs() < 1e-9);
        // Half of the hour of 203 and half of that of 204; and the same a year later.
        for year in [0.0, 8760.0 * HOUR] {
            let mean = course.mean(year + at + 0.5 * HOUR, year + at + 1.5 * HOUR);
            assert!((mean * 3.6e9 - 203.5).abs() < 1e-6, "{mean}");
        }
        // The last hour of the year belongs to December.
        assert!((course.mean(8759.0 * HOUR, 8760.0 * HOUR) * 3.6e9 - 1223.0).abs() < 1e-6);
    }

    #[test]
    fn hours_of_a_year_are_read_as_they_stand() {
        let mut text = "hour,share\n".to_owned();
        (0..8760).for_each(|hour| text += &format!("{hour},{}\n", (hour % 2) as f64));
        let course = Course::parse(text.as_bytes(), "wind.csv").unwrap();
        assert_eq!(course.of, CourseOf::Share);
        assert!((course.mean(0.0, 8760.0 * HOUR) - 0.5).abs() < 1e-12);
        assert_eq!(course.mean(HOUR, 2.0 * HOUR), 1.0);
        assert_eq!(course.mean(2.5 * HOUR, 2.5 * HOUR), 0.0);
    }

    #[test]
    fn everything_that_is_wrong_is_said_with_its_line() {
        let good = monthly(|_, _| 1.0);
        for (text, part) in [
            (String::new(), "is empty"),
            ("time,power\n".into(), "c.csv:1: the header is \"time,power\""),
            (good.replace("\n3,4,1\n", "\n3,4,-1\n"), "carbon_g_per_kwh is \"-1\", but 0 to 5000"),
            (good.replace("\n3,4,1\n", "\n3,4,nan\n"), "is \"nan\""),
            (good.replace("\n3,4,1\n", "\n13,4,1\n"), "month is \"13\", but 1 to 12"),
            (good.replace("\n3,4,1\n", "\n3,5,1\n"), "this hour is there twice"),
            (good.replace("\n3,4,1\n", "\n"), "1 of 288 hours are not there"),
            (good.replace("\n3,4,1\n", "\n3,4\n"), "has 2 fields, 3 are expected"),
            (good.replace("2024", "24"), "c.csv:2: year is \"24\", but 1990 to 2100"),
            (good.replace("year: 2024", "source: x"), "source is said twice, in lines 1 and 2"),
        ] {
            let error = Course::parse(text.as_bytes(), "c.csv").unwrap_err();
            assert!(error.contains(part), "{error}");
        }
        let none = "month,hour,share\nx,1,1\ny,2,2\n";
        let error = Course::parse(none.as_bytes(), "c.csv").unwrap_err();
        assert_eq!(error.lines().count(), 3, "all at once: {error}");
    }
}
