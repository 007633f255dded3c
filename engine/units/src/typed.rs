//! The quantities as types, for code.

use crate::{Quantity, Unit, UnitError};
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// A type that holds one kind of quantity in SI.
pub trait Dimensioned: Copy {
    /// The kind of quantity.
    const QUANTITY: Quantity;
    /// From the value in the SI unit.
    fn from_si(si: f64) -> Self;
    /// The value in the SI unit.
    fn si(self) -> f64;
}

/// Declares a newtype with its named units. The factors are those of [`Quantity::units`]: a
/// constructor gives the same value as reading the number with its symbol.
macro_rules! quantity {
    (
        $(#[$doc:meta])*
        $name:ident { $( $of:ident, $as:ident = $symbol:literal; )+ }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
        #[repr(transparent)]
        pub struct $name(f64);

        impl $name {
            /// The kind of quantity.
            pub const QUANTITY: Quantity = Quantity::$name;

            /// From the value in the SI unit.
            #[must_use]
            pub const fn from_si(si: f64) -> Self {
                Self(si)
            }

            /// The value in the SI unit.
            #[must_use]
            pub const fn si(self) -> f64 {
                self.0
            }

            $(
                #[doc = concat!("From a number in ", $symbol, ".")]
                #[must_use]
                pub const fn $of(number: f64) -> Self {
                    const UNIT: Unit = Quantity::$name.known_unit($symbol);
                    Self(UNIT.to_si(number))
                }

                #[doc = concat!("The number in ", $symbol, ".")]
                #[must_use]
                pub const fn $as(self) -> f64 {
                    const UNIT: Unit = Quantity::$name.known_unit($symbol);
                    UNIT.from_si(self.0)
                }
            )+

            /// Whether the value is neither NaN nor infinite.
            #[must_use]
            pub const fn is_finite(self) -> bool {
                self.0.is_finite()
            }

            /// The smaller of two; where one is NaN, the other.
            #[must_use]
            pub const fn min(self, other: Self) -> Self {
                Self(self.0.min(other.0))
            }

            /// The larger of two; where one is NaN, the other.
            #[must_use]
            pub const fn max(self, other: Self) -> Self {
                Self(self.0.max(other.0))
            }

            /// The total order of [`f64::total_cmp`], for sorting.
            #[must_use]
            pub fn total_cmp(&self, other: &Self) -> Ordering {
                self.0.total_cmp(&other.0)
            }
        }

        impl Dimensioned for $name {
            const QUANTITY: Quantity = Quantity::$name;

            fn from_si(si: f64) -> Self {
                Self(si)
            }

            fn si(self) -> f64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            /// As [`Quantity::display`].
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&Quantity::$name.display(self.0))
            }
        }

        impl FromStr for $name {
            type Err = UnitError;

            /// As [`Quantity::parse`].
            fn from_str(text: &str) -> Result<Self, UnitError> {
                Quantity::$name.parse(text).map(Self)
            }
        }
    };
}

quantity! {
    /// An absolute temperature; SI unit K.
    ///
    /// Two temperatures do not add. Their difference is a [`TemperatureDifference`].
    Temperature {
        kelvin, as_kelvin = "K";
        celsius, as_celsius = "°C";
        fahrenheit, as_fahrenheit = "°F";
    }
}

quantity! {
    /// A difference of two temperatures; SI unit K.
    TemperatureDifference {
        kelvin, as_kelvin = "K";
    }
}

quantity! {
    /// A power or heat flow; SI unit W.
    Power {
        watts, as_watts = "W";
        kilowatts, as_kilowatts = "kW";
        megawatts, as_megawatts = "MW";
        tons_of_refrigeration, as_tons_of_refrigeration = "ton_r";
    }
}

quantity! {
    /// An energy or heat; SI unit J.
    Energy {
        joules, as_joules = "J";
        kilojoules, as_kilojoules = "kJ";
        kilowatt_hours, as_kilowatt_hours = "kWh";
        megawatt_hours, as_megawatt_hours = "MWh";
    }
}

quantity! {
    /// A mass flow; SI unit kg/s.
    MassFlow {
        kilograms_per_second, as_kilograms_per_second = "kg/s";
        kilograms_per_hour, as_kilograms_per_hour = "kg/h";
    }
}

quantity! {
    /// A volume flow; SI unit m³/s.
    VolumeFlow {
        cubic_metres_per_second, as_cubic_metres_per_second = "m3/s";
        cubic_metres_per_hour, as_cubic_metres_per_hour = "m3/h";
        litres_per_second, as_litres_per_second = "L/s";
        litres_per_minute, as_litres_per_minute = "L/min";
        cubic_feet_per_minute, as_cubic_feet_per_minute = "CFM";
    }
}

quantity! {
    /// A pressure or pressure difference; SI unit Pa.
    Pressure {
        pascals, as_pascals = "Pa";
        kilopascals, as_kilopascals = "kPa";
        bar, as_bar = "bar";
    }
}

quantity! {
    /// A thermal conductance `UA`; SI unit W/K.
    Conductance {
        watts_per_kelvin, as_watts_per_kelvin = "W/K";
        kilowatts_per_kelvin, as_kilowatts_per_kelvin = "kW/K";
    }
}

quantity! {
    /// The capacity rate of a stream, `ṁ·c_p`; SI unit W/K.
    CapacityRate {
        watts_per_kelvin, as_watts_per_kelvin = "W/K";
        kilowatts_per_kelvin, as_kilowatts_per_kelvin = "kW/K";
    }
}

quantity! {
    /// The heat capacity of a body; SI unit J/K.
    HeatCapacity {
        joules_per_kelvin, as_joules_per_kelvin = "J/K";
        kilojoules_per_kelvin, as_kilojoules_per_kelvin = "kJ/K";
        megajoules_per_kelvin, as_megajoules_per_kelvin = "MJ/K";
    }
}

quantity! {
    /// A length; SI unit m.
    Length {
        metres, as_metres = "m";
        millimetres, as_millimetres = "mm";
    }
}

quantity! {
    /// An area; SI unit m².
    Area {
        square_metres, as_square_metres = "m2";
        square_millimetres, as_square_millimetres = "mm2";
    }
}

quantity! {
    /// A volume; SI unit m³.
    Volume {
        cubic_metres, as_cubic_metres = "m3";
        litres, as_litres = "L";
    }
}

quantity! {
    /// A mass; SI unit kg.
    Mass {
        kilograms, as_kilograms = "kg";
        tonnes, as_tonnes = "t";
    }
}

quantity! {
    /// A density; SI unit kg/m³.
    Density {
        kilograms_per_cubic_metre, as_kilograms_per_cubic_metre = "kg/m3";
    }
}

quantity! {
    /// A duration; SI unit s. A year is 365 days.
    Duration {
        seconds, as_seconds = "s";
        minutes, as_minutes = "min";
        hours, as_hours = "h";
        days, as_days = "d";
        years, as_years = "yr";
    }
}

quantity! {
    /// A dimensionless ratio.
    Ratio {
        of, as_number = "1";
        percent, as_percent = "%";
    }
}

impl From<f64> for Ratio {
    fn from(number: f64) -> Self {
        Self(number)
    }
}

impl From<Ratio> for f64 {
    fn from(ratio: Ratio) -> Self {
        ratio.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constructor_gives_what_reading_gives() {
        assert_eq!("1200 kW".parse(), Ok(Power::kilowatts(1200.0)));
        assert_eq!("30 °C".parse(), Ok(Temperature::celsius(30.0)));
        assert_eq!("7 %".parse(), Ok(Ratio::percent(7.0)));
        assert_eq!("30 L/min".parse(), Ok(VolumeFlow::litres_per_minute(30.0)));
    }

    #[test]
    fn an_accessor_undoes_its_constructor() {
        assert_eq!(Power::kilowatts(1200.0).as_megawatts(), 1.2);
        assert_eq!(Temperature::celsius(30.0).as_celsius(), 30.0);
        assert_eq!(Duration::hours(2.0).as_minutes(), 120.0);
        // 100 · 12 000 Btu/h = 351.685 kW
        let chiller = Power::tons_of_refrigeration(100.0);
        assert!((chiller.as_kilowatts() - 351.685_284).abs() < 1e-6);
    }

    #[test]
    fn display_pads_like_text() {
        assert_eq!(format!("{:>8}|", Power::megawatts(1.2)), "  1.2 MW|");
    }

    #[test]
    fn constructors_serve_constants() {
        const SETPOINT: Temperature = Temperature::celsius(30.0);
        assert_eq!(SETPOINT.si(), 303.15);
    }

    #[test]
    fn sorting_is_total_and_comparing_is_that_of_numbers() {
        let mut powers = [f64::NAN, 2.0, -1.0].map(Power::watts);
        powers.sort_by(Power::total_cmp);
        assert_eq!(powers[..2], [-1.0, 2.0].map(Power::watts));
        assert!(powers[2].si().is_nan());
        assert!(Power::watts(0.0) == Power::watts(-0.0));
        assert_eq!(Power::watts(1.0).max(Power::kilowatts(1.0)).si(), 1000.0);
    }
}
