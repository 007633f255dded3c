//! Every factor that a figure of the run was made with: value, year, confidence, source.

use super::books::{list, number, text};
use super::{Page, numbers, section as section_of, words};
use crate::document::{Block, Cell, Section, Table};
use serde_json::Value;
use study::read::Origin;

/// A factor: what it is, value, decimals, unit, where it comes from.
struct Factor {
    what: String,
    value: f64,
    decimals: u8,
    unit: String,
    origin: Origin,
}

/// The section; nothing where no figure of the run was made with one.
pub(super) fn section(page: &Page) -> Option<Section> {
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
            Cell::text(page.year(origin.year)),
            Cell::text(page.confidence(origin.confidence.as_deref())),
            Cell::text(page.given(&origin.source)),
        ]);
    }
    table.remarks.push(page.t("remark-factors"));
    let said = Block::Paragraph(page.t("text-factors"));
    (!table.rows.is_empty()).then(|| section_of(page, "factors", vec![said, Block::Table(table)]))
}

/// Of electricity and water that are bought.
fn electricity(page: &Page) -> Vec<Factor> {
    let summary = &page.run.summary;
    let mut found = Vec::new();
    let per_kwh = || "kg/kWh".to_owned();
    // A run of an earlier version does not say.
    let said = |origin: &Option<Origin>| {
        let source = || page.t("as-the-site-says");
        origin.clone().unwrap_or_else(|| Origin { source: source(), year: None, confidence: None })
    };
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
            found.push(Factor {
                what: page.say("factor-contract", &[("technology", &technology)]),
                value: contract.factor_kg_per_kwh,
                decimals: 4,
                unit: per_kwh(),
                origin: said(&contract.factor_origin),
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
            let (what, origin) = (page.t("factor-residual"), said(&supply.residual_origin));
            found.push(Factor { what, value: residual, decimals: 4, unit: per_kwh(), origin });
        }
    }
    if let Some(tariff) = &summary.tariff {
        for (key, value, unit, origin) in [
            ("factor-electricity", tariff.electricity_per_kwh, "kWh", &tariff.electricity_origin),
            ("factor-water", tariff.water_per_m3, "m³", &tariff.water_origin),
        ] {
            let unit = format!("{}/{unit}", tariff.currency);
            found.push(Factor {
                what: page.t(key),
                value: value.unwrap_or(f64::NAN),
                decimals: 4,
                unit,
                origin: said(origin),
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
        let mass = text(item, "unit") == "kg";
        let unit = if mass { "kg CO₂e/kg".to_owned() } else { page.t("kg-per-piece") };
        let decimals = if mass { 3 } else { 0 };
        for (of, value, from) in
            [("of", "factor", item), ("instead_of", "instead_factor", &item["instead_origin"])]
        {
            let (name, value) = (text(item, of), number(item, value));
            let what = page.say("factor-embodied", &[("what", &page.named(name))]);
            let known = |known: &Factor| known.what == what && known.value == value;
            if value.is_finite() && !found.iter().any(known) {
                let (unit, origin) = (unit.clone(), origin(from));
                found.push(Factor { what, value, decimals, unit, origin });
            }
        }
    }
    found
}
