//! From SI to a written value.

use crate::{Quantity, Unit};

/// Significant digits of a displayed value.
const DIGITS: i32 = 4;

/// Which units values are shown in. What a person writes may be in any of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum System {
    /// °C, L/min, kPa, m³.
    #[default]
    Si,
    /// US customary: °F, gpm, CFM, psi, gal. Electricity stays in kW, and what is not customary otherwise in SI.
    Us,
}

impl Quantity {
    /// A value in the customary unit of its size, rounded to four significant digits: `1.2 MW`.
    ///
    /// Digits before the point are never rounded away. A finite value can be read back with
    /// [`parse`](Self::parse), to the digits shown.
    #[must_use]
    pub fn display(self, si: f64) -> String {
        self.display_in(System::Si, si)
    }

    /// As [`display`](Self::display), in the units of a system.
    #[must_use]
    pub fn display_in(self, system: System, si: f64) -> String {
        let unit = self.fitting(system, si);
        self.spell(rounded(unit, si), unit)
    }

    /// The unit in which values of no particular size are shown: of a column, of the axis of a plot.
    #[must_use]
    pub fn unit_in(self, system: System) -> &'static Unit {
        let first = match system {
            System::Us => self.us_ladder().first(),
            System::Si => None,
        };
        let unit = first.map_or_else(|| self.unit(self.customary()), |step| self.unit(step.0));
        unit.unwrap_or(self.si_unit())
    }

    /// A spelling that [`parse`](Self::parse) reads back as the very same `f64`: the
    /// [displayed](Self::display) one if it does, else that with the fewest digits in a customary
    /// unit, else one in the SI unit.
    ///
    /// A value that is not finite is spelt too, and refused when read.
    #[must_use]
    pub fn exact(self, si: f64) -> String {
        let fitting = self.fitting(System::Si, si);
        let number = rounded(fitting, si);
        if fitting.to_si(number).to_bits() == si.to_bits() {
            return self.spell(number, fitting);
        }
        // The fitting unit comes first, and stays where another one takes no fewer digits.
        let ladder = self.ladder().iter().filter_map(|step| self.unit(step.0));
        std::iter::once(fitting)
            .chain(ladder)
            .filter_map(|unit| Some((shortest(unit, si)?, unit)))
            .min_by_key(|&(number, _)| digits(number))
            .map_or_else(|| self.spell(si, self.si_unit()), |(number, unit)| self.spell(number, unit))
    }

    fn si_unit(self) -> &'static Unit {
        &self.units()[0]
    }

    /// The customary unit for a value of this size.
    fn fitting(self, system: System, si: f64) -> &'static Unit {
        let ladder = match (system, self.us_ladder()) {
            (System::Si, _) | (System::Us, []) => self.ladder(),
            (System::Us, ladder) => ladder,
        };
        let step = ladder
            .iter()
            .rev()
            .filter_map(|&(symbol, from)| Some((self.unit(symbol)?, from)))
            .find(|&(unit, from)| rounded(unit, si).abs() >= from);
        let unit = match step {
            Some((unit, _)) if si != 0.0 => Some(unit),
            _ => Some(self.unit_in(system)),
        };
        // At the end of the range of `f64` the way through another unit may lead beyond it.
        unit.filter(|unit| unit.to_si(rounded(unit, si)).is_finite()).unwrap_or(self.si_unit())
    }

    /// The units values are shown in, ascending, each with the number from which it is used.
    const fn ladder(self) -> &'static [(&'static str, f64)] {
        match self {
            Self::Temperature => &[("°C", 0.0)],
            Self::TemperatureDifference => &[("K", 0.0)],
            Self::Power => &[("W", 0.0), ("kW", 1.0), ("MW", 1.0), ("GW", 1.0)],
            Self::Energy => &[("J", 0.0), ("kJ", 1.0), ("kWh", 1.0), ("MWh", 1.0), ("GWh", 1.0)],
            Self::MassFlow => &[("kg/s", 0.0)],
            // Liquids are counted in L/min, a plant's water in m3/h, air in m3/s.
            Self::VolumeFlow => &[("L/min", 0.0), ("m3/h", 60.0), ("m3/s", 1.0)],
            Self::Pressure => &[("Pa", 0.0), ("kPa", 1.0), ("MPa", 1.0)],
            Self::Conductance | Self::CapacityRate => &[("W/K", 0.0), ("kW/K", 1.0), ("MW/K", 1.0)],
            Self::HeatCapacity => &[("J/K", 0.0), ("kJ/K", 1.0), ("MJ/K", 1.0), ("GJ/K", 1.0)],
            Self::SpecificHeat => &[("J/(kg K)", 0.0), ("kJ/(kg K)", 1.0)],
            Self::ThermalResistance => &[("K/kW", 0.0), ("K/W", 0.01)],
            Self::Length => &[("mm", 0.0), ("m", 1.0)],
            Self::Area => &[("mm2", 0.0), ("cm2", 1.0), ("m2", 0.1)],
            Self::Volume => &[("L", 0.0), ("m3", 1.0)],
            Self::Mass => &[("g", 0.0), ("kg", 1.0), ("t", 1.0)],
            Self::Density => &[("kg/m3", 0.0)],
            Self::Duration => &[("ms", 0.0), ("s", 1.0), ("min", 1.0), ("h", 1.0), ("d", 1.0), ("yr", 2.0)],
            // Above 1 a ratio is no share: a PUE is 1.183, not 118.3 %.
            Self::Ratio => &[("%", 0.0), ("1", 1.001)],
            Self::Velocity => &[("m/s", 0.0)],
            Self::Angle => &[("deg", 0.0)],
            Self::CarbonIntensity => &[("g/kWh", 0.0)],
            Self::WaterIntensity => &[("L/kWh", 0.0)],
            Self::HumidityRatio => &[("g/kg", 0.0)],
            Self::SpecificEnthalpy => &[("kJ/kg", 0.0)],
            Self::Irradiance => &[("W/m2", 0.0)],
            // Air changes are counted per hour.
            Self::Frequency => &[("1/h", 0.0), ("Hz", 0.1)],
        }
    }

    /// The same where US customary units differ; empty where they do not.
    const fn us_ladder(self) -> &'static [(&'static str, f64)] {
        match self {
            Self::Temperature => &[("°F", 0.0)],
            Self::TemperatureDifference => &[("Δ°F", 0.0)],
            Self::MassFlow => &[("lb/h", 0.0)],
            // Air moves in CFM: from a thousand of them it is air.
            Self::VolumeFlow => &[("gpm", 0.0), ("CFM", 1000.0)],
            Self::Pressure => &[("inH2O", 0.0), ("psi", 1.0)],
            Self::Length => &[("in", 0.0), ("ft", 1.0)],
            Self::Area => &[("ft2", 0.0)],
            Self::Volume => &[("gal", 0.0)],
            Self::Mass => &[("lb", 0.0)],
            Self::Density => &[("lb/ft3", 0.0)],
            Self::Velocity => &[("ft/min", 0.0)],
            Self::WaterIntensity => &[("gal/kWh", 0.0)],
            Self::HumidityRatio => &[("gr/lb", 0.0)],
            Self::SpecificEnthalpy => &[("Btu/lb", 0.0)],
            _ => &[],
        }
    }

    /// Number and unit; a ratio in 1 stands alone.
    fn spell(self, number: f64, unit: &Unit) -> String {
        let number = spelt(number);
        match (self, unit.symbol) {
            (Self::Ratio, "1") => number,
            (_, symbol) => format!("{number} {symbol}"),
        }
    }
}

/// A number as written: plain, or with an exponent where plain is unreadable.
fn spelt(number: f64) -> String {
    let size = number.abs();
    if size == 0.0 || !size.is_finite() || (1e-4..1e15).contains(&size) {
        format!("{number}")
    } else {
        format!("{number:e}")
    }
}

/// How many digits a number takes, a lone 0 before the point not counted.
fn digits(number: f64) -> usize {
    let text = spelt(number.abs());
    let text = text.trim_start_matches("0.");
    text.chars().filter(char::is_ascii_digit).count()
}

/// A value in `unit`, rounded for display.
fn rounded(unit: &Unit, si: f64) -> f64 {
    let number = unit.from_si(si);
    if number == 0.0 || !number.is_finite() {
        return number;
    }
    // Through text, which rounds decimally and cannot overflow.
    let scientific = format!("{:.*e}", DIGITS as usize - 1, number);
    let exponent =
        scientific.split_once('e').and_then(|(_, exponent)| exponent.parse::<i32>().ok()).unwrap_or(0);
    // Near 0 °C the digits that count are those of the kelvin value.
    let text = if (DIGITS..15).contains(&exponent) {
        format!("{number:.0}")
    } else if unit.offset != 0.0 && exponent < 0 {
        format!("{:.*}", DIGITS as usize - 1, number)
    } else {
        scientific
    };
    match text.parse::<f64>() {
        // A −0 that rounding made is not worth a sign.
        Ok(0.0) => 0.0,
        // Rounding up may have led beyond the largest `f64`.
        Ok(value) if unit.to_si(value).is_finite() => value,
        _ => number,
    }
}

/// The number with the fewest digits that `unit` takes to exactly `si`.
fn shortest(unit: &Unit, si: f64) -> Option<f64> {
    let hits = |number: &f64| number.is_finite() && unit.to_si(*number).to_bits() == si.to_bits();
    let number = unit.from_si(si);
    let rounded = (0..17).filter_map(|digits| format!("{number:.digits$e}").parse().ok());
    // Rounding on the way out may have left a neighbour of the number that leads back.
    let neighbours = [number.next_up(), number.next_down()];
    rounded.chain(neighbours).find(hits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn shows(quantity: Quantity, si: f64, expected: &str) {
        assert_eq!(quantity.display(si), expected);
    }

    #[test]
    fn the_unit_follows_the_size() {
        shows(Quantity::Power, 1.2e6, "1.2 MW");
        shows(Quantity::Power, 950.0, "950 W");
        shows(Quantity::Power, -2500.0, "-2.5 kW");
        shows(Quantity::Energy, 3.6e9, "1 MWh");
        shows(Quantity::Duration, 900.0, "15 min");
        shows(Quantity::Duration, 31_536_000.0, "365 d");
        shows(Quantity::Pressure, 101_325.0, "101.3 kPa");
        shows(Quantity::TemperatureDifference, 8.0, "8 K");
        // 30 L/min; 2000 L/min = 120 m3/h
        shows(Quantity::VolumeFlow, 30.0 / 6e4, "30 L/min");
        shows(Quantity::VolumeFlow, 2000.0 / 6e4, "120 m3/h");
    }

    #[test]
    fn us_customary_units_are_those_of_the_trade() {
        let us = |quantity: Quantity, si: f64| quantity.display_in(System::Us, si);
        assert_eq!(us(Quantity::Temperature, 303.15), "86 °F"); // 30 · 9/5 + 32
        assert_eq!(us(Quantity::TemperatureDifference, 5.0), "9 Δ°F");
        assert_eq!(us(Quantity::VolumeFlow, 100.0 * 3.785_411_784e-3 / 60.0), "100 gpm");
        assert_eq!(us(Quantity::VolumeFlow, 5000.0 * 0.028_316_846_592 / 60.0), "5000 CFM");
        assert_eq!(us(Quantity::Pressure, 10.0 * 6_894.757_293_168), "10 psi");
        assert_eq!(us(Quantity::Power, 1.2e6), "1.2 MW");
        assert_eq!(us(Quantity::Duration, 900.0), "15 min");
        for quantity in Quantity::ALL {
            let shown = us(quantity, 1.0);
            assert!(quantity.parse(&shown).is_ok(), "{quantity:?}: {shown} cannot be read back");
        }
    }

    #[test]
    fn the_unit_is_chosen_after_rounding() {
        // 999.96 kW has four digits only as 1.000 MW
        shows(Quantity::Power, 999_960.0, "1 MW");
        shows(Quantity::Power, 999_940.0, "999.9 kW");
    }

    #[test]
    fn digits_before_the_point_are_kept() {
        shows(Quantity::MassFlow, 123_456.7, "123457 kg/s");
    }

    #[test]
    fn a_temperature_near_zero_celsius_shows_millikelvin_at_most() {
        shows(Quantity::Temperature, 303.15, "30 °C");
        shows(Quantity::Temperature, 273.15 + 1e-13, "0 °C");
        shows(Quantity::Temperature, 273.15 - 0.0312, "-0.031 °C");
    }

    #[test]
    fn shares_are_percent_and_larger_ratios_bare() {
        shows(Quantity::Ratio, 0.92, "92 %");
        shows(Quantity::Ratio, 1.0, "100 %");
        shows(Quantity::Ratio, 1.183, "1.183");
    }

    #[test]
    fn nothing_is_shown_in_the_customary_unit() {
        shows(Quantity::Power, 0.0, "0 kW");
        shows(Quantity::Length, 0.0, "0 m");
    }

    #[test]
    fn exact_keeps_every_bit_with_few_digits() {
        assert_eq!(Quantity::Temperature.exact(303.15), "30 °C");
        assert_eq!(Quantity::Temperature.exact(300.0), "26.85 °C");
        assert_eq!(Quantity::Power.exact(123_456.0), "123.456 kW");
        assert_eq!(Quantity::Ratio.exact(0.07), "7 %");
        // 25 h = 1.0416… d
        assert_eq!(Quantity::Duration.exact(90_000.0), "25 h");
        // No number in °C is so close to absolute zero.
        assert_eq!(Quantity::Temperature.exact(1e-20), "1e-20 K");
        assert_eq!(Quantity::Power.exact(-0.0), "-0 kW");
    }
}
