//! Water and carbon.

use super::{Page, figure, numbers, percent, section as section_of, volume, words};
use crate::document::{Block, Cell, Section, Table, grouped};
use crate::facts::sum_of;
use crate::figures::{Bars, HeatMap, heat_map, stacked};

pub(super) fn section(page: &Page) -> Section {
    let mut blocks = vec![Block::Heading(page.t("heading-water"))];
    let summary = &page.run.summary;
    if summary.metrics.water_m3 > 0.0 {
        let evaporated = summary.water_m3.iter().find(|(n, _)| n == "evaporation").map_or(0.0, |w| w.1);
        blocks.push(Block::Paragraph(page.say(
            "text-water",
            &[
                ("water", &volume(summary.metrics.water_m3)),
                ("wue", &grouped(summary.metrics.wue_site_l_per_kwh.unwrap_or(0.0), 3)),
                ("share", &percent(evaporated / summary.metrics.water_m3)),
            ],
        )));
        match monthly(page) {
            Some(block) => blocks.push(block),
            None => blocks.push(Block::Note(page.t("absent-accounts"))),
        }
        match hours(page) {
            Some(block) => blocks.push(block),
            None => blocks.push(Block::Note(page.t("absent-heat-map"))),
        }
    } else {
        blocks.push(Block::Paragraph(page.t("text-no-water")));
    }
    blocks.push(Block::Heading(page.t("heading-carbon")));
    carbon(page, &mut blocks);
    section_of(page, "water-and-carbon", blocks)
}

fn monthly(page: &Page) -> Option<Block> {
    let accounts = page.facts.accounts.as_ref()?;
    let parts = page.facts.parts();
    let mut columns = vec![words(page, "part")];
    columns.extend(
        accounts
            .water
            .iter()
            .map(|(name, _)| crate::document::Column::number(name, page.water(name), "m³").summed()),
    );
    columns.push(numbers(page, "make_up", "m³").summed());
    let mut table = Table::new("water_by_part", page.t("table-water-by-part"), columns);
    let make_up = accounts.make_up.as_ref()?;
    let (mut labels, mut layers) = (Vec::new(), Vec::new());
    for (name, _) in &accounts.water {
        layers.push((page.water(name), Vec::new()));
    }
    for (part, of) in &parts {
        labels.push(page.part(*part));
        let mut cells = vec![Cell::text(page.part(*part))];
        for ((_, values), (_, layer)) in accounts.water.iter().zip(&mut layers) {
            let m3 = sum_of(values, of) / 1000.0;
            layer.push(m3.max(0.0));
            cells.push(Cell::number(m3, 2, ""));
        }
        cells.push(Cell::number(sum_of(make_up, of) / 1000.0, 2, ""));
        table.push(cells);
    }
    let rows = table.rows.len();
    table.total(page.t("total"), 0..rows);
    table.remarks.push(page.t("remark-make-up"));
    let made: Vec<f64> = parts.iter().map(|(_, of)| sum_of(make_up, of) / 1000.0).collect();
    let most = (0..made.len()).max_by(|&a, &b| made[a].total_cmp(&made[b]))?;
    let share = made[most] / made.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    let caption = page.say(
        "caption-water-by-part",
        &[
            ("part", &page.part_long(parts[most].0)),
            ("water", &volume(made[most])),
            ("share", &percent(share)),
        ],
    );
    let alt = page.say("alt-stack", &[("count", &labels.len().to_string())]);
    let axis = page.t("axis-water");
    Some(figure(
        "water-by-part",
        caption,
        alt,
        |about| stacked(about, Bars { labels: &labels, layers: &layers, tops: &[], axis: &axis, top: "" }),
        table,
    ))
}

fn hours(page: &Page) -> Option<Block> {
    let accounts = page.facts.accounts.as_ref()?;
    let make_up = accounts.make_up.as_ref()?;
    let (first, values) = page.facts.by_hour(&|of| sum_of(make_up, of) / 1000.0)?;
    Some(super::energy::hourly(
        page,
        "water-by-hour",
        "water_by_hour",
        "caption-water-hours",
        "m³/h",
        (first, &values),
        2,
    ))
}

pub(crate) fn map_labels(page: &Page, first: u32, days: usize) -> Vec<(usize, String)> {
    page.month_marks(first, days)
}

pub(crate) fn draw_map(
    about: crate::figures::About,
    values: &[f64],
    labels: &[(usize, String)],
    colours: &str,
    hours: &str,
) -> crate::figures::Drawing {
    heat_map(about, HeatMap { values, labels, colours, hours })
}

/// Carbon of the electricity by the location-based method [kg].
pub(super) fn located(page: &Page) -> Option<f64> {
    let summary = &page.run.summary;
    let m = &summary.metrics;
    // What sun and wind on the site give is not bought. A run of an earlier version bought all that it used.
    let bought = if m.bought_energy_kwh > 0.0 { m.bought_energy_kwh } else { m.facility_energy_kwh };
    let of_factor = summary.carbon.as_ref().map(|c| c.factor_kg_per_kwh * bought);
    summary.supply.as_ref().and_then(|s| s.location_kg).or(of_factor)
}

fn carbon(page: &Page, blocks: &mut Vec<Block>) {
    let summary = &page.run.summary;
    let Some(carbon) = &summary.carbon else {
        blocks.push(Block::Paragraph(page.t("text-no-carbon")));
        return;
    };
    let located = located(page).unwrap_or(f64::NAN);
    let columns = vec![
        words(page, "method"),
        numbers(page, "emissions", "t"),
        numbers(page, "per_it", "kg/kWh"),
        words(page, "basis"),
    ];
    let mut table = Table::new("carbon", page.t("table-carbon"), columns);
    let it = summary.metrics.it_energy_kwh;
    let basis = page.t(if carbon.basis == "direct" { "basis-direct" } else { "basis-lifecycle" });
    let mut row = |key: &str, kg: Option<f64>| {
        let kg = kg.unwrap_or(f64::NAN);
        table.push(vec![
            Cell::text(page.t(key)),
            Cell::number(kg / 1000.0, 1, &page.t("no-contracts")),
            Cell::number(kg / it, 3, &page.t("no-contracts")),
            Cell::text(&basis),
        ]);
    };
    row("location-based", Some(located));
    row("market-based", summary.supply.as_ref().and_then(|s| s.market_kg));
    table.remarks.push(page.t("remark-scope-2"));
    if carbon.basis != "direct" {
        table.remarks.push(page.t("remark-scope-2-lifecycle"));
    }
    blocks.push(Block::Paragraph(page.say(
        "text-carbon",
        &[
            ("basis", &page.inside(&basis)),
            ("tonnes", &grouped(located / 1000.0, 0)),
            ("factor", &grouped(1000.0 * carbon.factor_kg_per_kwh, 0)),
        ],
    )));
    blocks.push(Block::Table(table));
    let matched = summary.supply.as_ref().and_then(|s| s.matched_share.zip(s.matched_share_annual));
    if let Some((matched, annual)) = matched {
        let shares = [("matched", percent(matched)), ("annual", percent(annual))];
        let shares = shares.each_ref().map(|(name, share)| (*name, share.as_str()));
        let own = summary.raw["on_site"]["used_kwh"].as_f64().is_some_and(|kwh| kwh > 0.0);
        let contracts = summary.supply.as_ref().is_some_and(|supply| !supply.contracts.is_empty());
        let key = match (contracts, own) {
            (true, true) => "text-matched-with-own",
            (false, true) => "text-matched-own",
            _ => "text-matched",
        };
        blocks.push(Block::Paragraph(page.say(key, &shares)));
    }
}
