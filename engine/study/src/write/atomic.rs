//! One file, whole or not at all.
//!
//! The bytes go to a temporary file in the same folder (`.NAME.PID-N.tmp`), reach the disk, and
//! only then take the name asked for. A reader sees the old file or the new one; a process that is
//! killed leaves at most the temporary file.

use super::WriteError;
use super::manifest::Fingerprint;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Where the bytes of a file go; counts and hashes them on the way.
#[derive(Debug)]
pub struct Sink {
    file: BufWriter<File>,
    hasher: blake3::Hasher,
    bytes: u64,
}

impl Sink {
    /// BLAKE3 of the bytes so far.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        self.hasher.finalize().into()
    }
}

impl Write for Sink {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let taken = self.file.write(buffer)?;
        self.hasher.update(&buffer[..taken]);
        self.bytes += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Writes `bytes` to `path`.
///
/// A symbolic link at `path` is replaced, not followed; a device or a folder is refused.
///
/// # Errors
/// [`WriteError::CannotCreate`] before the first byte, [`WriteError::Failed`] after it; in both
/// cases what stood at `path` stands there still. (If the disk refuses only to make the new name
/// last, the new file may stand there, whole.)
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<Fingerprint, WriteError> {
    write_with(path, |sink| sink.write_all(bytes))
}

/// Writes to `path` what `fill` gives, and says what that was; `name` in the answer is the file
/// name.
///
/// # Errors
/// As [`write_whole`]; an error of `fill` is a [`WriteError::Failed`].
pub fn write_with(
    path: &Path,
    fill: impl FnOnce(&mut Sink) -> io::Result<()>,
) -> Result<Fingerprint, WriteError> {
    let cannot = |source| WriteError::CannotCreate { path: path.to_owned(), source };
    let failed = |source| WriteError::Failed { path: path.to_owned(), source };

    let (folder, name) = place(path).map_err(cannot)?;
    let (temporary, file) = Temporary::create(&folder, &name).map_err(cannot)?;
    let mut sink = Sink { file: BufWriter::new(file), hasher: blake3::Hasher::new(), bytes: 0 };
    fill(&mut sink).map_err(failed)?;
    let Sink { file, hasher, bytes } = sink;
    let file = file.into_inner().map_err(|error| failed(error.into_error()))?;
    file.sync_all().map_err(failed)?;
    drop(file);
    temporary.rename(path).map_err(failed)?;
    sync_folder(&folder).map_err(failed)?;
    Ok(Fingerprint { name, blake3: hasher.finalize().to_hex().to_string(), bytes })
}

/// The folder and name of a path at which a file may be put.
fn place(path: &Path) -> io::Result<(PathBuf, String)> {
    // `a/b/` and `a/..` have no name of a file at their end.
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .filter(|name| path.as_os_str().as_encoded_bytes().ends_with(name.as_bytes()))
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "this does not name a file"))?;
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(found) if !found.is_file() => {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "this is a device or a pipe"));
        }
        _ => {}
    }
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    Ok((folder, name.to_owned()))
}

/// Makes a rename, a new name or a removal in `folder` last.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    // Only Unix opens a folder; elsewhere the file system sees to it.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Whether `file` is a temporary file of `name`.
pub(super) fn is_temporary_of(file: &str, name: &str) -> bool {
    file.strip_prefix('.')
        .and_then(|rest| rest.strip_prefix(name))
        .and_then(|rest| rest.strip_prefix('.'))
        .and_then(|rest| rest.strip_suffix(".tmp"))
        .is_some_and(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-'))
}

/// A file that disappears unless it is given its name, whichever way the writing ends.
struct Temporary {
    path: PathBuf,
    named: bool,
}

/// The temporary files of this process that have no name of their own yet.
static OPEN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn open_files() -> MutexGuard<'static, Vec<PathBuf>> {
    // A list of paths cannot be left half changed.
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes the temporary files that are being written at this moment, calls `end`, and lets no file appear in
/// between: for a process that has to end at once, which `end` does.
pub fn discard_and(end: impl FnOnce()) {
    let mut open = open_files();
    for path in open.drain(..) {
        let _ = fs::remove_file(path);
    }
    end();
}

impl Temporary {
    fn create(folder: &Path, name: &str) -> io::Result<(Self, File)> {
        // Another thread, or a killed process of the same number, may have taken the name.
        for n in 0..1000 {
            let path = folder.join(format!(".{name}.{}-{n}.tmp", process::id()));
            let mut open = open_files();
            match File::create_new(&path) {
                Ok(file) => {
                    open.push(path.clone());
                    return Ok((Self { path, named: false }, file));
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::new(io::ErrorKind::AlreadyExists, "too many temporary files lie beside it"))
    }

    fn rename(mut self, path: &Path) -> io::Result<()> {
        let mut open = open_files();
        fs::rename(&self.path, path)?;
        self.named = true;
        open.retain(|other| *other != self.path);
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.named {
            // The error that led here is the one to report.
            let _ = fs::remove_file(&self.path);
            open_files().retain(|other| *other != self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_written_counted_and_hashed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let written = write_whole(&path, b"abc").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"abc");
        // The published BLAKE3 test value of "abc".
        let hash = "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85";
        assert_eq!(written, Fingerprint { name: "a.txt".into(), blake3: hash.into(), bytes: 3 });
        assert_eq!(names(folder.path()), ["a.txt"]);
    }

    #[test]
    fn a_file_is_replaced_by_a_shorter_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        write_whole(&path, b"a longer text").unwrap();
        write_whole(&path, b"short").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"short");
    }

    #[test]
    fn a_disk_that_fills_up_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        write_whole(&path, b"old").unwrap();
        let error = write_with(&path, |sink| {
            sink.write_all(&[7; 100_000])?;
            Err(io::ErrorKind::StorageFull.into())
        })
        .unwrap_err();
        assert!(matches!(error, WriteError::Failed { .. }), "{error}");
        assert_eq!(error.exit_code(), 74);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["a.txt"]);
    }

    #[test]
    fn a_panic_while_writing_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let outcome = catch_unwind(AssertUnwindSafe(|| write_with(&path, |_| panic!("a mistake"))));
        assert!(outcome.is_err());
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn a_folder_that_is_a_file_or_is_missing_cannot_take_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        write_whole(&file, b"").unwrap();
        for path in [file.join("a.txt"), folder.path().join("missing/a.txt")] {
            let error = write_whole(&path, b"abc").unwrap_err();
            assert!(matches!(error, WriteError::CannotCreate { .. }), "{error}");
            assert_eq!(error.exit_code(), 73);
        }
        assert_eq!(names(folder.path()), ["file"]);
    }

    #[test]
    fn a_path_that_does_not_name_a_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("sub")).unwrap();
        for path in ["sub", "sub/", "..", "new/", ""] {
            let error = write_whole(&folder.path().join(path), b"abc").unwrap_err();
            assert_eq!(error.exit_code(), 73, "{path}: {error}");
        }
        assert_eq!(names(folder.path()), ["sub"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_not_replaced_by_a_file() {
        use std::os::unix::fs::FileTypeExt;
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("null");
        std::os::unix::fs::symlink("/dev/null", &link).unwrap();
        let error = write_whole(&link, b"abc").unwrap_err();
        assert_eq!(error.exit_code(), 73);
        assert!(fs::metadata(&link).unwrap().file_type().is_char_device());
    }

    #[test]
    fn a_left_over_temporary_file_is_stepped_over() {
        let folder = tempfile::tempdir().unwrap();
        let left = format!(".a.txt.{}-0.tmp", process::id());
        fs::write(folder.path().join(&left), b"half").unwrap();
        write_whole(&folder.path().join("a.txt"), b"abc").unwrap();
        assert_eq!(names(folder.path()), [left.as_str(), "a.txt"]);
        assert!(is_temporary_of(&left, "a.txt"));
        assert!(!is_temporary_of(".a.txt.mine.tmp", "a.txt"));
        assert!(!is_temporary_of("a.txt", "a.txt"));
    }
}
