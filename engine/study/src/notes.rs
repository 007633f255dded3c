//! What was outside its range, where, from when to when.

use crate::account::Closure;
use plant::network::Network;
use plant::plant::Plant;

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
    /// What.
    pub text: String,
}

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
    texts: Vec<(usize, String, f64, f64)>,
    switch_texts: Vec<(usize, String)>,
}

impl Notes {
    pub(crate) fn new(plant: &Plant, network: &Network) -> Self {
        let text =
            |range: &plant::network::Range| (range.unit, range.text.to_string(), range.low, range.high);
        Notes {
            units: plant.units.iter().map(|u| u.id.clone()).collect(),
            ranges: vec![Episode::default(); network.ranges().len()],
            switches: vec![Episode::default(); network.switches().len()],
            texts: network.ranges().iter().map(text).collect(),
            switch_texts: network.switches().iter().map(|s| (s.unit, s.note.to_string())).collect(),
        }
    }

    /// Checks the values at the end of an accepted step.
    pub(crate) fn check(&mut self, network: &Network, from: f64, to: f64) {
        let slots = network.values();
        for (range, episode) in network.ranges().iter().zip(&mut self.ranges) {
            let value = slots[range.slot as usize] * range.scale;
            // A hair beyond a limit is rounding, not a finding.
            let slack = 1e-6 * (1.0 + value.abs());
            let outside = (range.low - value).max(value - range.high);
            episode.see(outside.is_nan() || outside > slack, from, to, outside);
        }
        for (switch, episode) in network.switches().iter().zip(&mut self.switches) {
            let on = slots[switch.slot as usize] > 0.5 && !switch.note.is_empty();
            episode.see(on, from, to, 0.0);
        }
    }

    /// Number of findings so far.
    pub fn len(&self) -> usize {
        self.ranges.iter().chain(&self.switches).filter(|e| e.count > 0).count()
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
            text,
        };
        let ranges = self.ranges.iter().zip(&self.texts).filter(|(e, _)| e.count > 0);
        let switches = self.switches.iter().zip(&self.switch_texts).filter(|(e, _)| e.count > 0);
        let mut notes: Vec<Note> =
            ranges.map(|(episode, (unit, text, _, _))| note(episode, *unit, text.clone())).collect();
        notes.extend(switches.map(|(episode, (unit, text))| note(episode, *unit, text.clone())));
        for (what, relative) in [
            ("energy balance of an interval", closure.energy_worst),
            ("water balance of an interval", closure.water_worst),
            ("energy balance recomputed from the columns", closure.energy_recomputed),
        ] {
            if relative.abs() > 1e-6 {
                notes.push(Note {
                    component: "site".into(),
                    from_s: 0.0,
                    to_s: end,
                    duration_s: end,
                    count: 1,
                    text: format!("the {what} misses by {relative:.1e} of its throughput"),
                });
            }
        }
        notes.sort_by(|a, b| {
            b.duration_s.total_cmp(&a.duration_s).then_with(|| a.component.cmp(&b.component))
        });
        notes
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
    fn two_excursions_count_twice_and_add_up() {
        let mut episode = Episode::default();
        for (k, so) in [true, true, false, true].into_iter().enumerate() {
            episode.see(so, k as f64, k as f64 + 1.0, 0.0);
        }
        assert_eq!((episode.count, episode.duration, episode.from, episode.to), (2, 3.0, 0.0, 4.0));
    }
}
