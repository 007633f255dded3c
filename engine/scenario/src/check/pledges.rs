//! What a site pledges: years in order, values of the quantity that the metric has.

use super::Checker;
use crate::node::Node;
use crate::origin::{BESIDE, Origin, Sourced};
use crate::pledges::{ByYear, Courses, Dated, Given, Measure, Metric, Pledge, Pledges, at};
use crate::problem::{Raised, code};
use crate::read::value;
use units::Quantity;

/// Most years between the first and the last.
const MOST_YEARS: u16 = 60;

fn year(node: Option<&Node>) -> Option<u16> {
    node.and_then(value::whole).and_then(|year| u16::try_from(year).ok())
}

impl Checker<'_> {
    /// `pledges` of the site.
    pub(super) fn pledges(&mut self) -> Option<Pledges> {
        let root = self.root().get("pledges")?;
        let errors = self.problems.errors();
        let first = year(root.get("first"));
        let list = root.get("pledges").map_or(&[][..], Node::items);
        let mut pledges = Vec::new();
        for (k, node) in list.iter().enumerate() {
            let path = format!("pledges.pledges[{k}]");
            let Some(pledge) = self.pledge(node, first, &path) else { continue };
            if let Some(known) =
                pledges.iter().find(|known: &&Pledge| (known.metric, known.by) == (pledge.metric, pledge.by))
            {
                let message =
                    format!("{} by {} is pledged already: {}", pledge.metric.name(), pledge.by, known.text);
                let help = "keep one of them, or give them different years";
                self.add(Raised::error(code::PLEDGE, path, node.at, message).help(help));
            }
            pledges.push(pledge);
        }
        if list.is_empty() {
            if let Some(list) = root.get("pledges") {
                let help = "write for example pledges: [(metric: NetCarbon, by: 2030)]";
                let raised = Raised::error(code::PLEDGE, "pledges.pledges", list.at, "nothing is pledged");
                self.add(raised.help(help));
            }
            return None;
        }
        let courses = Courses {
            it_load: self.by_year(root, "it_load", Quantity::Ratio),
            grid_carbon: self.by_year(root, "grid_carbon", Quantity::CarbonIntensity),
            residual: self.by_year(root, "residual", Quantity::CarbonIntensity),
            carbon_free: self.by_year(root, "carbon_free", Quantity::Ratio),
            scope_3: self.by_year(root, "scope_3", Quantity::Mass),
            removals: self.by_year(root, "removals", Quantity::Mass),
            replenishment: self.by_year(root, "replenishment", Quantity::Volume),
            waste: self.by_year(root, "waste", Quantity::Mass),
            diverted: self.by_year(root, "diverted", Quantity::Mass),
        };
        self.waste_is_known(root, &pledges, &courses);
        let measures = root.get("measures").map_or(&[][..], Node::items).iter().filter_map(measure).collect();
        let first = first?;
        let latest = pledges.iter().map(|pledge| pledge.by).max().unwrap_or(first);
        let last = year(root.get("last")).unwrap_or(latest);
        if last < first || last - first > MOST_YEARS {
            let at = root.get("last").map_or(root.at, |node| node.at);
            let message =
                format!("the years go from {first} to {last}; 0 to {MOST_YEARS} of them are looked at");
            self.error(code::PLEDGE, "pledges.last", at, message);
        }
        (self.problems.errors() == errors).then_some(Pledges { first, last, pledges, courses, measures })
    }

    fn pledge(&mut self, node: &Node, first: Option<u16>, path: &str) -> Option<Pledge> {
        let name = node.get("metric").and_then(Node::name)?;
        let metric = Metric::ALL.into_iter().find(|metric| metric.name() == name)?;
        let by = year(node.get("by"))?;
        let to = match node.get("to") {
            Some(written) => self.amount(written, metric, &format!("{path}.to"))?,
            None => match metric.goal() {
                Some(goal) => goal,
                None => {
                    let example = metric.quantity().example();
                    let message = format!("{name} needs a value to be reached");
                    let help = format!("write for example to: \"{example}\"");
                    self.add(
                        Raised::error(code::MISSING_FIELD, format!("{path}.to"), node.at, message).help(help),
                    );
                    return None;
                }
            },
        };
        let from = match node.get("from").map(Node::items) {
            Some([of, written]) => {
                Some((year(Some(of))?, self.amount(written, metric, &format!("{path}.from"))?))
            }
            _ => None,
        };
        let begins = from.map(|(year, _)| year).or(first);
        if let Some(begins) = begins.filter(|begins| by < *begins) {
            let message = format!("is to be reached by {by}, before its path begins in {begins}");
            self.error(
                code::PLEDGE,
                format!("{path}.by"),
                node.get("by").map_or(node.at, |by| by.at),
                message,
            );
            return None;
        }
        Some(Pledge { text: crate::syntax::in_one_line(node), metric, by, to, from })
    }

    /// A value of the quantity that a metric has; a share lies between nothing and all.
    fn amount(&mut self, node: &Node, metric: Metric, path: &str) -> Option<f64> {
        match value::quantity(node, metric.quantity()) {
            Ok(share) if metric.is_share() && !(0.0..=1.0).contains(&share) => {
                let message = format!("{} is a share: 0 % to 100 %", metric.name());
                self.error(code::PLEDGE, path, node.at, message);
                None
            }
            Ok(value) => Some(value),
            Err(message) => {
                self.error(code::QUANTITY, path, node.at, message);
                None
            }
        }
    }

    /// A list of values by year, whose years must rise, with where it comes from: what is missing there has been
    /// reported.
    fn by_year(&mut self, root: &Node, field: &str, quantity: Quantity) -> Given {
        let course = root.get(field)?;
        let list = course.get("by_year")?;
        if list.items().is_empty() {
            let help = "write for example by_year: [(2025, …), (2030, …)], or leave the list out";
            let raised =
                Raised::error(code::PLEDGE, format!("pledges.{field}.by_year"), list.at, "has no year");
            self.add(raised.help(help));
        }
        let mut found: Vec<Dated> = Vec::new();
        for (k, node) in list.items().iter().enumerate() {
            let [of, written] = node.items() else { continue };
            let Some((of, value)) = year(Some(of)).zip(value::quantity(written, quantity).ok()) else {
                continue;
            };
            if let Some((before, _)) = found.last().filter(|(before, _)| *before >= of) {
                let message = format!("{of} stands after {before}: years rise from entry to entry");
                self.error(code::PLEDGE, format!("pledges.{field}.by_year[{k}]"), node.at, message);
            }
            found.push((of, value));
        }
        Some(Sourced { value: ByYear(found), origin: Origin::of(course, BESIDE)? })
    }

    /// No simulation knows what waste a site has.
    fn waste_is_known(&mut self, root: &Node, pledges: &[Pledge], courses: &Courses) {
        let pledged = pledges.iter().any(|pledge| pledge.metric == Metric::WasteDiversion);
        if pledged && (root.get("waste").is_none() || root.get("diverted").is_none()) {
            let message = "WasteDiversion needs waste and diverted: no simulation knows them";
            let help = "write for example waste: (by_year: [(2025, \"120 t\")], source: \"…\", year: 2025, confidence: C), and \
                        diverted likewise";
            self.add(Raised::error(code::MISSING_FIELD, "pledges.waste", root.at, message).help(help));
        }
        // Both go straight from entry to entry, so that what holds at all entries holds between them.
        let lists = [&courses.waste, &courses.diverted].into_iter().flatten();
        let years = lists.flat_map(|list| &list.value.0).map(|(year, _)| *year);
        let both = |year| Some((year, at(&courses.waste, year)?, at(&courses.diverted, year)?));
        let most = years.filter_map(both).find(|(_, waste, diverted)| diverted > waste);
        if let Some((year, waste, diverted)) = most {
            let message =
                format!("in {year} more is diverted ({diverted:.0} kg) than there is waste ({waste:.0} kg)");
            let node = root.get("diverted").map_or(root.at, |node| node.at);
            self.error(code::PLEDGE, "pledges.diverted", node, message);
        }
    }
}

fn measure(node: &Node) -> Option<Measure> {
    let change = |field: &str| match node.get(field) {
        Some(written) => value::quantity(written, Quantity::Ratio).ok(),
        None => Some(0.0),
    };
    Some(Measure {
        from: year(node.get("from"))?,
        what: node.get("what").and_then(Node::as_text)?.to_owned(),
        it: change("it")?,
        overhead: change("overhead")?,
        water: change("water")?,
        scope_1: change("scope_1")?,
        origin: Origin::of(node, BESIDE)?,
    })
}
