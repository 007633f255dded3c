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
const VALUE: Slot = Slot::new(
    "value",
    Shape::quantity(Quantity::CarbonIntensity, "0 g/kWh", "3000 g/kWh"),
    "Carbon dioxide equivalent per electricity.",
)
.required();

const FACTOR: Table = Table {
    name: "Factor",
    doc: "A factor of one year.",
    positional: false,
    slots: &[super::YEAR.required(), VALUE],
};
const DIRECT: Table = Table {
    name: "Factor",
    doc: "A factor of one year.",
    positional: false,
    slots: &[
        super::YEAR.required(),
        VALUE,
        Slot::new("what", Shape::Text, "What is counted, and by whom.").required(),
    ],
};

/// A value of a grid with where it comes from.
const fn sourced(slots: &'static [Slot]) -> Table {
    Table { name: "Sourced", doc: "A value with where it comes from.", positional: false, slots }
}
const SHARES: Table = sourced(&[
    Slot::new("renewable", SHARE, "Of the electricity consumed."),
    Slot::new("carbon_free", SHARE, "Renewable and nuclear, of the electricity consumed."),
    super::SOURCE.required(),
    super::YEAR.required(),
    super::CONFIDENCE.required(),
]);
const WATER: Table = sourced(&[
    Slot::new(
        "consumed",
        Shape::quantity(Quantity::WaterIntensity, "0 L/kWh", "100 L/kWh"),
        "Water consumed per electricity.",
    )
    .required(),
    super::SOURCE.required(),
    super::YEAR.required(),
    super::CONFIDENCE.required(),
]);
const STRESS: Table = sourced(&[
    Slot::new("category", Shape::Text, "Baseline water stress of the region.").required(),
    super::SOURCE.required(),
    super::YEAR.required(),
    super::CONFIDENCE.required(),
]);
const ELECTRICITY_PRICE: Table = sourced(&[
    Slot::new("usd_per_kwh", Shape::Number(-10.0, 10.0), "Of an industrial customer.").required(),
    super::SOURCE.required(),
    super::YEAR.required(),
    super::CONFIDENCE.required(),
]);
const WHOLESALE_PRICE: Table = sourced(&[
    Slot::new("usd_per_mwh", Shape::Number(-1e4, 1e4), "Mean of the spot market.").required(),
    super::SOURCE.required(),
    super::YEAR.required(),
    super::CONFIDENCE.required(),
]);
const WATER_PRICE: Table = sourced(&[
    Slot::new("usd_per_m3", Shape::Number(0.0, 1e3), "Of an industrial customer.").required(),
    super::SOURCE.required(),
    super::YEAR.required(),
    super::CONFIDENCE.required(),
]);

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
        Slot::new("source_carbon", Shape::Word(Word::Source), "Where the carbon factors come from.")
            .required(),
        Slot::new("confidence", super::GRADES, "How sure the carbon factors are.").required(),
        Slot::new("shares", Shape::Record(&SHARES), "Of the electricity consumed."),
        Slot::new("water", Shape::Record(&WATER), "Water of the electricity."),
        Slot::new("water_stress", Shape::Record(&STRESS), "Of the region."),
        Slot::new("electricity_price", Shape::Record(&ELECTRICITY_PRICE), "Of electricity."),
        Slot::new("wholesale_price", Shape::Record(&WHOLESALE_PRICE), "Of electricity on the spot market."),
        Slot::new("water_price", Shape::Record(&WATER_PRICE), "Of water."),
        NOTE,
    ],
};
