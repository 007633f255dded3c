//! Runs that are evaluated together, one in each lane, come to what each comes to alone: the same bits, whoever the others are.

mod support;

use engine::plant::network::{CompileOptions, LaneNetwork, compile, compile_as, expand};
use engine::scenario::Case;
use engine::study::batch::{Unwatched, Watch, run as run_alone, run_beside, unguarded};
use engine::study::case;
use engine::study::plans::Plans;
use engine::study::report::summary_json;
use engine::study::run::{Moment, Next, Observer, Stopped, Unobserved};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use support::bits::bits;
use support::sites::{load, span};

/// A site in quasi-steady steps over some days, with settings.
fn quasi_steady(site: &str, settings: &[(&str, &str)]) -> Case {
    let days = span(170.0, 4.0);
    let first = [("run.period", days.as_str()), ("run.dynamics", "QuasiSteady"), ("run.controls", "Ideal")];
    load(site, &[&first, settings].concat())
}

/// What a run comes to: its columns, its summary, or why it stopped.
type Came = Result<(Vec<(String, Vec<u64>)>, String), String>;

fn alone(case: &Case) -> Came {
    let (outcome, summary) = run_alone(case, 0, &Unwatched).map_err(|stopped| stopped.to_string())?;
    Ok((bits(&outcome), summary_json(case, &outcome, &summary).to_string()))
}

fn beside(cases: &[&Case]) -> Vec<Came> {
    let mut came: Vec<Option<Came>> = vec![None; cases.len()];
    run_beside(&Plans::default(), cases, &Unwatched, &mut unguarded, &mut |k, result| {
        let told = result.map(|(outcome, summary)| {
            (bits(&outcome), summary_json(cases[k], &outcome, &summary).to_string())
        });
        assert!(came[k].replace(told.map_err(|stopped| stopped.to_string())).is_none(), "{k} ended twice");
    });
    came.into_iter().enumerate().map(|(k, came)| came.unwrap_or_else(|| panic!("{k} did not end"))).collect()
}

fn assert_same(case: &Case, together: &Came, single: &Came, what: &str) {
    match (together, single) {
        (Ok((columns, summary)), Ok((its_columns, its_summary))) => {
            assert!(columns.len() > 20 && columns.len() == its_columns.len(), "{what}");
            for (a, b) in columns.iter().zip(its_columns) {
                assert!(a == b, "{what}, {}: {} differs", case.weather.station.name, a.0);
            }
            assert_eq!(summary, its_summary, "{what}, {}", case.weather.station.name);
        }
        (together, single) => assert_eq!(together, single, "{what}, {}", case.weather.station.name),
    }
}

/// Climates and set-points of one plant, more of them than lanes.
fn variants() -> Vec<Case> {
    let climates = ["harbin", "phoenix", "singapore"];
    let mut cases = Vec::new();
    for climate in climates {
        for supply in ["18 °C", "22.5 °C", "27 °C"] {
            let settings = [("site.climate", climate), ("components.crah.supply_air_setpoint", supply)];
            cases.push(quasi_steady("harbin_air", &settings));
        }
    }
    cases
}

#[test]
fn variants_of_one_plant_fit_the_lanes_and_another_plant_does_not() {
    let compiled = |case: &Case| {
        let options = CompileOptions { ideal: true, ..CompileOptions::default() };
        compile(&expand(&case.plant), options).unwrap()
    };
    let variants: Vec<_> = variants().iter().map(compiled).collect();
    assert!(LaneNetwork::new(&variants.iter().take(8).collect::<Vec<_>>()).is_some());
    assert!(LaneNetwork::new(&variants.iter().collect::<Vec<_>>()).is_none(), "nine in eight lanes");
    let other = compiled(&quasi_steady("phoenix_evaporative", &[]));
    assert!(!variants[0].is_like(&other) && LaneNetwork::new(&[&variants[0], &other]).is_none());
    // How many racks there are is a number like any other.
    assert!(variants[0].is_like(&compiled(&quasi_steady("harbin_air", &[("racks.hall.count", "250")]))));
}

#[test]
fn each_run_has_the_bits_that_it_has_alone() {
    let mut cases = variants();
    // Between them another plant, one with a network of pressures, one in dynamic steps, and one that cannot start.
    cases.insert(1, quasi_steady("phoenix_evaporative", &[]));
    cases.insert(4, quasi_steady("phoenix_evaporative", &[("site.climate", "harbin")]));
    for racks in ["7", "8"] {
        cases.push(quasi_steady("nvl72_pumps", &[("racks.pod.count", racks)]));
    }
    cases.push(load("harbin_air", &[("run.period", &span(170.0, 1.0))]));
    let singles: Vec<Came> = cases.iter().map(alone).collect();
    let together = beside(&cases.iter().collect::<Vec<_>>());
    for ((case, together), single) in cases.iter().zip(&together).zip(&singles) {
        assert_same(case, together, single, "in the order of the list");
    }
    // Other neighbours, other lanes, a lane left free.
    let reversed: Vec<&Case> = cases.iter().rev().skip(3).collect();
    for ((case, together), single) in reversed.iter().zip(beside(&reversed)).zip(singles.iter().rev().skip(3))
    {
        assert_same(case, &together, single, "backwards");
    }
}

#[test]
fn a_run_that_fails_or_is_stopped_leaves_its_neighbours_alone() {
    let mut cases = variants();
    cases.truncate(4);
    let failing =
        [("components.chiller.count", "1"), ("racks.hall.workload", "Diurnal(low: 0.1, high: 1.0)")];
    cases.insert(2, quasi_steady("harbin_air", &failing));
    let singles: Vec<Came> = cases.iter().map(alone).collect();
    // One chiller instead of thirteen is enough for the night: it is well into its first day when the room runs away.
    assert!(
        singles[2].as_ref().is_err_and(|why| why.contains("20 Jun 08:")),
        "it was to fail: {:?}",
        singles[2].as_ref().err()
    );
    let all: Vec<&Case> = cases.iter().collect();
    for ((case, together), single) in cases.iter().zip(beside(&all)).zip(&singles) {
        assert_same(case, &together, single, "with one that fails");
    }

    struct Until(usize);
    impl Observer for Until {
        fn after_step(&mut self, _: &mut Moment) -> Next {
            self.0 -= 1;
            if self.0 == 0 { Next::Stop } else { Next::GoOn }
        }
    }
    let (mut stops, mut goes) = (Until(30), Unobserved);
    let members: Vec<(&Case, &mut dyn Observer)> = vec![(&cases[0], &mut stops), (&cases[1], &mut goes)];
    let mut ended = [None, None];
    case::run_beside(&Plans::default(), members, &mut unguarded, &mut |k, result| {
        ended[k] = Some(result.map(|(outcome, summary)| {
            (bits(&outcome), summary_json(&cases[k], &outcome, &summary).to_string())
        }));
    });
    let [stopped, other] = ended;
    assert!(matches!(stopped, Some(Err(Stopped::Cancelled { .. }))), "{stopped:?}");
    assert!(other.unwrap().map_err(|stopped| stopped.to_string()) == singles[1]);
}

#[test]
fn a_watch_stops_all_of_them_and_hears_of_each() {
    struct Counts(AtomicUsize);
    impl Watch for Counts {
        fn stops(&self) -> bool {
            self.0.load(Ordering::Relaxed) > 0
        }
        fn progress(&self, _: usize, share: f64) {
            if share > 0.4 {
                self.0.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
    let cases = variants();
    let all: Vec<&Case> = cases.iter().collect();
    let mut cancelled = 0;
    run_beside(&Plans::default(), &all, &Counts(AtomicUsize::new(0)), &mut unguarded, &mut |_, result| {
        cancelled += usize::from(matches!(result, Err(Stopped::Cancelled { .. })));
    });
    assert_eq!(cancelled, cases.len());
}

#[test]
fn a_step_that_one_lane_follows_dynamically_leaves_the_others_alone() {
    // 14 racks are more than the dry cooler carries on this day, and chips throttle again and again; 22 are far more, 10
    // are not.
    let of = |racks: &str| {
        let day = span(201.0, 1.0);
        let settings = [("run.period", &*day), ("run.dynamics", "QuasiSteady"), ("racks.pod.count", racks)];
        load("nvl72_pod", &settings)
    };
    let cases: Vec<Case> = ["8", "22", "9", "14", "10"].into_iter().map(of).collect();
    let singles: Vec<Came> = cases.iter().map(alone).collect();
    let followed: Vec<u64> = cases
        .iter()
        .map(|case| run_alone(case, 0, &Unwatched).expect("it runs").0.statistics.followed)
        .collect();
    assert!(followed[1] > 0 && followed[3] > 0 && followed[0] == 0, "nothing is shown: {followed:?}");
    let plans = Plans::default();
    let compiled: Vec<_> =
        cases.iter().map(|case| compile(&expand(&case.plant), CompileOptions::default()).unwrap()).collect();
    assert!(compiled.iter().all(|network| compiled[0].is_like(network)), "they share lanes");
    let mut came = vec![None; cases.len()];
    run_beside(&plans, &cases.iter().collect::<Vec<_>>(), &Unwatched, &mut unguarded, &mut |k, result| {
        let (outcome, summary) = result.expect("it runs");
        assert_eq!(outcome.statistics.followed, followed[k]);
        came[k] = Some(Ok((bits(&outcome), summary_json(&cases[k], &outcome, &summary).to_string())));
    });
    for ((case, together), single) in cases.iter().zip(&came).zip(&singles) {
        assert_same(case, together.as_ref().expect("it ended"), single, "beside one that is followed");
    }
    assert_eq!((plans.counts().compiled, plans.counts().reused), (1, 4));
}

#[test]
fn a_plan_fits_plants_that_differ_in_numbers_and_no_other() {
    let options = CompileOptions { ideal: true, ..CompileOptions::default() };
    let plant = |site: &str, settings: &[(&str, &str)]| expand(&quasi_steady(site, settings).plant);
    let first = compile(&plant("harbin_air", &[]), options).unwrap();
    let known = [first.plan().clone()];
    for settings in [
        [("site.climate", "singapore")],
        [("components.crah.supply_air_setpoint", "27 °C")],
        [("racks.hall.count", "250")],
    ] {
        let plant = plant("harbin_air", &settings);
        let (network, fresh) =
            (compile_as(&plant, options, &known).unwrap(), compile(&plant, options).unwrap());
        assert!(Arc::ptr_eq(network.plan(), &known[0]), "{settings:?}");
        assert!(network.is_like(&fresh) && network.names() == fresh.names(), "{settings:?}");
        let (y, rows) = (network.initial().to_vec(), network.rows());
        let linearized = |mut network: engine::plant::network::Network| {
            let entries: usize = network.pattern().iter().map(Vec::len).sum();
            let mut rates = vec![0.0; y.len()];
            let (mut jacobian, mut slopes) = (vec![0.0; entries], vec![0.0; rows]);
            network.linearize(0.0, &y, &mut rates, &mut jacobian, &mut slopes);
            [rates, jacobian, slopes].map(|list| list.into_iter().map(f64::to_bits).collect::<Vec<u64>>())
        };
        assert!(linearized(network) == linearized(fresh), "{settings:?}");
    }
    // Another plant, the same plant with other controls, and one more component.
    let continuous = CompileOptions::default();
    for (site, options) in
        [("phoenix_evaporative", options), ("harbin_air", continuous), ("harbin_cold_plate", options)]
    {
        let network = compile_as(&plant(site, &[]), options, &known).unwrap();
        assert!(!Arc::ptr_eq(network.plan(), &known[0]), "{site}");
    }
}
