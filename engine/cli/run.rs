//! `isotherm run`: a site in, electricity, heat and water out.

use crate::site::Site;
use crate::{exit, output};
use engine::scenario::Case;
use engine::study::metrics::Summary;
use engine::study::report;
use engine::study::run::{Frame, Observer};
use engine::study::write::{Fingerprint, Provenance, RunDirectory, Table, WriteError};
use serde_json::json;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// Simulates a site and writes a run directory.
///
/// The directory holds summary.json (figures), series.parquet (all columns, units in the metadata) and
/// manifest.json (written last: engine version, hash of every input, seed). Each file appears whole or not at all.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  isotherm run nvl72_pod
  isotherm run site.ron --set site.weather=phoenix.epw --out runs/phoenix
  isotherm run harbin_air --set site.climate=guangzhou --json
  isotherm run nvl72_pod --set run.period='Day(\"2024-07-21\")' --set run.controls=Sampled")]
pub struct Arguments {
    #[command(flatten)]
    site: Site,

    /// Where to write; default runs/SITE-HASH, the first 8 digits of the hash of all inputs.
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Overwrites a complete run that is already there.
    #[arg(long)]
    force: bool,

    /// Writes series.csv beside series.parquet.
    #[arg(long)]
    csv: bool,

    /// Threads; the results are the same bits for any number.
    #[arg(long, value_name = "N")]
    threads: Option<usize>,

    /// No progress, no summary: only errors.
    #[arg(short, long)]
    quiet: bool,
}

/// Runs the command.
pub fn main(arguments: &Arguments) -> u8 {
    match simulate(arguments) {
        Ok(()) => exit::OK,
        Err(code) => code,
    }
}

fn simulate(arguments: &Arguments) -> Result<(), u8> {
    let site = &arguments.site;
    let started = SystemTime::now();
    let loaded = site.load(report::SUMMARY_SCHEMA)?;
    if !site.json && !loaded.warnings.is_empty() && !arguments.quiet {
        output::problems(&loaded.warnings);
    }
    let case = loaded.case;
    let inputs: Vec<Fingerprint> = case.inputs.iter().map(|i| Fingerprint::of(&i.name, &i.bytes)).collect();
    let folder = arguments.out.clone().unwrap_or_else(|| default_folder(&case, &inputs));
    let write_failed = |error: &WriteError| {
        site.fail(report::SUMMARY_SCHEMA, error.exit_code(), "ISO0900", &error.to_string())
    };
    // The folder is taken before a long calculation, but a finished run in it stays until there is another.
    let taken = if RunDirectory::is_finished(&folder) {
        RunDirectory::would_accept(&folder, arguments.force).map_err(|error| write_failed(&error))?;
        None
    } else {
        Some(RunDirectory::create(&folder, false).map_err(|error| write_failed(&error))?)
    };

    let threads = arguments.threads.unwrap_or(case.run.threads).max(1);
    engine::study::use_threads(threads);
    let show = !arguments.quiet && !site.json && std::io::stderr().is_terminal();
    let mut progress = Progress::new(show);
    let result = engine::study::case::run(&case, &mut progress);
    progress.clear();
    let (outcome, summary) = match result {
        Ok(result) => result,
        Err(stopped) => {
            if let Some(directory) = taken {
                directory.abandon();
            }
            let code = exit::of_stopped(&stopped);
            let text = stopped.to_string();
            return Err(site.fail(report::SUMMARY_SCHEMA, code, exit::identifier(&stopped), &text));
        }
    };

    let data = report::summary_json(&case, &outcome, &summary);
    let provenance = |finished| Provenance {
        started,
        finished,
        seed: case.run.seed,
        threads,
        inputs: inputs.clone(),
        settings: json!({ "site": case.id, "set": site.settings }),
    };
    let series = report::series(&outcome)
        .map_err(|error| site.fail(report::SUMMARY_SCHEMA, exit::INTERNAL, "ISO0901", &error.to_string()))?;
    let directory = match taken {
        Some(directory) => Ok(directory),
        None => RunDirectory::create(&folder, arguments.force),
    };
    directory
        .and_then(|directory| write(directory, arguments.csv, &series, &data, provenance))
        .map_err(|error| write_failed(&error))?;
    if site.json {
        let mut data = data;
        data["results"] = json!(folder.display().to_string());
        let diagnostics = loaded.warnings.iter().map(output::diagnostic).collect();
        output::answer(report::SUMMARY_SCHEMA, data, diagnostics);
    } else if !arguments.quiet {
        output::data(&text(&case, &summary, &folder, arguments.csv));
    }
    Ok(())
}

fn text(case: &Case, summary: &Summary, folder: &Path, csv: bool) -> String {
    let csv = if csv { ", series.csv" } else { "" };
    format!(
        "{}\n  Results in {}: summary.json, series.parquet{csv}, manifest.json\n",
        report::summary_text(case, summary),
        folder.display()
    )
}

fn default_folder(case: &Case, inputs: &[Fingerprint]) -> PathBuf {
    let listing: String = inputs.iter().map(|i| format!("{} {}\n", i.blake3, i.name)).collect();
    let hash = Fingerprint::of("inputs", listing.as_bytes()).blake3;
    Path::new("runs").join(format!("{}-{}", case.id, &hash[..8.min(hash.len())]))
}

fn write(
    mut directory: RunDirectory,
    csv: bool,
    series: &Table,
    data: &serde_json::Value,
    provenance: impl Fn(SystemTime) -> Provenance,
) -> Result<(), WriteError> {
    directory.write_json("summary.json", data)?;
    directory.write_parquet("series.parquet", series)?;
    if csv {
        directory.write_csv("series.csv", series)?;
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
            output::message("\r\x1b[2K");
        }
    }
}

impl Observer for Progress {
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
        output::message(&format!(
            "\r\x1b[2K  {:>3.0} %  {}  {left:.0} s left{notes}",
            100.0 * frame.progress,
            engine::study::notes::clock(frame.time)
        ));
    }
}
