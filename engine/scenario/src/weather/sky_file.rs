//! Sun and wind beside a climate: a user's file for a place that has no weather file.
//!
//! # Format
//! A CSV file in UTF-8. Comments begin with `#`; four of them say what the rows are of, and must be there:
//!
//! | comment | value |
//! |---|---|
//! | `# source: …` | where the numbers come from, of which year, by which method |
//! | `# latitude_deg: …`, `# longitude_deg: …` | the place, north and east positive |
//! | `# clouds: …` | `none` for a clear sky, an upper bound of what the sun gives; `included` for one with its clouds |
//!
//! The header says what the rows are:
//!
//! | header | rows |
//! |---|---|
//! | `hour,direct_normal_w_m2,diffuse_horizontal_w_m2,wind_speed_m_s` | 8760, `hour` from 0: means of the hours of a year |
//! | `month,hour,…` with the same three values | 288 in any order, `month` 1 … 12, `hour` 0 … 23: the mean day of each month |
//!
//! Hours are of local standard time, as in weather files. The mean day of a month shines on each of its days, so the
//! spread between days is lost: good for energy over a month, not for matching hour by hour.

use super::Weather;
use crate::said::said;
use std::sync::Arc;

/// Columns of values, with the largest that is believed.
const COLUMNS: [(&str, f64); 3] =
    [("direct_normal_w_m2", 1400.0), ("diffuse_horizontal_w_m2", 1000.0), ("wind_speed_m_s", 80.0)];
const HOURS: usize = 8760;
/// Days before each month.
const MONTHS: [usize; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
/// Most faults that are listed.
const MOST_FAULTS: usize = 20;

/// What a table of sun and wind says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct SkySource {
    /// Its file, or `models/skies/…` for what ships.
    pub file: String,
    /// Where its numbers come from.
    pub source: String,
    /// North positive.
    pub latitude_deg: f64,
    /// East positive.
    pub longitude_deg: f64,
    /// Whether no cloud ever passes: then what the sun gives is an upper bound.
    pub cloudless: bool,
    /// Whether the mean day of a month stands for each of its days.
    pub mean_days: bool,
}

/// Direct normal and diffuse irradiance [W/m²] and wind [m/s] of each hour of a year.
#[derive(Debug, Clone, PartialEq)]
pub struct SkyTable {
    /// What it says of itself.
    pub source: Arc<SkySource>,
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
        let source = source(text, name, keys == 2, &mut faults);
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
        Ok(SkyTable { source: Arc::new(source), hours })
    }

    /// Puts sun and wind into every hour of a weather.
    pub fn complete(&self, weather: &mut Weather) {
        weather.sky_source = Some(self.source.clone());
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

/// What the comments say; what is wrong with them joins the faults.
fn source(text: &str, name: &str, mean_days: bool, faults: &mut Vec<String>) -> SkySource {
    let mut of = |key: &str, form: &str| match said(text, key) {
        Ok(Some((line, value))) => Some((line, value)),
        Ok(None) => {
            faults.push(format!("{name}: says no {key}; write a line \"# {key}: {form}\""));
            None
        }
        Err(why) => {
            faults.push(format!("{name}: {why}"));
            None
        }
    };
    let source = of("source", "who made it, of which year, how");
    let latitude = of("latitude_deg", "33.45");
    let longitude = of("longitude_deg", "-111.98");
    let clouds = of("clouds", "none or included");
    let mut degrees = |key: &str, found: Option<(usize, &str)>, most: f64| {
        let (line, value) = found?;
        let read = value.parse::<f64>().ok().filter(|degrees| degrees.abs() <= most);
        if read.is_none() {
            faults.push(format!(
                "{name}:{line}: {key} is {:?}, but -{most} to {most} is accepted",
                shown(value)
            ));
        }
        read
    };
    let latitude_deg = degrees("latitude_deg", latitude, 90.0);
    let longitude_deg = degrees("longitude_deg", longitude, 180.0);
    if let Some((line, value)) = clouds.filter(|(_, value)| !matches!(*value, "none" | "included")) {
        faults.push(format!("{name}:{line}: clouds is {:?}, but none or included is accepted", shown(value)));
    }
    SkySource {
        file: name.to_owned(),
        source: source.map_or("", |(_, source)| source).to_owned(),
        latitude_deg: latitude_deg.unwrap_or(0.0),
        longitude_deg: longitude_deg.unwrap_or(0.0),
        cloudless: clouds.is_some_and(|(_, value)| value == "none"),
        mean_days,
    }
}

fn shown(text: &str) -> String {
    text.chars().take(20).collect()
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
        let shown = shown(text);
        number.ok_or_else(|| format!("{name} is {shown:?}, but {low} to {high} is accepted"))
    };
    let place = match keys {
        2 => 24 * (whole(fields[0], "month", 1, 12)? - 1) + whole(fields[1], "hour", 0, 23)?,
        _ => whole(fields[0], "hour", 0, HOURS - 1)?,
    };
    let mut values = [0.0; 3];
    for (value, (text, (name, most))) in values.iter_mut().zip(fields[keys..].iter().zip(COLUMNS)) {
        let read = text.parse::<f64>().ok().filter(|v| (0.0..=most).contains(v));
        let shown = shown(text);
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
            "# source: made up, 2002\n# latitude_deg: 33.4\n# longitude_deg: -112\n# clouds: none\n\
                        month,hour,direct_normal_w_m2,diffuse_horizontal_w_m2,wind_speed_m_s\n"
                .to_owned();
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
        let said = weather.sky_source.as_ref().unwrap();
        assert_eq!((said.source.as_str(), said.cloudless, said.mean_days), ("made up, 2002", true, true));
        assert_eq!((said.latitude_deg, said.longitude_deg), (33.4, -112.0));
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
            (good.replace("source:", "origin:"), "s.csv: says no source; write a line \"# source: "),
            (good.replace("-112", "-212"), "s.csv:3: longitude_deg is \"-212\", but -180 to 180"),
            (good.replace("none", "few"), "s.csv:4: clouds is \"few\", but none or included"),
            (good.replace("# clouds", "# clouds: none\n# clouds"), "clouds is said twice, in lines 4 and 5"),
        ] {
            let error = SkyTable::parse(text.as_bytes(), "s.csv").unwrap_err();
            assert!(error.contains(part), "{error}");
        }
        let bare = good.replace("# ", "# no ").replace("\n3,4,34,3,4\n", "\n");
        let error = SkyTable::parse(bare.as_bytes(), "s.csv").unwrap_err();
        assert_eq!(error.lines().count(), 5, "all at once: {error}");
    }
}
