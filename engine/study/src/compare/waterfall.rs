//! From one total to another by parts that sum to the difference.

use plant::declare::{Use, Water};

/// The way from one total to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Waterfall {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// What each part adds, in the order of the account.
    pub steps: Vec<Step>,
    /// What the parts leave: the difference of the totals less the sum of the steps.
    pub unaccounted: f64,
}

/// One part of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The category, as in `summary.json`.
    pub name: String,
    /// Of the reference.
    pub from: f64,
    /// Of the other.
    pub to: f64,
}

impl Step {
    /// What it adds.
    #[must_use]
    pub fn change(&self) -> f64 {
        self.to - self.from
    }
}

/// Place of a category in the accounts; what they do not know comes last.
fn order(name: &str) -> usize {
    let uses = Use::ALL.iter().map(|u| u.name());
    let water = Water::ALL.iter().map(|w| w.name());
    uses.chain(water).position(|known| known == name).unwrap_or(usize::MAX)
}

impl Waterfall {
    /// Of two totals and their parts by name; a part that one side does not have is 0 there.
    #[must_use]
    pub fn of(from: f64, to: f64, a: &[(String, f64)], b: &[(String, f64)]) -> Waterfall {
        let value = |list: &[(String, f64)], name: &str| {
            list.iter().find(|(n, _)| n == name).map_or(0.0, |(_, value)| *value)
        };
        let mut names: Vec<&str> = a.iter().map(|(name, _)| name.as_str()).collect();
        names.extend(b.iter().map(|(n, _)| n.as_str()).filter(|n| !a.iter().any(|(name, _)| name == n)));
        names.sort_by_key(|name| order(name));
        let steps: Vec<Step> = names
            .into_iter()
            .map(|name| Step { name: name.to_owned(), from: value(a, name), to: value(b, name) })
            .collect();
        let unaccounted = (to - from) - sum(steps.iter().map(Step::change));
        Waterfall { from, to, steps, unaccounted }
    }

    /// The whole difference.
    #[must_use]
    pub fn change(&self) -> f64 {
        self.to - self.from
    }

    /// The steps that change anything, the largest first; equal ones stay in order.
    #[must_use]
    pub fn largest(&self) -> Vec<&Step> {
        let mut steps: Vec<&Step> = self.steps.iter().filter(|step| step.change() != 0.0).collect();
        steps.sort_by(|a, b| b.change().abs().total_cmp(&a.change().abs()));
        steps
    }
}

/// A sum that keeps what each addition rounds away (Neumaier 1974).
fn sum(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
    for value in values {
        let next = sum + value;
        lost += if sum.abs() >= value.abs() { (sum - next) + value } else { (value - next) + sum };
        sum = next;
    }
    sum + lost
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(list: &[(&str, f64)]) -> Vec<(String, f64)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect()
    }

    #[test]
    fn the_steps_and_what_they_leave_are_the_difference() {
        // 100 = 80 + 15 + 5 → 90 = 80 + 4 + 5 + 1: −11 by compressors, +1 by pumps, and −10 in all.
        let a = parts(&[("it", 80.0), ("compressors", 15.0), ("other", 5.0)]);
        let b = parts(&[("it", 80.0), ("pumps", 1.0), ("compressors", 4.0), ("other", 5.0)]);
        let fall = Waterfall::of(100.0, 90.0, &a, &b);
        let changes: Vec<(&str, f64)> = fall.steps.iter().map(|s| (s.name.as_str(), s.change())).collect();
        assert_eq!(changes, [("it", 0.0), ("pumps", 1.0), ("compressors", -11.0), ("other", 0.0)]);
        assert_eq!((fall.change(), fall.unaccounted), (-10.0, 0.0));
        let largest: Vec<&str> = fall.largest().iter().map(|s| s.name.as_str()).collect();
        assert_eq!(largest, ["compressors", "pumps"]);
    }

    #[test]
    fn what_the_parts_do_not_explain_is_said_and_not_spread() {
        let fall = Waterfall::of(10.0, 14.0, &parts(&[("it", 10.0)]), &parts(&[("it", 11.0)]));
        assert_eq!(fall.unaccounted, 3.0);
    }

    #[test]
    fn a_small_difference_of_great_totals_is_summed_to_1e_12_of_itself() {
        // Eleven uses of about 1e8 kWh that differ by fractions of a kWh, in both directions.
        let uses: Vec<(String, f64)> =
            Use::ALL.iter().enumerate().map(|(k, u)| (u.name().to_owned(), 1e8 / (k + 1) as f64)).collect();
        let other: Vec<(String, f64)> = uses
            .iter()
            .enumerate()
            .map(|(k, (n, v))| (n.clone(), v + if k % 2 == 0 { 0.3 } else { -0.1 }))
            .collect();
        let total = |list: &[(String, f64)]| list.iter().map(|(_, v)| v).sum::<f64>();
        let (from, to) = (total(&uses), total(&other));
        let fall = Waterfall::of(from, to, &uses, &other);
        let rebuilt = sum(fall.steps.iter().map(Step::change).chain([fall.unaccounted]));
        assert!((rebuilt - fall.change()).abs() <= 1e-12 * fall.change().abs(), "{rebuilt}");
        // What is left is rounding of the totals, not of the steps: below 1e-15 of 3e8 a term.
        assert!(fall.unaccounted.abs() < 1e-6, "{}", fall.unaccounted);
    }

    #[test]
    fn a_sum_of_terms_that_cancel_keeps_the_small_one() {
        assert_eq!(sum([1e16, 1.0, -1e16].into_iter()), 1.0);
    }
}
