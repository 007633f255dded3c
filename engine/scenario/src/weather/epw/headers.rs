//! The eight header lines of an EPW file: where the station is, and which hours are promised.

use super::super::Station;
use super::super::calendar::Year;
use super::super::file::{Text, fields};
use super::super::problem::{Fault, Problems, shown};
use super::super::series::{Column, Field, Period};
use super::super::warning::WeatherWarning;

pub(super) const LOCATION: &str = "LOCATION";
const HOLIDAYS: &str = "HOLIDAYS/DAYLIGHT SAVINGS";
pub(super) const DATA_PERIODS: &str = "DATA PERIODS";
pub(super) const HEADERS: [&str; 8] = [
    LOCATION,
    "DESIGN CONDITIONS",
    "TYPICAL/EXTREME PERIODS",
    "GROUND TEMPERATURES",
    HOLIDAYS,
    "COMMENTS 1",
    "COMMENTS 2",
    DATA_PERIODS,
];

/// Lines that may be taken for headers: a few more than there are, so that a stray one is named.
const MOST_HEADERS: usize = 12;

/// The header that a line begins with.
pub(super) fn header_name(line: &str) -> Option<&'static str> {
    let name = line.split(',').next().unwrap_or_default().trim();
    // The plural of the fifth name is not always written.
    let matches = |header: &&str| name.eq_ignore_ascii_case(header.strip_suffix('S').unwrap_or(header));
    HEADERS.into_iter().find(|header| name.eq_ignore_ascii_case(header) || matches(header))
}

/// A header line.
pub(super) struct Header<'a> {
    name: &'static str,
    line: usize,
    /// Without the name and without empty fields at the end.
    fields: Vec<&'a str>,
}

/// The header lines of a file.
pub(super) struct Headers<'a> {
    found: Vec<Header<'a>>,
    /// How many lines come before the first row.
    pub lines: usize,
}

impl<'a> Headers<'a> {
    /// Finds them, and reports what is missing, doubled or unknown.
    pub fn find(text: &'a Text<'_>, problems: &mut Problems) -> Self {
        let mut headers = Self { found: Vec::new(), lines: 0 };
        for (line, content) in text.lines().take(MOST_HEADERS) {
            let first = content.split(',').next().unwrap_or_default();
            if first.trim().parse::<f64>().is_ok() {
                break;
            }
            headers.lines = line;
            let Some(name) = header_name(content) else {
                let fault = Fault::HeaderUnknown { text: shown(content), names: HEADERS.join(", ") };
                problems.add(Some(line), None, fault);
                continue;
            };
            if let Some(earlier) = headers.get(name) {
                let fault = Fault::HeaderTwice { first: earlier.line };
                problems.add(Some(line), Some(name), fault);
                continue;
            }
            let mut fields = fields(content);
            fields.remove(0);
            while fields.last().is_some_and(|field| field.is_empty()) {
                fields.pop();
            }
            headers.found.push(Header { name, line, fields });
        }
        for name in HEADERS {
            if headers.get(name).is_none() {
                problems.add(None, Some(name), Fault::HeaderMissing { expected: HEADERS.len() });
            }
        }
        headers
    }

    /// The header of a name.
    pub fn get(&self, name: &str) -> Option<&Header<'a>> {
        self.found.iter().find(|header| header.name == name)
    }
}

/// The station and the source field.
pub(super) fn location(
    header: &Header<'_>,
    problems: &mut Problems,
    warnings: &mut Vec<WeatherWarning>,
) -> Option<(Station, String)> {
    let line = Some(header.line);
    let found = header.fields.len();
    if found < 9 {
        let example = "LOCATION,Chicago Ohare Intl Ap,IL,USA,TMY3,725300,41.98,-87.92,-6.0,201.0";
        problems.add(line, Some(LOCATION), Fault::HeaderShort { found: found + 1, expected: 10, example });
        return None;
    }
    if found > 9 {
        // An unquoted comma in a name or in the free text of the source.
        warnings.push(WeatherWarning::LocationFields { found: found + 1 });
    }
    let numbers = [
        ("LOCATION, latitude", "°", -90.0, 90.0, "write degrees, north positive"),
        ("LOCATION, longitude", "°", -180.0, 180.0, "write degrees, east positive"),
        ("LOCATION, time zone", "h", -12.0, 14.0, "write hours, east positive"),
        ("LOCATION, elevation", "m", -1000.0, 9000.0, "write metres above sea level"),
    ];
    let mut values = [None; 4];
    for ((value, (name, unit, low, high, hint)), text) in
        values.iter_mut().zip(numbers).zip(&header.fields[found - 4..])
    {
        let column = Column {
            field: Field::DryBulb,
            name,
            unit,
            low,
            high,
            scale: 1.0,
            offset: 0.0,
            hint,
            missing: |_| false,
        };
        *value = column.read(text, header.line, problems);
    }
    let [Some(latitude_deg), Some(longitude_deg), Some(utc_offset_h), Some(elevation_m)] = values else {
        return None;
    };
    let places = header.fields[..3].iter().filter(|place| !matches!(**place, "" | "-"));
    let name = places.copied().collect::<Vec<_>>().join(", ");
    let origin = header.fields[3..found - 5].join(",");
    Some((Station { name, latitude_deg, longitude_deg, utc_offset_h, elevation_m }, origin))
}

/// First and last day of the data, as the header says.
pub(super) struct Span {
    line: usize,
    first: (u8, u8, Option<i32>),
    last: (u8, u8, Option<i32>),
    texts: [String; 2],
}

pub(super) fn data_periods(header: &Header<'_>, problems: &mut Problems) -> Option<Span> {
    let (line, name) = (Some(header.line), Some(DATA_PERIODS));
    let [periods, records, _, _, first, last, ..] = header.fields[..] else {
        let found = header.fields.len() + 1;
        let example = "DATA PERIODS,1,1,Data,Sunday,1/1,12/31";
        problems.add(line, name, Fault::HeaderShort { found, expected: 7, example });
        return None;
    };
    let mut count = |text: &str| {
        let number = text.parse::<u32>().ok();
        if number.is_none() {
            let hint = "write a whole number, 1 in an ordinary file";
            problems.add(line, name, Fault::NotANumber { text: shown(text), hint });
        }
        number
    };
    let (periods, records) = (count(periods), count(records));
    if let Some(periods) = periods.filter(|periods| *periods != 1) {
        problems.add(line, name, Fault::SeveralPeriods { periods });
    }
    if let Some(records) = records.filter(|records| *records != 1) {
        problems.add(line, name, Fault::RecordsPerHour { records });
    }
    let mut date = |text: &str| {
        let read = read_date(text);
        if read.is_none() {
            problems.add(line, name, Fault::Date { text: shown(text) });
        }
        read
    };
    let (start, end) = (date(first), date(last));
    let one = periods == Some(1) && records == Some(1);
    let texts = [shown(first), shown(last)];
    start.zip(end).filter(|_| one).map(|(first, last)| Span { line: header.line, first, last, texts })
}

/// `month/day` or `month/day/year`, with or without spaces.
fn read_date(text: &str) -> Option<(u8, u8, Option<i32>)> {
    let mut parts = text.split('/').map(str::trim);
    let month = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    let year = parts.next().map(str::parse).transpose().ok()?;
    let leap = Year { leap: true };
    (parts.next().is_none() && leap.day(month, day).is_some()).then_some((month, day, year))
}

impl Span {
    /// The hours promised, with a leap day if the rows or the ends of the span have one.
    pub fn period(&self, leap_rows: bool, problems: &mut Problems) -> Option<Period> {
        let (first, last) = (self.first, self.last);
        let year = Year { leap: leap_rows || (first.0, first.1) == (2, 29) || (last.0, last.1) == (2, 29) };
        let (start, end) = (year.day(first.0, first.1)?, year.day(last.0, last.1)?);
        let years = first.2.zip(last.2).map(|(from, to)| i64::from(to) - i64::from(from));
        let too_long = match years {
            None | Some(0) => false,
            Some(1) => end >= start,
            Some(_) => true,
        };
        // A span within one calendar year that ends before it starts is as impossible as a longer one.
        if too_long || (years == Some(0) && end < start) {
            let [first, last] = self.texts.clone();
            problems.add(Some(self.line), Some(DATA_PERIODS), Fault::Period { first, last });
            return None;
        }
        let days = if end >= start { end - start + 1 } else { year.days() - start + end + 1 };
        Some(Period { year, first: 24 * start, hours: 24 * days })
    }
}

/// Compares what the header says about the leap day with the rows.
pub(super) fn leap_day(headers: &Headers<'_>, period: Period, warnings: &mut Vec<WeatherWarning>) {
    let answer = headers.get(HOLIDAYS).and_then(|header| header.fields.first().copied());
    let header = match answer {
        Some(text) if text.eq_ignore_ascii_case("yes") => "yes",
        Some(text) if text.eq_ignore_ascii_case("no") => "no",
        _ => return,
    };
    // A common series that ends before March says nothing about the leap day.
    let covers = period.hours == period.year.hours() || period.year.leap;
    if covers && (header == "yes") != period.year.leap {
        warnings.push(WeatherWarning::LeapDay { header, rows: period.year.days_in(1) });
    }
}
