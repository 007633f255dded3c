//! Sun and wind beside a climate: a user's file for a place that has no weather file.
//!
//! # Format
//! A CSV file in UTF-8. Empty lines and lines that begin with `#` are passed over; they are the place for source, year
//! and method. The header says what the rows are:
//!
//! | header | rows |
//! |---|---|
//! | `hour,direct_normal_w_m2,diffuse_horizontal_w_m2,wind_speed_m_s` | 8760, `hour` from 0: means of the hours of a year |
//! | `month,hour,…` with the same three values | 288 in any order, `month` 1 … 12, `hour` 0 … 23: the mean day of each month |
//!
//! Hours are of local standard time, as in weather files. The mean day of a month shines on each of its days, so the
//! spread between days is lost: good for energy over a month, not for matching hour by hour.

use super::Weather;

/// Columns of values, with the largest that is believed.
const COLUMNS: [(&str, f64); 3] =
    [("direct_normal_w_m2", 1400.0), ("diffuse_horizontal_w_m2", 1000.0), ("wind_speed_m_s", 80.0)];
const HOURS: usize = 8760;
/// Days before each month.
const MONTHS: [usize; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
/// Most faults that are listed.
const MOST_FAULTS: usize = 20;

/// Direct normal and diffuse irradiance [W/m²] and wind [m/s] of each hour of a year.
#[derive(Debug, Clone, PartialEq)]
pub struct SkyTable {
    hours: Vec<[f64; 3]>,
}

impl SkyTable {
    /// Reads a file; everything that is wrong is said at once.
    ///
    /// # Errors
    /// Sentences with file, line and value, one a line.
    pub fn parse(bytes: &[u8], name: &str) -> Result<SkyTable, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| format!("{name}: is not UTF-8 text"))?;
        let lines = text.trim_start_matches('\u{feff}').lines().enumerate();
        let mut lines = lines
            .map(|(k, line)| (k + 1, line.trim()))
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let (number, header) = lines.next().ok_or_else(|| format!("{name}: is empty"))?;
        let fields: Vec<&str> = header.split(',').map(str::trim).collect();
        let (keys, places) = match fields.split_at(fields.len().saturating_sub(COLUMNS.len())) {
            (["hour"], values) if named(values) => (1, HOURS),
            (["month", "hour"], values) if named(values) => (2, 288),
            _ => {
                let shown: String = header.chars().take(80).collect();
                return Err(format!(
                    "{name}:{number}: the header is {shown:?}, but \"hour,{0}\" or \"month,hour,{0}\" is read",
                    COLUMNS.map(|column| column.0).join(",")
                ));
            }
        };
        let mut rows: Vec<Option<[f64; 3]>> = vec![None; places];
        let mut faults = Vec::new();
        for (number, line) in lines {
            match row(line, keys) {
                Ok((place, _)) if rows[place].is_some() => {
                    faults.push(format!("{name}:{number}: this hour is there twice"));
                }
                Ok((place, values)) => rows[place] = Some(values),
                Err(why) => faults.push(format!("{name}:{number}: {why}")),
            }
        }
        let missing = rows.iter().filter(|row| row.is_none()).count();
        if missing > 0 {
            faults.push(format!("{name}: {missing} of {places} hours are not there"));
        }
        crate::problem::none_or_listed(faults, MOST_FAULTS)?;
        let rows: Vec<[f64; 3]> = rows.into_iter().flatten().collect();
        let month = |day: usize| MONTHS.partition_point(|&first| first <= day) - 1;
        let hours = match places {
            HOURS => rows,
            _ => (0..HOURS).map(|hour| rows[24 * month(hour / 24) + hour % 24]).collect(),
        };
        Ok(SkyTable { hours })
    }

    /// Puts sun and wind into every hour of a weather.
    pub fn complete(&self, weather: &mut Weather) {
        let first = weather.starts_s;
        let interval = weather.interval_s;
        for (k, hour) in weather.hours.iter_mut().enumerate() {
            let of_year = (first + (k as f64 + 0.5) * interval) / 3600.0;
            let [direct, diffuse, wind] = self.hours[(of_year as usize) % HOURS];
            hour.direct_normal = Some(direct);
            hour.diffuse_horizontal = Some(diffuse);
            hour.global_horizontal = None;
            hour.wind_speed = Some(wind);
        }
    }
}

fn named(values: &[&str]) -> bool {
    values.iter().eq(COLUMNS.map(|column| column.0).iter())
}

/// Place and values of a row.
fn row(line: &str, keys: usize) -> Result<(usize, [f64; 3]), String> {
    let fields: Vec<&str> = line.split(',').map(str::trim).collect();
    let wanted = keys + COLUMNS.len();
    if fields.len() != wanted {
        return Err(format!("has {} fields, {wanted} are expected", fields.len()));
    }
    let whole = |text: &str, name: &str, low: usize, high: usize| {
        let number = text.parse::<usize>().ok().filter(|n| (low..=high).contains(n));
        let shown: String = text.chars().take(20).collect();
        number.ok_or_else(|| format!("{name} is {shown:?}, but {low} to {high} is accepted"))
    };
    let place = match keys {
        2 => 24 * (whole(fields[0], "month", 1, 12)? - 1) + whole(fields[1], "hour", 0, 23)?,
        _ => whole(fields[0], "hour", 0, HOURS - 1)?,
    };
    let mut values = [0.0; 3];
    for (value, (text, (name, most))) in values.iter_mut().zip(fields[keys..].iter().zip(COLUMNS)) {
        let read = text.parse::<f64>().ok().filter(|v| (0.0..=most).contains(v));
        let shown: String = text.chars().take(20).collect();
        *value = read.ok_or_else(|| format!("{name} is {shown:?}, but 0 to {most} is accepted"))?;
    }
    Ok((place, values))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weather::{Climate, typical_year};

    fn monthly() -> String {
        let mut text =
            "# synthetic\nmonth,hour,direct_normal_w_m2,diffuse_horizontal_w_m2,wind_speed_m_s\n".to_owned();
        for month in 1..=12 {
            for hour in 0..24 {
                text += &format!("{month},{hour},{},{},{}\n", 10 * month + hour, month, hour);
            }
        }
        text
    }

    #[test]
    fn the_mean_day_of_a_month_shines_on_each_of_its_days() {
        let table = SkyTable::parse(monthly().as_bytes(), "s.csv").unwrap();
        let mut weather = typical_year::generate(&Climate::named("phoenix").unwrap(), 1);
        assert!(!weather.has_sun() && !weather.has_wind());
        table.complete(&mut weather);
        assert!(weather.has_sun() && weather.has_wind());
        // 1 February is day 31; its fourth hour, from 3:00 to 4:00, has 2·10 + 3 W/m².
        let hour = &weather.hours[31 * 24 + 3];
        assert_eq!(
            (hour.direct_normal, hour.diffuse_horizontal, hour.wind_speed),
            (Some(23.0), Some(2.0), Some(3.0))
        );
    }

    #[test]
    fn everything_that_is_wrong_is_said_with_its_line() {
        let good = monthly();
        for (text, part) in [
            (String::new(), "is empty"),
            ("hour,sun\n".into(), "s.csv:1: the header is \"hour,sun\""),
            (
                good.replace("\n3,4,34,3,4\n", "\n3,4,3400,3,4\n"),
                "direct_normal_w_m2 is \"3400\", but 0 to 1400",
            ),
            (good.replace("\n3,4,34,3,4\n", "\n3,4,34,3,nan\n"), "wind_speed_m_s is \"nan\""),
            (good.replace("\n3,4,34,3,4\n", "\n3,5,34,3,4\n"), "this hour is there twice"),
            (good.replace("\n3,4,34,3,4\n", "\n"), "1 of 288 hours are not there"),
            (good.replace("\n3,4,34,3,4\n", "\n3,4,34\n"), "has 3 fields, 5 are expected"),
        ] {
            let error = SkyTable::parse(text.as_bytes(), "s.csv").unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}
