//! The answers for a program to read.

use super::{Answers, Way, text};
use crate::compare;
use crate::targets::Verdict;
use crate::write::json::number;
use serde_json::{Value, json};

/// Schema of the answer.
pub const SCHEMA: &str = "isotherm.targets/1";

/// `{site, targets, missed, water, compressors, runs}`.
#[must_use]
pub fn json(answers: &Answers) -> Value {
    let missed = answers.missed.iter().map(|missed| {
        json!({
            "target": missed.verdict.text,
            "ways": missed.ways.iter().map(way).collect::<Vec<Value>>(),
            "tried": missed.tried,
            "sentences": text::sentences_of_missed(missed),
        })
    });
    let water = &answers.water;
    let against = water.against.iter().map(|twin| {
        json!({
            "derived": twin.derived,
            "compressor_hours_with_water": number(twin.compressor_hours.0),
            "compressor_hours_without": number(twin.compressor_hours.1),
            "not_held_without": twin.not_held,
            "comparison": compare::json(&twin.comparison),
            "targets": twin.dry_targets.iter().map(Verdict::json).collect::<Vec<Value>>(),
        })
    });
    let chillers = &answers.chillers;
    let machines = chillers.machines.iter().map(|machine| {
        json!({
            "id": machine.id,
            "setpoint_c": number(machine.setpoint_c),
            "unavoidable_hours": number(machine.hours_dry_bulb),
            "unavoidable_hours_with_water": number(machine.hours_wet_bulb),
        })
    });
    json!({
        "site": answers.site,
        "targets": answers.summary.targets.iter().map(Verdict::json).collect::<Vec<Value>>(),
        "missed": missed.collect::<Vec<Value>>(),
        "water": {
            "make_up_m3": number(water.make_up_m3),
            "against": against.collect::<Vec<Value>>(),
            "why_not": water.why_not,
            "sentences": text::sentences_of_water(water),
        },
        "compressors": {
            "hours": number(chillers.hours),
            "hours_run": number(chillers.hours_run),
            "hours_with_largest": chillers.hours_with_largest.map(number),
            "machines": machines.collect::<Vec<Value>>(),
            "sentences": text::sentences_of_chillers(chillers),
        },
        "runs": answers.runs,
    })
}

fn way(way: &Way) -> Value {
    let lever = &way.lever;
    json!({
        "path": lever.path,
        "now": lever.written(0),
        "value": lever.written(way.steps),
        "low": lever.written(lever.reach().0),
        "high": lever.written(lever.reach().1),
        "result": way.verdict.json(),
        "energy_change_kwh": number(way.energy_change_kwh),
        "water_change_m3": number(way.water_change_m3),
        "misses": way.breaks,
    })
}
