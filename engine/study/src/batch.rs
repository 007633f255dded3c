//! Several runs beside each other, in the order given whatever ends first.
//!
//! Each run is as if it were alone: the number of threads changes how long it takes and nothing else.

use crate::metrics::Summary;
use crate::plans::Plans;
use crate::run::{Frame, Moment, Next, Observer, Outcome, Stopped};
pub use crate::run::{Guard, unguarded};
use rayon::prelude::*;
use scenario::Case;
pub use solver::blocks::WIDTH;

/// Who looks at a batch on its way, from several threads.
pub trait Watch: Sync {
    /// Whether all is to stop.
    fn stops(&self) -> bool {
        false
    }
    /// A run has done this share of itself; 1 at its end.
    fn progress(&self, _run: usize, _share: f64) {}
}

/// Watches nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;
impl Watch for Unwatched {}

/// One run of a batch, as its observer.
struct One<'a> {
    run: usize,
    watch: &'a dyn Watch,
}

impl Observer for One<'_> {
    fn frame(&mut self, frame: &Frame) {
        self.watch.progress(self.run, frame.progress);
    }
    fn after_step(&mut self, _: &mut Moment) -> Next {
        if self.watch.stops() { Next::Stop } else { Next::GoOn }
    }
    fn gives_up(&mut self) -> bool {
        self.watch.stops()
    }
}

/// Runs one case under a watch.
///
/// # Errors
/// See [`Stopped`]; [`Stopped::Cancelled`] where the watch says so: before it begins, after a step, or within one after a step
/// of the integrator.
pub fn run(case: &Case, run: usize, watch: &dyn Watch) -> Result<(Outcome, Summary), Stopped> {
    run_by(&Plans::default(), case, run, watch)
}

/// As [`run`], with plans that it shares with other cases.
///
/// # Errors
/// As [`run`].
pub fn run_by(
    plans: &Plans,
    case: &Case,
    run: usize,
    watch: &dyn Watch,
) -> Result<(Outcome, Summary), Stopped> {
    if watch.stops() {
        return Err(Stopped::Cancelled { time: case.run.start_s });
    }
    let result = crate::case::run_by(plans, case, &mut One { run, watch });
    watch.progress(run, 1.0);
    result
}

/// Runs cases beside each other under a watch, on one thread: each gives what [`run`] gives, those that differ in
/// numbers only in a fraction of the time and by shared plans. `ended` is told each as it is there, with its number; so
/// they need not all be kept. `guard` runs each group of them that is evaluated together.
pub fn run_beside(
    plans: &Plans,
    cases: &[&Case],
    watch: &dyn Watch,
    guard: &mut Guard,
    ended: &mut dyn FnMut(usize, Result<(Outcome, Summary), Stopped>),
) {
    let mut observers: Vec<One> = (0..cases.len()).map(|run| One { run, watch }).collect();
    let members = cases.iter().zip(&mut observers).map(|(&case, one)| (case, one as &mut dyn Observer));
    crate::case::run_beside(plans, members.collect(), guard, &mut |run, result| {
        watch.progress(run, 1.0);
        ended(run, result);
    });
}

/// What `make` makes of each item, on as many threads as there are.
pub fn each<T: Sync, R: Send>(items: &[T], make: impl Fn(usize, &T) -> R + Sync) -> Vec<R> {
    items.par_iter().enumerate().map(|(k, item)| make(k, item)).collect()
}
