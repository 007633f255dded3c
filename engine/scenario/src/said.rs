//! What the comments of a table say of it: `# key: value`, one to a line, anywhere in the file.

/// The value of a key, with the number of its line.
///
/// # Errors
/// A sentence, where two lines give it.
pub(crate) fn said<'t>(text: &'t str, key: &str) -> Result<Option<(usize, &'t str)>, String> {
    let value = |(k, line): (usize, &'t str)| {
        let (name, value) = line.trim().strip_prefix('#')?.split_once(':')?;
        (name.trim() == key && !value.trim().is_empty()).then(|| (k + 1, value.trim()))
    };
    let mut found = text.trim_start_matches('\u{feff}').lines().enumerate().filter_map(value);
    match (found.next(), found.next()) {
        (Some((first, _)), Some((second, _))) => {
            Err(format!("{key} is said twice, in lines {first} and {second}"))
        }
        (first, _) => Ok(first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_says_what_the_rows_do_not() {
        let text = "# Of a hall.\n# source: a meter: the third\n#year :2024\nhour,share\n# empty:\n0,1\n";
        assert_eq!(said(text, "source"), Ok(Some((2, "a meter: the third"))));
        assert_eq!(said(text, "year"), Ok(Some((3, "2024"))));
        assert_eq!((said(text, "empty"), said(text, "hour")), (Ok(None), Ok(None)));
        let twice = said("# year: 1\n\n# year: 2\n", "year").unwrap_err();
        assert_eq!(twice, "year is said twice, in lines 1 and 3");
    }
}
