//! What a run says of itself: the summary as JSON and as text, the columns as a table.

pub mod accounts;
mod racks;
mod series;

use crate::metrics::Summary;
use crate::notes::{clock, part_of_year};
use crate::pledges;
use crate::run::Outcome;
use crate::targets::Verdict;
use crate::write::json::number;
use scenario::case::Origin;
use scenario::disclosure::GivenValue;
use scenario::{Case, Controls, Dynamics};
use serde_json::{Map, Value, json};

pub use racks::{MOST_ROWS, RACKS_SCHEMA, racks};
pub use series::{RunColumns, SERIES_SCHEMA, series};

/// Schema of the summary.
pub const SUMMARY_SCHEMA: &str = "isotherm.run/1";

/// Ends the description of a column that counts all equal units together.
pub(crate) const OF_ALL: &str = "Of all equal units together.";

/// What a column counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// One unit.
    One,
    /// All equal units together.
    All,
}

pub(crate) fn optional(value: Option<f64>) -> Value {
    value.map_or(Value::Null, number)
}

/// `data` of `--json` and of `summary.json`.
pub fn summary_json(case: &Case, outcome: &Outcome, summary: &Summary) -> Value {
    let m = &summary.metrics;
    let metrics = json!({
        "pue": optional(m.pue),
        "pue_category_1": optional(m.pue_category_1),
        "pue_category_2": optional(m.pue_category_2),
        "wue_site_l_per_kwh": optional(m.wue_site_l_per_kwh),
        "cue_kg_per_kwh": optional(m.cue_kg_per_kwh),
        "itue": optional(m.itue),
        "tue": optional(m.tue),
        "erf": optional(m.erf),
        "ere": optional(m.ere),
        "reused_heat_kwh": optional(m.reused_heat_kwh),
        "it_energy_kwh": number(m.it_energy_kwh),
        "facility_energy_kwh": number(m.facility_energy_kwh),
        "bought_energy_kwh": number(m.bought_energy_kwh),
        "water_m3": number(m.water_m3),
        "max_junction_c": optional(m.max_junction_c),
        "max_inlet_c": optional(m.max_inlet_c),
        "free_cooling_hours": number(m.free_cooling_hours),
    });
    let energy: Map<String, Value> =
        summary.energy_kwh.iter().map(|(u, kwh)| (u.name().to_string(), number(*kwh))).collect();
    let water: Map<String, Value> =
        summary.water_m3.iter().map(|(w, m3)| (w.name().to_string(), number(*m3))).collect();
    let notes: Vec<Value> = (summary.notes.iter())
        .map(|n| {
            json!({
                "component": n.component,
                "from_s": number(n.from_s),
                "to_s": number(n.to_s),
                "duration_s": number(n.duration_s),
                "count": n.count,
                "text": n.text,
                "code": n.code,
                "values": n.values.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
            })
        })
        .collect();
    let carbon = summary.carbon.as_ref().map_or(Value::Null, |c| {
        json!({
            "grid": c.grid,
            "factor_kg_per_kwh": number(c.factor * 3.6e6),
            "basis": c.basis.name(),
            "source": c.origin.source,
            "year": c.origin.year,
            "confidence": c.origin.confidence.name(),
        })
    });
    let tariff = case.tariff.as_ref().map_or(Value::Null, |t| {
        json!({
            "electricity_per_kwh": number(t.electricity * 3.6e6),
            "water_per_m3": number(t.water),
            "currency": t.currency,
            "electricity_origin": origin_json(&t.electricity_origin),
            "water_origin": origin_json(&t.water_origin),
        })
    });
    let closure = &summary.closure;
    let (events, thresholds, first_trip) = outcome.events.json();
    let mut data = json!({
        "site": case.id,
        "title": case.title,
        "method": "simulated",
        "period": {
            "start_s": number(case.run.start_s),
            "hours": number(summary.hours),
            "whole_year": case.run.whole_year,
        },
        "mode": {
            "fidelity": format!("{:?}", case.run.fidelity),
            "dynamics": format!("{:?}", case.run.dynamics),
            "controls": format!("{:?}", case.run.controls),
            "conventions": conventions(case),
        },
        "weather": case.weather.described(),
        "weather_source": weather_json(&case.weather.source),
        "weather_sky": crate::standing::sky_json(case),
        "it_power_installed_kw": number(installed_w(case) / 1e3),
        "work": work_json(summary),
        "metrics": metrics,
        "energy_kwh": energy,
        "water_m3": water,
        "water_not_counted_m3": optional(summary.water_not_counted_m3),
        "carbon": carbon,
        "supply": supply_json(case, summary),
        "tariff": tariff,
        "disclosure": disclosure_json(case),
        "racks": racks::json(&summary.racks),
        "targets": summary.targets.iter().map(Verdict::json).collect::<Vec<Value>>(),
        "closure": {
            "energy_relative": number(closure.energy_relative),
            "water_relative": number(closure.water_relative),
            "energy_worst_interval": number(closure.energy_worst),
            "water_worst_interval": number(closure.water_worst),
            "energy_recomputed_relative": number(closure.energy_recomputed),
            "electricity_relative": number(closure.electricity_relative),
        },
        "events": events,
        "thresholds": thresholds,
        "first_trip": first_trip,
        "notes": notes,
        "statistics": {
            "states": outcome.statistics.states,
            "rows": outcome.statistics.rows,
            "steps": outcome.statistics.steps,
            "rejected": outcome.statistics.rejected,
            "evaluations": outcome.statistics.evaluations,
            "followed": outcome.statistics.followed,
        },
    });
    summary.books.add_to(&mut data);
    data["pledges"] = pledges_json(case, summary);
    data
}

/// How what towers evaporate is counted; null where nothing counts it.
fn conventions(case: &Case) -> Option<&'static str> {
    let counted: Vec<f64> =
        case.plant.units.iter().filter_map(|unit| unit.parameter("conventions")).collect();
    let ours = counted.iter().filter(|choice| **choice == 0.0).count();
    match (ours, counted.len()) {
        (_, 0) => None,
        (ours, all) if ours == all => Some("Isotherm"),
        (0, _) => Some("EnergyPlus"),
        _ => Some("both"),
    }
}

/// What the site's pledges come to by year; null where it has none.
fn pledges_json(case: &Case, summary: &Summary) -> Value {
    let residual = case.supply.as_ref().and_then(|supply| supply.residual.as_ref()).map(|of| of.factor);
    case.books.pledges.as_ref().map_or(Value::Null, |pledged| {
        pledges::json(&pledges::track(&pledges::Base::of(&case.id, summary, residual), pledged))
    })
}

/// Rated power of all racks [W].
fn installed_w(case: &Case) -> f64 {
    case.plant.groups.iter().map(|group| group.racks * group.power_rated).sum()
}

/// What the site's author gives for reports, as given; null where nothing is.
fn disclosure_json(case: &Case) -> Value {
    if case.disclosure.is_empty() {
        return Value::Null;
    }
    let fields = case.disclosure.iter().map(|given| {
        let value = match &given.value {
            GivenValue::Text(text) => json!(text),
            GivenValue::Number(value) => number(*value),
            GivenValue::Texts(texts) => json!(texts),
            GivenValue::Numbers(values) => values.iter().copied().map(number).collect(),
        };
        (given.key.clone(), value)
    });
    Value::Object(fields.collect())
}

/// What is asked of the accelerators.
fn work_json(summary: &Summary) -> Value {
    summary.work.map_or(Value::Null, |work| {
        json!({
            "accelerators": number(work.accelerators),
            "accelerator_hours": number(work.accelerator_hours),
        })
    })
}

pub(crate) fn origin_json(of: &Origin) -> Value {
    json!({ "source": of.source, "year": of.year, "confidence": of.confidence.name() })
}

/// What the site's `carbon` comes to.
fn supply_json(case: &Case, summary: &Summary) -> Value {
    let Some((supply, figures)) = case.supply.as_ref().zip(summary.supply.as_ref()) else {
        return Value::Null;
    };
    let contracts = supply.contracts.iter().zip(&figures.contracts).map(|(contract, energy)| {
        json!({
            "technology": contract.technology,
            "energy_kwh": number(energy / 3.6e6),
            "factor_kg_per_kwh": number(contract.factor * 3.6e6),
            "low_kg_per_kwh": optional(contract.range.map(|range| range.0 * 3.6e6)),
            "high_kg_per_kwh": optional(contract.range.map(|range| range.1 * 3.6e6)),
            "factor_origin": origin_json(&contract.origin),
            "profile_origin": contract.course_origin.as_ref().map_or(Value::Null, origin_json),
        })
    });
    let grid_share = case
        .grid
        .as_ref()
        .and_then(|grid| grid.carbon_free_share.as_ref())
        .filter(|_| figures.carbon_free_share.is_some());
    json!({
        "basis": figures.basis.name(),
        "location_kg": optional(figures.location_kg),
        "market_kg": optional(figures.market_kg),
        "fed_in_kwh": number(figures.fed_in / 3.6e6),
        "matched_share": optional(figures.matched_share),
        "matched_share_annual": optional(figures.matched_share_annual),
        "carbon_free_share": optional(figures.carbon_free_share),
        "grid_carbon_free_share": optional(grid_share.map(|share| share.value)),
        "grid_carbon_free_origin": grid_share.map_or(Value::Null, |share| origin_json(&share.origin)),
        "interval_s": number(case.run.output_every_s),
        "residual_kg_per_kwh": optional(supply.residual.as_ref().map(|of| of.factor * 3.6e6)),
        "residual_origin": supply.residual.as_ref().map_or(Value::Null, |of| origin_json(&of.origin)),
        "contracts": contracts.collect::<Vec<Value>>(),
    })
}

/// The summary as a person reads it.
pub fn summary_text(case: &Case, outcome: &Outcome, summary: &Summary) -> String {
    let m = &summary.metrics;
    let mut text = String::new();
    let mut line = |s: String| {
        text.push_str(s.trim_end());
        text.push('\n');
    };
    line(case.title.clone());
    let end = case.run.start_s + case.run.length_s;
    let period = if case.run.whole_year {
        "one year".to_string()
    } else {
        part_of_year(case.run.start_s, case.run.length_s / 3600.0)
    };
    let how = match (case.run.dynamics, case.run.controls) {
        (Dynamics::Dynamic, _) => "simulated",
        (Dynamics::QuasiSteady, Controls::Ideal) => "simulated in quasi-steady steps, set-points hold",
        (Dynamics::QuasiSteady, _) => "simulated in quasi-steady steps",
    };
    line(format!("{}, {period}, {how}", capitalised(&case.weather.described())));
    line(String::new());
    let shown = |v: Option<f64>, digits: usize| v.map_or("–".to_string(), |v| format!("{v:.digits$}"));
    line(format!(
        "  PUE {}     WUE {} L/kWh     CUE {} kg/kWh     TUE {}",
        shown(m.pue, 3),
        shown(m.wue_site_l_per_kwh, 3),
        shown(m.cue_kg_per_kwh, 3),
        shown(m.tue, 3)
    ));
    line(String::new());
    let hours = summary.hours.max(1e-9);
    line(format!(
        "  IT equipment   {:>12} kWh   mean {:>9} kW",
        grouped(m.it_energy_kwh),
        grouped(m.it_energy_kwh / hours)
    ));
    line(format!(
        "  Facility       {:>12} kWh   mean {:>9} kW",
        grouped(m.facility_energy_kwh),
        grouped(m.facility_energy_kwh / hours)
    ));
    line(String::new());
    line("  Where the electricity went".into());
    let most = summary.energy_kwh.iter().map(|e| e.1).fold(0.0, f64::max);
    for (category, kwh) in summary.energy_kwh.iter().filter(|e| e.1 > 0.0) {
        let share = 100.0 * kwh / m.facility_energy_kwh.max(f64::MIN_POSITIVE);
        let bar = bar(*kwh / most.max(f64::MIN_POSITIVE));
        line(format!("    {:<20}{:>12} kWh {share:>6.2} %  {bar}", label(category.name()), grouped(*kwh)));
    }
    line(String::new());
    racks::lines(&summary.racks).into_iter().for_each(&mut line);
    if m.water_m3 > 0.0 {
        line(format!("  Water            {:>10} m³ made up", grouped(m.water_m3)));
        for (account, m3) in summary.water_m3.iter().filter(|w| w.1 > 0.0) {
            line(format!("    {:<20}{:>12} m³", label(account.name()), grouped(*m3)));
        }
        // The rest of a balance that closes is what basins hold more than before; in a year it is nothing to speak of.
        let used: f64 = summary.water_m3.iter().map(|w| w.1).sum();
        let kept = m.water_m3 - used - summary.water_not_counted_m3.unwrap_or(0.0);
        if kept.abs() >= f64::max(0.05, 5e-4 * m.water_m3) {
            let what = if kept > 0.0 { "into basins" } else { "from basins" };
            line(format!("    {what:<20}{:>12} m³", grouped(kept)));
        }
        if let Some(theirs @ ("EnergyPlus" | "both")) = conventions(case) {
            let towers = if theirs == "both" { "of some towers " } else { "" };
            let m3 = grouped(summary.water_not_counted_m3.unwrap_or(0.0));
            line(format!("    {:<20}{m3:>12} m³", "not counted"));
            line(format!(
                "    evaporation {towers}is counted as EnergyPlus does, w/(1 + w) and without the enthalpy of make-up: the line above \
                 is what that leaves out"
            ));
        }
    } else {
        line("  Water            none: no litre was made up".into());
    }
    let mut facts = Vec::new();
    if let Some(junction) = m.max_junction_c {
        facts.push(format!("hottest junction {junction:.1} °C"));
    }
    if let Some(inlet) = m.max_inlet_c {
        facts.push(format!("warmest rack inlet {inlet:.1} °C"));
    }
    facts.push(format!("{} h of {} h without compressor", grouped(m.free_cooling_hours), grouped(hours)));
    line(format!("  {}", capitalised(&facts.join(", "))));
    if let Some(carbon) = &summary.carbon {
        line(format!(
            "  Carbon factor {:.0} g/kWh ({} {}, grid {}, confidence {})",
            carbon.factor * 3.6e9,
            carbon.basis.name(),
            carbon.origin.year,
            carbon.grid,
            carbon.origin.confidence.name()
        ));
    }
    if let Some(supply) = &summary.supply {
        let kg = |v: Option<f64>| v.map_or("–".to_string(), |kg| format!("{} kg", grouped(kg)));
        line(format!(
            "  Carbon of the electricity: {} location-based, {} market-based",
            kg(supply.location_kg),
            kg(supply.market_kg)
        ));
        if let Some((matched, annual)) = supply.matched_share.zip(supply.matched_share_annual) {
            let own = summary.books.on_site.as_ref().is_some_and(|own| own.used > 0.0);
            let who = match (supply.contracts.is_empty(), own) {
                (false, true) => "Contracts and the site's own generation match",
                (true, true) => "The site's own generation matches",
                _ => "Contracts match",
            };
            line(format!(
                "  {who} {:.1} % of the electricity interval by interval, {:.1} % by volume",
                100.0 * matched,
                100.0 * annual
            ));
        }
    }
    summary.books.lines().into_iter().for_each(&mut line);
    line(format!(
        "  Balances close: energy {:.0e}, water {:.0e}; recomputed from the columns {:.0e}",
        summary.closure.energy_relative.abs(),
        summary.closure.water_relative.abs(),
        summary.closure.energy_recomputed.abs()
    ));
    if let Some(money) = &summary.books.money {
        line(String::new());
        money.lines().into_iter().for_each(&mut line);
    }
    if !summary.targets.is_empty() {
        line(String::new());
        line("  Targets".into());
        summary.targets.iter().map(Verdict::line).for_each(&mut line);
    }
    outcome.events.lines().into_iter().for_each(&mut line);
    if !summary.notes.is_empty() {
        line(String::new());
        line("  Worth knowing".into());
        for note in &summary.notes {
            if (note.from_s, note.to_s) == (case.run.start_s, end) && note.count == 1 {
                line(format!("    {}: {} (all the time)", note.component, note.text));
                continue;
            }
            if note.duration_s == 0.0 {
                line(format!("    {}: {}", note.component, note.text));
                continue;
            }
            line(format!(
                "    {}: {} ({} h in {} time{}, {} to {})",
                note.component,
                note.text,
                hours_text(note.duration_s),
                note.count,
                if note.count == 1 { "" } else { "s" },
                clock(note.from_s),
                clock(note.to_s)
            ));
        }
    }
    text
}

fn hours_text(seconds: f64) -> String {
    let hours = seconds / 3600.0;
    if hours < 10.0 { format!("{hours:.2}") } else { grouped(hours) }
}

pub(crate) fn label(name: &str) -> String {
    let name = name.replace('_', " ");
    match name.strip_prefix("it") {
        Some("") => "IT boards".into(),
        _ => name.replace("ups", "UPS").replace("psu", "PSU"),
    }
}

pub(crate) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

/// Where the weather comes from, for other languages: a code and what stands in its sentence.
fn weather_json(source: &scenario::weather::Source) -> Value {
    use scenario::weather::Source;
    let span = |years: &[i32]| match years {
        [] => "–".to_owned(),
        [year] => year.to_string(),
        [first, .., last] => format!("{first}–{last}"),
    };
    match source {
        Source::Epw { file, origin, years } => {
            json!({ "code": "epw", "values": { "file": file, "origin": origin, "years": span(years) } })
        }
        Source::Tmy3 { file, years } => {
            json!({ "code": "tmy3", "values": { "file": file, "years": span(years) } })
        }
        Source::TypicalYear { climate, seed, confidence, .. } => {
            let seed = seed.to_string();
            json!({
                "code": "typical-year",
                "values": { "climate": climate, "seed": seed, "confidence": confidence },
            })
        }
        _ => Value::Null,
    }
}

fn bar(share: f64) -> String {
    let eighths = (share.clamp(0.0, 1.0) * 160.0).round() as usize;
    let part = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
    "█".repeat(eighths / 8) + part
}

/// A number with thousands apart; small ones keep three digits.
#[must_use]
pub fn grouped(value: f64) -> String {
    if value != 0.0 && value.abs() < 100.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{:.0}", value.abs());
    let mut out = String::new();
    for (k, digit) in digits.chars().enumerate() {
        if k > 0 && (digits.len() - k) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if value < 0.0 { format!("-{out}") } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_read_in_thousands() {
        assert_eq!(grouped(9_876_543.2), "9,876,543");
        assert_eq!(grouped(999.6), "1,000");
        assert_eq!(grouped(12.34), "12.3");
        assert_eq!(grouped(-1234.0), "-1,234");
        assert_eq!(grouped(0.0), "0");
    }

    #[test]
    fn a_bar_is_as_long_as_its_share() {
        assert_eq!(bar(1.0).chars().count(), 20);
        assert_eq!(bar(0.0), "");
        assert_eq!(bar(0.5).chars().count(), 10);
    }
}
