//! A run on its own thread, calculated or read. It publishes what it records; the window never waits for it.

use crate::figures::Finished;
use crate::record::{Column, Record};
use engine::scenario::Case;
use engine::study::case;
use engine::study::intervals::Interval;
use engine::study::read::Run;
use engine::study::run::{Frame, Moment, Next, Observer, Stopped};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex};
use std::thread;

/// A row of the record.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// End of the interval [s from the start of the year].
    pub time: f64,
    /// Values of the columns, SI.
    pub values: Vec<f64>,
    /// What flowed.
    pub interval: Interval,
    /// Share of the run that is done.
    pub progress: f64,
}

/// What a run says.
#[derive(Debug)]
pub enum Update {
    /// What the rows will hold; first of all.
    Columns(Vec<Column>),
    /// One more row.
    Row(Row),
    /// All rows at once, of a run that was read.
    Record(Box<Record>),
    /// It ended.
    Finished(Box<Finished>),
    /// It cannot be run, or broke off; a sentence.
    Failed(String),
}

/// A run that may still go on. Dropping it cancels it.
#[derive(Debug)]
pub struct Simulation {
    /// Never locked: whoever asks has it alone. It makes the simulation something that threads may share.
    updates: Mutex<Receiver<Update>>,
    cancelled: Arc<AtomicBool>,
    over: bool,
}

impl Simulation {
    /// Starts a run of its own copy of the case.
    #[must_use]
    pub fn start(case: Case) -> Self {
        Self::spawn(move |sender, asked| work(&case, sender, asked))
    }

    /// Reads what a finished run recorded.
    #[must_use]
    pub fn read(run: Run, case: Arc<Case>) -> Self {
        Self::spawn(move |sender, _| fetch(&run, &case, &sender))
    }

    fn spawn(work: impl FnOnce(Sender<Update>, Arc<AtomicBool>) + Send + 'static) -> Self {
        let (sender, updates) = channel();
        let cancelled = Arc::new(AtomicBool::new(false));
        let asked = Arc::clone(&cancelled);
        let spawned = thread::Builder::new().name("simulation".into()).spawn({
            let sender = sender.clone();
            move || work(sender, asked)
        });
        if let Err(error) = spawned {
            // The receiver is at hand: this cannot be lost.
            let _ = sender.send(Update::Failed(format!("the run cannot be started: {error}")));
        }
        Simulation { updates: Mutex::new(updates), cancelled, over: false }
    }

    /// Lets the run end after the step at hand.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// What it has said since last time, at most so many updates.
    pub fn updates(&mut self, most: usize) -> Vec<Update> {
        let mut said = Vec::new();
        let Ok(updates) = self.updates.get_mut() else { return said };
        while said.len() < most && !self.over {
            match updates.try_recv() {
                Ok(update) => {
                    self.over = matches!(update, Update::Finished(_) | Update::Failed(_));
                    said.push(update);
                }
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => {
                    self.over = true;
                    said.push(Update::Failed("the run ended without a word".into()));
                }
            }
        }
        said
    }

    /// Whether it has said its last word.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.over
    }
}

impl Drop for Simulation {
    fn drop(&mut self) {
        self.cancel();
    }
}

fn work(case: &Case, sender: Sender<Update>, cancelled: Arc<AtomicBool>) {
    let mut watch = Watch { sender: sender.clone(), cancelled, named: false };
    // Nobody may be listening any more; then nothing is to be said.
    let say = |update| drop(sender.send(update));
    // A panic is a fault of the engine. It ends this run and nothing else.
    match catch_unwind(AssertUnwindSafe(|| case::run(case, &mut watch))) {
        Ok(Ok((outcome, summary))) => say(Update::Finished(Box::new(Finished::of(summary, outcome)))),
        Ok(Err(Stopped::Cancelled { .. })) => say(Update::Failed("cancelled".into())),
        Ok(Err(stopped)) => say(Update::Failed(stopped.to_string())),
        Err(_) => {
            say(Update::Failed("internal error: this is a fault of isotherm, not of your input".into()));
        }
    }
}

fn fetch(run: &Run, case: &Case, sender: &Sender<Update>) {
    // Nobody may be listening any more; then nothing is to be said.
    let say = |update| drop(sender.send(update));
    match run.recorded().and_then(|recorded| Ok((recorded, run.temperatures()?))) {
        Ok((recorded, temperatures)) => {
            let finished = Finished::read(run, &case.plant, &recorded.intervals, temperatures);
            say(Update::Record(Box::new(Record::read(recorded))));
            say(Update::Finished(Box::new(finished)));
        }
        Err(error) => say(Update::Failed(error.to_string())),
    }
}

struct Watch {
    sender: Sender<Update>,
    cancelled: Arc<AtomicBool>,
    named: bool,
}

impl Observer for Watch {
    fn frame(&mut self, frame: &Frame) {
        let say = |update| {
            if self.sender.send(update).is_err() {
                self.cancelled.store(true, Ordering::Relaxed);
            }
        };
        if !self.named {
            say(Update::Columns(frame.probes.iter().map(Column::from).collect()));
            self.named = true;
        }
        let Frame { time, progress, values, interval, .. } = *frame;
        say(Update::Row(Row { time, values: values.to_vec(), interval, progress }));
    }

    fn after_step(&mut self, _: &mut Moment) -> Next {
        if self.cancelled.load(Ordering::Relaxed) { Next::Stop } else { Next::GoOn }
    }
}
