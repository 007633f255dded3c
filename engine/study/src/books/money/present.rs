//! What money of one year is worth in another.
//!
//! # Definitions
//! ```text
//! d(n)        = (1 + r)⁻ⁿ                                   present worth of 1 in n years
//! PVA(n)      = Σ_{y=1…n} d(y)                              present worth of 1 at the end of each of n years
//! CRF(n)      = 1/PVA(n) = r/(1 − (1 + r)⁻ⁿ)                capital recovery factor: yearly payment for 1; 1/n for r = 0
//! bought      = Σ_{k: k·L < N} d(k·L)                       1 now and after each life L within the horizon N
//! residual    = ((k+1)·L − N)/L · d(N)                      what the last one is worth then, straight line
//! ```
//! Powers are products, so that they are the same bits everywhere.
//!
//! # Source
//! Uniform capital recovery and present worth: NIST Handbook 135, *Life-Cycle Costing Manual for the Federal Energy
//! Management Program* (1995), appendix; recalled, to verify. Straight-line residual value as in it.

/// Present worth of 1 in `years` years.
#[must_use]
pub fn discount(rate: f64, years: u32) -> f64 {
    (0..years).fold(1.0, |worth, _| worth / (1.0 + rate))
}

/// Present worth of 1 at the end of each of `years` years.
#[must_use]
pub fn annuity(rate: f64, years: u32) -> f64 {
    (1..=years).map(|year| discount(rate, year)).sum()
}

/// Yearly payment that is worth 1 now.
#[must_use]
pub fn capital_recovery(rate: f64, years: u32) -> f64 {
    1.0 / annuity(rate, years.max(1))
}

/// Present worth of something that costs 1, is replaced after each life, and keeps a straight-line residual value.
#[must_use]
pub fn owned(rate: f64, life: u32, horizon: u32) -> f64 {
    let life = life.max(1);
    let purchases = horizon.max(1).div_ceil(life);
    let bought: f64 = (0..purchases).map(|k| discount(rate, k * life)).sum();
    let left = f64::from(purchases * life - horizon.max(1)) / f64::from(life);
    bought - left * discount(rate, horizon.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_for_five_years_at_eight_percent_are_25_a_year() {
        // 0.08/(1 − 1.08⁻⁵) = 0.08/(1 − 0.680583) = 0.250456
        assert!((capital_recovery(0.08, 5) - 0.250_456_454_5).abs() < 1e-10);
        assert!((discount(0.08, 5) - 0.680_583_197).abs() < 1e-9);
        // Without interest a fifth; nothing divides by zero.
        assert!((capital_recovery(0.0, 5) - 0.2).abs() < 1e-15);
    }

    #[test]
    fn ten_years_of_a_five_year_life_take_two_and_leave_nothing() {
        // 1 + 1.08⁻⁵ = 1.680583; at the end nothing is left.
        assert!((owned(0.08, 5, 10) - 1.680_583_197).abs() < 1e-9);
        // Seven years: the second has 3 of 5 years left: 1 + 0.680583 − 0.6 · 1.08⁻⁷ (0.583490) = 1.330489
        assert!((owned(0.08, 5, 7) - 1.330_488_9).abs() < 1e-7);
        // A building of 30 years seen for 15: half of it is left: 1 − 0.5 · 1.08⁻¹⁵ (0.315242) = 0.842379
        assert!((owned(0.08, 30, 15) - 0.842_379_1).abs() < 1e-7);
    }

    #[test]
    fn over_whole_lives_the_annuity_is_worth_what_is_bought() {
        // CRF(5) · PVA(20) = 1 + d(5) + d(10) + d(15)
        for rate in [0.0, 0.03, 0.1] {
            let (paid, bought) = (capital_recovery(rate, 5) * annuity(rate, 20), owned(rate, 5, 20));
            assert!((paid - bought).abs() < 1e-12, "{rate}: {paid} {bought}");
        }
    }

    #[test]
    fn without_interest_ownership_is_depreciation() {
        // 13 years of a life of 4: 13/4 of the price, whatever stands in between.
        assert!((owned(0.0, 4, 13) - 3.25).abs() < 1e-15);
    }
}
