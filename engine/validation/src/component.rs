//! A component alone: parameters and inputs by name in, outputs by name out.

use crate::fault::Fault;
use plant::catalogue::kind;
use plant::declare::Form;
use plant::kernel::Surroundings;

/// Where components are sized unless said otherwise.
pub const SEA_LEVEL: Surroundings = Surroundings { pressure: 101_325.0 };

fn missing(what: &str, of: &str) -> Fault {
    Fault::Missing(format!("{what} of {of}"))
}

/// Parameters of a kind by name, SI; the others from their defaults; sized.
///
/// # Errors
/// If there is no such kind or parameter, one without default is not given, or it cannot be sized.
pub fn parameters(name: &str, given: &[(&str, f64)], at: &Surroundings) -> Result<Vec<f64>, Fault> {
    let kind = kind(name).ok_or_else(|| Fault::Missing(format!("kind {name}")))?;
    let fields = kind.declaration().parameters;
    if let Some((stranger, _)) = given.iter().find(|(g, _)| !fields.iter().any(|field| field.name == *g)) {
        return Err(missing(stranger, name));
    }
    let mut values = Vec::new();
    for field in fields {
        let written = given.iter().find(|(name, _)| *name == field.name).map(|(_, value)| *value);
        let default = match (field.form, field.default) {
            (Form::Quantity { quantity, .. }, Some(text)) => quantity.parse(text).ok(),
            (Form::Choice(names), Some(text)) => {
                names.iter().position(|name| *name == text).map(|k| k as f64)
            }
            (Form::Derived(_), _) => Some(0.0),
            _ => None,
        };
        values.push(written.or(default).ok_or_else(|| missing(field.name, name))?);
    }
    kind.size(&mut values, at).map_err(|reason| Fault::Missing(format!("size of {name}: {reason:?}")))?;
    Ok(values)
}

/// Outputs of a kind at parameters and inputs in the order of its declaration, by name.
///
/// # Errors
/// If there is no such kind; the function, if there is no such output.
pub fn outputs(
    name: &'static str,
    parameters: &[f64],
    inputs: &[f64],
) -> Result<impl Fn(&str) -> Result<f64, Fault>, Fault> {
    let kind = kind(name).ok_or_else(|| Fault::Missing(format!("kind {name}")))?;
    let values = kind.evaluate(parameters, inputs);
    let fields = kind.declaration().outputs;
    Ok(move |output: &str| {
        let place = fields.iter().position(|field| field.name == output);
        place.and_then(|place| values.get(place).copied()).ok_or_else(|| missing(output, name))
    })
}

/// Inputs of a kind by name, in the order of its declaration; 0 where not given.
///
/// # Errors
/// If there is no such kind or input.
pub fn inputs(name: &str, given: &[(&str, f64)]) -> Result<Vec<f64>, Fault> {
    let kind = kind(name).ok_or_else(|| Fault::Missing(format!("kind {name}")))?;
    let fields = kind.declaration().inputs;
    if let Some((stranger, _)) = given.iter().find(|(g, _)| !fields.iter().any(|field| field.name == *g)) {
        return Err(missing(stranger, name));
    }
    let of = |field: &str| given.iter().find(|(name, _)| *name == field).map_or(0.0, |(_, value)| *value);
    Ok(fields.iter().map(|field| of(field.name)).collect())
}
