//! How the open site is looked at: colours, layers, what is selected.

use crate::palette::Palette;
use crate::shade::{Shade, Span};
use std::collections::BTreeSet;

/// Something in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pick {
    /// A rack: which rows, which of them.
    Rack {
        /// Index into [`Floor::rows`](crate::place::Floor::rows).
        rows: usize,
        /// Index into its racks.
        rack: usize,
    },
    /// A machine: index into [`Floor::machines`](crate::place::Floor::machines).
    Machine(usize),
}

/// Where the camera is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// From above a corner.
    Iso,
    /// From above.
    Top,
    /// Along the rows.
    Front,
    /// The yard.
    Yard,
    /// The plant room and the pipes that leave it.
    Plant,
    /// The front of the selected rack.
    Rack,
}

impl Preset {
    /// All of them.
    pub const ALL: [Preset; 6] =
        [Preset::Iso, Preset::Top, Preset::Front, Preset::Yard, Preset::Plant, Preset::Rack];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Preset::Iso => "iso",
            Preset::Top => "top",
            Preset::Front => "front",
            Preset::Yard => "yard",
            Preset::Plant => "plant",
            Preset::Rack => "rack",
        }
    }
}

/// What the lower side shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lower {
    /// Courses over time.
    #[default]
    Courses,
    /// Where the energy of the interval at the cursor goes.
    FlowsNow,
    /// Where that of the whole run went.
    FlowsOfRun,
}

/// How the open site is looked at.
#[derive(Debug, Clone)]
pub struct View {
    /// What the racks are coloured by.
    pub shade: Shade,
    /// With which colours.
    pub palette: Palette,
    /// Ends of the scale that the person chose.
    pub fixed: Option<Span>,
    /// Ends around everything the run has recorded, and the one before it.
    pub around: Option<Span>,
    /// What the ends were made of: shade, revision, rows.
    pub(crate) made_of: (Shade, u64, usize),
    /// What is selected.
    pub selected: Option<Pick>,
    /// What is selected besides.
    pub also: BTreeSet<Pick>,
    /// Names above the racks and machines.
    pub labels: bool,
    /// Floor of the aisles tinted by air temperature.
    pub aisles: bool,
    /// Machines and the yard.
    pub plant: bool,
    /// Whether the run that is compared with is shown in place of the last one.
    pub before: bool,
    /// Whether the selected rack is open: its row alone, with its chips on the front.
    pub open: bool,
    /// Whether both runs stand side by side.
    pub beside: bool,
    /// What the lower side shows.
    pub lower: Lower,
    /// Where the camera is to go next.
    pub preset: Option<Preset>,
    /// Text that the rack table is filtered by.
    pub filter: String,
    /// Column of the rack table, and whether downwards.
    pub order: (usize, bool),
    /// The lines of the rack table.
    pub(crate) listed: crate::panels::racks::Listed,
    /// Whether the overlay of keys is open.
    pub keys: bool,
    /// Whether the settings are open.
    pub settings: bool,
    /// The commands, where they are open: what is typed, and which of those found is chosen.
    pub command: Option<(String, usize)>,
    /// Which server of the open rack is looked at: tray by tray, from the top.
    pub server: Option<usize>,
    /// Which of its chips.
    pub chip: Option<usize>,
}

impl Default for View {
    fn default() -> Self {
        View {
            shade: Shade::default(),
            palette: Palette::default(),
            fixed: None,
            around: None,
            made_of: (Shade::default(), 0, 0),
            selected: None,
            also: BTreeSet::new(),
            labels: true,
            aisles: true,
            plant: true,
            before: false,
            open: false,
            beside: false,
            lower: Lower::default(),
            preset: Some(Preset::Iso),
            filter: String::new(),
            order: (0, false),
            listed: crate::panels::racks::Listed::default(),
            keys: false,
            settings: false,
            command: None,
            server: None,
            chip: None,
        }
    }
}

impl View {
    /// Ends of the colour scale.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        self.fixed.or(self.around)
    }

    /// Whether something is selected.
    #[must_use]
    pub fn is_selected(&self, pick: Pick) -> bool {
        self.selected == Some(pick) || self.also.contains(&pick)
    }

    /// Everything that is selected, in the order of the site.
    #[must_use]
    pub fn picks(&self) -> BTreeSet<Pick> {
        self.also.iter().copied().chain(self.selected).collect()
    }

    /// Selects one thing alone, or nothing.
    pub fn select(&mut self, pick: Option<Pick>) {
        self.selected = pick;
        self.also.clear();
    }

    /// Selects a rack besides the others, or no more. Machines are selected alone.
    pub fn toggle(&mut self, pick: Pick) {
        let rack = |pick: &Pick| matches!(pick, Pick::Rack { .. });
        if !rack(&pick) || !self.selected.as_ref().is_none_or(rack) {
            return self.select(Some(pick));
        }
        if self.also.remove(&pick) {
        } else if self.selected == Some(pick) {
            self.selected = self.also.pop_first();
        } else {
            self.also.extend(self.selected);
            self.selected = Some(pick);
            self.also.remove(&pick);
        }
    }

    /// Selects all of these, the first of them before the others.
    pub fn select_all(&mut self, picks: impl IntoIterator<Item = Pick>) {
        let mut picks = picks.into_iter();
        self.selected = picks.next();
        self.also = picks.collect();
    }

    /// Selects the racks from the selected one to this one, of the same rows.
    pub fn reach(&mut self, pick: Pick) {
        match (self.selected, pick) {
            (Some(Pick::Rack { rows, rack: from }), Pick::Rack { rows: same, rack: to }) if rows == same => {
                let (low, high) = (from.min(to), from.max(to));
                self.select_all((low..=high).map(|rack| Pick::Rack { rows, rack }));
            }
            _ => self.select(Some(pick)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rack(rack: usize) -> Pick {
        Pick::Rack { rows: 0, rack }
    }

    #[test]
    fn racks_are_selected_together_and_machines_alone() {
        let mut view = View::default();
        for k in [3, 5, 4] {
            view.toggle(rack(k));
        }
        assert_eq!((view.selected, view.picks().len()), (Some(rack(4)), 3));
        view.toggle(rack(5));
        assert_eq!(view.picks(), [rack(3), rack(4)].into());
        view.toggle(rack(4));
        assert_eq!((view.selected, view.picks()), (Some(rack(3)), [rack(3)].into()));
        view.reach(rack(6));
        assert_eq!(view.picks(), [3, 4, 5, 6].map(rack).into());
        view.toggle(Pick::Machine(2));
        assert_eq!(view.picks(), [Pick::Machine(2)].into());
    }
}
