//! A circuit as one evaluation of the network: speeds and openings in, flows, pressures and powers out.

use super::circuit::Circuit;
use super::solve::{Solution, Workspace};
use crate::kernel::{Kernel, Source};
use std::any::TypeId;
use std::sync::{Arc, Mutex, PoisonError};

/// One value that a circuit gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// Mass flow of a branch [kg/s].
    Flow(usize),
    /// Head loss of a link [Pa].
    Loss(usize),
    /// Power that one unit of a link gives to the liquid [W].
    Power(usize),
    /// Flow of a link as a share of its design flow, less its control: how far a limiter is from its set-point.
    Excess(usize),
    /// Absolute pressure at a node [Pa].
    Pressure(usize),
}

/// A circuit with what is wanted of it.
#[derive(Debug)]
pub struct Evaluated {
    /// The circuit.
    pub circuit: Circuit,
    /// Number of controls.
    pub controls: usize,
    /// Density of the liquid [kg/m³].
    pub density: f64,
    /// Absolute pressure where the expansion vessel is connected [Pa].
    pub fill: f64,
    /// The [way](super::ways) from there to each node.
    pub ways: Vec<Vec<(usize, f64)>>,
    /// What it gives back, in order.
    pub given: Vec<Given>,
}

/// The last solution, for when the same is asked again.
#[derive(Debug, Default)]
struct Memory {
    controls: Vec<f64>,
    asked: Vec<f64>,
    solved: bool,
    linearized: bool,
    solution: Solution,
    work: Workspace,
    /// Derivatives of the branches' flows, branch by branch.
    slopes: Vec<f64>,
}

/// One member: the circuit.
///
/// It is solved again only where a control has changed by a bit. The solution is a function of the controls alone, so
/// what is remembered changes no result.
pub struct CircuitKernel {
    of: Arc<Evaluated>,
    sources: Vec<Source>,
    entries: Vec<(usize, usize)>,
    memory: Mutex<Memory>,
}

impl CircuitKernel {
    /// A circuit with one source for each control.
    pub fn new(of: Arc<Evaluated>, sources: Vec<Source>) -> Self {
        let entries =
            (0..of.given.len()).flat_map(|output| (0..of.controls).map(move |k| (output, k))).collect();
        CircuitKernel { of, sources, entries, memory: Mutex::new(Memory::default()) }
    }

    /// Solves where something has changed; whether there is a solution.
    fn refresh(&self, slots: &[f64], memory: &mut Memory) -> bool {
        memory.asked.clear();
        memory.asked.extend(self.sources.iter().map(|s| slots[s.slot as usize] * s.scale));
        let same = memory.controls.len() == memory.asked.len()
            && memory.controls.iter().zip(&memory.asked).all(|(a, b)| a.to_bits() == b.to_bits());
        if !same {
            memory.controls.clone_from(&memory.asked);
            memory.linearized = false;
            let result = self.of.circuit.solve(&memory.controls, &mut memory.work, &mut memory.solution);
            memory.solved = result.is_ok();
        }
        memory.solved
    }
}

impl Evaluated {
    fn value(&self, given: Given, controls: &[f64], solution: &Solution) -> f64 {
        let through = |link| {
            let (branch, sign) = self.circuit.place(link);
            sign * solution.flows[branch]
        };
        match given {
            Given::Flow(branch) => solution.flows[branch] * self.density,
            Given::Loss(link) => self.circuit.loss(link, through(link), controls).value,
            Given::Power(link) => {
                let flow = through(link);
                -flow * self.circuit.loss(link, flow, controls).value / self.circuit.elements[link].units
            }
            Given::Excess(link) => {
                let element = &self.circuit.elements[link];
                let control = element.control.and_then(|k| controls.get(k)).copied().unwrap_or(0.0);
                through(link) / (element.units * element.law.design_flow()) - control
            }
            Given::Pressure(node) => self.ways[node].iter().fold(self.fill, |pressure, &(link, sign)| {
                pressure - sign * self.circuit.loss(link, through(link), controls).value
            }),
        }
    }

    /// Derivative of a value by a control, from the derivatives of the flows.
    fn slope(&self, given: Given, by: usize, memory: &Memory) -> f64 {
        let flow_slope = |branch: usize| memory.slopes[branch * self.controls + by];
        let at = |link: usize| {
            let (branch, sign) = self.circuit.place(link);
            let (flow, slope) = (sign * memory.solution.flows[branch], sign * flow_slope(branch));
            let loss = self.circuit.loss(link, flow, &memory.controls);
            let own = if self.circuit.elements[link].control == Some(by) { 1.0 } else { 0.0 };
            (flow, slope, loss.value, loss.by_flow * slope + own * loss.by_control, own)
        };
        match given {
            Given::Flow(branch) => flow_slope(branch) * self.density,
            Given::Loss(link) => at(link).3,
            Given::Power(link) => {
                let (flow, flow_slope, loss, loss_slope, _) = at(link);
                -(flow * loss_slope + flow_slope * loss) / self.circuit.elements[link].units
            }
            Given::Excess(link) => {
                let element = &self.circuit.elements[link];
                let (_, slope, _, _, own) = at(link);
                slope / (element.units * element.law.design_flow()) - own
            }
            Given::Pressure(node) => self.ways[node].iter().map(|&(link, sign)| -sign * at(link).3).sum(),
        }
    }
}

impl Kernel for CircuitKernel {
    fn members(&self) -> usize {
        1
    }
    fn inputs(&self) -> usize {
        self.sources.len()
    }
    fn outputs(&self) -> usize {
        self.of.given.len()
    }
    fn entries(&self) -> &[(usize, usize)] {
        &self.entries
    }
    fn source(&self, _: usize, input: usize) -> Source {
        self.sources[input]
    }
    fn component(&self) -> TypeId {
        TypeId::of::<CircuitKernel>()
    }
    fn values(&self, slots: &mut [f64], first: usize) {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let solved = self.refresh(slots, &mut memory);
        for (slot, &given) in slots[first..].iter_mut().zip(&self.of.given) {
            *slot = if solved { self.of.value(given, &memory.controls, &memory.solution) } else { f64::NAN };
        }
    }
    fn linearize(&self, slots: &mut [f64], first: usize, jacobian: &mut [f64]) {
        self.values(slots, first);
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let memory = &mut *memory;
        if !memory.solved {
            return jacobian.fill(f64::NAN);
        }
        if !memory.linearized {
            memory.slopes.clear();
            memory.slopes.resize(self.of.circuit.branches() * self.of.controls, 0.0);
            let (work, slopes) = (&mut memory.work, &mut memory.slopes);
            self.of.circuit.sensitivities(&memory.controls, &memory.solution, work, slopes);
            memory.linearized = true;
        }
        for (entry, &(output, input)) in jacobian.iter_mut().zip(&self.entries) {
            *entry = self.of.slope(self.of.given[output], input, memory) * self.sources[input].scale;
        }
    }
}
