//! A value as written: names, numbers and texts with their places, nothing interpreted yet.

/// Where something stands: a range of bytes in one of the sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    pub(crate) source: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl At {
    /// What was made by an edit stands in no text.
    pub const NOWHERE: At = At { source: u32::MAX, start: 0, end: 0 };

    pub(crate) fn new(source: usize, start: usize, end: usize) -> At {
        // Files are limited to 16 MiB and sources to a few, so nothing is cut off.
        At { source: source as u32, start: start as u32, end: end as u32 }
    }

    /// From the start of this to the end of `other`, in one source.
    pub(crate) fn to(self, other: At) -> At {
        At { end: other.end, ..self }
    }

    /// For sorting by place.
    pub(crate) fn order(self) -> (u32, u32) {
        (self.source, self.start)
    }
}

/// A value with its place. Two are equal when they say the same, wherever they stand.
#[derive(Debug, Clone)]
pub struct Node {
    /// What is written.
    pub what: What,
    /// Where.
    pub at: At,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.what == other.what
    }
}

/// What is written.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// `"30 °C"`.
    Text(String),
    /// `12`.
    Whole(i64),
    /// `1e-4`.
    Real(f64),
    /// `true`.
    Bool(bool),
    /// `NPlus1`.
    Name(String),
    /// `[a, b]`.
    List(Vec<Node>),
    /// `("2 m", "3 m")` or `Day("2024-04-07")`.
    Tuple(Option<Key>, Vec<Node>),
    /// `(count: 2)` or `Cdu(count: 2)`.
    Record(Option<Key>, Vec<Entry>),
    /// `{"cdu": …}`.
    Map(Vec<Entry>),
    /// What no field takes: characters, bytes, ranges.
    Other(String),
}

/// A name or a key with its place.
#[derive(Debug, Clone)]
pub struct Key {
    /// The name.
    pub text: String,
    /// Where.
    pub at: At,
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// One field of a record, or one entry of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its key.
    pub key: Key,
    /// Its value.
    pub value: Node,
}

impl Key {
    /// A key that stands in no text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Key {
        Key { text: text.into(), at: At::NOWHERE }
    }
}

impl From<What> for Node {
    fn from(what: What) -> Node {
        Node { what, at: At::NOWHERE }
    }
}

impl Node {
    /// A text that stands in no file.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Node {
        What::Text(text.into()).into()
    }

    /// An empty record `()`.
    #[must_use]
    pub fn record() -> Node {
        What::Record(None, Vec::new()).into()
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.what {
            What::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The name before the parentheses, or the bare name.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match &self.what {
            What::Name(name) => Some(name),
            What::Tuple(Some(key), _) | What::Record(Some(key), _) => Some(&key.text),
            _ => None,
        }
    }

    /// Where the name stands; the value where there is none.
    #[must_use]
    pub fn name_at(&self) -> At {
        match &self.what {
            What::Tuple(Some(key), _) | What::Record(Some(key), _) => key.at,
            _ => self.at,
        }
    }

    /// Fields of a record or entries of a map; none for anything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.what {
            What::Record(_, entries) | What::Map(entries) => entries,
            _ => &[],
        }
    }

    pub(crate) fn entries_mut(&mut self) -> Option<&mut Vec<Entry>> {
        match &mut self.what {
            What::Record(_, entries) | What::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// Items of a list or a tuple; none for anything else.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        match &self.what {
            What::List(items) | What::Tuple(_, items) => items,
            _ => &[],
        }
    }

    /// The field or entry of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entries().iter().find(|entry| entry.key.text == name).map(|entry| &entry.value)
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut Node> {
        let entries = self.entries_mut()?;
        entries.iter_mut().find(|entry| entry.key.text == name).map(|entry| &mut entry.value)
    }

    /// What it is, for messages: `the number 27`.
    #[must_use]
    pub fn described(&self) -> String {
        match &self.what {
            What::Text(text) => format!("the text {}", quoted(text)),
            What::Whole(number) => format!("the number {number}"),
            What::Real(number) => format!("the number {number}"),
            What::Bool(value) => format!("{value}"),
            What::Name(name) => format!("the name {}", cut(name)),
            What::List(_) => "a list".to_owned(),
            What::Tuple(None, _) => "values in parentheses".to_owned(),
            What::Record(None, _) => "fields in parentheses".to_owned(),
            What::Tuple(Some(key), _) | What::Record(Some(key), _) => format!("{}(…)", cut(&key.text)),
            What::Map(_) => "a map in braces".to_owned(),
            What::Other(token) => cut(token),
        }
    }
}

/// A text cut to a length that fits a message, in one line.
pub(crate) fn cut(text: &str) -> String {
    shortened(text).replace(char::is_control, "\u{fffd}")
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A text in quotes, cut, with control characters made visible.
pub(crate) fn quoted(text: &str) -> String {
    format!("{:?}", shortened(text))
}
