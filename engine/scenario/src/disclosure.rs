//! What the site's author says for a report, in the units that reports use.

use crate::node::Node;
use crate::read::value;
use crate::schema::Shape;
use crate::schema::disclosure::DISCLOSURE;
use units::Quantity;

/// A field of `disclosure` that was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// Name in results: that of the field, and its unit where it has one: `floor_area_m2`.
    pub key: String,
    /// The value.
    pub value: GivenValue,
}

/// Its value.
#[derive(Debug, Clone, PartialEq)]
pub enum GivenValue {
    /// A text or a name.
    Text(String),
    /// A number in the unit that the key names.
    Number(f64),
    /// Several texts.
    Texts(Vec<String>),
    /// Several numbers.
    Numbers(Vec<f64>),
}

/// Unit and suffix in which results give a quantity, and SI per unit; an offset is taken off first.
fn reported(quantity: Quantity) -> (&'static str, f64, f64) {
    match quantity {
        Quantity::Energy => ("_kwh", 3.6e6, 0.0),
        Quantity::Area => ("_m2", 1.0, 0.0),
        Quantity::Power => ("_kw", 1e3, 0.0),
        Quantity::Temperature => ("_c", 1.0, 273.15),
        Quantity::Mass => ("_kg", 1.0, 0.0),
        Quantity::Volume => ("_m3", 1.0, 0.0),
        _ => ("", 1.0, 0.0),
    }
}

/// Name in results of every field, whether written or not.
pub fn keys() -> impl Iterator<Item = String> {
    DISCLOSURE.slots.iter().map(|slot| key(slot.name, slot.shape))
}

fn key(name: &str, shape: Shape) -> String {
    match shape {
        Shape::Quantity { quantity, .. } => format!("{name}{}", reported(quantity).0),
        _ => name.to_owned(),
    }
}

/// What a record that fits the schema says, in the order of the schema.
pub(crate) fn given(record: &Node) -> Vec<Given> {
    let written = DISCLOSURE.slots.iter().filter_map(|slot| {
        let node = record.get(slot.name)?;
        let value = match slot.shape {
            Shape::Quantity { quantity, .. } => {
                let (_, unit, offset) = reported(quantity);
                GivenValue::Number((value::quantity(node, quantity).ok()? - offset) / unit)
            }
            Shape::Number(..) | Shape::Whole(..) => GivenValue::Number(value::number(node)?),
            Shape::List(_) => GivenValue::Texts(
                node.items().iter().filter_map(|n| n.as_text().map(str::to_owned)).collect(),
            ),
            Shape::Tuple(_) => GivenValue::Numbers(
                node.items().iter().filter_map(|n| value::quantity(n, Quantity::Ratio).ok()).collect(),
            ),
            _ => GivenValue::Text(node.as_text().or_else(|| node.name())?.to_owned()),
        };
        Some(Given { key: key(slot.name, slot.shape), value })
    });
    written.collect()
}
