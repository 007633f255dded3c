//! What each parameter does to each figure: a tornado, or indices with their intervals.

use super::Found;
use super::names::{Name, decimals, listed};
use crate::content::figure;
use crate::document::{Block, Cell, Column, Section, Table, grouped};
use crate::figures::{Bar, IndexRow, Measured, Tornado, index_bars, tornado};
use sweep::analyze::effects::Swing;
use sweep::analyze::{OfOutput, Sensitivity, morris, sobol};

/// Bars of one drawing.
const BARS: usize = 14;

pub(super) fn section(found: &Found) -> Section {
    let mut blocks = vec![Block::Paragraph(explained(found))];
    let (mut still, mut few) = (Vec::new(), Vec::new());
    for (place, output) in found.analysis.outputs.iter().enumerate() {
        let id = format!("fig-matters-{place}");
        match &output.sensitivity {
            Sensitivity::Searched => {}
            Sensitivity::TooFew => few.push(Name::of(&output.output).title),
            Sensitivity::Nothing => still.push(Name::of(&output.output).title),
            Sensitivity::Swings(swings) if swings.is_empty() => still.push(Name::of(&output.output).title),
            Sensitivity::Swings(swings) => blocks.push(swung(found, output, swings, &id)),
            Sensitivity::Morris(effects) => blocks.push(moved(found, output, effects, &id)),
            Sensitivity::Sobol(indices) => blocks.push(shared(found, output, indices, &id)),
        }
    }
    if !still.is_empty() {
        blocks.push(Block::Note(format!("The same in all cases, or in none: {}.", listed(&still))));
    }
    if !few.is_empty() {
        blocks.push(Block::Note(format!("Too few cases are calculated to say what moves {}.", listed(&few))));
    }
    super::section("matters", "What matters", blocks)
}

/// The captions of the figures by which cases are ranked, or of the first one.
pub(super) fn findings(found: &Found) -> Vec<String> {
    let wanted: Vec<&str> = match &found.analysis.best {
        Some(best) => best.by.iter().map(|(column, _)| column.as_str()).collect(),
        None => found.analysis.outputs.first().map(|output| output.output.as_str()).into_iter().collect(),
    };
    let outputs = found.analysis.outputs.iter().filter(|output| wanted.contains(&output.output.as_str()));
    outputs.filter_map(|output| said(found, output)).collect()
}

fn explained(found: &Found) -> String {
    let outputs = &found.analysis.outputs;
    let any = |of: &dyn Fn(&Sensitivity) -> bool| outputs.iter().any(|output| of(&output.sensitivity));
    if any(&|s| matches!(s, Sensitivity::Morris(_))) {
        "μ* is the mean size of the elementary effects of a parameter over its whole range, σ their standard deviation: a \
         σ as large as μ* means that the effect depends on where one stands. Whiskers are 95 % intervals by bootstrap."
            .into()
    } else if any(&|s| matches!(s, Sensitivity::Sobol(_))) {
        "A Sobol index is a share of the variance of a figure: by the parameter alone, and with all its interactions. \
         Whiskers are 95 % intervals by bootstrap; what is less certain than it is large is pale."
            .into()
    } else if any(&|s| matches!(s, Sensitivity::Searched)) {
        "The cases were searched, not drawn: they say what is best. What matters is a question for a sample, Morris or \
         Saltelli for example."
            .into()
    } else {
        "A bar goes from the smallest to the largest mean of the figure over the values of the parameter, fifths of the \
         cases where it has many values; what the other parameters do averages out."
            .into()
    }
}

fn said(found: &Found, output: &OfOutput) -> Option<String> {
    let name = Name::of(&output.output);
    match &output.sensitivity {
        Sensitivity::Nothing | Sensitivity::TooFew | Sensitivity::Searched => None,
        Sensitivity::Swings(swings) => {
            let first = swings.first()?;
            let among = [first.low.1, first.high.1];
            let number = |v: f64| name.number_in(v, &among);
            let unit = if name.unit.is_empty() { String::new() } else { format!("\u{a0}{}", name.unit) };
            let mut text = format!(
                "{} moves {} most: in the mean from {}{unit} at {} to {}{unit} at {}.",
                titled(found, first),
                name.title,
                number(first.low.1),
                first.low.0,
                number(first.high.1),
                first.high.0
            );
            if let Some(chance) = output.chance {
                let quiet = swings.iter().filter(|swing| swing.size() <= chance).count();
                if quiet == swings.len() {
                    text = format!("No parameter moves {} beyond what chance may give.", name.title);
                } else if quiet > 0 {
                    text.push_str(&format!(
                        " {quiet} of {} parameters move it no more than chance may.",
                        swings.len()
                    ));
                }
            } else if let Some(second) = swings.get(1) {
                text.push_str(&format!(
                    " {} follows with {}{unit}.",
                    titled(found, second),
                    name.number_in(second.size(), &[0.0, first.size()])
                ));
            }
            Some(text)
        }
        Sensitivity::Morris(effects) => {
            let order = order(effects.len(), &|k| effects[k].mean_size);
            let (first, among) = (order.first()?, [0.0, effects[*order.first()?].mean_size]);
            let effect = &effects[*first];
            let number = |v: f64| name.number_in(v, &among);
            let unit = if name.unit.is_empty() { String::new() } else { format!("\u{a0}{}", name.unit) };
            let alone = if effect.deviation > effect.mean_size {
                "it depends on where one stands"
            } else {
                "much the same wherever one stands"
            };
            Some(format!(
                "{} moves {} most: by {}{unit} over its range ({} to {}), {alone}.",
                found.id(*first),
                name.title,
                number(effect.mean_size),
                number(effect.interval.0),
                number(effect.interval.1)
            ))
        }
        Sensitivity::Sobol(indices) => {
            let order = order(indices.len(), &|k| indices[k].total);
            let first = *order.first()?;
            let index = &indices[first];
            let share = |v: f64| grouped(100.0 * v, 0);
            let (low, high) = index.total_interval;
            let Some(total) = index.total_known() else {
                return Some(format!(
                    "What moves {} most is not known from {} base points.",
                    name.title, index.base
                ));
            };
            let alone = index.first_known().map_or_else(
                || format!("less than {} % alone", share(index.first_bound())),
                |first| format!("{} % alone", share(first)),
            );
            Some(format!(
                "{} makes {} % of the variance of {} ({} to {} %), {alone}.",
                found.id(first),
                share(total),
                name.title,
                share(low),
                share(high)
            ))
        }
    }
}

fn order(count: usize, size: &dyn Fn(usize) -> f64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| size(b).total_cmp(&size(a)));
    order
}

fn titled(found: &Found, swing: &Swing) -> String {
    match &swing.within {
        Some(option) => format!("{} ({option})", found.id(swing.parameter)),
        None => found.id(swing.parameter).to_owned(),
    }
}

fn drawn_of(count: usize) -> String {
    if count > BARS { format!(" Drawn are {BARS} of {count}.") } else { String::new() }
}

fn swung(found: &Found, output: &OfOutput, swings: &[Swing], id: &str) -> Block {
    let name = Name::of(&output.output);
    let all: Vec<f64> = swings.iter().flat_map(|s| [s.low.1, s.high.1]).collect();
    let digits = decimals(&all).min(5);
    let mut table = Table::new(
        &id.replace("fig-", ""),
        format!("{} by parameter", name.title),
        vec![
            Column::text("parameter", "Parameter"),
            Column::text("low_at", "Lowest at"),
            Column::number("low", "Mean there", &name.unit),
            Column::text("high_at", "Highest at"),
            Column::number("high", "Mean there", &name.unit),
            Column::number("swing", "Difference", &name.unit),
        ],
    );
    for swing in swings {
        table.push(vec![
            Cell::text(titled(found, swing)),
            Cell::text(&swing.low.0),
            Cell::number(swing.low.1, digits, "none"),
            Cell::text(&swing.high.0),
            Cell::number(swing.high.1, digits, "none"),
            Cell::number(swing.size(), digits, "none"),
        ]);
    }
    let pale = |swing: &Swing| output.chance.is_some_and(|chance| swing.size() <= chance);
    let bars: Vec<Bar> = swings
        .iter()
        .take(BARS)
        .map(|swing| Bar {
            name: titled(found, swing),
            low: swing.low.1,
            high: swing.high.1,
            ends: [swing.low.0.clone(), swing.high.0.clone()],
            interval: None,
            pale: pale(swing),
        })
        .collect();
    let caption = said(found, output).unwrap_or_default() + &drawn_of(swings.len());
    let alt =
        format!("A bar for each parameter from the smallest to the largest mean of {}.", name.heading());
    let (heading, middle) = (name.heading(), output.percentiles[1]);
    figure(
        id,
        caption,
        alt,
        |about| {
            let of = Tornado {
                axis: &heading,
                middle: ("median", middle),
                bars: &bars,
                pale: "no more than chance may give",
                decimals: Some(digits),
            };
            tornado(about, of)
        },
        table,
    )
}

fn moved(found: &Found, output: &OfOutput, effects: &[morris::Effect], id: &str) -> Block {
    let name = Name::of(&output.output);
    let order = order(effects.len(), &|k| effects[k].mean_size);
    let digits = decimals(&effects.iter().map(|e| e.mean_size).chain([0.0]).collect::<Vec<f64>>()).min(6);
    let column = |key: &str, title: &str| Column::number(key, title, &name.unit);
    let mut table = Table::new(
        &id.replace("fig-", ""),
        format!("Elementary effects on {}", name.title),
        vec![
            Column::text("parameter", "Parameter"),
            column("mu_star", "μ*"),
            column("mu_star_low", "from"),
            column("mu_star_high", "to"),
            column("mu", "μ"),
            column("sigma", "σ"),
        ],
    );
    for &k in &order {
        let e = &effects[k];
        let mut cells = vec![Cell::text(found.id(k))];
        let numbers = [e.mean_size, e.interval.0, e.interval.1, e.mean, e.deviation];
        cells.extend(numbers.map(|v| Cell::number(v, digits, "none")));
        table.push(cells);
    }
    let rows: Vec<IndexRow> = order
        .iter()
        .take(BARS)
        .map(|&k| IndexRow {
            name: found.id(k).to_owned(),
            bars: vec![
                Measured { value: effects[k].mean_size, interval: Some(effects[k].interval), pale: false },
                Measured { value: effects[k].deviation, interval: None, pale: false },
            ],
        })
        .collect();
    let caption = said(found, output).unwrap_or_default() + &drawn_of(effects.len());
    let alt =
        format!("For each parameter a bar of μ* with its interval and one of σ, of {}.", name.heading());
    let heading = name.heading();
    figure(id, caption, alt, |about| index_bars(about, &heading, &["μ*", "σ"], &rows, ""), table)
}

fn shared(found: &Found, output: &OfOutput, indices: &[sobol::Index], id: &str) -> Block {
    let name = Name::of(&output.output);
    let order = order(indices.len(), &|k| indices[k].total);
    let mut table = Table::new(
        &id.replace("fig-", ""),
        format!("Sobol indices of {}", name.title),
        vec![
            Column::text("parameter", "Parameter"),
            Column::number("first", "alone", ""),
            Column::number("first_low", "from", ""),
            Column::number("first_high", "to", ""),
            Column::number("total", "with interactions", ""),
            Column::number("total_low", "from", ""),
            Column::number("total_high", "to", ""),
        ],
    );
    for &k in &order {
        let i = &indices[k];
        let mut cells = vec![Cell::text(found.id(k))];
        let shares = [
            (i.first_known(), i.first_bound(), i.first_interval),
            (i.total_known(), i.total_bound(), i.total_interval),
        ];
        for (known, bound, interval) in shares {
            cells.push(match known {
                None => Cell::Missing(format!("below {bound:.2}")),
                Some(value) => Cell::number(value, 3, "none"),
            });
            cells.extend([interval.0, interval.1].map(|v| Cell::number(v, 3, "none")));
        }
        table.push(cells);
    }
    let bar = |value: f64, interval: (f64, f64), known: Option<f64>| Measured {
        value,
        interval: Some(interval),
        pale: known.is_none(),
    };
    let rows: Vec<IndexRow> = order
        .iter()
        .take(BARS)
        .map(|&k| IndexRow {
            name: found.id(k).to_owned(),
            bars: vec![
                bar(indices[k].first, indices[k].first_interval, indices[k].first_known()),
                bar(indices[k].total, indices[k].total_interval, indices[k].total_known()),
            ],
        })
        .collect();
    let caption = said(found, output).unwrap_or_default() + &drawn_of(indices.len());
    let alt = format!(
        "For each parameter its share of the variance of {}, alone and with all others.",
        name.heading()
    );
    let axis = format!("share of the variance of {}", name.title);
    figure(
        id,
        caption,
        alt,
        |about| {
            index_bars(about, &axis, &["alone", "with interactions"], &rows, "less certain than it is large")
        },
        table,
    )
}
