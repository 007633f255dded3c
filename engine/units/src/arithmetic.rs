//! The arithmetic between quantities that is dimensionally right.
//!
//! Where two quantities share a unit, a quotient does not say which of them it is: power over
//! temperature difference may be a conductance or a capacity rate, and is not offered.

use crate::{
    Area, CapacityRate, Conductance, Density, Duration, Energy, HeatCapacity, Length, Mass, MassFlow, Power,
    Pressure, Ratio, Temperature, TemperatureDifference, Volume, VolumeFlow,
};
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

/// Sums and multiples of one quantity: all but absolute temperatures have them.
macro_rules! linear {
    ($($name:ident)+) => { $(
        impl $name {
            /// Nothing of it.
            pub const ZERO: Self = Self::from_si(0.0);

            /// The size without sign.
            #[must_use]
            pub const fn abs(self) -> Self {
                Self::from_si(self.si().abs())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::ZERO
            }
        }

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self::from_si(self.si() + other.si())
            }
        }

        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self::from_si(self.si() - other.si())
            }
        }

        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                *self = *self + other;
            }
        }

        impl SubAssign for $name {
            fn sub_assign(&mut self, other: Self) {
                *self = *self - other;
            }
        }

        impl Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self::from_si(-self.si())
            }
        }

        impl Mul<f64> for $name {
            type Output = Self;
            fn mul(self, factor: f64) -> Self {
                Self::from_si(self.si() * factor)
            }
        }

        impl Mul<$name> for f64 {
            type Output = $name;
            fn mul(self, value: $name) -> $name {
                value * self
            }
        }

        impl Div<f64> for $name {
            type Output = Self;
            fn div(self, divisor: f64) -> Self {
                Self::from_si(self.si() / divisor)
            }
        }

        impl Mul<Ratio> for $name {
            type Output = Self;
            fn mul(self, ratio: Ratio) -> Self {
                self * ratio.si()
            }
        }

        impl Div for $name {
            type Output = Ratio;
            fn div(self, other: Self) -> Ratio {
                Ratio::from_si(self.si() / other.si())
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(values: I) -> Self {
                values.fold(Self::ZERO, Self::add)
            }
        }
    )+ };
}

linear! {
    TemperatureDifference Power Energy MassFlow VolumeFlow Pressure Conductance CapacityRate
    HeatCapacity Length Area Volume Mass Density Duration Ratio
}

/// `a · b = c`, in either order.
macro_rules! product {
    ($($a:ident * $b:ident = $c:ident;)+) => { $(
        impl Mul<$b> for $a {
            type Output = $c;
            fn mul(self, other: $b) -> $c {
                $c::from_si(self.si() * other.si())
            }
        }

        impl Mul<$a> for $b {
            type Output = $c;
            fn mul(self, other: $a) -> $c {
                other * self
            }
        }
    )+ };
}

/// `a / b = c`.
macro_rules! quotient {
    ($($a:ident / $b:ident = $c:ident;)+) => { $(
        impl Div<$b> for $a {
            type Output = $c;
            fn div(self, other: $b) -> $c {
                $c::from_si(self.si() / other.si())
            }
        }
    )+ };
}

product! {
    Power * Duration = Energy;
    MassFlow * Duration = Mass;
    VolumeFlow * Duration = Volume;
    Conductance * TemperatureDifference = Power;
    CapacityRate * TemperatureDifference = Power;
    HeatCapacity * TemperatureDifference = Energy;
    Density * Volume = Mass;
    Density * VolumeFlow = MassFlow;
    Pressure * VolumeFlow = Power;
    Pressure * Volume = Energy;
    Length * Area = Volume;
}

quotient! {
    Energy / Duration = Power;
    Energy / Power = Duration;
    Mass / Duration = MassFlow;
    Mass / MassFlow = Duration;
    Volume / Duration = VolumeFlow;
    Volume / VolumeFlow = Duration;
    Power / Conductance = TemperatureDifference;
    Power / CapacityRate = TemperatureDifference;
    Energy / HeatCapacity = TemperatureDifference;
    Energy / TemperatureDifference = HeatCapacity;
    Mass / Volume = Density;
    Mass / Density = Volume;
    MassFlow / VolumeFlow = Density;
    MassFlow / Density = VolumeFlow;
    Power / Pressure = VolumeFlow;
    Power / VolumeFlow = Pressure;
    Energy / Pressure = Volume;
    Energy / Volume = Pressure;
    Volume / Length = Area;
    Volume / Area = Length;
    Area / Length = Length;
    // The time constant of a body behind a conductance, or flushed by a stream.
    HeatCapacity / Conductance = Duration;
    HeatCapacity / CapacityRate = Duration;
    // The number of transfer units.
    Conductance / CapacityRate = Ratio;
}

impl Mul for Length {
    type Output = Area;
    fn mul(self, other: Self) -> Area {
        Area::from_si(self.si() * other.si())
    }
}

impl Sub for Temperature {
    type Output = TemperatureDifference;
    fn sub(self, other: Self) -> TemperatureDifference {
        TemperatureDifference::from_si(self.si() - other.si())
    }
}

impl Add<TemperatureDifference> for Temperature {
    type Output = Self;
    fn add(self, difference: TemperatureDifference) -> Self {
        Self::from_si(self.si() + difference.si())
    }
}

impl Sub<TemperatureDifference> for Temperature {
    type Output = Self;
    fn sub(self, difference: TemperatureDifference) -> Self {
        Self::from_si(self.si() - difference.si())
    }
}

impl AddAssign<TemperatureDifference> for Temperature {
    fn add_assign(&mut self, difference: TemperatureDifference) {
        *self = *self + difference;
    }
}

impl SubAssign<TemperatureDifference> for Temperature {
    fn sub_assign(&mut self, difference: TemperatureDifference) {
        *self = *self - difference;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heat_through_a_conductance_follows_the_temperature_difference() {
        // 250 kW/K · (40 − 32) K = 2 MW
        let difference = Temperature::celsius(40.0) - Temperature::celsius(32.0);
        let conductance = Conductance::kilowatts_per_kelvin(250.0);
        assert_eq!(conductance * difference, Power::megawatts(2.0));
        assert_eq!(difference * conductance, Power::megawatts(2.0));
        assert_eq!(Power::megawatts(2.0) / conductance, difference);
    }

    #[test]
    fn power_over_time_is_energy() {
        // 500 kW · 2 h = 1 MWh
        let energy = Power::kilowatts(500.0) * Duration::hours(2.0);
        assert_eq!(energy, Energy::megawatt_hours(1.0));
        assert_eq!(energy / Duration::hours(2.0), Power::kilowatts(500.0));
        assert_eq!(energy / Power::kilowatts(500.0), Duration::hours(2.0));
    }

    #[test]
    fn a_body_behind_a_conductance_has_a_time_constant() {
        // 80 kJ/K / 4 kW/K = 20 s
        let tau = HeatCapacity::kilojoules_per_kelvin(80.0) / Conductance::kilowatts_per_kelvin(4.0);
        assert_eq!(tau, Duration::seconds(20.0));
    }

    #[test]
    fn transfer_units_are_conductance_over_capacity_rate() {
        // 100 kW/K / 50 kW/K = 2
        let ntu = Conductance::kilowatts_per_kelvin(100.0) / CapacityRate::kilowatts_per_kelvin(50.0);
        assert_eq!(ntu, Ratio::of(2.0));
    }

    #[test]
    fn water_of_a_density_makes_a_mass_flow() {
        // 1000 kg/m3 · 60 L/min = 1 kg/s, up to the rounding of 0.001 m3/s
        let flow = Density::kilograms_per_cubic_metre(1000.0) * VolumeFlow::litres_per_minute(60.0);
        assert_eq!(flow, MassFlow::kilograms_per_second(1.0));
    }

    #[test]
    fn pump_power_is_pressure_times_volume_flow() {
        // 120 kPa · 10 L/s = 1.2 kW
        let power = Pressure::kilopascals(120.0) * VolumeFlow::litres_per_second(10.0);
        assert_eq!(power, Power::kilowatts(1.2));
    }

    #[test]
    fn a_quotient_of_like_quantities_is_a_ratio() {
        // 1.2 MWh / 1 MWh = 1.2
        let pue = Energy::megawatt_hours(1.2) / Energy::megawatt_hours(1.0);
        assert!((pue.si() - 1.2).abs() < 1e-15);
        assert_eq!(Power::watts(50.0) * Ratio::percent(50.0), Power::watts(25.0));
    }

    #[test]
    fn many_add_up() {
        // 1 + 2 + 3 = 6
        let total: Power = [1.0, 2.0, 3.0].map(Power::kilowatts).into_iter().sum();
        assert_eq!(total, Power::kilowatts(6.0));
        let mut supply = Temperature::celsius(30.0);
        supply += TemperatureDifference::kelvin(2.0);
        assert_eq!(supply, Temperature::celsius(32.0));
    }
}
