//! Cases, and their evaluation.

use crate::check::{Check, Checks};
use crate::fault::Fault;
use crate::source::Source;
use rayon::prelude::*;

/// A comparison with one source.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// Name, `[a-z0-9_]`, unique.
    pub id: &'static str,
    /// What is compared.
    pub title: &'static str,
    /// Who made the numbers.
    pub source: &'static Source,
    /// What it is evidence for: kinds of the catalogue, or parts of the program such as `moist air`.
    pub covers: &'static [&'static str],
    /// Compares.
    pub evaluate: fn(&mut Checks) -> Result<(), Fault>,
}

/// A case and what it found.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The case.
    pub case: &'static Case,
    /// Its quantities; at least one.
    pub checks: Vec<Check>,
}

/// All cases, those of one source together.
#[must_use]
pub fn cases() -> Vec<&'static Case> {
    let all: Vec<&Case> = crate::GROUPS.iter().copied().flatten().collect();
    let mut sources: Vec<&str> = Vec::new();
    for case in &all {
        if !sources.contains(&case.source.id) {
            sources.push(case.source.id);
        }
    }
    sources
        .iter()
        .flat_map(|source| all.iter().copied().filter(move |case| case.source.id == *source))
        .collect()
}

/// The cases whose id, source or subject contains a text, in any case; all without one.
#[must_use]
pub fn select(filter: Option<&str>) -> Vec<&'static Case> {
    let Some(filter) = filter.map(str::to_lowercase) else { return cases() };
    let names = |case: &Case| {
        let of = [case.id, case.source.id, case.source.title];
        of.iter().chain(case.covers).any(|name| name.to_lowercase().contains(&filter))
    };
    cases().into_iter().filter(|case| names(case)).collect()
}

/// Evaluates one case. What cannot be evaluated is a miss that says why.
#[must_use]
pub fn evaluate(case: &Case) -> Vec<Check> {
    let mut checks = Checks::of(case.id, case.covers);
    if let Err(fault) = (case.evaluate)(&mut checks) {
        checks.fault(&fault);
    }
    checks.into_list()
}

/// Evaluates cases, on all processors; the answers stand in the order of the cases.
#[must_use]
pub fn run(cases: &[&'static Case]) -> Vec<Checked> {
    cases.par_iter().map(|&case| Checked { case, checks: evaluate(case) }).collect()
}
