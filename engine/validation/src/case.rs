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

/// What was found about a part alone, where a filter is its name in any case; all otherwise.
#[must_use]
pub fn about(checked: Vec<Checked>, filter: Option<&str>) -> Vec<Checked> {
    let is = |part: &&&str| filter.is_some_and(|filter| part.eq_ignore_ascii_case(filter));
    let Some(part) = checked.iter().flat_map(|of| of.case.covers).find(is).copied() else { return checked };
    let of_part = |of: Checked| {
        let checks: Vec<Check> = of.checks.into_iter().filter(|check| check.covers.contains(&part)).collect();
        (!checks.is_empty()).then_some(Checked { case: of.case, checks })
    };
    checked.into_iter().filter_map(of_part).collect()
}

/// Evaluates one case. What cannot be evaluated is a miss that says why.
#[must_use]
pub fn evaluate(case: &Case) -> Vec<Check> {
    let mut checks = Checks::of(case.id, case.covers);
    if let Err(fault) = (case.evaluate)(&mut checks) {
        checks.about(case.covers);
        checks.fault(&fault);
    }
    checks.into_list()
}

/// Evaluates cases, on all processors; the answers stand in the order of the cases.
#[must_use]
pub fn run(cases: &[&'static Case]) -> Vec<Checked> {
    cases.par_iter().map(|&case| Checked { case, checks: evaluate(case) }).collect()
}
