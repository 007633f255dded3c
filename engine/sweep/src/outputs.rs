//! The figures that are kept of each case.

use serde_json::Value;
use std::borrow::Cow;

/// The figures that are kept where a study names none, by their path in `summary.json`.
pub const COMMON: [&str; 12] = [
    "metrics.pue",
    "metrics.wue_site_l_per_kwh",
    "metrics.cue_kg_per_kwh",
    "metrics.itue",
    "metrics.tue",
    "metrics.erf",
    "metrics.it_energy_kwh",
    "metrics.facility_energy_kwh",
    "metrics.water_m3",
    "metrics.max_junction_c",
    "metrics.max_inlet_c",
    "metrics.free_cooling_hours",
];

/// Names of columns that are not figures.
pub(crate) const RESERVED: [&str; 8] = ["case", "case_id", "kind", "of", "status", "code", "message", "met"];

/// How the names of columns begin that say what is to spare of a constraint.
pub(crate) const MARGIN: &str = "margin";

/// A figure that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its path in `summary.json`.
    pub path: String,
    /// Name of its column.
    pub column: String,
}

/// What a row holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Its figures.
    pub outputs: Vec<Output>,
    /// The constraints, as written; a margin of each.
    pub constraints: Vec<String>,
}

impl Layout {
    /// The layout of a study whose parameters have these columns.
    #[must_use]
    pub fn new(paths: &[String], constraints: &[String], taken: &[String]) -> Layout {
        let paths: Vec<String> = if paths.is_empty() {
            COMMON.iter().map(|&path| path.to_owned()).collect()
        } else {
            paths.to_vec()
        };
        let mut outputs: Vec<Output> = Vec::with_capacity(paths.len());
        for path in paths {
            if outputs.iter().any(|output| output.path == path) {
                continue;
            }
            let short = path.rsplit('.').next().unwrap_or(&path).to_owned();
            let is_taken = |name: &str| {
                RESERVED.contains(&name)
                    || name.starts_with(MARGIN)
                    || taken.iter().any(|t| t == name)
                    || outputs.iter().any(|output| output.column == name)
            };
            let mut column = if is_taken(&short) { path.replace('.', "_") } else { short };
            while is_taken(&column) {
                column = format!("output_{column}");
            }
            outputs.push(Output { path, column });
        }
        Layout { outputs, constraints: constraints.to_vec() }
    }

    /// Whether a figure lies below this name in `summary.json`.
    #[must_use]
    pub fn reads(&self, section: &str) -> bool {
        self.outputs.iter().any(|output| output.path.split(['.', '[']).next() == Some(section))
    }

    /// The figures of a summary; what has no value is NaN.
    #[must_use]
    pub fn figures(&self, summary: &Value) -> Vec<f64> {
        let one = |output: &Output| match find(summary, &output.path) {
            Some(Value::Bool(value)) => f64::from(u8::from(*value)),
            Some(value) => value.as_f64().unwrap_or(f64::NAN),
            None => f64::NAN,
        };
        self.outputs.iter().map(one).collect()
    }

    /// The column of a figure, by its path or by the name of its column.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<usize> {
        self.outputs.iter().position(|output| output.path == name || output.column == name)
    }
}

/// The way out where the summary of a run has no figure, with or without a value, at a path.
pub(crate) fn missing(summary: &Value, path: &str) -> Option<String> {
    match find(summary, path) {
        None => Some(hint(summary, path)),
        Some(found) if found.is_null() || found.is_number() || found.is_boolean() => None,
        Some(_) => Some("there is no number at this path of summary.json".into()),
    }
}

/// The value at a path such as `metrics.pue` or `racks[0].pue`.
fn find<'a>(summary: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(summary, |value, part| {
        let (name, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
        let mut value = value.get(name)?;
        while let Some(inner) = rest.strip_prefix('[') {
            let (index, after) = inner.split_once(']')?;
            value = value.get(index.parse::<usize>().ok()?)?;
            rest = after;
        }
        Some(value)
    })
}

fn hint(summary: &Value, wanted: &str) -> String {
    let mut paths = Vec::new();
    numbers(summary, String::new(), &mut paths);
    let near = paths
        .iter()
        .map(|path| {
            // Whoever leaves out the group means the figure of that name.
            let tail = path.rsplit('.').next().unwrap_or(path);
            (strsim::osa_distance(wanted, path).min(strsim::osa_distance(wanted, tail)), path)
        })
        .min_by_key(|&(distance, _)| distance);
    match near {
        Some((distance, path)) if distance <= wanted.len() / 3 + 1 => format!("did you mean {path}?"),
        _ => "write the path of a number in summary.json, for example metrics.pue".to_owned(),
    }
}

fn numbers(value: &Value, path: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let within = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                numbers(value, within, found);
            }
        }
        Value::Number(_) => found.push(path),
        _ => {}
    }
}

/// Ends of the names of columns, and the units that they stand for.
const UNITS: [(&str, &str); 17] = [
    ("_l_per_kwh", "L/kWh"),
    ("_kg_per_kwh", "kg/kWh"),
    ("_per_kwh", "1/kWh"),
    ("_kwh", "kWh"),
    ("_kw", "kW"),
    ("_m3_per_s", "m3/s"),
    ("_kg_per_s", "kg/s"),
    ("_m3", "m3"),
    ("_kg", "kg"),
    ("_kpa", "kPa"),
    ("_hours", "h"),
    ("_relative", "1"),
    ("_share", "1"),
    ("_c", "degC"),
    ("_k", "K"),
    ("_w", "W"),
    ("_s", "s"),
];

/// The unit that the name of a column ends in.
pub(crate) fn unit(column: &str) -> Cow<'static, str> {
    UNITS.iter().find(|(end, _)| column.ends_with(end)).map_or(Cow::Borrowed(""), |&(_, unit)| unit.into())
}

/// The name of a column without its unit, and the unit; empty where there is none.
#[must_use]
pub fn parted(column: &str) -> (&str, &'static str) {
    let found = UNITS.iter().find_map(|(end, unit)| Some((column.strip_suffix(end)?, *unit)));
    found.unwrap_or((column, ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn figures_are_found_by_their_path_and_what_is_null_is_not_a_number() {
        let summary = json!({"metrics": {"pue": 1.2, "erf": null}, "racks": [{"pue": 1.1}]});
        let paths = ["metrics.pue", "metrics.erf", "racks[0].pue"].map(str::to_owned);
        let layout = Layout::new(&paths, &[], &[]);
        assert!(paths.iter().all(|path| missing(&summary, path).is_none()));
        let figures = layout.figures(&summary);
        assert_eq!((figures[0], figures[1].is_nan(), figures[2]), (1.2, true, 1.1));
        // The second pue needs its whole path.
        assert_eq!(layout.outputs[2].column, "racks[0]_pue");
    }

    #[test]
    fn a_figure_that_does_not_exist_is_told_the_nearest() {
        let summary = json!({"metrics": {"pue": 1.2, "water_m3": 0.0}});
        assert_eq!(missing(&summary, "metrics.peu").as_deref(), Some("did you mean metrics.pue?"));
        assert!(missing(&summary, "metrics").is_some_and(|help| help.contains("no number")));
    }

    #[test]
    fn the_unit_is_the_end_of_the_name() {
        for (column, expected) in
            [("wue_site_l_per_kwh", "L/kWh"), ("water_m3", "m3"), ("max_inlet_c", "degC"), ("pue", "")]
        {
            assert_eq!(unit(column), expected);
        }
    }
}
