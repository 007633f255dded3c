//! `isotherm new`: a site file to edit.

use crate::{exit, output};
use engine::scenario::catalogue::{self, Shelf};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

/// Writes a new site file, copied from a built-in site with all its comments.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  isotherm new my_pod.ron --from nvl72_pod\n  isotherm run my_pod.ron")]
pub struct Arguments {
    /// The file to write; an existing one is never overwritten.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The built-in site to start from (`isotherm catalogue sites`).
    #[arg(long, value_name = "ID", default_value = "nvl72_pod")]
    from: String,
}

/// Runs the command.
pub fn main(arguments: &Arguments) -> u8 {
    let Some(record) = catalogue::find(Shelf::Sites, &arguments.from) else {
        let known = catalogue::ids(Shelf::Sites).join(", ");
        output::message(&format!("error: there is no built-in site {}; there are {known}\n", arguments.from));
        return exit::BAD_INPUT;
    };
    let created = OpenOptions::new().write(true).create_new(true).open(&arguments.file);
    let written = created.and_then(|mut file| {
        file.write_all(record.source.text.as_bytes())?;
        file.sync_all()
    });
    match written {
        Ok(()) => {
            let file = arguments.file.display();
            output::data(&format!("{file}: a copy of {}. Next: isotherm check {file}\n", arguments.from));
            exit::OK
        }
        Err(error) => {
            output::message(&format!("error: cannot create {}: {error}\n", arguments.file.display()));
            exit::CANNOT_CREATE
        }
    }
}
