//! The workloads of rack groups.

use super::Checker;
use crate::node::Node;
use crate::problem::code;
use crate::read::fetch::Content;
use crate::read::value;
use crate::schema::site::WORKLOADS;
use crate::workload::{Pattern, Requests, Workload};
use units::Quantity;

impl Checker<'_> {
    /// The workload of a group; idle where it was refused.
    pub(super) fn workload(&mut self, own: Option<&Node>, group: &Node, path: &str) -> Workload {
        let share = |node: Option<&Node>| node.and_then(|n| value::quantity(n, Quantity::Ratio).ok());
        let field = |name: &str| own.and_then(|own| own.get(name)).or_else(|| group.get(name));
        let idle_share = share(field("idle_share")).unwrap_or(0.0);
        let pattern = field("workload").and_then(|node| self.pattern(node, &format!("{path}.workload")));
        Workload { pattern: pattern.unwrap_or(Pattern::Idle), idle_share }
    }

    fn pattern(&mut self, node: &Node, path: &str) -> Option<Pattern> {
        let table = WORKLOADS.iter().find(|table| Some(table.name) == node.name())?;
        let number = |name: &str| -> Option<f64> {
            let slot = table.slots.iter().find(|slot| slot.name == name)?;
            match (node.get(name), slot.default) {
                (Some(node), _) => value::scalar(node, slot.shape),
                (None, default) => value::default(slot.shape, default?),
            }
        };
        let seed = || number("seed").map(|seed| seed as u64);
        Some(match table.name {
            "Constant" => Pattern::Constant { utilisation: number("utilisation")? },
            "Diurnal" => Pattern::Diurnal {
                low: number("low")?,
                high: number("high")?,
                peak_at: number("peak_at")?,
                weekend: number("weekend")?,
            },
            "Training" => {
                let (every, lasts) = (number("checkpoint_every")?, number("checkpoint_lasts")?);
                if lasts >= every {
                    let message = "a checkpoint lasts as long as the time from one to the next";
                    let at = node.get("checkpoint_lasts").map_or(node.at, |n| n.at);
                    self.error(code::OUT_OF_BOUNDS, format!("{path}.checkpoint_lasts"), at, message);
                    return None;
                }
                Pattern::Training {
                    utilisation: number("utilisation")?,
                    checkpoint_every: every,
                    checkpoint_lasts: lasts,
                    checkpoint_utilisation: number("checkpoint_utilisation")?,
                    seed: seed()?,
                }
            }
            "Inference" => Pattern::Inference(Requests::new(
                number("utilisation")?,
                number("swing")?,
                number("burst")?,
                number("peak_at")?,
                seed()?,
            )),
            "Trace" => return self.trace(node.get("file").or(node.items().first())?, path),
            _ => Pattern::Idle,
        })
    }

    fn trace(&mut self, named: &Node, path: &str) -> Option<Pattern> {
        let scenario = self.scenario;
        let Some(file) = scenario.trace_file(named) else {
            let message = "a built-in site cannot name a file";
            self.error(code::TRACE, path, named.at, message);
            return None;
        };
        match &file.content {
            Ok(Content::Trace(trace)) => {
                self.note_input(&file.name, file.bytes.clone());
                Some(Pattern::Trace(trace.clone()))
            }
            Ok(_) => None,
            Err(raised) => {
                self.add(raised.clone());
                None
            }
        }
    }
}
