//! The values of racks at the cursor, and their colours.

use crate::bench::{Bench, Shown, Standing};
use crate::palette::{BINDS, CLASSES, NOTHING};
use crate::shade::{Shade, Span};
use crate::window::Window;
use engine::study::capacity::Kind;

/// Chips are coloured on this scale where racks show something else [°C].
const JUNCTIONS: Span = Span { low: 20.0, high: 100.0 };

impl Window {
    /// The colour of a value, sRGB.
    #[must_use]
    pub fn colour_of(&self, value: Option<f64>) -> [u8; 3] {
        let kinds: &[[u8; 3]] = match self.view.shade {
            Shade::Binds => &BINDS,
            Shade::Class => &CLASSES,
            _ => &[],
        };
        if !kinds.is_empty() {
            return value.and_then(|value| kinds.get(value as usize)).copied().unwrap_or(NOTHING);
        }
        match (value, self.view.span()) {
            (Some(value), Some(span)) => self.view.palette.at(span.share(value)),
            _ => NOTHING,
        }
    }

    /// The colour of a junction: on the scale of the picture where racks are coloured by junctions, else on one from 20
    /// to 100 °C.
    #[must_use]
    pub fn junction_colour(&self, celsius: Option<f64>) -> [u8; 3] {
        if self.view.shade == Shade::Junction {
            return self.colour_of(celsius);
        }
        celsius.map_or(NOTHING, |celsius| self.view.palette.at(JUNCTIONS.share(celsius)))
    }

    /// The value of a rack at the cursor, in the unit of the shade.
    #[must_use]
    pub fn value(&self, shade: Shade, rows: usize, rack: usize) -> Option<f64> {
        let bench = self.bench.as_ref()?;
        value(self.shown()?, shade, rows, rack, bench.playback.time())
    }

    /// The colour of a rack at the cursor, sRGB.
    #[must_use]
    pub fn colour(&self, rows: usize, rack: usize) -> [u8; 3] {
        self.colour_of(self.value(self.view.shade, rows, rack))
    }
}

/// The value of a rack at a time.
#[must_use]
pub fn value(shown: &Shown, shade: Shade, rows: usize, rack: usize, time: f64) -> Option<f64> {
    let of = shown.floor.rows.get(rows)?;
    let group = *of.groups.get(rack)?;
    match shade {
        Shade::Room => return Some(shown.room(group)?.watts() / 1000.0),
        Shade::Binds => {
            let (first, headroom) = shown.room(group)?.first();
            headroom.bound()?;
            return Kind::ALL.iter().position(|&kind| kind == first).map(|k| k as f64);
        }
        _ => {}
    }
    let row = shown.record.row(time)?;
    shown.sensors.value(shade, group, &shown.record, row, shown.figures(group))
}

/// Rows that the ends of a scale are made of: not every new row makes them anew.
pub(crate) fn sampled(rows: usize, standing: &Standing) -> usize {
    match standing {
        Standing::Running(_) => usize::BITS as usize - rows.leading_zeros() as usize,
        _ => rows + 64,
    }
}

/// Ends around both runs, so that before and after share one scale.
pub(crate) fn around(shade: Shade, bench: &Bench) -> Option<Span> {
    let runs = std::iter::once(bench.current()).chain(bench.compared());
    if shade.of_survey() {
        // From nothing on: it is an amount.
        let rooms = runs.filter_map(|shown| shown.surveying.known()).flat_map(|survey| &survey.rooms);
        let watts = rooms.map(|room| room.watts() / 1000.0);
        let most = watts.fold(shade.least_span(), f64::max);
        return Span::around([0.0, most].into_iter(), 0.0);
    }
    let values = runs.flat_map(|shown| {
        let rows = if shade.of_run() { shown.record.times.len().min(1) } else { shown.record.times.len() };
        let groups = shown.case.plant.groups.len();
        let each = (0..rows).flat_map(move |row| (0..groups).map(move |group| (row, group)));
        each.filter_map(move |(row, group)| {
            shown.sensors.value(shade, group, &shown.record, row, shown.figures(group))
        })
    });
    Span::around(values, shade.least_span())
}
