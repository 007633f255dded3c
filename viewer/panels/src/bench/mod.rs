//! The site on the bench: as written, as checked, as it runs; what was changed, and what was there before.
//!
//! Every change is an edit of the site file, typed and checked by the engine as the file itself. The bench computes
//! nothing: it sends edits one way and shows what runs give back.

mod arrange;
mod shown;
mod snapshots;

pub use arrange::Arrange;
pub use shown::{Shown, Standing, Written};
pub use snapshots::{Slot, Snapshot};

use crate::playback::Playback;
use engine::scenario::check::check;
use engine::scenario::edit::{self, Edit};
use engine::scenario::node::Node;
use engine::scenario::{Case, Loaded, Problem, Scenario, Severity};
use engine::study::read::Run;
use std::path::{Path, PathBuf};

/// One step of undo or redo.
#[derive(Debug, Clone)]
enum Step {
    /// An edit of the site.
    Edit(Edit),
    /// Another site as a whole.
    Site(Box<Scenario>),
}

/// A change that was made: what to call it, and what takes it back.
#[derive(Debug, Clone)]
struct Change {
    what: String,
    inverse: Step,
}

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

    /// Keeps changes of a site that has no file of its own in this folder; they are not kept else.
    pub fn keep_in(&mut self, folder: PathBuf) {
        self.keeping = Some(folder);
        self.look_for_unsaved();
    }

    fn look_for_unsaved(&mut self) {
        self.unsaved = self.keeping_place("unsaved.ron").map(|(kept, _)| kept).filter(|kept| kept.is_file());
        self.read_snapshots();
    }

    /// Where something is kept that is not in the site's file, and in which folder: beside the file, so that what it names
    /// is found from there, too.
    fn keeping_place(&self, what: &str) -> Option<(PathBuf, PathBuf)> {
        let place = |name: &str| format!(".{name}.{what}");
        let file = self.file.as_ref().and_then(|file| Some((file.parent()?, file.file_stem()?)));
        match file {
            Some((folder, stem)) => Some((folder.join(place(&stem.to_string_lossy())), folder.to_owned())),
            None => self
                .keeping
                .as_ref()
                .map(|folder| (folder.join(format!("isotherm{}", place(&self.scenario.id))), folder.clone())),
        }
    }

    /// Keeps what is on the bench, so that a crash loses nothing; what cannot be kept is said.
    fn keep(&mut self) {
        let Some((place, folder)) = self.keeping_place("unsaved.ron") else { return };
        if let Err(error) = crate::files::write(&place, &self.scenario.write_for(&folder)) {
            self.unkept = Some(format!("changes are not kept against a crash: {}: {error}", place.display()));
        }
    }

    /// Takes up the changes of an earlier session.
    pub fn recover(&mut self) {
        let Some(place) = self.unsaved.take() else { return };
        match engine::scenario::load(&place, &[]) {
            Ok(mut loaded) => {
                loaded.scenario.id.clone_from(&self.scenario.id);
                loaded.case.id.clone_from(&self.shown.case.id);
                let revision = self.revision + 1;
                let keeping = self.keeping.take();
                let snapshots = std::mem::take(&mut self.snapshots);
                let file = self.file.clone();
                *self = Bench { saved: false, revision, keeping, snapshots, ..Self::with(loaded, file) };
            }
            Err(problems) => self.problems = problems,
        }
    }

    /// Forgets the changes of an earlier session.
    pub fn discard(&mut self) {
        if let Some(place) = self.unsaved.take() {
            // If it cannot be removed it is offered again.
            let _ = std::fs::remove_file(place);
        }
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

    /// Gives a field a value from what a person typed, and runs the site anew. A change that is refused leaves
    /// everything as it was and says why in [`problems`](Self::problems).
    pub fn set(&mut self, path: &str, text: &str) -> bool {
        match Edit::from_text(&self.scenario, path, text) {
            Ok(edit) => self.change(&format!("{path} = {text}"), &edit),
            Err(problem) => {
                self.problems = vec![problem];
                false
            }
        }
    }

    /// Makes a change and runs the site anew; see [`set`](Self::set).
    pub fn change(&mut self, what: &str, edit: &Edit) -> bool {
        let Some(inverse) = self.apply(edit) else { return false };
        self.undo.push(Change { what: what.to_owned(), inverse: Step::Edit(inverse) });
        self.redo.clear();
        true
    }

    /// Makes the site another one as a whole, with its run where that is known.
    fn become_site(&mut self, what: &str, scenario: Scenario, ready: Option<Shown>) -> bool {
        let old = self.scenario.clone();
        if !self.replace(scenario, ready) {
            return false;
        }
        self.undo.push(Change { what: what.to_owned(), inverse: Step::Site(Box::new(old)) });
        self.redo.clear();
        true
    }

    /// Applies an edit, checks the whole site and runs it; the inverse.
    fn apply(&mut self, edit: &Edit) -> Option<Edit> {
        let mut changed = self.scenario.clone();
        let inverse = match edit::apply(&mut changed, edit) {
            Ok(inverse) => inverse,
            Err(problem) => {
                self.problems = vec![problem];
                return None;
            }
        };
        self.replace(changed, None).then_some(inverse)
    }

    /// Puts another site on the bench, if nothing is wrong with it.
    fn replace(&mut self, mut changed: Scenario, ready: Option<Shown>) -> bool {
        changed.fetch();
        let (case, warnings) = match check(&changed) {
            Ok(checked) => checked,
            Err(problems) => {
                self.problems = problems;
                return false;
            }
        };
        self.problems = warnings;
        let same_time = (case.run.start_s, case.run.length_s)
            == (self.shown.case.run.start_s, self.shown.case.run.length_s);
        if !same_time {
            self.playback = playback(&case);
        }
        if let Some(end) = ready.as_ref().and_then(|ready| ready.record.times.last()) {
            self.playback.extend(*end);
        }
        let fresh = ready.unwrap_or_else(|| Shown::start(&changed, case));
        let mut old = Some(std::mem::replace(&mut self.shown, fresh));
        let done = old.as_ref().is_some_and(|old| old.finished.is_some());
        if !done {
            self.hand_to_waiting(&mut old);
        }
        // What is compared with is a whole run; a change before it has ended keeps the older one.
        if done {
            self.before = old.filter(|_| same_time);
        } else if !same_time {
            self.before = None;
        }
        (self.left, self.right) = (Slot::Before, Slot::Now);
        self.scenario = changed;
        self.saved = false;
        self.revision += 1;
        self.keep();
        true
    }

    /// What [`undo`](Self::undo) would take back.
    #[must_use]
    pub fn can_undo(&self) -> Option<&str> {
        self.undo.last().map(|change| change.what.as_str())
    }

    /// What [`redo`](Self::redo) would do again.
    #[must_use]
    pub fn can_redo(&self) -> Option<&str> {
        self.redo.last().map(|change| change.what.as_str())
    }

    /// Goes one step; the step back.
    fn step(&mut self, step: &Step) -> Option<Step> {
        match step {
            Step::Edit(edit) => self.apply(edit).map(Step::Edit),
            Step::Site(site) => {
                let old = self.scenario.clone();
                self.replace((**site).clone(), None).then(|| Step::Site(Box::new(old)))
            }
        }
    }

    /// Takes the last change back.
    pub fn undo(&mut self) {
        if let Some(Change { what, inverse }) = self.undo.pop()
            && let Some(inverse) = self.step(&inverse)
        {
            self.redo.push(Change { what, inverse });
        }
    }

    /// Does again what was taken back.
    pub fn redo(&mut self) {
        if let Some(Change { what, inverse }) = self.redo.pop()
            && let Some(inverse) = self.step(&inverse)
        {
            self.undo.push(Change { what, inverse });
        }
    }

    /// Trips something now and here: adds an event at the cursor, and runs the period around it step by step.
    pub fn trip(&mut self, what: &str) -> bool {
        let case = &self.shown.case;
        let at = (self.playback.time() - case.run.start_s).max(0.0);
        let text = format!("At(\"{at:.0} s\", Trip(\"{what}\"))");
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
            Ok(edit) => self.change(&format!("trip {what}"), &edit),
            Err(problem) => {
                self.problems = vec![problem];
                false
            }
        }
    }

    /// Writes the site where it was read, or to another file; one that has no file of its own as `ID.ron` in the
    /// working folder. A file that is not the site's own is never overwritten.
    ///
    /// # Errors
    /// What the disk says, with the file's name.
    pub fn save(&mut self, to: Option<&Path>) -> Result<PathBuf, String> {
        let own = || self.file.clone().unwrap_or_else(|| PathBuf::from(format!("{}.ron", self.scenario.id)));
        let file = to.map_or_else(own, Path::to_owned);
        if self.file.as_ref() != Some(&file) && file.exists() {
            return Err(format!("{} is there already and is not overwritten", file.display()));
        }
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        let text = self.scenario.write_for(&folder);
        crate::files::write(&file, &text).map_err(|error| format!("{}: {error}", file.display()))?;
        // What is saved needs not be kept.
        if let Some((kept, _)) = self.keeping_place("unsaved.ron") {
            let _ = std::fs::remove_file(kept);
        }
        self.file = Some(file.clone());
        self.saved = true;
        Ok(file)
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
