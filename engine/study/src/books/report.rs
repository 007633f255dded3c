//! The books as JSON and as lines.

use super::Books;
use super::reuse::Reuse;
use crate::report::{grouped, optional};
use crate::write::json::number;
use serde_json::{Value, json};

impl Books {
    /// Adds the books to the summary: `null` where the site has none.
    pub fn add_to(&self, summary: &mut Value) {
        summary["heat_reuse"] = self.reuse.as_ref().map_or(Value::Null, reuse);
    }

    /// What a person reads of them.
    pub fn lines(&self) -> Vec<String> {
        self.reuse.iter().map(reuse_line).collect()
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
