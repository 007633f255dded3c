//! What a profile may look at: the summary of a run and its course over time.

use super::words;
use crate::document::{Language, grouped};
use serde_json::Value;

/// The course of a run, interval by interval; all lists have one length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Course {
    /// Ends of the intervals [s from the start of the year].
    pub ends: Vec<f64>,
    /// Their lengths [h].
    pub hours: Vec<f64>,
    /// Outdoor dry bulb at the end of each [°C].
    pub dry_bulb_c: Vec<f64>,
    /// Facility energy of each [kWh].
    pub facility_kwh: Vec<f64>,
    /// IT energy of each [kWh].
    pub it_kwh: Vec<f64>,
}

/// A finished run as profiles see it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence<'a> {
    /// `summary.json`.
    pub summary: &'a Value,
    /// The course over time, where it can be read.
    pub course: Option<&'a Course>,
}

impl Evidence<'_> {
    /// What stands at a path such as `metrics.pue`; nothing where it is null.
    pub(super) fn figure(&self, path: &str) -> Option<&Value> {
        let found = path.split('.').try_fold(self.summary, |value, key| value.get(key))?;
        (!found.is_null()).then_some(found)
    }

    /// A finite number at a path.
    pub(super) fn number(&self, path: &str) -> Option<f64> {
        self.figure(path)?.as_f64().filter(|value| value.is_finite())
    }

    /// What the site's author gives.
    pub(super) fn given(&self, key: &str) -> Option<&Value> {
        self.summary.get("disclosure")?.get(key).filter(|value| !value.is_null())
    }

    /// A number that the site's author gives.
    pub(super) fn given_number(&self, key: &str) -> Option<f64> {
        self.given(key)?.as_f64()
    }

    pub(super) fn reporting_year(&self) -> Option<u16> {
        let year = self.given_number("reporting_year")?;
        (0.0..=9999.0).contains(&year).then_some(year as u16)
    }

    pub(super) fn whole_year(&self) -> bool {
        self.figure("period.whole_year").and_then(Value::as_bool).unwrap_or(false)
    }

    pub(super) fn hours(&self) -> f64 {
        self.number("period.hours").unwrap_or(0.0)
    }

    /// How a simulated value came to be, in words.
    pub(super) fn simulated(&self, language: Language) -> String {
        let say = words::of(language);
        if self.whole_year() { say.simulated.to_owned() } else { say.interim.to_owned() }
    }

    /// A method, with what bounds a value of sun and wind on site.
    pub(super) fn of_own_generation(&self, method: String, language: Language) -> String {
        match self.figure("on_site.cloudless").and_then(Value::as_bool) {
            Some(true) => format!("{method}; {}", words::of(language).cloudless),
            _ => method,
        }
    }

    /// Which part of a year is covered, in words.
    pub(super) fn coverage(&self, language: Language) -> String {
        let hours = self.hours();
        (words::of(language).hours)(&grouped(hours, 0), &grouped((hours / 87.6).min(100.0), 1))
    }

    /// The carbon factor with its basis and source.
    pub(super) fn carbon_factor(&self, say: &words::Say) -> Option<String> {
        let text =
            |key: &str| self.figure(&format!("carbon.{key}")).and_then(Value::as_str).unwrap_or_default();
        let factor = self.number("carbon.factor_kg_per_kwh")?;
        let year = self.number("carbon.year").map(|y| format!(" {y:.0}")).unwrap_or_default();
        Some(format!(
            "{} g/kWh, {}{year}, {}; {} ({})",
            grouped(factor * 1e3, 0),
            if text("basis") == "direct" { say.direct } else { say.lifecycle },
            crate::content::file_name(text("grid")),
            text("source"),
            text("confidence"),
        ))
    }
}
