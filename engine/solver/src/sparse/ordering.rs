//! Order of elimination, fill, and the numeric program made from them.

use crate::system::{Malformed, Sparsity, same_length};
use std::collections::BTreeSet;

/// Order of elimination and compiled program for one pattern.
///
/// All values of a factorisation lie in one array: first the pivots in order of elimination,
/// then for each pivot its row of U followed by its column of L.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SymbolicLu {
    /// Row (and column) eliminated at each place.
    pub(super) pivots: Vec<u32>,
    /// Places of rows that are condensed away before all others.
    pub(super) condensed: usize,
    /// Where the upper entries of each place start; the last is the number of values.
    pub(super) upper: Vec<u32>,
    /// Where the lower entries of each place start.
    pub(super) lower: Vec<u32>,
    /// The columns of L that hold anything, in order: most places have none.
    pub(super) columns: Vec<Column>,
    /// Place of the column (in U) or row (in L) of each value after the pivots.
    pub(super) places: Vec<u32>,
    /// For each place, lower entry and upper entry in turn: the value that is reduced.
    pub(super) targets: Vec<u32>,
    /// Where each place's updates of diagonals start.
    pub(super) diagonals: Vec<u32>,
    /// Updates of diagonals: lower value, upper value, place reduced.
    pub(super) diagonal_updates: Vec<[u32; 3]>,
    /// Value that each entry of the pattern is copied to.
    pub(super) scatter: Vec<u32>,
}

impl SymbolicLu {
    /// Orders the elimination of a pattern that contains its diagonal.
    ///
    /// # Errors
    ///
    /// A pattern that is not well formed or lacks a diagonal entry.
    pub fn new(pattern: &Sparsity) -> Result<SymbolicLu, Malformed> {
        SymbolicLu::with_weak_diagonals(pattern, &vec![false; pattern.rows])
    }

    /// As [`new`](Self::new), told which diagonal entries may be small against their row.
    ///
    /// A weak diagonal is taken as pivot only after elimination has added to it, or where it can
    /// do no harm because nothing else stands in its row or in its column, or as a last resort.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new), or `weak` of another length than the rows.
    pub fn with_weak_diagonals(pattern: &Sparsity, weak: &[bool]) -> Result<SymbolicLu, Malformed> {
        SymbolicLu::condensed(pattern, weak, &vec![false; pattern.rows])
    }

    /// As [`with_weak_diagonals`](Self::with_weak_diagonals), told which rows may be condensed away: those whose
    /// right-hand side is 0 and whose solution nobody asks for. They are eliminated before all others, except where
    /// that would fill the matrix; see [`Lu::solve_rest`](super::Lu::solve_rest).
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new), or lists of another length than the rows.
    pub fn condensed(pattern: &Sparsity, weak: &[bool], condense: &[bool]) -> Result<SymbolicLu, Malformed> {
        pattern.check()?;
        same_length("weak", weak.len(), pattern.rows)?;
        same_length("condense", condense.len(), pattern.rows)?;
        for row in 0..pattern.rows {
            let diagonal = u32::try_from(row).map_err(|_| Malformed::TooLarge)?;
            if pattern.position(row, diagonal).is_none() {
                return Err(Malformed::NoDiagonal { row });
            }
        }
        let turns = condense.iter().map(|&first| if first { CONDENSE } else { REST }).collect();
        Elimination::new(pattern, weak, turns).run().compile(pattern)
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.pivots.len()
    }

    /// Number of rows that are condensed away.
    #[must_use]
    pub fn rows_condensed(&self) -> usize {
        self.condensed
    }

    /// Number of values in L and U together.
    #[must_use]
    pub fn values(&self) -> usize {
        self.places.len()
    }

    /// Multiplications and subtractions in one factorisation.
    #[must_use]
    pub fn updates(&self) -> usize {
        self.targets.len()
    }

    /// Rows in order of elimination.
    #[must_use]
    pub fn order(&self) -> &[u32] {
        &self.pivots
    }

    /// Place of an entry of the pattern among the values of a factorisation.
    pub(crate) fn place_of(&self, entry: u32) -> u32 {
        self.scatter[entry as usize]
    }

    /// The columns of L of some places.
    pub(super) fn columns(&self, places: std::ops::Range<usize>) -> &[Column] {
        let before = |end: usize| self.columns.partition_point(|column| (column.place as usize) < end);
        &self.columns[before(places.start)..before(places.end)]
    }

    /// Values of the row of U at `place`.
    pub(super) fn upper_range(&self, place: usize) -> std::ops::Range<usize> {
        self.upper[place] as usize..self.lower[place] as usize
    }
}

/// Where the values of a place's column of L are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub place: u32,
    pub start: u32,
    pub end: u32,
}

/// Turn of an index that is never eliminated.
pub(crate) const KEEP: u8 = u8::MAX;
/// Turn of rows that are condensed away, and of all others.
const CONDENSE: u8 = 0;
const REST: u8 = 1;
/// Markowitz's count above which a row is not condensed: a sum that many rows read would couple them all.
const CONDENSED_MOST: u64 = 24;

/// Rank of a candidate: its turn, harmless or strong before weak, then Markowitz's count, then the index.
type Rank = (u8, bool, u64, u32);

/// The graph during symbolic elimination; off-diagonal entries only.
struct Elimination {
    rows: Vec<BTreeSet<u32>>,
    columns: Vec<BTreeSet<u32>>,
    weak: Vec<bool>,
    turns: Vec<u8>,
    /// Largest count at which a row of the first turn is taken.
    condensed_most: u64,
    ranks: Vec<Rank>,
    queue: BTreeSet<Rank>,
}

/// The graph after symbolic elimination, by original index.
pub(crate) struct Eliminated {
    /// Indices in order of elimination.
    pub pivots: Vec<u32>,
    /// How many of them had the first turn.
    condensed: usize,
    /// Columns of each index's row when it was eliminated; of a kept index, what is left.
    pub upper: Vec<Vec<u32>>,
    /// Rows of each index's column when it was eliminated.
    pub lower: Vec<Vec<u32>>,
}

/// Eliminates in turns: all of turn 0 before any of turn 1 and so on, those of [`KEEP`] never.
pub(crate) fn eliminate(pattern: &Sparsity, turns: Vec<u8>) -> Eliminated {
    let weak = vec![false; pattern.rows];
    Elimination { condensed_most: u64::MAX, ..Elimination::new(pattern, &weak, turns) }.run()
}

impl Elimination {
    fn new(pattern: &Sparsity, weak: &[bool], turns: Vec<u8>) -> Elimination {
        let mut rows = vec![BTreeSet::new(); pattern.rows];
        let mut columns = vec![BTreeSet::new(); pattern.rows];
        for (i, row) in rows.iter_mut().enumerate() {
            for &j in pattern.row(i) {
                if j as usize != i {
                    row.insert(j);
                    columns[j as usize].insert(i as u32);
                }
            }
        }
        let mut elimination = Elimination {
            rows,
            columns,
            weak: weak.to_vec(),
            turns,
            condensed_most: CONDENSED_MOST,
            ranks: Vec::with_capacity(pattern.rows),
            queue: BTreeSet::new(),
        };
        for i in 0..pattern.rows {
            let rank = elimination.rank(i as u32);
            elimination.ranks.push(rank);
            if rank.0 != KEEP {
                elimination.queue.insert(rank);
            }
        }
        elimination
    }

    fn rank(&self, index: u32) -> Rank {
        let i = index as usize;
        let count = self.rows[i].len() as u64 * self.columns[i].len() as u64;
        (self.turns[i], self.weak[i] && count > 0, count, index)
    }

    fn update(&mut self, index: u32) {
        let rank = self.rank(index);
        let old = std::mem::replace(&mut self.ranks[index as usize], rank);
        if old != rank && rank.0 != KEEP {
            self.queue.remove(&old);
            self.queue.insert(rank);
        }
    }

    fn run(mut self) -> Eliminated {
        let count = self.rows.len();
        let mut done = Eliminated {
            pivots: Vec::with_capacity(count),
            condensed: 0,
            upper: vec![Vec::new(); count],
            lower: vec![Vec::new(); count],
        };
        while let Some((turn, _, fill, pivot)) = self.queue.pop_first() {
            if turn == CONDENSE && fill > self.condensed_most {
                self.turns[pivot as usize] = REST;
                let rank = self.rank(pivot);
                self.ranks[pivot as usize] = rank;
                self.queue.insert(rank);
                continue;
            }
            done.condensed += usize::from(turn == CONDENSE);
            let upper: Vec<u32> = std::mem::take(&mut self.rows[pivot as usize]).into_iter().collect();
            let lower: Vec<u32> = std::mem::take(&mut self.columns[pivot as usize]).into_iter().collect();
            for &j in &upper {
                self.columns[j as usize].remove(&pivot);
            }
            for &i in &lower {
                self.rows[i as usize].remove(&pivot);
                for &j in &upper {
                    if i == j {
                        self.weak[i as usize] = false;
                    } else if self.rows[i as usize].insert(j) {
                        self.columns[j as usize].insert(i);
                    }
                }
            }
            for &index in upper.iter().chain(&lower) {
                self.update(index);
            }
            done.pivots.push(pivot);
            done.upper[pivot as usize] = upper;
            done.lower[pivot as usize] = lower;
        }
        for (kept, row) in self.rows.into_iter().enumerate() {
            if self.turns[kept] == KEEP {
                done.upper[kept] = row.into_iter().collect();
            }
        }
        done
    }
}

impl Eliminated {
    fn compile(mut self, pattern: &Sparsity) -> Result<SymbolicLu, Malformed> {
        let count = self.pivots.len();
        let mut place_of = vec![0_u32; count];
        for (place, &pivot) in self.pivots.iter().enumerate() {
            place_of[pivot as usize] = place as u32;
        }
        // From here on everything is named by its place in the order of elimination.
        let mut values = count;
        let (mut upper, mut lower) = (Vec::with_capacity(count + 1), Vec::with_capacity(count));
        let mut places: Vec<u32> = (0..count as u32).collect();
        let (mut rows, mut columns) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for &pivot in &self.pivots {
            let mut row = std::mem::take(&mut self.upper[pivot as usize]);
            let mut column = std::mem::take(&mut self.lower[pivot as usize]);
            for list in [&mut row, &mut column] {
                list.iter_mut().for_each(|i| *i = place_of[*i as usize]);
                list.sort_unstable();
            }
            upper.push(small(values)?);
            values += row.len();
            lower.push(small(values)?);
            values += column.len();
            places.extend_from_slice(&row);
            places.extend_from_slice(&column);
            rows.push(row);
            columns.push(column);
        }
        upper.push(small(values)?);
        let ends = lower.iter().zip(&upper[1..]).zip(0..);
        let held = ends.filter(|((start, end), _)| start < end);
        let held = held.map(|((&start, &end), place)| Column { place, start, end }).collect();

        // Value of entry (i, j); structure guarantees that it exists.
        let find = |list: &[u32], start: u32, key: u32| -> u32 {
            start + list.binary_search(&key).unwrap_or(0) as u32
        };
        let value_of = |i: u32, j: u32| -> u32 {
            let (r, c) = (i as usize, j as usize);
            match i.cmp(&j) {
                std::cmp::Ordering::Equal => i,
                std::cmp::Ordering::Less => find(&rows[r], upper[r], j),
                std::cmp::Ordering::Greater => find(&columns[c], lower[c], i),
            }
        };

        let mut targets = Vec::new();
        let mut diagonals = vec![0];
        let mut diagonal_updates = Vec::new();
        for place in 0..count {
            for (a, &i) in columns[place].iter().enumerate() {
                for (b, &j) in rows[place].iter().enumerate() {
                    targets.push(value_of(i, j));
                    if i == j {
                        let l = lower[place] + a as u32;
                        let u = upper[place] + b as u32;
                        diagonal_updates.push([l, u, i]);
                    }
                }
            }
            diagonals.push(small(diagonal_updates.len())?);
        }
        let mut scatter = Vec::with_capacity(pattern.entries());
        for row in 0..count {
            for &column in pattern.row(row) {
                scatter.push(value_of(place_of[row], place_of[column as usize]));
            }
        }
        Ok(SymbolicLu {
            pivots: self.pivots,
            condensed: self.condensed,
            upper,
            lower,
            columns: held,
            places,
            targets,
            diagonals,
            diagonal_updates,
            scatter,
        })
    }
}

fn small(count: usize) -> Result<u32, Malformed> {
    u32::try_from(count).map_err(|_| Malformed::TooLarge)
}
