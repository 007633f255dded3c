//! The boundary of the site: what crosses it and where it is metered.

use super::{Page, energy, figure, numbers, section as section_of, volume, words};
use crate::document::{Block, Cell, Section, Table};
use crate::facts::{IT, sum};
use crate::figures::{Crossing, boundary};

pub(super) fn section(page: &Page) -> Section {
    let summary = &page.run.summary;
    let m = &summary.metrics;
    let columns =
        vec![words(page, "flow"), words(page, "direction"), numbers(page, "amount", ""), words(page, "unit")];
    let mut table = Table::new("boundary", page.t("table-boundary"), columns);
    let mut put = |name: &str, direction: &str, value: f64, unit: &str| {
        table.push(vec![
            Cell::text(name),
            Cell::text(page.t(direction)),
            Cell::number(value, u8::from(unit != "kWh"), &page.none()),
            Cell::text(unit),
        ]);
    };
    let electricity = page.t("flow-electricity");
    put(&electricity, "direction-in", m.facility_energy_kwh, "kWh");
    let mut inputs = vec![Crossing { name: electricity, amount: energy(m.facility_energy_kwh) }];
    if m.water_m3 > 0.0 {
        let name = page.t("flow-make-up");
        put(&name, "direction-in", m.water_m3, "m³");
        inputs.push(Crossing { name, amount: volume(m.water_m3) });
    }
    let power: f64 =
        ["ups_loss", "transformer_loss", "distribution_loss"].iter().map(|u| summary.energy(u)).sum();
    let rest = m.facility_energy_kwh - m.it_energy_kwh - power;
    let mut inside = Vec::new();
    for (key, kwh) in [("part-power", power), ("part-it", m.it_energy_kwh), ("part-cooling", rest)] {
        put(&page.t(key), "direction-inside", kwh, "kWh");
        inside.push(Crossing { name: page.t(key), amount: energy(kwh) });
    }
    let mut outputs = Vec::new();
    if let Some(accounts) = &page.facts.accounts {
        let rejected: Vec<f64> = accounts.rejected.iter().map(|r| r.1).collect();
        let name = page.t("flow-heat");
        put(&name, "direction-out", sum(&rejected), "kWh");
        outputs.push(Crossing { name, amount: energy(sum(&rejected)) });
        if accounts.reused > 0.0 {
            let name = page.t("flow-reused");
            put(&name, "direction-out", accounts.reused, "kWh");
            outputs.push(Crossing { name, amount: energy(accounts.reused) });
        }
    }
    let vapour: f64 = summary.water_m3.iter().filter(|(name, _)| name != "blowdown").map(|(_, m3)| *m3).sum();
    let drained: f64 =
        summary.water_m3.iter().filter(|(name, _)| name == "blowdown").map(|(_, m3)| *m3).sum();
    for (key, m3) in [("flow-vapour", vapour), ("flow-drained", drained)] {
        if m3 > 0.0 {
            put(&page.t(key), "direction-out", m3, "m³");
            outputs.push(Crossing { name: page.t(key), amount: volume(m3) });
        }
    }
    let it: f64 = IT.iter().map(|u| summary.energy(u)).sum();
    debug_assert!((it - m.it_energy_kwh).abs() <= 1e-6 * it.abs().max(1.0));
    let caption = page.say(
        if m.water_m3 > 0.0 { "caption-boundary" } else { "caption-boundary-dry" },
        &[
            ("facility", &energy(m.facility_energy_kwh)),
            ("it", &energy(m.it_energy_kwh)),
            ("water", &volume(m.water_m3)),
        ],
    );
    let alt = page.t("alt-boundary");
    let (site, meter) = (page.t("boundary-title"), page.t("boundary-meter"));
    let draw = |about: crate::figures::About| boundary(about, &site, &meter, &inputs, &inside, &outputs);
    let blocks = vec![
        Block::Paragraph(page.t("text-boundary")),
        figure("boundary-drawing", caption, alt, draw, table),
    ];
    section_of(page, "boundary", blocks)
}
