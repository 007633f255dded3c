//! Runs that end well, are interrupted, are refused, and are replaced.

use super::*;
use crate::write::{Column, Difference, verify};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

fn provenance() -> Provenance {
    let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
    Provenance {
        started: at(1_000_000_000),
        finished: at(1_000_000_001),
        seed: 7,
        threads: 2,
        inputs: vec![Fingerprint::of("site.ron", b"Site()")],
        settings: serde_json::json!({"period": "Year"}),
    }
}

fn table() -> Table {
    let power = Column::numbers("it_power_kw", "kW", "Power of the IT.", vec![1.0, f64::NAN]);
    Table::new("isotherm.timeseries/1", vec![power]).unwrap()
}

/// A finished run with the file `a.txt`.
fn finish(path: &Path, force: bool, content: &[u8]) -> Manifest {
    let mut run = RunDirectory::create(path, force).unwrap();
    run.write_bytes("a.txt", content).unwrap();
    run.commit(provenance()).unwrap()
}

/// Every name in a folder with its content and the time of its last change.
fn picture(folder: &Path) -> Vec<(String, Vec<u8>, SystemTime)> {
    let mut all: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let changed = entry.metadata().unwrap().modified().unwrap();
            (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap(), changed)
        })
        .collect();
    all.sort();
    all
}

fn names(folder: &Path) -> Vec<String> {
    picture(folder).into_iter().map(|(name, ..)| name).collect()
}

#[test]
fn a_run_is_finished_by_its_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("runs/first");
    let mut run = RunDirectory::create(&path, false).unwrap();
    run.write_parquet("timeseries.parquet", &table()).unwrap();
    run.write_csv("timeseries.csv", &table()).unwrap();
    run.write_json("summary.json", &serde_json::json!({"pue": 1.25})).unwrap();
    assert_eq!(names(&path), ["summary.json", "timeseries.csv", "timeseries.parquet", JOURNAL]);
    assert_eq!(verify(&path).unwrap_err().exit_code(), 66);

    let manifest = run.commit(provenance()).unwrap();
    assert_eq!(names(&path), [MANIFEST, "summary.json", "timeseries.csv", "timeseries.parquet"]);
    assert_eq!(verify(&path).unwrap(), []);
    assert_eq!(Manifest::read(&path).unwrap(), manifest);
    assert_eq!(manifest.schema, "isotherm.manifest/1");
    assert_eq!(manifest.started, "2001-09-09T01:46:40Z");
    assert_eq!(manifest.finished, "2001-09-09T01:46:41Z");
    let listed: Vec<_> = manifest.files.iter().map(|file| (file.name.as_str(), file.bytes)).collect();
    // "it_power_kw", "1" and nothing, each with two bytes at its end.
    assert_eq!(listed[1], ("timeseries.csv", 11 + 1 + 3 * 2));
    assert_eq!(manifest.files[0], Fingerprint::of("summary.json", b"{\n  \"pue\": 1.25\n}\n"));
}

#[test]
fn the_same_run_at_another_time_differs_in_its_manifest_only() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, seconds| {
        let mut run = RunDirectory::create(&folder.path().join(name), false).unwrap();
        run.write_parquet("timeseries.parquet", &table()).unwrap();
        run.write_csv("timeseries.csv", &table()).unwrap();
        let finished = provenance().finished + Duration::from_secs(seconds);
        run.commit(Provenance { finished, ..provenance() }).unwrap()
    };
    let (a, b) = (write("a", 0), write("b", 60));
    assert_eq!(a.files, b.files);
    assert_eq!(Manifest { finished: a.finished.clone(), ..b }, a);
}

#[test]
fn a_finished_run_is_not_overwritten_and_keeps_every_bit() {
    let folder = tempfile::tempdir().unwrap();
    finish(folder.path(), false, b"old");
    let before = picture(folder.path());
    let error = RunDirectory::create(folder.path(), false).unwrap_err();
    assert!(matches!(error, WriteError::RunExists { .. }), "{error}");
    assert_eq!(error.exit_code(), 73);
    assert!(error.to_string().contains("--force"), "{error}");
    assert_eq!(picture(folder.path()), before);
}

#[test]
fn a_finished_run_is_replaced_by_force_with_all_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let mut run = RunDirectory::create(folder.path(), false).unwrap();
    run.write_bytes("b.txt", b"of the first run").unwrap();
    run.commit(provenance()).unwrap();

    let run = RunDirectory::create(folder.path(), true).unwrap();
    assert_eq!(names(folder.path()), [JOURNAL]);
    drop(run);
    finish(folder.path(), true, b"new");
    assert_eq!(names(folder.path()), ["a.txt", MANIFEST]);
    assert_eq!(verify(folder.path()).unwrap(), []);
}

#[test]
fn an_interrupted_run_makes_room_for_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let mut run = RunDirectory::create(folder.path(), false).unwrap();
    run.write_bytes("b.txt", b"of the first run").unwrap();
    let full = run.write_with("c.txt", |sink| {
        sink.write_all(b"half")?;
        Err(io::ErrorKind::StorageFull.into())
    });
    assert_eq!(full.unwrap_err().exit_code(), 74);
    drop(run);
    // What a killed process leaves: temporary files, and a name half noted.
    fs::write(folder.path().join(".c.txt.4711-0.tmp"), b"half").unwrap();
    fs::write(folder.path().join(".manifest.json.4711-0.tmp"), b"{").unwrap();
    let journal = folder.path().join(JOURNAL);
    let text = fs::read_to_string(&journal).unwrap() + "d.tx";
    fs::write(&journal, text).unwrap();

    finish(folder.path(), false, b"second");
    assert_eq!(names(folder.path()), ["a.txt", MANIFEST]);
    assert_eq!(verify(folder.path()).unwrap(), []);
}

#[test]
fn a_run_killed_while_it_replaced_another_makes_room_for_the_next() {
    let folder = tempfile::tempdir().unwrap();
    finish(folder.path(), false, b"old");
    // The journal knows the old files and the manifest is gone, but not yet the files.
    fs::write(folder.path().join(JOURNAL), format!("{HEADER}a.txt\nb.txt\n")).unwrap();
    fs::remove_file(folder.path().join(MANIFEST)).unwrap();
    drop(RunDirectory::create(folder.path(), false).unwrap());
    assert_eq!(names(folder.path()), [JOURNAL]);
    // Killed before or within the first line.
    for text in ["", "An isotherm run"] {
        fs::write(folder.path().join(JOURNAL), text).unwrap();
        drop(RunDirectory::create(folder.path(), false).unwrap());
    }
}

#[test]
fn a_folder_with_anything_else_in_it_is_refused_and_left_alone() {
    for (name, content) in [
        ("thesis.tex", "years of work"),
        (MANIFEST, r#"{"name": "an app"}"#),
        (JOURNAL, "my list of things to do"),
        (JOURNAL, &format!("{HEADER}../thesis.tex\n")),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), content).unwrap();
        let before = picture(folder.path());
        for force in [false, true] {
            let error = RunDirectory::create(folder.path(), force).unwrap_err();
            assert!(matches!(error, WriteError::NotARun { .. }), "{error}");
            assert_eq!(error.exit_code(), 73);
            assert!(error.to_string().contains(name), "{error}");
            assert_eq!(picture(folder.path()), before);
        }
    }
}

#[test]
fn a_file_in_the_way_of_the_folder_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, b"kept").unwrap();
    for path in [file.clone(), file.join("run")] {
        let error = RunDirectory::create(&path, true).unwrap_err();
        assert!(matches!(error, WriteError::CannotCreate { .. }), "{error}");
        assert_eq!(error.exit_code(), 73);
    }
    assert_eq!(fs::read(&file).unwrap(), b"kept");
}

#[test]
fn two_runs_do_not_write_into_one_folder() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = RunDirectory::create(folder.path(), false).unwrap();
    for force in [false, true] {
        let error = RunDirectory::create(folder.path(), force).unwrap_err();
        assert!(matches!(error, WriteError::Busy { .. }), "{error}");
        assert_eq!(error.exit_code(), 75);
    }
    first.write_bytes("a.txt", b"undisturbed").unwrap();
    first.commit(provenance()).unwrap();
    assert_eq!(verify(folder.path()).unwrap(), []);
    assert_eq!(RunDirectory::create(folder.path(), false).unwrap_err().exit_code(), 73);
}

#[test]
fn names_that_are_reserved_taken_or_elsewhere_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut run = RunDirectory::create(folder.path(), false).unwrap();
    run.write_bytes("a.txt", b"").unwrap();
    for name in ["a.txt", "../b.txt", "sub/b.txt", MANIFEST, JOURNAL] {
        let error = run.write_bytes(name, b"").unwrap_err();
        assert!(matches!(error, WriteError::BadName { .. }), "{error}");
        assert_eq!(error.exit_code(), 70);
    }
}

#[test]
fn every_difference_from_the_manifest_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let mut run = RunDirectory::create(folder.path(), false).unwrap();
    for name in ["a", "b", "c", "d"] {
        run.write_bytes(name, name.as_bytes()).unwrap();
    }
    run.commit(provenance()).unwrap();
    fs::write(folder.path().join("a"), b"A").unwrap();
    fs::write(folder.path().join("b"), b"longer").unwrap();
    fs::remove_file(folder.path().join("c")).unwrap();
    fs::write(folder.path().join("e"), b"new").unwrap();
    let differences = verify(folder.path()).unwrap();
    assert!(matches!(&differences[0], Difference::Changed { expected, .. } if expected.name == "a"));
    let told: Vec<_> = differences.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["a has another content", "b has 6 bytes instead of 1", "c is missing", "e is not in the manifest"]
    );
}

fn header() -> Header {
    Header {
        engine_version: Header::VERSION.into(),
        site: "pod".into(),
        set: Vec::new(),
        working_directory: String::new(),
        csv: false,
        started: 0,
        time_s: 0.0,
        progress: 0.5,
        inputs: Vec::new(),
    }
}

/// A run that was interrupted after its checkpoint and while it wrote `a.txt`.
fn interrupt(path: &Path) {
    let mut run = RunDirectory::create(path, true).unwrap();
    run.save_checkpoint(&header(), |sink| sink.write_all(b"first")).unwrap();
    run.save_checkpoint(&header(), |sink| sink.write_all(b"second")).unwrap();
    run.write_bytes("a.txt", b"half of the results").unwrap();
    fs::write(path.join(".checkpoint.isotherm.1-0.tmp"), b"half").unwrap();
}

#[test]
fn an_interrupted_run_with_a_checkpoint_is_kept_until_it_is_finished() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    interrupt(&path);
    let before = picture(&path);
    let refused = RunDirectory::create(&path, false).unwrap_err();
    assert!(matches!(refused, WriteError::RunInterrupted { .. }), "{refused}");
    assert_eq!(refused.exit_code(), 73);
    assert_eq!(picture(&path), before, "nothing changes");

    let checkpoint = RunDirectory::checkpoint_in(&path).unwrap();
    let mut run = RunDirectory::resume(&path).unwrap();
    assert_eq!(names(&path), [CHECKPOINT, JOURNAL], "what was half done is gone");
    let mut body = String::new();
    checkpoint::Checkpoint::open(&checkpoint).unwrap().body().read_to_string(&mut body).unwrap();
    assert_eq!(body, "second");
    assert!(matches!(RunDirectory::resume(&path), Err(WriteError::Busy { .. })));
    assert!(matches!(RunDirectory::create(&path, false), Err(WriteError::Busy { .. })));
    run.write_bytes("a.txt", b"results").unwrap();
    run.commit(provenance()).unwrap();
    assert_eq!(names(&path), ["a.txt", MANIFEST]);
    assert_eq!(RunDirectory::checkpoint_in(&path).unwrap_err().exit_code(), 66);
    assert!(matches!(RunDirectory::resume(&path), Err(WriteError::RunExists { .. })));
}

#[test]
fn force_begins_an_interrupted_run_anew_and_a_failed_run_leaves_no_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    interrupt(&path);
    let run = RunDirectory::create(&path, true).unwrap();
    assert_eq!(names(&path), [JOURNAL]);
    let reason = RunDirectory::checkpoint_in(&path).unwrap_err().to_string();
    assert!(reason.contains("before its first checkpoint"), "{reason}");
    drop(run);
    let mut run = RunDirectory::create(&path, false).unwrap();
    run.save_checkpoint(&header(), |sink| sink.write_all(b"state")).unwrap();
    run.abandon();
    assert!(names(&path).is_empty());
}

#[test]
fn a_run_killed_between_manifest_and_checkpoint_is_a_finished_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    finish(&path, false, b"a");
    fs::write(path.join(CHECKPOINT), b"left").unwrap();
    fs::write(path.join(JOURNAL), HEADER).unwrap();
    assert_eq!(verify(&path).unwrap(), []);
    assert_eq!(RunDirectory::checkpoint_in(&path).unwrap_err().exit_code(), 66);
    assert!(matches!(RunDirectory::create(&path, false), Err(WriteError::RunExists { .. })));
    drop(RunDirectory::create(&path, true).unwrap());
    assert_eq!(names(&path), [JOURNAL]);
}
