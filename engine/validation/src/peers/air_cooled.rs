//! Air-cooled chillers against the catalogues of three machines.

use super::table;
use crate::component::Component;
use crate::oracle::ZERO;
use crate::{Checks, Fault, Table, Worst};

/// A state of a catalogue, temperatures in °C.
struct State {
    cop_rated: f64,
    leaving: f64,
    air: f64,
}

/// Leaving water of the rating [°C].
const RATED: f64 = 6.67;

/// COP at full load, and capacity as a share of the rated one.
fn machine(state: &State) -> Result<(f64, f64), Fault> {
    const CAPACITY: f64 = 500e3;
    let given = [
        ("capacity_design", CAPACITY),
        ("cop_design", state.cop_rated),
        ("supply_design", RATED + ZERO),
        ("dry_bulb_design", 35.0 + ZERO),
        ("supply_setpoint", state.leaving + ZERO),
        ("fan_power_design", 0.0),
        ("air_flow_design", 10.0),
        ("water_content", 0.1),
    ];
    // More is asked than it can do.
    let outputs = Component::new("AirCooledChiller", &given)?.evaluate(&[
        ("water_in", state.leaving + ZERO + 10.0),
        ("water_flow", 25.0),
        ("specific_heat", 4000.0),
        ("dry_bulb", state.air + ZERO),
        ("pressure", 101_325.0),
    ])?;
    let heat = outputs("heat_mechanical")?;
    Ok((heat / outputs("compressor_power")?, heat / CAPACITY))
}

pub(super) fn compare(checks: &mut Checks) -> Result<(), Fault> {
    compare_with(checks, machine)
}

fn compare_with(checks: &mut Checks, machine: fn(&State) -> Result<(f64, f64), Fault>) -> Result<(), Fault> {
    let mut worst = Worst::relative("cop", "COP at full load, fans included", "");
    let mut capacity =
        Worst::relative("capacity", "capacity at the rated leaving water, 1 % per kelvin of air", "");
    let mut elsewhere = Worst::relative("capacity_elsewhere", "capacity at other leaving water", "");
    let (mut bias, mut square, mut points) = (0.0, 0.0, 0.0);
    for row in table!("chillers/air_cooled.csv")?.rows() {
        let [cop_rated, leaving, air, expected] = row.all(["cop_rated", "leaving_C", "air_C", "cop"])?;
        let (cop, share) = machine(&State { cop_rated, leaving, air })?;
        let at = format!("{}, {leaving} °C from {air} °C", row.text("chiller")?);
        worst.compare(cop, expected, &at);
        let error = cop / expected - 1.0;
        (bias, square, points) = (bias + error, square + error * error, points + 1.0);
        let of = if leaving == RATED { &mut capacity } else { &mut elsewhere };
        of.compare(share, row.get("capacity_of_rated")?, &at);
    }
    let remains = "one share of Carnot's and approaches that are not the machine's own; its rating is its catalogue's. The bound is ours: a \
                   COP that knows no temperature is 7.6 % off in the mean and 19 % root mean square";
    checks.worst(
        Worst::merit("bias", "mean of the relative differences of the COP", bias / points, ""),
        1,
        0.05,
        remains,
    );
    checks.worst(
        Worst::merit("spread", "root mean square of them", f64::sqrt(square / points), ""),
        1,
        0.1,
        remains,
    );
    checks.worst_reported(worst, remains);
    checks.worst(
        capacity,
        12,
        0.1,
        "the catalogues' slopes are 0.7 to 1.4 % per kelvin; the bound is ours: a capacity that knows no air is 18 % off",
    );
    checks.worst_reported(
        elsewhere,
        "no verdict: the capacity does not depend on the leaving water, the catalogues' by 2.7 to 3.7 % per kelvin",
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;

    #[test]
    fn a_chiller_whose_cop_and_capacity_know_no_temperature_is_missed() {
        let mut checks = Checks::of("case", &["part"]);
        compare_with(&mut checks, |state| Ok((state.cop_rated, 1.0))).unwrap();
        let list = checks.into_list();
        let of = |name: &str| list.iter().find(|check| check.id == format!("case.{name}")).unwrap();
        for name in ["bias", "spread", "capacity"] {
            assert_eq!(of(name).verdict, Verdict::Missed, "{name}");
        }
        // By the table: mean +7.58 %, root mean square 19.28 %, worst 44.1 %; capacity 1/0.847317 − 1 = 18.0 %.
        let errors = ["bias", "spread", "cop", "capacity"].map(|name| of(name).error);
        for (error, expected) in errors.into_iter().zip([0.0758, 0.1928, 0.441, 0.180]) {
            assert!((error - expected).abs() < 5e-4, "{errors:?}");
        }
    }
}
