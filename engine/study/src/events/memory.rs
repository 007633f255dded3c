//! What events remember from one step to the next.

use super::gates::Gate;
use super::held::Held;
use super::jams::Jam;
use super::supply::{Own, Supply};
use super::thresholds::{Threshold, Thresholds, Watch};
use super::{Command, Events, Overruled, RackLimits};
use crate::state::{Archive, State, Unfit, state};
use plant::faults::Times;

state!(Gate { tripped_until, trip_times, times, free, working, running_up } fixed { of, member, own });
state!(Times { run_down, restart_delay, run_up } fixed {});
state!(Own { failed } fixed { unit, store, power });
state!(Supply { grid, chiller_restart, generators, own, fed, gives } fixed {});
state!(Jam { held } fixed { points, rest });
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
        let mut written: Vec<(f64, (u64, u64))> =
            queue.iter().map(|&(time, command)| (time, command.numbers())).collect();
        archive.growing(&mut written)?;
        let read = |(time, numbers): (f64, (u64, u64))| {
            let command = Command::of(numbers)?;
            let known = match command {
                Command::Event(k) => k < events.len(),
                Command::Start(k) => k < gates.gates.len(),
                Command::End | Command::GridBack | Command::GeneratorReady | Command::Settled => true,
            };
            known.then_some((time, command))
        };
        *queue = written.into_iter().map(read).collect::<Option<_>>().ok_or_else(|| archive.refuse())?;
        gates.gates.pass(archive)?;
        jams.0.pass(archive)?;
        supply.pass(archive)?;
        archive.growing(overruled)?;
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

impl State for Held {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        archive.growing(&mut self.lasting)
    }
}

impl State for Overruled {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        let (mut series, mut rack) = (self.series as u64, self.rack.map(|rack| rack as u64));
        series.pass(archive)?;
        rack.pass(archive)?;
        (self.series, self.rack) = (series as usize, rack.map(|rack| rack as usize));
        self.held.pass(archive)
    }
}

impl Command {
    /// Which, and of what.
    fn numbers(self) -> (u64, u64) {
        match self {
            Command::Event(k) => (0, k as u64),
            Command::End => (1, 0),
            Command::GridBack => (2, 0),
            Command::GeneratorReady => (3, 0),
            Command::Start(gate) => (4, gate as u64),
            Command::Settled => (5, 0),
        }
    }

    fn of((kind, of): (u64, u64)) -> Option<Command> {
        Some(match kind {
            0 => Command::Event(of as usize),
            1 => Command::End,
            2 => Command::GridBack,
            3 => Command::GeneratorReady,
            4 => Command::Start(of as usize),
            5 => Command::Settled,
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
            Command::End,
            Command::GridBack,
            Command::GeneratorReady,
            Command::Start(2),
            Command::Settled,
        ] {
            assert_eq!(Command::of(command.numbers()), Some(command));
        }
        assert_eq!(Command::of((6, 0)), None);
    }
}
