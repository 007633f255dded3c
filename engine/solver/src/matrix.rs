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
        StageMatrix::with_right(states, jacobian, &[])
    }

    /// As [`new`](Self::new), told which algebraic rows have a right-hand side or a solution that is asked for.
    pub(crate) fn with_right(
        states: usize,
        jacobian: &Sparsity,
        right: &[u32],
    ) -> Result<StageMatrix, Malformed> {
        StageMatrix::assemble(states, jacobian, &vec![false; jacobian.rows], right)
    }

    /// As [`new`](Self::new), told which other diagonals may be small against their rows.
    pub(crate) fn with_weak(
        states: usize,
        jacobian: &Sparsity,
        small: &[bool],
    ) -> Result<StageMatrix, Malformed> {
        StageMatrix::assemble(states, jacobian, small, &[])
    }

    fn assemble(
        states: usize,
        jacobian: &Sparsity,
        small: &[bool],
        right: &[u32],
    ) -> Result<StageMatrix, Malformed> {
        jacobian.check()?;
        same_length("weak", small.len(), jacobian.rows)?;
        let pattern = jacobian.with_diagonal()?;
        let mut condense = vec![false; jacobian.rows];
        condense[states..].fill(true);
        for &row in right {
            let (column, rows) = (row, jacobian.rows);
            *condense.get_mut(row as usize).ok_or(Malformed::OutOfRange { row, column, rows })? = false;
        }
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
            lu: Lu::new(SymbolicLu::condensed(&pattern, &weak, &condense)?),
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

    /// The factors.
    pub(crate) fn lu(&self) -> &Lu {
        &self.lu
    }

    /// Pivot at a place, of the last factorisation.
    pub(crate) fn pivot(&self, place: usize) -> f64 {
        self.lu.pivot(place)
    }

    /// Moves what stands in algebraic rows of a right-hand side to where [`solve`](Self::solve) sees it.
    pub(crate) fn condense(&mut self, rows: &mut [f64]) {
        self.lu.condense(rows);
    }

    /// Replaces the right-hand side of the states by the solution. In the other rows, those
    /// [with a right-hand side](Self::with_right) apart, it is taken for 0.
    pub(crate) fn solve(&mut self, rows: &mut [f64]) {
        self.lu.solve_rest(rows);
    }
}
