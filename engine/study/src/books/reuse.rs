//! Heat that is handed to users outside of the site.
//!
//! # Definitions
//! | figure | definition | standard |
//! |---|---|---|
//! | reused heat | heat metered at the hand-off, all delivery points | ISO/IEC 30134-6; E_REUSE of Delegated Regulation (EU) 2024/1364 |
//! | ERF | reused heat / facility energy | ISO/IEC 30134-6 |
//! | ERE | (facility energy − reused heat) / IT energy = PUE·(1 − ERF) | The Green Grid, white paper 29 |
//! | waste-heat temperature | mean of the temperature at the hand-off, weighted with the heat of each interval | T_WH of (EU) 2024/1364 |
//!
//! The energy of heat pumps on the site's side is facility energy. Of an interval the temperature is the mean of its two
//! ends. The definitions are recalled, to verify.

use crate::account::Total;
use crate::metrics::{Metrics, over};
use crate::run::Outcome;
use plant::declare::Effect;
use plant::network::MeterKind;
use plant::plant::Plant;
use units::Quantity;

const KWH: f64 = 3.6e6;
const ZERO_CELSIUS: f64 = 273.15;

/// Heat that left the site to be used.
#[derive(Debug, Clone, PartialEq)]
pub struct Reuse {
    /// Metered at the hand-off [kWh].
    pub heat_kwh: f64,
    /// Energy reuse factor.
    pub erf: Option<f64>,
    /// Energy reuse effectiveness.
    pub ere: Option<f64>,
    /// Mean temperature at the hand-off [°C]; nothing where nothing was handed over.
    pub temperature_c: Option<f64>,
    /// Electricity of the heat pumps [kWh].
    pub heat_pumps_kwh: f64,
    /// Hours with heat handed over.
    pub hours: f64,
    /// Each delivery point and its heat [kWh].
    pub points: Vec<(String, f64)>,
}

/// Evaluates the reused heat; nothing for a site without a delivery point.
pub fn evaluate(plant: &Plant, outcome: &Outcome, metrics: &Metrics, heat_pumps_kwh: f64) -> Option<Reuse> {
    let trajectory = &outcome.trajectory;
    let times: Vec<f64> = trajectory.times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let (mut heat, mut weighted) = (Total::default(), Total::default());
    let mut running = vec![false; times.len()];
    let mut points = Vec::new();
    for (meter, column) in trajectory.meters.iter().enumerate() {
        if column.kind != MeterKind::Reused {
            continue;
        }
        let id = column.name.rsplit_once('.').map_or(&*column.name, |(id, _)| id);
        let Some(unit) = plant.units.iter().find(|unit| unit.id == id) else { continue };
        let outputs = unit.kind.declaration().outputs.iter();
        let reading = outputs.clone().find(|output| output.effect == Effect::Reading(Quantity::Temperature));
        let probe = reading.and_then(|reading| {
            let name = format!("{}.{}", unit.id, reading.name);
            trajectory.probes.iter().position(|probe| probe.name == name)
        });
        let temperatures: Vec<f64> = probe.map_or_else(Vec::new, |probe| trajectory.column(probe).collect());
        let mut of_point = Total::default();
        for (k, amount) in trajectory.amounts(meter).enumerate() {
            of_point.add(amount);
            running[k] |= amount > LEAST * times[k];
            if let Some(ends) = temperatures.get(k..k + 2) {
                weighted.add(amount * 0.5 * (ends[0] + ends[1]));
            }
        }
        heat.add(of_point.value());
        points.push((unit.id.clone(), of_point.value() / KWH));
    }
    if points.is_empty() {
        return None;
    }
    let heat = heat.value();
    Some(of_totals(
        heat,
        weighted.value(),
        metrics,
        heat_pumps_kwh,
        times.iter().zip(&running).filter(|(_, on)| **on).map(|(time, _)| time / 3600.0).sum(),
        points,
    ))
}

/// Less than this is a shut valve's trickle [W].
const LEAST: f64 = 100.0;

fn of_totals(
    heat: f64,
    weighted: f64,
    metrics: &Metrics,
    heat_pumps_kwh: f64,
    hours: f64,
    points: Vec<(String, f64)>,
) -> Reuse {
    let heat_kwh = heat / KWH;
    Reuse {
        heat_kwh,
        erf: over(heat_kwh, metrics.facility_energy_kwh),
        ere: over(metrics.facility_energy_kwh - heat_kwh, metrics.it_energy_kwh),
        temperature_c: over(weighted, heat).map(|kelvin| kelvin - ZERO_CELSIUS),
        heat_pumps_kwh,
        hours,
        points,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ere_is_pue_times_what_is_not_reused() {
        // 1000 kWh of IT, 1300 kWh of facility, 650 kWh of heat at 65 °C: ERF 0.5, ERE 0.65 = 1.3·(1 − 0.5)
        let metrics = Metrics { it_energy_kwh: 1000.0, facility_energy_kwh: 1300.0, ..Metrics::default() };
        let heat = 650.0 * KWH;
        let reuse = of_totals(heat, heat * 338.15, &metrics, 150.0, 10.0, Vec::new());
        assert_eq!((reuse.erf, reuse.ere), (Some(0.5), Some(0.65)));
        assert!((reuse.temperature_c.unwrap() - 65.0).abs() < 1e-9);
        let none = of_totals(0.0, 0.0, &metrics, 0.0, 0.0, Vec::new());
        assert_eq!((none.erf, none.ere, none.temperature_c), (Some(0.0), Some(1.3), None));
    }
}
