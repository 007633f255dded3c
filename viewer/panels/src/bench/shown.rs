//! A run and what it has recorded: one that goes on, one that ended, or one that was read.

use crate::figures::{Finished, OfRack};
use crate::place::{Floor, floor};
use crate::playback::Playback;
use crate::record::Record;
use crate::shade::Sensors;
use crate::simulate::{Simulation, Update};
use crate::survey::Surveying;
use engine::scenario::{Case, Scenario};
use engine::study::capacity::Room;
use engine::study::read::{Run, temperatures};
use std::path::PathBuf;
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

/// Where a run that was read comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// Its folder.
    pub folder: PathBuf,
    /// When it was done, RFC 3339.
    pub finished: String,
    /// Which isotherm calculated.
    pub engine: String,
    /// What it did not store, as keys of texts.
    pub lacks: Vec<&'static str>,
}

/// A run and what it has recorded.
#[derive(Debug)]
pub struct Shown {
    /// The site as written.
    pub scenario: Arc<Scenario>,
    /// The checked site that runs.
    pub case: Arc<Case>,
    /// Where everything stands.
    pub floor: Arc<Floor>,
    /// What is recorded.
    pub record: Arc<Record>,
    /// Where the racks' values stand in the record.
    pub sensors: Arc<Sensors>,
    /// How far it is.
    pub standing: Standing,
    /// What is left at the end.
    pub finished: Option<Arc<Finished>>,
    /// Where it was read; `None` of a run that was calculated here.
    pub written: Option<Written>,
    /// What each position can still take, once it has been asked for.
    pub surveying: Surveying,
    simulation: Option<Simulation>,
}

/// What is known by now; whatever still goes on goes on in the first one alone.
impl Clone for Shown {
    fn clone(&self) -> Self {
        Shown {
            scenario: Arc::clone(&self.scenario),
            case: Arc::clone(&self.case),
            floor: Arc::clone(&self.floor),
            record: Arc::clone(&self.record),
            sensors: Arc::clone(&self.sensors),
            standing: self.standing.clone(),
            finished: self.finished.clone(),
            written: self.written.clone(),
            surveying: self.surveying.settled(),
            simulation: None,
        }
    }
}

impl Shown {
    /// Runs a site.
    pub(super) fn start(scenario: &Scenario, case: Case) -> Self {
        let simulation = Simulation::start(case.clone());
        Self::with(scenario, Arc::new(case), simulation)
    }

    /// Reads a finished run of the site.
    pub(super) fn read(scenario: &Scenario, case: Case, run: Run) -> Self {
        let case = Arc::new(case);
        let written = Written {
            folder: run.folder().to_owned(),
            finished: run.manifest.finished.clone(),
            engine: run.manifest.engine_version.clone(),
            lacks: lacks(&run, &case),
        };
        let simulation = Simulation::read(run, Arc::clone(&case));
        Shown { written: Some(written), ..Self::with(scenario, case, simulation) }
    }

    fn with(scenario: &Scenario, case: Arc<Case>, simulation: Simulation) -> Self {
        Shown {
            scenario: Arc::new(scenario.clone()),
            floor: Arc::new(floor(scenario, &case.plant)),
            case,
            record: Arc::default(),
            sensors: Arc::default(),
            standing: Standing::Running(0.0),
            finished: None,
            written: None,
            surveying: Surveying::default(),
            simulation: Some(simulation),
        }
    }

    /// Takes over what the run has said; whether anything is new.
    pub(super) fn poll(&mut self, playback: &mut Playback) -> bool {
        let surveyed = self.surveying.poll();
        let Some(mut simulation) = self.simulation.take() else { return surveyed };
        let updates = simulation.updates(ROWS_AT_ONCE);
        let new = !updates.is_empty();
        for update in updates {
            match update {
                Update::Columns(columns) => self.record(Record::of(columns)),
                Update::Row(row) => {
                    Arc::make_mut(&mut self.record).push(row.time, &row.values, row.interval);
                    self.standing = Standing::Running(row.progress);
                    playback.extend(row.time);
                }
                Update::Record(record) => {
                    if let Some(&end) = record.times.last() {
                        playback.extend(end);
                    }
                    self.record(*record);
                }
                Update::Finished(finished) => {
                    self.finished = Some(Arc::new(*finished));
                    self.standing = Standing::Done;
                }
                Update::Failed(reason) => self.standing = Standing::Failed(reason),
            }
        }
        self.simulation = Some(simulation).filter(|simulation| !simulation.is_over());
        new || surveyed
    }

    fn record(&mut self, record: Record) {
        self.sensors = Arc::new(Sensors::new(&self.case.plant, &record));
        self.record = Arc::new(record);
    }

    /// Whether the run goes on.
    #[must_use]
    pub fn is_running(&self) -> bool {
        matches!(self.standing, Standing::Running(_))
    }

    /// Begins to survey what each position can still take, unless that is known or under way.
    pub fn survey(&mut self) {
        self.surveying.start(&self.scenario);
    }

    /// What each position of a class of racks (a group of the plant) can still take, when it is known.
    #[must_use]
    pub fn room(&self, group: usize) -> Option<&Room> {
        self.surveying.known()?.rooms.get(group)
    }

    /// Ends the run at the step at hand; what it has recorded stays.
    pub fn cancel(&self) {
        if let Some(simulation) = &self.simulation {
            simulation.cancel();
        }
    }

    /// Figures of a rack of a group, when they are known.
    #[must_use]
    pub fn figures(&self, group: usize) -> Option<OfRack> {
        *self.finished.as_ref()?.racks.get(group)?
    }
}

/// What somebody might look for and not find in a run that was read.
fn lacks(run: &Run, case: &Case) -> Vec<&'static str> {
    let mut lacks = Vec::new();
    if !run.manifest.files.iter().any(|file| file.name == temperatures::FILE) {
        lacks.push("lacks-chips");
    }
    if case.run.output_every_s > case.run.step_s {
        lacks.push("lacks-steps");
    }
    lacks
}
