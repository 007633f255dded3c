//! What moves each figure most: a tornado of each, with its numbers.

use super::Output;
use crate::content::{Page, figure, numbers, words};
use crate::document::{Block, Cell, Column, Table, grouped};
use crate::figures::{Bar, Tornado, tornado};
use crate::uncertainty::Uncertainty;
use sweep::analyze::Sensitivity;
use sweep::analyze::effects::Swing;
use sweep::analyze::morris::Effect;
use sweep::analyze::sobol::Index;

/// Figures that are drawn; of the others the numbers are told.
const DRAWN: usize = 4;
/// Bars of a drawing.
const BARS: usize = 12;
/// Two figures follow the same parameters alike where no share of the largest differs by more.
const ALIKE: f64 = 0.02;

pub(super) fn blocks(page: &Page, of: &Uncertainty, outputs: &[Output]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut drawn: Vec<(&Output, Vec<f64>)> = Vec::new();
    for (place, output) in outputs.iter().enumerate() {
        let sizes = sizes(of, &output.found.sensitivity);
        if sizes.is_empty() {
            continue;
        }
        let alike = |(_, other): &&(&Output, Vec<f64>)| {
            other.len() == sizes.len() && other.iter().zip(&sizes).all(|(a, b)| (a - b).abs() < ALIKE)
        };
        if let Some((other, _)) = drawn.iter().find(alike) {
            let other = page.inside(&other.name);
            let values = [("figure", output.name.as_str()), ("other", &other)];
            blocks.push(Block::Paragraph(page.say("unc-alike", &values)));
        }
        let known = drawn.iter().any(|other| alike(&other));
        let Some((bars, table, caption, axis)) = ranked(page, of, output, place) else { continue };
        if known || drawn.len() == DRAWN {
            blocks.push(Block::Table(table));
            continue;
        }
        drawn.push((output, sizes));
        let swings = matches!(output.found.sensitivity, Sensitivity::Swings(_));
        let median = page.t("unc-median");
        let pale = output.found.chance.map_or(String::new(), |chance| chance_said(page, output, chance));
        let of = Tornado {
            axis: &axis,
            middle: if swings { (&median, output.found.percentiles[1]) } else { ("", 0.0) },
            bars: &bars[..bars.len().min(BARS)],
            pale: &pale,
            decimals: swings.then_some(output.decimals),
        };
        let alt = page.say("alt-tornado", &[("figure", &page.inside(&output.name))]);
        blocks.push(figure(&table.id.replace('_', "-"), caption, alt, |about| tornado(about, of), table));
    }
    blocks
}

fn chance_said(page: &Page, output: &Output, chance: f64) -> String {
    page.say("unc-chance", &[("size", &size(output, chance))])
}

/// A difference: as many decimals as tell it from nothing.
fn size(output: &Output, value: f64) -> String {
    let decimals = (output.decimals..output.decimals + 4)
        .find(|&decimals| grouped(value, decimals) != grouped(0.0, decimals))
        .unwrap_or(output.decimals);
    let text = grouped(value, if decimals == 0 { 0 } else { decimals + 1 });
    if output.unit.is_empty() { text } else { format!("{text}\u{a0}{}", difference_unit(&output.unit)) }
}

/// A difference of temperatures is in K.
fn difference_unit(unit: &str) -> &str {
    if unit == "°C" { "K" } else { unit }
}

/// The effect of each parameter as a share of the largest, in the order of the parameters.
fn sizes(of: &Uncertainty, sensitivity: &Sensitivity) -> Vec<f64> {
    let mut sizes = vec![0.0; of.plan.study.parameters.len()];
    match sensitivity {
        Sensitivity::Nothing | Sensitivity::TooFew | Sensitivity::Searched => return Vec::new(),
        Sensitivity::Swings(swings) => {
            for swing in swings {
                if let Some(size) = sizes.get_mut(swing.parameter) {
                    *size = f64::max(*size, swing.size());
                }
            }
        }
        Sensitivity::Morris(effects) => {
            sizes.iter_mut().zip(effects).for_each(|(size, effect)| *size = effect.mean_size);
        }
        Sensitivity::Sobol(indices) => {
            sizes.iter_mut().zip(indices).for_each(|(size, index)| *size = index.total);
        }
    }
    let most = sizes.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    sizes.iter().map(|size| size / most).collect()
}

type Ranked = (Vec<Bar>, Table, String, String);

/// Bars with the longest first, the table of all, the finding and the title of the axis.
fn ranked(page: &Page, of: &Uncertainty, output: &Output, place: usize) -> Option<Ranked> {
    let id = format!("tornado_{}", place + 1);
    match &output.found.sensitivity {
        Sensitivity::Nothing | Sensitivity::TooFew | Sensitivity::Searched => None,
        Sensitivity::Swings(swings) => Some(by_swing(page, of, output, &id, swings)),
        Sensitivity::Morris(effects) => by_effect(page, of, output, &id, effects),
        Sensitivity::Sobol(indices) => by_share(page, of, output, &id, indices),
    }
}

/// The name of a parameter for people.
pub(super) fn name(of: &Uncertainty, place: usize) -> String {
    of.plan.study.parameters.get(place).map_or(String::new(), |parameter| spelled(&parameter.id))
}

/// What the trade abbreviates.
const ABBREVIATED: [&str; 9] = ["cdu", "crac", "crah", "cop", "it", "pdu", "pue", "ups", "wue"];

/// An id as people spell it: `cdu_approach` is the CDU approach, at the beginning of a sentence and elsewhere.
pub(super) fn spelled(id: &str) -> String {
    let words = id.split('_').enumerate().map(|(k, word)| {
        let mut chars = word.chars();
        match chars.next() {
            _ if ABBREVIATED.contains(&word) => word.to_uppercase(),
            Some(first) if k == 0 => first.to_uppercase().chain(chars).collect(),
            _ => word.to_owned(),
        }
    });
    words.collect::<Vec<String>>().join(" ")
}

/// Where a parameter is: `a to b` in the words of the report.
fn range(page: &Page, said: &str) -> String {
    match said.split_once(" to ") {
        Some((from, to)) => page.say("unc-range", &[("from", from), ("to", to)]),
        None => said.to_owned(),
    }
}

fn by_swing(page: &Page, of: &Uncertainty, output: &Output, id: &str, swings: &[Swing]) -> Ranked {
    let columns = vec![
        words(page, "parameter"),
        numbers(page, "swing", difference_unit(&output.unit)),
        words(page, "lowest_at"),
        numbers(page, "lowest_mean", &output.unit),
        words(page, "highest_at"),
        numbers(page, "highest_mean", &output.unit),
    ];
    let title = page.say("table-tornado", &[("figure", &output.name)]);
    let mut table = Table::new(id, title, columns);
    let decimals = output.decimals.saturating_add(if output.decimals == 0 { 0 } else { 1 });
    let called = |swing: &Swing| match &swing.within {
        Some(option) => {
            page.say("unc-within", &[("parameter", &name(of, swing.parameter)), ("option", option)])
        }
        None => name(of, swing.parameter),
    };
    let pale = |swing: &Swing| output.found.chance.is_some_and(|chance| swing.size() < chance);
    let mut bars = Vec::new();
    for swing in swings {
        let (low, high) = (range(page, &swing.low.0), range(page, &swing.high.0));
        table.push(vec![
            Cell::text(called(swing)),
            Cell::number(swing.size(), decimals, ""),
            Cell::text(&low),
            Cell::number(swing.low.1, decimals, ""),
            Cell::text(&high),
            Cell::number(swing.high.1, decimals, ""),
        ]);
        bars.push(Bar {
            name: called(swing),
            low: swing.low.1,
            high: swing.high.1,
            ends: [low, high],
            interval: None,
            pale: pale(swing),
        });
    }
    table.remarks.push(page.t("unc-remark-swing"));
    if let Some(chance) = output.found.chance {
        table.remarks.push(chance_said(page, output, chance));
    }
    let caption = match swings.first().filter(|swing| !pale(swing)) {
        Some(most) => page.say(
            "caption-tornado",
            &[
                ("parameter", &called(most)),
                ("figure", &page.inside(&output.name)),
                ("low", &output.with_unit(most.low.1)),
                ("low_at", &range(page, &most.low.0)),
                ("high", &output.with_unit(most.high.1)),
                ("high_at", &range(page, &most.high.0)),
            ],
        ),
        None => page.say("caption-tornado-chance", &[("figure", &page.inside(&output.name))]),
    };
    (bars, table, caption, axis(page, output, "unc-axis-mean", &output.unit))
}

fn axis(page: &Page, output: &Output, key: &str, unit: &str) -> String {
    let title = page.say(key, &[("figure", &page.inside(&output.name))]);
    if unit.is_empty() { title } else { format!("{title} [{unit}]") }
}

/// Places of the largest first.
fn order(sizes: impl Iterator<Item = f64>) -> Vec<usize> {
    let sizes: Vec<f64> = sizes.collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by(|&a, &b| sizes[b].total_cmp(&sizes[a]));
    order
}

fn by_effect(page: &Page, of: &Uncertainty, output: &Output, id: &str, effects: &[Effect]) -> Option<Ranked> {
    let unit = difference_unit(&output.unit);
    let columns = vec![
        words(page, "parameter"),
        Column::number("mu_star", "μ*", unit),
        Column::number("mu_star_low", "2.5 %", unit),
        Column::number("mu_star_high", "97.5 %", unit),
        Column::number("mu", "μ", unit),
        Column::number("sigma", "σ", unit),
    ];
    let mut table = Table::new(id, page.say("table-morris", &[("figure", &output.name)]), columns);
    let decimals = output.decimals + 1;
    let order = order(effects.iter().map(|effect| effect.mean_size));
    let mut bars = Vec::new();
    for &place in &order {
        let effect = effects.get(place)?;
        let mut cells = vec![Cell::text(name(of, place))];
        let (low, high) = effect.interval;
        let numbers = [effect.mean_size, low, high, effect.mean, effect.deviation];
        cells.extend(numbers.map(|value| Cell::number(value, decimals, &page.t("dash"))));
        table.push(cells);
        let high_end = finite(effect.mean_size);
        let interval = (low.is_finite() && high.is_finite()).then_some((low, high));
        bars.push(Bar { name: name(of, place), high: high_end, interval, ..Bar::default() });
    }
    table.remarks.push(page.t("unc-remark-morris"));
    let first = *order.first()?;
    let caption = page.say(
        "caption-morris",
        &[
            ("parameter", &name(of, first)),
            ("figure", &page.inside(&output.name)),
            ("size", &size(output, effects.get(first)?.mean_size)),
        ],
    );
    Some((bars, table, caption, axis(page, output, "unc-axis-morris", unit)))
}

fn by_share(page: &Page, of: &Uncertainty, output: &Output, id: &str, indices: &[Index]) -> Option<Ranked> {
    let columns = vec![
        words(page, "parameter"),
        numbers(page, "first_order", ""),
        Column::number("first_low", "2.5 %", ""),
        Column::number("first_high", "97.5 %", ""),
        numbers(page, "total_order", ""),
        Column::number("total_low", "2.5 %", ""),
        Column::number("total_high", "97.5 %", ""),
    ];
    let mut table = Table::new(id, page.say("table-sobol", &[("figure", &output.name)]), columns);
    let order = order(indices.iter().map(|index| index.total));
    let mut bars = Vec::new();
    for &place in &order {
        let index = indices.get(place)?;
        let mut cells = vec![Cell::text(name(of, place))];
        // What is less certain than it is large is not printed as a number.
        let shares = [
            (index.first_known(), index.first_bound(), index.first_interval),
            (index.total_known(), index.total_bound(), index.total_interval),
        ];
        for (known, bound, (low, high)) in shares {
            cells.push(match known {
                None => Cell::Missing(page.say("unc-below", &[("share", &grouped(bound, 2))])),
                Some(value) => Cell::number(value, 3, ""),
            });
            cells.extend([low, high].map(|value| Cell::number(value, 3, &page.t("dash"))));
        }
        table.push(cells);
        let (low, high) = index.total_interval;
        let interval = (low.is_finite() && high.is_finite()).then_some((low, high));
        bars.push(Bar { name: name(of, place), high: finite(index.total), interval, ..Bar::default() });
    }
    table.remarks.push(page.t("unc-remark-sobol"));
    let first = *order.first()?;
    let (index, figure) = (indices.get(first)?, page.inside(&output.name));
    let caption = match index.total_known() {
        Some(share) => page.say(
            "caption-sobol",
            &[("parameter", &name(of, first)), ("figure", &figure), ("share", &grouped(100.0 * share, 0))],
        ),
        None => page.say("caption-sobol-unknown", &[("figure", &figure), ("base", &index.base.to_string())]),
    };
    Some((bars, table, caption, page.t("unc-axis-sobol")))
}

fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::spelled;

    #[test]
    fn an_id_is_spelled_as_people_do() {
        assert_eq!(spelled("cdu_approach"), "CDU approach");
        assert_eq!(spelled("dry_cooler_fans"), "Dry cooler fans");
        assert_eq!(spelled("chiller_cop"), "Chiller COP");
    }
}
