//! Keeps a run so that it can be gone on with: when asked to stop, every so often, and not at all in a short one.

use crate::interrupt::Interrupt;
use crate::output;
use engine::study::run::{Moment, Next};
use engine::study::write::checkpoint::{self, Header};
use engine::study::write::{RunDirectory, WriteError};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A run is kept at least this often; a power cut costs no more. Results do not depend on it.
const EVERY: Duration = Duration::from_secs(600);

/// Where the state of a run goes.
#[derive(Debug)]
pub enum Place {
    /// Into the folder of the run.
    Folder(RunDirectory),
    /// Beside the folder, which holds a finished run until this one is finished too.
    Beside(PathBuf),
}

impl Place {
    /// What to give to `--resume`.
    pub fn path(&self) -> &Path {
        match self {
            Place::Folder(directory) => directory.path(),
            Place::Beside(path) => path,
        }
    }
}

/// The name beside a folder.
pub fn beside(folder: &Path) -> PathBuf {
    let mut name = OsString::from(folder.as_os_str());
    name.push(".checkpoint");
    name.into()
}

/// The folder that a name is beside of.
pub fn folder_of(file: &Path) -> Option<PathBuf> {
    (file.extension()? == "checkpoint").then(|| file.with_extension(""))
}

/// Keeps a run.
#[derive(Debug)]
pub struct Keeper {
    /// Where.
    pub place: Place,
    /// What the last attempt to write said, if it failed.
    pub failed: Option<WriteError>,
    header: Header,
    interrupt: Interrupt,
    /// Simulated time between two checkpoints, and when the next is due [s].
    every: Option<f64>,
    due: f64,
    last: Instant,
}

impl Keeper {
    /// `every` is in simulated time [s], counted from `from`.
    pub fn new(place: Place, header: Header, interrupt: Interrupt, every: Option<f64>, from: f64) -> Self {
        let due = every.map_or(f64::INFINITY, |every| from + every);
        Keeper { place, failed: None, header, interrupt, every, due, last: Instant::now() }
    }

    /// Between two steps.
    pub fn after_step(&mut self, moment: &mut Moment) -> Next {
        let asked = self.interrupt.asked();
        if asked || self.is_due(moment.time, self.last.elapsed()) {
            self.due = self.every.map_or(f64::INFINITY, |every| moment.time + every);
            self.last = Instant::now();
            self.save(moment, asked);
        }
        if asked { Next::Stop } else { Next::GoOn }
    }

    /// Whether it is time, by the simulated clock or by that on the wall.
    fn is_due(&self, time: f64, since_last: Duration) -> bool {
        time >= self.due || since_last >= EVERY
    }

    fn save(&mut self, moment: &mut Moment, asked: bool) {
        (self.header.time_s, self.header.progress) = (moment.time, moment.progress);
        let saved = match &mut self.place {
            Place::Folder(directory) => directory.save_checkpoint(&self.header, |sink| moment.write(sink)),
            Place::Beside(path) => checkpoint::write(path, &self.header, |sink| moment.write(sink)).map(drop),
        };
        match saved {
            Ok(()) => self.failed = None,
            Err(error) => {
                // The run is worth more than its checkpoint.
                if !asked && self.failed.is_none() {
                    output::message(&format!("warning: no checkpoint: {error}\n"));
                }
                self.failed = Some(error);
            }
        }
    }

    /// How to go on, in a sentence.
    pub fn how_to_go_on(&self) -> String {
        let clock = engine::study::notes::clock(self.header.time_s);
        let done = 100.0 * self.header.progress;
        let force = if matches!(self.place, Place::Beside(_)) { " --force" } else { "" };
        let path = self.place.path().display();
        format!("interrupted at {clock}, {done:.0} % done; go on with: isotherm run --resume {path}{force}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::{Changes, Site};
    use std::time::SystemTime;

    fn keeper(every: Option<f64>) -> Keeper {
        let changes = Changes { settings: Vec::new(), json: false };
        let header =
            crate::resume::header(&Site { site: "pod".into(), changes }, false, SystemTime::UNIX_EPOCH, &[]);
        Keeper::new(Place::Beside("run.checkpoint".into()), header, Interrupt::default(), every, 1000.0)
    }

    #[test]
    fn a_long_calculation_is_kept_every_ten_minutes_a_short_one_only_when_asked_for() {
        let (minute, ten) = (Duration::from_secs(60), Duration::from_secs(600));
        assert!(!keeper(None).is_due(1e9, minute) && keeper(None).is_due(1001.0, ten));
        let often = keeper(Some(50.0));
        assert!(!often.is_due(1049.0, minute) && often.is_due(1050.0, minute) && often.is_due(1001.0, ten));
    }

    #[test]
    fn the_name_beside_a_folder_leads_back_to_it() {
        let folder = Path::new("runs/my_pod-0123");
        assert_eq!(beside(folder), Path::new("runs/my_pod-0123.checkpoint"));
        assert_eq!(folder_of(&beside(folder)).as_deref(), Some(folder));
        assert_eq!(folder_of(Path::new("runs/loose")), None);
    }
}
