//! The corners of a study, calculated before anything else: what a case costs, and whether the figures exist.

use super::{Corner, Estimate, Plan};
use crate::evaluate::{self, Ended};
use crate::sample::at_levels;
use crate::{SweepError, part};
use scenario::Problem;
use scenario::problem::Severity;
use scenario::study_file::{Kind, Sampler, StudyFile, Value};
use study::batch::Watch;
use study::plans::Plans;

/// Runs the corners, and says what a case costs.
pub(super) fn preflight(
    plan: &Plan,
    watch: &dyn Watch,
) -> Result<(Vec<Corner>, Option<Estimate>), SweepError> {
    let study = &plan.study;
    let sizes: Vec<usize> = study.parameters.iter().map(|p| p.kind.levels()).collect();
    let corner = |name: &'static str| {
        let of = level_of(name)?;
        Some((name, at_levels(study, &sizes.iter().map(|&size| of(size)).collect::<Vec<usize>>())))
    };
    let corners = if let Sampler::List(cases) = &study.sampler {
        let at = |k: usize| cases.get(k).cloned().unwrap_or_default();
        vec![("first", at(0)), ("middle", at(cases.len() / 2)), ("last", at(cases.len().saturating_sub(1)))]
    } else {
        ["lowest", "middle", "highest"].into_iter().filter_map(corner).collect()
    };
    let mut rows = Vec::new();
    let (mut shown, mut first, mut seconds) = (Vec::new(), None, Vec::new());
    let mut refusals: Vec<Problem> = Vec::new();
    // Of the time that a case takes alone, what it takes among others of its plant.
    let mut share = None;
    // Those that are repeated in dynamic steps, and the time that one of them takes.
    let repeated = plan.entries.iter().filter(|entry| entry.dynamic_of.is_some()).count();
    let mut dynamic = 0.0;
    // As in the sweep itself all but the first case of a form find their plan made.
    let plans = Plans::default();
    for (name, values) in corners {
        if watch.stops() {
            return Err(SweepError::Interrupted);
        }
        let scenario = study.scenario(&values, false);
        let (calculated, took) = evaluate::spent(|| evaluate::summary(scenario, &plans, watch));
        let result = match calculated {
            Ok((summary, met, margins)) => {
                super::figures::fit(study, &summary)?;
                let outputs = plan.layout.figures(&summary);
                let figures = crate::row::Figures { outputs, margins, met };
                rows.push(crate::Row { id: format!("{:032}", rows.len()), result: Ok(figures) });
                seconds.push(took);
                Ok(took)
            }
            Err(Ended::Failed(failure)) => {
                refusals.extend(evaluate::refused(study.scenario(&values, false)));
                let said = format!("{}: {}", failure.code, failure.message);
                first.get_or_insert_with(|| said.clone());
                Err(said)
            }
            Err(Ended::Cancelled) => return Err(SweepError::Interrupted),
        };
        if let (true, Ok(alone)) = (share.is_none(), &result) {
            let beside = evaluate::seconds_beside(study.scenario(&values, false), &plans);
            share = Some(beside.map_or(1.0, |beside| (beside / alone).min(1.0)));
            if repeated > 0 {
                let scenario = study.scenario(&values, true);
                dynamic = evaluate::spent(|| evaluate::summary(scenario, &plans, watch)).1;
            }
        }
        let written = |place: usize| (study.parameters[place].id.clone(), study.written(place, &values));
        shown.push(Corner { name, values: (0..values.len()).map(written).collect(), result });
    }
    if let (true, Some(first)) = (rows.is_empty(), first) {
        return Err(nothing_runs(&refusals, first));
    }
    if rows.is_empty() {
        return Ok((shown, None));
    }
    let seconds_per_case = share.unwrap_or(1.0) * seconds.iter().sum::<f64>() / seconds.len() as f64;
    let cases = plan.expected() as f64;
    // Rows and the rest of a part, of which there is one for 256 rows or half a minute; and once more for the table.
    const ROWS: usize = 256;
    let many: Vec<crate::Row> = (0..ROWS)
        .map(|k| {
            let id = blake3::hash(&k.to_le_bytes()).to_hex().chars().take(32).collect();
            crate::Row { id, ..rows[k % rows.len()].clone() }
        })
        .collect();
    let [one, all] = [1, ROWS].map(|n| part::bytes(&many[..n], &plan.layout).map(|bytes| bytes.len() as f64));
    let (one, all) = (one?, all?);
    let parts = (cases / ROWS as f64).ceil().max(seconds_per_case * cases / 30.0);
    let bytes = 2.0 * cases * (all - one) / (ROWS as f64 - 1.0) + (parts + 1.0) * one;
    let (quasi, repeated) = (cases - repeated as f64, repeated as f64);
    let seconds = seconds_per_case * quasi + dynamic * repeated;
    let estimate = Estimate { seconds_per_case, seconds, bytes };
    Ok((shown, Some(estimate)))
}

/// Identifier of a study of which no corner can be calculated.
const NOTHING_RUNS: &str = "ISO0854";

/// Where the corners are refused by their sites, each reason at its place; else what the first says.
fn nothing_runs(refusals: &[Problem], first: String) -> SweepError {
    if refusals.is_empty() {
        return SweepError::NothingRuns { first };
    }
    let mut problems: Vec<Problem> = Vec::new();
    for problem in refusals {
        if !problems.contains(problem) {
            problems.push(problem.clone());
        }
    }
    let message = "none of the corners of the study can be calculated, so nothing was planned".to_owned();
    let (path, severity) = (String::new(), Severity::Error);
    problems.push(Problem { severity, code: NOTHING_RUNS, path, message, help: None, location: None });
    SweepError::Study(problems)
}

/// The most cases that are held against the check before the sweep.
const HELD: usize = 256;

/// Options of which no site comes that can run, each as a warning at its place: one at a time is put in a corner that was
/// calculated, and checked. Of a list, its cases.
///
/// A range is checked at its ends where the study is read, so what is left are names and options.
pub(super) fn refused(study: &StudyFile, corners: &[Corner]) -> Vec<Problem> {
    let mut candidates: Vec<(String, String, Vec<Value>)> = Vec::new();
    let sizes: Vec<usize> = study.parameters.iter().map(|parameter| parameter.kind.levels()).collect();
    let sound = corners.iter().find(|corner| corner.result.is_ok()).and_then(|corner| level_of(corner.name));
    if let Sampler::List(cases) = &study.sampler {
        let of = |(k, values): (usize, &Vec<Value>)| {
            (format!("sampler.cases[{k}]"), "the case".to_owned(), values.clone())
        };
        candidates.extend(cases.iter().enumerate().map(of));
    } else if let Some(sound) = sound {
        for (place, parameter) in study.parameters.iter().enumerate() {
            if !matches!(parameter.kind, Kind::Named { .. } | Kind::Choice { .. } | Kind::By { .. }) {
                continue;
            }
            for level in 0..sizes[place] {
                let mut levels: Vec<usize> = sizes.iter().map(|&size| sound(size)).collect();
                levels[place] = level;
                let values = at_levels(study, &levels);
                let path = format!("parameters.{}", parameter.id);
                candidates.push((path, study.written(place, &values), values));
            }
        }
    }
    let warning = |(path, what, values): (String, String, Vec<Value>)| {
        let problems = evaluate::refused(study.scenario(&values, false));
        let first = problems.first()?.clone();
        let more = match problems.len() {
            1 => String::new(),
            count => format!(" (and {} more)", count - 1),
        };
        let message = format!("{what} cannot be calculated: {}: {}{more}", first.path, first.message);
        Some(Problem { severity: Severity::Warning, path, message, ..first })
    };
    candidates.into_iter().take(HELD).filter_map(warning).collect()
}

/// Which of so many levels a corner has.
fn level_of(corner: &str) -> Option<fn(usize) -> usize> {
    match corner {
        "lowest" => Some(|_| 0),
        "middle" => Some(|size| size / 2),
        "highest" => Some(|size| size.saturating_sub(1)),
        _ => None,
    }
}
