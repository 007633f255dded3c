//! Carbon of what the site is built of, spread over its life.
//!
//! # Definitions
//! ```text
//! embodied      = Σ amount · factor                              cradle to gate (A1–A3)
//! instead       = Σ the same with what the entries take the place of
//! saved         = 1 − embodied/instead                           of the entries that take the place of something
//! per year      = Σ amount · factor/life
//! in the run    = per year · hours/8760
//! biogenic      = Σ amount · stored (timber −1.64 kg/kg)                            stored until the end of life; given apart, never taken off
//! ```
//! Range: all factors at their lowest, and at their highest.
//!
//! # Source
//! Modules A1–A3 of EN 15978, and biogenic carbon apart from them, after EN 15804+A2; recalled, to verify.

use crate::metrics::over;
use scenario::books::BillItem;

const YEAR: f64 = 365.0 * 86_400.0;
const YEAR_HOURS: f64 = 8760.0;

/// Embodied carbon.
#[derive(Debug, Clone, PartialEq)]
pub struct Embodied {
    /// Entries with their carbon [kg], in the order of the bill.
    pub items: Vec<(BillItem, f64)>,
    /// All of them [kg].
    pub kg: f64,
    /// With factors at their lowest, and highest [kg].
    pub range: (f64, f64),
    /// Per year of service [kg].
    pub kg_per_year: f64,
    /// Spread over the run [kg].
    pub kg_in_run: f64,
    /// The same per IT energy [kg/kWh].
    pub kg_per_kwh: Option<f64>,
    /// With what the entries take the place of [kg]; nothing where none does.
    pub instead_kg: Option<f64>,
    /// Share saved of what is replaced, among the entries that replace something.
    pub saved_share: Option<f64>,
    /// Stored in timber [kg], negative; nothing without timber.
    pub biogenic_kg: Option<f64>,
}

/// Evaluates a bill of quantities; nothing where there is none.
pub fn evaluate(bill: &[BillItem], hours: f64, it_energy_kwh: f64) -> Option<Embodied> {
    if bill.is_empty() {
        return None;
    }
    let kg = |item: &BillItem| item.amount * item.factor.value;
    let sum = |of: &dyn Fn(&BillItem) -> f64| bill.iter().map(of).sum::<f64>();
    let all = sum(&kg);
    let bound = |item: &BillItem, high: bool| {
        let (low, most) = item.factor.range.unwrap_or((item.factor.value, item.factor.value));
        item.amount * if high { most } else { low }
    };
    let per_year = sum(&|item| kg(item) * YEAR / item.life.value);
    let swaps = bill.iter().any(|item| item.instead_of.is_some());
    let replaced = sum(&|item| item.instead_of.map_or(0.0, |(factor, amount)| factor.value * amount));
    let replacing = sum(&|item| item.instead_of.map_or(0.0, |_| kg(item)));
    let stored = sum(&|item| item.amount * item.factor.biogenic);
    let in_run = per_year * hours / YEAR_HOURS;
    Some(Embodied {
        items: bill.iter().map(|item| (item.clone(), kg(item))).collect(),
        kg: all,
        range: (sum(&|item| bound(item, false)), sum(&|item| bound(item, true))),
        kg_per_year: per_year,
        kg_in_run: in_run,
        kg_per_kwh: over(in_run, it_energy_kwh),
        instead_kg: swaps.then_some(all - replacing + replaced),
        saved_share: over(replacing, replaced).filter(|_| swaps).map(|kept| 1.0 - kept),
        biogenic_kg: (stored < 0.0).then_some(stored),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use scenario::books::{Cited, MATERIALS};

    fn material(name: &str) -> Cited {
        *MATERIALS.iter().find(|m| m.name == name).unwrap()
    }

    fn item(name: &str, amount: f64, instead_of: Option<(&str, f64)>) -> BillItem {
        let instead_of = instead_of.map(|(name, amount)| (material(name), amount));
        let origin = scenario::case::Origin::new("by hand", 2024, scenario::case::Confidence::C);
        let life = scenario::case::Sourced { value: 50.0 * YEAR, origin };
        let factor = material(name);
        BillItem { what: name.into(), factor, origin: factor.origin(), amount, mass: true, life, instead_of }
    }

    #[test]
    fn near_zero_steel_in_place_of_the_worlds_average_saves_nine_tenths() {
        // 100 t · 0.15 = 15 t in place of 155 t: 1 − 15/155 = 90.3 %;  with 500 t of concrete, 69 t: 84 t in all
        let bill = [item("SteelNearZero", 1e5, Some(("SteelSection", 1e5))), item("Concrete", 5e5, None)];
        let of = evaluate(&bill, 8760.0, 1e6).unwrap();
        assert!((of.kg - 84e3).abs() < 1e-6 && (of.instead_kg.unwrap() - 224e3).abs() < 1e-6);
        assert!((of.saved_share.unwrap() - (1.0 - 15.0 / 155.0)).abs() < 1e-12);
        // 84 t over 50 years: 1680 kg a year, 1.68 g per kWh of a million
        assert!((of.kg_per_year - 1680.0).abs() < 1e-6 && (of.kg_per_kwh.unwrap() - 1.68e-3).abs() < 1e-12);
        assert!((of.range.0 - 65e3).abs() < 1e-6 && (of.range.1 - 120e3).abs() < 1e-6);
        assert_eq!((of.biogenic_kg, evaluate(&[], 1.0, 1.0)), (None, None));
    }

    /// Per square metre of floor. The factors are those of the table; the quantities are assumed, of the size that
    /// structures of that kind take, since none are published of the two halls in Virginia that were announced with −35 %
    /// against steel and −65 % against precast concrete. So this shows that the factors can carry the claim, and how far.
    #[test]
    fn hybrid_timber_saves_a_third_against_steel_and_two_thirds_against_precast() {
        // Timber: 45 kg steel 69.75 + 60 kg CLT 18 + 100 kg topping 13.8 = 101.55 kg
        let timber = [
            item("SteelSection", 45.0, None),
            item("CrossLaminatedTimber", 60.0, None),
            item("Concrete", 100.0, None),
        ];
        // Steel: 70 kg 108.5 + 350 kg slab 48.3 = 156.8 kg.  Precast: 1500 kg 270 + 30 kg rebar 18 = 288 kg
        let steel = [item("SteelSection", 70.0, None), item("Concrete", 350.0, None)];
        let precast = [item("ConcretePrecast", 1500.0, None), item("Rebar", 30.0, None)];
        let kg = |bill: &[BillItem]| evaluate(bill, 8760.0, 0.0).unwrap().kg;
        assert!((kg(&timber) - 101.55).abs() < 1e-9);
        let (to_steel, to_precast) = (kg(&timber) / kg(&steel) - 1.0, kg(&timber) / kg(&precast) - 1.0);
        assert!(
            (to_steel + 0.35).abs() < 0.01 && (to_precast + 0.65).abs() < 0.01,
            "{to_steel} {to_precast}"
        );
        // 60 kg of timber hold 98.4 kg of CO₂, which are not taken off.
        assert!((evaluate(&timber, 1.0, 0.0).unwrap().biogenic_kg.unwrap() + 98.4).abs() < 1e-9);
    }
}
