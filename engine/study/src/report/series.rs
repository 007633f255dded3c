//! The columns of a run, `series.parquet`: times, probes, meters and accounts.

use super::{Scope, accounts};
use crate::run::Outcome;
use crate::trajectory::{Trajectory, column_unit};
use crate::write::{Column, Slice, Table, TableError, Tabular, Values};
use plant::network::MeterKind;
use std::ops::Range;

/// Schema of the columns.
pub const SERIES_SCHEMA: &str = "isotherm.series/1";

/// Columns that are read together from the records: so many values fill a line of the memory.
const BESIDE: usize = 8;

/// All columns of a run as they are written: probes and meters are read from its records a few at a time.
#[derive(Debug, Clone)]
pub struct RunColumns<'a> {
    trajectory: &'a Trajectory,
    form: Table,
    probes: Vec<Conversion>,
    meters: Vec<Conversion>,
    accounts: Vec<Column>,
}

/// From the SI unit of a record to the unit of its column.
#[derive(Debug, Clone, Copy)]
struct Conversion {
    offset: f64,
    factor: f64,
}

impl<'a> RunColumns<'a> {
    /// Those of what a run recorded.
    ///
    /// # Errors
    /// Two columns of one name, which would be a fault of the network's names.
    pub fn of(trajectory: &'a Trajectory) -> Result<RunColumns<'a>, TableError> {
        let time = "End of the interval, from the start of the year.";
        let mut columns = vec![Column::numbers("time_s", "s", time, Vec::new())];
        let mut probes = Vec::with_capacity(trajectory.probes.len());
        for probe in &trajectory.probes {
            let (suffix, unit, factor, offset) = column_unit(probe.quantity);
            let name = if suffix == "1" { probe.name.clone() } else { format!("{}_{suffix}", probe.name) };
            let scope = if probe.total { Scope::All } else { Scope::One };
            columns.push(Column::numbers(name, unit, crate::read::described(&probe.doc, scope), Vec::new()));
            probes.push(Conversion { offset, factor });
        }
        let mut meters = Vec::with_capacity(trajectory.meters.len());
        for meter in &trajectory.meters {
            let (name, unit, factor, doc) = match meter.kind {
                MeterKind::Water(_) | MeterKind::Uncounted => {
                    (format!("metered.{}_kg", meter.name), "kg", 1.0, "Mass in the interval.")
                }
                _ => (format!("metered.{}_kwh", meter.name), "kWh", accounts::KWH, "Energy in the interval."),
            };
            columns.push(Column::numbers(name, unit, doc, Vec::new()));
            meters.push(Conversion { offset: 0.0, factor });
        }
        let accounts = accounts::columns(trajectory);
        columns.extend(accounts.iter().map(|column| column.with_values(Values::Numbers(Vec::new()))));
        Ok(RunColumns { trajectory, form: Table::new(SERIES_SCHEMA, columns)?, probes, meters, accounts })
    }
}

impl Tabular for RunColumns<'_> {
    fn form(&self) -> &Table {
        &self.form
    }

    fn rows(&self) -> usize {
        self.trajectory.len()
    }

    fn each<E>(&self, rows: Range<usize>, mut take: impl FnMut(Slice<'_>) -> Result<(), E>) -> Result<(), E> {
        let trajectory = self.trajectory;
        take(Slice::Numbers(&trajectory.times[rows.clone()]))?;
        let mut together: [Vec<f64>; BESIDE] = Default::default();
        let mut convert = |columns: &mut [Vec<f64>], conversions: &[Conversion]| {
            columns.iter_mut().zip(conversions).try_for_each(|(values, Conversion { offset, factor })| {
                values.iter_mut().for_each(|value| *value = (*value + offset) * factor);
                take(Slice::Numbers(values))
            })
        };
        for (first, conversions) in (0..).step_by(BESIDE).zip(self.probes.chunks(BESIDE)) {
            let columns = &mut together[..conversions.len()];
            trajectory.read(first, rows.clone(), columns);
            convert(columns, conversions)?;
        }
        for (first, conversions) in (0..).step_by(BESIDE).zip(self.meters.chunks(BESIDE)) {
            let columns = &mut together[..conversions.len()];
            trajectory.read_amounts(first, rows.clone(), columns);
            convert(columns, conversions)?;
        }
        self.accounts.iter().map(|column| column.values.slice(rows.clone())).try_for_each(take)
    }
}

/// All columns of a run as one table.
///
/// # Errors
/// As [`RunColumns::of`].
pub fn series(outcome: &Outcome) -> Result<Table, TableError> {
    RunColumns::of(&outcome.trajectory).map(|columns| Table::of(&columns))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::parquet;
    use ::parquet::file::reader::{FileReader, SerializedFileReader};
    use ::parquet::record::Field;

    fn bytes(table: &impl Tabular) -> Vec<u8> {
        let mut out = Vec::new();
        parquet::write(table, &mut out).unwrap();
        out
    }

    #[test]
    fn columns_that_are_read_while_they_are_written_are_those_of_the_table() {
        // Columns and records that no group divides, one record, and a run that probes and meters nothing.
        for (records, probes, meters) in [(66_000, 11, 9), (1, 3, 2), (2, 8, 8), (100, 0, 0), (100, 3, 0)] {
            let trajectory = Trajectory::numbered(records, probes, meters);
            let columns = RunColumns::of(&trajectory).unwrap();
            let table = Table::of(&columns);
            assert_eq!((table.rows(), columns.rows()), (records, records));
            assert_eq!(table.columns().len(), columns.form().columns().len());
            assert!(table.columns().iter().all(|column| column.values.len() == records));
            assert!(bytes(&columns) == bytes(&table), "{records} records, {probes} probes, {meters} meters");
        }
    }

    #[test]
    fn a_record_stands_where_it_was_made_on_both_sides_of_a_row_group() {
        let trajectory = Trajectory::numbered(66_000, 11, 9);
        let mut file = tempfile::tempfile().unwrap();
        parquet::write(&RunColumns::of(&trajectory).unwrap(), &mut file).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        assert_eq!(reader.metadata().num_row_groups(), 2);
        let mut rows = reader.get_row_iter(None).unwrap().map(|row| row.unwrap().into_columns());
        let mut number = |record: usize, names: [&str; 2]| {
            let row = rows.nth(record).unwrap();
            names.map(|name| row.iter().find(|(column, _)| column == name).unwrap().1.clone())
        };
        // Probe 9 of record r is r + 9/100 K, above 0 °C; meter 8 of the interval that ends there 3.6e6·(r + 8/100) J.
        let names = ["probe_9_c", "metered.unit.meter_8_kwh"];
        let [probe, meter] = number(0, names);
        assert_eq!([probe, meter], [Field::Double(0.09 - 273.15), Field::Null]);
        let [probe, meter] = number(65_534, names);
        assert_eq!(probe, Field::Double(65_535.09 - 273.15));
        let Field::Double(meter) = meter else { panic!("{meter}") };
        assert!((meter - 65_535.08).abs() < 1e-9, "{meter}");
        let [probe, meter] = number(0, names);
        assert_eq!(probe, Field::Double(65_536.09 - 273.15));
        let Field::Double(meter) = meter else { panic!("{meter}") };
        assert!((meter - 65_536.08).abs() < 1e-9, "{meter}");
    }
}
