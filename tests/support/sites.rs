//! Shipped sites with settings, run in this process.

use engine::scenario::catalogue::{Shelf, ids};
use engine::scenario::{Case, Pattern, load as read};
use engine::study::case;
use engine::study::metrics::Summary;
use engine::study::run::{Outcome, Unobserved};
use std::path::Path;

/// A shipped site, or a file, with `(path, value)` settings.
pub fn load(site: &str, settings: &[(&str, &str)]) -> Case {
    let settings: Vec<(String, String)> =
        settings.iter().map(|(path, value)| ((*path).into(), (*value).into())).collect();
    match read(Path::new(site), &settings) {
        Ok(loaded) => loaded.case,
        Err(problems) => {
            let sentences: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("{site} with {settings:?}:\n{}", sentences.join("\n"))
        }
    }
}

/// The shipped sites in which nothing fails: their period, fidelity and method may be changed at will.
pub fn without_events() -> Vec<&'static str> {
    ids(Shelf::Sites).into_iter().filter(|site| load(site, &[]).events.is_empty()).collect()
}

/// Runs it.
pub fn run(site: &str, settings: &[(&str, &str)]) -> (Outcome, Summary) {
    let case = load(site, settings);
    case::run(&case, &mut Unobserved).unwrap_or_else(|stopped| panic!("{site} with {settings:?}: {stopped}"))
}

/// Electricity of a category [kWh].
pub fn used(summary: &Summary, category: &str) -> f64 {
    let found = summary.energy_kwh.iter().find(|(u, _)| u.name() == category);
    found.unwrap_or_else(|| panic!("no category {category}")).1
}

/// A setting for a stretch of the year.
pub fn span(from_days: f64, for_days: f64) -> String {
    format!("Span(from: \"{from_days} d\", for: \"{for_days} d\")")
}

/// As many days as wanted, or as the recorded workload of the site covers.
pub fn days(case: &Case, wanted: f64) -> f64 {
    let recorded = case.workloads.iter().filter_map(|workload| match &workload.pattern {
        Pattern::Heat { trace, .. } => Some(trace.length() / 86_400.0),
        _ => None,
    });
    recorded.fold(wanted, f64::min)
}
