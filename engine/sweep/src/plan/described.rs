//! Parameters of a study in words.

use scenario::study_file::{self, Kind, StudyFile, Value};

/// Parameters of a study, for people: id, how many values, what they are.
#[must_use]
pub fn described(study: &StudyFile) -> Vec<(String, String)> {
    let one = |parameter: &study_file::Parameter| (parameter.id.clone(), of_kind(&parameter.kind));
    study.parameters.iter().map(one).collect()
}

fn of_kind(kind: &Kind) -> String {
    use study_file::Distribution as D;
    let ends = |a: f64, b: f64| {
        format!("{} to {}", kind.written(&Value::Number(a)), kind.written(&Value::Number(b)))
    };
    match kind {
        Kind::Number { distribution, .. } => match distribution {
            D::Values(values) => {
                let all: Vec<String> = values.iter().map(|&v| kind.written(&Value::Number(v))).collect();
                all.join(", ")
            }
            D::Range { from, to, .. } => ends(*from, *to),
            D::Normal { low, high, mean, .. } => {
                format!("{}, around {}", ends(*low, *high), kind.written(&Value::Number(*mean)))
            }
            D::Triangular { low, mode, high } => {
                format!("{}, mostly {}", ends(*low, *high), kind.written(&Value::Number(*mode)))
            }
            D::LogNormal { median, low, high, .. } => {
                format!("{}, around {}", ends(*low, *high), kind.written(&Value::Number(*median)))
            }
        },
        Kind::Named { values, .. } => {
            let all: Vec<String> = (0..values.len()).map(|k| kind.written(&Value::Option(k))).collect();
            all.join(", ")
        }
        Kind::Choice { options } => {
            options.iter().map(|option| option.id.clone()).collect::<Vec<String>>().join(", ")
        }
        Kind::By { cases, .. } => cases.iter().map(of_kind).collect::<Vec<String>>().join(" | "),
    }
}
