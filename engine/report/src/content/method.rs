//! Method, limits, balances, notes and what went in.

use super::{Page, numbers, section as section_of, words};
use crate::document::{Block, Cell, Section, Table, grouped};
use study::read::NoteRead;
use study::write::Fingerprint;

pub(super) fn section(page: &Page) -> Section {
    let summary = &page.run.summary;
    let statistics = &summary.statistics;
    let mut blocks = vec![
        Block::Paragraph(page.say(
            "text-method",
            &[
                ("method", &page.method()),
                ("states", &grouped(statistics.states as f64, 0)),
                ("steps", &grouped(statistics.steps as f64, 0)),
                ("engine", &page.run.manifest.engine_version),
            ],
        )),
        Block::List(
            resolved(page).into_iter().chain(limits(page).into_iter().map(|key| page.t(key))).collect(),
        ),
        Block::Heading(page.t("heading-closure")),
        Block::Paragraph(page.t("text-closure")),
        Block::Table(closure(page)),
        Block::Heading(page.t("heading-notes")),
    ];
    if summary.notes.is_empty() {
        blocks.push(Block::Paragraph(page.t("text-no-notes")));
    } else {
        blocks.push(Block::Table(notes(page)));
    }
    blocks.push(Block::Heading(page.t("heading-validation")));
    blocks.push(Block::Paragraph(page.t("text-validation")));
    blocks.push(Block::Heading(page.t("heading-inputs")));
    blocks.push(Block::Paragraph(page.say("text-inputs", &[("seed", &page.run.manifest.seed.to_string())])));
    blocks.push(Block::Table(hashes(page, "inputs", &page.run.manifest.inputs)));
    blocks.push(Block::Table(hashes(page, "results", &page.run.manifest.files)));
    section_of(page, "method", blocks)
}

/// What the run was made with: what is carried apart, how set-points are held.
fn resolved(page: &Page) -> Vec<String> {
    [page.fidelity(), page.dynamics(), page.controls()].into_iter().flatten().collect()
}

/// What this run does not know; no more than holds of it.
fn limits(page: &Page) -> Vec<&'static str> {
    let summary = &page.run.summary;
    let years = summary.weather_source.as_ref().and_then(|source| source.values.get("years"));
    let one_year = years.is_some_and(|years| years.parse::<u16>().is_ok());
    let built = summary.raw["embodied"].is_object();
    let first = if one_year { "limit-weather-of-a-year" } else { "limit-weather" };
    let last = if built { "limit-scope-3-of-the-bill" } else { "limit-scope-3" };
    vec![first, "limit-equal-racks", "limit-aisles", "limit-ageing", "limit-water", last]
}

fn closure(page: &Page) -> Table {
    let of = &page.run.summary.closure;
    let columns = vec![words(page, "balance"), words(page, "residual"), words(page, "limit")];
    let mut table = Table::new("closure", page.t("table-closure"), columns);
    for (key, value, limit) in [
        ("closure-energy", of.energy_relative, "1e-4"),
        ("closure-water", of.water_relative, "1e-4"),
        ("closure-energy-worst", of.energy_worst_interval, "1e-6"),
        ("closure-water-worst", of.water_worst_interval, "1e-6"),
        ("closure-recomputed", of.energy_recomputed_relative, "1e-4"),
        ("closure-electricity", of.electricity_relative, "1e-4"),
    ] {
        let residual = if value == 0.0 { "0".to_owned() } else { format!("{:.1e}", value.abs()) };
        table.push(vec![Cell::text(page.t(key)), Cell::text(residual), Cell::text(limit)]);
    }
    table
}

fn notes(page: &Page) -> Table {
    let columns = vec![
        words(page, "component"),
        words(page, "note"),
        numbers(page, "duration", "h"),
        numbers(page, "times", ""),
        words(page, "first"),
        words(page, "last"),
    ];
    let mut table = Table::new("notes", page.t("table-notes"), columns);
    for note in &page.run.summary.notes {
        table.push(vec![
            Cell::text(&note.component),
            Cell::text(said(page, note)),
            Cell::number(note.duration_s / 3600.0, 2, ""),
            Cell::number(note.count as f64, 0, ""),
            Cell::text(page.moment(note.from_s)),
            Cell::text(page.moment(note.to_s)),
        ]);
    }
    table
}

/// A note in the language of the report; in the words of the engine where it has no code, or one that is not known.
fn said(page: &Page, note: &NoteRead) -> String {
    let values: Vec<(&str, &str)> = note.values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let known = page.texts.known_with(&format!("note-{}", note.code), &values);
    known.unwrap_or_else(|| note.text.clone())
}

fn hashes(page: &Page, id: &str, files: &[Fingerprint]) -> Table {
    let columns = vec![words(page, "file"), words(page, "blake3"), numbers(page, "bytes", "B")];
    let mut table = Table::new(id, page.t(&format!("table-{id}")), columns);
    for file in files {
        table.push(vec![
            Cell::text(&file.name),
            Cell::text(&file.blake3),
            Cell::number(file.bytes as f64, 0, ""),
        ]);
    }
    table
}
