//! How far a sweep is, while it runs: a line on a terminal, or lines of JSON.

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
    /// A line on a terminal, nothing elsewhere.
    Auto,
    /// Lines of JSON on standard error, about one a second.
    Json,
    /// Nothing.
    None,
}

/// Tells how far a sweep is, and whether the user asked to stop.
pub struct Teller {
    pub interrupt: Interrupt,
    pub form: Form,
    pub terminal: bool,
    pub last: Mutex<Option<(Instant, usize)>>,
}

impl Teller {
    /// Takes the line away.
    pub fn clear(&self) {
        if self.form == Form::Auto && self.terminal {
            output::message("\r\x1b[2K");
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
        let shown = match self.form {
            Form::Auto => self.terminal,
            Form::Json => true,
            Form::None => false,
        };
        let Ok(mut last) = self.last.lock() else { return };
        let every = if self.form == Form::Json { Duration::from_secs(1) } else { Duration::from_millis(200) };
        // A commit is told at once.
        let due = last.is_none_or(|(at, committed)| at.elapsed() >= every || committed != progress.committed);
        if !shown || !due {
            return;
        }
        *last = Some((Instant::now(), progress.committed));
        let done = progress.before + progress.done;
        if self.form == Form::Json {
            let line = json!({
                "event": "progress",
                "of": progress.of,
                "done": done,
                "failed": progress.failed,
                "committed": progress.before + progress.committed,
                "seconds": (progress.seconds * 10.0).round() / 10.0,
                "left_s": progress.left().map(f64::round),
            });
            return output::message(&format!("{line}\n"));
        }
        let failed =
            if progress.failed > 0 { format!(", {} failed", progress.failed) } else { String::new() };
        let left = progress.left().map_or_else(String::new, |left| format!(", {} left", spoken(left)));
        output::message(&format!(
            "\r\x1b[2K  {done} of {} cases ({:.0} %){failed}{left}",
            progress.of,
            100.0 * done as f64 / progress.of.max(1) as f64
        ));
    }
}
