//! What can go wrong with a sweep as a whole; what goes wrong with one case is a row.

use crate::shard::ShardError;
use scenario::Problem;
use std::path::PathBuf;
use study::read::ReadError;
use study::write::{TableError, WriteError};

/// Why a sweep does not go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SweepError {
    /// The study is not good.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Study(Vec<Problem>),
    /// The shard is none, or in use.
    #[error(transparent)]
    Shard(#[from] ShardError),
    /// No case at the corners can be calculated.
    #[error("none of the corners of the study can be calculated, so nothing was planned: {first}")]
    NothingRuns {
        /// What the first says.
        first: String,
    },
    /// The user asked to stop.
    #[error("interrupted: nothing was planned")]
    Interrupted,
    /// There is no plan.
    #[error("{} holds no sweep: there is no plan.json (isotherm sweep plan STUDY -o {})", .folder.display(), .folder.display())]
    NoPlan {
        /// The folder.
        folder: PathBuf,
    },
    /// There is another plan.
    #[error(
        "{} holds the plan of another study: name a new folder, or replace the plan with --force (results of cases that \
         are in both are kept)",
        .folder.display()
    )]
    OtherPlan {
        /// The folder.
        folder: PathBuf,
    },
    /// A plan that cannot be understood.
    #[error("{} cannot be understood: {reason}", .path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The study or the table of a plan is not what it was.
    #[error(
        "{} is not the one that was planned: it was changed, or is of another plan; bring it back, or plan the study again \
         with --force (results of cases that are in both are kept)",
        .path.display()
    )]
    Edited {
        /// The file.
        path: PathBuf,
    },
    /// Another version planned it.
    #[error(
        "{} was planned by isotherm {version}, this is {here}: run it with that version, or plan it again with --force",
        .folder.display(),
        here = env!("CARGO_PKG_VERSION")
    )]
    Version {
        /// The folder.
        folder: PathBuf,
        /// The version that planned it.
        version: String,
    },
    /// An input is not what it was.
    #[error(
        "case {case} is not the one that was planned: a site, a weather file or a trace of the study has changed since, \
         or is not the one of --inputs; bring it back, or plan again with --force"
    )]
    Changed {
        /// Number of the case.
        case: usize,
    },
    /// A generation waits for other shards.
    #[error(
        "generation {generation} of {of} waits for {missing} case(s) of other shards: calculate them, then give the same \
         command again"
    )]
    Waiting {
        /// From 1.
        generation: usize,
        /// Generations.
        of: usize,
        /// Cases.
        missing: usize,
    },
    /// A file or a folder cannot be read.
    #[error("cannot read {}: {source}", .path.display())]
    Unreadable {
        /// What.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A table cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Something cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// Columns that do not fit: a fault of the program.
    #[error(transparent)]
    Table(#[from] TableError),
    /// What is asked of the results they do not hold.
    #[error("{0}")]
    Unanswered(String),
}

impl SweepError {
    /// How a command ends that met this error.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Study(problems) => scenario::problem::class(problems).exit_code(),
            Self::Shard(error) => error.exit_code(),
            Self::NoPlan { .. } | Self::Unreadable { .. } => 66,
            Self::OtherPlan { .. } => 73,
            Self::Waiting { .. } => 75,
            Self::Interrupted => 130,
            Self::Read(error) => error.exit_code(),
            Self::Write(error) => error.exit_code(),
            Self::Table(_) => 70,
            Self::NothingRuns { .. }
            | Self::Malformed { .. }
            | Self::Version { .. }
            | Self::Edited { .. }
            | Self::Changed { .. }
            | Self::Unanswered(_) => 65,
        }
    }

    /// A stable identifier for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Study(_) => "ISO0850",
            Self::Shard(_) => "ISO0852",
            Self::Interrupted => "ISO0801",
            Self::NothingRuns { .. } => "ISO0854",
            Self::NoPlan { .. } | Self::OtherPlan { .. } | Self::Version { .. } | Self::Edited { .. } => {
                "ISO0855"
            }
            Self::Changed { .. } => "ISO0856",
            Self::Unanswered(_) => "ISO0857",
            Self::Waiting { .. } => "ISO0859",
            Self::Malformed { .. } | Self::Unreadable { .. } | Self::Read(_) => "ISO0858",
            Self::Write(_) | Self::Table(_) => "ISO0900",
        }
    }
}
