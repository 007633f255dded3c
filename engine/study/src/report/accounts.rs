//! The site's accounts as columns: one for each category, whatever components the site has.

use crate::trajectory::Trajectory;
use crate::write::Column;
use plant::declare::{Use, Water};
use plant::network::MeterKind;

/// Kilowatt-hours of a joule.
pub(super) const KWH: f64 = 1.0 / 3.6e6;

/// What all columns of accounts begin with.
pub const PREFIX: &str = "account.";

/// `account.facility_kwh`, `account.it_kwh` …, `account.make_up_kg` …, `account.rejected.UNIT_kwh`: amounts of the
/// interval that ends at the record.
pub(super) fn columns(trajectory: &Trajectory) -> Vec<Column> {
    let sum = |weight: &dyn Fn(MeterKind) -> f64, factor: f64| -> Vec<f64> {
        let mut sums = vec![0.0; trajectory.intervals()];
        for (k, meter) in trajectory.meters.iter().enumerate() {
            let weight = weight(meter.kind);
            if weight != 0.0 {
                sums.iter_mut().zip(trajectory.amounts(k)).for_each(|(sum, amount)| *sum += weight * amount);
            }
        }
        // Nothing has been metered at the first record.
        std::iter::once(f64::NAN).chain(sums.into_iter().map(|sum| sum * factor)).collect()
    };
    let has = |wanted: &dyn Fn(MeterKind) -> bool| trajectory.meters.iter().any(|meter| wanted(meter.kind));
    let energy = |name: &str, doc: String, weight: &dyn Fn(MeterKind) -> f64| {
        Column::numbers(format!("{PREFIX}{name}_kwh"), "kWh", doc, sum(weight, KWH))
    };
    let mut columns = vec![energy(
        "facility",
        "Electricity of the site: utility feed, generation, and what batteries gave less what they took."
            .into(),
        &|kind| match kind {
            MeterKind::Grid | MeterKind::Generated => 1.0,
            MeterKind::Charged => -1.0,
            _ => 0.0,
        },
    )];
    let doc = "Delivered by the utility, less what stays in batteries; exports are not taken off.".into();
    columns.push(energy("bought", doc, &|kind| match kind {
        MeterKind::Grid | MeterKind::Exported => 1.0,
        MeterKind::Charged => -1.0,
        _ => 0.0,
    }));
    if has(&|kind| kind == MeterKind::Charged) {
        let doc = "Electricity that reached batteries less what left their cells.".into();
        columns.push(energy("charged", doc, &|kind| f64::from(u8::from(kind == MeterKind::Charged))));
    }
    if has(&|kind| kind == MeterKind::Exported) {
        let doc = "Electricity from sun, wind and generators on site.".into();
        columns.push(energy("generated", doc, &|kind| f64::from(u8::from(kind == MeterKind::Generated))));
        let doc = "Electricity given to the utility; facility is without it.".into();
        columns.push(energy("exported", doc, &|kind| f64::from(u8::from(kind == MeterKind::Exported))));
    }
    for category in Use::ALL {
        let doc = format!("Electricity used: {}.", super::label(category.name()));
        columns.push(energy(category.name(), doc, &|kind| {
            f64::from(u8::from(kind == MeterKind::Use(category)))
        }));
    }
    if has(&|kind| kind == MeterKind::Carried) {
        let doc = "Enthalpy of make-up water less that of drained water.".into();
        columns.push(energy("carried", doc, &|kind| f64::from(u8::from(kind == MeterKind::Carried))));
    }
    if has(&|kind| kind == MeterKind::Reused) {
        let doc = "Heat handed to users outside of the site.".into();
        columns.push(energy("reused", doc, &|kind| f64::from(u8::from(kind == MeterKind::Reused))));
    }
    let mut units: Vec<String> = Vec::new();
    for meter in trajectory.meters.iter().filter(|meter| meter.kind == MeterKind::Rejected) {
        let unit = component(&meter.name);
        if !units.contains(&unit) {
            units.push(unit);
        }
    }
    for unit in units {
        let mut sums = vec![0.0; trajectory.intervals()];
        for (k, meter) in trajectory.meters.iter().enumerate() {
            if meter.kind == MeterKind::Rejected && component(&meter.name) == unit {
                sums.iter_mut().zip(trajectory.amounts(k)).for_each(|(sum, amount)| *sum += amount * KWH);
            }
        }
        let values = std::iter::once(f64::NAN).chain(sums).collect();
        let doc = format!("Heat that {unit} gave to the surroundings.");
        columns.push(Column::numbers(format!("{PREFIX}rejected.{unit}_kwh"), "kWh", doc, values));
    }
    for account in Water::ALL {
        if has(&|kind| kind == MeterKind::Water(account)) {
            let weight = |kind| f64::from(u8::from(kind == MeterKind::Water(account)));
            let doc = format!("Water: {}.", super::label(account.name()));
            let name = format!("{PREFIX}{}_kg", account.name());
            columns.push(Column::numbers(name, "kg", doc, sum(&weight, 1.0)));
        }
    }
    columns
}

/// The component of a meter `unit.output`: units that are told apart by a number are one component.
fn component(meter: &str) -> String {
    let unit = meter.rsplit_once('.').map_or(meter, |(unit, _)| unit);
    let mut name = String::with_capacity(unit.len());
    let mut inside = false;
    for c in unit.chars() {
        match c {
            '[' => inside = true,
            ']' => inside = false,
            c if !inside => name.push(c),
            _ => {}
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::component;

    #[test]
    fn numbered_units_are_one_component() {
        assert_eq!(component("cdu[12].heat_rejected"), "cdu");
        assert_eq!(component("hall[3].psu.heat_to_coolant"), "hall.psu");
        assert_eq!(component("grid"), "grid");
    }
}
