//! Ends that must be joined and are not.

use super::Checker;
use super::ports::{end_name, medium_name};
use super::wiring::Wiring;
use crate::problem::{Raised, code};
use plant::declare::{Medium, Side};

impl Checker<'_> {
    /// Says which ends must be joined and are not.
    pub(super) fn open_ports(&mut self, wiring: &Wiring) {
        for thing in wiring.things.iter().filter(|thing| thing.known && !thing.quiet) {
            let path = match thing.unit {
                Some(unit) => self.units.get(unit).map_or(thing.id.clone(), |draft| draft.path.clone()),
                None => format!("racks.{}", thing.id),
            };
            for terminal in &thing.terminals {
                let open = |out: bool| {
                    terminal.has(out) && if out { &terminal.out_use } else { &terminal.in_use }.is_none()
                };
                let (into, out) = (open(false), open(true));
                let half = terminal.side == Side::Passage && into != out;
                if (terminal.optional && !half) || (!into && !out) {
                    continue;
                }
                if matches!(terminal.side, Side::Outlet) && terminal.medium == Medium::Electricity {
                    continue;
                }
                let name = match (into, out) {
                    (true, true) => terminal.name.clone(),
                    _ => end_name(&terminal.name, terminal.side, out),
                };
                let message = format!(
                    "{}.{name} is open: {} must be connected",
                    thing.id,
                    medium_name(terminal.medium)
                );
                let help = match terminal.side {
                    Side::Passage => format!(
                        "a chain such as \"a -> {}.{} -> b\" joins both ends",
                        thing.id, terminal.name
                    ),
                    Side::Inlet => {
                        format!("a chain such as \"grid -> {}.{}\" feeds it", thing.id, terminal.name)
                    }
                    Side::Outlet => {
                        format!("a chain such as \"{}.{} -> a\" joins it", thing.id, terminal.name)
                    }
                };
                self.add(Raised::error(code::OPEN_PORT, path.clone(), thing.at, message).help(help));
            }
        }
    }
}
