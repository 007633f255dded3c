//! Evaluation of a tile: eight racks of one class at a time.
//!
//! ```text
//! slots = [ states | values in order of evaluation | imports | values of each rack from outside | constants ]
//! ```
//! Only some of the values are rows of the Jacobian: a kernel's output that is read by linear sums alone goes straight
//! into their entries, see [`template`](super::template).

use super::Sum;
use crate::tile_kernel::{Lane, Sink, Targets, TileKernel};
use real::Real;

/// Linear sums in flat arrays. Terms with the same factor are added before they are multiplied.
#[derive(Debug, Clone, Default)]
pub(super) struct Linear {
    /// Groups of sum `k`: `groups[sums[k]..sums[k + 1]]`.
    sums: Vec<u32>,
    /// Factor, and where its slots end.
    groups: Vec<(f64, u32)>,
    slots: Vec<u32>,
}

impl Linear {
    pub fn push(&mut self, sum: &Sum) {
        if self.sums.is_empty() {
            self.sums.push(0);
        }
        let mut terms = sum.terms.clone();
        // Stable: slots stay ascending within a factor.
        terms.sort_by_key(|&(_, factor)| factor.to_bits());
        for same in terms.chunk_by(|a, b| a.1.to_bits() == b.1.to_bits()) {
            self.slots.extend(same.iter().map(|&(slot, _)| slot));
            self.groups.push((same[0].1, self.slots.len() as u32));
        }
        self.sums.push(self.groups.len() as u32);
    }

    #[inline(always)]
    fn value(&self, k: usize, slots: &[Lane]) -> Lane {
        let (first, last) = (self.sums[k] as usize, self.sums[k + 1] as usize);
        let mut start = if first == 0 { 0 } else { self.groups[first - 1].1 as usize };
        let mut total = Lane::number(0.0);
        for &(factor, end) in &self.groups[first..last] {
            let mut sum = slots[self.slots[start] as usize];
            for &slot in &self.slots[start + 1..end as usize] {
                sum += slots[slot as usize];
            }
            total += sum * Lane::number(factor);
            start = end as usize;
        }
        total
    }

    fn values(&self, slots: &[Lane], into: &mut [Lane]) {
        for (k, value) in into.iter_mut().enumerate().take(self.sums.len().saturating_sub(1)) {
            *value = self.value(k, slots);
        }
    }
}

/// One step of an evaluation.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    Sum { slot: u32, sum: u32 },
    Batch { first: u32, batch: u32 },
}

/// What all racks of a class have in common.
pub(super) struct Template {
    pub states: usize,
    /// Where the imports begin, the values of each rack, the constants; number of slots.
    pub imports: usize,
    pub own: usize,
    pub constants: Vec<(u32, f64)>,
    pub slots: usize,
    pub steps: Vec<Step>,
    pub sums: Linear,
    pub batches: Vec<Box<dyn TileKernel>>,
    pub targets: Vec<Targets>,
    pub rates: Linear,
    pub exports: Linear,
    /// Entries of the Jacobian that no kernel writes.
    pub fixed: Vec<(u32, f64)>,
    /// Rows' linear dependence on imports: (row, import, factor).
    pub drifts: Vec<(u32, u32, f64)>,
}

/// Working space of the evaluations of a class.
#[derive(Debug, Clone)]
pub struct TileWork {
    pub(super) slots: Vec<Lane>,
}

impl Template {
    pub fn work(&self) -> TileWork {
        let mut slots = vec![Lane::number(0.0); self.slots];
        for &(slot, value) in &self.constants {
            slots[slot as usize] = Lane::number(value);
        }
        TileWork { slots }
    }

    /// Everything that is given.
    fn fill(&self, y: &[Lane], imports: &[f64], own: &[Lane], slots: &mut [Lane]) {
        slots[..self.states].copy_from_slice(&y[..self.states]);
        for (slot, &value) in slots[self.imports..self.own].iter_mut().zip(imports) {
            *slot = Lane::number(value);
        }
        slots[self.own..self.own + own.len()].copy_from_slice(own);
    }

    pub fn rates(
        &self,
        y: &[Lane],
        imports: &[f64],
        own: &[Lane],
        work: &mut TileWork,
        rates: &mut [Lane],
        exports: &mut [Lane],
    ) {
        let slots = &mut work.slots[..];
        self.fill(y, imports, own, slots);
        for step in &self.steps {
            match *step {
                Step::Sum { slot, sum } => slots[slot as usize] = self.sums.value(sum as usize, slots),
                Step::Batch { first, batch } => self.batches[batch as usize].values(slots, first as usize),
            }
        }
        self.rates.values(slots, rates);
        self.exports.values(slots, exports);
    }

    #[expect(clippy::too_many_arguments, reason = "one call for all that one evaluation gives")]
    pub fn linearize(
        &self,
        y: &[Lane],
        imports: &[f64],
        slopes: &[f64],
        own: &[Lane],
        work: &mut TileWork,
        rates: &mut [Lane],
        exports: &mut [Lane],
        jacobian: &mut [Lane],
        time_derivative: &mut [Lane],
    ) {
        let slots = &mut work.slots[..];
        self.fill(y, imports, own, slots);
        time_derivative.fill(Lane::number(0.0));
        for &(row, import, factor) in &self.drifts {
            let row = &mut time_derivative[row as usize];
            *row += Lane::number(slopes[import as usize] * factor);
        }
        for &(entry, value) in &self.fixed {
            jacobian[entry as usize] = Lane::number(value);
        }
        let mut sink = Sink { slopes, jacobian, time_derivative };
        for step in &self.steps {
            match *step {
                Step::Sum { slot, sum } => slots[slot as usize] = self.sums.value(sum as usize, slots),
                Step::Batch { first, batch } => {
                    let batch = batch as usize;
                    self.batches[batch].linearize(slots, first as usize, &self.targets[batch], &mut sink);
                }
            }
        }
        self.rates.values(slots, rates);
        self.exports.values(slots, exports);
    }
}
