//! The site on the bench: as written, as checked, as it runs; what was changed, and what was there before.
//!
//! Every change is an edit of the site file, typed and checked by the engine as the file itself. The bench computes
//! nothing: it sends edits one way and shows what runs give back.

use crate::place::{Floor, floor};
use crate::playback::Playback;
use crate::record::Record;
use crate::shade::Sensors;
use crate::simulate::{Finished, Simulation, Update};
use engine::scenario::check::check;
use engine::scenario::edit::{self, Edit};
use engine::scenario::node::Node;
use engine::scenario::{Case, Loaded, Problem, Scenario};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Most rows taken over at once, so that a fast run never holds a picture up.
const ROWS_AT_ONCE: usize = 4096;

/// How far a run is.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// It goes on; share that is done.
    Running(f64),
    /// It ended.
    Done,
    /// It cannot be run, or broke off.
    Failed(String),
}

/// A run and what it has recorded.
#[derive(Debug)]
pub struct Shown {
    /// The checked site that runs.
    pub case: Arc<Case>,
    /// Where everything stands.
    pub floor: Floor,
    /// What is recorded.
    pub record: Record,
    /// Where the racks' values stand in the record.
    pub sensors: Sensors,
    /// How far it is.
    pub standing: Standing,
    /// What is left at the end.
    pub finished: Option<Arc<Finished>>,
    simulation: Option<Simulation>,
}

impl Shown {
    fn start(scenario: &Scenario, case: Case) -> Self {
        let floor = floor(scenario, &case.plant);
        let simulation = Simulation::start(case.clone());
        Shown {
            floor,
            case: Arc::new(case),
            record: Record::default(),
            sensors: Sensors::default(),
            standing: Standing::Running(0.0),
            finished: None,
            simulation: Some(simulation),
        }
    }

    /// Takes over what the run has said; whether anything is new.
    fn poll(&mut self, playback: &mut Playback) -> bool {
        let Some(simulation) = &mut self.simulation else { return false };
        let updates = simulation.updates(ROWS_AT_ONCE);
        let new = !updates.is_empty();
        for update in updates {
            match update {
                Update::Columns(columns) => {
                    self.record = Record::of(columns);
                    self.sensors = Sensors::new(&self.case.plant, &self.record);
                }
                Update::Row(row) => {
                    self.record.push(row.time, &row.values, row.interval);
                    self.standing = Standing::Running(row.progress);
                    playback.extend(row.time);
                }
                Update::Finished(finished) => {
                    self.finished = Some(Arc::new(*finished));
                    self.standing = Standing::Done;
                }
                Update::Failed(reason) => self.standing = Standing::Failed(reason),
            }
        }
        if simulation.is_over() {
            self.simulation = None;
        }
        new
    }

    /// Whether the run goes on.
    #[must_use]
    pub fn is_running(&self) -> bool {
        matches!(self.standing, Standing::Running(_))
    }
}

/// A change that was made: what to call it, and the edit that takes it back.
#[derive(Debug, Clone)]
struct Change {
    what: String,
    inverse: Edit,
}

/// An open site.
#[derive(Debug)]
pub struct Bench {
    /// As written, with all changes.
    pub scenario: Scenario,
    /// Where it was read from and is saved to; `None` for a built-in one.
    pub file: Option<PathBuf>,
    /// What is shown.
    pub shown: Shown,
    /// What was there before the last change, to compare with.
    pub before: Option<Shown>,
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

impl Bench {
    /// Opens a site file or a built-in site and begins to run it.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn open(path: &Path, settings: &[(String, String)]) -> Result<Self, Vec<Problem>> {
        let loaded = engine::scenario::load(path, settings)?;
        let file = path.is_file().then(|| path.to_owned());
        let mut bench = Self::with(loaded, file);
        bench.look_for_unsaved();
        Ok(bench)
    }

    /// Keeps changes of a site that comes with the program in this folder; they are not kept else.
    pub fn keep_in(&mut self, folder: PathBuf) {
        self.keeping = Some(folder);
        self.look_for_unsaved();
    }

    fn look_for_unsaved(&mut self) {
        self.unsaved = self.keeping_place().filter(|kept| kept.is_file());
    }

    /// Where changes are kept that are not saved yet: beside the file, so that what it names is found from there, too.
    fn keeping_place(&self) -> Option<PathBuf> {
        let place = |name: &str| format!(".{name}.unsaved.ron");
        let file = self.file.as_ref().and_then(|file| Some((file.parent()?, file.file_stem()?)));
        match file {
            Some((folder, stem)) => Some(folder.join(place(&stem.to_string_lossy()))),
            None => self
                .keeping
                .as_ref()
                .map(|folder| folder.join(format!("isotherm{}", place(&self.scenario.id)))),
        }
    }

    /// Keeps what is on the bench, so that a crash loses nothing; what cannot be kept is said.
    fn keep(&mut self) {
        let Some(place) = self.keeping_place() else { return };
        if let Err(error) = crate::files::write(&place, &self.scenario.write()) {
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
                *self = Bench { saved: false, revision, keeping, ..Self::with(loaded, self.file.clone()) };
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
        Bench {
            scenario,
            file,
            shown,
            before: None,
            problems: warnings,
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
        new || before
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
        self.undo.push(Change { what: what.to_owned(), inverse });
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
        changed.fetch();
        let (case, warnings) = match check(&changed) {
            Ok(checked) => checked,
            Err(problems) => {
                self.problems = problems;
                return None;
            }
        };
        self.problems = warnings;
        let same_time = (case.run.start_s, case.run.length_s)
            == (self.shown.case.run.start_s, self.shown.case.run.length_s);
        if !same_time {
            self.playback = playback(&case);
        }
        let fresh = Shown::start(&changed, case);
        let old = std::mem::replace(&mut self.shown, fresh);
        // What is compared with is a whole run; a change before it has ended keeps the older one.
        if old.finished.is_some() {
            self.before = Some(old).filter(|_| same_time);
        } else if !same_time {
            self.before = None;
        }
        self.scenario = changed;
        self.saved = false;
        self.revision += 1;
        self.keep();
        Some(inverse)
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

    /// Takes the last change back.
    pub fn undo(&mut self) {
        if let Some(Change { what, inverse }) = self.undo.pop()
            && let Some(inverse) = self.apply(&inverse)
        {
            self.redo.push(Change { what, inverse });
        }
    }

    /// Does again what was taken back.
    pub fn redo(&mut self) {
        if let Some(Change { what, inverse }) = self.redo.pop()
            && let Some(inverse) = self.apply(&inverse)
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

    /// Writes the site where it was read, or to another file; one that came with the program as `ID.ron` in the
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
        let text = self.scenario.write();
        crate::files::write(&file, &text).map_err(|error| format!("{}: {error}", file.display()))?;
        // What is saved needs not be kept.
        if let Some(kept) = self.keeping_place() {
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
