//! The fields of a component, from its declaration in `plant`.

use super::{Shape, Slot, Word};
use crate::schema::site::MOST_UNITS;
use plant::declare::{Declaration, Field, Form, Role};

const BASED_ON: Slot = Slot::new(
    "based_on",
    Shape::Word(Word::Record),
    "A record of the catalogue that gives what is not written.",
);

const COUNT: Slot =
    Slot::new("count", Shape::Whole(1, MOST_UNITS), "So many equal units in parallel.").default("1");

const ARRANGEMENT: Slot = Slot::new(
    "arrangement",
    Shape::Choice(&["Parallel", "Separate"]),
    "Parallel: on common headers, carried once. Separate: units of their own, joined one by one.",
)
.default("Parallel");

const TRACE: Slot = Slot::new(
    "trace",
    Shape::Word(Word::File),
    "A CSV file, or a trace of the catalogue: `time` in s, `power[1]`… in W, `OA Wetbulb Temp` in °C.",
)
.required();

/// Whether units of this kind follow a recorded trace of heat.
#[must_use]
pub fn follows_trace(declaration: &Declaration) -> bool {
    declaration.inputs.iter().any(|input| input.role == Role::Signal("heat"))
}

/// The fields that may be written for a kind: `based_on`, `count`, `arrangement` and its parameters.
#[must_use]
pub fn slots(declaration: &Declaration) -> Vec<Slot> {
    let parameters = declaration.parameters.iter().filter_map(slot);
    let trace = follows_trace(declaration).then_some(TRACE);
    [BASED_ON, COUNT, ARRANGEMENT].into_iter().chain(trace).chain(parameters).collect()
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
