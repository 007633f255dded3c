//! Kernels over tiles: one template member serves eight equal ones at a time.
//!
//! A [`Kernel`](crate::kernel::Kernel) holds different members of one plant. Here every lane of a
//! slot belongs to another copy of the whole template, so that parameters and wiring are the same in
//! all lanes and are held once. Values go straight into the slots, partial derivatives straight into
//! the Jacobian; nothing is kept in between.

use crate::kernel::in_lanes::{HalfParameters, SEEDS, lanes, no_partials, partials};
use crate::kernel::{Component, Instance, Source, WIDTH, entries};
use real::{Lanes, Real};

/// One value of each of the members of a tile.
pub type Lane = Lanes<WIDTH>;

/// Where one partial derivative goes: `jacobian[place] += factor · ∂output/∂slot`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// The output.
    pub output: u32,
    /// Which of the seeds of its evaluation.
    pub seed: u32,
    /// Entry of the Jacobian.
    pub place: u32,
    /// Nothing was written there before: the entry is set to the product and `constant`.
    pub first: bool,
    /// Factor.
    pub factor: f64,
    /// Constant part of the entry.
    pub constant: f64,
}

/// A partial derivative by a value from outside that changes in time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    /// The output.
    pub output: u32,
    /// Which of the seeds of its evaluation.
    pub seed: u32,
    /// Row of the time derivative.
    pub row: u32,
    /// Index of the import.
    pub import: u32,
    /// Factor.
    pub factor: f64,
}

/// All targets of a batch: for every member, for every evaluation of it.
#[derive(Debug, Clone, Default)]
pub struct Targets {
    /// Evaluation `e` of member `m` owns `list[offsets[m·evaluations + e]..offsets[m·evaluations + e + 1]]`.
    pub offsets: Vec<u32>,
    /// The targets.
    pub list: Vec<Target>,
    /// As `offsets`, of `drifts`.
    pub drift_offsets: Vec<u32>,
    /// What goes into the time derivative.
    pub drifts: Vec<Drift>,
}

/// Where partial derivatives are written.
#[derive(Debug)]
pub struct Sink<'a> {
    /// Slopes of the imports in time.
    pub slopes: &'a [f64],
    /// Entries of the Jacobian.
    pub jacobian: &'a mut [Lane],
    /// Time derivative of rows and exports.
    pub time_derivative: &'a mut [Lane],
}

/// A batch of members of one kind within a template.
pub trait TileKernel: Send + Sync {
    /// Number of members.
    fn members(&self) -> usize;
    /// Number of outputs of a member.
    fn outputs(&self) -> usize;
    /// Structural nonzeros of a member's Jacobian with respect to its active inputs: (output, input).
    fn entries(&self) -> &[(usize, usize)];
    /// Number of evaluations that all partial derivatives of a member take.
    fn evaluations(&self) -> usize;
    /// Evaluation and seed of an active input.
    fn seed(&self, input: usize) -> Option<(usize, usize)>;
    /// Writes the outputs of all members from `slots[first]` on, member by member.
    fn values(&self, slots: &mut [Lane], first: usize);
    /// As [`values`](TileKernel::values), and the partial derivatives to their targets.
    fn linearize(&self, slots: &mut [Lane], first: usize, targets: &Targets, sink: &mut Sink);
}

/// Members of one kind that share the set of their active inputs.
struct TileBatch<C: Component<IN, OUT>, const IN: usize, const OUT: usize> {
    /// Each set of parameters once, in all lanes, and for partial derivatives.
    parameters: Vec<C::Parameters<Lane>>,
    halves: Vec<HalfParameters<C, IN, OUT>>,
    /// Which set each member has.
    which: Vec<u32>,
    sources: Vec<[Source; IN]>,
    active: Vec<usize>,
    entries: Vec<(usize, usize)>,
}

impl<C: Component<IN, OUT>, const IN: usize, const OUT: usize> TileBatch<C, IN, OUT> {
    fn new(instances: &[Instance], active: &[usize]) -> Self {
        let mut sets: Vec<Vec<u64>> = Vec::new();
        let mut parameters = Vec::new();
        let mut halves = Vec::new();
        let mut which = Vec::new();
        for instance in instances {
            let wanted: Vec<u64> = instance.values.iter().map(|v| v.to_bits()).collect();
            let found = sets.iter().position(|set| *set == wanted).unwrap_or_else(|| {
                let values: Vec<Lane> = instance.values.iter().map(|&v| Lane::number(v)).collect();
                parameters.push(C::parameters(&values));
                let values: Vec<_> =
                    instance.values.iter().map(|&v| Real::constant(Lanes([v; WIDTH / 2]))).collect();
                halves.push(C::parameters(&values));
                sets.push(wanted);
                sets.len() - 1
            });
            which.push(found as u32);
        }
        let sources = instances.iter().map(|member| std::array::from_fn(|k| member.inputs[k])).collect();
        let mut entries = instances.first().map(entries::<C, IN, OUT>).unwrap_or_default();
        entries.retain(|(_, input)| active.contains(input));
        TileBatch { parameters, halves, which, sources, active: active.to_vec(), entries }
    }

    #[inline(always)]
    fn gather(sources: &[Source; IN], slots: &[Lane]) -> [Lane; IN] {
        std::array::from_fn(|input| {
            let source = sources[input];
            let value = slots[source.slot as usize];
            if source.scale == 1.0 { value } else { value * Lane::number(source.scale) }
        })
    }
}

fn range(offsets: &[u32], at: usize) -> std::ops::Range<usize> {
    offsets[at] as usize..offsets[at + 1] as usize
}

impl<C: Component<IN, OUT>, const IN: usize, const OUT: usize> TileKernel for TileBatch<C, IN, OUT> {
    fn members(&self) -> usize {
        self.sources.len()
    }
    fn outputs(&self) -> usize {
        OUT
    }
    fn entries(&self) -> &[(usize, usize)] {
        &self.entries
    }
    fn evaluations(&self) -> usize {
        self.active.len().div_ceil(SEEDS).max(1)
    }
    fn seed(&self, input: usize) -> Option<(usize, usize)> {
        let k = self.active.iter().position(|&active| active == input)?;
        Some((k / SEEDS, k % SEEDS))
    }
    fn values(&self, slots: &mut [Lane], first: usize) {
        for (member, sources) in self.sources.iter().enumerate() {
            let x = Self::gather(sources, slots);
            let parameters = &self.parameters[self.which[member] as usize];
            lanes::<C, IN, OUT>(parameters, &x, &mut slots[first + member * OUT..][..OUT]);
        }
    }
    fn linearize(&self, slots: &mut [Lane], first: usize, targets: &Targets, sink: &mut Sink) {
        let groups = self.evaluations();
        let mut result = no_partials::<OUT>();
        for (member, sources) in self.sources.iter().enumerate() {
            let x = Self::gather(sources, slots);
            let half = &self.halves[self.which[member] as usize];
            for group in 0..groups {
                let seeded = &self.active[(group * SEEDS).min(self.active.len())..];
                let mut seeds = [(0, 0.0); SEEDS];
                for (seed, &input) in seeds.iter_mut().zip(seeded) {
                    *seed = (input, sources[input].scale);
                }
                let seeds = &seeds[..seeded.len().min(SEEDS)];
                partials::<C, IN, OUT>([half, half], &x, seeds, &mut result);
                if group == 0 {
                    for (slot, value) in slots[first + member * OUT..][..OUT].iter_mut().zip(&result) {
                        *slot = value.v;
                    }
                }
                let at = member * groups + group;
                for target in &targets.list[range(&targets.offsets, at)] {
                    let partial = result[target.output as usize].d[target.seed as usize];
                    let entry = &mut sink.jacobian[target.place as usize];
                    let part = partial * Lane::number(target.factor);
                    *entry = if target.first { part + Lane::number(target.constant) } else { *entry + part };
                }
                for drift in &targets.drifts[range(&targets.drift_offsets, at)] {
                    let partial = result[drift.output as usize].d[drift.seed as usize];
                    let slope = sink.slopes[drift.import as usize] * drift.factor;
                    let row = &mut sink.time_derivative[drift.row as usize];
                    *row += partial * Lane::number(slope);
                }
            }
        }
    }
}

/// The kernel of a batch within a template. `active` lists the inputs by which derivatives are wanted,
/// the same for all members.
pub fn tile_batch<C: Component<IN, OUT>, const IN: usize, const OUT: usize>(
    instances: &[Instance],
    active: &[usize],
) -> Box<dyn TileKernel> {
    Box::new(TileBatch::<C, IN, OUT>::new(instances, active))
}
