//! A finished sweep of the site of a run: how far what is not known moves its figures.
//!
//! Nothing is drawn or evaluated here that `sweep` does not know; it is only held against the run: it must be a sweep of
//! the site that the run is of, by the content of its files.

use std::path::{Path, PathBuf};
use study::read::Run;
use study::write::Fingerprint;
use sweep::SweepError;
use sweep::analyze::{Analysis, analyze};
use sweep::merge::{self, Merged};
use sweep::plan::Plan;

/// What a sweep says of the site of a run.
#[derive(Debug)]
pub struct Uncertainty {
    /// What was varied, and how.
    pub plan: Plan,
    /// What came of it.
    pub merged: Merged,
    /// What that says.
    pub analysis: Analysis,
    /// The figures of the run itself, in the order of the outputs; NaN where it has none.
    pub of_run: Vec<f64>,
    /// BLAKE3 of the site's file, which both have.
    pub site: String,
}

/// Why a sweep says nothing of a run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UncertaintyError {
    /// It cannot be read, is of another version, or its inputs have changed.
    #[error(transparent)]
    Sweep(#[from] SweepError),
    /// Its site is another.
    #[error(
        "{} varies {base}, whose BLAKE3 is {base_hash}; the run is of {site} with {site_hash}: a report shows the \
         uncertainty of its own site only. Run the site that the study names, or name the run's site in the study and plan \
         it again", .folder.display()
    )]
    OtherSite {
        /// The folder of the sweep.
        folder: PathBuf,
        /// Name of the file that the study starts from.
        base: String,
        /// Its hash.
        base_hash: String,
        /// Name of the file that was run.
        site: String,
        /// Its hash.
        site_hash: String,
    },
    /// It starts from several sites.
    #[error(
        "{} compares sites: its parameter {parameter} chooses among them. That is no uncertainty of one", .folder.display()
    )]
    SeveralSites {
        /// The folder of the sweep.
        folder: PathBuf,
        /// The parameter.
        parameter: String,
    },
    /// It is not finished.
    #[error(
        "{} of {} cases in {} are not calculated yet: isotherm sweep run {}",
        .missing, .cases, .folder.display(), .folder.display()
    )]
    Unfinished {
        /// The folder of the sweep.
        folder: PathBuf,
        /// Cases that lack.
        missing: usize,
        /// All cases.
        cases: usize,
    },
}

impl UncertaintyError {
    /// How a command ends that met this error.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Sweep(error) => error.exit_code(),
            Self::OtherSite { .. } | Self::SeveralSites { .. } => 65,
            Self::Unfinished { .. } => 66,
        }
    }
}

impl Uncertainty {
    /// Reads the sweep in `folder` and holds it against the run.
    ///
    /// # Errors
    /// [`UncertaintyError`]: no finished sweep there, or not one of the run's site.
    pub fn read(folder: &Path, run: &Run) -> Result<Self, UncertaintyError> {
        let plan = Plan::open(folder, None)?;
        let site = same_site(&plan, folder, run)?;
        plan.is_current()?;
        if let Some(chooser) = plan.study.chooses_site() {
            let parameter = chooser.id.clone();
            return Err(UncertaintyError::SeveralSites { folder: folder.to_owned(), parameter });
        }
        let merged = merge::read(&plan)?;
        if merged.missing > 0 {
            let (missing, cases) = (merged.missing, merged.cases);
            return Err(UncertaintyError::Unfinished { folder: folder.to_owned(), missing, cases });
        }
        let analysis = analyze(&plan, &merged, &[])?;
        let of_run = plan.layout.figures(&run.summary.raw);
        Ok(Self { plan, merged, analysis, of_run, site })
    }
}

/// The hash of the site's file, where the base of the study is what was run: the same texts, the site's own first.
fn same_site(plan: &Plan, folder: &Path, run: &Run) -> Result<String, UncertaintyError> {
    let base: Vec<Fingerprint> =
        plan.study.base_texts().map(|(name, text)| Fingerprint::of(name, text.as_bytes())).collect();
    let inputs = &run.manifest.inputs;
    let is = |a: &Fingerprint, b: &Fingerprint| a.blake3 == b.blake3;
    let first = base.first().zip(inputs.first()).is_some_and(|(a, b)| is(a, b));
    if first && base.iter().all(|text| inputs.iter().any(|input| is(input, text))) {
        return Ok(base[0].blake3.clone());
    }
    let told = |of: Option<&Fingerprint>| {
        of.map_or_else(Default::default, |of| {
            (of.name.clone(), of.blake3.chars().take(16).collect::<String>())
        })
    };
    // Where only a file differs that the site is based on, that is the one to be told.
    let other = base.iter().find(|text| !inputs.iter().any(|input| is(input, text)));
    let (base, base_hash) = told(if first { other } else { base.first() });
    let same_name = inputs.iter().find(|input| first && input.name == base);
    let (site, site_hash) = told(same_name.or_else(|| inputs.first()));
    Err(UncertaintyError::OtherSite { folder: folder.to_owned(), base, base_hash, site, site_hash })
}
