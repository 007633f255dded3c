//! What the view gives to people and other programs: the racks as a table, the hall as glTF, the picture as PNG, a report.

use crate::gltf::{Named, binary};
use crate::picture::{name_of, things};
use crate::reporting::Said;
use crate::shade::Shade;
use crate::window::Window;
use engine::study::notes::clock;
use engine::units::Quantity;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// What can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// The racks that the table shows, as comma-separated values.
    Racks,
    /// Everything in the picture, as binary glTF.
    Hall,
    /// The window as it is, as PNG.
    Picture,
    /// The report of the run that is shown, with the picture of the view in it.
    Report,
}

impl Export {
    /// All of them, in the order of the menu, each with the key of its words.
    pub const ALL: [(Export, &str); 4] = [
        (Export::Report, "export-report"),
        (Export::Picture, "export-picture"),
        (Export::Racks, "export-racks"),
        (Export::Hall, "export-hall"),
    ];

    /// Whether it needs a picture, which the renderer takes.
    #[must_use]
    pub const fn needs_picture(self) -> bool {
        matches!(self, Export::Picture | Export::Report)
    }

    /// Ending of the file's name.
    fn ending(self, window: &Window) -> String {
        match self {
            Export::Racks => "racks.csv".to_owned(),
            Export::Hall => "hall.glb".to_owned(),
            Export::Picture => "view.png".to_owned(),
            Export::Report => format!("report.{}.html", window.look.language().code()),
        }
    }

    /// A name in a folder that is free.
    ///
    /// # Errors
    /// That nothing is open, or that there are too many of them.
    pub fn place(self, window: &Window, folder: &Path) -> Result<PathBuf, String> {
        let shown = window.shown().ok_or_else(|| "nothing is open".to_owned())?;
        let ending = self.ending(window);
        let name = |k: usize| match k {
            1 => format!("{}.{ending}", shown.case.id),
            k => format!("{}-{k}.{ending}", shown.case.id),
        };
        let free = (1..1000).map(|k| folder.join(name(k))).find(|path| !path.exists());
        free.ok_or_else(|| format!("{}: there are too many of them", folder.join(name(1)).display()))
    }

    /// Writes it into a folder, under a name that is free.
    ///
    /// # Errors
    /// What the disk says, with the file's name; that nothing is open; or that it needs a picture.
    pub fn write(self, window: &Window, folder: &Path) -> Result<PathBuf, String> {
        let path = self.place(window, folder)?;
        let bytes = match self {
            Export::Racks => racks(window).into_bytes(),
            Export::Hall => hall(window),
            Export::Picture | Export::Report => return Err("this needs a picture".to_owned()),
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

/// What a report says of the picture.
#[must_use]
pub fn said(window: &Window) -> Said {
    let look = &window.look;
    let (Some(bench), Some(shown)) = (&window.bench, window.shown()) else { return Said::default() };
    let time = bench.playback.time();
    let (shade, when) = (look.shade(window.view.shade), clock(time));
    let mut rows = vec![[look.t("time"), when.clone()], [look.t("coloured-by"), shade.clone()]];
    if let Some(span) = window.view.span().filter(|_| window.view.shade.has_scale()) {
        let of = window.view.shade;
        let ends = [span.low, span.high].map(|end| format!("{:.*}", of.decimals(), look.shaded(of, end)));
        rows.push([look.t("scale"), format!("{} … {} {}", ends[0], ends[1], look.shade_unit(of))]);
    }
    if let Some(row) = shown.record.row(time) {
        let interval = shown.record.intervals[row];
        let kilowatts = |watts: f64| look.value(Quantity::Power, interval.mean(watts));
        rows.push([look.t("it-power"), kilowatts(interval.it())]);
        rows.push([look.t("facility-power"), kilowatts(interval.facility)]);
        rows.extend(interval.pue().map(|pue| [look.t("pue-now"), format!("{pue:.3}")]));
    }
    if let Some(name) = window.view.selected.and_then(|pick| name_of(window, pick)) {
        rows.push([look.t("selected"), name]);
    }
    let said = [("shade", shade.as_str()), ("when", when.as_str())];
    Said {
        title: look.t("view-section"),
        caption: look.with("view-caption", &said),
        alt: look.with("view-alt", &said),
        columns: [look.t("view-what"), look.t("view-value")],
        rows,
    }
}
