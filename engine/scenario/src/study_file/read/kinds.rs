//! What varies: distributions, names and options, held against the fields that they go to.

use super::Reader;
use super::counted;
use crate::edit;
use crate::node::{At, Entry, Node};
use crate::problem::{Raised, code};
use crate::read::value;
use crate::schema::{Shape, Slot};
use crate::study_file::Mode;
use crate::study_file::parameter::{Distribution, Field, Kind, Measure, Opt, Value, guessed};
use crate::{Scenario, syntax};
use units::Quantity;

impl Reader<'_> {
    /// What varies; `mode` where an option may name a site.
    pub(super) fn kind(
        &mut self,
        node: &Node,
        path: &str,
        stages: &[Scenario],
        mode: Option<Mode>,
    ) -> Option<Kind> {
        if node.name() == Some("Choice") {
            return self.choice(node, path, stages, mode);
        }
        let named = node.get("path")?;
        let slot = self.slot(named, &format!("{path}.path"), stages);
        let values: Vec<Node> = node.get("values").map_or(&[][..], Node::items).to_vec();
        let given = |field: &str| node.get(field);
        // The value that tells the quantity where the field takes several.
        let sample =
            values.first().or_else(|| ["from", "mean", "mode", "median"].iter().find_map(|f| given(f)));
        let Some(slot) = slot else {
            // Where the values go is not known, but whether they make sense among themselves.
            let quantity = sample.and_then(Node::as_text).and_then(guessed).map(Measure::Quantity);
            if let Some(measure) = quantity.or(sample.and_then(value::number).map(|_| Measure::Number)) {
                self.distribution(node, path, measure);
            }
            return None;
        };
        let measure = match slot.shape {
            Shape::Quantity { quantity, .. } => Some(Measure::Quantity(quantity)),
            Shape::Whole(..) => Some(Measure::Whole),
            Shape::Number(..) => Some(Measure::Number),
            Shape::AnyQuantity => sample
                .and_then(Node::as_text)
                .and_then(guessed)
                .map(Measure::Quantity)
                .or(Some(Measure::Number)),
            _ => None,
        };
        let mut fields = vec![Field { path: named.as_text()?.to_owned(), factor: 1.0, offset: 0.0 }];
        for (k, follower) in node.get("also").map_or(&[][..], Node::items).iter().enumerate() {
            let within = format!("{path}.also[{k}]");
            let Some(target) = follower.get("path") else { continue };
            if self.slot(target, &format!("{within}.path"), stages).is_none() {
                continue;
            }
            let offset = match (follower.get("offset"), measure) {
                (Some(offset), Some(measure)) => {
                    // One that cannot be read has been reported.
                    self.number(offset, spread(measure), &format!("{within}.offset")).unwrap_or(0.0)
                }
                _ => 0.0,
            };
            let factor = follower.get("factor").and_then(value::number).unwrap_or(1.0);
            fields.push(Field { path: target.as_text()?.to_owned(), factor, offset });
        }
        let Some(measure) = measure else {
            if node.name() != Some("Values") {
                let message = format!("the field takes {}: write Values(…)", slot.shape.expected());
                self.error(code::WRONG_TYPE, path, node.at, message);
                return None;
            }
            let values: Vec<Node> = values
                .into_iter()
                .map(|value| if self.json { syntax::from_json(value, slot.shape) } else { value })
                .collect();
            for (k, value) in values.iter().enumerate() {
                self.fits(value, &fields, &format!("{path}.values[{k}]"), stages);
            }
            if values.is_empty() {
                self.error(code::MISSING_FIELD, format!("{path}.values"), node.at, "the list is empty");
                return None;
            }
            return Some(Kind::Named { fields, values });
        };
        let distribution = self.distribution(node, path, measure)?;
        let kind = Kind::Number { measure, distribution, fields };
        self.ends_fit(&kind, node, path, stages);
        Some(kind)
    }

    fn distribution(&mut self, node: &Node, path: &str, measure: Measure) -> Option<Distribution> {
        let mut number = |field: &str, measure: Measure| {
            node.get(field).map(|value| self.number(value, measure, &format!("{path}.{field}")))
        };
        // The outer `Option`: whether it is written; the inner: whether it can be read.
        let made = match node.name()? {
            "Values" => {
                let items = node.get("values")?.items();
                let values: Vec<Option<f64>> = items
                    .iter()
                    .enumerate()
                    .map(|(k, item)| self.exact(item, measure, &format!("{path}.values[{k}]")))
                    .collect();
                let values: Vec<f64> = values.into_iter().collect::<Option<_>>()?;
                if values.is_empty() {
                    self.error(code::MISSING_FIELD, format!("{path}.values"), node.at, "the list is empty");
                    return None;
                }
                return Some(Distribution::Values(values));
            }
            "Range" => {
                let [from, to] = ["from", "to"].map(|field| {
                    node.get(field).map(|value| self.exact(value, measure, &format!("{path}.{field}")))
                });
                Distribution::Range { from: from??, to: to??, steps: counted(node, "steps", 3) }
            }
            "Normal" => {
                let deviation = number("deviation", spread(measure));
                let [mean, low, high] = ["mean", "low", "high"].map(|field| number(field, measure));
                let (mean, deviation) = (mean??, deviation??);
                // Where nothing else is said, what one in fifteen thousand would exceed is cut off.
                let low = low.unwrap_or(Some(mean - 4.0 * deviation))?;
                let high = high.unwrap_or(Some(mean + 4.0 * deviation))?;
                Distribution::Normal { mean, deviation, low, high }
            }
            "Triangular" => {
                let [low, mode, high] = ["low", "mode", "high"].map(|field| number(field, measure));
                Distribution::Triangular { low: low??, mode: mode??, high: high?? }
            }
            _ => {
                let [median, low, high] = ["median", "low", "high"].map(|field| number(field, measure));
                let (median, spread) = (median??, node.get("spread").and_then(value::number)?);
                let far = spread * spread * spread * spread;
                let low = low.unwrap_or(Some(median / far))?;
                let high = high.unwrap_or(Some(median * far))?;
                Distribution::LogNormal { median, spread, low, high }
            }
        };
        let wrong = match &made {
            Distribution::Range { from, to, .. } if from >= to => Some("from is not below to"),
            Distribution::Normal { deviation, .. } if *deviation <= 0.0 => {
                Some("the deviation is not above zero")
            }
            Distribution::Normal { mean, low, high, .. } if low >= high || low > mean || high < mean => {
                Some("the mean does not lie between low and high")
            }
            Distribution::Triangular { low, mode, high } if low > mode || mode > high || low >= high => {
                Some("low, mode and high do not rise")
            }
            Distribution::LogNormal { median, spread, .. } if *median <= 0.0 || *spread <= 1.0 => {
                Some("the median must be above zero and the spread above 1")
            }
            Distribution::LogNormal { median, low, high, .. }
                if low > median || high < median || low >= high =>
            {
                Some("the median does not lie between low and high")
            }
            _ => None,
        };
        if let Some(wrong) = wrong {
            self.error(code::OUT_OF_BOUNDS, path, node.at, wrong);
            return None;
        }
        Some(made)
    }

    /// A number in SI that a field takes as it is: a whole one where it counts something.
    pub(super) fn exact(&mut self, node: &Node, measure: Measure, path: &str) -> Option<f64> {
        // Beyond these not every whole number exists.
        const LARGEST: f64 = 9_007_199_254_740_992.0;
        let number = self.number(node, measure, path)?;
        if measure == Measure::Whole && (number.fract() != 0.0 || number.abs() > LARGEST) {
            let message = format!("is {number}, but a whole number is expected");
            self.error(code::WRONG_TYPE, path, node.at, message);
            return None;
        }
        Some(number)
    }

    /// A number in SI.
    pub(super) fn number(&mut self, node: &Node, measure: Measure, path: &str) -> Option<f64> {
        let number = match measure {
            Measure::Quantity(quantity) => match value::quantity(node, quantity) {
                Ok(number) => return Some(number),
                Err(message) => {
                    self.error(code::QUANTITY, path, node.at, message);
                    return None;
                }
            },
            Measure::Whole | Measure::Number => value::number(node),
        };
        if number.is_none() {
            let message = format!("{} is written where a number is expected", node.described());
            self.error(code::WRONG_TYPE, path, node.at, message);
        }
        number
    }

    /// The field at a path in all the sites that it is set in.
    fn slot(&mut self, named: &Node, path: &str, stages: &[Scenario]) -> Option<Slot> {
        let wanted = named.as_text()?;
        let mut found = None;
        for scenario in stages {
            match edit::looked_up(scenario, wanted) {
                Ok(slot) => found = Some(slot),
                Err((message, help)) => {
                    let message = format!("{message} (site {})", scenario.id);
                    let raised = Raised::error(code::UNKNOWN_PATH, path, named.at, message);
                    self.problems.add(raised.maybe_help(help));
                    return None;
                }
            }
        }
        found
    }

    /// Reports where a value does not fit the fields it goes to.
    fn fits(&mut self, node: &Node, fields: &[Field], path: &str, stages: &[Scenario]) {
        for (scenario, field) in stages.iter().flat_map(|s| fields.iter().map(move |f| (s, f))) {
            if let Err(raised) = edit::set_in(&mut scenario.clone(), &field.path, node, node.at) {
                self.problems.add(raised.at(path, node.at));
                return;
            }
        }
    }

    /// Reports where the ends of a distribution do not fit the fields that they go to.
    fn ends_fit(&mut self, kind: &Kind, node: &Node, path: &str, stages: &[Scenario]) {
        let Kind::Number { distribution, .. } = kind else { return };
        let items = node.get("values").map_or(&[][..], Node::items);
        // An end that is not written follows from the parameter as a whole.
        let end = |field: &str, value: f64| match node.get(field) {
            Some(written) => (value, format!("{path}.{field}"), written.at),
            None => (value, path.to_owned(), node.at),
        };
        let ends: Vec<(f64, String, At)> = match distribution {
            Distribution::Values(values) => (values.iter().zip(items).enumerate())
                .map(|(k, (&value, item))| (value, format!("{path}.values[{k}]"), item.at))
                .collect(),
            Distribution::Range { from, to, .. } => vec![end("from", *from), end("to", *to)],
            Distribution::Normal { low, high, .. }
            | Distribution::Triangular { low, high, .. }
            | Distribution::LogNormal { low, high, .. } => vec![end("low", *low), end("high", *high)],
        };
        for (value, path, at) in ends {
            self.value_fits(kind, &Value::Number(value), &path, at, stages);
        }
    }

    /// Reports where a value does not fit a field that it goes to.
    pub(super) fn value_fits(&mut self, kind: &Kind, value: &Value, path: &str, at: At, stages: &[Scenario]) {
        for scenario in stages {
            for (field, value) in kind.fields(value) {
                if let Err(raised) = edit::set_in(&mut scenario.clone(), &field, &value, at) {
                    // Made here, the value has no place of its own: the parameter has.
                    return self.problems.add(raised.at(path, at));
                }
            }
        }
    }

    fn choice(&mut self, node: &Node, path: &str, stages: &[Scenario], mode: Option<Mode>) -> Option<Kind> {
        let (mut options, mut refused) = (Vec::new(), false);
        for Entry { key, value: option } in node.get("options")?.entries() {
            let within = format!("{path}.options.{}", key.text);
            let site = match (option.get("site"), mode) {
                (Some(named), Some(mode)) => {
                    let Some(site) = self.site(named, &format!("{within}.site"), mode) else {
                        refused = true;
                        continue;
                    };
                    Some(site)
                }
                (Some(named), None) => {
                    let message = "the site is chosen by a Choice of its own, not within By";
                    self.error(code::ALTERNATIVES, format!("{within}.site"), named.at, message);
                    refused = true;
                    continue;
                }
                (None, _) => None,
            };
            let own: Vec<Scenario> = match site.and_then(|place| self.sites.get(place)) {
                Some(site) => vec![site.scenario.clone()],
                None => stages.to_vec(),
            };
            let mut set = self.set(option.get("set"));
            for scenario in own {
                let mut scenario = scenario;
                for (k, (field, value)) in set.iter_mut().enumerate() {
                    *value = self.fitted(&scenario, field, value.clone());
                    let at = option.get("set").map_or(option.at, |set| set.entries()[k].key.at);
                    let found = edit::looked_up(&scenario, field);
                    let place = format!("{within}.set.{field}");
                    if let Err((message, help)) = found {
                        let message = format!("{message} (site {})", scenario.id);
                        self.problems
                            .add(Raised::error(code::UNKNOWN_PATH, place, at, message).maybe_help(help));
                    } else if let Err(raised) = edit::set_in(&mut scenario, field, value, value.at) {
                        self.problems.add(raised.at(&place, value.at));
                    }
                }
            }
            options.push(Opt { id: key.text.clone(), site, set });
        }
        if refused {
            return None;
        }
        if options.is_empty() {
            self.error(code::MISSING_FIELD, format!("{path}.options"), node.at, "there is no option");
            return None;
        }
        Some(Kind::Choice { options })
    }
}

/// What a difference of two values is measured in.
fn spread(measure: Measure) -> Measure {
    match measure {
        Measure::Quantity(Quantity::Temperature) => Measure::Quantity(Quantity::TemperatureDifference),
        other => other,
    }
}
