//! The members of several networks of one form beside each other: one network in each lane.
//!
//! A [batch](super::batch) holds different members of one plant, a [tile](crate::tile_kernel) equal ones. Here a lane is
//! another plant: wiring is the same, parameters are each plant's own. Every lane does what its network does alone,
//! operation by operation, so the bits are the same.

use super::in_lanes::lanes;
use super::{Component, Instance, Kernel, WIDTH};
use crate::tile_kernel::Lane;
use real::Lanes;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The members of a batch in several networks.
pub(crate) trait LaneKernel {
    /// Writes the outputs of all members from `slots[first]` on, member by member. Lanes that nobody `asked` for may be
    /// left as they are.
    fn values(&self, slots: &mut [Lane], first: usize, asked: [bool; WIDTH]);
}

/// A value of each network: that of the `k`-th in lane `k`, and that of the last in the lanes left over.
pub(crate) fn lane(of: impl Fn(usize) -> f64, networks: usize) -> Lane {
    Lanes(std::array::from_fn(|k| of(k.min(networks - 1))))
}

/// Where an input comes from: the slot, and the factor of each network where it is not 1 in all of them.
#[derive(Clone, Copy)]
struct LaneSource {
    slot: u32,
    factor: Option<Lane>,
}

/// Members of one kind.
struct Beside<C: Component<IN, OUT>, const IN: usize, const OUT: usize> {
    parameters: Vec<C::Parameters<Lane>>,
    sources: Vec<[LaneSource; IN]>,
}

/// The kernel of one component for the instances of each network, which are wired alike.
pub(super) fn beside<C: Component<IN, OUT>, const IN: usize, const OUT: usize>(
    networks: &[&[Instance]],
) -> Box<dyn LaneKernel> {
    let members = 0..networks[0].len();
    let parameters = members.clone().map(|m| {
        let fields = 0..networks[0][m].values.len();
        let values = fields.map(|field| lane(|k| networks[k][m].values[field], networks.len()));
        C::parameters(&values.collect::<Vec<Lane>>())
    });
    let sources = members.clone().map(|m| {
        std::array::from_fn(|input| {
            let factor = lane(|k| networks[k][m].inputs[input].scale, networks.len());
            let factor = Some(factor).filter(|factor| factor.0 != [1.0; WIDTH]);
            LaneSource { slot: networks[0][m].inputs[input].slot, factor }
        })
    });
    Box::new(Beside::<C, IN, OUT> { parameters: parameters.collect(), sources: sources.collect() })
}

impl<C: Component<IN, OUT>, const IN: usize, const OUT: usize> LaneKernel for Beside<C, IN, OUT> {
    fn values(&self, slots: &mut [Lane], first: usize, _: [bool; WIDTH]) {
        for (member, (parameters, sources)) in self.parameters.iter().zip(&self.sources).enumerate() {
            let x = std::array::from_fn(|input| {
                let LaneSource { slot, factor } = sources[input];
                let value = slots[slot as usize];
                factor.map_or(value, |factor| value * factor)
            });
            lanes::<C, IN, OUT>(parameters, &x, &mut slots[first + member * OUT..][..OUT]);
        }
    }
}

/// Kernels that know no lanes, one after the other.
pub(crate) struct OneByOne {
    networks: Vec<Arc<dyn Kernel>>,
    /// Slots that they read.
    read: Vec<u32>,
    /// The slots of one of them; those that none reads or writes are 0.
    slots: RefCell<Vec<f64>>,
}

impl OneByOne {
    pub(crate) fn new(networks: Vec<Arc<dyn Kernel>>) -> Self {
        let of = |kernel: &dyn Kernel| {
            let members = (0..kernel.members()).flat_map(|m| (0..kernel.inputs()).map(move |i| (m, i)));
            members.map(|(member, input)| kernel.source(member, input).slot).collect::<BTreeSet<u32>>()
        };
        let read = networks.first().map(|kernel| of(&**kernel)).unwrap_or_default();
        OneByOne { networks, read: read.into_iter().collect(), slots: RefCell::default() }
    }
}

impl LaneKernel for OneByOne {
    fn values(&self, slots: &mut [Lane], first: usize, asked: [bool; WIDTH]) {
        let mut own = self.slots.borrow_mut();
        own.resize(slots.len(), 0.0);
        for (k, network) in self.networks.iter().enumerate().filter(|&(k, _)| asked[k]) {
            for slot in self.read.iter().map(|&slot| slot as usize) {
                own[slot] = slots[slot].0[k];
            }
            network.values(&mut own, first);
            let outputs = first..first + network.members() * network.outputs();
            for (slot, value) in slots[outputs.clone()].iter_mut().zip(&own[outputs]) {
                slot.0[k] = *value;
            }
        }
    }
}
