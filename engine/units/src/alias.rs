//! Further spellings of the accepted units, as [`normalise`](crate::parse::normalise) leaves them.
//!
//! A spelling that reads as two different units to different people is no alias: `ton` is not
//! here.

/// Spelling and canonical symbol. One spelling may stand for units of several quantities.
pub(crate) const ALIASES: &[(&str, &str)] = &[
    ("degC", "°C"),
    ("deg C", "°C"),
    ("° C", "°C"),
    ("C", "°C"),
    ("degF", "°F"),
    ("deg F", "°F"),
    ("° F", "°F"),
    ("F", "°F"),
    ("ΔK", "K"),
    ("Δ°C", "K"),
    ("ΔdegC", "K"),
    ("ΔdegF", "Δ°F"),
    ("R", "Δ°F"),
    ("°R", "Δ°F"),
    ("TR", "ton_r"),
    ("tonR", "ton_r"),
    ("BTU/h", "Btu/h"),
    ("BTU/hr", "Btu/h"),
    ("Btu/hr", "Btu/h"),
    ("BTU", "Btu"),
    ("W h", "Wh"),
    ("kW h", "kWh"),
    ("MW h", "MWh"),
    ("GW h", "GWh"),
    ("kg/hr", "kg/h"),
    ("lb/hr", "lb/h"),
    ("l/s", "L/s"),
    ("l/min", "L/min"),
    ("l/h", "L/h"),
    ("LPM", "L/min"),
    ("lpm", "L/min"),
    ("m3/hr", "m3/h"),
    ("GPM", "gpm"),
    ("gal/min", "gpm"),
    ("cfm", "CFM"),
    ("ft3/min", "CFM"),
    ("in H2O", "inH2O"),
    ("ft H2O", "ftH2O"),
    ("m H2O", "mH2O"),
    ("inWC", "inH2O"),
    ("inWG", "inH2O"),
    ("lbf/in2", "psi"),
    ("W/°C", "W/K"),
    ("kW/°C", "kW/K"),
    ("MW/°C", "MW/K"),
    ("J/°C", "J/K"),
    ("kJ/°C", "kJ/K"),
    ("J/kg/K", "J/(kg K)"),
    ("J/kgK", "J/(kg K)"),
    ("J/(kgK)", "J/(kg K)"),
    ("J/kg K", "J/(kg K)"),
    ("kJ/kg/K", "kJ/(kg K)"),
    ("kJ/kgK", "kJ/(kg K)"),
    ("kJ/(kgK)", "kJ/(kg K)"),
    ("kJ/kg K", "kJ/(kg K)"),
    ("°C/W", "K/W"),
    ("°C/kW", "K/kW"),
    ("um", "µm"),
    ("l", "L"),
    ("ml", "mL"),
    ("lbs", "lb"),
    ("g/mL", "g/cm3"),
    ("sec", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("minute", "min"),
    ("minutes", "min"),
    ("hr", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("day", "d"),
    ("days", "d"),
    ("year", "yr"),
    ("years", "yr"),
    ("percent", "%"),
    ("fpm", "ft/min"),
    ("°", "deg"),
    ("gCO2/kWh", "g/kWh"),
    ("gCO2e/kWh", "g/kWh"),
    ("kgCO2/kWh", "kg/kWh"),
    ("kgCO2e/kWh", "kg/kWh"),
    ("l/kWh", "L/kWh"),
    ("1/hr", "1/h"),
    ("/s", "1/s"),
    ("/min", "1/min"),
    ("/h", "1/h"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Quantity;
    use crate::parse::normalise;

    #[test]
    fn every_further_spelling_means_a_unit_and_only_one() {
        for (alias, symbol) in ALIASES {
            assert_eq!(normalise(alias), *alias, "never met by a normalised text");
            let means = |quantity: &&Quantity| quantity.unit(alias).is_some();
            let quantities: Vec<_> = Quantity::ALL.iter().filter(means).collect();
            assert!(!quantities.is_empty(), "{alias}");
            for quantity in quantities {
                let unit = quantity.unit(alias).unwrap();
                assert_eq!(unit.symbol, *symbol, "{alias} as a {quantity}");
            }
        }
    }
}
