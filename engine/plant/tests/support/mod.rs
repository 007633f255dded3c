//! Tables of other programs, and components by the names of their parameters.

use plant::declare::Form;
use plant::kernel::{Kind, Surroundings};

/// Rows of a table of `tests/validation`, column by column in the order of its header.
pub fn table<const N: usize>(file: &str, header: &str) -> Vec<[f64; N]> {
    let path = format!("{}/../../tests/validation/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some(header), "{file}");
    let row = |line: &str| {
        let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().expect(line)).collect();
        cells.try_into().unwrap_or_else(|_| panic!("{file}: {line}"))
    };
    lines.map(row).collect()
}

/// Parameters of a kind by name, SI, choices by their names; the others from their defaults; sized at the pressure [Pa].
pub fn parameters(
    kind: &dyn Kind,
    given: &[(&str, f64)],
    chosen: &[(&str, &str)],
    pressure: f64,
) -> Vec<f64> {
    let mut values: Vec<f64> = (kind.declaration().parameters.iter())
        .map(|field| {
            let written = given.iter().find(|(name, _)| *name == field.name).map(|(_, value)| *value);
            let choice = chosen.iter().find(|(name, _)| *name == field.name).map(|(_, choice)| *choice);
            let default = match (field.form, choice.or(field.default)) {
                (Form::Quantity { quantity, .. }, Some(text)) => Some(quantity.parse(text).unwrap()),
                (Form::Choice(names), Some(text)) => names.iter().position(|n| *n == text).map(|k| k as f64),
                (Form::Derived(_), _) => Some(0.0),
                _ => None,
            };
            written.or(default).unwrap_or_else(|| panic!("{} is needed", field.name))
        })
        .collect();
    kind.size(&mut values, &Surroundings { pressure }).unwrap();
    values
}
