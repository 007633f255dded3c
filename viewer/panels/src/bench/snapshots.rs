//! States of the site that were kept under a name, and which two runs are compared.

use super::{Bench, Shown};
use crate::playback::Playback;
use engine::scenario::check::check;
use engine::scenario::{Loaded, Scenario};
use serde_json::{Value, json};
use std::path::PathBuf;

/// No file of snapshots is as long as this many bytes.
const LONGEST: u64 = 64 << 20;
/// Most snapshots of a site.
pub const MOST: usize = 64;

/// A state of the site under a name.
#[derive(Debug)]
pub struct Snapshot {
    /// Its name.
    pub name: String,
    /// The site as it was.
    pub scenario: Scenario,
    /// Its run; `None` until it is looked at, or while it waits for the one that is on the bench.
    pub shown: Option<Shown>,
    /// The revision of the bench that it waits for.
    waits: Option<u64>,
}

/// A run to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Slot {
    /// The site as it is now.
    #[default]
    Now,
    /// As it was before the last change.
    Before,
    /// A snapshot.
    Kept(usize),
}

impl Bench {
    /// Keeps the site as it is now under a name; one of the same name is replaced. What is wrong with the name.
    ///
    /// # Errors
    /// A key of a text.
    pub fn take_snapshot(&mut self, name: &str) -> Result<(), &'static str> {
        let name = name.trim();
        if name.is_empty() {
            return Err("snapshot-unnamed");
        }
        let place = self.snapshots.iter().position(|kept| kept.name == name);
        if place.is_none() && self.snapshots.len() >= MOST {
            return Err("snapshot-too-many");
        }
        let done = self.shown.finished.is_some();
        let snapshot = Snapshot {
            name: name.to_owned(),
            scenario: self.scenario.clone(),
            shown: done.then(|| self.shown.clone()),
            waits: (!done).then_some(self.revision),
        };
        match place.and_then(|place| self.snapshots.get_mut(place)) {
            Some(old) => *old = snapshot,
            None => self.snapshots.push(snapshot),
        }
        self.keep_snapshots();
        Ok(())
    }

    /// Forgets a snapshot.
    pub fn drop_snapshot(&mut self, index: usize) {
        if index < self.snapshots.len() {
            self.snapshots.remove(index);
            (self.left, self.right) = (Slot::Before, Slot::Now);
            self.keep_snapshots();
        }
    }

    /// Makes the site what it was in a snapshot: a change as any other, which can be taken back.
    pub fn restore(&mut self, index: usize) -> bool {
        let Some(kept) = self.snapshots.get(index) else { return false };
        let (what, scenario) = (kept.name.clone(), kept.scenario.clone());
        let ready = kept.shown.as_ref().filter(|shown| shown.finished.is_some()).cloned();
        self.become_site(&what, scenario, ready)
    }

    /// The run of a slot, where there is one.
    #[must_use]
    pub fn slot(&self, slot: Slot) -> Option<&Shown> {
        match slot {
            Slot::Now => Some(&self.shown),
            Slot::Before => self.before.as_ref(),
            Slot::Kept(index) => {
                let kept = self.snapshots.get(index)?;
                kept.shown.as_ref().or_else(|| (kept.waits == Some(self.revision)).then_some(&self.shown))
            }
        }
    }

    /// The run that is compared with, where there is one.
    #[must_use]
    pub fn compared(&self) -> Option<&Shown> {
        self.slot(self.left)
    }

    /// The run that it is compared to: as a rule the one of the site as it is.
    #[must_use]
    pub fn current(&self) -> &Shown {
        self.slot(self.right).unwrap_or(&self.shown)
    }

    /// Chooses what is compared; runs of snapshots that nobody has looked at begin.
    pub fn compare(&mut self, left: Slot, right: Slot) {
        (self.left, self.right) = (left, right);
        for slot in [left, right] {
            let Slot::Kept(index) = slot else { continue };
            let revision = self.revision;
            let Some(kept) = self.snapshots.get_mut(index) else { continue };
            if kept.shown.is_none() && kept.waits != Some(revision) {
                kept.scenario.fetch();
                match check(&kept.scenario) {
                    Ok((case, _)) => kept.shown = Some(Shown::start(&kept.scenario, case)),
                    Err(problems) => self.problems = problems,
                }
            }
        }
    }

    /// Takes over what the runs of snapshots have said; whether anything is new.
    pub(super) fn poll_snapshots(&mut self) -> bool {
        let mut new = false;
        for kept in &mut self.snapshots {
            if kept.waits == Some(self.revision) && self.shown.finished.is_some() {
                (kept.shown, kept.waits) = (Some(self.shown.clone()), None);
                new = true;
            }
            new |= kept.shown.as_mut().is_some_and(|shown| shown.poll(&mut Playback::default()));
        }
        new
    }

    /// A run that leaves the bench: whoever waits for it gets it.
    pub(super) fn hand_to_waiting(&mut self, old: &mut Option<Shown>) {
        let revision = self.revision;
        if let Some(kept) = self.snapshots.iter_mut().find(|kept| kept.waits == Some(revision)) {
            (kept.shown, kept.waits) = (old.take(), None);
        }
    }

    fn snapshots_place(&self) -> Option<PathBuf> {
        Some(self.keeping_place("snapshots.json")?.0)
    }

    /// Keeps them beside the site, so that the next session has them.
    fn keep_snapshots(&mut self) {
        let Some((place, folder)) = self.keeping_place("snapshots.json") else { return };
        let written = if self.snapshots.is_empty() {
            match std::fs::remove_file(&place) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            }
        } else {
            let all: Vec<Value> = (self.snapshots.iter())
                .map(|kept| json!({ "name": kept.name, "site": kept.scenario.write_for(&folder) }))
                .collect();
            crate::files::write(&place, &format!("{:#}\n", Value::from(all)))
        };
        if let Err(error) = written {
            self.unkept = Some(format!("snapshots are not kept: {}: {error}", place.display()));
        }
    }

    /// Takes up the snapshots of earlier sessions; what cannot be read of them is left where it is.
    pub(super) fn read_snapshots(&mut self) {
        let Some(place) = self.snapshots_place() else { return };
        let read = std::fs::metadata(&place).ok().filter(|found| found.is_file() && found.len() <= LONGEST);
        let text = read.and_then(|_| std::fs::read_to_string(&place).ok()).unwrap_or_default();
        let value: Value = serde_json::from_str(&text).unwrap_or_default();
        let folder = place.parent().unwrap_or(std::path::Path::new("")).to_owned();
        self.snapshots.clear();
        for kept in value.as_array().into_iter().flatten().take(MOST) {
            let (Some(name), Some(site)) = (kept["name"].as_str(), kept["site"].as_str()) else { continue };
            let id = format!("{}.ron", self.scenario.id);
            if let Ok(Loaded { scenario, .. }) = engine::scenario::load_text_in(&id, site, &folder) {
                self.snapshots.push(Snapshot { name: name.to_owned(), scenario, shown: None, waits: None });
            }
        }
    }
}
