//! The best cases under the constraints: in the order of what the study minimises, and those that no other case beats in
//! everything.

use super::{LISTED, place};
use crate::SweepError;
use crate::merge::Merged;
use crate::plan::{Entry, Plan};

/// The best cases.
#[derive(Debug, Clone, PartialEq)]
pub struct Best {
    /// The columns by which cases are ranked, and whether less is better.
    pub by: Vec<(String, bool)>,
    /// Cases that meet all constraints and have all these figures.
    pub eligible: usize,
    /// Numbers of the best and their figures, best first.
    pub first: Vec<(usize, Vec<f64>)>,
    /// Numbers of the cases that no other beats in one figure without losing in another, best first.
    pub front: Vec<(usize, Vec<f64>)>,
}

pub(super) fn best(plan: &Plan, merged: &Merged, cases: &[&Entry]) -> Result<Option<Best>, SweepError> {
    let minimise = &plan.study.minimise;
    if minimise.is_empty() {
        return Ok(None);
    }
    let places: Vec<usize> = minimise.iter().map(|(name, _)| place(plan, name)).collect::<Result<_, _>>()?;
    let mut eligible: Vec<(usize, Vec<f64>)> = Vec::new();
    for entry in cases {
        let Some(Ok(figures)) = merged.rows.get(&entry.id).map(|row| row.result.as_ref()) else { continue };
        let values: Vec<f64> =
            places.iter().map(|&place| figures.outputs.get(place).copied().unwrap_or(f64::NAN)).collect();
        if figures.met && values.iter().all(|value| value.is_finite()) {
            eligible.push((entry.number, values));
        }
    }
    // As if all were to be small.
    let cost = |values: &[f64]| -> Vec<f64> {
        values.iter().zip(minimise).map(|(value, (_, less))| if *less { *value } else { -value }).collect()
    };
    eligible.sort_by(|a, b| {
        let (x, y) = (cost(&a.1), cost(&b.1));
        let order = x.iter().zip(&y).map(|(x, y)| x.total_cmp(y)).find(|order| order.is_ne());
        order.unwrap_or_else(|| a.0.cmp(&b.0))
    });
    let costs: Vec<Vec<f64>> = eligible.iter().map(|(_, values)| cost(values)).collect();
    let front = front(&costs).into_iter().map(|k| eligible[k].clone()).collect();
    let by = minimise
        .iter()
        .zip(&places)
        .map(|((_, less), &place)| (plan.layout.outputs[place].column.clone(), *less))
        .collect();
    Ok(Some(Best {
        by,
        eligible: eligible.len(),
        first: eligible.iter().take(LISTED).cloned().collect(),
        front,
    }))
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
    fn equal_cases_are_both_on_the_front() {
        assert_eq!(front(&[vec![1.0, 1.0], vec![1.0, 1.0]]), [0, 1]);
    }
}
