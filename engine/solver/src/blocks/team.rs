//! Workers that share the groups of tiles and do one pass after the other.
//!
//! They live as long as one call of `advance`. Each owns the same groups throughout, so that a group stays in
//! the cache of one core, and between passes they wait without sleeping: a pass takes well below a
//! millisecond. What a group gives is summed within the group, and groups are summed in their order by the
//! one thread that knows the core: the number of workers cannot change a bit.

use super::group::{Group, Order, Scratch};
use super::program::Program;
use super::system::Class;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

/// Rounds of waiting before the processor is offered to others.
const SPINS: u32 = 4_000;

/// Groups of one worker.
pub(super) type Bundle<W> = Mutex<Share<W>>;

/// What one worker owns.
pub(super) struct Share<W> {
    pub groups: Vec<Group>,
    /// One for each class.
    pub scratch: Vec<Scratch<W>>,
}

impl<W> Share<W> {
    fn pass<C: Class<Work = W>>(&mut self, classes: &[C], programs: &[Program], order: &Order) {
        for group in &mut self.groups {
            let k = group.class;
            group.pass(&classes[k], &programs[k], &mut self.scratch[k], order);
        }
    }
}

/// What main thread and workers tell each other.
struct Signals {
    /// Number of the pass to be done; the largest number ends the work.
    pass: AtomicUsize,
    done: AtomicUsize,
    failed: AtomicBool,
}

const THE_END: usize = usize::MAX;

/// Counts a worker's pass as done, whatever happened in it.
struct Done<'a>(&'a Signals);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.failed.store(true, Ordering::Release);
        }
        self.0.done.fetch_add(1, Ordering::Release);
    }
}

/// Lets the workers go home, whatever happened.
struct Home<'a>(&'a Signals);

impl Drop for Home<'_> {
    fn drop(&mut self) {
        self.0.pass.store(THE_END, Ordering::Release);
    }
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits until `ready`.
fn wait(ready: impl Fn() -> bool) {
    let mut rounds = 0;
    while !ready() {
        rounds += 1;
        if rounds < SPINS {
            std::hint::spin_loop();
        } else {
            std::thread::yield_now();
        }
    }
}

/// Runs `body` with a function that has one pass done on all groups.
pub(super) fn with_team<C: Class, T>(
    bundles: &[Bundle<C::Work>],
    classes: &[C],
    programs: &[Program],
    first: Order,
    body: impl FnOnce(&mut dyn FnMut(&Order)) -> T,
) -> T {
    let [own, others @ ..] = bundles else {
        return body(&mut |_| ());
    };
    if others.is_empty() {
        return body(&mut |order| locked(own).pass(classes, programs, order));
    }
    let signals =
        Signals { pass: AtomicUsize::new(0), done: AtomicUsize::new(0), failed: AtomicBool::new(false) };
    let posted = RwLock::new(first);
    std::thread::scope(|scope| {
        for bundle in others {
            let (signals, posted) = (&signals, &posted);
            scope.spawn(move || {
                let mut number = 0;
                loop {
                    wait(|| signals.pass.load(Ordering::Acquire) != number);
                    number = signals.pass.load(Ordering::Acquire);
                    if number == THE_END {
                        return;
                    }
                    let _done = Done(signals);
                    let order = posted.read().unwrap_or_else(PoisonError::into_inner);
                    locked(bundle).pass(classes, programs, &order);
                }
            });
        }
        let _home = Home(&signals);
        let mut number = 0;
        body(&mut |order: &Order| {
            if signals.failed.load(Ordering::Acquire) {
                return; // the panic of the worker is raised when the scope ends
            }
            posted.write().unwrap_or_else(PoisonError::into_inner).clone_from(order);
            signals.done.store(0, Ordering::Release);
            number += 1;
            signals.pass.store(number, Ordering::Release);
            locked(own).pass(classes, programs, order);
            wait(|| signals.done.load(Ordering::Acquire) == others.len());
        })
    })
}
