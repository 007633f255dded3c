//! The difference of two runs in sentences.

use super::{Delta, Difference, SameWork, Side, Waterfall};
use crate::report::{grouped, label};

/// Changes below this share of all changes are not named one by one.
const WORTH_NAMING: f64 = 0.01;
/// At most so many are.
const NAMED: usize = 6;
/// Water below this is nobody's business [m³].
const NO_WATER: f64 = 1e-9;

/// Everything worth saying, the answer first.
pub(super) fn of(a: &Side, b: &Side, difference: &Difference) -> Vec<String> {
    let mut said = vec![electricity(a, b, difference)];
    if let SameWork::Differs(more) = difference.work {
        said.extend(per_work(a, b, difference, more));
    }
    if difference.work != SameWork::Same {
        said.extend(per_it(a, b, difference));
    }
    said.extend(effectiveness(a, b, difference));
    said.extend(water(a, b, difference));
    said.extend(carbon_and_cost(b, difference));
    said.extend(cooling(a, b));
    said.extend(ownership(a, b, difference));
    said.extend(difference.unlike.iter().map(|text| format!("Mind: {text}.")));
    said
}

/// An energy in the unit of its `size`, signed or not.
#[must_use]
pub fn energy(kwh: f64, size: f64, signed: bool) -> String {
    let (divisor, unit) = match size.abs() {
        size if size >= 1e9 => (1e9, "TWh"),
        size if size >= 1e6 => (1e6, "GWh"),
        size if size >= 1e4 => (1e3, "MWh"),
        _ => (1.0, "kWh"),
    };
    let value = kwh / divisor;
    let number = if divisor == 1.0 && size.abs() >= 100.0 {
        grouped(value.abs())
    } else {
        format!("{:.*}", if (size / divisor).abs() < 100.0 { 2 } else { 0 }, value.abs())
    };
    if signed { format!("{}{number} {unit}", sign(kwh)) } else { format!("{number} {unit}") }
}

/// The sign of a change.
#[must_use]
pub fn sign(value: f64) -> &'static str {
    if value < 0.0 { "−" } else { "+" }
}

/// The size of a share in percent.
#[must_use]
pub fn percent(share: f64) -> String {
    let percent = 100.0 * share.abs();
    match percent {
        p if p > 0.0 && p < 0.1 => format!("{p:.2} %"),
        p if p < 200.0 => format!("{p:.1} %"),
        p => format!("{} %", grouped(p)),
    }
}

fn more(change: f64) -> &'static str {
    if change < 0.0 { "less" } else { "more" }
}

/// The steps that matter, the largest first, and the rest in one, without a name.
#[must_use]
pub fn causes(fall: &Waterfall) -> Vec<(Option<&str>, f64)> {
    let steps = fall.largest();
    let all: f64 = steps.iter().map(|step| step.change().abs()).sum();
    let named = steps.iter().take(NAMED).filter(|step| step.change().abs() >= WORTH_NAMING * all);
    let mut parts: Vec<(Option<&str>, f64)> =
        named.map(|step| (Some(step.name.as_str()), step.change())).collect();
    if steps.len() > parts.len() {
        parts.push((None, steps.iter().skip(parts.len()).map(|step| step.change()).sum()));
    }
    parts
}

fn causes_said(fall: &Waterfall, shown: impl Fn(f64) -> String) -> String {
    let said = |(name, change): (Option<&str>, f64)| {
        format!("{} {}", name.map_or("all else".to_owned(), label), shown(change))
    };
    causes(fall).into_iter().map(said).collect::<Vec<String>>().join(", ")
}

fn electricity(a: &Side, b: &Side, difference: &Difference) -> String {
    let fall = &difference.energy;
    let change = fall.change();
    let work = match difference.work {
        SameWork::Same => "for the same IT work".to_owned(),
        SameWork::Differs(more) => format!("for {} {} IT work", percent(more), self::more(more)),
        SameWork::Unknown(_) => "(no accelerators to measure IT work by)".to_owned(),
    };
    if fall.largest().is_empty() {
        return format!("{} uses the same electricity as {} {work}.", b.name, a.name);
    }
    let size = fall.largest().first().map_or(change, |step| step.change().abs().max(change.abs()));
    let share = super::share(change, a.facility_energy_kwh)
        .map_or(String::new(), |share| format!(" ({})", percent(share)));
    format!(
        "{} uses {}{share} {} electricity than {} {work}: {}.",
        b.name,
        energy(change.abs(), change, false),
        more(change),
        a.name,
        causes_said(fall, |kwh| energy(kwh, size, true))
    )
}

fn per_work(a: &Side, b: &Side, difference: &Difference, more_work: f64) -> Option<String> {
    let fall = difference.per_work.as_ref()?;
    let hours = |side: &Side| side.work.map_or(0.0, |work| work.accelerator_hours);
    Some(format!(
        "The IT work differs: {} does {} full-load accelerator-hours, {} {}, {} {}; per accelerator-hour {} uses \
         {:.1} Wh against {:.1} Wh: {}.",
        b.name,
        grouped(hours(b)),
        a.name,
        grouped(hours(a)),
        percent(more_work),
        more(more_work),
        b.name,
        fall.to,
        fall.from,
        causes_said(fall, |wh| format!("{}{:.1} Wh", sign(wh), wh.abs()))
    ))
}

fn per_it(a: &Side, b: &Side, difference: &Difference) -> Option<String> {
    let fall = difference.per_it.as_ref()?;
    let steps: Vec<_> = fall.largest();
    if steps.is_empty() {
        return None;
    }
    Some(format!(
        "Per kWh of IT energy {} uses {:.3} kWh and {} {:.3} kWh: {}.",
        b.name,
        fall.to,
        a.name,
        fall.from,
        causes_said(fall, |kwh| format!("{}{:.4}", sign(kwh), kwh.abs()))
    ))
}

fn figure<'a>(difference: &'a Difference, name: &str) -> Option<&'a Delta> {
    difference.figures.iter().find(|delta| delta.name == name)
}

/// PUE and TUE side by side, and what the one does not see.
fn effectiveness(a: &Side, b: &Side, difference: &Difference) -> Option<String> {
    let pue = figure(difference, "pue")?;
    let (from, to) = pue.from.zip(pue.to)?;
    let mut text = format!("PUE is {to:.3} against {from:.3}");
    let tue = figure(difference, "tue").and_then(|tue| Some((tue.from?, tue.to?, tue.relative()?)));
    let Some((tue_from, tue_to, tue_share)) = tue else { return Some(text + ".") };
    text += &format!(", TUE {tue_to:.3} against {tue_from:.3}");
    let pue_share = pue.relative()?;
    let fans = |side: &Side| {
        side.energy_kwh
            .iter()
            .filter(|(name, _)| name == "server_fans" || name == "psu_loss")
            .fold(0.0, |sum, (_, kwh)| sum + kwh)
    };
    // PUE counts fans and supplies in the servers as IT: where they change, it moves by less, or to the other side.
    if (tue_share - pue_share).abs() >= 2.5e-3 {
        let change = fans(b) - fans(a);
        text += &format!(
            "; PUE counts fans and supplies in the servers as IT and so moves by {}{}, TUE by {}{} \
             (they use {})",
            sign(pue_share),
            percent(pue_share),
            sign(tue_share),
            percent(tue_share),
            format_args!("{} {}", energy(change.abs(), change, false), more(change))
        );
    }
    Some(text + ".")
}

fn water(a: &Side, b: &Side, difference: &Difference) -> Option<String> {
    let fall = &difference.water;
    let change = fall.change();
    if a.make_up_m3 < NO_WATER && b.make_up_m3 < NO_WATER {
        return Some("Neither uses water.".into());
    }
    let wue = |side: &Side| side.wue.map_or("–".to_owned(), |wue| format!("{wue:.3}"));
    let wues = format!("WUE {} L/kWh against {}", wue(b), wue(a));
    if b.make_up_m3 < NO_WATER {
        return Some(format!("{} uses no water, {} {} m³ ({wues}).", b.name, a.name, grouped(a.make_up_m3)));
    }
    if a.make_up_m3 < NO_WATER {
        return Some(format!(
            "{} uses {} m³ of water, {} none ({wues}): {}.",
            b.name,
            grouped(b.make_up_m3),
            a.name,
            causes_said(fall, |m3| format!("{}{} m³", sign(m3), grouped(m3.abs())))
        ));
    }
    if change == 0.0 {
        return Some(format!("Both use {} m³ of water ({wues}).", grouped(b.make_up_m3)));
    }
    Some(format!(
        "{} uses {} m³ ({}) {} water than {} ({wues}): {}.",
        b.name,
        grouped(change.abs()),
        percent(change / a.make_up_m3),
        more(change),
        a.name,
        causes_said(fall, |m3| format!("{}{} m³", sign(m3), grouped(m3.abs())))
    ))
}

fn carbon_and_cost(b: &Side, difference: &Difference) -> Option<String> {
    let amount = |name: &str| figure(difference, name).and_then(|d| Some((d.change()?, d.relative(), d)));
    let mut parts = Vec::new();
    if let Some((change, share, _)) = amount("carbon_t") {
        let share = share.map_or(String::new(), |share| format!(" ({})", percent(share)));
        parts.push(match change == 0.0 {
            true => "emits as much CO₂".to_owned(),
            false => format!("emits {} t{share} {} CO₂", grouped(change.abs()), more(change)),
        });
    }
    if let Some((change, share, delta)) = amount("cost") {
        let share = share.map_or(String::new(), |share| format!(" ({})", percent(share)));
        parts.push(match change == 0.0 {
            true => "pays as much for electricity and water".to_owned(),
            false => format!(
                "pays {} {}{share} {} for electricity and water",
                grouped(change.abs()),
                delta.unit,
                more(change)
            ),
        });
    }
    (!parts.is_empty()).then(|| format!("{} {}.", b.name, parts.join(" and ")))
}

/// What it costs to own, and why.
fn ownership(a: &Side, b: &Side, difference: &Difference) -> Option<String> {
    let fall = difference.ownership.as_ref()?;
    let currency = &b.ownership.as_ref()?.currency;
    let change = fall.change();
    let signed = |amount: f64| format!("{}{}", sign(amount), grouped(amount.abs()));
    let share =
        super::share(change, fall.from).map_or(String::new(), |share| format!(" ({})", percent(share)));
    let mut text = if fall.largest().is_empty() {
        format!("{} costs as much to own as {}", b.name, a.name)
    } else {
        format!(
            "To own, {} costs {} {currency}{share} {} a year than {}: {}",
            b.name,
            grouped(change.abs()),
            more(change),
            a.name,
            causes_said(fall, signed)
        )
    };
    let hour = figure(difference, "cost_per_accelerator_hour").and_then(|d| d.from.zip(d.to));
    if let Some((from, to)) = hour {
        text += &format!("; a full-load accelerator-hour costs {to:.4} {currency} against {from:.4}");
    }
    Some(text + ".")
}

fn cooling(a: &Side, b: &Side) -> Option<String> {
    let hours = |side: &Side| format!("{} h of {} h", grouped(side.free_cooling_hours), grouped(side.hours));
    let mut text = format!("It runs {} without compressor, {} {}", hours(b), a.name, hours(a));
    if let Some((from, to)) = a.max_junction_c.zip(b.max_junction_c) {
        text += &format!("; its hottest junction reaches {to:.1} °C against {from:.1} °C");
    }
    Some(text + ".")
}
