//! The plan: every case with its id, and what the sweep will cost.

mod described;
mod figures;
mod generations;
mod preflight;

use crate::analyze;
use crate::evaluate::{self, Hashes};
use crate::outputs::{Layout, MARGIN, RESERVED};
use crate::sample;
use crate::{PLAN_SCHEMA, SweepError, folder, part};
pub use described::described;
pub use figures::load;
use generations::Search;
use rayon::prelude::*;
use scenario::Problem;
use scenario::study_file::{self, Measure, Mode, Sampler, StudyFile, Value};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use study::batch::Watch;
use study::trajectory::column_unit;
use study::write::{Column, Table, Values, parquet, write_whole, write_with};

/// Layout of the table of the plan.
const TABLE_SCHEMA: &str = "isotherm.sweep.table/1";

/// A row of the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its number, from 0.
    pub number: usize,
    /// The case that it repeats in dynamic steps, if it does.
    pub dynamic_of: Option<usize>,
    /// A value for each parameter.
    pub values: Vec<Value>,
    /// BLAKE3 of its resolved inputs.
    pub id: String,
}

/// What is written in `plan.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Header {
    schema: String,
    engine_version: String,
    /// Name of the copy of the study in the folder, and its BLAKE3.
    study: String,
    study_blake3: String,
    /// BLAKE3 of `plan.parquet`.
    table_blake3: String,
    /// Where files that the study names are sought; nothing for a built-in study.
    inputs: Option<PathBuf>,
    sampler: String,
    cases: usize,
    dynamic: usize,
    distinct: usize,
    estimate: Option<Estimate>,
}

/// What a sweep will cost, from its corners.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// CPU time of a case [s].
    pub seconds_per_case: f64,
    /// Of all cases [s].
    pub seconds: f64,
    /// Results on disk [bytes].
    pub bytes: f64,
}

/// A corner that was run first.
#[derive(Debug, Clone, PartialEq)]
pub struct Corner {
    /// Where it lies.
    pub name: &'static str,
    /// Its values, as written.
    pub values: Vec<(String, String)>,
    /// How long it took [s], or why it failed.
    pub result: Result<f64, String>,
}

/// A plan that was read.
#[derive(Debug)]
pub struct Plan {
    /// The folder of the sweep.
    pub folder: PathBuf,
    /// The study.
    pub study: StudyFile,
    /// What rows hold.
    pub layout: Layout,
    /// All rows, the dynamic ones last.
    pub entries: Vec<Entry>,
    /// What it was estimated to cost.
    pub estimate: Option<Estimate>,
    /// Where cases are searched.
    search: Option<Search>,
}

/// What planning came to.
#[derive(Debug)]
pub struct Planned {
    /// The plan.
    pub plan: Plan,
    /// The corners that were run, if any.
    pub corners: Vec<Corner>,
    /// Options whose cases will fail, as they are no site that can run; warnings.
    pub refused: Vec<Problem>,
}

/// Columns of the parameters: name and unit, each name once and none that is another column's.
#[must_use]
pub fn parameter_columns(study: &StudyFile) -> Vec<(String, &'static str)> {
    let mut columns: Vec<(String, &'static str)> = Vec::with_capacity(study.parameters.len());
    for parameter in &study.parameters {
        let (suffix, unit) = match parameter.kind.measure() {
            Some(Measure::Quantity(quantity)) => match column_unit(quantity) {
                ("1" | "si", unit, ..) => ("", unit),
                (suffix, unit, ..) => (suffix, unit),
            },
            _ => ("", ""),
        };
        let mut name = parameter.id.clone();
        if !suffix.is_empty() {
            name = format!("{name}_{suffix}");
        }
        // `warm` in °C and a text `warm_c` beside it are two columns.
        let is_taken = |name: &str| {
            let margin = name == MARGIN || name.starts_with(&format!("{MARGIN}_"));
            margin || RESERVED.contains(&name) || columns.iter().any(|(other, _)| other == name)
        };
        while is_taken(&name) {
            name = format!("parameter_{name}");
        }
        columns.push((name, unit));
    }
    columns
}

/// What rows of a study hold.
fn layout(study: &StudyFile) -> Layout {
    let taken: Vec<String> = parameter_columns(study).into_iter().map(|(name, _)| name).collect();
    Layout::new(&study.outputs, &study.constraints, &taken)
}

impl Plan {
    fn new(folder: &Path, study: StudyFile) -> Result<(Plan, Hashes), SweepError> {
        let layout = layout(&study);
        let values = sample::cases(&study);
        let mut entries: Vec<Entry> = values
            .into_iter()
            .enumerate()
            .map(|(number, values)| Entry { number, dynamic_of: None, values, id: String::new() })
            .collect();
        let cases = entries.len();
        let searched = matches!(study.sampler, Sampler::Nsga2 { .. });
        if study.mode == Mode::QuasiSteady && !searched {
            for number in spread(cases, study.also_dynamic) {
                let values = entries[number].values.clone();
                let dynamic_of = Some(number);
                entries.push(Entry { number: entries.len(), dynamic_of, values, id: String::new() });
            }
        }
        let mut plan =
            Plan { folder: folder.to_owned(), study, layout, entries, estimate: None, search: None };
        if searched {
            let by = plan.study.minimise.iter();
            let figures = by.map(|(name, less)| Ok((analyze::place(&plan, name)?, *less)));
            plan.search = Search::of(&plan.study, figures.collect::<Result<_, SweepError>>()?);
        }
        Ok((plan, Hashes::default()))
    }

    /// The plan of a folder, its cases drawn again and held against the ids that were written.
    ///
    /// Files that the study names are sought in `inputs`, where that is given, else where they were when it was planned.
    ///
    /// # Errors
    /// No plan, another version's, or a study that is no longer good.
    pub fn open(folder: &Path, inputs: Option<&Path>) -> Result<Plan, SweepError> {
        let path = folder.join(folder::PLAN);
        if !path.is_file() {
            return Err(SweepError::NoPlan { folder: folder.to_owned() });
        }
        let malformed = |reason: String| SweepError::Malformed { path: path.clone(), reason };
        let again = |reason: String| malformed(format!("{reason}; plan the study again with --force"));
        let text: serde_json::Value =
            serde_json::from_slice(&folder::read(&path)?).map_err(|error| again(error.to_string()))?;
        let schema = text.get("schema").and_then(serde_json::Value::as_str).unwrap_or("none");
        if schema != PLAN_SCHEMA {
            return Err(again(format!("its schema is {schema}, {PLAN_SCHEMA} is read here")));
        }
        let header: Header = serde_json::from_value(text).map_err(|error| again(error.to_string()))?;
        if header.engine_version != env!("CARGO_PKG_VERSION") {
            let version = header.engine_version;
            return Err(SweepError::Version { folder: folder.to_owned(), version });
        }
        // The name comes from a file: it stays in this folder.
        let name = Path::new(&header.study).file_name().and_then(|name| name.to_str()).unwrap_or("study.ron");
        for (name, planned) in [(name, &header.study_blake3), (folder::TABLE, &header.table_blake3)] {
            let path = folder.join(name);
            if folder::hash(&path)? != *planned {
                return Err(SweepError::Edited { path });
            }
        }
        let text = String::from_utf8(folder::read(&folder.join(name))?)
            .map_err(|_| malformed("the study is not text".into()))?;
        let inputs = inputs.map(Path::to_owned).or(header.inputs);
        let study = study_file::load_text(name, &text, inputs.as_deref()).map_err(SweepError::Study)?;
        let (mut plan, _) = Plan::new(folder, study)?;
        plan.estimate = header.estimate;
        let table = study::read::open_table(folder, folder::TABLE, TABLE_SCHEMA)?;
        let ids = table.texts("case_id")?.unwrap_or_default();
        if ids.len() != plan.entries.len() {
            return Err(malformed(format!(
                "it has {} cases, the study has {}",
                ids.len(),
                plan.entries.len()
            )));
        }
        for (entry, id) in plan.entries.iter_mut().zip(ids) {
            entry.id = id.unwrap_or_default();
        }
        if plan.search.is_some() {
            plan.grow_all(&part::read(folder, &plan.layout)?.rows)?;
        }
        Ok(plan)
    }

    /// Whether the study's inputs still are those that were planned: looks at its first and at its last case.
    ///
    /// # Errors
    /// [`SweepError::Changed`] with the case that is another now.
    pub fn is_current(&self) -> Result<(), SweepError> {
        let hashes = Hashes::default();
        for entry in self.entries.first().into_iter().chain(self.entries.last()) {
            let now = evaluate::resolve(&self.study, &entry.values, entry.dynamic_of.is_some(), &hashes);
            if now.id != entry.id {
                return Err(SweepError::Changed { case: entry.number });
            }
        }
        Ok(())
    }

    /// Cases, without those that are repeated dynamically.
    #[must_use]
    pub fn cases(&self) -> usize {
        self.entries.iter().filter(|entry| entry.dynamic_of.is_none()).count()
    }

    /// The first entry of each id: two cases with the same inputs are calculated once.
    #[must_use]
    pub fn distinct(&self) -> Vec<&Entry> {
        let mut seen = BTreeSet::new();
        self.entries.iter().filter(|entry| seen.insert(entry.id.as_str())).collect()
    }

    /// The columns that name cases: number, id and the values of the parameters.
    #[must_use]
    pub(crate) fn columns(&self, entries: &[&Entry]) -> Vec<Column> {
        let mut columns = vec![
            Column::integers("case", "", "Number of the case.", entries.iter().map(|e| e.number as i64)),
            Column::text("case_id", "BLAKE3 of the resolved inputs.", entries.iter().map(|e| e.id.clone())),
        ];
        for (place, (name, unit)) in parameter_columns(&self.study).into_iter().enumerate() {
            let parameter = &self.study.parameters[place];
            let description = format!("Parameter {}.", parameter.id);
            let number = |entry: &&Entry| match entry.values.get(place) {
                Some(Value::Number(number)) => *number,
                _ => f64::NAN,
            };
            columns.push(match parameter.kind.measure() {
                Some(Measure::Quantity(quantity)) => {
                    let (_, _, factor, offset) = column_unit(quantity);
                    let values = entries.iter().map(|e| tidy((number(e) + offset) * factor)).collect();
                    Column::numbers(name, unit, description, values)
                }
                Some(_) => Column::numbers(name, unit, description, entries.iter().map(number).collect()),
                None => {
                    let values = entries.iter().map(|e| Some(self.study.written(place, &e.values))).collect();
                    Column { name, unit: "".into(), description, values: Values::Text(values) }
                }
            });
        }
        columns
    }

    fn header(&self, inputs: Option<PathBuf>, table_blake3: String) -> Header {
        Header {
            schema: PLAN_SCHEMA.into(),
            engine_version: env!("CARGO_PKG_VERSION").into(),
            study: copy_name(&self.study),
            study_blake3: blake3::hash(self.study.text.as_bytes()).to_hex().to_string(),
            table_blake3,
            inputs,
            sampler: self.study.sampler.name().into(),
            cases: self.cases(),
            dynamic: self.entries.len() - self.cases(),
            distinct: self.distinct().len(),
            estimate: self.estimate,
        }
    }
}

/// Name of the copy of the study in its sweep's folder.
fn copy_name(study: &StudyFile) -> String {
    let json = Path::new(&study.name).extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
    format!("{}.{}", study.id, if json { "json" } else { "ron" })
}

/// Without what the change of units left in the last digits: 35 °C is 35.
fn tidy(value: f64) -> f64 {
    let rounded = (value * 1e9).round() / 1e9;
    if rounded.is_finite() { rounded } else { value }
}

/// So many of the numbers below `count`, evenly spread, first and last among them.
fn spread(count: usize, wanted: usize) -> Vec<usize> {
    match (count, wanted) {
        (0, _) | (_, 0) => Vec::new(),
        (_, 1) => vec![count / 2],
        _ => {
            let wanted = wanted.min(count);
            (0..wanted).map(|k| k * (count - 1) / (wanted - 1).max(1)).collect()
        }
    }
}

/// Plans a study into a folder.
///
/// The corners come first: every parameter at its lowest, at its middle, and at its highest value. They say what a case
/// costs, and whether the outputs exist.
///
/// # Errors
/// See [`SweepError`]; nothing is written then.
pub fn plan(
    folder: &Path,
    study: StudyFile,
    inputs: Option<PathBuf>,
    force: bool,
    watch: &dyn Watch,
) -> Result<Planned, SweepError> {
    let (mut plan, hashes) = Plan::new(folder, study)?;
    let (corners, estimate) = preflight::preflight(&plan, watch)?;
    plan.estimate = estimate;
    let id = |entry: &Entry| {
        let dynamic = entry.dynamic_of.is_some();
        (!watch.stops()).then(|| evaluate::resolve(&plan.study, &entry.values, dynamic, &hashes).id)
    };
    let ids: Option<Vec<String>> = plan.entries.par_iter().map(id).collect();
    let ids = ids.ok_or(SweepError::Interrupted)?;
    for (entry, id) in plan.entries.iter_mut().zip(ids) {
        entry.id = id;
    }
    if !force && folder.join(folder::PLAN).is_file() {
        // A search that has begun has grown: its first generation is what was planned.
        let same = Plan::open(folder, None).is_ok_and(|known| {
            known.study.sampler == plan.study.sampler && known.entries.starts_with(&plan.entries)
        });
        if !same {
            return Err(SweepError::OtherPlan { folder: folder.to_owned() });
        }
    }
    write(&plan, inputs)?;
    let refused = preflight::refused(&plan.study, &corners);
    Ok(Planned { plan, corners, refused })
}

fn write(plan: &Plan, inputs: Option<PathBuf>) -> Result<(), SweepError> {
    let folder = &plan.folder;
    std::fs::create_dir_all(folder)
        .map_err(|source| study::write::WriteError::CannotCreate { path: folder.clone(), source })?;
    write_whole(&folder.join(copy_name(&plan.study)), plan.study.text.as_bytes())?;
    let entries: Vec<&Entry> = plan.entries.iter().collect();
    let mut columns = plan.columns(&entries);
    let of = entries.iter().map(|entry| entry.dynamic_of.map(|of| of as i64)).collect();
    columns.push(Column {
        name: "of".into(),
        unit: "".into(),
        description: "The case that this one repeats in dynamic steps.".into(),
        values: Values::Integers(of),
    });
    let table = Table::new(TABLE_SCHEMA, columns)?;
    write_with(&folder.join(folder::TABLE), |sink| parquet::write(&table, sink))?;
    let table = folder::hash(&folder.join(folder::TABLE))?;
    // The plan is there when this is.
    let header = serde_json::to_value(plan.header(inputs, table)).map_err(|error| SweepError::Malformed {
        path: folder.join(folder::PLAN),
        reason: error.to_string(),
    })?;
    write_whole(&folder.join(folder::PLAN), study::write::json::text(&header).as_bytes())?;
    Ok(())
}

/// Entries by id.
pub(crate) fn by_id<'a>(entries: impl Iterator<Item = &'a Entry>) -> BTreeMap<&'a str, &'a Entry> {
    let mut found = BTreeMap::new();
    for entry in entries {
        found.entry(entry.id.as_str()).or_insert(entry);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_that_are_repeated_are_spread_from_the_first_to_the_last() {
        assert_eq!(spread(504, 3), [0, 251, 503]);
        assert_eq!(spread(2, 3), [0, 1]);
        assert_eq!(spread(1, 3), [0]);
        assert_eq!(spread(9, 1), [4]);
        assert!(spread(0, 3).is_empty() && spread(9, 0).is_empty());
    }
}
