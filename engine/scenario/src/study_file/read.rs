//! From text to a [`StudyFile`].

use super::parameter::{Distribution, Field, Kind, Measure, Opt, Parameter, Value, guessed, named};
use super::sites::{Mode, Site};
use super::{Sampler, StudyFile};
use crate::catalogue::{self, Shelf};
use crate::node::{At, Entry, Node, quoted};
use crate::problem::{Problem, Problems, Raised, code};
use crate::read::nearest::hint;
use crate::read::{self, stays_inside, value, walk};
use crate::schema::study::{MOST_PARAMETERS, STUDY};
use crate::schema::{Shape, Slot};
use crate::source::{Dialect, Folder, Source, Sources};
use crate::{Scenario, edit, syntax};
use std::path::Path;
use units::Quantity;

/// Reads a study file, or a built-in study by its id.
///
/// # Errors
/// All that is wrong.
pub fn load(path: &Path) -> Result<StudyFile, Vec<Problem>> {
    let built_in = path.to_str().and_then(|id| catalogue::find(Shelf::Studies, id));
    let source = match built_in {
        Some(record) if !path.is_file() => {
            Ok(Source::new(record.source.name.clone(), record.source.text.clone(), Folder::BuiltIn))
        }
        _ => Source::open(path).map_err(|raised| {
            let id = path.display().to_string();
            let near = read::nearest::nearest(&id, catalogue::ids(Shelf::Studies));
            raised.maybe_help(near.map(|near| format!("did you mean the built-in study {near}?")))
        }),
    };
    match source {
        Ok(source) => of_source(source),
        Err(raised) => Err(vec![raised.locate(&Sources::default())]),
    }
}

/// A study of a text. `name` stands for the file in messages and is its id; files that it names are sought in
/// `folder`, or among what is built in where there is none.
///
/// # Errors
/// All that is wrong.
pub fn load_text(name: &str, text: &str, folder: Option<&Path>) -> Result<StudyFile, Vec<Problem>> {
    let folder = folder.map_or(Folder::BuiltIn, |folder| Folder::Disk(folder.to_owned()));
    of_source(Source::new(name, text, folder))
}

fn of_source(source: Source) -> Result<StudyFile, Vec<Problem>> {
    let id =
        Path::new(&source.name).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let mut sources = Sources::default();
    let json = source.dialect == Dialect::Json;
    let index = sources.add(source);
    let mut problems = Problems::default();
    let root = match syntax::parse(&sources, index) {
        Ok(root) if json => syntax::from_json(root, Shape::Record(&STUDY)),
        Ok(root) => root,
        Err(raised) => return Err(vec![raised.locate(&sources)]),
    };
    walk::walk(&root, Shape::Record(&STUDY), "", &mut problems);
    if problems.has_errors() {
        // What does not fit the schema is mended first: the rest would follow from it.
        return Err(problems.finish(&sources));
    }
    let Some(source) = sources.get(index) else { return Err(Vec::new()) };
    let mut reader = Reader { root: &root, source, json, problems, elsewhere: Vec::new(), sites: Vec::new() };
    let study = reader.study(id);
    let Reader { problems, elsewhere, .. } = reader;
    match study {
        Some(study) if !problems.has_errors() && elsewhere.is_empty() => Ok(study),
        _ => {
            let mut all = problems.finish(&sources);
            for problem in elsewhere {
                if !all.contains(&problem) {
                    all.push(problem);
                }
            }
            Err(all)
        }
    }
}

struct Reader<'a> {
    root: &'a Node,
    source: &'a Source,
    json: bool,
    problems: Problems,
    /// Problems of the sites, which have their own texts.
    elsewhere: Vec<Problem>,
    sites: Vec<Site>,
}

fn text(node: &Node, field: &str) -> String {
    node.get(field).and_then(Node::as_text).unwrap_or_default().to_owned()
}

fn texts(node: Option<&Node>) -> Vec<String> {
    node.map_or(&[][..], Node::items).iter().filter_map(Node::as_text).map(str::to_owned).collect()
}

fn counted(node: &Node, field: &str, default: i64) -> usize {
    node.get(field).and_then(value::whole).and_then(|n| usize::try_from(n).ok()).unwrap_or(default as usize)
}

impl Reader<'_> {
    fn error(&mut self, code: &'static str, path: impl Into<String>, at: At, message: impl Into<String>) {
        self.problems.error(code, path, at, message);
    }

    fn study(&mut self, id: String) -> Option<StudyFile> {
        let root = self.root;
        let mode = match root.get("dynamics").and_then(Node::name) {
            Some("Dynamic") => Mode::Dynamic,
            Some("AsWritten") => Mode::AsWritten,
            _ => Mode::QuasiSteady,
        };
        self.site(root.get("base")?, "base", mode)?;
        let parameters = self.parameters(mode);
        if parameters.len() > MOST_PARAMETERS {
            let at = root.get("parameters").map_or(root.at, |node| node.at);
            let message = format!("has {} entries, at most {MOST_PARAMETERS} are read", parameters.len());
            self.error(code::TOO_MANY, "parameters", at, message);
        }
        let sampler = self.sampler(&parameters)?;
        let correlations = self.correlations(&parameters, &sampler);
        let minimise = texts(root.get("minimise")).into_iter().map(|path| match path.strip_prefix('-') {
            Some(path) => (path.to_owned(), false),
            None => (path, true),
        });
        let constraints = root.get("constraints").map_or(&[][..], Node::items);
        Some(StudyFile {
            id,
            title: text(root, "title"),
            question: text(root, "question"),
            expect: text(root, "expect"),
            text: self.source.text.clone(),
            name: self.source.name.clone(),
            mode,
            correlations,
            sampler,
            outputs: texts(root.get("outputs")),
            constraints: constraints.iter().map(syntax::in_one_line).collect(),
            minimise: minimise.collect(),
            also_dynamic: counted(root, "also_dynamic", 3),
            parameters,
            sites: std::mem::take(&mut self.sites),
        })
    }

    /// Reads the site of that name, once, and tells its place.
    fn site(&mut self, named: &Node, path: &str, mode: Mode) -> Option<usize> {
        let name = named.as_text()?;
        if let Some(known) = self.sites.iter().position(|site| site.name == name) {
            return Some(known);
        }
        let id = name.strip_suffix(".ron").unwrap_or(name);
        let file = match &self.source.folder {
            Folder::Disk(folder) if folder.join(name).is_file() => Some(folder.join(name)),
            _ => None,
        };
        if file.is_none() && catalogue::find(Shelf::Sites, id).is_none() {
            let message =
                format!("there is neither a file {} beside this one nor a built-in site", quoted(name));
            let help = hint(id, &catalogue::ids(Shelf::Sites));
            let raised = Raised::error(code::FILE_MISSING, path, named.at, message);
            self.problems.add(raised.maybe_help(help));
            return None;
        }
        if file.is_some() && !stays_inside(name) {
            self.problems.add(read::refuse_outside(path, name, path, named.at));
            return None;
        }
        let set = self.set(self.root.get("set"));
        let constraints = self.root.get("constraints");
        let read = read::read(file.as_deref().unwrap_or(Path::new(id)), &[]);
        let site = read.and_then(|scenario| {
            let set: Vec<(String, Node)> = set
                .into_iter()
                .map(|(path, node)| (path.clone(), self.fitted(&scenario, &path, node)))
                .collect();
            Site::new(name, scenario, self.source, mode, &set, constraints)
        });
        match site {
            Ok(site) => {
                self.sites.push(site);
                Some(self.sites.len() - 1)
            }
            Err(problems) => {
                self.elsewhere.extend(problems);
                None
            }
        }
    }

    fn set(&self, node: Option<&Node>) -> Vec<(String, Node)> {
        let entries = node.map_or(&[][..], Node::entries).iter();
        entries.map(|entry| (entry.key.text.clone(), entry.value.clone())).collect()
    }

    /// A node of a JSON text as the field at that path expects it.
    fn fitted(&self, scenario: &Scenario, path: &str, node: Node) -> Node {
        match edit::describe(scenario, path) {
            Ok(slot) if self.json => syntax::from_json(node, slot.shape),
            _ => node,
        }
    }

    fn parameters(&mut self, mode: Mode) -> Vec<Parameter> {
        let entries = self.root.get("parameters").map_or(&[][..], Node::entries);
        let mut parameters: Vec<Parameter> = Vec::with_capacity(entries.len());
        let mut chooses_site: Option<String> = None;
        for Entry { key, value: node } in entries {
            let path = format!("parameters.{}", key.text);
            // Where it is refused, the ones below still are read.
            let kind = match node.name() {
                Some("By") => self.by(node, &path, &parameters),
                _ => {
                    let stages = self.stages(&parameters, None);
                    self.kind(node, &path, &stages, Some(mode))
                }
            };
            let Some(kind) = kind else { continue };
            if let Kind::Choice { options } = &kind
                && options.iter().any(|option| option.site.is_some())
            {
                if let Some(other) = &chooses_site {
                    let message = format!("{other} chooses the site already: one parameter does");
                    self.error(code::ALTERNATIVES, path.clone(), node.at, message);
                }
                chooses_site = Some(key.text.clone());
            }
            parameters.push(Parameter { id: key.text.clone(), kind, at: node.name_at() });
        }
        if entries.is_empty() {
            let at = self.root.get("parameters").map_or(self.root.at, |node| node.at);
            self.error(code::MISSING_FIELD, "parameters", at, "a study varies at least one parameter");
        }
        parameters
    }

    /// The sites as they are when a parameter is set: each site that can be chosen, with the first options of the
    /// choices above; with one option of one choice, where that is given.
    fn stages(&self, above: &[Parameter], of: Option<(usize, usize)>) -> Vec<Scenario> {
        let chooser = above.iter().position(|p| match &p.kind {
            Kind::Choice { options } => options.iter().any(|option| option.site.is_some()),
            _ => false,
        });
        let options = match chooser.map(|k| (k, &above[k].kind)) {
            Some((k, Kind::Choice { options })) => match of {
                Some((choice, option)) if choice == k => vec![option],
                _ => (0..options.len()).collect(),
            },
            _ => vec![0],
        };
        let mut stages = Vec::with_capacity(options.len());
        for chosen in options {
            let site = chooser.and_then(|k| match &above[k].kind {
                Kind::Choice { options } => options.get(chosen)?.site,
                _ => None,
            });
            let Some(site) = self.sites.get(site.unwrap_or(0)) else { continue };
            let mut scenario = site.scenario.clone();
            for (k, parameter) in above.iter().enumerate() {
                let Kind::Choice { options } = &parameter.kind else { continue };
                let place = match of {
                    Some((choice, option)) if choice == k => option,
                    _ if chooser == Some(k) => chosen,
                    _ => 0,
                };
                for (path, node) in options.get(place).map_or(&[][..], |option| &option.set) {
                    let mut node = node.clone();
                    site.adopt(&mut node);
                    // What does not fit has been reported.
                    let _ = edit::set_in(&mut scenario, path, &node, At::NOWHERE);
                }
            }
            scenario.fetch();
            stages.push(scenario);
        }
        stages
    }

    fn by(&mut self, node: &Node, path: &str, above: &[Parameter]) -> Option<Kind> {
        let named = node.get("choice")?;
        let wanted = named.as_text()?;
        let found = above.iter().enumerate().find_map(|(k, parameter)| match &parameter.kind {
            Kind::Choice { options } if parameter.id == wanted => Some((k, options)),
            _ => None,
        });
        let Some((choice, options)) = found else {
            let choices: Vec<&str> = above
                .iter()
                .filter(|p| matches!(p.kind, Kind::Choice { .. }))
                .map(|p| p.id.as_str())
                .collect();
            let message = format!("there is no Choice {} above this parameter", quoted(wanted));
            let raised = Raised::error(code::UNKNOWN_ID, format!("{path}.choice"), named.at, message);
            self.problems.add(raised.maybe_help(hint(wanted, &choices)));
            return None;
        };
        let written = node.get("cases")?;
        let ids: Vec<&str> = options.iter().map(|option| option.id.as_str()).collect();
        for entry in written.entries() {
            if !ids.contains(&entry.key.text.as_str()) {
                let message = format!("{wanted} has no option {}", quoted(&entry.key.text));
                let within = format!("{path}.cases.{}", entry.key.text);
                let raised = Raised::error(code::UNKNOWN_ID, within, entry.key.at, message);
                self.problems.add(raised.maybe_help(hint(&entry.key.text, &ids)));
            }
        }
        let mut cases = Vec::with_capacity(ids.len());
        for (option, id) in ids.iter().enumerate() {
            let Some(case) = written.get(id) else {
                let message = format!("says nothing for the option {id} of {wanted}");
                self.error(code::MISSING_FIELD, format!("{path}.cases"), written.at, message);
                continue;
            };
            let stages = self.stages(above, Some((choice, option)));
            cases.extend(self.kind(case, &format!("{path}.cases.{id}"), &stages, None));
        }
        if cases.len() < ids.len() {
            return None;
        }
        let levels: Vec<usize> = cases.iter().map(Kind::levels).collect();
        if levels.iter().any(|&n| n != levels[0]) {
            let message = format!("its cases have {levels:?} values: a grid needs as many in each");
            self.error(code::OUT_OF_BOUNDS, format!("{path}.cases"), written.at, message);
            return None;
        }
        Some(Kind::By { choice, cases })
    }

    /// What varies; `mode` where an option may name a site.
    fn kind(&mut self, node: &Node, path: &str, stages: &[Scenario], mode: Option<Mode>) -> Option<Kind> {
        if node.name() == Some("Choice") {
            return self.choice(node, path, stages, mode);
        }
        let named = node.get("path")?;
        let slot = self.slot(named, &format!("{path}.path"), stages)?;
        let values: Vec<Node> = node.get("values").map_or(&[][..], Node::items).to_vec();
        let given = |field: &str| node.get(field);
        // The value that tells the quantity where the field takes several.
        let sample =
            values.first().or_else(|| ["from", "mean", "mode", "median"].iter().find_map(|f| given(f)));
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
                    self.number(offset, spread(measure), &format!("{within}.offset"))?
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
                    .map(|(k, item)| self.number(item, measure, &format!("{path}.values[{k}]")))
                    .collect();
                let values: Vec<f64> = values.into_iter().collect::<Option<_>>()?;
                if values.is_empty() {
                    self.error(code::MISSING_FIELD, format!("{path}.values"), node.at, "the list is empty");
                    return None;
                }
                return Some(Distribution::Values(values));
            }
            "Range" => {
                let (from, to) = (number("from", measure)??, number("to", measure)??);
                Distribution::Range { from, to, steps: counted(node, "steps", 3) }
            }
            "Normal" => {
                let (mean, deviation) = (number("mean", measure)??, number("deviation", spread(measure))??);
                // Where nothing else is said, what one in fifteen thousand would exceed is cut off.
                let low = number("low", measure).unwrap_or(Some(mean - 4.0 * deviation))?;
                let high = number("high", measure).unwrap_or(Some(mean + 4.0 * deviation))?;
                Distribution::Normal { mean, deviation, low, high }
            }
            "Triangular" => Distribution::Triangular {
                low: number("low", measure)??,
                mode: number("mode", measure)??,
                high: number("high", measure)??,
            },
            _ => {
                let median = number("median", measure)??;
                let spread = node.get("spread").and_then(value::number)?;
                let far = spread * spread * spread * spread;
                let low = number("low", measure).unwrap_or(Some(median / far))?;
                let high = number("high", measure).unwrap_or(Some(median * far))?;
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

    /// A number in SI.
    fn number(&mut self, node: &Node, measure: Measure, path: &str) -> Option<f64> {
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
        let ends: Vec<(f64, At)> = match distribution {
            Distribution::Values(values) => {
                values.iter().zip(items).map(|(&value, item)| (value, item.at)).collect()
            }
            Distribution::Range { from, to, .. } => vec![(*from, node.at), (*to, node.at)],
            Distribution::Normal { low, high, .. }
            | Distribution::Triangular { low, high, .. }
            | Distribution::LogNormal { low, high, .. } => vec![(*low, node.at), (*high, node.at)],
        };
        for (end, at) in ends {
            for scenario in stages {
                for (field, value) in kind.fields(&Value::Number(end)) {
                    if let Err(raised) = edit::set_in(&mut scenario.clone(), &field, &value, at) {
                        // Made here, the value has no place of its own: the parameter has.
                        let raised = raised.at(path, at);
                        return self.problems.add(raised);
                    }
                }
            }
        }
    }

    fn choice(&mut self, node: &Node, path: &str, stages: &[Scenario], mode: Option<Mode>) -> Option<Kind> {
        let mut options = Vec::new();
        for Entry { key, value: option } in node.get("options")?.entries() {
            let within = format!("{path}.options.{}", key.text);
            let site = match (option.get("site"), mode) {
                (Some(named), Some(mode)) => Some(self.site(named, &format!("{within}.site"), mode)?),
                (Some(named), None) => {
                    let message = "the site is chosen by a Choice of its own, not within By";
                    self.error(code::ALTERNATIVES, format!("{within}.site"), named.at, message);
                    return None;
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
        if options.is_empty() {
            self.error(code::MISSING_FIELD, format!("{path}.options"), node.at, "there is no option");
            return None;
        }
        Some(Kind::Choice { options })
    }

    fn correlations(&mut self, parameters: &[Parameter], sampler: &Sampler) -> Vec<(usize, usize, f64)> {
        let mut found = Vec::new();
        let list = self.root.get("correlations");
        for (k, node) in list.map_or(&[][..], Node::items).iter().enumerate() {
            let path = format!("correlations[{k}]");
            let mut pair = Vec::new();
            for item in node.get("between").map_or(&[][..], Node::items) {
                let wanted = item.as_text().unwrap_or_default();
                match parameters.iter().position(|p| p.id == wanted) {
                    Some(place) if matches!(parameters[place].kind, Kind::Number { .. }) => pair.push(place),
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
                [a, b] if a != b => found.push((a, b, coefficient)),
                [_, _] => self.error(code::ALTERNATIVES, path, node.at, "a parameter with itself"),
                _ => {}
            }
        }
        let drawn = matches!(
            sampler,
            Sampler::MonteCarlo { .. } | Sampler::LatinHypercube { .. } | Sampler::Sobol { .. }
        );
        if let Some(list) = list.filter(|list| !list.items().is_empty() && !drawn) {
            let message = format!(
                "{} takes parameters as independent: use MonteCarlo, LatinHypercube or Sobol",
                sampler.name()
            );
            self.error(code::ALTERNATIVES, "correlations", list.at, message);
        }
        found
    }

    fn sampler(&mut self, parameters: &[Parameter]) -> Option<Sampler> {
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
        let ids: Vec<&str> = parameters.iter().map(|p| p.id.as_str()).collect();
        let mut cases = Vec::with_capacity(items.len());
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
                        self.number(written, *measure, &within).map(Value::Number)
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

/// What a difference of two values is measured in.
fn spread(measure: Measure) -> Measure {
    match measure {
        Measure::Quantity(Quantity::Temperature) => Measure::Quantity(Quantity::TemperatureDifference),
        other => other,
    }
}
