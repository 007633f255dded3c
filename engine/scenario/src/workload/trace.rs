//! A recorded course: rows of seconds and utilisation, each holding until the next.

/// A step function of time. The first value holds before its row, the last for ever.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    times: Vec<f64>,
    values: Vec<f64>,
    /// Integral from the first row to each row.
    sums: Vec<f64>,
}

impl Trace {
    /// Reads comma-separated rows `seconds, utilisation`. A first row of words, empty lines and lines
    /// that begin with `#` are passed over.
    ///
    /// # Errors
    /// A sentence with file, line and the way out.
    pub fn parse(bytes: &[u8], name: &str) -> Result<Trace, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| format!("{name}: is not UTF-8 text"))?;
        let mut rows: Vec<(f64, f64)> = Vec::new();
        let mut titled = false;
        for (k, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = |why: String| Err(format!("{name}:{}: {why}", k + 1));
            let fields: Vec<&str> = line.split(',').map(str::trim).collect();
            let number = |text: &str| text.parse::<f64>().ok().filter(|value| value.is_finite());
            let [time, value] = fields[..] else {
                return wrong(format!("has {} fields, two are expected: seconds, utilisation", fields.len()));
            };
            let (Some(time), Some(value)) = (number(time), number(value)) else {
                let words = fields.iter().all(|field| field.parse::<f64>().is_err());
                if words && rows.is_empty() && !titled {
                    titled = true;
                    continue;
                }
                return wrong("is not two numbers: seconds, utilisation".to_owned());
            };
            if !(0.0..=1.0).contains(&value) {
                return wrong(format!("utilisation is {value}, but 0 to 1 is accepted"));
            }
            if rows.last().is_some_and(|last| time <= last.0) {
                return wrong(format!("{time} s is not later than the row before"));
            }
            rows.push((time, value));
        }
        if rows.is_empty() {
            return Err(format!("{name}: has no rows of seconds, utilisation"));
        }
        Ok(Trace::new(&rows))
    }

    /// From rows of time [s] and utilisation, the times ascending.
    pub(super) fn new(rows: &[(f64, f64)]) -> Trace {
        let mut sums = Vec::with_capacity(rows.len());
        let mut sum = 0.0;
        for (k, row) in rows.iter().enumerate() {
            if let Some(before) = k.checked_sub(1).map(|k| rows[k]) {
                sum += before.1 * (row.0 - before.0);
            }
            sums.push(sum);
        }
        Trace { times: rows.iter().map(|r| r.0).collect(), values: rows.iter().map(|r| r.1).collect(), sums }
    }

    /// Row that holds at a time.
    fn row(&self, time: f64) -> usize {
        let [first, .., last] = self.times[..] else { return 0 };
        // Most are recorded at even intervals: then it is known where the row stands, but for rounding.
        let guess = ((time - first) / (last - first) * (self.times.len() - 1) as f64 + 1e-6) as usize;
        match self.times.get(guess..guess.saturating_add(2)) {
            Some(&[from, to]) if from <= time && time < to => guess,
            _ => self.times.partition_point(|&t| t <= time).saturating_sub(1),
        }
    }

    /// Value at a time, linear between the rows.
    pub(super) fn at(&self, time: f64) -> f64 {
        let row = self.row(time);
        let Some(&next) = self.times.get(row + 1) else { return self.values[row] };
        let share = ((time - self.times[row]) / (next - self.times[row])).clamp(0.0, 1.0);
        self.values[row] + share * (self.values[row + 1] - self.values[row])
    }

    /// Mean over an interval.
    pub(super) fn mean(&self, from: f64, to: f64) -> f64 {
        let (first, last) = (self.row(from), self.row(to));
        if first == last {
            return self.values[first];
        }
        let within = self.sums[last] - self.sums[first + 1];
        let before = self.values[first] * (self.times[first + 1] - from);
        let after = self.values[last] * (to - self.times[last]);
        (before + within + after) / (to - from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_that_of_the_steps() {
        let trace = Trace::parse(b"time,load\n0, 0.5\n# night\n100, 1\n\n200,0\n", "t.csv");
        let trace = trace.as_ref();
        // 50…250 s: 50 s of 0.5, 100 s of 1, 50 s of 0 → 125/200
        assert_eq!(trace.map(|t| t.mean(50.0, 250.0)), Ok(0.625));
        assert_eq!(trace.map(|t| t.mean(-10.0, -5.0)), Ok(0.5));
        assert_eq!(trace.map(|t| t.mean(900.0, 901.0)), Ok(0.0));
        assert_eq!(trace.map(|t| t.mean(110.0, 120.0)), Ok(1.0));
    }

    #[test]
    fn the_row_that_holds_is_found_at_even_and_at_uneven_intervals() {
        let even = Trace::new(&std::array::from_fn::<_, 500, _>(|k| (0.1 * k as f64, k as f64)));
        let uneven = Trace::new(&std::array::from_fn::<_, 500, _>(|k| ((k * k) as f64, k as f64)));
        for trace in [even, uneven, Trace::new(&[(3.0, 1.0)])] {
            for (k, &time) in trace.times.iter().enumerate() {
                assert_eq!(trace.row(time), k);
                assert_eq!(trace.row(time.next_down()), k.saturating_sub(1));
                assert_eq!(trace.row(time.next_up()), k);
            }
            assert_eq!((trace.row(-1e300), trace.row(f64::NAN)), (0, 0));
            assert_eq!(trace.row(f64::INFINITY), trace.times.len() - 1);
        }
    }

    #[test]
    fn a_wrong_row_is_named_by_its_line() {
        for (text, part) in [
            ("0,0.5\n10", "t.csv:2: has 1 fields"),
            ("0,0.5\n10,x", "t.csv:2: is not two numbers"),
            ("0,1.5", "t.csv:1: utilisation is 1.5"),
            ("0,1\n0,1", "t.csv:2: 0 s is not later"),
            ("0,nan\n1,0", "t.csv:1: is not two numbers"),
            ("seconds,load\n1,0\nnan,1", "t.csv:3"),
            ("", "has no rows"),
        ] {
            let error = Trace::parse(text.as_bytes(), "t.csv");
            assert!(error.as_ref().is_err_and(|e| e.contains(part)), "{text:?}: {error:?}");
        }
    }
}
