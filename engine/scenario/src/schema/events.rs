//! Events of a run.

use super::{Shape, Slot, Table, Word};
use units::Quantity;

const UNIT: Slot = Slot::new(
    "unit",
    Shape::Word(Word::Reference),
    "A component, one of its actuators, or one of several equal units.",
);
const FOR: Slot = Slot::new("for", Shape::DURATION, "How long; left out, to the end of the run.");
const PACE: Shape = Shape::quantity(Quantity::Duration, "10 ms", "1 h");

/// One entry of `events`.
pub const AT: &[Table] = &[Table {
    name: "At",
    doc: "Something that happens at a time.",
    positional: true,
    slots: &[
        Slot::new("time", Shape::AnyQuantity, "From the start of the run, or a time of its first day.")
            .required(),
        Slot::new("action", Shape::Variant(ACTIONS), "What happens.").required(),
    ],
}];

/// What can happen.
pub const ACTIONS: &[Table] = &[
    Table {
        name: "Trip",
        doc: "A machine or a single actuator stops; a supply is switched off.",
        positional: true,
        slots: &[
            UNIT.required(),
            FOR,
            Slot::new("run_down", PACE, "Time constant while it runs down."),
            Slot::new(
                "restart_delay",
                Shape::quantity(Quantity::Duration, "0 s", "1 d"),
                "From the reset to the start.",
            ),
            Slot::new("run_up", PACE, "Time constant while it runs up."),
        ],
    },
    Table {
        name: "Restore",
        doc: "What was tripped starts again, what was stuck moves again; load steps of racks that are named as a whole end.",
        positional: true,
        slots: &[UNIT.required()],
    },
    Table {
        name: "Stuck",
        doc: "An actuator goes to a position and stays there.",
        positional: true,
        slots: &[
            UNIT.required(),
            Slot::new(
                "at",
                Shape::quantity(Quantity::Ratio, "0", "100"),
                "Its position; left out, where it is.",
            ),
            FOR,
        ],
    },
    Table {
        name: "UtilityOutage",
        doc: "The grid is dead.",
        positional: true,
        slots: &[
            Slot::new("for", Shape::DURATION, "How long.").required(),
            Slot::new(
                "chiller_restart",
                Shape::quantity(Quantity::Duration, "0 s", "1 h"),
                "From the return of power to the start of chillers, in place of two minutes.",
            ),
            Slot::new(
                "generator_start",
                Shape::quantity(Quantity::Duration, "0 s", "1 h"),
                "From the outage until generators carry their loads, in place of twelve seconds.",
            ),
        ],
    },
    Table {
        name: "LoadStep",
        doc: "A rack group, or one of its racks, works at another utilisation than its workload says.",
        positional: true,
        slots: &[
            Slot::new(
                "group",
                Shape::Word(Word::Reference),
                "The rack group; `hall[3]` is one rack, at fidelity Rack or Chip.",
            )
            .required(),
            Slot::new("utilisation", Shape::SHARE, "Share of full load.").required(),
            FOR,
        ],
    },
];
