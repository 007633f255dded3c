//! The report of a finished run.
//!
//! A report is made once as a [`Document`]: plain data in which every figure is computed and every
//! sentence is worded. Renderers turn it into files and add nothing.
//!
//! ```text
//! folder ─read→ Run ─facts→ Facts ─content→ Document ─html, csv, json, xlsx→ files
//! ```
#![forbid(unsafe_code)]

pub mod content;
pub mod csv;
pub mod document;
pub mod facts;
pub mod figures;
pub mod html;
pub mod json;
pub mod profiles;
pub mod sweeps;
pub mod texts;
pub mod uncertainty;
pub mod xlsx;

#[cfg(test)]
extern crate self as report;

pub use content::{Beside, make, make_beside};
pub use document::{Document, Language};
