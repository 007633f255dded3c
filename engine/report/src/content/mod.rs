//! What a report says: facts into sentences, tables and figures.

mod books;
mod comparison;
mod energy;
mod factors;
mod glossary;
mod items;
mod key_figures;
mod method;
mod money;
mod on_site;
mod pledges;
mod racks;
mod site;
mod summary;
mod thermal;
mod uncertainty;
mod water;

use crate::document::{Block, Column, Document, Figure, Language, RunId, Section, Table, Words, grouped};
use crate::facts::{Facts, Part, date};
use crate::figures::{About, Drawing};
use crate::profiles::{self, Evidence};
use crate::texts::Texts;
use crate::uncertainty::Uncertainty;
use scenario::profile::Profile;
use study::read::{ReadError, Run};

/// Words that sources of records share, and their texts. Longer ones come first.
const PHRASES: [(&str, &str); 20] = [
    ("given by the site", "given-by-the-site"),
    ("engineering estimates of isotherm", "phrase-estimate"),
    ("engineering estimate of isotherm", "phrase-estimate"),
    ("engineering knowledge", "phrase-knowledge"),
    ("made up, to show the format", "phrase-made-up"),
    ("; taken at 0.38 of the United States'", "phrase-scaled"),
    ("maintenance 2–4 % a year", "phrase-maintenance-plant"),
    ("maintenance 1 % a year", "phrase-maintenance-building"),
    (", of an industrial customer, indicative", "phrase-industrial"),
    (", large-industry tariff with transmission, indicative", "phrase-large-industry"),
    (" in the categories of WRI Aqueduct 4.0", "phrase-aqueduct"),
    (", of servers", "phrase-of-servers"),
    (", of a building", "phrase-of-a-building"),
    (", of plant", "phrase-of-plant"),
    (", of chillers", "phrase-of-chillers"),
    ("cradle to gate", "phrase-cradle-to-gate"),
    (", to verify", "phrase-and-verify"),
    ("to verify", "phrase-to-verify"),
    ("recalled", "phrase-recalled"),
    ("sourced: ", "phrase-sourced"),
];

/// What a report shows a run beside.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// Another run, which is the reference of a section that compares the two.
    pub against: Option<&'a Run>,
    /// A sweep of the run's site, of which a section tells how sure its figures are.
    pub uncertainty: Option<&'a Uncertainty>,
}

/// Makes the report of a run, with a section for each profile: the same document for the same run and language.
///
/// # Errors
/// [`ReadError`], where the series cannot be read.
pub fn make(run: &Run, profiles: &[Profile], language: Language) -> Result<Document, ReadError> {
    make_beside(run, Beside::default(), profiles, language)
}

/// As [`make`], beside another run, a sweep, or both.
///
/// # Errors
/// As [`make`]; [`ReadError::Malformed`] where the summary of either run lacks what a comparison needs.
pub fn make_beside(
    run: &Run,
    beside: Beside,
    profiles: &[Profile],
    language: Language,
) -> Result<Document, ReadError> {
    make_with(run, beside, profiles, &Texts::of(language))
}

/// As [`make_beside`], with texts that remember what they lack.
///
/// # Errors
/// As [`make_beside`].
pub fn make_with(
    run: &Run,
    beside: Beside,
    profiles: &[Profile],
    texts: &Texts,
) -> Result<Document, ReadError> {
    let facts = Facts::read(run)?;
    let course = if profiles.is_empty() { None } else { profiles::course(run, &facts)? };
    let evidence = Evidence { summary: &run.summary.raw, course: course.as_ref() };
    let page = Page { run, facts: &facts, texts, uncertainty: beside.uncertainty };
    let period = page.period();
    let comparison = beside
        .against
        .map(|other| comparison::compared(run, other))
        .transpose()
        .map_err(|reason| ReadError::Malformed { path: run.folder().join("summary.json"), reason })?;
    let comparison =
        beside.against.zip(comparison).and_then(|(other, of)| comparison::section(&page, other, &of));
    let mut sections = [
        vec![summary::section(&page)],
        comparison.into_iter().collect(),
        vec![
            key_figures::section(&page),
            site::section(&page),
            energy::section(&page),
            water::section(&page),
            thermal::section(&page),
            racks::section(&page),
        ],
        on_site::section(&page).into_iter().collect(),
        books::section(&page).into_iter().collect(),
        money::section(&page).into_iter().collect(),
        pledges::section(&page).into_iter().collect(),
        vec![uncertainty::section(&page)],
        factors::section(&page).into_iter().collect(),
        profiles::sections(&evidence, profiles, texts.language()),
        vec![method::section(&page), glossary::section(&page)],
    ]
    .concat();
    summary::add_findings(&page, &mut sections);
    Ok(Document {
        language: texts.language(),
        title: run.summary.title.clone(),
        subtitle: page.say("subtitle", &[("period", &period)]),
        verdict: summary::verdict(&page),
        run: RunId {
            id: run.id(),
            engine: run.manifest.engine_version.clone(),
            site: run.summary.site.clone(),
            period,
            weather: page.weather(),
            method: page.method(),
        },
        sections,
        words: Words::of(texts),
    })
}

/// What every section is made of.
pub(crate) struct Page<'a> {
    pub run: &'a Run,
    pub facts: &'a Facts,
    pub texts: &'a Texts,
    pub uncertainty: Option<&'a Uncertainty>,
}

impl Page<'_> {
    pub fn t(&self, key: &str) -> String {
        self.texts.get(key)
    }

    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.texts.with(key, values)
    }

    /// Why a value is not there.
    pub fn none(&self) -> String {
        self.t("none")
    }

    /// The period in words.
    pub fn period(&self) -> String {
        let period = &self.run.summary.period;
        if period.whole_year {
            return self.t("period-year");
        }
        let whole = (period.hours - period.hours.round()).abs() < 1e-9;
        let hours = grouped(period.hours, if whole { 0 } else { 2 });
        self.say("period-span", &[("from", &self.moment(period.start_s)), ("hours", &hours)])
    }

    /// Where the weather comes from.
    pub fn weather(&self) -> String {
        let summary = &self.run.summary;
        let said = summary.weather_source.as_ref().and_then(|source| {
            let values: Vec<(&str, &str)> =
                source.values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            self.texts.known_with(&format!("weather-{}", source.code), &values)
        });
        // A run of an earlier version has its words only.
        let Some(said) = said else { return summary.weather.clone() };
        match &summary.weather_sky {
            Some(sky) => {
                let beside = if sky.upper_bound { "weather-sky-clear" } else { "weather-sky" };
                self.say(beside, &[("weather", &said), ("file", &sky.file)])
            }
            None => said,
        }
    }

    /// Whether what the sun gives is an upper bound, since no cloud passes.
    pub fn cloudless(&self) -> bool {
        self.run.summary.raw["on_site"]["cloudless"] == true
    }

    /// A name that a record gives in English, in the language of the report; what is not known is as written.
    pub fn named(&self, name: &str) -> String {
        self.texts.known(&format!("name-{}", study::notes::code(name))).unwrap_or_else(|| name.to_owned())
    }

    /// A category of water stress.
    pub fn stress(&self, category: &str) -> String {
        self.texts
            .known(&format!("stress-{}", study::notes::code(category)))
            .unwrap_or_else(|| category.to_owned())
    }

    /// The name of a technology of a contract.
    pub fn technology(&self, name: &str) -> String {
        self.texts
            .known(&format!("technology-{}", name.to_ascii_lowercase()))
            .unwrap_or_else(|| name.to_owned())
    }

    /// A source, with the words that records share in the language of the report.
    pub fn given(&self, source: &str) -> String {
        PHRASES.iter().fold(source.to_owned(), |said, (phrase, key)| said.replace(phrase, &self.t(key)))
    }

    /// Of which year a factor is; nothing where a run of an earlier version does not say.
    pub fn year(&self, year: Option<impl ToString>) -> String {
        year.map_or_else(|| self.t("dash"), |year| year.to_string())
    }

    /// How sure a factor is; likewise.
    pub fn confidence(&self, confidence: Option<&str>) -> String {
        confidence.map_or_else(|| self.t("dash"), |confidence| self.given(confidence))
    }

    /// A time of the year: day and clock.
    pub fn moment(&self, seconds: f64) -> String {
        let minutes = (seconds / 60.0).round().max(0.0) as u64;
        let (month, day) = date((minutes / 1440 % 365) as u32);
        let clock = format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60);
        // The clock stays beside its day.
        format!("{}\u{a0}{clock}", self.day(month, day)).replace(' ', "\u{a0}")
    }

    pub fn day(&self, month: u32, day: u32) -> String {
        self.say("date-day", &[("month", &self.month(month)), ("day", &day.to_string())])
    }

    pub fn month(&self, month: u32) -> String {
        self.t(&format!("month-{}", month % 12 + 1))
    }

    /// The name of a part of the period.
    pub fn part(&self, part: Part) -> String {
        match part {
            Part::Month(month) => self.month(month),
            Part::Day(day) => {
                let (month, day) = date(day);
                self.day(month, day)
            }
            Part::Hour(hour) => format!("{:02}:00", hour % 24),
        }
    }

    /// What was carried apart; nothing where a run of an earlier version does not say.
    pub fn fidelity(&self) -> Option<String> {
        let name = self.run.summary.mode.fidelity.as_ref()?;
        self.texts.known(&format!("fidelity-{}", name.to_ascii_lowercase()))
    }

    /// What happened within a step.
    pub fn dynamics(&self) -> Option<String> {
        self.texts.known(&format!("dynamics-{}", self.run.summary.mode.dynamics.to_ascii_lowercase()))
    }

    /// How loops were executed.
    pub fn controls(&self) -> Option<String> {
        self.texts.known(&format!("controls-{}", self.run.summary.mode.controls.to_ascii_lowercase()))
    }

    /// How the figures came to be.
    pub fn method(&self) -> String {
        let mode = &self.run.summary.mode;
        self.t(match (mode.dynamics.as_str(), mode.controls.as_str()) {
            ("Dynamic", _) => "method-dynamic",
            (_, "Ideal") => "method-quasi-steady-ideal",
            _ => "method-quasi-steady",
        })
    }

    /// A name within a sentence: without its capital, unless it is an abbreviation.
    pub fn inside(&self, name: &str) -> String {
        let mut chars = name.chars();
        match (chars.next(), chars.next()) {
            (Some(first), Some(second)) if second.is_lowercase() => {
                first.to_lowercase().chain(name.chars().skip(1)).collect()
            }
            _ => name.to_owned(),
        }
    }

    /// The name of a part of the period, written out.
    pub fn part_long(&self, part: Part) -> String {
        match part {
            Part::Month(month) => self.t(&format!("month-long-{}", month % 12 + 1)),
            other => self.part(other),
        }
    }

    /// The name of a category of electricity.
    pub fn usage(&self, name: &str) -> String {
        self.texts.known(&format!("use-{}", name.replace('_', "-"))).unwrap_or_else(|| name.replace('_', " "))
    }

    /// The name of a category of electricity or of a water account.
    pub fn amount(&self, name: &str) -> String {
        let key = name.replace('_', "-");
        let known =
            self.texts.known(&format!("use-{key}")).or_else(|| self.texts.known(&format!("water-{key}")));
        known.unwrap_or_else(|| name.replace('_', " "))
    }

    /// The name of a water account.
    pub fn water(&self, name: &str) -> String {
        self.texts
            .known(&format!("water-{}", name.replace('_', "-")))
            .unwrap_or_else(|| name.replace('_', " "))
    }

    /// The first words of a group's way of cooling.
    pub fn cooling(&self, name: &str) -> String {
        self.texts
            .known(&format!("cooling-{}", name.replace('_', "-")))
            .unwrap_or_else(|| name.replace('_', " "))
    }

    /// Day of a heat map's column and name of the month that begins there.
    pub fn month_marks(&self, first: u32, days: usize) -> Vec<(usize, String)> {
        let mut marks: Vec<(usize, String)> = Vec::new();
        let every = (days / 12).max(1);
        for column in 0..days {
            let (month, day) = date(first + column as u32);
            if days > 60 {
                if day == 1 {
                    marks.push((column, self.month(month)));
                }
            } else if column % every.max(days.div_ceil(9)) == 0 {
                marks.push((column, self.day(month, day)));
            }
        }
        marks
    }
}

/// The id of a grid, or the name of the file of a profile, without the folder in which it lay.
pub(crate) fn file_name(grid: &str) -> &str {
    grid.rsplit(['/', '\\']).next().unwrap_or(grid)
}

/// An energy as people read it.
pub(crate) fn energy(kwh: f64) -> String {
    match kwh.abs() {
        size if size >= 1e8 => format!("{} GWh", grouped(kwh / 1e6, 0)),
        size if size >= 1e7 => format!("{} GWh", grouped(kwh / 1e6, 1)),
        size if size >= 1e6 => format!("{} MWh", grouped(kwh / 1e3, 0)),
        size if size >= 1e4 => format!("{} MWh", grouped(kwh / 1e3, 1)),
        size if size >= 100.0 => format!("{} kWh", grouped(kwh, 0)),
        _ => format!("{} kWh", grouped(kwh, 1)),
    }
}

/// A volume as people read it.
pub(crate) fn volume(m3: f64) -> String {
    match m3.abs() {
        size if size >= 100.0 => format!("{} m³", grouped(m3, 0)),
        _ => format!("{} m³", grouped(m3, 1)),
    }
}

/// A share in percent as people read it.
pub(crate) fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    let decimals = if percent.abs() >= 10.0 {
        0
    } else if percent.abs() >= 1.0 {
        1
    } else {
        2
    };
    format!("{}\u{202f}%", grouped(percent, decimals))
}

/// A figure of a drawing.
pub(crate) fn figure(
    id: &str,
    caption: String,
    alt: String,
    draw: impl FnOnce(About) -> Drawing,
    table: Table,
) -> Block {
    let drawing = draw(About { id, title: &caption, alt: &alt });
    Block::Figure(Box::new(Figure {
        id: id.to_owned(),
        svg: drawing.svg,
        width_px: drawing.width,
        height_px: drawing.height,
        caption,
        alt,
        table,
    }))
}

/// A section.
pub(crate) fn section(page: &Page, id: &str, blocks: Vec<Block>) -> Section {
    Section { id: id.to_owned(), title: page.t(&format!("section-{id}")), blocks }
}

/// A column of numbers that people know by a text.
pub(crate) fn numbers(page: &Page, key: &str, unit: &str) -> Column {
    Column::number(key, page.t(&format!("column-{}", key.replace('_', "-"))), unit)
}

/// A column of texts that people know by a text.
pub(crate) fn words(page: &Page, key: &str) -> Column {
    Column::text(key, page.t(&format!("column-{}", key.replace('_', "-"))))
}
