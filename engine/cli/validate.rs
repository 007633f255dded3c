//! `isotherm validate`: the program against closed forms and other people's numbers.

use crate::{exit, output};
use engine::validation::{self, SCHEMA, Verdict};

/// Compares the program with closed forms and other people's numbers, case by case.
///
/// Every case says what was expected, what was got, the error, the largest error allowed, and what remains and why. The tables
/// are in the program. A few cases need files that are not: they are sought below the folder that the environment variable
/// ISOTHERM_REFERENCE names, and said to be missing.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  isotherm validate                   everything
  isotherm validate psychrolib        one source
  isotherm validate OpenTower         what a kind of component is compared with
  isotherm validate --list            cases and sources, without comparing
  isotherm validate --json            for programs

Exit code 64 if anything is missed.")]
pub struct Arguments {
    /// Only cases whose id, source or subject contains this text.
    #[arg(value_name = "FILTER")]
    filter: Option<String>,

    /// Lists the cases instead of comparing.
    #[arg(long)]
    list: bool,

    /// Prints one JSON object instead of text.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn main(arguments: &Arguments) -> u8 {
    let cases = validation::select(arguments.filter.as_deref());
    if cases.is_empty() {
        let filter = arguments.filter.as_deref().unwrap_or_default();
        if let Some((kind, why)) = validation::without(filter) {
            let sentence = format!("{kind} is compared with nothing: {why}");
            if arguments.json {
                let warnings = vec![output::warning("ISO0501", &sentence)];
                output::answer(SCHEMA, validation::json(&[]), warnings);
            } else {
                output::data(&format!("{sentence}\n"));
            }
            return exit::OK;
        }
        let sentence = format!(
            "no case has {filter} in its id, source or subject; isotherm validate --list shows them all"
        );
        if arguments.json {
            output::refusal(SCHEMA, vec![output::sentence("ISO0500", &sentence)]);
        } else {
            output::message(&format!("error: {sentence}\n"));
        }
        return exit::BAD_INPUT;
    }
    if arguments.list {
        if arguments.json {
            output::answer(SCHEMA, validation::list_json(&cases), Vec::new());
        } else {
            output::data(&validation::list(&cases));
        }
        return exit::OK;
    }
    let checked = validation::about(validation::run(&cases), arguments.filter.as_deref());
    if arguments.json {
        output::answer(SCHEMA, validation::json(&checked), Vec::new());
    } else {
        output::data(&validation::text(&checked));
    }
    let missed = checked.iter().flat_map(|of| &of.checks).any(|check| check.verdict == Verdict::Missed);
    if missed { exit::TARGET_MISSED } else { exit::OK }
}
