//! Columns of a Parquet file, by name.

use super::error::ReadError;
use ::parquet::column::reader::ColumnReader;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use serde_json::Value;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// No table has as many rows as this: a century of minutes.
const MOST_ROWS: i64 = 100 * 366 * 24 * 60;
/// Values that are decoded at once.
const BATCH: usize = 1 << 16;

/// A column that is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Described {
    /// Its name, which ends in the unit.
    pub name: String,
    /// Its unit; empty where there is none.
    pub unit: String,
    /// What the values are.
    pub description: String,
}

/// A table on disk, opened: what columns it has is known, their values are read when asked for.
pub struct Series {
    path: PathBuf,
    reader: SerializedFileReader<File>,
    rows: usize,
    columns: Vec<Described>,
    places: BTreeMap<String, usize>,
}

/// Opens the table `name` of the layout `schema`.
pub(super) fn open(folder: &Path, name: &str, schema: &str) -> Result<Series, ReadError> {
    let path = folder.join(name);
    let malformed = |reason: String| ReadError::Malformed { path: path.clone(), reason };
    let file = File::open(&path).map_err(|source| ReadError::Unreadable { path: path.clone(), source })?;
    let reader =
        shielded(|| SerializedFileReader::new(file).map_err(|error| error.to_string())).map_err(malformed)?;
    let metadata = reader.metadata().file_metadata();
    let pairs = metadata.key_value_metadata().map_or(&[][..], Vec::as_slice);
    let ours = pairs.iter().find(|pair| pair.key == "isotherm").and_then(|pair| pair.value.as_deref());
    let ours = ours.ok_or_else(|| malformed("isotherm did not write it: it has no key isotherm".into()))?;
    let ours: Value = serde_json::from_str(ours).map_err(|error| malformed(error.to_string()))?;
    let found = ours.get("schema").and_then(Value::as_str).unwrap_or("none");
    if found != schema {
        return Err(malformed(format!("its schema is {found}, {schema} is read here")));
    }
    let rows = metadata.num_rows();
    if !(0..=MOST_ROWS).contains(&rows) {
        return Err(malformed(format!("it claims {rows} rows, {MOST_ROWS} are read at most")));
    }
    let text = |column: &Value, key: &str| column.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
    let described: BTreeMap<String, Described> = (ours.get("columns").and_then(Value::as_array).into_iter())
        .flatten()
        .map(|column| Described {
            name: text(column, "name"),
            unit: text(column, "unit"),
            description: text(column, "description"),
        })
        .map(|column| (column.name.clone(), column))
        .collect();
    let mut columns = Vec::new();
    let mut places = BTreeMap::new();
    for (place, column) in metadata.schema_descr().columns().iter().enumerate() {
        if column.max_rep_level() != 0 || column.max_def_level() > 1 {
            return Err(malformed(format!("the column {} is nested", column.name())));
        }
        let name = column.name().to_owned();
        let bare = Described { name: name.clone(), unit: String::new(), description: String::new() };
        columns.push(described.get(&name).cloned().unwrap_or(bare));
        places.insert(name, place);
    }
    // Where the decoder would look for a column; it panics at what is before the file.
    let length =
        std::fs::metadata(&path).map_or(i64::MAX, |file| i64::try_from(file.len()).unwrap_or(i64::MAX));
    for chunk in reader.metadata().row_groups().iter().flat_map(|group| group.columns()) {
        let start = chunk.dictionary_page_offset().unwrap_or(chunk.data_page_offset());
        let size = chunk.compressed_size();
        if start < 0 || size < 0 || start.saturating_add(size) > length {
            let name = chunk.column_descr().name();
            return Err(malformed(format!(
                "the column {name} is said to stand at byte {start} with {size} bytes, of {length}"
            )));
        }
    }
    // The file may claim more rows than its groups hold.
    let held: i64 = reader.metadata().row_groups().iter().map(|group| group.num_rows()).sum();
    if held != rows {
        return Err(malformed(format!("it claims {rows} rows and holds {held}")));
    }
    let rows = usize::try_from(rows).unwrap_or(0);
    Ok(Series { path: path.clone(), reader, rows, columns, places })
}

impl Series {
    /// Number of rows.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// What columns there are.
    #[must_use]
    pub fn columns(&self) -> &[Described] {
        &self.columns
    }

    /// What is wrong with the file.
    pub(super) fn wrong(&self, reason: String) -> ReadError {
        ReadError::Malformed { path: self.path.clone(), reason }
    }

    /// Whether there is a column of that name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    /// The column `name`; what does not exist is NaN. `None` where there is no such column.
    ///
    /// # Errors
    /// [`ReadError::Malformed`] where the column is no column of numbers, or is damaged.
    pub fn numbers(&self, name: &str) -> Result<Option<Vec<f64>>, ReadError> {
        let Some(&place) = self.places.get(name) else { return Ok(None) };
        let mut values = Vec::with_capacity(self.rows.min(BATCH));
        self.each_group(name, place, &mut |reader| match reader {
            ColumnReader::DoubleColumnReader(mut reader) => gather(
                |most, levels, buffer| reader.read_records(most, Some(levels), None, buffer),
                &mut |value: Option<f64>| values.push(value.unwrap_or(f64::NAN)),
            ),
            ColumnReader::Int64ColumnReader(mut reader) => gather(
                |most, levels, buffer| reader.read_records(most, Some(levels), None, buffer),
                &mut |value: Option<i64>| values.push(value.map_or(f64::NAN, |value| value as f64)),
            ),
            _ => Err("it holds no numbers".into()),
        })?;
        self.complete(name, values.len())?;
        Ok(Some(values))
    }

    /// The column `name` as texts.
    ///
    /// # Errors
    /// As [`numbers`](Self::numbers).
    pub fn texts(&self, name: &str) -> Result<Option<Vec<Option<String>>>, ReadError> {
        let Some(&place) = self.places.get(name) else { return Ok(None) };
        let mut values = Vec::with_capacity(self.rows.min(BATCH));
        self.each_group(name, place, &mut |reader| match reader {
            ColumnReader::ByteArrayColumnReader(mut reader) => gather(
                |most, levels, buffer| reader.read_records(most, Some(levels), None, buffer),
                &mut |value: Option<::parquet::data_type::ByteArray>| {
                    values.push(value.map(|bytes| String::from_utf8_lossy(bytes.data()).into_owned()));
                },
            ),
            _ => Err("it holds no texts".into()),
        })?;
        self.complete(name, values.len())?;
        Ok(Some(values))
    }

    fn each_group(
        &self,
        name: &str,
        place: usize,
        visit: &mut dyn FnMut(ColumnReader) -> Result<(), String>,
    ) -> Result<(), ReadError> {
        for group in 0..self.reader.num_row_groups() {
            let read = shielded(|| {
                let group = self.reader.get_row_group(group);
                let reader = group.and_then(|group| group.get_column_reader(place));
                reader.map_err(|error| error.to_string()).and_then(&mut *visit)
            });
            read.map_err(|reason| ReadError::Malformed {
                path: self.path.clone(),
                reason: format!("the column {name}: {reason}"),
            })?;
        }
        Ok(())
    }

    fn complete(&self, name: &str, length: usize) -> Result<(), ReadError> {
        if length == self.rows {
            return Ok(());
        }
        let reason = format!("the column {name} has {length} rows of {}", self.rows);
        Err(ReadError::Malformed { path: self.path.clone(), reason })
    }
}

thread_local! {
    /// Whether a panic of this thread is that of a decoder, and will be an error.
    static DECODES: Cell<bool> = const { Cell::new(false) };
}

/// The decoder of a format panics at some contents that its writer would never write: for a reader that is a damaged file.
fn shielded<T>(read: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    let before = DECODES.replace(true);
    // What a panic leaves half done is dropped with the error.
    let read = catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err("it is damaged".into()));
    DECODES.set(before);
    read
}

/// From now on nothing is printed of a panic that reading a table turns into an error. For programs, at their start.
pub fn quiet_decoders() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !DECODES.get() {
            print(panic);
        }
    }));
}

/// Reads one column chunk, value by value; null is `None`.
fn gather<T: Default + Clone>(
    mut read: impl FnMut(
        usize,
        &mut Vec<i16>,
        &mut Vec<T>,
    ) -> Result<(usize, usize, usize), ::parquet::errors::ParquetError>,
    take: &mut dyn FnMut(Option<T>),
) -> Result<(), String> {
    let mut seen = 0_i64;
    loop {
        let (mut levels, mut values) = (Vec::new(), Vec::new());
        let (records, _, _) = read(BATCH, &mut levels, &mut values).map_err(|error| error.to_string())?;
        if records == 0 {
            return Ok(());
        }
        seen = seen.saturating_add(i64::try_from(records).unwrap_or(i64::MAX));
        if seen > MOST_ROWS {
            return Err("it has no end".into());
        }
        if levels.is_empty() {
            // A required column has no levels: every value is there.
            values.into_iter().for_each(|value| take(Some(value)));
            continue;
        }
        let mut values = values.into_iter();
        for level in levels {
            take(if level > 0 { values.next() } else { None });
        }
    }
}

impl std::fmt::Debug for Series {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Series").field("path", &self.path).field("rows", &self.rows).finish_non_exhaustive()
    }
}
