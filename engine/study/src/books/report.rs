//! The books as JSON and as lines.

use super::Books;
use super::direct::{Direct, FUEL_FROM};
use super::embodied::Embodied;
use super::reuse::Reuse;
use super::water::Sources;
use crate::report::{grouped, optional, origin_json};
use crate::write::json::number;
use serde_json::{Value, json};

impl Books {
    /// Adds the books to the summary: `null` where the site has none.
    pub fn add_to(&self, summary: &mut Value) {
        let hours = summary["period"]["hours"].as_f64().unwrap_or(0.0);
        summary["on_site"] = self.on_site.as_ref().map_or(Value::Null, |on_site| on_site.json(hours));
        summary["heat_reuse"] = self.reuse.as_ref().map_or(Value::Null, reuse);
        summary["direct"] = self.direct.as_ref().map_or(Value::Null, direct);
        summary["water_sources"] = self.water.as_ref().map_or(Value::Null, water);
        summary["embodied"] = self.embodied.as_ref().map_or(Value::Null, embodied);
        summary["money"] = self.money.as_ref().map_or(Value::Null, super::money::Ownership::json);
    }

    /// What a person reads of them.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.reuse.iter().map(reuse_line).collect();
        lines.extend(self.on_site.iter().map(super::on_site::OnSite::line));
        lines.extend(self.direct.iter().map(direct_line));
        lines.extend(self.embodied.iter().map(embodied_line));
        lines
    }
}

fn reuse(of: &Reuse) -> Value {
    let point = |(id, kwh): &(String, f64)| json!({ "point": id, "heat_kwh": number(*kwh) });
    json!({
        "heat_kwh": number(of.heat_kwh),
        "erf": optional(of.erf),
        "ere": optional(of.ere),
        "temperature_c": optional(of.temperature_c),
        "heat_pumps_kwh": number(of.heat_pumps_kwh),
        "hours": number(of.hours),
        "points": of.points.iter().map(point).collect::<Vec<Value>>(),
    })
}

fn reuse_line(of: &Reuse) -> String {
    let shown = |v: Option<f64>, digits: usize| v.map_or("–".to_string(), |v| format!("{v:.digits$}"));
    format!(
        "  Heat handed on {} kWh at {} °C in {} h: ERF {}, ERE {}",
        grouped(of.heat_kwh),
        shown(of.temperature_c, 1),
        grouped(of.hours),
        shown(of.erf, 3),
        shown(of.ere, 3)
    )
}

fn direct(of: &Direct) -> Value {
    let leak = |leak: &super::direct::Leak| {
        json!({
            "refrigerant": leak.charge.refrigerant.name,
            "charge_kg": number(leak.charge.charge),
            "leakage_per_year": number(leak.charge.leakage.value),
            "leakage_origin": origin_json(&leak.charge.leakage.origin),
            "leaked_kg": number(leak.leaked),
            "gwp100": number(leak.gwp.value),
            "basis": if leak.charge.ar4 { "AR4" } else { "AR6" },
            "co2e_kg": number(leak.kg),
            "source": leak.gwp.origin.source,
            "year": leak.gwp.origin.year,
            "confidence": leak.gwp.origin.confidence.name(),
        })
    };
    let fuel = of.fuel.as_ref().map_or(Value::Null, |fuel| {
        json!({
            "heat_kwh": number(fuel.kwh()),
            "litres": number(fuel.litres()),
            "generated_kwh": number(fuel.generated / 3.6e6),
            "co2_kg": number(fuel.kg),
            "upstream_co2e_kg": number(fuel.upstream),
            "lifecycle_co2e_kg": number(fuel.carbon().lifecycle),
            "source": FUEL_FROM.0,
            "year": FUEL_FROM.1,
            "confidence": FUEL_FROM.2.name(),
        })
    });
    json!({
        "co2e_kg": number(of.kg),
        "fuel": fuel,
        "refrigerants": of.leaks.iter().map(leak).collect::<Vec<Value>>(),
    })
}

fn direct_line(of: &Direct) -> String {
    let fuel =
        of.fuel.as_ref().map(|f| format!("{} L of fuel {} kg CO₂", grouped(f.litres()), grouped(f.kg)));
    let leaks: f64 = of.leaks.iter().map(|leak| leak.kg).sum();
    let leaks = (!of.leaks.is_empty()).then(|| format!("refrigerants {} kg CO₂e", grouped(leaks)));
    let parts: Vec<String> = fuel.into_iter().chain(leaks).collect();
    format!("  Scope 1: {}", parts.join(", "))
}

fn water(of: &Sources) -> Value {
    json!({
        "potable_m3": optional(of.potable_m3),
        "discharge_m3": number(of.discharge_m3),
        "consumed_m3": number(of.consumed_m3),
        "source_m3": optional(of.source_m3),
        "wue_source_l_per_kwh": optional(of.wue_source),
        "ewif_l_per_kwh": optional(of.ewif),
        "source": of.origin.as_ref().map(|origin| &origin.source),
        "year": of.origin.as_ref().map(|origin| origin.year),
        "confidence": of.origin.as_ref().map(|origin| origin.confidence.name()),
        "stress": of.stress.as_ref().map(|stress| &stress.value),
        "stress_origin": of.stress.as_ref().map(|stress| origin_json(&stress.origin)),
    })
}

fn embodied(of: &Embodied) -> Value {
    let items = of.items.iter().map(|(item, kg)| {
        json!({
            "what": item.what,
            "of": item.factor.name,
            "amount": number(item.amount),
            "unit": if item.mass { "kg" } else { "1" },
            "factor": number(item.factor.value),
            "low": optional(item.factor.range.map(|range| range.0)),
            "high": optional(item.factor.range.map(|range| range.1)),
            "life_years": number(item.life.value / (365.0 * 86_400.0)),
            "life_origin": origin_json(&item.life.origin),
            "co2e_kg": number(*kg),
            "instead_of": item.instead_of.map(|(factor, _)| factor.name),
            "instead_factor": optional(item.instead_of.map(|(factor, _)| factor.value)),
            "instead_low": optional(item.instead_of.and_then(|(factor, _)| factor.range).map(|range| range.0)),
            "instead_high": optional(item.instead_of.and_then(|(factor, _)| factor.range).map(|range| range.1)),
            "instead_origin": item.instead_of.map(|(factor, _)| origin_json(&factor.origin())),
            "source": item.origin.source,
            "year": item.origin.year,
            "confidence": item.origin.confidence.name(),
        })
    });
    json!({
        "co2e_kg": number(of.kg),
        "low_kg": number(of.range.0),
        "high_kg": number(of.range.1),
        "co2e_kg_per_year": number(of.kg_per_year),
        "co2e_kg_in_run": number(of.kg_in_run),
        "co2e_kg_per_kwh": optional(of.kg_per_kwh),
        "instead_kg": optional(of.instead_kg),
        "saved_share": optional(of.saved_share),
        "biogenic_kg": optional(of.biogenic_kg),
        "items": items.collect::<Vec<Value>>(),
    })
}

fn embodied_line(of: &Embodied) -> String {
    let saved = of
        .saved_share
        .map_or(String::new(), |share| format!(", {:.0} % less than what was replaced", 100.0 * share));
    format!(
        "  Embodied {} kg CO₂e ({} to {}), {} kg a year{saved}",
        grouped(of.kg),
        grouped(of.range.0),
        grouped(of.range.1),
        grouped(of.kg_per_year)
    )
}
