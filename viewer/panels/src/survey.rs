//! What each position can still take, found on a thread of its own.

use engine::scenario::Scenario;
use engine::study::capacity::{CapacityError, Survey, survey};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::sync::{Arc, Mutex};
use std::thread;

/// A survey: not asked for, under way, or known.
#[derive(Debug, Default)]
pub enum Surveying {
    /// Nobody has asked.
    #[default]
    Unasked,
    /// It goes on.
    Running(Running),
    /// It is known.
    Known(Arc<Survey>),
    /// It is not possible; why.
    Failed(String),
}

/// A survey that goes on. Dropping it cancels it.
#[derive(Debug)]
pub struct Running {
    /// Never locked: whoever asks has it alone. It makes this something that threads may share.
    answer: Mutex<Receiver<Result<Survey, String>>>,
    cancelled: Arc<AtomicBool>,
    /// Share that is done, in thousandths.
    done: Arc<AtomicU64>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }
}

impl Surveying {
    /// Begins, unless it is known or under way.
    pub fn start(&mut self, scenario: &Arc<Scenario>) {
        if !matches!(self, Surveying::Unasked) {
            return;
        }
        let (sender, answer) = channel();
        let (cancelled, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (asked, share, scenario) = (Arc::clone(&cancelled), Arc::clone(&done), Arc::clone(scenario));
        let work = move || {
            let go_on = |part: f64| {
                share.store((1000.0 * part) as u64, Ordering::Relaxed);
                !asked.load(Ordering::Relaxed)
            };
            // A panic is a fault of the engine. It ends this survey and nothing else.
            let found = catch_unwind(AssertUnwindSafe(|| survey(&scenario, &go_on)));
            let found = match found {
                Ok(found) => found.map_err(|error: CapacityError| error.to_string()),
                Err(_) => Err("internal error: this is a fault of isotherm, not of your input".to_owned()),
            };
            // Nobody may be listening any more.
            drop(sender.send(found));
        };
        *self = match thread::Builder::new().name("survey".into()).spawn(work) {
            Ok(_) => Surveying::Running(Running { answer: Mutex::new(answer), cancelled, done }),
            Err(error) => Surveying::Failed(error.to_string()),
        };
    }

    /// Takes over what was found; whether anything is new.
    pub fn poll(&mut self) -> bool {
        let Surveying::Running(running) = self else { return false };
        let Ok(answer) = running.answer.get_mut() else { return false };
        *self = match answer.try_recv() {
            Ok(Ok(survey)) => Surveying::Known(Arc::new(survey)),
            Ok(Err(reason)) => Surveying::Failed(reason),
            Err(TryRecvError::Disconnected) => Surveying::Failed("the survey ended without a word".into()),
            Err(TryRecvError::Empty) => return false,
        };
        true
    }

    /// What was found.
    #[must_use]
    pub fn known(&self) -> Option<&Arc<Survey>> {
        match self {
            Surveying::Known(survey) => Some(survey),
            _ => None,
        }
    }

    /// Share that is done, while it goes on.
    #[must_use]
    pub fn running(&self) -> Option<f64> {
        match self {
            Surveying::Running(running) => Some(running.done.load(Ordering::Relaxed) as f64 / 1000.0),
            _ => None,
        }
    }

    /// The same without what still goes on.
    #[must_use]
    pub fn settled(&self) -> Self {
        match self {
            Surveying::Known(survey) => Surveying::Known(Arc::clone(survey)),
            Surveying::Failed(reason) => Surveying::Failed(reason.clone()),
            Surveying::Unasked | Surveying::Running(_) => Surveying::Unasked,
        }
    }
}
