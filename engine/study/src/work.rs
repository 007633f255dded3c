//! The work that a site is asked to do, so that sites can be compared for the same of it.
//!
//! # Definition
//! ```text
//! accelerator-hours = Σ over groups of accelerators · ∫ utilisation dt
//! ```
//! Full-load hours: an accelerator at half load does half an hour of them in an hour. An accelerator is a unit that
//! has a junction of its own. It is what the workload *asks* for: a chip that throttles does less, and the run's notes
//! say for how long. An hour of one make of chip is not an hour of another.

use scenario::Case;

/// What is asked of the accelerators of a site.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Work {
    /// How many there are.
    pub accelerators: f64,
    /// Full-load hours asked of them in the run [h].
    pub accelerator_hours: f64,
}

/// The work of a case over its run; nothing where no accelerator is modelled.
#[must_use]
pub fn asked(case: &Case) -> Option<Work> {
    let (from, to) = (case.run.start_s, case.run.start_s + case.run.length_s);
    let mut work: Option<Work> = None;
    for signal in &case.plant.signals {
        let unit = &case.plant.units[signal.unit];
        if signal.name != "utilisation" || unit.kind.declaration().junction().is_none() {
            continue;
        }
        let mean = case.workloads.get(signal.series).map_or(0.0, |workload| workload.mean(from, to));
        let so_far = work.unwrap_or(Work { accelerators: 0.0, accelerator_hours: 0.0 });
        work = Some(Work {
            accelerators: so_far.accelerators + unit.multiplicity,
            accelerator_hours: so_far.accelerator_hours + unit.multiplicity * mean * (to - from) / 3600.0,
        });
    }
    work
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(set: &[(&str, &str)]) -> Case {
        let set: Vec<(String, String)> = set.iter().map(|(p, v)| ((*p).into(), (*v).into())).collect();
        scenario::load(std::path::Path::new("phoenix_zero_water"), &set).expect("a shipped site").case
    }

    #[test]
    fn sixteen_racks_of_sixty_four_at_eighty_five_percent_for_ten_hours_do_8704_hours() {
        // 16 racks · 64 accelerators = 1024; 1024 · 0.85 · 10 h = 8704 h.
        let span = [("run.period", "Span(from: \"3 d\", for: \"10 h\")")];
        let work = asked(&case(&span)).expect("accelerators");
        assert_eq!(work.accelerators, 1024.0);
        assert!((work.accelerator_hours - 8704.0).abs() < 1e-9, "{work:?}");
    }

    #[test]
    fn racks_that_stand_idle_do_none() {
        // A quarter of the racks idle: three quarters of 8704 h.
        let set = [("run.period", "Span(from: \"3 d\", for: \"10 h\")"), ("racks.hall.idle_share", "25 %")];
        let work = asked(&case(&set)).expect("accelerators");
        assert!((work.accelerator_hours - 6528.0).abs() < 1e-9, "{work:?}");
    }
}
