//! What a site says for its books beyond the meters: refrigerants, where its water comes from, what it is built of.

use crate::catalogue::{self, Shelf};
use crate::node::Node;
use crate::origin::{BESIDE, Confidence, Fields, Origin, Sourced};
use crate::read::value;
use std::sync::LazyLock;

/// A year of a service life [s].
const YEAR: f64 = 365.0 * 86_400.0;

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
    /// Of which year it is.
    pub year: u16,
    /// How sure it is.
    pub confidence: Confidence,
    /// Service life of what is built with it [s], with its source, year and confidence; nothing of a refrigerant.
    pub life: Option<(f64, &'static str, u16, Confidence)>,
}

impl Cited {
    /// Where it comes from.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin::new(self.source, self.year, self.confidence)
    }

    /// Service life of what is built with it [s].
    #[must_use]
    pub fn life(&self) -> Option<Sourced<f64>> {
        self.life.map(|(value, source, year, confidence)| Sourced {
            value,
            origin: Origin::new(source, year, confidence),
        })
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
    /// Where that of the sixth report comes from: source, year, confidence.
    pub ar6_from: (&'static str, u16, Confidence),
    /// Where that of the fourth one does.
    pub ar4_from: (&'static str, u16, Confidence),
}

impl Refrigerant {
    /// The warming potential of a report, and where it comes from.
    #[must_use]
    pub fn gwp(&self, ar4: bool) -> Sourced<f64> {
        let (value, (source, year, confidence)) =
            if ar4 { (self.ar4, self.ar4_from) } else { (self.ar6, self.ar6_from) };
        Sourced { value, origin: Origin::new(source, year, confidence) }
    }
}

/// The refrigerants that are known, of `models/factors/refrigerants.ron`.
pub static REFRIGERANTS: LazyLock<Vec<Refrigerant>> = LazyLock::new(|| {
    let of = |(cited, entry, record): (Cited, &'static Node, &'static Node)| {
        Some(Refrigerant {
            name: cited.name,
            ar4: entry.get("ar4").and_then(value::number)?,
            ar6: cited.value,
            ar6_from: (cited.source, cited.year, cited.confidence),
            ar4_from: from(entry, record, ["ar4_source", "ar4_year", "ar4_confidence"])?,
        })
    };
    entries("refrigerants").filter_map(of).collect()
});

/// Materials, embodied carbon from cradle to gate [kg CO₂e per kg], of `models/factors/materials.ron`.
pub static MATERIALS: LazyLock<Vec<Cited>> = LazyLock::new(|| entries("materials").map(|e| e.0).collect());

/// Equipment, embodied carbon from cradle to gate [kg CO₂e per piece], of `models/factors/equipment.ron`.
pub static EQUIPMENT: LazyLock<Vec<Cited>> = LazyLock::new(|| entries("equipment").map(|e| e.0).collect());

/// A text or name of a node.
fn text(node: &'static Node, field: &str) -> Option<&'static str> {
    node.get(field).and_then(|field| field.as_text().or_else(|| field.name()))
}

/// Where a value of an entry comes from: what the entry does not say its record does.
fn from(
    entry: &'static Node,
    record: &'static Node,
    [source, year, confidence]: Fields,
) -> Option<(&'static str, u16, Confidence)> {
    let said = |field: &str| text(entry, field).or_else(|| text(record, field));
    let year_of = entry.get(year).or_else(|| record.get(year)).and_then(value::year)?;
    Some((said(source)?, year_of, said(confidence).and_then(Confidence::of)?))
}

/// The entries of a built-in record of factors, in its order, each with itself and its record as they are written.
fn entries(id: &'static str) -> impl Iterator<Item = (Cited, &'static Node, &'static Node)> {
    let record = catalogue::find(Shelf::Factors, id).and_then(|record| record.node().ok());
    let list = record.and_then(|record| record.get("entries")).map_or(&[][..], Node::items);
    list.iter().filter_map(move |of| {
        let record = record?;
        let (source, year, confidence) = from(of, record, BESIDE)?;
        let number = |field: &str| of.get(field).and_then(value::number);
        let cited = Cited {
            name: text(of, "name")?,
            value: number("value")?,
            range: number("low").zip(number("high")),
            biogenic: number("biogenic").unwrap_or(0.0),
            source,
            year,
            confidence,
            life: number("life_years")
                .zip(from(of, record, ["life_source", "life_year", "life_confidence"]))
                .map(|(years, (source, year, confidence))| (years * YEAR, source, year, confidence)),
        };
        Some((cited, of, record))
    })
}

/// Refrigerant of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct Charge {
    /// Which.
    pub refrigerant: Refrigerant,
    /// Filled in [kg].
    pub charge: f64,
    /// Share of it that leaks in a year.
    pub leakage: Sourced<f64>,
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
    pub life: Sourced<f64>,
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
    pub stress: Option<Sourced<String>>,
    /// What it is built of.
    pub bill: Vec<BillItem>,
    /// What it costs to build and to own.
    pub money: Option<crate::money::Money>,
    /// What is pledged by a year, and planned until then.
    pub pledges: Option<crate::pledges::Pledges>,
}
