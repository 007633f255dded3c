//! The form of a problem, and the static pattern of its partial derivatives.

use crate::matrix::Orders;
use std::ops::Range;
use thiserror::Error;

/// A system of ordinary differential equations whose rates go through algebraic values.
///
/// All lengths are fixed for the life of the system. *Rows* are the states followed by the
/// algebraic values; `sparsity().rows` is their number.
pub trait System {
    /// Number of states N.
    fn states(&self) -> usize;

    /// Pattern of the partial derivatives of all rows, states first.
    fn sparsity(&self) -> &Sparsity;

    /// Orders of elimination that it shares with other systems of its pattern.
    fn orders(&self) -> Option<&Orders> {
        None
    }

    /// Rates f(t, y) of the states.
    fn rates(&mut self, t: f64, y: &[f64], rates: &mut [f64]);

    /// As [`rates`](Self::rates), and the partial derivatives at the same point.
    ///
    /// `jacobian` follows the order of [`sparsity`](Self::sparsity): ∂fᵢ/∂valueⱼ in a state's
    /// row, ∂gᵢ/∂valueⱼ in an algebraic row, each with the other rows' values held.
    /// `time_derivative` has one entry per row: the explicit ∂/∂t, with all values held.
    fn linearize(
        &mut self,
        t: f64,
        y: &[f64],
        rates: &mut [f64],
        jacobian: &mut [f64],
        time_derivative: &mut [f64],
    );

    /// One over the scale of each state's error; 0 for a state that is not controlled, for
    /// instance a quadrature. They may change between steps, other than from or to 0.
    fn weights(&self) -> &[f64];

    /// Tile of each state. The error norm is the maximum over tiles of the root mean square
    /// within the tile, so that no part of a large system is averaged away.
    fn tiles(&self) -> &[u32];
}

/// Static sparsity of the rows' partial derivatives, compressed by rows.
///
/// The columns of a row are strictly ascending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sparsity {
    /// Number of rows, and of columns.
    pub rows: usize,
    /// Row `i` owns entries `offsets[i]..offsets[i + 1]`; `rows + 1` of them.
    pub offsets: Vec<u32>,
    /// Column of each entry.
    pub columns: Vec<u32>,
}

impl Sparsity {
    /// From the columns of each row, in any order; repeated columns become one entry.
    ///
    /// Values are afterwards given in the ascending order of [`columns`](Self::columns).
    ///
    /// # Errors
    ///
    /// A column that is not a row, or more entries than 32 bits count.
    pub fn from_rows(rows: Vec<Vec<u32>>) -> Result<Sparsity, Malformed> {
        let count = rows.len();
        let mut offsets = Vec::with_capacity(count + 1);
        let mut columns = Vec::new();
        offsets.push(0);
        for mut row in rows {
            row.sort_unstable();
            row.dedup();
            columns.append(&mut row);
            offsets.push(u32::try_from(columns.len()).map_err(|_| Malformed::TooLarge)?);
        }
        let sparsity = Sparsity { rows: count, offsets, columns };
        sparsity.check()?;
        Ok(sparsity)
    }

    /// From (row, column) pairs in any order; repeated pairs become one entry.
    ///
    /// # Errors
    ///
    /// A row or column at or beyond `rows`, or more entries than 32 bits count.
    pub fn from_pairs(rows: usize, pairs: &[(u32, u32)]) -> Result<Sparsity, Malformed> {
        let mut lists = vec![Vec::new(); rows];
        for &(row, column) in pairs {
            let list = lists.get_mut(row as usize).ok_or(Malformed::OutOfRange { row, column, rows })?;
            list.push(column);
        }
        Sparsity::from_rows(lists)
    }

    /// Number of entries.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.columns.len()
    }

    /// Positions of the entries of row `row` among all entries.
    #[must_use]
    pub fn range(&self, row: usize) -> Range<usize> {
        self.offsets[row] as usize..self.offsets[row + 1] as usize
    }

    /// Columns of row `row`, ascending.
    #[must_use]
    pub fn row(&self, row: usize) -> &[u32] {
        &self.columns[self.range(row)]
    }

    /// Position of entry (`row`, `column`) among all entries, if it is in the pattern.
    #[must_use]
    pub fn position(&self, row: usize, column: u32) -> Option<usize> {
        let found = self.row(row).binary_search(&column).ok()?;
        Some(self.offsets[row] as usize + found)
    }

    /// The same pattern with every diagonal entry in it.
    ///
    /// # Errors
    ///
    /// More entries than 32 bits count.
    pub fn with_diagonal(&self) -> Result<Sparsity, Malformed> {
        let rows = (0..self.rows)
            .map(|row| {
                let diagonal = u32::try_from(row).map_err(|_| Malformed::TooLarge)?;
                let mut columns = self.row(row).to_vec();
                columns.push(diagonal);
                Ok(columns)
            })
            .collect::<Result<Vec<_>, Malformed>>()?;
        Sparsity::from_rows(rows)
    }

    /// The pattern of some of its rows, ascending, which read no others.
    pub(crate) fn of_rows(&self, rows: &[u32]) -> Result<Sparsity, Malformed> {
        let number = |column: &u32| {
            let found = rows.binary_search(column).map(|place| place as u32);
            found.map_err(|_| Malformed::OutOfRange { row: 0, column: *column, rows: rows.len() })
        };
        let numbered = |&row: &u32| self.row(row as usize).iter().map(number).collect();
        Sparsity::from_rows(rows.iter().map(numbered).collect::<Result<_, _>>()?)
    }

    /// Checks what the constructors guarantee, for a pattern that was put together by hand.
    ///
    /// # Errors
    ///
    /// The first violation found.
    pub fn check(&self) -> Result<(), Malformed> {
        let monotone = self.offsets.windows(2).all(|pair| pair[0] <= pair[1]);
        let complete = self.offsets.len() == self.rows + 1
            && self.offsets.first() == Some(&0)
            && self.offsets.last().map(|&end| end as usize) == Some(self.columns.len());
        if !(monotone && complete) {
            return Err(Malformed::Offsets { rows: self.rows });
        }
        for row in 0..self.rows {
            let columns = self.row(row);
            if !columns.windows(2).all(|pair| pair[0] < pair[1]) {
                return Err(Malformed::NotAscending { row });
            }
            if let Some(&column) = columns.last().filter(|&&last| last as usize >= self.rows) {
                let row = u32::try_from(row).map_err(|_| Malformed::TooLarge)?;
                let rows = self.rows;
                return Err(Malformed::OutOfRange { row, column, rows });
            }
        }
        Ok(())
    }
}

/// A problem whose parts do not fit together.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Malformed {
    /// An entry outside the matrix.
    #[error("entry ({row}, {column}) lies outside a pattern of {rows} rows")]
    OutOfRange {
        /// Row of the entry.
        row: u32,
        /// Column of the entry.
        column: u32,
        /// Number of rows and columns.
        rows: usize,
    },
    /// The offsets do not divide the columns into rows.
    #[error("offsets must be {rows} + 1 ascending numbers from 0 to the number of columns")]
    Offsets {
        /// Number of rows declared.
        rows: usize,
    },
    /// The columns of a row are not strictly ascending.
    #[error("the columns of row {row} are not strictly ascending")]
    NotAscending {
        /// The row.
        row: usize,
    },
    /// A pattern to be factored lacks a diagonal entry.
    #[error("row {row} has no diagonal entry; pivots are taken from the diagonal")]
    NoDiagonal {
        /// The row.
        row: usize,
    },
    /// Algebraic values that depend on each other in a circle.
    #[error("the algebraic rows of a class are not strictly triangular")]
    NotTriangular,
    /// A vector has the wrong length.
    #[error("{what} has length {found}, expected {expected}")]
    Length {
        /// Which vector.
        what: &'static str,
        /// Length found.
        found: usize,
        /// Length expected.
        expected: usize,
    },
    /// Entries are counted in 32 bits.
    #[error("the pattern has more entries than 32 bits can count")]
    TooLarge,
}

/// `Ok` if `found` is `expected`.
pub(crate) fn same_length(what: &'static str, found: usize, expected: usize) -> Result<(), Malformed> {
    if found == expected { Ok(()) } else { Err(Malformed::Length { what, found, expected }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_sorted_and_repeats_become_one_entry() {
        let sparsity = Sparsity::from_pairs(3, &[(2, 1), (0, 2), (0, 0), (0, 2)]).unwrap();
        assert_eq!(sparsity.offsets, [0, 2, 2, 3]);
        assert_eq!(sparsity.columns, [0, 2, 1]);
        assert_eq!(sparsity.position(0, 2), Some(1));
        assert_eq!(sparsity.position(1, 1), None);
    }

    #[test]
    fn entries_outside_the_matrix_are_refused() {
        let error = Sparsity::from_pairs(2, &[(0, 2)]).unwrap_err();
        assert_eq!(error.to_string(), "entry (0, 2) lies outside a pattern of 2 rows");
        assert!(Sparsity::from_pairs(2, &[(5, 0)]).is_err());
    }

    #[test]
    fn a_pattern_put_together_by_hand_is_checked() {
        let mut sparsity = Sparsity::from_rows(vec![vec![0, 1], vec![1]]).unwrap();
        sparsity.columns[0] = 1;
        assert_eq!(sparsity.check(), Err(Malformed::NotAscending { row: 0 }));
        sparsity.offsets[1] = 9;
        assert_eq!(sparsity.check(), Err(Malformed::Offsets { rows: 2 }));
    }

    #[test]
    fn the_diagonal_is_added_where_it_is_missing() {
        let sparsity = Sparsity::from_rows(vec![vec![1], vec![1]]).unwrap();
        let full = sparsity.with_diagonal().unwrap();
        assert_eq!(full.columns, [0, 1, 1]);
    }
}
