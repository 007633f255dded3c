//! Events: times within the run, targets that exist and can do what is asked of them.
//!
//! Targets are looked up among the units before the plant is put together, so that all problems come at once; then
//! [`Planned::into_events`] gives the plant its gates and isolates single units.

use super::Checker;
use crate::case::{Action, Controls, Dynamics, Event, Fidelity, GivenTimes, Method, RunOptions};
use crate::node::{At, Node, cut};
use crate::problem::{Raised, code};
use crate::read::nearest::hint;
use crate::read::value;
use crate::schema::Table;
use crate::schema::events::{ACTIONS, AT};
use plant::faults::{Class, class};
use plant::plant::{Group, Plant};
use std::collections::BTreeMap;
use units::Quantity;

/// Most events of a run.
const MOST: usize = 10_000;

/// A unit, or one of its actuators.
#[derive(Debug, Clone)]
pub(super) struct Target {
    units: Vec<usize>,
    /// Which of several equal units.
    index: Option<usize>,
    /// Which of the racks of the group that the units are in.
    rack: Option<usize>,
    actuator: Option<usize>,
}

/// What happens, before the plant knows of it.
#[derive(Debug)]
enum Plan {
    Trip {
        target: Target,
        lasts: Option<f64>,
        given: GivenTimes,
    },
    Restore {
        target: Target,
        /// The groups whose load steps end, where racks are named as a whole.
        groups: Vec<usize>,
    },
    Stuck {
        target: Target,
        at: Option<f64>,
        lasts: Option<f64>,
    },
    Outage {
        lasts: f64,
        chiller_restart: Option<f64>,
        generator_start: Option<f64>,
    },
    LoadStep {
        groups: Vec<usize>,
        rack: Option<usize>,
        utilisation: f64,
        lasts: Option<f64>,
    },
}

/// All events of a site.
#[derive(Debug, Default)]
pub(super) struct Planned(Vec<(f64, String, Plan)>);

/// From the start of an outage until a generator carries its loads [s]: ten to fifteen seconds are usual for diesel
/// sets (record PC047).
const GENERATOR_START: f64 = 12.0;

/// A field of a variant, by name or by place.
pub(super) fn field<'n>(node: &'n Node, tables: &[Table], name: &str) -> Option<&'n Node> {
    let table = tables.iter().find(|table| Some(table.name) == node.name())?;
    let place = table.slots.iter().position(|slot| slot.name == name)?;
    node.get(name).or_else(|| node.items().get(place))
}

/// Seconds after midnight of `14:30` or `14:30:15`.
fn clock(text: &str) -> Option<f64> {
    let parts: Vec<f64> =
        text.trim().split(':').map(|p| p.parse::<u32>().ok().map(f64::from)).collect::<Option<_>>()?;
    let (h, m, s) = match parts[..] {
        [h, m] => (h, m, 0.0),
        [h, m, s] => (h, m, s),
        _ => return None,
    };
    (h < 24.0 && m < 60.0 && s < 60.0).then_some(h * 3600.0 + m * 60.0 + s)
}

impl Checker<'_> {
    /// Reads the events; those that were refused are left out.
    pub(super) fn events(&mut self, run: Option<&RunOptions>) -> Planned {
        let Some(list) = self.root().get("events") else { return Planned::default() };
        let mut planned = Vec::new();
        if list.items().len() > MOST {
            let message = format!("{} events are written, at most {MOST} are simulated", list.items().len());
            self.error(code::TOO_MANY, "events", list.at, message);
        }
        for (k, node) in list.items().iter().take(MOST).enumerate() {
            let path = format!("events[{k}]");
            let time = field(node, AT, "time").and_then(|t| self.event_time(t, run, &path));
            let action = field(node, AT, "action");
            let apart = run.is_none_or(|run| run.fidelity != Fidelity::Lumped);
            let plan = action.and_then(|action| self.action(action, apart, &path));
            if let (Some(time), Some(plan), Some(action)) = (time, plan, action) {
                planned.push((time, crate::syntax::in_one_line(action), plan));
            }
        }
        if let Some(run) = run.filter(|run| !planned.is_empty() && run.method == Method::Dopri5) {
            let message = format!(
                "events are landed on the dense output of Rodas3 and Rodas4, {:?} has none",
                run.method
            );
            self.error(code::EVENT, "run.method", list.at, message);
        }
        let slow =
            |run: &&RunOptions| run.dynamics == Dynamics::QuasiSteady || run.controls == Controls::Ideal;
        if !planned.is_empty() && run.is_some_and(|run| slow(&run)) {
            let message = "events need time steps that follow them: quasi-steady steps have none";
            let raised = Raised::error(code::EVENT, "run.dynamics", list.at, message);
            self.add(raised.help("write dynamics: Dynamic, and controls: Sampled or Continuous"));
        }
        planned.sort_by(|a: &(f64, String, Plan), b| a.0.total_cmp(&b.0));
        Planned(planned)
    }

    fn event_time(&mut self, node: &Node, run: Option<&RunOptions>, path: &str) -> Option<f64> {
        let path = format!("{path}.time");
        let clock = node.as_text().and_then(clock);
        let time = match (clock, run) {
            (Some(of_day), Some(run)) => {
                let started = run.start_s.rem_euclid(86_400.0);
                (of_day - started).rem_euclid(86_400.0)
            }
            (Some(_), None) => return None,
            (None, _) => match value::quantity(node, Quantity::Duration) {
                Ok(time) => time,
                Err(message) => {
                    let help =
                        "write a time from the start of the run, \"2 h\", or one of its first day, \"14:30\"";
                    self.add(Raised::error(code::QUANTITY, path, node.at, message).help(help));
                    return None;
                }
            },
        };
        let Some(run) = run else { return Some(time) };
        if !(0.0..run.length_s).contains(&time) {
            let show = |s: f64| Quantity::Duration.display(s);
            let started = run.start_s.rem_euclid(86_400.0);
            let message = match clock {
                Some(of_day) if of_day < started => format!(
                    "is before the run starts, {} later in the day: the event would never happen",
                    show(started - of_day)
                ),
                _ => format!(
                    "is {} from the start, but the run is {} long: the event would never happen",
                    show(time),
                    show(run.length_s)
                ),
            };
            self.error(code::EVENT, path, node.at, message);
            return None;
        }
        Some(time)
    }

    fn action(&mut self, node: &Node, apart: bool, path: &str) -> Option<Plan> {
        let name = node.name()?;
        let duration = |of: &str| {
            field(node, ACTIONS, of).and_then(|node| value::quantity(node, Quantity::Duration).ok())
        };
        let share =
            |of: &str| field(node, ACTIONS, of).and_then(|n| value::quantity(n, Quantity::Ratio).ok());
        let lasts = duration("for");
        match name {
            "Trip" => {
                let named = field(node, ACTIONS, "unit")?;
                let target = self.target(named, apart, path)?;
                if target.actuator.is_none()
                    && class(self.units[target.units[0]].kind.declaration()).is_none()
                {
                    let id = &self.units[target.units[0]].id;
                    let message =
                        format!("{id} has nothing that could stop: it neither moves nor draws power");
                    let help = "trip the pump or the fan that drives its stream";
                    self.add(Raised::error(code::EVENT, path, named.at, message).help(help));
                    return None;
                }
                let given = GivenTimes {
                    run_down: duration("run_down"),
                    restart_delay: duration("restart_delay"),
                    run_up: duration("run_up"),
                };
                if given != GivenTimes::default() {
                    self.waits(&target, named, path)?;
                }
                Some(Plan::Trip { target, lasts, given })
            }
            "Restore" => {
                let named = field(node, ACTIONS, "unit")?;
                let target = self.target(named, apart, path)?;
                let text = named.as_text().unwrap_or_default().trim();
                let whole =
                    self.names_racks(text) || self.in_a_rack(text).is_some_and(|(_, rest)| rest.is_empty());
                let groups = if whole { self.named_racks(named, path)?.0 } else { Vec::new() };
                Some(Plan::Restore { target, groups })
            }
            "Stuck" => self.stuck(node, apart, path, share("at"), lasts),
            "UtilityOutage" => Some(Plan::Outage {
                lasts: lasts?,
                chiller_restart: duration("chiller_restart"),
                generator_start: duration("generator_start"),
            }),
            "LoadStep" => {
                let named = field(node, ACTIONS, "group")?;
                let (groups, rack) = self.named_racks(named, path)?;
                if rack.is_some() && !apart {
                    self.carried_together(&self.groups[groups[0]].hall.clone(), named, path);
                    return None;
                }
                Some(Plan::LoadStep { groups, rack, utilisation: share("utilisation")?, lasts })
            }
            _ => None,
        }
    }

    /// Whether what is named runs down, waits and runs up, so that an event can say how.
    fn waits(&mut self, target: &Target, named: &Node, path: &str) -> Option<()> {
        let at_once = |&unit: &usize| {
            let class = class(self.units[unit].kind.declaration());
            matches!(class, Some(Class::Passing | Class::Computing))
        };
        if target.actuator.is_some() || !target.units.iter().any(at_once) {
            return Some(());
        }
        let text = cut(named.as_text().unwrap_or_default().trim());
        let message = format!(
            "{text} stops and starts at once: run_down, restart_delay and run_up are of machines that run down and wait"
        );
        let help = "leave them out, or name the pump, fan or chiller that waits, for example cdu or pod.fans";
        self.add(Raised::error(code::EVENT, path, named.at, message).help(help));
        None
    }

    /// One of the racks is named where nothing can happen to it alone.
    fn carried_together(&mut self, hall: &str, named: &Node, path: &str) {
        let text = cut(named.as_text().unwrap_or_default().trim());
        let message = format!("{text} is in one of several racks that are carried together");
        let help = format!("write {hall} for all of them, or run.fidelity: Rack or Chip");
        self.add(Raised::error(code::EVENT, path, named.at, message).help(help));
    }

    /// The rack groups that `hall` names, or the one and the rack of it that `hall[3]` does.
    pub(super) fn named_racks(&mut self, named: &Node, path: &str) -> Option<(Vec<usize>, Option<usize>)> {
        self.racks_called(named.as_text()?.trim(), named.at, path)
    }

    fn racks_called(&mut self, text: &str, at: At, path: &str) -> Option<(Vec<usize>, Option<usize>)> {
        // All racks of a hall, or those of it that differ.
        let meant = |g: &Group| g.hall == text || g.id == text;
        let groups: Vec<usize> = (0..self.groups.len()).filter(|&k| meant(&self.groups[k])).collect();
        if !groups.is_empty() {
            return Some((groups, None));
        }
        let indexed = text.strip_suffix(']').and_then(|rest| rest.rsplit_once('['));
        let indexed = indexed.and_then(|(id, k)| Some((id, k.trim().parse::<u32>().ok()?)));
        let (id, rack) = indexed.map_or((text, None), |(id, rack)| (id, Some(rack)));
        let of: Vec<usize> = (0..self.groups.len()).filter(|&k| self.groups[k].hall == id).collect();
        if of.is_empty() {
            let ids: Vec<&str> = self.groups.iter().map(|g| g.hall.as_str()).collect();
            let message = format!("there is no rack group {}", cut(id));
            self.add(Raised::error(code::UNKNOWN_ID, path, at, message).maybe_help(hint(id, &ids)));
            return None;
        }
        let rack = rack?;
        let place = of.iter().find_map(|&group| {
            let places = self.groups[group].places.clone();
            places.into_iter().flatten().position(|place| place == rack).map(|k| (group, k))
        });
        let Some((group, k)) = place else {
            let racks: f64 = of.iter().map(|&group| self.groups[group].racks).sum();
            let message = format!("there are {racks} racks of {id}, counted from 0: {text} is none of them");
            self.error(code::UNKNOWN_ID, path, at, message);
            return None;
        };
        Some((vec![group], Some(k)))
    }

    fn stuck(
        &mut self,
        node: &Node,
        apart: bool,
        path: &str,
        at: Option<f64>,
        lasts: Option<f64>,
    ) -> Option<Plan> {
        let named = field(node, ACTIONS, "unit")?;
        let target = self.target(named, apart, path)?;
        let first = &self.units[target.units[0]];
        let Some(actuator) = target.actuator else {
            let names: Vec<&str> = first.kind.declaration().actuators.iter().map(|a| a.name).collect();
            let message =
                format!("{} is no actuator: what can stick is written as component.actuator", first.id);
            let help = match names.is_empty() {
                true => "it has none".to_owned(),
                false => format!("there are: {}", names.join(", ")),
            };
            self.add(Raised::error(code::EVENT, path, named.at, message).help(help));
            return None;
        };
        let of = &first.kind.declaration().actuators[actuator];
        let high = match of.high {
            plant::declare::Bound::Value(value) => Some(value),
            plant::declare::Bound::Parameter(_) => None,
        };
        if let (Some(at), Some(high)) = (at, high)
            && at > high
        {
            let message = format!("is {at}, but {} goes to {high}", of.name);
            let node = field(node, ACTIONS, "at").unwrap_or(node);
            self.error(code::OUT_OF_BOUNDS, format!("{path}.at"), node.at, message);
            return None;
        }
        Some(Plan::Stuck { target, at, lasts })
    }

    /// What `cdu`, `cdu[3]`, `cdu.valve`, `cdu[3].valve`, `hall`, `hall[3]`, `hall.fans` or `hall[3].fans` names.
    fn target(&mut self, node: &Node, apart: bool, path: &str) -> Option<Target> {
        let mut text = node.as_text()?.trim().to_owned();
        let mut rack = None;
        if let Some((name, rest)) = self.in_a_rack(&text) {
            let (groups, found) = self.racks_called(&name, node.at, path)?;
            let group = &self.groups[groups[0]];
            if !apart && group.racks > 1.5 {
                self.carried_together(&group.hall.clone(), node, path);
                return None;
            }
            (text, rack) = (format!("{}{rest}", group.id), found);
        }
        let wrong = |code, message: String| Raised::error(code, path, node.at, message);
        let (base, actuator) = match self.units_named(&text) {
            Some(_) => (text.clone(), None),
            None => match text.rsplit_once('.') {
                Some((base, name)) if self.units_named(base).is_some() && !self.names_racks(base) => {
                    (base.to_owned(), Some(name.to_owned()))
                }
                _ => (text.clone(), None),
            },
        };
        let Some((units, index)) = self.units_named(&base) else {
            // A component that was refused has been reported.
            let stem = base.split(['.', '[']).next().unwrap_or_default().to_owned();
            let written = |map: &str| self.root().get(map).is_some_and(|map| map.get(&stem).is_some());
            let known = self.units.iter().any(|u| u.id.split(['.', '[']).next() == Some(&stem));
            if (written("components") || written("racks")) && !known {
                return None;
            }
            let ids: Vec<&str> = self.units.iter().map(|draft| draft.id.as_str()).collect();
            let message =
                format!("there is no {}: an event names a component or an actuator of one", cut(&base));
            let help = hint(&base, &ids);
            self.add(wrong(code::UNKNOWN_ID, message).maybe_help(help));
            return None;
        };
        if let Some(index) = index
            && !self.is_one_of(units[0], index, &base, path, node.at)
        {
            return None;
        }
        let first = &self.units[units[0]];
        if rack.is_some() && units.len() == 1 && class(first.kind.declaration()) == Some(Class::Passing) {
            let group = &self.groups[first.group?];
            let message =
                format!("{} passes electricity on within a rack: it stops in all racks or in none", first.id);
            let help = format!("write {}[…] to switch off a rack as a whole, or {}", group.hall, first.id);
            self.add(Raised::error(code::EVENT, path, node.at, message).help(help));
            return None;
        }
        let actuators = first.kind.declaration().actuators;
        let found = actuator.as_ref().map(|name| actuators.iter().position(|a| a.name == name));
        if let (Some(None), Some(name)) = (found, &actuator) {
            let names: Vec<&str> = actuators.iter().map(|a| a.name).collect();
            let message = format!("{base} has no actuator {}", cut(name));
            let help = hint(name, &names).or(Some("it has none".to_owned()));
            self.add(wrong(code::UNKNOWN_PORT, message).maybe_help(help));
            return None;
        }
        Some(Target { units, index, rack, actuator: found.flatten() })
    }

    /// `hall[3]` and `.fans` of `hall[3].fans`, where `hall` names racks and not one unit is called so.
    fn in_a_rack(&self, text: &str) -> Option<(String, String)> {
        let close = text.find(']')?;
        let (name, rest) = text.split_at(close + 1);
        let hall = name.split_once('[')?.0;
        let racks = self.groups.iter().any(|group| group.hall == hall);
        let known = self.groups.iter().any(|group| group.id == name);
        (racks && !known).then(|| (name.to_owned(), rest.to_owned()))
    }

    /// Whether a unit has so many equal ones, and can do without one.
    fn is_one_of(&mut self, unit: usize, index: usize, base: &str, path: &str, at: At) -> bool {
        let draft = &self.units[unit];
        let (id, count) = (draft.id.clone(), draft.multiplicity);
        let ports = draft.kind.declaration().ports;
        let supplies = ports.iter().any(|p| {
            p.medium == plant::declare::Medium::Electricity && p.side == plant::declare::Side::Outlet
        });
        if draft.group.is_some() {
            let message = format!("{base} is inside of racks: equal units of one rack trip all or none");
            let help = format!("write {id} for those of all racks, or name the rack: hall[3].unit");
            self.add(Raised::error(code::EVENT, path, at, message).help(help));
        } else if index as f64 >= count {
            let message = format!("there are {count} of {id}, counted from 0: {base} is none of them");
            self.add(Raised::error(code::UNKNOWN_ID, path, at, message));
        } else if supplies && count > 1.5 {
            let message =
                format!("the {count} of {id} share their load: one of them cannot be tripped alone");
            let help = format!("write {id} for all of them, or give each a component of its own");
            self.add(Raised::error(code::EVENT, path, at, message).help(help));
        } else {
            return true;
        }
        false
    }

    /// Whether racks are called so: all of a hall, or those of it that differ.
    fn names_racks(&self, id: &str) -> bool {
        self.groups.iter().any(|group| group.hall == id || group.id == id)
    }

    /// The units of an id, and the index into equal ones where one is written.
    fn units_named(&self, id: &str) -> Option<(Vec<usize>, Option<usize>)> {
        let exactly = |id: &str| self.units.iter().position(|draft| draft.id == id);
        if let Some(unit) = exactly(id) {
            return Some((vec![unit], None));
        }
        // All of the racks of a group, or of those that differ, that can stop.
        let meant = |group: usize| self.groups[group].hall == id || self.groups[group].id == id;
        if self.names_racks(id) {
            let stops = |draft: &super::Draft| class(draft.kind.declaration()).is_some();
            let units = self.units.iter().enumerate().filter(|(_, d)| d.group.is_some_and(meant) && stops(d));
            let units: Vec<usize> = units.map(|(k, _)| k).collect();
            return (!units.is_empty()).then_some((units, None));
        }
        if let Some((stem, index)) = id.strip_suffix(']').and_then(|rest| rest.rsplit_once('[')) {
            return Some((vec![exactly(stem)?], Some(index.trim().parse().ok()?)));
        }
        // Units of their own: `cdu[0]`, `cdu[1]` …
        let own: Vec<usize> = (0..).map_while(|k| exactly(&format!("{id}[{k}]"))).collect();
        (!own.is_empty()).then_some((own, None))
    }
}

impl Planned {
    /// Gives the plant its gates, isolates single units, and resolves the events.
    pub fn into_events(self, plant: &mut Plant, inferred: &mut Vec<String>) -> Vec<Event> {
        let parts = self.isolated(plant, inferred);
        if !self.0.is_empty() {
            // Servers shut themselves down when it gets too hot.
            plant.gate_servers();
        }
        let mut events = Vec::with_capacity(self.0.len());
        let units = |target: &Target| -> Vec<usize> {
            let of = |&unit: &usize| match target.index {
                Some(index) => vec![parts.get(&(unit, index)).copied().unwrap_or(unit)],
                None => {
                    let alone = parts.iter().filter(|((u, _), part)| *u == unit && **part != unit);
                    std::iter::once(unit).chain(alone.map(|(_, &part)| part)).collect()
                }
            };
            target.units.iter().flat_map(of).collect()
        };
        for (at_s, text, plan) in self.0 {
            let action = match plan {
                Plan::Trip { target, lasts, given } => {
                    let mut gates = Vec::new();
                    for unit in units(&target) {
                        if target.actuator.is_none() && plant.supplies(unit) {
                            plant.gate_behind(unit);
                        }
                        gates.push(plant.gate(unit, target.actuator));
                    }
                    Action::Trip { gates, rack: target.rack, for_s: lasts, given }
                }
                Plan::Restore { target, groups } => {
                    let faults = &plant.faults;
                    let units = units(&target);
                    let of = |unit: usize, actuator: Option<usize>| {
                        units.contains(&unit) && (target.actuator.is_none() || target.actuator == actuator)
                    };
                    let gates = faults.gates.iter().enumerate().filter(|(_, g)| of(g.unit, g.actuator));
                    let jams = faults.jams.iter().enumerate().filter(|(_, j)| of(j.unit, Some(j.actuator)));
                    Action::Restore {
                        gates: gates.map(|(k, _)| k).collect(),
                        jams: jams.map(|(k, _)| k).collect(),
                        series: groups,
                        rack: target.rack,
                    }
                }
                Plan::Stuck { target, at, lasts } => {
                    let Some(actuator) = target.actuator else { continue };
                    let jams = units(&target).into_iter().map(|unit| plant.jam(unit, actuator)).collect();
                    Action::Stuck { jams, rack: target.rack, at, for_s: lasts }
                }
                Plan::Outage { lasts, chiller_restart, generator_start } => {
                    plant.gate_supplied();
                    Action::UtilityOutage {
                        for_s: lasts,
                        generator_start_s: generator_start.unwrap_or(GENERATOR_START),
                        chiller_restart_s: chiller_restart,
                    }
                }
                Plan::LoadStep { groups, rack, utilisation, lasts } => {
                    Action::LoadStep { series: groups, rack, utilisation, for_s: lasts }
                }
            };
            events.push(Event { at_s, text, action });
        }
        events
    }

    /// Makes every unit that is named alone one of its own: (unit, index) → unit.
    fn isolated(&self, plant: &mut Plant, inferred: &mut Vec<String>) -> BTreeMap<(usize, usize), usize> {
        let mut named: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (_, _, plan) in &self.0 {
            let (Plan::Trip { target, .. } | Plan::Restore { target, .. } | Plan::Stuck { target, .. }) =
                plan
            else {
                continue;
            };
            if let Some(index) = target.index {
                named.entry(target.units[0]).or_default().push(index);
            }
        }
        let mut parts = BTreeMap::new();
        for (unit, mut indices) in named {
            indices.sort_unstable();
            indices.dedup();
            let id = plant.units[unit].id.clone();
            for &index in &indices {
                let part = plant.isolate(unit, index);
                parts.insert((unit, index), part);
                if part == unit {
                    plant.units[unit].id = format!("{id}[{index}]");
                }
            }
            let left = plant.units[unit].multiplicity;
            let shown: Vec<String> = indices.iter().map(|k| format!("{id}[{k}]")).collect();
            inferred.push(match plant.units[unit].id == id {
                true => format!(
                    "{} carried on its own for the events, the other {left} of {id} together",
                    shown.join(", ")
                ),
                false => format!("{} carried one by one for the events", shown.join(", ")),
            });
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn a_time_of_the_day_has_hours_and_minutes() {
        assert_eq!(clock("14:30"), Some(52_200.0));
        assert_eq!(clock("00:00:15"), Some(15.0));
        for wrong in ["24:00", "14", "14:60", "2 h", "14:3x", ""] {
            assert_eq!(clock(wrong), None, "{wrong}");
        }
    }
}
