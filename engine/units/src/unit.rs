//! The accepted units of each quantity, and their factors.
//!
//! # Source
//!
//! Factors that do not follow from the SI prefixes are those of NIST Special Publication 811
//! (2008 edition), appendix B, carried to full precision from the exact definitions given there:
//! the international foot 0.3048 m, the avoirdupois pound 0.453 592 37 kg, the US gallon 231 in³,
//! the standard gravity 9.806 65 m/s², and the British thermal unit of the International Table
//! 1055.055 852 62 J. A year is 365 days.

use crate::Quantity;
use crate::alias::ALIASES;
use crate::parse::normalise;

/// A unit of a quantity: SI value = `factor` · number + `offset`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// The canonical spelling; some units have further ones.
    pub symbol: &'static str,
    /// SI units in one of this unit.
    pub factor: f64,
    /// SI value at zero of this unit; other than 0 only for temperatures.
    pub offset: f64,
}

impl Unit {
    /// A number in this unit, in SI.
    ///
    /// Where one SI unit is a whole number of this one (100 % in 1, 60 000 L/min in m³/s), the
    /// number is divided by it. That rounds once, so that `7 %` is the same `f64` as `0.07`;
    /// multiplied by 0.01 it would not be.
    #[must_use]
    pub const fn to_si(&self, number: f64) -> f64 {
        let scaled = match self.divisor() {
            Some(divisor) => number / divisor,
            None => number * self.factor,
        };
        // Adding a zero offset would turn −0 into 0.
        if self.offset == 0.0 { scaled } else { scaled + self.offset }
    }

    /// An SI value, as a number in this unit.
    #[must_use]
    pub const fn from_si(&self, si: f64) -> f64 {
        let scaled = if self.offset == 0.0 { si } else { si - self.offset };
        match self.divisor() {
            Some(divisor) => scaled * divisor,
            None => scaled / self.factor,
        }
    }

    /// The whole number of this unit in one SI unit, if there is one.
    const fn divisor(&self) -> Option<f64> {
        if self.factor >= 1.0 {
            return None;
        }
        let divisor = (1.0 / self.factor).round();
        if 1.0 / divisor == self.factor { Some(divisor) } else { None }
    }
}

/// A unit of which one is `factor` SI units.
const fn of(symbol: &'static str, factor: f64) -> Unit {
    Unit { symbol, factor, offset: 0.0 }
}

/// A unit of which `count` make one SI unit.
const fn per(symbol: &'static str, count: f64) -> Unit {
    Unit { symbol, factor: 1.0 / count, offset: 0.0 }
}

/// Seconds in an hour.
const HOUR: f64 = 3600.0;
/// Joules in a kilowatt-hour.
const KILOWATT_HOUR: f64 = 3.6e6;
/// Metres in an international foot; twelve inches.
const FOOT: f64 = 0.3048;
/// Cubic metres in a cubic foot.
const CUBIC_FOOT: f64 = 0.028_316_846_592;
/// Cubic metres in a US gallon, 231 in³.
const GALLON: f64 = 3.785_411_784e-3;
/// Kilograms in an avoirdupois pound.
const POUND: f64 = 0.453_592_37;
/// Standard gravity, m/s².
const GRAVITY: f64 = 9.806_65;
/// Joules in a British thermal unit (International Table).
const BTU: f64 = 1_055.055_852_62;
/// Kelvin in a degree Fahrenheit.
const FAHRENHEIT: f64 = 5.0 / 9.0;
/// Pascals under a metre of water of 1000 kg/m³ at standard gravity ("conventional").
const METRE_OF_WATER: f64 = 1000.0 * GRAVITY;

const TEMPERATURE: &[Unit] = &[
    of("K", 1.0),
    Unit { symbol: "°C", factor: 1.0, offset: 273.15 },
    Unit { symbol: "°F", factor: FAHRENHEIT, offset: 459.67 * 5.0 / 9.0 },
];

const TEMPERATURE_DIFFERENCE: &[Unit] = &[of("K", 1.0), of("Δ°F", FAHRENHEIT)];

const POWER: &[Unit] = &[
    of("W", 1.0),
    of("kW", 1e3),
    of("MW", 1e6),
    of("GW", 1e9),
    // Ton of refrigeration, 12 000 Btu/h.
    of("ton_r", 12_000.0 * BTU / HOUR),
    of("Btu/h", BTU / HOUR),
    // Mechanical horsepower, 550 ft·lbf/s.
    of("hp", 550.0 * FOOT * POUND * GRAVITY),
];

const ENERGY: &[Unit] = &[
    of("J", 1.0),
    of("kJ", 1e3),
    of("MJ", 1e6),
    of("GJ", 1e9),
    of("Wh", 3.6e3),
    of("kWh", KILOWATT_HOUR),
    of("MWh", 3.6e9),
    of("GWh", 3.6e12),
    of("Btu", BTU),
];

const MASS_FLOW: &[Unit] = &[
    of("kg/s", 1.0),
    per("kg/min", 60.0),
    per("kg/h", HOUR),
    per("g/s", 1e3),
    per("t/h", 3.6),
    of("lb/h", POUND / HOUR),
];

const VOLUME_FLOW: &[Unit] = &[
    of("m3/s", 1.0),
    per("m3/min", 60.0),
    per("m3/h", HOUR),
    per("L/s", 1e3),
    per("L/min", 6e4),
    per("L/h", 3.6e6),
    of("gpm", GALLON / 60.0),
    of("CFM", CUBIC_FOOT / 60.0),
];

const PRESSURE: &[Unit] = &[
    of("Pa", 1.0),
    of("hPa", 1e2),
    of("kPa", 1e3),
    of("MPa", 1e6),
    of("mbar", 1e2),
    of("bar", 1e5),
    // Pound-force per square inch.
    of("psi", POUND * GRAVITY / (FOOT / 12.0 * FOOT / 12.0)),
    of("inH2O", METRE_OF_WATER * FOOT / 12.0),
    of("ftH2O", METRE_OF_WATER * FOOT),
    of("mH2O", METRE_OF_WATER),
];

/// Shared by conductances and capacity rates.
const POWER_PER_KELVIN: &[Unit] = &[of("W/K", 1.0), of("kW/K", 1e3), of("MW/K", 1e6)];

const HEAT_CAPACITY: &[Unit] =
    &[of("J/K", 1.0), of("kJ/K", 1e3), of("MJ/K", 1e6), of("GJ/K", 1e9), of("kWh/K", KILOWATT_HOUR)];

const SPECIFIC_HEAT: &[Unit] = &[
    of("J/(kg K)", 1.0),
    of("kJ/(kg K)", 1e3),
    // Exact, by the definition of the International Table unit.
    of("Btu/(lb °F)", 4186.8),
];

const THERMAL_RESISTANCE: &[Unit] = &[of("K/W", 1.0), per("K/kW", 1e3)];

const LENGTH: &[Unit] = &[
    of("m", 1.0),
    per("µm", 1e6),
    per("mm", 1e3),
    per("cm", 1e2),
    of("km", 1e3),
    of("in", FOOT / 12.0),
    of("ft", FOOT),
];

const AREA: &[Unit] = &[of("m2", 1.0), per("mm2", 1e6), per("cm2", 1e4), of("ft2", FOOT * FOOT)];

const VOLUME: &[Unit] =
    &[of("m3", 1.0), per("mL", 1e6), per("L", 1e3), of("gal", GALLON), of("ft3", CUBIC_FOOT)];

const MASS: &[Unit] = &[of("kg", 1.0), per("g", 1e3), of("t", 1e3), of("lb", POUND)];

const DENSITY: &[Unit] =
    &[of("kg/m3", 1.0), of("kg/L", 1e3), of("g/cm3", 1e3), of("lb/ft3", POUND / CUBIC_FOOT)];

const DURATION: &[Unit] = &[
    of("s", 1.0),
    per("ms", 1e3),
    of("min", 60.0),
    of("h", HOUR),
    of("d", 86_400.0),
    of("yr", 365.0 * 86_400.0),
];

const RATIO: &[Unit] = &[of("1", 1.0), per("%", 1e2)];

const VELOCITY: &[Unit] = &[of("m/s", 1.0), per("km/h", 3.6), of("ft/min", FOOT / 60.0)];

const ANGLE: &[Unit] = &[of("rad", 1.0), of("deg", std::f64::consts::PI / 180.0)];

const CARBON_INTENSITY: &[Unit] = &[
    of("kg/J", 1.0),
    per("g/kWh", 1e3 * KILOWATT_HOUR),
    per("kg/kWh", KILOWATT_HOUR),
    per("kg/MWh", 1e3 * KILOWATT_HOUR),
    per("t/MWh", KILOWATT_HOUR),
];

const WATER_INTENSITY: &[Unit] = &[
    of("m3/J", 1.0),
    per("L/kWh", 1e3 * KILOWATT_HOUR),
    per("m3/MWh", 1e3 * KILOWATT_HOUR),
    of("gal/kWh", GALLON / KILOWATT_HOUR),
];

const HUMIDITY_RATIO: &[Unit] = &[
    of("kg/kg", 1.0),
    per("g/kg", 1e3),
    // Grains, 7000 to the pound.
    per("gr/lb", 7e3),
];

const SPECIFIC_ENTHALPY: &[Unit] = &[of("J/kg", 1.0), of("kJ/kg", 1e3), of("Btu/lb", 2326.0)];

const FREQUENCY: &[Unit] =
    &[of("1/s", 1.0), of("Hz", 1.0), per("rpm", 60.0), per("1/min", 60.0), per("1/h", HOUR)];

const IRRADIANCE: &[Unit] = &[of("W/m2", 1.0), of("kW/m2", 1e3)];

impl Quantity {
    /// The accepted units, the SI unit first.
    #[must_use]
    pub const fn units(self) -> &'static [Unit] {
        match self {
            Self::Temperature => TEMPERATURE,
            Self::TemperatureDifference => TEMPERATURE_DIFFERENCE,
            Self::Power => POWER,
            Self::Energy => ENERGY,
            Self::MassFlow => MASS_FLOW,
            Self::VolumeFlow => VOLUME_FLOW,
            Self::Pressure => PRESSURE,
            Self::Conductance | Self::CapacityRate => POWER_PER_KELVIN,
            Self::HeatCapacity => HEAT_CAPACITY,
            Self::SpecificHeat => SPECIFIC_HEAT,
            Self::ThermalResistance => THERMAL_RESISTANCE,
            Self::Length => LENGTH,
            Self::Area => AREA,
            Self::Volume => VOLUME,
            Self::Mass => MASS,
            Self::Density => DENSITY,
            Self::Duration => DURATION,
            Self::Ratio => RATIO,
            Self::Velocity => VELOCITY,
            Self::Angle => ANGLE,
            Self::CarbonIntensity => CARBON_INTENSITY,
            Self::WaterIntensity => WATER_INTENSITY,
            Self::HumidityRatio => HUMIDITY_RATIO,
            Self::SpecificEnthalpy => SPECIFIC_ENTHALPY,
            Self::Frequency => FREQUENCY,
            Self::Irradiance => IRRADIANCE,
        }
    }

    /// The unit of this quantity with the given spelling, canonical or not.
    #[must_use]
    pub fn unit(self, spelling: &str) -> Option<&'static Unit> {
        let canonical = |symbol: &str| self.units().iter().find(|unit| unit.symbol == symbol);
        canonical(spelling).or_else(|| {
            let spelling = normalise(spelling);
            let aliases = ALIASES
                .iter()
                .filter(|(alias, _)| *alias == spelling)
                .find_map(|(_, symbol)| canonical(symbol));
            canonical(&spelling).or(aliases)
        })
    }

    /// The unit with a canonical symbol, for constants; a misspelt one does not compile.
    pub(crate) const fn known_unit(self, symbol: &str) -> Unit {
        let units = self.units();
        let mut i = 0;
        while i < units.len() {
            if same(units[i].symbol.as_bytes(), symbol.as_bytes()) {
                return units[i];
            }
            i += 1;
        }
        panic!("not a unit of this quantity")
    }
}

/// Equality of texts that can be evaluated at compile time.
const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_divisor_is_found_and_no_other() {
        let divisor = |quantity: Quantity, symbol| quantity.known_unit(symbol).divisor();
        assert_eq!(divisor(Quantity::VolumeFlow, "L/min"), Some(6e4));
        assert_eq!(divisor(Quantity::Ratio, "%"), Some(100.0));
        assert_eq!(divisor(Quantity::Length, "ft"), None);
        assert_eq!(divisor(Quantity::Power, "kW"), None);
    }
}
