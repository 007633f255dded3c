//! The tree of a text that `ron` or `serde_json` has accepted.

use super::token::{Kind, Scanner, Token};
use crate::node::{At, Entry, Key, Node, What};
use crate::source::{Dialect, Source};

/// Deeper than `ron` and `serde_json` go (128).
const DEPTH: usize = 200;

/// The value of a text from a byte on; `None` if it is not well formed after all.
pub(super) fn build(source: &Source, index: usize, from: usize) -> Option<Node> {
    let text = &source.text[from..];
    let mut builder = Builder { scanner: Scanner::new(text), text, from, index, dialect: source.dialect };
    builder.skip_attributes()?;
    let node = builder.value(0)?;
    builder.scanner.next().is_none().then_some(node)
}

/// What is out of balance in a text that is not well formed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Imbalance {
    /// This bracket is opened and not closed, or another one stands in the place of its end.
    Open(usize),
    /// The text that begins here goes over several lines, up to there.
    Text(usize, usize),
}

/// The first imbalance up to a byte; for texts the last one, which ran up to there.
pub(super) fn imbalance(text: &str, until: usize) -> Option<Imbalance> {
    let mut scanner = Scanner::new(text);
    let mut open: Vec<(u8, usize)> = Vec::new();
    let mut several_lines = None;
    let mut crossed = None;
    while let Some(token) = scanner.next() {
        match token.kind {
            Kind::Mark(mark @ (b'(' | b'[' | b'{')) => open.push((mark, token.start)),
            Kind::Mark(mark @ (b')' | b']' | b'}')) => {
                // ( and ) are neighbours in ASCII, [ and ], { and } have one between them.
                let fits =
                    open.last().is_some_and(|(opened, _)| (1..=2).contains(&(mark - opened.min(&mark))));
                match open.pop() {
                    Some((_, start)) if !fits && crossed.is_none() => crossed = Some(Imbalance::Open(start)),
                    _ => {}
                }
            }
            Kind::Text if token.start <= until && text[token.start..token.end].contains('\n') => {
                several_lines = Some(Imbalance::Text(token.start, token.end));
            }
            _ => {}
        }
    }
    several_lines.or(crossed).or(open.pop().map(|(_, start)| Imbalance::Open(start)))
}

struct Builder<'a> {
    scanner: Scanner<'a>,
    text: &'a str,
    from: usize,
    index: usize,
    dialect: Dialect,
}

impl<'a> Builder<'a> {
    fn at(&self, token: Token) -> At {
        At::new(self.index, self.from + token.start, self.from + token.end)
    }

    fn written(&self, token: Token) -> &'a str {
        &self.text[token.start..token.end]
    }

    fn peek_mark(&self, mark: u8) -> bool {
        self.scanner.peek().is_some_and(|t| t.kind == Kind::Mark(mark))
    }

    /// `#![enable(…)]` and its like, before the value.
    fn skip_attributes(&mut self) -> Option<()> {
        while self.peek_mark(b'#') {
            self.scanner.next();
            let mut depth = 0_usize;
            loop {
                match self.scanner.next()?.kind {
                    Kind::Mark(b'[' | b'(') => depth += 1,
                    Kind::Mark(b')') => depth = depth.checked_sub(1)?,
                    Kind::Mark(b']') => {
                        depth = depth.checked_sub(1)?;
                        if depth == 0 {
                            break;
                        }
                    }
                    _ => {}
                }
            }
        }
        Some(())
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        if depth > DEPTH {
            return None;
        }
        let token = self.scanner.next()?;
        let at = self.at(token);
        match token.kind {
            Kind::Text => Some(Node { what: What::Text(self.decoded(token)?), at }),
            Kind::Number => Some(Node { what: number(self.written(token)), at }),
            Kind::Other => Some(Node { what: What::Other(self.written(token).to_owned()), at }),
            Kind::Name => self.named(token, depth),
            Kind::Mark(b'[') => {
                let (items, close) = self.list(b']', depth)?;
                Some(Node { what: What::List(items), at: at.to(close) })
            }
            Kind::Mark(b'{') => {
                let (entries, close) = self.map(depth)?;
                Some(Node { what: What::Map(entries), at: at.to(close) })
            }
            Kind::Mark(b'(') => self.parenthesised(None, at, depth),
            Kind::Mark(_) => None,
        }
    }

    /// `true`, `Some(x)`, `NPlus1` or `Kind(…)`.
    fn named(&mut self, token: Token, depth: usize) -> Option<Node> {
        let at = self.at(token);
        let written = self.written(token);
        let name = written.strip_prefix("r#").unwrap_or(written);
        let bare = |what| Some(Node { what, at });
        match (written, self.peek_mark(b'(')) {
            ("true", false) => bare(What::Bool(true)),
            ("false", false) => bare(What::Bool(false)),
            ("null", false) if self.dialect == Dialect::Json => bare(What::Name("None".to_owned())),
            // Where `Some` may be left out, `ron` takes its parentheses as optional, too.
            ("Some", false) => self.value(depth + 1),
            (_, false) => bare(What::Name(name.to_owned())),
            // `Some(x)` is `x`, and `Some(a: 1)` is `(a: 1)`.
            ("Some", true) => {
                self.scanner.next();
                let mut node = self.parenthesised(None, at, depth + 1)?;
                if let What::Tuple(None, items) = &mut node.what
                    && items.len() == 1
                {
                    return items.pop();
                }
                Some(node)
            }
            (_, true) => {
                self.scanner.next();
                self.parenthesised(Some(Key { text: name.to_owned(), at }), at, depth)
            }
        }
    }

    /// What follows an opening parenthesis: fields if the first item is a name with a colon.
    fn parenthesised(&mut self, name: Option<Key>, at: At, depth: usize) -> Option<Node> {
        let mut ahead = self.scanner.clone();
        let first = ahead.next()?;
        let second = ahead.next();
        let is_name = first.kind == Kind::Name;
        if is_name && second.is_some_and(|t| t.kind == Kind::Mark(b':')) {
            let (entries, close) = self.fields(depth)?;
            return Some(Node { what: What::Record(name, entries), at: at.to(close) });
        }
        let (mut items, close) = self.list(b')', depth)?;
        let what = match (&items[..], &name) {
            ([], _) => What::Record(name, Vec::new()),
            // `Kind((a: 1))` is `Kind(a: 1)`.
            ([Node { what: What::Record(None, _), .. }], Some(_)) => match items.pop().map(|n| n.what) {
                Some(What::Record(_, entries)) => What::Record(name, entries),
                _ => return None,
            },
            _ => What::Tuple(name, items),
        };
        Some(Node { what, at: at.to(close) })
    }

    /// Values up to a closing mark.
    fn list(&mut self, end: u8, depth: usize) -> Option<(Vec<Node>, At)> {
        let mut items = Vec::new();
        loop {
            if self.peek_mark(end) {
                let close = self.scanner.next()?;
                return Some((items, self.at(close)));
            }
            items.push(self.value(depth + 1)?);
            self.comma(end)?;
        }
    }

    fn comma(&mut self, end: u8) -> Option<()> {
        match self.scanner.peek()?.kind {
            Kind::Mark(b',') => self.scanner.next().map(|_| ()),
            Kind::Mark(mark) if mark == end => Some(()),
            _ => None,
        }
    }

    /// Fields up to the closing parenthesis. An optional field that is `None` is not written.
    fn fields(&mut self, depth: usize) -> Option<(Vec<Entry>, At)> {
        let mut entries = Vec::new();
        loop {
            let token = self.scanner.next()?;
            if token.kind == Kind::Mark(b')') {
                return Some((entries, self.at(token)));
            }
            if token.kind != Kind::Name {
                return None;
            }
            let written = self.written(token);
            let text = written.strip_prefix("r#").unwrap_or(written).to_owned();
            self.entry(Key { text, at: self.at(token) }, b')', depth, &mut entries)?;
        }
    }

    fn map(&mut self, depth: usize) -> Option<(Vec<Entry>, At)> {
        let mut entries = Vec::new();
        loop {
            if self.peek_mark(b'}') {
                let close = self.scanner.next()?;
                return Some((entries, self.at(close)));
            }
            let key = self.value(depth + 1)?;
            let written = (key.at.start as usize - self.from)..(key.at.end as usize - self.from);
            // Only texts are keys; whatever else stands there is refused as an id later, by its marks.
            let text = match key.what {
                What::Text(text) => text,
                _ => format!("`{}`", self.text.get(written)?),
            };
            self.entry(Key { text, at: key.at }, b'}', depth, &mut entries)?;
        }
    }

    fn entry(&mut self, key: Key, end: u8, depth: usize, entries: &mut Vec<Entry>) -> Option<()> {
        if self.scanner.next()?.kind != Kind::Mark(b':') {
            return None;
        }
        let value = self.value(depth + 1)?;
        self.comma(end)?;
        if value.what != What::Name("None".to_owned()) {
            entries.push(Entry { key, value });
        }
        Some(())
    }

    /// The content of a text, read by the library that accepted it.
    fn decoded(&self, token: Token) -> Option<String> {
        let written = self.written(token);
        if !written.contains('\\') && written.starts_with('"') {
            return written.strip_prefix('"')?.strip_suffix('"').map(str::to_owned);
        }
        match self.dialect {
            Dialect::Ron => ron::from_str(written).ok(),
            Dialect::Json => serde_json::from_str(written).ok(),
        }
    }
}

/// A number as `ron` reads it.
fn number(written: &str) -> What {
    if let Ok(whole) = written.parse::<i64>() {
        return What::Whole(whole);
    }
    match ron::from_str::<ron::Value>(written) {
        Ok(ron::Value::Number(number)) => {
            let value = number.into_f64();
            let whole = !written.contains(['.', 'e', 'E', 'n', 'N']) || written.starts_with("0x");
            // 0x1f, 1_000 and 5u8
            if whole && value.fract() == 0.0 && value.abs() < 9e15 {
                What::Whole(value as i64)
            } else {
                What::Real(value)
            }
        }
        _ => What::Other(written.to_owned()),
    }
}
