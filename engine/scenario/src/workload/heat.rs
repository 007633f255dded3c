//! Recorded heat of many units, with the outdoor wet bulb of the same hours.
//!
//! The format is that of Frontier's published telemetry: a header `time`, `power[1]` … `power[n]` and,
//! optionally, `OA Wetbulb Temp`; time in s from 0, heat to the liquid in W, wet bulb in °C. Each row holds until
//! the next; the wet bulb is linear in between.

use super::Trace;

/// Most faults that are listed.
const MOST_FAULTS: usize = 50;
/// Heat of one unit that is believed [W].
const LARGEST_HEAT: f64 = 1e9;
/// Wet bulbs that are believed [°C].
const WET_BULBS: std::ops::RangeInclusive<f64> = -60.0..=45.0;

/// Heat of each unit, and the wet bulb.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatTrace {
    heat: Vec<Trace>,
    wet_bulb: Option<Trace>,
    length: f64,
}

/// What a column holds.
#[derive(Clone, Copy, PartialEq)]
enum Column {
    Time,
    Power(usize),
    WetBulb,
}

impl HeatTrace {
    /// Reads a trace; everything that is wrong is said at once.
    ///
    /// # Errors
    /// Sentences with file, line, column and value, one a line.
    pub fn parse(bytes: &[u8], name: &str) -> Result<HeatTrace, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| format!("{name}: is not UTF-8 text"))?;
        let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate();
        let header = lines.next().map_or("", |(_, line)| line);
        let columns = columns(header).map_err(|fault| format!("{name}:1: {fault}"))?;
        let units = columns.iter().filter(|c| matches!(c, Column::Power(_))).count();
        let mut heat: Vec<Vec<(f64, f64)>> = vec![Vec::new(); units];
        let mut wet_bulb: Vec<(f64, f64)> = Vec::new();
        let mut faults: Vec<String> = Vec::new();
        let mut last = f64::NEG_INFINITY;
        let mut rows = 0_usize;
        for (k, line) in lines {
            if line.trim().is_empty() {
                continue;
            }
            match row(line, &columns, last) {
                Ok(values) => {
                    rows += 1;
                    last = values.0;
                    heat.iter_mut().zip(&values.1).for_each(|(column, &value)| column.push((last, value)));
                    wet_bulb.extend(values.2.map(|value| (last, value)));
                }
                Err(found) => {
                    faults.extend(found.into_iter().map(|fault| format!("{name}:{}: {fault}", k + 1)))
                }
            }
        }
        if rows < 2 && faults.is_empty() {
            faults.push(format!("{name}: has {rows} rows, at least 2 are needed"));
        }
        crate::problem::none_or_listed(faults, MOST_FAULTS)?;
        Ok(HeatTrace {
            heat: heat.iter().map(|column| Trace::new(column)).collect(),
            wet_bulb: (!wet_bulb.is_empty()).then(|| Trace::new(&wet_bulb)),
            length: last,
        })
    }

    /// Number of units.
    #[must_use]
    pub fn units(&self) -> usize {
        self.heat.len()
    }

    /// Time of the last row [s].
    #[must_use]
    pub fn length(&self) -> f64 {
        self.length
    }

    /// Mean heat of a unit over an interval of the record [W].
    pub(super) fn heat(&self, unit: usize, from: f64, to: f64) -> f64 {
        self.heat[unit].mean(from, to)
    }

    /// Outdoor wet bulb at a time of the record [K], where it was recorded.
    #[must_use]
    pub fn wet_bulb(&self, time: f64) -> Option<f64> {
        self.wet_bulb.as_ref().map(|trace| trace.at(time) + 273.15)
    }
}

fn columns(header: &str) -> Result<Vec<Column>, String> {
    let mut columns = Vec::new();
    for field in header.split(',').map(str::trim) {
        let power = field.strip_prefix("power[").and_then(|rest| rest.strip_suffix(']'));
        let column = match (field, power.map(str::parse::<usize>)) {
            ("time", _) => Column::Time,
            ("OA Wetbulb Temp", _) => Column::WetBulb,
            (_, Some(Ok(number))) => Column::Power(number),
            _ => {
                let shown: String = field.chars().take(40).collect();
                return Err(format!("{shown:?} is no column: time, power[1] …, OA Wetbulb Temp are read"));
            }
        };
        if columns.contains(&column) {
            return Err(format!("{field} is there twice"));
        }
        columns.push(column);
    }
    if !columns.contains(&Column::Time) {
        return Err("there is no column time".to_owned());
    }
    let units = columns.iter().filter(|c| matches!(c, Column::Power(_))).count();
    if units == 0 {
        return Err("there is no column power[1]".to_owned());
    }
    match (1..=units).find(|&number| !columns.contains(&Column::Power(number))) {
        Some(number) => Err(format!("{units} columns of power, but none is power[{number}]")),
        None => Ok(columns),
    }
}

/// Time, heat by unit, wet bulb.
type Row = (f64, Vec<f64>, Option<f64>);

fn row(line: &str, columns: &[Column], last: f64) -> Result<Row, Vec<String>> {
    let fields: Vec<&str> = line.split(',').map(str::trim).collect();
    if fields.len() != columns.len() {
        return Err(vec![format!("has {} fields, the header {}", fields.len(), columns.len())]);
    }
    let mut faults = Vec::new();
    let units = columns.iter().filter(|c| matches!(c, Column::Power(_))).count();
    let (mut time, mut heat, mut wet_bulb) = (last, vec![0.0; units], None);
    for (field, column) in fields.iter().zip(columns) {
        let Some(value) = field.parse::<f64>().ok().filter(|value| value.is_finite()) else {
            let shown: String = field.chars().take(40).collect();
            faults.push(format!("{shown:?} is not a number in {}", title(*column)));
            continue;
        };
        match *column {
            Column::Time if value <= last || value < 0.0 => {
                faults.push(format!("time {value} s is not later than the row before"));
            }
            Column::Time => time = value,
            Column::Power(_) if !(0.0..=LARGEST_HEAT).contains(&value) => {
                faults.push(format!("{} is {value} W, but 0 to 1 GW is accepted", title(*column)));
            }
            Column::Power(number) => heat[number - 1] = value,
            Column::WetBulb if !WET_BULBS.contains(&value) => {
                faults.push(format!("the wet bulb is {value} °C, but −60 to 45 °C is accepted"));
            }
            Column::WetBulb => wet_bulb = Some(value),
        }
    }
    if faults.is_empty() { Ok((time, heat, wet_bulb)) } else { Err(faults) }
}

fn title(column: Column) -> String {
    match column {
        Column::Time => "time".to_owned(),
        Column::Power(number) => format!("power[{number}]"),
        Column::WetBulb => "OA Wetbulb Temp".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heat_is_held_and_the_wet_bulb_is_linear() {
        let text = "time,power[1],power[2],OA Wetbulb Temp\n0,100,10,4\n10,300,10,6\n20,300,10,6\n";
        let trace = HeatTrace::parse(text.as_bytes(), "t.csv").expect("a good trace");
        // 5…15 s: half at 100 W, half at 300 W
        assert_eq!(trace.heat(0, 5.0, 15.0), 200.0);
        assert_eq!(trace.wet_bulb(5.0), Some(278.15));
        assert_eq!((trace.units(), trace.length()), (2, 20.0));
    }

    #[test]
    fn everything_wrong_is_said_at_once_with_its_line() {
        let text = "time,power[1],OA Wetbulb Temp\n0,1,2\n10,NaN,99\n5,-1,2\n20,1\n";
        let error = HeatTrace::parse(text.as_bytes(), "t.csv").expect_err("a bad trace");
        for part in [
            "t.csv:3: \"NaN\" is not a number in power[1]",
            "t.csv:3: the wet bulb is 99 °C",
            "t.csv:4: power[1] is -1 W",
            "t.csv:5: has 2 fields, the header 3",
        ] {
            assert!(error.contains(part), "{part} is missing in\n{error}");
        }
    }

    #[test]
    fn a_header_that_is_none_is_refused() {
        for (header, part) in [
            ("time,watts", "\"watts\" is no column"),
            ("power[1]", "no column time"),
            ("time", "no column power[1]"),
            ("time,power[2]", "none is power[1]"),
            ("time,time,power[1]", "time is there twice"),
            ("", "is no column"),
        ] {
            let error = HeatTrace::parse(format!("{header}\n0,1\n").as_bytes(), "t.csv");
            assert!(error.as_ref().is_err_and(|e| e.contains(part)), "{header:?}: {error:?}");
        }
    }
}
