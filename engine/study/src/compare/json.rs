//! A comparison for a program to read.

use super::{Comparison, Delta, Difference, SameWork, Side, Waterfall};
use crate::write::json::number;
use serde_json::{Map, Value, json};

/// Schema of the answer.
pub const SCHEMA: &str = "isotherm.compare/1";

fn optional(value: Option<f64>) -> Value {
    value.map_or(Value::Null, number)
}

/// `{sides: […], differences: […]}`.
#[must_use]
pub fn json(comparison: &Comparison) -> Value {
    let sentences = |k: usize| comparison.sentences(k);
    let name = |k: usize| comparison.sides.get(k).map_or("", |side| side.name.as_str());
    let differences = comparison.differences.iter().enumerate().map(|(k, d)| {
        let mut of = difference(d);
        if let Some(object) = of.as_object_mut() {
            object.insert("sentences".into(), json!(sentences(k)));
            object.shift_insert(0, "to".into(), json!(name(d.side)));
            object.shift_insert(0, "from".into(), json!(name(0)));
        }
        of
    });
    json!({
        "sides": comparison.sides.iter().map(side).collect::<Vec<Value>>(),
        "differences": differences.collect::<Vec<Value>>(),
    })
}

fn side(side: &Side) -> Value {
    let parts = |list: &[(String, f64)]| -> Map<String, Value> {
        list.iter().map(|(name, value)| (name.clone(), number(*value))).collect()
    };
    json!({
        "name": side.name,
        "site": side.site,
        "title": side.title,
        "period": { "start_s": number(side.start_s), "hours": number(side.hours) },
        "mode": { "dynamics": side.mode.dynamics, "controls": side.mode.controls },
        "weather": side.weather,
        "work": side.work.map(|work| json!({
            "accelerators": number(work.accelerators),
            "accelerator_hours": number(work.accelerator_hours),
        })),
        "energy_kwh": parts(&side.energy_kwh),
        "water_m3": parts(&side.water_m3),
        "carbon": side.carbon.as_ref().map(|(kg, basis)| json!({ "kg": number(*kg), "basis": basis })),
        "cost": side.cost.as_ref().map(|cost| json!({
            "electricity": number(cost.electricity),
            "water": number(cost.water),
            "total": number(cost.total),
            "currency": cost.currency,
        })),
        "ownership": side.ownership.as_ref().map(|owned| json!({
            "currency": owned.currency,
            "discount_rate": number(owned.discount_rate),
            "horizon_years": number(owned.horizon_years),
            "price_year": optional(owned.price_year),
            "capital": number(owned.capital),
            "per_year": number(owned.per_year),
            "parts": parts(&owned.parts),
            "per_accelerator_hour": optional(owned.per_accelerator_hour),
        })),
        "throttled_hours": optional(side.throttled_hours),
    })
}

fn difference(difference: &Difference) -> Value {
    let (same, share) = match difference.work {
        SameWork::Same => (Value::Bool(true), Some(0.0)),
        SameWork::Differs(share) => (Value::Bool(false), Some(share)),
        SameWork::Unknown(_) => (Value::Null, None),
    };
    json!({
        "same_work": same,
        "work_difference": optional(share),
        "unlike": difference.unlike.iter().map(ToString::to_string).collect::<Vec<String>>(),
        "figures": difference.figures.iter().map(delta).collect::<Vec<Value>>(),
        "energy_kwh": waterfall(&difference.energy),
        "wh_per_accelerator_hour": difference.per_work.as_ref().map(waterfall),
        "kwh_per_it_kwh": difference.per_it.as_ref().map(waterfall),
        "water_m3": waterfall(&difference.water),
        "cost_per_year": difference.ownership.as_ref().map(waterfall),
    })
}

fn delta(delta: &Delta) -> Value {
    json!({
        "figure": delta.name,
        "unit": delta.unit,
        "from": optional(delta.from),
        "to": optional(delta.to),
        "change": optional(delta.change()),
        "relative": optional(delta.relative()),
    })
}

fn waterfall(fall: &Waterfall) -> Value {
    let steps = fall.steps.iter().map(|step| {
        json!({
            "name": step.name,
            "from": number(step.from),
            "to": number(step.to),
            "change": number(step.change()),
        })
    });
    json!({
        "from": number(fall.from),
        "to": number(fall.to),
        "change": number(fall.change()),
        "steps": steps.collect::<Vec<Value>>(),
        "unaccounted": number(fall.unaccounted),
    })
}
