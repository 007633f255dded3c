//! Which cases are calculated, and which parameters are drawn together.

use super::{Reader, counted};
use crate::node::{Node, quoted};
use crate::problem::{Raised, code};
use crate::read::nearest::hint;
use crate::read::value;
use crate::schema::study::MOST_IN_ALL;
use crate::study_file::Sampler;
use crate::study_file::parameter::{Kind, Parameter, Value, named};
use crate::study_file::together;
use std::collections::BTreeSet;

impl Reader<'_> {
    /// Refuses what would never end.
    pub(super) fn count(&mut self, sampler: &Sampler, parameters: &[Parameter]) {
        let k = parameters.len() as f64;
        let (cases, less) = match *sampler {
            Sampler::Grid => {
                let levels = parameters.iter().map(|parameter| parameter.kind.levels() as f64);
                (levels.product(), "fewer values, or a sampler in place of the grid")
            }
            Sampler::Morris { trajectories, .. } => ((k + 1.0) * trajectories as f64, "fewer trajectories"),
            Sampler::Saltelli { base, .. } => ((k + 2.0) * base as f64, "a smaller base"),
            Sampler::Nsga2 { population, generations, .. } => {
                (population as f64 * generations as f64, "a smaller population, or fewer generations")
            }
            _ => return,
        };
        if cases > MOST_IN_ALL {
            // A grid is what is taken where nothing is written.
            let (path, node) = match (self.root.get("sampler"), self.root.get("parameters")) {
                (None, Some(node)) => ("parameters", node),
                (written, _) => ("sampler", written.unwrap_or(self.root)),
            };
            let cases = if cases < 1e15 { format!("{cases:.0}") } else { format!("{cases:.1e}") };
            let message =
                format!("the study has {cases} cases, at most {MOST_IN_ALL:.0} are calculated: {less}");
            self.error(code::TOO_MANY, path, node.at, message);
        }
    }

    /// The factor of what is drawn together.
    pub(super) fn factor(
        &mut self,
        correlations: &[(usize, usize, f64)],
        parameters: &[Parameter],
    ) -> Vec<Vec<f64>> {
        if correlations.is_empty() {
            return Vec::new();
        }
        let wrong = match together::factor(parameters.len(), correlations) {
            Ok(factor) => return factor,
            Err(wrong) => wrong,
        };
        let id = |place: usize| parameters[place].id.as_str();
        let of: Vec<String> = (correlations.iter())
            .filter(|(a, b, _)| *a == wrong || *b == wrong)
            .map(|(a, b, coefficient)| {
                format!("{coefficient} with {}", id(if *a == wrong { *b } else { *a }))
            })
            .collect();
        let message = format!(
            "no numbers are correlated in this way: {} cannot be {} as the others are to each other; make the coefficients \
             smaller",
            id(wrong),
            of.join(" and ")
        );
        let at = self.root.get("correlations").map_or(self.root.at, |node| node.at);
        self.error(code::OUT_OF_BOUNDS, "correlations", at, message);
        Vec::new()
    }

    pub(super) fn correlations(
        &mut self,
        parameters: &[Parameter],
        sampler: &Sampler,
    ) -> Vec<(usize, usize, f64)> {
        let mut found = Vec::new();
        let list = self.root.get("correlations");
        for (k, node) in list.map_or(&[][..], Node::items).iter().enumerate() {
            let path = format!("correlations[{k}]");
            let mut pair = Vec::new();
            for item in node.get("between").map_or(&[][..], Node::items) {
                let wanted = item.as_text().unwrap_or_default();
                match parameters.iter().position(|p| p.id == wanted) {
                    Some(place) if matches!(parameters[place].kind, Kind::Number { .. }) => pair.push(place),
                    None if self.refused.iter().any(|id| id == wanted) => {}
                    Some(_) => {
                        let message = format!("{wanted} is no number: only numbers are drawn together");
                        self.error(code::WRONG_TYPE, path.clone(), item.at, message);
                    }
                    None => {
                        let ids: Vec<&str> = parameters.iter().map(|p| p.id.as_str()).collect();
                        let message = format!("there is no parameter {}", quoted(wanted));
                        let raised = Raised::error(code::UNKNOWN_ID, path.clone(), item.at, message);
                        self.problems.add(raised.maybe_help(hint(wanted, &ids)));
                    }
                }
            }
            let coefficient = node.get("coefficient").and_then(value::number).unwrap_or(0.0);
            match pair[..] {
                [a, b] if found.iter().any(|&(c, d, _)| (c, d) == (a, b) || (d, c) == (a, b)) => {
                    let (a, b) = (&parameters[a].id, &parameters[b].id);
                    let message = format!("{a} and {b} have a coefficient already");
                    self.error(code::DUPLICATE, path, node.at, message);
                }
                [a, b] if a != b => found.push((a, b, coefficient)),
                [_, _] => self.error(code::ALTERNATIVES, path, node.at, "a parameter with itself"),
                _ => {}
            }
        }
        let drawn = matches!(
            sampler,
            Sampler::MonteCarlo { .. } | Sampler::LatinHypercube { .. } | Sampler::Sobol { .. }
        );
        // One that does not exist has been reported, and is taken for a grid.
        let written = self.root.get("sampler").and_then(Node::name);
        let known = written.is_none_or(|written| written == sampler.name());
        if let Some(list) = list.filter(|list| !list.items().is_empty() && !drawn && known) {
            let message = format!(
                "{} takes parameters as independent: use MonteCarlo, LatinHypercube or Sobol",
                sampler.name()
            );
            self.error(code::ALTERNATIVES, "correlations", list.at, message);
        }
        found
    }

    pub(super) fn sampler(&mut self, parameters: &[Parameter]) -> Option<Sampler> {
        let Some(node) = self.root.get("sampler") else { return Some(Sampler::Grid) };
        let cases = counted(node, "cases", 1);
        let seed = counted(node, "seed", 1) as u64;
        Some(match node.name()? {
            "List" => Sampler::List(self.list(node, parameters)?),
            "LatinHypercube" => Sampler::LatinHypercube { cases, seed },
            "Sobol" => Sampler::Sobol { cases, seed },
            "MonteCarlo" => Sampler::MonteCarlo { cases, seed },
            "Morris" => {
                let levels = counted(node, "levels", 4);
                if levels % 2 == 1 {
                    let at = node.get("levels").map_or(node.at, |n| n.at);
                    let message =
                        format!("is {levels}, but an even number is needed: half of them is one move");
                    self.error(code::OUT_OF_BOUNDS, "sampler.levels", at, message);
                }
                Sampler::Morris { trajectories: counted(node, "trajectories", 10), levels, seed }
            }
            "Saltelli" => Sampler::Saltelli { base: counted(node, "base", 64), seed },
            "Nsga2" => {
                if self.root.get("minimise").map_or(&[][..], Node::items).is_empty() {
                    let message =
                        "a search is for something: say in `minimise` which figures are to be small";
                    self.error(code::MISSING_FIELD, "minimise", node.at, message);
                }
                let population = counted(node, "population", 40);
                Sampler::Nsga2 { population, generations: counted(node, "generations", 25), seed }
            }
            _ => Sampler::Grid,
        })
    }

    /// The cases of a list, each with a value of every parameter.
    fn list(&mut self, node: &Node, parameters: &[Parameter]) -> Option<Vec<Vec<Value>>> {
        let items = node.get("cases")?.items();
        if items.is_empty() {
            self.error(code::MISSING_FIELD, "sampler.cases", node.at, "the list is empty");
        }
        let refused = self.refused.clone();
        let ids: Vec<&str> =
            parameters.iter().map(|p| p.id.as_str()).chain(refused.iter().map(String::as_str)).collect();
        let mut cases = Vec::with_capacity(items.len());
        // Values that were held against their fields: a list repeats few of them often.
        let mut fitted = BTreeSet::new();
        for (k, item) in items.iter().enumerate() {
            let path = format!("sampler.cases[{k}]");
            for entry in item.entries().iter().filter(|entry| !ids.contains(&entry.key.text.as_str())) {
                let message = format!("there is no parameter {}", quoted(&entry.key.text));
                let raised = Raised::error(code::UNKNOWN_ID, path.clone(), entry.key.at, message);
                self.problems.add(raised.maybe_help(hint(&entry.key.text, &ids)));
            }
            let mut values: Vec<Value> = Vec::with_capacity(parameters.len());
            for parameter in parameters {
                let Some(written) = item.get(&parameter.id) else {
                    let message = format!("has no value of {}", parameter.id);
                    self.error(code::MISSING_FIELD, path.clone(), item.at, message);
                    break;
                };
                let kind = match (&parameter.kind, &values) {
                    (Kind::By { choice, cases }, values) => match values.get(*choice) {
                        Some(Value::Option(option)) => cases.get(*option)?,
                        _ => break,
                    },
                    (kind, _) => kind,
                };
                let within = format!("{path}.{}", parameter.id);
                let found = match kind {
                    Kind::Number { measure, .. } => {
                        let found = self.exact(written, *measure, &within).map(Value::Number);
                        if let Some(value) = &found {
                            let place = values.len();
                            let of = chosen_by(parameters, place, &values);
                            let known = (place, of, format!("{value:?}"));
                            if !fitted.contains(&known) {
                                let stages = self.stages(&parameters[..place], of);
                                self.value_fits(kind, value, &within, written.at, &stages);
                                fitted.insert(known);
                            }
                        }
                        found
                    }
                    Kind::Named { values, .. } => {
                        let names: Vec<String> = values.iter().map(named).collect();
                        self.named(written, &names, &within)
                    }
                    Kind::Choice { options } => {
                        let names: Vec<String> = options.iter().map(|option| option.id.clone()).collect();
                        self.named(written, &names, &within)
                    }
                    Kind::By { .. } => None,
                };
                match found {
                    Some(value) => values.push(value),
                    None => break,
                }
            }
            if values.len() == parameters.len() {
                cases.push(values);
            }
        }
        Some(cases)
    }

    fn named(&mut self, node: &Node, names: &[String], path: &str) -> Option<Value> {
        let wanted = named(node);
        let place = names.iter().position(|name| *name == wanted);
        if place.is_none() {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let message = format!("there is no option {}", quoted(&wanted));
            let raised = Raised::error(code::UNKNOWN_CHOICE, path, node.at, message);
            self.problems.add(raised.maybe_help(hint(&wanted, &names)));
        }
        place.map(Value::Option)
    }
}

/// The choice and its option that decide what the parameter at a place is.
fn chosen_by(parameters: &[Parameter], place: usize, values: &[Value]) -> Option<(usize, usize)> {
    let Kind::By { choice, .. } = &parameters[place].kind else { return None };
    match values.get(*choice) {
        Some(Value::Option(option)) => Some((*choice, *option)),
        _ => None,
    }
}
