//! Scope 1: fuel of generators and refrigerant that leaks.
//!
//! # Definitions
//! ```text
//! fuel      = ∫ heat of the fuel burnt (lower heating value), metered at each generator
//! litres    = fuel/35.8 MJ/L                                  diesel
//! CO₂       = fuel · carbon content of the generator          direct: what leaves the exhaust
//! leakage   = charge · share per year · hours/8760 · GWP100
//! upstream  = fuel · carbon of its supply                     well to tank: with CO₂ it makes the lifecycle figure
//! ```
//! Scope 1 is direct. CUE counts the fuel in place of what the generators gave at the grid's factor, on the basis of that
//! factor: direct CO₂ beside a direct one, with its supply beside a lifecycle one ([`crate::emissions`]).
//!
//! # Source
//! Scopes: WRI/WBCSD, *GHG Protocol Corporate Standard* (2004). Heating value of diesel, 35.8 MJ/L (43 TJ/Gg, IPCC 2006,
//! vol. 2, table 1.2, at 0.832 kg/L): recalled, to verify. Supply of diesel, 18.9 g/MJ: JEC *Well-to-Tank* v5 (2020),
//! recalled, to verify.

use crate::account::Total;
use crate::emissions::Both;
use crate::run::Outcome;
use plant::network::MeterKind;
use plant::plant::Plant;
use scenario::books::Charge;
use scenario::case::{Confidence, Sourced};

/// Lower heating value of diesel [J/L].
pub const DIESEL: f64 = 35.8e6;
/// Where the fuel's factors come from: source, year, confidence.
pub const FUEL_FROM: (&str, u16, Confidence) = (
    "carbon content of the generator's record; diesel 35.8 MJ/L, IPCC Guidelines 2006, vol. 2; supply of diesel 18.9 g/MJ, JEC Well-to-Tank v5: recalled, to verify",
    2006,
    Confidence::C,
);
const KWH: f64 = 3.6e6;
const YEAR_HOURS: f64 = 8760.0;

/// Fuel that was burnt.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Fuel {
    /// Its heat, lower heating value [J].
    pub heat: f64,
    /// Its carbon dioxide, direct [kg].
    pub kg: f64,
    /// Carbon dioxide equivalent of its supply [kg].
    pub upstream: f64,
    /// Electricity that was generated [J].
    pub generated: f64,
}

/// The fuel of all generators; nothing for a site without one.
pub fn fuel(plant: &Plant, outcome: &Outcome) -> Option<Fuel> {
    let accounts = &outcome.accounts;
    let (mut heat, mut kg, mut upstream) = (Total::default(), Total::default(), Total::default());
    let mut any = false;
    for (meter, column) in accounts.meters.iter().enumerate().filter(|(_, m)| m.kind == MeterKind::Fuel) {
        any = true;
        let of = |name: &str| column.unit.and_then(|unit| plant.units[unit].parameter(name)).unwrap_or(0.0);
        heat.add(accounts.total(meter));
        kg.add(accounts.total(meter) * of("carbon_content"));
        upstream.add(accounts.total(meter) * of("upstream_carbon"));
    }
    let generated = accounts
        .sum(|m| m.kind == MeterKind::Generated && !super::on_site::is_renewable(plant, m.kind, m.unit));
    any.then(|| Fuel { heat: heat.value(), kg: kg.value(), upstream: upstream.value(), generated })
}

/// A refrigerant's leakage.
#[derive(Debug, Clone, PartialEq)]
pub struct Leak {
    /// What is filled in.
    pub charge: Charge,
    /// Warming potential used.
    pub gwp: Sourced<f64>,
    /// Leaked in the run [kg].
    pub leaked: f64,
    /// The same as carbon dioxide [kg].
    pub kg: f64,
}

/// Scope 1 of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct Direct {
    /// Fuel, where there is a generator.
    pub fuel: Option<Fuel>,
    /// Refrigerants, where they are given.
    pub leaks: Vec<Leak>,
    /// All of it as carbon dioxide equivalent [kg].
    pub kg: f64,
}

impl Fuel {
    /// Its heat [kWh].
    pub fn kwh(&self) -> f64 {
        self.heat / KWH
    }
    /// Its carbon, on either basis.
    pub fn carbon(&self) -> Both {
        Both { direct: self.kg, lifecycle: self.kg + self.upstream }
    }
    /// As diesel [L].
    pub fn litres(&self) -> f64 {
        self.heat / DIESEL
    }
}

/// Evaluates scope 1; nothing for a site with neither.
pub fn evaluate(fuel: Option<Fuel>, charges: &[Charge], hours: f64) -> Option<Direct> {
    let leaks: Vec<Leak> = (charges.iter())
        .map(|charge| {
            let gwp = charge.refrigerant.gwp(charge.ar4);
            let leaked = charge.charge * charge.leakage.value * hours / YEAR_HOURS;
            Leak { charge: charge.clone(), leaked, kg: leaked * gwp.value, gwp }
        })
        .collect();
    if fuel.is_none() && leaks.is_empty() {
        return None;
    }
    let kg = fuel.map_or(0.0, |fuel| fuel.kg) + leaks.iter().map(|leak| leak.kg).sum::<f64>();
    Some(Direct { fuel, leaks, kg })
}

#[cfg(test)]
mod tests {
    use super::*;
    use scenario::books::REFRIGERANTS;

    #[test]
    fn two_percent_of_300_kg_leak_in_a_year_and_a_twelfth_of_it_in_a_month() {
        // 300 kg · 2 % = 6 kg of R-134a: 9180 kg CO₂e by AR6, 8580 by AR4; in 730 h 765 kg
        let r134a = REFRIGERANTS[0];
        let origin = scenario::case::Origin::new("by hand", 2024, Confidence::C);
        let leakage = Sourced { value: 0.02, origin };
        let of = |ar4| Charge { refrigerant: r134a, charge: 300.0, leakage: leakage.clone(), ar4 };
        let year = evaluate(None, &[of(false), of(true)], 8760.0).unwrap();
        assert!((year.leaks[0].kg - 9180.0).abs() < 1e-9 && (year.leaks[1].kg - 8580.0).abs() < 1e-9);
        assert!((year.kg - 17_760.0).abs() < 1e-9);
        assert!((evaluate(None, &[of(false)], 730.0).unwrap().kg - 765.0).abs() < 1e-9);
        assert_eq!(evaluate(None, &[], 8760.0), None);
    }

    #[test]
    fn a_litre_of_diesel_is_ten_kilowatt_hours_and_2_65_kilograms() {
        // 35.8 MJ = 9.944 kWh; 74.1 g/MJ · 35.8 MJ = 2.653 kg
        let fuel =
            Fuel { heat: DIESEL, kg: DIESEL * 74.1e-9, upstream: DIESEL * 18.9e-9, generated: 0.4 * DIESEL };
        assert!((fuel.litres() - 1.0).abs() < 1e-12 && (fuel.kwh() - 9.9444).abs() < 1e-4);
        assert!((evaluate(Some(fuel), &[], 1.0).unwrap().kg - 2.6528).abs() < 1e-3);
    }
}
