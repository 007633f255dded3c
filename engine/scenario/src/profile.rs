//! Regulatory profiles: the indicators that a standard or a rule asks for, as dated data.
//!
//! They ship in `models/profiles` and are read as strictly as sites: all that is wrong comes at once. Nothing here is
//! evaluated; that is done where reports are made.

use crate::catalogue::{self, Shelf};
use crate::node::{At, Node, What};
use crate::problem::{Problem, Problems, Raised, code};
use crate::read::nearest::hint;
use crate::read::{value, walk};
use crate::schema::Shape;
use crate::schema::profile::PROFILE;
use crate::source::{Source, Sources};
use crate::{disclosure, syntax};
use std::path::Path;

/// A text in each language of reports.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    /// English.
    pub english: String,
    /// Chinese.
    pub chinese: String,
}

/// Whether a rule applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It applies.
    InForce,
    /// It applied once.
    Withdrawn,
    /// It may apply one day.
    Draft,
}

/// What a standard or a rule asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Its id: the file's name without `.ron`.
    pub id: String,
    /// What it is called.
    pub title: Words,
    /// Number and year.
    pub edition: String,
    /// Whether it applies.
    pub status: Status,
    /// First day on which it applies, `2024-06-06`.
    pub valid_from: String,
    /// Last day, where one is known.
    pub valid_until: Option<String>,
    /// Where the definitions come from.
    pub source: String,
    /// How sure they are: A, B, C.
    pub confidence: String,
    /// What a reader must know of it.
    pub note: Option<Words>,
    /// Its tables.
    pub tables: Vec<Sheet>,
}

/// A table of a profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Name of its file and sheet.
    pub id: String,
    /// What it holds.
    pub caption: Words,
    /// Its lines.
    pub indicators: Vec<Indicator>,
}

/// An indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Symbol or number.
    pub code: String,
    /// What it is called.
    pub name: Words,
    /// Of its value; empty for texts and ratios.
    pub unit: String,
    /// How many decimals are shown.
    pub decimals: u8,
    /// How it is defined.
    pub definition: Words,
    /// Where it is defined.
    pub edition: String,
    /// What it includes, and by which category.
    pub boundary: Words,
    /// Where its value comes from: the first that has one.
    pub from: Vec<Origin>,
    /// Classes, strictest first.
    pub grades: Vec<Grade>,
    /// How sure the definition is: A, B, C.
    pub confidence: String,
    /// What else must be known.
    pub note: Option<Words>,
}

/// A class that a value reaches.
#[derive(Debug, Clone, PartialEq)]
pub struct Grade {
    /// The largest value in it.
    pub at_most: f64,
    /// What it is called.
    pub name: Words,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// A figure of the run.
    Run {
        /// Path in `summary.json`.
        path: String,
        /// What it is multiplied by.
        factor: f64,
    },
    /// What the site's author says.
    Given {
        /// Name in results.
        key: String,
        /// What it is multiplied by.
        factor: f64,
    },
    /// Calculated, by a name of [`crate::schema::profile::CALCULATIONS`].
    Calculated(String),
}

/// The ids of the profiles that ship.
#[must_use]
pub fn ids() -> Vec<&'static str> {
    catalogue::ids(Shelf::Profiles)
}

/// A profile that ships, by its id, or the file of that name (which ends in `.ron`).
///
/// # Errors
/// All that is wrong.
pub fn load(name: &str) -> Result<Profile, Vec<Problem>> {
    let source = match catalogue::find(Shelf::Profiles, name) {
        Some(record) => Ok(Source::new(
            record.source.name.clone(),
            record.source.text.clone(),
            record.source.folder.clone(),
        )),
        None if name.ends_with(".ron") => Source::open(Path::new(name)),
        None => {
            let message = format!("there is no profile {name}; there are {}", ids().join(", "));
            let help = hint(name, &ids());
            Err(Raised::error(code::FILE_MISSING, "", At::NOWHERE, message).maybe_help(help))
        }
    };
    match source {
        Ok(source) => read(source),
        Err(raised) => Err(vec![raised.locate(&Sources::default())]),
    }
}

/// A profile of a text.
///
/// # Errors
/// All that is wrong.
pub fn read(source: Source) -> Result<Profile, Vec<Problem>> {
    let id =
        Path::new(&source.name).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let mut sources = Sources::default();
    let index = sources.add(source);
    let mut problems = Problems::default();
    let root = match syntax::parse(&sources, index) {
        Ok(root) => root,
        Err(raised) => {
            problems.add(raised);
            return Err(problems.finish(&sources));
        }
    };
    walk::walk(&root, Shape::Record(&PROFILE), "", &mut problems);
    let profile = profile(&id, &root);
    if let Some(profile) = &profile {
        faults(profile, &root, &mut problems);
    }
    match profile {
        Some(profile) if !problems.has_errors() => Ok(profile),
        _ => Err(problems.finish(&sources)),
    }
}

/// What the schema cannot say.
fn faults(profile: &Profile, root: &Node, problems: &mut Problems) {
    let known: Vec<String> = disclosure::keys().collect();
    let sheets = root.get("tables").map_or(&[][..], Node::items);
    for (k, (sheet, node)) in profile.tables.iter().zip(sheets).enumerate() {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let at = |field: &str| node.get(field).map_or(node.at, |n| n.at);
        if sheet.id.is_empty() || !sheet.id.bytes().all(plain) {
            let message = format!("{:?} is no name of a table: lower case letters, digits and _", sheet.id);
            problems.error(code::OUT_OF_BOUNDS, format!("tables[{k}].id"), at("id"), message);
        }
        if profile.tables[..k].iter().any(|other| other.id == sheet.id) {
            let message = format!("the table {} is there twice", sheet.id);
            problems.error(code::OUT_OF_BOUNDS, format!("tables[{k}].id"), at("id"), message);
        }
        for (j, indicator) in sheet.indicators.iter().enumerate() {
            for origin in &indicator.from {
                let Origin::Given { key, .. } = origin else { continue };
                if !known.contains(key) {
                    let names: Vec<&str> = known.iter().map(String::as_str).collect();
                    let message = format!("disclosure gives no {key}");
                    let raised = Raised::error(
                        code::UNKNOWN_CHOICE,
                        format!("tables[{k}].indicators[{j}].from"),
                        at("indicators"),
                        message,
                    );
                    problems.add(raised.maybe_help(hint(key, &names)));
                }
            }
            if indicator.grades.windows(2).any(|pair| pair[0].at_most >= pair[1].at_most) {
                let message = format!("the grades of {} do not rise", indicator.code);
                problems.error(
                    code::OUT_OF_BOUNDS,
                    format!("tables[{k}].indicators[{j}].grades"),
                    at("indicators"),
                    message,
                );
            }
        }
    }
}

fn text(node: &Node, field: &str) -> Option<String> {
    let value = node.get(field)?;
    Some(value.as_text().or_else(|| value.name())?.to_owned())
}

fn words(node: &Node, field: &str) -> Option<Words> {
    let value = node.get(field)?;
    Some(Words { english: text(value, "en")?, chinese: text(value, "zh")? })
}

fn profile(id: &str, root: &Node) -> Option<Profile> {
    let edition = text(root, "edition")?;
    let tables =
        root.get("tables")?.items().iter().map(|node| sheet(node, &edition)).collect::<Option<_>>()?;
    Some(Profile {
        id: id.to_owned(),
        title: words(root, "title")?,
        status: match root.get("status")?.name()? {
            "InForce" => Status::InForce,
            "Withdrawn" => Status::Withdrawn,
            _ => Status::Draft,
        },
        valid_from: text(root, "valid_from")?,
        valid_until: text(root, "valid_until"),
        source: text(root, "source")?,
        confidence: text(root, "confidence")?,
        note: words(root, "note"),
        edition,
        tables,
    })
}

fn sheet(node: &Node, edition: &str) -> Option<Sheet> {
    let lines = node.get("indicators")?.items().iter();
    let indicators = lines.map(|node| indicator(node, edition)).collect::<Option<_>>()?;
    Some(Sheet { id: text(node, "id")?, caption: words(node, "caption")?, indicators })
}

fn indicator(node: &Node, edition: &str) -> Option<Indicator> {
    let decimals = node.get("decimals").map_or(Some(0), value::whole)?;
    let grades = node.get("grades").map_or(&[][..], Node::items).iter();
    let grade = |node: &Node| {
        Some(Grade { at_most: value::number(node.get("at_most")?)?, name: words(node, "name")? })
    };
    Some(Indicator {
        code: text(node, "code")?,
        name: words(node, "name")?,
        unit: text(node, "unit").unwrap_or_default(),
        decimals: u8::try_from(decimals).ok()?,
        definition: words(node, "definition")?,
        edition: text(node, "edition").unwrap_or_else(|| edition.to_owned()),
        boundary: words(node, "boundary")?,
        from: node.get("from")?.items().iter().map(origin).collect::<Option<_>>()?,
        grades: grades.map(grade).collect::<Option<_>>()?,
        confidence: text(node, "confidence")?,
        note: words(node, "note"),
    })
}

fn origin(node: &Node) -> Option<Origin> {
    // `Run("metrics.pue", 0.001)` or `Run(path: "metrics.pue", factor: 0.001)`.
    let field = |k: usize, name: &str| match &node.what {
        What::Tuple(_, items) => items.get(k),
        _ => node.get(name),
    };
    let factor = || field(1, "factor").map_or(Some(1.0), value::number);
    match node.name()? {
        "Run" => Some(Origin::Run { path: field(0, "path")?.as_text()?.to_owned(), factor: factor()? }),
        "Given" => Some(Origin::Given { key: field(0, "key")?.as_text()?.to_owned(), factor: factor()? }),
        _ => Some(Origin::Calculated(field(0, "what")?.name()?.to_owned())),
    }
}
