//! What Typst may see: one template, one data file and three fonts, all from memory. No disk, no network, no clock.

use std::sync::LazyLock;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

/// The fonts, in the order in which a missing character is sought.
const FONTS: [&[u8]; 3] = [
    include_bytes!("../../../assets/fonts/NotoSans-Regular-subset.ttf"),
    include_bytes!("../../../assets/fonts/NotoSans-Bold-subset.ttf"),
    include_bytes!("../../../assets/fonts/NotoSansCJKsc-Regular-subset.otf"),
];

/// The layout: how the data are set.
const TEMPLATE: &str = include_str!("report.typ");

/// What no document changes.
struct Kit {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

static KIT: LazyLock<Kit> = LazyLock::new(|| {
    let fonts: Vec<Font> = FONTS.iter().flat_map(|data| Font::iter(Bytes::new(*data))).collect();
    Kit {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
    }
});

/// Whether one of the fonts has the character; line ends and tabs are none that is drawn.
pub fn has(c: char) -> bool {
    matches!(c, '\n' | '\t' | '\r')
        || KIT.fonts.iter().any(|font| font.info().coverage.contains(u32::from(c)))
}

/// All that one report needs.
pub struct Desk {
    main: Source,
    data: FileId,
    json: Bytes,
}

impl Desk {
    /// A desk with the template and `json` beside it. `None` where a path is refused, which no path here is.
    pub fn new(json: String) -> Option<Self> {
        let id = |path| Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(path).ok()?).intern());
        Some(Self {
            main: Source::new(id("report.typ")?, TEMPLATE.to_owned()),
            data: id("report.json")?,
            json: Bytes::from_string(json),
        })
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &KIT.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &KIT.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data { Ok(self.json.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        KIT.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
