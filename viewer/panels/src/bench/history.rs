//! Changes: made, checked, taken back and done again.

use super::{Bench, Shown, Slot, playback};
use engine::scenario::Scenario;
use engine::scenario::check::check;
use engine::scenario::edit::{self, Edit};

/// One step of undo or redo.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// An edit of the site.
    Edit(Edit),
    /// Another site as a whole.
    Site(Box<Scenario>),
}

/// A change that was made: what to call it, and what takes it back.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) what: String,
    pub(super) inverse: Step,
}

impl Bench {
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
    pub(super) fn become_site(&mut self, what: &str, scenario: Scenario, ready: Option<Shown>) -> bool {
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
}
