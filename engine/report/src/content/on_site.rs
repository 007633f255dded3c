//! Electricity from sun and wind on site: what was used of it, and what was not.

use super::items::{Items, amount};
use super::{Page, energy, numbers, percent, section as section_of};
use crate::document::{Block, Section};
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
    let columns = vec![numbers(page, "energy", "kWh"), numbers(page, "share", "%")];
    let mut balance = Items::new(page, "on_site_balance", columns);
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
        balance.line(item, vec![amount(page, value, 0), amount(page, 100.0 * value / facility, 1)]);
    }
    balance.remark(page.t("remark-on-site"));
    blocks.push(Block::Table(balance.done()));
    let columns = vec![
        numbers(page, "rating", "kW"),
        numbers(page, "generated", "kWh"),
        numbers(page, "curtailed", "kWh"),
        numbers(page, "capacity_factor", "%"),
    ];
    let mut plants = Items::new(page, "on_site_plants", columns);
    for plant in of.get("plants").and_then(Value::as_array).into_iter().flatten() {
        let cell = |name: &str, factor: f64, decimals: u8| {
            amount(page, number(plant, name).map(|value| factor * value), decimals)
        };
        let id = plant["id"].as_str().unwrap_or_default();
        let of_sun = plant["kind"] == "photovoltaic plant";
        let item = match page.cloudless() && of_sun {
            true => page.say("at-most", &[("item", id)]),
            false => id.to_owned(),
        };
        let cells = vec![
            cell("rating_kw", 1.0, 0),
            cell("generated_kwh", 1.0, 0),
            cell("curtailed_kwh", 1.0, 0),
            cell("capacity_factor", 100.0, 1),
        ];
        plants.line(item, cells);
    }
    blocks.push(Block::Table(plants.done()));
    Some(section_of(page, "on-site", blocks))
}
