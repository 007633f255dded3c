//! What is written can be read back, and nothing that is read makes the reader panic.

use units::{Quantity, UnitError};

/// The SplitMix64 generator, so that every run draws the same cases.
struct Cases(u64);

impl Cases {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// Uniform in [0, 1).
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Any finite bit pattern: every size and sign, subnormal ones included.
    fn finite(&mut self) -> f64 {
        loop {
            let number = f64::from_bits(self.next());
            if number.is_finite() {
                return number;
            }
        }
    }

    /// A number of up to four digits between 1e-6 and 1e6, as people write them.
    fn everyday(&mut self) -> String {
        let digits = self.below(9999) + 1;
        let point = self.below(7) as i32;
        format!("{}", digits as f64 / 10f64.powi(point))
    }
}

const EDGES: [f64; 9] = [0.0, -0.0, 1.0, -1.0, f64::MIN_POSITIVE, 5e-324, f64::MAX, f64::MIN, 273.15];

#[test]
fn the_exact_spelling_keeps_every_bit_of_any_finite_value() {
    let mut cases = Cases(1);
    for quantity in Quantity::ALL {
        let drawn: Vec<f64> = (0..400).map(|_| cases.finite()).collect();
        let everyday: Vec<f64> = (0..400).map(|_| 1e5 * cases.share() * cases.share()).collect();
        for si in EDGES.into_iter().chain(drawn).chain(everyday) {
            let text = quantity.exact(si);
            let back = quantity.parse(&text).map(f64::to_bits);
            assert_eq!(back, Ok(si.to_bits()), "{quantity} {si:e} as {text:?}");
        }
    }
}

/// The digits of a written value, a lone 0 before the point not counted.
fn digits(text: &str) -> usize {
    let number = text.split(' ').next().unwrap_or(text);
    let number = number.trim_start_matches("0.");
    number.chars().filter(char::is_ascii_digit).count()
}

#[test]
fn the_exact_spelling_takes_no_more_digits_than_a_person_did() {
    let mut cases = Cases(2);
    for quantity in Quantity::ALL {
        for _ in 0..400 {
            let written = format!("{} {}", cases.everyday(), quantity.customary());
            let spelt = quantity.exact(quantity.parse(&written).unwrap());
            let limit = digits(&written).max(4);
            assert!(digits(&spelt) <= limit, "{written} as {spelt}");
        }
    }
}

#[test]
fn a_displayed_value_reads_back_to_the_digits_shown() {
    let mut cases = Cases(3);
    for quantity in Quantity::ALL {
        let drawn: Vec<f64> = (0..400).map(|_| cases.finite()).collect();
        let everyday: Vec<f64> = (0..400).map(|_| 1e5 * cases.share() * cases.share()).collect();
        for si in EDGES.into_iter().chain(drawn).chain(everyday) {
            let text = quantity.display(si);
            let back = quantity.parse(&text).unwrap_or_else(|e| panic!("{si:e}: {e}"));
            // Half of the fourth digit is at most 0.0005 of the value; a temperature is rounded in
            // °C, to a tenth at the coarsest below 1000 °C.
            let tolerance = match quantity {
                Quantity::Temperature => 0.0505 + 5.1e-4 * si.abs(),
                _ => 5.1e-4 * si.abs(),
            };
            // Numbers with fewer than four digits left to round are subnormal.
            assert!(
                (back - si).abs() <= tolerance.max(f64::MIN_POSITIVE),
                "{quantity} {si:e} as {text:?} is {back:e}"
            );
        }
    }
}

#[test]
fn every_unit_leads_to_si_and_back() {
    let mut cases = Cases(4);
    for quantity in Quantity::ALL {
        for unit in quantity.units() {
            for _ in 0..100 {
                let number = 1e4 * (cases.share() - 0.5);
                let text = format!("{number} {}", unit.symbol);
                let si = quantity.parse(&text).unwrap();
                let back = unit.from_si(si);
                // An offset of some hundred kelvin costs the last digits of a small number.
                let tolerance = 1e-14 * number.abs() + 1e-15 * unit.offset / unit.factor;
                assert!((back - number).abs() <= tolerance, "{text}: {back}");
            }
        }
    }
}

#[test]
fn no_symbol_means_two_units() {
    for quantity in Quantity::ALL {
        for unit in quantity.units() {
            assert_eq!(quantity.unit(unit.symbol), Some(unit), "{quantity}");
            let same = quantity.units().iter().filter(|u| u.symbol == unit.symbol);
            assert_eq!(same.count(), 1, "{quantity}: {}", unit.symbol);
        }
    }
}

#[test]
fn a_unit_of_another_quantity_is_never_accepted_nor_called_unknown() {
    for quantity in Quantity::ALL {
        for other in Quantity::ALL {
            for unit in other.units() {
                let text = format!("5 {}", unit.symbol);
                let shared = quantity.unit(unit.symbol).is_some();
                match quantity.parse(&text) {
                    Ok(_) => assert!(shared, "{quantity}: {text}"),
                    Err(UnitError::WrongDimension { found, .. }) => {
                        assert!(found.unit(unit.symbol).is_some(), "{quantity}: {text}");
                    }
                    Err(UnitError::DifferenceInDegrees { .. }) => {
                        assert_eq!(quantity, Quantity::TemperatureDifference);
                    }
                    Err(UnitError::SeveralNumbers { .. }) => assert_eq!(text, "5 1"),
                    Err(error) => panic!("{quantity}: {error}"),
                }
            }
        }
    }
}

#[test]
fn no_text_makes_the_reader_panic() {
    const PIECES: [&str; 44] = [
        "1",
        "27",
        "0",
        ".",
        ",",
        "-",
        "+",
        "−",
        "e",
        "E",
        "e5",
        " ",
        "\u{a0}",
        "\u{202f}",
        "°",
        "°C",
        "K",
        "kW",
        "/",
        "(",
        ")",
        "·",
        "²",
        "³",
        "Δ",
        "µ",
        "m",
        "h",
        "min",
        "d",
        "%",
        "NaN",
        "inf",
        "∞",
        "\u{0}",
        "\n",
        "\"",
        "\\",
        "🦀",
        "é",
        "e\u{301}",
        "ß",
        "İ",
        "9999999999",
    ];
    let mut cases = Cases(5);
    for round in 0..20_000 {
        let pieces = if round % 200 == 0 { 2000 } else { cases.below(12) };
        let text: String = (0..pieces).map(|_| PIECES[cases.below(PIECES.len())]).collect();
        let quantity = Quantity::ALL[cases.below(Quantity::ALL.len())];
        match quantity.parse(&text) {
            Ok(si) => assert!(si.is_finite(), "{text:?}"),
            Err(error) => {
                let message = error.to_string();
                assert!(message.chars().count() < 1000, "{text:?}: {message}");
                assert!(!message.contains(['\0', '\n']), "{message:?}");
            }
        }
    }
}

#[test]
fn a_text_of_four_kibibytes_is_read_at_once() {
    let digits = "9".repeat(4096);
    let long = "x".repeat(4000);
    for quantity in Quantity::ALL {
        assert!(quantity.parse(&digits).is_err());
        assert!(quantity.parse(&format!("1 {long}")).is_err());
    }
    let terms = "1 d ".repeat(1024);
    assert!(matches!(Quantity::Duration.parse(&terms), Err(UnitError::TermOrder { .. })));
}
