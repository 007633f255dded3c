//! One step of a given size.

use super::quadratures::{Left, Quadratures};
use super::{Statistics, Tableau};
use crate::matrix::StageMatrix;
use crate::norm::TileNorm;
use crate::system::{Malformed, System, same_length};

/// Outcome of one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Attempt {
    /// All values are finite.
    Done {
        /// Norm of the error estimate.
        error: f64,
        /// Tile in which it is largest.
        tile: u32,
    },
    /// A rate or state is not finite.
    NotFinite {
        /// First such row.
        row: usize,
    },
    /// The stage matrix cannot be factored.
    Singular {
        /// Row whose pivot vanished.
        row: usize,
    },
}

/// Working space of a step.
#[derive(Clone, Debug)]
pub(super) struct Stages {
    pub(super) tableau: &'static Tableau,
    states: usize,
    rows: usize,
    pub(super) quadratures: Quadratures,
    /// Of the rows that are solved for.
    matrix: StageMatrix,
    norm: TileNorm,
    /// Where the step starts, and where the next one does: the dense output of a step needs what it started from.
    pub(super) start: Linear,
    next: Linear,
    /// The time derivative of the rows of the matrix, with the algebraic ones condensed away.
    drive: Vec<f64>,
    /// Whether any row depends on time explicitly.
    time_dependent: bool,
    /// Stages uᵢ of the states, one after the other; in place of the quadratures' own, their rates.
    u: Vec<f64>,
    /// States at the end of the step.
    pub(super) end: Vec<f64>,
    /// Argument and rates of a stage, right-hand side and solution over the rows of the matrix.
    argument: Vec<f64>,
    rates: Vec<f64>,
    right: Vec<f64>,
    /// Sums over stages, of all rows.
    sums: Vec<f64>,
}

/// Rates and derivatives at one point.
#[derive(Clone, Debug)]
pub(super) struct Linear {
    pub(super) slope: Vec<f64>,
    jacobian: Vec<f64>,
    time_derivative: Vec<f64>,
}

impl Stages {
    pub(super) fn new(system: &impl System, tableau: &'static Tableau) -> Result<Stages, Malformed> {
        let states = system.states();
        let sparsity = system.sparsity();
        sparsity.check()?;
        let rows = sparsity.rows;
        if rows < states {
            return Err(Malformed::Length { what: "sparsity", found: rows, expected: states });
        }
        same_length("weights", system.weights().len(), states)?;
        same_length("tiles", system.tiles().len(), states)?;
        let quadratures = Quadratures::of(system);
        let solved = quadratures.solved().len();
        let start = Linear {
            slope: vec![0.0; states],
            jacobian: vec![0.0; sparsity.entries()],
            time_derivative: vec![0.0; rows],
        };
        Ok(Stages {
            tableau,
            states,
            rows,
            matrix: StageMatrix::of_rows(system, quadratures.states().start, quadratures.solved())?,
            quadratures,
            norm: TileNorm::new(system.tiles()),
            next: start.clone(),
            start,
            drive: vec![0.0; solved],
            time_dependent: false,
            u: vec![0.0; states * tableau.stages],
            end: vec![0.0; states],
            argument: vec![0.0; states],
            rates: vec![0.0; states],
            right: vec![0.0; solved],
            sums: vec![0.0; rows],
        })
    }

    /// `Ok` if `system` still has the lengths this space was made for.
    pub(super) fn fits(&self, system: &impl System, y: &[f64]) -> Result<(), Malformed> {
        same_length("states", system.states(), self.states)?;
        same_length("y", y.len(), self.states)?;
        same_length("weights", system.weights().len(), self.states)?;
        same_length("rows", system.sparsity().rows, self.rows)?;
        same_length("pattern", system.sparsity().entries(), self.start.jacobian.len())
    }

    /// Takes rates and derivatives at the start of a step; the first rate that is not finite.
    pub(super) fn linearize(
        &mut self,
        system: &mut impl System,
        t: f64,
        y: &[f64],
        statistics: &mut Statistics,
    ) -> Option<usize> {
        let (_, not_finite) = self.linearize_next(system, t, y, statistics);
        self.begin_next();
        not_finite
    }

    /// As [`linearize`](Self::linearize) at the start of the next step, while the last one can still be looked into; the
    /// rates, too.
    pub(super) fn linearize_next(
        &mut self,
        system: &mut impl System,
        t: f64,
        y: &[f64],
        statistics: &mut Statistics,
    ) -> (&[f64], Option<usize>) {
        statistics.evaluations += 1;
        let Linear { slope, jacobian, time_derivative } = &mut self.next;
        system.linearize(t, y, slope, jacobian, time_derivative);
        (&self.next.slope, first_not_finite(&self.next.slope))
    }

    /// The next step begins where it was linearised.
    pub(super) fn begin_next(&mut self) {
        std::mem::swap(&mut self.start, &mut self.next);
        self.time_dependent = self.start.time_derivative.iter().any(|&d| d != 0.0);
    }

    /// Tries a step from the point of the last linearisation.
    pub(super) fn attempt(
        &mut self,
        system: &mut impl System,
        t: f64,
        h: f64,
        y: &[f64],
        statistics: &mut Statistics,
    ) -> Attempt {
        let tableau = self.tableau;
        let n = self.states;
        // The states that are solved for; behind them stand the quadratures.
        let m = self.quadratures.states().start;
        statistics.factorizations += 1;
        let shift = 1.0 / (h * tableau.gamma);
        if let Err(singular) = self.matrix.factor(&self.start.jacobian, |_| shift) {
            return Attempt::Singular { row: self.quadratures.solved()[singular.row] as usize };
        }
        if self.time_dependent {
            for (drive, &row) in self.drive.iter_mut().zip(self.quadratures.solved()) {
                *drive = self.start.time_derivative[row as usize];
            }
            self.matrix.condense(&mut self.drive);
        }
        self.argument.copy_from_slice(y);
        for stage in 0..tableau.stages {
            let (before, here) = self.u.split_at_mut(stage * n);
            let a = &tableau.a[stage][..stage];
            // A stage with the argument of the first needs no evaluation.
            let rates = if a.iter().all(|&a| a == 0.0) && tableau.alpha[stage] == 0.0 {
                &self.start.slope
            } else {
                let argument = &mut self.argument[..m];
                argument.copy_from_slice(&y[..m]);
                add_stages(argument, before, n, a, 1.0);
                statistics.evaluations += 1;
                let time = t + tableau.alpha[stage] * h;
                system.rates(time, &self.argument, &mut self.rates);
                if let Some(row) = first_not_finite(&self.rates) {
                    return Attempt::NotFinite { row };
                }
                &self.rates
            };
            let (solved, quadratures) = rates.split_at(m);
            self.right[..m].copy_from_slice(solved);
            self.right[m..].fill(0.0);
            add_stages(&mut self.right[..m], before, n, &tableau.c[stage][..stage], 1.0 / h);
            let weight = tableau.gammas[stage] * h;
            if self.time_dependent && weight != 0.0 {
                for (right, &derivative) in self.right.iter_mut().zip(&self.drive) {
                    *right += weight * derivative;
                }
            }
            self.matrix.solve(&mut self.right);
            here[..m].copy_from_slice(&self.right[..m]);
            here[m..n].copy_from_slice(quadratures);
        }
        // Stiffly accurate: the argument of the last stage is the embedded solution.
        let last = &self.u[(tableau.stages - 1) * n..];
        for ((end, &embedded), &error) in self.end[..m].iter_mut().zip(&self.argument).zip(last) {
            *end = embedded + error;
        }
        let mut rows = std::mem::take(&mut self.sums);
        let sums = self.quadratures.sum(&self.left(h), &tableau.solution(), &mut rows);
        for ((end, &y), &sum) in self.end[m..].iter_mut().zip(&y[m..]).zip(sums) {
            *end = y + sum;
        }
        self.sums = rows;
        if let Some(row) = first_not_finite(&self.end) {
            return Attempt::NotFinite { row };
        }
        let (error, tile) = self.norm.of(last, system.weights());
        Attempt::Done { error, tile }
    }

    /// What the step of size `h` that was last tried left behind.
    pub(super) fn left(&self, h: f64) -> Left<'_> {
        let Linear { slope: _, jacobian, time_derivative } = &self.start;
        Left { tableau: self.tableau, h, stages: &self.u, jacobian, time_derivative }
    }

    /// A first step of the size that explicit Euler steps would do well with, at most `span`.
    ///
    /// E. Hairer, S. P. Nørsett, G. Wanner, *Solving Ordinary Differential Equations I*, 2nd ed.
    /// 1993, section II.4, "Starting Step Size", with the k-th root of the error estimate and,
    /// where the rule has nothing to go by, a thousandth of the span instead of 1e-6 seconds.
    pub(super) fn starting_step(
        &mut self,
        system: &mut impl System,
        (t, y): (f64, &[f64]),
        span: f64,
        tolerance: f64,
        root: &dyn Fn(f64) -> f64,
        statistics: &mut Statistics,
    ) -> f64 {
        let size = self.norm.of(y, system.weights()).0 / tolerance;
        let speed = self.norm.of(&self.start.slope, system.weights()).0 / tolerance;
        let probe = if size < 1e-5 || speed < 1e-5 { 1e-3 * span } else { (0.01 * size / speed).min(span) };
        for ((argument, &y), &slope) in self.argument.iter_mut().zip(y).zip(&self.start.slope) {
            *argument = y + probe * slope;
        }
        statistics.evaluations += 1;
        system.rates(t + probe, &self.argument, &mut self.rates);
        if first_not_finite(&self.rates).is_some() {
            return 1e-3 * probe;
        }
        for (rate, &slope) in self.rates.iter_mut().zip(&self.start.slope) {
            *rate = (*rate - slope) / probe;
        }
        let bend = self.norm.of(&self.rates, system.weights()).0 / tolerance;
        let worst = speed.max(bend);
        let step = if worst * span <= 1e-12 { span } else { root(0.01 / worst) };
        step.min(100.0 * probe).min(span)
    }
}

/// target += factor · Σⱼ coefficientⱼ · stageⱼ, of stages that begin `stride` apart and may be longer than the target
pub(crate) fn add_stages(
    target: &mut [f64],
    stages: &[f64],
    stride: usize,
    coefficients: &[f64],
    factor: f64,
) {
    for (stage, &coefficient) in stages.chunks_exact(stride.max(1)).zip(coefficients) {
        if coefficient != 0.0 {
            let weight = coefficient * factor;
            for (target, &u) in target.iter_mut().zip(stage) {
                *target += weight * u;
            }
        }
    }
}

pub(crate) fn first_not_finite(values: &[f64]) -> Option<usize> {
    // As a rule there is none: all are looked at without a branch, many at a time.
    let finite = values.iter().fold(true, |finite, value| finite & value.is_finite());
    if finite { None } else { values.iter().position(|value| !value.is_finite()) }
}
