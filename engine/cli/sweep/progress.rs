//! How far a sweep is, while it runs: a line on a terminal, lines of JSON elsewhere.

use super::spoken;
use crate::interrupt::Interrupt;
use crate::output;
use engine::study::batch::Watch;
use engine::sweep::run::{Observer, Progress};
use serde_json::json;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How progress is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// A line with the time left on a terminal; elsewhere lines of JSON, one at the start, one each half minute and one at
    /// the end. Nothing with --json or --quiet.
    Auto,
    /// Lines of JSON, about one a second and one for each commit.
    Json,
    /// Nothing.
    None,
}

/// How often a line on a terminal is written anew.
const SHOWN: Duration = Duration::from_millis(200);
/// How often whoever asked for lines of JSON gets one.
const ASKED: Duration = Duration::from_secs(1);
/// How often one is left in a log.
const LOGGED: Duration = Duration::from_secs(30);

/// What is written, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// A line that is written anew.
    Line,
    /// Lines of JSON, so often; and one for each commit where it says so.
    Lines {
        every: Duration,
        commits: bool,
    },
    Nothing,
}

/// Tells how far a sweep is, and whether the user asked to stop.
pub struct Teller {
    interrupt: Interrupt,
    manner: Manner,
    /// When the last line was written, and what was committed and done then.
    last: Mutex<Option<(Instant, usize, usize)>>,
}

impl Teller {
    /// On standard error, which is a terminal or not.
    pub fn new(interrupt: Interrupt, form: Form, terminal: bool) -> Teller {
        let manner = match form {
            Form::Auto if terminal => Manner::Line,
            Form::Auto => Manner::Lines { every: LOGGED, commits: false },
            Form::Json => Manner::Lines { every: ASKED, commits: true },
            Form::None => Manner::Nothing,
        };
        Teller { interrupt, manner, last: Mutex::new(None) }
    }

    /// Takes the line away, or tells where it ended.
    pub fn end(&self, progress: Option<&Progress>) {
        match (self.manner, progress) {
            (Manner::Line, _) => output::progress(""),
            (Manner::Lines { .. }, Some(progress)) => {
                let now = (progress.committed, progress.done);
                let said = self.last.lock().is_ok_and(|last| last.is_some_and(|(_, c, d)| (c, d) == now));
                if !said {
                    tell(progress);
                }
            }
            _ => {}
        }
    }
}

impl Watch for Teller {
    fn stops(&self) -> bool {
        self.interrupt.asked()
    }
}

impl Observer for Teller {
    fn see(&self, progress: &Progress) {
        let (every, commits) = match self.manner {
            Manner::Line => (SHOWN, true),
            Manner::Lines { every, commits } => (every, commits),
            Manner::Nothing => return,
        };
        let Ok(mut last) = self.last.lock() else { return };
        let due = last.is_none_or(|(at, committed, _)| {
            at.elapsed() >= every || commits && committed != progress.committed
        });
        if !due {
            return;
        }
        *last = Some((Instant::now(), progress.committed, progress.done));
        if self.manner != Manner::Line {
            return tell(progress);
        }
        let done = progress.before + progress.done;
        let failed =
            if progress.failed > 0 { format!(", {} failed", progress.failed) } else { String::new() };
        let left = progress.left().map_or_else(String::new, |left| format!(", {} left", spoken(left)));
        output::progress(&format!(
            "{done} of {} cases ({:.0} %){failed}{left}",
            progress.of,
            100.0 * done as f64 / progress.of.max(1) as f64
        ));
    }
}

/// A line of JSON.
fn tell(progress: &Progress) {
    let line = json!({
        "event": "progress",
        "of": progress.of,
        "done": progress.before + progress.done,
        "failed": progress.failed,
        "committed": progress.before + progress.committed,
        "seconds": (progress.seconds * 10.0).round() / 10.0,
        "left_s": progress.left().map(f64::round),
    });
    output::message(&format!("{line}\n"));
}
