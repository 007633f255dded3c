//! `isotherm sweep plan`: what will be calculated, and what that will cost.

use super::{cases, fail, shown, sized, spoken};
use crate::interrupt;
use crate::output;
use crate::several::Board;
use engine::scenario::study_file::Sampler;
use engine::sweep::SweepError;
use engine::sweep::plan::{self, Planned};
use serde_json::{Map, Value, json};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

const SCHEMA: &str = "isotherm.sweep.plan/1";

/// Reads a study, runs its corners, and writes the list of all cases.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A study file, or the id of a built-in study (`isotherm catalogue studies`).
    #[arg(value_name = "STUDY")]
    study: PathBuf,

    /// The folder of the sweep.
    #[arg(short, long, value_name = "DIR")]
    out: PathBuf,

    /// Takes the place of another plan in that folder. Results of cases that are in both are kept.
    #[arg(long)]
    force: bool,

    /// Prints one JSON object `{schema, ok, data, diagnostics}` instead of text.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn main(arguments: &Arguments) -> Result<(), u8> {
    let refused = |error: SweepError| fail(SCHEMA, arguments.json, &error);
    let study = plan::load(&arguments.study).map_err(refused)?;
    let inputs = inputs(&arguments.study);
    let interrupt = interrupt::listen(false);
    let board = Board::new(interrupt, !arguments.json && std::io::stderr().is_terminal());
    let planned = plan::plan(&arguments.out, study, inputs, arguments.force, &board).map_err(refused)?;
    if arguments.json {
        let warnings = planned.refused.iter().map(output::diagnostic).collect();
        output::answer(SCHEMA, data(&planned, &arguments.out), warnings);
    } else {
        output::problems(&planned.refused);
        output::data(&text(&planned, &arguments.out));
    }
    Ok(())
}

/// The folder in which files that the study names are sought; nothing for a built-in study.
fn inputs(study: &Path) -> Option<PathBuf> {
    if !study.is_file() {
        return None;
    }
    let folder = study.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Some(folder.canonicalize().unwrap_or_else(|_| folder.to_owned()))
}

fn text(planned: &Planned, out: &Path) -> String {
    let (plan, study) = (&planned.plan, &planned.plan.study);
    let mut text = String::new();
    let mut line = |line: String| {
        text.push_str(line.trim_end());
        text.push('\n');
    };
    line(if study.title.is_empty() { study.id.clone() } else { study.title.clone() });
    if !study.question.is_empty() {
        line(study.question.clone());
    }
    line(String::new());
    for (id, values) in plan::described(study) {
        line(format!("  {id:<20}{}", shortened(&values)));
    }
    line(String::new());
    let repeated = plan.entries.len() - plan.cases();
    let twins = plan.entries.len() - plan.distinct().len();
    let mut counts = match plan.generations() {
        None => format!("  {}, sampler {}", cases(plan.cases()), study.sampler.name()),
        Some((_, of)) => format!("  {} in each of {of} generations, sampler Nsga2", cases(plan.cases())),
    };
    if repeated > 0 {
        counts.push_str(&format!("; {repeated} of them in dynamic steps as well"));
    }
    if twins > 0 {
        counts.push_str(&format!("; {twins} have the inputs of another and are calculated once"));
    }
    line(counts);
    if let Some((what, count)) = uneven(&study.sampler) {
        let (below, above) = (count.next_power_of_two() / 2, count.next_power_of_two());
        line(format!("  {what} {count} is no power of two: {below} or {above} would be spread more evenly"));
    }
    for corner in &planned.corners {
        let result = match &corner.result {
            Ok(seconds) => spoken(*seconds),
            Err(why) => format!("fails: {why}"),
        };
        line(format!("  corner {:<10}{result}", corner.name));
    }
    if let Some(estimate) = plan.estimate {
        line(format!("  about {} of CPU time, {} on disk", spoken(estimate.seconds), sized(estimate.bytes)));
    }
    line(String::new());
    line(format!("  Planned in {}; now: isotherm sweep run {}", shown(out), shown(out)));
    text
}

/// What should be a power of two, and is not.
const fn uneven(sampler: &Sampler) -> Option<(&'static str, usize)> {
    match *sampler {
        Sampler::Sobol { cases, .. } if !cases.is_power_of_two() => Some(("cases:", cases)),
        Sampler::Saltelli { base, .. } if !base.is_power_of_two() => Some(("base:", base)),
        _ => None,
    }
}

fn shortened(text: &str) -> String {
    const MOST: usize = 76;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST - 1).chain(std::iter::once('…')).collect()
}

fn data(planned: &Planned, out: &Path) -> Value {
    let plan = &planned.plan;
    let corners: Vec<Value> = (planned.corners.iter())
        .map(|corner| {
            json!({
                "name": corner.name,
                "values": corner.values.iter().map(|(id, value)| (id.clone(), json!(value))).collect::<Map<_, _>>(),
                "seconds": corner.result.as_ref().ok(),
                "failure": corner.result.as_ref().err(),
            })
        })
        .collect();
    json!({
        "folder": shown(out),
        "study": plan.study.id,
        "sampler": plan.study.sampler.name(),
        "cases": plan.cases(),
        "dynamic": plan.entries.len() - plan.cases(),
        "distinct": plan.distinct().len(),
        "expected": plan.expected(),
        "outputs": plan.layout.outputs.iter().map(|output| &output.path).collect::<Vec<_>>(),
        "constraints": plan.layout.constraints,
        "corners": corners,
        "estimate": plan.estimate.map(|estimate| json!({
            "seconds_per_case": estimate.seconds_per_case,
            "seconds": estimate.seconds,
            "bytes": estimate.bytes,
        })),
    })
}
