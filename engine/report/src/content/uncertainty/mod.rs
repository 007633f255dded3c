//! How far what is not known moves the figures: percentiles, what moves them most, and how that was found.

mod drivers;
mod method;

use super::{Page, key_figures, numbers, section as section_of, words};
use crate::document::{Block, Cell, Column, Section, Standing, Table, Tile, grouped};
use crate::uncertainty::Uncertainty;
use scenario::study_file::Sampler;
use sweep::analyze::OfOutput;

/// Figures in large type.
const TILES: usize = 4;

/// The section; one sentence where there is no sweep.
pub(super) fn section(page: &Page) -> Section {
    let Some(of) = page.uncertainty else {
        return section_of(page, "uncertainty", vec![Block::Paragraph(page.t("unc-none"))]);
    };
    let outputs = outputs(page, of);
    let mut blocks = vec![Block::Paragraph(finding(page, of, &outputs))];
    let tiles: Vec<Tile> =
        outputs.iter().filter(|output| output.varies()).take(TILES).map(|o| tile(page, o)).collect();
    if !tiles.is_empty() {
        blocks.push(Block::Tiles(tiles));
    }
    blocks.push(Block::Table(percentiles(page, of, &outputs)));
    blocks.extend(method::notes(page, of, &outputs).into_iter().map(Block::Note));
    blocks.extend(drivers::blocks(page, of, &outputs));
    blocks.push(Block::Heading(page.t("unc-heading-method")));
    blocks.extend(method::blocks(page, of));
    section_of(page, "uncertainty", blocks)
}

/// From the 5th to the 95th percentile of the figure that stands there in the files of a run, if a sweep kept it.
pub(super) fn of(page: &Page, path: &str) -> Option<String> {
    let of = page.uncertainty?;
    let place = of.plan.layout.outputs.iter().position(|output| output.path == path)?;
    let output = Output::new(page, of, place)?;
    let [low, _, high] = output.percentiles();
    drawn_by_chance(of).then(|| page.say("unc-p5-p95", &[("low", &low), ("high", &high)]))
}

/// Whether the cases are drawn as likely as the study says they are.
fn drawn_by_chance(of: &Uncertainty) -> bool {
    !matches!(
        of.plan.study.sampler,
        Sampler::Grid | Sampler::List(_) | Sampler::Morris { .. } | Sampler::Nsga2 { .. }
    )
}

/// A figure of the study with its words.
pub(super) struct Output<'a> {
    name: String,
    unit: String,
    decimals: u8,
    of_run: f64,
    found: &'a OfOutput,
}

impl<'a> Output<'a> {
    fn new(page: &Page, of: &'a Uncertainty, place: usize) -> Option<Self> {
        let kept = of.plan.layout.outputs.get(place)?;
        let found = of.analysis.outputs.iter().find(|output| output.output == kept.column)?;
        let of_run = of.of_run.get(place).copied().unwrap_or(f64::NAN);
        let (name, decimals, unit) = match key_figures::known(page, &kept.path) {
            Some((name, decimals, unit)) => (name, decimals, unit.to_owned()),
            None => {
                let [low, _, high] = found.percentiles;
                (kept.column.replace('_', " "), decimals_of(low.abs().max(high.abs())), String::new())
            }
        };
        let unit = if unit == "1" { String::new() } else { unit };
        // Two percentiles that differ are told apart, as far as four more decimals do it.
        let [low, _, high] = found.percentiles;
        let apart = |decimals: &u8| grouped(low, *decimals) != grouped(high, *decimals);
        let decimals =
            if low < high { (decimals..decimals + 4).find(apart).unwrap_or(decimals) } else { decimals };
        Some(Self { name, unit, decimals, of_run, found })
    }

    fn shown(&self, value: f64) -> String {
        grouped(value, self.decimals)
    }

    fn with_unit(&self, value: f64) -> String {
        let text = self.shown(value);
        if self.unit.is_empty() { text } else { format!("{text}\u{a0}{}", self.unit) }
    }

    fn percentiles(&self) -> [String; 3] {
        let [low, middle, high] = self.found.percentiles;
        [self.shown(low), self.shown(middle), self.with_unit(high)]
    }

    /// Whether cases have it, and differ in it.
    fn varies(&self) -> bool {
        let [low, _, high] = self.found.percentiles;
        low < high
    }
}

/// Decimals of a number of this size that nothing else is known of.
fn decimals_of(size: f64) -> u8 {
    match size {
        s if s >= 1000.0 => 0,
        s if s >= 100.0 => 1,
        s if s >= 10.0 => 2,
        _ => 4,
    }
}

fn outputs<'a>(page: &Page, of: &'a Uncertainty) -> Vec<Output<'a>> {
    (0..of.plan.layout.outputs.len()).filter_map(|place| Output::new(page, of, place)).collect()
}

fn finding(page: &Page, of: &Uncertainty, outputs: &[Output]) -> String {
    let cases = grouped(of.merged.ok as f64, 0);
    let Some(first) = outputs.iter().find(|output| output.varies()) else {
        return page.say("unc-finding-same", &[("cases", &cases)]);
    };
    let [low, middle, high] = first.percentiles();
    let run = if first.of_run.is_finite() { first.with_unit(first.of_run) } else { page.t("dash") };
    let key = if drawn_by_chance(of) { "unc-finding" } else { "unc-finding-grid" };
    let figure = page.inside(&first.name);
    let values = [("cases", cases.as_str()), ("figure", &figure), ("low", &low), ("high", &high)];
    page.say(key, &[&values[..], &[("middle", middle.as_str()), ("run", &run)]].concat())
}

fn tile(page: &Page, output: &Output) -> Tile {
    let [low, middle, high] = output.percentiles();
    Tile {
        label: page.say("unc-tile", &[("figure", &output.name)]),
        value: middle,
        unit: output.unit.clone(),
        remark: page.say("unc-p5-p95", &[("low", &low), ("high", &high)]),
        standing: Standing::Neutral,
    }
}

fn percentiles(page: &Page, of: &Uncertainty, outputs: &[Output]) -> Table {
    let columns = vec![
        words(page, "figure"),
        words(page, "unit"),
        numbers(page, "this_run", ""),
        Column::number("p5", "P5", ""),
        Column::number("p50", "P50", ""),
        Column::number("p95", "P95", ""),
        numbers(page, "cases", ""),
    ];
    let mut table = Table::new("uncertainty", page.t("table-uncertainty"), columns);
    for output in outputs {
        let number = |value: f64| Cell::number(value, output.decimals, &page.t("dash"));
        let [low, middle, high] = output.found.percentiles;
        table.push(vec![
            Cell::text(&output.name),
            Cell::text(&output.unit),
            number(output.of_run),
            number(low),
            number(middle),
            number(high),
            Cell::number(output.found.cases as f64, 0, ""),
        ]);
    }
    let key = if drawn_by_chance(of) { "unc-remark" } else { "unc-remark-grid" };
    table.remarks.push(page.t(key));
    table
}
