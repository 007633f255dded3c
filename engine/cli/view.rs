//! `isotherm view`: hands over to the desktop viewer.

use crate::{exit, output};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

const VIEWER: &str = "isotherm-viewer";

/// Opens a site or a finished run in the desktop viewer.
///
/// The viewer is a program of its own, `isotherm-viewer`, so that this one needs no graphics; it is sought beside this
/// program, then on the PATH. Everything that follows is handed over: `isotherm view mixed_hall --color-by water`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  isotherm view                          the start screen
  isotherm view mixed_hall               a built-in site
  isotherm view my_site.ron --set site.climate=harbin
  isotherm view runs/nvl72_pod-1a2b3c4d  a finished run, as it was written
  isotherm view mixed_hall --screenshot hall.png --view iso")]
pub struct Arguments {
    /// A site or the folder of a run, and options of `isotherm-viewer` (`isotherm-viewer --help`).
    #[arg(value_name = "SITE|RUN_DIR", trailing_var_arg = true, allow_hyphen_values = true)]
    handed_over: Vec<OsString>,
}

/// Runs the command.
pub fn main(arguments: &Arguments) -> u8 {
    let name = format!("{VIEWER}{}", std::env::consts::EXE_SUFFIX);
    let beside = std::env::current_exe().ok().and_then(|path| path.parent().map(|folder| folder.join(&name)));
    let program = beside.filter(|path| path.is_file()).unwrap_or_else(|| PathBuf::from(&name));
    match Command::new(&program).args(&arguments.handed_over).status() {
        // A viewer that a signal ended has no code.
        Ok(status) => status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(exit::INTERNAL),
        Err(error) => {
            output::message(&format!(
                "error: {VIEWER} cannot be started: {error}\n  It is a program of its own: \
                 `cargo build --profile viewer -p viewer` builds it; put it beside isotherm or on the PATH\n"
            ));
            exit::MISSING_INPUT
        }
    }
}
