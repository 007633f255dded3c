//! `isotherm compare`: runs beside each other, what differs, and what makes it differ.

use crate::several::{self, Runs};
use crate::site::Changes;
use crate::{exit, output};
use engine::scenario::catalogue::{self, Shelf};
use engine::scenario::{Case, Problem};
use engine::study::batch;
use engine::study::compare::{self, Side};
use engine::study::report;
use engine::study::write::{Fingerprint, Manifest};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Compares sites or finished runs: the same work, what differs, and what makes it differ.
///
/// Each of SITE|DIR is the id of a built-in site, a site file, or the folder of a finished run. Sites are run here, for a
/// year in quasi-steady steps, and leave no files; of a folder, summary.json is read. The first is the reference.
///
/// The answer says whether the runs do the same IT work, gives the differences of PUE, TUE, WUE, CUE, energy, water,
/// carbon, cost, hours without compressor and temperatures, and leads from one total to the other use by use. Those steps
/// sum to the difference.
///
/// --set changes a field of every site; SITE?PATH=VALUE&PATH=VALUE of that one alone (in quotes, for the shell).
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  isotherm compare harbin_air harbin_cold_plate
  isotherm compare phoenix_evaporative phoenix_zero_water --set site.climate=singapore
  isotherm compare nvl72_pod 'nvl72_pod?cdu.supply_setpoint=35 °C' 'nvl72_pod?cdu.supply_setpoint=45 °C'
  isotherm compare runs/before runs/after --json
  isotherm report runs/after --against runs/before --html --pdf    the same for people, with waterfalls
  isotherm compare harbin_air harbin_cold_plate --dynamics dynamic
  isotherm compare a.ron b.ron --set run.period='Span(from: \"180 d\", for: \"30 d\")'")]
pub struct Arguments {
    /// Two or more: site ids, site files, folders of finished runs.
    #[arg(value_name = "SITE|DIR", required = true, num_args = 2..)]
    sides: Vec<String>,

    #[command(flatten)]
    changes: Changes,

    #[command(flatten)]
    runs: Runs,
}

/// One side as it was asked for.
enum Asked {
    /// To be run.
    Site(Box<Case>),
    /// The content of a `summary.json`.
    Folder(Value),
}

/// Runs the command.
pub fn main(arguments: &Arguments) -> u8 {
    match answer(arguments) {
        Ok(()) => exit::OK,
        Err(code) => code,
    }
}

fn answer(arguments: &Arguments) -> Result<(), u8> {
    let changes = &arguments.changes;
    let board = arguments.runs.board(changes.json);
    let mut asked = Vec::new();
    let mut problems = Vec::new();
    let mut failed = None;
    for text in &arguments.sides {
        match open(text, arguments) {
            Ok(side) => asked.push(side),
            Err(Refusal::Problems(list)) => problems.extend(list),
            Err(Refusal::Folder(code, sentence)) => failed = failed.or(Some((code, sentence))),
        }
    }
    if !problems.is_empty() {
        return Err(changes.refuse(compare::SCHEMA, &problems));
    }
    if let Some((code, sentence)) = failed {
        return Err(changes.fail(compare::SCHEMA, code, "ISO0810", &sentence));
    }
    let names = names(&arguments.sides, &asked);
    let to_run = asked.iter().filter(|side| matches!(side, Asked::Site(_))).count();
    board.stage("simulating", Some(to_run));
    let done = batch::each(&asked, |k, side| match side {
        Asked::Folder(data) => Ok(data.clone()),
        Asked::Site(case) => {
            let (outcome, summary) = batch::run(case, k, &board)?;
            Ok(report::summary_json(case, &outcome, &summary))
        }
    });
    board.clear();
    let mut sides = Vec::new();
    for ((name, text), data) in names.iter().zip(&arguments.sides).zip(done) {
        let data = data.map_err(|stopped| {
            let code = exit::of_stopped(&stopped);
            let text = if code == exit::INTERRUPTED {
                "stopped; nothing is kept of a comparison, begin it anew".to_owned()
            } else {
                format!("{name}: {stopped}")
            };
            changes.fail(compare::SCHEMA, code, exit::identifier(&stopped), &text)
        })?;
        let mut side = Side::read(name, &data).map_err(|malformed| {
            let sentence = format!("{name}: {malformed}");
            changes.fail(compare::SCHEMA, exit::BAD_INPUT, "ISO0811", &sentence)
        })?;
        let own: Vec<String> = parted(text).1.iter().map(|(path, value)| format!("{path}={value}")).collect();
        if !own.is_empty() {
            side.title = format!("{}, with {}", side.title, own.join(", "));
        }
        sides.push(side);
    }
    let comparison = compare::compare(sides);
    if changes.json {
        output::answer(compare::SCHEMA, compare::json(&comparison), Vec::new());
    } else {
        output::data(&compare::text(&comparison));
    }
    Ok(())
}

/// Why a side cannot be had.
enum Refusal {
    Problems(Vec<Problem>),
    Folder(u8, String),
}

fn open(text: &str, arguments: &Arguments) -> Result<Asked, Refusal> {
    let (named, own) = parted(text);
    let path = Path::new(named);
    // A built-in site is meant by its id, as everywhere; a folder of that name by `./ID`.
    let built_in = catalogue::find(Shelf::Sites, named).is_some();
    if path.is_dir() && !built_in {
        if own.is_empty() {
            return folder(path).map(Asked::Folder);
        }
        let sentence =
            format!("{named} is a finished run: nothing in it can be set; name the site to run it changed");
        return Err(Refusal::Folder(exit::BAD_INPUT, sentence));
    }
    let settings: Vec<(String, String)> = arguments.changes.settings.iter().cloned().chain(own).collect();
    let loaded = several::site(path, &settings, arguments.runs.dynamics).map_err(Refusal::Problems)?;
    Ok(Asked::Site(Box::new(loaded.case)))
}

/// `SITE?PATH=VALUE&PATH=VALUE`; a file whose name has a question mark is that file.
fn parted(text: &str) -> (&str, Vec<(String, String)>) {
    match text.split_once('?') {
        Some((site, own)) if !PathBuf::from(text).exists() => {
            let settings = own.split('&').map(|part| {
                let (path, value) = part.split_once('=').unwrap_or((part, ""));
                (path.trim().to_owned(), value.to_owned())
            });
            (site, settings.collect())
        }
        _ => (text, Vec::new()),
    }
}

/// The summary of a finished run, which is what its manifest says.
fn folder(path: &Path) -> Result<Value, Refusal> {
    let refusal = |code, sentence: String| Err(Refusal::Folder(code, sentence));
    let manifest = match Manifest::read(path) {
        Ok(manifest) => manifest,
        Err(error) => {
            let more = if path.join("unfinished.txt").exists() {
                format!(": it was interrupted; isotherm run --resume {} goes on with it", path.display())
            } else {
                String::new()
            };
            return refusal(error.exit_code(), format!("{error}{more}"));
        }
    };
    let file = path.join("summary.json");
    let bytes = match std::fs::read(&file) {
        Ok(bytes) => bytes,
        Err(error) => {
            return refusal(exit::MISSING_INPUT, format!("{} cannot be read: {error}", file.display()));
        }
    };
    let expected = manifest.files.iter().find(|file| file.name == "summary.json");
    if expected.is_none_or(|expected| Fingerprint::of("summary.json", &bytes) != *expected) {
        return refusal(
            exit::BAD_INPUT,
            format!(
                "{} is not what the run's manifest says: it was changed; run the site again",
                file.display()
            ),
        );
    }
    serde_json::from_slice(&bytes)
        .or_else(|error| refusal(exit::BAD_INPUT, format!("{} is no JSON: {error}", file.display())))
}

/// What each side is called: the site's id, and what makes it its own where two have the same.
fn names(texts: &[String], asked: &[Asked]) -> Vec<String> {
    let id = |side: &Asked| match side {
        Asked::Site(case) => case.id.clone(),
        Asked::Folder(data) => data["site"].as_str().unwrap_or("run").to_owned(),
    };
    let ids: Vec<String> = asked.iter().map(id).collect();
    let shared = |k: usize| ids.iter().filter(|id| **id == ids[k]).count() > 1;
    let name = |k: usize| match (&asked[k], parted(&texts[k])) {
        // What is set would be too long for tables; it stands beside the title.
        (_, (_, own)) if !own.is_empty() => format!("{} #{}", ids[k], k + 1),
        (Asked::Folder(_), _) if shared(k) => texts[k].trim_end_matches('/').to_owned(),
        _ => ids[k].clone(),
    };
    let mut names: Vec<String> = (0..ids.len()).map(name).collect();
    for k in 0..names.len() {
        let before = names[..k].iter().filter(|name| **name == names[k]).count();
        if before > 0 {
            names[k] = format!("{} ({})", names[k], before + 1);
        }
    }
    names
}
