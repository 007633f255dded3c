//! What the rows of a sweep say, as a document: the best cases, what matters, what failed, how it was calculated.
//!
//! Every number is one of [`sweep::analyze`] or of the rows; here they get their words and drawings. In English.

mod best;
mod effects;
mod names;

use crate::content::percent;
use crate::document::{
    Block, Cell, Column, Document, Language, RunId, Section, Standing, Table, Tile, Words, grouped,
};
use crate::texts::Texts;
use names::{Name, listed};
use scenario::study_file::Mode;
use sweep::analyze::{Analysis, OfOutput};
use sweep::merge::Merged;
use sweep::plan::{Plan, described};

/// Failures that are listed.
const FAILURES: usize = 50;

/// What a sweep was read to.
pub(crate) struct Found<'a> {
    pub plan: &'a Plan,
    pub merged: &'a Merged,
    pub analysis: &'a Analysis,
}

/// Makes the document of an analysis: the same for the same rows.
#[must_use]
pub fn make(plan: &Plan, merged: &Merged, analysis: &Analysis) -> Document {
    let found = Found { plan, merged, analysis };
    let study = &plan.study;
    let title = if study.title.is_empty() { study.id.clone() } else { study.title.clone() };
    let subtitle = match study.question.as_str() {
        "" => format!("Analysis of a sweep of {} cases", grouped(merged.cases as f64, 0)),
        question => question.to_owned(),
    };
    let words = Words {
        run: "Rows".into(),
        site: "Study".into(),
        period: "Cases".into(),
        weather: "Sampler".into(),
        ..Words::of(&Texts::of(Language::English))
    };
    Document {
        language: Language::English,
        title,
        subtitle,
        verdict: verdict(&found),
        run: RunId {
            id: merged.hash.chars().take(8).collect(),
            engine: env!("CARGO_PKG_VERSION").into(),
            site: study.id.clone(),
            period: counts(merged),
            weather: study.sampler.name().into(),
            method: method(&found),
        },
        sections: [
            vec![summary(&found)],
            best::sections(&found),
            vec![effects::section(&found), cases(&found), how(&found)],
        ]
        .concat(),
        words,
    }
}

fn section(id: &str, title: &str, blocks: Vec<Block>) -> Section {
    Section { id: id.into(), title: title.into(), blocks }
}

fn counts(merged: &Merged) -> String {
    if merged.ok == merged.cases {
        return format!("{}, all with figures", grouped(merged.cases as f64, 0));
    }
    let mut text =
        format!("{}, {} with figures", grouped(merged.cases as f64, 0), grouped(merged.ok as f64, 0));
    for (count, what) in [(merged.failed, "failed"), (merged.missing, "missing")] {
        if count > 0 {
            text.push_str(&format!(", {} {what}", grouped(count as f64, 0)));
        }
    }
    text
}

fn method(found: &Found) -> String {
    match found.plan.study.mode {
        Mode::QuasiSteady => "simulated, a year in quasi-steady steps",
        Mode::Dynamic => "simulated, a year in dynamic steps",
        Mode::AsWritten => "simulated, period and steps as the site writes them",
    }
    .into()
}

fn verdict(found: &Found) -> String {
    let merged = found.merged;
    let unfinished = if merged.missing > 0 { " The sweep is not finished." } else { "" };
    match &found.analysis.best {
        Some(best) => match best.first.first() {
            Some((number, figures)) => {
                let by: Vec<String> = best
                    .by
                    .iter()
                    .zip(figures)
                    .map(|((column, _), value)| Name::of(column).value(*value))
                    .collect();
                format!(
                    "The best of {} that {}: {}, with {}.{unfinished}",
                    names::cases(best.eligible),
                    if found.plan.layout.constraints.is_empty() {
                        "have figures"
                    } else {
                        "meet all constraints"
                    },
                    found.case(*number),
                    listed(&by)
                )
            }
            None if !best.without.is_empty() => {
                format!("No case has {}, by which they are ranked.{unfinished}", listed(&best.without))
            }
            None => format!("None of {} meets all constraints.{unfinished}", names::cases(merged.ok)),
        },
        None => format!("{} with figures.{unfinished}", names::cases(merged.ok)),
    }
}

fn summary(found: &Found) -> Section {
    let merged = found.merged;
    let share = |count: usize| percent(count as f64 / merged.cases.max(1) as f64);
    let tile = |label: &str, value: usize, remark: String, standing: Standing| Tile {
        label: label.into(),
        value: grouped(value as f64, 0),
        unit: String::new(),
        remark,
        standing,
    };
    let mut tiles = vec![tile("Cases", merged.cases, counts(merged), Standing::Neutral)];
    let bad = |count: usize| if count > 0 { Standing::Bad } else { Standing::Neutral };
    let failed =
        if merged.failed > 0 { format!("{}: see the failures", share(merged.failed)) } else { "none".into() };
    tiles.push(tile("Failed", merged.failed, failed, bad(merged.failed)));
    if let Some(met) = merged.met {
        let standing = if met > 0 { Standing::Good } else { Standing::Bad };
        tiles.push(tile("Meet all constraints", met, share(met), standing));
    }
    if let Some(output) = found.analysis.outputs.first().filter(|output| output.percentiles[1].is_finite()) {
        let name = Name::of(&output.output);
        let [low, middle, high] = output.percentiles.map(|value| name.number_in(value, &output.percentiles));
        tiles.push(Tile {
            label: format!("{}, median", name.title),
            value: middle,
            unit: name.unit.clone(),
            remark: format!("nine in ten from {low} to {high}"),
            standing: Standing::Neutral,
        });
    }
    let mut blocks = vec![Block::Tiles(tiles)];
    if !found.plan.study.expect.is_empty() {
        blocks.push(Block::Paragraph(format!("What was expected: {}", found.plan.study.expect)));
    }
    let findings = effects::findings(found);
    if !findings.is_empty() {
        blocks.push(Block::List(findings));
    }
    section("summary", "Summary", blocks)
}

fn cases(found: &Found) -> Section {
    let merged = found.merged;
    let mut blocks = Vec::new();
    let known: Vec<&OfOutput> =
        found.analysis.outputs.iter().filter(|o| o.percentiles[1].is_finite()).collect();
    if !known.is_empty() {
        let mut table = Table::new(
            "spread",
            "Spread of the figures over the cases",
            vec![
                Column::text("output", "Figure"),
                Column::text("unit", "Unit"),
                Column::number("cases", "Cases", ""),
                Column::number("p5", "5 % lie below", ""),
                Column::number("p50", "Half lie below", ""),
                Column::number("p95", "95 % lie below", ""),
            ],
        );
        for output in &known {
            let name = Name::of(&output.output);
            let decimals = names::decimals(&output.percentiles);
            let mut cells = vec![
                Cell::text(name.title),
                Cell::text(name.unit),
                Cell::number(output.cases as f64, 0, "none"),
            ];
            cells.extend(output.percentiles.map(|value| Cell::number(value, decimals, "none")));
            table.push(cells);
        }
        blocks.push(Block::Table(table));
    }
    if merged.failures.is_empty() {
        blocks.push(Block::Paragraph("No case failed.".into()));
    } else {
        let shown = merged.failures.len().min(FAILURES);
        let mut table = Table::new(
            "failures",
            format!(
                "{} of {} failed, in {} way{}",
                grouped(merged.failed as f64, 0),
                names::cases(merged.cases),
                merged.failures.len(),
                if merged.failures.len() == 1 { "" } else { "s" }
            ),
            vec![
                Column::text("code", "Code"),
                Column::number("cases", "Cases", ""),
                Column::number("first", "First case", ""),
                Column::text("values", "Its values"),
                Column::text("message", "What failed"),
            ],
        );
        let mut order: Vec<&(usize, sweep::Failure, usize)> = merged.failures.iter().collect();
        order.sort_by_key(|(first, _, count)| (std::cmp::Reverse(*count), *first));
        for (first, failure, count) in order.into_iter().take(shown) {
            table.push(vec![
                Cell::text(&failure.code),
                Cell::number(*count as f64, 0, "none"),
                Cell::number(*first as f64, 0, "none"),
                Cell::text(found.values(*first).join(", ")),
                Cell::text(&failure.message),
            ]);
        }
        if shown < merged.failures.len() {
            table.remarks.push(format!("{} more ways are in cases.csv.", merged.failures.len() - shown));
        }
        blocks.push(Block::Table(table));
    }
    section("cases", "Cases", blocks)
}

fn how(found: &Found) -> Section {
    let (plan, merged) = (found.plan, found.merged);
    let mut table = Table::new(
        "parameters",
        "What was varied",
        vec![Column::text("parameter", "Parameter"), Column::text("values", "Values")],
    );
    for (id, values) in described(&plan.study) {
        table.push(vec![Cell::text(id), Cell::text(values)]);
    }
    let mut blocks = vec![Block::Table(table)];
    if !merged.differences.is_empty() {
        let pairs = merged.differences[0].pairs;
        let mut table = Table::new(
            "dynamic",
            format!("Quasi-steady against dynamic steps: the largest difference in {}", names::cases(pairs)),
            vec![
                Column::text("output", "Figure"),
                Column::text("unit", "Unit"),
                Column::number("absolute", "Difference", ""),
                Column::number("relative", "Share", "%"),
            ],
        );
        for difference in &merged.differences {
            let name = Name::of(&difference.output);
            table.push(vec![
                Cell::text(name.title),
                Cell::text(name.unit),
                Cell::number(difference.absolute, names::decimals(&[0.0, difference.absolute]), "none"),
                Cell::number(100.0 * difference.relative, 3, "of zero"),
            ]);
        }
        blocks.push(Block::Table(table));
    }
    if !plan.layout.constraints.is_empty() {
        blocks.push(Block::Paragraph(format!("Constraints: {}.", plan.layout.constraints.join(", "))));
    }
    blocks.push(Block::Paragraph(format!(
        "Every case is a run of isotherm {} whose inputs have the id in cases.parquet. BLAKE3 of all rows: {}. The same \
         study gives the same rows in any number of shards.",
        env!("CARGO_PKG_VERSION"),
        merged.hash
    )));
    section("method", "How it was calculated", blocks)
}

impl Found<'_> {
    /// The values of a case as written, in the order of the parameters.
    pub fn values(&self, number: usize) -> Vec<String> {
        let Some(entry) = self.plan.entries.get(number) else { return Vec::new() };
        (0..entry.values.len()).map(|place| self.plan.study.written(place, &entry.values)).collect()
    }

    /// `case 12 (harbin, 35 °C)`.
    pub fn case(&self, number: usize) -> String {
        // A number and its unit stay on one line.
        let values: Vec<String> =
            self.values(number).iter().map(|value| value.replace(' ', "\u{a0}")).collect();
        format!("case {number} ({})", values.join(", "))
    }

    pub fn id(&self, place: usize) -> &str {
        &self.plan.study.parameters[place].id
    }
}
