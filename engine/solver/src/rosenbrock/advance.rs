//! Integration to a given time with step control.

use super::stages::Stages;
use super::{Accepted, Attempt, Control, Memory, Method, Options, Statistics};
use crate::control::Controller;
use crate::failure::Failure;
use crate::system::{Malformed, System};

/// Factor on the step after an attempt without an error estimate.
const QUARTER: f64 = 0.25;

/// A Rosenbrock integrator with its working space and its memory of the step size.
///
/// A malformed system is reported by the first call of [`advance`](Stepper::advance).
#[derive(Clone, Debug)]
pub struct Stepper {
    /// Bounds on the step control.
    pub options: Options,
    /// Work done so far.
    pub statistics: Statistics,
    method: Method,
    stages: Result<Stages, Malformed>,
    controller: Controller,
    /// Step to try next, if one is known.
    step: Option<f64>,
    /// Step that did well first after the last jump.
    after_jump: Option<f64>,
    /// Whether no step has been accepted since the last jump.
    jumped: bool,
}

impl Stepper {
    /// Working space for `system`, whose pattern, weights' length and tiles must not change.
    #[must_use]
    pub fn new(system: &impl System, method: Method) -> Stepper {
        let tableau = method.tableau();
        Stepper {
            options: Options::default(),
            statistics: Statistics::default(),
            method,
            stages: Stages::new(system, tableau),
            controller: Controller::new(tableau.error_order),
            step: None,
            after_jump: None,
            jumped: false,
        }
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> Method {
        self.method
    }

    /// The step that would be tried next, if one is known.
    #[must_use]
    pub fn step(&self) -> Option<f64> {
        self.step
    }

    /// Everything that a later step depends on beside the system, `t` and `y`, and the work done so far.
    #[must_use]
    pub fn memory(&self) -> Memory {
        // Without `..`, so that a new field must be thought of. Stages are filled anew by every step.
        let Stepper { options: _, method: _, stages: _, statistics, controller, step, after_jump, jumped } =
            self;
        let (last, rejected) = controller.memory();
        Memory {
            step: *step,
            after_jump: *after_jump,
            jumped: *jumped,
            last,
            rejected,
            statistics: *statistics,
        }
    }

    /// Goes on as the stepper of the same system and method whose [`memory`](Self::memory) it was.
    pub fn recall(&mut self, memory: Memory) {
        let Memory { step, after_jump, jumped, last, rejected, statistics } = memory;
        self.controller.recall(last, rejected);
        (self.step, self.after_jump, self.jumped) = (step, after_jump, jumped);
        self.statistics = statistics;
    }

    /// Forgets all history: the next step is chosen afresh.
    pub fn restart(&mut self) {
        self.step = None;
        self.after_jump = None;
        self.jumped = false;
        self.controller.forget();
    }

    /// Says that inputs jumped and jumps of this kind recur.
    ///
    /// The history of errors is forgotten, and the next step is the one that did well first
    /// after the last jump noted; after the first jump it is chosen afresh.
    pub fn note_jump(&mut self) {
        self.step = self.after_jump;
        self.jumped = true;
        self.controller.forget();
    }

    /// Linearises at (`t`, `y`) and tries one step of size `h`, whatever its error.
    ///
    /// # Errors
    ///
    /// A system that is malformed or not the one this stepper was made for.
    pub fn attempt(
        &mut self,
        system: &mut impl System,
        t: f64,
        h: f64,
        y: &[f64],
    ) -> Result<Attempt, Malformed> {
        let stages = self.stages.as_mut().map_err(|error| error.clone())?;
        stages.fits(system, y)?;
        if let Some(row) = stages.linearize(system, t, y, &mut self.statistics) {
            return Ok(Attempt::NotFinite { row });
        }
        Ok(stages.attempt(system, t, h, y, &mut self.statistics))
    }

    /// The step last tried, from (`t`, `y`) and of size `h`, as if accepted.
    ///
    /// # Errors
    ///
    /// A malformed system.
    pub fn attempted<'a>(&'a self, t: f64, h: f64, y: &'a [f64]) -> Result<Accepted<'a>, Malformed> {
        let stages = self.stages.as_ref().map_err(|error| error.clone())?;
        Ok(accepted(stages, t, t + h, y))
    }

    /// Integrates from `t` to exactly `until`.
    ///
    /// `after` sees each accepted step before `t` and `y` move to its end. The step size is
    /// remembered from call to call; inputs may change in between, see
    /// [`note_jump`](Self::note_jump) and [`restart`](Self::restart).
    ///
    /// # Errors
    ///
    /// See [`Failure`]; `t` and `y` then hold the last accepted point.
    pub fn advance(
        &mut self,
        system: &mut impl System,
        t: &mut f64,
        y: &mut [f64],
        until: f64,
        after: &mut impl FnMut(&Accepted) -> Control,
    ) -> Result<(), Failure> {
        let stages = self.stages.as_mut().map_err(|error| error.clone())?;
        stages.fits(system, y)?;
        if !(*t <= until && until.is_finite()) {
            return Err(Failure::Backwards { time: *t, until });
        }
        let most = self.statistics.steps + self.statistics.rejected + self.options.steps_most;
        let mut fresh = false;
        while *t < until {
            if !fresh {
                if let Some(row) = stages.linearize(system, *t, y, &mut self.statistics) {
                    return Err(Failure::NotFinite { time: *t, row, step: 0.0 });
                }
                fresh = true;
            }
            let span = until - *t;
            let floor = self
                .options
                .step_min
                .max(8.0 * f64::EPSILON * t.abs())
                .max(f64::EPSILON * f64::EPSILON * span);
            let wanted = match self.step {
                Some(step) => step,
                None => stages.starting_step(
                    system,
                    (*t, y),
                    span,
                    self.options.tolerance,
                    |value| self.controller.root(value),
                    &mut self.statistics,
                ),
            };
            let wanted = wanted.min(self.options.step_max).max(floor);
            self.step = Some(wanted);
            if self.statistics.steps + self.statistics.rejected >= most {
                return Err(Failure::TooManySteps {
                    time: *t,
                    steps: self.options.steps_most,
                    step: wanted,
                    until,
                });
            }
            let end = landing(*t, wanted, until);
            let h = end - *t;
            let attempt = stages.attempt(system, *t, h, y, &mut self.statistics);
            let (failure, next) = match attempt {
                Attempt::Done { error, .. } if error <= self.options.tolerance => {
                    self.statistics.steps += 1;
                    let next = self.controller.accepted(h, error / self.options.tolerance);
                    if std::mem::take(&mut self.jumped) {
                        self.after_jump = Some(did_well(h, wanted, next));
                    }
                    // A step cut short to land must not shrink the one remembered.
                    self.step = Some(if h < wanted { next.max(wanted) } else { next });
                    let control = after(&accepted(stages, *t, end, y));
                    *t = end;
                    y.copy_from_slice(&stages.end);
                    fresh = false;
                    match control {
                        Control::Continue => {}
                        Control::Stop => return Ok(()),
                        Control::Restart => {
                            self.step = None;
                            self.controller.forget();
                        }
                    }
                    continue;
                }
                Attempt::Done { error, tile } => (
                    Failure::StepTooSmall { time: *t, tile, step: h, error: error / self.options.tolerance },
                    self.controller.rejected(h, error / self.options.tolerance),
                ),
                Attempt::NotFinite { row } => (
                    Failure::NotFinite { time: *t, row, step: h },
                    QUARTER * self.controller.rejected(h, 1.0),
                ),
                Attempt::Singular { row } => {
                    (Failure::Singular { time: *t, row, step: h }, QUARTER * self.controller.rejected(h, 1.0))
                }
            };
            self.statistics.rejected += 1;
            if wanted <= floor || h <= floor {
                return Err(failure);
            }
            self.step = Some(next);
        }
        Ok(())
    }
}

/// End of a step of size `wanted`: `until` itself if it is in reach, and never so that less than
/// half a step would remain.
pub(crate) fn landing(t: f64, wanted: f64, until: f64) -> f64 {
    let span = until - t;
    if span <= wanted {
        until
    } else if span < 2.0 * wanted {
        t + 0.5 * span
    } else {
        t + wanted
    }
}

/// Step to try after the next jump, when after this one a step of size `h` was accepted where `wanted` was tried and
/// `next` is recommended.
///
/// Jumps differ, so it grows with care; and a step that was cut short to land says nothing against a longer one.
pub(crate) fn did_well(h: f64, wanted: f64, next: f64) -> f64 {
    if h < wanted { wanted.max(next.min(4.0 * h)) } else { next.min(2.0 * h) }
}

fn accepted<'a>(stages: &'a Stages, t0: f64, t1: f64, y0: &'a [f64]) -> Accepted<'a> {
    Accepted { t0, t1, y0, y1: &stages.end, tableau: stages.tableau, stages: &stages.u, slope: &stages.slope }
}
