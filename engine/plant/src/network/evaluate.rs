//! Values and exact partial derivatives of a compiled network.

use super::{Network, Operation, Sum};
use crate::kernel::Kernel;
use std::sync::Arc;

/// Sums one behind the other in memory.
#[derive(Debug, Default, Clone)]
struct Sums {
    constants: Vec<f64>,
    terms: Vec<(u32, f64)>,
    /// Most sums are meters, of one term each.
    runs: Vec<Run>,
}

/// Sums in a row that have the same number of terms.
#[derive(Debug, Clone, Copy)]
struct Run {
    sums: usize,
    terms_each: usize,
}

impl Sums {
    fn new(sums: &[Sum]) -> Sums {
        Sums {
            constants: sums.iter().map(|sum| sum.constant).collect(),
            terms: sums.iter().flat_map(|sum| sum.terms.iter().copied()).collect(),
            runs: (sums.chunk_by(|a, b| a.terms.len() == b.terms.len()))
                .map(|run| Run { sums: run.len(), terms_each: run[0].terms.len() })
                .collect(),
        }
    }

    fn values(&self, slots: &[f64], into: &mut [f64]) {
        let mut values = into.iter_mut().zip(&self.constants);
        let mut terms = &self.terms[..];
        for &Run { sums, terms_each } in &self.runs {
            let (here, behind) = terms.split_at(sums * terms_each);
            terms = behind;
            if terms_each == 1 {
                for (&(slot, factor), (value, constant)) in here.iter().zip(&mut values) {
                    *value = constant + slots[slot as usize] * factor;
                }
            } else {
                for (k, (value, constant)) in values.by_ref().take(sums).enumerate() {
                    let of = here[k * terms_each..][..terms_each].iter();
                    *value = of.fold(*constant, |sum, &(slot, factor)| sum + slots[slot as usize] * factor);
                }
            }
        }
    }
}

/// Where the partial derivatives of all rows go: the same for all networks of a plan.
#[derive(Debug)]
pub(super) struct Derivatives {
    /// Columns of each row, ascending.
    pub pattern: Vec<Vec<u32>>,
    /// Where the entries of each row begin; the last is the number of all.
    offsets: Vec<u32>,
    /// For every batch, member and structural entry: where it is added.
    places: Vec<Vec<Place>>,
}

/// The numbers of a network that stand still in its derivatives.
#[derive(Debug, Default, Clone)]
pub(super) struct Jacobian {
    /// The rates, for evaluation.
    rates: Sums,
    /// Entries of the linear rows, constant for the whole run; 0 elsewhere.
    constant: Vec<f64>,
    /// Linear rows' dependence on outside slots: (row, outside index, factor).
    linear_outside: Vec<(u32, u32, f64)>,
}

/// Target of one kernel derivative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Place {
    /// Entry of the Jacobian.
    Entry(u32),
    /// Time derivative of a row, through the slope of an outside value: (row, outside index).
    Outside(u32, u32),
}

/// Buffers reused by every evaluation.
#[derive(Debug, Default, Clone)]
pub(super) struct Workspace {
    pub slots: Vec<f64>,
    pub slopes: Vec<f64>,
    pub origin: f64,
    pub partials: Vec<f64>,
}

impl Network {
    /// Columns of each row's partial derivatives, ascending; rows are states, then algebraic values.
    pub fn pattern(&self) -> &[Vec<u32>] {
        &self.plan.derivatives.pattern
    }

    /// Rates of all states at time `t`.
    pub fn rates(&mut self, t: f64, y: &[f64], rates: &mut [f64]) {
        let mut work = std::mem::take(&mut self.workspace);
        self.fill(t, y, &mut work);
        self.values_of(&self.operations, &mut work);
        self.sum_rates(&work.slots, rates);
        self.workspace = work;
    }

    /// As [`Network::rates`], with the partial derivatives in the order of [`Network::pattern`] and the explicit
    /// time derivative of every row.
    pub fn linearize(
        &mut self,
        t: f64,
        y: &[f64],
        rates: &mut [f64],
        jacobian: &mut [f64],
        time_derivative: &mut [f64],
    ) {
        let mut work = std::mem::take(&mut self.workspace);
        self.fill(t, y, &mut work);
        self.partials_of_all(&mut work, jacobian, time_derivative);
        self.sum_rates(&work.slots, rates);
        self.workspace = work;
    }

    /// Evaluates what does not depend on the classes of a [parted](super::PartedNetwork) network.
    pub fn lead(&mut self, t: f64, y: &[f64]) {
        let mut work = std::mem::take(&mut self.workspace);
        self.fill(t, y, &mut work);
        self.values_of(&self.operations[..self.lead], &mut work);
        self.workspace = work;
    }

    /// Evaluates the rest; `contributions[class]` are the sums over all members.
    pub fn rates_after_lead(&mut self, contributions: &[Vec<f64>], rates: &mut [f64]) {
        let mut work = std::mem::take(&mut self.workspace);
        self.contribute(contributions, &mut work);
        self.values_of(&self.operations[self.lead..], &mut work);
        self.sum_rates(&work.slots, rates);
        self.workspace = work;
    }

    /// As [`Network::rates_after_lead`], with the partial derivatives of all rows.
    pub fn linearize_after_lead(
        &mut self,
        contributions: &[Vec<f64>],
        rates: &mut [f64],
        jacobian: &mut [f64],
        time_derivative: &mut [f64],
    ) {
        let mut work = std::mem::take(&mut self.workspace);
        self.contribute(contributions, &mut work);
        self.partials_of_all(&mut work, jacobian, time_derivative);
        self.sum_rates(&work.slots, rates);
        self.workspace = work;
    }

    fn contribute(&self, contributions: &[Vec<f64>], work: &mut Workspace) {
        for (rows, values) in self.contributions.iter().zip(contributions) {
            for (&row, &value) in rows.iter().zip(values) {
                work.slots[row as usize] = value;
            }
        }
    }

    fn values_of(&self, operations: &[Operation], work: &mut Workspace) {
        for operation in operations {
            match operation {
                Operation::Sum { slot, sum } => work.slots[*slot as usize] = sum.value(&work.slots),
                Operation::Batch { first_slot, batch } => {
                    self.batches[*batch].values(&mut work.slots, *first_slot as usize);
                }
            }
        }
    }

    fn partials_of_all(&self, work: &mut Workspace, jacobian: &mut [f64], time_derivative: &mut [f64]) {
        jacobian.copy_from_slice(&self.jacobian.constant);
        time_derivative.fill(0.0);
        for &(row, outside, factor) in &self.jacobian.linear_outside {
            time_derivative[row as usize] += factor * work.slopes[outside as usize];
        }
        for operation in &self.operations {
            match operation {
                Operation::Sum { slot, sum } => work.slots[*slot as usize] = sum.value(&work.slots),
                Operation::Batch { first_slot, batch } => {
                    let places = &self.plan.derivatives.places[*batch];
                    let partials = &mut work.partials[..places.len()];
                    self.batches[*batch].linearize(&mut work.slots, *first_slot as usize, partials);
                    for (place, partial) in places.iter().zip(partials.iter()) {
                        match *place {
                            Place::Entry(k) => jacobian[k as usize] += partial,
                            Place::Outside(row, k) => {
                                time_derivative[row as usize] += partial * work.slopes[k as usize];
                            }
                        }
                    }
                }
            }
        }
    }

    /// Slope in time of a slot from outside; 0 for a row.
    pub(super) fn slope(&self, slot: u32) -> f64 {
        (slot as usize).checked_sub(self.rows).map_or(0.0, |k| self.workspace.slopes[k])
    }

    /// The slots after the last evaluation.
    pub fn values(&self) -> &[f64] {
        &self.workspace.slots
    }

    fn fill(&self, t: f64, y: &[f64], work: &mut Workspace) {
        work.slots[..self.states].copy_from_slice(y);
        let elapsed = t - work.origin;
        let outside = &mut work.slots[self.rows..];
        for ((slot, value), slope) in outside.iter_mut().zip(&self.outside).zip(&work.slopes) {
            *slot = value + slope * elapsed;
        }
    }

    fn sum_rates(&self, slots: &[f64], rates: &mut [f64]) {
        self.jacobian.rates.values(slots, rates);
    }

    /// Fills in the numbers once the operations are known.
    pub(super) fn prepare(&mut self) {
        let rows = self.rows;
        let derivatives = &self.plan.derivatives;
        let mut constant = vec![0.0; derivatives.entries()];
        let mut linear_outside = Vec::new();
        for (row, sum) in linear(&self.rates, &self.operations) {
            for &(slot, factor) in &sum.terms {
                if (slot as usize) < rows {
                    constant[derivatives.find(row, slot) as usize] += factor;
                } else {
                    linear_outside.push((row as u32, slot - rows as u32, factor));
                }
            }
        }
        let widest_partials = derivatives.places.iter().map(Vec::len).max().unwrap_or(0);
        debug_assert!(self.states <= rows);
        self.jacobian = Jacobian { rates: Sums::new(&self.rates), constant, linear_outside };
        self.workspace.slots = vec![0.0; self.slots];
        self.workspace.slopes = vec![0.0; self.slots - rows];
        self.workspace.partials = vec![0.0; widest_partials];
    }
}

/// Rows that are linear sums.
fn linear<'a>(rates: &'a [Sum], operations: &'a [Operation]) -> impl Iterator<Item = (usize, &'a Sum)> {
    rates.iter().enumerate().chain(operations.iter().filter_map(|operation| match operation {
        Operation::Sum { slot, sum } => Some((*slot as usize, sum)),
        Operation::Batch { .. } => None,
    }))
}

impl Derivatives {
    /// Pattern and places of operations that have their numbers.
    pub fn new(rows: usize, rates: &[Sum], operations: &[Operation], batches: &[Arc<dyn Kernel>]) -> Self {
        let is_row = |slot: u32| (slot as usize) < rows;
        let mut pattern: Vec<Vec<u32>> = vec![Vec::new(); rows];
        for (row, sum) in linear(rates, operations) {
            pattern[row].extend(sum.terms.iter().map(|t| t.0).filter(|&s| is_row(s)));
        }
        // Every structural entry of every batch: the batch, its row and the slot that it depends on.
        let mut entries = Vec::new();
        for operation in operations {
            let Operation::Batch { first_slot, batch } = operation else { continue };
            let kernel = &batches[*batch];
            for member in 0..kernel.members() {
                for &(output, input) in kernel.entries() {
                    let row = *first_slot as usize + member * kernel.outputs() + output;
                    entries.push((*batch, row, kernel.source(member, input).slot));
                }
            }
        }
        for &(_, row, slot) in entries.iter().filter(|entry| is_row(entry.2)) {
            pattern[row].push(slot);
        }
        for columns in &mut pattern {
            columns.sort_unstable();
            columns.dedup();
        }
        let mut offsets = vec![0u32; rows + 1];
        for (row, columns) in pattern.iter().enumerate() {
            offsets[row + 1] = offsets[row] + columns.len() as u32;
        }
        let mut derivatives = Derivatives { pattern, offsets, places: vec![Vec::new(); batches.len()] };
        for (batch, row, slot) in entries {
            let place = if is_row(slot) {
                Place::Entry(derivatives.find(row, slot))
            } else {
                Place::Outside(row as u32, slot - rows as u32)
            };
            derivatives.places[batch].push(place);
        }
        derivatives
    }

    /// Number of entries.
    fn entries(&self) -> usize {
        self.offsets.last().map_or(0, |&end| end as usize)
    }

    /// Place of an entry, which is in the pattern.
    fn find(&self, row: usize, column: u32) -> u32 {
        self.offsets[row] + self.pattern[row].binary_search(&column).unwrap_or(0) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_behind_each_other_are_what_each_is_alone() {
        let slots = [1.5, -2.0, 0.25, 8.0];
        let sum = |constant, terms: &[(u32, f64)]| Sum { terms: terms.to_vec(), constant };
        let sums = [
            sum(7.0, &[]),
            sum(0.0, &[(3, 0.5)]),
            sum(1.0, &[(1, 3.0)]),
            sum(-1.0, &[(0, 2.0), (2, 4.0), (3, 1.0)]),
            sum(0.5, &[(0, 1.0), (1, 1.0), (2, 1.0)]),
            sum(0.0, &[(2, -1.0)]),
        ];
        let mut values = [f64::NAN; 6];
        Sums::new(&sums).values(&slots, &mut values);
        // 8/2; 1 − 6; −1 + 3 + 1 + 8; 0.5 + 1.5 − 2 + 0.25
        assert_eq!(values, [7.0, 4.0, -5.0, 11.0, 0.25, -0.25]);
        assert_eq!(values, std::array::from_fn(|k| sums[k].value(&slots)));
        Sums::new(&[]).values(&slots, &mut []);
    }
}
