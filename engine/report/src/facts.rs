//! What a report needs of the columns of a run: sums by month, hours of a year, temperatures.

use study::read::{ReadError, Run};

/// Days before each month of a year of 365 days.
const MONTHS: [f64; 13] =
    [0.0, 31.0, 59.0, 90.0, 120.0, 151.0, 181.0, 212.0, 243.0, 273.0, 304.0, 334.0, 365.0];
const DAY: f64 = 86_400.0;

/// Amounts by interval and temperatures by record.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Ends of the intervals [s from the start of the year].
    pub ends: Vec<f64>,
    /// Their lengths [h].
    pub hours: Vec<f64>,
    /// The site's accounts; nothing for a run of a version that did not write them.
    pub accounts: Option<Accounts>,
    /// Air that enters the racks [°C], by group.
    pub inlets: Vec<Temperatures>,
    /// Junctions [°C], by kind of chip.
    pub junctions: Vec<Temperatures>,
}

/// The site's accounts by interval.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    /// Electricity of the site [kWh].
    pub facility: Vec<f64>,
    /// Electricity by category, in the order of the summary [kWh].
    pub uses: Vec<(String, Vec<f64>)>,
    /// Water made up [kg].
    pub make_up: Option<Vec<f64>>,
    /// Water by account, in the order of the summary, of those that occur [kg].
    pub water: Vec<(String, Vec<f64>)>,
    /// Heat given to the surroundings, by component [kWh of the run].
    pub rejected: Vec<(String, f64)>,
    /// Heat handed to users outside of the site [kWh of the run].
    pub reused: f64,
    /// Enthalpy of make-up less drained water [kWh of the run].
    pub carried: f64,
}

/// Temperatures of something over the intervals.
#[derive(Debug, Clone, PartialEq)]
pub struct Temperatures {
    /// The group, or group and part.
    pub name: String,
    /// How many racks it stands for.
    pub racks: usize,
    /// At the end of each interval [°C]; NaN where there is none.
    pub celsius: Vec<f64>,
}

/// A part of the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Month 0 … 11.
    Month(u32),
    /// Day of the year, from 0.
    Day(u32),
    /// Hour of the year, from 0.
    Hour(u32),
}

impl Facts {
    /// Reads the columns that reports need, and no other.
    ///
    /// # Errors
    /// [`ReadError`] of the series.
    pub fn read(run: &Run) -> Result<Self, ReadError> {
        let series = run.series()?;
        let numbers = |name: &str| series.numbers(name);
        let times = numbers("time_s")?.unwrap_or_default();
        let ends: Vec<f64> = times.iter().skip(1).copied().collect();
        let hours = times.windows(2).map(|w| (w[1] - w[0]) / 3600.0).collect();
        // The first record has no amounts.
        let amounts = |name: &str| -> Result<Option<Vec<f64>>, ReadError> {
            let values = numbers(name)?;
            Ok(values.map(|v| v.into_iter().skip(1).map(|a| if a.is_finite() { a } else { 0.0 }).collect()))
        };
        let accounts = match amounts("account.facility_kwh")? {
            None => None,
            Some(facility) => {
                let mut accounts = Accounts { facility, ..Accounts::default() };
                for (name, _) in &run.summary.energy_kwh {
                    if let Some(values) = amounts(&format!("account.{name}_kwh"))? {
                        accounts.uses.push((name.clone(), values));
                    }
                }
                accounts.make_up = amounts("account.make_up_kg")?;
                for (name, _) in run.summary.water_m3.iter().filter(|(_, m3)| *m3 > 0.0) {
                    if let Some(values) = amounts(&format!("account.{name}_kg"))? {
                        accounts.water.push((name.clone(), values));
                    }
                }
                for column in series.columns() {
                    let unit = column.name.strip_prefix("account.rejected.");
                    if let Some(unit) = unit.and_then(|name| name.strip_suffix("_kwh")) {
                        let sum = amounts(&column.name)?.map_or(0.0, |values| sum(&values));
                        accounts.rejected.push((unit.to_owned(), sum));
                    }
                }
                accounts.reused = amounts("account.reused_kwh")?.map_or(0.0, |values| sum(&values));
                accounts.carried = amounts("account.carried_kwh")?.map_or(0.0, |values| sum(&values));
                Some(accounts)
            }
        };
        let mut groups: Vec<(String, usize)> = Vec::new();
        for rack in &run.racks {
            match groups.iter_mut().find(|(name, _)| *name == rack.group) {
                Some((_, count)) => *count += 1,
                None => groups.push((rack.group.clone(), 1)),
            }
        }
        let mut facts = Self { ends, hours, accounts, ..Self::default() };
        for (group, racks) in groups {
            let part = |name: &str, ending: &str| -> Option<String> {
                let rest = name.strip_prefix(group.as_str())?;
                // Racks that differ have a number before their parts.
                let rest =
                    rest.strip_prefix('[').and_then(|r| r.split_once(']')).map_or(rest, |(_, rest)| rest);
                let part = rest.strip_prefix('.')?.strip_suffix(ending)?;
                Some(part.strip_suffix('.').unwrap_or(part).to_owned())
            };
            // Every part of a rack warms its air: the coolest end is where it enters.
            let mut inlet: Option<Vec<f64>> = None;
            for column in series.columns().iter().filter(|c| part(&c.name, "air_in_c").is_some()) {
                let Some(values) = numbers(&column.name)? else { continue };
                inlet = Some(match inlet {
                    None => values,
                    Some(least) => least.iter().zip(values).map(|(a, b)| a.min(b)).collect(),
                });
            }
            let skip_first = |values: Vec<f64>| values.into_iter().skip(1).collect();
            if let Some(values) = inlet {
                facts.inlets.push(Temperatures { name: group.clone(), racks, celsius: skip_first(values) });
            }
            for column in series.columns() {
                let Some(part) = part(&column.name, "die_c") else { continue };
                if let Some(values) = numbers(&column.name)? {
                    let name = if part.is_empty() { group.clone() } else { format!("{group}.{part}") };
                    facts.junctions.push(Temperatures { name, racks, celsius: skip_first(values) });
                }
            }
        }
        Ok(facts)
    }

    /// The parts of the period and which interval belongs to which: months of a long one, days of a shorter, hours of
    /// a short one. An interval belongs to where its middle lies.
    #[must_use]
    pub fn parts(&self) -> Vec<(Part, Vec<usize>)> {
        let length: f64 = self.hours.iter().sum();
        let mut parts: Vec<(Part, Vec<usize>)> = Vec::new();
        for (k, (end, hours)) in self.ends.iter().zip(&self.hours).enumerate() {
            let day = ((end - hours * 1800.0) / DAY).rem_euclid(365.0);
            let part = if length > 45.0 * 24.0 {
                Part::Month(MONTHS[1..].iter().position(|&end| day < end).unwrap_or(11) as u32)
            } else if length > 49.0 {
                Part::Day(day as u32)
            } else {
                Part::Hour((day * 24.0) as u32)
            };
            match parts.last_mut() {
                Some((last, of)) if *last == part => of.push(k),
                _ => parts.push((part, vec![k])),
            }
        }
        parts
    }

    /// Hour by hour from the first whole day, what `of` gives for the intervals of that hour; NaN where there is none.
    /// With the day of the year on which it begins. Nothing for less than three days, or intervals beyond an hour.
    #[must_use]
    pub fn by_hour(&self, of: &dyn Fn(&[usize]) -> f64) -> Option<(u32, Vec<f64>)> {
        let length: f64 = self.hours.iter().sum();
        if length < 72.0 || self.hours.iter().any(|&h| h > 1.001) {
            return None;
        }
        let begin = (self.ends[0] - self.hours[0] * 3600.0).max(0.0);
        let first = (begin / DAY).floor();
        let last = *self.ends.last()?;
        let days = ((last / DAY - first).ceil().max(1.0) as usize).min(3660);
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); days * 24];
        for (k, (end, hours)) in self.ends.iter().zip(&self.hours).enumerate() {
            let hour = ((end - hours * 1800.0) / 3600.0 - first * 24.0).max(0.0) as usize;
            if let Some(list) = members.get_mut(hour) {
                list.push(k);
            }
        }
        let values = members.iter().map(|list| if list.is_empty() { f64::NAN } else { of(list) }).collect();
        Some((first.rem_euclid(365.0) as u32, values))
    }
}

impl Accounts {
    /// What enters the racks in each interval: boards, fans and supplies [kWh].
    #[must_use]
    pub fn it(&self) -> Vec<f64> {
        let mut it = vec![0.0; self.facility.len()];
        for (_, values) in self.uses.iter().filter(|(name, _)| IT.contains(&name.as_str())) {
            it.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        }
        it
    }
}

/// Categories that are IT equipment (ISO/IEC 30134-2, category 3).
pub const IT: [&str; 3] = ["it", "server_fans", "psu_loss"];

/// A sum that keeps what rounding drops (Neumaier).
#[must_use]
pub fn sum(values: &[f64]) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0);
    for &x in values {
        let next = sum + x;
        lost += if sum.abs() >= x.abs() { (sum - next) + x } else { (x - next) + sum };
        sum = next;
    }
    sum + lost
}

/// The sum of some of the values.
#[must_use]
pub fn sum_of(values: &[f64], of: &[usize]) -> f64 {
    let picked: Vec<f64> = of.iter().filter_map(|&k| values.get(k).copied()).collect();
    sum(&picked)
}

/// Month 0 … 11 and day 1 … 31 of a day of the year.
#[must_use]
pub fn date(day: u32) -> (u32, u32) {
    let day = f64::from(day % 365);
    let month = MONTHS[1..].iter().position(|&end| day < end).unwrap_or(11);
    (month as u32, (day - MONTHS[month]) as u32 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quarter_hours(days: usize, from: f64) -> Facts {
        let ends: Vec<f64> = (1..=days * 96).map(|k| from + 900.0 * k as f64).collect();
        Facts { hours: vec![0.25; ends.len()], ends, ..Facts::default() }
    }

    #[test]
    fn a_year_has_twelve_parts_of_the_length_of_its_months() {
        let parts = quarter_hours(365, 0.0).parts();
        assert_eq!(parts.len(), 12);
        // February: 28 days of 96 quarter hours.
        assert_eq!((parts[1].0, parts[1].1.len()), (Part::Month(1), 28 * 96));
    }

    #[test]
    fn ten_days_are_told_by_day_and_one_by_hour() {
        assert_eq!(quarter_hours(10, 0.0).parts().len(), 10);
        let hours = quarter_hours(1, 3.0 * DAY).parts();
        assert_eq!((hours.len(), hours[0].0, hours[0].1.len()), (24, Part::Hour(72), 4));
    }

    #[test]
    fn an_hour_has_its_four_quarters_and_what_is_before_the_start_has_none() {
        // From noon of day 1: its first twelve hours do not exist.
        let facts = quarter_hours(4, 1.5 * DAY);
        let (day, hours) = facts.by_hour(&|of| of.len() as f64).unwrap();
        assert_eq!(day, 1);
        assert!(hours[11].is_nan());
        assert_eq!((hours[12], hours[13]), (4.0, 4.0));
        assert!(quarter_hours(2, 0.0).by_hour(&|_| 0.0).is_none());
    }

    #[test]
    fn a_day_of_the_year_has_a_date() {
        assert_eq!([date(0), date(58), date(59), date(364)], [(0, 1), (1, 28), (2, 1), (11, 31)]);
    }
}
