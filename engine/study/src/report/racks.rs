//! The racks of a run: rows for programs, a table for `racks.parquet`, a few lines for people.

use super::{label, optional};
use crate::racks::{OVERHEAD_NAMES, RackFigures};
use crate::write::json::number;
use crate::write::{Column, Table, TableError, Values};
use serde_json::{Map, Value, json};

/// Schema of the table of racks.
pub const RACKS_SCHEMA: &str = "isotherm.racks/1";
/// With more racks than this, they are in the table only.
pub const MOST_ROWS: usize = 1000;

/// One row per rack, or null where there are too many.
pub(super) fn json(groups: &[RackFigures]) -> Value {
    if groups.iter().map(|g| g.racks).sum::<usize>() > MOST_ROWS {
        return Value::Null;
    }
    groups.iter().flat_map(|group| (0..group.racks).map(|rack| row(group, rack))).collect()
}

fn row(of: &RackFigures, rack: usize) -> Value {
    let overheads: Map<String, Value> = (OVERHEAD_NAMES.iter().zip(of.overhead_kwh))
        .map(|(name, kwh)| ((*name).into(), number(kwh)))
        .collect();
    json!({
        "id": of.id(rack),
        "group": of.hall,
        "cooling": of.cooling,
        "it_energy_kwh": number(of.it_energy_kwh),
        "facility_energy_kwh": number(of.facility_energy_kwh),
        "pue": optional(of.pue),
        "water_m3": number(of.water_m3),
        "wue_l_per_kwh": optional(of.wue_l_per_kwh),
        "co2e_kg": optional(of.co2e_kg),
        "cost": optional(of.cost),
        "currency": of.currency,
        "max_inlet_c": optional(of.max_inlet_c),
        "max_junction_c": optional(of.max_junction_c),
        "hours_out_of_class": optional(of.hours_out_of_class),
        "overhead_kwh": overheads,
        "heat_given_kwh": number(of.heat_given_kwh),
    })
}

/// The table of all racks, one row each.
///
/// # Errors
/// None that a run can cause.
pub fn racks(groups: &[RackFigures]) -> Result<Table, TableError> {
    let each = |value: &dyn Fn(&RackFigures, usize) -> String| -> Vec<String> {
        groups.iter().flat_map(|g| (0..g.racks).map(|rack| value(g, rack)).collect::<Vec<_>>()).collect()
    };
    let numbers = |value: &dyn Fn(&RackFigures) -> Option<f64>| -> Vec<f64> {
        groups.iter().flat_map(|g| std::iter::repeat_n(value(g).unwrap_or(f64::NAN), g.racks)).collect()
    };
    let column = |name: &str, unit: &'static str, text: &str, value: &dyn Fn(&RackFigures) -> Option<f64>| {
        Column::numbers(name, unit, text, numbers(value))
    };
    let currencies = groups.iter().flat_map(|g| std::iter::repeat_n(g.currency.clone(), g.racks)).collect();
    let mut columns = vec![
        Column::text("id", "The rack: its group and number.", each(&|g, rack| g.id(rack).to_owned())),
        Column::text("group", "The group.", each(&|g, _| g.hall.clone())),
        Column::text("cooling", "How it is cooled.", each(&|g, _| g.cooling.clone())),
        column("it_energy_kwh", "kWh", "Input of the rack.", &|g| Some(g.it_energy_kwh)),
        column("facility_energy_kwh", "kWh", "Input of the rack and what was used for it.", &|g| {
            Some(g.facility_energy_kwh)
        }),
        column("pue", "1", "Facility energy per IT energy.", &|g| g.pue),
        column("water_m3", "m3", "Make-up water.", &|g| Some(g.water_m3)),
        column("wue_l_per_kwh", "L/kWh", "Make-up water per IT energy.", &|g| g.wue_l_per_kwh),
        column("co2e_kg", "kg", "Carbon of the electricity.", &|g| g.co2e_kg),
        column("cost", "", "Electricity and water, in the currency beside.", &|g| g.cost),
        Column {
            name: "currency".into(),
            unit: "".into(),
            description: "Of the cost, ISO 4217.".into(),
            values: Values::Text(currencies),
        },
        column("max_inlet_c", "degC", "Warmest air at the inlet.", &|g| g.max_inlet_c),
        column("max_junction_c", "degC", "Hottest junction.", &|g| g.max_junction_c),
        column("hours_out_of_class", "h", "With inlet air outside of what its class allows.", &|g| {
            g.hours_out_of_class
        }),
    ];
    for (k, name) in OVERHEAD_NAMES.iter().enumerate() {
        let text = format!("Used for it: {}.", label(name));
        columns.push(column(&format!("overhead_kwh.{name}"), "kWh", &text, &|g| Some(g.overhead_kwh[k])));
    }
    columns.push(column("heat_given_kwh", "kWh", "Heat it took out of streams that others warm.", &|g| {
        Some(g.heat_given_kwh)
    }));
    Table::new(RACKS_SCHEMA, columns)
}

/// Lines on the groups of a site with several.
pub(super) fn lines(groups: &[RackFigures]) -> Vec<String> {
    if groups.len() < 2 {
        return Vec::new();
    }
    let shown = |v: Option<f64>, digits: usize| v.map_or("–".to_string(), |v| format!("{v:.digits$}"));
    let widest = groups.iter().map(|g| g.group.chars().count()).max().unwrap_or(0).max(5);
    let mut lines = vec![format!(
        "  {:<widest$}  {:>6}  {:<10}  {:>6}  {:>9}  {:>12}",
        "Racks", "number", "cooling", "PUE", "WUE L/kWh", "IT kWh each"
    )];
    lines.extend(groups.iter().map(|g| {
        format!(
            "  {:<widest$}  {:>6}  {:<10}  {:>6}  {:>9}  {:>12}",
            g.group,
            g.racks,
            g.cooling,
            shown(g.pue, 3),
            shown(g.wue_l_per_kwh, 3),
            super::grouped(g.it_energy_kwh)
        )
    }));
    lines.push(String::new());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(racks: usize) -> RackFigures {
        RackFigures {
            group: "hall".into(),
            hall: "hall".into(),
            ids: (0..racks).map(|rack| format!("hall[{rack}]")).collect(),
            racks,
            cooling: "air".into(),
            it_energy_kwh: 2.0,
            facility_energy_kwh: 3.0,
            pue: Some(1.5),
            water_m3: 0.0,
            wue_l_per_kwh: Some(0.0),
            co2e_kg: None,
            cost: None,
            currency: None,
            max_inlet_c: None,
            max_junction_c: None,
            hours_out_of_class: None,
            overhead_kwh: [0.0; OVERHEAD_NAMES.len()],
            heat_given_kwh: 0.0,
        }
    }

    #[test]
    fn above_a_thousand_racks_the_summary_has_none_and_the_table_has_all() {
        // 600 + 400 are a thousand: a row each. One more, and the rows stand in the table only.
        let rows = json(&[of(600), of(400)]);
        assert_eq!(rows.as_array().map(Vec::len), Some(MOST_ROWS));
        let many = [of(600), of(401)];
        assert_eq!(json(&many), Value::Null);
        assert_eq!(racks(&many).unwrap().rows(), 1001);
    }
}
