//! Refrigerants, sources of water, and what the site is built of.

use super::Checker;
use crate::books::{BillItem, Books, Charge, Cited, EQUIPMENT, MATERIALS, REFRIGERANTS};
use crate::node::Node;
use crate::origin::{BESIDE, Confidence, Origin, Sourced};
use crate::read::value;
use units::Quantity;

/// Share of a charge that leaks in a year, where the site does not say.
const LEAKAGE: f64 = 0.02;
/// Where that comes from.
const LEAKAGE_FROM: (&str, u16, Confidence) =
    ("engineering estimate of isotherm, 0.5–5 % a year, of chillers, to verify", 2026, Confidence::C);

impl Checker<'_> {
    /// The books' inputs; what was refused by the schema is left out.
    pub(super) fn books(&mut self) -> Books {
        let root = self.root();
        let charges = root.get("carbon").and_then(|carbon| carbon.get("refrigerants"));
        let (charges, bill) =
            (charges.map_or(&[][..], Node::items), root.get("embodied").map_or(&[][..], Node::items));
        let water = root.get("water");
        let ratio = |node: Option<&Node>| node.and_then(|node| value::quantity(node, Quantity::Ratio).ok());
        Books {
            refrigerants: charges
                .iter()
                .enumerate()
                .filter_map(|(k, node)| self.charge(node, &format!("carbon.refrigerants[{k}]")))
                .collect(),
            potable_share: ratio(water.and_then(|water| water.get("potable_share"))),
            stress: water.and_then(|water| self.stress(water)),
            bill: bill
                .iter()
                .enumerate()
                .filter_map(|(k, node)| self.item(node, &format!("embodied[{k}]")))
                .collect(),
            money: None,
            pledges: None,
        }
    }

    /// One entry of the bill.
    fn item(&mut self, node: &Node, path: &str) -> Option<BillItem> {
        let mass = node.name()? == "Material";
        let find = |node: &Node| -> Option<Cited> {
            let known: &[Cited] = if mass { &MATERIALS } else { &EQUIPMENT };
            known.iter().copied().find(|known| Some(known.name) == node.name())
        };
        let kilograms = |field: &str| value::quantity(node.get(field)?, Quantity::Mass).ok();
        let mut factor = find(node.get("of")?)?;
        let mut origin = factor.origin();
        if let Some(value) = node.get("factor").and_then(value::number) {
            factor = Cited { value, range: None, ..factor };
            origin = self.said(node, "factor", path, BESIDE)?;
        }
        let life = match node.get("life") {
            Some(written) => {
                let origin = self.said(node, "life", path, ["life_source", "life_year", "life_confidence"]);
                Sourced { value: value::quantity(written, Quantity::Duration).ok()?, origin: origin? }
            }
            None => factor.life()?,
        };
        let amount = if mass { kilograms("mass")? } else { value::number(node.get("count")?)? };
        let instead_of = match node.get("instead_of") {
            Some(other) => Some((find(other)?, kilograms("instead_of_mass").unwrap_or(amount))),
            None => None,
        };
        let what = node.get("what").and_then(Node::as_text).unwrap_or(factor.name).to_owned();
        Some(BillItem { what, factor, origin, amount, mass, life, instead_of })
    }

    /// A water stress that the site gives in place of its grid's record.
    fn stress(&mut self, water: &Node) -> Option<Sourced<String>> {
        let value = water.get("stress").and_then(Node::as_text)?.to_owned();
        Some(Sourced { value, origin: self.said(water, "stress", "water", BESIDE)? })
    }

    /// One of the site's refrigerants.
    fn charge(&mut self, node: &Node, path: &str) -> Option<Charge> {
        let name = node.get("refrigerant").and_then(Node::name)?;
        let leakage = match node.get("leakage_per_year") {
            Some(written) => {
                let origin = self.said(node, "leakage_per_year", path, BESIDE);
                Sourced { value: value::quantity(written, Quantity::Ratio).ok()?, origin: origin? }
            }
            None => {
                let (source, year, confidence) = LEAKAGE_FROM;
                Sourced { value: LEAKAGE, origin: Origin::new(source, year, confidence) }
            }
        };
        Some(Charge {
            refrigerant: *REFRIGERANTS.iter().find(|known| known.name == name)?,
            charge: value::quantity(node.get("charge")?, Quantity::Mass).ok()?,
            leakage,
            ar4: node.get("basis").and_then(Node::name) == Some("AR4"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::books;

    #[test]
    fn every_name_of_the_schema_has_its_factor_and_the_other_way_round() {
        let same = |schema: &[&str], known: Vec<&str>| assert_eq!(schema, known);
        same(books::REFRIGERANTS, REFRIGERANTS.iter().map(|r| r.name).collect());
        same(books::MATERIALS, MATERIALS.iter().map(|m| m.name).collect());
        same(books::EQUIPMENT, EQUIPMENT.iter().map(|e| e.name).collect());
        for factor in MATERIALS.iter().chain(EQUIPMENT.iter()) {
            let stated = factor.source.starts_with("sourced:") || factor.source.contains("to verify");
            assert!(stated && factor.value > 0.0 && factor.life().is_some(), "{factor:?}");
            assert!(
                factor.range.is_none_or(|(low, high)| low <= factor.value && factor.value <= high),
                "{factor:?}"
            );
        }
    }
}
