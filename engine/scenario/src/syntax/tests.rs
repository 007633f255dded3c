use super::*;
use crate::node::{Entry, Key, What};
use crate::source::Folder;
use proptest::prelude::*;

fn read(text: &str) -> Result<Node, Raised> {
    read_as("test.ron", text)
}

fn read_as(name: &str, text: &str) -> Result<Node, Raised> {
    let mut sources = Sources::default();
    let index = sources.add(Source::new(name, text, Folder::BuiltIn));
    parse(&sources, index)
}

fn good(text: &str) -> Node {
    read(text).unwrap_or_else(|raised| panic!("{text}: {}", raised.locate(&Sources::default())))
}

fn record(name: Option<&str>, fields: &[(&str, What)]) -> What {
    let entry = |(key, what): &(&str, What)| Entry { key: Key::new(*key), value: what.clone().into() };
    What::Record(name.map(Key::new), fields.iter().map(entry).collect())
}

#[test]
fn names_and_kinds_are_kept() {
    let node =
        good("Cdu(count: 2, redundancy: NPlus1, at: Day(\"04-07\"), origin: (\"2 m\", 1.5), on: true)");
    let day = What::Tuple(Some(Key::new("Day")), vec![Node::text("04-07")]);
    let origin = What::Tuple(None, vec![Node::text("2 m"), What::Real(1.5).into()]);
    let expected = record(
        Some("Cdu"),
        &[
            ("count", What::Whole(2)),
            ("redundancy", What::Name("NPlus1".into())),
            ("at", day),
            ("origin", origin),
            ("on", What::Bool(true)),
        ],
    );
    assert_eq!(node.what, expected);
}

#[test]
fn some_is_what_it_holds_and_none_is_not_written() {
    assert_eq!(
        good("(a: Some(3), b: None, c: Some((x: 1)), d: Some(y: 2))"),
        good("(a: 3, c: (x: 1), d: (y: 2))")
    );
    // A struct behind a variant's name needs no second parentheses.
    assert_eq!(good("Kind((a: 1))"), good("Kind(a: 1)"));
    assert_eq!(good("Kind()").name(), Some("Kind"));
}

#[test]
fn texts_and_numbers_are_read_as_ron_reads_them() {
    let node = good(
        r###"["a\"b\u{e9}\n", r#"raw \n "q""#, 0x1f, 1_000, -2.5e3, +7, 1e400, 'c', b"x", 0..3, 99999999999999999999]"###,
    );
    let whats: Vec<&What> = node.items().iter().map(|n| &n.what).collect();
    assert_eq!(whats[0], &What::Text("a\"bé\n".into()));
    assert_eq!(whats[1], &What::Text("raw \\n \"q\"".into()));
    assert_eq!(whats[2], &What::Whole(31));
    assert_eq!(whats[3], &What::Whole(1000));
    assert_eq!(whats[4], &What::Real(-2500.0));
    assert_eq!(whats[5], &What::Whole(7));
    assert!(matches!(whats[6], What::Real(x) if x.is_infinite()));
    assert!(matches!(whats[7..10], [What::Other(_), What::Other(_), What::Other(_)]));
    assert_eq!(whats[10], &What::Real(1e20));
}

#[test]
fn places_cover_the_token() {
    let text = "/* ü */ (a: \"x\", // y\n b: [1, Foo(c: 2)])";
    let mut sources = Sources::default();
    let index = sources.add(Source::new("t.ron", text, Folder::BuiltIn));
    let node = parse(&sources, index).unwrap();
    let b = node.get("b").unwrap();
    assert_eq!(sources.written(node.get("a").unwrap().at), "\"x\"");
    assert_eq!(sources.written(b.at), "[1, Foo(c: 2)]");
    assert_eq!(sources.written(b.items()[1].at), "Foo(c: 2)");
    assert_eq!(sources.written(b.items()[1].name_at()), "Foo");
    assert_eq!(sources.locate(b.items()[1].at).map(|l| (l.line, l.column, l.length)), Some((2, 9, 9)));
}

#[test]
fn attributes_before_the_value_are_passed_over() {
    assert_eq!(good("#![enable(implicit_some)]\n#![type = \"a]b\"] (a: 1)"), good("(a: 1)"));
}

#[test]
fn json_is_read_with_its_own_escapes() {
    let node = read_as("t.json", "{\"a\": [1, 2.5, true, null, \"\\u00e9\\/\"], \"b\": null}").unwrap();
    let list = node.get("a").unwrap().items();
    assert_eq!(list[4].as_text(), Some("é/"));
    assert_eq!(node.get("b"), None);
    assert!(read_as("t.json", "{a: 1}").is_err());
}

#[test]
fn a_long_value_is_laid_out_in_lines_and_a_short_one_is_not() {
    let node = good("Site(a: {\"x\": Kind(n: 1), \"y\": Kind()}, b: [\"one\", \"two\"], c: ())");
    let text = "Site(\n    a: {\n        \"x\": Kind(n: 1),\n        \"y\": Kind(),\n    },\n    b: [\"one\", \"two\"],\n    c: (),\n)\n";
    assert_eq!(write(&node), text);
}

fn names() -> impl Strategy<Value = String> {
    "[A-Za-z_][A-Za-z0-9_]{0,6}".prop_filter("is a value of its own", |name| {
        !matches!(name.as_str(), "true" | "false" | "None" | "Some" | "inf" | "NaN" | "r" | "b" | "br" | "_")
    })
}

fn nodes() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        "[ -~äé热\\n\\t]{0,12}".prop_map(What::Text),
        any::<i64>().prop_map(What::Whole),
        any::<f64>().prop_filter("finite", |x| x.is_finite()).prop_map(What::Real),
        any::<bool>().prop_map(What::Bool),
        names().prop_map(What::Name),
    ];
    leaf.prop_map(Node::from).prop_recursive(4, 40, 5, |inner| {
        let key = prop_oneof![Just(None), names().prop_map(|n| Some(Key::new(n)))];
        let fields = |names| {
            prop::collection::vec((names, inner.clone()), 0..5).prop_map(|list| {
                list.into_iter().map(|(k, value)| Entry { key: Key::new(k), value }).collect()
            })
        };
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(What::List),
            fields(names().boxed()).prop_map(What::Map),
            (key.clone(), fields(names().boxed())).prop_map(|(key, fields)| What::Record(key, fields)),
            (key, prop::collection::vec(inner.clone(), 1..4))
                .prop_map(|(key, items)| What::Tuple(key, items)),
        ]
        .prop_map(Node::from)
    })
}

/// As the reader joins `Kind((…))`.
fn joined(mut node: Node) -> Node {
    node.what = match node.what {
        What::List(items) => What::List(items.into_iter().map(joined).collect()),
        What::Tuple(name, items) => {
            let mut items: Vec<Node> = items.into_iter().map(joined).collect();
            match (&name, &items[..]) {
                (Some(_), [Node { what: What::Record(None, _), .. }]) => match items.remove(0).what {
                    What::Record(_, entries) => What::Record(name, entries),
                    other => other,
                },
                _ => What::Tuple(name, items),
            }
        }
        What::Record(name, entries) => What::Record(name, joined_entries(entries)),
        What::Map(entries) => What::Map(joined_entries(entries)),
        other => other,
    };
    node
}

fn joined_entries(entries: Vec<Entry>) -> Vec<Entry> {
    entries.into_iter().map(|e| Entry { key: e.key, value: joined(e.value) }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn what_is_written_is_read_back(node in nodes()) {
        let text = write(&node);
        let back = read(&text);
        prop_assert!(back.is_ok(), "{text}");
        prop_assert_eq!(back.ok(), Some(joined(node)), "{}", text);
    }

    #[test]
    fn what_ron_accepts_is_built_and_nothing_else(pieces in prop::collection::vec(prop_oneof![
        Just("("), Just(")"), Just("["), Just("]"), Just("{"), Just("}"), Just(","), Just(":"), Just(" "),
        Just("a"), Just("Kind"), Just("Some"), Just("None"), Just("true"), Just("1"), Just("-2.5e1"), Just("\"t\""),
        Just("r#\"x\"#"), Just("'c'"), Just("b\"y\""), Just("// c\n"), Just("/* d */"), Just("0x"), Just(".."),
        Just("#![enable(implicit_some)]"), Just("\\"), Just("r#b"), Just("NaN"), Just("'"), Just("\""), Just("b'"),
    ], 0..14)) {
        let text = pieces.concat();
        let accepted = options().from_str::<IgnoredAny>(&text).is_ok();
        prop_assert_eq!(read(&text).is_ok(), accepted, "{:?}", text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        let accepted = options().from_str::<IgnoredAny>(&text).is_ok();
        prop_assert_eq!(read(&text).is_ok(), accepted, "{:?}", text);
        let _ = read_as("t.json", &text);
    }
}
