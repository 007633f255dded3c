//! What was outside its range, where, from when to when.

use crate::account::Closure;
use crate::blocks::Racks;
use crate::members::Members;
use crate::state::state;
use plant::declare::{Effect, Store};
use plant::network::{Network, Sensing};
use plant::plant::{Plant, Sensor};
use solver::blocks::Reached;

/// Something a reader of the results must know.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// The component, or `site`.
    pub component: String,
    /// First time it was so [s from the start of the year].
    pub from_s: f64,
    /// Last time it was so.
    pub to_s: f64,
    /// For how long, all in all [s].
    pub duration_s: f64,
    /// How many separate times.
    pub count: u64,
    /// What, in English.
    pub text: String,
    /// What, for other languages: see [`code`].
    pub code: String,
    /// What stands in the sentence, by name.
    pub values: Vec<(&'static str, String)>,
}

/// Why a start is no steady state.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unsteady {
    /// None was found.
    FrozenDay,
    /// Switches move in each.
    Switches,
}

impl Unsteady {
    const ALL: [Unsteady; 2] = [Unsteady::FrozenDay, Unsteady::Switches];

    fn said(self) -> (&'static str, &'static str) {
        match self {
            Unsteady::FrozenDay => (
                "start-frozen-day",
                "no steady state was found to start from: the run starts where a day of frozen weather led to",
            ),
            Unsteady::Switches => (
                "start-switches",
                "switches do not come to agree with a steady state: the run starts as they stood last",
            ),
        }
    }
}

/// Longest code of a finding.
const LONGEST_CODE: usize = 80;

/// The code of a finding whose text a component declares: its words, apart by `-`. Findings with values in them have
/// codes of their own: `not-held`, `moves-again-and-again`, `balance-misses-…`, `followed-dynamically`,
/// `start-frozen-day`, `start-switches`.
#[must_use]
pub fn code(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut code = String::new();
    for word in words {
        if code.len() + word.len() + 1 > LONGEST_CODE {
            break;
        }
        if !code.is_empty() {
            code.push('-');
        }
        code.push_str(word);
    }
    code
}

/// What a control loop is to hold.
#[derive(Debug, Clone)]
struct Wanted {
    unit: usize,
    setpoint: f64,
    /// +1 where opening raises the measured value.
    sign: f64,
    /// How far off counts.
    slack: f64,
    unit_name: &'static str,
    text: String,
    values: Vec<(&'static str, String)>,
}

/// A set-point counts as not held beyond this share of the loop's band.
const HELD_WITHIN: f64 = 0.15;
/// An actuator is at its limit within this share of it.
const AT_LIMIT: f64 = 0.02;

#[derive(Debug, Clone, Default)]
struct Episode {
    from: f64,
    to: f64,
    duration: f64,
    count: u64,
    inside: bool,
    worst: f64,
}

/// Collects notes during a run.
#[derive(Debug, Clone)]
pub struct Notes {
    units: Vec<String>,
    ranges: Vec<Episode>,
    switches: Vec<Episode>,
    chatter: Vec<Episode>,
    loops: Vec<Episode>,
    wanted: Vec<Wanted>,
    texts: Vec<(usize, String, f64, f64)>,
    switch_texts: Vec<(usize, String)>,
    /// Of racks that are carried apart: what is checked in all of them, in the order of `rack_episodes`.
    rack_checks: Vec<RackCheck>,
    rack_episodes: Vec<Episode>,
    /// Quasi-steady steps that were followed dynamically.
    followed: Episode,
    /// A start that is no steady state, by why.
    starts: Vec<Episode>,
}

/// Something that is checked in every rack of a class, and in every chip of a part.
#[derive(Debug, Clone)]
struct RackCheck {
    class: usize,
    unit: usize,
    text: String,
    what: Checked,
}

#[derive(Debug, Clone)]
enum Checked {
    /// Values within a range: which are watched.
    Range { watches: Vec<usize>, low: f64, high: f64, standing: bool },
    /// Switches that are not ordinary operation while they are on.
    On { switches: Vec<usize> },
    /// A set-point that is not held while the actuator is at its limit.
    Held { wanted: Wanted, sensor: Sensing, position: usize, high: f64 },
}

state!(Notes { ranges, switches, chatter, loops, rack_episodes, followed, starts } fixed { units, wanted, texts, switch_texts, rack_checks });
state!(Episode { from, to, duration, count, inside, worst } fixed {});

impl Notes {
    pub(crate) fn new(plant: &Plant, network: &Network) -> Self {
        let text =
            |range: &plant::network::Range| (range.unit, range.text.to_string(), range.low, range.high);
        Notes {
            units: plant.units.iter().map(|u| u.id.clone()).collect(),
            ranges: vec![Episode::default(); network.ranges().len()],
            switches: vec![Episode::default(); network.switches().len()],
            chatter: vec![Episode::default(); network.switches().len()],
            loops: vec![Episode::default(); network.watched().len()],
            wanted: network.watched().iter().map(|watched| wanted(plant, watched.index)).collect(),
            texts: network.ranges().iter().map(text).collect(),
            switch_texts: network.switches().iter().map(|s| (s.unit, s.note.to_string())).collect(),
            rack_checks: Vec::new(),
            rack_episodes: Vec::new(),
            followed: Episode::default(),
            starts: vec![Episode::default(); Unsteady::ALL.len()],
        }
    }

    /// Checks these racks as well. What the chips of a part have in common is one finding.
    pub(crate) fn with_racks(mut self, plant: &Plant, racks: &[Racks]) -> Self {
        for (class, racks) in racks.iter().map(|racks| &racks.class).enumerate() {
            for range in racks.ranges() {
                let unit = racks.watches()[range.watch].unit;
                let (low, high, standing) = (range.low, range.high, range.standing);
                let what = Checked::Range { watches: vec![range.watch], low, high, standing };
                self.check_also(RackCheck { class, unit, text: range.text.into(), what });
            }
            for (k, switch) in racks.switches().iter().enumerate().filter(|(_, s)| !s.note.is_empty()) {
                let what = Checked::On { switches: vec![k] };
                self.check_also(RackCheck { class, unit: switch.unit, text: switch.note.into(), what });
            }
            for held in racks.positions() {
                let wanted = wanted(plant, held.index);
                let (unit, text) = (wanted.unit, wanted.text.clone());
                let (sensor, position, high) = (held.sensor, held.position, held.high);
                let what = Checked::Held { wanted, sensor, position, high };
                self.check_also(RackCheck { class, unit, text, what });
            }
        }
        self.rack_episodes = vec![Episode::default(); self.rack_checks.len()];
        self
    }

    fn check_also(&mut self, check: RackCheck) {
        let same = |known: &&mut RackCheck| {
            (known.class, known.unit) == (check.class, check.unit) && known.text == check.text
        };
        match (self.rack_checks.iter_mut().find(same).map(|known| &mut known.what), &check.what) {
            (
                Some(Checked::Range { watches, low, high, .. }),
                Checked::Range { watches: more, low: same_low, high: same_high, .. },
            ) if (&*low, &*high) == (same_low, same_high) => watches.extend(more),
            (Some(Checked::On { switches }), Checked::On { switches: more }) => switches.extend(more),
            _ => self.rack_checks.push(check),
        }
    }

    /// Checks the racks at a point that was reached. What is outside in any of them counts once; units that are
    /// `out` of service in any of them are as in [`Notes::check`], and what `stands` in one of them switches nothing
    /// there: unit, member.
    pub(crate) fn check_racks(
        &mut self,
        core: &Network,
        members: &Members,
        reached: &Reached,
        out: &[bool],
        stands: &dyn Fn(usize, usize) -> bool,
    ) {
        for (check, episode) in self.rack_checks.iter().zip(&mut self.rack_episodes) {
            let excused = match check.what {
                Checked::Range { standing, .. } => !standing,
                Checked::On { .. } => false,
                Checked::Held { .. } => true,
            };
            if excused && out.get(check.unit).copied().unwrap_or(false) {
                continue;
            }
            let (lowest, highest) = (&reached.low[check.class], &reached.high[check.class]);
            let (so, amount) = match &check.what {
                Checked::Range { watches, low, high, .. } => {
                    let outside = |&watch: &usize| {
                        let (least, most) = (lowest[watch], highest[watch]);
                        let beyond = (low - least).max(most - high);
                        beyond.is_nan() || beyond > slack(least) || beyond > slack(most)
                    };
                    (watches.iter().any(outside), 0.0)
                }
                Checked::On { switches } => {
                    (members.any_on(check.class, switches, |member| !stands(check.unit, member)), 0.0)
                }
                Checked::Held { wanted, sensor, position, high } => {
                    let measured = match *sensor {
                        Sensing::Core { slot, scale } => core.values()[slot as usize] * scale,
                        // The rack that is furthest off.
                        Sensing::Member(watch) if wanted.sign > 0.0 => lowest[watch],
                        Sensing::Member(watch) => highest[watch],
                    };
                    let short = (wanted.setpoint - measured) * wanted.sign;
                    let open = highest[*position] >= high * (1.0 - AT_LIMIT);
                    (open && short > wanted.slack, short)
                }
            };
            episode.see(so, reached.from, reached.time, amount);
        }
    }

    /// Checks the values at the end of an accepted step. Units that are `out` of service by an event are not held
    /// to the ranges of units that work.
    pub(crate) fn check(&mut self, network: &Network, out: &[bool], from: f64, to: f64) {
        let slots = network.values();
        for (range, episode) in network.ranges().iter().zip(&mut self.ranges) {
            if !range.standing && out.get(range.unit).copied().unwrap_or(false) {
                continue;
            }
            let value = slots[range.slot as usize] * range.scale;
            let outside = (range.low - value).max(value - range.high);
            episode.see(outside.is_nan() || outside > slack(value), from, to, outside);
        }
        for (switch, episode) in network.switches().iter().zip(&mut self.switches) {
            let stands = out.get(switch.unit).copied().unwrap_or(false);
            let on = slots[switch.slot as usize] > 0.5 && !switch.note.is_empty() && !stands;
            episode.see(on, from, to, 0.0);
        }
        self.check_loops(network, out, from, to);
    }

    /// Sees whether a quasi-steady step had to be followed dynamically.
    pub(crate) fn follow(&mut self, so: bool, from: f64, to: f64) {
        self.followed.see(so, from, to, 0.0);
    }

    /// Says that the run starts at `time` without a steady state.
    pub(crate) fn start(&mut self, unsteady: Unsteady, time: f64) {
        self.starts[unsteady as usize].see(true, time, time, 0.0);
    }

    /// Says of the start what others say of it.
    pub(crate) fn start_as(&mut self, other: &Notes) {
        self.starts.clone_from(&other.starts);
    }

    fn check_loops(&mut self, network: &Network, out: &[bool], from: f64, to: f64) {
        let slots = network.values();
        for ((watched, wanted), episode) in network.watched().iter().zip(&self.wanted).zip(&mut self.loops) {
            if out.get(wanted.unit).copied().unwrap_or(false) {
                continue;
            }
            let short = (wanted.setpoint - slots[watched.sensor as usize] * watched.scale) * wanted.sign;
            let open = slots[watched.position as usize] >= watched.high * (1.0 - AT_LIMIT);
            episode.see(open && short > wanted.slack, from, to, short);
        }
    }

    /// Switches that the guard against endless moves holds back.
    pub(crate) fn check_chatter(&mut self, held_back: impl Iterator<Item = bool>, from: f64, to: f64) {
        for (episode, held) in self.chatter.iter_mut().zip(held_back) {
            episode.see(held, from, to, 0.0);
        }
    }

    /// Number of findings so far.
    pub fn len(&self) -> usize {
        let all = self.ranges.iter().chain(&self.switches).chain(&self.loops).chain(&self.rack_episodes);
        all.filter(|e| e.count > 0).count()
    }

    /// Whether nothing was found so far.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn finish(self, closure: &Closure, end: f64) -> Vec<Note> {
        let note = |episode: &Episode, unit: usize, text: String| Note {
            component: self.units[unit].clone(),
            from_s: episode.from,
            to_s: episode.to,
            duration_s: episode.duration,
            count: episode.count,
            code: code(&text),
            values: Vec::new(),
            text,
        };
        let ranges = self.ranges.iter().zip(&self.texts).filter(|(e, _)| e.count > 0);
        let switches = self.switches.iter().zip(&self.switch_texts).filter(|(e, _)| e.count > 0);
        let mut notes: Vec<Note> =
            ranges.map(|(episode, (unit, text, _, _))| note(episode, *unit, text.clone())).collect();
        let loops = self.loops.iter().zip(&self.wanted).filter(|(e, _)| e.count > 0);
        let not_held = |episode: &Episode, wanted: &Wanted| {
            let by = if wanted.unit_name.is_empty() {
                format!("{:.3}", episode.worst)
            } else {
                format!("{:.1} K", episode.worst)
            };
            let values = wanted.values.iter().cloned().chain([("worst", by.clone())]).collect();
            let text = format!("{}, at worst by {by}", wanted.text);
            Note { code: "not-held".into(), values, ..note(episode, wanted.unit, text) }
        };
        notes.extend(loops.map(|(episode, wanted)| not_held(episode, wanted)));
        let racks = self.rack_episodes.iter().zip(&self.rack_checks).filter(|(e, _)| e.count > 0);
        notes.extend(racks.map(|(episode, check)| match &check.what {
            Checked::Held { wanted, .. } => not_held(episode, wanted),
            Checked::Range { .. } | Checked::On { .. } => note(episode, check.unit, check.text.clone()),
        }));
        notes.extend(switches.map(|(episode, (unit, text))| note(episode, *unit, text.clone())));
        let chatter = self.chatter.iter().zip(&self.switch_texts).filter(|(e, _)| e.count > 0);
        notes.extend(chatter.map(|(episode, (unit, _))| {
            let text = "a switch wants to move again and again: it is held to one move a second";
            Note { code: "moves-again-and-again".into(), ..note(episode, *unit, text.to_owned()) }
        }));
        for (code, what, relative) in [
            ("balance-misses-energy", "energy balance of an interval", closure.energy_worst),
            ("balance-misses-water", "water balance of an interval", closure.water_worst),
            (
                "balance-misses-recomputed",
                "energy balance recomputed from the columns",
                closure.energy_recomputed,
            ),
        ] {
            if relative.abs() > 1e-6 {
                notes.push(Note {
                    component: "site".into(),
                    from_s: 0.0,
                    to_s: end,
                    duration_s: end,
                    count: 1,
                    text: format!("the {what} misses by {relative:.1e} of its throughput"),
                    code: code.into(),
                    values: vec![("share", format!("{relative:.1e}"))],
                });
            }
        }
        let followed = (
            "followed-dynamically",
            "what does not come to rest within a step (discrete logic, or the equations) was followed dynamically",
        );
        let starts = self.starts.iter().zip(Unsteady::ALL.map(Unsteady::said));
        let of_site = starts.chain([(&self.followed, followed)]).filter(|(episode, _)| episode.count > 0);
        for (&Episode { from, to, duration, count, .. }, (code, text)) in of_site {
            notes.push(Note {
                component: "site".into(),
                from_s: from,
                to_s: to,
                duration_s: duration,
                count,
                code: code.into(),
                values: Vec::new(),
                text: text.into(),
            });
        }
        // What puts all of the run in doubt stands first.
        let doubted = |note: &Note| note.code.starts_with("start-");
        notes.sort_by(|a, b| {
            (doubted(b).cmp(&doubted(a)))
                .then_with(|| b.duration_s.total_cmp(&a.duration_s))
                .then_with(|| a.component.cmp(&b.component))
        });
        notes
    }
}

/// A hair beyond a limit is rounding, not a finding.
fn slack(value: f64) -> f64 {
    1e-6 * (1.0 + value.abs())
}

/// What a loop of the plant holds, in words.
fn wanted(plant: &Plant, index: usize) -> Wanted {
    let control = &plant.loops[index];
    let declaration = plant.units[control.unit].kind.declaration();
    let end_name = |end: plant::plant::End| {
        let unit = &plant.units[end.unit];
        format!("{}.{}", unit.id, unit.kind.declaration().ports[end.port].name)
    };
    let value_name = |unit: usize, name: &str| format!("{}.{name}", plant.units[unit].id);
    let (name, is_temperature) = match &control.sensor {
        Sensor::TemperatureIn(end) => (format!("{}_in", end_name(*end)), true),
        Sensor::TemperatureOut(end) => (format!("{}_out", end_name(*end)), true),
        Sensor::Flow(end) => (format!("{}_flow", end_name(*end)), false),
        Sensor::PressureDrop(end) => (format!("{}_pressure_drop", end_name(*end)), false),
        Sensor::State(unit, k) => {
            let state = &plant.units[*unit].kind.declaration().states[*k];
            (value_name(*unit, state.name), matches!(state.store, Store::Heat(_)))
        }
        Sensor::Output(unit, k) => {
            let output = &plant.units[*unit].kind.declaration().outputs[*k];
            let temperature = output.effect == Effect::Reading(units::Quantity::Temperature);
            (value_name(*unit, output.name), temperature)
        }
        Sensor::DryBulb => ("weather.dry_bulb".into(), true),
        Sensor::WetBulb => ("weather.wet_bulb".into(), true),
    };
    let (setpoint, unit_name) = match is_temperature {
        true => (format!("{:.1} °C", control.setpoint - 273.15), "K"),
        false => (format!("{:.3}", control.setpoint), ""),
    };
    let actuator = declaration.actuators[control.actuator].name;
    Wanted {
        unit: control.unit,
        setpoint: control.setpoint,
        sign: if control.raises { 1.0 } else { -1.0 },
        slack: HELD_WITHIN * control.band,
        unit_name,
        text: format!("{actuator} at its limit, {name} off its set-point of {setpoint}"),
        values: vec![("actuator", actuator.to_owned()), ("sensor", name), ("setpoint", setpoint)],
    }
}

impl Episode {
    fn see(&mut self, so: bool, from: f64, to: f64, amount: f64) {
        if so {
            if self.count == 0 {
                self.from = from;
            }
            if !self.inside {
                self.count += 1;
            }
            self.to = to;
            self.duration += to - from;
            self.worst = self.worst.max(amount);
        }
        self.inside = so;
    }
}

const MONTHS: [(&str, u32); 12] = [
    ("Jan", 31),
    ("Feb", 28),
    ("Mar", 31),
    ("Apr", 30),
    ("May", 31),
    ("Jun", 30),
    ("Jul", 31),
    ("Aug", 31),
    ("Sep", 30),
    ("Oct", 31),
    ("Nov", 30),
    ("Dec", 31),
];

/// A part of the year as a person says it: `2 Jul 14:00 to 3 Jul 14:00 (24 h)`.
pub fn part_of_year(start_s: f64, hours: f64) -> String {
    let minutes = 60.0 * hours;
    let long = match minutes {
        m if m < 1.0 => format!("{:.0} s", 60.0 * m),
        m if m < 120.0 && m.round() % 60.0 != 0.0 => format!("{m:.0} min"),
        m if m.round() % 60.0 != 0.0 && hours < 100.0 => format!("{hours:.1} h"),
        _ => format!("{hours:.0} h"),
    };
    format!("{} to {} ({long})", clock(start_s), clock(start_s + 3600.0 * hours))
}

/// A time of the year as a person says it: `2 Jul 14:30`.
pub fn clock(seconds: f64) -> String {
    if !seconds.is_finite() {
        return "?".into();
    }
    let minutes = (seconds / 60.0).floor().rem_euclid(365.0 * 1440.0) as u32;
    let (mut day, minute) = (minutes / 1440, minutes % 1440);
    for (name, days) in MONTHS {
        if day < days {
            return format!("{} {name} {:02}:{:02}", day + 1, minute / 60, minute % 60);
        }
        day -= days;
    }
    "31 Dec 24:00".into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_the_year_reads_like_a_date() {
        // 31 + 28 + 31 + 30 + 31 + 30 = 181 days before July
        assert_eq!(clock((182.0 * 24.0 + 14.5) * 3600.0), "2 Jul 14:30");
        assert_eq!(clock(0.0), "1 Jan 00:00");
        assert_eq!(clock(365.0 * 86400.0 - 60.0), "31 Dec 23:59");
    }

    #[test]
    fn a_part_of_the_year_says_how_long_it_is() {
        let of = |hours: f64| part_of_year(181.0 * 86400.0, hours);
        assert_eq!(of(24.0), "1 Jul 00:00 to 2 Jul 00:00 (24 h)");
        assert_eq!(of(1.0 / 3.0), "1 Jul 00:00 to 1 Jul 00:20 (20 min)");
        for (hours, long) in
            [(0.005, "18 s"), (1.0, "1 h"), (1.5, "90 min"), (2.5, "2.5 h"), (1000.3, "1000 h")]
        {
            assert!(of(hours).ends_with(&format!("({long})")), "{}", of(hours));
        }
    }

    #[test]
    fn the_code_of_a_finding_is_its_words() {
        assert_eq!(
            code("approach outside 1.1…40 K: YorkCalc extrapolated"),
            "approach-outside-1-1-40-k-yorkcalc-extrapolated"
        );
        assert!(code(&"word ".repeat(40)).len() <= LONGEST_CODE);
    }

    #[test]
    fn two_excursions_count_twice_and_add_up() {
        let mut episode = Episode::default();
        for (k, so) in [true, true, false, true].into_iter().enumerate() {
            episode.see(so, k as f64, k as f64 + 1.0, 0.0);
        }
        assert_eq!((episode.count, episode.duration, episode.from, episode.to), (2, 3.0, 0.0, 4.0));
    }
}
