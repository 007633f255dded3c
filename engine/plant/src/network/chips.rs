//! Parts of a rack that have a junction, every chip by itself.

use crate::faults::Gate;
use crate::plant::{End, Plant, Signal, Wire};

/// Which units are copies of one part.
#[derive(Debug, Clone)]
pub(super) struct Copies {
    /// The part that each unit is, or is a copy of.
    part: Vec<usize>,
    /// All copies of each part, itself first; only itself for everything else.
    of: Vec<Vec<usize>>,
    /// The wire of the plant as it was that each wire is; empty where all are themselves.
    wires: Vec<usize>,
}

impl Copies {
    /// Every unit is itself.
    pub fn none(units: usize) -> Self {
        let of = (0..units).map(|unit| vec![unit]).collect();
        Copies { part: (0..units).collect(), of, wires: Vec::new() }
    }
    /// The wire of the plant as it was that a wire is.
    pub fn wire(&self, wire: usize) -> usize {
        self.wires.get(wire).copied().unwrap_or(wire)
    }
    /// The part that a unit is a copy of; itself where it is none.
    pub fn part(&self, unit: usize) -> usize {
        self.part[unit]
    }
    /// All copies of the part that a unit belongs to.
    pub fn of(&self, unit: usize) -> &[usize] {
        &self.of[self.part[unit]]
    }
    /// Which of several copies a unit is.
    pub fn number(&self, unit: usize) -> Option<u32> {
        let copies = self.of(unit);
        let found = copies.iter().position(|&copy| copy == unit).filter(|_| copies.len() > 1);
        found.map(|k| k as u32)
    }
}

/// The plant with every chip of a rack as a unit of its own: a unit of a rack group that has a junction
/// and no actuator stands for the same chip of all racks.
///
/// The first keeps the place of the part in the list of units, the others follow at the end. They meet the same
/// joints, wires and signals, so that contents, flows and heats are in total what they were.
pub(super) fn split(plant: &Plant) -> (Plant, Copies) {
    let mut plant = plant.clone();
    let mut copies = Copies::none(plant.units.len());
    for part in 0..plant.units.len() {
        let unit = &plant.units[part];
        let declaration = unit.kind.declaration();
        let Some(group) = unit.group else { continue };
        let racks = plant.groups[group].racks;
        let count = (unit.multiplicity / racks).round();
        let whole = (count * racks - unit.multiplicity).abs() <= 1e-9 * unit.multiplicity;
        if declaration.junction().is_none() || !declaration.actuators.is_empty() || count < 2.0 || !whole {
            continue;
        }
        plant.units[part].multiplicity = racks;
        for k in 1..count as usize {
            let mut unit = plant.units[part].clone();
            unit.id = format!("{}[{k}]", unit.id);
            let copy = plant.units.len();
            plant.units.push(unit);
            copies.part.push(part);
            copies.of.push(Vec::new());
            copies.of[part].push(copy);
        }
        let all = &copies.of[part];
        let spread = |end: End| -> Vec<End> {
            if end.unit == part { all.iter().map(|&unit| End { unit, ..end }).collect() } else { vec![end] }
        };
        for joint in &mut plant.joints {
            joint.from = joint.from.iter().flat_map(|&end| spread(end)).collect();
            joint.to = joint.to.iter().flat_map(|&end| spread(end)).collect();
        }
        let wires = plant.wires.iter().enumerate().flat_map(|(k, wire)| {
            let from =
                wire.from.map_or_else(|| vec![None], |end| spread(end).into_iter().map(Some).collect());
            let (to, k) = (spread(wire.to), copies.wire(k));
            let pairs = from.into_iter();
            pairs.flat_map(move |from| to.clone().into_iter().map(move |to| (k, Wire { from, to })))
        });
        (copies.wires, plant.wires) = wires.collect::<Vec<_>>().into_iter().unzip();
        let signals: Vec<Signal> = (plant.signals.iter().filter(|signal| signal.unit == part))
            .flat_map(|signal| all[1..].iter().map(|&unit| Signal { unit, ..signal.clone() }))
            .collect();
        plant.signals.extend(signals);
        // A chip stops with its part; a part without actuators has no other gate.
        let gates = plant.faults.gates.iter().filter(|gate| gate.unit == part);
        let gates: Vec<Gate> =
            gates.flat_map(|&gate| all[1..].iter().map(move |&unit| Gate { unit, ..gate })).collect();
        plant.faults.gates.extend(gates);
    }
    (plant, copies)
}
