//! Run-time network over compile-time kernels: one virtual call per batch of a kind.
//!
//! A component author writes [`Component::evaluate`] once, generic over the number. The network
//! holds [`Kernel`]s, an object-safe trait implemented once, for batches of one kind.

use crate::declare::Declaration;
pub use crate::tile_kernel::{TileKernel, tile_batch};
use batch::{eights, ones};
use beside::LaneKernel;
use real::{Dual, Pattern, Real};
use std::any::TypeId;
use std::sync::Arc;

mod batch;
pub(crate) mod beside;
pub(crate) mod in_lanes;

/// Widest batch: eight doubles, one cache line.
pub(crate) const WIDTH: usize = 8;

/// What a component author writes, through the macros of [`declare`](crate::declare).
pub trait Component<const IN: usize, const OUT: usize>: 'static {
    /// Parameters over any number.
    type Parameters<V: Real>: Send + Sync;
    /// Parameters from their values in declared order.
    fn parameters<V: Real>(values: &[V]) -> Self::Parameters<V>;
    /// The physics.
    fn evaluate<R: Real>(parameters: &Self::Parameters<R::Value>, inputs: [R; IN]) -> [R; OUT];
}

/// A kind of component as the catalogue lists it.
pub trait Kind: Sync + Send {
    /// What it says of itself.
    fn declaration(&self) -> &'static Declaration;
    /// Computes derived parameters in place.
    ///
    /// # Errors
    /// A sentence in the field's words when the given ones contradict each other.
    fn size(&self, values: &mut [f64], surroundings: &Surroundings) -> Result<(), String>;
    /// The kernel for a batch of instances.
    fn batch(&self, instances: Vec<Instance>) -> Box<dyn Kernel>;
    /// The kernel for a batch of instances within a template, see [`TileKernel`].
    fn tile_batch(&self, instances: &[Instance], active: &[usize]) -> Box<dyn TileKernel>;
    /// One evaluation, for tests and tables.
    fn evaluate(&self, values: &[f64], inputs: &[f64]) -> Vec<f64>;
    /// One exact Jacobian (outputs × inputs), for tests and tables.
    fn linearize(&self, values: &[f64], inputs: &[f64]) -> Vec<Vec<f64>>;
}

impl std::fmt::Debug for dyn Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.declaration().name)
    }
}

/// What sizing may know of the place.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings {
    /// Barometric pressure of the site [Pa].
    pub pressure: f64,
}

/// Where one input comes from: `slots[slot] · scale`.
///
/// The scale turns a total of the network into the share of one of several equal units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Source {
    /// Index into the slots.
    pub slot: u32,
    /// Factor.
    pub scale: f64,
}

/// One member of a batch.
#[derive(Debug, Clone)]
pub struct Instance {
    /// Parameter values in declared order, SI.
    pub values: Vec<f64>,
    /// One source for each input.
    pub inputs: Vec<Source>,
}

/// A batch of equal components, evaluated together.
pub trait Kernel: Send + Sync {
    /// Number of members.
    fn members(&self) -> usize;
    /// Number of inputs of a member.
    fn inputs(&self) -> usize;
    /// Number of outputs of a member.
    fn outputs(&self) -> usize;
    /// Structural nonzeros of a member's Jacobian: (output, input), in the order `linearize` writes them.
    fn entries(&self) -> &[(usize, usize)];
    /// Where input `input` of `member` comes from.
    fn source(&self, member: usize, input: usize) -> Source;
    /// Writes the outputs of all members from `slots[first]` on, member by member; none of them is an input of another.
    fn values(&self, slots: &mut [f64], first: usize);
    /// As `values`, and `members · entries` partial derivatives with respect to the *slots* (the
    /// source's scale is included), member by member.
    fn linearize(&self, slots: &mut [f64], first: usize, jacobian: &mut [f64]);
    /// Which component it is a batch of.
    fn component(&self) -> TypeId;
    /// Its members' parameters and wiring; empty where they are not all that it depends on.
    fn instances(&self) -> &[Instance] {
        &[]
    }
    /// The same batch of several networks, this kernel's among them, all of the same component and wired alike; `None`
    /// where it knows no lanes.
    #[expect(private_interfaces, reason = "lanes are made of networks, within this crate")]
    fn beside(&self, _networks: &[Arc<dyn Kernel>]) -> Option<Box<dyn LaneKernel>> {
        None
    }
}

/// Structural nonzeros of a component's Jacobian, found by evaluating it over [`Pattern`].
pub(crate) fn entries<C: Component<IN, OUT>, const IN: usize, const OUT: usize>(
    instance: &Instance,
) -> Vec<(usize, usize)> {
    const { assert!(IN <= 64, "Pattern holds 64 inputs") };
    let parameters = C::parameters(&vec![Pattern(0); instance.values.len()]);
    let reached = C::evaluate::<Pattern>(&parameters, std::array::from_fn(Pattern::input));
    (0..OUT).flat_map(|o| (0..IN).map(move |i| (o, i))).filter(|&(o, i)| reached[o].has(i)).collect()
}

/// The kernel of a batch: lanes where there are enough members to fill them.
pub fn batch<C: Component<IN, OUT>, const IN: usize, const OUT: usize>(
    instances: Vec<Instance>,
) -> Box<dyn Kernel> {
    if instances.len() * 2 > WIDTH {
        eights::<C, IN, OUT>(&instances)
    } else {
        ones::<C, IN, OUT>(&instances)
    }
}

/// One evaluation outside of a network.
pub fn evaluate_once<C: Component<IN, OUT>, const IN: usize, const OUT: usize>(
    values: &[f64],
    inputs: &[f64],
) -> Vec<f64> {
    C::evaluate::<f64>(&C::parameters(values), std::array::from_fn(|i| inputs[i])).to_vec()
}

/// One Jacobian (outputs × inputs) outside of a network.
pub fn linearize_once<C: Component<IN, OUT>, const IN: usize, const OUT: usize>(
    values: &[f64],
    inputs: &[f64],
) -> Vec<Vec<f64>> {
    let duals = std::array::from_fn(|i| Dual::<f64, IN>::seed(inputs[i], i));
    C::evaluate(&C::parameters(values), duals).iter().map(|row| row.d.to_vec()).collect()
}
