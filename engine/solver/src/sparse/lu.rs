//! The numeric part: factor and solve.

use super::SymbolicLu;
use super::ordering::Column;
use real::{Lanes, Real};
use std::ops::Range;
use std::sync::Arc;
use thiserror::Error;

/// A pivot below this part of the terms that were summed to make it is round-off.
const CANCELLED: f64 = 8.0 * f64::EPSILON;

/// Numeric LU of one pattern, with its working space.
#[derive(Clone, Debug)]
pub struct Lu {
    symbolic: Arc<SymbolicLu>,
    values: Vec<f64>,
    inverse: Vec<f64>,
    magnitude: Vec<f64>,
    work: Vec<f64>,
}

/// A pivot that cannot be divided by.
///
/// A pivot is judged against the sum of magnitudes of its own terms, aᵢᵢ and the lᵢₖuₖᵢ taken
/// from it. That is the part of its row that elimination folded into it, and the ratio does not
/// change when rows or columns are rescaled, so mixed units do no harm.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[error("pivot {pivot} of row {row} is not usable")]
pub struct Singular {
    /// Row of the pivot.
    pub row: usize,
    /// Its value.
    pub pivot: f64,
}

impl Lu {
    /// Working space for a pattern, whose order several may share; factor before solving.
    #[must_use]
    pub fn new(symbolic: impl Into<Arc<SymbolicLu>>) -> Lu {
        let symbolic = symbolic.into();
        let rows = symbolic.rows();
        let values = symbolic.values();
        Lu {
            symbolic,
            values: vec![0.0; values],
            inverse: vec![0.0; rows],
            magnitude: vec![0.0; rows],
            work: vec![0.0; rows],
        }
    }

    /// The order of elimination.
    #[must_use]
    pub fn symbolic(&self) -> &SymbolicLu {
        &self.symbolic
    }

    /// Factors the matrix whose entries are `entries`, in the order of the pattern.
    ///
    /// # Errors
    ///
    /// The first pivot that is not finite or is round-off.
    pub fn factor(&mut self, entries: &[f64]) -> Result<(), Singular> {
        let symbolic = self.symbolic.clone();
        self.factor_by(|values| {
            for (&target, &entry) in symbolic.scatter.iter().zip(entries) {
                values[target as usize] = entry;
            }
        })
    }

    /// As [`factor`](Self::factor), told what fills in the entries where they
    /// [have their place](SymbolicLu::place_of); all values are 0 before.
    pub(crate) fn factor_by(&mut self, fill: impl FnOnce(&mut [f64])) -> Result<(), Singular> {
        let symbolic = &self.symbolic;
        self.values.fill(0.0);
        fill(&mut self.values);
        for (magnitude, pivot) in self.magnitude.iter_mut().zip(&self.values) {
            *magnitude = pivot.abs();
        }
        let mut next = 0;
        for &Column { place, start, end } in &symbolic.columns {
            let place = place as usize;
            let inverse = 1.0 / self.values[place];
            let upper = symbolic.upper_range(place);
            for l in start as usize..end as usize {
                let factor = self.values[l] * inverse;
                self.values[l] = factor;
                let targets = &symbolic.targets[next..next + upper.len()];
                next += targets.len();
                for (u, &target) in upper.clone().zip(targets) {
                    self.values[target as usize] -= factor * self.values[u];
                }
            }
            let updates = symbolic.diagonals[place] as usize..symbolic.diagonals[place + 1] as usize;
            for &[l, u, i] in &symbolic.diagonal_updates[updates] {
                self.magnitude[i as usize] += (self.values[l as usize] * self.values[u as usize]).abs();
            }
        }
        // What a pivot spoils stands behind it: the first that is of no use is the one to be named.
        let pivots = self.values.iter().zip(&self.magnitude).zip(&mut self.inverse);
        for (((&pivot, &magnitude), inverse), &row) in pivots.zip(&symbolic.pivots) {
            let usable = pivot.abs() > CANCELLED * magnitude;
            if !usable || !pivot.is_finite() {
                return Err(Singular { row: row as usize, pivot });
            }
            *inverse = 1.0 / pivot;
        }
        Ok(())
    }

    /// Pivot at a place of the order of elimination, of the last factorisation.
    #[must_use]
    pub fn pivot(&self, place: usize) -> f64 {
        self.values[place]
    }

    /// Replaces `b` by the solution of A x = b.
    pub fn solve(&mut self, b: &mut [f64]) {
        self.solve_from(0, b);
    }

    /// As [`solve`](Self::solve) in the rows that are not [condensed](SymbolicLu::condensed) away; what stands in the
    /// others is taken for 0 and left as it is.
    pub fn solve_rest(&mut self, b: &mut [f64]) {
        self.solve_from(self.symbolic.condensed, b);
    }

    /// Moves what stands in the condensed rows of a right-hand side to the others, so that
    /// [`solve_rest`](Self::solve_rest) sees it.
    pub fn condense(&mut self, b: &mut [f64]) {
        self.gather(0, b);
        let condensed = self.symbolic.condensed;
        forward(&self.symbolic, 0..condensed, &self.values, &mut self.work);
        self.work[..condensed].fill(0.0);
        self.scatter(0, b);
    }

    fn solve_from(&mut self, first: usize, b: &mut [f64]) {
        self.gather(first, b);
        sweeps(&self.symbolic, first, &self.values, &self.inverse, &mut self.work);
        self.scatter(first, b);
    }

    fn gather(&mut self, first: usize, b: &[f64]) {
        for (work, &pivot) in self.work[first..].iter_mut().zip(&self.symbolic.pivots[first..]) {
            *work = b[pivot as usize];
        }
    }

    fn scatter(&self, first: usize, b: &mut [f64]) {
        for (&work, &pivot) in self.work[first..].iter().zip(&self.symbolic.pivots[first..]) {
            b[pivot as usize] = work;
        }
    }
}

/// Forward sweep over some places.
#[inline(always)]
fn forward<R: Real>(symbolic: &SymbolicLu, places: Range<usize>, values: &[R], work: &mut [R]) {
    for column in symbolic.columns(places) {
        let range = column.start as usize..column.end as usize;
        let value = work[column.place as usize];
        for (&i, &l) in symbolic.places[range.clone()].iter().zip(&values[range]) {
            work[i as usize] = work[i as usize] - l * value;
        }
    }
}

/// Both sweeps over the places from `first` on.
#[inline(always)]
fn sweeps<R: Real>(symbolic: &SymbolicLu, first: usize, values: &[R], inverse: &[R], work: &mut [R]) {
    let rows = symbolic.rows();
    forward(symbolic, first..rows, values, work);
    let ends = symbolic.upper[first..rows].iter().zip(&symbolic.lower[first..rows]);
    for (((&start, &end), &inverse), place) in ends.zip(&inverse[first..rows]).zip(first..rows).rev() {
        let range = start as usize..end as usize;
        let mut value = work[place];
        for (&j, &u) in symbolic.places[range.clone()].iter().zip(&values[range]) {
            value = value - u * work[j as usize];
        }
        work[place] = value * inverse;
    }
}

/// Factors of several matrices of one pattern in the lanes of one array: each is [loaded](LaneLu::load) from its [`Lu`].
#[derive(Clone, Debug)]
pub struct LaneLu<const W: usize> {
    symbolic: Arc<SymbolicLu>,
    values: Vec<Lanes<W>>,
    inverse: Vec<Lanes<W>>,
    work: Vec<Lanes<W>>,
}

impl<const W: usize> LaneLu<W> {
    /// For factors of the pattern of `lu`.
    #[must_use]
    pub fn new(lu: &Lu) -> Self {
        let zeros = |length: usize| vec![Lanes::number(0.0); length];
        LaneLu {
            symbolic: lu.symbolic.clone(),
            values: zeros(lu.values.len()),
            inverse: zeros(lu.inverse.len()),
            work: zeros(lu.work.len()),
        }
    }

    /// Copies what [`solve_rest`](LaneLu::solve_rest) needs of factors to a lane.
    pub fn load(&mut self, lane: usize, lu: &Lu) {
        debug_assert!(self.symbolic == lu.symbolic, "factors of another elimination");
        let first = self.symbolic.condensed;
        let rest = self.symbolic.upper.get(first).map_or(0, |&start| start as usize);
        for (into, from) in self.values[rest..].iter_mut().zip(&lu.values[rest..]) {
            into.0[lane] = *from;
        }
        for (into, from) in self.inverse[first..].iter_mut().zip(&lu.inverse[first..]) {
            into.0[lane] = *from;
        }
    }

    /// As [`Lu::solve_rest`], in every lane.
    #[inline(always)]
    pub fn solve_rest(&mut self, b: &mut [Lanes<W>]) {
        let LaneLu { symbolic, values, inverse, work } = self;
        let first = symbolic.condensed;
        let rest = &symbolic.pivots[first..];
        for (work, &pivot) in work[first..].iter_mut().zip(rest) {
            *work = b[pivot as usize];
        }
        sweeps(symbolic, first, values, inverse, work);
        for (&work, &pivot) in work[first..].iter().zip(rest) {
            b[pivot as usize] = work;
        }
    }
}
