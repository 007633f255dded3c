//! From a path to lines of text, with everything refused that is no ordinary, moderate text file.

use super::problem::{LARGEST_FILE, WeatherError};
use std::borrow::Cow;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

/// The path for messages, and the content.
pub(super) fn read(path: &Path) -> Result<(String, Vec<u8>), WeatherError> {
    let name = path.display().to_string();
    let failed = |error: &io::Error| match error.kind() {
        io::ErrorKind::NotFound => WeatherError::Missing { file: name.clone() },
        _ => WeatherError::Unreadable { file: name.clone(), reason: error.to_string() },
    };
    // Looked at before opening: opening a pipe would wait for its other end.
    let kind = fs::metadata(path).map_err(|error| failed(&error))?;
    if kind.is_dir() {
        return Err(WeatherError::Folder { file: name });
    }
    if !kind.is_file() {
        return Err(WeatherError::NotAFile { file: name });
    }
    if kind.len() > LARGEST_FILE {
        return Err(WeatherError::TooLarge { file: name, bytes: kind.len() });
    }
    let mut bytes = Vec::new();
    let opened = fs::File::open(path).map_err(|error| failed(&error))?;
    // The file may grow, or lie about its length as those under /proc do.
    opened.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(|error| failed(&error))?;
    Ok((name, bytes))
}

/// The lines of a text file.
#[derive(Debug)]
pub(super) struct Text<'a> {
    /// The path for messages.
    pub name: &'a str,
    /// Whether the last line is ended, as a complete file's is.
    pub ended: bool,
    content: Cow<'a, str>,
}

impl<'a> Text<'a> {
    /// UTF-8 where the bytes are valid UTF-8, Latin-1 otherwise; a byte order mark and a final Ctrl-Z are
    /// dropped.
    pub fn decode(bytes: &'a [u8], name: &'a str) -> Result<Self, WeatherError> {
        let file = || name.to_owned();
        let not_text = |found, way_out| WeatherError::NotText { file: file(), found, way_out };
        if bytes.len() as u64 > LARGEST_FILE {
            return Err(WeatherError::TooLarge { file: file(), bytes: bytes.len() as u64 });
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\x1f\x8b") {
            return Err(not_text("packed", "unpack it and name the .epw or .csv file"));
        }
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            return Err(not_text("UTF-16", "save it as UTF-8 or plain text"));
        }
        let bytes = bytes.strip_suffix(b"\x1a").unwrap_or(bytes);
        if bytes.iter().any(|&byte| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c)) {
            return Err(not_text("it holds control characters", "name a weather file in text form"));
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(WeatherError::Empty { file: file() });
        }
        let content = match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(bytes.iter().map(|&byte| char::from(byte)).collect()),
        };
        // Files of the oldest systems end their lines by a carriage return alone.
        let content = if content.contains('\n') { content } else { Cow::Owned(content.replace('\r', "\n")) };
        Ok(Self { name, ended: content.ends_with('\n'), content })
    }

    /// The lines with their numbers, counted from 1; blank lines at the end are left out.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.content.trim_end().split('\n');
        lines.enumerate().map(|(index, line)| (index + 1, line.strip_suffix('\r').unwrap_or(line)))
    }

    /// The first line.
    pub fn first_line(&self) -> &str {
        self.lines().next().map_or("", |(_, line)| line)
    }
}

/// The fields of a comma-separated line. A field in double quotes may hold commas; the quotes are
/// dropped, as are spaces around a field.
pub(super) fn fields(line: &str) -> Vec<&str> {
    let mut quoted = false;
    line.split(|c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    })
    .map(|field| {
        let field = field.trim();
        field.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(field)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_comma_does_not_split_a_field() {
        assert_eq!(fields("a, \"b, c\" ,d,"), ["a", "b, c", "d", ""]);
        assert_eq!(fields("\""), ["\""]);
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_read_as_latin_1() {
        let text = Text::decode(b"S\xe3o Paulo\r\nx\r\n", "t");
        let text = text.as_ref().map(|t| t.lines().collect::<Vec<_>>());
        assert_eq!(text, Ok(vec![(1, "São Paulo"), (2, "x")]));
    }

    #[test]
    fn what_is_no_text_says_so() {
        for (bytes, part) in [
            (&b"\x7fELF\x01\x00"[..], "control characters"),
            (b"PK\x03\x04....", "unpack"),
            (b"\xff\xfeL\x00O\x00", "UTF-16"),
            (b" \r\n \n", "is empty"),
            (b"", "is empty"),
        ] {
            let error = Text::decode(bytes, "t").map(|_| ()).map_err(|e| e.to_string());
            assert!(error.as_ref().is_err_and(|text| text.contains(part)), "{error:?}");
        }
    }

    #[test]
    fn a_folder_and_a_missing_file_are_told_apart() {
        let here = std::env::temp_dir();
        assert!(matches!(read(&here), Err(WeatherError::Folder { .. })));
        let nowhere = here.join("no such folder").join("x.epw");
        assert!(matches!(read(&nowhere), Err(WeatherError::Missing { .. })));
    }
}
