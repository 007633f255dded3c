//! Books beyond the meters: what a run means for heat, carbon, water and money outside of the fence.
//!
//! Each is evaluated from a finished run and from what the site says; nothing here takes part in a step. What a site
//! does not say is not there, never 0.

pub mod reuse;

mod report;

use crate::metrics::Summary;
use crate::run::Outcome;
use plant::declare::Use;
use reuse::Reuse;
use scenario::Case;

/// The books of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Books {
    /// Heat that left the site to be used.
    pub reuse: Option<Reuse>,
}

/// Evaluates all books; pure. The metrics of `summary` are read, the books in it are not.
pub fn evaluate(case: &Case, outcome: &Outcome, summary: &Summary) -> Books {
    let used =
        |wanted: Use| summary.energy_kwh.iter().find(|(u, _)| *u == wanted).map_or(0.0, |(_, kwh)| *kwh);
    Books { reuse: reuse::evaluate(&case.plant, outcome, &summary.metrics, used(Use::HeatPumps)) }
}
