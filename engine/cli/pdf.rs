//! PDF of a report, in a program that was built with it.

use engine::report::Document;

/// What keeps a program without PDF from making one, before anything is read.
pub fn available() -> Result<(), String> {
    if cfg!(feature = "pdf") {
        Ok(())
    } else {
        Err("this isotherm was built without PDF: build it with `cargo build --profile ci --features pdf` (or \
             `cargo install --path . --features pdf`), or print the HTML report"
            .to_owned())
    }
}

/// The bytes of the file, and what a reader must be told of it.
#[cfg(feature = "pdf")]
pub fn bytes(document: &Document) -> Result<(Vec<u8>, Option<String>), String> {
    let missing: Vec<String> = engine::pdf::unprintable(document).iter().map(char::to_string).collect();
    let told = (!missing.is_empty())
        .then(|| format!("the fonts of the PDF lack {}: □ is printed instead", missing.join(" ")));
    engine::pdf::pdf(document).map(|bytes| (bytes, told)).map_err(|error| error.to_string())
}

/// As [`available`] says.
#[cfg(not(feature = "pdf"))]
pub fn bytes(_document: &Document) -> Result<(Vec<u8>, Option<String>), String> {
    available().map(|()| (Vec::new(), None))
}
