//! What is recorded beyond the usual columns: racks that exist, times within the run, and no more than can be kept.

use super::Checker;
use super::events::field;
use crate::case::{Detail, Fidelity, RunOptions};
use crate::problem::{Raised, code};
use crate::read::value;
use crate::schema::site::DETAILS;
use units::Quantity;

/// Most values that a run keeps for it: 160 MB.
const MOST: f64 = 20e6;

impl Checker<'_> {
    /// The racks whose temperatures are recorded; those that were refused are left out.
    pub(super) fn details(&mut self, run: &RunOptions) -> Vec<Detail> {
        let list = self.root().get("run").and_then(|run| run.get("details"));
        let Some(list) = list.filter(|list| !list.items().is_empty()) else { return Vec::new() };
        if run.fidelity == Fidelity::Lumped {
            let message = "racks that are carried together have no temperatures of their own";
            let help = "write fidelity: Rack, or Chip for every chip";
            self.add(Raised::error(code::MODE, "run.details", list.at, message).help(help));
            return Vec::new();
        }
        let mut found = Vec::new();
        for (k, node) in list.items().iter().enumerate() {
            let path = format!("run.details[{k}]");
            let Some(named) = field(node, DETAILS, "racks") else { continue };
            let racks = self.named_racks(named, &path);
            let duration = |of: &str| {
                let node = field(node, DETAILS, of)?;
                value::quantity(node, Quantity::Duration).ok()
            };
            let from = duration("from").unwrap_or(0.0);
            if from > run.length_s {
                let show = |s: f64| Quantity::Duration.display(s);
                let message = format!(
                    "begins {} from the start, but the run is {} long: nothing would be recorded",
                    show(from),
                    show(run.length_s)
                );
                self.error(code::PERIOD, format!("{path}.from"), node.at, message);
                continue;
            }
            let from_s = run.start_s + from;
            let until_s = duration("for").map_or(f64::INFINITY, |length| from_s + length);
            let Some((groups, rack)) = racks else { continue };
            found.extend(groups.into_iter().map(|group| Detail { group, rack, from_s, until_s }));
        }
        let values: f64 = found.iter().map(|detail| self.values_of(detail, run)).sum();
        if values > MOST {
            let message = format!(
                "some {:.0} million temperatures would be kept, at most {:.0} million are",
                values / 1e6,
                MOST / 1e6
            );
            let help = "name fewer racks, a shorter time (for), or a longer run.output_every";
            self.add(Raised::error(code::TOO_MANY, "run.details", list.at, message).help(help));
        }
        found
    }

    /// About how many values a detail asks for: one of each chip, or of each part of a rack.
    fn values_of(&self, detail: &Detail, run: &RunOptions) -> f64 {
        let group = &self.groups[detail.group];
        let racks = if detail.rack.is_some() { 1.0 } else { group.racks };
        let of_rack =
            self.units.iter().filter(|unit| unit.group == Some(detail.group)).map(|unit| {
                match unit.kind.declaration().junction().is_some() && run.fidelity == Fidelity::Chip {
                    true => unit.multiplicity / group.racks.max(1.0),
                    false => 1.0,
                }
            });
        let length = detail.until_s.min(run.start_s + run.length_s) - detail.from_s;
        racks * of_rack.sum::<f64>() * (length / run.output_every_s + 1.0)
    }
}
