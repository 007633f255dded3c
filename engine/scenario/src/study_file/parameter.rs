//! What varies, and how a value of it becomes fields of a site.

use crate::node::{At, Node, What};
use units::Quantity;

/// A parameter of a study.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its id.
    pub id: String,
    /// What varies.
    pub kind: Kind,
    /// Why it varies like this, and where that comes from, as written; may be empty.
    pub source: String,
    pub(super) at: At,
}

/// What varies.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A number: of a quantity in SI, a count, or a bare number.
    Number {
        /// What it is measured in.
        measure: Measure,
        /// How it is distributed.
        distribution: Distribution,
        /// Fields that are factor · value + offset [SI].
        fields: Vec<Field>,
    },
    /// One of several texts or names.
    Named {
        /// The paths that take it.
        fields: Vec<Field>,
        /// The values.
        values: Vec<Node>,
    },
    /// One of several options.
    Choice {
        /// The options.
        options: Vec<Opt>,
    },
    /// One of these for each option of the parameter at `choice`.
    By {
        /// Place of the `Choice` among the parameters.
        choice: usize,
        /// In the order of its options.
        cases: Vec<Kind>,
    },
}

/// What a number is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// A quantity, in SI.
    Quantity(Quantity),
    /// A count.
    Whole,
    /// A number without unit.
    Number,
}

/// How a number is distributed; SI.
#[derive(Debug, Clone, PartialEq)]
pub enum Distribution {
    /// One of these.
    Values(Vec<f64>),
    /// Uniformly between two.
    Range {
        /// The lowest.
        from: f64,
        /// The highest.
        to: f64,
        /// Values of it in a grid.
        steps: usize,
    },
    /// Normally, cut off.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        deviation: f64,
        /// Nothing below.
        low: f64,
        /// Nothing above.
        high: f64,
    },
    /// Triangularly.
    Triangular {
        /// The lowest.
        low: f64,
        /// The most likely.
        mode: f64,
        /// The highest.
        high: f64,
    },
    /// Its logarithm normally, cut off.
    LogNormal {
        /// Median.
        median: f64,
        /// Geometric standard deviation.
        spread: f64,
        /// Nothing below.
        low: f64,
        /// Nothing above.
        high: f64,
    },
}

/// A field that moves with a parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its path.
    pub path: String,
    /// Of the parameter.
    pub factor: f64,
    /// Added to it [SI].
    pub offset: f64,
}

/// An option of a choice.
#[derive(Debug, Clone)]
pub struct Opt {
    /// Its id.
    pub id: String,
    /// The site it starts from, among those of the study.
    pub site: Option<usize>,
    /// What it sets.
    pub set: Vec<(String, Node)>,
}

/// A value of a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// A number [SI].
    Number(f64),
    /// Which text, name or option.
    Option(usize),
}

impl Kind {
    /// How many values a grid has of it.
    #[must_use]
    pub fn levels(&self) -> usize {
        match self {
            Kind::Number { distribution, .. } => match distribution {
                Distribution::Values(values) => values.len(),
                Distribution::Range { steps, .. } => *steps,
                _ => 3,
            },
            Kind::Named { values, .. } => values.len(),
            Kind::Choice { options } => options.len(),
            Kind::By { cases, .. } => cases.iter().map(Kind::levels).max().unwrap_or(0),
        }
    }

    /// What it is measured in, if it is a number in each of its cases and the same there.
    #[must_use]
    pub fn measure(&self) -> Option<Measure> {
        match self {
            Kind::Number { measure, .. } => Some(*measure),
            Kind::By { cases, .. } => {
                let first = cases.first()?.measure()?;
                cases.iter().all(|case| case.measure() == Some(first)).then_some(first)
            }
            _ => None,
        }
    }

    /// The fields that a value gives, in the order in which they are set.
    pub(super) fn fields(&self, value: &Value) -> Vec<(String, Node)> {
        match (self, value) {
            (Kind::Number { measure, fields, .. }, Value::Number(number)) => {
                let one =
                    |field: &Field| (field.path.clone(), measure.node(field.factor * number + field.offset));
                fields.iter().map(one).collect()
            }
            (Kind::Named { fields, values }, Value::Option(place)) => {
                let Some(node) = values.get(*place) else { return Vec::new() };
                fields.iter().map(|field| (field.path.clone(), node.clone())).collect()
            }
            (Kind::Choice { options }, Value::Option(place)) => {
                options.get(*place).map(|option| option.set.clone()).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    /// How a value is written.
    #[must_use]
    pub fn written(&self, value: &Value) -> String {
        match (self, value) {
            (Kind::Number { measure, .. }, Value::Number(number)) => match measure {
                Measure::Quantity(quantity) => quantity.display(*number),
                _ => format!("{number}"),
            },
            (Kind::Named { values, .. }, Value::Option(place)) => {
                values.get(*place).map(named).unwrap_or_default()
            }
            (Kind::Choice { options }, Value::Option(place)) => {
                options.get(*place).map(|option| option.id.clone()).unwrap_or_default()
            }
            _ => String::new(),
        }
    }
}

impl Measure {
    /// A number as it is written in a site.
    fn node(self, number: f64) -> Node {
        match self {
            // Written so that it is read back as the same bits.
            Measure::Quantity(quantity) => Node::text(quantity.exact(number)),
            Measure::Whole => What::Whole(number.round() as i64).into(),
            Measure::Number => What::Real(number).into(),
        }
    }
}

/// A text or a name, without its quotes.
pub(super) fn named(node: &Node) -> String {
    match node.as_text() {
        Some(text) => text.to_owned(),
        None => crate::syntax::in_one_line(node),
    }
}

/// The quantity that a text such as `34 °C` is of, where the field takes several.
pub(super) fn guessed(text: &str) -> Option<Quantity> {
    // Kelvin are a difference here; of a temperature they are read just as well.
    let first = [Quantity::Ratio, Quantity::TemperatureDifference, Quantity::Temperature];
    first.into_iter().chain(Quantity::ALL).find(|quantity| quantity.parse(text).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kelvin_are_a_difference_and_degrees_a_temperature() {
        assert_eq!(guessed("8 K"), Some(Quantity::TemperatureDifference));
        assert_eq!(guessed("34 °C"), Some(Quantity::Temperature));
        assert_eq!(guessed("5 %"), Some(Quantity::Ratio));
        assert_eq!(guessed("120 kPa"), Some(Quantity::Pressure));
        assert_eq!(guessed("warm"), None);
    }

    #[test]
    fn a_follower_is_factor_times_value_plus_offset() {
        let field = |path: &str, offset: f64| Field { path: path.into(), factor: 1.0, offset };
        let kind = Kind::Number {
            measure: Measure::Quantity(Quantity::Temperature),
            distribution: Distribution::Values(vec![308.15]),
            fields: vec![field("a", 0.0), field("b", -6.0)],
        };
        // 35 °C and 35 − 6 = 29 °C
        let fields = kind.fields(&Value::Number(308.15));
        assert_eq!(fields, [("a".into(), Node::text("35 °C")), ("b".into(), Node::text("29 °C"))]);
        assert_eq!(kind.written(&Value::Number(308.15)), "35 °C");
    }
}
