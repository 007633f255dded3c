//! The fields of what a site pledges by a year.

use super::{CONFIDENCE, SOURCE, Shape, Slot, Table, YEAR};
use units::Quantity;

/// Names of metrics, see [`Metric`](crate::pledges::Metric).
pub const METRICS: &[&str] = &[
    "NetCarbon",
    "Scope1",
    "Scope2Location",
    "Scope2Market",
    "Scope3",
    "CarbonFree",
    "WaterBalance",
    "Water",
    "Electricity",
    "Pue",
    "WasteDiversion",
];

const OF_YEAR: Shape = super::YEARS;
const CHANGE: Shape = Shape::quantity(Quantity::Ratio, "-100 %", "1000 %");
const MASS: Shape = Shape::quantity(Quantity::Mass, "0 kg", "1000000000 t");
const VOLUME: Shape = Shape::quantity(Quantity::Volume, "0 m3", "10000000000 m3");
const CARBON: Shape = Shape::quantity(Quantity::CarbonIntensity, "0 g/kWh", "3000 g/kWh");
const LOAD: Shape = Shape::quantity(Quantity::Ratio, "0", "1000");

/// Values by year with where they come from.
const fn course(slots: &'static [Slot]) -> Table {
    Table { name: "Course", doc: "Values by year, with where they come from.", positional: false, slots }
}

const OF_LOAD: Shape = Shape::Tuple(&[OF_YEAR, LOAD]);
const OF_SHARE: Shape = Shape::Tuple(&[OF_YEAR, Shape::SHARE]);
const OF_CARBON: Shape = Shape::Tuple(&[OF_YEAR, CARBON]);
const OF_MASS: Shape = Shape::Tuple(&[OF_YEAR, MASS]);
const OF_VOLUME: Shape = Shape::Tuple(&[OF_YEAR, VOLUME]);

/// A course of loads.
pub const LOAD_COURSE: Table = course(&[
    Slot::new("by_year", Shape::List(&OF_LOAD), "Year and value, year after year.").required(),
    SOURCE.required(),
    YEAR.required(),
    CONFIDENCE.required(),
]);
/// A course of shares.
pub const SHARE_COURSE: Table = course(&[
    Slot::new("by_year", Shape::List(&OF_SHARE), "Year and value, year after year.").required(),
    SOURCE.required(),
    YEAR.required(),
    CONFIDENCE.required(),
]);
/// A course of carbon factors.
pub const CARBON_COURSE: Table = course(&[
    Slot::new("by_year", Shape::List(&OF_CARBON), "Year and value, year after year.").required(),
    SOURCE.required(),
    YEAR.required(),
    CONFIDENCE.required(),
]);
/// A course of masses.
pub const MASS_COURSE: Table = course(&[
    Slot::new("by_year", Shape::List(&OF_MASS), "Year and value, year after year.").required(),
    SOURCE.required(),
    YEAR.required(),
    CONFIDENCE.required(),
]);
/// A course of volumes.
pub const VOLUME_COURSE: Table = course(&[
    Slot::new("by_year", Shape::List(&OF_VOLUME), "Year and value, year after year.").required(),
    SOURCE.required(),
    YEAR.required(),
    CONFIDENCE.required(),
]);

/// `pledges`.
pub const PLEDGES: Table = Table {
    name: "Pledges",
    doc: "What the site is to reach by a year, and what is planned until then.",
    positional: false,
    slots: &[
        Slot::new("first", OF_YEAR, "The year that the run stands for.").required(),
        Slot::new("last", OF_YEAR, "The last year; left out, the latest of the pledges."),
        Slot::new("pledges", Shape::List(&Shape::Record(&PLEDGE)), "What is pledged.").required(),
        Slot::new("it_load", Shape::Record(&LOAD_COURSE), "IT energy, 1 being that of the run."),
        Slot::new(
            "grid_carbon",
            Shape::Record(&CARBON_COURSE),
            "Carbon of the grid; left out, the factor of the run in every year.",
        ),
        Slot::new(
            "residual",
            Shape::Record(&CARBON_COURSE),
            "Carbon of what is not bought from carbon-free plants; left out, that of the site's `carbon`, else of the grid.",
        ),
        Slot::new(
            "carbon_free",
            Shape::Record(&SHARE_COURSE),
            "Share of the electricity that is bought from carbon-free plants; left out, what the site's contracts match by volume.",
        ),
        Slot::new(
            "scope_3",
            Shape::Record(&MASS_COURSE),
            "Scope 3 beside what `embodied` comes to in a year.",
        ),
        Slot::new("removals", Shape::Record(&MASS_COURSE), "Carbon dioxide that is removed."),
        Slot::new("replenishment", Shape::Record(&VOLUME_COURSE), "Water that is given back to the basin."),
        Slot::new("waste", Shape::Record(&MASS_COURSE), "Waste that arises."),
        Slot::new(
            "diverted",
            Shape::Record(&MASS_COURSE),
            "Waste that goes neither to landfill nor to fire.",
        ),
        Slot::new("measures", Shape::List(&Shape::Record(&MEASURE)), "What is planned, and what it changes."),
    ],
};

/// One of `pledges.pledges`.
pub const PLEDGE: Table = Table {
    name: "Pledge",
    doc: "What is to be reached by a year.",
    positional: false,
    slots: &[
        Slot::new("metric", Shape::Choice(METRICS), "What.").required(),
        Slot::new("by", OF_YEAR, "The year.").required(),
        Slot::new(
            "to",
            Shape::AnyQuantity,
            "The value then: at most that, of shares and balances at least; left out, 0 of balances and 1 of shares.",
        ),
        Slot::new(
            "from",
            Shape::Tuple(&[OF_YEAR, Shape::AnyQuantity]),
            "Where the path to it begins; left out, the first year with its value.",
        ),
    ],
};

/// One of `pledges.measures`.
pub const MEASURE: Table = Table {
    name: "Measure",
    doc: "Something that is planned.",
    positional: false,
    slots: &[
        Slot::new("from", OF_YEAR, "From when it works.").required(),
        Slot::new("what", Shape::Text, "What it is.").required(),
        Slot::new("it", CHANGE, "Change of IT energy.").default("0 %"),
        Slot::new("overhead", CHANGE, "Change of the electricity that is not IT.").default("0 %"),
        Slot::new("water", CHANGE, "Change of make-up water.").default("0 %"),
        Slot::new("scope_1", CHANGE, "Change of scope 1.").default("0 %"),
        Slot::new("source", SOURCE.shape, "Where these changes come from.").required(),
        YEAR.required(),
        CONFIDENCE.required(),
    ],
};
