//! What is wrong with a site file: where, what, and the way out.
//!
//! Reading and checking collect *every* problem. Each has a code that does not change, the path of
//! the value (`components.cdu.conductance`), a sentence with the value and the limit, and where it
//! stands in the text.

use crate::node::At;
use crate::source::Sources;
use std::path::PathBuf;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing can be simulated.
    Error,
    /// Unusual, but possible.
    Warning,
}

/// What a caller should do about it; the numbers are exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// The input is there and wrong.
    BadInput,
    /// A file is missing or cannot be read.
    MissingInput,
}

impl Class {
    /// The exit code of the command: 65 or 66.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Class::BadInput => 65,
            Class::MissingInput => 66,
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Error or warning.
    pub severity: Severity,
    /// Stable, language-neutral identifier, e.g. `ISO0107`; the list is [`code`].
    pub code: &'static str,
    /// The value it is about, e.g. `components.cdu.conductance`; empty for the file as a whole.
    pub path: String,
    /// One sentence, with the value and the limit.
    pub message: String,
    /// The way out, where the message does not say it.
    pub help: Option<String>,
    /// Where it stands in a text.
    pub location: Option<Box<Location>>,
}

/// A place in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Name of the file, or of the setting.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// Characters that are meant, at least 1, within the line.
    pub length: usize,
    /// The line itself, without its end.
    pub line_text: String,
}

impl Problem {
    /// Whether it forbids a run.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// What a caller should do about it.
    #[must_use]
    pub fn class(&self) -> Class {
        if code::MISSING.contains(&self.code) { Class::MissingInput } else { Class::BadInput }
    }
}

/// The class of a list: the first error decides.
#[must_use]
pub fn class(problems: &[Problem]) -> Class {
    problems.iter().find(|p| p.is_error()).map_or(Class::BadInput, Problem::class)
}

/// Where an input was looked for, to name it in problems.
pub(crate) fn shown(path: &std::path::Path) -> String {
    let path: PathBuf = path.components().collect();
    path.display().to_string()
}

/// A path in one line, whatever keys a file has.
fn printable(path: String) -> String {
    if path.contains(char::is_control) { path.replace(char::is_control, "\u{fffd}") } else { path }
}

/// A problem before its place is looked up.
#[derive(Debug, Clone)]
pub(crate) struct Raised {
    problem: Problem,
    at: At,
}

impl Raised {
    pub fn error(code: &'static str, path: impl Into<String>, at: At, message: impl Into<String>) -> Self {
        let (path, message) = (printable(path.into()), message.into());
        let problem = Problem { severity: Severity::Error, code, path, message, help: None, location: None };
        Raised { problem, at }
    }

    pub fn warning(code: &'static str, path: impl Into<String>, at: At, message: impl Into<String>) -> Self {
        let mut raised = Self::error(code, path, at, message);
        raised.problem.severity = Severity::Warning;
        raised
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.problem.help = Some(help.into());
        self
    }

    /// With help where there is any; else with what it has.
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.problem.help = help.or(self.problem.help);
        self
    }

    /// Moved to the value that led here, where it has no place of its own.
    pub fn at(mut self, path: &str, at: At) -> Self {
        if self.at == At::NOWHERE {
            self.at = at;
            self.problem.path = printable(path.to_owned());
        }
        self
    }

    /// Named as the place that the value was taken from.
    pub fn renamed(mut self, from: &str, to: &str) -> Self {
        if let Some(rest) = self.problem.path.strip_prefix(from) {
            self.problem.path = format!("{to}{rest}");
        }
        self
    }

    pub fn locate(mut self, sources: &Sources) -> Problem {
        self.problem.location = sources.locate(self.at).map(Box::new);
        self.problem
    }
}

/// What is wrong with a file of rows, one fault to a line: the first `most`, and how many more there are.
///
/// # Errors
/// That text, if there are any faults.
pub(crate) fn none_or_listed(mut faults: Vec<String>, most: usize) -> Result<(), String> {
    let more = faults.len().saturating_sub(most);
    faults.truncate(most);
    if more > 0 {
        faults.push(format!("and {more} more"));
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// Problems as they are found.
#[derive(Debug, Default, Clone)]
pub(crate) struct Problems {
    list: Vec<Raised>,
    errors: usize,
    more: usize,
}

/// Problems that are listed; further ones are counted.
const LISTED: usize = 200;

impl Problems {
    pub fn add(&mut self, raised: Raised) {
        self.errors += usize::from(raised.problem.is_error());
        if self.list.len() < LISTED {
            self.list.push(raised);
        } else {
            self.more += 1;
        }
    }

    pub fn error(&mut self, code: &'static str, path: impl Into<String>, at: At, message: impl Into<String>) {
        self.add(Raised::error(code, path, at, message));
    }

    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Number of errors so far.
    pub fn errors(&self) -> usize {
        self.errors
    }

    pub fn first_error(self) -> Option<Raised> {
        self.list.into_iter().find(|r| r.problem.is_error())
    }

    /// All of them with their places, in the order of the text.
    pub fn finish(mut self, sources: &Sources) -> Vec<Problem> {
        // Problems without a place come last; the sort is stable.
        self.list.sort_by_key(|r| r.at.order());
        // An omitted error must still forbid the run.
        let severity = if self.errors > 0 { Severity::Error } else { Severity::Warning };
        let mut found: Vec<Problem> = Vec::with_capacity(self.list.len());
        for raised in self.list {
            let problem = raised.locate(sources);
            if !found.contains(&problem) {
                found.push(problem);
            }
        }
        if self.more > 0 {
            let message = format!("and {} more problems", self.more);
            let (path, help) = (String::new(), None);
            found.push(Problem { severity, code: code::MORE, path, message, help, location: None });
        }
        found
    }
}

/// The stable codes.
pub mod code {
    macro_rules! codes {
        ($($(#[doc = $doc:literal])+ $name:ident = $text:literal;)*) => {
            $($(#[doc = $doc])+ pub const $name: &str = $text;)*
            /// Every code and what it means.
            pub const ALL: &[(&str, &str)] = &[$(($text, concat!($($doc),+))),*];
        };
    }
    codes! {
        /// There is no such file.
        FILE_MISSING = "ISO0001";
        /// A file cannot be read.
        FILE_UNREADABLE = "ISO0002";
        /// A folder, a pipe or a device stands where a file is expected.
        NOT_A_FILE = "ISO0003";
        /// A file is larger than is read.
        FILE_TOO_LARGE = "ISO0004";
        /// A file is not text.
        NOT_TEXT = "ISO0005";
        /// The text is not RON (or JSON).
        SYNTAX = "ISO0006";
        /// `based_on` leads outside the site's folder, in a circle or too far.
        INHERITANCE = "ISO0007";
        /// More problems than are listed.
        MORE = "ISO0099";
        /// A field that does not exist.
        UNKNOWN_FIELD = "ISO0101";
        /// A kind of component that does not exist.
        UNKNOWN_KIND = "ISO0102";
        /// A record that the catalogue does not have.
        UNKNOWN_RECORD = "ISO0103";
        /// An id that the site does not have.
        UNKNOWN_ID = "ISO0104";
        /// A port, sensor or actuator that the component does not have.
        UNKNOWN_PORT = "ISO0105";
        /// The same key or field twice.
        DUPLICATE = "ISO0106";
        /// A value of the wrong type.
        WRONG_TYPE = "ISO0107";
        /// A quantity that cannot be read: unit missing, unknown or of another quantity.
        QUANTITY = "ISO0108";
        /// A value outside its hard bounds.
        OUT_OF_BOUNDS = "ISO0109";
        /// A value outside its usual range.
        UNUSUAL = "ISO0110";
        /// A required field is missing.
        MISSING_FIELD = "ISO0111";
        /// An id that does not match `[a-z][a-z0-9_]*` or is reserved.
        BAD_ID = "ISO0112";
        /// Two fields that exclude each other.
        ALTERNATIVES = "ISO0113";
        /// A name that is not among the choices.
        UNKNOWN_CHOICE = "ISO0114";
        /// A text longer than 4 KiB.
        TEXT_TOO_LONG = "ISO0115";
        /// A path that leads nowhere.
        UNKNOWN_PATH = "ISO0116";
        /// More racks than are simulated.
        TOO_MANY = "ISO0117";
        /// A connection that cannot be read.
        CONNECTION = "ISO0201";
        /// Several ports could be meant.
        AMBIGUOUS = "ISO0202";
        /// Two media joined.
        MEDIA = "ISO0203";
        /// One end used twice.
        USED_TWICE = "ISO0204";
        /// A port that must be connected and is not.
        OPEN_PORT = "ISO0205";
        /// The data sheet contradicts itself.
        SIZING = "ISO0206";
        /// An item of a chain has no port that fits its place.
        NO_SUCH_END = "ISO0207";
        /// One circuit with two fluids.
        FLUIDS = "ISO0208";
        /// A control that cannot work.
        CONTROL = "ISO0209";
        /// A rack template that does not fit together.
        TEMPLATE = "ISO0210";
        /// A period or a step that cannot be simulated.
        PERIOD = "ISO0211";
        /// An event that cannot happen.
        EVENT = "ISO0212";
        /// Two settings of the run that exclude each other.
        MODE = "ISO0213";
        /// A resistance that does not fit its passage.
        RESISTANCE = "ISO0214";
        /// A target that a run of the site cannot decide.
        TARGET = "ISO0215";
        /// A pledge or a plan by year that contradicts itself.
        PLEDGE = "ISO0216";
        /// Something in the weather.
        WEATHER = "ISO0301";
        /// A weather file is missing or cannot be read.
        WEATHER_MISSING = "ISO0302";
        /// A trace or a course that cannot be read.
        TRACE = "ISO0303";
        /// The record of a grid lacks something, or there is no grid.
        GRID = "ISO0304";
        /// An amount in another currency without a rate of exchange, or a price that is incomplete.
        MONEY = "ISO0305";
    }
    /// The codes of a missing or unreadable file.
    pub const MISSING: &[&str] = &[FILE_MISSING, FILE_UNREADABLE, WEATHER_MISSING];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_codes_are_the_same() {
        for (k, (code, _)) in code::ALL.iter().enumerate() {
            assert!(code::ALL[..k].iter().all(|(other, _)| other != code), "{code}");
        }
    }

    #[test]
    fn problems_beyond_the_listed_ones_are_counted() {
        let mut problems = Problems::default();
        for k in 0..LISTED + 7 {
            problems.error(code::SYNTAX, k.to_string(), At::NOWHERE, "x");
        }
        let list = problems.finish(&Sources::default());
        assert_eq!(list.len(), LISTED + 1);
        assert_eq!(list[LISTED].message, "and 7 more problems");
    }
}
