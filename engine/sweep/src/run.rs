//! Calculates the cases of a shard and commits them in parts.
//!
//! Threads take the next case that nobody has; one thread gathers rows and commits them, 256 at a time or what half a
//! minute brought. What is committed is safe from any death of the process, and is not calculated again.

mod isolate;

use crate::evaluate::{self, Hashes, Outcome, cpu_seconds};
use crate::outputs::Layout;
use crate::part;
use crate::plan::{Entry, Plan};
use crate::row::Row;
use crate::shard::{Lock, Shard};
use crate::{SweepError, folder};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use study::batch::{WIDTH, Watch};
use study::plans::{Counts, Plans};

use isolate::{Isolated, Told};
pub use isolate::{Worker, answer};

/// The most rows of a part.
const ROWS: usize = 256;
/// The longest time that a row waits for others.
const WAIT: Duration = Duration::from_secs(30);
/// Cases that a thread takes at once, to find those among them that differ in numbers only.
const TOGETHER: usize = 64;
/// How often is looked at the clock and at the watch.
const LOOK: Duration = Duration::from_millis(200);

/// How a shard is calculated.
#[derive(Debug, Clone)]
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
    /// Cases are calculated by processes of this program, one for each job.
    pub isolate: Option<Worker>,
}

/// How far a shard is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Progress {
    /// Cases of the shard, each once.
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
    /// Plans of networks that were made for the cases, and networks that found theirs made; nothing where other processes
    /// calculate.
    pub plans: Option<Counts>,
}

/// Calculates the cases of a shard that are not committed; of a search, generation by generation, each as soon as all
/// shards have calculated theirs of the one before.
///
/// # Errors
/// [`SweepError::Shard`] where somebody else does, [`SweepError::Changed`], [`SweepError::Waiting`] where a generation lacks
/// cases of shards that nobody calculates, or what keeps parts from being written. What was committed before stays.
pub fn run(plan: &mut Plan, options: &Options, observer: &dyn Observer) -> Result<Finished, SweepError> {
    let shard = folder::shard(&plan.folder, options.shard.index);
    let _lock = Lock::take(&shard, options.shard.index)?;
    part::clear_temporary(&shard)?;
    let committed = part::read(&plan.folder, &plan.layout)?;
    let torn: Vec<PathBuf> = committed.torn.iter().filter(|path| path.starts_with(&shard)).cloned().collect();
    for path in &torn {
        part::quarantine(path)?;
    }
    plan.grow_all(&committed.rows)?;
    let mut rows = committed.rows;
    let begun = Instant::now();
    let mut gathering = Gathering {
        layout: plan.layout.clone(),
        shard,
        next: committed.next.get(&options.shard.index).copied().unwrap_or(0),
        rows: Vec::new(),
        since: begun,
        begun,
        most: options.rows_per_part.unwrap_or(ROWS).clamp(1, ROWS),
        progress: Progress::default(),
        observer,
    };
    let mut finished = Finished {
        progress: Progress::default(),
        failed: 0,
        cancelled: false,
        torn,
        cpu_s: Some(0.0),
        cpu_dynamic_s: Some(0.0),
        dynamic: 0,
        plans: None,
    };
    let plans = Plans::default();
    let mut seen = 0;
    loop {
        let mine = Mine::of(plan, options, &rows, seen);
        seen = plan.entries.len();
        // Of a search nobody knows yet which cases will be the same.
        let all = plan.generations().map_or(plan.distinct().len(), |_| plan.expected().max(seen));
        gathering.progress.of = share(all, options.shard);
        gathering.progress.before += mine.known;
        finished.failed += mine.failed;
        observer.see(&gathering.now());
        let done_before = gathering.progress;
        let result = mine.calculate(plan, options, &plans, observer, &mut gathering, &mut finished);
        // What is done is committed, whatever ended it.
        let gathered = gathering.commit();
        finished.cancelled = result?;
        gathered?;
        let again = gathering.progress.done - done_before.done;
        let failed = gathering.progress.failed - done_before.failed;
        if options.failed_only {
            // Each of these was counted before, and again where it failed again.
            finished.failed -= (again - failed).min(finished.failed);
        } else {
            finished.failed += failed;
        }
        if finished.cancelled || options.failed_only || plan.generations().is_none() {
            break;
        }
        rows = part::read(&plan.folder, &plan.layout)?.rows;
        if !plan.grow(&rows)? {
            match wait(plan, options.shard, observer)? {
                Some(found) => rows = found,
                None => {
                    finished.cancelled = observer.stops();
                    break;
                }
            }
        }
    }
    if !finished.cancelled && !options.failed_only {
        gathering.progress.of = gathering.progress.before + gathering.progress.done;
    }
    finished.progress = gathering.now();
    finished.plans = options.isolate.is_none().then(|| plans.counts());
    Ok(finished)
}

/// How many of so many cases a shard has.
fn share(count: usize, shard: Shard) -> usize {
    (count + shard.of - 1 - shard.index) / shard.of
}

/// Cases of the shard that were not looked at before.
struct Mine {
    quasi: Vec<Entry>,
    dynamic: Vec<Entry>,
    /// Committed already.
    known: usize,
    /// Of these, failed.
    failed: usize,
}

impl Mine {
    /// Of the entries from `seen` on: the first of each id whose place among all first ones belongs to the shard.
    fn of(plan: &Plan, options: &Options, rows: &BTreeMap<String, Row>, seen: usize) -> Mine {
        let mine = plan.distinct().into_iter().enumerate();
        let mine = mine.filter(|(number, entry)| options.shard.has(*number) && entry.number >= seen);
        let (mut known, mut failed, mut wanted) = (0, 0, Vec::new());
        for (_, entry) in mine {
            let row = rows.get(&entry.id);
            let has_failed = row.is_some_and(|row| row.result.is_err());
            failed += usize::from(has_failed);
            if if options.failed_only { has_failed } else { row.is_none() } {
                wanted.push(entry.clone());
            } else {
                known += usize::from(row.is_some());
            }
        }
        // Those in dynamic steps come last, so that their time can be told apart.
        let (dynamic, quasi) = wanted.into_iter().partition(|entry| entry.dynamic_of.is_some());
        Mine { quasi, dynamic, known, failed }
    }

    /// Calculates them; tells whether the watch said stop.
    fn calculate(
        &self,
        plan: &Plan,
        options: &Options,
        plans: &Plans,
        observer: &dyn Observer,
        gathering: &mut Gathering,
        finished: &mut Finished,
    ) -> Result<bool, SweepError> {
        let mut ended = Ok(false);
        let mut done = gathering.progress.done;
        for (entries, cpu) in
            [(&self.quasi, &mut finished.cpu_s), (&self.dynamic, &mut finished.cpu_dynamic_s)]
        {
            let before = cpu_seconds();
            if matches!(ended, Ok(false)) {
                ended = calculate(plan, entries, options, plans, observer, gathering);
            }
            // What other processes calculate is not in the time of this one.
            let here = cpu_seconds().filter(|_| options.isolate.is_none());
            let took = here.zip(before).map(|(after, before)| after - before);
            *cpu = cpu.zip(took).map(|(sum, took)| sum + took);
            let of_these = gathering.progress.done - std::mem::replace(&mut done, gathering.progress.done);
            finished.dynamic += if std::ptr::eq(entries, &self.dynamic) { of_these } else { 0 };
        }
        ended
    }
}

/// Shards that begin together are not the same instant there.
const PATIENCE: Duration = Duration::from_secs(10);

/// Waits until the other shards have calculated their cases of a generation, and asks for the next one; gives all rows
/// then, and nothing where the search has ended or the watch said stop.
fn wait(
    plan: &mut Plan,
    shard: Shard,
    observer: &dyn Observer,
) -> Result<Option<BTreeMap<String, Row>>, SweepError> {
    let Some((generation, of)) = plan.generations().filter(|(done, of)| done < of) else { return Ok(None) };
    let mut alone = Instant::now();
    loop {
        if observer.stops() {
            return Ok(None);
        }
        // First who is at work, then what is there: who ended between the two has left everything behind.
        let others = folder::shards(&plan.folder)?;
        let at_work =
            others.iter().any(|(index, path)| *index != shard.index && Lock::holder(path).is_some());
        let rows = part::read(&plan.folder, &plan.layout)?.rows;
        if plan.grow(&rows)? {
            return Ok(Some(rows));
        }
        if plan.generations().is_none_or(|(done, of)| done >= of) {
            return Ok(None);
        }
        if at_work {
            alone = Instant::now();
        } else if shard.of == 1 || alone.elapsed() >= PATIENCE {
            let missing = plan.distinct().into_iter().filter(|entry| !rows.contains_key(&entry.id)).count();
            return Err(SweepError::Waiting { generation: generation + 1, of, missing });
        }
        std::thread::sleep(LOOK);
    }
}

/// What a thread has to say.
enum Said {
    Row(Row),
    Changed(usize),
    Failed(SweepError),
}

/// Calculates cases on several threads while this one gathers; tells whether the watch said stop.
fn calculate(
    plan: &Plan,
    wanted: &[Entry],
    options: &Options,
    plans: &Plans,
    observer: &dyn Observer,
    gathering: &mut Gathering,
) -> Result<bool, SweepError> {
    let before = gathering.progress.done;
    // Cases of one plant beside each other, so that lanes are full.
    let mut wanted: Vec<&Entry> = wanted.iter().collect();
    wanted.sort_by_cached_key(|entry| plan.study.chosen(&entry.values));
    let (jobs, hashes) = (options.jobs.max(1).min(wanted.len().max(1)), Hashes::default());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
    let pool = pool.map_err(|error| SweepError::Unanswered(format!("no threads: {error}")))?;
    // A case that may take so long and no longer runs alone: beside others its time could not be told from theirs.
    let together = if options.isolate.is_some() || options.limit.is_some() { 1 } else { TOGETHER };
    let (next, abandoned) = (Mutex::new(0), AtomicBool::new(false));
    let take = || {
        let mut next = next.lock().unwrap_or_else(PoisonError::into_inner);
        let begin = *next;
        let left = wanted.len() - begin;
        // Less towards the end, so that all threads end together, and whole lanes as long as there are.
        let parts = if jobs == 1 { 1 } else { 2 * jobs };
        let share = left / (parts * WIDTH) * WIDTH;
        let count = if share > 0 { share } else { left.div_ceil(jobs).min(WIDTH) };
        *next = (begin + count.clamp(1, together)).min(wanted.len());
        &wanted[begin..*next]
    };
    let (sender, receiver) = mpsc::channel();
    let watch = Abandonable { observer, abandoned: &abandoned };
    let worker = |sender: mpsc::Sender<Said>| {
        let mut isolated = options.isolate.as_ref().map(Isolated::new);
        loop {
            let entries = take();
            let Some(entry) = entries.first() else { return };
            if watch.stops() {
                return;
            }
            if let Some(isolated) = &mut isolated {
                match isolated.row(entry, &watch, options.limit) {
                    Ok(Told::Row(row)) => drop(sender.send(Said::Row(row))),
                    Ok(Told::Changed) => return drop(sender.send(Said::Changed(entry.number))),
                    Ok(Told::Cancelled) => return,
                    Err(error) => return drop(sender.send(Said::Failed(error))),
                }
                continue;
            }
            let mut resolved = Vec::new();
            for entry in entries {
                let found =
                    evaluate::resolve(&plan.study, &entry.values, entry.dynamic_of.is_some(), &hashes);
                if found.id != entry.id {
                    let _ = sender.send(Said::Changed(entry.number));
                    return;
                }
                resolved.push(found);
            }
            let mut cancelled = false;
            let mut tell = |outcome| match outcome {
                // Nobody listens any more where writing failed.
                Outcome::Row(row) => drop(sender.send(Said::Row(row))),
                Outcome::Cancelled => cancelled = true,
            };
            match options.limit {
                None => evaluate::rows(resolved, &plan.layout, plans, &watch, &mut tell),
                limit => resolved
                    .into_iter()
                    .for_each(|one| tell(evaluate::row(one, &plan.layout, plans, &watch, limit))),
            }
            if cancelled {
                return;
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
            Ok(Said::Failed(error)) => return Err(error),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        gathering.look()?;
    }
}

/// Rows that wait to be committed.
struct Gathering<'a> {
    layout: Layout,
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
        part::commit(&self.shard, self.next, &self.rows, &self.layout)?;
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
