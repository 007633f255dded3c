//! Carbon of the site's electricity by the hour, and how much of it is matched by contracts.
//!
//! # Definitions
//! Over the output intervals `i` of the run, with `F_i` fed in (utility and generation on site, less what is exported), `G_i`
//! what the utility delivered (exports are not taken off), `R_i` what was used of sun and wind on site, `f_i` the mean of the
//! grid's carbon factor, and `S_i` what all contracts deliver:
//!
//! | figure | definition |
//! |---|---|
//! | location-based | `Σ f_i·G_i`; with the annual factor, factor · electricity bought: scope 2 |
//! | market-based | contracts at their factors up to `ΣG`, the rest at the residual mix, or at the location's mean factor where none is given |
//! | matched share | `Σ (min(S_i, G_i) + R_i)/ΣF`: hour by hour (24/7), never more than 1 |
//! | matched share, annual | `(min(ΣS, ΣG) + ΣR)/ΣF`: volumes of the whole run |
//! | carbon-free share | `(Σ (min(S_i, G_i) + R_i) + g·Σ(G_i − S_i)⁺)/ΣF`, `g` the grid's own annual carbon-free share |
//! | of a group of racks | `Σ f_i·F_i·e_i/E_i`, `e_i` the electricity that the group owns of all that is owned `E_i` |
//!
//! Charging a battery counts when it is charged. An interval longer than an hour matches more than an hour would.
//!
//! # Source
//! Location- and market-based: WRI/WBCSD, *GHG Protocol Scope 2 Guidance* (2015), chapters 4 and 6. Matching and the
//! carbon-free share: Google, *24/7 Carbon-Free Energy: Methodologies and Metrics* (2021). Both recalled, to verify.

use crate::account::Total;
use crate::books::on_site;
use crate::intervals;
use crate::metrics::{Carbon, over};
use crate::run::Outcome;
use plant::network::MeterKind;
use plant::plant::Plant;
use scenario::Case;
use scenario::case::{Basis, GridFactor, Supply};

/// What a site's `carbon` comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct SupplyFigures {
    /// What the factors count.
    pub basis: Basis,
    /// Location-based [kg]; nothing without a factor.
    pub location_kg: Option<f64>,
    /// Market-based [kg]; nothing without contracts or a residual mix.
    pub market_kg: Option<f64>,
    /// Share matched by contracts, and by sun and wind on site, interval by interval.
    pub matched_share: Option<f64>,
    /// Share matched by the volumes of the whole run.
    pub matched_share_annual: Option<f64>,
    /// The first with the grid's own carbon-free share for the rest.
    pub carbon_free_share: Option<f64>,
    /// Fed in [J].
    pub fed_in: f64,
    /// Delivered by each contract [J].
    pub contracts: Vec<f64>,
    /// Location-based, by group of racks [kg].
    pub groups_kg: Option<Vec<f64>>,
}

/// One output interval.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Interval {
    from: f64,
    to: f64,
    /// Fed in [J].
    fed: f64,
    /// Delivered by the utility [J].
    grid: f64,
    /// Used of sun and wind on site [J].
    own: f64,
}

/// Evaluates the supply; pure.
pub fn evaluate(
    plant: &Plant,
    outcome: &Outcome,
    supply: &Supply,
    grid: Option<&GridFactor>,
    annual: Option<&Carbon>,
) -> SupplyFigures {
    let trajectory = &outcome.trajectory;
    let times = trajectory.times.windows(2).map(|pair| (pair[0], pair[1]));
    let mut intervals: Vec<Interval> =
        times.map(|(from, to)| Interval { from, to, fed: 0.0, grid: 0.0, own: 0.0 }).collect();
    for (meter, column) in trajectory.meters.iter().enumerate() {
        let own = on_site::is_renewable(plant, column.kind, column.unit);
        // What each meter adds to what is fed in, delivered and used of the site's own: exports are in `Grid`, negative.
        let (fed, grid, own) = match column.kind {
            MeterKind::Grid => (1.0, 1.0, 0.0),
            MeterKind::Generated => (1.0, 0.0, if own { 1.0 } else { 0.0 }),
            MeterKind::Exported => (0.0, 1.0, -1.0),
            _ => continue,
        };
        for (interval, amount) in intervals.iter_mut().zip(trajectory.amounts(meter)) {
            interval.fed += fed * amount;
            interval.grid += grid * amount;
            interval.own += own * amount;
        }
    }
    intervals.iter_mut().for_each(|i| i.own = i.own.max(0.0));
    let groups = outcome.racks.len();
    let mut figures = of_intervals(
        &intervals,
        supply,
        grid.and_then(|grid| grid.carbon_free_share.as_ref()).map(|share| share.value),
    );
    match &supply.profile {
        Some(profile) => {
            let carbon: Vec<f64> =
                intervals.iter().map(|i| i.grid * profile.course.mean(i.from, i.to)).collect();
            figures.location_kg = Some(total(carbon.iter().copied()));
            figures.groups_kg = Some(by_group(&carbon, &outcome.owned, groups));
        }
        None => figures.location_kg = annual.map(|annual| annual.factor * outcome.accounts.bought()),
    }
    let bought = total(intervals.iter().map(|i| i.grid));
    let factor = figures.location_kg.and_then(|kg| over(kg, bought));
    figures.market_kg = market(supply, &figures.contracts, bought, factor);
    figures
}

/// Mean carbon of the electricity in an interval that ends at `until`, location-based as above [kg/s]: over a run it sums
/// up to `location_kg`. The fuel of generators is not in it. Nothing for a site without a factor.
#[must_use]
pub fn rate(case: &Case, interval: &intervals::Interval, until: f64) -> Option<f64> {
    let profile = case.supply.as_ref().and_then(|supply| supply.profile.as_ref());
    let kg = match profile {
        // Charging counts when it is charged.
        Some(profile) => {
            (interval.bought + interval.charged) * profile.course.mean(until - interval.length, until)
        }
        None => interval.bought * crate::case::annual_carbon(case)?.factor,
    };
    (interval.length > 0.0).then(|| kg / interval.length)
}

fn total(values: impl Iterator<Item = f64>) -> f64 {
    let mut total = Total::default();
    values.for_each(|value| total.add(value));
    total.value()
}

/// Matching, without the carbon.
fn of_intervals(intervals: &[Interval], supply: &Supply, grid_share: Option<f64>) -> SupplyFigures {
    let fed_in = total(intervals.iter().map(|i| i.fed));
    let delivered: Vec<f64> = (supply.contracts.iter())
        .map(|contract| total(intervals.iter().map(|i| contract.energy(i.from, i.to))))
        .collect();
    let matched = total(intervals.iter().map(|i| {
        let delivered: f64 = supply.contracts.iter().map(|c| c.energy(i.from, i.to)).sum();
        delivered.min(i.grid).max(0.0)
    }));
    let own = total(intervals.iter().map(|i| i.own));
    let some = own > 0.0 || !supply.contracts.is_empty();
    let share = over(matched + own, fed_in).filter(|_| some);
    let volumes: f64 = delivered.iter().sum();
    let grid = total(intervals.iter().map(|i| i.grid));
    let rest = over(grid - matched, fed_in).unwrap_or(0.0);
    SupplyFigures {
        basis: supply.basis,
        location_kg: None,
        market_kg: None,
        matched_share: share,
        matched_share_annual: over(volumes.min(grid) + own, fed_in).filter(|_| some),
        carbon_free_share: share.zip(grid_share).map(|(share, grid)| share + rest * grid),
        fed_in,
        contracts: delivered,
        groups_kg: None,
    }
}

fn market(supply: &Supply, delivered: &[f64], fed_in: f64, location: Option<f64>) -> Option<f64> {
    if supply.contracts.is_empty() && supply.residual.is_none() {
        return None;
    }
    let volumes: f64 = delivered.iter().sum();
    let share = if volumes > fed_in { fed_in / volumes } else { 1.0 };
    let contracts: f64 = supply
        .contracts
        .iter()
        .zip(delivered)
        .map(|(contract, energy)| contract.factor * energy * share)
        .sum();
    let rest = (fed_in - volumes).max(0.0);
    match supply.residual.as_ref().map(|of| of.factor).or(location) {
        Some(factor) => Some(contracts + rest * factor),
        None if rest == 0.0 => Some(contracts),
        None => None,
    }
}

/// Carbon of each interval shared by what the groups own in it. `owned` has one value per interval and group.
fn by_group(carbon: &[f64], owned: &[f64], groups: usize) -> Vec<f64> {
    let mut totals = vec![Total::default(); groups];
    for (kg, owned) in carbon.iter().zip(owned.chunks_exact(groups.max(1))) {
        let all: f64 = owned.iter().sum();
        for (total, owned) in totals.iter_mut().zip(owned) {
            total.add(if all > 0.0 { kg * owned / all } else { kg / groups as f64 });
        }
    }
    totals.into_iter().map(Total::value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use scenario::case::{Confidence, Contract, Origin, Residual};
    use scenario::course::Course;
    use std::sync::Arc;

    fn by_hand() -> Origin {
        Origin::new("by hand", 2024, Confidence::C)
    }

    /// 1 MW in the even hours, nothing in the odd ones.
    fn alternating(factor: f64) -> Contract {
        let rows: String = (0..8760).map(|hour| format!("{hour},{}\n", 1 - hour % 2)).collect();
        let course = Course::parse(format!("hour,share\n{rows}").as_bytes(), "solar.csv").unwrap();
        Contract {
            technology: "Solar",
            capacity: 1e6,
            course: Some(Arc::new(course)),
            course_origin: None,
            factor,
            range: None,
            origin: by_hand(),
        }
    }

    fn hours(fed: &[f64]) -> Vec<Interval> {
        let of = |(k, &fed): (usize, &f64)| Interval {
            from: 3600.0 * k as f64,
            to: 3600.0 * (k + 1) as f64,
            fed,
            grid: fed,
            own: 0.0,
        };
        fed.iter().enumerate().map(of).collect()
    }

    #[test]
    fn hours_are_matched_one_by_one_and_never_beyond_what_is_fed_in() {
        // 3.6 GJ in hours 0 and 2; fed in 1.8, 1.8, 7.2, 1.8 GJ: matched 1.8 + 0 + 3.6 + 0 of 12.6, volumes 7.2.
        let supply = Supply {
            basis: Basis::Lifecycle,
            profile: None,
            contracts: vec![alternating(0.0)],
            residual: None,
        };
        let figures = of_intervals(&hours(&[1.8e9, 1.8e9, 7.2e9, 1.8e9]), &supply, Some(0.5));
        assert!((figures.matched_share.unwrap() - 5.4 / 12.6).abs() < 1e-12);
        assert!((figures.matched_share_annual.unwrap() - 7.2 / 12.6).abs() < 1e-12);
        // The rest at the grid's half.
        let free = (5.4 + 0.5 * 7.2) / 12.6;
        assert!((figures.carbon_free_share.unwrap() - free).abs() < 1e-12);
        // A contract many times too large matches each of its hours once.
        let large = Contract { capacity: 1e9, ..alternating(0.0) };
        let supply = Supply { contracts: vec![large], ..supply };
        let figures = of_intervals(&hours(&[1.8e9, 1.8e9]), &supply, None);
        assert_eq!((figures.matched_share, figures.matched_share_annual), (Some(0.5), Some(1.0)));
        assert_eq!(figures.carbon_free_share, None);
    }

    #[test]
    fn what_the_site_makes_itself_matches_its_own_hours_and_exports_match_nobody() {
        // Hour 0: 5 generated, 2 of it exported, 1 bought before the sun came: fed 4, own 3. Hour 1: 4 bought.
        // Contracts: 3.6 GJ in hour 0, nothing in hour 1. Matched (1 + 3 + 0)/8, of volumes (3.6 + 3)/8.
        let gj = 1e9;
        let hour = |k: usize, fed: f64, grid: f64, own: f64| Interval {
            from: 3600.0 * k as f64,
            to: 3600.0 * (k + 1) as f64,
            fed: fed * gj,
            grid: grid * gj,
            own: own * gj,
        };
        let supply = Supply {
            basis: Basis::Lifecycle,
            profile: None,
            contracts: vec![alternating(0.0)],
            residual: None,
        };
        let day = [hour(0, 4.0, 1.0, 3.0), hour(1, 4.0, 4.0, 0.0)];
        let figures = of_intervals(&day, &supply, Some(0.25));
        assert!((figures.matched_share.unwrap() - 0.5).abs() < 1e-12);
        assert!((figures.matched_share_annual.unwrap() - 6.6 / 8.0).abs() < 1e-12);
        // The 4 GJ of hour 1 at the grid's quarter.
        assert!((figures.carbon_free_share.unwrap() - 5.0 / 8.0).abs() < 1e-12);
        // Without contracts the site's own share is matched all the same.
        let figures = of_intervals(&day, &Supply { contracts: vec![], ..supply }, None);
        assert_eq!(figures.matched_share, Some(3.0 / 8.0));
    }

    #[test]
    fn the_market_counts_contracts_up_to_the_demand_and_the_rest_at_the_residual_mix() {
        let of = |residual: Option<f64>| Supply {
            basis: Basis::Lifecycle,
            profile: None,
            contracts: vec![alternating(1e-9)],
            residual: residual.map(|factor| Residual { factor, origin: by_hand() }),
        };
        // 40 J of 100 by contract at 1e-9 kg/J, 60 J at 5e-9.
        let kg = market(&of(Some(5e-9)), &[40.0], 100.0, Some(7e-9)).unwrap();
        assert!((kg - 340e-9).abs() < 1e-18);
        // Without a residual mix the location's factor.
        let kg = market(&of(None), &[40.0], 100.0, Some(7e-9)).unwrap();
        assert!((kg - 460e-9).abs() < 1e-18);
        // Of 200 J bought 100 J count.
        let kg = market(&of(Some(5e-9)), &[200.0], 100.0, None).unwrap();
        assert!((kg - 100e-9).abs() < 1e-18);
        assert_eq!(market(&of(None), &[40.0], 100.0, None), None);
        assert_eq!(
            market(
                &Supply { basis: Basis::Lifecycle, profile: None, contracts: vec![], residual: None },
                &[],
                1.0,
                Some(1.0)
            ),
            None
        );
    }

    #[test]
    fn carbon_goes_to_those_who_draw_in_dirty_hours() {
        // Two groups that own the same in all, one by day and one by night: 10 kg and 2 kg.
        let kg = by_group(&[10.0, 2.0], &[5.0, 0.0, 0.0, 5.0], 2);
        assert_eq!(kg, [10.0, 2.0]);
        // Where nobody owns anything they share alike.
        assert_eq!(by_group(&[4.0], &[0.0, 0.0], 2), [2.0, 2.0]);
    }
}
