//! Every kind of component keeps its promises: it is documented, its names exist, it closes its balances, and its
//! derivatives are exact. Whoever adds a component reads here, as sentences, what is still missing.

mod support;

use engine::plant::catalogue::KINDS;
use engine::plant::declare::{Declaration, Field, Form, Side};
use std::collections::BTreeMap;
use support::kernels::{balance, derivatives, jumps, lanes};
use support::names::{Names, parameter};
use support::random::Random;
use support::records::{Variant, records, variants};

/// Fails with all sentences at once.
fn nothing(problems: Vec<String>) {
    assert!(problems.is_empty(), "{} to mend:\n  {}", problems.len(), problems.join("\n  "));
}

#[test]
fn every_record_of_a_component_says_of_which_kind_it_is() {
    use engine::scenario::catalogue::{Shelf, all};
    for record in all(Shelf::Components) {
        let kind = record.kind().unwrap_or_default();
        assert!(declarations().any(|of| of.name == kind), "{}: {kind:?} is no kind", record.id);
    }
    assert!(all(Shelf::Racks).all(|record| record.kind() == Some("Rack")));
}

fn declarations() -> impl Iterator<Item = &'static Declaration> {
    KINDS.iter().map(|kind| kind.declaration())
}

#[test]
fn every_page_has_its_sections() {
    let mut problems = Vec::new();
    for of in declarations() {
        let page: Vec<&str> = of.page.lines().map_while(|line| line.strip_prefix("//!")).collect();
        if page
            .first()
            .is_none_or(|line| !line.contains(". ") && !line.contains(": ") && line.trim().len() < 20)
        {
            problems.push(format!("{}: the page does not begin by saying what it is", of.name));
        }
        let mut last = 0;
        for section in ["Equations", "Assumptions", "Valid for", "Source", "Verified by"] {
            let Some(start) = page.iter().position(|line| line.trim() == format!("# {section}")) else {
                problems.push(format!("{}: the page has no section `# {section}`: write it", of.name));
                continue;
            };
            if start < last {
                problems.push(format!("{}: `# {section}` stands before the section it follows", of.name));
            }
            last = start;
            let body = page[start + 1..].iter().take_while(|line| !line.trim().starts_with("# "));
            if body.clone().all(|line| line.trim().is_empty()) {
                problems.push(format!("{}: the section `# {section}` is empty", of.name));
            }
        }
    }
    nothing(problems);
}

#[test]
fn everything_that_is_declared_says_what_it_is() {
    let mut problems = Vec::new();
    for of in declarations() {
        let said = (of.parameters.iter().map(|f| ("parameter", f.name, f.doc)))
            .chain(of.ports.iter().map(|p| ("port", p.name, p.doc)))
            .chain(of.states.iter().map(|s| ("state", s.name, s.doc)))
            .chain(of.actuators.iter().map(|a| ("actuator", a.name, a.doc)))
            .chain(of.inputs.iter().map(|i| ("input", i.name, i.doc)))
            .chain(of.outputs.iter().map(|o| ("output", o.name, o.doc)));
        for (what, name, doc) in said {
            if !doc.trim().ends_with('.') {
                problems.push(format!("{}.{name}: the {what} has no sentence: {doc:?}", of.name));
            }
        }
        if of.label.trim().is_empty() {
            problems.push(format!("{}: what does the field call it? Write a label", of.name));
        }
        for limit in of.limits.iter().filter(|limit| limit.text.trim().is_empty()) {
            problems.push(format!("{}: the limit of {} does not say what it means", of.name, limit.of));
        }
    }
    nothing(problems);
}

#[test]
fn bounds_defaults_and_usual_ranges_fit_their_quantity() {
    let mut problems = Vec::new();
    for of in declarations() {
        for field in of.parameters {
            if let Err(sentence) = parameter(field) {
                problems.push(format!("{}.{sentence}", of.name));
            }
        }
    }
    nothing(problems);
}

#[test]
fn whatever_is_named_exists() {
    let mut problems = Vec::new();
    for of in declarations() {
        let mut names = Names { of, problems: Vec::new() };
        names.ports();
        names.states();
        names.controls();
        names.inputs();
        names.outputs();
        problems.append(&mut names.problems);
    }
    nothing(problems);
}

#[test]
fn no_two_values_of_a_component_have_one_name() {
    let mut problems = Vec::new();
    for of in declarations() {
        let ends = of.ports.iter().filter(|port| port.side == Side::Passage);
        let ends = ends.flat_map(|port| ["in", "out", "flow"].map(|end| format!("{}_{end}", port.name)));
        let values = (ends.map(|name| ("the end of a passage", name)))
            .chain(of.states.iter().map(|s| ("a state", s.name.to_owned())))
            .chain(of.outputs.iter().map(|o| ("an output", o.name.to_owned())))
            .chain(of.actuators.iter().map(|a| ("an actuator", a.name.to_owned())));
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for (what, name) in values {
            if let Some(first) = seen.insert(name.clone(), what) {
                problems.push(format!("{}.{name} is both {first} and {what}: rename one", of.name));
            }
        }
        for [what, list] in [
            ["parameter", &of.parameters.iter().map(|f| f.name).collect::<Vec<_>>().join(" ")],
            ["input", &of.inputs.iter().map(|i| i.name).collect::<Vec<_>>().join(" ")],
            ["port", &of.ports.iter().map(|p| p.name).collect::<Vec<_>>().join(" ")],
        ] {
            let mut names: Vec<&str> = list.split(' ').filter(|name| !name.is_empty()).collect();
            names.sort_unstable();
            for pair in names.windows(2).filter(|pair| pair[0] == pair[1]) {
                problems.push(format!("{}: two {what}s are called {}", of.name, pair[0]));
            }
        }
    }
    nothing(problems);
}

#[test]
fn every_kind_has_a_record_and_every_record_is_in_order() {
    let records = records();
    let mut problems = records.problems;
    for of in declarations() {
        let needs = |f: &&Field| f.default.is_none() && !matches!(f.form, Form::Derived(_));
        let has = records.good.iter().any(|record| record.kind.declaration().name == of.name);
        if let Some(required) = of.parameters.iter().find(needs).filter(|_| !has) {
            problems.push(format!(
                "{} has no record in models/components, and its parameter {} has no default: add one",
                of.name, required.name
            ));
        }
    }
    nothing(problems);
}

/// What has a different kernel: records and units with equal values once.
fn distinct() -> Vec<Variant> {
    let mut seen: Vec<(&str, Vec<u64>)> = Vec::new();
    let mut found = variants();
    found.retain(|variant| {
        let bits = variant.values.iter().map(|v| v.to_bits()).collect();
        let key = (variant.kind.declaration().name, bits);
        let new = !seen.contains(&key);
        if new {
            seen.push(key);
        }
        new
    });
    found
}

#[test]
fn energy_power_and_water_close_at_any_input_and_every_output_is_finite() {
    let (mut problems, mut worst) = (Vec::new(), BTreeMap::new());
    let variants = distinct();
    println!("{} sets of parameters of {} kinds", variants.len(), KINDS.len());
    for kind in declarations().map(|of| of.name) {
        if !variants.iter().any(|v| v.kind.declaration().name == kind) {
            problems.push(format!("{kind} is tested with no values: add a record to models/components"));
        }
    }
    for variant in &variants {
        let mut random = Random::named(&variant.name);
        for _ in 0..400 {
            match balance(&mut random, variant) {
                Ok(residual) => {
                    let seen = worst.entry(variant.kind.declaration().name).or_insert(0.0f64);
                    *seen = seen.max(residual);
                }
                Err(sentence) => {
                    problems.push(sentence);
                    break;
                }
            }
        }
    }
    println!("largest residual over the largest term:");
    worst.iter().for_each(|(name, residual)| println!("  {name:<24}{residual:9.1e}"));
    nothing(problems);
}

#[test]
fn exact_derivatives_are_those_of_one_side_at_least() {
    let (mut problems, mut worst) = (Vec::new(), BTreeMap::new());
    for variant in &distinct() {
        let mut random = Random::named(&variant.name);
        match derivatives(&mut random, variant, 40) {
            Ok((error, kinks)) => {
                let seen = worst.entry(variant.kind.declaration().name).or_insert((0.0f64, 0usize));
                *seen = (seen.0.max(error), seen.1 + kinks);
            }
            Err(sentence) => problems.push(sentence),
        }
    }
    println!("largest error, and how often only one side agrees:");
    worst.iter().for_each(|(name, (error, kinks))| println!("  {name:<24}{error:9.1e}{kinks:6}"));
    nothing(problems);
}

#[test]
fn no_output_jumps_where_an_input_moves() {
    let mut problems = Vec::new();
    for variant in &distinct() {
        let mut random = Random::named(&variant.name);
        problems.extend(jumps(&mut random, variant, 15).err());
    }
    nothing(problems);
}

#[test]
fn eight_lanes_give_the_bits_of_one() {
    let mut problems = Vec::new();
    for variant in &distinct() {
        let mut random = Random::named(&variant.name);
        problems.extend((0..10).find_map(|_| lanes(&mut random, variant).err()));
    }
    nothing(problems);
}

/// Stored results: every record, and every option that no record takes, at two random states of its declared range.
///
/// They guard against change and prove nothing. `ISOTHERM_BLESS=1 cargo test --profile ci --test catalogue` writes them anew: say why
/// in the commit.
#[test]
fn every_kind_gives_what_it_gave() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/components.csv");
    let mut table = String::from("kind,record,inputs,outputs\n");
    // Units of shipped sites are other people's business: a site may change.
    let all = variants();
    let of_records = all.iter().filter(|v| !v.name.contains(": ") || v.name.contains(" with "));
    let mut kinds: Vec<&str> = Vec::new();
    for variant in of_records {
        let of = variant.kind.declaration();
        kinds.push(of.name);
        let mut random = Random::named(&variant.name);
        for _ in 0..2 {
            let inputs: Vec<String> = support::inputs::draw(&mut random, variant, false)
                .into_iter()
                .map(|x| format!("{x:.12e}"))
                .collect();
            // The inputs as they are written, so that the table says all.
            let x: Vec<f64> = inputs.iter().map(|x| x.parse().unwrap()).collect();
            let y = variant.kind.evaluate(&variant.values, &x);
            let outputs: Vec<String> = y.into_iter().map(|y| format!("{y:.9e}")).collect();
            let line = format!("{},{},{},{}\n", of.name, variant.name, inputs.join(" "), outputs.join(" "));
            table.push_str(&line);
        }
    }
    let missing: Vec<&str> = declarations().map(|of| of.name).filter(|name| !kinds.contains(name)).collect();
    assert!(missing.is_empty(), "no stored result of {missing:?}");
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    if std::env::var_os("ISOTHERM_BLESS").is_some_and(|value| value == "1") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, table).unwrap();
        return;
    }
    let mut problems = Vec::new();
    let numbers =
        |cells: &str| -> Vec<f64> { cells.split_whitespace().map(|x| x.parse().unwrap()).collect() };
    for (old, new) in stored.lines().zip(table.lines()).skip(1) {
        let ([old, new], of) = ([old, new].map(|line| line.rsplit_once(',').unwrap()), old);
        let same = old.0 == new.0 && {
            let (a, b) = (numbers(old.1), numbers(new.1));
            // Nine digits are written, and the last may round either way.
            a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| (a - b).abs() <= 1e-8 * a.abs().max(1e-9))
        };
        if !same {
            problems.push(of.chars().take(80).collect());
        }
    }
    if stored.lines().count() != table.lines().count() {
        problems.push("there are other records than stored".to_owned());
    }
    nothing(problems);
}
