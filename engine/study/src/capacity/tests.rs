use super::*;
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
fn a_feed_of_ten_racks_takes_as_many_as_its_rating() {
    // What a rack draws comes out of the survey; a PDU of n and a half of it, less its own losses, takes n.
    let base =
        scenario("nvl72_pod", &[("components.pdu.rating", "10 MW"), ("components.ups.rating", "10 MW")]);
    let rack = survey_of(&base).rooms[0].rack_w;
    assert!(rack > 100e3 && rack < 140e3, "{rack}");
    let rating = format!("{:.3} kW", 10.5 * rack / 1000.0);
    let mut site = base.clone();
    let edit = Edit::from_text(&site, "components.pdu.rating", &rating).unwrap();
    apply(&mut site, &edit).unwrap();
    let room = &survey_of(&site).rooms[0];
    // Eight stand there; a tenth fits, an eleventh does not.
    assert_eq!(room.of[Kind::Power as usize].racks, 2, "{room:?}");
    assert_eq!(room.of[Kind::Power as usize].bound.as_ref().unwrap().what, "pdu");
}

#[test]
fn what_binds_first_is_the_kind_with_the_fewest_racks_and_one_more_breaks_it() {
    let site = scenario("mixed_hall", &[]);
    let survey = survey_of(&site);
    assert_eq!(
        survey.rooms.iter().map(|room| room.hall.as_str()).collect::<Vec<_>>(),
        ["air_cooled", "cold_plate"]
    );
    for room in &survey.rooms {
        let (kind, headroom) = room.first();
        assert!(room.of.iter().all(|other| other.racks >= headroom.racks));
        // Twenty stand there; without a bound twenty more have been tried.
        let Some(bound) = headroom.bound.as_ref() else {
            assert_eq!(headroom.racks, 20);
            continue;
        };
        assert!(!bound.text.is_empty());
        // The definition, checked from outside: that many racks hold, one more does not.
        let (case, _) = check(&site).unwrap();
        let mut search = Search {
            scenario: &site,
            at: survey.at.clone(),
            peaks: peaks(&case),
            trusted: BTreeSet::new(),
            go_on: &|_| true,
            solved: 0,
        };
        search.look(None, 0.0).unwrap();
        let mut at =
            |more: u32| search.look(Some((&room.hall, more)), 0.0).unwrap().0[kind as usize].is_some();
        assert!(headroom.racks == 0 || !at(headroom.racks));
        assert!(at(headroom.racks + 1));
    }
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
fn a_survey_that_is_told_to_stop_stops_and_a_site_without_racks_has_none() {
    let site = scenario("nvl72_pod", &[]);
    assert_eq!(survey(&site, &|_| false).unwrap_err(), CapacityError::Cancelled);
    let (case, _) = check(&site).unwrap();
    assert_eq!(halls(&case.plant), ["pod"]);
}
