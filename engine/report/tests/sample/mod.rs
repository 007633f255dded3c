//! A report around any sections, for tests.

use report::document::{Document, Language, RunId, Section, Words};
use report::texts::Texts;

/// A report of a site that does not exist, with these sections.
pub fn document(language: Language, sections: Vec<Section>) -> Document {
    let word = |text: &str| text.to_owned();
    Document {
        language,
        title: word("A site"),
        subtitle: word("Report"),
        verdict: word("All targets are met."),
        run: RunId {
            id: word("0123abcd"),
            engine: word("0.1.0"),
            site: word("a_site"),
            period: word("one year"),
            weather: word("typical"),
            method: word("simulated"),
        },
        sections,
        words: Words::of(&Texts::of(language)),
    }
}

/// A section with the blocks.
pub fn section(id: &str, blocks: Vec<report::document::Block>) -> Section {
    Section { id: id.to_owned(), title: id.to_owned(), blocks }
}
