//! The fields of a site's books beyond the meters.

use super::{CONFIDENCE, Shape, Slot, Table, Word, YEAR};
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
        Slot::new(
            "leakage_per_year",
            Shape::SHARE,
            "Share that leaks in a year; one that is written needs the three below.",
        )
        .default("2 %"),
        Slot::new(
            "source",
            Shape::Word(Word::Source),
            "Where `leakage_per_year` comes from, for the results.",
        ),
        YEAR,
        CONFIDENCE,
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
        Slot::new(
            "stress",
            Shape::Text,
            "Baseline water stress; left out, that of the grid's record. One that is written needs the three below.",
        ),
        Slot::new("source", Shape::Word(Word::Source), "Where `stress` comes from, for the results."),
        YEAR,
        CONFIDENCE,
    ],
};

const LIFE: Slot = Slot::new(
    "life",
    Shape::quantity(Quantity::Duration, "30 d", "73000 d"),
    "Service life; left out, that of the record.",
);
const LIFE_SOURCE: Slot = Slot::new(
    "life_source",
    Shape::Word(Word::Source),
    "Where `life` comes from, for the results; needed with it.",
);
const LIFE_YEAR: Slot = Slot::new("life_year", super::YEARS, "Of which year that is; needed with it.");
const LIFE_CONFIDENCE: Slot = Slot::new("life_confidence", super::GRADES, "How sure it is; needed with it.");
const FACTOR: Slot = Slot::new(
    "factor",
    Shape::Number(0.0, 1e7),
    "Carbon in kg CO₂e per kg or piece, in place of the record's: of a product declaration, which `source` names.",
);
const FACTOR_SOURCE: Slot = Slot::new(
    "source",
    Shape::Word(Word::Source),
    "Where `factor` comes from, for the results; needed with it.",
);
const FACTOR_YEAR: Slot = Slot::new("year", super::YEARS, "Of which year it is; needed with it.");
const FACTOR_CONFIDENCE: Slot = Slot::new("confidence", super::GRADES, "How sure it is; needed with it.");
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
            FACTOR_CONFIDENCE,
            LIFE,
            LIFE_SOURCE,
            LIFE_YEAR,
            LIFE_CONFIDENCE,
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
            FACTOR_CONFIDENCE,
            LIFE,
            LIFE_SOURCE,
            LIFE_YEAR,
            LIFE_CONFIDENCE,
        ],
    },
];

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
        super::SOURCE,
        YEAR,
        CONFIDENCE,
        AR4_SOURCE,
        AR4_YEAR,
        AR4_CONFIDENCE,
        Slot::new("life_years", Shape::Number(1.0, 200.0), "Service life of what is built with it."),
        LIFE_SOURCE,
        LIFE_YEAR,
        LIFE_CONFIDENCE,
        NOTE,
    ],
};
const AR4_SOURCE: Slot = Slot::new("ar4_source", Shape::Word(Word::Source), "Where `ar4` comes from.");
const AR4_YEAR: Slot = Slot::new("ar4_year", super::YEARS, "Of which year that is.");
const AR4_CONFIDENCE: Slot = Slot::new("ar4_confidence", super::GRADES, "How sure it is.");

/// `models/factors/*.ron`.
pub const FACTORS: Table = Table {
    name: "Factors",
    doc: "Carbon of materials, of equipment, of refrigerants.",
    positional: false,
    slots: &[
        Slot::new("title", Shape::Text, "What they are.").required(),
        super::SOURCE.required(),
        YEAR.required(),
        CONFIDENCE.required(),
        AR4_SOURCE,
        AR4_YEAR,
        AR4_CONFIDENCE,
        LIFE_SOURCE,
        LIFE_YEAR,
        LIFE_CONFIDENCE,
        NOTE,
        Slot::new("entries", Shape::List(&Shape::Record(&ENTRY)), "The factors.").required(),
    ],
};
