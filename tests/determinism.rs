//! The same input gives the same bits, whatever the number of threads.

mod support;

use engine::study::case::run;
use engine::study::run::Unobserved;
use std::path::Path;
use std::process::Command;
use support::bits::bits;
use support::sites::{load, span};

const SITES: [&str; 2] = ["phoenix_evaporative", "nvl72_pod"];

/// Runs the command and gives the bytes of series.parquet and summary.json.
fn bytes(site: &str, threads: usize, folder: &Path) -> [Vec<u8>; 2] {
    let period = format!("run.period={}", span(199.0, 2.0));
    let out = Command::new(env!("CARGO_BIN_EXE_isotherm"))
        .args(["run", site, "--quiet", "--set", &period, "--threads", &threads.to_string(), "--out"])
        .arg(folder)
        .output()
        .unwrap();
    assert!(out.status.success(), "{site}: {}", String::from_utf8_lossy(&out.stderr));
    ["series.parquet", "summary.json"].map(|file| std::fs::read(folder.join(file)).unwrap())
}

#[test]
fn files_are_the_same_bytes_for_one_two_and_eight_threads_and_from_run_to_run() {
    let folder = tempfile::tempdir().unwrap();
    for site in SITES {
        let first = bytes(site, 1, &folder.path().join(format!("{site}_1")));
        assert!(first[0].len() > 10_000, "{site}: only {} bytes", first[0].len());
        for (k, threads) in [1, 2, 8].into_iter().enumerate() {
            let again = bytes(site, threads, &folder.path().join(format!("{site}_{k}_{threads}")));
            assert!(first[0] == again[0], "{site}: series.parquet differs with {threads} threads");
            assert!(first[1] == again[1], "{site}: summary.json differs with {threads} threads");
        }
    }
}

#[test]
fn every_column_has_the_same_bits_from_run_to_run_and_beside_other_runs() {
    for site in SITES {
        let case = load(site, &[("run.period", &span(199.0, 2.0))]);
        let once = || bits(&run(&case, &mut Unobserved).unwrap().0);
        let first = once();
        assert!(first.len() > 100 && first[0].1.len() == 2 * 96 + 1, "{site}: {} columns", first.len());
        // Eight at once, so that threads take turns in every order.
        let beside: Vec<_> = std::thread::scope(|scope| {
            let started: Vec<_> = (0..8).map(|_| scope.spawn(once)).collect();
            started.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for columns in beside.iter().chain(std::iter::once(&once())) {
            for (a, b) in first.iter().zip(columns) {
                assert!(a == b, "{site}: {} differs", a.0);
            }
            assert_eq!(first.len(), columns.len());
        }
    }
}
