//! What can go wrong while writing and verifying, and how a command ends because of it.

use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Why something was not written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The file or folder cannot be made where it was asked for.
    #[error("cannot create {}: {source}", .path.display())]
    CannotCreate {
        /// What was to be made.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Writing began and did not end well; no part of it stands at `path`.
    #[error("writing {} failed: {source}", .path.display())]
    Failed {
        /// What was being written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder holds a finished run.
    #[error("{} holds a finished run: name another folder, or replace the run with --force", .path.display())]
    RunExists {
        /// The folder.
        path: PathBuf,
    },
    /// The folder holds something else.
    #[error(
        "{} is in use and holds no run ({found}): name a new or empty folder, nothing in this one is touched",
        .path.display()
    )]
    NotARun {
        /// The folder.
        path: PathBuf,
        /// One thing found in it.
        found: String,
    },
    /// Another process writes a run into this folder.
    #[error("another run is being written into {}: wait for it, or name another folder", .path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// A run's file was given a name that is not a plain file name, is reserved or is taken.
    #[error("{name:?} cannot be a file of a run: {reason}")]
    BadName {
        /// The name.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl WriteError {
    /// How a command ends that met this error: 73 cannot create, 74 failed later (worth another
    /// try), 75 in use (worth another try), 70 a mistake in the program.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::CannotCreate { .. } | Self::RunExists { .. } | Self::NotARun { .. } => 73,
            Self::Failed { .. } => 74,
            Self::Busy { .. } => 75,
            Self::BadName { .. } => 70,
        }
    }
}

/// Why a run could not be verified.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// There is no manifest.
    #[error("{} holds no finished run: it has no manifest.json", .path.display())]
    NoManifest {
        /// The folder.
        path: PathBuf,
    },
    /// A file or the folder cannot be read.
    #[error("cannot read {}: {source}", .path.display())]
    Unreadable {
        /// What was to be read.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The manifest is not one of ours.
    #[error("{} is not a manifest of isotherm: {reason}", .path.display())]
    Malformed {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

impl VerifyError {
    /// How a command ends that met this error: 65 bad input, 66 missing or unreadable.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Malformed { .. } => 65,
            Self::NoManifest { .. } | Self::Unreadable { .. } => 66,
        }
    }
}
