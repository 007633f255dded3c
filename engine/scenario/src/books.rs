//! What a site says for its books beyond the meters: refrigerants, where its water comes from, what it is built of.

use crate::case::Origin;
use crate::catalogue::{self, Shelf};
use crate::node::Node;
use crate::read::value;
use std::sync::LazyLock;

/// A factor with where it comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cited {
    /// Its name in a site file.
    pub name: &'static str,
    /// The value.
    pub value: f64,
    /// Lowest and highest of the literature; nothing where not known.
    pub range: Option<(f64, f64)>,
    /// Carbon stored in it until the end of its life, negative [per kg]; 0 for what stores none.
    pub biogenic: f64,
    /// Where it comes from.
    pub source: &'static str,
    /// Of which year it is, where that is known.
    pub year: Option<u16>,
    /// How sure it is.
    pub confidence: &'static str,
}

impl Cited {
    /// Where it comes from.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin {
            source: self.source.to_owned(),
            year: self.year,
            confidence: Some(self.confidence.to_owned()),
        }
    }
}

/// A refrigerant with its warming potentials over 100 years [kg CO₂e per kg].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Refrigerant {
    /// Its name in a site file, as ISO 817 has it without dashes.
    pub name: &'static str,
    /// As the European F-gas regulation has it, after AR4.
    pub ar4: f64,
    /// After the sixth assessment report.
    pub ar6: f64,
    /// Where they come from.
    pub source: &'static str,
    /// Of which year that of the sixth report is.
    pub year: Option<u16>,
    /// How sure they are.
    pub confidence: &'static str,
}

/// The refrigerants that are known, of `models/factors/refrigerants.ron`.
pub static REFRIGERANTS: LazyLock<Vec<Refrigerant>> = LazyLock::new(|| {
    let of = |(cited, entry): (Cited, &'static Node)| Refrigerant {
        name: cited.name,
        ar4: entry.get("ar4").and_then(value::number).unwrap_or(cited.value),
        ar6: cited.value,
        source: cited.source,
        year: cited.year,
        confidence: cited.confidence,
    };
    entries("refrigerants").map(of).collect()
});

/// Materials, embodied carbon from cradle to gate [kg CO₂e per kg], of `models/factors/materials.ron`.
pub static MATERIALS: LazyLock<Vec<Cited>> = LazyLock::new(|| entries("materials").map(|e| e.0).collect());

/// Equipment, embodied carbon from cradle to gate [kg CO₂e per piece], of `models/factors/equipment.ron`.
pub static EQUIPMENT: LazyLock<Vec<Cited>> = LazyLock::new(|| entries("equipment").map(|e| e.0).collect());

/// The entries of a built-in record of factors, in its order; what an entry does not say its record does.
fn entries(id: &'static str) -> impl Iterator<Item = (Cited, &'static Node)> {
    let record = catalogue::find(Shelf::Factors, id).and_then(|record| record.node().ok());
    let text = |node: &'static Node, field: &str| {
        node.get(field).and_then(|field| field.as_text().or_else(|| field.name()))
    };
    let list = record.and_then(|record| record.get("entries")).map_or(&[][..], Node::items);
    list.iter().filter_map(move |of| {
        let record = record?;
        let said = |field: &str| text(of, field).or_else(|| text(record, field)).unwrap_or_default();
        let number = |field: &str| of.get(field).and_then(value::number);
        let cited = Cited {
            name: text(of, "name")?,
            value: number("value")?,
            range: number("low").zip(number("high")),
            biogenic: number("biogenic").unwrap_or(0.0),
            source: said("source"),
            year: of
                .get("year")
                .or_else(|| record.get("year"))
                .and_then(value::whole)
                .and_then(|y| y.try_into().ok()),
            confidence: said("confidence"),
        };
        Some((cited, of))
    })
}

/// Refrigerant of a site.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Charge {
    /// Which.
    pub refrigerant: Refrigerant,
    /// Filled in [kg].
    pub charge: f64,
    /// Share of it that leaks in a year.
    pub leakage: f64,
    /// After AR4 in place of AR6.
    pub ar4: bool,
}

/// An entry of the bill of quantities.
#[derive(Debug, Clone, PartialEq)]
pub struct BillItem {
    /// What it is, as written.
    pub what: String,
    /// Its factor.
    pub factor: Cited,
    /// Where the factor's value comes from: its record, or what the site says in its place.
    pub origin: Origin,
    /// How much [kg], or how many.
    pub amount: f64,
    /// Whether the amount is a mass.
    pub mass: bool,
    /// Service life [s].
    pub life: f64,
    /// What it takes the place of: a factor and an amount in the same unit as this one's own.
    pub instead_of: Option<(Cited, f64)>,
}

/// All of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Books {
    /// Refrigerants.
    pub refrigerants: Vec<Charge>,
    /// Share of potable water in the make-up.
    pub potable_share: Option<f64>,
    /// Baseline water stress, as written.
    pub stress: Option<String>,
    /// What it is built of.
    pub bill: Vec<BillItem>,
    /// What it costs to build and to own.
    pub money: Option<crate::money::Money>,
    /// What is pledged by a year, and planned until then.
    pub pledges: Option<crate::pledges::Pledges>,
}
