//! Names beside what is drawn.

use super::{Label, State, aside, pair};
use crate::place::Place;
use crate::window::{Pick, Window};

/// Names of rows and machines.
#[must_use]
pub fn labels(window: &Window) -> Vec<Label> {
    let Some(shown) = window.shown() else { return Vec::new() };
    let mut labels = Vec::new();
    if let Some(pick) = window.view.selected
        && let Some((place, name)) = named(window, pick)
    {
        let shade = window.view.shade;
        let figure = match pick {
            Pick::Rack { rows, rack } => window.value(shade, rows, rack),
            Pick::Machine(_) => None,
        };
        let names = crate::panels::legend::names(&window.look, shade);
        let kind = figure.and_then(|kind| names.get(kind as usize));
        let text = figure.map_or_else(
            || name.clone(),
            |figure| {
                if let Some((_, kind)) = kind {
                    return format!("{name}  {kind}");
                }
                let (figure, unit) = (window.look.shaded(shade, figure), window.look.shade_unit(shade));
                format!("{name}  {figure:.*} {unit}", shade.decimals())
            },
        );
        labels.push(Label { at: above(&place), text, first: true });
    }
    if window.opened().is_some() {
        return labels;
    }
    if let Some((before, after)) = pair(window) {
        let aside = aside(&after.floor);
        for (key, floor, aside) in [("before", &before.floor, aside), ("after", &after.floor, 0.0)] {
            let [[left, near], [right, _]] = floor.hall;
            let at = [0.5 * (left + right) + aside, 4.5, near];
            labels.push(Label { at, text: window.look.t(key), first: true });
        }
    }
    if !window.view.labels {
        return labels;
    }
    for rows in &shown.floor.rows {
        if let Some(first) = rows.racks.first() {
            let count = rows.racks.len().to_string();
            let text = window.look.with("row-label", &[("name", &rows.hall), ("count", &count)]);
            labels.push(Label { at: above(first), text, first: false });
        }
    }
    if window.view.plant {
        let time = window.bench.as_ref().map_or(0.0, |bench| bench.playback.time());
        let row = shown.record.row(time);
        let mut last = usize::MAX;
        for (unit, _, place) in &shown.floor.machines {
            if *unit != last {
                let of = &shown.case.plant.units[*unit];
                let copies = of.multiplicity.round();
                let mut text = if copies > 1.5 { format!("{} ×{copies:.0}", of.id) } else { of.id.clone() };
                if let Some(state) = row.and_then(|row| State::of(shown, *unit, row)) {
                    text = format!("{text} · {}", said(window, state));
                }
                labels.push(Label { at: above(place), text, first: false });
            }
            last = *unit;
        }
    }
    labels
}

/// What a machine does in a word: how far it is opened, or that it does not run.
#[must_use]
pub fn said(window: &Window, state: State) -> String {
    let word = window.look.t(state.key());
    match (state, state.share()) {
        (State::Runs(_), Some(share)) => format!("{:.0} %", 100.0 * share),
        (_, Some(share)) => format!("{word}, {:.0} %", 100.0 * share),
        _ => word,
    }
}

/// Name of what can be selected.
#[must_use]
pub fn name_of(window: &Window, pick: Pick) -> Option<String> {
    named(window, pick).map(|(_, name)| name)
}

fn named(window: &Window, pick: Pick) -> Option<(Place, String)> {
    let shown = window.shown()?;
    match pick {
        Pick::Rack { rows, rack } => {
            let of = shown.floor.rows.get(rows)?;
            Some((*of.racks.get(rack)?, format!("{}[{rack}]", of.hall)))
        }
        Pick::Machine(k) => {
            let (unit, copy, place) = shown.floor.machines.get(k)?;
            let of = &shown.case.plant.units[*unit];
            let name = if of.multiplicity > 1.5 { format!("{}[{copy}]", of.id) } else { of.id.clone() };
            Some((*place, name))
        }
    }
}

fn above(place: &Place) -> [f32; 3] {
    [place.at[0], place.at[1] + place.size[1] + 0.25, place.at[2]]
}
