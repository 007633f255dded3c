//! What a site's targets ask, answered by simulation: met or not, what would meet them, what a life without water costs,
//! and in how many hours nothing but a compressor helps.
//!
//! # Definitions
//! * *A compressor is unavoidable* in a step at whose end outdoor air is not colder than the water that a chiller is to
//!   hold: heat does not flow there by itself, whatever the size of a dry cooler. With water it is the wet bulb that
//!   counts. It is a property of climate and set-point, and a lower bound for any plant; the hours with a compressor of
//!   the run itself are what this plant makes of it, and a rerun with free-cooling coils and economizers at
//!   their largest says what more of them would give.
//! * *A value that meets a target*: the one nearest to the present on a grid of 0.1 K, one unit, or a 200th of the range,
//!   found between a value that misses and one that meets (see [`root`]). Runs at a quarter, half and
//!   the whole of the way to the end of the range look for one that meets.
//! * *Levers* are tried one at a time, by one run each of a small move in steps of an hour; those whose straight
//!   continuation to the end of their range gains most are solved for.

mod dry_twin;
mod json;
mod levers;
pub mod root;
mod text;
mod water;

pub use json::{SCHEMA, json};
pub use levers::{Lever, named};
pub use text::text;
pub use water::{Chillers, Water};

use crate::batch::{self, Watch};
use crate::metrics::Summary;
use crate::run::{Outcome, Stopped};
use crate::targets::Verdict;
use scenario::edit::{self, Edit};
use scenario::{Case, Scenario, check};

/// So many levers are solved for, for each target.
const SOLVED: usize = 3;
/// A gain below this share of what is missing is none.
const NO_GAIN: f64 = 1e-4;

/// A site on which runs are made.
pub struct Laboratory<'a> {
    /// As written, with the settings of the command.
    pub scenario: &'a Scenario,
    /// Checked.
    pub case: &'a Case,
    /// Looks at all runs and may stop them.
    pub watch: &'a dyn Watch,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Unanswered {
    /// A run stopped.
    #[error("{0}")]
    Stopped(#[from] Stopped),
    /// A variant of the site is none.
    #[error("{0}")]
    Refused(String),
}

/// All answers.
#[derive(Debug)]
pub struct Answers {
    /// The site's id.
    pub site: String,
    /// Its figures as it is.
    pub summary: Summary,
    /// What meets the missed targets, in the order of the targets.
    pub missed: Vec<Missed>,
    /// Life without water.
    pub water: Water,
    /// Hours with compressors.
    pub chillers: Chillers,
    /// How many runs it took.
    pub runs: usize,
}

/// A missed target and what would meet it.
#[derive(Debug, Clone)]
pub struct Missed {
    /// The target as it is.
    pub verdict: Verdict,
    /// The levers that were solved for, the smallest change first, then those that do not suffice.
    pub ways: Vec<Way>,
    /// How many levers were tried.
    pub tried: usize,
}

/// What one lever does for a target.
#[derive(Debug, Clone)]
pub struct Way {
    /// The lever.
    pub lever: Lever,
    /// Steps from now to the nearest value that meets, or to the one that comes nearest.
    pub steps: i64,
    /// The target then.
    pub verdict: Verdict,
    /// Facility electricity less that of the site as it is [kWh].
    pub energy_change_kwh: f64,
    /// Make-up water less that of the site as it is [m³].
    pub water_change_m3: f64,
    /// Targets that are met as it is and missed then.
    pub breaks: Vec<String>,
}

impl Laboratory<'_> {
    /// The site with fields changed.
    pub(crate) fn variant(&self, changes: &[(String, String)]) -> Result<Case, String> {
        let mut scenario = self.scenario.clone();
        for (path, value) in changes {
            let edit = Edit::from_text(&scenario, path, value).map_err(|problem| problem.to_string())?;
            edit::apply(&mut scenario, &edit).map_err(|problem| problem.to_string())?;
        }
        Self::checked(&scenario)
    }

    pub(crate) fn checked(scenario: &Scenario) -> Result<Case, String> {
        let sentences = |problems: Vec<scenario::Problem>| {
            problems.iter().filter(|p| p.is_error()).map(ToString::to_string).collect::<Vec<_>>().join("; ")
        };
        check::check(scenario).map(|(case, _)| case).map_err(sentences)
    }

    pub(crate) fn run(&self, case: &Case, number: usize) -> Result<(Outcome, Summary), Stopped> {
        batch::run(case, number, self.watch)
    }
}

/// Answers everything.
///
/// # Errors
/// Where the site itself does not run, or the watch stops it; variants that do not run are no levers.
pub fn answer(
    lab: &Laboratory,
    vary: &[Lever],
    against: Option<&(String, Case)>,
) -> Result<Answers, Unanswered> {
    let (outcome, summary) = lab.run(lab.case, 0)?;
    let (water, chillers) =
        (water::question(lab, &outcome, &summary, against)?, water::chillers(lab, &summary)?);
    let mut runs = 1 + water.runs + chillers.runs;
    let mut missed = Vec::new();
    if summary.targets.iter().any(|target| !target.met) {
        let tried = ranked(lab, vary, &summary)?;
        runs += tried.runs;
        for (k, verdict) in summary.targets.iter().enumerate().filter(|(_, target)| !target.met) {
            let best = tried.best(k, vary.is_empty());
            let solved =
                batch::each(&best, |n, lever| way(lab, lever, k, &summary, !vary.is_empty(), 1000 * n));
            let mut ways = Vec::new();
            for solved in solved {
                match solved {
                    Ok(Some((way, count))) => {
                        runs += count;
                        ways.push(way);
                    }
                    Ok(None) => {}
                    Err(stopped) => return Err(stopped.into()),
                }
            }
            ways.sort_by(|a, b| {
                let share =
                    |way: &Way| (way.steps as f64 * way.lever.step / (way.lever.high - way.lever.low)).abs();
                let far = |way: &Way| way.verdict.margin.unwrap_or(f64::NEG_INFINITY);
                b.verdict.met.cmp(&a.verdict.met).then(if a.verdict.met {
                    share(a).total_cmp(&share(b))
                } else {
                    far(b).total_cmp(&far(a))
                })
            });
            missed.push(Missed { verdict: verdict.clone(), ways, tried: tried.levers.len() });
        }
    }
    Ok(Answers { site: lab.case.id.clone(), summary, missed, water, chillers, runs })
}

/// Levers with what a small move does to each target.
struct Tried {
    levers: Vec<(Lever, Vec<Option<f64>>)>,
    margins: Vec<Option<f64>>,
    runs: usize,
}

impl Tried {
    /// The levers that promise most for a target; all of those that were named.
    fn best(&self, target: usize, choose: bool) -> Vec<Lever> {
        if !choose {
            return self.levers.iter().map(|(lever, _)| lever.clone()).collect();
        }
        let Some(margin) = self.margins.get(target).copied().flatten() else { return Vec::new() };
        let mut promising: Vec<(f64, &Lever)> = Vec::new();
        for (lever, slopes) in &self.levers {
            let Some(slope) = slopes.get(target).copied().flatten() else { continue };
            let (down, up) = lever.reach();
            let gain = (slope * up as f64).max(slope * down as f64);
            if gain > NO_GAIN * margin.abs().max(1e-9) {
                promising.push((gain, lever));
            }
        }
        promising.sort_by(|a, b| b.0.total_cmp(&a.0));
        promising.into_iter().take(SOLVED).map(|(_, lever)| lever.clone()).collect()
    }
}

/// A cheap run: steps of an hour, where the site has shorter ones and runs for long enough.
fn coarse(case: &Case) -> Vec<(String, String)> {
    if case.run.step_s < 3600.0 && case.run.length_s >= 7.0 * 86_400.0 {
        let set = |path: &str| (path.to_owned(), "1 h".to_owned());
        vec![set("run.step"), set("run.output_every")]
    } else {
        Vec::new()
    }
}

/// Tries every lever once.
fn ranked(lab: &Laboratory, vary: &[Lever], summary: &Summary) -> Result<Tried, Unanswered> {
    let fine: Vec<Option<f64>> = summary.targets.iter().map(|target| target.margin).collect();
    if !vary.is_empty() {
        let levers = vary.iter().map(|lever| (lever.clone(), Vec::new())).collect();
        return Ok(Tried { levers, margins: fine, runs: 0 });
    }
    let coarse = coarse(lab.case);
    let base = lab.variant(&coarse).map_err(Unanswered::Refused)?;
    let (_, base) = lab.run(&base, 1)?;
    let margins: Vec<Option<f64>> = base.targets.iter().map(|target| target.margin).collect();
    let levers = levers::all(lab.scenario, lab.case);
    let tried = batch::each(&levers, |n, lever| {
        let (down, up) = lever.reach();
        let room = if up >= -down { up } else { down };
        // A tenth of the way to the farther end.
        let steps = (room / 10).abs().max(1) * room.signum();
        let mut changes = coarse.clone();
        changes.push((lever.path.clone(), lever.written(steps)));
        let Ok(case) = lab.variant(&changes) else { return Ok(None) };
        match lab.run(&case, 2 + n) {
            Ok((_, moved)) => Ok(Some(
                (moved.targets.iter().zip(&margins))
                    .map(|(target, base)| Some((target.margin? - (*base)?) / steps as f64))
                    .collect::<Vec<Option<f64>>>(),
            )),
            Err(stopped @ Stopped::Cancelled { .. }) => Err(stopped),
            // What does not run is no way out.
            Err(_) => Ok(None),
        }
    });
    let runs = 1 + levers.len();
    let mut found = Vec::new();
    for (lever, slopes) in levers.into_iter().zip(tried) {
        if let Some(slopes) = slopes? {
            found.push((lever, slopes));
        }
    }
    Ok(Tried { levers: found, margins, runs })
}

/// One trial of a lever: the whole summary, and what is to spare of the target.
type Seen = Option<(Summary, f64)>;

/// The nearest value of a lever that meets a target, or the one that comes nearest.
fn way(
    lab: &Laboratory,
    lever: &Lever,
    target: usize,
    base: &Summary,
    named: bool,
    number: usize,
) -> Result<Option<(Way, usize)>, Stopped> {
    let mut runs = 0;
    let mut seen = |steps: i64| -> Result<Seen, Stopped> {
        let changes = [(lever.path.clone(), lever.written(steps))];
        let Ok(case) = lab.variant(&changes) else { return Ok(None) };
        runs += 1;
        match lab.run(&case, number + runs) {
            Ok((_, summary)) => {
                let verdict = summary.targets.get(target);
                let margin =
                    verdict.and_then(|v| if v.met { v.margin } else { v.margin.map(|m| m.min(-1e-12)) });
                Ok(margin.map(|margin| (summary, margin)))
            }
            Err(stopped @ Stopped::Cancelled { .. }) => Err(stopped),
            Err(_) => Ok(None),
        }
    };
    let margin = base.targets.get(target).and_then(|v| v.margin).unwrap_or(f64::NEG_INFINITY).min(-1e-12);
    let (down, up) = lever.reach();
    let mut best: Option<(i64, Summary, f64)> = None;
    let mut bracket: Option<((i64, f64), (i64, f64))> = None;
    let ends: &[i64] = if down < 0 && up > 0 {
        &[1, -1]
    } else if up > 0 {
        &[1]
    } else {
        &[-1]
    };
    for &side in ends {
        let (near, far) = if side > 0 { (down.max(0), up) } else { (up.min(0), down) };
        let mut last = (0, margin);
        for quarter in [0, 1, 2, 4] {
            let steps = near + (far - near) * quarter / 4;
            if steps == last.0 && quarter > 0 || steps == 0 {
                continue;
            }
            let Some((summary, margin)) = seen(steps)? else { continue };
            let better = best.as_ref().is_none_or(|(_, _, known)| margin > *known);
            if better && bracket.is_none() {
                best = Some((steps, summary, margin));
            }
            if margin >= 0.0 {
                if bracket.is_none_or(|(_, (known, _))| steps.abs() < known.abs()) {
                    bracket = Some((last, (steps, margin)));
                }
                break;
            }
            last = (steps, margin);
        }
        // Towards the wrong side nothing is to be had unless it was asked for.
        if bracket.is_some() && !named {
            break;
        }
    }
    if let Some((missed, met)) = bracket {
        let mut kept: Option<(i64, Summary, f64)> = None;
        let found = root::nearest(missed, met, |steps| -> Result<f64, Stopped> {
            let Some((summary, margin)) = seen(steps)? else { return Ok(f64::MIN) };
            if margin >= 0.0 {
                kept = Some((steps, summary, margin));
            }
            Ok(margin)
        })?;
        if let Some(kept) = kept.filter(|(steps, _, _)| *steps == found.0) {
            best = Some(kept);
        } else if best.as_ref().is_none_or(|(steps, _, _)| *steps != found.0)
            && let Some((summary, margin)) = seen(found.0)?
        {
            best = Some((found.0, summary, margin));
        }
    }
    let Some((steps, summary, _)) = best else { return Ok(None) };
    let Some(verdict) = summary.targets.get(target).cloned() else { return Ok(None) };
    let breaks = base.targets.iter().zip(&summary.targets);
    let breaks = breaks.filter(|(was, is)| was.met && !is.met).map(|(_, is)| is.text.clone()).collect();
    let way = Way {
        lever: lever.clone(),
        steps,
        verdict,
        energy_change_kwh: summary.metrics.facility_energy_kwh - base.metrics.facility_energy_kwh,
        water_change_m3: summary.metrics.water_m3 - base.metrics.water_m3,
        breaks,
    };
    Ok(Some((way, runs)))
}
