//! The kinds of quantity, and how each is named.

use std::fmt;

/// A kind of quantity, known at run time.
///
/// Values are `f64` in the SI unit given with each variant. Two kinds may share a unit and still
/// be different: a temperature is not a temperature difference, and `UA` is not `ṁ·c_p`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// Absolute temperature, K.
    Temperature,
    /// Difference of two temperatures, K.
    TemperatureDifference,
    /// Power or heat flow, W.
    Power,
    /// Energy or heat, J.
    Energy,
    /// Mass flow, kg/s.
    MassFlow,
    /// Volume flow, m³/s.
    VolumeFlow,
    /// Pressure or pressure difference, Pa.
    Pressure,
    /// Thermal conductance `UA`, W/K.
    Conductance,
    /// Capacity rate of a stream `ṁ·c_p`, W/K.
    CapacityRate,
    /// Heat capacity of a body, J/K.
    HeatCapacity,
    /// Specific heat, J/(kg K).
    SpecificHeat,
    /// Thermal resistance, K/W.
    ThermalResistance,
    /// Length, m.
    Length,
    /// Area, m².
    Area,
    /// Volume, m³.
    Volume,
    /// Mass, kg.
    Mass,
    /// Density, kg/m³.
    Density,
    /// Duration, s.
    Duration,
    /// Dimensionless ratio, 1.
    Ratio,
    /// Velocity, m/s.
    Velocity,
    /// Plane angle, rad.
    Angle,
    /// Carbon dioxide (equivalent) per electricity, kg/J.
    CarbonIntensity,
    /// Water per electricity, m³/J.
    WaterIntensity,
    /// Mass of water vapour per mass of dry air, kg/kg.
    HumidityRatio,
    /// Enthalpy per mass, J/kg.
    SpecificEnthalpy,
    /// Events, turns or air changes per time, 1/s.
    Frequency,
    /// Radiation per area, W/m².
    Irradiance,
}

impl Quantity {
    /// Every kind, in the order of declaration.
    pub const ALL: [Self; 27] = [
        Self::Temperature,
        Self::TemperatureDifference,
        Self::Power,
        Self::Energy,
        Self::MassFlow,
        Self::VolumeFlow,
        Self::Pressure,
        Self::Conductance,
        Self::CapacityRate,
        Self::HeatCapacity,
        Self::SpecificHeat,
        Self::ThermalResistance,
        Self::Length,
        Self::Area,
        Self::Volume,
        Self::Mass,
        Self::Density,
        Self::Duration,
        Self::Ratio,
        Self::Velocity,
        Self::Angle,
        Self::CarbonIntensity,
        Self::WaterIntensity,
        Self::HumidityRatio,
        Self::SpecificEnthalpy,
        Self::Frequency,
        Self::Irradiance,
    ];

    /// The name in running text: `temperature difference`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Temperature => "temperature",
            Self::TemperatureDifference => "temperature difference",
            Self::Power => "power",
            Self::Energy => "energy",
            Self::MassFlow => "mass flow",
            Self::VolumeFlow => "volume flow",
            Self::Pressure => "pressure",
            Self::Conductance => "thermal conductance",
            Self::CapacityRate => "capacity rate",
            Self::HeatCapacity => "heat capacity",
            Self::SpecificHeat => "specific heat",
            Self::ThermalResistance => "thermal resistance",
            Self::Length => "length",
            Self::Area => "area",
            Self::Volume => "volume",
            Self::Mass => "mass",
            Self::Density => "density",
            Self::Duration => "duration",
            Self::Ratio => "ratio",
            Self::Velocity => "velocity",
            Self::Angle => "angle",
            Self::CarbonIntensity => "carbon intensity",
            Self::WaterIntensity => "water intensity",
            Self::HumidityRatio => "humidity ratio",
            Self::SpecificEnthalpy => "specific enthalpy",
            Self::Frequency => "frequency",
            Self::Irradiance => "irradiance",
        }
    }

    /// The name with its article: `a power`, `an energy`.
    #[must_use]
    pub fn with_article(self) -> String {
        let name = self.name();
        let article = if name.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
        format!("{article} {name}")
    }

    /// The symbol of the SI unit, in which values are held: `W`.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self.units() {
            [si, ..] => si.symbol,
            [] => "",
        }
    }

    /// A typical value as a person would write it: `30 °C`.
    #[must_use]
    pub const fn example(self) -> &'static str {
        match self {
            Self::Temperature => "30 °C",
            Self::TemperatureDifference => "8 K",
            Self::Power => "50 kW",
            Self::Energy => "100 kWh",
            Self::MassFlow => "12 kg/s",
            Self::VolumeFlow => "30 L/min",
            Self::Pressure => "120 kPa",
            Self::Conductance => "250 kW/K",
            Self::CapacityRate => "40 kW/K",
            Self::HeatCapacity => "80 kJ/K",
            Self::SpecificHeat => "4.18 kJ/(kg K)",
            Self::ThermalResistance => "0.02 K/W",
            Self::Length => "1.2 m",
            Self::Area => "20 m2",
            Self::Volume => "500 L",
            Self::Mass => "20 kg",
            Self::Density => "998 kg/m3",
            Self::Duration => "15 min",
            Self::Ratio => "92 %",
            Self::Velocity => "2 m/s",
            Self::Angle => "45 deg",
            Self::CarbonIntensity => "400 g/kWh",
            Self::WaterIntensity => "1.8 L/kWh",
            Self::HumidityRatio => "8 g/kg",
            Self::SpecificEnthalpy => "50 kJ/kg",
            Self::Frequency => "50 Hz",
            Self::Irradiance => "800 W/m2",
        }
    }

    /// The unit people write by default, the one of [`example`](Self::example): `°C`.
    #[must_use]
    pub fn customary(self) -> &'static str {
        match self.example().split_once(' ') {
            Some((_, unit)) => unit,
            None => self.symbol(),
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_lists_every_kind_in_the_order_of_declaration() {
        for (position, quantity) in Quantity::ALL.into_iter().enumerate() {
            assert_eq!(quantity as usize, position, "{quantity}");
        }
        assert_eq!(
            Quantity::Irradiance as usize + 1,
            Quantity::ALL.len(),
            "the last variant closes the list"
        );
    }

    #[test]
    fn the_first_unit_of_every_quantity_is_its_si_unit() {
        for quantity in Quantity::ALL {
            let si = quantity.units()[0];
            assert_eq!((si.factor, si.offset), (1.0, 0.0), "{quantity}");
            assert_eq!(si.symbol, quantity.symbol());
        }
    }

    #[test]
    fn every_example_can_be_read_and_is_displayed_as_written() {
        for quantity in Quantity::ALL {
            let si = quantity.parse(quantity.example()).unwrap();
            assert_eq!(quantity.display(si), quantity.example());
            assert_eq!(quantity.exact(si), quantity.example());
            assert!(quantity.unit(quantity.customary()).is_some());
        }
    }

    #[test]
    fn names_take_the_article_of_their_sound() {
        assert_eq!(Quantity::Energy.with_article(), "an energy");
        assert_eq!(Quantity::Power.with_article(), "a power");
    }
}
