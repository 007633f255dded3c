//! Numbers that look random and depend on nothing but a key: the same on every machine.

/// A family of independent numbers in [0, 1), one for every index.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stream {
    key: u64,
}

/// The finaliser of SplitMix64. G. Steele, D. Lea, C. Flood, *Fast Splittable Pseudorandom Number
/// Generators*, OOPSLA 2014.
const fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// The increment of SplitMix64: 2⁶⁴ divided by the golden ratio, made odd.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Stream {
    /// The stream of a seed, a name and a purpose.
    pub fn new(seed: u64, name: &str, purpose: &str) -> Self {
        let key = [name, "/", purpose]
            .iter()
            .flat_map(|part| part.bytes())
            .fold(mix(seed ^ STEP), |key, byte| mix(key.wrapping_add(STEP) ^ u64::from(byte)));
        Self { key }
    }

    /// Uniform in [0, 1).
    pub fn uniform(self, index: u64) -> f64 {
        let bits = mix(self.key.wrapping_add(STEP.wrapping_mul(index.wrapping_add(1))));
        // The upper 53 bits are the mantissa.
        (bits >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Nearly normal with mean 0 and standard deviation 1: the sum of twelve uniform numbers minus 6. No
    /// logarithm, hence the same bits everywhere; the tails end at ±6.
    pub fn normal(self, index: u64) -> f64 {
        (0..12).map(|k| self.uniform(12 * index + k)).sum::<f64>() - 6.0
    }

    /// `days` numbers with mean 0 and standard deviation 1, each carrying on the share `memory` of the one
    /// before it, the first of the last: first-order autoregressive and periodic.
    pub fn persistent(self, days: usize, memory: f64) -> Vec<f64> {
        let fresh = (1.0 - memory * memory).sqrt();
        let mut values = vec![0.0; days];
        let mut state = 0.0;
        // After one round the start is forgotten, so the second closes the circle.
        for _ in 0..2 {
            for (index, value) in values.iter_mut().enumerate() {
                state = memory * state + fresh * self.normal(index as u64);
                *value = state;
            }
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_do_not_change_between_versions() {
        let stream = Stream::new(7, "harbin", "temperature");
        let first: Vec<u64> = (0..3).map(|index| (stream.uniform(index) * 1e15) as u64).collect();
        assert_eq!(first, [515_843_477_044_752, 257_255_276_260_511, 43_716_911_590_344]);
    }

    #[test]
    fn a_persistent_series_has_the_spread_and_memory_it_should() {
        // 20,000 values: the mean is within 4 · sqrt((1 + 0.6)/(1 − 0.6)/20,000) = 0.06 of 0.
        let values = Stream::new(1, "a", "b").persistent(20_000, 0.6);
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|x| x * x).sum::<f64>() / n;
        let product = values.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>() / n;
        assert!(mean.abs() < 0.06 && (variance - 1.0).abs() < 0.06, "{mean} {variance}");
        assert!((product / variance - 0.6).abs() < 0.03, "{}", product / variance);
    }

    #[test]
    fn seeds_names_and_purposes_give_different_streams() {
        let base = Stream::new(1, "a", "b").uniform(0);
        for other in [Stream::new(2, "a", "b"), Stream::new(1, "c", "b"), Stream::new(1, "a", "d")] {
            assert!((base - other.uniform(0)).abs() > 1e-9);
        }
    }
}
