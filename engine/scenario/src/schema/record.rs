//! The fields of the records in `models/`.

use super::site::CONTROLS;
use super::{Shape, Slot, Table, Word};
use units::Quantity;

const TITLE: Slot = Slot::new("title", Shape::Text, "What it is.");
const SOURCE: Slot = Slot::new("source", Shape::Text, "Where the numbers come from.");
const CONFIDENCE: Slot = Slot::new("confidence", Shape::Choice(&["A", "B", "C"]), "How sure they are.");
const NOTE: Slot = Slot::new("note", Shape::Text, "What else is worth knowing.");

/// `models/components/*.ron`.
pub const COMPONENT: Table = Table {
    name: "Component",
    doc: "A product, or a typical one.",
    positional: false,
    slots: &[
        TITLE.required(),
        SOURCE.required(),
        CONFIDENCE.required(),
        NOTE,
        Slot::new("is", Shape::Component, "Its data sheet.").required(),
    ],
};

/// `models/racks/*.ron`.
pub const RACK: Table = Table {
    name: "Rack",
    doc: "A rack: its parts, how they are connected, and the ports it shows to the site.",
    positional: false,
    slots: &[
        TITLE.required(),
        SOURCE.required(),
        CONFIDENCE.required(),
        NOTE,
        Slot::new(
            "cooling",
            Shape::Choice(&["Hybrid", "Air", "ColdPlate", "RearDoor", "Immersion"]),
            "How it is cooled.",
        )
        .required(),
        Slot::new("power_rated", Shape::quantity(Quantity::Power, "1 W", "10 MW"), "Installed IT power.")
            .required(),
        Slot::new("fluid", Shape::Word(Word::Fluid), "The coolant of its liquid port."),
        Slot::new("parts", Shape::Map(&Shape::Component), "Its parts by id.").required(),
        Slot::new("connections", Shape::List(&Shape::Word(Word::Connection)), "Chains among the parts."),
        Slot::new("controls", Shape::Map(&Shape::Variant(CONTROLS)), "Loops among the parts."),
        Slot::new("fluids", Shape::Paths(&Shape::Word(Word::Fluid)), "The liquid of a circuit within."),
        Slot::new(
            "ports",
            Shape::Map(&Shape::Word(Word::Reference)),
            "Ports of the parts that the site connects.",
        )
        .required(),
    ],
};

const SHARE: Shape = Shape::SHARE;
const YEAR: Slot = Slot::new("year", Shape::Whole(1990, 2100), "Of which year.").required();
const VALUE: Slot = Slot::new(
    "value",
    Shape::quantity(Quantity::CarbonIntensity, "0 g/kWh", "3000 g/kWh"),
    "Carbon dioxide equivalent per electricity.",
)
.required();

const FACTOR: Table =
    Table { name: "Factor", doc: "A factor of one year.", positional: false, slots: &[YEAR, VALUE] };
const DIRECT: Table = Table {
    name: "Factor",
    doc: "A factor of one year.",
    positional: false,
    slots: &[YEAR, VALUE, Slot::new("what", Shape::Text, "What is counted, and by whom.").required()],
};

/// `models/grids/*.ron`.
pub const GRID: Table = Table {
    name: "Grid",
    doc: "An electricity grid.",
    positional: false,
    slots: &[
        TITLE.required(),
        Slot::new("zone", Shape::Text, "Its id where the values come from.").required(),
        Slot::new("kind", Shape::Text, "Grid zone, province, regional grid or country.").required(),
        Slot::new(
            "lifecycle",
            Shape::List(&Shape::Record(&FACTOR)),
            "With plants and fuel supply, latest first.",
        ),
        Slot::new("direct", Shape::List(&Shape::Record(&DIRECT)), "Leaving the power plants, latest first."),
        Slot::new("renewable_share", SHARE, "Of the electricity consumed."),
        Slot::new("carbon_free_share", SHARE, "Renewable and nuclear, of the electricity consumed."),
        Slot::new(
            "water",
            Shape::quantity(Quantity::WaterIntensity, "0 L/kWh", "100 L/kWh"),
            "Water consumed per electricity.",
        ),
        Slot::new("water_stress", Shape::Text, "Of the region."),
        Slot::new("electricity_price_usd_per_kwh", Shape::Number(-10.0, 10.0), "Of an industrial customer."),
        Slot::new("wholesale_price_usd_per_mwh", Shape::Number(-1e4, 1e4), "Mean of the spot market."),
        Slot::new("water_price_usd_per_m3", Shape::Number(0.0, 1e3), "Of an industrial customer."),
        Slot::new("source_carbon", Shape::Text, "Where the factors come from."),
        Slot::new("source_water", Shape::Text, "Where the water intensity comes from."),
        Slot::new("year_water", Shape::Whole(1990, 2100), "Of which year that is, or its edition."),
        Slot::new("confidence_water", Shape::Choice(&["A", "B", "C"]), "How sure it is."),
        Slot::new("source_price", Shape::Text, "Where the prices come from."),
        Slot::new("year_price", Shape::Whole(1990, 2100), "Of which year they are."),
        Slot::new("confidence_price", Shape::Choice(&["A", "B", "C"]), "How sure they are."),
        Slot::new("confidence", Shape::Choice(&["A", "B", "C"]), "How sure the carbon factors are.")
            .required(),
        NOTE,
    ],
};
