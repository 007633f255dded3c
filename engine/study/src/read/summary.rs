//! `summary.json`, typed.
//!
//! Fields that a later version adds are kept in [`Summary::raw`]; those that an earlier one did not have are empty.

use crate::metrics::Metrics;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// `summary.json`; definitions stand in the manual's page on results.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Summary {
    /// Id of the site.
    pub site: String,
    /// Its title.
    pub title: String,
    /// `simulated`.
    pub method: String,
    /// When.
    pub period: Period,
    /// How.
    pub mode: Mode,
    /// Where the weather comes from, in words.
    pub weather: String,
    /// The same for other languages; nothing for a run of a version that did not write it.
    #[serde(default)]
    pub weather_source: Option<Coded>,
    /// The table of sun and wind beside it.
    #[serde(default)]
    pub weather_sky: Option<SkyRead>,
    /// The figures that people compare.
    pub metrics: Metrics,
    /// Electricity by category [kWh], in the order of the file.
    #[serde(deserialize_with = "amounts")]
    pub energy_kwh: Vec<(String, f64)>,
    /// Water by account [m³], make-up left out.
    #[serde(deserialize_with = "amounts")]
    pub water_m3: Vec<(String, f64)>,
    /// The carbon factor.
    #[serde(default)]
    pub carbon: Option<Carbon>,
    /// What the site's contracts come to.
    #[serde(default)]
    pub supply: Option<Supply>,
    /// Prices.
    #[serde(default)]
    pub tariff: Option<Tariff>,
    /// What the site costs to build and to own.
    #[serde(default)]
    pub money: Option<super::money::Money>,
    /// What became of the targets.
    #[serde(default)]
    pub targets: Vec<Target>,
    /// What the site's pledges come to by year.
    #[serde(default)]
    pub pledges: Option<super::pledges::Pledges>,
    /// How well the balances close.
    pub closure: Closure,
    /// What was outside of its range.
    #[serde(default)]
    pub notes: Vec<NoteRead>,
    /// Work done.
    pub statistics: Statistics,
    /// The file as it is.
    #[serde(skip)]
    pub raw: Value,
}

/// A sentence for any language.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Coded {
    /// Which.
    pub code: String,
    /// What stands in it, by name.
    pub values: BTreeMap<String, String>,
}

/// The period of a run.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Period {
    /// Start, from the start of the year [s].
    pub start_s: f64,
    /// Length [h].
    pub hours: f64,
    /// Whether it is a year of 365 days.
    pub whole_year: bool,
}

/// How it was calculated.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Mode {
    /// `Lumped`, `Rack` or `Chip`; a run of an earlier version does not say.
    #[serde(default)]
    pub fidelity: Option<String>,
    /// `Dynamic` or `QuasiSteady`.
    pub dynamics: String,
    /// `Sampled`, `Continuous` or `Ideal`.
    pub controls: String,
}

/// The carbon factor and what it counts.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Carbon {
    /// The grid, or the file of a profile.
    pub grid: String,
    /// kg of CO₂ (equivalent) per kWh.
    pub factor_kg_per_kwh: f64,
    /// `lifecycle` or `direct`.
    pub basis: String,
    /// Of the factor.
    pub year: Option<i64>,
    /// Where it comes from.
    pub source: String,
    /// As the record states it.
    pub confidence: String,
}

/// What the site's contracts come to.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Supply {
    /// Carbon of the electricity, location-based [kg].
    pub location_kg: Option<f64>,
    /// The same, market-based [kg].
    pub market_kg: Option<f64>,
    /// Share matched by contracts, interval by interval.
    pub matched_share: Option<f64>,
    /// Share matched by volume.
    pub matched_share_annual: Option<f64>,
    /// Matched or carbon-free in the grid.
    pub carbon_free_share: Option<f64>,
    /// Carbon-free in the grid, where that takes part.
    #[serde(default)]
    pub grid_carbon_free_share: Option<f64>,
    /// Where that comes from.
    #[serde(default)]
    pub grid_carbon_free_origin: Option<Origin>,
    /// Where the residual mix comes from; a run of an earlier version does not say.
    #[serde(default)]
    pub residual_origin: Option<Origin>,
    /// The contracts.
    #[serde(default)]
    pub contracts: Vec<Contract>,
}

/// A contract for electricity.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Contract {
    /// As written.
    pub technology: String,
    /// What it delivers in the run [kWh].
    pub energy_kwh: f64,
    /// Its carbon [kg/kWh].
    pub factor_kg_per_kwh: f64,
    /// Lowest of the literature.
    #[serde(default)]
    pub low_kg_per_kwh: Option<f64>,
    /// Highest of the literature.
    #[serde(default)]
    pub high_kg_per_kwh: Option<f64>,
    /// Where the carbon comes from; a run of an earlier version does not say.
    #[serde(default)]
    pub factor_origin: Option<Origin>,
    /// Where the course of its output comes from.
    #[serde(default)]
    pub profile_origin: Option<Origin>,
}

/// Where a factor comes from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Origin {
    /// Who published it.
    pub source: String,
    /// Of which year; a run of an earlier version may not say.
    pub year: Option<u16>,
    /// How sure it is: A, B, C; likewise.
    pub confidence: Option<String>,
}

/// A table of sun and wind beside the weather.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct SkyRead {
    /// Its file.
    pub file: String,
    /// Where its numbers come from.
    pub source: String,
    /// Whether what the sun gives is an upper bound, since no cloud passes.
    pub upper_bound: bool,
}

/// Prices.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Tariff {
    /// Of a kWh.
    pub electricity_per_kwh: Option<f64>,
    /// Of a m³.
    pub water_per_m3: Option<f64>,
    /// ISO 4217.
    pub currency: String,
    /// Where the price of electricity comes from; a run of an earlier version does not say.
    #[serde(default)]
    pub electricity_origin: Option<Origin>,
    /// Where that of water does.
    #[serde(default)]
    pub water_origin: Option<Origin>,
}

/// What became of a target.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Target {
    /// As written.
    pub target: String,
    /// Of limit, value and margin.
    pub unit: String,
    /// The limit.
    pub limit: Option<f64>,
    /// What is held against it.
    pub value: Option<f64>,
    /// What is to spare, negative where missed.
    pub margin: Option<f64>,
    /// Whether it is met.
    pub met: bool,
    /// Time beyond the limit [h].
    pub hours_missed: Option<f64>,
    /// When it was farthest from the limit [s from the start of the year].
    pub worst_at: Option<f64>,
    /// When it was first beyond the limit [s from the start of the year].
    #[serde(default)]
    pub first_missed: Option<f64>,
    /// The figure then.
    pub worst: Option<f64>,
    /// Unit of it, where there is one.
    #[serde(default)]
    pub worst_unit: Option<String>,
    /// The part in question.
    #[serde(rename = "where")]
    pub place: Option<String>,
    /// What was reached there; of a `RideThrough` only.
    #[serde(default)]
    pub what: Option<String>,
}

impl Target {
    /// The target and what became of it, with the figures as they are stored.
    #[must_use]
    pub fn sentence(&self) -> String {
        let (Some(value), Some(margin)) = (self.value, self.margin) else {
            return format!("{}: the run has no such figure", self.target);
        };
        let unit = match self.unit.as_str() {
            "1" | "" => String::new(),
            "degC" => " °C".to_owned(),
            unit => format!(" {unit}"),
        };
        let amount =
            |value: f64| format!("{value:.3}").trim_end_matches('0').trim_end_matches('.').to_owned();
        let (spare, what) = if self.met { (margin, "to spare") } else { (-margin, "short of it") };
        format!("{}: {}{unit}, {} {what}", self.target, amount(value), amount(spare))
    }
}

/// Residuals over throughput.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Closure {
    /// Energy of the run.
    pub energy_relative: f64,
    /// Water of the run.
    pub water_relative: f64,
    /// Energy of the worst interval.
    pub energy_worst_interval: f64,
    /// Water of the worst interval.
    pub water_worst_interval: f64,
    /// Energy of the run, from the columns.
    pub energy_recomputed_relative: f64,
    /// Facility energy less the sum of the categories.
    pub electricity_relative: f64,
}

/// Something outside of its range.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct NoteRead {
    /// The component, or `site`.
    pub component: String,
    /// First time [s from the start of the year].
    pub from_s: f64,
    /// Last time.
    pub to_s: f64,
    /// All in all [s].
    pub duration_s: f64,
    /// Separate times.
    pub count: u64,
    /// What, in English.
    pub text: String,
    /// What, for other languages; empty for a run of a version that did not write it.
    #[serde(default)]
    pub code: String,
    /// What stands in the sentence, by name.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
}

/// Work done.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Statistics {
    /// States of the equations.
    pub states: u64,
    /// Accepted steps.
    pub steps: u64,
    /// Rejected steps.
    pub rejected: u64,
    /// Evaluations.
    pub evaluations: u64,
}

impl Summary {
    /// From the bytes of a file.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let raw: Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let mut summary = Self::deserialize(&raw).map_err(|error| error.to_string())?;
        summary.raw = raw;
        Ok(summary)
    }

    /// Electricity of one category [kWh]; 0 where the run has no such category.
    #[must_use]
    pub fn energy(&self, category: &str) -> f64 {
        self.energy_kwh.iter().find(|(name, _)| name == category).map_or(0.0, |(_, kwh)| *kwh)
    }
}

/// A map from names to numbers, in its order.
fn amounts<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, f64)>, D::Error> {
    let map = Map::<String, Value>::deserialize(deserializer)?;
    map.into_iter()
        .map(|(name, value)| match value.as_f64() {
            Some(value) => Ok((name, value)),
            None => Err(serde::de::Error::custom(format!("{name} is {value}, not a number"))),
        })
        .collect()
}
