//! The stage matrix W and its factors.

use crate::sparse::{Lu, Singular, SymbolicLu};
use crate::system::{Malformed, Sparsity, System, same_length};
use std::sync::{Arc, OnceLock};

/// Where the entries of W go and in which order it is eliminated: all that does not depend on numbers.
#[derive(Debug)]
struct Order {
    states: usize,
    /// Entries of the Jacobian, and where those of W stand among the values of the factorisation.
    entries: Vec<[u32; 2]>,
    /// The same of each diagonal.
    diagonals: Vec<u32>,
    symbolic: Arc<SymbolicLu>,
}

/// An order that was looked for.
type Found = Result<Arc<Order>, Malformed>;

/// Orders of elimination for systems of one pattern, each found once however many systems share it.
#[derive(Debug)]
pub struct Orders {
    states: usize,
    jacobian: Sparsity,
    /// Whether the diagonal of each row may be small, of the constraints it was made for.
    constrained: Vec<bool>,
    /// With none of them small, and with these.
    found: [OnceLock<Found>; 2],
    /// Of some of the rows, and these.
    part: OnceLock<(Vec<u32>, Found)>,
}

impl Orders {
    /// For systems of so many states, this pattern and, where an implicit method is told of them, these constraints. The
    /// orders are found when they are first asked for.
    ///
    /// # Errors
    /// A pattern that is not well formed, or a constraint that is no state.
    pub fn new(states: usize, jacobian: Sparsity, constraints: &[u32]) -> Result<Orders, Malformed> {
        jacobian.check()?;
        let constrained = weak(states, jacobian.rows, constraints)?;
        Ok(Orders { states, jacobian, constrained, found: Default::default(), part: OnceLock::new() })
    }

    /// The pattern.
    #[must_use]
    pub fn sparsity(&self) -> &Sparsity {
        &self.jacobian
    }

    /// The order for a system, if it is of this form: compared, not assumed.
    fn of(&self, states: usize, jacobian: &Sparsity, small: &[bool]) -> Option<Found> {
        if !self.fits(states, jacobian) {
            return None;
        }
        let found = if !small.contains(&true) {
            &self.found[0]
        } else if self.constrained == small {
            &self.found[1]
        } else {
            return None;
        };
        Some(found.get_or_init(|| Order::new(states, jacobian, small, &[]).map(Arc::new)).clone())
    }

    /// As [`of`](Self::of), for the part of the matrix that consists of these rows.
    fn of_rows(&self, (all, states): (usize, usize), jacobian: &Sparsity, rows: &[u32]) -> Option<Found> {
        let found = || (rows.to_vec(), Order::of_rows(states, jacobian, rows).map(Arc::new));
        let known = self.fits(all, jacobian).then(|| self.part.get_or_init(found))?;
        (known.0 == rows).then(|| known.1.clone())
    }

    fn fits(&self, states: usize, jacobian: &Sparsity) -> bool {
        self.states == states && (std::ptr::eq(&self.jacobian, jacobian) || self.jacobian == *jacobian)
    }
}

/// Flags of rows that may have a small diagonal; only states may.
pub(crate) fn weak(states: usize, rows: usize, constraints: &[u32]) -> Result<Vec<bool>, Malformed> {
    let mut weak = vec![false; rows];
    for &row in constraints {
        let flag = weak.get_mut(..states).and_then(|states| states.get_mut(row as usize));
        *flag.ok_or(Malformed::OutOfRange { row, column: row, rows: states })? = true;
    }
    Ok(weak)
}

/// W = shift·I − ∂f on the states' rows and I − ∂g on the algebraic rows, factored.
#[derive(Clone, Debug)]
pub(crate) struct StageMatrix {
    of: Arc<Order>,
    lu: Lu,
}

impl StageMatrix {
    /// Orders the elimination of W for the pattern of a system's Jacobian.
    ///
    /// A state without a diagonal entry of its own has only the shift on its diagonal, which
    /// vanishes as the step grows: such pivots wait until elimination has added to them.
    pub(crate) fn new(system: &impl System) -> Result<StageMatrix, Malformed> {
        StageMatrix::with_weak(system, &vec![false; system.sparsity().rows])
    }

    /// As [`new`](Self::new), told which other diagonals may be small against their rows.
    pub(crate) fn with_weak(system: &impl System, small: &[bool]) -> Result<StageMatrix, Malformed> {
        let (states, jacobian) = (system.states(), system.sparsity());
        let shared = system.orders().and_then(|orders| orders.of(states, jacobian, small));
        let made = || Order::new(states, jacobian, small, &[]).map(Arc::new);
        shared.unwrap_or_else(made).map(StageMatrix::of)
    }

    /// As [`new`](Self::new), of some of the rows, ascending, which read no others; so many of them are states.
    pub(crate) fn of_rows(
        system: &impl System,
        states: usize,
        rows: &[u32],
    ) -> Result<StageMatrix, Malformed> {
        let (all, jacobian) = (system.states(), system.sparsity());
        let shared = system.orders().and_then(|orders| orders.of_rows((all, states), jacobian, rows));
        let made = || Order::of_rows(states, jacobian, rows).map(Arc::new);
        shared.unwrap_or_else(made).map(StageMatrix::of)
    }

    /// As [`new`](Self::new) for a pattern, told which algebraic rows have a right-hand side or a solution that is asked
    /// for.
    pub(crate) fn with_right(
        states: usize,
        jacobian: &Sparsity,
        right: &[u32],
    ) -> Result<StageMatrix, Malformed> {
        let made = Order::new(states, jacobian, &vec![false; jacobian.rows], right)?;
        Ok(StageMatrix::of(Arc::new(made)))
    }

    fn of(order: Arc<Order>) -> StageMatrix {
        let lu = Lu::new(order.symbolic.clone());
        StageMatrix { of: order, lu }
    }

    /// Assembles and factors W for the shift, 1/(hγ), of each state.
    pub(crate) fn factor(&mut self, jacobian: &[f64], shift: impl Fn(usize) -> f64) -> Result<(), Singular> {
        let Order { states, entries, diagonals, .. } = &*self.of;
        self.lu.factor_by(|values| {
            for &[entry, place] in entries {
                values[place as usize] = -jacobian[entry as usize];
            }
            for (row, &entry) in diagonals.iter().enumerate() {
                values[entry as usize] += if row < *states { shift(row) } else { 1.0 };
            }
        })
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

impl Order {
    fn new(states: usize, jacobian: &Sparsity, small: &[bool], right: &[u32]) -> Result<Order, Malformed> {
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
        let symbolic = SymbolicLu::condensed(&pattern, &weak, &condense)?;
        let place = |entry: u32| symbolic.place_of(entry);
        Ok(Order {
            states,
            entries: entries.into_iter().zip(0..).map(|(to, from)| [from, place(to)]).collect(),
            diagonals: diagonals.into_iter().map(place).collect(),
            symbolic: Arc::new(symbolic),
        })
    }

    /// Of some rows, ascending, which read no others; so many of them are states.
    fn of_rows(states: usize, jacobian: &Sparsity, rows: &[u32]) -> Result<Order, Malformed> {
        let part = jacobian.of_rows(rows)?;
        let mut order = Order::new(states, &part, &vec![false; part.rows], &[])?;
        let entries = rows.iter().flat_map(|&row| jacobian.range(row as usize));
        for ([from, _], entry) in order.entries.iter_mut().zip(entries) {
            *from = entry as u32;
        }
        Ok(order)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A state that two algebraic rows lead back to, and the same with another entry.
    fn chain(more: bool) -> Sparsity {
        let last = if more { vec![0, 1] } else { vec![1] };
        Sparsity::from_rows(vec![vec![2], vec![0], last]).unwrap()
    }

    #[test]
    fn an_order_is_found_once_for_systems_of_one_form_and_for_no_other() {
        let orders = Orders::new(1, chain(false), &[0]).unwrap();
        let of = |states, pattern: &Sparsity, small: &[bool]| {
            orders.of(states, pattern, small).map(|found| found.unwrap())
        };
        let (none, first) = ([false; 3], [true, false, false]);
        let (plain, again) = (of(1, &chain(false), &none).unwrap(), of(1, orders.sparsity(), &none).unwrap());
        assert!(Arc::ptr_eq(&plain, &again));
        let constrained = of(1, &chain(false), &first).unwrap();
        assert!(!Arc::ptr_eq(&plain, &constrained));
        assert!(Arc::ptr_eq(&constrained, &of(1, &chain(false), &first).unwrap()));
        assert!(of(1, &chain(true), &none).is_none(), "another pattern");
        assert!(of(2, &chain(false), &none).is_none(), "other states");
        assert!(of(1, &chain(false), &[false, true, false]).is_none(), "another constraint");
        assert!(Orders::new(1, chain(false), &[1]).is_err(), "an algebraic row is no constraint");
    }
}
