//! The temperatures within racks that are carried apart: how they spread over all racks and chips, and those of named
//! racks one by one.
//!
//! # Definition
//! At every record the chips (or boards, by the part of the rack) whose temperature is at least `k` °C and below
//! `k + 1` °C are counted, `k` a whole number. The counts of a part sum to the number of its chips in all racks of the
//! group. At fidelity Rack all chips of one part of a rack have one temperature, and count as many as they are.
//!
//! Columns of a run have means and highest values only: a campus of 300,000 chips has too many for one column each.

use crate::blocks::Racks;
use crate::state::{Archive, State, Unfit};
use crate::write::{Column, Table, TableError, Values};
use plant::network::{RackClass, TileWork, Watch};
use plant::plant::Plant;
use scenario::case::Detail;
use solver::blocks::WIDTH;
use std::collections::BTreeMap;
use units::Quantity;

const CELSIUS: f64 = 273.15;
/// Numbers of a row of [`Part::counted`].
const ROW: usize = 3;

/// What a run saw within its racks.
#[derive(Debug, Clone)]
pub struct Inside {
    /// When it was recorded [s from the start of the year].
    times: Vec<f64>,
    parts: Vec<Part>,
    windows: Vec<Window>,
}

/// A kind of temperature that every rack of a class has.
#[derive(Debug, Clone)]
struct Part {
    class: usize,
    /// As in the names of columns: `hall.accelerator`.
    unit: String,
    /// As in the names of columns: `die`.
    what: String,
    /// The watched values, and how many chips of a rack each stands for.
    watches: Vec<(usize, f64)>,
    /// How many there are at the present record, by whole degrees.
    now: BTreeMap<i64, f64>,
    /// Record, degree, how many.
    counted: Vec<f64>,
}

/// Named racks, one by one.
#[derive(Debug, Clone)]
struct Window {
    class: usize,
    /// The member that stands for each, and its name.
    racks: Vec<(usize, String)>,
    values: Vec<Value>,
    from: f64,
    until: f64,
    /// Records within the window.
    records: Vec<f64>,
    /// Record by record, rack by rack, value by value [K].
    seen: Vec<f64>,
}

/// A value of a rack.
#[derive(Debug, Clone)]
struct Value {
    watch: usize,
    unit: String,
    what: String,
    chip: Option<u32>,
}

impl State for Inside {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        let Inside { times, parts, windows } = self;
        archive.growing(times)?;
        for part in parts {
            archive.growing(&mut part.counted)?;
        }
        for window in windows {
            archive.growing(&mut window.records)?;
            archive.growing(&mut window.seen)?;
            if window.seen.len() != window.records.len() * window.racks.len() * window.values.len() {
                return Err(archive.refuse());
            }
        }
        Ok(())
    }
}

impl Inside {
    pub(crate) fn new(plant: &Plant, racks: &[Racks], details: &[Detail]) -> Self {
        let mut inside = Inside { times: Vec::new(), parts: Vec::new(), windows: Vec::new() };
        for (class, racks) in racks.iter().enumerate() {
            inside.parts.extend(parts(plant, class, &racks.class));
        }
        for detail in details {
            let of_group = racks.iter().enumerate().filter(|(_, racks)| racks.class.group() == detail.group);
            inside.windows.extend(of_group.map(|(class, racks)| {
                let group = &plant.groups[detail.group];
                let all = 0..group.racks.round() as usize;
                let named = all.filter(|&rack| detail.rack.is_none_or(|named| named == rack));
                Window {
                    class,
                    racks: named.map(|rack| (racks.class.member_of(rack), group.rack(rack))).collect(),
                    values: temperatures(&racks.class).map(|(k, watch)| value(plant, k, watch)).collect(),
                    from: detail.from_s,
                    until: detail.until_s,
                    records: Vec::new(),
                    seen: Vec::new(),
                }
            }));
        }
        inside
    }

    /// Opens a record.
    pub(crate) fn open(&mut self, time: f64) {
        self.times.push(time);
        for window in self.windows.iter_mut().filter(|window| window.is_open(time)) {
            window.records.push(time);
            let row = window.racks.len() * window.values.len();
            window.seen.resize(window.records.len() * row, f64::NAN);
        }
    }

    /// Takes what a tile shows. Tiles come in order, class by class.
    pub(crate) fn see(&mut self, class: usize, tile: usize, of: &RackClass, work: &TileWork) {
        let (time, racks) = (self.times.last().copied().unwrap_or(f64::NAN), of.weights(tile));
        for part in self.parts.iter_mut().filter(|part| part.class == class) {
            for &(watch, chips) in &part.watches {
                let values = of.watched(watch, work);
                for (kelvin, racks) in values.0.into_iter().zip(racks.0).filter(|(_, racks)| *racks > 0.0) {
                    *part.now.entry((kelvin - CELSIUS).floor() as i64).or_default() += racks * chips;
                }
            }
        }
        for window in self.windows.iter_mut().filter(|window| window.class == class && window.is_open(time)) {
            let width = window.values.len();
            let row = (window.records.len() - 1) * window.racks.len();
            for (k, (member, _)) in window.racks.iter().enumerate().filter(|(_, r)| r.0 / WIDTH == tile) {
                let seen = &mut window.seen[(row + k) * width..][..width];
                for (seen, value) in seen.iter_mut().zip(&window.values) {
                    *seen = of.watched(value.watch, work).0[member % WIDTH];
                }
            }
        }
    }

    /// Closes the record.
    pub(crate) fn close(&mut self) {
        let record = (self.times.len() as f64) - 1.0;
        for part in &mut self.parts {
            for (degree, count) in std::mem::take(&mut part.now) {
                part.counted.extend([record, degree as f64, count]);
            }
        }
    }

    /// How many chips of a part (`hall.accelerator`, `die`) had which temperature at a record: whole degrees Celsius and
    /// number, from the coldest.
    pub fn distribution(&self, unit: &str, what: &str, record: usize) -> Vec<(f64, f64)> {
        let rows = self.parts.iter().filter(|part| part.unit == unit && part.what == what);
        let rows = rows.flat_map(|part| part.counted.chunks_exact(ROW));
        rows.filter(|row| row[0] == record as f64).map(|row| (row[1], row[2])).collect()
    }

    /// The temperatures of all chips of a part (`hall.accelerator`, `die`) of a named rack at the record that ends at
    /// `time` [K]; none where they were not recorded one by one.
    pub fn chips(&self, rack: &str, unit: &str, what: &str, time: f64) -> Vec<f64> {
        let found = self.windows.iter().find_map(|window| {
            let place = window.racks.iter().position(|(_, name)| name == rack)?;
            let record = window.records.iter().position(|&at| at == time)?;
            Some((window, record * window.racks.len() + place))
        });
        let Some((window, row)) = found else { return Vec::new() };
        let values = window.values.len();
        let named = window.values.iter().enumerate();
        let named =
            named.filter(|(_, value)| value.unit == unit && value.what == what && value.chip.is_some());
        named.map(|(k, _)| window.seen[row * values + k]).collect()
    }

    /// The tables by name: `distributions`, and `temperatures` where racks were named.
    ///
    /// # Errors
    /// See [`TableError`]; none can occur.
    pub fn tables(&self) -> Result<Vec<(&'static str, Table)>, TableError> {
        let mut tables = vec![("distributions", self.distributions()?)];
        if !self.windows.is_empty() {
            tables.push(("temperatures", self.temperatures()?));
        }
        Ok(tables)
    }

    fn distributions(&self) -> Result<Table, TableError> {
        let rows =
            || self.parts.iter().flat_map(|part| part.counted.chunks_exact(ROW).map(move |row| (part, row)));
        let time = |row: &[f64]| self.times.get(row[0] as usize).copied().unwrap_or(f64::NAN);
        let columns = vec![
            Column::numbers(
                "time_s",
                "s",
                "From the start of the year.",
                rows().map(|(_, row)| time(row)).collect(),
            ),
            Column::text("part", "The part of the racks.", rows().map(|(part, _)| part.unit.as_str())),
            Column::text("what", "Which of its temperatures.", rows().map(|(part, _)| part.what.as_str())),
            Column::numbers(
                "from_c",
                "degC",
                "The count is of temperatures from this to one degree more.",
                rows().map(|(_, row)| row[1]).collect(),
            ),
            Column::numbers("count", "1", "How many there are.", rows().map(|(_, row)| row[2]).collect()),
        ];
        Table::new("isotherm.distributions/1", columns)
    }

    fn temperatures(&self) -> Result<Table, TableError> {
        let rows = || {
            self.windows.iter().flat_map(|window| {
                let values = window.values.len();
                let at = move |k: usize| {
                    let (value, rack) = (k % values, k / values % window.racks.len());
                    (
                        window.records[k / values / window.racks.len()],
                        &window.racks[rack].1,
                        &window.values[value],
                    )
                };
                window.seen.iter().enumerate().map(move |(k, kelvin)| (at(k), kelvin - CELSIUS))
            })
        };
        let chip = |value: &Value| value.chip.map(i64::from);
        let columns = vec![
            Column::numbers(
                "time_s",
                "s",
                "From the start of the year.",
                rows().map(|(row, _)| row.0).collect(),
            ),
            Column::text("rack", "The rack.", rows().map(|(row, _)| row.1.as_str())),
            Column::text("part", "The part of the rack.", rows().map(|(row, _)| row.2.unit.as_str())),
            Column {
                name: "chip".to_owned(),
                unit: "".into(),
                description: "Which of the part's chips, from 0; none where they are carried together."
                    .to_owned(),
                values: Values::Integers(rows().map(|(row, _)| chip(row.2)).collect()),
            },
            Column::text("what", "Which of its temperatures.", rows().map(|(row, _)| row.2.what.as_str())),
            Column::numbers("temperature_c", "degC", "The temperature.", rows().map(|(_, c)| c).collect()),
        ];
        Table::new("isotherm.temperatures/1", columns)
    }
}

impl Window {
    fn is_open(&self, time: f64) -> bool {
        (self.from..=self.until).contains(&time)
    }
}

/// The temperatures among the watched values of a class.
fn temperatures(class: &RackClass) -> impl Iterator<Item = (usize, &Watch)> {
    class.watches().iter().enumerate().filter(|(_, watch)| watch.quantity == Quantity::Temperature)
}

fn value(plant: &Plant, watch: usize, watched: &Watch) -> Value {
    let unit = plant.units[watched.unit].id.clone();
    Value { watch, unit, what: watched.name.clone(), chip: watched.chip }
}

/// The temperatures of a class by part, each with the chips that it stands for.
fn parts(plant: &Plant, class: usize, of: &RackClass) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for (k, watch) in temperatures(of) {
        let unit = &plant.units[watch.unit];
        let chips = match watch.chip {
            Some(_) => f64::from(watch.alike),
            None => unit.multiplicity / of.racks().max(1.0),
        };
        match parts.iter_mut().find(|part| part.unit == unit.id && part.what == watch.name) {
            Some(part) => part.watches.push((k, chips)),
            None => parts.push(Part {
                class,
                unit: unit.id.clone(),
                what: watch.name.clone(),
                watches: vec![(k, chips)],
                now: BTreeMap::new(),
                counted: Vec::new(),
            }),
        }
    }
    parts
}
