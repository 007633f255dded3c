//! `disclosure`: what a schema cannot say of it.

use super::Checker;
use crate::disclosure::{Given, given};
use crate::node::Node;
use crate::problem::code;
use crate::read::value;
use units::Quantity;

impl Checker<'_> {
    /// What the site's author says for a report.
    pub(super) fn disclosure(&mut self) -> Vec<Given> {
        let Some(record) = self.root().get("disclosure") else { return Vec::new() };
        if let Some(month) = record.get("operating_since") {
            let text = month.as_text().unwrap_or_default();
            let parts = text.split_once('-');
            let good = parts.is_some_and(|(year, month)| {
                year.len() == 4
                    && month.len() == 2
                    && year.bytes().all(|b| b.is_ascii_digit())
                    && month.parse::<u8>().is_ok_and(|m| (1..=12).contains(&m))
            });
            if !good && month.as_text().is_some() {
                let message = format!("{text:?} is no month: write for example \"2024-03\"");
                self.error(code::OUT_OF_BOUNDS, "disclosure.operating_since", month.at, message);
            }
        }
        if let Some(weights) = record.get("characteristic_weights") {
            let shares: Vec<f64> =
                weights.items().iter().filter_map(|n| value::quantity(n, Quantity::Ratio).ok()).collect();
            let sum: f64 = shares.iter().sum();
            if shares.len() == 5 && (sum - 1.0).abs() > 0.001 {
                let message =
                    format!("the shares of the conditions sum to {sum}, but to 1 within 0.001 is accepted");
                self.error(code::OUT_OF_BOUNDS, "disclosure.characteristic_weights", weights.at, message);
            }
        }
        let area = |field: &str| record.get(field).and_then(|n| value::quantity(n, Quantity::Area).ok());
        if let (Some(total), Some(rooms)) = (area("floor_area"), area("computer_room_area"))
            && rooms > total
        {
            let message = format!("computer rooms of {rooms} m2 do not fit on a floor of {total} m2");
            let at = record.get("computer_room_area").map_or(record.at, |n: &Node| n.at);
            self.error(code::OUT_OF_BOUNDS, "disclosure.computer_room_area", at, message);
        }
        given(record)
    }
}
