//! What a site costs, as JSON and as lines.

use super::{Bought, Ownership, Paid, Ranged};
use crate::report::{grouped, optional, origin_json};
use crate::write::json::number;
use scenario::money::{Class, Priced};
use serde_json::{Map, Value, json};

impl Ownership {
    /// `money` of the summary.
    pub fn json(&self) -> Value {
        let mut capital = json!({
            "total": number(self.capital.value),
            "low": number(self.capital.low),
            "high": number(self.capital.high),
            "per_it_kw": optional(crate::metrics::over(self.capital.value, self.it_kw)),
        });
        for class in Class::ALL {
            capital[class.key()] = number(self.capital_of(class));
        }
        let hour = self.per_accelerator_hour;
        let exchange = self.exchange.iter().map(|rate| {
            json!({
                "from": rate.from,
                "to": self.currency,
                "rate": number(rate.rate),
                "source": rate.origin.source,
                "year": rate.origin.year,
                "confidence": rate.origin.confidence.name(),
            })
        });
        json!({
            "currency": self.currency,
            "record": self.record,
            "price_year": self.price_year,
            "discount_rate": number(self.discount_rate),
            "horizon_years": self.horizon_years,
            "terms_origin": origin_json(&self.origin),
            "annualised": number(self.annualised),
            "basis": self.basis(),
            "capital": capital,
            "per_year": {
                "capital_recovery": number(self.capital_recovery),
                "electricity": number(self.electricity),
                "water": number(self.water),
                "maintenance": number(self.maintenance),
                "other": number(self.other),
                "total": number(self.per_year.value),
                "low": number(self.per_year.low),
                "high": number(self.per_year.high),
                "depreciation": number(self.depreciation),
            },
            "horizon": {
                "total": number(self.horizon),
                "present_value": number(self.present_value),
                "net_present_value": optional(self.net_present_value),
            },
            "rent_per_accelerator_hour": optional(self.rent_per_accelerator_hour),
            "accelerators": optional(self.accelerators),
            "accelerator_hours_per_year": optional(self.accelerator_hours),
            "per_accelerator_hour": optional(hour.map(|hour| hour.value)),
            "per_accelerator_hour_low": optional(hour.map(|hour| hour.low)),
            "per_accelerator_hour_high": optional(hour.map(|hour| hour.high)),
            "per_accelerator_hour_installed": optional(self.per_accelerator_hour_installed),
            "assets": self.assets.iter().map(|bought| self.asset(bought)).collect::<Vec<Value>>(),
            "yearly": self.yearly.iter().map(|paid| self.paid(paid)).collect::<Vec<Value>>(),
            "exchange": exchange.collect::<Vec<Value>>(),
        })
    }

    /// Of what the electricity and water of a year were made.
    fn basis(&self) -> &'static str {
        if self.is_year() {
            "one simulated year"
        } else {
            "a run that is no year, taken as often as fills one"
        }
    }

    fn is_year(&self) -> bool {
        (self.annualised - 1.0).abs() < 1e-9
    }

    fn asset(&self, bought: &Bought) -> Value {
        let asset = &bought.asset;
        let mut of = self.priced(&asset.priced, bought.quantity);
        of.insert("class".into(), json!(asset.class.key()));
        of.insert("life_years".into(), json!(asset.life_years));
        of.insert("maintenance_share".into(), number(asset.maintenance));
        of.insert("terms_origin".into(), asset.terms.as_ref().map_or(Value::Null, origin_json));
        of.insert("capital".into(), number(bought.capital.value));
        of.insert("capital_recovery".into(), number(bought.recovery));
        of.insert("depreciation".into(), number(bought.depreciation));
        of.insert("maintenance".into(), number(bought.maintenance));
        Value::Object(of)
    }

    fn paid(&self, paid: &Paid) -> Value {
        let mut of = self.priced(&paid.priced, paid.quantity);
        of.insert("amount".into(), number(paid.amount.value));
        Value::Object(of)
    }

    fn priced(&self, priced: &Priced, quantity: f64) -> Map<String, Value> {
        let price = &priced.price;
        let fields = [
            ("id", json!(priced.id)),
            ("what", json!(priced.what)),
            ("per", json!(priced.per.name())),
            ("quantity", number(quantity)),
            ("unit", json!(priced.per.unit())),
            ("price", number(price.value)),
            ("low", optional(price.range.map(|range| range.0))),
            ("high", optional(price.range.map(|range| range.1))),
            ("written_in", json!(price.written_in)),
            ("rate", number(price.rate)),
            ("source", json!(price.origin.source)),
            ("year", json!(price.origin.year)),
            ("confidence", json!(price.origin.confidence.name())),
        ];
        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// What a person reads of it.
    pub fn lines(&self) -> Vec<String> {
        let year = self.price_year.map_or(String::new(), |year| format!(" of {year}"));
        let record = self.record.as_ref().map_or(String::new(), |id| format!(", prices of {id}"));
        let mut lines = vec![format!(
            "  Money, {}{year}: {:.1} % discount rate, {} years{record}",
            self.currency,
            100.0 * self.discount_rate,
            self.horizon_years
        )];
        let range = |of: Ranged| {
            if of.low < of.value || of.high > of.value {
                format!("  ({} to {})", grouped(of.low), grouped(of.high))
            } else {
                String::new()
            }
        };
        let row =
            |name: &str, value: f64, more: String| format!("    {name:<24}{:>16}{more}", grouped(value));
        lines.push(row("Capital", self.capital.value, range(self.capital)));
        for class in Class::ALL {
            let capital = self.capital_of(class);
            if capital > 0.0 {
                let name = if class == Class::It { "IT" } else { class.name() };
                let share = 100.0 * capital / self.capital.value;
                lines.push(row(
                    &format!("  {}", name.to_lowercase().replace("it", "IT")),
                    capital,
                    format!("  {share:.1} %"),
                ));
            }
        }
        lines.push(row("Cost of ownership a year", self.per_year.value, range(self.per_year)));
        let parts = [
            ("capital recovery", self.capital_recovery),
            ("electricity", self.electricity),
            ("water", self.water),
            ("maintenance", self.maintenance),
            ("other", self.other),
        ];
        for (name, value) in parts.into_iter().filter(|(_, value)| *value != 0.0) {
            let share = 100.0 * value / self.per_year.value;
            lines.push(row(&format!("  {name}"), value, format!("  {share:.1} %")));
        }
        lines.push(row("Depreciation a year", self.depreciation, "  straight line".to_owned()));
        let years = format!("Over {} years", self.horizon_years);
        lines.push(row(&years, self.horizon, format!("  present value {}", grouped(self.present_value))));
        if let Some((npv, rent)) = self.net_present_value.zip(self.rent_per_accelerator_hour) {
            let more = format!("  let at {rent} an accelerator-hour");
            lines.push(row("Net present value", npv, more));
        }
        if let Some(hour) = self.per_accelerator_hour {
            let installed = (self.per_accelerator_hour_installed)
                .map_or(String::new(), |installed| format!("; {installed:.3} per hour that it is there"));
            lines.push(format!(
                "    An accelerator-hour at full load {:.3} {} ({:.3} to {:.3}){installed}",
                hour.value, self.currency, hour.low, hour.high
            ));
        }
        if !self.is_year() {
            lines.push(format!(
                "    Electricity and water of the run are taken {:.1} times: no forecast of a year",
                self.annualised
            ));
        }
        lines
    }
}
