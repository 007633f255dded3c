//! Calculates the cases of a shard and commits them in parts.
//!
//! Threads take the next case that nobody has; one thread gathers rows and commits them, 256 at a time or what half a
//! minute brought. What is committed is safe from any death of the process, and is not calculated again.

use crate::evaluate::{self, Hashes, Outcome, cpu_seconds};
use crate::part;
use crate::plan::{Entry, Plan};
use crate::row::Row;
use crate::shard::{Lock, Shard};
use crate::{SweepError, folder};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};
use study::batch::Watch;

/// The most rows of a part.
const ROWS: usize = 256;
/// The longest time that a row waits for others.
const WAIT: Duration = Duration::from_secs(30);
/// How often is looked at the clock and at the watch.
const LOOK: Duration = Duration::from_millis(200);

/// How a shard is calculated.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Which cases.
    pub shard: Shard,
    /// How many at a time.
    pub jobs: usize,
    /// Only those that failed, once more.
    pub failed_only: bool,
    /// A case that takes longer than this fails.
    pub limit: Option<Duration>,
    /// A part is committed after so many rows, at most 256.
    pub rows_per_part: Option<usize>,
}

/// How far a shard is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Progress {
    /// Cases of the shard.
    pub of: usize,
    /// Committed before.
    pub before: usize,
    /// Calculated now.
    pub done: usize,
    /// Of these, failed.
    pub failed: usize,
    /// Of these, committed.
    pub committed: usize,
    /// Time since the first began [s].
    pub seconds: f64,
}

impl Progress {
    /// Time to the end [s], from what was done so far.
    #[must_use]
    pub fn left(&self) -> Option<f64> {
        let left = self.of.saturating_sub(self.before + self.done) as f64;
        (self.done > 0).then(|| self.seconds / self.done as f64 * left)
    }
}

/// Who looks at a sweep on its way.
pub trait Observer: Watch {
    /// Called about five times a second, and after every commit.
    fn see(&self, _progress: &Progress) {}
}

/// What a shard came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Finished {
    /// How far it is.
    pub progress: Progress,
    /// Failed cases of the shard in all, those of earlier runs among them.
    pub failed: usize,
    /// Whether it was stopped before the end.
    pub cancelled: bool,
    /// Parts that were not as they had been written, and were put aside.
    pub torn: Vec<PathBuf>,
    /// CPU time of this process for the cases [s].
    pub cpu_s: Option<f64>,
    /// The same for those that are repeated in dynamic steps.
    pub cpu_dynamic_s: Option<f64>,
    /// How many of these were calculated now.
    pub dynamic: usize,
}

/// Calculates the cases of a shard that are not committed.
///
/// # Errors
/// [`SweepError::Shard`] where somebody else does, [`SweepError::Changed`], or what keeps parts from being written. What
/// was committed before stays.
pub fn run(plan: &Plan, options: &Options, observer: &dyn Observer) -> Result<Finished, SweepError> {
    let shard = folder::shard(&plan.folder, options.shard.index);
    let _lock = Lock::take(&shard, options.shard.index)?;
    part::clear_temporary(&shard)?;
    let committed = part::read(&plan.folder, &plan.layout)?;
    let torn: Vec<PathBuf> = committed.torn.iter().filter(|path| path.starts_with(&shard)).cloned().collect();
    for path in &torn {
        part::quarantine(path)?;
    }
    let mine: Vec<&Entry> = (plan.distinct().into_iter().enumerate())
        .filter(|(number, _)| options.shard.has(*number))
        .map(|(_, entry)| entry)
        .collect();
    let has_failed = |entry: &&&Entry| committed.rows.get(&entry.id).is_some_and(|row| row.result.is_err());
    let wanted: Vec<&Entry> = (mine.iter().copied())
        .filter(|entry| {
            if options.failed_only { has_failed(&entry) } else { !committed.rows.contains_key(&entry.id) }
        })
        .collect();
    let failed_before = mine.iter().filter(has_failed).count();
    let begun = Instant::now();
    let mut cpu = [cpu_seconds(); 3];
    let mut gathering = Gathering {
        plan,
        shard,
        next: committed.next.get(&options.shard.index).copied().unwrap_or(0),
        rows: Vec::new(),
        since: begun,
        begun,
        most: options.rows_per_part.unwrap_or(ROWS).clamp(1, ROWS),
        progress: Progress { of: mine.len(), before: mine.len() - wanted.len(), ..Progress::default() },
        observer,
    };
    observer.see(&gathering.progress);
    // Those in dynamic steps come last, so that their time can be told apart.
    let (dynamic, quasi): (Vec<&Entry>, Vec<&Entry>) =
        wanted.iter().copied().partition(|entry| entry.dynamic_of.is_some());
    let mut ended = Ok(false);
    for (k, entries) in [quasi, dynamic].iter().enumerate() {
        if matches!(ended, Ok(false)) {
            ended = calculate(plan, entries, options, observer, &mut gathering);
        }
        cpu[k + 1] = cpu_seconds();
    }
    let gathered = gathering.commit();
    let cancelled = ended?;
    gathered?;
    let progress = gathering.now();
    let dynamic = wanted.iter().filter(|entry| entry.dynamic_of.is_some()).count();
    let failed = if options.failed_only {
        // Each of these was counted before, and again where it failed again.
        failed_before - (progress.done - progress.failed).min(failed_before)
    } else {
        failed_before + progress.failed
    };
    let between = |k: usize| cpu[k + 1].zip(cpu[k]).map(|(after, before)| after - before);
    Ok(Finished { progress, failed, cancelled, torn, cpu_s: between(0), cpu_dynamic_s: between(1), dynamic })
}

/// What a thread has to say.
enum Said {
    Row(Row),
    Changed(usize),
}

/// Calculates cases on several threads while this one gathers; tells whether the watch said stop.
fn calculate(
    plan: &Plan,
    wanted: &[&Entry],
    options: &Options,
    observer: &dyn Observer,
    gathering: &mut Gathering,
) -> Result<bool, SweepError> {
    let before = gathering.progress.done;
    let (jobs, hashes) = (options.jobs.max(1).min(wanted.len().max(1)), Hashes::default());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
    let pool = pool.map_err(|error| SweepError::Unanswered(format!("no threads: {error}")))?;
    let (next, abandoned) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (sender, receiver) = mpsc::channel();
    let watch = Abandonable { observer, abandoned: &abandoned };
    let worker = |sender: mpsc::Sender<Said>| {
        while let Some(entry) = wanted.get(next.fetch_add(1, Ordering::Relaxed)) {
            if watch.stops() {
                return;
            }
            let resolved = evaluate::resolve(&plan.study, &entry.values, entry.dynamic_of.is_some(), &hashes);
            if resolved.id != entry.id {
                let _ = sender.send(Said::Changed(entry.number));
                return;
            }
            match evaluate::row(resolved, &plan.layout, &watch, options.limit) {
                // Nobody listens any more where writing failed.
                Outcome::Row(row) => drop(sender.send(Said::Row(row))),
                Outcome::Cancelled => return,
            }
        }
    };
    pool.in_place_scope(|scope| {
        for _ in 0..jobs {
            let (worker, sender) = (&worker, sender.clone());
            scope.spawn(move |_| worker(sender));
        }
        drop(sender);
        let gathered = gather(&receiver, gathering);
        if gathered.is_err() {
            abandoned.store(true, Ordering::Relaxed);
        }
        gathered
    })?;
    Ok(observer.stops() && gathering.progress.done - before < wanted.len())
}

fn gather(receiver: &mpsc::Receiver<Said>, gathering: &mut Gathering) -> Result<(), SweepError> {
    loop {
        match receiver.recv_timeout(LOOK) {
            Ok(Said::Row(row)) => gathering.take(row)?,
            Ok(Said::Changed(case)) => return Err(SweepError::Changed { case }),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        gathering.look()?;
    }
}

/// Rows that wait to be committed.
struct Gathering<'a> {
    plan: &'a Plan,
    shard: PathBuf,
    next: usize,
    rows: Vec<Row>,
    /// When the first of them came.
    since: Instant,
    begun: Instant,
    most: usize,
    progress: Progress,
    observer: &'a dyn Observer,
}

impl Gathering<'_> {
    fn take(&mut self, row: Row) -> Result<(), SweepError> {
        if self.rows.is_empty() {
            self.since = Instant::now();
        }
        self.progress.done += 1;
        self.progress.failed += usize::from(row.result.is_err());
        self.rows.push(row);
        if self.rows.len() >= self.most { self.commit() } else { Ok(()) }
    }

    fn look(&mut self) -> Result<(), SweepError> {
        if !self.rows.is_empty() && self.since.elapsed() >= WAIT {
            self.commit()?;
        }
        let progress = self.now();
        self.observer.see(&progress);
        Ok(())
    }

    fn commit(&mut self) -> Result<(), SweepError> {
        if self.rows.is_empty() {
            return Ok(());
        }
        // In the order of their ids, so that a part of the same cases is the same file.
        self.rows.sort_by(|a, b| a.id.cmp(&b.id));
        part::commit(&self.shard, self.next, &self.rows, &self.plan.layout)?;
        self.next += 1;
        self.progress.committed += self.rows.len();
        self.rows.clear();
        let progress = self.now();
        self.observer.see(&progress);
        Ok(())
    }

    fn now(&self) -> Progress {
        Progress { seconds: self.begun.elapsed().as_secs_f64(), ..self.progress }
    }
}

/// A watch that also stops when nobody gathers any more.
struct Abandonable<'a> {
    observer: &'a dyn Observer,
    abandoned: &'a AtomicBool,
}

impl Watch for Abandonable<'_> {
    fn stops(&self) -> bool {
        self.abandoned.load(Ordering::Relaxed) || self.observer.stops()
    }
}
