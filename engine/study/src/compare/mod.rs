//! Several runs beside each other: what differs, and what makes it differ.
//!
//! # Definitions
//! ```text
//! change of a use = electricity of the one run there − electricity of the reference there
//! Σ changes + unaccounted = difference of the facility energies        unaccounted: what the run's own balance misses
//! per accelerator-hour = use / full-load accelerator-hours             see `work`
//! per IT energy        = use / IT energy                               its steps sum to the difference of PUE
//! ```
//! The first run is the reference. Everything is read from `summary.json`, so that a finished run and a site that is
//! run now are the same thing. Nothing here simulates or opens a file.

mod json;
mod sentences;
mod side;
mod text;
mod unlike;
mod waterfall;

pub use json::{SCHEMA, json};
pub use sentences::{causes, energy, percent, sign};
pub use side::{Cost, Malformed, Mode, Owned, Side};
pub use text::text;
pub use unlike::{Unlike, What};
pub use waterfall::{Step, Waterfall};

/// Work that differs by less than this share is the same.
const SAME_WORK: f64 = 1e-6;

/// Runs and their differences from the first.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// In the order given.
    pub sides: Vec<Side>,
    /// Of every other from the first.
    pub differences: Vec<Difference>,
}

/// What one run has more or less than the reference.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Its place among the sides.
    pub side: usize,
    /// Whether both do the same work.
    pub work: SameWork,
    /// What else is not the same: period, weather, mode, carbon factors, currency.
    pub unlike: Vec<Unlike>,
    /// Figures of both.
    pub figures: Vec<Delta>,
    /// Electricity by use [kWh].
    pub energy: Waterfall,
    /// Electricity by use per full-load accelerator-hour [Wh]; nothing where either has none.
    pub per_work: Option<Waterfall>,
    /// Electricity by use per IT energy [1]: from PUE to PUE; nothing where either has none.
    pub per_it: Option<Waterfall>,
    /// Water that left the site, by account [m³]: from make-up to make-up, the rest is what basins hold.
    pub water: Waterfall,
    /// Cost of ownership in a year, by what it is for; nothing where either has none or they are not reckoned alike.
    pub ownership: Option<Waterfall>,
}

/// Whether two runs do the same work.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SameWork {
    /// The same accelerator-hours, to a millionth.
    Same,
    /// So much more, as a share of the reference's.
    Differs(f64),
    /// One of them has no accelerators: only IT energies can be compared, which differ by this share.
    Unknown(Option<f64>),
}

/// A figure of two runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Delta {
    /// Its name as in `summary.json`.
    pub name: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// Its unit; `1` where it has none, a currency where it is money.
    pub unit: String,
    /// Digits that are shown.
    pub digits: usize,
    /// Of the reference.
    pub from: Option<f64>,
    /// Of the other.
    pub to: Option<f64>,
}

impl Delta {
    /// The other less the reference, where both are there.
    #[must_use]
    pub fn change(&self) -> Option<f64> {
        self.from.zip(self.to).map(|(from, to)| to - from)
    }

    /// The same as a share of the reference.
    #[must_use]
    pub fn relative(&self) -> Option<f64> {
        share(self.change()?, self.from?)
    }
}

/// A share, where there is something to divide by.
#[must_use]
pub fn share(of: f64, whole: f64) -> Option<f64> {
    (whole != 0.0).then(|| of / whole)
}

/// Compares runs with the first of them.
#[must_use]
pub fn compare(sides: Vec<Side>) -> Comparison {
    let differences = match sides.split_first() {
        Some((first, rest)) => {
            rest.iter().enumerate().map(|(k, other)| difference(first, other, k + 1)).collect()
        }
        None => Vec::new(),
    };
    Comparison { sides, differences }
}

fn difference(a: &Side, b: &Side, side: usize) -> Difference {
    let hours = |side: &Side| side.work.map(|work| work.accelerator_hours).filter(|hours| *hours > 0.0);
    let work = match hours(a).zip(hours(b)) {
        Some((from, to)) if (to / from - 1.0).abs() <= SAME_WORK => SameWork::Same,
        Some((from, to)) => SameWork::Differs(to / from - 1.0),
        None => SameWork::Unknown(share(b.it_energy_kwh - a.it_energy_kwh, a.it_energy_kwh)),
    };
    let by_use = |by: Option<(f64, f64)>| {
        by.map(|(a_by, b_by)| {
            let scaled = |side: &Side, by: f64| -> Vec<(String, f64)> {
                side.energy_kwh.iter().map(|(name, kwh)| (name.clone(), kwh / by)).collect()
            };
            Waterfall::of(
                a.facility_energy_kwh / a_by,
                b.facility_energy_kwh / b_by,
                &scaled(a, a_by),
                &scaled(b, b_by),
            )
        })
    };
    let positive = |a: f64, b: f64| (a > 0.0 && b > 0.0).then_some((a, b));
    Difference {
        side,
        work,
        unlike: unlike(a, b),
        figures: figures(a, b),
        energy: Waterfall::of(a.facility_energy_kwh, b.facility_energy_kwh, &a.energy_kwh, &b.energy_kwh),
        // Wh: kWh over hours over 1000.
        per_work: by_use(hours(a).zip(hours(b)).map(|(a, b)| (a / 1000.0, b / 1000.0))),
        per_it: by_use(positive(a.it_energy_kwh, b.it_energy_kwh)),
        water: Waterfall::of(a.make_up_m3, b.make_up_m3, &a.water_m3, &b.water_m3),
        ownership: owned(a, b).map(|(x, y)| Waterfall::of(x.per_year, y.per_year, &x.parts, &y.parts)),
    }
}

/// What both cost to own, where it is reckoned alike.
fn owned<'a>(a: &'a Side, b: &'a Side) -> Option<(&'a Owned, &'a Owned)> {
    a.ownership.as_ref().zip(b.ownership.as_ref()).filter(|(x, y)| x.is_like(y))
}

/// What keeps two runs from being compared as they stand.
fn unlike(a: &Side, b: &Side) -> Vec<Unlike> {
    let mut found = Vec::new();
    let names = [a.name.clone(), b.name.clone()];
    let mut differ = |what, of: [String; 2]| found.push(Unlike::Differ { what, names: names.clone(), of });
    if (a.start_s, a.hours) != (b.start_s, b.hours) {
        differ(What::Period, [a.period(), b.period()]);
    }
    if a.weather != b.weather {
        differ(What::Weather, [a.weather.clone(), b.weather.clone()]);
    }
    if a.mode != b.mode {
        differ(What::Mode, [a.mode.to_string(), b.mode.to_string()]);
    }
    if let Some((x, y)) = a.carbon.as_ref().zip(b.carbon.as_ref())
        && x.1 != y.1
    {
        differ(What::CarbonBasis, [x.1.clone(), y.1.clone()]);
    }
    if let Some((x, y)) = a.cost.as_ref().zip(b.cost.as_ref())
        && x.currency != y.currency
    {
        differ(What::Currency, [x.currency.clone(), y.currency.clone()]);
    }
    if let Some((x, y)) = a.ownership.as_ref().zip(b.ownership.as_ref())
        && !x.is_like(y)
    {
        differ(What::Ownership, [x.terms(), y.terms()]);
    }
    for side in [a, b] {
        if let Some(hours) = side.throttled_hours {
            found.push(Unlike::Throttled { name: side.name.clone(), hours });
        }
    }
    found
}

fn figures(a: &Side, b: &Side) -> Vec<Delta> {
    let carbon = match (&a.carbon, &b.carbon) {
        (Some(x), Some(y)) if x.1 == y.1 => [Some(x.0), Some(y.0)],
        _ => [None, None],
    };
    let (cost, currency) = match (&a.cost, &b.cost) {
        (Some(x), Some(y)) if x.currency == y.currency => {
            ([Some(x.total), Some(y.total)], x.currency.clone())
        }
        _ => ([None, None], String::new()),
    };
    let owned = owned(a, b);
    let (from, to) = owned.unzip();
    let of_both = |value: fn(&Owned) -> Option<f64>| [from.and_then(value), to.and_then(value)];
    let money = from.map_or("", |owned| owned.currency.as_str());
    let cue = if carbon[0].is_some() { [a.cue, b.cue] } else { [None, None] };
    let hours = |side: &Side| side.work.map(|work| work.accelerator_hours);
    let row = |name, label, unit: &str, digits, [from, to]: [Option<f64>; 2]| Delta {
        name,
        label,
        unit: unit.to_owned(),
        digits,
        from,
        to,
    };
    vec![
        row("pue", "PUE", "1", 3, [a.pue, b.pue]),
        row("tue", "TUE", "1", 3, [a.tue, b.tue]),
        row("wue_site_l_per_kwh", "WUE", "L/kWh", 3, [a.wue, b.wue]),
        row("cue_kg_per_kwh", "CUE", "kg/kWh", 3, cue),
        row("accelerator_hours", "IT work", "accelerator h", 0, [hours(a), hours(b)]),
        row("it_energy_kwh", "IT equipment", "kWh", 0, [Some(a.it_energy_kwh), Some(b.it_energy_kwh)]),
        row(
            "facility_energy_kwh",
            "Facility",
            "kWh",
            0,
            [Some(a.facility_energy_kwh), Some(b.facility_energy_kwh)],
        ),
        row("water_m3", "Water", "m³", 0, [Some(a.make_up_m3), Some(b.make_up_m3)]),
        row("carbon_t", "Carbon", "t", 0, carbon.map(|kg| kg.map(|kg| kg / 1000.0))),
        row("cost", "Cost of both", &currency, 0, cost),
        row("capital", "Capital", money, 0, of_both(|owned| Some(owned.capital))),
        row("cost_per_year", "Cost of ownership a year", money, 0, of_both(|owned| Some(owned.per_year))),
        row(
            "cost_per_accelerator_hour",
            "Accelerator-hour",
            money,
            4,
            of_both(|owned| owned.per_accelerator_hour),
        ),
        row(
            "free_cooling_hours",
            "No compressor",
            "h",
            0,
            [Some(a.free_cooling_hours), Some(b.free_cooling_hours)],
        ),
        row("max_junction_c", "Hottest junction", "°C", 1, [a.max_junction_c, b.max_junction_c]),
        row("max_inlet_c", "Warmest rack inlet", "°C", 1, [a.max_inlet_c, b.max_inlet_c]),
    ]
}

impl Comparison {
    /// The answer in sentences, for the k-th difference.
    #[must_use]
    pub fn sentences(&self, k: usize) -> Vec<String> {
        let Some((difference, first)) = self.differences.get(k).zip(self.sides.first()) else {
            return Vec::new();
        };
        match self.sides.get(difference.side) {
            Some(other) => sentences::of(first, other, difference),
            None => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests;
