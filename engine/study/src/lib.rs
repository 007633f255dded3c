//! Run, trajectory, ledger, metrics, writers.
//!
//! `run` meets the plant and the solver; `account` and `metrics` are pure; only `read` and `write` open files.

pub mod account;
pub mod answers;
pub mod batch;
pub mod blocks;
pub mod books;
pub mod capacity;
pub mod carbon;
pub mod case;
pub mod compare;
pub mod conditions;
mod discrete;
pub mod dynamics;
pub mod emissions;
mod engine;
pub mod events;
pub mod forcing;
mod hall;
pub mod inside;
pub mod intervals;
pub mod limits;
mod members;
pub mod metrics;
pub mod notes;
pub mod plans;
pub mod pledges;
pub mod racks;
pub mod read;
pub mod report;
pub mod run;
mod standing;
mod state;
pub mod targets;
pub mod tracing;
pub mod trajectory;
pub mod work;
pub mod write;

/// Uses this many threads for runs beside each other. Results do not depend on it.
/// The first call decides.
pub fn use_threads(threads: usize) {
    // An existing pool stays: the number of threads changes how long it takes and nothing else.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
}
