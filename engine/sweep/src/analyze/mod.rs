//! What the rows of a sweep say: which parameters matter, which cases are best.

pub mod best;
pub mod effects;
pub mod morris;
pub mod sobol;
pub mod tables;

use crate::SweepError;
use crate::merge::Merged;
use crate::philox::{Stream, Use};
use crate::plan::{Entry, Plan};
use crate::sample;
use best::Best;
use effects::Swing;
use scenario::study_file::{Kind, Sampler, Value};

/// Resamples of a bootstrap.
const RESAMPLES: usize = 500;
/// Best cases that are listed.
pub const LISTED: usize = 10;

/// The interval in which a statistic of `count` items lies in 95 % of its resamples. The same resamples for the same `of`.
pub(crate) fn bootstrap(count: usize, of: u32, statistic: &dyn Fn(&[usize]) -> f64) -> (f64, f64) {
    let stream = Stream::new(u64::from(of), Use::Bootstrap);
    let mut list = vec![0; count];
    let values: Vec<f64> = (0..RESAMPLES)
        .map(|resample| {
            for (k, place) in list.iter_mut().enumerate() {
                *place = stream.below(count, resample as u64, k as u32);
            }
            statistic(&list)
        })
        .collect();
    (effects::percentile(&values, 0.025), effects::percentile(&values, 0.975))
}

/// What is known of an output.
#[derive(Debug, Clone, PartialEq)]
pub struct OfOutput {
    /// Its column.
    pub output: String,
    /// Cases that have it.
    pub cases: usize,
    /// 5 %, 50 % and 95 % of them lie below.
    pub percentiles: [f64; 3],
    /// The swing that chance alone would give, where cases are drawn by it.
    pub chance: Option<f64>,
    /// What each parameter does to it.
    pub sensitivity: Sensitivity,
}

/// What parameters do to an output, by the sampler of the study.
#[derive(Debug, Clone, PartialEq)]
pub enum Sensitivity {
    /// Of any sample: largest first.
    Swings(Vec<Swing>),
    /// Of paths: in the order of the parameters.
    Morris(Vec<morris::Effect>),
    /// Of pairs of samples: in the order of the parameters.
    Sobol(Vec<sobol::Index>),
    /// Cases were searched, not drawn: they say what is best, and not what matters.
    Searched,
    /// It is the same in all cases, or none has it.
    Nothing,
    /// Too few cases have it: one, or of no path or pair of samples all that are needed.
    TooFew,
}

/// What the rows of a sweep say.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// Of each output.
    pub outputs: Vec<OfOutput>,
    /// The best cases; nothing where the study does not say what is good.
    pub best: Option<Best>,
    /// Of a search: after each generation, the volume that its cases dominate, as a share of the last.
    pub course: Vec<(usize, f64)>,
}

/// Analyses outputs: those named, by path or by column, or all.
///
/// # Errors
/// [`SweepError::Unanswered`] for an output that the study does not keep, or where no case has figures.
pub fn analyze(plan: &Plan, merged: &Merged, wanted: &[String]) -> Result<Analysis, SweepError> {
    let places: Vec<usize> = if wanted.is_empty() {
        (0..plan.layout.outputs.len()).collect()
    } else {
        wanted.iter().map(|name| place(plan, name)).collect::<Result<_, _>>()?
    };
    if merged.ok == 0 {
        let folder = plan.folder.display();
        let said = match merged.failed {
            0 => format!("no case has figures yet: isotherm sweep run {folder}"),
            failed => {
                format!("no case has figures, {failed} failed: isotherm sweep status {folder} says why")
            }
        };
        return Err(SweepError::Unanswered(said));
    }
    let cases: Vec<&Entry> = plan.entries.iter().filter(|entry| entry.dynamic_of.is_none()).collect();
    let column = |place: usize| -> Vec<f64> {
        let one = |entry: &&Entry| {
            let figures = merged.rows.get(&entry.id).and_then(|row| row.result.as_ref().ok());
            figures.and_then(|figures| figures.outputs.get(place).copied()).unwrap_or(f64::NAN)
        };
        cases.iter().map(one).collect()
    };
    let points = sample::points(&plan.study);
    let outputs = places
        .into_iter()
        .map(|place| {
            let y = column(place);
            let share = |share: f64| effects::percentile(&y, share);
            let drawn = matches!(
                plan.study.sampler,
                Sampler::MonteCarlo { .. } | Sampler::LatinHypercube { .. } | Sampler::Sobol { .. }
            );
            OfOutput {
                output: plan.layout.outputs[place].column.clone(),
                cases: y.iter().filter(|y| y.is_finite()).count(),
                percentiles: [share(0.05), share(0.5), share(0.95)],
                chance: drawn.then(|| effects::chance(&y)).filter(|chance| *chance > 0.0),
                sensitivity: sensitivity(plan, &cases, &points, &y),
            }
        })
        .collect();
    let course = match plan.study.sampler {
        Sampler::Nsga2 { population, .. } => {
            let by = plan.study.minimise.iter().map(|(name, less)| Ok((place(plan, name)?, *less)));
            best::course(&cases, &merged.rows, &by.collect::<Result<Vec<_>, SweepError>>()?, population)
        }
        _ => Vec::new(),
    };
    Ok(Analysis { outputs, best: best::best(plan, merged, &cases)?, course })
}

/// The place of an output, by its path or its column.
pub(crate) fn place(plan: &Plan, name: &str) -> Result<usize, SweepError> {
    plan.layout.place(name).ok_or_else(|| {
        let known: Vec<&str> = plan.layout.outputs.iter().map(|output| output.column.as_str()).collect();
        SweepError::Unanswered(format!("the study does not keep {name}; it keeps {}", known.join(", ")))
    })
}

/// Differences below this share of the values are those of a controller that holds a set-point, or of rounding.
const NOISE: f64 = 1e-9;

/// Whether the cases that have an output differ in it.
fn varies(y: &[f64]) -> bool {
    let finite = || y.iter().copied().filter(|y| y.is_finite());
    let (low, high) = finite().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), y| (l.min(y), h.max(y)));
    high - low > NOISE * low.abs().max(high.abs())
}

fn sensitivity(plan: &Plan, cases: &[&Entry], points: &[Vec<f64>], y: &[f64]) -> Sensitivity {
    if y.iter().filter(|y| y.is_finite()).count() == 1 {
        return Sensitivity::TooFew;
    }
    if !varies(y) {
        return Sensitivity::Nothing;
    }
    let dimensions = plan.study.parameters.len();
    match plan.study.sampler {
        Sampler::Nsga2 { .. } => Sensitivity::Searched,
        Sampler::Morris { .. } => {
            let effects = morris::effects(points, y);
            let several = effects.iter().all(|effect| effect.paths > 1);
            if several { Sensitivity::Morris(effects) } else { Sensitivity::TooFew }
        }
        Sampler::Saltelli { .. } => {
            sobol::indices(y, dimensions).map_or(Sensitivity::TooFew, Sensitivity::Sobol)
        }
        _ => {
            let mut swings: Vec<Swing> =
                (0..dimensions).flat_map(|place| swings_of(plan, cases, y, place)).collect();
            swings.sort_by(|a, b| b.size().total_cmp(&a.size()));
            Sensitivity::Swings(swings)
        }
    }
}

/// The swing with a parameter; one for each option where what varies depends on one.
fn swings_of(plan: &Plan, cases: &[&Entry], y: &[f64], place: usize) -> Vec<Swing> {
    let study = &plan.study;
    let of = |(entry, &y): (&&Entry, &f64)| {
        let value = match entry.values.get(place) {
            Some(Value::Number(value)) => *value,
            Some(Value::Option(option)) => *option as f64,
            None => f64::NAN,
        };
        (value, study.written(place, &entry.values), y)
    };
    let Kind::By { choice, cases: options } = &study.parameters[place].kind else {
        return effects::swing(place, None, &cases.iter().zip(y).map(of).collect::<Vec<_>>())
            .into_iter()
            .collect();
    };
    let within = |option: usize| {
        let chosen = |entry: &Entry| entry.values.get(*choice) == Some(&Value::Option(option));
        let some: Vec<_> = cases.iter().zip(y).filter(|(entry, _)| chosen(entry)).map(of).collect();
        let name =
            cases.iter().find(|entry| chosen(entry)).map(|entry| study.written(*choice, &entry.values));
        effects::swing(place, name, &some)
    };
    (0..options.len()).filter_map(within).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_differs_by_rounding_only_is_the_same_in_all_cases() {
        use super::varies;
        assert!(!varies(&[65.0, 65.0 + 5e-11, f64::NAN]));
        assert!(varies(&[65.0, 65.001]) && varies(&[0.0, 1e-12]));
        assert!(!varies(&[0.0, 0.0]) && !varies(&[f64::NAN]) && !varies(&[]));
    }
}
