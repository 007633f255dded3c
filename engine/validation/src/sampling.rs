//! Samplers and sensitivity against SciPy and SALib: `tests/validation/salib`.

use crate::source::{Kind, Source};
use crate::{Case, Checks, Fault, Table, Worst};
use sweep::analyze::{morris, sobol as indices};
use sweep::sample::sobol;

/// Indices of Sobol and Morris.
pub const SALIB: Source =
    Source { id: "salib", title: "SALib 1.6.0", kind: Kind::Program, tables: "tests/validation/salib" };
/// The sequence of Sobol.
pub const SCIPY: Source = Source {
    id: "scipy",
    title: "SciPy 1.17.1, stats.qmc",
    kind: Kind::Program,
    tables: "tests/validation/salib",
};

/// What is compared here.
pub const CASES: &[Case] = &[
    Case {
        id: "sobol_sequence",
        title: "64 points of the Sobol sequence in 20 dimensions",
        source: &SCIPY,
        covers: &["sweeps"],
        evaluate: sequence,
    },
    Case {
        id: "sobol_indices",
        title: "Indices of Sobol for the function of Ishigami",
        source: &SALIB,
        covers: &["sweeps"],
        evaluate: sobol_indices,
    },
    Case {
        id: "morris_effects",
        title: "Elementary effects of Morris for the function of Ishigami",
        source: &SALIB,
        covers: &["sweeps"],
        evaluate: morris_effects,
    },
];

macro_rules! table {
    ($name:literal) => {
        Table::read($name, include_str!(concat!("../../../tests/validation/salib/", $name)))
    };
}

fn sequence(checks: &mut Checks) -> Result<(), Fault> {
    const DIMENSIONS: usize = 20;
    let table = table!("sobol.csv")?;
    let mut theirs = Vec::new();
    for row in table.rows() {
        let mut point = Vec::new();
        for k in 0..DIMENSIONS {
            point.push(row.get(&format!("x{k}"))?);
        }
        theirs.push(point);
    }
    let mut ours = sobol::plain(64, DIMENSIONS);
    // SciPy gives the same set in the order of the Gray code.
    let order = |a: &Vec<f64>, b: &Vec<f64>| a.iter().zip(b).map(|(a, b)| a.total_cmp(b)).find(|o| o.is_ne());
    ours.sort_by(|a, b| order(a, b).unwrap_or(std::cmp::Ordering::Equal));
    theirs.sort_by(|a, b| order(a, b).unwrap_or(std::cmp::Ordering::Equal));
    let mut worst = Worst::absolute("points", "coordinates", "");
    for (k, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
        for (d, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
            worst.compare(*ours, *theirs, &format!("point {k}, dimension {d}"));
        }
    }
    checks.worst(worst, 64 * DIMENSIONS, 0.0, "nothing: every bit");
    Ok(())
}

fn sobol_indices(checks: &mut Checks) -> Result<(), Fault> {
    let mut y = Vec::new();
    for row in table!("ishigami_saltelli.csv")?.rows() {
        y.push(row.get("y")?);
    }
    let ours = indices::indices(&y, 3).ok_or_else(|| Fault::Missing("index of a constant".into()))?;
    let [mut first, mut total] =
        [Worst::absolute("first", "first-order index", ""), Worst::absolute("total", "total index", "")];
    for (index, row) in ours.iter().zip(table!("ishigami_sobol.csv")?.rows()) {
        let at = row.text("name")?;
        first.compare(index.first, row.get("first")?, at);
        total.compare(index.total, row.get("total")?, at);
    }
    checks.worst(first, 3, 1e-12, "rounding");
    checks.worst(total, 3, 1e-12, "rounding");
    Ok(())
}

fn morris_effects(checks: &mut Checks) -> Result<(), Fault> {
    let (mut points, mut y) = (Vec::new(), Vec::new());
    for row in table!("ishigami_paths.csv")?.rows() {
        points.push(row.all(["u1", "u2", "u3"])?.to_vec());
        y.push(row.get("y")?);
    }
    let mut worst = [
        Worst::relative("mean", "μ, relative to at least 1", ""),
        Worst::relative("size", "μ*, relative to at least 1", ""),
        Worst::relative("deviation", "σ, relative to at least 1", ""),
    ];
    for (effect, row) in morris::effects(&points, &y).iter().zip(table!("ishigami_morris.csv")?.rows()) {
        let expected = row.all(["mu", "mu_star", "sigma"])?;
        for ((worst, got), expected) in
            worst.iter_mut().zip([effect.mean, effect.mean_size, effect.deviation]).zip(expected)
        {
            worst.compare_in(got, expected, expected.abs().max(1.0), row.text("name")?);
        }
    }
    for worst in worst {
        checks.worst(worst, 3, 1e-12, "rounding");
    }
    Ok(())
}
