//! What the view gives to other programs: the racks as a table, the hall as glTF.

use crate::gltf::{Named, binary};
use crate::picture::{name_of, things};
use crate::shade::Shade;
use crate::window::Window;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// What can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// The racks that the table shows, as comma-separated values.
    Racks,
    /// Everything in the picture, as binary glTF.
    Hall,
}

impl Export {
    /// Ending of the file's name.
    const fn ending(self) -> &'static str {
        match self {
            Export::Racks => "racks.csv",
            Export::Hall => "hall.glb",
        }
    }

    /// Writes it into a folder, under a name that is free.
    ///
    /// # Errors
    /// What the disk says, with the file's name; or that nothing is open.
    pub fn write(self, window: &Window, folder: &Path) -> Result<PathBuf, String> {
        let shown = window.shown().ok_or_else(|| "nothing is open".to_owned())?;
        let name = |k: usize| match k {
            1 => format!("{}.{}", shown.case.id, self.ending()),
            k => format!("{}-{k}.{}", shown.case.id, self.ending()),
        };
        let free = (1..1000).map(|k| folder.join(name(k))).find(|path| !path.exists());
        let path =
            free.ok_or_else(|| format!("{}: there are too many of them", folder.join(name(1)).display()))?;
        let bytes = match self {
            Export::Racks => racks(window).into_bytes(),
            Export::Hall => hall(window),
        };
        crate::files::write_bytes(&path, &bytes).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(path)
    }
}

/// The racks that pass the table's filter at the cursor, SI units in the names of columns; empty where a rack has no such
/// thing.
#[must_use]
pub fn racks(window: &Window) -> String {
    const COLUMNS: [(&str, Shade); 8] = [
        ("power_kw", Shade::Power),
        ("inlet_c", Shade::Inlet),
        ("outlet_c", Shade::Outlet),
        ("junction_max_c", Shade::Junction),
        ("coolant_return_c", Shade::CoolantReturn),
        ("margin_k", Shade::Margin),
        ("pue_of_run", Shade::Pue),
        ("wue_of_run_l_per_kwh", Shade::Water),
    ];
    let mut text = String::from("rack,time_s");
    for (name, _) in COLUMNS {
        text.push(',');
        text.push_str(name);
    }
    text.push_str("\r\n");
    let time = window.bench.as_ref().map_or(0.0, |bench| bench.playback.time());
    for (rows, rack, name) in crate::panels::racks::named(window) {
        // Names are ids: nothing in them needs quotes.
        let _ = write!(text, "{name},{time}");
        for (_, shade) in COLUMNS {
            let value = window.value(shade, rows, rack).map_or_else(String::new, |value| value.to_string());
            let _ = write!(text, ",{value}");
        }
        text.push_str("\r\n");
    }
    text
}

fn hall(window: &Window) -> Vec<u8> {
    let named = |thing: crate::picture::Thing| {
        let name = thing.pick.and_then(|pick| name_of(window, pick));
        Named { name: name.unwrap_or_else(|| format!("{:?}", thing.surface).to_lowercase()), thing }
    };
    let boxes: Vec<Named> = things(window).into_iter().map(named).collect();
    let title = window.shown().map_or("", |shown| shown.case.title.as_str());
    binary(title, &boxes)
}
