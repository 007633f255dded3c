//! Why a run cannot be read.

use crate::write::VerifyError;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Why a run cannot be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// There is no finished run, or its manifest is not one.
    #[error(transparent)]
    Manifest(#[from] VerifyError),
    /// Files are not those that the run wrote.
    #[error(
        "{} is not as its run left it: {}; make the run again, or bring the files back",
        .folder.display(), .differences.join("; ")
    )]
    Edited {
        /// The folder.
        folder: PathBuf,
        /// What differs, file by file.
        differences: Vec<String>,
    },
    /// The system refuses.
    #[error("cannot read {}: {source}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The content is not what the name promises.
    #[error("{} cannot be understood: {reason}", .path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

impl ReadError {
    /// How a command ends that met this error: 65 bad input, 66 missing or unreadable.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Manifest(error) => error.exit_code(),
            Self::Edited { .. } | Self::Malformed { .. } => 65,
            Self::Unreadable { .. } => 66,
        }
    }
}
