//! Every factor that a figure of the run was made with: value, range, year, confidence, source.

use super::books::{list, number, text};
use super::{Page, file_name, numbers, section as section_of, words};
use crate::document::{Block, Cell, Section, Table, grouped};
use serde_json::Value;
use study::read::Origin;

/// A factor: what it is, value, range, decimals, unit, where it comes from.
struct Factor {
    what: String,
    value: f64,
    /// Lowest and highest of the literature; nothing where not known.
    range: Option<(f64, f64)>,
    decimals: u8,
    unit: String,
    origin: Origin,
}

impl Factor {
    /// Without a range.
    fn new(what: String, value: f64, decimals: u8, unit: impl Into<String>, origin: Origin) -> Self {
        Self { what, value, range: None, decimals, unit: unit.into(), origin }
    }

    fn between(self, low: Option<f64>, high: Option<f64>) -> Self {
        Self { range: low.zip(high), ..self }
    }
}

/// The section; nothing where no figure of the run was made with one.
pub(super) fn section(page: &Page) -> Option<Section> {
    let columns = vec![
        words(page, "factor"),
        numbers(page, "value", ""),
        words(page, "range"),
        words(page, "unit"),
        words(page, "year"),
        words(page, "confidence"),
        words(page, "source"),
    ];
    let mut table = Table::new("factors", page.t("table-factors"), columns);
    for Factor { what, value, range, decimals, unit, origin } in
        electricity(page).into_iter().chain(beyond(page)).chain(money(page))
    {
        let range = range.map_or_else(
            || page.t("dash"),
            |(low, high)| format!("{}–{}", grouped(low, decimals), grouped(high, decimals)),
        );
        table.push(vec![
            Cell::text(what),
            Cell::number(value, decimals, &page.t("dash")),
            Cell::text(range),
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

/// A run of an earlier version does not say.
fn said(page: &Page, origin: &Option<Origin>) -> Origin {
    let source = || page.t("as-the-site-says");
    origin.clone().unwrap_or_else(|| Origin { source: source(), year: None, confidence: None })
}

/// Of electricity and water that are bought.
fn electricity(page: &Page) -> Vec<Factor> {
    let summary = &page.run.summary;
    let mut found = Vec::new();
    let per_kwh = "kg/kWh";
    if let Some(carbon) = &summary.carbon {
        let basis = page.t(if carbon.basis == "direct" { "basis-direct" } else { "basis-lifecycle" });
        let what = page.say("factor-carbon", &[("grid", file_name(&carbon.grid)), ("basis", &basis)]);
        let origin = Origin {
            source: carbon.source.clone(),
            year: carbon.year.and_then(|year| u16::try_from(year).ok()),
            confidence: Some(carbon.confidence.clone()),
        };
        found.push(Factor::new(what, carbon.factor_kg_per_kwh, 4, per_kwh, origin));
    }
    if let Some(supply) = &summary.supply {
        for contract in &supply.contracts {
            let technology = page.technology(&contract.technology);
            let what = page.say("factor-contract", &[("technology", &technology)]);
            let origin = said(page, &contract.factor_origin);
            let factor = Factor::new(what, contract.factor_kg_per_kwh, 4, per_kwh, origin);
            found.push(factor.between(contract.low_kg_per_kwh, contract.high_kg_per_kwh));
            if let Some(origin) = &contract.profile_origin {
                let what = page.say("factor-contract-course", &[("technology", &technology)]);
                found.push(Factor::new(what, contract.energy_kwh, 0, "kWh", origin.clone()));
            }
        }
        if let Some(residual) = summary.raw["supply"]["residual_kg_per_kwh"].as_f64() {
            let (what, origin) = (page.t("factor-residual"), said(page, &supply.residual_origin));
            found.push(Factor::new(what, residual, 4, per_kwh, origin));
        }
        if let Some(share) = supply.grid_carbon_free_share {
            let origin = said(page, &supply.grid_carbon_free_origin);
            found.push(Factor::new(page.t("factor-grid-carbon-free"), 100.0 * share, 0, "%", origin));
        }
    }
    if let Some(tariff) = &summary.tariff {
        for (key, value, unit, origin) in [
            ("factor-electricity", tariff.electricity_per_kwh, "kWh", &tariff.electricity_origin),
            ("factor-water", tariff.water_per_m3, "m³", &tariff.water_origin),
        ] {
            let unit = format!("{}/{unit}", tariff.currency);
            let value = value.unwrap_or(f64::NAN);
            found.push(Factor::new(page.t(key), value, 4, unit, said(page, origin)));
        }
    }
    found
}

/// What a part of a summary says of where it comes from.
fn origin(of: &Value) -> Origin {
    Origin {
        source: text(of, "source").to_owned(),
        year: of.get("year").and_then(Value::as_u64).and_then(|year| u16::try_from(year).ok()),
        confidence: of.get("confidence").and_then(Value::as_str).map(str::to_owned),
    }
}

/// Of what the other books count.
fn beyond(page: &Page) -> Vec<Factor> {
    let summary = &page.run.summary.raw;
    let mut found: Vec<Factor> = Vec::new();
    let water = &summary["water_sources"];
    if water["ewif_l_per_kwh"].is_number() {
        let what = page.t("factor-water-of-electricity");
        found.push(Factor::new(what, number(water, "ewif_l_per_kwh"), 3, "L/kWh", origin(water)));
    }
    if water["stress_origin"].is_object() {
        let what = page.say("factor-water-stress", &[("stress", &page.stress(text(water, "stress")))]);
        found.push(Factor::new(what, f64::NAN, 0, "", origin(&water["stress_origin"])));
    }
    let fuel = &summary["direct"]["fuel"];
    if number(fuel, "litres") > 0.0 {
        let per_litre = number(fuel, "co2_kg") / number(fuel, "litres");
        found.push(Factor::new(page.t("factor-fuel"), per_litre, 3, "kg/L", origin(fuel)));
    }
    for leak in list(&summary["direct"], "refrigerants") {
        let refrigerant = text(leak, "refrigerant");
        let what =
            page.say("factor-refrigerant", &[("refrigerant", refrigerant), ("basis", text(leak, "basis"))]);
        let gwp = number(leak, "gwp100");
        let decimals = if gwp < 10.0 { 2 } else { 0 };
        found.push(Factor::new(what, gwp, decimals, "kg\u{a0}CO₂e/kg", origin(leak)));
        if leak["leakage_origin"].is_object() {
            let what = page.say("factor-leakage", &[("refrigerant", refrigerant)]);
            let share = 100.0 * number(leak, "leakage_per_year");
            found.push(Factor::new(
                what,
                share,
                1,
                page.t("percent-a-year"),
                origin(&leak["leakage_origin"]),
            ));
        }
    }
    let mut add = |factor: Factor| {
        let known = |known: &Factor| known.what == factor.what && known.value == factor.value;
        if factor.value.is_finite() && !found.iter().any(known) {
            found.push(factor);
        }
    };
    for item in list(&summary["embodied"], "items") {
        let mass = text(item, "unit") == "kg";
        let unit = if mass { "kg\u{a0}CO₂e/kg".to_owned() } else { page.t("kg-per-piece") };
        let decimals = if mass { 3 } else { 0 };
        let ends = |low: &str, high: &str| (item[low].as_f64(), item[high].as_f64());
        for (of, value, (low, high), from) in [
            ("of", "factor", ends("low", "high"), item),
            ("instead_of", "instead_factor", ends("instead_low", "instead_high"), &item["instead_origin"]),
        ] {
            let what = page.say("factor-embodied", &[("what", &page.named(text(item, of)))]);
            let factor = Factor::new(what, number(item, value), decimals, unit.clone(), origin(from));
            add(factor.between(low, high));
        }
        if item["life_origin"].is_object() {
            let what = page.say("factor-life", &[("what", &page.named(text(item, "of")))]);
            let (life, from) = (number(item, "life_years"), origin(&item["life_origin"]));
            add(Factor::new(what, life, 0, page.t("years-unit"), from));
        }
    }
    found
}

/// What years of ownership are reckoned with; prices of what is built stand in their own table.
fn money(page: &Page) -> Vec<Factor> {
    let Some(money) = &page.run.summary.money else { return Vec::new() };
    let origin = || said(page, &money.terms_origin);
    let rate = 100.0 * money.discount_rate;
    let mut found =
        vec![Factor::new(page.t("factor-discount-rate"), rate, 1, page.t("percent-a-year"), origin())];
    if let Some(rent) = money.rent_per_accelerator_hour {
        let unit = format!("{}/h", money.currency);
        found.push(Factor::new(page.t("factor-rent"), rent, 3, unit, origin()));
    }
    found
}
