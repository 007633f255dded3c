//! What a site costs to build, to run and to own, as it is written: prices with what they are for, and where they come
//! from. Every amount here is in the currency of the site; what was written in another one was turned into it with the
//! rate that the site gives.

use crate::origin::Origin;
use plant::declare::Form;
use plant::kernel::Kind;
use units::Quantity;

/// What an asset belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Servers, network, racks.
    It,
    /// What takes the heat away.
    Cooling,
    /// From the utility to the racks.
    Power,
    /// Ground, shell, fit-out.
    Building,
}

impl Class {
    /// All of them, as they are listed.
    pub const ALL: [Class; 4] = [Class::It, Class::Cooling, Class::Power, Class::Building];

    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Class::It => "It",
            Class::Cooling => "Cooling",
            Class::Power => "Power",
            Class::Building => "Building",
        }
    }

    /// As a field of results is called.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Class::It => "it",
            Class::Cooling => "cooling",
            Class::Power => "power",
            Class::Building => "building",
        }
    }
}

/// What a price is multiplied with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Per {
    /// Rated IT power [kW] of racks.
    ItKilowatt,
    /// Racks.
    Rack,
    /// Accelerators of racks.
    Accelerator,
    /// Design capacity or rating [kW] of components.
    Kilowatt,
    /// Components.
    Unit,
    /// Once.
    Site,
    /// Water made up [m³].
    WaterCubicMetre,
    /// Carbon as CUE counts it, electricity location-based and fuel on the basis of its factor, and refrigerants [t].
    CarbonTonne,
    /// Fuel of generators, as diesel [L].
    FuelLitre,
}

impl Per {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Per::ItKilowatt => "ItKilowatt",
            Per::Rack => "Rack",
            Per::Accelerator => "Accelerator",
            Per::Kilowatt => "Kilowatt",
            Per::Unit => "Unit",
            Per::Site => "Site",
            Per::WaterCubicMetre => "WaterCubicMetre",
            Per::CarbonTonne => "CarbonTonne",
            Per::FuelLitre => "FuelLitre",
        }
    }

    /// Unit of the quantity.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Per::ItKilowatt | Per::Kilowatt => "kW",
            Per::Rack | Per::Accelerator | Per::Unit | Per::Site => "1",
            Per::WaterCubicMetre => "m3",
            Per::CarbonTonne => "t",
            Per::FuelLitre => "L",
        }
    }

    /// Those of assets.
    pub const OF_ASSETS: [Per; 6] =
        [Per::ItKilowatt, Per::Rack, Per::Accelerator, Per::Kilowatt, Per::Unit, Per::Site];
    /// Those of what is paid each year.
    pub const OF_YEARS: [Per; 9] = [
        Per::ItKilowatt,
        Per::Rack,
        Per::Accelerator,
        Per::Kilowatt,
        Per::Unit,
        Per::Site,
        Per::WaterCubicMetre,
        Per::CarbonTonne,
        Per::FuelLitre,
    ];
}

/// A price and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// In the currency of the site.
    pub value: f64,
    /// Lowest and highest, where they are known.
    pub range: Option<(f64, f64)>,
    /// Currency in which it was written, ISO 4217.
    pub written_in: String,
    /// What one of that is in the currency of the site; 1 where it is the same.
    pub rate: f64,
    /// Where it comes from.
    pub origin: Origin,
}

/// What a price is for, and of what there is so much.
#[derive(Debug, Clone, PartialEq)]
pub struct Priced {
    /// Its id.
    pub id: String,
    /// What it is.
    pub what: String,
    /// What the price is multiplied with.
    pub per: Per,
    /// Kinds or ids of components whose number or capacity counts.
    pub of: Vec<String>,
    /// Ways of cooling of the racks that count, as [`Group::cooling`](plant::plant::Group::cooling) has them; all where
    /// none is named.
    pub cooling: Vec<String>,
    /// The price.
    pub price: Price,
}

/// Something that is bought and serves for years.
#[derive(Debug, Clone, PartialEq)]
pub struct Asset {
    /// What, and its price.
    pub priced: Priced,
    /// What it belongs to.
    pub class: Class,
    /// Service life [a].
    pub life_years: u16,
    /// Maintenance in a year as a share of what it cost.
    pub maintenance: f64,
    /// Where life and maintenance come from where the site gives one of them and not the price.
    pub terms: Option<Origin>,
}

/// A rate of exchange that the site gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    /// ISO 4217.
    pub from: String,
    /// What one of it is in the currency of the site.
    pub rate: f64,
    /// Where it comes from.
    pub origin: Origin,
}

/// What a site costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Money {
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
    /// What is bought, in the order of the record, then of the site.
    pub assets: Vec<Asset>,
    /// What is paid each year beside electricity, water and maintenance.
    pub yearly: Vec<Priced>,
    /// What a full-load accelerator-hour is let for.
    pub rent_per_accelerator_hour: Option<f64>,
    /// Rates that were used.
    pub exchange: Vec<Exchange>,
}

/// Parameters that say how large a component is, the first that a kind has.
const CAPACITIES: [&str; 3] = ["capacity_design", "capacity_reference", "rating"];

/// The place of the parameter that says how large a component of that kind is [W].
#[must_use]
pub fn capacity(kind: &dyn Kind) -> Option<usize> {
    let fields = kind.declaration().parameters;
    CAPACITIES.iter().find_map(|name| {
        fields.iter().position(|field| {
            field.name == *name && matches!(field.form, Form::Quantity { quantity: Quantity::Power, .. })
        })
    })
}
