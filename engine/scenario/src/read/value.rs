//! Single values: what a node says, or why it says nothing.

use crate::node::{Node, What};
use crate::schema::Shape;
use units::Quantity;

/// Longest text of a field, in bytes.
pub const LONGEST_TEXT: usize = 4096;

/// A quantity in SI. Ratios may be bare numbers.
pub(crate) fn quantity(node: &Node, quantity: Quantity) -> Result<f64, String> {
    match &node.what {
        What::Text(text) => quantity.parse(text).map_err(|e| e.to_string()),
        What::Whole(number) if quantity == Quantity::Ratio => Ok(*number as f64),
        What::Real(number) if quantity == Quantity::Ratio && number.is_finite() => Ok(*number),
        What::Whole(number) => quantity.parse(&number.to_string()).map_err(|e| e.to_string()),
        What::Real(number) => quantity.parse(&number.to_string()).map_err(|e| e.to_string()),
        What::Name(name) if is_not_finite(name) => {
            Err(format!("{name} is not a finite number: write for example \"{}\"", quantity.example()))
        }
        _ => Err(format!(
            "{} is written where {} such as \"{}\" is expected",
            node.described(),
            quantity.with_article(),
            quantity.example()
        )),
    }
}

/// A number without unit.
pub(crate) fn number(node: &Node) -> Option<f64> {
    match node.what {
        What::Whole(number) => Some(number as f64),
        What::Real(number) if number.is_finite() => Some(number),
        _ => None,
    }
}

/// A whole number.
pub(crate) fn whole(node: &Node) -> Option<i64> {
    match node.what {
        What::Whole(number) => Some(number),
        _ => None,
    }
}

/// A year.
pub(crate) fn year(node: &Node) -> Option<u16> {
    whole(node).and_then(|year| u16::try_from(year).ok())
}

fn is_not_finite(name: &str) -> bool {
    matches!(name, "NaN" | "NaNf32" | "NaNf64" | "inf" | "inff32" | "inff64")
}

/// Month and day, counted from 1, of `2024-04-07` or `04-07`.
pub(crate) fn date(text: &str) -> Option<(u8, u8)> {
    let parts: Vec<&str> = text.trim().split('-').collect();
    let digits =
        |part: &&str| !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
    if !parts.iter().all(digits) {
        return None;
    }
    let (month, day) = match parts[..] {
        [_, month, day] | [month, day] => (month.parse().ok()?, day.parse().ok()?),
        _ => return None,
    };
    let longest = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=longest).contains(&day).then_some((month, day))
}

/// The SI value of what a field's default says, by its shape.
pub(crate) fn default(shape: Shape, default: &str) -> Option<f64> {
    match shape {
        Shape::Quantity { quantity, .. } => quantity.parse(default).ok(),
        Shape::Whole(..) | Shape::Number(..) => default.parse().ok(),
        Shape::Choice(names) => names.iter().position(|n| *n == default).map(|k| k as f64),
        _ => None,
    }
}

/// The SI value of a node by its shape; `None` where it says nothing valid.
pub(crate) fn scalar(node: &Node, shape: Shape) -> Option<f64> {
    match shape {
        Shape::Quantity { quantity: kind, .. } => quantity(node, kind).ok(),
        Shape::Whole(..) => whole(node).map(|n| n as f64),
        Shape::Number(..) => number(node),
        Shape::Choice(names) => match &node.what {
            What::Name(name) => names.iter().position(|n| n == name).map(|k| k as f64),
            _ => None,
        },
        _ => None,
    }
}

/// Whether an id matches `[a-z][a-z0-9_]*`.
pub(crate) fn is_id(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_lowercase())
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_a_month_and_a_day_that_exist() {
        assert_eq!(date("2024-04-07"), Some((4, 7)));
        assert_eq!(date("12-31"), Some((12, 31)));
        for wrong in
            ["2024-13-01", "2023-02-30", "07.04.2024", "2024-4", "", "-", "2024-04-31", "1-2-3-4", "04--7"]
        {
            assert_eq!(date(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_bare_number_is_told_its_unit_and_a_ratio_needs_none() {
        let bare = Node::from(What::Whole(27));
        assert_eq!(
            quantity(&bare, Quantity::Temperature),
            Err("27 has no unit: write for example \"27 °C\"".into())
        );
        assert_eq!(quantity(&What::Real(0.92).into(), Quantity::Ratio), Ok(0.92));
        assert!(quantity(&What::Name("NaN".into()).into(), Quantity::Ratio).is_err());
    }

    #[test]
    fn ids_are_lower_case_words() {
        assert!(is_id("cdu_1") && is_id("a"));
        assert!(!is_id("") && !is_id("1a") && !is_id("Cdu") && !is_id("a-b") && !is_id("_a"));
    }
}
