//! The verdict, the tiles, the targets and the key figures with their evidence.
//!
//! Editions of ISO/IEC 30134-6, -8 and -9 are recalled, to verify.

use super::{Page, energy, numbers, percent, section as section_of, volume, words};
use crate::document::{Block, Cell, Section, Standing, Table, Tile, grouped};
use study::read::Target;

/// The outcome in one line.
pub(super) fn verdict(page: &Page) -> String {
    let summary = &page.run.summary;
    let pue = summary.metrics.pue.map_or(page.none(), |pue| grouped(pue, 3));
    let wue = summary.metrics.wue_site_l_per_kwh.map_or(page.none(), |wue| grouped(wue, 3));
    let figures = page.say("verdict-figures", &[("pue", &pue), ("wue", &wue)]);
    let all = summary.targets.len();
    let met = summary.targets.iter().filter(|t| t.met).count();
    let targets = if all == 0 {
        page.t("verdict-no-targets")
    } else if met == all {
        page.say("verdict-all-met", &[("all", &all.to_string())])
    } else {
        let missed: Vec<String> = summary.targets.iter().filter(|t| !t.met).map(|t| name(page, t)).collect();
        let list = missed.join(&page.t("list-separator"));
        page.say("verdict-missed", &[("met", &met.to_string()), ("all", &all.to_string()), ("missed", &list)])
    };
    format!("{figures}{}{targets}", page.t("sentence-space"))
}

/// The name of a target's kind; what is not known is as written.
fn name(page: &Page, target: &Target) -> String {
    let kind = target.target.split('(').next().unwrap_or("").to_ascii_lowercase();
    page.texts.known(&format!("target-{kind}")).unwrap_or_else(|| target.target.clone())
}

/// The strictest target whose text begins so.
fn target<'a>(page: &'a Page, kinds: &[&str]) -> Option<&'a Target> {
    let targets = page.run.summary.targets.iter();
    targets.filter(|t| kinds.contains(&t.target.split('(').next().unwrap_or(""))).min_by(|a, b| {
        a.margin.unwrap_or(f64::NEG_INFINITY).total_cmp(&b.margin.unwrap_or(f64::NEG_INFINITY))
    })
}

fn tile(
    page: &Page,
    key: &str,
    value: Option<(String, &str)>,
    kinds: &[&str],
    decimals: u8,
    remark: String,
) -> Tile {
    let (value, unit) = value.unwrap_or((page.t("dash"), ""));
    let (remark, standing) = match target(page, kinds) {
        None => (remark, Standing::Neutral),
        Some(target) => {
            let limit = target.limit.map_or(page.none(), |limit| grouped(limit, decimals));
            let limit = if target.limit == Some(0.0) { "0".to_owned() } else { limit };
            let key = if target.met { "tile-target-met" } else { "tile-target-missed" };
            let standing = if target.met { Standing::Good } else { Standing::Bad };
            (page.say(key, &[("limit", &limit)]), standing)
        }
    };
    Tile { label: page.t(&format!("kpi-{key}")), value, unit: unit.to_owned(), remark, standing }
}

pub(super) fn section(page: &Page) -> Section {
    let summary = &page.run.summary;
    let m = &summary.metrics;
    let ratio = |value: Option<f64>, unit: &'static str| value.map(|v| (grouped(v, 3), unit));
    let mean = grouped(m.facility_energy_kwh / summary.period.hours.max(1e-9), 0);
    let split = |text: String| -> (String, String) {
        text.rsplit_once(' ').map_or((text.clone(), String::new()), |(a, b)| (a.into(), b.into()))
    };
    let (used, used_unit) = split(energy(m.facility_energy_kwh));
    let (litres, litres_unit) = split(volume(m.water_m3));
    let not_it = 1.0 - m.it_energy_kwh / m.facility_energy_kwh.max(f64::MIN_POSITIVE);
    let inlet = m.max_inlet_c.map_or(String::new(), |c| page.say("tile-inlet", &[("inlet", &grouped(c, 1))]));
    let junction_or_inlet = match (m.max_junction_c, m.max_inlet_c) {
        (Some(c), _) => {
            tile(page, "junction", Some((grouped(c, 1), "°C")), &["JunctionTemperature"], 0, inlet)
        }
        (None, of) => {
            let value = of.map(|c| (grouped(c, 1), "°C"));
            tile(page, "inlet", value, &["InletClass", "InletTemperature"], 0, String::new())
        }
    };
    let basis = summary.carbon.as_ref().map_or(String::new(), |c| {
        page.t(if c.basis == "direct" { "basis-direct" } else { "basis-lifecycle" })
    });
    let tiles = vec![
        tile(
            page,
            "pue",
            ratio(m.pue, ""),
            &["Pue"],
            3,
            page.say("tile-pue", &[("share", &percent(not_it))]),
        ),
        tile(page, "wue", ratio(m.wue_site_l_per_kwh, "L/kWh"), &["Wue"], 3, page.t("tile-wue")),
        tile(page, "cue", ratio(m.cue_kg_per_kwh, "kg/kWh"), &["Cue"], 3, basis),
        Tile {
            label: page.t("kpi-facility"),
            value: used,
            unit: used_unit,
            remark: page.say("tile-facility", &[("mean", &mean)]),
            standing: Standing::Neutral,
        },
        tile(page, "water", Some((litres, &litres_unit)), &["ZeroWater"], 0, page.t("tile-water")),
        junction_or_inlet,
    ];
    let mut blocks = vec![Block::Tiles(tiles), Block::Note(page.t("note-simulated"))];
    if !summary.period.whole_year {
        blocks.push(Block::Note(page.t("note-part-of-year")));
    }
    if summary.targets.is_empty() {
        blocks.push(Block::Paragraph(page.t("no-targets")));
    } else {
        blocks.push(Block::Table(targets(page)));
    }
    blocks.push(Block::Table(figures(page)));
    blocks.push(Block::Table(evidence(page)));
    section_of(page, "key-figures", blocks)
}

fn targets(page: &Page) -> Table {
    let columns = vec![
        words(page, "target"),
        numbers(page, "limit", ""),
        numbers(page, "value", ""),
        numbers(page, "margin", ""),
        words(page, "unit"),
        words(page, "outcome"),
        numbers(page, "hours_missed", "h"),
        words(page, "place"),
    ];
    let mut table = Table::new("targets", page.t("table-targets"), columns);
    for target in &page.run.summary.targets {
        let number =
            |value: Option<f64>, decimals| Cell::number(value.unwrap_or(f64::NAN), decimals, &page.t("dash"));
        table.push(vec![
            Cell::text(&target.target),
            number(target.limit, 3),
            number(target.value, 3),
            number(target.margin, 3),
            Cell::text(unit(&target.unit)),
            Cell::text(page.t(if target.met { "standing-good" } else { "standing-bad" })),
            number(target.hours_missed, 1),
            Cell::text(target.place.clone().unwrap_or_else(|| page.t("dash"))),
        ]);
    }
    table.remarks.push(page.t("remark-targets"));
    table
}

/// A unit as people write it.
fn unit(unit: &str) -> String {
    match unit {
        "degC" => "°C".into(),
        "m3" => "m³".into(),
        other => other.to_owned(),
    }
}

/// A key figure: key of its texts, value, decimals, unit, standard, where it stands in the files of the run.
type Kpi = (&'static str, Option<f64>, u8, &'static str, &'static str, &'static str);

fn kpis(page: &Page) -> Vec<Kpi> {
    let m = &page.run.summary.metrics;
    let carbon = page.run.summary.carbon.as_ref().map(|c| c.factor_kg_per_kwh * m.facility_energy_kwh);
    vec![
        ("pue", m.pue, 3, "1", "ISO/IEC 30134-2:2026", "metrics.pue"),
        ("pue-1", m.pue_category_1, 3, "1", "ISO/IEC 30134-2:2026", "metrics.pue_category_1"),
        ("pue-2", m.pue_category_2, 3, "1", "ISO/IEC 30134-2:2026", "metrics.pue_category_2"),
        ("wue", m.wue_site_l_per_kwh, 3, "L/kWh", "ISO/IEC 30134-9:2022", "metrics.wue_site_l_per_kwh"),
        ("cue", m.cue_kg_per_kwh, 3, "kg/kWh", "ISO/IEC 30134-8:2022", "metrics.cue_kg_per_kwh"),
        ("erf", m.erf, 3, "1", "ISO/IEC 30134-6:2021", "metrics.erf"),
        ("ere", m.ere, 3, "1", "The Green Grid (2010)", "metrics.ere"),
        ("itue", m.itue, 3, "1", "Patterson et al. (2013)", "metrics.itue"),
        ("tue", m.tue, 3, "1", "Patterson et al. (2013)", "metrics.tue"),
        (
            "facility",
            Some(m.facility_energy_kwh),
            0,
            "kWh",
            "ISO/IEC 30134-2:2026",
            "metrics.facility_energy_kwh",
        ),
        ("it", Some(m.it_energy_kwh), 0, "kWh", "ISO/IEC 30134-2:2026", "metrics.it_energy_kwh"),
        ("water", Some(m.water_m3), 1, "m³", "ISO/IEC 30134-9:2022", "metrics.water_m3"),
        ("carbon", carbon, 0, "kg", "GHG Protocol Scope 2 (2015)", "carbon.factor_kg_per_kwh"),
        ("junction", m.max_junction_c, 1, "°C", "–", "metrics.max_junction_c"),
        ("inlet", m.max_inlet_c, 1, "°C", "ASHRAE TC 9.9 (2021)", "metrics.max_inlet_c"),
        ("free", Some(m.free_cooling_hours), 0, "h", "–", "metrics.free_cooling_hours"),
    ]
}

fn figures(page: &Page) -> Table {
    let columns = vec![
        words(page, "figure"),
        numbers(page, "value", ""),
        words(page, "unit"),
        words(page, "definition"),
        words(page, "standard"),
    ];
    let mut table = Table::new("key_figures", page.t("table-key-figures"), columns);
    for (key, value, decimals, unit, standard, _) in kpis(page) {
        table.push(vec![
            Cell::text(page.t(&format!("kpi-{key}"))),
            Cell::number(value.unwrap_or(f64::NAN), decimals, &page.none()),
            Cell::text(unit),
            Cell::text(page.t(&format!("definition-{key}"))),
            Cell::text(standard),
        ]);
    }
    table
}

fn evidence(page: &Page) -> Table {
    let columns = vec![
        words(page, "figure"),
        words(page, "boundary"),
        words(page, "method"),
        words(page, "period"),
        numbers(page, "coverage", "%"),
        words(page, "uncertainty"),
        words(page, "source"),
        words(page, "publishable"),
    ];
    let mut table = Table::new("evidence", page.t("table-evidence"), columns);
    let year = page.run.summary.period.whole_year;
    for (key, value, _, _, _, source) in kpis(page).into_iter().filter(|kpi| kpi.1.is_some()) {
        let _ = value;
        let boundary = match key {
            "pue-1" => "boundary-ups",
            "pue-2" => "boundary-pdu",
            "itue" | "it" => "boundary-racks",
            "junction" | "inlet" => "boundary-rack-conditions",
            _ => "boundary-site",
        };
        table.push(vec![
            Cell::text(page.t(&format!("kpi-{key}"))),
            Cell::text(page.t(boundary)),
            Cell::text(page.t("simulated")),
            Cell::text(page.period()),
            Cell::number(100.0, 0, ""),
            Cell::text(page.t("not-quantified")),
            Cell::text(format!("summary.json: {source}")),
            Cell::text(page.t(if year { "publishable-design" } else { "publishable-no" })),
        ]);
    }
    table.remarks.push(page.t("remark-evidence"));
    table
}
