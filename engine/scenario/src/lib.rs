//! Site files in, checked plants out.
//!
//! ```text
//! site.ron ─read→ Scenario ─check→ Case
//!  text           as written       typed, SI, references resolved
//! ```
//!
//! * [`load`] does all of it for a file, [`load_text`] for a text in memory. [`read`](read::read) and
//!   [`check`](check::check) are the two steps alone.
//! * A [`Scenario`] is what a person wrote: names and texts with their places. [`edit`] changes it,
//!   [`Scenario::write`] writes it back.
//! * A [`Case`] holds a [`plant::plant::Plant`], the weather, the workloads and the options of a run.
//! * A [`Problem`] says where, what, and the way out. All of them come at once; only broken syntax
//!   stops at the first.
//! * [`schema`] says what may be written; the parameters of components come from `plant`.
//! * [`catalogue`] holds the records of `models/`, built in.
//!
//! Reading: [`syntax`] makes nodes of a text that `ron` accepts, [`read`] joins the files that build on
//! each other and holds them against the schema, [`check`] resolves what names something else.
//!
//! # Absences
//! * Nothing here simulates, and nothing but this crate and the writers of `study` opens a file.
//! * Checking touches no disk: files are read with the site ([`Scenario::fetch`]).
//! * A file is never written to, and `based_on` never leads out of the site's folder.
#![forbid(unsafe_code)]

pub mod books;
pub mod case;
pub mod catalogue;
pub mod check;
pub mod course;
pub mod disclosure;
pub mod edit;
pub mod money;
pub mod node;
pub mod origin;
pub mod path;
pub mod pledges;
pub mod problem;
pub mod profile;
pub mod read;
mod render;
mod said;
mod scenario;
pub mod schema;
pub mod source;
pub mod study_file;
pub mod syntax;
pub mod weather;
pub mod workload;

pub use case::{
    Case, Controls, Dynamics, Factor, Fidelity, Goal, GridFactor, InputFile, Method, RunOptions, Target,
};
pub use problem::{Class, Location, Problem, Severity};
pub use read::{load, load_text, load_text_in};
pub use scenario::{Packed, Scenario};
pub use source::Source;
pub use workload::{HeatTrace, Pattern, Workload};

/// A site that was read and found good.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// As written.
    pub scenario: Scenario,
    /// Checked.
    pub case: Case,
    /// Unusual, but possible.
    pub warnings: Vec<Problem>,
}
