//! Tests of the readers: each trap made on purpose, and real files.

mod epw_headers;
mod epw_rows;
mod files;
mod tmy3_tables;

use super::calendar::Year;
use super::{Fault, Refusal, Weather, WeatherError, WeatherWarning, parse};

/// An EPW file in the making: change it, then read it.
#[derive(Clone)]
struct Epw {
    headers: Vec<String>,
    rows: Vec<String>,
    end: &'static str,
}

/// What stands in field 6: flags.
const FLAGS: &str = "?9?9?9?9E0";

impl Epw {
    /// A whole year: dry bulb 10 °C plus 0.1 K per hour of the day, dew point 5 °C, 101325 Pa.
    fn year() -> Self {
        Self::of(Year::COMMON, 0, 8760, "1/1", "12/31")
    }

    /// A whole leap year.
    fn leap_year() -> Self {
        Self::of(Year { leap: true }, 0, 8784, "1/1", "12/31")
    }

    /// Hours `first` and following of a year.
    fn of(year: Year, first: usize, hours: usize, start: &str, end: &str) -> Self {
        let headers = [
            "LOCATION,Testville,TX,USA,TMY3,000000,30.00,-97.00,-6.0,0.0".to_owned(),
            "DESIGN CONDITIONS,0".to_owned(),
            "TYPICAL/EXTREME PERIODS,0".to_owned(),
            "GROUND TEMPERATURES,0".to_owned(),
            format!("HOLIDAYS/DAYLIGHT SAVINGS,{},0,0,0", if year.leap { "Yes" } else { "No" }),
            "COMMENTS 1,made by a test".to_owned(),
            "COMMENTS 2,".to_owned(),
            format!("DATA PERIODS,1,1,Data,Sunday,{start},{end}"),
        ];
        let rows = (first..first + hours).map(|hour| row(year, hour)).collect();
        Self { headers: headers.into(), rows, end: "\n" }
    }

    /// Replaces a field, counted from 1 as in the manual, of a row counted from 0.
    fn set(mut self, row: usize, field: usize, text: &str) -> Self {
        let mut fields: Vec<&str> = self.rows[row].split(',').collect();
        fields[field - 1] = text;
        self.rows[row] = fields.join(",");
        self
    }

    /// Replaces a field in many rows.
    fn set_all(mut self, rows: std::ops::Range<usize>, field: usize, text: &str) -> Self {
        for row in rows {
            self = self.set(row, field, text);
        }
        self
    }

    /// Replaces a header line, counted from 0.
    fn header(mut self, line: usize, text: &str) -> Self {
        self.headers[line] = text.to_owned();
        self
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for line in self.headers.iter().chain(&self.rows) {
            text.push_str(line);
            text.push_str(self.end);
        }
        text
    }

    fn read(&self) -> Result<Weather, WeatherError> {
        parse(self.text().as_bytes(), "test.epw")
    }

    /// The weather, where it must be read.
    fn weather(&self) -> Weather {
        self.read().unwrap_or_else(|error| panic!("{error}"))
    }

    /// What is wrong, where it must be refused.
    fn refusal(&self) -> Refusal {
        refusal(self.read())
    }

    /// The only thing that is wrong.
    fn fault(&self) -> Fault {
        only_fault(self.refusal())
    }
}

fn row(year: Year, hour: usize) -> String {
    let stamp = year.stamp(hour);
    let dry_bulb = 10.0 + 0.1 * f64::from(stamp.hour);
    let relative = 100.0 * saturation(5.0) / saturation(dry_bulb);
    let sun = if (7..=18).contains(&stamp.hour) { 300 } else { 0 };
    format!(
        "2005,{},{},{},60,{FLAGS},{dry_bulb:.1},5.0,{relative:.2},101325,0,0,300,{sun},200,100,0,0,0,0,180,3.0,5,5,20.0,77777,9,999999999,100,0.1000,0,88,0.200,0.0,0.0",
        stamp.month, stamp.day, stamp.hour,
    )
}

/// Saturation pressure over water, Pa, by the formula of Magnus: independent of the code under test.
fn saturation(celsius: f64) -> f64 {
    610.94 * (17.625 * celsius / (celsius + 243.04)).exp()
}

fn refusal(read: Result<Weather, WeatherError>) -> Refusal {
    match read {
        Err(WeatherError::Refused(refusal)) => refusal,
        Err(error) => panic!("another error: {error}"),
        Ok(_) => panic!("it was accepted"),
    }
}

fn only_fault(refusal: Refusal) -> Fault {
    assert_eq!(refusal.problems.len(), 1, "{refusal}");
    refusal.problems[0].fault.clone()
}

/// Asserts that a message holds every part.
fn says(message: impl ToString, parts: &[&str]) {
    let message = message.to_string();
    for part in parts {
        assert!(message.contains(part), "\"{part}\" is not in: {message}");
    }
}

/// Asserts that the only warning is of a kind.
fn only_warning(weather: &Weather, is: impl Fn(&WeatherWarning) -> bool) {
    let shown: Vec<String> = weather.warnings.iter().map(ToString::to_string).collect();
    assert!(weather.warnings.len() == 1 && weather.warnings.iter().all(is), "{shown:?}");
}
