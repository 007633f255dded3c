//! Temperatures within named racks, one by one, as a run wrote them: `temperatures.parquet`.

use super::columns::Series;
use super::error::ReadError;
use std::collections::BTreeMap;

/// Layout of the file.
pub(super) const SCHEMA: &str = "isotherm.temperatures/1";
/// Name of the file.
pub const FILE: &str = "temperatures.parquet";
/// 0 °C [K].
const CELSIUS: f64 = 273.15;
/// No part of a rack has more chips than this.
const MOST_CHIPS: f64 = 1e6;

/// The chips of one part of a rack over time: record by record.
#[derive(Debug, Clone, Default, PartialEq)]
struct Course {
    times: Vec<f64>,
    /// The chips of each record.
    chips: Vec<f64>,
    /// Record by record, chip by chip [K].
    values: Vec<f64>,
}

impl Course {
    /// One more value; whether it is that of the chip whose turn it is.
    fn push(&mut self, time: f64, chip: f64, kelvin: f64) -> bool {
        let whole = self.chips.is_empty() || self.values.len() == self.times.len() * self.chips.len();
        match self.times.last() {
            Some(&last) if last == time => {}
            // A record follows a whole one, later.
            Some(&last) if whole && time > last => self.times.push(time),
            None => self.times.push(time),
            Some(_) => return false,
        }
        let place = self.values.len().checked_sub((self.times.len() - 1) * self.chips.len());
        if self.times.len() == 1 {
            self.chips.push(chip);
        } else if place.and_then(|place| self.chips.get(place)) != Some(&chip) {
            return false;
        }
        self.values.push(kelvin);
        true
    }

    fn is_whole(&self) -> bool {
        self.values.len() == self.times.len() * self.chips.len()
    }
}

/// What a run recorded of single chips.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Temperatures {
    /// By rack, part (`hall.accelerator`) and which of its temperatures.
    courses: BTreeMap<(String, String, String), Course>,
}

impl Temperatures {
    /// The temperatures of all chips of a part (`hall.accelerator`, `die`) of a rack at the record of `time` [K]; none where
    /// they were not recorded one by one.
    #[must_use]
    pub fn chips(&self, rack: &str, unit: &str, what: &str, time: f64) -> Vec<f64> {
        let Some(course) = self.courses.get(&(rack.to_owned(), unit.to_owned(), what.to_owned())) else {
            return Vec::new();
        };
        let Some(record) = course.times.iter().position(|&at| at == time) else { return Vec::new() };
        course.values.iter().skip(record * course.chips.len()).take(course.chips.len()).copied().collect()
    }

    /// First and last record of a rack, where it was recorded.
    #[must_use]
    pub fn recorded(&self, rack: &str) -> Option<(f64, f64)> {
        let of_rack = self.courses.iter().filter(|((of, ..), _)| of == rack);
        let ends = of_rack.filter_map(|(_, course)| Some((*course.times.first()?, *course.times.last()?)));
        ends.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    /// The racks that were recorded, by name.
    #[must_use]
    pub fn racks(&self) -> Vec<&str> {
        let mut racks: Vec<&str> = self.courses.keys().map(|(rack, ..)| rack.as_str()).collect();
        racks.dedup();
        racks
    }
}

/// Reads all of them.
pub(super) fn read(series: &Series) -> Result<Temperatures, ReadError> {
    let lacks = |name: &str| series.wrong(format!("it has no column {name}"));
    let numbers = |name: &str| series.numbers(name)?.ok_or_else(|| lacks(name));
    let texts = |name: &str| series.texts(name)?.ok_or_else(|| lacks(name));
    let (times, chips, celsius) = (numbers("time_s")?, numbers("chip")?, numbers("temperature_c")?);
    let (racks, parts, what) = (texts("rack")?, texts("part")?, texts("what")?);
    let mut found = Temperatures::default();
    let names = racks.into_iter().zip(parts).zip(what);
    for (((time, chip), celsius), ((rack, part), what)) in
        times.into_iter().zip(chips).zip(celsius).zip(names)
    {
        let (Some(rack), Some(part), Some(what)) = (rack, part, what) else {
            return Err(series.wrong("a row names no rack, part or temperature".into()));
        };
        // What is carried together has no number of a chip.
        if chip.is_nan() {
            continue;
        }
        if !(0.0..MOST_CHIPS).contains(&chip) || !time.is_finite() {
            return Err(series.wrong(format!("chip {chip} of {rack} at {time} s is none")));
        }
        let course = found.courses.entry((rack, part, what)).or_default();
        if !course.push(time, chip, celsius + CELSIUS) {
            return Err(series.wrong(MIXED.into()));
        }
    }
    if found.courses.values().all(Course::is_whole) { Ok(found) } else { Err(series.wrong(MIXED.into())) }
}

const MIXED: &str = "its records have not the same chips, or are not in order of time";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_have_the_same_chips_in_the_same_order() {
        let mut course = Course::default();
        let rows = [(0.0, 0.0), (0.0, 1.0), (60.0, 0.0), (60.0, 1.0)];
        assert!(rows.iter().all(|&(time, chip)| course.push(time, chip, 300.0 + chip)));
        assert!(course.is_whole() && course.values == [300.0, 301.0, 300.0, 301.0]);
        // Another chip, an earlier time, and a record that breaks off.
        assert!(!course.clone().push(120.0, 1.0, 300.0));
        assert!(!course.clone().push(30.0, 0.0, 300.0));
        assert!(course.push(120.0, 0.0, 300.0) && !course.is_whole());
        assert!(!course.push(180.0, 0.0, 300.0), "the record before is not whole");
    }
}
