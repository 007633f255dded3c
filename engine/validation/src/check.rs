//! One quantity of a case, and its verdict.

use crate::fault::Fault;
use std::path::PathBuf;

/// The environment variable that names the folder with files that are not in the program.
const REFERENCE: &str = "ISOTHERM_REFERENCE";

/// How an error is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// got − expected, in the quantity's unit.
    Absolute,
    /// got / expected − 1, or the difference in parts of a scale that the quantity's name says.
    Relative,
}

/// What is said of a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Within its tolerance.
    Passed,
    /// No comparison: a figure of our own that must not change, a balance that must close, a count of rows, an identity, a fit
    /// against the table that it was fitted to. Within its tolerance.
    Held,
    /// Beyond it, or it could not be evaluated.
    Missed,
    /// Shown for information, without a tolerance.
    Reported,
    /// Needs files that are not in the program.
    Absent,
}

impl Verdict {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn good(self) -> bool {
        self != Verdict::Missed
    }

    /// In a word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Passed => "passed",
            Verdict::Held => "held",
            Verdict::Missed => "missed",
            Verdict::Reported => "reported",
            Verdict::Absent => "not compared",
        }
    }
}

/// One quantity of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// Name: that of the case, a point, that of the quantity.
    pub id: String,
    /// What is compared, in words.
    pub quantity: String,
    /// Unit of the values, and of an absolute error; empty for a number without.
    pub unit: String,
    /// What the source says; of a table, where the error is worst. NaN where there is none.
    pub expected: f64,
    /// What the program says, there.
    pub got: f64,
    /// How the error is counted.
    pub measure: Measure,
    /// Error, never negative. NaN where it could not be found.
    pub error: f64,
    /// The largest error allowed; none where the quantity is shown for information.
    pub tolerance: Option<f64>,
    /// How many values were compared.
    pub compared: usize,
    /// Where the error is worst; empty for a single number.
    pub at: String,
    /// The verdict.
    pub verdict: Verdict,
    /// What remains, and why; of what could not be evaluated, the reason.
    pub remains: String,
    /// Whether it needs files that are not in the program.
    pub outside: bool,
    /// What it is evidence for: all that its case covers, or a part of that.
    pub covers: &'static [&'static str],
}

/// The worst of many errors of one quantity, and where it is.
#[derive(Debug, Clone)]
pub struct Worst {
    name: &'static str,
    quantity: String,
    unit: &'static str,
    measure: Measure,
    expected: f64,
    got: f64,
    error: f64,
    at: String,
    compared: usize,
}

impl Worst {
    fn of(name: &'static str, quantity: impl Into<String>, unit: &'static str, measure: Measure) -> Self {
        let (quantity, at) = (quantity.into(), String::new());
        Worst {
            name,
            quantity,
            unit,
            measure,
            expected: f64::NAN,
            got: f64::NAN,
            error: 0.0,
            at,
            compared: 0,
        }
    }

    /// Errors are differences, in the unit.
    pub fn absolute(name: &'static str, quantity: impl Into<String>, unit: &'static str) -> Self {
        Self::of(name, quantity, unit, Measure::Absolute)
    }

    /// Errors are relative to what is expected.
    pub fn relative(name: &'static str, quantity: impl Into<String>, unit: &'static str) -> Self {
        Self::of(name, quantity, unit, Measure::Relative)
    }

    /// A figure of merit of many differences that is 0 where all agree, in parts of 1.
    pub fn merit(name: &'static str, quantity: impl Into<String>, got: f64, at: &str) -> Self {
        let mut worst = Self::relative(name, quantity, "");
        worst.compare_in(got, 0.0, 1.0, at);
        worst
    }

    /// Compares a value.
    pub fn compare(&mut self, got: f64, expected: f64, at: &str) {
        let scale = match self.measure {
            Measure::Absolute => 1.0,
            Measure::Relative => expected,
        };
        self.compare_in(got, expected, scale, at);
    }

    /// How many values were compared.
    #[must_use]
    pub fn count(&self) -> usize {
        self.compared
    }

    /// Compares a value, its error in parts of a scale.
    pub fn compare_in(&mut self, got: f64, expected: f64, scale: f64, at: &str) {
        let error = ((got - expected) / scale).abs();
        self.compared += 1;
        // What is not a number is worst of all, and stays so.
        if !self.error.is_nan() && (error >= self.error || error.is_nan()) {
            (self.got, self.expected, self.error) = (got, expected, error);
            at.clone_into(&mut self.at);
        }
    }
}

/// Collects the quantities of a case.
#[derive(Debug)]
pub struct Checks {
    case: &'static str,
    list: Vec<Check>,
    outside: bool,
    covers: &'static [&'static str],
}

impl Checks {
    /// Nothing compared yet of a case of this name, which covers this.
    #[must_use]
    pub fn of(case: &'static str, covers: &'static [&'static str]) -> Self {
        Checks { case, list: Vec::new(), outside: false, covers }
    }

    /// What is compared after this call is evidence for these alone, which are among those that the case covers.
    pub fn about(&mut self, parts: &'static [&'static str]) {
        self.covers = parts;
    }

    /// A file that is not in the program, by its path below the folder that `ISOTHERM_REFERENCE` names; nothing where that is not
    /// set. What is compared after this call is marked as in need of such files, and has no figures in `docs/verification.md`.
    ///
    /// # Errors
    /// If the folder is named and has no such file.
    pub fn reference(&mut self, file: &str) -> Result<Option<PathBuf>, Fault> {
        self.outside = true;
        let Some(folder) = std::env::var_os(REFERENCE) else { return Ok(None) };
        let path = PathBuf::from(folder).join(file);
        if path.is_file() {
            return Ok(Some(path));
        }
        let reason = format!("there is no such file below the folder that {REFERENCE} names");
        Err(Fault::Reference { path: path.display().to_string(), reason })
    }

    /// A table's quantity. `count` values must have been compared: a table that lost rows is a miss.
    pub fn worst(&mut self, worst: Worst, count: usize, tolerance: f64, remains: impl Into<String>) {
        let whole = worst.compared == count;
        let passed = whole && worst.error <= tolerance;
        let remains = if whole {
            remains.into()
        } else {
            format!("{} values were compared, not {count}", worst.compared)
        };
        let verdict = if passed { Verdict::Passed } else { Verdict::Missed };
        self.put(worst, Some(tolerance), verdict, remains);
    }

    /// What must hold and is no comparison with the source: our own pinned figure, a closure, an identity, a fit of ours against what
    /// it was fitted to. It can be missed; it is not counted among what passed.
    pub fn held(&mut self, worst: Worst, count: usize, tolerance: f64, remains: impl Into<String>) {
        self.worst(worst, count, tolerance, remains);
        if let Some(check) = self.list.last_mut().filter(|check| check.verdict == Verdict::Passed) {
            check.verdict = Verdict::Held;
        }
    }

    /// How many rows of a table were of use: a table that lost some is a miss.
    pub fn rows(&mut self, name: &'static str, what: &str, found: usize, expected: usize) {
        let mut worst = Worst::absolute(name, what, "");
        worst.compare(found as f64, expected as f64, "");
        self.held(worst, 1, 0.0, "nothing: a count of what is compared");
    }

    /// A quantity of which the source has no instance, and so no verdict.
    pub fn none(&mut self, name: &'static str, quantity: impl Into<String>, unit: &'static str, why: &str) {
        let mut worst = Worst::absolute(name, quantity, unit);
        worst.error = f64::NAN;
        self.put(worst, None, Verdict::Reported, why.to_owned());
    }

    /// A table's quantity for information, without a tolerance.
    pub fn worst_reported(&mut self, worst: Worst, remains: impl Into<String>) {
        self.put(worst, None, Verdict::Reported, remains.into());
    }

    /// One number, its error in the unit.
    #[allow(clippy::too_many_arguments)] // the columns of the table that is printed
    pub fn absolute(
        &mut self,
        name: &'static str,
        quantity: impl Into<String>,
        unit: &'static str,
        got: f64,
        expected: f64,
        tolerance: f64,
        remains: impl Into<String>,
    ) {
        let mut worst = Worst::absolute(name, quantity, unit);
        worst.compare(got, expected, "");
        self.worst(worst, 1, tolerance, remains);
    }

    /// One number, its error relative to what is expected.
    #[allow(clippy::too_many_arguments)] // the columns of the table that is printed
    pub fn relative(
        &mut self,
        name: &'static str,
        quantity: impl Into<String>,
        unit: &'static str,
        got: f64,
        expected: f64,
        tolerance: f64,
        remains: impl Into<String>,
    ) {
        let mut worst = Worst::relative(name, quantity, unit);
        worst.compare(got, expected, "");
        self.worst(worst, 1, tolerance, remains);
    }

    /// One number for information, its error relative to what is expected, without a tolerance.
    pub fn reported(
        &mut self,
        name: &'static str,
        quantity: impl Into<String>,
        unit: &'static str,
        got: f64,
        expected: f64,
        remains: impl Into<String>,
    ) {
        let mut worst = Worst::relative(name, quantity, unit);
        worst.compare(got, expected, "");
        self.worst_reported(worst, remains);
    }

    /// A quantity whose files are not in the program, and not there: [`reference`](Self::reference) gave nothing.
    pub fn absent(
        &mut self,
        name: &'static str,
        quantity: impl Into<String>,
        unit: &'static str,
        needs: &str,
    ) {
        let mut worst = Worst::absolute(name, quantity, unit);
        worst.error = f64::NAN;
        self.outside = true;
        let remains = format!("needs {needs} below the folder that {REFERENCE} names");
        self.put(worst, None, Verdict::Absent, remains);
    }

    /// The case could not be evaluated to its end.
    pub(crate) fn fault(&mut self, fault: &Fault) {
        let mut worst = Worst::absolute("evaluation", "the whole case", "");
        worst.error = f64::NAN;
        self.put(worst, None, Verdict::Missed, fault.to_string());
    }

    /// What was found. A case that compares nothing is a miss.
    pub(crate) fn into_list(mut self) -> Vec<Check> {
        if self.list.is_empty() {
            let mut worst = Worst::absolute("evaluation", "the whole case", "");
            worst.error = f64::NAN;
            self.put(worst, None, Verdict::Missed, "nothing was compared".to_owned());
        }
        self.list
    }

    fn put(&mut self, of: Worst, tolerance: Option<f64>, verdict: Verdict, remains: String) {
        let Worst { name, quantity, unit, measure, expected, got, error, at, compared } = of;
        let (id, unit) = (format!("{}.{name}", self.case), unit.to_owned());
        self.list.push(Check {
            id,
            quantity,
            unit,
            expected,
            got,
            measure,
            error,
            tolerance,
            compared,
            at,
            verdict,
            remains,
            outside: self.outside,
            covers: self.covers,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(fill: impl FnOnce(&mut Checks)) -> Vec<Verdict> {
        let mut checks = Checks::of("case", &["part"]);
        fill(&mut checks);
        checks.into_list().iter().map(|check| check.verdict).collect()
    }

    #[test]
    fn an_error_at_the_tolerance_passes_and_one_beyond_it_is_a_miss() {
        // 102/100 − 1 = 0.02; 1.5 − 1 = 0.5, both exact in binary or below the last digit
        let found = verdicts(|checks| {
            checks.absolute("a", "half", "K", 1.5, 1.0, 0.5, "");
            checks.absolute("b", "more than half", "K", 1.5, 1.0, 0.4999, "");
            checks.relative("c", "two percent", "W", 102.0, 100.0, 0.0201, "");
            checks.relative("d", "two percent", "W", 102.0, 100.0, 0.0199, "");
            checks.reported("e", "anything", "W", 7.0, 1.0, "");
            checks.rows("f", "rows", 3, 3);
            checks.rows("g", "rows", 2, 3);
            checks.none("h", "mean of no hours", "K", "there is no such hour");
        });
        assert_eq!(
            found,
            [
                Verdict::Passed,
                Verdict::Missed,
                Verdict::Passed,
                Verdict::Missed,
                Verdict::Reported,
                Verdict::Held,
                Verdict::Missed,
                Verdict::Reported
            ]
        );
    }

    #[test]
    fn what_is_not_a_number_is_a_miss_whatever_comes_after() {
        let mut worst = Worst::relative("a", "power", "W");
        worst.compare(f64::NAN, 1.0, "here");
        worst.compare(5.0, 1.0, "there");
        let mut checks = Checks::of("case", &["part"]);
        checks.worst(worst, 2, 1e9, "");
        let list = checks.into_list();
        assert_eq!((list[0].verdict, list[0].at.as_str()), (Verdict::Missed, "here"));
    }

    #[test]
    fn a_table_that_lost_rows_and_a_case_that_compares_nothing_are_misses() {
        let mut worst = Worst::relative("a", "power", "W");
        worst.compare(1.0, 1.0, "here");
        assert_eq!(verdicts(|checks| checks.worst(worst, 2, 1.0, "")), [Verdict::Missed]);
        assert_eq!(verdicts(|_| ()), [Verdict::Missed]);
    }

    #[test]
    fn the_worst_error_says_where_it_is() {
        let mut worst = Worst::absolute("a", "temperature", "°C");
        worst.compare(20.0, 20.1, "Monday");
        worst.compare(25.0, 24.5, "Tuesday");
        worst.compare(20.0, 20.3, "Wednesday");
        let mut checks = Checks::of("case", &["part"]);
        checks.worst(worst, 3, 1.0, "thermometer");
        let check = &checks.into_list()[0];
        assert_eq!((check.got, check.expected, check.error, check.at.as_str()), (25.0, 24.5, 0.5, "Tuesday"));
        assert_eq!((check.id.as_str(), check.compared), ("case.a", 3));
    }
}
