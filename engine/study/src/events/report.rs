//! What happened and what it led to, as JSON and as text.

use super::{Crossing, OfRacks, Record, Threshold};
use crate::notes::clock;
use crate::write::json::number;
use crate::write::{Column, Table, TableError, Values};
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

    /// What was reached.
    pub(crate) fn what(&self) -> String {
        let t = &self.threshold;
        let limit = t.limit.filter(|_| t.chip.is_some()).map(|k| format!(" ({:.0} °C)", k - 273.15));
        format!("{}{}", t.what, limit.unwrap_or_default())
    }

    fn line(&self) -> String {
        format!("{}: {}", self.place(), self.what())
    }

    /// What happened before, where it was not the first event.
    fn since(&self) -> String {
        let after = self.after_s.unwrap_or(0.0);
        let since = self.since.as_ref().filter(|(_, s)| (after - s).abs() > 1e-3);
        since.map(|(event, s)| format!(", {} after {event}", span(*s))).unwrap_or_default()
    }

    /// The chip or board, else the rack group.
    pub(crate) fn place(&self) -> &str {
        self.threshold.chip.as_deref().or(self.threshold.rack.as_deref()).unwrap_or("site")
    }
}

/// With more limits of racks than this they are in the table only, and the summary has one row for each part.
pub const MOST_ROWS: usize = 1000;
/// Schema of the table of limits.
const SCHEMA: &str = "isotherm.thresholds/1";

/// One limit of a part in all racks and chips that have it.
struct Together<'a> {
    all: Vec<&'a OfRacks>,
    /// When each was reached, in order, and which: limit, rack.
    reached: Vec<(f64, usize, usize)>,
    of: usize,
}

impl Together<'_> {
    fn first(&self) -> &OfRacks {
        self.all[0]
    }

    /// The last of that share of them.
    fn share(&self, share: f64) -> Option<f64> {
        let k = ((self.reached.len() as f64 * share).ceil() as usize).max(1) - 1;
        self.reached.get(k).map(|r| r.0)
    }
}

impl Record {
    /// Limits of racks, by part.
    fn together(&self) -> Vec<Together<'_>> {
        let mut found: Vec<Together> = Vec::new();
        for limit in &self.racks {
            let key = |l: &OfRacks| (l.group.clone(), l.part.clone(), l.what.clone(), l.limit.to_bits());
            match found.iter_mut().find(|t| key(t.first()) == key(limit)) {
                Some(known) => known.all.push(limit),
                None => found.push(Together { all: vec![limit], reached: Vec::new(), of: 0 }),
            }
        }
        for part in &mut found {
            part.of = part.all.iter().map(|limit| limit.at.len()).sum();
            for (k, limit) in part.all.iter().enumerate() {
                let reached = limit.at.iter().enumerate().filter(|(_, at)| at.is_finite());
                part.reached.extend(reached.map(|(rack, &at)| (at, k, rack)));
            }
            part.reached.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.2, a.1).cmp(&(b.2, b.1))));
        }
        found.sort_by(|a, b| {
            let first = |t: &Together| t.reached.first().map_or(f64::INFINITY, |r| r.0);
            first(a).total_cmp(&first(b))
        });
        found
    }

    /// How many limits there are, each of every rack and chip.
    pub fn rows(&self) -> usize {
        self.thresholds.len() + self.racks.iter().map(|limit| limit.at.len()).sum::<usize>()
    }

    fn crossing(&self, limit: &OfRacks, rack: usize) -> Crossing {
        let at = Some(limit.at[rack]).filter(|at| at.is_finite());
        Crossing::of(Threshold::of_rack(limit, rack), at, self.first.unwrap_or(0.0), &self.happened)
    }

    /// Every limit of every rack and chip, in the order in which they were reached.
    pub fn all(&self) -> Vec<Crossing> {
        let mut all = self.thresholds.clone();
        let of_racks = self.racks.iter();
        all.extend(of_racks.flat_map(|limit| (0..limit.at.len()).map(|rack| self.crossing(limit, rack))));
        super::thresholds::in_order(&mut all);
        all
    }

    /// Rows of the summary.
    fn thresholds_json(&self) -> Value {
        if self.rows() <= MOST_ROWS {
            return self.all().iter().map(Crossing::json).collect();
        }
        let since =
            |at: Option<f64>| at.zip(self.first).map_or(Value::Null, |(at, first)| number(at - first));
        let of_racks = self.together().into_iter().map(|part| {
            let (limit, rack) = part.reached.first().map_or((0, 0), |r| (r.1, r.2));
            let crossing = self.crossing(part.all[limit], rack);
            let mut row = crossing.json();
            row["of"] = json!(part.of);
            row["reached"] = json!(part.reached.len());
            row["median_s"] = since(part.share(0.5));
            row["last_s"] = since(part.share(1.0));
            (crossing.after_s, row)
        });
        let mut rows: Vec<(Option<f64>, Value)> =
            self.thresholds.iter().map(|c| (c.after_s, c.json())).chain(of_racks).collect();
        let order = |after: Option<f64>| after.unwrap_or(f64::INFINITY);
        rows.sort_by(|a, b| order(a.0).total_cmp(&order(b.0)));
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// The table of all limits, where there are more than the summary lists.
    ///
    /// # Errors
    /// See [`TableError`]; none can occur.
    pub fn table(&self) -> Result<Option<Table>, TableError> {
        if self.rows() <= MOST_ROWS {
            return Ok(None);
        }
        let all = self.all();
        let text = |value: &dyn Fn(&Threshold) -> Option<String>| {
            Values::Text(all.iter().map(|c| value(&c.threshold)).collect())
        };
        let numbers = |value: &dyn Fn(&Crossing) -> Option<f64>| -> Vec<f64> {
            all.iter().map(|c| value(c).unwrap_or(f64::NAN)).collect()
        };
        let named = |name: &str, description: &str, values: Values| Column {
            name: name.into(),
            unit: "".into(),
            description: description.into(),
            values,
        };
        let after = "Seconds after the first event; none where it was not reached.";
        let columns = vec![
            named("rack", "The rack; its group where all racks share the value.", text(&|t| t.rack.clone())),
            named("chip", "The chip or board, where it is one.", text(&|t| t.chip.clone())),
            named("what", "What is reached.", text(&|t| Some(t.what.clone()))),
            Column::numbers(
                "limit_degc",
                "°C",
                "The limit.",
                numbers(&|c| c.threshold.limit.map(|kelvin| kelvin - 273.15)),
            ),
            Column::numbers("time_s", "s", after, numbers(&|c| c.after_s)),
            Column::numbers("at_s", "s", "The same from the start of the year.", numbers(&|c| c.at_s)),
        ];
        Table::new(SCHEMA, columns).map(Some)
    }

    /// `events`, `thresholds` and `first_trip` of the summary.
    pub fn json(&self) -> (Value, Value, Value) {
        let event = |(at, text): &(f64, String)| json!({ "at_s": number(*at), "text": text });
        let first = self.first_trip.as_ref().map_or(Value::Null, Crossing::json);
        (self.happened.iter().map(event).collect(), self.thresholds_json(), first)
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
        let (mut reached, mut not): (Vec<(f64, String)>, usize) = (Vec::new(), 0);
        let shown = |after: f64| if after <= 0.0 { "before it".to_owned() } else { span(after) };
        for crossing in &self.thresholds {
            let Some(after) = crossing.after_s else {
                not += 1;
                continue;
            };
            let since = crossing.since();
            reached.push((after, format!("    {:>17}  {}{since}", shown(after), crossing.line())));
        }
        for part in self.together() {
            let Some(&(at, limit, rack)) = part.reached.first() else {
                not += 1;
                continue;
            };
            let crossing = self.crossing(part.all[limit], rack);
            let (after, since, first) = (at - self.first.unwrap_or(0.0), crossing.since(), part.first());
            let limit = format!(" ({:.0} °C)", first.limit - 273.15);
            let last = part.share(1.0).unwrap_or(at) - at;
            let how_many = match (part.reached.len(), part.of) {
                (some, all) if some == all && last < 0.05 => format!(" · all {all} at once"),
                (some, all) if last < 0.05 => format!(" · {some} of {all} at once"),
                (some, all) => {
                    format!(" · {some} of {all}, first {}, last {} later", crossing.place(), span(last))
                }
            };
            let (what, place) = (&first.what, first.everywhere());
            let line = format!("    {:>17}  {place}: {what}{limit}{since}{how_many}", shown(after));
            reached.push((after, line));
        }
        reached.sort_by(|a, b| a.0.total_cmp(&b.0));
        lines.extend(reached.into_iter().map(|(_, line)| line));
        if not > 0 {
            lines.push(format!("    {:>17}  {not} further limits, see summary.json", "not reached"));
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
pub(crate) fn span(seconds: f64) -> String {
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
