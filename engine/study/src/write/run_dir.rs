//! The folder of one run.
//!
//! Order of events: the journal `unfinished.txt` is made and locked; each file's name is noted in
//! it before the file appears, whole; `manifest.json` is written last and makes the run a finished
//! one; the journal goes. So at every moment a folder is empty, unfinished (journal, no manifest)
//! or finished (manifest), and of an unfinished one it is known which files may be removed. All
//! else in a folder is not ours: such a folder is refused and left as it is.
//!
//! An unfinished run with a `checkpoint.isotherm` can be gone on with: it is kept until it is
//! finished or replaced by force. The checkpoint goes after the manifest came, before the journal.

use super::atomic::{Sink, is_temporary_of, sync_folder, write_whole, write_with};
use super::checkpoint::{self, Header};
use super::error::{CheckpointError, VerifyError, WriteError};
use super::manifest::{CHECKPOINT, Fingerprint, JOURNAL, MANIFEST, Manifest, Provenance, plain_name};
use super::{Table, Tabular, csv, json, parquet};
use serde_json::Value;
use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// The journal's first line.
const HEADER: &str = "An isotherm run is being written here or was interrupted. Its files so far:\n";
/// No journal is as long as this many bytes.
const LIMIT: u64 = 1 << 20;

/// A run that is being written.
///
/// Dropped without [`commit`](Self::commit) it stays unfinished, and the next run may take the
/// folder.
#[derive(Debug)]
pub struct RunDirectory {
    path: PathBuf,
    journal: File,
    files: Vec<Fingerprint>,
    /// Folders that did not exist before, the innermost first.
    made: Vec<PathBuf>,
}

/// What is in a folder, with the names of the run's files.
enum Found {
    Nothing,
    Unfinished(Vec<String>),
    Finished(Vec<String>),
}

impl RunDirectory {
    /// Makes `path` the folder of a new run: a new or empty folder, or one whose run was
    /// interrupted before its first checkpoint; with `force` also one that holds a finished run or
    /// a checkpoint, which are removed.
    ///
    /// # Errors
    /// [`WriteError::RunExists`] and [`WriteError::RunInterrupted`] without `force`,
    /// [`WriteError::NotARun`] and [`WriteError::Busy`] leave the folder as it was; [`WriteError::CannotCreate`].
    pub fn create(path: &Path, force: bool) -> Result<Self, WriteError> {
        let cannot = |source| WriteError::CannotCreate { path: path.to_owned(), source };
        let made = path.ancestors().take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists());
        let made: Vec<PathBuf> = made.map(Path::to_owned).collect();
        fs::create_dir_all(path).map_err(cannot)?;
        // Seen first without a trace, so that a refusal changes nothing; then again under the
        // lock, as another run may have ended in between.
        match survey(path, force) {
            // Perhaps it is not interrupted at all, but running.
            Err(refusal @ WriteError::RunInterrupted { .. }) => return lock(path).and(Err(refusal)),
            other => other?,
        };
        let journal = lock(path)?;
        let found = match survey(path, force) {
            Ok(found) => found,
            Err(refusal) => {
                if matches!(refusal, WriteError::RunExists { .. }) {
                    let _ = fs::remove_file(path.join(JOURNAL));
                }
                return Err(refusal);
            }
        };
        let mut run = Self { path: path.to_owned(), journal, files: Vec::new(), made };
        run.clear(found, false).map_err(cannot)?;
        Ok(run)
    }

    /// The checkpoint of the interrupted run in the folder.
    ///
    /// # Errors
    /// [`CheckpointError::NothingThere`] if there is none.
    pub fn checkpoint_in(path: &Path) -> Result<PathBuf, CheckpointError> {
        let nothing = |reason| Err(CheckpointError::NothingThere { path: path.to_owned(), reason });
        let checkpoint = path.join(CHECKPOINT);
        if path.join(MANIFEST).exists() {
            nothing("its run is finished")
        } else if !path.join(JOURNAL).exists() {
            nothing("it has no unfinished.txt")
        } else if !checkpoint.exists() {
            nothing("it ended before its first checkpoint, begin it anew")
        } else {
            Ok(checkpoint)
        }
    }

    /// Takes the folder of an interrupted run, to go on with it. Its checkpoint stays until the next
    /// one or the end.
    ///
    /// # Errors
    /// [`WriteError::Busy`], [`WriteError::RunExists`] if it was finished meanwhile, or
    /// [`WriteError::CannotCreate`].
    pub fn resume(path: &Path) -> Result<Self, WriteError> {
        let cannot = |source| WriteError::CannotCreate { path: path.to_owned(), source };
        let journal = lock(path)?;
        let found = match survey(path, true)? {
            Found::Finished(_) => return Err(WriteError::RunExists { path: path.to_owned() }),
            found => found,
        };
        let mut run = Self { path: path.to_owned(), journal, files: Vec::new(), made: Vec::new() };
        run.clear(found, true).map_err(cannot)?;
        Ok(run)
    }

    /// Writes the state of the run beside its files, in place of the one before.
    ///
    /// # Errors
    /// As [`checkpoint::write`]; the one before then stays.
    pub fn save_checkpoint(
        &mut self,
        header: &Header,
        body: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), WriteError> {
        checkpoint::write(&self.path.join(CHECKPOINT), header, body).map(drop)
    }

    /// Whether the folder holds a finished run.
    #[must_use]
    pub fn is_finished(path: &Path) -> bool {
        path.join(MANIFEST).exists()
    }

    /// Whether [`create`](Self::create) would take the folder, without a trace: to be asked before a long
    /// calculation.
    ///
    /// # Errors
    /// As [`create`](Self::create), as far as it can be seen now.
    pub fn would_accept(path: &Path, force: bool) -> Result<(), WriteError> {
        if path.exists() {
            survey(path, force)?;
        }
        Ok(())
    }

    /// Gives the folder up before anything was written to it: it is as it was before [`create`](Self::create).
    pub fn abandon(self) {
        if !self.files.is_empty() {
            return; // an interrupted run, which the next one may take over
        }
        let Self { path, journal, made, .. } = self;
        // What cannot be removed stays as the empty folder of an interrupted run.
        let _ = fs::remove_file(path.join(CHECKPOINT));
        let _ = fs::remove_file(path.join(JOURNAL));
        drop(journal);
        for folder in made {
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }

    /// Removes what an earlier run left. Whenever this ends, the journal knows what is left.
    fn clear(&mut self, found: Found, keep_checkpoint: bool) -> io::Result<()> {
        let names = match found {
            Found::Nothing => Vec::new(),
            Found::Unfinished(names) => names,
            Found::Finished(names) => {
                self.restart_journal(&names)?;
                fs::remove_file(self.path.join(MANIFEST))?;
                names
            }
        };
        sync_folder(&self.path)?;
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let file = entry.file_name();
            let Some(file) = file.to_str() else { continue };
            let left = |name: &str| file == name || is_temporary_of(file, name);
            let reserved = is_temporary_of(file, MANIFEST) || is_temporary_of(file, CHECKPOINT);
            let checkpoint = file == CHECKPOINT && !keep_checkpoint;
            if names.iter().any(|name| left(name)) || reserved || checkpoint {
                fs::remove_file(entry.path())?;
            }
        }
        self.restart_journal(&[])
    }

    fn restart_journal(&mut self, names: &[String]) -> io::Result<()> {
        self.journal.set_len(0)?;
        self.journal.rewind()?;
        let mut text = HEADER.to_owned();
        for name in names {
            text.push_str(name);
            text.push('\n');
        }
        self.journal.write_all(text.as_bytes())?;
        self.journal.sync_all()?;
        sync_folder(&self.path)
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds the file `name`, whose content `fill` gives.
    ///
    /// # Errors
    /// [`WriteError::BadName`] for a name with a folder, a reserved one, or one already written;
    /// otherwise as [`write_with`](super::write_with).
    pub fn write_with(
        &mut self,
        name: &str,
        fill: impl FnOnce(&mut Sink) -> io::Result<()>,
    ) -> Result<(), WriteError> {
        let bad = |reason| WriteError::BadName { name: name.to_owned(), reason };
        plain_name(name).map_err(bad)?;
        if self.files.iter().any(|file| file.name == name) {
            return Err(bad("the run has it already"));
        }
        self.journal
            .write_all(format!("{name}\n").as_bytes())
            .and_then(|()| self.journal.sync_data())
            .map_err(|source| WriteError::Failed { path: self.path.join(JOURNAL), source })?;
        self.files.push(write_with(&self.path.join(name), fill)?);
        Ok(())
    }

    /// Adds a file of these bytes.
    ///
    /// # Errors
    /// As [`write_with`](Self::write_with).
    pub fn write_bytes(&mut self, name: &str, bytes: &[u8]) -> Result<(), WriteError> {
        self.write_with(name, |sink| sink.write_all(bytes))
    }

    /// Adds a table as a Parquet file.
    ///
    /// # Errors
    /// As [`write_with`](Self::write_with).
    pub fn write_parquet(&mut self, name: &str, table: &impl Tabular) -> Result<(), WriteError> {
        self.write_with(name, |sink| parquet::write(table, sink))
    }

    /// Adds a table as comma-separated values.
    ///
    /// # Errors
    /// As [`write_with`](Self::write_with).
    pub fn write_csv(&mut self, name: &str, table: &Table) -> Result<(), WriteError> {
        self.write_with(name, |sink| csv::write(table, sink))
    }

    /// Adds a value as indented JSON.
    ///
    /// # Errors
    /// As [`write_with`](Self::write_with).
    pub fn write_json(&mut self, name: &str, value: &Value) -> Result<(), WriteError> {
        self.write_bytes(name, json::text(value).as_bytes())
    }

    /// Writes the manifest: from here on the run is a finished one.
    ///
    /// # Errors
    /// [`WriteError::CannotCreate`] or [`WriteError::Failed`]; the run then stays unfinished.
    pub fn commit(self, provenance: Provenance) -> Result<Manifest, WriteError> {
        let path = self.path.join(MANIFEST);
        let manifest = Manifest::new(provenance, self.files);
        let value = json::value(&manifest)
            .map_err(|error| WriteError::Failed { path: path.clone(), source: error.into() })?;
        write_whole(&path, json::text(&value).as_bytes())?;
        // The run is finished whether or not the others can be removed.
        let _ = fs::remove_file(self.path.join(CHECKPOINT));
        let _ = fs::remove_file(self.path.join(JOURNAL));
        let _ = sync_folder(&self.path);
        Ok(manifest)
    }
}

/// What the folder holds, or why it cannot be had.
fn survey(path: &Path, force: bool) -> Result<Found, WriteError> {
    let cannot = |source| WriteError::CannotCreate { path: path.to_owned(), source };
    let foreign = |found: &str| WriteError::NotARun { path: path.to_owned(), found: found.to_owned() };
    match Manifest::read(path) {
        Ok(manifest) if force => {
            return Ok(Found::Finished(manifest.files.into_iter().map(|file| file.name).collect()));
        }
        Ok(_) => return Err(WriteError::RunExists { path: path.to_owned() }),
        Err(VerifyError::NoManifest { .. }) => {}
        Err(VerifyError::Unreadable { source, .. }) => return Err(cannot(source)),
        Err(error @ VerifyError::Malformed { .. }) => return Err(foreign(&error.to_string())),
    }
    if let Some(text) = read_journal(path).map_err(cannot)? {
        let names = journal_names(&text).ok_or_else(|| foreign(JOURNAL))?;
        if path.join(CHECKPOINT).exists() && !force {
            return Err(WriteError::RunInterrupted { path: path.to_owned() });
        }
        return Ok(Found::Unfinished(names));
    }
    match fs::read_dir(path).map_err(cannot)?.next() {
        None => Ok(Found::Nothing),
        Some(entry) => Err(foreign(&entry.map_err(cannot)?.file_name().to_string_lossy())),
    }
}

/// The journal's text, if there is a journal.
fn read_journal(folder: &Path) -> io::Result<Option<Vec<u8>>> {
    let path = folder.join(JOURNAL);
    match fs::symlink_metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
        Ok(found) if found.is_file() => {
            let mut text = Vec::new();
            File::open(&path)?.take(LIMIT).read_to_end(&mut text)?;
            Ok(Some(text))
        }
        // A folder or a link of that name: no journal of ours.
        Ok(_) => Ok(Some(b"?".to_vec())),
    }
}

/// The names in a journal; none if it is not ours. A last line without its end was being written
/// when the process ended, and its file did not exist yet.
fn journal_names(text: &[u8]) -> Option<Vec<String>> {
    if HEADER.as_bytes().starts_with(text) {
        return Some(Vec::new());
    }
    let names = text.strip_prefix(HEADER.as_bytes())?;
    let whole = names.iter().rposition(|&byte| byte == b'\n').map_or(0, |last| last + 1);
    let names = std::str::from_utf8(&names[..whole]).ok()?;
    names.lines().map(|name| plain_name(name).ok().map(|()| name.to_owned())).collect()
}

/// Makes and locks the journal.
fn lock(folder: &Path) -> Result<File, WriteError> {
    let path = folder.join(JOURNAL);
    let cannot = |source| WriteError::CannotCreate { path: path.clone(), source };
    let busy = || WriteError::Busy { path: folder.to_owned() };
    // A run that ends removes its journal: then the lock is on a file without a name, and the
    // next attempt makes a new one.
    for _ in 0..10 {
        let journal = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let journal = journal.map_err(cannot)?;
        match journal.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(busy()),
            // Some network file systems know no locks.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(cannot(error)),
        }
        let held = journal.metadata().map_err(cannot)?;
        if fs::symlink_metadata(&path).is_ok_and(|named| same(&named, &held)) {
            return Ok(journal);
        }
    }
    Err(busy())
}

#[cfg(unix)]
fn same(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

#[cfg(not(unix))]
fn same(a: &Metadata, _: &Metadata) -> bool {
    a.is_file()
}

#[cfg(test)]
mod tests;
