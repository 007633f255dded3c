//! What makes a folder a finished run, and whether it still is that run.

use super::error::VerifyError;
use super::utc::rfc3339;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::time::SystemTime;

/// The manifest's file name.
pub(super) const MANIFEST: &str = "manifest.json";
/// The journal of a run that is being written, see [`RunDirectory`](super::RunDirectory).
pub(super) const JOURNAL: &str = "unfinished.txt";
/// The state of a run that can be gone on with, see [`checkpoint`](super::checkpoint).
pub(super) const CHECKPOINT: &str = "checkpoint.isotherm";
/// Name and version of the manifest's layout.
const SCHEMA: &str = "isotherm.manifest/1";
/// No manifest is as long as this many bytes.
const LIMIT: u64 = 16 << 20;

/// A file, told by its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Its name; of an input the name under which the run was given it.
    pub name: String,
    /// BLAKE3 of its bytes, in hexadecimal digits.
    pub blake3: String,
    /// Its length.
    pub bytes: u64,
}

impl Fingerprint {
    /// Of a content in memory.
    #[must_use]
    pub fn of(name: impl Into<String>, content: &[u8]) -> Self {
        let blake3 = blake3::hash(content).to_hex().to_string();
        Self { name: name.into(), blake3, bytes: content.len() as u64 }
    }

    /// Of a file on disk.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn of_file(name: impl Into<String>, path: &Path) -> io::Result<Self> {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(File::open(path)?)?;
        Ok(Self { name: name.into(), blake3: hasher.finalize().to_hex().to_string(), bytes: hasher.count() })
    }
}

/// What a run has to say of itself beside its files.
#[derive(Clone, Debug, PartialEq)]
pub struct Provenance {
    /// When it began.
    pub started: SystemTime,
    /// When its last result was there.
    pub finished: SystemTime,
    /// The seed of everything drawn by chance.
    pub seed: u64,
    /// How many threads calculated. They change how long it takes and nothing else.
    pub threads: usize,
    /// What went in.
    pub inputs: Vec<Fingerprint>,
    /// The command's settings, as far as they are not in the inputs.
    pub settings: Value,
}

/// `manifest.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// `isotherm.manifest/1`.
    pub schema: String,
    /// Which isotherm calculated.
    pub engine_version: String,
    /// When the run began, RFC 3339 in UTC. The only two times in a run's folder.
    pub started: String,
    /// When it was done.
    pub finished: String,
    /// The seed of everything drawn by chance.
    pub seed: u64,
    /// How many threads calculated.
    pub threads: usize,
    /// What the processor can do of that which matters to the arithmetic's speed.
    pub cpu_features: Vec<String>,
    /// The command's settings.
    pub settings: Value,
    /// What went in.
    pub inputs: Vec<Fingerprint>,
    /// What came out, by name.
    pub files: Vec<Fingerprint>,
}

impl Manifest {
    pub(super) fn new(provenance: Provenance, mut files: Vec<Fingerprint>) -> Self {
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Self {
            schema: SCHEMA.to_owned(),
            engine_version: env!("CARGO_PKG_VERSION").to_owned(),
            started: rfc3339(provenance.started),
            finished: rfc3339(provenance.finished),
            seed: provenance.seed,
            threads: provenance.threads,
            cpu_features: cpu_features().into_iter().map(str::to_owned).collect(),
            settings: provenance.settings,
            inputs: provenance.inputs,
            files,
        }
    }

    /// The manifest of the finished run in `folder`.
    ///
    /// # Errors
    /// [`VerifyError`] if there is none, it cannot be read, or it is another program's.
    pub fn read(folder: &Path) -> Result<Self, VerifyError> {
        let path = folder.join(MANIFEST);
        let unreadable = |source| VerifyError::Unreadable { path: path.clone(), source };
        let malformed = |reason: String| VerifyError::Malformed { path: path.clone(), reason };
        match fs::metadata(&path) {
            Ok(found) if found.is_file() && found.len() <= LIMIT => {}
            Ok(found) if found.is_file() => return Err(malformed(format!("it has {} bytes", found.len()))),
            Ok(_) => return Err(malformed("it is not a file".to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(VerifyError::NoManifest { path: folder.to_owned() });
            }
            Err(error) => return Err(unreadable(error)),
        }
        let mut bytes = Vec::new();
        let file = File::open(&path).map_err(unreadable)?;
        file.take(LIMIT).read_to_end(&mut bytes).map_err(unreadable)?;
        let manifest: Self = serde_json::from_slice(&bytes).map_err(|error| malformed(error.to_string()))?;
        if manifest.schema != SCHEMA {
            return Err(malformed(format!("its schema is {:?}, {SCHEMA:?} is read here", manifest.schema)));
        }
        for file in &manifest.files {
            plain_name(&file.name).map_err(|reason| malformed(format!("{:?}: {reason}", file.name)))?;
        }
        Ok(manifest)
    }
}

/// Refuses what is not the name of a file directly in a run's folder.
pub(super) fn plain_name(name: &str) -> Result<(), &'static str> {
    if [MANIFEST, JOURNAL, CHECKPOINT].contains(&name) {
        Err("the name is reserved")
    } else if name.is_empty() || name.len() > 200 {
        Err("the name is empty or too long")
    } else if name.starts_with('.') || name.contains(['/', '\\', ':']) || name.chars().any(char::is_control) {
        Err("a plain file name without folder is expected")
    } else {
        Ok(())
    }
}

/// What differs between a folder and its manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// A file of the manifest is not there, or is no longer a file.
    Missing {
        /// Its name.
        name: String,
    },
    /// A file has another content.
    Changed {
        /// As the manifest has it.
        expected: Fingerprint,
        /// As it is.
        found: Fingerprint,
    },
    /// Something lies in the folder that the manifest does not know.
    Unlisted {
        /// Its name.
        name: String,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { name } => write!(f, "{name} is missing"),
            Self::Changed { expected, found } if expected.bytes != found.bytes => {
                write!(f, "{} has {} bytes instead of {}", expected.name, found.bytes, expected.bytes)
            }
            Self::Changed { expected, .. } => write!(f, "{} has another content", expected.name),
            Self::Unlisted { name } => write!(f, "{name} is not in the manifest"),
        }
    }
}

/// Hashes the files of the run in `folder` again: no difference, or all of them by name.
///
/// # Errors
/// [`VerifyError`] if there is no manifest, or something cannot be read.
pub fn verify(folder: &Path) -> Result<Vec<Difference>, VerifyError> {
    let manifest = Manifest::read(folder)?;
    let mut differences = Vec::new();
    for expected in &manifest.files {
        let path = folder.join(&expected.name);
        if !fs::symlink_metadata(&path).is_ok_and(|found| found.is_file()) {
            differences.push(Difference::Missing { name: expected.name.clone() });
            continue;
        }
        let found = Fingerprint::of_file(&expected.name, &path)
            .map_err(|source| VerifyError::Unreadable { path, source })?;
        if found != *expected {
            differences.push(Difference::Changed { expected: expected.clone(), found });
        }
    }
    let unreadable = |source| VerifyError::Unreadable { path: folder.to_owned(), source };
    let mut unlisted = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
        // A journal or a checkpoint beside a manifest only says that the process ended before it removed them.
        let known = [MANIFEST, JOURNAL, CHECKPOINT].contains(&name.as_str())
            || manifest.files.iter().any(|file| file.name == name);
        if !known {
            unlisted.push(name);
        }
    }
    unlisted.sort();
    differences.extend(unlisted.into_iter().map(|name| Difference::Unlisted { name }));
    Ok(differences)
}

/// The vector extensions of this processor that isotherm can make use of.
#[must_use]
pub fn cpu_features() -> Vec<&'static str> {
    #[cfg(target_arch = "x86_64")]
    let found = [
        ("sse4.2", is_x86_feature_detected!("sse4.2")),
        ("avx", is_x86_feature_detected!("avx")),
        ("avx2", is_x86_feature_detected!("avx2")),
        ("fma", is_x86_feature_detected!("fma")),
        ("avx512f", is_x86_feature_detected!("avx512f")),
    ];
    #[cfg(target_arch = "aarch64")]
    let found = [("neon", std::arch::is_aarch64_feature_detected!("neon"))];
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    let found: [(&str, bool); 0] = [];
    found.into_iter().filter_map(|(name, present)| present.then_some(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_in_memory_and_on_disk_is_told_by_the_same_fingerprint() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let content = vec![7; 300_000];
        fs::write(&path, &content).unwrap();
        assert_eq!(Fingerprint::of("a", &content), Fingerprint::of_file("a", &path).unwrap());
    }

    #[test]
    fn a_name_that_leads_out_of_the_folder_is_refused() {
        for name in ["", "..", "../a", "/a", "a/b", "a\\b", "c:a", "a\nb", ".a", MANIFEST, JOURNAL] {
            assert!(plain_name(name).is_err(), "{name:?}");
        }
        for name in ["timeseries.parquet", "summary.json", "结果.csv"] {
            assert!(plain_name(name).is_ok(), "{name:?}");
        }
    }

    #[test]
    fn a_manifest_that_is_not_ours_is_told_from_none() {
        let folder = tempfile::tempdir().unwrap();
        let error = verify(folder.path()).unwrap_err();
        assert!(matches!(error, VerifyError::NoManifest { .. }));
        assert_eq!(error.exit_code(), 66);

        let manifest = folder.path().join(MANIFEST);
        let foreign = r#"{"name": "an app", "icons": []}"#;
        let later = format!(
            "{{{}, {}}}",
            r#""schema": "isotherm.manifest/9", "engine_version": "9", "started": "", "finished": """#,
            r#""seed": 1, "threads": 1, "cpu_features": [], "settings": null, "inputs": [], "files": []"#
        );
        let outside = later
            .replace("/9", "/1")
            .replace(r#""files": []"#, r#""files": [{"name": "../a", "blake3": "", "bytes": 0}]"#);
        for (text, reason) in [
            (foreign, "missing field `schema`"),
            (later.as_str(), "its schema is \"isotherm.manifest/9\""),
            (outside.as_str(), "a plain file name"),
        ] {
            fs::write(&manifest, text).unwrap();
            let error = verify(folder.path()).unwrap_err();
            assert_eq!(error.exit_code(), 65);
            assert!(error.to_string().contains(reason), "{error}");
        }
    }
}
