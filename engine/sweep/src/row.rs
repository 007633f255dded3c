//! A case that was calculated: its figures, or why there are none.

use crate::SweepError;
use crate::outputs::{Layout, MARGIN, Output, unit};
use std::collections::BTreeMap;
use study::read::Series;
use study::write::{Column, Values};

/// A case that was calculated.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// BLAKE3 of its resolved inputs, 32 hexadecimal digits.
    pub id: String,
    /// Its figures, or why there are none.
    pub result: Result<Figures, Failure>,
}

/// What is kept of a case.
#[derive(Debug, Clone)]
pub struct Figures {
    /// The outputs of the layout; what has no value is NaN.
    pub outputs: Vec<f64>,
    /// What is to spare of each constraint, in its unit; NaN where the run has no value.
    pub margins: Vec<f64>,
    /// Whether all constraints are met.
    pub met: bool,
}

impl PartialEq for Figures {
    /// Bit by bit, so that what does not exist equals itself.
    fn eq(&self, other: &Self) -> bool {
        let same = |a: &[f64], b: &[f64]| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits())
        };
        same(&self.outputs, &other.outputs) && same(&self.margins, &other.margins) && self.met == other.met
    }
}

/// Why a case has no figures.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    /// Stable identifier: of the problem, or of the way in which the run stopped.
    pub code: String,
    /// One sentence.
    pub message: String,
}

/// Names of the columns of the constraints' margins.
pub(crate) fn margin_columns(layout: &Layout) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(layout.constraints.len());
    for constraint in &layout.constraints {
        let kind: String = constraint.chars().take_while(|c| c.is_alphanumeric()).collect();
        let mut name = String::from(MARGIN);
        for c in kind.chars() {
            if c.is_uppercase() {
                name.push('_');
            }
            name.extend(c.to_lowercase());
        }
        let twins =
            names.iter().filter(|other| **other == name || other.starts_with(&format!("{name}_"))).count();
        names.push(if twins > 0 { format!("{name}_{}", twins + 1) } else { name });
    }
    names
}

/// What the column of an output says of itself.
fn of_output(output: &Output) -> String {
    format!("{} of the run's summary.", output.path)
}

/// What the column of a constraint's margin says of itself.
fn of_margin(constraint: &str) -> String {
    format!("What is to spare of {constraint}, in its unit; negative where it is missed.")
}

/// Whether rows hold all that a layout keeps: those of a plan that was replaced may not.
///
/// By name *and* description: `metrics.pue` and `racks[0].pue` are both called `pue` where only one of them is kept.
pub(crate) fn holds(table: &Series, layout: &Layout) -> bool {
    let has = |name: &str, description: &str| {
        table.columns().iter().any(|column| column.name == name && column.description == description)
    };
    let margins = margin_columns(layout);
    (layout.constraints.is_empty() || table.has("met"))
        && margins.iter().zip(&layout.constraints).all(|(name, of)| has(name, &of_margin(of)))
        && layout.outputs.iter().all(|output| has(&output.column, &of_output(output)))
}

/// The columns of rows, after those that name the case.
pub(crate) fn columns(rows: &[Option<&Row>], layout: &Layout) -> Vec<Column> {
    let status = |row: &Option<&Row>| match row {
        Some(Row { result: Ok(_), .. }) => "ok",
        Some(Row { result: Err(_), .. }) => "failed",
        None => "missing",
    };
    let failure = |row: &Option<&Row>| row.and_then(|row| row.result.as_ref().err().cloned());
    let figures = |row: &Option<&Row>| row.and_then(|row| row.result.as_ref().ok().cloned());
    let text = |name: &str, description: &str, values: Vec<Option<String>>| Column {
        name: name.to_owned(),
        unit: "".into(),
        description: description.to_owned(),
        values: Values::Text(values),
    };
    let mut columns = vec![
        Column::text(
            "status",
            "ok, failed, or missing where the case was not calculated.",
            rows.iter().map(status),
        ),
        text(
            "code",
            "Identifier of what failed.",
            rows.iter().map(|row| failure(row).map(|f| f.code)).collect(),
        ),
        text("message", "What failed.", rows.iter().map(|row| failure(row).map(|f| f.message)).collect()),
    ];
    if !layout.constraints.is_empty() {
        columns.push(Column {
            name: "met".into(),
            unit: "".into(),
            description: "1 where all constraints are met.".into(),
            values: Values::Integers(rows.iter().map(|row| figures(row).map(|f| i64::from(f.met))).collect()),
        });
    }
    for (k, (name, constraint)) in margin_columns(layout).into_iter().zip(&layout.constraints).enumerate() {
        let values =
            rows.iter().map(|row| figures(row).and_then(|f| f.margins.get(k).copied()).unwrap_or(f64::NAN));
        columns.push(Column::numbers(name, "", of_margin(constraint), values.collect()));
    }
    for (k, output) in layout.outputs.iter().enumerate() {
        let values =
            rows.iter().map(|row| figures(row).and_then(|f| f.outputs.get(k).copied()).unwrap_or(f64::NAN));
        columns.push(Column::numbers(
            output.column.clone(),
            unit(&output.column),
            of_output(output),
            values.collect(),
        ));
    }
    columns
}

/// The rows of a part.
pub(crate) fn read(
    table: &Series,
    layout: &Layout,
    malformed: &dyn Fn(String) -> SweepError,
) -> Result<Vec<Row>, SweepError> {
    let missing = |name: &str| malformed(format!("it has no column {name}"));
    let texts = |name: &str| table.texts(name)?.ok_or_else(|| missing(name));
    let numbers = |name: &str| table.numbers(name)?.ok_or_else(|| missing(name));
    let (ids, status) = (texts("case_id")?, texts("status")?);
    let (codes, messages) = (texts("code")?, texts("message")?);
    let met = if layout.constraints.is_empty() { vec![1.0; ids.len()] } else { numbers("met")? };
    let margins: Vec<Vec<f64>> =
        margin_columns(layout).iter().map(|name| numbers(name)).collect::<Result<_, SweepError>>()?;
    let outputs: Vec<Vec<f64>> =
        layout.outputs.iter().map(|output| numbers(&output.column)).collect::<Result<_, SweepError>>()?;
    let at = |columns: &[Vec<f64>], k: usize| columns.iter().map(|column| column[k]).collect::<Vec<f64>>();
    let mut rows = Vec::with_capacity(ids.len());
    for (k, id) in ids.into_iter().enumerate() {
        let id = id.ok_or_else(|| malformed("a case has no id".into()))?;
        let result = match status[k].as_deref() {
            Some("ok") => {
                Ok(Figures { outputs: at(&outputs, k), margins: at(&margins, k), met: met[k] == 1.0 })
            }
            _ => Err(Failure {
                code: codes[k].clone().unwrap_or_default(),
                message: messages[k].clone().unwrap_or_default(),
            }),
        };
        rows.push(Row { id, result });
    }
    Ok(rows)
}

/// One of two rows of a case: the one with figures; of two failures the one whose words come first, so that the order in
/// which they are read does not matter.
pub(crate) fn better(a: Row, b: Row) -> Row {
    match (&a.result, &b.result) {
        (Ok(_), _) => a,
        (_, Ok(_)) => b,
        (Err(one), Err(other)) => {
            if one <= other {
                a
            } else {
                b
            }
        }
    }
}

/// BLAKE3 over all rows in the order of their ids: what the sweep found, wherever and in whatever order.
#[must_use]
pub fn hash(rows: &BTreeMap<String, Row>, layout: &Layout) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut text = |text: &str| {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    for output in &layout.outputs {
        text(&output.path);
    }
    layout.constraints.iter().for_each(|constraint| text(constraint));
    for (id, row) in rows {
        text(id);
        match &row.result {
            Err(failure) => {
                text(&failure.code);
                text(&failure.message);
            }
            Ok(figures) => {
                text(if figures.met { "met" } else { "missed" });
                let bits = figures.outputs.iter().chain(&figures.margins).map(|value| {
                    // One bit pattern for what does not exist, and one for zero.
                    if value.is_nan() { f64::NAN.to_bits() } else { (value + 0.0).to_bits() }
                });
                let bits: Vec<String> = bits.map(|bits| format!("{bits:016x}")).collect();
                text(&bits.join(" "));
            }
        }
    }
    hasher.finalize().to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(message: &str) -> Row {
        Row { id: "a".into(), result: Err(Failure { code: "ISO0800".into(), message: message.into() }) }
    }

    #[test]
    fn a_case_that_failed_and_then_did_not_has_figures() {
        let fine = Row {
            id: "a".into(),
            result: Ok(Figures { outputs: vec![1.0, f64::NAN], margins: vec![], met: true }),
        };
        assert_eq!(better(failed("x"), fine.clone()), fine);
        assert_eq!(better(fine.clone(), failed("x")), fine);
        assert_eq!(better(failed("x"), failed("b")), better(failed("b"), failed("x")));
    }

    #[test]
    fn margins_of_two_constraints_of_one_kind_have_two_names() {
        let constraints =
            ["ZeroWater", "InletTemperature(at_most: \"27 °C\")", "InletTemperature(at_most: \"32 °C\")"];
        let layout = Layout::new(&[], &constraints.map(str::to_owned), &[]);
        assert_eq!(
            margin_columns(&layout),
            ["margin_zero_water", "margin_inlet_temperature", "margin_inlet_temperature_2"]
        );
    }
}
