//! Cases in processes of their own: what ends a process, ends one case.
//!
//! Each thread keeps a process that reads a case a line and answers with its row a line. One that dies, of a signal or of
//! memory that is not there, is a row that failed; the next case gets another process. One that outlasts its limit by far,
//! because it never looks at the clock, is killed.

use crate::SweepError;
use crate::evaluate::{self, Hashes, Outcome};
use crate::plan::{Entry, Plan};
use crate::row::{Failure, Figures, Row};
use scenario::study_file::Value;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};
use study::batch::{Unwatched, Watch};
use study::plans::Plans;

/// Identifier of a case whose process died.
const DIED: &str = "ISO0952";
/// Identifier of a case that was killed because it took too long.
const TOO_LONG: &str = "ISO0951";
/// How often is looked at the watch while a case is calculated.
const LOOK: Duration = Duration::from_millis(100);
/// What a case may take beyond its limit before its process is killed.
const GRACE: Duration = Duration::from_secs(5);

/// The program that calculates cases, and its words.
#[derive(Debug, Clone)]
pub struct Worker {
    /// The program.
    pub program: PathBuf,
    /// Its words.
    pub arguments: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Asked {
    id: String,
    values: Vec<String>,
    dynamic: bool,
    limit_s: Option<f64>,
}

#[derive(Serialize, Deserialize)]
struct Answer {
    outputs: Vec<String>,
    margins: Vec<String>,
    met: bool,
    failure: Option<(String, String)>,
    /// The inputs are not those that were planned.
    changed: bool,
}

fn bits(numbers: &[f64]) -> Vec<String> {
    numbers.iter().map(|number| format!("{:016x}", number.to_bits())).collect()
}

fn number(bits: &str) -> f64 {
    u64::from_str_radix(bits, 16).map_or(f64::NAN, f64::from_bits)
}

fn written(value: &Value) -> String {
    match value {
        Value::Number(number) => format!("{:016x}", number.to_bits()),
        Value::Option(option) => format!("option {option}"),
    }
}

fn value(text: &str) -> Value {
    match text.strip_prefix("option ") {
        Some(option) => Value::Option(option.parse().unwrap_or(usize::MAX)),
        None => Value::Number(number(text)),
    }
}

/// Answers the cases that come in a line each, until there are no more: the other side of a [`Worker`].
///
/// # Errors
/// Lines that cannot be read or written.
pub fn answer(plan: &Plan, asked: impl BufRead, mut out: impl Write) -> io::Result<()> {
    let (hashes, plans) = (Hashes::default(), Plans::default());
    for line in asked.lines() {
        let asked: Asked = serde_json::from_str(&line?)?;
        let values: Vec<Value> = asked.values.iter().map(|text| value(text)).collect();
        let resolved = evaluate::resolve(&plan.study, &values, asked.dynamic, &hashes);
        let changed = resolved.id != asked.id;
        let limit = asked.limit_s.map(Duration::from_secs_f64);
        let row = match evaluate::row(resolved, &plan.layout, &plans, &Unwatched, limit) {
            Outcome::Row(row) => row.result,
            Outcome::Cancelled => Err(Failure { code: TOO_LONG.into(), message: "was stopped".into() }),
        };
        let answer = match row {
            Ok(Figures { outputs, margins, met }) => {
                Answer { outputs: bits(&outputs), margins: bits(&margins), met, failure: None, changed }
            }
            Err(Failure { code, message }) => Answer {
                outputs: Vec::new(),
                margins: Vec::new(),
                met: false,
                failure: Some((code, message)),
                changed,
            },
        };
        writeln!(out, "{}", serde_json::to_string(&answer)?)?;
        out.flush()?;
    }
    Ok(())
}

/// What became of a case.
pub(super) enum Told {
    Row(Row),
    Changed,
    Cancelled,
}

/// The process of one thread.
pub(super) struct Isolated<'a> {
    worker: &'a Worker,
    running: Option<Running>,
}

struct Running {
    child: Child,
    asked: ChildStdin,
    answers: Receiver<String>,
}

impl Running {
    fn started(worker: &Worker) -> Result<Running, SweepError> {
        let unreadable = |source| SweepError::Unreadable { path: worker.program.clone(), source };
        let mut command = Command::new(&worker.program);
        command.args(&worker.arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        // Ctrl-C is for who gathers: cases end with it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn().map_err(unreadable)?;
        let (Some(asked), Some(out)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(unreadable(io::Error::other("its ends are not there")));
        };
        let (sender, answers) = mpsc::channel();
        // A thread of its own reads, so that an answer can be waited for with a limit.
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Running { child, asked, answers })
    }
}

impl<'a> Isolated<'a> {
    pub fn new(worker: &'a Worker) -> Self {
        Self { worker, running: None }
    }

    /// The process, started where there is none.
    fn running(&mut self) -> Result<&mut Running, SweepError> {
        let running = match self.running.take() {
            Some(running) => running,
            None => Running::started(self.worker)?,
        };
        Ok(self.running.insert(running))
    }

    /// Calculates a case.
    pub fn row(
        &mut self,
        entry: &Entry,
        watch: &dyn Watch,
        limit: Option<Duration>,
    ) -> Result<Told, SweepError> {
        let begun = Instant::now();
        let asked = Asked {
            id: entry.id.clone(),
            values: entry.values.iter().map(written).collect(),
            dynamic: entry.dynamic_of.is_some(),
            limit_s: limit.map(|limit| limit.as_secs_f64()),
        };
        let line = serde_json::to_string(&asked).unwrap_or_default();
        let running = self.running()?;
        // Where it is dead already the answer will say so.
        let _ = writeln!(running.asked, "{line}").and_then(|()| running.asked.flush());
        let failed = |code: &str, message: String| {
            let failure = Failure { code: code.into(), message };
            Ok(Told::Row(Row { id: entry.id.clone(), result: Err(failure) }))
        };
        loop {
            match running.answers.recv_timeout(LOOK) {
                Ok(line) => {
                    let Ok(answer) = serde_json::from_str::<Answer>(&line) else {
                        return failed(DIED, "its process answered what is no row".into());
                    };
                    if answer.changed {
                        return Ok(Told::Changed);
                    }
                    if let Some((code, message)) = answer.failure {
                        return failed(&code, message);
                    }
                    let numbers = |list: Vec<String>| list.iter().map(|bits| number(bits)).collect();
                    let (outputs, margins) = (numbers(answer.outputs), numbers(answer.margins));
                    let figures = Figures { outputs, margins, met: answer.met };
                    return Ok(Told::Row(Row { id: entry.id.clone(), result: Ok(figures) }));
                }
                Err(RecvTimeoutError::Timeout) if watch.stops() => {
                    self.end();
                    return Ok(Told::Cancelled);
                }
                Err(RecvTimeoutError::Timeout) => {
                    if let Some(limit) = limit.filter(|limit| begun.elapsed() > *limit + GRACE) {
                        self.end();
                        return failed(TOO_LONG, format!("took longer than {} s", limit.as_secs_f64()));
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let status = self.running.take().and_then(|mut running| running.child.wait().ok());
                    let how = status.map_or_else(|| "nobody knows how".into(), |status| status.to_string());
                    return failed(DIED, format!("its process ended: {how}"));
                }
            }
        }
    }

    fn end(&mut self) {
        if let Some(mut running) = self.running.take() {
            let _ = running.child.kill();
            let _ = running.child.wait();
        }
    }
}

impl Drop for Isolated<'_> {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            let Running { mut child, asked, .. } = running;
            // It ends where nothing more comes.
            drop(asked);
            let _ = child.wait();
        }
    }
}
