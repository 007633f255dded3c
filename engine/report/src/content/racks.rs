//! The racks: what each owns.

use super::{Page, figure, numbers, section as section_of, words};
use crate::document::{Block, Cell, Section, Table, grouped};
use crate::figures::{PlanRow, plan};
use study::racks::RackFigures;

/// More racks than this are not drawn.
const MOST: usize = 100_000;

/// Racks of one group.
struct Group<'a> {
    name: &'a str,
    racks: Vec<&'a RackFigures>,
}

/// The id of a rack as people read it: group and number.
fn named(id: &str) -> String {
    match id.strip_suffix(']').and_then(|id| id.rsplit_once('[')) {
        Some((group, number)) => format!("{} {number}", group.replace('_', " ")),
        None => id.replace('_', " "),
    }
}

fn groups<'a>(page: &Page<'a>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group> = Vec::new();
    for rack in &page.run.racks {
        match groups.iter_mut().find(|g| g.name == rack.group) {
            Some(group) => group.racks.push(rack),
            None => groups.push(Group { name: &rack.group, racks: vec![rack] }),
        }
    }
    groups
}

pub(super) fn section(page: &Page) -> Section {
    let groups = groups(page);
    if groups.is_empty() {
        return section_of(page, "racks", vec![Block::Note(page.t("absent-racks"))]);
    }
    let mut blocks = vec![Block::Paragraph(page.t("text-racks"))];
    let table = by_group(page, &groups);
    if page.run.racks.len() > MOST {
        blocks.push(Block::Note(page.say("absent-plan", &[("most", &grouped(MOST as f64, 0))])));
        blocks.push(Block::Table(table));
        return section_of(page, "racks", blocks);
    }
    let of_pue = |rack: &&RackFigures| rack.pue.unwrap_or(f64::NAN);
    let rows: Vec<PlanRow> = (groups.iter())
        .map(|group| PlanRow {
            name: page.say(
                "plan-group",
                &[
                    ("group", &group.name.replace('_', " ")),
                    ("count", &group.racks.len().to_string()),
                    ("cooling", &group.racks.first().map_or(String::new(), |r| page.cooling(&r.cooling))),
                    ("pue", &mean_pue(&group.racks).map_or(page.t("dash"), |pue| grouped(pue, 3))),
                ],
            ),
            values: group.racks.iter().map(of_pue).collect(),
        })
        .collect();
    let ranked = |best: bool| {
        let racks = page.run.racks.iter().filter(|r| r.pue.is_some());
        if best {
            racks.min_by(|a, b| of_pue(a).total_cmp(&of_pue(b)))
        } else {
            racks.max_by(|a, b| of_pue(a).total_cmp(&of_pue(b)))
        }
    };
    let caption = match (ranked(true), ranked(false)) {
        (Some(best), Some(worst)) if of_pue(&worst) - of_pue(&best) > 5e-4 && best.group != worst.group => {
            let of = |rack: &RackFigures| rack.group.replace('_', " ");
            page.say(
                "caption-plan-groups",
                &[
                    ("worst", &of(worst)),
                    ("high", &grouped(of_pue(&worst), 3)),
                    ("best", &of(best)),
                    ("low", &grouped(of_pue(&best), 3)),
                ],
            )
        }
        (Some(best), Some(worst)) if of_pue(&worst) - of_pue(&best) > 5e-4 => page.say(
            "caption-plan",
            &[
                ("worst", &named(worst.id(0))),
                ("high", &grouped(of_pue(&worst), 3)),
                ("best", &named(best.id(0))),
                ("low", &grouped(of_pue(&best), 3)),
            ],
        ),
        (Some(one), _) => page.say(
            "caption-plan-equal",
            &[("count", &grouped(page.run.racks.len() as f64, 0)), ("pue", &grouped(of_pue(&one), 3))],
        ),
        _ => page.t("caption-plan-none"),
    };
    let twin = one_by_one(page);
    blocks.push(figure("rack-plan", caption, page.t("alt-plan"), |about| plan(about, &rows, "PUE"), twin));
    blocks.push(Block::Table(table));
    section_of(page, "racks", blocks)
}

/// Every rack; neighbours that have equal figures are one row.
fn one_by_one(page: &Page) -> Table {
    let currency = page.run.racks.iter().find_map(|rack| rack.currency.clone()).unwrap_or_default();
    let columns = vec![
        words(page, "racks"),
        numbers(page, "count", "").summed(),
        numbers(page, "it_energy_each", "kWh"),
        numbers(page, "facility_energy_each", "kWh"),
        numbers(page, "pue", ""),
        numbers(page, "wue", "L/kWh"),
        numbers(page, "cue", "kg/kWh"),
        numbers(page, "cost_each", &currency),
        numbers(page, "inlet", "°C"),
        numbers(page, "junction", "°C"),
    ];
    let mut table = Table::new("racks", page.t("table-racks-each"), columns);
    let dash = page.t("dash");
    let alike = |a: &RackFigures, b: &RackFigures| RackFigures { ids: b.ids.clone(), ..a.clone() } == *b;
    for run in page.run.racks.chunk_by(alike) {
        let (first, last) = (&run[0], &run[run.len() - 1]);
        let names = if run.len() == 1 {
            first.id(0).to_owned()
        } else {
            format!("{} … {}", first.id(0), last.id(0))
        };
        let number = |value: Option<f64>, decimals| Cell::number(value.unwrap_or(f64::NAN), decimals, &dash);
        table.push(vec![
            Cell::text(names),
            Cell::number(run.len() as f64, 0, &dash),
            number(Some(first.it_energy_kwh), 0),
            number(Some(first.facility_energy_kwh), 0),
            number(first.pue, 3),
            number(first.wue_l_per_kwh, 3),
            number(first.co2e_kg.map(|kg| kg / first.it_energy_kwh), 3),
            number(first.cost, 0),
            number(first.max_inlet_c, 1),
            number(first.max_junction_c, 1),
        ]);
    }
    let rows = table.rows.len();
    table.total(page.t("total"), 0..rows);
    table.remarks.push(page.t("remark-racks-each"));
    table
}

fn mean_pue(racks: &[&RackFigures]) -> Option<f64> {
    let (it, facility) =
        racks.iter().fold((0.0, 0.0), |(it, all), r| (it + r.it_energy_kwh, all + r.facility_energy_kwh));
    (it > 0.0).then(|| facility / it)
}

fn by_group(page: &Page, groups: &[Group]) -> Table {
    let columns = vec![
        words(page, "group"),
        words(page, "cooling"),
        numbers(page, "count", "").summed(),
        numbers(page, "it_energy", "kWh").summed(),
        numbers(page, "facility_energy", "kWh").summed(),
        numbers(page, "pue", ""),
        numbers(page, "water_volume", "m³").summed(),
        numbers(page, "wue", "L/kWh"),
        numbers(page, "inlet", "°C"),
        numbers(page, "junction", "°C"),
        numbers(page, "hours_out", "h"),
    ];
    let mut table = Table::new("racks_by_group", page.t("table-racks"), columns);
    let dash = page.t("dash");
    for group in groups {
        let sum = |of: &dyn Fn(&RackFigures) -> f64| group.racks.iter().map(|r| of(r)).sum::<f64>();
        let most = |of: &dyn Fn(&RackFigures) -> Option<f64>| {
            group.racks.iter().filter_map(|r| of(r)).fold(f64::NAN, f64::max)
        };
        let (it, water) = (sum(&|r| r.it_energy_kwh), sum(&|r| r.water_m3));
        table.push(vec![
            Cell::text(group.name),
            Cell::text(group.racks.first().map_or(String::new(), |r| page.cooling(&r.cooling))),
            Cell::number(group.racks.len() as f64, 0, &dash),
            Cell::number(it, 0, &dash),
            Cell::number(sum(&|r| r.facility_energy_kwh), 0, &dash),
            Cell::number(mean_pue(&group.racks).unwrap_or(f64::NAN), 3, &dash),
            Cell::number(water, 1, &dash),
            Cell::number(1000.0 * water / it, 3, &dash),
            Cell::number(most(&|r| r.max_inlet_c), 1, &dash),
            Cell::number(most(&|r| r.max_junction_c), 1, &dash),
            Cell::number(most(&|r| r.hours_out_of_class), 1, &dash),
        ]);
    }
    let rows = table.rows.len();
    table.total(page.t("total"), 0..rows);
    table.remarks.push(page.t("remark-racks"));
    table
}
