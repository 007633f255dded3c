//! `isotherm sweep status`: how far a sweep is.

use super::{Folder, cases, fail, shown, sized};
use crate::output;
use engine::sweep::status::status;
use serde_json::json;

const SCHEMA: &str = "isotherm.sweep.status/1";

/// Counts what is done, what failed and what is missing.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    folder: Folder,
}

/// Runs the command.
pub fn main(arguments: &Arguments) -> Result<(), u8> {
    let folder = &arguments.folder;
    let plan = folder.open(SCHEMA)?;
    let status = status(&plan).map_err(|error| fail(SCHEMA, folder.json, &error))?;
    if folder.json {
        let failures = status
            .failures
            .iter()
            .map(|(code, count, message)| json!({ "code": code, "cases": count, "first": message }));
        let running =
            status.running.iter().map(|(shard, holder)| json!({ "shard": shard, "holder": holder }));
        let data = json!({
            "cases": status.of,
            "ok": status.ok,
            "failed": status.failed,
            "missing": status.missing,
            "bytes": status.bytes,
            "torn": status.torn,
            "others": status.others,
            "running": running.collect::<Vec<_>>(),
            "failures": failures.collect::<Vec<_>>(),
            "generations": plan.generations().map(|(done, of)| json!({ "done": done, "of": of })),
        });
        output::answer(SCHEMA, data, Vec::new());
        return Ok(());
    }
    let twins = plan.entries.len() > status.of;
    let mut text = format!(
        "{}: {}{}, {} done, {} failed, {} missing; {} on disk\n",
        shown(&folder.folder),
        cases(status.of),
        if twins { " with inputs of their own" } else { "" },
        status.ok,
        status.failed,
        status.missing,
        sized(status.bytes as f64)
    );
    if let Some((done, of)) = plan.generations() {
        text.push_str(&format!("  {done} of {of} generations are complete\n"));
    }
    for (shard, holder) in &status.running {
        text.push_str(&format!("  shard {shard} is being calculated by {holder}\n"));
    }
    if status.torn > 0 {
        text.push_str(&format!(
            "  {} part(s) are not as they were written: isotherm sweep run puts them aside and calculates their cases again\n",
            status.torn
        ));
    }
    if status.others > 0 {
        text.push_str(&format!(
            "  {} part(s) are of another plan, which kept other figures: they do not count, and may be removed\n",
            status.others
        ));
    }
    for (code, count, message) in &status.failures {
        text.push_str(&format!("  {code:<9}{count:>6}  {message}\n"));
    }
    output::data(&text);
    Ok(())
}
