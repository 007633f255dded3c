//! A run that was stopped between two steps, as one file.
//!
//! # Layout
//! ```text
//! "isotherm checkpoint 1\n"      what it is, and the version of this layout
//! u64, header                    length and text of a JSON object: which run it is, see [`Header`]
//! body                           the state of the run, as `state.rs` lays it out
//! 32 bytes                       BLAKE3 of everything before
//! ```
//! Numbers are least significant byte first. The file is whole or it is refused: nothing of it is looked at before
//! its hash was computed again, except the first line.

use super::atomic::{Sink, write_with};
use super::error::CheckpointError;
use super::manifest::Fingerprint;
use super::{WriteError, json};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// What every file of this kind begins with.
const KIND: &str = "isotherm checkpoint ";
/// Version of the layout.
const LAYOUT: &str = "1\n";
/// No header is as long as this many bytes.
const LIMIT: u64 = 16 << 20;
const HASH: u64 = 32;

/// Which run a checkpoint is of, and how to go on with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Which isotherm wrote it; another one does not give the same bits.
    pub engine_version: String,
    /// The site as it was asked for.
    pub site: String,
    /// Path and value of each change made to it.
    pub set: Vec<(String, String)>,
    /// The working directory, which relative files among them start from.
    pub working_directory: String,
    /// Whether the columns are to be written as CSV too.
    pub csv: bool,
    /// When the run began [s since 1970].
    pub started: u64,
    /// How far it is [s from the start of the year].
    pub time_s: f64,
    /// The share of it that is done.
    pub progress: f64,
    /// What went in.
    pub inputs: Vec<Fingerprint>,
}

impl Header {
    /// The version that this program writes and goes on from.
    pub const VERSION: &str = env!("CARGO_PKG_VERSION");
}

/// Writes a checkpoint to `path`, whole or not at all; `body` gives the state in many small pieces.
///
/// # Errors
/// As [`write_with`].
pub fn write(
    path: &Path,
    header: &Header,
    body: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<Fingerprint, WriteError> {
    write_with(path, |sink| fill(sink, header, body))
}

fn fill(
    sink: &mut Sink,
    header: &Header,
    body: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let header = json::text(&json::value(header)?);
    sink.write_all(KIND.as_bytes())?;
    sink.write_all(LAYOUT.as_bytes())?;
    sink.write_all(&(header.len() as u64).to_le_bytes())?;
    sink.write_all(header.as_bytes())?;
    let mut buffer = BufWriter::with_capacity(1 << 16, &mut *sink);
    body(&mut buffer)?;
    buffer.flush()?;
    drop(buffer);
    let digest = sink.digest();
    sink.write_all(&digest)
}

/// A checkpoint that is whole.
#[derive(Debug)]
pub struct Checkpoint {
    /// Which run it is of.
    pub header: Header,
    path: PathBuf,
    body: io::Take<BufReader<File>>,
}

impl Checkpoint {
    /// Opens a checkpoint and computes its hash again.
    ///
    /// # Errors
    /// [`CheckpointError`] if it is missing, something else, of another version, or damaged.
    pub fn open(path: &Path) -> Result<Self, CheckpointError> {
        let path = path.to_owned();
        let unreadable = |source| CheckpointError::Unreadable { path: path.clone(), source };
        let damaged = |reason| CheckpointError::Damaged { path: path.clone(), reason };
        let file = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(CheckpointError::Missing { path });
            }
            other => other.map_err(unreadable)?,
        };
        let found = file.metadata().map_err(unreadable)?;
        if !found.is_file() {
            return Err(CheckpointError::Foreign { path });
        }
        let length = found.len();
        let mut file = BufReader::with_capacity(1 << 16, file);
        let mut first = Vec::new();
        (&mut file).take((KIND.len() + LAYOUT.len()) as u64).read_to_end(&mut first).map_err(unreadable)?;
        match first.strip_prefix(KIND.as_bytes()) {
            None if KIND.as_bytes().starts_with(&first) && !first.is_empty() => {
                return Err(damaged("it ends within its first line"));
            }
            None => return Err(CheckpointError::Foreign { path }),
            Some(layout) if LAYOUT.as_bytes() == layout => {}
            Some(layout) if LAYOUT.as_bytes().starts_with(layout) => {
                return Err(damaged("it ends within its first line"));
            }
            Some(_) => return Err(CheckpointError::Layout { path }),
        }
        let begin = first.len() as u64 + 8;
        let Some(end) = length.checked_sub(HASH).filter(|&end| end >= begin) else {
            return Err(damaged("it ends too early"));
        };
        let mut hasher = blake3::Hasher::new();
        hasher.update(&first);
        hasher.update_reader((&mut file).take(end - first.len() as u64)).map_err(unreadable)?;
        let mut stored = Vec::new();
        (&mut file).take(HASH).read_to_end(&mut stored).map_err(unreadable)?;
        if hasher.finalize().as_bytes() != stored.as_slice() {
            return Err(damaged("its bytes are not those that were written, or its end is missing"));
        }
        file.seek(SeekFrom::Start(first.len() as u64)).map_err(unreadable)?;
        let mut size = [0; 8];
        file.read_exact(&mut size).map_err(unreadable)?;
        let size = u64::from_le_bytes(size);
        if size > LIMIT.min(end - begin) {
            return Err(damaged("its header is longer than it can be"));
        }
        let mut text = Vec::new();
        (&mut file).take(size).read_to_end(&mut text).map_err(unreadable)?;
        // Of another version the header may have other fields; the version itself is what to speak of then.
        let header: serde_json::Value =
            serde_json::from_slice(&text).map_err(|_| damaged("its header cannot be read"))?;
        let version = header["engine_version"].as_str().unwrap_or_default().to_owned();
        if version != Header::VERSION {
            return Err(CheckpointError::Version { path, version });
        }
        let header = serde_json::from_value(header).map_err(|_| damaged("its header cannot be read"))?;
        Ok(Checkpoint { header, path, body: file.take(end - begin - size) })
    }

    /// Whether these are the inputs that the run was started with.
    ///
    /// # Errors
    /// [`CheckpointError::OtherInputs`] with the first that is not.
    pub fn is_of(&self, inputs: &[Fingerprint]) -> Result<(), CheckpointError> {
        let kept = &self.header.inputs;
        let changed = kept.iter().zip(inputs).find(|(a, b)| (&a.blake3, a.bytes) != (&b.blake3, b.bytes));
        let name = match changed {
            Some((kept, _)) => &kept.name,
            None if kept.len() == inputs.len() => return Ok(()),
            None => &self.header.site,
        };
        Err(CheckpointError::OtherInputs { path: self.path.clone(), name: name.clone() })
    }

    /// The state of the run.
    pub fn body(&mut self) -> &mut dyn Read {
        &mut self.body
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn header() -> Header {
        Header {
            engine_version: Header::VERSION.into(),
            site: "pod".into(),
            set: vec![("run.seed".into(), "2".into())],
            working_directory: "/tmp".into(),
            csv: true,
            started: 1_000_000_000,
            time_s: 86_400.0,
            progress: 0.25,
            inputs: vec![Fingerprint::of("pod.ron", b"Site()")],
        }
    }

    fn written(folder: &Path, header: &Header) -> (PathBuf, Vec<u8>) {
        let path = folder.join("a.checkpoint");
        write(&path, header, |sink| sink.write_all(b"the state")).unwrap();
        let bytes = fs::read(&path).unwrap();
        (path, bytes)
    }

    #[test]
    fn what_was_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let (path, _) = written(folder.path(), &header());
        let mut checkpoint = Checkpoint::open(&path).unwrap();
        assert_eq!(checkpoint.header, header());
        let mut body = String::new();
        checkpoint.body().read_to_string(&mut body).unwrap();
        assert_eq!(body, "the state");
        assert!(checkpoint.is_of(&header().inputs).is_ok());
    }

    #[test]
    fn every_shorter_file_and_every_wrong_byte_is_refused_with_its_path() {
        let folder = tempfile::tempdir().unwrap();
        let (path, bytes) = written(folder.path(), &header());
        for end in 0..bytes.len() {
            fs::write(&path, &bytes[..end]).unwrap();
            let error = Checkpoint::open(&path).unwrap_err();
            assert!(error.to_string().contains("a.checkpoint"), "{end}: {error}");
            assert_eq!(error.exit_code(), 65);
        }
        for at in 0..bytes.len() {
            let mut wrong = bytes.clone();
            wrong[at] ^= 0x41;
            fs::write(&path, &wrong).unwrap();
            let error = Checkpoint::open(&path).unwrap_err();
            assert!(error.to_string().contains("a.checkpoint"), "{at}: {error}");
        }
        fs::write(&path, [bytes.as_slice(), b"x"].concat()).unwrap();
        assert!(matches!(Checkpoint::open(&path), Err(CheckpointError::Damaged { .. })));
    }

    #[test]
    fn a_header_that_claims_to_be_endless_is_refused_even_if_the_hash_is_right() {
        let folder = tempfile::tempdir().unwrap();
        let (path, bytes) = written(folder.path(), &header());
        for size in [u64::MAX, LIMIT + 1, bytes.len() as u64, 3] {
            let mut wrong = bytes[..bytes.len() - 32].to_vec();
            let at = KIND.len() + LAYOUT.len();
            wrong[at..at + 8].copy_from_slice(&size.to_le_bytes());
            wrong.extend(blake3::hash(&wrong).as_bytes());
            fs::write(&path, &wrong).unwrap();
            let error = Checkpoint::open(&path).unwrap_err();
            assert!(matches!(error, CheckpointError::Damaged { .. }), "{size}: {error}");
        }
    }

    #[test]
    fn another_version_another_layout_and_another_file_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let (path, bytes) = written(folder.path(), &Header { engine_version: "9.9.9".into(), ..header() });
        let error = Checkpoint::open(&path).unwrap_err();
        assert!(error.to_string().contains("isotherm 9.9.9"), "{error}");

        let later = [b"isotherm checkpoint 2\n", &bytes[KIND.len() + LAYOUT.len()..]].concat();
        fs::write(&path, later).unwrap();
        assert!(matches!(Checkpoint::open(&path), Err(CheckpointError::Layout { .. })));
        fs::write(&path, b"a letter").unwrap();
        assert!(matches!(Checkpoint::open(&path), Err(CheckpointError::Foreign { .. })));
        assert!(matches!(Checkpoint::open(folder.path()), Err(CheckpointError::Foreign { .. })));
        let error = Checkpoint::open(&folder.path().join("none")).unwrap_err();
        assert_eq!(error.exit_code(), 66);
    }

    #[test]
    fn a_changed_input_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let (path, _) = written(folder.path(), &header());
        let checkpoint = Checkpoint::open(&path).unwrap();
        // Under another name it is the same input.
        checkpoint.is_of(&[Fingerprint::of("../pod.ron", b"Site()")]).unwrap();
        let error = checkpoint.is_of(&[Fingerprint::of("pod.ron", b"Site( )")]).unwrap_err();
        assert!(error.to_string().contains("pod.ron"), "{error}");
        assert!(checkpoint.is_of(&[]).is_err());
    }
}
