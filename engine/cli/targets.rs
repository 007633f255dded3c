//! `isotherm targets`: what a site's targets ask, answered by simulation.

use crate::several::{self, Board, Runs};
use crate::site::Site;
use crate::{exit, output};
use engine::scenario::Case;
use engine::study::answers::{self, Laboratory, Lever, SCHEMA, Unanswered};
use engine::study::run::Stopped;
use engine::study::{batch, pledges};
use std::path::PathBuf;

/// Answers what a site's targets ask: met or not, what would meet them, zero water, hours with a compressor.
///
/// Each missed target is followed by values that would meet it: set-points, sizes and counts are moved one at a time within
/// their usual ranges, each by one run; those that promise most are solved for by root finding on the simulation, to
/// 0.1 K, one unit, or a 200th of the range. Where none suffices, the answer says how far it gets.
///
/// What doing without water costs is found against the same site with pads on its dry coolers (or without them), or
/// against the site named with --against.
///
/// A year in quasi-steady steps unless --dynamics says otherwise; no files are written.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  isotherm targets phoenix_zero_water
  isotherm targets phoenix_zero_water --against phoenix_evaporative
  isotherm targets nvl72_pod --set 'targets=[Pue(at_most: 1.1)]'
  isotherm targets nvl72_pod --set 'targets=[Pue(at_most: 1.1)]' --vary 'cdu.supply_setpoint=30 °C..45 °C'
  isotherm targets phoenix_2030 --by-year
  isotherm targets site.ron --json")]
pub struct Arguments {
    #[command(flatten)]
    site: Site,

    /// Moves this number between two values, in place of those that are found; may be given several times.
    #[arg(long, value_name = "PATH=LOW..HIGH", value_parser = range)]
    vary: Vec<(String, String, String)>,

    /// The site to compare with in the question of water: one without where this one uses it, and the other way round.
    #[arg(long, value_name = "SITE")]
    against: Option<PathBuf>,

    /// Tells of the site's pledges instead: what each year until then comes to, the path to it, and what is missing.
    #[arg(long, conflicts_with_all = ["vary", "against"])]
    by_year: bool,

    #[command(flatten)]
    runs: Runs,
}

fn range(text: &str) -> Result<(String, String, String), String> {
    let parts = text.split_once('=').and_then(|(path, range)| {
        let (low, high) = range.split_once("..")?;
        (!path.trim().is_empty()).then(|| (path.trim().to_owned(), low.to_owned(), high.to_owned()))
    });
    parts.ok_or_else(|| "write PATH=LOW..HIGH, for example 'cdu.supply_setpoint=30 °C..45 °C'".into())
}

/// Runs the command.
pub fn main(arguments: &Arguments) -> u8 {
    match answer(arguments) {
        Ok(()) => exit::OK,
        Err(code) => code,
    }
}

fn answer(arguments: &Arguments) -> Result<(), u8> {
    let changes = &arguments.site.changes;
    let board = arguments.runs.board(changes.json);
    let read = |site: &std::path::Path, settings: &[(String, String)]| {
        several::site(site, settings, arguments.runs.dynamics)
            .map_err(|problems| changes.refuse(SCHEMA, &problems))
    };
    let loaded = read(&arguments.site.site, &changes.settings)?;
    if arguments.by_year {
        return by_year(arguments, &loaded.case, &board);
    }
    let against: Option<(String, Case)> = match &arguments.against {
        Some(path) => {
            // Place, period and load of the one hold for the other; its equipment is its own.
            let shared = ["run.", "site.", "carbon", "economics", "targets"];
            let settings: Vec<(String, String)> = (changes.settings.iter())
                .filter(|(path, _)| shared.iter().any(|start| path.starts_with(start)))
                .cloned()
                .collect();
            let case = read(path, &settings)?.case;
            Some((case.id.clone(), case))
        }
        None => None,
    };
    let mut vary: Vec<Lever> = Vec::new();
    let mut wrong = Vec::new();
    for (path, low, high) in &arguments.vary {
        match answers::named(&loaded.scenario, &loaded.case, path, low, high) {
            Ok(lever) => vary.push(lever),
            Err(sentence) => wrong.push(sentence),
        }
    }
    if !wrong.is_empty() {
        return Err(changes.fail(
            SCHEMA,
            exit::BAD_INPUT,
            "ISO0820",
            &format!("--vary: {}", wrong.join("; ")),
        ));
    }
    board.stage("simulating", None);
    let lab = Laboratory { scenario: &loaded.scenario, case: &loaded.case, watch: &board };
    let answered = answers::answer(&lab, &vary, against.as_ref());
    board.clear();
    match answered {
        Ok(answered) if changes.json => output::answer(SCHEMA, answers::json(&answered), Vec::new()),
        Ok(answered) => output::data(&answers::text(&answered)),
        Err(Unanswered::Stopped(stopped)) => return Err(stop(arguments, SCHEMA, &stopped)),
        Err(refused @ Unanswered::Refused(_)) => {
            return Err(changes.fail(SCHEMA, exit::BAD_INPUT, "ISO0821", &refused.to_string()));
        }
    }
    Ok(())
}

/// What is said of a run that did not come to its end; the exit code.
fn stop(arguments: &Arguments, schema: &str, stopped: &Stopped) -> u8 {
    let code = exit::of_stopped(stopped);
    let text = if code == exit::INTERRUPTED {
        "stopped; nothing is kept of the answers, begin anew".to_owned()
    } else {
        stopped.to_string()
    };
    arguments.site.changes.fail(schema, code, exit::identifier(stopped), &text)
}

/// The pledges of the site, year by year.
fn by_year(arguments: &Arguments, case: &Case, board: &Board) -> Result<(), u8> {
    let changes = &arguments.site.changes;
    let Some(pledged) = &case.books.pledges else {
        let sentence = "--by-year is given, but the site pledges nothing: write for example pledges: (first: 2025, \
                        pledges: [(metric: NetCarbon, by: 2030)]) in it";
        return Err(changes.fail(pledges::SCHEMA, exit::BAD_INPUT, "ISO0822", sentence));
    };
    board.stage("simulating", Some(1));
    let run = batch::run(case, 0, board);
    board.clear();
    let (_, summary) = run.map_err(|stopped| stop(arguments, pledges::SCHEMA, &stopped))?;
    let residual = case.supply.as_ref().and_then(|supply| supply.residual.as_ref()).map(|of| of.factor);
    let tracker = pledges::track(&pledges::Base::of(&case.id, &summary, residual), pledged);
    if changes.json {
        output::answer(pledges::SCHEMA, pledges::json(&tracker), Vec::new());
    } else {
        output::data(&pledges::text(&tracker));
    }
    Ok(())
}
