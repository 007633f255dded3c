//! What a site says for its books beyond the meters: refrigerants, where its water comes from, what it is built of.

/// A factor with where it comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cited {
    /// Its name in a site file.
    pub name: &'static str,
    /// The value.
    pub value: f64,
    /// Lowest and highest of the literature; nothing where not known.
    pub range: Option<(f64, f64)>,
    /// Where it comes from.
    pub source: &'static str,
    /// How sure it is.
    pub confidence: &'static str,
}

/// A refrigerant with its warming potentials over 100 years [kg CO₂e per kg].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Refrigerant {
    /// Its name in a site file, as ISO 817 has it without dashes.
    pub name: &'static str,
    /// As the European F-gas regulation has it, after AR4.
    pub ar4: f64,
    /// After the sixth assessment report.
    pub ar6: f64,
}

/// Where the warming potentials come from.
pub const GWP_SOURCE: &str = "engineering knowledge, to verify: GWP100 of the F-gas regulation (AR4 basis) and of IPCC AR6, WG I, table 7.SM.7, recalled";
/// How sure they are.
pub const GWP_CONFIDENCE: &str = "C";

/// The refrigerants that are known.
pub const REFRIGERANTS: &[Refrigerant] = &[
    Refrigerant { name: "R134a", ar4: 1430.0, ar6: 1530.0 },
    Refrigerant { name: "R513A", ar4: 631.0, ar6: 629.0 },
    Refrigerant { name: "R1234zeE", ar4: 7.0, ar6: 1.4 },
    Refrigerant { name: "R1234yf", ar4: 4.0, ar6: 0.5 },
    Refrigerant { name: "R410A", ar4: 2088.0, ar6: 2256.0 },
    Refrigerant { name: "R32", ar4: 675.0, ar6: 771.0 },
    Refrigerant { name: "R454B", ar4: 466.0, ar6: 531.0 },
    Refrigerant { name: "R515B", ar4: 293.0, ar6: 299.0 },
    Refrigerant { name: "R514A", ar4: 7.0, ar6: 1.7 },
    Refrigerant { name: "R1233zdE", ar4: 4.5, ar6: 3.9 },
    Refrigerant { name: "R407C", ar4: 1774.0, ar6: 1908.0 },
    Refrigerant { name: "R744", ar4: 1.0, ar6: 1.0 },
    Refrigerant { name: "R290", ar4: 3.0, ar6: 0.02 },
];

const TO_VERIFY: &str = "engineering knowledge, to verify; A1–A3";

const fn recalled(name: &'static str, value: f64, low: f64, high: f64) -> Cited {
    Cited { name, value, range: Some((low, high)), source: TO_VERIFY, confidence: "C" }
}

/// Materials, embodied carbon from cradle to gate [kg CO₂e per kg].
pub const MATERIALS: &[Cited] = &[
    recalled("Concrete", 0.138, 0.12, 0.16),
    recalled("ConcreteBlended", 0.11, 0.09, 0.125),
    recalled("ConcreteLowCarbon", 0.075, 0.05, 0.09),
    recalled("ConcreteSubstitute", 0.03, 0.01, 0.05),
    recalled("ConcretePrecast", 0.18, 0.15, 0.25),
    recalled("SteelSection", 1.55, 1.1, 2.5),
    recalled("SteelSectionChina", 2.2, 1.8, 2.6),
    recalled("SteelScrap", 0.5, 0.3, 0.8),
    recalled("SteelNearZero", 0.15, 0.05, 0.4),
    recalled("Rebar", 0.6, 0.4, 1.2),
    recalled("CrossLaminatedTimber", 0.3, 0.18, 0.45),
    recalled("Glulam", 0.28, 0.2, 0.5),
    recalled("Aluminium", 14.0, 10.0, 18.0),
    recalled("AluminiumLowCarbon", 4.0, 3.0, 5.0),
    recalled("Copper", 3.8, 2.5, 5.5),
    recalled("StainlessSteel", 4.4, 3.0, 6.0),
];

const ECOLOGITS: &str = "sourced: github:genai-impact/ecologits@2d0a1c7, impacts/llm.py; cradle to gate";

/// Equipment, embodied carbon from cradle to gate [kg CO₂e per piece].
pub const EQUIPMENT: &[Cited] = &[
    Cited { name: "GpuCardH100", value: 164.0, range: None, source: ECOLOGITS, confidence: "A" },
    Cited { name: "GpuServerChassis", value: 5700.0, range: None, source: ECOLOGITS, confidence: "A" },
    recalled("CpuServer", 1300.0, 900.0, 2500.0),
    recalled("AscendCard", 200.0, 120.0, 350.0),
    recalled("RackGb200Nvl72", 25_000.0, 15_000.0, 40_000.0),
    recalled("DieselGenerator2Mw", 45_000.0, 30_000.0, 70_000.0),
    recalled("Ups1Mva", 18_000.0, 10_000.0, 30_000.0),
    recalled("BatteryMwh", 75_000.0, 55_000.0, 110_000.0),
    recalled("AirCooledChiller1Mw", 40_000.0, 25_000.0, 60_000.0),
    recalled("DryCooler1Mw", 22_000.0, 12_000.0, 35_000.0),
    recalled("Cdu1Mw", 9_000.0, 5_000.0, 15_000.0),
    recalled("Transformer2500Kva", 22_000.0, 12_000.0, 30_000.0),
];

/// Biogenic carbon stored in cross-laminated timber and glulam [kg CO₂ per kg]: reported beside, never taken off.
pub const BIOGENIC: f64 = -1.64;

/// Refrigerant of a site.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Charge {
    /// Which.
    pub refrigerant: Refrigerant,
    /// Filled in [kg].
    pub charge: f64,
    /// Share of it that leaks in a year.
    pub leakage: f64,
    /// After AR4 in place of AR6.
    pub ar4: bool,
}

/// An entry of the bill of quantities.
#[derive(Debug, Clone, PartialEq)]
pub struct BillItem {
    /// What it is, as written.
    pub what: String,
    /// Its factor.
    pub factor: Cited,
    /// How much [kg], or how many.
    pub amount: f64,
    /// Whether the amount is a mass.
    pub mass: bool,
    /// Service life [s].
    pub life: f64,
    /// What it takes the place of: a factor and an amount in the same unit as this one's own.
    pub instead_of: Option<(Cited, f64)>,
}

/// All of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Books {
    /// Refrigerants.
    pub refrigerants: Vec<Charge>,
    /// Share of potable water in the make-up.
    pub potable_share: Option<f64>,
    /// Baseline water stress, as written.
    pub stress: Option<String>,
    /// What it is built of.
    pub bill: Vec<BillItem>,
    /// What it costs to build and to own.
    pub money: Option<crate::money::Money>,
    /// What is pledged by a year, and planned until then.
    pub pledges: Option<crate::pledges::Pledges>,
}
