//! `isotherm completions`: scripts for the shell.

use crate::{exit, output};
use clap::CommandFactory;
use clap_complete::Shell;

/// Prints a completion script for a shell.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  isotherm completions bash > /etc/bash_completion.d/isotherm")]
pub struct Arguments {
    /// The shell.
    shell: Shell,
}

/// Runs the command.
pub fn main(arguments: &Arguments) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut crate::Arguments::command(), "isotherm", &mut script);
    output::data(&String::from_utf8_lossy(&script));
    exit::OK
}
