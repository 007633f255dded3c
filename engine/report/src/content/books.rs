//! Beyond the meters: heat handed on, water and its sources, direct emissions, carbon of what the site is built of; and every
//! factor with where it comes from.

use super::{Page, numbers, section as section_of, words};
use crate::document::{Block, Cell, Section, Table, grouped};
use serde_json::Value;
use study::read::Origin;

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
    if let Some(factors) = factors(page) {
        blocks.push(Block::Table(factors));
    }
    (blocks.len() > 1).then(|| section_of(page, "books", blocks))
}

fn number(of: &Value, name: &str) -> f64 {
    of.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN)
}

fn text<'v>(of: &'v Value, name: &str) -> &'v str {
    of.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn list<'v>(of: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    of.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// A table of one figure to a line.
fn figures(page: &Page, id: &str, lines: &[(&str, f64, u8, &str)]) -> Table {
    let columns = vec![words(page, "item"), numbers(page, "value", ""), words(page, "unit")];
    let mut table = Table::new(id, page.t(&format!("table-{}", id.replace('_', "-"))), columns);
    for (key, value, decimals, unit) in lines {
        table.push(vec![
            Cell::text(page.t(key)),
            Cell::number(*value, *decimals, &page.t("dash")),
            Cell::text(*unit),
        ]);
    }
    table
}

fn heat(page: &Page, of: &Value) -> Table {
    let lines = [
        ("heat-handed-on", number(of, "heat_kwh"), 0, "kWh"),
        ("kpi-erf", number(of, "erf"), 3, ""),
        ("kpi-ere", number(of, "ere"), 3, ""),
        ("heat-temperature", number(of, "temperature_c"), 1, "°C"),
        ("heat-hours", number(of, "hours"), 0, "h"),
        ("heat-pumps", number(of, "heat_pumps_kwh"), 0, "kWh"),
    ];
    let mut table = figures(page, "heat_reuse", &lines);
    for point in list(of, "points") {
        table.push(vec![
            Cell::text(page.say("heat-at-point", &[("point", text(point, "point"))])),
            Cell::number(number(point, "heat_kwh"), 0, &page.t("dash")),
            Cell::text("kWh"),
        ]);
    }
    table.remarks.push(page.t("remark-heat-reuse"));
    table
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
        table.remarks.push(page.say("remark-water-stress", &[("stress", stress)]));
    }
    table.remarks.push(page.t("remark-water-sources"));
    table
}

/// Fuel that was burnt and refrigerants that leaked.
fn scope_1(page: &Page, of: &Value) -> Table {
    let columns = vec![
        words(page, "item"),
        numbers(page, "amount", ""),
        words(page, "unit"),
        numbers(page, "emissions", "kg").summed(),
    ];
    let mut table = Table::new("scope_1", page.t("table-scope-1"), columns);
    if let Some(fuel) = of.get("fuel").filter(|fuel| fuel.is_object()) {
        table.push(vec![
            Cell::text(page.t("fuel-burnt")),
            Cell::number(number(fuel, "litres"), 0, &page.t("dash")),
            Cell::text("L"),
            Cell::number(number(fuel, "co2_kg"), 0, &page.t("dash")),
        ]);
        let upstream = grouped(number(fuel, "upstream_co2e_kg"), 0);
        table.remarks.push(page.say("remark-fuel", &[("upstream", &upstream)]));
    }
    for leak in list(of, "refrigerants") {
        let charge = grouped(number(leak, "charge_kg"), 0);
        let share = super::percent(number(leak, "leakage_per_year"));
        let said = [("refrigerant", text(leak, "refrigerant")), ("charge", &charge), ("share", &share)];
        table.push(vec![
            Cell::text(page.say("refrigerant-leaked", &said)),
            Cell::number(number(leak, "leaked_kg"), 2, &page.t("dash")),
            Cell::text("kg"),
            Cell::number(number(leak, "co2e_kg"), 0, &page.t("dash")),
        ]);
    }
    let rows = table.rows.len();
    table.total(page.t("total"), 0..rows);
    table
}

/// The bill of quantities.
fn built(page: &Page, of: &Value) -> Table {
    let columns = vec![
        words(page, "item"),
        numbers(page, "amount", ""),
        words(page, "unit"),
        numbers(page, "life", "a"),
        numbers(page, "emissions", "t").summed(),
        words(page, "instead_of"),
    ];
    let mut table = Table::new("embodied", page.t("table-embodied"), columns);
    for item in list(of, "items") {
        let pieces = text(item, "unit") != "kg";
        let amount = number(item, "amount");
        table.push(vec![
            Cell::text(page.named(text(item, "what"))),
            Cell::number(if pieces { amount } else { amount / 1e3 }, u8::from(!pieces), ""),
            Cell::text(if pieces { page.t("pieces") } else { "t".to_owned() }),
            Cell::number(number(item, "life_years"), 0, ""),
            Cell::number(number(item, "co2e_kg") / 1e3, 1, ""),
            Cell::text(match item.get("instead_of").and_then(Value::as_str) {
                Some(name) => page.named(name),
                None => page.t("dash"),
            }),
        ]);
    }
    let rows = table.rows.len();
    table.total(page.t("total"), 0..rows);
    let tonnes = |name: &str| grouped(number(of, name) / 1e3, 0);
    table.remarks.push(page.say(
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
        table.remarks.push(page.say("remark-embodied-saved", &[("saved", &saved), ("instead", &instead)]));
    }
    if of.get("biogenic_kg").is_some_and(Value::is_number) {
        let stored = grouped(-number(of, "biogenic_kg") / 1e3, 0);
        table.remarks.push(page.say("remark-embodied-stored", &[("stored", &stored)]));
    }
    table
}

/// A factor: what it is, value, decimals, unit, where it comes from.
struct Factor {
    what: String,
    value: f64,
    decimals: u8,
    unit: String,
    origin: Origin,
}

/// Every factor that a figure of the run was made with.
fn factors(page: &Page) -> Option<Table> {
    let columns = vec![
        words(page, "factor"),
        numbers(page, "value", ""),
        words(page, "unit"),
        words(page, "year"),
        words(page, "confidence"),
        words(page, "source"),
    ];
    let mut table = Table::new("factors", page.t("table-factors"), columns);
    for Factor { what, value, decimals, unit, origin } in electricity(page).into_iter().chain(beyond(page)) {
        table.push(vec![
            Cell::text(what),
            Cell::number(value, decimals, &page.none()),
            Cell::text(unit),
            Cell::text(origin.year.map_or(page.t("dash"), |year| year.to_string())),
            Cell::text(origin.confidence.unwrap_or_else(|| page.t("dash"))),
            Cell::text(page.given(&origin.source)),
        ]);
    }
    table.remarks.push(page.t("remark-factors"));
    (!table.rows.is_empty()).then_some(table)
}

/// Of electricity and water that are bought.
fn electricity(page: &Page) -> Vec<Factor> {
    let summary = &page.run.summary;
    let mut found = Vec::new();
    let per_kwh = || "kg/kWh".to_owned();
    if let Some(carbon) = &summary.carbon {
        let basis = page.t(if carbon.basis == "direct" { "basis-direct" } else { "basis-lifecycle" });
        let graded = carbon.confidence != "given by the site";
        found.push(Factor {
            what: page.say("factor-carbon", &[("grid", &carbon.grid), ("basis", &basis)]),
            value: carbon.factor_kg_per_kwh,
            decimals: 4,
            unit: per_kwh(),
            origin: Origin {
                source: carbon.source.clone(),
                year: carbon.year.and_then(|year| u16::try_from(year).ok()),
                confidence: graded.then(|| carbon.confidence.clone()),
            },
        });
    }
    if let Some(supply) = &summary.supply {
        for contract in &supply.contracts {
            let technology = page.technology(&contract.technology);
            let given = || Origin { source: page.t("as-the-site-says"), year: None, confidence: None };
            found.push(Factor {
                what: page.say("factor-contract", &[("technology", &technology)]),
                value: contract.factor_kg_per_kwh,
                decimals: 4,
                unit: per_kwh(),
                origin: contract.factor_origin.clone().unwrap_or_else(given),
            });
            if let Some(origin) = &contract.profile_origin {
                found.push(Factor {
                    what: page.say("factor-contract-course", &[("technology", &technology)]),
                    value: contract.energy_kwh,
                    decimals: 0,
                    unit: "kWh".into(),
                    origin: origin.clone(),
                });
            }
        }
        if let Some(residual) = summary.raw["supply"]["residual_kg_per_kwh"].as_f64() {
            let origin = Origin { source: page.t("as-the-site-says"), year: None, confidence: None };
            let what = page.t("factor-residual");
            found.push(Factor { what, value: residual, decimals: 4, unit: per_kwh(), origin });
        }
    }
    if let Some(tariff) = &summary.tariff {
        for (key, value, unit) in [
            ("factor-electricity", tariff.electricity_per_kwh, "kWh"),
            ("factor-water", tariff.water_per_m3, "m³"),
        ] {
            let origin =
                Origin { source: tariff.source.clone(), year: None, confidence: tariff.confidence.clone() };
            let unit = format!("{}/{unit}", tariff.currency);
            found.push(Factor {
                what: page.t(key),
                value: value.unwrap_or(f64::NAN),
                decimals: 4,
                unit,
                origin,
            });
        }
    }
    found
}

/// Of what the other books count.
fn beyond(page: &Page) -> Vec<Factor> {
    let summary = &page.run.summary.raw;
    let origin = |of: &Value| Origin {
        source: text(of, "source").to_owned(),
        year: of.get("year").and_then(Value::as_u64).and_then(|year| u16::try_from(year).ok()),
        confidence: of.get("confidence").and_then(Value::as_str).map(str::to_owned),
    };
    let mut found = Vec::new();
    let water = &summary["water_sources"];
    if water["ewif_l_per_kwh"].is_number() {
        found.push(Factor {
            what: page.t("factor-water-of-electricity"),
            value: number(water, "ewif_l_per_kwh"),
            decimals: 3,
            unit: "L/kWh".into(),
            origin: origin(water),
        });
    }
    let fuel = &summary["direct"]["fuel"];
    if fuel.is_object() {
        found.push(Factor {
            what: page.t("factor-fuel"),
            value: number(fuel, "co2_kg") / number(fuel, "litres"),
            decimals: 3,
            unit: "kg/L".into(),
            origin: origin(fuel),
        });
    }
    for leak in list(&summary["direct"], "refrigerants") {
        let said = [("refrigerant", text(leak, "refrigerant")), ("basis", text(leak, "basis"))];
        found.push(Factor {
            what: page.say("factor-refrigerant", &said),
            value: number(leak, "gwp100"),
            decimals: 0,
            unit: "kg CO₂e/kg".into(),
            origin: origin(leak),
        });
    }
    for item in list(&summary["embodied"], "items") {
        let what = page.say("factor-embodied", &[("what", &page.named(text(item, "of")))]);
        if found.iter().any(|known: &Factor| known.what == what) {
            continue;
        }
        let unit =
            if text(item, "unit") == "kg" { "kg CO₂e/kg".to_owned() } else { page.t("kg-per-piece") };
        let (value, decimals) = (number(item, "factor"), if text(item, "unit") == "kg" { 3 } else { 0 });
        found.push(Factor { what, value, decimals, unit, origin: origin(item) });
    }
    found
}
