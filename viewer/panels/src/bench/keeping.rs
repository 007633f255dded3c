//! What is kept: the site in its file, and what is not saved against a crash.

use super::Bench;
use std::path::{Path, PathBuf};

impl Bench {
    /// Keeps changes of a site that has no file of its own in this folder; they are not kept else.
    pub fn keep_in(&mut self, folder: PathBuf) {
        self.keeping = Some(folder);
        self.look_for_unsaved();
    }

    pub(super) fn look_for_unsaved(&mut self) {
        self.unsaved = self.keeping_place("unsaved.ron").map(|(kept, _)| kept).filter(|kept| kept.is_file());
        self.read_snapshots();
    }

    /// Where something is kept that is not in the site's file, and in which folder: beside the file, so that what it names
    /// is found from there, too.
    pub(super) fn keeping_place(&self, what: &str) -> Option<(PathBuf, PathBuf)> {
        let place = |name: &str| format!(".{name}.{what}");
        let file = self.file.as_ref().and_then(|file| Some((file.parent()?, file.file_stem()?)));
        match file {
            Some((folder, stem)) => Some((folder.join(place(&stem.to_string_lossy())), folder.to_owned())),
            None => self
                .keeping
                .as_ref()
                .map(|folder| (folder.join(format!("isotherm{}", place(&self.scenario.id))), folder.clone())),
        }
    }

    /// Keeps what is on the bench, so that a crash loses nothing; what cannot be kept is said.
    pub(super) fn keep(&mut self) {
        let Some((place, folder)) = self.keeping_place("unsaved.ron") else { return };
        if let Err(error) = crate::files::write(&place, &self.scenario.write_for(&folder)) {
            self.unkept = Some(format!("changes are not kept against a crash: {}: {error}", place.display()));
        }
    }

    /// Takes up the changes of an earlier session.
    pub fn recover(&mut self) {
        let Some(place) = self.unsaved.take() else { return };
        match engine::scenario::load(&place, &[]) {
            Ok(mut loaded) => {
                loaded.scenario.id.clone_from(&self.scenario.id);
                loaded.case.id.clone_from(&self.shown.case.id);
                let revision = self.revision + 1;
                let keeping = self.keeping.take();
                let snapshots = std::mem::take(&mut self.snapshots);
                let file = self.file.clone();
                *self = Bench { saved: false, revision, keeping, snapshots, ..Self::with(loaded, file) };
            }
            Err(problems) => self.problems = problems,
        }
    }

    /// Forgets the changes of an earlier session.
    pub fn discard(&mut self) {
        if let Some(place) = self.unsaved.take() {
            // If it cannot be removed it is offered again.
            let _ = std::fs::remove_file(place);
        }
    }

    /// Writes the site where it was read, or to another file; one that has no file of its own as `ID.ron` in the
    /// working folder. A file that is not the site's own is never overwritten.
    ///
    /// # Errors
    /// What the disk says, with the file's name.
    pub fn save(&mut self, to: Option<&Path>) -> Result<PathBuf, String> {
        let own = || self.file.clone().unwrap_or_else(|| PathBuf::from(format!("{}.ron", self.scenario.id)));
        let file = to.map_or_else(own, Path::to_owned);
        if self.file.as_ref() != Some(&file) && file.exists() {
            return Err(format!("{} is there already and is not overwritten", file.display()));
        }
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        let text = self.scenario.write_for(&folder);
        crate::files::write(&file, &text).map_err(|error| format!("{}: {error}", file.display()))?;
        // What is saved needs not be kept.
        if let Some((kept, _)) = self.keeping_place("unsaved.ron") {
            let _ = std::fs::remove_file(kept);
        }
        self.file = Some(file.clone());
        self.saved = true;
        Ok(file)
    }
}
