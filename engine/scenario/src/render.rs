//! How a problem looks in a terminal or a log: the line with a caret under what is meant.
//!
//! ```text
//! error[ISO0108]: components.cdu.supply_setpoint: "40 kW" is a power, a temperature such as "30 °C" is expected
//!   --> site.ron:12:46
//!    |
//! 12 |     "cdu": Cdu(supply_setpoint: "40 kW"),
//!    |                                 ^^^^^^^
//!    = nearest: …
//! ```
//! No colours: a terminal adds its own.

use crate::problem::{Location, Problem, Severity};
use std::fmt;

/// Characters of a line that are shown at most.
const WIDTH: usize = 120;

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{severity}[{}]: ", self.code)?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        let number = self.location.as_ref().map(|l| l.line.to_string()).unwrap_or_default();
        let margin = " ".repeat(number.len().max(1));
        if let Some(location) = &self.location {
            let (before, line, after) = excerpt(location);
            let carets = "^".repeat(after.max(1));
            write!(f, "\n{margin}--> {}:{}:{}", location.file, location.line, location.column)?;
            write!(f, "\n{margin} |\n{number} | {line}\n{margin} | {before}{carets}")?;
        }
        match &self.help {
            Some(help) => write!(f, "\n{margin} = {help}"),
            None => Ok(()),
        }
    }
}

impl Problem {
    /// The problem as text: [`Display`](fmt::Display) with a line end.
    #[must_use]
    pub fn render(&self) -> String {
        format!("{self}\n")
    }
}

/// The blanks before the caret, the part of the line that is shown, and how many carets.
fn excerpt(location: &Location) -> (String, String, usize) {
    let characters: Vec<char> = location.line_text.chars().collect();
    let start = (location.column - 1).min(characters.len());
    let end = (start + location.length).min(characters.len());
    let from = if characters.len() <= WIDTH { 0 } else { start.saturating_sub(WIDTH / 2) };
    let to = (from + WIDTH).min(characters.len());
    let mut before: String = characters[from..start].iter().map(|&c| blank(c)).collect();
    let mut line: String = characters[from..to].iter().map(|&c| visible(c)).collect();
    if from > 0 {
        line.insert(0, '…');
        before.insert(0, ' ');
    }
    if to < characters.len() {
        line.push('…');
    }
    let carets = characters[start..end.min(to).max(start)].iter().map(|&c| width(c)).sum();
    (before, line, carets)
}

/// As wide as the character; a tab stays a tab.
fn blank(c: char) -> &'static str {
    match (c, width(c)) {
        ('\t', _) => "\t",
        (_, 2) => "  ",
        _ => " ",
    }
}

/// Control characters would disturb a terminal.
fn visible(c: char) -> char {
    if c.is_control() && c != '\t' { '\u{fffd}' } else { c }
}

/// Columns that a character takes in a terminal: two for Chinese, Japanese and Korean ones.
fn width(c: char) -> usize {
    let wide = matches!(u32::from(c), 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x20000..=0x3fffd);
    if wide { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::code;

    fn problem(line_text: &str, column: usize, length: usize) -> Problem {
        Problem {
            severity: Severity::Error,
            code: code::QUANTITY,
            path: "a.b".to_owned(),
            message: "no".to_owned(),
            help: Some("write yes".to_owned()),
            location: Some(Box::new(Location {
                file: "s.ron".to_owned(),
                line: 12,
                column,
                length,
                line_text: line_text.to_owned(),
            })),
        }
    }

    #[test]
    fn the_caret_stands_under_the_token_after_wide_characters_too() {
        let text = problem("热: bc", 4, 2).to_string();
        assert_eq!(
            text,
            "error[ISO0108]: a.b: no\n  --> s.ron:12:4\n   |\n12 | 热: bc\n   |     ^^\n   = write yes"
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_token() {
        let line = format!("{}HERE{}", "x".repeat(1000), "y".repeat(1000));
        let text = problem(&line, 1001, 4).to_string();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[3].chars().count() < 140 && lines[3].contains("HERE"), "{text}");
        // "12 | …" + 60 x: the caret has the column of the H
        let h = lines[3].chars().position(|c| c == 'H');
        assert_eq!(lines[4].chars().position(|c| c == '^'), h);
    }
}
