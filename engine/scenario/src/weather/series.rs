//! From rows as read to hourly weather: order, gaps, missing values, humidity.
//!
//! Both readers end here, so both are equally strict.

use super::air::conclude;
use super::calendar::{Stamp, Year};
use super::fill::{Filler, Series};
use super::problem::{Fault, Problems};
use super::warning::WeatherWarning;
use super::{Hour, Station};

/// The longest gap that is filled by a straight line.
pub(super) const FILLED: usize = 6;

/// A dew point above the dry bulb by up to this is a rounding and taken as saturation, K.
const ROUNDING: f64 = 1.0;

/// The relative humidity that a rounded 0 % stands for: half of the last digit.
pub(super) const DRIEST: f64 = 0.005;

const ZERO_CELSIUS: f64 = 273.15;

/// What a row holds. The order is that of the values of a [`Record`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    DryBulb,
    DewPoint,
    RelativeHumidity,
    Pressure,
    GlobalHorizontal,
    DirectNormal,
    DiffuseHorizontal,
    WindSpeed,
}

/// How many [`Field`]s there are.
pub(super) const FIELDS: usize = 8;

/// How one column of a format is read. `scale · value + offset` is SI.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub field: Field,
    /// Its name in messages: what a person searches for in the file.
    pub name: &'static str,
    pub unit: &'static str,
    pub low: f64,
    pub high: f64,
    pub scale: f64,
    pub offset: f64,
    /// Says which code stands for a missing value.
    pub hint: &'static str,
    /// Whether a number is the code of a missing value.
    pub missing: fn(f64) -> bool,
}

impl Column {
    /// The value in SI, or `None` where it is missing. What is neither is a problem, and NaN: it is reported,
    /// so nothing that follows from it is.
    pub fn read(&self, text: &str, line: usize, problems: &mut Problems) -> Option<f64> {
        let Self { name, unit, low, high, hint, .. } = *self;
        let mut refuse = |fault| {
            problems.add(Some(line), Some(name), fault);
            Some(f64::NAN)
        };
        let Ok(value) = text.parse::<f64>() else {
            return refuse(Fault::NotANumber { text: super::problem::shown(text), hint });
        };
        if !value.is_finite() {
            return refuse(Fault::NotFinite { text: super::problem::shown(text), hint });
        }
        if (self.missing)(value) {
            return None;
        }
        if !(low..=high).contains(&value) {
            return refuse(Fault::Implausible { value, low, high, unit, hint });
        }
        Some(self.scale * value + self.offset)
    }
}

/// One row of a file, in SI.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub line: usize,
    pub stamp: Stamp,
    pub values: [Option<f64>; FIELDS],
}

/// The hours a file promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub year: Year,
    /// Hour of the year of the first row, counted from 0.
    pub first: usize,
    /// How many hours.
    pub hours: usize,
}

impl Period {
    /// The stamp of a row of the period.
    pub fn stamp(self, index: usize) -> Stamp {
        self.year.stamp(self.first + index)
    }

    /// Whether its end leads over to its start.
    pub fn is_whole_year(self) -> bool {
        self.hours == self.year.hours()
    }

    /// Place of a row within the period, `None` outside.
    fn index(self, stamp: Stamp) -> Option<usize> {
        let year = self.year.hours();
        let index = (self.year.hour(stamp)? + year - self.first % year) % year;
        (index < self.hours).then_some(index)
    }
}

/// Whether the hour of a period has a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Filled(usize),
    /// Missing in a gap short enough to fill.
    Short,
    /// Missing, and reported as such.
    Reported,
}

/// Turns rows into hours. What is wrong goes to `problems`; with any there, the hours are not usable.
pub(super) fn assemble(
    records: &[Record],
    columns: &[Column; FIELDS],
    period: Period,
    station: &Station,
    problems: &mut Problems,
    warnings: &mut Vec<WeatherWarning>,
) -> Vec<Hour> {
    let slots = place(records, period, problems, warnings);
    let mut series: Series = std::array::from_fn(|field| {
        let value = |slot: &Slot| match slot {
            Slot::Filled(record) => records[*record].values[field],
            Slot::Short | Slot::Reported => None,
        };
        slots.iter().map(value).collect()
    });
    let mut filler = Filler { slots: &slots, period, records, columns, problems, warnings };
    filler.required(&mut series, Field::DryBulb);
    filler.required(&mut series, Field::Pressure);
    filler.humidity(&mut series);
    for field in [Field::GlobalHorizontal, Field::DirectNormal, Field::DiffuseHorizontal, Field::WindSpeed] {
        filler.optional(&mut series[field as usize], field);
    }
    if !problems.is_empty() {
        return Vec::new();
    }
    let mut hours = conclude(&series, period, station, warnings);
    if period.is_whole_year() && period.first != 0 {
        warnings.push(WeatherWarning::Turned { first: period.stamp(0) });
        hours.rotate_right(period.first);
    }
    hours
}

/// Puts every row to its hour and reports what is out of place.
fn place(
    records: &[Record],
    period: Period,
    problems: &mut Problems,
    warnings: &mut Vec<WeatherWarning>,
) -> Vec<Slot> {
    let mut slots = vec![Slot::Reported; period.hours];
    let mut next = 0;
    for (number, record) in records.iter().enumerate() {
        let (line, stamp) = (Some(record.line), record.stamp);
        let Some(index) = period.index(stamp) else {
            let (first, last) = (period.stamp(0), period.stamp(period.hours - 1));
            problems.add(line, None, Fault::OutsidePeriod { stamp, first, last });
            continue;
        };
        let previous = || period.stamp((period.hours + next - 1) % period.hours);
        if index < next {
            let fault = match slots[index] {
                Slot::Filled(first) => Fault::Repeated { stamp, first: records[first].line },
                _ => Fault::OutOfOrder { stamp, previous: previous() },
            };
            problems.add(line, None, fault);
            continue;
        }
        let hours = index - next;
        if hours > FILLED {
            // A stray row, if the following one goes on where the order broke off.
            let following = records.get(number + 1).and_then(|r| period.index(r.stamp));
            if following.is_some_and(|f| (next..=next + FILLED).contains(&f)) {
                problems.add(line, None, Fault::OutOfOrder { stamp, previous: previous() });
                continue;
            }
        }
        match hours {
            0 => {}
            _ if next == 0 => {
                problems.add(line, None, Fault::StartsLate { stamp, first: period.stamp(0), hours });
            }
            1..=FILLED => {
                slots[next..index].fill(Slot::Short);
                warnings.push(WeatherWarning::RowsInterpolated { line: record.line, stamp, hours });
            }
            _ => problems.add(line, None, Fault::Gap { hours, stamp, filled: FILLED }),
        }
        slots[index] = Slot::Filled(number);
        next = index + 1;
    }
    match period.hours - next {
        0 => {}
        _ if next == 0 && problems.is_empty() => problems.add(None, None, Fault::NoRows),
        _ if next == 0 => {}
        hours => {
            let (stamp, last) = (period.stamp(next - 1), period.stamp(period.hours - 1));
            let line = records.last().map(|record| record.line);
            problems.add(line, None, Fault::EndsEarly { stamp, last, hours });
        }
    }
    slots
}

/// Reports a dew point that lies above the dry bulb by more than rounding explains.
pub(super) fn check_saturation(record: &Record, columns: &[Column; FIELDS], problems: &mut Problems) {
    let [Some(dry_bulb), Some(dew_point), ..] = record.values else { return };
    if dew_point > dry_bulb + ROUNDING {
        let column = &columns[Field::DewPoint as usize];
        let fault = Fault::Supersaturated {
            dew_point: dew_point - ZERO_CELSIUS,
            dry_bulb: dry_bulb - ZERO_CELSIUS,
            tolerance: ROUNDING,
            hint: column.hint,
        };
        problems.add(Some(record.line), Some(column.name), fault);
    }
}

/// Month, day and hour as written to a stamp, where there is such an hour.
pub(super) fn stamp([month, day, hour]: [i32; 3], line: usize, problems: &mut Problems) -> Option<Stamp> {
    let byte = |number: i32| u8::try_from(number).unwrap_or(0);
    let stamp = Stamp { month: byte(month), day: byte(day), hour: byte(hour) };
    let leap = Year { leap: true };
    if leap.day(stamp.month, stamp.day).is_none() {
        problems.add(Some(line), None, Fault::NoSuchDay { month, day });
        return None;
    }
    if leap.hour(stamp).is_none() {
        problems.add(Some(line), None, Fault::Hour { hour });
        return None;
    }
    Some(stamp)
}
