//! Tables made by other people's programs: `tests/validation/oracle`.

pub mod cooling;
pub mod liquids;
pub mod moist_air;

use crate::source::{Kind, Source};

/// 0 °C [K].
pub(crate) const ZERO: f64 = 273.15;

const TABLES: &str = "tests/validation/oracle";

/// The equations of the handbook, in Python.
pub const PSYCHROLIB: Source = Source {
    id: "psychrolib",
    title: "psychrolib 2.5.0 (ASHRAE Handbook of Fundamentals 2017, chapter 1)",
    kind: Kind::Program,
    tables: TABLES,
};
/// Real gases, the steam tables, and Melinder's glycols.
pub const COOLPROP: Source = Source {
    id: "coolprop",
    title: "CoolProp 8.0.0 (RP-1485 moist air, IAPWS-95, Lemmon and Jacobsen 2004, Melinder 2010)",
    kind: Kind::Program,
    tables: TABLES,
};
/// The polynomials of its reference, worked out in Python, and its data sets.
pub const REFERENCE_CURVES: Source = Source {
    id: "energyplus_curves",
    title: "Polynomials and curve sets of the EnergyPlus 25.2 Engineering Reference and data sets, evaluated in Python",
    kind: Kind::Publication,
    tables: TABLES,
};
/// Hours of its runs.
pub const ENERGYPLUS_HOURS: Source = Source {
    id: "energyplus_hours",
    title: "EnergyPlus 25.2.0, single hours of annual runs (Chicago)",
    kind: Kind::Program,
    tables: TABLES,
};
/// The glycols of the handbook.
pub const ASHRAE_GLYCOLS: Source = Source {
    id: "ashrae_glycols",
    title: "ASHRAE glycol tables as EnergyPlus 25.2 carries them",
    kind: Kind::Publication,
    tables: TABLES,
};
/// ε–NTU.
pub const EFFECTIVENESS: Source = Source {
    id: "effectiveness_ntu",
    title: "Closed forms of ε–NTU (Kays and London; for both streams unmixed the approximation in NTU^0.22), evaluated in Python",
    kind: Kind::ClosedForm,
    tables: TABLES,
};

/// A table of the folder, embedded.
macro_rules! table {
    ($name:literal) => {
        $crate::Table::read($name, include_str!(concat!("../../../../tests/validation/oracle/", $name)))
    };
}
pub(crate) use table;
