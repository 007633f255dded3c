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
const FACTOR: Slot = Slot::new(
    "factor",
    Shape::Number(0.0, 1e7),
    "Carbon in kg CO₂e per kg or piece, in place of the record's: of a product declaration, which `source` names.",
);
const FACTOR_SOURCE: Slot =
    Slot::new("source", Shape::Text, "Where `factor` comes from, for the results; needed with it.");
const FACTOR_YEAR: Slot = Slot::new("year", Shape::Whole(1990, 2100), "Of which year it is; needed with it.");
const CONFIDENCE: Slot = Slot::new("confidence", Shape::Choice(&["A", "B", "C"]), "How sure it is.");
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
            FACTOR,
            FACTOR_SOURCE,
            FACTOR_YEAR,
            CONFIDENCE,
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
            FACTOR,
            FACTOR_SOURCE,
            FACTOR_YEAR,
            CONFIDENCE,
            LIFE,
        ],
    },
];

const SOURCE: Slot = Slot::new("source", Shape::Text, "Where it comes from.");
const NOTE: Slot = Slot::new("note", Shape::Text, "What else is worth knowing.");

/// An entry of [`FACTORS`]; what it does not say the record does.
pub const ENTRY: Table = Table {
    name: "Entry",
    doc: "One factor.",
    positional: false,
    slots: &[
        Slot::new("name", Shape::Text, "Its name in a site file.").required(),
        Slot::new("value", Shape::Number(0.0, 1e9), "Kilograms of CO₂ equivalent per kilogram or piece.")
            .required(),
        Slot::new("low", Shape::Number(0.0, 1e9), "Lowest of the literature."),
        Slot::new("high", Shape::Number(0.0, 1e9), "Highest of the literature."),
        Slot::new(
            "biogenic",
            Shape::Number(-10.0, 0.0),
            "Carbon stored until the end of its life, negative.",
        ),
        Slot::new("ar4", Shape::Number(0.0, 1e6), "Warming potential after AR4; `value` is that of AR6."),
        Slot::new("year", Shape::Whole(1990, 2100), "Of which year it is."),
        SOURCE,
        CONFIDENCE,
        NOTE,
    ],
};

/// `models/factors/*.ron`.
pub const FACTORS: Table = Table {
    name: "Factors",
    doc: "Carbon of materials, of equipment, of refrigerants.",
    positional: false,
    slots: &[
        Slot::new("title", Shape::Text, "What they are.").required(),
        SOURCE.required(),
        Slot::new("year", Shape::Whole(1990, 2100), "Of which year, where one is known."),
        CONFIDENCE.required(),
        NOTE,
        Slot::new("entries", Shape::List(&Shape::Record(&ENTRY)), "The factors.").required(),
    ],
};
