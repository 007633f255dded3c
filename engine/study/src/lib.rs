//! Run, trajectory, ledger, metrics, writers.

pub mod write;
