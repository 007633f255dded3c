//! The chips of one rack: how many there are, how hot each is, and where they are drawn on the front of an open rack.
//!
//! A run carries equal chips once, so they have one temperature; where it carried every chip and recorded those of this
//! rack (`run.details`), each has its own, whether it was calculated here or read from its folder.

use crate::bench::Shown;
use crate::place::Place;
use engine::plant::plant::Plant;
use engine::scenario::Fidelity;
use engine::scenario::case::Detail;

/// Chips of one kind in a rack.
#[derive(Debug, Clone, PartialEq)]
pub struct Chips {
    /// Index into the plant's units.
    pub unit: usize,
    /// Its name within the rack.
    pub name: String,
    /// Junctions [°C]; `None` before there is a record.
    pub junctions: Vec<Option<f64>>,
    /// Why they have one temperature; `None` where each has its own.
    pub together: Option<Together>,
}

/// Why the chips of a rack have one temperature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Together {
    /// The run goes on: single chips are known when it has ended.
    GoesOn,
    /// It carried equal chips once: its fidelity is not Chip.
    Fidelity,
    /// It recorded no chips of this rack: `run.details` does not name it.
    Rack,
    /// It recorded them at other times.
    Time,
}

impl Together {
    /// Key of the sentence that says so.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Together::GoesOn => "chips-go-on",
            Together::Fidelity => "chips-fidelity",
            Together::Rack => "chips-rack",
            Together::Time => "chips-time",
        }
    }
}

impl Chips {
    /// Lowest and highest junction [°C].
    #[must_use]
    pub fn ends(&self) -> Option<(f64, f64)> {
        let known = || self.junctions.iter().flatten().copied();
        known().reduce(f64::min).zip(known().reduce(f64::max))
    }
}

/// The chips of a rack at a time, by kind. `rack` counts within its rows.
#[must_use]
pub fn of_rack(shown: &Shown, rows: usize, rack: usize, time: f64) -> Vec<Chips> {
    let of = shown.floor.rows.get(rows);
    let Some((of, &group)) = of.and_then(|of| Some((of, of.groups.get(rack)?))) else { return Vec::new() };
    let plant = &shown.case.plant;
    let racks = plant.groups[group].racks.max(1.0);
    let finished = shown.finished.as_deref();
    let row = shown.record.row(time);
    let mut found = Vec::new();
    for (k, unit) in plant.units.iter().enumerate().filter(|(_, unit)| unit.group == Some(group)) {
        let declaration = unit.kind.declaration();
        let Some(state) = declaration.junction() else { continue };
        let what = declaration.states[state].name;
        let count = (unit.multiplicity / racks).round().max(1.0) as usize;
        let id = format!("{}[{rack}]", of.hall);
        let own = finished.zip(row).map(|(finished, row)| {
            // The first row of the record ends the first interval; what is recorded begins with the start.
            finished.chips(&id, &unit.id, what, shown.record.times.get(row).copied().unwrap_or(time))
        });
        let own = own.filter(|own| own.len() == count);
        let why = || {
            let named = |detail: &Detail| {
                detail.group == group && detail.rack.is_none_or(|k| is_at(plant, group, k, rack))
            };
            match () {
                () if shown.case.run.fidelity != Fidelity::Chip => Together::Fidelity,
                () if finished.is_none() => Together::GoesOn,
                () if !shown.case.run.details.iter().any(named) => Together::Rack,
                () => Together::Time,
            }
        };
        let together_because = own.is_none().then(why);
        let together = row.and_then(|row| {
            let column = |suffix: &str| shown.record.column(&format!("{}.{what}{suffix}", unit.id));
            Some(shown.record.value(row, column("").or_else(|| column("_max"))?)? - 273.15)
        });
        let junctions = own.map_or_else(
            || vec![together; count],
            |own| own.into_iter().map(|kelvin| Some(kelvin - 273.15)).collect(),
        );
        let name = unit.id.rsplit_once('.').map_or(unit.id.as_str(), |(_, name)| name).to_owned();
        found.push(Chips { unit: k, name, junctions, together: together_because });
    }
    found
}

/// Whether the k-th rack of a group stands at this place of its rows.
fn is_at(plant: &Plant, group: usize, k: usize, place: usize) -> bool {
    plant.groups[group].place(k).is_some_and(|own| own as usize == place)
}

/// How many chips are drawn side by side: as many as a tray usually has, so that all trays are alike.
#[must_use]
pub fn per_tray(count: usize) -> usize {
    [8, 4, 6, 5, 3, 2].into_iter().find(|&wide| count.is_multiple_of(wide)).unwrap_or(8).min(count.max(1))
}

/// Where each of so many chips is drawn on the front of a rack: trays from top to bottom, chips from left to right.
#[must_use]
pub fn on_front(rack: &Place, count: usize) -> Vec<Place> {
    const EDGE: f32 = 0.05;
    const DEEP: f32 = 0.02;
    let wide = per_tray(count);
    let trays = count.div_ceil(wide);
    let (width, height) = (rack.size[0] - 2.0 * EDGE, rack.size[1] - 4.0 * EDGE);
    let pitch = [width / wide as f32, height / trays.max(1) as f32];
    let size = [0.62 * pitch[0], (0.62 * pitch[1]).min(0.13), DEEP];
    let front = rack.at[2] + rack.facing * 0.5 * (rack.size[2] + DEEP);
    (0..count)
        .map(|k| {
            let (tray, place) = (k / wide, k % wide);
            // From the left of who stands before it.
            let x = rack.facing * ((place as f32 + 0.5) * pitch[0] - 0.5 * width);
            let y = rack.at[1] + rack.size[1] - 2.0 * EDGE - (tray as f32 + 0.5) * pitch[1];
            let at = [rack.at[0] + x, y - 0.5 * size[1], front];
            Place { at, size, facing: rack.facing }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chips_stand_in_trays_on_the_front_and_within_the_rack() {
        let rack = Place { at: [10.0, 0.0, 5.0], size: [0.6, 2.3, 1.2], facing: -1.0 };
        assert_eq!([72, 64, 36, 7, 1].map(per_tray), [8, 8, 4, 7, 1]);
        let places = on_front(&rack, 64);
        assert_eq!(places.len(), 64);
        for place in &places {
            assert!((place.at[0] - 10.0).abs() + 0.5 * place.size[0] < 0.3, "beside the rack: {place:?}");
            assert!(place.at[1] > 0.0 && place.at[1] + place.size[1] < 2.3, "above or below: {place:?}");
            // The front of a rack that looks to smaller z is at 5 − 0.6.
            assert!((place.at[2] - (4.4 - 0.01)).abs() < 1e-6);
        }
        assert!(places[0].at[1] > places[63].at[1], "the first tray is the uppermost");
        assert!(places[0].at[0] > places[7].at[0], "left of who looks to larger z is larger x");
    }
}
