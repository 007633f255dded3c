//! `isotherm sweep analyze`: what matters, and which cases are best.

use super::{Folder, cases, fail};
use crate::output;
use engine::report::{html, sweeps};
use engine::study::write::json::number;
use engine::study::write::{WriteError, csv, parquet, write_whole, write_with};
use engine::sweep::SweepError;
use engine::sweep::analyze::best::Best;
use engine::sweep::analyze::tables::tables;
use engine::sweep::analyze::{Analysis, OfOutput, Sensitivity, analyze};
use engine::sweep::merge::{self, Merged};
use engine::sweep::plan::Plan;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

const SCHEMA: &str = "isotherm.sweep.analysis/1";

/// Says which parameters matter, and which cases are best under the constraints.
///
/// Of paths of Morris the elementary effects, of pairs of Saltelli the Sobol indices with their intervals, of any other
/// sample how the mean follows each parameter.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    folder: Folder,

    /// Analyses this figure, by its column or its path; may be given several times. Default all.
    #[arg(long = "output", value_name = "FIGURE")]
    outputs: Vec<String>,

    /// Writes one HTML file that needs nothing beside it: the best cases, front, lines and bars with their tables.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// Writes the tables outputs, sensitivity, best and front as comma-separated values.
    #[arg(long, value_name = "DIR")]
    csv: Option<PathBuf>,

    /// Writes the same tables as Parquet.
    #[arg(long, value_name = "DIR")]
    parquet: Option<PathBuf>,
}

/// Runs the command.
pub fn main(arguments: &Arguments) -> Result<(), u8> {
    let folder = &arguments.folder;
    let plan = folder.open(SCHEMA)?;
    let refused = |error: SweepError| fail(SCHEMA, folder.json, &error);
    let merged = merge::read(&plan).map_err(refused)?;
    let analysis = analyze(&plan, &merged, &arguments.outputs).map_err(refused)?;
    let written = write(arguments, &plan, &merged, &analysis).map_err(refused)?;
    let files: Vec<String> = written.iter().map(|path| path.display().to_string()).collect();
    if folder.json {
        let mut data = data(&plan, &analysis);
        data["files"] = json!(files);
        output::answer(SCHEMA, data, Vec::new());
    } else {
        let mut text = text(&plan, &analysis);
        for file in files {
            text.push_str(&format!("{file}\n"));
        }
        output::data(&text);
    }
    Ok(())
}

/// Writes the files that are asked for, each whole or not at all.
fn write(
    arguments: &Arguments,
    plan: &Plan,
    merged: &Merged,
    analysis: &Analysis,
) -> Result<Vec<PathBuf>, SweepError> {
    let mut files = Vec::new();
    if arguments.csv.is_some() || arguments.parquet.is_some() {
        let tables = tables(plan, merged, analysis)?;
        for (folder, form) in [(&arguments.csv, "csv"), (&arguments.parquet, "parquet")] {
            let Some(folder) = folder else { continue };
            made(folder)?;
            for (name, table) in &tables {
                let path = folder.join(format!("{name}.{form}"));
                write_with(&path, |sink| match form {
                    "csv" => csv::write(table, sink),
                    _ => parquet::write(table, sink),
                })?;
                files.push(path);
            }
        }
    }
    if let Some(path) = &arguments.html {
        let document = sweeps::make(plan, merged, analysis);
        let page = html::text(&document, None).map_err(|error| SweepError::Unanswered(error.to_string()))?;
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            made(folder)?;
        }
        write_whole(path, page.as_bytes())?;
        files.push(path.clone());
    }
    Ok(files)
}

fn made(folder: &Path) -> Result<(), SweepError> {
    let failed = |source| WriteError::CannotCreate { path: folder.to_owned(), source };
    Ok(std::fs::create_dir_all(folder).map_err(failed)?)
}

/// Characters of the longest bar.
const BAR: f64 = 24.0;
/// Cases of a front that are listed.
const FRONT: usize = 20;

fn text(plan: &Plan, analysis: &Analysis) -> String {
    let mut text = String::new();
    for output in &analysis.outputs {
        text.push_str(&of_output(plan, output));
        text.push('\n');
    }
    if let Some(best) = &analysis.best {
        text.push_str(&of_best(plan, best));
    } else {
        text.push_str("No case is the best: the study does not say in `minimise` what is to be small.\n");
    }
    if !analysis.course.is_empty() {
        text.push_str("Searched, not drawn: what is best is told, not what matters.\n");
    }
    if let [.., (_, before), (last, _)] = analysis.course.as_slice()
        && before.is_finite()
    {
        let added = 100.0 * (1.0 - before);
        text.push_str(&format!(
            "Of the volume that the front dominates, generation {last} added {added:.2} %.\n"
        ));
    }
    text
}

fn shown(value: f64) -> String {
    match value.abs() {
        v if v.is_nan() => "–".to_owned(),
        v if v != 0.0 && v < 1e-3 => format!("{value:.2e}"),
        v if v < 10.0 => format!("{value:.4}"),
        v if v < 1e4 => format!("{value:.2}"),
        _ => format!("{value:.0}"),
    }
}

fn bar(share: f64) -> String {
    "█".repeat((share.clamp(0.0, 1.0) * BAR).round() as usize)
}

fn of_output(plan: &Plan, output: &OfOutput) -> String {
    if output.percentiles.iter().any(|value| value.is_nan()) {
        return format!("{}   no case has it\n", output.output);
    }
    let [low, middle, high] = output.percentiles.map(shown);
    let mut text = format!("{}   median {middle}, 5 % to 95 % {low} to {high}\n", output.output);
    let id = |place: usize| plan.study.parameters[place].id.as_str();
    match &output.sensitivity {
        Sensitivity::Nothing => text.push_str("  the same in all cases\n"),
        Sensitivity::TooFew => text.push_str("  too few cases are calculated to say what moves it\n"),
        Sensitivity::Searched => {}
        Sensitivity::Swings(swings) => {
            let most = swings.first().map_or(1.0, |swing| swing.size()).max(f64::MIN_POSITIVE);
            for swing in swings {
                let name = match &swing.within {
                    Some(option) => format!("{} ({option})", id(swing.parameter)),
                    None => id(swing.parameter).to_owned(),
                };
                text.push_str(&format!(
                    "  {name:<22}{:>10}  {:<24} {} at {}, {} at {}\n",
                    shown(swing.size()),
                    bar(swing.size() / most),
                    shown(swing.low.1),
                    swing.low.0,
                    shown(swing.high.1),
                    swing.high.0
                ));
            }
            if let Some(chance) = output.chance {
                text.push_str(&format!("  differences below {} may be chance\n", shown(chance)));
            }
        }
        Sensitivity::Morris(effects) => {
            text.push_str(
                "                                μ*          95 %                     μ           σ\n",
            );
            let mut order: Vec<usize> = (0..effects.len()).collect();
            order.sort_by(|&a, &b| effects[b].mean_size.total_cmp(&effects[a].mean_size));
            for place in order {
                let effect = &effects[place];
                text.push_str(&format!(
                    "  {:<22}{:>12}  {:>10} to {:<10}{:>12}{:>12}\n",
                    id(place),
                    shown(effect.mean_size),
                    shown(effect.interval.0),
                    shown(effect.interval.1),
                    shown(effect.mean),
                    shown(effect.deviation)
                ));
            }
        }
        Sensitivity::Sobol(indices) => {
            text.push_str("                          alone   95 %                  with all others   95 %\n");
            let mut order: Vec<usize> = (0..indices.len()).collect();
            order.sort_by(|&a, &b| indices[b].total.total_cmp(&indices[a].total));
            let mut unsure = false;
            for place in order {
                let index = &indices[place];
                let mut one = |known: Option<f64>, bound: f64, (low, high): (f64, f64)| match known {
                    Some(value) => format!("{value:>9.3}  {:<20}", format!("{low:.3} to {high:.3}")),
                    None => {
                        unsure |= bound > 0.1;
                        format!("{:>9}  {:<20}", format!("< {bound:.2}"), "")
                    }
                };
                let first = one(index.first_known(), index.first_bound(), index.first_interval);
                let total = one(index.total_known(), index.total_bound(), index.total_interval);
                text.push_str(&format!("  {:<20}{first}{total}\n", id(place)));
            }
            if unsure {
                let base = indices.first().map_or(0, |index| index.base);
                text.push_str(&format!(
                    "  some are not known better than to a tenth from {base} base points: take four times as many\n"
                ));
            }
        }
    }
    text
}

fn of_best(plan: &Plan, best: &Best) -> String {
    let names: Vec<String> =
        best.by.iter().map(|(name, less)| if *less { name.clone() } else { format!("-{name}") }).collect();
    let by = names.join(", then ");
    let mut text = match (best.eligible, plan.layout.constraints.is_empty()) {
        (0, _) => return none_best(best, &by),
        (1, false) => format!("Best by {by}, of 1 case that meets all constraints\n"),
        (count, false) => format!("Best by {by}, of {count} cases that meet all constraints\n"),
        (count, true) => format!("Best by {by}, of {} with figures\n", cases(count)),
    };
    lines(plan, &best.first, &mut text);
    if best.by.len() > 1 {
        let unbeaten = cases(best.front.len());
        text.push_str(&format!("Not beaten in one figure without loss in another: {unbeaten}\n"));
        lines(plan, &best.front[..best.front.len().min(FRONT)], &mut text);
        if best.front.len() > FRONT {
            text.push_str(&format!("  and {} more\n", best.front.len() - FRONT));
        }
    }
    text
}

/// Why no case is the best.
fn none_best(best: &Best, by: &str) -> String {
    if !best.without.is_empty() {
        return format!("Best by {by}: no case has {}\n", best.without.join(" or "));
    }
    let mut text = format!("Best by {by}: no case meets all constraints\n");
    for constraint in &best.constraints {
        let nearest = match constraint.nearest {
            Some((case, margin)) if margin < 0.0 => {
                format!("; case {case} comes nearest and misses it by {}", shown(-margin))
            }
            _ => String::new(),
        };
        text.push_str(&format!("  {}  met by {}{nearest}\n", constraint.written, cases(constraint.met)));
    }
    text
}

fn lines(plan: &Plan, list: &[(usize, Vec<f64>)], text: &mut String) {
    for (number, figures) in list {
        let figures: String = figures.iter().map(|&value| format!("{:>11}", shown(value))).collect();
        text.push_str(&format!("  case {number:<6}{figures}   {}\n", values(plan, *number).join(", ")));
    }
}

/// The values of a case, as written.
fn values(plan: &Plan, number: usize) -> Vec<String> {
    let Some(entry) = plan.entries.get(number) else { return Vec::new() };
    (0..entry.values.len()).map(|place| plan.study.written(place, &entry.values)).collect()
}

fn data(plan: &Plan, analysis: &Analysis) -> Value {
    let id = |place: usize| plan.study.parameters[place].id.as_str();
    let pair = |(low, high): (f64, f64)| json!([number(low), number(high)]);
    let of = |output: &OfOutput| {
        let parameters: Vec<Value> = match &output.sensitivity {
            Sensitivity::Nothing | Sensitivity::TooFew | Sensitivity::Searched => Vec::new(),
            Sensitivity::Swings(swings) => (swings.iter())
                .map(|swing| {
                    json!({
                        "parameter": id(swing.parameter),
                        "within": swing.within,
                        "swing": number(swing.size()),
                        "low": { "at": swing.low.0, "mean": number(swing.low.1) },
                        "high": { "at": swing.high.0, "mean": number(swing.high.1) },
                    })
                })
                .collect(),
            Sensitivity::Morris(effects) => (effects.iter().enumerate())
                .map(|(place, effect)| {
                    json!({
                        "parameter": id(place),
                        "mu_star": number(effect.mean_size),
                        "mu_star_interval": pair(effect.interval),
                        "mu": number(effect.mean),
                        "sigma": number(effect.deviation),
                        "paths": effect.paths,
                    })
                })
                .collect(),
            Sensitivity::Sobol(indices) => (indices.iter().enumerate())
                .map(|(place, index)| {
                    json!({
                        "parameter": id(place),
                        "first": index.first_known().map(number),
                        "first_interval": pair(index.first_interval),
                        "total": index.total_known().map(number),
                        "total_interval": pair(index.total_interval),
                        "base": index.base,
                    })
                })
                .collect(),
        };
        let [p5, p50, p95] = output.percentiles.map(number);
        json!({
            "output": output.output,
            "cases": output.cases,
            "p5": p5,
            "p50": p50,
            "p95": p95,
            "chance": output.chance.map(number),
            "parameters": parameters,
        })
    };
    let list = |list: &[(usize, Vec<f64>)], by: &[(String, bool)]| -> Vec<Value> {
        list.iter()
            .map(|(case, figures)| {
                let figures: Map<String, Value> =
                    by.iter().zip(figures).map(|((name, _), &value)| (name.clone(), number(value))).collect();
                let values: Map<String, Value> = (plan.study.parameters.iter())
                    .zip(values(plan, *case))
                    .map(|(parameter, value)| (parameter.id.clone(), json!(value)))
                    .collect();
                json!({ "case": case, "figures": figures, "values": values })
            })
            .collect()
    };
    json!({
        "sampler": plan.study.sampler.name(),
        "outputs": analysis.outputs.iter().map(of).collect::<Vec<_>>(),
        "generations": analysis.course.iter().map(|(k, share)| json!({ "generation": k, "volume": number(*share) })).collect::<Vec<_>>(),
        "best": analysis.best.as_ref().map(|best| json!({
            "by": best.by.iter().map(|(name, less)| json!({ "output": name, "less_is_better": less })).collect::<Vec<_>>(),
            "eligible": best.eligible,
            "without": best.without,
            "constraints": best.constraints.iter().map(|constraint| json!({
                "constraint": constraint.written,
                "met": constraint.met,
                "nearest": constraint.nearest.map(|(case, margin)| json!({ "case": case, "margin": number(margin) })),
            })).collect::<Vec<_>>(),
            "first": list(&best.first, &best.by),
            "front": list(&best.front, &best.by),
        })),
    })
}
