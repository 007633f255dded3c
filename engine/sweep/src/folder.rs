//! What lies where in the folder of a sweep.
//!
//! ```text
//! plan.json plan.parquet study.ron        the plan
//! results/shard=K/part-NNNNN-HASH.parquet committed rows; HASH is the BLAKE3 of the file
//! results/shard=K/lock                    who calculates shard K
//! results/shard=K/*.torn                  parts that were not as they had been written
//! cases.parquet cases.csv                 what merge puts together
//! ```

use crate::SweepError;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub(crate) const PLAN: &str = "plan.json";
pub(crate) const TABLE: &str = "plan.parquet";
pub(crate) const CASES: &str = "cases.parquet";
pub(crate) const CASES_CSV: &str = "cases.csv";
const RESULTS: &str = "results";
const SHARD: &str = "shard=";

/// The folder of a shard's parts.
pub(crate) fn shard(folder: &Path, index: usize) -> PathBuf {
    folder.join(RESULTS).join(format!("{SHARD}{index}"))
}

/// The folders of shards that are there, by their number.
pub(crate) fn shards(folder: &Path) -> Result<Vec<(usize, PathBuf)>, SweepError> {
    let results = folder.join(RESULTS);
    let mut found: Vec<(usize, PathBuf)> = names(&results)?
        .into_iter()
        .filter_map(|name| Some((name.strip_prefix(SHARD)?.parse().ok()?, results.join(name))))
        .collect();
    found.sort();
    Ok(found)
}

/// The names in a folder, sorted; none where there is no folder.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>, SweepError> {
    let unreadable = |source| SweepError::Unreadable { path: folder.to_owned(), source };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(unreadable)?;
        names.extend(entry.file_name().into_string().ok());
    }
    names.sort();
    Ok(names)
}

/// BLAKE3 of a file.
pub(crate) fn hash(path: &Path) -> Result<String, SweepError> {
    let unreadable = |source| SweepError::Unreadable { path: path.to_owned(), source };
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(fs::File::open(path).map_err(unreadable)?).map_err(unreadable)?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// Reads a file of at most 64 MiB.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, SweepError> {
    use std::io::Read;
    const MOST: u64 = 64 << 20;
    let unreadable = |source| SweepError::Unreadable { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    fs::File::open(path).map_err(unreadable)?.take(MOST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MOST {
        let reason = "it is longer than 64 MiB".to_owned();
        return Err(SweepError::Malformed { path: path.to_owned(), reason });
    }
    Ok(bytes)
}
