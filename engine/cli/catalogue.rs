//! `isotherm catalogue`: what can be built, and from which records.

use crate::{exit, output};
use engine::manual;
use engine::plant::catalogue::{KINDS, kind};
use engine::scenario::catalogue::{self, Record, Shelf};
use engine::scenario::weather::climate::Climate;
use serde_json::{Value, json};

/// Schema of the answer.
const SCHEMA: &str = "isotherm.catalogue/1";

/// Lists what is built in: kinds of components, records, racks, grids, climates and sites.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  isotherm catalogue                  the shelves
  isotherm catalogue components       all component records with source and confidence
  isotherm catalogue DryCooler        a kind: equations, ports, parameters, ranges
  isotherm catalogue dry_cooler_1mw   a record as it is written")]
pub struct Arguments {
    /// A shelf (kinds, components, racks, grids, climates, skies, sites, profiles, costs, factors, studies), a kind, or the id of a record.
    #[arg(value_name = "WHAT")]
    what: Option<String>,

    /// Prints one JSON object instead of text.
    #[arg(long)]
    json: bool,
}

const SHELVES: [(&str, Shelf); 8] = [
    ("components", Shelf::Components),
    ("racks", Shelf::Racks),
    ("grids", Shelf::Grids),
    ("sites", Shelf::Sites),
    ("profiles", Shelf::Profiles),
    ("costs", Shelf::Costs),
    ("factors", Shelf::Factors),
    ("studies", Shelf::Studies),
];

/// Runs the command.
pub fn main(arguments: &Arguments) -> u8 {
    let (text, data) = match arguments.what.as_deref() {
        None => shelves(),
        Some("kinds") => kinds(),
        Some("climates") => climates(),
        Some("skies") => skies(),
        Some(what) => match find(what) {
            Some(found) => found,
            None => {
                let sentence = format!(
                    "there is no shelf, kind or record {what}; the shelves are kinds, components, racks, grids, climates, skies, sites, profiles, costs, factors, studies"
                );
                if arguments.json {
                    output::refusal(SCHEMA, vec![output::sentence("ISO0500", &sentence)]);
                } else {
                    output::message(&format!("error: {sentence}\n"));
                }
                return exit::BAD_INPUT;
            }
        },
    };
    if arguments.json {
        output::answer(SCHEMA, data, Vec::new());
    } else {
        output::data(&text);
    }
    exit::OK
}

fn shelves() -> (String, Value) {
    let mut rows = vec![("kinds", KINDS.len(), "kinds of components a site can be built from")];
    rows.extend(SHELVES.iter().map(|&(name, shelf)| {
        let about = match shelf {
            Shelf::Components => "components with their data, source and confidence",
            Shelf::Racks => "racks: parts, connections, fan control",
            Shelf::Grids => "annual carbon and water of electricity, prices",
            Shelf::Sites => "sites that run as they are",
            Shelf::Profiles => "what standards and rules ask for in reports",
            Shelf::Costs => "what assets cost, serve and need in a year",
            Shelf::Factors => "carbon of materials, equipment and refrigerants",
            Shelf::Studies => "sweeps that run as they are",
        };
        (name, catalogue::ids(shelf).len(), about)
    }));
    rows.push(("climates", Climate::catalogue().len(), "monthly normals from which a typical year is made"));
    rows.push(("skies", catalogue::skies().count(), "sun and wind beside a climate"));
    let text = rows.iter().map(|(name, n, about)| format!("  {name:<12}{n:>4}  {about}\n")).collect();
    let data = rows.iter().map(|(name, n, _)| ((*name).to_string(), json!(n))).collect();
    (text, Value::Object(data))
}

fn kinds() -> (String, Value) {
    let lines = KINDS.iter().map(|k| k.declaration());
    let text = lines.clone().map(|d| format!("  {:<24}{}\n", d.name, d.label)).collect();
    let data = lines.map(|d| json!({ "name": d.name, "label": d.label })).collect();
    (text, Value::Array(data))
}

fn climates() -> (String, Value) {
    let all = Climate::catalogue().iter().filter_map(|(id, _)| Climate::named(id).ok().map(|c| (*id, c)));
    let all: Vec<_> = all.collect();
    let text =
        all.iter().map(|(id, c)| format!("  {id:<14}{}  (confidence {})\n", c.title, c.confidence)).collect();
    let data = (all.iter())
        .map(|(id, c)| json!({ "id": id, "title": c.title, "confidence": c.confidence, "grid": c.grid }))
        .collect();
    (text, Value::Array(data))
}

fn skies() -> (String, Value) {
    let text = catalogue::skies().map(|(id, about)| format!("  {id:<18}{about}\n")).collect();
    let data = catalogue::skies().map(|(id, about)| json!({ "id": id, "title": about })).collect();
    (text, Value::Array(data))
}

fn find(what: &str) -> Option<(String, Value)> {
    if let Some(&(_, shelf)) = SHELVES.iter().find(|(name, _)| *name == what) {
        let records: Vec<&Record> = catalogue::all(shelf).collect();
        let text = records.iter().map(|r| line(r)).collect();
        return Some((text, Value::Array(records.iter().map(|r| as_json(r)).collect())));
    }
    if let Some(kind) = kind(what) {
        let page = manual::kind_page(kind.declaration());
        return Some((page.clone(), json!({ "name": what, "page": page })));
    }
    let record = SHELVES.iter().find_map(|&(_, shelf)| catalogue::find(shelf, what));
    if let Some(record) = record {
        return Some((record.source.text.to_string(), as_json(record)));
    }
    if let Some(text) = catalogue::sky(what) {
        return Some((text.to_owned(), json!({ "id": what, "table": text })));
    }
    let climate = Climate::catalogue().iter().find(|(id, _)| *id == what)?;
    Some((climate.1.to_string(), json!({ "id": what, "record": climate.1 })))
}

fn line(record: &Record) -> String {
    let origin = match (record.field("confidence"), record.field("source")) {
        (Some(confidence), Some(source)) => format!("  [{confidence}] {}", shortened(&source, 90)),
        (Some(confidence), None) => format!("  [{confidence}]"),
        _ => String::new(),
    };
    format!("  {:<28}{}\n{:<30}{}\n", record.id, record.field("title").unwrap_or_default(), "", origin.trim())
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_string();
    }
    text.chars().take(most - 1).chain(std::iter::once('…')).collect()
}

fn as_json(record: &Record) -> Value {
    json!({
        "id": record.id,
        "title": record.field("title"),
        "source": record.field("source"),
        "confidence": record.field("confidence"),
        "note": record.field("note"),
        "record": &*record.source.text,
    })
}
