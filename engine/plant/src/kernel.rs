//! Run-time network over compile-time kernels: one virtual call per batch of a kind.
//!
//! A component author writes [`Component::evaluate`] once, generic over the number. The network
//! holds [`Kernel`]s, an object-safe trait implemented once, for batches of one kind.

use crate::declare::Declaration;
pub use crate::tile_kernel::{TileKernel, tile_batch};
use real::{Dual, Lanes, Pattern, Real};

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
    /// Writes `members · outputs` values, member by member.
    fn values(&self, slots: &[f64], out: &mut [f64]);
    /// As `values`, and `members · entries` partial derivatives with respect to the *slots* (the
    /// source's scale is included), member by member.
    fn linearize(&self, slots: &[f64], out: &mut [f64], jacobian: &mut [f64]);
}

/// A number that holds one or several members.
trait Group: Real<Value = Self> + Send + Sync + 'static {
    const MEMBERS: usize;
    fn collect(of: impl Fn(usize) -> f64) -> Self;
    fn member(&self, k: usize) -> f64;
    /// The outputs.
    fn values<C: Component<IN, OUT>, const IN: usize, const OUT: usize>(
        parameters: &C::Parameters<Self>,
        x: &[Self; IN],
    ) -> [Self; OUT];
    /// The outputs and all partial derivatives of each.
    fn partials<C: Component<IN, OUT>, const IN: usize, const OUT: usize>(
        parameters: &C::Parameters<Self>,
        x: &[Self; IN],
    ) -> [(Self, [Self; IN]); OUT];
}
impl Group for f64 {
    const MEMBERS: usize = 1;
    #[inline(always)]
    fn collect(of: impl Fn(usize) -> f64) -> f64 {
        of(0)
    }
    #[inline(always)]
    fn member(&self, _: usize) -> f64 {
        *self
    }
    #[inline(always)]
    fn values<C: Component<IN, OUT>, const IN: usize, const OUT: usize>(
        parameters: &C::Parameters<f64>,
        x: &[f64; IN],
    ) -> [f64; OUT] {
        C::evaluate::<f64>(parameters, *x)
    }
    #[inline(always)]
    fn partials<C: Component<IN, OUT>, const IN: usize, const OUT: usize>(
        parameters: &C::Parameters<f64>,
        x: &[f64; IN],
    ) -> [(f64, [f64; IN]); OUT] {
        let duals = std::array::from_fn(|i| Dual::<f64, IN>::seed(x[i], i));
        C::evaluate::<Dual<f64, IN>>(parameters, duals).map(|output| (output.v, output.d))
    }
}
impl Group for Lanes<WIDTH> {
    const MEMBERS: usize = WIDTH;
    #[inline(always)]
    fn collect(of: impl Fn(usize) -> f64) -> Self {
        Lanes(std::array::from_fn(of))
    }
    #[inline(always)]
    fn member(&self, k: usize) -> f64 {
        self.0[k]
    }
    fn values<C: Component<IN, OUT>, const IN: usize, const OUT: usize>(
        parameters: &C::Parameters<Self>,
        x: &[Self; IN],
    ) -> [Self; OUT] {
        lanes::<C, IN, OUT>(parameters, x)
    }
    fn partials<C: Component<IN, OUT>, const IN: usize, const OUT: usize>(
        parameters: &C::Parameters<Self>,
        x: &[Self; IN],
    ) -> [(Self, [Self; IN]); OUT] {
        let zero = Self::number(0.0);
        let mut all = [(zero, [zero; IN]); OUT];
        for first in (0..IN).step_by(SEEDS) {
            let inputs = std::array::from_fn(|i| Dual {
                v: x[i],
                d: std::array::from_fn(|k| Self::number(if first + k == i { 1.0 } else { 0.0 })),
            });
            for ((value, partials), output) in all.iter_mut().zip(duals::<C, IN, OUT>(parameters, &inputs)) {
                *value = output.v;
                for (partial, d) in partials[first..].iter_mut().zip(output.d) {
                    *partial = d;
                }
            }
        }
        all
    }
}

/// Inputs seeded in one evaluation in lanes: more of them do not fit the registers.
pub(crate) const SEEDS: usize = 4;

/// One evaluation in lanes. Compiled once for batches and tiles, for baseline and for 256-bit instructions; nothing is
/// fused, so the bits are the same.
pub(crate) fn lanes<C: Component<IN, OUT>, const IN: usize, const OUT: usize>(
    parameters: &C::Parameters<Lanes<WIDTH>>,
    x: &[Lanes<WIDTH>; IN],
) -> [Lanes<WIDTH>; OUT] {
    pulp::Arch::new().dispatch(ValuesHere::<C, IN, OUT> { parameters, x })
}

/// To be compiled for each level of instructions; a closure would be compiled apart from its caller.
struct ValuesHere<'a, C: Component<IN, OUT>, const IN: usize, const OUT: usize> {
    parameters: &'a C::Parameters<Lanes<WIDTH>>,
    x: &'a [Lanes<WIDTH>; IN],
}

impl<C: Component<IN, OUT>, const IN: usize, const OUT: usize> pulp::WithSimd for ValuesHere<'_, C, IN, OUT> {
    type Output = [Lanes<WIDTH>; OUT];
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Self::Output {
        C::evaluate::<Lanes<WIDTH>>(self.parameters, *self.x)
    }
}

/// As [`lanes`], with derivatives.
pub(crate) fn duals<C: Component<IN, OUT>, const IN: usize, const OUT: usize>(
    parameters: &C::Parameters<Lanes<WIDTH>>,
    inputs: &[Dual<Lanes<WIDTH>, SEEDS>; IN],
) -> [Dual<Lanes<WIDTH>, SEEDS>; OUT] {
    pulp::Arch::new().dispatch(PartialsHere::<C, IN, OUT> { parameters, inputs })
}

/// As [`ValuesHere`], with derivatives.
struct PartialsHere<'a, C: Component<IN, OUT>, const IN: usize, const OUT: usize> {
    parameters: &'a C::Parameters<Lanes<WIDTH>>,
    inputs: &'a [Dual<Lanes<WIDTH>, SEEDS>; IN],
}

impl<C: Component<IN, OUT>, const IN: usize, const OUT: usize> pulp::WithSimd
    for PartialsHere<'_, C, IN, OUT>
{
    type Output = [Dual<Lanes<WIDTH>, SEEDS>; OUT];
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Self::Output {
        C::evaluate::<Dual<Lanes<WIDTH>, SEEDS>>(self.parameters, *self.inputs)
    }
}

/// Members of one kind in groups of `G::MEMBERS`; the last group repeats its last member.
struct Batch<C: Component<IN, OUT>, G: Group, const IN: usize, const OUT: usize> {
    members: usize,
    parameters: Vec<C::Parameters<G>>,
    sources: Vec<[Source; IN]>,
    entries: Vec<(usize, usize)>,
}

impl<C: Component<IN, OUT>, G: Group, const IN: usize, const OUT: usize> Batch<C, G, IN, OUT> {
    fn new(instances: &[Instance]) -> Self {
        let last = instances.len() - 1;
        let groups = instances.len().div_ceil(G::MEMBERS);
        let parameters = (0..groups)
            .map(|g| {
                let fields = instances[0].values.len();
                let values: Vec<G> = (0..fields)
                    .map(|f| G::collect(|k| instances[(g * G::MEMBERS + k).min(last)].values[f]))
                    .collect();
                C::parameters(&values)
            })
            .collect();
        let sources =
            instances.iter().map(|member| std::array::from_fn(|k| member.inputs[k])).collect::<Vec<_>>();
        Batch { members: instances.len(), parameters, sources, entries: entries::<C, IN, OUT>(&instances[0]) }
    }
    #[inline(always)]
    fn member(&self, group: usize, k: usize) -> usize {
        (group * G::MEMBERS + k).min(self.members - 1)
    }
    #[inline(always)]
    fn gather(&self, group: usize, slots: &[f64]) -> [G; IN] {
        std::array::from_fn(|input| {
            G::collect(|k| {
                let source = self.sources[self.member(group, k)][input];
                slots[source.slot as usize] * source.scale
            })
        })
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

impl<C: Component<IN, OUT>, G: Group, const IN: usize, const OUT: usize> Kernel for Batch<C, G, IN, OUT> {
    fn members(&self) -> usize {
        self.members
    }
    fn inputs(&self) -> usize {
        IN
    }
    fn outputs(&self) -> usize {
        OUT
    }
    fn entries(&self) -> &[(usize, usize)] {
        &self.entries
    }
    fn source(&self, member: usize, input: usize) -> Source {
        self.sources[member][input]
    }
    fn values(&self, slots: &[f64], out: &mut [f64]) {
        for (group, parameters) in self.parameters.iter().enumerate() {
            let result = G::values::<C, IN, OUT>(parameters, &self.gather(group, slots));
            for k in 0..G::MEMBERS.min(self.members - group * G::MEMBERS) {
                let place = (group * G::MEMBERS + k) * OUT;
                for (o, value) in result.iter().enumerate() {
                    out[place + o] = value.member(k);
                }
            }
        }
    }
    fn linearize(&self, slots: &[f64], out: &mut [f64], jacobian: &mut [f64]) {
        let width = self.entries.len();
        for (group, parameters) in self.parameters.iter().enumerate() {
            let x = self.gather(group, slots);
            let result = G::partials::<C, IN, OUT>(parameters, &x);
            for k in 0..G::MEMBERS.min(self.members - group * G::MEMBERS) {
                let member = group * G::MEMBERS + k;
                for (o, value) in result.iter().enumerate() {
                    out[member * OUT + o] = value.0.member(k);
                }
                for (e, &(o, i)) in self.entries.iter().enumerate() {
                    jacobian[member * width + e] = result[o].1[i].member(k) * self.sources[member][i].scale;
                }
            }
        }
    }
}

/// The kernel of a batch: lanes where there are enough members to fill them.
pub fn batch<C: Component<IN, OUT>, const IN: usize, const OUT: usize>(
    instances: Vec<Instance>,
) -> Box<dyn Kernel> {
    if instances.len() * 2 > WIDTH {
        Box::new(Batch::<C, Lanes<WIDTH>, IN, OUT>::new(&instances))
    } else {
        Box::new(Batch::<C, f64, IN, OUT>::new(&instances))
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
