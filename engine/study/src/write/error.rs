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
    /// The folder holds a run that was interrupted and can be gone on with.
    #[error(
        "{} holds an interrupted run: go on with it (isotherm run --resume {}), or begin it anew with --force",
        .path.display(),
        .path.display()
    )]
    RunInterrupted {
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
            Self::CannotCreate { .. }
            | Self::RunExists { .. }
            | Self::RunInterrupted { .. }
            | Self::NotARun { .. } => 73,
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

/// Why a run cannot be gone on with.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// There is no such file.
    #[error("there is no checkpoint {}", .path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The folder holds no run to go on with.
    #[error("{} holds no interrupted run: {reason}", .path.display())]
    NothingThere {
        /// The folder.
        path: PathBuf,
        /// What it holds instead.
        reason: &'static str,
    },
    /// The file cannot be read.
    #[error("cannot read {}: {source}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is something else.
    #[error("{} is no checkpoint of isotherm", .path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// It is a checkpoint in a form that is not read here.
    #[error(
        "{} is a checkpoint in a form that this isotherm {version} does not read: go on with the one that wrote it, or start anew",
        .path.display(),
        version = env!("CARGO_PKG_VERSION")
    )]
    Layout {
        /// The file.
        path: PathBuf,
    },
    /// Another version wrote it.
    #[error(
        "{} was written by isotherm {version}, this is {here}: a run is finished by the version that began it, \
         or started anew",
        .path.display(),
        here = env!("CARGO_PKG_VERSION")
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// The version that wrote it.
        version: String,
    },
    /// It is not as it was written.
    #[error("{} is damaged: {reason}; start the run anew", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// How that is known.
        reason: &'static str,
    },
    /// The site or one of its files changed since.
    #[error(
        "{} is of a run with another {name}: bring it back as it was when the run began, or start anew",
        .path.display()
    )]
    OtherInputs {
        /// The file.
        path: PathBuf,
        /// The input that changed.
        name: String,
    },
}

impl CheckpointError {
    /// How a command ends that met this error: 65 bad input, 66 missing or unreadable.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Missing { .. } | Self::NothingThere { .. } | Self::Unreadable { .. } => 66,
            _ => 65,
        }
    }
}
