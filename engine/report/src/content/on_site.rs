//! Electricity from sun and wind on site: what was used of it, and what was not.

use super::{Page, energy, numbers, percent, section as section_of, words};
use crate::document::{Block, Cell, Section, Table};
use serde_json::Value;

/// The section; nothing where the site generates none.
pub(super) fn section(page: &Page) -> Option<Section> {
    let of = page.run.summary.raw.get("on_site").filter(|of| of.is_object())?;
    let number = |from: &Value, name: &str| from.get(name).and_then(Value::as_f64);
    let kwh = |name: &str| number(of, name).unwrap_or(0.0);
    let share = |name: &str| number(of, name).map_or(page.t("dash"), percent);
    let bought = page.run.summary.raw["metrics"]["bought_energy_kwh"].as_f64().unwrap_or(0.0);
    let mut blocks = vec![Block::Paragraph(page.say(
        "text-on-site",
        &[
            ("generated", &energy(kwh("generated_kwh"))),
            ("used", &energy(kwh("used_kwh"))),
            ("own", &share("own_use_share")),
            ("supply", &share("own_supply_share")),
            ("bought", &energy(bought)),
        ],
    ))];
    if let Some(sky) = page.run.summary.weather_sky.as_ref().filter(|_| page.cloudless()) {
        let said = [("file", sky.file.as_str()), ("source", sky.source.as_str())];
        blocks.push(Block::Note(page.say("note-on-site-cloudless", &said)));
    }
    let facility = page.run.summary.metrics.facility_energy_kwh;
    let columns = vec![words(page, "item"), numbers(page, "energy", "kWh"), numbers(page, "share", "%")];
    let mut balance = Table::new("on_site_balance", page.t("table-on-site-balance"), columns);
    for (key, value) in [
        ("on-site-used", kwh("used_kwh")),
        ("on-site-bought", bought),
        ("on-site-exported", kwh("exported_kwh")),
        ("on-site-curtailed", kwh("curtailed_kwh")),
    ] {
        let item = match (page.cloudless(), key) {
            (false, _) => page.t(key),
            (true, "on-site-bought") => page.say("at-least", &[("item", &page.t(key))]),
            (true, _) => page.say("at-most", &[("item", &page.t(key))]),
        };
        balance.push(vec![
            Cell::text(item),
            Cell::number(value, 0, &page.none()),
            Cell::number(100.0 * value / facility, 1, &page.none()),
        ]);
    }
    balance.remarks.push(page.t("remark-on-site"));
    blocks.push(Block::Table(balance));
    let columns = vec![
        words(page, "item"),
        numbers(page, "rating", "kW"),
        numbers(page, "generated", "kWh"),
        numbers(page, "curtailed", "kWh"),
        numbers(page, "capacity_factor", "%"),
    ];
    let mut plants = Table::new("on_site_plants", page.t("table-on-site-plants"), columns);
    for plant in of.get("plants").and_then(Value::as_array).into_iter().flatten() {
        let cell = |name: &str, factor: f64, decimals: u8| {
            Cell::number(number(plant, name).map_or(f64::NAN, |value| factor * value), decimals, &page.none())
        };
        let id = plant["id"].as_str().unwrap_or_default();
        let of_sun = plant["kind"] == "photovoltaic plant";
        plants.push(vec![
            Cell::text(if page.cloudless() && of_sun {
                page.say("at-most", &[("item", id)])
            } else {
                id.to_owned()
            }),
            cell("rating_kw", 1.0, 0),
            cell("generated_kwh", 1.0, 0),
            cell("curtailed_kwh", 1.0, 0),
            cell("capacity_factor", 100.0, 1),
        ]);
    }
    blocks.push(Block::Table(plants));
    Some(section_of(page, "on-site", blocks))
}
