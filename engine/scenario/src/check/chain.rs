//! The text of a connection: `chain = item ("->" item)+`, `item = ref | "[" ref ("," ref)* "]"`,
//! `ref = id ("." port)?`.

use std::ops::Range;

/// What a chain names, in order.
pub(crate) type Items = Vec<Vec<Reference>>;

/// An id with or without a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    pub id: String,
    pub port: Option<String>,
    /// Bytes of the text.
    pub span: Range<usize>,
}

/// What is wrong with a text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub message: String,
    pub span: Range<usize>,
}

/// Reads a chain of at least two items.
pub(crate) fn parse(text: &str) -> Result<Items, Wrong> {
    let mut reader = Reader { text, at: 0 };
    let mut items = vec![reader.item()?];
    loop {
        reader.skip();
        if reader.rest().is_empty() {
            break;
        }
        reader.expect("->")?;
        items.push(reader.item()?);
    }
    if items.len() < 2 {
        let message = "a connection joins at least two: write for example \"pump -> cooler\"".to_owned();
        return Err(Wrong { message, span: 0..text.len() });
    }
    Ok(items)
}

/// Reads `A` or `A .. B`.
pub(super) fn parse_span(text: &str) -> Result<(Vec<Reference>, Option<Vec<Reference>>), Wrong> {
    let mut reader = Reader { text, at: 0 };
    let first = reader.item()?;
    reader.skip();
    if reader.rest().is_empty() {
        return Ok((first, None));
    }
    reader.expect("..")?;
    let second = reader.item()?;
    reader.skip();
    if reader.rest().is_empty() {
        Ok((first, Some(second)))
    } else {
        Err(reader.wrong("nothing more is expected here"))
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn wrong(&self, message: &str) -> Wrong {
        let length = self.rest().chars().next().map_or(0, char::len_utf8);
        Wrong { message: message.to_owned(), span: self.at..self.at + length }
    }

    fn expect(&mut self, mark: &str) -> Result<(), Wrong> {
        if !self.rest().starts_with(mark) {
            return Err(self.wrong(&format!("`{mark}` is expected here")));
        }
        self.at += mark.len();
        Ok(())
    }

    fn item(&mut self) -> Result<Vec<Reference>, Wrong> {
        self.skip();
        if !self.rest().starts_with('[') {
            return Ok(vec![self.reference()?]);
        }
        self.at += 1;
        let mut references = vec![self.reference()?];
        loop {
            self.skip();
            if self.rest().starts_with(']') {
                self.at += 1;
                return Ok(references);
            }
            if !self.rest().starts_with(',') {
                return Err(self.wrong("`,` or `]` is expected here"));
            }
            self.at += 1;
            references.push(self.reference()?);
        }
    }

    fn reference(&mut self) -> Result<Reference, Wrong> {
        self.skip();
        let start = self.at;
        let id = self.word()?;
        // `a .. b` is no port.
        let port = if self.rest().starts_with('.') && !self.rest().starts_with("..") {
            self.at += 1;
            Some(self.word()?)
        } else {
            None
        };
        Ok(Reference { id, port, span: start..self.at })
    }

    fn word(&mut self) -> Result<String, Wrong> {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let word = &rest[..end];
        if !crate::read::value::is_id(word) {
            let message = match rest.chars().next() {
                None => "an id is expected at the end".to_owned(),
                Some(_) if !word.is_empty() => {
                    format!("{word} is no id: ids have lower-case letters, digits and _")
                }
                Some(c) => format!("an id is expected, not {c:?}"),
            };
            let length = end.max(rest.chars().next().map_or(0, char::len_utf8));
            return Err(Wrong { message, span: self.at..self.at + length });
        }
        self.at += end;
        Ok(word.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<Vec<String>> {
        let items = parse(text).unwrap();
        items.iter().map(|item| item.iter().map(|r| text[r.span.clone()].to_owned()).collect()).collect()
    }

    #[test]
    fn a_chain_has_items_and_lists() {
        assert_eq!(names("a -> [b.x, c]->d.y_1"), [vec!["a"], vec!["b.x", "c"], vec!["d.y_1"]]);
    }

    #[test]
    fn what_is_wrong_is_pointed_at() {
        for (text, part, start) in [
            ("a", "at least two", 0),
            ("a -> ", "at the end", 5),
            ("a - b", "`->` is expected", 2),
            ("a -> [b c]", "`,` or `]`", 8),
            ("a -> Pump", "Pump is no id", 5),
            ("a -> b.", "at the end", 7),
            ("a -> b -> 热", "not '热'", 10),
            ("", "at the end", 0),
        ] {
            let wrong = parse(text).unwrap_err();
            assert!(wrong.message.contains(part) && wrong.span.start == start, "{text}: {wrong:?}");
            assert!(text.get(wrong.span.clone()).is_some(), "{text}: {wrong:?}");
        }
    }

    #[test]
    fn a_span_has_one_or_two_items() {
        assert_eq!(
            parse_span("fans.air .. [board.air, psu.air]").map(|(a, b)| (a.len(), b.map(|b| b.len()))),
            Ok((1, Some(2)))
        );
        assert_eq!(parse_span("psu.input").map(|(a, b)| (a.len(), b)), Ok((1, None)));
        assert!(parse_span("a .. b c").is_err());
    }
}
