//! What can be wrong with a checked plant once it is looked at as a network.

use super::flows;
use crate::declare::{Medium, Side};
use crate::plant::{End, Plant};

/// A fault of the network's shape, in the field's words.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TopologyError {
    /// A supply inside of racks whose own source would have to be watched rack by rack.
    #[error(
        "{unit} of {group} has a battery or generator of its own, which events follow only for all racks together: \
         run with fidelity: Lumped, or put it outside of the racks"
    )]
    SourceInRacks {
        /// The supply.
        unit: String,
        /// The group.
        group: String,
    },
    /// Nobody decides how much flows.
    #[error(
        "nothing sets the flow through {passages}: add a pump, a fan or a valve to the circuit, or connect \
         the open end"
    )]
    FlowOpen {
        /// The passages concerned.
        passages: String,
    },
    /// Two components decide the flow of one circuit.
    #[error(
        "the flow is set twice where {from} meets {to}: give one of them a bypass, or let one of them follow"
    )]
    FlowTwice {
        /// Passages that end there.
        from: String,
        /// Passages that begin there.
        to: String,
    },
    /// A circuit that is solved from pressures, with passages that do not say what they resist.
    #[error(
        "the circuit is solved from pressures, and nothing says what {passages} resist: write for each \
         resistances: {{\"cdu.primary\": (pressure_drop: \"50 kPa\")}}"
    )]
    NoResistance {
        /// The passages concerned.
        passages: String,
    },
    /// A circuit that is solved from pressures without a pump.
    #[error(
        "nothing drives the circuit of {passages}: it has resistances, so it needs a Pump; pumps that are built into \
         another component set their flow without pressures"
    )]
    NoPump {
        /// Its passages.
        passages: String,
    },
    /// A valve in a circuit that is not solved from pressures.
    #[error(
        "{passage} throttles nothing: its circuit is not solved from pressures; give the other passages resistances, \
         or leave the valve out"
    )]
    NeedsPressure {
        /// The valve's passage.
        passage: String,
    },
    /// Racks in a circuit that is solved from pressures, where they are carried one by one.
    #[error(
        "{passages} are in a circuit that is solved from pressures, where racks are carried once: run with fidelity: \
         Lumped, or leave out the resistances of this circuit"
    )]
    RackPressure {
        /// The passages concerned.
        passages: String,
    },
    /// A circuit whose flows are not found at its design point.
    #[error("the circuit of {passages} has no flows at full speed and open valves: {reason}")]
    Unsolved {
        /// Its passages.
        passages: String,
        /// Why.
        reason: String,
    },
    /// A mixing volume of nothing.
    #[error("the volume where {from} meets {to} holds nothing: give one of them a content")]
    NoCapacity {
        /// Passages that end there.
        from: String,
        /// Passages that begin there.
        to: String,
    },
    /// A loop of values without a state.
    #[error(
        "a cycle without volume: {members} depend on each other at one instant; put a volume between them"
    )]
    Cycle {
        /// The components concerned.
        members: String,
    },
    /// Racks that see each other without a volume in between.
    #[error(
        "{values} is read inside the racks of {group} and depends at the same instant on all of them: run at \
         Lumped fidelity, or put a volume in between"
    )]
    AtOneInstant {
        /// The values concerned.
        values: String,
        /// The rack group.
        group: String,
    },
    /// Numbers of racks that do not add up.
    #[error("the members of {group} stand for {sum} racks, but it has {racks}")]
    Members {
        /// The rack group.
        group: String,
        /// What the members stand for.
        sum: f64,
        /// What the group has.
        racks: f64,
    },
    /// An end that is not connected.
    #[error("{end} is not connected to anything")]
    OpenEnd {
        /// The end.
        end: String,
    },
}

/// Ends that nothing is connected to: half a passage, or a whole port that must not stay open.
pub(super) fn open_ends(plant: &Plant) -> Vec<TopologyError> {
    let mut problems = Vec::new();
    for (unit, of) in plant.units.iter().enumerate() {
        for (port, declared) in of.kind.declaration().ports.iter().enumerate() {
            let end = End { unit, port };
            let name = flows::list(plant, &[end]);
            let open = |end: String| TopologyError::OpenEnd { end };
            match (declared.medium, declared.side) {
                (Medium::Liquid | Medium::Air, _) => {
                    let enters = plant.joints.iter().any(|joint| joint.to.contains(&end));
                    let leaves = plant.joints.iter().any(|joint| joint.from.contains(&end));
                    let missing = [(enters, "in"), (leaves, "out")];
                    if enters || leaves || !declared.optional {
                        let missing = missing.into_iter().filter(|(joined, _)| !joined);
                        problems.extend(missing.map(|(_, side)| open(format!("{name}_{side}"))));
                    }
                }
                (Medium::Electricity, Side::Inlet)
                    if !declared.optional && !plant.wires.iter().any(|wire| wire.to == end) =>
                {
                    problems.push(open(name));
                }
                _ => {}
            }
        }
    }
    problems
}
