//! `isotherm report --uncertainty`: percentiles and what moves them, of a sweep of the same site and of no other; pledges.

use engine::report::content::{Beside, make_with};
use engine::report::document::{Block, Cell, Document, Table};
use engine::report::texts::Texts;
use engine::report::uncertainty::Uncertainty;
use engine::report::{Language, csv, xlsx};
use engine::study::read::Run;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Thirty-two draws of a day in July: the approach of the CDU moves the chips, the leakage of the aisles hardly anything.
const STUDY: &str = r#"Study(
    schema: 1,
    title: "How warm do the chips get?",
    base: "nvl72_pod",
    set: {"run.period": Day("2024-07-21"), "run.step": "1 h", "run.output_every": "1 h", "run.dynamics": QuasiSteady},
    dynamics: AsWritten,
    parameters: {
        "cdu_approach": Triangular(path: "cdu.approach_design", low: "3 K", mode: "4 K", high: "7 K", source: "Data sheet of the CDU."),
        "cdu_pumps": Normal(path: "cdu.pump_power_design", mean: "20 kW", deviation: "0.1 kW"),
    },
    sampler: LatinHypercube(cases: 32, seed: 3),
    outputs: ["metrics.max_junction_c", "metrics.pue", "metrics.water_m3"],
)
"#;

const DAY: [&str; 8] = [
    "--set",
    "run.period=Day(\"2024-07-21\")",
    "--set",
    "run.step=1 h",
    "--set",
    "run.output_every=1 h",
    "--set",
    "run.dynamics=QuasiSteady",
];

fn isotherm(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_isotherm"));
    command.args(arguments).current_dir(folder);
    for variable in ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "ISOTHERM_SHARDS"] {
        command.env_remove(variable);
    }
    command.output().expect("the command starts")
}

fn ok(folder: &Path, arguments: &[&str]) {
    let output = isotherm(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn refused(folder: &Path, arguments: &[&str], code: i32) -> String {
    let output = isotherm(folder, arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    said
}

fn table<'a>(document: &'a Document, id: &str) -> &'a Table {
    document.tables().find(|table| table.id == id).unwrap_or_else(|| panic!("no table {id}"))
}

fn number(cell: &Cell) -> f64 {
    match cell {
        Cell::Number { value, .. } => *value,
        other => panic!("no number: {other:?}"),
    }
}

/// A column of the merged table.
fn column(cases: &str, name: &str) -> Vec<f64> {
    let mut lines = cases.lines().filter(|line| !line.starts_with('#'));
    let place = |head: &str| head.split(',').position(|column| column == name);
    let place = lines.next().and_then(place).unwrap_or_else(|| panic!("no column {name} in {cases}"));
    lines.filter_map(|line| line.split(',').nth(place)?.parse().ok()).collect()
}

#[test]
fn a_report_tells_percentiles_and_what_moves_them_in_both_languages_and_all_forms() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    fs::write(at.join("chips.ron"), STUDY).expect("a study");
    ok(at, &["sweep", "plan", "chips.ron", "-o", "chips"]);
    ok(at, &[&["run", "nvl72_pod", "--out", "run", "-q"], &DAY[..]].concat());
    // Nothing of it is calculated yet.
    let said = refused(at, &["report", "run", "--uncertainty", "chips"], 66);
    assert!(said.contains("32 of 32 cases") && said.contains("isotherm sweep run chips"), "{said}");
    ok(at, &["sweep", "run", "chips", "--quiet"]);
    ok(at, &["sweep", "merge", "chips"]);

    let run = Run::open(&at.join("run")).expect("a finished run");
    let sweep = Uncertainty::read(&at.join("chips"), &run).expect("a sweep of that site");
    let cases = fs::read_to_string(at.join("chips/cases.csv")).expect("merged cases");
    let mut junctions = column(&cases, "max_junction_c");
    assert_eq!(junctions.len(), 32);
    junctions.sort_by(f64::total_cmp);
    // 5 % of 31 gaps between 32 values: 1.55, so 0.45 · the second + 0.55 · the third.
    let p5 = 0.45 * junctions[1] + 0.55 * junctions[2];
    for language in Language::ALL {
        let texts = Texts::of(language);
        let beside = Beside { uncertainty: Some(&sweep), ..Beside::default() };
        let document = make_with(&run, beside, &[], &texts).expect("a report");
        assert_eq!((texts.missing(), document.faults()), (vec![], vec![]), "{language:?}");
        let percentiles = table(&document, "uncertainty");
        let junction = &percentiles.rows[0].cells;
        let junction: Vec<f64> = junction[2..].iter().map(number).collect();
        assert_eq!(junction[0], run.summary.metrics.max_junction_c.expect("a junction"));
        assert!((junction[1] - p5).abs() < 1e-9, "{junction:?} {p5}");
        assert!(junction[1] < junction[2] && junction[2] < junction[3] && junction[4] == 32.0);
        // The water loop is warmer by the approach, and the chips with it.
        let moved = table(&document, "tornado_1");
        assert_eq!(moved.rows[0].cells[0], Cell::text("CDU approach"));
        let chance = sweep.analysis.outputs[0].chance.expect("a bound of chance");
        assert!(number(&moved.rows[0].cells[1]) > chance && number(&moved.rows[1].cells[1]) < chance);
        let figure = document.figures().find(|figure| figure.id == "tornado-1").expect("a tornado");
        assert!(figure.caption.contains("CDU approach"), "{}", figure.caption);
        // The site takes no water in any case: there is nothing to draw.
        assert!(document.figures().all(|figure| figure.id != "tornado-3"));
        let drawn = table(&document, "distributions");
        assert_eq!(drawn.rows[0].cells[3], Cell::text("Data sheet of the CDU."));
        assert_eq!(drawn.rows[1].cells[3], Cell::text(texts.get("unc-no-source")));
        // The evidence of the key figure has the same percentiles, another figure has none.
        let evidence = table(&document, "evidence");
        let of = |key: &str| {
            let name = texts.get(key);
            let row = evidence.rows.iter().find(|row| row.cells[0] == Cell::text(&name)).expect("a row");
            row.cells[5].shown()
        };
        assert!(of("kpi-junction").contains("P5"), "{}", of("kpi-junction"));
        assert_eq!(of("kpi-it"), texts.get("not-quantified"));
        // The run was told the same as the cases: there is nothing to warn of but what the figures say.
        let section =
            document.sections.iter().find(|section| section.id == "uncertainty").expect("a section");
        let warned = section.blocks.iter().filter_map(|block| match block {
            Block::Note(text) => Some(text.clone()),
            _ => None,
        });
        assert!(!warned.into_iter().any(|text| text.contains("run.step")));
        let method = section.blocks.iter().find_map(|block| match block {
            Block::List(list) => Some(list.join("\n")),
            _ => None,
        });
        let method = method.expect("how it was found");
        for part in ["32", "3", sweep.merged.hash.as_str(), &sweep.site[..16]] {
            assert!(method.contains(part), "{part} is not in {method}");
        }
        assert!(xlsx::xlsx(&document).is_ok() && csv::text(percentiles).lines().count() == 4);
    }
    // All forms, by the command; the same bytes again.
    let forms = ["report", "run", "--uncertainty", "chips", "--html", "--json", "--csv", "--xlsx", "-o"];
    ok(at, &[&forms[..], &["one"]].concat());
    ok(at, &[&forms[..], &["two"]].concat());
    for name in
        ["report.en.html", "report.en.json", "report.en.xlsx", "uncertainty.en.csv", "tornado_1.en.csv"]
    {
        let read = |folder: &str| fs::read(at.join(folder).join(name)).expect(name);
        assert!(read("one") == read("two"), "{name} is not the same twice");
    }
    let html = fs::read_to_string(at.join("one/report.en.html")).expect("a report");
    assert!(html.contains("id=\"tornado-1\"") && html.contains("In nine of ten of 32 versions of this site"));
}

#[test]
fn without_a_sweep_one_sentence_says_how_to_get_one_and_a_sweep_of_another_site_is_refused_with_both_hashes()
{
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let site = "Site(schema: 1, based_on: \"nvl72_pod\", title: \"Another pod\")\n";
    fs::write(at.join("pod.ron"), site).expect("a site");
    let study = STUDY.replace("\"nvl72_pod\"", "\"pod.ron\"").replace("cases: 32", "cases: 2");
    fs::write(at.join("pods.ron"), study).expect("a study");
    ok(at, &["sweep", "plan", "pods.ron", "-o", "pods"]);
    ok(at, &["sweep", "run", "pods", "--quiet"]);
    ok(at, &[&["run", "nvl72_pod", "--out", "run", "-q"], &DAY[..]].concat());
    ok(at, &[&["run", "pod.ron", "--out", "pod", "-q"], &DAY[..]].concat());

    let run = Run::open(&at.join("run")).expect("a finished run");
    let texts = Texts::of(Language::English);
    let document = make_with(&run, Beside::default(), &[], &texts).expect("a report");
    let section = document.sections.iter().find(|section| section.id == "uncertainty").expect("a section");
    assert!(matches!(&section.blocks[..], [Block::Paragraph(text)] if text.contains("--uncertainty DIR")));

    let said = refused(at, &["report", "run", "--uncertainty", "pods"], 65);
    let other = Run::open(&at.join("pod")).expect("a finished run");
    for run in [&run, &other] {
        let hash: String = run.manifest.inputs[0].blake3.chars().take(16).collect();
        assert!(said.contains(&hash), "{hash} is not in {said}");
    }
    assert!(!at.join("run-report").exists(), "nothing is written");
    ok(at, &["report", "pod", "--uncertainty", "pods"]);
    // The site was edited after the sweep: what was calculated is of another one.
    fs::write(at.join("pod.ron"), site.replace("Another", "An edited")).expect("a site");
    ok(at, &[&["run", "pod.ron", "--out", "edited", "-q"], &DAY[..]].concat());
    let said = refused(at, &["report", "edited", "--uncertainty", "pods"], 65);
    assert!(said.contains("has changed since"), "{said}");
    let said = refused(at, &["report", "run", "--uncertainty", "run"], 66);
    assert!(said.contains("no plan.json"), "{said}");
}

#[test]
fn pledges_stand_on_the_first_page_and_by_year_with_the_gaps_of_the_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let quick = ["--set", "run.period=Day(\"2024-07-21\")", "--set", "run.dynamics=QuasiSteady"];
    ok(at, &[&["run", "phoenix_2030", "--out", "run", "-q"], &quick[..]].concat());
    let answer = isotherm(
        at,
        &[&["targets", "phoenix_2030", "--by-year", "--dynamics", "as-written", "--json"], &quick[..]]
            .concat(),
    );
    let answer: serde_json::Value = serde_json::from_slice(&answer.stdout).expect("an answer");
    let run = Run::open(&at.join("run")).expect("a finished run");
    let pledges = answer["data"]["pledges"].as_array().expect("pledges");
    assert_eq!(pledges.len(), 4);
    for language in Language::ALL {
        let texts = Texts::of(language);
        let document = make_with(&run, Beside::default(), &[], &texts).expect("a report");
        assert_eq!((texts.missing(), document.faults()), (vec![], vec![]), "{language:?}");
        let first = &document.sections[0];
        let on_first = |block: &Block| matches!(block, Block::Table(table) if table.id == "pledges");
        assert!(first.blocks.iter().any(on_first));
        for (k, pledge) in pledges.iter().enumerate() {
            let rows = &table(&document, &format!("pledge_{}", k + 1)).rows;
            let years = pledge["years"].as_array().expect("years");
            assert_eq!(rows.len(), years.len());
            // Shares are shown in percent.
            let factor = if pledge["unit"] == "1" { 100.0 } else { 1.0 };
            for (row, year) in rows.iter().zip(years) {
                let gap = year["gap"].as_f64().expect("a gap") * factor;
                assert!((number(&row.cells[3]) - gap).abs() <= 1e-9 * gap.abs().max(1.0));
            }
            let kept = if pledge["kept"] == true { "pledge-kept" } else { "pledge-missed" };
            assert_eq!(table(&document, "pledges").rows[k].cells[1], Cell::text(texts.get(kept)));
        }
        assert!(document.figures().filter(|figure| figure.id.starts_with("pledge-")).count() == 4);
    }
}
