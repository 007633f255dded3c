//! `isotherm run --resume`: what a checkpoint says of the run it is of.

use crate::checkpoint::folder_of;
use crate::exit;
use crate::site::{Changes, Site};
use engine::study::report::SUMMARY_SCHEMA;
use engine::study::write::checkpoint::Header;
use engine::study::write::{Checkpoint, CheckpointError, Fingerprint, RunDirectory};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Code of everything that forbids to go on with a run.
pub const CODE: &str = "ISO0802";

/// A run that is about to begin, or to go on.
#[derive(Debug)]
pub struct Begun {
    /// What is simulated.
    pub site: Site,
    /// Whether CSV was asked for when it began.
    pub csv: bool,
    /// When it began.
    pub started: SystemTime,
    /// Where it is to be written, if that is known.
    pub folder: Option<PathBuf>,
    /// The folder, if it is taken already.
    pub taken: Option<RunDirectory>,
    /// Where it goes on.
    pub from: Option<Checkpoint>,
}

/// The run that `path`, a folder or a file, is the checkpoint of. From here on the working directory is the one
/// in which it began.
pub fn begun(path: &Path, out: Option<&Path>, changes: &Changes) -> Result<Begun, u8> {
    let fail = |code, text: &str| changes.fail(SUMMARY_SCHEMA, code, CODE, text);
    let unfit = |error: CheckpointError| fail(error.exit_code(), &error.to_string());
    // The working directory is about to change.
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let path = absolute(path);
    // A checkpoint within the folder of its run stands for that folder.
    let parent = path.parent().filter(|parent| {
        out.is_none() && RunDirectory::checkpoint_in(parent).is_ok_and(|checkpoint| checkpoint == path)
    });
    let folder = if path.is_dir() { Some(path.as_path()) } else { parent };
    let (checkpoint, folder, taken) = match (folder, out) {
        (Some(_), Some(_)) => {
            return Err(fail(exit::USAGE, "a run goes on in its own folder: --out is for a checkpoint file"));
        }
        (Some(folder), None) => {
            let file = RunDirectory::checkpoint_in(folder).map_err(unfit)?;
            let taken = RunDirectory::resume(folder).map_err(|e| fail(e.exit_code(), &e.to_string()))?;
            (Checkpoint::open(&file).map_err(unfit)?, folder.to_owned(), Some(taken))
        }
        (None, out) => {
            let checkpoint = Checkpoint::open(&path).map_err(unfit)?;
            let Some(out) = out.map(absolute).or_else(|| folder_of(&path)) else {
                return Err(fail(exit::USAGE, "name the folder for the results with --out"));
            };
            (checkpoint, out, None)
        }
    };
    let header = &checkpoint.header;
    // Where that folder is gone, sites that are built in and absolute paths are still found.
    let _ = std::env::set_current_dir(&header.working_directory);
    Ok(Begun {
        site: Site {
            site: PathBuf::from(&header.site),
            changes: Changes { settings: header.set.clone(), json: changes.json },
        },
        csv: header.csv,
        started: UNIX_EPOCH.checked_add(Duration::from_secs(header.started)).unwrap_or(UNIX_EPOCH),
        folder: Some(folder),
        taken,
        from: Some(checkpoint),
    })
}

/// What a checkpoint has to say of its run; how far it is comes later.
pub fn header(site: &Site, csv: bool, started: SystemTime, inputs: &[Fingerprint]) -> Header {
    let folder = std::env::current_dir().unwrap_or_default();
    Header {
        engine_version: Header::VERSION.into(),
        site: site.site.to_string_lossy().into_owned(),
        set: site.changes.settings.clone(),
        working_directory: folder.to_string_lossy().into_owned(),
        csv,
        started: started.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
        time_s: 0.0,
        progress: 0.0,
        inputs: inputs.to_vec(),
    }
}
