//! Where the electricity goes, when, and what PUE is made of.

use super::water::{draw_map, map_labels};
use super::{Page, energy, figure, numbers, percent, section as section_of, words};
use crate::document::{Block, Cell, Column, Section, Table, grouped};
use crate::facts::{Accounts, IT, Part, date, sum, sum_of};
use crate::figures::{Bars, Flow, Line, Node, Sankey, Step, lines, sankey, stacked, waterfall};

pub(super) fn section(page: &Page) -> Section {
    let mut blocks = vec![Block::Paragraph(introduction(page))];
    match &page.facts.accounts {
        Some(accounts) => {
            blocks.push(flows(page, accounts));
            blocks.extend(made_of(page));
            blocks.extend(by_part(page, accounts));
            blocks.extend(duration(page, accounts));
            match hours(page, accounts) {
                Some(block) => blocks.push(block),
                None => blocks.push(Block::Note(page.t("absent-heat-map"))),
            }
        }
        None => {
            blocks.push(Block::Note(page.t("absent-accounts")));
            blocks.extend(made_of(page));
        }
    }
    blocks.push(Block::Table(by_use(page)));
    section_of(page, "energy", blocks)
}

/// Categories of overhead, the largest first.
fn overheads(page: &Page) -> Vec<(String, f64)> {
    let all =
        page.run.summary.energy_kwh.iter().filter(|(name, kwh)| !IT.contains(&name.as_str()) && *kwh > 0.0);
    let mut all: Vec<(String, f64)> = all.cloned().collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    all
}

fn introduction(page: &Page) -> String {
    let m = &page.run.summary.metrics;
    let Some((largest, kwh)) = overheads(page).into_iter().next() else { return page.t("text-no-overhead") };
    let overhead = m.facility_energy_kwh - m.it_energy_kwh;
    let key = if m.free_cooling_hours > 0.0 { "text-energy" } else { "text-energy-compressors" };
    page.say(
        key,
        &[
            ("overhead", &energy(overhead)),
            ("share", &percent(overhead / m.facility_energy_kwh.max(f64::MIN_POSITIVE))),
            ("largest", &page.inside(&page.usage(&largest))),
            ("part", &percent(kwh / overhead.max(f64::MIN_POSITIVE))),
            ("free", &grouped(m.free_cooling_hours, 0)),
            ("hours", &grouped(page.run.summary.period.hours, 0)),
        ],
    )
}

/// The nodes and flows from the grid to the sky [kWh]; what comes in goes out.
pub(crate) fn sky(page: &Page, accounts: &Accounts) -> Sankey {
    let m = &page.run.summary.metrics;
    let facility = m.facility_energy_kwh;
    let used = |names: &[&str]| names.iter().map(|u| page.run.summary.energy(u)).sum::<f64>();
    let mut diagram = Sankey::default();
    let heat_in = facility + accounts.carried.max(0.0);
    // Shares are of the supply up to the uses, and of the heat from there on.
    let node = |diagram: &mut Sankey, column, name: String, kwh: f64| {
        let whole = if column < 2 { facility } else { heat_in };
        let amount = format!("{} · {}", energy(kwh), percent(kwh / whole.max(f64::MIN_POSITIVE)));
        let useful = column == 3 && name == page.t("flow-reused");
        diagram.nodes.push(Node { column, name, amount, useful });
        diagram.nodes.len() - 1
    };
    let feed = node(&mut diagram, 0, page.t("flow-electricity"), facility);
    let uses = [
        ("sankey-it", used(&IT)),
        ("sankey-power", used(&["ups_loss", "transformer_loss", "distribution_loss"])),
        ("sankey-fans", used(&["pumps", "air_handler_fans", "heat_rejection_fans"])),
        ("sankey-compressors", used(&["compressors"])),
        ("use-heat-pumps", used(&["heat_pumps"])),
    ];
    let known: f64 = uses.iter().map(|u| u.1).sum();
    let mut of_use = Vec::new();
    for (key, kwh) in uses.into_iter().chain([("sankey-other", (facility - known).max(0.0))]) {
        if kwh > 1e-9 * facility {
            of_use.push((node(&mut diagram, 1, page.t(key), kwh), kwh));
        }
    }
    let heat = node(&mut diagram, 2, page.t("sankey-heat"), heat_in);
    for (index, kwh) in of_use {
        diagram.flows.push(Flow { from: feed, to: index, value: kwh });
        diagram.flows.push(Flow { from: index, to: heat, value: kwh });
    }
    if accounts.carried > 0.0 {
        let water = node(&mut diagram, 1, page.t("sankey-water-in"), accounts.carried);
        diagram.flows.push(Flow { from: water, to: heat, value: accounts.carried });
    }
    // Sinks below two percent are one.
    let mut sinks: Vec<(String, f64)> = accounts.rejected.iter().filter(|r| r.1 > 0.0).cloned().collect();
    sinks.sort_by(|a, b| b.1.total_cmp(&a.1));
    let (large, small): (Vec<_>, Vec<_>) = sinks.into_iter().partition(|s| s.1 >= 0.02 * facility);
    let mut out: Vec<(String, f64)> =
        large.into_iter().map(|(name, kwh)| (name.replace('_', " "), kwh)).collect();
    let rest: f64 = small.iter().map(|s| s.1).sum();
    if rest > 0.0 {
        out.push((page.t("sankey-surfaces"), rest));
    }
    if accounts.carried < 0.0 {
        out.push((page.t("sankey-water-out"), -accounts.carried));
    }
    if accounts.reused > 0.0 {
        out.insert(0, (page.t("flow-reused"), accounts.reused));
    }
    let left: f64 = out.iter().map(|o| o.1).sum();
    let stored = heat_in - left;
    if stored > 1e-6 * facility {
        out.push((page.t("sankey-stored"), stored));
    } else if stored < -1e-6 * facility {
        let index = node(&mut diagram, 1, page.t("sankey-released"), -stored);
        diagram.flows.push(Flow { from: index, to: heat, value: -stored });
    } else if let Some(last) = out.first_mut() {
        last.1 += stored; // the rounding of a sum of sums
    }
    for (name, kwh) in out {
        let index = node(&mut diagram, 3, name, kwh);
        diagram.flows.push(Flow { from: heat, to: index, value: kwh });
    }
    diagram
}

fn flows(page: &Page, accounts: &Accounts) -> Block {
    let diagram = sky(page, accounts);
    let columns = vec![
        words(page, "from"),
        words(page, "to"),
        numbers(page, "energy", "kWh"),
        numbers(page, "share", "%"),
    ];
    let mut table = Table::new("energy_flows", page.t("table-flows"), columns);
    let facility = page.run.summary.metrics.facility_energy_kwh.max(f64::MIN_POSITIVE);
    for flow in &diagram.flows {
        table.push(vec![
            Cell::text(&diagram.nodes[flow.from].name),
            Cell::text(&diagram.nodes[flow.to].name),
            Cell::number(flow.value, 0, ""),
            Cell::number(100.0 * flow.value / facility, 1, ""),
        ]);
    }
    let largest = diagram.flows.iter().filter(|f| diagram.nodes[f.to].column == 3);
    let largest = largest.max_by(|a, b| a.value.total_cmp(&b.value));
    let caption = match largest {
        Some(flow) => page.say(
            if diagram.nodes[flow.to].useful { "caption-flows-reused" } else { "caption-flows" },
            &[
                ("facility", &energy(facility)),
                ("sink", &diagram.nodes[flow.to].name),
                ("share", &percent(flow.value / diagram.throughput(flow.from).0.max(f64::MIN_POSITIVE))),
            ],
        ),
        None => page.t("alt-flows"),
    };
    let heads = [page.t("head-supply"), page.t("head-use"), page.t("head-heat"), page.t("head-sky")];
    figure("energy-flows", caption, page.t("alt-flows"), |about| sankey(about, &diagram, &heads), table)
}

fn made_of(page: &Page) -> Option<Block> {
    let m = &page.run.summary.metrics;
    let pue = m.pue?;
    let parts = overheads(page);
    let columns = vec![words(page, "use"), numbers(page, "adds", "")];
    let mut table = Table::new("pue_parts", page.t("table-pue-parts"), columns);
    table.push(vec![Cell::text(page.t("kpi-it")), Cell::number(1.0, 4, "")]);
    let steps: Vec<Step> = (parts.iter())
        .map(|(name, kwh)| Step { name: page.usage(name), value: kwh / m.it_energy_kwh })
        .collect();
    for step in &steps {
        table.push(vec![Cell::text(&step.name), Cell::number(step.value, 4, "")]);
    }
    table.columns[1].sums = true;
    table.total(page.t("kpi-pue"), 0..steps.len() + 1);
    let largest = steps.first()?.clone();
    // What would be drawn as a hair is drawn as one.
    let (drawn, hairs): (Vec<Step>, Vec<Step>) =
        steps.iter().cloned().partition(|step| step.value >= 0.01 * (pue - 1.0));
    let rest: f64 = hairs.iter().map(|step| step.value).sum();
    let drawn = match hairs.len() {
        0 | 1 => steps.clone(),
        _ => drawn.into_iter().chain([Step { name: page.t("use-rest"), value: rest }]).collect(),
    };
    let caption = page.say(
        "caption-pue-parts",
        &[
            ("pue", &grouped(pue, 3)),
            ("largest", &page.inside(&largest.name)),
            ("part", &grouped(largest.value, 3)),
        ],
    );
    let (it, whole, axis) = (page.t("kpi-it"), page.t("kpi-pue"), page.t("axis-pue"));
    let alt = page.say("alt-waterfall", &[("count", &steps.len().to_string())]);
    Some(figure(
        "pue-parts",
        caption,
        alt,
        |about| waterfall(about, &axis, (&it, 1.0), &drawn, &whole, 3),
        table,
    ))
}

fn by_part(page: &Page, accounts: &Accounts) -> Option<Block> {
    let parts = page.facts.parts();
    let order = overheads(page);
    let of = |name: &str| accounts.uses.iter().find(|u| u.0 == name).map(|u| &u.1);
    let it = accounts.it();
    let mut columns =
        vec![words(page, "part"), Column::number("it_equipment", page.t("kpi-it"), "kWh").summed()];
    columns.extend(order.iter().map(|(name, _)| Column::number(name, page.usage(name), "kWh").summed()));
    columns.push(Column::number("facility", page.t("kpi-facility"), "kWh").summed());
    columns.push(Column::number("pue", page.t("kpi-pue-short"), ""));
    let mut table = Table::new("energy_by_part", page.t("table-energy-by-part"), columns);
    let (mut labels, mut tops, mut totals) = (Vec::new(), Vec::new(), Vec::new());
    let mut named = Vec::new();
    let mut layers: Vec<(String, Vec<f64>)> =
        order.iter().map(|(name, _)| (page.usage(name), Vec::new())).collect();
    for (part, members) in &parts {
        labels.push(page.part(*part));
        named.push(page.part_long(*part));
        let (facility, it) = (sum_of(&accounts.facility, members), sum_of(&it, members));
        let mut cells = vec![Cell::text(page.part(*part)), Cell::number(it, 0, "")];
        for ((name, _), layer) in order.iter().zip(&mut layers) {
            let kwh = of(name).map_or(0.0, |values| sum_of(values, members));
            layer.1.push(kwh.max(0.0) / 1000.0);
            cells.push(Cell::number(kwh, 0, ""));
        }
        cells.push(Cell::number(facility, 0, ""));
        cells.push(Cell::number(facility / it, 3, &page.none()));
        tops.push(if it > 0.0 { grouped(facility / it, 3) } else { String::new() });
        totals.push((facility - it, facility / it));
        table.push(cells);
    }
    let rows = table.rows.len();
    table.total(page.t("total"), 0..rows);
    few(&mut layers, page.t("use-rest"));
    let most = (0..totals.len()).max_by(|&a, &b| totals[a].0.total_cmp(&totals[b].0))?;
    let least = (0..totals.len()).min_by(|&a, &b| totals[a].0.total_cmp(&totals[b].0))?;
    let caption = page.say(
        "caption-energy-by-part",
        &[
            ("most", &named[most]),
            ("much", &energy(totals[most].0)),
            ("high", &grouped(totals[most].1, 3)),
            ("least", &named[least]),
            ("little", &energy(totals[least].0)),
            ("low", &grouped(totals[least].1, 3)),
        ],
    );
    let alt = page.say("alt-stack", &[("count", &labels.len().to_string())]);
    let (axis, top) = (page.t("axis-overhead"), page.t("axis-top-pue"));
    Some(figure(
        "energy-by-part",
        caption,
        alt,
        |about| {
            stacked(about, Bars { labels: &labels, layers: &layers, tops: &tops, axis: &axis, top: &top })
        },
        table,
    ))
}

/// Layers that a drawing can tell apart: from the eighth on they are one.
fn few(layers: &mut Vec<(String, Vec<f64>)>, name: String) {
    const MOST: usize = 8;
    if layers.len() <= MOST {
        return;
    }
    let small = layers.split_off(MOST - 1);
    let length = small.first().map_or(0, |layer| layer.1.len());
    let sums = (0..length).map(|k| small.iter().filter_map(|layer| layer.1.get(k)).sum()).collect();
    layers.push((name, sums));
}

fn duration(page: &Page, accounts: &Accounts) -> Option<Block> {
    let hours: f64 = page.facts.hours.iter().sum();
    let it = accounts.it();
    let power = |amounts: &[f64]| {
        let mut list: Vec<(f64, f64)> =
            amounts.iter().zip(&page.facts.hours).map(|(a, h)| (a / h, *h)).collect();
        list.sort_by(|a, b| b.0.total_cmp(&a.0));
        list
    };
    // The power that is reached or exceeded for a share of the time.
    let at = |list: &[(f64, f64)], share: f64| {
        let mut passed = 0.0;
        for (power, length) in list {
            passed += length;
            if passed >= share * hours * (1.0 - 1e-12) {
                return *power;
            }
        }
        list.last().map_or(0.0, |l| l.0)
    };
    let (facility, it) = (power(&accounts.facility), power(&it));
    if facility.len() < 2 {
        return None;
    }
    let columns = vec![
        numbers(page, "time_share", "%"),
        numbers(page, "facility_power", "kW"),
        numbers(page, "it_power", "kW"),
    ];
    let mut table = Table::new("load_duration", page.t("table-duration"), columns);
    let (mut upper, mut lower) = (Vec::new(), Vec::new());
    for k in 0..=100 {
        let share = f64::from(k) / 100.0;
        let (a, b) = (at(&facility, share), at(&it, share));
        upper.push((f64::from(k), a));
        lower.push((f64::from(k), b));
        if k % 5 == 0 || k == 1 || k == 99 {
            table.push(vec![
                Cell::number(f64::from(k), 0, ""),
                Cell::number(a, 1, ""),
                Cell::number(b, 1, ""),
            ]);
        }
    }
    let mean = sum(&accounts.facility) / hours;
    let peak = facility[0].0;
    let caption = page.say(
        "caption-duration",
        &[
            ("peak", &grouped(peak, 0)),
            ("mean", &grouped(mean, 0)),
            ("factor", &percent(mean / peak.max(f64::MIN_POSITIVE))),
        ],
    );
    let drawn = [
        Line { name: page.t("line-facility"), points: upper },
        Line { name: page.t("line-it"), points: lower },
    ];
    let (x, y) = (page.t("axis-time-share"), page.t("axis-power"));
    Some(figure(
        "load-duration",
        caption,
        page.t("alt-duration"),
        |about| lines(about, &x, &y, &drawn),
        table,
    ))
}

fn hours(page: &Page, accounts: &Accounts) -> Option<Block> {
    let it = accounts.it();
    let ratio = |of: &[usize]| {
        let it = sum_of(&it, of);
        if it > 0.0 { sum_of(&accounts.facility, of) / it } else { f64::NAN }
    };
    let (first, values) = page.facts.by_hour(&ratio)?;
    Some(hourly(page, "pue-by-hour", "pue_by_hour", "caption-pue-hours", "PUE", (first, &values), 3))
}

/// A heat map over hours and days, with the mean of each hour of the day and each month as its twin.
pub(super) fn hourly(
    page: &Page,
    id: &str,
    table_id: &str,
    caption: &str,
    unit: &str,
    (first, values): (u32, &[f64]),
    decimals: u8,
) -> Block {
    let days = values.len() / 24;
    let mut columns = vec![words(page, "hour")];
    let mut months: Vec<(u32, Vec<usize>)> = Vec::new();
    for day in 0..days {
        let month = date(first + day as u32).0;
        match months.last_mut() {
            Some((last, of)) if *last == month => of.push(day),
            _ => months.push((month, vec![day])),
        }
    }
    for (k, (month, _)) in months.iter().enumerate() {
        columns.push(Column::number(&format!("month_{}", k + 1), page.month(*month), ""));
    }
    let mut table = Table::new(table_id, page.say("table-hours", &[("unit", unit)]), columns);
    let (mut highest, mut lowest) = ((f64::NEG_INFINITY, 0, 0), (f64::INFINITY, 0, 0));
    for hour in 0..24 {
        let mut cells = vec![Cell::text(format!("{hour:02}:00"))];
        for (k, (_, of)) in months.iter().enumerate() {
            let there = of.iter().map(|day| values[day * 24 + hour]).filter(|v| v.is_finite());
            let (count, total) = there.fold((0.0, 0.0), |(n, s), v| (n + 1.0, s + v));
            let mean = total / count;
            if mean > highest.0 {
                highest = (mean, k, hour);
            }
            if mean < lowest.0 {
                lowest = (mean, k, hour);
            }
            cells.push(Cell::number(mean, decimals, &page.t("dash")));
        }
        table.push(cells);
    }
    let month = |k: usize| months.get(k).map_or(String::new(), |m| page.part_long(Part::Month(m.0)));
    let text = page.say(
        caption,
        &[
            ("high", &grouped(highest.0, decimals)),
            ("when", &month(highest.1)),
            ("hour", &format!("{:02}:00", highest.2)),
            ("low", &grouped(lowest.0, decimals)),
            ("then", &month(lowest.1)),
            ("early", &format!("{:02}:00", lowest.2)),
        ],
    );
    let labels = map_labels(page, first, days);
    let axis = page.t("axis-hour");
    let alt = page.say("alt-hours", &[("days", &days.to_string()), ("unit", unit)]);
    figure(id, text, alt, |about| draw_map(about, values, &labels, unit, &axis), table)
}

fn by_use(page: &Page) -> Table {
    let columns = vec![
        words(page, "use"),
        numbers(page, "energy", "kWh").summed(),
        numbers(page, "share", "%").summed(),
    ];
    let mut table = Table::new("energy_by_use", page.t("table-energy-by-use"), columns);
    let facility = page.run.summary.metrics.facility_energy_kwh.max(f64::MIN_POSITIVE);
    for (name, kwh) in &page.run.summary.energy_kwh {
        table.push(vec![
            Cell::text(page.usage(name)),
            Cell::number(*kwh, 0, ""),
            Cell::number(100.0 * kwh / facility, 2, ""),
        ]);
    }
    let rows = table.rows.len();
    table.total(page.t("kpi-facility"), 0..rows);
    table
}
