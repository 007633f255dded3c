//! Exact elimination of the members of a class, eight at a time.
//!
//! The stage matrix of a member with its border is
//!
//! ```text
//!            states            algebraic     imports
//! states   [ shift·I − ∂f/∂y   −∂f/∂a        −∂f/∂i ]
//! algebr.  [ −∂g/∂y            I − ∂g/∂a     −∂g/∂i ]
//! exports  [ −∂e/∂y            −∂e/∂a        −∂e/∂i ]
//! ```
//!
//! Algebraic rows are eliminated first: they are strictly triangular, so their pivots are 1, and what remains
//! is the matrix of the states alone. Only that part is kept for the stages. An exception are sums that many
//! rows read, like the power of all chips of a rack: eliminated first they would tie every chip to every
//! reader. Such *late* rows wait and take part in the stages, where that is less work. What remains in the last block
//! after the states are eliminated as well, −∂e/∂i and the way through the member, goes to the core.

use super::stored::Stored;
use super::system::{Class, Lane};
use crate::sparse::{KEEP, eliminate};
use crate::system::{Malformed, Sparsity, same_length};
use real::Real;
use std::ops::Range;

/// A pivot below this share of the shift is round-off.
const LEAST_PIVOT: f64 = 1e-12;
/// A sum of more columns than this that more rows than this read may be worth waiting with.
const MANY: usize = 1;

/// Order of elimination and compiled program of a class.
///
/// Values of a factorisation: pivots of states and late rows in order of elimination, then their places' rows
/// of U and columns of L in turn (all that the stages need), then the block of exports by imports, then
/// the same for the algebraic places.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub states: usize,
    /// Algebraic rows that take part in the stages.
    pub late: Vec<u32>,
    pub rows: usize,
    pub imports: usize,
    pub exports: usize,
    /// Number of controlled states of each part.
    pub controlled: Vec<f64>,
    /// Number of values that the stages need.
    pub kept: usize,
    /// Number of all values.
    pub values: usize,
    /// Where the block of exports by imports starts.
    block: usize,
    /// (export, import) of each value of the block, in its order.
    pub block_entries: Vec<(u32, u32)>,
    /// Value that each entry of the class's pattern is taken from.
    scatter: Vec<u32>,
    algebraic: Vec<Place>,
    state: Vec<Place>,
    /// Row that each lower value reduces, column that each upper value multiplies; by value.
    places: Vec<u32>,
    /// For each lower and upper value of a place in turn: the value that is reduced.
    targets: Vec<u32>,
}

/// One pivot.
#[derive(Clone, Debug)]
struct Place {
    row: u32,
    upper: Range<u32>,
    lower: Range<u32>,
}

impl Place {
    #[inline(always)]
    fn upper(&self) -> Range<usize> {
        self.upper.start as usize..self.upper.end as usize
    }
    #[inline(always)]
    fn lower(&self) -> Range<usize> {
        self.lower.start as usize..self.lower.end as usize
    }
}

/// The pattern with the border's columns behind its rows, so that no border entry is a diagonal.
fn bordered(class: &impl Class) -> Result<Sparsity, Malformed> {
    let pattern = class.sparsity();
    pattern.check()?;
    let (rows, imports, exports) = (class.rows(), class.imports().len(), class.exports().len());
    same_length("rows of a class's pattern", pattern.rows, rows + imports.max(exports))?;
    let shifted = |&column: &u32| {
        let inside = (column as usize) < rows;
        if inside { column } else { column + exports as u32 }
    };
    let mut lists: Vec<Vec<u32>> =
        (0..rows + exports).map(|row| pattern.row(row).iter().map(shifted).collect()).collect();
    lists.resize(rows + exports + imports, Vec::new());
    Sparsity::from_rows(lists)
}

/// Algebraic rows worth a trial as late ones: several columns, and several rows that read them.
fn candidates(pattern: &Sparsity, states: usize, rows: usize) -> Vec<u32> {
    let mut readers = vec![0_usize; pattern.rows];
    pattern.columns.iter().for_each(|&column| readers[column as usize] += 1);
    let many = |&row: &usize| pattern.row(row).len() > MANY && readers[row] > MANY;
    (states..rows).filter(many).map(|row| row as u32).collect()
}

fn controlled(class: &impl Class) -> Vec<f64> {
    let parts = class.parts().iter().max().map_or(0, |&part| part as usize + 1);
    let mut counts = vec![0.0; parts];
    for (&part, &weight) in class.parts().iter().zip(class.weights()) {
        counts[part as usize] += f64::from(u8::from(weight != 0.0));
    }
    counts
}

impl Program {
    /// Length of a stage's vector: states, then late rows.
    pub fn staged(&self) -> usize {
        self.states + self.late.len()
    }

    /// Orders the elimination for the pattern of a class.
    pub fn new(class: &impl Class) -> Result<Program, Malformed> {
        let (states, rows) = (class.states(), class.rows());
        same_length("weights of a class", class.weights().len(), states)?;
        same_length("parts of a class", class.parts().len(), states)?;
        let pattern = bordered(class)?;
        let lay = |late: &[u32]| Program::lay(class, &pattern, late);
        let (plain, late) = (lay(&[])?, candidates(&pattern, states, rows));
        if late.is_empty() {
            return Ok(plain);
        }
        let other = lay(&late)?;
        Ok(if other.targets.len() < plain.targets.len() { other } else { plain })
    }

    fn lay(class: &impl Class, pattern: &Sparsity, late: &[u32]) -> Result<Program, Malformed> {
        let (states, rows) = (class.states(), class.rows());
        let (imports, exports) = (class.imports().len(), class.exports().len());
        let turn = |row: usize| match row {
            _ if row < states || late.contains(&(row as u32)) => 1,
            _ if row < rows => 0,
            _ => KEEP,
        };
        let done = eliminate(pattern, (0..pattern.rows).map(turn).collect());
        let mut order = vec![u32::MAX; pattern.rows];
        for (place, &pivot) in done.pivots.iter().enumerate() {
            order[pivot as usize] = place as u32;
        }
        let staged = states + late.len();
        let (algebraic_pivots, state_pivots) = done.pivots.split_at(rows - staged);
        let mut compiler = Compiler {
            pattern,
            upper: done.upper,
            lower: done.lower,
            order,
            first_border: rows,
            pivots: vec![u32::MAX; rows],
            upper_start: vec![0; rows],
            lower_start: vec![0; rows],
            block: Vec::new(),
            block_start: 0,
            places: Vec::new(),
            next: 0,
        };
        for (k, &pivot) in state_pivots.iter().enumerate() {
            compiler.pivots[pivot as usize] = k as u32;
        }
        compiler.next = staged;
        compiler.places.resize(staged, 0);
        let state: Vec<Place> = state_pivots.iter().map(|&pivot| compiler.place(pivot)).collect();
        let kept = compiler.next;
        compiler.lay_block(rows, exports);
        let algebraic: Vec<Place> = algebraic_pivots.iter().map(|&pivot| compiler.place(pivot)).collect();
        let targets = (algebraic_pivots.iter().chain(state_pivots))
            .flat_map(|&pivot| compiler.targets(pivot))
            .collect::<Option<Vec<u32>>>()
            .ok_or(Malformed::NotTriangular)?;
        let scatter = (0..rows + exports)
            .flat_map(|row| pattern.row(row).iter().map(move |&column| (row as u32, column)))
            .map(|(row, column)| compiler.value(row, column))
            .collect::<Option<Vec<u32>>>()
            .ok_or(Malformed::NotTriangular)?;
        u32::try_from(compiler.next).map_err(|_| Malformed::TooLarge)?;
        // Exports and imports alike follow the member's own rows, each in vectors of their own.
        let place_of = |&index: &u32| {
            let import = index as usize >= rows + exports;
            if import { index - exports as u32 } else { index }
        };
        let border = (rows + exports) as u32;
        Ok(Program {
            states,
            late: late.to_vec(),
            rows,
            imports,
            exports,
            controlled: controlled(class),
            kept,
            values: compiler.next,
            block: compiler.block_start,
            block_entries: (compiler.block.iter())
                .map(|&(row, column)| (row - rows as u32, column - border))
                .collect(),
            scatter,
            algebraic,
            state,
            places: compiler.places.iter().map(place_of).collect(),
            targets,
        })
    }

    /// Factors the stage matrix of a tile. `values` has [`values`](Program::values) lanes, of which the first
    /// [`kept`](Program::kept) are to be kept for the stages. `drive`, the explicit time derivative of rows and
    /// exports, is reduced to what drives states and exports. `false` where a pivot cannot be divided by.
    #[inline(always)]
    pub fn factor(
        &self,
        shift: f64,
        jacobian: &[Lane],
        values: &mut [Lane],
        drive: Option<&mut [Lane]>,
    ) -> bool {
        values.fill(Lane::number(0.0));
        for (pivot, place) in values.iter_mut().zip(&self.state) {
            let diagonal = if (place.row as usize) < self.states { shift } else { 1.0 };
            *pivot = Lane::number(diagonal);
        }
        for (&target, entry) in self.scatter.iter().zip(jacobian) {
            values[target as usize] -= *entry;
        }
        let mut next = 0;
        for place in &self.algebraic {
            next = self.reduce(place, values, next);
        }
        if let Some(drive) = drive {
            for place in &self.algebraic {
                self.sweep(place, values, drive);
            }
        }
        self.factor_states(shift, values, next)
    }

    #[inline(always)]
    fn factor_states(&self, shift: f64, values: &mut [Lane], mut next: usize) -> bool {
        let mut usable = true;
        for (k, place) in self.state.iter().enumerate() {
            let least = LEAST_PIVOT * if (place.row as usize) < self.states { shift } else { 1.0 };
            let inverse = Lane::number(1.0) / values[k];
            usable &= values[k].0.iter().all(|pivot| pivot.abs() > least && pivot.is_finite());
            values[k] = inverse;
            for l in place.lower() {
                values[l] *= inverse;
            }
            next = self.reduce(place, values, next);
        }
        usable
    }

    #[inline(always)]
    fn reduce(&self, place: &Place, values: &mut [Lane], mut next: usize) -> usize {
        let upper = place.upper();
        for l in place.lower() {
            let factor = values[l];
            let targets = &self.targets[next..next + upper.len()];
            next += upper.len();
            for (u, &target) in upper.clone().zip(targets) {
                let above = values[u];
                values[target as usize].subtract_product(&factor, &above);
            }
        }
        next
    }

    /// What is left of exports by imports after [`factor`](Program::factor), in the order of
    /// [`block_entries`](Program::block_entries).
    #[inline(always)]
    pub fn block<'a>(&self, values: &'a [Lane]) -> &'a [Lane] {
        &values[self.block..self.block + self.block_entries.len()]
    }

    /// Forward sweep: reduces the right-hand sides of states and late rows in place, and of the exports with them.
    ///
    /// `right` holds the member's rows, then (from [`rows`](Program::rows) on) the exports.
    #[inline(always)]
    pub fn forward(&self, kept: &[impl Stored], right: &mut [Lane]) {
        for place in &self.state {
            self.sweep(place, kept, right);
        }
    }

    #[inline(always)]
    fn sweep(&self, place: &Place, values: &[impl Stored], right: &mut [Lane]) {
        let own = right[place.row as usize];
        for l in place.lower() {
            right[self.places[l] as usize].subtract_product(&values[l].load(), &own);
        }
    }

    /// Backward sweep over `x`: the member's rows, then (from [`rows`](Program::rows) on) the imports' solution.
    #[inline(always)]
    pub fn backward(&self, kept: &[impl Stored], x: &mut [Lane]) {
        for (k, place) in self.state.iter().enumerate().rev() {
            let mut value = x[place.row as usize];
            for u in place.upper() {
                value.subtract_product(&kept[u].load(), &x[self.places[u] as usize]);
            }
            value *= kept[k].load();
            x[place.row as usize] = value;
        }
    }
}

/// Gives every value its number.
struct Compiler<'a> {
    pattern: &'a Sparsity,
    upper: Vec<Vec<u32>>,
    lower: Vec<Vec<u32>>,
    order: Vec<u32>,
    first_border: usize,
    /// Number of the pivot of each state.
    pivots: Vec<u32>,
    upper_start: Vec<u32>,
    lower_start: Vec<u32>,
    block: Vec<(u32, u32)>,
    block_start: usize,
    places: Vec<u32>,
    next: usize,
}

impl Compiler<'_> {
    fn place(&mut self, pivot: u32) -> Place {
        let k = pivot as usize;
        self.upper_start[k] = self.next as u32;
        self.next += self.upper[k].len();
        self.lower_start[k] = self.next as u32;
        self.next += self.lower[k].len();
        self.places.extend_from_slice(&self.upper[k]);
        self.places.extend_from_slice(&self.lower[k]);
        Place {
            row: pivot,
            upper: self.upper_start[k]..self.lower_start[k],
            lower: self.lower_start[k]..self.next as u32,
        }
    }

    fn lay_block(&mut self, rows: usize, exports: usize) {
        self.block_start = self.next;
        for row in rows..rows + exports {
            self.block.extend(self.upper[row].iter().map(|&column| (row as u32, column)));
        }
        self.next += self.block.len();
        self.places.resize(self.next, 0);
    }

    /// The value that holds entry (`row`, `column`); none where it is the diagonal of an algebraic row or
    /// lies outside the filled pattern.
    fn value(&self, row: u32, column: u32) -> Option<u32> {
        let (i, j) = (row as usize, column as usize);
        if i >= self.first_border && j >= self.first_border {
            let found = self.block.binary_search(&(row, column)).ok()?;
            return Some((self.block_start + found) as u32);
        }
        if i == j {
            return Some(self.pivots[i]).filter(|&pivot| pivot != u32::MAX);
        }
        let (list, start) = if self.order[i] < self.order[j] {
            (&self.upper[i], self.upper_start[i])
        } else {
            (&self.lower[j], self.lower_start[j])
        };
        let key = if self.order[i] < self.order[j] { column } else { row };
        Some(start + list.binary_search(&key).ok()? as u32)
    }

    fn targets(&self, pivot: u32) -> Vec<Option<u32>> {
        let k = pivot as usize;
        debug_assert!(k < self.pattern.rows);
        let pairs = self.lower[k].iter().flat_map(|&i| self.upper[k].iter().map(move |&j| (i, j)));
        pairs.map(|(i, j)| self.value(i, j)).collect()
    }
}
