//! A small site on the bench, run to its end.

use panels::bench::{Bench, Standing};
use panels::window::Window;
use std::path::Path;
use std::time::{Duration, Instant};

/// A window with a built-in site of two summer hours.
pub fn window(site: &str) -> Window {
    window_with(site, &[])
}

/// The same with further settings.
pub fn window_with(site: &str, further: &[(String, String)]) -> Window {
    let mut window = Window::default();
    let period = ("run.period".to_owned(), "Span(from: \"200 d\", for: \"2 h\")".to_owned());
    let settings = [&[period], further].concat();
    assert!(window.open(Path::new(site), &settings), "{:?}", window.refused);
    finish(&mut window);
    window
}

/// Waits until nothing runs any more.
pub fn finish(window: &mut Window) {
    let began = Instant::now();
    while window.bench.as_ref().is_some_and(|bench| bench.is_busy()) {
        window.pass(0.0);
        std::thread::sleep(Duration::from_millis(2));
        assert!(began.elapsed() < Duration::from_secs(120), "the run does not end");
    }
    window.pass(0.0);
    let standing = &bench(window).shown.standing;
    assert_eq!(*standing, Standing::Done);
}

/// What is open.
pub fn bench(window: &Window) -> &Bench {
    window.bench.as_ref().unwrap_or_else(|| panic!("nothing is open"))
}

/// Runs a built-in site and writes its folder, as `isotherm run` does.
#[allow(dead_code, reason = "not every test binary reads runs")]
pub fn written(folder: &Path, site: &str, settings: &[(String, String)], with_site: bool) {
    use engine::study::write::{Fingerprint, Provenance, RunDirectory};
    use engine::study::{case, read::SITE_FILE, report, run::Unobserved};
    let loaded = engine::scenario::load(Path::new(site), settings).unwrap_or_else(|p| panic!("{p:?}"));
    let (outcome, summary) = case::run(&loaded.case, &mut Unobserved).unwrap_or_else(|s| panic!("{s}"));
    let mut run = RunDirectory::create(folder, false).unwrap_or_else(|e| panic!("{e}"));
    let data = report::summary_json(&loaded.case, &outcome, &summary);
    let mut tables = vec![
        ("series.parquet".to_owned(), report::series(&outcome).unwrap_or_else(|e| panic!("{e}"))),
        ("racks.parquet".to_owned(), report::racks(&summary.racks).unwrap_or_else(|e| panic!("{e}"))),
    ];
    let inside = outcome.inside.as_ref().map(|inside| inside.tables().unwrap_or_else(|e| panic!("{e}")));
    tables.extend(inside.into_iter().flatten().map(|(name, table)| (format!("{name}.parquet"), table)));
    run.write_json("summary.json", &data).unwrap_or_else(|e| panic!("{e}"));
    for (name, table) in &tables {
        run.write_parquet(name, table).unwrap_or_else(|e| panic!("{e}"));
    }
    if with_site {
        let packed = loaded.scenario.packed(&[SITE_FILE]);
        run.write_bytes(SITE_FILE, packed.text.as_bytes()).unwrap_or_else(|e| panic!("{e}"));
        for (name, bytes) in &packed.files {
            run.write_bytes(name, bytes).unwrap_or_else(|e| panic!("{e}"));
        }
    }
    let now = std::time::SystemTime::UNIX_EPOCH;
    let inputs = loaded.case.inputs.iter().map(|i| Fingerprint::of(&i.name, &i.bytes)).collect();
    let settings = serde_json::json!({ "site": site });
    let of = Provenance { started: now, finished: now, seed: 1, threads: 1, inputs, settings };
    run.commit(of).unwrap_or_else(|e| panic!("{e}"));
}

/// Two summer hours.
#[allow(dead_code, reason = "not every test binary reads runs")]
pub fn period() -> (String, String) {
    ("run.period".to_owned(), "Span(from: \"200 d\", for: \"2 h\")".to_owned())
}
