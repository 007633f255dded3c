//! What standards and rules ask for, filled from a run: a section per profile, a table per sheet.
//!
//! The indicators stand in `models/profiles` as dated data ([`scenario::profile`]); here they are evaluated. Every
//! line names its definition, edition, boundary, method and coverage. A value of the site's `disclosure` is marked as
//! given by the user, what nobody gave says so, and nothing is ever filled in.
//!
//! # Absences
//!
//! * No limit and no definition of a rule stands in code: they are data.
//! * No value is estimated from another boundary without its method saying so.

mod calculate;
mod course;
mod degree_days;
mod evidence;
mod words;

pub use course::course;
pub use degree_days::{Trigger, cooling_degree_days};
pub use evidence::{Course, Evidence};

use crate::document::{Block, Cell, Column, Language, Section, Table};
use calculate::Found;
use scenario::Problem;
use scenario::profile::{Indicator, Origin, Profile, Sheet, Status, Words};
use serde_json::Value;

/// The profile that is shown where none is asked for.
pub const DEFAULT: &str = "iso_30134";

/// The profiles of these names: ids of those that ship, or files that end in `.ron`. Each once, in the order asked for.
///
/// # Errors
/// All that is wrong with all of them.
pub fn choose<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Vec<Profile>, Vec<Problem>> {
    let mut chosen: Vec<Profile> = Vec::new();
    let mut problems = Vec::new();
    let mut seen = Vec::new();
    for name in names.into_iter().map(str::trim).filter(|name| !name.is_empty()) {
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        match scenario::profile::load(name) {
            Ok(profile) => chosen.push(profile),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(chosen) } else { Err(problems) }
}

/// A section for every profile.
#[must_use]
pub fn sections(evidence: &Evidence, profiles: &[Profile], language: Language) -> Vec<Section> {
    profiles.iter().map(|profile| section(evidence, profile, language)).collect()
}

fn section(evidence: &Evidence, profile: &Profile, language: Language) -> Section {
    let say = words::of(language);
    let mut blocks = Vec::new();
    let status = match profile.status {
        Status::InForce => say.in_force,
        Status::Withdrawn => say.withdrawn,
        Status::Draft => say.draft,
    };
    let until = profile.valid_until.as_deref().map(|day| (say.until)(day)).unwrap_or_default();
    let mut standing = (say.standing)(&profile.edition, status, &profile.valid_from, &until);
    if let Some(year) = evidence.reporting_year().filter(|year| !applies(profile, *year)) {
        standing.push_str(&(say.not_in_year)(year));
    }
    blocks.push(Block::Paragraph(standing));
    blocks.push(Block::Paragraph((say.source)(&profile.source, &profile.confidence)));
    if let Some(note) = &profile.note {
        blocks.push(Block::Note(pick(note, language)));
    }
    for sheet in &profile.tables {
        blocks.push(Block::Table(table(evidence, sheet, language)));
    }
    Section {
        id: format!("profile-{}", profile.id.replace('_', "-")),
        title: pick(&profile.title, language),
        blocks,
    }
}

/// Whether a profile applies on any day of a calendar year.
fn applies(profile: &Profile, year: u16) -> bool {
    let first = year_of(&profile.valid_from);
    let last = profile.valid_until.as_deref().and_then(year_of);
    profile.status != Status::Draft
        && first.is_none_or(|first| first <= year)
        && last.is_none_or(|last| year <= last)
}

fn year_of(date: &str) -> Option<u16> {
    date.split('-').next()?.parse().ok()
}

fn pick(words: &Words, language: Language) -> String {
    match language {
        Language::English => words.english.clone(),
        Language::Chinese => words.chinese.clone(),
    }
}

fn table(evidence: &Evidence, sheet: &Sheet, language: Language) -> Table {
    let say = words::of(language);
    let columns = vec![
        Column::text("code", say.code),
        Column::text("indicator", say.indicator),
        Column::number("value", say.value, ""),
        Column::text("unit", say.unit),
        Column::text("definition", say.definition),
        Column::text("edition", say.edition),
        Column::text("boundary", say.boundary),
        Column::text("method", say.method),
        Column::text("coverage", say.coverage),
    ];
    let mut table = Table::new(&sheet.id, pick(&sheet.caption, language), columns);
    let mut carbon = false;
    for indicator in &sheet.indicators {
        let found = found(evidence, indicator, language);
        carbon |= found.as_ref().is_ok_and(|found| found.carbon);
        table.push(line(evidence, indicator, found, language));
    }
    table.remarks.extend(notes(sheet, language));
    if let Some(factor) = evidence.carbon_factor(say).filter(|_| carbon) {
        table.remarks.push((say.carbon_factor)(&factor));
    }
    let sure = |grade: &str| -> Vec<&str> {
        sheet.indicators.iter().filter(|i| i.confidence == grade).map(|i| i.code.as_str()).collect()
    };
    let (second, recalled) = (sure("B"), sure("C"));
    let joined = |codes: Vec<&str>| codes.join(say.comma);
    if !second.is_empty() || !recalled.is_empty() {
        table.remarks.push((say.confidence)(&joined(second), &joined(recalled)));
    }
    table
}

/// The notes of a table's lines, each once with the codes it is about.
fn notes(sheet: &Sheet, language: Language) -> Vec<String> {
    let mut notes: Vec<(Vec<&str>, String)> = Vec::new();
    for indicator in &sheet.indicators {
        let Some(note) = indicator.note.as_ref().map(|note| pick(note, language)) else { continue };
        match notes.iter_mut().find(|(_, known)| *known == note) {
            Some((codes, _)) => codes.push(&indicator.code),
            None => notes.push((vec![&indicator.code], note)),
        }
    }
    let comma = words::of(language).comma;
    notes.into_iter().map(|(codes, note)| format!("{}: {note}", codes.join(comma))).collect()
}

fn line(
    evidence: &Evidence,
    indicator: &Indicator,
    found: Result<Found, String>,
    language: Language,
) -> Vec<Cell> {
    let say = words::of(language);
    let mut unit = indicator.unit.clone();
    let (value, method, coverage) = match found {
        Ok(found) => {
            let mut method = found.method;
            if let (Cell::Number { value, .. }, false) = (&found.value, indicator.grades.is_empty()) {
                let reached = indicator.grades.iter().find(|grade| *value <= grade.at_most);
                let grade = match reached {
                    Some(grade) => (say.grade)(&pick(&grade.name, language), grade.at_most),
                    None => say.no_grade.to_owned(),
                };
                method = format!("{method}; {grade}");
            }
            let coverage = if found.given { say.as_given.to_owned() } else { evidence.coverage(language) };
            (found.value, method, coverage)
        }
        Err(why) => {
            unit.clear();
            (Cell::Missing(why), String::new(), String::new())
        }
    };
    vec![
        Cell::text(&indicator.code),
        Cell::text(pick(&indicator.name, language)),
        value,
        Cell::text(unit),
        Cell::text(pick(&indicator.definition, language)),
        Cell::text(&indicator.edition),
        Cell::text(pick(&indicator.boundary, language)),
        Cell::text(method),
        Cell::text(coverage),
    ]
}

/// The first value that there is, or why there is none.
fn found(evidence: &Evidence, indicator: &Indicator, language: Language) -> Result<Found, String> {
    let say = words::of(language);
    let only_given = indicator.from.iter().all(|origin| matches!(origin, Origin::Given { .. }));
    let mut why =
        if !indicator.from.is_empty() && only_given { say.not_given } else { say.not_simulated }.to_owned();
    for origin in &indicator.from {
        match origin {
            Origin::Run { path, factor } => {
                // A text of the summary was written in the site file.
                if let Some(Value::String(text)) = evidence.figure(path) {
                    let value = Cell::text(text);
                    return Ok(Found { value, method: say.of_site.to_owned(), given: true, carbon: false });
                }
                if let Some(value) = evidence.number(path).map(|v| number(v * factor, indicator)) {
                    let carbon = path.contains("cue") || path.contains("scope");
                    let mut method = evidence.simulated(language);
                    if path.starts_with("on_site.") {
                        method = evidence.of_own_generation(method, language);
                    }
                    return Ok(Found { value, method, given: false, carbon });
                }
            }
            Origin::Given { key, factor } => {
                if let Some(value) = given(evidence, key, *factor, indicator, say.comma) {
                    return Ok(Found { value, method: say.given.to_owned(), given: true, carbon: false });
                }
            }
            Origin::Calculated(what) => {
                match calculate::calculate(what, evidence, indicator.decimals, language) {
                    Ok(found) => return Ok(found),
                    Err(reason) => why = reason,
                }
            }
        }
    }
    Err(why)
}

fn number(value: f64, indicator: &Indicator) -> Cell {
    Cell::Number { value, decimals: indicator.decimals }
}

fn given(evidence: &Evidence, key: &str, factor: f64, indicator: &Indicator, comma: &str) -> Option<Cell> {
    match evidence.given(key)? {
        Value::Number(value) => Some(number(value.as_f64()? * factor, indicator)),
        Value::String(text) => Some(Cell::text(text)),
        Value::Array(items) => {
            let texts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            (!texts.is_empty()).then(|| Cell::text(texts.join(comma)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
