//! Parameter values of what ships: every record of models/components, and every unit of every site.

use engine::plant::catalogue;
use engine::plant::declare::{Field, Form};
use engine::plant::kernel::{Kind, Surroundings};
use engine::scenario::catalogue::{Shelf, all, ids};
use engine::scenario::node::{Node, What};
use engine::scenario::read::read;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A set of parameter values.
#[derive(Clone)]
pub struct Variant {
    /// Where it comes from: a record's id, or `site: unit`.
    pub name: String,
    /// Its kind.
    pub kind: &'static dyn Kind,
    /// In declared order, SI, sized.
    pub values: Vec<f64>,
}

/// What is wrong with the records, and those that are right.
pub struct Records {
    pub good: Vec<Variant>,
    pub problems: Vec<String>,
}

/// Reads all records as one site of unconnected components: the program's own reader, without its check.
pub fn records() -> Records {
    let mut text = String::from("Site(schema: 1, title: \"all records\", components: {\n");
    let mut problems = Vec::new();
    for record in all(Shelf::Components) {
        for field in ["title", "source", "confidence"] {
            if record.field(field).is_none_or(|text| text.trim().is_empty()) {
                problems.push(format!("models/components/{}.ron has no {field}: write one", record.id));
            }
        }
        let written = record.source.text.split_once("\n    is:").map(|(_, is)| is.trim_end());
        match written.and_then(|is| is.strip_suffix(')')) {
            Some(is) => drop(writeln!(text, "\"{}\": {},", record.id, is.trim_end().trim_end_matches(','))),
            None => {
                problems.push(format!("models/components/{}.ron is nothing: write is: Kind(…)", record.id))
            }
        }
    }
    text.push_str("})\n");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.ron");
    std::fs::write(&path, text).unwrap();
    let scenario = read(&path, &[]).unwrap_or_else(|found| panic!("{}", found[0]));
    let components = scenario.root.get("components").unwrap();
    let written: BTreeMap<&str, &Node> =
        components.entries().iter().map(|e| (e.key.text.as_str(), &e.value)).collect();
    let mut good = Vec::new();
    for (id, node) in &written {
        match values(id, node, &written) {
            Ok((kind, values)) => good.push(Variant { name: (*id).to_string(), kind, values }),
            Err(found) => problems.extend(found),
        }
    }
    Records { good, problems }
}

fn values(
    id: &str,
    node: &Node,
    all: &BTreeMap<&str, &Node>,
) -> Result<(&'static dyn Kind, Vec<f64>), Vec<String>> {
    let name = node.name().unwrap_or_default();
    let Some(kind) = catalogue::kind(name) else {
        return Err(vec![format!("models/components/{id}.ron is a {name}, and there is no such kind")]);
    };
    let declaration = kind.declaration();
    let mut layers = vec![node];
    while let Some(base) = layers.last().and_then(|n| n.get("based_on")).and_then(Node::as_text) {
        let Some(next) = all.get(base) else {
            return Err(vec![format!("models/components/{id}.ron is based on {base}, which does not exist")]);
        };
        layers.push(next);
    }
    let mut problems = Vec::new();
    for entry in node.entries() {
        let known = declaration.parameters.iter().any(|f| f.name == entry.key.text);
        if !known && !["based_on", "count"].contains(&entry.key.text.as_str()) {
            problems.push(format!("models/components/{id}.ron: {name} has no parameter {}", entry.key.text));
        }
    }
    let mut values = Vec::new();
    for field in declaration.parameters {
        let written = layers.iter().find_map(|n| n.get(field.name));
        match value(field, written) {
            Ok(value) => values.push(value),
            Err(sentence) => problems.push(format!("models/components/{id}.ron: {} {sentence}", field.name)),
        }
    }
    if problems.is_empty() {
        let sized = kind.size(&mut values, &Surroundings { pressure: 101_325.0 });
        sized.map_err(|sentence| vec![format!("models/components/{id}.ron: {sentence}")])?;
        return Ok((kind, values));
    }
    Err(problems)
}

fn value(field: &Field, written: Option<&Node>) -> Result<f64, String> {
    let text = match written.map(|node| &node.what) {
        Some(What::Text(text) | What::Name(text)) => Some(text.clone()),
        Some(What::Whole(number)) => Some(number.to_string()),
        Some(What::Real(number)) => Some(number.to_string()),
        Some(other) => return Err(format!("is {other:?}")),
        None => field.default.map(str::to_owned),
    };
    match field.form {
        Form::Derived(_) => Ok(0.0),
        Form::Quantity { quantity, bounds, .. } => {
            let text = text.ok_or("is required and missing")?;
            let value = quantity.parse(&text).map_err(|e| e.to_string())?;
            let [low, high] = [bounds.0, bounds.1].map(|b| quantity.parse(b));
            let inside = low.is_ok_and(|low| value >= low) && high.is_ok_and(|high| value <= high);
            if inside { Ok(value) } else { Err(format!("is {text}, outside {}…{}", bounds.0, bounds.1)) }
        }
        Form::Count { bounds } => {
            let value: u32 = text.unwrap_or_default().parse().map_err(|_| "is no whole number")?;
            let inside = (bounds.0..=bounds.1).contains(&value);
            if inside { Ok(f64::from(value)) } else { Err(format!("is {value}, outside {bounds:?}")) }
        }
        Form::Choice(names) => {
            let text = text.unwrap_or_default();
            let found = names.iter().position(|name| *name == text);
            found.map(|k| k as f64).ok_or(format!("is {text}: write one of {}", names.join(", ")))
        }
    }
}

/// The records, the units of all shipped sites, and, for the choices that neither takes, the first record
/// of the kind with each of its options.
pub fn variants() -> Vec<Variant> {
    let mut found = records().good;
    let first: BTreeMap<&str, Variant> =
        found.iter().rev().map(|v| (v.kind.declaration().name, v.clone())).collect();
    for site in ids(Shelf::Sites) {
        let loaded = super::sites::load(site, &[]);
        for unit in &loaded.plant.units {
            let name = format!("{site}: {}", unit.id);
            found.push(Variant { name, kind: unit.kind, values: unit.values.clone() });
        }
    }
    for kind in catalogue::KINDS {
        let declaration = kind.declaration();
        let base = match first.get(declaration.name) {
            Some(variant) => variant.clone(),
            None => {
                let values: Result<Vec<f64>, String> =
                    declaration.parameters.iter().map(|f| value(f, None)).collect();
                // A kind without a record and without defaults is another test's concern.
                let Ok(values) = values else { continue };
                let mut variant = Variant { name: format!("{}()", declaration.name), kind: *kind, values };
                kind.size(&mut variant.values, &Surroundings { pressure: 101_325.0 }).unwrap();
                found.push(variant.clone());
                variant
            }
        };
        for (k, field) in declaration.parameters.iter().enumerate() {
            let Form::Choice(names) = field.form else { continue };
            for (option, name) in names.iter().enumerate() {
                let of_kind = |v: &&Variant| v.kind.declaration().name == declaration.name;
                if found.iter().filter(of_kind).any(|v| v.values[k] == option as f64) {
                    continue;
                }
                let mut variant = base.clone();
                variant.name = format!("{} with {}: {name}", base.name, field.name);
                variant.values[k] = option as f64;
                // An option may need another data sheet; then the record that uses it is the test.
                if kind.size(&mut variant.values, &Surroundings { pressure: 101_325.0 }).is_ok() {
                    found.push(variant);
                }
            }
        }
    }
    found
}
