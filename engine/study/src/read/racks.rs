//! The rows of `racks.parquet`.

use super::columns::Series;
use crate::racks::{OVERHEAD_NAMES, RackFigures};

/// One rack a row.
pub(super) fn read(table: &Series) -> Result<Vec<RackFigures>, String> {
    let none = |name: &str| format!("it has no column {name}");
    let numbers = |name: &str| -> Result<Vec<f64>, String> {
        let values = table.numbers(name).map_err(|error| error.to_string())?;
        values.ok_or_else(|| none(name))
    };
    let texts = |name: &str| -> Result<Vec<Option<String>>, String> {
        let values = table.texts(name).map_err(|error| error.to_string())?;
        values.ok_or_else(|| none(name))
    };
    let (ids, groups, cooling, currency) =
        (texts("id")?, texts("group")?, texts("cooling")?, texts("currency")?);
    let (it, facility, pue) = (numbers("it_energy_kwh")?, numbers("facility_energy_kwh")?, numbers("pue")?);
    let (water, wue) = (numbers("water_m3")?, numbers("wue_l_per_kwh")?);
    let (carbon, cost) = (numbers("co2e_kg")?, numbers("cost")?);
    let (inlet, junction) = (numbers("max_inlet_c")?, numbers("max_junction_c")?);
    let out = numbers("hours_out_of_class")?;
    // Runs of a version that did not trace heat have no such column.
    let given = table.numbers("heat_given_kwh").map_err(|error| error.to_string())?;
    let overheads = OVERHEAD_NAMES
        .iter()
        .map(|name| numbers(&format!("overhead_kwh.{name}")))
        .collect::<Result<Vec<_>, _>>()?;
    let some = |values: &[f64], k: usize| Some(values[k]).filter(|value| value.is_finite());
    let zero = |values: &[f64], k: usize| some(values, k).unwrap_or(0.0);
    // All columns of an opened table have its number of rows.
    Ok((0..table.rows())
        .map(|k| RackFigures {
            group: groups[k].clone().unwrap_or_default(),
            hall: groups[k].clone().unwrap_or_default(),
            ids: vec![ids[k].clone().unwrap_or_default()],
            racks: 1,
            cooling: cooling[k].clone().unwrap_or_default(),
            it_energy_kwh: zero(&it, k),
            facility_energy_kwh: zero(&facility, k),
            pue: some(&pue, k),
            water_m3: zero(&water, k),
            wue_l_per_kwh: some(&wue, k),
            co2e_kg: some(&carbon, k),
            cost: some(&cost, k),
            currency: currency[k].clone(),
            max_inlet_c: some(&inlet, k),
            max_junction_c: some(&junction, k),
            hours_out_of_class: some(&out, k),
            overhead_kwh: std::array::from_fn(|of| zero(&overheads[of], k)),
            heat_given_kwh: given.as_ref().map_or(0.0, |given| zero(given, k)),
        })
        .collect())
}
