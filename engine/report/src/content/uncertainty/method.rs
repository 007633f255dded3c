//! How the percentiles were found: the cases, what was drawn and from where, and what to be careful with.

use super::{Output, drawn_by_chance, drivers};
use crate::content::{Page, key_figures, words};
use crate::document::{Block, Cell, Table, grouped};
use crate::uncertainty::Uncertainty;
use scenario::study_file::{Distribution, Kind, Measure, Mode, Parameter, Sampler, Value};
use units::Quantity;

/// What a reader must be told before trusting the percentiles.
pub(super) fn notes(page: &Page, of: &Uncertainty, outputs: &[Output]) -> Vec<String> {
    let mut notes = Vec::new();
    let separator = page.t("list-separator");
    if of.merged.failed > 0 {
        let values = [("failed", of.merged.failed.to_string()), ("cases", of.merged.cases.to_string())];
        notes.push(page.say("unc-note-failed", &pairs(&values)));
    }
    let outside: Vec<String> = (outputs.iter())
        .filter(|o| {
            let [low, _, high] = o.found.percentiles;
            o.varies() && (o.of_run < low || o.of_run > high)
        })
        .map(|output| output.name.clone())
        .collect();
    if !outside.is_empty() {
        notes.push(page.say("unc-note-outside", &[("figures", &outside.join(&separator))]));
    }
    // What the run was told beside its site, and the cases were not.
    let set = of.plan.study.set();
    let settings = page.run.manifest.settings.get("set").and_then(|set| set.as_array());
    let own: Vec<String> = (settings.into_iter().flatten())
        .filter_map(|pair| Some((pair.get(0)?.as_str()?, pair.get(1)?.as_str()?)))
        // How long and how it is calculated is told with the method.
        .filter(|(path, _)| {
            of.plan.study.mode == Mode::AsWritten || !path.starts_with("run.") || *path == "run.seed"
        })
        .filter(|(path, value)| {
            !set.iter().any(|(other, theirs)| other == path && theirs.trim_matches('"') == *value)
        })
        .map(|(path, value)| format!("{path} = {value}"))
        .collect();
    if !own.is_empty() {
        notes.push(page.say("unc-note-settings", &[("settings", &own.join(&separator))]));
    }
    if !page.run.summary.period.whole_year && of.plan.study.mode != Mode::AsWritten {
        notes.push(page.t("unc-note-period"));
    }
    notes
}

pub(super) fn blocks(page: &Page, of: &Uncertainty) -> Vec<Block> {
    let study = &of.plan.study;
    let seed = match study.sampler {
        Sampler::Grid | Sampler::List(_) => None,
        Sampler::LatinHypercube { seed, .. }
        | Sampler::Sobol { seed, .. }
        | Sampler::MonteCarlo { seed, .. }
        | Sampler::Morris { seed, .. }
        | Sampler::Saltelli { seed, .. }
        | Sampler::Nsga2 { seed, .. } => Some(seed),
    };
    let sampler = page.t(match study.sampler {
        Sampler::Grid => "sampler-grid",
        Sampler::List(_) => "sampler-list",
        Sampler::LatinHypercube { .. } => "sampler-latin-hypercube",
        Sampler::Sobol { .. } => "sampler-sobol",
        Sampler::MonteCarlo { .. } => "sampler-monte-carlo",
        Sampler::Morris { .. } => "sampler-morris",
        Sampler::Saltelli { .. } => "sampler-saltelli",
        Sampler::Nsga2 { .. } => "sampler-nsga2",
    });
    let title = if study.title.is_empty() { study.id.clone() } else { study.title.clone() };
    let mut said = vec![
        page.say("unc-study", &[("study", &study.id), ("title", &title)]),
        page.say("unc-site", &[("hash", &short(&of.site))]),
    ];
    let cases = grouped(of.merged.cases as f64, 0);
    said.push(match seed {
        Some(seed) => page
            .say("unc-cases-seed", &[("cases", &cases), ("sampler", &sampler), ("seed", &seed.to_string())]),
        None => page.say("unc-cases", &[("cases", &cases), ("sampler", &sampler)]),
    });
    said.push(page.t(match study.mode {
        Mode::QuasiSteady => "unc-mode-quasi-steady",
        Mode::Dynamic => "unc-mode-dynamic",
        Mode::AsWritten => "unc-mode-as-written",
    }));
    let worst = of.merged.differences.iter().filter(|d| d.relative.is_finite());
    if let Some(worst) = worst.max_by(|a, b| a.relative.total_cmp(&b.relative)) {
        let layout = &of.plan.layout;
        let path =
            layout.outputs.iter().find(|output| output.column == worst.output).map(|output| &output.path);
        let known = path.and_then(|path| key_figures::known(page, path));
        let figure = known.map_or_else(|| worst.output.replace('_', " "), |(name, ..)| page.inside(&name));
        let values = [
            ("pairs", worst.pairs.to_string()),
            ("share", format!("{}\u{202f}%", grouped(100.0 * worst.relative, 2))),
            ("figure", figure),
        ];
        said.push(page.say("unc-dynamic", &pairs(&values)));
    }
    for (a, b, coefficient) in &study.correlations {
        let values = [
            ("a", drivers::name(of, *a)),
            ("b", drivers::name(of, *b)),
            ("coefficient", grouped(*coefficient, 2)),
        ];
        said.push(page.say("unc-correlated", &pairs(&values)));
    }
    for (path, value) in study.set() {
        said.push(page.say("unc-set", &[("path", path), ("value", value)]));
    }
    said.push(page.say("unc-hash", &[("hash", &of.merged.hash)]));
    vec![Block::List(said), Block::Table(distributions(page, of))]
}

fn pairs<'a>(values: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    values.iter().map(|(key, value)| (*key, value.as_str())).collect()
}

/// The first sixteen digits of a hash.
fn short(hash: &str) -> String {
    hash.chars().take(16).collect()
}

fn distributions(page: &Page, of: &Uncertainty) -> Table {
    let columns = vec![
        words(page, "parameter"),
        words(page, "field"),
        words(page, "distribution"),
        words(page, "source"),
    ];
    let mut table = Table::new("distributions", page.t("table-distributions"), columns);
    for parameter in &of.plan.study.parameters {
        let source =
            if parameter.source.is_empty() { page.t("unc-no-source") } else { parameter.source.clone() };
        table.push(vec![
            Cell::text(drivers::spelled(&parameter.id)),
            Cell::text(fields(page, parameter)),
            Cell::text(distributed(page, of, &parameter.kind)),
            Cell::text(source),
        ]);
    }
    table.remarks.push(page.t(if drawn_by_chance(of) { "unc-remark-drawn" } else { "unc-remark-grid" }));
    table
}

/// The fields that a parameter sets, each once.
fn fields(page: &Page, parameter: &Parameter) -> String {
    let mut paths: Vec<&str> = Vec::new();
    collect(&parameter.kind, &mut paths);
    paths.join(&page.t("list-separator"))
}

fn collect<'a>(kind: &'a Kind, paths: &mut Vec<&'a str>) {
    let mut add = |path: &'a str| {
        if !paths.contains(&path) {
            paths.push(path);
        }
    };
    match kind {
        Kind::Number { fields, .. } | Kind::Named { fields, .. } => {
            fields.iter().for_each(|field| add(&field.path));
        }
        Kind::Choice { options } => {
            options.iter().flat_map(|option| &option.set).for_each(|(path, _)| add(path));
        }
        Kind::By { cases, .. } => cases.iter().for_each(|case| collect(case, paths)),
    }
}

fn distributed(page: &Page, of: &Uncertainty, kind: &Kind) -> String {
    let shown = |value: f64| kind.written(&Value::Number(value));
    let list = |all: Vec<String>| all.join(&page.t("list-separator"));
    match kind {
        Kind::Number { distribution, measure, .. } => match distribution {
            Distribution::Values(values) => page
                .say("dist-values", &[("values", &list(values.iter().map(|&value| shown(value)).collect()))]),
            Distribution::Range { from, to, .. } => {
                let whole = if *measure == Measure::Whole { "dist-whole" } else { "dist-uniform" };
                page.say(whole, &[("from", &shown(*from)), ("to", &shown(*to))])
            }
            Distribution::Normal { mean, deviation, low, high } => {
                let deviation = match measure {
                    // Beside a mean that is no percentage.
                    Measure::Quantity(Quantity::Ratio) if !shown(*mean).ends_with('%') => {
                        format!("{deviation}")
                    }
                    Measure::Quantity(Quantity::Temperature) => {
                        Quantity::TemperatureDifference.display(*deviation)
                    }
                    _ => shown(*deviation),
                };
                let values = [
                    ("mean", shown(*mean)),
                    ("deviation", deviation),
                    ("low", shown(*low)),
                    ("high", shown(*high)),
                ];
                page.say("dist-normal", &pairs(&values))
            }
            Distribution::Triangular { low, mode, high } => {
                let values = [("low", shown(*low)), ("mode", shown(*mode)), ("high", shown(*high))];
                page.say("dist-triangular", &pairs(&values))
            }
            Distribution::LogNormal { median, spread, low, high } => {
                let values = [
                    ("median", shown(*median)),
                    ("spread", grouped(*spread, 2)),
                    ("low", shown(*low)),
                    ("high", shown(*high)),
                ];
                page.say("dist-log-normal", &pairs(&values))
            }
        },
        Kind::Named { values, .. } => {
            let all = (0..values.len()).map(|place| kind.written(&Value::Option(place))).collect();
            page.say("dist-values", &[("values", &list(all))])
        }
        Kind::Choice { options } => page.say(
            "dist-values",
            &[("values", &list(options.iter().map(|option| option.id.clone()).collect()))],
        ),
        Kind::By { choice, cases } => {
            let options = match of.plan.study.parameters.get(*choice).map(|parameter| &parameter.kind) {
                Some(Kind::Choice { options }) => options.as_slice(),
                _ => &[],
            };
            let each = options.iter().zip(cases);
            let all: Vec<String> = each
                .map(|(option, case)| format!("{}: {}", option.id, distributed(page, of, case)))
                .collect();
            all.join("; ")
        }
    }
}
