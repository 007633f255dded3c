//! Rosenbrock steps of a core with blocks.

mod dense;

pub use dense::{Ends, LastStep};

use super::core::{CoreStages, Fault, Sums};
use super::group::{Group, Order, Pass, Scratch};
use super::program::Program;
use super::stored::Precision;
use super::system::{Class, Core, Lane};
use super::team::{Bundle, Share, locked, with_team};
use crate::failure::Failure;
use crate::rosenbrock::{Memory, Method, Options, Pace, Statistics, add_stages, first_not_finite};
use crate::system::{Malformed, same_length};
use real::Real;
use std::sync::Mutex;

/// A point that was reached, with the core evaluated there.
#[derive(Clone, Copy, Debug)]
pub struct Reached<'a> {
    /// Start of the accepted step that led here; the time itself where inputs changed.
    pub from: f64,
    /// Time.
    pub time: f64,
    /// States of the core.
    pub y: &'a [f64],
    /// Rates of the core.
    pub rates: &'a [f64],
    /// Lowest watched values of each class.
    pub low: &'a [Vec<f64>],
    /// Highest watched values of each class.
    pub high: &'a [Vec<f64>],
}

/// What to do at a point that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Go on.
    Continue,
    /// Return here.
    Stop,
}

/// A Rosenbrock integrator for a core with blocks. It owns the states of the blocks.
///
/// The same method, error norm and step control as [`Stepper`](crate::Stepper): on a system whose members are
/// all equal both take the same steps.
pub struct BlockStepper<C: Class> {
    /// Bounds on the step control.
    pub options: Options,
    /// Work done so far.
    pub statistics: Statistics,
    programs: Vec<Program>,
    bundles: Vec<Bundle<C::Work>>,
    order: Order,
    core: CoreStages,
    pace: Pace,
    /// Start of the last accepted step: time, core states.
    before: Option<(f64, Vec<f64>)>,
}

impl<C: Class> std::fmt::Debug for BlockStepper<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlockStepper")
            .field("classes", &self.programs.len())
            .field("threads", &self.bundles.len())
            .field("statistics", &self.statistics)
            .finish_non_exhaustive()
    }
}

impl<C: Class> BlockStepper<C> {
    /// Working space for a core and its classes, whose shape must not change, on at most `threads` threads, with what
    /// the stages of members need kept in `precision`.
    ///
    /// The states of all members are 0 until [`set_states`](Self::set_states).
    ///
    /// # Errors
    /// Parts that do not fit together.
    pub fn new(
        core: &impl Core,
        classes: &[C],
        method: Method,
        threads: usize,
        precision: Precision,
    ) -> Result<BlockStepper<C>, Malformed> {
        let tableau = method.tableau();
        let programs = classes.iter().map(Program::new).collect::<Result<Vec<_>, _>>()?;
        let stages = tableau.stages;
        let mut groups: Vec<Group> = classes
            .iter()
            .zip(&programs)
            .enumerate()
            .flat_map(|(k, (class, program))| Group::all(k, class, program, stages, precision))
            .collect();
        let workers = threads.clamp(1, groups.len().max(1));
        let mut bundles = Vec::with_capacity(workers);
        for worker in 0..workers {
            let share = groups.len().div_ceil(workers - worker);
            let rest = groups.split_off(share);
            let scratch = classes.iter().zip(&programs).map(|(c, p)| Scratch::new(c, p)).collect();
            bundles.push(Mutex::new(Share { groups: std::mem::replace(&mut groups, rest), scratch }));
        }
        let values = |count: &dyn Fn(&Program) -> usize| -> Vec<Vec<f64>> {
            programs.iter().map(|program| vec![0.0; count(program)]).collect()
        };
        let order = Order {
            pass: Pass::Evaluate,
            step: 1.0,
            tableau,
            base: 0,
            imports: values(&|p| p.imports),
            slopes: values(&|p| p.imports),
            solution: values(&|p| p.imports),
            driven: vec![false; programs.len()],
        };
        Ok(BlockStepper {
            options: Options::default(),
            statistics: Statistics::default(),
            core: CoreStages::new(core, classes, &programs, tableau)?,
            programs,
            bundles,
            order,
            pace: Pace::new(tableau.error_order),
            before: None,
        })
    }

    /// Number of threads that share the work.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.bundles.len()
    }

    /// Bytes of the tiles: states, stages and factors.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bundles.iter().map(|b| locked(b).groups.iter().map(Group::bytes).sum::<usize>()).sum()
    }

    /// The states of a tile, one lane each, for `read`; nothing for a tile that does not exist.
    pub fn states<T>(&self, class: usize, tile: usize, read: impl FnOnce(&[Lane]) -> T) -> Option<T> {
        let states = self.programs.get(class)?.states;
        for bundle in &self.bundles {
            for group in locked(bundle).groups.iter().filter(|group| group.class == class) {
                if let Some(found) = group.states(tile, states, self.order.base) {
                    return Some(read(found));
                }
            }
        }
        None
    }

    /// Calls `read` with the number and states of every tile of a class, in order.
    pub fn each_tile(&self, class: usize, mut read: impl FnMut(usize, &[Lane])) {
        let Some(states) = self.programs.get(class).map(|program| program.states) else { return };
        let mut tile = 0;
        for bundle in &self.bundles {
            for group in locked(bundle).groups.iter().filter(|group| group.class == class) {
                while let Some(found) = group.states(tile, states, self.order.base) {
                    read(tile, found);
                    tile += 1;
                }
            }
        }
    }

    /// Lets `write` change the states of every tile of a class, in order.
    pub fn set_states(&mut self, class: usize, mut write: impl FnMut(usize, &mut [Lane])) {
        let Some(states) = self.programs.get(class).map(|program| program.states) else { return };
        let mut tile = 0;
        for bundle in &self.bundles {
            for group in locked(bundle).groups.iter_mut().filter(|group| group.class == class) {
                while let Some(found) = group.states_mut(tile, states, self.order.base) {
                    write(tile, found);
                    tile += 1;
                }
            }
        }
        self.before = None;
    }

    /// What it remembers from step to step besides the states of the members; after
    /// [`back`](Self::back) or a change of inputs, when nothing can be taken back any more.
    #[must_use]
    pub fn memory(&self) -> Memory {
        self.pace.memory(self.statistics)
    }

    /// Goes on as the stepper of the same system and method whose [`memory`](Self::memory) it was.
    pub fn recall(&mut self, memory: Memory) {
        self.statistics = self.pace.recall(memory);
        self.before = None;
    }

    /// Forgets all history: the next step is chosen afresh.
    pub fn restart(&mut self) {
        self.pace.restart();
        self.before = None;
    }

    /// See [`Stepper::note_jump`](crate::Stepper::note_jump).
    pub fn note_jump(&mut self) {
        self.pace.note_jump();
        self.before = None;
    }

    /// Returns to the start of the last accepted step; `false` where there is none to return to, because inputs or
    /// states were changed since.
    pub fn back(&mut self, t: &mut f64, y: &mut [f64]) -> bool {
        let Some((from, states)) = self.before.take() else { return false };
        *t = from;
        y.copy_from_slice(&states);
        self.order.swap();
        self.pace.forget_errors();
        true
    }

    /// Evaluates core and blocks at (`t`, `y`) and shows every tile of every class, in order: class, tile, and the
    /// working space of its evaluation.
    pub fn observe(
        &mut self,
        core: &mut impl Core,
        classes: &[C],
        t: f64,
        y: &[f64],
        mut see: impl FnMut(usize, usize, &C::Work),
    ) {
        lead(core, &mut self.order, t, y);
        for (k, (class, program)) in classes.iter().zip(&self.programs).enumerate() {
            let mut work = class.work();
            let mut rates = vec![Lane::number(0.0); program.states];
            let mut exports = vec![Lane::number(0.0); program.exports];
            self.each_tile(k, |tile, states| {
                class.rates(tile, states, &self.order.imports[k], &mut work, &mut rates, &mut exports);
                see(k, tile, &work);
            });
        }
    }

    /// Evaluates core and blocks at (`t`, `y`), and gives the watched values.
    pub fn evaluate<T>(
        &mut self,
        core: &mut impl Core,
        classes: &[C],
        t: f64,
        y: &[f64],
        then: impl FnOnce(Reached) -> T,
    ) -> T {
        let BlockStepper { programs, bundles, order, core: stages, statistics, .. } = self;
        with_team(bundles, classes, programs, order.clone(), |pass| {
            evaluate(core, bundles, order, stages, t, y, pass);
            stages.slope.copy_from_slice(&stages.rates);
            statistics.evaluations += 1;
            then(reached(stages, t, t, y))
        })
    }

    /// Integrates from `t` to exactly `until`.
    ///
    /// `after` sees every point that is reached, the last one included, with core and blocks evaluated there; the
    /// point at the start only where nothing has seen it.
    ///
    /// # Errors
    ///
    /// See [`Failure`]; `t` and `y` then hold the last accepted point.
    pub fn advance<K: Core>(
        &mut self,
        core: &mut K,
        classes: &[C],
        t: &mut f64,
        y: &mut [f64],
        until: f64,
        after: &mut impl FnMut(&mut K, Reached) -> Verdict,
    ) -> Result<(), Failure> {
        same_length("states", y.len(), self.core.states)?;
        same_length("classes", classes.len(), self.programs.len())?;
        if !(*t <= until && until.is_finite()) {
            return Err(Failure::Backwards { time: *t, until });
        }
        let BlockStepper { options, statistics, programs, bundles, order, core: stages, pace, before } = self;
        with_team(bundles, classes, programs, order.clone(), |pass| {
            let most = statistics.steps + statistics.rejected + options.steps_most;
            let mut seen = true;
            loop {
                if *t >= until {
                    if seen {
                        return Ok(());
                    }
                    statistics.evaluations += 1;
                    evaluate(core, bundles, order, stages, *t, y, pass);
                    let from = before.as_ref().map_or(*t, |(from, _)| *from);
                    after(core, reached(stages, from, *t, y));
                    return Ok(());
                }
                let tried = pace.next(options, *t, until, |span, root| {
                    statistics.evaluations += 2;
                    let limits = (span, options.tolerance);
                    starting_step(core, bundles, order, stages, *t, y, limits, root, pass)
                });
                if statistics.steps + statistics.rejected >= most {
                    let (steps, step) = (options.steps_most, tried.wanted);
                    return Err(Failure::TooManySteps { time: *t, steps, step, until });
                }
                let h = tried.h;
                order.step = h;
                order.pass = Pass::First;
                statistics.evaluations += 1;
                lead(core, order, *t, y);
                pass(order);
                stages.sums.take(bundles);
                core.linearize(&stages.sums.exports, &mut stages.rates, &mut stages.own, &mut stages.drive);
                if let Some(row) = first_not_finite(&stages.rates) {
                    return Err(Failure::NotFinite { time: *t, row, step: 0.0 });
                }
                stages.slope.copy_from_slice(&stages.rates);
                if !seen {
                    seen = true;
                    let from = before.as_ref().map_or(*t, |(from, _)| *from);
                    if after(core, reached(stages, from, *t, y)) == Verdict::Stop {
                        return Ok(());
                    }
                }
                statistics.factorizations += 1;
                let attempt = stages.factor(classes, h).and_then(|()| {
                    stages_of_step(core, classes, bundles, order, stages, *t, y, pass, statistics)
                });
                let failure = match attempt {
                    Ok(error) if error <= options.tolerance => {
                        statistics.steps += 1;
                        pace.accepted(&tried, error / options.tolerance);
                        match before {
                            Some((from, states)) => {
                                *from = *t;
                                states.copy_from_slice(y);
                            }
                            None => *before = Some((*t, y.to_vec())),
                        }
                        *t = tried.end;
                        y.copy_from_slice(&stages.end);
                        order.swap();
                        seen = false;
                        continue;
                    }
                    Ok(error) => {
                        let error = error / options.tolerance;
                        pace.rejected(&tried, error);
                        Failure::StepTooSmall { time: *t, tile: 0, step: h, error }
                    }
                    Err(fault) => {
                        pace.unusable(&tried);
                        fault.failure(*t, h)
                    }
                };
                statistics.rejected += 1;
                if tried.is_least() {
                    return Err(failure);
                }
            }
        })
    }
}

fn reached<'a>(stages: &'a CoreStages, from: f64, time: f64, y: &'a [f64]) -> Reached<'a> {
    let Sums { low, high, .. } = &stages.sums;
    Reached { from, time, y, rates: &stages.rates, low, high }
}

/// Evaluates what blocks read, and hands it over.
fn lead(core: &mut impl Core, order: &mut Order, t: f64, y: &[f64]) {
    core.lead(t, y);
    let classes = order.imports.iter_mut().zip(&mut order.slopes).zip(&mut order.driven);
    for (class, ((values, slopes), driven)) in classes.enumerate() {
        core.imports(class, values, slopes);
        *driven = slopes.iter().any(|&slope| slope != 0.0);
    }
}

fn evaluate<W>(
    core: &mut impl Core,
    bundles: &[Bundle<W>],
    order: &mut Order,
    stages: &mut CoreStages,
    t: f64,
    y: &[f64],
    pass: &mut dyn FnMut(&Order),
) {
    order.pass = Pass::Evaluate;
    lead(core, order, t, y);
    pass(order);
    stages.sums.take(bundles);
    core.rates(&stages.sums.exports, &mut stages.rates);
}

/// All stages of a step from a factored start; the norm of its error.
#[expect(clippy::too_many_arguments, reason = "the parts of a stepper, borrowed apart from its team")]
fn stages_of_step<C: Class>(
    core: &mut impl Core,
    classes: &[C],
    bundles: &[Bundle<C::Work>],
    order: &mut Order,
    stages: &mut CoreStages,
    t: f64,
    y: &[f64],
    pass: &mut dyn FnMut(&Order),
    statistics: &mut Statistics,
) -> Result<f64, Fault> {
    let tableau = stages.tableau;
    let (n, h) = (stages.states, order.step);
    for stage in 0..tableau.stages {
        if stage > 0 {
            order.pass = Pass::Stage(stage);
            if order.evaluates(stage) {
                statistics.evaluations += 1;
                stages.argument.copy_from_slice(y);
                add_stages(&mut stages.argument, &stages.u[..stage * n], n, &tableau.a[stage][..stage], 1.0);
                lead(core, order, t + tableau.alpha[stage] * h, &stages.argument);
                pass(order);
                stages.sums.take(bundles);
                core.rates(&stages.sums.exports, &mut stages.rates);
                if let Some(row) = first_not_finite(&stages.rates) {
                    return Err(Fault::NotFinite(row));
                }
            } else {
                stages.rates.copy_from_slice(&stages.slope);
                stages.argument.copy_from_slice(y);
                pass(order);
                stages.sums.take(bundles);
            }
        }
        stages.stage(classes, stage, h);
        for (class, solution) in classes.iter().zip(&mut order.solution) {
            for (value, row) in solution.iter_mut().zip(class.imports()) {
                *value = row.map_or(0.0, |row| stages.right[row as usize]);
            }
        }
    }
    order.pass = Pass::Finish;
    pass(order);
    stages.sums.take(bundles);
    // Stiffly accurate: the argument of the last stage is the embedded solution.
    let last = &stages.u[(tableau.stages - 1) * n..];
    for ((end, &embedded), &error) in stages.end.iter_mut().zip(&stages.argument).zip(last) {
        *end = embedded + error;
    }
    if let Some(row) = first_not_finite(&stages.end) {
        return Err(Fault::NotFinite(row));
    }
    if let Some(class) = stages.sums.not_finite {
        return Err(Fault::Member(class, "not finite"));
    }
    let own = stages.norm.of(last, core.weights()).0;
    let members = stages.sums.norms[0].sqrt();
    Ok(if members > own || members.is_nan() { members } else { own })
}

/// As for a system without blocks; see `Stages::starting_step`.
#[expect(clippy::too_many_arguments, reason = "the parts of a stepper, borrowed apart from its team")]
fn starting_step<W>(
    core: &mut impl Core,
    bundles: &[Bundle<W>],
    order: &mut Order,
    stages: &mut CoreStages,
    t: f64,
    y: &[f64],
    (span, tolerance): (f64, f64),
    root: &dyn Fn(f64) -> f64,
    pass: &mut dyn FnMut(&Order),
) -> f64 {
    evaluate(core, bundles, order, stages, t, y, pass);
    stages.slope.copy_from_slice(&stages.rates);
    order.pass = Pass::Size;
    pass(order);
    stages.sums.take(bundles);
    let [size, speed] = stages.sums.norms.map(f64::sqrt);
    let size = size.max(stages.norm.of(y, core.weights()).0) / tolerance;
    let speed = speed.max(stages.norm.of(&stages.slope, core.weights()).0) / tolerance;
    let probe = if size < 1e-5 || speed < 1e-5 { 1e-3 * span } else { (0.01 * size / speed).min(span) };
    for ((argument, &y), &slope) in stages.argument.iter_mut().zip(y).zip(&stages.slope) {
        *argument = y + probe * slope;
    }
    order.pass = Pass::Probe(probe);
    lead(core, order, t + probe, &stages.argument);
    pass(order);
    stages.sums.take(bundles);
    core.rates(&stages.sums.exports, &mut stages.rates);
    let bend = stages.sums.norms[0].sqrt();
    if first_not_finite(&stages.rates).is_some() || !bend.is_finite() {
        return 1e-3 * probe;
    }
    for (rate, &slope) in stages.rates.iter_mut().zip(&stages.slope) {
        *rate = (*rate - slope) / probe;
    }
    let bend = bend.max(stages.norm.of(&stages.rates, core.weights()).0) / tolerance;
    let worst = speed.max(bend);
    let step = if worst * span <= 1e-12 { span } else { root(0.01 / worst) };
    step.min(100.0 * probe).min(span)
}
