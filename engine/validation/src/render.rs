//! What was found, for people and for programs.

use crate::case::{Case, Checked};
use crate::check::{Check, Measure, Verdict};
use serde_json::{Number, Value, json};
use std::fmt::Write;

/// Schema of the answer.
pub const SCHEMA: &str = "isotherm.validate/1";

/// A number with up to six significant digits.
pub(crate) fn figure(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() {
        return "–".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    if !(1e-4..1e7).contains(&size) {
        return format!("{value:.4e}");
    }
    // The first digit stands before the point, or this many places behind it.
    let behind = (-6..=4).find(|&k: &i32| size >= 10_f64.powi(-k)).unwrap_or(4);
    let text = format!("{value:.*}", usize::try_from(behind + 5).unwrap_or(0));
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// An error or a tolerance: a percentage, a small ratio, or a value with its unit.
pub(crate) fn size(value: f64, measure: Measure, unit: &str) -> String {
    let small = |value: f64| {
        let text = format!("{value:.1e}");
        text.replace(".0e", "e")
    };
    let plain = |value: f64| {
        let decimals = (0..5).find(|&k| value >= 10_f64.powi(1 - k)).unwrap_or(5);
        let text = format!("{value:.*}", usize::try_from(decimals).unwrap_or(0));
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    };
    if !value.is_finite() {
        return "–".to_owned();
    }
    match measure {
        _ if value == 0.0 => "0".to_owned(),
        Measure::Relative if value >= 1e-4 => format!("{} %", plain(100.0 * value)),
        Measure::Relative => small(value),
        Measure::Absolute => {
            let unit = if unit == "°C" { "K" } else { unit };
            let number = if (1e-3..1e6).contains(&value) { plain(value) } else { small(value) };
            format!("{number} {unit}").trim_end().to_owned()
        }
    }
}

/// What was expected or got, with its unit.
pub(crate) fn value(number: f64, unit: &str) -> String {
    format!("{} {unit}", figure(number)).trim_end().to_owned()
}

fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "pass",
        Verdict::Held => "held",
        Verdict::Missed => "MISS",
        Verdict::Reported => "info",
        Verdict::Absent => "skip",
    }
}

fn lines(out: &mut String, check: &Check) {
    let Check { id, quantity, unit, error, measure, .. } = check;
    let _ = write!(out, "  {}  {id}: {quantity}", mark(check.verdict));
    if check.compared > 1 {
        let _ = write!(out, ", {} values", check.compared);
    }
    out.push('\n');
    if check.compared > 0 {
        let at = if check.at.is_empty() { String::new() } else { format!(" at {}", check.at) };
        let _ = writeln!(
            out,
            "        expected {}, got {}{at}",
            value(check.expected, unit),
            value(check.got, unit)
        );
        let allowed = check.tolerance.map(|t| format!(", at most {}", size(t, *measure, unit)));
        let _ = write!(out, "        error {}{}", size(*error, *measure, unit), allowed.unwrap_or_default());
    } else {
        out.push_str("       ");
    }
    let _ = writeln!(out, "{} {}", if check.compared > 0 { "; remains:" } else { "" }, check.remains);
}

/// Verdicts counted: passed, missed, reported, absent, held.
fn counts<'a>(checks: impl Iterator<Item = &'a Check>) -> [usize; 5] {
    let mut counts = [0; 5];
    for check in checks {
        counts[match check.verdict {
            Verdict::Passed => 0,
            Verdict::Missed => 1,
            Verdict::Reported => 2,
            Verdict::Absent => 3,
            Verdict::Held => 4,
        }] += 1;
    }
    counts
}

/// The sources that something is compared with, and those with which nothing is: all held, reported or absent.
fn sources(checked: &[Checked]) -> (Vec<&'static str>, Vec<&'static str>) {
    let compared = |c: &Checked| {
        let comparison = |check: &Check| matches!(check.verdict, Verdict::Passed | Verdict::Missed);
        c.checks.iter().any(|check| check.compared > 0 && comparison(check))
    };
    let mut ids: Vec<&str> = checked.iter().map(|c| c.case.source.id).collect();
    ids.dedup();
    ids.into_iter().partition(|id| checked.iter().any(|c| c.case.source.id == *id && compared(c)))
}

/// The last line.
pub(crate) fn summary(checked: &[Checked]) -> String {
    let [passed, missed, reported, absent, held] = counts(checked.iter().flat_map(|c| &c.checks));
    let (compared, without) = sources(checked);
    let mut line = format!("{passed} quantities of {} sources passed, {missed} missed", compared.len());
    if reported > 0 {
        let _ = write!(line, ", {reported} shown without a verdict");
    }
    if held > 0 {
        let _ = write!(line, ", {held} held that are no comparisons");
    }
    if absent > 0 {
        let _ = write!(line, ", {absent} not compared for want of reference files");
    }
    if !without.is_empty() {
        let _ = write!(line, "; without a comparison: {}", without.join(", "));
    }
    line
}

/// For people: by source, then the summary.
#[must_use]
pub fn text(checked: &[Checked]) -> String {
    let mut out = String::new();
    let mut source = "";
    for of in checked {
        if source != of.case.source.id {
            source = of.case.source.id;
            let _ = writeln!(out, "{}{}", if out.is_empty() { "" } else { "\n" }, of.case.source.title);
            let _ = writeln!(out, "  {source}; {}; {}", of.case.source.kind.name(), of.case.source.tables);
        }
        let _ = writeln!(out, "\n  {}", of.case.title);
        for check in &of.checks {
            lines(&mut out, check);
        }
    }
    let missed: Vec<&str> = (checked.iter().flat_map(|c| &c.checks))
        .filter(|check| check.verdict == Verdict::Missed)
        .map(|check| check.id.as_str())
        .collect();
    let _ = writeln!(out, "\n{}", summary(checked));
    if !missed.is_empty() {
        let _ = writeln!(out, "missed: {}", missed.join(", "));
    }
    out
}

fn number(value: f64) -> Value {
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

fn check_json(of: &Checked, check: &Check) -> Value {
    json!({
        "id": check.id,
        "case": of.case.id,
        "title": of.case.title,
        "source": of.case.source.id,
        "quantity": check.quantity,
        "unit": check.unit,
        "expected": number(check.expected),
        "got": number(check.got),
        "error": number(check.error),
        "relative": check.measure == Measure::Relative,
        "tolerance": check.tolerance.map(number),
        "passed": match check.verdict {
            Verdict::Passed | Verdict::Held => Some(true),
            Verdict::Missed => Some(false),
            Verdict::Reported | Verdict::Absent => None,
        },
        "verdict": check.verdict.name(),
        "compared": check.compared,
        "at": check.at,
        "remains": check.remains,
        "covers": check.covers,
    })
}

fn source_json(case: &Case) -> Value {
    let of = case.source;
    json!({ "id": of.id, "title": of.title, "kind": of.kind.name(), "tables": of.tables })
}

/// One object per source, in order.
fn sources_json<'a>(cases: impl Iterator<Item = &'a Case>) -> Vec<Value> {
    let mut cases: Vec<&Case> = cases.collect();
    cases.dedup_by_key(|case| case.source.id);
    cases.into_iter().map(source_json).collect()
}

/// For programs.
#[must_use]
pub fn json(checked: &[Checked]) -> Value {
    let [passed, missed, reported, absent, held] = counts(checked.iter().flat_map(|c| &c.checks));
    let cases: Vec<Value> =
        checked.iter().flat_map(|of| of.checks.iter().map(move |check| check_json(of, check))).collect();
    json!({
        "passed": passed,
        "held": held,
        "missed": missed,
        "reported": reported,
        "not_compared": absent,
        "sources": sources_json(checked.iter().map(|of| of.case)),
        "cases": cases,
    })
}

/// The cases, not evaluated, for people.
#[must_use]
pub fn list(cases: &[&Case]) -> String {
    let mut out = String::new();
    let mut source = "";
    for case in cases {
        if source != case.source.id {
            source = case.source.id;
            let gap = if out.is_empty() { "" } else { "\n" };
            let _ = writeln!(out, "{gap}{source}: {}", case.source.title);
        }
        let _ = writeln!(out, "  {:<26}{} ({})", case.id, case.title, case.covers.join(", "));
    }
    out
}

/// The cases, not evaluated, for programs.
#[must_use]
pub fn list_json(cases: &[&Case]) -> Value {
    let list: Vec<Value> = cases
        .iter()
        .map(|case| json!({ "id": case.id, "title": case.title, "source": case.source.id, "covers": case.covers }))
        .collect();
    json!({ "sources": sources_json(cases.iter().copied()), "cases": list })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_six_digits_and_errors_two() {
        let written =
            [0.0123456789, 1.0, 273.15, 101_325.0, 27_000_000.0, 4.2e-7, -3.5, f64::NAN].map(figure);
        assert_eq!(written, ["0.0123457", "1", "273.15", "101325", "2.7000e7", "4.2000e-7", "-3.5", "–"]);
        assert_eq!(size(0.0049, Measure::Relative, "kg/kg"), "0.49 %");
        assert_eq!(size(0.05, Measure::Relative, ""), "5 %");
        assert_eq!(size(1e-8, Measure::Relative, "W"), "1e-8");
        assert_eq!(size(4.5e-4, Measure::Absolute, "°C"), "4.5e-4 K");
        assert_eq!(size(0.021, Measure::Absolute, "°C"), "0.021 K");
        assert_eq!(size(0.0, Measure::Absolute, "W"), "0");
    }
}
