//! Batches of a network: members of one kind with their own parameters and wiring.

use super::beside::{LaneKernel, beside};
use super::in_lanes::{HALF, HalfParameters, SEEDS, lanes, no_partials, one_with_partials, partials};
use super::{Component, Instance, Kernel, Source, WIDTH, entries};
use real::{Dual, Lanes};
use std::any::TypeId;
use std::sync::Arc;

/// The wiring of the members of a batch, and what they were made of.
struct Wiring<const IN: usize> {
    instances: Vec<Instance>,
    sources: Vec<[Source; IN]>,
    entries: Vec<(usize, usize)>,
}

impl<const IN: usize> Wiring<IN> {
    fn new<C: Component<IN, OUT>, const OUT: usize>(instances: &[Instance]) -> Self {
        let sources = instances.iter().map(|member| std::array::from_fn(|k| member.inputs[k])).collect();
        Wiring { instances: instances.to_vec(), sources, entries: entries::<C, IN, OUT>(&instances[0]) }
    }
    // Loops over places: `array::from_fn` is not always inlined, and a call for every input costs more than the input.
    /// Inputs of a member.
    #[inline(always)]
    fn inputs(&self, member: usize, slots: &[f64]) -> [f64; IN] {
        let mut inputs = [0.0; IN];
        for (input, source) in inputs.iter_mut().zip(&self.sources[member]) {
            *input = slots[source.slot as usize] * source.scale;
        }
        inputs
    }
}

/// The wiring of a group of eight members: for each input the slots that they read, and what each value is multiplied by.
struct GroupWiring<const IN: usize> {
    slots: [[u32; WIDTH]; IN],
    scales: [Lanes<WIDTH>; IN],
}

impl<const IN: usize> GroupWiring<IN> {
    /// That of a group of members; the last one fills it up.
    fn of(sources: &[[Source; IN]], group: usize) -> Self {
        let member = |k: usize| &sources[(group * WIDTH + k).min(sources.len() - 1)];
        GroupWiring {
            slots: std::array::from_fn(|input| std::array::from_fn(|k| member(k)[input].slot)),
            scales: std::array::from_fn(|input| Lanes(std::array::from_fn(|k| member(k)[input].scale))),
        }
    }

    /// Their inputs.
    #[inline(always)]
    fn inputs(&self, slots: &[f64]) -> [Lanes<WIDTH>; IN] {
        let mut inputs = self.scales;
        for (input, places) in inputs.iter_mut().zip(&self.slots) {
            let mut read = Lanes([0.0; WIDTH]);
            for (value, &place) in read.0.iter_mut().zip(places) {
                *value = slots[place as usize];
            }
            *input = read * *input;
        }
        inputs
    }
}

/// A batch: the wiring of its members, and the form in which they are evaluated.
struct Batch<F, const IN: usize, const OUT: usize> {
    wiring: Wiring<IN>,
    form: F,
}

/// The form in which the members of a batch are evaluated.
trait Form<const IN: usize, const OUT: usize>: Send + Sync {
    /// Their kind.
    type Of: Component<IN, OUT>;
    /// As [`Kernel::values`].
    fn values(&self, wiring: &Wiring<IN>, slots: &mut [f64], first: usize);
    /// As [`Kernel::linearize`].
    fn linearize(&self, wiring: &Wiring<IN>, slots: &mut [f64], first: usize, jacobian: &mut [f64]);
}

/// Members one after the other.
pub(super) fn ones<C: Component<IN, OUT>, const IN: usize, const OUT: usize>(
    instances: &[Instance],
) -> Box<dyn Kernel> {
    let wiring = Wiring::new::<C, OUT>(instances);
    Box::new(Batch { wiring, form: Ones::<C, IN, OUT>::new(instances) })
}

/// Members in groups of eight.
pub(super) fn eights<C: Component<IN, OUT>, const IN: usize, const OUT: usize>(
    instances: &[Instance],
) -> Box<dyn Kernel> {
    let wiring = Wiring::new::<C, OUT>(instances);
    let form = Eights::<C, IN, OUT>::new(instances, &wiring);
    Box::new(Batch { wiring, form })
}

impl<F: Form<IN, OUT>, const IN: usize, const OUT: usize> Kernel for Batch<F, IN, OUT> {
    fn members(&self) -> usize {
        self.wiring.sources.len()
    }
    fn inputs(&self) -> usize {
        IN
    }
    fn outputs(&self) -> usize {
        OUT
    }
    fn entries(&self) -> &[(usize, usize)] {
        &self.wiring.entries
    }
    fn source(&self, member: usize, input: usize) -> Source {
        self.wiring.sources[member][input]
    }
    fn component(&self) -> TypeId {
        TypeId::of::<F::Of>()
    }
    fn instances(&self) -> &[Instance] {
        &self.wiring.instances
    }
    fn beside(&self, networks: &[Arc<dyn Kernel>]) -> Option<Box<dyn LaneKernel>> {
        let instances: Vec<&[Instance]> = networks.iter().map(|kernel| kernel.instances()).collect();
        Some(beside::<F::Of, IN, OUT>(&instances))
    }
    fn values(&self, slots: &mut [f64], first: usize) {
        self.form.values(&self.wiring, slots, first);
    }
    fn linearize(&self, slots: &mut [f64], first: usize, jacobian: &mut [f64]) {
        self.form.linearize(&self.wiring, slots, first, jacobian);
    }
}

/// Members of one kind, one after the other.
struct Ones<C: Component<IN, OUT>, const IN: usize, const OUT: usize> {
    parameters: Vec<C::Parameters<f64>>,
}

impl<C: Component<IN, OUT>, const IN: usize, const OUT: usize> Ones<C, IN, OUT> {
    fn new(instances: &[Instance]) -> Self {
        Ones { parameters: instances.iter().map(|member| C::parameters(&member.values)).collect() }
    }
}

impl<C: Component<IN, OUT>, const IN: usize, const OUT: usize> Form<IN, OUT> for Ones<C, IN, OUT> {
    type Of = C;
    fn values(&self, wiring: &Wiring<IN>, slots: &mut [f64], first: usize) {
        for (member, parameters) in self.parameters.iter().enumerate() {
            let x = wiring.inputs(member, slots);
            slots[first + member * OUT..][..OUT].copy_from_slice(&C::evaluate::<f64>(parameters, x));
        }
    }
    fn linearize(&self, wiring: &Wiring<IN>, slots: &mut [f64], first: usize, jacobian: &mut [f64]) {
        let width = wiring.entries.len();
        let mut result = [Dual::<f64, IN> { v: 0.0, d: [0.0; IN] }; OUT];
        for (member, parameters) in self.parameters.iter().enumerate() {
            one_with_partials::<C, IN, OUT>(parameters, &wiring.inputs(member, slots), &mut result);
            for (slot, result) in slots[first + member * OUT..].iter_mut().zip(&result) {
                *slot = result.v;
            }
            let jacobian = &mut jacobian[member * width..][..width];
            for (partial, &(o, i)) in jacobian.iter_mut().zip(&wiring.entries) {
                *partial = result[o].d[i] * wiring.sources[member][i].scale;
            }
        }
    }
}

/// Members of one kind in groups of eight; the last group repeats its last member.
struct Eights<C: Component<IN, OUT>, const IN: usize, const OUT: usize> {
    groups: Vec<GroupWiring<IN>>,
    parameters: Vec<C::Parameters<Lanes<WIDTH>>>,
    halves: Vec<[HalfParameters<C, IN, OUT>; 2]>,
    evaluations: Vec<Evaluation>,
}

/// One evaluation with derivatives.
struct Evaluation {
    /// The inputs that it seeds, each with the factor 1.
    seeds: Vec<(usize, f64)>,
    /// What it finds: entry, output, seed.
    found: Vec<[usize; 3]>,
}

impl<C: Component<IN, OUT>, const IN: usize, const OUT: usize> Eights<C, IN, OUT> {
    fn new(instances: &[Instance], wiring: &Wiring<IN>) -> Self {
        let last = instances.len() - 1;
        let groups = 0..instances.len().div_ceil(WIDTH);
        let groups = groups.map(|group| GroupWiring::of(&wiring.sources, group)).collect();
        let (mut parameters, mut halves) = (Vec::new(), Vec::new());
        for first in (0..instances.len()).step_by(WIDTH) {
            let of = |k: usize, field: usize| instances[(first + k).min(last)].values[field];
            let fields = 0..instances[0].values.len();
            let whole = |field| Lanes(std::array::from_fn(|k| of(k, field)));
            parameters.push(C::parameters(&fields.clone().map(whole).collect::<Vec<Lanes<WIDTH>>>()));
            halves.push([0, HALF].map(|half| {
                let part = |field| Lanes(std::array::from_fn(|k| of(half + k, field)));
                C::parameters(&fields.clone().map(part).collect::<Vec<Lanes<HALF>>>())
            }));
        }
        let reaching: Vec<usize> =
            (0..IN).filter(|input| wiring.entries.iter().any(|(_, i)| i == input)).collect();
        let evaluation = |seeded: &[usize]| {
            let found = wiring.entries.iter().enumerate().filter_map(|(entry, &(o, i))| {
                let seed = seeded.iter().position(|&input| input == i)?;
                Some([entry, o, seed])
            });
            let seeds = seeded.iter().map(|&input| (input, 1.0)).collect();
            Evaluation { seeds, found: found.collect() }
        };
        let mut evaluations: Vec<_> = reaching.chunks(SEEDS).map(evaluation).collect();
        if evaluations.is_empty() {
            evaluations.push(Evaluation { seeds: Vec::new(), found: Vec::new() });
        }
        Eights { groups, parameters, halves, evaluations }
    }
}

impl<C: Component<IN, OUT>, const IN: usize, const OUT: usize> Form<IN, OUT> for Eights<C, IN, OUT> {
    type Of = C;
    fn values(&self, wiring: &Wiring<IN>, slots: &mut [f64], first: usize) {
        let members = wiring.sources.len();
        let mut result = [Lanes([0.0; WIDTH]); OUT];
        for (group, (parameters, of_group)) in self.parameters.iter().zip(&self.groups).enumerate() {
            lanes::<C, IN, OUT>(parameters, &of_group.inputs(slots), &mut result);
            let begin = group * WIDTH;
            let slots = &mut slots[first + begin * OUT..first + (begin + WIDTH).min(members) * OUT];
            for (k, slots) in slots.chunks_exact_mut(OUT).enumerate() {
                for (slot, result) in slots.iter_mut().zip(&result) {
                    *slot = result.0[k];
                }
            }
        }
    }
    fn linearize(&self, wiring: &Wiring<IN>, slots: &mut [f64], first: usize, jacobian: &mut [f64]) {
        let width = wiring.entries.len();
        let mut result = no_partials::<OUT>();
        for (group, ([low, high], of_group)) in self.halves.iter().zip(&self.groups).enumerate() {
            let x = of_group.inputs(slots);
            let begin = group * WIDTH;
            let members = begin..(begin + WIDTH).min(wiring.sources.len());
            for Evaluation { seeds, found } in &self.evaluations {
                partials::<C, IN, OUT>([low, high], &x, seeds, &mut result);
                for member in members.clone() {
                    let sources = &wiring.sources[member];
                    let jacobian = &mut jacobian[member * width..][..width];
                    for &[entry, output, seed] in found {
                        let scale = sources[wiring.entries[entry].1].scale;
                        jacobian[entry] = result[output].d[seed].0[member - begin] * scale;
                    }
                }
            }
            for member in members {
                for (slot, result) in slots[first + member * OUT..].iter_mut().zip(&result) {
                    *slot = result.v.0[member - begin];
                }
            }
        }
    }
}
