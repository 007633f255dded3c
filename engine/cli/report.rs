//! `isotherm report`: a finished run as files for people.

use crate::{exit, output, pdf};
use engine::report::html::{self, TEMPLATE_NAME};
use engine::report::uncertainty::Uncertainty;
use engine::report::{Beside, Document, Language, csv, json, profiles, xlsx};
use engine::scenario::profile::{self, Profile};
use engine::study::read::{ReadError, Run};
use engine::study::write::write_whole;
use std::path::{Path, PathBuf};

/// No template is as long as this many bytes.
const LONGEST_TEMPLATE: u64 = 4 << 20;

/// Makes the report of a finished run.
///
/// RUN is a folder that `isotherm run` wrote. Its files are held against its manifest first: a run that was edited has
/// no report. The site is not needed and nothing is calculated again.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  isotherm run mixed_hall --out hall
  isotherm report hall                          hall-report/report.en.html, to open, print or send
  isotherm report hall --lang zh                the same in Chinese
  isotherm report hall --html --csv --json      and every table of it, for spreadsheets and programs
  isotherm report hall --pdf --xlsx --profile eu_2024_1364,gri   for an authority, with its tables filled
  isotherm report after --against before --pdf  with a section that compares it with another run
  isotherm report hall --uncertainty sweep      with percentiles and what moves them, of a finished sweep of the site
  isotherm report hall --template mine          with mine/report.html in place of the built-in template

Exit codes: 0 ok, 2 usage, 65 not a run of isotherm, or edited, 66 no finished run there,
73 cannot create output (or it is there: --force), 74 write failed.")]
pub struct Arguments {
    /// The folder of a finished run.
    #[arg(value_name = "RUN")]
    run: PathBuf,

    /// One HTML file that needs nothing beside it; what is made if no form is named.
    #[arg(long)]
    html: bool,

    /// Every table as comma-separated values, one file each.
    #[arg(long)]
    csv: bool,

    /// Everything but the drawings as one versioned JSON object.
    #[arg(long)]
    json: bool,

    /// One PDF file that keeps PDF/UA-1; only in a program that was built with the feature `pdf`.
    #[arg(long)]
    pdf: bool,

    /// One workbook with a sheet for every table, totals as formulas.
    #[arg(long)]
    xlsx: bool,

    /// Regulatory profiles, apart by commas: iso_30134, iso_30134_2_2016, eu_2024_1364, eu_rating_draft, gb_40879, gri, a
    /// file that ends in .ron, or none.
    #[arg(long, value_name = "PROFILES", default_value = profiles::DEFAULT, value_delimiter = ',')]
    profile: Vec<String>,

    /// The folder of another finished run: a section compares this one with it, in all forms.
    #[arg(long, value_name = "RUN")]
    against: Option<PathBuf>,

    /// The folder of a finished sweep of the same site (`isotherm sweep run`): a section says how sure the figures are
    /// and what moves them, in all forms.
    #[arg(long, value_name = "SWEEP")]
    uncertainty: Option<PathBuf>,

    /// Language: en or zh.
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = language)]
    lang: Language,

    /// Where the files go; by default beside the run, in RUN-report.
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// A folder with a `report.html` that stands in for the built-in template.
    #[arg(long, value_name = "DIR")]
    template: Option<PathBuf>,

    /// Replaces files of an earlier report.
    #[arg(long)]
    force: bool,
}

fn language(text: &str) -> Result<Language, String> {
    text.parse()
}

/// A file to be: its name and its bytes.
type Made = (String, Vec<u8>);

/// Runs the command; the exit code.
pub fn main(arguments: &Arguments) -> u8 {
    match make(arguments) {
        Ok(()) => exit::OK,
        Err((code, identifier, text)) => {
            output::message(&format!("error[{identifier}]: {text}\n"));
            code
        }
    }
}

type Failure = (u8, &'static str, String);

fn unreadable(error: &ReadError) -> Failure {
    (error.exit_code(), "ISO0910", error.to_string())
}

fn make(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.pdf {
        pdf::available().map_err(|why| (exit::USAGE, "ISO0913", why))?;
    }
    let template = arguments.template.as_deref().map(own_template).transpose()?;
    let profiles = profiles(&arguments.profile)?;
    let run = Run::open(&arguments.run).map_err(|error| unreadable(&error))?;
    let against = arguments.against.as_deref().map(Run::open).transpose();
    let against = against.map_err(|error| unreadable(&error))?;
    let sweep = arguments.uncertainty.as_deref().map(|folder| Uncertainty::read(folder, &run)).transpose();
    let sweep = sweep.map_err(|error| (error.exit_code(), "ISO0915", error.to_string()))?;
    let others = Beside { against: against.as_ref(), uncertainty: sweep.as_ref() };
    let document = engine::report::make_beside(&run, others, &profiles, arguments.lang);
    let document = document.map_err(|error| unreadable(&error))?;
    let files = files(arguments, &document, template.as_deref())?;
    let folder = arguments.out.clone().unwrap_or_else(|| beside(&arguments.run));
    let cannot = |path: &Path, why: &str| {
        (exit::CANNOT_CREATE, "ISO0911", format!("cannot create {}: {why}", path.display()))
    };
    // All refusals come before the first file.
    for (name, _) in &files {
        let path = folder.join(name);
        if path.exists() && !arguments.force {
            return Err(cannot(&path, "it is there already; --force replaces it, -o DIR writes elsewhere"));
        }
    }
    std::fs::create_dir_all(&folder).map_err(|error| cannot(&folder, &error.to_string()))?;
    for (name, bytes) in &files {
        write_whole(&folder.join(name), bytes)
            .map_err(|error| (error.exit_code(), "ISO0900", error.to_string()))?;
    }
    let shown: Vec<String> = match files.as_slice() {
        [(name, _)] => vec![folder.join(name).display().to_string()],
        _ => files.iter().map(|(name, _)| format!("  {}", folder.join(name).display())).collect(),
    };
    output::data(&format!("{}\n", shown.join("\n")));
    Ok(())
}

fn files(arguments: &Arguments, document: &Document, template: Option<&str>) -> Result<Vec<Made>, Failure> {
    let code = document.language.code();
    let mut files = Vec::new();
    if arguments.html || !(arguments.csv || arguments.json || arguments.pdf || arguments.xlsx) {
        let text = html::text(document, template)
            .map_err(|error| (exit::BAD_INPUT, "ISO0912", error.to_string()))?;
        files.push((format!("report.{code}.html"), text.into_bytes()));
    }
    if arguments.pdf {
        let (bytes, told) = pdf::bytes(document).map_err(|why| (exit::INTERNAL, "ISO0913", why))?;
        if let Some(told) = told {
            output::message(&format!("warning: {told}\n"));
        }
        files.push((format!("report.{code}.pdf"), bytes));
    }
    if arguments.xlsx {
        let bytes =
            xlsx::xlsx(document).map_err(|error| (exit::CANNOT_CREATE, "ISO0914", error.to_string()))?;
        files.push((format!("report.{code}.xlsx"), bytes));
    }
    if arguments.json {
        files.push((format!("report.{code}.json"), json::text(document).into_bytes()));
    }
    if arguments.csv {
        let tables = document.tables();
        files.extend(tables.map(|table| (format!("{}.{code}.csv", table.id), csv::text(table).into_bytes())));
    }
    Ok(files)
}

/// The profiles that are asked for, or all that is wrong with them.
fn profiles(names: &[String]) -> Result<Vec<Profile>, Failure> {
    if names == ["none"] {
        return Ok(Vec::new());
    }
    profiles::choose(names.iter().map(String::as_str)).map_err(|problems| {
        let code = problems.first().map_or("ISO0913", |problem| problem.code);
        let class = engine::scenario::problem::class(&problems).exit_code();
        let known = profile::ids().join(", ");
        let said: Vec<String> = problems
            .iter()
            .map(|problem| match &problem.location {
                Some(at) => {
                    format!("{}:{}:{}: {}: {}", at.file, at.line, at.column, problem.path, problem.message)
                }
                None => problem.message.clone(),
            })
            .collect();
        (class, code, format!("{}\n  shipped are {known}", said.join("\n  ")))
    })
}

/// `RUN-report`, beside the run.
fn beside(run: &Path) -> PathBuf {
    let name = std::fs::canonicalize(run)
        .ok()
        .and_then(|path| path.file_name().map(|name| name.to_string_lossy().into_owned()))
        .unwrap_or_else(|| "run".into());
    let parent = run.join("..");
    // `runs/hall` is written as its user wrote it.
    let parent = match (run.parent(), run.file_name()) {
        (Some(parent), Some(_)) => parent.to_owned(),
        _ => parent,
    };
    parent.join(format!("{name}-report"))
}

fn own_template(folder: &Path) -> Result<String, Failure> {
    let path = folder.join(TEMPLATE_NAME);
    let failed =
        |why: String| (exit::MISSING_INPUT, "ISO0912", format!("cannot read {}: {why}", path.display()));
    let length = std::fs::metadata(&path).map_err(|error| failed(error.to_string()))?.len();
    if length > LONGEST_TEMPLATE {
        return Err(failed(format!("it has {length} bytes, {LONGEST_TEMPLATE} are read at most")));
    }
    std::fs::read_to_string(&path).map_err(|error| failed(error.to_string()))
}
