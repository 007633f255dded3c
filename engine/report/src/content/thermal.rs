//! Temperatures of what enters the racks and of the chips.
//!
//! Rack cooling index after Herrlin (2005), over the time of the run: `RCI_HI = 1 − Σ(T − 27)⁺ / (n·(32 − 27))`,
//! `RCI_LO = 1 − Σ(18 − T)⁺ / (n·(18 − 15))`, with the recommended range 18–27 °C and the allowable range of class A1,
//! 15–32 °C (ASHRAE TC 9.9, 2021).
//!
//! The index and the limits of the ASHRAE classes are recalled, to verify.

use super::{Page, figure, numbers, percent, section as section_of, words};
use crate::document::{Block, Cell, Column, Section, Table, grouped};
use crate::facts::Temperatures;
use crate::figures::{Band, Mark, histogram};

/// Recommended and allowable dry bulb [°C], ASHRAE TC 9.9, Thermal Guidelines for Data Processing Environments, 5th
/// edition (2021).
const RECOMMENDED: (f64, f64) = (18.0, 27.0);
const CLASSES: [(&str, f64, f64); 4] =
    [("A1", 15.0, 32.0), ("A2", 10.0, 35.0), ("A3", 5.0, 40.0), ("A4", 5.0, 45.0)];

pub(super) fn section(page: &Page) -> Section {
    let mut blocks = Vec::new();
    match inlets(page) {
        Some(block) => blocks.push(block),
        None => blocks.push(Block::Note(page.t("absent-inlets"))),
    }
    if let Some(table) = indices(page) {
        blocks.push(Block::Table(table));
    }
    match junctions(page) {
        Some(block) => blocks.push(block),
        None => blocks.push(Block::Note(page.t("absent-junctions"))),
    }
    section_of(page, "thermal", blocks)
}

/// Share of the weighted time with a temperature that `wanted` admits; nothing without any.
fn share(all: &[Temperatures], hours: &[f64], wanted: impl Fn(f64) -> bool) -> Option<f64> {
    mean(all, hours, |t| f64::from(u8::from(wanted(t))))
}

/// Mean over time and racks.
fn mean(all: &[Temperatures], hours: &[f64], of: impl Fn(f64) -> f64) -> Option<f64> {
    let (mut total, mut weight) = (0.0, 0.0);
    for group in all {
        for (t, h) in group.celsius.iter().zip(hours).filter(|(t, _)| t.is_finite()) {
            total += of(*t) * h * group.racks as f64;
            weight += h * group.racks as f64;
        }
    }
    (weight > 0.0).then(|| total / weight)
}

/// The rack cooling indices, high and low, 1 at best.
fn cooling_indices(all: &[Temperatures], hours: &[f64]) -> Option<(f64, f64)> {
    let over = mean(all, hours, |t| (t - RECOMMENDED.1).max(0.0))?;
    let under = mean(all, hours, |t| (RECOMMENDED.0 - t).max(0.0))?;
    let (low, high) = (CLASSES[0].1, CLASSES[0].2);
    Some((1.0 - over / (high - RECOMMENDED.1), 1.0 - under / (RECOMMENDED.0 - low)))
}

/// First bin, width, and for each member its name and the hours in each bin.
type Bins = (f64, f64, Vec<(String, Vec<f64>)>);

/// Hours by bin of each member, stacked: first bin, width, layers. The axis goes to `reach` at least.
fn bins(all: &[Temperatures], hours: &[f64], least_step: f64, reach: f64) -> Option<Bins> {
    let finite = || all.iter().flat_map(|g| &g.celsius).copied().filter(|t| t.is_finite());
    let (low, high) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
    if !low.is_finite() {
        return None;
    }
    let step = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0]
        .map(|m| m * least_step)
        .into_iter()
        .find(|s| (high.max(reach) - low) / s < 40.0)?;
    // Round-off must not put a set-point that is held into the bin below it.
    let first = ((low + 1e-6) / step).floor() * step;
    let count = (((high + 1e-6 - first) / step).floor() as usize).min(60) + 1;
    let layers = all.iter().map(|group| {
        let mut of = vec![0.0; count];
        for (t, h) in group.celsius.iter().zip(hours).filter(|(t, _)| t.is_finite()) {
            of[(((t + 1e-6 - first) / step) as usize).min(count - 1)] += h;
        }
        (group.name.replace('_', " ").replace('.', ", "), of)
    });
    Some((first, step, layers.collect()))
}

/// Hours of groups as shares of the time of all racks [%], so that a large group weighs more than a small one.
fn shares(layers: &[(String, Vec<f64>)], racks: &[Temperatures]) -> Vec<(String, Vec<f64>)> {
    let weight = |k: usize| racks.get(k).map_or(1.0, |group| group.racks as f64);
    let of = |(k, layer): (usize, &(String, Vec<f64>))| weight(k) * layer.1.iter().sum::<f64>();
    let all: f64 = layers.iter().enumerate().map(of).sum();
    let scaled = |k: usize, hours: &[f64]| {
        hours.iter().map(|h| 100.0 * h * weight(k) / all.max(f64::MIN_POSITIVE)).collect()
    };
    layers.iter().enumerate().map(|(k, (name, hours))| (name.clone(), scaled(k, hours))).collect()
}

fn distribution(
    page: &Page,
    id: &str,
    caption: &str,
    step: f64,
    first: f64,
    layers: &[(String, Vec<f64>)],
) -> Table {
    let mut columns = vec![numbers(page, "from_c", "°C"), numbers(page, "to_c", "°C")];
    for (k, (name, _)) in layers.iter().enumerate() {
        columns.push(Column::number(&format!("hours_{}", k + 1), name, "h").summed());
    }
    let mut table = Table::new(id, page.t(caption), columns);
    let decimals = u8::from(step < 1.0);
    for bin in 0..layers.first().map_or(0, |l| l.1.len()) {
        let from = first + step * bin as f64;
        let mut cells = vec![Cell::number(from, decimals, ""), Cell::number(from + step, decimals, "")];
        cells.extend(layers.iter().map(|(_, hours)| Cell::number(hours[bin], 1, "")));
        table.push(cells);
    }
    let rows = table.rows.len();
    table.total(page.t("total"), 0..rows);
    table
}

fn inlets(page: &Page) -> Option<Block> {
    let (all, hours) = (&page.facts.inlets, &page.facts.hours);
    let (first, step, layers) = bins(all, hours, 1.0, f64::NEG_INFINITY)?;
    let table = distribution(page, "inlet_hours", "table-inlets", step, first, &layers);
    let within = share(all, hours, |t| t >= RECOMMENDED.0 - 1e-6 && t <= RECOMMENDED.1 + 1e-6)?;
    let warmest = page.run.summary.metrics.max_inlet_c?;
    let class = CLASSES.iter().find(|c| warmest <= c.2);
    let class = class.map_or(page.t("no-class"), |c| c.0.to_owned());
    let caption = page.say(
        "caption-inlets",
        &[("share", &percent(within)), ("warmest", &grouped(warmest, 1)), ("class", &class)],
    );
    let mut bands = vec![Band { low: RECOMMENDED.0, high: RECOMMENDED.1, name: page.t("recommended") }];
    let shown = &CLASSES[..2.max(CLASSES.iter().position(|c| warmest <= c.2).unwrap_or(3) + 1)];
    bands.extend(shown.iter().map(|(name, low, high)| Band {
        low: *low,
        high: *high,
        name: page.say("class", &[("class", name)]),
    }));
    let (x, y) = (page.t("axis-inlet"), page.t("axis-rack-time"));
    let drawn = shares(&layers, all);
    let draw = |about: crate::figures::About| histogram(about, &x, &y, (first, step), &drawn, &bands, &[]);
    Some(figure("inlet-hours", caption, page.t("alt-histogram"), draw, table))
}

fn junctions(page: &Page) -> Option<Block> {
    let (all, hours) = (&page.facts.junctions, &page.facts.hours);
    // Many kinds are told by the table of racks; a drawing holds the first eight.
    let drawn = &all[..all.len().min(8)];
    let limits = page.run.summary.targets.iter().filter(|t| t.target.starts_with("JunctionTemperature"));
    let limit = limits.filter(|t| t.unit == "degC").filter_map(|t| t.limit).reduce(f64::min);
    let (first, step, layers) = bins(drawn, hours, 0.2, limit.unwrap_or(f64::NEG_INFINITY))?;
    let table = distribution(page, "junction_hours", "table-junctions", step, first, &layers);
    let hottest = page.run.summary.metrics.max_junction_c?;
    let average = mean(drawn, hours, |t| t)?;
    let (at, mid) = (grouped(hottest, 1), grouped(average, 1));
    let caption = match limit {
        None => page.say("caption-junctions", &[("hottest", &at), ("mean", &mid)]),
        Some(limit) => page.say(
            if hottest <= limit { "caption-junctions-within" } else { "caption-junctions-beyond" },
            &[
                ("hottest", &at),
                ("mean", &mid),
                ("limit", &grouped(limit, 0)),
                ("by", &grouped((limit - hottest).abs(), 1)),
            ],
        ),
    };
    let marks: Vec<Mark> =
        limit.iter().map(|limit| Mark { at: *limit, name: page.t("mark-target") }).collect();
    let (x, y) = (page.t("axis-junction"), page.t("axis-rack-time"));
    let shown = shares(&layers, drawn);
    let draw = |about: crate::figures::About| histogram(about, &x, &y, (first, step), &shown, &[], &marks);
    Some(figure("junction-hours", caption, page.t("alt-histogram"), draw, table))
}

fn indices(page: &Page) -> Option<Table> {
    let (all, hours) = (&page.facts.inlets, &page.facts.hours);
    let (high, low) = cooling_indices(all, hours)?;
    let columns = vec![words(page, "figure"), numbers(page, "value", "%"), words(page, "definition")];
    let mut table = Table::new("thermal_indices", page.t("table-indices"), columns);
    let mut row = |key: &str, value: f64| {
        table.push(vec![
            Cell::text(page.t(key)),
            Cell::number(100.0 * value, 1, ""),
            Cell::text(page.t(&format!("{key}-definition"))),
        ]);
    };
    row("rci-hi", high);
    row("rci-lo", low);
    row("within-recommended", share(all, hours, |t| t >= RECOMMENDED.0 - 1e-6 && t <= RECOMMENDED.1 + 1e-6)?);
    Some(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(celsius: &[f64], racks: usize) -> Temperatures {
        Temperatures { name: "hall".into(), racks, celsius: celsius.to_vec() }
    }

    #[test]
    fn the_rack_cooling_index_is_one_where_all_is_recommended() {
        let (high, low) = cooling_indices(&[group(&[18.0, 27.0, 22.0], 3)], &[1.0; 3]).unwrap();
        assert_eq!((high, low), (1.0, 1.0));
    }

    #[test]
    fn the_rack_cooling_index_falls_with_what_is_beyond_in_proportion_to_racks_and_time() {
        // One rack at 29.5 °C for one hour of two, three racks at 20 °C: the mean excess is 2.5 K · 1/(2·4) = 0.3125 K;
        // over the 5 K from recommended to allowable: 1 − 0.0625.
        let racks = [group(&[29.5, 20.0], 1), group(&[20.0, 20.0], 3)];
        let (high, low) = cooling_indices(&racks, &[1.0, 1.0]).unwrap();
        assert!((high - 0.9375).abs() < 1e-12, "{high}");
        assert_eq!(low, 1.0);
    }

    #[test]
    fn the_time_of_a_rack_counts_once_whatever_its_group() {
        // Three racks in the first bin for 2 h, one in the second for 2 h: 6 and 2 of 8 rack hours.
        let layers = [("a".to_owned(), vec![2.0, 0.0]), ("b".to_owned(), vec![0.0, 2.0])];
        let of = shares(&layers, &[group(&[], 3), group(&[], 1)]);
        assert_eq!((&of[0].1, &of[1].1), (&vec![75.0, 0.0], &vec![0.0, 25.0]));
    }

    #[test]
    fn hours_are_counted_once_and_a_held_set_point_is_in_its_own_bin() {
        let (first, step, layers) =
            bins(&[group(&[23.999_999_9, 25.2, 26.9], 2)], &[0.5, 1.0, 2.0], 1.0, 0.0).unwrap();
        assert_eq!((first, step), (24.0, 1.0));
        assert_eq!(layers[0].1, [0.5, 1.0, 2.0]);
        assert!(bins(&[group(&[f64::NAN], 1)], &[1.0], 1.0, 0.0).is_none());
    }
}
