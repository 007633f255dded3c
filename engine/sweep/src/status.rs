//! How far a sweep is: counts, by shard folder, and what failed.

use crate::part;
use crate::plan::Plan;
use crate::shard::Lock;
use crate::{SweepError, folder};
use std::collections::BTreeMap;

/// How far a sweep is.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    /// Distinct cases, those that are repeated dynamically among them.
    pub of: usize,
    /// With figures.
    pub ok: usize,
    /// Without.
    pub failed: usize,
    /// Not calculated yet.
    pub missing: usize,
    /// Results on disk [bytes].
    pub bytes: u64,
    /// Parts that are not as they were written, and wait to be put aside.
    pub torn: usize,
    /// Parts of a plan that was replaced and kept other figures; they do not count.
    pub others: usize,
    /// Shards that are being calculated, and by whom.
    pub running: Vec<(usize, String)>,
    /// What failed: code, how often, and the first message in alphabetical order.
    pub failures: Vec<(String, usize, String)>,
}

/// Counts.
///
/// # Errors
/// Parts that cannot be read.
pub fn status(plan: &Plan) -> Result<Status, SweepError> {
    let committed = part::read(&plan.folder, &plan.layout)?;
    let entries = plan.distinct();
    let (mut ok, mut failed) = (0, 0);
    let mut failures: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for row in entries.iter().filter_map(|entry| committed.rows.get(&entry.id)) {
        match &row.result {
            Ok(_) => ok += 1,
            Err(failure) => {
                failed += 1;
                let kind = failures.entry(failure.code.clone()).or_insert((0, failure.message.clone()));
                kind.0 += 1;
                if failure.message < kind.1 {
                    kind.1.clone_from(&failure.message);
                }
            }
        }
    }
    let running = folder::shards(&plan.folder)?
        .into_iter()
        .filter_map(|(index, path)| Lock::holder(&path).map(|holder| (index, holder)))
        .collect();
    Ok(Status {
        of: entries.len(),
        ok,
        failed,
        missing: entries.len() - ok - failed,
        bytes: committed.bytes,
        torn: committed.torn.len(),
        others: committed.others.len(),
        running,
        failures: failures.into_iter().map(|(code, (count, message))| (code, count, message)).collect(),
    })
}
