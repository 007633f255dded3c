//! What the guide says of the shipped studies follows from the tables that ship, and the tables are what the program gives.

use engine::study::read::open_table;
use engine::sweep::analyze::effects::{chance, percentile, swing};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The merged table of a study.
struct Cases {
    numbers: BTreeMap<String, Vec<f64>>,
    texts: BTreeMap<String, Vec<String>>,
    rows: usize,
}

impl Cases {
    fn of(study: &str) -> Cases {
        let table =
            open_table(&root("models/results"), &format!("{study}.parquet"), "isotherm.sweep.cases/1");
        let table = table.unwrap_or_else(|error| panic!("{error}"));
        let (mut numbers, mut texts) = (BTreeMap::new(), BTreeMap::new());
        let ids = table.texts("case_id").expect("readable").expect("ids");
        for name in NUMBERS {
            if let Some(values) = table.numbers(name).expect("readable") {
                numbers.insert((*name).to_owned(), values);
            }
        }
        for name in ["climate", "cooling", "use", "supply", "status"] {
            if let Ok(Some(values)) = table.texts(name) {
                texts.insert(name.to_owned(), values.into_iter().map(Option::unwrap_or_default).collect());
            }
        }
        Cases { numbers, texts, rows: ids.len() }
    }

    fn n(&self, name: &str, row: usize) -> f64 {
        self.numbers[name][row]
    }

    fn t(&self, name: &str, row: usize) -> &str {
        &self.texts[name][row]
    }

    fn distinct(&self, name: &str) -> Vec<String> {
        let mut names = self.texts[name].clone();
        names.sort();
        names.dedup();
        names
    }

    /// Rows that fit.
    fn rows(&self, fits: &[(&str, &str)]) -> Vec<usize> {
        (0..self.rows).filter(|&row| fits.iter().all(|(name, value)| self.t(name, row) == *value)).collect()
    }

    /// The one row that fits, at a supply temperature.
    fn at(&self, fits: &[(&str, &str)], supply: f64) -> usize {
        let rows: Vec<usize> = self
            .rows(fits)
            .into_iter()
            .filter(|&row| (self.n("supply_c", row) - supply).abs() < 1e-6)
            .collect();
        assert_eq!(rows.len(), 1, "{fits:?} {supply}");
        rows[0]
    }
}

const NUMBERS: &[&str] = &[
    "supply_c",
    "pue",
    "tue",
    "wue_site_l_per_kwh",
    "cue_kg_per_kwh",
    "it_energy_kwh",
    "facility_energy_kwh",
    "water_m3",
    "max_junction_c",
    "max_inlet_c",
    "factor_kg_per_kwh",
    "accelerator_hours",
    "compressors",
    "dry_cooler_approach_k",
    "dry_cooler_fans_kw",
    "cdu_approach_k",
    "cdu_pumps_kw",
    "crah_fans_kw",
    "chiller_cop",
    "leakage",
    "weather_year",
];

fn range(values: impl IntoIterator<Item = f64>) -> (f64, f64) {
    values.into_iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)))
}

/// Sentences that the guide must have, word for word but for line breaks.
#[derive(Default)]
struct Said(Vec<String>);

impl Said {
    fn says(&mut self, sentence: String) {
        self.0.push(sentence);
    }

    fn hold(self) {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let guide = words(&fs::read_to_string(root("docs/guide/sweeps.md")).expect("the guide"));
        let missing: Vec<String> = self.0.into_iter().filter(|said| !guide.contains(&words(said))).collect();
        assert!(
            missing.is_empty(),
            "the tables say, and docs/guide/sweeps.md does not:\n{}",
            missing.join("\n")
        );
    }
}

fn listed(names: &[String]) -> String {
    match names {
        [most @ .., last] if !most.is_empty() => format!("{} and {last}", most.join(", ")),
        _ => names.join(""),
    }
}

fn place(climate: &str) -> String {
    match climate {
        "saopaulo" => "São Paulo".into(),
        "sanjose" => "San José".into(),
        other => other[..1].to_uppercase() + &other[1..],
    }
}

fn places(climates: Vec<String>) -> String {
    listed(&climates.iter().map(|climate| place(climate)).collect::<Vec<_>>())
}

#[test]
fn siting_china_says_what_its_table_says() {
    let cases = Cases::of("siting_china");
    let mut said = Said::default();
    assert!(cases.texts["status"].iter().all(|status| status == "ok") && cases.rows == 504);
    let cue = range(cases.numbers["cue_kg_per_kwh"].clone());
    let factor = range(cases.numbers["factor_kg_per_kwh"].clone());
    said.says(format!(
        "over all 504 cases CUE goes from {:.2} to {:.2} kg/kWh, by a factor of {:.2}, and the factors of the grids alone by {:.2}.",
        cue.0, cue.1, cue.1 / cue.0, factor.1 / factor.0
    ));
    let work = |row: usize| cases.n("facility_energy_kwh", row) / cases.n("accelerator_hours", row);
    let grams = |row: usize| 1e3 * work(row) * cases.n("factor_kg_per_kwh", row);
    let at = |climate: &str, cooling: &str, supply: f64| {
        cases.at(&[("climate", climate), ("cooling", cooling), ("use", "training")], supply)
    };
    for (climate, cooling, name) in [
        ("guangzhou", "air", "air"),
        ("guangzhou", "cold_plate", "cold plates, towers"),
        ("guangzhou", "zero_water", "cold plates, zero water"),
        ("harbin", "zero_water", "cold plates, zero water"),
        ("ulanqab", "air", "air"),
        ("ulanqab", "zero_water", "cold plates, zero water"),
    ] {
        let row = at(climate, cooling, if cooling == "air" { 24.0 } else { 40.0 });
        let litres = cases.n("wue_site_l_per_kwh", row);
        let litres = if litres < 0.05 { "0".to_owned() } else { format!("{litres:.1}") };
        said.says(format!(
            "| {} | {name} | {:.3} | {:.3} | {litres} | {:.3} | {:.0} |",
            place(climate),
            cases.n("pue", row),
            cases.n("tue", row),
            work(row),
            grams(row)
        ));
    }
    let (south, north) = (at("guangzhou", "zero_water", 40.0), at("ulanqab", "zero_water", 40.0));
    said.says(format!(
        "the same work takes {:.1} % less electricity (zero water: {:.3} to {:.3} kWh per accelerator-hour) and emits {:.0} % more CO₂ ({:.0} to {:.0} g)",
        100.0 * (1.0 - work(north) / work(south)), work(south), work(north),
        100.0 * (grams(north) / grams(south) - 1.0), grams(south), grams(north)
    ));
    let climates = cases.distinct("climate");
    let spreads = climates.iter().map(|climate| {
        let rows = cases.rows(&[("climate", climate), ("use", "training")]);
        let (low, high) = range(rows.into_iter().map(work));
        100.0 * (high / low - 1.0)
    });
    let (least, most) = range(spreads);
    said.says(format!("Cooling and supply temperature together change the electricity of a place by {least:.0} to {most:.0} %"));
    let dry = |climate: &str| {
        let (towers, none) = (at(climate, "cold_plate", 40.0), at(climate, "zero_water", 40.0));
        (100.0 * (work(none) / work(towers) - 1.0), cases.n("wue_site_l_per_kwh", towers))
    };
    let price = range(climates.iter().map(|climate| dry(climate).0));
    let litres = range(climates.iter().map(|climate| dry(climate).1));
    let where_is = |value: f64| {
        let near = |climate: &&String| format!("{:.1}", dry(climate).0) == format!("{value:.1}");
        places(climates.iter().filter(near).cloned().collect())
    };
    said.says(format!(
        "Doing without water costs {:.1} % ({}) to {:.1} % ({}) more electricity than towers, which take {:.1} to {:.1} L/kWh.",
        price.0, where_is(price.0), price.1, where_is(price.1), litres.0, litres.1
    ));
    let (air, plates) = (at("ulanqab", "air", 24.0), at("ulanqab", "zero_water", 40.0));
    said.says(format!(
        "in Ulanqab it is within {:.3} of cold plates, while the servers' own fans make its TUE {:.3} higher.",
        (cases.n("pue", air) - cases.n("pue", plates)).abs(), cases.n("tue", air) - cases.n("tue", plates)
    ));
    let warmer = |figure: &str, sign: f64| {
        let count = climates.iter().filter(|climate| {
            sign * (cases.n(figure, at(climate, "air", 27.0)) - cases.n(figure, at(climate, "air", 24.0)))
                > 0.0
        });
        count.count()
    };
    assert_eq!((climates.len(), warmer("pue", -1.0)), (14, 14), "a better PUE in all fourteen places");
    let worse = [
        "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve", "thirteen", "fourteen",
    ][warmer("tue", 1.0)];
    said.says(format!(
        "has a better PUE than air of 24 °C in all fourteen places and a worse TUE in {worse}"
    ));
    said.hold();
}

#[test]
fn supply_temperature_says_what_its_table_says() {
    let cases = Cases::of("supply_temperature");
    let mut said = Said::default();
    let steps = ["c17", "c21", "c25", "c29", "c33", "c37", "c41", "c45"];
    let of = |figure: &str, climate: &str| -> Vec<f64> {
        steps
            .iter()
            .map(|step| cases.n(figure, cases.rows(&[("climate", climate), ("supply", step)])[0]))
            .collect()
    };
    let climates = cases.distinct("climate");
    assert_eq!((climates.len(), cases.rows), (12, 96));
    let falls = |figure: &str| {
        climates.iter().filter(|climate| of(figure, climate).windows(2).all(|pair| pair[1] < pair[0])).count()
    };
    assert_eq!((falls("pue"), falls("tue")), (12, 12), "PUE and TUE fall with every step in every climate");
    let ends = |climate: &str| (of("pue", climate)[0], of("pue", climate)[7]);
    let (singapore, stockholm) = (ends("singapore"), ends("stockholm"));
    said.says(format!(
        "in Singapore from {:.2} to {:.2}, in Stockholm from {:.2} to {:.2}.",
        singapore.0, singapore.1, stockholm.0, stockholm.1
    ));
    let best = |climate: &str| {
        let energy = of("facility_energy_kwh", climate);
        (0..8).min_by(|&a, &b| energy[a].total_cmp(&energy[b])).expect("eight")
    };
    for (step, degrees) in [(2, 25), (3, 29), (4, 33), (5, 37), (6, 41)] {
        let there: Vec<String> =
            climates.iter().filter(|climate| best(climate) == step).map(|c| place(c)).collect();
        for name in &there {
            // The guide lists them in its own order.
            let guide = fs::read_to_string(root("docs/guide/sweeps.md")).expect("the guide");
            let guide = guide.split_whitespace().collect::<Vec<_>>().join(" ");
            let text = guide
                .split("It is least at")
                .nth(1)
                .and_then(|rest| rest.split(';').next())
                .expect("the sentence");
            let part =
                text.split(" at ").find(|part| part.trim_start().starts_with(&format!("{degrees} °C")));
            let part =
                part.or_else(|| Some(text).filter(|t| t.trim_start().starts_with(&format!("{degrees} °C"))));
            assert!(
                part.is_some_and(|part| part.contains(name.as_str())),
                "{name} is least at {degrees} °C: {text}"
            );
        }
    }
    let more = |climate: &str| {
        let energy = of("facility_energy_kwh", climate);
        100.0 * (energy[7] / energy[best(climate)] - 1.0)
    };
    let (least, most) = range(climates.iter().map(|climate| more(climate)));
    let at =
        |value: f64| climates.iter().find(|climate| more(climate) == value).map(|c| place(c)).expect("one");
    said.says(format!(
        "water of 45 °C takes {least:.1} % ({}) to {most:.1} % ({}) more.",
        at(least),
        at(most)
    ));
    let other: Vec<String> = climates.iter().filter(|climate| *climate != "phoenix").cloned().collect();
    let hottest = range(other.iter().map(|climate| of("max_junction_c", climate)[7])).1;
    said.says(format!(
        "The hottest junction is at {hottest:.0} °C with water of 45 °C, in Phoenix at {:.0} °C.",
        of("max_junction_c", "phoenix")[7]
    ));
    let left = |climate: &str, step: usize| {
        100.0 * of("compressors", climate)[step] / of("facility_energy_kwh", climate)[step]
    };
    let at_37 = range(other.iter().map(|climate| left(climate, 5) - left(climate, 7))).1;
    said.says(format!(
        "From 37 °C on, the compressors of the liquid side take at most {at_37:.1} % of the electricity, in Phoenix {:.1} %: what is left is the air side.",
        left("phoenix", 5) - left("phoenix", 7)
    ));
    said.hold();
}

#[test]
fn zero_water_price_says_what_its_table_says() {
    let cases = Cases::of("zero_water_price");
    let mut said = Said::default();
    let climates = cases.distinct("climate");
    assert_eq!((climates.len(), cases.rows), (21, 42));
    let both = |climate: &str| {
        let row = |cooling| cases.rows(&[("climate", climate), ("cooling", cooling)])[0];
        (row("towers"), row("zero_water"))
    };
    let more = |climate: &str| {
        let (towers, dry) = both(climate);
        100.0 * (cases.n("facility_energy_kwh", dry) / cases.n("facility_energy_kwh", towers) - 1.0)
    };
    let per_m3 = |climate: &str| {
        let (towers, dry) = both(climate);
        (cases.n("facility_energy_kwh", dry) - cases.n("facility_energy_kwh", towers))
            / cases.n("water_m3", towers)
    };
    let other: Vec<&String> = climates.iter().filter(|climate| *climate != "phoenix").collect();
    let (least, most) = range(other.iter().map(|climate| more(climate)));
    let at = |value: f64| place(other.iter().find(|climate| more(climate) == value).expect("one"));
    said.says(format!(
        "Without water the hall takes {least:.1} % ({}) to {most:.1} % ({}) more electricity, and {:.1} % in Phoenix.",
        at(least), at(most), more("phoenix")
    ));
    let (cheap, dear) = range(other.iter().map(|climate| per_m3(climate)));
    said.says(format!(
        "A cubic metre of water not taken costs {cheap:.1} to {dear:.0} kWh, in Phoenix {:.0} kWh.",
        per_m3("phoenix")
    ));
    let litres = |climate: &str| cases.n("wue_site_l_per_kwh", both(climate).0);
    let (low, high) = range(climates.iter().map(|climate| litres(climate)));
    let at = |value: f64| place(climates.iter().find(|climate| litres(climate) == value).expect("one"));
    said.says(format!("Towers take {low:.1} ({}) to {high:.1} L/kWh ({}).", at(low), at(high)));
    let lower =
        climates.iter().filter(|climate| cases.n("pue", both(climate).1) < cases.n("pue", both(climate).0));
    let not: Vec<String> = climates.iter().filter(|c| !lower.clone().any(|l| l == *c)).cloned().collect();
    let it = climates.iter().map(|climate| {
        let (towers, dry) = both(climate);
        cases.n("it_energy_kwh", dry) / cases.n("it_energy_kwh", towers) - 1.0
    });
    let it: Vec<f64> = it.collect();
    said.says(format!(
        "PUE misleads: but for {} it is *lower* without water, because with warmer water to the plates (40 instead of 32 °C) chips leak more, and IT energy is {:.1} % higher.",
        places(not), 100.0 * it.iter().sum::<f64>() / it.len() as f64
    ));
    said.hold();
}

#[test]
fn uncertainty_says_what_its_table_says() {
    let cases = Cases::of("uncertainty");
    let mut said = Said::default();
    let of = |figure: &str, share: f64| percentile(&cases.numbers[figure], share);
    said.says(format!(
        "Nine in ten have a PUE of {:.3} to {:.3} and a hottest junction of {:.1} to {:.1} °C",
        of("pue", 0.05),
        of("pue", 0.95),
        of("max_junction_c", 0.05),
        of("max_junction_c", 0.95)
    ));
    assert!(range(cases.numbers["max_junction_c"].clone()).1 < 85.0, "no version comes near");
    let swung = |parameter: &str, figure: &str| {
        let rows: Vec<(f64, String, f64)> = (0..cases.rows)
            .map(|row| (cases.n(parameter, row), format!("{row}"), cases.n(figure, row)))
            .collect();
        swing(0, None, &rows).expect("a swing").size()
    };
    let parameters = [
        "dry_cooler_approach_k",
        "dry_cooler_fans_kw",
        "cdu_approach_k",
        "cdu_pumps_kw",
        "crah_fans_kw",
        "chiller_cop",
        "leakage",
        "weather_year",
    ];
    let order = |figure: &str| {
        let mut order: Vec<&str> = parameters.to_vec();
        order.sort_by(|a, b| swung(b, figure).total_cmp(&swung(a, figure)));
        order
    };
    let first = order("pue");
    assert!(first[..2].contains(&"chiller_cop") && first[..2].contains(&"dry_cooler_fans_kw"), "{first:?}");
    said.says(format!(
        "The chillers' COP and the fans of the dry coolers move PUE most, by {:.3} from one fifth of their distribution to another.",
        swung(first[0], "pue")
    ));
    for figure in ["pue", "max_junction_c", "max_inlet_c"] {
        assert!(
            swung("weather_year", figure) <= chance(&cases.numbers[figure]),
            "the drawn year moves {figure}"
        );
    }
    assert_eq!((order("max_junction_c")[0], order("max_inlet_c")[0]), ("dry_cooler_approach_k", "leakage"));
    said.says(format!(
        "The approach of the dry coolers moves the hottest junction most, by {:.1} K; leakage past the racks the warmest inlet, by {:.1} K.",
        swung("dry_cooler_approach_k", "max_junction_c"), swung("leakage", "max_inlet_c")
    ));
    said.hold();
}

#[test]
fn the_shipped_tables_are_what_the_program_calculates() {
    let results: Value =
        serde_json::from_str(&fs::read_to_string(root("models/results/results.json")).expect("results.json"))
            .expect("JSON");
    assert_eq!(results["isotherm"].as_str(), Some(env!("CARGO_PKG_VERSION")));
    let folder = tempfile::tempdir().expect("a scratch folder");
    let isotherm = |arguments: &[&str]| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_isotherm")).args(arguments).current_dir(folder.path()).output();
        let output = output.expect("it starts");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    for study in ["siting_china", "supply_temperature", "zero_water_price", "uncertainty"] {
        let shipped = Cases::of(study);
        let count = results[study]["cases"].as_u64().expect("a count") as usize;
        assert_eq!((shipped.rows, results[study]["failed"].as_u64()), (count, Some(0)), "{study}");
        isotherm(&["sweep", "plan", study, "-o", study]);
        // One case of all: the eleventh. The three that are repeated dynamically stand at the end.
        isotherm(&["sweep", "run", study, "--shard", &format!("10/{}", count + 3), "-q"]);
        isotherm(&["sweep", "merge", study, "--json"]);
        let table = open_table(&folder.path().join(study), "cases.parquet", "isotherm.sweep.cases/1")
            .expect("a table");
        for figure in ["pue", "facility_energy_kwh", "max_junction_c"] {
            let found = table.numbers(figure).expect("readable").expect("a column")[10];
            let kept = shipped.n(figure, 10);
            // The energy of a year is kept to a thousandth over changes of the method; beyond that the tables are old.
            assert!(
                (found / kept - 1.0).abs() < 1e-3,
                "{study}: {figure} of case 10 is {found}, the table says {kept}: models/results/make.sh"
            );
        }
    }
}
