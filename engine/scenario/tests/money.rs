//! What a site costs, as it is read: prices of records, what the site changes of them, currencies.

mod common;

use common::{expect, good, with};
use scenario::case::{Confidence, Origin};
use scenario::money::{Class, Money, Per};

/// The good site with economics.
fn site(economics: &str) -> String {
    with("    connections: [", &format!("    economics: ({economics}),\n    connections: ["))
}

fn money(economics: &str) -> Money {
    good(&site(economics)).case.books.money.expect("what the site costs")
}

const FROM: &str = "source: \"a test\", year: 2026, confidence: B";
const TARIFF: &str = "electricity_price_per_kwh: 0.1, water_price_per_m3: 2, currency: USD, source: \"tariff\", \
                      year: 2026, confidence: B";
const TERMS: &str =
    "discount_rate: \"8 %\", horizon_years: 10, source: \"a board\", year: 2026, confidence: B";

#[test]
fn a_price_of_the_site_replaces_that_of_the_record_with_its_source_and_keeps_the_rest() {
    let of = money(&format!(
        "{TARIFF}, ownership: ({TERMS}, costs: \"facility_us\", assets: {{
            \"cdus\": (price: 150, {FROM}),
            \"pumps\": (class: Cooling, per: Unit, of: [\"pump\"], price: 9000, life_years: 12, maintenance: \"4 %\", {FROM}),
        }})"
    ));
    let asset = |id: &str| of.assets.iter().find(|asset| asset.priced.id == id).expect("an asset");
    let (cdus, coolers, pumps) = (asset("cdus"), asset("dry_coolers"), asset("pumps"));
    // 120 (80 to 200) of the record becomes 150 without a range; life and kind stay.
    assert_eq!((cdus.priced.price.value, cdus.priced.price.range), (150.0, None));
    assert_eq!((cdus.priced.price.origin.source.as_str(), cdus.life_years), ("a test", 15));
    assert_eq!((&cdus.priced.of[..], cdus.priced.per), (&["Cdu".to_owned()][..], Per::Kilowatt));
    assert_eq!((coolers.priced.price.range, coolers.maintenance), (Some((80.0, 180.0)), 0.03));
    assert!(
        coolers.priced.price.origin.source.contains("to verify")
            && coolers.priced.price.origin.confidence == Confidence::C
    );
    assert_eq!((pumps.class, pumps.priced.what.as_str(), pumps.maintenance), (Class::Cooling, "pumps", 0.04));
    assert_eq!((of.discount_rate, of.horizon_years, of.record.as_deref()), (0.08, 10, Some("facility_us")));
}

#[test]
fn an_amount_in_another_currency_is_turned_with_the_rate_of_the_site_or_refused() {
    let rack = format!(
        "assets: {{\"it\": (class: It, per: Rack, price: 720000, low: 360000, high: 1440000, currency: CNY, \
         life_years: 5, {FROM})}}"
    );
    let of = money(&format!(
        "{TARIFF}, exchange: [(from: CNY, rate: 0.125, source: \"of a day\", year: 2025, confidence: A)], ownership: ({TERMS}, {rack})"
    ));
    let price = &of.assets[0].priced.price;
    // 720,000 CNY · 0.125 = 90,000 USD
    assert_eq!((price.value, price.range), (90_000.0, Some((45_000.0, 180_000.0))));
    assert_eq!((price.written_in.as_str(), price.rate), ("CNY", 0.125));
    let text = site(&format!("{TARIFF}, ownership: ({TERMS}, {rack})"));
    let line = text.lines().position(|line| line.contains("economics")).unwrap() + 1;
    let column = text.lines().nth(line - 1).unwrap().find("720000").unwrap() + 1;
    let path = "economics.ownership.assets.it.price";
    expect(&text, "ISO0305", path, (line, column, 6), "is in CNY, but the site reckons in USD");
    // A record in dollars for a site in euros.
    let record = site(&format!(
        "electricity_price_per_kwh: 0.1, water_price_per_m3: 2, currency: EUR, {FROM}, ownership: ({TERMS}, costs: \"facility_us\")"
    ));
    let problems = common::refused(&record);
    assert!(problems.iter().all(|p| p.code == "ISO0305" && p.message.contains("is in USD")), "{problems:?}");
}

#[test]
fn a_site_that_gives_no_prices_takes_those_of_its_grid_in_its_own_currency() {
    let own = good(&with("    connections: [", "    connections: [")).case.tariff.expect("indicative prices");
    let turned = good(&site(
        "currency: EUR, exchange: [(from: USD, rate: 0.5, source: \"a bank\", year: 2025, confidence: A)]",
    ))
    .case
    .tariff
    .expect("a tariff");
    assert_eq!((turned.electricity, turned.water), (own.electricity * 0.5, own.water * 0.5));
    for origin in [&turned.electricity_origin, &turned.water_origin] {
        assert!(origin.source.contains("1 USD = 0.5 EUR (a bank, 2025)"), "{origin:?}");
        assert_eq!((origin.year, origin.confidence), (2026, Confidence::C));
    }
    let half =
        good(&site(&format!("currency: USD, water_price_per_m3: 9, {FROM}"))).case.tariff.expect("a tariff");
    assert_eq!((half.electricity, half.water), (own.electricity, 9.0));
    assert_eq!(half.electricity_origin, own.electricity_origin);
    assert_eq!(half.water_origin, Origin::new("a test", 2026, Confidence::B));
    let said = "currency: USD, water_price_per_m3: 9, source: \"tariff W\", year: 2026, confidence: A";
    let said = good(&site(said)).case.tariff.expect("a tariff").water_origin;
    assert_eq!((said.source.as_str(), said.year, said.confidence), ("tariff W", 2026, Confidence::A));
    let text = site("currency: EUR");
    let problem = common::only(&text);
    assert_eq!((problem.code, problem.path.as_str()), ("ISO0305", "economics.electricity_price_per_kwh"));
}

#[test]
fn what_is_incomplete_or_meant_for_something_else_is_said() {
    let refused = |assets: &str| {
        let assets = assets.replace(")", &format!(", {FROM})"));
        let problem = common::only(&site(&format!("{TARIFF}, ownership: ({TERMS}, assets: {{{assets}}})")));
        format!("{}: {} / {}", problem.path, problem.message, problem.help.unwrap_or_default())
    };
    let of = |path: &str| format!("economics.ownership.assets.{path}");
    for (assets, path, part) in [
        ("\"a\": (price: 1)", "a", "class, per, life_years is missing"),
        ("\"a\": (class: It, per: Unit, price: 1, life_years: 5)", "a.of", "needs of: which components"),
        (
            "\"a\": (class: It, per: Rack, of: [\"pump\"], price: 1, life_years: 5)",
            "a.of",
            "for Kilowatt and Unit, not for Rack",
        ),
        (
            "\"a\": (class: Cooling, per: Unit, of: [\"DryColer\"], price: 1, life_years: 5)",
            "a.of",
            "did you mean DryCooler?",
        ),
        (
            "\"a\": (class: Cooling, per: Kilowatt, of: [\"pump\"], price: 1, life_years: 5)",
            "a.of",
            "Pump has none / write per: Unit",
        ),
        (
            "\"a\": (class: It, per: Site, cooling: [Air], price: 1, life_years: 5)",
            "a.cooling",
            "for prices of racks",
        ),
        (
            "\"a\": (class: It, per: Rack, price: 5, low: 6, high: 9, life_years: 5)",
            "a.price",
            "not between its low 6 and high 9",
        ),
    ] {
        let said = refused(assets);
        assert!(said.starts_with(&format!("{}: ", of(path))) && said.contains(part), "{said}");
    }
}

#[test]
fn nothing_bought_two_rates_and_a_rate_of_ones_own_are_refused() {
    let only = |economics: &str| {
        let problem = common::only(&site(economics));
        format!("{} {}: {}", problem.code, problem.path, problem.message)
    };
    let said = only(&format!("{TARIFF}, ownership: ({TERMS})"));
    assert!(said.starts_with("ISO0305 economics.ownership: ownership says nothing"), "{said}");
    let rate = |from: &str, rate: u8| {
        format!("(from: {from}, rate: {rate}, source: \"a bank\", year: 2025, confidence: A)")
    };
    let twice = only(&format!("{TARIFF}, exchange: [{}, {}]", rate("CNY", 1), rate("CNY", 2)));
    assert_eq!(twice, "ISO0106 economics.exchange[1].from: CNY has a rate already");
    let own = only(&format!("{TARIFF}, exchange: [{}]", rate("USD", 2)));
    assert_eq!(own, "ISO0106 economics.exchange[0].from: USD is the currency of the site");
    // What no report could defend.
    let bare = common::refused(&site(&format!("{TARIFF}, exchange: [(from: CNY, rate: 0.14)]")));
    let said: Vec<String> = bare.iter().map(|p| format!("{} {}: {}", p.code, p.path, p.message)).collect();
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(said.iter().all(|said| said.starts_with("ISO0111 economics.exchange[0]")), "{said:?}");
    for field in ["source", "year", "confidence"] {
        assert!(said.iter().any(|said| said.contains(&format!("{field} is missing"))), "{said:?}");
    }
    let empty = only(&format!("{TARIFF}, exchange: [{}]", rate("CNY", 1).replace("a bank", "")));
    assert_eq!(empty, "ISO0111 economics.exchange[0].source: is empty, and a report must carry it");
}

#[test]
fn a_price_is_set_by_its_path() {
    let text = site(&format!("{TARIFF}, ownership: ({TERMS}, costs: \"facility_us\")"));
    let set = |path: &str, value: &str| {
        let set = [(format!("economics.ownership.assets.it{path}"), value.to_owned())];
        scenario::load_text("site.ron", &text, &set)
    };
    let money = set("", &format!("(price: 30000, {FROM})")).expect("a site").case.books.money.expect("money");
    let it = money.assets.iter().find(|asset| asset.priced.id == "it").expect("servers");
    assert_eq!((it.priced.price.value, it.life_years), (30_000.0, 5));
    assert_eq!((&it.priced.price.origin.source[..], &it.terms), ("a test", &None));
    // A price, a life or a share of nobody is refused, with the way out.
    for (field, value) in [("price", "30000"), ("life_years", "6"), ("maintenance", "0.1")] {
        let problems = set(&format!(".{field}"), value).expect_err("of nobody");
        let (of, help) = (&problems[0], problems[0].help.clone().unwrap_or_default());
        assert_eq!((problems.len(), of.code), (1, "ISO0111"), "{problems:?}");
        assert_eq!(of.path, format!("economics.ownership.assets.it.{field}"));
        assert!(of.message.starts_with(&format!("{field} says no source and no year and no confidence")));
        assert!(help.ends_with(&format!("confidence: B beside {field}")), "{help}");
    }
    // A life of the site beside the record's price has its own origin.
    let money =
        set("", &format!("(life_years: 6, {FROM})")).expect("a site").case.books.money.expect("money");
    let it = money.assets.iter().find(|asset| asset.priced.id == "it").expect("servers");
    assert_eq!((it.life_years, &it.terms.as_ref().expect("its origin").source[..]), (6, "a test"));
    assert!(it.priced.price.origin.source.contains("isotherm"));
}
