//! What may be written, once: from these tables come reading, defaults, `--set`, edits, the manual.
//!
//! The parameters of a component are not listed here: they come from its declaration in `plant`.

pub mod books;
pub mod component;
pub mod disclosure;
pub mod events;
pub mod money;
pub mod pledges;
pub mod profile;
pub mod record;
pub mod site;
pub mod study;
pub mod targets;

use units::Quantity;

/// What may be written in one place.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// Any text.
    Text,
    /// A text that names something.
    Word(Word),
    /// A whole number between bounds.
    Whole(i64, i64),
    /// A number between bounds, without unit.
    Number(f64, f64),
    /// A quantity with its unit.
    Quantity {
        /// Its kind.
        quantity: Quantity,
        /// Hard bounds, written with unit.
        bounds: (&'static str, &'static str),
        /// Usual range, written with unit.
        usual: Option<(&'static str, &'static str)>,
    },
    /// A quantity whose kind follows from another field.
    AnyQuantity,
    /// One of a few names.
    Choice(&'static [&'static str]),
    /// `[…]`.
    List(&'static Shape),
    /// `(…, …)` with so many values.
    Tuple(&'static [Shape]),
    /// `{"id": …}`; the keys are ids.
    Map(&'static Shape),
    /// `{"path": …}`; the keys are paths.
    Paths(&'static Shape),
    /// `(field: …)`.
    Record(&'static Table),
    /// `Name(field: …)`, the name being one of these.
    Variant(&'static [Table]),
    /// `Kind(parameter: …)`, the kind being one of the catalogue.
    Component,
    /// `(parameter: …)` of a component whose kind is known elsewhere.
    Part,
    /// A value whose shape follows from a path.
    Any,
}

/// A text that names something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Word {
    /// A site file to start from.
    Site,
    /// A built-in climate.
    Climate,
    /// A grid of the catalogue.
    Grid,
    /// A record of costs of the catalogue.
    Costs,
    /// Where a value comes from.
    Source,
    /// A coolant.
    Fluid,
    /// A component record of the catalogue.
    Record,
    /// A rack template of the catalogue, or a file beside the site.
    Template,
    /// A file.
    File,
    /// A date, `2024-04-07` or `04-07`.
    Date,
    /// A chain of connections.
    Connection,
    /// A port, sensor or actuator.
    Reference,
    /// A path into the site.
    Path,
}

/// A record with its fields.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Its name; what may stand before the parentheses.
    pub name: &'static str,
    /// One sentence for the manual.
    pub doc: &'static str,
    /// Its fields.
    pub slots: &'static [Slot],
    /// Whether the values may be written without the names of the fields: `Day("2024-04-07")`.
    pub positional: bool,
}

/// A field.
#[derive(Debug, Clone, Copy)]
pub struct Slot {
    /// Its name.
    pub name: &'static str,
    /// One sentence for the manual.
    pub doc: &'static str,
    /// What may be written.
    pub shape: Shape,
    /// Whether it must be there.
    pub required: bool,
    /// What is taken when it is not, written as in a file.
    pub default: Option<&'static str>,
    /// The field that excludes this one.
    pub instead_of: Option<&'static str>,
}

impl Slot {
    /// A field that may be left out.
    #[must_use]
    pub const fn new(name: &'static str, shape: Shape, doc: &'static str) -> Slot {
        Slot { name, doc, shape, required: false, default: None, instead_of: None }
    }

    /// A field that must be there.
    #[must_use]
    pub const fn required(mut self) -> Slot {
        self.required = true;
        self
    }

    /// With a value for when it is left out.
    #[must_use]
    pub const fn default(mut self, default: &'static str) -> Slot {
        self.default = Some(default);
        self
    }

    /// Excluded by another field.
    #[must_use]
    pub const fn instead_of(mut self, other: &'static str) -> Slot {
        self.instead_of = Some(other);
        self
    }
}

/// Years that factors are of.
const YEARS: Shape = Shape::Whole(1990, 2100);
/// How sure factors are, see [`Confidence`](crate::origin::Confidence).
const GRADES: Shape = Shape::Choice(&["A", "B", "C"]);
/// Where a value comes from, by the three fields that stand beside it.
const SOURCE: Slot =
    Slot::new("source", Shape::Word(Word::Source), "Who published it, or how it was estimated.");
const YEAR: Slot = Slot::new("year", YEARS, "Of which year it is; of an estimate, for which it was made.");
const CONFIDENCE: Slot = Slot::new(
    "confidence",
    GRADES,
    "How sure it is: A of a data set, B secondary or partly recalled, C recalled or estimated.",
);

impl Shape {
    /// A quantity between hard bounds.
    #[must_use]
    pub const fn quantity(quantity: Quantity, low: &'static str, high: &'static str) -> Shape {
        Shape::Quantity { quantity, bounds: (low, high), usual: None }
    }

    /// A share of 0 … 1.
    pub const SHARE: Shape = Shape::quantity(Quantity::Ratio, "0", "1");

    /// A duration of a millisecond to a year.
    pub const DURATION: Shape = Shape::quantity(Quantity::Duration, "1 ms", "366 d");

    /// Whether a setting gives it as plain text: `--set cdu.supply_setpoint="40 °C"`.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(self, Shape::Text | Shape::Word(_) | Shape::Quantity { .. } | Shape::AnyQuantity)
    }

    /// What is expected, for messages.
    #[must_use]
    pub fn expected(self) -> String {
        match self {
            Shape::Text => "a text in double quotes".to_owned(),
            Shape::Word(word) => format!("{} in double quotes", word.expected()),
            Shape::Whole(low, high) => format!("a whole number of {low} to {high}"),
            Shape::Number(low, high) => format!("a number of {low} to {high}"),
            Shape::Quantity { quantity, .. } => {
                format!("{} such as \"{}\"", quantity.with_article(), quantity.example())
            }
            Shape::AnyQuantity => "a value with its unit such as \"34 °C\"".to_owned(),
            Shape::Choice(names) => format!("one of {}", names.join(", ")),
            Shape::List(_) => "a list […]".to_owned(),
            Shape::Tuple(shapes) => format!("{} values in parentheses", shapes.len()),
            Shape::Map(_) => "a map {\"id\": …}".to_owned(),
            Shape::Paths(_) => "a map {\"path\": …}".to_owned(),
            Shape::Record(table) => {
                let fields: Vec<_> = table.slots.iter().map(|s| s.name).collect();
                format!("fields in parentheses ({})", fields.join(", "))
            }
            Shape::Variant(tables) => {
                let names: Vec<_> = tables.iter().map(|t| t.name).collect();
                format!("one of {}", names.join(", "))
            }
            Shape::Component => "a component such as DryCooler(…)".to_owned(),
            Shape::Part => "fields in parentheses".to_owned(),
            Shape::Any => "a value".to_owned(),
        }
    }
}

impl Word {
    const fn expected(self) -> &'static str {
        match self {
            Word::Site => "a site file",
            Word::Climate => "the id of a climate",
            Word::Grid => "the id of a grid",
            Word::Costs => "the id of a record of costs",
            Word::Source => "who published it, or how it was estimated",
            Word::Fluid => "the name of a fluid",
            Word::Record => "the id of a component record",
            Word::Template => "the id of a rack template",
            Word::File => "a file",
            Word::Date => "a date such as 2024-04-07",
            Word::Connection => "a chain such as \"pump -> cooler -> pump\"",
            Word::Reference => "a path such as \"dry_cooler.water_out\"",
            Word::Path => "a path such as \"components.cdu\"",
        }
    }
}
