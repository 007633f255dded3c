//! What events remember from one step to the next.

use super::gates::Gate;
use super::jams::Jam;
use super::supply::{Own, Supply};
use super::thresholds::{Threshold, Thresholds, Watch};
use super::{Command, Events, RackLimits};
use crate::state::{Archive, State, Unfit, state};

state!(Gate { tripped, free, working, running_up } fixed { of, member, times });
state!(Own { failed } fixed { unit, store, power });
state!(Supply { grid, generators, own, fed, gives } fixed {});
state!(Jam { jammed } fixed { points, rest });
state!(Watch { at } fixed { threshold, slot, scale, above, trips });
state!(Threshold { rack, chip, what, limit } fixed {});

impl State for Thresholds {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        let Thresholds { watches, lost, first } = self;
        watches.pass(archive)?;
        archive.growing(lost)?;
        first.pass(archive)
    }
}

impl State for RackLimits {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        self.0.pass(archive)
    }
}

impl State for Events {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        let Events {
            events,
            queue,
            gates,
            protections: _,
            jams,
            supply,
            overruled,
            forced,
            thresholds,
            limits,
            happened,
            out,
        } = self;
        let numbered = queue.iter().map(|(time, command)| (*time, command.numbers()));
        let mut written: Vec<(f64, Numbers)> =
            numbered.map(|(time, (k, list))| (time, Numbers(k, list))).collect();
        archive.growing(&mut written)?;
        let (gate_count, jam_count) = (gates.gates.len(), jams.0.len());
        let of_plant = gates.count();
        let read = |Numbers(kind, list): &Numbers| {
            let command = Command::of(*kind, list)?;
            let known = match &command {
                Command::Event(k) => *k < events.len(),
                Command::Start(k) => *k < gate_count,
                Command::Release(all, _) => all.iter().all(|&k| k < of_plant),
                Command::Free(all, _) => all.iter().all(|&k| k < jam_count),
                Command::GridBack | Command::GeneratorReady | Command::LoadBack(..) | Command::Settled => {
                    true
                }
            };
            known.then_some(command)
        };
        let commands = written.iter().map(|(time, numbers)| Some((*time, read(numbers)?)));
        *queue = commands.collect::<Option<_>>().ok_or_else(|| archive.refuse())?;
        gates.gates.pass(archive)?;
        jams.0.pass(archive)?;
        supply.pass(archive)?;
        let mut written: Vec<(u64, (Option<u64>, f64))> = (overruled.iter())
            .map(|&(series, rack, value)| (series as u64, (rack.map(|rack| rack as u64), value)))
            .collect();
        archive.growing(&mut written)?;
        let read = |(series, (rack, value)): (u64, (Option<u64>, f64))| {
            (series as usize, rack.map(|rack| rack as usize), value)
        };
        *overruled = written.into_iter().map(read).collect();
        let mut written: Vec<(u64, f64)> =
            forced.iter().map(|&(series, value)| (series as u64, value)).collect();
        archive.growing(&mut written)?;
        *forced = written.into_iter().map(|(series, value)| (series as usize, value)).collect();
        thresholds.pass(archive)?;
        limits.pass(archive)?;
        archive.growing(happened)?;
        out.pass(archive)
    }
}

/// A command as numbers: which, and of what.
#[derive(Default)]
struct Numbers(u64, Vec<u64>);

impl State for Numbers {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        self.0.pass(archive)?;
        archive.growing(&mut self.1)
    }
}

impl Command {
    fn numbers(&self) -> (u64, Vec<u64>) {
        let list = |all: &[usize]| all.iter().map(|&k| k as u64).collect();
        let of_rack = |rack: usize, all: &[usize]| {
            std::iter::once(rack).chain(all.iter().copied()).map(|k| k as u64).collect()
        };
        match self {
            Command::Event(k) => (0, vec![*k as u64]),
            Command::Release(gates, None) => (1, list(gates)),
            Command::Free(jams, None) => (2, list(jams)),
            Command::Release(gates, Some(rack)) => (9, of_rack(*rack, gates)),
            Command::Free(jams, Some(rack)) => (10, of_rack(*rack, jams)),
            Command::GridBack => (3, Vec::new()),
            Command::GeneratorReady => (4, Vec::new()),
            Command::Start(gate) => (5, vec![*gate as u64]),
            Command::LoadBack(series, None) => (6, vec![*series as u64]),
            Command::LoadBack(series, Some(rack)) => (8, vec![*series as u64, *rack as u64]),
            Command::Settled => (7, Vec::new()),
        }
    }

    fn of(kind: u64, list: &[u64]) -> Option<Command> {
        let all: Vec<usize> = list.iter().map(|&k| k as usize).collect();
        let first = all.first().copied();
        Some(match kind {
            0 => Command::Event(first?),
            1 => Command::Release(all, None),
            2 => Command::Free(all, None),
            3 => Command::GridBack,
            4 => Command::GeneratorReady,
            5 => Command::Start(first?),
            6 => Command::LoadBack(first?, None),
            7 => Command::Settled,
            8 => Command::LoadBack(first?, Some(all.get(1).copied()?)),
            9 => Command::Release(all.get(1..)?.to_vec(), first),
            10 => Command::Free(all.get(1..)?.to_vec(), first),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_written_as_it_is_read() {
        for command in [
            Command::Event(3),
            Command::Release(vec![1, 4], None),
            Command::Free(vec![], None),
            Command::Release(vec![1, 4], Some(2)),
            Command::Free(vec![], Some(0)),
            Command::GridBack,
            Command::GeneratorReady,
            Command::Start(2),
            Command::LoadBack(1, None),
            Command::LoadBack(1, Some(3)),
            Command::Settled,
        ] {
            let (kind, list) = command.numbers();
            assert_eq!(Command::of(kind, &list), Some(command));
        }
        assert_eq!(Command::of(11, &[]), None);
        assert_eq!(Command::of(0, &[]), None);
    }
}
