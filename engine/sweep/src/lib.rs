//! Sweeps: a study file in, thousands of cases out, whatever stops on the way.
//!
//! ```text
//! study.ron ─plan→ plan.parquet ─run --shard K/N→ results/shard=K/part-*.parquet ─merge→ cases.parquet ─analyze→ …
//! ```
//!
//! * [`sample`] says which cases there are, [`plan`] gives each its id: the BLAKE3 of its resolved inputs.
//! * [`run`] calculates the cases of a shard and commits them in parts; what is committed is not calculated again.
//! * [`status`] counts, [`merge`] puts together and hashes, [`analyze`] evaluates.
//!
//! # Absences
//! * No physics and no metric: a figure of a case is a figure of its run's summary, by its path.
//! * Nothing of the clock, the host, the shard, the number of threads or the order reaches a row: the same study gives
//!   the same rows in any number of shards, and after any number of deaths.
//! * No number of a case that failed: it is a row with a code and a sentence.
//! * No file is overwritten in place, and none that is not of the sweep is touched.

pub mod analyze;
pub mod distribution;
mod error;
mod evaluate;
mod folder;
pub mod hypervolume;
pub mod merge;
pub mod normal;
pub mod nsga2;
mod outputs;
mod part;
pub mod philox;
pub mod plan;
mod row;
pub mod run;
pub mod sample;
mod shard;
pub mod status;

pub use error::SweepError;
pub use evaluate::cpu_seconds;
pub use outputs::{COMMON, Layout, Output, parted};
pub use row::{Failure, Figures, Row};
pub use shard::{Shard, ShardError};

/// Name and version of the layout of `plan.json`.
pub const PLAN_SCHEMA: &str = "isotherm.sweep.plan/2";
/// Name and version of the layout of a part.
pub const PART_SCHEMA: &str = "isotherm.sweep.part/1";
/// Name and version of the layout of the merged table.
pub const CASES_SCHEMA: &str = "isotherm.sweep.cases/1";
