//! The builder's arena: slots before they have a number.

use super::Sum;
use crate::kernel::Source;

/// Handle of a node.
pub(super) type Handle = usize;

/// A term of a sum before numbering.
pub(super) type Term = (Handle, f64);

/// A value of the network to be.
#[derive(Debug, Clone)]
pub(super) enum Node {
    State(usize),
    Sum(Vec<Term>),
    Output,
    Outside(usize),
    /// What the members of a class give to the core: known once they are evaluated.
    Contribution,
}

/// A component evaluation to be.
pub(super) struct Member {
    /// Name for messages.
    pub name: String,
    /// Groups members into batches: same family, same level.
    pub family: usize,
    /// The unit, joint or loop it belongs to, numbered as the tile of a state.
    pub owner: u32,
    pub values: Vec<f64>,
    pub inputs: Vec<Term>,
    /// Handle of its first output; the others follow.
    pub first_output: Handle,
    pub outputs: usize,
}

/// A state to be.
pub(super) struct StateSlot {
    pub name: String,
    pub handle: Handle,
    pub initial: f64,
    pub scale: f64,
    pub tile: u32,
    pub held: bool,
    /// Its rate.
    pub rate: Vec<Term>,
}

/// All nodes in order of creation.
#[derive(Default)]
pub(super) struct Arena {
    pub nodes: Vec<Node>,
    pub names: Vec<String>,
    pub members: Vec<Member>,
    pub states: Vec<StateSlot>,
    pub outside: Vec<f64>,
    /// The unit or loop that each outside value is held for.
    pub owners: Vec<Option<u32>>,
}

impl Arena {
    /// A node of any kind.
    pub fn push(&mut self, name: String, node: Node) -> Handle {
        self.nodes.push(node);
        self.names.push(name);
        self.nodes.len() - 1
    }
    /// A state; its rate is filled in later.
    pub fn state(&mut self, name: String, initial: f64, scale: f64, tile: u32, held: bool) -> usize {
        let index = self.states.len();
        let handle = self.push(name.clone(), Node::State(index));
        self.states.push(StateSlot { name, handle, initial, scale, tile, held, rate: Vec::new() });
        index
    }
    /// A value from outside.
    pub fn outside(&mut self, name: String, value: f64) -> Handle {
        self.held(name, value, None)
    }
    /// A value from outside that is held for a unit or loop: a position, a switch, a command.
    pub fn held(&mut self, name: String, value: f64, owner: Option<u32>) -> Handle {
        self.outside.push(value);
        self.owners.push(owner);
        let index = self.outside.len() - 1;
        self.push(name, Node::Outside(index))
    }
    /// A linear sum; a single term stays itself.
    pub fn sum(&mut self, name: String, terms: Vec<Term>) -> Term {
        let terms = merged(terms);
        match terms.as_slice() {
            [single] => *single,
            _ => (self.push(name, Node::Sum(terms)), 1.0),
        }
    }
    /// A component evaluation; returns its index.
    pub fn member(
        &mut self,
        name: &str,
        (family, owner): (usize, u32),
        values: Vec<f64>,
        inputs: Vec<Term>,
        outputs: &[&str],
    ) -> usize {
        let index = self.members.len();
        let first_output = self.nodes.len();
        for output in outputs {
            self.push(format!("{name}.{output}"), Node::Output);
        }
        let name = name.to_string();
        let outputs = outputs.len();
        self.members.push(Member { name, family, owner, values, inputs, first_output, outputs });
        index
    }
}

/// Terms with one entry per node; what cancels to rounding is gone.
pub(super) fn merged(mut terms: Vec<Term>) -> Vec<Term> {
    let largest = terms.iter().fold(0.0f64, |m, &(_, f)| m.max(f.abs()));
    terms.sort_by_key(|&(node, _)| node);
    let mut out: Vec<Term> = Vec::with_capacity(terms.len());
    for (node, factor) in terms {
        match out.last_mut() {
            Some((last, sum)) if *last == node => *sum += factor,
            _ => out.push((node, factor)),
        }
    }
    out.retain(|&(_, f)| f.abs() > 1e-12 * largest);
    out
}

/// Final numbers for handles.
#[derive(Debug)]
pub(super) struct Numbers(pub Vec<u32>);

impl Numbers {
    pub fn source(&self, (handle, scale): Term) -> Source {
        Source { slot: self.0[handle], scale }
    }
    pub fn sum(&self, terms: &[Term]) -> Sum {
        let mut numbered: Vec<(u32, f64)> = terms.iter().map(|&(h, f)| (self.0[h], f)).collect();
        numbered.sort_by_key(|&(slot, _)| slot);
        Sum { terms: numbered, constant: 0.0 }
    }
}
