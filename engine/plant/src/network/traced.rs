//! What flow tracing needs beside the ledger: who drew how much at each outlet, which streams were warmed and cooled
//! by whom, and how much air each group of racks took.
//!
//! Every amount is integrated with the states, as the meters are. Where a meter of the ledger counts the same, it is
//! read and no state is added. What is in the racks of a group is taken together: tracing ends at the rack.
//!
//! *Circuit*: joints that passages of one medium connect. Heat that enters a circuit anywhere may leave it anywhere.

use super::compile::Builder;
use super::flows;
use super::nodes::{Term, merged};
use crate::declare::{Effect, Medium, Role, Side};
use crate::plant::End;
use std::collections::BTreeMap;

/// Who takes what an outlet gives, or gives what an inlet takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Taker {
    /// A unit that stands in no rack: index into the plant's units.
    Unit(usize),
    /// The racks of a group: index into the plant's groups.
    Group(usize),
}

/// An amount that tracing reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Traced {
    /// Electricity drawn from a unit's outlets, or from the utility feed [J].
    Electricity {
        /// The supplier; `None` is the utility feed.
        from: Option<usize>,
        /// Who draws.
        to: Taker,
    },
    /// Heat handed on without a stream to a unit that stands in no rack [J].
    Heat {
        /// The giver.
        from: Taker,
        /// The unit that takes it.
        to: usize,
    },
    /// Heat given to the streams of a circuit, negative where they are cooled [J].
    ToStream {
        /// Who gives it.
        by: Taker,
        /// The circuit.
        circuit: usize,
    },
    /// Air taken in from a circuit by the racks of a group [kg].
    Air {
        /// The group.
        group: usize,
        /// The circuit.
        circuit: usize,
    },
}

/// Where the integral of a traced amount is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TracedMeter {
    /// What it counts.
    pub what: Traced,
    /// The state that integrates it; perhaps that of a meter of the ledger.
    pub state: u32,
}

/// What flow tracing works on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Traces {
    /// The amounts, each kind once.
    pub meters: Vec<TracedMeter>,
    /// States that integrate a traced amount and belong to no meter of the ledger.
    pub own: std::ops::Range<u32>,
    /// Units with a coil in the air that leaves the racks of one group, before it meets any other: unit, circuit of
    /// the air, group. Rear doors.
    pub doors: Vec<(usize, usize, usize)>,
    /// Circuits of air that the passages of each unit outside of the racks are in.
    pub air: Vec<(usize, usize)>,
}

/// A traced amount before numbering.
pub(super) enum Integral {
    /// The meter of the ledger with this index counts the same.
    Meter(usize),
    /// Its own state, with this rate.
    Own(Vec<Term>),
}

/// As [`Traces`], before numbering.
#[derive(Default)]
pub(super) struct ToTrace {
    pub integrals: Vec<(Traced, Integral)>,
    pub doors: Vec<(usize, usize, usize)>,
    pub air: Vec<(usize, usize)>,
}

impl ToTrace {
    /// Rates of the states that are added for tracing.
    pub fn own(&self) -> impl Iterator<Item = (&Traced, &Vec<Term>)> {
        self.integrals.iter().filter_map(|(what, integral)| match integral {
            Integral::Own(rate) => Some((what, rate)),
            Integral::Meter(_) => None,
        })
    }

    /// With the numbers of the states: `first_meter` of the ledger, `first` of those that are added.
    pub fn numbered(&self, first_meter: u32, first: u32) -> Traces {
        let mut next = first;
        let meters = (self.integrals.iter())
            .map(|(what, integral)| {
                let state = match integral {
                    Integral::Meter(meter) => first_meter + *meter as u32,
                    Integral::Own(_) => {
                        next += 1;
                        next - 1
                    }
                };
                TracedMeter { what: *what, state }
            })
            .collect();
        Traces { meters, own: first..next, doors: self.doors.clone(), air: self.air.clone() }
    }
}

impl Builder<'_> {
    /// Finds everything that tracing reads; after the meters.
    pub(super) fn add_traces(&mut self) {
        let circuits = self.circuits();
        let mut traced: BTreeMap<Traced, Vec<Term>> = BTreeMap::new();
        self.trace_wires(&mut traced);
        self.trace_streams(&circuits, &mut traced);
        self.trace_air(&circuits, &mut traced);
        let known: BTreeMap<Vec<(usize, u64)>, usize> =
            (self.meters.iter().enumerate()).map(|(k, (_, terms))| (key(terms), k)).collect();
        for (what, terms) in traced {
            let terms = merged(terms);
            let integral = match known.get(&key(&terms)) {
                _ if terms.is_empty() => continue,
                Some(&meter) => Integral::Meter(meter),
                None => Integral::Own(terms),
            };
            self.traced.integrals.push((what, integral));
        }
        self.traced.doors = self.doors(&circuits);
        self.traced.air = (self.at_inlet.iter())
            .filter(|(end, _)| flows::port(self.plant, **end).medium == Medium::Air)
            .filter(|(end, _)| self.plant.units[end.unit].group.is_none())
            .map(|(end, &joint)| (end.unit, circuits[joint]))
            .collect();
        self.traced.air.dedup();
    }

    fn taker(&self, unit: usize) -> Taker {
        match self.plant.units[unit].group {
            Some(group) => Taker::Group(group),
            None => Taker::Unit(self.copies.part(unit)),
        }
    }

    fn trace_wires(&self, traced: &mut BTreeMap<Traced, Vec<Term>>) {
        let plant = self.plant;
        let inside = |unit: usize| plant.units[unit].group.is_some();
        for (wire, carried) in plant.wires.iter().zip(&self.carried) {
            let heat = wire.from.filter(|&from| flows::port(plant, from).medium == Medium::Heat);
            let (what, terms) = match heat {
                Some(from) => {
                    if inside(wire.to.unit) {
                        continue; // a rack owns what it passes on
                    }
                    let name = flows::port(plant, from).name;
                    let terms = self.outputs_at(from, |e| e == Effect::Heat(name));
                    (Traced::Heat { from: self.taker(from.unit), to: wire.to.unit }, terms)
                }
                None if wire.from.is_some_and(|from| inside(from.unit)) => continue,
                None => {
                    let from = wire.from.map(|from| from.unit);
                    (Traced::Electricity { from, to: self.taker(wire.to.unit) }, carried.clone())
                }
            };
            traced.entry(what).or_default().extend(terms);
        }
    }

    fn trace_streams(&self, circuits: &[usize], traced: &mut BTreeMap<Traced, Vec<Term>>) {
        for (&end, &joint) in &self.at_outlet {
            let name = flows::port(self.plant, end).name;
            let terms = self.outputs_at(end, |e| e == Effect::Heat(name));
            let what = Traced::ToStream { by: self.taker(end.unit), circuit: circuits[joint] };
            traced.entry(what).or_default().extend(terms);
        }
        // What stays within the racks of one group crosses no border.
        let mut others = vec![false; circuits.len()];
        for (&end, &joint) in self.at_outlet.iter().chain(&self.at_inlet) {
            let group = self.plant.units[end.unit].group;
            let of_joint = &self.plant.joints[joint];
            let alone = of_joint.from.iter().chain(&of_joint.to);
            let alone = group.is_some() && alone.into_iter().all(|e| self.plant.units[e.unit].group == group);
            others[circuits[joint]] |= !alone;
        }
        traced.retain(|what, _| match what {
            Traced::ToStream { by: Taker::Group(_), circuit } => others[*circuit],
            _ => true,
        });
    }

    fn trace_air(&self, circuits: &[usize], traced: &mut BTreeMap<Traced, Vec<Term>>) {
        let plant = self.plant;
        for (index, joint) in plant.joints.iter().enumerate().filter(|(_, j)| j.medium == Medium::Air) {
            for &end in &joint.to {
                let Some(group) = plant.units[end.unit].group else { continue };
                if joint.from.iter().all(|from| plant.units[from.unit].group == Some(group)) {
                    continue; // from within the rack
                }
                let what = Traced::Air { group, circuit: circuits[index] };
                traced.entry(what).or_default().extend(self.flows.inlet(end).iter().copied());
            }
        }
    }

    /// The circuit of each joint, numbered by its first one.
    fn circuits(&self) -> Vec<usize> {
        let mut circuit: Vec<usize> = (0..self.plant.joints.len()).collect();
        for (end, &joint) in &self.at_inlet {
            let Some(&behind) = self.at_outlet.get(end) else { continue };
            let (a, b) = (circuit[joint], circuit[behind]);
            let (first, other) = (a.min(b), a.max(b));
            circuit.iter_mut().filter(|c| **c == other).for_each(|c| *c = first);
        }
        circuit
    }

    fn doors(&self, circuits: &[usize]) -> Vec<(usize, usize, usize)> {
        let plant = self.plant;
        let mut doors = Vec::new();
        for (index, joint) in plant.joints.iter().enumerate().filter(|(_, j)| j.medium == Medium::Air) {
            let Some(group) = joint.from.first().and_then(|end| plant.units[end.unit].group) else {
                continue;
            };
            if joint.from.iter().any(|end| plant.units[end.unit].group != Some(group)) {
                continue;
            }
            for &End { unit, .. } in &joint.to {
                let ports = plant.units[unit].kind.declaration().ports;
                let coil = ports.iter().any(|p| p.medium == Medium::Liquid && p.side == Side::Passage);
                let supplied = plant.units[unit].kind.declaration().inputs.iter();
                let coil = coil && supplied.clone().any(|input| matches!(input.role, Role::Enthalpy(_)));
                if plant.units[unit].group.is_none() && coil {
                    doors.push((unit, circuits[index], group));
                }
            }
        }
        doors
    }
}

fn key(terms: &[Term]) -> Vec<(usize, u64)> {
    terms.iter().map(|&(node, factor)| (node, factor.to_bits())).collect()
}
