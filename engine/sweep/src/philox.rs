//! Random numbers that are a function of a key and a counter: nothing is remembered, so any case can be drawn first.
//!
//! # Source
//! Philox-4×32-10 of J. Salmon, M. Moraes, R. Dror, D. Shaw, *Parallel random numbers: as easy as 1, 2, 3*, SC'11,
//! with the multipliers and Weyl constants given there.
//!
//! # Verified by
//! The known answers that the authors publish with their library Random123 (`kat_vectors`).

const MULTIPLIERS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
const ROUNDS: usize = 10;

/// Four random words.
#[must_use]
pub fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    let product = |a: u32, b: u32| {
        let wide = u64::from(a) * u64::from(b);
        ((wide >> 32) as u32, wide as u32)
    };
    for _ in 0..ROUNDS {
        let (high0, low0) = product(MULTIPLIERS[0], counter[0]);
        let (high1, low1) = product(MULTIPLIERS[1], counter[2]);
        counter = [high1 ^ counter[1] ^ key[0], low1, high0 ^ counter[3] ^ key[1], low0];
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    counter
}

/// What a random number is for, so that no two uses share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Use {
    /// Independent draws.
    Draw = 1,
    /// Order of a Latin hypercube.
    Order = 2,
    /// Place within a part of a Latin hypercube.
    Place = 3,
    /// Scrambling of a Sobol sequence.
    Scramble = 4,
    /// Paths of Morris.
    Path = 5,
    /// Resampling of a bootstrap.
    Bootstrap = 6,
    /// Who meets whom in a search.
    Select = 7,
    /// Crossover.
    Cross = 8,
    /// Mutation.
    Mutate = 9,
}

/// A stream of a seed for one purpose.
#[derive(Debug, Clone, Copy)]
pub struct Stream {
    key: [u32; 2],
    purpose: u32,
}

impl Stream {
    /// The stream of a seed for a purpose.
    #[must_use]
    pub const fn new(seed: u64, purpose: Use) -> Stream {
        Stream { key: [seed as u32, (seed >> 32) as u32], purpose: purpose as u32 }
    }

    /// The 64 random bits with these two numbers.
    #[must_use]
    pub fn bits(self, a: u64, b: u32) -> u64 {
        let words = philox([a as u32, (a >> 32) as u32, b, self.purpose], self.key);
        u64::from(words[0]) << 32 | u64::from(words[1])
    }

    /// The number in [0, 1) with these two numbers, of 53 random bits.
    #[must_use]
    pub fn unit(self, a: u64, b: u32) -> f64 {
        (self.bits(a, b) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number below `end`, with these two numbers.
    #[must_use]
    pub fn below(self, end: usize, a: u64, b: u32) -> usize {
        // The upper half of the product; its bias is end / 2⁶⁴.
        ((u128::from(self.bits(a, b)) * end as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_answers_of_the_authors_are_met() {
        let zero = philox([0; 4], [0; 2]);
        assert_eq!(zero, [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        let ones = philox([u32::MAX; 4], [u32::MAX; 2]);
        assert_eq!(ones, [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        // Digits of π.
        let pi = philox([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]);
        assert_eq!(pi, [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]);
    }

    #[test]
    fn a_number_depends_on_its_two_numbers_and_on_what_it_is_for() {
        let draw = Stream::new(1, Use::Draw);
        assert_eq!(draw.bits(7, 3), draw.bits(7, 3));
        assert_ne!(draw.bits(7, 3), draw.bits(3, 7));
        assert_ne!(draw.bits(7, 3), Stream::new(1, Use::Order).bits(7, 3));
        assert_ne!(draw.bits(7, 3), Stream::new(2, Use::Draw).bits(7, 3));
    }

    #[test]
    fn the_mean_of_ten_thousand_is_a_half_within_four_of_its_deviations() {
        let stream = Stream::new(5, Use::Draw);
        let mean = (0..10_000).map(|k| stream.unit(k, 0)).sum::<f64>() / 1e4;
        // σ = 1/√12 / √10 000 = 0.00289
        assert!((mean - 0.5).abs() < 0.0116, "{mean}");
        assert!((0..1000).all(|k| stream.below(6, k, 1) < 6));
    }
}
