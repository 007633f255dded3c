//! What the site costs to build and to own.

use super::items::{Items, amount as cell};
use super::{Page, numbers, percent, section as section_of, words};
use crate::document::{Block, Cell, Column, Section, Table, grouped};
use study::read::money::{Money, Priced};

/// The section; nothing where the site does not say what it costs.
pub(super) fn section(page: &Page) -> Option<Section> {
    let money = page.run.summary.money.as_ref()?;
    let year = &money.per_year;
    let mut blocks = vec![Block::Paragraph(page.say(
        "text-money",
        &[
            ("total", &amount(money, year.total)),
            ("low", &amount(money, year.low)),
            ("high", &amount(money, year.high)),
            ("capital", &amount(money, money.capital.total)),
            ("recovery", &percent(year.capital_recovery / year.total.max(f64::MIN_POSITIVE))),
            ("electricity", &percent(year.electricity / year.total.max(f64::MIN_POSITIVE))),
        ],
    ))];
    if let Some(hour) = money.per_accelerator_hour {
        let shown = |value: Option<f64>| value.map_or(page.t("dash"), |value| grouped(value, 3));
        blocks.push(Block::Paragraph(page.say(
            "text-money-hour",
            &[
                ("hour", &grouped(hour, 3)),
                ("low", &shown(money.per_accelerator_hour_low)),
                ("high", &shown(money.per_accelerator_hour_high)),
                ("installed", &shown(money.per_accelerator_hour_installed)),
                ("currency", &money.currency),
            ],
        )));
    }
    if (money.annualised - 1.0).abs() > 1e-9 {
        let times = grouped(money.annualised, 1);
        blocks.push(Block::Note(page.say("note-money-annualised", &[("times", &times)])));
    }
    blocks.push(Block::Table(years(page, money)));
    blocks.push(Block::Table(assets(page, money)));
    if !money.yearly.is_empty() {
        blocks.push(Block::Table(yearly(page, money)));
    }
    blocks.push(Block::Table(prices(page, money)));
    blocks.push(Block::Table(sources(page, money)));
    Some(section_of(page, "money", blocks))
}

/// An amount with its currency.
fn amount(money: &Money, value: f64) -> String {
    let currency = &money.currency;
    match value.abs() {
        size if size >= 1e7 => format!("{}\u{202f}M {currency}", grouped(value / 1e6, 1)),
        size if size >= 1e6 => format!("{}\u{202f}M {currency}", grouped(value / 1e6, 2)),
        _ => format!("{} {currency}", grouped(value, 0)),
    }
}

fn column(page: &Page, key: &str, money: &Money) -> Column {
    numbers(page, key, &money.currency)
}

/// What a year costs, by what it is for, and what the horizon comes to.
fn years(page: &Page, money: &Money) -> Table {
    let columns = vec![column(page, "cost", money).summed(), numbers(page, "cost_share", "%")];
    let mut table = Items::new(page, "money", columns);
    let year = &money.per_year;
    for (key, value) in [
        ("money-recovery", year.capital_recovery),
        ("money-electricity", year.electricity),
        ("money-water", year.water),
        ("money-maintenance", year.maintenance),
        ("money-other", year.other),
    ] {
        table.line(page.t(key), vec![cell(page, value, 0), cell(page, 100.0 * value / year.total, 1)]);
    }
    table.total("money-per-year");
    let price_year = money.price_year.map_or(page.t("dash"), |year| year.to_string());
    table.remark(page.say(
        "remark-money",
        &[
            ("rate", &percent(money.discount_rate)),
            ("years", &grouped(money.horizon_years, 0)),
            ("year", &price_year),
            ("record", money.record.as_deref().unwrap_or(&page.t("dash"))),
        ],
    ));
    table.remark(page.say(
        "remark-money-horizon",
        &[
            ("years", &grouped(money.horizon_years, 0)),
            ("total", &amount(money, money.horizon.total)),
            ("present", &amount(money, money.horizon.present_value)),
            ("depreciation", &amount(money, year.depreciation)),
        ],
    ));
    if let Some((npv, rent)) = money.horizon.net_present_value.zip(money.rent_per_accelerator_hour) {
        let rent = format!("{} {}", grouped(rent, 3), money.currency);
        table.remark(page.say("remark-money-npv", &[("npv", &amount(money, npv)), ("rent", &rent)]));
    }
    table.done()
}

/// Classes of assets, as `summary.json` has them.
const CLASSES: [&str; 4] = ["it", "cooling", "power", "building"];

/// What is bought.
fn assets(page: &Page, money: &Money) -> Table {
    let columns = vec![
        column(page, "capital", money).summed(),
        numbers(page, "life", "a"),
        column(page, "recovery", money).summed(),
        column(page, "maintenance", money).summed(),
    ];
    let mut table = Items::new(page, "money_assets", columns);
    for class in CLASSES {
        let of: Vec<&Priced> = money.assets.iter().filter(|a| a.class.as_deref() == Some(class)).collect();
        if !of.is_empty() {
            table.heading(&format!("asset-{class}"));
        }
        for asset in of {
            let of = [asset.capital, asset.life_years, asset.capital_recovery, asset.maintenance];
            table.line(page.named(&asset.what), of.map(|value| cell(page, value, 0)).to_vec());
        }
    }
    table.total("total");
    table.remark(page.t("remark-money-names"));
    table.done()
}

/// What is paid each year beside electricity, water and maintenance.
fn yearly(page: &Page, money: &Money) -> Table {
    let mut table = Items::new(page, "money_yearly", vec![column(page, "cost", money).summed()]);
    for paid in &money.yearly {
        table.line(page.named(&paid.what), vec![cell(page, paid.amount, 0)]);
    }
    table.total("total");
    table.done()
}

/// Every price with what it is multiplied with.
fn prices(page: &Page, money: &Money) -> Table {
    let columns = vec![
        column(page, "price", money),
        column(page, "price_low", money),
        column(page, "price_high", money),
        numbers(page, "quantity", ""),
        words(page, "per"),
    ];
    let mut table = Items::new(page, "money_prices", columns);
    for of in money.assets.iter().chain(&money.yearly) {
        let per =
            page.texts.known(&format!("per-{}", of.per.to_lowercase())).unwrap_or_else(|| of.per.clone());
        let prices =
            [Some(of.price), of.low, of.high].map(|price| cell(page, price, price_decimals(of.price)));
        let counted = matches!(of.per.as_str(), "Rack" | "Accelerator" | "Unit" | "Site");
        let quantity = vec![cell(page, of.quantity, u8::from(!counted)), Cell::text(per)];
        table.line(page.named(&of.what), [prices.to_vec(), quantity].concat());
    }
    table.done()
}

/// Nobody reads cents of hundreds.
fn price_decimals(price: f64) -> u8 {
    if price < 100.0 { 2 } else { 0 }
}

/// Every price with where it comes from.
fn sources(page: &Page, money: &Money) -> Table {
    let columns = vec![words(page, "year"), words(page, "confidence"), words(page, "source")];
    let mut table = Items::new(page, "money_sources", columns);
    for of in money.assets.iter().chain(&money.yearly) {
        let cells = [page.year(of.year), page.given(&of.confidence), source(page, money, of)];
        table.line(page.named(&of.what), cells.map(Cell::text).to_vec());
    }
    for rate in &money.exchange {
        table.remark(page.say(
            "remark-exchange",
            &[
                ("from", &rate.from),
                ("to", &rate.to),
                ("rate", &rate.rate.to_string()),
                ("source", &page.given(&rate.source)),
                ("year", &page.year(rate.year)),
                ("confidence", &page.confidence(rate.confidence.as_deref())),
            ],
        ));
    }
    table.done()
}

/// The source, the currency where it was another, and whoever else gave the life or the maintenance.
fn source(page: &Page, money: &Money, of: &Priced) -> String {
    let mut said = Vec::new();
    if of.written_in != money.currency {
        let price = grouped(of.price / of.rate, price_decimals(of.price / of.rate));
        said.push(page.say("written-in", &[("price", &price), ("currency", &of.written_in)]));
    }
    said.push(page.given(&of.source));
    if let Some(terms) = &of.terms_origin {
        let values = [
            ("source", page.given(&terms.source)),
            ("year", page.year(terms.year)),
            ("confidence", page.confidence(terms.confidence.as_deref())),
        ];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        said.push(page.say("terms-of-life", &values));
    }
    said.join(&page.t("list-separator"))
}
