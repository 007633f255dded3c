//! All shards in one table, and the hash of what was found.

use crate::plan::{Entry, Plan, by_id};
use crate::row::{self, Failure, Row};
use crate::{CASES_SCHEMA, SweepError, folder, part};
use std::collections::BTreeMap;
use std::path::PathBuf;
use study::write::{Table, csv, parquet, write_with};

/// A sweep as a whole.
#[derive(Debug)]
pub struct Merged {
    /// BLAKE3 over all rows in the order of their ids.
    pub hash: String,
    /// Rows by id: of the cases of the plan.
    pub rows: BTreeMap<String, Row>,
    /// Cases of the plan.
    pub cases: usize,
    /// Of these, with figures.
    pub ok: usize,
    /// Of these, without.
    pub failed: usize,
    /// Of these, not calculated.
    pub missing: usize,
    /// Of those that are repeated in dynamic steps, not calculated.
    pub missing_dynamic: usize,
    /// Of those with figures, how many meet all constraints; nothing where there are none.
    pub met: Option<usize>,
    /// How far quasi-steady cases are from the same in dynamic steps.
    pub differences: Vec<Difference>,
    /// What failed, the first case of each message.
    pub failures: Vec<(usize, Failure, usize)>,
}

/// How far an output of quasi-steady cases is from the dynamic ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Column of the output.
    pub output: String,
    /// Pairs that were compared.
    pub pairs: usize,
    /// The largest difference, in the unit of the output.
    pub absolute: f64,
    /// The largest, relative to the dynamic value; NaN where that is zero.
    pub relative: f64,
}

/// Reads all parts and puts them together.
///
/// # Errors
/// Parts that cannot be read.
pub fn read(plan: &Plan) -> Result<Merged, SweepError> {
    let committed = part::read(&plan.folder, &plan.layout)?;
    let known = by_id(plan.entries.iter());
    // Of a plan that was replaced rows may be left that belong to none of its cases.
    let rows: BTreeMap<String, Row> =
        committed.rows.into_iter().filter(|(id, _)| known.contains_key(id.as_str())).collect();
    let cases: Vec<&Entry> = plan.entries.iter().filter(|entry| entry.dynamic_of.is_none()).collect();
    let repeated = plan.entries.iter().filter(|entry| entry.dynamic_of.is_some());
    let found: Vec<Option<&Row>> = cases.iter().map(|entry| rows.get(&entry.id)).collect();
    let ok = found.iter().flatten().filter(|row| row.result.is_ok()).count();
    let failed = found.iter().flatten().count() - ok;
    let met = (!plan.layout.constraints.is_empty()).then(|| {
        let met = |row: &&&Row| row.result.as_ref().is_ok_and(|figures| figures.met);
        found.iter().flatten().filter(met).count()
    });
    let mut kinds: BTreeMap<&Failure, (usize, usize)> = BTreeMap::new();
    for (entry, row) in cases.iter().zip(&found) {
        if let Some(Row { result: Err(failure), .. }) = row {
            kinds.entry(failure).or_insert((entry.number, 0)).1 += 1;
        }
    }
    let failures =
        kinds.into_iter().map(|(failure, (first, count))| (first, failure.clone(), count)).collect();
    Ok(Merged {
        hash: row::hash(&rows, &plan.layout),
        cases: cases.len(),
        ok,
        failed,
        missing: cases.len() - ok - failed,
        missing_dynamic: repeated.filter(|entry| !rows.contains_key(&entry.id)).count(),
        met,
        differences: differences(plan, &rows),
        failures,
        rows,
    })
}

/// Writes the merged table beside the plan, as Parquet and as CSV.
///
/// # Errors
/// What keeps them from being written.
pub fn write(plan: &Plan, merged: &Merged) -> Result<[PathBuf; 2], SweepError> {
    let cases: Vec<&Entry> = plan.entries.iter().filter(|entry| entry.dynamic_of.is_none()).collect();
    let rows: Vec<Option<&Row>> = cases.iter().map(|entry| merged.rows.get(&entry.id)).collect();
    let mut columns = plan.columns(&cases);
    columns.extend(row::columns(&rows, &plan.layout));
    let table = Table::new(CASES_SCHEMA, columns)?;
    let paths = [folder::CASES, folder::CASES_CSV].map(|name| plan.folder.join(name));
    write_with(&paths[0], |sink| parquet::write(&table, sink))?;
    write_with(&paths[1], |sink| csv::write(&table, sink))?;
    Ok(paths)
}

fn differences(plan: &Plan, rows: &BTreeMap<String, Row>) -> Vec<Difference> {
    let figures = |entry: &Entry| rows.get(&entry.id).and_then(|row| row.result.as_ref().ok());
    let pairs: Vec<_> = plan
        .entries
        .iter()
        .filter_map(|entry| {
            let of = plan.entries.get(entry.dynamic_of?)?;
            Some((figures(of)?, figures(entry)?))
        })
        .collect();
    let mut found = Vec::new();
    for (k, output) in plan.layout.outputs.iter().enumerate() {
        let both: Vec<(f64, f64)> = pairs
            .iter()
            .filter_map(|(quasi, dynamic)| Some((*quasi.outputs.get(k)?, *dynamic.outputs.get(k)?)))
            .filter(|(quasi, dynamic)| quasi.is_finite() && dynamic.is_finite())
            .collect();
        if both.is_empty() {
            continue;
        }
        let most = |of: &dyn Fn(f64, f64) -> f64| both.iter().map(|&(q, d)| of(q, d)).fold(0.0, f64::max);
        let zero = both.iter().any(|&(q, d)| d == 0.0 && q != 0.0);
        found.push(Difference {
            output: output.column.clone(),
            pairs: both.len(),
            absolute: most(&|q, d| (q - d).abs()),
            relative: if zero {
                f64::NAN
            } else {
                most(&|q, d| if d == 0.0 { 0.0 } else { ((q - d) / d).abs() })
            },
        });
    }
    found
}
