//! A reader of shipped records that is small enough to trust: names, texts, numbers, lists, maps and
//! `Name(field: value)`. The program's own reader lives above this crate.

use plant::catalogue;
use plant::declare::Form;
use plant::kernel::{Kind, Surroundings};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A parsed value.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    Text(String),
    Word(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
    Named(String, Vec<(String, Node)>),
}

impl Node {
    pub fn field(&self, name: &str) -> Option<&Node> {
        match self {
            Node::Named(_, fields) | Node::Map(fields) => fields.iter().find(|f| f.0 == name).map(|f| &f.1),
            _ => None,
        }
    }
    pub fn text(&self) -> &str {
        match self {
            Node::Text(text) | Node::Word(text) => text,
            other => panic!("a text is expected, not {other:?}"),
        }
    }
    pub fn fields(&self) -> &[(String, Node)] {
        match self {
            Node::Named(_, fields) | Node::Map(fields) => fields,
            other => panic!("fields are expected, not {other:?}"),
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn skip(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            match self.rest.strip_prefix("//") {
                Some(comment) => self.rest = comment.split_once('\n').map_or("", |c| c.1),
                None => return,
            }
        }
    }
    fn take(&mut self, c: char) -> bool {
        self.skip();
        let found = self.rest.strip_prefix(c);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }
    fn expect(&mut self, c: char) {
        assert!(self.take(c), "{c:?} is expected at {:?}", self.rest.chars().take(40).collect::<String>());
    }
    fn text(&mut self) -> String {
        self.expect('"');
        let mut text = String::new();
        let mut chars = self.rest.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return text;
                }
                '\\' => text.extend(chars.next().map(|c| c.1)),
                c => text.push(c),
            }
        }
        panic!("a text without end");
    }
    fn word(&mut self) -> String {
        self.skip();
        let end =
            self.rest.find(|c: char| !(c.is_alphanumeric() || "_.-+".contains(c))).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        assert!(!word.is_empty(), "a word is expected at {:?}", rest.chars().take(40).collect::<String>());
        self.rest = rest;
        word.to_owned()
    }
    fn entries(&mut self, close: char, key: fn(&mut Self) -> String) -> Vec<(String, Node)> {
        let mut entries = Vec::new();
        while !self.take(close) {
            let name = key(self);
            self.expect(':');
            entries.push((name, self.node()));
            if !self.take(',') {
                self.expect(close);
                break;
            }
        }
        entries
    }
    fn node(&mut self) -> Node {
        if self.take('{') {
            return Node::Map(self.entries('}', Self::text));
        }
        if self.take('[') {
            let mut items = Vec::new();
            while !self.take(']') {
                items.push(self.node());
                if !self.take(',') {
                    self.expect(']');
                    break;
                }
            }
            return Node::List(items);
        }
        self.skip();
        if self.rest.starts_with('"') {
            return Node::Text(self.text());
        }
        let word = self.word();
        if self.take('(') { Node::Named(word, self.entries(')', Self::word)) } else { Node::Word(word) }
    }
}

/// The folder of shipped data.
pub fn models(folder: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../models").join(folder)
}

/// One record.
pub fn read(folder: &str, id: &str) -> Node {
    let path = models(folder).join(format!("{id}.ron"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    Reader { rest: &text }.node()
}

/// Ids of a folder in order.
pub fn ids(folder: &str) -> Vec<String> {
    let files = std::fs::read_dir(models(folder)).unwrap();
    let mut ids: Vec<String> = files
        .filter_map(|f| Some(f.unwrap().file_name().to_str()?.strip_suffix(".ron")?.to_owned()))
        .collect();
    ids.sort();
    ids
}

/// A component as it would run: kind, sized values, number of equal units.
pub struct Part {
    pub kind: &'static dyn Kind,
    pub values: Vec<f64>,
    pub count: f64,
}

impl Part {
    /// From `Kind(based_on: …, count: …, field: …)`; every problem of reading is a panic with the path.
    pub fn new(path: &str, node: &Node) -> Part {
        let Node::Named(name, own) = node else { panic!("{path} is not of the form Kind(…)") };
        let kind = catalogue::kind(name).unwrap_or_else(|| panic!("{path}: no kind {name}"));
        let mut fields: BTreeMap<String, Node> = BTreeMap::new();
        let mut count = 1.0;
        if let Some(base) = node.field("based_on") {
            let record = read("components", base.text());
            let is = record.field("is").unwrap();
            assert!(matches!(is, Node::Named(of, _) if of == name), "{path}: {} is no {name}", base.text());
            fields.extend(is.fields().iter().cloned());
        }
        for (field, value) in own {
            match field.as_str() {
                "based_on" => {}
                "count" => count = value.text().parse().unwrap(),
                _ => drop(fields.insert(field.clone(), value.clone())),
            }
        }
        let mut values: Vec<f64> = kind
            .declaration()
            .parameters
            .iter()
            .map(|field| {
                let written = fields.remove(field.name).map(|node| node.text().to_owned());
                let text = written.or(field.default.map(str::to_owned));
                let at = format!("{path}.{}", field.name);
                match field.form {
                    Form::Derived(_) => f64::NAN,
                    Form::Quantity { quantity, bounds, .. } => {
                        let read = |text: &str| quantity.parse(text).unwrap_or_else(|e| panic!("{at}: {e}"));
                        let value = read(&text.unwrap_or_else(|| panic!("{at} is missing")));
                        assert!(value >= read(bounds.0) && value <= read(bounds.1), "{at} is out of bounds");
                        value
                    }
                    Form::Count { bounds } => {
                        let value: u32 = text.unwrap().parse().unwrap();
                        assert!(value >= bounds.0 && value <= bounds.1, "{at} is out of bounds");
                        f64::from(value)
                    }
                    Form::Choice(names) => {
                        let text = text.unwrap();
                        names.iter().position(|n| *n == text).unwrap_or_else(|| panic!("{at}: no {text}"))
                            as f64
                    }
                }
            })
            .collect();
        assert!(fields.is_empty(), "{path} has unknown fields {:?}", fields.keys());
        let sized = kind.size(&mut values, &Surroundings { pressure: 101_325.0 });
        sized.unwrap_or_else(|e| panic!("{path}: {e}"));
        Part { kind, values, count }
    }
    /// A parameter's value.
    pub fn parameter(&self, name: &str) -> f64 {
        let fields = self.kind.declaration().parameters;
        self.values[fields.iter().position(|f| f.name == name).unwrap_or_else(|| panic!("no {name}"))]
    }
    /// Evaluates with named inputs; inputs not named are 1.
    pub fn evaluate(&self, inputs: &[(&str, f64)]) -> BTreeMap<&'static str, f64> {
        let declaration = self.kind.declaration();
        let given = |name: &str| inputs.iter().find(|i| i.0 == name).map_or(1.0, |i| i.1);
        let inputs: Vec<f64> = declaration.inputs.iter().map(|i| given(i.name)).collect();
        let outputs = self.kind.evaluate(&self.values, &inputs);
        declaration.outputs.iter().map(|o| o.name).zip(outputs).collect()
    }
}
