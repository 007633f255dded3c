//! What racks compute over time, as a utilisation of 0 … 1.
//!
//! # Equations
//! A workload is asked for its *mean over an interval*, never for a value at an instant: the integral
//! is exact, so that the energy of a year is the same whatever the step.
//!
//! * Daily wave `w(t)` from −1 (12 h from the peak) to 1: with `x` the distance from the trough as a
//!   share of 12 h, `w = 2·(3x² − 2x³) − 1`, integral of the cubic `x³ − x⁴/2`. It differs from a
//!   cosine by 0.02 at most, and needs no function whose bits depend on the machine.
//! * Training: `utilisation`, but `checkpoint_utilisation` during the last `checkpoint_lasts` of every
//!   `checkpoint_every`; the seed says how far into a period the year starts.
//! * Inference: the daily wave with chance in every minute, see [`Requests`].
//! * `idle_share` of the racks computes nothing: the group's mean is scaled by `1 − idle_share`.
//!
//! # Assumptions
//! 1 January is a Monday. All racks of a group do the same.
//!
//! # Source
//! Shapes and defaults: engineering knowledge, to verify.
//!
//! # Verified by
//! Hand calculation in `tests.rs`.

mod heat;
mod requests;
mod trace;

pub use heat::HeatTrace;
pub use requests::Requests;
pub use trace::Trace;

use std::sync::Arc;

const DAY: f64 = 86_400.0;
const MINUTE: f64 = 60.0;

/// What a group of racks computes.
#[derive(Debug, Clone, PartialEq)]
pub struct Workload {
    /// Its course over time.
    pub pattern: Pattern,
    /// Share of the racks that computes nothing.
    pub idle_share: f64,
}

/// A course of utilisation over time. Times are seconds from the start of the year.
#[derive(Debug, Clone, PartialEq)]
pub enum Pattern {
    /// The same at all times.
    Constant {
        /// Of 0 … 1.
        utilisation: f64,
    },
    /// A wave over the day, lower at the weekend.
    Diurnal {
        /// At the quietest hour.
        low: f64,
        /// At the busiest hour.
        high: f64,
        /// Time of day of the busiest hour [s].
        peak_at: f64,
        /// Factor on Saturdays and Sundays.
        weekend: f64,
    },
    /// One job that stops for checkpoints.
    Training {
        /// While it computes.
        utilisation: f64,
        /// From one checkpoint to the next [s].
        checkpoint_every: f64,
        /// How long one takes [s].
        checkpoint_lasts: f64,
        /// Meanwhile.
        checkpoint_utilisation: f64,
        /// Of the phase.
        seed: u64,
    },
    /// Requests.
    Inference(Requests),
    /// Nothing.
    Idle,
    /// A recorded course.
    Trace(Arc<Trace>),
    /// Recorded heat of one unit [W]; the only pattern that is not a utilisation.
    Heat {
        /// The record.
        trace: Arc<HeatTrace>,
        /// Its column, from 0.
        column: usize,
        /// Time of the year at which the record begins [s].
        start: f64,
    },
}

impl Workload {
    /// A course without idle racks.
    #[must_use]
    pub const fn new(pattern: Pattern) -> Workload {
        Workload { pattern, idle_share: 0.0 }
    }

    /// Mean utilisation (or heat in W) from one time to a later one [s from the start of the year]; where they are the
    /// same, of the second that begins there.
    #[must_use]
    pub fn mean(&self, from_s: f64, to_s: f64) -> f64 {
        let to_s = if to_s > from_s { to_s } else { from_s + 1.0 };
        if let Pattern::Heat { trace, column, start } = &self.pattern {
            return trace.heat(*column, from_s - start, to_s - start);
        }
        (self.pattern.mean(from_s, to_s) * (1.0 - self.idle_share)).clamp(0.0, 1.0)
    }
}

impl Pattern {
    fn mean(&self, from: f64, to: f64) -> f64 {
        match self {
            Pattern::Constant { utilisation } => *utilisation,
            Pattern::Idle => 0.0,
            Pattern::Trace(trace) => trace.mean(from, to),
            Pattern::Heat { trace, column, start } => trace.heat(*column, from - start, to - start),
            &Pattern::Diurnal { low, high, peak_at, weekend } => {
                let (middle, half) = (0.5 * (high + low), 0.5 * (high - low));
                pieces(from, to, DAY, |day, a, b| {
                    let factor = if (day.rem_euclid(7.0)) >= 5.0 { weekend } else { 1.0 };
                    factor * (middle + half * wave(a, b, peak_at))
                })
            }
            &Pattern::Training {
                utilisation,
                checkpoint_every,
                checkpoint_lasts,
                checkpoint_utilisation,
                seed,
            } => {
                let phase = 0.5 * (1.0 + chance(seed, u64::MAX)) * checkpoint_every;
                let work = checkpoint_every - checkpoint_lasts;
                pieces(from + phase, to + phase, checkpoint_every, |period, a, b| {
                    let start = period * checkpoint_every;
                    let working = overlap(a - start, b - start, 0.0, work);
                    let share = working / (b - a);
                    utilisation * share + checkpoint_utilisation * (1.0 - share)
                })
            }
            Pattern::Inference(requests) => requests.mean(from, to),
        }
    }
}

/// Mean over an interval of what is known piece by piece: `of(number, from, to)` within each piece.
fn pieces(from: f64, to: f64, length: f64, of: impl Fn(f64, f64, f64) -> f64) -> f64 {
    let (first, last) = ((from / length).floor(), (to / length).ceil());
    let mut sum = 0.0;
    let mut number = first;
    while number < last {
        let a = from.max(number * length);
        let b = to.min((number + 1.0) * length);
        if b > a {
            sum += of(number, a, b) * (b - a);
        }
        number += 1.0;
    }
    sum / (to - from)
}

fn overlap(from: f64, to: f64, low: f64, high: f64) -> f64 {
    (to.min(high) - from.max(low)).max(0.0)
}

/// Mean of the daily wave over an interval of at most a day.
fn wave(from: f64, to: f64, peak_at: f64) -> f64 {
    // Time since the trough, half a day before the peak.
    let trough = peak_at - 0.5 * DAY;
    let start = (from - trough).rem_euclid(DAY);
    let end = start + (to - from);
    (wave_integral(end) - wave_integral(start)) / (to - from)
}

/// Integral of the wave from a trough to `t` seconds after it, `t` within two days.
fn wave_integral(t: f64) -> f64 {
    // Over a whole day the wave sums to nothing; its second half mirrors the first.
    let t = t.rem_euclid(DAY);
    let half = 0.5 * DAY;
    let rising = |t: f64| {
        let x = t / half;
        half * (2.0 * (x * x * x - 0.5 * x * x * x * x) - x)
    };
    if t <= half { rising(t) } else { -rising(DAY - t) }
}

/// A number uniform in −1 … 1 from a seed and a counter (SplitMix64).
fn chance(seed: u64, counter: u64) -> f64 {
    let mut x = seed.wrapping_add(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(counter.wrapping_add(1)));
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^= x >> 31;
    // 53 bits: every value is exact.
    (x >> 11) as f64 * (2.0 / (1_u64 << 53) as f64) - 1.0
}

#[cfg(test)]
mod tests;
