//! Finds SUNDIALS 6 (Debian's `libsundials-dev` or its run-time libraries alone) and links it if it is there.

use std::path::{Path, PathBuf};

/// Names without what follows the major version of the interface.
const LIBRARIES: [&str; 5] = [
    "libsundials_cvode.so.6",
    "libsundials_sunlinsolklu.so.4",
    "libsundials_sunmatrixsparse.so.4",
    "libsundials_nvecserial.so.6",
    "libsundials_generic.so.6",
];

fn main() {
    println!("cargo::rustc-check-cfg=cfg(cvode)");
    println!("cargo::rerun-if-env-changed=SUNDIALS_LIB_DIR");
    println!("cargo::rerun-if-changed=build.rs");
    let given = std::env::var_os("SUNDIALS_LIB_DIR").map(PathBuf::from);
    let usual = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/local/lib", "/usr/lib"];
    let places = given.into_iter().chain(usual.into_iter().map(PathBuf::from));
    let complete = |place: PathBuf| -> Option<Vec<PathBuf>> {
        LIBRARIES.iter().map(|name| library(&place, name)).collect()
    };
    if let Some(found) = places.into_iter().find_map(complete) {
        for library in found {
            println!("cargo::rustc-link-arg-bins={}", library.display());
        }
        println!("cargo::rustc-cfg=cvode");
    }
}

fn library(place: &Path, name: &str) -> Option<PathBuf> {
    let files = std::fs::read_dir(place).ok()?.filter_map(Result::ok).map(|entry| entry.path());
    files.filter(|path| path.file_name().is_some_and(|n| n.to_string_lossy().starts_with(name))).min()
}
