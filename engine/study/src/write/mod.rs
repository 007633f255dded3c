//! Writers: every file appears whole or not at all.
//!
//! * [`Table`] is what a run or a sweep has to say in columns; [`parquet`] and [`csv`] write it. A [`Tabular`] is written like one, a few
//!   columns at a time.
//! * [`json::Envelope`] is what a command answers to a program.
//! * [`RunDirectory`] is the folder of one run: its files, and last of all the [`Manifest`] that
//!   makes it a finished run. [`verify`] computes the manifest's hashes again.
//! * [`checkpoint`] is a run that was stopped between two steps, as one file to go on from.
//! * [`write_whole`] puts one file in place, for everything that is not part of a run.
//!
//! # Absences
//!
//! * No physics and no metric: a number arrives here as it will be read.
//! * No time but in the manifest: the same table gives the same bytes.
//! * No number that is not finite: what does not exist is null in Parquet and JSON, empty in CSV.
//! * No file is overwritten in place, and nothing is deleted that isotherm has not written.

mod atomic;
pub mod checkpoint;
pub mod csv;
mod error;
pub mod json;
mod manifest;
pub mod parquet;
mod run_dir;
mod table;
pub mod utc;

pub use atomic::{Sink, discard_and, write_whole, write_with};
pub use checkpoint::Checkpoint;
pub use error::{CheckpointError, VerifyError, WriteError};
pub use manifest::{Difference, Fingerprint, Manifest, Provenance, cpu_features, verify};
pub use run_dir::RunDirectory;
pub use table::{Column, Slice, Table, TableError, Tabular, Values};
