//! Targets: what was asked of a run, what became of it, by how much, and when and where it was missed.
//!
//! # Definitions
//! | target | value that is compared | when, and where |
//! |---|---|---|
//! | `ZeroWater` | make-up water of the run: met where it is exactly 0 | intervals with make-up; the unit that takes most |
//! | `Pue`, `Wue`, `Cue` | the [metric](crate::metrics) of the run, `Cue(method: Market)` with the market-based carbon | intervals whose own ratio is beyond the limit; of water the unit that takes most |
//! | `CarbonFree` | carbon-free share of the [supply](crate::carbon), its matched share where the grid's is not known | intervals whose own share is below the limit |
//! | `HeatReuse` | the energy reuse factor of the run | intervals whose own factor is below the limit |
//! | `Embodied` | [embodied carbon](crate::books::embodied), all of it or in a year | |
//! | `Cost` | [cost of ownership](crate::books::money) of an accelerator-hour or of a year | |
//! | `RideThrough` | time from the first event until something is reached, see [`events`](crate::events); until the end of the run where it is not | when; chip, rack, or group, and what |
//! | `FreeCooling` | time without compressor over the time | time with one; intervals; the compressor that takes most |
//! | `JunctionTemperature`, `InletTemperature`, `InletClass` | the temperature that went farthest, or the share of time within where less than all of it is asked for | accepted steps, see [`limits`](crate::limits); chip or rack group of the worst |
//!
//! The margin is positive where there is something to spare. What has no value is not met.

mod report;

use crate::limits::{Limit, Seen, Watched};
use crate::metrics::{Summary, over};
use crate::run::Outcome;
use plant::declare::{Use, Water};
use plant::network::MeterKind;
use scenario::case::{CostPer, Until};
use scenario::{Case, Goal, Target};
use std::collections::BTreeMap;

const KWH: f64 = 3.6e6;
const ZERO_CELSIUS: f64 = 273.15;

/// What became of a target.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The target, as written.
    pub text: String,
    /// What is compared.
    pub figure: Figure,
    /// The limit, in the unit of the figure.
    pub limit: f64,
    /// The value; nothing where the run has none.
    pub value: Option<f64>,
    /// What is to spare, negative where it is missed.
    pub margin: Option<f64>,
    /// Whether it is met.
    pub met: bool,
    /// Hours beyond the limit.
    pub hours_missed: Option<f64>,
    /// When it was first beyond the limit [s].
    pub first_missed: Option<f64>,
    /// When it was farthest from it [s].
    pub worst_at: Option<f64>,
    /// How far it went then: of a temperature in °C, else in the unit of the figure.
    pub worst: Option<f64>,
    /// Which unit, chip or rack group.
    pub place: Option<String>,
    /// What was reached there; of a `RideThrough` only.
    pub what: Option<String>,
}

/// What a target compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// m³.
    Water,
    /// Facility energy over IT energy.
    Pue,
    /// L/kWh.
    WaterPerEnergy,
    /// kg/kWh.
    CarbonPerEnergy,
    /// A share.
    Share,
    /// Share of the time in which a temperature is within.
    ShareOfTime,
    /// °C.
    Temperature,
    /// kg.
    Mass,
    /// s.
    Duration,
    /// In a currency, of an hour or a year.
    Cost(&'static str, CostPer),
}

/// The limits that a run must watch for its targets, in their order.
pub fn limits(targets: &[Target]) -> Vec<Limit> {
    let limit = |target: &Target| match target.goal {
        Goal::Junction { at_most, .. } => Some(Limit { of: Watched::Junctions, low: None, high: at_most }),
        Goal::Inlet { low, high, .. } => Some(Limit { of: Watched::Inlets, low, high }),
        _ => None,
    };
    targets.iter().filter_map(limit).collect()
}

/// Evaluates the targets of a case; pure.
pub fn evaluate(case: &Case, outcome: &Outcome, summary: &Summary) -> Vec<Verdict> {
    let intervals = Intervals::of(outcome);
    let mut seen = outcome.limits.iter();
    let verdict = |target: &Target| {
        let mut verdict = match target.goal {
            Goal::Junction { share, .. } => of_temperature(seen.next(), None, share, summary.hours),
            Goal::Inlet { low, share, .. } => of_temperature(seen.next(), low, share, summary.hours),
            goal => intervals.verdict(goal, case, summary),
        };
        if let Goal::Junction { at_most: high, share } | Goal::Inlet { high, share, .. } = target.goal
            && verdict.value.is_none()
        {
            verdict.limit = if share < 1.0 { share } else { high - ZERO_CELSIUS };
        }
        verdict.text.clone_from(&target.text);
        verdict.limit = tidy(verdict.limit);
        verdict
    };
    case.targets.iter().map(verdict).collect()
}

/// Without what the change of units left in the last digits.
fn tidy(limit: f64) -> f64 {
    (limit * 1e9).round() / 1e9
}

impl Verdict {
    fn new(figure: Figure, limit: f64) -> Verdict {
        Verdict {
            text: String::new(),
            figure,
            limit,
            value: None,
            margin: None,
            met: false,
            hours_missed: None,
            first_missed: None,
            worst_at: None,
            worst: None,
            place: None,
            what: None,
        }
    }

    /// Compares: at most the limit, or at least where `sign` is −1.
    fn compare(mut self, value: Option<f64>, sign: f64) -> Verdict {
        self.value = value;
        self.margin = value.map(|value| sign * (self.limit - value));
        self.met = self.margin.is_some_and(|margin| margin >= 0.0);
        self
    }

    fn with(mut self, when: When) -> Verdict {
        self.hours_missed = Some(when.seconds / 3600.0);
        self.first_missed = when.first;
        self.worst_at = when.worst.map(|(_, at)| at);
        self.worst = when.worst.map(|(value, _)| value);
        self
    }

    fn at(mut self, place: Option<String>) -> Verdict {
        self.place = place;
        self
    }
}

fn of_temperature(seen: Option<&Seen>, low: Option<f64>, share: f64, hours: f64) -> Verdict {
    let figure = if share < 1.0 { Figure::ShareOfTime } else { Figure::Temperature };
    let Some((seen, worst)) = seen.and_then(|seen| Some((seen, seen.worst.as_ref()?))) else {
        return Verdict::new(figure, share);
    };
    // The side that was reached, or came nearest.
    let cold = low.is_some_and(|low| low - worst.kelvin >= worst.beyond);
    let limit = if cold { worst.kelvin + worst.beyond } else { worst.kelvin - worst.beyond };
    let mut verdict = if share < 1.0 {
        let within = over(hours * 3600.0 - seen.beyond_s, hours * 3600.0);
        Verdict::new(figure, share).compare(within, -1.0)
    } else {
        let verdict = Verdict::new(figure, limit - ZERO_CELSIUS);
        Verdict {
            value: Some(worst.kelvin - ZERO_CELSIUS),
            margin: Some(-worst.beyond),
            met: worst.beyond <= 0.0,
            ..verdict
        }
    };
    verdict.hours_missed = Some(seen.beyond_s / 3600.0);
    verdict.first_missed = seen.first;
    verdict.worst_at = Some(worst.at);
    verdict.worst = Some(worst.kelvin - ZERO_CELSIUS);
    verdict.at(Some(worst.place.clone()))
}

/// How long the racks have after the first event.
fn ride_through(outcome: &Outcome, at_least: f64, until: Until) -> Verdict {
    let record = &outcome.events;
    let end = outcome.trajectory.times.last().copied();
    let verdict = Verdict::new(Figure::Duration, at_least);
    let Some((first, end)) = record.first.zip(end) else { return verdict };
    match record.reached(until) {
        Some(crossing) => {
            let mut verdict = verdict.compare(crossing.after_s, -1.0);
            verdict.worst_at = crossing.at_s;
            verdict.first_missed = crossing.at_s.filter(|_| !verdict.met);
            verdict.what = Some(crossing.what());
            verdict.at(Some(crossing.place().to_owned()))
        }
        // It lasts at least until the run ends.
        None => verdict.compare(Some(end - first), -1.0),
    }
}

/// When a figure of intervals was beyond its limit.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct When {
    seconds: f64,
    first: Option<f64>,
    /// Value, and start of the interval.
    worst: Option<(f64, f64)>,
}

/// The output intervals of a run.
struct Intervals<'a> {
    outcome: &'a Outcome,
    /// From, to.
    times: Vec<(f64, f64)>,
}

impl<'a> Intervals<'a> {
    fn of(outcome: &'a Outcome) -> Self {
        let times = outcome.trajectory.times.windows(2).map(|pair| (pair[0], pair[1])).collect();
        Intervals { outcome, times }
    }

    /// Meters, each with a factor, summed interval by interval [J or kg].
    fn sum(&self, factor: impl Fn(MeterKind) -> f64) -> Vec<f64> {
        let mut sums = vec![0.0; self.times.len()];
        let trajectory = &self.outcome.trajectory;
        for (meter, column) in trajectory.meters.iter().enumerate() {
            let factor = factor(column.kind);
            if factor != 0.0 {
                sums.iter_mut().zip(trajectory.amounts(meter)).for_each(|(sum, of)| *sum += factor * of);
            }
        }
        sums
    }

    /// When a figure was beyond a limit: at most that, or at least where `sign` is −1.
    fn when(&self, values: impl Iterator<Item = Option<f64>>, limit: f64, sign: f64) -> When {
        let mut when = When::default();
        for (&(from, to), value) in self.times.iter().zip(values) {
            let Some(value) = value else { continue };
            if when.worst.is_none_or(|(worst, _)| sign * value > sign * worst) {
                when.worst = Some((value, from));
            }
            if sign * (value - limit) > 0.0 {
                when.seconds += to - from;
                when.first.get_or_insert(from);
            }
        }
        when
    }

    /// What was used of sun and wind on site in each interval [J].
    fn own(&self, case: &Case) -> Vec<f64> {
        let trajectory = &self.outcome.trajectory;
        let mut own = vec![0.0; trajectory.intervals()];
        for (k, meter) in trajectory.meters.iter().enumerate() {
            let weight = match meter.kind {
                MeterKind::Exported => -1.0,
                kind if crate::books::on_site::is_renewable(&case.plant, kind, meter.unit) => 1.0,
                _ => continue,
            };
            own.iter_mut().zip(trajectory.amounts(k)).for_each(|(own, amount)| *own += weight * amount);
        }
        own.into_iter().map(|own: f64| own.max(0.0)).collect()
    }

    /// The unit whose meters of a kind have the greatest total, if that is above zero.
    fn most(&self, kind: MeterKind) -> Option<String> {
        let accounts = &self.outcome.accounts;
        let mut totals: BTreeMap<&str, f64> = BTreeMap::new();
        for (meter, column) in self.outcome.trajectory.meters.iter().enumerate() {
            if column.kind == kind {
                let unit = column.name.rsplit_once('.').map_or(&*column.name, |(unit, _)| unit);
                *totals.entry(unit).or_default() += accounts.total(meter);
            }
        }
        let mut most: Option<(&str, f64)> = None;
        for (unit, total) in totals {
            if total > most.map_or(0.0, |(_, most)| most) {
                most = Some((unit, total));
            }
        }
        most.map(|(unit, _)| unit.to_owned())
    }

    fn verdict(&self, goal: Goal, case: &Case, summary: &Summary) -> Verdict {
        let m = &summary.metrics;
        let it = || {
            let counts = [Use::It, Use::ServerFans, Use::PsuLoss].map(MeterKind::Use);
            self.sum(|kind| f64::from(u8::from(counts.contains(&kind))))
        };
        let make_up = MeterKind::Water(Water::MakeUp);
        let fed = |kind| f64::from(u8::from(matches!(kind, MeterKind::Grid | MeterKind::Generated)));
        let supplied = |kind| fed(kind) - f64::from(u8::from(kind == MeterKind::Charged));
        let only = |wanted: MeterKind| move |kind| f64::from(u8::from(kind == wanted));
        let per_it = |amounts: Vec<f64>, factor: f64| {
            amounts.into_iter().zip(it()).map(move |(amount, it)| over(factor * amount, it))
        };
        match goal {
            Goal::ZeroWater => {
                let amounts = self.sum(only(make_up)).into_iter().map(|kg| Some(kg / 1000.0));
                let mut verdict = Verdict::new(Figure::Water, 0.0).compare(Some(m.water_m3), 1.0);
                verdict.met = m.water_m3 == 0.0;
                verdict.with(self.when(amounts, 0.0, 1.0)).at(self.most(make_up))
            }
            Goal::Pue { at_most } => Verdict::new(Figure::Pue, at_most).compare(m.pue, 1.0).with(self.when(
                per_it(self.sum(supplied), 1.0),
                at_most,
                1.0,
            )),
            Goal::Wue { at_most } => {
                // m³/J as L/kWh; a kilogram is a litre.
                let limit = tidy(at_most * 1000.0 * KWH);
                Verdict::new(Figure::WaterPerEnergy, limit)
                    .compare(m.wue_site_l_per_kwh, 1.0)
                    .with(self.when(per_it(self.sum(only(make_up)), KWH), limit, 1.0))
                    .at(self.most(make_up))
            }
            Goal::Cue { at_most, market: true } => {
                let kg = summary.supply.as_ref().and_then(|supply| supply.market_kg);
                Verdict::new(Figure::CarbonPerEnergy, tidy(at_most * KWH))
                    .compare(kg.and_then(|kg| over(kg, m.it_energy_kwh)), 1.0)
            }
            Goal::Cue { at_most, market: false } => {
                let limit = tidy(at_most * KWH);
                let verdict = Verdict::new(Figure::CarbonPerEnergy, limit).compare(m.cue_kg_per_kwh, 1.0);
                let profile = case.supply.as_ref().and_then(|supply| supply.profile.as_ref());
                let bought = |kind| match kind {
                    MeterKind::Grid | MeterKind::Exported => 1.0,
                    MeterKind::Charged => -1.0,
                    _ => 0.0,
                };
                let delivered =
                    |kind| f64::from(u8::from(matches!(kind, MeterKind::Grid | MeterKind::Exported)));
                let fuel = summary.books.direct.as_ref().and_then(|direct| direct.fuel);
                let basis = summary.carbon.as_ref().map(|carbon| carbon.basis);
                let per_heat =
                    fuel.zip(basis).and_then(|(f, basis)| over(f.carbon().on(basis), f.heat)).unwrap_or(0.0);
                let mut kg: Vec<f64> = match (profile, &summary.carbon) {
                    (Some(profile), _) => (self.sum(delivered).into_iter().zip(&self.times))
                        .map(|(fed, &(from, to))| fed * profile.course.mean(from, to))
                        .collect(),
                    (None, Some(carbon)) => {
                        self.sum(bought).into_iter().map(|joules| carbon.factor * joules).collect()
                    }
                    (None, None) => return verdict,
                };
                let burnt = self.sum(only(MeterKind::Fuel));
                kg.iter_mut().zip(burnt).for_each(|(kg, heat)| *kg += per_heat * heat);
                verdict.with(self.when(per_it(kg, KWH), limit, 1.0))
            }
            Goal::CarbonFree { at_least } => {
                // What is not known of the grid counts as not free of carbon.
                let supply = summary.supply.as_ref();
                let share = supply.and_then(|supply| supply.carbon_free_share.or(supply.matched_share));
                let verdict = Verdict::new(Figure::Share, at_least).compare(share, -1.0);
                let grid = case
                    .grid
                    .as_ref()
                    .and_then(|grid| grid.carbon_free_share.as_ref())
                    .map_or(0.0, |share| share.value);
                let Some(supply) = &case.supply else { return verdict };
                let delivered =
                    |kind| f64::from(u8::from(matches!(kind, MeterKind::Grid | MeterKind::Exported)));
                let parts = self.sum(fed).into_iter().zip(self.sum(delivered)).zip(self.own(case));
                let shares = parts.zip(&self.times).map(|(((fed, utility), own), &(from, to))| {
                    let bought: f64 = supply.contracts.iter().map(|c| c.energy(from, to)).sum();
                    let matched = bought.min(utility).max(0.0);
                    over(matched + own + grid * (utility - matched), fed)
                });
                verdict.with(self.when(shares, at_least, -1.0))
            }
            Goal::HeatReuse { at_least } => {
                let (heat, fed) = (self.sum(only(MeterKind::Reused)), self.sum(supplied));
                let shares = heat.into_iter().zip(fed).map(|(heat, fed)| over(heat, fed));
                Verdict::new(Figure::Share, at_least)
                    .compare(m.erf, -1.0)
                    .with(self.when(shares, at_least, -1.0))
            }
            Goal::FreeCooling { at_least } => {
                let compressors = MeterKind::Use(Use::Compressors);
                let energy = self.sum(only(compressors)).into_iter().map(|joules| Some(joules / KWH));
                let when = self.when(energy, 0.0, 1.0);
                let mut verdict = Verdict::new(Figure::Share, at_least)
                    .compare(over(m.free_cooling_hours, summary.hours), -1.0)
                    .with(When { seconds: 3600.0 * (summary.hours - m.free_cooling_hours), ..when })
                    .at(self.most(compressors));
                // What was farthest is an energy, no share.
                verdict.worst = None;
                verdict
            }
            Goal::Embodied { at_most, per_year } => {
                let of = summary.books.embodied.as_ref();
                let kg = of.map(|of| if per_year { of.kg_per_year } else { of.kg });
                Verdict::new(Figure::Mass, at_most).compare(kg, 1.0)
            }
            Goal::Cost { at_most, per, currency } => {
                let money = summary.books.money.as_ref();
                let value = money.and_then(|money| match per {
                    CostPer::AcceleratorHour => money.per_accelerator_hour.map(|hour| hour.value),
                    CostPer::InstalledHour => money.per_accelerator_hour_installed,
                    CostPer::Year => Some(money.per_year.value),
                });
                Verdict::new(Figure::Cost(currency, per), at_most).compare(value, 1.0)
            }
            Goal::RideThrough { at_least, until } => ride_through(self.outcome, at_least, until),
            // Of temperatures, which the run itself watches.
            Goal::Junction { share, .. } | Goal::Inlet { share, .. } => {
                Verdict::new(Figure::ShareOfTime, share)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Worst;

    fn seen(beyond_s: f64, beyond: f64, kelvin: f64) -> Seen {
        let worst = Worst { beyond, kelvin, at: 50.0, place: "pod.chip".into() };
        Seen { beyond_s, first: (beyond_s > 0.0).then_some(40.0), worst: Some(worst) }
    }

    #[test]
    fn all_of_the_time_compares_the_temperature_and_a_share_of_it_the_time() {
        // 2 K beyond 350 K for 36 s of 10 h: a share of 0.999 within.
        let seen = seen(36.0, 2.0, 352.0);
        let all = of_temperature(Some(&seen), None, 1.0, 10.0);
        assert!((all.value.unwrap() - 78.85).abs() < 1e-9 && (all.limit - 76.85).abs() < 1e-9);
        assert_eq!((all.margin, all.met), (Some(-2.0), false));
        let most = of_temperature(Some(&seen), None, 0.998, 10.0);
        assert!((most.value.unwrap() - 0.999).abs() < 1e-12 && most.met);
        let nearly_all = of_temperature(Some(&seen), None, 0.9995, 10.0);
        assert!(!nearly_all.met && (nearly_all.margin.unwrap() + 0.0005).abs() < 1e-12);
        assert_eq!((nearly_all.hours_missed, nearly_all.first_missed), (Some(0.01), Some(40.0)));
    }

    #[test]
    fn the_limit_of_a_class_is_the_side_that_was_reached() {
        // Cold: 281 K where 283 K is allowed.
        let cold = of_temperature(Some(&seen(4.0, 2.0, 281.0)), Some(283.0), 1.0, 1.0);
        assert!((cold.limit - (283.0 - ZERO_CELSIUS)).abs() < 1e-9);
        let warm = of_temperature(Some(&seen(4.0, 2.0, 310.0)), Some(283.0), 1.0, 1.0);
        assert!((warm.limit - (308.0 - ZERO_CELSIUS)).abs() < 1e-9);
    }

    #[test]
    fn what_has_no_value_is_not_met() {
        assert!(!of_temperature(None, None, 1.0, 1.0).met);
        assert!(!Verdict::new(Figure::Pue, 1.2).compare(None, 1.0).met);
    }

    #[test]
    fn the_limit_itself_is_met_from_both_sides() {
        assert!(Verdict::new(Figure::Pue, 1.2).compare(Some(1.2), 1.0).met);
        assert!(Verdict::new(Figure::Share, 0.9).compare(Some(0.9), -1.0).met);
        assert!(!Verdict::new(Figure::Share, 0.9).compare(Some(0.89), -1.0).met);
    }
}
