//! `money` of a `summary.json`, typed.

use super::Origin;
use serde::Deserialize;

/// What the site costs; definitions stand in the manual's page on money.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Money {
    /// Of every amount, ISO 4217.
    pub currency: String,
    /// The record that prices were taken from.
    pub record: Option<String>,
    /// Of which year's money the amounts are.
    pub price_year: Option<i64>,
    /// In a year, above inflation.
    pub discount_rate: f64,
    /// Years that are looked at.
    pub horizon_years: f64,
    /// Where the discount rate and the rent come from; a run of an earlier version does not say.
    #[serde(default)]
    pub terms_origin: Option<Origin>,
    /// So often a year has the length of the run.
    pub annualised: f64,
    /// What is bought.
    pub capital: Capital,
    /// What is paid in a year.
    pub per_year: PerYear,
    /// Over the years that are looked at.
    pub horizon: Horizon,
    /// What a full-load accelerator-hour is let for.
    pub rent_per_accelerator_hour: Option<f64>,
    /// Cost of a full-load accelerator-hour.
    pub per_accelerator_hour: Option<f64>,
    /// With all prices at their lowest.
    pub per_accelerator_hour_low: Option<f64>,
    /// With all prices at their highest.
    pub per_accelerator_hour_high: Option<f64>,
    /// Of an hour of an accelerator that is there.
    pub per_accelerator_hour_installed: Option<f64>,
    /// What is bought, one by one.
    pub assets: Vec<Priced>,
    /// What is paid each year beside electricity, water and maintenance.
    pub yearly: Vec<Priced>,
    /// Rates that the site gives.
    pub exchange: Vec<Exchange>,
}

/// What is bought.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Capital {
    /// All of it.
    pub total: f64,
    /// With all prices at their lowest.
    pub low: f64,
    /// With all prices at their highest.
    pub high: f64,
    /// Per rated IT power.
    pub per_it_kw: Option<f64>,
    /// Servers, network, racks.
    pub it: f64,
    /// What takes the heat away.
    pub cooling: f64,
    /// From the utility to the racks.
    pub power: f64,
    /// Ground, shell, fit-out.
    pub building: f64,
}

/// What is paid in a year.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct PerYear {
    /// Yearly payments over the lives of what is bought.
    pub capital_recovery: f64,
    /// Metered from the utility.
    pub electricity: f64,
    /// Made up.
    pub water: f64,
    /// Shares of the capital.
    pub maintenance: f64,
    /// Everything else.
    pub other: f64,
    /// Total cost of ownership.
    pub total: f64,
    /// With all prices at their lowest.
    pub low: f64,
    /// With all prices at their highest.
    pub high: f64,
    /// Straight line; not part of the total.
    pub depreciation: f64,
}

/// Over the years that are looked at.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Horizon {
    /// Not discounted.
    pub total: f64,
    /// Discounted.
    pub present_value: f64,
    /// Of rent less costs, where there is a rent.
    pub net_present_value: Option<f64>,
}

/// A price with what it is for; an asset, or what is paid each year.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Priced {
    /// What it is.
    pub what: String,
    /// What it belongs to, of an asset.
    pub class: Option<String>,
    /// What the price is multiplied with.
    pub per: String,
    /// How much there is of that.
    pub quantity: f64,
    /// In the currency of the site.
    pub price: f64,
    /// Lowest of the price.
    pub low: Option<f64>,
    /// Highest of the price.
    pub high: Option<f64>,
    /// The currency that it was written in.
    pub written_in: String,
    /// What one of that is in the currency of the site.
    pub rate: f64,
    /// Of which year.
    pub year: Option<i64>,
    /// Where it comes from.
    pub source: String,
    /// How sure it is.
    pub confidence: String,
    /// Where life and maintenance come from, where that is another source.
    #[serde(default)]
    pub terms_origin: Option<Origin>,
    /// Service life, of an asset.
    pub life_years: Option<f64>,
    /// What it costs, of an asset.
    pub capital: Option<f64>,
    /// In a year, of an asset.
    pub capital_recovery: Option<f64>,
    /// In a year, of an asset.
    pub maintenance: Option<f64>,
    /// In a year, of what is paid each year.
    pub amount: Option<f64>,
}

/// A rate of exchange.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Exchange {
    /// The other currency.
    pub from: String,
    /// That of the site.
    pub to: String,
    /// What one of the other is in it.
    pub rate: f64,
    /// Where it comes from.
    pub source: String,
    /// Of which year; a run of an earlier version does not say.
    #[serde(default)]
    pub year: Option<u16>,
    /// How sure it is; likewise.
    #[serde(default)]
    pub confidence: Option<String>,
}
