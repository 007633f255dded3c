//! TMY3 tables (NREL), read as strictly as [EPW files](super::epw).
//!
//! # Format
//! Line 1: station number, name, state, UTC offset in h, latitude, longitude, elevation in m. Line 2: the
//! names of the columns. Then 8,760 rows with `MM/DD/YYYY` and `HH:MM` from 01:00 to 24:00, each standing
//! for the hour that ends at it; −9900 stands for a missing value. S. Wilcox, W. Marion, *Users Manual for
//! TMY3 Data Sets*, NREL/TP-581-43156, 2008, tables 1-1 and 1-2.
//!
//! # What is read how
//! Columns are found by their names, so further or reordered ones do no harm. Years are only listed.
//! Other tables that are called TMY (PSM, PVGIS) have other columns and are refused.

use super::calendar::{HOUR, Stamp, Year};
use super::file::{self, Text, fields};
use super::problem::{Fault, Problems, WeatherError, shown};
use super::series::{self, Column, FIELDS, Field, Period, Record};
use super::{Source, Station, Weather};
use std::collections::BTreeSet;
use std::path::Path;

const DATE: &str = "Date (MM/DD/YYYY)";
const TIME: &str = "Time (HH:MM)";
const MISSING: &str = "a missing value is written -9900";

const fn column(field: Field, name: &'static str, unit: &'static str, low: f64, high: f64) -> Column {
    let missing = |x| x <= -9900.0;
    Column { field, name, unit, low, high, scale: 1.0, offset: 0.0, hint: MISSING, missing }
}

/// The columns that are used, in the order of [`Field`].
const COLUMNS: [Column; FIELDS] = [
    Column { offset: 273.15, ..column(Field::DryBulb, "Dry-bulb (C)", "°C", -90.0, 60.0) },
    Column { offset: 273.15, ..column(Field::DewPoint, "Dew-point (C)", "°C", -100.0, 40.0) },
    Column { scale: 0.01, ..column(Field::RelativeHumidity, "RHum (%)", "%", 0.0, 110.0) },
    Column { scale: 100.0, ..column(Field::Pressure, "Pressure (mbar)", "mbar", 310.0, 1200.0) },
    column(Field::GlobalHorizontal, "GHI (W/m^2)", "Wh/m2", 0.0, 2000.0),
    column(Field::DirectNormal, "DNI (W/m^2)", "Wh/m2", 0.0, 2000.0),
    column(Field::DiffuseHorizontal, "DHI (W/m^2)", "Wh/m2", 0.0, 2000.0),
    column(Field::WindSpeed, "Wspd (m/s)", "m/s", 0.0, 110.0),
];

/// Reads a TMY3 table.
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

/// Whether the second line names the columns of a TMY3 table.
pub(super) fn recognises(text: &Text<'_>) -> bool {
    text.lines().nth(1).is_some_and(|(_, line)| line.trim_start().starts_with(DATE))
}

pub(super) fn from_text(text: &Text<'_>) -> Result<Weather, WeatherError> {
    let mut problems = Problems::default();
    let mut warnings = Vec::new();
    let station = station(text.first_line(), &mut problems);
    let Some((station, places)) = station.zip(Places::find(text, &mut problems)) else {
        return Err(problems.refusal(text.name));
    };
    let mut years = BTreeSet::new();
    let records = rows(text, &places, &mut years, &mut problems);
    let period = Period { year: Year::COMMON, first: 0, hours: Year::COMMON.hours() };
    let hours = series::assemble(&records, &COLUMNS, period, &station, &mut problems, &mut warnings);
    if !problems.is_empty() {
        return Err(problems.refusal(text.name));
    }
    Ok(Weather {
        station,
        source: Source::Tmy3 { file: text.name.to_owned(), years: years.into_iter().collect() },
        hours,
        interval_s: HOUR,
        starts_s: 0.0,
        year_s: period.hours as f64 * HOUR,
        warnings,
        sky_source: None,
    })
}

fn station(line: &str, problems: &mut Problems) -> Option<Station> {
    let fields = fields(line);
    let [_, name, state, numbers @ ..] = &fields[..] else {
        return short(fields.len(), problems);
    };
    let [offset, latitude, longitude, elevation, ..] = numbers else {
        return short(fields.len(), problems);
    };
    let mut read = |text: &str, name, unit, low, high| {
        let hint = "write a decimal number";
        let column =
            Column { name, unit, low, high, hint, missing: |_| false, ..COLUMNS[Field::WindSpeed as usize] };
        column.read(text, 1, problems)
    };
    let utc_offset_h = read(offset, "time zone", "h", -12.0, 14.0);
    let latitude_deg = read(latitude, "latitude", "°", -90.0, 90.0);
    let longitude_deg = read(longitude, "longitude", "°", -180.0, 180.0);
    let elevation_m = read(elevation, "elevation", "m", -1000.0, 9000.0);
    Some(Station {
        name: format!("{name}, {state}"),
        latitude_deg: latitude_deg?,
        longitude_deg: longitude_deg?,
        utc_offset_h: utc_offset_h?,
        elevation_m: elevation_m?,
    })
}

fn short(found: usize, problems: &mut Problems) -> Option<Station> {
    let example = "724666,\"GOLDEN\",CO,-7.0,39.742,-105.179,1829";
    problems.add(Some(1), None, Fault::HeaderShort { found, expected: 7, example });
    None
}

/// Where the columns stand, counted from 0.
struct Places {
    date: usize,
    time: usize,
    values: [usize; FIELDS],
    /// How many columns there are.
    columns: usize,
}

impl Places {
    fn find(text: &Text<'_>, problems: &mut Problems) -> Option<Self> {
        let names = text.lines().nth(1).map(|(_, line)| fields(line)).unwrap_or_default();
        let mut place = |name: &'static str| {
            let place = names.iter().position(|column| *column == name);
            if place.is_none() {
                problems.add(Some(2), Some(name), Fault::ColumnMissing);
            }
            place
        };
        let (date, time) = (place(DATE), place(TIME));
        let values = COLUMNS.map(|column| place(column.name));
        let found = values.iter().flatten().count() == FIELDS;
        let (date, time) = date.zip(time).filter(|_| found)?;
        Some(Self { date, time, values: values.map(Option::unwrap_or_default), columns: names.len() })
    }
}

fn rows(text: &Text<'_>, places: &Places, years: &mut BTreeSet<i32>, problems: &mut Problems) -> Vec<Record> {
    let expected = places.columns;
    let mut records = Vec::new();
    let mut lines = text.lines().skip(2).peekable();
    while let Some((line, content)) = lines.next() {
        let fields = fields(content);
        let found = fields.len();
        if found != expected {
            let cut = found < expected && lines.peek().is_none() && !text.ended;
            let fault =
                if cut { Fault::CutOff { found, expected } } else { Fault::FieldCount { found, expected } };
            problems.add(Some(line), None, fault);
            continue;
        }
        let Some((year, stamp)) = instant(fields[places.date], fields[places.time], line, problems) else {
            continue;
        };
        years.insert(year);
        let values = std::array::from_fn(|k| COLUMNS[k].read(fields[places.values[k]], line, problems));
        let record = Record { line, stamp, values };
        series::check_saturation(&record, &COLUMNS, problems);
        records.push(record);
    }
    records
}

/// Year and stamp of a row.
fn instant(date: &str, time: &str, line: usize, problems: &mut Problems) -> Option<(i32, Stamp)> {
    let numbers = |text: &str, separator| {
        text.split(separator).map(|part| part.trim().parse::<i32>().ok()).collect::<Option<Vec<_>>>()
    };
    let Some([month, day, year]) = numbers(date, '/').as_deref().and_then(<[i32]>::as_array).copied() else {
        problems.add(Some(line), Some(DATE), Fault::Date { text: shown(date) });
        return None;
    };
    let Some([hour, minute]) = numbers(time, ':').as_deref().and_then(<[i32]>::as_array).copied() else {
        let hint = "write HH:MM, from 01:00 to 24:00";
        problems.add(Some(line), Some(TIME), Fault::NotANumber { text: shown(time), hint });
        return None;
    };
    if minute != 0 {
        problems.add(Some(line), Some(TIME), Fault::Minute { minute });
        return None;
    }
    Some((year, series::stamp([month, day, hour], line, problems)?))
}
