//! From text to a [`StudyFile`].

mod kinds;
mod samplers;

use super::parameter::{Kind, Parameter};
use super::sites::{Mode, Site};
use super::{Figure, StudyFile};
use crate::catalogue::{self, Shelf};
use crate::node::{At, Entry, Node, quoted};
use crate::problem::{Problem, Problems, Raised, code};
use crate::read::nearest::hint;
use crate::read::{self, stays_inside, value, walk};
use crate::schema::Shape;
use crate::schema::study::{MOST_PARAMETERS, STUDY};
use crate::source::{Dialect, Folder, Source, Sources};
use crate::{Scenario, edit, syntax};
use std::path::Path;

/// A study as far as it could be read.
#[derive(Debug)]
pub struct Reading {
    /// The study, or all that is wrong with it.
    pub study: Result<StudyFile, Vec<Problem>>,
    /// The base site as the study sets it, where there is one.
    pub base: Option<Scenario>,
    /// The figures that the study names.
    pub figures: Vec<Figure>,
}

impl Reading {
    fn refused(problem: Problem) -> Reading {
        Reading { study: Err(vec![problem]), base: None, figures: Vec::new() }
    }
}

/// Reads a study file, or a built-in study by its id.
///
/// # Errors
/// All that is wrong.
pub fn load(path: &Path) -> Result<StudyFile, Vec<Problem>> {
    reading(path).study
}

/// As [`load`]; of a study that is not good, what can be held against a run of its base site.
#[must_use]
pub fn reading(path: &Path) -> Reading {
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
        Err(raised) => Reading::refused(raised.locate(&Sources::default())),
    }
}

/// A study of a text. `name` stands for the file in messages and is its id; files that it names are sought in
/// `folder`, or among what is built in where there is none.
///
/// # Errors
/// All that is wrong.
pub fn load_text(name: &str, text: &str, folder: Option<&Path>) -> Result<StudyFile, Vec<Problem>> {
    let folder = folder.map_or(Folder::BuiltIn, |folder| Folder::Disk(folder.to_owned()));
    of_source(Source::new(name, text, folder)).study
}

fn of_source(source: Source) -> Reading {
    let id =
        Path::new(&source.name).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let mut sources = Sources::default();
    let json = source.dialect == Dialect::Json;
    let index = sources.add(source);
    let root = match syntax::parse(&sources, index) {
        Ok(root) if json => syntax::from_json(root, Shape::Record(&STUDY)),
        Ok(root) => root,
        Err(raised) => return Reading::refused(raised.locate(&sources)),
    };
    let mut unfit = Problems::default();
    walk::walk(&root, Shape::Record(&STUDY), "", &mut unfit);
    let broken = unfit.has_errors();
    let unfit = unfit.finish(&sources);
    let figures = figures(&root, &sources);
    let Some(source) = sources.get(index) else {
        return Reading { study: Err(unfit), base: None, figures };
    };
    let mut reader = Reader {
        root: &root,
        source,
        json,
        problems: Problems::default(),
        elsewhere: Vec::new(),
        sites: Vec::new(),
        refused: Vec::new(),
    };
    let study = reader.study(id);
    let Reader { problems, elsewhere, sites, .. } = reader;
    let study = match study {
        Some(study) if !broken && !problems.has_errors() && elsewhere.is_empty() => {
            Ok(StudyFile { figures: figures.clone(), sites, ..study })
        }
        _ => {
            let base = sites.into_iter().next().map(|site| site.scenario);
            let study = Err(together(unfit, problems.finish(&sources), elsewhere));
            return Reading { study, base, figures };
        }
    };
    Reading { study, base: None, figures }
}

/// The figures that a study names, with their places.
fn figures(root: &Node, sources: &Sources) -> Vec<Figure> {
    let named = ["outputs", "minimise"].into_iter().flat_map(|field| {
        let items = root.get(field).map_or(&[][..], Node::items).iter().enumerate();
        items.map(move |(k, item)| (format!("{field}[{k}]"), item))
    });
    let figure = |(field, item): (String, &Node)| {
        let written = item.as_text()?;
        let path = written.strip_prefix('-').filter(|_| field.starts_with("minimise")).unwrap_or(written);
        Some(Figure { path: path.to_owned(), field, location: sources.locate(item.at) })
    };
    named.filter_map(figure).collect()
}

/// All problems, each once and in the order of their places: what does not fit the schema, what does not fit the sites, and
/// what is wrong within them. What only follows from something that does not fit the schema is left out.
fn together(unfit: Vec<Problem>, found: Vec<Problem>, elsewhere: Vec<Problem>) -> Vec<Problem> {
    let within = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    let follows = |problem: &Problem| {
        let of = |cause: &Problem| within(&problem.path, &cause.path) || within(&cause.path, &problem.path);
        unfit.iter().filter(|cause| cause.is_error()).any(of)
    };
    let mut all: Vec<Problem> = unfit.clone();
    // Of what a site says of the study's own text the same holds; the site's own text is another matter.
    let file = |problem: &Problem| problem.location.as_ref().map(|at| at.file.clone());
    let own: Vec<_> = unfit.iter().chain(&found).filter_map(file).collect();
    let of_study = |problem: &Problem| file(problem).is_some_and(|file| own.contains(&file));
    let elsewhere = elsewhere.into_iter().filter(|problem| !(of_study(problem) && follows(problem)));
    for problem in found.into_iter().filter(|problem| !follows(problem)).chain(elsewhere) {
        if !all.contains(&problem) {
            all.push(problem);
        }
    }
    all.sort_by_key(|problem| problem.location.as_ref().map(|at| (at.file.clone(), at.line, at.column)));
    all
}

struct Reader<'a> {
    root: &'a Node,
    source: &'a Source,
    json: bool,
    problems: Problems,
    /// Problems of the sites, which have their own texts.
    elsewhere: Vec<Problem>,
    sites: Vec<Site>,
    /// Parameters that could not be read: what speaks of them is not held against them.
    refused: Vec<String>,
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
        self.count(&sampler, &parameters);
        let correlations = self.correlations(&parameters, &sampler);
        let factor = self.factor(&correlations, &parameters);
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
            factor,
            sampler,
            outputs: texts(root.get("outputs")),
            constraints: constraints.iter().map(syntax::in_one_line).collect(),
            minimise: minimise.collect(),
            also_dynamic: counted(root, "also_dynamic", 3),
            parameters,
            set: (self.set(root.get("set")).iter())
                .map(|(path, value)| (path.clone(), syntax::in_one_line(value)))
                .collect(),
            figures: Vec::new(),
            sites: Vec::new(),
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
        match read {
            Ok(scenario) => {
                let set: Vec<(String, Node)> = set
                    .into_iter()
                    .map(|(path, node)| (path.clone(), self.fitted(&scenario, &path, node)))
                    .collect();
                let (site, problems) = Site::new(name, scenario, self.source, mode, &set, constraints);
                self.elsewhere.extend(problems);
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
            let Some(kind) = kind else {
                self.refused.push(key.text.clone());
                continue;
            };
            if let Kind::Choice { options } = &kind
                && options.iter().any(|option| option.site.is_some())
            {
                if let Some(other) = &chooses_site {
                    let message = format!("{other} chooses the site already: one parameter does");
                    self.error(code::ALTERNATIVES, path.clone(), node.at, message);
                }
                chooses_site = Some(key.text.clone());
            }
            let source = text(node, "source");
            parameters.push(Parameter { id: key.text.clone(), kind, source, at: node.name_at() });
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
            if self.refused.iter().any(|id| id == wanted) {
                return None;
            }
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
}
