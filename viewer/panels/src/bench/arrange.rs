//! Racks and components added, moved, exchanged and taken away: the engine makes the edit, the bench carries it out.

use super::Bench;
use engine::scenario::edit::{self, Edit, arrange};
use engine::scenario::{Problem, Scenario};

/// What is to become of racks, or of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrange {
    /// The racks become those of another template.
    Exchange(String),
    /// The racks get the same chips with other cooling: on cold plates, or in air.
    Cool {
        /// On cold plates.
        liquid: bool,
    },
    /// The racks become a group of their own.
    Part,
    /// The racks move to another group of the same template.
    MoveTo(String),
    /// The racks go.
    RemoveRacks,
    /// Another component or group like this one stands beside it.
    AddLike(String),
    /// A component or group goes, with all that names it.
    TakeAway(String),
}

/// Racks by the group that declares them.
pub type Racks = Vec<(String, Vec<u32>)>;

impl Bench {
    /// Carries it out; the id of a group or component that is new or changed.
    pub fn arrange(&mut self, what: &Arrange, racks: &Racks) -> Option<String> {
        match made(&self.scenario, what, racks) {
            Ok((edit, id)) => self.change(&named(what, racks), &edit).then(|| id.unwrap_or_default()),
            Err(problem) => {
                self.problems = vec![problem];
                None
            }
        }
    }
}

/// The edit that carries it out, and the id that it brings. Racks of several groups are one change.
fn made(scenario: &Scenario, what: &Arrange, racks: &Racks) -> Result<(Edit, Option<String>), Problem> {
    let of_site = match what {
        Arrange::AddLike(path) => Some(arrange::add_like(scenario, path).map(|(edit, id)| (edit, Some(id)))),
        Arrange::TakeAway(path) => Some(arrange::take_away(scenario, path).map(|edit| (edit, None))),
        _ => None,
    };
    if let Some(made) = of_site {
        return made;
    }
    let mut scratch = scenario.clone();
    let (mut edits, mut id) = (Vec::new(), None);
    for (group, racks) in racks {
        let (edit, new) = match what {
            Arrange::Exchange(template) => {
                arrange::exchange(&scratch, group, racks, template).map(|(edit, id)| (edit, Some(id)))?
            }
            Arrange::Cool { liquid } => {
                if arrange::has_liquid(&scratch, group) == *liquid {
                    continue;
                }
                let template = counterpart(&scratch, group, *liquid)?;
                arrange::exchange(&scratch, group, racks, template).map(|(edit, id)| (edit, Some(id)))?
            }
            Arrange::Part => arrange::part(&scratch, group, racks).map(|(edit, id)| (edit, Some(id)))?,
            Arrange::MoveTo(to) => (arrange::hand_over(&scratch, group, racks, to)?, Some(to.clone())),
            Arrange::RemoveRacks => (arrange::remove_racks(&scratch, group, racks)?, None),
            Arrange::AddLike(_) | Arrange::TakeAway(_) => continue,
        };
        edit::apply(&mut scratch, &edit)?;
        edits.push(edit);
        id = new.or(id);
    }
    if edits.is_empty() {
        let path = racks.first().map_or_else(|| "racks".to_owned(), |(group, _)| format!("racks.{group}"));
        return Err(refused(
            path,
            "nothing would change: no rack is chosen, or all of them are cooled so already",
            None,
        ));
    }
    Ok((Edit::Several(edits), id))
}

fn refused(path: String, message: &str, help: Option<&str>) -> Problem {
    Problem {
        severity: engine::scenario::Severity::Error,
        code: engine::scenario::problem::code::UNKNOWN_RECORD,
        path,
        message: message.to_owned(),
        help: help.map(str::to_owned),
        location: None,
    }
}

/// The template with the same chips and other cooling.
fn counterpart(scenario: &Scenario, group: &str, liquid: bool) -> Result<&'static str, Problem> {
    let path = format!("racks.{group}.template");
    let template = scenario.get(&path).and_then(|node| node.as_text()).unwrap_or_default();
    arrange::counterpart(template, liquid).ok_or_else(|| {
        let way = if liquid { "on cold plates" } else { "in air" };
        let message = format!("the catalogue has no rack with the chips of {template} {way}");
        refused(path, &message, Some("choose another template"))
    })
}

/// What the change is called.
fn named(what: &Arrange, racks: &Racks) -> String {
    let racks = || {
        let of = |(group, racks): &(String, Vec<u32>)| match &racks[..] {
            [only] => format!("{group}[{only}]"),
            several => format!("{} × {group}", several.len()),
        };
        racks.iter().map(of).collect::<Vec<_>>().join(", ")
    };
    match what {
        Arrange::Exchange(template) => format!("{} → {template}", racks()),
        Arrange::Cool { liquid: true } => format!("{} → cold plates", racks()),
        Arrange::Cool { liquid: false } => format!("{} → air", racks()),
        Arrange::Part => format!("{} → own group", racks()),
        Arrange::MoveTo(to) => format!("{} → {to}", racks()),
        Arrange::RemoveRacks => format!("− {}", racks()),
        Arrange::AddLike(path) => format!("+ {path}"),
        Arrange::TakeAway(path) => format!("− {path}"),
    }
}
