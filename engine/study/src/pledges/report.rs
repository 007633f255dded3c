//! Pledges by year, in sentences and as JSON.

use super::{Given, Outlook, Tracker, Year};
use crate::report::{grouped, optional};
use crate::write::json::number;
use scenario::case::Sourced;
use scenario::pledges::Metric;
use serde_json::{Value, json};
use units::Quantity;

/// Schema of the answer.
pub const SCHEMA: &str = "isotherm.pledges/1";

/// What SI values are divided by, the unit in files, and how people read it.
fn unit(metric: Metric) -> (f64, &'static str, &'static str) {
    match metric.quantity() {
        Quantity::Mass => (1000.0, "t", " t"),
        Quantity::Volume => (1.0, "m3", " m³"),
        Quantity::Energy => (3.6e9, "MWh", " MWh"),
        _ if metric == Metric::Pue => (1.0, "1", ""),
        _ => (1.0, "1", " %"),
    }
}

/// A value as people read it.
fn shown(metric: Metric, value: f64) -> String {
    let (size, _, name) = unit(metric);
    match (metric, name) {
        (Metric::Pue, _) => format!("{value:.3}"),
        (_, " %") => format!("{:.1} %", 100.0 * value),
        _ => format!("{}{name}", grouped(value / size)),
    }
}

/// A gap as people read it: points of shares.
fn gap(metric: Metric, value: f64) -> String {
    if unit(metric).2 == " %" { format!("{:.1} points", 100.0 * value) } else { shown(metric, value) }
}

/// What a metric is called.
fn label(metric: Metric) -> &'static str {
    match metric {
        Metric::NetCarbon => "Net carbon",
        Metric::Scope1 => "Scope 1",
        Metric::Scope2Location => "Scope 2, location-based",
        Metric::Scope2Market => "Scope 2, market-based",
        Metric::Scope3 => "Scope 3",
        Metric::CarbonFree => "Carbon-free electricity",
        Metric::WaterBalance => "Water balance",
        Metric::Water => "Water made up",
        Metric::Electricity => "Electricity",
        Metric::Pue => "PUE",
        Metric::WasteDiversion => "Waste diverted",
    }
}

/// The outcome of a pledge, and what would keep it.
fn sentences(outlook: &Outlook, years: &[Year]) -> Vec<String> {
    let pledge = &outlook.pledge;
    let metric = pledge.metric;
    let bound = if metric.rises() { "at least" } else { "at most" };
    let asked = format!("{} by {}: {bound} {}", label(metric), pledge.by, shown(metric, pledge.to));
    let Some((value, missing)) = outlook.at_last().and_then(|standing| standing.value.zip(standing.gap))
    else {
        let beyond = outlook.at_last().is_none();
        let why = if beyond { "the years that are looked at end before" } else { "it is not known" };
        return vec![format!("{asked}. Whether it is kept is not said: {why}.")];
    };
    let from = outlook.from.map_or(String::new(), |(year, value)| {
        format!(" From {} in {year} the plan leads to", shown(metric, value))
    });
    let then = shown(metric, value);
    let mut said = vec![if outlook.kept() {
        format!("{asked}.{from} {then}: kept, with {} to spare.", gap(metric, -missing + 0.0))
    } else {
        format!("{asked}.{from} {then}: {} are missing.", gap(metric, missing))
    }];
    if let Some(first) = outlook.first_behind() {
        said.push(format!("The plan is behind its path from {first} on{}.", until(outlook, first)));
    }
    if !outlook.kept() {
        let year = years.iter().find(|year| year.year == pledge.by);
        said.extend(year.and_then(|year| way_out(metric, missing, year)));
    }
    said
}

/// Until when it is behind, where it catches up.
fn until(outlook: &Outlook, first: u16) -> String {
    let back =
        outlook.years.iter().find(|s| s.year > first && s.gap.is_some_and(|gap| gap <= outlook.slack()));
    back.map_or(String::new(), |standing| format!(", until it is back on it in {}", standing.year))
}

/// What would close a gap, where one given number does.
fn way_out(metric: Metric, missing: f64, year: &Year) -> Option<String> {
    let more = shown(metric, missing);
    let by_contract = || {
        let whole = year.scope_2_market? / (1.0 - year.carbon_free);
        let share = year.carbon_free + missing / whole;
        (share.is_finite() && share <= 1.0 && share > year.carbon_free).then(|| {
            format!(
                "a carbon-free share of {:.1} % in place of {:.1} %",
                100.0 * share,
                100.0 * year.carbon_free
            )
        })
    };
    match metric {
        Metric::NetCarbon => {
            let contract = by_contract().map_or(String::new(), |way| format!(", or {way}"));
            Some(format!("It takes {more} more of removals in {}{contract}.", year.year))
        }
        Metric::Scope2Market => by_contract().map(|way| format!("It takes {way} in {}.", year.year)),
        Metric::WaterBalance => Some(format!("It takes {more} more to be given back in {}.", year.year)),
        Metric::WasteDiversion => {
            let mass = missing * year.waste?;
            Some(format!("It takes {} t more to be diverted in {}.", grouped(mass / 1000.0), year.year))
        }
        _ => None,
    }
}

fn rows(head: &[&str], rows: Vec<Vec<String>>) -> Vec<String> {
    let all: Vec<Vec<String>> =
        std::iter::once(head.iter().map(ToString::to_string).collect()).chain(rows).collect();
    let width =
        |k: usize| all.iter().filter_map(|row| row.get(k)).map(|c| c.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |row: &Vec<String>| {
        let cell = |(cell, width): (&String, &usize)| {
            format!("{}{cell}", " ".repeat(width.saturating_sub(cell.chars().count())))
        };
        format!("    {}", row.iter().zip(&widths).map(cell).collect::<Vec<_>>().join("   "))
    };
    all.iter().map(line).collect()
}

/// Everything, as a person reads it.
#[must_use]
pub fn text(tracker: &Tracker) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        out.push_str(text.trim_end());
        out.push('\n');
    };
    let kept = tracker.outlooks.iter().filter(|outlook| outlook.kept()).count();
    let all = tracker.outlooks.len();
    let pledges = if all == 1 { "pledge" } else { "pledges" };
    line(format!("{}: the plan keeps {kept} of {all} {pledges}", tracker.base.site));
    for outlook in &tracker.outlooks {
        line(String::new());
        let mark = if outlook.kept() { '✓' } else { '✗' };
        for (k, sentence) in sentences(outlook, &tracker.years).into_iter().enumerate() {
            line(if k == 0 { format!("  {mark} {sentence}") } else { format!("    {sentence}") });
        }
        let metric = outlook.pledge.metric;
        let of = |value: Option<f64>| value.map_or("–".to_owned(), |value| shown(metric, value));
        let list = outlook.years.iter().map(|s| {
            let gap = s.gap.map_or("–".to_owned(), |value| gap(metric, value));
            vec![s.year.to_string(), of(s.value), of(s.path), gap]
        });
        rows(&["year", "plan", "path", "gap"], list.collect()).into_iter().for_each(&mut line);
    }
    line(String::new());
    line("  What the years come to".to_owned());
    let tonnes = |kg: Option<f64>| kg.map_or("–".to_owned(), |kg| grouped(kg / 1000.0));
    let list = tracker.years.iter().map(|y| {
        vec![
            y.year.to_string(),
            grouped(y.electricity / 3.6e9),
            format!("{:.0} %", 100.0 * y.carbon_free),
            tonnes(Some(y.scope_1)),
            tonnes(y.scope_2_location),
            tonnes(y.scope_2_market),
            tonnes(Some(y.scope_3)),
            tonnes(Some(y.removals)),
            tonnes(y.net_carbon),
            grouped(y.consumed),
            grouped(y.replenishment),
        ]
    });
    let head = [
        "year",
        "MWh",
        "carbon-free",
        "scope 1 t",
        "2 location t",
        "2 market t",
        "3 t",
        "removed t",
        "net t",
        "consumed m³",
        "given back m³",
    ];
    rows(&head, list.collect()).into_iter().for_each(&mut line);
    line(String::new());
    let times = tracker.base.annualised;
    let run = if (times - 1.0).abs() < 1e-9 {
        "one year".to_owned()
    } else {
        format!("no year, taken {times:.1} times")
    };
    line(format!("  Simulated ({run}): IT energy, electricity, water and scope 1 of the site as it is."));
    let list = |names: Vec<String>| if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
    line(format!(
        "  Given by the site: {}.",
        list(tracker.given.iter().map(|given| given.name.to_owned()).collect())
    ));
    for measure in &tracker.measures {
        let changes = [
            ("IT energy", measure.it),
            ("other electricity", measure.overhead),
            ("water", measure.water),
            ("scope 1", measure.scope_1),
        ];
        let changed: Vec<String> = (changes.iter())
            .filter(|(_, change)| *change != 0.0)
            .map(|(name, change)| format!("{name} {:+.0} %", 100.0 * change).replace('-', "−"))
            .collect();
        line(format!("    from {}: {} ({})", measure.from, measure.what, list(changed)));
    }
    line(format!("  Held: {}.", list(tracker.held.clone())));
    out
}

/// `{site, base, years, pledges, measures, given, held}`.
#[must_use]
pub fn json(tracker: &Tracker) -> Value {
    let base = &tracker.base;
    let kwh = |joules: f64| number(joules / 3.6e6);
    let years = tracker.years.iter().map(|y| {
        json!({
            "year": y.year,
            "it_energy_kwh": kwh(y.it),
            "facility_energy_kwh": kwh(y.electricity),
            "pue": optional(y.value(Metric::Pue)),
            "carbon_free_share": number(y.carbon_free),
            "scope_1_kg": number(y.scope_1),
            "scope_2_location_kg": optional(y.scope_2_location),
            "scope_2_market_kg": optional(y.scope_2_market),
            "scope_3_kg": number(y.scope_3),
            "removals_kg": number(y.removals),
            "net_carbon_kg": optional(y.net_carbon),
            "water_m3": number(y.water),
            "consumed_m3": number(y.consumed),
            "replenishment_m3": number(y.replenishment),
            "waste_kg": optional(y.waste),
            "diverted_kg": optional(y.diverted),
        })
    });
    let measures = tracker.measures.iter().map(|measure| {
        json!({
            "from": measure.from,
            "what": measure.what,
            "it": number(measure.it),
            "overhead": number(measure.overhead),
            "water": number(measure.water),
            "scope_1": number(measure.scope_1),
            "source": measure.origin.source,
            "year": measure.origin.year,
            "confidence": measure.origin.confidence.name(),
        })
    });
    json!({
        "site": base.site,
        "base": {
            "annualised": number(base.annualised),
            "it_energy_kwh": kwh(base.it),
            "facility_energy_kwh": kwh(base.electricity),
            "water_m3": number(base.water),
            "consumed_m3": number(base.consumed),
            "scope_1_kg": number(base.scope_1),
            "embodied_kg": optional(base.embodied),
            "grid_kg_per_kwh": optional(base.grid_carbon.map(|factor| factor * 3.6e6)),
            "grid": base.grid_basis,
            "residual_kg_per_kwh": optional(base.residual.map(|factor| factor * 3.6e6)),
            "matched_share": optional(base.matched),
        },
        "years": years.collect::<Vec<Value>>(),
        "pledges": tracker.outlooks.iter().map(|of| pledge(of, &tracker.years)).collect::<Vec<Value>>(),
        "measures": measures.collect::<Vec<Value>>(),
        "given": tracker.given.iter().map(|given| given.name).collect::<Vec<_>>(),
        "assumptions": tracker.given.iter().map(assumption).collect::<Vec<Value>>(),
        "held": tracker.held,
    })
}

/// A list that the site gives, with where it comes from.
fn assumption(given: &Given) -> Value {
    let (size, unit) = match given.name {
        "grid_carbon" | "residual" => (1.0 / 3.6e9, "g/kWh"),
        "scope_3" | "removals" | "waste" | "diverted" => (1000.0, "t"),
        "replenishment" => (1.0, "m3"),
        _ => (1.0, "1"),
    };
    let Sourced { value: course, origin } = &given.course;
    let values = course.0.iter().map(|(year, value)| json!({ "year": year, "value": number(value / size) }));
    json!({
        "name": given.name,
        "unit": unit,
        "by_year": values.collect::<Vec<Value>>(),
        "source": origin.source,
        "year": origin.year,
        "confidence": origin.confidence.name(),
    })
}

fn pledge(of: &Outlook, years: &[Year]) -> Value {
    let metric = of.pledge.metric;
    let (size, name, _) = unit(metric);
    let value = |si: Option<f64>| optional(si.map(|si| si / size));
    let standings = of.years.iter().map(
        |s| json!({ "year": s.year, "value": value(s.value), "path": value(s.path), "gap": value(s.gap) }),
    );
    let last = of.at_last();
    json!({
        "pledge": of.pledge.text,
        "metric": metric.name(),
        "unit": name,
        "by": of.pledge.by,
        "to": value(Some(of.pledge.to)),
        "better": if metric.rises() { "more" } else { "less" },
        "from_year": of.from.map(|(year, _)| year),
        "from": value(of.from.map(|(_, value)| value)),
        "kept": of.kept(),
        "value": value(last.and_then(|s| s.value)),
        "gap": value(last.and_then(|s| s.gap)),
        "first_behind": of.first_behind(),
        "years": standings.collect::<Vec<Value>>(),
        "sentences": sentences(of, years),
    })
}
