//! What of a plant belongs to the racks of a group, and what to the core that they hang on.
//!
//! # How it is cut
//! In the lumped network a unit of a rack group stands for all its racks: kernels see the share of one
//! unit, sums take the total. Every value of such a unit is therefore what it would be if all racks were as this
//! one, and stays that when each rack is a member of a class. So the cut moves no factor:
//!
//! * *Inside* a class are the states, evaluations, loops and dry bulbs of the group's units, and the joints whose ends
//!   all belong to them; a sum whose terms are inside; a stream of the group that depends on something inside.
//! * What the core reads from inside becomes an *export*, `Σ over racks (1/n)·Σ factor·slot`: the mean over racks of
//!   what the lumped network has.
//! * What is read inside from the core is an *import*. It must be known before the racks are evaluated.

use super::TopologyError;
use super::compile::{Builder, Fidelity, family};
use super::nodes::{Handle, Node, Term};
use super::number::Levels;
use crate::plant::Plant;
use std::collections::BTreeMap;

/// Where a value lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// From outside, the same for all.
    Shared,
    /// In the core.
    Core,
    /// In every member of a class.
    Class(usize),
}

/// A group that is carried as a class.
#[derive(Debug, Clone)]
pub(super) struct Carried {
    /// Index of the group.
    pub group: usize,
    /// How many racks each member stands for.
    pub members: Vec<u32>,
}

/// What the members of a class give to one row of the core.
#[derive(Debug, Clone)]
pub(super) struct Export {
    /// The class.
    pub class: usize,
    /// Total of all racks, if all were equal.
    pub terms: Vec<Term>,
    /// Its node in the core.
    pub node: Handle,
}

/// The cut.
pub(super) struct Partition {
    pub classes: Vec<Carried>,
    /// Place of every node; contributions are in the core.
    pub nodes: Vec<Place>,
    pub members: Vec<Place>,
    /// Whether a node of the core depends on what racks give.
    pub late: Vec<bool>,
    pub late_members: Vec<bool>,
    pub exports: Vec<Export>,
    /// Index of the export of each class and normalised list of terms.
    known: BTreeMap<(usize, Vec<(Handle, u64)>), usize>,
}

/// The members of every group, checked against its number of racks.
pub(super) fn members(
    plant: &Plant,
    fidelity: Fidelity,
    given: &[Vec<u32>],
) -> Result<Vec<Carried>, Vec<TopologyError>> {
    if fidelity == Fidelity::Lumped {
        return Ok(Vec::new());
    }
    let mut problems = Vec::new();
    let mut carried = Vec::new();
    for (group, of) in plant.groups.iter().enumerate() {
        let members = match given.get(group) {
            Some(members) if !members.is_empty() => members.clone(),
            _ => vec![1; of.racks.round() as usize],
        };
        let sum: f64 = members.iter().map(|&racks| f64::from(racks)).sum();
        if sum == of.racks {
            carried.push(Carried { group, members });
        } else {
            problems.push(TopologyError::Members { group: of.id.clone(), sum, racks: of.racks });
        }
    }
    if problems.is_empty() { Ok(carried) } else { Err(problems) }
}

/// Cuts the plant and puts a contribution wherever the core reads from inside.
pub(super) fn cut(
    builder: &mut Builder,
    levels: &Levels,
    classes: Vec<Carried>,
) -> Result<Partition, Vec<TopologyError>> {
    let mut partition = place(builder, levels, classes);
    let problems = partition.early(builder);
    if !problems.is_empty() {
        return Err(problems);
    }
    partition.export(builder);
    Ok(partition)
}

/// Finds where everything lives, in order of evaluation.
fn place(builder: &Builder, levels: &Levels, classes: Vec<Carried>) -> Partition {
    let arena = &builder.arena;
    let owners = owners(builder, &classes);
    let owned = |owner: u32| match owners.get(owner as usize) {
        Some(&Some(class)) => Place::Class(class),
        _ => Place::Core,
    };
    let mut nodes: Vec<Place> = (arena.nodes.iter())
        .map(|node| match node {
            Node::State(state) => owned(arena.states[*state].tile),
            Node::Outside(index) => match arena.owners[*index].map(owned) {
                Some(Place::Class(class)) => Place::Class(class),
                _ => Place::Shared,
            },
            _ => Place::Core,
        })
        .collect();
    let mut late = vec![false; nodes.len()];
    let mut members = vec![Place::Core; arena.members.len()];
    let mut late_members = vec![false; arena.members.len()];
    // The one class that all terms are in, if some are in it and the others come from outside.
    let common = |nodes: &[Place], terms: &[Term]| {
        let mut class = None;
        for &(node, _) in terms {
            match (nodes[node], class) {
                (Place::Shared, _) => {}
                (Place::Class(c), None) => class = Some(c),
                (Place::Class(c), Some(known)) if c == known => {}
                _ => return None,
            }
        }
        class
    };
    let reads = |nodes: &[Place], late: &[bool], terms: &[Term]| {
        terms.iter().any(|&(node, _)| late[node] || matches!(nodes[node], Place::Class(_)))
    };
    for level in 1..=levels.last() {
        for (k, node) in arena.nodes.iter().enumerate() {
            if let Node::Sum(terms) = node
                && levels.node[k] == Some(level)
            {
                match common(&nodes, terms) {
                    Some(class) => nodes[k] = Place::Class(class),
                    None => late[k] = reads(&nodes, &late, terms),
                }
            }
        }
        for (k, member) in arena.members.iter().enumerate() {
            if levels.member[k] != Some(level) {
                continue;
            }
            let owner = owned(member.owner);
            let stream = matches!(member.family, family::LIQUID | family::AIR);
            let inside = member.inputs.iter().any(|&(node, _)| nodes[node] == owner);
            members[k] = if stream && !inside { Place::Core } else { owner };
            let outputs = member.first_output..member.first_output + member.outputs;
            nodes[outputs.clone()].fill(members[k]);
            if members[k] == Place::Core {
                late_members[k] = reads(&nodes, &late, &member.inputs);
                late[outputs].fill(late_members[k]);
            }
        }
    }
    let (exports, known) = (Vec::new(), BTreeMap::new());
    Partition { classes, nodes, members, late, late_members, exports, known }
}

/// The class of every unit, joint and loop.
fn owners(builder: &Builder, classes: &[Carried]) -> Vec<Option<usize>> {
    let plant = builder.plant;
    let of_unit = |unit: usize| {
        let group = plant.units[unit].group?;
        classes.iter().position(|class| class.group == group)
    };
    let units = (0..plant.units.len()).map(of_unit);
    let joints = plant.joints.iter().map(|joint| {
        let mut ends = joint.from.iter().chain(&joint.to).map(|end| of_unit(end.unit));
        let first = ends.next()??;
        ends.all(|class| class == Some(first)).then_some(first)
    });
    let loops = plant.loops.iter().map(|control| of_unit(control.unit));
    units.chain(joints).chain(loops).collect()
}

impl Partition {
    /// The class that a unit is in.
    pub fn class_of(&self, plant: &Plant, unit: usize) -> Option<usize> {
        let group = plant.units[unit].group?;
        self.classes.iter().position(|class| class.group == group)
    }

    /// Everything that is read inside is known before the racks are evaluated.
    fn early(&self, builder: &Builder) -> Vec<TopologyError> {
        let arena = &builder.arena;
        let mut found: Vec<Vec<&str>> = vec![Vec::new(); self.classes.len()];
        let mut look = |place: Place, terms: &[Term]| {
            let Place::Class(class) = place else { return };
            for &(node, _) in terms {
                let other = matches!(self.nodes[node], Place::Class(of) if of != class);
                if other || self.late[node] {
                    found[class].push(&arena.names[node]);
                }
            }
        };
        for (k, member) in arena.members.iter().enumerate() {
            look(self.members[k], &member.inputs);
        }
        for (k, node) in arena.nodes.iter().enumerate() {
            if let Node::Sum(terms) = node {
                look(self.nodes[k], terms);
            }
        }
        for state in &arena.states {
            look(self.nodes[state.handle], &state.rate);
        }
        let named = |(class, mut values): (usize, Vec<&str>)| {
            values.sort_unstable();
            values.dedup();
            let group = builder.plant.groups[self.classes[class].group].id.clone();
            TopologyError::AtOneInstant { values: values.join(", "), group }
        };
        found.into_iter().enumerate().filter(|(_, values)| !values.is_empty()).map(named).collect()
    }

    /// Replaces what the core reads from inside by contributions.
    fn export(&mut self, builder: &mut Builder) {
        for k in 0..builder.arena.nodes.len() {
            if let (Node::Sum(terms), Place::Core) = (&builder.arena.nodes[k], self.nodes[k]) {
                let terms = self.without(builder, terms.clone());
                builder.arena.nodes[k] = Node::Sum(terms);
            }
        }
        for k in 0..builder.arena.states.len() {
            if self.nodes[builder.arena.states[k].handle] == Place::Core {
                let rate = std::mem::take(&mut builder.arena.states[k].rate);
                builder.arena.states[k].rate = self.without(builder, rate);
            }
        }
        for k in 0..builder.arena.members.len() {
            if self.members[k] == Place::Core {
                let inputs = builder.arena.members[k].inputs.clone();
                builder.arena.members[k].inputs =
                    inputs.into_iter().map(|input| self.settle(builder, input)).collect();
            }
        }
    }

    /// A value as the core can read it.
    pub fn settle(&mut self, builder: &mut Builder, term: Term) -> Term {
        match self.nodes[term.0] {
            Place::Class(_) => self.without(builder, vec![term])[0],
            _ => term,
        }
    }

    /// Terms with those of each class taken together into one contribution.
    fn without(&mut self, builder: &mut Builder, terms: Vec<Term>) -> Vec<Term> {
        let mut kept = Vec::new();
        let mut inside: BTreeMap<usize, Vec<Term>> = BTreeMap::new();
        for term in terms {
            match self.nodes[term.0] {
                Place::Class(class) => inside.entry(class).or_default().push(term),
                _ => kept.push(term),
            }
        }
        for (class, terms) in inside {
            let first = terms[0].1;
            let terms: Vec<Term> = terms.iter().map(|&(node, factor)| (node, factor / first)).collect();
            let key = terms.iter().map(|&(node, factor)| (node, factor.to_bits())).collect();
            let index = match self.known.get(&(class, Vec::clone(&key))) {
                Some(&known) => known,
                None => {
                    self.known.insert((class, key), self.exports.len());
                    self.contribution(builder, class, terms)
                }
            };
            kept.push((self.exports[index].node, first));
        }
        kept
    }

    /// A new export and its node; returns its index.
    fn contribution(&mut self, builder: &mut Builder, class: usize, terms: Vec<Term>) -> usize {
        let mut name = builder.arena.names[terms[0].0].clone();
        if terms.len() > 1 {
            name = format!("{name} and {} more", terms.len() - 1);
        }
        let node = builder.arena.push(format!("{name}, all racks"), Node::Contribution);
        self.nodes.push(Place::Core);
        self.late.push(true);
        self.exports.push(Export { class, terms, node });
        self.exports.len() - 1
    }
}
