//! The plan of a network: what its plant's form decides and none of its numbers does.
//!
//! Plants that differ in numbers only, a set-point, a size, a climate's pressure, have one plan: the same order of
//! evaluation, numbers of slots, names of rows and pattern of partial derivatives. Who compiles many of them
//! ([`compile_as`](super::compile_as)) makes it once and fills in the numbers of each.
//!
//! Whether a plan fits is compared, not assumed. Numbers can change a form, too: equal constants are one slot, and what
//! cancels is no term. So a plan belongs to what was built of a plant, all values and what each is made of, and another
//! plant has it where that is the same from end to end ([`Form`]).

use super::compile::Builder;
use super::evaluate::Derivatives;
use super::nodes::{Arena, Handle, Node, Numbers, StateSlot};
use super::number::{Levels, Planned, plan};
use super::partition::{Partition, Place};

/// Everything that a plan is made from, written out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Form {
    /// Nodes, members, states and constraints with what each reads, every list after its length.
    structure: Vec<u64>,
    /// Names of the rows, each ended by a zero.
    names: String,
}

impl Form {
    pub fn of(builder: &Builder) -> Form {
        let Arena { nodes, names, members, states, outside, owners: _ } = &builder.arena;
        let mut structure = Vec::with_capacity(8 * nodes.len());
        let mut list = |first: &[u64], handles: &mut dyn ExactSizeIterator<Item = Handle>| {
            structure.extend_from_slice(first);
            structure.push(handles.len() as u64);
            structure.extend(handles.map(|handle| handle as u64));
        };
        let none = &mut std::iter::empty();
        list(&[nodes.len() as u64, members.len() as u64, states.len() as u64, outside.len() as u64], none);
        for node in nodes {
            match node {
                Node::State(index) => list(&[0, *index as u64], none),
                Node::Sum(terms) => list(&[1], &mut terms.iter().map(|term| term.0)),
                Node::Output => list(&[2], none),
                Node::Outside(index) => list(&[3, *index as u64], none),
                Node::Contribution => list(&[4], none),
            }
        }
        for member in members {
            let counts = [member.family, member.values.len(), member.first_output, member.outputs];
            list(&counts.map(|count| count as u64), &mut member.inputs.iter().map(|term| term.0));
        }
        for state in states {
            list(&[state.handle as u64], &mut state.rate.iter().map(|term| term.0));
        }
        list(&[], &mut builder.ideal.iter().map(|ideal| ideal.row as usize));
        // What comes from outside is no row, and a constant is called by its value.
        let rows = nodes.iter().zip(names).filter(|(node, _)| !matches!(node, Node::Outside(_)));
        let names = rows.flat_map(|(_, name)| [name.as_str(), "\0"]).collect();
        Form { structure, names }
    }
}

/// Operations and slots in order of evaluation.
#[derive(Debug)]
pub(super) struct Order {
    pub operations: Vec<Planned>,
    /// Operations before this one do not depend on contributions.
    pub lead: usize,
    pub numbers: Numbers,
    pub states: usize,
    pub rows: usize,
    /// Name of each row.
    pub names: Vec<String>,
}

impl Order {
    /// Of the core, which is everything where nothing was cut out.
    pub fn new(builder: &Builder, levels: &Levels, cut: Option<&Partition>) -> Order {
        let arena = &builder.arena;
        let in_core = |node: Handle| cut.is_none_or(|cut| !matches!(cut.nodes[node], Place::Class(_)));
        let late = |node: Handle| cut.is_some_and(|cut| cut.late[node]);
        let member_in_core = |k: usize| cut.is_none_or(|cut| cut.members[k] == Place::Core);
        let member_late = |k: usize| cut.is_some_and(|cut| cut.late_members[k]);
        let mut operations =
            plan(builder, levels, &|k| in_core(k) && !late(k), &|k| member_in_core(k) && !member_late(k));
        let rest =
            plan(builder, levels, &|k| in_core(k) && late(k), &|k| member_in_core(k) && member_late(k));
        let mut numbers = vec![u32::MAX; arena.nodes.len()];
        let mut names = Vec::new();
        let mut number = |node: Handle| {
            numbers[node] = names.len() as u32;
            names.push(arena.names[node].clone());
        };
        let core_states: Vec<&StateSlot> =
            arena.states.iter().filter(|state| in_core(state.handle)).collect();
        core_states.iter().for_each(|state| number(state.handle));
        let number_planned = |operation: &Planned, number: &mut dyn FnMut(Handle)| match operation {
            Planned::Sum(node) => number(*node),
            Planned::Batch { members, .. } => {
                for member in members.iter().map(|&m| &arena.members[m]) {
                    (member.first_output..member.first_output + member.outputs).for_each(&mut *number);
                }
            }
        };
        operations.iter().for_each(|operation| number_planned(operation, &mut number));
        let exports = cut.map_or(&[][..], |cut| &cut.exports);
        exports.iter().for_each(|export| number(export.node));
        rest.iter().for_each(|operation| number_planned(operation, &mut number));
        let rows = names.len();
        for (node, kind) in arena.nodes.iter().enumerate() {
            if let Node::Outside(index) = kind {
                numbers[node] = (rows + index) as u32;
            }
        }
        let (lead, states) = (operations.len(), core_states.len());
        operations.extend(rest);
        Order { operations, lead, numbers: Numbers(numbers), states, rows, names }
    }
}

/// The plan of a network.
#[derive(Debug)]
pub struct Plan {
    /// What it was made from; nothing where racks are carried apart, whose plans are not shared.
    pub(super) form: Option<Form>,
    pub(super) order: Order,
    pub(super) derivatives: Derivatives,
}
