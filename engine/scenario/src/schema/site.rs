//! The fields of a site file.

use super::{Shape, Slot, Table, Word};
use units::Quantity;

/// Most racks of a site.
pub const MOST_RACKS: i64 = 100_000;

/// Most equal units in parallel.
pub const MOST_UNITS: i64 = 100_000;

/// The whole file.
pub const SITE: Table = Table {
    name: "Site",
    doc: "One site.",
    positional: false,
    slots: &[
        Slot::new("schema", Shape::Whole(1, 1), "Version of the file format.").required(),
        Slot::new("title", Shape::Text, "What the site is."),
        Slot::new("question", Shape::Text, "What the file is to answer."),
        Slot::new("expect", Shape::Text, "What its author expects."),
        Slot::new("based_on", Shape::Word(Word::Site), "Another site to start from."),
        Slot::new("set", Shape::Paths(&Shape::Any), "Changes to single fields of what `based_on` gave."),
        Slot::new(
            "remove",
            Shape::List(&Shape::Word(Word::Path)),
            "Ids taken away from what `based_on` gave.",
        ),
        Slot::new("site", Shape::Record(&PLACE), "The place."),
        Slot::new("components", Shape::Map(&Shape::Component), "The equipment by id."),
        Slot::new("racks", Shape::Map(&Shape::Record(&GROUP)), "The rack groups by id."),
        Slot::new("connections", Shape::List(&Shape::Word(Word::Connection)), "Chains of ports."),
        Slot::new(
            "controls",
            Shape::Map(&Shape::Variant(CONTROLS)),
            "Control loops in place of delivered ones.",
        ),
        Slot::new(
            "fluids",
            Shape::Paths(&Shape::Word(Word::Fluid)),
            "The liquid of the circuit of a passage.",
        ),
        Slot::new(
            "events",
            Shape::List(&Shape::Variant(super::events::AT)),
            "What fails or changes during the run.",
        ),
        Slot::new(
            "resistances",
            Shape::Paths(&Shape::Record(&RESISTANCE)),
            "What passages resist; their circuits are solved from pressures.",
        ),
        Slot::new("carbon", Shape::Record(&CARBON), "Carbon of the electricity by the hour."),
        Slot::new("water", Shape::Record(&super::books::WATER), "Where the water comes from."),
        Slot::new(
            "embodied",
            Shape::List(&Shape::Variant(super::books::BILL)),
            "What the site is built of: its bill of quantities.",
        ),
        Slot::new(
            "economics",
            Shape::Record(&super::money::ECONOMICS),
            "What electricity and water cost, and the site itself.",
        ),
        Slot::new(
            "disclosure",
            Shape::Record(&super::disclosure::DISCLOSURE),
            "What reports must say of the site and no simulation knows.",
        ),
        Slot::new("targets", Shape::List(&Shape::Variant(super::targets::TARGETS)), "What a run must reach."),
        Slot::new(
            "pledges",
            Shape::Record(&super::pledges::PLEDGES),
            "What is to be reached by a year, and what is planned until then.",
        ),
        Slot::new("run", Shape::Record(&RUN), "What is simulated, and how."),
    ],
};

/// One entry of `resistances`.
pub const RESISTANCE: Table = Table {
    name: "Resistance",
    doc: "What a passage resists.",
    positional: false,
    slots: &[
        Slot::new(
            "pressure_drop",
            Shape::quantity(Quantity::Pressure, "1 Pa", "5 MPa"),
            "Pressure lost at `flow`.",
        )
        .required(),
        Slot::new(
            "flow",
            Shape::quantity(Quantity::VolumeFlow, "0.001 L/min", "100 m3/s"),
            "Flow of one unit; left out, the one that its data sheet names for the passage.",
        ),
        Slot::new("exponent", Shape::Number(1.0, 2.0), "Of the flow: 2 where turbulent, 1 where laminar.")
            .default("2"),
    ],
};

/// `site`.
pub const PLACE: Table = Table {
    name: "Place",
    doc: "Where the site stands.",
    positional: false,
    slots: &[
        Slot::new("climate", Shape::Word(Word::Climate), "A built-in typical year.").instead_of("weather"),
        Slot::new("weather", Shape::Word(Word::File), "An EPW or TMY3 file.").instead_of("climate"),
        Slot::new(
            "sky",
            Shape::Word(Word::File),
            "Sun and wind beside a climate, or in place of the weather's: a table of `models/skies`, or a CSV file.",
        ),
        Slot::new(
            "elevation",
            Shape::quantity(Quantity::Length, "-500 m", "6000 m"),
            "Above sea level; left out, that of the weather.",
        ),
        Slot::new("grid", Shape::Word(Word::Grid), "The electricity grid; left out, that of the climate."),
        Slot::new("fluid", Shape::Word(Word::Fluid), "The liquid of circuits without another.")
            .default("water"),
    ],
};

/// ASHRAE TC 9.9 classes of air-cooled equipment, see [`inlet_allowable`].
pub const INLET_CLASSES: &[&str] = &["A1", "A2", "A3", "A4", "H1"];

/// Lowest and highest dry bulb that a class allows at the inlet [°C].
///
/// ASHRAE TC 9.9, *Thermal Guidelines for Data Processing Environments*, 5th ed. (2021), allowable ranges at sea level;
/// A1 to A4: CE101 to CE104; H1: recalled, to verify. The reduction with altitude is not applied.
pub fn inlet_allowable(class: &str) -> (f64, f64) {
    match class {
        "A1" => (15.0, 32.0),
        "A3" => (5.0, 40.0),
        "A4" => (5.0, 45.0),
        "H1" => (5.0, 25.0),
        _ => (10.0, 35.0),
    }
}

/// Envelopes of the air at the inlet, from the narrowest: the recommended one, then what the classes allow.
pub const ENVELOPES: [&str; 5] = ["recommended", "A1", "A2", "A3", "A4"];

/// Place in [`ENVELOPES`] of the narrowest that holds a dry bulb [°C]; nothing where none does.
///
/// Recommended is 18 to 27 °C; source as of [`inlet_allowable`].
#[must_use]
pub fn envelope(celsius: f64) -> Option<usize> {
    let ends = |name: &str| if name == "recommended" { (18.0, 27.0) } else { inlet_allowable(name) };
    ENVELOPES.into_iter().map(ends).position(|(low, high)| (low..=high).contains(&celsius))
}

/// `carbon`.
pub const CARBON: Table = Table {
    name: "Carbon",
    doc: "Carbon of electricity by the hour, and what is bought from whom; left out, the annual factor of the grid.",
    positional: false,
    slots: &[
        Slot::new("profile", Shape::Word(Word::File), "Course of the grid's carbon factor over the year."),
        Slot::new(
            "basis",
            Shape::Choice(&["Lifecycle", "Direct"]),
            "What all factors count; left out, Lifecycle, or what the grid's record has where no profile is named.",
        ),
        Slot::new(
            "year",
            Shape::Whole(1990, 2100),
            "Of which year the profile is; needed, where its file does not say `# year: …`.",
        ),
        Slot::new(
            "source",
            Shape::Word(Word::Source),
            "Where the profile comes from, for the results; needed, where its file does not say `# source: …`.",
        ),
        Slot::new(
            "confidence",
            super::GRADES,
            "How sure the profile is; needed, where its file does not say `# confidence: …`.",
        ),
        Slot::new("contracts", Shape::List(&Shape::Record(&CONTRACT)), "What is bought from certain plants."),
        Slot::new(
            "residual",
            Shape::quantity(Quantity::CarbonIntensity, "0 g/kWh", "5000 g/kWh"),
            "Carbon of what contracts do not cover (residual mix); left out, that of the grid.",
        ),
        Slot::new(
            "residual_source",
            Shape::Word(Word::Source),
            "Where that comes from, for the results; needed with it.",
        ),
        Slot::new("residual_year", super::YEARS, "Of which year it is; needed with it."),
        Slot::new("residual_confidence", super::GRADES, "How sure it is; needed with it."),
        Slot::new(
            "refrigerants",
            Shape::List(&Shape::Record(&super::books::CHARGE)),
            "Refrigerants of the site's machines, which leak.",
        ),
    ],
};

/// One of `carbon.contracts`.
pub const CONTRACT: Table = Table {
    name: "Contract",
    doc: "Electricity bought from plants of one technology.",
    positional: false,
    slots: &[
        Slot::new("technology", Shape::Choice(TECHNOLOGIES), "What generates.").required(),
        Slot::new("capacity", Shape::quantity(Quantity::Power, "1 W", "100 GW"), "Contracted capacity.")
            .required(),
        Slot::new(
            "profile",
            Shape::Word(Word::File),
            "Output as a share of it; left out, all of it at all times.",
        ),
        Slot::new(
            "factor",
            Shape::quantity(Quantity::CarbonIntensity, "0 g/kWh", "5000 g/kWh"),
            "Its carbon; left out, the technology's lifecycle factor, or 0 where the basis is Direct.",
        ),
        Slot::new(
            "source",
            Shape::Word(Word::Source),
            "Where profile and factor come from, for the results; a factor needs it, and a profile where its file \
             does not say `# source: …`.",
        ),
        Slot::new("year", super::YEARS, "Of which year they are; needed likewise, in a file `# year: …`."),
        Slot::new(
            "confidence",
            super::GRADES,
            "How sure they are; needed likewise, in a file `# confidence: …`.",
        ),
    ],
};

/// Technologies of contracts.
pub const TECHNOLOGIES: &[&str] = &["Wind", "Solar", "Geothermal", "Hydro", "Nuclear"];

/// One entry of `racks`.
pub const GROUP: Table = Table {
    name: "Racks",
    doc: "A group of equal racks.",
    positional: false,
    slots: &[
        Slot::new("template", Shape::Word(Word::Template), "The rack.").required(),
        Slot::new("count", Shape::Whole(1, MOST_RACKS), "How many.").default("1"),
        Slot::new("workload", Shape::Variant(WORKLOADS), "What they compute.").required(),
        Slot::new("idle_share", Shape::SHARE, "Share of the racks that computes nothing.").default("0"),
        Slot::new(
            "inlet_class",
            Shape::Choice(INLET_CLASSES),
            "ASHRAE class of the equipment: which air it takes in.",
        )
        .default("A2"),
        Slot::new("per_row", Shape::Whole(1, MOST_RACKS), "Racks in a row, for drawing."),
        Slot::new("layout", Shape::Variant(LAYOUTS), "Where they stand, for drawing."),
        Slot::new("parts", Shape::Map(&Shape::Part), "Fields of the template's parts that differ."),
        Slot::new(
            "except",
            Shape::List(&Shape::Record(&EXCEPTION)),
            "Racks among them that differ from the rest.",
        ),
    ],
};

/// One entry of a group's `except`.
pub const EXCEPTION: Table = Table {
    name: "Exception",
    doc: "Racks of a group that differ from the rest in load or in fields of parts.",
    positional: false,
    slots: &[
        Slot::new("racks", Shape::Text, "Which, counted from 0: \"3\", \"10-19\" or \"3, 10-19\".")
            .required(),
        Slot::new("workload", Shape::Variant(WORKLOADS), "What they compute; left out, what the rest does."),
        Slot::new("idle_share", Shape::SHARE, "Share of them that computes nothing."),
        Slot::new("parts", Shape::Map(&Shape::Part), "Fields of the template's parts that differ."),
    ],
};

const UTILISATION: Slot = Slot::new("utilisation", Shape::SHARE, "Share of full load.");
const SEED: Slot =
    Slot::new("seed", Shape::Whole(0, i64::MAX), "Makes the chance in it repeatable.").default("1");

/// What a rack group computes.
pub const WORKLOADS: &[Table] = &[
    Table {
        name: "Constant",
        doc: "The same load at all times.",
        positional: false,
        slots: &[UTILISATION.required()],
    },
    Table {
        name: "Diurnal",
        doc: "A wave over the day, lower at the weekend.",
        positional: false,
        slots: &[
            Slot::new("low", Shape::SHARE, "At the quietest hour.").required(),
            Slot::new("high", Shape::SHARE, "At the busiest hour.").required(),
            Slot::new(
                "peak_at",
                Shape::quantity(Quantity::Duration, "0 h", "24 h"),
                "Hour of the day of the peak.",
            )
            .default("15 h"),
            Slot::new("weekend", Shape::SHARE, "Load of Saturdays and Sundays, relative to the other days.")
                .default("1"),
        ],
    },
    Table {
        name: "Training",
        doc: "One job that stops for checkpoints.",
        positional: false,
        slots: &[
            UTILISATION.required(),
            Slot::new(
                "checkpoint_every",
                Shape::quantity(Quantity::Duration, "1 s", "30 d"),
                "From one to the next.",
            )
            .default("30 min"),
            Slot::new(
                "checkpoint_lasts",
                Shape::quantity(Quantity::Duration, "0 s", "1 d"),
                "How long one takes.",
            )
            .default("40 s"),
            Slot::new("checkpoint_utilisation", Shape::SHARE, "Load meanwhile.").default("0.1"),
            SEED,
        ],
    },
    Table {
        name: "Inference",
        doc: "Requests: a wave over the day with chance from minute to minute.",
        positional: false,
        slots: &[
            UTILISATION.required(),
            Slot::new("swing", Shape::SHARE, "Height of the daily wave, relative to the mean.")
                .default("0.3"),
            Slot::new("burst", Shape::SHARE, "Spread of single minutes, relative to the wave.")
                .default("0.2"),
            Slot::new(
                "peak_at",
                Shape::quantity(Quantity::Duration, "0 h", "24 h"),
                "Hour of the day of the peak.",
            )
            .default("15 h"),
            SEED,
        ],
    },
    Table { name: "Idle", doc: "Nothing.", positional: false, slots: &[] },
    Table {
        name: "Trace",
        doc: "A recorded course: a CSV file of seconds and utilisation.",
        positional: true,
        slots: &[Slot::new("file", Shape::Word(Word::File), "Each row holds until the next.").required()],
    },
];

const METRES: Shape = Shape::quantity(Quantity::Length, "-10 km", "10 km");

/// Where racks stand.
pub const LAYOUTS: &[Table] = &[Table {
    name: "Row",
    doc: "Racks side by side.",
    positional: false,
    slots: &[
        Slot::new("origin", Shape::Tuple(&[METRES, METRES]), "The corner of the first."),
        Slot::new("pitch", Shape::quantity(Quantity::Length, "0.1 m", "10 m"), "From one to the next."),
        Slot::new("facing", Shape::Choice(&["North", "East", "South", "West"]), "Where their fronts look."),
    ],
}];

const BY: Slot = Slot::new("by", Shape::Word(Word::Reference), "The actuator.");

/// Loops and pins.
pub const CONTROLS: &[Table] = &[
    Table {
        name: "Hold",
        doc: "A loop that holds a sensor at a value by an actuator.",
        positional: false,
        slots: &[
            Slot::new("sensor", Shape::Word(Word::Reference), "What is measured.").required(),
            Slot::new("at", Shape::AnyQuantity, "The value to be held.").required(),
            BY.required(),
            Slot::new("band", Shape::AnyQuantity, "Error that moves the actuator over its whole stroke."),
            Slot::new("integral_time", Shape::quantity(Quantity::Duration, "1 s", "1 d"), "Integral time."),
            Slot::new("action", Shape::Choice(&["Raises", "Lowers"]), "What opening does to the sensor."),
        ],
    },
    Table {
        name: "Fix",
        doc: "An actuator that stays where it is put.",
        positional: false,
        slots: &[
            BY.required(),
            Slot::new("at", Shape::quantity(Quantity::Ratio, "0", "100"), "Its position.").required(),
        ],
    },
];

/// How a run is made.
pub const RUN: Table = Table {
    name: "Run",
    doc: "What is simulated, and how.",
    positional: false,
    slots: &[
        Slot::new("period", Shape::Variant(PERIODS), "Of which time.").default("Year"),
        Slot::new("step", Shape::quantity(Quantity::Duration, "1 s", "1 d"), "Step of inputs.")
            .default("15 min"),
        Slot::new(
            "output_every",
            Shape::quantity(Quantity::Duration, "1 s", "366 d"),
            "Step of results; left out, `step`.",
        ),
        Slot::new(
            "fidelity",
            Shape::Choice(&["Lumped", "Rack", "Chip"]),
            "What is carried apart: nothing, every rack, every chip.",
        )
        .default("Lumped"),
        Slot::new(
            "equal_racks",
            Shape::Choice(&["Together", "Apart"]),
            "At fidelity Rack and Chip: racks that no event tells apart are carried once, which is exact, or each by itself.",
        )
        .default("Together"),
        Slot::new(
            "controls",
            Shape::Choice(&["Sampled", "Continuous", "Ideal"]),
            "How loops are executed; left out, Sampled up to one day of a dynamic run, else Continuous.",
        ),
        Slot::new("dynamics", Shape::Choice(&["Dynamic", "QuasiSteady"]), "What happens within a step.")
            .default("Dynamic"),
        Slot::new("weather", Shape::Choice(&["Linear", "EndOfStep"]), "Between the hours.").default("Linear"),
        Slot::new(
            "conventions",
            Shape::Choice(&["Isotherm", "EnergyPlus"]),
            "How components count where EnergyPlus counts otherwise, for comparison; one that writes its own keeps it.",
        )
        .default("Isotherm"),
        Slot::new("method", Shape::Choice(&["Rodas3", "Rodas4", "Dopri5"]), "The integrator.")
            .default("Rodas3"),
        Slot::new("tolerance", Shape::Number(1e-12, 1e-1), "Of the integrator.").default("1e-4"),
        Slot::new("seed", Shape::Whole(0, i64::MAX), "Of the typical year.").default("1"),
        Slot::new("threads", Shape::Whole(1, 1024), "Of the computation.").default("1"),
        Slot::new(
            "precision",
            Shape::Choice(&["Double", "Single"]),
            "At fidelity Rack and Chip: how increments and factors of racks are kept; Single takes half of the memory.",
        )
        .default("Double"),
        Slot::new(
            "details",
            Shape::List(&Shape::Variant(DETAILS)),
            "Racks of which every temperature is written; at fidelity Rack or Chip.",
        ),
    ],
};

/// What is written beyond the columns that every run has.
pub const DETAILS: &[Table] = &[Table {
    name: "Temperatures",
    doc: "Every temperature within these racks, chip by chip at fidelity Chip.",
    positional: true,
    slots: &[
        Slot::new(
            "racks",
            Shape::Word(Word::Reference),
            "A rack, `hall[3]`, or all racks of a group, `hall`.",
        )
        .required(),
        Slot::new(
            "from",
            Shape::quantity(Quantity::Duration, "0 s", "366 d"),
            "From the start of the run; left out, at once.",
        ),
        Slot::new("for", Shape::DURATION, "How long; left out, to the end."),
    ],
}];

/// Of which time.
pub const PERIODS: &[Table] = &[
    Table { name: "Year", doc: "A whole year.", positional: false, slots: &[] },
    Table {
        name: "Day",
        doc: "One day.",
        positional: true,
        slots: &[
            Slot::new("date", Shape::Word(Word::Date), "Its date; the year is not looked at.").required()
        ],
    },
    Table {
        name: "Span",
        doc: "A part of the year.",
        positional: false,
        slots: &[
            Slot::new(
                "from",
                Shape::quantity(Quantity::Duration, "0 d", "366 d"),
                "From the start of the year.",
            )
            .required(),
            Slot::new("for", Shape::DURATION, "How long.").required(),
        ],
    },
];
