//! Lists the records of `models/`, so that a new one is built in without a line of code.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let crate_folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let models = crate_folder.join("../../models");
    let mut code = String::new();
    for folder in ["components", "racks", "grids", "sites", "profiles", "costs", "studies", "factors"] {
        list(&models, folder, "ron", &mut code)?;
    }
    list(&models, "traces", "csv", &mut code)?;
    list(&models, "skies", "csv", &mut code)?;
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("records.rs");
    fs::write(out, code)?;
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}

/// `pub static GRIDS: &[(id, text)]`, sorted by id.
fn list(models: &Path, folder: &str, ending: &str, code: &mut String) -> io::Result<()> {
    let path = models.join(folder);
    println!("cargo::rerun-if-changed={}", path.display());
    let mut files: Vec<PathBuf> = match fs::read_dir(&path) {
        Ok(entries) => entries.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?,
        Err(_) => Vec::new(),
    };
    files.retain(|file| file.extension().is_some_and(|e| e == ending));
    files.sort();
    let name = folder.to_uppercase();
    let _ = writeln!(code, "/// The files of `models/{folder}`: id and text.");
    let _ = writeln!(code, "pub(super) static {name}: &[(&str, &str)] = &[");
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        let id = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let _ = writeln!(code, "    ({id:?}, include_str!({:?})),", file.display().to_string());
    }
    code.push_str("];\n");
    Ok(())
}
