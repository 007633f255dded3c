//! Water beyond the meter: where it comes from, what leaves as waste water, and what the electricity took elsewhere.
//!
//! # Definitions
//! ```text
//! potable     = make-up · potable share
//! discharge   = blowdown                                  what goes to the sewer, salt and all
//! consumed    = make-up − discharge
//! source      = EWIF · electricity bought                 water consumed where the electricity was made
//! WUE_source  = (make-up + source)/IT energy = WUE + EWIF·PUE   where all is bought
//! ```
//! EWIF is the water consumed per electricity of the grid's record, evaporation of reservoirs included.
//!
//! # Source
//! The Green Grid, white paper 35 (2011), recalled, to verify; GRI 303 for discharge and consumption.

use crate::metrics::{Metrics, over};
use scenario::case::{Origin, Sourced};

/// Water beyond the meter.
#[derive(Debug, Clone, PartialEq)]
pub struct Sources {
    /// Potable part of the make-up [m³]; nothing where the site does not say.
    pub potable_m3: Option<f64>,
    /// Waste water [m³].
    pub discharge_m3: f64,
    /// Consumed on site [m³].
    pub consumed_m3: f64,
    /// Consumed where the electricity was made [m³].
    pub source_m3: Option<f64>,
    /// Source-based WUE [L/kWh].
    pub wue_source: Option<f64>,
    /// Water consumed per electricity [L/kWh].
    pub ewif: Option<f64>,
    /// Where that comes from.
    pub origin: Option<Origin>,
    /// Baseline water stress.
    pub stress: Option<Sourced<String>>,
}

/// What the site and its grid say of water.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Said {
    /// Share of potable water.
    pub potable_share: Option<f64>,
    /// Baseline water stress.
    pub stress: Option<Sourced<String>>,
    /// Water consumed per electricity [m³/J].
    pub ewif: Option<Sourced<f64>>,
}

/// Evaluates the water; nothing where neither site nor grid say anything of it.
pub fn evaluate(said: Said, metrics: &Metrics, blowdown_m3: f64, bought_kwh: f64) -> Option<Sources> {
    if said == Said::default() {
        return None;
    }
    // m³/J as L/kWh.
    let ewif = said.ewif.as_ref().map(|ewif| ewif.value * 1000.0 * 3.6e6);
    let source_m3 = ewif.map(|ewif| ewif * bought_kwh / 1000.0);
    let all = source_m3.map(|source| 1000.0 * (metrics.water_m3 + source));
    Some(Sources {
        potable_m3: said.potable_share.map(|share| share * metrics.water_m3),
        discharge_m3: blowdown_m3,
        consumed_m3: metrics.water_m3 - blowdown_m3,
        source_m3,
        wue_source: all.and_then(|litres| over(litres, metrics.it_energy_kwh)),
        ewif,
        origin: said.ewif.map(|ewif| ewif.origin),
        stress: said.stress,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_wue_is_site_wue_and_the_electricitys_water_times_pue() {
        // 1000 kWh of IT, 1300 kWh of facility, 2 m³: WUE 2 L/kWh, EWIF 3 L/kWh: 2 + 3·1.3 = 5.9 L/kWh
        let metrics = Metrics {
            it_energy_kwh: 1000.0,
            facility_energy_kwh: 1300.0,
            water_m3: 2.0,
            ..Metrics::default()
        };
        let origin = Origin::new("by hand", 2024, scenario::case::Confidence::C);
        let ewif = Sourced { value: 3.0 / 3.6e9, origin };
        let said = Said { potable_share: Some(0.25), ewif: Some(ewif), ..Said::default() };
        let of = evaluate(said.clone(), &metrics, 0.5, 1300.0).unwrap();
        assert!((of.wue_source.unwrap() - 5.9).abs() < 1e-12);
        assert!((of.source_m3.unwrap() - 3.9).abs() < 1e-12);
        assert_eq!((of.potable_m3, of.discharge_m3, of.consumed_m3), (Some(0.5), 0.5, 1.5));
        // What is generated on site takes no water elsewhere.
        let own = evaluate(said, &metrics, 0.5, 1000.0).unwrap();
        assert!((own.wue_source.unwrap() - 5.0).abs() < 1e-12);
        assert_eq!(evaluate(Said::default(), &metrics, 0.0, 0.0), None);
    }
}
