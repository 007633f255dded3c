//! Reading the stored tables and keeping the worst error.

#![allow(dead_code)] // each test file uses a part

use std::collections::HashMap;

/// 0 °C in K.
pub const ZERO: f64 = 273.15;

/// One row: its cells by column name.
pub struct Row(HashMap<String, String>);

impl Row {
    /// A cell as text.
    pub fn text(&self, column: &str) -> &str {
        self.0.get(column).unwrap_or_else(|| panic!("no column {column}"))
    }
    /// A cell as number; an empty one is `None`.
    pub fn optional(&self, column: &str) -> Option<f64> {
        let text = self.text(column);
        (!text.is_empty()).then(|| text.parse().unwrap_or_else(|_| panic!("{column}: {text:?} is no number")))
    }
    /// A cell as number.
    pub fn get(&self, column: &str) -> f64 {
        self.optional(column).unwrap_or_else(|| panic!("{column} is empty"))
    }
}

/// All rows of a stored table.
pub fn table(file: &str) -> Vec<Row> {
    let path = format!("{}/../../tests/validation/oracle/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let rows = lines.filter(|line| !line.is_empty()).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells.len(), header.len(), "{file}: {line}");
        Row(header.iter().zip(cells).map(|(k, v)| (k.to_string(), v.to_string())).collect())
    });
    rows.collect()
}

/// The worst error of one quantity, and where it occurred.
pub struct Worst {
    name: &'static str,
    error: f64,
    at: String,
    count: usize,
}

impl Worst {
    /// Nothing compared yet.
    pub fn of(name: &'static str) -> Self {
        Worst { name, error: 0.0, at: String::new(), count: 0 }
    }
    /// Difference relative to the expected value.
    pub fn relative(&mut self, computed: f64, expected: f64, at: &str) {
        self.absolute(computed / expected, 1.0, at);
    }
    /// Difference in the quantity's unit.
    pub fn absolute(&mut self, computed: f64, expected: f64, at: &str) {
        let error = (computed - expected).abs();
        assert!(error.is_finite(), "{}: {computed} against {expected} at {at}", self.name);
        self.count += 1;
        if error >= self.error {
            (self.error, self.at) = (error, at.to_string());
        }
    }
    /// Print, then insist on the number of comparisons and on the tolerance.
    pub fn within(self, tolerance: f64, count: usize) {
        let Worst { name, error, at, .. } = &self;
        println!("{name}: worst {error:.3e} (tolerance {tolerance:e}) over {} values, at {at}", self.count);
        assert_eq!(self.count, count, "{name}: number of values compared");
        assert!(*error <= tolerance, "{name}: {error:e} exceeds {tolerance:e} at {at}");
    }
}
