//! Generations of a search: each is a batch of cases like any other, and follows from the rows of those before.
//!
//! Nothing of a search is written down: whoever reads the same rows asks for the same cases, so a search that was killed
//! goes on where it was, in any number of shards.

use super::{Entry, Plan, spread};
use crate::SweepError;
use crate::analyze;
use crate::evaluate::{self, Hashes};
use crate::nsga2::{Individual, Nsga2, Options, Score};
use crate::row::{Figures, Row};
use crate::sample;
use rayon::prelude::*;
use scenario::study_file::{Mode, Sampler, StudyFile, Value};
use std::collections::BTreeMap;

/// A search between two generations.
#[derive(Debug, Clone)]
pub(super) struct Search {
    nsga2: Nsga2,
    generations: usize,
    /// Places of the figures to be small, and whether less is better.
    figures: Vec<(usize, bool)>,
    /// The points of the generation that was asked for last, and the number of its first case.
    asked: Vec<Vec<f64>>,
    first: usize,
    /// Cases that are to be repeated in dynamic steps once it has ended.
    also_dynamic: usize,
    ended: bool,
}

impl Search {
    /// The search of a study, its first generation asked for; nothing where its sampler is another.
    pub fn of(study: &StudyFile, figures: Vec<(usize, bool)>) -> Option<Search> {
        let Sampler::Nsga2 { population, generations, seed } = study.sampler else { return None };
        let nsga2 = Nsga2::new(Options { population, dimensions: study.parameters.len(), seed });
        let also_dynamic = if study.mode == Mode::QuasiSteady { study.also_dynamic } else { 0 };
        let asked = nsga2.ask(&|_| String::new());
        Some(Search { nsga2, generations, figures, asked, first: 0, also_dynamic, ended: false })
    }
}

/// What is written of a case: two points with the same values are the same case.
fn key(study: &StudyFile, values: &[Value]) -> String {
    let one = |value: &Value| match value {
        Value::Number(number) => format!("{:016x}", number.to_bits()),
        Value::Option(option) => format!("{option}"),
    };
    debug_assert_eq!(values.len(), study.parameters.len());
    values.iter().map(one).collect::<Vec<String>>().join(" ")
}

/// What a row is to a search.
fn score(row: &Row, figures: &[(usize, bool)]) -> Score {
    let Ok(Figures { outputs, margins, met }) = &row.result else { return Score::Failed };
    let cost = |&(place, less): &(usize, bool)| {
        let value = outputs.get(place).copied().unwrap_or(f64::NAN);
        if less { value } else { -value }
    };
    let costs: Vec<f64> = figures.iter().map(cost).collect();
    // What is missed without a margin is missed by nobody knows how much.
    let unknown = !met && margins.iter().all(|margin| margin.is_nan() || *margin >= 0.0);
    if costs.iter().any(|cost| !cost.is_finite()) || unknown {
        return Score::Failed;
    }
    // Within tolerance of a target is met.
    let missed = margins.iter().map(|margin| if *met || margin.is_nan() { 0.0 } else { (-margin).max(0.0) });
    Score::Known { costs, missed: missed.collect() }
}

impl Plan {
    /// Generations that are complete, and how many there will be; nothing where cases are not searched.
    #[must_use]
    pub fn generations(&self) -> Option<(usize, usize)> {
        self.search.as_ref().map(|search| (search.nsga2.generation(), search.generations))
    }

    /// Cases that there will be, those that are repeated dynamically among them.
    #[must_use]
    pub fn expected(&self) -> usize {
        match (&self.search, &self.study.sampler) {
            (Some(search), Sampler::Nsga2 { population, generations, .. }) if !search.ended => {
                population * generations + search.also_dynamic
            }
            _ => self.entries.len(),
        }
    }

    /// Asks for the next generation where all cases of the last one have rows, and after the last generation for cases of
    /// the front in dynamic steps. Tells whether there is more to calculate now.
    pub(crate) fn grow(&mut self, rows: &BTreeMap<String, Row>) -> Result<bool, SweepError> {
        let Some(search) = &mut self.search else { return Ok(false) };
        if search.ended {
            return Ok(false);
        }
        let entries = &self.entries[search.first..];
        let Some(found) = entries.iter().map(|entry| rows.get(&entry.id)).collect::<Option<Vec<&Row>>>()
        else {
            return Ok(false);
        };
        let told = search
            .asked
            .iter()
            .zip(found)
            .map(|(point, row)| Individual { point: point.clone(), score: score(row, &search.figures) });
        let told = told.collect();
        search.nsga2.tell(told);
        let study = &self.study;
        let begun = self.entries.len();
        if search.nsga2.generation() < search.generations {
            let asked = search.nsga2.ask(&|point| key(study, &sample::values(study, point)));
            for point in &asked {
                let values = sample::values(study, point);
                self.entries.push(Entry {
                    number: self.entries.len(),
                    dynamic_of: None,
                    values,
                    id: String::new(),
                });
            }
            (search.asked, search.first) = (asked, begun);
        } else {
            search.ended = true;
            let front = analyze::best::unbeaten(&self.entries, rows, &search.figures);
            for place in spread(front.len(), search.also_dynamic) {
                let of = &self.entries[front[place]];
                let entry = Entry {
                    number: self.entries.len(),
                    dynamic_of: Some(of.number),
                    values: of.values.clone(),
                    id: String::new(),
                };
                self.entries.push(entry);
            }
        }
        let hashes = Hashes::default();
        let ids: Vec<String> = self.entries[begun..]
            .par_iter()
            .map(|entry| evaluate::resolve(study, &entry.values, entry.dynamic_of.is_some(), &hashes).id)
            .collect();
        for (entry, id) in self.entries[begun..].iter_mut().zip(ids) {
            entry.id = id;
        }
        Ok(begun < self.entries.len())
    }

    /// All generations that follow from these rows.
    pub(crate) fn grow_all(&mut self, rows: &BTreeMap<String, Row>) -> Result<(), SweepError> {
        while self.grow(rows)? {}
        Ok(())
    }
}
