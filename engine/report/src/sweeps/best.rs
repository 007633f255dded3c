//! The best cases under the constraints: a list, the front of those that none beats, and what they have in common.

use super::names::{self, Name, decimals, listed};
use super::{Found, section};
use crate::content::{figure, percent};
use crate::document::{Block, Cell, Column, Section, Table};
use crate::figures::{Bundle, Cloud, Line, ParallelAxis, Scatter, lines as line_chart, parallel, scatter};
use scenario::study_file::{Kind, Value};
use sweep::analyze::best::Best;

/// Parameters with at most so many values are named by them, others by their range.
const MOST_NAMED: usize = 24;
/// Lines behind the best ones, at most.
const LINES: usize = 300;
/// Cases of the front in its table.
const FRONT: usize = 200;

pub(super) fn sections(found: &Found) -> Vec<Section> {
    let Some(best) = found.analysis.best.as_ref().filter(|best| best.eligible > 0) else { return Vec::new() };
    let mut blocks = vec![Block::Table(list(found, best, "best", &best.first, caption(found, best)))];
    if best.by.len() > 1 {
        blocks.push(front(found, best));
    }
    blocks.push(lines(found, best));
    blocks.extend(course(found));
    vec![section("best", "Best cases", blocks)]
}

fn names_of(best: &Best) -> Vec<Name> {
    best.by.iter().map(|(column, _)| Name::of(column)).collect()
}

fn caption(found: &Found, best: &Best) -> String {
    let by: Vec<String> = best
        .by
        .iter()
        .zip(names_of(best))
        .map(|((_, less), name)| format!("{} {}", if *less { "least" } else { "most" }, name.title))
        .collect();
    let of = if found.plan.layout.constraints.is_empty() { "" } else { " that meet all constraints" };
    format!("The best of {}{of}: {}", names::cases(best.eligible), by.join(", then "))
}

/// Cases in the order of their rank.
fn list(found: &Found, best: &Best, id: &str, cases: &[(usize, Vec<f64>)], caption: String) -> Table {
    let layout = &found.plan.layout;
    let mut columns = vec![Column::number("rank", "Rank", ""), Column::number("case", "Case", "")];
    for (place, parameter) in found.plan.study.parameters.iter().enumerate() {
        columns.push(Column::text(&format!("parameter_{place}"), &parameter.id));
    }
    let by = names_of(best);
    for ((column, _), name) in best.by.iter().zip(&by) {
        columns.push(Column::number(&format!("by_{column}"), &name.title, &name.unit));
    }
    for (k, constraint) in layout.constraints.iter().enumerate() {
        columns.push(Column::number(&format!("margin_{k}"), format!("to spare of {constraint}"), ""));
    }
    let mut table = Table::new(id, caption, columns);
    let column = |k: usize| cases.iter().map(|(_, figures)| figures[k]).collect::<Vec<f64>>();
    let digits: Vec<u8> = (0..by.len()).map(|k| decimals(&column(k))).collect();
    for (rank, (number, figures)) in cases.iter().enumerate() {
        let mut cells = vec![Cell::number((rank + 1) as f64, 0, ""), Cell::number(*number as f64, 0, "")];
        cells.extend(found.values(*number).into_iter().map(Cell::text));
        cells.extend(
            figures.iter().zip(&digits).map(|(&value, &digits)| Cell::number(value, digits.min(5), "none")),
        );
        let row = found.plan.entries.get(*number).and_then(|entry| found.merged.rows.get(&entry.id));
        let margins = row.and_then(|row| row.result.as_ref().ok()).map(|figures| figures.margins.as_slice());
        for k in 0..layout.constraints.len() {
            let margin = margins.and_then(|margins| margins.get(k).copied()).unwrap_or(f64::NAN);
            cells.push(Cell::number(margin, decimals(&[0.0, margin]).min(4), "none"));
        }
        table.push(cells);
    }
    table
}

/// Figures of all cases by which they are ranked, and whether each meets all constraints.
fn all(found: &Found, best: &Best) -> Vec<(Vec<f64>, bool)> {
    let places: Vec<Option<usize>> =
        best.by.iter().map(|(column, _)| found.plan.layout.place(column)).collect();
    let cases = found.plan.entries.iter().filter(|entry| entry.dynamic_of.is_none());
    cases
        .filter_map(|entry| {
            let figures = found.merged.rows.get(&entry.id)?.result.as_ref().ok()?;
            let of = |place: &Option<usize>| {
                place.and_then(|k| figures.outputs.get(k).copied()).unwrap_or(f64::NAN)
            };
            let values: Vec<f64> = places.iter().map(of).collect();
            values.iter().all(|v| v.is_finite()).then_some((values, figures.met))
        })
        .collect()
}

fn front(found: &Found, best: &Best) -> Block {
    let names = names_of(best);
    let titles: Vec<String> = names.iter().map(|name| name.title.clone()).collect();
    let (x, y) = (&names[0], &names[1]);
    let of = |k: usize| best.front.iter().map(|(_, f)| f[k]).collect::<Vec<f64>>();
    let (xs, ys) = (of(0), of(1));
    let told = |number: usize, figures: &[f64]| {
        let (a, b) = (x.value_in(figures[0], &xs), y.value_in(figures[1], &ys));
        format!("{a} and {b} of {}", found.case(number))
    };
    let caption = match best.front.as_slice() {
        [(number, _)] => format!("One case is best in {} at once: {}.", listed(&titles), found.case(*number)),
        [(first, from), .., (last, to)] => format!(
            "{} are beaten by none in {}: they go from {} to {}.",
            names::cases(best.front.len()),
            listed(&titles),
            told(*first, from),
            told(*last, to)
        ),
        [] => String::new(),
    };
    let drawn = if best.by.len() > 2 {
        format!(" Drawn are the first two of {} figures; the others are in the table.", best.by.len())
    } else {
        String::new()
    };
    let alt = format!(
        "A point for every case: {} to the right, {} upwards; diamonds are the front.",
        x.heading(),
        y.heading()
    );
    let table = list(
        found,
        best,
        "front",
        &best.front[..best.front.len().min(FRONT)],
        format!("The front: {}", names::cases(best.front.len())),
    );
    let every = all(found, best);
    let points =
        |met: bool| every.iter().filter(|(_, m)| *m == met).map(|(v, _)| (v[0], v[1])).collect::<Vec<_>>();
    let (missed, met) = (points(false), points(true));
    let mut clouds = Vec::new();
    if !found.plan.layout.constraints.is_empty() {
        clouds.push(Cloud { name: format!("miss a constraint ({})", missed.len()), points: missed });
    } else {
        clouds.push(Cloud { name: String::new(), points: Vec::new() });
    }
    clouds.push(Cloud {
        name: format!(
            "{} ({})",
            if found.plan.layout.constraints.is_empty() { "all cases" } else { "meet all constraints" },
            met.len()
        ),
        points: met,
    });
    if clouds[0].points.is_empty() {
        clouds[0].name = "none misses a constraint".into();
    }
    let mut line: Vec<(f64, f64)> = best.front.iter().map(|(_, f)| (f[0], f[1])).collect();
    line.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let ends = [best.front.first(), best.front.last()];
    let named: Vec<((f64, f64), String)> =
        ends.into_iter().flatten().map(|(number, f)| ((f[0], f[1]), format!("case {number}"))).collect();
    figure(
        "fig-front",
        caption + &drawn,
        alt,
        |about| {
            let (x, y) = (x.heading(), y.heading());
            scatter(
                about,
                Scatter { x: &x, y: &y, clouds: &clouds, line: ("beaten by none", &line), named: &named },
            )
        },
        table,
    )
}

/// How far a search is after each generation.
fn course(found: &Found) -> Option<Block> {
    let course = &found.analysis.course;
    let [.., (_, before), (last, _)] = course.as_slice() else { return None };
    // Generations after which nothing was gained that a percent would show.
    let late = course.iter().find(|(_, share)| *share >= 0.99).map_or(*last, |(k, _)| *k);
    let caption = format!(
        "99 % of the volume that the front dominates was there after {late} of {last} generations; the last one added {}.",
        percent((1.0 - before).max(0.0))
    );
    let mut table = Table::new(
        "generations",
        "The search by generation",
        vec![Column::number("generation", "Generation", ""), Column::number("volume", "Volume", "%")],
    );
    for (k, share) in course {
        table.push(vec![Cell::number(*k as f64, 0, ""), Cell::number(100.0 * share, 2, "none")]);
    }
    let line = Line {
        name: "volume".into(),
        points: course.iter().map(|(k, share)| (*k as f64, 100.0 * share)).collect(),
    };
    let alt = "A line over the generations: the volume that their cases dominate, as a share of the last.";
    Some(figure(
        "fig-generations",
        caption,
        alt.into(),
        |about| line_chart(about, "generation", "% of the last", &[line]),
        table,
    ))
}

/// Parallel coordinates of parameters and figures.
fn lines(found: &Found, best: &Best) -> Block {
    let study = &found.plan.study;
    let every: Vec<&sweep::plan::Entry> = found
        .plan
        .entries
        .iter()
        .filter(|entry| entry.dynamic_of.is_none())
        .filter(|entry| found.merged.rows.get(&entry.id).is_some_and(|row| row.result.is_ok()))
        .collect();
    let figures_of = |entry: &sweep::plan::Entry| {
        let row = found.merged.rows.get(&entry.id).and_then(|row| row.result.as_ref().ok());
        best.by
            .iter()
            .map(|(column, _)| {
                let place = found.plan.layout.place(column);
                place.and_then(|k| row.and_then(|row| row.outputs.get(k).copied())).unwrap_or(f64::NAN)
            })
            .collect::<Vec<f64>>()
    };
    // Of a parameter that is no number in all cases, its options in their order.
    let raw = |entry: &sweep::plan::Entry, place: usize| match entry.values.get(place) {
        Some(Value::Number(value)) => *value,
        Some(Value::Option(option)) => *option as f64,
        None => f64::NAN,
    };
    let parameters = study.parameters.len();
    let value = |entry: &sweep::plan::Entry, axis: usize| {
        if axis < parameters { raw(entry, axis) } else { figures_of(entry)[axis - parameters] }
    };
    let (mut axes, mut ranges) = (Vec::new(), Vec::new());
    for axis in 0..parameters + best.by.len() {
        let values: Vec<f64> =
            every.iter().map(|entry| value(entry, axis)).filter(|v| v.is_finite()).collect();
        let (low, high) =
            values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &v| (l.min(v), h.max(v)));
        ranges.push((low, if high > low { high } else { low + 1.0 }));
        let share = |v: f64| (v - low) / if high > low { high - low } else { 1.0 };
        let (name, marks) = if axis < parameters {
            let kind = &study.parameters[axis].kind;
            let written = |v: f64| {
                let entry = every.iter().find(|entry| raw(entry, axis) == v);
                entry.map(|entry| study.written(axis, &entry.values)).unwrap_or_default()
            };
            let mut distinct = values.clone();
            distinct.sort_by(f64::total_cmp);
            distinct.dedup();
            let few = distinct.len() <= 24 || matches!(kind, Kind::Named { .. } | Kind::Choice { .. });
            let at: Vec<f64> = if few { distinct } else { vec![low, high] };
            // One axis for what depends on an option: places, no values.
            let by = matches!(kind, Kind::By { .. }) && kind.measure().is_none();
            let marks = at
                .iter()
                .map(|&v| (share(v), if by { format!("{}", v + 1.0) } else { written(v) }))
                .collect();
            ((study.parameters[axis].id.clone(), String::new()), marks)
        } else {
            let name = Name::of(&best.by[axis - parameters].0);
            let middle = 0.5 * (low + high);
            let marks = [low, middle, high].map(|v| (share(v), name.number_in(v, &[low, high]))).to_vec();
            ((name.title, name.unit), marks)
        };
        axes.push(ParallelAxis { name, marks, figure: axis >= parameters });
    }
    let places = |entry: &sweep::plan::Entry| {
        (0..axes.len())
            .map(|k| (value(entry, k) - ranges[k].0) / (ranges[k].1 - ranges[k].0))
            .collect::<Vec<f64>>()
    };
    let step = every.len().div_ceil(LINES).max(1);
    let met = |entry: &&&sweep::plan::Entry| {
        found.merged.rows.get(&entry.id).and_then(|row| row.result.as_ref().ok()).is_some_and(|f| f.met)
    };
    let thinned = |of: bool| {
        every
            .iter()
            .filter(|entry| met(entry) == of)
            .step_by(step)
            .map(|entry| places(entry))
            .collect::<Vec<_>>()
    };
    let said = |name: &str| if step > 1 { format!("{name}, one in {step}") } else { name.to_owned() };
    let mut bundles = Vec::new();
    let constrained = !found.plan.layout.constraints.is_empty();
    let missed = thinned(false);
    if !missed.is_empty() {
        bundles.push(Bundle { name: said("miss a constraint"), cases: missed });
    }
    bundles.push(Bundle {
        name: said(if constrained { "meet all" } else { "all cases" }),
        cases: thinned(true),
    });
    let first: Vec<&sweep::plan::Entry> =
        best.first.iter().filter_map(|(number, _)| found.plan.entries.get(*number)).collect();
    bundles.push(Bundle {
        name: format!("the best {}", first.len()),
        cases: first.iter().map(|entry| places(entry)).collect(),
    });
    let caption = in_common(found, &first, &every);
    let alt =
        "A line for every case over one axis for each parameter and each figure by which cases are ranked.";
    let mut columns = vec![Column::number("case", "Case", "")];
    columns.extend((0..parameters).map(|k| Column::text(&format!("parameter_{k}"), found.id(k))));
    columns.extend(best.by.iter().map(|(column, _)| {
        let name = Name::of(column);
        Column::number(&format!("by_{column}"), name.title, &name.unit)
    }));
    let mut table = Table::new("lines", "The best cases, as they are drawn", columns);
    for (number, figures) in &best.first {
        let mut cells = vec![Cell::number(*number as f64, 0, "")];
        cells.extend(found.values(*number).into_iter().map(Cell::text));
        cells.extend(figures.iter().enumerate().map(|(k, &v)| {
            let all: Vec<f64> = best.first.iter().map(|(_, f)| f[k]).collect();
            Cell::number(v, decimals(&all).min(5), "none")
        }));
        table.push(cells);
    }
    figure("fig-lines", caption, alt.into(), |about| parallel(about, &axes, &bundles), table)
}

/// What the best cases have in common, in a sentence: one value, few of many, or a part of the range.
fn in_common(found: &Found, first: &[&sweep::plan::Entry], every: &[&sweep::plan::Entry]) -> String {
    let study = &found.plan.study;
    let distinct = |list: &[&sweep::plan::Entry], place: usize| {
        let mut written: Vec<String> = list.iter().map(|entry| study.written(place, &entry.values)).collect();
        written.sort();
        written.dedup();
        written
    };
    let range = |list: &[&sweep::plan::Entry], place: usize| {
        let numbers = list.iter().filter_map(|entry| match entry.values.get(place) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        });
        numbers.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
    };
    let count = first.len();
    if count < 2 {
        return "One case is listed as best.".to_owned();
    }
    let (mut shared, mut apart) = (Vec::new(), Vec::new());
    for place in 0..study.parameters.len() {
        let (own, all) = (distinct(first, place), distinct(every, place));
        let ((low, high), (least, most)) = (range(first, place), range(every, place));
        if let [one] = own.as_slice() {
            shared.push(format!("{} {one}", found.id(place)));
        } else if all.len() <= MOST_NAMED && own.len() * 2 <= all.len() {
            shared.push(format!("{} {}", found.id(place), own.join(" or ")));
        } else if all.len() > MOST_NAMED && high - low < 0.6 * (most - least) {
            let at = |value: f64| study.kind_of(place, &first[0].values).written(&Value::Number(value));
            shared.push(format!("{} from {} to {}", found.id(place), at(low), at(high)));
        } else {
            apart.push(found.id(place).to_owned());
        }
    }
    match (shared.is_empty(), apart.is_empty()) {
        (true, _) => format!("The best {count} cases have no value or range of a parameter in common."),
        (false, true) => format!("What the best {count} cases have in common: {}.", listed(&shared)),
        (false, false) => format!(
            "What the best {count} cases have in common: {}; they differ in {}.",
            listed(&shared),
            listed(&apart)
        ),
    }
}
