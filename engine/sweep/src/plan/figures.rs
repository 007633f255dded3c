//! The figures that a study names, held against those of a run.

use crate::SweepError;
use crate::evaluate;
use crate::outputs::{self, Layout};
use crate::plan::layout;
use crate::sample::at_levels;
use scenario::Problem;
use scenario::problem::{Severity, code};
use scenario::study_file::{self, Figure, StudyFile};
use serde_json::Value;
use std::path::Path;
use study::batch::Unwatched;
use study::plans::Plans;

/// Identifier of a figure that no run has.
const NO_FIGURE: &str = "ISO0853";
/// Identifier of a figure that cases are ranked by and that is not kept.
const NOT_KEPT: &str = "ISO0857";

/// Reads a study file, or a built-in study by its id.
///
/// # Errors
/// All that is wrong, the figures among it: where something is, they are held against a run of the base site.
pub fn load(path: &Path) -> Result<StudyFile, SweepError> {
    let reading = study_file::reading(path);
    let (mut problems, base) = match reading.study {
        Ok(study) => {
            let problems = kept(&study.figures, &layout(&study));
            if problems.is_empty() {
                return Ok(study);
            }
            let lowest = at_levels(&study, &vec![0; study.parameters.len()]);
            (problems, study.scenario(&lowest, false).ok())
        }
        Err(mut problems) => {
            let outputs = reading.figures.iter().filter(|figure| figure.is_output());
            let paths: Vec<String> = outputs.map(|figure| figure.path.clone()).collect();
            problems.extend(kept(&reading.figures, &Layout::new(&paths, &[], &[])));
            (problems, reading.base)
        }
    };
    let ran = base.map(|base| evaluate::summary(Ok(base), &Plans::default(), &Unwatched));
    if let Some(Ok((summary, ..))) = ran {
        problems.extend(missing(&reading.figures, &summary));
    }
    problems.sort_by_key(|problem| problem.location.as_ref().map(|at| (at.file.clone(), at.line, at.column)));
    Err(SweepError::Study(problems))
}

/// Holds the figures of a study against the summary of a run.
pub(super) fn fit(study: &StudyFile, summary: &Value) -> Result<(), SweepError> {
    let problems = missing(&study.figures, summary);
    if problems.is_empty() { Ok(()) } else { Err(SweepError::Study(problems)) }
}

/// Figures by which cases are ranked must be kept, and each says it once.
fn kept(figures: &[Figure], layout: &Layout) -> Vec<Problem> {
    let known: Vec<&str> = layout.outputs.iter().map(|output| output.column.as_str()).collect();
    let mut ranked: Vec<(usize, &str)> = Vec::new();
    let mut problems = Vec::new();
    for figure in figures.iter().filter(|figure| !figure.is_output()) {
        let Some(place) = layout.place(&figure.path) else {
            let message = format!("the study does not keep {}; it keeps {}", figure.path, known.join(", "));
            let help = format!("add \"{}\" to outputs, if it is a figure of summary.json", figure.path);
            problems.push(problem(NOT_KEPT, figure, message, Some(help)));
            continue;
        };
        match ranked.iter().find(|(other, _)| *other == place) {
            Some((_, field)) => {
                let message = format!("cases are ranked by {} already: {field}", figure.path);
                problems.push(problem(code::DUPLICATE, figure, message, None));
            }
            None => ranked.push((place, &figure.field)),
        }
    }
    problems
}

/// Figures that a summary does not have.
fn missing(figures: &[Figure], summary: &Value) -> Vec<Problem> {
    // What cases are ranked by may be named by its column, and is held against what is kept.
    let kept = figures.iter().filter(|figure| figure.is_output());
    let missing = kept.filter_map(|figure| {
        let help = outputs::missing(summary, &figure.path)?;
        let message = format!("{} is no figure of a run of this study", figure.path);
        Some(problem(NO_FIGURE, figure, message, Some(help)))
    });
    missing.collect()
}

fn problem(code: &'static str, figure: &Figure, message: String, help: Option<String>) -> Problem {
    Problem {
        severity: Severity::Error,
        code,
        path: figure.field.clone(),
        message,
        help,
        location: figure.location.clone().map(Box::new),
    }
}
