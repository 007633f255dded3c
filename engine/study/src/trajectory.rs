//! Time × named columns, each with its unit.

use crate::intervals::Interval;
use crate::run::Options;
use crate::state::{Archive, State, Unfit};
use plant::network::{MeterKind, Network, Probe};
use std::ops::Range;
use units::Quantity;

/// In place of a state: what all racks together store.
const IN_RACKS: u32 = u32::MAX;

/// What racks that are carried apart from the network store, all together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Kept {
    /// Energy [J], up to a constant.
    pub energy: f64,
    /// Water [kg].
    pub water: f64,
}

/// What a run recorded.
#[derive(Debug, Clone)]
pub struct Trajectory {
    /// Times of the records [s from the start of the year]; the first is the start of the run.
    pub times: Vec<f64>,
    /// The values probed at every record.
    pub probes: Vec<Probe>,
    /// Record by record, `probes.len()` values each.
    values: Vec<f64>,
    /// The meters.
    pub meters: Vec<MeterColumn>,
    /// Interval by interval, `meters.len()` amounts each [J or kg].
    amounts: Vec<f64>,
    /// States at every record that carry stored energy, with their factor, for the independent balance.
    pub(crate) stores: Vec<(u32, f64)>,
    pub(crate) stored: Vec<f64>,
    /// Stored water at every record [kg].
    pub(crate) water: Vec<(u32, f64)>,
    pub(crate) stored_water: Vec<f64>,
    /// Interval of the columns [s].
    pub output_every: f64,
}

/// A meter as a column.
#[derive(Debug, Clone, PartialEq)]
pub struct MeterColumn {
    /// `unit.output`.
    pub name: String,
    /// What it counts.
    pub kind: MeterKind,
    /// Index into the plant's units.
    pub unit: Option<usize>,
}

impl State for Trajectory {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        let Trajectory {
            times,
            probes,
            values,
            meters,
            amounts,
            stores,
            stored,
            water,
            stored_water,
            output_every: _,
        } = self;
        for list in [&mut *times, &mut *values, &mut *amounts, &mut *stored, &mut *stored_water] {
            archive.growing(list)?;
        }
        let records = times.len();
        let whole = values.len() == records * probes.len()
            && stored.len() == records * stores.len()
            && stored_water.len() == records * water.len()
            && amounts.len() == records.saturating_sub(1) * meters.len();
        if whole { Ok(()) } else { Err(archive.refuse()) }
    }
}

impl Trajectory {
    /// `racks` are columns of racks that are carried apart from the network, if any are.
    pub(crate) fn new(network: &Network, racks: Option<&[Probe]>, options: &Options) -> Self {
        let records = (options.length / options.output_every).ceil() as usize + 1;
        let mut probes = network.probes().to_vec();
        let (mut stores, mut water) = (network.stored_energy().to_vec(), network.stored_water().to_vec());
        if let Some(racks) = racks {
            probes.extend_from_slice(racks);
            stores.push((IN_RACKS, 1.0));
            water.push((IN_RACKS, 1.0));
        }
        let meters: Vec<MeterColumn> = (network.meters().iter())
            .map(|m| MeterColumn { name: m.name.clone(), kind: m.kind, unit: m.unit })
            .collect();
        Trajectory {
            times: Vec::with_capacity(records),
            values: Vec::with_capacity(records * probes.len()),
            amounts: Vec::with_capacity(records * meters.len()),
            stores,
            stored: Vec::new(),
            water,
            stored_water: Vec::new(),
            probes,
            meters,
            output_every: options.output_every,
        }
    }

    /// Probe `p` of record `r` is r + p/100 K, meter `m` of the interval before it 3.6e6·(r + m/100) J.
    #[cfg(test)]
    pub(crate) fn numbered(records: usize, probes: usize, meters: usize) -> Trajectory {
        let cells = |first: usize, width: usize| {
            (first..records).flat_map(move |record| (0..width).map(move |k| record as f64 + k as f64 / 100.0))
        };
        let probe = |k: usize| Probe {
            name: format!("probe_{k}"),
            unit: None,
            quantity: Quantity::Temperature,
            doc: "A probe.".into(),
            slot: 0,
            scale: 1.0,
            total: false,
        };
        let meter =
            |k: usize| MeterColumn { name: format!("unit.meter_{k}"), kind: MeterKind::Grid, unit: None };
        Trajectory {
            times: (0..records).map(|record| record as f64).collect(),
            probes: (0..probes).map(probe).collect(),
            values: cells(0, probes).collect(),
            meters: (0..meters).map(meter).collect(),
            amounts: cells(1, meters).map(|amount| 3.6e6 * amount).collect(),
            stores: Vec::new(),
            stored: Vec::new(),
            water: Vec::new(),
            stored_water: Vec::new(),
            output_every: 1.0,
        }
    }

    pub(crate) fn record(&mut self, time: f64, slots: &[f64], racks: &[f64], kept: Kept) {
        self.times.push(time);
        let own = self.probes.len() - racks.len();
        self.values.extend(self.probes[..own].iter().map(|p| slots[p.slot as usize] * p.scale));
        self.values.extend_from_slice(racks);
        let of = |slot: u32, in_racks: f64| if slot == IN_RACKS { in_racks } else { slots[slot as usize] };
        self.stored.extend(self.stores.iter().map(|&(slot, _)| of(slot, kept.energy)));
        self.stored_water.extend(self.water.iter().map(|&(slot, _)| of(slot, kept.water)));
    }

    pub(crate) fn record_meters(&mut self, amounts: &[f64]) {
        self.amounts.extend_from_slice(amounts);
    }

    pub(crate) fn last(&self) -> &[f64] {
        &self.values[self.values.len().saturating_sub(self.probes.len())..]
    }

    /// What flowed within one interval of the records.
    pub fn interval(&self, k: usize) -> Option<Interval> {
        let (width, ends) = (self.meters.len(), self.times.get(k..k + 2)?);
        let amounts = self.amounts.get(k * width..(k + 1) * width)?;
        let meters = self.meters.iter().zip(amounts).map(|(meter, &amount)| (meter.kind, amount));
        Some(Interval::of(ends[1] - ends[0], meters))
    }

    pub(crate) fn last_interval(&self) -> Interval {
        self.times.len().checked_sub(2).and_then(|k| self.interval(k)).unwrap_or_default()
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// Number of intervals between records.
    pub fn intervals(&self) -> usize {
        self.times.len().saturating_sub(1)
    }

    /// The values of one probe, SI, one per record.
    pub fn column(&self, probe: usize) -> impl Iterator<Item = f64> + '_ {
        self.values.iter().skip(probe).step_by(self.probes.len().max(1)).copied()
    }

    /// Some records of as many probes as there are `columns`, SI, from the probe `first` on: read together, as they lie one beside the
    /// other in a record.
    pub(crate) fn read(&self, first: usize, records: Range<usize>, columns: &mut [Vec<f64>]) {
        columns.iter_mut().for_each(Vec::clear);
        beside(&self.values, self.probes.len(), first, records, columns);
    }

    /// As [`read`](Self::read), the amounts of some meters: none at the first record, where nothing has been metered.
    pub(crate) fn read_amounts(&self, first: usize, records: Range<usize>, columns: &mut [Vec<f64>]) {
        let intervals = records.start.saturating_sub(1)..records.end.saturating_sub(1);
        columns.iter_mut().for_each(Vec::clear);
        if records.start == 0 && records.end > 0 {
            columns.iter_mut().for_each(|column| column.push(f64::NAN));
        }
        beside(&self.amounts, self.meters.len(), first, intervals, columns);
    }

    /// The values of the probe of that name.
    pub fn named(&self, name: &str) -> Option<Vec<f64>> {
        self.probes.iter().position(|p| p.name == name).map(|k| self.column(k).collect())
    }

    /// The amounts of one meter, one per interval [J or kg].
    pub fn amounts(&self, meter: usize) -> impl Iterator<Item = f64> + '_ {
        self.amounts.iter().skip(meter).step_by(self.meters.len().max(1)).copied()
    }
}

/// Appends some rows of columns that lie one beside the other, from `first` on, in a table that is kept row by row.
fn beside(table: &[f64], width: usize, first: usize, rows: Range<usize>, columns: &mut [Vec<f64>]) {
    /// Rows of which the first column leaves the next ones in the cache.
    const ROWS: usize = 64;
    for rows in table[rows.start * width..rows.end * width].chunks((ROWS * width).max(1)) {
        for (k, column) in columns.iter_mut().enumerate() {
            column.extend(rows.chunks_exact(width).map(|row| row[first + k]));
        }
    }
}

/// How a quantity is written in a column: suffix, unit, factor and offset from SI.
pub fn column_unit(quantity: Quantity) -> (&'static str, &'static str, f64, f64) {
    match quantity {
        Quantity::Temperature => ("c", "degC", 1.0, -273.15),
        Quantity::TemperatureDifference => ("k", "K", 1.0, 0.0),
        Quantity::Power => ("kw", "kW", 1e-3, 0.0),
        Quantity::Energy => ("kwh", "kWh", 1.0 / 3.6e6, 0.0),
        Quantity::MassFlow => ("kg_per_s", "kg/s", 1.0, 0.0),
        Quantity::VolumeFlow => ("m3_per_s", "m3/s", 1.0, 0.0),
        Quantity::Pressure => ("kpa", "kPa", 1e-3, 0.0),
        Quantity::Mass => ("kg", "kg", 1.0, 0.0),
        Quantity::Volume => ("m3", "m3", 1.0, 0.0),
        Quantity::Ratio => ("1", "1", 1.0, 0.0),
        Quantity::Irradiance => ("w_per_m2", "W/m2", 1.0, 0.0),
        Quantity::Velocity => ("m_per_s", "m/s", 1.0, 0.0),
        Quantity::Density => ("kg_per_m3", "kg/m3", 1.0, 0.0),
        _ => ("si", quantity.symbol(), 1.0, 0.0),
    }
}
