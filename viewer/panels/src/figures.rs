//! The figures of a run that has ended, the same whether it was calculated here or read from its folder.

use engine::plant::plant::Plant;
use engine::study::inside::Inside;
use engine::study::intervals::Interval;
use engine::study::metrics::{Metrics, Summary};
use engine::study::racks::RackFigures;
use engine::study::read::{Run, Temperatures};
use engine::study::run::Outcome;
use engine::study::targets::Verdict;
use std::collections::BTreeMap;

/// What is left when a run has ended.
#[derive(Debug)]
pub struct Finished {
    /// The figures of the site.
    pub metrics: Metrics,
    /// Those of the racks of each group, in the plant's order; `None` where the run has none of it.
    pub racks: Vec<Option<OfRack>>,
    /// What became of the targets.
    pub targets: Vec<Held>,
    /// What gave way first after an event.
    pub first_trip: Option<Trip>,
    /// What flowed from its start to its end.
    pub whole: Interval,
    /// Temperatures within racks that were carried apart, of a run that was calculated here.
    pub inside: Option<Inside>,
    /// Temperatures of single chips, of a run that was read.
    pub temperatures: Option<Temperatures>,
    /// What was outside of its range, where and when.
    pub noted: Vec<Noted>,
    /// Everything, of a run that was calculated here.
    pub calculated: Option<Box<(Summary, Outcome)>>,
}

/// Something that was outside of its range.
#[derive(Debug, Clone, PartialEq)]
pub struct Noted {
    /// The component, or `site`.
    pub what: String,
    /// First and last time [s].
    pub from: f64,
    /// See [`from`](Self::from).
    pub to: f64,
    /// What, in the engine's words.
    pub text: String,
}

/// The figures of one rack.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct OfRack {
    /// Facility energy per IT energy.
    pub pue: Option<f64>,
    /// Make-up water per IT energy [L/kWh].
    pub wue_l_per_kwh: Option<f64>,
    /// Input [kWh].
    pub it_energy_kwh: f64,
    /// The same and what was used for it [kWh].
    pub facility_energy_kwh: f64,
    /// Make-up water [m³].
    pub water_m3: f64,
    /// Carbon of its electricity [kg].
    pub co2e_kg: Option<f64>,
    /// Warmest air at the inlet [°C].
    pub max_inlet_c: Option<f64>,
    /// Hottest junction [°C].
    pub max_junction_c: Option<f64>,
    /// Hours with inlet air outside of its class.
    pub hours_out_of_class: Option<f64>,
}

impl From<&RackFigures> for OfRack {
    fn from(of: &RackFigures) -> Self {
        OfRack {
            pue: of.pue,
            wue_l_per_kwh: of.wue_l_per_kwh,
            it_energy_kwh: of.it_energy_kwh,
            facility_energy_kwh: of.facility_energy_kwh,
            water_m3: of.water_m3,
            co2e_kg: of.co2e_kg,
            max_inlet_c: of.max_inlet_c,
            max_junction_c: of.max_junction_c,
            hours_out_of_class: of.hours_out_of_class,
        }
    }
}

/// What became of a target.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The target and what became of it, in the engine's words.
    pub text: String,
    /// Whether it is met.
    pub met: bool,
    /// The part in question.
    pub place: Option<String>,
    /// When it was worst, else when it was first missed [s].
    pub when: Option<f64>,
}

impl From<&Verdict> for Held {
    fn from(of: &Verdict) -> Self {
        let (place, when) = (of.place.clone(), of.worst_at.or(of.first_missed));
        Held { text: of.sentence(), met: of.met, place, when }
    }
}

/// What gave way first after an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Trip {
    /// What was reached.
    pub what: String,
    /// Rack and chip, as far as it is of one.
    pub place: Vec<String>,
    /// When [s].
    pub at: Option<f64>,
}

impl Finished {
    /// Of a run that was calculated here.
    #[must_use]
    pub fn of(summary: Summary, outcome: Outcome) -> Finished {
        let trip = outcome.events.first_trip.as_ref().map(|crossing| Trip {
            what: crossing.threshold.what.clone(),
            place: crossing.threshold.rack.iter().chain(&crossing.threshold.chip).cloned().collect(),
            at: crossing.at_s,
        });
        let intervals = (0..outcome.trajectory.intervals()).filter_map(|k| outcome.trajectory.interval(k));
        Finished {
            metrics: summary.metrics.clone(),
            racks: summary.racks.iter().map(|racks| Some(racks.into())).collect(),
            targets: summary.targets.iter().map(Held::from).collect(),
            first_trip: trip,
            whole: intervals.fold(Interval::default(), |sum, interval| sum.and(&interval)),
            inside: outcome.inside.clone(),
            temperatures: None,
            noted: (summary.notes.iter())
                .map(|note| Noted {
                    what: note.component.clone(),
                    from: note.from_s,
                    to: note.to_s,
                    text: note.text.clone(),
                })
                .collect(),
            calculated: Some(Box::new((summary, outcome))),
        }
    }

    /// As a run wrote it.
    #[must_use]
    pub fn read(
        run: &Run,
        plant: &Plant,
        intervals: &[Interval],
        temperatures: Option<Temperatures>,
    ) -> Finished {
        let racks: BTreeMap<&str, &RackFigures> = run.racks.iter().map(|rack| (rack.id(0), rack)).collect();
        let of_group = |group: &engine::plant::plant::Group| {
            racks.get(group.rack(0).as_str()).map(|rack| OfRack::from(*rack))
        };
        let trip = &run.summary.raw["first_trip"];
        let text = |key: &str| trip[key].as_str().map(str::to_owned);
        let targets = run.summary.targets.iter().map(|target| Held {
            text: target.sentence(),
            met: target.met,
            place: target.place.clone(),
            when: target.worst_at.or(target.first_missed),
        });
        Finished {
            metrics: run.summary.metrics.clone(),
            racks: plant.groups.iter().map(of_group).collect(),
            targets: targets.collect(),
            first_trip: text("what").map(|what| Trip {
                what,
                place: ["rack", "chip"].into_iter().filter_map(text).collect(),
                at: trip["at_s"].as_f64(),
            }),
            whole: intervals.iter().fold(Interval::default(), Interval::and),
            inside: None,
            temperatures,
            noted: (run.summary.notes.iter())
                .map(|note| Noted {
                    what: note.component.clone(),
                    from: note.from_s,
                    to: note.to_s,
                    text: note.text.clone(),
                })
                .collect(),
            calculated: None,
        }
    }

    /// The temperatures of all chips of a part of a rack at a record [K]; none where they were not recorded one by one.
    #[must_use]
    pub fn chips(&self, rack: &str, unit: &str, what: &str, time: f64) -> Vec<f64> {
        match (&self.inside, &self.temperatures) {
            (Some(inside), _) => inside.chips(rack, unit, what, time),
            (_, Some(read)) => read.chips(rack, unit, what, time),
            _ => Vec::new(),
        }
    }
}
