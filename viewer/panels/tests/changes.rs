//! Racks and components are moved, exchanged, added and taken away; states are kept, compared and restored.

mod support;

use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use engine::plant::declare::Medium;
use engine::scenario;
use engine::scenario::edit::arrange::fresh::Joined;
use engine::study::capacity::Kind;
use engine::study::{case, run::Unobserved};
use panels::bench::{Arrange, Slot};
use panels::shade::Shade;
use panels::window::{Action, Lower, Pick, Window};
use support::{bench, finish, window};

fn harness(window: Window) -> Harness<'static, Window> {
    let mut harness = Harness::builder().with_size(egui::vec2(1500.0, 2400.0)).build_ui_state(
        |ui, window: &mut Window| {
            window.ui(ui);
        },
        window,
    );
    harness.run_steps(3);
    harness
}

fn racks(rows: usize, racks: std::ops::Range<usize>) -> Vec<Pick> {
    racks.map(|rack| Pick::Rack { rows, rack }).collect()
}

/// Saved it reads to the same numbers; taken back the site is the `original`, done again it is what was saved.
fn reads_to_the_same_and_comes_back(window: &mut Window, file: &std::path::Path, original: &str) {
    window.act(Action::Save(Some(file.to_owned())));
    let loaded = scenario::load(file, &[]).unwrap_or_else(|p| panic!("{p:?}"));
    let (_, summary) = case::run(&loaded.case, &mut Unobserved).unwrap();
    assert_eq!(summary.metrics, bench(window).shown.finished.as_ref().unwrap().metrics);
    window.act(Action::Undo);
    finish(window);
    assert_eq!(bench(window).scenario.write(), original);
    window.act(Action::Redo);
    finish(window);
    assert_eq!(bench(window).scenario.write(), loaded.scenario.write());
}

#[test]
fn a_selection_goes_to_cold_plates_and_back_and_the_file_gives_the_same_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kept.ron");
    let mut window = window("mixed_hall");
    let original = bench(&window).scenario.write();
    window.view.select_all(racks(0, 4..8));
    let mut harness = harness(window);
    assert!(harness.query_by_label("RACKS SELECTED: 4").is_some());
    harness.get_by_label("To cold plates").click();
    harness.run_steps(3);
    finish(harness.state_mut());
    let now = bench(harness.state());
    assert!(now.problems.iter().all(|problem| !problem.is_error()), "{:?}", now.problems);
    let count = |group: &str| now.scenario.get(&format!("racks.{group}.count")).map(|node| node.what.clone());
    assert_eq!(format!("{:?}", count("air_cooled_2")), "Some(Whole(4))");
    // The new group is selected, and stands in the hall.
    assert_eq!(harness.state().racks(), [("air_cooled_2".to_owned(), vec![0, 1, 2, 3])]);
    reads_to_the_same_and_comes_back(harness.state_mut(), &file, &original);
}

#[test]
fn racks_are_chosen_from_a_list_of_templates_by_name() {
    let mut window = window("mixed_hall");
    window.view.select_all(racks(1, 0..20));
    window.act(Action::Arrange(Arrange::Exchange("gb200_nvl72".into())));
    finish(&mut window);
    let template = bench(&window).scenario.get("racks.cold_plate.template").and_then(|n| n.as_text());
    assert_eq!(template, Some("gb200_nvl72"), "{:?}", bench(&window).problems);
    window.act(Action::Arrange(Arrange::Exchange("no_such_rack".into())));
    assert!(bench(&window).problems[0].message.contains("no_such_rack"));
}

#[test]
fn what_would_leave_ports_open_is_refused_in_place() {
    let mut window = window("mixed_hall");
    let before = bench(&window).scenario.clone();
    window.view.selected = window.find("cdu");
    let mut harness = harness(window);
    harness.get_by_label("Take away").click();
    harness.run_steps(3);
    let now = bench(harness.state());
    assert_eq!(now.scenario, before);
    assert!(now.problems.iter().any(|problem| problem.is_error()), "{:?}", now.problems);
    assert!(harness.query_all_by_label_contains("cold_plate").next().is_some());
    // A UPS stands in a chain: its neighbours are joined.
    let ups = harness.state().find("ups");
    harness.state_mut().view.select(ups);
    harness.run_steps(2);
    harness.key_press(egui::Key::Delete);
    harness.run_steps(3);
    assert!(
        bench(harness.state()).scenario.get("components.ups").is_none(),
        "{:?}",
        bench(harness.state()).problems
    );
}

#[test]
fn the_table_selects_several_racks_and_delete_removes_them() {
    let mut window = window("mixed_hall");
    window.view.filter = "cold_plate[1".into();
    let mut harness = harness(window);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    harness.run_steps(2);
    // cold_plate[1] and cold_plate[10] to [19].
    assert_eq!(harness.state().view.picks().len(), 11);
    harness.key_press(egui::Key::Delete);
    harness.run_steps(3);
    finish(harness.state_mut());
    let rows = &bench(harness.state()).shown.floor.rows;
    assert_eq!((rows[0].racks.len(), rows[1].racks.len()), (20, 9));
    assert!(harness.state().view.picks().is_empty());
}

#[test]
fn snapshots_are_kept_compared_and_restored_and_are_there_in_the_next_session() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.ron");
    let mut first = window("mixed_hall");
    first.act(Action::Save(Some(file.clone())));
    let mut harness = harness(first);
    let field = harness.get_by_label("name of a snapshot");
    field.focus();
    harness.run_steps(1);
    harness.get_by_label("name of a snapshot").type_text("as built");
    harness.run_steps(1);
    harness.get_by_label("Keep").click();
    harness.run_steps(2);
    let set = |text: &str| Action::Set { path: "chiller.supply_setpoint".into(), text: text.into() };
    let mut window = std::mem::take(harness.state_mut());
    window.act(set("13 °C"));
    finish(&mut window);
    window.act(Action::Keep("cold".into()));
    window.act(set("20 °C"));
    finish(&mut window);
    let pue = |window: &Window, slot: Slot| {
        bench(window)
            .slot(slot)
            .and_then(|shown| shown.finished.as_ref())
            .and_then(|f| f.metrics.pue)
            .unwrap()
    };
    window.act(Action::Compare(Slot::Kept(0), Slot::Kept(1)));
    assert!(pue(&window, Slot::Kept(0)) < pue(&window, Slot::Kept(1)), "colder water costs more");
    assert!(pue(&window, Slot::Now) < pue(&window, Slot::Kept(0)));
    // Both are shown: the one on the left where `before` is asked for.
    window.view.before = true;
    assert_eq!(
        window.shown().unwrap().finished.as_ref().unwrap().metrics.pue,
        Some(pue(&window, Slot::Kept(0)))
    );
    window.view.before = false;
    assert_eq!(
        window.shown().unwrap().finished.as_ref().unwrap().metrics.pue,
        Some(pue(&window, Slot::Kept(1)))
    );
    // The second session has them; their runs begin when they are looked at.
    let mut second = Window::default();
    assert!(second.open(&file, &[]));
    finish(&mut second);
    let names: Vec<&str> = bench(&second).snapshots.iter().map(|kept| kept.name.as_str()).collect();
    assert_eq!(names, ["as built", "cold"]);
    second.act(Action::Compare(Slot::Kept(1), Slot::Now));
    finish(&mut second);
    assert_eq!(pue(&second, Slot::Kept(1)), pue(&window, Slot::Kept(1)), "bit by bit");
    // Restored, taken back, forgotten.
    second.act(Action::Restore(1));
    finish(&mut second);
    assert_eq!(pue(&second, Slot::Now), pue(&window, Slot::Kept(1)));
    assert_eq!(bench(&second).can_undo(), Some("cold"));
    second.act(Action::Undo);
    finish(&mut second);
    assert_eq!(pue(&second, Slot::Now), pue(&window, Slot::Kept(0)));
    second.act(Action::Forget(0));
    second.act(Action::Forget(0));
    assert!(!folder.path().join(".mine.snapshots.json").exists());
}

#[test]
fn carbon_of_the_intervals_adds_up_to_that_of_the_run() {
    let window = window("mixed_hall");
    let shown = &bench(&window).shown;
    let rate = |k: usize| {
        let interval = &shown.record.intervals[k];
        engine::study::carbon::rate(&shown.case, interval, shown.record.times[k]).unwrap() * interval.length
    };
    let kg: f64 = (0..shown.record.times.len()).map(rate).sum();
    let metrics = &shown.finished.as_ref().unwrap().metrics;
    let of_run = metrics.cue_kg_per_kwh.unwrap() * metrics.it_energy_kwh;
    assert!((kg - of_run).abs() < 1e-9 * of_run, "{kg} kg in the intervals, {of_run} kg in the run");
}

#[test]
fn the_flows_of_energy_balance_at_every_node_and_have_a_name() {
    let mut window = window("mixed_hall");
    window.view.lower = Lower::FlowsOfRun;
    for whole in [false, true] {
        let interval = panels::panels::flows::interval(&window, whole).unwrap();
        let of = panels::panels::flows::diagram(&window, &interval, whole);
        for (k, node) in of.nodes.iter().enumerate() {
            let (within, out) = of.throughput(k);
            let ends = node.column == 0 || node.column == 3 || within == 0.0;
            assert!(
                ends || (within - out).abs() < 1e-6 * interval.facility,
                "{}: {within} in, {out} out",
                node.name
            );
        }
        let heat = of.nodes.iter().position(|node| node.name == "Heat").unwrap();
        assert!(of.throughput(heat).0 >= interval.facility * (1.0 - 1e-9));
    }
    let mut harness = harness(window);
    assert!(harness.query_by_label_contains("IT equipment: ").is_some());
    harness.key_press(egui::Key::F);
    harness.run_steps(2);
    assert_eq!(harness.state().view.lower, Lower::Courses);
}

#[test]
fn what_a_position_can_still_take_is_said_in_the_inspector_and_in_colours() {
    let mut window = window("mixed_hall");
    window.view.selected = Some(Pick::Rack { rows: 1, rack: 4 });
    let mut harness = harness(window);
    harness.get_by_label("Find it").click();
    harness.run_steps(2);
    finish(harness.state_mut());
    harness.run_steps(2);
    let room = bench(harness.state()).shown.room(1).cloned().unwrap();
    let (kind, headroom) = room.first();
    assert!(harness.query_by_label_contains(&format!("then {} binds", kind.name())).is_some());
    assert!(harness.query_all_by_label_contains(&format!("{:.1} racks", headroom.racks)).next().is_some());
    let window = harness.state_mut();
    window.view.shade = Shade::Room;
    window.pass(0.0);
    assert_eq!(window.value(Shade::Room, 1, 4), Some(room.watts() / 1000.0));
    let place = Kind::ALL.iter().position(|&other| other == kind).unwrap();
    assert!(headroom.bound().is_some());
    assert_eq!(window.value(Shade::Binds, 1, 4), Some(place as f64));
    // What has no limit that is known has no colour of a kind.
    let free = bench(window).shown.room(0).is_some_and(|room| room.first().1.bound().is_none());
    assert_eq!(window.value(Shade::Binds, 0, 4).is_none(), free);
    window.view.shade = Shade::Binds;
    assert_eq!(window.colour(1, 4), panels::palette::BINDS[place]);
}

/// Whatever can have the keyboard has words that a screen reader can say.
#[test]
fn nothing_that_can_have_the_focus_is_without_a_name() {
    let mut window = window("mixed_hall");
    window.act(Action::Set { path: "chiller.supply_setpoint".into(), text: "15 °C".into() });
    finish(&mut window);
    window.act(Action::Keep("one".into()));
    window.view.fixed = window.view.around;
    (window.view.settings, window.view.keys) = (true, true);
    window.act(Action::Compose(true));
    window.view.command = Some(Default::default());
    for pick in [None, Some(Pick::Rack { rows: 0, rack: 2 }), window.find("cdu")] {
        window.view.select(pick);
        window.view.open = matches!(pick, Some(Pick::Rack { .. }));
        let mut harness = harness(std::mem::take(&mut window));
        harness.run_steps(2);
        let mut nameless = Vec::new();
        let mut seen = 0;
        for node in harness.root().children_recursive() {
            let of = node.accesskit_node();
            // Areas that are only dragged, edges of panels and axes of plots, and what holds widgets have no role of their own.
            let is_widget = !matches!(of.role(), Role::Unknown | Role::GenericContainer);
            if is_widget && of.data().supports_action(egui::accesskit::Action::Focus) {
                seen += 1;
                if of.label().is_none_or(|label| label.trim().is_empty()) {
                    nameless.push(format!("{:?} at {:?}", of.role(), of.raw_bounds()));
                }
            }
        }
        assert!(seen > 20, "{seen} widgets can have the focus: the walk misses them");
        assert!(nameless.is_empty(), "without a name: {nameless:#?}");
        window = std::mem::take(harness.state_mut());
    }
}

#[test]
fn a_component_of_a_new_kind_is_put_together_under_the_check_saved_and_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kept.ron");
    let window = window("mixed_hall");
    let original = bench(&window).scenario.write();
    let mut harness = harness(window);
    harness.get_by_label("New component …").click();
    harness.run_steps(3);
    harness.state_mut().composer.as_mut().unwrap().choose("Pipe");
    harness.run_steps(2);
    // What it lacks is said in place: fields without a value, ports that are not joined.
    let problems = harness.state().composer.as_ref().unwrap().problems.clone();
    assert!(problems.iter().any(|p| p.path.contains("pipe") && p.is_error()), "{problems:?}");
    assert!(harness.query_by_label_contains("Not right yet").is_some());
    let composer = harness.state_mut().composer.as_mut().unwrap();
    composer.fresh.id = "header".into();
    composer.fresh.based_on = Some("header_pipe_50m".into());
    composer.fields.insert("loss_conductance".into(), "20 W/K".into());
    let port = composer.declaration().unwrap().ports[0].name.to_owned();
    let behind = Joined::Behind("chilled_pump".into());
    assert!(composer.places(&composer.declaration().unwrap().ports[0]).contains(&behind));
    composer.joined.insert(port.clone(), behind);
    harness.run_steps(2);
    assert!(harness.query_by_label("Nothing is wrong with it.").is_some(), "{:?}", harness.state().composer);
    harness.get_by_label("Add to the site").click();
    harness.run_steps(3);
    finish(harness.state_mut());
    let now = bench(harness.state());
    assert!(now.scenario.get("components.header").is_some() && harness.state().composer.is_none());
    // Saved it reads to the same numbers; taken back it is gone, done again it is there.
    reads_to_the_same_and_comes_back(harness.state_mut(), &file, &original);
}

#[test]
fn components_that_need_each_other_are_put_down_and_added_together() {
    let mut window = window("mixed_hall");
    window.act(Action::Compose(true));
    let composer = window.composer.as_mut().unwrap();
    // A second loop for its own: a pump that drives water around through a dry cooler would each leave a port open alone.
    composer.choose("Pump");
    composer.fresh.id = "spare_pump".into();
    composer.fresh.based_on = Some("end_suction_7kw".into());
    composer.joined.insert("electricity".into(), Joined::From("transformer".into()));
    composer.check();
    assert!(!composer.is_right());
    assert!(composer.lay_down(), "{:?}", composer.problems);
    composer.choose("DryCooler");
    composer.fresh.id = "spare_cooler".into();
    composer.fresh.based_on = Some("dry_cooler_1mw".into());
    let of = composer.declaration().unwrap();
    let water = of.ports.iter().find(|port| port.medium == Medium::Liquid).unwrap();
    let around = composer
        .places(water)
        .into_iter()
        .find(|place| matches!(place, Joined::Around(name) if name.starts_with("spare_pump")));
    composer.joined.insert(water.name.into(), around.unwrap());
    composer.joined.insert("electricity".into(), Joined::From("transformer".into()));
    composer.check();
    assert!(composer.is_right(), "{:?}", composer.problems);
    window.act(Action::AddFresh);
    assert!(bench(&window).problems.iter().all(|p| !p.is_error()), "{:?}", bench(&window).problems);
    assert!(["spare_pump", "spare_cooler"].iter().all(|id| window.find(id).is_some()));
    assert_eq!(bench(&window).can_undo(), Some("+ spare_pump, spare_cooler"));
}

#[test]
fn racks_move_and_products_change_by_commands_that_have_a_name() {
    let mut window = window("mixed_hall");
    let command = |window: &Window, name: &str| {
        let all = panels::commands::all_of(window);
        all.into_iter().find(|command| command.name == name).map(|command| match command.what {
            panels::commands::What::Act(action) => action,
            other => panic!("{other:?}"),
        })
    };
    // A group of its own moves back to the only other one of its template.
    window.view.select_all(racks(0, 16..20));
    assert_eq!(command(&window, "Move to … cold_plate"), None);
    window.act(Action::Arrange(Arrange::Part));
    finish(&mut window);
    let parted = bench(&window).shown.floor.rows.iter().map(|rows| rows.hall.clone()).collect::<Vec<_>>();
    assert_eq!(parted.len(), 3, "{parted:?}");
    let own = parted.iter().position(|hall| hall != "air_cooled" && hall != "cold_plate").unwrap();
    window.view.select_all(racks(own, 0..4));
    let back = command(&window, "Move to … air_cooled").expect("the group that they came from");
    window.act(back);
    finish(&mut window);
    let halls: Vec<&str> = bench(&window).shown.floor.rows.iter().map(|rows| rows.hall.as_str()).collect();
    assert_eq!(halls, ["air_cooled", "cold_plate"]);
    assert_eq!(bench(&window).shown.floor.rows[0].groups.len(), 20);
    // Every other product of the kind, and none of another kind.
    window.view.selected = window.find("cdu");
    assert_eq!(command(&window, "product: cdu_1350kw"), None, "that is what it is");
    assert_eq!(command(&window, "product: dry_cooler_1mw"), None);
    let other = command(&window, "product: cdu_2000kw").expect("another CDU");
    window.act(other);
    finish(&mut window);
    let based = bench(&window).scenario.get("components.cdu.based_on").and_then(|n| n.as_text());
    assert_eq!(based, Some("cdu_2000kw"));
}

#[test]
fn a_limit_that_no_column_of_its_machine_shows_stands_below_them() {
    // A dry cooler's fans are trusted up to an outdoor temperature, which is a column of the weather.
    let mut window = window("mixed_hall");
    window.view.selected = window.find("dry_cooler");
    let harness = harness(window);
    assert!(harness.query_by_label("dry bulb").is_some());
    let look = &harness.state().look;
    let end = |celsius: f64| look.value(engine::units::Quantity::Temperature, celsius + 273.15);
    let limit = format!("≥ {}, ≤ {}", end(-50.0), end(60.0));
    assert!(harness.query_by_label(&limit).is_some(), "{limit}");
}
