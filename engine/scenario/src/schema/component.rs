//! The fields of a component, from its declaration in `plant`.

use super::{Shape, Slot, Word};
use crate::schema::site::MOST_UNITS;
use plant::declare::{Declaration, Field, Form};

const BASED_ON: Slot = Slot::new(
    "based_on",
    Shape::Word(Word::Record),
    "A record of the catalogue that gives what is not written.",
);

const COUNT: Slot =
    Slot::new("count", Shape::Whole(1, MOST_UNITS), "So many equal units in parallel.").default("1");

/// The fields that may be written for a kind: `based_on`, `count` and its parameters.
#[must_use]
pub fn slots(declaration: &Declaration) -> Vec<Slot> {
    let parameters = declaration.parameters.iter().filter_map(slot);
    [BASED_ON, COUNT].into_iter().chain(parameters).collect()
}

/// The field of a parameter; a derived one is never written.
fn slot(field: &'static Field) -> Option<Slot> {
    let shape = match field.form {
        Form::Quantity { quantity, bounds, usual } => Shape::Quantity { quantity, bounds, usual },
        Form::Count { bounds: (low, high) } => Shape::Whole(i64::from(low), i64::from(high)),
        Form::Choice(names) => Shape::Choice(names),
        Form::Derived(_) => return None,
    };
    let slot = Slot::new(field.name, shape, field.doc);
    Some(match field.default {
        Some(default) => slot.default(default),
        None => slot.required(),
    })
}
