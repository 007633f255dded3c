//! Every number of a run, bit by bit.

use engine::study::run::Outcome;

/// The columns, the amounts and the totals of a run with their names.
pub fn bits(outcome: &Outcome) -> Vec<(String, Vec<u64>)> {
    let trajectory = &outcome.trajectory;
    let bits = |values: &mut dyn Iterator<Item = f64>| values.map(f64::to_bits).collect();
    let mut columns: Vec<(String, Vec<u64>)> =
        vec![("time".into(), bits(&mut trajectory.times.iter().copied()))];
    for (k, probe) in trajectory.probes.iter().enumerate() {
        columns.push((probe.name.clone(), bits(&mut trajectory.column(k))));
    }
    for (k, meter) in trajectory.meters.iter().enumerate() {
        columns.push((format!("metered {}", meter.name), bits(&mut trajectory.amounts(k))));
        columns.push((format!("total {}", meter.name), vec![outcome.accounts.total(k).to_bits()]));
    }
    columns
}
