//! A component alone: parameters and inputs by name in, outputs by name out.

use crate::fault::Fault;
use plant::catalogue::kind;
use plant::declare::Form;
use plant::kernel::{Kind, Surroundings};

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

/// An option of a choice as a parameter's value.
///
/// # Errors
/// If there is no such kind, choice or option.
pub fn option(name: &str, choice: &str, option: &str) -> Result<f64, Fault> {
    let kind = kind(name).ok_or_else(|| Fault::Missing(format!("kind {name}")))?;
    let field = kind.declaration().parameters.iter().find(|field| field.name == choice);
    let Some(Form::Choice(names)) = field.map(|field| field.form) else { return Err(missing(choice, name)) };
    let place = names.iter().position(|name| *name == option);
    place.map(|place| place as f64).ok_or_else(|| missing(option, name))
}

/// Outputs of a kind at parameters and inputs in the order of its declaration, by name.
///
/// # Errors
/// If there is no such kind; the function, if there is no such output.
pub fn outputs(
    name: &'static str,
    parameters: &[f64],
    inputs: &[f64],
) -> Result<impl Fn(&str) -> Result<f64, Fault> + use<>, Fault> {
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

/// A component alone, sized.
pub struct Component {
    name: &'static str,
    kind: &'static dyn Kind,
    values: Vec<f64>,
}

impl Component {
    /// A kind with parameters by name, SI; the others from their defaults; sized at sea level.
    ///
    /// # Errors
    /// As [`parameters`].
    pub fn new(name: &'static str, given: &[(&str, f64)]) -> Result<Self, Fault> {
        let values = parameters(name, given, &SEA_LEVEL)?;
        let kind = kind(name).ok_or_else(|| Fault::Missing(format!("kind {name}")))?;
        Ok(Component { name, kind, values })
    }

    /// A parameter, given or derived.
    ///
    /// # Errors
    /// If there is none of that name.
    pub fn parameter(&self, name: &str) -> Result<f64, Fault> {
        let place = self.kind.declaration().parameters.iter().position(|field| field.name == name);
        place.and_then(|place| self.values.get(place).copied()).ok_or_else(|| missing(name, self.name))
    }

    /// Outputs by name, at inputs by name; inputs that are not given are 0.
    ///
    /// # Errors
    /// If there is no such input; the function, if there is no such output.
    pub fn evaluate(
        &self,
        given: &[(&str, f64)],
    ) -> Result<impl Fn(&str) -> Result<f64, Fault> + use<>, Fault> {
        outputs(self.name, &self.values, &inputs(self.name, given)?)
    }
}
