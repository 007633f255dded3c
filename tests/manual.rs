//! The generated parts of the guide say what the program says.
//!
//! `ISOTHERM_BLESS=1 cargo test --profile ci --test manual` writes them anew. A generated part stands
//! between `<!-- generated: NAME -->` and `<!-- end -->`.

use engine::media::liquid::Fluid;
use engine::plant::catalogue::KINDS;
use engine::scenario::problem::code;
use engine::scenario::schema::books;
use engine::scenario::schema::events;
use engine::scenario::schema::money;
use engine::scenario::schema::pledges;
use engine::scenario::schema::site::SITE;
use engine::scenario::schema::study;
use engine::scenario::schema::targets;
use engine::scenario::schema::{Shape, Slot, Table, component};
use engine::units::Quantity;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn guide(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide").join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(guide(name)).unwrap_or_default()
}

/// Compares a page with what it should be, or writes it.
fn hold(name: &str, expected: &str) {
    let found = text(name);
    if found == expected {
        return;
    }
    if std::env::var_os("ISOTHERM_BLESS").is_some_and(|value| value == "1") {
        return fs::write(guide(name), expected).unwrap();
    }
    let same = found.lines().zip(expected.lines()).take_while(|(a, b)| a == b).count();
    panic!(
        "docs/guide/{name} differs from the program from line {} on:\n  page:    {:?}\n  program: {:?}\n\
         ISOTHERM_BLESS=1 cargo test --profile ci --test manual writes it anew",
        same + 1,
        found.lines().nth(same),
        expected.lines().nth(same)
    );
}

/// The page with one generated part replaced.
fn with(page: String, part: &str, content: &str) -> String {
    let start = format!("<!-- generated: {part} -->\n");
    let Some((before, rest)) = page.split_once(&start) else { panic!("no line {start}") };
    let Some((_, after)) = rest.split_once("<!-- end -->") else { panic!("no end of {start}") };
    format!("{before}{start}\n{}\n\n<!-- end -->{after}", content.trim())
}

/// What may be written in one place, for a cell of a table.
fn cell(shape: Shape) -> String {
    match shape {
        Shape::Quantity { bounds: (low, high), .. } => format!("{low} … {high}"),
        Shape::Choice(names) => names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", "),
        Shape::Record(_) => "`(…)`, see below".to_owned(),
        Shape::Whole(low, high) if low == high => format!("`{low}`"),
        Shape::Variant(tables) => {
            tables.iter().map(|t| format!("`{}`", t.name)).collect::<Vec<_>>().join(", ")
        }
        Shape::List(inner) => format!("`[…]` of {}", cell(*inner)),
        Shape::Map(inner) => format!("`{{\"id\": …}}` of {}", cell(*inner)),
        Shape::Paths(inner) => format!("`{{\"path\": …}}` of {}", cell(*inner)),
        Shape::Tuple(inner) => inner.iter().map(|s| cell(*s)).collect::<Vec<_>>().join(" and "),
        other => other.expected().replace(" in double quotes", ""),
    }
}

fn without(slot: &Slot) -> String {
    match (slot.required, slot.default, slot.instead_of) {
        (true, _, _) => "required".to_owned(),
        (_, Some(default), _) => format!("`{default}`"),
        (_, _, Some(other)) => format!("excludes `{other}`"),
        _ => String::new(),
    }
}

/// Fields, one a row.
fn fields(slots: &[Slot]) -> String {
    let mut rows = String::from("| field | what is written | left out | |\n|---|---|---|---|\n");
    for slot in slots {
        let _ =
            writeln!(rows, "| `{}` | {} | {} | {} |", slot.name, cell(slot.shape), without(slot), slot.doc);
    }
    rows
}

/// The fields of several variants.
fn variants(tables: &[Table]) -> String {
    let mut rows = String::from("| | field | what is written | left out | |\n|---|---|---|---|---|\n");
    for table in tables {
        let _ = writeln!(rows, "| **`{}`** | | | | {} |", table.name, table.doc);
        for slot in table.slots {
            let _ = writeln!(
                rows,
                "| | `{}` | {} | {} | {} |",
                slot.name,
                cell(slot.shape),
                without(slot),
                slot.doc
            );
        }
    }
    rows
}

fn slot<'a>(table: &'a Table, name: &str) -> &'a Slot {
    table.slots.iter().find(|slot| slot.name == name).unwrap()
}

fn record(shape: Shape) -> &'static Table {
    match shape {
        Shape::Record(table) => table,
        Shape::Map(inner) => record(*inner),
        other => panic!("{other:?} is no record"),
    }
}

fn choices(shape: Shape) -> &'static [Table] {
    match shape {
        Shape::Variant(tables) => tables,
        Shape::Map(inner) => choices(*inner),
        other => panic!("{other:?} has no variants"),
    }
}

/// What may be written for components beside their parameters.
fn common() -> Vec<Slot> {
    let mut found: Vec<Slot> = Vec::new();
    for declaration in KINDS.iter().map(|kind| kind.declaration()) {
        let parameters: Vec<&str> = declaration.parameters.iter().map(|field| field.name).collect();
        let slots = component::slots(declaration).into_iter();
        found.extend(slots.filter(|slot| !parameters.contains(&slot.name)));
    }
    let mut seen = BTreeSet::new();
    found.retain(|slot| seen.insert(slot.name));
    found
}

fn units() -> String {
    let mut rows = String::from("| quantity | for example | units |\n|---|---|---|\n");
    for quantity in Quantity::ALL {
        let symbols: Vec<&str> = quantity.units().iter().map(|unit| unit.symbol).collect();
        let symbols = symbols.join("`, `");
        let _ = writeln!(rows, "| {quantity} | `{}` | `{symbols}` |", quantity.example());
    }
    rows
}

#[test]
fn the_page_of_components_comes_from_their_declarations() {
    hold("components.md", &engine::manual::components_page());
}

#[test]
fn the_page_of_the_site_file_has_every_field_every_unit_and_the_shipped_example() {
    let example = fs::read_to_string(guide("../../models/sites/nvl72_pod.ron")).unwrap();
    let racks = record(slot(&SITE, "racks").shape);
    let run = record(slot(&SITE, "run").shape);
    let fluids: Vec<String> = Fluid::ALL.iter().map(|fluid| format!("`{}`", fluid.name())).collect();
    let mut page = text("site_file.md");
    page = with(page, "example", &format!("```ron\n{}\n```", example.trim()));
    page = with(page, "fields of the site", &fields(SITE.slots));
    page = with(page, "fields of the place", &fields(record(slot(&SITE, "site").shape).slots));
    page = with(page, "fields of every component", &fields(&common()));
    page = with(page, "fields of a rack group", &fields(racks.slots));
    page = with(page, "workloads", &variants(choices(slot(racks, "workload").shape)));
    page = with(page, "layouts", &variants(choices(slot(racks, "layout").shape)));
    let Shape::Paths(of) = slot(&SITE, "resistances").shape else {
        panic!("resistances are written by path")
    };
    page = with(page, "fields of a resistance", &fields(record(*of).slots));
    page = with(page, "controls", &variants(choices(slot(&SITE, "controls").shape)));
    page = with(page, "events", &variants(events::AT));
    page = with(page, "actions", &variants(events::ACTIONS));
    let carbon = record(slot(&SITE, "carbon").shape);
    let Shape::List(charge) = slot(carbon, "refrigerants").shape else { panic!("refrigerants are a list") };
    page = with(page, "fields of a refrigerant", &fields(record(*charge).slots));
    page = with(page, "fields of the water", &fields(record(slot(&SITE, "water").shape).slots));
    page = with(page, "bill of quantities", &variants(books::BILL));
    let Shape::List(contract) = slot(carbon, "contracts").shape else { panic!("contracts are a list") };
    page = with(page, "fields of the carbon", &fields(carbon.slots));
    page = with(page, "fields of a contract", &fields(record(*contract).slots));
    page = with(page, "fields of the economics", &fields(record(slot(&SITE, "economics").shape).slots));
    page = with(page, "fields of an exchange", &fields(money::EXCHANGE.slots));
    page = with(page, "fields of the ownership", &fields(money::OWNERSHIP.slots));
    page = with(page, "fields of an asset", &fields(money::ASSET.slots));
    page = with(page, "fields of what is paid yearly", &fields(money::YEARLY.slots));
    page = with(page, "fields of the pledges", &fields(pledges::PLEDGES.slots));
    page = with(page, "fields of a course", &fields(pledges::LOAD_COURSE.slots));
    page = with(page, "fields of a pledge", &fields(pledges::PLEDGE.slots));
    page = with(page, "fields of a measure", &fields(pledges::MEASURE.slots));
    page = with(page, "fields of the disclosure", &fields(record(slot(&SITE, "disclosure").shape).slots));
    page = with(page, "targets", &variants(targets::TARGETS));
    page = with(page, "fields of the run", &fields(run.slots));
    page = with(page, "periods", &variants(choices(slot(run, "period").shape)));
    page = with(page, "fluids", &fluids.join(", "));
    page = with(page, "units", &units());
    hold("site_file.md", &page);
}

#[test]
fn the_page_of_sweeps_has_every_field_of_a_study() {
    let mut page = text("sweeps.md");
    page = with(page, "fields of a study", &fields(study::STUDY.slots));
    page = with(page, "parameters", &variants(study::PARAMETERS));
    page = with(page, "options", &fields(study::OPTION.slots));
    page = with(page, "followers", &fields(study::FOLLOWER.slots));
    page = with(page, "samplers", &variants(study::SAMPLERS));
    hold("sweeps.md", &page);
}

#[test]
fn the_page_of_errors_has_every_code_of_a_problem() {
    let mut rows = String::from("| code | meaning |\n|---|---|\n");
    for (code, meaning) in code::ALL {
        let _ = writeln!(rows, "| `{code}` | {} |", meaning.trim());
    }
    hold("errors_and_exit_codes.md", &with(text("errors_and_exit_codes.md"), "codes", &rows));
}

/// First cells of the rows of all tables of a page, without backticks.
fn first_cells(page: &str) -> BTreeSet<String> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| row.split_once('`')).map(|(cell, _)| cell.to_owned()).collect()
}

#[test]
fn the_page_of_errors_has_the_exit_codes_that_the_help_lists() {
    let help = Command::new(env!("CARGO_BIN_EXE_isotherm")).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let (_, list) = help.split_once("Exit codes:").unwrap();
    let listed: BTreeSet<String> =
        list.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).map(str::to_owned).collect();
    let explained: BTreeSet<String> = first_cells(&text("errors_and_exit_codes.md"))
        .into_iter()
        .filter(|cell| cell.bytes().all(|b| b.is_ascii_digit()))
        .collect();
    assert_eq!(explained, listed);
}

/// Paths to the leaves of an object; items of a list are `name[]`.
fn leaves(value: &Value, path: &str, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                leaves(value, &path, into);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| leaves(item, &format!("{path}[]"), into)),
        _ => {
            into.insert(path.to_owned());
        }
    }
}

#[test]
fn the_page_of_results_explains_every_field_of_summary_and_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("run");
    // Coolant at its limit makes chips throttle, so that there is a note and something gives way.
    let output = Command::new(env!("CARGO_BIN_EXE_isotherm"))
        .args(["run", "nvl72_pod", "--quiet", "--out", run.to_str().unwrap()])
        .args(["--set", "run.period=Span(from: \"201 d\", for: \"2 h\")", "--set", "run.controls=Continuous"])
        .args(["--set", "cdu.supply_setpoint=60 °C", "--set", "controls.facility_water.at=60 °C"])
        .args([
            "--set",
            "carbon=(residual: \"400 g/kWh\", residual_source: \"a market\", residual_year: 2024, residual_confidence: C, contracts: [(technology: Wind, capacity: \"1 MW\")])",
        ])
        .args(["--set", "disclosure=(owner: \"Example AG\")"])
        .args(["--set", "events=[At(\"30 min\", Trip(\"cdu[0]\", \"5 min\"))]"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // A site with all books beyond the meters.
    let books = folder.path().join("books");
    let engine = folder.path().join("engine.ron");
    let shipped = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("models/sites/stockholm_heat_reuse.ron"),
    )
    .unwrap();
    let site = shipped
        .replace("\"grid -> ", "\"grid -> generator -> solar -> ")
        .replace("components: {", "components: { \"generator\": Generator(based_on: \"diesel_2mw\"), \"solar\": Photovoltaic(based_on: \"pv_1mw\"),")
        .replace("climate: \"stockholm\"", "climate: \"phoenix\", sky: \"clear_phoenix\"");
    fs::write(&engine, site).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_isotherm"))
        .args(["run", engine.to_str().unwrap(), "--quiet", "--out", books.to_str().unwrap()])
        .args(["--set", "run.period=Span(from: \"20 d\", for: \"2 h\")"])
        .args([
            "--set",
            "water=(potable_share: 1)",
            "--set",
            &format!(
                "carbon=(refrigerants: [(refrigerant: R32, charge: \"90 kg\")], contracts: [(technology: Wind, capacity: \"1 MW\", \
                 profile: {:?})])",
                concat!(env!("CARGO_MANIFEST_DIR"), "/models/supply/wind_synthetic.csv")
            ),
        ])
        .args([
            "--set",
            "embodied=[Material(of: Glulam, mass: \"9 t\", instead_of: SteelSection)]",
        ])
        .args([
            "--set",
            "economics=(currency: EUR, exchange: [(from: USD, rate: 0.9, source: \"a bank\", year: 2025, confidence: A)], ownership: (costs: \"facility_us\", \
             source: \"a board\", year: 2026, confidence: B, discount_rate: 0.05, horizon_years: 10, assets: {\"cdus\": (life_years: 12, source: \"a maker\", year: 2025, confidence: B)}, rent_per_accelerator_hour: 1, \
             yearly: {\"staff\": (per: Site, price: 9, source: \"a payroll\", year: 2026, confidence: A)}))",
        ])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let page = text("results.md");
    let explained = first_cells(&page);
    for file in ["summary.json", "manifest.json"] {
        let mut found = BTreeSet::new();
        for folder in [&run, &books] {
            let value: Value = serde_json::from_slice(&fs::read(folder.join(file)).unwrap()).unwrap();
            leaves(&value, "", &mut found);
        }
        // What is null in one of them and has fields in the other.
        let objects: BTreeSet<String> = found
            .iter()
            .flat_map(|leaf| leaf.match_indices('.').map(|(at, _)| leaf[..at].to_owned()))
            .collect();
        found.retain(|leaf| !objects.contains(leaf));
        let silent: Vec<&String> = found.iter().filter(|leaf| !explained.contains(*leaf)).collect();
        assert!(silent.is_empty(), "docs/guide/results.md does not explain, of {file}: {silent:?}");
        let (_, section) = page.split_once(&format!("## {file}")).unwrap();
        let section = section.split("\n## ").next().unwrap();
        let gone: Vec<String> =
            first_cells(section).into_iter().filter(|cell| !found.contains(cell)).collect();
        assert!(gone.is_empty(), "docs/guide/results.md explains what {file} does not have: {gone:?}");
    }
}
