use super::search::{Search, add, still};
use super::*;
use crate::run::Unobserved;
use scenario::edit::{Edit, apply};
use std::path::Path;

fn scenario(id: &str, settings: &[(&str, &str)]) -> Scenario {
    let day = ("run.period".to_owned(), "Day(\"2024-07-21\")".to_owned());
    let further = settings.iter().map(|(path, value)| ((*path).to_owned(), (*value).to_owned()));
    let all: Vec<_> = std::iter::once(day).chain(further).collect();
    scenario::read::read(Path::new(id), &all).unwrap()
}

fn survey_of(scenario: &Scenario) -> Survey {
    survey(scenario, &|_| true).unwrap()
}

#[test]
fn a_feed_of_ten_and_a_half_racks_takes_two_and_a_half_more_than_eight_less_what_it_loses() {
    // What a rack draws comes out of the survey; a PDU rated for 10.5 of them that loses 0 to 3 % itself carries 10.18 to 10.5,
    // so 2.18 to 2.5 racks' load fits beside the eight, to a sixteenth of a rack.
    let base =
        scenario("nvl72_pod", &[("components.pdu.rating", "10 MW"), ("components.ups.rating", "10 MW")]);
    let rack = survey_of(&base).rooms[0].rack_w;
    assert!(rack > 100e3 && rack < 140e3, "{rack}");
    let rating = format!("{:.3} kW", 10.5 * rack / 1000.0);
    let mut site = base.clone();
    let edit = Edit::from_text(&site, "components.pdu.rating", &rating).unwrap();
    apply(&mut site, &edit).unwrap();
    let room = &survey_of(&site).rooms[0];
    let power = &room.of[Kind::Power as usize];
    assert!(power.racks > 2.18 - 1.0 / 16.0 && power.racks <= 2.5, "{room:?}");
    assert_eq!(power.bound().unwrap().what, "pdu");
}

#[test]
fn what_binds_first_is_the_kind_with_the_least_load_and_a_step_more_breaks_it() {
    let site = scenario("mixed_hall", &[]);
    let survey = survey_of(&site);
    assert_eq!(
        survey.rooms.iter().map(|room| room.group.as_str()).collect::<Vec<_>>(),
        ["air_cooled", "cold_plate"]
    );
    let (case, _) = check(&site).unwrap();
    for (group, room) in survey.rooms.iter().enumerate() {
        let (kind, headroom) = room.first();
        assert!(room.of.iter().all(|other| other.racks >= headroom.racks));
        let bound =
            headroom.bound().unwrap_or_else(|| panic!("a hall of finite machines has a limit: {room:?}"));
        assert!(!bound.text.is_empty());
        // The definition, checked from outside: that load holds, a step more (1 % of it, or 1/16 of a rack) does not.
        let mut search = Search::new(case.clone(), &|_| true);
        search.begin().unwrap();
        let step = (headroom.racks / 100.0).max(1.0 / 16.0);
        let steps = |racks: f64| (16.0 * racks).round() as u64;
        assert!(!search.is_bound(group, steps(headroom.racks), kind), "{room:?}");
        assert!(search.is_bound(group, steps(headroom.racks + step), kind), "{room:?}");
    }
}

#[test]
fn load_of_two_racks_is_what_two_racks_more_in_the_file_are() {
    let site = scenario("mixed_hall", &[]);
    let mut written = site.clone();
    let edit = Edit::from_text(&written, "racks.cold_plate.count", "22").unwrap();
    apply(&mut written, &edit).unwrap();
    let power = |mut case: Case| {
        let at = hardest(&case)[0];
        let of = peaks(&case);
        still(&mut case, &of);
        case.run.start_s = at;
        crate::case::run(&case, &mut Unobserved).unwrap().1.metrics
    };
    let mut added = check(&site).unwrap().0;
    add(&mut added.plant, 1, 2.0);
    let (added, written) = (power(added), power(check(&written).unwrap().0));
    assert!((added.it_energy_kwh / written.it_energy_kwh - 1.0).abs() < 1e-12);
    assert!((added.pue.unwrap() / written.pue.unwrap() - 1.0).abs() < 1e-9);
}

#[test]
fn of_equal_kinds_the_one_whose_limit_is_known_binds_first() {
    let room = |beyond: [Beyond; 3], racks: [f64; 3]| {
        let of = beyond.into_iter().zip(racks).map(|(beyond, racks)| Headroom { racks, beyond });
        let of: Vec<Headroom> = of.collect();
        let of = <[Headroom; 3]>::try_from(of).unwrap();
        Room { group: "a".into(), hall: "a".into(), rack_w: 1000.0, of }
    };
    let limit = || Beyond::Limit(Bound { what: "pump".into(), text: "too much".into() });
    // At the same load a limit that is known comes before a state that is not found.
    let none = || Beyond::NoState("does not settle".into());
    let tied = room([none(), none(), limit()], [4.0; 3]);
    assert_eq!((tied.first().0, tied.watts()), (Kind::Liquid, 4000.0));
    let unknown = room([none(), Beyond::Nothing, limit()], [4.0, 128.0, 5.0]);
    assert_eq!((unknown.first().0, unknown.first().1.bound()), (Kind::Power, None));
}

#[test]
fn racks_that_differ_from_their_row_are_a_class_of_their_own() {
    let site = scenario(
        "nvl72_pod",
        &[("racks.pod.except", "[(racks: \"2\", workload: Constant(utilisation: 0.2))]")],
    );
    let survey = survey_of(&site);
    assert_eq!(survey.rooms.len(), 2, "{survey:?}");
    assert!(survey.rooms.iter().all(|room| room.hall == "pod"));
    // A rack at 20 % draws less than one at 92 %, and what binds upstream takes more of them.
    let (most, least) = (&survey.rooms[0], &survey.rooms[1]);
    let (busy, idle) = if most.rack_w > least.rack_w { (most, least) } else { (least, most) };
    assert!(idle.rack_w < 0.6 * busy.rack_w, "{survey:?}");
    assert!(idle.first().1.racks > busy.first().1.racks, "{survey:?}");
}

#[test]
fn the_hardest_hours_are_those_of_the_weather_and_loads_stand_at_their_peak() {
    let site = scenario("nvl72_pod", &[]);
    let (case, _) = check(&site).unwrap();
    let at = hardest(&case);
    let dry = |time: f64| case.weather.at(time, case.run.weather).unwrap().dry_bulb;
    let hours = (0..24).map(|k| case.run.start_s + 3600.0 * f64::from(k));
    assert!(hours.into_iter().all(|time| dry(time) <= dry(at[0])));
    // Training at 92 % but for its checkpoints.
    assert_eq!(peaks(&case).into_iter().flatten().reduce(f64::max), Some(0.92));
}

#[test]
fn a_survey_that_is_told_to_stop_stops() {
    let site = scenario("nvl72_pod", &[]);
    assert_eq!(survey(&site, &|_| false).unwrap_err(), CapacityError::Cancelled);
}
