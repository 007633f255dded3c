//! Targets as JSON and as text.

use super::{Figure, Verdict};
use crate::events::span;
use crate::notes::clock;
use crate::report::grouped;
use crate::write::json::number;
use scenario::case::CostPer;
use serde_json::{Value, json};
use std::borrow::Cow;

impl Figure {
    /// Unit of value and limit.
    pub fn unit(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Figure::Water => "m3",
            Figure::WaterPerEnergy => "L/kWh",
            Figure::CarbonPerEnergy => "kg/kWh",
            Figure::Pue | Figure::Share | Figure::ShareOfTime => "1",
            Figure::Temperature => "degC",
            Figure::Mass => "kg",
            Figure::Duration => "s",
            Figure::Cost(currency, CostPer::Year) => return Cow::Owned(format!("{currency}/a")),
            Figure::Cost(currency, _) => return Cow::Owned(format!("{currency}/h")),
        })
    }

    fn shown(self, value: f64) -> String {
        match self {
            Figure::Water => format!("{value:.1} m³"),
            Figure::WaterPerEnergy => format!("{value:.3} L/kWh"),
            Figure::CarbonPerEnergy => format!("{value:.3} kg/kWh"),
            Figure::Pue => format!("{value:.3}"),
            Figure::Share => format!("{:.2} %", 100.0 * value),
            Figure::ShareOfTime => format!("{:.3} % of the time", 100.0 * value),
            Figure::Temperature => format!("{value:.1} °C"),
            Figure::Mass => format!("{} t", grouped(value / 1000.0)),
            Figure::Duration => span(value),
            Figure::Cost(currency, CostPer::Year) => format!("{} {currency} a year", grouped(value)),
            Figure::Cost(currency, _) => format!("{value:.4} {currency} an hour"),
        }
    }

    fn difference(self, by: f64) -> String {
        match self {
            Figure::Share => format!("{:.2} points", 100.0 * by),
            Figure::ShareOfTime => format!("{:.3} points", 100.0 * by),
            Figure::Temperature => format!("{by:.1} K"),
            other => other.shown(by),
        }
    }
}

impl Verdict {
    /// `{target, unit, limit, value, margin, met, hours_missed, first_missed, worst_at, worst, worst_unit, where, what}`.
    pub fn json(&self) -> Value {
        let optional = |value: Option<f64>| value.map_or(Value::Null, number);
        let worst_unit = match self.figure {
            Figure::ShareOfTime => Cow::Borrowed("degC"),
            other => other.unit(),
        };
        let worst_unit: &str = &worst_unit;
        json!({
            "target": self.text,
            "unit": self.figure.unit(),
            "limit": number(self.limit),
            "value": optional(self.value),
            "margin": optional(self.margin),
            "met": self.met,
            "hours_missed": optional(self.hours_missed),
            "first_missed": optional(self.first_missed),
            "worst_at": optional(self.worst_at),
            "worst": optional(self.worst),
            "worst_unit": self.worst.map(|_| worst_unit),
            "where": self.place,
            "what": self.what,
        })
    }

    /// The target, what became of it, by how much, and, where it was missed, when and where.
    pub fn sentence(&self) -> String {
        let (Some(value), Some(margin)) = (self.value, self.margin) else {
            return format!("{}: the run has no such figure", self.text);
        };
        let water = self.figure == Figure::Water;
        if self.met && water {
            return format!("{}: not a litre was made up", self.text);
        }
        let mut text = format!("{}: {}", self.text, self.figure.shown(value));
        if self.figure == Figure::Duration {
            return format!("{}: {}", self.text, self.lasted(value, margin));
        }
        if self.met {
            return text + &format!(", {} to spare", self.figure.difference(margin));
        }
        if !water {
            text += &format!(", missed by {}", self.figure.difference(-margin));
        }
        if let Some(hours) = self.hours_missed {
            text += &format!("; beyond it for {hours:.1} h");
        }
        if let Some((first, worst)) = self.first_missed.zip(self.worst_at) {
            text += &format!(", first {}, worst {}", clock(first), clock(worst));
        }
        if let (Figure::ShareOfTime, Some(worst)) = (self.figure, self.worst) {
            text += &format!(" with {worst:.1} °C");
        }
        if let Some(place) = self.shown_place() {
            text += &format!(" ({place})");
        }
        text
    }

    /// Where, and what was reached there.
    fn shown_place(&self) -> Option<Cow<'_, str>> {
        let place = self.place.as_deref()?;
        Some(self.what.as_ref().map_or(place.into(), |what| format!("{place}: {what}").into()))
    }

    /// How long, until what, and by how much that is enough.
    fn lasted(&self, value: f64, margin: f64) -> String {
        let margin = if self.met {
            format!("{} to spare", span(margin))
        } else {
            format!("missed by {}", span(-margin))
        };
        match (self.shown_place(), self.worst_at) {
            (Some(place), Some(at)) => format!("{}, {margin}: {place}, {}", span(value), clock(at)),
            _ if self.met => format!("not reached in the {} until the run ends", span(value)),
            _ => format!(
                "not reached, but the run ends {} after the event: let it go on for longer",
                span(value)
            ),
        }
    }

    /// The sentence with a mark.
    pub fn line(&self) -> String {
        format!("    {} {}", if self.met { '✓' } else { '✗' }, self.sentence())
    }
}
