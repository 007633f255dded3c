//! What happened and what it led to, as JSON and as text.

use super::{Crossing, Record};
use crate::notes::clock;
use crate::write::json::number;
use serde_json::{Value, json};

impl Crossing {
    /// `{rack, chip, what, limit, unit, time_s, at_s, after_event, after_event_s}`.
    fn json(&self) -> Value {
        let optional = |value: Option<f64>| value.map_or(Value::Null, number);
        json!({
            "rack": self.threshold.rack,
            "chip": self.threshold.chip,
            "what": self.threshold.what,
            "limit": optional(self.threshold.limit.map(|kelvin| kelvin - 273.15)),
            "unit": self.threshold.limit.map(|_| "degC"),
            "time_s": optional(self.after_s),
            "at_s": optional(self.at_s),
            "after_event": self.since.as_ref().map(|(event, _)| event),
            "after_event_s": optional(self.since.as_ref().map(|(_, seconds)| *seconds)),
        })
    }

    fn line(&self) -> String {
        let t = &self.threshold;
        let limit = t.limit.filter(|_| t.chip.is_some()).map(|k| format!(" ({:.0} °C)", k - 273.15));
        format!("{}: {}{}", self.place(), t.what, limit.unwrap_or_default())
    }

    /// The chip or board, else the rack group.
    fn place(&self) -> &str {
        self.threshold.chip.as_deref().or(self.threshold.rack.as_deref()).unwrap_or("site")
    }
}

impl Record {
    /// `events`, `thresholds` and `first_trip` of the summary.
    pub fn json(&self) -> (Value, Value, Value) {
        let event = |(at, text): &(f64, String)| json!({ "at_s": number(*at), "text": text });
        let thresholds = self.thresholds.iter().map(Crossing::json).collect();
        let first = self.first_trip.as_ref().map_or(Value::Null, Crossing::json);
        (self.happened.iter().map(event).collect(), thresholds, first)
    }

    /// Lines for a person; none where nothing happened.
    pub fn lines(&self) -> Vec<String> {
        let Some((first, _)) = self.happened.first() else { return Vec::new() };
        let mut lines = vec![String::new(), "  Events".to_owned()];
        for (at, text) in &self.happened {
            lines.push(format!("    {}  {:>17}  {text}", clock(*at), format!("+{}", span(at - first))));
        }
        lines.push(String::new());
        lines.push("  Time to each limit, from the first event".to_owned());
        let (reached, not): (Vec<_>, Vec<_>) = self.thresholds.iter().partition(|c| c.after_s.is_some());
        for crossing in &reached {
            let after = crossing.after_s.unwrap_or(0.0);
            let since = crossing.since.as_ref().filter(|(_, s)| (after - s).abs() > 1e-3);
            let since = since.map(|(event, s)| format!(", {} after {event}", span(*s))).unwrap_or_default();
            let shown = if after <= 0.0 { "before it".to_owned() } else { span(after) };
            lines.push(format!("    {shown:>17}  {}{since}", crossing.line()));
        }
        if !not.is_empty() {
            lines.push(format!("    {:>17}  {} further limits, see summary.json", "not reached", not.len()));
        }
        lines.push(match &self.first_trip {
            Some(trip) => {
                let after = trip.after_s.unwrap_or(0.0);
                format!("    First to give way, after {}: {}", span(after), trip.line())
            }
            None => "    Nothing gave way: no chip throttled, no rack lost its power".to_owned(),
        });
        lines
    }
}

/// `1 h 02 min`, `8 min 05 s`, `41.5 s`.
fn span(seconds: f64) -> String {
    if seconds < 100.0 {
        return format!("{seconds:.1} s");
    }
    let whole = seconds.round();
    let (hours, minutes) = ((whole / 3600.0).floor(), (whole % 3600.0 / 60.0).floor());
    match hours > 0.0 {
        true => format!("{hours:.0} h {minutes:02.0} min {:02.0} s", whole % 60.0),
        false => format!("{minutes:.0} min {:02.0} s", whole % 60.0),
    }
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn a_span_is_told_in_hours_minutes_and_seconds() {
        assert_eq!(span(41.52), "41.5 s");
        assert_eq!(span(485.0), "8 min 05 s");
        assert_eq!(span(3720.4), "1 h 02 min 00 s");
        assert_eq!(span(3599.9), "1 h 00 min 00 s");
    }
}
