//! A study file: what is varied in which sites, how it is sampled, what is kept.
//!
//! Read as leniently as a site file: all problems at once, each at its place. Every path, value and option is held
//! against every site that it can meet before anything runs. From a [`StudyFile`] and one [`Value`] for each parameter
//! comes the [`Scenario`] of a case; which values those are is for a sampler to say.

mod parameter;
mod read;
mod sites;
mod together;

pub use parameter::{Distribution, Kind, Measure, Parameter, Value};
pub use read::{Reading, load, load_text, reading};
pub use sites::Mode;

use crate::problem::{Location, Problem};
use crate::{Scenario, edit};
use sites::Site;

/// A study that was read and found good.
#[derive(Debug, Clone)]
pub struct StudyFile {
    /// The file's name without its ending.
    pub id: String,
    /// What it is.
    pub title: String,
    /// What it is to answer.
    pub question: String,
    /// What its author expects.
    pub expect: String,
    /// The text, as it was read.
    pub text: String,
    /// Name of the file, whose ending tells RON from JSON.
    pub name: String,
    /// How a case is calculated.
    pub mode: Mode,
    /// What is varied, in the order of the file.
    pub parameters: Vec<Parameter>,
    /// Pairs of parameters that are drawn together, with the correlation of their normal scores.
    pub correlations: Vec<(usize, usize, f64)>,
    /// The lower factor of these correlations, a row for each parameter; empty where there are none.
    pub factor: Vec<Vec<f64>>,
    /// Which cases are calculated.
    pub sampler: Sampler,
    /// Paths in `summary.json` of the figures to keep; empty for the common ones.
    pub outputs: Vec<String>,
    /// The constraints, as written.
    pub constraints: Vec<String>,
    /// Figures by which cases are ranked: path, and whether less is better.
    pub minimise: Vec<(String, bool)>,
    /// The figures that it names, and where.
    pub figures: Vec<Figure>,
    /// How many cases are run dynamically as well.
    pub also_dynamic: usize,
    /// What it sets in every case: path and value, as written.
    set: Vec<(String, String)>,
    /// The sites: `base`, and those that options name, each with what the study sets.
    sites: Vec<Site>,
}

/// A figure as a study names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Its path in `summary.json`, or the name of a column.
    pub path: String,
    /// Where in the study, such as `outputs[0]`.
    pub field: String,
    /// Where in the text.
    pub location: Option<Location>,
}

impl Figure {
    /// Whether it is to be kept; else cases are ranked by it.
    #[must_use]
    pub fn is_output(&self) -> bool {
        self.field.starts_with("outputs")
    }
}

/// Which cases are calculated.
#[derive(Debug, Clone, PartialEq)]
pub enum Sampler {
    /// Every combination.
    Grid,
    /// The cases that are written.
    List(Vec<Vec<Value>>),
    /// Latin hypercube.
    LatinHypercube {
        /// How many cases.
        cases: usize,
        /// Seed.
        seed: u64,
    },
    /// Scrambled Sobol sequence.
    Sobol {
        /// How many cases.
        cases: usize,
        /// Seed.
        seed: u64,
    },
    /// Independent draws.
    MonteCarlo {
        /// How many cases.
        cases: usize,
        /// Seed.
        seed: u64,
    },
    /// Paths that move one parameter at a time.
    Morris {
        /// How many paths.
        trajectories: usize,
        /// Levels of their grid.
        levels: usize,
        /// Seed.
        seed: u64,
    },
    /// Pairs of samples that exchange one parameter.
    Saltelli {
        /// Size of the base sample.
        base: usize,
        /// Seed.
        seed: u64,
    },
    /// Generations of a search for the cases that none beats.
    Nsga2 {
        /// Cases of a generation.
        population: usize,
        /// How many generations.
        generations: usize,
        /// Seed.
        seed: u64,
    },
}

impl Sampler {
    /// Its name in a study file.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Sampler::Grid => "Grid",
            Sampler::List(_) => "List",
            Sampler::LatinHypercube { .. } => "LatinHypercube",
            Sampler::Sobol { .. } => "Sobol",
            Sampler::MonteCarlo { .. } => "MonteCarlo",
            Sampler::Morris { .. } => "Morris",
            Sampler::Saltelli { .. } => "Saltelli",
            Sampler::Nsga2 { .. } => "Nsga2",
        }
    }
}

impl StudyFile {
    /// The options taken of each [`Kind::Choice`]: cases of the same options mostly have one plant and differ in numbers.
    #[must_use]
    pub fn chosen(&self, values: &[Value]) -> Vec<usize> {
        let of = self.parameters.iter().zip(values);
        let taken = of.filter_map(|(parameter, value)| match (&parameter.kind, value) {
            (Kind::Choice { .. }, Value::Option(option)) => Some(*option),
            _ => None,
        });
        taken.collect()
    }

    /// The site of a case, with one value for each parameter; not checked yet. Files that its fields name are read.
    ///
    /// `dynamic` gives the same case in dynamic steps, whatever the mode of the study.
    ///
    /// # Errors
    /// The problem of the first field that cannot take its value.
    pub fn scenario(&self, values: &[Value], dynamic: bool) -> Result<Scenario, Vec<Problem>> {
        let Some(site) = self.sites.get(self.site_of(values)) else { return Err(Vec::new()) };
        let mut scenario = if dynamic { site.dynamic.clone() } else { site.scenario.clone() };
        for (place, (parameter, value)) in self.parameters.iter().zip(values).enumerate() {
            let kind = self.kind_of(place, values);
            for (path, node) in kind.fields(value) {
                let mut node = node;
                site.adopt(&mut node);
                edit::set_in(&mut scenario, &path, &node, node.at).map_err(|raised| {
                    let raised = raised.at(&path, site.place(parameter.at));
                    vec![raised.locate(&scenario.sources)]
                })?;
            }
        }
        scenario.fetch();
        Ok(scenario)
    }

    /// What varies at a place, where it depends on an option that is chosen elsewhere.
    #[must_use]
    pub fn kind_of(&self, place: usize, values: &[Value]) -> &Kind {
        static NOTHING: Kind = Kind::Choice { options: Vec::new() };
        match self.parameters.get(place).map(|parameter| &parameter.kind) {
            Some(Kind::By { choice, cases }) => match values.get(*choice) {
                Some(Value::Option(option)) => cases.get(*option).unwrap_or(&NOTHING),
                _ => &NOTHING,
            },
            Some(kind) => kind,
            None => &NOTHING,
        }
    }

    /// Which of the sites these values start from.
    fn site_of(&self, values: &[Value]) -> usize {
        let chosen = self.parameters.iter().zip(values).find_map(|(parameter, value)| {
            let (Kind::Choice { options }, Value::Option(option)) = (&parameter.kind, value) else {
                return None;
            };
            options.get(*option)?.site
        });
        chosen.unwrap_or(0)
    }

    /// How a value of a parameter is written, for tables and messages.
    #[must_use]
    pub fn written(&self, place: usize, values: &[Value]) -> String {
        values.get(place).map(|value| self.kind_of(place, values).written(value)).unwrap_or_default()
    }

    /// Name and text of the base site's file, then of those that it is based on.
    pub fn base_texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.sites.first().map_or(&[][..], Site::texts);
        own.iter().map(|source| (source.name.as_str(), source.text.as_str()))
    }

    /// The parameter that chooses among sites, if one does.
    #[must_use]
    pub fn chooses_site(&self) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| match &parameter.kind {
            Kind::Choice { options } => options.iter().any(|option| option.site.is_some()),
            _ => false,
        })
    }

    /// What the study sets in every case: path and value, as written.
    #[must_use]
    pub fn set(&self) -> &[(String, String)] {
        &self.set
    }

    /// The paths of the sites' files, for the account of inputs.
    #[must_use]
    pub fn site_names(&self) -> Vec<String> {
        self.sites.iter().map(|site| site.name.clone()).collect()
    }
}
