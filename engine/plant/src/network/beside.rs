//! Several plants of one form beside each other: one in each lane of every slot.
//!
//! The variants of a study mostly differ in numbers only: a set-point, a climate, the size of a pump. Their networks
//! then have the same slots, operations and wiring. An evaluation of all of them costs little more than one of them
//! alone, and gives each the bits that it has alone.

use super::{Network, Operation, Sum};
use crate::kernel::beside::{LaneKernel, OneByOne, lane};
use crate::kernel::{Kernel, WIDTH};
use crate::tile_kernel::Lane;
use real::Real;
use std::sync::Arc;

/// Factor of a term.
#[derive(Debug, Clone, Copy)]
enum Factor {
    /// The same in all networks.
    Same(f64),
    Own(u32),
}

/// Linear sums one behind the other in memory.
#[derive(Debug, Default)]
struct LaneSums {
    terms: Vec<(u32, Factor)>,
    own: Vec<Lane>,
    /// Where the terms of each end, and its constant.
    ends: Vec<(u32, Lane)>,
}

impl LaneSums {
    fn push(&mut self, networks: &[&Sum]) {
        for (term, &(slot, first)) in networks[0].terms.iter().enumerate() {
            let factor = lane(|k| networks[k].terms[term].1, networks.len());
            let factor = if factor.0 == [first; WIDTH] {
                Factor::Same(first)
            } else {
                self.own.push(factor);
                Factor::Own(self.own.len() as u32 - 1)
            };
            self.terms.push((slot, factor));
        }
        self.ends.push((self.terms.len() as u32, lane(|k| networks[k].constant, networks.len())));
    }

    #[inline(always)]
    fn value(&self, sum: usize, slots: &[Lane]) -> Lane {
        let start = if sum == 0 { 0 } else { self.ends[sum - 1].0 as usize };
        let (end, constant) = self.ends[sum];
        let mut total = constant;
        for &(slot, factor) in &self.terms[start..end as usize] {
            let factor = match factor {
                Factor::Same(factor) => Lane::number(factor),
                Factor::Own(own) => self.own[own as usize],
            };
            total += slots[slot as usize] * factor;
        }
        total
    }
}

/// An [`Operation`] in lanes.
enum LaneOperation {
    Sum { slot: u32, sum: u32 },
    Batch { first: u32, batch: u32 },
}

/// Networks of one form, in lanes.
pub struct LaneNetwork {
    states: usize,
    rows: usize,
    slots: Vec<Lane>,
    operations: Vec<LaneOperation>,
    sums: LaneSums,
    batches: Vec<Box<dyn LaneKernel>>,
    rates: LaneSums,
}

impl std::fmt::Debug for LaneNetwork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let LaneNetwork { states, rows, slots, .. } = self;
        f.debug_struct("LaneNetwork")
            .field("states", states)
            .field("rows", rows)
            .field("slots", &slots.len())
            .finish_non_exhaustive()
    }
}

fn alike_sums(a: &Sum, b: &Sum) -> bool {
    a.terms.len() == b.terms.len() && a.terms.iter().zip(&b.terms).all(|(a, b)| a.0 == b.0)
}

fn alike_kernels(a: &dyn Kernel, b: &dyn Kernel) -> bool {
    let form = |k: &dyn Kernel| (k.component(), k.members(), k.inputs(), k.outputs());
    let wired = |member: usize, input: usize| a.source(member, input).slot == b.source(member, input).slot;
    form(a) == form(b)
        && a.entries() == b.entries()
        && (0..a.members()).all(|member| (0..a.inputs()).all(|input| wired(member, input)))
        && a.instances().iter().zip(b.instances()).all(|(a, b)| a.values.len() == b.values.len())
}

impl Network {
    /// Whether the other network has the same slots, operations and wiring, so that the two differ in numbers only.
    pub fn is_like(&self, other: &Network) -> bool {
        let ideal = |network: &Network| network.ideal.iter().map(|ideal| ideal.row).collect::<Vec<u32>>();
        let operation = |pair: (&Operation, &Operation)| match pair {
            (Operation::Sum { slot, sum }, Operation::Sum { slot: its, sum: other }) => {
                slot == its && alike_sums(sum, other)
            }
            (
                Operation::Batch { first_slot, batch },
                Operation::Batch { first_slot: its, batch: its_batch },
            ) => first_slot == its && batch == its_batch,
            _ => false,
        };
        (self.states, self.rows, self.slots) == (other.states, other.rows, other.slots)
            && self.operations.len() == other.operations.len()
            && self.batches.len() == other.batches.len()
            && self.rates.len() == other.rates.len()
            && self.operations.iter().zip(&other.operations).all(operation)
            && self.rates.iter().zip(&other.rates).all(|(a, b)| alike_sums(a, b))
            && self.batches.iter().zip(&other.batches).all(|(a, b)| alike_kernels(&**a, &**b))
            && self.pattern() == other.pattern()
            && ideal(self) == ideal(other)
    }
}

impl LaneNetwork {
    /// Of one to eight networks, the first of which all others [are like](Network::is_like); else `None`.
    pub fn new(networks: &[&Network]) -> Option<LaneNetwork> {
        let first = *networks.first()?;
        if networks.len() > WIDTH || !networks.iter().all(|network| first.is_like(network)) {
            return None;
        }
        let (mut sums, mut rates) = (LaneSums::default(), LaneSums::default());
        let mut operations = Vec::new();
        for (k, operation) in first.operations.iter().enumerate() {
            operations.push(match operation {
                Operation::Sum { slot, .. } => {
                    let all = networks.iter().map(|network| match &network.operations[k] {
                        Operation::Sum { sum, .. } => Some(sum),
                        Operation::Batch { .. } => None,
                    });
                    sums.push(&all.collect::<Option<Vec<&Sum>>>()?);
                    LaneOperation::Sum { slot: *slot, sum: sums.ends.len() as u32 - 1 }
                }
                Operation::Batch { first_slot, batch } => {
                    LaneOperation::Batch { first: *first_slot, batch: *batch as u32 }
                }
            });
        }
        for k in 0..first.rates.len() {
            rates.push(&networks.iter().map(|network| &network.rates[k]).collect::<Vec<&Sum>>());
        }
        let batches = (0..first.batches.len()).map(|k| -> Box<dyn LaneKernel> {
            let all: Vec<Arc<dyn Kernel>> = networks.iter().map(|n| n.batches[k].clone()).collect();
            first.batches[k].beside(&all).unwrap_or_else(|| Box::new(OneByOne::new(all)))
        });
        Some(LaneNetwork {
            states: first.states,
            rows: first.rows,
            slots: vec![Lane::number(0.0); first.slots],
            operations,
            sums,
            batches: batches.collect(),
            rates,
        })
    }

    /// Puts time and states of the network of a lane there, for the next [evaluation](LaneNetwork::rates).
    pub fn fill(&mut self, lane: usize, network: &Network, t: f64, y: &[f64]) {
        let (states, outside) = self.slots.split_at_mut(self.rows);
        for (slot, &y) in states[..self.states].iter_mut().zip(y) {
            slot.0[lane] = y;
        }
        let elapsed = t - network.workspace.origin;
        let given = network.outside.iter().zip(&network.workspace.slopes);
        for (slot, (value, slope)) in outside.iter_mut().zip(given) {
            slot.0[lane] = value + slope * elapsed;
        }
    }

    /// Evaluates, and gives the rates of all lanes that were `asked` for; what the others get is of no use.
    pub fn rates(&mut self, asked: [bool; WIDTH], rates: &mut [Lane]) {
        pulp::Arch::new().dispatch(RatesHere { network: self, asked, rates });
    }

    #[inline(always)]
    fn rates_here(&mut self, asked: [bool; WIDTH], rates: &mut [Lane]) {
        let LaneNetwork { slots, operations, sums, batches, .. } = self;
        for operation in &*operations {
            match *operation {
                LaneOperation::Sum { slot, sum } => slots[slot as usize] = sums.value(sum as usize, slots),
                LaneOperation::Batch { first, batch } => {
                    batches[batch as usize].values(slots, first as usize, asked)
                }
            }
        }
        for (k, rate) in rates.iter_mut().enumerate().take(self.rates.ends.len()) {
            *rate = self.rates.value(k, &self.slots);
        }
    }

    /// The states that were put there.
    pub fn states(&self) -> &[Lane] {
        &self.slots[..self.states]
    }

    /// Makes the values of a lane after the last evaluation those of its network.
    pub fn give(&self, lane: usize, network: &mut Network) {
        for (value, slot) in network.workspace.slots.iter_mut().zip(&self.slots) {
            *value = slot.0[lane];
        }
    }
}

/// To be compiled for each level of instructions.
struct RatesHere<'a> {
    network: &'a mut LaneNetwork,
    asked: [bool; WIDTH],
    rates: &'a mut [Lane],
}

impl pulp::WithSimd for RatesHere<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        self.network.rates_here(self.asked, self.rates);
    }
}
