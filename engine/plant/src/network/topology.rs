//! What can be wrong with a checked plant once it is looked at as a network.

/// A fault of the network's shape, in the field's words.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TopologyError {
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
    /// An end that is not connected.
    #[error("{end} is not connected to anything")]
    OpenEnd {
        /// The end.
        end: String,
    },
}
