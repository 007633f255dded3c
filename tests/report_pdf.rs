//! `isotherm report --pdf`, in a program that was built with PDF.

use std::path::Path;
use std::process::{Command, Output};
use std::time::Instant;

fn isotherm(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_isotherm")).args(arguments).output().unwrap()
}

fn text(folder: &Path) -> &str {
    folder.to_str().unwrap()
}

#[test]
fn a_run_becomes_a_pdf_of_the_same_bytes_in_both_languages_with_every_profile() {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("run");
    let output = isotherm(&[
        "run",
        "mixed_hall",
        "--quiet",
        "--set",
        "run.period=Span(from: \"200 d\", for: \"4 d\")",
        "--set",
        "disclosure=(owner: \"#panic(1) *Example* AG\", floor_area: \"4200 m2\")",
        "--out",
        text(&run),
    ]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for language in ["en", "zh"] {
        let mut seen: Vec<Vec<u8>> = Vec::new();
        for name in ["first", "second"] {
            let out = folder.path().join(format!("{name}_{language}"));
            let begun = Instant::now();
            let output = isotherm(&[
                "report",
                text(&run),
                "--pdf",
                "--profile",
                "iso_30134,iso_30134_2_2016,eu_2024_1364,eu_rating_draft,gb_40879,gri",
                "--lang",
                language,
                "--out",
                text(&out),
            ]);
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            eprintln!("{language}: {:.2} s", begun.elapsed().as_secs_f64());
            seen.push(std::fs::read(out.join(format!("report.{language}.pdf"))).unwrap());
        }
        assert!(seen[0].starts_with(b"%PDF-1.7"));
        assert!(seen[0].windows(12).any(|window| window == b"pdfuaid:part"));
        assert!(seen[0] == seen[1], "the bytes of {language} do not repeat");
    }
}
