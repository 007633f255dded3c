//! Who made the numbers.

/// What numbers are worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A formula worked out independently of the program.
    ClosedForm,
    /// A printed table or reference solution.
    Publication,
    /// Another program.
    Program,
    /// A measurement.
    Measurement,
}

impl Kind {
    /// In words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::ClosedForm => "closed form",
            Kind::Publication => "publication",
            Kind::Program => "program",
            Kind::Measurement => "measurement",
        }
    }
}

/// Who made the numbers that a case compares with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// Name for filters and programs, `[a-z0-9_]`.
    pub id: &'static str,
    /// What it is, with its version or edition.
    pub title: &'static str,
    /// What it is worth.
    pub kind: Kind,
    /// The folder with its tables and how they were made; the file of the formula where there are none.
    pub tables: &'static str,
}
