//! Reader of finished runs: what a report, a comparison and the viewer know of a run.
//!
//! [`Run::open`] reads manifest, summary and racks and looks at every file's fingerprint; [`Run::series`] then reads the
//! columns that are asked for, by name, and no other.
//!
//! # Absences
//!
//! * Nothing is computed again: what is read is what the run wrote.
//! * No file is trusted: one that is torn, edited or another program's is an error that names it. Sizes and counts that
//!   a file claims are held against limits before memory is taken.

mod columns;
mod error;
pub mod money;
pub mod pledges;
mod racks;
mod recorded;
mod summary;
pub mod temperatures;

pub use crate::metrics::Metrics;
pub use columns::{Described, Series, quiet_decoders};
pub use error::ReadError;
pub(crate) use recorded::described;
pub use recorded::{Recorded, Value};
pub use summary::{
    Carbon, Closure, Coded, Contract, Mode, NoteRead, Origin, Period, SkyRead, Statistics, Summary, Supply,
    Target, Tariff,
};
pub use temperatures::Temperatures;

use crate::racks::RackFigures;
use crate::report::{RACKS_SCHEMA, SERIES_SCHEMA};
use crate::write::{Difference, Fingerprint, Manifest, verify};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// No summary is as long as this many bytes.
const LONGEST_SUMMARY: u64 = 64 << 20;

/// The site of a run with all its changes, beside the files that it reads.
pub const SITE_FILE: &str = "site.ron";

/// A finished run.
#[derive(Debug, Clone)]
pub struct Run {
    folder: PathBuf,
    /// What went in and what came out.
    pub manifest: Manifest,
    /// The figures.
    pub summary: Summary,
    /// One for each rack, in the order of the file; none for a site without racks.
    pub racks: Vec<RackFigures>,
}

impl Run {
    /// Reads the finished run in `folder`, after every file was held against the manifest.
    ///
    /// # Errors
    /// [`ReadError`]: no finished run, files that are not those of the run, or a file that cannot be understood.
    pub fn open(folder: &Path) -> Result<Self, ReadError> {
        let differences = verify(folder)?;
        // What others put beside a run's files, a report for example, does not touch it.
        let edited: Vec<String> = (differences.iter())
            .filter(|difference| !matches!(difference, Difference::Unlisted { .. }))
            .map(Difference::to_string)
            .collect();
        if !edited.is_empty() {
            return Err(ReadError::Edited { folder: folder.to_owned(), differences: edited });
        }
        let manifest = Manifest::read(folder)?;
        let summary = Summary::parse(&whole(folder, "summary.json", LONGEST_SUMMARY)?)
            .map_err(|reason| malformed(folder, "summary.json", reason))?;
        let racks = if manifest.files.iter().any(|file| file.name == "racks.parquet") {
            let table = columns::open(folder, "racks.parquet", RACKS_SCHEMA)?;
            racks::read(&table).map_err(|reason| malformed(folder, "racks.parquet", reason))?
        } else {
            Vec::new()
        };
        Ok(Self { folder: folder.to_owned(), manifest, summary, racks })
    }

    /// Where it lies.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// First eight hexadecimal digits of the BLAKE3 of the fingerprints of all that went in and came out: the same for
    /// the same run, wherever and whenever it was made.
    #[must_use]
    pub fn id(&self) -> String {
        let files = self.manifest.inputs.iter().chain(&self.manifest.files);
        let listing: String = files.map(|file| format!("{} {}\n", file.blake3, file.name)).collect();
        let hash = Fingerprint::of("run", listing.as_bytes()).blake3;
        hash.chars().take(8).collect()
    }

    /// The site that ran, to be read again; none where the run did not store it.
    #[must_use]
    pub fn site(&self) -> Option<PathBuf> {
        let stored = self.manifest.files.iter().any(|file| file.name == SITE_FILE);
        stored.then(|| self.folder.join(SITE_FILE))
    }

    /// What the run recorded over time, in SI.
    ///
    /// # Errors
    /// [`ReadError`], where the file is not there or not one of ours.
    pub fn recorded(&self) -> Result<Recorded, ReadError> {
        recorded::read(&self.series()?)
    }

    /// What the run recorded of single chips; nothing where it recorded none (`run.details`, fidelity Chip).
    ///
    /// # Errors
    /// [`ReadError`], where the file is not one of ours.
    pub fn temperatures(&self) -> Result<Option<Temperatures>, ReadError> {
        if !self.manifest.files.iter().any(|file| file.name == temperatures::FILE) {
            return Ok(None);
        }
        temperatures::read(&columns::open(&self.folder, temperatures::FILE, temperatures::SCHEMA)?).map(Some)
    }

    /// Opens the columns over time.
    ///
    /// # Errors
    /// [`ReadError`], where the file is not there or not one of ours.
    pub fn series(&self) -> Result<Series, ReadError> {
        columns::open(&self.folder, "series.parquet", SERIES_SCHEMA)
    }
}

/// Opens a table of isotherm that lies outside of a run, for example a part of a sweep.
///
/// # Errors
/// [`ReadError`], where the file is not there or not of the layout `schema`.
pub fn open_table(folder: &Path, name: &str, schema: &str) -> Result<Series, ReadError> {
    columns::open(folder, name, schema)
}

fn malformed(folder: &Path, name: &str, reason: String) -> ReadError {
    ReadError::Malformed { path: folder.join(name), reason }
}

/// The bytes of a file that is not longer than `limit`.
fn whole(folder: &Path, name: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
    let path = folder.join(name);
    let unreadable = |source| ReadError::Unreadable { path: path.clone(), source };
    let file = File::open(&path).map_err(unreadable)?;
    let length = file.metadata().map_err(unreadable)?.len();
    if length > limit {
        return Err(malformed(folder, name, format!("it has {length} bytes, {limit} are read at most")));
    }
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
