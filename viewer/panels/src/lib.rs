//! What the viewer shows and does, without a renderer.
//!
//! ```text
//! site.ron ─open→ Bench ─run on its own thread→ Record ─at the cursor→ panels, scene
//!                   ↑                                                     │
//!                   └────────────── edits of the site ────────────────────┘
//! ```
//!
//! * [`bench`] holds the site, its changes, its runs and snapshots; [`simulate`] is the thread that runs or reads it,
//!   [`survey`] the one that finds what positions can still take.
//! * [`record`] is time × columns, [`figures`] what is left at the end, [`playback`] the cursor in it, [`shade`] what racks are coloured by, [`palette`] how.
//! * [`look`] is language, units and size, [`memory`] what is remembered between sessions.
//! * [`chips`] are those of one rack; [`place`] says where things stand, [`picture`] which boxes are drawn there and how.
//! * [`export`] is what other programs get: a table, or [`gltf`].
//! * [`window`] and the modules of [`panels`] draw with egui: functions of plain data that give back what is wanted.
//!
//! # Absences
//! * No renderer: nothing here knows Bevy.
//! * No physics and no metric: every number shown is one that the engine gave.
#![forbid(unsafe_code)]

pub mod action;
pub mod bench;
pub mod chips;
pub mod colours;
pub mod commands;
pub mod compose;
pub mod export;
pub mod figures;
pub mod files;
pub mod gltf;
pub mod limits;
pub mod look;
pub mod memory;
pub mod palette;
pub mod panels;
pub mod picture;
pub mod place;
pub mod playback;
pub mod record;
pub mod reporting;
pub mod shade;
pub mod simulate;
pub mod survey;
pub mod view;
pub mod window;
