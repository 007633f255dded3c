//! Racks that events name alone, and the members of classes that stand for them.
//!
//! Racks of a group have the same template, workload and surroundings. They differ only by what events say to one of
//! them, so that all others are equal and can be carried once. Exactly: the sum over `n` equal racks is `n` times
//! that of one, and the largest error over the racks is that of one.

use crate::blocks::Racks;
use plant::plant::Plant;
use scenario::case::{Action, Event};
use std::collections::BTreeSet;

/// The groups, and the one rack of each, that an action names alone.
fn named<'a>(plant: &'a Plant, action: &'a Action) -> Option<(Vec<usize>, usize)> {
    let (units, rack): (Vec<usize>, _) = match action {
        Action::LoadStep { series, rack, .. } => return Some((series.clone(), (*rack)?)),
        Action::UtilityOutage { .. } => return None,
        Action::Trip { gates, rack, .. } => {
            (gates.iter().map(|&gate| plant.faults.gates[gate].unit).collect(), *rack)
        }
        Action::Restore { gates, jams, rack, .. } => {
            let gates = gates.iter().map(|&gate| plant.faults.gates[gate].unit);
            (gates.chain(jams.iter().map(|&jam| plant.faults.jams[jam].unit)).collect(), *rack)
        }
        Action::Stuck { jams, rack, .. } => {
            (jams.iter().map(|&jam| plant.faults.jams[jam].unit).collect(), *rack)
        }
    };
    Some((units.into_iter().filter_map(|unit| plant.units[unit].group).collect(), rack?))
}

/// How many racks each member of each group stands for: neighbours together, those that events name alone.
pub(crate) fn told_apart(plant: &Plant, events: &[Event]) -> Vec<Vec<u32>> {
    let mut alone = vec![BTreeSet::new(); plant.groups.len()];
    for (groups, rack) in events.iter().filter_map(|event| named(plant, &event.action)) {
        groups.into_iter().for_each(|group| {
            alone[group].insert(rack as u32);
        });
    }
    let members = |(group, alone): (&plant::plant::Group, BTreeSet<u32>)| {
        let all = group.racks.round() as u32;
        let (mut members, mut next) = (Vec::new(), 0);
        for rack in alone.into_iter().filter(|&rack| rack < all) {
            members.extend([rack - next, 1]);
            next = rack + 1;
        }
        members.push(all - next);
        members.retain(|&racks| racks > 0);
        members
    };
    plant.groups.iter().zip(alone).map(members).collect()
}

/// The event with the member that stands for a rack in its place.
pub(super) fn by_member(event: &Event, plant: &Plant, racks: &[Racks]) -> Event {
    let member = |groups: &[usize], rack: usize| {
        let class = racks.iter().find(|racks| groups.contains(&racks.class.group()));
        class.map_or(rack, |racks| racks.class.member_of(rack))
    };
    let mut event = event.clone();
    let found = named(plant, &event.action).map(|(groups, rack)| member(&groups, rack));
    if let (
        Some(member),
        Action::Trip { rack, .. }
        | Action::Restore { rack, .. }
        | Action::Stuck { rack, .. }
        | Action::LoadStep { rack, .. },
    ) = (found, &mut event.action)
    {
        *rack = Some(member);
    }
    event
}
