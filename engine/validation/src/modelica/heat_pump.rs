//! A heat pump against the product sheet of its maker, sized at each of its points in turn.

use super::table;
use crate::component::Component;
use crate::oracle::ZERO;
use crate::{Checks, Fault, Table, Worst};

/// A point of the product sheet, SI.
#[derive(Clone, Copy, PartialEq)]
struct Point {
    source: f64,
    supply: f64,
    power: f64,
    heat: f64,
}

/// 27.35 m³/h of source water [W/K].
const RATE: f64 = 27.35 / 3600.0 * 997.0 * 4190.0;

impl Point {
    fn cop(&self) -> f64 {
        self.heat / self.power
    }

    /// Share of Carnot's COP, with approaches of 3 K to the leaving water.
    fn share(&self) -> f64 {
        let condensing = self.supply + 3.0;
        let evaporating = self.source - (self.heat - self.power) / RATE - 3.0;
        self.cop() * (condensing - evaporating) / condensing
    }

    fn name(&self) -> String {
        format!("{} °C → {} °C", (self.source - ZERO).round(), (self.supply - ZERO).round())
    }
}

/// COP at a point of the machine whose share is that of another.
fn machine(sized: &Point, at: &Point) -> Result<f64, Fault> {
    let given = [
        ("capacity_design", 400e3),
        ("carnot_share", sized.share()),
        ("supply_setpoint", at.supply),
        ("evaporator_leaving_min", 263.15),
        ("cop_max", 30.0),
        ("evaporator_content", 0.1),
        ("condenser_content", 0.1),
    ];
    let outputs = Component::new("HeatPump", &given)?.evaluate(&[
        ("evaporator_in", at.source),
        ("evaporator_flow", RATE / 4190.0),
        ("evaporator_heat", 4190.0),
        ("condenser_in", at.supply - at.heat / 1e5),
        ("condenser_flow", 25.0),
        ("condenser_heat", 4000.0),
        ("load_limit", 1.0),
    ])?;
    outputs("coefficient_of_performance")
}

pub(super) fn compare(checks: &mut Checks) -> Result<(), Fault> {
    compare_with(checks, machine)
}

fn compare_with(checks: &mut Checks, machine: fn(&Point, &Point) -> Result<f64, Fault>) -> Result<(), Fault> {
    let mut points = Vec::new();
    for row in table!("water_heat_pump.csv")?.rows() {
        let [source, supply, power, heat] = row.all(["source_in_K", "supply_K", "power_W", "heat_W"])?;
        points.push(Point { source, supply, power, heat });
    }
    checks.rows("rows", "points", points.len(), 35);
    let mut worst = Worst::relative("cop", "COP of a point, sized at another", "");
    let (mut square, mut all, mut pairs) = (0.0, 0.0, 0.0);
    // Mean of the relative differences, and the point that the machine is sized at.
    let (mut least, mut most) = ((f64::INFINITY, String::new()), (f64::NEG_INFINITY, String::new()));
    for sized in &points {
        let (mut sum, mut others) = (0.0, 0.0);
        for at in points.iter().filter(|at| *at != sized) {
            let cop = machine(sized, at)?;
            worst.compare(cop, at.cop(), &format!("{}, sized at {}", at.name(), sized.name()));
            let error = cop / at.cop() - 1.0;
            (sum, others, square) = (sum + error, others + 1.0, square + error * error);
        }
        (all, pairs) = (all + sum, pairs + others);
        let mean = sum / others;
        if mean < least.0 {
            least = (mean, sized.name());
        }
        if mean > most.0 {
            most = (mean, sized.name());
        }
    }
    let remains = "one share of Carnot's for all lifts; the machine's own is 0.42 at a lift of 60 K and 0.70 at 15 K. The bound is ours: a \
                   constant COP is at 74 %";
    let spread = "root mean square of the relative differences, sized at each point in turn";
    checks.worst(Worst::merit("spread", spread, f64::sqrt(square / pairs), ""), 1, 0.25, remains);
    let span = "no verdict: by the point that it is sized at, one share of Carnot's is up to 25 % off in the mean over such a table. Take the \
                share of the point nearest to your own";
    let mean = "mean of the relative differences";
    checks.worst_reported(
        Worst::merit("least", format!("{mean}, least of all sizings"), least.0, &least.1),
        span,
    );
    checks
        .worst_reported(Worst::merit("most", format!("{mean}, most of all sizings"), most.0, &most.1), span);
    checks.worst_reported(
        Worst::merit("mean", format!("{mean}, all sizings"), all / pairs, ""),
        "no verdict: each pair of points counts both ways, and a ratio and its inverse are above 1 in the mean: half the mean square, and no bias",
    );
    checks.worst_reported(worst, "no verdict: the two ends of the table");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;

    #[test]
    fn a_heat_pump_of_constant_cop_is_missed() {
        let mut checks = Checks::of("case", &["part"]);
        compare_with(&mut checks, |sized, _| Ok(sized.cop())).unwrap();
        let list = checks.into_list();
        let spread = list.iter().find(|check| check.id == "case.spread").unwrap();
        // By the table: 74.3 %.
        assert_eq!(spread.verdict, Verdict::Missed);
        assert!((spread.error - 0.743).abs() < 1e-3, "{}", spread.error);
    }
}
