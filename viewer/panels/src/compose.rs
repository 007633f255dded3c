//! A component of any kind that is being put together: its fields from the declaration, its ports joined one by one, and
//! what the check of the site says to it, until it is right.
//!
//! Components that need each other (a pump and what it pumps through) are put down one after the other, and checked and
//! added together.

use engine::plant::catalogue::KINDS;
use engine::plant::declare::{Declaration, Port};
use engine::scenario::catalogue::{Record, Shelf, all};
use engine::scenario::check::check;
use engine::scenario::edit::arrange::fresh::{Fresh, Joined, add_fresh, fresh_id, places};
use engine::scenario::edit::{Edit, apply};
use engine::scenario::{Problem, Scenario};
use std::collections::BTreeMap;

/// Kinds that stand within racks, as parts of their templates: those with a workload, and what feeds or cools such parts.
const WITHIN_RACKS: &[&str] = &["RackFans", "PowerShelf", "Sivoc", "Rectifier"];

/// A component that is being put together.
#[derive(Debug, Clone)]
pub struct Composer {
    /// The site with what was put down already.
    base: Scenario,
    /// What was put down: ids and edits.
    down: Vec<(String, Edit)>,
    /// The one at hand.
    pub fresh: Fresh,
    /// What is typed in its fields.
    pub fields: BTreeMap<String, String>,
    /// Where its ports are joined.
    pub joined: BTreeMap<String, Joined>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// What `problems` are of.
    checked: Option<Fresh>,
}

/// The kinds that can be added to a site, in the order of the manual.
pub fn kinds() -> impl Iterator<Item = &'static Declaration> {
    use engine::plant::declare::Role;
    let within = |of: &Declaration| {
        WITHIN_RACKS.contains(&of.name)
            || of.junction().is_some()
            || of.inputs.iter().any(|input| matches!(input.role, Role::Signal("utilisation" | "power")))
    };
    KINDS.iter().map(|kind| kind.declaration()).filter(move |of| !within(of))
}

/// Records of the catalogue for a kind.
pub fn products(kind: &str) -> impl Iterator<Item = &'static Record> {
    all(Shelf::Components).filter(move |record| record.kind() == Some(kind))
}

impl Composer {
    /// Begins with nothing but the site.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        let mut composer = Composer {
            base: scenario.clone(),
            down: Vec::new(),
            fresh: Fresh::default(),
            fields: BTreeMap::new(),
            joined: BTreeMap::new(),
            problems: Vec::new(),
            checked: None,
        };
        if let Some(first) = kinds().next() {
            composer.choose(first.name);
        }
        composer
    }

    /// Takes another kind: its fields are empty again.
    pub fn choose(&mut self, kind: &str) {
        let id = fresh_id(&self.base, kind);
        self.fresh = Fresh { kind: kind.to_owned(), id, ..Fresh::default() };
        self.fields.clear();
        self.joined.clear();
    }

    /// What its kind declares.
    #[must_use]
    pub fn declaration(&self) -> Option<&'static Declaration> {
        kinds().find(|of| of.name == self.fresh.kind)
    }

    /// Ids of what was put down already.
    pub fn put_down(&self) -> impl Iterator<Item = &str> {
        self.down.iter().map(|(id, _)| id.as_str())
    }

    /// Where a port can be joined.
    #[must_use]
    pub fn places(&self, port: &Port) -> Vec<Joined> {
        places(&self.base, port)
    }

    /// The component as it is now.
    fn now(&self) -> Fresh {
        let fields = self.fields.iter().filter(|(_, text)| !text.trim().is_empty());
        Fresh {
            fields: fields.map(|(field, text)| (field.clone(), text.clone())).collect(),
            ports: self.joined.iter().map(|(port, to)| (port.clone(), to.clone())).collect(),
            ..self.fresh.clone()
        }
    }

    /// Checks the whole site with it, if anything has changed since the last time.
    pub fn check(&mut self) {
        let now = self.now();
        if self.checked.as_ref() == Some(&now) {
            return;
        }
        self.problems = match add_fresh(&self.base, &now) {
            Ok(edit) => {
                let mut site = self.base.clone();
                match apply(&mut site, &edit) {
                    Ok(_) => {
                        site.fetch();
                        check(&site).map_or_else(|problems| problems, |(_, warnings)| warnings)
                    }
                    Err(problem) => vec![problem],
                }
            }
            Err(problem) => vec![problem],
        };
        self.checked = Some(now);
    }

    /// Whether nothing is wrong with it.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.checked.is_some() && !self.problems.iter().any(Problem::is_error)
    }

    /// Puts it down as it is, right or not, to join others to it; whether it could be.
    pub fn lay_down(&mut self) -> bool {
        let now = self.now();
        let laid = add_fresh(&self.base, &now).and_then(|edit| apply(&mut self.base, &edit).map(|_| edit));
        match laid {
            Ok(edit) => {
                self.down.push((now.id, edit));
                let kind = self.fresh.kind.clone();
                self.choose(&kind);
                self.checked = None;
                true
            }
            Err(problem) => {
                self.problems = vec![problem];
                false
            }
        }
    }

    /// The edit of everything that was put down and the one at hand, and what to call it.
    ///
    /// # Errors
    /// What is wrong with the one at hand.
    pub fn edit(&self) -> Result<(String, Edit), Problem> {
        let now = self.now();
        let last = add_fresh(&self.base, &now)?;
        let ids: Vec<&str> = self.put_down().chain([now.id.as_str()]).collect();
        let edits = self.down.iter().map(|(_, edit)| edit.clone()).chain([last]).collect();
        Ok((format!("+ {}", ids.join(", ")), Edit::Several(edits)))
    }
}
