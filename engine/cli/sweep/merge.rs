//! `isotherm sweep merge`: all shards in one table.

use super::{Folder, cases, fail, shown};
use crate::output;
use engine::study::write::json::number;
use engine::sweep::merge::{self, Merged};
use serde_json::json;

const SCHEMA: &str = "isotherm.sweep.merge/1";
/// Identifier of a sweep that was put together before all cases were there.
const INCOMPLETE: &str = "ISO0860";

/// Puts all parts together: cases.parquet and cases.csv, one row for each case, and the hash of all rows.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    folder: Folder,
}

/// Runs the command.
pub fn main(arguments: &Arguments) -> Result<(), u8> {
    let folder = &arguments.folder;
    let plan = folder.open(SCHEMA)?;
    let merged = merge::read(&plan).and_then(|merged| Ok((merge::write(&plan, &merged)?, merged)));
    let (paths, merged) = merged.map_err(|error| fail(SCHEMA, folder.json, &error))?;
    let files = paths.map(|path| path.display().to_string());
    let generations = plan.generations();
    let incomplete = incomplete(&merged, generations, folder);
    if folder.json {
        let mut data = data(&merged, &files);
        if let Some((done, of)) = generations {
            data["generations"] = json!({ "done": done, "of": of });
        }
        let warning = incomplete.map(|message| output::warning(INCOMPLETE, &message));
        output::answer(SCHEMA, data, warning.into_iter().collect());
    } else {
        output::data(&text(&merged, &files));
        if let Some(message) = incomplete {
            output::message(&format!("warning[{INCOMPLETE}]: {message}\n"));
        }
    }
    Ok(())
}

/// What to say where not everything is there that the sweep is to have.
fn incomplete(merged: &Merged, generations: Option<(usize, usize)>, folder: &Folder) -> Option<String> {
    let mut missing = Vec::new();
    if merged.missing > 0 {
        missing.push(format!("{} of {}", merged.missing, cases(merged.cases)));
    }
    if merged.missing_dynamic > 0 {
        missing.push(format!("{} in dynamic steps", cases(merged.missing_dynamic)));
    }
    if let Some((done, of)) = generations.filter(|(done, of)| done < of) {
        missing.push(format!("{} of {of} generations", of - done));
    }
    (!missing.is_empty()).then(|| {
        format!(
            "{} not calculated yet: table and hash are without; isotherm sweep run {}",
            missing.join(" and "),
            shown(&folder.folder)
        )
    })
}

fn data(merged: &Merged, files: &[String]) -> serde_json::Value {
    let differences = merged.differences.iter().map(|difference| {
        json!({
            "output": difference.output,
            "pairs": difference.pairs,
            "absolute": number(difference.absolute),
            "relative": number(difference.relative),
        })
    });
    let failures = merged.failures.iter().map(|(first, failure, count)| {
        json!({ "code": failure.code, "message": failure.message, "cases": count, "first": first })
    });
    json!({
        "hash": merged.hash,
        "cases": merged.cases,
        "ok": merged.ok,
        "failed": merged.failed,
        "missing": merged.missing,
        "missing_dynamic": merged.missing_dynamic,
        "met": merged.met,
        "files": files,
        "failures": failures.collect::<Vec<_>>(),
        "dynamic": differences.collect::<Vec<_>>(),
    })
}

/// Failures that are listed.
const LISTED: usize = 20;

fn text(merged: &Merged, files: &[String]) -> String {
    let mut text = format!("{}: {} with figures, {} failed", cases(merged.cases), merged.ok, merged.failed);
    if merged.missing > 0 {
        text.push_str(&format!(", {} missing", merged.missing));
    }
    if let Some(met) = merged.met {
        text.push_str(&format!("; {met} meet all constraints"));
    }
    text.push('\n');
    for (first, failure, count) in merged.failures.iter().take(LISTED) {
        text.push_str(&format!("  {:<9}{count:>5} ×  case {first}: {}\n", failure.code, failure.message));
    }
    if merged.failures.len() > LISTED {
        text.push_str(&format!("  and {} more kinds of failure\n", merged.failures.len() - LISTED));
    }
    if let Some(first) = merged.differences.first() {
        text.push_str(&format!(
            "\nQuasi-steady against dynamic steps, the largest of {} pairs\n",
            first.pairs
        ));
        for difference in &merged.differences {
            let relative = if difference.relative.is_finite() {
                format!("{:.3} %", 100.0 * difference.relative)
            } else {
                "–".to_owned()
            };
            text.push_str(&format!(
                "  {:<28}{:>12.4} {relative:>12}\n",
                difference.output, difference.absolute
            ));
        }
    }
    text.push_str(&format!("\nhash {}\n{}\n", merged.hash, files.join("\n")));
    text
}
