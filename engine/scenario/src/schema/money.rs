//! The fields of what a site costs, in site files and in records of costs.

use super::{Shape, Slot, Table, Word};
use crate::money::Per;
use units::Quantity;

/// Currencies, ISO 4217.
pub const CURRENCIES: &[&str] = &[
    "AUD", "BRL", "CAD", "CHF", "CLP", "CNY", "DKK", "EUR", "GBP", "HKD", "INR", "JPY", "KRW", "MYR", "NOK",
    "SEK", "SGD", "TWD", "USD", "ZAR",
];
const CURRENCY: Shape = Shape::Choice(CURRENCIES);

/// Classes of assets, see [`Class`](crate::money::Class).
pub const CLASSES: &[&str] = &["It", "Cooling", "Power", "Building"];

const fn names<const N: usize>(of: &[Per; N]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut k = 0;
    while k < N {
        names[k] = of[k].name();
        k += 1;
    }
    names
}
const PER_OF_ASSETS: &[&str] = &names(&Per::OF_ASSETS);
const PER_OF_YEARS: &[&str] = &names(&Per::OF_YEARS);

/// `economics`.
pub const ECONOMICS: Table = Table {
    name: "Economics",
    doc: "What electricity and water cost, and the site itself; left out, the indicative prices of the grid.",
    positional: false,
    slots: &[
        Slot::new(
            "electricity_price_per_kwh",
            Shape::Number(-10.0, 1e4),
            "Of electricity fed in, per kWh; left out, the indicative price of the grid.",
        ),
        Slot::new(
            "water_price_per_m3",
            Shape::Number(0.0, 1e5),
            "Of water made up, per m³; left out, the indicative price of the grid.",
        ),
        Slot::new(
            "source",
            Shape::Word(Word::Source),
            "Where the prices above come from, for the results: the tariff, the contract; needed with them.",
        ),
        Slot::new("year", super::YEARS, "Of which year they are; needed with them."),
        Slot::new("confidence", super::GRADES, "How sure they are; needed with them."),
        Slot::new("currency", CURRENCY, "Of all prices and results, as ISO 4217 has it.").required(),
        Slot::new(
            "exchange",
            Shape::List(&Shape::Record(&EXCHANGE)),
            "Rates for prices in another currency; without one such a price is refused.",
        ),
        Slot::new(
            "ownership",
            Shape::Record(&OWNERSHIP),
            "What the site costs to build and to own: total cost of ownership.",
        ),
    ],
};

/// One of `economics.exchange`.
pub const EXCHANGE: Table = Table {
    name: "Exchange",
    doc: "A rate of exchange.",
    positional: false,
    slots: &[
        Slot::new("from", CURRENCY, "The other currency.").required(),
        Slot::new("rate", Shape::Number(1e-6, 1e6), "What one of it is in the currency of the site.")
            .required(),
        Slot::new(
            "source",
            Shape::Word(Word::Source),
            "Who quoted the rate, and when; repeated in the results.",
        )
        .required(),
        Slot::new("year", super::YEARS, "Of which year it is.").required(),
        Slot::new("confidence", super::GRADES, "How sure it is.").required(),
    ],
};

/// `economics.ownership`.
pub const OWNERSHIP: Table = Table {
    name: "Ownership",
    doc: "Capital, what is paid each year, and how years are reckoned.",
    positional: false,
    slots: &[
        Slot::new("costs", Shape::Word(Word::Costs), "A record of the catalogue to take prices from."),
        Slot::new(
            "discount_rate",
            Shape::quantity(Quantity::Ratio, "0", "50 %"),
            "In a year, above inflation: what the capital would earn elsewhere.",
        )
        .required(),
        Slot::new("horizon_years", Shape::Whole(1, 60), "Years that are looked at.").required(),
        Slot::new(
            "source",
            Shape::Word(Word::Source),
            "Where the discount rate, and the rent where there is one, come from, for the results.",
        )
        .required(),
        Slot::new("year", super::YEARS, "Of which year they are.").required(),
        Slot::new("confidence", super::GRADES, "How sure they are.").required(),
        Slot::new("price_year", Shape::Whole(1990, 2100), "Of which year's money the amounts are."),
        Slot::new(
            "assets",
            Shape::Map(&Shape::Record(&ASSET)),
            "What is bought, by id; a field given here replaces that of the record's asset of the same id.",
        ),
        Slot::new(
            "yearly",
            Shape::Map(&Shape::Record(&YEARLY)),
            "What is paid each year beside electricity, water and maintenance, by id, likewise.",
        ),
        Slot::new(
            "rent_per_accelerator_hour",
            Shape::Number(0.0, 1e6),
            "What a full-load accelerator-hour is let for; with it there is a net present value.",
        ),
    ],
};

const WHAT: Slot = Slot::new("what", Shape::Text, "What it is; left out, its id.");
const CLASS: Slot = Slot::new("class", Shape::Choice(CLASSES), "What it belongs to.");
const PER: Slot = Slot::new("per", Shape::Choice(PER_OF_ASSETS), "What the price is multiplied with.");
const PER_YEAR: Slot = Slot::new("per", Shape::Choice(PER_OF_YEARS), "What the price is multiplied with.");
const OF: Slot = Slot::new(
    "of",
    Shape::List(&Shape::Text),
    "With `Kilowatt` and `Unit`: kinds of components, or ids of the site's.",
);
/// Ways of cooling, as records of racks have them.
pub const COOLING: &[&str] = &["Hybrid", "Air", "ColdPlate", "RearDoor", "Immersion"];
const COOLED: Slot = Slot::new(
    "cooling",
    Shape::List(&Shape::Choice(COOLING)),
    "With `ItKilowatt`, `Rack` and `Accelerator`: only racks that are cooled so.",
);
const AMOUNT: Shape = Shape::Number(0.0, 1e12);
const PRICE: Slot = Slot::new("price", AMOUNT, "Of one.");
const LOW: Slot = Slot::new("low", AMOUNT, "Lowest of the price.");
const HIGH: Slot = Slot::new("high", AMOUNT, "Highest of the price.");
const OF_CURRENCY: Slot = Slot::new("currency", CURRENCY, "Of the price; left out, that of the site.");
const LIFE: Slot = Slot::new("life_years", Shape::Whole(1, 100), "Service life, after which it is replaced.");
const MAINTENANCE: Slot =
    Slot::new("maintenance", Shape::SHARE, "In a year, as a share of the price.").default("0");
const YEAR: Slot = Slot::new("year", super::YEARS, "Of which year that is.");
const SOURCE: Slot = Slot::new(
    "source",
    Shape::Word(Word::Source),
    "Where price, life and maintenance come from; needed with one of them, repeated in the results.",
);
const CONFIDENCE: Slot = Slot::new("confidence", super::GRADES, "How sure it is.");

/// One of `economics.ownership.assets`.
pub const ASSET: Table = Table {
    name: "Asset",
    doc: "Something that is bought and serves for years.",
    positional: false,
    slots: &[
        WHAT,
        CLASS,
        PER,
        OF,
        COOLED,
        PRICE,
        LOW,
        HIGH,
        OF_CURRENCY,
        LIFE,
        MAINTENANCE,
        YEAR,
        SOURCE,
        CONFIDENCE,
    ],
};

/// One of `economics.ownership.yearly`.
pub const YEARLY: Table = Table {
    name: "Yearly",
    doc: "Something that is paid each year.",
    positional: false,
    slots: &[WHAT, PER_YEAR, OF, COOLED, PRICE, LOW, HIGH, OF_CURRENCY, YEAR, SOURCE, CONFIDENCE],
};

const RECORD_ASSET: Table = Table {
    name: "Asset",
    doc: "Something that is bought and serves for years.",
    positional: false,
    slots: &[
        WHAT.required(),
        CLASS.required(),
        PER.required(),
        OF,
        COOLED,
        PRICE.required(),
        LOW.required(),
        HIGH.required(),
        LIFE.required(),
        MAINTENANCE,
        YEAR.required(),
        SOURCE.required(),
        CONFIDENCE.required(),
    ],
};

const RECORD_YEARLY: Table = Table {
    name: "Yearly",
    doc: "Something that is paid each year.",
    positional: false,
    slots: &[
        WHAT.required(),
        PER_YEAR.required(),
        OF,
        COOLED,
        PRICE.required(),
        LOW.required(),
        HIGH.required(),
        YEAR.required(),
        SOURCE.required(),
        CONFIDENCE.required(),
    ],
};

/// `models/costs/*.ron`.
pub const COSTS: Table = Table {
    name: "Costs",
    doc: "What assets cost somewhere, how long they serve, and what is paid each year.",
    positional: false,
    slots: &[
        Slot::new("title", Shape::Text, "What it is.").required(),
        Slot::new("currency", CURRENCY, "Of all its prices.").required(),
        Slot::new("source", Shape::Word(Word::Source), "Where the numbers come from.").required(),
        Slot::new("year", super::YEARS, "For which year they were estimated.").required(),
        Slot::new("confidence", super::GRADES, "How sure they are.").required(),
        Slot::new("note", Shape::Text, "What else is worth knowing."),
        Slot::new("assets", Shape::Map(&Shape::Record(&RECORD_ASSET)), "What is bought, by id.").required(),
        Slot::new("yearly", Shape::Map(&Shape::Record(&RECORD_YEARLY)), "What is paid each year, by id."),
    ],
};
