//! Values that are neither a figure of the run nor given as they are.
//!
//! | name | equation |
//! |---|---|
//! | `ItEnergyForEu` | E_DC / PUE1: energy at the UPS outputs; E_DC / PUE2 without a UPS; input of the racks without either |
//! | `EuPue`, `EuWue` | E_DC / E_IT, W_IN / E_IT with that E_IT |
//! | `EnergyReuseFactor` | E_REUSE / E_DC |
//! | `ContractedRenewable` | Σ energy of the contracts for wind, sun, water and geothermal heat, at most the electricity bought |
//! | `RenewableTotal` | E_RES-GOO + E_RES-PPA + E_RES-OS, each as given, else as simulated |
//! | `RenewableEnergyFactor` | min(1, E_RES-TOT / E_DC) |
//! | `CoolingEfficiencyRatio` | E_IT / (pumps + fans of air handlers + fans of heat rejection + compressors + heat pumps) |
//! | `CharacteristicRatio` | Σ T·P / Σ T·P_IT over the conditions a to e |
//! | `MeasuredRatio` | E / E_IT of a whole year |
//! | `WaterDischarged` | blowdown; drift is carried off by air, and consumed |
//! | `WaterConsumed` | withdrawal − discharge |
//! | `DirectEmissions` | fuel + refrigerant |
//! | `GriEnergyTotal` | fuel + electricity not made of it − heat sold, in TJ |

use super::evidence::Evidence;
use super::words;
use super::{Trigger, cooling_degree_days};
use crate::document::{Cell, Language, grouped};
use serde_json::Value;

/// Terajoules in a kilowatt-hour.
const TJ_PER_KWH: f64 = 3.6e-6;

/// Outdoor dry bulbs of the characteristic conditions a to e [°C]: GB 40879-2021, recalled, to verify.
const CONDITIONS: [(char, f64); 5] = [('a', 35.0), ('b', 25.0), ('c', 15.0), ('d', 5.0), ('e', -5.0)];

/// A value and how it came to be.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub value: Cell,
    pub method: String,
    /// Whether the site's author gave it.
    pub given: bool,
    /// Whether the carbon factor of the grid is in it.
    pub carbon: bool,
}

/// A calculation of `scenario::schema::profile::CALCULATIONS`, or why it has no value.
pub(super) fn calculate(
    what: &str,
    run: &Evidence,
    decimals: u8,
    language: Language,
) -> Result<Found, String> {
    let say = words::of(language);
    let number = |value: f64, method: String| {
        let value = Cell::number(value, decimals, say.not_simulated);
        Ok(Found { value, method, given: false, carbon: false })
    };
    let simulated = run.simulated(language);
    let with = |text: &str| format!("{simulated}; {text}");
    let absent = || say.not_simulated.to_owned();
    match what {
        "InstalledItPower" => {
            number(run.number("it_power_installed_kw").ok_or_else(absent)?, say.rated_racks.to_owned())
        }
        "ItEnergyForEu" => {
            let (energy, category) = it_energy(run).ok_or_else(absent)?;
            number(energy, with(&(say.category)(category)))
        }
        "EuPue" => {
            let (it, category) = it_energy(run).ok_or_else(absent)?;
            let facility = run.number("metrics.facility_energy_kwh").ok_or_else(absent)?;
            number(ratio(facility, it).ok_or_else(absent)?, with(&(say.category)(category)))
        }
        "EuWue" => {
            let (it, category) = it_energy(run).ok_or_else(absent)?;
            // 1 m³/MWh = 1 L/kWh.
            let litres = run.number("metrics.water_m3").ok_or_else(absent)? * 1e3;
            number(ratio(litres, it).ok_or_else(absent)?, with(&(say.category)(category)))
        }
        "EnergyReuseFactor" => {
            let (heat, given) = reused(run).ok_or_else(|| say.not_simulated_not_given.to_owned())?;
            let facility = run.number("metrics.facility_energy_kwh").ok_or_else(absent)?;
            let method = if given { with(say.with_given) } else { simulated.clone() };
            number(ratio(heat, facility).ok_or_else(absent)?, method)
        }
        "ContractedRenewable" => number(contracted(run).ok_or_else(|| say.not_given.to_owned())?, simulated),
        "RenewableTotal" => {
            let of = renewables(run).ok_or_else(|| say.not_given.to_owned())?;
            let method = run.of_own_generation(of.method(&simulated, language), language);
            Ok(Found { given: !of.simulated, ..number(of.total, method)? })
        }
        "RenewableEnergyFactor" => {
            let of = renewables(run).ok_or_else(|| say.not_given.to_owned())?;
            let facility = run.number("metrics.facility_energy_kwh").ok_or_else(absent)?;
            let method = if of.given { with(say.with_given) } else { simulated.clone() };
            let method = run.of_own_generation(method, language);
            number(ratio(of.total, facility).ok_or_else(absent)?.min(1.0), method)
        }
        "PotableWater" => {
            if let Some(potable) = run.number("water_sources.potable_m3") {
                return number(potable, simulated);
            }
            let share = run.given_number("potable_share").ok_or_else(|| say.not_given.to_owned())?;
            number(run.number("metrics.water_m3").ok_or_else(absent)? * share, with(say.with_given))
        }
        "CoolingDegreeDays" | "CoolingDegreeDaysPlain" => {
            let course = run.course.ok_or_else(absent)?;
            let eurostat = what == "CoolingDegreeDays";
            let trigger = if eurostat { Trigger::Eurostat } else { Trigger::None };
            let (sum, days) = cooling_degree_days(course, trigger);
            let named = if eurostat { say.eurostat } else { say.plain };
            number(sum, (say.days)(named, &grouped(days as f64, 0)))
        }
        "CoolingEfficiencyRatio" => {
            let uses = ["pumps", "air_handler_fans", "heat_rejection_fans", "compressors", "heat_pumps"];
            let cooling: f64 = uses.iter().filter_map(|name| run.number(&format!("energy_kwh.{name}"))).sum();
            let heat = run.number("metrics.it_energy_kwh").ok_or_else(absent)?;
            number(ratio(heat, cooling).ok_or_else(absent)?, with(say.heat_of_it))
        }
        "CharacteristicRatio" => characteristic(run, decimals, language),
        "MeasuredRatio" => {
            if !run.whole_year() {
                return Err(say.not_a_year.to_owned());
            }
            number(run.number("metrics.pue").ok_or_else(absent)?, simulated)
        }
        "WaterDischarged" => number(discharged(run).ok_or_else(absent)? / 1e3, with(say.blowdown)),
        "WaterConsumed" => {
            let withdrawn = run.number("metrics.water_m3").ok_or_else(absent)?;
            let metered = run.given_number("water_discharged_m3");
            let left = metered.or_else(|| discharged(run)).ok_or_else(absent)?;
            number((withdrawn - left) / 1e3, if metered.is_some() { with(say.with_given) } else { simulated })
        }
        "DirectEmissions" => {
            let parts = ["fuel_emissions_kg", "refrigerant_emissions_kg"];
            let known: Vec<f64> = parts.iter().filter_map(|key| run.given_number(key)).collect();
            if known.is_empty() {
                return Err(say.not_given.to_owned());
            }
            Ok(Found { given: true, ..number(known.iter().sum::<f64>() / 1e3, say.sum_of_given.to_owned())? })
        }
        "LocationEmissions" => {
            let by_hour = run.number("supply.location_kg");
            // What is bought at the grid's factor; fuel burnt on the site is scope 1.
            let bought = || {
                let energy = run.number("metrics.bought_energy_kwh");
                let energy = energy.or_else(|| run.number("metrics.facility_energy_kwh"))?;
                Some(run.number("carbon.factor_kg_per_kwh")? * energy)
            };
            let kg = by_hour.or_else(bought).ok_or_else(absent)?;
            let method = if by_hour.is_some() { with(say.by_hour) } else { with(say.annual_factor) };
            Ok(Found { carbon: true, ..number(kg / 1e3, method)? })
        }
        "MarketEmissions" | "MarketCue" => {
            let kg = run.number("supply.market_kg").ok_or_else(|| say.no_contracts.to_owned())?;
            let value = if what == "MarketEmissions" {
                kg / 1e3
            } else {
                let it = run.number("metrics.it_energy_kwh").ok_or_else(absent)?;
                ratio(kg, it).ok_or_else(absent)?
            };
            Ok(Found { carbon: true, ..number(value, with(say.by_hour))? })
        }
        "GriEnergyTotal" => {
            // What generators made of fuel is counted as fuel, not as electricity once more.
            let burnt = run.number("direct.fuel.heat_kwh");
            let fuel = burnt.or_else(|| run.given_number("fuel_used_kwh"));
            let made = burnt.and_then(|_| run.number("direct.fuel.generated_kwh")).unwrap_or(0.0);
            let electricity = run.number("metrics.facility_energy_kwh").ok_or_else(absent)? - made;
            let sold = reused(run).map_or(0.0, |(heat, _)| heat);
            let method = if fuel.is_some() { with(say.with_given) } else { with(say.without_fuel) };
            number((fuel.unwrap_or(0.0) + electricity - sold) * TJ_PER_KWH, method)
        }
        _ => Err(absent()),
    }
}

/// Nothing by nothing is nothing.
fn ratio(of: f64, to: f64) -> Option<f64> {
    (to > 0.0).then(|| of / to)
}

/// IT energy at the UPS outputs, or where there is none at the PDU outputs, or at the racks; and that category.
fn it_energy(run: &Evidence) -> Option<(f64, u8)> {
    let facility = run.number("metrics.facility_energy_kwh")?;
    let by = |path: &str| run.number(path).and_then(|pue| ratio(facility, pue));
    let first = by("metrics.pue_category_1").map(|energy| (energy, 1));
    let second = || by("metrics.pue_category_2").map(|energy| (energy, 2));
    first.or_else(second).or_else(|| Some((run.number("metrics.it_energy_kwh")?, 3)))
}

/// Heat handed out, and whether the site's author gave it.
fn reused(run: &Evidence) -> Option<(f64, bool)> {
    let simulated = run.number("metrics.reused_heat_kwh").map(|heat| (heat, false));
    simulated.or_else(|| Some((run.given_number("heat_reused_kwh")?, true)))
}

/// Renewable energy of all kinds.
struct Renewables {
    /// Its sum [kWh].
    total: f64,
    /// Whether a part of it was given.
    given: bool,
    /// Whether a part of it comes from the run.
    simulated: bool,
}

impl Renewables {
    fn method(&self, simulated: &str, language: Language) -> String {
        let say = words::of(language);
        match (self.given, self.simulated) {
            (true, false) => say.sum_of_given.to_owned(),
            (true, true) => format!("{simulated}; {}", say.with_given),
            _ => simulated.to_owned(),
        }
    }
}

/// Nothing where none is known.
fn renewables(run: &Evidence) -> Option<Renewables> {
    let given = |key: &str| run.given_number(key);
    let bought = given("guarantees_of_origin_kwh");
    let contracts = given("power_purchase_agreements_kwh");
    let ran = contracts.is_none().then(|| contracted(run)).flatten();
    let used = run.number("on_site.used_kwh");
    let stated = used.is_none().then(|| given("renewables_on_site_kwh")).flatten();
    let (given, simulated) = ([bought, contracts, stated], [ran, used]);
    let sum = |parts: &[Option<f64>]| parts.iter().flatten().sum::<f64>();
    let known = Renewables {
        total: sum(&given) + sum(&simulated),
        given: given.iter().any(Option::is_some),
        simulated: simulated.iter().any(Option::is_some),
    };
    (known.given || known.simulated).then_some(known)
}

/// What the run's contracts for renewable electricity deliver; more than is bought is nobody's use.
fn contracted(run: &Evidence) -> Option<f64> {
    let contracts = run.figure("supply.contracts")?.as_array()?;
    let renewable = |contract: &&Value| {
        ["Wind", "Solar", "Hydro", "Geothermal"]
            .contains(&contract["technology"].as_str().unwrap_or_default())
    };
    let energies: Vec<f64> =
        contracts.iter().filter(renewable).filter_map(|contract| contract["energy_kwh"].as_f64()).collect();
    let bought =
        run.number("metrics.bought_energy_kwh").or_else(|| run.number("metrics.facility_energy_kwh"))?;
    (!energies.is_empty()).then(|| energies.iter().sum::<f64>().min(bought))
}

/// Water that leaves as a liquid [m³].
fn discharged(run: &Evidence) -> Option<f64> {
    run.number("water_m3.blowdown")
}

/// RM1 of GB 40879: mean powers of the hours nearest to each condition, weighed by the shares of the year.
///
/// With the shares of the weather that was loaded this is E / E_IT by construction: every hour is in one band.
fn characteristic(run: &Evidence, decimals: u8, language: Language) -> Result<Found, String> {
    let say = words::of(language);
    if !run.whole_year() {
        return Err(say.not_a_year.to_owned());
    }
    let course = run.course.ok_or_else(|| say.not_simulated.to_owned())?;
    let mut bands = [(0.0, 0.0, 0.0); CONDITIONS.len()];
    let rows = course.dry_bulb_c.iter().zip(&course.hours).zip(&course.facility_kwh).zip(&course.it_kwh);
    for (((dry_bulb, hours), facility), it) in rows {
        let distance = |(_, condition): &(char, f64)| (condition - dry_bulb).abs();
        let nearest =
            CONDITIONS.iter().enumerate().min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b)));
        let Some((k, _)) = nearest else { continue };
        bands[k].0 += hours;
        bands[k].1 += facility;
        bands[k].2 += it;
    }
    let given: Option<Vec<f64>> = run
        .given("characteristic_weights")
        .and_then(Value::as_array)
        .map(|weights| weights.iter().filter_map(Value::as_f64).collect());
    let given = given.filter(|weights| weights.len() == bands.len());
    let hours: f64 = bands.iter().map(|band| band.0).sum();
    let (mut energy, mut it) = (0.0, 0.0);
    for (k, (n, band_energy, band_it)) in bands.iter().enumerate() {
        let weight = given.as_ref().map_or(n / hours.max(1.0), |weights| weights[k]);
        if weight == 0.0 {
            continue;
        }
        if *n == 0.0 {
            let (name, dry_bulb) = CONDITIONS[k];
            return Err((say.no_hour)(name, dry_bulb));
        }
        energy += weight * band_energy / n;
        it += weight * band_it / n;
    }
    let value = ratio(energy, it).ok_or_else(|| say.not_simulated.to_owned())?;
    let shares = if given.is_some() { say.weights_given } else { say.weights_of_weather };
    Ok(Found {
        value: Cell::number(value, decimals, say.not_simulated),
        method: format!("{}; {shares}", run.simulated(language)),
        given: false,
        carbon: false,
    })
}
