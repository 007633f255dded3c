//! The name that was probably meant.

use crate::node::cut;

/// Names that are listed when none is near.
const LISTED: usize = 15;

/// The candidate spelt most like `name`, if any is close enough to be meant.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let allowed = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| {
            // The wrong case alone is half a mistake, a beginning that fits a small one.
            let distance = strsim::osa_distance(&lower, &candidate.to_lowercase());
            let begins = lower.len() >= 3 && candidate.to_lowercase().starts_with(&lower);
            (if begins { distance.min(1) } else { distance }, candidate)
        })
        .filter(|&(distance, _)| distance <= allowed)
        .min_by_key(|&(distance, candidate)| (distance, candidate.len().abs_diff(name.len())))
        .map(|(_, candidate)| candidate)
}

/// `did you mean …?`, or the names there are.
pub(crate) fn hint(name: &str, candidates: &[&str]) -> Option<String> {
    if let Some(near) = nearest(name, candidates.iter().copied()) {
        return Some(format!("did you mean {}?", cut(near)));
    }
    listed(candidates)
}

/// `there are: …`, if they are not too many.
pub(crate) fn listed(candidates: &[&str]) -> Option<String> {
    let shown: Vec<String> = candidates.iter().take(LISTED).map(|name| cut(name)).collect();
    let shown = shown.join(", ");
    match candidates.len() {
        0 => None,
        n if n <= LISTED => Some(format!("there are: {shown}")),
        n => Some(format!("there are {n}: {shown}, …")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_its_name_and_another_word_does_not() {
        let names = ["DryCooler", "Pump", "Cdu"];
        assert_eq!(nearest("DryColer", names), Some("DryCooler"));
        assert_eq!(nearest("pump", names), Some("Pump"));
        assert_eq!(nearest("Tower", names), None);
        assert_eq!(hint("Tower", &names), Some("there are: DryCooler, Pump, Cdu".to_owned()));
    }

    #[test]
    fn a_beginning_finds_the_whole() {
        assert_eq!(nearest("supply", ["supply_setpoint", "approach_design"]), Some("supply_setpoint"));
    }
}
