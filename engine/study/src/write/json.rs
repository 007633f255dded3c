//! What a command answers to a program: one versioned object.

use serde::Serialize;
use serde_json::Value;

/// `{schema, ok, data, diagnostics}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Envelope {
    /// Name and version of the layout of `data`, for example `isotherm.check/1`.
    pub schema: String,
    /// Whether the command did what it was asked for.
    pub ok: bool,
    /// The answer; null where there is none.
    pub data: Value,
    /// Errors, warnings and notes.
    pub diagnostics: Vec<Value>,
}

impl Envelope {
    /// An answer, possibly with warnings.
    #[must_use]
    pub fn answer(schema: impl Into<String>, data: Value, diagnostics: Vec<Value>) -> Self {
        Self { schema: schema.into(), ok: true, data, diagnostics }
    }

    /// No answer, and why.
    #[must_use]
    pub fn refusal(schema: impl Into<String>, diagnostics: Vec<Value>) -> Self {
        Self { schema: schema.into(), ok: false, data: Value::Null, diagnostics }
    }

    /// The object as indented text with a line end.
    #[must_use]
    pub fn to_text(&self) -> String {
        text(&serde_json::json!({
            "schema": self.schema,
            "ok": self.ok,
            "data": self.data,
            "diagnostics": self.diagnostics,
        }))
    }
}

/// A number; null where it is not finite.
#[must_use]
pub fn number(value: f64) -> Value {
    serde_json::Number::from_f64(value).map_or(Value::Null, Value::Number)
}

/// Anything that can be serialised as a value, in which numbers that are not finite are null.
///
/// # Errors
/// If a map has keys that are not texts, or a `Serialize` refuses.
pub fn value(of: &impl Serialize) -> Result<Value, serde_json::Error> {
    serde_json::to_value(of)
}

/// A value as indented text with a line end.
#[must_use]
pub fn text(value: &Value) -> String {
    format!("{value:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_answer_is_one_versioned_object() {
        let envelope = Envelope::answer("isotherm.run/1", json!({"pue": 1.25}), vec![]);
        assert_eq!(
            envelope.to_text(),
            "{\n  \"schema\": \"isotherm.run/1\",\n  \"ok\": true,\n  \"data\": {\n    \"pue\": 1.25\n  },\n  \
             \"diagnostics\": []\n}\n"
        );
        let read: Value = serde_json::from_str(&envelope.to_text()).unwrap();
        assert_eq!(read, value(&envelope).unwrap());
    }

    #[test]
    fn a_refusal_has_no_data() {
        let refusal = Envelope::refusal("isotherm.run/1", vec![json!({"path": "components.cdu"})]);
        assert_eq!((refusal.ok, &refusal.data), (false, &Value::Null));
    }

    #[test]
    fn numbers_that_are_not_finite_are_null() {
        for not in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(number(not), Value::Null);
            assert_eq!(value(&vec![not, 1.5]).unwrap(), json!([null, 1.5]));
        }
        assert_eq!(number(0.1).to_string(), "0.1");
    }
}
