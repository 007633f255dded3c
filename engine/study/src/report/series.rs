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
pub struct Series<'a> {
    trajectory: &'a Trajectory,
    form: Table,
    /// From the unit of a record to that of its column: what is added, and by what the sum is multiplied.
    probes: Vec<(f64, f64)>,
    meters: Vec<(f64, f64)>,
    accounts: Vec<Column>,
}

impl<'a> Series<'a> {
    /// Those of a run.
    ///
    /// # Errors
    /// Two columns of one name, which would be a fault of the network's names.
    pub fn of(outcome: &'a Outcome) -> Result<Series<'a>, TableError> {
        let trajectory = &outcome.trajectory;
        let time = "End of the interval, from the start of the year.";
        let mut columns = vec![Column::numbers("time_s", "s", time, Vec::new())];
        let mut probes = Vec::with_capacity(trajectory.probes.len());
        for probe in &trajectory.probes {
            let (suffix, unit, factor, offset) = column_unit(probe.quantity);
            let name = if suffix == "1" { probe.name.clone() } else { format!("{}_{suffix}", probe.name) };
            let scope = if probe.total { Scope::All } else { Scope::One };
            columns.push(Column::numbers(name, unit, crate::read::described(&probe.doc, scope), Vec::new()));
            probes.push((offset, factor));
        }
        let mut meters = Vec::with_capacity(trajectory.meters.len());
        for meter in &trajectory.meters {
            let (name, unit, factor, doc) = match meter.kind {
                MeterKind::Water(_) | MeterKind::Uncounted => {
                    (format!("metered.{}_kg", meter.name), "kg", 1.0, "Mass in the interval.")
                }
                _ => (format!("metered.{}_kwh", meter.name), "kWh", 1.0 / 3.6e6, "Energy in the interval."),
            };
            columns.push(Column::numbers(name, unit, doc, Vec::new()));
            meters.push((0.0, factor));
        }
        let accounts = accounts::columns(trajectory);
        columns.extend(accounts.iter().map(|column| column.with(Values::Numbers(Vec::new()))));
        Ok(Series { trajectory, form: Table::new(SERIES_SCHEMA, columns)?, probes, meters, accounts })
    }
}

impl Tabular for Series<'_> {
    fn form(&self) -> &Table {
        &self.form
    }

    fn rows(&self) -> usize {
        self.trajectory.len()
    }

    fn each<E>(&self, rows: Range<usize>, mut take: impl FnMut(Slice<'_>) -> Result<(), E>) -> Result<(), E> {
        take(Slice::Numbers(&self.trajectory.times[rows.clone()]))?;
        let mut together: [Vec<f64>; BESIDE] = Default::default();
        type Read = fn(&Trajectory, usize, Range<usize>, &mut [Vec<f64>]);
        let kinds: [(&[(f64, f64)], Read); 2] =
            [(&self.probes, Trajectory::read), (&self.meters, Trajectory::read_amounts)];
        for (units, read) in kinds {
            for (first, units) in (0..).step_by(BESIDE).zip(units.chunks(BESIDE)) {
                let columns = &mut together[..units.len()];
                read(self.trajectory, first, rows.clone(), columns);
                for (values, (offset, factor)) in columns.iter_mut().zip(units) {
                    values.iter_mut().for_each(|value| *value = (*value + offset) * factor);
                    take(Slice::Numbers(values))?;
                }
            }
        }
        self.accounts.iter().map(|column| column.values.slice(rows.clone())).try_for_each(take)
    }
}

/// All columns of a run as one table.
///
/// # Errors
/// As [`Series::of`].
pub fn series(outcome: &Outcome) -> Result<Table, TableError> {
    Series::of(outcome).map(|series| Table::of(&series))
}
