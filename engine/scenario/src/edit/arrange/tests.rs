use super::*;
use crate::check::check;
use crate::edit::apply;

fn site(id: &str) -> Scenario {
    crate::read::read(std::path::Path::new(id), &[]).unwrap()
}

/// Applies an edit, checks the site, and checks that taking it back leaves what was there.
fn done(scenario: &Scenario, edit: &Edit) -> (Scenario, Vec<Problem>) {
    let mut changed = scenario.clone();
    let inverse = apply(&mut changed, edit).unwrap();
    changed.fetch();
    let problems = check(&changed).err().unwrap_or_default();
    let mut back = changed.clone();
    apply(&mut back, &inverse).unwrap();
    assert_eq!(back.write(), scenario.write(), "taken back");
    (changed, problems)
}

fn connections_of(scenario: &Scenario) -> Vec<String> {
    let list = scenario.get("connections").unwrap().items();
    list.iter().map(|node| node.as_text().unwrap().to_owned()).collect()
}

fn count(scenario: &Scenario, group: &str) -> Option<i64> {
    scenario.get(&format!("racks.{group}.count")).and_then(value::whole)
}

#[test]
fn some_racks_on_cold_plates_become_a_group_of_their_own_on_the_loop_of_the_others() {
    let site = site("mixed_hall");
    let template = counterpart("harbin_rack_46kw", true).unwrap();
    assert_eq!(template, "harbin_rack_cold_plate");
    let (edit, id) = exchange(&site, "air_cooled", &[3, 4, 5], template).unwrap();
    let (changed, problems) = done(&site, &edit);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(
        (id.as_str(), count(&changed, "air_cooled"), count(&changed, &id)),
        ("air_cooled_2", Some(17), Some(3))
    );
    let connections = connections_of(&changed);
    assert!(
        connections.contains(
            &"cdu.secondary -> [cold_plate.liquid, air_cooled_2.liquid] -> cdu.secondary".to_owned()
        )
    );
    assert!(connections.iter().any(|c| c.contains("[air_cooled.air, cold_plate.air, air_cooled_2.air]")));
    assert!(connections.iter().any(|c| c.ends_with("[air_cooled, cold_plate, air_cooled_2]")));
}

#[test]
fn racks_in_air_leave_the_coolant_loop() {
    let site = site("mixed_hall");
    let template = counterpart("harbin_rack_cold_plate", false).unwrap();
    let (edit, id) = exchange(&site, "cold_plate", &[0, 1], template).unwrap();
    let (changed, problems) = done(&site, &edit);
    assert!(problems.is_empty(), "{problems:?}");
    assert!(!has_liquid(&changed, &id) && has_liquid(&changed, "cold_plate"));
    assert!(
        connections_of(&changed).contains(&"cdu.secondary -> cold_plate.liquid -> cdu.secondary".to_owned())
    );
    // All of them: nothing is left on the loop, which the check says.
    let all: Vec<u32> = (0..20).collect();
    let (edit, _) = exchange(&site, "cold_plate", &all, template).unwrap();
    let (_, problems) = done(&site, &edit);
    assert!(problems.iter().any(|problem| problem.message.contains("cdu")), "{problems:?}");
}

#[test]
fn a_site_without_a_coolant_loop_says_what_it_lacks() {
    let site = site("harbin_air");
    let groups: Vec<String> =
        site.get("racks").unwrap().entries().iter().map(|e| e.key.text.clone()).collect();
    let problem = exchange(&site, &groups[0], &[0], "harbin_rack_cold_plate").unwrap_err();
    assert!(
        problem.message.contains("no coolant loop") && problem.message.contains("add a Cdu"),
        "{}",
        problem.message
    );
}

#[test]
fn a_copy_of_a_group_stands_beside_it_everywhere() {
    let site = site("nvl72_pod");
    let (edit, id) = add_like(&site, "racks.pod").unwrap();
    let (changed, problems) = done(&site, &edit);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!((id.as_str(), count(&changed, "pod_2")), ("pod_2", Some(8)));
    assert!(
        connections_of(&changed)
            .contains(&"cdu.secondary -> [pod.liquid, pod_2.liquid] -> cdu.secondary".to_owned())
    );
    // What is taken away again leaves the site as it was, but for lists of one.
    let (same, problems) = done(&changed, &take_away(&changed, "racks.pod_2").unwrap());
    assert!(problems.is_empty());
    assert_eq!(same.write(), site.write());
}

#[test]
fn a_component_taken_out_of_a_chain_leaves_its_neighbours_joined() {
    let site = site("nvl72_pod");
    let (changed, problems) = done(&site, &take_away(&site, "ups").unwrap());
    assert!(problems.is_empty(), "{problems:?}");
    assert!(connections_of(&changed).contains(&"grid -> transformer -> pdu -> pod".to_owned()));
    // Without its CDU the pod's loop has no other side.
    let (_, problems) = done(&site, &take_away(&site, "cdu").unwrap());
    assert!(problems.iter().any(|problem| problem.message.contains("pod")), "{problems:?}");
    // A loop that loses its first member stays closed; its control goes with it.
    let (changed, _) = done(&site, &take_away(&site, "chilled_pump").unwrap());
    assert!(
        connections_of(&changed)
            .contains(&"chiller.chilled_water -> crah.coil -> chiller.chilled_water".to_owned())
    );
    let (changed, _) = done(&site, &take_away(&site, "dry_cooler").unwrap());
    assert!(changed.get("controls.facility_water").is_none());
}

#[test]
fn racks_move_between_groups_of_one_template_and_their_exceptions_with_them() {
    let mut site = site("mixed_hall");
    let except =
        Edit::from_text(&site, "racks.cold_plate.except", "[(racks: \"2-4, 9\", idle_share: 0.5)]").unwrap();
    apply(&mut site, &except).unwrap();
    let (edit, id) = part(&site, "cold_plate", &[4, 5, 9]).unwrap();
    let (changed, problems) = done(&site, &edit);
    assert!(problems.is_empty(), "{problems:?}");
    let excepted = |site: &Scenario, group: &str| {
        let list = site.get(&format!("racks.{group}.except")).unwrap().items();
        list.iter().map(|item| item.get("racks").unwrap().as_text().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // 4, 5 and 9 are 0, 1 and 2 there; of those that stay 2 and 3 are excepted.
    assert_eq!(
        (excepted(&changed, &id), excepted(&changed, "cold_plate")),
        (vec!["0, 2".into()], vec!["2-3".to_owned()])
    );
    // Back again: behind the 17 that stayed.
    let edit = hand_over(&changed, &id, &[0, 1, 2], "cold_plate").unwrap();
    let (back, problems) = done(&changed, &edit);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!((count(&back, "cold_plate"), back.get(&format!("racks.{id}"))), (Some(20), None));
    assert_eq!(excepted(&back, "cold_plate"), ["2-3", "17, 19"]);
    let other = hand_over(&back, "cold_plate", &[0], "air_cooled").unwrap_err();
    assert!(other.message.contains("another template"), "{}", other.message);
    assert!(part(&back, "cold_plate", &[20]).unwrap_err().message.contains("has 20 racks"));
}

#[test]
fn racks_that_something_names_by_number_are_not_counted_anew() {
    let mut site = site("mixed_hall");
    let event = Edit::from_text(&site, "events", "[At(\"1 h\", Trip(\"cold_plate[3]\"))]").unwrap();
    apply(&mut site, &event).unwrap();
    let problem = remove_racks(&site, "cold_plate", &[1]).unwrap_err();
    assert!(problem.message.contains("cold_plate[3]"), "{}", problem.message);
    // Another group is free, and the whole group goes with what names it.
    let (changed, _) = done(&site, &remove_racks(&site, "air_cooled", &[0, 19]).unwrap());
    assert_eq!(count(&changed, "air_cooled"), Some(18));
    let all: Vec<u32> = (0..20).collect();
    let mut without = site.clone();
    apply(&mut without, &remove_racks(&site, "cold_plate", &all).unwrap()).unwrap();
    assert!(without.get("racks.cold_plate").is_none() && without.get("events").unwrap().items().is_empty());
}

#[test]
fn ranges_are_written_as_short_as_they_are_read() {
    assert_eq!(listed(&[0, 1, 2, 3, 7, 9, 10].into()), "0-3, 7, 9-10");
}

#[test]
fn a_component_of_a_new_kind_is_joined_port_by_port_and_taken_back() {
    use fresh::{Fresh, Joined, add_fresh, fresh_id, places};
    let site = site("mixed_hall");
    // A heat exchanger would be the site's first; a second UPS its second.
    assert_eq!([fresh_id(&site, "PlateExchanger"), fresh_id(&site, "Ups")], ["plate_exchanger", "ups_2"]);
    // A pipe behind the pump of the chilled water: its record has all fields but none must be typed.
    let pipe = plant::catalogue::kind("Pipe").unwrap().declaration();
    let liquid = pipe.ports.iter().find(|port| port.medium == plant::declare::Medium::Liquid).unwrap();
    let offered = places(&site, liquid);
    let behind = Joined::Behind("chilled_pump".into());
    assert!(
        offered.contains(&behind) && offered.contains(&Joined::Beside("crah.coil".into())),
        "{offered:?}"
    );
    assert!(!offered.contains(&Joined::Behind("pdu".into())), "electricity is no water: {offered:?}");
    let fresh = Fresh {
        kind: "Pipe".into(),
        id: "header".into(),
        based_on: Some("header_pipe_50m".into()),
        fields: vec![],
        ports: vec![(liquid.name.into(), behind)],
    };
    let (changed, problems) = done(&site, &add_fresh(&site, &fresh).unwrap());
    assert!(problems.is_empty(), "{problems:?}");
    let written = connections_of(&changed);
    assert!(
        written.iter().any(|c| c.contains(&format!("chilled_pump -> header.{} -> chiller", liquid.name))),
        "{written:?}"
    );
}

#[test]
fn a_supply_steps_between_a_load_and_what_feeds_it() {
    use fresh::{Fresh, Joined, add_fresh};
    let site = site("mixed_hall");
    let of = |load: &str| Fresh {
        kind: "Pdu".into(),
        id: "pdu_new".into(),
        based_on: Some("pdu_1500kva".into()),
        fields: vec![("count".into(), "2".into())],
        ports: vec![("output".into(), Joined::Before(load.into()))],
    };
    // One of two in a list, and the only one of an item.
    let (one, problems) = done(&site, &add_fresh(&site, &of("cold_plate")).unwrap());
    assert!(problems.is_empty(), "{problems:?}");
    let written = connections_of(&one);
    assert!(written.contains(&"grid -> transformer -> ups -> pdu -> air_cooled".to_owned()), "{written:?}");
    assert!(written.contains(&"pdu -> pdu_new -> cold_plate".to_owned()), "{written:?}");
    let (two, problems) = done(&site, &add_fresh(&site, &of("ups")).unwrap());
    assert!(problems.is_empty(), "{problems:?}");
    assert!(connections_of(&two)[0].starts_with("grid -> transformer -> pdu_new -> ups -> pdu"));
}

#[test]
fn what_is_wrong_with_a_new_component_is_said_with_its_place() {
    use fresh::{Fresh, Joined, add_fresh};
    let site = site("mixed_hall");
    let of = |kind: &str, id: &str| Fresh { kind: kind.into(), id: id.into(), ..Fresh::default() };
    let message = |fresh: &Fresh| add_fresh(&site, fresh).unwrap_err().message;
    assert!(message(&of("Unicorn", "a")).contains("no kind of component Unicorn"));
    assert!(message(&of("Pump", "Big Pump")).contains("no id"));
    assert!(message(&of("Pump", "cdu")).contains("called cdu already"));
    let mut wrong = of("Pump", "booster");
    wrong.fields = vec![("flow_design".into(), "25".into())];
    assert!(message(&wrong).contains("25 has no unit"));
    // What is missing is for the check of the site to say, all of it at once.
    wrong.fields.clear();
    let (_, problems) = done(&site, &add_fresh(&site, &wrong).unwrap());
    assert!(problems.iter().filter(|p| p.path.contains("booster")).count() > 2, "{problems:?}");
    wrong.ports = vec![("water".into(), Joined::Behind("nothing".into()))];
    assert!(message(&wrong).contains("no connection names nothing"));
}
