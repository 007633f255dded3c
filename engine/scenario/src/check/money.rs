//! What the site costs: prices of the record and of the site, in one currency.

use super::Checker;
use crate::case::{GridFactor, Origin, Sourced, Tariff};
use crate::catalogue::{self, Shelf};
use crate::money::{Asset, Class, Exchange, Money, Per, Price, Priced, capacity};
use crate::node::{At, Node};
use crate::origin::BESIDE;
use crate::problem::{Raised, code};
use crate::read::nearest::hint;
use crate::read::value;
use plant::catalogue::{KINDS, kind};
use std::sync::Arc;
use units::Quantity;

const JOULES_PER_KWH: f64 = 3.6e6;
const OWNERSHIP: &str = "economics.ownership";
const ELECTRICITY: &str = "electricity_price_per_kwh";
const WATER: &str = "water_price_per_m3";

/// A price list entry as the record has it and as the site changes it.
#[derive(Clone, Copy)]
struct Entry<'n> {
    id: &'n str,
    record: Option<&'n Node>,
    site: Option<&'n Node>,
}

impl<'n> Entry<'n> {
    /// The site's field, else the record's.
    fn get(self, field: &str) -> Option<&'n Node> {
        self.site.and_then(|node| node.get(field)).or_else(|| self.record.and_then(|node| node.get(field)))
    }

    /// Whoever gives the price says where it comes from.
    fn priced(self) -> Option<&'n Node> {
        self.site.filter(|node| node.get("price").is_some()).or(self.record)
    }

    fn at(self) -> At {
        self.site.or(self.record).map_or(At::NOWHERE, |node| node.at)
    }
}

/// The entries of a map in the record and in the site: those of the record first.
fn entries<'n>(record: Option<&'n Node>, site: Option<&'n Node>, map: &str) -> Vec<Entry<'n>> {
    let of = |node: Option<&'n Node>| node.and_then(|node| node.get(map)).map_or(&[][..], Node::entries);
    let mut found: Vec<Entry<'n>> = (of(record).iter())
        .map(|entry| Entry { id: &entry.key.text, record: Some(&entry.value), site: None })
        .collect();
    for entry in of(site) {
        match found.iter_mut().find(|known| known.id == entry.key.text) {
            Some(known) => known.site = Some(&entry.value),
            None => found.push(Entry { id: &entry.key.text, record: None, site: Some(&entry.value) }),
        }
    }
    found
}

impl Checker<'_> {
    /// The tariff of the site, or what its grid's record says of prices.
    pub(super) fn tariff(&mut self, grid: Option<&GridFactor>) -> Option<Tariff> {
        let indicative = grid.and_then(|grid| {
            let electricity = grid.electricity_price_usd_per_kwh.clone()?;
            Some((electricity, grid.water_price_usd_per_m3.clone()?))
        });
        let Some(economics) = self.root().get("economics") else {
            let (electricity, water) = indicative?;
            return Some(Tariff {
                electricity: electricity.value / JOULES_PER_KWH,
                water: water.value,
                currency: "USD".to_owned(),
                electricity_origin: electricity.origin,
                water_origin: water.origin,
            });
        };
        let currency = economics.get("currency").and_then(Node::name)?.to_owned();
        let written = |field: &str| economics.get(field).map(value::number);
        let (electricity, water) = (written(ELECTRICITY), written(WATER));
        // What was written and refused is no tariff.
        if [&electricity, &water].iter().any(|price| matches!(price, Some(None))) {
            return None;
        }
        let (electricity, water) = (electricity.flatten(), water.flatten());
        // Whoever gives a price says where it comes from.
        let first =
            [(electricity, ELECTRICITY), (water, WATER)].into_iter().find(|(price, _)| price.is_some());
        let own = match first {
            Some((_, field)) => Some(self.said(economics, field, "economics", BESIDE)?),
            None => None,
        };
        let given = |price: Option<f64>| price.zip(own.clone());
        let (own_electricity, own_water) = (given(electricity), given(water));
        if let Some(((electricity, electricity_origin), (water, water_origin))) =
            own_electricity.clone().zip(own_water.clone())
        {
            let electricity = electricity / JOULES_PER_KWH;
            return Some(Tariff { electricity, water, currency, electricity_origin, water_origin });
        }
        let missing = if electricity.is_none() { ELECTRICITY } else { WATER };
        let path = format!("economics.{missing}");
        let Some((grid_electricity, grid_water)) = indicative else {
            let message = format!("{missing} is missing, and the grid has no indicative prices");
            let help = format!("write {missing} in the site's economics");
            self.add(Raised::error(code::MONEY, path, economics.at, message).help(help));
            return None;
        };
        let rate = self.rate("USD", &currency, &path, economics.at)?;
        let exchange = self.exchange();
        let turned = |of: Sourced<f64>| {
            let origin = match exchange.iter().find(|known| known.from == "USD" && currency != "USD") {
                Some(known) => Origin {
                    source: format!(
                        "{}; 1 USD = {rate} {currency} ({}, {})",
                        of.origin.source, known.origin.source, known.origin.year
                    ),
                    ..of.origin
                },
                None => of.origin,
            };
            (of.value * rate, origin)
        };
        let (electricity, electricity_origin) = match own_electricity {
            Some((price, origin)) => (price / JOULES_PER_KWH, origin),
            None => turned(Sourced { value: grid_electricity.value / JOULES_PER_KWH, ..grid_electricity }),
        };
        let (water, water_origin) = own_water.unwrap_or_else(|| turned(grid_water));
        Some(Tariff { electricity, water, currency, electricity_origin, water_origin })
    }

    /// The site's rates of exchange.
    fn exchange(&self) -> Vec<Exchange> {
        let list = self.root().get("economics").and_then(|economics| economics.get("exchange"));
        let read = |node: &Node| {
            let from = node.get("from").and_then(Node::name)?.to_owned();
            let rate = node.get("rate").and_then(value::number)?;
            // What is missing has been reported, and the site is refused; the rate still counts, so that nothing else is
            // said of it.
            let origin = Origin::of(node, BESIDE)
                .unwrap_or_else(|| Origin::new(String::new(), 0, crate::case::Confidence::C));
            Some(Exchange { from, rate, origin })
        };
        list.map_or(&[][..], Node::items).iter().filter_map(read).collect()
    }

    /// What one of a currency is in another; an error where the site does not say.
    fn rate(&mut self, from: &str, to: &str, path: &str, at: At) -> Option<f64> {
        if from == to {
            return Some(1.0);
        }
        if let Some(known) = self.exchange().iter().find(|known| known.from == from) {
            return Some(known.rate);
        }
        let message = format!("is in {from}, but the site reckons in {to} and gives no rate of exchange");
        let help = format!(
            "write economics: (exchange: [(from: {from}, rate: …, source: \"…\", year: …)]), the rate being what one {from} is in {to}"
        );
        self.add(Raised::error(code::MONEY, path, at, message).help(help));
        None
    }

    /// Two rates for one currency, one for the site's own, or one that nobody quoted.
    fn rates_hold(&mut self, currency: &str) {
        let list = self.root().get("economics").and_then(|economics| economics.get("exchange"));
        let mut seen: Vec<&str> = vec![currency];
        for (k, node) in list.map_or(&[][..], Node::items).iter().enumerate() {
            let Some(from) = node.get("from").and_then(Node::name) else { continue };
            if seen.contains(&from) {
                let why = if from == currency { "is the currency of the site" } else { "has a rate already" };
                let path = format!("economics.exchange[{k}].from");
                self.error(code::DUPLICATE, path, node.at, format!("{from} {why}"));
            }
            seen.push(from);
        }
    }

    /// `economics.ownership`.
    pub(super) fn money(&mut self, grid: Option<&GridFactor>) -> Option<Money> {
        let economics = self.root().get("economics")?;
        let currency = economics.get("currency").and_then(Node::name)?.to_owned();
        self.rates_hold(&currency);
        let ownership = economics.get("ownership")?;
        let named = ownership.get("costs").and_then(Node::as_text);
        // An unknown one has been reported.
        let record = match named {
            Some(id) => Some(catalogue::find(Shelf::Costs, id)?),
            None => None,
        };
        if let Some(record) = record {
            let bytes = Arc::new(record.source.text.clone().into_bytes());
            self.note_input(&record.source.name, bytes);
        }
        let costs = record.and_then(|record| record.node().ok());
        let listed = costs.and_then(|costs| costs.get("currency")).and_then(Node::name);
        let mut assets = Vec::new();
        for entry in entries(costs, Some(ownership), "assets") {
            assets.extend(self.asset(entry, &currency, listed));
        }
        let mut yearly = Vec::new();
        for entry in entries(costs, Some(ownership), "yearly") {
            let path = format!("{OWNERSHIP}.yearly.{}", entry.id);
            let priced = self.priced(entry, &path, &Per::OF_YEARS, &currency, listed);
            yearly.extend(priced.filter(|priced| self.known_carbon(priced, grid, &path, entry.at())));
        }
        if assets.is_empty() && yearly.is_empty() && !self.problems.has_errors() {
            let message = "ownership says nothing: it has neither costs, nor assets, nor anything yearly";
            let help = hint("", &catalogue::ids(Shelf::Costs)).map(|ids| format!("costs: \"…\"; {ids}"));
            self.add(Raised::error(code::MONEY, OWNERSHIP, ownership.at, message).maybe_help(help));
        }
        let whole =
            |field: &str| ownership.get(field).and_then(value::whole).and_then(|n| u16::try_from(n).ok());
        Some(Money {
            record: named.map(str::to_owned),
            price_year: whole("price_year"),
            discount_rate: value::quantity(ownership.get("discount_rate")?, Quantity::Ratio).ok()?,
            horizon_years: whole("horizon_years")?,
            origin: Origin::of(ownership, BESIDE)?,
            assets,
            yearly,
            rent_per_accelerator_hour: ownership.get("rent_per_accelerator_hour").and_then(value::number),
            exchange: self.exchange(),
            currency,
        })
    }

    fn asset(&mut self, entry: Entry, currency: &str, listed: Option<&str>) -> Option<Asset> {
        let path = format!("{OWNERSHIP}.assets.{}", entry.id);
        let lacking: Vec<&str> = (["class", "per", "price", "life_years"].into_iter())
            .filter(|field| entry.get(field).is_none())
            .collect();
        if !lacking.is_empty() {
            let message = format!("{} is missing, and no record of costs has it", lacking.join(", "));
            self.error(code::MISSING_FIELD, path, entry.at(), message);
            return None;
        }
        let terms = self.terms(entry, &path)?;
        let priced = self.priced(entry, &path, &Per::OF_ASSETS, currency, listed)?;
        let class = entry.get("class").and_then(Node::name)?;
        let life = entry.get("life_years").and_then(value::whole)?;
        let maintenance = match entry.get("maintenance") {
            Some(written) => value::quantity(written, Quantity::Ratio).ok()?,
            None => 0.0,
        };
        Some(Asset {
            priced,
            class: Class::ALL.into_iter().find(|known| known.name() == class)?,
            life_years: u16::try_from(life).ok()?,
            maintenance,
            terms,
        })
    }

    /// Where a life or a maintenance share comes from that the site gives beside the record's price; nothing where it gives
    /// neither, or the price too, and an error where it does not say.
    fn terms(&mut self, entry: Entry, path: &str) -> Option<Option<Origin>> {
        let Some(site) = entry.site.filter(|site| site.get("price").is_none()) else { return Some(None) };
        match ["life_years", "maintenance"].into_iter().find(|field| site.get(field).is_some()) {
            Some(field) => self.said(site, field, path, BESIDE).map(Some),
            None => Some(None),
        }
    }

    fn priced(
        &mut self,
        entry: Entry,
        path: &str,
        known: &[Per],
        currency: &str,
        listed: Option<&str>,
    ) -> Option<Priced> {
        let lacking: Vec<&str> =
            ["per", "price"].into_iter().filter(|field| entry.get(field).is_none()).collect();
        if !lacking.is_empty() {
            let message = format!("{} is missing, and no record of costs has it", lacking.join(", "));
            self.error(code::MISSING_FIELD, path, entry.at(), message);
            return None;
        }
        let per = entry.get("per").and_then(Node::name)?;
        let per = known.iter().copied().find(|known| known.name() == per)?;
        let of = self.counted(entry, per, path)?;
        let cooling = self.cooled(entry, per, path)?;
        let price = self.price(entry, path, currency, listed)?;
        let what = entry.get("what").and_then(Node::as_text).unwrap_or(entry.id).to_owned();
        Some(Priced { id: entry.id.to_owned(), what, per, of, cooling, price })
    }

    /// The components that count: kinds, or ids of the site.
    fn counted(&mut self, entry: Entry, per: Per, path: &str) -> Option<Vec<String>> {
        let wanted = matches!(per, Per::Kilowatt | Per::Unit);
        let path = format!("{path}.of");
        let list = match (entry.get("of"), wanted) {
            (None, false) => return Some(Vec::new()),
            (Some(list), true) if !list.items().is_empty() => list,
            (Some(list), true) => {
                self.error(code::MONEY, path, list.at, "no component is named");
                return None;
            }
            (None, true) => {
                let message = format!("per: {} needs of: which components", per.name());
                let help = "write for example of: [\"DryCooler\"], or of: [\"cdu_a\"]";
                self.add(Raised::error(code::MONEY, path, entry.at(), message).help(help));
                return None;
            }
            (Some(list), false) => {
                let message = format!("of is for Kilowatt and Unit, not for {}", per.name());
                self.error(code::MONEY, path, list.at, message);
                return None;
            }
        };
        let errors = self.problems.errors();
        let mut names = Vec::new();
        for node in list.items() {
            let Some(name) = node.as_text() else { continue };
            let found = kind(name)
                .or_else(|| self.units.iter().find(|draft| draft.id == name).map(|draft| draft.kind));
            match found {
                None => {
                    let message = format!("there is neither a kind nor a component {name}");
                    let ids = self.units.iter().filter(|draft| draft.group.is_none()).map(|d| d.id.as_str());
                    let kinds = KINDS.iter().map(|kind| kind.declaration().name);
                    let candidates: Vec<&str> = ids.chain(kinds).collect();
                    let help = hint(name, &candidates);
                    self.add(Raised::error(code::UNKNOWN_ID, &path, node.at, message).maybe_help(help));
                }
                Some(kind) if per == Per::Kilowatt && capacity(kind).is_none() => {
                    let message =
                        format!("{name} has no capacity in kW: {} has none", kind.declaration().name);
                    let help = "write per: Unit";
                    self.add(Raised::error(code::MONEY, &path, node.at, message).help(help));
                }
                Some(_) => names.push(name.to_owned()),
            }
        }
        (self.problems.errors() == errors).then_some(names)
    }

    /// The racks that count, by how they are cooled.
    fn cooled(&mut self, entry: Entry, per: Per, path: &str) -> Option<Vec<String>> {
        let Some(list) = entry.get("cooling") else { return Some(Vec::new()) };
        if !matches!(per, Per::ItKilowatt | Per::Rack | Per::Accelerator) {
            let message = format!("cooling is for prices of racks, not for {}", per.name());
            self.error(code::MONEY, format!("{path}.cooling"), list.at, message);
            return None;
        }
        let names = list.items().iter().filter_map(Node::name);
        Some(names.map(super::racks::snake_case).collect())
    }

    fn price(&mut self, entry: Entry, path: &str, currency: &str, listed: Option<&str>) -> Option<Price> {
        let priced = entry.priced()?;
        let by_site = entry.site.is_some_and(|site| std::ptr::eq(site, priced));
        let own = priced.get("currency").and_then(Node::name);
        let from = own.or(if by_site { None } else { listed }).unwrap_or(currency);
        let number = |field: &str| priced.get(field).and_then(value::number);
        let value = number("price")?;
        let range = match (number("low"), number("high")) {
            (None, None) => None,
            (low, high) => Some((low.unwrap_or(value), high.unwrap_or(value))),
        };
        let at = priced.get("price").map_or(priced.at, |price| price.at);
        if let Some((low, high)) = range.filter(|(low, high)| *low > value || *high < value) {
            let message = format!("is {value}, which is not between its low {low} and high {high}");
            self.error(code::OUT_OF_BOUNDS, format!("{path}.price"), at, message);
            return None;
        }
        let rate = self.rate(from, currency, &format!("{path}.price"), at)?;
        let origin = self.said(priced, "price", path, BESIDE)?;
        Some(Price {
            value: value * rate,
            range: range.map(|(low, high)| (low * rate, high * rate)),
            written_in: from.to_owned(),
            rate,
            origin,
        })
    }

    /// A price of carbon needs a factor of it.
    fn known_carbon(&mut self, priced: &Priced, grid: Option<&GridFactor>, path: &str, at: At) -> bool {
        let profile = self.root().get("carbon").is_some_and(|carbon| carbon.get("profile").is_some());
        let known = grid.is_some_and(|grid| !(grid.lifecycle.is_empty() && grid.direct.is_empty()));
        if priced.per != Per::CarbonTonne || profile || known {
            return true;
        }
        let help = "name a grid, site.grid: \"us_sw_srp\", or write carbon: (profile: \"grid.csv\")";
        let message = "a price of carbon needs the carbon factor of a grid, and none is known";
        self.add(Raised::error(code::MONEY, path, at, message).help(help));
        false
    }
}
