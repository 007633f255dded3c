//! What the viewer remembers from one session to the next: how it is looked at, and what was open.
//!
//! One small JSON file. One that cannot be read is as none: nothing in it is worth refusing to start.

use crate::look::{Look, SIZES};
use engine::report::document::Language;
use engine::units::System;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Most files that are remembered.
const RECENT: usize = 8;
/// No such file is as long as this many bytes.
const LONGEST: u64 = 1 << 16;

/// What is remembered, and where.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    /// The file; nothing is remembered where it is `None`.
    place: Option<PathBuf>,
    /// What was open, the latest first.
    pub recent: Vec<PathBuf>,
}

impl Memory {
    /// Where a desktop keeps such things: `$XDG_CONFIG_HOME/isotherm/viewer.json`, else `~/.config/…` (XDG Base Directory
    /// Specification 0.8).
    #[must_use]
    pub fn usual_place() -> Option<PathBuf> {
        let absolute =
            |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let folder = absolute("XDG_CONFIG_HOME").or_else(|| Some(absolute("HOME")?.join(".config")))?;
        Some(folder.join("isotherm").join("viewer.json"))
    }

    /// What is remembered there, and how things were looked at.
    #[must_use]
    pub fn at(place: PathBuf) -> (Memory, Look) {
        let mut look = Look::default();
        let read = std::fs::metadata(&place).ok().filter(|found| found.is_file() && found.len() <= LONGEST);
        let text = read.and_then(|_| std::fs::read_to_string(&place).ok()).unwrap_or_default();
        let value: Value = serde_json::from_str(&text).unwrap_or_default();
        let language = value["language"].as_str();
        if let Some(&known) = Language::ALL.iter().find(|known| Some(known.code()) == language) {
            look.speak(known);
        }
        if value["units"] == "us" {
            look.units = System::Us;
        }
        look.light = value["light"] == true;
        let size = value["size"].as_f64().unwrap_or(1.0) as f32;
        look.size = if size.is_finite() { size.clamp(SIZES[0], SIZES[SIZES.len() - 1]) } else { 1.0 };
        let recent = value["recent"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let recent = recent.take(RECENT).map(PathBuf::from).collect();
        (Memory { place: Some(place), recent }, look)
    }

    /// A file or folder was opened.
    pub fn opened(&mut self, path: &Path) {
        let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        self.recent.retain(|known| *known != path);
        self.recent.insert(0, path);
        self.recent.truncate(RECENT);
    }

    /// Keeps all of it. What cannot be kept is forgotten: it is a comfort, no more.
    pub fn keep(&self, look: &Look) {
        let Some(place) = &self.place else { return };
        let units = if look.units == System::Us { "us" } else { "si" };
        let recent: Vec<_> = self.recent.iter().map(|path| path.to_string_lossy()).collect();
        let value = json!({
            "language": look.language().code(),
            "units": units,
            "light": look.light,
            "size": look.size,
            "recent": recent,
        });
        let folder = place.parent().map_or(Ok(()), std::fs::create_dir_all);
        let _ = folder.and_then(|()| crate::files::write(place, &format!("{value:#}\n")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_there_again_and_rubbish_is_as_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("a/viewer.json");
        let (mut memory, mut look) = Memory::at(place.clone());
        assert!(memory.recent.is_empty());
        look.speak(Language::Chinese);
        (look.units, look.light, look.size) = (System::Us, true, 1.5);
        for name in ["one.ron", "two.ron", "one.ron"] {
            memory.opened(Path::new(name));
        }
        memory.keep(&look);
        let (memory, look) = Memory::at(place.clone());
        assert_eq!(memory.recent, [PathBuf::from("one.ron"), PathBuf::from("two.ron")]);
        assert_eq!(
            (look.language(), look.units, look.light, look.size),
            (Language::Chinese, System::Us, true, 1.5)
        );
        for rubbish in ["", "{", "[1]", "{\"size\": 1e99, \"recent\": 7, \"language\": \"xx\"}"] {
            std::fs::write(&place, rubbish).expect("written");
            let (memory, look) = Memory::at(place.clone());
            assert!(memory.recent.is_empty() && look.language() == Language::English && look.size <= 2.0);
        }
    }
}
