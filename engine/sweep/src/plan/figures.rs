//! The figures that a study names, held against those of a run.

use crate::SweepError;
use crate::evaluate;
use crate::outputs::{self, Layout};
use scenario::Problem;
use scenario::problem::Severity;
use scenario::study_file::{self, Figure, StudyFile};
use serde_json::Value;
use std::path::Path;
use study::batch::Unwatched;
use study::plans::Plans;

/// Identifier of a figure that no run has.
const NO_FIGURE: &str = "ISO0853";
/// Identifier of a figure that is searched for and not kept.
const NOT_KEPT: &str = "ISO0857";

/// Reads a study file, or a built-in study by its id.
///
/// # Errors
/// All that is wrong, the figures among it: where something else is, they are held against a run of the base site.
pub fn load(path: &Path) -> Result<StudyFile, SweepError> {
    let reading = study_file::reading(path);
    reading.study.map_err(|mut problems| {
        let ran = reading.base.map(|base| evaluate::summary(Ok(base), &Plans::default(), &Unwatched));
        if let Some(Ok((summary, ..))) = ran {
            problems.extend(missing(&reading.figures, &summary));
            problems.sort_by_key(|problem| {
                problem.location.as_ref().map(|at| (at.file.clone(), at.line, at.column))
            });
        }
        SweepError::Study(problems)
    })
}

/// Holds the figures of a study against the summary of a run.
pub(super) fn fit(study: &StudyFile, summary: &Value) -> Result<(), SweepError> {
    let problems = missing(&study.figures, summary);
    if problems.is_empty() { Ok(()) } else { Err(SweepError::Study(problems)) }
}

/// What is searched for must be kept.
pub(super) fn kept(study: &StudyFile, layout: &Layout) -> Result<(), SweepError> {
    let known: Vec<&str> = layout.outputs.iter().map(|output| output.column.as_str()).collect();
    let searched = study.figures.iter().filter(|figure| figure.field.starts_with("minimise"));
    let problems: Vec<Problem> = searched
        .filter(|figure| layout.place(&figure.path).is_none())
        .map(|figure| {
            let message = format!("the study does not keep {}; it keeps {}", figure.path, known.join(", "));
            problem(NOT_KEPT, figure, message, None)
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(SweepError::Study(problems)) }
}

/// Figures that a summary does not have.
fn missing(figures: &[Figure], summary: &Value) -> Vec<Problem> {
    // What is searched for may be named by its column and is held against what is kept.
    let kept = figures.iter().filter(|figure| figure.field.starts_with("outputs"));
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
