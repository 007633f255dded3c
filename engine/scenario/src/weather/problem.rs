//! What can be wrong with a weather file, in the words of the file and with the way out.

use super::calendar::Stamp;
use std::fmt;
use thiserror::Error;

/// Problems that are listed; further ones are counted.
pub(super) const LISTED: usize = 50;

/// The largest weather file that is read: 64 MiB, over thirty times an hourly year.
pub const LARGEST_FILE: u64 = 64 << 20;

/// Why no weather came out of a file.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum WeatherError {
    /// There is no such file.
    #[error(
        "{file}: there is no such file; the path is taken relative to the site file, or to the working directory on the command line"
    )]
    Missing {
        /// The path as given.
        file: String,
    },
    /// The system refused to read.
    #[error("{file}: cannot be read: {reason}")]
    Unreadable {
        /// The path as given.
        file: String,
        /// The system's reason.
        reason: String,
    },
    /// A folder.
    #[error("{file}: is a folder; name the .epw or .csv file inside it")]
    Folder {
        /// The path as given.
        file: String,
    },
    /// A pipe, a device or a socket.
    #[error("{file}: is not an ordinary file; copy the weather into a file and name that")]
    NotAFile {
        /// The path as given.
        file: String,
    },
    /// More than [`LARGEST_FILE`].
    #[error(
        "{file}: has {bytes} bytes, at most {LARGEST_FILE} (64 MiB) are read; an hourly year has about 1.6 MB, so cut the file to one year"
    )]
    TooLarge {
        /// The path as given.
        file: String,
        /// Its length.
        bytes: u64,
    },
    /// Nothing in it, or only blank lines.
    #[error("{file}: is empty; download the weather file again")]
    Empty {
        /// The path as given.
        file: String,
    },
    /// Not a text file.
    #[error("{file}: is not a text file ({found}); {way_out}")]
    NotText {
        /// The path as given.
        file: String,
        /// What was found.
        found: &'static str,
        /// What to do.
        way_out: &'static str,
    },
    /// Text, but of no format that is read.
    #[error(
        "{file}: is neither an EPW file (its first line begins with LOCATION) nor a TMY3 file (its second line begins with Date (MM/DD/YYYY)); the first line is \"{first_line}\""
    )]
    UnknownFormat {
        /// The path as given.
        file: String,
        /// Its first line, shortened.
        first_line: String,
    },
    /// The format is right, the content is not.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// All that is wrong with the content of a file.
#[derive(Clone, Debug, PartialEq, Error)]
pub struct Refusal {
    /// The path as given.
    pub file: String,
    /// The problems, in the order of discovery.
    pub problems: Vec<Problem>,
    /// How many further ones are not listed.
    pub more: usize,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            let end = if index == 0 { "" } else { "\n" };
            write!(f, "{end}{}{problem}", self.file)?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, "\n{}: and {more} more", self.file),
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Line of the file counted from 1, where it is about one line.
    pub line: Option<usize>,
    /// The field or header, where it is about one.
    pub field: Option<&'static str>,
    /// What is wrong with it.
    pub fault: Fault,
}

impl fmt::Display for Problem {
    /// Written to follow the file's name: `:12: dry bulb (field 7): …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(field) = self.field {
            write!(f, ": {field}")?;
        }
        write!(f, ": {}", self.fault)
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum Fault {
    /// A header line does not occur.
    #[error(
        "this header line is missing; a file begins with its {expected} header lines, each starting with its name"
    )]
    HeaderMissing {
        /// How many header lines there are.
        expected: usize,
    },
    /// A header line occurs twice.
    #[error("this header line stands in line {first} already; keep one")]
    HeaderTwice {
        /// Where it stands first.
        first: usize,
    },
    /// One of the first lines is no header.
    #[error("\"{text}\" begins with none of the header names {names}")]
    HeaderUnknown {
        /// The beginning of the line.
        text: String,
        /// The names that are accepted.
        names: String,
    },
    /// A header has too few fields.
    #[error("{found} fields, at least {expected} are needed, for example {example}")]
    HeaderShort {
        /// How many there are.
        found: usize,
        /// How many are needed.
        expected: usize,
        /// How it should look.
        example: &'static str,
    },
    /// A column is missing from the line that names the columns.
    #[error("there is no such column; the second line must name it exactly so")]
    ColumnMissing,
    /// More than one record per hour.
    #[error(
        "{records} records per hour: only hourly files are read; average the file to one record per hour, each standing at the end of its hour"
    )]
    RecordsPerHour {
        /// What the header says.
        records: u32,
    },
    /// More than one data period.
    #[error("{periods} data periods: one is read; write each period into a file of its own")]
    SeveralPeriods {
        /// What the header says.
        periods: u32,
    },
    /// A date that cannot be read.
    #[error("\"{text}\" is no date; write month/day, for example 12/31")]
    Date {
        /// The text as written.
        text: String,
    },
    /// A period that ends before it starts, or of more than a year.
    #[error(
        "the period runs from {first} to {last}; it must end after it starts and last at most a year, so write one file per year"
    )]
    Period {
        /// First day as written.
        first: String,
        /// Last day as written.
        last: String,
    },
    /// No row at all.
    #[error("there is no row of data; download the file again")]
    NoRows,
    /// A row with the wrong number of fields.
    #[error("{found} fields, {expected} are expected")]
    FieldCount {
        /// How many there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// The last line ends in the middle of a row.
    #[error(
        "the file ends in the middle of this row ({found} fields, {expected} are expected); it is cut off, download it again"
    )]
    CutOff {
        /// How many fields there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// Not a number.
    #[error("\"{text}\" is not a number; {hint}")]
    NotANumber {
        /// The text as written.
        text: String,
        /// What to write instead.
        hint: &'static str,
    },
    /// NaN or an infinity.
    #[error("\"{text}\" is not a finite number; {hint}")]
    NotFinite {
        /// The text as written.
        text: String,
        /// What to write instead.
        hint: &'static str,
    },
    /// Beyond what can occur.
    #[error("{value} {unit} cannot be: it lies from {low} to {high} {unit}; {hint}")]
    Implausible {
        /// The value as written.
        value: f64,
        /// Least possible.
        low: f64,
        /// Greatest possible.
        high: f64,
        /// Its unit.
        unit: &'static str,
        /// What to write where it is unknown.
        hint: &'static str,
    },
    /// No such day.
    #[error("month {month}, day {day} does not exist")]
    NoSuchDay {
        /// As written.
        month: i32,
        /// As written.
        day: i32,
    },
    /// An hour outside 1 to 24.
    #[error(
        "hour {hour}: hours count from 1 to 24, each standing at the end of its hour (24, not 0, is midnight)"
    )]
    Hour {
        /// As written.
        hour: i32,
    },
    /// A minute outside 0 to 60.
    #[error("minute {minute}: in an hourly file it is 60 or 0")]
    Minute {
        /// As written.
        minute: i32,
    },
    /// The same hour twice.
    #[error("{stamp} stands in line {first} already; keep one of the two")]
    Repeated {
        /// The hour.
        stamp: Stamp,
        /// Where it stands first.
        first: usize,
    },
    /// An hour that is earlier than the one before it, or far from its neighbours.
    #[error("{stamp} after {previous}: rows must follow the clock; sort the rows")]
    OutOfOrder {
        /// The hour.
        stamp: Stamp,
        /// The hour of the last row in order.
        previous: Stamp,
    },
    /// A row outside the announced period.
    #[error(
        "{stamp} lies outside the data period, {first} to {last}; correct DATA PERIODS or remove the row"
    )]
    OutsidePeriod {
        /// The hour.
        stamp: Stamp,
        /// First hour of the period.
        first: Stamp,
        /// Last hour of the period.
        last: Stamp,
    },
    /// Rows missing.
    #[error("{hours} hours are missing before {stamp}, at most {filled} are filled in; add the rows")]
    Gap {
        /// How many.
        hours: usize,
        /// The first hour after the gap.
        stamp: Stamp,
        /// How many would be filled.
        filled: usize,
    },
    /// The rows start late.
    #[error(
        "the first row is {stamp}, the data period starts with {first}: {hours} rows are missing; add them or correct DATA PERIODS"
    )]
    StartsLate {
        /// The first row.
        stamp: Stamp,
        /// The first hour of the period.
        first: Stamp,
        /// How many rows are missing.
        hours: usize,
    },
    /// The rows end early.
    #[error(
        "the last row is {stamp}, the data period ends with {last}: {hours} rows are missing; the file is cut off, download it again or correct DATA PERIODS"
    )]
    EndsEarly {
        /// The last row.
        stamp: Stamp,
        /// The last hour of the period.
        last: Stamp,
        /// How many rows are missing.
        hours: usize,
    },
    /// Too many missing values in a row.
    #[error(
        "missing for {hours} hours from {stamp}, at most {filled} hours between two values are filled in; write the values"
    )]
    MissingTooLong {
        /// How many.
        hours: usize,
        /// The first of them.
        stamp: Stamp,
        /// How many would be filled.
        filled: usize,
    },
    /// No value in the whole file.
    #[error("missing in every row; the simulation needs it, so take a file that has it")]
    MissingEverywhere,
    /// A dew point above the dry bulb.
    #[error(
        "the dew point, {dew_point} °C, lies above the dry bulb, {dry_bulb} °C, by more than {tolerance} K; correct one of the two ({hint})"
    )]
    Supersaturated {
        /// °C.
        dew_point: f64,
        /// °C.
        dry_bulb: f64,
        /// K.
        tolerance: f64,
        /// The code of a missing dew point.
        hint: &'static str,
    },
}

/// Problems on their way to a [`Refusal`].
#[derive(Debug, Default)]
pub(super) struct Problems {
    listed: Vec<Problem>,
    more: usize,
}

impl Problems {
    /// Notes a problem.
    pub fn add(&mut self, line: Option<usize>, field: Option<&'static str>, fault: Fault) {
        if self.listed.len() < LISTED {
            self.listed.push(Problem { line, field, fault });
        } else {
            self.more += 1;
        }
    }

    /// Whether nothing is wrong so far.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// The error they make.
    pub fn refusal(self, file: &str) -> WeatherError {
        Refusal { file: file.to_owned(), problems: self.listed, more: self.more }.into()
    }
}

/// The beginning of a text from a file, fit to stand in a message.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 48;
    let mut shown: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}
