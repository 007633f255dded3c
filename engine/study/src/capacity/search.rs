//! Load added step by step until a limit is reached.

use super::judge::{Found, Trusted, judge, runs_away};
use super::{Beyond, Bound, CapacityError, Headroom, Kind, hardest, peaks};
use crate::run::{Stopped, Unobserved};
use plant::plant::Plant;
use scenario::workload::Pattern;
use scenario::{Case, Controls, Dynamics, Fidelity, Method};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Steps of a rack's load: the answer is as fine.
const STEPS: f64 = 16.0;
/// Answers of many racks are as fine as this share of them.
const FINE: u64 = 100;
/// So many times the load of the whole site is tried.
const MOST: f64 = 16.0;
/// However large a site is, no more steps are tried of one class.
const LONGEST: f64 = 1e12;

/// What became of a steady state.
#[derive(Debug, Clone)]
enum Look {
    /// It was found, with what is wrong in it.
    Found(Found),
    /// There is none: where it fails, as far as that is known, and why.
    NoState(Option<(Kind, Bound)>, String),
}

/// A search over one site.
pub(super) struct Search<'a> {
    /// Standing still in the hardest hours.
    case: Case,
    /// The hardest hours [s from the start of the year].
    pub at: Vec<f64>,
    trusted: Trusted,
    /// IT power of a rack of each group [W].
    rack_w: Vec<f64>,
    go_on: &'a dyn Fn(f64) -> bool,
    /// Steady states that were solved.
    pub solved: usize,
}

impl<'a> Search<'a> {
    pub fn new(mut case: Case, go_on: &'a dyn Fn(f64) -> bool) -> Self {
        let (at, peaks) = (hardest(&case), peaks(&case));
        still(&mut case, &peaks);
        let rack_w = vec![0.0; case.plant.groups.len()];
        Search { case, at, trusted: Trusted::new(), rack_w, go_on, solved: 0 }
    }

    /// The plant as it is.
    pub fn plant(&self) -> &Plant {
        &self.case.plant
    }

    /// Solves the site as it is; IT power of a rack of each group [W].
    pub fn begin(&mut self) -> Result<Vec<f64>, CapacityError> {
        for at in self.at.clone() {
            let mut case = self.case.clone();
            case.run.start_s = at;
            self.solve(&case, 0.0, true)?.map_err(CapacityError::Stopped)?;
        }
        Ok(self.rack_w.clone())
    }

    /// Room of a class of racks: first until anything is wrong, then on until the other kinds are. What is known of a load
    /// serves all kinds. `place` is which of how many.
    ///
    /// Loads beyond the first that has no steady state are not looked at: that takes longest to find out.
    pub fn room(&mut self, group: usize, place: [f64; 2]) -> Result<[Headroom; 3], CapacityError> {
        let mut known: BTreeMap<u64, Look> = BTreeMap::new();
        let most = self.most(group);
        let racks = self.case.plant.groups.get(group).map_or(1.0, |group| group.racks);
        let step = (racks.round() as u64).clamp(1, most);
        let any = self.bound(&mut known, group, [step, most], place, &|look| match look {
            Look::Found(found) => found.iter().any(Option::is_some),
            Look::NoState(..) => true,
        })?;
        let mut of = Vec::with_capacity(Kind::ALL.len());
        for (k, kind) in Kind::ALL.into_iter().enumerate() {
            let place = [place[0] + (k + 1) as f64 / 4.0, place[1]];
            let (holds, beyond) =
                self.bound(&mut known, group, [any.0.max(step), most], place, &|look| match look {
                    Look::Found(found) => found[kind as usize].is_some(),
                    Look::NoState(..) => true,
                })?;
            let beyond = match beyond {
                None => Beyond::Nothing,
                Some(Look::Found(found)) => {
                    found[kind as usize].clone().map_or(Beyond::Nothing, Beyond::Limit)
                }
                Some(Look::NoState(Some((at, bound)), _)) if at == kind => Beyond::Limit(bound),
                Some(Look::NoState(_, why)) => Beyond::NoState(why),
            };
            of.push(Headroom { racks: holds as f64 / STEPS, beyond });
        }
        let mut of = of.into_iter();
        let mut next = || of.next().unwrap_or(Headroom { racks: 0.0, beyond: Beyond::Nothing });
        Ok([next(), next(), next()])
    }

    /// Most steps at which nothing is wrong, and what is found a little beyond; nothing up to the most that is tried. It goes
    /// on from what is known, in steps that double.
    fn bound(
        &mut self,
        known: &mut BTreeMap<u64, Look>,
        group: usize,
        [step, most]: [u64; 2],
        place: [f64; 2],
        is_wrong: &dyn Fn(&Look) -> bool,
    ) -> Result<(u64, Option<Look>), CapacityError> {
        let share = place[0] / place[1];
        let mut at = |search: &mut Self, steps: u64| -> Result<Look, CapacityError> {
            // Beyond a load that has no state there is none.
            let missing = |(_, look): &(&u64, &Look)| matches!(look, Look::NoState(..));
            if let Some((_, look)) = known.range(..=steps).find(missing) {
                return Ok(look.clone());
            }
            Ok(match known.entry(steps) {
                Entry::Occupied(look) => look.get().clone(),
                Entry::Vacant(free) => free.insert(search.look(group, steps, share)?).clone(),
            })
        };
        let begin = at(self, 0)?;
        if is_wrong(&begin) {
            return Ok((0, Some(begin)));
        }
        let (mut holds, mut next) = (0, step);
        let (mut fails, mut beyond) = loop {
            let look = at(self, next)?;
            if is_wrong(&look) {
                break (next, look);
            }
            if next >= most {
                return Ok((next, None));
            }
            holds = next;
            next = (2 * next).min(most);
        };
        while fails - holds > (holds / FINE).max(1) {
            let middle = holds + (fails - holds) / 2;
            let look = at(self, middle)?;
            if is_wrong(&look) {
                (fails, beyond) = (middle, look);
            } else {
                holds = middle;
            }
        }
        Ok((holds, Some(beyond)))
    }

    /// Most steps that are tried of a class.
    fn most(&self, group: usize) -> u64 {
        let racks = self.case.plant.groups.iter().map(|group| group.racks);
        let site: f64 = racks.zip(&self.rack_w).map(|(racks, watts)| racks * watts).sum();
        let rack = self.rack_w.get(group).copied().unwrap_or(0.0);
        let racks = if rack > 0.0 { MOST * site / rack } else { self.case.plant.groups[group].racks };
        (STEPS * racks).ceil().clamp(1.0, LONGEST) as u64
    }

    /// What is wrong in the hardest hours with so many steps of load more at a class.
    fn look(&mut self, group: usize, steps: u64, share: f64) -> Result<Look, CapacityError> {
        let mut found: Found = [None, None, None];
        let mut case = self.case.clone();
        add(&mut case.plant, group, steps as f64 / STEPS);
        for at in self.at.clone() {
            case.run.start_s = at;
            match self.solve(&case, share, false)? {
                Ok(of_hour) => {
                    found.iter_mut().zip(of_hour).for_each(|(of, wrong)| *of = of.take().or(wrong));
                }
                Err(stopped) => {
                    let place = runs_away(&case.plant, &stopped);
                    let why =
                        place.as_ref().map_or_else(|| stopped.to_string(), |(_, bound)| bound.text.clone());
                    return Ok(Look::NoState(place, why));
                }
            }
        }
        Ok(Look::Found(found))
    }

    /// Whether a kind is beyond its limit with so many steps of load more at a class.
    #[cfg(test)]
    pub fn is_bound(&mut self, group: usize, steps: u64, kind: Kind) -> bool {
        match self.look(group, steps, 0.0) {
            Ok(Look::Found(found)) => found[kind as usize].is_some(),
            _ => true,
        }
    }

    /// One steady state.
    fn solve(
        &mut self,
        case: &Case,
        share: f64,
        first: bool,
    ) -> Result<Result<Found, Stopped>, CapacityError> {
        if !(self.go_on)(share) {
            return Err(CapacityError::Cancelled);
        }
        self.solved += 1;
        // A site as it is may have to be marched to where it rests; with load added that takes too long.
        let ran = if first { crate::case::run(case, &mut Unobserved) } else { crate::case::run_steady(case) };
        let (outcome, summary) = match ran {
            Ok(ran) => ran,
            Err(Stopped::Cancelled { .. }) => return Err(CapacityError::Cancelled),
            Err(stopped) => return Ok(Err(stopped)),
        };
        let mut found: Found = [None, None, None];
        let (notes, racks) = (&summary.notes, &summary.racks);
        judge(&case.plant, &outcome, notes, racks, first, &mut self.trusted, &mut found);
        if first {
            let hours = summary.hours.max(f64::MIN_POSITIVE);
            for (most, racks) in self.rack_w.iter_mut().zip(racks) {
                *most = most.max(1000.0 * racks.it_energy_kwh / hours);
            }
        }
        Ok(Ok(found))
    }
}

/// More racks in a group, whole or in part: each of its parts is there as many times more. The network carries the share of
/// one unit and multiplies, so that nothing asks for whole numbers.
pub(super) fn add(plant: &mut Plant, group: usize, racks: f64) {
    let Some(of) = plant.groups.get_mut(group).filter(|of| of.racks > 0.0) else { return };
    let times = (of.racks + racks) / of.racks;
    of.racks += racks;
    for unit in plant.units.iter_mut().filter(|unit| unit.group == Some(group)) {
        unit.multiplicity *= times;
    }
}

/// A case that stands still: one step, every load at its peak, nothing that happens.
pub(super) fn still(case: &mut Case, peaks: &[Option<f64>]) {
    for (workload, peak) in case.workloads.iter_mut().zip(peaks) {
        if let Some(utilisation) = *peak {
            *workload = scenario::Workload::new(Pattern::Constant { utilisation });
        }
    }
    case.events.clear();
    case.targets.clear();
    case.recorded = None;
    let run = &mut case.run;
    run.length_s = run.step_s;
    run.output_every_s = run.step_s;
    run.whole_year = false;
    run.fidelity = Fidelity::Lumped;
    run.details.clear();
    run.dynamics = Dynamics::QuasiSteady;
    if run.controls == Controls::Sampled {
        run.controls = Controls::Continuous;
    }
    if run.method == Method::Dopri5 {
        run.method = Method::Rodas3;
    }
}
