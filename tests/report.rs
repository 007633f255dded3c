//! `isotherm report`: both languages, whole files, the numbers of the run.

use engine::report::content::{Beside, make_with};
use engine::report::document::{Block, Cell, RowKind, Table};
use engine::report::texts::Texts;
use engine::report::{Document, Language, html};
use engine::study::read::Run;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

fn isotherm(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_isotherm")).args(arguments).output().expect("the command starts")
}

/// Runs a shipped site for a while and gives the folder.
fn run(site: &str, period: &str, folder: &Path) -> Run {
    let out = folder.join("run");
    let out = out.to_str().expect("a name in UTF-8");
    let done = isotherm(&["run", site, "--set", &format!("run.period={period}"), "--out", out]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Run::open(Path::new(out)).expect("a finished run")
}

fn table<'a>(document: &'a Document, id: &str) -> &'a Table {
    document.tables().find(|table| table.id == id).unwrap_or_else(|| panic!("no table {id}"))
}

fn numbers(table: &Table, row: usize) -> Vec<f64> {
    let number = |cell: &Cell| match cell {
        Cell::Number { value, .. } => Some(*value),
        _ => None,
    };
    table.rows[row].cells.iter().filter_map(number).collect()
}

/// Holds that every element is closed in its order and nothing but markup is between `<` and `>`.
fn is_well_formed(html: &str) {
    const VOID: [&str; 3] = ["meta", "br", "!DOCTYPE"];
    let mut open: Vec<&str> = Vec::new();
    // A style sheet is no markup.
    let (before, rest) = html.split_once("<style>").expect("a style sheet");
    let (_, after) = rest.split_once("</style>").expect("its end");
    for text in [before, after] {
        for part in text.split('<').skip(1) {
            let (tag, words) = part.split_once('>').unwrap_or_else(|| panic!("<{part} is not closed"));
            assert!(!words.contains('>'), "a bare > in {words:?}");
            let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().expect("a name");
            if tag.starts_with('/') {
                assert_eq!(open.pop(), Some(name), "</{name}>");
            } else if !tag.ends_with('/') && !VOID.contains(&name) {
                open.push(name);
            }
        }
    }
    assert!(open.is_empty(), "never closed: {open:?}");
}

fn headings_descend_one_by_one(html: &str) {
    let levels: Vec<u32> = html
        .split("<h")
        .skip(1)
        .filter_map(|part| part.chars().next()?.to_digit(10).filter(|_| part[1..].starts_with([' ', '>'])))
        .collect();
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
    for pair in levels.windows(2) {
        assert!(pair[1] <= pair[0] + 1, "a heading {} follows one of {}", pair[1], pair[0]);
    }
}

fn holds(run: &Run) -> Vec<Document> {
    Language::ALL
        .map(|language| {
            let texts = Texts::of(language);
            let document = make_with(run, Beside::default(), &[], &texts).expect("a report");
            assert_eq!(texts.missing(), Vec::<String>::new());
            assert_eq!(document.faults(), Vec::<String>::new());
            let page = html::text(&document, None).expect("a page");
            is_well_formed(&page);
            headings_descend_one_by_one(&page);
            assert!(
                !page.contains("<script") && !page.contains("http://")
                    || page.contains("www.w3.org/2000/svg")
            );
            assert_eq!(page.matches("<figure ").count(), document.figures().count());
            for figure in document.figures() {
                assert!(figure.svg.contains("<desc") && !figure.table.rows.is_empty(), "{}", figure.id);
            }
            assert_eq!(page, html::text(&document, None).expect("the same page"));
            document
        })
        .to_vec()
}

#[test]
fn a_hall_with_water_has_its_report_in_both_languages_and_its_sums_are_those_of_the_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = run("mixed_hall", "Span(from: \"180 d\", for: \"4 d\")", folder.path());
    let documents = holds(&run);
    let ids = |document: &Document| document.tables().map(|t| t.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&documents[0]), ids(&documents[1]), "one language has what the other lacks");
    let figures: Vec<&str> = documents[0].figures().map(|f| f.id.as_str()).collect();
    for figure in [
        "energy-flows",
        "pue-parts",
        "energy-by-part",
        "load-duration",
        "pue-by-hour",
        "water-by-hour",
        "inlet-hours",
        "junction-hours",
        "rack-plan",
    ] {
        assert!(figures.contains(&figure), "{figure} is not among {figures:?}");
    }
    let m = &run.summary.metrics;
    let close = |a: f64, b: f64| assert!((a - b).abs() <= 1e-9 * b.abs(), "{a} is not {b}");
    for document in &documents {
        // The last row of each is the total.
        let uses = table(document, "energy_by_use");
        close(numbers(uses, uses.rows.len() - 1)[0], m.facility_energy_kwh);
        let parts = table(document, "energy_by_part");
        let total = numbers(parts, parts.rows.len() - 1);
        close(total[0], m.it_energy_kwh);
        close(total[total.len() - 1], m.facility_energy_kwh);
        let water = table(document, "water_by_part");
        let total = numbers(water, water.rows.len() - 1);
        close(total[total.len() - 1], m.water_m3);
        let racks = table(document, "racks_by_group");
        assert!(matches!(racks.rows[racks.rows.len() - 1].kind, RowKind::Total { .. }));
        close(numbers(racks, racks.rows.len() - 1)[1], m.it_energy_kwh);
        close(numbers(racks, racks.rows.len() - 1)[2], m.facility_energy_kwh);
        let pue = table(document, "pue_parts");
        close(numbers(pue, pue.rows.len() - 1)[0], m.pue.expect("a PUE"));
    }
}

#[test]
fn what_flows_into_a_node_flows_out_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = run("mixed_hall", "Day(\"2024-07-21\")", folder.path());
    let document = engine::report::make(&run, &[], Language::English).expect("a report");
    let flows = table(&document, "energy_flows");
    let (mut into, mut out): (BTreeMap<String, f64>, BTreeMap<String, f64>) = Default::default();
    for (k, row) in flows.rows.iter().enumerate() {
        let [Cell::Text(from), Cell::Text(to), ..] = row.cells.as_slice() else { panic!("two names") };
        let energy = numbers(flows, k)[0];
        assert!(energy > 0.0, "{from} to {to}");
        *out.entry(from.clone()).or_default() += energy;
        *into.entry(to.clone()).or_default() += energy;
    }
    let mut between = 0;
    for (node, energy) in &out {
        let Some(received) = into.get(node) else { continue };
        between += 1;
        assert!((energy - received).abs() <= 1e-9 * energy, "{node}: {received} in, {energy} out");
    }
    assert!(between >= 5, "IT, losses, pumps and fans, compressors, heat");
    // What leaves is what was fed in, what the water brought and what was released from store.
    let ends = |a: &BTreeMap<String, f64>, b: &BTreeMap<String, f64>| -> f64 {
        a.iter().filter(|(node, _)| !b.contains_key(*node)).map(|(_, energy)| energy).sum()
    };
    let (fed, left) = (ends(&out, &into), ends(&into, &out));
    assert!((fed - left).abs() <= 1e-9 * fed, "{fed} in, {left} out");
}

#[test]
fn a_site_without_water_says_so_and_a_target_is_held_against_its_figure() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = run("nvl72_pod", "Day(\"2024-07-21\")", folder.path());
    let documents = holds(&run);
    assert!(documents[0].verdict.contains("targets"), "{}", documents[0].verdict);
    assert!(documents[0].figures().all(|figure| !figure.id.starts_with("water")));
    let page = html::text(&documents[0], None).expect("a page");
    assert!(page.contains("No water is made up") && page.contains("it needs at least three days"));
    assert!(html::text(&documents[1], None).expect("a page").contains("不消耗补水"));
}

#[test]
fn the_command_writes_what_it_is_asked_for_and_replaces_nothing_unasked() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = run("nvl72_pod", "Day(\"2024-07-21\")", folder.path());
    let place = run.folder().to_str().expect("a name in UTF-8").to_owned();
    let done = isotherm(&["report", &place, "--html", "--csv", "--json", "--lang", "zh"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let made = folder.path().join("run-report");
    let page = std::fs::read_to_string(made.join("report.zh.html")).expect("a page");
    assert!(page.contains("<html lang=\"zh-Hans\">") && page.contains("关键指标"));
    let object: Value =
        serde_json::from_slice(&std::fs::read(made.join("report.zh.json")).expect("an object"))
            .expect("JSON");
    assert_eq!(object["schema"], "isotherm.report/1");
    let energy = std::fs::read_to_string(made.join("energy_by_use.zh.csv")).expect("a table");
    let total = energy.lines().last().expect("a line").split(',').nth(1).expect("a number");
    let total: f64 = total.parse().expect("a number with a point");
    assert!((total - run.summary.metrics.facility_energy_kwh).abs() <= 1e-9 * total);

    let again = isotherm(&["report", &place, "--lang", "zh"]);
    assert_eq!(again.status.code(), Some(73));
    assert!(String::from_utf8_lossy(&again.stderr).contains("--force"));
    assert!(isotherm(&["report", &place, "--lang", "zh", "--force"]).status.success());
    assert_eq!(std::fs::read_to_string(made.join("report.zh.html")).expect("a page"), page, "the same bytes");
}

#[test]
fn what_is_no_run_or_was_edited_has_no_report() {
    let folder = tempfile::tempdir().expect("a folder");
    let nothing = folder.path().join("nothing");
    assert_eq!(isotherm(&["report", nothing.to_str().expect("UTF-8")]).status.code(), Some(66));
    assert_eq!(isotherm(&["report", "x", "--lang", "de"]).status.code(), Some(2));

    let run = run("nvl72_pod", "Span(from: \"0 h\", for: \"1 h\")", folder.path());
    let place = run.folder().to_str().expect("UTF-8").to_owned();
    let summary = run.folder().join("summary.json");
    let text = std::fs::read_to_string(&summary).expect("a summary");
    std::fs::write(&summary, text.replace("simulated", "metered")).expect("a disk");
    let refused = isotherm(&["report", &place]);
    assert_eq!(refused.status.code(), Some(65));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("summary.json has"));
    assert!(!folder.path().join("run-report").exists(), "nothing is left of a report that was refused");
}

#[test]
fn a_template_of_ones_own_stands_in_and_a_faulty_one_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = run("nvl72_pod", "Span(from: \"0 h\", for: \"1 h\")", folder.path());
    let place = run.folder().to_str().expect("UTF-8").to_owned();
    let own = folder.path().join("own");
    std::fs::create_dir(&own).expect("a disk");
    let with = |text: &str| {
        std::fs::write(own.join("report.html"), text).expect("a disk");
        isotherm(&["report", &place, "--force", "--template", own.to_str().expect("UTF-8")])
    };
    assert!(with("<p>{{ run.site }} & {{ \"<b>\" }}</p>").status.success());
    let page = std::fs::read_to_string(folder.path().join("run-report/report.en.html")).expect("a page");
    assert_eq!(page, "<p>nvl72_pod & &lt;b&gt;</p>");
    let refused = with("{{ nothing_of_that_name }}");
    assert_eq!(refused.status.code(), Some(65));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("line 1"));
}

#[test]
fn every_finding_that_a_component_declares_has_its_words_in_both_languages() {
    use engine::study::notes::code;
    let declared = engine::plant::catalogue::KINDS.iter().map(|kind| kind.declaration());
    let texts: Vec<&str> = declared
        .flat_map(|of| {
            of.limits.iter().map(|limit| limit.text).chain(of.switches.iter().map(|switch| switch.note))
        })
        .chain([
            "the flow is reversed",
            "the liquid is below its vapour pressure: it boils, and pumps cavitate",
            "the pressure does not suffice for the flow that the valve is set to",
        ])
        .filter(|text| !text.is_empty())
        .collect();
    assert!(texts.len() > 40, "only {} are declared", texts.len());
    for language in Language::ALL {
        let words = Texts::of(language);
        let missing: Vec<String> = (texts.iter())
            .filter(|text| words.known(&format!("note-{}", code(text))).is_none())
            .map(|text| format!("note-{} = {text}", code(text)))
            .collect();
        assert_eq!(missing, Vec::<String>::new(), "assets/i18n/{}/report.ftl lacks", language.code());
    }
    // A finding with values: its sentence has them all.
    let values =
        [("actuator", "valve"), ("sensor", "cdu.secondary_out"), ("setpoint", "40.0 °C"), ("worst", "7.4 K")];
    let said = Texts::of(Language::Chinese).known_with("note-not-held", &values).expect("a sentence");
    assert!(values.iter().all(|(_, value)| said.contains(value)), "{said}");
}

/// What records of costs and of embodied carbon call their things has a name in both languages.
#[test]
fn what_a_shipped_record_prices_or_counts_is_named_in_both_languages() {
    use engine::scenario::books::{EQUIPMENT, MATERIALS};
    use engine::study::notes::code;
    let models = concat!(env!("CARGO_MANIFEST_DIR"), "/models/costs");
    let mut priced = Vec::new();
    for file in std::fs::read_dir(models).expect("records").flatten() {
        let text = std::fs::read_to_string(file.path()).expect("a record");
        priced.extend(
            text.split("what: \"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())),
        );
    }
    assert!(priced.len() > 20, "{priced:?}");
    let (english, chinese) = (Texts::of(Language::English), Texts::of(Language::Chinese));
    for what in &priced {
        let key = format!("name-{}", code(what));
        assert_eq!(english.known(&key).as_ref(), Some(what), "the English text is that of the record");
        assert!(chinese.known(&key).is_some_and(|said| said != *what), "{key}");
    }
    for of in MATERIALS.iter().chain(EQUIPMENT.iter()) {
        let key = format!("name-{}", code(of.name));
        assert!(english.known(&key).is_some() && chinese.known(&key).is_some(), "{key}");
    }
}

/// A site that says all of it: each factor stands in the report with its source, year and confidence.
#[test]
fn every_factor_of_the_books_stands_in_the_report_with_where_it_comes_from() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("run");
    let wind = concat!(env!("CARGO_MANIFEST_DIR"), "/models/supply/wind_synthetic.csv");
    let carbon = format!(
        "carbon=(refrigerants: [(refrigerant: R134a, charge: \"300 kg\")], contracts: [(technology: Wind, capacity: \"1 MW\", \
         profile: {wind:?}), (technology: Solar, capacity: \"1 kW\", factor: \"40 g/kWh\", source: \"a declaration\", year: \
         2023, confidence: A)], residual: \"90 g/kWh\", residual_source: \"a market\", residual_year: 2022, residual_confidence: B)"
    );
    let embodied = "embodied=[Material(what: \"frame\", of: SteelNearZero, mass: \"400 t\", instead_of: SteelSection), \
                    Equipment(of: RackGb200Nvl72, count: 8), Material(of: Rebar, mass: \"1 t\", factor: 1.25, source: \"EPD 7\", year: 2024, \
                    confidence: A), Material(of: Rebar, mass: \"1 t\")]";
    let done = isotherm(&[
        "run",
        "stockholm_heat_reuse",
        "--quiet",
        "--out",
        &out.display().to_string(),
        "--set",
        "run.period=Day(\"2024-01-15\")",
        "--set",
        &carbon,
        "--set",
        embodied,
        "--set",
        "water=(potable_share: 0.5)",
        "--set",
        "economics=(currency: USD, electricity_price_per_kwh: 0.06, source: \"tariff T\", year: 2026, confidence: A)",
    ]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let run = Run::open(&out).expect("a run");
    for (language, steel, [wind, solar, residual, rebar, electricity, water]) in [
        (
            Language::English,
            "Embodied: Near-zero steel",
            [
                "Contract: wind",
                "Contract: solar",
                "Residual mix",
                "Embodied: Reinforcing steel",
                "Price of electricity",
                "Price of water",
            ],
        ),
        (Language::Chinese, "隐含碳：近零碳钢", ["风电", "光伏", "剩余", "隐含碳：钢筋", "电价", "水价"]),
    ] {
        let texts = Texts::of(language);
        let document = make_with(&run, Beside::default(), &[], &texts).expect("a report");
        assert_eq!(texts.missing(), Vec::<String>::new());
        let table = |id: &str| table(&document, id);
        for id in ["heat_reuse", "water_sources", "scope_1", "embodied"] {
            assert!(!table(id).rows.is_empty());
        }
        let rows: Vec<Vec<String>> =
            table("factors").rows.iter().map(|row| row.cells.iter().map(Cell::shown).collect()).collect();
        let row = |part: &str| {
            rows.iter().find(|row| row[0].contains(part)).unwrap_or_else(|| panic!("{part}: {rows:?}"))
        };
        // Each has a source; IPCC AR5 is of 2014, AR6 of 2021, the grid's factor of the record's year.
        assert!(rows.iter().all(|row| row[6].chars().count() > 3), "{rows:?}");
        // And a year and a grade.
        for row in &rows {
            assert!(row[4].parse::<u16>().is_ok_and(|year| (1990..2100).contains(&year)), "{row:?}");
            assert!(["A", "B", "C"].contains(&row[5].as_str()), "{row:?}");
        }
        let said = |part: &str| [row(part)[4].as_str(), &row(part)[5], &row(part)[6]];
        assert_eq!(said(residual), ["2022", "B", "a market"]);
        assert_eq!(said(solar), ["2023", "A", "a declaration"]);
        assert_eq!(said(electricity), ["2026", "A", "tariff T"]);
        assert_eq!(said(water)[..2], ["2026", "C"]);
        // The site's own factor of rebar and the record's stand side by side.
        let rebars: Vec<&str> =
            rows.iter().filter(|row| row[0].contains(rebar)).map(|row| row[1].as_str()).collect();
        assert_eq!(rebars, ["1.250", "0.600"]);
        assert_eq!(said(rebar), ["2024", "A", "EPD 7"]);
        assert_eq!([row(wind)[2].as_str(), &row(wind)[4], &row(wind)[5]], ["0.0070–0.0560", "2014", "A"]);
        assert_eq!((row("R134a")[1].as_str(), row("R134a")[4].as_str()), ("1,530", "2021"));
        assert_eq!([row(steel)[1].as_str(), &row(steel)[2], &row(steel)[5]], ["0.150", "0.050–0.400", "C"]);
        // A report that counts what the site is built of does not say that it is left out.
        let method = document.sections.iter().find(|section| section.id == "method").expect("the method");
        let limits = method.blocks.iter().find_map(|block| match block {
            Block::List(limits) => Some(limits.concat()),
            _ => None,
        });
        let limits = limits.expect("limits");
        assert!(limits.contains(&texts.get("limit-scope-3-of-the-bill")), "{limits}");
        assert!(!limits.contains(&texts.get("limit-scope-3")), "{limits}");
        // 400 t · 0.15 + 8 pieces, of which the total row is the sum.
        let summary = &run.summary.raw["embodied"];
        let total = table("embodied").rows.last().expect("a total").cells[4].shown();
        let kg = summary["co2e_kg"].as_f64().expect("kg");
        assert_eq!(total, engine::report::document::grouped(kg / 1e3, 1));
    }
}

/// The numbers in a text, in their order.
fn figures_in(text: &str) -> Vec<String> {
    let digits = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
    let parts = text.split(|c: char| !digits(c)).map(|part| part.trim_matches(['.', ',']));
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[test]
fn a_comparison_says_the_same_figures_as_the_command_compare_in_both_languages() {
    let folder = tempfile::tempdir().expect("a folder");
    let (one, two) = (folder.path().join("a"), folder.path().join("b"));
    let day = "Day(\"2024-07-21\")";
    let (before, after) = (run("phoenix_evaporative", day, &one), run("phoenix_zero_water", day, &two));
    let command = isotherm(&[
        "compare",
        &before.folder().display().to_string(),
        &after.folder().display().to_string(),
        "--json",
    ]);
    let answer: Value = serde_json::from_slice(&command.stdout).expect("an answer");
    let difference = &answer["data"]["differences"][0];
    let said: Vec<&str> =
        difference["sentences"].as_array().expect("sentences").iter().filter_map(Value::as_str).collect();
    let mut expected = figures_in(&said.join(" "));
    expected.sort();
    for language in Language::ALL {
        let texts = Texts::of(language);
        let document = make_with(&after, Beside { against: Some(&before), ..Beside::default() }, &[], &texts)
            .expect("a report");
        assert_eq!((texts.missing(), document.faults()), (vec![], vec![]));
        assert_eq!(document.sections[1].id, "comparison");
        let mut sentences = Vec::new();
        for block in &document.sections[1].blocks[1..] {
            match block {
                Block::Paragraph(text) => sentences.push(text.clone()),
                Block::List(list) => sentences.extend(list.iter().cloned()),
                _ => {}
            }
        }
        let mut found = figures_in(&sentences.join(" "));
        found.sort();
        assert_eq!(found, expected, "{language:?}");
        // Use by use the totals of both runs, and their difference.
        let uses = table(&document, "comparison_electricity");
        let total = numbers(uses, uses.rows.len() - 1);
        let facility = [&before, &after].map(|run| run.summary.metrics.facility_energy_kwh);
        assert!((total[0] - facility[0]).abs() <= 1e-9 * facility[0]);
        assert!((total[1] - facility[1]).abs() <= 1e-9 * facility[1]);
        assert!((total[2] - (facility[1] - facility[0])).abs() <= 1e-9 * facility[0]);
        assert!(document.figures().any(|figure| figure.id == "comparison-water"));
    }
}

/// What a title may hold: a formula, markup, letters from right to left with an override of direction, signs outside of
/// the fonts, and a word of 3,500 letters.
#[test]
fn a_hostile_title_stays_text_in_every_form() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/sites/nvl72_pod.ron");
    std::fs::copy(base, at.join("base.ron")).expect("a copy");
    let title =
        format!("=cmd|' /C calc'!A0<script>alert(1)</script>&\u{202e}\u{5e9}\u{1f525}{}", "x".repeat(3500));
    let site =
        format!("Site(schema: 1, based_on: \"base.ron\", title: {title:?})").replace("\\u{202e}", "\u{202e}");
    std::fs::write(at.join("hostile.ron"), site).expect("a site");
    let site = at.join("hostile.ron").display().to_string();
    let run = run(&site, "Day(\"2024-07-21\")", at);
    assert_eq!(run.summary.title, title);
    let out = at.join("files").display().to_string();
    let of = run.folder().display().to_string();
    let done =
        isotherm(&["report", &of, "--html", "--csv", "--json", "--xlsx", "--against", &of, "-o", &out]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let read = |name: &str| std::fs::read_to_string(at.join("files").join(name)).expect(name);
    let html = read("report.en.html");
    assert!(!html.contains("<script") && html.contains("&lt;script&gt;alert(1)&lt;"), "markup stays text");
    is_well_formed(&html);
    let json: Value = serde_json::from_str(&read("report.en.json")).expect("JSON");
    assert!(json.to_string().contains(&title.replace('"', "\\\"")), "the title is whole in JSON");
    // Beside itself a run has no "0 % more".
    assert!(html.contains("There is no difference between"), "no difference is said");
    let formula = |name: &std::ffi::OsStr| {
        let text = std::fs::read_to_string(at.join("files").join(name)).expect("a table");
        text.lines()
            .flat_map(|line| line.split(','))
            .any(|cell| cell.trim_start_matches('"').starts_with('='))
    };
    let files = std::fs::read_dir(at.join("files")).expect("files").flatten().map(|entry| entry.file_name());
    let tables: Vec<_> = files.filter(|name| name.to_string_lossy().ends_with(".csv")).collect();
    assert!(tables.len() > 10 && !tables.iter().any(|name| formula(name)));
}

/// A folder whose summary lies about itself, whose columns lack their end, or that is no folder at all.
#[test]
fn a_run_that_was_cut_or_cannot_be_written_beside_is_an_error_with_its_way_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = run("nvl72_pod", "Day(\"2024-07-21\")", folder.path());
    let of = run.folder().display().to_string();
    let said = |arguments: &[&str], code: i32| -> String {
        let done = isotherm(arguments);
        let text = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(code), "{arguments:?}: {text}");
        text
    };
    // A file stands where the folder of the report is to be.
    let taken = folder.path().join("taken");
    std::fs::write(&taken, "").expect("a file");
    said(&["report", &of, "-o", &taken.display().to_string()], 73);
    said(&["report", &of, "-o", "/proc/nowhere"], 73);
    let template = taken.display().to_string();
    assert!(said(&["report", &of, "--template", &template], 66).contains("cannot read"));
    let series = run.folder().join("series.parquet");
    let whole = std::fs::read(&series).expect("columns");
    std::fs::write(&series, &whole[..whole.len() / 2]).expect("cut");
    assert!(said(&["report", &of], 65).contains("series.parquet"));
    std::fs::remove_file(&series).expect("gone");
    assert!(said(&["report", &of], 65).contains("series.parquet"));
    said(&["report", &taken.display().to_string()], 66);
}

/// Every shipped site, for half an hour, in both languages: no factor without its year, its confidence and its source.
#[test]
fn no_report_of_a_shipped_site_has_a_factor_without_source_year_and_confidence() {
    use engine::scenario::catalogue::{self, Shelf};
    let folder = tempfile::tempdir().expect("a folder");
    let mut rows_held = 0;
    for site in catalogue::all(Shelf::Sites) {
        let out = folder.path().join(site.id);
        let done = isotherm(&[
            "run",
            site.id,
            "--quiet",
            "--set",
            "run.period=Span(from: \"20 d\", for: \"30 min\")",
            "--set",
            "events=[]",
            "--out",
            &out.display().to_string(),
        ]);
        assert!(done.status.success(), "{}: {}", site.id, String::from_utf8_lossy(&done.stderr));
        let run = Run::open(&out).expect("a run");
        for language in Language::ALL {
            let texts = Texts::of(language);
            let document = make_with(&run, Beside::default(), &[], &texts).expect("a report");
            assert_eq!((texts.missing(), document.faults()), (vec![], vec![]), "{}", site.id);
            let ids = ["factors", "money_sources", "pledge_assumptions"];
            for table in document.tables().filter(|table| ids.contains(&table.id.as_str())) {
                let column = |key: &str| table.columns.iter().position(|c| c.key == key).expect("a column");
                let (year, confidence, source) = (column("year"), column("confidence"), column("source"));
                for row in table.rows.iter().filter(|row| row.kind == RowKind::Body) {
                    let said = |k: usize| row.cells[k].shown();
                    assert!(said(year).parse::<u16>().is_ok_and(|y| (2000..=2026).contains(&y)), "{row:?}");
                    assert!(["A", "B", "C"].contains(&said(confidence).as_str()), "{row:?}");
                    assert!(said(source).chars().count() > 3, "{row:?}");
                    rows_held += 1;
                }
            }
            let page = html::text(&document, None).expect("a page");
            for gone in ["not given by", "not graded", "来源未注明", "未评级"] {
                assert!(!page.contains(gone), "{}: {gone}", site.id);
            }
        }
    }
    println!("{rows_held} rows of factors, prices and assumptions held");
    assert!(rows_held > 200);
}

/// What a run was made with stands in its summary and in the report, in both languages.
#[test]
fn a_report_names_the_fidelity_the_dynamics_and_the_controls_of_its_run() {
    let folder = tempfile::tempdir().expect("a folder");
    for (fidelity, dynamics, controls, said) in [
        ("Lumped", "QuasiSteady", "Ideal", [["lumped", "quasi-steady", "ideal"], ["集总", "准稳态", "理想"]]),
        ("Rack", "Dynamic", "Sampled", [["rack by rack", "dynamic", "sampled"], ["逐机柜", "动态", "采样"]]),
        (
            "Chip",
            "Dynamic",
            "Continuous",
            [["chip by chip", "dynamic", "continuous"], ["逐芯片", "动态", "连续"]],
        ),
    ] {
        let (length, step) = if controls == "Ideal" { ("1 h", "30 min") } else { ("10 min", "1 min") };
        let out = folder.path().join(fidelity);
        let set = [
            format!("run.period=Span(from: \"20 d\", for: {length:?})"),
            format!("run.step={step}"),
            format!("run.fidelity={fidelity}"),
            format!("run.dynamics={dynamics}"),
            format!("run.controls={controls}"),
        ];
        let out_name = out.display().to_string();
        let mut arguments = vec!["run", "nvl72_pod", "--quiet", "--out", &out_name];
        set.iter().for_each(|set| arguments.extend(["--set", set]));
        let done = isotherm(&arguments);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let run = Run::open(&out).expect("a run");
        let mode = &run.summary.mode;
        assert_eq!(
            (mode.fidelity.as_deref(), mode.dynamics.as_str(), mode.controls.as_str()),
            (Some(fidelity), dynamics, controls)
        );
        for (language, words) in Language::ALL.into_iter().zip(said) {
            let texts = Texts::of(language);
            let document = make_with(&run, Beside::default(), &[], &texts).expect("a report");
            let method = document.sections.iter().find(|section| section.id == "method").expect("the method");
            let list = method.blocks.iter().find_map(|block| match block {
                Block::List(list) => Some(list.clone()),
                _ => None,
            });
            let list = list.expect("what the run was made with");
            for (sentence, word) in list.iter().zip(words) {
                assert!(sentence.contains(word), "{word} is not in {sentence}");
            }
        }
    }
}

/// Sun that the site uses itself matches its hours too: a report that gives contracts the credit for it is wrong.
#[test]
fn what_matches_the_electricity_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let contract = "(contracts: [(technology: Wind, capacity: \"100 kW\")])";
    let none =
        "(residual: \"300 g/kWh\", residual_source: \"a test\", residual_year: 2024, residual_confidence: C)";
    for (site, carbon, part) in [
        ("phoenix_solar", contract, "Contracts and the generation on site match "),
        ("phoenix_solar", none, "Generation on site matches "),
        ("mixed_hall", contract, "Contracts match "),
    ] {
        let out = folder.path().join(format!("{site}{}", part.len()));
        let done = isotherm(&[
            "run",
            site,
            "--quiet",
            "--set",
            "run.period=Day(\"2024-06-21\")",
            "--set",
            &format!("carbon={carbon}"),
            "--out",
            &out.display().to_string(),
        ]);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let run = Run::open(&out).expect("a run");
        let texts = Texts::of(Language::English);
        let document = make_with(&run, Beside::default(), &[], &texts).expect("a report");
        let said: Vec<&String> = (document.sections.iter())
            .flat_map(|section| &section.blocks)
            .filter_map(|block| match block {
                Block::Paragraph(text) => Some(text),
                _ => None,
            })
            .collect();
        assert!(said.iter().any(|text| text.starts_with(part)), "{site}: {said:?}");
        // Matched hour by hour is what the contracts and the sun give, never more than their volumes.
        let supply = run.summary.supply.as_ref().expect("a supply");
        let (hourly, annual) = supply.matched_share.zip(supply.matched_share_annual).expect("shares");
        assert!(hourly <= annual + 1e-12 && annual <= 1.0, "{hourly} {annual}");
        // A lifecycle factor is no scope 2 alone, and the report says so.
        let lifecycle = run.summary.carbon.as_ref().is_some_and(|carbon| carbon.basis == "lifecycle");
        let remarks = table(&document, "carbon").remarks.len();
        assert_eq!(remarks, if lifecycle { 2 } else { 1 }, "{site}");
    }
}
