//! What the memory of this machine gives: the triad of J. D. McCalpin's STREAM per cache tier.
//!
//! `a[i] = b[i] + s·c[i]`, 24 bytes an element as STREAM counts them (the line of `a` that is read before it is
//! written is not counted). Arrays of a tier's size are swept often enough for the clock.

use crate::measure::Spent;

/// Bandwidth at one working-set size.
#[derive(Clone, Copy, Debug)]
pub struct Tier {
    pub name: &'static str,
    /// Bytes of the three arrays.
    pub bytes: usize,
    /// 10⁹ bytes per second of CPU time.
    pub bandwidth: f64,
}

struct Sweep<'a>(&'a mut [f64], &'a [f64], &'a [f64]);

impl pulp::WithSimd for Sweep<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        for ((a, b), c) in self.0.iter_mut().zip(self.1).zip(self.2) {
            *a = *b + 3.0 * *c;
        }
    }
}

/// One tier, the best of `repeats`: a bound is what the machine can do, not what it does under load.
fn tier(name: &'static str, bytes: usize, repeats: usize) -> Tier {
    let n = bytes / 24;
    let (mut a, b, c) = (vec![0.0; n], vec![1.0; n], vec![2.0; n]);
    let sweeps = (400_000_000 / bytes).max(1);
    let mut best = 0.0_f64;
    for _ in 0..repeats {
        let mut spent = Spent::default();
        spent.on(|| {
            for _ in 0..sweeps {
                pulp::Arch::new().dispatch(Sweep(&mut a, &b, &c));
                std::hint::black_box(&mut a);
            }
        });
        best = best.max(1e-9 * (sweeps * n * 24) as f64 / spent.cpu);
    }
    Tier { name, bytes, bandwidth: best }
}

/// All tiers. The sizes lie well inside the caches of the server processors of this decade (48 kB, 1 MB, 32 MB),
/// the last well outside.
pub fn tiers(repeats: usize) -> Vec<Tier> {
    vec![
        tier("L1", 24 << 10, repeats),
        tier("L2", 600 << 10, repeats),
        tier("L3", 12 << 20, repeats),
        tier("DRAM", 384 << 20, repeats),
    ]
}

/// Bandwidth for a working set, interpolated between tiers by the logarithm of the size.
pub fn at(tiers: &[Tier], bytes: f64) -> f64 {
    let above = tiers.iter().position(|tier| tier.bytes as f64 >= bytes).unwrap_or(tiers.len() - 1);
    let Some(below) = above.checked_sub(1) else { return tiers[0].bandwidth };
    let (small, large) = (&tiers[below], &tiers[above]);
    let share = (bytes / small.bytes as f64).ln() / (large.bytes as f64 / small.bytes as f64).ln();
    small.bandwidth + share.clamp(0.0, 1.0) * (large.bandwidth - small.bandwidth)
}
