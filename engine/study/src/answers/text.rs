//! The answers in sentences.

use super::{Answers, Chillers, Missed, Water, Way};
use crate::report::grouped;
use crate::targets::Figure;

/// Figures that fall when IT energy rises.
const PER_IT: [Figure; 3] = [Figure::Pue, Figure::WaterPerEnergy, Figure::CarbonPerEnergy];

fn signed(value: f64, unit: &str) -> String {
    format!("{} {unit} {}", grouped(value.abs()), if value < 0.0 { "less" } else { "more" })
}

/// Everything, as a person reads it.
#[must_use]
pub fn text(answers: &Answers) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        out.push_str(text.trim_end());
        out.push('\n');
    };
    let targets = &answers.summary.targets;
    line(format!("{}: {}", answers.site, headline(answers)));
    targets.iter().for_each(|target| line(target.line()));
    for missed in &answers.missed {
        line(String::new());
        sentences_of_missed(missed).into_iter().for_each(&mut line);
    }
    line(String::new());
    line("  Without water".into());
    sentences_of_water(&answers.water).into_iter().for_each(|s| line(format!("    {s}")));
    line(String::new());
    line("  Without compressors".into());
    sentences_of_chillers(&answers.chillers).into_iter().for_each(|s| line(format!("    {s}")));
    out
}

/// How many targets are met.
pub(super) fn headline(answers: &Answers) -> String {
    let (all, met) =
        (answers.summary.targets.len(), answers.summary.targets.iter().filter(|target| target.met).count());
    match (all, met) {
        (0, _) => {
            "the site has no targets; write for example targets: [ZeroWater, Pue(at_most: 1.15)] in it, or \
                   --set 'targets=[ZeroWater]'"
                .into()
        }
        (1, 1) => "its target is met.".into(),
        (all, met) if all == met => format!("all {all} targets are met."),
        (all, met) => format!("{met} of {all} targets are met."),
    }
}

/// What would meet a target.
pub(super) fn sentences_of_missed(missed: &Missed) -> Vec<String> {
    let mut said = vec![format!("  {}: what would meet it", missed.verdict.text)];
    if missed.ways.is_empty() {
        said.push(format!(
            "    None of the {} numbers that were tried one at a time moves it towards its limit.",
            missed.tried
        ));
    }
    for way in &missed.ways {
        said.push(format!("    {}", sentence_of_way(way)));
    }
    if !missed.ways.is_empty() && missed.ways.iter().all(|way| !way.verdict.met) {
        said.push("    No single one of them suffices within its range.".into());
    }
    said
}

fn sentence_of_way(way: &Way) -> String {
    let lever = &way.lever;
    let (now, then) = (lever.written(0), lever.written(way.steps));
    let mut text = if way.verdict.met {
        format!("{} = {then} meets it (now {now}): {}", lever.path, figure(way))
    } else {
        let range = |value: f64| lever.written(((value - lever.now) / lever.step).round() as i64);
        format!(
            "{} does not suffice from {} to {} (now {now}): it comes nearest at {then}, {}",
            lever.path,
            range(lever.low),
            range(lever.high),
            figure(way)
        )
    };
    text += &format!("; {} electricity", signed(way.energy_change_kwh, "kWh"));
    if way.verdict.met && way.energy_change_kwh > 0.0 && PER_IT.contains(&way.verdict.figure) {
        text += " (the ratio is met by more IT energy, nothing is saved)";
    }
    if way.water_change_m3 != 0.0 {
        text += &format!(", {} water", signed(way.water_change_m3, "m³"));
    }
    if !way.breaks.is_empty() {
        text += &format!("; but then {} would be missed", way.breaks.join(" and "));
    }
    text + "."
}

/// The verdict's sentence without the target.
fn figure(way: &Way) -> String {
    let sentence = way.verdict.sentence();
    let short = sentence.strip_prefix(&format!("{}: ", way.verdict.text)).unwrap_or(&sentence);
    short.split(';').next().unwrap_or(short).to_owned()
}

/// Life without water.
pub(super) fn sentences_of_water(water: &Water) -> Vec<String> {
    let mut said = Vec::new();
    if water.make_up_m3 == 0.0 {
        said.push("It runs without water as it is: not a litre is made up.".to_owned());
    } else {
        said.push(format!("As it is, it makes up {} m³ of water.", grouped(water.make_up_m3)));
    }
    for twin in &water.against {
        said.push(format!("Beside it: {}. What doing without costs:", twin.derived));
        let unlike = twin.comparison.differences.first().map_or(0, |difference| difference.unlike.len());
        let sentences = twin.comparison.sentences(0);
        let owned = twin.comparison.differences.first().is_some_and(|d| d.ownership.is_some());
        said.extend(
            sentences
                .into_iter()
                .take(5 + usize::from(owned) + unlike)
                .map(|sentence| format!("  {sentence}")),
        );
        let (with, without) = twin.compressor_hours;
        if with != without {
            said.push(format!(
                "  Compressors run in {} h in place of {} h.",
                grouped(without),
                grouped(with)
            ));
        }
        if !twin.not_held.is_empty() {
            said.push("  Without water it does not hold what it holds with it:".to_owned());
            said.extend(twin.not_held.iter().map(|sentence| format!("    {sentence}")));
        }
        if let Some(price) = per_cubic_metre(twin) {
            said.push(format!("  {price}"));
        }
        if water.make_up_m3 > 0.0 && !twin.dry_targets.is_empty() {
            said.push("  Targets without water:".to_owned());
            said.extend(twin.dry_targets.iter().map(|target| format!("  {}", target.line().trim_start())));
        }
    }
    if let Some(why) = &water.why_not {
        said.push(format!("What it costs is not known: {why}."));
    }
    said
}

/// Electricity per water that is not used.
fn per_cubic_metre(twin: &super::water::Twin) -> Option<String> {
    let difference = twin.comparison.differences.first()?;
    let saved = -difference.water.change();
    let kwh = difference.energy.change();
    (saved > 0.0 && kwh > 0.0)
        .then(|| format!("Each m³ that is not used takes {:.1} kWh of electricity.", kwh / saved))
}

/// Hours with compressors.
pub(super) fn sentences_of_chillers(chillers: &Chillers) -> Vec<String> {
    let all = grouped(chillers.hours);
    if chillers.machines.is_empty() {
        return vec![if chillers.hours_run > 0.0 {
            format!("Compressors run in {} h of {all} h.", grouped(chillers.hours_run))
        } else {
            "It has no compressors, or none ever runs.".to_owned()
        }];
    }
    let mut said: Vec<String> = Vec::new();
    for machine in &chillers.machines {
        said.push(format!(
            "Without water a compressor is unavoidable in {} h of {all} h: outdoor air is not colder than the {:.1} °C \
             that {} is to hold. With water, by the wet bulb, it is in {} h.",
            grouped(machine.hours_dry_bulb),
            machine.setpoint_c,
            machine.id,
            grouped(machine.hours_wet_bulb)
        ));
    }
    let mut text = format!("Compressors run in {} h", grouped(chillers.hours_run));
    if let Some(hours) = chillers.hours_with_largest {
        text += &format!("; with the largest free-cooling coils and economizers in {} h", grouped(hours));
    }
    said.push(text + ".");
    said
}
