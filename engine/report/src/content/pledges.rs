//! What was pledged, and what the plan comes to by year: kept or missed, and by how much.

use super::{Page, figure, numbers, percent, section as section_of, words};
use crate::document::{Block, Cell, Section, Table, grouped};
use crate::figures::{Stop, course};
use study::read::Origin;
use study::read::pledges::{Measure, Pledge, Pledges};

fn pledged<'a>(page: &Page<'a>) -> Option<&'a Pledges> {
    page.run.summary.pledges.as_ref().filter(|of| !of.pledges.is_empty())
}

/// The section; nothing where the site pledges nothing.
pub(super) fn section(page: &Page) -> Option<Section> {
    let of = pledged(page)?;
    let mut blocks = vec![Block::Paragraph(verdict(page)?), Block::Note(page.t("pledge-note"))];
    for (k, pledge) in of.pledges.iter().enumerate() {
        blocks.push(drawn(page, pledge, k + 1));
    }
    blocks.push(Block::Table(years(page, of)));
    blocks.push(Block::List(basis(page, of)));
    blocks.extend(assumptions(page, of).map(Block::Table));
    Some(section_of(page, "pledges", blocks))
}

/// How the values of a metric are shown.
struct Shown<'a> {
    page: &'a Page<'a>,
    /// What a value is multiplied with.
    factor: f64,
    decimals: u8,
    unit: &'static str,
}

impl<'a> Shown<'a> {
    fn of(page: &'a Page, pledge: &Pledge) -> Self {
        let values = || pledge.years.iter().filter_map(|year| year.value).chain(pledge.to);
        let most = values().fold(0.0_f64, |most, value| most.max(value.abs()));
        let (factor, unit) = match (pledge.unit.as_str(), pledge.metric.as_str()) {
            ("t", _) => (1.0, "t"),
            ("m3", _) => (1.0, "m³"),
            ("MWh", _) => (1.0, "MWh"),
            (_, "Pue") => (1.0, ""),
            _ => (100.0, "%"),
        };
        let decimals = match unit {
            "" => 3,
            "%" => 1,
            _ if most < 1000.0 => 1,
            _ => 0,
        };
        Self { page, factor, decimals, unit }
    }

    fn number(&self, value: Option<f64>) -> Cell {
        Cell::number(value.map_or(f64::NAN, |value| self.factor * value), self.decimals, &self.page.t("dash"))
    }

    fn text(&self, value: f64) -> String {
        let text = grouped(self.factor * value, self.decimals);
        match self.unit {
            "" => text,
            "%" => format!("{text}\u{202f}%"),
            unit => format!("{text}\u{a0}{unit}"),
        }
    }

    /// A difference: of shares in points.
    fn gap(&self, value: f64) -> String {
        if self.unit == "%" {
            self.page.say("pledge-points", &[("points", &grouped(self.factor * value, self.decimals))])
        } else {
            self.text(value)
        }
    }
}

fn name(page: &Page, pledge: &Pledge) -> String {
    let key = format!("pledge-{}", pledge.metric.to_ascii_lowercase());
    page.texts.known(&key).unwrap_or_else(|| pledge.metric.clone())
}

fn titled(page: &Page, pledge: &Pledge) -> String {
    page.say("pledge-titled", &[("metric", &name(page, pledge)), ("by", &pledge.by.to_string())])
}

/// How many pledges the plan keeps, in a sentence; nothing where there are none.
pub(super) fn verdict(page: &Page) -> Option<String> {
    let of = pledged(page)?;
    let (all, kept) = (of.pledges.len(), of.pledges.iter().filter(|pledge| pledge.kept).count());
    let (all, kept_said) = (all.to_string(), kept.to_string());
    if kept == of.pledges.len() {
        return Some(page.say("pledge-verdict-kept", &[("all", &all)]));
    }
    let missed: Vec<String> =
        of.pledges.iter().filter(|pledge| !pledge.kept).map(|pledge| titled(page, pledge)).collect();
    let missed = missed.join(&page.t("list-separator"));
    Some(page.say("pledge-verdict-missed", &[("kept", &kept_said), ("all", &all), ("missed", &missed)]))
}

/// What becomes of each pledge, for the first page; nothing where there are none.
pub(super) fn outcomes(page: &Page) -> Option<Table> {
    let of = pledged(page)?;
    let columns = vec![
        words(page, "pledge"),
        words(page, "outcome"),
        words(page, "by"),
        numbers(page, "pledged", ""),
        numbers(page, "planned", ""),
        numbers(page, "missing", ""),
        words(page, "unit"),
        words(page, "first_behind"),
    ];
    let mut table = Table::new("pledges", page.t("table-pledges"), columns);
    for pledge in &of.pledges {
        let shown = Shown::of(page, pledge);
        let behind = pledge.first_behind.map_or_else(|| page.t("dash"), |year| year.to_string());
        table.push(vec![
            Cell::text(name(page, pledge)),
            Cell::text(page.t(if pledge.kept { "pledge-kept" } else { "pledge-missed" })),
            Cell::text(pledge.by.to_string()),
            shown.number(pledge.to),
            shown.number(pledge.value),
            shown.number(pledge.gap),
            Cell::text(shown.unit),
            Cell::text(behind),
        ]);
    }
    table.remarks.push(page.t("pledge-remark"));
    Some(table)
}

fn caption(page: &Page, pledge: &Pledge, shown: &Shown) -> String {
    let (Some(to), Some((value, gap))) = (pledge.to, pledge.value.zip(pledge.gap)) else {
        return page.say("caption-pledge-unknown", &[("pledge", &titled(page, pledge))]);
    };
    let more = pledge.better == "more";
    let bound = page.say(if more { "pledge-at-least" } else { "pledge-at-most" }, &[("to", &shown.text(to))]);
    let key = if pledge.kept { "caption-pledge-kept" } else { "caption-pledge-missed" };
    let size = shown.gap(gap.abs());
    let said = titled(page, pledge);
    page.say(key, &[("pledge", &said), ("bound", &bound), ("value", &shown.text(value)), ("gap", &size)])
}

fn drawn(page: &Page, pledge: &Pledge, number: usize) -> Block {
    let shown = Shown::of(page, pledge);
    let unit = shown.unit;
    let columns = vec![
        words(page, "year"),
        numbers(page, "plan", unit),
        numbers(page, "path", unit),
        numbers(page, "missing", unit),
    ];
    let id = format!("pledge_{number}");
    let mut table = Table::new(&id, page.say("table-pledge", &[("pledge", &titled(page, pledge))]), columns);
    let mut stops = Vec::new();
    for year in &pledge.years {
        table.push(vec![
            Cell::text(year.year.to_string()),
            shown.number(year.value),
            shown.number(year.path),
            shown.number(year.gap),
        ]);
        let scaled = |value: Option<f64>| value.map(|value| shown.factor * value);
        // What rounds to nothing is nothing.
        let gap = year
            .gap
            .filter(|gap| grouped(shown.factor * gap, shown.decimals) != grouped(0.0, shown.decimals));
        stops.push(Stop {
            label: year.year.to_string(),
            plan: scaled(year.value),
            path: scaled(year.path),
            gap: gap.map_or(String::new(), |gap| {
                let sign = if gap > 0.0 { "+" } else { "" };
                format!("{sign}{}", grouped(shown.factor * gap, shown.decimals))
            }),
            behind: gap.is_some_and(|gap| gap > 0.0),
        });
    }
    table.remarks.push(page.t("pledge-remark"));
    let axis = match unit {
        "" => name(page, pledge),
        unit => format!("{} [{unit}]", name(page, pledge)),
    };
    let alt = page.say("alt-pledge", &[("pledge", &titled(page, pledge))]);
    let names = [page.t("column-plan"), page.t("column-path")];
    figure(
        &id.replace('_', "-"),
        caption(page, pledge, &shown),
        alt,
        |about| course(about, &axis, [&names[0], &names[1]], &stops),
        table,
    )
}

fn years(page: &Page, of: &Pledges) -> Table {
    let columns = vec![
        words(page, "year"),
        numbers(page, "electricity", "MWh"),
        numbers(page, "carbon_free", "%"),
        numbers(page, "scope_1", "t"),
        numbers(page, "scope_2_location", "t"),
        numbers(page, "scope_2_market", "t"),
        numbers(page, "scope_3", "t"),
        numbers(page, "removals", "t"),
        numbers(page, "net_carbon", "t"),
        numbers(page, "consumed", "m³"),
        numbers(page, "given_back", "m³"),
    ];
    let mut table = Table::new("pledge_years", page.t("table-pledge-years"), columns);
    let dash = page.t("dash");
    for year in &of.years {
        let cell = |value: Option<f64>, by: f64, decimals: u8| {
            Cell::number(value.map_or(f64::NAN, |value| value / by), decimals, &dash)
        };
        table.push(vec![
            Cell::text(year.year.to_string()),
            cell(Some(year.facility_energy_kwh), 1000.0, 0),
            cell(Some(year.carbon_free_share), 0.01, 0),
            cell(Some(year.scope_1_kg), 1000.0, 1),
            cell(year.scope_2_location_kg, 1000.0, 1),
            cell(year.scope_2_market_kg, 1000.0, 1),
            cell(Some(year.scope_3_kg), 1000.0, 1),
            cell(Some(year.removals_kg), 1000.0, 1),
            cell(year.net_carbon_kg, 1000.0, 1),
            cell(Some(year.consumed_m3), 1.0, 0),
            cell(Some(year.replenishment_m3), 1.0, 0),
        ]);
    }
    table
}

/// What is simulated, what is given, what is held as it is.
fn basis(page: &Page, of: &Pledges) -> Vec<String> {
    let times = of.base.annualised;
    let mut said = vec![if (times - 1.0).abs() < 1e-9 {
        page.t("pledge-simulated")
    } else {
        page.say("pledge-simulated-part", &[("times", &grouped(times, 1))])
    }];
    let lists: Vec<String> = of.given.iter().map(|name| given(page, name)).collect();
    if !lists.is_empty() {
        said.push(page.say("pledge-given", &[("lists", &lists.join(&page.t("list-separator")))]));
    }
    said.extend(of.measures.iter().map(|measure| planned(page, measure)));
    let is_given = |name: &str| of.given.iter().any(|given| given == name);
    let base = &of.base;
    let held = [
        ("it_load", Some(page.t("pledge-held-it-load"))),
        (
            "grid_carbon",
            Some(match base.grid_kg_per_kwh {
                Some(factor) => page.say("pledge-held-grid", &[("factor", &grouped(1000.0 * factor, 0))]),
                None => page.t("pledge-held-no-grid"),
            }),
        ),
        ("residual", base.residual_kg_per_kwh.is_none().then(|| page.t("pledge-held-residual"))),
        (
            "carbon_free",
            Some(match base.matched_share {
                Some(share) => page.say("pledge-held-matched", &[("share", &percent(share))]),
                None => page.t("pledge-held-nothing-bought"),
            }),
        ),
        (
            "scope_3",
            Some(page.t(if base.embodied_kg.is_some() {
                "pledge-held-embodied"
            } else {
                "pledge-held-no-scope-3"
            })),
        ),
        ("removals", Some(page.t("pledge-held-removals"))),
        ("replenishment", Some(page.t("pledge-held-replenishment"))),
    ];
    said.extend(held.into_iter().filter(|(name, _)| !is_given(name)).filter_map(|(_, said)| said));
    said
}

/// Every assumption of the plan with where it comes from; nothing where there is none, or where a run of an earlier version
/// does not say.
fn assumptions(page: &Page, of: &Pledges) -> Option<Table> {
    let columns = vec![
        words(page, "assumption"),
        words(page, "by_year"),
        words(page, "year"),
        words(page, "confidence"),
        words(page, "source"),
    ];
    let mut table = Table::new("pledge_assumptions", page.t("table-pledge-assumptions"), columns);
    let mut push = |what: String, values: String, origin: &Origin| {
        table.push(vec![
            Cell::text(what),
            Cell::text(values),
            Cell::text(page.year(origin.year)),
            Cell::text(page.confidence(origin.confidence.as_deref())),
            Cell::text(page.given(&origin.source)),
        ]);
    };
    for assumption in &of.assumptions {
        let shown = |value: f64| match (assumption.name.as_str(), assumption.unit.as_str()) {
            ("carbon_free", _) => percent(value),
            (_, "1") => grouped(value, 2),
            (_, "m3") => format!("{}\u{a0}m³", grouped(value, 0)),
            (_, unit) => format!("{}\u{a0}{unit}", grouped(value, 0)),
        };
        let values = assumption.by_year.iter().map(|of| format!("{}:\u{a0}{}", of.year, shown(of.value)));
        let values = values.collect::<Vec<_>>().join(&page.t("list-separator"));
        push(given(page, &assumption.name), values, &assumption.origin);
    }
    for measure in &of.measures {
        let Some(origin) = &measure.origin else { continue };
        let from = page.say("pledge-from", &[("from", &measure.from.to_string())]);
        push(
            page.named(&measure.what),
            format!("{from}{}{}", page.t("list-separator"), changes(page, measure)),
            origin,
        );
    }
    (!table.rows.is_empty()).then_some(table)
}

/// What a list of the site is called.
fn given(page: &Page, name: &str) -> String {
    let key = format!("pledge-given-{}", name.replace('_', "-"));
    page.texts.known(&key).unwrap_or_else(|| name.replace('_', " "))
}

fn planned(page: &Page, measure: &Measure) -> String {
    let changes = changes(page, measure);
    page.say(
        "pledge-measure",
        &[("from", &measure.from.to_string()), ("what", &page.named(&measure.what)), ("changes", &changes)],
    )
}

fn changes(page: &Page, measure: &Measure) -> String {
    let changes: Vec<String> = [
        ("pledge-change-it", measure.it),
        ("pledge-change-overhead", measure.overhead),
        ("pledge-change-water", measure.water),
        ("pledge-change-scope-1", measure.scope_1),
    ]
    .into_iter()
    .filter(|(_, change)| *change != 0.0)
    .map(|(key, change)| {
        let sign = if change > 0.0 { "+" } else { "" };
        page.say(key, &[("by", &format!("{sign}{}", percent(change)))])
    })
    .collect();
    if changes.is_empty() { page.t("dash") } else { changes.join(&page.t("list-separator")) }
}
