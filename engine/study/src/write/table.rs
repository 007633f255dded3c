//! Columns of equal length, each with its unit and a sentence.

use std::borrow::Cow;
use std::collections::HashSet;
use std::convert::Infallible;
use std::ops::Range;
use thiserror::Error;

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name, which ends in the unit: `it_power_kw`.
    pub name: String,
    /// The unit as a person writes it, `kW`; empty where there is none.
    pub unit: Cow<'static, str>,
    /// What the values are, in one sentence.
    pub description: String,
    /// The values from the first row to the last.
    pub values: Values,
}

/// The values of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Measured or calculated numbers. One that is not finite does not exist.
    Numbers(Vec<f64>),
    /// Counts and indices.
    Integers(Vec<Option<i64>>),
    /// Names and sentences.
    Text(Vec<Option<String>>),
}

impl Values {
    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Integers(values) => values.len(),
            Self::Text(values) => values.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Some of them.
    ///
    /// # Panics
    /// If `rows` are not all there.
    #[must_use]
    pub fn slice(&self, rows: Range<usize>) -> Slice<'_> {
        match self {
            Self::Numbers(values) => Slice::Numbers(&values[rows]),
            Self::Integers(values) => Slice::Integers(&values[rows]),
            Self::Text(values) => Slice::Text(&values[rows]),
        }
    }
}

impl Column {
    /// The column with other values.
    #[must_use]
    pub fn with_values(&self, values: Values) -> Self {
        Self {
            name: self.name.clone(),
            unit: self.unit.clone(),
            description: self.description.clone(),
            values,
        }
    }

    /// A column of numbers.
    pub fn numbers(
        name: impl Into<String>,
        unit: impl Into<Cow<'static, str>>,
        description: impl Into<String>,
        values: Vec<f64>,
    ) -> Self {
        Self {
            name: name.into(),
            unit: unit.into(),
            description: description.into(),
            values: Values::Numbers(values),
        }
    }

    /// A column of whole numbers, all of which exist.
    pub fn integers(
        name: impl Into<String>,
        unit: impl Into<Cow<'static, str>>,
        description: impl Into<String>,
        values: impl IntoIterator<Item = i64>,
    ) -> Self {
        let values = Values::Integers(values.into_iter().map(Some).collect());
        Self { name: name.into(), unit: unit.into(), description: description.into(), values }
    }

    /// A column of texts, all of which exist.
    pub fn text<T: Into<String>>(
        name: impl Into<String>,
        description: impl Into<String>,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        let values = Values::Text(values.into_iter().map(|text| Some(text.into())).collect());
        Self { name: name.into(), unit: Cow::Borrowed(""), description: description.into(), values }
    }
}

/// Columns that fit together.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    schema: String,
    columns: Vec<Column>,
    rows: usize,
}

impl Table {
    /// A table of the layout `schema`, for example `isotherm.timeseries/1`.
    ///
    /// # Errors
    /// [`TableError`] if there is no column, a name is empty, unprintable or used twice, or the
    /// lengths differ.
    pub fn new(schema: impl Into<String>, columns: Vec<Column>) -> Result<Self, TableError> {
        let first = columns.first().ok_or(TableError::Empty)?;
        let rows = first.values.len();
        let mut seen = HashSet::new();
        for column in &columns {
            let name = &column.name;
            if name.is_empty() || name.chars().any(char::is_control) {
                return Err(TableError::BadName { name: name.clone() });
            }
            if !seen.insert(name.as_str()) {
                return Err(TableError::Twice { name: name.clone() });
            }
            if column.values.len() != rows {
                return Err(TableError::Length {
                    name: name.clone(),
                    length: column.values.len(),
                    first: first.name.clone(),
                    rows,
                });
            }
        }
        Ok(Self { schema: schema.into(), columns, rows })
    }

    /// A [`Tabular`] as one table.
    #[must_use]
    pub fn of(tabular: &impl Tabular) -> Self {
        let (form, rows) = (tabular.form(), tabular.rows());
        let (mut heads, mut columns) = (form.columns.iter(), Vec::with_capacity(form.columns.len()));
        let Ok(()) = tabular.each(0..rows, |values| {
            columns.extend(heads.next().map(|head| head.with_values(values.to_values())));
            Ok::<(), Infallible>(())
        });
        Self { schema: form.schema.clone(), columns, rows }
    }

    /// Name and version of the layout.
    #[must_use]
    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// The columns in the order in which they are written.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The column called `name`.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The number of rows.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }
}

/// What is written as a table: one that exists, or one of which a few columns at a time are made while it is written, where all of them
/// would be a second copy of something large.
pub trait Tabular {
    /// What its columns are: the table itself, or one like it without rows.
    fn form(&self) -> &Table;

    /// The number of rows.
    fn rows(&self) -> usize;

    /// Hands these rows of each column to `take`, in the order of the columns.
    ///
    /// # Errors
    /// The first of `take`; the columns that follow are not made.
    fn each<E>(&self, rows: Range<usize>, take: impl FnMut(Slice<'_>) -> Result<(), E>) -> Result<(), E>;
}

/// Some values of a column, one behind the other; see [`Values`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Slice<'a> {
    /// Of [`Values::Numbers`].
    Numbers(&'a [f64]),
    /// Of [`Values::Integers`].
    Integers(&'a [Option<i64>]),
    /// Of [`Values::Text`].
    Text(&'a [Option<String>]),
}

impl Slice<'_> {
    /// A copy of them.
    #[must_use]
    pub fn to_values(self) -> Values {
        match self {
            Self::Numbers(values) => Values::Numbers(values.to_vec()),
            Self::Integers(values) => Values::Integers(values.to_vec()),
            Self::Text(values) => Values::Text(values.to_vec()),
        }
    }
}

impl Tabular for Table {
    fn form(&self) -> &Table {
        self
    }

    fn rows(&self) -> usize {
        self.rows
    }

    fn each<E>(&self, rows: Range<usize>, take: impl FnMut(Slice<'_>) -> Result<(), E>) -> Result<(), E> {
        self.columns.iter().map(|column| column.values.slice(rows.clone())).try_for_each(take)
    }
}

/// Why columns do not make a table.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TableError {
    /// There is none.
    #[error("a table has at least one column")]
    Empty,
    /// A column without a name, or with a control character in it.
    #[error("{name:?} cannot be the name of a column")]
    BadName {
        /// The name.
        name: String,
    },
    /// Two columns have one name.
    #[error("two columns are called {name:?}")]
    Twice {
        /// The name.
        name: String,
    },
    /// A column is longer or shorter than the first.
    #[error("{name:?} has {length} values where {first:?} has {rows}")]
    Length {
        /// The column.
        name: String,
        /// Its length.
        length: usize,
        /// The first column.
        first: String,
        /// The length of the first.
        rows: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(columns: Vec<Column>) -> Result<Table, TableError> {
        Table::new("isotherm.test/1", columns)
    }

    fn power(name: &str, values: &[f64]) -> Column {
        Column::numbers(name, "kW", "Power.", values.to_vec())
    }

    #[test]
    fn columns_of_one_length_are_a_table() {
        let table =
            of(vec![power("a_kw", &[1.0, 2.0]), Column::text("note", "A note.", ["x", "y"])]).unwrap();
        assert_eq!(table.rows(), 2);
        assert_eq!(table.column("note").unwrap().values.len(), 2);
        assert_eq!(table.column("b_kw"), None);
        assert_eq!(of(vec![power("a_kw", &[])]).unwrap().rows(), 0);
    }

    #[test]
    fn what_does_not_fit_together_is_refused_by_name() {
        assert_eq!(of(vec![]), Err(TableError::Empty));
        assert_eq!(of(vec![power("", &[])]), Err(TableError::BadName { name: String::new() }));
        assert_eq!(of(vec![power("a\n", &[])]), Err(TableError::BadName { name: "a\n".into() }));
        let twice = of(vec![power("a_kw", &[]), power("a_kw", &[])]).unwrap_err();
        assert_eq!(twice.to_string(), r#"two columns are called "a_kw""#);
        let length = of(vec![power("a_kw", &[1.0]), power("b_kw", &[])]).unwrap_err();
        assert_eq!(length.to_string(), r#""b_kw" has 0 values where "a_kw" has 1"#);
    }
}
