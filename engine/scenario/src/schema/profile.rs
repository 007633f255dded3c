//! The fields of a regulatory profile, `models/profiles/*.ron`.

use super::{Shape, Slot, Table, Word};

/// A text in the languages of reports.
pub const WORDS: Table = Table {
    name: "Words",
    doc: "A text in each language of reports.",
    positional: false,
    slots: &[
        Slot::new("en", Shape::Text, "English.").required(),
        Slot::new("zh", Shape::Text, "Chinese, simplified characters.").required(),
    ],
};

const TEXT: Shape = Shape::Record(&WORDS);

/// What a calculation makes of a run, by its name in a profile.
pub const CALCULATIONS: &[&str] = &[
    "CharacteristicRatio",
    "ContractedRenewable",
    "CoolingDegreeDays",
    "CoolingDegreeDaysPlain",
    "CoolingEfficiencyRatio",
    "DirectEmissions",
    "EnergyReuseFactor",
    "EuPue",
    "EuWue",
    "GriEnergyTotal",
    "InstalledItPower",
    "ItEnergyForEu",
    "LocationEmissions",
    "MarketCue",
    "MarketEmissions",
    "MeasuredRatio",
    "PotableWater",
    "RenewableEnergyFactor",
    "RenewableTotal",
    "WaterConsumed",
    "WaterDischarged",
];

/// Where a value comes from.
pub const ORIGINS: &[Table] = &[
    Table {
        name: "Run",
        doc: "A figure of the run, by its path in `summary.json`.",
        positional: true,
        slots: &[
            Slot::new("path", Shape::Text, "For example `metrics.pue`.").required(),
            Slot::new("factor", Shape::Number(-1e12, 1e12), "What it is multiplied by.").default("1"),
        ],
    },
    Table {
        name: "Given",
        doc: "What the site's `disclosure` says.",
        positional: true,
        slots: &[
            Slot::new("key", Shape::Text, "Its name in results, for example `floor_area_m2`.").required(),
            Slot::new("factor", Shape::Number(-1e12, 1e12), "What it is multiplied by.").default("1"),
        ],
    },
    Table {
        name: "Calculated",
        doc: "Calculated from the run and from what is given.",
        positional: true,
        slots: &[Slot::new("what", Shape::Choice(CALCULATIONS), "How.").required()],
    },
];

/// A class of values.
pub const GRADE: Table = Table {
    name: "Grade",
    doc: "A class that a value reaches.",
    positional: false,
    slots: &[
        Slot::new("at_most", Shape::Number(0.0, 1e12), "The largest value in it.").required(),
        Slot::new("name", TEXT, "What it is called.").required(),
    ],
};

/// An indicator.
pub const INDICATOR: Table = Table {
    name: "Indicator",
    doc: "A line of a table.",
    positional: false,
    slots: &[
        Slot::new("code", Shape::Text, "Symbol or number where it is defined.").required(),
        Slot::new("name", TEXT, "What it is called.").required(),
        Slot::new("unit", Shape::Text, "Of its value; left out for texts and ratios."),
        Slot::new("decimals", Shape::Whole(0, 6), "How many are shown.").default("0"),
        Slot::new("definition", TEXT, "How it is defined.").required(),
        Slot::new("edition", Shape::Text, "Where; left out, the edition of the profile."),
        Slot::new("boundary", TEXT, "What it includes, and by which category.").required(),
        Slot::new(
            "from",
            Shape::List(&Shape::Variant(ORIGINS)),
            "Where its value comes from: the first that has one.",
        )
        .required(),
        Slot::new("grades", Shape::List(&Shape::Record(&GRADE)), "Classes, strictest first."),
        Slot::new("confidence", Shape::Choice(&["A", "B", "C"]), "How sure the definition is.").required(),
        Slot::new("note", TEXT, "What else must be known."),
    ],
};

/// A table of a profile.
pub const SHEET: Table = Table {
    name: "Sheet",
    doc: "A table.",
    positional: false,
    slots: &[
        Slot::new("id", Shape::Text, "Its file and sheet: lower case letters, digits and `_`.").required(),
        Slot::new("caption", TEXT, "What it holds.").required(),
        Slot::new("indicators", Shape::List(&Shape::Record(&INDICATOR)), "Its lines.").required(),
    ],
};

/// `models/profiles/*.ron`.
pub const PROFILE: Table = Table {
    name: "Profile",
    doc: "The indicators that a standard or a rule asks for.",
    positional: false,
    slots: &[
        Slot::new("title", TEXT, "What it is called.").required(),
        Slot::new("edition", Shape::Text, "Number and year.").required(),
        Slot::new("status", Shape::Choice(&["InForce", "Withdrawn", "Draft"]), "Whether it applies.")
            .required(),
        Slot::new("valid_from", Shape::Word(Word::Date), "First day on which it applies.").required(),
        Slot::new("valid_until", Shape::Word(Word::Date), "Last day, where one is known."),
        Slot::new("source", Shape::Text, "Where the definitions come from.").required(),
        Slot::new("confidence", Shape::Choice(&["A", "B", "C"]), "How sure they are.").required(),
        Slot::new("note", TEXT, "What a reader must know of it."),
        Slot::new("tables", Shape::List(&Shape::Record(&SHEET)), "Its tables.").required(),
    ],
};
