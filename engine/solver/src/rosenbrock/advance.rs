//! Integration to a given time with step control.

use super::pace::Pace;
use super::stages::Stages;
use super::{Accepted, Attempt, Control, Memory, Method, Options, Statistics};
use crate::failure::Failure;
use crate::system::{Malformed, System};

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
    pace: Pace,
    /// Where the next step starts, if the system is linearised there already.
    linearized: Option<f64>,
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
            pace: Pace::new(tableau.error_order),
            linearized: None,
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
        self.pace.step()
    }

    /// Everything that a later step depends on beside the system, `t` and `y`, and the work done so far.
    #[must_use]
    pub fn memory(&self) -> Memory {
        // Without `..`, so that a new field must be thought of. Stages are filled anew by every step.
        let Stepper { options: _, method: _, stages: _, statistics, pace, linearized: _ } = self;
        pace.memory(*statistics)
    }

    /// Goes on as the stepper of the same system and method whose [`memory`](Self::memory) it was.
    pub fn recall(&mut self, memory: Memory) {
        self.linearized = None;
        self.statistics = self.pace.recall(memory);
    }

    /// Forgets all history: the next step is chosen afresh.
    pub fn restart(&mut self) {
        self.linearized = None;
        self.pace.restart();
    }

    /// Says that inputs jumped and jumps of this kind recur.
    ///
    /// The history of errors is forgotten, and the next step is the one that did well first
    /// after the last jump noted; after the first jump it is chosen afresh.
    pub fn note_jump(&mut self) {
        self.linearized = None;
        self.pace.note_jump();
    }

    /// Takes the rates at (`t`, `y`), where the next step starts, with the derivatives that it needs; the last step stays
    /// [as it was](Self::attempted).
    ///
    /// The next [`advance`](Self::advance) must start there and find the system unchanged, or be told of a
    /// [jump](Self::note_jump) or [`restart`](Self::restart).
    ///
    /// # Errors
    ///
    /// A malformed system.
    pub fn linearize(
        &mut self,
        system: &mut impl System,
        t: f64,
        y: &[f64],
        rates: &mut [f64],
    ) -> Result<(), Malformed> {
        let stages = self.stages.as_mut().map_err(|error| error.clone())?;
        stages.fits(system, y)?;
        let (slope, not_finite) = stages.linearize_next(system, t, y, &mut self.statistics);
        self.linearized = not_finite.is_none().then_some(t);
        rates.copy_from_slice(slope);
        Ok(())
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
        self.linearized = None;
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
    /// [`note_jump`](Self::note_jump) and [`restart`](Self::restart), and must be told of after a [`linearize`](Self::linearize).
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
        let linearized = self.linearized.take();
        let stages = self.stages.as_mut().map_err(|error| error.clone())?;
        stages.fits(system, y)?;
        if !(*t <= until && until.is_finite()) {
            return Err(Failure::Backwards { time: *t, until });
        }
        let most = self.statistics.steps + self.statistics.rejected + self.options.steps_most;
        let mut fresh = linearized == Some(*t) && *t < until;
        if fresh {
            stages.begin_next();
        }
        while *t < until {
            if !fresh {
                if let Some(row) = stages.linearize(system, *t, y, &mut self.statistics) {
                    return Err(Failure::NotFinite { time: *t, row, step: 0.0 });
                }
                fresh = true;
            }
            let (statistics, tolerance) = (&mut self.statistics, self.options.tolerance);
            let tried = self.pace.next(&self.options, *t, until, |span, root| {
                stages.starting_step(system, (*t, y), span, tolerance, root, statistics)
            });
            if self.statistics.steps + self.statistics.rejected >= most {
                return Err(Failure::TooManySteps {
                    time: *t,
                    steps: self.options.steps_most,
                    step: tried.wanted,
                    until,
                });
            }
            let h = tried.h;
            let attempt = stages.attempt(system, *t, h, y, &mut self.statistics);
            let failure = match attempt {
                Attempt::Done { error, .. } if error <= tolerance => {
                    self.statistics.steps += 1;
                    self.pace.accepted(&tried, error / tolerance);
                    let control = after(&accepted(stages, *t, tried.end, y));
                    *t = tried.end;
                    y.copy_from_slice(&stages.end);
                    fresh = false;
                    match control {
                        Control::Continue => {}
                        Control::Stop => return Ok(()),
                        Control::Restart => self.pace.forget_step(),
                    }
                    continue;
                }
                Attempt::Done { error, tile } => {
                    self.pace.rejected(&tried, error / tolerance);
                    Failure::StepTooSmall { time: *t, tile, step: h, error: error / tolerance }
                }
                Attempt::NotFinite { row } => {
                    self.pace.unusable(&tried);
                    Failure::NotFinite { time: *t, row, step: h }
                }
                Attempt::Singular { row } => {
                    self.pace.unusable(&tried);
                    Failure::Singular { time: *t, row, step: h }
                }
            };
            self.statistics.rejected += 1;
            if tried.is_least() {
                return Err(failure);
            }
        }
        Ok(())
    }
}

fn accepted<'a>(stages: &'a Stages, t0: f64, t1: f64, y0: &'a [f64]) -> Accepted<'a> {
    let (left, quadratures) = (stages.left(t1 - t0), &stages.quadratures);
    Accepted { t0, t1, y0, y1: &stages.end, left, quadratures, slope: &stages.start.slope }
}
