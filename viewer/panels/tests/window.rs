//! The panels, by the names that a screen reader hears.

mod support;

use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use panels::commands::{See, What};
use panels::export::Export;
use panels::limits;
use panels::picture::{State, Surface, Thing, things};
use panels::shade::Shade;
use panels::window::{Action, Pick, Window};
use support::{bench, window};

fn harness(window: Window) -> Harness<'static, Window> {
    let mut harness = Harness::builder().with_size(egui::vec2(1500.0, 950.0)).build_ui_state(
        |ui, window: &mut Window| {
            window.ui(ui);
        },
        window,
    );
    harness.run_steps(3);
    harness
}

#[test]
fn the_start_screen_opens_a_site_that_comes_with_it() {
    let mut harness = harness(Window::default());
    harness.get_by_label("harbin_air_no_cooling").click();
    harness.run_steps(3);
    assert_eq!(bench(harness.state()).scenario.id, "harbin_air_no_cooling");
}

#[test]
fn a_file_that_is_not_there_is_said_where_it_was_asked_for() {
    let mut harness = harness(Window { typed: "nowhere.ron".into(), ..Window::default() });
    harness.get_by_label("Open").click();
    harness.run_steps(3);
    assert!(harness.state().bench.is_none());
    assert!(!harness.state().refused.is_empty());
    assert!(harness.query_by_label_contains("nowhere.ron").is_some());
}

#[test]
fn play_moves_the_cursor_and_stops() {
    let mut harness = harness(window("mixed_hall"));
    harness.get_by_label("▶ Play").click();
    harness.run_steps(2);
    assert!(bench(harness.state()).playback.playing);
    harness.get_by_label("⏸ Stop").click();
    harness.run_steps(2);
    assert!(!bench(harness.state()).playback.playing);
}

#[test]
fn the_filter_leaves_the_racks_it_names_and_a_click_selects_one() {
    let mut harness = harness(window("mixed_hall"));
    harness.state_mut().view.filter = "cold_plate[7]".into();
    harness.run_steps(2);
    assert!(harness.query_by_label("air_cooled[3]").is_none());
    harness.get_by_label("cold_plate[7]").click();
    harness.run_steps(2);
    assert_eq!(harness.state().view.selected, Some(Pick::Rack { rows: 1, rack: 7 }));
    // The inspector tells the rack's figures.
    assert!(harness.query_by_label_contains("Facility energy").is_some());
}

#[test]
fn a_typed_value_changes_the_site_on_enter() {
    let mut harness = harness(window("mixed_hall"));
    let field = harness.get_by_role_and_label(Role::TextInput, "climate");
    field.focus();
    harness.run_steps(1);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    harness.run_steps(1);
    harness.get_by_role_and_label(Role::TextInput, "climate").type_text("harbin");
    harness.run_steps(1);
    harness.key_press(egui::Key::Enter);
    harness.run_steps(3);
    let climate = bench(harness.state())
        .scenario
        .get("site.climate")
        .and_then(|node| node.as_text().map(str::to_owned));
    assert_eq!(climate.as_deref(), Some("harbin"), "{:?}", bench(harness.state()).problems);
}

#[test]
fn keys_move_time_and_a_question_mark_tells_them() {
    let mut harness = harness(window("mixed_hall"));
    harness.key_press(egui::Key::Home);
    harness.run_steps(2);
    let (from, _) = bench(harness.state()).playback.range();
    assert_eq!(bench(harness.state()).playback.time(), from);
    harness.key_press(egui::Key::ArrowRight);
    harness.run_steps(2);
    let spacing = bench(harness.state()).shown.case.run.output_every_s;
    assert_eq!(bench(harness.state()).playback.time(), from + spacing);
    harness.key_press(egui::Key::Questionmark);
    harness.run_steps(2);
    assert!(harness.query_by_label("play or stop").is_some());
}

#[test]
fn every_way_to_colour_the_racks_has_a_scale() {
    let mut window = window("mixed_hall");
    window.bench.as_mut().unwrap().shown.survey();
    support::finish(&mut window);
    for shade in Shade::ALL {
        window.view.shade = shade;
        window.pass(0.0);
        let span = window.view.span().unwrap_or_else(|| panic!("{} has no scale", shade.id()));
        assert!(span.high > span.low);
        let value = window.value(shade, 1, 0).unwrap_or_else(|| panic!("{} has no value", shade.id()));
        assert!((0.0..=1.0).contains(&span.share(value)), "{} {value} on {span:?}", shade.id());
    }
}

#[test]
fn the_panels_speak_chinese_and_show_us_units_when_asked() {
    let mut window = window("mixed_hall");
    window.view.selected = Some(Pick::Rack { rows: 1, rack: 4 });
    let mut harness = harness(window);
    harness.key_press(egui::Key::F10);
    harness.run_steps(3);
    harness.get_by_label("US (°F, gal, psi)").click();
    harness.get_by_label("中文").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("撤销").is_some());
    assert!(harness.query_by_label("芯片 °F").is_some());
    let missing = harness.state().look.missing();
    assert!(missing.is_empty(), "without a text: {missing:?}");
    harness.get_by_label("English").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("Undo").is_some());
}

#[test]
fn an_open_rack_shows_its_chips_and_nothing_of_other_rows() {
    let mut window = window("mixed_hall");
    window.view.selected = Some(Pick::Rack { rows: 1, rack: 4 });
    let mut harness = harness(window);
    let hall = things(harness.state()).len();
    harness.get_by_label("open the rack").click();
    harness.run_steps(3);
    assert_eq!(harness.state().opened(), Some((1, 4)));
    assert!(harness.query_all_by_label_contains("64 chips carried as one").next().is_some());
    // Ground, tiles, the ten racks of its row, 64 chips.
    let open = things(harness.state()).len();
    assert!((64..64 + 2 + 20).contains(&open) && open < hall + 64, "{open} of {hall}");
    harness.key_press(egui::Key::Escape);
    harness.run_steps(3);
    assert_eq!((harness.state().opened(), things(harness.state()).len()), (None, hall));
}

#[test]
fn two_runs_stand_side_by_side_on_one_scale() {
    let mut window = window("mixed_hall");
    let alone = things(&window).len();
    window.act(Action::Set { path: "crah.supply_air_setpoint".into(), text: "26 °C".into() });
    support::finish(&mut window);
    window.view.beside = true;
    let both = things(&window);
    assert_eq!(both.len(), 2 * alone);
    // Those of the run before the change cannot be selected, and are coloured by what they were.
    assert!(both[alone..].iter().all(|thing| thing.pick.is_none()));
    let racks = |things: &[Thing]| -> Vec<[u8; 3]> {
        things.iter().filter(|thing| thing.surface == Surface::Rack).map(|thing| thing.colour).collect()
    };
    assert_ne!(racks(&both[..alone]), racks(&both[alone..]));
}

#[test]
fn a_missed_target_leads_to_where_and_when() {
    // Chips of the air-cooled racks are held at 65 °C: 60 °C is missed there.
    let targets = ("targets".to_owned(), "[JunctionTemperature(at_most: \"60 °C\"), ZeroWater]".to_owned());
    let mut window = support::window_with("mixed_hall", &[targets]);
    window.act(Action::Seek(0.0));
    let mut harness = harness(window);
    let verdict = bench(harness.state()).shown.finished.as_ref().unwrap().targets[0].clone();
    assert!(!verdict.met && verdict.place.as_deref().is_some_and(|place| place.starts_with("air_cooled")));
    harness.get_all_by_label("go there").next().unwrap().click();
    harness.run_steps(3);
    assert_eq!(harness.state().view.selected, Some(Pick::Rack { rows: 0, rack: 0 }));
    assert_eq!(Some(bench(harness.state()).playback.time()), verdict.when);
}

#[test]
fn the_racks_of_the_table_and_the_hall_go_to_other_programs() {
    let mut window = window("mixed_hall");
    window.view.filter = "cold_plate[1".into();
    let folder = tempfile::tempdir().unwrap();
    let csv = Export::Racks.write(&window, folder.path()).unwrap();
    let text = std::fs::read_to_string(&csv).unwrap();
    // cold_plate[1] and cold_plate[10] to [19].
    assert_eq!(text.lines().count(), 1 + 11, "{text}");
    let inlet = window.value(Shade::Inlet, 1, 1).unwrap();
    assert!(text.lines().nth(1).unwrap().split(',').any(|cell| cell.parse() == Ok(inlet)), "{text}");
    let second = Export::Racks.write(&window, folder.path()).unwrap();
    assert_ne!(csv, second, "nothing is overwritten");
    let glb = std::fs::read(Export::Hall.write(&window, folder.path()).unwrap()).unwrap();
    assert_eq!(&glb[..4], b"glTF");
    let said = String::from_utf8_lossy(&glb);
    assert!(said.contains("\"cold_plate[19]\"") && said.contains("\"cdu\""));
    let nowhere = Export::Hall.write(&window, std::path::Path::new("/nowhere/at/all")).unwrap_err();
    assert!(nowhere.contains("/nowhere/at/all"), "{nowhere}");
}

#[test]
fn whatever_has_no_key_is_a_command_with_a_name() {
    let mut harness = harness(window("mixed_hall"));
    harness.key_press(egui::Key::F1);
    harness.run_steps(3);
    for part in ["ASHRAE", "class"] {
        harness.get_by_label("type what you want to do").type_text(part);
        harness.run_steps(2);
        harness.get_by_label("type what you want to do").type_text(" ");
        harness.run_steps(2);
    }
    harness.key_press(egui::Key::Enter);
    harness.run_steps(3);
    assert_eq!((harness.state().view.shade, harness.state().view.command.is_none()), (Shade::Class, true));
    // Air at 24 °C is within the recommended envelope, 18 to 27 °C: the first of them.
    let inlet = harness.state().value(Shade::Inlet, 0, 0).unwrap();
    assert!((18.0..=27.0).contains(&inlet));
    assert_eq!(harness.state().value(Shade::Class, 0, 0), Some(0.0));
    // Every action of the menu and every way to look is among them.
    let commands = panels::commands::all_of(harness.state());
    let has = |what: &What| commands.iter().any(|command| command.what == *what);
    assert!(Export::ALL.iter().all(|(export, _)| has(&What::Act(Action::Export(*export)))));
    assert!(Shade::ALL.iter().all(|shade| has(&What::See(See::Shade(*shade)))));
    assert!(commands.iter().all(|command| !command.name.trim().is_empty()));
}

#[test]
fn machines_tell_what_they_do_and_a_trip_and_an_outage_are_seen() {
    let mut window = window("mixed_hall");
    let unit = |window: &Window, id: &str| {
        bench(window).shown.case.plant.units.iter().position(|unit| unit.id == id).unwrap()
    };
    let state = |window: &Window, id: &str| {
        let shown = &bench(window).shown;
        let row = shown.record.row(bench(window).playback.time()).unwrap();
        State::of(shown, unit(window, id), row).unwrap()
    };
    let (_, end) = bench(&window).playback.range();
    window.act(Action::Seek(end));
    assert!(matches!(state(&window, "dry_cooler"), State::Runs(Some(share)) if share > 0.0));
    // A belt around each machine has the colour of its state.
    let belts = |window: &Window| -> Vec<[u8; 3]> {
        let machine = |thing: &&Thing| matches!(thing.pick, Some(Pick::Machine(_)));
        things(window)
            .iter()
            .filter(machine)
            .filter(|t| t.surface == Surface::Pipe)
            .map(|t| t.colour)
            .collect()
    };
    let red = State::Tripped.colour();
    assert!(!belts(&window).contains(&red));
    window.act(Action::Seek(end - 1800.0));
    window.act(Action::Trip("dry_cooler".into()));
    support::finish(&mut window);
    window.act(Action::Seek(end));
    assert_eq!(state(&window, "dry_cooler"), State::Tripped);
    assert!(belts(&window).contains(&red));
    window.act(Action::Undo);
    support::finish(&mut window);
    // The grid fails: what no battery carries has no power.
    window.act(Action::Seek(end - 1800.0));
    window.act(Action::Outage(60));
    support::finish(&mut window);
    assert!(bench(&window).problems.iter().all(|p| !p.is_error()), "{:?}", bench(&window).problems);
    window.act(Action::Seek(end));
    assert_eq!(state(&window, "chilled_pump"), State::Tripped);
    assert_eq!(bench(&window).can_undo(), Some("utility outage"));
}

#[test]
fn scales_carry_the_limits_that_are_declared() {
    let window = window("mixed_hall");
    let shown = &bench(&window).shown;
    // Class A2 ends at 35 °C; margins end at none.
    let inlet: Vec<f64> = limits::of(shown, Shade::Inlet).iter().map(|limit| limit.at).collect();
    assert_eq!(inlet.len(), 1);
    assert!((inlet[0] - 35.0).abs() < 1e-9);
    assert_eq!(limits::of(shown, Shade::Margin)[0].at, 0.0);
    let junction = limits::of(shown, Shade::Junction);
    assert!(junction.iter().any(|limit| limit.key == "limit-throttle"));
    assert!(junction.iter().any(|limit| limit.key == "limit-highest"));
}

#[test]
fn a_run_that_is_stopped_keeps_what_it_has_recorded() {
    let mut window = Window::default();
    assert!(window.open(std::path::Path::new("nvl72_pod"), &[]), "a year, which takes a while");
    let began = std::time::Instant::now();
    while bench(&window).shown.record.times.is_empty() && began.elapsed().as_secs() < 60 {
        window.pass(0.0);
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    window.act(Action::Cancel);
    while bench(&window).is_busy() {
        window.pass(0.0);
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    let shown = &bench(&window).shown;
    assert_eq!(shown.standing, panels::bench::Standing::Failed("cancelled".into()));
    assert!(!shown.record.times.is_empty() && shown.finished.is_none());
}
