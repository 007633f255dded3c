//! What flowed through a site within one interval of its results: the figures of
//! [`metrics`](crate::metrics), for that interval alone.

use crate::metrics::over;
use plant::declare::{Use, Water};
use plant::network::MeterKind;

const KWH: f64 = 3.6e6;

/// Energies and water of one interval of the results.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Interval {
    /// Length [s].
    pub length: f64,
    /// Utility feed, generation on site, and what batteries gave less what they took [J].
    pub facility: f64,
    /// Given to the utility, which is taken off above [J].
    pub exported: f64,
    /// Delivered by the utility, less what batteries took and kept; exports are not taken off [J].
    pub bought: f64,
    /// What reached batteries less what left their cells [J].
    pub charged: f64,
    /// Make-up water [kg].
    pub make_up: f64,
    /// Heat given to the surroundings [J].
    pub rejected: f64,
    /// Heat handed to users outside of the site [J].
    pub reused: f64,
    /// Enthalpy of make-up water less that of drained water [J].
    pub carried: f64,
    /// Electricity by category, in the order of [`Use::ALL`] [J].
    pub used: [f64; Use::ALL.len()],
}

impl Interval {
    /// Adds up the amounts of meters [J or kg].
    pub fn of(length: f64, meters: impl Iterator<Item = (MeterKind, f64)>) -> Self {
        let mut interval = Interval { length, ..Interval::default() };
        for (kind, amount) in meters {
            match kind {
                MeterKind::Generated => interval.facility += amount,
                MeterKind::Grid => {
                    interval.facility += amount;
                    interval.bought += amount;
                }
                MeterKind::Exported => {
                    interval.exported += amount;
                    interval.bought += amount;
                }
                MeterKind::Charged => {
                    interval.facility -= amount;
                    interval.bought -= amount;
                    interval.charged += amount;
                }
                MeterKind::Rejected => interval.rejected += amount,
                MeterKind::Reused => interval.reused += amount,
                MeterKind::Carried => interval.carried += amount,
                MeterKind::Water(Water::MakeUp) => interval.make_up += amount,
                MeterKind::Use(category) => {
                    if let Some(k) = Use::ALL.iter().position(|&u| u == category) {
                        interval.used[k] += amount;
                    }
                }
                _ => {}
            }
        }
        interval
    }

    /// This one and the one after it as one.
    #[must_use]
    pub fn and(self, next: &Interval) -> Interval {
        let mut used = self.used;
        used.iter_mut().zip(next.used).for_each(|(sum, amount)| *sum += amount);
        Interval {
            length: self.length + next.length,
            facility: self.facility + next.facility,
            exported: self.exported + next.exported,
            bought: self.bought + next.bought,
            charged: self.charged + next.charged,
            make_up: self.make_up + next.make_up,
            rejected: self.rejected + next.rejected,
            reused: self.reused + next.reused,
            carried: self.carried + next.carried,
            used,
        }
    }

    /// Electricity of one category [J].
    #[must_use]
    pub fn used(&self, category: Use) -> f64 {
        Use::ALL.iter().position(|&u| u == category).map_or(0.0, |k| self.used[k])
    }

    /// Input of the IT equipment, ISO/IEC 30134-2, category 3 [J].
    #[must_use]
    pub fn it(&self) -> f64 {
        self.used(Use::It) + self.used(Use::ServerFans) + self.used(Use::PsuLoss)
    }

    /// Facility energy per IT energy; nothing without IT energy.
    #[must_use]
    pub fn pue(&self) -> Option<f64> {
        over(self.facility, self.it())
    }

    /// Make-up water per IT energy [L/kWh]; nothing without IT energy.
    #[must_use]
    pub fn wue_l_per_kwh(&self) -> Option<f64> {
        over(self.make_up, self.it() / KWH)
    }

    /// Mean of an amount over the interval [W or kg/s].
    #[must_use]
    pub fn mean(&self, amount: f64) -> f64 {
        if self.length > 0.0 { amount / self.length } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_has_the_figures_of_its_meters() {
        // 9 + 0.5 + 0.5 = 10 MJ into the IT equipment; 13 from the grid, 1 of it into a battery: PUE 12/10.
        // 2 kg of water for 10/3.6 kWh: 0.72 L/kWh.
        let meters = [
            (MeterKind::Use(Use::It), 9e6),
            (MeterKind::Use(Use::ServerFans), 0.5e6),
            (MeterKind::Use(Use::PsuLoss), 0.5e6),
            (MeterKind::Use(Use::Pumps), 2e6),
            (MeterKind::Grid, 13e6),
            (MeterKind::Charged, 1e6),
            (MeterKind::Water(Water::MakeUp), 2.0),
            (MeterKind::Water(Water::Evaporation), 1.5),
            (MeterKind::Rejected, 11e6),
            (MeterKind::Carried, 0.1e6),
        ];
        let interval = Interval::of(1000.0, meters.into_iter());
        assert_eq!(interval.it(), 10e6);
        assert_eq!(interval.pue(), Some(1.2));
        assert!((interval.wue_l_per_kwh().unwrap_or(0.0) - 0.72).abs() < 1e-12);
        assert_eq!(interval.mean(interval.used(Use::Pumps)), 2000.0);
        assert_eq!((interval.bought, interval.rejected, interval.carried), (12e6, 11e6, 0.1e6));
        // Two of them: twice as much in twice the time, the ratios as they were.
        let both = interval.and(&interval);
        assert_eq!((both.length, both.facility, both.pue()), (2000.0, 24e6, Some(1.2)));
    }

    #[test]
    fn an_interval_without_it_energy_has_no_ratio() {
        let interval = Interval::of(60.0, [(MeterKind::Grid, 1e6)].into_iter());
        assert_eq!((interval.pue(), interval.wue_l_per_kwh()), (None, None));
    }
}
