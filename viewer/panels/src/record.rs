//! What a run has recorded so far: time × columns, as the engine gave them, SI.

use engine::plant::network::Probe;
use engine::study::intervals::Interval;
use engine::study::read::{Recorded, Value};
use engine::units::Quantity;

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// `unit.value`.
    pub name: String,
    /// What it is.
    pub quantity: Quantity,
    /// One sentence.
    pub doc: String,
    /// Whether it counts all equal units together.
    pub total: bool,
}

impl From<&Probe> for Column {
    fn from(probe: &Probe) -> Self {
        Column {
            name: probe.name.clone(),
            quantity: probe.quantity,
            doc: probe.doc.clone(),
            total: probe.total,
        }
    }
}

/// Columns over time. Row k holds at `times[k]`; `intervals[k]` leads up to it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Record {
    /// The columns.
    pub columns: Vec<Column>,
    /// Ends of the intervals [s from the start of the year].
    pub times: Vec<f64>,
    /// Row by row.
    values: Vec<f64>,
    /// What flowed.
    pub intervals: Vec<Interval>,
}

impl Record {
    /// Nothing yet of these columns.
    #[must_use]
    pub fn of(columns: Vec<Column>) -> Self {
        Record { columns, ..Record::default() }
    }

    /// As a run wrote it. Its first record is the start, before anything has flowed.
    #[must_use]
    pub fn read(recorded: Recorded) -> Self {
        let column = |value: Value| Column {
            name: value.name,
            quantity: value.quantity,
            doc: value.doc,
            total: value.total,
        };
        let mut record = Record::of(recorded.values.into_iter().map(column).collect());
        let rows = recorded.times.into_iter().zip(recorded.rows).skip(1);
        for ((time, values), interval) in rows.zip(recorded.intervals) {
            record.push(time, &values, interval);
        }
        record
    }

    /// One more row. A row of another width is not taken.
    pub fn push(&mut self, time: f64, values: &[f64], interval: Interval) {
        if values.len() == self.columns.len() {
            self.times.push(time);
            self.values.extend_from_slice(values);
            self.intervals.push(interval);
        }
    }

    /// Index of a column.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The row that holds at a time: the first that ends there or later, else the last.
    #[must_use]
    pub fn row(&self, time: f64) -> Option<usize> {
        let last = self.times.len().checked_sub(1)?;
        Some(self.times.partition_point(|&end| end < time).min(last))
    }

    /// A value.
    #[must_use]
    pub fn value(&self, row: usize, column: usize) -> Option<f64> {
        if column >= self.columns.len() {
            return None;
        }
        self.values.get(row * self.columns.len() + column).copied().filter(|value| value.is_finite())
    }

    /// A column from the first row to the last.
    pub fn course(&self, column: usize) -> impl Iterator<Item = f64> + '_ {
        self.values.iter().skip(column).step_by(self.columns.len().max(1)).copied()
    }

    /// Points of a course for a plot of so many pixels: of each stretch the least and the largest value, in their
    /// order, so that no peak is lost. `of` gives the values, NaN where there is none.
    pub fn thinned(&self, pixels: usize, of: impl Fn(usize) -> f64) -> Vec<[f64; 2]> {
        let rows = self.times.len();
        let stretch = rows.div_ceil(pixels.max(1)).max(1);
        let mut points = Vec::with_capacity(2 * rows.div_ceil(stretch));
        for from in (0..rows).step_by(stretch) {
            let to = (from + stretch).min(rows);
            let finite = || (from..to).map(|k| (k, of(k))).filter(|(_, v)| v.is_finite());
            let least = finite().min_by(|a, b| a.1.total_cmp(&b.1));
            let most = finite().max_by(|a, b| a.1.total_cmp(&b.1));
            let (Some(least), Some(most)) = (least, most) else { continue };
            let (first, second) = if least.0 <= most.0 { (least, most) } else { (most, least) };
            points.push([self.times[first.0], first.1]);
            if second.0 != first.0 {
                points.push([self.times[second.0], second.1]);
            }
        }
        points
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(values: &[f64]) -> Record {
        let column =
            Column { name: "a.b".into(), quantity: Quantity::Power, doc: String::new(), total: false };
        let mut record = Record::of(vec![column]);
        for (k, &value) in values.iter().enumerate() {
            record.push(60.0 * (k + 1) as f64, &[value], Interval::default());
        }
        record
    }

    #[test]
    fn a_time_belongs_to_the_interval_that_ends_there() {
        let record = record(&[1.0, 2.0, 3.0]);
        assert_eq!([0.0, 60.0, 61.0, 120.0, 1e9].map(|t| record.row(t)), [0, 0, 1, 1, 2].map(Some));
        assert_eq!(Record::default().row(0.0), None);
    }

    #[test]
    fn a_thinned_course_keeps_its_peaks() {
        let mut values = vec![1.0; 1000];
        (values[501], values[777]) = (9.0, -4.0);
        let record = record(&values);
        let points = record.thinned(50, |k| record.value(k, 0).unwrap_or(f64::NAN));
        assert!(points.len() <= 100);
        assert!(points.iter().any(|p| p[1] == 9.0) && points.iter().any(|p| p[1] == -4.0));
        assert!(points.windows(2).all(|w| w[0][0] < w[1][0]));
    }

    #[test]
    fn a_row_of_another_width_is_not_taken() {
        let mut record = record(&[1.0]);
        record.push(999.0, &[1.0, 2.0], Interval::default());
        assert_eq!(record.times.len(), 1);
        assert_eq!(record.value(0, 7), None);
    }
}
