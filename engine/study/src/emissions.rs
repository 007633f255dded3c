//! Carbon that knows what it counts, so that what counts differently is never added.
//!
//! # Definitions
//! | basis | electricity | fuel |
//! |---|---|---|
//! | direct | CO₂ (equivalent) that leaves the power plants | CO₂ that leaves the exhaust |
//! | lifecycle | that, and building of plants, supply of fuel | that, and supply of the fuel (well to tank) |
//!
//! [`Emissions`] have one basis, and there is no way to add two of them. What is known on either basis, as the fuel of a
//! generator is ([`Both`]), can be added to emissions of any: it brings the part that fits.

use scenario::case::Basis;

/// Carbon dioxide (equivalent) of one basis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Emissions {
    basis: Basis,
    kg: f64,
}

/// Carbon dioxide (equivalent) that is known on either basis [kg].
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Both {
    /// What leaves the exhaust.
    pub direct: f64,
    /// The same with the supply of the fuel.
    pub lifecycle: f64,
}

impl Emissions {
    /// So many kilograms of a basis.
    #[must_use]
    pub fn of(basis: Basis, kg: f64) -> Self {
        Emissions { basis, kg }
    }
    /// With what is known on either basis.
    #[must_use]
    pub fn with(self, both: Both) -> Self {
        Emissions { kg: self.kg + both.on(self.basis), ..self }
    }
    /// What they count.
    #[must_use]
    pub fn basis(self) -> Basis {
        self.basis
    }
    /// How much [kg].
    #[must_use]
    pub fn kg(self) -> f64 {
        self.kg
    }
}

impl Both {
    /// The part of a basis [kg].
    #[must_use]
    pub fn on(self, basis: Basis) -> f64 {
        match basis {
            Basis::Direct => self.direct,
            Basis::Lifecycle => self.lifecycle,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fuel_brings_the_part_that_fits_the_electricity_it_is_added_to() {
        // A litre of diesel: 2.653 kg from the exhaust, 0.677 kg before the tank.
        let diesel = Both { direct: 2.653, lifecycle: 2.653 + 0.677 };
        let of = |basis| Emissions::of(basis, 10.0).with(diesel);
        assert_eq!((of(Basis::Direct).kg(), of(Basis::Direct).basis()), (12.653, Basis::Direct));
        assert!((of(Basis::Lifecycle).kg() - 13.33).abs() < 1e-12);
    }
}
