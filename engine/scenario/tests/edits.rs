//! Edits are typed, checked by the schema, and undone by their inverse.

mod common;

use common::{GOOD, good};
use proptest::prelude::*;
use scenario::edit::{Edit, apply, describe};
use scenario::node::{Node, What};
use scenario::{Scenario, check, load_text};
use std::sync::LazyLock;

fn site() -> Scenario {
    static SITE: LazyLock<Scenario> = LazyLock::new(|| good(GOOD).scenario);
    SITE.clone()
}

fn set(path: &str, value: impl Into<What>) -> Edit {
    Edit::Set { path: path.into(), value: Node::from(value.into()) }
}

fn text(text: &str) -> What {
    What::Text(text.into())
}

/// Applies an edit, undoes it and redoes it.
#[track_caller]
fn there_and_back(edit: &Edit) -> Scenario {
    let mut scenario = site();
    let before = scenario.clone();
    let inverse = apply(&mut scenario, edit).unwrap_or_else(|p| panic!("{}", p.render()));
    let after = scenario.clone();
    assert_ne!(before, after, "{edit:?} changes nothing");
    let again = apply(&mut scenario, &inverse).unwrap_or_else(|p| panic!("{}", p.render()));
    assert_eq!(scenario, before, "{edit:?} is not undone by {inverse:?}");
    assert_eq!(scenario.write(), before.write());
    apply(&mut scenario, &again).unwrap_or_else(|p| panic!("{}", p.render()));
    assert_eq!(scenario, after, "{edit:?} is not redone by {again:?}");
    after
}

#[test]
fn every_edit_is_undone_by_its_inverse() {
    let cdu = site().get("cdu").cloned().unwrap();
    let record = |fields: &str| {
        let loaded = load_text("s.ron", &GOOD.replace("count: 2", fields), &[]);
        loaded.unwrap().scenario.get("pod").cloned().unwrap()
    };
    for edit in [
        set("cdu.supply_setpoint", text("45 °C")),
        set("cdu.count", What::Whole(3)),
        set("title", text("Other")),
        set("question", text("New?")),
        set("run.tolerance", What::Real(1e-6)),
        set("run.period", What::Name("Year".into())),
        set("site.weather", text("files/x.epw")),
        set("racks.pod.parts.node.count", What::Whole(3)),
        set("fluids.cdu.secondary", text("water")),
        Edit::Several(vec![
            set("resistances.cdu.primary.pressure_drop", text("60 kPa")),
            set("resistances.cdu.primary.flow", text("30 L/s")),
        ]),
        set("connections[1]", text("pump -> cooler -> pump")),
        set("pod.workload.utilisation", text("10 %")),
        set("racks.pod_2", record("count: 9").what),
        Edit::Remove { path: "components.cooler".into() },
        Edit::Remove { path: "connections[0]".into() },
        Edit::Remove { path: "cdu.supply_setpoint".into() },
        Edit::Add { path: "components.cdu_2".into(), value: cdu, position: Some(0) },
        Edit::Add { path: "connections[0]".into(), value: Node::text("a -> b"), position: None },
        Edit::Add { path: "fluids.pod.liquid".into(), value: Node::text("water"), position: None },
        Edit::Rename { path: "components.cdu".into(), to: "heat_exchanger".into() },
        Edit::Rename { path: "racks.pod".into(), to: "hall".into() },
        Edit::Several(vec![
            set("cdu.count", What::Whole(3)),
            Edit::Remove { path: "ups".into() },
            set("title", text("x")),
        ]),
    ] {
        there_and_back(&edit);
    }
}

#[test]
fn a_renamed_component_is_renamed_wherever_it_is_named() {
    let mut scenario = load_text(
        "s.ron",
        &GOOD.replace("racks: {", "controls: {\"c\": Hold(sensor: \"cdu.secondary_out\", at: \"40 °C\", by: \"cdu.valve\")}, fluids: {\"cdu.secondary\": \"pg25\"}, racks: {"),
        &[],
    )
    .map(|loaded| loaded.scenario)
    .unwrap_or_else(|p| panic!("{}", common::rendered(&p)));
    apply(&mut scenario, &Edit::Rename { path: "cdu".into(), to: "exchanger".into() }).unwrap();
    let text = scenario.write();
    assert!(!text.contains("cdu."), "{text}");
    assert!(text.contains("\"pump -> exchanger.primary -> cooler -> pump\""), "{text}");
    assert!(text.contains("\"exchanger.secondary\": \"pg25\""), "{text}");
    // The port of another component that has the same name as an id stays.
    assert!(check::check(&scenario).is_ok());
}

#[test]
fn an_edit_that_does_not_fit_changes_nothing() {
    for (edit, code, part) in [
        (set("cdu.supply_setpoint", text("45 kW")), "ISO0108", "is a power"),
        (set("cdu.supply_setpoint", What::Whole(45)), "ISO0108", "45 °C"),
        (set("cdu.supply_setpoint", text("900 °C")), "ISO0109", "accepted"),
        (set("cdu.nothing", text("45 °C")), "ISO0116", "has no field"),
        (set("pod.count", What::Whole(0)), "ISO0109", "1 to 100000"),
        (set("components.new", What::Whole(0)), "ISO0107", "a component such as"),
        (set("ups.redundancy", What::Name("Three".into())), "ISO0114", "N, NPlus1, TwoN"),
        (Edit::Remove { path: "components.nothing".into() }, "ISO0116", "there is no"),
        (Edit::Remove { path: "connections[7]".into() }, "ISO0116", "there is no"),
        (
            Edit::Add {
                path: "components.cdu".into(),
                value: Node::from(What::Name("Cdu".into())),
                position: None,
            },
            "ISO0116",
            "is there already",
        ),
        (
            Edit::Add { path: "connections[9]".into(), value: Node::text("a -> b"), position: None },
            "ISO0116",
            "no place",
        ),
        (Edit::Rename { path: "cdu".into(), to: "pump".into() }, "ISO0106", "in use"),
        (Edit::Rename { path: "cdu".into(), to: "Cdu".into() }, "ISO0112", "no id"),
        (Edit::Rename { path: "run".into(), to: "walk".into() }, "ISO0116", "no id of its own"),
    ] {
        let mut scenario = site();
        let several = Edit::Several(vec![set("title", text("changed")), edit.clone()]);
        for edit in [edit, several] {
            let problem = apply(&mut scenario, &edit).unwrap_err();
            assert!(
                problem.code == code && problem.render().contains(part),
                "{edit:?}: {}",
                problem.render()
            );
            assert_eq!(scenario, site());
        }
    }
}

#[test]
fn text_of_a_person_becomes_the_value_that_fits() {
    let scenario = site();
    let edit = Edit::from_text(&scenario, "cdu.supply_setpoint", "45 °C").unwrap();
    assert_eq!(edit, set("cdu.supply_setpoint", text("45 °C")));
    let edit = Edit::from_text(&scenario, "pod.count", "3").unwrap();
    assert_eq!(edit, set("pod.count", What::Whole(3)));
    assert!(Edit::from_text(&scenario, "pod.cont", "3").is_err());
}

#[test]
fn a_field_is_described_for_sliders() {
    let slot = describe(&site(), "cdu.supply_setpoint").unwrap();
    assert!(matches!(
        slot.shape,
        scenario::schema::Shape::Quantity { quantity: units::Quantity::Temperature, .. }
    ));
    assert_eq!(describe(&site(), "pod.parts.node.count").map(|slot| slot.name), Ok("count"));
    assert_eq!(describe(&site(), "run.step").map(|slot| slot.default), Ok(Some("15 min")));
    assert!(describe(&site(), "cdu.supply").is_err_and(|e| e.contains("has no field supply")));
}

#[test]
fn an_edited_site_is_checked_without_reading_again() {
    let mut scenario = site();
    apply(&mut scenario, &set("pod.count", What::Whole(1))).unwrap();
    let (case, _) = check::check(&scenario).unwrap();
    assert_eq!(case.plant.groups[0].racks, 1.0);
    apply(&mut scenario, &Edit::Remove { path: "connections[0]".into() }).unwrap();
    let problems = check::check(&scenario).unwrap_err();
    assert!(problems.iter().all(|p| p.code == "ISO0205"), "{}", common::rendered(&problems));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn no_edit_panics_and_each_is_undone(path in "(components|racks|connections|controls|run|fluids|site)?[.]?(cdu|pod|ups|new)?[.\\[]{0,1}[a-z0-9_\\]]{0,8}", number in any::<i64>(), pick in 0..6) {
        let mut scenario = site();
        let value: Node = match pick {
            0 => What::Whole(number),
            1 => text("40 °C"),
            2 => What::Name("Cdu".into()),
            3 => What::Record(None, Vec::new()),
            _ => What::List(Vec::new()),
        }.into();
        let edit = match pick {
            0..=3 => Edit::Set { path: path.clone(), value },
            4 => Edit::Add { path: path.clone(), value, position: None },
            _ => Edit::Remove { path: path.clone() },
        };
        if let Ok(inverse) = apply(&mut scenario, &edit) {
            apply(&mut scenario, &inverse).unwrap();
            // A record that was made around a value may stay, empty.
            prop_assert_eq!(scenario.write(), site().write(), "{}", path);
        }
    }
}
