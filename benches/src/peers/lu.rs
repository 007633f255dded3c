//! The engine's own sparse LU as a linear solver for `diffsol`.
//!
//! In the flat Jacobian a few rows and columns of the core are full. COLAMD under partial pivoting, which `faer` uses,
//! must allow for fill wherever a full row could pivot, and is soon dense; the minimum degree on the diagonal that the
//! engine orders by is not. With it the method is compared, not the ordering.

use diffsol::{FaerContext, FaerSparseMat, FaerVec, Matrix};
use diffsol_la::{LaError, LinearSolver};
use solver::Sparsity;
use solver::sparse::{Lu, SymbolicLu};
use std::cell::RefCell;

type M = FaerSparseMat<f64>;

/// See the top of the file.
#[derive(Default)]
pub struct OwnLu {
    matrix: Option<M>,
    /// Place by columns of each entry by rows.
    places: Vec<usize>,
    entries: Vec<f64>,
    lu: Option<RefCell<Lu>>,
}

fn failed(what: impl ToString) -> LaError {
    LaError::Other(what.to_string())
}

impl LinearSolver<M> for OwnLu {
    fn set_linearisation<C: diffsol_la::LinearOp<V = FaerVec<f64>, T = f64, M = M, C = FaerContext>>(
        &mut self,
        op: &C,
    ) {
        let (Some(matrix), Some(lu)) = (self.matrix.as_mut(), self.lu.as_ref()) else { return };
        op.matrix_inplace(matrix);
        let values = matrix.inner_mut()[0].val_mut();
        for (entry, &place) in self.entries.iter_mut().zip(&self.places) {
            *entry = values[place];
        }
        // A singular matrix shows in the solution, which is then not finite.
        if lu.borrow_mut().factor(&self.entries).is_err() {
            self.entries.fill(f64::NAN);
        }
    }

    fn set_sparsity<C: diffsol_la::LinearOp<V = FaerVec<f64>, T = f64, M = M, C = FaerContext>>(
        &mut self,
        op: &C,
    ) {
        let (rows, columns) = (op.nrows(), op.ncols());
        let matrix = M::new_from_sparsity(rows, columns, op.sparsity(), *op.context());
        let mut entries: Vec<(u32, u32, usize)> = Vec::new();
        if let Some(pattern) = matrix.sparsity() {
            for column in 0..columns {
                let range = pattern.col_range(column);
                let of = |place: usize| (pattern.row_idx()[place] as u32, column as u32, place);
                entries.extend(range.map(of));
            }
        }
        entries.sort_unstable();
        let mut lists = vec![Vec::new(); rows];
        for &(row, column, _) in &entries {
            lists[row as usize].push(column);
        }
        self.places = entries.iter().map(|entry| entry.2).collect();
        self.entries = vec![0.0; entries.len()];
        let symbolic = Sparsity::from_rows(lists).and_then(|pattern| SymbolicLu::new(&pattern));
        self.lu = symbolic.ok().map(|symbolic| RefCell::new(Lu::new(symbolic)));
        self.matrix = Some(matrix);
    }

    fn solve_in_place(&self, b: &mut FaerVec<f64>) -> Result<(), LaError> {
        let lu = self.lu.as_ref().ok_or_else(|| failed("no factors"))?;
        lu.borrow_mut().solve(super::bdf::slice_mut(b));
        Ok(())
    }

    fn solve_transpose_in_place(&self, _: &mut FaerVec<f64>) -> Result<(), LaError> {
        Err(failed("the transposed system is not asked for here"))
    }
}
