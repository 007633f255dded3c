//! `isotherm run`: a site in, electricity, heat and water out.

use crate::checkpoint::{Keeper, Place, beside};
use crate::interrupt::{self, Interrupt};
use crate::resume::{self, Begun};
use crate::site::{Changes, Site};
use crate::{exit, output};
use engine::scenario::{Case, Packed};
use engine::study::case;
use engine::study::inside::Inside;
use engine::study::metrics::Summary;
use engine::study::read::SITE_FILE;
use engine::study::report;
use engine::study::run::{Frame, Moment, Next, Observer, Outcome, Stopped};
use engine::study::write::{Checkpoint, Fingerprint, Provenance, RunDirectory, Table, WriteError};
use engine::units::Quantity;
use serde_json::json;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// Simulates a site and writes a run directory.
///
/// The directory holds summary.json (figures), series.parquet (all columns, units in the metadata), racks.parquet
/// (figures of each rack) and manifest.json (written last: engine version, hash of every input, seed). Each file appears whole or not at all.
///
/// Ctrl-C (or SIGTERM) lets the step at hand end, leaves a checkpoint in the directory, says how to go on and exits
/// with 130; a second one ends at once. A run that was gone on with gives the same bytes as one that was never
/// interrupted.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  isotherm run nvl72_pod
  isotherm run site.ron --set site.weather=phoenix.epw --out runs/phoenix
  isotherm run harbin_air --set site.climate=guangzhou --json
  isotherm run nvl72_pod --set run.period='Day(\"2024-07-21\")' --set run.controls=Sampled
  isotherm run site.ron --out runs/year --checkpoint-every \"30 d\"
  isotherm run phoenix_zero_water --check-targets
  isotherm run --resume runs/year")]
pub struct Arguments {
    /// A site file, or the id of a built-in site (`isotherm catalogue sites`).
    #[arg(value_name = "SITE", required_unless_present = "resume")]
    site: Option<PathBuf>,

    #[command(flatten)]
    changes: Changes,

    /// Where to write; default runs/SITE-HASH, the first 8 digits of the hash of all inputs.
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Overwrites a complete or an interrupted run that is already there.
    #[arg(long)]
    force: bool,

    /// Writes series.csv beside series.parquet.
    #[arg(long)]
    csv: bool,

    /// Goes on with the interrupted run in that directory, or of that checkpoint file, as it was begun.
    #[arg(long, value_name = "DIR|FILE", conflicts_with_all = ["site", "settings"])]
    resume: Option<PathBuf>,

    /// Leaves a checkpoint each time so much of the simulated time has passed, e.g. "30 d"; in any case every ten
    /// minutes of a long calculation.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    checkpoint_every: Option<f64>,

    /// Exits with 64 when a target of the site is missed, and says which; the results are written all the same.
    #[arg(long)]
    check_targets: bool,

    /// Threads; the results are the same bits for any number.
    #[arg(long, value_name = "N")]
    threads: Option<usize>,

    /// No progress, no summary: only errors.
    #[arg(short, long)]
    quiet: bool,
}

fn duration(text: &str) -> Result<f64, String> {
    match Quantity::Duration.parse(text) {
        Ok(seconds) if seconds > 0.0 => Ok(seconds),
        Ok(_) => Err("a duration above zero is expected, for example \"30 d\"".into()),
        Err(error) => Err(error.to_string()),
    }
}

/// Runs the command.
pub fn main(arguments: &Arguments) -> u8 {
    let terminal = !arguments.quiet && !arguments.changes.json && std::io::stderr().is_terminal();
    let interrupt = interrupt::listen(terminal);
    match begun(arguments).and_then(|begun| simulate(arguments, begun, interrupt, terminal)) {
        Ok(()) => exit::OK,
        Err(code) => code,
    }
}

/// Why targets cannot be checked where there are none, and the way out.
const NO_TARGETS: &str = "--check-targets is given, but the site has no targets: write for example \
    targets: [ZeroWater, Pue(at_most: 1.15), JunctionTemperature(at_most: \"85 °C\")] in the site, or \
    --set 'targets=[ZeroWater]'";

/// Says which targets were missed; the exit code if there are any.
fn missed(summary: &Summary) -> Result<(), u8> {
    let missed: Vec<_> = summary.targets.iter().filter(|target| !target.met).collect();
    if missed.is_empty() {
        return Ok(());
    }
    for target in &missed {
        output::message(&format!("missed: {}\n", target.sentence()));
    }
    output::message(&format!("{} of {} targets missed\n", missed.len(), summary.targets.len()));
    Err(exit::TARGET_MISSED)
}

/// What is to be run, from the command line or from a checkpoint.
fn begun(arguments: &Arguments) -> Result<Begun, u8> {
    match (&arguments.resume, &arguments.site) {
        (Some(path), _) => resume::begun(path, arguments.out.as_deref(), &arguments.changes),
        (None, Some(site)) => Ok(Begun {
            site: Site { site: site.clone(), changes: arguments.changes.clone() },
            csv: false,
            started: SystemTime::now(),
            folder: arguments.out.clone(),
            taken: None,
            from: None,
        }),
        (None, None) => Err(exit::USAGE), // the parser asks for one of them
    }
}

fn simulate(arguments: &Arguments, begun: Begun, interrupt: Interrupt, terminal: bool) -> Result<(), u8> {
    let Begun { site, csv, started, folder, taken, mut from } = begun;
    let (csv, quiet) = (csv || arguments.csv, arguments.quiet);
    let changes = &site.changes;
    let loaded = site.load(report::SUMMARY_SCHEMA)?;
    if !changes.json && !loaded.warnings.is_empty() && !quiet {
        output::problems(&loaded.warnings);
    }
    let mut case = loaded.case;
    if arguments.check_targets && case.targets.is_empty() {
        return Err(changes.fail(report::SUMMARY_SCHEMA, exit::BAD_INPUT, "ISO0803", NO_TARGETS));
    }
    case.run.threads = arguments.threads.unwrap_or(case.run.threads).max(1);
    let threads = case.run.threads;
    let inputs: Vec<Fingerprint> = case.inputs.iter().map(|i| Fingerprint::of(&i.name, &i.bytes)).collect();
    if let Some(Err(error)) = from.as_ref().map(|from| from.is_of(&inputs)) {
        return Err(changes.fail(
            report::SUMMARY_SCHEMA,
            error.exit_code(),
            resume::CODE,
            &error.to_string(),
        ));
    }
    let folder = folder.unwrap_or_else(|| default_folder(&case, &inputs));
    let write_failed = |error: &WriteError| {
        changes.fail(report::SUMMARY_SCHEMA, error.exit_code(), "ISO0900", &error.to_string())
    };
    // The folder is taken before a long calculation, but a finished run in it stays until there is another.
    let place = match taken {
        Some(directory) => Place::Folder(directory),
        None if RunDirectory::is_finished(&folder) => {
            RunDirectory::would_accept(&folder, arguments.force).map_err(|error| write_failed(&error))?;
            Place::Beside(beside(&folder))
        }
        None => Place::Folder(
            RunDirectory::create(&folder, arguments.force).map_err(|error| write_failed(&error))?,
        ),
    };

    let header = resume::header(&site, csv, started, &inputs);
    let keeper = Keeper::new(place, header, interrupt, arguments.checkpoint_every, case.run.start_s);
    let mut watch = Watch { progress: Progress::new(terminal), keeper };
    let result = calculate(&case, from.as_mut(), &mut watch);
    watch.progress.clear();
    let Watch { keeper, .. } = watch;
    let (outcome, summary) = match result {
        Ok(result) => result,
        Err(stopped) => return Err(stop(&stopped, keeper, changes)),
    };

    let data = report::summary_json(&case, &outcome, &summary);
    let provenance = |finished| Provenance {
        started,
        finished,
        seed: case.run.seed,
        threads,
        inputs: inputs.clone(),
        settings: json!({ "site": case.id, "set": changes.settings }),
    };
    let series = report::RunColumns::of(&outcome.trajectory).map_err(|error| {
        changes.fail(report::SUMMARY_SCHEMA, exit::INTERNAL, "ISO0901", &error.to_string())
    })?;
    let racks = report::racks(&summary.racks).map_err(|error| {
        changes.fail(report::SUMMARY_SCHEMA, exit::INTERNAL, "ISO0901", &error.to_string())
    })?;
    let thresholds = outcome.events.table().map_err(|error| {
        changes.fail(report::SUMMARY_SCHEMA, exit::INTERNAL, "ISO0901", &error.to_string())
    })?;
    let inside = outcome.inside.as_ref().map_or(Ok(Vec::new()), Inside::tables).map_err(|error| {
        changes.fail(report::SUMMARY_SCHEMA, exit::INTERNAL, "ISO0901", &error.to_string())
    })?;
    let mut tables = vec![("racks", &racks)];
    tables.extend(thresholds.as_ref().map(|table| ("thresholds", table)));
    tables.extend(inside.iter().map(|(name, table)| (*name, table)));
    let (directory, kept) = match keeper.place {
        Place::Folder(directory) => (Ok(directory), None),
        Place::Beside(kept) => (RunDirectory::create(&folder, arguments.force), Some(kept)),
    };
    let names: Vec<&str> = std::iter::once("series").chain(tables.iter().map(|(name, _)| *name)).collect();
    let own: Vec<String> =
        ENDINGS.iter().flat_map(|e| names.iter().map(move |name| format!("{name}.{e}"))).collect();
    let reserved: Vec<&str> =
        ["summary.json", SITE_FILE].into_iter().chain(own.iter().map(String::as_str)).collect();
    let site = loaded.scenario.packed(&reserved);
    directory
        .and_then(|directory| write(directory, csv, &series, &tables, &data, &site, provenance))
        .map_err(|error| write_failed(&error))?;
    if let Some(kept) = kept {
        // What is finished needs no checkpoint; mostly there is none.
        let _ = std::fs::remove_file(kept);
    }
    if changes.json {
        let mut data = data;
        data["results"] = json!(folder.display().to_string());
        let diagnostics = loaded.warnings.iter().map(output::diagnostic).collect();
        output::answer(report::SUMMARY_SCHEMA, data, diagnostics);
    } else if !quiet {
        output::data(&text(&case, &outcome, &summary, &folder, csv, &names));
    }
    if arguments.check_targets { missed(&summary) } else { Ok(()) }
}

fn calculate(
    case: &Case,
    from: Option<&mut Checkpoint>,
    watch: &mut Watch,
) -> Result<(Outcome, Summary), Stopped> {
    match from {
        Some(checkpoint) => case::resume(case, checkpoint.body(), watch),
        None => case::run(case, watch),
    }
}

/// What a run that did not come to its end leaves, and the exit code.
fn stop(stopped: &Stopped, keeper: Keeper, changes: &Changes) -> u8 {
    let (mut code, mut identifier) = (exit::of_stopped(stopped), exit::identifier(stopped));
    let mut text = stopped.to_string();
    match (stopped, &keeper.failed) {
        (Stopped::Cancelled { .. }, None) => text = keeper.how_to_go_on(),
        (Stopped::Cancelled { .. }, Some(error)) => {
            (code, identifier) = (error.exit_code(), "ISO0900");
            text = format!("{text}, and there is no checkpoint of it: {error}");
        }
        (Stopped::Unfit(_), _) => {}
        // It would stop there again: nothing to go on with.
        _ => match keeper.place {
            Place::Folder(directory) => directory.abandon(),
            Place::Beside(path) => drop(std::fs::remove_file(path)),
        },
    }
    changes.fail(report::SUMMARY_SCHEMA, code, identifier, &text)
}

fn text(
    case: &Case,
    outcome: &Outcome,
    summary: &Summary,
    folder: &Path,
    csv: bool,
    names: &[&str],
) -> String {
    let files = |ending: &str| -> String { names.iter().map(|name| format!("{name}.{ending}, ")).collect() };
    let csv = if csv { files("csv") } else { String::new() };
    format!(
        "{}\n  Results in {}: summary.json, {}{csv}{SITE_FILE}, manifest.json\n",
        report::summary_text(case, outcome, summary),
        folder.display(),
        files("parquet")
    )
}

/// What tables of a run may end in.
const ENDINGS: [&str; 2] = ["parquet", "csv"];

fn default_folder(case: &Case, inputs: &[Fingerprint]) -> PathBuf {
    let listing: String = inputs.iter().map(|i| format!("{} {}\n", i.blake3, i.name)).collect();
    let hash = Fingerprint::of("inputs", listing.as_bytes()).blake3;
    Path::new("runs").join(format!("{}-{}", case.id, &hash[..8.min(hash.len())]))
}

fn write(
    mut directory: RunDirectory,
    csv: bool,
    series: &report::RunColumns,
    tables: &[(&str, &Table)],
    data: &serde_json::Value,
    site: &Packed,
    provenance: impl Fn(SystemTime) -> Provenance,
) -> Result<(), WriteError> {
    directory.write_json("summary.json", data)?;
    directory.write_parquet("series.parquet", series)?;
    for (name, table) in tables {
        directory.write_parquet(&format!("{name}.parquet"), *table)?;
    }
    if csv {
        directory.write_csv("series.csv", &Table::of(series))?;
        for (name, table) in tables {
            directory.write_csv(&format!("{name}.csv"), table)?;
        }
    }
    directory.write_bytes(SITE_FILE, site.text.as_bytes())?;
    for (name, bytes) in &site.files {
        directory.write_bytes(name, bytes)?;
    }
    directory.commit(provenance(SystemTime::now()))?;
    Ok(())
}

/// A line on a terminal that says how far it is and how long it will take.
struct Progress {
    shown: bool,
    started: Instant,
    last: Instant,
}

impl Progress {
    fn new(shown: bool) -> Self {
        let now = Instant::now();
        Progress { shown, started: now, last: now }
    }
    fn clear(&self) {
        if self.shown {
            output::progress("");
        }
    }
}

/// What looks at a run on its way.
struct Watch {
    progress: Progress,
    keeper: Keeper,
}

impl Observer for Watch {
    fn frame(&mut self, frame: &Frame) {
        self.progress.frame(frame);
    }
    fn after_step(&mut self, moment: &mut Moment) -> Next {
        self.keeper.after_step(moment)
    }
}

impl Progress {
    fn frame(&mut self, frame: &Frame) {
        if !self.shown || self.last.elapsed() < Duration::from_millis(150) {
            return;
        }
        self.last = Instant::now();
        let elapsed = self.started.elapsed().as_secs_f64();
        let left = elapsed / frame.progress.max(1e-6) * (1.0 - frame.progress);
        let notes = match frame.notes.len() {
            0 => String::new(),
            n => format!(", {n} to note"),
        };
        output::progress(&format!(
            "{:>3.0} %  {}  {left:.0} s left{notes}",
            100.0 * frame.progress,
            engine::study::notes::clock(frame.time)
        ));
    }
}
