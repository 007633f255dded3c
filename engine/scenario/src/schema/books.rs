//! The fields of a site's books beyond the meters.

use super::{Shape, Slot, Table};
use units::Quantity;

/// Names of refrigerants, see [`crate::books::REFRIGERANTS`].
pub const REFRIGERANTS: &[&str] = &[
    "R134a", "R513A", "R1234zeE", "R1234yf", "R410A", "R32", "R454B", "R515B", "R514A", "R1233zdE", "R407C",
    "R744", "R290",
];

/// Names of materials, see [`crate::books::MATERIALS`].
pub const MATERIALS: &[&str] = &[
    "Concrete",
    "ConcreteBlended",
    "ConcreteLowCarbon",
    "ConcreteSubstitute",
    "ConcretePrecast",
    "SteelSection",
    "SteelSectionChina",
    "SteelScrap",
    "SteelNearZero",
    "Rebar",
    "CrossLaminatedTimber",
    "Glulam",
    "Aluminium",
    "AluminiumLowCarbon",
    "Copper",
    "StainlessSteel",
];

/// Names of equipment, see [`crate::books::EQUIPMENT`].
pub const EQUIPMENT: &[&str] = &[
    "GpuCardH100",
    "GpuServerChassis",
    "CpuServer",
    "AscendCard",
    "RackGb200Nvl72",
    "DieselGenerator2Mw",
    "Ups1Mva",
    "BatteryMwh",
    "AirCooledChiller1Mw",
    "DryCooler1Mw",
    "Cdu1Mw",
    "Transformer2500Kva",
];

/// One of `carbon.refrigerants`.
pub const CHARGE: Table = Table {
    name: "Charge",
    doc: "A refrigerant of the site's machines.",
    positional: false,
    slots: &[
        Slot::new("refrigerant", Shape::Choice(REFRIGERANTS), "Which.").required(),
        Slot::new("charge", Shape::quantity(Quantity::Mass, "1 g", "100000 t"), "Filled in, all machines.")
            .required(),
        Slot::new("leakage_per_year", Shape::SHARE, "Share that leaks in a year.").default("2 %"),
        Slot::new("basis", Shape::Choice(&["AR6", "AR4"]), "Whose warming potential over 100 years.")
            .default("AR6"),
    ],
};

/// `water`.
pub const WATER: Table = Table {
    name: "WaterSources",
    doc: "Where the site's water comes from.",
    positional: false,
    slots: &[
        Slot::new("potable_share", Shape::SHARE, "Share of potable water in the make-up."),
        Slot::new("stress", Shape::Text, "Baseline water stress; left out, that of the grid's record."),
    ],
};

const LIFE: Slot =
    Slot::new("life", Shape::quantity(Quantity::Duration, "30 d", "73000 d"), "Service life.").required();
const WHAT: Slot = Slot::new("what", Shape::Text, "What it is; repeated in the results.");

/// One of `embodied`.
pub const BILL: &[Table] = &[
    Table {
        name: "Material",
        doc: "So much of a material.",
        positional: false,
        slots: &[
            WHAT,
            Slot::new("of", Shape::Choice(MATERIALS), "Which.").required(),
            Slot::new("mass", Shape::quantity(Quantity::Mass, "1 kg", "10000000 t"), "How much.").required(),
            Slot::new("instead_of", Shape::Choice(MATERIALS), "What it takes the place of."),
            Slot::new(
                "instead_of_mass",
                Shape::quantity(Quantity::Mass, "1 kg", "10000000 t"),
                "How much of that; left out, the same mass.",
            ),
            LIFE,
        ],
    },
    Table {
        name: "Equipment",
        doc: "So many pieces.",
        positional: false,
        slots: &[
            WHAT,
            Slot::new("of", Shape::Choice(EQUIPMENT), "Which.").required(),
            Slot::new("count", Shape::Number(0.0, 1e7), "How many.").required(),
            LIFE,
        ],
    },
];
