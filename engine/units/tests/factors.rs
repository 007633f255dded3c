//! The factors against those printed in NIST Special Publication 811 (2008), appendix B.8.
//!
//! The table prints seven significant digits, so that agreement is expected to half a unit of the
//! seventh; exact values (in bold there) are expected to the rounding of an `f64`.

use units::Quantity;

#[track_caller]
fn factor(quantity: Quantity, symbol: &str) -> f64 {
    quantity.unit(symbol).unwrap().factor
}

#[test]
fn factors_printed_to_seven_digits_agree() {
    for (quantity, symbol, printed) in [
        (Quantity::Power, "Btu/h", 2.930711e-1),
        (Quantity::Power, "ton_r", 3.516853e3),
        (Quantity::Power, "hp", 7.456999e2),
        (Quantity::Energy, "Btu", 1.055056e3),
        (Quantity::MassFlow, "lb/h", 1.259979e-4),
        (Quantity::VolumeFlow, "gpm", 6.309020e-5),
        (Quantity::VolumeFlow, "CFM", 4.719474e-4),
        (Quantity::Pressure, "psi", 6.894757e3),
        (Quantity::Pressure, "inH2O", 2.490889e2),
        (Quantity::Pressure, "ftH2O", 2.989067e3),
        (Quantity::Volume, "gal", 3.785412e-3),
        (Quantity::Volume, "ft3", 2.831685e-2),
        (Quantity::Mass, "lb", 4.535924e-1),
        (Quantity::Density, "lb/ft3", 1.601846e1),
        (Quantity::Angle, "deg", 1.745329e-2),
        (Quantity::Velocity, "km/h", 2.777778e-1),
    ] {
        let ours = factor(quantity, symbol);
        let unit_of_the_seventh = 10f64.powf(f64::log10(printed).floor() - 6.0);
        let apart = (ours - printed).abs();
        assert!(apart <= 0.5001 * unit_of_the_seventh, "{symbol}: {ours}");
    }
}

#[test]
fn exact_factors_agree_to_rounding() {
    for (quantity, symbol, exact) in [
        (Quantity::Length, "in", 0.0254),
        (Quantity::Length, "ft", 0.3048),
        (Quantity::Area, "ft2", 0.092_903_04),
        (Quantity::Velocity, "ft/min", 0.005_08),
        (Quantity::Pressure, "mH2O", 9806.65),
        (Quantity::Pressure, "mbar", 100.0),
        (Quantity::SpecificHeat, "Btu/(lb °F)", 4186.8),
        (Quantity::SpecificEnthalpy, "Btu/lb", 2326.0),
        // 1055.055 852 62 J / 0.453 592 37 kg = 2326 J/kg, by which the unit is defined
        (Quantity::SpecificEnthalpy, "Btu/lb", 1_055.055_852_62 / 0.453_592_37),
        (Quantity::Energy, "kWh", 3.6e6),
        (Quantity::CarbonIntensity, "g/kWh", 1e-3 / 3.6e6),
        (Quantity::WaterIntensity, "L/kWh", 1e-3 / 3.6e6),
        (Quantity::Frequency, "rpm", 1.0 / 60.0),
    ] {
        let ours = factor(quantity, symbol);
        assert!((ours / exact - 1.0).abs() < 1e-15, "{symbol}: {ours}");
    }
}
