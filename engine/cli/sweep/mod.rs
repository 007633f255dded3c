//! `isotherm sweep`: many cases of a study, headless.

mod analyze;
mod merge;
mod plan;
mod progress;
mod run;
mod status;

use crate::{exit, output};
use engine::sweep::SweepError;
use engine::sweep::plan::Plan;
use std::path::{Path, PathBuf};

/// Many cases of a study: plans, calculates in shards, merges, analyses.
///
/// What is committed survives any death of the process; a shard that is run again calculates what is missing. The hash
/// that `merge` prints is the same for any number of shards and jobs, in any order, after any number of deaths.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  isotherm catalogue studies                         the studies that ship
  isotherm sweep plan siting_china -o siting         cases, corners, what it will cost
  isotherm sweep run siting --jobs 2
  isotherm sweep run siting --shard 3/8              one of eight processes
  isotherm sweep run siting --shard auto             in an array of Slurm, or an indexed job of Kubernetes
  isotherm sweep status siting
  isotherm sweep retry siting --failed
  isotherm sweep merge siting                        cases.parquet, cases.csv and the hash of all rows
  isotherm sweep analyze siting --output cue_kg_per_kwh   what matters, and the best cases")]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Plan(plan::Arguments),
    Run(run::Arguments),
    Status(status::Arguments),
    Retry(run::Retry),
    Merge(merge::Arguments),
    Analyze(analyze::Arguments),
    #[command(hide = true)]
    Cases(run::Cases),
}

/// Runs the command.
pub fn main(arguments: &Arguments) -> u8 {
    let result = match &arguments.command {
        Command::Plan(arguments) => plan::main(arguments),
        Command::Run(arguments) => run::main(arguments),
        Command::Status(arguments) => status::main(arguments),
        Command::Retry(arguments) => run::retry(arguments),
        Command::Merge(arguments) => merge::main(arguments),
        Command::Analyze(arguments) => analyze::main(arguments),
        Command::Cases(arguments) => run::cases_of(arguments),
    };
    match result {
        Ok(()) => exit::OK,
        Err(code) => code,
    }
}

/// The folder of a sweep, and how the answer is given.
#[derive(Debug, Clone, clap::Args)]
struct Folder {
    /// The folder of the sweep, as `isotherm sweep plan` made it.
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Where sites, weather files and traces that the study names are sought; default where they were when it was
    /// planned.
    #[arg(long, value_name = "DIR")]
    inputs: Option<PathBuf>,

    /// Prints one JSON object `{schema, ok, data, diagnostics}` instead of text.
    #[arg(long)]
    json: bool,
}

impl Folder {
    fn open(&self, schema: &str) -> Result<Plan, u8> {
        Plan::open(&self.folder, self.inputs.as_deref()).map_err(|error| fail(schema, self.json, &error))
    }
}

/// Reports an error and gives the exit code.
fn fail(schema: &str, json: bool, error: &SweepError) -> u8 {
    match (error, json) {
        (SweepError::Study(problems), true) => {
            output::refusal(schema, problems.iter().map(output::diagnostic).collect());
        }
        (SweepError::Study(problems), false) => output::problems(problems),
        (error, true) => output::refusal(schema, vec![output::sentence(error.code(), &error.to_string())]),
        (error, false) => output::message(&format!("error[{}]: {error}\n", error.code())),
    }
    error.exit_code()
}

/// A time as people say it.
fn spoken(seconds: f64) -> String {
    match seconds {
        s if s < 1.0 => format!("{:.0} ms", 1e3 * s),
        s if s < 120.0 => format!("{s:.1} s"),
        s if s < 7200.0 => format!("{:.0} min", s / 60.0),
        s if s < 172_800.0 => format!("{:.1} h", s / 3600.0),
        s => format!("{:.1} d", s / 86_400.0),
    }
}

/// A size as people say it.
fn sized(bytes: f64) -> String {
    match bytes {
        b if b < 1e3 => format!("{b:.0} B"),
        b if b < 1e6 => format!("{:.0} kB", b / 1e3),
        b if b < 1e9 => format!("{:.1} MB", b / 1e6),
        b => format!("{:.1} GB", b / 1e9),
    }
}

/// `1 case`, `2 cases`.
fn cases(count: usize) -> String {
    format!("{count} case{}", if count == 1 { "" } else { "s" })
}

fn shown(folder: &Path) -> String {
    folder.display().to_string()
}
