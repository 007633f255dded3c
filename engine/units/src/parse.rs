//! From a written value to SI.

use crate::error::shorten;
use crate::{Quantity, Unit, UnitError};

/// The most bytes that are read.
const LIMIT: usize = 4096;

impl Quantity {
    /// Reads a value with its unit: `"30 °C"` becomes 303.15.
    ///
    /// # Errors
    ///
    /// If the text is not a finite number followed by one of the [accepted units](Self::units).
    pub fn parse(self, text: &str) -> Result<f64, UnitError> {
        if text.len() > LIMIT {
            return Err(UnitError::TooLong {
                text: shorten(text),
                length: text.len(),
                limit: LIMIT,
                quantity: self,
            });
        }
        let text = text.trim();
        if text.is_empty() {
            return Err(UnitError::Empty { quantity: self });
        }
        let (number, rest) = self.split(text, text)?;
        let si = if self == Self::Duration && continues(rest) {
            self.compound(text)?
        } else if rest.is_empty() && self == Self::Ratio {
            number
        } else if rest.is_empty() {
            return Err(UnitError::BareNumber { text: text.to_owned(), quantity: self });
        } else {
            self.expect_unit(text, rest)?.to_si(number)
        };
        if si.is_finite() {
            Ok(si)
        } else {
            Err(UnitError::NotFinite { text: text.to_owned(), quantity: self })
        }
    }

    /// Splits a term of `text` into its number and what follows it.
    fn split<'a>(self, text: &str, term: &'a str) -> Result<(f64, &'a str), UnitError> {
        let length = number_length(term);
        let (digits, rest) = term.split_at(length);
        let number: Option<f64> = digits.replace('−', "-").parse().ok();
        let text = || text.to_owned();
        match number {
            Some(number) if !number.is_finite() => Err(UnitError::NotFinite { text: text(), quantity: self }),
            Some(_) if has_comma(rest) => Err(UnitError::Comma { text: text() }),
            Some(_) if rest.starts_with('.') => Err(UnitError::NotANumber { text: text(), quantity: self }),
            Some(number) => Ok((number, rest.trim())),
            None if names_no_number(term) => Err(UnitError::NotFinite { text: text(), quantity: self }),
            None => Err(UnitError::NotANumber { text: text(), quantity: self }),
        }
    }

    /// Reads a duration of several terms, `200 d 14 h`.
    fn compound(self, text: &str) -> Result<f64, UnitError> {
        let mut total = 0.0;
        let mut previous = f64::INFINITY;
        let mut remaining = text;
        while !remaining.is_empty() {
            let (number, rest) = self.split(text, remaining)?;
            let end = rest.find(|c: char| c.is_ascii_digit() || "+-−.".contains(c)).unwrap_or(rest.len());
            let (unit, after) = rest.split_at(end);
            if unit.trim().is_empty() {
                return Err(UnitError::SeveralNumbers { text: text.to_owned(), quantity: self });
            }
            let unit = self.expect_unit(text, unit.trim())?;
            if unit.factor >= previous || remaining.starts_with(['+', '-', '−']) {
                return Err(UnitError::TermOrder { text: text.to_owned() });
            }
            total += unit.to_si(number);
            previous = unit.factor;
            remaining = after;
        }
        Ok(total)
    }

    /// The unit spelt `spelling`, or why there is none.
    fn expect_unit(self, text: &str, spelling: &str) -> Result<&'static Unit, UnitError> {
        if let Some(unit) = self.unit(spelling) {
            return Ok(unit);
        }
        let text = text.to_owned();
        let temperature = Self::Temperature.unit(spelling);
        if let (Self::TemperatureDifference, Some(unit)) = (self, temperature) {
            let number = text[..number_length(&text)].to_owned();
            let symbol = if unit.symbol == "°F" { "Δ°F" } else { "K" };
            return Err(UnitError::DifferenceInDegrees { text, instead: format!("{number} {symbol}") });
        }
        let other = Self::ALL.into_iter().find(|q| q.unit(spelling).is_some());
        // "5 1" is a ratio to nobody but who asks for one.
        if let Some(found) = other.filter(|_| spelling != "1") {
            return Err(UnitError::WrongDimension { text, found, quantity: self });
        }
        if spelling.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(UnitError::SeveralNumbers { text, quantity: self });
        }
        Err(UnitError::UnknownUnit {
            text,
            unit: spelling.to_owned(),
            nearest: self.nearest(spelling),
            quantity: self,
        })
    }

    /// The accepted unit spelt most like `spelling`, if any is close enough to be meant.
    fn nearest(self, spelling: &str) -> Option<&'static str> {
        let spelling = normalise(spelling);
        let lower = spelling.to_lowercase();
        // Half the symbol may be wrong; the wrong case is half a mistake.
        self.units()
            .iter()
            .map(|unit| {
                let symbol = unit.symbol;
                let strict = strsim::osa_distance(symbol, &spelling);
                let lenient = strsim::osa_distance(&symbol.to_lowercase(), &lower);
                (strict + lenient, symbol)
            })
            .min_by_key(|&(distance, _)| distance)
            .filter(|&(distance, symbol)| distance <= symbol.chars().count().max(2))
            .map(|(_, symbol)| symbol)
    }
}

/// The length in bytes of the decimal number a text begins with; 0 if there is none.
fn number_length(text: &str) -> usize {
    let digits = |from: usize| {
        let tail = text.as_bytes().iter().skip(from);
        tail.take_while(|byte| byte.is_ascii_digit()).count()
    };
    let sign = match text.chars().next() {
        Some(c @ ('+' | '-' | '−')) => c.len_utf8(),
        _ => 0,
    };
    let whole = digits(sign);
    let mut end = sign + whole;
    let mut fraction = 0;
    if text.as_bytes().get(end) == Some(&b'.') {
        fraction = digits(end + 1);
        if whole + fraction > 0 {
            end += 1 + fraction;
        }
    }
    if whole + fraction == 0 {
        return 0;
    }
    if let Some(b'e' | b'E') = text.as_bytes().get(end) {
        let signed = matches!(text.as_bytes().get(end + 1), Some(b'+' | b'-'));
        let from = end + 1 + usize::from(signed);
        let exponent = digits(from);
        if exponent > 0 {
            end = from + exponent;
        }
    }
    end
}

/// Whether what follows the first number of a duration holds further terms.
fn continues(rest: &str) -> bool {
    rest.contains(|c: char| c.is_ascii_digit())
        && Quantity::ALL.iter().all(|quantity| quantity.unit(rest).is_none())
}

/// Whether a number goes on behind a comma.
fn has_comma(rest: &str) -> bool {
    rest.strip_prefix(',').is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether a text begins with one of the words for what is not a finite number.
fn names_no_number(text: &str) -> bool {
    let text = text.trim_start_matches(['+', '-', '−']);
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let word = text[..end].to_ascii_lowercase();
    ["nan", "inf", "infinity"].contains(&word.as_str()) || text.starts_with('∞')
}

/// One spelling for what differs only typographically: `kJ / (kg·K)` and `kJ/(kg K)`, `m³` and
/// `m^3`, and the look-alikes of `°`, `µ` and `Δ`.
pub(crate) fn normalise(spelling: &str) -> String {
    let mut text = String::with_capacity(spelling.len());
    let mut space = false;
    for c in spelling.trim().chars() {
        let c = match c {
            '²' | '₂' => '2',
            '³' => '3',
            'º' | '˚' => '°',
            'μ' => 'µ',
            '∆' => 'Δ',
            // The kelvin sign.
            '\u{212a}' => 'K',
            '⁄' | '∕' => '/',
            '^' => continue,
            '·' | '⋅' | '∙' | '*' => ' ',
            c => c,
        };
        if c.is_whitespace() {
            space = true;
            continue;
        }
        if space && !"/)".contains(c) && !text.is_empty() && !text.ends_with(['/', '(']) {
            text.push(' ');
        }
        space = false;
        match c {
            '℃' => text.push_str("°C"),
            '℉' => text.push_str("°F"),
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(quantity: Quantity, text: &str, expected: f64) {
        assert_eq!(quantity.parse(text), Ok(expected), "{text}");
    }

    #[test]
    fn temperatures_carry_their_zero() {
        // 30 + 273.15 = 303.15
        for text in ["30 °C", "30°C", "30 degC", "30C", " 30\u{a0}℃ ", "3e1 ºC", "+30.0 °C"] {
            reads(Quantity::Temperature, text, 303.15);
        }
        // (−40 °F + 459.67) · 5/9 = 233.15 K = −40 °C, the one point the scales share
        let fahrenheit = Quantity::Temperature.parse("-40 °F").unwrap();
        assert!((fahrenheit - 233.15).abs() < 1e-12);
        reads(Quantity::Temperature, "−40 °C", 273.15 - 40.0);
    }

    #[test]
    fn a_difference_has_no_zero_to_shift() {
        reads(Quantity::TemperatureDifference, "8 K", 8.0);
        reads(Quantity::TemperatureDifference, "8 Δ°C", 8.0);
        // 9 · 5/9 = 5
        reads(Quantity::TemperatureDifference, "9 Δ°F", 5.0);
        reads(Quantity::TemperatureDifference, "9 R", 5.0);
    }

    #[test]
    fn typographic_variants_are_one_unit() {
        for text in ["36 m³/h", "36 m3/h", "36 m^3/h", "36 m3 / h", "36m3/hr"] {
            // 36 / 3600 = 0.01
            reads(Quantity::VolumeFlow, text, 0.01);
        }
        for text in ["4.18 kJ/(kg·K)", "4.18 kJ/(kg K)", "4.18kJ/( kg*K )", "4.18 kJ/kg/K"] {
            reads(Quantity::SpecificHeat, text, 4180.0);
        }
        reads(Quantity::Length, "5 μm", 5e-6);
    }

    #[test]
    fn a_unit_that_divides_si_rounds_once() {
        // 7 · 0.01 is 0.07000000000000001 in binary; 7 / 100 is the f64 nearest to 0.07
        reads(Quantity::Ratio, "7 %", 0.07);
        // 400 g / (1000 g/kg · 3.6e6 J)
        reads(Quantity::CarbonIntensity, "400 g/kWh", 400.0 / 3.6e9);
    }

    #[test]
    fn ratios_may_be_bare() {
        for text in ["0.92", "92 %", "92%", "0.92 1"] {
            reads(Quantity::Ratio, text, 0.92);
        }
    }

    #[test]
    fn durations_may_be_compound() {
        // 2 · 3600 + 30 · 60 = 9000
        for text in ["2 h 30 min", "2h30min", "2 hours 30 minutes"] {
            reads(Quantity::Duration, text, 9000.0);
        }
        // 200 · 86 400 + 14 · 3600 = 17 330 400
        reads(Quantity::Duration, "200 d 14 h", 17_330_400.0);
        // 365 · 86 400 = 31 536 000
        reads(Quantity::Duration, "1 yr", 31_536_000.0);
    }

    #[test]
    fn an_exponent_is_part_of_the_number_only_with_digits() {
        assert_eq!(number_length("1e3 W"), 3);
        assert_eq!(number_length("1e-3W"), 4);
        assert_eq!(number_length("1eV"), 1);
        assert_eq!(number_length("-.5"), 3);
        assert_eq!(number_length("."), 0);
        assert_eq!(number_length("−"), 0);
    }

    #[test]
    fn normalisation_keeps_only_spaces_that_separate() {
        assert_eq!(normalise(" kJ / ( kg · K ) "), "kJ/(kg K)");
        assert_eq!(normalise("m³"), "m3");
        assert_eq!(normalise("℃"), "°C");
    }
}
