//! Rows and how they are printed.

use crate::measure::{Spent, Spread};
use crate::peers::{Errors, Run};
use serde_json::{Value, json};

/// Repeated runs of one solver on one model.
#[derive(Clone, Debug)]
pub struct Timed {
    pub name: String,
    pub racks: usize,
    pub states: usize,
    pub tolerance: f64,
    pub spent: Vec<Spent>,
    pub steps: u64,
    pub errors: Errors,
}

impl Timed {
    pub fn new(name: String, racks: usize, states: usize, tolerance: f64) -> Timed {
        Timed { name, racks, states, tolerance, spent: Vec::new(), steps: 0, errors: Errors::default() }
    }
    pub fn add(&mut self, run: &Run, errors: Errors) {
        self.spent.push(run.spent);
        self.steps = run.steps;
        self.errors = errors;
    }
    /// How many times ours takes this one's CPU time, repeat by repeat.
    pub fn over(&self, ours: &Timed) -> Spread {
        Spread::of(self.spent.iter().zip(&ours.spent).map(|(theirs, ours)| theirs.cpu / ours.cpu))
    }
    pub fn line(&self, ours: &Timed) -> String {
        let cpu = Spread::of(self.spent.iter().map(|s| s.cpu));
        let wall = Spread::of(self.spent.iter().map(|s| s.wall));
        let cost = 1e9 * cpu.median / (self.steps as f64 * self.states as f64);
        format!(
            "| {} | {} | {:.1e} | {} | {:.4} ({:.4}–{:.4}) | {:.4} | {:.1} | {:.5} | {:.1e} | {:.2} |",
            self.name,
            self.racks,
            self.tolerance,
            self.steps,
            cpu.median,
            cpu.low,
            cpu.high,
            wall.median,
            cost,
            self.errors.max,
            self.errors.rms,
            self.over(ours).median,
        )
    }
    pub fn json(&self, ours: &Timed) -> Value {
        let cpu = Spread::of(self.spent.iter().map(|s| s.cpu));
        json!({
            "solver": self.name, "racks": self.racks, "states": self.states, "tolerance": self.tolerance,
            "steps": self.steps, "cpu_s": cpu.median, "cpu_s_low": cpu.low, "cpu_s_high": cpu.high,
            "wall_s": Spread::of(self.spent.iter().map(|s| s.wall)).median,
            "error_max_k": self.errors.max, "error_rms_k": self.errors.rms, "ratio": self.over(ours).median,
        })
    }
}

/// Heading of [`Timed::line`].
pub const TIMED: &str = "| solver | racks | tolerance | steps | CPU s (spread) | wall s | ns/state/step | max error K | rms K | ratio |
|---|---|---|---|---|---|---|---|---|---|";

/// Cost at one size.
#[derive(Clone, Debug)]
pub struct Size {
    pub racks: usize,
    pub states: usize,
    pub steps: u64,
    /// ns per state and attempted step.
    pub cost: Spread,
    /// CPU seconds per simulated hour.
    pub per_hour: f64,
    /// Bytes of the tiles per state.
    pub bytes: f64,
    /// Bytes per state by which the process grew.
    pub resident: f64,
    /// Bandwidth of the tier that the tiles lie in [GB/s].
    pub bandwidth: f64,
    /// ns per state and step of one pass over the tiles, or of the arithmetic if that is more.
    pub floor: f64,
}

/// Heading of [`Size::line`].
pub const SIZES: &str = "| racks | states | steps | ns/state/step (spread) | CPU s per simulated hour | tile bytes/state | all bytes/state | triad there GB/s | one-pass floor ns | ratio |
|---|---|---|---|---|---|---|---|---|---|";

impl Size {
    pub fn line(&self) -> String {
        format!(
            "| {} | {} | {} | {:.1} ({:.1}–{:.1}) | {:.3} | {:.0} | {:.0} | {:.1} | {:.1} | {:.1} |",
            self.racks,
            self.states,
            self.steps,
            self.cost.median,
            self.cost.low,
            self.cost.high,
            self.per_hour,
            self.bytes,
            self.resident,
            self.bandwidth,
            self.floor,
            self.cost.median / self.floor,
        )
    }
    pub fn json(&self) -> Value {
        json!({
            "racks": self.racks, "states": self.states, "steps": self.steps, "ns_per_state_step": self.cost.median,
            "cpu_s_per_hour": self.per_hour, "tile_bytes_per_state": self.bytes,
            "resident_bytes_per_state": self.resident, "triad_gb_per_s": self.bandwidth, "floor_ns": self.floor,
        })
    }
}

/// Which way a gate looks.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Wanted {
    AtLeast,
    AtMost,
}

/// One line of the gate table.
#[derive(Clone, Debug)]
pub struct Row {
    pub goal: String,
    prototype: String,
    gate: f64,
    stretch: f64,
    wanted: Wanted,
    measured: Option<Spread>,
    others: bool,
    note: String,
}

impl Row {
    /// A ratio that is to be large.
    pub fn ratio(
        goal: &str,
        prototype: &str,
        gate: f64,
        stretch: f64,
        measured: Spread,
        note: String,
    ) -> Row {
        let (goal, prototype) = (goal.to_owned(), prototype.to_owned());
        Row {
            goal,
            prototype,
            gate,
            stretch,
            wanted: Wanted::AtLeast,
            measured: Some(measured),
            others: true,
            note,
        }
    }
    /// A value that is to be small.
    pub fn bound(goal: &str, prototype: &str, gate: f64, stretch: f64, measured: f64, note: String) -> Row {
        let measured = Spread { median: measured, low: measured, high: measured };
        let row = Row::ratio(goal, prototype, gate, stretch, measured, note);
        Row { wanted: Wanted::AtMost, ..row }
    }
    /// Something that cannot be measured.
    pub fn absent(goal: &str, prototype: &str, gate: f64, stretch: f64, note: &str) -> Row {
        let nothing = Spread { median: f64::NAN, low: f64::NAN, high: f64::NAN };
        let row = Row::ratio(goal, prototype, gate, stretch, nothing, note.to_owned());
        Row { measured: None, ..row }
    }
    /// A second condition.
    pub fn also(&mut self, holds: bool) {
        self.others &= holds;
    }

    fn verdict(&self) -> &'static str {
        let Some(measured) = self.measured else { return "–" };
        let reaches = |limit: f64| match self.wanted {
            Wanted::AtLeast => measured.median >= limit,
            Wanted::AtMost => measured.median <= limit,
        };
        match () {
            () if !reaches(self.gate) || !self.others => "**missed**",
            () if reaches(self.stretch) => "stretch",
            () => "met",
        }
    }

    pub fn line(&self) -> String {
        let sign = if self.wanted == Wanted::AtLeast { "≥" } else { "≤" };
        let limit = |value: f64| if value.is_nan() { "–".to_owned() } else { format!("{sign} {value}") };
        let measured = self.measured.map_or("–".to_owned(), |m| {
            if m.low == m.high {
                format!("{:.2}", m.median)
            } else {
                format!("{:.2} ({:.2}–{:.2})", m.median, m.low, m.high)
            }
        });
        let (gate, stretch, verdict) = (limit(self.gate), limit(self.stretch), self.verdict());
        format!(
            "| {} | {} | {gate} | {stretch} | {measured} | {verdict} | {} |",
            self.goal, self.prototype, self.note
        )
    }

    pub fn json(&self) -> Value {
        json!({
            "goal": self.goal, "prototype": self.prototype, "gate": self.gate, "stretch": self.stretch,
            "measured": self.measured.map(|m| m.median), "low": self.measured.map(|m| m.low),
            "high": self.measured.map(|m| m.high), "verdict": self.verdict().trim_matches('*'), "note": self.note,
        })
    }
}

/// Heading of [`Row::line`].
pub const GATES: &str =
    "| goal | prototype | gate | stretch | measured | verdict | |\n|---|---|---|---|---|---|---|";
