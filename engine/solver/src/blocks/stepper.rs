//! Rosenbrock steps of a core with blocks.

use super::group::{Group, Order, Pass, Scratch};
use super::program::Program;
use super::system::{Class, Core, Lane};
use super::team::{Bundle, Share, locked, with_team};
use crate::control::Controller;
use crate::failure::Failure;
use crate::matrix::StageMatrix;
use crate::norm::TileNorm;
use crate::rosenbrock::{
    Memory, Method, Options, Statistics, Tableau, add_stages, did_well, first_not_finite, landing,
};
use crate::system::{Malformed, Sparsity, same_length};
use real::Real;
use std::sync::Mutex;

/// Factor on the step after an attempt without an error estimate.
const QUARTER: f64 = 0.25;

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
    controller: Controller,
    step: Option<f64>,
    after_jump: Option<f64>,
    jumped: bool,
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

/// The core's part of a step.
struct CoreStages {
    tableau: &'static Tableau,
    states: usize,
    matrix: StageMatrix,
    norm: TileNorm,
    own: Vec<f64>,
    /// Place of each of the core's own partial derivatives in the whole pattern.
    places: Vec<u32>,
    /// For each class and value of its block: place in the whole pattern, if the import is a row.
    blocks: Vec<Vec<Option<u32>>>,
    jacobian: Vec<f64>,
    drive: Vec<f64>,
    driven: bool,
    slope: Vec<f64>,
    rates: Vec<f64>,
    argument: Vec<f64>,
    u: Vec<f64>,
    right: Vec<f64>,
    end: Vec<f64>,
    sums: Sums,
}

/// Sums over all groups, by class.
#[derive(Clone, Default)]
struct Sums {
    exports: Vec<Vec<f64>>,
    right: Vec<Vec<f64>>,
    drive: Vec<Vec<f64>>,
    block: Vec<Vec<f64>>,
    low: Vec<Vec<f64>>,
    high: Vec<Vec<f64>>,
    norms: [f64; 2],
    /// First class with a member that is not finite, or whose matrix is singular.
    not_finite: Option<usize>,
    singular: Option<usize>,
}

impl Sums {
    fn take<W>(&mut self, bundles: &[Bundle<W>]) {
        let Sums { exports, right, drive, block, .. } = self;
        for sums in [exports, right, drive, block] {
            sums.iter_mut().for_each(|sum| sum.fill(0.0));
        }
        self.low.iter_mut().for_each(|low| low.fill(f64::INFINITY));
        self.high.iter_mut().for_each(|high| high.fill(f64::NEG_INFINITY));
        (self.norms, self.not_finite, self.singular) = ([0.0; 2], None, None);
        for bundle in bundles {
            for group in &locked(bundle).groups {
                let (k, partial) = (group.class, &group.partial);
                add(&mut self.exports[k], &partial.exports);
                add(&mut self.right[k], &partial.right);
                add(&mut self.drive[k], &partial.drive);
                add(&mut self.block[k], &partial.block);
                for (low, lanes) in self.low[k].iter_mut().zip(&partial.low) {
                    *low = lanes.0.iter().fold(*low, |low, &value| low.min(value));
                }
                for (high, lanes) in self.high[k].iter_mut().zip(&partial.high) {
                    *high = lanes.0.iter().fold(*high, |high, &value| high.max(value));
                }
                for (norm, &value) in self.norms.iter_mut().zip(&partial.norms) {
                    if value > *norm || value.is_nan() {
                        *norm = value;
                    }
                }
                if !partial.finite {
                    self.not_finite = self.not_finite.or(Some(k));
                }
                if !partial.usable {
                    self.singular = self.singular.or(Some(k));
                }
            }
        }
    }
}

fn add(sums: &mut [f64], values: &[f64]) {
    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
}

/// Why an attempt gave no step.
enum Fault {
    NotFinite(usize),
    Singular(usize),
    Member(usize, &'static str),
}

impl Fault {
    fn failure(&self, time: f64, step: f64) -> Failure {
        match *self {
            Fault::NotFinite(row) => Failure::NotFinite { time, row, step },
            Fault::Singular(row) => Failure::Singular { time, row, step },
            Fault::Member(class, what) => Failure::Member { time, class, what, step },
        }
    }
}

impl CoreStages {
    fn new<C: Class>(
        core: &impl Core,
        classes: &[C],
        programs: &[Program],
        tableau: &'static Tableau,
    ) -> Result<CoreStages, Malformed> {
        let states = core.states();
        same_length("weights", core.weights().len(), states)?;
        same_length("tiles", core.tiles().len(), states)?;
        let own = core.sparsity();
        own.check()?;
        let mut lists: Vec<Vec<u32>> = (0..own.rows).map(|row| own.row(row).to_vec()).collect();
        let mut pairs = Vec::with_capacity(classes.len());
        for (class, program) in classes.iter().zip(programs) {
            let pair = |&(export, import): &(u32, u32)| {
                let row = class.exports()[export as usize];
                class.imports()[import as usize].map(|column| (row, column))
            };
            let list: Vec<Option<(u32, u32)>> = program.block_entries.iter().map(pair).collect();
            for &(row, column) in list.iter().flatten() {
                let rows = own.rows;
                let outside = Malformed::OutOfRange { row, column, rows };
                lists.get_mut(row as usize).ok_or(outside)?.push(column);
            }
            pairs.push(list);
        }
        let pattern = Sparsity::from_rows(lists)?;
        let place = |row: u32, column: u32| {
            let rows = pattern.rows;
            let found = pattern.position(row as usize, column);
            found.map(|k| k as u32).ok_or(Malformed::OutOfRange { row, column, rows })
        };
        let mut places = Vec::with_capacity(own.entries());
        for row in 0..own.rows {
            for &column in own.row(row) {
                places.push(place(row as u32, column)?);
            }
        }
        let block = |list: Vec<Option<(u32, u32)>>| {
            list.into_iter().map(|pair| pair.map(|(i, j)| place(i, j)).transpose()).collect()
        };
        let blocks = pairs.into_iter().map(block).collect::<Result<_, Malformed>>()?;
        let rows = own.rows;
        let exports: Vec<u32> = classes.iter().flat_map(|class| class.exports().iter().copied()).collect();
        let zeros = |count: &dyn Fn(&Program) -> usize| -> Vec<Vec<f64>> {
            programs.iter().map(|program| vec![0.0; count(program)]).collect()
        };
        let watched: Vec<Vec<f64>> = classes.iter().map(|class| vec![0.0; class.watched()]).collect();
        Ok(CoreStages {
            tableau,
            states,
            matrix: StageMatrix::with_right(states, &pattern, &exports)?,
            norm: TileNorm::new(core.tiles()),
            own: vec![0.0; own.entries()],
            places,
            blocks,
            jacobian: vec![0.0; pattern.entries()],
            drive: vec![0.0; rows],
            driven: false,
            slope: vec![0.0; states],
            rates: vec![0.0; states],
            argument: vec![0.0; states],
            u: vec![0.0; states * tableau.stages],
            right: vec![0.0; rows],
            end: vec![0.0; states],
            sums: Sums {
                exports: zeros(&|p| p.exports),
                right: zeros(&|p| p.exports),
                drive: zeros(&|p| p.exports),
                block: zeros(&|p| p.block_entries.len()),
                low: watched.clone(),
                high: watched,
                ..Sums::default()
            },
        })
    }

    /// Factors with what the members contribute; the first row that cannot be eliminated.
    fn factor<C: Class>(&mut self, classes: &[C], h: f64) -> Result<(), Fault> {
        if let Some(class) = self.sums.singular {
            return Err(Fault::Member(class, "singular"));
        }
        self.jacobian.fill(0.0);
        for (&place, &partial) in self.places.iter().zip(&self.own) {
            self.jacobian[place as usize] = partial;
        }
        for (places, block) in self.blocks.iter().zip(&self.sums.block) {
            for (place, value) in places.iter().zip(block) {
                if let Some(place) = place {
                    self.jacobian[*place as usize] -= value;
                }
            }
        }
        for (class, drive) in classes.iter().zip(&self.sums.drive) {
            for (&row, &drive) in class.exports().iter().zip(drive) {
                self.drive[row as usize] += drive;
            }
        }
        self.driven = self.drive.iter().any(|&d| d != 0.0);
        let shift = 1.0 / (h * self.tableau.gamma);
        let factored = self.matrix.factor(&self.jacobian, |_| shift);
        factored.map_err(|singular| Fault::Singular(singular.row))?;
        if self.driven {
            self.matrix.condense(&mut self.drive);
        }
        Ok(())
    }

    /// Solves for a stage from the rates at its argument and what the members gave to the right-hand side.
    fn stage<C: Class>(&mut self, classes: &[C], stage: usize, h: f64) {
        let (n, tableau) = (self.states, self.tableau);
        let (before, here) = self.u.split_at_mut(stage * n);
        self.right[..n].copy_from_slice(&self.rates);
        self.right[n..].fill(0.0);
        add_stages(&mut self.right[..n], before, &tableau.c[stage][..stage], 1.0 / h);
        let weight = tableau.gammas[stage] * h;
        if self.driven && weight != 0.0 {
            for (right, &drive) in self.right.iter_mut().zip(&self.drive) {
                *right += weight * drive;
            }
        }
        for (class, right) in classes.iter().zip(&self.sums.right) {
            for (&row, &value) in class.exports().iter().zip(right) {
                self.right[row as usize] += value;
            }
        }
        self.matrix.solve(&mut self.right);
        here[..n].copy_from_slice(&self.right[..n]);
    }
}

impl<C: Class> BlockStepper<C> {
    /// Working space for a core and its classes, whose shape must not change, on at most `threads` threads.
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
    ) -> Result<BlockStepper<C>, Malformed> {
        let tableau = method.tableau();
        let programs = classes.iter().map(Program::new).collect::<Result<Vec<_>, _>>()?;
        let stages = tableau.stages;
        let mut groups: Vec<Group> = classes
            .iter()
            .zip(&programs)
            .enumerate()
            .flat_map(|(k, (class, program))| Group::all(k, class, program, stages))
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
            controller: Controller::new(tableau.error_order),
            step: None,
            after_jump: None,
            jumped: false,
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
        let (last, rejected) = self.controller.memory();
        Memory {
            step: self.step,
            after_jump: self.after_jump,
            jumped: self.jumped,
            last,
            rejected,
            statistics: self.statistics,
        }
    }

    /// Goes on as the stepper of the same system and method whose [`memory`](Self::memory) it was.
    pub fn recall(&mut self, memory: Memory) {
        let Memory { step, after_jump, jumped, last, rejected, statistics } = memory;
        self.controller.recall(last, rejected);
        (self.step, self.after_jump, self.jumped) = (step, after_jump, jumped);
        self.statistics = statistics;
        self.before = None;
    }

    /// Forgets all history: the next step is chosen afresh.
    pub fn restart(&mut self) {
        self.step = None;
        self.after_jump = None;
        self.jumped = false;
        self.before = None;
        self.controller.forget();
    }

    /// See [`Stepper::note_jump`](crate::Stepper::note_jump).
    pub fn note_jump(&mut self) {
        self.step = self.after_jump;
        self.jumped = true;
        self.before = None;
        self.controller.forget();
    }

    /// Returns to the start of the last accepted step; `false` where there is none to return to, because inputs or
    /// states were changed since.
    pub fn back(&mut self, t: &mut f64, y: &mut [f64]) -> bool {
        let Some((from, states)) = self.before.take() else { return false };
        *t = from;
        y.copy_from_slice(&states);
        self.order.swap();
        self.controller.forget();
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
        let BlockStepper {
            options,
            statistics,
            programs,
            bundles,
            order,
            core: stages,
            controller,
            step: remembered,
            after_jump,
            jumped,
            before,
        } = self;
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
                let span = until - *t;
                let floor = (options.step_min.max(8.0 * f64::EPSILON * t.abs()))
                    .max(f64::EPSILON * f64::EPSILON * span);
                let wanted = match *remembered {
                    Some(step) => step,
                    None => {
                        statistics.evaluations += 2;
                        let tolerance = options.tolerance;
                        let root = |value| controller.root(value);
                        starting_step(core, bundles, order, stages, *t, y, (span, tolerance), root, pass)
                    }
                };
                let wanted = wanted.min(options.step_max).max(floor);
                *remembered = Some(wanted);
                if statistics.steps + statistics.rejected >= most {
                    let steps = options.steps_most;
                    return Err(Failure::TooManySteps { time: *t, steps, step: wanted, until });
                }
                let end = landing(*t, wanted, until);
                let h = end - *t;
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
                let (failure, next) = match attempt {
                    Ok(error) if error <= options.tolerance => {
                        statistics.steps += 1;
                        let next = controller.accepted(h, error / options.tolerance);
                        if std::mem::take(jumped) {
                            *after_jump = Some(did_well(h, wanted, next));
                        }
                        // A step cut short to land must not shrink the one remembered.
                        *remembered = Some(if h < wanted { next.max(wanted) } else { next });
                        match before {
                            Some((from, states)) => {
                                *from = *t;
                                states.copy_from_slice(y);
                            }
                            None => *before = Some((*t, y.to_vec())),
                        }
                        *t = end;
                        y.copy_from_slice(&stages.end);
                        order.swap();
                        seen = false;
                        continue;
                    }
                    Ok(error) => {
                        let error = error / options.tolerance;
                        let failure = Failure::StepTooSmall { time: *t, tile: 0, step: h, error };
                        (failure, controller.rejected(h, error))
                    }
                    Err(fault) => (fault.failure(*t, h), QUARTER * controller.rejected(h, 1.0)),
                };
                statistics.rejected += 1;
                if wanted <= floor || h <= floor {
                    return Err(failure);
                }
                *remembered = Some(next);
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
                add_stages(&mut stages.argument, &stages.u[..stage * n], &tableau.a[stage][..stage], 1.0);
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
    root: impl Fn(f64) -> f64,
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
