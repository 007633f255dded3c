//! The fields of a study file, `models/studies/*.ron`: what is varied, how it is sampled, what is kept.

use super::targets::TARGETS;
use super::{Shape, Slot, Table, Word};

/// Most cases of a sampler that is told how many.
pub const MOST_CASES: i64 = 1_000_000;
/// Most cases that a sampler may come to: all of them stand in memory.
pub const MOST_IN_ALL: f64 = 1e7;

/// Most parameters of a study.
pub const MOST_PARAMETERS: usize = 64;

const SEED: Slot =
    Slot::new("seed", Shape::Whole(0, i64::MAX), "Makes the chance in it repeatable.").default("1");
const CASES: Slot = Slot::new("cases", Shape::Whole(1, MOST_CASES), "How many.").required();
const PATH: Slot =
    Slot::new("path", Shape::Word(Word::Path), "The field, as in `--set`: `cdu.supply_setpoint`.").required();
const ALSO: Slot =
    Slot::new("also", Shape::List(&Shape::Record(&FOLLOWER)), "Fields that move with it, of the same unit.");
const SOURCE: Slot = Slot::new(
    "source",
    Shape::Text,
    "Why it varies like this, and where that comes from; repeated in reports.",
);
const LOW: Slot = Slot::new("low", Shape::Any, "Nothing below it is drawn.");
const HIGH: Slot = Slot::new("high", Shape::Any, "Nothing above it is drawn.");

/// The whole file.
pub const STUDY: Table = Table {
    name: "Study",
    doc: "Many cases of one site, or of several.",
    positional: false,
    slots: &[
        Slot::new("schema", Shape::Whole(1, 1), "Version of the file format.").required(),
        Slot::new("title", Shape::Text, "What the study is."),
        Slot::new("question", Shape::Text, "What it is to answer."),
        Slot::new("expect", Shape::Text, "What its author expects."),
        Slot::new("base", Shape::Word(Word::Site), "The site: a built-in one, or a file beside this one.")
            .required(),
        Slot::new("set", Shape::Paths(&Shape::Any), "Changes of the site in every case."),
        Slot::new(
            "dynamics",
            Shape::Choice(&["QuasiSteady", "Dynamic", "AsWritten"]),
            "How a case is calculated: a year in quasi-steady steps of an hour, a year in dynamic ones, or as the \
             site writes it. What `set` says of `run` stands.",
        )
        .default("QuasiSteady"),
        Slot::new("parameters", Shape::Map(&Shape::Variant(PARAMETERS)), "What is varied, by id.").required(),
        Slot::new(
            "correlations",
            Shape::List(&Shape::Record(&CORRELATION)),
            "Parameters that are drawn together.",
        ),
        Slot::new("sampler", Shape::Variant(SAMPLERS), "Which cases are calculated.").default("Grid"),
        Slot::new(
            "outputs",
            Shape::List(&Shape::Text),
            "Figures to keep, by their path in `summary.json`: `metrics.pue`; left out, the common ones.",
        ),
        Slot::new(
            "constraints",
            Shape::List(&Shape::Variant(TARGETS)),
            "What a case must reach to be among the best; they take the place of the site's targets.",
        ),
        Slot::new(
            "minimise",
            Shape::List(&Shape::Text),
            "Figures by which cases are ranked, the first one first; `-` in front turns it round.",
        ),
        Slot::new(
            "also_dynamic",
            Shape::Whole(0, 100),
            "So many cases, spread evenly, are run dynamically as well, and the difference is reported.",
        )
        .default("3"),
    ],
};

/// A field that moves with a parameter.
pub const FOLLOWER: Table = Table {
    name: "Follower",
    doc: "A field that moves with a parameter: its value is factor · parameter + offset.",
    positional: false,
    slots: &[
        PATH,
        Slot::new("factor", Shape::Number(-1e6, 1e6), "Of the parameter, in SI.").default("1"),
        Slot::new("offset", Shape::Any, "Added to it; of a temperature in K, else in the field's unit."),
    ],
};

/// One option of a `Choice`.
pub const OPTION: Table = Table {
    name: "Option",
    doc: "One option: another site to start from, fields that change together, or both.",
    positional: false,
    slots: &[
        Slot::new("site", Shape::Word(Word::Site), "The site in place of `base`."),
        Slot::new("set", Shape::Paths(&Shape::Any), "Fields and their values."),
    ],
};

const VALUES: Table = Table {
    name: "Values",
    doc: "One of the values of a list, all equally likely.",
    positional: false,
    slots: &[PATH, ALSO, Slot::new("values", Shape::List(&Shape::Any), "The values.").required(), SOURCE],
};

const RANGE: Table = Table {
    name: "Range",
    doc: "Anywhere between two values, uniformly distributed.",
    positional: false,
    slots: &[
        PATH,
        ALSO,
        Slot::new("from", Shape::Any, "The lowest.").required(),
        Slot::new("to", Shape::Any, "The highest.").required(),
        Slot::new("steps", Shape::Whole(2, 1000), "Values of it in a grid, both ends among them.")
            .default("3"),
        SOURCE,
    ],
};

const NORMAL: Table = Table {
    name: "Normal",
    doc: "Normally distributed, cut off at `low` and `high`.",
    positional: false,
    slots: &[
        PATH,
        ALSO,
        Slot::new("mean", Shape::Any, "The mean, before it is cut off.").required(),
        Slot::new("deviation", Shape::Any, "The standard deviation, likewise; of a temperature in K.")
            .required(),
        LOW,
        HIGH,
        SOURCE,
    ],
};

const TRIANGULAR: Table = Table {
    name: "Triangular",
    doc: "Between two values, most likely at a third.",
    positional: false,
    slots: &[
        PATH,
        ALSO,
        Slot::new("low", Shape::Any, "The lowest.").required(),
        Slot::new("mode", Shape::Any, "The most likely.").required(),
        Slot::new("high", Shape::Any, "The highest.").required(),
        SOURCE,
    ],
};

const LOG_NORMAL: Table = Table {
    name: "LogNormal",
    doc: "Its logarithm is normally distributed: two thirds lie between median / spread and median · spread.",
    positional: false,
    slots: &[
        PATH,
        ALSO,
        Slot::new("median", Shape::Any, "The median, above zero.").required(),
        Slot::new("spread", Shape::Number(1.0, 100.0), "The geometric standard deviation.").required(),
        LOW,
        HIGH,
        SOURCE,
    ],
};

const CHOICE: Table = Table {
    name: "Choice",
    doc: "One of several options, each of which sets several fields at once.",
    positional: false,
    slots: &[
        Slot::new("options", Shape::Map(&Shape::Record(&OPTION)), "The options by id.").required(),
        SOURCE,
    ],
};

/// What varies, where it does not depend on another parameter.
pub const SIMPLE: &[Table] = &[VALUES, RANGE, NORMAL, TRIANGULAR, LOG_NORMAL, CHOICE];

/// What varies.
pub const PARAMETERS: &[Table] = &[
    VALUES,
    RANGE,
    NORMAL,
    TRIANGULAR,
    LOG_NORMAL,
    CHOICE,
    Table {
        name: "By",
        doc: "Something else for each option of a `Choice` that stands above it.",
        positional: false,
        slots: &[
            Slot::new("choice", Shape::Text, "The id of the `Choice`.").required(),
            Slot::new("cases", Shape::Map(&Shape::Variant(SIMPLE)), "What varies, by option.").required(),
            SOURCE,
        ],
    },
];

/// Two parameters that are drawn together.
pub const CORRELATION: Table = Table {
    name: "Correlation",
    doc: "Two parameters that are drawn together: the correlation of their normal scores.",
    positional: false,
    slots: &[
        Slot::new("between", Shape::Tuple(&[Shape::Text, Shape::Text]), "The two ids.").required(),
        Slot::new("coefficient", Shape::Number(-0.999, 0.999), "The coefficient of correlation.").required(),
    ],
};

/// Which cases are calculated.
pub const SAMPLERS: &[Table] = &[
    Table { name: "Grid", doc: "Every combination.", positional: false, slots: &[] },
    Table {
        name: "List",
        doc: "The cases that are written.",
        positional: false,
        slots: &[Slot::new(
            "cases",
            Shape::List(&Shape::Map(&Shape::Any)),
            "For each case a value of every parameter, by id; of a `Choice` the id of an option.",
        )
        .required()],
    },
    Table {
        name: "LatinHypercube",
        doc: "Each parameter's range in as many equally likely parts as there are cases, one case in each.",
        positional: false,
        slots: &[CASES, SEED],
    },
    Table {
        name: "Sobol",
        doc: "A Sobol sequence with nested uniform scrambling (Owen); best with a power of two of cases.",
        positional: false,
        slots: &[CASES, SEED],
    },
    Table { name: "MonteCarlo", doc: "Independent draws.", positional: false, slots: &[CASES, SEED] },
    Table {
        name: "Morris",
        doc: "Paths that move one parameter at a time: (parameters + 1) · trajectories cases, for screening.",
        positional: false,
        slots: &[
            Slot::new("trajectories", Shape::Whole(2, 10_000), "How many paths.").required(),
            Slot::new(
                "levels",
                Shape::Whole(2, 100),
                "Levels of the grid that they move on, an even number.",
            )
            .default("4"),
            SEED,
        ],
    },
    Table {
        name: "Saltelli",
        doc: "Pairs of samples that exchange one parameter: (parameters + 2) · base cases, for Sobol indices.",
        positional: false,
        slots: &[
            Slot::new("base", Shape::Whole(2, 100_000), "Size of the base sample, best a power of two.")
                .required(),
            SEED,
        ],
    },
    Table {
        name: "Nsga2",
        doc: "A search for the cases that none beats in all of `minimise`: population · generations cases, each generation \
              drawn from the best so far. What misses a `constraint` is worse than what meets all.",
        positional: false,
        slots: &[
            Slot::new("population", Shape::Whole(4, 10_000), "Cases of a generation.").required(),
            Slot::new("generations", Shape::Whole(1, 10_000), "How many generations.").required(),
            SEED,
        ],
    },
];
