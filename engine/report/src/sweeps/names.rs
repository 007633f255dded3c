//! Names and numbers of figures as people read them.

use crate::document::grouped;

/// A figure's name and unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub title: String,
    pub unit: String,
}

/// Figures whose name is an abbreviation, or is said otherwise.
const KNOWN: [(&str, &str); 14] = [
    ("pue", "PUE"),
    ("tue", "TUE"),
    ("itue", "ITUE"),
    ("erf", "ERF"),
    ("wue_site", "WUE"),
    ("cue", "CUE"),
    ("it_energy", "IT energy"),
    ("facility_energy", "facility energy"),
    ("max_junction", "hottest junction"),
    ("max_inlet", "warmest inlet"),
    ("free_cooling", "free cooling"),
    ("water", "water"),
    ("factor", "carbon of the grid"),
    ("accelerator", "accelerator-hours"),
];

impl Name {
    /// Of a column such as `wue_site_l_per_kwh`.
    pub fn of(column: &str) -> Name {
        let (stem, unit) = sweep::parted(column);
        let title = KNOWN.iter().find(|(name, _)| *name == stem).map(|(_, title)| (*title).to_owned());
        let unit = match unit {
            "degC" => "°C",
            "m3" => "m³",
            "m3/s" => "m³/s",
            "1" => "",
            other => other,
        };
        Name { title: title.unwrap_or_else(|| stem.replace('_', " ")), unit: unit.to_owned() }
    }

    /// `PUE` or `WUE [L/kWh]`.
    pub fn heading(&self) -> String {
        if self.unit.is_empty() { self.title.clone() } else { format!("{} [{}]", self.title, self.unit) }
    }

    /// `1.07` among values that differ in hundredths.
    pub fn number_in(&self, value: f64, among: &[f64]) -> String {
        grouped(value, decimals(among))
    }

    /// `PUE 1.0712`, `WUE 0.2 L/kWh`.
    pub fn value(&self, value: f64) -> String {
        self.value_in(value, &[0.0, value / 20.0])
    }

    /// The same, as exact as these values ask for.
    pub fn value_in(&self, value: f64, among: &[f64]) -> String {
        let number = self.number_in(value, among);
        let unit = if self.unit.is_empty() { String::new() } else { format!("\u{a0}{}", self.unit) };
        format!("{} {number}{unit}", self.title)
    }
}

/// Decimals that show some hundredths of the range of values.
pub(crate) fn decimals(values: &[f64]) -> u8 {
    let finite = || values.iter().copied().filter(|v| v.is_finite());
    let (low, high) = finite().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    let span = if high > low { high - low } else { high.abs() };
    (0..7).find(|&digits| span * f64::powi(10.0, i32::from(digits)) >= 100.0).unwrap_or(7)
}

/// `1 case`, `2,000 cases`.
pub(crate) fn cases(count: usize) -> String {
    format!("{} case{}", grouped(count as f64, 0), if count == 1 { "" } else { "s" })
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
