//! The fields of `disclosure`: what a report must say of a site and no simulation knows.

use super::{Shape, Slot, Table};
use units::Quantity;

const ENERGY: Shape = Shape::quantity(Quantity::Energy, "0 kWh", "1000000 GWh");
const AREA: Shape = Shape::quantity(Quantity::Area, "1 m2", "10000000 m2");
const POWER: Shape = Shape::quantity(Quantity::Power, "0 W", "100 GW");
const COUNT: Shape = Shape::Number(0.0, 1e15);

/// `disclosure`.
///
/// The names of quantities in results end in the unit that [`crate::disclosure`] says.
pub const DISCLOSURE: Table = Table {
    name: "Disclosure",
    doc: "What a report must say of the site and no simulation knows. Repeated in the results and marked as given by the user; what is left out is reported as not given.",
    positional: false,
    slots: &[
        Slot::new("name", Shape::Text, "Name of the datacenter; left out, the title of the site."),
        Slot::new("owner", Shape::Text, "Owner, with contact details."),
        Slot::new("operator", Shape::Text, "Operator, with contact details."),
        Slot::new("local_area", Shape::Text, "Code of the local administrative unit (LAU, Eurostat)."),
        Slot::new(
            "business",
            Shape::Choice(&["Enterprise", "Colocation", "CoHosting"]),
            "For whom it computes.",
        ),
        Slot::new("operating_since", Shape::Text, "Month of the start of operation, `2024-03`."),
        Slot::new("reporting_year", Shape::Whole(2020, 2100), "Calendar year that is reported."),
        Slot::new(
            "redundancy_high_voltage",
            Shape::Text,
            "Of the electricity, at high voltage: `N`, `N+1`, `2N`.",
        ),
        Slot::new("redundancy_low_voltage", Shape::Text, "Of the low-voltage line-up."),
        Slot::new("redundancy_rack", Shape::Text, "Of the feed of a rack."),
        Slot::new("redundancy_cooling_room", Shape::Text, "Of the cooling of a room."),
        Slot::new("redundancy_cooling_rack", Shape::Text, "Of the cooling of a rack."),
        Slot::new("floor_area", AREA, "Total floor area."),
        Slot::new("computer_room_area", AREA, "Floor area of the computer rooms."),
        Slot::new("it_power_installed", POWER, "Installed IT power; left out, the rated power of the racks."),
        Slot::new("grid_functions", Shape::Text, "Services to the electricity grid."),
        Slot::new("battery_for_grid", POWER, "Mean battery power that the grid may use."),
        Slot::new(
            "intake_setpoint",
            Shape::quantity(Quantity::Temperature, "5 °C", "45 °C"),
            "Mean set-point of the air that IT takes in.",
        ),
        Slot::new(
            "waste_heat_temperature",
            Shape::quantity(Quantity::Temperature, "0 °C", "150 °C"),
            "Mean temperature of the heat that is handed out.",
        ),
        Slot::new(
            "heat_reused",
            ENERGY,
            "Heat handed to users outside, metered; for sites without a delivery point in the model.",
        ),
        Slot::new("potable_share", Shape::SHARE, "Share of potable water in the water input."),
        Slot::new(
            "refrigerants",
            Shape::List(&Shape::Text),
            "Refrigerants of the computer rooms' cooling, by their names in the F-gas rules.",
        ),
        Slot::new(
            "guarantees_of_origin",
            ENERGY,
            "Renewable electricity by guarantees of origin, bought and retired.",
        ),
        Slot::new("power_purchase_agreements", ENERGY, "Renewable electricity by power purchase agreements."),
        Slot::new("renewables_on_site", ENERGY, "Renewable electricity generated and used on site."),
        Slot::new("server_capacity", COUNT, "ICT capacity for servers: sum of the SERT scores."),
        Slot::new("storage_capacity_pb", COUNT, "ICT capacity for storage [PB]."),
        Slot::new("bandwidth_in_gb_per_s", COUNT, "Incoming traffic bandwidth [GB/s]."),
        Slot::new("bandwidth_out_gb_per_s", COUNT, "Outgoing traffic bandwidth [GB/s]."),
        Slot::new("traffic_in_eb", COUNT, "Incoming data traffic [EB]."),
        Slot::new("traffic_out_eb", COUNT, "Outgoing data traffic [EB]."),
        Slot::new(
            "server_energy_effectiveness",
            COUNT,
            "ITEEsv: performance over power of the servers, as ISO/IEC 30134-4 has it.",
        ),
        Slot::new(
            "server_utilisation",
            Shape::SHARE,
            "ITEUsv: mean utilisation of the servers, as ISO/IEC 30134-5 has it.",
        ),
        Slot::new(
            "characteristic_weights",
            Shape::Tuple(&[Shape::SHARE; 5]),
            "Shares of the year of the characteristic conditions a to e of GB 40879 (Annex B, by city); they sum to 1.",
        ),
        Slot::new("fuel_used", ENERGY, "Fuel burnt on site, lower heating value, not renewable."),
        Slot::new(
            "fuel_emissions",
            Shape::quantity(Quantity::Mass, "0 kg", "1000000000 kg"),
            "CO₂ equivalent of fuel burnt on site (scope 1).",
        ),
        Slot::new(
            "refrigerant_emissions",
            Shape::quantity(Quantity::Mass, "0 kg", "1000000000 kg"),
            "CO₂ equivalent of refrigerant that leaked (scope 1).",
        ),
        Slot::new(
            "water_source",
            Shape::Choice(&["ThirdParty", "Surface", "Ground", "Sea", "Produced"]),
            "Where the water is withdrawn from, in the words of GRI 303.",
        ),
        Slot::new(
            "water_discharged",
            Shape::quantity(Quantity::Volume, "0 m3", "10000000000 m3"),
            "Water discharged, metered.",
        ),
    ],
};
