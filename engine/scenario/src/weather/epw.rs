//! EnergyPlus weather files (EPW), read strictly.
//!
//! # Format
//! Eight header lines known by their names, then one row per hour with 35 fields (32 to 34 in old files,
//! which lack the last ones): year, month, day, hour, minute, flags, and the values. Fields, units and
//! codes of missing values are those of the data dictionary in *EnergyPlus Auxiliary Programs*, "EnergyPlus
//! Weather File (EPW) Data Dictionary".
//!
//! # What is read how
//! * As many rows as `DATA PERIODS` promises, not 8,760. A 29 February counts if it has rows, whatever the
//!   header says about leap years.
//! * Hours 1 to 24 stand at the end of the hour. The minute is 60 or 0; another one is ignored with a
//!   warning, as there is one record per hour (TMYx files write 30).
//! * Years may differ from month to month and are only listed.
//! * A whole year that begins in another month is turned to begin in January.
//! * Gaps of up to 6 hours are interpolated with a warning, longer ones refused. Irradiance and wind may
//!   be absent.
//! * Fields that nothing here uses (illuminance, clouds, snow …) are not looked at.
//!
//! # Refused
//! Several records per hour, several data periods, more than a year, and whatever [`Fault`] names.

mod headers;

use self::headers::{
    DATA_PERIODS, HEADERS, Headers, LOCATION, data_periods, header_name, leap_day, location,
};
use super::calendar::{HOUR, Stamp};
use super::file::{self, Text, fields};
use super::problem::{Fault, Problems, WeatherError, shown};
use super::series::{self, Column, FIELDS, Field, Record};
use super::warning::WeatherWarning;
use super::{Source, Weather};
use std::collections::BTreeSet;
use std::path::Path;

/// Fields of a row, and the least of old files.
const ROW: usize = 35;
const OLD_ROW: usize = 32;

/// The columns that are used, in the order of [`Field`], with their places in a row.
const COLUMNS: [Column; FIELDS] = {
    const fn column(
        field: Field,
        name: &'static str,
        unit: &'static str,
        range: (f64, f64),
        hint: &'static str,
        missing: fn(f64) -> bool,
    ) -> Column {
        Column { field, name, unit, low: range.0, high: range.1, scale: 1.0, offset: 0.0, hint, missing }
    }
    const fn celsius(column: Column) -> Column {
        Column { offset: 273.15, ..column }
    }
    const NINES: &str = "a missing value is written 9999";
    const TEMPERATURE: &str = "a missing value is written 99.9";
    const HUMIDITY: &str = "a missing value is written 999";
    const fn irradiance(field: Field, name: &'static str) -> Column {
        column(field, name, "Wh/m2", (0.0, 2000.0), NINES, |x| x >= 9999.0)
    }
    [
        celsius(column(Field::DryBulb, "dry bulb (field 7)", "°C", (-90.0, 60.0), TEMPERATURE, |x| {
            x >= 99.9
        })),
        celsius(column(Field::DewPoint, "dew point (field 8)", "°C", (-100.0, 40.0), TEMPERATURE, |x| {
            x >= 99.9
        })),
        Column {
            scale: 0.01,
            ..column(
                Field::RelativeHumidity,
                "relative humidity (field 9)",
                "%",
                (0.0, 110.0),
                HUMIDITY,
                |x| x >= 999.0,
            )
        },
        column(
            Field::Pressure,
            "pressure (field 10)",
            "Pa",
            (31_000.0, 120_000.0),
            "a missing value is written 999999",
            |x| x >= 999_999.0,
        ),
        irradiance(Field::GlobalHorizontal, "global horizontal radiation (field 14)"),
        irradiance(Field::DirectNormal, "direct normal radiation (field 15)"),
        irradiance(Field::DiffuseHorizontal, "diffuse horizontal radiation (field 16)"),
        column(Field::WindSpeed, "wind speed (field 22)", "m/s", (0.0, 110.0), HUMIDITY, |x| x >= 999.0),
    ]
};

/// Where the [`COLUMNS`] stand in a row, counted from 0.
const PLACES: [usize; FIELDS] = [6, 7, 8, 9, 13, 14, 15, 21];

/// Reads an EPW file.
///
/// # Errors
/// [`WeatherError`], with all that is wrong with the content.
pub fn read(path: impl AsRef<Path>) -> Result<Weather, WeatherError> {
    let (name, bytes) = file::read(path.as_ref())?;
    parse(&bytes, &name)
}

/// [`read`] for content that is in memory already; `name` stands for the path in messages.
///
/// # Errors
/// [`WeatherError`], with all that is wrong with the content.
pub fn parse(bytes: &[u8], name: &str) -> Result<Weather, WeatherError> {
    from_text(&Text::decode(bytes, name)?)
}

/// Whether one of the first lines is an EPW header.
pub(super) fn recognises(text: &Text<'_>) -> bool {
    text.lines().take(HEADERS.len()).any(|(_, line)| header_name(line).is_some())
}

pub(super) fn from_text(text: &Text<'_>) -> Result<Weather, WeatherError> {
    let mut problems = Problems::default();
    let mut warnings = Vec::new();
    let headers = Headers::find(text, &mut problems);
    let location = headers.get(LOCATION).and_then(|h| location(h, &mut problems, &mut warnings));
    let span = headers.get(DATA_PERIODS).and_then(|h| data_periods(h, &mut problems));
    let rows = rows(text, headers.lines, &mut problems, &mut warnings);
    let (Some((station, origin)), Some(span)) = (location, span) else {
        return Err(problems.refusal(text.name));
    };
    let leap_rows = rows.records.iter().any(|record| (record.stamp.month, record.stamp.day) == (2, 29));
    let Some(period) = span.period(leap_rows, &mut problems) else {
        return Err(problems.refusal(text.name));
    };
    leap_day(&headers, period, &mut warnings);
    let hours = series::assemble(&rows.records, &COLUMNS, period, &station, &mut problems, &mut warnings);
    if !problems.is_empty() {
        return Err(problems.refusal(text.name));
    }
    let whole = period.hours == period.year.hours();
    Ok(Weather {
        station,
        source: Source::Epw { file: text.name.to_owned(), origin, years: rows.years.into_iter().collect() },
        hours,
        interval_s: HOUR,
        starts_s: if whole { 0.0 } else { period.first as f64 * HOUR },
        year_s: period.year.hours() as f64 * HOUR,
        warnings,
        sky_source: None,
    })
}

/// The rows of a file.
struct Rows {
    records: Vec<Record>,
    years: BTreeSet<i32>,
}

fn rows(
    text: &Text<'_>,
    headers: usize,
    problems: &mut Problems,
    warnings: &mut Vec<WeatherWarning>,
) -> Rows {
    let mut rows = Rows { records: Vec::new(), years: BTreeSet::new() };
    let (mut expected, mut last_short) = (None, None);
    let (mut odd_minute, mut odd_rows) = (0, 0);
    for (line, content) in text.lines().skip(headers) {
        if let Some((line, found, expected)) = last_short.take() {
            problems.add(Some(line), None, Fault::FieldCount { found, expected });
        }
        let mut fields = fields(content);
        if fields.len() == ROW + 1 && fields.last() == Some(&"") {
            fields.pop();
        }
        let found = fields.len();
        let known = (OLD_ROW..=ROW).contains(&found);
        let expected = *expected.get_or_insert(if known { found } else { ROW });
        if found != expected {
            last_short = Some((line, found, expected));
            continue;
        }
        let Some((year, stamp, minute)) = instant(&fields, line, problems) else { continue };
        rows.years.insert(year);
        if !matches!(minute, 0 | 60) {
            odd_minute = if odd_rows == 0 { minute } else { odd_minute };
            odd_rows += 1;
        }
        let values = std::array::from_fn(|k| COLUMNS[k].read(fields[PLACES[k]], line, problems));
        let record = Record { line, stamp, values };
        series::check_saturation(&record, &COLUMNS, problems);
        rows.records.push(record);
    }
    if let Some((line, found, expected)) = last_short {
        let cut = found < expected && !text.ended;
        let fault =
            if cut { Fault::CutOff { found, expected } } else { Fault::FieldCount { found, expected } };
        problems.add(Some(line), None, fault);
    }
    if odd_rows > 0 {
        warnings.push(WeatherWarning::MinuteIgnored { minute: odd_minute, rows: odd_rows });
    }
    rows
}

/// Year, stamp and minute of a row.
fn instant(fields: &[&str], line: usize, problems: &mut Problems) -> Option<(i32, Stamp, u32)> {
    let mut whole = |place: usize, name: &'static str| {
        let number = fields[place].parse::<i32>().ok();
        if number.is_none() {
            let fault = Fault::NotANumber { text: shown(fields[place]), hint: "write a whole number" };
            problems.add(Some(line), Some(name), fault);
        }
        number
    };
    let (year, month) = (whole(0, "year (field 1)"), whole(1, "month (field 2)"));
    let (day, hour, minute) =
        (whole(2, "day (field 3)"), whole(3, "hour (field 4)"), whole(4, "minute (field 5)"));
    let (year, minute) = (year?, minute?);
    let stamp = series::stamp([month?, day?, hour?], line, problems)?;
    match u32::try_from(minute) {
        Ok(minute) if minute <= 60 => Some((year, stamp, minute)),
        _ => {
            problems.add(Some(line), Some("minute (field 5)"), Fault::Minute { minute });
            None
        }
    }
}
