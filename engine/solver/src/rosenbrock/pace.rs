//! The size of the next step: what is remembered from step to step and from jump to jump.

use super::{Memory, Options, Statistics};
use crate::control::Controller;

/// Factor on the step after an attempt without an error estimate.
const QUARTER: f64 = 0.25;
/// Growth of the first step from jump to jump: jumps differ.
const GROW: f64 = 2.0;

/// Memory of the step size. Steppers of whole systems and of blocks share it, so that both take the same steps.
#[derive(Clone, Debug)]
pub(crate) struct Pace {
    controller: Controller,
    /// Step to try next, if one is known.
    step: Option<f64>,
    /// Step that did well first after the last jump.
    after_jump: Option<f64>,
    /// Whether no step has been accepted since the last jump.
    jumped: bool,
}

/// A step to try.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Try {
    /// What the control asks for.
    pub wanted: f64,
    /// Where it ends.
    pub end: f64,
    /// Its size, of which rounding of the time is part.
    pub h: f64,
    /// Whether it was cut short to land; rounding alone does not count.
    cut: bool,
    /// Smallest step that makes sense.
    floor: f64,
}

impl Try {
    /// Whether it may not be tried smaller.
    pub(crate) fn is_least(&self) -> bool {
        self.wanted <= self.floor || self.h <= self.floor
    }
}

impl Pace {
    /// For an error estimate of this order.
    pub(crate) fn new(order: u32) -> Pace {
        Pace { controller: Controller::new(order), step: None, after_jump: None, jumped: false }
    }

    /// Everything that a later step depends on, with the work done so far.
    pub(crate) fn memory(&self, statistics: Statistics) -> Memory {
        // Without `..`, so that a new field must be thought of.
        let Pace { controller, step, after_jump, jumped } = self;
        let (last, rejected) = controller.memory();
        let (step, after_jump, jumped) = (*step, *after_jump, *jumped);
        Memory { step, after_jump, jumped, last, rejected, statistics }
    }

    /// Goes on with that memory; gives back the work done.
    pub(crate) fn recall(&mut self, memory: Memory) -> Statistics {
        let Memory { step, after_jump, jumped, last, rejected, statistics } = memory;
        self.controller.recall(last, rejected);
        (self.step, self.after_jump, self.jumped) = (step, after_jump, jumped);
        statistics
    }

    /// Forgets everything: the next step is chosen afresh.
    pub(crate) fn restart(&mut self) {
        (self.step, self.after_jump, self.jumped) = (None, None, false);
        self.controller.forget();
    }

    /// Inputs jumped: the next step is the one that did well first after the last jump.
    pub(crate) fn note_jump(&mut self) {
        (self.step, self.jumped) = (self.after_jump, true);
        self.controller.forget();
    }

    /// The state was changed by hand: the errors seen say nothing any more.
    pub(crate) fn forget_errors(&mut self) {
        self.controller.forget();
    }

    /// The next step is chosen afresh, but what did well after jumps is kept.
    pub(crate) fn forget_step(&mut self) {
        self.step = None;
        self.controller.forget();
    }

    /// The step that would be tried next, if one is known.
    pub(crate) fn step(&self) -> Option<f64> {
        self.step
    }

    /// The step to try from `t` towards `until`; `start` chooses one of at most that span where none is known, given
    /// the root that the error's order asks for.
    pub(crate) fn next(
        &mut self,
        options: &Options,
        t: f64,
        until: f64,
        start: impl FnOnce(f64, &dyn Fn(f64) -> f64) -> f64,
    ) -> Try {
        let span = until - t;
        let floor =
            options.step_min.max(8.0 * f64::EPSILON * t.abs()).max(f64::EPSILON * f64::EPSILON * span);
        let wanted = match self.step {
            Some(step) => step,
            None => start(span, &|value| self.controller.root(value)),
        };
        let wanted = wanted.min(options.step_max).max(floor);
        self.step = Some(wanted);
        let (end, cut) = landing(t, wanted, until);
        Try { wanted, end, h: end - t, cut, floor }
    }

    /// After a step with this error, relative to the tolerance, was accepted.
    pub(crate) fn accepted(&mut self, tried: &Try, error: f64) {
        let Try { h, wanted, cut, .. } = *tried;
        let next = self.controller.accepted(h, error);
        // A step cut short to land must not shrink the ones remembered; it says little about much longer ones.
        if std::mem::take(&mut self.jumped) {
            let most = GROW * h;
            self.after_jump = Some(if cut { wanted.max(next.min(GROW * most)) } else { next.min(most) });
        }
        self.step = Some(if cut { next.max(wanted) } else { next });
    }

    /// After a step with this error was rejected.
    pub(crate) fn rejected(&mut self, tried: &Try, error: f64) {
        self.step = Some(self.controller.rejected(tried.h, error));
    }

    /// After an attempt that gave no error estimate.
    pub(crate) fn unusable(&mut self, tried: &Try) {
        self.step = Some(QUARTER * self.controller.rejected(tried.h, 1.0));
    }
}

/// End of a step of size `wanted`, and whether it was cut short: `until` itself if it is in reach, and never so that
/// less than half a step would remain.
fn landing(t: f64, wanted: f64, until: f64) -> (f64, bool) {
    let span = until - t;
    if span <= wanted {
        (until, span < wanted)
    } else if span < 2.0 * wanted {
        (t + 0.5 * span, true)
    } else {
        (t + wanted, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn no_start(_: f64, _: &dyn Fn(f64) -> f64) -> f64 {
        f64::NAN
    }

    #[test]
    fn rounding_of_the_time_does_not_count_as_cut() {
        // Far from 0 the end of a step is rounded, so that its size differs from what was wanted either way.
        let mut pace = Pace::new(3);
        pace.recall(Memory { step: Some(1.0), ..Memory::default() });
        let mut shorter = 0;
        for k in 0..100 {
            let t = 1.7e7 + 0.37 * f64::from(k);
            pace.step = Some(2.0 + 0.1 * f64::from(k) / 7.0);
            let tried = pace.next(&Options::default(), t, t + 900.0, no_start);
            shorter += usize::from(tried.h < tried.wanted);
            pace.accepted(&tried, 1.0);
            assert!(pace.step.is_some_and(|next| next < 0.95 * tried.wanted));
        }
        assert!(shorter > 10, "{shorter}");
    }

    #[test]
    fn landing_leaves_no_sliver() {
        assert_eq!(landing(0.0, 10.0, 25.0), (10.0, false));
        assert_eq!(landing(10.0, 10.0, 25.0), (17.5, true));
        assert_eq!(landing(17.5, 10.0, 25.0), (25.0, true));
        assert_eq!(landing(15.0, 10.0, 25.0), (25.0, false));
    }
}
