//! The best cases under the constraints: in the order of what the study minimises, and those that no other case beats in
//! everything.

use super::{LISTED, place};
use crate::SweepError;
use crate::hypervolume::hypervolume;
use crate::merge::Merged;
use crate::plan::{Entry, Plan};
use crate::row::Row;
use std::collections::BTreeMap;

/// The best cases.
#[derive(Debug, Clone, PartialEq)]
pub struct Best {
    /// The columns by which cases are ranked, and whether less is better.
    pub by: Vec<(String, bool)>,
    /// Of these, those that no case has.
    pub without: Vec<String>,
    /// The constraints, each with the case that is best in it.
    pub constraints: Vec<Constraint>,
    /// Cases that meet all constraints and have all these figures.
    pub eligible: usize,
    /// Numbers of the best and their figures, best first.
    pub first: Vec<(usize, Vec<f64>)>,
    /// Numbers of the cases that no other beats in one figure without losing in another, best first.
    pub front: Vec<(usize, Vec<f64>)>,
}

/// How cases stand to a constraint.
#[derive(Debug, Clone, PartialEq)]
pub struct Constraint {
    /// As the study writes it.
    pub written: String,
    /// Cases that meet it.
    pub met: usize,
    /// The case that has most to spare, or misses it by least, and that margin in the unit of the constraint.
    pub nearest: Option<(usize, f64)>,
}

fn constraints(plan: &Plan, merged: &Merged, cases: &[&Entry]) -> Vec<Constraint> {
    let of = |(k, written): (usize, &String)| {
        let (mut met, mut nearest) = (0, None);
        for entry in cases {
            let Some(Ok(figures)) = merged.rows.get(&entry.id).map(|row| row.result.as_ref()) else {
                continue;
            };
            let margin = figures.margins.get(k).copied().unwrap_or(f64::NAN);
            // Within tolerance of a constraint is met.
            met += usize::from(figures.met || margin >= 0.0);
            if margin.is_finite() && nearest.is_none_or(|(_, most)| margin > most) {
                nearest = Some((entry.number, margin));
            }
        }
        Constraint { written: written.clone(), met, nearest }
    };
    plan.layout.constraints.iter().enumerate().map(of).collect()
}

pub(super) fn best(plan: &Plan, merged: &Merged, cases: &[&Entry]) -> Result<Option<Best>, SweepError> {
    let minimise = &plan.study.minimise;
    if minimise.is_empty() {
        return Ok(None);
    }
    let places: Vec<usize> = minimise.iter().map(|(name, _)| place(plan, name)).collect::<Result<_, _>>()?;
    let figures: Vec<(usize, bool)> = places.iter().zip(minimise).map(|(&k, (_, less))| (k, *less)).collect();
    let eligible = eligible(cases.iter().copied(), &merged.rows, &figures);
    let front = fronted(&eligible, &figures);
    let column = |place: usize| plan.layout.outputs[place].column.clone();
    let by = minimise.iter().zip(&places).map(|((_, less), &place)| (column(place), *less)).collect();
    let has = |place: usize| {
        let rows = cases.iter().filter_map(|entry| merged.rows.get(&entry.id)?.result.as_ref().ok());
        rows.into_iter().any(|figures| figures.outputs.get(place).is_some_and(|value| value.is_finite()))
    };
    Ok(Some(Best {
        by,
        without: places.iter().filter(|&&place| !has(place)).map(|&place| column(place)).collect(),
        constraints: constraints(plan, merged, cases),
        eligible: eligible.len(),
        first: eligible.iter().take(LISTED).cloned().collect(),
        front,
    }))
}

/// Cases that meet all constraints and have all these figures, in the order of the figures.
fn eligible<'a>(
    cases: impl Iterator<Item = &'a Entry>,
    rows: &BTreeMap<String, Row>,
    figures: &[(usize, bool)],
) -> Vec<(usize, Vec<f64>)> {
    let mut eligible: Vec<(usize, Vec<f64>)> = Vec::new();
    for entry in cases {
        let Some(Ok(of)) = rows.get(&entry.id).map(|row| row.result.as_ref()) else { continue };
        let value = |&(place, _): &(usize, bool)| of.outputs.get(place).copied().unwrap_or(f64::NAN);
        let values: Vec<f64> = figures.iter().map(value).collect();
        if of.met && values.iter().all(|value| value.is_finite()) {
            eligible.push((entry.number, values));
        }
    }
    eligible.sort_by(|a, b| {
        let (x, y) = (costs(&a.1, figures), costs(&b.1, figures));
        let order = x.iter().zip(&y).map(|(x, y)| x.total_cmp(y)).find(|order| order.is_ne());
        order.unwrap_or_else(|| a.0.cmp(&b.0))
    });
    eligible
}

/// As if all were to be small, and without the digits in which equal figures of different cases differ by rounding: a
/// temperature that a controller holds is the same in all of them.
pub(super) fn costs(values: &[f64], figures: &[(usize, bool)]) -> Vec<f64> {
    let cost = |(value, (_, less)): (&f64, &(usize, bool))| rounded(if *less { *value } else { -value });
    values.iter().zip(figures).map(cost).collect()
}

/// To thirty binary digits, nine decimal ones.
fn rounded(value: f64) -> f64 {
    const DROPPED: u32 = f64::MANTISSA_DIGITS - 1 - 30;
    // A carry goes into the exponent, where it belongs.
    let nearest = value.to_bits().wrapping_add(1 << (DROPPED - 1)) & !((1 << DROPPED) - 1);
    if value.is_finite() { f64::from_bits(nearest) } else { value }
}

fn fronted(eligible: &[(usize, Vec<f64>)], figures: &[(usize, bool)]) -> Vec<(usize, Vec<f64>)> {
    let costs: Vec<Vec<f64>> = eligible.iter().map(|(_, values)| costs(values, figures)).collect();
    front(&costs).into_iter().map(|k| eligible[k].clone()).collect()
}

/// Numbers of the cases that no other beats, best first, each case once.
pub(crate) fn unbeaten(
    entries: &[Entry],
    rows: &BTreeMap<String, Row>,
    figures: &[(usize, bool)],
) -> Vec<usize> {
    let mut seen = std::collections::BTreeSet::new();
    let distinct =
        entries.iter().filter(|entry| entry.dynamic_of.is_none() && seen.insert(entry.id.as_str()));
    let eligible = eligible(distinct, rows, figures);
    fronted(&eligible, figures).into_iter().map(|(number, _)| number).collect()
}

/// How far a search is after each generation: the volume that its cases so far dominate, as a share of the last.
///
/// The volume reaches to the worst that any case is in each figure.
pub(super) fn course(
    cases: &[&Entry],
    rows: &BTreeMap<String, Row>,
    figures: &[(usize, bool)],
    population: usize,
) -> Vec<(usize, f64)> {
    let all = eligible(cases.iter().copied(), rows, figures);
    let reference: Vec<f64> = (0..figures.len())
        .map(|k| all.iter().map(|(_, v)| costs(v, figures)[k]).fold(f64::NEG_INFINITY, f64::max))
        .collect();
    let volumes: Vec<(usize, f64)> = (1..=cases.len() / population.max(1))
        .map(|generation| {
            let so_far = eligible(cases.iter().copied().take(generation * population), rows, figures);
            let front: Vec<Vec<f64>> =
                fronted(&so_far, figures).iter().map(|(_, values)| costs(values, figures)).collect();
            (generation, hypervolume(&front, &reference))
        })
        .collect();
    let last = volumes.last().map_or(0.0, |(_, volume)| *volume);
    volumes.into_iter().map(|(k, volume)| (k, if last > 0.0 { volume / last } else { f64::NAN })).collect()
}

/// Those that no other is at least as good as in everything and better in something; costs come in ascending order.
fn front(costs: &[Vec<f64>]) -> Vec<usize> {
    let beats =
        |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| a <= b) && a.iter().zip(b).any(|(a, b)| a < b);
    let mut found: Vec<usize> = Vec::new();
    for (k, cost) in costs.iter().enumerate() {
        // Who beats it stands before it, and is itself beaten only by one that does so too.
        if !found.iter().any(|&other| beats(&costs[other], cost)) {
            found.push(k);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_front_is_what_nothing_beats() {
        // (1, 5), (2, 3), (2, 4), (3, 3), (4, 1): the third and the fourth are beaten by the second.
        let costs: Vec<Vec<f64>> =
            [[1.0, 5.0], [2.0, 3.0], [2.0, 4.0], [3.0, 3.0], [4.0, 1.0]].iter().map(|c| c.to_vec()).collect();
        assert_eq!(front(&costs), [0, 1, 4]);
    }

    #[test]
    fn what_differs_by_rounding_only_is_equal() {
        let figures = [(0, true), (1, true)];
        let [held, same] = [[64.999_999_999_995_68, 1.0995], [65.000_000_000_5, 1.0733]];
        assert_eq!(costs(&held, &figures)[0], 65.0);
        assert_eq!(front(&[costs(&same, &figures), costs(&held, &figures)]), [0]);
        for value in [1.0, -1.0, 1.333_333_33, 1e-300, 6.02e23, 0.0] {
            assert!((rounded(value) - value).abs() <= 5e-10 * value.abs(), "{value}");
        }
        assert!(costs(&[1.000_000_01], &figures) > costs(&[1.0], &figures), "nine digits are told apart");
    }

    #[test]
    fn equal_cases_are_both_on_the_front() {
        assert_eq!(front(&[vec![1.0, 1.0], vec![1.0, 1.0]]), [0, 1]);
    }
}
