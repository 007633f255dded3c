//! What the analysis found as tables for programs: one number a cell, in full, by the names of columns.

use super::{Analysis, OfOutput, Sensitivity, best::Best};
use crate::SweepError;
use crate::merge::Merged;
use crate::outputs::unit;
use crate::plan::{Entry, Plan};
use crate::row;
use study::write::{Column, Table, Values};

/// Name and version of the layout of these tables.
pub const SCHEMA: &str = "isotherm.sweep.analysis.table/1";

/// The tables, each with the name of its file: `outputs`, `sensitivity`, `best` and `front` where the study says what is
/// good, and `generations` of a search.
///
/// # Errors
/// [`SweepError::Table`], a fault of the program.
pub fn tables(
    plan: &Plan,
    merged: &Merged,
    analysis: &Analysis,
) -> Result<Vec<(&'static str, Table)>, SweepError> {
    let mut all = vec![("outputs", outputs(analysis)?), ("sensitivity", sensitivity(plan, analysis)?)];
    if let Some(best) = &analysis.best {
        all.push(("best", ranked(plan, merged, best, &best.first)?));
        all.push(("front", ranked(plan, merged, best, &best.front)?));
    }
    if !analysis.course.is_empty() {
        let columns = vec![
            integers("generation", "Generation, from 1.", analysis.course.iter().map(|(k, _)| *k)),
            Column::numbers(
                "volume",
                "1",
                "Volume that the cases so far dominate, as a share of the last.",
                analysis.course.iter().map(|(_, share)| *share).collect(),
            ),
        ];
        all.push(("generations", Table::new(SCHEMA, columns)?));
    }
    Ok(all)
}

fn integers(name: &str, description: &str, values: impl IntoIterator<Item = usize>) -> Column {
    Column::integers(name, "", description, values.into_iter().map(|n| n as i64))
}

fn outputs(analysis: &Analysis) -> Result<Table, SweepError> {
    let of = &analysis.outputs;
    let share = |k: usize| of.iter().map(|output| output.percentiles[k]).collect();
    let number =
        |name: &str, description: &str, values: Vec<f64>| Column::numbers(name, "", description, values);
    let columns = vec![
        Column::text("output", "Column of the figure.", of.iter().map(|o| o.output.clone())),
        Column::text("unit", "Unit of the figure.", of.iter().map(|o| unit(&o.output).into_owned())),
        integers("cases", "Cases that have it.", of.iter().map(|o| o.cases)),
        number("p5", "5 % of the cases lie below.", share(0)),
        number("p50", "Half of the cases lie below.", share(1)),
        number("p95", "95 % of the cases lie below.", share(2)),
        number(
            "chance",
            "The swing that chance alone would give, where cases are drawn by it.",
            of.iter().map(|o| o.chance.unwrap_or(f64::NAN)).collect(),
        ),
    ];
    Ok(Table::new(SCHEMA, columns)?)
}

/// One row for each output and parameter; columns that the sampler of the study gives.
fn sensitivity(plan: &Plan, analysis: &Analysis) -> Result<Table, SweepError> {
    let id = |place: usize| plan.study.parameters[place].id.clone();
    let mut texts: [Vec<Option<String>>; 3] = Default::default();
    let mut row = |output: &OfOutput, place: usize, within: Option<&String>| {
        texts[0].push(Some(output.output.clone()));
        texts[1].push(Some(id(place)));
        texts[2].push(within.cloned());
    };
    let mut numbers: Vec<(&'static str, &'static str, Vec<f64>)> = Vec::new();
    let mut words: Vec<(&'static str, &'static str, Vec<Option<String>>)> = Vec::new();
    let mut put = |name: &'static str, description: &'static str, value: f64| match numbers
        .iter_mut()
        .find(|column| column.0 == name)
    {
        Some(column) => column.2.push(value),
        None => numbers.push((name, description, vec![value])),
    };
    let mut say = |name: &'static str, description: &'static str, value: &str| match words
        .iter_mut()
        .find(|column| column.0 == name)
    {
        Some(column) => column.2.push(Some(value.to_owned())),
        None => words.push((name, description, vec![Some(value.to_owned())])),
    };
    for output in &analysis.outputs {
        match &output.sensitivity {
            Sensitivity::Nothing | Sensitivity::TooFew | Sensitivity::Searched => {}
            Sensitivity::Swings(swings) => {
                for swing in swings {
                    row(output, swing.parameter, swing.within.as_ref());
                    put("swing", "Largest mean of a part of the cases less the smallest.", swing.size());
                    put("low_mean", "The smallest mean.", swing.low.1);
                    put("high_mean", "The largest mean.", swing.high.1);
                    say("low_at", "Where the parameter then is.", &swing.low.0);
                    say("high_at", "Where the parameter then is.", &swing.high.0);
                }
            }
            Sensitivity::Morris(effects) => {
                for (place, effect) in effects.iter().enumerate() {
                    row(output, place, None);
                    put("mu_star", "Mean size of the elementary effects.", effect.mean_size);
                    put("mu_star_low", "Lower end of its 95 % interval.", effect.interval.0);
                    put("mu_star_high", "Upper end.", effect.interval.1);
                    put("mu", "Mean of the elementary effects.", effect.mean);
                    put("sigma", "Their standard deviation.", effect.deviation);
                    put("paths", "Paths that gave one.", effect.paths as f64);
                }
            }
            Sensitivity::Sobol(indices) => {
                for (place, index) in indices.iter().enumerate() {
                    row(output, place, None);
                    put(
                        "first",
                        "Share of the variance by the parameter alone, where it is larger than its interval is wide.",
                        index.first_known().unwrap_or(f64::NAN),
                    );
                    put("first_low", "Lower end of its 95 % interval.", index.first_interval.0);
                    put("first_high", "Upper end.", index.first_interval.1);
                    put(
                        "total",
                        "Share of the variance with all interactions, likewise.",
                        index.total_known().unwrap_or(f64::NAN),
                    );
                    put("total_low", "Lower end of its 95 % interval.", index.total_interval.0);
                    put("total_high", "Upper end.", index.total_interval.1);
                    put("base", "Base points with all their cases.", index.base as f64);
                }
            }
        }
    }
    let [output, parameter, within] = texts;
    let text = |name: &str, description: &str, values: Vec<Option<String>>| Column {
        name: name.to_owned(),
        unit: "".into(),
        description: description.to_owned(),
        values: Values::Text(values),
    };
    let mut columns = vec![
        text("output", "Column of the figure.", output),
        text("parameter", "Id of the parameter.", parameter),
        text("within", "Option within which it was looked at.", within),
    ];
    columns.extend(words.into_iter().map(|(name, description, values)| text(name, description, values)));
    columns.extend(
        numbers.into_iter().map(|(name, description, values)| Column::numbers(name, "", description, values)),
    );
    Ok(Table::new(SCHEMA, columns)?)
}

/// Cases in the order of their rank, with all that is known of them.
fn ranked(
    plan: &Plan,
    merged: &Merged,
    best: &Best,
    list: &[(usize, Vec<f64>)],
) -> Result<Table, SweepError> {
    let entries: Vec<&Entry> = list.iter().filter_map(|(number, _)| plan.entries.get(*number)).collect();
    let rows: Vec<Option<&row::Row>> = entries.iter().map(|entry| merged.rows.get(&entry.id)).collect();
    let by: Vec<String> =
        best.by.iter().map(|(name, less)| if *less { name.clone() } else { format!("-{name}") }).collect();
    let what = format!("Rank, by {}.", by.join(", then "));
    let mut columns = vec![integers("rank", &what, 1..=entries.len())];
    columns.extend(plan.columns(&entries));
    columns.extend(row::columns(&rows, &plan.layout));
    Ok(Table::new(SCHEMA, columns)?)
}
