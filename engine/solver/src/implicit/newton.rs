//! The equation of one step.

use super::beside::{Alone, Evaluator, Kept, ready};
use crate::matrix::{StageMatrix, weak};
use crate::rosenbrock::first_not_finite;
use crate::sparse::Lu;
use crate::system::{Malformed, System, same_length};

/// Most evaluations of one attempt at a step.
const MOST_EVALUATIONS: u64 = 60;
/// Corrections that are taken in full whatever the next one says: a change of constraints at work may look like a
/// step back.
const BOLD: u32 = 12;
/// Least part of a correction that is tried.
const LEAST_PART: f64 = 1.0 / 256.0;
/// A kept factorisation that contracts less than this is made anew.
const CONTRACTS: f64 = 0.25;
/// What is assumed of a factorisation that has not shown its contraction yet, and the least that is believed.
const UNKNOWN: f64 = 1.0;
const LEAST: f64 = 0.05;

/// Work done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Steps solved.
    pub solved: u64,
    /// Steps given up.
    pub given_up: u64,
    /// Evaluations, those with a linearisation included.
    pub evaluations: u64,
    /// Linearisations, each followed by a factorisation.
    pub factorizations: u64,
}

/// Outcome of one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Solved {
    /// The corrections have become small.
    Converged,
    /// They have not.
    NotConverged {
        /// Row of the largest last correction.
        row: usize,
    },
    /// A rate or state is not finite.
    NotFinite {
        /// First such row.
        row: usize,
    },
    /// The matrix cannot be factored.
    Singular {
        /// Row whose pivot vanished.
        row: usize,
    },
}

/// The equation of a step.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// Time of its end.
    pub end: f64,
    /// One over its size.
    pub shift: f64,
    /// States at its start.
    pub y0: &'a [f64],
}

/// Newton's method for steps of implicit Euler, with the factorisation it keeps.
#[derive(Clone, Debug)]
pub struct Newton {
    /// A step is solved when the error left is at most this, in units of one over the system's weights.
    pub accuracy: f64,
    /// A solution further from the start of the step than this, in the same units, is not believed: equations that
    /// are not linear may have several (default infinite).
    pub reach: f64,
    /// No state moves further than this in one correction, in the same units (default infinite); where one would, only
    /// its own move is cut short. Where an actuator reaches its end the equations bend, and the tangent of a point just
    /// before it may lead hundreds of strokes away. The limit is that of circuit simulators on junction voltages
    /// (L. W. Nagel, *SPICE2*, UCB/ERL M520, 1975, section 4.4; recalled, to verify).
    pub longest: f64,
    /// Work done so far.
    pub work: Work,
    /// Rows of the constraints, and their places in the elimination.
    constraints: Vec<(u32, usize)>,
    matrix: StageMatrix,
    /// 1/h of the factors, and their θ/(1 − θ) when last seen.
    factored: Option<f64>,
    contraction: f64,
    jacobian: Vec<f64>,
    time_derivative: Vec<f64>,
    rates: Vec<f64>,
    right: Vec<f64>,
    /// Whether the factors are of this step.
    renewed: bool,
    /// Whether the last evaluation was the evaluator's.
    elsewhere: bool,
    guess: Vec<f64>,
    from: Vec<f64>,
    delta: Vec<f64>,
}

impl Newton {
    /// Working space for `system`, whose pattern must not change; `constraints` are the states whose rate is a
    /// constraint on others rather than a motion of their own.
    ///
    /// # Errors
    /// A malformed system, or a constraint that is no state.
    pub fn new(system: &impl System, constraints: &[u32], accuracy: f64) -> Result<Newton, Malformed> {
        let (states, sparsity) = (system.states(), system.sparsity());
        sparsity.check()?;
        let (rows, entries) = (sparsity.rows, sparsity.entries());
        same_length("weights", system.weights().len(), states)?;
        let matrix = StageMatrix::with_weak(system, &weak(states, rows, constraints)?)?;
        Ok(Newton {
            accuracy,
            reach: f64::INFINITY,
            longest: f64::INFINITY,
            constraints: constraints.iter().map(|&row| (row, matrix.place(row))).collect(),
            work: Work::default(),
            matrix,
            factored: None,
            contraction: UNKNOWN,
            jacobian: vec![0.0; entries],
            time_derivative: vec![0.0; rows],
            rates: vec![0.0; states],
            right: vec![0.0; rows],
            renewed: false,
            elsewhere: false,
            guess: vec![0.0; states],
            from: vec![0.0; states],
            delta: vec![0.0; states],
        })
    }

    /// Number of states and of rows.
    pub(super) fn lengths(&self) -> (usize, usize) {
        (self.rates.len(), self.right.len())
    }

    /// The factors.
    pub(super) fn factors(&self) -> &Lu {
        self.matrix.lu()
    }

    /// Forgets the factors.
    pub fn forget(&mut self) {
        self.factored = None;
    }

    /// What is remembered from one step to the next: 1/h of the factors, if there are any, the entries they were made
    /// of, and the work done. Whoever changes them must [`refactor`](Self::refactor).
    pub fn memory(&mut self) -> (&mut Option<f64>, &mut Vec<f64>, &mut Work) {
        (&mut self.factored, &mut self.jacobian, &mut self.work)
    }

    /// Makes the factors from what is remembered.
    pub fn refactor(&mut self) {
        if let Some(shift) = self.factored
            && self.matrix.factor(&self.jacobian, |_| shift).is_err()
        {
            self.factored = None;
        }
    }

    /// Rates at the last point evaluated.
    #[must_use]
    pub fn rates(&self) -> &[f64] {
        &self.rates
    }

    /// Moves `y` from a guess to the end of the step of size `h` that starts at `y0` and ends at time `end`.
    ///
    /// What the system remembers of its last evaluation is of a point within about the accuracy of `y`. Without
    /// convergence `y` is anywhere.
    pub fn step(&mut self, system: &mut impl System, end: f64, h: f64, y0: &[f64], y: &mut [f64]) -> Solved {
        // `Alone` evaluates at once, so nothing waits.
        let solved = ready(self.step_by(&mut Alone, system, end, h, y0, y));
        solved.unwrap_or(Solved::NotConverged { row: 0 })
    }

    /// As [`step`](Newton::step), evaluated by somebody who may let it wait.
    pub async fn step_by<S: System>(
        &mut self,
        by: &mut impl Evaluator<S>,
        system: &mut S,
        end: f64,
        h: f64,
        y0: &[f64],
        y: &mut [f64],
    ) -> Solved {
        let step = &Step { end, shift: 1.0 / h, y0 };
        by.begin(system, step);
        let mut solved = None;
        self.renewed = false;
        self.guess.copy_from_slice(y);
        if self.factored == Some(step.shift) {
            let kept = self.iterate(by, system, step, y, true, BOLD).await;
            solved = Some(kept).filter(|s| *s == Solved::Converged);
            if solved.is_none() {
                // Old factors led astray: begin anew with fresh ones.
                y.copy_from_slice(&self.guess);
            }
        }
        let mut solved = match solved {
            Some(solved) => solved,
            None => self.iterate(by, system, step, y, false, BOLD).await,
        };
        if solved != Solved::Converged {
            y.copy_from_slice(&self.guess);
            solved = self.iterate(by, system, step, y, false, 0).await;
        }
        if self.elsewhere {
            by.end(system, &mut self.rates);
        }
        match solved {
            Solved::Converged => self.work.solved += 1,
            _ => {
                self.factored = None;
                self.work.given_up += 1;
            }
        }
        solved
    }

    /// Corrections until they are small, the first ones with the `kept` factors.
    ///
    /// While factors contract well they are kept, and each correction is taken as it is. Where they do not, the system
    /// is linearised anew; then a correction is taken in full, or as much of it as makes the next one, with the factors
    /// there, smaller. Its size is a measure of the distance that does not ask how rows of different units compare
    /// (P. Deuflhard, *Newton Methods for Nonlinear Problems*, 2004, section 3.3, with factors of the trial point in
    /// place of those of the last one: across a kink the latter say nothing). A correction that had to be cut short is
    /// followed by a linearisation. The last correction is always full.
    async fn iterate<S: System>(
        &mut self,
        by: &mut impl Evaluator<S>,
        system: &mut S,
        step: &Step<'_>,
        y: &mut [f64],
        kept: bool,
        mut bold: u32,
    ) -> Solved {
        let most = self.work.evaluations + MOST_EVALUATIONS;
        let mut size = if kept {
            // What the factors did before says nothing about a kink between then and now.
            self.contraction = UNKNOWN;
            self.evaluate(by, system, step, y).await
        } else {
            match self.linearize(system, step, y) {
                Ok(size) => size,
                Err(solved) => return solved,
            }
        };
        if size.is_nan() {
            return Solved::NotFinite { row: first_not_finite(&self.right[..y.len()]).unwrap_or(0) };
        }
        while self.contraction.max(LEAST) * size > self.accuracy
            || self.jump(system.weights()) > self.accuracy
        {
            self.from.copy_from_slice(y);
            self.delta.copy_from_slice(&self.right[..y.len()]);
            if bold == 1 {
                return self.lost(system.weights());
            }
            let from_renewed = self.renewed;
            let cut = bold > 0 && size > self.longest;
            if cut {
                self.cut(system.weights());
            }
            add(y, &self.delta, 1.0);
            if !cut {
                let next = self.evaluate(by, system, step, y).await;
                if next <= CONTRACTS * size {
                    self.contraction = next / (size - next);
                    size = next;
                    continue;
                }
                if !from_renewed && next.is_nan() {
                    return self.lost(system.weights());
                }
            }
            let mut part = 1.0;
            loop {
                if self.work.evaluations >= most || part < LEAST_PART {
                    return self.lost(system.weights());
                }
                if let Ok(next) = self.linearize(system, step, y)
                    && !next.is_nan()
                    && (!from_renewed || bold > 0 || next <= (1.0 - 0.25 * part) * size)
                {
                    size = next;
                    bold = bold.saturating_sub(1);
                    break;
                }
                part *= 0.5;
                y.copy_from_slice(&self.from);
                add(y, &self.delta, part);
            }
        }
        add(y, &self.right, 1.0);
        match self.strayed(system.weights(), step.y0, y).or_else(|| self.wrong_way()) {
            None => Solved::Converged,
            Some(row) => Solved::NotConverged { row },
        }
    }

    /// Cuts short the moves of states that would go too far.
    fn cut(&mut self, weights: &[f64]) {
        for (delta, &weight) in self.delta.iter_mut().zip(weights) {
            let size = (*delta * weight).abs();
            if size > self.longest {
                *delta *= self.longest / size;
            }
        }
    }

    /// Largest correction of a constraint in units of the weights: where one is about to cross a bound, old factors
    /// move it by the same amount again and again, which the contraction of all the others would hide.
    fn jump(&self, weights: &[f64]) -> f64 {
        let moves = self.constraints.iter().map(|&(row, _)| row as usize);
        moves.map(|row| (self.right[row] * weights[row]).abs()).fold(0.0, f64::max)
    }

    /// A state that has moved further than the solution is looked for. Constraints may go anywhere.
    fn strayed(&self, weights: &[f64], y0: &[f64], y: &[f64]) -> Option<usize> {
        let moves = y.iter().zip(y0).zip(weights).map(|((y, y0), weight)| ((y - y0) * weight).abs());
        let mut far = moves.enumerate().filter(|(_, size)| *size > self.reach).map(|(row, _)| row);
        far.find(|&row| self.constraints.iter().all(|&(constraint, _)| constraint as usize != row))
    }

    /// A constraint that would be met, but by moving the wrong way: the equations then hold at a point that no motion
    /// towards it would reach.
    fn wrong_way(&self) -> Option<usize> {
        let wrong = self.constraints.iter().find(|&&(_, place)| self.matrix.pivot(place) <= 0.0);
        wrong.map(|&(row, _)| row as usize)
    }

    /// No convergence, for the row of the largest correction tried.
    fn lost(&self, weights: &[f64]) -> Solved {
        let sizes = self.delta.iter().zip(weights).map(|(delta, weight)| (delta * weight).abs());
        let (row, _) =
            sizes.enumerate().fold((0, 0.0), |most, this| if this.1 > most.1 { this } else { most });
        Solved::NotConverged { row }
    }

    /// Evaluates at `y` and makes the correction by the factors there are; its [size](Kept::solve).
    async fn evaluate<S: System>(
        &mut self,
        by: &mut impl Evaluator<S>,
        system: &mut S,
        step: &Step<'_>,
        y: &[f64],
    ) -> f64 {
        self.work.evaluations += 1;
        self.elsewhere = true;
        let Newton { matrix, rates, right, work, .. } = self;
        by.correct(system, Kept { step, y, rates, right, matrix, made: work.factorizations }).await
    }

    /// Linearises at `y`, factors, and makes the correction; its [size](Kept::solve).
    fn linearize(&mut self, system: &mut impl System, step: &Step, y: &[f64]) -> Result<f64, Solved> {
        self.work.evaluations += 1;
        self.work.factorizations += 1;
        system.linearize(step.end, y, &mut self.rates, &mut self.jacobian, &mut self.time_derivative);
        self.elsewhere = false;
        self.contraction = UNKNOWN;
        self.renewed = true;
        self.factored = Some(step.shift);
        let factored = self.matrix.factor(&self.jacobian, |_| step.shift);
        factored.map_err(|singular| Solved::Singular { row: singular.row })?;
        let Newton { matrix, rates, right, work, .. } = self;
        Ok(Kept { step, y, rates, right, matrix, made: work.factorizations }.solve(system.weights()))
    }
}

fn add(y: &mut [f64], delta: &[f64], part: f64) {
    for (y, &delta) in y.iter_mut().zip(delta) {
        *y += part * delta;
    }
}
