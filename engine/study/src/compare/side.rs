//! One run of a comparison, as its `summary.json` says it.

use crate::notes::part_of_year;
use crate::work::Work;
use serde_json::Value;
use std::fmt;

/// What a comparison needs of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// What it is called here.
    pub name: String,
    /// The site's id.
    pub site: String,
    /// The site's title.
    pub title: String,
    /// Start, from the start of the year [s].
    pub start_s: f64,
    /// Length [h].
    pub hours: f64,
    /// How it was calculated.
    pub mode: Mode,
    /// Where the weather comes from.
    pub weather: String,
    /// What is asked of its accelerators.
    pub work: Option<Work>,
    /// Facility / IT.
    pub pue: Option<f64>,
    /// ITUE · PUE.
    pub tue: Option<f64>,
    /// Make-up / IT [L/kWh].
    pub wue: Option<f64>,
    /// Carbon / IT [kg/kWh].
    pub cue: Option<f64>,
    /// Input of the IT equipment [kWh].
    pub it_energy_kwh: f64,
    /// Input of the site [kWh].
    pub facility_energy_kwh: f64,
    /// Make-up water [m³].
    pub make_up_m3: f64,
    /// Time without compressor [h].
    pub free_cooling_hours: f64,
    /// Hottest junction [°C].
    pub max_junction_c: Option<f64>,
    /// Warmest air at a rack [°C].
    pub max_inlet_c: Option<f64>,
    /// Electricity by use [kWh].
    pub energy_kwh: Vec<(String, f64)>,
    /// Where the water went [m³].
    pub water_m3: Vec<(String, f64)>,
    /// Carbon of the electricity, location-based [kg], and what its factor counts.
    pub carbon: Option<(f64, String)>,
    /// What electricity and water cost.
    pub cost: Option<Cost>,
    /// What it costs to build and to own.
    pub ownership: Option<Owned>,
    /// How long chips throttled [h].
    pub throttled_hours: Option<f64>,
}

/// What a site costs to build and to own.
#[derive(Debug, Clone, PartialEq)]
pub struct Owned {
    /// ISO 4217.
    pub currency: String,
    /// In a year.
    pub discount_rate: f64,
    /// Years that are looked at.
    pub horizon_years: f64,
    /// Of which year's money it is.
    pub price_year: Option<f64>,
    /// All that is bought.
    pub capital: f64,
    /// In a year.
    pub per_year: f64,
    /// The same by what it is for.
    pub parts: Vec<(String, f64)>,
    /// Of a full-load accelerator-hour.
    pub per_accelerator_hour: Option<f64>,
}

impl Owned {
    /// Whether both are reckoned alike.
    #[must_use]
    pub fn is_like(&self, other: &Owned) -> bool {
        let terms = |of: &Owned| (of.discount_rate, of.price_year, of.currency.clone());
        terms(self) == terms(other)
    }

    /// How it is reckoned.
    #[must_use]
    pub fn terms(&self) -> String {
        let year = self.price_year.map_or(String::new(), |year| format!(" of {year:.0}"));
        format!("in {}{year} at {:.1} %", self.currency, 100.0 * self.discount_rate)
    }
}

/// What is paid in a year, as `summary.json` has it.
const PARTS: [&str; 5] = ["capital_recovery", "electricity", "water", "maintenance", "other"];

/// How a run was calculated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mode {
    /// `Dynamic` or `QuasiSteady`.
    pub dynamics: String,
    /// `Sampled`, `Continuous` or `Ideal`.
    pub controls: String,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mode { dynamics, controls } = self;
        write!(f, "{dynamics} with {controls} controls")
    }
}

/// What electricity and water cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Cost {
    /// Of the electricity.
    pub electricity: f64,
    /// Of the water.
    pub water: f64,
    /// Of both.
    pub total: f64,
    /// ISO 4217.
    pub currency: String,
}

/// What a summary lacks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} in the summary: it was written by another version of isotherm, or changed; run the site again", .0.join("; "))]
pub struct Malformed(pub Vec<String>);

/// Reads fields and collects what is missing.
struct Reader<'a> {
    data: &'a Value,
    wrong: Vec<String>,
}

impl Reader<'_> {
    fn at(&self, path: &str) -> Option<&Value> {
        path.split('.').try_fold(self.data, |value, name| value.get(name))
    }
    fn number(&mut self, path: &str) -> f64 {
        match self.at(path).and_then(Value::as_f64) {
            Some(value) => value,
            None => {
                self.wrong.push(format!("{path} is no number"));
                0.0
            }
        }
    }
    fn optional(&mut self, path: &str) -> Option<f64> {
        match self.at(path) {
            None | Some(Value::Null) => None,
            Some(_) => Some(self.number(path)),
        }
    }
    fn text(&mut self, path: &str) -> String {
        match self.at(path).and_then(Value::as_str) {
            Some(text) => text.to_owned(),
            None => {
                self.wrong.push(format!("{path} is no text"));
                String::new()
            }
        }
    }
    fn parts(&mut self, path: &str) -> Vec<(String, f64)> {
        let Some(parts) = self.at(path).and_then(Value::as_object) else {
            self.wrong.push(format!("{path} is missing"));
            return Vec::new();
        };
        let mut found = Vec::new();
        let mut wrong = Vec::new();
        for (name, value) in parts {
            match value.as_f64() {
                Some(value) => found.push((name.clone(), value)),
                None => wrong.push(format!("{path}.{name} is no number")),
            }
        }
        self.wrong.extend(wrong);
        found
    }
}

impl Side {
    /// From the content of a `summary.json`, called `name`.
    ///
    /// # Errors
    /// All fields that are not what they should be.
    pub fn read(name: &str, data: &Value) -> Result<Side, Malformed> {
        let mut r = Reader { data, wrong: Vec::new() };
        let facility = r.number("metrics.facility_energy_kwh");
        let make_up = r.number("metrics.water_m3");
        // What the site made of sun and wind is not bought, and what it sold is not taken off.
        let bought = r.optional("metrics.bought_energy_kwh").unwrap_or(facility);
        let carbon = r.optional("carbon.factor_kg_per_kwh").map(|f| (f * bought, r.text("carbon.basis")));
        let cost = r.optional("tariff.electricity_per_kwh").map(|price| {
            let (electricity, water) = (price * bought, r.number("tariff.water_per_m3") * make_up);
            let currency = r.text("tariff.currency");
            Cost { electricity, water, total: electricity + water, currency }
        });
        let ownership = r.optional("money.per_year.total").map(|per_year| Owned {
            currency: r.text("money.currency"),
            discount_rate: r.number("money.discount_rate"),
            horizon_years: r.number("money.horizon_years"),
            price_year: r.optional("money.price_year"),
            capital: r.number("money.capital.total"),
            per_year,
            parts: PARTS.map(|name| (name.to_owned(), r.number(&format!("money.per_year.{name}")))).to_vec(),
            per_accelerator_hour: r.optional("money.per_accelerator_hour"),
        });
        if data.get("work").is_none() {
            r.wrong.push("work is missing".to_owned());
        }
        let work = r
            .optional("work.accelerators")
            .map(|accelerators| Work { accelerators, accelerator_hours: r.number("work.accelerator_hours") });
        let throttled =
            data.get("notes").and_then(Value::as_array).into_iter().flatten().filter_map(|note| {
                let text = note.get("text")?.as_str()?;
                let seconds = note.get("duration_s")?.as_f64()?;
                text.contains("throttle").then_some(seconds / 3600.0)
            });
        let throttled_hours = throttled.reduce(f64::max);
        let side = Side {
            name: name.to_owned(),
            site: r.text("site"),
            title: r.text("title"),
            start_s: r.number("period.start_s"),
            hours: r.number("period.hours"),
            mode: Mode { dynamics: r.text("mode.dynamics"), controls: r.text("mode.controls") },
            weather: r.text("weather"),
            work,
            pue: r.optional("metrics.pue"),
            tue: r.optional("metrics.tue"),
            wue: r.optional("metrics.wue_site_l_per_kwh"),
            cue: r.optional("metrics.cue_kg_per_kwh"),
            it_energy_kwh: r.number("metrics.it_energy_kwh"),
            facility_energy_kwh: facility,
            make_up_m3: make_up,
            free_cooling_hours: r.number("metrics.free_cooling_hours"),
            max_junction_c: r.optional("metrics.max_junction_c"),
            max_inlet_c: r.optional("metrics.max_inlet_c"),
            energy_kwh: r.parts("energy_kwh"),
            water_m3: r.parts("water_m3"),
            carbon,
            cost,
            ownership,
            throttled_hours,
        };
        if r.wrong.is_empty() { Ok(side) } else { Err(Malformed(r.wrong)) }
    }

    /// Its period in words.
    #[must_use]
    pub fn period(&self) -> String {
        if self.start_s == 0.0 && self.hours == 8760.0 {
            return "one year".to_owned();
        }
        part_of_year(self.start_s, self.hours)
    }
}
