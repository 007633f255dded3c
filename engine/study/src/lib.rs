//! Run, trajectory, ledger, metrics, writers.
//!
//! `run` meets the plant and the solver; `account` and `metrics` are pure; only `write` opens files.

pub mod account;
mod discrete;
pub mod dynamics;
pub mod forcing;
pub mod notes;
pub mod run;
pub mod trajectory;
pub mod write;
