//! Missing values: short runs are filled by a straight line, long ones are refused.

use super::problem::{Fault, Problems};
use super::series::{Column, DRIEST, FIELDS, FILLED, Field, Period, Record, Slot};
use super::warning::WeatherWarning;
use media::moist_air;

/// The columns of a series, in the order of [`Field`].
pub(super) type Series = [Vec<Option<f64>>; FIELDS];

/// Consecutive hours without value.
struct Run {
    start: usize,
    hours: usize,
}

/// Fills missing values.
pub(super) struct Filler<'a> {
    pub slots: &'a [Slot],
    pub period: Period,
    pub records: &'a [Record],
    pub columns: &'a [Column; FIELDS],
    pub problems: &'a mut Problems,
    pub warnings: &'a mut Vec<WeatherWarning>,
}

impl Filler<'_> {
    fn name(&self, field: Field) -> &'static str {
        self.columns.iter().find(|column| column.field == field).map_or("", |column| column.name)
    }

    /// The runs of missing values; in a whole year the first may begin before its end.
    fn runs(&self, values: &[Option<f64>]) -> Vec<Run> {
        let n = values.len();
        let turn = match values.iter().position(Option::is_some) {
            Some(first) if self.period.is_whole_year() => first,
            _ => 0,
        };
        let mut runs: Vec<Run> = Vec::new();
        for step in 0..n {
            let index = (turn + step) % n;
            match runs.last_mut() {
                _ if values[index].is_some() => {}
                Some(run) if run.start + run.hours == turn + step => run.hours += 1,
                _ => runs.push(Run { start: turn + step, hours: 1 }),
            }
        }
        runs
    }

    /// Fills the short runs; gives back the others, without those in gaps that are reported already.
    fn fill(&mut self, values: &mut [Option<f64>], field: Field) -> Vec<Run> {
        let n = values.len();
        let whole = self.period.is_whole_year();
        let mut left = Vec::new();
        let (mut hours, mut longest, mut first) = (0, 0, None);
        for run in self.runs(values) {
            let end = run.start + run.hours;
            let neighbours = if whole || (run.start > 0 && end < n) {
                values[(run.start + n - 1) % n].zip(values[end % n])
            } else {
                None
            };
            match neighbours {
                Some((from, to)) if run.hours <= FILLED => {
                    for step in 0..run.hours {
                        let fraction = (step + 1) as f64 / (run.hours + 1) as f64;
                        values[(run.start + step) % n] = Some(from + (to - from) * fraction);
                    }
                    let in_rows = (0..run.hours)
                        .filter(|step| self.slots[(run.start + step) % n] != Slot::Short)
                        .count();
                    if in_rows > 0 {
                        hours += in_rows;
                        longest = longest.max(run.hours);
                        first = first.or(Some(self.period.stamp(run.start)));
                    }
                }
                _ if (0..run.hours).any(|step| self.slots[(run.start + step) % n] == Slot::Reported) => {}
                _ => left.push(run),
            }
        }
        if let Some(first) = first {
            let field = self.name(field);
            self.warnings.push(WeatherWarning::ValuesInterpolated { field, hours, longest, first });
        }
        left
    }

    /// Reports the runs that could not be filled.
    fn refuse(&mut self, runs: &[Run], field: Field) {
        let name = Some(self.name(field));
        for run in runs {
            if run.hours == self.period.hours {
                self.problems.add(None, name, Fault::MissingEverywhere);
                continue;
            }
            let line = match self.slots[run.start % self.slots.len()] {
                Slot::Filled(record) => Some(self.records[record].line),
                _ => None,
            };
            let stamp = self.period.stamp(run.start);
            self.problems.add(line, name, Fault::MissingTooLong { hours: run.hours, stamp, filled: FILLED });
        }
    }

    /// Fills a column that the simulation needs.
    pub fn required(&mut self, series: &mut Series, field: Field) {
        let left = self.fill(&mut series[field as usize], field);
        self.refuse(&left, field);
    }

    /// Fills a column that may be absent.
    pub fn optional(&mut self, values: &mut [Option<f64>], field: Field) {
        let left = self.fill(values, field);
        let hours: usize = left.iter().map(|run| run.hours).sum();
        let field = self.name(field);
        match left.first() {
            None => {}
            Some(_) if hours == self.period.hours => self.warnings.push(WeatherWarning::Absent { field }),
            Some(run) => {
                let first = self.period.stamp(run.start);
                self.warnings.push(WeatherWarning::PartlyAbsent { field, hours, first });
            }
        }
    }

    /// Each of dew point and relative humidity gives the other; where both are missing they are filled.
    pub fn humidity(&mut self, series: &mut Series) {
        let [t, dew, relative, p, ..] = &*series;
        let (mut to_dew, mut to_relative) = (0, 0);
        let air = t.iter().zip(p).zip(dew.iter().zip(relative));
        let completed = air.map(|((t, p), (dew, relative))| match (*t, *p, *dew, *relative) {
            (Some(t), Some(p), None, Some(relative)) => {
                let w = moist_air::humidity_ratio_from_relative_humidity(t, relative.max(DRIEST), p);
                to_dew += 1;
                (Some(moist_air::dew_point(w, p)), Some(relative))
            }
            (Some(t), Some(p), Some(dew), None) => {
                let w = moist_air::humidity_ratio_from_dew_point(dew, p);
                to_relative += 1;
                (Some(dew), Some(moist_air::relative_humidity(t, w, p)))
            }
            (_, _, dew, relative) => (dew, relative),
        });
        let (dew, relative): (Vec<_>, Vec<_>) = completed.unzip();
        series[Field::DewPoint as usize] = dew;
        series[Field::RelativeHumidity as usize] = relative;
        let pair = [
            (to_dew, Field::DewPoint, "relative humidity"),
            (to_relative, Field::RelativeHumidity, "dew point"),
        ];
        for (hours, field, from) in pair {
            if hours > 0 {
                let field = self.name(field);
                self.warnings.push(WeatherWarning::HumidityDerived { field, from, hours });
            }
        }
        // Missing in the same hours now, so one report is enough.
        let left = self.fill(&mut series[Field::DewPoint as usize], Field::DewPoint);
        let reported = self.warnings.len();
        self.fill(&mut series[Field::RelativeHumidity as usize], Field::RelativeHumidity);
        self.warnings.truncate(reported);
        self.refuse(&left, Field::DewPoint);
    }
}
