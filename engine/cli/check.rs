//! `isotherm check`: everything that is wrong with a site, at once, without running it.

use crate::site::Site;
use crate::{exit, output};
use engine::plant::network::{CompileOptions, compile};
use serde_json::json;

/// Schema of the answer.
const SCHEMA: &str = "isotherm.check/1";

/// Checks a site: every problem at once, with file, line and the way out.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    site: Site,

    /// Prints what was concluded from what is not written: connections, loops, fluids.
    #[arg(long)]
    explain: bool,
}

/// Runs the command.
pub fn main(arguments: &Arguments) -> u8 {
    let site = &arguments.site;
    let loaded = match site.load(SCHEMA) {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    let case = &loaded.case;
    let network = match compile(&case.plant, CompileOptions::default()) {
        Ok(network) => network,
        Err(errors) => {
            let sentences: Vec<String> = errors.iter().map(ToString::to_string).collect();
            if site.changes.json {
                let list = sentences.iter().map(|s| output::sentence("ISO0700", s)).collect();
                output::refusal(SCHEMA, list);
            } else {
                sentences.iter().for_each(|s| output::message(&format!("error[ISO0700]: {s}\n")));
            }
            return exit::BAD_INPUT;
        }
    };
    let states = network.states() - network.meters().len();
    if site.changes.json {
        let data = json!({
            "site": case.id,
            "title": case.title,
            "components": case.plant.units.len(),
            "states": states,
            "inferred": case.inferred,
        });
        output::answer(SCHEMA, data, loaded.warnings.iter().map(output::diagnostic).collect());
        return exit::OK;
    }
    output::problems(&loaded.warnings);
    let racks = case.plant.groups.iter().map(|g| g.racks).fold(0.0, |sum, racks| sum + racks);
    output::data(&format!(
        "{}: no errors. {} components, {racks} racks, {states} states, weather: {}\n",
        case.id,
        case.plant.units.len(),
        case.weather.described()
    ));
    if arguments.explain {
        for sentence in &case.inferred {
            output::data(&format!("  {sentence}\n"));
        }
    }
    exit::OK
}
