//! What a site's pledges come to by year, as a run wrote it.

use super::Origin;
use serde::Deserialize;

/// A plan held against what was pledged.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Pledges {
    /// The run that stands for a year.
    pub base: Base,
    /// Year by year.
    pub years: Vec<Year>,
    /// The pledges, in the order of the site.
    pub pledges: Vec<Pledge>,
    /// What is planned.
    pub measures: Vec<Measure>,
    /// Names of the lists that the site gives.
    pub given: Vec<String>,
    /// Those lists with where they come from; a run of an earlier version does not say.
    #[serde(default)]
    pub assumptions: Vec<Assumption>,
}

/// What the run comes to in a year.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Base {
    /// So often a year has the length of the run.
    pub annualised: f64,
    /// Embodied carbon, spread over lives [kg].
    pub embodied_kg: Option<f64>,
    /// Carbon of the grid [kg/kWh].
    pub grid_kg_per_kwh: Option<f64>,
    /// Carbon of what contracts do not cover [kg/kWh].
    #[serde(default)]
    pub residual_kg_per_kwh: Option<f64>,
    /// Share of what is bought that contracts match by volume.
    #[serde(default)]
    pub matched_share: Option<f64>,
}

/// What a year comes to.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Year {
    /// Which.
    pub year: u16,
    /// Electricity of the site [kWh].
    pub facility_energy_kwh: f64,
    /// Share that is bought from carbon-free plants.
    pub carbon_free_share: f64,
    /// Scope 1 [kg].
    pub scope_1_kg: f64,
    /// Scope 2, location-based [kg].
    pub scope_2_location_kg: Option<f64>,
    /// Scope 2, market-based [kg].
    pub scope_2_market_kg: Option<f64>,
    /// Scope 3, as far as it is given [kg].
    pub scope_3_kg: f64,
    /// Removals [kg].
    pub removals_kg: f64,
    /// Scopes 1 to 3 less removals [kg].
    pub net_carbon_kg: Option<f64>,
    /// Water consumed [m³].
    pub consumed_m3: f64,
    /// Water given back [m³].
    pub replenishment_m3: f64,
}

/// A pledge and what becomes of it. Values are in its unit.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Pledge {
    /// What it is about: `NetCarbon`.
    pub metric: String,
    /// `t`, `m3`, `MWh` or `1`.
    pub unit: String,
    /// The year.
    pub by: u16,
    /// What is pledged.
    pub to: Option<f64>,
    /// `more` or `less`.
    pub better: String,
    /// The year in which its path begins.
    pub from_year: Option<u16>,
    /// The value then.
    pub from: Option<f64>,
    /// Whether the plan keeps it in its year.
    pub kept: bool,
    /// What the plan comes to in that year.
    pub value: Option<f64>,
    /// What is missing then, negative where ahead.
    pub gap: Option<f64>,
    /// The first year in which the plan is behind its path.
    pub first_behind: Option<u16>,
    /// Year by year.
    pub years: Vec<Standing>,
}

/// A pledge in a year.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Standing {
    /// Which.
    pub year: u16,
    /// What the plan comes to.
    pub value: Option<f64>,
    /// What the path asks for; nothing before it begins.
    pub path: Option<f64>,
    /// What is missing, negative where ahead.
    pub gap: Option<f64>,
}

/// Something that is planned, as shares of what it changes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Measure {
    /// From this year on.
    pub from: u16,
    /// What, as written.
    pub what: String,
    /// Of the IT energy.
    pub it: f64,
    /// Of the other electricity.
    pub overhead: f64,
    /// Of the water.
    pub water: f64,
    /// Of scope 1.
    pub scope_1: f64,
    /// Where these changes come from; a run of an earlier version does not say.
    #[serde(flatten, default)]
    pub origin: Option<Origin>,
}

/// A list that the site gives.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Assumption {
    /// Its name in the site file.
    pub name: String,
    /// Of its values: `g/kWh`, `t`, `m3` or `1`.
    pub unit: String,
    /// The values.
    pub by_year: Vec<Dated>,
    /// Where they come from.
    #[serde(flatten)]
    pub origin: Origin,
}

/// A value of a year.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct Dated {
    /// The year.
    pub year: u16,
    /// The value.
    pub value: f64,
}
