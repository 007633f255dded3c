//! Quantities: SI inside, the unit in the spelling.
//!
//! Whatever a person writes is a number *with its unit*, `"1.2 MW"` or `"30 °C"`; whatever the
//! program calculates with is an `f64` in SI. This crate is the only place where the two meet.
//!
//! * [`Quantity`] names a kind of quantity at run time: it reads, displays and lists units.
//! * The newtypes ([`Power`], [`Temperature`], …) name it at compile time, with the arithmetic
//!   that is dimensionally right and no other.
//! * [`UnitError`] says in the field's words what is wrong with a text and what to write instead.
//!
//! ```
//! use units::{Conductance, Power, Quantity, Temperature};
//!
//! assert_eq!(Quantity::Temperature.parse("30 °C"), Ok(303.15));
//! assert_eq!(Quantity::Power.display(1.2e6), "1.2 MW");
//!
//! // Q = UA · ΔT = 250 kW/K · (40 − 32) K = 2 MW
//! let heat = Conductance::kilowatts_per_kelvin(250.0)
//!     * (Temperature::celsius(40.0) - Temperature::celsius(32.0));
//! assert_eq!(heat, Power::megawatts(2.0));
//!
//! let error = Quantity::Temperature.parse("30 kW").unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "\"30 kW\" is a power, a temperature such as \"30 °C\" is expected",
//! );
//! ```
//!
//! # Accepted spelling
//!
//! A decimal number (`30`, `-0.5`, `1.2e6`), an optional space, a unit. Case matters (`MW` is not
//! `mW`). `m³`, `m^3` and `m3` are the same, as are `kJ/(kg·K)` and `kJ/(kg K)`. Durations may be
//! compound (`2 h 30 min`), ratios may be bare (`0.92`). Everything else is refused with a hint:
//! bare numbers, decimal commas, units of another quantity, NaN and infinities.
//!
//! # Absences
//!
//! * No ranges: whether −300 °C makes sense is for whoever asks for the quantity.
//! * No unit algebra: the accepted units are a list ([`Quantity::units`]), so that each can be
//!   shown to the person who mistyped one.
//! * No serialisation: files are read elsewhere, through [`Quantity::parse`].

mod alias;
mod arithmetic;
mod error;
mod parse;
mod quantity;
mod typed;
mod unit;
mod write;

pub use error::UnitError;
pub use quantity::Quantity;
pub use typed::{
    Area, CapacityRate, Conductance, Density, Dimensioned, Duration, Energy, HeatCapacity, Length, Mass,
    MassFlow, Power, Pressure, Ratio, Temperature, TemperatureDifference, Volume, VolumeFlow,
};
pub use unit::Unit;
pub use write::System;
