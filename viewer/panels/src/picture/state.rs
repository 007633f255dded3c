//! What machines do at the cursor: whether they run, how far they are opened, what is wrong with them.

use crate::bench::Shown;
use engine::plant::declare::Bound;

/// What a machine does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum State {
    /// It runs; its first actuator's share of its stroke, where it has one.
    Runs(Option<f64>),
    /// It stands: nothing asks for it.
    Stands,
    /// It has tripped, or has no power.
    Tripped,
    /// It runs, and the run has a note on it: it is beyond a limit, or a set-point is not held.
    Beyond(Option<f64>),
}

/// Less than this of a stroke, and less than this power, is standing still [1, W].
const STILL: f64 = 1e-3;

impl State {
    /// What a unit of the plant does at a row of the record; nothing where the run says nothing of it.
    #[must_use]
    pub fn of(shown: &Shown, unit: usize, row: usize) -> Option<State> {
        let (record, of) = (&shown.record, &shown.case.plant.units[unit]);
        let value = |name: &str| record.value(row, record.column(&format!("{}.{name}", of.id))?);
        if value("availability").is_some_and(|there| there < 0.5) {
            return Some(State::Tripped);
        }
        let declaration = of.kind.declaration();
        let opened = declaration.actuators.first().and_then(|actuator| {
            let high = match actuator.high {
                Bound::Value(high) => high,
                Bound::Parameter(name) => of.parameter(name)?,
            };
            Some(value(actuator.name)? / if high > 0.0 { high } else { 1.0 })
        });
        let power = value("power");
        if opened.is_none() && power.is_none() {
            return None;
        }
        let still = |value: Option<f64>| value.is_none_or(|value| value.abs() < STILL);
        if still(opened) && still(power) {
            return Some(State::Stands);
        }
        let time = record.times.get(row).copied().unwrap_or(f64::NAN);
        let noted = shown.finished.as_ref().is_some_and(|finished| {
            finished.noted.iter().any(|note| note.what == of.id && (note.from..=note.to).contains(&time))
        });
        Some(if noted { State::Beyond(opened) } else { State::Runs(opened) })
    }

    /// The colour of the belt around the machine, sRGB: the brighter the more it does.
    #[must_use]
    pub fn colour(self) -> [u8; 3] {
        match self {
            State::Tripped => [222, 48, 40],
            State::Stands => [74, 80, 88],
            State::Beyond(_) => [245, 168, 40],
            State::Runs(share) => {
                let share = share.unwrap_or(0.7).clamp(0.0, 1.0);
                [(40.0, 70.0), (110.0, 225.0), (88.0, 150.0)]
                    .map(|(low, high)| (low + share * (high - low)) as u8)
            }
        }
    }

    /// Key of the word for it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            State::Tripped => "state-tripped",
            State::Stands => "state-stands",
            State::Beyond(_) => "state-beyond",
            State::Runs(_) => "state-runs",
        }
    }

    /// Its share of the stroke, where that is known.
    #[must_use]
    pub const fn share(self) -> Option<f64> {
        match self {
            State::Runs(share) | State::Beyond(share) => share,
            State::Stands | State::Tripped => None,
        }
    }
}
