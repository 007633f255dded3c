//! Files of the viewer appear whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// No site that is listed is as long as this many bytes.
const LONGEST: u64 = 1 << 20;
/// No list on the start screen is longer.
const LISTED: usize = 24;

/// Sites and finished runs in a folder and in its `runs`, by name: what the start screen offers.
#[must_use]
pub fn sites_and_runs(folder: &Path) -> Vec<PathBuf> {
    let list = |folder: &Path| -> Vec<PathBuf> {
        let read = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let names =
            fs::read_dir(read).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.file_name());
        let mut paths: Vec<PathBuf> = names
            .filter(|name| !name.to_string_lossy().starts_with('.'))
            .map(|name| folder.join(name))
            .collect();
        paths.sort();
        paths
    };
    let is_site = |path: &PathBuf| {
        let small = path.metadata().is_ok_and(|found| found.is_file() && found.len() <= LONGEST);
        let ron = path.extension().is_some_and(|ending| ending == "ron") && small;
        // Catalogue records and studies are written in RON, too.
        ron && fs::read_to_string(path)
            .is_ok_and(|text| text.contains("components") && text.contains("Site("))
    };
    let mut found: Vec<PathBuf> =
        list(folder).into_iter().filter(|path| is_site(path) || crate::bench::is_run(path)).collect();
    found.extend(list(&folder.join("runs")).into_iter().filter(|path| crate::bench::is_run(path)));
    found.truncate(LISTED);
    found
}

/// Writes a text beside its place and moves it there.
///
/// # Errors
/// Those of the disk; the old file is then as it was.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    write_bytes(path, text.as_bytes())
}

/// As [`write`], of bytes.
///
/// # Errors
/// As [`write`].
pub fn write_bytes(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().ok_or_else(|| io::Error::other("this is no name of a file"))?;
    let mut beside: PathBuf = path.to_owned();
    beside.set_file_name(format!(".{}.{}.tmp", name.to_string_lossy(), std::process::id()));
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let moved = written.and_then(|()| fs::rename(&beside, path));
    if moved.is_err() {
        // What is left of it is of no use to anybody.
        let _ = fs::remove_file(&beside);
    }
    moved
}
