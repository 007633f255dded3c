use crate::catalogue::{self, Shelf};
use crate::{load, load_text};
use std::path::Path;

#[test]
fn every_built_in_site_is_good() {
    for site in catalogue::all(Shelf::Sites) {
        let loaded = load(Path::new(site.id), &[]);
        let problems = loaded.as_ref().err().into_iter().flatten();
        let text: Vec<String> = problems.map(|p| p.render()).collect();
        assert!(loaded.is_ok(), "{}:\n{}", site.id, text.join("\n"));
    }
}
