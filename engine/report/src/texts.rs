//! Texts in the languages of reports, from Fluent files with equal sets of keys.

use crate::document::Language;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

const ENGLISH: &str = include_str!("../../../assets/i18n/en/report.ftl");
const CHINESE: &str = include_str!("../../../assets/i18n/zh/report.ftl");

/// The texts of one language. A text that it lacks is taken from English and remembered as missing.
pub struct Texts {
    language: Language,
    own: FluentBundle<FluentResource>,
    english: Option<FluentBundle<FluentResource>>,
    missing: Mutex<BTreeSet<String>>,
}

impl Texts {
    /// The texts of reports.
    #[must_use]
    pub fn of(language: Language) -> Self {
        match language {
            Language::English => Self::from_sources(language, ENGLISH, None),
            Language::Chinese => Self::from_sources(language, CHINESE, Some(ENGLISH)),
        }
    }

    /// Texts of another Fluent source; `english` is what stands in for what `own` lacks.
    #[must_use]
    pub fn from_sources(language: Language, own: &str, english: Option<&str>) -> Self {
        Self {
            language,
            own: bundle(language, own),
            english: english.map(|source| bundle(Language::English, source)),
            missing: Mutex::default(),
        }
    }

    /// The language.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The text of that key.
    #[must_use]
    pub fn get(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// The text of that key with these values in it, each as a person reads it.
    #[must_use]
    pub fn with(&self, key: &str, values: &[(&str, &str)]) -> String {
        if let Some(text) = said(&self.own, key, values) {
            return text;
        }
        self.missing.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned());
        self.english.as_ref().and_then(|english| said(english, key, values)).unwrap_or_else(|| key.to_owned())
    }

    /// The text of that key, where there is one: for names that a site gives.
    #[must_use]
    pub fn known(&self, key: &str) -> Option<String> {
        self.known_with(key, &[])
    }

    /// The same with values in it.
    #[must_use]
    pub fn known_with(&self, key: &str, values: &[(&str, &str)]) -> Option<String> {
        said(&self.own, key, values)
    }

    /// Keys that were asked for and are not there, or lack a value.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        self.missing.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

fn bundle(language: Language, source: &str) -> FluentBundle<FluentResource> {
    // The plural rules of the locale; both tags are valid.
    let locale = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Marks of direction around values would show up as boxes in drawings.
    bundle.set_use_isolating(false);
    // What a source with faults has is used; a test holds both sources to have none.
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
}

fn said(bundle: &FluentBundle<FluentResource>, key: &str, values: &[(&str, &str)]) -> Option<String> {
    let pattern = bundle.get_message(key)?.value()?;
    let mut arguments = FluentArgs::new();
    for (name, value) in values {
        arguments.set(*name, FluentValue::from(*value));
    }
    let mut faults = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&arguments), &mut faults).into_owned();
    faults.is_empty().then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys of a source with the variables that each uses.
    fn keys(source: &str) -> BTreeSet<(String, Vec<String>)> {
        assert!(FluentResource::try_new(source.to_owned()).is_ok(), "a fault in the source");
        let lines = source.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
        lines
            .map(|line| {
                let (key, text) = line.split_once('=').expect("a key and a text");
                let mut names: Vec<String> = text
                    .split("{ $")
                    .skip(1)
                    .filter_map(|rest| rest.split_once(' '))
                    .map(|(name, _)| name.to_owned())
                    .collect();
                names.sort();
                names.dedup();
                (key.trim().to_owned(), names)
            })
            .collect()
    }

    #[test]
    fn both_languages_have_the_same_keys_with_the_same_values_in_them() {
        let (english, chinese) = (keys(ENGLISH), keys(CHINESE));
        let only = |a: &BTreeSet<_>, b: &BTreeSet<_>| {
            a.difference(b).cloned().collect::<Vec<(String, Vec<String>)>>()
        };
        assert_eq!((only(&english, &chinese), only(&chinese, &english)), (vec![], vec![]));
        assert!(english.len() > 100);
    }

    #[test]
    fn a_key_is_there_once() {
        for source in [ENGLISH, CHINESE] {
            let lines = source.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
            assert_eq!(lines.count(), keys(source).len());
        }
    }

    #[test]
    fn what_is_missing_is_said_in_english_and_remembered() {
        let texts = Texts::from_sources(Language::Chinese, "a = 甲", Some("a = A\nb = { $x } B"));
        assert_eq!(texts.get("a"), "甲");
        assert_eq!(texts.with("b", &[("x", "2")]), "2 B");
        assert_eq!(texts.get("c"), "c");
        assert_eq!(texts.missing(), ["b", "c"]);
    }
}
