//! The stage matrix W and its factors.

use crate::sparse::{Lu, Singular, SymbolicLu};
use crate::system::{Malformed, Sparsity, same_length};

/// W = shift·I − ∂f on the states' rows and I − ∂g on the algebraic rows, factored.
#[derive(Clone, Debug)]
pub(crate) struct StageMatrix {
    states: usize,
    /// Entry of W for each entry of the Jacobian.
    entries: Vec<u32>,
    /// Entry of W on each diagonal.
    diagonals: Vec<u32>,
    values: Vec<f64>,
    lu: Lu,
}

impl StageMatrix {
    /// Orders the elimination of W for the pattern of a Jacobian.
    ///
    /// A state without a diagonal entry of its own has only the shift on its diagonal, which
    /// vanishes as the step grows: such pivots wait until elimination has added to them.
    pub(crate) fn new(states: usize, jacobian: &Sparsity) -> Result<StageMatrix, Malformed> {
        StageMatrix::with_weak(states, jacobian, &vec![false; jacobian.rows])
    }

    /// As [`new`](Self::new), told which other diagonals may be small against their rows.
    pub(crate) fn with_weak(
        states: usize,
        jacobian: &Sparsity,
        small: &[bool],
    ) -> Result<StageMatrix, Malformed> {
        jacobian.check()?;
        same_length("weak", small.len(), jacobian.rows)?;
        let pattern = jacobian.with_diagonal()?;
        let mut entries = Vec::with_capacity(jacobian.entries());
        let mut diagonals = Vec::with_capacity(jacobian.rows);
        let mut weak = Vec::with_capacity(jacobian.rows);
        for (row, &small) in small.iter().enumerate() {
            let diagonal = u32::try_from(row).map_err(|_| Malformed::TooLarge)?;
            weak.push(small || (row < states && jacobian.position(row, diagonal).is_none()));
            for entry in pattern.range(row) {
                let column = pattern.columns[entry];
                if column == diagonal {
                    diagonals.push(entry as u32);
                }
                if jacobian.position(row, column).is_some() {
                    entries.push(entry as u32);
                }
            }
        }
        Ok(StageMatrix {
            states,
            entries,
            diagonals,
            values: vec![0.0; pattern.entries()],
            lu: Lu::new(SymbolicLu::with_weak_diagonals(&pattern, &weak)?),
        })
    }

    /// Assembles and factors W for the shift, 1/(hγ), of each state.
    pub(crate) fn factor(&mut self, jacobian: &[f64], shift: impl Fn(usize) -> f64) -> Result<(), Singular> {
        self.values.fill(0.0);
        for (&entry, &partial) in self.entries.iter().zip(jacobian) {
            self.values[entry as usize] = -partial;
        }
        for (row, &entry) in self.diagonals.iter().enumerate() {
            self.values[entry as usize] += if row < self.states { shift(row) } else { 1.0 };
        }
        self.lu.factor(&self.values)
    }

    /// Place of a row in the order of elimination.
    pub(crate) fn place(&self, row: u32) -> usize {
        self.lu.symbolic().order().iter().position(|&r| r == row).unwrap_or(0)
    }

    /// Pivot at a place, of the last factorisation.
    pub(crate) fn pivot(&self, place: usize) -> f64 {
        self.lu.pivot(place)
    }

    /// Replaces the right-hand side, one entry per row, by the solution.
    pub(crate) fn solve(&mut self, rows: &mut [f64]) {
        self.lu.solve(rows);
    }
}
