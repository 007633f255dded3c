//! What a site costs to build, to run and to own.
//!
//! # Definitions
//! ```text
//! capital          = Σ quantity · price                               of the assets
//! capital recovery = Σ capital of an asset · CRF(its life)            see `present`
//! depreciation     = Σ capital of an asset/its life                   straight line
//! electricity      = delivered by the utility · price · 8760/hours    water likewise; what is exported earns nothing
//! maintenance      = Σ capital of an asset · its share
//! per year (TCO)   = capital recovery + electricity + water + maintenance + other
//! over the horizon = N · (electricity + … + other) + Σ capital · (purchases − what is left of the last)
//! present value    = the same with every payment discounted: purchases when they fall due, the rest at ends of years
//! NPV              = rent · accelerator-hours per year · PVA(N) − present value
//! per accelerator-hour = per year/(full-load accelerator-hours · 8760/hours)   see `work`
//!   installed      = per year/(accelerators · 8760 h)
//! ```
//! Amounts are in money of one year: prices keep their level, and the discount rate is above inflation. A run that is no
//! year is taken 8760/hours times: that is no forecast of a year, and the result says so. Low and high take all prices
//! of assets and of yearly entries at their lowest, and at their highest; electricity and water stay.
//!
//! # Source
//! Life-cycle cost: NIST Handbook 135, see [`present`].

pub mod present;
mod report;

use super::direct::Direct;
use crate::metrics::{Summary, over};
use crate::run::Outcome;
use plant::plant::{Plant, Unit};
use scenario::Case;
use scenario::case::Origin;
use scenario::money::{Asset, Class, Exchange, Money, Per, Priced, capacity};

/// Hours of a year.
pub const YEAR_HOURS: f64 = 8760.0;

/// An amount with its lowest and highest.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Ranged {
    /// The amount.
    pub value: f64,
    /// With all prices at their lowest.
    pub low: f64,
    /// With all prices at their highest.
    pub high: f64,
}

impl Ranged {
    fn of(quantity: f64, priced: &Priced) -> Ranged {
        let value = priced.price.value;
        let (low, high) = priced.price.range.unwrap_or((value, value));
        Ranged { value: quantity * value, low: quantity * low, high: quantity * high }
    }

    fn times(self, factor: f64) -> Ranged {
        Ranged { value: factor * self.value, low: factor * self.low, high: factor * self.high }
    }

    fn plus(self, other: Ranged) -> Ranged {
        Ranged { value: self.value + other.value, low: self.low + other.low, high: self.high + other.high }
    }

    fn certain(value: f64) -> Ranged {
        Ranged { value, low: value, high: value }
    }
}

/// An asset and what it comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Bought {
    /// The asset.
    pub asset: Asset,
    /// How much of it there is, in the unit of its price.
    pub quantity: f64,
    /// What it costs.
    pub capital: Ranged,
    /// Yearly payment over its life.
    pub recovery: f64,
    /// Straight line.
    pub depreciation: f64,
    /// In a year.
    pub maintenance: f64,
}

/// What is paid each year.
#[derive(Debug, Clone, PartialEq)]
pub struct Paid {
    /// What, and its price.
    pub priced: Priced,
    /// How much of it there is in a year, in the unit of its price.
    pub quantity: f64,
    /// What it costs in a year.
    pub amount: Ranged,
}

/// What a site costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Ownership {
    /// Of every amount, ISO 4217.
    pub currency: String,
    /// The record that prices were taken from.
    pub record: Option<String>,
    /// Of which year's money the amounts are.
    pub price_year: Option<u16>,
    /// In a year, above inflation.
    pub discount_rate: f64,
    /// Years that are looked at.
    pub horizon_years: u16,
    /// Where the discount rate and the rent come from.
    pub origin: Origin,
    /// So often a year has the length of the run; 1 for a year.
    pub annualised: f64,
    /// What is bought; nothing that the site has none of.
    pub assets: Vec<Bought>,
    /// What is paid each year beside electricity, water and maintenance.
    pub yearly: Vec<Paid>,
    /// All that is bought.
    pub capital: Ranged,
    /// Rated IT power [kW].
    pub it_kw: f64,
    /// Yearly payments over the lives.
    pub capital_recovery: f64,
    /// Straight line, in a year.
    pub depreciation: f64,
    /// In a year.
    pub electricity: f64,
    /// In a year.
    pub water: f64,
    /// In a year.
    pub maintenance: f64,
    /// What else is paid in a year.
    pub other: f64,
    /// Total cost of ownership in a year.
    pub per_year: Ranged,
    /// Over the horizon, not discounted.
    pub horizon: f64,
    /// Over the horizon, discounted.
    pub present_value: f64,
    /// Where there is a rent.
    pub net_present_value: Option<f64>,
    /// What a full-load accelerator-hour is let for.
    pub rent_per_accelerator_hour: Option<f64>,
    /// Accelerators.
    pub accelerators: Option<f64>,
    /// Full-load accelerator-hours in a year.
    pub accelerator_hours: Option<f64>,
    /// Total cost of ownership of one of them.
    pub per_accelerator_hour: Option<Ranged>,
    /// Of an hour of an accelerator that is there, at load or not.
    pub per_accelerator_hour_installed: Option<f64>,
    /// Rates that were given.
    pub exchange: Vec<Exchange>,
}

impl Ownership {
    /// Capital of one class.
    #[must_use]
    pub fn capital_of(&self, class: Class) -> f64 {
        self.assets.iter().filter(|bought| bought.asset.class == class).map(|b| b.capital.value).sum()
    }
}

/// What a run comes to in a year.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Year {
    /// Electricity that the utility delivered [J].
    electricity: f64,
    /// Make-up [m³].
    water_m3: f64,
    /// Carbon as CUE counts it, location-based, and refrigerants [t].
    carbon_t: f64,
    /// As diesel [L].
    fuel_l: f64,
    /// Asked of accelerators [h].
    accelerator_hours: Option<f64>,
}

/// Evaluates what the site costs; nothing where it does not say.
pub fn evaluate(
    case: &Case,
    outcome: &Outcome,
    summary: &Summary,
    direct: Option<&Direct>,
) -> Option<Ownership> {
    let money = case.books.money.as_ref()?;
    let tariff = case.tariff.as_ref()?;
    let annualised = over(YEAR_HOURS, summary.hours)?;
    let m = &summary.metrics;
    // CUE has the grid's electricity and the generators' fuel; refrigerants come on top.
    let leaks: f64 = direct.map_or(0.0, |direct| direct.leaks.iter().map(|leak| leak.kg).sum());
    let kg = m.cue_kg_per_kwh.unwrap_or(0.0) * m.it_energy_kwh + leaks;
    let fuel = direct.and_then(|direct| direct.fuel);
    let year = Year {
        electricity: annualised * outcome.accounts.bought(),
        water_m3: annualised * m.water_m3,
        carbon_t: annualised * kg / 1000.0,
        fuel_l: annualised * fuel.map_or(0.0, |fuel| fuel.litres()),
        accelerator_hours: summary.work.map(|work| annualised * work.accelerator_hours),
    };
    let bills = (tariff.electricity * year.electricity, tariff.water * year.water_m3);
    Some(reckon(money, &case.plant, &year, bills, annualised))
}

fn reckon(money: &Money, plant: &Plant, year: &Year, bills: (f64, f64), annualised: f64) -> Ownership {
    let (rate, horizon) = (money.discount_rate, u32::from(money.horizon_years));
    let bought = |asset: &Asset| {
        let quantity = quantity(&asset.priced, plant, year);
        let capital = Ranged::of(quantity, &asset.priced);
        let life = u32::from(asset.life_years);
        Bought {
            asset: asset.clone(),
            quantity,
            capital,
            recovery: capital.value * present::capital_recovery(rate, life),
            depreciation: capital.value / f64::from(life),
            maintenance: capital.value * asset.maintenance,
        }
    };
    let assets: Vec<Bought> = money.assets.iter().map(bought).filter(|b| b.quantity > 0.0).collect();
    let paid = |priced: &Priced| {
        let quantity = quantity(priced, plant, year);
        Paid { priced: priced.clone(), quantity, amount: Ranged::of(quantity, priced) }
    };
    let yearly: Vec<Paid> = money.yearly.iter().map(paid).filter(|p| p.quantity > 0.0).collect();
    let all = |of: &dyn Fn(&Bought) -> Ranged| assets.iter().map(of).fold(Ranged::default(), Ranged::plus);
    let sum = |of: &dyn Fn(&Bought) -> f64| assets.iter().map(of).sum::<f64>();
    let life = |b: &Bought| u32::from(b.asset.life_years);
    let recovery = all(&|b| b.capital.times(present::capital_recovery(rate, life(b))));
    let maintenance = all(&|b| b.capital.times(b.asset.maintenance));
    let other = yearly.iter().map(|p| p.amount).fold(Ranged::default(), Ranged::plus);
    let (electricity, water) = bills;
    let running = maintenance.plus(other).plus(Ranged::certain(electricity + water));
    let per_year = running.plus(recovery);
    let owned = |rate: f64| sum(&|b| b.capital.value * present::owned(rate, life(b), horizon));
    let annuity = present::annuity(rate, horizon);
    let present_value = owned(rate) + running.value * annuity;
    let accelerators = accelerators(plant, &[]);
    let installed = over(per_year.value, accelerators * YEAR_HOURS);
    let hours = year.accelerator_hours.filter(|hours| *hours > 0.0);
    Ownership {
        currency: money.currency.clone(),
        record: money.record.clone(),
        price_year: money.price_year,
        discount_rate: rate,
        horizon_years: money.horizon_years,
        origin: money.origin.clone(),
        annualised,
        capital: all(&|b| b.capital),
        it_kw: it_kw(plant, &[]),
        capital_recovery: recovery.value,
        depreciation: sum(&|b| b.depreciation),
        electricity,
        water,
        maintenance: maintenance.value,
        other: other.value,
        per_year,
        horizon: owned(0.0) + running.value * f64::from(horizon),
        present_value,
        net_present_value: (money.rent_per_accelerator_hour.zip(hours))
            .map(|(rent, hours)| rent * hours * annuity - present_value),
        rent_per_accelerator_hour: money.rent_per_accelerator_hour,
        accelerators: (accelerators > 0.0).then_some(accelerators),
        accelerator_hours: hours,
        per_accelerator_hour: hours.map(|hours| per_year.times(1.0 / hours)),
        per_accelerator_hour_installed: installed,
        exchange: money.exchange.clone(),
        assets,
        yearly,
    }
}

/// How much there is of what a price is for.
fn quantity(priced: &Priced, plant: &Plant, year: &Year) -> f64 {
    let counted =
        |unit: &&Unit| priced.of.iter().any(|of| *of == unit.id || *of == unit.kind.declaration().name);
    let units = || plant.units.iter().filter(counted);
    match priced.per {
        Per::ItKilowatt => it_kw(plant, &priced.cooling),
        Per::Rack => groups(plant, &priced.cooling).map(|(_, group)| group.racks).sum(),
        Per::Accelerator => accelerators(plant, &priced.cooling),
        Per::Kilowatt => units().map(|unit| unit.multiplicity * size(unit) / 1000.0).sum(),
        Per::Unit => units().map(|unit| unit.multiplicity).sum(),
        Per::Site => 1.0,
        Per::WaterCubicMetre => year.water_m3,
        Per::CarbonTonne => year.carbon_t,
        Per::FuelLitre => year.fuel_l,
    }
}

/// Capacity or rating [W].
fn size(unit: &Unit) -> f64 {
    capacity(unit.kind).and_then(|place| unit.values.get(place).copied()).unwrap_or(0.0)
}

fn groups<'a>(
    plant: &'a Plant,
    cooling: &'a [String],
) -> impl Iterator<Item = (usize, &'a plant::plant::Group)> {
    let counts = |group: &plant::plant::Group| cooling.is_empty() || cooling.contains(&group.cooling);
    plant.groups.iter().enumerate().filter(move |(_, group)| counts(group))
}

fn it_kw(plant: &Plant, cooling: &[String]) -> f64 {
    groups(plant, cooling).map(|(_, group)| group.racks * group.power_rated / 1000.0).sum()
}

/// Units with a junction of their own, see [`work`].
fn accelerators(plant: &Plant, cooling: &[String]) -> f64 {
    let of: Vec<usize> = groups(plant, cooling).map(|(k, _)| k).collect();
    let counts = |unit: &&Unit| {
        unit.kind.declaration().junction().is_some() && unit.group.is_some_and(|group| of.contains(&group))
    };
    plant.units.iter().filter(counts).map(|unit| unit.multiplicity).sum()
}

#[cfg(test)]
mod tests;
