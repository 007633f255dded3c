//! `docs/verification.md`.

use crate::case::Checked;
use crate::check::{Check, Measure, Verdict};
use crate::render::{size, summary, value};
use plant::catalogue::KINDS;
use std::fmt::Write;

const HEAD: &str = "\
# Verification

What isotherm is compared with, how well it agrees, and what remains. Written by the same cases that `isotherm validate` runs;
see [the guide](guide/validation.md). Misses stand here like everything else.

";

/// A cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// The same page with and without files that are not in the program: what needs them has no figures here.
fn inside(checked: &[Checked]) -> Vec<Checked> {
    let mut checked = checked.to_vec();
    for check in checked.iter_mut().flat_map(|of| &mut of.checks).filter(|check| check.outside) {
        (check.expected, check.got, check.error) = (f64::NAN, f64::NAN, f64::NAN);
        (check.tolerance, check.compared, check.verdict) = (None, 0, Verdict::Absent);
        check.at.clear();
        "compared where the reference files are".clone_into(&mut check.remains);
    }
    checked
}

/// Errors below this are rounding, whose digits differ between machines.
const ROUNDING: f64 = 1e-12;

fn rounding(check: &Check) -> bool {
    let scale = match check.measure {
        Measure::Relative => 1.0,
        Measure::Absolute => check.expected.abs().max(1.0),
    };
    check.error > 0.0 && check.error < ROUNDING * scale
}

fn error(check: &Check) -> String {
    if rounding(check) {
        return size(ROUNDING, check.measure, &check.unit).replace("1e-12", "below 1e-12");
    }
    size(check.error, check.measure, &check.unit)
}

/// Which value of a table is the worst one says nothing where all agree.
fn shown(check: &Check, number: f64) -> String {
    let alike = check.compared > 1 && (rounding(check) || check.error == 0.0);
    if alike { "–".to_owned() } else { value(number, &check.unit) }
}

fn tolerance(check: &Check) -> String {
    check.tolerance.map_or_else(|| "–".to_owned(), |t| size(t, check.measure, &check.unit))
}

fn verdict(check: &Check) -> &'static str {
    match check.verdict {
        Verdict::Missed => "**missed**",
        of => of.name(),
    }
}

/// The page. What needs files that are not in the program is listed without figures, whether they are there or not.
#[must_use]
pub fn document(checked: &[Checked]) -> String {
    let checked = &inside(checked)[..];
    let mut page = HEAD.to_owned();
    let _ = writeln!(page, "{}.\n", summary(checked));
    by_component(&mut page, checked);
    let _ = writeln!(page, "\n## By source");
    let mut source = "";
    for of in checked {
        if source != of.case.source.id {
            source = of.case.source.id;
            let Some(first) = checked.iter().find(|c| c.case.source.id == source) else { continue };
            let s = first.case.source;
            let _ = writeln!(page, "\n### {}\n\n`{}`, {}; `{}`.\n", s.title, s.id, s.kind.name(), s.tables);
            page.push_str(
                "| quantity | values | expected | got | error | at most | verdict | what remains |\n",
            );
            page.push_str("|---|---:|---:|---:|---:|---:|---|---|\n");
        }
        for check in &of.checks {
            let remains = if check.at.is_empty() || rounding(check) || check.error == 0.0 {
                check.remains.clone()
            } else {
                format!("worst at {}; {}", check.at, check.remains)
            };
            let _ = writeln!(
                page,
                "| {}: {} | {} | {} | {} | {} | {} | {} | {} |",
                cell(of.case.title),
                cell(&check.quantity),
                check.compared,
                shown(check, check.expected),
                shown(check, check.got),
                error(check),
                tolerance(check),
                verdict(check),
                cell(&remains)
            );
        }
    }
    page
}

fn by_component(page: &mut String, checked: &[Checked]) {
    page.push_str(
        "## By component\n\nA component that is not listed with a source is verified by hand calculation in its file and by the \
         identities of `tests/` alone.\n\n| component | source | quantity | error | at most | verdict |\n|---|---|---|---:|---:|---|\n",
    );
    let mut names: Vec<&str> = KINDS.iter().map(|kind| kind.declaration().name).collect();
    for of in checked.iter().flat_map(|of| of.case.covers) {
        if !names.contains(of) {
            names.push(of);
        }
    }
    for name in names {
        let mut alone = true;
        for of in checked.iter().filter(|of| of.case.covers.contains(&name)) {
            for check in &of.checks {
                alone = false;
                let _ = writeln!(
                    page,
                    "| {name} | {} | {} | {} | {} | {} |",
                    of.case.source.id,
                    cell(&check.quantity),
                    error(check),
                    tolerance(check),
                    verdict(check)
                );
            }
        }
        if alone {
            let _ = writeln!(page, "| {name} | hand calculation only | | | | grade 1 |");
        }
    }
}
