//! What can be wrong with a written quantity, and what to write instead.

use crate::{Quantity, Unit};
use thiserror::Error;

/// Why a text is not the quantity asked for. Every message shows the text and a way out.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum UnitError {
    /// Nothing is written.
    #[error("nothing is written: {} such as \"{}\" is expected", .quantity.with_article(), .quantity.example())]
    Empty {
        /// What was asked for.
        quantity: Quantity,
    },
    /// A text longer than any value.
    #[error("{} is {length} bytes long, a value has at most {limit}: write for example \"{}\"", shown(.text), .quantity.example())]
    TooLong {
        /// Its beginning.
        text: String,
        /// Its length in bytes.
        length: usize,
        /// The most bytes that are read.
        limit: usize,
        /// What was asked for.
        quantity: Quantity,
    },
    /// A text that does not begin with a number.
    #[error("{} does not begin with a decimal number: write for example \"{}\"", shown(.text), .quantity.example())]
    NotANumber {
        /// The text as written.
        text: String,
        /// What was asked for.
        quantity: Quantity,
    },
    /// NaN, an infinity, or a number beyond the range of `f64`.
    #[error("{} is not a finite number: write for example \"{}\"", shown(.text), .quantity.example())]
    NotFinite {
        /// The text as written.
        text: String,
        /// What was asked for.
        quantity: Quantity,
    },
    /// A comma in the number.
    #[error("{} has a comma in its number: write {}", shown(.text), without_comma(.text))]
    Comma {
        /// The text as written.
        text: String,
    },
    /// Digits set apart, or a second number.
    #[error("{} holds more than one number: write the digits together, for example \"{}\"", shown(.text), .quantity.example())]
    SeveralNumbers {
        /// The text as written.
        text: String,
        /// What was asked for.
        quantity: Quantity,
    },
    /// A number without unit.
    #[error("{} has no unit: write for example \"{} {}\"", shorten(.text), shorten(.text), .quantity.customary())]
    BareNumber {
        /// The number as written.
        text: String,
        /// What was asked for.
        quantity: Quantity,
    },
    /// A unit that no quantity has.
    #[error("{} has the unknown unit {}{}: {} is written in {}", shown(.text), shown(.unit), suggestion(.nearest), .quantity.with_article(), listed(.quantity.units()))]
    UnknownUnit {
        /// The text as written.
        text: String,
        /// The part that was taken for the unit.
        unit: String,
        /// The accepted unit spelt most like it.
        nearest: Option<&'static str>,
        /// What was asked for.
        quantity: Quantity,
    },
    /// A unit of another quantity.
    #[error("{} is {}, {} such as \"{}\" is expected", shown(.text), .found.with_article(), .quantity.with_article(), .quantity.example())]
    WrongDimension {
        /// The text as written.
        text: String,
        /// The quantity that has this unit.
        found: Quantity,
        /// What was asked for.
        quantity: Quantity,
    },
    /// A temperature difference in °C or °F, which could be meant as a temperature.
    #[error("{} is a temperature, a difference is written in K or Δ°F: write for example {}", shown(.text), shown(.instead))]
    DifferenceInDegrees {
        /// The text as written.
        text: String,
        /// The same number as a difference.
        instead: String,
    },
    /// A compound duration whose terms do not descend.
    #[error("{} mixes its terms: write the larger units first, each once and without sign, for example \"2 h 30 min\"", shown(.text))]
    TermOrder {
        /// The text as written.
        text: String,
    },
}

/// At most this many characters of a text are repeated in a message.
const SHOWN: usize = 60;

/// A text cut to a length that fits a message.
pub(crate) fn shorten(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A text in quotes, cut and with control characters made visible.
fn shown(text: &str) -> String {
    format!("{:?}", shorten(text))
}

/// What a number with commas may have meant. `0,5` can only be a decimal comma, `1,200,000` only
/// a separator of thousands; `1,200` can be either.
fn without_comma(text: &str) -> String {
    let end = text.find(|c: char| !(c.is_ascii_digit() || ",.+-−".contains(c))).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let together = shown(&format!("{}{unit}", number.replace(',', "")));
    let decimal = shown(&format!("{}{unit}", number.replace(',', ".")));
    let groups =
        number.split(',').skip(1).all(|group| group.split('.').next().is_some_and(|whole| whole.len() == 3));
    let one = number.matches(',').count() == 1 && !number.contains('.');
    match (groups, one) {
        (true, true) => format!("{together} or {decimal}"),
        (false, true) => decimal,
        _ => together,
    }
}

/// `, did you mean "kW"?` or nothing.
fn suggestion(nearest: &Option<&'static str>) -> String {
    match nearest {
        Some(symbol) => format!(" (did you mean \"{symbol}\"?)"),
        None => String::new(),
    }
}

/// Symbols as a sentence lists them: `W, kW or MW`.
fn listed(units: &[Unit]) -> String {
    let mut text = String::new();
    for (i, unit) in units.iter().enumerate() {
        if i > 0 {
            text.push_str(if i + 1 == units.len() { " or " } else { ", " });
        }
        text.push_str(unit.symbol);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn says(quantity: Quantity, text: &str, message: &str) {
        assert_eq!(quantity.parse(text).unwrap_err().to_string(), message);
    }

    #[test]
    fn a_bare_number_is_given_back_with_the_customary_unit() {
        let message = r#"27 has no unit: write for example "27 °C""#;
        says(Quantity::Temperature, "27", message);
    }

    #[test]
    fn a_unit_of_another_quantity_is_named_for_what_it_is() {
        says(
            Quantity::Temperature,
            "30 kW",
            r#""30 kW" is a power, a temperature such as "30 °C" is expected"#,
        );
        says(
            Quantity::VolumeFlow,
            "2 kg/s",
            r#""2 kg/s" is a mass flow, a volume flow such as "30 L/min" is expected"#,
        );
        says(Quantity::Duration, "5 m2", r#""5 m2" is an area, a duration such as "15 min" is expected"#);
    }

    #[test]
    fn an_unknown_unit_comes_with_the_nearest_and_with_all() {
        says(
            Quantity::ThermalResistance,
            "3 k/w",
            r#""3 k/w" has the unknown unit "k/w" (did you mean "K/W"?): a thermal resistance is written in K/W or K/kW"#,
        );
        says(
            Quantity::TemperatureDifference,
            "3 bananas",
            r#""3 bananas" has the unknown unit "bananas": a temperature difference is written in K or Δ°F"#,
        );
    }

    #[test]
    fn the_nearest_unit_forgives_the_case_first() {
        let nearest = |text| match Quantity::Power.parse(text) {
            Err(UnitError::UnknownUnit { nearest, .. }) => nearest,
            other => panic!("{other:?}"),
        };
        assert_eq!(nearest("3 KW"), Some("kW"));
        assert_eq!(nearest("3 mw"), Some("MW"));
        assert_eq!(nearest("3 ton"), Some("ton_r"));
        assert_eq!(nearest("3 btu/h"), Some("Btu/h"));
        assert_eq!(nearest("3 horses"), None);
    }

    #[test]
    fn a_difference_in_degrees_could_be_a_temperature_and_is_refused() {
        says(
            Quantity::TemperatureDifference,
            "8 °C",
            r#""8 °C" is a temperature, a difference is written in K or Δ°F: write for example "8 K""#,
        );
        says(
            Quantity::TemperatureDifference,
            "-9 degF",
            r#""-9 degF" is a temperature, a difference is written in K or Δ°F: write for example "-9 Δ°F""#,
        );
    }

    #[test]
    fn a_comma_is_read_as_whatever_it_can_mean() {
        let comma = |text, instead| {
            let message = format!("{text:?} has a comma in its number: write {instead}");
            says(Quantity::Power, text, &message);
        };
        comma("0,5 kW", r#""0.5 kW""#);
        comma("1,200,000 W", r#""1200000 W""#);
        comma("1,200.5 W", r#""1200.5 W""#);
        comma("1,200 W", r#""1200 W" or "1.200 W""#);
    }

    #[test]
    fn what_is_no_number_is_told_from_what_is_not_finite() {
        let number = r#""warm" does not begin with a decimal number: write for example "30 °C""#;
        says(Quantity::Temperature, "warm", number);
        for text in ["NaN K", "nan", "-inf °C", "Infinity K", "∞ K", "1e999 K"] {
            let error = Quantity::Temperature.parse(text).unwrap_err();
            assert!(matches!(error, UnitError::NotFinite { .. }), "{text}: {error}");
        }
        // 1e308 · 1e9 is beyond 1.8e308
        let error = Quantity::Power.parse("1e308 GW").unwrap_err();
        assert!(matches!(error, UnitError::NotFinite { .. }));
    }

    #[test]
    fn digits_set_apart_are_not_joined_by_guessing() {
        for (quantity, text) in
            [(Quantity::Power, "1 200 kW"), (Quantity::Power, "5 1"), (Quantity::Duration, "1 000 s")]
        {
            let error = quantity.parse(text).unwrap_err();
            assert!(matches!(error, UnitError::SeveralNumbers { .. }), "{text}: {error}");
        }
    }

    #[test]
    fn the_terms_of_a_duration_descend_without_sign() {
        for text in ["30 min 2 h", "2 h 2 h", "-2 h 30 min", "2 h -30 min"] {
            let error = Quantity::Duration.parse(text).unwrap_err();
            assert!(matches!(error, UnitError::TermOrder { .. }), "{text}: {error}");
        }
    }

    #[test]
    fn long_or_unprintable_texts_are_repeated_in_part() {
        let long = "°".repeat(2048);
        let message = Quantity::Power.parse(&long).unwrap_err().to_string();
        assert!(message.chars().count() < 200, "{message}");
        let error = Quantity::Power.parse(&format!("{long}°")).unwrap_err();
        assert!(matches!(error, UnitError::TooLong { length: 4098, .. }), "{error}");
        let message = Quantity::Power.parse("5 \u{1b}[31m").unwrap_err().to_string();
        assert!(!message.contains('\u{1b}'), "{message}");
    }

    #[test]
    fn nothing_written_is_an_error_with_an_example() {
        let message = r#"nothing is written: a temperature such as "30 °C" is expected"#;
        says(Quantity::Temperature, " \t", message);
    }
}
