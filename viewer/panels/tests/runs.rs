//! A finished run is shown as it was written, and a change of it runs the site that it stored.

mod support;

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use engine::study::metrics::Metrics;
use panels::chips::{Together, of_rack};
use panels::export::Export;
use panels::files::sites_and_runs;
use panels::reporting::Picture;
use panels::shade::Shade;
use panels::window::{Action, Pick, Window};
use support::{bench, finish, period, window, written};

fn opened(folder: &std::path::Path) -> Window {
    let mut read = Window::default();
    assert!(read.open(folder, &[]), "{:?}", read.refused);
    finish(&mut read);
    read
}

/// Equal but for the last digits, which the units of the file cost.
fn close(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0),
        (a, b) => a == b,
    }
}

/// All figures of one as of the other but for the last digit, which reading a number back from text may cost.
fn same(a: &Metrics, b: &Metrics) {
    let words = |metrics: &Metrics| -> Vec<String> {
        format!("{metrics:?}").split([' ', ',', '(', ')']).map(str::to_owned).collect()
    };
    let (a, b) = (words(a), words(b));
    assert_eq!(a.len(), b.len(), "{a:?} {b:?}");
    for (a, b) in a.iter().zip(&b) {
        match (a.parse::<f64>(), b.parse::<f64>()) {
            (Ok(x), Ok(y)) => assert!((x - y).abs() <= 1e-15 * x.abs(), "{x} and {y}"),
            _ => assert_eq!(a, b),
        }
    }
}

#[test]
fn a_run_that_is_read_shows_what_the_run_that_was_calculated_shows() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path(), "mixed_hall", &[period()], true);
    let (mut read, live) = (opened(folder.path()), window("mixed_hall"));
    let (of_run, of_live) = (&bench(&read).shown, &bench(&live).shown);
    assert!(of_run.written.is_some() && of_run.finished.as_ref().unwrap().calculated.is_none());
    assert_eq!(of_run.record.times, of_live.record.times);
    same(&of_run.finished.as_ref().unwrap().metrics, &of_live.finished.as_ref().unwrap().metrics);
    let names = |window: &Window| {
        let columns = &bench(window).shown.record.columns;
        columns.iter().map(|c| (c.name.clone(), c.quantity.symbol(), c.total)).collect::<Vec<_>>()
    };
    assert_eq!(names(&read), names(&live));
    for (row, (a, b)) in of_run.record.intervals.iter().zip(&of_live.record.intervals).enumerate() {
        for (a, b) in [
            (a.facility, b.facility),
            (a.it(), b.it()),
            (a.make_up, b.make_up),
            (a.bought, b.bought),
            (a.rejected, b.rejected),
        ] {
            assert!(close(Some(a), Some(b)), "interval {row}: {a} and {b}");
        }
    }
    for shade in Shade::ALL.into_iter().filter(|shade| !shade.of_survey()) {
        for rows in 0..2 {
            let (a, b) = (read.value(shade, rows, 3), live.value(shade, rows, 3));
            assert!(close(a, b), "{} of rows {rows}: {a:?} read, {b:?} calculated", shade.id());
        }
    }
    // A change runs the stored site: set-points that were not touched give the same figures, bit by bit.
    read.act(Action::Set { path: "title".into(), text: "another title".into() });
    finish(&mut read);
    let again = &bench(&read).shown;
    assert!(again.written.is_none() && bench(&read).before.as_ref().unwrap().written.is_some());
    assert_eq!(
        again.finished.as_ref().unwrap().metrics,
        bench(&live).shown.finished.as_ref().unwrap().metrics
    );
}

#[test]
fn a_run_tells_where_it_comes_from_and_what_it_does_not_hold() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path(), "mixed_hall", &[period()], true);
    let mut read = opened(folder.path());
    read.view.selected = Some(Pick::Rack { rows: 1, rack: 4 });
    let mut harness = Harness::builder().with_size(egui::vec2(1500.0, 950.0)).build_ui_state(
        |ui, window: &mut Window| {
            window.ui(ui);
        },
        read,
    );
    harness.run_steps(3);
    assert!(harness.query_by_label("as written").is_some());
    assert!(harness.query_by_label_contains("nothing was calculated again").is_some());
    assert!(harness.query_by_label("Not stored: temperatures of single chips.").is_some());
    assert!(harness.query_by_label_contains("Facility energy").is_some());
}

#[test]
fn an_edited_run_and_one_without_its_site_are_refused_with_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path(), "mixed_hall", &[period()], false);
    let mut window = Window::default();
    assert!(!window.open(folder.path(), &[]));
    let problem = &window.refused[0];
    assert!(problem.message.contains("did not store the site"), "{problem:?}");
    assert!(problem.help.as_deref().is_some_and(|help| help.contains("isotherm run")));
    let other = tempfile::tempdir().unwrap();
    written(other.path(), "mixed_hall", &[period()], true);
    let site = other.path().join("site.ron");
    let text = std::fs::read_to_string(&site).unwrap();
    std::fs::write(&site, text.replace("suzhou", "harbin")).unwrap();
    assert!(!window.open(other.path(), &[]));
    assert!(window.refused[0].message.contains("site.ron has another content"), "{:?}", window.refused);
}

#[test]
fn the_start_screen_offers_the_sites_and_runs_of_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    written(&folder.path().join("runs/one"), "mixed_hall", &[period()], true);
    std::fs::write(folder.path().join("mine.ron"), "Site(components: {})").unwrap();
    std::fs::write(folder.path().join("record.ron"), "Rack(title: \"no site\")").unwrap();
    let found = sites_and_runs(folder.path());
    assert_eq!(found, [folder.path().join("mine.ron"), folder.path().join("runs/one")]);
    let window = Window { here: Some(found), ..Window::default() };
    let mut harness = Harness::builder().with_size(egui::vec2(1200.0, 900.0)).build_ui_state(
        |ui, window: &mut Window| {
            window.ui(ui);
        },
        window,
    );
    harness.run_steps(2);
    let run = folder.path().join("runs/one").display().to_string();
    harness.get_by_label(&run).click();
    harness.run_steps(3);
    assert_eq!(bench(harness.state()).scenario.id, "mixed_hall");
}

#[test]
fn a_run_of_a_site_with_files_of_its_own_holds_them_and_runs_again_where_it_was_taken() {
    let weather = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/validation/pvlib/clear_days.epw");
    let settings = [
        ("site.weather".to_owned(), weather.to_owned()),
        ("site.grid".to_owned(), "us_sw_srp".to_owned()),
        ("run.period".to_owned(), "Span(from: \"171 d\", for: \"2 h\")".to_owned()),
    ];
    let folder = tempfile::tempdir().unwrap();
    written(&folder.path().join("there"), "nvl72_pod", &settings, true);
    assert!(folder.path().join("there/clear_days.epw").is_file());
    std::fs::rename(folder.path().join("there"), folder.path().join("elsewhere")).unwrap();
    let mut read = opened(&folder.path().join("elsewhere"));
    let of_run = bench(&read).shown.finished.as_ref().unwrap().metrics.clone();
    read.act(Action::Set { path: "title".into(), text: "again".into() });
    finish(&mut read);
    same(&bench(&read).shown.finished.as_ref().unwrap().metrics, &of_run);
    // Saved in another folder it reads the same weather.
    let kept = folder.path().join("kept.ron");
    read.act(Action::Save(Some(kept.clone())));
    let loaded = engine::scenario::load(&kept, &[]).unwrap_or_else(|p| panic!("{p:?}"));
    assert_eq!(loaded.case.weather.station, bench(&read).shown.case.weather.station);
}

#[test]
fn single_chips_of_a_finished_run_have_the_temperatures_that_it_recorded_and_else_it_says_why_not() {
    let chips = [
        period(),
        ("run.fidelity".to_owned(), "Chip".to_owned()),
        ("racks.cold_plate.count".to_owned(), "2".to_owned()),
        ("racks.air_cooled.count".to_owned(), "2".to_owned()),
        ("run.details".to_owned(), "[Temperatures(\"cold_plate[1]\", \"1 h\", \"30 min\")]".to_owned()),
    ];
    let folder = tempfile::tempdir().unwrap();
    written(folder.path(), "mixed_hall", &chips, true);
    let (read, live) = (opened(folder.path()), support::window_with("mixed_hall", &chips[1..]));
    let shown = &bench(&read).shown;
    assert!(shown.written.as_ref().is_some_and(|written| !written.lacks.contains(&"lacks-chips")));
    let start = shown.case.run.start_s;
    // Within the window every chip has its own, the same as in the run that was calculated, to what a change of unit costs.
    let at = start + 4500.0;
    let (of_run, of_live) = (of_rack(shown, 1, 1, at), of_rack(&bench(&live).shown, 1, 1, at));
    assert!(of_run.iter().all(|kind| kind.together.is_none() && !kind.junctions.is_empty()));
    for (a, b) in of_run.iter().zip(&of_live) {
        assert!(b.together.is_none() && a.junctions.len() == b.junctions.len());
        assert!(a.junctions.iter().zip(&b.junctions).all(|(a, b)| close(*a, *b)));
    }
    // Before it, and in the rack that nobody named, they have one temperature, and it says why.
    let why = |rows: usize, rack: usize, at: f64| of_rack(shown, rows, rack, at)[0].together;
    assert_eq!(why(1, 1, start + 900.0), Some(Together::Time));
    assert_eq!(why(1, 0, at), Some(Together::Rack));
    let lumped = window("mixed_hall");
    assert_eq!(of_rack(&bench(&lumped).shown, 1, 1, at)[0].together, Some(Together::Fidelity));
}

#[test]
fn the_report_of_the_view_is_that_of_the_run_with_the_picture_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let picture = || Ok(Picture { png: vec![1, 2, 3, 4], size: [40, 30] });
    // A run that was calculated here, and the folder of the same run as the command line writes it.
    let mut live = window("mixed_hall");
    live.act(Action::Export(Export::Report));
    assert_eq!(live.asked.take(), Some(Export::Report));
    live.pictured(Export::Report, picture(), folder.path());
    written(&folder.path().join("run"), "mixed_hall", &[period()], true);
    let mut read = opened(&folder.path().join("run"));
    for window in [&mut live, &mut read] {
        if window.reporting.is_none() {
            window.pictured(Export::Report, picture(), folder.path());
        }
        while window.is_moving() {
            window.pass(0.0);
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }
    let said = live.said.clone().unwrap();
    assert!(said.contains("mixed_hall.report.en.html"), "{said}");
    let report = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let of_live = report("mixed_hall.report.en.html");
    // The picture, and the figures of `isotherm report`.
    assert!(of_live.contains("data:image/png;base64,AQIDBA=="));
    assert!(of_live.contains("Inlet air"), "what the racks are coloured by");
    let figures = |text: &str| {
        let pue = text.find("PUE").map(|at| text[at..].chars().take(400).collect::<String>());
        pue.unwrap()
    };
    assert_eq!(figures(&of_live), figures(&report("mixed_hall-2.report.en.html")));
    // A picture by itself is written as it is.
    live.pictured(Export::Picture, picture(), folder.path());
    assert_eq!(std::fs::read(folder.path().join("mixed_hall.view.png")).unwrap(), [1, 2, 3, 4]);
    assert!(live.said.is_some_and(|said| said.contains("mixed_hall.view.png")));
}
