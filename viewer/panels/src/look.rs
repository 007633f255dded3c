//! How things are said and shown: language, units, light, size.
//!
//! Texts come from `assets/i18n/{en,zh}/viewer.ftl`. What the engine says (declarations, notes, problems) is English in
//! both languages.

use crate::shade::Shade;
use engine::report::document::Language;
use engine::report::texts::Texts;
use engine::units::{Quantity, System, Unit};
use std::sync::Arc;

const ENGLISH: &str = include_str!("../../../assets/i18n/en/viewer.ftl");
const CHINESE: &str = include_str!("../../../assets/i18n/zh/viewer.ftl");
/// Simplified Chinese; see `assets/fonts/README.md` for its characters and licence.
const CJK: &[u8] = include_bytes!("../../../assets/fonts/NotoSansCJKsc-Regular-subset.otf");

/// Sizes to choose from.
pub const SIZES: [f32; 5] = [1.0, 1.25, 1.5, 1.75, 2.0];

/// How things are said and shown.
#[derive(Clone)]
pub struct Look {
    language: Language,
    texts: Arc<Texts>,
    /// Units that values are shown in; they may be typed in any.
    pub units: System,
    /// Light colours.
    pub light: bool,
    /// Size of texts and panels, 1 to 2.
    pub size: f32,
}

impl std::fmt::Debug for Look {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Look { language, units, light, size, texts: _ } = self;
        f.debug_struct("Look")
            .field("language", language)
            .field("units", units)
            .field("light", light)
            .field("size", size)
            .finish_non_exhaustive()
    }
}

impl Default for Look {
    fn default() -> Self {
        let language = Language::English;
        Look { language, texts: Arc::new(texts(language)), units: System::Si, light: false, size: 1.0 }
    }
}

fn texts(language: Language) -> Texts {
    match language {
        Language::English => Texts::from_sources(language, ENGLISH, None),
        Language::Chinese => Texts::from_sources(language, CHINESE, Some(ENGLISH)),
    }
}

impl Look {
    /// The language of the panels.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// Chooses a language.
    pub fn speak(&mut self, language: Language) {
        if language != self.language {
            self.language = language;
            self.texts = Arc::new(texts(language));
        }
    }

    /// The text of a key.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        self.texts.get(key)
    }

    /// The text of a key with values in it.
    #[must_use]
    pub fn with(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.texts.with(key, values)
    }

    /// Keys that were asked for and are not there.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        self.texts.missing()
    }

    /// Name of a way to colour racks.
    #[must_use]
    pub fn shade(&self, shade: Shade) -> String {
        self.t(&format!("shade-{}", shade.id()))
    }

    /// A value with the unit of its size.
    #[must_use]
    pub fn value(&self, quantity: Quantity, si: f64) -> String {
        quantity.display_in(self.units, si)
    }

    /// The unit of a column or an axis.
    #[must_use]
    pub fn unit(&self, quantity: Quantity) -> &'static Unit {
        quantity.unit_in(self.units)
    }

    /// A temperature in °C as it is shown, without its unit.
    #[must_use]
    pub fn celsius(&self, celsius: f64) -> f64 {
        self.unit(Quantity::Temperature).from_si(celsius + 273.15)
    }

    /// Unit of a way to colour racks; empty where it has none.
    #[must_use]
    pub fn shade_unit(&self, shade: Shade) -> &'static str {
        match (self.units, shade.quantity()) {
            (System::Us, Some(quantity)) => self.unit(quantity).symbol,
            _ => shade.unit(),
        }
    }

    /// A value of a shade, in the unit of [`shade_unit`](Self::shade_unit).
    #[must_use]
    pub fn shaded(&self, shade: Shade, value: f64) -> f64 {
        match (self.units, shade.quantity()) {
            (System::Us, Some(quantity)) => {
                let own = quantity.unit(shade.unit());
                own.map_or(value, |own| self.unit(quantity).from_si(own.to_si(value)))
            }
            _ => value,
        }
    }
}

/// egui's own fonts with the Chinese characters behind them.
#[must_use]
pub fn fonts() -> egui::FontDefinitions {
    let mut fonts = egui::FontDefinitions::default();
    fonts.font_data.insert("cjk".to_owned(), Arc::new(egui::FontData::from_static(CJK)));
    for family in [egui::FontFamily::Proportional, egui::FontFamily::Monospace] {
        fonts.families.entry(family).or_default().push("cjk".to_owned());
    }
    fonts
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn keys(source: &str) -> Vec<(String, BTreeSet<String>)> {
        let lines = source.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
        let mut keys: Vec<_> = lines
            .map(|line| {
                let (key, text) = line.split_once('=').expect("a key and a text");
                let names = text.split("{ $").skip(1).filter_map(|rest| rest.split_once(' '));
                (key.trim().to_owned(), names.map(|(name, _)| name.to_owned()).collect())
            })
            .collect();
        keys.sort();
        keys
    }

    #[test]
    fn both_languages_have_the_same_keys_once_with_the_same_values_in_them() {
        let (english, chinese) = (keys(ENGLISH), keys(CHINESE));
        assert_eq!(english, chinese);
        assert!(english.windows(2).all(|pair| pair[0].0 != pair[1].0));
    }

    /// What egui's own fonts do not have: ideographs, and the punctuation between them.
    fn is_cjk(c: char) -> bool {
        c >= '\u{2e80}'
    }

    #[test]
    fn every_character_of_the_chinese_texts_has_a_glyph() {
        let context = egui::Context::default();
        context.set_fonts(fonts());
        // The textures are for a renderer, and there is none.
        context.run_ui(egui::RawInput::default(), |_| {}).textures_delta.clear();
        for font in [egui::FontId::proportional(13.0), egui::FontId::monospace(13.0)] {
            let missing: BTreeSet<char> = CHINESE
                .chars()
                .filter(|c| is_cjk(*c) && !context.fonts_mut(|fonts| fonts.has_glyph(&font, *c)))
                .collect();
            assert!(missing.is_empty(), "{font:?} lacks {missing:?}");
            let unknown = context.fonts_mut(|fonts| fonts.has_glyph(&font, '\u{9f98}'));
            assert!(!unknown, "a character beyond the subset has a glyph: less is shown");
        }
    }

    #[test]
    fn values_follow_the_units() {
        let mut look = Look::default();
        assert_eq!((look.shaded(Shade::Inlet, 30.0), look.shade_unit(Shade::Inlet)), (30.0, "°C"));
        look.units = System::Us;
        assert!((look.shaded(Shade::Inlet, 30.0) - 86.0).abs() < 1e-9); // 30 · 9/5 + 32
        assert_eq!(look.shade_unit(Shade::Inlet), "°F");
        assert!((look.shaded(Shade::Margin, 5.0) - 9.0).abs() < 1e-9);
        assert_eq!((look.shaded(Shade::Pue, 1.2), look.shade_unit(Shade::Pue)), (1.2, ""));
    }
}
