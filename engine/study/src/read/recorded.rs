//! What a run recorded over time, in SI: for whoever shows it again.

use super::columns::{Described, Series};
use super::error::ReadError;
use crate::intervals::Interval;
use crate::report::accounts::PREFIX;
use crate::report::{OF_ALL, Scope};
use crate::trajectory::column_unit;
use plant::declare::{Use, Water};
use units::Quantity;

const KWH: f64 = 3.6e6;

/// A value that was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// `unit.value`, as the run called it.
    pub name: String,
    /// What it is.
    pub quantity: Quantity,
    /// One sentence.
    pub doc: String,
    /// Whether it counts all equal units together.
    pub total: bool,
}

/// Values over time, record by record; the first record is the start of the run, before anything has flowed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Recorded {
    /// What was recorded.
    pub values: Vec<Value>,
    /// Times of the records [s from the start of the year].
    pub times: Vec<f64>,
    /// Record by record, in the order of [`values`](Self::values), SI; NaN where a value does not exist.
    pub rows: Vec<Vec<f64>>,
    /// What flowed between two records, one less than there are records.
    pub intervals: Vec<Interval>,
}

/// What a column of the file is: name and quantity of a value, with factor and offset from SI. `None` for accounts and
/// meters, and for what is no value of this version.
fn value(column: &Described) -> Option<(Value, f64, f64)> {
    if column.name.starts_with(PREFIX) || column.name.starts_with("metered.") || column.name == "time_s" {
        return None;
    }
    Quantity::ALL.into_iter().find_map(|quantity| {
        let (suffix, unit, factor, offset) = column_unit(quantity);
        let name = match suffix {
            "1" => Some(column.name.as_str()),
            suffix => column.name.strip_suffix(suffix).and_then(|name| name.strip_suffix('_')),
        };
        let name = name.filter(|_| unit == column.unit)?.to_owned();
        let (doc, total) = match column.description.strip_suffix(OF_ALL) {
            Some(doc) => (doc.trim_end().to_owned(), true),
            None => (column.description.clone(), false),
        };
        Some((Value { name, quantity, doc, total }, factor, offset))
    })
}

/// Reads all values and accounts of a run.
pub(super) fn read(series: &Series) -> Result<Recorded, ReadError> {
    let column = |name: &str| -> Result<Vec<f64>, ReadError> {
        series.numbers(name)?.ok_or_else(|| series.wrong(format!("it has no column {name}")))
    };
    let times = column("time_s")?;
    if times.windows(2).any(|pair| pair[1].partial_cmp(&pair[0]) != Some(std::cmp::Ordering::Greater)) {
        return Err(series.wrong("its times do not rise".into()));
    }
    let known: Vec<_> = series.columns().iter().filter_map(|c| Some((c.name.as_str(), value(c)?))).collect();
    let mut rows = vec![Vec::with_capacity(known.len()); times.len()];
    for (name, (_, factor, offset)) in &known {
        for (row, value) in rows.iter_mut().zip(column(name)?) {
            row.push(value / factor - offset);
        }
    }
    let mut intervals: Vec<Interval> = (times.windows(2))
        .map(|pair| Interval { length: pair[1] - pair[0], ..Interval::default() })
        .collect();
    let mut account = |name: &str, factor: f64, put: &dyn Fn(&mut Interval, f64)| -> Result<(), ReadError> {
        let amounts = series.numbers(&format!("{PREFIX}{name}"))?.unwrap_or_default();
        // Nothing has been metered at the first record.
        for (interval, amount) in intervals.iter_mut().zip(amounts.into_iter().skip(1)) {
            put(interval, if amount.is_finite() { amount * factor } else { 0.0 });
        }
        Ok(())
    };
    account("facility_kwh", KWH, &|interval, joules| interval.facility = joules)?;
    account("exported_kwh", KWH, &|interval, joules| interval.exported = joules)?;
    account("bought_kwh", KWH, &|interval, joules| interval.bought = joules)?;
    account("charged_kwh", KWH, &|interval, joules| interval.charged = joules)?;
    account("reused_kwh", KWH, &|interval, joules| interval.reused = joules)?;
    account("carried_kwh", KWH, &|interval, joules| interval.carried = joules)?;
    let rejected = format!("{PREFIX}rejected.");
    for column in series.columns().iter().filter_map(|column| column.name.strip_prefix(PREFIX)) {
        if format!("{PREFIX}{column}").starts_with(&rejected) {
            account(column, KWH, &|interval, joules| interval.rejected += joules)?;
        }
    }
    let make_up = format!("{}_kg", Water::MakeUp.name());
    account(&make_up, 1.0, &|interval, kg| interval.make_up = kg)?;
    for (k, category) in Use::ALL.into_iter().enumerate() {
        account(&format!("{}_kwh", category.name()), KWH, &|interval, joules| interval.used[k] = joules)?;
    }
    let values = known.into_iter().map(|(_, (value, ..))| value).collect();
    Ok(Recorded { values, times, rows, intervals })
}

/// What the description of a column says of its scope.
pub(crate) fn described(doc: &str, scope: Scope) -> String {
    match scope {
        Scope::All => format!("{doc} {OF_ALL}"),
        Scope::One => doc.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_quantity_of_a_column_is_told_from_its_name_and_unit() {
        for quantity in Quantity::ALL {
            let (suffix, unit, factor, offset) = column_unit(quantity);
            let name = if suffix == "1" { "a.b".to_owned() } else { format!("a.b_{suffix}") };
            let column = Described { name, unit: unit.into(), description: described("It.", Scope::All) };
            let (value, found_factor, found_offset) = value(&column).unwrap();
            assert_eq!((value.name.as_str(), value.doc.as_str(), value.total), ("a.b", "It.", true));
            assert_eq!((found_factor, found_offset), (factor, offset), "{quantity:?}");
            assert_eq!(value.quantity.symbol(), quantity.symbol(), "{quantity:?}");
        }
    }

    #[test]
    fn accounts_and_meters_are_no_values() {
        for name in ["account.it_kwh", "metered.grid.power_kwh", "time_s"] {
            let column = Described { name: name.into(), unit: "kWh".into(), description: String::new() };
            assert!(value(&column).is_none(), "{name}");
        }
    }
}
