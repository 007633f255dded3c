//! Numbers the slots in order of evaluation and fills the arrays.

use super::compile::{Builder, bound, family};
use super::meters::Meter;
use super::nodes::{Handle, Node, Numbers, Term};
use super::{Network, Operation, SampledLoop, SwitchPoint, TopologyError, evaluate, probes};
use crate::kernel::{Instance, Kernel, batch};
use std::collections::BTreeMap;

/// Levels of evaluation: states and outside values are level 0.
struct Levels {
    node: Vec<Option<u32>>,
    member: Vec<Option<u32>>,
}

impl Levels {
    fn of(&self, terms: &[Term]) -> Option<u32> {
        terms.iter().try_fold(0, |level, &(node, _)| self.node[node].map(|l| level.max(l)))
    }
}

/// Assigns every sum and member the level after everything it reads.
fn levels(builder: &Builder) -> Result<Levels, TopologyError> {
    let arena = &builder.arena;
    let start = |node: &Node| matches!(node, Node::State(_) | Node::Outside(_)).then_some(0);
    let mut levels =
        Levels { node: arena.nodes.iter().map(start).collect(), member: vec![None; arena.members.len()] };
    loop {
        let mut changed = false;
        for (k, member) in arena.members.iter().enumerate() {
            if levels.member[k].is_none()
                && let Some(level) = levels.of(&member.inputs)
            {
                levels.member[k] = Some(level + 1);
                let outputs = member.first_output..member.first_output + member.outputs;
                levels.node[outputs].fill(Some(level + 1));
                changed = true;
            }
        }
        for (k, node) in arena.nodes.iter().enumerate() {
            if let Node::Sum(terms) = node
                && levels.node[k].is_none()
                && let Some(level) = levels.of(terms)
            {
                levels.node[k] = Some(level + 1);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    let stuck: Vec<&str> = (arena.members.iter().enumerate())
        .filter(|(k, _)| levels.member[*k].is_none())
        .map(|(_, member)| member.name.as_str())
        .collect();
    if stuck.is_empty() { Ok(levels) } else { Err(TopologyError::Cycle { members: stuck.join(", ") }) }
}

/// One operation before numbering.
enum Planned {
    Sum(Handle),
    Batch { family: usize, members: Vec<usize> },
}

fn plan(builder: &Builder, levels: &Levels) -> Vec<Planned> {
    let last = levels.node.iter().flatten().copied().max().unwrap_or(0);
    let mut planned = Vec::new();
    for level in 1..=last {
        for (k, node) in builder.arena.nodes.iter().enumerate() {
            if matches!(node, Node::Sum(_)) && levels.node[k] == Some(level) {
                planned.push(Planned::Sum(k));
            }
        }
        let mut families: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (k, member) in builder.arena.members.iter().enumerate() {
            if levels.member[k] == Some(level) {
                families.entry(member.family).or_default().push(k);
            }
        }
        planned.extend(families.into_iter().map(|(family, members)| Planned::Batch { family, members }));
    }
    planned
}

fn kernel(family: usize, instances: Vec<Instance>) -> Box<dyn Kernel> {
    match family {
        family::LIQUID => batch::<super::advection::Liquid, 3, 1>(instances),
        family::AIR => batch::<super::advection::Air, 5, 2>(instances),
        family::DRY_BULB => batch::<super::advection::DryBulb, 2, 1>(instances),
        family::PI => batch::<super::pi::Pi, 3, 2>(instances),
        kind => crate::catalogue::KINDS[kind].batch(instances),
    }
}

/// Numbers everything and builds the network.
pub(super) fn finish(mut builder: Builder) -> Result<Network, TopologyError> {
    let tile = (builder.plant.units.len() + builder.plant.joints.len() + builder.plant.loops.len()) as u32;
    for (meter, rate) in builder.meters.clone() {
        let state = builder.arena.state(format!("meter {}", meter.name), 0.0, 0.0, tile, true);
        builder.arena.states[state].rate = rate;
    }
    // Everything that still needs nodes comes before the numbering.
    let probes = probes::probes(&mut builder);
    let ranges = probes::ranges(&builder);
    let switches = probes::switches(&mut builder);
    let sampled = probes::sampled(&mut builder);
    let watched = probes::watched(&mut builder);
    let flows = probes::flows(&mut builder);

    let levels = levels(&builder)?;
    let planned = plan(&builder, &levels);
    let arena = &builder.arena;
    let mut numbers = vec![0u32; arena.nodes.len()];
    let mut next = 0u32;
    let mut names = Vec::new();
    for state in &arena.states {
        numbers[state.handle] = next;
        names.push(state.name.clone());
        next += 1;
    }
    for operation in &planned {
        match operation {
            Planned::Sum(node) => {
                numbers[*node] = next;
                names.push(arena.names[*node].clone());
                next += 1;
            }
            Planned::Batch { members, .. } => {
                for member in members.iter().map(|&m| &arena.members[m]) {
                    let outputs = member.first_output..member.first_output + member.outputs;
                    for (number, name) in numbers[outputs.clone()].iter_mut().zip(&arena.names[outputs]) {
                        *number = next;
                        names.push(name.clone());
                        next += 1;
                    }
                }
            }
        }
    }
    let (states, rows) = (arena.states.len(), next as usize);
    for (node, kind) in arena.nodes.iter().enumerate() {
        if let Node::Outside(index) = kind {
            numbers[node] = (rows + index) as u32;
        }
    }
    let numbers = Numbers(numbers);
    let (mut operations, mut batches) = (Vec::new(), Vec::new());
    for operation in planned {
        match operation {
            Planned::Sum(node) => {
                if let Node::Sum(terms) = &arena.nodes[node] {
                    operations.push(Operation::Sum { slot: numbers.0[node], sum: numbers.sum(terms) });
                }
            }
            Planned::Batch { family, members } => {
                let first_slot = numbers.0[arena.members[members[0]].first_output];
                let instances = members
                    .iter()
                    .map(|&m| &arena.members[m])
                    .map(|m| Instance {
                        values: m.values.clone(),
                        inputs: m.inputs.iter().map(|&term| numbers.source(term)).collect(),
                    })
                    .collect();
                batches.push(kernel(family, instances));
                operations.push(Operation::Batch { first_slot, batch: batches.len() - 1 });
            }
        }
    }
    let slot = |node: Handle| numbers.0[node];
    let first_meter = states - builder.meters.len();
    let numbered = |terms: &[(usize, f64)]| terms.iter().map(|&(k, f)| (k as u32, f)).collect();
    let mut network = Network {
        states,
        rows,
        slots: rows + arena.outside.len(),
        rates: arena.states.iter().map(|s| numbers.sum(&s.rate)).collect(),
        operations,
        batches,
        jacobian: evaluate::Jacobian::default(),
        initial: arena.states.iter().map(|s| s.initial).collect(),
        scales: arena.states.iter().map(|s| s.scale).collect(),
        tiles: arena.states.iter().map(|s| s.tile).collect(),
        held: arena.states.iter().map(|s| s.held).collect(),
        names,
        stored_energy: numbered(&builder.stored_energy),
        stored_water: numbered(&builder.stored_water),
        meters: (builder.meters.iter().enumerate())
            .map(|(k, (meter, _))| Meter { state: (first_meter + k) as u32, ..meter.clone() })
            .collect(),
        probes: probes.into_iter().map(|(probe, node)| super::Probe { slot: slot(node), ..probe }).collect(),
        ranges: ranges.into_iter().map(|(range, node)| super::Range { slot: slot(node), ..range }).collect(),
        switches: (switches.into_iter())
            .map(|(point, at, sensor)| SwitchPoint { slot: slot(at), sensor: slot(sensor), ..point })
            .collect(),
        sampled: (sampled.into_iter())
            .map(|(point, at, sensor)| SampledLoop { slot: slot(at), sensor: slot(sensor), ..point })
            .collect(),
        watched: (watched.into_iter())
            .map(|(point, sensor, position)| super::WatchedLoop {
                sensor: slot(sensor),
                position: slot(position),
                ..point
            })
            .collect(),
        temperatures: builder.temperatures().iter().map(|&state| state as u32).collect(),
        flows: flows.into_iter().map(|(node, name)| (slot(node), name)).collect(),
        outdoor: {
            use crate::declare::Outdoor::{DryBulb, HumidityRatio, Pressure, WetBulb};
            let order = [DryBulb, WetBulb, HumidityRatio, Pressure];
            builder.outdoor.iter().zip(order).map(|(&node, what)| (slot(node), what)).collect()
        },
        signals: builder.signals.iter().map(|(&series, &node)| (slot(node), series)).collect(),
        outside: arena.outside.clone(),
        workspace: evaluate::Workspace::default(),
    };
    network.prepare();
    Ok(network)
}

/// The bounds of a loop's actuator.
pub(super) fn actuator_range(builder: &Builder, unit: usize, actuator: usize) -> (f64, f64) {
    let declared = &builder.plant.units[unit].kind.declaration().actuators[actuator];
    (bound(builder.plant, unit, declared.low), bound(builder.plant, unit, declared.high))
}
