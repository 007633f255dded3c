//! `isotherm sweep run` and `retry`: calculates a shard.

use super::progress::{Form, Teller};
use super::{Folder, cases, fail, shown, spoken};
use crate::{exit, interrupt, output};
use engine::sweep::run::{Finished, Options, Worker, answer, run};
use engine::sweep::{Shard, SweepError};
use engine::units::Quantity;
use serde_json::json;
use std::io::IsTerminal;
use std::time::Duration;

const SCHEMA: &str = "isotherm.sweep.run/1";

/// Calculates the cases of a shard that are not committed yet.
///
/// Ctrl-C (or SIGTERM) commits what is done and exits with 130; the same command goes on. A disk that is full ends with
/// 74; what is committed stays, and the same command goes on when there is space.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    folder: Folder,

    /// Which cases: K/N, or auto for what the scheduler says (Slurm array, Kubernetes indexed job with
    /// ISOTHERM_SHARDS), else all.
    #[arg(long, value_name = "K/N|auto", default_value = "auto")]
    shard: String,

    #[command(flatten)]
    how: How,
}

/// Calculates failed cases once more.
#[derive(Debug, clap::Args)]
pub struct Retry {
    #[command(flatten)]
    folder: Folder,

    /// Those that failed.
    #[arg(long, required = true)]
    failed: bool,

    /// Which cases, as in `run`.
    #[arg(long, value_name = "K/N|auto", default_value = "auto")]
    shard: String,

    #[command(flatten)]
    how: How,
}

#[derive(Debug, Clone, clap::Args)]
struct How {
    /// Cases at a time; default as many as there are processors. The results are the same for any number.
    #[arg(short, long, value_name = "N", value_parser = at_least_one(usize::MAX))]
    jobs: Option<usize>,

    /// Exits with 76 where more cases of the shard failed: a number, or a share such as "5 %".
    #[arg(long, value_name = "N|SHARE", value_parser = most)]
    max_failures: Option<Most>,

    /// A case that takes longer than this fails, e.g. "5 min". It is looked at after every step of the integrator; one that
    /// hangs within such a step, or while it looks for where to start, is killed with `--isolate process` only, five seconds
    /// later.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    limit_per_case: Option<f64>,

    /// Commits after so many cases, at most 256.
    #[arg(long, value_name = "N", value_parser = at_least_one(256))]
    commit_every: Option<usize>,

    /// In what a case is calculated: a thread, or a process of its own for each job. One that dies, of memory that is not
    /// there for example, is then one failed case.
    #[arg(long, value_enum, value_name = "IN", default_value = "thread")]
    isolate: Isolate,

    /// How progress is told on standard error.
    #[arg(long, value_enum, value_name = "FORM", default_value = "auto")]
    progress: Form,

    /// Nothing but errors.
    #[arg(short, long)]
    quiet: bool,
}

/// In what a case is calculated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Isolate {
    /// All in this process.
    Thread,
    /// One process for each job.
    Process,
}

/// Answers cases of `run --isolate process`, a line each.
#[derive(Debug, clap::Args)]
pub struct Cases {
    #[command(flatten)]
    folder: Folder,
}

/// Answers cases on standard output as they come on standard input.
pub fn cases_of(arguments: &Cases) -> Result<(), u8> {
    let plan = arguments.folder.open(SCHEMA)?;
    answer(&plan, std::io::stdin().lock(), std::io::stdout().lock()).map_err(|_| exit::WRITE_FAILED)
}

/// The command that answers cases of this sweep.
fn worker(folder: &Folder) -> Result<Worker, SweepError> {
    let unreadable = |source| SweepError::Unreadable { path: "isotherm".into(), source };
    let program = std::env::current_exe().map_err(unreadable)?;
    let mut arguments = vec!["sweep".to_owned(), "cases".to_owned(), shown(&folder.folder)];
    if let Some(inputs) = &folder.inputs {
        arguments.extend(["--inputs".to_owned(), shown(inputs)]);
    }
    Ok(Worker { program, arguments })
}

/// How many may fail.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Most {
    Count(usize),
    Share(f64),
}

fn most(text: &str) -> Result<Most, String> {
    if let Ok(count) = text.trim().parse() {
        return Ok(Most::Count(count));
    }
    match Quantity::Ratio.parse(text) {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(Most::Share(share)),
        _ => Err("write a number such as 3, or a share such as \"5 %\"".into()),
    }
}

/// The longest limit of a case [s]: a year.
const LONGEST: f64 = 366.0 * 86_400.0;

fn duration(text: &str) -> Result<f64, String> {
    match Quantity::Duration.parse(text) {
        Ok(seconds) if seconds > 0.0 && seconds <= LONGEST => Ok(seconds),
        Ok(_) => Err("a duration above zero and of at most a year is expected, for example \"5 min\"".into()),
        Err(error) => Err(error.to_string()),
    }
}

/// Runs the command.
pub fn main(arguments: &Arguments) -> Result<(), u8> {
    calculate(&arguments.folder, &arguments.shard, &arguments.how, false)
}

/// Runs failed cases once more.
pub fn retry(arguments: &Retry) -> Result<(), u8> {
    calculate(&arguments.folder, &arguments.shard, &arguments.how, arguments.failed)
}

fn calculate(folder: &Folder, shard: &str, how: &How, failed_only: bool) -> Result<(), u8> {
    let refused = |error: SweepError| fail(SCHEMA, folder.json, &error);
    let shard = match shard {
        "auto" => Shard::auto(|name| std::env::var(name).ok()),
        written => written.parse(),
    };
    let shard = shard.map_err(|error| refused(error.into()))?;
    let mut plan = folder.open(SCHEMA)?;
    let quiet = how.quiet || folder.json;
    let form = if how.quiet || folder.json && how.progress == Form::Auto { Form::None } else { how.progress };
    let terminal = std::io::stderr().is_terminal();
    let interrupt = interrupt::listen(terminal && form == Form::Auto);
    let teller = Teller::new(interrupt, form, terminal);
    let jobs = how.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, Into::into));
    let options = Options {
        shard,
        jobs,
        failed_only,
        limit: how.limit_per_case.map(Duration::from_secs_f64),
        rows_per_part: how.commit_every,
        isolate: match how.isolate {
            Isolate::Thread => None,
            Isolate::Process => Some(worker(folder).map_err(refused)?),
        },
    };
    let result = run(&mut plan, &options, &teller);
    teller.end(result.as_ref().ok().map(|finished| &finished.progress));
    let finished = result.map_err(refused)?;
    for torn in &finished.torn {
        output::message(&format!(
            "warning: {} was not as it had been written; it was put aside, and its cases are calculated again\n",
            torn.display()
        ));
    }
    let code = code(&finished, how.max_failures);
    if folder.json {
        output::answer(SCHEMA, data(&finished, shard), Vec::new());
    } else if !quiet {
        output::data(&text(&finished, folder, shard, failed_only));
    }
    if code == exit::INTERRUPTED {
        output::message(&format!(
            "interrupted: {} committed; the same command goes on\n",
            cases(finished.progress.before + finished.progress.committed)
        ));
    }
    if code == exit::TOO_MANY_FAILED {
        output::message(&format!(
            "{} of {} failed, more than --max-failures: isotherm sweep status {}\n",
            finished.failed,
            cases(finished.progress.of),
            shown(&folder.folder)
        ));
    }
    if code == exit::OK { Ok(()) } else { Err(code) }
}

fn at_least_one(most: usize) -> clap::builder::RangedU64ValueParser<usize> {
    clap::builder::RangedU64ValueParser::new().range(1..=most as u64)
}

fn code(finished: &Finished, most: Option<Most>) -> u8 {
    if finished.cancelled {
        return exit::INTERRUPTED;
    }
    let beyond = match most {
        None => false,
        Some(Most::Count(most)) => finished.failed > most,
        Some(Most::Share(share)) => finished.failed as f64 > share * finished.progress.of as f64,
    };
    if beyond { exit::TOO_MANY_FAILED } else { exit::OK }
}

fn text(finished: &Finished, folder: &Folder, shard: Shard, failed_only: bool) -> String {
    let progress = &finished.progress;
    let mut text = format!("shard {shard}: {}", cases(progress.of));
    if failed_only && progress.done == 0 && !finished.cancelled {
        text.push_str(", none of them failed: nothing to calculate");
    } else if progress.before > 0 {
        text.push_str(&format!(", {} of them committed before", progress.before));
    }
    if finished.failed > 0 {
        text.push_str(&format!(", {} failed", finished.failed));
    }
    text.push('\n');
    if progress.done > 0 {
        text.push_str(&format!("  {} in {}", cases(progress.done), spoken(progress.seconds)));
        text.push_str(&format!(", {:.0} a minute", 60.0 * progress.done as f64 / progress.seconds.max(1e-3)));
        let quasi = progress.done.saturating_sub(finished.dynamic);
        if let Some(cpu) = finished.cpu_s.filter(|_| quasi > 0) {
            text.push_str(&format!(", {} of CPU time a case", spoken(cpu / quasi as f64)));
        }
        if let Some(cpu) = finished.cpu_dynamic_s.filter(|_| finished.dynamic > 0) {
            let each = spoken(cpu / finished.dynamic as f64);
            text.push_str(&format!("; {} of them repeated in dynamic steps, {each} each", finished.dynamic));
        }
        text.push('\n');
    }
    if !finished.cancelled {
        let next = if finished.failed == progress.of { "status" } else { "merge" };
        text.push_str(&format!("  next: isotherm sweep {next} {}\n", shown(&folder.folder)));
    }
    text
}

fn data(finished: &Finished, shard: Shard) -> serde_json::Value {
    let progress = &finished.progress;
    json!({
        "shard": shard.to_string(),
        "cases": progress.of,
        "before": progress.before,
        "done": progress.done,
        "committed": progress.before + progress.committed,
        "failed": finished.failed,
        "complete": !finished.cancelled,
        "torn": finished.torn.len(),
        "seconds": progress.seconds,
        "cpu_seconds": finished.cpu_s,
        "dynamic": finished.dynamic,
        "cpu_seconds_dynamic": finished.cpu_dynamic_s,
        "plans": finished.plans.map(|plans| json!({ "compiled": plans.compiled, "reused": plans.reused })),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_a_number_or_a_share() {
        assert_eq!(most("3"), Ok(Most::Count(3)));
        assert_eq!(most("5 %"), Ok(Most::Share(0.05)));
        assert!(most("many").is_err() && most("-1").is_err() && most("150 %").is_err());
    }
}
