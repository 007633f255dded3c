//! The marks of RON, with their places. Nothing is judged here: the text has been accepted already.

/// One mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
}

/// What a mark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One of `( [ { ) ] } , : #` and others that stand alone.
    Mark(u8),
    Text,
    Number,
    Name,
    /// Characters and bytes.
    Other,
}

/// Splits a text into marks.
#[derive(Debug, Clone)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

/// As RON: the Unicode pattern white space.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t'..='\r' | '\u{85}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}')
}

fn ends_word(c: char) -> bool {
    is_blank(c) || matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | ',' | ':' | '"' | '\'' | '/')
}

impl<'a> Scanner<'a> {
    pub fn new(text: &'a str) -> Self {
        Scanner { text, at: 0 }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Skips blanks, `// …` and nested `/* … */`.
    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            self.at += rest.find(|c| !is_blank(c)).unwrap_or(rest.len());
            let rest = self.rest();
            if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.at += block_comment(rest);
            } else {
                return;
            }
        }
    }

    /// The next mark; `None` at the end of the text.
    pub fn next(&mut self) -> Option<Token> {
        self.skip_blanks();
        let start = self.at;
        let rest = self.rest();
        let first = rest.chars().next()?;
        let word = || rest.find(ends_word).unwrap_or(rest.len());
        let (kind, length) = match first {
            '"' => (Kind::Text, quoted(rest, 1)),
            'r' if raw_text(&rest[1..]).is_some() => (Kind::Text, 1 + raw_text(&rest[1..]).unwrap_or(0)),
            'b' if rest[1..].starts_with('"') => (Kind::Other, quoted(rest, 2)),
            'b' if rest[1..].starts_with('\'') => (Kind::Other, 1 + character(&rest[1..])),
            'b' if rest[1..].starts_with('r') && raw_text(&rest[2..]).is_some() => {
                (Kind::Other, 2 + raw_text(&rest[2..]).unwrap_or(0))
            }
            '\'' => (Kind::Other, character(rest)),
            '0'..='9' | '+' | '-' | '.' => (Kind::Number, word()),
            c if ends_word(c) || c == '#' => {
                (Kind::Mark(if c.is_ascii() { c as u8 } else { b'?' }), c.len_utf8())
            }
            _ => (Kind::Name, word()),
        };
        self.at = start + length.max(1);
        let mut kind = kind;
        // A range is one mark: 1..2, b'a'..b'z'.
        while matches!(kind, Kind::Number | Kind::Other) && self.extends_range(&self.text[start..self.at]) {
            kind = Kind::Other;
        }
        Some(Token { kind, start, end: self.at })
    }

    /// Goes on over the end of a range that `ron` reads in one piece with its beginning.
    fn extends_range(&mut self, so_far: &str) -> bool {
        let rest = self.rest();
        let more = if so_far.starts_with("b'") && so_far.ends_with('\'') && rest.starts_with("..") {
            rest.find(ends_word).unwrap_or(rest.len())
        } else if (so_far.ends_with("..b") || so_far.ends_with("..=b")) && rest.starts_with('\'') {
            character(rest)
        } else {
            0
        };
        self.at += more;
        more > 0
    }

    /// The next mark, left in place.
    pub fn peek(&self) -> Option<Token> {
        self.clone().next()
    }
}

/// Length of a block comment that may hold others; the rest of the text if it is not closed.
fn block_comment(rest: &str) -> usize {
    let (mut at, mut depth) = (2, 1_usize);
    while depth > 0 {
        let Some(next) = rest[at..].find(['/', '*']) else { return rest.len() };
        at += next;
        if rest[at..].starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest[at..].starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
        } else {
            at += 1;
        }
    }
    at
}

/// Length of a text in quotes whose content starts at `from`.
fn quoted(rest: &str, from: usize) -> usize {
    let mut escaped = false;
    for (at, c) in rest[from..].char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return from + at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Length of `#"…"#` (any number of `#`), if that is what follows the `r`.
fn raw_text(rest: &str) -> Option<usize> {
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    let content = rest[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", &rest[..hashes]);
    Some(content.find(&end).map_or(rest.len(), |at| hashes + 1 + at + end.len()))
}

/// Length of a character in single quotes.
fn character(rest: &str) -> usize {
    let mut characters = rest.char_indices().skip(1);
    match characters.next() {
        Some((_, '\\')) => {
            // What is escaped is no end.
            characters.next();
        }
        Some(_) => {}
        None => return rest.len(),
    }
    characters.find(|&(_, c)| c == '\'').map_or(rest.len(), |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(text: &str) -> Vec<&str> {
        let mut scanner = Scanner::new(text);
        std::iter::from_fn(|| scanner.next()).map(|t| &text[t.start..t.end]).collect()
    }

    #[test]
    fn comments_texts_and_characters_hide_brackets() {
        assert_eq!(
            marks("a /* ( /* [ */ { */ : // )\n \"x)\\\"(\", r#\"\"(\"#, ')', b\"(\", '\\''"),
            ["a", ":", "\"x)\\\"(\"", ",", "r#\"\"(\"#", ",", "')'", ",", "b\"(\"", ",", "'\\''"]
        );
    }

    #[test]
    fn numbers_and_names_end_at_the_next_mark() {
        assert_eq!(
            marks("Kind(a:-1.5e3,r#b:0x1f)"),
            ["Kind", "(", "a", ":", "-1.5e3", ",", "r#b", ":", "0x1f", ")"]
        );
    }

    #[test]
    fn what_is_not_closed_ends_with_the_text() {
        for text in ["\"abc\\", "r##\"a\"#", "/* /* */", "'", "'\\", "b'\\", "b\"", "//", "a/"] {
            let covered = marks(text).iter().map(|m| m.len()).sum::<usize>();
            assert!(covered <= text.len());
        }
    }
}
