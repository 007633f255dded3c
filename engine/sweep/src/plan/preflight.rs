//! The corners of a study, calculated before anything else: what a case costs, and whether the figures exist.

use super::{Corner, Estimate, Plan};
use crate::evaluate::{self, Ended};
use crate::sample::at_levels;
use crate::{SweepError, part};
use scenario::study_file::{self, Value};
use study::batch::{Unwatched, Watch};
use study::plans::Plans;

/// Runs the corners, and says what a case costs.
pub(super) fn preflight(
    plan: &Plan,
    watch: &dyn Watch,
) -> Result<(Vec<Corner>, Option<Estimate>), SweepError> {
    let study = &plan.study;
    let sizes: Vec<usize> = study.parameters.iter().map(|p| p.kind.levels()).collect();
    let corner = |name: &'static str, of: &dyn Fn(usize) -> usize| -> (&'static str, Vec<Value>) {
        (name, at_levels(study, &sizes.iter().map(|&n| of(n)).collect::<Vec<usize>>()))
    };
    let corners = if let study_file::Sampler::List(cases) = &study.sampler {
        let at = |k: usize| cases.get(k).cloned().unwrap_or_default();
        vec![("first", at(0)), ("middle", at(cases.len() / 2)), ("last", at(cases.len().saturating_sub(1)))]
    } else {
        vec![
            corner("lowest", &|_| 0),
            corner("middle", &|n| n / 2),
            corner("highest", &|n| n.saturating_sub(1)),
        ]
    };
    let mut rows = Vec::new();
    let (mut shown, mut first, mut seconds) = (Vec::new(), None, Vec::new());
    // Of the time that a case takes alone, what it takes among others of its plant.
    let mut share = None;
    // Those that are repeated in dynamic steps, and the time that one of them takes.
    let repeated = plan.entries.iter().filter(|entry| entry.dynamic_of.is_some()).count();
    let mut dynamic = 0.0;
    // As in the sweep itself all but the first case of a form find their plan made.
    let plans = Plans::default();
    for (name, values) in corners {
        if watch.stops() {
            break;
        }
        let scenario = study.scenario(&values, false);
        let (calculated, took) = evaluate::spent(|| evaluate::summary(scenario, &plans, &Unwatched));
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
                let said = format!("{}: {}", failure.code, failure.message);
                first.get_or_insert_with(|| said.clone());
                Err(said)
            }
            Err(Ended::Cancelled) => Err("stopped".into()),
        };
        if let (true, Ok(alone)) = (share.is_none(), &result) {
            let beside = evaluate::seconds_beside(study.scenario(&values, false), &plans);
            share = Some(beside.map_or(1.0, |beside| (beside / alone).min(1.0)));
            if repeated > 0 {
                let scenario = study.scenario(&values, true);
                dynamic = evaluate::spent(|| evaluate::summary(scenario, &plans, &Unwatched)).1;
            }
        }
        let written = |place: usize| (study.parameters[place].id.clone(), study.written(place, &values));
        shown.push(Corner { name, values: (0..values.len()).map(written).collect(), result });
    }
    if let (true, Some(first)) = (rows.is_empty(), first) {
        return Err(SweepError::NothingRuns { first });
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
