//! The key figures with definitions and evidence. What stands on the first page is in [`summary`](super::summary).
//!
//! Editions of ISO/IEC 30134-6, -8 and -9 are recalled, to verify.

use super::{Page, numbers, section as section_of, words};
use crate::document::{Block, Cell, Section, Table};

pub(super) fn section(page: &Page) -> Section {
    section_of(page, "key-figures", vec![Block::Table(figures(page)), Block::Table(evidence(page))])
}

/// A key figure: key of its texts, value, decimals, unit, standard, where it stands in the files of the run.
type Kpi = (&'static str, Option<f64>, u8, &'static str, &'static str, &'static str);

fn kpis(page: &Page) -> Vec<Kpi> {
    let m = &page.run.summary.metrics;
    let carbon = super::water::located(page);
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

/// Name, decimals and unit of the figure that stands there in the files of a run.
pub(super) fn known(page: &Page, path: &str) -> Option<(String, u8, &'static str)> {
    let kpi = kpis(page).into_iter().find(|kpi| kpi.5 == path && kpi.0 != "carbon")?;
    Some((page.t(&format!("kpi-{}", kpi.0)), kpi.2, kpi.3))
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
            Cell::text(super::uncertainty::of(page, source).unwrap_or_else(|| page.t("not-quantified"))),
            Cell::text(format!("summary.json: {source}")),
            Cell::text(page.t(if year { "publishable-design" } else { "publishable-no" })),
        ]);
    }
    let remark = if page.uncertainty.is_some() { "remark-evidence-sweep" } else { "remark-evidence" };
    table.remarks.push(page.t(remark));
    table
}
