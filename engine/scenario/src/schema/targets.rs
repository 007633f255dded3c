//! Targets of a site: what a run must reach.

use super::money::CURRENCIES;
use super::site::INLET_CLASSES;
use super::{Shape, Slot, Table};
use units::Quantity;

const SHARE_OF_TIME: Slot =
    Slot::new("share_of_time", Shape::SHARE, "Share of the time in which it must hold.").default("1");

/// What a ride-through lasts until, see [`Until`](crate::case::Until).
pub const UNTIL: &[&str] =
    &["GivesWay", "InletRecommended", "InletA1", "InletA2", "CoolantW40", "CoolantW45"];

/// One entry of `targets`.
pub const TARGETS: &[Table] = &[
    Table {
        name: "ZeroWater",
        doc: "No water is made up: exactly none, for towers, pads and humidifiers alike.",
        positional: false,
        slots: &[],
    },
    Table {
        name: "Pue",
        doc: "Power usage effectiveness of the run, category 3.",
        positional: false,
        slots: &[Slot::new("at_most", Shape::quantity(Quantity::Ratio, "1", "100"), "The limit.").required()],
    },
    Table {
        name: "Wue",
        doc: "Make-up water of the run per IT energy.",
        positional: false,
        slots: &[Slot::new(
            "at_most",
            Shape::quantity(Quantity::WaterIntensity, "0 L/kWh", "100 L/kWh"),
            "The limit.",
        )
        .required()],
    },
    Table {
        name: "Cue",
        doc: "Carbon of the run's electricity per IT energy.",
        positional: false,
        slots: &[
            Slot::new(
                "at_most",
                Shape::quantity(Quantity::CarbonIntensity, "0 g/kWh", "5000 g/kWh"),
                "The limit.",
            )
            .required(),
            Slot::new("method", Shape::Choice(&["Location", "Market"]), "Which carbon is counted.")
                .default("Location"),
        ],
    },
    Table {
        name: "JunctionTemperature",
        doc: "The hottest junction of all chips.",
        positional: false,
        slots: &[
            Slot::new("at_most", Shape::quantity(Quantity::Temperature, "0 °C", "200 °C"), "The limit.")
                .required(),
            SHARE_OF_TIME,
        ],
    },
    Table {
        name: "InletTemperature",
        doc: "The warmest air that enters a rack.",
        positional: false,
        slots: &[
            Slot::new("at_most", Shape::quantity(Quantity::Temperature, "0 °C", "80 °C"), "The limit.")
                .required(),
            SHARE_OF_TIME,
        ],
    },
    Table {
        name: "InletClass",
        doc: "The dry bulb of the air that enters the racks stays within what an ASHRAE class allows.",
        positional: true,
        slots: &[Slot::new("class", Shape::Choice(INLET_CLASSES), "The class.").required(), SHARE_OF_TIME],
    },
    Table {
        name: "CarbonFree",
        doc: "Share of the electricity that is matched by contracts interval by interval, the rest at the grid's own carbon-free share where that is known.",
        positional: false,
        slots: &[Slot::new("at_least", Shape::SHARE, "The limit.").required()],
    },
    Table {
        name: "HeatReuse",
        doc: "Heat handed to users outside of the site per facility energy (energy reuse factor).",
        positional: false,
        slots: &[Slot::new("at_least", Shape::SHARE, "The limit.").required()],
    },
    Table {
        name: "Embodied",
        doc: "Embodied carbon of the bill of quantities, cradle to gate.",
        positional: false,
        slots: &[
            Slot::new("at_most", Shape::quantity(Quantity::Mass, "0 kg", "1000000000 t"), "The limit.").required(),
            Slot::new("per", Shape::Choice(&["Total", "Year"]), "All of it, or spread over the service lives.")
                .default("Total"),
        ],
    },
    Table {
        name: "Cost",
        doc: "Cost of ownership, of an accelerator-hour or of a year.",
        positional: false,
        slots: &[
            Slot::new("at_most", Shape::Number(0.0, 1e15), "The limit, in `currency`.").required(),
            Slot::new("currency", Shape::Choice(CURRENCIES), "Of the limit: that of the site's `economics`.")
                .required(),
            Slot::new(
                "per",
                Shape::Choice(&["AcceleratorHour", "InstalledHour", "Year"]),
                "Per full-load accelerator-hour, per hour that an accelerator is there, or per year.",
            )
            .default("AcceleratorHour"),
        ],
    },
    Table {
        name: "RideThrough",
        doc: "Time from the first event of the run until something is reached.",
        positional: false,
        slots: &[
            Slot::new("at_least", Shape::DURATION, "The limit.").required(),
            Slot::new(
                "until",
                Shape::Choice(UNTIL),
                "`GivesWay`: a chip throttles or shuts down, a machine cuts out, a rack loses its power. Else the air, or the coolant, that enters any rack: above 27, 32, 35 °C, or above 40, 45 °C.",
            )
            .default("GivesWay"),
        ],
    },
    Table {
        name: "FreeCooling",
        doc: "Share of the time in which no compressor draws power.",
        positional: false,
        slots: &[Slot::new("at_least", Shape::SHARE, "The limit.").required()],
    },
];
