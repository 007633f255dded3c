//! Beyond the meters: heat handed on, water and its sources, direct emissions, carbon of what the site is built of.

use super::items::{Items, amount, figures};
use super::{Page, numbers, section as section_of, words};
use crate::document::{Block, Cell, Section, Table, grouped};
use serde_json::Value;

/// The section; nothing where the site says nothing of these.
pub(super) fn section(page: &Page) -> Option<Section> {
    let summary = &page.run.summary.raw;
    let of = |name: &str| summary.get(name).filter(|book| book.is_object());
    let mut blocks = vec![Block::Paragraph(page.t("text-books"))];
    if let Some(reuse) = of("heat_reuse") {
        blocks.push(Block::Table(heat(page, reuse)));
    }
    if let Some(water) = of("water_sources") {
        blocks.push(Block::Table(sources_of_water(page, water)));
    }
    if let Some(direct) = of("direct") {
        blocks.push(Block::Table(scope_1(page, direct)));
    }
    if let Some(embodied) = of("embodied") {
        blocks.push(Block::Table(built(page, embodied)));
    }
    (blocks.len() > 1).then(|| section_of(page, "books", blocks))
}

/// A number of a book; not one where it says none.
pub(super) fn number(of: &Value, name: &str) -> f64 {
    of.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN)
}

/// A text of a book.
pub(super) fn text<'v>(of: &'v Value, name: &str) -> &'v str {
    of.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// What a list of a book holds.
pub(super) fn list<'v>(of: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    of.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn heat(page: &Page, of: &Value) -> Table {
    let mut table = figures(page, "heat_reuse", &[("heat-handed-on", number(of, "heat_kwh"), 0, "kWh")]);
    // Where it is handed on, where there is more than one place.
    let points: Vec<&Value> = list(of, "points").collect();
    for point in points.iter().filter(|_| points.len() > 1) {
        let what = page.say("heat-at-point", &[("point", text(point, "point"))]);
        table.line(what, vec![amount(page, number(point, "heat_kwh"), 0), Cell::text("kWh")]);
    }
    let lines = [
        ("kpi-erf", number(of, "erf"), 3, ""),
        ("kpi-ere", number(of, "ere"), 3, ""),
        ("heat-temperature", number(of, "temperature_c"), 1, "°C"),
        ("heat-hours", number(of, "hours"), 0, "h"),
        ("heat-pumps", number(of, "heat_pumps_kwh"), 0, "kWh"),
    ];
    for (key, value, decimals, unit) in lines {
        table.line(page.t(key), vec![amount(page, value, decimals), Cell::text(unit)]);
    }
    table.remark(page.t("remark-heat-reuse"));
    table.done()
}

fn sources_of_water(page: &Page, of: &Value) -> Table {
    let lines = [
        ("water-withdrawn", page.run.summary.metrics.water_m3, 1, "m³"),
        ("water-potable", number(of, "potable_m3"), 1, "m³"),
        ("water-discharged", number(of, "discharge_m3"), 1, "m³"),
        ("water-consumed", number(of, "consumed_m3"), 1, "m³"),
        ("water-of-electricity", number(of, "source_m3"), 0, "m³"),
        ("water-wue-source", number(of, "wue_source_l_per_kwh"), 3, "L/kWh"),
    ];
    let mut table = figures(page, "water_sources", &lines);
    if let Some(stress) = of.get("stress").and_then(Value::as_str) {
        table.remark(page.say("remark-water-stress", &[("stress", &page.stress(stress))]));
    }
    table.remark(page.t("remark-water-sources"));
    table.done()
}

/// Fuel that was burnt and refrigerants that leaked.
fn scope_1(page: &Page, of: &Value) -> Table {
    let emissions = numbers(page, "emissions", "kg").summed();
    let columns = vec![numbers(page, "amount", ""), words(page, "unit"), emissions];
    let mut table = Items::new(page, "scope_1", columns);
    if let Some(fuel) = of.get("fuel").filter(|fuel| fuel.is_object()) {
        let (litres, kg) = (number(fuel, "litres"), number(fuel, "co2_kg"));
        table.line(page.t("fuel-burnt"), vec![amount(page, litres, 0), Cell::text("L"), amount(page, kg, 0)]);
        if litres > 0.0 {
            let upstream = grouped(number(fuel, "upstream_co2e_kg"), 0);
            table.remark(page.say("remark-fuel", &[("upstream", &upstream)]));
        }
    }
    for leak in list(of, "refrigerants") {
        let charge = grouped(number(leak, "charge_kg"), 0);
        let share = super::percent(number(leak, "leakage_per_year"));
        let said = [("refrigerant", text(leak, "refrigerant")), ("charge", &charge), ("share", &share)];
        let (leaked, kg) = (number(leak, "leaked_kg"), number(leak, "co2e_kg"));
        let what = page.say("refrigerant-leaked", &said);
        table.line(what, vec![amount(page, leaked, 2), Cell::text("kg"), amount(page, kg, 0)]);
    }
    table.total("total");
    table.done()
}

/// The bill of quantities.
fn built(page: &Page, of: &Value) -> Table {
    let columns = vec![
        numbers(page, "amount", ""),
        words(page, "unit"),
        numbers(page, "life", "a"),
        numbers(page, "emissions", "t").summed(),
        words(page, "instead_of"),
    ];
    let mut table = Items::new(page, "embodied", columns);
    for item in list(of, "items") {
        let pieces = text(item, "unit") != "kg";
        let much = number(item, "amount");
        let cells = vec![
            amount(page, if pieces { much } else { much / 1e3 }, u8::from(!pieces)),
            Cell::text(if pieces { page.t("pieces") } else { "t".to_owned() }),
            amount(page, number(item, "life_years"), 0),
            amount(page, number(item, "co2e_kg") / 1e3, 1),
            Cell::text(match item.get("instead_of").and_then(Value::as_str) {
                Some(name) => page.named(name),
                None => page.t("dash"),
            }),
        ];
        table.line(page.named(text(item, "what")), cells);
    }
    table.total("total");
    let tonnes = |name: &str| grouped(number(of, name) / 1e3, 0);
    table.remark(page.say(
        "remark-embodied",
        &[
            ("low", &tonnes("low_kg")),
            ("high", &tonnes("high_kg")),
            ("year", &tonnes("co2e_kg_per_year")),
            ("run", &tonnes("co2e_kg_in_run")),
        ],
    ));
    if let Some(saved) = of.get("saved_share").and_then(Value::as_f64) {
        let (saved, instead) = (super::percent(saved), tonnes("instead_kg"));
        table.remark(page.say("remark-embodied-saved", &[("saved", &saved), ("instead", &instead)]));
    }
    if of.get("biogenic_kg").is_some_and(Value::is_number) {
        let stored = grouped(-number(of, "biogenic_kg") / 1e3, 0);
        table.remark(page.say("remark-embodied-stored", &[("stored", &stored)]));
    }
    table.done()
}
