//! Why a case could not be evaluated.

use thiserror::Error;

/// Why a case could not be evaluated.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum Fault {
    /// A table has no such column.
    #[error("{table} has no column {column}")]
    Column {
        /// Its name.
        table: String,
        /// The column.
        column: String,
    },
    /// A cell is no number.
    #[error("{table}, line {line}: {column} is {text:?}, which is no number")]
    Number {
        /// Its name.
        table: String,
        /// The line, from 1.
        line: usize,
        /// The column.
        column: String,
        /// The cell.
        text: String,
    },
    /// A line has more or fewer cells than the header.
    #[error("{table}, line {line} has {found} cells, the header has {expected}")]
    Ragged {
        /// Its name.
        table: String,
        /// The line, from 1.
        line: usize,
        /// Its cells.
        found: usize,
        /// Those of the header.
        expected: usize,
    },
    /// Something that the case needs is not there: a row, a kind, a column of a run.
    #[error("there is no {0}")]
    Missing(String),
    /// A site of the case cannot be read.
    #[error("the site cannot be read: {0}")]
    Site(String),
    /// Its run ended early.
    #[error("the run stopped: {0}")]
    Stopped(String),
    /// An integration of the case ended early.
    #[error("the integration failed: {0}")]
    Integration(String),
    /// A reference file is there and cannot be read.
    #[error("{path}: {reason}")]
    Reference {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
}
