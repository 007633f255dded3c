//! Where a factor comes from: what a report must be able to say of every figure that was not simulated.
//!
//! A [`Sourced`] value cannot be made without its [`Origin`], nor an origin without source, year and confidence: what a
//! record or a site leaves out is refused where it is read.

use crate::node::Node;
use crate::read::value;

/// How sure a factor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// A data set, a primary source, or several that agree.
    A,
    /// A secondary or partly recalled source.
    B,
    /// Recalled, or an estimate.
    C,
}

impl Confidence {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Confidence::A => "A",
            Confidence::B => "B",
            Confidence::C => "C",
        }
    }

    /// That of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Confidence> {
        [Confidence::A, Confidence::B, Confidence::C].into_iter().find(|known| known.name() == name)
    }
}

/// Where a factor comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Who published it, how it was made.
    pub source: String,
    /// Of which year it is; of an estimate, the year for which it was made.
    pub year: u16,
    /// How sure it is.
    pub confidence: Confidence,
}

impl Origin {
    /// An origin.
    #[must_use]
    pub fn new(source: impl Into<String>, year: u16, confidence: Confidence) -> Origin {
        Origin { source: source.into(), year, confidence }
    }

    /// What fields of a record say; nothing where one of the three is missing or refused.
    pub(crate) fn of(node: &Node, fields: Fields) -> Option<Origin> {
        let said = Said::of(node, fields);
        Some(Origin::new(said.source?, said.year?, said.confidence?))
    }
}

/// A value with where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub origin: Origin,
}

/// The fields that say where a value comes from: source, year, confidence.
pub(crate) type Fields = [&'static str; 3];

/// Beside most values.
pub(crate) const BESIDE: Fields = ["source", "year", "confidence"];

/// What such fields say; an empty source says nothing.
pub(crate) struct Said<'n> {
    pub source: Option<&'n str>,
    pub year: Option<u16>,
    pub confidence: Option<Confidence>,
}

impl<'n> Said<'n> {
    pub(crate) fn of(node: &'n Node, [source, year, confidence]: Fields) -> Said<'n> {
        Said {
            source: node.get(source).and_then(Node::as_text).filter(|text| !text.trim().is_empty()),
            year: node.get(year).and_then(value::year),
            confidence: node.get(confidence).and_then(Node::name).and_then(Confidence::of),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{self, Shelf};
    use crate::problem::{Problem, Problems};
    use crate::read::walk;
    use crate::schema::{Shape, Table, books, money, record};
    use crate::source::{Folder, Source, Sources};
    use crate::syntax;

    /// Errors of a text held against the schema of its shelf.
    fn problems(text: &str, table: &'static Table) -> Vec<Problem> {
        let source = Source::new("record.ron".to_owned(), text, Folder::BuiltIn);
        let mut problems = Problems::default();
        match syntax::parse_part(&source, 0, 0) {
            Ok(node) => walk::walk(&node, Shape::Record(table), "", &mut problems),
            Err(raised) => panic!("{raised:?}"),
        }
        problems.finish(&Sources::default()).into_iter().filter(Problem::is_error).collect()
    }

    /// The text without one of the fields that say where something comes from, each in turn, with what was taken out.
    fn without_one(text: &str) -> Vec<(String, String)> {
        let fields = ["source: \"", "source_carbon: \"", "year: ", "confidence: "];
        let mut found = Vec::new();
        for field in fields {
            for (at, _) in text.match_indices(field) {
                // `year` of `ar4_year` is another field.
                if text[..at].ends_with(['_', '"']) {
                    continue;
                }
                let rest = &text[at + field.len()..];
                let end = if field.ends_with('"') {
                    rest.find('"').expect("the end of a text") + 1
                } else {
                    rest.find([',', ')']).expect("the end of a value")
                };
                let (taken, rest) = text[at..].split_at(field.len() + end);
                let rest = rest.strip_prefix(',').unwrap_or(rest);
                found.push((format!("{}{rest}", &text[..at]), taken.to_owned()));
            }
        }
        found
    }

    #[test]
    fn no_shipped_factor_can_lose_its_source_its_year_or_its_confidence() {
        let mut tried = 0;
        for (shelf, table) in [(Shelf::Grids, &record::GRID), (Shelf::Costs, &money::COSTS)] {
            for shipped in catalogue::all(shelf) {
                assert_eq!(problems(&shipped.source.text, table), Vec::new(), "{}", shipped.id);
                for (text, taken) in without_one(&shipped.source.text) {
                    let said = problems(&text, table);
                    // The problem is that a field is missing, and it says which; places are held in `tests`.
                    let field = taken.split(':').next().unwrap_or_default();
                    let named = said.iter().any(|of| of.code == "ISO0111" && of.path.ends_with(field));
                    assert!(named, "{}: without {taken} nothing is said: {said:?}", shipped.id);
                    tried += 1;
                }
            }
        }
        println!("{tried} fields were taken out, one at a time");
        assert!(tried > 1000);
    }

    #[test]
    fn every_shipped_factor_of_carbon_has_its_origin_by_itself_or_by_its_record() {
        for shipped in catalogue::all(Shelf::Factors) {
            assert_eq!(problems(&shipped.source.text, &books::FACTORS), Vec::new(), "{}", shipped.id);
            let node = shipped.node().expect("a record");
            let entries = node.get("entries").map_or(0, |list| list.items().len());
            let read = match shipped.id {
                "materials" => crate::books::MATERIALS.iter().filter(|of| of.life.is_some()).count(),
                "equipment" => crate::books::EQUIPMENT.iter().filter(|of| of.life.is_some()).count(),
                _ => crate::books::REFRIGERANTS.len(),
            };
            // What lacks one of the three is not read at all.
            assert_eq!(read, entries, "{}", shipped.id);
        }
    }

    #[test]
    fn an_origin_is_whole_or_there_is_none() {
        let of = |text: &str| {
            let source = Source::new("x.ron".to_owned(), text, Folder::BuiltIn);
            Origin::of(&syntax::parse_part(&source, 0, 0).expect("a node"), BESIDE)
        };
        let whole = Origin::new("a registry", 2024, Confidence::B);
        assert_eq!(of("(source: \"a registry\", year: 2024, confidence: B)"), Some(whole));
        for part in [
            "(year: 2024, confidence: B)",
            "(source: \" \", year: 2024, confidence: B)",
            "(source: \"a registry\", confidence: B)",
            "(source: \"a registry\", year: 2024)",
            "(source: \"a registry\", year: 2024, confidence: D)",
        ] {
            assert_eq!(of(part), None, "{part}");
        }
    }
}
