//! Numbers the slots in order of evaluation and fills the arrays.

use super::compile::{Builder, bound, family};
use super::evaluate::{self, Derivatives};
use super::meters::Meter;
use super::nodes::{Handle, Node, Numbers, StateSlot, Term};
use super::parted::PartedNetwork;
use super::partition::{self, Carried, Partition, Place};
use super::plan::{Form, Order, Plan};
use super::{
    Network, Operation, Probe, Range, SampledLoop, Sum, SwitchPoint, TopologyError, WatchedLoop, probes,
};
use crate::kernel::{Instance, Kernel, TileKernel, batch, tile_batch};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Levels of evaluation: states and outside values are level 0.
pub(super) struct Levels {
    pub node: Vec<Option<u32>>,
    pub member: Vec<Option<u32>>,
}

impl Levels {
    /// The last level of all.
    pub fn last(&self) -> u32 {
        self.node.iter().flatten().copied().max().unwrap_or(0)
    }

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
#[derive(Debug)]
pub(super) enum Planned {
    Sum(Handle),
    Batch { family: usize, members: Vec<usize> },
}

/// The operations on the chosen sums and members in order of evaluation.
pub(super) fn plan(
    builder: &Builder,
    levels: &Levels,
    node_chosen: &dyn Fn(Handle) -> bool,
    member_chosen: &dyn Fn(usize) -> bool,
) -> Vec<Planned> {
    let mut planned = Vec::new();
    for level in 1..=levels.last() {
        // Contributions came after the levels and have none.
        for (k, node) in builder.arena.nodes.iter().enumerate().take(levels.node.len()) {
            if matches!(node, Node::Sum(_)) && levels.node[k] == Some(level) && node_chosen(k) {
                planned.push(Planned::Sum(k));
            }
        }
        let mut families: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (k, member) in builder.arena.members.iter().enumerate() {
            if levels.member[k] == Some(level) && member_chosen(k) {
                families.entry(member.family).or_default().push(k);
            }
        }
        planned.extend(families.into_iter().map(|(family, members)| Planned::Batch { family, members }));
    }
    planned
}

fn kernel(builder: &Builder, family: usize, instances: Vec<Instance>) -> Box<dyn Kernel> {
    match family {
        family::LIQUID => batch::<super::advection::Liquid, 3, 1>(instances),
        family::AIR => batch::<super::advection::Air, 5, 2>(instances),
        family::DRY_BULB => batch::<super::advection::DryBulb, 2, 1>(instances),
        family::PI => batch::<super::pi::Pi, 3, 2>(instances),
        family::PRODUCT => batch::<super::gates::Product, 2, 1>(instances),
        family::DELIVERED => batch::<super::stations::Delivered, 2, 1>(instances),
        family::POSITIVE => batch::<super::gates::Positive, 1, 1>(instances),
        family::PART => batch::<super::stations::Part, 2, 1>(instances),
        family::IDEAL => batch::<super::ideal::Ideal, 2, 1>(instances),
        family::POSITION => batch::<super::ideal::Position, 1, 1>(instances),
        family::STREAM => batch::<super::two_way::Stream, 3, 5>(instances),
        family::DIVIDE => batch::<super::two_way::Divide, 2, 2>(instances),
        family::BOILING => batch::<super::boiling::Margin, 2, 1>(instances),
        circuit if circuit >= family::CIRCUIT => {
            let of = builder.pressures.circuits[circuit - family::CIRCUIT].clone();
            let sources = instances.into_iter().flat_map(|instance| instance.inputs).collect();
            Box::new(crate::hydraulics::CircuitKernel::new(of, sources))
        }
        kind => crate::catalogue::KINDS[kind].batch(instances),
    }
}

/// As `kernel`, within a template.
pub(super) fn tile_kernel(family: usize, instances: &[Instance], active: &[usize]) -> Box<dyn TileKernel> {
    match family {
        family::LIQUID => tile_batch::<super::advection::Liquid, 3, 1>(instances, active),
        family::AIR => tile_batch::<super::advection::Air, 5, 2>(instances, active),
        family::DRY_BULB => tile_batch::<super::advection::DryBulb, 2, 1>(instances, active),
        family::PI => tile_batch::<super::pi::Pi, 3, 2>(instances, active),
        family::PRODUCT => tile_batch::<super::gates::Product, 2, 1>(instances, active),
        family::POSITIVE => tile_batch::<super::gates::Positive, 1, 1>(instances, active),
        family::DELIVERED => tile_batch::<super::stations::Delivered, 2, 1>(instances, active),
        family::PART => tile_batch::<super::stations::Part, 2, 1>(instances, active),
        family::IDEAL => tile_batch::<super::ideal::Ideal, 2, 1>(instances, active),
        family::POSITION => tile_batch::<super::ideal::Position, 1, 1>(instances, active),
        family::STREAM => tile_batch::<super::two_way::Stream, 3, 5>(instances, active),
        family::DIVIDE => tile_batch::<super::two_way::Divide, 2, 2>(instances, active),
        family::BOILING => tile_batch::<super::boiling::Margin, 2, 1>(instances, active),
        kind => crate::catalogue::KINDS[kind].tile_batch(instances, active),
    }
}

/// Values for columns, checks and discrete logic, with the nodes that they are at.
pub(super) struct Lists {
    pub probes: Vec<(Probe, Handle)>,
    pub ranges: Vec<(Range, Handle)>,
    pub switches: Vec<(SwitchPoint, Handle, Handle)>,
    pub sampled: Vec<(SampledLoop, Handle, Handle)>,
    pub watched: Vec<(WatchedLoop, Handle, Handle)>,
    pub flows: Vec<(Handle, String)>,
}

impl Lists {
    /// Everything that still needs nodes comes before the numbering.
    fn of(builder: &mut Builder) -> Self {
        Lists {
            probes: probes::probes(builder),
            ranges: probes::ranges(builder),
            switches: probes::switches(builder),
            sampled: probes::sampled(builder),
            watched: probes::watched(builder),
            flows: probes::flows(builder),
        }
    }
}

/// Meters are states behind all others, and behind them what is integrated for tracing only.
fn add_meter_states(builder: &mut Builder) {
    let tile = (builder.plant.units.len() + builder.plant.joints.len() + builder.plant.loops.len()) as u32;
    for (meter, rate) in builder.meters.clone() {
        let state = builder.arena.state(format!("meter {}", meter.name), 0.0, 0.0, tile, true);
        builder.arena.states[state].rate = rate;
    }
    let own: Vec<_> =
        builder.traced.own().map(|(what, rate)| (format!("traced {what:?}"), rate.clone())).collect();
    for (name, rate) in own {
        let state = builder.arena.state(name, 0.0, 0.0, tile, true);
        builder.arena.states[state].rate = rate;
    }
}

/// Numbers everything and builds the network, by one of the plans that are known where it fits.
pub(super) fn finish(mut builder: Builder, known: &[Arc<Plan>]) -> Result<Network, TopologyError> {
    add_meter_states(&mut builder);
    let lists = Lists::of(&mut builder);
    let form = Form::of(&builder);
    let plan = match known.iter().find(|plan| plan.form.as_ref() == Some(&form)) {
        Some(plan) => Planning::Done(plan.clone()),
        None => Planning::Ordered(Some(form), Order::new(&builder, &levels(&builder)?, None)),
    };
    Ok(assemble(&builder, lists, plan, None))
}

/// Cuts the plant into a core and classes, numbers each and builds them.
pub(super) fn finish_parted(
    mut builder: Builder,
    classes: Vec<Carried>,
) -> Result<PartedNetwork, Vec<TopologyError>> {
    add_meter_states(&mut builder);
    let lists = Lists::of(&mut builder);
    let levels = levels(&builder).map_err(|error| vec![error])?;
    let mut partition = partition::cut(&mut builder, &levels, classes)?;
    let (core_lists, inside) = super::parted::divide(&mut builder, &mut partition, lists);
    let order = Order::new(&builder, &levels, Some(&partition));
    let core = assemble(&builder, core_lists, Planning::Ordered(None, order), Some(&partition));
    let numbers = &core.plan.order.numbers;
    let classes = (inside.into_iter().enumerate())
        .map(|(class, lists)| super::template::build(&builder, &partition, &levels, numbers, class, lists))
        .collect();
    Ok(PartedNetwork { core, classes })
}

/// How far the plan of a network is.
enum Planning {
    Done(Arc<Plan>),
    /// Operations have their order; for which form.
    Ordered(Option<Form>, Order),
}

/// Fills in the numbers of the core, which is everything where nothing was cut out.
fn assemble(builder: &Builder, lists: Lists, planning: Planning, cut: Option<&Partition>) -> Network {
    let arena = &builder.arena;
    let in_core = |node: Handle| cut.is_none_or(|cut| !matches!(cut.nodes[node], Place::Class(_)));
    let Order { operations: planned, lead, numbers, states, rows, names: _ } = match &planning {
        Planning::Done(plan) => &plan.order,
        Planning::Ordered(_, order) => order,
    };
    let (lead, states, rows) = (*lead, *states, *rows);
    let core_states: Vec<&StateSlot> = arena.states.iter().filter(|state| in_core(state.handle)).collect();
    let (mut operations, mut batches) = (Vec::new(), Vec::new());
    for operation in planned {
        match operation {
            Planned::Sum(node) => {
                if let Node::Sum(terms) = &arena.nodes[*node] {
                    operations.push(Operation::Sum { slot: numbers.0[*node], sum: numbers.sum(terms) });
                }
            }
            Planned::Batch { family, members } => {
                let first_slot = numbers.0[arena.members[members[0]].first_output];
                batches.push(Arc::from(kernel(builder, *family, instances(builder, members, numbers))));
                operations.push(Operation::Batch { first_slot, batch: batches.len() - 1 });
            }
        }
    }
    let rates: Vec<Sum> = core_states.iter().map(|s| numbers.sum(&s.rate)).collect();
    let plan = match planning {
        Planning::Done(plan) => plan,
        Planning::Ordered(form, order) => {
            let derivatives = Derivatives::new(rows, &rates, &operations, &batches);
            Arc::new(Plan { form, order, derivatives })
        }
    };
    let numbers = &plan.order.numbers;
    let slot = |node: Handle| numbers.0[node];
    let unit_in_core = |unit: usize| cut.is_none_or(|cut| cut.class_of(builder.plant, unit).is_none());
    let first_traced = states - builder.traced.own().count();
    let first_meter = first_traced - builder.meters.len();
    let numbered = |terms: &[(usize, f64)]| -> Vec<(u32, f64)> {
        let core = terms.iter().map(|&(k, f)| (arena.states[k].handle, f)).filter(|&(node, _)| in_core(node));
        core.map(|(node, f)| (slot(node), f)).collect()
    };
    let mut contributions = vec![Vec::new(); cut.map_or(0, |cut| cut.classes.len())];
    for export in cut.map_or(&[][..], |cut| &cut.exports) {
        contributions[export.class].push(slot(export.node));
    }
    let mut network = Network {
        plan: plan.clone(),
        states,
        rows,
        slots: rows + arena.outside.len(),
        rates,
        operations,
        lead,
        contributions,
        batches,
        jacobian: evaluate::Jacobian::default(),
        initial: core_states.iter().map(|s| s.initial).collect(),
        scales: core_states.iter().map(|s| s.scale).collect(),
        tiles: core_states.iter().map(|s| s.tile).collect(),
        held: core_states.iter().map(|s| s.held).collect(),
        stored_energy: numbered(&builder.stored_energy),
        stored_water: numbered(&builder.stored_water),
        meters: (builder.meters.iter().enumerate())
            .map(|(k, (meter, _))| Meter { state: (first_meter + k) as u32, ..meter.clone() })
            .collect(),
        traces: builder.traced.numbered(first_meter as u32, first_traced as u32),
        probes: (lists.probes.into_iter()).map(|(probe, node)| Probe { slot: slot(node), ..probe }).collect(),
        ranges: (lists.ranges.into_iter()).map(|(range, node)| Range { slot: slot(node), ..range }).collect(),
        switches: (lists.switches.into_iter())
            .map(|(point, at, sensor)| SwitchPoint { slot: slot(at), sensor: slot(sensor), ..point })
            .collect(),
        sampled: (lists.sampled.into_iter())
            .map(|(point, at, sensor)| SampledLoop { slot: slot(at), sensor: slot(sensor), ..point })
            .collect(),
        ideal: builder.ideal.clone(),
        watched: (lists.watched.into_iter())
            .map(|(point, sensor, position)| WatchedLoop {
                sensor: slot(sensor),
                position: slot(position),
                ..point
            })
            .collect(),
        gates: (builder.gates.iter().filter(|gate| unit_in_core(gate.point.unit)))
            .map(|gate| gate.numbered(&slot))
            .collect(),
        jams: (builder.jams.iter().filter(|jam| unit_in_core(jam.unit)))
            .map(|jam| jam.numbered(&slot))
            .collect(),
        feeds: (builder.shares.iter().filter(|&&(wire, _)| unit_in_core(builder.plant.wires[wire].to.unit)))
            .map(|&(wire, share)| (builder.copies.wire(wire), slot(share)))
            .collect(),
        temperatures: (builder.temperatures().iter())
            .map(|&state| arena.states[state].handle)
            .filter(|&node| in_core(node))
            .map(slot)
            .collect(),
        air: (builder.air().iter())
            .map(|&(enthalpy, humidity)| (arena.states[enthalpy].handle, arena.states[humidity].handle))
            .filter(|&(enthalpy, _)| in_core(enthalpy))
            .map(|(enthalpy, humidity)| (slot(enthalpy), slot(humidity)))
            .collect(),
        flows: lists.flows.into_iter().map(|(node, name)| (slot(node), name)).collect(),
        outdoor: builder.outdoor.iter().map(|&(what, node)| (slot(node), what)).collect(),
        signals: builder.signals.iter().map(|(&series, &node)| (slot(node), series)).collect(),
        outside: arena.outside.clone(),
        workspace: evaluate::Workspace::default(),
    };
    network.prepare();
    network
}

fn instances(builder: &Builder, members: &[usize], numbers: &Numbers) -> Vec<Instance> {
    let instance = |&m: &usize| {
        let member = &builder.arena.members[m];
        let inputs = member.inputs.iter().map(|&term| numbers.source(term)).collect();
        Instance { values: member.values.clone(), inputs }
    };
    members.iter().map(instance).collect()
}

/// The bounds of a loop's actuator.
pub(super) fn actuator_range(builder: &Builder, unit: usize, actuator: usize) -> (f64, f64) {
    let declared = &builder.plant.units[unit].kind.declaration().actuators[actuator];
    (bound(builder.plant, unit, declared.low), bound(builder.plant, unit, declared.high))
}
