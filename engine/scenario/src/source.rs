//! The texts that a scenario comes from, and how a file becomes one.

use crate::node::At;
use crate::problem::{Location, Raised, code, shown};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// The largest site file that is read: 16 MiB.
pub const LARGEST_FILE: u64 = 16 << 20;

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// RON, as people write it.
    Ron,
    /// JSON, as programs write it.
    Json,
}

/// A text: a file, something built in, or a setting.
#[derive(Debug)]
pub struct Source {
    /// Its name in messages.
    pub name: String,
    /// The text.
    pub text: String,
    /// How it is written.
    pub dialect: Dialect,
    /// Where the files that it names are sought.
    pub folder: Folder,
    /// Where each line starts, found when it is first needed.
    lines: OnceLock<Vec<usize>>,
}

/// Where the files that a text names are sought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Folder {
    /// A folder on disk.
    Disk(PathBuf),
    /// Among what is built in; no file on disk can be named.
    BuiltIn,
}

impl Source {
    /// A text with its name.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>, folder: Folder) -> Source {
        let name = name.into();
        let json = Path::new(&name).extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
        let dialect = if json { Dialect::Json } else { Dialect::Ron };
        Source { name, text: text.into(), dialect, folder, lines: OnceLock::new() }
    }

    /// Reads a file, checked before and while it is read.
    pub(crate) fn open(path: &Path) -> Result<Source, Raised> {
        let name = shown(path);
        let bytes = read_limited(path, LARGEST_FILE, "16 MiB")?;
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        Ok(Source::new(name.clone(), decode(&name, bytes)?, Folder::Disk(folder)))
    }

    fn lines(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            let ends = self.text.match_indices('\n').map(|(at, _)| at + 1);
            std::iter::once(0).chain(ends).collect()
        })
    }

    /// Line and column of a byte, both counted from 1.
    fn position(&self, byte: usize) -> (usize, usize) {
        let byte = floor(&self.text, byte);
        let lines = self.lines();
        let line = lines.partition_point(|&start| start <= byte).max(1);
        (line, self.text[lines[line - 1]..byte].chars().count() + 1)
    }

    /// Line of a byte, counted from 1.
    pub(crate) fn line(&self, byte: usize) -> usize {
        self.position(byte).0
    }

    /// Byte of a line and column.
    pub(crate) fn byte(&self, line: usize, column: usize) -> usize {
        let lines = self.lines();
        let Some(&start) = lines.get(line.saturating_sub(1)) else { return self.text.len() };
        let rest = &self.text[start..];
        start + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at)
    }

    fn locate(&self, start: usize, end: usize) -> Location {
        let (line, column) = self.position(start);
        let begin = self.lines()[line - 1];
        let rest = &self.text[begin..];
        let text = rest.split('\n').next().unwrap_or(rest).trim_end_matches('\r');
        let within = floor(&self.text, end.min(begin + text.len())).max(floor(&self.text, start));
        let length = self.text[floor(&self.text, start)..within].chars().count().max(1);
        Location { file: self.name.clone(), line, column, length, line_text: text.to_owned() }
    }
}

/// The nearest character boundary at or before `byte`.
fn floor(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

/// The texts of one scenario, named by their index.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    list: Vec<Arc<Source>>,
}

impl Sources {
    /// Adds a text and tells its index.
    pub fn add(&mut self, source: Source) -> usize {
        self.list.push(Arc::new(source));
        self.list.len() - 1
    }

    /// The text of an index, among them what is built in.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&Source> {
        self.list.get(index).map(AsRef::as_ref).or_else(|| crate::catalogue::source(index))
    }

    /// The text that something stands in.
    #[must_use]
    pub fn of(&self, at: At) -> Option<&Source> {
        self.get(at.source as usize)
    }

    /// The first `count` of them.
    pub(crate) fn first(&self, count: usize) -> &[Arc<Source>] {
        &self.list[..count.min(self.list.len())]
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.list.iter().map(AsRef::as_ref)
    }

    /// The written form of what stands there.
    pub(crate) fn written(&self, at: At) -> &str {
        self.of(at).and_then(|s| s.text.get(at.start as usize..at.end as usize)).unwrap_or_default()
    }

    pub(crate) fn locate(&self, at: At) -> Option<Location> {
        self.of(at).map(|source| source.locate(at.start as usize, at.end as usize))
    }
}

/// Reads an ordinary file of at most `limit` bytes.
pub(crate) fn read_limited(path: &Path, limit: u64, limit_shown: &str) -> Result<Vec<u8>, Raised> {
    let name = shown(path);
    let wrong = |code, message: String| Raised::error(code, "", At::NOWHERE, message);
    let refused = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => wrong(code::FILE_MISSING, format!("{name}: there is no such file")),
        _ => wrong(code::FILE_UNREADABLE, format!("{name}: cannot be read: {error}")),
    };
    let about = std::fs::metadata(path).map_err(refused)?;
    if about.is_dir() {
        // What every run writes.
        let finished = path.join("manifest.json").is_file();
        let help = match finished {
            true => {
                "it holds a finished run; report and compare read it, all else wants the site that it is of"
            }
            false => "name the file inside it, for example site.ron",
        };
        return Err(wrong(code::NOT_A_FILE, format!("{name}: is a folder")).help(help));
    }
    if !about.is_file() {
        let help = "copy the text into a file and name that";
        return Err(wrong(code::NOT_A_FILE, format!("{name}: is not an ordinary file")).help(help));
    }
    let too_large = |bytes: u64| {
        let message = format!("{name}: has {bytes} bytes, at most {limit} ({limit_shown}) are read");
        wrong(code::FILE_TOO_LARGE, message)
    };
    if about.len() > limit {
        return Err(too_large(about.len()));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(about.len()).unwrap_or(0));
    let file = std::fs::File::open(path).map_err(refused)?;
    // A file may grow between the two looks at it.
    file.take(limit + 1).read_to_end(&mut bytes).map_err(refused)?;
    if bytes.len() as u64 > limit { Err(too_large(bytes.len() as u64)) } else { Ok(bytes) }
}

/// The line, from 1, in which a byte stands.
fn line_of(bytes: &[u8], at: usize) -> usize {
    1 + bytes[..at].iter().filter(|b| **b == b'\n').count()
}

/// Bytes as text, or what they are instead.
pub(crate) fn decode(name: &str, bytes: Vec<u8>) -> Result<String, Raised> {
    let wrong = |message: String| {
        let help = "a site file is plain UTF-8 text in RON";
        Err(Raised::error(code::NOT_TEXT, "", At::NOWHERE, format!("{name}: {message}")).help(help))
    };
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return wrong("is UTF-16: save it as UTF-8".to_owned());
    }
    let control = |b: &u8| *b < 0x20 && !matches!(*b, b'\t' | b'\n' | b'\r' | 0x0c);
    if let Some(at) = bytes.iter().position(control) {
        let line = line_of(&bytes, at);
        return wrong(format!("is not text: line {line} has the control character 0x{:02x}", bytes[at]));
    }
    match String::from_utf8(bytes) {
        // A byte order mark is no part of the text.
        Ok(text) => Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let line = line_of(error.as_bytes(), at);
            wrong(format!("is not UTF-8: line {line} has a byte that is no character"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_counted_in_characters_and_kept_within_its_line() {
        let source = Source::new("t", "a\n热 = bc\r\nd", Folder::BuiltIn);
        // "热" has three bytes: bc starts at byte 2 + 3 + 3 = 8
        let place = source.locate(8, 13);
        assert_eq!((place.line, place.column, place.length), (2, 5, 2));
        assert_eq!(place.line_text, "热 = bc");
        assert_eq!(source.byte(2, 5), 8);
    }

    #[test]
    fn places_outside_the_text_are_its_end() {
        let source = Source::new("t", "ä", Folder::BuiltIn);
        assert_eq!(source.locate(1, 9).column, 1);
        assert_eq!(source.locate(99, 100).column, 2);
        assert_eq!(source.byte(7, 7), 2);
    }
}
