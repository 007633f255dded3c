//! A comparison as a person reads it in a terminal.

use super::sentences::sign;
use super::{Comparison, Delta, Side, Waterfall};
use crate::report::{capitalised, grouped, label};

/// Width of the bars, in characters.
const WIDTH: usize = 40;

/// Sentences, a table of figures, and for each difference the way from one total to the other.
#[must_use]
pub fn text(comparison: &Comparison) -> String {
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text.trim_end());
        out.push('\n');
    };
    let Some(first) = comparison.sides.first() else { return out };
    for side in &comparison.sides {
        line(&format!("{}: {}", side.name, side.title));
    }
    let shared = |of: fn(&Side) -> String, else_: &str| {
        let all = comparison.sides.iter().all(|side| of(side) == of(first));
        if all { of(first) } else { else_.to_owned() }
    };
    let weather = shared(|side| side.weather.clone(), "different weather");
    let period = shared(Side::period, "different periods");
    let mode = shared(|side| side.mode.to_string(), "different modes");
    line(&format!("{}, {period}, {mode}", capitalised(&weather)));
    for k in 0..comparison.differences.len() {
        line("");
        comparison.sentences(k).iter().flat_map(|s| wrapped(s, 110)).for_each(|text| line(&text));
    }
    line("");
    table(comparison).iter().for_each(|row| line(row));
    for difference in &comparison.differences {
        let Some(side) = comparison.sides.get(difference.side) else { continue };
        line("");
        line(&format!("  From {} to {}: electricity, kWh", first.name, side.name));
        bars(&difference.energy, &first.name, &side.name).iter().for_each(|row| line(row));
    }
    out
}

/// Words in lines of at most so many characters, the first two further left.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut now = String::from("  ");
    for word in text.split(' ') {
        let long = now.chars().count() + word.chars().count() + 1;
        if long > width && now.trim_start() != "" {
            lines.push(std::mem::replace(&mut now, "    ".to_owned()));
        }
        if now.trim_start() != "" {
            now.push(' ');
        }
        now.push_str(word);
    }
    lines.push(now);
    lines
}

fn number(value: f64, digits: usize) -> String {
    if digits == 0 { grouped(value) } else { format!("{value:.digits$}") }
}

/// A change with its sign; nothing that rounds to zero has one.
fn changed(delta: &Delta) -> String {
    let Some(change) = delta.change() else { return "–".into() };
    let shown = number(change.abs(), delta.digits);
    let zero = shown.chars().all(|c| matches!(c, '0' | '.'));
    if zero { shown } else { format!("{}{shown}", sign(change)) }
}

fn table(comparison: &Comparison) -> Vec<String> {
    let Some(one) = comparison.differences.first() else { return Vec::new() };
    let pair = comparison.differences.len() == 1;
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut head: Vec<String> = vec![String::new()];
    head.extend(comparison.sides.iter().map(|side| side.name.clone()));
    if pair {
        head.push("difference".into());
    }
    rows.push(head);
    for (k, delta) in one.figures.iter().enumerate() {
        let figures: Vec<&Delta> =
            comparison.differences.iter().filter_map(|difference| difference.figures.get(k)).collect();
        let of = |value: Option<f64>| value.map_or("–".to_owned(), |value| number(value, delta.digits));
        if figures.iter().all(|delta| delta.from.is_none() && delta.to.is_none()) {
            continue;
        }
        let unit = figures.iter().map(|delta| delta.unit.as_str()).find(|unit| !unit.is_empty());
        let unit = unit.filter(|unit| *unit != "1").unwrap_or_default();
        let first = figures.iter().find_map(|delta| delta.from);
        let mut row = vec![format!("{} {unit}", delta.label).trim_end().to_owned(), of(first)];
        row.extend(figures.iter().map(|delta| of(delta.to)));
        if pair {
            row.push(changed(delta));
        }
        rows.push(row);
    }
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let pad = |cell: &str, width: usize| " ".repeat(width.saturating_sub(cell.chars().count()));
    rows.iter()
        .map(|row| {
            let mut text = String::from("  ");
            for (k, cell) in row.iter().enumerate() {
                let space = pad(cell, widths[k]);
                text += &if k == 0 { format!("{cell}{space}") } else { format!("   {space}{cell}") };
            }
            text
        })
        .collect()
}

/// A line for each total and each step; a bar goes from where the sum was to where it comes.
fn bars(fall: &Waterfall, from: &str, to: &str) -> Vec<String> {
    let steps: Vec<(String, f64)> =
        fall.steps.iter().map(|step| (label(&step.name), step.change())).filter(|s| s.1 != 0.0).collect();
    let mut sums = vec![fall.from];
    for (_, change) in &steps {
        sums.push(sums.last().copied().unwrap_or(0.0) + change);
    }
    let (low, high) = sums.iter().fold((fall.to, fall.to), |(low, high), s| (low.min(*s), high.max(*s)));
    let span = high - low;
    let place = |value: f64| {
        if span > 0.0 { ((value - low) / span * WIDTH as f64).round() as usize } else { 0 }
    };
    let names =
        steps.iter().map(|(name, _)| name.chars().count()).chain([from, to].map(|n| n.chars().count()));
    let wide = names.max().unwrap_or(0);
    let row = |name: &str, number: &str, bar: &str| {
        let space = " ".repeat(wide.saturating_sub(name.chars().count()));
        let before = " ".repeat(14_usize.saturating_sub(number.chars().count()));
        format!("    {name}{space}{before}{number}  {bar}")
    };
    let mark = |value: f64| format!("{}│", " ".repeat(place(value)));
    let mut lines = vec![row(from, &grouped(fall.from), &mark(fall.from))];
    for (k, (name, change)) in steps.iter().enumerate() {
        let (start, end) = (place(sums[k].min(sums[k + 1])), place(sums[k].max(sums[k + 1])));
        // Less is light, more is dark; the sign says it too.
        let block = if *change < 0.0 { "░" } else { "█" };
        let bar = if end > start { block.repeat(end - start) } else { "▏".to_owned() };
        let bar = format!("{}{bar}", " ".repeat(start));
        lines.push(row(name, &format!("{}{}", sign(*change), grouped(change.abs())), &bar));
    }
    lines.push(row(to, &grouped(fall.to), &mark(fall.to)));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Step;

    #[test]
    fn a_bar_goes_from_the_sum_before_to_the_sum_after() {
        // 100 → 60 → 80: of a span of 40 characters over 40, fans take away all, pumps give half back.
        let step = |name: &str, from: f64, to: f64| Step { name: name.into(), from, to };
        let steps = vec![step("server_fans", 50.0, 10.0), step("it", 5.0, 5.0), step("pumps", 0.0, 20.0)];
        let fall = Waterfall { from: 100.0, to: 80.0, steps, unaccounted: 0.0 };
        let lines = bars(&fall, "air", "plate");
        let blank = |n: usize| " ".repeat(n);
        assert_eq!(
            lines,
            [
                format!("    air                   100  {}│", blank(40)),
                format!("    server fans         −40.0  {}", "░".repeat(40)),
                format!("    pumps               +20.0  {}", "█".repeat(20)),
                format!("    plate                80.0  {}│", blank(20)),
            ]
        );
    }

    #[test]
    fn long_sentences_are_wrapped_between_words() {
        assert_eq!(wrapped("a bb ccc dddd", 9), ["  a bb", "    ccc", "    dddd"]);
    }
}
