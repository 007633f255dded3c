//! The site files shown in the guide are site files.

use engine::scenario::{load_text, read::read};
use std::fs;
use std::path::{Path, PathBuf};

fn pages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide");
    let mut pages: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.retain(|page| page.extension().is_some_and(|e| e == "md"));
    pages.sort();
    pages
}

/// The ```` ```ron ```` blocks of a page that hold a whole site.
fn sites(page: &Path) -> Vec<String> {
    let text = fs::read_to_string(page).unwrap();
    let blocks = text.split("```ron\n").skip(1).filter_map(|rest| rest.split("\n```").next());
    let whole = |block: &&str| block.lines().any(|line| line.starts_with("Site("));
    blocks.filter(whole).map(str::to_owned).collect()
}

#[test]
fn every_site_of_the_guide_is_read_and_checked_without_a_warning() {
    let mut seen = 0;
    for page in pages() {
        for (k, site) in sites(&page).iter().enumerate() {
            let name = format!("{}[{k}].ron", page.file_stem().unwrap().to_string_lossy());
            let loaded = load_text(&name, site, &[]).unwrap_or_else(|problems| {
                let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
                panic!("{}: {}", page.display(), list.join("\n"))
            });
            let warnings: Vec<String> = loaded.warnings.iter().map(ToString::to_string).collect();
            assert!(warnings.is_empty(), "{}: {}", page.display(), warnings.join("\n"));
            seen += 1;
        }
    }
    assert!(seen >= 2, "the guide shows a whole site and one that builds on it, {seen} were found");
}

#[test]
fn the_normative_example_is_the_shipped_site() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide/site_file.md");
    let example = &sites(&page)[0];
    let shown = load_text("nvl72_pod.ron", example, &[]).unwrap().scenario;
    let shipped = read(Path::new("nvl72_pod"), &[]).unwrap();
    assert_eq!(shown.root, shipped.root);
}
