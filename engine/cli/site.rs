//! What every command that takes a site has in common.

use crate::output;
use engine::scenario::{self, Loaded, Problem};
use std::path::PathBuf;

/// A site and the changes made to it on the command line.
#[derive(Debug, Clone, clap::Args)]
pub struct Site {
    /// A site file, or the id of a built-in site (`isotherm catalogue sites`).
    #[arg(value_name = "SITE")]
    pub site: PathBuf,

    #[command(flatten)]
    pub changes: Changes,
}

/// What is changed, and how the answer is given.
#[derive(Debug, Clone, clap::Args)]
pub struct Changes {
    /// Changes one field, e.g. `cdu.supply_setpoint="30 °C"` or `run.period='Day("2024-07-21")'`.
    ///
    /// The value is text where the field is a quantity, a name, an id or a file, otherwise RON. The
    /// `components.` prefix may be dropped. May be given several times.
    #[arg(long = "set", value_name = "PATH=VALUE", value_parser = setting)]
    pub settings: Vec<(String, String)>,

    /// Prints one JSON object `{schema, ok, data, diagnostics}` instead of text.
    #[arg(long)]
    pub json: bool,
}

fn setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((path, value)) if !path.trim().is_empty() => Ok((path.trim().into(), value.into())),
        _ => Err("write PATH=VALUE, for example cdu.supply_setpoint=\"30 °C\"".into()),
    }
}

impl Site {
    /// Reads and checks the site; otherwise reports everything that is wrong and gives the exit code.
    pub fn load(&self, schema: &str) -> Result<Loaded, u8> {
        scenario::load(&self.site, &self.changes.settings)
            .map_err(|problems| self.changes.refuse(schema, &problems))
    }
}

impl Changes {
    /// Reports problems and gives the exit code.
    pub fn refuse(&self, schema: &str, problems: &[Problem]) -> u8 {
        if self.json {
            output::refusal(schema, problems.iter().map(output::diagnostic).collect());
        } else {
            output::problems(problems);
        }
        scenario::problem::class(problems).exit_code()
    }

    /// Reports a sentence and gives back the exit code.
    pub fn fail(&self, schema: &str, code: u8, identifier: &str, sentence: &str) -> u8 {
        if self.json {
            output::refusal(schema, vec![output::sentence(identifier, sentence)]);
        } else {
            output::message(&format!("error[{identifier}]: {sentence}\n"));
        }
        code
    }
}
