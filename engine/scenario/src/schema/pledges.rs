//! The fields of what a site pledges by a year.

use super::{Shape, Slot, Table};
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

const YEAR: Shape = Shape::Whole(1990, 2100);
const CHANGE: Shape = Shape::quantity(Quantity::Ratio, "-100 %", "1000 %");
const MASS: Shape = Shape::quantity(Quantity::Mass, "0 kg", "1000000000 t");
const VOLUME: Shape = Shape::quantity(Quantity::Volume, "0 m3", "10000000000 m3");
const CARBON: Shape = Shape::quantity(Quantity::CarbonIntensity, "0 g/kWh", "3000 g/kWh");
const LOAD: Shape = Shape::quantity(Quantity::Ratio, "0", "1000");

const OF_LOAD: Shape = Shape::Tuple(&[YEAR, LOAD]);
const OF_SHARE: Shape = Shape::Tuple(&[YEAR, Shape::SHARE]);
const OF_CARBON: Shape = Shape::Tuple(&[YEAR, CARBON]);
const OF_MASS: Shape = Shape::Tuple(&[YEAR, MASS]);
const OF_VOLUME: Shape = Shape::Tuple(&[YEAR, VOLUME]);

/// `pledges`.
pub const PLEDGES: Table = Table {
    name: "Pledges",
    doc: "What the site is to reach by a year, and what is planned until then.",
    positional: false,
    slots: &[
        Slot::new("first", YEAR, "The year that the run stands for.").required(),
        Slot::new("last", YEAR, "The last year; left out, the latest of the pledges."),
        Slot::new("pledges", Shape::List(&Shape::Record(&PLEDGE)), "What is pledged.").required(),
        Slot::new("it_load", Shape::List(&OF_LOAD), "IT energy, 1 being that of the run."),
        Slot::new(
            "grid_carbon",
            Shape::List(&OF_CARBON),
            "Carbon of the grid; left out, the factor of the run in every year.",
        ),
        Slot::new(
            "residual",
            Shape::List(&OF_CARBON),
            "Carbon of what is not bought from carbon-free plants; left out, that of the site's `carbon`, else of the grid.",
        ),
        Slot::new(
            "carbon_free",
            Shape::List(&OF_SHARE),
            "Share of the electricity that is bought from carbon-free plants; left out, what the site's contracts match by volume.",
        ),
        Slot::new("scope_3", Shape::List(&OF_MASS), "Scope 3 beside what `embodied` comes to in a year."),
        Slot::new("removals", Shape::List(&OF_MASS), "Carbon dioxide that is removed."),
        Slot::new("replenishment", Shape::List(&OF_VOLUME), "Water that is given back to the basin."),
        Slot::new("waste", Shape::List(&OF_MASS), "Waste that arises."),
        Slot::new("diverted", Shape::List(&OF_MASS), "Waste that goes neither to landfill nor to fire."),
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
        Slot::new("by", YEAR, "The year.").required(),
        Slot::new(
            "to",
            Shape::AnyQuantity,
            "The value then: at most that, of shares and balances at least; left out, 0 of balances and 1 of shares.",
        ),
        Slot::new(
            "from",
            Shape::Tuple(&[YEAR, Shape::AnyQuantity]),
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
        Slot::new("from", YEAR, "From when it works.").required(),
        Slot::new("what", Shape::Text, "What it is.").required(),
        Slot::new("it", CHANGE, "Change of IT energy.").default("0 %"),
        Slot::new("overhead", CHANGE, "Change of the electricity that is not IT.").default("0 %"),
        Slot::new("water", CHANGE, "Change of make-up water.").default("0 %"),
        Slot::new("scope_1", CHANGE, "Change of scope 1.").default("0 %"),
    ],
};
