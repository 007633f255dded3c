//! Tiles of a class in memory, and what is done to them in one pass.
//!
//! A pass visits each tile once and does there all that can be done before the core must be heard: the
//! backward sweep of the stage before, the next argument, its evaluation, the forward sweep. So a step of a
//! method of s stages is s + 1 passes.

use super::program::Program;
use super::stored::{Precision, Single, Stored};
use super::system::{Class, Lane, WIDTH};
use crate::rosenbrock::Tableau;
use real::Real;

/// Tiles of a group: what is summed in one go, whatever the number of threads.
pub(super) const GROUP: usize = 8;

/// What to do with every tile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Pass {
    /// Values at the start: rates, exports, watched values.
    Evaluate,
    /// Norms of the states and of their rates, both from the pass before.
    Size,
    /// Rates after an explicit Euler step of this size, and the norm of their change per second.
    Probe(f64),
    /// Linearisation at the start, factors, and the first stage.
    First,
    /// Solution of the stage before, and this stage.
    Stage(usize),
    /// Solution of the last stage, end of the step and its error.
    Finish,
}

/// A pass and all that tiles need to know for it.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub pass: Pass,
    pub step: f64,
    pub tableau: &'static Tableau,
    /// Which of the two state vectors of a tile is the start of the step.
    pub base: usize,
    /// Values of the imports of each class at the argument, and their slopes.
    pub imports: Vec<Vec<f64>>,
    pub slopes: Vec<Vec<f64>>,
    /// Solution of the stage before at the imports of each class.
    pub solution: Vec<Vec<f64>>,
    /// Whether the slopes of a class are not all zero.
    pub driven: Vec<bool>,
}

impl Order {
    /// Makes the end of the step the start of the next, or takes that back.
    pub fn swap(&mut self) {
        self.base = 1 - self.base;
    }

    /// Whether stage `stage` needs an evaluation; if not, its argument is the start of the step.
    #[inline(always)]
    pub fn evaluates(&self, stage: usize) -> bool {
        let tableau = self.tableau;
        tableau.a[stage][..stage].iter().any(|&a| a != 0.0) || tableau.alpha[stage] != 0.0
    }
}

/// What a group tells the core.
#[derive(Clone, Debug, Default)]
pub(super) struct Partial {
    pub exports: Vec<f64>,
    /// Right-hand sides of the exports.
    pub right: Vec<f64>,
    /// What drives the exports in time.
    pub drive: Vec<f64>,
    /// Exports by imports.
    pub block: Vec<f64>,
    /// Largest mean square of a part, and for [`Pass::Size`] that of the rates as well.
    pub norms: [f64; 2],
    pub finite: bool,
    pub usable: bool,
    /// Lowest and highest of each watched value, lane by lane over the tiles.
    pub low: Vec<Lane>,
    pub high: Vec<Lane>,
}

/// Space for the work on one tile; one for each thread and class.
pub(super) struct Scratch<W> {
    work: W,
    argument: Vec<Lane>,
    rates: Vec<Lane>,
    exports: Vec<Lane>,
    jacobian: Vec<Lane>,
    drive: Vec<Lane>,
    values: Vec<Lane>,
    right: Vec<Lane>,
    solution: Vec<Lane>,
    watched: Vec<Lane>,
    squares: Vec<Lane>,
}

impl<W> Scratch<W> {
    pub fn new<C: Class<Work = W>>(class: &C, program: &Program) -> Scratch<W> {
        let zero = |count: usize| vec![Lane::number(0.0); count];
        Scratch {
            work: class.work(),
            argument: zero(program.states),
            rates: zero(program.states),
            exports: zero(program.exports),
            jacobian: zero(class.sparsity().entries()),
            drive: zero(program.rows + program.exports),
            values: zero(program.values),
            right: zero(program.rows + program.exports),
            solution: zero(program.rows + program.imports),
            watched: zero(class.watched()),
            squares: zero(class.parts().iter().max().map_or(0, |&part| part as usize + 1)),
        }
    }
}

/// Some neighbouring tiles of one class.
pub(super) struct Group {
    pub class: usize,
    first: usize,
    /// Of each tile the states at the start of the step and at its end, whichever comes first.
    states: Vec<Lane>,
    stages: Stages,
    pub partial: Partial,
}

/// Of each tile what the stages of a step need beside the states: the vectors of the stages, rates and drive at the
/// start, factors.
enum Stages {
    Double(Vec<Lane>),
    Single(Vec<Single>),
}

/// A pass of a group.
struct GroupPass<'a, C: Class> {
    class: &'a C,
    index: usize,
    first: usize,
    program: &'a Program,
    scratch: &'a mut Scratch<C::Work>,
    order: &'a Order,
    partial: &'a mut Partial,
    states: &'a mut [Lane],
}

/// The pass of a group over stages kept as `S`, to be compiled once for each level of instructions. (A closure would be
/// compiled apart from its caller, for the lowest level.)
struct PassHere<'a, C: Class, S>(GroupPass<'a, C>, &'a mut [S]);

impl<C: Class, S: Stored> pulp::WithSimd for PassHere<'_, C, S> {
    type Output = ();
    #[inline(always)]
    fn with_simd<V: pulp::Simd>(self, _: V) {
        self.0.all(self.1);
    }
}

/// The parts of a tile's memory.
struct Tile<'a, S> {
    /// States at the start of the step, and at its end.
    start: &'a [Lane],
    end: &'a mut [Lane],
    /// One after the other.
    stages: &'a mut [S],
    slope: &'a mut [S],
    drive: &'a mut [S],
    kept: &'a mut [S],
}

/// Lanes of a tile beside its states.
fn stride(program: &Program, stages: usize) -> usize {
    program.staged() * (stages + 1) + program.states + program.kept
}

impl Group {
    /// All groups of a class.
    pub fn all<C: Class>(
        index: usize,
        class: &C,
        program: &Program,
        stages: usize,
        precision: Precision,
    ) -> Vec<Group> {
        let tiles = class.tiles();
        let group = |first: usize| {
            let count = GROUP.min(tiles - first);
            let lanes = count * stride(program, stages);
            Group {
                class: index,
                first,
                states: vec![Lane::number(0.0); count * 2 * program.states],
                stages: match precision {
                    Precision::Double => Stages::Double(vec![Lane::number(0.0); lanes]),
                    Precision::Single => Stages::Single(vec![Single::default(); lanes]),
                },
                partial: Partial {
                    exports: vec![0.0; program.exports],
                    right: vec![0.0; program.exports],
                    drive: vec![0.0; program.exports],
                    block: vec![0.0; program.block_entries.len()],
                    low: vec![Lane::number(f64::INFINITY); class.watched()],
                    high: vec![Lane::number(f64::NEG_INFINITY); class.watched()],
                    ..Partial::default()
                },
            }
        };
        (0..tiles).step_by(GROUP).map(group).collect()
    }

    /// The states of a tile of this group, counted within the class.
    pub fn states(&self, tile: usize, states: usize, base: usize) -> Option<&[Lane]> {
        let place = (tile.checked_sub(self.first)? * 2 + base) * states;
        self.states.get(place..place + states)
    }

    /// As [`states`](Group::states), to be changed.
    pub fn states_mut(&mut self, tile: usize, states: usize, base: usize) -> Option<&mut [Lane]> {
        let place = (tile.checked_sub(self.first)? * 2 + base) * states;
        self.states.get_mut(place..place + states)
    }

    /// Bytes in use.
    pub fn bytes(&self) -> usize {
        size_of_val(&self.states[..])
            + match &self.stages {
                Stages::Double(stages) => size_of_val(&stages[..]),
                Stages::Single(stages) => size_of_val(&stages[..]),
            }
    }

    /// Does one pass over its tiles, with the widest instructions of at most 256 bits that the machine has;
    /// nothing is fused, so the bits are those of any other machine.
    pub fn pass<C: Class>(
        &mut self,
        class: &C,
        program: &Program,
        scratch: &mut Scratch<C::Work>,
        order: &Order,
    ) {
        let Group { class: index, first, states, stages, partial } = self;
        let (index, first) = (*index, *first);
        let pass = GroupPass { class, index, first, program, scratch, order, partial, states };
        match stages {
            Stages::Double(stages) => pulp::Arch::new().dispatch(PassHere(pass, stages)),
            Stages::Single(stages) => pulp::Arch::new().dispatch(PassHere(pass, stages)),
        }
    }
}

impl<C: Class> GroupPass<'_, C> {
    #[inline(always)]
    fn all<S: Stored>(self, stages: &mut [S]) {
        let GroupPass { class, index, first, program, scratch, order, partial, states } = self;
        partial.begin(order.pass);
        let (staged, count) = (program.staged(), order.tableau.stages);
        let of_tiles = states.chunks_exact_mut((2 * program.states).max(1));
        let tiles = of_tiles.zip(stages.chunks_exact_mut(stride(program, count).max(1)));
        for (k, (states, chunk)) in tiles.enumerate() {
            let (one, other) = states.split_at_mut(program.states);
            let (start, end) = if order.base == 0 { (one, other) } else { (other, one) };
            let (stages, rest) = chunk.split_at_mut(count * staged);
            let (slope, rest) = rest.split_at_mut(program.states);
            let (drive, kept) = rest.split_at_mut(staged);
            let members = class.members(first + k);
            let mut visit =
                Visit { class, index, program, scratch, order, partial, members, number: first + k };
            visit.tile(Tile { start, end, stages, slope, drive, kept });
        }
    }
}

impl Partial {
    #[inline(always)]
    fn begin(&mut self, pass: Pass) {
        self.norms = [0.0; 2];
        self.finite = true;
        self.usable = true;
        self.exports.fill(0.0);
        self.right.fill(0.0);
        if pass == Pass::First {
            self.drive.fill(0.0);
            self.block.fill(0.0);
        }
        if matches!(pass, Pass::First | Pass::Evaluate) {
            self.low.fill(Lane::number(f64::INFINITY));
            self.high.fill(Lane::number(f64::NEG_INFINITY));
        }
    }
}

/// Σ over the members of the tile, in their order.
#[inline(always)]
fn total(values: &Lane, members: &Lane) -> f64 {
    values.0.iter().zip(&members.0).fold(0.0, |sum, (value, members)| sum + value * members)
}

#[inline(always)]
fn add_totals(sums: &mut [f64], values: &[Lane], members: &Lane) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += total(value, members);
    }
}

/// One tile in one pass.
struct Visit<'a, C: Class> {
    class: &'a C,
    index: usize,
    program: &'a Program,
    scratch: &'a mut Scratch<C::Work>,
    order: &'a Order,
    partial: &'a mut Partial,
    members: Lane,
    number: usize,
}

/// `into` takes what `from` holds.
#[inline(always)]
fn store<S: Stored>(into: &mut [S], from: &[Lane]) {
    for (into, &from) in into.iter_mut().zip(from) {
        *into = S::store(from);
    }
}

#[inline(always)]
fn load<S: Stored>(into: &mut [Lane], from: &[S]) {
    for (into, from) in into.iter_mut().zip(from) {
        *into = from.load();
    }
}

impl<C: Class> Visit<'_, C> {
    #[inline(always)]
    fn tile<S: Stored>(&mut self, mut tile: Tile<S>) {
        match self.order.pass {
            Pass::Evaluate => {
                self.scratch.argument.copy_from_slice(tile.start);
                self.evaluate();
                store(tile.slope, &self.scratch.rates);
                self.watch();
            }
            Pass::Size => {
                self.partial.norms[0] = self.norm(tile.start.iter().copied(), self.partial.norms[0]);
                self.partial.norms[1] = self.norm(tile.slope.iter().map(S::load), self.partial.norms[1]);
            }
            Pass::Probe(step) => self.probe(&tile, step),
            Pass::First => self.first(&mut tile),
            Pass::Stage(stage) => {
                self.solve(&mut tile, stage - 1);
                if self.order.evaluates(stage) {
                    self.argument(&tile, stage);
                    self.evaluate();
                } else {
                    load(&mut self.scratch.rates, tile.slope);
                }
                self.forward(&mut tile, stage);
            }
            Pass::Finish => self.finish(&mut tile),
        }
    }

    /// Rates and exports at the argument.
    #[inline(always)]
    fn evaluate(&mut self) {
        let imports = &self.order.imports[self.index];
        let Scratch { work, argument, rates, exports, .. } = &mut *self.scratch;
        self.class.rates(self.number, argument, imports, work, rates, exports);
        add_totals(&mut self.partial.exports, exports, &self.members);
    }

    #[inline(always)]
    fn watch(&mut self) {
        let Scratch { work, watched, .. } = &mut *self.scratch;
        self.class.watch(self.number, work, watched);
        let bounds = self.partial.low.iter_mut().zip(&mut self.partial.high);
        for (&value, (low, high)) in watched.iter().zip(bounds) {
            *low = value.at_most(*low);
            *high = value.at_least(*high);
        }
    }

    #[inline(always)]
    fn probe<S: Stored>(&mut self, tile: &Tile<S>, step: f64) {
        let size = Lane::number(step);
        for ((argument, &y), slope) in self.scratch.argument.iter_mut().zip(tile.start).zip(&*tile.slope) {
            *argument = y + slope.load() * size;
        }
        self.evaluate();
        let per_second = Lane::number(1.0 / step);
        for (rate, slope) in self.scratch.rates.iter_mut().zip(&*tile.slope) {
            *rate = (*rate - slope.load()) * per_second;
        }
        let rates = std::mem::take(&mut self.scratch.rates);
        self.partial.norms[0] = self.norm(rates.iter().copied(), self.partial.norms[0]);
        self.scratch.rates = rates;
    }

    #[inline(always)]
    fn first<S: Stored>(&mut self, tile: &mut Tile<S>) {
        let order = self.order;
        let (imports, slopes) = (&order.imports[self.index], &order.slopes[self.index]);
        let driven = order.driven[self.index];
        let shift = 1.0 / (order.step * order.tableau.gamma);
        let s = &mut *self.scratch;
        s.argument.copy_from_slice(tile.start);
        self.class.linearize(
            self.number,
            &s.argument,
            imports,
            slopes,
            &mut s.work,
            &mut s.rates,
            &mut s.exports,
            &mut s.jacobian,
            &mut s.drive,
        );
        let drive = driven.then_some(&mut s.drive[..]);
        self.partial.usable &= self.program.factor(shift, &s.jacobian, &mut s.values, drive);
        store(tile.slope, &s.rates);
        store(tile.kept, &s.values[..self.program.kept]);
        if driven {
            let (states, late) = tile.drive.split_at_mut(self.program.states);
            store(states, &s.drive[..self.program.states]);
            for (drive, &row) in late.iter_mut().zip(&self.program.late) {
                *drive = S::store(s.drive[row as usize]);
            }
            add_totals(&mut self.partial.drive, &s.drive[self.program.rows..], &self.members);
        }
        add_totals(&mut self.partial.exports, &s.exports, &self.members);
        add_totals(&mut self.partial.block, self.program.block(&s.values), &self.members);
        self.watch();
        self.forward(tile, 0);
    }

    /// start + Σⱼ aᵢⱼ·uⱼ
    #[inline(always)]
    fn argument<S: Stored>(&mut self, tile: &Tile<S>, stage: usize) {
        let staged = self.program.staged();
        let argument = &mut self.scratch.argument;
        argument.copy_from_slice(tile.start);
        for (j, &a) in self.order.tableau.a[stage][..stage].iter().enumerate() {
            if a != 0.0 {
                let a = Lane::number(a);
                for (argument, u) in argument.iter_mut().zip(&tile.stages[j * staged..]) {
                    *argument += u.load() * a;
                }
            }
        }
    }

    /// Right-hand side of a stage from its rates, swept forward, into the stage's own vector.
    #[inline(always)]
    fn forward<S: Stored>(&mut self, tile: &mut Tile<S>, stage: usize) {
        let order = self.order;
        let tableau = order.tableau;
        let (states, rows, staged) = (self.program.states, self.program.rows, self.program.staged());
        let right = &mut self.scratch.right;
        right[..states].copy_from_slice(&self.scratch.rates);
        right[rows..].fill(Lane::number(0.0));
        for &row in &self.program.late {
            right[row as usize] = Lane::number(0.0);
        }
        for (j, &c) in tableau.c[stage][..stage].iter().enumerate() {
            if c != 0.0 {
                let c = Lane::number(c / order.step);
                for (right, u) in right.iter_mut().zip(&tile.stages[j * staged..][..states]) {
                    *right += u.load() * c;
                }
            }
        }
        let weight = tableau.gammas[stage] * order.step;
        if order.driven[self.index] && weight != 0.0 {
            let weight = Lane::number(weight);
            for (right, drive) in right.iter_mut().zip(&tile.drive[..states]) {
                *right += drive.load() * weight;
            }
            for (&row, drive) in self.program.late.iter().zip(&tile.drive[states..]) {
                right[row as usize] = drive.load() * weight;
            }
        }
        self.program.forward(tile.kept, right);
        add_totals(&mut self.partial.right, &right[rows..], &self.members);
        let own = &mut tile.stages[stage * staged..][..staged];
        store(&mut own[..states], &right[..states]);
        for (late, &row) in own[states..].iter_mut().zip(&self.program.late) {
            *late = S::store(right[row as usize]);
        }
    }

    /// Backward sweep of a stage.
    #[inline(always)]
    fn solve<S: Stored>(&mut self, tile: &mut Tile<S>, stage: usize) {
        let (states, rows, staged) = (self.program.states, self.program.rows, self.program.staged());
        let own = &mut tile.stages[stage * staged..][..staged];
        let x = &mut self.scratch.solution;
        load(&mut x[..states], &own[..states]);
        for (&row, late) in self.program.late.iter().zip(&own[states..]) {
            x[row as usize] = late.load();
        }
        for (x, &import) in x[rows..].iter_mut().zip(&self.order.solution[self.index]) {
            *x = Lane::number(import);
        }
        self.program.backward(tile.kept, x);
        store(&mut own[..states], &x[..states]);
    }

    /// Stiffly accurate: the argument of the last stage is the embedded solution, and the last stage the
    /// difference to it.
    #[inline(always)]
    fn finish<S: Stored>(&mut self, tile: &mut Tile<S>) {
        let last = self.order.tableau.stages - 1;
        self.solve(tile, last);
        self.argument(tile, last);
        let error = &tile.stages[last * self.program.staged()..][..self.program.states];
        self.partial.norms[0] = self.norm(error.iter().map(S::load), self.partial.norms[0]);
        let mut trace = Lane::number(0.0);
        for ((end, error), &embedded) in tile.end.iter_mut().zip(error).zip(&self.scratch.argument) {
            *end = error.load() + embedded;
            trace += *end * Lane::number(0.0);
        }
        self.partial.finite &= trace.0 == [0.0; WIDTH];
    }

    /// The larger of `worst` and the largest mean square of a part of a member.
    #[inline(always)]
    fn norm(&mut self, error: impl Iterator<Item = Lane>, worst: f64) -> f64 {
        let squares = &mut self.scratch.squares;
        squares.fill(Lane::number(0.0));
        let parts = self.class.parts();
        for ((error, &weight), &part) in error.zip(self.class.weights()).zip(parts) {
            let scaled = error * Lane::number(weight);
            squares[part as usize] += scaled * scaled;
        }
        let mut worst = worst;
        for (square, count) in squares.iter().zip(&self.program.controlled) {
            for (&square, &members) in square.0.iter().zip(&self.members.0) {
                let mean = square / count;
                if members > 0.0 && *count > 0.0 && (mean > worst || mean.is_nan()) {
                    worst = mean;
                }
            }
        }
        worst
    }
}
