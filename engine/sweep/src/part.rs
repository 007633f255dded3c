//! Parts: rows that were committed together, in a file that is there whole or not at all.
//!
//! The file's name holds the BLAKE3 of its content, so that one which was torn, truncated or edited is known without
//! being understood.

use crate::outputs::Layout;
use crate::row::{self, Row, better};
use crate::{PART_SCHEMA, SweepError, folder};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use study::write::{Column, Table, WriteError, parquet, write_whole};

const ENDING: &str = ".parquet";
const BEGIN: &str = "part-";
/// Hexadecimal digits of the hash in a name.
const DIGITS: usize = 16;

/// Writes rows as the part of that number.
pub(crate) fn commit(shard: &Path, number: usize, rows: &[Row], layout: &Layout) -> Result<u64, SweepError> {
    let bytes = bytes(rows, layout)?;
    let name = format!("{BEGIN}{number:05}-{}{ENDING}", digits(&bytes));
    Ok(write_whole(&shard.join(name), &bytes)?.bytes)
}

/// Rows as they are written.
pub(crate) fn bytes(rows: &[Row], layout: &Layout) -> Result<Vec<u8>, SweepError> {
    let ids = rows.iter().map(|row| row.id.clone());
    let mut columns = vec![Column::text("case_id", "BLAKE3 of the resolved inputs.", ids)];
    let rows: Vec<Option<&Row>> = rows.iter().map(Some).collect();
    columns.extend(row::columns(&rows, layout));
    let table = Table::new(PART_SCHEMA, columns)?;
    let mut bytes = Vec::new();
    parquet::write(&table, &mut bytes)
        .map_err(|source| WriteError::Failed { path: "a part in memory".into(), source })?;
    Ok(bytes)
}

fn digits(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().chars().take(DIGITS).collect()
}

/// What is committed.
#[derive(Debug, Default)]
pub(crate) struct Committed {
    /// Rows by id, the better one where there are several.
    pub rows: BTreeMap<String, Row>,
    /// Parts that are not as they were written.
    pub torn: Vec<PathBuf>,
    /// Parts that do not hold all that the plan keeps: of one that was replaced.
    pub others: Vec<PathBuf>,
    /// Bytes of the parts.
    pub bytes: u64,
    /// Number of the next part of each shard.
    pub next: BTreeMap<usize, usize>,
}

/// Reads all parts of a sweep.
pub(crate) fn read(sweep: &Path, layout: &Layout) -> Result<Committed, SweepError> {
    let mut committed = Committed::default();
    for (index, shard) in folder::shards(sweep)? {
        for name in folder::names(&shard)? {
            let Some((number, hash)) = parts_of(&name) else { continue };
            let next = committed.next.entry(index).or_default();
            *next = (*next).max(number + 1);
            let path = shard.join(&name);
            let content = match folder::read(&path) {
                // Another process may have put it aside meanwhile.
                Err(SweepError::Unreadable { source, .. })
                    if source.kind() == std::io::ErrorKind::NotFound =>
                {
                    continue;
                }
                other => other?,
            };
            if digits(&content) != hash {
                committed.torn.push(path);
                continue;
            }
            committed.bytes += content.len() as u64;
            let malformed = |reason: String| SweepError::Malformed { path: path.clone(), reason };
            let table = study::read::open_table(&shard, &name, PART_SCHEMA)?;
            if !row::holds(&table, layout) {
                committed.others.push(path);
                continue;
            }
            for row in row::read(&table, layout, &malformed)? {
                let row = match committed.rows.remove(&row.id) {
                    Some(other) => better(other, row),
                    None => row,
                };
                committed.rows.insert(row.id.clone(), row);
            }
        }
    }
    Ok(committed)
}

/// Number and hash of a part's name.
fn parts_of(name: &str) -> Option<(usize, &str)> {
    let (number, hash) = name.strip_prefix(BEGIN)?.strip_suffix(ENDING)?.split_once('-')?;
    Some((number.parse().ok()?, hash))
}

/// Puts a part aside that is not as it was written; readers of `*.parquet` no longer see it.
pub(crate) fn quarantine(path: &Path) -> Result<(), SweepError> {
    let mut aside = path.as_os_str().to_owned();
    aside.push(".torn");
    fs::rename(path, aside).map_err(|source| WriteError::Failed { path: path.to_owned(), source }.into())
}

/// Takes away what a process that was killed had half written in a shard that is locked.
pub(crate) fn clear_temporary(shard: &Path) -> Result<(), SweepError> {
    for name in folder::names(shard)? {
        if name.starts_with(&format!(".{BEGIN}")) && name.ends_with(".tmp") {
            // Where it cannot be removed it stays, and is no part.
            let _ = fs::remove_file(shard.join(name));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::{Failure, Figures};

    fn layout() -> Layout {
        Layout::new(&["metrics.pue".into(), "metrics.erf".into()], &["ZeroWater".into()], &[])
    }

    fn rows() -> Vec<Row> {
        let fine = Figures { outputs: vec![1.25, f64::NAN], margins: vec![0.0], met: true };
        let failure = Failure { code: "ISO0800".into(), message: "stopped, \"热\"".into() };
        vec![Row { id: "b".into(), result: Ok(fine) }, Row { id: "a".into(), result: Err(failure) }]
    }

    #[test]
    fn rows_come_back_as_they_were_committed() {
        let sweep = tempfile::tempdir().unwrap();
        let shard = folder::shard(sweep.path(), 3);
        fs::create_dir_all(&shard).unwrap();
        commit(&shard, 0, &rows(), &layout()).unwrap();
        let read = read(sweep.path(), &layout()).unwrap();
        assert_eq!(read.next[&3], 1);
        let mut expected = rows();
        expected.reverse();
        assert_eq!(read.rows.into_values().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_torn_part_is_noticed_wherever_it_is_torn_and_put_aside() {
        let sweep = tempfile::tempdir().unwrap();
        let shard = folder::shard(sweep.path(), 0);
        fs::create_dir_all(&shard).unwrap();
        let whole = bytes(&rows(), &layout()).unwrap();
        let name = shard.join(format!("part-00000-{}.parquet", digits(&whole)));
        for length in (0..whole.len()).step_by(whole.len() / 7) {
            fs::write(&name, &whole[..length]).unwrap();
            let read = read(sweep.path(), &layout()).unwrap();
            assert_eq!((read.torn.len(), read.rows.len()), (1, 0), "{length} of {} bytes", whole.len());
        }
        quarantine(&name).unwrap();
        let read = read(sweep.path(), &layout()).unwrap();
        assert!(read.torn.is_empty() && read.next.is_empty());
    }
}
