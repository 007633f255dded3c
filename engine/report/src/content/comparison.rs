//! This run beside another: the same work, what differs, and what makes it differ.
//!
//! Every figure is one of [`study::compare`]; here they get their words. The other run is the reference.

use super::{Page, figure, numbers, section as section_of, words};
use crate::document::{Block, Cell, Column, Section, Table, grouped};
use crate::figures::{Step, waterfall};
use study::compare::{self, Comparison, Difference, SameWork, Side, Unlike, Waterfall, What};
use study::compare::{causes, energy, percent, share, sign};
use study::read::Run;
use study::report::grouped as rounded;

/// Water below this is none [m³].
const NO_WATER: f64 = 1e-9;
/// Steps below this share of all changes are drawn as one.
const HAIR: f64 = 0.01;

/// Compares a run with another, which is the reference.
///
/// # Errors
/// What the summary of either lacks, in a sentence.
pub(super) fn compared(run: &Run, against: &Run) -> Result<Comparison, String> {
    let name = |of: &Run, other: &Run| {
        if of.summary.site == other.summary.site {
            format!("{} ({})", of.summary.site, of.id())
        } else {
            of.summary.site.clone()
        }
    };
    let side = |of: &Run, other: &Run| {
        Side::read(&name(of, other), &of.summary.raw).map_err(|malformed| malformed.to_string())
    };
    Ok(compare::compare(vec![side(against, run)?, side(run, against)?]))
}

pub(super) fn section(page: &Page, against: &Run, comparison: &Comparison) -> Option<Section> {
    let (Some(difference), [a, b, ..]) = (comparison.differences.first(), comparison.sides.as_slice()) else {
        return None;
    };
    let reference = Page { run: against, ..*page };
    let texts = Said { page, reference, a, b, difference };
    let mut sentences = texts.all().into_iter();
    let mut blocks = vec![
        Block::Paragraph(page.say("cmp-titles", &[("a", &titled(a)), ("b", &titled(b))])),
        Block::Paragraph(sentences.next()?),
        Block::List(sentences.collect()),
    ];
    for unlike in &difference.unlike {
        blocks.push(Block::Note(texts.unlike(unlike)));
    }
    blocks.push(Block::Table(texts.figures()));
    blocks.push(texts.electricity_drawn());
    blocks.extend(texts.per_work_drawn());
    blocks.extend(texts.water_drawn());
    blocks.extend(texts.ownership_drawn());
    Some(section_of(page, "comparison", blocks))
}

fn titled(side: &Side) -> String {
    format!("{} ({})", side.name, side.title)
}

/// What the sentences are about.
struct Said<'a> {
    page: &'a Page<'a>,
    /// The other run, for what it is called in this language.
    reference: Page<'a>,
    a: &'a Side,
    b: &'a Side,
    difference: &'a Difference,
}

/// The key of a sentence that says less or more.
fn way(key: &str, change: f64) -> String {
    format!("{key}-{}", if change < 0.0 { "less" } else { "more" })
}

impl Said<'_> {
    /// A sentence with the names of both sides in it.
    fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        let names = [("a", self.a.name.as_str()), ("b", self.b.name.as_str())];
        self.page.say(key, &[&names[..], values].concat())
    }

    /// Whether every figure of both is the same: two names of one run.
    fn nothing_differs(&self) -> bool {
        let falls = [&self.difference.energy, &self.difference.water];
        falls.iter().all(|fall| fall.largest().is_empty() && fall.change() == 0.0)
            && self.difference.figures.iter().all(|delta| delta.from == delta.to)
    }

    fn all(&self) -> Vec<String> {
        if self.nothing_differs() {
            return vec![self.say("cmp-nothing", &[])];
        }
        let mut said = vec![self.electricity()];
        if let SameWork::Differs(more) = self.difference.work {
            said.extend(self.per_work(more));
        }
        if self.difference.work != SameWork::Same {
            said.extend(self.per_it());
        }
        said.extend(self.effectiveness());
        said.push(self.water());
        said.extend(self.carbon());
        said.extend(self.cost());
        said.push(self.cooling());
        said.extend(self.ownership());
        said
    }

    /// What makes it differ, with the name of each use or account.
    fn causes(&self, fall: &Waterfall, shown: impl Fn(f64) -> String) -> String {
        let page = self.page;
        let name = |name: Option<&str>| match name {
            None => page.t("cmp-all-else"),
            Some(name) => page.inside(&page.amount(name)),
        };
        let parts: Vec<String> = causes(fall)
            .into_iter()
            .map(|(cause, by)| format!("{} {}", name(cause), shown(by).replace(' ', "\u{a0}")))
            .collect();
        parts.join(&page.t("list-separator"))
    }

    fn work(&self) -> String {
        match self.difference.work {
            SameWork::Same => self.page.t("cmp-work-same"),
            SameWork::Differs(more) => self.page.say(&way("cmp-work", more), &[("share", &percent(more))]),
            SameWork::Unknown(_) => self.page.t("cmp-work-unknown"),
        }
    }

    fn electricity(&self) -> String {
        let fall = &self.difference.energy;
        let (change, work) = (fall.change(), self.work());
        let largest = fall.largest();
        let Some(first) = largest.first() else {
            return self.say("cmp-electricity-same", &[("work", &work)]);
        };
        let size = first.change().abs().max(change.abs());
        let of = share(change, self.a.facility_energy_kwh).map_or(self.page.t("dash"), percent);
        self.say(
            &way("cmp-electricity", change),
            &[
                ("amount", &energy(change.abs(), change, false)),
                ("share", &of),
                ("work", &work),
                ("causes", &self.causes(fall, |kwh| energy(kwh, size, true))),
            ],
        )
    }

    fn per_work(&self, more: f64) -> Option<String> {
        let fall = self.difference.per_work.as_ref()?;
        let hours = |side: &Side| rounded(side.work.map_or(0.0, |work| work.accelerator_hours));
        Some(self.say(
            &way("cmp-per-work", more),
            &[
                ("b_hours", &hours(self.b)),
                ("a_hours", &hours(self.a)),
                ("share", &percent(more)),
                ("to", &format!("{:.1}", fall.to)),
                ("from", &format!("{:.1}", fall.from)),
                ("causes", &self.causes(fall, |wh| format!("{}{:.1} Wh", sign(wh), wh.abs()))),
            ],
        ))
    }

    fn per_it(&self) -> Option<String> {
        let fall = self.difference.per_it.as_ref().filter(|fall| !fall.largest().is_empty())?;
        Some(self.say(
            "cmp-per-it",
            &[
                ("to", &format!("{:.3}", fall.to)),
                ("from", &format!("{:.3}", fall.from)),
                ("causes", &self.causes(fall, |kwh| format!("{}{:.4}", sign(kwh), kwh.abs()))),
            ],
        ))
    }

    fn both(&self, name: &str) -> Option<(f64, f64)> {
        let delta = self.difference.figures.iter().find(|delta| delta.name == name)?;
        delta.from.zip(delta.to)
    }

    fn effectiveness(&self) -> Option<String> {
        let (from, to) = self.both("pue")?;
        let pue = [format!("{to:.3}"), format!("{from:.3}")];
        let Some((tue_from, tue_to)) = self.both("tue") else {
            return Some(self.say("cmp-pue", &[("to", &pue[0]), ("from", &pue[1])]));
        };
        let tue = [format!("{tue_to:.3}"), format!("{tue_from:.3}")];
        let moved = [to / from - 1.0, tue_to / tue_from - 1.0];
        let values = [("to", &pue[0]), ("from", &pue[1]), ("tue_to", &tue[0]), ("tue_from", &tue[1])];
        let mut values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        // PUE counts fans and supplies in the servers as IT: where they change, it moves by less, or to the other side.
        if (moved[1] - moved[0]).abs() < 2.5e-3 {
            return Some(self.say("cmp-pue-tue", &values));
        }
        let fans = |side: &Side| {
            let of = |(name, _): &&(String, f64)| name == "server_fans" || name == "psu_loss";
            side.energy_kwh.iter().filter(of).fold(0.0, |sum, (_, kwh)| sum + kwh)
        };
        let change = fans(self.b) - fans(self.a);
        let moved = moved.map(|share| format!("{}{}", sign(share), percent(share)));
        let amount = energy(change.abs(), change, false);
        values.extend([("pue_by", moved[0].as_str()), ("tue_by", &moved[1]), ("amount", &amount)]);
        Some(self.say(&way("cmp-pue-tue-fans", change), &values))
    }

    fn water(&self) -> String {
        let fall = &self.difference.water;
        let (a, b, change) = (self.a.make_up_m3, self.b.make_up_m3, fall.change());
        let wue = |side: &Side| side.wue.map_or(self.page.t("dash"), |wue| format!("{wue:.3}"));
        let (to, from) = (wue(self.b), wue(self.a));
        let (amount, size) = (rounded(change.abs()), [rounded(a), rounded(b)]);
        let part = share(change, a).map_or(self.page.t("dash"), percent);
        let causes = self.causes(fall, |m3| format!("{}{} m³", sign(m3), rounded(m3.abs())));
        let values = [("to", to.as_str()), ("from", &from), ("amount", &amount), ("a_m3", &size[0])];
        let more = [("b_m3", size[1].as_str()), ("share", &part), ("causes", &causes)];
        let key = match (a < NO_WATER, b < NO_WATER) {
            (true, true) => "cmp-water-neither".to_owned(),
            (false, true) => "cmp-water-none-now".to_owned(),
            (true, false) => "cmp-water-none-before".to_owned(),
            (false, false) if change == 0.0 => "cmp-water-same".to_owned(),
            (false, false) => way("cmp-water", change),
        };
        self.say(&key, &[&values[..], &more[..]].concat())
    }

    fn carbon(&self) -> Option<String> {
        let (from, to) = self.both("carbon_t")?;
        if from == to {
            return Some(self.say("cmp-carbon-same", &[("amount", &rounded(to))]));
        }
        let part = share(to - from, from).map_or(self.page.t("dash"), percent);
        Some(
            self.say(
                &way("cmp-carbon", to - from),
                &[("amount", &rounded((to - from).abs())), ("share", &part)],
            ),
        )
    }

    fn cost(&self) -> Option<String> {
        let (from, to) = self.both("cost")?;
        let currency = self.b.cost.as_ref().map_or(String::new(), |cost| cost.currency.clone());
        if from == to {
            return Some(self.say("cmp-cost-same", &[("amount", &rounded(to)), ("currency", &currency)]));
        }
        let part = share(to - from, from).map_or(self.page.t("dash"), percent);
        let values = [("amount", &rounded((to - from).abs())), ("share", &part), ("currency", &currency)];
        let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        Some(self.say(&way("cmp-cost", to - from), &values))
    }

    fn cooling(&self) -> String {
        let free = |side: &Side| (rounded(side.free_cooling_hours), rounded(side.hours));
        let ((to, all), (from, whole)) = (free(self.b), free(self.a));
        let mut values = vec![("to", to), ("all", all), ("from", from), ("whole", whole)];
        let mut key = "cmp-cooling";
        if let Some((from, to)) = self.both("max_junction_c") {
            values.extend([("hot_to", format!("{to:.1}")), ("hot_from", format!("{from:.1}"))]);
            key = "cmp-cooling-junction";
        }
        let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        self.say(key, &values)
    }

    /// The name of what is paid in a year.
    fn paid(&self, name: &str) -> String {
        let key = if name == "capital_recovery" { "recovery" } else { name };
        self.page.texts.known(&format!("money-{key}")).unwrap_or_else(|| name.replace('_', " "))
    }

    fn ownership(&self) -> Option<String> {
        let fall = self.difference.ownership.as_ref()?;
        let currency = &self.b.ownership.as_ref()?.currency;
        let change = fall.change();
        let part = share(change, fall.from).map_or(self.page.t("dash"), percent);
        let signed = |amount: f64| format!("{}{}", sign(amount), rounded(amount.abs()));
        let name = |name: Option<&str>| match name {
            None => self.page.t("cmp-all-else"),
            Some(name) => self.page.inside(&self.paid(name)),
        };
        let parts: Vec<String> =
            causes(fall).into_iter().map(|(cause, by)| format!("{} {}", name(cause), signed(by))).collect();
        let causes = parts.join(&self.page.t("list-separator"));
        let amount = rounded(change.abs());
        let mut text = if fall.largest().is_empty() {
            self.say("cmp-owned-same", &[])
        } else {
            let values =
                [("amount", amount.as_str()), ("currency", currency), ("share", &part), ("causes", &causes)];
            self.say(&way("cmp-owned", change), &values)
        };
        if let Some((from, to)) = self.both("cost_per_accelerator_hour") {
            let (to, from) = (format!("{to:.4}"), format!("{from:.4}"));
            text += &self.page.t("sentence-space");
            text += &self.say("cmp-owned-hour", &[("to", &to), ("from", &from), ("currency", currency)]);
        }
        Some(text)
    }

    fn ownership_drawn(&self) -> Option<Block> {
        let fall = self.difference.ownership.as_ref().filter(|fall| fall.change() != 0.0)?;
        let currency = &self.b.ownership.as_ref()?.currency;
        let (unit, divisor) =
            if fall.from.abs() >= 1e6 { (format!("1000 {currency}"), 1e3) } else { (currency.clone(), 1.0) };
        let axis = self.page.say("cmp-axis-owned", &[("unit", &unit)]);
        let caption = self.say(
            &way("caption-cmp-owned", fall.change()),
            &[("amount", &rounded(fall.change().abs())), ("currency", currency)],
        );
        Some(self.drawn("comparison-cost", fall, (currency, divisor, 0), &axis, caption))
    }

    fn unlike(&self, unlike: &Unlike) -> String {
        match unlike {
            Unlike::Throttled { name, hours } => {
                self.page.say("cmp-throttled", &[("name", name), ("hours", &format!("{hours:.1}"))])
            }
            Unlike::Differ { what, of: [x, y], .. } => {
                let [a, b] = [&self.reference, self.page];
                let basis = |page: &Page, said: &str| {
                    page.texts.known(&format!("basis-{said}")).unwrap_or_else(|| said.to_owned())
                };
                let (key, x, y) = match what {
                    What::Period => ("cmp-unlike-period", a.period(), b.period()),
                    What::Weather => ("cmp-unlike-weather", a.weather(), b.weather()),
                    What::Mode => ("cmp-unlike-mode", a.method(), b.method()),
                    What::CarbonBasis => ("cmp-unlike-carbon", basis(a, x), basis(b, y)),
                    What::Currency => ("cmp-unlike-currency", x.clone(), y.clone()),
                    What::Ownership => ("cmp-unlike-ownership", x.clone(), y.clone()),
                };
                self.say(key, &[("x", &x), ("y", &y)])
            }
        }
    }

    /// The figures of both, PUE and TUE first.
    fn figures(&self) -> Table {
        let page = self.page;
        let columns = vec![
            words(page, "figure"),
            words(page, "unit"),
            Column::number("reference", &self.a.name, ""),
            Column::number("this_run", &self.b.name, ""),
            numbers(page, "difference", ""),
            numbers(page, "relative", "%"),
        ];
        let mut table = Table::new("comparison", page.t("table-comparison"), columns);
        let dash = page.t("dash");
        for delta in self.difference.figures.iter().filter(|delta| delta.from.is_some() || delta.to.is_some())
        {
            let digits = u8::try_from(delta.digits).unwrap_or(3);
            let number = |value: Option<f64>, digits| Cell::number(value.unwrap_or(f64::NAN), digits, &dash);
            // A temperature has no zero of its own to be a share of.
            let relative = delta.relative().filter(|_| delta.unit != "°C").map(|share| 100.0 * share);
            let unit = match delta.unit.as_str() {
                "1" => String::new(),
                "accelerator h" => page.t("cmp-unit-work"),
                other => other.to_owned(),
            };
            let name = format!("cmp-figure-{}", delta.name.replace('_', "-"));
            table.push(vec![
                Cell::text(page.texts.known(&name).unwrap_or_else(|| delta.label.to_owned())),
                Cell::text(unit),
                number(delta.from, digits),
                number(delta.to, digits),
                number(delta.change(), digits),
                number(relative, 1),
            ]);
        }
        table.remarks.push(page.say("cmp-remark", &[("a", &self.a.name), ("b", &self.b.name)]));
        table
    }

    /// A waterfall from the one total to the other, `divisor` of its unit to one of what is drawn.
    fn drawn(&self, id: &str, fall: &Waterfall, unit: (&str, f64, u8), axis: &str, caption: String) -> Block {
        let page = self.page;
        let (shown_unit, divisor, decimals) = unit;
        let columns = vec![
            words(page, "part-of-it"),
            Column::number("reference", &self.a.name, shown_unit).summed(),
            Column::number("this_run", &self.b.name, shown_unit).summed(),
            numbers(page, "difference", shown_unit).summed(),
        ];
        let mut table = Table::new(&id.replace('-', "_"), page.t(&format!("table-{id}")), columns);
        let all: f64 = fall.steps.iter().map(|step| step.change().abs()).sum();
        let (mut steps, mut hairs) = (Vec::new(), 0.0);
        for step in fall.steps.iter().filter(|step| step.from != 0.0 || step.to != 0.0) {
            let name = if id == "comparison-cost" { self.paid(&step.name) } else { page.amount(&step.name) };
            table.push(vec![
                Cell::text(&name),
                Cell::number(step.from, decimals, ""),
                Cell::number(step.to, decimals, ""),
                Cell::number(step.change(), decimals, ""),
            ]);
            if step.change().abs() >= HAIR * all {
                steps.push(Step { name, value: step.change() / divisor });
            } else {
                hairs += step.change() / divisor;
            }
        }
        let rows = table.rows.len();
        table.total(page.t("total"), 0..rows);
        let rest = hairs + fall.unaccounted / divisor;
        if rest.abs() > 1e-9 * (fall.from / divisor).abs() {
            steps.push(Step { name: page.t("use-rest"), value: rest });
        }
        let alt = page.say("alt-comparison", &[("a", &self.a.name), ("b", &self.b.name)]);
        let (a, b) = (self.a.name.as_str(), self.b.name.as_str());
        let digits = if divisor == 1.0 { decimals } else { 0 };
        figure(
            id,
            caption,
            alt,
            |about| waterfall(about, axis, (a, fall.from / divisor), &steps, b, digits),
            table,
        )
    }

    fn electricity_drawn(&self) -> Block {
        let fall = &self.difference.energy;
        let (unit, divisor) = if fall.from.abs() >= 1e5 { ("MWh", 1000.0) } else { ("kWh", 1.0) };
        let axis = self.page.say("cmp-axis-electricity", &[("unit", unit)]);
        let largest = fall.largest();
        let caption = match largest.first() {
            Some(step) => self.say(
                &way("caption-cmp-electricity", fall.change()),
                &[
                    ("amount", &energy(fall.change().abs(), fall.change(), false)),
                    ("largest", &self.page.inside(&self.page.amount(&step.name))),
                    ("by", &energy(step.change(), step.change(), true)),
                ],
            ),
            None => self.electricity(),
        };
        self.drawn("comparison-electricity", fall, ("kWh", divisor, 0), &axis, caption)
    }

    fn per_work_drawn(&self) -> Option<Block> {
        let fall = self.difference.per_work.as_ref().filter(|_| self.difference.work != SameWork::Same)?;
        let caption = self.say(
            "caption-cmp-per-work",
            &[("to", &format!("{:.1}", fall.to)), ("from", &format!("{:.1}", fall.from))],
        );
        let axis = self.page.t("cmp-axis-per-work");
        Some(self.drawn("comparison-per-work", fall, ("Wh", 1.0, 1), &axis, caption))
    }

    fn water_drawn(&self) -> Option<Block> {
        let fall = Some(&self.difference.water).filter(|fall| fall.change() != 0.0)?;
        let largest = fall.largest();
        let step = largest.first()?;
        let caption = self.say(
            &way("caption-cmp-water", fall.change()),
            &[
                ("amount", &grouped(fall.change().abs(), 0)),
                ("largest", &self.page.inside(&self.page.amount(&step.name))),
                ("by", &format!("{}{}", sign(step.change()), grouped(step.change().abs(), 0))),
            ],
        );
        let axis = self.page.t("axis-water");
        Some(self.drawn("comparison-water", fall, ("m³", 1.0, 0), &axis, caption))
    }
}
