//! Figures of single racks: what `tracing` attributes to them, and the conditions they were in.
//!
//! # Definitions
//! | figure | definition |
//! |---|---|
//! | `it_energy` | input of the rack, ISO/IEC 30134-2, category 3 |
//! | `facility_energy` | the same and everything that was used for it, see [`tracing`](crate::tracing) |
//! | PUE, WUE | `facility_energy` and make-up water over `it_energy`; nothing for a rack without IT energy |
//! | `co2e` | `facility_energy` · carbon factor, interval by interval where the factor is, see [`carbon`](crate::carbon) |
//! | `cost` | `facility_energy` · price of electricity + water · price of water |
//!
//! The racks sum to the site. Equal racks of a group have equal figures.

use crate::conditions::Conditions;
use crate::metrics::over;
use crate::run::Outcome;
use crate::tracing::{Account, OVERHEADS};
use plant::plant::{Group, Plant};
use scenario::case::Tariff;

const KWH: f64 = 3.6e6;
const WATER_DENSITY: f64 = 1000.0;
const CELSIUS: f64 = 273.15;

/// The figures of each rack of one group.
#[derive(Debug, Clone, PartialEq)]
pub struct RackFigures {
    /// Id of the group.
    pub group: String,
    /// The racks that it was declared with.
    pub hall: String,
    /// Id of each rack.
    pub ids: Vec<String>,
    /// How many racks have these figures.
    pub racks: usize,
    /// `air`, `cold_plate`, `rear_door`, `immersion` or `hybrid`.
    pub cooling: String,
    /// Input of the rack [kWh].
    pub it_energy_kwh: f64,
    /// The same and what was used for it [kWh].
    pub facility_energy_kwh: f64,
    /// Facility energy per IT energy.
    pub pue: Option<f64>,
    /// Make-up water [m³].
    pub water_m3: f64,
    /// Make-up water per IT energy [L/kWh].
    pub wue_l_per_kwh: Option<f64>,
    /// Carbon of its electricity [kg].
    pub co2e_kg: Option<f64>,
    /// Of electricity and water.
    pub cost: Option<f64>,
    /// Of the cost.
    pub currency: Option<String>,
    /// Warmest air at the inlet [°C].
    pub max_inlet_c: Option<f64>,
    /// Hottest junction [°C].
    pub max_junction_c: Option<f64>,
    /// Hours with inlet air outside of what the class of the equipment allows.
    pub hours_out_of_class: Option<f64>,
    /// What was used for it, in the order of [`OVERHEADS`] [kWh].
    pub overhead_kwh: [f64; OVERHEADS.len()],
    /// Heat it took out of streams that others warm [kWh].
    pub heat_given_kwh: f64,
}

impl RackFigures {
    /// Id of one of the racks.
    pub fn id(&self, rack: usize) -> &str {
        self.ids.get(rack).map_or("", String::as_str)
    }
}

/// Names of the overheads in tables, in the order of [`OVERHEADS`].
pub const OVERHEAD_NAMES: [&str; OVERHEADS.len()] = [
    "ups",
    "transformer",
    "distribution",
    "pumps",
    "air_handler_fans",
    "heat_rejection_fans",
    "compressors",
    "heat_pumps",
    "other",
];

/// The figures of all groups; pure. `kg` is the carbon of the electricity that a group owns, `bought` the share of the
/// site's electricity that the utility delivered and the tariff is paid for.
pub fn evaluate(
    plant: &Plant,
    outcome: &Outcome,
    kg: &dyn Fn(usize) -> Option<f64>,
    tariff: Option<&Tariff>,
    bought: f64,
) -> Vec<RackFigures> {
    let accounts = outcome.racks.iter().zip(&outcome.accounts.conditions);
    let groups = plant.groups.iter().zip(accounts).enumerate();
    groups
        .map(|(k, (group, (account, conditions)))| figures(group, account, conditions, kg(k), tariff, bought))
        .collect()
}

fn figures(
    group: &Group,
    account: &Account,
    conditions: &Conditions,
    kg: Option<f64>,
    tariff: Option<&Tariff>,
    bought: f64,
) -> RackFigures {
    let racks = group.racks.round().max(1.0);
    let (it, facility) = (account.it() / racks, account.facility() / racks);
    let water = account.water() / racks / WATER_DENSITY;
    RackFigures {
        group: group.id.clone(),
        hall: group.hall.clone(),
        ids: (0..racks as usize).map(|k| group.rack(k)).collect(),
        racks: racks as usize,
        cooling: group.cooling.clone(),
        it_energy_kwh: it / KWH,
        facility_energy_kwh: facility / KWH,
        pue: over(facility, it),
        water_m3: water,
        wue_l_per_kwh: over(1000.0 * water, it / KWH),
        co2e_kg: kg.map(|kg| kg / racks),
        cost: tariff.map(|t| t.electricity * bought * facility + t.water * water),
        currency: tariff.map(|t| t.currency.clone()),
        max_inlet_c: conditions.inlet_max.map(|kelvin| kelvin - CELSIUS),
        max_junction_c: conditions.junction_max.map(|kelvin| kelvin - CELSIUS),
        hours_out_of_class: conditions.out_of_class_s.map(|seconds| seconds / 3600.0),
        overhead_kwh: account.overheads().map(|joules| joules / racks / KWH),
        heat_given_kwh: account.heat_given() / racks / KWH,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rack_without_it_energy_has_no_pue_and_no_wue() {
        let group = Group {
            id: "dark[2-3+7]".into(),
            hall: "dark".into(),
            places: vec![2..4, 7..8],
            racks: 3.0,
            template: String::new(),
            cooling: "air".into(),
            power_rated: 1e4,
            inlet_allowable: (283.15, 308.15),
        };
        let figures = figures(&group, &Account::default(), &Conditions::default(), None, None, 1.0);
        assert_eq!((figures.pue, figures.wue_l_per_kwh, figures.it_energy_kwh), (None, None, 0.0));
        assert_eq!((figures.co2e_kg, figures.cost, figures.currency.as_deref()), (None, None, None));
        assert_eq!((figures.hours_out_of_class, figures.id(2)), (None, "dark[7]"));
    }
}
