//! `docs/verification.md`.

use crate::case::Checked;
use crate::check::{Check, Measure, Verdict};
use crate::render::{size, summary, value};
use crate::source::Kind;
use plant::catalogue::KINDS;
use std::fmt::Write;

const HEAD: &str = "\
# Verification

What isotherm is compared with, how well it agrees, and what remains. Written by the same cases that `isotherm validate` runs;
see [the guide](guide/validation.md). Misses stand here like everything else. [Faults put in on purpose](mutants.md) are caught by
the tests of the crates; no comparison of this page was run against them. *held* is no comparison: our own figure that must not move, a
balance that must close, a count of rows, an identity, a fit against the table it was fitted to; it is not counted among what passed.

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

/// The error below which this is rounding: of a temperature of 300 K, 300 times as much as of a number near 1.
fn digits(check: &Check) -> f64 {
    match check.measure {
        Measure::Relative => ROUNDING,
        Measure::Absolute => ROUNDING * check.expected.abs().max(1.0),
    }
}

fn rounding(check: &Check) -> bool {
    check.error > 0.0 && check.error < digits(check)
}

fn error(check: &Check) -> String {
    if rounding(check) {
        // The power of ten above it: what is printed is never less than the error.
        let mut bound = ROUNDING;
        while bound < digits(check) {
            bound *= 10.0;
        }
        return format!("below {}", size(bound, check.measure, &check.unit));
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
        "## By component\n\nEvery component has a hand calculation in its file (grade 1) and stored results of its own, \
         `tests/reference/components.csv`, which guard against change and prove nothing (grade 2). Grade 3 is a comparison with \
         somebody else's program, publication or measurement; closed forms worked out in the case itself are listed but are not \
         counted as that.\n\n",
    );
    grades(page, checked);
    page.push_str(
        "\n| component | source | what is compared | error | at most | verdict |\n|---|---|---|---:|---:|---|\n",
    );
    let mut names: Vec<&str> = KINDS.iter().map(|kind| kind.declaration().name).collect();
    for of in checked.iter().flat_map(|of| of.case.covers) {
        if !names.contains(of) {
            names.push(of);
        }
    }
    for name in names {
        for of in checked.iter().filter(|of| of.case.covers.contains(&name)) {
            for check in of.checks.iter().filter(|check| check.covers.contains(&name)) {
                let _ = writeln!(
                    page,
                    "| {name} | {} | {}: {} | {} | {} | {} |",
                    of.case.source.id,
                    cell(of.case.title),
                    cell(&check.quantity),
                    error(check),
                    tolerance(check),
                    verdict(check)
                );
            }
        }
    }
}

/// Why there is no grade 3, for the kinds that have none.
const WITHOUT: &[(&str, &str)] = &[
    (
        "AislePair",
        "balances of two mixed zones, solved once more in its test; what leaks and mixes is a matter of the room",
    ),
    ("ColdPlateAccelerator", "data sheets give one resistance at one flow, which is the parameter"),
    ("ColdPlateBoard", "a resistance and a heat balance; no measurement of the part alone was found"),
    ("NodeLoad", "published facts worked out in closed form; no measurement of the part alone was found"),
    ("Sivoc", "published facts worked out in closed form; no measurement of the part alone was found"),
    ("Rectifier", "published facts worked out in closed form; no measurement of the part alone was found"),
    ("LiquidHeatTrace", "a heat that is given; Frontier's own measurement is what it is given"),
    ("HeatSinkAccelerator", "makers publish one resistance per sink, which is the parameter"),
    ("AirBoard", "a power and a heat balance; no published figures beyond the parameters"),
    ("RackFans", "the cube law and a floor; makers publish one point, which is the parameter"),
    ("PowerShelf", "its efficiency curve is its data sheet, which is the parameter"),
    ("Ups", "its loss curve is its data sheet, which is the parameter"),
    ("Transformer", "its losses without and at full load are its data sheet, which are the parameters"),
    ("Pdu", "its losses are its data sheet, which is the parameter"),
    ("FixedLoad", "a power that is given"),
    ("UtilityFeed", "a meter"),
    ("Generator", "its fuel curve is its data sheet, which is the parameter"),
    ("Battery", "a balance with given efficiencies; no published cycle with all of its parameters was found"),
];

/// A kind of the catalogue that is compared with nobody else's numbers, by its name in any case, and why.
#[must_use]
pub fn without(kind: &str) -> Option<(&'static str, &'static str)> {
    WITHOUT.iter().copied().find(|(name, _)| name.eq_ignore_ascii_case(kind))
}

/// How far grade 3 reaches, for the kinds of which it holds in part.
const PARTLY: &[(&str, &str)] = &[
    (
        "OpenTower",
        "with the fans off (`free_convection`): the peer's natural draught knows neither water flow nor wet bulb and evaporates nothing",
    ),
    (
        "HeatPump",
        "capacity, part load, unloading; one share of Carnot's, that of one point, is up to 25 % off in the mean over the maker's table",
    ),
    (
        "AirCooledChiller",
        "capacity at other leaving water (3 %/K in catalogues, 0 here); air below 30 °C; part load, fans, the free-cooling coil",
    ),
    (
        "DryCooler",
        "fans of variable speed, the default: its conductance as n^0.62 and its power as n³ are compared with nobody, the peer's fans have two speeds",
    ),
    (
        "AdiabaticCooler",
        "its pads only: its coil, which is the dry cooler's, the bleed and the power that the pads add are not compared",
    ),
    ("Cdu", "its exchanger at design flow only: how the conductance falls with flow is compared with nobody"),
    (
        "PlateExchanger",
        "how the conductance falls with flow, the default, is compared with nobody: one peer is at design flow, the other's years hold the conductance constant",
    ),
    (
        "WindTurbine",
        "another density than the curve's above 7.5 m/s (no verdict); the profile with height, cut-out and losses",
    ),
    ("Crah", "its exchanger at design flow only"),
    ("RearDoor", "its exchanger at design flow only, and with the peer's own approximation of cross flow"),
    ("ImmersionTank", "its exchanger at design flow only"),
    ("WaterSideEconomizer", "its exchanger at design flow only"),
    ("DistrictHeating", "its exchanger at design flow only"),
];

/// The grade of evidence of every kind, in a table.
fn grades(page: &mut String, checked: &[Checked]) {
    page.push_str("| component | grade | by | what it does not reach |\n|---|---:|---|---|\n");
    for name in KINDS.iter().map(|kind| kind.declaration().name) {
        let mut by: Vec<&str> = Vec::new();
        let mut others = false;
        for of in checked {
            let mut about = of.checks.iter().filter(|check| check.covers.contains(&name)).peekable();
            if about.peek().is_some() && !by.contains(&of.case.source.id) {
                by.push(of.case.source.id);
            }
            let kept = about.any(|check| check.verdict == Verdict::Passed);
            others |= kept && of.case.source.kind != Kind::ClosedForm;
        }
        let (list, unlisted) = if others { (PARTLY, "") } else { (WITHOUT, "no source was found") };
        let why = list.iter().find(|(kind, _)| *kind == name).map_or(unlisted, |(_, why)| *why);
        let _ = writeln!(page, "| {name} | {} | {} | {why} |", if others { 3 } else { 2 }, by.join(", "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Checks;

    fn printed(got: f64, expected: f64) -> String {
        let mut checks = Checks::of("case", &["part"]);
        checks.absolute("a", "temperature", "K", got, expected, 1.0, "");
        error(&checks.into_list()[0])
    }

    #[test]
    fn the_bound_that_stands_for_rounding_is_never_less_than_the_error() {
        // 1e-12 of 298.15 K is 3e-10 K; the power of ten above it is 1e-9 K
        assert_eq!(printed(298.15 + 1.3e-11, 298.15), "below 1e-9 K");
        assert_eq!(printed(1.0 + 5e-13, 1.0), "below 1e-12 K");
        assert_eq!(printed(4.0 + 9e-13, 4.0), "below 1e-11 K");
        for expected in [0.3, 1.0, 7.0, 10.0, 298.15, 1000.0, 5e6] {
            for part in [1e-3, 0.1, 0.999] {
                let error = part * 1e-12 * f64::max(expected, 1.0);
                let of = Check { expected, error, ..checked() };
                let bound = super::error(&of);
                let number = bound.trim_start_matches("below ").trim_end_matches(" K");
                assert!(number.parse::<f64>().unwrap() >= error, "{bound} of {error}");
            }
        }
    }

    fn checked() -> Check {
        let mut checks = Checks::of("case", &["part"]);
        checks.absolute("a", "temperature", "K", 1.0, 1.0, 1.0, "");
        checks.into_list().remove(0)
    }
}
