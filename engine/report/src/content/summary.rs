//! The first page: the verdict, eight figures, the targets.

use super::{Page, energy, numbers, percent, section as section_of, volume, words};
use crate::document::{Block, Cell, Section, Standing, Table, Tile, grouped};
use study::read::Target;

/// Water below this is none [m³].
const NO_WATER: f64 = 1e-9;

/// The outcome in one line.
pub(super) fn verdict(page: &Page) -> String {
    let summary = &page.run.summary;
    let of = |value: Option<f64>| value.map_or(page.none(), |value| grouped(value, 3));
    let m = &summary.metrics;
    let key = match (m.water_m3 < NO_WATER, m.cue_kg_per_kwh) {
        (true, Some(_)) => "verdict-dry",
        (true, None) => "verdict-dry-no-carbon",
        (false, Some(_)) => "verdict-figures",
        (false, None) => "verdict-figures-no-carbon",
    };
    let (pue, wue, cue) = (of(m.pue), of(m.wue_site_l_per_kwh), of(m.cue_kg_per_kwh));
    // A lifecycle factor counts all greenhouse gases.
    let lifecycle = summary.carbon.as_ref().is_some_and(|carbon| carbon.basis != "direct");
    let gas = page.t(if lifecycle { "gas-co2e" } else { "gas-co2" });
    let figures = page.say(key, &[("pue", &pue), ("wue", &wue), ("cue", &cue), ("gas", &gas)]);
    let all = summary.targets.len();
    let met = summary.targets.iter().filter(|t| t.met).count();
    let pledges = super::pledges::verdict(page);
    let targets = if all == 0 {
        match pledges {
            Some(_) => String::new(),
            None => page.t("verdict-no-targets"),
        }
    } else if met == all {
        page.say("verdict-all-met", &[("all", &all.to_string())])
    } else {
        let missed: Vec<String> = summary.targets.iter().filter(|t| !t.met).map(|t| name(page, t)).collect();
        let list = missed.join(&page.t("list-separator"));
        page.say("verdict-missed", &[("met", &met.to_string()), ("all", &all.to_string()), ("missed", &list)])
    };
    let all = [Some(figures), Some(targets).filter(|said| !said.is_empty()), pledges];
    all.into_iter().flatten().collect::<Vec<String>>().join(&page.t("sentence-space"))
}

/// What a target is about: the word before its fields.
fn kind(target: &Target) -> &str {
    target.target.split('(').next().unwrap_or("").trim()
}

/// The name of a target's kind; what is not known is as written.
pub(super) fn name(page: &Page, target: &Target) -> String {
    let known = page.texts.known(&format!("target-{}", kind(target).to_ascii_lowercase()));
    known.unwrap_or_else(|| target.target.clone())
}

/// The strictest target of these kinds.
fn target<'a>(page: &'a Page, kinds: &[&str]) -> Option<&'a Target> {
    let targets = page.run.summary.targets.iter();
    targets.filter(|t| kinds.contains(&kind(t))).min_by(|a, b| {
        a.margin.unwrap_or(f64::NEG_INFINITY).total_cmp(&b.margin.unwrap_or(f64::NEG_INFINITY))
    })
}

/// How many decimals a figure of this unit has for people.
fn decimals(unit: &str) -> u8 {
    match unit {
        "degC" | "m3" | "s" => 1,
        "kg" => 0,
        // Money of a year.
        unit if unit.ends_with("/a") => 0,
        _ => 3,
    }
}

/// A tile; where the site sets a target of these kinds, the remark and the standing are those of the target.
fn tile(page: &Page, key: &str, value: Option<(String, String)>, kinds: &[&str], remark: String) -> Tile {
    let (value, unit) = value.unwrap_or((page.t("dash"), String::new()));
    let (remark, standing) = match target(page, kinds) {
        None => (remark, Standing::Neutral),
        Some(target) => {
            let limit = match target.limit {
                Some(limit) if limit.fract() == 0.0 => grouped(limit, 0),
                Some(limit) => grouped(limit, decimals(&target.unit)),
                None => page.none(),
            };
            let key = if target.met { "tile-target-met" } else { "tile-target-missed" };
            let standing = if target.met { Standing::Good } else { Standing::Bad };
            (page.say(key, &[("limit", &limit)]), standing)
        }
    };
    Tile { label: page.t(&format!("tile-label-{key}")), value, unit, remark, standing }
}

fn tiles(page: &Page) -> Vec<Tile> {
    let summary = &page.run.summary;
    let m = &summary.metrics;
    let ratio = |value: Option<f64>, unit: &str| value.map(|v| (grouped(v, 3), unit.to_owned()));
    let split = |text: String| {
        text.rsplit_once(' ').map_or((text.clone(), String::new()), |(a, b)| (a.to_owned(), b.to_owned()))
    };
    let not_it = 1.0 - m.it_energy_kwh / m.facility_energy_kwh.max(f64::MIN_POSITIVE);
    let mean = grouped(m.facility_energy_kwh / summary.period.hours.max(1e-9), 0);
    let carbon = summary.carbon.as_ref();
    let basis = carbon.map_or(page.t("tile-no-grid"), |c| {
        page.t(if c.basis == "direct" { "basis-direct" } else { "basis-lifecycle" })
    });
    let tonnes = super::water::located(page).map(|kg| split(mass(kg)));
    let factor = carbon.map_or(page.t("tile-no-grid"), |c| {
        page.say("tile-carbon", &[("factor", &grouped(1000.0 * c.factor_kg_per_kwh, 0))])
    });
    let reuse = match m.ere {
        Some(ere) if m.erf.is_some() => page.say("tile-erf", &[("ere", &grouped(ere, 3))]),
        _ => page.t("tile-no-reuse"),
    };
    let degrees = |value: f64| (grouped(value, 1), "°C".to_owned());
    let inlet_kinds = ["InletClass", "InletTemperature"];
    let warmest =
        m.max_inlet_c.map_or(String::new(), |c| page.say("tile-inlet", &[("inlet", &grouped(c, 1))]));
    let hottest = match m.max_junction_c {
        Some(c) => tile(page, "junction", Some(degrees(c)), &["JunctionTemperature"], warmest),
        None => tile(page, "inlet", m.max_inlet_c.map(degrees), &inlet_kinds, String::new()),
    };
    let share = page.say("tile-pue", &[("share", &percent(not_it))]);
    vec![
        tile(page, "pue", ratio(m.pue, ""), &["Pue"], share),
        tile(page, "wue", ratio(m.wue_site_l_per_kwh, "L/kWh"), &["Wue"], page.t("tile-wue")),
        tile(page, "cue", ratio(m.cue_kg_per_kwh, "kg/kWh"), &["Cue"], basis),
        tile(page, "erf", ratio(m.erf, ""), &["HeatReuse"], reuse),
        tile(
            page,
            "facility",
            Some(split(energy(m.facility_energy_kwh))),
            &[],
            page.say("tile-facility", &[("mean", &mean)]),
        ),
        tile(page, "water", Some(split(volume(m.water_m3))), &["ZeroWater"], page.t("tile-water")),
        tile(page, "carbon", tonnes, &[], factor),
        hottest,
    ]
}

/// A mass of carbon as people read it.
fn mass(kg: f64) -> String {
    match kg.abs() {
        size if size >= 1e8 => format!("{} kt", grouped(kg / 1e6, 0)),
        size if size >= 1e6 => format!("{} t", grouped(kg / 1e3, 0)),
        size if size >= 1e3 => format!("{} t", grouped(kg / 1e3, 1)),
        _ => format!("{} kg", grouped(kg, 0)),
    }
}

pub(super) fn section(page: &Page) -> Section {
    let summary = &page.run.summary;
    let mut blocks = vec![Block::Tiles(tiles(page))];
    if !summary.targets.is_empty() {
        blocks.push(Block::Table(targets(page)));
    }
    blocks.extend(super::pledges::outcomes(page).map(Block::Table));
    let simulated = page.t("note-simulated");
    blocks.push(Block::Note(if summary.period.whole_year {
        simulated
    } else {
        format!("{simulated}{}{}", page.t("sentence-space"), page.t("note-part-of-year"))
    }));
    if page.cloudless() {
        blocks.push(Block::Note(page.t("note-cloudless")));
    }
    section_of(page, "summary", blocks)
}

/// Figures whose findings stand on the first page.
const FINDINGS: [&str; 7] = [
    "comparison-electricity",
    "tornado-1",
    "energy-flows",
    "pue-parts",
    "water-by-part",
    "inlet-hours",
    "junction-hours",
];
/// Rows of tables and findings that the first page has room for.
const ROOM: usize = 9;
/// Most findings.
const MOST_FINDINGS: usize = 5;

/// Adds what the figures of the other sections find to the first page, as far as there is room.
pub(super) fn add_findings(page: &Page, sections: &mut [Section]) {
    let Some((first, others)) = sections.split_first_mut() else { return };
    let rows: usize = first
        .blocks
        .iter()
        .map(|block| match block {
            Block::Table(table) => table.rows.len() + 1,
            _ => 0,
        })
        .sum();
    let figures = || {
        others.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
            Block::Figure(figure) => Some(figure),
            _ => None,
        })
    };
    let found = FINDINGS.iter().filter_map(|id| figures().find(|figure| figure.id == *id));
    let said: Vec<String> = found
        .map(|figure| figure.caption.clone())
        .take(MOST_FINDINGS.min(ROOM.saturating_sub(rows)))
        .collect();
    if !said.is_empty() {
        // The note on what is simulated stays last.
        let end = first.blocks.len().saturating_sub(1);
        first.blocks.splice(end..end, [Block::Heading(page.t("heading-findings")), Block::List(said)]);
    }
}

fn targets(page: &Page) -> Table {
    let columns = vec![
        words(page, "target"),
        words(page, "outcome"),
        numbers(page, "limit", ""),
        numbers(page, "value", ""),
        numbers(page, "margin", ""),
        words(page, "unit"),
        numbers(page, "hours_missed", "h"),
        words(page, "place"),
    ];
    let mut table = Table::new("targets", page.t("table-targets"), columns);
    let dash = page.t("dash");
    for target in &page.run.summary.targets {
        let digits = decimals(&target.unit);
        let number = |value: Option<f64>, decimals| Cell::number(value.unwrap_or(f64::NAN), decimals, &dash);
        table.push(vec![
            Cell::text(name(page, target)),
            Cell::text(page.t(if target.met { "standing-good" } else { "standing-bad" })),
            number(target.limit, digits),
            number(target.value, digits),
            number(target.margin, digits),
            Cell::text(unit(&target.unit)),
            number(target.hours_missed, 1),
            Cell::text(place(target).unwrap_or_else(|| dash.clone())),
        ]);
    }
    table.remarks.push(page.t("remark-targets"));
    table
}

/// Where a target was closest to its limit or beyond it, and what was reached there.
fn place(target: &Target) -> Option<String> {
    let place = target.place.as_deref()?.replace('_', " ");
    Some(target.what.as_ref().map_or(place.clone(), |what| format!("{place}: {what}")))
}

/// A unit as people write it.
fn unit(unit: &str) -> String {
    match unit {
        "degC" => "°C".into(),
        "m3" => "m³".into(),
        "1" => String::new(),
        other => other.to_owned(),
    }
}
