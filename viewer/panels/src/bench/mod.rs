//! The site on the bench: as written, as checked, as it runs; what was changed, and what was there before.
//!
//! Every change is an edit of the site file, typed and checked by the engine as the file itself. The bench computes
//! nothing: it sends edits one way and shows what runs give back.

mod arrange;
mod history;
mod keeping;
mod shown;
mod snapshots;

pub use arrange::Arrange;
pub use shown::{Shown, Standing, Written};
pub use snapshots::{Slot, Snapshot};

use crate::playback::Playback;
use engine::scenario::edit::Edit;
use engine::scenario::node::Node;
use engine::scenario::{Case, Loaded, Problem, Scenario, Severity};
use engine::study::read::Run;
use history::Change;
use std::path::{Path, PathBuf};

/// An open site.
#[derive(Debug)]
pub struct Bench {
    /// As written, with all changes.
    pub scenario: Scenario,
    /// Where it was read from and is saved to; `None` for a built-in one or one of a run.
    pub file: Option<PathBuf>,
    /// What is shown.
    pub shown: Shown,
    /// What was there before the last change, to compare with.
    pub before: Option<Shown>,
    /// States that were kept under a name.
    pub snapshots: Vec<Snapshot>,
    /// Which run is compared with.
    pub left: Slot,
    /// Which run that is compared to.
    pub right: Slot,
    /// What is wrong with the last change, or unusual about the site.
    pub problems: Vec<Problem>,
    /// The time that is shown.
    pub playback: Playback,
    /// Why changes are not kept against a crash.
    pub unkept: Option<String>,
    keeping: Option<PathBuf>,
    undo: Vec<Change>,
    redo: Vec<Change>,
    /// Whether the file has what is on the bench.
    pub saved: bool,
    /// Changes of an earlier session that were never saved.
    pub unsaved: Option<PathBuf>,
    /// Counts up whenever another plant stands there.
    pub revision: u64,
}

/// Whether a folder holds a finished run.
#[must_use]
pub fn is_run(path: &Path) -> bool {
    path.is_dir() && path.join("manifest.json").is_file()
}

impl Bench {
    /// Opens a site file, a built-in site, or the folder of a finished run. A site begins to run; a run is shown as it was
    /// written.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn open(path: &Path, settings: &[(String, String)]) -> Result<Self, Vec<Problem>> {
        if is_run(path) && settings.is_empty() {
            return Self::open_run(path).map_err(|problem| vec![problem]);
        }
        let loaded = engine::scenario::load(path, settings)?;
        let file = path.is_file().then(|| path.to_owned());
        let mut bench = Self::with(loaded, file);
        bench.look_for_unsaved();
        Ok(bench)
    }

    fn open_run(folder: &Path) -> Result<Self, Problem> {
        let wrong = |message: String, help: Option<&str>| Problem {
            severity: Severity::Error,
            code: engine::scenario::problem::code::FILE_MISSING,
            path: folder.display().to_string(),
            message,
            help: help.map(str::to_owned),
            location: None,
        };
        let run = Run::open(folder).map_err(|error| wrong(error.to_string(), None))?;
        let Some(site) = run.site() else {
            let help =
                "open the site itself, or run it again: `isotherm run` stores the site with its results";
            return Err(wrong("this run did not store the site that ran".to_owned(), Some(help)));
        };
        let mut loaded = engine::scenario::load(&site, &[]).map_err(|problems| {
            let all: Vec<String> = problems.iter().map(|problem| problem.message.clone()).collect();
            wrong(
                format!("the site that this run stored is not one of this version: {}", all.join("; ")),
                None,
            )
        })?;
        loaded.scenario.id.clone_from(&run.summary.site);
        loaded.case.id.clone_from(&run.summary.site);
        let Loaded { scenario, case, .. } = loaded;
        let playback = playback(&case);
        let shown = Shown::read(&scenario, case, run);
        Ok(Self::of(scenario, shown, None, Vec::new(), playback))
    }

    /// Begins to run a site that was read.
    #[must_use]
    pub fn with(loaded: Loaded, file: Option<PathBuf>) -> Self {
        let Loaded { scenario, case, warnings } = loaded;
        let playback = playback(&case);
        let shown = Shown::start(&scenario, case);
        Self::of(scenario, shown, file, warnings, playback)
    }

    fn of(
        scenario: Scenario,
        shown: Shown,
        file: Option<PathBuf>,
        problems: Vec<Problem>,
        playback: Playback,
    ) -> Self {
        Bench {
            scenario,
            file,
            shown,
            before: None,
            snapshots: Vec::new(),
            left: Slot::Before,
            right: Slot::Now,
            problems,
            playback,
            undo: Vec::new(),
            redo: Vec::new(),
            unkept: None,
            keeping: None,
            saved: true,
            unsaved: None,
            revision: 1,
        }
    }

    /// Takes over what runs have said; whether anything is new.
    pub fn poll(&mut self) -> bool {
        let new = self.shown.poll(&mut self.playback);
        let before = self.before.as_mut().is_some_and(|before| before.poll(&mut Playback::default()));
        let kept = self.poll_snapshots();
        new || before || kept
    }

    /// Whether anything still runs that is shown or waited for.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        let runs = std::iter::once(&self.shown).chain(&self.before);
        let kept = self.snapshots.iter().filter_map(|kept| kept.shown.as_ref());
        runs.chain(kept).any(|shown| shown.is_running() || shown.surveying.running().is_some())
    }

    /// Trips something now and here: adds an event at the cursor.
    pub fn trip(&mut self, what: &str) -> bool {
        self.happens(&format!("trip {what}"), &format!("Trip(\"{what}\")"))
    }

    /// Lets the grid fail now, for so many minutes.
    pub fn outage(&mut self, minutes: u32) -> bool {
        self.happens("utility outage", &format!("UtilityOutage(for: \"{minutes} min\")"))
    }

    /// Adds an event at the cursor.
    fn happens(&mut self, what: &str, action: &str) -> bool {
        let case = &self.shown.case;
        let at = (self.playback.time() - case.run.start_s).max(0.0);
        let text = format!("At(\"{at:.0} s\", {action})");
        let count = case.events.len();
        let path = "events".to_owned();
        let listed = self.scenario.get("events").is_some_and(|node| !node.items().is_empty() || count > 0);
        let value = if listed { text.clone() } else { format!("[{text}]") };
        let edit = if listed {
            parsed(&self.scenario, &value).map(|value| Edit::Add {
                path: format!("{path}[{}]", self.scenario.get("events").map_or(0, |node| node.items().len())),
                value,
                position: None,
            })
        } else {
            Edit::from_text(&self.scenario, &path, &value)
        };
        match edit {
            Ok(edit) => self.change(what, &edit),
            Err(problem) => {
                self.problems = vec![problem];
                false
            }
        }
    }
}

/// An item of a list as a person writes it.
fn parsed(scenario: &Scenario, text: &str) -> Result<Node, Problem> {
    match Edit::from_text(scenario, "events", &format!("[{text}]"))? {
        Edit::Set { value, .. } => Ok(value.items().first().cloned().unwrap_or_else(|| Node::text(text))),
        _ => Ok(Node::text(text)),
    }
}

/// A run is shown in about a minute.
fn playback(case: &Case) -> Playback {
    let wanted = case.run.length_s / 60.0;
    let speeds = crate::playback::SPEEDS.map(|(speed, _)| speed);
    let speed = speeds.into_iter().rfind(|&speed| speed <= wanted).unwrap_or(1.0);
    Playback::starting(case.run.start_s, speed)
}
