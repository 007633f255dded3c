//! Electricity generated on site from sun and wind: what of it was used, what was given to the grid.
//!
//! # Definitions
//! ```text
//! generated   = ∫ generation of all plants without fuel, at their terminals
//! exported    = ∫ (power given to the utility)⁺                     metered at the feed, not netted with purchases
//! used        = generated − exported                                losses of batteries that it filled are in it
//! bought      = facility energy − generation (fuel included) + exported        what the utility delivered
//! own use     = used/generated                                      "self-consumption"
//! own supply  = used/facility energy                                "self-sufficiency"
//! ```
//! Facility energy counts what is used of it (ISO/IEC 30134-2:2026: total energy includes generation on site), so PUE does
//! not fall because the sun shines. `own supply` is what generation on site adds to the renewable energy factor, REF (ISO/IEC
//! 30134-3: renewable energy owned and used over total energy, at most 1); energy that is sold does not count.
//! What is exported is sun and wind alone. A generator runs where the feed is dead or its peak is limited, and a battery
//! discharges into what draws behind it; both follow the load and give no more than it takes (`Generator`, `Battery`), so that
//! nothing of theirs reaches the utility.
//!
//! Export gives no credit in scope 2: what is bought is bought (GHG Protocol Scope 2 Guidance, 2015, recalled, to verify).
//!
//! # Source
//! ISO/IEC 30134-2:2026 and 30134-3:2016, recalled, to verify.

use crate::metrics::over;
use crate::report::{grouped, optional};
use crate::run::Outcome;
use crate::write::json::number;
use plant::network::MeterKind;
use plant::plant::Plant;
use scenario::Case;
use serde_json::{Value, json};

const KWH: f64 = 3.6e6;

/// What a plant gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Yield {
    /// Its id.
    pub id: String,
    /// What the field calls it.
    pub kind: &'static str,
    /// Given at its terminals [J].
    pub generated: f64,
    /// Not taken [J].
    pub curtailed: f64,
    /// Rated power of all its units [W].
    pub rating: f64,
}

/// Sun and wind on site. Energies in J.
#[derive(Debug, Clone, PartialEq)]
pub struct OnSite {
    /// Each plant.
    pub plants: Vec<Yield>,
    /// Of all of them.
    pub generated: f64,
    /// Given to the utility.
    pub exported: f64,
    /// Used on site.
    pub used: f64,
    /// Not taken.
    pub curtailed: f64,
    /// Delivered by the utility.
    pub bought: f64,
    /// Used over generated.
    pub own_use: Option<f64>,
    /// Used over facility energy.
    pub own_supply: Option<f64>,
    /// Whether the sun is that of a sky without clouds: then `generated`, `used` and `exported` are upper bounds, `bought` a
    /// lower one.
    pub cloudless: bool,
}

/// Whether a meter counts generation without fuel.
pub(crate) fn is_renewable(plant: &Plant, kind: MeterKind, unit: Option<usize>) -> bool {
    kind == MeterKind::Generated
        && unit.is_some_and(|unit| plant.units[unit].kind.declaration().is_renewable())
}

/// Evaluates generation on site; nothing for a site without sun and wind.
pub fn evaluate(case: &Case, outcome: &Outcome) -> Option<OnSite> {
    let plant = &case.plant;
    let accounts = &outcome.accounts;
    let plants: Vec<Yield> = (plant.units.iter().enumerate())
        .filter(|(_, unit)| unit.kind.declaration().is_renewable())
        .map(|(index, unit)| {
            let of = |kind: MeterKind| accounts.sum(|m| m.kind == kind && m.unit == Some(index));
            let rating = unit.parameter("rating_ac").or_else(|| unit.parameter("rating"));
            Yield {
                id: unit.id.clone(),
                kind: unit.kind.declaration().label,
                generated: of(MeterKind::Generated),
                curtailed: of(MeterKind::Curtailed),
                rating: rating.unwrap_or(0.0) * unit.multiplicity,
            }
        })
        .collect();
    if plants.is_empty() {
        return None;
    }
    let cloudless = case.weather.sky_source.as_ref().is_some_and(|sky| sky.cloudless);
    let cloudless = cloudless && crate::standing::reads_sun(plant);
    let of = of_totals(plants, accounts.exported(), accounts.bought(), accounts.supplied());
    Some(OnSite { cloudless, ..of })
}

fn of_totals(plants: Vec<Yield>, exported: f64, bought: f64, facility: f64) -> OnSite {
    let generated: f64 = plants.iter().map(|plant| plant.generated).sum();
    let used = (generated - exported).max(0.0);
    OnSite {
        generated,
        exported,
        used,
        curtailed: plants.iter().map(|plant| plant.curtailed).sum(),
        bought,
        own_use: over(used, generated),
        own_supply: over(used, facility).map(|share| share.min(1.0)),
        cloudless: false,
        plants,
    }
}

impl OnSite {
    /// As it stands in `summary.json`.
    pub fn json(&self, hours: f64) -> Value {
        let kwh = |joules: f64| number(joules / KWH);
        let plants = self.plants.iter().map(|plant| {
            json!({
                "id": plant.id,
                "kind": plant.kind,
                "generated_kwh": kwh(plant.generated),
                "curtailed_kwh": kwh(plant.curtailed),
                "rating_kw": number(plant.rating / 1e3),
                "capacity_factor": optional(over(plant.generated, plant.rating * hours * 3600.0)),
            })
        });
        json!({
            "generated_kwh": kwh(self.generated),
            "used_kwh": kwh(self.used),
            "exported_kwh": kwh(self.exported),
            "curtailed_kwh": kwh(self.curtailed),
            "own_use_share": optional(self.own_use),
            "own_supply_share": optional(self.own_supply),
            "cloudless": self.cloudless,
            "plants": plants.collect::<Vec<Value>>(),
        })
    }

    /// What a person reads of it.
    pub fn line(&self) -> String {
        let percent =
            |share: Option<f64>| share.map_or("–".to_owned(), |share| format!("{:.1} %", 100.0 * share));
        let curtailed = match self.curtailed / KWH {
            kwh if kwh >= 0.5 => format!(", {} kWh not taken", grouped(kwh)),
            _ => String::new(),
        };
        let clear = if self.cloudless { " (sun without clouds: an upper bound)" } else { "" };
        format!(
            "  On site {} kWh from sun and wind{clear}: {} used ({} of what was generated, {} of the site's electricity), {} \
             exported{curtailed}; {} kWh bought",
            grouped(self.generated / KWH),
            grouped(self.used / KWH),
            percent(self.own_use),
            percent(self.own_supply),
            grouped(self.exported / KWH),
            grouped(self.bought / KWH)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_exported_is_not_used_and_what_is_bought_is_not_undone() {
        // 10 kWh generated, 4 exported, 6 used; 14 bought: facility 14 + 10 − 4 = 20 kWh, of which 30 % are own
        let solar = Yield {
            id: "solar".into(),
            kind: "photovoltaic plant",
            generated: 10.0 * KWH,
            curtailed: 1.0 * KWH,
            rating: 5e3,
        };
        let of = of_totals(vec![solar], 4.0 * KWH, 14.0 * KWH, 20.0 * KWH);
        assert_eq!((of.used / KWH, of.own_use, of.own_supply), (6.0, Some(0.6), Some(0.3)));
        // 10 kWh of 5 kW in 4 h: half of what it could
        let json = of.json(4.0);
        assert_eq!(json["plants"][0]["capacity_factor"], 0.5);
        assert_eq!((json["used_kwh"].as_f64(), json["curtailed_kwh"].as_f64()), (Some(6.0), Some(1.0)));
        assert!(of.line().contains("6.0 used (60.0 % of what was generated, 30.0 %"), "{}", of.line());
        let clear = OnSite { cloudless: true, ..of.clone() };
        assert!(
            clear.line().contains("wind (sun without clouds: an upper bound): 6.0 used"),
            "{}",
            clear.line()
        );
        assert!(!of.line().contains("cloud") && clear.json(4.0)["cloudless"] == true);
    }
}
